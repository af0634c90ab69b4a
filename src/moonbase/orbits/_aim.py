"""How throws are flown and aimed: one flight, its _slopes, and the search for speed and site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import pi

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits import _taylor
from moonbase.orbits._check import check_site, together
from moonbase.orbits.cr3bp import jacobi_constant, libration_points
from moonbase.orbits.patched_conic import _valid

_SPEED_STEP = 1e-6
_SPEEDS = 1.0 + np.geomspace(1e-4, 0.6, 72)
"""Speeds that are tried, over the least that the energy of the point asks for."""
_LONGITUDES_rad = np.radians(np.arange(-180.0, 181.0, 10.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """A target and the units that the flight is counted in."""

    mu: float
    length_m: float
    time_s: float
    radius: float
    point: Array
    outward: Array
    across: Array
    limit: float
    jacobi: float

    @property
    def speed_m_s(self) -> float:
        return self.length_m / self.time_s


def _flight_range(
    target: str,
    mass_ratio_mu: float,
    length_unit_m: float,
    time_unit_s: float,
    moon_radius_m: float,
    longest_s: float,
) -> _Range:
    points = libration_points(mass_ratio_mu=mass_ratio_mu)
    names = ["L1", "L2", "L3", "L4", "L5"]
    if target not in names:
        raise DomainError(f"no point {target!r}", path="target", hint=f"one of {', '.join(names)}")
    for path, value in {
        "length_unit_m": length_unit_m,
        "time_unit_s": time_unit_s,
        "moon_radius_m": moon_radius_m,
        "longest_s": longest_s,
    }.items():
        if not value > 0.0:
            raise DomainError("must be > 0", path=path, hint="leave it out for the usual value")
    index = names.index(target)
    point = (points.l1_nd, points.l2_nd, points.l3_nd, points.l4_nd, points.l5_nd)[index]
    away = point - np.array([1.0 - mass_ratio_mu, 0.0, 0.0])
    outward = away / np.linalg.norm(away)
    return _Range(
        mu=float(mass_ratio_mu),
        length_m=length_unit_m,
        time_s=time_unit_s,
        radius=moon_radius_m / length_unit_m,
        point=point,
        outward=outward,
        across=np.array([-outward[1], outward[0], 0.0]),
        limit=longest_s / time_unit_s,
        jacobi=float(points.jacobi_nd[index]),
    )


def _stack_site(
    longitude_rad: Real,
    latitude_rad: Real,
    azimuth_rad: Real,
    elevation_rad: Real,
    height_m: Real,
    speed_m_s: Real,
) -> Array:
    """Longitude, latitude, azimuth, elevation, height and speed, stacked (6, draw)."""
    speed = np.asarray(speed_m_s, dtype=np.float64)
    height = np.asarray(height_m, dtype=np.float64)
    latitude = np.asarray(latitude_rad, dtype=np.float64)
    if not np.isnan(speed).all():
        speed = _valid("speed_m_s", speed, speed > 0.0, "must be > 0", "it is over the ground")
    height = _valid("height_m", height, height >= 0.0, "must be >= 0", "it is over the mean sphere")
    within = np.abs(latitude) <= 0.5 * pi
    latitude = _valid("latitude_rad", latitude, within, "must be within a quarter turn", "in rad")
    parts = together(
        longitude_rad=longitude_rad,
        latitude_rad=latitude,
        azimuth_rad=azimuth_rad,
        elevation_rad=elevation_rad,
        height_m=height,
        speed_m_s=speed,
    )
    check_site(parts[1], parts[0], parts[2], parts[3])
    return np.stack(parts)


def _axes(site: Array) -> tuple[Array, Array]:
    """Local up, and rows along, vertical and lateral to the throw, in the turning frame."""
    longitude, latitude, azimuth, elevation = site[:4]
    sin_l, cos_l = np.sin(longitude), np.cos(longitude)
    up = np.array([-np.cos(latitude) * cos_l, -np.cos(latitude) * sin_l, np.sin(latitude)])
    east = np.array([sin_l, -cos_l, 0.0])
    ahead = np.sin(azimuth) * east + np.cos(azimuth) * np.cross(up, east)
    along = np.cos(elevation) * ahead + np.sin(elevation) * up
    vertical = np.cos(elevation) * up - np.sin(elevation) * ahead
    return up, np.stack([along, vertical, np.cross(vertical, along)])


def _fly(field: _Range, site: Array, with_stm: bool) -> tuple[int, float, Array, Array]:
    """Status, time of flight, state at the plane and state transition matrix."""
    up, axes = _axes(site)
    moon = np.array([1.0 - field.mu, 0.0, 0.0])
    position = moon + (field.radius + site[4] / field.length_m) * up
    start = np.concatenate([position, axes[0] * site[5] / field.speed_m_s])
    arrival, stm = np.full(6, np.nan), np.eye(6)
    level = float(field.outward @ field.point)
    status, time = _taylor.fly_to_plane(
        field.mu, start, field.outward, level, field.limit, field.radius, arrival, stm, with_stm
    )
    return status, time, arrival, stm


def _miss(field: _Range, site: Array) -> tuple[float, float]:
    """Miss in the plane of the orbit, in units of length, and time of flight; nan if it fails."""
    status, time, arrival, _ = _fly(field, site, False)
    if status != _taylor.OK:
        return np.nan, np.nan
    return float(field.across @ (arrival[:3] - field.point)), time


def _miss_rows(field: _Range, arrival: Array, stm: Array) -> Array:
    """Derivative of the two misses by the state at the muzzle (2, 6)."""
    directions = np.stack([field.across, np.array([0.0, 0.0, 1.0])])
    velocity = arrival[3:]
    later = (directions @ velocity) / (field.outward @ velocity)
    rows: Array = directions @ stm[:3] - np.outer(later, field.outward @ stm[:3])
    return rows


def _slopes(field: _Range, site: Array) -> tuple[float, float, float]:
    """Miss, and its derivatives by speed and by longitude, in units of the problem."""
    status, _, arrival, stm = _fly(field, site, True)
    if status != _taylor.OK:
        return np.nan, np.nan, np.nan
    up, axes = _axes(site)
    height = field.radius + site[4] / field.length_m
    turn = np.concatenate([height * up, axes[0] * site[5] / field.speed_m_s])
    turned = np.array([-turn[1], turn[0], 0.0, -turn[4], turn[3], 0.0])
    row = _miss_rows(field, arrival, stm)[0]
    miss = float(field.across @ (arrival[:3] - field.point))
    return miss, float(row[3:] @ axes[0]), float(row @ turned)


def _changed(site: Array, index: int, value: float) -> Array:
    other = site.copy()
    other[index] = value
    return other


def _lowest_speed(field: _Range, site: Array) -> float:
    """Speed over the ground, m/s, at which the energy of the target is just reached."""
    up, _ = _axes(site)
    position = np.array([1.0 - field.mu, 0.0, 0.0]) + field.radius * up
    at_rest = np.concatenate([position, np.zeros(3)])
    excess = jacobi_constant(mass_ratio_mu=field.mu, state_nd=at_rest) - field.jacobi
    return float(np.sqrt(excess)) * field.speed_m_s


def _best_speed(field: _Range, site: Array) -> float:
    """Speed of the quickest throw that hits, m/s; nan if there is none."""
    from scipy.optimize import brentq

    def miss(speed: float) -> float:
        return _miss(field, _changed(site, 5, speed))[0]

    if np.isnan(site[:5]).any():
        return np.nan
    best, shortest = np.nan, np.inf
    for low, high in _brackets(field, site):
        try:
            speed = brentq(miss, low, high, xtol=1e-9, rtol=1e-14)
        except (ValueError, RuntimeError):
            continue
        left, time = _miss(field, _changed(site, 5, speed))
        if abs(left) < 1e-9 and time < shortest:
            best, shortest = speed, time
    return float(best)


def _eastward_bearing(field: _Range, site: Array) -> float:
    """Azimuth of the great circle through site and target that has an eastward part."""
    longitude, latitude = site[:2]
    up, _ = _axes(site)
    east = np.array([np.sin(longitude), -np.cos(longitude), 0.0])
    ahead = field.outward - (field.outward @ up) * up
    to_east, to_north = ahead @ east, ahead @ np.cross(up, east)
    if abs(to_east) < 1e-9 * abs(np.cos(latitude)):
        return 0.5 * pi
    return float(np.arctan2(abs(to_east), to_north * np.sign(to_east)))


def _meet(field: _Range, site: Array) -> Array:
    """Newton's method on both misses over speed and azimuth; a speed of nan where it fails."""
    guess, site = site, site.copy()
    for _ in range(30):
        status, _, arrival, stm = _fly(field, site, True)
        if status != _taylor.OK or np.isnan(site).any():
            break
        gap = arrival[:3] - field.point
        _, axes = _axes(site)
        by_velocity = _miss_rows(field, arrival, stm)[:, 3:]
        turn = -np.cos(site[3]) * site[5] / field.speed_m_s * axes[2]
        partials = by_velocity @ np.stack([axes[0], turn], axis=-1)
        change = np.linalg.lstsq(partials, -np.array([field.across @ gap, gap[2]]), rcond=None)[0]
        change *= min(1.0, 0.05 / float(np.abs(change).max() + 1e-300))
        site[5] += change[0] * field.speed_m_s
        site[2] += change[1]
        if np.abs(change).max() < 1e-13:
            return site
    return _changed(guess, 5, np.nan)


