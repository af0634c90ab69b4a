"""Alignment spectra against brute force, waves of the track against integration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from moonbase.core.errors import DomainError
from moonbase.driver.guideway import (
    alignment_spectrum,
    chord_rms,
    realise_alignment,
    slope_filter,
    wave_response,
)
from moonbase.driver.ride import wave_passage

TRACK = alignment_spectrum(
    rms_m=1e-4, chord_m=10.0, shortest_wavelength_m=2.0, longest_wavelength_m=30.0
)
PASSAGE: dict[str, Any] = {
    "amplitude_m": 1e-3,
    "wavelength_m": 30.0,
    "muzzle_speed_m_s": 2500.0,
    "acceleration_m_s2": 980.665,
    "suspension_Hz": 10.0,
}


def test_a_realisation_has_the_spectrum() -> None:
    profile = realise_alignment(spectrum=TRACK, length_m=40_000.0, seed=3)
    step = profile.position_m[1]
    half = round(5.0 / step)
    offset = profile.offset_m
    versine = offset[half:-half] - 0.5 * (offset[2 * half :] + offset[: -2 * half])
    assert offset.std() == pytest.approx(chord_rms(spectrum=TRACK), rel=0.03)
    assert versine.std() == pytest.approx(1e-4, rel=0.03)
    power = np.abs(np.fft.rfft(offset * np.hanning(offset.size))) ** 2
    kappa = 2.0 * np.pi * np.fft.rfftfreq(offset.size, step)
    outside = (kappa < 0.9 * 2.0 * np.pi / 30.0) | (kappa > 1.1 * 2.0 * np.pi / 2.0)
    assert power[outside].sum() < 1e-4 * power.sum()


def test_a_seed_is_a_track() -> None:
    first, same, other = (
        realise_alignment(spectrum=TRACK, length_m=50.0, seed=seed).offset_m for seed in (1, 1, 2)
    )
    assert np.array_equal(first, same)
    assert not np.allclose(first, other)
    assert realise_alignment(spectrum=TRACK, length_m=50.0, seed=1, n_nodes=11).offset_m.size == 11


def test_slopes_of_the_spectrum() -> None:
    spectrum = alignment_spectrum(
        rms_m=1e-3,
        shortest_wavelength_m=0.01,
        longest_wavelength_m=1e5,
        break_wavelength_m=1e3,
        cut_wavelength_m=1.0,
    )
    for low, exponent in ((1e-4, 0.0), (0.3, -2.0), (200.0, -4.0)):
        pair = spectrum.density(np.asarray([low, 1.5 * low]))
        assert math.log(pair[1] / pair[0]) / math.log(1.5) == pytest.approx(exponent, abs=0.05)
    assert spectrum.density(np.asarray([1e-6, 1e4])).tolist() == [0.0, 0.0]


def test_slope_of_a_length_is_that_of_a_fitted_line() -> None:
    x = (np.arange(20_000) + 0.5) * 1.5e-4 - 1.5
    for kappa in (1e-4, 0.3, 2.0, 7.0):
        fitted = np.polyfit(x, np.sin(kappa * x), 1)[0]
        assert slope_filter(np.asarray(kappa), 3.0) == pytest.approx(fitted, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(("track", "space"), [(0.0, 0.1), (0.1, 0.0), (0.03, 0.04), (0.0, 0.0)])
def test_passage_against_integration(track: float, space: float) -> None:
    omega, kappa = 20.0 * np.pi, 2.0 * np.pi / 30.0
    parts = []
    for phase in (0.0, -0.5 * np.pi):

        def motion(t: float, state: Any, phase: float = phase) -> list[float]:
            angle = kappa * 490.3325 * t * t + phase
            offset = 1e-3 * np.cos(angle)
            rate = -1e-3 * kappa * 980.665 * t * np.sin(angle)
            pull = omega**2 * (offset - state[0]) + 2.0 * track * omega * (rate - state[1])
            return [state[1], pull - 2.0 * space * omega * state[1]]

        start = [1e-3 * np.cos(phase), 0.0]
        end = 2500.0 / 980.665
        run = solve_ivp(motion, (0.0, end), start, rtol=1e-8, atol=1e-12, max_step=1e-3)
        parts.append(run.y[:, -1])
    offset, speed = np.hypot(*parts)
    passage = wave_passage(**PASSAGE, damping_ratio=track, inertial_damping_ratio=space)
    assert passage.transverse_speed_m_s == pytest.approx(speed, rel=3e-3)
    assert passage.offset_m == pytest.approx(offset, rel=5e-3)
    assert passage.direction_rad == passage.transverse_speed_m_s / 2500.0


def test_what_the_soft_limit_leaves_out() -> None:
    soft = wave_response(
        amplitude_m=1e-3, wavelength_m=30.0, speed_m_s=2500.0, suspension_Hz=10.0
    ).transverse_speed_m_s
    ringing = wave_passage(**PASSAGE).transverse_speed_m_s
    assert ringing > 30.0 * soft
    passed_on = wave_passage(**PASSAGE, damping_ratio=0.2).transverse_speed_m_s
    omega, met = 20.0 * np.pi, 2.0 * np.pi * 2500.0 / 30.0
    damped = 0.4j * omega * met
    steady = 1e-3 * met * abs((omega**2 + damped) / (omega**2 - met**2 + damped))
    assert passed_on == pytest.approx(steady, rel=0.01)
    assert passed_on > 3.0 * soft
    long_sled = wave_passage(**PASSAGE, inertial_damping_ratio=0.1, sled_length_m=30.0)
    assert long_sled.transverse_speed_m_s < 1e-6 * soft


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"rms_m": -1.0}, "rms_m"),
        ({"longest_wavelength_m": 1.0}, "longest_wavelength_m"),
        ({"longest_wavelength_m": math.inf}, "longest_wavelength_m"),
        ({"chord_m": 0.0}, "chord_m"),
        ({"break_wavelength_m": 0.0}, "break_wavelength_m"),
    ],
)
def test_bad_spectra_are_refused(change: dict[str, float], path: str) -> None:
    inputs = {"rms_m": 1e-4, "shortest_wavelength_m": 2.0, "longest_wavelength_m": 30.0, **change}
    with pytest.raises(DomainError) as caught:
        alignment_spectrum(**inputs)
    assert caught.value.path == path


def test_bad_waves_are_refused() -> None:
    with pytest.raises(DomainError, match=r"below 83\.3 Hz"):
        wave_response(amplitude_m=1e-3, wavelength_m=30.0, speed_m_s=2500.0, suspension_Hz=90.0)
    with pytest.raises(DomainError, match="less than 1"):
        wave_passage(**PASSAGE, damping_ratio=0.6, inertial_damping_ratio=0.5)
    with pytest.raises(DomainError):
        wave_passage(**{**PASSAGE, "wavelength_m": 0.0})
    with pytest.raises(DomainError):
        realise_alignment(spectrum=TRACK, length_m=0.0, seed=1)
