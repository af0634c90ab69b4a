"""Compiled lock-step integration of a block of craft that share one epoch.

All craft of a block take the same steps, chosen by the one that needs the shortest, so that bodies
and rotation are worked out once for all. A craft that has ended is parked on one that flies on.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits import _dop853
from moonbase.orbits._force import accelerate, combine, needs_velocity, tangent_pull
from moonbase.orbits._pressure import SUN
from moonbase.orbits._pull import Pull, Rails, Sky, Whole, compiled, locate
from moonbase.orbits._slopes import slope_pull
from moonbase.orbits._watch import FLYING, LOST, Log, Watch, begin, observe

N_STAGES, N_DENSE = _dop853.N_STAGES, _dop853.N_DENSE
_A_r, _A_v, _C = _dop853.A_r, _dop853.A_v, _dop853.C
_ERROR_r, _ERROR_v = _dop853.ERROR_r, _dop853.ERROR_v
_MAX_STEPS = 2_000_000
_MIN_STEP_s = 1e-6
_FIRST_STEP = 0.03
"""First step over the shortest time scale sqrt(r^3 / GM)."""
_FIELD_DIGITS = 18.0
"""Degrees are dropped where e^-18 of a term's pull at the reference sphere is left."""


@compiled
def worst(
    r: Array,
    v: Array,
    n: int,
    k: Array,
    h: float,
    sky: Sky,
    pull: Pull,
    tolerance: float,
    alive: Whole,
    zero: Array,
    parts: Array,
) -> tuple[float, int]:
    """Largest error of a living craft over its tolerance, and which craft."""
    fifth_r, third_r, fifth_v, third_v = parts[0], parts[1], parts[2], parts[3]
    combine(zero, zero, 0.0, k, _ERROR_r[1], h * h, N_STAGES, fifth_r)
    combine(zero, zero, 0.0, k, _ERROR_r[0], h * h, N_STAGES, third_r)
    combine(zero, zero, 0.0, k, _ERROR_v[1], h, N_STAGES, fifth_v)
    combine(zero, zero, 0.0, k, _ERROR_v[0], h, N_STAGES, third_v)
    size = parts[4]
    moon, earth = sky.position[pull.moon], sky.position[pull.earth]
    mx, my, mz, ex, ey, ez = moon[0], moon[1], moon[2], earth[0], earth[1], earth[2]
    moon_gm, earth_gm = pull.moon_gm, pull.earth_gm
    for i in range(n):
        x, y, z = r[i] - mx, r[n + i] - my, r[2 * n + i] - mz
        to_moon = x * x + y * y + z * z
        x, y, z = r[i] - ex, r[n + i] - ey, r[2 * n + i] - ez
        to_earth = x * x + y * y + z * z
        fall = moon_gm / math.sqrt(to_moon) + earth_gm / math.sqrt(to_earth)
        near = 1.0 / min(to_moon, to_earth)
        speed = 1.0 / (v[i] ** 2 + v[n + i] ** 2 + v[2 * n + i] ** 2 + fall)
        n5 = near * (fifth_r[i] ** 2 + fifth_r[n + i] ** 2 + fifth_r[2 * n + i] ** 2)
        n5 += speed * (fifth_v[i] ** 2 + fifth_v[n + i] ** 2 + fifth_v[2 * n + i] ** 2)
        n3 = near * (third_r[i] ** 2 + third_r[n + i] ** 2 + third_r[2 * n + i] ** 2)
        n3 += speed * (third_v[i] ** 2 + third_v[n + i] ** 2 + third_v[2 * n + i] ** 2)
        size[i] = n5 * n5 / (6.0 * (n5 + 0.01 * n3) + 1e-300)
    top, which = 0.0, -1
    for i in range(n):
        if alive[i] and not size[i] <= top:
            top, which = size[i], i
            if top != top:
                break
    return math.sqrt(top) / tolerance, which


@compiled
def park(i: int, r: Array, v: Array, n: int, k: Array, alive: Whole) -> bool:
    """End a craft and put it where a living one is. False if none is left."""
    alive[i] = 0
    for other in range(n):
        if alive[other]:
            for axis in range(0, 3 * n, n):
                r[axis + i] = r[axis + other]
                v[axis + i] = v[axis + other]
                k[0, axis + i] = k[0, axis + other]
            return True
    return False


@compiled
def first_step(r: Array, n: int, sky: Sky, pull: Pull, alive: Whole) -> float:
    """Small share of the shortest time scale of any craft about any body."""
    shortest = math.inf
    for k in range(pull.direct.shape[0]):
        at, gm = sky.position[pull.direct[k]], pull.direct_gm[k]
        for i in range(n):
            if alive[i] and gm > 0.0:
                d = (r[i] - at[0]) ** 2 + (r[n + i] - at[1]) ** 2 + (r[2 * n + i] - at[2]) ** 2
                shortest = min(shortest, math.sqrt(d * math.sqrt(d) / gm))
    return _FIRST_STEP * shortest


