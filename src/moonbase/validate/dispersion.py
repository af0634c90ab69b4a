"""Adapters of the cases on muzzle dispersion: track waves, speed errors, the whole release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.driver.dispersion import dispersion
from moonbase.driver.gates import SpeedLoop, TrimSection, simulate_drive
from moonbase.driver.guideway import (
    AlignmentSpectrum,
    Guideway,
    alignment_spectrum,
    chord_rms,
    wave_response,
)
from moonbase.driver.ride import Suspension, wave_passage
from moonbase.driver.speed_errors import (
    coil_noise_speed_error,
    dead_coil_speed_error,
    gate_speed_error,
    thrust_scale_speed_error,
    trim_authority,
    uncontrolled_speed_error,
)

Answer = dict[str, Real]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One driver of constant acceleration with the rest of a case's neutral values."""

    muzzle_speed_m_s: float
    acceleration_m_s2: float
    length_m: float
    coil_pitch_m: float
    n_window: float = 1.0
    payload_kg: float = 1000.0
    sled_kg: float = 500.0
    bucket_length_m: float = 3.0
    bucket_radius_m: float = 0.8
    pole_pitch_m: float = 1.0


def track_waves(
    *,
    amplitude_m: list[float],
    wavelength_m: list[float],
    speed_m_s: float,
    suspension_Hz: float,
) -> Answer:
    """Isolated sled at steady speed: transverse speed, direction and the track's own shaking."""
    waves = [
        wave_response(
            amplitude_m=amplitude,
            wavelength_m=wavelength,
            speed_m_s=speed_m_s,
            suspension_Hz=suspension_Hz,
        )
        for amplitude, wavelength in zip(amplitude_m, wavelength_m, strict=True)
    ]
    return {
        "transverse_speed_m_s": _column(waves, "transverse_speed_m_s"),
        "direction_rad": _column(waves, "direction_rad"),
        "gap_change_m": _column(waves, "gap_change_m"),
        "track_acceleration_g": _column(waves, "track_acceleration_m_s2") / STANDARD_GRAVITY_m_s2,
    }


def track_passage(
    *, amplitude_m: list[float], wavelength_m: list[float], **inputs: float
) -> Answer:
    """Sled that accelerates from rest over waves: transverse speed at release."""
    waves = [
        wave_passage(amplitude_m=amplitude, wavelength_m=wavelength, **inputs)
        for amplitude, wavelength in zip(amplitude_m, wavelength_m, strict=True)
    ]
    return {"transverse_speed_m_s": _column(waves, "transverse_speed_m_s")}


def speed_budget(
    *,
    muzzle_speed_m_s: float,
    acceleration_g: float,
    coil_pitch_m: float,
    thrust_scale_frac: float,
    coil_noise_frac: float,
    uncontrolled_length_m: float,
    uncontrolled_frac: float,
    gate_spacing_m: float,
    gate_timing_s: float,
    n_sharing: list[float],
    trim_length_m: list[float],
    trim_acceleration_g: float,
) -> Answer:
    """Closed forms of the muzzle speed's errors."""
    push = acceleration_g * STANDARD_GRAVITY_m_s2
    common = {"muzzle_speed_m_s": muzzle_speed_m_s, "acceleration_m_s2": push}
    n_coils = muzzle_speed_m_s**2 / (2.0 * push) / coil_pitch_m
    gates = gate_speed_error(
        muzzle_speed_m_s=muzzle_speed_m_s,
        gate_spacing_m=gate_spacing_m,
        gate_timing_s=gate_timing_s,
    )
    noise = coil_noise_speed_error(
        **common, coil_pitch_m=coil_pitch_m, n_coils=n_coils, coil_noise_frac=coil_noise_frac
    )
    strong = STANDARD_GRAVITY_m_s2 * trim_acceleration_g
    return {
        "thrust_scale_m_s": thrust_scale_speed_error(
            muzzle_speed_m_s=muzzle_speed_m_s, thrust_scale_frac=thrust_scale_frac
        ),
        "coil_noise_m_s": noise,
        "uncontrolled_m_s": uncontrolled_speed_error(
            **common,
            uncontrolled_length_m=uncontrolled_length_m,
            thrust_scale_frac=uncontrolled_frac,
        ),
        "gates_m_s": gates,
        "gates_frac": gates / muzzle_speed_m_s,
        "dead_coil_m_s": dead_coil_speed_error(
            **common, coil_pitch_m=coil_pitch_m, n_sharing=np.asarray(n_sharing)
        ),
        "trim_m_s": trim_authority(
            muzzle_speed_m_s=muzzle_speed_m_s,
            trim_acceleration_m_s2=strong,
            trim_length_m=np.asarray(trim_length_m),
        ),
        "trim_for_three_sigma_m": 3.0 * noise * muzzle_speed_m_s / strong,
    }


