"""Compiled sum of all forces on a block of craft, and sums of stages."""

from __future__ import annotations

import math

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits._pressure import solar_relativity, sunlight
from moonbase.orbits._pull import (
    Pull,
    Rails,
    Sky,
    compiled,
    locate,
    orient,
    point,
    point_gradient,
    quadrupole,
    quadrupole_gradient,
    spherical,
)
from moonbase.orbits._slopes import velocity_slopes


@compiled
def needs_velocity(pull: Pull) -> bool:
    """Whether any force reads the velocity."""
    return pull.relativity > 0.0 or pull.law >= 0


@compiled
def accelerate(
    t: float,
    r: Array,
    v: Array,
    n: int,
    rails: Rails,
    pull: Pull,
    degree: int,
    sky: Sky,
    a: Array,
    g: Array,
    tangents: bool,
) -> None:
    """Write the acceleration of a block, and if asked its gradient, and slopes in the sky."""
    segment, tau = locate(rails, t, sky, needs_velocity(pull))
    x, y, z = common_pull(pull, rails, sky)
    for i in range(n):
        a[i], a[n + i], a[2 * n + i] = x, y, z
    for i in range(g.shape[0]):
        g[i] = 0.0
    position, direct, direct_gm = sky.position, pull.direct, pull.direct_gm
    for k in range(direct.shape[0]):
        x, y, z = position[direct[k], 0], position[direct[k], 1], position[direct[k], 2]
        point(r, n, x, y, z, direct_gm[k], a)
        if tangents:
            point_gradient(r, n, x, y, z, direct_gm[k], g)
    if degree >= 2:
        orient(rails, t, segment, tau, sky.turn)
        lunar_field(r, n, pull, degree, sky, a, g, tangents)
    if pull.earth_zonal > 0.0:
        at = sky.position[pull.earth]
        earth_quadrupole(pull, t, sky.tensor)
        quadrupole(r, n, at, sky.tensor, a)
        if tangents:
            quadrupole_gradient(r, n, at, sky.tensor, g)
    if pull.relativity > 0.0:
        solar_relativity(r, v, n, sky, pull, a)
    if pull.law >= 0 and sky.lit[0] > 0.0:
        sunlight(r, v, n, sky, pull, a)
    if tangents and needs_velocity(pull):
        velocity_slopes(r, v, n, sky, pull)


@compiled
def common_pull(pull: Pull, rails: Rails, sky: Sky) -> tuple[float, float, float]:
    """Pull that all craft share: far bodies as felt at the Moon, and the indirect terms."""
    ax, ay, az = 0.0, 0.0, 0.0
    moon = sky.position[pull.moon]
    for k in range(pull.common.shape[0]):
        at = sky.position[pull.common[k]]
        x, y, z = at[0] - moon[0], at[1] - moon[1], at[2] - moon[2]
        square = x * x + y * y + z * z
        w = pull.common_gm[k] / (square * math.sqrt(square))
        ax, ay, az = ax + w * x, ay + w * y, az + w * z
    if pull.indirect:
        for k in range(pull.direct.shape[0]):
            if pull.direct[k] != rails.follows:
                at = sky.position[pull.direct[k]]
                square = at[0] * at[0] + at[1] * at[1] + at[2] * at[2]
                w = pull.direct_gm[k] / (square * math.sqrt(square))
                ax, ay, az = ax - w * at[0], ay - w * at[1], az - w * at[2]
    return ax, ay, az


@compiled
def earth_quadrupole(pull: Pull, t: float, q: Array) -> None:
    """Write the second zonal term of the Earth about its mean pole of date."""
    x, y, z = pull.pole[0, 0], pull.pole[0, 1], pull.pole[0, 2]
    x, y, z = x + pull.pole[1, 0] * t, y + pull.pole[1, 1] * t, z + pull.pole[1, 2] * t
    k = pull.earth_zonal
    w = 1.5 * k / (x * x + y * y + z * z)
    q[0, 0], q[1, 1], q[2, 2] = 0.5 * k - w * x * x, 0.5 * k - w * y * y, 0.5 * k - w * z * z
    q[0, 1], q[0, 2], q[1, 2] = -w * x * y, -w * x * z, -w * y * z
    q[1, 0], q[2, 0], q[2, 1] = q[0, 1], q[0, 2], q[1, 2]


