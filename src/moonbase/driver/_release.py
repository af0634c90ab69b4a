"""Linear errors of the release state, source by source."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.constants import GM_MOON_m3_s2, MOON_RADIUS_m
from moonbase.core.errors import DomainError
from moonbase.driver.gates import (
    Drive,
    DriveLine,
    SpeedLoop,
    TrimSection,
    _window_sum,
    drive_sensitivity,
    lay_drive,
    one,
)
from moonbase.driver.guideway import (
    AlignmentSpectrum,
    Guideway,
    WaveGrid,
    Waves,
    mean_filter,
    slope_filter,
)
from moonbase.driver.ride import (
    Suspension,
    check_suspension,
    force_weights,
    remaining_time,
    step_kernels,
    track_weights,
)

SWAY, HEAVE, ROLL, PITCH, YAW = range(5)
WEIGHT_m_s2 = GM_MOON_m3_s2 / MOON_RADIUS_m**2

_NODES_PER_WAVE = 10.0
_MIN_STEPS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Standard deviations of the errors, and what else the release depends on."""

    thrust_scale_frac: float
    thrust_scale_shot_frac: float
    bucket_current_frac: float
    payload_mass_frac: float
    coil_gain_frac: float
    coil_noise_frac: float
    coil_timing_s: float
    thrust_angle_rad: float
    coil_failure_frac: float
    start_timing_s: float
    thrust_misalignment_rad: float
    coil_misalignment_rad: float
    mass_centre_offset_m: float
    alignment_shot_frac: float
    release_impulse_m_s: float
    release_timing_s: float
    survey_position_m: float
    survey_direction_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """What trims the speed behind the drive, on the nominal launch."""

    coast_m: float
    length_m: float
    authority_m_s: float
    timing_m_s: float
    survey_m_s: float
    scale_frac: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything about a dispersion that does not depend on chance."""

    drive: Drive
    trim: Trim
    suspension: Suspension
    guideway: Guideway
    errors: Errors
    payload_ratio: float
    field_rad_m: float
    half_length_m: float
    radius_m: float
    gyration_m: Array
    lever_m: Array
    track_radius_m: float
    position_m: Array
    grid: WaveGrid

    @property
    def drive_length_m(self) -> float:
        """Length of the accelerating track."""
        return self.drive.step_m * self.drive.n_coils

    @property
    def step_m(self) -> float:
        """Distance from node to node of the guideway."""
        return self.grid.step_m


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """Covariances by source: common to all shots, and from shot to shot."""

    common: dict[str, Array]
    shot: dict[str, Array]


def build_case(
    design: DriveLine,
    *,
    suspension: Suspension,
    guideway: Guideway,
    loop: SpeedLoop | None,
    trim: TrimSection | None,
    payload_offset_m: tuple[float, float, float],
    track_radius_m: float,
    errors: Errors,
) -> Case:
    """Check the inputs and lay the nodes."""
    _check(suspension, track_radius_m, errors)
    drive = lay_drive(design, loop)
    section = _trim(trim, drive.speed_m_s)
    length = drive.step_m * drive.n_coils + section.coast_m + section.length_m
    spectra = [item for _, _, item in alignments(guideway)]
    shortest = [item.shortest_wavelength_m for item in spectra]
    shortest += [wave.wavelength_m for wave in guideway.waves]
    per_wave = _NODES_PER_WAVE * length / min(shortest, default=math.inf)
    n_steps = max(_MIN_STEPS, math.ceil(per_wave))
    half = 0.5 * one(design, "bucket_length_m")
    radius = one(design, "bucket_radius_m")
    payload = one(design, "payload_kg")
    x, y, z = payload_offset_m
    return Case(
        drive=drive,
        trim=section,
        suspension=suspension,
        guideway=guideway,
        errors=errors,
        payload_ratio=payload / (payload + one(design, "sled_kg")),
        field_rad_m=math.pi / one(design, "pole_pitch_m"),
        half_length_m=half,
        radius_m=radius,
        gyration_m=np.sqrt([0.5 * radius**2, radius**2 / 4.0 + half**2 / 3.0]),
        lever_m=np.asarray(
            [[0, 0, 0, z, -y], [1, 0, -z, 0, x], [0, 1, y, -x, 0]], dtype=np.float64
        ),
        track_radius_m=track_radius_m,
        position_m=np.linspace(0.0, length, n_steps + 1),
        grid=WaveGrid.of(length / n_steps, length, spectra),
    )


def alignments(guideway: Guideway) -> list[tuple[str, int, AlignmentSpectrum]]:
    """Every spectrum of a guideway: name, axis that it moves, spectrum."""
    every = [
        ("vertical alignment", HEAVE, guideway.vertical),
        ("lateral alignment", SWAY, guideway.lateral),
        ("vertical survey", HEAVE, guideway.survey_vertical),
        ("lateral survey", SWAY, guideway.survey_lateral),
        ("cross level", ROLL, guideway.cross_level),
    ]
    return [(name, axis, item) for name, axis, item in every if item is not None]


def turn_of(axis: int) -> tuple[int, float]:
    """Axis that turns with the slope of a track that moves this one, and the sign."""
    return (PITCH, -1.0) if axis == HEAVE else (YAW, 1.0)


def axis_filters(case: Case, axis: int, kappa_rad_m: Array) -> dict[int, Waves]:
    """What a unit wave does to the smoothed track, by axis."""
    length = 2.0 * case.half_length_m
    mean = mean_filter(kappa_rad_m, length)
    if axis == ROLL:
        return {ROLL: np.asarray(mean / (2.0 * case.radius_m), dtype=np.complex128)}
    turn, sign = turn_of(axis)
    return {
        axis: np.asarray(mean, dtype=np.complex128),
        turn: np.asarray(1j * sign * slope_filter(kappa_rad_m, length), dtype=np.complex128),
    }


def drive_sources(case: Case) -> _Sources:
    """Covariances of speed and time at the end of the drive."""
    drive, errors = case.drive, case.errors
    by = drive_sensitivity(drive)
    whole = by.coil.sum(axis=1, keepdims=True)
    failure = math.sqrt(errors.coil_failure_frac / (1.0 - errors.coil_failure_frac))
    common = {
        "thrust scale": whole * errors.thrust_scale_frac,
        "coil gain": by.coil * errors.coil_gain_frac,
    }
    shot = {
        "thrust scale, shot": whole * errors.thrust_scale_shot_frac,
        "bucket current": whole * errors.bucket_current_frac,
        "payload mass": whole * (errors.payload_mass_frac * case.payload_ratio),
        "coil noise": by.coil * errors.coil_noise_frac,
        "coil timing": by.coil * np.sqrt(_cosine_variance(case)),
        "coil failure": by.coil * failure,
        "loop gates": by.gate * drive.gate_timing_s,
        "start timing": np.asarray([[0.0], [errors.start_timing_s]]),
    }
    return _Sources(common=_squared(common), shot=_squared(shot))


def release_sources(case: Case) -> _Sources:
    """Covariances of the release state from everything that does not pass through the trim."""
    errors = case.errors
    speed = case.drive.speed_m_s
    e = np.eye(7)
    fresh = errors.alignment_shot_frac
    tracks = {name: _track(case, axis, item) for name, axis, item in alignments(case.guideway)}
    latch = speed * e[:, :1] + e[:, 6:]
    common = {name: (1.0 - fresh) * value for name, value in tracks.items()}
    common |= _squared(
        {
            "thrust misalignment": errors.thrust_misalignment_rad * _thrust_tilt(case),
            "coil misalignment": errors.coil_misalignment_rad * _coil_tilt(case),
            "survey": np.hstack(
                [
                    errors.survey_position_m * e[:, :3],
                    errors.survey_direction_rad * speed * e[:, 4:6],
                ]
            ),
        }
    )
    shot = {f"{name}, shot": fresh * value for name, value in tracks.items()}
    shot |= _squared(
        {
            "mass centre": errors.mass_centre_offset_m * _mass_centre(case),
            "release impulse": errors.release_impulse_m_s * e[:, 3:6],
            "release timing": errors.release_timing_s * latch,
        }
    )
    return _Sources(common=common, shot=shot)


def mean_release(case: Case) -> Array:
    """Release state of a driver without errors: sag under the hold-down load, and sine waves."""
    omega = case.suspension.omega_rad_s[HEAVE]
    ratio = _ratio(case)
    start = step_kernels(omega, ratio, _remaining(case)[:1])
    free = np.asarray([start[2][0] + 2.0 * ratio * omega * start[1][0], -(omega**2) * start[1][0]])
    held = -WEIGHT_m_s2 / omega**2 * free + _hold_down(case, HEAVE)
    mean = _state(case, {HEAVE: held})
    for wave in case.guideway.waves:
        kappa = np.asarray(2.0 * math.pi / wave.wavelength_m)
        shape = wave.amplitude_m * np.exp(1j * (kappa * case.position_m + wave.phase_rad))
        parts = {
            axis: (_track_weights(case, axis) @ (shape * factor)).real
            for axis, factor in axis_filters(case, HEAVE if wave.vertical else SWAY, kappa).items()
        }
        mean = mean + _state(case, parts)
    return mean


def coil_angle(case: Case) -> Array:
    """Rms angle by which timing shifts each coil's field against the sled, rad (coil)."""
    speed = case.drive.node_speed_m_s
    middle = np.sqrt(0.5 * (speed[1:] ** 2 + speed[:-1] ** 2))
    angle: Array = case.field_rad_m * middle * case.errors.coil_timing_s
    return angle


