"""Where the releases of one driver arrive: covariance, cloud, miss, trim and chances.

Errors at the muzzle are those of the driver's dispersion: along the track, to the left and up, and
in time; or those of a whole state. They reach any later epoch by the state transition matrix, by
sigma points, or by flying every draw.

Neglected: errors of the force model, of the thrusters that trim and of the navigation behind them.
The linear map says nothing of second-order terms; ``linear_error_frac`` shows how large they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._check import count
from moonbase.orbits._cloud import (
    _across,
    _farthest,
    _mapped_roots,
    _met,
    _Muzzle,
    _passing,
    _root_of,
    _scatter,
    block_sizes,
    first_order,
    muzzle_of,
    normal_block,
)
from moonbase.orbits._records import radius_of
from moonbase.orbits.chance import Chance, chance
from moonbase.orbits.de440 import State, ephemeris
from moonbase.orbits.flight import propagate
from moonbase.orbits.forces import ForceModel

Method = Literal["linear", "unscented", "monte_carlo"]
METHODS = ("linear", "unscented", "monte_carlo")
PERCENTILES = (50.0, 95.0, 99.7)
_CHECKS = 512
_LOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersed:
    """A cloud of releases at a later epoch, in ICRF axes relative to ``center``.

    ``covariance`` (6, 6) and ``sensitivity`` (6, error), the derivative of the state by the errors
    at release, mix m, m/s and s. ``miss_sigma_m`` (2,) are one sigma along the columns of
    ``miss_axes_nd`` (3, 2), across the path as the target sees it. ``linear_error_frac`` is the
    largest distance of 512 flown checks (of all draws for Monte Carlo) from their linear map, over
    the rms spread. Percentiles are those of ``PERCENTILES``; ``trim_delta_v_m_s`` is None without a
    time of trim, ``capture`` without a radius, impacts unless every draw is flown. Samples are the
    first draws (3, kept); nan where a craft did not arrive.
    """

    method: str
    center: str
    epoch_tdb_s: float
    elapsed_s: float
    n_samples: int
    n_lost: int
    nominal_r_icrf_m: Array
    nominal_v_icrf_m_s: Array
    mean_r_icrf_m: Array
    mean_v_icrf_m_s: Array
    covariance: Array
    sensitivity: Array
    miss_sigma_m: Array
    miss_axes_nd: Array
    miss_m: Array
    trim_delta_v_m_s: Array | None
    capture: Chance | None
    moon_impact: Chance | None
    earth_impact: Chance | None
    linear_error_frac: float
    sample_r_icrf_m: Array
    sample_v_icrf_m_s: Array
    sample_trim_m_s: Array
    forces: tuple[str, ...]
    tolerance: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nominal:
    """The nominal flight: last state, and matrices from the release to the trim and to the end."""

    end: Array
    trim: Array
    to_end: Array
    to_trim: Array

    @property
    def both(self) -> Array:
        return np.concatenate([self.end, self.trim])

    @property
    def maps(self) -> Array:
        return np.concatenate([self.to_end, self.to_trim])

    @property
    def steer(self) -> Array:
        """Velocity at the trim that undoes an error of place at the end, by the state there."""
        onward = self.to_end @ np.linalg.inv(self.to_trim)
        steer: Array = -np.linalg.solve(onward[:3, 3:], onward[:3])
        return steer


@dataclass(slots=True)
class _Tally:
    """Sums over blocks of draws, and what is kept of single draws."""

    target: State | None
    end: Array
    radius_m: float | None
    steer: Array | None
    n_keep: int
    n: int = 0
    n_captured: int = 0
    n_met: Array = field(default_factory=lambda: np.zeros(4, dtype=np.int64))
    total: Array = field(default_factory=lambda: np.zeros(6))
    square: Array = field(default_factory=lambda: np.zeros((6, 6)))
    worst: float = 0.0
    miss: list[Array] = field(default_factory=list)
    trim: list[Array] = field(default_factory=list)
    kept: list[Array] = field(default_factory=list)

    def add(self, moved: Array, hits: Array) -> None:
        """Count a block of deviations from the nominal (12, draw); nan where none arrived."""
        good = np.isfinite(moved[0])
        self.n_met += np.bincount(hits.astype(np.int64), minlength=4)
        whole = moved[:, good]
        self.n += whole.shape[1]
        self.total += whole[:6].sum(axis=1)
        self.square += whole[:6] @ whole[:6].T
        miss = _misses(whole[:6], self.end, self.target)
        self.miss.append(miss)
        if self.radius_m is not None:
            self.n_captured += int(np.sum(miss <= self.radius_m))
        trim = np.full(moved.shape[1], np.nan)
        if self.steer is not None:
            trim[good] = np.sqrt(np.sum((self.steer @ whole[6:]) ** 2, axis=0))
            self.trim.append(trim[good])
        room = self.n_keep - sum(part.shape[1] for part in self.kept)
        if room > 0:
            self.kept.append(np.concatenate([moved[:6], trim[None]])[:, :room])


def disperse(
    *,
    state: State,
    release_covariance: Array,
    duration_s: float,
    release_mean: Array | None = None,
    method: Method = "linear",
    n_samples: int = 100_000,
    trim_s: float | None = None,
    target: State | None = None,
    capture_radius_m: float | None = None,
    center: str | None = None,
    forces: ForceModel | None = None,
    tolerance: float = 1e-12,
    seed: int = 0,
    n_keep: int = 10_000,
) -> Dispersed:
    r"""Carry the errors of a release to a later epoch.

    Parameters
    ----------
    state
        Nominal release, one state.
    release_covariance
        Covariance of the errors at release in SI: (7, 7) of x along the track, y left, z up in m,
        their velocities over the ground in m/s and the time in s, or (6, 6) of the state in ICRF
        axes. Time is that at which the muzzle is passed.
    duration_s
        Time of flight from the nominal release, s, negative for backward.
    release_mean
        Mean of the errors (7,) or (6,); none if not given.
    method
        ``"linear"``: state transition matrix. ``"unscented"``: sigma points flown, which carry
        second-order terms into mean and covariance. ``"monte_carlo"``: every draw flown.
    n_samples
        Draws. Those of the first two methods are normal about mean and covariance at the end.
    trim_s
        Time after release of an impulse that brings a craft back to the nominal place at the end;
        None for no trim.
    target
        Place, and velocity that a catcher there has, at the end; the nominal place, at rest
        relative to ``center``, if not given. Its epoch is not read.
    capture_radius_m
        Radius within which a craft that passes the target counts as caught, m.
    center
        Body that results are relative to; that of the state if not given.
    forces, tolerance
        As in :func:`moonbase.orbits.propagate`.
    seed
        Of the draws; a draw is the same in a run of any length.
    n_keep
        Draws that are kept whole.

    Returns
    -------
    Dispersed
        Mean (6,), covariance (6, 6), miss, trim, chances, samples.

    Raises
    ------
    DomainError
        A covariance that is none, an unknown method or body, a state that is not one release, or
        a nominal flight that ends early.

    Notes
    -----
    :math:`P_f = \Phi B P B^T \Phi^T`, B the derivative of the state at the nominal epoch by the
    errors at the muzzle. A release late by t leaves the same place on the ground with the same
    velocity over it: the state turns with the Moon and is flown back. Second-order terms of that
    stay in the draws; it holds for errors of time of some seconds. The 2 n sigma points lie at
    :math:`\pm\sqrt n` sigma, with :math:`\alpha = 1, \beta = 2, \kappa = 0`. The trim is
    :math:`-\Phi_{rv}^{-1} (\Phi_{rr}\,\delta r + \Phi_{rv}\,\delta v)` with the nominal's matrix
    from trim to end. The miss is read where a straight path past the target comes closest.

    Sources: Tapley, Schutz and Born (2004), Statistical Orbit Determination, section 4.8; Julier
    and Uhlmann (2004), Proc. IEEE 92, 401, doi:10.1109/JPROC.2003.823141; Battin (1999), An
    Introduction to the Mathematics and Methods of Astrodynamics, section 11.6.

    Examples
    --------
    >>> from moonbase.orbits import release_state
    >>> start = release_state(0.0, 0.97, 4.712389, 0.0, 2500.0, 946728000.0)
    >>> sigma = np.array([0.1, 0.1, 0.1, 0.01, 0.02, 0.02, 0.001])
    >>> cloud = disperse(state=start, release_covariance=np.diag(sigma**2),
    ...                  duration_s=10 * 86400.0, trim_s=86400.0)
    >>> [round(float(m) / 1e3) for m in cloud.miss_sigma_m], cloud.linear_error_frac < 1e-3
    ([16, 3], True)
    """
    if method not in METHODS:
        raise DomainError("no such method", path="method", hint=f"one of {', '.join(METHODS)}")
    for path, value in (("n_samples", n_samples), ("n_keep", n_keep), ("seed", seed)):
        count(path, value, {"n_samples": 2, "n_keep": 1, "seed": 0}[path])
    if capture_radius_m is not None and not capture_radius_m > 0.0:
        raise DomainError("must be > 0", path="capture_radius_m", hint="m, or None for no catcher")
    model = ForceModel() if forces is None else forces
    root = _root_of("release_covariance", release_covariance, (6, 7))
    mean = np.zeros(len(root)) if release_mean is None else np.asarray(release_mean, float)
    if mean.shape != (len(root),) or not np.isfinite(mean).all():
        raise DomainError(
            f"must be finite, of shape ({len(root)},), got {mean.shape}",
            path="release_mean",
            hint="as many errors as the covariance has",
        )
    muzzle = muzzle_of(state, len(root), model)
    times = _times(duration_s, trim_s)
    flyer = _Flyer(muzzle=muzzle, times=times, model=model, tolerance=tolerance)
    nominal = flyer.nominal()
    chain = nominal.maps @ first_order(muzzle)
    where = muzzle.center if center is None else center
    shift = ephemeris(muzzle.center, muzzle.epoch_tdb_s, where, offset_s=duration_s).array
    end = nominal.end + shift
    tally = _Tally(
        target=target,
        end=end,
        radius_m=capture_radius_m,
        steer=nominal.steer if trim_s is not None else None,
        n_keep=n_keep,
    )
    if method == "monte_carlo":
        for block, size in enumerate(block_sizes(n_samples)):
            errors = mean[:, None] + root @ normal_block(seed, block, len(root), size)
            moved, hits = flyer.deviations(errors, nominal)
            tally.add(moved, hits)
            tally.worst = max(tally.worst, _farthest(moved[:3], chain[:3] @ errors))
        center_of, spread = _moments(tally)
    else:
        points, spread = chain @ mean, chain @ root
        if method == "unscented":
            points, spread = _unscented(flyer, nominal, mean, root)
        for block, size in enumerate(block_sizes(n_samples)):
            unit = normal_block(seed, block, spread.shape[1], size)
            tally.add(points[:, None] + spread @ unit, np.zeros(size))
        errors = mean[:, None] + root @ normal_block(seed, 0, len(root), _CHECKS)
        moved, _ = flyer.deviations(errors, nominal)
        tally.worst = _farthest(moved[:3], chain[:3] @ errors)
        center_of, spread = points[:6], spread[:6] @ spread[:6].T
    return _report(tally, flyer, method, where, end, center_of, spread, chain[:6], n_samples, seed)


def map_covariance(
    *,
    state: State,
    release_covariance: Array,
    elapsed_s: Array,
    forces: ForceModel | None = None,
    tolerance: float = 1e-12,
) -> tuple[State, Array]:
    r"""Nominal states of a release at several times, and the covariance of its errors there.

    Parameters
    ----------
    state, release_covariance, forces, tolerance
        As in :func:`disperse`.
    elapsed_s
        Times since the release, s (time,).

    Returns
    -------
    tuple of State and Array
        States (3, time) about the release's body; covariance in ICRF axes, m2, m2/s and m2/s2,
        (6, 6, time).

    Raises
    ------
    DomainError
        As :func:`disperse`.

    Notes
    -----
    :math:`P = \Phi B P_0 B^T \Phi^T`; the sources are those of :func:`disperse`.

    Examples
    --------
    >>> from moonbase.orbits import release_state
    >>> start = release_state(0.0, 0.97, 4.712389, 0.0, 2500.0, 946728000.0)
    >>> states, p = map_covariance(state=start, release_covariance=np.eye(6) * 1e-4,
    ...                            elapsed_s=np.array([0.0, 3600.0]))
    >>> p.shape, bool(p[0, 0, 1] > p[0, 0, 0])
    ((6, 6, 2), True)
    """
    model = ForceModel() if forces is None else forces
    root = _root_of("release_covariance", release_covariance, (6, 7))
    muzzle = muzzle_of(state, len(root), model)
    times = np.atleast_1d(np.asarray(elapsed_s, dtype=np.float64))
    nominal, spread = _mapped_roots(muzzle, root, times, model, tolerance)
    states = State(
        center=muzzle.center,
        epoch_tdb_s=muzzle.epoch_tdb_s + times,
        r_icrf_m=nominal[:3],
        v_icrf_m_s=nominal[3:],
    )
    return states, np.einsum("ikt,jkt->ijt", spread, spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flyer:
    """Flies draws of one release to its trim and its end."""

    muzzle: _Muzzle
    times: tuple[float, float]
    model: ForceModel
    tolerance: float

    def nominal(self) -> _Nominal:
        flight = propagate(
            np.column_stack([self.muzzle.start] * 2),
            self.muzzle.epoch_tdb_s,
            np.array(self.times),
            center=self.muzzle.center,
            forces=self.model,
            tolerance=self.tolerance,
            stm=True,
        )
        if np.any(flight.status != 0):
            raise DomainError(
                f"the nominal flight ends after {float(np.min(flight.elapsed_s)):.4g} s",
                path="duration_s",
                hint="shorten it, or change the release: it meets the Moon or the Earth",
            )
        assert flight.stm is not None
        (trim, end), both = flight.array.T, flight.stm
        return _Nominal(end=end, trim=trim, to_trim=both[..., 0], to_end=both[..., 1])

    def deviations(self, errors: Array, nominal: _Nominal) -> tuple[Array, Array]:
        """Deviations from the nominal at end and trim (12, draw), and what was met."""
        flight = propagate(
            _scatter(self.muzzle, errors),
            self.muzzle.epoch_tdb_s,
            self.times[1],
            center=self.muzzle.center,
            forces=self.model,
            tolerance=self.tolerance,
            sample_s=self.times[:1],
        )
        there = np.concatenate(
            [flight.array, flight.sample_r_icrf_m[:, 0], flight.sample_v_icrf_m_s[:, 0]]
        )
        arrived = flight.status == 0
        moved = np.where(arrived, there - nominal.both[:, None], np.nan)
        limits = {name: radius_of(name) for name in ("moon", "earth")}
        hits = _met(flight.relative_to("moon").r_icrf_m, flight.status, limits)
        return moved, np.where(flight.status == _LOST, _LOST, hits)


def _times(duration_s: float, trim_s: float | None) -> tuple[float, float]:
    end = float(duration_s)
    trim = 0.0 if trim_s is None else float(trim_s)
    if not np.isfinite(end) or end == 0.0:
        raise DomainError("must be finite and not 0", path="duration_s", hint="seconds of flight")
    if trim_s is not None and not 0.0 <= trim / end < 1.0:
        raise DomainError("must lie before the end", path="trim_s", hint="0 is at the release")
    return trim, end


def _unscented(flyer: _Flyer, nominal: _Nominal, mean: Array, root: Array) -> tuple[Array, Array]:
    """Mean of the sigma points and a root of their covariance, at end and trim (12,)."""
    n = len(root)
    reach = np.sqrt(float(n)) * root
    errors = mean[:, None] + np.concatenate([np.zeros((n, 1)), reach, -reach], axis=1)
    moved, _ = flyer.deviations(errors, nominal)
    if not np.isfinite(moved).all():
        raise DomainError(
            "a sigma point does not arrive", path="release_covariance", hint="take monte_carlo"
        )
    middle = moved[:, 1:].mean(axis=1)
    off = (moved - middle[:, None]) * np.concatenate(
        [[np.sqrt(2.0)], np.full(2 * n, (2 * n) ** -0.5)]
    )
    return middle, off


def _misses(moved: Array, end: Array, target: State | None) -> Array:
    """Closest distance from the target of straight paths, from deviations at the end."""
    r, v = moved[:3], end[3:, None] + moved[3:]
    if target is not None:
        r = r + (end[:3] - np.asarray(target.r_icrf_m, float))[:, None]
        v = v - np.asarray(target.v_icrf_m_s, float)[:, None]
    return _passing(r, v)


def _moments(tally: _Tally) -> tuple[Array, Array]:
    """Mean and covariance of the draws that arrived."""
    if tally.n < 2:
        return np.full(6, np.nan), np.full((6, 6), np.nan)
    mean = tally.total / tally.n
    return mean, (tally.square - tally.n * np.outer(mean, mean)) / (tally.n - 1)


def _report(
    tally: _Tally,
    flyer: _Flyer,
    method: str,
    center: str,
    end: Array,
    mean: Array,
    covariance: Array,
    chain: Array,
    n_samples: int,
    seed: int,
) -> Dispersed:
    seen = end[3:] if tally.target is None else end[3:] - np.asarray(tally.target.v_icrf_m_s)
    sigma, axes = _across(covariance, seen)
    kept = np.concatenate(tally.kept, axis=1)
    miss = np.concatenate(tally.miss)
    flown = method == "monte_carlo"

    def hit(count: Real) -> Chance | None:
        return chance(n_hits=int(count), n_samples=n_samples) if flown else None

    def percentiles(values: Array) -> Array:
        nothing = np.full(len(PERCENTILES), np.nan)
        return np.percentile(values, PERCENTILES) if values.size else nothing

    return Dispersed(
        method=method,
        center=center,
        epoch_tdb_s=flyer.muzzle.epoch_tdb_s + flyer.times[1],
        elapsed_s=flyer.times[1],
        n_samples=n_samples,
        n_lost=int(tally.n_met[_LOST]),
        nominal_r_icrf_m=end[:3],
        nominal_v_icrf_m_s=end[3:],
        mean_r_icrf_m=end[:3] + mean[:3],
        mean_v_icrf_m_s=end[3:] + mean[3:],
        covariance=covariance,
        sensitivity=chain,
        miss_sigma_m=sigma,
        miss_axes_nd=axes,
        miss_m=percentiles(miss),
        trim_delta_v_m_s=percentiles(np.concatenate(tally.trim)) if tally.trim else None,
        capture=chance(n_hits=tally.n_captured, n_samples=n_samples)
        if tally.radius_m is not None
        else None,
        moon_impact=hit(tally.n_met[1]),
        earth_impact=hit(tally.n_met[2]),
        linear_error_frac=tally.worst,
        sample_r_icrf_m=end[:3, None] + kept[:3],
        sample_v_icrf_m_s=end[3:, None] + kept[3:6],
        sample_trim_m_s=kept[6],
        forces=flyer.model.names,
        tolerance=flyer.tolerance,
        seed=seed,
    )
