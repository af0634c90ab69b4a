"""The Moon's axes, and the state of a throw from its surface.

Principal axes carry the gravity field, mean-Earth axes carry maps and sites; they are 875 m apart
at the surface. Heights are over the sphere of 1,737.4 km. Neglected: tides of the solid Moon (some
0.1 m) and the difference of the mean-Earth axes between solutions (below 1.3 m).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._check import check_site, together
from moonbase.orbits._records import constant, gm_of, radius_of
from moonbase.orbits.de440 import State, evaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarAxes:
    """Orientation of the Moon at an epoch, trailing axes of the epochs."""

    icrf_to_pa: Array
    """Rotation matrix, shape (3, 3, ...)."""
    spin_pa_rad_s: Array
    """Angular velocity in principal axes, libration included, shape (3, ...)."""
    euler_313_rad: Array
    """Angles phi, theta, psi of the turns about z, x, z, shape (3, ...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAngles:
    """Site, direction and speed over the ground of a state near the Moon."""

    latitude_rad: Real
    longitude_rad: Real
    height_m: Real
    azimuth_rad: Real
    elevation_rad: Real
    speed_m_s: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Height of a throw over a terrain profile. Fields have the shape of the profile."""

    height_m: Array
    least_m: float
    at_m: float
    horizon_rad: float


def lunar_axes(*, epoch_tdb_s: Real, offset_s: Real = 0.0) -> LunarAxes:
    """Orientation and spin of the Moon's principal axes, from the DE421 integration to 2051.

    Later axes come from a series fitted to it: some 20 m at the surface, see
    :mod:`moonbase.orbits.de440`.

    Parameters
    ----------
    epoch_tdb_s
        Seconds past J2000 TDB, any shape.
    offset_s
        Added to the epoch without loss, s.

    Returns
    -------
    LunarAxes
        Matrix, angular velocity in rad/s and Euler angles in rad.

    Raises
    ------
    DomainError
        An epoch outside 2000 to 2181.

    Notes
    -----
    Source: Williams, Boggs and Folkner (2008), JPL IOM 335-JW,DB,WF-20080314-001; the kernel
    moon_pa_de421_1900-2050.bpc.

    Examples
    --------
    >>> axes = lunar_axes(epoch_tdb_s=946728000.0)
    >>> round(float(axes.icrf_to_pa[0, 0]), 9)
    0.525549441
    """
    epoch, offset = np.broadcast_arrays(
        np.asarray(epoch_tdb_s, dtype=np.float64), np.asarray(offset_s, dtype=np.float64)
    )
    angle, rate = evaluate("orientation", epoch, offset)
    (cp, cd, cw), (sp, sd, sw) = np.cos(angle), np.sin(angle)
    matrix = np.array(
        [
            [cw * cp - sw * cd * sp, cw * sp + sw * cd * cp, sw * sd],
            [-sw * cp - cw * cd * sp, -sw * sp + cw * cd * cp, cw * sd],
            [sd * sp, -sd * cp, cd],
        ]
    )
    spin = np.array(
        [
            rate[0] * sd * sw + rate[1] * cw,
            rate[0] * sd * cw - rate[1] * sw,
            rate[0] * cd + rate[2],
        ]
    )
    return LunarAxes(icrf_to_pa=matrix, spin_pa_rad_s=spin, euler_313_rad=angle)


def pa_to_me() -> Array:
    """Constant rotation from principal to mean-Earth axes of DE421, shape (3, 3).

    Notes
    -----
    Source: NAIF frame kernel moon_080317.tf.

    Examples
    --------
    >>> round(1737400 * float(np.arccos((np.trace(pa_to_me()) - 1) / 2)), 1)
    874.7
    """
    x, y, z = (constant(f"moon_axes.{axis}_rad") for axis in "xyz")
    about_x = [[1, 0, 0], [0, np.cos(x), np.sin(x)], [0, -np.sin(x), np.cos(x)]]
    about_y = [[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]]
    about_z = [[np.cos(z), np.sin(z), 0], [-np.sin(z), np.cos(z), 0], [0, 0, 1]]
    return np.array(about_x) @ np.array(about_y) @ np.array(about_z)


def release_state(
    latitude_rad: Real,
    longitude_rad: Real,
    azimuth_rad: Real,
    elevation_rad: Real,
    speed_m_s: Real,
    epoch_tdb_s: Real,
    *,
    height_m: Real = 0.0,
    offset_s: Real = 0.0,
) -> State:
    r"""Moon-centred inertial state of a throw from a site on the turning Moon.

    Parameters
    ----------
    latitude_rad, longitude_rad
        Site in mean-Earth axes, north and east positive, rad (draw).
    azimuth_rad, elevation_rad
        Direction over the ground: from north to east, and above the local level of the sphere,
        rad (draw).
    speed_m_s
        Speed over the ground at release, m/s (draw).
    epoch_tdb_s
        Release, seconds past J2000 TDB (draw).
    height_m
        Height over the sphere of 1,737.4 km, m (draw).
    offset_s
        Added to the epoch without loss, s (draw).

    Returns
    -------
    State
        ``r_icrf_m`` and ``v_icrf_m_s`` relative to the Moon, shape (3, draw).

    Raises
    ------
    DomainError
        An epoch outside 2000 to 2181, a latitude beyond a pole, an angle that can only be in
        degrees, a speed that is negative, or shapes that do not fit together.

    Notes
    -----
    :math:`r = M^T C\,(R + h) u`, :math:`v = M^T (C v_b + \omega \times r_{PA})` with M from
    inertial to principal axes, C from mean-Earth to principal axes, :math:`\omega` with
    libration. Source: rigid-body kinematics; axes as in :func:`lunar_axes`.

    Examples
    --------
    >>> state = release_state(0.0, 0.5, 1.5707963, 0.0, 2500.0, 946728000.0)
    >>> round(float(np.linalg.norm(state.v_icrf_m_s)), 2)
    2504.62
    """
    latitude, longitude, azimuth, elevation, speed, height, epoch, offset = together(
        latitude_rad=latitude_rad,
        longitude_rad=longitude_rad,
        azimuth_rad=azimuth_rad,
        elevation_rad=elevation_rad,
        speed_m_s=speed_m_s,
        height_m=height_m,
        epoch_tdb_s=epoch_tdb_s,
        offset_s=offset_s,
    )
    check_site(latitude, longitude, azimuth, elevation)
    if np.any(speed < 0.0):
        raise DomainError("must not be negative", path="speed_m_s", hint="turn the azimuth instead")
    up, east, north = _local(latitude, longitude)
    position = (radius_of("moon") + height) * up
    velocity = speed * (
        np.cos(elevation) * (np.sin(azimuth) * east + np.cos(azimuth) * north)
        + np.sin(elevation) * up
    )
    axes = lunar_axes(epoch_tdb_s=epoch, offset_s=offset)
    me_to_pa = pa_to_me().T
    r_pa, v_pa = (np.tensordot(me_to_pa, item, 1) for item in (position, velocity))
    v_pa = v_pa + np.cross(axes.spin_pa_rad_s, r_pa, axis=0)
    total = epoch + offset
    return State(
        center="moon",
        epoch_tdb_s=total if total.ndim else float(total),
        r_icrf_m=np.einsum("ji...,j...->i...", axes.icrf_to_pa, r_pa),
        v_icrf_m_s=np.einsum("ji...,j...->i...", axes.icrf_to_pa, v_pa),
    )


def release_angles(*, state: State, offset_s: Real = 0.0) -> ReleaseAngles:
    """Site, direction and speed over the ground of a Moon-centred state: a release undone.

    Parameters
    ----------
    state
        Relative to the Moon, with its epoch; shape (3, draw).
    offset_s
        Second part of the epoch, s (draw).

    Returns
    -------
    ReleaseAngles
        Angles in rad, azimuth and longitude from 0 to 2 pi, height in m, speed in m/s (draw).

    Raises
    ------
    DomainError
        The state is not centred on the Moon, or its epoch is outside 2000 to 2181.

    Notes
    -----
    Inverse of :func:`release_state`; the source is the same.

    Examples
    --------
    >>> state = release_state(0.1, 0.5, 1.5, 0.01, 2500.0, 946728000.0)
    >>> angles = release_angles(state=state)
    >>> round(float(angles.azimuth_rad), 9), round(float(angles.speed_m_s), 6)
    (1.5, 2500.0)
    """
    if state.center != "moon":
        raise DomainError("not centred on the Moon", path="state", hint="subtract the Moon first")
    axes = lunar_axes(epoch_tdb_s=state.epoch_tdb_s, offset_s=offset_s)
    r_pa = np.einsum("ij...,j...->i...", axes.icrf_to_pa, state.r_icrf_m)
    v_pa = np.einsum("ij...,j...->i...", axes.icrf_to_pa, state.v_icrf_m_s)
    v_pa = v_pa - np.cross(axes.spin_pa_rad_s, r_pa, axis=0)
    r, v = (np.tensordot(pa_to_me(), item, 1) for item in (r_pa, v_pa))
    distance = np.sqrt(np.sum(r**2, axis=0))
    latitude = np.arctan2(r[2], np.hypot(r[0], r[1]))
    longitude = np.arctan2(r[1], r[0])
    up, east, north = _local(latitude, longitude)
    eastward, northward, upward = (np.sum(v * axis, axis=0) for axis in (east, north, up))
    return ReleaseAngles(
        latitude_rad=latitude,
        longitude_rad=longitude % (2.0 * np.pi),
        height_m=distance - radius_of("moon"),
        azimuth_rad=np.arctan2(eastward, northward) % (2.0 * np.pi),
        elevation_rad=np.arctan2(upward, np.hypot(eastward, northward)),
        speed_m_s=np.sqrt(np.sum(v**2, axis=0)),
    )


def terrain_clearance(
    *,
    downrange_m: Array,
    terrain_m: Array,
    speed_m_s: float,
    elevation_rad: float,
    height_m: float = 0.0,
) -> Clearance:
    r"""Height of a throw over the terrain that lies along its path.

    Parameters
    ----------
    downrange_m
        Distances from the muzzle along the sphere of 1,737.4 km, m, shape (n,); not negative.
    terrain_m
        Height of the terrain over the sphere there, m, shape (n,).
    speed_m_s, elevation_rad
        Inertial speed, m/s, and angle over the local level, rad, at the muzzle.
    height_m
        Height of the muzzle over the sphere, m.

    Returns
    -------
    Clearance
        Height over the terrain in m, the least of it and where, and the angle in rad under which
        the highest terrain stands as seen from the muzzle. A height beyond the path's reach is nan.

    Raises
    ------
    DomainError
        The profile is empty or of unequal length, or the speed is not positive.

    Notes
    -----
    Conic about the Moon's centre: :math:`1/r = (1 - \cos\theta)\mu/h^2 + \cos\theta/r_0 -
    \sin\theta \tan E/r_0`. Neglected: higher field, and the ground's own turn during the pass
    (some 0.2 per cent of the distance). Source: two-body motion, Bate, Mueller and White (1971).

    Examples
    --------
    >>> path = terrain_clearance(downrange_m=np.array([1e4, 5e4]), terrain_m=np.zeros(2),
    ...                          speed_m_s=2500.0, elevation_rad=0.0)
    >>> [round(float(h)) for h in path.height_m]
    [16, 395]
    """
    along, terrain = np.asarray(downrange_m, float), np.asarray(terrain_m, float)
    if along.shape != terrain.shape or along.ndim != 1 or not along.size or np.any(along < 0.0):
        raise DomainError(
            "needs one height for each distance, none negative",
            path="terrain_m",
            hint="give two arrays of one length",
        )
    if not speed_m_s > 0.0:
        raise DomainError("must be > 0", path="speed_m_s", hint="inertial speed at the muzzle")
    start = radius_of("moon") + height_m
    theta = along / radius_of("moon")
    momentum = start * speed_m_s * np.cos(elevation_rad)
    inverse = (
        (1.0 - np.cos(theta)) * gm_of("moon") / momentum**2
        + np.cos(theta) / start
        - np.sin(theta) * np.tan(elevation_rad) / start
    )
    with np.errstate(divide="ignore"):
        reach = np.where(inverse > 0.0, 1.0 / inverse, np.nan)
    ground = radius_of("moon") + terrain
    clear = reach - ground
    seen = np.arctan2(ground * np.cos(theta) - start, ground * np.sin(theta))
    least = int(np.nanargmin(clear)) if np.any(np.isfinite(clear)) else 0
    return Clearance(
        height_m=clear,
        least_m=float(clear[least]),
        at_m=float(along[least]),
        horizon_rad=float(np.max(seen[along > 0.0], initial=-0.5 * np.pi)),
    )


def _local(latitude: Array, longitude: Array) -> tuple[Array, Array, Array]:
    """Unit vectors up, east and north."""
    c, s = np.cos(latitude), np.sin(latitude)
    cl, sl = np.cos(longitude), np.sin(longitude)
    zero = np.zeros_like(c)
    return (
        np.array([c * cl, c * sl, s]),
        np.array([-sl, cl, zero]),
        np.array([-s * cl, -s * sl, c]),
    )
