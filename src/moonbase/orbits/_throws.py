"""Throws of one track flown from a meridian: every release epoch and speed, and where each goes.

A column of the launch table is one longitude; columns are flown apart, so that one holds the same
bits whichever others are asked for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.constants import GM_SUN_m3_s2, JULIAN_YEAR_s
from moonbase.orbits import _kepler
from moonbase.orbits._guess import EARTH_SPHERE_m, MOON_SPHERE_m
from moonbase.orbits._kepler import norm
from moonbase.orbits._records import gm_of
from moonbase.orbits.de440 import ephemeris
from moonbase.orbits.events import Event
from moonbase.orbits.flight import Flight, propagate
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.frames import release_state
from moonbase.orbits.launch_map import AWAY_m, JUST_RELEASED_s

THROW_OUTCOMES = (
    "leaves directly",
    "leaves by a detour",
    "stays with the Earth or the Moon",
    "meets the Moon",
    "meets the Earth",
    "lost",
)
"""What the outcome codes 0 to 5 mean; a detour passes the Moon again or goes round the Earth."""
DIRECT, DETOUR, STAYS, MOON_IMPACT, EARTH_IMPACT, LOST = range(6)

N_LONGITUDES = 32
"""Meridians a turn on which tables are flown."""
LONGITUDE_STEP_rad = 2.0 * float(np.pi) / N_LONGITUDES
SPEED_m_s = np.concatenate(
    [
        np.arange(2350.0, 2520.0, 5.0),
        np.arange(2520.0, 2600.0, 10.0),
        np.arange(2600.0, 2900.0, 25.0),
        np.arange(2900.0, 3000.0, 50.0),
        np.arange(3000.0, 3801.0, 100.0),
    ]
)
"""Speeds over the ground that are flown, m/s."""
HORIZON_s = JULIAN_YEAR_s
"""Time that each throw is flown."""
DIRECT_s = 45.0 * 86_400.0
"""A throw that goes straight out has left the Earth's sphere of influence by then: in 30 d at most,
while one that goes round the Earth once needs more than 60 d."""
_TOLERANCE = 1e-9
_N_HITS, _N_BLOCK = 8, 16
"""Small blocks: throws that fall back to the Moon again and again hold up few others."""
_BITS = 12
"""Binary digits kept of a number, some four decimal ones."""
_VERSION = 1
"""Raised when throws of the same track come to other values."""
_DATA = ("constants.toml", "lunar_gravity.csv", "ephemeris.npz")


@dataclass(frozen=True, slots=True)
class Track:
    """What a table is flown for, its longitudes aside."""

    latitude_rad: float
    azimuth_rad: float
    elevation_rad: float
    t_tdb_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Throws:
    """Where throws go, shape (epoch, speed) or with the longitude first; see ThrowTable."""

    outcome: npt.NDArray[np.int8]
    c3_earth_m2_s2: npt.NDArray[np.float32]
    drift_rad_yr: npt.NDArray[np.float32]
    eccentricity_nd: npt.NDArray[np.float32]
    inclination_rad: npt.NDArray[np.float32]
    transit_s: npt.NDArray[np.float32]


ARRAYS = tuple(field.name for field in fields(Throws))


def provenance(track: Track) -> dict[str, Any]:
    """Everything that the values of a table depend on, as JSON types."""
    return {
        "version": _VERSION,
        "ephemeris": "DE440",
        "forces": list(ForceModel().names),
        "data_sha256": _data_hash(),
        "tolerance": _TOLERANCE,
        "horizon_s": HORIZON_s,
        "direct_s": DIRECT_s,
        "n_longitudes": N_LONGITUDES,
        "speed_m_s": SPEED_m_s.tolist(),
        "latitude_rad": track.latitude_rad,
        "azimuth_rad": track.azimuth_rad,
        "elevation_rad": track.elevation_rad,
        "t_tdb_s": list(track.t_tdb_s),
    }


@lru_cache(maxsize=64)
def key_of(track: Track) -> str:
    """SHA-256 of a track's provenance."""
    return hashlib.sha256(json.dumps(provenance(track)).encode()).hexdigest()


