"""Which release reaches a target, and which burns it still needs.

A search on closed conics or on a coarse grid of flown releases gives guesses; Newton's method with
the state transition matrix corrects them in the full force model; the one with the least burns is
kept, of equals the least sensitive to speed. Neglected: what :mod:`moonbase.orbits.forces` and
:mod:`moonbase.orbits.goals` name, terrain, and solutions between the cells of the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import DAY_s
from moonbase.core.errors import DomainError
from moonbase.orbits import _guess, _kepler
from moonbase.orbits._correct import (
    AZIMUTH,
    ELAPSED,
    SHIFT,
    SPEED,
    Corrected,
    Tracks,
    correct,
    sensitivity,
)
from moonbase.orbits._finish import finish, gaps, relative_gap
from moonbase.orbits._records import gm_of
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.goals import (
    Burn,
    EarthFlyby,
    EarthOrbit,
    Goal,
    LibrationPoint,
    LunarEscape,
    LunarOrbit,
    SolarOrbit,
)

TARGET_STATUS = (
    "reached",
    "nearest: a miss is left",
    "no path found",
    "an input is not finite",
)
"""What the status codes 0 to 3 of a target mean."""
REACHED, NEAREST, NO_PATH, NOT_FINITE = range(4)
_FLYBY_TOLERANCE = 1e-13
"""A passage makes errors of the steps before it grow a thousand times."""
_NEAR_ratio = 0.25
"""A miss, over the size of what is aimed at, that is still called near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Releases that reach a goal (draw), nan where none does; a single case has no draw axis.

    ``epoch_tdb_s`` is the release, ``elapsed_s`` the coast to the arrival, where the craft is at
    ``r_icrf_m``, ``v_icrf_m_s`` (3, draw) relative to the Moon. ``miss_m`` is what is left of the
    distance asked for, ``miss_m_s`` of the velocity (escapes alone). ``miss_per_speed_s``,
    ``miss_per_azimuth_m`` and ``miss_per_elevation_m`` move the arrival place at a fixed time, per
    m/s and per rad. ``n_solutions`` counts the throws that were found to serve.
    """

    goal: Goal
    status: npt.NDArray[np.int64]
    advice: tuple[str, ...]
    latitude_rad: Array
    longitude_rad: Array
    azimuth_rad: Array
    elevation_rad: Array
    height_m: Array
    speed_m_s: Array
    epoch_tdb_s: Array
    elapsed_s: Array
    r_icrf_m: Array
    v_icrf_m_s: Array
    c3_moon_m2_s2: Array
    miss_m: Array
    miss_m_s: Array
    miss_per_speed_s: Array
    miss_per_azimuth_m: Array
    miss_per_elevation_m: Array
    burns: tuple[Burn, ...]
    n_solutions: npt.NDArray[np.int64]

    @property
    def total_delta_v_m_s(self) -> Array:
        """Sum of the burns that take propellant, m/s."""
        total = 0.0 * self.speed_m_s
        for burn in self.burns:
            total = total + burn.delta_v_m_s * burn.propulsive
        return total


def target(
    *,
    goal: Goal,
    latitude_rad: Real,
    longitude_rad: Real,
    epoch_tdb_s: Real,
    window_s: float = 0.0,
    azimuth_rad: Real | None = None,
    elevation_rad: Real = 0.0,
    height_m: Real = 0.0,
    least_speed_m_s: float = 0.0,
    most_speed_m_s: float = 4000.0,
    longest_s: float | None = None,
    forces: ForceModel | None = None,
    tolerance: float = 1e-11,
) -> Target:
    r"""Find the release from a site that reaches a goal with the least burns.

    Parameters
    ----------
    goal
        :class:`LunarEscape`, :class:`LibrationPoint`, :class:`SolarOrbit`, :class:`LunarOrbit`,
        :class:`EarthOrbit` or :class:`EarthFlyby`.
    latitude_rad, longitude_rad, elevation_rad, height_m
        Site in mean-Earth axes and elevation of the track, as in
        :func:`moonbase.orbits.release_state` (draw).
    epoch_tdb_s
        First release epoch allowed, seconds past J2000 TDB (draw).
    window_s
        Time after it within which the release may be chosen, s; 0 fixes the epoch.
    azimuth_rad
        Azimuth of a track that is laid, rad (draw), or None to choose it.
    least_speed_m_s, most_speed_m_s
        Speeds over the ground that the driver gives, m/s.
    longest_s
        Longest coast, s. If not given: 15 d to the points of Earth and Moon, 200 d to the Sun and
        Earth's L1 and L2, 3 Julian years to L3 to L5, 40 d to a perigee; about the Sun, one Julian
        year, at the end of which the orbit is read.
    forces, tolerance
        Of the corrected flight, as in :func:`moonbase.orbits.propagate`; past a body the tolerance
        is 1e-13 at most.

    Returns
    -------
    Target
        Release, arrival, misses, burns and sensitivities (draw); see ``status`` and ``advice``.

    Raises
    ------
    DomainError
        The speeds, the window or the coast are out of range, or an epoch leaves the tables.

    Notes
    -----
    With :math:`\Phi` from release to arrival and B the derivative of the release, a change of speed
    or azimuth moves the end by :math:`\Phi B\,\delta`, a delay by
    :math:`\Phi(\partial_t x_0 - \dot x_0) + \dot x_f`. A place is met to 1e-8 of the system's
    length (4 m at the Moon, 1.5 km about the Sun), an apsis to 1 m, an excess velocity to 0.1
    mm/s, a solar orbit to 1 km.

    Source: differential correction, Battin (1987), An Introduction to the Mathematics and Methods
    of Astrodynamics, chapter 11; derived otherwise.

    Examples
    --------
    >>> found = target(goal=LunarOrbit(orbit_height_m=1e5), latitude_rad=0.1, longitude_rad=0.5,
    ...                azimuth_rad=1.5707963, epoch_tdb_s=946728000.0)
    >>> round(float(found.speed_m_s)), round(float(found.total_delta_v_m_s))
    (1699, 23)
    """
    _check(goal, window_s, least_speed_m_s, most_speed_m_s, longest_s)
    inputs = [latitude_rad, longitude_rad, elevation_rad, height_m, epoch_tdb_s]
    inputs.append(np.nan if azimuth_rad is None else azimuth_rad)
    cases = np.broadcast_arrays(*(np.asarray(item, dtype=np.float64) for item in inputs))
    shape = cases[0].shape
    columns = np.array([item.ravel() for item in cases])
    coast = _coast(goal) if longest_s is None else longest_s
    if isinstance(goal, SolarOrbit) and goal.flyby is not None:
        tolerance = min(tolerance, _FLYBY_TOLERANCE)
    rows = []
    for column in columns.T:
        tracks = Tracks(
            latitude_rad=column[0:1],
            longitude_rad=column[1:2],
            elevation_rad=column[2:3],
            height_m=column[3:4],
            epoch_tdb_s=column[4:5],
            forces=ForceModel() if forces is None else forces,
            tolerance=tolerance,
        )
        search = _guess.Search(
            tracks=tracks,
            azimuth_rad=None if azimuth_rad is None else float(column[5]),
            window_s=window_s,
            speeds_m_s=(least_speed_m_s, most_speed_m_s),
            longest_s=coast,
        )
        known = column if azimuth_rad is not None else column[:5]
        rows.append(_solve(goal, search) if np.isfinite(known).all() else _unsolved(NOT_FINITE))
    return _assemble(goal, rows, columns, shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One case's answer."""

    status: int
    advice: str
    unknown: Array
    end: Array
    c3: float
    miss: tuple[float, float]
    slopes: Array
    burns: tuple[Burn, ...]
    n_solutions: int


