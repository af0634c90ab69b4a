"""Compiled look-out during a flight: dense output, samples, and events found on it.

A surface, a sphere or an extreme of distance is met where a function of the craft's path about a
body changes sign. A path that dips into a sphere and leaves it within one step is found through
its lowest point.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits import _dop853
from moonbase.orbits._force import accelerate, combine, needs_velocity
from moonbase.orbits._pull import Pull, Rails, Sky, Whole, compiled, locate

FLYING, STOPPED, IMPACT, LOST = 0, 1, 2, 3
SURFACE, SPHERE, PERIAPSIS, APOAPSIS = 0, 1, 2, 3
_N_STAGES, _N_DENSE = _dop853.N_STAGES, _dop853.N_DENSE
_A_r, _A_v, _C = _dop853.A_r, _dop853.A_v, _dop853.C
_DENSE_r, _DENSE_v = _dop853.DENSE_r, _dop853.DENSE_v
_CLEAR = 2e-6
"""A craft has left the ground once it is higher than a millionth of the radius (1.7 m, Moon)."""


class Watch(NamedTuple):
    """What is looked out for; one entry a surface or event."""

    kind: Whole
    body: Whole
    radius: Array
    terminal: Whole
    slot: Whole


class Log(NamedTuple):
    """Where a block writes its results."""

    centre: int
    status: Whole
    end_t: Array
    end: Array
    matrix: Array
    sample_s: Array
    sample: Array
    cursor: Whole
    n_hits: Whole
    hit_t: Array
    hit: Array
    last: Array
    """(2, watch, craft): squared distance less squared radius, and half its rate, at the start."""
    armed: Whole


@compiled
def measure(r: Array, v: Array, n: int, forward: float, sky: Sky, watch: Watch, out: Array) -> None:
    """Write distance and rate functions of every watch and craft."""
    for w in range(watch.kind.shape[0]):
        at, rate = sky.position[watch.body[w]], sky.velocity[watch.body[w]]
        x, y, z, vx, vy, vz = at[0], at[1], at[2], rate[0], rate[1], rate[2]
        square = watch.radius[w] ** 2
        distance, closing = out[0, w], out[1, w]
        for i in range(n):
            dx, dy, dz = r[i] - x, r[n + i] - y, r[2 * n + i] - z
            distance[i] = dx * dx + dy * dy + dz * dz - square
            turn = dx * (v[i] - vx) + dy * (v[n + i] - vy) + dz * (v[2 * n + i] - vz)
            closing[i] = forward * turn


@compiled
def begin(
    r: Array,
    v: Array,
    n: int,
    forward: float,
    sky: Sky,
    watch: Watch,
    log: Log,
    alive: Whole,
) -> bool:
    """Judge the start: a craft without finite numbers is lost. True if any craft flies."""
    measure(r, v, n, forward, sky, watch, log.last)
    for i in range(n):
        finite = True
        for axis in range(0, 3 * n, n):
            finite = finite and math.isfinite(r[axis + i]) and math.isfinite(v[axis + i])
        if not finite:
            alive[i] = 0
            log.status[i] = LOST
            log.end_t[i] = 0.0
            continue
        for w in range(watch.kind.shape[0]):
            log.armed[w, i] = 1 if log.last[0, w, i] > _CLEAR * watch.radius[w] ** 2 else 0
    while log.cursor[0] < log.sample_s.shape[0] and log.sample_s[log.cursor[0]] == 0.0:
        for i in range(n):
            for axis in range(3):
                log.sample[log.cursor[0], axis, i] = (
                    r[axis * n + i] - sky.position[log.centre, axis]
                )
                log.sample[log.cursor[0], 3 + axis, i] = (
                    v[axis * n + i] - sky.velocity[log.centre, axis]
                )
        log.cursor[0] += 1
    return bool(np.any(alive == 1))


@compiled
def finish(i: int, status: int, t: float, r: Array, v: Array, sky: Sky, log: Log) -> None:
    """Write the last state of a craft."""
    log.status[i] = status
    log.end_t[i] = t
    for axis in range(3):
        log.end[axis, i] = r[axis] - sky.position[log.centre, axis]
        log.end[3 + axis, i] = v[axis] - sky.velocity[log.centre, axis]


@compiled
def extra_stages(
    t: float,
    h: float,
    r: Array,
    v: Array,
    n: int,
    k: Array,
    rails: Rails,
    pull: Pull,
    degree: int,
    sky: Sky,
) -> None:
    """Add the three stages that dense output needs."""
    stage_r, stage_v, g = np.empty(3 * n), np.zeros(3 * n), np.zeros(0)
    moving = needs_velocity(pull)
    for stage in range(_N_STAGES + 1, _N_DENSE):
        combine(r, v, _C[stage] * h, k, _A_r[stage], h * h, stage, stage_r)
        if moving:
            combine(v, v, 0.0, k, _A_v[stage], h, stage, stage_v)
        at = t + _C[stage] * h
        accelerate(at, stage_r, stage_v, n, rails, pull, degree, sky, k[stage], g, False)


@compiled
def interpolant(
    i: int, n: int, h: float, r: Array, v: Array, new_r: Array, new_v: Array, k: Array, f: Array
) -> None:
    """Write the coefficients (position and velocity, power, axis) of one craft's path."""
    for axis in range(3):
        j = axis * n + i
        step_r, step_v = new_r[j] - r[j], new_v[j] - v[j]
        f[0, 0, axis], f[1, 0, axis] = r[j], v[j]
        f[0, 1, axis], f[1, 1, axis] = step_r, step_v
        f[0, 2, axis], f[1, 2, axis] = h * v[j] - step_r, h * k[0, j] - step_v
        f[0, 3, axis] = 2.0 * step_r - h * (new_v[j] + v[j])
        f[1, 3, axis] = 2.0 * step_v - h * (k[_N_STAGES, j] + k[0, j])
        for row in range(4):
            total_r, total_v = 0.0, 0.0
            for stage in range(_N_DENSE):
                total_r += _DENSE_r[row, stage] * k[stage, j]
                total_v += _DENSE_v[row, stage] * k[stage, j]
            f[0, 4 + row, axis] = h * h * total_r
            f[1, 4 + row, axis] = h * total_v


