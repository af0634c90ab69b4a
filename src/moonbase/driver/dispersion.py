"""Dispersion of the release state: where, how fast and when payloads leave the muzzle.

State order: x, y, z in m, vx, vy, vz in m/s, t in s. Frame: the track frame at the muzzle, x along
the nominal track, y horizontal to the left, z up; errors are against the design's release at a
fixed place on the track. What is neglected stands in :mod:`moonbase.driver.gates` (along the
track) and :mod:`moonbase.driver.ride` (across it); besides, errors of the suspension's own
stiffness, the coupling of lateral motion back into thrust, and the change of inertia with load.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.constants import MOON_RADIUS_m
from moonbase.core.errors import DomainError, NumericalError
from moonbase.driver._release import (
    Case,
    Errors,
    _Sources,
    build_case,
    drive_sources,
    mean_release,
    release_sources,
)
from moonbase.driver._shots import _Shots, simulate_shots
from moonbase.driver.gates import DriveLine, Index, SpeedLoop, TrimSection
from moonbase.driver.guideway import Guideway
from moonbase.driver.ride import Suspension

STATE = ("x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s", "t_s")
"""Order of the release state."""

Mask = npt.NDArray[np.bool_]
Method = Literal["linear", "monte_carlo"]

_PERCENTILES = (50.0, 95.0, 99.7)
_DRAW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    """Release states of a driver about its design release, in the order of ``STATE``.

    ``release_covariance`` (7, 7) is the sum of ``common_covariance``, the same in every shot of
    one driver, and ``shot_covariance``, which varies from shot to shot and alone averages down.
    ``release_mean`` (7,) is the state of a driver without random errors less the design's:
    sag under the hold-down load and given sine waves. ``samples`` (shot, 7) are release states
    less the design's, ``installation`` (shot,) the driver that each belongs to.
    ``trim_delta_v_m_s`` (3,) are the 50th, 95th and 99.7th percentile of the velocity a payload
    must correct after release. ``min_clearance_m`` is the least of ``clearance_m`` (one value a
    simulated shot), ``contact_frac`` the share of those at or below zero.
    ``n_failed`` shots stalled on the track: they are nan, and no figure counts them.
    ``variance_share_frac`` gives each source's share of the linear variance by state (7,).
    """

    method: str
    release_mean: Array
    release_covariance: Array
    common_covariance: Array
    shot_covariance: Array
    samples: Array
    installation: Index
    sigma_speed_m_s: float
    sigma_azimuth_rad: float
    sigma_elevation_rad: float
    trim_delta_v_m_s: Array
    trim_saturated_frac: float
    clearance_m: Array
    min_clearance_m: float
    contact_frac: float
    n_failed: int
    variance_share_frac: dict[str, Array]


def dispersion(
    design: DriveLine,
    *,
    suspension: Suspension,
    guideway: Guideway | None = None,
    loop: SpeedLoop | None = None,
    trim: TrimSection | None = None,
    thrust_scale_frac: float = 0.0,
    thrust_scale_shot_frac: float = 0.0,
    bucket_current_frac: float = 0.0,
    payload_mass_frac: float = 0.0,
    coil_gain_frac: float = 0.0,
    coil_noise_frac: float = 0.0,
    coil_timing_s: float = 0.0,
    thrust_angle_rad: float = 0.0,
    coil_failure_frac: float = 0.0,
    start_timing_s: float = 0.0,
    thrust_misalignment_rad: float = 0.0,
    coil_misalignment_rad: float = 0.0,
    mass_centre_offset_m: float = 0.0,
    alignment_shot_frac: float = 0.0,
    release_impulse_m_s: float = 0.0,
    release_timing_s: float = 0.0,
    survey_position_m: float = 0.0,
    survey_direction_rad: float = 0.0,
    payload_offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0),
    track_radius_m: float = MOON_RADIUS_m,
    n_shots: int = 1000,
    n_installations: int | None = None,
    n_spot: int = 16,
    seed: int = 0,
    method: Method = "linear",
) -> Dispersion:
    r"""Covariance and samples of the release state of a mass driver.

    Parameters
    ----------
    design
        One driver with constant acceleration: see :class:`moonbase.driver.gates.DriveLine`.
    suspension, guideway, loop, trim
        How the sled is carried, how straight the track is, the speed loop of the main drive and
        the trim section behind it. Without the last three: a perfect track, an open loop, and
        release at the end of the drive.
    thrust_scale_frac, thrust_scale_shot_frac
        Error of the whole thrust: of calibration, common to all shots, and from shot to shot.
    bucket_current_frac, payload_mass_frac
        Errors of the sled's current and of the payload's mass as shares, by shot.
    coil_gain_frac, coil_noise_frac
        Error of each coil's thrust: fixed pattern, common to all shots, and by shot.
    coil_timing_s, thrust_angle_rad
        Error of each coil's commutation, s, by shot, and the load angle at which the field pulls
        off its peak, rad.
    coil_failure_frac
        Chance that a coil gives no thrust in a shot. The drive is set for the mean.
    start_timing_s
        Error of the start, s, by shot.
    thrust_misalignment_rad, coil_misalignment_rad
        Angle of the whole thrust and of each coil's to the track, rad, on each axis, common.
    mass_centre_offset_m
        Offset of the moving mass's centre from the axis of thrust and the middle of the
        suspension, m, on each axis, by shot.
    alignment_shot_frac
        Share of the alignment's variance that is new in each shot (heat, recoil); the rest is
        common.
    release_impulse_m_s, release_timing_s
        Kick at release, m/s, on each axis, and error of the latch, s, by shot.
    survey_position_m, survey_direction_rad
        Where the muzzle is, m, on each axis, and where it points, rad, in azimuth and
        elevation, common.
    payload_offset_m
        Payload's mass centre less that of payload and sled, m (x, y, z).
    track_radius_m
        Radius of a track that follows the ground, m; infinity for a straight one.
    n_shots, n_installations
        Number of samples and of drivers that share them in turn: one driver for the shots of one
        built line, by default two shots a driver.
    n_spot
        _Shots that the linear method integrates for the clearance.
    seed
        Seed of the random numbers.
    method
        ``"linear"`` or ``"monte_carlo"``.

    Returns
    -------
    Dispersion
        Mean (7,), covariances (7, 7), samples (shot, 7) and the figures drawn from them.

    Raises
    ------
    DomainError
        An input out of range; the message names it.
    NumericalError
        Monte Carlo: too few shots left the muzzle.

    Notes
    -----
    Linear: :math:`C = \sum_i \sigma_i^2 g_i g_i^T` with the gradients g from a backward pass
    through the speed loop and from closed-form impulse responses of the suspension, and
    :math:`C = \int S\,\Re(P P^H)\,d\kappa` for a track of spectrum S, P being the response to a
    unit wave met at growing speed. The trim's saturation enters by its exact Gaussian describing
    function. All argument errors are standard deviations of normal variables. Monte Carlo
    integrates every shot with stiffening springs, stops, products of errors and saturation;
    its common part comes from the analysis of variance between drivers and carries sampling
    error, and its shares are those of the linear method.

    Valid for errors small against clearance and speed; percentiles of few samples are coarse
    (the 99.7th of 1,000 rests on three shots).

    _Sources: Zarchan, Tactical and Strategic Missile Guidance (adjoint method); Gelb and Warren
    1973, AIAA Journal 11(4), 406 (describing functions in covariance analysis); derived.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> line = SimpleNamespace(
    ...     muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665, length_m=3186.6, payload_kg=1000.0,
    ...     sled_kg=500.0, coil_pitch_m=0.5, n_window=12, bucket_length_m=3.0,
    ...     bucket_radius_m=0.8, pole_pitch_m=1.0)
    >>> carried = Suspension(sway_Hz=2.0, heave_Hz=2.0, roll_Hz=2.0, pitch_Hz=2.0, yaw_Hz=2.0,
    ...                      clearance_m=0.02, inertial_damping_ratio=0.3)
    >>> spread = dispersion(line, suspension=carried, coil_noise_frac=0.01, n_spot=1)
    >>> round(spread.sigma_speed_m_s, 3)
    0.157
    """
    errors = Errors(
        thrust_scale_frac=thrust_scale_frac,
        thrust_scale_shot_frac=thrust_scale_shot_frac,
        bucket_current_frac=bucket_current_frac,
        payload_mass_frac=payload_mass_frac,
        coil_gain_frac=coil_gain_frac,
        coil_noise_frac=coil_noise_frac,
        coil_timing_s=coil_timing_s,
        thrust_angle_rad=thrust_angle_rad,
        coil_failure_frac=coil_failure_frac,
        start_timing_s=start_timing_s,
        thrust_misalignment_rad=thrust_misalignment_rad,
        coil_misalignment_rad=coil_misalignment_rad,
        mass_centre_offset_m=mass_centre_offset_m,
        alignment_shot_frac=alignment_shot_frac,
        release_impulse_m_s=release_impulse_m_s,
        release_timing_s=release_timing_s,
        survey_position_m=survey_position_m,
        survey_direction_rad=survey_direction_rad,
    )
    n_drivers = _check_counts(n_shots, n_installations, n_spot, method)
    case = build_case(
        design,
        suspension=suspension,
        guideway=guideway or Guideway(),
        loop=loop,
        trim=trim,
        payload_offset_m=payload_offset_m,
        track_radius_m=track_radius_m,
        errors=errors,
    )
    linear = _propagate(case)
    if method == "monte_carlo":
        shots = simulate_shots(case, n_shots=n_shots, n_installations=n_drivers, seed=seed)
        return _report(case, linear, shots, shots.states, n_drivers, method, shots.saturated)
    samples, saturated = _draw(case, linear, n_shots, n_drivers, seed)
    spot = simulate_shots(case, n_shots=n_spot, n_installations=min(n_spot, n_drivers), seed=seed)
    return _report(case, linear, spot, samples, n_drivers, method, saturated)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linear:
    mean: Array
    drive: _Sources
    release: _Sources
    by_source: _Sources
    saturated_frac: float


def _propagate(case: Case) -> _Linear:
    """Covariance by source at release, the trim taken by its describing function."""
    drive, release = drive_sources(case), release_sources(case)
    trim, speed = case.trim, case.drive.speed_m_s
    entering = sum((*drive.common.values(), *drive.shot.values()), np.zeros((2, 2)))[0, 0]
    noise = math.hypot(trim.timing_m_s, trim.survey_m_s)
    past, given, distortion = _saturation(math.sqrt(entering + noise**2), trim.authority_m_s)
    tail = trim.length_m / (2.0 * speed**2)
    onward = np.zeros((7, 2))
    onward[3, 0] = past
    onward[6] = -(trim.coast_m / speed**2 + tail) - tail * past, 1.0
    corrected = np.zeros(7)
    corrected[3], corrected[6] = 1.0, -tail

    def of_trim(variance: float) -> Array:
        return variance * np.outer(corrected, corrected)

    common = {name: onward @ value @ onward.T for name, value in drive.common.items()}
    shot = {name: onward @ value @ onward.T for name, value in drive.shot.items()}
    common["trim gate survey"] = of_trim(((1.0 - past) * trim.survey_m_s) ** 2)
    shot["trim gate timing"] = of_trim(((1.0 - past) * trim.timing_m_s) ** 2)
    shot["trim thrust"] = of_trim(trim.scale_frac**2 * given)
    shot["trim saturation"] = of_trim(distortion)
    return _Linear(
        mean=mean_release(case),
        drive=drive,
        release=release,
        by_source=_Sources(common=common | release.common, shot=shot | release.shot),
        saturated_frac=past if trim.authority_m_s > 0.0 else 0.0,
    )


def _saturation(sigma: float, limit: float) -> tuple[float, float, float]:
    """Share of a normal error that passes a limiter, mean square of what it gives, distortion."""
    if limit == 0.0:
        return 1.0, 0.0, 0.0
    if sigma == 0.0:
        return 0.0, 0.0, 0.0
    ratio = limit / sigma
    past = math.erfc(ratio / math.sqrt(2.0))
    peak = math.exp(-0.5 * ratio**2) / math.sqrt(2.0 * math.pi)
    given = sigma**2 * (1.0 - past - 2.0 * ratio * peak + ratio**2 * past)
    return past, given, max(given - ((1.0 - past) * sigma) ** 2, 0.0)


def _draw(
    case: Case, linear: _Linear, n_shots: int, n_drivers: int, seed: int
) -> tuple[Array, Mask]:
    """Samples of the linear model, with the trim's limit applied to each."""
    trim, speed = case.trim, case.drive.speed_m_s
    rng = np.random.default_rng([seed, _DRAW])
    driver = np.arange(n_shots) % n_drivers

    def normal(parts: _Sources, size: int) -> Array:
        zero = np.zeros((size, size))
        common = _root(sum(parts.common.values(), zero))
        shot = _root(sum(parts.shot.values(), zero))
        fixed = rng.standard_normal((n_drivers, size)) @ common.T
        return fixed[driver] + rng.standard_normal((n_shots, size)) @ shot.T

    states = linear.mean + normal(linear.release, 7)
    error, late = normal(linear.drive, 2).T
    noise = trim.survey_m_s * rng.standard_normal(n_drivers)[driver]
    noise += trim.timing_m_s * rng.standard_normal(n_shots)
    seen = error + noise
    given = np.clip(seen, -trim.authority_m_s, trim.authority_m_s)
    left = error - given * (1.0 + trim.scale_frac * rng.standard_normal(n_shots))
    states[:, 3] += left
    path = trim.coast_m * error + 0.5 * trim.length_m * (error + left)
    states[:, 6] += late - path / speed**2
    return states, (np.abs(seen) > trim.authority_m_s) & (trim.authority_m_s > 0.0)