def simulated_speed_error(
    *, dead_coil: int | None = None, control_length_m: float | None = None, **inputs: Any
) -> Answer:
    """One launch coil by coil with a thrust error or a dead coil, counted from the muzzle."""
    line = _line(inputs)
    loop = None
    if control_length_m is not None:
        loop = SpeedLoop(control_length_m=control_length_m, gate_spacing_m=line.coil_pitch_m)
    n_coils = round(line.length_m / line.coil_pitch_m)
    errors = np.zeros(n_coils)
    if dead_coil is not None:
        errors[n_coils - 1 - dead_coil] = -1.0
    run = simulate_drive(
        line,
        coil_error_frac=errors,
        thrust_scale_frac=inputs.get("thrust_scale_frac", 0.0),
        loop=loop,
    )
    return {"speed_error_m_s": abs(run.speed_error_m_s)}


def release_speed(*, trim: dict[str, float] | None = None, **inputs: Any) -> Answer:
    """Spread of the release speed by the linear method with one source of error."""
    noise = {key: inputs[key] for key in ("thrust_scale_frac", "coil_noise_frac") if key in inputs}
    spread = dispersion(
        _line(inputs),
        suspension=_suspension(2.0),
        trim=TrimSection(**trim) if trim else None,
        n_shots=2,
        n_spot=1,
        **noise,
    )
    return {"sigma_speed_m_s": spread.sigma_speed_m_s}


def straight_edge(
    *, rms_m: float, chord_m: float, wavelength_m: float, other_chord_m: list[float]
) -> Answer:
    """Nearly a single wave, scaled by one straight edge and measured with others."""
    narrow = alignment_spectrum(
        rms_m=rms_m,
        chord_m=chord_m,
        shortest_wavelength_m=wavelength_m * (1.0 - 1e-6),
        longest_wavelength_m=wavelength_m * (1.0 + 1e-6),
    )
    return {
        "rms_m": np.asarray([chord_rms(spectrum=narrow, chord_m=item) for item in other_chord_m])
    }


def rail_spectrum(*, kappa_rad_m: list[float], **inputs: float) -> Answer:
    """Density of a two-slope spectrum."""
    spectrum = AlignmentSpectrum(**inputs)
    return {"density_m3": spectrum.density(np.asarray(kappa_rad_m))}


def release_direction(
    *, suspension_Hz: float, wavelength_m: float, rms_m: float, **inputs: Any
) -> Answer:
    """Spread of the release direction over a track that is nearly a single wave."""
    narrow = alignment_spectrum(
        rms_m=rms_m,
        shortest_wavelength_m=0.98 * wavelength_m,
        longest_wavelength_m=1.02 * wavelength_m,
    )
    spread = dispersion(
        _line(inputs),
        suspension=_suspension(suspension_Hz),
        guideway=Guideway(vertical=narrow, lateral=narrow),
        n_shots=2,
        n_spot=1,
    )
    return {
        "sigma_azimuth_rad": spread.sigma_azimuth_rad,
        "sigma_elevation_rad": spread.sigma_elevation_rad,
    }


def _line(inputs: dict[str, Any]) -> _Line:
    push = inputs["acceleration_g"] * STANDARD_GRAVITY_m_s2
    speed = inputs["muzzle_speed_m_s"]
    extra = {key: inputs[key] for key in ("bucket_length_m", "n_window") if key in inputs}
    return _Line(
        muzzle_speed_m_s=speed,
        acceleration_m_s2=push,
        length_m=speed**2 / (2.0 * push),
        coil_pitch_m=inputs["coil_pitch_m"],
        **extra,
    )


def _suspension(frequency_Hz: float) -> Suspension:
    return Suspension(
        sway_Hz=frequency_Hz,
        heave_Hz=frequency_Hz,
        roll_Hz=frequency_Hz,
        pitch_Hz=frequency_Hz,
        yaw_Hz=frequency_Hz,
        clearance_m=0.05,
        inertial_damping_ratio=0.2,
    )


def _column(items: list[Any], name: str) -> Array:
    return np.asarray([getattr(item, name) for item in items])