@compiled
def path(f: Array, x: float, out: Array) -> None:
    """Write position and velocity (2, 3) at a share x of the step."""
    for kind in range(2):
        for axis in range(3):
            total = 0.0
            for row in range(7, 0, -1):
                total += f[kind, row, axis]
                total *= x if row % 2 == 1 else 1.0 - x
            out[kind, axis] = f[kind, 0, axis] + total


@compiled
def sight(
    f: Array,
    x: float,
    t: float,
    h: float,
    body: int,
    radius: float,
    rails: Rails,
    sky: Sky,
    out: Array,
) -> tuple[float, float]:
    """Distance and rate function at a share x of the step; the path goes to out."""
    path(f, x, out)
    locate(rails, t + x * h, sky, True)
    square, rate = 0.0, 0.0
    for axis in range(3):
        d = out[0, axis] - sky.position[body, axis]
        square += d * d
        rate += d * (out[1, axis] - sky.velocity[body, axis])
    return square - radius * radius, rate if h > 0.0 else -rate


@compiled
def root(
    which: int,
    x0: float,
    x1: float,
    f: Array,
    t: float,
    h: float,
    body: int,
    radius: float,
    rails: Rails,
    sky: Sky,
    out: Array,
) -> float:
    """Share of the step at which the distance (0) or its rate (1) changes sign: Illinois method."""
    y0 = sight(f, x0, t, h, body, radius, rails, sky, out)[which]
    y1 = sight(f, x1, t, h, body, radius, rails, sky, out)[which]
    if y0 == 0.0 or y0 * y1 > 0.0:
        return x0
    for _ in range(80):
        x = x1 - y1 * (x1 - x0) / (y1 - y0)
        y = sight(f, x, t, h, body, radius, rails, sky, out)[which]
        if y * y1 <= 0.0:
            x0, y0 = x1, y1
        else:
            y0 *= 0.5
        done = abs(x - x1) * abs(h) < 1e-7
        x1, y1 = x, y
        if done or y == 0.0:
            break
    return x1


