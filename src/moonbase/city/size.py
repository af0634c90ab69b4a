"""What a number of people need each year, and how many people the plant needs.

Oxygen that the loop does not return comes from lunar metallurgy, so carbon dioxide that no plant
takes up is vented. Food from Earth is shipped dry; its water comes from the loop.

Neglected: buffers and dark periods, births and ageing, skills (an hour is an hour), radiation
shielding from regolith, recovery of carbon, medical emergencies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real

_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySize:
    """Yearly needs and standing equipment of ``n_crew`` people; divide by them for one person."""

    supplies_kg_yr: Real
    rotation_kg_yr: Real
    spares_kg_yr: Real
    oxygen_kg_yr: Real
    water_kg_yr: Real
    co2_kg_yr: Real
    power_W: Real
    habitat_kg: Real
    greenhouse_kg: Real
    landed_equipment_kg: Real
    labour_h_yr: Real


def size_city(
    *,
    n_crew: Real,
    crew_oxygen_kg: Real,
    crew_co2_kg: Real,
    crew_water_kg: Real,
    crew_water_out_kg: Real,
    hygiene_water_kg: Real,
    food_wet_kg: Real,
    food_dry_frac: Real,
    food_packaging_ratio: Real,
    leak_oxygen_kg: Real,
    nitrogen_kg: Real,
    vitamins_kg: Real,
    goods_kg: Real,
    water_recovery_frac: Real,
    food_local_frac: Real,
    greenhouse_J_kg: Real,
    greenhouse_kg: Real,
    crew_power_W: Real,
    habitat_kg: Real,
    habitat_import_frac: Real,
    habitat_spares_1_yr: Real,
    seat_kg: Real,
    tour_yr: Real,
    crew_work_h_yr: Real,
) -> CitySize:
    """Supplies, loops, power, equipment and labour of a city.

    Parameters
    ----------
    n_crew : float or array
        People present; 0 gives zeros.
    crew_oxygen_kg, crew_co2_kg, crew_water_kg, crew_water_out_kg : float or array
        Metabolic flows per person and day, kg; water out is vapour and urine.
    hygiene_water_kg : float or array
        Washing water per person and day, kg; it runs through the same recovery.
    food_wet_kg, food_dry_frac : float or array
        Food as eaten per person and day, kg, and its dry share.
    food_packaging_ratio : float or array
        Shipped mass over dry food.
    leak_oxygen_kg, nitrogen_kg, vitamins_kg, goods_kg : float or array
        Oxygen lost by leaks; nitrogen, medicine and spares, clothing and hygiene goods per
        person and day, kg. All but oxygen come from Earth.
    water_recovery_frac : float or array
        Share of the waste water that is recovered.
    food_local_frac : float or array
        Share of the food that is grown on the spot.
    greenhouse_J_kg, greenhouse_kg : float or array
        Energy per wet food (J/kg); equipment per person on a fully local diet (kg).
    crew_power_W, habitat_kg : float or array
        Power and habitat per person without food.
    habitat_import_frac : float or array
        Share of habitat and greenhouse that is landed.
    habitat_spares_1_yr : float or array
        Share of the landed equipment renewed each year, 1/yr.
    seat_kg, tour_yr : float or array
        Landed mass per person exchanged (kg) and length of stay (yr).
    crew_work_h_yr : float or array
        Productive hours of one person, h/yr.

    Returns
    -------
    CitySize
        ``supplies_kg_yr`` landed for living; ``rotation_kg_yr`` and ``spares_kg_yr`` landed
        besides; ``oxygen_kg_yr`` and ``water_kg_yr`` needed from local sources (water < 0: the
        city yields water); ``co2_kg_yr`` left over; ``power_W``; ``habitat_kg`` and
        ``greenhouse_kg`` standing, of which ``landed_equipment_kg`` came from Earth;
        ``labour_h_yr`` available. Broadcast shape.

    Notes
    -----
    Photosynthesis is the mirror of the crew balance: local food takes back the carbon dioxide it
    will become and returns the oxygen it will use. Source: flows of SIMOC-ABM (2023), water
    recovery of the Space Station (NASA, June 2023).

    Examples
    --------
    A hundred people who grow all their food:

    >>> city = size_city(
    ...     n_crew=100.0,
    ...     crew_oxygen_kg=0.89,
    ...     crew_co2_kg=1.08,
    ...     crew_water_kg=3.29,
    ...     crew_water_out_kg=4.54,
    ...     hygiene_water_kg=25.0,
    ...     food_wet_kg=1.56,
    ...     food_dry_frac=0.397,
    ...     food_packaging_ratio=1.2,
    ...     leak_oxygen_kg=0.03,
    ...     nitrogen_kg=0.03,
    ...     vitamins_kg=0.05,
    ...     goods_kg=0.0,
    ...     water_recovery_frac=0.98,
    ...     food_local_frac=1.0,
    ...     greenhouse_J_kg=175 * 3.6e6,
    ...     greenhouse_kg=2850.0,
    ...     crew_power_W=5000.0,
    ...     habitat_kg=14.6e3,
    ...     habitat_import_frac=0.5,
    ...     habitat_spares_1_yr=0.02,
    ...     seat_kg=5000.0,
    ...     tour_yr=2.0,
    ...     crew_work_h_yr=2000.0,
    ... )
    >>> round(float(city.supplies_kg_yr)), round(float(city.power_W))
    (2922, 1637500)
    """
    person_days = np.asarray(n_crew, dtype=np.float64) * _DAYS_PER_YEAR
    grown = np.asarray(food_local_frac)
    shipped = 1.0 - grown
    recovery = np.asarray(water_recovery_frac)
    dry_kg = food_wet_kg * np.asarray(food_dry_frac)
    plant_water_kg = food_wet_kg + np.asarray(crew_oxygen_kg) - crew_co2_kg  # mass closure
    water_kg = (
        crew_water_kg
        - recovery * crew_water_out_kg
        + (1.0 - recovery) * hygiene_water_kg
        + shipped * (food_wet_kg - dry_kg)
        + grown * plant_water_kg
    )
    supplies_kg = shipped * dry_kg * food_packaging_ratio + nitrogen_kg + vitamins_kg + goods_kg
    food_power_W = grown * food_wet_kg * greenhouse_J_kg / 86_400.0
    equipment_kg = n_crew * (habitat_kg + grown * greenhouse_kg)
    landed_kg = equipment_kg * habitat_import_frac
    return CitySize(
        supplies_kg_yr=person_days * supplies_kg,
        rotation_kg_yr=n_crew * np.asarray(seat_kg) / tour_yr,
        spares_kg_yr=landed_kg * habitat_spares_1_yr,
        oxygen_kg_yr=person_days * (shipped * crew_oxygen_kg + leak_oxygen_kg),
        water_kg_yr=person_days * water_kg,
        co2_kg_yr=person_days * shipped * crew_co2_kg,
        power_W=n_crew * (crew_power_W + food_power_W),
        habitat_kg=n_crew * np.asarray(habitat_kg),
        greenhouse_kg=n_crew * grown * greenhouse_kg,
        landed_equipment_kg=landed_kg,
        labour_h_yr=n_crew * np.asarray(crew_work_h_yr),
    )


def crew_needed(
    *,
    plant_kg: Real,
    maintenance_h_kg: Real,
    robot_labour_frac: Real,
    crew_work_h_yr: Real,
) -> Array:
    """People that keep the plant running.

    Parameters
    ----------
    plant_kg : float or array
        Plant in service, kg.
    maintenance_h_kg : float or array
        Labour hours per kilogram of plant in each year, h/kg.
    robot_labour_frac : float or array
        Share of those hours done by robots or from Earth.
    crew_work_h_yr : float or array
        Productive hours of one person, h/yr; > 0.

    Returns
    -------
    array
        ``plant x hours x (1 - robots) / work hours``, people, in the broadcast shape.

    Examples
    --------
    >>> float(
    ...     crew_needed(
    ...         plant_kg=1e6, maintenance_h_kg=0.01, robot_labour_frac=0.75, crew_work_h_yr=2000.0
    ...     )
    ... )
    1.25
    """
    hours = np.asarray(plant_kg) * maintenance_h_kg * (1.0 - np.asarray(robot_labour_frac))
    return np.asarray(hours / crew_work_h_yr)
