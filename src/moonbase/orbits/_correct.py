"""Differential correction of throws: Newton's method on release and flight time, many at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.orbits._kepler import norm
from moonbase.orbits._records import gm_of, radius_of
from moonbase.orbits.de440 import ephemeris
from moonbase.orbits.flight import Flight, propagate
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.frames import release_state
from moonbase.orbits.goals import EarthFlyby, EarthOrbit, Goal, residual

Mask = npt.NDArray[np.bool_]

SPEED, AZIMUTH, SHIFT, ELAPSED = range(4)
"""Unknowns: speed m/s, azimuth rad, delay of the release s, time of flight s."""
_SCALE = np.array([10.0, 0.1, 40_000.0, 80_000.0])
_MAX_STEPS = 30
_PATIENCE, _ENOUGH = 16, 8
"""Steps after which stragglers are left if so many others are there."""
_DAMPING = (1e-12, 1e-3, 1e6)
"""Least, first and greatest damping, over the square of the largest slope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """Where craft are thrown from (craft,), and how they are flown."""

    latitude_rad: Array
    longitude_rad: Array
    elevation_rad: Array
    height_m: Array
    epoch_tdb_s: Array
    forces: ForceModel
    tolerance: float

    def at(self, rows: npt.NDArray[np.int64] | Mask) -> Tracks:
        """Some of the craft."""
        return replace(
            self,
            latitude_rad=self.latitude_rad[rows],
            longitude_rad=self.longitude_rad[rows],
            elevation_rad=self.elevation_rad[rows],
            height_m=self.height_m[rows],
            epoch_tdb_s=self.epoch_tdb_s[rows],
        )

    def start(self, unknowns: Array) -> Array:
        """Moon-centred release states (6, craft)."""
        return release_state(
            self.latitude_rad,
            self.longitude_rad,
            unknowns[AZIMUTH],
            self.elevation_rad,
            unknowns[SPEED],
            self.epoch_tdb_s,
            height_m=self.height_m,
            offset_s=unknowns[SHIFT],
        ).array


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Throws after correction (craft,): where they end, and whether all conditions are met.

    ``steepness_nd`` is the change of the misses with speed, in units of what is allowed per m/s.
    """

    unknowns: Array
    states: Array
    end_tdb_s: Array
    met: Mask
    steepness_nd: Array


def fly(goal: Goal, tracks: Tracks, unknowns: Array) -> Flight:
    """Coast to the end with the state transition matrix."""
    surfaces = {"moon": radius_of("moon"), "earth": radius_of("earth")}
    if isinstance(goal, EarthOrbit | EarthFlyby):
        del surfaces["earth"]
    return propagate(
        tracks.start(unknowns),
        tracks.epoch_tdb_s,
        unknowns[ELAPSED],
        offset_s=unknowns[SHIFT],
        forces=tracks.forces,
        tolerance=tracks.tolerance,
        stm=True,
        surfaces=surfaces,
    )


def correct(
    *,
    goal: Goal,
    tracks: Tracks,
    unknowns: Array,
    free: tuple[int, ...],
    least: Array,
    most: Array,
) -> Corrected:
    """Correct guesses (4, craft) of the unknowns named free, within bounds (4, craft).

    Levenberg and Marquardt's damping: less after a step that lessens the misses, more after one
    that does not. With fewer unknowns than conditions, or where no throw meets them all, the sum
    of squares is made least; with more unknowns, the smallest change is taken.
    """
    best = np.clip(unknowns, least, most)
    n = best.shape[1]
    miss, slope, end, when = _conditions(goal, tracks, best)
    size = _size(miss)
    damping = np.full(n, _DAMPING[1])
    going = np.isfinite(size) & (size >= 1.0)
    for turn in range(_MAX_STEPS):
        rows = np.flatnonzero(going)
        patient = turn < _PATIENCE or np.count_nonzero(size < 1.0) < _ENOUGH
        if not rows.size or not patient:
            break
        step = _step(miss[:, rows], slope[:, :, rows], best[:, rows], free, damping[rows])
        trial = np.clip(best[:, rows] + step, least[:, rows], most[:, rows])
        tried = _conditions(goal, tracks.at(rows), trial)
        left = _size(tried[0])
        better = left < size[rows]
        slow = better & (left > (1.0 - 1e-3) * size[rows])
        kept = rows[better]
        best[:, kept], size[kept] = trial[:, better], left[better]
        for whole, some in zip((miss, slope, end, when), tried, strict=True):
            whole[..., kept] = some[..., better]
        damping[rows] *= np.where(better, 0.05, 20.0)
        damping = np.maximum(damping, _DAMPING[0])
        going[rows[slow]] = False
        going &= (size >= 1.0) & (damping < _DAMPING[2])
    return Corrected(
        unknowns=best,
        states=end,
        end_tdb_s=when,
        met=size < 1.0,
        steepness_nd=norm(slope[:, SPEED]),
    )


def sensitivity(goal: Goal, tracks: Tracks, unknowns: Array) -> Array:
    """Change of the arrival place at a fixed time by speed, azimuth and elevation (3, craft)."""
    matrix = fly(goal, tracks, unknowns).stm
    assert matrix is not None
    tilted = [
        replace(tracks, elevation_rad=tracks.elevation_rad + tilt).start(unknowns)
        for tilt in (1e-4, -1e-4)
    ]
    columns = [
        _by_release(tracks, unknowns, SPEED, 1.0),
        _by_release(tracks, unknowns, AZIMUTH, 1e-4),
        (tilted[0] - tilted[1]) / 2e-4,
    ]
    moved = [norm(np.einsum("ij...,j...->i...", matrix[:3], column)) for column in columns]
    return np.array(moved)


def _size(miss: Array) -> Array:
    size = np.sqrt(np.sum(miss**2, axis=0))
    return np.where(np.isfinite(size), size, np.inf)


def _step(miss: Array, slope: Array, at: Array, free: tuple[int, ...], damping: Array) -> Array:
    """Damped step of all unknowns (4, craft), bounded; none where a slope is not finite."""
    rows = list(free)
    scale = _SCALE[rows]
    matrix = np.moveaxis(slope[:, rows], -1, 0) * scale
    good = np.isfinite(matrix).all(axis=(1, 2)) & np.isfinite(miss).all(axis=0)
    left, size, right = np.linalg.svd(
        np.where(good[:, None, None], matrix, 0.0), full_matrices=False
    )
    aim = np.einsum("nki,nk->ni", left, np.where(good, -miss, 0.0).T)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = size / (size**2 + damping[:, None] * size[:, :1] ** 2)
    change = np.einsum("nij,ni->nj", right, np.where(good[:, None], weight * aim, 0.0))
    step: Array = np.zeros_like(at)
    step[rows] = change.T * scale[:, None]
    limit = np.full_like(at, 40.0)
    limit[AZIMUTH], limit[SHIFT], limit[ELAPSED] = 0.2, 60_000.0, 0.2 * at[ELAPSED] + 1.0
    step /= np.maximum(1.0, np.max(np.abs(step) / limit, axis=0))
    return step


def _conditions(goal: Goal, tracks: Tracks, unknowns: Array) -> tuple[Array, Array, Array, Array]:
    """Misses (k, craft), their slopes (k, 4, craft), last states and their epochs."""
    flight = fly(goal, tracks, unknowns)
    end, matrix = flight.array, flight.stm
    assert matrix is not None
    end = np.where(flight.status == 0, end, np.nan)
    when = tracks.epoch_tdb_s + unknowns[SHIFT] + unknowns[ELAPSED]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        miss = residual(goal, end, when)
        by_state, by_time = _partials(goal, end, when)
    last = _rate(end, when)
    first = _first_rate(tracks, unknowns)

    def through(column: Array) -> Array:
        moved: Array = np.einsum("ij...,j...->i...", matrix, column)
        return moved

    columns = [
        through(_by_release(tracks, unknowns, SPEED, 1.0)),
        through(_by_release(tracks, unknowns, AZIMUTH, 1e-4)),
        through(_by_release(tracks, unknowns, SHIFT, 1.0) - first) + last,
        last,
    ]
    slope = np.einsum("ki...,ij...->kj...", by_state, np.stack(columns, axis=1))
    slope[:, SHIFT] += by_time
    slope[:, ELAPSED] += by_time
    return miss, slope, end, when


def _by_release(tracks: Tracks, unknowns: Array, which: int, step: float) -> Array:
    shift = np.zeros_like(unknowns)
    shift[which] = step
    change: Array = (tracks.start(unknowns + shift) - tracks.start(unknowns - shift)) / (2.0 * step)
    return change


def _partials(goal: Goal, end: Array, when: Array) -> tuple[Array, Array]:
    """Derivatives of the misses by the last state (k, 6, craft) and by time (k, craft)."""
    size = np.repeat(1e-6 * np.array([norm(end[:3]), norm(end[3:])]), 3, axis=0)
    columns = []
    for axis in range(6):
        shift = np.zeros_like(end)
        shift[axis] = size[axis]
        difference = residual(goal, end + shift, when) - residual(goal, end - shift, when)
        columns.append(difference / (2.0 * size[axis]))
    by_time = (residual(goal, end, when + 30.0) - residual(goal, end, when - 30.0)) / 60.0
    return np.stack(columns, axis=1), by_time


def _first_rate(tracks: Tracks, unknowns: Array) -> Array:
    """Time derivative of the release states in the full model (6, craft).

    The matrix takes it to the end, where it all but cancels: the points alone would not do.
    """
    ends = [
        propagate(
            tracks.start(unknowns),
            tracks.epoch_tdb_s,
            half,
            offset_s=unknowns[SHIFT],
            forces=tracks.forces,
            tolerance=1e-12,
            surfaces={},
        ).array
        for half in (0.5, -0.5)
    ]
    rate: Array = ends[0] - ends[1]
    return rate


def _rate(state: Array, epoch_tdb_s: Array) -> Array:
    """Time derivative of Moon-centred states (6, craft), by Moon, Earth and Sun as points."""
    r = state[:3]
    pull = -gm_of("moon") * r / norm(r) ** 3
    for body in ("earth", "sun"):
        far = ephemeris(body, epoch_tdb_s, "moon").r_icrf_m
        pull = pull - gm_of(body) * ((r - far) / norm(r - far) ** 3 + far / norm(far) ** 3)
    return np.concatenate([state[3:], pull])