def _report(
    case: Case,
    linear: _Linear,
    shots: _Shots,
    samples: Array,
    n_drivers: int,
    method: Method,
    saturated: Mask,
) -> Dispersion:
    speed = case.drive.speed_m_s
    zero = np.zeros((7, 7))
    common = sum(linear.by_source.common.values(), zero)
    shot = sum(linear.by_source.shot.values(), zero)
    shares = _shares(linear.by_source, common + shot)
    mean, saturated_frac = linear.mean, linear.saturated_frac
    driver = np.arange(samples.shape[0]) % n_drivers
    good = np.isfinite(samples).all(axis=1)
    clearance = shots.clearance_m[np.isfinite(shots.clearance_m)]
    if method == "monte_carlo":
        common, shot = _analyse(samples[good], driver[good])
        mean, saturated_frac = samples[good].mean(axis=0), float(saturated[good].mean())
    total = common + shot
    sigma = np.sqrt(np.maximum(np.diagonal(total), 0.0))
    trim = np.linalg.norm((samples[good] - mean)[:, 3:6], axis=1)
    return Dispersion(
        method=method,
        release_mean=mean,
        release_covariance=total,
        common_covariance=common,
        shot_covariance=shot,
        samples=samples,
        installation=driver,
        sigma_speed_m_s=float(sigma[3]),
        sigma_azimuth_rad=float(sigma[4]) / speed,
        sigma_elevation_rad=float(sigma[5]) / speed,
        trim_delta_v_m_s=np.percentile(trim, _PERCENTILES),
        trim_saturated_frac=saturated_frac,
        clearance_m=shots.clearance_m,
        min_clearance_m=float(clearance.min(initial=case.suspension.clearance_m)),
        contact_frac=float(np.sum(clearance <= 0.0) / max(clearance.size, 1)),
        n_failed=int(np.sum(~good)),
        variance_share_frac=shares,
    )


