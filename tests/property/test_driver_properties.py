"""What holds for any driver."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moonbase.driver import DriverSize, size_driver

SPEED = st.floats(500.0, 3500.0)
ACCELERATION = st.floats(50.0, 20_000.0)
MASS = st.floats(1.0, 5000.0)
SHARE = st.floats(0.0, 1.0)
EFFICIENCY = st.floats(0.05, 1.0)


def size(
    speed: float, acceleration: float, payload: float, sled: float, eta: float, regained: float
) -> DriverSize:
    return size_driver(
        payload_kg=payload,
        sled_kg=sled,
        muzzle_speed_m_s=speed,
        acceleration_m_s2=acceleration,
        deceleration_m_s2=3000.0,
        wall_plug_efficiency_frac=eta,
        regeneration_frac=regained,
        cadence_s=30.0,
        duty_frac=0.6,
        sled_loop_s=60.0,
        electric_peak_ratio=1.44,
        storage_margin_ratio=1.25,
        radiator_temperature_K=400.0,
        radiator_emissivity_frac=0.9,
        sink_temperature_K=200.0,
        anchor_friction_ratio=0.5,
    )


@given(SPEED, ACCELERATION, MASS, MASS, EFFICIENCY, SHARE)
def test_energy_is_conserved(
    speed: float, acceleration: float, payload: float, sled: float, eta: float, regained: float
) -> None:
    line = size(speed, acceleration, payload, sled, eta, regained)
    thrown = 0.5 * payload * speed**2
    assert np.isclose(line.energy_per_launch_J, thrown + line.heat_per_launch_J, rtol=1e-9)
    assert line.heat_per_launch_J >= -1e-9 * line.energy_per_launch_J
    work = line.force_N * line.length_m
    assert np.isclose(work, line.kinetic_energy_J, rtol=1e-12)
    impulse = line.force_N * line.launch_time_s
    assert np.isclose(impulse, line.recoil_N_s, rtol=1e-12)


@given(SPEED, ACCELERATION, MASS, MASS, EFFICIENCY, SHARE)
def test_more_of_a_good_thing_costs_less_energy(
    speed: float, acceleration: float, payload: float, sled: float, eta: float, regained: float
) -> None:
    line = size(speed, acceleration, payload, sled, eta, regained)
    lighter = size(speed, acceleration, payload, 0.9 * sled, eta, regained)
    better = size(speed, acceleration, payload, sled, min(1.0, 1.05 * eta), regained)
    slower = size(0.95 * speed, acceleration, payload, sled, eta, regained)
    for other in (lighter, better, slower):
        assert other.energy_per_launch_J <= line.energy_per_launch_J * (1.0 + 1e-12)
    harder = size(speed, 1.1 * acceleration, payload, sled, eta, regained)
    assert harder.length_m < line.length_m
    assert harder.peak_power_W > line.peak_power_W or harder.n_on_track < line.n_on_track
    assert harder.energy_per_launch_J == line.energy_per_launch_J
