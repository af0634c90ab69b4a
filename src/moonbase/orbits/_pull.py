"""Compiled accelerations of a block of craft that share one epoch.

Arrays of a block are flat: all x, then all y, then all z, and for the state transition matrix six
such columns one after the other. Inner loops run over the craft, so that they become vector code.
Positions of the bodies are worked out once a stage for the whole block.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array

Whole = npt.NDArray[np.int64]
compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


class Rails(NamedTuple):
    """Where the bodies are: polynomials of equal segments, coefficients of one power in a row.

    Lanes hold x, y, z of a body relative to the Earth-Moon barycentre. Lanes 0 to 2 are that
    barycentre's own path, whose first two coefficients ``start`` counts from the epoch's position
    and velocity, so that no digits cancel near the start.
    """

    coefficients: Array
    """(segment, power, lane), m; orientation in rad. Powers 0 and 1 of lanes 0 to 2 are zero."""
    start: Array
    """(segment, 2, 3), m."""
    segment_s: float
    first: int
    """Segment of the epoch."""
    local_s: float
    """From that segment's start to the epoch."""
    lane: Whole
    scale: Array
    fixed: Array
    """Share of the barycentre's own position to add: -1 for the solar system's barycentre."""
    emb: Array
    """(2, 3): barycentre at the epoch, m and m/s."""
    origin: Array
    """(2, 3): origin of the integration relative to the barycentre at the epoch, m and m/s."""
    follows: int
    """Body that the origin follows, or -1: it moves uniformly."""
    orientation_lane: int
    rotation: Array
    """(3, 3): inertial to body axes of the Moon at the epoch, for uniform rotation."""
    rate_rad_s: float


class Sky(NamedTuple):
    """Room to work in for one block: where the bodies are at the stage under way, and scratch."""

    position: Array
    """(body, 3), m, in the frame of the integration."""
    velocity: Array
    """(body, 3), m/s; written when asked for."""
    lanes: Array
    turn: Array
    """(3, 3): inertial to the Moon's axes."""
    tensor: Array
    """(3, 3): a second-degree field in inertial axes."""
    vector: Array
    """(8, 3)."""
    work: Array
    """(22, n)."""
    lit: Array
    """(1,): 1 if sunlight acts during the step under way, 0 before an array is opened."""
    slopes: Array
    """(18, n): derivative of the acceleration by place and velocity, where it is not symmetric."""


class Pull(NamedTuple):
    """What acts on the craft. Indices are rows of the rails' bodies."""

    direct: Whole
    direct_gm: Array
    common: Whole
    common_gm: Array
    indirect: int
    moon: int
    earth: int
    sun: int
    moon_gm: float
    earth_gm: float
    moon_quadrupole: Array
    """(3, 3), m5/s2, body axes; all zero for a point mass."""
    earth_zonal: float
    """J2 GM R^2, m5/s2."""
    pole: Array
    """(2, 3): the Earth's pole at J2000 and its drift per second, inertial axes."""
    degree: int
    field: Array
    """(2, 9, n, m): cosine and sine coefficients of acceleration and gradient, see gravity."""
    recursion: Array
    """(2, n, m)."""
    field_radius_m: float
    relativity: float
    """1/c^2, or 0."""
    sun_gm: float
    law: int
    """Kind of sunlit body, or -1 for none."""
    pressure: Array
    """(n, 6): push at unit distance straight, by mirror and by scatter, m3/s2; normal or angles."""
    light_from: float
    """Time of flight from which sunlight acts, s."""
    shadow: Array
    """Radii of Sun, Earth and Moon, m; all zero without shadow."""


