"""The sum of all forces on a block of craft, traced by JAX from the engine's own arrays.

The twin of ``_force``, ``_pull`` and ``_pressure``: the same tables, formulas and order of
thought, written so that XLA compiles them for any device and differentiates them. Vectors of a
block have shape (3, n).
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from moonbase.orbits._pressure import INERTIAL, SPHERE
from moonbase.orbits._pull import Pull, Rails


class Plan(NamedTuple):
    """What is known when the code is compiled."""

    center: int
    follows: bool
    turned: bool
    indirect: bool
    degree: int
    earth_j2: bool
    relativity: bool
    law: int
    shadow: bool
    wide: bool
    """Whether blocks fly side by side, along a mapped axis named "block"."""

    @property
    def moving(self) -> bool:
        """Whether any force reads the velocity."""
        return self.relativity or self.law >= 0

    @property
    def levels(self) -> tuple[int, ...]:
        """Degrees that the lunar field is cut at with distance: halved down to five, then two."""
        cuts = [self.degree]
        while cuts[0] > 5:
            cuts.insert(0, (cuts[0] + 1) // 2)
        return (2, *cuts) if cuts[0] > 2 else (2,)


class Place(NamedTuple):
    """Where the bodies are and how they move in the frame of the integration, (body, 3)."""

    position: Any
    velocity: Any


def plan_of(rails: Rails, pull: Pull, center: int, wide: bool) -> Plan:
    """What the compiled code has to do for these arrays."""
    return Plan(
        center=center,
        follows=rails.follows >= 0,
        turned=rails.orientation_lane >= 0,
        indirect=bool(pull.indirect),
        degree=pull.degree,
        earth_j2=pull.earth_zonal > 0.0,
        relativity=pull.relativity > 0.0,
        law=pull.law,
        shadow=bool(pull.shadow[0] > 0.0),
        wide=wide,
    )


def locate(t: Any, rails: Rails, plan: Plan) -> tuple[Place, Any]:
    """Places of all bodies, and the Euler angles of the Moon's axes if they are tabled."""
    import jax.numpy as jnp

    elapsed = rails.local_s + t
    last = rails.coefficients.shape[0] - 1
    segment = rails.first + jnp.floor(elapsed / rails.segment_s).astype(int)
    segment = jnp.clip(segment, 0, last)
    rate = 2.0 / rails.segment_s
    tau = (elapsed - (segment - rails.first) * rails.segment_s) * rate - 1.0
    table, start = rails.coefficients[segment], rails.start[segment]
    value, slope = table[-1], jnp.zeros_like(table[-1])
    for power in range(table.shape[0] - 2, -1, -1):
        row = table[power]
        if power < 2:
            row = row.at[:3].add(start[power])
        slope = slope * tau + value
        value = value * tau + row
    angles = value[-3:]
    value, slope = value.reshape(-1, 3), rate * slope.reshape(-1, 3)
    path, pace = value[0] + rails.emb[0] + rails.emb[1] * t, slope[0] + rails.emb[1]
    lanes, scale, fixed = rails.lane // 3, rails.scale[:, None], rails.fixed[:, None]
    if plan.follows:
        away, drift = (-rails.scale[plan.center] * x[lanes[plan.center]] for x in (value, slope))
    else:
        away = value[0] - rails.origin[0] - rails.origin[1] * t
        drift = slope[0] - rails.origin[1]
    position = scale * value[lanes] + away + fixed * path
    velocity = scale * slope[lanes] + drift + fixed * pace
    return Place(position, velocity), angles


def orient(t: Any, angles: Any, rails: Rails, plan: Plan) -> Any:
    """Rotation from inertial to the Moon's principal axes; an even turn starts at t = 0."""
    import jax.numpy as jnp

    if not plan.turned:
        c, s = jnp.cos(rails.rate_rad_s * t), jnp.sin(rails.rate_rad_s * t)
        x, y, z = rails.rotation
        return jnp.stack([c * x + s * y, c * y - s * x, z])
    (cp, cd, cw), (sp, sd, sw) = jnp.cos(angles), jnp.sin(angles)
    return jnp.array(
        [
            [cw * cp - sw * cd * sp, cw * sp + sw * cd * cp, sw * sd],
            [-sw * cp - cw * cd * sp, -sw * sp + cw * cd * cp, cw * sd],
            [sd * sp, -sd * cp, cd],
        ]
    )


