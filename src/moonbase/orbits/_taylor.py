"""Compiled Taylor series of the circular restricted three-body problem and of its variations.

Coordinates are those of :mod:`moonbase.orbits.cr3bp`. The position is a power series in time of
fixed order, found from the equations of motion by recurrences, so a step is exact to rounding and
is its own dense output. The step keeps the last two terms below rounding at the distance of the
nearer body. Source of the method: Jorba and Zou (2005), Experimental Mathematics 14, 99.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from moonbase.core.arrays import Array

ORDER = 22
_N = ORDER + 1
_ROUNDING = 1e-16
_MAX_STEPS = 200_000

OK, STALLED, IMPACT, NO_CROSSING = 0, 1, 2, 3


@numba.njit(cache=True, error_model="numpy")
def _convolve(a: Array, b: Array, k: int) -> float:
    total = 0.0
    for j in range(k + 1):
        total += a[j] * b[k - j]
    return total


@numba.njit(cache=True, error_model="numpy")
def _power(base: Array, result: Array, exponent: float, k: int) -> None:
    """Coefficient k of base**exponent from the coefficients before it."""
    if k == 0:
        result[0] = base[0] ** exponent
        return
    total = 0.0
    for j in range(k):
        total += (exponent * (k - j) - j) * base[k - j] * result[j]
    result[k] = total / (k * base[0])


@numba.njit(cache=True, error_model="numpy")
def _orbit(mu: float, state: Array, x: Array, work: Array) -> None:
    """Series of the position in x (3, order + 1); work keeps what the variations need.

    Rows of work, for Earth and Moon in turn: offset along x, squared distance, its powers -3/2
    and -5/2, offset times the power -5/2; then row 10 on as :func:`_hessian` fills them.
    """
    for i in range(3):
        x[i, 0] = state[i]
        x[i, 1] = state[3 + i]
    weight = (1.0 - mu, mu)
    shift = (mu, mu - 1.0)
    for k in range(ORDER - 1):
        across = _convolve(x[1], x[1], k) + _convolve(x[2], x[2], k)
        pull_x = 0.0
        pull_y = 0.0
        pull_z = 0.0
        for body in range(2):
            offset, distance, cubed = work[body], work[2 + body], work[4 + body]
            offset[k] = x[0, k] + (shift[body] if k == 0 else 0.0)
            distance[k] = _convolve(offset, offset, k) + across
            _power(distance, cubed, -1.5, k)
            pull_x += weight[body] * _convolve(offset, cubed, k)
            pull_y += weight[body] * _convolve(x[1], cubed, k)
            pull_z += weight[body] * _convolve(x[2], cubed, k)
        scale = 1.0 / ((k + 1) * (k + 2))
        x[0, k + 2] = scale * (2.0 * (k + 1) * x[1, k + 1] + x[0, k] - pull_x)
        x[1, k + 2] = scale * (-2.0 * (k + 1) * x[0, k + 1] + x[1, k] - pull_y)
        x[2, k + 2] = -scale * pull_z


@numba.njit(cache=True, error_model="numpy")
def _hessian(mu: float, x: Array, work: Array) -> None:
    """Series of the second derivatives of the potential: xx, yy, zz, xy, xz, yz in rows 10 to 15.

    Row 16 is the weighted power -5/2, row 17 the same times the offset along x, row 18 the
    weighted power -3/2.
    """
    weight = (1.0 - mu, mu)
    for k in range(ORDER - 1):
        work[16, k] = 0.0
        work[17, k] = 0.0
        work[18, k] = 0.0
        along = 0.0
        for body in range(2):
            offset, distance, fifth = work[body], work[2 + body], work[6 + body]
            _power(distance, fifth, -2.5, k)
            work[8 + body, k] = _convolve(offset, fifth, k)
            along += weight[body] * _convolve(offset, work[8 + body], k)
            work[16, k] += weight[body] * fifth[k]
            work[17, k] += weight[body] * work[8 + body, k]
            work[18, k] += weight[body] * work[4 + body, k]
        work[19, k] = _convolve(x[1], work[16], k)
        work[20, k] = _convolve(x[2], work[16], k)
        turning = 1.0 if k == 0 else 0.0
        work[10, k] = turning - work[18, k] + 3.0 * along
        work[11, k] = turning - work[18, k] + 3.0 * _convolve(x[1], work[19], k)
        work[12, k] = -work[18, k] + 3.0 * _convolve(x[2], work[20], k)
        work[13, k] = 3.0 * _convolve(x[1], work[17], k)
        work[14, k] = 3.0 * _convolve(x[2], work[17], k)
        work[15, k] = 3.0 * _convolve(x[2], work[19], k)


@numba.njit(cache=True, error_model="numpy")
def _variations(stm: Array, series: Array, work: Array) -> None:
    """Series of the six columns of the state transition matrix, in series (6, 3, order + 1)."""
    xx, yy, zz = work[10], work[11], work[12]
    xy, xz, yz = work[13], work[14], work[15]
    for column in range(6):
        p = series[column]
        for i in range(3):
            p[i, 0] = stm[i, column]
            p[i, 1] = stm[3 + i, column]
        for k in range(ORDER - 1):
            pull_x = pull_y = pull_z = 0.0
            for j in range(k + 1):
                a, b, c = p[0, j], p[1, j], p[2, j]
                pull_x += xx[k - j] * a + xy[k - j] * b + xz[k - j] * c
                pull_y += xy[k - j] * a + yy[k - j] * b + yz[k - j] * c
                pull_z += xz[k - j] * a + yz[k - j] * b + zz[k - j] * c
            scale = 1.0 / ((k + 1) * (k + 2))
            p[0, k + 2] = scale * (2.0 * (k + 1) * p[1, k + 1] + pull_x)
            p[1, k + 2] = scale * (-2.0 * (k + 1) * p[0, k + 1] + pull_y)
            p[2, k + 2] = scale * pull_z


@numba.njit(cache=True, error_model="numpy")
def _evaluate(x: Array, h: float, state: Array) -> None:
    """Position and velocity at time h of a series."""
    for i in range(3):
        position = x[i, ORDER]
        velocity = ORDER * x[i, ORDER]
        for k in range(ORDER - 1, 0, -1):
            position = position * h + x[i, k]
            velocity = velocity * h + k * x[i, k]
        state[i] = position * h + x[i, 0]
        state[3 + i] = velocity


@numba.njit(cache=True, error_model="numpy")
def _step_size(x: Array, work: Array) -> float:
    near = min(1.0, math.sqrt(min(work[2, 0], work[3, 0])))
    size = math.inf
    for k in (ORDER - 1, ORDER):
        last = max(abs(x[0, k]), abs(x[1, k]), abs(x[2, k]))
        if not last < math.inf:
            return 0.0
        size = min(size, (_ROUNDING * near / last) ** (1.0 / k))
    return size


@numba.njit(cache=True, error_model="numpy")
def fly(mu: float, start: Array, times: Array, path: Array, stm: Array, with_stm: bool) -> int:
    """Fill path (6, time) at times of one sign in growing distance from 0, and stm at the last."""
    x, work = np.zeros((3, _N)), np.zeros((21, _N))
    series = np.zeros((6, 3, _N))
    state, column = start.copy(), np.empty(6)
    end = times[-1]
    sign = -1.0 if end < 0.0 else 1.0
    t = 0.0
    wanted = 0
    while wanted < times.size and times[wanted] == 0.0:
        path[:, wanted] = start
        wanted += 1
    for _ in range(_MAX_STEPS):
        if wanted == times.size:
            return OK
        _orbit(mu, state, x, work)
        size = _step_size(x, work)
        if not size > _ROUNDING * abs(end):
            return STALLED
        h = sign * min(size, abs(end - t))
        last = abs(end - t) <= size
        while wanted < times.size and (last or abs(times[wanted]) <= abs(t + h)):
            _evaluate(x, times[wanted] - t, column)
            path[:, wanted] = column
            wanted += 1
        if with_stm:
            _hessian(mu, x, work)
            _variations(stm, series, work)
            for i in range(6):
                _evaluate(series[i], h, column)
                stm[:, i] = column
        _evaluate(x, h, state)
        t += h
    return STALLED


@numba.njit(cache=True, error_model="numpy")
def _moon_distance(mu: float, state: Array) -> float:
    return math.sqrt((state[0] - 1.0 + mu) ** 2 + state[1] ** 2 + state[2] ** 2)


@numba.njit(cache=True, error_model="numpy")
def _recedes(mu: float, state: Array) -> bool:
    rate: float = (state[0] - 1.0 + mu) * state[3] + state[1] * state[4] + state[2] * state[5]
    return rate > 0.0


@numba.njit(cache=True, error_model="numpy")
def _hits_moon(mu: float, radius: float, x: Array, h: float, before: Array, after: Array) -> bool:
    """Whether a step ends below the surface or has its closest point there."""
    surface = radius * (1.0 - 1e-12)
    if _moon_distance(mu, after) < surface:
        return True
    if _recedes(mu, before) or not _recedes(mu, after):
        return False
    low, high, state = 0.0, h, np.empty(6)
    for _ in range(60):
        middle = 0.5 * (low + high)
        _evaluate(x, middle, state)
        if _recedes(mu, state):
            high = middle
        else:
            low = middle
    return _moon_distance(mu, state) < surface


@numba.njit(cache=True, error_model="numpy")
def _crossing(x: Array, normal: Array, level: float, h: float, state: Array) -> float:
    """Time within a step at which the plane is crossed, and the state there."""
    low, high = 0.0, h
    t = h
    for _ in range(100):
        _evaluate(x, t, state)
        gap = -level
        rate = 0.0
        for i in range(3):
            gap += normal[i] * state[i]
            rate += normal[i] * state[3 + i]
        if gap < 0.0:
            low = t
        else:
            high = t
        following = t - gap / rate
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - t) <= 1e-16 * high or high - low <= 1e-16 * high:
            break
        t = following
    return t


@numba.njit(cache=True, nogil=True, error_model="numpy")
def fly_to_plane(
    mu: float,
    start: Array,
    normal: Array,
    level: float,
    limit: float,
    moon_radius: float,
    arrival: Array,
    stm: Array,
    with_stm: bool,
) -> tuple[int, float]:
    """Fly to the first crossing of normal . r = level from below; status and time of flight."""
    x, work = np.zeros((3, _N)), np.zeros((21, _N))
    series = np.zeros((6, 3, _N))
    state, after, column = start.copy(), np.empty(6), np.empty(6)
    t = 0.0
    for _ in range(_MAX_STEPS):
        _orbit(mu, state, x, work)
        h = _step_size(x, work)
        if not h > _ROUNDING * limit:
            return STALLED, t
        _evaluate(x, h, after)
        if _hits_moon(mu, moon_radius, x, h, state, after):
            return IMPACT, t
        below = normal[0] * state[0] + normal[1] * state[1] + normal[2] * state[2] < level
        above = normal[0] * after[0] + normal[1] * after[1] + normal[2] * after[2] >= level
        crossed = below and above
        if crossed:
            h = _crossing(x, normal, level, h, after)
        if with_stm:
            _hessian(mu, x, work)
            _variations(stm, series, work)
            for i in range(6):
                _evaluate(series[i], h, column)
                stm[:, i] = column
        state[:] = after
        t += h
        if crossed:
            arrival[:] = state
            return OK, t
        if t > limit:
            return NO_CROSSING, t
    return STALLED, t
