"""First guesses of throws: closed conics, and coarse grids of releases flown at low precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.constants import DAY_s
from moonbase.orbits import _kepler
from moonbase.orbits._correct import ELAPSED, SHIFT, SPEED, Tracks
from moonbase.orbits._kepler import dot, norm
from moonbase.orbits._records import gm_of, radius_of
from moonbase.orbits.de440 import ephemeris
from moonbase.orbits.events import Event
from moonbase.orbits.flight import EventHits, Flight, propagate
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.frames import lunar_axes, pa_to_me
from moonbase.orbits.goals import (
    EarthFlyby,
    EarthOrbit,
    Goal,
    LibrationPoint,
    LunarEscape,
    LunarOrbit,
    SolarOrbit,
    point_state,
    solar_gap,
)
from moonbase.orbits.gravity import lunar_gravity
from moonbase.orbits.patched_conic import hyperbola_time

Mask = npt.NDArray[np.bool_]
_TURN = 2.0 * np.pi
MOON_SPHERE_m = 66.2e6
EARTH_SPHERE_m = 924e6
"""Spheres of influence: 0.4th power of the mass ratio times the distance."""
_N_KEPT = 24
_N_ROUNDS = 3
_CHUNK = 4096
_BEARING_DAYS = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One case: its track (craft axis of length 1) and the room that the search has."""

    tracks: Tracks
    azimuth_rad: float | None
    window_s: float
    speeds_m_s: tuple[float, float]
    longest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """Guesses (4, guess), best first, and how far off the nearest path of the search passed."""

    unknowns: Array
    nearest: str


def light_model() -> ForceModel:
    """What a search flies in: the Moon's degree 2, Earth, Sun, Venus and Jupiter."""
    return ForceModel(
        bodies=("moon", "earth", "sun", "venus", "jupiter"), gravity=lunar_gravity(degree=2)
    )


def own_perigees(hits: EventHits, epoch_tdb_s: float | Array) -> Mask:
    """Which perigees are the Earth's own: inside its sphere, outside the Moon's (hit, craft)."""
    near = norm(hits.r_icrf_m) < EARTH_SPHERE_m
    times = (epoch_tdb_s + hits.elapsed_s)[near]
    from_moon = hits.r_icrf_m[:, near] - ephemeris("moon", times, "earth").r_icrf_m
    found: Mask = near.copy()
    found[near] = norm(from_moon) > MOON_SPHERE_m
    return found


def guess(goal: Goal, search: Search) -> Guesses:
    """Guesses for one case."""
    if isinstance(goal, LunarEscape):
        return _escape(goal, search)
    if isinstance(goal, LunarOrbit):
        return _lunar_orbit(goal, search)
    if isinstance(goal, LibrationPoint):
        return _point(goal, search)
    if isinstance(goal, SolarOrbit):
        return _solar(goal, search)
    return _perigee(goal, search)


def _delays(search: Search, step_s: float) -> Array:
    """Delays of the release within the window, s."""
    n = int(np.ceil(search.window_s / step_s)) + 1
    return np.linspace(0.0, search.window_s, n)


def _azimuths(search: Search, n: int) -> Array:
    if search.azimuth_rad is not None:
        return np.array([search.azimuth_rad])
    return _TURN * np.arange(n) / n


def _speeds(search: Search, low: float, high: float, n: int) -> Array:
    """Speeds between two multiples of the escape speed, as far as the driver gives them."""
    start = radius_of("moon") + search.tracks.height_m[0]
    escape = np.sqrt(2.0 * gm_of("moon") / start)
    least, most = search.speeds_m_s
    first, last = max(low * escape, least), min(high * escape, most)
    return np.linspace(first, last, n) if first <= last else np.array([])


def _grid(*axes: Array) -> Array:
    """Unknowns (4, delay, azimuth, speed) of the cells of a grid."""
    delay, azimuth, speed = np.meshgrid(*axes, indexing="ij")
    return np.array([speed, azimuth, delay, np.zeros_like(speed)])


def _release(search: Search, unknown: Array) -> Array:
    """Moon-centred release states (6, ...) of cells (4, ...)."""
    flat = unknown.reshape(4, -1)
    rows = np.zeros(flat.shape[1], dtype=np.int64)
    return search.tracks.at(rows).start(flat).reshape(6, *unknown.shape[1:])


def _muzzle(search: Search, unknown: Array) -> tuple[Array, Array, Array]:
    """Place, velocity of the ground and direction of the track, inertial, of cells (4, ...)."""
    still = unknown.copy()
    still[SPEED] = 0.0
    rest = _release(search, still)
    still[SPEED] = 1.0
    return rest[:3], rest[3:], _release(search, still)[3:] - rest[3:]


