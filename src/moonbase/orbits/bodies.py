"""Where the Moon and the Earth are: low-precision series of the Astronomical Almanac.

Against DE440 from 2000 to 2181 the Moon is off by 0.35 deg in longitude, 0.21 deg in latitude and
0.34 % in distance at most, the Earth by 0.017 deg and 0.024 deg. Velocities are the exact
derivatives of the series. Neglected: every smaller term of both theories, light time, the
Earth's motion round the common centre of mass, and the motion of the ecliptic's plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, DAY_s, EARTH_RADIUS_m, JULIAN_YEAR_s
from moonbase.core.errors import DomainError

_CENTURY_s = 100.0 * JULIAN_YEAR_s
_PRECESSION_DEG = 1.3969713
"""General precession in longitude, degrees per Julian century (IAU 1976)."""
_SYNODIC_MONTH_s = 29.530589 * DAY_s
_FIRST, _LAST = -1.0, 1.81
"""Julian centuries from J2000 within which the series were compared with DE440."""
_GOLDEN = 0.5 * (1.0 + 5.0**0.5)

# Amplitude, phase and rate of each term: degrees and degrees per Julian century.
_MOON_LONGITUDE = np.array(
    [
        [6.29, 134.9, 477198.85],
        [-1.27, 259.2, -413335.38],
        [0.66, 235.7, 890534.23],
        [0.21, 269.9, 954397.70],
        [-0.19, 357.5, 35999.05],
        [-0.11, 186.6, 966404.05],
    ]
)
_MOON_LATITUDE = np.array(
    [
        [5.13, 93.3, 483202.03],
        [0.28, 228.2, 960400.87],
        [-0.28, 318.3, 6003.18],
        [-0.17, 217.6, -407332.20],
    ]
)
# Cosine terms as sines of a phase 90 deg greater.
_MOON_PARALLAX = np.array(
    [
        [0.0518, 224.9, 477198.85],
        [0.0095, 349.2, -413335.38],
        [0.0078, 325.7, 890534.23],
        [0.0028, 359.9, 954397.70],
    ]
)
_SUN_LONGITUDE = np.array([[1.915, 357.528, 35999.050], [0.020, 355.056, 71998.100]])
_SUN_DISTANCE_AU = np.array([[-0.01671, 447.528, 35999.050], [-0.00014, 445.056, 71998.100]])


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyState:
    """Position and velocity in the mean ecliptic and equinox of J2000, component axis first."""

    r_ecl_m: Array
    v_ecl_m_s: Array


def moon_state(*, t_tdb_s: Real) -> BodyState:
    """Geocentric position and velocity of the Moon.

    Parameters
    ----------
    t_tdb_s
        Seconds past J2000 TDB, any shape.

    Returns
    -------
    BodyState
        ``r_ecl_m`` in m and ``v_ecl_m_s`` in m/s, of shape (3, ...).

    Raises
    ------
    DomainError
        An epoch lies outside 1900 to 2181.

    Notes
    -----
    Source: The Astronomical Almanac, page D22 (low-precision formulae); also Vallado,
    Fundamentals of Astrodynamics and Applications, algorithm 31. The series' equinox of date is
    brought to J2000 by the general precession in longitude.

    Examples
    --------
    >>> state = moon_state(t_tdb_s=946728000.0)
    >>> round(float(np.linalg.norm(state.r_ecl_m)) / 1e6)
    364
    """
    centuries = _centuries(t_tdb_s)
    longitude, longitude_rate = _series(_MOON_LONGITUDE, centuries)
    latitude, latitude_rate = _series(_MOON_LATITUDE, centuries)
    parallax, parallax_rate = _series(_MOON_PARALLAX, centuries)
    angle = np.radians(0.9508 + parallax)
    distance = EARTH_RADIUS_m / np.sin(angle)
    return _cartesian(
        distance=distance,
        distance_rate=-distance / np.tan(angle) * np.radians(parallax_rate),
        longitude=218.32 + (481267.8813 - _PRECESSION_DEG) * centuries + longitude,
        longitude_rate=481267.8813 - _PRECESSION_DEG + longitude_rate,
        latitude=latitude,
        latitude_rate=latitude_rate,
    )


def earth_state(*, t_tdb_s: Real) -> BodyState:
    """Heliocentric position and velocity of the Earth.

    Parameters
    ----------
    t_tdb_s
        Seconds past J2000 TDB, any shape.

    Returns
    -------
    BodyState
        ``r_ecl_m`` in m and ``v_ecl_m_s`` in m/s, of shape (3, ...).

    Raises
    ------
    DomainError
        An epoch lies outside 1900 to 2181.

    Notes
    -----
    Source: The Astronomical Almanac, page C5 (low-precision formulae for the Sun), turned
    round; the equinox of date is brought to J2000 by the general precession in longitude.

    Examples
    --------
    >>> state = earth_state(t_tdb_s=946728000.0)
    >>> round(float(np.linalg.norm(state.v_ecl_m_s)), -1)
    30290.0
    """
    centuries = _centuries(t_tdb_s)
    longitude, longitude_rate = _series(_SUN_LONGITUDE, centuries)
    distance, distance_rate = _series(_SUN_DISTANCE_AU, centuries)
    return _cartesian(
        distance=ASTRONOMICAL_UNIT_m * (1.00014 + distance),
        distance_rate=ASTRONOMICAL_UNIT_m * distance_rate,
        longitude=180.0 + 280.460 + (36000.771 - _PRECESSION_DEG) * centuries + longitude,
        longitude_rate=36000.771 - _PRECESSION_DEG + longitude_rate,
        latitude=np.zeros_like(centuries),
        latitude_rate=np.zeros_like(centuries),
    )


def release_epochs(*, start_tdb_s: float, n_epochs: int) -> Array:
    """Epochs that sample month, year and node without a common period.

    Parameters
    ----------
    start_tdb_s
        First epoch, seconds past J2000 TDB.
    n_epochs
        Number of epochs. Of 120, the last comes 23 years after the first: more than one turn of
        the node.

    Returns
    -------
    Array
        Seconds past J2000 TDB, shape (n_epochs,): steps of 2.382 synodic months (4 less the
        golden ratio), whose multiples spread most evenly over the month.

    Raises
    ------
    DomainError
        Fewer than one epoch is asked for.

    Notes
    -----
    Source: the golden rotation has the least discrepancy of all rotations of a circle (Weyl
    sequence).

    Examples
    --------
    >>> release_epochs(start_tdb_s=0.0, n_epochs=3).shape
    (3,)
    """
    if n_epochs < 1:
        raise DomainError(
            f"must be at least 1, got {n_epochs}", path="n_epochs", hint="120 resolve a per cent"
        )
    step = (4.0 - _GOLDEN) * _SYNODIC_MONTH_s
    return start_tdb_s + step * np.arange(n_epochs, dtype=np.float64)


def campaign_epochs(*, start_year: int) -> Array:
    """Release epochs that stand for a campaign: 120 over a turn of the lunar node.

    Parameters
    ----------
    start_year
        First year of the campaign.

    Returns
    -------
    Array
        Seconds past J2000 TDB, shape (120,).

    Notes
    -----
    Source: as :func:`release_epochs`. What 120 epochs leave open is said in
    :func:`moonbase.orbits.size_transfer`.

    Examples
    --------
    >>> campaign_epochs(start_year=2027).shape
    (120,)
    """
    return release_epochs(start_tdb_s=(start_year - 2000) * JULIAN_YEAR_s, n_epochs=120)


def _centuries(t_tdb_s: Real) -> Array:
    centuries: Array = np.asarray(t_tdb_s, dtype=np.float64) / _CENTURY_s
    if not np.all((centuries >= _FIRST) & (centuries <= _LAST)):
        raise DomainError(
            "the series of Moon and Earth hold from 1900 to 2181",
            path="t_tdb_s",
            hint="epochs are seconds past J2000 TDB, -3.1e9 to 5.7e9",
        )
    return centuries


def _series(terms: Array, centuries: Array) -> tuple[Array, Array]:
    """Sum of sines and its derivative, in the unit of the amplitude and per century."""
    amplitude, phase, rate = terms.T
    angle = np.radians(phase + rate * centuries[..., None])
    return np.sin(angle) @ amplitude, np.cos(angle) @ (amplitude * np.radians(rate))


def _cartesian(
    *,
    distance: Array,
    distance_rate: Array,
    longitude: Array,
    longitude_rate: Array,
    latitude: Array,
    latitude_rate: Array,
) -> BodyState:
    """State from m and degrees, with rates per century."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    radial = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), np.zeros_like(lon)])
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    per_century = (
        distance_rate * radial
        + distance * np.cos(lat) * np.radians(longitude_rate) * east
        + distance * np.radians(latitude_rate) * north
    )
    return BodyState(r_ecl_m=distance * radial, v_ecl_m_s=per_century / _CENTURY_s)
