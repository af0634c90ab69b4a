"""Own mass of one line of a mass driver, part by part, and the commodities it is built from.

Neglected: economies of scale, tapering of windings and structure along the track, the change of
conductor with thrust, the electric supply (the surface grid feeds the line), earthworks, and
common causes in the availability of coils.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _fraction, _positive
from moonbase.driver.sizing import DriverSize

_MADE_OF: dict[str, tuple[str, tuple[str, ...]]] = {
    "winding": ("wire", ("ceramic", "vitamins")),
    "feeder": ("wire", ("ceramic",)),
    "guideway": ("fe_parts", ("al_parts", "ceramic", "prec_parts")),
    "control": ("al_parts", ("electronics", "prec_parts")),
    "converter": ("al_parts", ("electronics", "wire", "vitamins")),
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
    """Mass, bill and capacity of one line. Every value has the shape of the draws."""

    part_kg: dict[str, Real]
    line_kg: Real
    bill_kg: dict[str, Real]
    imported_frac: Real
    installed_VA: Real
    capacity_kg_yr: Real
    spares_kg_yr: Real
    own_mass_time_yr: Real


def budget_driver(
    *,
    size: DriverSize,
    sled_kg: Real,
    sled_fleet_ratio: Real,
    winding_kg_m: Real,
    feeder_kg_m: Real,
    guideway_kg_m: Real,
    control_kg_m: Real,
    converter_overrating_ratio: Real,
    converter_W_kg: Real,
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
    size
        What :func:`moonbase.driver.sizing.size_driver` returned.
    sled_kg, sled_fleet_ratio
        Mass of a sled, kg, and sleds owned per sled in the loop (draw).
    winding_kg_m, feeder_kg_m, guideway_kg_m, control_kg_m
        Mass per length of driven and of braking track, kg/m (draw).
    converter_overrating_ratio
        Installed apparent power over peak electric power (draw).
    converter_W_kg
        Installed apparent power per mass of converter, W/kg (draw).
    storage_J_kg
        Usable energy per mass of pulse store with its machines, J/kg (draw).
    radiator_kg_m2
        Mass per area of panel, kg/m2 (draw).
    return_track_kg_m, terminal_kg
        Track that brings sleds back, kg/m of the whole line, and loader, service and cryogenic
        plant, kg (draw).
    wear_1_yr
        Share of the line replaced per year of firing (draw).
    shares_frac
        Shares of mass, one for each key of :data:`SHARES` (draw). What the shares of a part
        leave is its main material.

    Returns
    -------
    DriverBudget
        ``part_kg`` by part, ``line_kg`` (everything that must stand before the first shot),
        ``bill_kg`` of it by commodity, ``imported_frac`` of it (electronics and vitamins),
        ``installed_VA`` of converters, ``capacity_kg_yr`` of the line, ``spares_kg_yr``, and
        ``own_mass_time_yr`` in which the line throws its own mass. Per draw; nan where the
        shares of a part exceed one.

    Raises
    ------
    DomainError
        A share is missing, or the shares of a part exceed one in every draw, or a specific
        energy or power is not positive in any draw.

    Notes
    -----
    :math:`m = (L + L_d) \sum_i \lambda_i + P_e k / w_c + E / w_s + A \rho_r + n_s f m_s + m_t`.
    Valid for one-tonne payloads within a factor of a few in thrust: the masses per length are
    those of one design.

    Source: structure of the sum from NASA SP-428 (1979) part III-3; coefficients are records.

    Examples
    --------
    >>> from dataclasses import fields
    >>> size = DriverSize(**{field.name: 1.0 for field in fields(DriverSize)})
    >>> line = budget_driver(
    ...     size=size, sled_kg=700.0, sled_fleet_ratio=1.5, winding_kg_m=554.0, feeder_kg_m=89.0,
    ...     guideway_kg_m=1200.0, control_kg_m=30.0, converter_overrating_ratio=9.5,
    ...     converter_W_kg=5e4, storage_J_kg=1e4, radiator_kg_m2=5.0, return_track_kg_m=100.0,
    ...     terminal_kg=1e5, wear_1_yr=0.03, shares_frac=dict.fromkeys(SHARES, 0.1),
    ... )
    >>> round(float(line.part_kg["winding"])), round(float(sum(line.bill_kg.values())))
    (1108, 105001)
    """
    track = size.length_m + size.brake_length_m
    installed = size.peak_electric_power_W * converter_overrating_ratio
    parts: dict[str, Real] = {
        "winding": winding_kg_m * track,
        "feeder": feeder_kg_m * track,
        "guideway": guideway_kg_m * track,
        "control": control_kg_m * track,
        "converter": installed / _positive("converter_W_kg", converter_W_kg),
        "storage": size.storage_J / _positive("storage_J_kg", storage_J_kg),
        "radiator": radiator_kg_m2 * size.radiator_area_m2,
        "sled": sled_kg * sled_fleet_ratio * size.n_sleds,
        "handling": terminal_kg + return_track_kg_m * track,
    }
    line = sum(parts.values(), start=np.float64(0.0))
    bill = _bill(parts, shares_frac)
    imported = sum((bill[name] for name in IMPORTED), start=np.float64(0.0))
    return DriverBudget(
        part_kg=parts,
        line_kg=line,
        bill_kg=bill,
        imported_frac=imported / line,
        installed_VA=installed,
        capacity_kg_yr=size.throughput_kg_yr,
        spares_kg_yr=wear_1_yr * line,
        own_mass_time_yr=line / size.throughput_kg_yr,
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


def section_availability(*, n_coils: int, n_needed: int, coil_availability_frac: Real) -> Real:
    r"""Chance that enough coils of a section work (k out of n).

    Parameters
    ----------
    n_coils, n_needed
        Coils in the section, and how many of them must work.
    coil_availability_frac
        Chance that one coil works, independent of the others (draw).

    Returns
    -------
    Real
        :math:`\sum_{i \ge k} \binom{n}{i} p^i (1-p)^{n-i}` (draw).

    Raises
    ------
    DomainError
        ``n_needed`` is not between 1 and ``n_coils``.

    Notes
    -----
    Source: binomial law. Common causes (bus, controls, dust) are neglected.

    Examples
    --------
    >>> round(float(section_availability(n_coils=12, n_needed=11, coil_availability_frac=0.99)), 4)
    0.9938
    """
    from scipy.special import betainc

    if not 1 <= n_needed <= n_coils:
        raise DomainError(
            f"must be between 1 and {n_coils}, got {n_needed}",
            path="n_needed",
            hint="a section cannot need more coils than it has",
        )
    p = _fraction("coil_availability_frac", coil_availability_frac)
    available: Array = betainc(float(n_needed), float(n_coils - n_needed + 1), p)
    return available
