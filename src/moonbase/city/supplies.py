"""Open-loop consumables of a mission, and the lamps of a greenhouse.

Neglected: transit, walks outside, reserves; packaging; failures of lamps and crops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumables:
    """Consumables of a mission: per person and day, and in all."""

    recurring_kg: Real
    total_kg: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class Greenhouse:
    """Crop area and lamp energy for one person."""

    area_m2: Real
    lamp_power_W: Real
    energy_J_kg: Real


def consumables(
    *,
    n_crew: Real,
    n_days: Real,
    water_kg: Real,
    water_recovery_frac: Real,
    food_kg: Real,
    oxygen_kg: Real,
    nitrogen_kg: Real,
    goods_kg: Real,
    crew_kit_kg: Real,
    mission_kit_kg: Real,
) -> Consumables:
    """Consumables by the open-loop bookkeeping of SpaceNet.

    Parameters
    ----------
    n_crew, n_days : float or array
        People and days.
    water_kg, food_kg, oxygen_kg, nitrogen_kg : float or array
        Per person and day, kg; oxygen and nitrogen with losses.
    water_recovery_frac : float or array
        Share of the water that is recovered.
    goods_kg : float or array
        Hygiene, clothing, bags and waste containment per person and day, kg.
    crew_kit_kg : float or array
        Kit, suit, office and computer of each person, kg.
    mission_kit_kg : float or array
        Health, safety and communication gear of the mission, kg.

    Returns
    -------
    Consumables
        kg per person and day, and kg in all, in the broadcast shape.

    Notes
    -----
    Source: SpaceNet, CrewConsumablesDemandModel.java, without walks outside and transit. The
    default rates are those of the Space Station and include losses: they are not metabolic.

    Examples
    --------
    >>> use = consumables(
    ...     n_crew=4.0,
    ...     n_days=10.0,
    ...     water_kg=3.0,
    ...     water_recovery_frac=0.5,
    ...     food_kg=2.0,
    ...     oxygen_kg=1.0,
    ...     nitrogen_kg=0.0,
    ...     goods_kg=0.5,
    ...     crew_kit_kg=100.0,
    ...     mission_kit_kg=50.0,
    ... )
    >>> float(use.recurring_kg), float(use.total_kg)
    (5.0, 650.0)
    """
    recurring = (
        np.asarray(water_kg) * (1.0 - np.asarray(water_recovery_frac))
        + food_kg
        + oxygen_kg
        + nitrogen_kg
        + goods_kg
    )
    people = np.asarray(n_crew, dtype=np.float64)
    return Consumables(
        recurring_kg=recurring,
        total_kg=people * n_days * recurring + people * crew_kit_kg + mission_kit_kg,
    )


def size_greenhouse(
    *,
    food_dry_kg: Real,
    food_wet_kg: Real,
    biomass_kg_m2: Real,
    harvest_frac: Real,
    lamp_W_m2: Real,
) -> Greenhouse:
    """Crop area and lamp energy that feed one person.

    Parameters
    ----------
    food_dry_kg, food_wet_kg : float or array
        Food of one person and one day, dry and wet, kg.
    biomass_kg_m2 : float or array
        Dry biomass that grows in a day, 24-hour mean, kg/m2; > 0.
    harvest_frac : float or array
        Edible share of the biomass; > 0.
    lamp_W_m2 : float or array
        Electric power of the lamps, 24-hour mean, W/m2.

    Returns
    -------
    Greenhouse
        Area (m2) and mean lamp power (W) per person, and lamp energy per wet food (J/kg), in the
        broadcast shape.

    Notes
    -----
    ``A = dry / (biomass harvest)``. Source: crop rows of SIMOC-ABM (2023); their biomass is dry,
    the crew's food is wet.

    Examples
    --------
    >>> potato = size_greenhouse(
    ...     food_dry_kg=0.6193,
    ...     food_wet_kg=1.56,
    ...     biomass_kg_m2=24 * 1.109e-3,
    ...     harvest_frac=0.61,
    ...     lamp_W_m2=42.72 * 167.336 / 24,
    ... )
    >>> round(float(potato.area_m2), 2), round(float(potato.energy_J_kg) / 3.6e6, 1)
    (38.14, 174.8)
    """
    area_m2 = np.asarray(food_dry_kg) / (np.asarray(biomass_kg_m2) * harvest_frac)
    power_W = area_m2 * lamp_W_m2
    return Greenhouse(
        area_m2=area_m2, lamp_power_W=power_W, energy_J_kg=power_W * 86_400.0 / food_wet_kg
    )
