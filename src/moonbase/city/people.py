"""What one person takes in and gives off in a day, by published baselines, and leaks and walks.

Neglected: sex and age, effort of the day, protein (its nitrogen cycles as urea), minerals; the
rates scale as one with body size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.city.balance import SPECIES, crew_day_balance, food_make
from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.core.tables import pick, read_table, values

_CLOSURE = 5e-3
"""Share of the intake that a published table may miss by its rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metabolism:
    """Flows of one person and day, kg.

    ``water_kg`` is drunk and used in preparation; ``faeces_water_kg`` is not recovered;
    ``food_dry_elements`` holds the elements of the dry food, kg/kg; ``rounding_kg`` is what the
    printed table misses, added to the solids so that mass closes.
    """

    oxygen_kg: Array
    co2_kg: Array
    food_wet_kg: Array
    food_dry_kg: Array
    water_kg: Array
    vapour_kg: Array
    urine_kg: Array
    faeces_water_kg: Array
    solids_kg: Array
    rounding_kg: Array
    metabolic_water_kg: Array
    respiratory_ratio: Array
    food_dry_elements: Mapping[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class AirLoss:
    """Gas and water that leave the city for each person and day, kg."""

    oxygen_kg: Array
    nitrogen_kg: Array
    water_kg: Array
    lioh_kg: Array


def baselines() -> tuple[str, ...]:
    """Names of the published tables of human flows.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> baselines()
    ('simoc2023', 'bvad2004', 'rp1324')
    """
    return tuple(read_table(room="city", name="people"))


def metabolism(*, baseline: str = "simoc2023", body_ratio: Real = 1.0) -> Metabolism:
    """Flows of one person and day by a published table, scaled to body size.

    Parameters
    ----------
    baseline : str
        One of `baselines()`: SIMOC-ABM 2023, ALS BVAD 2004 or NASA RP-1324 (1994).
    body_ratio : float or array
        Metabolic rate over that of the table's person; 0.5 to 2.

    Returns
    -------
    Metabolism
        kg per person and day, in the shape of ``body_ratio``.

    Raises
    ------
    DomainError
        Unknown table, or a body outside the range.
    PhysicsError
        When the respiratory quotient is outside 0.70 to 1.00 or the table does not close.

    Notes
    -----
    All flows scale together, so mass and elements close for every body. Oxygen rises by 60 % from
    the smallest to the largest bodies studied (Scott et al. 2020): ratios 0.77 to 1.23. Dry food
    is carbohydrate and fat in the proportion that the gas exchange implies.

    Examples
    --------
    >>> person = metabolism(baseline="bvad2004")
    >>> round(float(person.respiratory_ratio), 3), round(float(person.metabolic_water_kg), 3)
    (0.869, 0.345)
    """
    table = read_table(room="city", name="people")
    if baseline not in table:
        raise DomainError(
            f"no table {baseline!r}", path="baseline", hint=f"one of {', '.join(table)}"
        )
    ratio = np.asarray(body_ratio, dtype=np.float64)
    if np.any((ratio < 0.5) | (ratio > 2.0)):
        raise DomainError("must lie in 0.5 to 2", path="body_ratio", hint="rates over the table's")
    flow = values(table, baseline)
    faeces_water_kg = flow.get("faeces_water_kg", 0.0)
    water_out_kg = flow["vapour_kg"] + flow["urine_kg"] + faeces_water_kg
    day = crew_day_balance(
        crew_oxygen_kg=flow["oxygen_kg"],
        food_kg=flow["food_wet_kg"],
        crew_water_kg=flow["water_kg"],
        crew_co2_kg=flow["co2_kg"],
        water_out_kg=water_out_kg,
        solids_out_kg=flow["solids_kg"],
    )
    rounding_kg = float(day.mass_in_kg - day.mass_out_kg)
    if abs(rounding_kg) > _CLOSURE * float(day.mass_in_kg):
        raise DomainError(
            f"in {float(day.mass_in_kg):.3f} kg, out {float(day.mass_out_kg):.3f} kg",
            path=f"people.csv: {baseline}",
            hint="the table must close in mass",
        )
    food_water_kg = flow["food_wet_kg"] - flow["food_dry_kg"]
    return Metabolism(
        **{
            name: flow[name] * ratio
            for name in ("oxygen_kg", "co2_kg", "food_wet_kg", "food_dry_kg")
        },
        **{name: flow[name] * ratio for name in ("water_kg", "vapour_kg", "urine_kg")},
        faeces_water_kg=faeces_water_kg * ratio,
        solids_kg=(flow["solids_kg"] + rounding_kg) * ratio,
        rounding_kg=rounding_kg * ratio,
        metabolic_water_kg=(water_out_kg - flow["water_kg"] - food_water_kg) * ratio,
        respiratory_ratio=np.asarray(day.respiratory_ratio) * np.ones_like(ratio),
        food_dry_elements=_dry_elements(flow["oxygen_kg"], flow["co2_kg"]),
    )


def air_loss(
    *,
    volume_m3: Real | None = None,
    density_kg_m3: Real | None = None,
    leak_1_day: Real | None = None,
    oxygen_frac: Real | None = None,
    eva_h: Real = 0.0,
    eva_oxygen_kg: Real | None = None,
    eva_oxygen_lost_frac: Real | None = None,
    eva_water_kg: Real | None = None,
    eva_lioh_kg: Real | None = None,
    n_airlock_cycles: Real = 0.0,
    airlock_m3: Real | None = None,
    pump_down_frac: Real | None = None,
) -> AirLoss:
    """Gas and water lost through the shell, the suits and the airlock, per person and day.

    What is None is read from the shipped table ``living.csv``.

    Parameters
    ----------
    volume_m3, density_kg_m3 : float or array
        Pressurised volume of a person (m3) and density of its air (kg/m3).
    leak_1_day : float or array
        Share of that air lost in a day, 1/day.
    oxygen_frac : float or array
        Oxygen in what leaks, by mass.
    eva_h : float or array
        Hours outside of one person in a day, h.
    eva_oxygen_kg, eva_water_kg, eva_lioh_kg : float or array
        Oxygen, sublimated water and lithium hydroxide per crew-hour outside, kg.
    eva_oxygen_lost_frac : float or array
        Share of the suit's oxygen that is lost; the rest is breathed there instead of inside.
    n_airlock_cycles : float or array
        Openings of the lock per person and day.
    airlock_m3 : float or array
        Free volume of the lock, m3.
    pump_down_frac : float or array
        Share of the lock's air that is pumped back.

    Returns
    -------
    AirLoss
        kg per person and day.

    Raises
    ------
    DomainError
        When a share lies outside 0 to 1, or anything is negative.

    Notes
    -----
    Leak ``V rho f``; walk ``h x lost + cycles V rho (1 - pump-down)``: what is breathed in the suit
    is part of the metabolic use. Source: Mars2040 code
    citing BVAD (leak, oxygen); SpaceNet (water, lithium hydroxide).

    Examples
    --------
    A hundred cubic metres leak 0.06 kg a day:

    >>> loss = air_loss()
    >>> round(float(loss.oxygen_kg + loss.nitrogen_kg), 3)
    0.06
    """
    table = read_table(room="city", name="living")
    given = {
        ("air", "volume_m3"): volume_m3,
        ("air", "density_kg_m3"): density_kg_m3,
        ("air", "leak_1_day"): leak_1_day,
        ("air", "oxygen_frac"): oxygen_frac,
        ("eva", "oxygen_kg"): eva_oxygen_kg,
        ("eva", "oxygen_lost_frac"): eva_oxygen_lost_frac,
        ("eva", "water_kg"): eva_water_kg,
        ("eva", "lioh_kg"): eva_lioh_kg,
        ("eva", "airlock_m3"): airlock_m3,
        ("eva", "pump_down_frac"): pump_down_frac,
    }
    a = {f"{i}_{q}": pick(value, table, i, q) for (i, q), value in given.items()}
    hours = np.asarray(eva_h, dtype=np.float64)
    for name, value in {
        **a,
        "eva_h": hours,
        "n_airlock_cycles": np.asarray(n_airlock_cycles),
    }.items():
        top = 1.0 if name.endswith("_frac") else np.inf
        if np.any((value < 0.0) | (value > (24.0 if name == "eva_h" else top))):
            raise DomainError("outside 0 to 1, or below 0, or over 24 hours a day", path=name)
    air_kg = a["air_volume_m3"] * a["air_density_kg_m3"] * a["air_leak_1_day"]
    lock_kg = a["eva_airlock_m3"] * a["air_density_kg_m3"] * (1.0 - a["eva_pump_down_frac"])
    air_kg = air_kg + n_airlock_cycles * lock_kg
    suit_kg = hours * a["eva_oxygen_kg"] * a["eva_oxygen_lost_frac"]
    return AirLoss(
        oxygen_kg=air_kg * a["air_oxygen_frac"] + suit_kg,
        nitrogen_kg=air_kg * (1.0 - a["air_oxygen_frac"]),
        water_kg=hours * a["eva_water_kg"],
        lioh_kg=hours * a["eva_lioh_kg"],
    )


def _dry_elements(oxygen_kg: float, co2_kg: float) -> dict[str, Array]:
    food = food_make(crew_oxygen_kg=oxygen_kg, crew_co2_kg=co2_kg, food_wet_kg=1.0)
    dry_kg = food.carbohydrate_kg + food.fat_kg
    return {
        e: np.asarray(
            (food.carbohydrate_kg * SPECIES["carbohydrate"][e] + food.fat_kg * SPECIES["fat"][e])
            / dry_kg
        )
        for e in "CHO"
    }
