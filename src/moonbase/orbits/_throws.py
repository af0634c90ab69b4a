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
    "passes the Moon again",
    "does not get away",
    "meets the Moon",
    "meets the Earth",
    "lost",
)
"""What the outcome codes 0 to 5 mean. A throw that is still in the Earth's sphere of influence
after 45 days, or within 3 million km of the Earth after a year, does not get away."""
DIRECT, RETURNS, STAYS, MOON_IMPACT, EARTH_IMPACT, LOST = range(6)

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
"""Time after which orbits about the Sun are read."""
DIRECT_s = 45.0 * 86_400.0
"""A throw that goes straight out has left the Earth's sphere of influence by then: in 30 d at most,
while one that goes round the Earth once needs more than 60 d. Only who has is flown on."""
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
    epochs = np.repeat(np.array(track.t_tdb_s), SPEED_m_s.size)
    start = release_state(
        track.latitude_rad,
        longitude_rad,
        track.azimuth_rad,
        track.elevation_rad,
        np.tile(SPEED_m_s, len(track.t_tdb_s)),
        epochs,
    )
    near = _fly(start.array, epochs, DIRECT_s)
    outcome = _outcome(near, near.events[1].elapsed_s[0] < DIRECT_s)
    values = {name: np.full(epochs.size, np.nan) for name in ARRAYS[1:]}
    rows = np.flatnonzero(outcome == DIRECT)
    if rows.size:
        far = _fly(near.array[:, rows], epochs[rows] + DIRECT_s, HORIZON_s - DIRECT_s)
        outcome[rows] = _outcome(far, norm(far.relative_to("earth").r_icrf_m) > AWAY_m)
        for name, item in (_exit(near, rows) | _against_earth(far, epochs[rows])).items():
            values[name][rows] = np.where(outcome[rows] == DIRECT, item, np.nan)
    shape = len(track.t_tdb_s), SPEED_m_s.size
    return Throws(
        outcome=outcome.astype(np.int8).reshape(shape),
        **{name: _short(item).reshape(shape) for name, item in values.items()},
    )


def _fly(states: Array, epoch_tdb_s: Array, duration_s: float) -> Flight:
    events = (
        Event(kind="periapsis", body="moon"),
        Event(kind="sphere", body="earth", radius_m=EARTH_SPHERE_m),
    )
    return propagate(
        states,
        epoch_tdb_s,
        duration_s,
        tolerance=_TOLERANCE,
        events=events,
        n_hits=_N_HITS,
        n_block=_N_BLOCK,
    )


def _outcome(flight: Flight, away: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """What becomes of throws on a leg; direct are those that are away at its end."""
    passes = flight.events[0]
    back = (passes.elapsed_s > JUST_RELEASED_s) & (norm(passes.r_icrf_m) < MOON_SPHERE_m)
    at_moon = norm(flight.r_icrf_m) < norm(flight.relative_to("earth").r_icrf_m)
    return np.select(
        [
            flight.status == 3,
            (flight.status == 2) & at_moon,
            flight.status == 2,
            back.any(axis=0),
            ~away,
        ],
        [LOST, MOON_IMPACT, EARTH_IMPACT, RETURNS, STAYS],
        default=DIRECT,
    )


def _exit(flight: Flight, rows: npt.NDArray[np.intp]) -> dict[str, Array]:
    """First crossing of the Earth's sphere of influence."""
    sphere = flight.events[1]
    r, v = sphere.r_icrf_m[:, 0, rows], sphere.v_icrf_m_s[:, 0, rows]
    return {
        "c3_earth_m2_s2": _kepler.energy_of(r, v, gm_of("earth")),
        "transit_s": sphere.elapsed_s[0, rows],
    }


def _against_earth(flight: Flight, release_tdb_s: Array) -> dict[str, Array]:
    """Osculating orbits about the Sun at the end, compared with that of Earth and Moon."""
    sun = flight.relative_to("sun")
    earth = ephemeris("emb", flight.t_tdb_s, "sun")
    orbit = _kepler.solar_elements(sun.r_icrf_m, sun.v_icrf_m_s, flight.t_tdb_s)
    axis = np.where(orbit.semi_major_m > 0.0, orbit.semi_major_m, np.nan)
    ring = _kepler.ring_radius(0.0, release_tdb_s)
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
