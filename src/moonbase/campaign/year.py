"""What a calendar year holds: needs with local electronics and learning, and mixes to aim at."""

from __future__ import annotations

import numpy as np

from moonbase.campaign.setup import IndustryMix, Setup
from moonbase.campaign.state import CREW_DAY, Year, blend
from moonbase.core.arrays import Array


def learned_ratio(
    *,
    made_kg: Array,
    first_kg: Array,
    learning_rate_frac: Array,
    learning_floor_frac: Array,
) -> Array:
    """What a unit takes over what it took of the first plant, after Wright (1936).

    Parameters
    ----------
    made_kg : Array
        Machinery made on the Moon so far, kg.
    first_kg : Array
        Plant that the first needs were true of, kg.
    learning_rate_frac : Array
        Share saved with each doubling of ``first_kg + made_kg``.
    learning_floor_frac : Array
        Share that no learning saves: heat of reaction, walls, wear.

    Returns
    -------
    Array
        ``max(((first + made) / first) ** log2(1 - rate), floor)``.

    Examples
    --------
    >>> learned_ratio(made_kg=np.array(3.0), first_kg=np.array(1.0),
    ...     learning_rate_frac=np.array(0.1), learning_floor_frac=np.array(0.5)).round(3)
    np.float64(0.81)
    """
    doublings = np.log2(1.0 + made_kg / np.maximum(first_kg, 1.0))
    return np.maximum((1.0 - learning_rate_frac) ** doublings, learning_floor_frac)


def _local_fracs(
    setup: Setup,
    year: int,
    *,
    per_unit_kg_yr: tuple[Array, Array],
    chipfab_kg: Array,
    made: Array,
    learned: Array,
) -> tuple[Array, Array]:
    """Shares of the planned local electronics and chips that the plant for them can supply."""
    wanted = setup.local_frac[year], setup.local_chips_frac[year]
    if not any(frac.any() for frac in wanted):
        return wanted
    needs = wanted[0] * per_unit_kg_yr[0] + wanted[1] * per_unit_kg_yr[1]
    needed = learned * (needs * made).sum(axis=0)
    load = setup.rules.chipfab_load_frac * chipfab_kg
    able = np.minimum(load / np.maximum(needed, 1e-9), 1.0)
    return able * wanted[0], able * wanted[1]


def _export_mix(setup: Setup, electronics: Array, chips: Array) -> tuple[Array, IndustryMix]:
    """Plant per satellite stream and its mix, with the planned local shares."""
    base = setup.plant_per_satellite_yr, setup.export_mix
    parts = (
        (electronics, setup.plant_per_satellite_local_yr, setup.export_mix_local),
        (chips, setup.plant_per_satellite_chips_yr, setup.export_mix_chips),
    )

    def stock(name: str) -> Array:
        own = base[0] * getattr(base[1], name)
        total = own
        for frac, plant, mix in parts:
            total = total + frac * (plant * getattr(mix, name) - own)
        return np.asarray(np.maximum(total, 0.0))

    plant = stock("plant_frac")
    total = np.maximum(plant.sum(axis=0), 1e-300)
    return total, IndustryMix(
        plant_frac=plant / total,
        pv_W_kg=stock("pv_W_kg") / total,
        n_robots_per_kg=stock("n_robots_per_kg") / total,
    )


def open_year(
    setup: Setup,
    tables: tuple[Array, ...],
    year: int,
    *,
    chipfab_kg: Array,
    chipfab_row: int,
    made_last_year: Array,
    machine_made_kg: Array,
    on_ray: bool,
) -> Year:
    """Needs, mixes, flights and markets of a year.

    Parameters
    ----------
    setup : Setup
    tables : tuple of Array
        Resource tables (product, row, draw): all from Earth, local electronics, local chips.
    year : int
        Number of the year, from zero.
    chipfab_kg : Array
        Plant in service that makes electronics and chips, (draw,).
    chipfab_row : int
        Its row in the tables.
    made_last_year : Array
        Units of each product made in the year before, (product, draw).
    machine_made_kg : Array
        Machinery made so far, (draw,).
    on_ray : bool
        Grow on the exact von Neumann ray.

    Returns
    -------
    Year
    """
    learned = learned_ratio(
        made_kg=machine_made_kg,
        first_kg=setup.seed_kg,
        learning_rate_frac=setup.learning_rate_frac,
        learning_floor_frac=setup.learning_floor_frac,
    )
    base, electronics_table, chips_table = tables
    fracs = _local_fracs(
        setup,
        year,
        per_unit_kg_yr=(electronics_table[:, chipfab_row], chips_table[:, chipfab_row]),
        chipfab_kg=chipfab_kg,
        made=made_last_year,
        learned=learned,
    )
    table, imports = base, setup.needs.imports
    for frac, other, needs in (
        (fracs[0], electronics_table, setup.needs_local),
        (fracs[1], chips_table, setup.needs_chips),
    ):
        if frac.any():
            table = table + frac * (other - base)
            imports = imports + frac * (needs.imports - setup.needs.imports)
    if (learned < 1.0).any():
        table = table.copy()
        table[:CREW_DAY, :-1] *= learned
    planned = setup.local_frac[year]
    per_stream, export = _export_mix(setup, planned, setup.local_chips_frac[year])
    growth = (
        (setup.growth_ray, setup.growth_ray_local)
        if on_ray
        else (setup.growth_mix, setup.growth_mix_local)
    )
    return Year(
        table=table,
        imports=imports,
        growth=blend(*growth, planned),
        export=export,
        plant_per_satellite_yr=per_stream * learned,
        n_flights=setup.flights_yr[year] / setup.n_steps_yr,
        demand_W=setup.demand_W[year],
        earth_build_W=setup.earth_build_W_yr[year] / setup.n_steps_yr,
        flop_J=setup.flop_J[year],
    )