def _check(goal: Goal, window_s: float, least: float, most: float, longest_s: float | None) -> None:
    if not isinstance(goal, Goal):
        raise DomainError(
            f"is no goal: {goal!r}",
            path="goal",
            hint='one of the classes of goals, such as LibrationPoint(name="L2")',
        )
    if not 0.0 <= least < most:
        raise DomainError(
            f"must be above the least speed, got {least} and {most}",
            path="most_speed_m_s",
            hint="speeds over the ground that the driver gives, m/s",
        )
    if not 0.0 <= window_s < np.inf:
        raise DomainError("must not be negative", path="window_s", hint="0 fixes the epoch")
    if longest_s is not None and not longest_s > 0.0:
        raise DomainError("must be > 0", path="longest_s", hint="None takes the goal's own")


def _coast(goal: Goal) -> float:
    if isinstance(goal, LibrationPoint):
        if goal.system == "earth-moon":
            return 15.0 * DAY_s
        return (200.0 if goal.name in ("L1", "L2") else 1095.75) * DAY_s
    if isinstance(goal, SolarOrbit):
        return 365.25 * DAY_s
    return 40.0 * DAY_s


def _free(goal: Goal, search: _guess.Search) -> tuple[int, ...]:
    """Unknowns that the correction may change."""
    if isinstance(goal, SolarOrbit):
        return (SPEED,)
    if isinstance(goal, EarthOrbit | EarthFlyby):
        return (SPEED, ELAPSED)
    turning = (AZIMUTH,) if search.azimuth_rad is None else ()
    waiting = (SHIFT,) if search.window_s > 0.0 else ()
    if isinstance(goal, LunarOrbit):
        turning = turning if goal.inclination_rad is not None else ()
        return (SPEED, *turning, ELAPSED)
    if isinstance(goal, LunarEscape):
        return (SPEED, *turning, *waiting, ELAPSED)
    if goal.system == "sun-earth" and goal.name in ("L3", "L4", "L5"):
        return (SPEED, *turning, ELAPSED)
    return (SPEED, *(turning or waiting), ELAPSED)


