"""Needs of a city."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from moonbase.city.size import crew_needed, size_city
from moonbase.parameters.load import load_parameters

PARAMETERS = load_parameters()
NOMINAL = {
    name: PARAMETERS[f"city.{name}"].value
    for name in inspect.signature(size_city).parameters
    if name != "n_crew"
}


def test_nobody_needs_nothing():
    size = size_city(n_crew=0.0, **NOMINAL)
    assert {float(getattr(size, name)) for name in size.__dataclass_fields__} == {0.0}


def test_needs_are_proportional_to_people():
    one, many = size_city(n_crew=1.0, **NOMINAL), size_city(n_crew=250.0, **NOMINAL)
    for name in one.__dataclass_fields__:
        assert getattr(many, name) == pytest.approx(250.0 * float(getattr(one, name)))


def test_shipped_dry_food_of_a_person_year():
    """0.62 kg of dry food a day is 226 kg a year."""
    only_food = NOMINAL | {
        "food_local_frac": 0.0,
        "food_packaging_ratio": 1.0,
        "nitrogen_kg": 0.0,
        "vitamins_kg": 0.0,
        "goods_kg": 0.0,
    }
    assert size_city(n_crew=1.0, **only_food).supplies_kg_yr == pytest.approx(226.0, abs=0.5)


def test_food_by_lamp_dominates_power():
    """11.4 kW a person against 5 kW for the rest."""
    fed = size_city(n_crew=1.0, **NOMINAL | {"food_local_frac": 1.0})
    assert fed.power_W - NOMINAL["crew_power_W"] == pytest.approx(11.4e3, rel=0.01)


def test_growing_food_trades_cargo_for_power_and_closes_carbon():
    grown = size_city(
        n_crew=np.full(3, 10.0), **NOMINAL | {"food_local_frac": np.array([0.0, 0.5, 1.0])}
    )
    assert np.all(np.diff(grown.supplies_kg_yr) < 0.0)
    assert np.all(np.diff(grown.power_W) > 0.0)
    assert np.all(np.diff(grown.oxygen_kg_yr) < 0.0)
    assert grown.co2_kg_yr[-1] == 0.0


def test_mass_of_air_water_and_food_closes():
    """What enters from outside leaves as carbon dioxide, leaks, solids and lost water."""
    for share in (0.0, 0.4, 1.0):
        size = size_city(
            n_crew=1 / 365.25,
            **NOMINAL
            | {
                "food_local_frac": share,
                "food_packaging_ratio": 1.0,
                "nitrogen_kg": 0.0,
                "vitamins_kg": 0.0,
                "goods_kg": 0.0,
                "leak_oxygen_kg": 0.0,
            },
        )
        recovery = NOMINAL["water_recovery_frac"]
        lost_kg = (1 - recovery) * (NOMINAL["crew_water_out_kg"] + NOMINAL["hygiene_water_kg"])
        faeces_kg = 0.12
        into = size.oxygen_kg_yr + size.water_kg_yr + size.supplies_kg_yr
        assert into == pytest.approx(size.co2_kg_yr + lost_kg + faeces_kg, abs=1e-9)


def test_crew_falls_with_robots():
    plant = {"plant_kg": 1e9, "maintenance_h_kg": 0.01, "crew_work_h_yr": 2000.0}
    n_crew = crew_needed(robot_labour_frac=np.array([0.0, 0.95, 1.0]), **plant)
    assert n_crew == pytest.approx([5000.0, 250.0, 0.0])