def _brackets(field: _Range, site: Array) -> Iterator[tuple[float, float]]:
    """Pairs of speeds between which the miss changes its sign, turning points counted."""
    from scipy.optimize import brentq

    def slope(speed: float) -> float:
        return _slopes(field, _changed(site, 5, speed))[1]

    speeds = _lowest_speed(field, site) * _SPEEDS
    tried = [(speed, *_slopes(field, _changed(site, 5, speed))[:2]) for speed in speeds]
    for (low, miss, rate), (high, next_miss, next_rate) in pairwise(tried):
        if miss * next_miss <= 0.0:
            yield low, high
        elif rate * next_rate < 0.0 and miss * rate < 0.0:
            try:
                turning = brentq(slope, low, high, xtol=1e-9)
            except (ValueError, RuntimeError):
                continue
            if miss * _miss(field, _changed(site, 5, turning))[0] <= 0.0:
                yield low, turning
                yield turning, high


def _turning_site(field: _Range, site: Array) -> Array | None:
    """Site and speed of the quickest throw whose miss has no first order in speed."""
    lowest = min(_lowest_speed(field, _changed(site, 0, angle)) for angle in _LONGITUDES_rad)
    before: Array | None = None
    slope_before = np.nan
    best, shortest = None, np.inf
    for speed in lowest * _SPEEDS:
        hit = _quickest_hit(field, _changed(site, 5, speed))
        slope = np.nan if hit is None else _slopes(field, hit)[1]
        if hit is not None and before is not None and slope * slope_before < 0.0:
            middle = hit if abs(slope) < abs(slope_before) else before
            found = _refine_turning(field, middle)
            time = np.inf if found is None else _miss(field, found)[1]
            if time < shortest:
                best, shortest = found, time
        before, slope_before = hit, slope
    return best


