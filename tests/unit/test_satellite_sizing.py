"""The mass ledger, the bill of materials and the records that feed them."""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import fields
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.satellite import announced_gap, budget_satellite, size_satellite

RECORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("moonbase") / "data/parameters/satellite.toml").read_text(encoding="utf-8")
)["satellite"] | {"distance_au": {"value": 1.0, "distribution": "fixed"}}
COMMODITIES = {
    "sat_pv",
    "radiator",
    "al_parts",
    "wire",
    "motor",
    "chips",
    "electronics",
    "vitamins",
}
FOR_CALLERS = {
    "chip_loss_1_yr",
    "loss_1_yr",
    "announced_specific_power_W_kg",
    "earth_orbit_altitude_m",
    "earth_orbit_sunlit_frac",
    "earth_unit_it_power_W",
    "earth_launch_acceleration_m_s2",
}
"""Records that the campaign and the design pass on; no argument of this room has their name."""


def nominal(function: Any) -> dict[str, Any]:
    wanted = inspect.signature(function).parameters
    return {key: record["value"] for key, record in RECORDS.items() if key in wanted}


def sampled(function: Any, n: int, seed: int = 5) -> dict[str, Any]:
    rng = np.random.default_rng(seed)

    def draw(record: dict[str, Any]) -> Any:
        if record["distribution"] == "triangular":
            return rng.triangular(record["low"], record["value"], record["high"], n)
        if record["distribution"] == "lognormal":
            spread = np.log(record["high"] / record["low"]) / (2.0 * 1.6449)
            return record["value"] * np.exp(spread * rng.standard_normal(n))
        return record["value"]

    wanted = inspect.signature(function).parameters
    return {key: draw(record) for key, record in RECORDS.items() if key in wanted}


NOMINAL = {**nominal(size_satellite), "launch_acceleration_m_s2": 1000.0}
SPLIT = nominal(budget_satellite)
TERMS = [
    "array",
    "radiator",
    "compute",
    "power_electronics",
    "structure",
    "shielding",
    "propulsion",
    "terminals",
    "avionics",
    "battery",
    "margin",
]


def test_every_record_has_an_argument() -> None:
    used = {*inspect.signature(size_satellite).parameters}
    used |= {*inspect.signature(budget_satellite).parameters}
    assert set(RECORDS) - used == FOR_CALLERS


@pytest.mark.parametrize("orbit", [{}, {"altitude_m": 7e5, "sunlit_frac": 0.99}])
def test_the_terms_add_up_to_the_mass(orbit: dict[str, float]) -> None:
    size = size_satellite(it_power_W=1.2e5, **orbit, **NOMINAL)
    assert sum(getattr(size, f"{term}_kg") for term in TERMS) == pytest.approx(size.mass_kg)
    assert sum(size.ledger_kg_kW.values()) == pytest.approx(1e3 * size.mass_kg / size.it_power_W)
    assert size.compute_kg == size.chips_kg + size.boards_kg
    assert 0.0 < size.loop_kg < size.radiator_kg
    assert 0.0 < size.propellant_kg < size.propulsion_kg
    assert (size.battery_kg > 0.0) == bool(orbit)


def test_loads_by_hand() -> None:
    size = size_satellite(it_power_W=2e5, **NOMINAL)
    area = size.array_area_m2
    assert size.array_kg == pytest.approx(area * NOMINAL["array_areal_mass_kg_m2"])
    panels = size.radiator_area_m2 * NOMINAL["radiator_areal_mass_kg_m2"]
    assert size.radiator_kg == pytest.approx(panels * NOMINAL["loop_mass_ratio"])
    assert size.boards_kg == pytest.approx(200.0 * NOMINAL["boards_kg_kW"])
    assert size.bus_power_W == pytest.approx(2e5 * NOMINAL["bus_overhead_ratio"])
    carried = size.array_kg + size.radiator_kg + size.compute_kg + size.shielding_kg
    carried += size.power_electronics_kg + size.terminals_kg + size.avionics_kg
    thrusters = size.propulsion_kg - size.propellant_kg
    assert thrusters == pytest.approx(carried * NOMINAL["propulsion_dry_frac"])
    dry = carried + size.structure_kg + thrusters
    assert size.margin_kg == pytest.approx(NOMINAL["margin_frac"] * dry)
    speed = NOMINAL["exhaust_speed_m_s"]
    push = 1361.0 / 299_792_458.0 * area * (1.0 + NOMINAL["array_reflectivity_frac"])
    trim = NOMINAL["trim_frac"] * push * NOMINAL["life_yr"] * 31_557_600.0 / speed
    keeping = (dry + size.margin_kg) * np.expm1(NOMINAL["station_keeping_m_s"] / speed)
    assert size.propellant_kg == pytest.approx(trim + keeping)


def test_watts_from_kilograms_are_the_inverse() -> None:
    size = size_satellite(it_power_W=np.array([5e4, 1e5, 1e6]), **NOMINAL)
    back = size_satellite(mass_kg=size.mass_kg, **NOMINAL)
    assert back.it_power_W == pytest.approx(size.it_power_W, rel=1e-12)


