"""What holds for the dispersion of any driver."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.driver.dispersion import Dispersion, dispersion
from moonbase.driver.gates import SpeedLoop, TrimSection, simulate_drive
from moonbase.driver.guideway import Guideway, alignment_spectrum
from moonbase.driver.ride import Suspension

SPEED = st.floats(200.0, 3000.0)
ACCELERATION = st.floats(200.0, 5000.0)
FREQUENCY = st.floats(1.0, 30.0)
SCALE = st.floats(0.1, 10.0)


def spread(speed: float, acceleration: float, frequency: float, scale: float) -> Dispersion:
    line = SimpleNamespace(
        muzzle_speed_m_s=speed,
        acceleration_m_s2=acceleration,
        length_m=speed**2 / (2.0 * acceleration),
        payload_kg=800.0,
        sled_kg=600.0,
        coil_pitch_m=0.5,
        n_window=8.0,
        bucket_length_m=3.0,
        bucket_radius_m=0.8,
        pole_pitch_m=1.0,
    )
    track = alignment_spectrum(
        rms_m=1e-4 * scale, shortest_wavelength_m=5.0, longest_wavelength_m=100.0
    )
    return dispersion(
        line,
        suspension=Suspension(
            sway_Hz=frequency,
            heave_Hz=frequency,
            roll_Hz=frequency,
            pitch_Hz=frequency,
            yaw_Hz=frequency,
            clearance_m=0.05,
            inertial_damping_ratio=0.3,
        ),
        guideway=Guideway(vertical=track, lateral=track),
        loop=SpeedLoop(control_length_m=20.0, gate_spacing_m=2.0, gate_timing_s=1e-9 * scale),
        trim=TrimSection(length_m=50.0, acceleration_m_s2=1e6, gate_spacing_m=20.0),
        thrust_scale_frac=1e-4 * scale,
        coil_noise_frac=1e-3 * scale,
        mass_centre_offset_m=1e-4 * scale,
        release_timing_s=1e-7 * scale,
        payload_offset_m=(0.3, 0.1, 0.0),
        n_shots=4,
        n_spot=1,
    )


@settings(max_examples=12, deadline=None)
@given(SPEED, ACCELERATION, FREQUENCY, SCALE)
def test_covariances_are_covariances(
    speed: float, acceleration: float, frequency: float, scale: float
) -> None:
    result = spread(speed, acceleration, frequency, scale)
    unit = spread(speed, acceleration, frequency, 1.0)
    for part in (result.common_covariance, result.shot_covariance):
        assert np.allclose(part, part.T, rtol=1e-9, atol=0.0)
        root = np.sqrt(np.maximum(np.diagonal(part), 1e-300))
        assert np.linalg.eigvalsh(part / np.outer(root, root)).min() > -1e-9
    total = result.common_covariance + result.shot_covariance
    assert np.allclose(result.release_covariance, total, rtol=1e-12)
    assert np.allclose(total, scale**2 * unit.release_covariance, rtol=1e-6, atol=1e-30)
    assert result.min_clearance_m < 0.05


@settings(max_examples=12, deadline=None)
@given(SPEED, ACCELERATION, st.floats(-0.02, 0.02), st.floats(2.0, 50.0))
def test_a_loop_leaves_less_than_no_loop(
    speed: float, acceleration: float, error: float, control_length: float
) -> None:
    line = SimpleNamespace(
        muzzle_speed_m_s=speed,
        acceleration_m_s2=acceleration,
        length_m=speed**2 / (2.0 * acceleration),
        coil_pitch_m=0.1,
        n_window=1.0,
    )
    loop = SpeedLoop(control_length_m=control_length, gate_spacing_m=0.5)
    open_loop = simulate_drive(line, thrust_scale_frac=error).speed_error_m_s
    closed = simulate_drive(line, thrust_scale_frac=error, loop=loop).speed_error_m_s
    assert abs(closed) <= abs(open_loop) * (1.0 + 1e-9) + 1e-7