def _solve(goal: Goal, search: _guess.Search) -> _Row:
    guesses = _guess.guess(goal, search)
    n = guesses.unknowns.shape[1]
    if n == 0:
        return _unsolved(NO_PATH, _remedy(guesses.nearest, goal, search))
    tracks = search.tracks.at(np.zeros(n, dtype=np.int64))
    least, most = search.speeds_m_s
    low, high = np.full((4, n), -np.inf), np.full((4, n), np.inf)
    low[SPEED], high[SPEED] = least, most
    low[SHIFT], high[SHIFT] = 0.0, search.window_s
    low[ELAPSED], high[ELAPSED] = 60.0, search.longest_s
    found = correct(
        goal=goal,
        tracks=tracks,
        unknowns=guesses.unknowns,
        free=_free(goal, search),
        least=low,
        most=high,
    )
    ends = finish(goal, tracks, found)
    good = found.met & np.isfinite(ends.cost_m_s)
    if good.any():
        cost = np.where(good, np.round(ends.cost_m_s, 2), np.inf)
        pick = int(np.lexsort((found.steepness_nd, cost))[0])
        return _row(REACHED, "", goal, tracks, found, ends.burns, pick, int(good.sum()))
    gap = relative_gap(goal, found)
    near = np.isfinite(ends.cost_m_s) & (gap < _NEAR_ratio)
    if near.any():
        pick = int(np.argmin(np.where(near, gap, np.inf)))
        words = _remedy("no throw of this track and window meets the goal", goal, search)
        return _row(NEAREST, words, goal, tracks, found, ends.burns, pick, 0)
    return _unsolved(NO_PATH, _remedy(guesses.nearest, goal, search))


def _remedy(nearest: str, goal: Goal, search: _guess.Search) -> str:
    remedies = []
    if search.azimuth_rad is not None and not isinstance(goal, LunarOrbit):
        remedies.append("free the azimuth")
    if search.window_s < 27.0 * DAY_s and not isinstance(goal, LunarOrbit):
        remedies.append("widen the window to a month")
    remedies.append("change the site or the speeds")
    if isinstance(goal, EarthOrbit | EarthFlyby):
        remedies.append("throw against the Moon's motion, towards 90 degrees east")
    if isinstance(goal, LibrationPoint) and goal.system == "earth-moon":
        remedies.append("stand 100 to 170 degrees short of the point, along the throw")
    return f"{nearest}: {', or '.join(remedies)}"