def _over_ground(carried: Array, way: Array, square_m2_s2: float | Array) -> Array:
    """Speed over the ground that gives the square of an inertial speed."""
    along = dot(way, carried)
    speed: Array = -along + np.sqrt(along**2 + square_m2_s2 - dot(carried, carried))
    return speed


def _fly(
    search: Search,
    unknown: Array,
    duration_s: float,
    events: tuple[Event, ...] = (),
    sample_s: Array | tuple[float, ...] = (),
) -> Flight:
    """Coarse flight of cells (4, cell)."""
    earth = {} if events else {"earth": radius_of("earth")}
    return propagate(
        _release(search, unknown),
        search.tracks.epoch_tdb_s[0],
        duration_s,
        offset_s=unknown[SHIFT],
        forces=light_model(),
        tolerance=1e-9,
        events=events,
        sample_s=sample_s,
        surfaces={"moon": radius_of("moon"), **earth},
    )


def _least_places(values: Array) -> npt.NDArray[np.int64]:
    """Flat indices of the local minima of a grid, smallest first."""
    good = np.isfinite(values)
    filled = np.where(good, values, np.inf)
    low = good
    for axis in range(values.ndim):
        if values.shape[axis] > 1:
            padded = np.pad(
                filled,
                [(1, 1) if a == axis else (0, 0) for a in range(values.ndim)],
                constant_values=np.inf,
            )
            before = np.take(padded, range(values.shape[axis]), axis)
            after = np.take(padded, range(2, values.shape[axis] + 2), axis)
            low = low & (filled <= before) & (filled <= after)
    places = np.flatnonzero(low)
    return places[np.argsort(filled.ravel()[places], kind="stable")][:_N_KEPT]


def _escape(goal: LunarEscape, search: Search) -> Guesses:
    """Conic about the Moon: the direction that each delay and azimuth leads to."""
    cells = _grid(_delays(search, 10_800.0), _azimuths(search, 72), np.array([1.0]))
    place, carried, way = _muzzle(search, cells)
    radius = norm(place)
    speed = _over_ground(carried, way, goal.c3_m2_s2 + 2.0 * gm_of("moon") / radius)
    fast = carried + speed * way
    leaving = _kepler.excess_velocity(place, fast, gm_of("moon"))
    target = goal.velocity.reshape(3, 1, 1, 1)
    angle = np.arctan2(norm(np.cross(leaving, target, axis=0)), dot(leaving, target))
    least, most = search.speeds_m_s
    angle = np.where((speed >= least) & (speed <= most), angle, np.nan)
    cells[SPEED] = speed
    cells[ELAPSED] = hyperbola_time(
        gm_m3_s2=gm_of("moon"),
        c3_m2_s2=goal.c3_m2_s2,
        start_m=radius,
        end_m=goal.sphere_m,
        radial_speed_m_s=dot(place, fast) / radius,
    )
    places = _least_places(angle)
    if not places.size:
        text = f"the energy asks {float(speed.min()):.0f} m/s or more over the ground"
        return Guesses(unknowns=np.zeros((4, 0)), nearest=text)
    nearest = np.degrees(np.nanmin(angle))
    text = f"on conics the nearest asymptote is {nearest:.1f} degrees off"
    return Guesses(unknowns=cells.reshape(4, -1)[:, places], nearest=text)


def _lunar_orbit(goal: LunarOrbit, search: Search) -> Guesses:
    """Half an ellipse from the muzzle to the orbit's height."""
    track = search.tracks
    start = radius_of("moon") + float(track.height_m[0])
    end = radius_of("moon") + goal.orbit_height_m
    gm, cosine = gm_of("moon"), float(np.cos(track.elevation_rad[0]))
    if not end > start:
        return Guesses(unknowns=np.zeros((4, 0)), nearest="the orbit lies below the muzzle")
    square = 2.0 * gm * (1.0 / start - 1.0 / end) / (1.0 - (start * cosine / end) ** 2)
    axis = 1.0 / (2.0 / start - square / gm)
    e = end / axis - 1.0
    anomaly = np.arccos(np.clip((1.0 - start / axis) / e, -1.0, 1.0)) if e > 0.0 else 0.0
    time = np.sqrt(axis**3 / gm) * (np.pi - anomaly + e * np.sin(anomaly))
    azimuths = _azimuths(search, 4)
    if search.azimuth_rad is None:
        tilt = 0.0 if goal.inclination_rad is None else goal.inclination_rad
        sine = np.cos(tilt) / np.cos(track.latitude_rad[0])
        bearing = np.arcsin(np.clip(sine, -1.0, 1.0))
        azimuths = np.unique([bearing, np.pi - bearing])
        if goal.inclination_rad is None:
            azimuths = np.array([0.5 * np.pi])
        elif abs(sine) > 1.0:
            words = "the orbit does not pass over the site: tilt it by the latitude or more"
            return Guesses(unknowns=np.zeros((4, 0)), nearest=words)
    cells = _grid(np.array([0.0]), azimuths, np.array([1.0])).reshape(4, -1)
    _, carried, way = _muzzle(search, cells)
    cells[SPEED] = _over_ground(carried, way, square)
    cells[ELAPSED] = time
    least, most = search.speeds_m_s
    inside = (cells[SPEED] >= least) & (cells[SPEED] <= most)
    text = f"the ellipse to that height asks {float(cells[SPEED].min()):.0f} m/s"
    return Guesses(unknowns=cells[:, inside], nearest=text)


