"""Answers of the city room to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from moonbase.city.balance import (
    SPECIES,
    OXYGEN_ENTHALPY_FLOOR_J_kg,
    OXYGEN_GIBBS_FLOOR_J_kg,
    check_balance,
    check_electrolyser,
    crew_day_balance,
    food_make,
)
from moonbase.city.size import size_city
from moonbase.city.supplies import consumables, size_greenhouse
from moonbase.core.errors import PhysicsError

_kWh = 3.6e6


def crew_day(**flows: float) -> dict[str, float]:
    """Mass in and out, metabolic water and respiratory quotient of a published human table."""
    day = crew_day_balance(**flows)
    return {
        "sum_in_kg": float(day.mass_in_kg),
        "sum_out_kg": float(day.mass_out_kg),
        "metabolic_water_kg": float(day.metabolic_water_kg),
        "respiratory_quotient": float(day.respiratory_ratio),
    }


def food(**flows: float) -> dict[str, float]:
    """Carbohydrate, fat and elements of the food that a human table implies."""
    made = food_make(**flows)
    return {
        "carbohydrate_kg": float(made.carbohydrate_kg),
        "fat_kg": float(made.fat_kg),
        "dry_frac": float(made.dry_frac),
        **{e: float(x) for e, x in made.elements.items()},
    }


def loop(**arguments: float) -> dict[str, float]:
    """Net yield of one person-day: positive is surplus."""
    size = size_city(**arguments)
    day = 1.0 / 365.25
    return {
        "net_co2_kg": float(size.co2_kg_yr) * day,
        "net_o2_kg": -float(size.oxygen_kg_yr) * day,
        "net_water_kg": -float(size.water_kg_yr) * day,
        "supplies_kg_yr": float(size.supplies_kg_yr),
        "oxygen_gross_kg_yr": float(size.oxygen_kg_yr),
    }


def open_loop(**arguments: float) -> dict[str, float]:
    """Open-loop consumables of a mission."""
    use = consumables(**arguments)
    return {
        "recurring_kg_per_crew_day": float(use.recurring_kg),
        "total_kg": float(use.total_kg),
    }


def lamps(
    *,
    food_dry_kg: float,
    food_wet_kg: float,
    biomass_g_m2_h: float,
    harvest_frac: float,
    par_mol_m2_day: float,
    lamp_kWh_mol: float,
) -> dict[str, float]:
    """Crop area and lamp energy of one person."""
    house = size_greenhouse(
        food_dry_kg=food_dry_kg,
        food_wet_kg=food_wet_kg,
        biomass_kg_m2=24.0 * biomass_g_m2_h / 1000.0,
        harvest_frac=harvest_frac,
        lamp_W_m2=par_mol_m2_day * lamp_kWh_mol * 1000.0 / 24.0,
    )
    return {
        "area_m2": float(house.area_m2),
        "kWh_per_crew_day": float(house.lamp_power_W) * 86_400.0 / _kWh,
        "kWh_per_kg_wet": float(house.energy_J_kg) / _kWh,
    }


def reject_electrolyser(*, energy_kWh: float, oxygen_kg: float) -> dict[str, float]:
    """1 when the unit is refused, its energy, and the floors."""
    try:
        check_electrolyser(energy_J=energy_kWh * _kWh, oxygen_kg=oxygen_kg)
        raised = 0.0
    except PhysicsError:
        raised = 1.0
    scaled = check_electrolyser(energy_J=energy_kWh * _kWh * 1e3, oxygen_kg=oxygen_kg)
    return {
        "raised": raised,
        "implied_kWh_kg": scaled / 1e3 / _kWh,
        "enthalpy_floor_kWh_kg": OXYGEN_ENTHALPY_FLOOR_J_kg / _kWh,
        "gibbs_floor_kWh_kg": OXYGEN_GIBBS_FLOOR_J_kg / _kWh,
    }


def reject_balance(
    *,
    inputs_kg: Mapping[str, float],
    outputs_kg: Mapping[str, float],
    food: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """1 when the process is refused, and out over in by mass and by element."""
    known = {**SPECIES, "food": food_make(**food).elements} if food else SPECIES
    composition = {n: {e: float(x) for e, x in c.items()} for n, c in known.items()}
    try:
        check_balance(inputs_kg=inputs_kg, outputs_kg=outputs_kg, composition=composition)
        raised = 0.0
    except PhysicsError:
        raised = 1.0
    found = check_balance(
        inputs_kg=inputs_kg,
        outputs_kg=outputs_kg,
        composition=composition,
        tolerance_frac=np.inf,
    )
    missing_kg = {
        f"{e}_missing_kg": (ratio - 1.0)
        * sum(kg * composition[n].get(e, 0.0) for n, kg in inputs_kg.items())
        for e, ratio in found.element_ratio.items()
    }
    return {
        "raised": raised,
        "mass_out_over_in": found.mass_ratio,
        **{f"{e}_out_over_in": ratio for e, ratio in found.element_ratio.items()},
        **missing_kg,
    }
