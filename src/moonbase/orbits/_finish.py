"""What is left to do at the end of a coast: misses and burns of corrected throws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, JULIAN_YEAR_s
from moonbase.orbits import _kepler
from moonbase.orbits._correct import ELAPSED, Corrected, Tracks
from moonbase.orbits._kepler import dot, norm
from moonbase.orbits._records import gm_of, radius_of
from moonbase.orbits.de440 import ephemeris
from moonbase.orbits.flight import propagate
from moonbase.orbits.goals import (
    Burn,
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

_MOST_BURN_m_s = 3000.0
_N_TRIED = 25
_N_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Burns of corrected throws, and their sum (craft,)."""

    burns: tuple[Burn, ...]
    cost_m_s: Array


def finish(goal: Goal, tracks: Tracks, found: Corrected) -> Ends:
    """Burns that each corrected throw still needs."""
    burns = _burns(goal, tracks, found)
    cost = np.zeros(found.unknowns.shape[1])
    for burn in burns:
        cost = cost + burn.delta_v_m_s * burn.propulsive
    return Ends(burns=burns, cost_m_s=cost)


def gaps(goal: Goal, states: Array, epoch_tdb_s: Array) -> tuple[Array, Array]:
    """Misses of place, m, and of velocity, m/s; nan where a goal does not ask for it."""
    r, v = states[:3], states[3:]
    nothing = np.full(states.shape[1], np.nan)
    if isinstance(goal, LunarEscape):
        leaving = _kepler.excess_velocity(r, v, gm_of("moon"))
        return nothing, norm(leaving - goal.velocity[:, None])
    if isinstance(goal, LibrationPoint):
        return norm(r - point_state(goal, epoch_tdb_s)[:3]), nothing
    if isinstance(goal, SolarOrbit):
        return np.abs(solar_gap(goal, states, epoch_tdb_s)), nothing
    if isinstance(goal, LunarOrbit):
        return np.abs(norm(r) - radius_of("moon") - goal.orbit_height_m), nothing
    shift = ephemeris("moon", epoch_tdb_s, "earth").r_icrf_m
    return np.abs(norm(r + shift) - goal.arrival_m), nothing


def relative_gap(goal: Goal, found: Corrected) -> Array:
    """Miss over the size of what is aimed at (craft,)."""
    place, speed = gaps(goal, found.states, found.end_tdb_s)
    size: Array | float
    if isinstance(goal, LunarEscape):
        place, size = speed, goal.c3_m2_s2**0.5
    elif isinstance(goal, LibrationPoint):
        size = norm(point_state(goal, found.end_tdb_s)[:3])
    elif isinstance(goal, SolarOrbit):
        size = np.abs(goal.radius_m(found.end_tdb_s) - ASTRONOMICAL_UNIT_m)
    elif isinstance(goal, LunarOrbit):
        size = radius_of("moon") + goal.orbit_height_m
    else:
        size = goal.arrival_m
    ratio: Array = place / size
    return ratio


def _burns(goal: Goal, tracks: Tracks, found: Corrected) -> tuple[Burn, ...]:
    r, v, t = found.states[:3], found.states[3:], found.end_tdb_s
    elapsed = found.unknowns[ELAPSED]
    if isinstance(goal, LunarEscape):
        return (_burn("correction", elapsed, gaps(goal, found.states, t)[1]),)
    if isinstance(goal, LibrationPoint):
        early = gaps(goal, found.states, t)[0] / elapsed
        trim = _burn("trim after release, first order", np.zeros_like(elapsed), early)
        return trim, _burn("stop at the point", elapsed, norm(v - point_state(goal, t)[3:]))
    if isinstance(goal, SolarOrbit):
        return (_ring_burn(goal, found) if goal.ring else _period_burn(goal, found),)
    if isinstance(goal, LunarOrbit):
        circle = np.sqrt(gm_of("moon") / norm(r))
        level = v - dot(v, r) / norm(r) ** 2 * r
        change = norm(circle / norm(level) * level - v)
        return (_burn("circularise at aposelene", elapsed, change),)
    moon = ephemeris("moon", t, "earth")
    r, v = r + moon.r_icrf_m, v + moon.v_icrf_m_s
    if isinstance(goal, EarthFlyby):
        return (_burn("perigee", elapsed, _flyby_burn(goal, tracks, elapsed, t, r, v)),)
    return _earth_orbit(goal, elapsed, norm(r), norm(v))


def _burn(name: str, elapsed_s: Array, delta_v_m_s: Array) -> Burn:
    return Burn(name=name, elapsed_s=elapsed_s, delta_v_m_s=delta_v_m_s)


