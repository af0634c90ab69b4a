"""Closed-form driver: anchors, limits and refusals."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.driver import (
    DriverSize,
    optimal_acceleration,
    radiator_flux,
    release_height,
    section_availability,
    size_driver,
    size_supply,
)

BASE: dict[str, Any] = {
    "payload_kg": 1000.0,
    "sled_kg": 500.0,
    "muzzle_speed_m_s": 2500.0,
    "acceleration_m_s2": 980.665,
    "deceleration_m_s2": 2942.0,
    "wall_plug_efficiency_frac": 0.9,
    "regeneration_frac": 0.7,
    "cadence_s": 30.0,
    "duty_frac": 1.0,
    "sled_loop_s": 60.0,
    "electric_peak_ratio": 1.44,
    "storage_margin_ratio": 1.25,
    "radiator_temperature_K": 400.0,
    "radiator_emissivity_frac": 0.9,
    "sink_temperature_K": 0.0,
    "anchor_friction_ratio": 0.5,
}


def size(**changes: Any) -> DriverSize:
    return size_driver(**{**BASE, **changes})


def test_electric_peak_of_the_base_launch() -> None:
    assert size().peak_electric_power_W == pytest.approx(5.3e9, rel=0.005)


def test_store_holds_one_shot_before_the_sled_pays_back() -> None:
    assert size(storage_margin_ratio=1.0).storage_J == pytest.approx(4.6875e9 / 0.9)


def test_energy_is_payload_plus_heat() -> None:
    base = size()
    assert base.energy_per_launch_J - base.heat_per_launch_J == pytest.approx(3.125e9)


def test_a_perfect_driver_makes_no_heat() -> None:
    perfect = size(wall_plug_efficiency_frac=1.0, regeneration_frac=1.0)
    assert perfect.heat_per_launch_J == pytest.approx(0.0, abs=1e-3)
    assert perfect.energy_per_payload_J_kg == pytest.approx(0.5 * 2500.0**2)


def test_gravity_holds_the_sled_below_circular_speed() -> None:
    held = size(muzzle_speed_m_s=np.array([1679.8, 1679.9])).hold_down_m_s2
    assert held[0] < 0.0 < held[1]


def test_shots_overlap_when_the_cadence_is_shorter_than_the_launch() -> None:
    once, overlapping = size(cadence_s=2.6), size(cadence_s=1.0)
    assert overlapping.n_on_track == 3.0
    assert overlapping.peak_power_W == pytest.approx(3.0 * once.peak_power_W)


def test_a_slow_line_still_owns_a_sled() -> None:
    assert size(cadence_s=7200.0).n_sleds == 1.0


def test_duty_scales_the_year_and_not_the_hour() -> None:
    full, half = size(), size(duty_frac=0.5)
    assert half.throughput_kg_yr == pytest.approx(0.5 * full.throughput_kg_yr)
    assert half.mean_power_W == full.mean_power_W
    assert half.n_launches_per_hour == 120.0


def test_cold_radiators_are_infinite_in_their_draw_alone() -> None:
    area = size(sink_temperature_K=np.array([0.0, 400.0, 410.0])).radiator_area_m2
    assert np.isfinite(area[0])
    assert np.all(np.isinf(area[1:]))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("payload_kg", -1.0),
        ("sled_kg", -1.0),
        ("muzzle_speed_m_s", 0.0),
        ("acceleration_m_s2", 0.0),
        ("deceleration_m_s2", 0.0),
        ("wall_plug_efficiency_frac", 0.0),
        ("wall_plug_efficiency_frac", 1.1),
        ("regeneration_frac", 1.1),
        ("cadence_s", 0.0),
        ("duty_frac", 1.1),
        ("radiator_temperature_K", -1.0),
        ("sink_temperature_K", 500.0),
        ("radiator_emissivity_frac", 0.0),
        ("anchor_friction_ratio", 0.0),
    ],
)
def test_nonsense_in_every_draw_is_refused(key: str, value: float) -> None:
    with pytest.raises(DomainError) as error:
        size(**{key: value})
    assert error.value.path in {key, "radiator_temperature_K"}
    assert error.value.hint


def test_nonsense_in_one_draw_is_nan_in_that_draw() -> None:
    mixed = size(payload_kg=np.array([1000.0, -5.0]))
    assert mixed.force_N[0] == size().force_N
    assert np.isnan(mixed.force_N[1])
    assert np.isnan(mixed.throughput_kg_yr[1])


def test_draws_equal_a_loop() -> None:
    payload = np.array([200.0, 500.0, 1000.0])
    speed = np.array([2400.0, 2500.0, 2800.0])
    together = size(payload_kg=payload, muzzle_speed_m_s=speed)
    for draw in range(3):
        alone = size(payload_kg=payload[draw], muzzle_speed_m_s=speed[draw])
        for field in fields(DriverSize):
            whole = np.broadcast_to(getattr(together, field.name), 3)
            assert whole[draw] == getattr(alone, field.name), field.name


def test_best_acceleration_is_a_minimum() -> None:
    best = optimal_acceleration(
        muzzle_speed_m_s=2500.0, moving_kg=1500.0, length_usd_m=5e4, peak_power_usd_W=0.05
    )

    def cost(acceleration: float) -> float:
        line = size(acceleration_m_s2=acceleration)
        return float(5e4 * line.length_m + 0.05 * line.peak_power_W)

    assert cost(float(best)) < min(cost(0.99 * float(best)), cost(1.01 * float(best)))


def test_radiator_balances_its_sink() -> None:
    flux = radiator_flux(
        radiator_temperature_K=np.array([300.0, 300.0]),
        radiator_emissivity_frac=1.0,
        sink_temperature_K=np.array([0.0, 300.0 * 0.5**0.25]),
    )
    assert flux[1] == pytest.approx(0.5 * flux[0])


def test_a_circular_release_stays_at_height() -> None:
    height = release_height(downrange_m=50e3, muzzle_speed_m_s=1679.857)
    assert abs(float(height)) < 1e-2


def test_night_store_of_a_megawatt() -> None:
    supply = size_supply(mean_power_W=1e6, array_W_m2=306.0, night_s=3600.0)
    assert supply.night_storage_J == pytest.approx(3.6e9)
    assert supply.array_area_m2 == pytest.approx(3268.0, abs=0.1)


@pytest.mark.parametrize(
    ("n_needed", "expected"), [(3, 0.729), (2, 0.972), (1, 0.999)], ids=["all", "two", "one"]
)
def test_availability_of_three_coils(n_needed: int, expected: float) -> None:
    got = section_availability(n_coils=3, n_needed=n_needed, coil_availability_frac=0.9)
    assert got == pytest.approx(expected, rel=1e-12)


def test_a_section_cannot_need_more_than_it_has() -> None:
    with pytest.raises(DomainError, match="n_needed"):
        section_availability(n_coils=3, n_needed=4, coil_availability_frac=0.9)