@lru_cache(maxsize=1)
def _data_hash() -> str:
    folder = files("moonbase") / "data" / "orbits"
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _DATA)).hexdigest()


def fly_throws(track: Track, longitude_rad: float) -> Throws:
    """Fly all epochs and speeds of a track from one longitude."""
    epochs, speeds = np.array(track.t_tdb_s), SPEED_m_s
    start = release_state(
        track.latitude_rad,
        longitude_rad,
        track.azimuth_rad,
        track.elevation_rad,
        np.tile(speeds, epochs.size),
        np.repeat(epochs, speeds.size),
    )
    flight = propagate(
        start,
        duration_s=HORIZON_s,
        tolerance=_TOLERANCE,
        events=_EVENTS,
        n_hits=_N_HITS,
        n_block=_N_BLOCK,
    )
    shape = epochs.size, speeds.size
    return Throws(**{name: item.reshape(shape) for name, item in _ends(flight).items()})


_EVENTS = (
    Event(kind="periapsis", body="moon"),
    Event(kind="sphere", body="earth", radius_m=EARTH_SPHERE_m),
)


def _ends(flight: Flight) -> dict[str, Any]:
    """Entries of the table for throws in a row."""
    at_moon, sphere = flight.events
    transit, exit_r, exit_v = (
        item[..., 0, :] for item in (sphere.elapsed_s, sphere.r_icrf_m, sphere.v_icrf_m_s)
    )
    back = (at_moon.elapsed_s > JUST_RELEASED_s) & (norm(at_moon.r_icrf_m) < MOON_SPHERE_m)
    from_moon, from_earth = norm(flight.r_icrf_m), norm(flight.relative_to("earth").r_icrf_m)
    away = (flight.status == 0) & (from_earth > AWAY_m)
    outcome = np.select(
        [
            flight.status == 3,
            (flight.status == 2) & (from_moon < from_earth),
            flight.status == 2,
            ~away,
            back.any(axis=0) | ~(transit < DIRECT_s),
        ],
        [LOST, MOON_IMPACT, EARTH_IMPACT, STAYS, DETOUR],
        default=DIRECT,
    )
    values = _against_earth(flight) | {
        "c3_earth_m2_s2": _kepler.energy_of(exit_r, exit_v, gm_of("earth")),
        "transit_s": transit,
    }
    kept = {name: _short(np.where(away, item, np.nan)) for name, item in values.items()}
    return {"outcome": outcome.astype(np.int8), **kept}


def _against_earth(flight: Flight) -> dict[str, Array]:
    """Osculating orbits about the Sun at the end, compared with that of Earth and Moon."""
    sun = flight.relative_to("sun")
    earth = ephemeris("emb", flight.t_tdb_s, "sun")
    orbit = _kepler.solar_elements(sun.r_icrf_m, sun.v_icrf_m_s, flight.t_tdb_s)
    axis = np.where(orbit.semi_major_m > 0.0, orbit.semi_major_m, np.nan)
    ring = _kepler.ring_radius(0.0, flight.epoch_tdb_s)
    pointer, of_earth = (
        _kepler.eccentricity_vector(item.r_icrf_m, item.v_icrf_m_s, gm_of("sun"))
        for item in (sun, earth)
    )
    motion = np.sqrt(GM_SUN_m3_s2 / axis**3) - np.sqrt(GM_SUN_m3_s2 / ring**3)
    return {
        "drift_rad_yr": JULIAN_YEAR_s * motion,
        "eccentricity_nd": norm(pointer - of_earth),
        "inclination_rad": orbit.inclination_rad,
    }


def _short(values: Array) -> npt.NDArray[np.float32]:
    """Values with few binary digits, which compress well."""
    mantissa, exponent = np.frexp(values)
    short: Array = np.ldexp(np.round(mantissa * 2.0**_BITS) * 2.0**-_BITS, exponent)
    return short.astype(np.float32)