def dot(a: Any, b: Any) -> Any:
    """Scalar product along the first axis."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def accelerate(
    t: Any, shift: Any, r: Any, v: Any, level: Any, rails: Rails, pull: Pull, plan: Plan
) -> tuple[Any, Place]:
    """Acceleration (3, n) at time t of a flight that starts ``shift`` after the epoch.

    The places of the bodies come too.
    """
    import jax.numpy as jnp

    place, angles = locate(t + shift, rails, plan)
    at = place.position
    away = at[pull.direct][:, :, None] - r
    square = away[:, 0] ** 2 + away[:, 1] ** 2 + away[:, 2] ** 2
    weight = pull.direct_gm[:, None] / (square * jnp.sqrt(square))
    a = (weight[:, None] * away).sum(axis=0) + _common_pull(place, pull, plan, rails)[:, None]
    if plan.degree >= 2:
        turn = orient(t, angles, rails, plan)
        moon = r - at[pull.moon][:, None]
        a = a + quadrupole(moon, turn.T @ pull.moon_quadrupole @ turn)
        if plan.degree >= 3:
            a = a + turn.T @ _upper_field(turn @ moon, level, pull, plan)
    if plan.earth_j2:
        a = a + quadrupole(r - at[pull.earth][:, None], _earth_tensor(t + shift, pull))
    if plan.moving:
        sun = r - at[pull.sun][:, None]
        rate = v - place.velocity[pull.sun][:, None]
        if plan.relativity:
            a = a + _solar_relativity(sun, rate, pull)
        if plan.law >= 0:
            a = a + sunlight(sun, rate, r, place, pull, plan)
    return a, place


def _common_pull(place: Place, pull: Pull, plan: Plan, rails: Rails) -> Any:
    """Pull that all craft share: far bodies as felt at the Moon, and the indirect terms."""
    import jax.numpy as jnp

    def total(away: Any, gm: Any) -> Any:
        square = (away**2).sum(axis=1)
        return ((gm / (square * jnp.sqrt(square)))[:, None] * away).sum(axis=0)

    at = place.position
    a = total(at[pull.common] - at[pull.moon], pull.common_gm)
    if plan.indirect:
        other = pull.direct != rails.follows
        away = jnp.where(other[:, None], at[pull.direct], 1.0)
        a = a - total(away, jnp.where(other, pull.direct_gm, 0.0))
    return a


def quadrupole(d: Any, q: Any) -> Any:
    """Pull of a second-degree field, potential d.q.d / d^5."""
    import jax.numpy as jnp

    inverse = 1.0 / dot(d, d)
    fifth = inverse * inverse * jnp.sqrt(inverse)
    half = q @ d
    return fifth * (2.0 * half - 5.0 * dot(half, d) * inverse * d)


def _earth_tensor(t: Any, pull: Pull) -> Any:
    """Second zonal term of the Earth about its mean pole of date."""
    import jax.numpy as jnp

    pole = pull.pole[0] + pull.pole[1] * t
    weight = 1.5 * pull.earth_zonal / (pole @ pole)
    return 0.5 * pull.earth_zonal * jnp.eye(3) - weight * jnp.outer(pole, pole)


def _upper_field(body: Any, level: Any, pull: Pull, plan: Plan) -> Any:
    """Lunar field from degree 3 on, in body axes, cut at the level's degree."""
    import jax
    import jax.numpy as jnp

    cuts = [lambda: jnp.zeros_like(body)]
    cuts += [partial(spherical, body, pull, degree) for degree in plan.levels[1:]]
    return cuts[level]() if isinstance(level, int) else jax.lax.switch(level, cuts)


