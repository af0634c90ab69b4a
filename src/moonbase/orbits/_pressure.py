"""Compiled push of sunlight and solar relativity on a block of craft."""

from __future__ import annotations

import math

from moonbase.core.arrays import Array
from moonbase.orbits._pull import Pull, Sky, compiled

SPHERE, SUN, INERTIAL = 0, 1, 2
TINY = 1e-300
"""Least speed across the light, m/s: keeps a craft that moves straight along it finite."""


@compiled
def dot(a: Array, b: Array) -> float:
    """Scalar product."""
    total: float = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return total


@compiled
def lit(sun: Array, body: Array, sun_radius: float, body_radius: float) -> bool:
    """Whether a body surely hides nothing of the Sun, without angles; vectors from the craft."""
    to_sun, to_body = dot(sun, sun), dot(body, body)
    along = dot(sun, body)
    if along <= 0.0:
        small: bool = sun_radius**2 / to_sun + body_radius**2 / to_body <= 1.0
        return small
    across = to_body - along * along / to_sun
    reach = body_radius + sun_radius * math.sqrt(to_body / to_sun)
    clear: bool = across >= reach * reach
    return clear


@compiled
def visible(sun: Array, body: Array, sun_radius: float, body_radius: float) -> float:
    """Share of the Sun's disc that a body leaves open; vectors from the craft."""
    if lit(sun, body, sun_radius, body_radius):
        return 1.0
    to_sun, to_body = math.sqrt(dot(sun, sun)), math.sqrt(dot(body, body))
    a = math.asin(min(sun_radius / to_sun, 1.0))
    b = math.asin(min(body_radius / to_body, 1.0))
    c = math.acos(min(max(dot(sun, body) / (to_sun * to_body), -1.0), 1.0))
    if c >= a + b:
        return 1.0
    if c <= b - a:
        return 0.0
    if c <= a - b:
        return 1.0 - (b / a) ** 2
    x = (c * c + a * a - b * b) / (2.0 * c)
    y = math.sqrt(max(a * a - x * x, 0.0))
    lens = a * a * math.acos(x / a) + b * b * math.acos((c - x) / b) - c * y
    return 1.0 - lens / (math.pi * a * a)


@compiled
def plate_normal(law: int, row: Array, s: Array, v: Array, normal: Array) -> None:
    """Write a plate's normal; s is the unit vector from the Sun, v the heliocentric velocity."""
    if law == INERTIAL:
        for axis in range(3):
            normal[axis] = row[3 + axis]
        return
    along = dot(v, s)
    x, y, z = v[0] - along * s[0], v[1] - along * s[1], v[2] - along * s[2]
    size = max(math.sqrt(x * x + y * y + z * z), TINY)
    x, y, z = x / size, y / size, z / size
    cone_c, cone_s = math.cos(row[3]), math.sin(row[3])
    track, north = cone_s * math.cos(row[4]), cone_s * math.sin(row[4])
    normal[0] = track * x + north * (s[1] * z - s[2] * y) - cone_c * s[0]
    normal[1] = track * y + north * (s[2] * x - s[0] * z) - cone_c * s[1]
    normal[2] = track * z + north * (s[0] * y - s[1] * x) - cone_c * s[2]


@compiled
def sunlight(r: Array, v: Array, n: int, sky: Sky, pull: Pull, a: Array) -> None:
    """Add the push of sunlight on a sphere or a flat plate, with conical shadows."""
    s, to_sun, to_body = sky.vector[0], sky.vector[1], sky.vector[2]
    rate, normal = sky.vector[3], sky.vector[4]
    for i in range(n):
        for axis in range(3):
            to_sun[axis] = sky.position[pull.sun, axis] - r[axis * n + i]
            rate[axis] = v[axis * n + i] - sky.velocity[pull.sun, axis]
        distance = math.sqrt(dot(to_sun, to_sun))
        share = 1.0 / (distance * distance)
        for axis in range(3):
            s[axis] = -to_sun[axis] / distance
        if pull.shadow[0] > 0.0:
            for k in range(1, 3):
                body = pull.earth if k == 1 else pull.moon
                for axis in range(3):
                    to_body[axis] = sky.position[body, axis] - r[axis * n + i]
                share *= visible(to_sun, to_body, pull.shadow[0], pull.shadow[k])
        row = pull.pressure[i]
        if pull.law == SPHERE:
            for axis in range(3):
                a[axis * n + i] += share * row[0] * s[axis]
            continue
        plate_normal(pull.law, row, s, rate, normal)
        cosine = -dot(normal, s)
        facing = 1.0 if cosine >= 0.0 else -1.0
        cosine = abs(cosine)
        back = facing * (row[1] * cosine + row[2])
        for axis in range(3):
            a[axis * n + i] += share * cosine * (row[0] * s[axis] - back * normal[axis])


@compiled
def solar_relativity(r: Array, v: Array, n: int, sky: Sky, pull: Pull, a: Array) -> None:
    """Add the first post-Newtonian pull of the Sun."""
    gm = pull.sun_gm
    sun, rate = sky.position[pull.sun], sky.velocity[pull.sun]
    for i in range(n):
        dx, dy, dz = r[i] - sun[0], r[n + i] - sun[1], r[2 * n + i] - sun[2]
        vx, vy, vz = v[i] - rate[0], v[n + i] - rate[1], v[2 * n + i] - rate[2]
        square = dx * dx + dy * dy + dz * dz
        distance = math.sqrt(square)
        w = pull.relativity * gm / (square * distance)
        radial = 4.0 * gm / distance - (vx * vx + vy * vy + vz * vz)
        turn = 4.0 * (dx * vx + dy * vy + dz * vz)
        a[i] += w * (radial * dx + turn * vx)
        a[n + i] += w * (radial * dy + turn * vy)
        a[2 * n + i] += w * (radial * dz + turn * vz)
