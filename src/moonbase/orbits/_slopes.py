"""Compiled derivatives by place and velocity of sunlight's push and of solar relativity.

What the other forces' gradients cannot hold: these need not be symmetric and read the velocity.
Rows of the table are the six columns x, y, z, vx, vy, vz of three axes each.
"""

from __future__ import annotations

import math

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits._pressure import SPHERE, SUN, TINY, dot, lit, plate_normal
from moonbase.orbits._pull import Pull, Sky, compiled

Triple = tuple[float, float, float]
Shade = tuple[float, Triple]
_NEAREST = 1e-6
"""Square of the least cosine of a body's angular radius; zero at its surface, where it is cut."""


@compiled
def velocity_slopes(r: Array, v: Array, n: int, sky: Sky, pull: Pull) -> None:
    """Write the derivative of the forces that may read the velocity."""
    slopes = sky.slopes
    for row in range(slopes.shape[0]):
        for i in range(n):
            slopes[row, i] = 0.0
    if pull.relativity > 0.0:
        relativity_slopes(r, v, n, sky, pull)
    if pull.law >= 0 and sky.lit[0] > 0.0:
        sunlight_slopes(r, v, n, sky, pull)


@compiled
def slope_pull(slopes: Array, moving: bool, dr: Array, dv: Array, n: int, a: Array) -> None:
    """Add the acceleration of the six tangents: slopes times displacement and velocity."""
    for axis in range(3):
        x, y, z = slopes[axis], slopes[3 + axis], slopes[6 + axis]
        vx, vy, vz = slopes[9 + axis], slopes[12 + axis], slopes[15 + axis]
        for column in range(0, 18 * n, 3 * n):
            place, rate, out = dr[column:], dv[column:], a[column + axis * n :]
            for i in range(n):
                out[i] += x[i] * place[i] + y[i] * place[n + i] + z[i] * place[2 * n + i]
            if moving:
                for i in range(n):
                    out[i] += vx[i] * rate[i] + vy[i] * rate[n + i] + vz[i] * rate[2 * n + i]


@compiled
def relativity_slopes(r: Array, v: Array, n: int, sky: Sky, pull: Pull) -> None:
    """Add the derivative of the first post-Newtonian pull of the Sun."""
    gm, sun, rate, slopes = pull.sun_gm, sky.position[pull.sun], sky.velocity[pull.sun], sky.slopes
    x, u = np.empty(3), np.empty(3)
    for i in range(n):
        for axis in range(3):
            x[axis], u[axis] = r[axis * n + i] - sun[axis], v[axis * n + i] - rate[axis]
        square = dot(x, x)
        distance = math.sqrt(square)
        w = pull.relativity * gm / (square * distance)
        radial, turn = 4.0 * gm / distance - dot(u, u), 4.0 * dot(x, u)
        for k in range(3):
            for axis in range(3):
                push = radial * x[axis] + turn * u[axis]
                by_place = 4.0 * (u[axis] * u[k] - gm / (square * distance) * x[axis] * x[k])
                by_velocity = 4.0 * u[axis] * x[k] - 2.0 * x[axis] * u[k]
                if axis == k:
                    by_place += radial
                    by_velocity += turn
                slopes[3 * k + axis, i] += w * (by_place - 3.0 * push * x[k] / square)
                slopes[9 + 3 * k + axis, i] += w * by_velocity


@compiled
def shade(to_sun: Triple, to_body: Triple, sun_radius: float, body_radius: float) -> Shade:
    """Share of the Sun's disc that a body leaves open, and its gradient by the craft's place."""
    dark = (0.0, 0.0, 0.0)
    if lit(to_sun, to_body, sun_radius, body_radius):
        return 1.0, dark
    d, e = math.sqrt(dot(to_sun, to_sun)), math.sqrt(dot(to_body, to_body))
    a = math.asin(min(sun_radius / d, 1.0))
    b = math.asin(min(body_radius / e, 1.0))
    cosine = min(max(dot(to_sun, to_body) / (d * e), -1.0), 1.0)
    c = math.acos(cosine)
    if c >= a + b:
        return 1.0, dark
    if c <= b - a:
        return 0.0, dark
    if c <= a - b:
        lens, by_a, by_b, by_c = math.pi * b * b, 0.0, 2.0 * math.pi * b, 0.0
    else:
        x = (c * c + a * a - b * b) / (2.0 * c)
        y = math.sqrt(max(a * a - x * x, 0.0))
        arc_a, arc_b = math.acos(x / a), math.acos((c - x) / b)
        lens = a * a * arc_a + b * b * arc_b - c * y
        by_a, by_b = 2.0 * a * arc_a, 2.0 * b * arc_b
        by_c = -2.0 * y / math.sin(c)
    size = -1.0 / (math.pi * a * a)
    by_a -= 2.0 * lens / a
    wide_a = sun_radius / (d * math.sqrt(d * d - sun_radius * sun_radius))
    wide_b = body_radius / (e * math.sqrt(max(e * e - body_radius**2, _NEAREST * e * e)))
    u = size * (by_a * wide_a + by_c * (1.0 / e - cosine / d)) / d
    w = size * (by_b * wide_b + by_c * (1.0 / d - cosine / e)) / e
    slope = (
        u * to_sun[0] + w * to_body[0],
        u * to_sun[1] + w * to_body[1],
        u * to_sun[2] + w * to_body[2],
    )
    return 1.0 + size * lens, slope