def test_a_mass_below_the_fixed_one_is_nan_or_an_error() -> None:
    size = size_satellite(mass_kg=np.array([50.0, 2000.0]), **NOMINAL)
    assert np.isnan(size.it_power_W[0])
    assert size.it_power_W[1] > 0.0
    with pytest.raises(DomainError, match="mass_kg"):
        size_satellite(mass_kg=50.0, **NOMINAL)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({}, "it_power_W"),
        ({"it_power_W": 1e5, "mass_kg": 1e3}, "it_power_W"),
        ({"it_power_W": -1e5}, "it_power_W"),
        ({"it_power_W": 1e5, "altitude_m": 7e5}, "sunlit_frac"),
        ({"it_power_W": 1e5, "sunlit_frac": 0.9}, "sunlit_frac"),
        ({"it_power_W": 1e5, "distance_au": 0.0}, "distance_au"),
    ],
)
def test_bad_input_is_named(arguments: dict[str, float], path: str) -> None:
    with pytest.raises(DomainError) as caught:
        size_satellite(**{**NOMINAL, **arguments})
    assert caught.value.path == path


def test_specific_power_is_that_of_flown_and_studied_satellites() -> None:
    size = size_satellite(it_power_W=1e5, **{**NOMINAL, **sampled(size_satellite, 4000)})
    low, median, high = np.percentile(size.specific_power_W_kg, [10.0, 50.0, 90.0])
    assert 13.0 < low < 25.0, "Starlink v1 flew 25, reference designs with spares reach 13"
    assert 17.0 < median < 34.0, "reference designs of 1 MW lie at 17-29"
    assert 29.0 < high < 70.0, "AI1 announces 70"
    assert np.mean(size.specific_power_W_kg > 100.0) < 0.01


def test_the_megawatt_near_earth_weighs_what_the_reference_design_does() -> None:
    gentle = {**NOMINAL, "launch_acceleration_m_s2": 50.0}
    size = size_satellite(it_power_W=1e6, altitude_m=6.5e5, sunlit_frac=0.99, **gentle)
    assert 29.4e3 < size.mass_kg < 59e3


def test_shares_of_array_and_radiator() -> None:
    size = size_satellite(it_power_W=1e5, **NOMINAL)
    assert 0.4 < (size.array_kg + size.radiator_kg) / size.mass_kg < 0.7


def test_inner_orbits_warm_the_radiator() -> None:
    near = size_satellite(it_power_W=1e5, **{**NOMINAL, "distance_au": 0.4})
    far = size_satellite(it_power_W=1e5, **{**NOMINAL, "distance_au": 1.0})
    assert near.radiator_area_m2 > far.radiator_area_m2


def test_earth_orbit_adds_heat_and_battery() -> None:
    deep = size_satellite(it_power_W=1e5, **NOMINAL)
    orbit = size_satellite(it_power_W=1e5, altitude_m=7e5, sunlit_frac=0.97, **NOMINAL)
    assert orbit.radiator_absorbed_W_m2 > deep.radiator_absorbed_W_m2 + 0.9 * 237.0 * 0.2
    assert orbit.array_area_m2 > deep.array_area_m2 / 0.97
    period_s = 2.0 * np.pi * np.sqrt(7.0781366e6**3 / 3.986e14)
    energy_J = orbit.bus_power_W * 0.03 * period_s
    stored_J = (
        orbit.battery_kg * NOMINAL["battery_specific_energy_J_kg"] * NOMINAL["battery_depth_frac"]
    )
    assert stored_J == pytest.approx(energy_J, rel=1e-3)


def test_the_bill_by_hand() -> None:
    size = size_satellite(it_power_W=1e5, **NOMINAL)
    budget = budget_satellite(size=size, **SPLIT)
    assert set(budget.bill_frac) == COMMODITIES
    bare = size.mass_kg - size.margin_kg
    assert budget.bill_frac["chips"] == pytest.approx(size.chips_kg / bare)
    assert budget.bill_frac["radiator"] == pytest.approx((size.radiator_kg - size.loop_kg) / bare)
    assert sum(budget.bill_kg.values()) == pytest.approx(size.mass_kg)
    imported = sum(budget.bill_frac[name] for name in ("chips", "electronics", "vitamins"))
    assert budget.imported_frac == pytest.approx(imported)
    total = budget.imported_kg_kW + budget.lunar_kg_kW
    assert total == pytest.approx(size.mass_kg / 100.0)


def test_the_announced_figure_leaves_less_than_nothing() -> None:
    size = size_satellite(it_power_W=1e5, **NOMINAL)
    gap = announced_gap(
        announced_specific_power_W_kg=RECORDS["announced_specific_power_W_kg"]["value"],
        ledger_kg_kW=size.ledger_kg_kW,
    )
    assert gap.allowed_kg_kW == 10.0
    assert gap.gap_kg_kW < -10.0


def test_draws_are_a_loop() -> None:
    draws = sampled(size_satellite, 7)
    together = size_satellite(it_power_W=1e5, **{**NOMINAL, **draws})
    for index in range(7):
        one = {
            key: value if np.ndim(value) == 0 else float(value[index])
            for key, value in draws.items()
        }
        alone = size_satellite(it_power_W=1e5, **{**NOMINAL, **one})
        for field in fields(alone):
            if field.name != "ledger_kg_kW":
                wanted = np.broadcast_to(getattr(together, field.name), (7,))[index]
                assert getattr(alone, field.name) == pytest.approx(wanted, rel=1e-14)
