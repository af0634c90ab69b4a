"""Answers of the growth laws and of the recipe table's ray to their validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.industry import (
    Growth,
    Recipes,
    bootstrap,
    capital_bill,
    capital_goods,
    growth,
    growth_factor,
    import_limited_capital,
    leontief_growth,
    load_recipes,
    replicated_units,
    seed_ratios,
    seed_set,
    single_good_growth,
    time_to_target,
)

_FOREVER_yr = 1e15


def factor(*, inputs: Sequence[Sequence[float]]) -> dict[str, float]:
    """Von Neumann growth factor per period where all inputs are advanced one period."""
    return {"growth_factor": growth_factor(inputs=np.array(inputs))}


def leontief(
    *, inputs: Sequence[Sequence[float]], capital_yr: Sequence[Sequence[float]]
) -> dict[str, float]:
    """Balanced growth rate of a dynamic Leontief economy."""
    return {"g_per_yr": leontief_growth(inputs=np.array(inputs), capital_yr=np.array(capital_yr))}


def two_goods(
    *, inputs: Sequence[Sequence[float]], capital_yr: Sequence[float]
) -> dict[str, Array]:
    """Two goods of a Leontief economy as machines and robots of a recipe table."""
    hours = {good.role: good.service_per_year for good in capital_goods()}["labour"]
    net = np.eye(2) - np.array(inputs)
    names = ("machine", "robot")
    flows = [dict(zip(names, net[:, j].tolist(), strict=True)) for j in range(2)]
    table = _recipes(
        machine=(flows[0], {"capital_kg_yr": capital_yr[0]}),
        robot=(flows[1], {"robot_h": capital_yr[1] * hours}),
    )
    return {"g_per_yr": growth(table, robot_life_yr=_FOREVER_yr).growth_1_yr}


def single_good(
    *,
    k_yr: float,
    e_kWh_kg: float,
    w_kWh_yr_kg: float,
    delta_1_yr: float,
    build_lag_yr: Sequence[float],
) -> dict[str, Array]:
    """Growth of a single good with a power stock, replacement ordered ahead."""
    rate = single_good_growth(
        capital_yr=k_yr,
        energy_kWh_kg=e_kWh_kg,
        power_yield_kWh_kg=w_kWh_yr_kg,
        wear_1_yr=delta_1_yr,
        build_lag_s=np.array(build_lag_yr) * JULIAN_YEAR_s,
    )
    return {"g_per_yr": rate}


def single_good_table(
    *,
    k_yr: float,
    e_kWh_kg: float,
    w_kWh_yr_kg: float,
    delta_1_yr: float,
    build_lag_yr: Sequence[float],
) -> dict[str, Array]:
    """The same good in a table: machines, and arrays that are machines of another shape."""
    array_kg = load_recipes().commodities["pv_kw"].unit_mass_kg
    table = _recipes(
        machine=(
            {"machine": 1.0},
            {"capital_kg_yr": k_yr, "electricity_kWh": e_kWh_kg, "life_yr": 1.0 / delta_1_yr},
        ),
        pv_kw=(
            {"pv_kw": 1.0},
            {
                "capital_kg_yr": k_yr * array_kg,
                "electricity_kWh": e_kWh_kg * array_kg,
                "life_yr": 1.0 / delta_1_yr,
            },
        ),
    )
    found = growth(
        table,
        build_lag_s=np.array(build_lag_yr) * JULIAN_YEAR_s,
        pv_life_yr=1.0 / delta_1_yr,
        pv_yield_kWh_W=w_kWh_yr_kg * array_kg / 1e3,
    )
    return {"g_per_yr": found.growth_1_yr}


def import_limited(*, import_kg_yr: float, import_ratio: float) -> dict[str, Array]:
    """Capital made a year from what is landed."""
    made = import_limited_capital(import_kg_yr=import_kg_yr, import_ratio=import_ratio)
    return {"capital_kg_per_yr": made}


def target(*, seed_kg: float, target_kg: float, doubling_yr: float) -> dict[str, Array]:
    """Doublings from a seed to a target."""
    found = time_to_target(seed_kg=seed_kg, target_kg=target_kg, doubling_yr=doubling_yr)
    return {"doublings": found.n_doublings, "time_yr": found.time_yr}


def replication(*, working_year: Sequence[float], seed_output_kg_yr: float) -> dict[str, Array]:
    """Units, and what they make, after so many working years."""
    units = replicated_units(working_year=np.array(working_year))
    return {"units": units, "output_kg_per_yr": units * seed_output_kg_yr}


def seed(*, canopy_kg: float, power_W: float, **published: float) -> dict[str, Array]:
    """Ratios of a published seed factory and of its arrays."""
    found = seed_ratios(power_W=power_W, **published)
    return {
        "W_per_kg": found.power_W_kg,
        "kWh_per_kg_replicated": found.energy_kWh_kg,
        "regolith_per_kg": found.regolith_ratio,
        "mining_kg_per_s": found.mining_kg_s,
        "canopy_kg_per_kW": np.asarray(canopy_kg / (power_W / 1e3)),
    }


def seed_machines() -> dict[str, float]:
    """Sums of the basic set."""
    found = seed_set()
    return {
        "assets": found.n_assets,
        "structure_kg": found.structure_kg,
        "electronics_kg": found.electronics_kg,
        "total_kg": found.mass_kg,
        "power_W": found.power_W,
        "electronics_fraction": found.electronics_frac,
    }


def seed_landed(*, rate_frac: Sequence[float]) -> dict[str, Array]:
    """Mass landed over all generations of the seed, at shares of its best manufacturing rate."""
    return {"landed_kg": bootstrap(rate_frac=np.array(rate_frac)).total_landed_kg}


def seed_bound(*, seed_kg: float, copy_time_yr: float, soil_kg: float) -> dict[str, Array]:
    """Doubling time and regolith of a unit that copies itself from so much soil."""
    found = seed_ratios(
        seed_kg=seed_kg,
        power_W=0.0,
        replication_1_yr=1.0 / copy_time_yr,
        regolith_kg_yr=soil_kg / copy_time_yr,
    )
    return {"doubling_yr": found.doubling_yr, "regolith_per_kg": found.regolith_ratio}


def emplacement(*, machinery_kg: float, power_W_day: float) -> dict[str, float]:
    """Machinery per yearly megawatt laid out, and the recipe table's over it."""
    kg_per_MW_yr = machinery_kg / (power_W_day * 365.25 / 1e6)
    table = load_recipes().processes["pv_surface"].capital_kg_yr * 1e3
    return {"kg_per_MW_per_yr": kg_per_MW_yr, "table_over_study": table / kg_per_MW_yr}


