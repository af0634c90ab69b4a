"""The line over a year: duty, availability, fleet, wear, power and cost."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.errors import DomainError
from moonbase.driver.fleet import SledFleet, fleet_capacity, spares
from moonbase.driver.plant import (
    CONTINUOUS_SUN,
    DAY_ONLY,
    STORED_NIGHT,
    SUPPLIES,
    Bank,
    Plant,
    operate_plant,
    pulse_store,
)

COIL = Bank(
    name="coil",
    n_sections=500.0,
    n_units=12,
    n_needed=11,
    n_pulses_per_shot=1.0,
    n_life_pulses=2e6,
    repair_s=86_400.0,
    unit_kg=277.0,
)
CONVERTER = replace(
    COIL, name="converter", n_sections=40.0, n_units=10, n_needed=8, n_life_pulses=2e7
)
SLEDS = SledFleet(
    n_sleds=5.0,
    n_bays=2,
    loop_s=60.0,
    quench_frac=1e-3,
    quench_recovery_s=21_600.0,
    n_shots_between_services=500.0,
    service_s=3600.0,
    n_life_shots=1e5,
    sled_kg=700.0,
)
PERFECT = replace(SLEDS, n_sleds=2.0, quench_frac=0.0, service_s=0.0)
BASE: dict[str, Any] = {
    "payload_kg": 1000.0,
    "cadence_s": 30.0,
    "launch_time_s": 2.55,
    "drawn_energy_J": 5.2e9,
    "returned_energy_J": 1.1e9,
    "peak_electric_power_W": 5.3e9,
    "standby_power_W": 5e6,
    "supply": CONTINUOUS_SUN,
    "day_s": 1.2757e6,
    "night_s": 1.2757e6,
    "array_W_m2": 306.0,
    "night_efficiency_frac": 0.8,
    "maintenance_s": 0.0,
    "common_availability_frac": 1.0,
    "shot_success_frac": 1.0,
    "banks": [],
    "sleds": PERFECT,
    "resupply_s": 3e6,
    "stockout_frac": 0.01,
}


def run(**changes: Any) -> Plant:
    return operate_plant(**(BASE | changes))


def test_a_perfect_line_fires_all_year() -> None:
    plant = run()
    assert plant.duty_frac == pytest.approx(1.0)
    assert plant.n_shots_per_year == pytest.approx(31_557_600.0 / 30.0)
    assert plant.throughput_kg_yr == pytest.approx(1.05e9, rel=0.005)
    assert math.isinf(float(plant.mean_time_between_stops_s))


def test_supply_modes_trade_duty_store_and_array() -> None:
    sun, day, stored = (run(supply=mode) for mode in SUPPLIES)
    assert day.duty_frac == pytest.approx(0.5 * sun.duty_frac)
    assert stored.duty_frac == pytest.approx(sun.duty_frac)
    assert sun.night_store_J == 0.0
    assert day.night_store_J == pytest.approx(5e6 * 1.2757e6)
    assert stored.night_store_J == pytest.approx((4.1e9 / 30.0 + 5e6) * 1.2757e6)
    assert stored.array_area_m2 == pytest.approx(sun.array_area_m2 * (1.0 + 1.0 / 0.8))
    assert day.array_area_m2 - sun.array_area_m2 == pytest.approx(5e6 / 0.8 / 306.0)


def test_the_array_of_a_stored_night_feeds_the_month() -> None:
    plant = run(supply=STORED_NIGHT, day_s=1e6, night_s=4e5)
    by_day = plant.array_area_m2 * 306.0 * 1e6
    used = plant.firing_power_W * (1e6 + 4e5 / 0.8)
    assert by_day == pytest.approx(used)


def test_planned_stops_go_into_the_night_first() -> None:
    assert run(supply=DAY_ONLY, maintenance_s=1.2e6).planned_frac == 1.0
    late = run(supply=DAY_ONLY, maintenance_s=1.3e6)
    assert late.planned_frac == pytest.approx(1.0 - (1.3e6 - 1.2757e6) / 1.2757e6)
    assert run(maintenance_s=255_140.0).planned_frac == pytest.approx(0.9)
    idle = run(maintenance_s=9e9)
    assert idle.throughput_kg_yr == 0.0 and np.isinf(idle.energy_per_payload_J_kg)


def test_sections_in_series_multiply() -> None:
    plant = run(banks=[COIL, CONVERTER], common_availability_frac=0.9)
    one = run(banks=[replace(COIL, n_sections=1.0)])
    coil = plant.bank_availability_frac["coil"]
    assert coil == pytest.approx(one.bank_availability_frac["coil"] ** 500.0)
    assert plant.line_availability_frac == pytest.approx(
        0.9 * coil * plant.bank_availability_frac["converter"]
    )


def test_without_spare_units_a_section_fails_with_its_first_unit() -> None:
    bare = replace(COIL, n_units=12, n_needed=12)
    plant = run(banks=[bare])
    unit = 1.0 / (1.0 + 86_400.0 / (2e6 * 30.0))
    assert plant.bank_availability_frac["coil"] == pytest.approx(unit ** (12 * 500), rel=1e-9)
    assert plant.mean_time_between_stops_s == pytest.approx(2e6 * 30.0 / (12 * 500), rel=1e-9)


def test_stops_agree_with_a_simulated_section() -> None:
    """One section, three units of which two are needed; steady state of its Markov chain."""
    rate, repair = 1.0 / 3000.0, 1.0 / 500.0
    births = [3.0 * rate, 2.0 * rate, rate]
    deaths = [repair, 2.0 * repair, 3.0 * repair]
    weight = np.cumprod([1.0] + [b / d for b, d in zip(births, deaths, strict=True)])
    chance = weight / weight.sum()
    up = chance[0] + chance[1]
    bank = replace(COIL, n_sections=1.0, n_units=3, n_needed=2, n_life_pulses=100.0, repair_s=500.0)
    plant = run(banks=[bank])
    assert plant.bank_availability_frac["coil"] == pytest.approx(up, rel=1e-12)
    assert plant.mean_time_between_stops_s == pytest.approx(up / (chance[1] * births[1]))


def test_wear_follows_pulses() -> None:
    shared = replace(CONVERTER, n_pulses_per_shot=10.0)
    plant = run(banks=[COIL, shared])
    shots = float(plant.n_shots_per_year)
    assert plant.n_pulses_per_unit_year["coil"] == pytest.approx(shots)
    assert plant.n_pulses_per_unit_year["converter"] == pytest.approx(10.0 * shots)
    assert plant.replaced_kg_yr["coil"] == pytest.approx(shots / 2e6 * 6000.0 * 277.0)
    assert plant.replaced_kg_yr["sled"] == pytest.approx(shots / 1e5 * 700.0)


def test_energy_per_payload_carries_the_standby_of_idle_time() -> None:
    busy, idle = run(), run(common_availability_frac=0.5)
    assert busy.energy_per_payload_J_kg == pytest.approx((4.1e9 + 5e6 * 30.0) / 1000.0)
    assert idle.energy_per_payload_J_kg == pytest.approx((4.1e9 + 5e6 * 60.0) / 1000.0)
    assert idle.mean_power_W == pytest.approx(0.5 * 4.1e9 / 30.0 + 5e6)


def exact_fleet(n: int, bays: int, cadence: float, loop: float, out: float) -> float:
    """Share of slots served, from the balance equations of the chain as a linear system."""
    rates = [min(1.0 / cadence, (n - i) / loop) for i in range(n + 1)]
    flow = np.zeros((n + 1, n + 1))
    for i in range(n):
        flow[i, i + 1] = rates[i] * out
        flow[i + 1, i] = float(min(i + 1, bays))
    balance = (flow - np.diag(flow.sum(axis=1))).T
    balance[-1] = 1.0
    chance = np.linalg.solve(balance, np.eye(n + 1)[-1])
    return float(chance @ rates * cadence)


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 12),
    bays=st.integers(1, 12),
    cadence=st.floats(3.0, 60.0),
    loop=st.floats(10.0, 300.0),
    quench=st.floats(0.0, 0.2),
)
def test_fleet_is_the_chain_solved_exactly(
    n: int, bays: int, cadence: float, loop: float, quench: float
) -> None:
    sleds = replace(
        SLEDS, n_sleds=float(n), n_bays=bays, loop_s=loop, quench_frac=quench, service_s=500.0
    )
    out = quench * 21_600.0 + 1.0
    got = float(fleet_capacity(cadence_s=cadence, sleds=sleds))
    assert got == pytest.approx(exact_fleet(n, bays, cadence, loop, out), rel=1e-7)


def test_fleet_without_faults_is_limited_by_the_loop_alone() -> None:
    for n, wanted in ((1.0, 0.5), (2.0, 1.0), (9.0, 1.0)):
        fleet = replace(PERFECT, n_sleds=n)
        assert fleet_capacity(cadence_s=30.0, sleds=fleet) == pytest.approx(wanted)


def test_more_sleds_and_more_bays_never_serve_less() -> None:
    by_sleds = fleet_capacity(cadence_s=30.0, sleds=replace(SLEDS, n_sleds=np.arange(1.0, 20.0)))
    assert np.all(np.diff(by_sleds) >= -1e-12) and by_sleds[-1] > 0.99
    by_bays = [
        float(fleet_capacity(cadence_s=30.0, sleds=replace(SLEDS, n_bays=b))) for b in range(1, 6)
    ]
    assert by_bays == sorted(by_bays)


def test_a_fleet_of_hundreds_does_not_overflow() -> None:
    sleds = replace(SLEDS, n_sleds=600.0, n_bays=1, loop_s=600.0, quench_frac=0.9)
    share = float(fleet_capacity(cadence_s=1.0, sleds=sleds))
    assert share == pytest.approx(1.0 / (0.9 * 21_600.0 + 7.2), rel=1e-6)


@pytest.mark.parametrize("ratio", [0.085, 0.6, 1.0, 1.7, 2.0, 3.4])
def test_pulse_store_is_the_swing_of_the_power_summed_in_time(ratio: float) -> None:
    cadence, energy, n = 10.0, 4e9, 200_000
    time = ratio * cadence
    t = (np.arange(n) + 0.5) * cadence / n
    power = np.zeros(n)
    for k in range(math.ceil(ratio) + 1):
        age = t + k * cadence
        power += np.where(age < time, 2.0 * energy * age / time**2, 0.0)
    step = (power - energy / cadence) * cadence / n
    walk = np.cumsum(np.tile(step, 2))
    low = np.minimum.accumulate(walk)
    swing = float(np.max(walk - low))
    got = pulse_store(drawn_energy_J=energy, launch_time_s=time, cadence_s=cadence)
    assert float(got) == pytest.approx(swing, rel=2e-4)


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 40.0, 300.0])
@pytest.mark.parametrize("chance", [0.2, 0.01, 1e-6, 1.0])
def test_spares_are_the_smallest_stock_that_serves(mean: float, chance: float) -> None:
    stock = float(spares(demand_1_yr=mean, resupply_s=31_557_600.0, stockout_frac=chance))
    term, total, needed = math.exp(-mean), 0.0, 0
    total = term
    while total < 1.0 - chance:
        needed += 1
        term *= mean / needed
        total += term
    assert stock == needed


def test_no_demand_needs_no_spares() -> None:
    assert spares(demand_1_yr=0.0, resupply_s=1e7, stockout_frac=0.01) == 0.0


def test_draws_equal_a_loop() -> None:
    cadence = np.array([3.2, 30.0, 31.0])
    life = np.array([2e6, 5e5, 1e7])
    sleds = np.array([19.0, 4.0, 2.0])
    efficiency = np.array([0.7, 0.8, 0.9])

    def at(k: Any) -> Plant:
        return run(
            supply=STORED_NIGHT,
            cadence_s=cadence[k],
            night_efficiency_frac=efficiency[k],
            banks=[replace(COIL, n_life_pulses=life[k])],
            sleds=replace(SLEDS, n_sleds=sleds[k]),
        )

    together = at(slice(None))
    for k in range(3):
        alone = at(k)
        for field in fields(Plant):
            many, one = getattr(together, field.name), getattr(alone, field.name)
            pairs = (
                [(many[key], one[key]) for key in one] if isinstance(one, dict) else [(many, one)]
            )
            for m, o in pairs:
                value = np.broadcast_to(m, (3,))[k]
                assert value == pytest.approx(float(o), rel=1e-12), field.name


def test_a_bad_draw_is_nan_and_leaves_the_others() -> None:
    plant = run(cadence_s=np.array([30.0, -1.0]), sleds=SLEDS, banks=[COIL])
    assert np.isfinite(plant.throughput_kg_yr[0]) and np.isnan(plant.throughput_kg_yr[1])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"supply": "moonlight"}, "supply"),
        ({"cadence_s": 0.0}, "cadence_s"),
        ({"banks": [COIL, COIL]}, "banks"),
        ({"banks": [replace(COIL, name="sled")]}, "banks"),
        ({"banks": [replace(COIL, n_needed=13)]}, "n_needed"),
        ({"sleds": replace(SLEDS, n_bays=0)}, "n_bays"),
        ({"sleds": replace(SLEDS, n_sleds=0.0)}, "n_sleds"),
        ({"stockout_frac": 0.0}, "stockout_frac"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as fault:
        run(**changes)
    assert fault.value.path == path
