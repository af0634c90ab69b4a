"""Shots integrated one by one, with their nonlinear terms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.driver._release import (
    HEAVE,
    ROLL,
    SWAY,
    Case,
    WEIGHT_m_s2,
    alignments,
    axis_filters,
    coil_angle,
    cosine_mean,
)
from moonbase.driver.gates import _window_mean, run_drive
from moonbase.driver.guideway import Waves
from moonbase.driver.ride import ride, ride_limit

_N_ROWS = 9
_INSTALLATION = 1
_SHOT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shots:
    """Release states (shot, 7), least clearance (shot) and whether the trim saturated (shot).

    A shot that stalls on the track has nan.
    """

    states: Array
    clearance_m: Array
    saturated: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One spectrum on the grid: its band, the rms of its waves, the rows that they move."""

    band: slice
    rms: Array
    rows: dict[int, Waves]

    def draw(self, rng: np.random.Generator) -> Waves:
        """Complex amplitudes of one track, m (wave)."""
        normal = rng.standard_normal((2, self.rms.size))
        waves: Waves = self.rms * (normal[0] - 1j * normal[1])
        return waves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """The guideway as the shots need it: spectra by name, and what is given (row, node)."""

    fields: dict[str, _Field]
    fixed: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Installation:
    """What one driver draws once."""

    thrust_scale: float
    coil_gain: Array
    coil_tilt: Array
    thrust_tilt: Array
    survey: Array
    gate_survey_m_s: float
    tracks: dict[str, Waves]


def simulate_shots(case: Case, *, n_shots: int, n_installations: int, seed: int) -> _Shots:
    """Fire shots; shot i belongs to installation i modulo the number of installations."""
    states = np.empty((n_shots, 7))
    clearance = np.empty(n_shots)
    saturated = np.zeros(n_shots, dtype=bool)
    course = _course(case)
    for group in range(n_installations):
        rng = np.random.default_rng([seed, _INSTALLATION, group])
        built = _install(case, course, rng)
        for shot in range(group, n_shots, n_installations):
            rng = np.random.default_rng([seed, _SHOT, shot])
            states[shot], clearance[shot], saturated[shot] = _fire(case, built, course, rng)
    return _Shots(states=states, clearance_m=clearance, saturated=saturated)


def _install(case: Case, course: _Course, rng: np.random.Generator) -> _Installation:
    errors = case.errors
    n_coils = case.drive.n_coils
    return _Installation(
        thrust_scale=errors.thrust_scale_frac * rng.standard_normal(),
        coil_gain=errors.coil_gain_frac * rng.standard_normal(n_coils),
        coil_tilt=errors.coil_misalignment_rad * rng.standard_normal((2, n_coils)),
        thrust_tilt=errors.thrust_misalignment_rad * rng.standard_normal((2, 1)),
        survey=np.concatenate(
            [
                errors.survey_position_m * rng.standard_normal(3),
                [0.0],
                errors.survey_direction_rad * case.drive.speed_m_s * rng.standard_normal(2),
                [0.0],
            ]
        ),
        gate_survey_m_s=case.trim.survey_m_s * rng.standard_normal(),
        tracks={name: field.draw(rng) for name, field in course.fields.items()},
    )


def _fire(
    case: Case, built: _Installation, course: _Course, rng: np.random.Generator
) -> tuple[Array, float, bool]:
    errors, drive = case.errors, case.drive
    speeds, time = _push(case, built, rng)
    if not speeds[1:].min() > 0.0:
        return np.full(7, np.nan), math.nan, False
    out, spent, saturated = _trim_speed(case, built, float(speeds[-1]), rng)
    centre = errors.mass_centre_offset_m * rng.standard_normal(3)
    body, clearance = _carry(case, built, _lay(case, built, course, rng), speeds, out, centre)
    impulse = errors.release_impulse_m_s * rng.standard_normal(3)
    late = errors.release_timing_s * rng.standard_normal()
    nominal = float(drive.node_time_s[-1]) + (case.position_m[-1] - case.drive_length_m) / (
        drive.speed_m_s
    )
    state = built.survey.copy()
    state[:3] += centre + case.lever_m @ body[:5]
    state[3:6] += case.lever_m @ body[5:] + impulse
    state[0] += out * late
    state[3] += out - drive.speed_m_s
    start = errors.start_timing_s * rng.standard_normal()
    state[6] += time + spent - nominal + late + start
    return state, clearance, saturated


def _push(case: Case, built: _Installation, rng: np.random.Generator) -> tuple[Array, float]:
    """Speeds at the coils and time of the driven part."""
    errors, drive = case.errors, case.drive
    n_coils = drive.n_coils
    angle = coil_angle(case)
    load = errors.thrust_angle_rad
    turned = np.cos(load + angle * rng.standard_normal(n_coils)) / math.cos(load)
    alive = rng.random(n_coils) >= errors.coil_failure_frac
    coil = (
        (1.0 + built.coil_gain)
        * (1.0 + errors.coil_noise_frac * rng.standard_normal(n_coils))
        * turned
        / cosine_mean(angle)
        * alive
        / (1.0 - errors.coil_failure_frac)
    )
    whole = (
        (1.0 + built.thrust_scale)
        * (1.0 + errors.thrust_scale_shot_frac * rng.standard_normal())
        * (1.0 + errors.bucket_current_frac * rng.standard_normal())
        / (1.0 - case.payload_ratio * errors.payload_mass_frac * rng.standard_normal())
    )
    gates = drive.gate_timing_s * rng.standard_normal(n_coils + 1)
    speeds, time, _ = run_drive(drive, _window_mean(drive, coil) * whole, gates)
    return speeds, time