def spherical(body: Any, pull: Pull, degree: int) -> Any:
    """Cunningham's recursion with full normalisation, one degree after the other."""
    import jax
    import jax.numpy as jnp

    upper, width, orders = slice(1, degree + 2), slice(degree + 2), jnp.arange(degree + 1)
    scale = pull.field_radius_m
    inverse = 1.0 / dot(body, body)
    x, y, z = body * scale * inverse
    s = scale * scale * inverse
    factors = pull.recursion[:, upper, width]
    field = pull.field[:, :3, upper, width].transpose(2, 0, 1, 3)
    put = jax.lax.dynamic_update_index_in_dim

    def climb(carry: Any, step: Any) -> tuple[Any, None]:
        v, w, before_v, before_w, total = carry
        m, p, q, f, (cosine, sine) = step
        last_v, last_w = (jax.lax.dynamic_index_in_dim(part, m, keepdims=False) for part in (v, w))
        next_v = p[:, None] * z * v - q[:, None] * s * before_v
        next_w = p[:, None] * z * w - q[:, None] * s * before_w
        next_v = put(next_v, f * (x * last_v - y * last_w), m + 1, 0)
        next_w = put(next_w, f * (x * last_w + y * last_v), m + 1, 0)
        total = total + cosine @ next_v + sine @ next_w
        return (next_v, next_w, v, w, total), None

    zero = jnp.zeros((degree + 2, body.shape[1]))
    start = zero.at[0].set(scale * jnp.sqrt(inverse))
    carry = (start, zero, zero, zero, jnp.zeros_like(body))
    steps = (orders, *factors, jnp.diagonal(factors[0], 1), field)
    return jax.lax.scan(climb, carry, steps, unroll=2)[0][4]


def _solar_relativity(d: Any, v: Any, pull: Pull) -> Any:
    """First post-Newtonian pull of the Sun."""
    import jax.numpy as jnp

    square = dot(d, d)
    distance = jnp.sqrt(square)
    radial = 4.0 * pull.sun_gm / distance - dot(v, v)
    return pull.relativity * pull.sun_gm / (square * distance) * (radial * d + 4.0 * dot(d, v) * v)


def sunlight(sun: Any, rate: Any, r: Any, place: Place, pull: Pull, plan: Plan) -> Any:
    """Push of sunlight on a sphere or a flat plate; ``sun`` points from the Sun to the craft."""
    import jax.numpy as jnp

    square = dot(sun, sun)
    s, share = sun / jnp.sqrt(square), 1.0 / square
    if plan.shadow:
        for index, body in ((1, pull.earth), (2, pull.moon)):
            away = place.position[body][:, None] - r
            share = share * visible(-sun, away, pull.shadow[0], pull.shadow[index])
    push, mirror, scatter, *angles = pull.pressure.T
    if plan.law == SPHERE:
        return share * push * s
    normal = jnp.stack(angles) if plan.law == INERTIAL else _sunward(angles, s, rate)
    cosine = -dot(normal, s)
    facing = jnp.where(cosine >= 0.0, 1.0, -1.0)
    cosine = jnp.abs(cosine)
    return share * cosine * (push * s - facing * (mirror * cosine + scatter) * normal)


def _sunward(angles: Any, s: Any, rate: Any) -> Any:
    """Normal of a plate at fixed angles to the Sun's direction."""
    import jax.numpy as jnp

    across = rate - dot(rate, s) * s
    track = across / jnp.sqrt(dot(across, across))
    north = jnp.cross(s, track, axis=0)
    cone, clock = angles[0], angles[1]
    tilted = jnp.cos(clock) * track + jnp.sin(clock) * north
    return jnp.sin(cone) * tilted - jnp.cos(cone) * s


def visible(sun: Any, body: Any, sun_radius: Any, body_radius: Any) -> Any:
    """Share of the Sun's disc that a body leaves open; vectors from the craft.

    Every branch is evaluated, so each is kept finite where another holds.
    """
    import jax.numpy as jnp

    to_sun, to_body = jnp.sqrt(dot(sun, sun)), jnp.sqrt(dot(body, body))
    a = jnp.arcsin(jnp.minimum(sun_radius / to_sun, 1.0))
    b = jnp.arcsin(jnp.minimum(body_radius / to_body, 1.0))
    turn = jnp.cross(sun, body, axis=0)
    c = jnp.arctan2(jnp.sqrt(jnp.maximum(dot(turn, turn), 1e-300)), dot(sun, body))
    bite = (c < a + b) & (c > jnp.abs(b - a))
    apart = jnp.where(bite, c, jnp.maximum(a, b))
    x = (apart * apart + a * a - b * b) / (2.0 * apart)
    height = jnp.sqrt(jnp.maximum(a * a - x * x, 1e-300))
    lens = a * a * jnp.arctan2(height, x) + b * b * jnp.arctan2(height, apart - x)
    lens = lens - apart * height
    inside = jnp.where(b < a, (b / a) ** 2, 1.0)
    covered = jnp.where(bite, lens / (jnp.pi * a * a), jnp.where(c < a + b, inside, 0.0))
    return 1.0 - covered