@compiled
def light_slope(
    to_sun: Triple, to_earth: Triple, to_moon: Triple, shadow: tuple[float, float, float]
) -> Shade:
    """Light that reaches a craft, 1/m2 of a Sun of unit strength, and its gradient."""
    square = dot(to_sun, to_sun)
    u = 2.0 / (square * square)
    slope = (u * to_sun[0], u * to_sun[1], u * to_sun[2])
    if shadow[0] == 0.0:
        return 1.0 / square, slope
    one, by_one = shade(to_sun, to_earth, shadow[0], shadow[1])
    two, by_two = shade(to_sun, to_moon, shadow[0], shadow[2])
    share, e, m = one * two, two / square, one / square
    slope = (
        share * slope[0] + e * by_one[0] + m * by_two[0],
        share * slope[1] + e * by_one[1] + m * by_two[1],
        share * slope[2] + e * by_one[2] + m * by_two[2],
    )
    return share / square, slope


@compiled
def add_product(slopes: Array, row: int, i: int, size: float, a: Triple, b: Triple) -> None:
    """Add size times a (by axis) times b (by column) from a row on."""
    x, y, z = size * a[0], size * a[1], size * a[2]
    slopes[row, i] += x * b[0]
    slopes[row + 1, i] += y * b[0]
    slopes[row + 2, i] += z * b[0]
    slopes[row + 3, i] += x * b[1]
    slopes[row + 4, i] += y * b[1]
    slopes[row + 5, i] += z * b[1]
    slopes[row + 6, i] += x * b[2]
    slopes[row + 7, i] += y * b[2]
    slopes[row + 8, i] += z * b[2]


@compiled
def sunlight_slopes(r: Array, v: Array, n: int, sky: Sky, pull: Pull) -> None:
    """Add the derivative of the push of sunlight, shadows and a turning plate included."""
    slopes, law, normals = sky.slopes, pull.law, np.zeros((3, 3))
    sun, earth, moon = sky.position[pull.sun], sky.position[pull.earth], sky.position[pull.moon]
    drift, shadow = sky.velocity[pull.sun], (pull.shadow[0], pull.shadow[1], pull.shadow[2])
    for i in range(n):
        row = pull.pressure[i]
        x, y, z = r[i], r[n + i], r[2 * n + i]
        to_sun = (sun[0] - x, sun[1] - y, sun[2] - z)
        to_earth = (earth[0] - x, earth[1] - y, earth[2] - z)
        to_moon = (moon[0] - x, moon[1] - y, moon[2] - z)
        light, by_light = light_slope(to_sun, to_earth, to_moon, shadow)
        distance = math.sqrt(dot(to_sun, to_sun))
        s = (-to_sun[0] / distance, -to_sun[1] / distance, -to_sun[2] / distance)
        if law == SPHERE:
            add_product(slopes, 0, i, row[0], s, by_light)
            spread = light * row[0] / distance
            add_product(slopes, 0, i, -spread, s, s)
            for k in range(3):
                slopes[4 * k, i] += spread
            continue
        rate = (v[i] - drift[0], v[n + i] - drift[1], v[2 * n + i] - drift[2])
        plate_normal(law, row, s, rate, normals[0])
        normal = (normals[0, 0], normals[0, 1], normals[0, 2])
        facing = 1.0 if dot(normal, s) <= 0.0 else -1.0
        slant = -facing * dot(normal, s)
        back = facing * (row[1] * slant + row[2])
        push = (
            row[0] * s[0] - back * normal[0],
            row[0] * s[1] - back * normal[1],
            row[0] * s[2] - back * normal[2],
        )
        add_product(slopes, 0, i, slant, push, by_light)
        if law == SUN:
            turning_plate(slopes, i, row, s, rate, distance, light * slant, back)
            continue
        by_slant = (
            -(facing * normal[0] + slant * s[0]) / distance,
            -(facing * normal[1] + slant * s[1]) / distance,
            -(facing * normal[2] + slant * s[2]) / distance,
        )
        add_product(slopes, 0, i, light, push, by_slant)
        add_product(slopes, 0, i, -light * slant * facing * row[1], normal, by_slant)
        spread = light * slant * row[0] / distance
        add_product(slopes, 0, i, -spread, s, s)
        for k in range(3):
            slopes[4 * k, i] += spread


@compiled
def turning_plate(
    slopes: Array,
    i: int,
    row: Array,
    s: Triple,
    v: Triple,
    distance: float,
    light: float,
    back: float,
) -> None:
    """Add what the turn of the light and of a plate that keeps its angles to it do to the push.

    In the frame of s, of t along the motion square to it, and of h = s x t, a change turns s by q
    towards t and by p towards h, and t by w towards h.
    """
    along = dot(v, s)
    t = (v[0] - along * s[0], v[1] - along * s[1], v[2] - along * s[2])
    size = max(math.sqrt(dot(t, t)), TINY)
    t = (t[0] / size, t[1] / size, t[2] / size)
    h = (s[1] * t[2] - s[2] * t[1], s[2] * t[0] - s[0] * t[2], s[0] * t[1] - s[1] * t[0])
    cone = math.cos(row[3])
    track, north = math.sin(row[3]) * math.cos(row[4]), math.sin(row[3]) * math.sin(row[4])
    stiff, turned = (row[0] + back * cone) * light, back * light
    add_product(slopes, 0, i, turned * track / distance, s, t)
    add_product(slopes, 0, i, stiff / distance, t, t)
    add_product(slopes, 0, i, turned * north / distance, s, h)
    add_product(slopes, 0, i, stiff / distance, h, h)
    add_product(slopes, 9, i, turned * north / size, t, h)
    add_product(slopes, 9, i, -turned * track / size, h, h)
    add_product(slopes, 0, i, -turned * north * along / (size * distance), t, h)
    add_product(slopes, 0, i, turned * track * along / (size * distance), h, h)