def cosine_mean(angle_rad: Array) -> Array:
    """Mean thrust left by Gaussian timing errors, over that without."""
    mean: Array = np.exp(-0.5 * angle_rad**2)
    return mean


def _check(suspension: Suspension, track_radius_m: float, errors: Errors) -> None:
    check_suspension(
        suspension.omega_rad_s, suspension.damping_ratio, suspension.inertial_damping_ratio
    )
    if not min(suspension.clearance_m, track_radius_m) > 0.0:
        raise DomainError(
            "must be > 0", path="suspension.clearance_m", hint="also check track_radius_m"
        )
    for name in Errors.__dataclass_fields__:
        value = getattr(errors, name)
        if not (math.isfinite(value) and (value >= 0.0 or name == "thrust_angle_rad")):
            raise DomainError("must be >= 0", path=name, hint="give a standard deviation")
    if not (errors.alignment_shot_frac <= 1.0 and errors.coil_failure_frac < 1.0):
        raise DomainError(
            "a share above one", path="alignment_shot_frac", hint="also check coil_failure_frac"
        )
    if abs(errors.thrust_angle_rad) >= 0.5 * math.pi:
        raise DomainError(
            "no thrust at this angle", path="thrust_angle_rad", hint="stay within a quarter turn"
        )


def _cosine_variance(case: Case) -> Array:
    load = case.errors.thrust_angle_rad
    mean = cosine_mean(coil_angle(case))
    square = 0.5 * (1.0 + mean**4 * math.cos(2.0 * load)) / math.cos(load) ** 2
    variance: Array = np.maximum(square / mean**2 - 1.0, 0.0)
    return variance