@compiled
def locate(rails: Rails, t: float, sky: Sky, rates: bool) -> tuple[int, float]:
    """Write positions (and velocities) of all bodies in the frame of the integration."""
    elapsed = rails.local_s + t
    ahead = math.floor(elapsed / rails.segment_s)
    segment = min(max(rails.first + ahead, 0), rails.coefficients.shape[0] - 1)
    rate = 2.0 / rails.segment_s
    tau = (elapsed - (segment - rails.first) * rails.segment_s) * rate - 1.0
    table = rails.coefficients[segment]
    n_power, n_lane = table.shape
    value, slope, start = sky.lanes[0], sky.lanes[1], rails.start
    for lane in range(n_lane):
        value[lane], slope[lane] = table[n_power - 1, lane], 0.0
    for power in range(n_power - 2, -1, -1):
        row = table[power]
        if rates:
            for lane in range(n_lane):
                slope[lane] = slope[lane] * tau + value[lane]
        for lane in range(n_lane):
            value[lane] = value[lane] * tau + row[lane]
        if power < 2:
            for axis in range(3):
                value[axis] += start[segment, power, axis]
    follows, bodies, scales, fixes = rails.follows, rails.lane, rails.scale, rails.fixed
    origin, emb, position, velocity = rails.origin, rails.emb, sky.position, sky.velocity
    for axis in range(3):
        if follows >= 0:
            lane, scale = bodies[follows] + axis, scales[follows]
            back, back_rate = -scale * value[lane], -scale * rate * slope[lane]
        else:
            back = value[axis] - origin[0, axis] - origin[1, axis] * t
            back_rate = rate * slope[axis] - origin[1, axis]
        path = value[axis] + emb[0, axis] + emb[1, axis] * t
        path_rate = rate * slope[axis] + emb[1, axis]
        for body in range(bodies.shape[0]):
            lane, scale, fixed = bodies[body] + axis, scales[body], fixes[body]
            position[body, axis] = scale * value[lane] + back + fixed * path
            if rates:
                velocity[body, axis] = scale * rate * slope[lane] + back_rate + fixed * path_rate
    return segment, tau


@compiled
def orient(rails: Rails, t: float, segment: int, tau: float, matrix: Array) -> None:
    """Write the rotation from inertial to the Moon's principal axes."""
    if rails.orientation_lane < 0:
        c, s = math.cos(rails.rate_rad_s * t), math.sin(rails.rate_rad_s * t)
        for axis in range(3):
            x, y = rails.rotation[0, axis], rails.rotation[1, axis]
            matrix[0, axis] = c * x + s * y
            matrix[1, axis] = c * y - s * x
            matrix[2, axis] = rails.rotation[2, axis]
        return
    table = rails.coefficients[segment]
    phi, theta, psi = 0.0, 0.0, 0.0
    for power in range(table.shape[0] - 1, -1, -1):
        phi = phi * tau + table[power, rails.orientation_lane]
        theta = theta * tau + table[power, rails.orientation_lane + 1]
        psi = psi * tau + table[power, rails.orientation_lane + 2]
    cp, sp = math.cos(phi), math.sin(phi)
    cd, sd = math.cos(theta), math.sin(theta)
    cw, sw = math.cos(psi), math.sin(psi)
    matrix[0, 0], matrix[0, 1], matrix[0, 2] = (
        cw * cp - sw * cd * sp,
        cw * sp + sw * cd * cp,
        sw * sd,
    )
    matrix[1, 0], matrix[1, 1] = -sw * cp - cw * cd * sp, -sw * sp + cw * cd * cp
    matrix[1, 2] = cw * sd
    matrix[2, 0], matrix[2, 1], matrix[2, 2] = sd * sp, -sd * cp, cd


@compiled
def point(r: Array, n: int, x: float, y: float, z: float, gm: float, a: Array) -> None:
    """Add the pull of a point mass."""
    for i in range(n):
        dx, dy, dz = x - r[i], y - r[n + i], z - r[2 * n + i]
        square = dx * dx + dy * dy + dz * dz
        w = gm / (square * math.sqrt(square))
        a[i] += w * dx
        a[n + i] += w * dy
        a[2 * n + i] += w * dz


@compiled
def point_gradient(r: Array, n: int, x: float, y: float, z: float, gm: float, g: Array) -> None:
    """Add the gradient of the pull of a point mass: xx, xy, xz, yy, yz, zz."""
    for i in range(n):
        dx, dy, dz = x - r[i], y - r[n + i], z - r[2 * n + i]
        square = dx * dx + dy * dy + dz * dz
        w = gm / (square * math.sqrt(square))
        u = 3.0 * w / square
        g[i] += u * dx * dx - w
        g[n + i] += u * dx * dy
        g[2 * n + i] += u * dx * dz
        g[3 * n + i] += u * dy * dy - w
        g[4 * n + i] += u * dy * dz
        g[5 * n + i] += u * dz * dz - w