@compiled
def field_degree(r: Array, v: Array, n: int, h: float, sky: Sky, pull: Pull, alive: Whole) -> int:
    """Degree that the nearest craft of the block needs during a step."""
    if pull.degree < 3:
        return pull.degree
    near = math.inf
    at = sky.position[pull.moon]
    for i in range(n):
        if alive[i]:
            d = (r[i] - at[0]) ** 2 + (r[n + i] - at[1]) ** 2 + (r[2 * n + i] - at[2]) ** 2
            speed = math.sqrt(v[i] ** 2 + v[n + i] ** 2 + v[2 * n + i] ** 2)
            near = min(near, math.sqrt(d) - speed * abs(h))
    ratio = near / pull.field_radius_m
    if ratio < 1.02:
        return pull.degree
    return min(pull.degree, max(2, int(_FIELD_DIGITS / math.log(ratio))))


@compiled
def room(n: int, rails: Rails) -> Sky:
    """Room to work in for a block of n craft."""
    n_bodies = rails.lane.shape[0]
    return Sky(
        np.zeros((n_bodies, 3)),
        np.zeros((n_bodies, 3)),
        np.zeros((2, rails.coefficients.shape[2])),
        np.zeros((3, 3)),
        np.zeros((3, 3)),
        np.zeros((8, 3)),
        np.empty((22, n)),
        np.ones(1),
        np.empty((18, n)),
    )


@compiled
def shift(r: Array, v: Array, n: int, sky: Sky, centre: int) -> None:
    """Turn states relative to a body into states in the frame of the integration."""
    for axis in range(3):
        for i in range(n):
            r[axis * n + i] += sky.position[centre, axis]
            v[axis * n + i] += sky.velocity[centre, axis]


@compiled
def conclude(
    t: float,
    duration: float,
    r: Array,
    v: Array,
    tr: Array,
    tv: Array,
    n: int,
    sky: Sky,
    log: Log,
    alive: Whole,
) -> None:
    """Write the last states of the craft that still fly."""
    for i in range(n):
        if alive[i] == 0:
            continue
        log.status[i] = FLYING if t == duration else LOST
        log.end_t[i] = t
        for axis in range(3):
            log.end[axis, i] = r[axis * n + i] - sky.position[log.centre, axis]
            log.end[3 + axis, i] = v[axis * n + i] - sky.velocity[log.centre, axis]
        if log.matrix.shape[2] > 0:
            for column in range(6):
                for axis in range(3):
                    log.matrix[axis, column, i] = tr[(column * 3 + axis) * n + i]
                    log.matrix[3 + axis, column, i] = tv[(column * 3 + axis) * n + i]


@compiled
def next_step(h: float, error: float, shrunk: bool, step_limit: float) -> float:
    """Length of the next step from the error of the last."""
    growth = 6.0 if error == 0.0 else min(6.0, max(0.33, 0.9 * error**-0.125))
    if shrunk:
        growth = min(growth, 1.0)
    return math.copysign(min(abs(h) * growth, step_limit), h)


class Craft(NamedTuple):
    """Arrays of a block: states at both ends of a step, stages, and the same of the tangents."""

    r: Array
    v: Array
    new_r: Array
    new_v: Array
    stage_v: Array
    k: Array
    """(stage, 3 n): accelerations."""
    zero: Array
    parts: Array
    alive: Whole
    tr: Array
    tv: Array
    new_tr: Array
    new_tv: Array
    tk: Array
    g: Array
    """6 n: gradient of the acceleration."""


