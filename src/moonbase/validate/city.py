"""Answers of the city room to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from moonbase.city.bill import person_bill
from moonbase.city.crew import crew_day as flows_of_day
from moonbase.city.crew import serial_recovery
from moonbase.city.food import Food, plan_food
from moonbase.city.labour import least_crew
from moonbase.city.people import AirLoss, metabolism
from moonbase.city.shelter import habitat
from moonbase.city.size import size_city
from moonbase.city.supplies import consumables, size_greenhouse
from moonbase.city.technology import check_technology
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


def baseline(*, name: str) -> dict[str, float]:
    """Flows of a published table of people."""
    person = metabolism(baseline=name)
    return {
        "o2_kg": float(person.oxygen_kg),
        "co2_kg": float(person.co2_kg),
        "food_wet_kg": float(person.food_wet_kg),
        "food_dry_kg": float(person.food_dry_kg),
        "potable_kg": float(person.water_kg),
        "metabolic_water_kg": float(person.metabolic_water_kg),
        "respiratory_quotient": float(person.respiratory_ratio),
        "rounding_kg": float(person.rounding_kg),
    }


def chained_day(
    *, leak_oxygen_kg: float, leak_nitrogen_kg: float, **arguments: Any
) -> dict[str, float]:
    """Make-up of a crew and its loops, a year's gross use, and how well the elements close."""
    loss = AirLoss(
        oxygen_kg=np.asarray(leak_oxygen_kg),
        nitrogen_kg=np.asarray(leak_nitrogen_kg),
        water_kg=np.asarray(0.0),
        lioh_kg=np.asarray(0.0),
    )
    day = flows_of_day(loss=loss, **arguments)
    people = float(arguments.get("n_crew", 1.0))
    landed = float(day.makeup_kg["nitrogen"] + day.makeup_kg["vitamins"])
    return {
        **{f"net_{name}_kg": -float(kg) for name, kg in day.makeup_kg.items()},
        "net_co2_kg": float(day.waste_kg["co2"] - day.makeup_kg["co2"]),
        "oxygen_breathed_kg_yr": float(day.use_kg["oxygen_breathed"]) * 365.25,
        "nitrogen_and_vitamins_kg_yr": landed * 365.25 / people,
        "oxygen_recovered": float(day.recovery_frac["oxygen"]),
        "element_gap_kg": max(
            abs(float(day.elements_in_kg[e] - day.elements_out_kg[e])) for e in "CHON"
        ),
    }


def one_solve(**arguments: Any) -> dict[str, float]:
    """Largest gap between the matrix solve and the chained balance of one person, kg a day."""
    bill, day = person_bill(**arguments), flows_of_day(**arguments)
    return {
        "water_gap_kg": float(bill.water_kg_yr) / 365.25 - float(day.makeup_kg["water"]),
        "oxygen_gap_kg": float(bill.oxygen_kg_yr) / 365.25 - float(day.makeup_kg["oxygen"]),
    }


def chain(*, stage_frac: list[float], reject_frac: list[float]) -> dict[str, float]:
    """Recovery of stages in series and of those that work on their rejects."""
    return {"recovery_frac": float(serial_recovery(stage_frac=stage_frac, reject_frac=reject_frac))}


def crop(*, name: str, food_dry_kg: float, lamp_kWh_mol: float) -> dict[str, float]:
    """Area and lamp energy of a diet of one crop."""
    plan = plan_food(
        food=Food(mass_kg=food_dry_kg, basis="dry", dry_frac=food_dry_kg / 1.56),
        diet={name: 1.0},
        lamp_J_mol=lamp_kWh_mol * _kWh,
    )
    return {
        "area_m2": float(plan.area_m2),
        "kWh_per_crew_day": float(plan.lamp_power_W) * 86_400.0 / _kWh,
        "kWh_per_kg_wet": float(plan.energy_J_kg) / _kWh,
    }


def shelter(**arguments: Any) -> dict[str, float]:
    """Mass, cover and dose of a habitat."""
    home = habitat(**arguments)
    return {
        "habitat_kg": float(home.habitat_kg),
        "structure_kg": float(home.structure_kg),
        "cover_m": float(home.cover_m),
        "dose_Sv_yr": float(home.dose_Sv_yr),
    }


def settlers(**arguments: Any) -> dict[str, float]:
    """Fewest people whose labour covers their needs."""
    return {"n_crew": float(least_crew(**arguments))}


def reject_unit(
    *, flows_kg: Mapping[str, float], energy_kWh: float | None = None
) -> dict[str, float]:
    """1 when the check that every shipped unit passes refuses this one."""
    energy_J = None if energy_kWh is None else energy_kWh * _kWh
    try:
        check_technology(flows_kg=flows_kg, energy_J=energy_J)
    except PhysicsError:
        return {"raised": 1.0}
    return {"raised": 0.0}