def _trim(trim: TrimSection | None, speed: float) -> Trim:
    if trim is None:
        return Trim(
            coast_m=0.0,
            length_m=0.0,
            authority_m_s=0.0,
            timing_m_s=0.0,
            survey_m_s=0.0,
            scale_frac=0.0,
        )
    if not min(trim.length_m, trim.acceleration_m_s2, trim.gate_spacing_m) > 0.0:
        raise DomainError(
            "length, acceleration and gate spacing must be > 0",
            path="trim",
            hint="leave the trim section out for a driver without one",
        )
    if not min(trim.gate_timing_s, trim.gate_survey_m, trim.scale_frac) >= 0.0:
        raise DomainError("errors must be >= 0", path="trim", hint="give standard deviations")
    return Trim(
        coast_m=trim.gate_spacing_m,
        length_m=trim.length_m,
        authority_m_s=trim.acceleration_m_s2 * trim.length_m / speed,
        timing_m_s=math.sqrt(2.0) * speed**2 * trim.gate_timing_s / trim.gate_spacing_m,
        survey_m_s=speed * trim.gate_survey_m / trim.gate_spacing_m,
        scale_frac=trim.scale_frac,
    )


def _ratio(case: Case) -> float:
    return case.suspension.damping_ratio + case.suspension.inertial_damping_ratio