def _trim_speed(
    case: Case, built: _Installation, speed: float, rng: np.random.Generator
) -> tuple[float, float, bool]:
    """Speed behind the trim section, time from the drive's end, and whether it saturated."""
    trim, nominal = case.trim, case.drive.speed_m_s
    noise = trim.timing_m_s * rng.standard_normal() + built.gate_survey_m_s
    scale = 1.0 + trim.scale_frac * rng.standard_normal()
    seen = speed - nominal + noise
    given = -math.copysign(min(abs(seen), trim.authority_m_s), seen)
    out = math.sqrt(max(speed**2 + 2.0 * nominal * given * scale, 0.0))
    spent = trim.coast_m / speed + 2.0 * trim.length_m / (speed + out)
    return out, spent, abs(seen) > trim.authority_m_s > 0.0


def _carry(
    case: Case,
    built: _Installation,
    track: Array,
    coil_speeds: Array,
    out: float,
    centre: Array,
) -> tuple[Array, float]:
    """Displacements and rates by axis at release, and the least clearance."""
    drive, suspension = case.drive, case.suspension
    position = case.position_m
    length = case.drive_length_m
    known = np.append(
        drive.step_m * np.arange(drive.n_coils + 1),
        [length + case.trim.coast_m, length + case.trim.coast_m + case.trim.length_m],
    )
    square = np.append(coil_speeds**2, [coil_speeds[-1] ** 2, out**2])
    speed = np.sqrt(np.interp(position, known, square))
    tilt = built.thrust_tilt + np.stack([_window_mean(drive, row) for row in built.coil_tilt])
    middle = 0.5 * (position[1:] + position[:-1])
    coil = np.minimum((middle / drive.step_m).astype(np.int64), drive.n_coils - 1)
    along = np.where(middle < length, np.diff(speed**2) / (2.0 * case.step_m), 0.0)
    body = np.zeros(10)
    body[:5] = track[:5, 0]
    body[HEAVE] -= WEIGHT_m_s2 / suspension.omega_rad_s[HEAVE] ** 2
    clearance = ride(
        body,
        speed,
        case.step_m,
        np.vstack([along, along * tilt[:, coil]]),
        track,
        suspension.omega_rad_s,
        np.multiply.outer(
            [2.0 * suspension.damping_ratio, 2.0 * suspension.inertial_damping_ratio],
            suspension.omega_rad_s,
        ),
        centre,
        case.gyration_m,
        (case.half_length_m, case.radius_m, suspension.clearance_m),
        (suspension.stiffening_ratio, suspension.stop_ratio),
        (1.0 / case.track_radius_m, WEIGHT_m_s2),
        ride_limit(suspension),
    )
    return body, clearance


def _course(case: Case) -> _Course:
    """Filters of every spectrum, and the given sine waves."""
    fields = {}
    for name, axis, item in alignments(case.guideway):
        variance = case.grid.variance(item)
        inside = np.flatnonzero(variance)
        band = slice(inside[0], inside[-1] + 1)
        kappa = case.grid.kappa_rad_m[band]
        fields[name] = _Field(
            band=band, rms=np.sqrt(variance[band]), rows=_row_filters(case, axis, kappa)
        )
    fixed = np.zeros((_N_ROWS, case.position_m.size))
    for wave in case.guideway.waves:
        kappa = np.asarray(2.0 * math.pi / wave.wavelength_m)
        shape = wave.amplitude_m * np.exp(1j * (kappa * case.position_m + wave.phase_rad))
        for row, factor in _row_filters(case, HEAVE if wave.vertical else SWAY, kappa).items():
            fixed[row] += (shape * factor).real
    return _Course(fields=fields, fixed=fixed)


def _row_filters(case: Case, axis: int, kappa: Array) -> dict[int, Waves]:
    """What a unit wave does to the smoothed track by axis, then to its ends."""
    rows = axis_filters(case, axis, kappa)
    if axis != ROLL:
        shift = np.exp(1j * kappa * case.half_length_m)
        front = 5 if axis == SWAY else 7
        rows |= {front: shift, front + 1: np.conj(shift)}
    return rows


def _lay(case: Case, built: _Installation, course: _Course, rng: np.random.Generator) -> Array:
    """Smoothed track by axis, then bare track at both ends (row, node)."""
    fresh = case.errors.alignment_shot_frac
    spectrum = np.zeros((_N_ROWS, case.grid.kappa_rad_m.size), dtype=np.complex128)
    for name, field in course.fields.items():
        waves = built.tracks[name]
        if fresh > 0.0:
            waves = math.sqrt(1.0 - fresh) * waves + math.sqrt(fresh) * field.draw(rng)
        for row, factor in field.rows.items():
            spectrum[row, field.band] += waves * factor
    track: Array = course.fixed + case.grid.profile(spectrum)[:, : case.position_m.size]
    return track