def _row(
    status: int,
    advice: str,
    goal: Goal,
    tracks: Tracks,
    found: Corrected,
    burns: tuple[Burn, ...],
    pick: int,
    n_solutions: int,
) -> _Row:
    one = tracks.at(np.array([pick]))
    unknown = found.unknowns[:, [pick]]
    start = one.start(unknown)
    distance, speed = gaps(goal, found.states[:, [pick]], found.end_tdb_s[[pick]])
    return _Row(
        status=status,
        advice=advice,
        unknown=unknown[:, 0],
        end=found.states[:, pick],
        c3=float(_kepler.energy_of(start[:3], start[3:], gm_of("moon"))[0]),
        miss=(float(distance[0]), float(speed[0])),
        slopes=sensitivity(goal, one, unknown)[:, 0],
        burns=tuple(
            Burn(
                name=burn.name,
                elapsed_s=burn.elapsed_s[pick],
                delta_v_m_s=burn.delta_v_m_s[pick],
                propulsive=burn.propulsive,
                n_passes=None if burn.n_passes is None else burn.n_passes[pick],
            )
            for burn in burns
        ),
        n_solutions=n_solutions,
    )


def _unsolved(status: int, advice: str = "an input is not finite: give numbers") -> _Row:
    return _Row(
        status=status,
        advice=advice,
        unknown=np.full(4, np.nan),
        end=np.full(6, np.nan),
        c3=np.nan,
        miss=(np.nan, np.nan),
        slopes=np.full(3, np.nan),
        burns=(),
        n_solutions=0,
    )


def _assemble(goal: Goal, rows: list[_Row], columns: Array, shape: tuple[int, ...]) -> Target:
    unknown = np.stack([row.unknown for row in rows], axis=-1).reshape(4, *shape)
    end = np.stack([row.end for row in rows], axis=-1).reshape(6, *shape)
    slopes = np.stack([row.slopes for row in rows], axis=-1).reshape(3, *shape)
    latitude, longitude, elevation, height, epoch = (item.reshape(shape) for item in columns[:5])
    whole = [
        np.array(item).reshape(shape) for item in zip(*(row.miss for row in rows), strict=True)
    ]
    return Target(
        goal=goal,
        status=np.array([row.status for row in rows]).reshape(shape),
        advice=tuple(row.advice for row in rows),
        latitude_rad=latitude,
        longitude_rad=longitude,
        azimuth_rad=unknown[AZIMUTH] % (2.0 * np.pi),
        elevation_rad=elevation,
        height_m=height,
        speed_m_s=unknown[SPEED],
        epoch_tdb_s=epoch + unknown[SHIFT],
        elapsed_s=unknown[ELAPSED],
        r_icrf_m=end[:3],
        v_icrf_m_s=end[3:],
        c3_moon_m2_s2=np.array([row.c3 for row in rows]).reshape(shape),
        miss_m=whole[0],
        miss_m_s=whole[1],
        miss_per_speed_s=slopes[0],
        miss_per_azimuth_m=slopes[1],
        miss_per_elevation_m=slopes[2],
        burns=_burns([row.burns for row in rows], shape),
        n_solutions=np.array([row.n_solutions for row in rows]).reshape(shape),
    )


def _burns(rows: list[tuple[Burn, ...]], shape: tuple[int, ...]) -> tuple[Burn, ...]:
    """Burns of all cases, joined by their place in the list; nan where a case has none."""
    model = max(rows, key=len)

    def join(place: int, name: str) -> Array:
        values = [getattr(row[place], name) if row else np.nan for row in rows]
        return np.array(values, dtype=np.float64).reshape(shape)

    return tuple(
        Burn(
            name=burn.name,
            elapsed_s=join(place, "elapsed_s"),
            delta_v_m_s=join(place, "delta_v_m_s"),
            propulsive=burn.propulsive,
            n_passes=None if burn.n_passes is None else join(place, "n_passes"),
        )
        for place, burn in enumerate(model)
    )