def _remaining(case: Case) -> Array:
    return remaining_time(case.position_m, case.drive.speed_m_s, case.drive_length_m)


def _track_weights(case: Case, axis: int) -> Array:
    return track_weights(
        float(case.suspension.omega_rad_s[axis]),
        _ratio(case),
        case.suspension.damping_ratio,
        _remaining(case),
    )


def _force_weights(case: Case, axis: int, remaining: Array) -> Array:
    return force_weights(float(case.suspension.omega_rad_s[axis]), _ratio(case), remaining)


def _state(case: Case, parts: dict[int, Array]) -> Array:
    """Release state (7, ...) from displacements and rates by axis (2, ...)."""
    state = np.zeros((7, *next(iter(parts.values())).shape[1:]))
    for axis, pair in parts.items():
        state[:3] += np.multiply.outer(case.lever_m[:, axis], pair[0])
        state[3:6] += np.multiply.outer(case.lever_m[:, axis], pair[1])
    return state


def _squared(factors: dict[str, Array]) -> dict[str, Array]:
    return {name: factor @ factor.T for name, factor in factors.items()}


def _track(case: Case, axis: int, spectrum: AlignmentSpectrum) -> Array:
    """Covariance that a random track leaves at release."""
    grid = case.grid
    parts = {
        moved: np.conj(np.fft.rfft(_track_weights(case, moved), grid.n_nodes)) * factor
        for moved, factor in axis_filters(case, axis, grid.kappa_rad_m).items()
    }
    variance = grid.variance(spectrum)
    halves = [{moved: half(pair) for moved, pair in parts.items()} for half in (np.real, np.imag)]
    cosine, sine = (_state(case, half) for half in halves)
    return (cosine * variance) @ cosine.T + (sine * variance) @ sine.T


def _driven(case: Case, axis: int) -> Array:
    """Response to unit specific force on an axis while the drive pushes (2,)."""
    whole = _remaining(case)[0]
    remaining = np.asarray([whole, whole - case.drive.node_time_s[-1]])
    return _force_weights(case, axis, remaining)[:, 0]


def _hold_down(case: Case, axis: int) -> Array:
    """Response to the outward specific force of the curved track on an axis (2,)."""
    driven = np.minimum(case.position_m / case.drive_length_m, 1.0)
    outward = driven * case.drive.speed_m_s**2 / case.track_radius_m - WEIGHT_m_s2
    return _force_weights(case, axis, _remaining(case)) @ outward


def _thrust_tilt(case: Case) -> Array:
    push = case.drive.acceleration_m_s2
    return np.stack(
        [_state(case, {axis: push * _driven(case, axis)}) for axis in (SWAY, HEAVE)], axis=1
    )


def _coil_tilt(case: Case) -> Array:
    drive = case.drive
    remaining = _remaining(case)[0] - drive.node_time_s
    return np.hstack(
        [
            _state(
                case,
                {
                    axis: drive.acceleration_m_s2
                    * _window_sum(drive, _force_weights(case, axis, remaining))
                },
            )
            for axis in (SWAY, HEAVE)
        ]
    )


def _mass_centre(case: Case) -> Array:
    """Response to unit offsets of the mass centre along x, y and z (7, 3)."""
    rolling, turning = case.gyration_m**2
    push = case.drive.acceleration_m_s2
    columns = [
        _state(case, {PITCH: -_hold_down(case, PITCH) / turning}),
        _state(
            case,
            {ROLL: _hold_down(case, ROLL) / rolling, YAW: push * _driven(case, YAW) / turning},
        ),
        _state(case, {PITCH: -push * _driven(case, PITCH) / turning}),
    ]
    return np.stack(columns, axis=1) + np.eye(7, 3)