@compiled
def crossings(
    w: int,
    i: int,
    now: Array,
    f: Array,
    t: float,
    h: float,
    watch: Watch,
    rails: Rails,
    sky: Sky,
    log: Log,
    out: Array,
    found: Array,
) -> int:
    """Write the shares of the step at which a watch is met; returns how many."""
    g0, s0, g1, s1 = log.last[0, w, i], log.last[1, w, i], now[0, w, i], now[1, w, i]
    kind, body, radius = watch.kind[w], watch.body[w], watch.radius[w]
    low, high = s0 < 0.0 and s1 >= 0.0, s0 > 0.0 and s1 <= 0.0
    if kind in (PERIAPSIS, APOAPSIS):
        if (kind == PERIAPSIS and low) or (kind == APOAPSIS and high):
            found[0] = root(1, 0.0, 1.0, f, t, h, body, radius, rails, sky, out)
            return 1
        return 0
    if kind == SURFACE and log.armed[w, i] == 0:
        if g1 <= 0.0 and s1 < 0.0:
            found[0] = 0.0
            return 1
        log.armed[w, i] = 1 if g1 > _CLEAR * radius**2 else 0
        return 0
    if (g0 > 0.0) != (g1 > 0.0):
        found[0] = root(0, 0.0, 1.0, f, t, h, body, radius, rails, sky, out)
        return 1
    if (g0 > 0.0 and low) or (g0 <= 0.0 and high):
        turn = root(1, 0.0, 1.0, f, t, h, body, radius, rails, sky, out)
        g = sight(f, turn, t, h, body, radius, rails, sky, out)[0]
        if (g > 0.0) != (g0 > 0.0):
            found[0] = root(0, 0.0, turn, f, t, h, body, radius, rails, sky, out)
            found[1] = root(0, turn, 1.0, f, t, h, body, radius, rails, sky, out)
            return 2
    return 0


@compiled
def suspects(
    n: int, h: float, now: Array, watch: Watch, log: Log, alive: Whole, closer: Whole
) -> bool:
    """Mark what deserves a closer look in this step (watch, craft). True if anything does.

    The lowest point of a path is judged by the parabola of the squared distance first.
    """
    last, armed, limits = log.last, log.armed, watch.radius
    any_seen = False
    for w in range(watch.kind.shape[0]):
        kind, square = watch.kind[w], limits[w] ** 2
        for i in range(n):
            g0, s0, g1, s1 = last[0, w, i], last[1, w, i], now[0, w, i], now[1, w, i]
            seen = (s0 > 0.0) != (s1 > 0.0)
            if kind in (SURFACE, SPHERE):
                if seen and g0 > 0.0 and g1 > 0.0:
                    x = s0 / (s0 - s1)
                    lowest = min(g0 + x * h * s0, g1 - (1.0 - x) * h * s1)
                    seen = s0 < 0.0 and lowest < 0.2 * max(g0, g1) + square
                seen = seen or (g0 > 0.0) != (g1 > 0.0) or (kind == SURFACE and armed[w, i] == 0)
            closer[w, i] = 1 if seen and alive[i] else 0
            any_seen = any_seen or closer[w, i] == 1
    return any_seen


@compiled
def note(
    slot: int,
    i: int,
    body: int,
    x: float,
    t: float,
    f: Array,
    h: float,
    rails: Rails,
    sky: Sky,
    log: Log,
    out: Array,
) -> None:
    """Write an event: time, and state relative to its body."""
    count = log.n_hits[slot, i]
    log.n_hits[slot, i] += 1
    if count >= log.hit_t.shape[1]:
        return
    sight(f, x, t, h, body, 0.0, rails, sky, out)
    log.hit_t[slot, count, i] = t + x * h
    for axis in range(3):
        log.hit[slot, count, axis, i] = out[0, axis] - sky.position[body, axis]
        log.hit[slot, count, 3 + axis, i] = out[1, axis] - sky.velocity[body, axis]


