"""What a laid track reaches: every release epoch and speed flown, and what is still missing.

Neglected unless the force model given says otherwise: the lunar field above degree 2, terrain,
solar pressure, relativity. Burns are impulses on the conics that a cell ends with; phasing to a
place on a ring costs time, not speed, and is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import GM_SUN_m3_s2, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.orbits import _kepler
from moonbase.orbits._check import axis, check_speeds, one_number, together
from moonbase.orbits._guess import EARTH_SPHERE_m, MOON_SPHERE_m, light_model, own_perigees
from moonbase.orbits._kepler import norm
from moonbase.orbits._records import gm_of
from moonbase.orbits._slots import Slot, sample_times, still_needed
from moonbase.orbits.de440 import ephemeris
from moonbase.orbits.events import Event
from moonbase.orbits.flight import Flight, propagate
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.frames import release_state
from moonbase.orbits.goals import SolarOrbit

OUTCOMES = (
    "falls back to the Moon",
    "stays with the Moon",
    "stays with the Earth",
    "meets the Earth",
    "leaves inward",
    "leaves outward",
    "lost",
)
"""What the outcome codes 0 to 6 mean."""
BACK, MOON_BOUND, EARTH_BOUND, EARTH_IMPACT, INWARD, OUTWARD, LOST = range(7)

AWAY_m = 3e9
"""Twice the distance of the Sun-Earth L2: who is farther out has left the Earth."""
_CELLS, _SAMPLED_CELLS = 8192, 2048
"""Cells flown at once, which bounds memory; fewer if their paths are sampled."""
JUST_RELEASED_s = 600.0
_HITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchMap:
    """A track's map; all but the axes have shape (epoch, speed), nan where a thing does not happen.

    ``outcome`` indexes OUTCOMES, at ``elapsed_s`` after release. ``c3_moon_m2_s2`` and the
    asymptote are of the osculating hyperbola at the Moon's sphere of influence,
    ``c3_earth_m2_s2`` at the Earth's, where the craft last crosses it. ``moon_miss_m`` is the
    closest return to the Moon's centre, ``earth_miss_m`` the least distance from that of the Earth.
    Elements about the Sun are osculating at the end, of craft that have left the Earth;
    ``drift_rad_yr`` is their mean motion less the Earth's, positive ahead. ``slot_delta_v_m_s`` is
    what the slot still costs. ``n_moon_passes`` counts returns within the Moon's sphere of
    influence, ``n_earth_passes`` perigees within the Earth's, away from the Moon; 16 of either are
    looked at.
    """

    epoch_tdb_s: Array
    speed_m_s: Array
    outcome: npt.NDArray[np.int64]
    elapsed_s: Array
    c3_moon_m2_s2: Array
    asymptote_ra_rad: Array
    asymptote_dec_rad: Array
    c3_earth_m2_s2: Array
    moon_miss_m: Array
    earth_miss_m: Array
    n_moon_passes: npt.NDArray[np.int64]
    n_earth_passes: npt.NDArray[np.int64]
    semi_major_m: Array
    eccentricity_nd: Array
    inclination_rad: Array
    perihelion_m: Array
    aphelion_m: Array
    drift_rad_yr: Array
    slot_delta_v_m_s: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSurvey:
    """What each of several tracks reaches (track,).

    ``served_frac`` is the share of epochs at which some speed reaches the slot within the budget,
    ``longest_gap_s`` the longest wait between such epochs (inf where there are none), and
    ``least_delta_v_m_s`` the least burn of any cell, at ``best_epoch_tdb_s`` and
    ``best_speed_m_s``. ``slowest_m_s`` is the median over served epochs of the least speed that
    serves. ``outcome_frac`` (7, track) is the share of epochs at which some speed leads to each
    outcome, ``n_outcomes`` how many of the seven occur.
    """

    served_frac: Array
    longest_gap_s: Array
    least_delta_v_m_s: Array
    best_epoch_tdb_s: Array
    best_speed_m_s: Array
    slowest_m_s: Array
    outcome_frac: Array
    n_outcomes: npt.NDArray[np.int64]

    @property
    def ranking(self) -> npt.NDArray[np.int64]:
        """Indices of the tracks, the one that serves most often first."""
        order = np.lexsort((self.least_delta_v_m_s, -self.served_frac))
        return order.astype(np.int64)


def launch_map(
    *,
    latitude_rad: float,
    longitude_rad: float,
    azimuth_rad: float,
    epoch_tdb_s: Array,
    speed_m_s: Array,
    elevation_rad: float = 0.0,
    height_m: float = 0.0,
    slot: Slot | None = None,
    horizon_s: float = JULIAN_YEAR_s,
    forces: ForceModel | None = None,
    tolerance: float = 1e-9,
    n_threads: int | None = None,
) -> LaunchMap:
    r"""Fly a track's releases over epochs and speeds, and say where each one goes.

    Parameters
    ----------
    latitude_rad, longitude_rad, azimuth_rad, elevation_rad, height_m
        The track, as in :func:`moonbase.orbits.release_state`.
    epoch_tdb_s
        Release epochs, seconds past J2000 TDB, shape (epoch,).
    speed_m_s
        Speeds over the ground, m/s, shape (speed,).
    slot
        What the burn still needed is counted to; a ring that drifts ahead by 0.2 rad a year if not
        given.
    horizon_s
        Time that each craft is flown, s.
    forces
        Moon with degree 2, Earth with J2, Sun, Venus and Jupiter if not given.
    tolerance
        Of :func:`moonbase.orbits.propagate`.
    n_threads
        Threads to use; all cores if not given.

    Returns
    -------
    LaunchMap
        Arrays (epoch, speed).

    Raises
    ------
    DomainError
        An axis is empty or not finite, a speed or the horizon is not positive, the track is not
        one of finite numbers, or an epoch with its horizon leaves the tables.

    Notes
    -----
    A craft has left the Earth if it ends more than 3 million km from it; inward if its semi-major
    axis is then below that of the Earth. Burns: two at the apsides, the second with the change of
    plane, as :class:`SolarOrbit`, :class:`EarthOrbit` and :class:`LunarOrbit` describe; for an
    Earth orbit the first trims the perigee from the first apogee. At a :class:`LibrationPoint` the
    craft stops at its closest approach within 20 d (Earth and Moon) or 240 d (Sun and Earth), and
    the miss over the time of flight is added as a trim after release, first order.

    Source: flown; two-body burns, Hohmann (1925).

    Examples
    --------
    >>> found = launch_map(latitude_rad=0.0, longitude_rad=0.5, azimuth_rad=-1.5707963,
    ...                    epoch_tdb_s=np.array([946728000.0]),
    ...                    speed_m_s=np.array([2300.0, 2800.0]), horizon_s=120 * 86400.0)
    >>> [OUTCOMES[code] for code in found.outcome[0]]
    ['falls back to the Moon', 'leaves inward']
    """
    track = {
        "latitude_rad": latitude_rad,
        "longitude_rad": longitude_rad,
        "azimuth_rad": azimuth_rad,
        "elevation_rad": elevation_rad,
        "height_m": height_m,
    }
    site = {path: one_number(path, value) for path, value in track.items()}
    epochs, speeds = axis("epoch_tdb_s", epoch_tdb_s), axis("speed_m_s", speed_m_s)
    check_speeds(speeds)
    if not 0.0 < horizon_s < np.inf:
        raise DomainError(
            "must be > 0 and finite", path="horizon_s", hint="seconds; a year shows the drift"
        )
    slot = SolarOrbit(drift_rad_yr=0.2, ring=True) if slot is None else slot
    times = sample_times(slot, horizon_s)
    rows = max(1, (_CELLS if not times.size else _SAMPLED_CELLS) // speeds.size)
    parts = []
    for start in range(0, epochs.size, rows):
        some = np.repeat(epochs[start : start + rows], speeds.size)
        state = release_state(speed_m_s=np.resize(speeds, some.size), epoch_tdb_s=some, **site)
        flight = propagate(
            state,
            duration_s=horizon_s,
            forces=light_model() if forces is None else forces,
            tolerance=tolerance,
            events=_EVENTS,
            n_hits=_HITS,
            sample_s=times,
            n_threads=n_threads,
        )
        parts.append(_cells(flight, state.array, slot))
    shape = (epochs.size, speeds.size)
    return LaunchMap(
        epoch_tdb_s=epochs,
        speed_m_s=speeds,
        **{key: np.concatenate([part[key] for part in parts]).reshape(shape) for key in parts[0]},
    )


def site_survey(
    *,
    latitude_rad: Real,
    longitude_rad: Real,
    azimuth_rad: Real,
    epoch_tdb_s: Array,
    speed_m_s: Array,
    budget_m_s: float,
    elevation_rad: Real = 0.0,
    height_m: Real = 0.0,
    slot: Slot | None = None,
    horizon_s: float = JULIAN_YEAR_s,
    forces: ForceModel | None = None,
    tolerance: float = 1e-9,
    n_threads: int | None = None,
) -> SiteSurvey:
    """Compare tracks by what they reach and how often.

    Parameters
    ----------
    latitude_rad, longitude_rad, azimuth_rad, elevation_rad, height_m
        The tracks (track,).
    epoch_tdb_s, speed_m_s
        Axes of each map, as in :func:`launch_map`; the epochs in order.
    budget_m_s
        Velocity change that a craft has on board, m/s.
    slot, horizon_s, forces, tolerance, n_threads
        As in :func:`launch_map`.

    Returns
    -------
    SiteSurvey
        One entry a track; ``ranking`` puts the best first.

    Raises
    ------
    DomainError
        As :func:`launch_map`, or the budget is not positive.

    Notes
    -----
    Source: derived, counts over launch maps.

    Examples
    --------
    >>> survey = site_survey(latitude_rad=0.0, longitude_rad=0.5,
    ...                      azimuth_rad=np.array([-1.5707963, 1.5707963]), budget_m_s=900.0,
    ...                      epoch_tdb_s=946728000.0 + 86400.0 * np.arange(0, 28, 7),
    ...                      speed_m_s=np.array([2600.0, 2900.0]))
    >>> survey.served_frac.shape
    (2,)
    """
    if not budget_m_s > 0.0:
        raise DomainError("must be > 0", path="budget_m_s", hint="velocity change on board, m/s")
    tracks = together(
        latitude_rad=latitude_rad,
        longitude_rad=longitude_rad,
        azimuth_rad=azimuth_rad,
        elevation_rad=elevation_rad,
        height_m=height_m,
    )
    if not tracks[0].size:
        raise DomainError("no track is given", path="longitude_rad", hint="give one or more")
    found: dict[str, list[npt.ArrayLike]] = {item.name: [] for item in fields(SiteSurvey)}
    for latitude, longitude, azimuth, elevation, height in zip(
        *(np.atleast_1d(item) for item in tracks), strict=True
    ):
        item = launch_map(
            latitude_rad=float(latitude),
            longitude_rad=float(longitude),
            azimuth_rad=float(azimuth),
            elevation_rad=float(elevation),
            height_m=float(height),
            epoch_tdb_s=epoch_tdb_s,
            speed_m_s=speed_m_s,
            slot=slot,
            horizon_s=horizon_s,
            forces=forces,
            tolerance=tolerance,
            n_threads=n_threads,
        )
        for key, value in _verdict(item, budget_m_s).items():
            found[key].append(value)
    return SiteSurvey(**{key: np.stack(values, axis=-1) for key, values in found.items()})


_EVENTS = (
    Event(kind="periapsis", body="moon"),
    Event(kind="periapsis", body="earth"),
    Event(kind="sphere", body="moon", radius_m=MOON_SPHERE_m),
    Event(kind="sphere", body="earth", radius_m=EARTH_SPHERE_m),
)


def _cells(flight: Flight, start: Array, slot: Slot) -> dict[str, Array]:
    """Every entry of the map for craft in a row."""
    at_moon, at_earth, sphere, far_sphere = flight.events
    end = flight.t_tdb_s
    earth = flight.relative_to("earth")
    sun = flight.relative_to("sun")
    orbit = _kepler.solar_elements(sun.r_icrf_m, sun.v_icrf_m_s, end)
    outcome = _outcome(flight, norm(earth.r_icrf_m), orbit.semi_major_m)
    away = (outcome == INWARD) | (outcome == OUTWARD)
    exit_r, exit_v = sphere.r_icrf_m[:, 0], sphere.v_icrf_m_s[:, 0]
    excess = _kepler.excess_velocity(exit_r, exit_v, gm_of("moon"))
    last = np.clip(far_sphere.n_hits - 1, 0, far_sphere.elapsed_s.shape[0] - 1)
    rows = np.arange(last.size)
    returns = np.where(at_moon.elapsed_s > JUST_RELEASED_s, norm(at_moon.r_icrf_m), np.nan)
    passes = own_perigees(at_earth, flight.epoch_tdb_s)
    shift = ephemeris("moon", flight.epoch_tdb_s, "earth").r_icrf_m
    near = np.vstack([norm(at_earth.r_icrf_m), norm(start[:3] + shift), norm(earth.r_icrf_m)])
    year = JULIAN_YEAR_s
    mean_motion = np.sqrt(GM_SUN_m3_s2 / np.where(away, orbit.semi_major_m, np.nan) ** 3)
    ring = _kepler.ring_radius(0.0, flight.epoch_tdb_s)
    return {
        "outcome": outcome,
        "elapsed_s": flight.elapsed_s,
        "c3_moon_m2_s2": _kepler.energy_of(exit_r, exit_v, gm_of("moon")),
        "asymptote_ra_rad": np.arctan2(excess[1], excess[0]) % (2.0 * np.pi),
        "asymptote_dec_rad": np.arctan2(excess[2], np.hypot(excess[0], excess[1])),
        "c3_earth_m2_s2": _kepler.energy_of(
            far_sphere.r_icrf_m[:, last, rows], far_sphere.v_icrf_m_s[:, last, rows], gm_of("earth")
        ),
        "moon_miss_m": _least(returns),
        "earth_miss_m": _least(near),
        "n_moon_passes": np.sum(returns < MOON_SPHERE_m, axis=0),
        "n_earth_passes": np.sum(passes, axis=0),
        "semi_major_m": np.where(away, orbit.semi_major_m, np.nan),
        "eccentricity_nd": np.where(away, orbit.eccentricity_nd, np.nan),
        "inclination_rad": np.where(away, orbit.inclination_rad, np.nan),
        "perihelion_m": np.where(away, orbit.perihelion_m, np.nan),
        "aphelion_m": np.where(away, orbit.aphelion_m, np.nan),
        "drift_rad_yr": year * (mean_motion - np.sqrt(GM_SUN_m3_s2 / ring**3)),
        "slot_delta_v_m_s": still_needed(flight, start, slot, away, orbit, passes),
    }


def _outcome(flight: Flight, from_earth: Array, semi_major: Array) -> npt.NDArray[np.int64]:
    from_moon = norm(flight.r_icrf_m)
    held = _kepler.energy_of(flight.r_icrf_m, flight.v_icrf_m_s, gm_of("moon")) < 0.0
    inward = semi_major < _kepler.ring_radius(0.0, flight.epoch_tdb_s)
    return np.select(
        [
            flight.status == 3,
            (flight.status == 2) & (from_moon < from_earth),
            flight.status == 2,
            held & (from_moon < MOON_SPHERE_m),
            from_earth < AWAY_m,
            inward,
        ],
        [LOST, BACK, EARTH_IMPACT, MOON_BOUND, EARTH_BOUND, INWARD],
        default=OUTWARD,
    )


def _least(values: Array) -> Array:
    """Least along the first axis; nan where there is nothing."""
    least = np.min(np.where(np.isnan(values), np.inf, values), axis=0)
    return np.where(np.isinf(least), np.nan, least)


def _verdict(item: LaunchMap, budget_m_s: float) -> dict[str, npt.ArrayLike]:
    """Entries of the survey for one map."""
    cost = np.where(np.isnan(item.slot_delta_v_m_s), np.inf, item.slot_delta_v_m_s)
    good = cost <= budget_m_s
    served = good.any(axis=1)
    times = item.epoch_tdb_s[served]
    gap = np.inf
    if times.size:
        ends = np.concatenate([item.epoch_tdb_s[:1], times, item.epoch_tdb_s[-1:]])
        gap = float(np.max(np.diff(ends)))
    row, column = np.unravel_index(int(np.argmin(cost)), cost.shape)
    reached = bool(np.isfinite(cost[row, column]))
    slowest = [float(item.speed_m_s[line].min()) for line in good[served]]
    codes = np.arange(len(OUTCOMES))
    share = (item.outcome[:, :, None] == codes).any(axis=1).mean(axis=0)
    return {
        "served_frac": served.mean(),
        "longest_gap_s": gap,
        "least_delta_v_m_s": cost[row, column],
        "best_epoch_tdb_s": item.epoch_tdb_s[row] if reached else np.nan,
        "best_speed_m_s": item.speed_m_s[column] if reached else np.nan,
        "slowest_m_s": np.median(slowest) if slowest else np.nan,
        "outcome_frac": share,
        "n_outcomes": np.count_nonzero(share),
    }