@compiled
def quadrupole(r: Array, n: int, at: Array, q: Array, a: Array) -> None:
    """Add the pull of a second-degree field, potential r.q.r / r^5 in inertial axes."""
    xx, xy, xz, yy, yz, zz = q[0, 0], q[0, 1], q[0, 2], q[1, 1], q[1, 2], q[2, 2]
    bx, by, bz = at[0], at[1], at[2]
    for i in range(n):
        dx, dy, dz = r[i] - bx, r[n + i] - by, r[2 * n + i] - bz
        inverse = 1.0 / (dx * dx + dy * dy + dz * dz)
        fifth = inverse * inverse * math.sqrt(inverse)
        qx = xx * dx + xy * dy + xz * dz
        qy = xy * dx + yy * dy + yz * dz
        qz = xz * dx + yz * dy + zz * dz
        w = 5.0 * (qx * dx + qy * dy + qz * dz) * inverse
        a[i] += fifth * (2.0 * qx - w * dx)
        a[n + i] += fifth * (2.0 * qy - w * dy)
        a[2 * n + i] += fifth * (2.0 * qz - w * dz)


@compiled
def quadrupole_gradient(r: Array, n: int, at: Array, q: Array, g: Array) -> None:
    """Add the gradient of the pull of a second-degree field."""
    xx, xy, xz, yy, yz, zz = q[0, 0], q[0, 1], q[0, 2], q[1, 1], q[1, 2], q[2, 2]
    bx, by, bz = at[0], at[1], at[2]
    for i in range(n):
        x, y, z = r[i] - bx, r[n + i] - by, r[2 * n + i] - bz
        inverse = 1.0 / (x * x + y * y + z * z)
        fifth = inverse * inverse * math.sqrt(inverse)
        sx = xx * x + xy * y + xz * z
        sy = xy * x + yy * y + yz * z
        sz = xz * x + yz * y + zz * z
        total = (sx * x + sy * y + sz * z) * inverse
        u, w = 10.0 * inverse, 35.0 * total * inverse
        g[i] += fifth * (2.0 * xx - 2.0 * u * sx * x + w * x * x - 5.0 * total)
        g[n + i] += fifth * (2.0 * xy - u * (sx * y + sy * x) + w * x * y)
        g[2 * n + i] += fifth * (2.0 * xz - u * (sx * z + sz * x) + w * x * z)
        g[3 * n + i] += fifth * (2.0 * yy - 2.0 * u * sy * y + w * y * y - 5.0 * total)
        g[4 * n + i] += fifth * (2.0 * yz - u * (sy * z + sz * y) + w * y * z)
        g[5 * n + i] += fifth * (2.0 * zz - 2.0 * u * sz * z + w * z * z - 5.0 * total)


@compiled
def spherical(
    body: Array, n: int, pull: Pull, degree: int, total: Array, work: Array, n_sums: int
) -> None:
    """Sums of a spherical-harmonic field in body axes: acceleration, and gradient if asked.

    Cunningham's recursion with full normalisation. The field of a derivative is a field of one
    degree more, so that all sums share one pass over the degrees; see gravity.derivatives.
    """
    scale = pull.field_radius_m
    x, y, z, s = work[0], work[1], work[2], work[3]
    diagonal_v, diagonal_w = work[4], work[5]
    v, w, before_v, before_w = work[6], work[7], work[8], work[9]
    for i in range(n):
        dx, dy, dz = body[0, i], body[1, i], body[2, i]
        inverse = 1.0 / (dx * dx + dy * dy + dz * dz)
        x[i], y[i], z[i] = dx * scale * inverse, dy * scale * inverse, dz * scale * inverse
        s[i] = scale * scale * inverse
        diagonal_v[i], diagonal_w[i] = scale * math.sqrt(inverse), 0.0
    top = degree + (1 if n_sums == 3 else 2)
    for m in range(top + 1):
        if m > 0:
            f = pull.recursion[0, m, m]
            for i in range(n):
                next_v = f * (x[i] * diagonal_v[i] - y[i] * diagonal_w[i])
                diagonal_w[i] = f * (x[i] * diagonal_w[i] + y[i] * diagonal_v[i])
                diagonal_v[i] = next_v
        for i in range(n):
            v[i], w[i], before_v[i], before_w[i] = diagonal_v[i], diagonal_w[i], 0.0, 0.0
        for order in range(m, top + 1):
            if order > m:
                p, q = pull.recursion[0, order, m], pull.recursion[1, order, m]
                for i in range(n):
                    next_v = p * z[i] * v[i] - q * s[i] * before_v[i]
                    next_w = p * z[i] * w[i] - q * s[i] * before_w[i]
                    before_v[i], before_w[i] = v[i], w[i]
                    v[i], w[i] = next_v, next_w
            for k in range(n_sums):
                if order > degree + (1 if k < 3 else 2):
                    continue
                c, d = pull.field[0, k, order, m], pull.field[1, k, order, m]
                row = total[k]
                for i in range(n):
                    row[i] += c * v[i] + d * w[i]