def _bearings(goal: LibrationPoint, search: Search) -> Array:
    """Azimuths in whose plane the point lies some days later, either way round."""
    t0 = search.tracks.epoch_tdb_s[0]
    later = t0 + DAY_s * np.array(_BEARING_DAYS)
    place = point_state(goal, later)[:3]
    to_me = pa_to_me() @ lunar_axes(epoch_tdb_s=t0).icrf_to_pa
    x, y, z = to_me @ place / norm(place)
    latitude, longitude = search.tracks.latitude_rad[0], search.tracks.longitude_rad[0]
    turn = np.arctan2(y, x) - longitude
    level = np.hypot(x, y)
    east = level * np.sin(turn)
    north = z * np.cos(latitude) - level * np.cos(turn) * np.sin(latitude)
    ahead = np.arctan2(east, north)
    return np.concatenate([ahead, ahead + np.pi]) % _TURN


def _point(goal: LibrationPoint, search: Search) -> Guesses:
    """Closest approaches to a libration point on a flown grid."""
    near = goal.system == "earth-moon"
    if near:
        fixed = search.azimuth_rad is not None
        azimuths = _azimuths(search, 1) if fixed else _bearings(goal, search)
        low, high = (0.975, 1.25) if goal.name in ("L1", "L2") else (0.98, 1.35)
    else:
        azimuths = _azimuths(search, 4)
        low, high = (0.985, 1.25) if goal.name in ("L1", "L2") else (0.99, 1.4)
    speeds = _speeds(search, low, high, 80)
    cells = _grid(_delays(search, 0.5 * DAY_s if near else DAY_s), azimuths, speeds)
    shape = cells.shape[1:]
    cells = cells.reshape(4, -1)
    times = np.linspace(0.0, search.longest_s, 241)[1:]
    least = np.full(cells.shape[1], np.nan)
    for first in range(0, cells.shape[1], _CHUNK):
        some = slice(first, first + _CHUNK)
        flight = _fly(search, cells[:, some], search.longest_s, sample_s=times)
        delays, back = np.unique(cells[SHIFT, some], return_inverse=True)
        when = search.tracks.epoch_tdb_s[0] + delays + times[:, None]
        place = point_state(goal, when)[:3][:, :, back]
        distance = norm(flight.sample_r_icrf_m - place)
        distance = np.where(np.isnan(distance), np.inf, distance)
        at = np.argmin(distance, axis=0)
        least[some] = distance[at, np.arange(at.size)]
        cells[ELAPSED, some] = times[at]
    if not cells.size or not np.isfinite(least).any():
        return _nothing(speeds)
    places = _least_places(least.reshape(shape))
    text = f"the nearest path of the search passes {np.nanmin(least) / 1e3:,.0f} km off"
    return Guesses(unknowns=cells[:, places], nearest=text)


def _solar(goal: SolarOrbit, search: Search) -> Guesses:
    """Speeds between which the orbit about the Sun passes the size asked for."""
    passing = goal.flyby is not None
    slow, fast = (0.98, 1.15) if passing else (1.0, 1.5)
    axes = (
        _delays(search, DAY_s),
        _azimuths(search, 4),
        _speeds(search, slow, fast, 192 if passing else 64),
    )
    cells = _grid(*axes)
    shape = cells.shape[1:]
    cells = cells.reshape(4, -1)
    cells[ELAPSED] = search.longest_s
    gap = _solar_gaps(goal, search, cells)
    if not np.isfinite(gap).any():
        return _nothing(axes[2])
    text = f"the nearest orbit of the search is {np.nanmin(np.abs(gap)) / 1e9:,.2f} million km off"
    low, high, middle = _crossings(cells.reshape(4, *shape), gap.reshape(shape))
    order = np.argsort(low[SPEED], kind="stable")
    low, high = _spread(low[:, order]), _spread(high[:, order])
    for _ in range(_N_ROUNDS if low.size else 0):
        finer = low[..., None] + (high - low)[..., None] * np.linspace(0.0, 1.0, 9)
        gap = _solar_gaps(goal, search, finer.reshape(4, -1)).reshape(finer.shape[1:])
        low, high, middle = _crossings(finer, gap, first=True)
    return Guesses(unknowns=middle, nearest=text)


