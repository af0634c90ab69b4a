"""Own mass of one line of a mass driver, part by part, and the commodities it is built from.

Neglected: economies of scale, the electric supply (the surface grid feeds the line), earthworks,
and common causes in the availability of coils.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _positive
from moonbase.driver.design import DriverDesign
from moonbase.driver.plant import Plant
from moonbase.driver.sizing import DriverSize

_MADE_OF: dict[str, tuple[str, tuple[str, ...]]] = {
    "winding": ("wire", ("ceramic", "vitamins")),
    "frame": ("al_parts", ()),
    "feeder": ("wire", ("ceramic",)),
    "guideway": ("fe_parts", ("al_parts", "ceramic", "prec_parts")),
    "control": ("al_parts", ("electronics", "prec_parts")),
    "converter": ("al_parts", ("electronics", "wire", "vitamins")),
    "selector": ("al_parts", ("electronics", "wire", "vitamins")),
    "storage": ("fe_parts", ("motor", "electronics", "vitamins")),
    "radiator": ("al_parts", ("vitamins",)),
    "sled": ("al_parts", ("vitamins", "prec_parts", "electronics")),
    "handling": ("fe_parts", ("motor", "prec_parts", "electronics", "vitamins")),
}
"""Part: the commodity that makes up its remainder, and those that have a share of their own."""

PARTS: tuple[str, ...] = tuple(_MADE_OF)
"""Parts of a line."""
COMMODITIES: tuple[str, ...] = (
    "al_parts",
    "wire",
    "fe_parts",
    "ceramic",
    "prec_parts",
    "motor",
    "electronics",
    "vitamins",
)
"""Keys of the bill: commodities of the lunar recipe table."""
IMPORTED: tuple[str, ...] = ("electronics", "vitamins")
"""Commodities of the bill that come from Earth until they are made on the Moon."""
SHARES: tuple[str, ...] = tuple(
    f"{part}_{commodity}_frac" for part, (_, own) in _MADE_OF.items() for commodity in own
)
"""Keys of ``shares_frac``, each also a record of the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverBudget:
    """Mass, bill and wear of one line. Every value has the shape of the draws."""

    part_kg: dict[str, Real]
    line_kg: Real
    bill_kg: dict[str, Real]
    imported_frac: Real
    capacity_kg_yr: Real
    spares_kg_yr: Real
    own_mass_time_yr: Real


def budget_driver(
    *,
    size: DriverSize,
    design: DriverDesign,
    plant: Plant,
    n_sleds: Real,
    guideway_kg_m: Real,
    control_kg_m: Real,
    converter_VA_kg: Real,
    selector_VA_kg: Real,
    storage_J_kg: Real,
    radiator_kg_m2: Real,
    return_track_kg_m: Real,
    terminal_kg: Real,
    wear_1_yr: Real,
    shares_frac: Mapping[str, Real],
) -> DriverBudget:
    r"""Weigh one line of a mass driver and write its bill of materials.

    Parameters
    ----------
    size, design, plant
        What :func:`moonbase.driver.sizing.size_driver`,
        :func:`moonbase.driver.design.design_driver` and
        :func:`moonbase.driver.plant.operate_plant` returned for this line.
    n_sleds
        Sleds owned (draw).
    guideway_kg_m, control_kg_m
        Mass per length of driven and of braking track, kg/m (draw).
    converter_VA_kg, selector_VA_kg
        Peak apparent power per mass of converters and of selector switches, VA/kg (draw).
    storage_J_kg
        Usable energy per mass of pulse store with its machines, J/kg (draw).
    radiator_kg_m2
        Mass per area of panel, kg/m2 (draw).
    return_track_kg_m, terminal_kg
        Track that brings sleds back, kg/m of the whole line, and loader, service and cryogenic
        plant, kg (draw).
    wear_1_yr
        Share of the line replaced per year, beside what wears by pulses (draw).
    shares_frac
        Shares of mass, one for each key of :data:`SHARES` (draw). What the shares of a part
        leave is its main material.

    Returns
    -------
    DriverBudget
        ``part_kg`` by part, ``line_kg`` (everything that must stand before the first shot),
        ``bill_kg`` of it by commodity, ``imported_frac`` of it (electronics and vitamins),
        ``capacity_kg_yr`` of the line, ``spares_kg_yr`` (wear by time and by pulses), and
        ``own_mass_time_yr`` in which the line throws its own mass. Per draw; nan where the
        shares of a part exceed one.

    Raises
    ------
    DomainError
        A share is missing, or the shares of a part exceed one in every draw, or a specific
        energy or power is not positive in any draw.

    Notes
    -----
    Windings, frames and feeders from the section design; converters and switches by rating;
    :math:`E / w_s` of store, :math:`A \rho_r` of radiator, masses per length of track.

    Source: structure of the sum from NASA SP-428 (1979) part III-3; coefficients are records.

    Examples
    --------
    See :func:`moonbase.api.design_scenario`.
    """
    track = size.length_m + size.brake_length_m
    parts: dict[str, Real] = {
        "winding": design.winding_kg,
        "frame": design.frame_kg,
        "feeder": design.feeder_kg,
        "guideway": guideway_kg_m * track,
        "control": control_kg_m * track,
        "converter": design.converter_VA / _positive("converter_VA_kg", converter_VA_kg),
        "selector": design.selector_VA / _positive("selector_VA_kg", selector_VA_kg),
        "storage": size.storage_J / _positive("storage_J_kg", storage_J_kg),
        "radiator": radiator_kg_m2 * size.radiator_area_m2,
        "sled": design.sled_kg * n_sleds,
        "handling": terminal_kg + return_track_kg_m * track,
    }
    line = sum(parts.values(), start=np.float64(0.0))
    bill = _bill(parts, shares_frac)
    imported = sum((bill[name] for name in IMPORTED), start=np.float64(0.0))
    worn = sum(plant.replaced_kg_yr.values(), start=np.float64(0.0))
    return DriverBudget(
        part_kg=parts,
        line_kg=line,
        bill_kg=bill,
        imported_frac=imported / line,
        capacity_kg_yr=plant.throughput_kg_yr,
        spares_kg_yr=wear_1_yr * line + worn,
        own_mass_time_yr=line / plant.throughput_kg_yr,
    )


def _bill(part_kg: Mapping[str, Real], shares_frac: Mapping[str, Real]) -> dict[str, Real]:
    missing = [key for key in SHARES if key not in shares_frac]
    if missing:
        raise DomainError(
            f"no value for {', '.join(missing)}",
            path="shares_frac",
            hint="pass one share for each key of moonbase.driver.SHARES",
        )
    bill: dict[str, Real] = dict.fromkeys(COMMODITIES, np.float64(0.0))
    for part, (main, own) in _MADE_OF.items():
        shares = {commodity: shares_frac[f"{part}_{commodity}_frac"] for commodity in own}
        rest = 1.0 - sum(shares.values(), start=np.float64(0.0))
        if not np.any(np.greater_equal(rest, 0.0)):
            raise DomainError(
                "the shares of this part exceed one in every draw",
                path=f"{part}_{own[0]}_frac",
                hint=f"lower the shares of {', '.join(own)}",
            )
        shares[main] = np.where(np.greater_equal(rest, 0.0), rest, np.nan)
        for commodity, share in shares.items():
            bill[commodity] = bill[commodity] + share * part_kg[part]
    return bill