def _quickest_hit(field: _Range, site: Array) -> Array | None:
    """The site's longitude so that the throw at its speed hits after the shortest flight."""
    from scipy.optimize import brentq

    def miss(longitude: float) -> float:
        return _miss(field, _changed(site, 0, longitude))[0]

    tried = [(angle, *_miss(field, _changed(site, 0, angle))) for angle in _LONGITUDES_rad]
    pairs = [
        (time + next_time, low, high)
        for (low, miss, time), (high, next_miss, next_time) in pairwise(tried)
        if miss * next_miss <= 0.0
    ]
    for _, low, high in sorted(pairs):
        try:
            longitude = brentq(miss, low, high, xtol=1e-13)
        except (ValueError, RuntimeError):
            continue
        if abs(miss(longitude)) < 1e-6:
            return _changed(site, 0, longitude)
    return None


def _refine_turning(field: _Range, site: Array) -> Array | None:
    """Newton's method on miss and derivative by speed, over longitude and speed."""
    site = site.copy()
    for _ in range(30):
        step = _SPEED_STEP * site[5]
        miss, slope, by_longitude = _slopes(field, site)
        _, above, by_longitude_above = _slopes(field, _changed(site, 5, site[5] + step))
        _, below, by_longitude_below = _slopes(field, _changed(site, 5, site[5] - step))
        nd = field.speed_m_s
        second = (above - below) / (2.0 * step) * nd
        mixed = (by_longitude_above - by_longitude_below) / (2.0 * step) * nd
        matrix = np.array([[by_longitude, slope], [mixed, second]])
        change = np.linalg.lstsq(matrix, -np.array([miss, slope]), rcond=None)[0]
        if not np.isfinite(change).all():
            return None
        change *= min(1.0, 0.05 / float(np.abs(change).max()))
        site[0] += change[0]
        site[5] += change[1] * nd
        if np.abs(change).max() < 1e-12:
            return site
    return None