@compiled
def lunar_field(
    r: Array,
    n: int,
    pull: Pull,
    degree: int,
    sky: Sky,
    a: Array,
    g: Array,
    tangents: bool,
) -> None:
    """Add the lunar field from degree 2 on; the Moon's axes are in the sky."""
    m, q, at = sky.turn, sky.tensor, sky.position[pull.moon]
    body_q, half = pull.moon_quadrupole, sky.vector
    for j in range(3):
        x, y, z = m[0, j], m[1, j], m[2, j]
        for p in range(3):
            half[p, j] = body_q[p, 0] * x + body_q[p, 1] * y + body_q[p, 2] * z
    for j in range(3):
        x, y, z = m[0, j], m[1, j], m[2, j]
        for k in range(3):
            q[j, k] = x * half[0, k] + y * half[1, k] + z * half[2, k]
    quadrupole(r, n, at, q, a)
    if tangents:
        quadrupole_gradient(r, n, at, q, g)
    if degree < 3:
        return
    n_sums = 9 if tangents else 3
    body, total = sky.work[10:13], sky.work[13:22]
    for j in range(3):
        for i in range(n):
            dx, dy, dz = r[i] - at[0], r[n + i] - at[1], r[2 * n + i] - at[2]
            body[j, i] = m[j, 0] * dx + m[j, 1] * dy + m[j, 2] * dz
    for k in range(n_sums):
        for i in range(n):
            total[k, i] = 0.0
    spherical(body, n, pull, degree, total, sky.work, n_sums)
    for j in range(3):
        for i in range(n):
            a[j * n + i] += m[0, j] * total[0, i] + m[1, j] * total[1, i] + m[2, j] * total[2, i]
    if tangents:
        turn_gradient(n, m, total, sky.tensor, g)


@compiled
def turn_gradient(n: int, m: Array, total: Array, b: Array, g: Array) -> None:
    """Add a gradient in body axes, turned to inertial axes; b is scratch."""
    for i in range(n):
        b[0, 0], b[0, 1], b[0, 2] = total[3, i], total[4, i], total[5, i]
        b[1, 0], b[1, 1], b[1, 2] = total[4, i], total[6, i], total[7, i]
        b[2, 0], b[2, 1], b[2, 2] = total[5, i], total[7, i], total[8, i]
        row = 0
        for j in range(3):
            for k in range(j, 3):
                term = 0.0
                for p in range(3):
                    for s in range(3):
                        term += m[p, j] * b[p, s] * m[s, k]
                g[row * n + i] += term
                row += 1


@compiled
def tangent_pull(g: Array, dr: Array, n: int, a: Array) -> None:
    """Write the acceleration of the six tangents: gradient times displacement."""
    for column in range(6):
        x = column * 3 * n
        for i in range(n):
            dx, dy, dz = dr[x + i], dr[x + n + i], dr[x + 2 * n + i]
            a[x + i] = g[i] * dx + g[n + i] * dy + g[2 * n + i] * dz
            a[x + n + i] = g[n + i] * dx + g[3 * n + i] * dy + g[4 * n + i] * dz
            a[x + 2 * n + i] = g[2 * n + i] * dx + g[4 * n + i] * dy + g[5 * n + i] * dz


@compiled
def combine(
    base: Array, v: Array, hv: float, k: Array, row: Array, scale: float, n_row: int, out: Array
) -> None:
    """Write base + hv v + scale sum_j row_j k_j."""
    size = out.shape[0]
    if hv != 0.0:
        for i in range(size):
            out[i] = base[i] + hv * v[i]
    else:
        for i in range(size):
            out[i] = base[i]
    used = np.empty(16, np.int64)
    count = 0
    for j in range(n_row):
        if row[j] != 0.0:
            used[count] = j
            count += 1
    first = 0
    while count - first >= 4:
        j0, j1, j2, j3 = used[first], used[first + 1], used[first + 2], used[first + 3]
        a, b, c, d = k[j0], k[j1], k[j2], k[j3]
        wa, wb, wc, wd = scale * row[j0], scale * row[j1], scale * row[j2], scale * row[j3]
        for i in range(size):
            out[i] += (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i])
        first += 4
    while first < count:
        a = k[used[first]]
        wa = scale * row[used[first]]
        for i in range(size):
            out[i] += wa * a[i]
        first += 1