def _period_burn(goal: SolarOrbit, found: Corrected) -> Burn:
    """Change of speed that takes the miss of the semi-major axis away, first order."""
    gap = gaps(goal, found.states, found.end_tdb_s)[0]
    motion = np.sqrt(gm_of("sun") / goal.radius_m(found.end_tdb_s) ** 3)
    return _burn("trim the period, first order", found.unknowns[ELAPSED], 0.5 * motion * gap)


def _ring_burn(goal: SolarOrbit, found: Corrected) -> Burn:
    """Stop at the far apsis, in the plane of the Earth's orbit."""
    gm, t = gm_of("sun"), found.end_tdb_s
    shift = ephemeris("moon", t, "sun")
    r, v = found.states[:3] + shift.r_icrf_m, found.states[3:] + shift.v_icrf_m_s
    orbit = _kepler.solar_elements(r, v, t)
    inner = goal.drift_rad_yr > 0.0
    far, near = orbit.perihelion_m, orbit.aphelion_m
    if not inner:
        far, near = near, far
    arrival, circle = _kepler.apsis_speed(gm, far, near), np.sqrt(gm / far)
    tilt = np.cos(orbit.inclination_rad)
    change = np.sqrt(arrival**2 + circle**2 - 2.0 * arrival * circle * tilt)
    axis, e = orbit.semi_major_m, orbit.eccentricity_nd
    sine, cosine = dot(r, v) / np.sqrt(gm * axis), 1.0 - norm(r) / axis
    anomaly = np.arctan2(sine, cosine)
    motion = np.sqrt(gm / axis**3)
    since = (anomaly - e * np.sin(anomaly) - (0.0 if inner else np.pi)) / motion
    elapsed = found.unknowns[ELAPSED] - since
    turn = 2.0 * np.pi / motion
    first = elapsed - turn * np.floor((elapsed - 0.2 * turn) / turn)
    return _burn("stay on the ring", first, change)


def _earth_orbit(
    goal: EarthOrbit, elapsed: Array, perigee: Array, speed: Array
) -> tuple[Burn, ...]:
    gm, radius = gm_of("earth"), radius_of("earth")
    low, high = radius + goal.perigee_height_m, radius + goal.apogee_height_m
    if goal.air is None:
        change = np.abs(speed - _kepler.apsis_speed(gm, perigee, high))
        return (_burn("brake at perigee", elapsed, change),)
    after = _kepler.apsis_speed(gm, perigee, high)
    loss = speed - after
    passes = [
        goal.air.slowing_m_s(
            perigee_speed_m_s=now, eccentricity_nd=np.maximum(now**2 * perigee / gm - 1.0, 0.05)
        )
        for now in (speed, after)
    ]
    drag = Burn(
        name="air drag",
        elapsed_s=elapsed,
        delta_v_m_s=loss,
        propulsive=False,
        n_passes=np.ceil(loss / np.mean(passes, axis=0)),
    )
    lift = _kepler.apsis_speed(gm, high, low) - _kepler.apsis_speed(gm, high, perigee)
    return drag, _burn("lift the perigee", np.full_like(elapsed, np.nan), np.abs(lift))


def _flyby_burn(
    goal: EarthFlyby, tracks: Tracks, elapsed: Array, t: Array, r: Array, v: Array
) -> Array:
    """Least burn along the motion at perigee after which the orbit about the Sun drifts as asked.

    Flown for a year on a grid of burns, which is narrowed about the first change of sign.
    """
    wanted = SolarOrbit(drift_rad_yr=goal.drift_rad_yr)
    n = t.size
    low = np.maximum(np.sqrt(2.0 * gm_of("earth") / norm(r)) - norm(v), 0.0)
    high = low + _MOST_BURN_m_s
    for _ in range(_N_ROUNDS):
        tried = np.linspace(low, high, _N_TRIED)
        burnt = v[:, None] * (1.0 + tried / norm(v))
        states = np.concatenate([np.broadcast_to(r[:, None], burnt.shape), burnt])
        flight = propagate(
            states.reshape(6, -1),
            np.broadcast_to(t, tried.shape).ravel(),
            JULIAN_YEAR_s,
            forces=tracks.forces.after(float(np.min(elapsed))),
            tolerance=1e-10,
            center="earth",
        )
        moon_centred = flight.relative_to("moon").array
        gap = solar_gap(wanted, moon_centred, flight.t_tdb_s).reshape(tried.shape)
        gap = np.where(flight.status.reshape(tried.shape) == 0, gap, np.nan)
        crossed = gap[:-1] * gap[1:] <= 0.0
        has, place = crossed.any(axis=0), np.argmax(crossed, axis=0)
        rows = np.arange(n)
        low = np.where(has, tried[place, rows], np.nan)
        high = np.where(has, tried[place + 1, rows], np.nan)
    middle: Array = 0.5 * (low + high)
    return middle