def steady_table(*, launched_kg_yr: float, launcher: Mapping[str, Any]) -> dict[str, Array]:
    """Capital and flows behind a stream of satellites, from the recipes themselves."""
    recipes = load_recipes()
    throw = replace(
        recipes.processes["satellite"],
        name="launch_md",
        output="launched",
        heat_kWh=0.0,
        flows={"launched": 1.0, "satellite": -1.0},
        **launcher,
    )
    thrown = replace(recipes.commodities["satellite"], name="launched")
    table = replace(
        recipes,
        processes={**recipes.processes, "launch_md": throw},
        commodities={**recipes.commodities, "launched": thrown},
    )
    bill = capital_bill(table, output_1_yr={"launched": launched_kg_yr})
    return {
        "capital_kg": bill.capital_kg,
        "power_W": bill.pv_W,
        "regolith_kg_per_yr": bill.regolith_kg_yr,
        "import_kg_per_yr": bill.import_kg_yr,
    }


def table(*, options: Mapping[str, Any], build_lag_yr: float = 0.0) -> dict[str, Array]:
    """Growth of the recipe table with something changed, over the table as it stands."""
    found = _grow(options, build_lag_yr)
    return {
        "relative_doubling": found.doubling_yr / growth(load_recipes()).doubling_yr,
        "import_ratio": found.import_ratio,
        "kWh_per_new_kg": found.energy_kWh_kg,
        "kW_per_t": found.power_W_kg,
        "regolith_per_new_kg": found.regolith_ratio,
        "machinery_frac": found.capital_frac[0],
        "pv_frac": found.capital_frac[1],
        "robot_frac": found.capital_frac[2],
    }


def shrinks(*, options: Mapping[str, Any]) -> dict[str, float]:
    """1 where the industry cannot replace itself."""
    return {"shrinks": float(_grow(options, 0.0).growth_1_yr < 0.0)}


def _grow(options: Mapping[str, Any], build_lag_yr: float) -> Growth:
    return growth(load_recipes(), build_lag_s=build_lag_yr * JULIAN_YEAR_s, **_arrays(options))


def _arrays(value: Any) -> Any:
    """Lists of numbers as arrays over the draws."""
    if isinstance(value, Mapping):
        return {key: _arrays(item) for key, item in value.items()}
    return np.array(value) if isinstance(value, list) else value


def _recipes(**rows: tuple[Mapping[str, float], Mapping[str, Any]]) -> Recipes:
    """A table of capital goods alone; the mass balance plays no part in it."""
    shipped = load_recipes()
    blank = replace(
        shipped.processes["machine"],
        electricity_kWh=0.0,
        robot_h=0.0,
        capital_kg_yr=0.0,
        life_yr=_FOREVER_yr,
    )
    return replace(
        shipped,
        processes={
            name: replace(blank, name=name, output=name, flows=flows, **numbers)
            for name, (flows, numbers) in rows.items()
        },
        commodities={name: shipped.commodities[name] for name in rows},
    )
