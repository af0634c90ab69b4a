"""Throws from the ground to a libration point: miss, sensitivities, and where speed errors cancel.

Flown in the circular restricted problem of :mod:`moonbase.orbits.cr3bp`: what that neglects is
neglected here, and so are libration, terrain and the lunar harmonics. The ground turns with the
frame, so speed over the ground is speed in the frame. Longitude is counted east from the side that
faces the Earth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    GM_EARTH_m3_s2,
    GM_MOON_m3_s2,
    MOON_DISTANCE_m,
    MOON_RADIUS_m,
)
from moonbase.orbits import _taylor
from moonbase.orbits._aim import (
    _SPEED_STEP,
    _axes,
    _best_speed,
    _changed,
    _eastward_bearing,
    _flight_range,
    _fly,
    _meet,
    _miss_rows,
    _Range,
    _slopes,
    _stack_site,
    _turning_site,
)
from moonbase.orbits._check import one_number
from moonbase.orbits._detour import other_turning_site

_GM_BOTH_m3_s2 = GM_EARTH_m3_s2 + GM_MOON_m3_s2
_MASS_RATIO = GM_MOON_m3_s2 / _GM_BOTH_m3_s2
_TIME_UNIT_s = (MOON_DISTANCE_m**3 / _GM_BOTH_m3_s2) ** 0.5
_LONGEST_s = 20.0 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Throw:
    """A throw to a libration point, and how errors at the muzzle show there.

    The miss is read where the path first crosses, outward, the plane through the point that is
    square to its direction from the Moon: ``miss_m`` in the plane of the Moon's orbit, counted
    counter-clockwise about the Moon (along y at L2), ``rise_m`` to the north of it. Errors of
    velocity and position at the muzzle are along the throw, vertical (square to it, upward) and
    lateral (to the left), first axis of the ``_per_`` arrays; along the track the velocity keeps
    its direction in space. ``miss_per_speed_s`` is in m per m/s, and the miss goes on with
    ``second_order_s2_m`` times the square of the speed error. ``status``: 0 arrives, 1 ran into a
    body's centre, 2 falls back to the Moon, 3 does not arrive in time, 4 no speed found. ``advice``
    says why an achromatic site is missing, and what would help.
    """

    longitude_rad: Array
    azimuth_rad: Array
    speed_m_s: Array
    flight_s: Array
    arrival_speed_m_s: Array
    miss_m: Array
    rise_m: Array
    miss_per_speed_s: Array
    second_order_s2_m: Array
    miss_per_velocity_s: Array
    miss_per_position_ratio: Array
    rise_per_velocity_s: Array
    rise_per_position_ratio: Array
    status: npt.NDArray[np.int64]
    advice: str = ""


def throw_to_point(
    *,
    longitude_rad: Real,
    speed_m_s: Real,
    target: str = "L2",
    latitude_rad: Real = 0.0,
    azimuth_rad: Real = 0.5 * pi,
    elevation_rad: Real = 0.0,
    height_m: Real = 0.0,
    mass_ratio_mu: float = _MASS_RATIO,
    length_unit_m: float = MOON_DISTANCE_m,
    time_unit_s: float = _TIME_UNIT_s,
    moon_radius_m: float = MOON_RADIUS_m,
    longest_s: float = _LONGEST_s,
) -> Throw:
    r"""Fly a throw and read its miss at a libration point.

    Parameters
    ----------
    longitude_rad, latitude_rad
        Site, rad (draw); longitude east of the meridian that faces the Earth.
    speed_m_s
        Speed over the ground at the muzzle, m/s (draw).
    target
        "L1" to "L5".
    azimuth_rad, elevation_rad
        Direction from north over east, and above the horizon, rad (draw).
    height_m
        Muzzle above the mean sphere, m (draw).
    mass_ratio_mu, length_unit_m, time_unit_s
        Moon's mass over that of Earth and Moon; their distance, m; time of one radian of their
        motion, s.
    moon_radius_m
        Radius of the mean sphere, m.
    longest_s
        Time after which the flight is given up, s.

    Returns
    -------
    Throw
        Flight, miss and sensitivities (draw) or (3, draw); nan where the throw does not arrive.

    Raises
    ------
    DomainError
        There is no such target, or an argument is out of range.

    Notes
    -----
    With :math:`\Phi` the state transition matrix to the crossing, :math:`m` the direction of the
    miss, :math:`n` the plane's normal and :math:`v_f` the arrival velocity, an error
    :math:`\delta` at the muzzle moves the miss by
    :math:`m \cdot \Phi\delta - (m \cdot v_f)(n \cdot \Phi\delta)/(n \cdot v_f)`.
    The second order is half the central difference of that slope.

    Source: derived; the question is Heppenheimer's (1977), AIAA Journal 15, 518.

    Examples
    --------
    >>> throw = throw_to_point(longitude_rad=np.radians(40.0), speed_m_s=2401.52)
    >>> round(float(throw.flight_s) / 86400.0, 4), round(float(throw.arrival_speed_m_s), 1)
    (1.0336, 595.8)
    """
    field = _flight_range(
        target, mass_ratio_mu, length_unit_m, time_unit_s, moon_radius_m, longest_s
    )
    site = _stack_site(longitude_rad, latitude_rad, azimuth_rad, elevation_rad, height_m, speed_m_s)
    return _throw(field, site)


def aim_throw(
    *,
    longitude_rad: Real,
    target: str = "L2",
    latitude_rad: Real = 0.0,
    azimuth_rad: Real | None = None,
    elevation_rad: Real = 0.0,
    height_m: Real = 0.0,
    mass_ratio_mu: float = _MASS_RATIO,
    length_unit_m: float = MOON_DISTANCE_m,
    time_unit_s: float = _TIME_UNIT_s,
    moon_radius_m: float = MOON_RADIUS_m,
    longest_s: float = _LONGEST_s,
) -> Throw:
    """Find the speed at which a throw from a site meets a libration point.

    Parameters
    ----------
    longitude_rad, latitude_rad, elevation_rad, height_m
        Site and elevation as in :func:`throw_to_point`, (draw).
    azimuth_rad
        Direction of a track that is laid, rad (draw), or None to find the one with an eastward part
        that meets the point from a site off the equator as well.
    target, mass_ratio_mu, length_unit_m, time_unit_s, moon_radius_m, longest_s
        As in :func:`throw_to_point`.

    Returns
    -------
    Throw
        The quickest throw whose ``miss_m`` vanishes, and ``rise_m`` with it where the azimuth is
        free. Status 4 and nan where no speed serves.

    Raises
    ------
    DomainError
        There is no such target, or an argument is out of range.

    Notes
    -----
    Speeds from the least that the point's Jacobi constant allows to 1.6 times as much are tried;
    roots, among them close pairs on either side of a turning point, are refined to rounding;
    a free azimuth then follows by Newton's method on both misses. It
    is found up to some 50 degrees of latitude; nearer the poles status 4 is frequent.

    Source: derived.

    Examples
    --------
    >>> throw = aim_throw(longitude_rad=np.radians(40.0))
    >>> round(float(throw.speed_m_s), 2), round(float(throw.miss_per_speed_s) / 1e3, 1)
    (2401.52, -129.1)
    """
    field = _flight_range(
        target, mass_ratio_mu, length_unit_m, time_unit_s, moon_radius_m, longest_s
    )
    laid = 0.5 * pi if azimuth_rad is None else azimuth_rad
    site = _stack_site(longitude_rad, latitude_rad, laid, elevation_rad, height_m, np.nan)
    columns = site.reshape(6, -1).copy()
    for column in columns.T:
        if azimuth_rad is None:
            column[2] = _eastward_bearing(field, column)
        column[5] = _best_speed(field, column)
        if azimuth_rad is None:
            column[:] = _meet(field, column)
    return _throw(field, columns.reshape(site.shape))


def achromatic_longitude(
    *,
    target: str = "L2",
    latitude_rad: float = 0.0,
    azimuth_rad: float = 0.5 * pi,
    elevation_rad: float = 0.0,
    height_m: float = 0.0,
    mass_ratio_mu: float = _MASS_RATIO,
    length_unit_m: float = MOON_DISTANCE_m,
    time_unit_s: float = _TIME_UNIT_s,
    moon_radius_m: float = MOON_RADIUS_m,
    longest_s: float = _LONGEST_s,
) -> Throw:
    """Find the site from which a throw meets a libration point whatever small error its speed has.

    Parameters
    ----------
    target
        "L1" to "L5".
    latitude_rad, azimuth_rad, elevation_rad, height_m
        Site, but for its longitude, and direction as in :func:`throw_to_point`.
    mass_ratio_mu, length_unit_m, time_unit_s, moon_radius_m, longest_s
        As in :func:`throw_to_point`.

    Returns
    -------
    Throw
        ``longitude_rad`` and ``speed_m_s`` at which both the miss and its derivative by speed
        vanish; ``second_order_s2_m`` is what the speed error leaves. Off the equator ``rise_m``
        and its slopes remain. The site is that of the quickest branch of flights at up to 1.6
        times the least speed; if there is none, of the quickest among longer flights; if there is
        none, at up to 3 times the least speed, far above what a driver gives. Status 4, nan and an
        ``advice`` where there is no such site.

    Raises
    ------
    DomainError
        There is no such target, or an argument is out of range.

    Notes
    -----
    Along the sites and speeds that hit, the derivative changes its sign where the longitude
    turns; Newton's method on (miss, derivative) refines the place. It does so on direct flights
    eastward, where the bend by the Moon's pull and the turn of the frame oppose each other.
    Westward they add up, and only flights that are turned back on the way are left: L1 after 8 d,
    L3 after 13 d, L2 after 14 d, with second orders up to a hundred times greater. L4 asks for
    5.35 km/s eastward and has no site westward; L5 has one westward after 31 d alone.

    Source: derived; that such a site exists for any target is Heppenheimer's result (1977), AIAA
    Journal 15, 518.

    Examples
    --------
    >>> site = achromatic_longitude(target="L2")
    >>> round(float(np.degrees(site.longitude_rad)), 1), round(float(site.speed_m_s))
    (33.1, 2342)
    """
    field = _flight_range(
        target, mass_ratio_mu, length_unit_m, time_unit_s, moon_radius_m, longest_s
    )
    one_number("azimuth_rad", azimuth_rad)
    one_number("elevation_rad", elevation_rad)
    site = _stack_site(np.nan, latitude_rad, azimuth_rad, elevation_rad, height_m, np.nan)
    found = _turning_site(field, site)
    if found is None:
        found = other_turning_site(field, site)
    if found is None:
        return replace(_throw(field, site), advice=_no_site(azimuth_rad, longest_s))
    return _throw(field, found)


def _no_site(azimuth_rad: float, longest_s: float) -> str:
    days = longest_s / 86_400.0
    if np.sin(azimuth_rad) < 0.0:
        return (
            "thrown westward, the bend by the Moon's pull and the turn of the frame have the same "
            "sense and both lessen with speed, so that errors add up on a direct flight, and no "
            f"longer flight within {days:.3g} days cancels them: throw eastward, or allow a longer "
            "flight"
        )
    return (
        f"no flight within {days:.3g} days and at up to 3 times the least speed cancels an error "
        "of speed: turn the azimuth eastward, lower the elevation, or allow a longer flight"
    )


def _throw(field: _Range, site: Array) -> Throw:
    shape = site.shape[1:]
    columns = site.reshape(6, -1)
    table = np.stack([_entry(field, column) for column in columns.T], axis=-1)
    table = table.reshape(-1, *shape)
    return Throw(
        longitude_rad=np.where(table[0] == 4, np.nan, site[0]),
        azimuth_rad=site[2],
        speed_m_s=site[5],
        status=table[0].astype(np.int64),
        flight_s=table[1],
        arrival_speed_m_s=table[2],
        miss_m=table[3],
        rise_m=table[4],
        second_order_s2_m=table[5],
        miss_per_speed_s=table[6],
        miss_per_velocity_s=table[6:9],
        miss_per_position_ratio=table[9:12],
        rise_per_velocity_s=table[12:15],
        rise_per_position_ratio=table[15:18],
    )


def _entry(field: _Range, site: Array) -> Array:
    """Status, time, arrival speed, misses, second order and twelve slopes of one throw, SI."""
    entry = np.full(18, np.nan)
    if np.isnan(site).any():
        entry[0] = 4
        return entry
    status, time, arrival, stm = _fly(field, site, True)
    entry[0] = status
    if status != _taylor.OK:
        return entry
    step = _SPEED_STEP * site[5]
    by_speed = [_slopes(field, _changed(site, 5, site[5] + sign * step))[1] for sign in (1.0, -1.0)]
    gap = arrival[:3] - field.point
    entry[1] = time * field.time_s
    entry[2] = np.linalg.norm(arrival[3:]) * field.speed_m_s
    entry[3] = field.across @ gap * field.length_m
    entry[4] = gap[2] * field.length_m
    entry[5] = 0.25 * (by_speed[0] - by_speed[1]) / step * field.time_s
    _, axes = _axes(site)
    rows = _miss_rows(field, arrival, stm)
    entry[6:9], entry[12:15] = rows[:, 3:] @ axes.T * field.time_s
    entry[9:12], entry[15:18] = rows[:, :3] @ axes.T
    return entry