def _shares(parts: _Sources, total: Array) -> dict[str, Array]:
    variance = np.diagonal(total)
    safe = np.where(variance > 0.0, variance, 1.0)
    every = parts.common | parts.shot
    return {name: np.diagonal(value) / safe for name, value in every.items() if np.any(value)}


def _analyse(samples: Array, driver: Index) -> tuple[Array, Array]:
    """Covariance between and within drivers, by the analysis of variance."""
    _, member, counts = np.unique(driver, return_inverse=True, return_counts=True)
    n_shots, n_drivers = samples.shape[0], counts.size
    if not 2 <= n_drivers < n_shots:
        raise NumericalError(
            "too few shots left the muzzle to tell common from varying errors",
            path="method",
            hint="reduce the thrust errors, or fire more shots",
        )
    sums = np.zeros((n_drivers, 7))
    np.add.at(sums, member, samples)
    means = sums / counts[:, None]
    inner = samples - means[member]
    within = inner.T @ inner / (n_shots - n_drivers)
    outer = means - samples.mean(axis=0)
    between = (outer.T * counts) @ outer / (n_drivers - 1)
    effective = (n_shots - np.sum(counts**2) / n_shots) / (n_drivers - 1)
    return (between - within) / effective, within


def _root(covariance: Array) -> Array:
    """Factor F with F F^T the covariance, scaled so that metres and seconds mix without loss."""
    scale = np.sqrt(np.diagonal(covariance))
    safe = np.where(scale > 0.0, scale, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(safe, safe))
    factor: Array = safe[:, None] * vectors * np.sqrt(np.maximum(values, 0.0))
    return factor


def _check_counts(n_shots: int, n_installations: int | None, n_spot: int, method: Method) -> int:
    if method not in ("linear", "monte_carlo"):
        raise DomainError("no such method", path="method", hint="linear or monte_carlo")
    if n_shots < 1 or n_spot < 1:
        raise DomainError("must be >= 1", path="n_shots", hint="also check n_spot")
    n_drivers = max(n_shots // 2, 1) if n_installations is None else n_installations
    if not 1 <= n_drivers <= n_shots:
        raise DomainError(
            "must be between 1 and n_shots", path="n_installations", hint="or leave it out"
        )
    if method == "monte_carlo" and not 2 <= n_drivers < n_shots:
        raise DomainError(
            "Monte Carlo tells common from varying errors by at least two drivers, one of them "
            "with two shots",
            path="n_installations",
            hint="leave it out, or draw one driver's shots with the linear method",
        )
    return n_drivers