def _solar_gaps(goal: SolarOrbit, search: Search, cells: Array) -> Array:
    """Size of the orbit about the Sun less that asked for, m; nan where a cell does not serve."""
    gap = np.full(cells.shape[1], np.nan)
    events = (Event(kind="periapsis", body=goal.flyby),) if goal.flyby else ()
    for first in range(0, cells.shape[1], _CHUNK):
        some = slice(first, first + _CHUNK)
        flight = _fly(search, cells[:, some], search.longest_s, events)
        good = flight.status == 0
        if goal.flyby:
            hits = flight.events[0]
            near = (norm(hits.r_icrf_m) < goal.flyby_m) & (hits.elapsed_s > DAY_s)
            if goal.flyby == "earth":
                near &= own_perigees(hits, search.tracks.epoch_tdb_s[0] + cells[SHIFT, some])
            good &= near.any(axis=0)
        gap[some] = np.where(good, solar_gap(goal, flight.array, flight.t_tdb_s), np.nan)
    return gap


def _perigee(goal: EarthOrbit | EarthFlyby, search: Search) -> Guesses:
    """Speeds between which a perigee passes the distance asked for, either way round."""
    axes = _delays(search, DAY_s), _azimuths(search, 4), _speeds(search, 0.975, 1.3, 96)
    cells = _grid(*axes)
    shape = cells.shape[1:]
    cells = cells.reshape(4, -1)
    place, times = np.full((2, 2, cells.shape[1]), np.nan)
    events = (Event(kind="periapsis", body="earth"),)
    for first in range(0, cells.shape[1], _CHUNK):
        some = slice(first, first + _CHUNK)
        flight = _fly(search, cells[:, some], search.longest_s, events)
        epoch = search.tracks.epoch_tdb_s[0] + cells[SHIFT, some]
        hits = flight.events[0]
        own = own_perigees(hits, epoch)
        moon = ephemeris("moon", epoch, "earth")
        pole = np.cross(moon.r_icrf_m, moon.v_icrf_m_s, axis=0)
        turn = np.cross(hits.r_icrf_m, hits.v_icrf_m_s, axis=0)
        signed = np.copysign(norm(hits.r_icrf_m), dot(turn, pole[:, None]))
        for row in range(2):
            chosen = own & (np.cumsum(own, axis=0) == row + 1)
            has, at = chosen.any(axis=0), np.argmax(chosen, axis=0)
            columns = np.arange(at.size)
            place[row, some] = np.where(has, signed[at, columns], np.nan)
            times[row, some] = np.where(has, hits.elapsed_s[at, columns], np.nan)
    if not np.isfinite(place).any():
        return _nothing(axes[2])
    found = []
    for row in range(2):
        cells[ELAPSED] = times[row]
        for side in (1.0, -1.0):
            gap = (place[row] - side * goal.arrival_m).reshape(shape)
            found.append(_crossings(cells.reshape(4, *shape), gap, 1.5e8)[2])
    guesses = np.concatenate(found, axis=1)
    order = np.argsort(guesses[SHIFT], kind="stable")
    text = f"the lowest perigee of the search is {np.nanmin(np.abs(place)) / 1e3:,.0f} km from "
    return Guesses(unknowns=_spread(guesses[:, order]), nearest=text + "the Earth's centre")


def _crossings(
    cells: Array, gap: Array, most: float = np.inf, first: bool = False
) -> tuple[Array, Array, Array]:
    """Unknowns (4, guess) on either side and at the zero of a gap, along a grid's last axis."""
    a, b = gap[..., :-1], gap[..., 1:]
    with np.errstate(invalid="ignore"):
        crossed = (a * b <= 0.0) & (np.abs(b - a) < most)
        share = np.where(crossed & (b != a), a / (a - b), 0.0)
    if first:
        crossed &= np.cumsum(crossed, axis=-1) == 1
    low, high = cells[..., :-1], cells[..., 1:]
    middle = low + share * (high - low)
    return low[:, crossed], high[:, crossed], middle[:, crossed]


def _spread(guesses: Array) -> Array:
    """At most as many guesses as are corrected, evenly out of all."""
    n = guesses.shape[1]
    return guesses if n <= _N_KEPT else guesses[:, np.linspace(0, n - 1, _N_KEPT).astype(int)]


def _nothing(speeds: Array) -> Guesses:
    if not speeds.size:
        text = "the driver's speeds do not reach those that lead there"
    else:
        text = f"nothing thrown at {speeds[0]:.0f} to {speeds[-1]:.0f} m/s gets there"
    return Guesses(unknowns=np.zeros((4, 0)), nearest=text)
