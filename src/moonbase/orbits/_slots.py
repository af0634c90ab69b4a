"""What a flown craft still needs to reach a slot: burns on the conic that it comes by with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import DAY_s
from moonbase.orbits import _kepler
from moonbase.orbits._guess import MOON_SPHERE_m
from moonbase.orbits._kepler import dot, norm
from moonbase.orbits._records import gm_of, radius_of
from moonbase.orbits.flight import Flight
from moonbase.orbits.goals import EarthOrbit, LibrationPoint, LunarOrbit, SolarOrbit, point_state

Mask = npt.NDArray[np.bool_]
Slot = SolarOrbit | EarthOrbit | LunarOrbit | LibrationPoint
_N_SAMPLES = 240
_BY_frac = 0.2
_POINT_TIMES_s = {"earth-moon": 20.0 * DAY_s, "sun-earth": 240.0 * DAY_s}


def sample_times(slot: Slot, horizon_s: float) -> Array:
    """Times at which a craft's distance from a point is looked at, s; none for other slots."""
    if not isinstance(slot, LibrationPoint):
        return np.zeros(0)
    longest = min(_POINT_TIMES_s[slot.system], horizon_s)
    times: Array = longest * (np.arange(_N_SAMPLES) + 1.0) / _N_SAMPLES
    return times


def still_needed(
    flight: Flight,
    start: Array,
    slot: Slot,
    away: Mask,
    orbit: _kepler.SolarElements,
    passes: Mask,
) -> Array:
    """Burns from the conic of each cell to the slot; nan where the cell does not come by."""
    if isinstance(slot, SolarOrbit):
        return np.where(away, _to_solar_orbit(slot, orbit, flight.epoch_tdb_s), np.nan)
    if isinstance(slot, LunarOrbit):
        return _to_lunar_orbit(slot, start)
    if isinstance(slot, LibrationPoint):
        return _to_point(slot, flight)
    hit, first = flight.events[1], (np.argmax(passes, axis=0), np.arange(away.size))
    cost = _to_earth_orbit(slot, hit.r_icrf_m[:, *first], hit.v_icrf_m_s[:, *first])
    return np.where(passes.any(axis=0), cost, np.nan)


def _to_solar_orbit(slot: SolarOrbit, orbit: _kepler.SolarElements, epoch_tdb_s: Real) -> Array:
    gm, radius = gm_of("sun"), slot.radius_m(epoch_tdb_s)
    low, high = orbit.perihelion_m, orbit.aphelion_m
    cost = _kepler.to_circle(gm, low, high, orbit.inclination_rad, radius)
    if slot.ring:
        return cost
    for at, other in ((low, high), (high, low)):
        wanted = _kepler.apsis_speed(gm, at, np.where(2.0 * radius > at, 2.0 * radius - at, np.nan))
        cost = np.fmin(cost, np.abs(wanted - _kepler.apsis_speed(gm, at, other)))
    return cost


def _to_lunar_orbit(slot: LunarOrbit, start: Array) -> Array:
    gm, radius = gm_of("moon"), radius_of("moon") + slot.orbit_height_m
    axis = -gm / _kepler.energy_of(start[:3], start[3:], gm)
    e = norm(_kepler.eccentricity_vector(start[:3], start[3:], gm))
    high = axis * (1.0 + e)
    back = (axis > 0.0) & (high < MOON_SPHERE_m)
    high = np.where(back, high, np.nan)
    cost = _kepler.by_two_burns(gm, high, axis * (1.0 - e), 0.0, radius)
    return np.where(back, cost, np.nan)


def _to_earth_orbit(slot: EarthOrbit, r: Array, v: Array) -> Array:
    """From the state at the first perigee."""
    gm, perigee = gm_of("earth"), norm(r)
    axis = -gm / _kepler.energy_of(r, v, gm)
    apogee = np.where(axis > 0.0, 2.0 * axis - perigee, np.nan)
    trim = _kepler.apsis_speed(gm, apogee, slot.arrival_m)
    trim = np.abs(trim - _kepler.apsis_speed(gm, apogee, perigee))
    low = radius_of("earth") + slot.perigee_height_m
    high = radius_of("earth") + slot.apogee_height_m
    if slot.air is None:
        last = _kepler.apsis_speed(gm, low, apogee) - _kepler.apsis_speed(gm, low, high)
    else:
        last = _kepler.apsis_speed(gm, high, low) - _kepler.apsis_speed(gm, high, slot.arrival_m)
    total: Array = trim + np.abs(last)
    return total


def _to_point(slot: LibrationPoint, flight: Flight) -> Array:
    """Stop at the closest approach, and a trim after release that takes its miss away.

    A craft that misses by a fifth of the point's distance from the Moon does not come by. Between
    samples the path relative to the point is straight.
    """
    times = flight.sample_s
    epochs, back = np.unique(flight.epoch_tdb_s, return_inverse=True)
    place = point_state(slot, epochs + times[:, None])[:, :, back]
    gap = flight.sample_r_icrf_m - place[:3]
    speed = flight.sample_v_icrf_m_s - place[3:]
    step = 0.5 * (times[1] - times[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = np.clip(-dot(gap, speed) / dot(speed, speed), -step, step)
        miss = norm(gap + shift * speed)
    miss = np.where(np.isnan(miss), np.inf, miss)
    closest = np.argmin(miss, axis=0), np.arange(back.size)
    cost = norm(speed[:, *closest]) + miss[closest] / times[closest[0]]
    by = miss[closest] < _BY_frac * norm(place[:3, *closest])
    return np.where(by, cost, np.nan)