@compiled
def prepare(state: Array, tangents: bool) -> Craft:
    """Arrays of a block at its start; tangents begin as the unit matrix."""
    n = state.shape[1]
    m = 18 * n if tangents else 0
    tr, tv = np.zeros(m), np.zeros(m)
    for axis in range(3 if tangents else 0):
        for i in range(n):
            tr[4 * axis * n + i] = tv[(9 + 4 * axis) * n + i] = 1.0
    return Craft(
        state[:3].copy().reshape(-1),
        state[3:].copy().reshape(-1),
        np.empty(3 * n),
        np.empty(3 * n),
        np.zeros(3 * n),
        np.zeros((N_DENSE, 3 * n)),
        np.zeros(3 * n),
        np.empty((5, 3 * n)),
        np.ones(n, np.int64),
        tr,
        tv,
        np.empty(m),
        np.empty(m),
        np.zeros((N_STAGES + 1, m)),
        np.zeros(m // 3),
    )


@compiled
def stages(
    first: int,
    t: float,
    h: float,
    end: float,
    craft: Craft,
    n: int,
    rails: Rails,
    pull: Pull,
    degree: int,
    sky: Sky,
    tolerance: float,
    tangents: bool,
) -> tuple[float, int]:
    """Evaluate the stages of a step; the last one, its end, only if the error is accepted."""
    r, v, new_r, new_v, k, tk = craft.r, craft.v, craft.new_r, craft.new_v, craft.k, craft.tk
    moving = needs_velocity(pull)
    reads = pull.relativity > 0.0 or pull.law == SUN
    error, which = 0.0, -1
    for stage in range(first, N_STAGES + 1):
        stage_v = craft.stage_v
        if stage == N_STAGES:
            error, which = worst(
                r, v, n, k, h, sky, pull, tolerance, craft.alive, craft.zero, craft.parts
            )
            if not error <= 1.0:
                return error, which
            stage_v = new_v
        if moving or stage == N_STAGES:
            combine(v, v, 0.0, k, _A_v[stage], h, stage, stage_v)
        combine(r, v, _C[stage] * h, k, _A_r[stage], h * h, stage, new_r)
        at = end if stage == N_STAGES else t + _C[stage] * h
        accelerate(at, new_r, stage_v, n, rails, pull, degree, sky, k[stage], craft.g, tangents)
        if tangents:
            tr, tv, scale = craft.tr, craft.tv, _C[stage] * h
            combine(tr, tv, scale, tk, _A_r[stage], h * h, stage, craft.new_tr)
            tangent_pull(craft.g, craft.new_tr, n, tk[stage])
            if moving:
                combine(tv, tv, 0.0, tk, _A_v[stage], h, stage, craft.new_tv)
                slope_pull(sky.slopes, reads, craft.new_tr, craft.new_tv, n, tk[stage])
    return error, which


@compiled
def advance(h: float, craft: Craft, tangents: bool) -> None:
    """Make the end of a step the start of the next."""
    if tangents:
        combine(craft.tv, craft.tv, 0.0, craft.tk, _A_v[N_STAGES], h, N_STAGES, craft.new_tv)
        copy(craft.new_tr, craft.tr)
        copy(craft.new_tv, craft.tv)
        copy(craft.tk[N_STAGES], craft.tk[0])
    copy(craft.new_r, craft.r)
    copy(craft.new_v, craft.v)
    copy(craft.k[N_STAGES], craft.k[0])


@compiled
def copy(source: Array, target: Array) -> None:
    """Write one array over another."""
    for i in range(source.shape[0]):
        target[i] = source[i]


@compiled
def fly(
    state: Array,
    duration: float,
    rails: Rails,
    pull: Pull,
    tolerance: float,
    step_limit: float,
    tangents: bool,
    watch: Watch,
    log: Log,
) -> int:
    """Integrate one block; results go to the log. Returns the number of steps tried.

    Stage 0 is evaluated at the start alone; later it is stage 12 of the step before.
    """
    n = state.shape[1]
    sky, craft = room(n, rails), prepare(state, tangents)
    r, v, k, alive = craft.r, craft.v, craft.k, craft.alive
    forward = 1.0 if duration >= 0.0 else -1.0
    locate(rails, 0.0, sky, True)
    shift(r, v, n, sky, log.centre)
    living = begin(r, v, n, forward, sky, watch, log, alive)
    for i in range(n):
        if living and alive[i] == 0:
            park(i, r, v, n, k, alive)
    h = forward * min(first_step(r, n, sky, pull, alive), step_limit)
    t, n_steps, first, shrunk = 0.0, 0, 0, False
    degree = field_degree(r, v, n, h, sky, pull, alive)
    while living and t != duration and n_steps < _MAX_STEPS:
        if (duration - t - h) * forward <= 0.0:
            h = duration - t
        n_steps += 1
        end, uncut = duration if h == duration - t else t + h, h
        if t < pull.light_from < end:
            h, end = pull.light_from - t, pull.light_from
        lit = 1.0 if t + 0.5 * h >= pull.light_from else 0.0
        if lit != sky.lit[0]:
            sky.lit[0], first = lit, 0
        error, which = stages(
            first, t, h, end, craft, n, rails, pull, degree, sky, tolerance, tangents
        )
        first = 1
        if not error <= 1.0:
            h *= 0.33 if error != error else max(0.33, 0.9 * error**-0.125)
            shrunk = True
            if abs(h) < _MIN_STEP_s:
                log.status[which], log.end_t[which] = LOST, t
                living = park(which, r, v, n, k, alive)
                h = forward * min(first_step(r, n, sky, pull, alive), step_limit)
            continue
        if log.sample_s.shape[0] > 0 or watch.kind.shape[0] > 0:
            living = observe(
                t,
                end,
                r,
                v,
                craft.new_r,
                craft.new_v,
                n,
                k,
                rails,
                pull,
                degree,
                sky,
                watch,
                log,
                alive,
            )
        advance(h, craft, tangents)
        t = end
        for i in range(n):
            if living and alive[i] == 0:
                park(i, r, v, n, k, alive)
        h = uncut if h != uncut else next_step(h, error, shrunk, step_limit)
        shrunk = False
        degree = field_degree(r, v, n, h, sky, pull, alive)
    locate(rails, t, sky, True)
    conclude(t, duration, r, v, craft.tr, craft.tv, n, sky, log, alive)
    return n_steps