@compiled
def inspect(
    i: int,
    t: float,
    h: float,
    r: Array,
    v: Array,
    new_r: Array,
    new_v: Array,
    n: int,
    k: Array,
    rails: Rails,
    sky: Sky,
    watch: Watch,
    log: Log,
    alive: Whole,
    now: Array,
    closer: Whole,
    first: int,
    last: int,
) -> None:
    """Find the events and samples of one craft in one step."""
    n_watch = watch.kind.shape[0]
    f, out, found = np.empty((2, 8, 3)), np.empty((2, 3)), np.empty(2)
    met, met_x = np.empty(2 * n_watch, np.int64), np.empty(2 * n_watch)
    interpolant(i, n, h, r, v, new_r, new_v, k, f)
    count, stop, stopper = 0, 2.0, -1
    for w in range(n_watch):
        if closer[w, i]:
            hits = crossings(w, i, now, f, t, h, watch, rails, sky, log, out, found)
            for hit in range(hits):
                met[count], met_x[count] = w, found[hit]
                count += 1
            if hits > 0 and watch.terminal[w] and found[0] < stop:
                stop, stopper = found[0], w
    for j in range(count):
        if met_x[j] <= stop and watch.slot[met[j]] >= 0:
            note(watch.slot[met[j]], i, watch.body[met[j]], met_x[j], t, f, h, rails, sky, log, out)
    for j in range(first, last):
        x = (log.sample_s[j] - t) / h
        if x <= stop:
            sight(f, x, t, h, log.centre, 0.0, rails, sky, out)
            for axis in range(3):
                log.sample[j, axis, i] = out[0, axis] - sky.position[log.centre, axis]
                log.sample[j, 3 + axis, i] = out[1, axis] - sky.velocity[log.centre, axis]
    if stopper >= 0:
        sight(f, stop, t, h, log.centre, 0.0, rails, sky, out)
        status = IMPACT if watch.kind[stopper] == SURFACE else STOPPED
        finish(i, status, t + stop * h, out[0], out[1], sky, log)
        alive[i] = 0


@compiled
def observe(
    t: float,
    end: float,
    r: Array,
    v: Array,
    new_r: Array,
    new_v: Array,
    n: int,
    k: Array,
    rails: Rails,
    pull: Pull,
    degree: int,
    sky: Sky,
    watch: Watch,
    log: Log,
    alive: Whole,
) -> bool:
    """Find the events and samples of one accepted step. True if any craft flies on."""
    h = end - t
    forward = 1.0 if h > 0.0 else -1.0
    n_watch = watch.kind.shape[0]
    now = np.empty((2, n_watch, n))
    locate(rails, end, sky, True)
    measure(new_r, new_v, n, forward, sky, watch, now)
    first = log.cursor[0]
    last = first
    while last < log.sample_s.shape[0] and (end - log.sample_s[last]) * forward >= 0.0:
        last += 1
    closer = np.empty((n_watch, n), np.int64)
    seen = suspects(n, abs(h), now, watch, log, alive, closer)
    if seen or last > first:
        extra_stages(t, h, r, v, n, k, rails, pull, degree, sky)
        for i in range(n):
            wanted = last > first
            for w in range(n_watch):
                wanted = wanted or closer[w, i] == 1
            if wanted and alive[i]:
                inspect(
                    i,
                    t,
                    h,
                    r,
                    v,
                    new_r,
                    new_v,
                    n,
                    k,
                    rails,
                    sky,
                    watch,
                    log,
                    alive,
                    now,
                    closer,
                    first,
                    last,
                )
    log.cursor[0] = last
    before = log.last
    for w in range(n_watch):
        for i in range(n):
            before[0, w, i], before[1, w, i] = now[0, w, i], now[1, w, i]
    return bool(np.any(alive == 1))
