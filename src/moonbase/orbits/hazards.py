"""What a release may hit: chances over decades, keep-out of assets, and the safe corridor.

Neglected: failures of the driver beyond its stated errors, manoeuvres of the craft, terrain, the
spread of the assets' own orbits, and bodies other than Moon and Earth as things to hit. Over
decades a path that passes near the Earth again cannot be told; the share that hits can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._cloud import (
    _met,
    _root_of,
    _scatter,
    block_sizes,
    muzzle_of,
    normal_block,
)
from moonbase.orbits._records import radius_of
from moonbase.orbits.chance import Chance, chance
from moonbase.orbits.de440 import State, series
from moonbase.orbits.flight import propagate
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.frames import release_angles, release_state

FATES = ("clear", "met the Moon", "met the Earth", "lost")
"""What the codes of a fate mean."""
_ROUNDS = 3
_LOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """Chances that a release ends on the Moon or the Earth, with 95 % intervals.

    ``moon_hit_s`` and ``earth_hit_s`` are the times of the hits, in rising order. Craft that were
    lost to the numbers count as samples that hit nothing.
    """

    duration_s: float
    near_s: float
    moon: Chance
    earth: Chance
    n_lost: int
    moon_hit_s: Array
    earth_hit_s: Array
    forces: tuple[str, ...]
    later_forces: tuple[str, ...]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """Errors of one kind at a time that a release stands before it meets a body.

    Each pair holds the lowest and the highest error that is still clear; ``ends`` says, in the
    order of the fields, what is met beyond, or that the reach of the search is clear. ``clear`` is
    False, and the pairs nan, where the nominal release itself is not.
    """

    duration_s: float
    clear: bool
    speed_m_s: Array
    azimuth_rad: Array
    elevation_rad: Array
    ends: tuple[str, ...]


def hazards(
    *,
    state: State,
    release_covariance: Array,
    duration_s: float,
    release_mean: Array | None = None,
    n_samples: int = 10_000,
    near_s: float = 60.0 * 86_400.0,
    forces: ForceModel | None = None,
    tolerance: float = 1e-10,
    seed: int = 0,
) -> Hazards:
    """Chances of lunar re-impact and of an Earth impact, every draw flown.

    Parameters
    ----------
    state, release_covariance, release_mean
        As in :func:`moonbase.orbits.disperse`.
    duration_s
        How long hits are counted, s. The shipped table of the bodies ends with the year 2180:
        :func:`table_end`.
    n_samples
        Draws. Chances below three over this number cannot be told from zero.
    near_s
        Time during which ``forces`` act, s; after it the Moon and the Earth are point masses.
    forces
        What acts at first; ForceModel() if not given.
    tolerance
        As in :func:`moonbase.orbits.propagate`.
    seed
        Of the draws.

    Returns
    -------
    Hazards
        Chances, times of the hits in s.

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.disperse`, or a flight that leaves the years of the tables.

    Notes
    -----
    Hits are events on the path between steps, so that a graze is not missed. Source: counts of
    flown draws, Wilson (1927) for the interval.

    Examples
    --------
    >>> start = release_state(0.0, 0.97, 4.712389, 0.2, 2000.0, 946728000.0)
    >>> found = hazards(state=start, release_covariance=np.eye(6) * 1e-6, n_samples=20,
    ...                 duration_s=2 * 86400.0)
    >>> found.moon.share_frac, found.earth.n_hits
    (1.0, 0)
    """
    model = ForceModel() if forces is None else forces
    later = replace(
        model, bodies=model.bodies + model.common_bodies, common_bodies=(), gravity=None
    ).after(near_s)
    if not duration_s > 0.0 or not near_s > 0.0:
        raise DomainError("must be > 0", path="duration_s", hint="also check near_s")
    root = _root_of("release_covariance", release_covariance, (6, 7))
    mean = np.zeros(len(root)) if release_mean is None else np.asarray(release_mean, float)
    muzzle = muzzle_of(state, len(root), model)
    first = min(near_s, duration_s)
    fates, times = [], []
    for block, size in enumerate(block_sizes(n_samples)):
        errors = mean[:, None] + root @ normal_block(seed, block, len(root), size)
        flight = propagate(
            _scatter(muzzle, errors),
            muzzle.epoch_tdb_s,
            first,
            center=muzzle.center,
            forces=model,
            tolerance=tolerance,
        )
        fate, when = _fates(flight.relative_to("moon"), flight.status), flight.elapsed_s.copy()
        on = np.flatnonzero(flight.status == 0)
        if on.size and duration_s > first:
            sun = flight.relative_to("sun")
            rest = propagate(
                sun.array[:, on],
                muzzle.epoch_tdb_s + first,
                duration_s - first,
                center="sun",
                forces=later,
                tolerance=tolerance,
            )
            fate[on], when[on] = (
                _fates(rest.relative_to("moon"), rest.status),
                first + rest.elapsed_s,
            )
        fates.append(fate)
        times.append(when)
    fate, when = np.concatenate(fates), np.concatenate(times)
    on_moon, on_earth = (np.sort(when[fate == body]) for body in (1, 2))
    return Hazards(
        duration_s=float(duration_s),
        near_s=first,
        moon=chance(n_hits=on_moon.size, n_samples=n_samples),
        earth=chance(n_hits=on_earth.size, n_samples=n_samples),
        n_lost=int(np.sum(fate == _LOST)),
        moon_hit_s=on_moon,
        earth_hit_s=on_earth,
        forces=model.names,
        later_forces=later.names,
        seed=seed,
    )


def table_end() -> float:
    """Last epoch of the shipped bodies, seconds past J2000 TDB.

    Examples
    --------
    >>> round(2000.0 + table_end() / 3.15576e7)
    2181
    """
    return min(item.end_tdb_s for name, item in series().items() if name != "orientation")


def release_fates(
    *,
    state: State,
    duration_s: float,
    speed_m_s: Real = 0.0,
    azimuth_rad: Real = 0.0,
    elevation_rad: Real = 0.0,
    forces: ForceModel | None = None,
    tolerance: float = 1e-10,
) -> npt.NDArray[np.int64]:
    """What becomes of a release with errors of speed, azimuth and elevation.

    Parameters
    ----------
    state
        Nominal release from the Moon, one state.
    duration_s
        Time of flight, s.
    speed_m_s, azimuth_rad, elevation_rad
        Errors over the ground, any shapes that broadcast.
    forces, tolerance
        As in :func:`moonbase.orbits.propagate`.

    Returns
    -------
    numpy.ndarray
        Codes of ``FATES`` in the shape of the errors: 0 clear, 1 the Moon, 2 the Earth, 3 lost.

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.propagate`.

    Notes
    -----
    The ground is the sphere of 1,737.4 km; a level throw may graze it in its first step, which
    :func:`moonbase.orbits.terrain_clearance` judges. Source: flown.

    Examples
    --------
    >>> start = release_state(0.0, 0.97, 4.712389, 0.2, 2500.0, 946728000.0)
    >>> release_fates(state=start, duration_s=5 * 86400.0, speed_m_s=np.array([-300.0, 0.0]))
    array([1, 0])
    """
    angles = release_angles(state=state)
    errors = np.broadcast_arrays(speed_m_s, azimuth_rad, elevation_rad)
    speed, azimuth, elevation = (np.ravel(e).astype(np.float64) for e in errors)
    start = release_state(
        angles.latitude_rad,
        angles.longitude_rad,
        angles.azimuth_rad + azimuth,
        angles.elevation_rad + elevation,
        np.maximum(angles.speed_m_s + speed, 0.0),
        state.epoch_tdb_s,
        height_m=angles.height_m,
    )
    flight = propagate(start, duration_s=duration_s, forces=forces, tolerance=tolerance)
    return _fates(flight.relative_to("moon"), flight.status).reshape(errors[0].shape)


def release_corridor(
    *,
    state: State,
    duration_s: float,
    speed_reach_m_s: float,
    angle_reach_rad: float,
    forces: ForceModel | None = None,
    tolerance: float = 1e-10,
    n_grid: int = 32,
) -> Corridor:
    """Errors of speed, azimuth and elevation that a release stands, one at a time.

    Parameters
    ----------
    state, duration_s, forces, tolerance
        As in :func:`release_fates`.
    speed_reach_m_s, angle_reach_rad
        How far on either side errors are tried, m/s and rad.
    n_grid
        Errors tried on each side in each of three rounds: bounds are found to the reach over the
        third power of it. A gap narrower than the reach over ``n_grid`` may be missed.

    Returns
    -------
    Corridor
        Lowest and highest clear error, (2,) each, and what lies beyond.

    Raises
    ------
    DomainError
        As :func:`release_fates`, or a reach that is not positive.

    Notes
    -----
    Source: derived; the first error on a grid that is not clear, refined twice.

    Examples
    --------
    >>> start = release_state(0.0, 0.97, 4.712389, 0.2, 2500.0, 946728000.0)
    >>> safe = release_corridor(state=start, duration_s=5 * 86400.0, speed_reach_m_s=400.0,
    ...                         angle_reach_rad=0.02, n_grid=8)
    >>> -260.0 < float(safe.speed_m_s[0]) < -200.0, safe.ends[0]
    (True, 'met the Moon')
    """
    if not speed_reach_m_s > 0.0 or not angle_reach_rad > 0.0 or n_grid < 2:
        raise DomainError(
            "must be > 0", path="speed_reach_m_s", hint="also angle_reach_rad; n_grid from 2 on"
        )
    reach = np.array([speed_reach_m_s, angle_reach_rad, angle_reach_rad])
    ends = np.concatenate([-np.diag(reach), np.diag(reach)])
    safe, unsafe = np.zeros((6, 3)), ends
    code = np.zeros(6, dtype=np.int64)
    nominal = release_fates(state=state, duration_s=duration_s, forces=forces, tolerance=tolerance)
    steps = (np.arange(n_grid) + 1.0) / n_grid
    for _ in range(_ROUNDS if nominal == 0 else 0):
        tried = safe[:, None] + (unsafe - safe)[:, None] * steps[:, None]
        fates = release_fates(
            state=state,
            duration_s=duration_s,
            speed_m_s=tried[..., 0],
            azimuth_rad=tried[..., 1],
            elevation_rad=tried[..., 2],
            forces=forces,
            tolerance=tolerance,
        )
        for side in range(6):
            hits = np.flatnonzero(fates[side])
            if not hits.size:
                safe[side] = tried[side, -1]
                continue
            code[side] = fates[side, hits[0]]
            unsafe[side] = tried[side, hits[0]]
            safe[side] = tried[side, hits[0] - 1] if hits[0] else safe[side]
    if nominal != 0:
        safe[:] = np.nan
    pairs = [np.array([safe[axis, axis], safe[axis + 3, axis]]) for axis in range(3)]
    order = [side for axis in range(3) for side in (axis, axis + 3)]
    return Corridor(
        duration_s=float(duration_s),
        clear=bool(nominal == 0),
        speed_m_s=pairs[0],
        azimuth_rad=pairs[1],
        elevation_rad=pairs[2],
        ends=tuple(FATES[int(code[side])] for side in order),
    )


def _fates(place: State, status: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    radii = {name: radius_of(name) for name in ("moon", "earth")}
    hits = _met(place.r_icrf_m, np.atleast_1d(status), radii)
    return np.where(status == _LOST, _LOST, hits).astype(np.int64)
