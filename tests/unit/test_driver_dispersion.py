"""Dispersion: the speed loop, each source alone, and the linear answer against Monte Carlo."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError, NumericalError
from moonbase.driver.dispersion import Dispersion, dispersion
from moonbase.driver.gates import (
    SpeedLoop,
    TrimSection,
    drive_sensitivity,
    lay_drive,
    simulate_drive,
)
from moonbase.driver.guideway import Guideway, SineWave, alignment_spectrum
from moonbase.driver.ride import Suspension

BASE = {
    "muzzle_speed_m_s": 2500.0,
    "acceleration_m_s2": 980.665,
    "length_m": 2500.0**2 / 2.0 / 980.665,
    "payload_kg": 1000.0,
    "sled_kg": 500.0,
    "coil_pitch_m": 0.5,
    "n_window": 1.0,
    "bucket_length_m": 3.0,
    "bucket_radius_m": 0.8,
    "pole_pitch_m": 1.0,
}
LINE = SimpleNamespace(**BASE)
SHORT = SimpleNamespace(**{**BASE, "muzzle_speed_m_s": 500.0, "length_m": 127.465, "n_window": 6})
CARRIED: dict[str, Any] = {
    "sway_Hz": 8.0,
    "heave_Hz": 8.0,
    "roll_Hz": 10.0,
    "pitch_Hz": 10.0,
    "yaw_Hz": 10.0,
    "clearance_m": 0.03,
    "damping_ratio": 0.05,
    "inertial_damping_ratio": 0.3,
}
SUSPENSION = Suspension(**CARRIED)
LOOP = SpeedLoop(control_length_m=10.0, gate_spacing_m=2.0, gate_timing_s=1e-8, delay_s=1e-3)
TRIM = TrimSection(
    length_m=20.0,
    acceleration_m_s2=9.81,
    gate_spacing_m=20.0,
    gate_timing_s=1e-8,
    gate_survey_m=1e-5,
    scale_frac=0.05,
)
ROUGH = alignment_spectrum(
    rms_m=1e-4, chord_m=10.0, shortest_wavelength_m=2.0, longest_wavelength_m=30.0
)
LONG = alignment_spectrum(rms_m=5e-4, shortest_wavelength_m=30.0, longest_wavelength_m=300.0)
TRACK = Guideway(
    vertical=ROUGH, lateral=ROUGH, survey_vertical=LONG, survey_lateral=LONG, cross_level=ROUGH
)
EVERY: dict[str, Any] = {
    "loop": LOOP,
    "trim": TRIM,
    "guideway": TRACK,
    "thrust_scale_frac": 1e-3,
    "thrust_scale_shot_frac": 1e-3,
    "bucket_current_frac": 1e-3,
    "payload_mass_frac": 1e-3,
    "coil_gain_frac": 5e-3,
    "coil_noise_frac": 0.01,
    "coil_timing_s": 5e-6,
    "thrust_angle_rad": 0.2,
    "start_timing_s": 1e-5,
    "thrust_misalignment_rad": 1e-4,
    "coil_misalignment_rad": 1e-3,
    "mass_centre_offset_m": 5e-4,
    "alignment_shot_frac": 0.2,
    "release_impulse_m_s": 1e-3,
    "release_timing_s": 1e-6,
    "survey_position_m": 2e-4,
    "survey_direction_rad": 3e-6,
    "payload_offset_m": (0.5, 0.1, 0.2),
}


def spread(design: Any = SHORT, **inputs: Any) -> Dispersion:
    return dispersion(design, **{"suspension": SUSPENSION, "n_spot": 1, **inputs})


def sigma(result: Dispersion) -> np.ndarray:
    return np.sqrt(np.diagonal(result.release_covariance))


@pytest.mark.parametrize("loop", [None, LOOP])
@pytest.mark.parametrize("n_window", [1, 12])
def test_backward_pass_is_the_finite_difference(loop: SpeedLoop | None, n_window: int) -> None:
    line = SimpleNamespace(**{**vars(SHORT), "n_window": n_window})
    drive = lay_drive(line, loop)
    by = drive_sensitivity(drive)
    for coil in (0, 7, 100, drive.n_coils - 1):
        errors = np.zeros(drive.n_coils)
        errors[coil] = 1e-5
        run = simulate_drive(line, coil_error_frac=errors, loop=loop)
        got = np.asarray([run.speed_error_m_s, run.time_error_s]) / 1e-5
        assert got == pytest.approx(by.coil[:, coil], rel=2e-4, abs=2e-7)
    for gate in (1, 40) if loop else ():
        late = np.zeros(drive.n_coils + 1)
        late[gate] = 1e-9
        run = simulate_drive(line, gate_error_s=late, loop=loop)
        assert run.time_error_s / 1e-9 == pytest.approx(by.gate[1, gate], rel=0.01, abs=1e-3)


def test_open_loop_is_exact_in_the_thrust_scale() -> None:
    run = simulate_drive(LINE, thrust_scale_frac=0.02)
    assert run.speed_error_m_s == pytest.approx(2500.0 * (1.02**0.5 - 1.0), rel=1e-9)
    assert run.time_s == pytest.approx(2500.0 / 980.665 / 1.02**0.5, rel=1e-9)


def test_a_closed_loop_leaves_white_noise_of_half_its_length() -> None:
    loop = SpeedLoop(control_length_m=50.0, gate_spacing_m=0.5)
    noisy = spread(LINE, loop=loop, coil_noise_frac=0.01)
    expected = 0.01 * 980.665 * 0.5 * np.sqrt(50.0 / 0.5 / 2.0) / 2500.0
    assert noisy.sigma_speed_m_s == pytest.approx(expected, rel=0.02)


def test_the_loop_runs_out_of_thrust() -> None:
    weak = SpeedLoop(control_length_m=10.0, gate_spacing_m=0.5, margin_frac=0.01)
    run = simulate_drive(LINE, thrust_scale_frac=-0.05, loop=weak)
    assert run.saturated_frac > 0.9
    assert run.speed_error_m_s == pytest.approx(2500.0 * ((0.95 * 1.01) ** 0.5 - 1.0), rel=0.01)


def test_a_late_loop_is_refused_and_would_oscillate() -> None:
    with pytest.raises(DomainError, match="oscillates") as caught:
        simulate_drive(LINE, loop=SpeedLoop(control_length_m=3.0, gate_spacing_m=5.0))
    assert caught.value.path == "loop.control_length_m"


def test_payload_mass_counts_by_its_share() -> None:
    heavy = spread(payload_mass_frac=1e-3)
    assert heavy.sigma_speed_m_s == pytest.approx(500.0 * 1e-3 / 2.0 * 1000.0 / 1500.0)
    assert list(heavy.variance_share_frac) == ["payload mass"]


def test_timing_acts_through_the_load_angle() -> None:
    peak = spread(coil_timing_s=1e-5)
    pulled = spread(coil_timing_s=1e-5, thrust_angle_rad=0.5)
    angle = np.pi * 500.0 * 1e-5
    slope = np.tan(0.5) * angle * 980.665 * 0.5 / 500.0
    at_full_speed = slope * np.sqrt(255 / 2.0)
    assert pulled.sigma_speed_m_s == pytest.approx(at_full_speed, rel=0.02)
    assert peak.sigma_speed_m_s < 0.05 * pulled.sigma_speed_m_s


def test_latch_survey_and_kick() -> None:
    late = spread(release_timing_s=1e-6)
    assert late.release_covariance[0, 6] == pytest.approx(500.0 * 1e-12)
    assert sigma(spread(survey_position_m=1e-3))[:3] == pytest.approx([1e-3] * 3)
    aimed = spread(survey_direction_rad=1e-6)
    assert (aimed.sigma_azimuth_rad, aimed.sigma_elevation_rad) == pytest.approx((1e-6, 1e-6))
    assert np.array_equal(aimed.common_covariance, aimed.release_covariance)
    assert sigma(spread(release_impulse_m_s=1e-3))[3:6] == pytest.approx([1e-3] * 3)


def test_a_mass_centre_off_the_axis_dips_the_nose() -> None:
    soft = Suspension(**{**CARRIED, "damping_ratio": 0.0})
    off = spread(LINE, suspension=soft, mass_centre_offset_m=1e-3, payload_offset_m=(1.0, 0, 0))
    turning = 0.8**2 / 4.0 + 3.0**2 / 12.0
    pitch = 1e-3 * 980.665 / turning / (20.0 * np.pi) ** 2
    assert sigma(off)[2] == pytest.approx(1e-3 + pitch, rel=0.01)
    assert sigma(off)[5] < 0.1 * pitch * 20.0 * np.pi


def test_the_mean_is_the_sag_under_hold_down() -> None:
    flat = spread(LINE)
    growth = 2.0 * 2500.0 * 980.665 / 1_737_400.0
    outward = 2500.0**2 / 1_737_400.0 - 1.6242 - growth * 2.0 * 0.35 / (16.0 * np.pi)
    assert flat.release_mean[2] == pytest.approx(outward / (16.0 * np.pi) ** 2, rel=2e-3)
    assert np.all(flat.release_covariance == 0.0)
    straight = spread(LINE, track_radius_m=np.inf)
    assert straight.release_mean[2] == pytest.approx(-1.6242 / (16.0 * np.pi) ** 2, rel=1e-3)
    assert abs(straight.release_mean[5]) < 1e-6


def test_a_shot_without_chance_is_the_mean() -> None:
    waves = (
        SineWave(amplitude_m=2e-4, wavelength_m=12.0, phase_rad=0.7),
        SineWave(amplitude_m=3e-4, wavelength_m=25.0, phase_rad=-1.0, vertical=False),
    )
    trim = TrimSection(length_m=20.0, acceleration_m_s2=9.81, gate_spacing_m=20.0)
    inputs = {"guideway": Guideway(waves=waves), "payload_offset_m": (0.7, 0.2, 0.1), "trim": trim}
    linear = spread(**inputs)
    full = spread(**inputs, n_shots=3, n_installations=2, method="monte_carlo")
    assert full.samples[0] == pytest.approx(linear.release_mean, rel=0.01, abs=2e-7)


def test_linear_and_monte_carlo_agree_for_small_errors() -> None:
    n = 600
    linear = spread(**EVERY, n_shots=n, seed=5)
    full = spread(**EVERY, n_shots=n, seed=5, method="monte_carlo")
    noise = 4.0 / np.sqrt(2.0 * n)
    assert sigma(full) == pytest.approx(sigma(linear), rel=1.5 * noise)
    within = np.sqrt(np.diagonal(full.shot_covariance) / np.diagonal(linear.shot_covariance))
    assert within == pytest.approx(np.ones(7), rel=2.0 * noise)
    scale = np.outer(sigma(linear), sigma(linear))
    difference = (full.release_covariance - linear.release_covariance) / scale
    assert np.abs(difference).max() < 2.5 * noise
    assert full.samples.mean(axis=0) == pytest.approx(
        linear.release_mean, abs=5.0 * sigma(linear).max() / np.sqrt(n)
    )
    assert full.min_clearance_m < linear.min_clearance_m < 0.03


def test_linear_and_monte_carlo_part_at_the_stops() -> None:
    stiff = Suspension(**{**CARRIED, "clearance_m": 2e-3}, stiffening_ratio=2.0, stop_ratio=30.0)
    wavy = alignment_spectrum(rms_m=3e-3, shortest_wavelength_m=10.0, longest_wavelength_m=40.0)
    inputs = {"suspension": stiff, "guideway": Guideway(vertical=wavy), "n_shots": 40}
    linear = spread(**inputs)
    full = spread(**inputs, method="monte_carlo")
    assert full.contact_frac > 0.9
    assert full.min_clearance_m < 0.0
    assert sigma(full)[5] > 1.5 * sigma(linear)[5]


def test_samples_have_the_covariance() -> None:
    result = spread(**EVERY, n_shots=20_000)
    scale = np.outer(sigma(result), sigma(result))
    assert np.cov(result.samples.T) / scale == pytest.approx(
        result.release_covariance / scale, abs=0.04
    )
    velocity = result.samples[:, 3:6] - result.release_mean[3:6]
    share = np.mean(np.linalg.norm(velocity, axis=1) <= result.trim_delta_v_m_s[1])
    assert share == pytest.approx(0.95, abs=1e-3)


def test_one_driver_repeats_its_common_errors() -> None:
    exact = replace(TRIM, scale_frac=0.0)
    result = spread(**{**EVERY, "trim": exact}, n_shots=4000, n_installations=1)
    assert np.std(result.samples, axis=0) == pytest.approx(
        np.sqrt(np.diagonal(result.shot_covariance)), rel=0.06
    )
    assert set(result.installation) == {0}


def test_a_trim_section_that_saturates() -> None:
    weak = TrimSection(length_m=20.0, acceleration_m_s2=9.81, gate_spacing_m=20.0)
    inputs = {"trim": weak, "thrust_scale_shot_frac": 2e-3, "n_shots": 20_000}
    result = spread(**inputs)
    authority = 9.81 * 20.0 / 500.0
    error = 0.5 * np.random.default_rng(1).standard_normal(400_000)
    left = error - np.clip(error, -authority, authority)
    assert result.sigma_speed_m_s == pytest.approx(left.std(), rel=0.01)
    assert result.trim_saturated_frac == pytest.approx(np.mean(np.abs(error) > authority), abs=0.01)
    assert result.samples[:, 3].std() == pytest.approx(left.std(), rel=0.03)
    assert "trim saturation" in result.variance_share_frac


def test_shares_sum_to_one_where_there_is_variance() -> None:
    result = spread(**EVERY)
    assert sum(result.variance_share_frac.values()) == pytest.approx(np.ones(7))


def test_a_shot_that_stalls_ends_no_batch() -> None:
    wild = spread(thrust_scale_shot_frac=1.0, n_shots=60, method="monte_carlo")
    assert 2 <= wild.n_failed < 30
    assert np.isnan(wild.samples).any(axis=1).sum() == wild.n_failed
    assert np.isfinite(wild.release_covariance).all()
    assert np.isfinite(wild.trim_delta_v_m_s).all()
    with pytest.raises(NumericalError, match="left the muzzle"):
        spread(coil_failure_frac=1.0 - 1e-9, n_shots=4, method="monte_carlo")


def test_a_seed_is_an_answer() -> None:
    one, same, other = (spread(**EVERY, n_shots=6, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.samples, same.samples)
    assert not np.array_equal(one.samples, other.samples)
    few = spread(**EVERY, n_shots=6, n_installations=3, method="monte_carlo")
    more = spread(**EVERY, n_shots=9, n_installations=3, method="monte_carlo")
    assert np.array_equal(few.samples, more.samples[:6])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"coil_noise_frac": -0.1}, "coil_noise_frac"),
        ({"coil_timing_s": np.nan}, "coil_timing_s"),
        ({"alignment_shot_frac": 1.5}, "alignment_shot_frac"),
        ({"thrust_angle_rad": 2.0}, "thrust_angle_rad"),
        ({"n_shots": 0}, "n_shots"),
        ({"n_shots": 4, "n_installations": 5}, "n_installations"),
        ({"n_installations": 1, "method": "monte_carlo"}, "n_installations"),
        ({"method": "guess"}, "method"),
        ({"suspension": Suspension(**{**CARRIED, "roll_Hz": 0.0})}, "suspension"),
        ({"suspension": Suspension(**{**CARRIED, "clearance_m": 0.0})}, "suspension.clearance_m"),
        ({"suspension": Suspension(**{**CARRIED, "damping_ratio": 0.9})}, "damping_ratio"),
        ({"trim": TrimSection(length_m=0, acceleration_m_s2=1, gate_spacing_m=1)}, "trim"),
        ({"loop": SpeedLoop(control_length_m=0.0, gate_spacing_m=1.0)}, "loop"),
        ({"loop": SpeedLoop(control_length_m=9.0, gate_spacing_m=1.0, delay_s=-1.0)}, "loop"),
    ],
)
def test_bad_input_is_named(change: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as caught:
        spread(**change)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"length_m": 100.0}, "design"),
        ({"payload_kg": np.asarray([1.0, 2.0])}, "design.payload_kg"),
        ({"bucket_radius_m": 0.0}, "design.bucket_radius_m"),
    ],
)
def test_a_bad_design_is_named(change: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as caught:
        spread(SimpleNamespace(**{**vars(SHORT), **change}))
    assert caught.value.path == path
