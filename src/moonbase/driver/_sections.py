"""Mean mutual inductance of two coaxial rectangular sections, to some twelve digits.

The mean over both sections is an integral over four lengths, but the loop pair depends on three:
the distance z between the planes, the difference s and the mean c of the radii. The fourth leaves
a weight, the length over which the two sections overlap when one is moved by z. The loop pair is
analytic but for a logarithm (its gradient, a pole) at z = s = 0 and mild branch points at
c = +-iz/2. So the (z, s) plane is cut where the weights have corners, each piece is halved until
it is no larger than a set multiple of its distance from the origin, and Gauss-Legendre rules, with
as many points as the nearest singularity asks, finish it. Pieces with a corner at the origin are
mapped from two triangles, which removes the pole, and graded by a cube, which tames the logarithm.

Every weight is positive and lengths count from the centres of the sections, so the digits hold for
flat, long, thin, fat, nested, touching, overlapping and distant sections alike.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from moonbase.core.arrays import Array
from moonbase.driver.loops import loop_pair

Section = tuple[float, float, float, float]
"""Mean radius, half the thickness, position of the centre, half the length, m."""

_N_MOST = 32
_TOLERANCE = 1e-10
_STRETCH = 2.0
_N_GRADED = 12
_RADIUS_RATIO = 3.0
_SMALLEST_RADIUS_SHARE = _RADIUS_RATIO**-6
_N_STACK = 256


def _gauss_tables() -> tuple[Array, Array]:
    """Nodes and weights on (0, 1); row n holds the rule of n points."""
    nodes, weights = np.zeros((2, _N_MOST + 1, _N_MOST))
    for n in range(1, _N_MOST + 1):
        x, w = np.polynomial.legendre.leggauss(n)
        nodes[n, :n], weights[n, :n] = 0.5 * (x + 1.0), 0.5 * w
    return nodes, weights


_NODES, _WEIGHTS = _gauss_tables()


@numba.njit(cache=True, error_model="numpy")
def gauss_order(real: float, imaginary: float, tolerance: float) -> int:
    """Gauss points on [-1, 1] for a function whose nearest singularity is at the given number.

    The error falls as the size of the Bernstein ellipse through it, to minus twice the order.
    """
    reach = 0.5 * (math.hypot(real + 1.0, imaginary) + math.hypot(real - 1.0, imaginary))
    ellipse = reach + math.sqrt(max(reach * reach - 1.0, 1e-4))
    return min(max(math.ceil(-0.5 * math.log(tolerance) / math.log(ellipse)) + 1, 2), _N_MOST)


@numba.njit(cache=True, error_model="numpy")
def _over_mean_radius(z: float, shift: float, a: Section, b: Section) -> tuple[float, float]:
    """Integrals of M and dM/dz over the mean radius.

    ``shift`` is the difference of the radii less that of the mean radii of the sections.
    """
    bottom = max(0.5 * shift - a[1], -0.5 * shift - b[1])
    top = min(0.5 * shift + a[1], -0.5 * shift + b[1])
    middle = 0.5 * (a[0] + b[0])
    smallest = (middle + top) * _SMALLEST_RADIUS_SHARE
    mutual = 0.0
    gradient = 0.0
    while top > bottom:
        low = bottom
        cut = (middle + top) / _RADIUS_RATIO
        if cut > smallest and cut > 1.1 * (middle + bottom):
            low = cut - middle
        width = top - low
        n = gauss_order(-(2.0 * middle + top + low) / width, z / width, _TOLERANCE)
        for i in range(n):
            c = low + width * _NODES[n, i]
            m, g = loop_pair(a[0] + c - 0.5 * shift, b[0] + c + 0.5 * shift, z)
            mutual += width * _WEIGHTS[n, i] * m
            gradient += width * _WEIGHTS[n, i] * g
        top = low
    return mutual, gradient


@numba.njit(cache=True, error_model="numpy")
def _at(z: float, x: float, y: float, a: Section, b: Section) -> tuple[float, float]:
    """Integrals of M and dM/dz over the mean radius and the mean position.

    ``x`` and ``y`` are the distance z of the planes and the difference of the radii, each less
    that of the centres of the sections.
    """
    overlap = max(min(2.0 * min(a[3], b[3]), a[3] + b[3] - abs(x)), 0.0)
    mutual, gradient = _over_mean_radius(z, y, a, b)
    return overlap * mutual, overlap * gradient


@numba.njit(cache=True, error_model="numpy")
def _corner(x: float, y: float, a: Section, b: Section) -> tuple[float, float]:
    """Integral over the rectangle from the singularity to (x, y)."""
    pole_x = a[2] - b[2]
    pole_y = a[0] - b[0]
    width = x - pole_x
    height = y - pole_y
    n = gauss_order(-1.0, 2.0 * min(abs(width / height), abs(height / width)), _TOLERANCE)
    mutual = 0.0
    gradient = 0.0
    for i in range(_N_GRADED):
        t = _NODES[_N_GRADED, i]
        u = t**3
        outer = 3.0 * t * t * u * _WEIGHTS[_N_GRADED, i] * abs(width * height)
        for j in range(n):
            v = _NODES[n, j]
            weight = outer * _WEIGHTS[n, j]
            z = u * width
            m_1, g_1 = _at(z, pole_x + z, pole_y + u * v * height, a, b)
            m_2, g_2 = _at(v * z, pole_x + v * z, pole_y + u * height, a, b)
            mutual += weight * (m_1 + m_2)
            gradient += weight * (g_1 + g_2)
    return mutual, gradient


@numba.njit(cache=True, error_model="numpy")
def _rectangle(
    x: float, width: float, y: float, height: float, a: Section, b: Section
) -> tuple[float, float]:
    """Integral over a rectangle that keeps off the singularity."""
    away_x = _away(x, x + width, a[2] - b[2])
    away_y = _away(y, y + height, a[0] - b[0])
    n_x = gauss_order(1.0 + 2.0 * away_x / width, 2.0 * away_y / width, _TOLERANCE)
    n_y = gauss_order(1.0 + 2.0 * away_y / height, 2.0 * away_x / height, _TOLERANCE)
    mutual = 0.0
    gradient = 0.0
    for j in range(n_y):
        for i in range(n_x):
            weight = width * height * _WEIGHTS[n_x, i] * _WEIGHTS[n_y, j]
            x_i = x + width * _NODES[n_x, i]
            m, g = _at(b[2] - a[2] + x_i, x_i, y + height * _NODES[n_y, j], a, b)
            mutual += weight * m
            gradient += weight * g
    return mutual, gradient


@numba.njit(cache=True, error_model="numpy")
def _away(low: float, high: float, pole: float) -> float:
    return min(abs(low - pole), abs(high - pole))


@numba.njit(cache=True, error_model="numpy")
def _marks(half_a: float, half_b: float, pole: float) -> Array:
    """Shifts at which the overlap of two lengths has a corner, and the pole if it lies between.

    Those that rounding alone keeps apart are one.
    """
    reach = half_a + half_b
    inner = abs(half_a - half_b)
    close = 1e-13 * reach
    marks = np.sort(np.array([-reach, -inner, inner, reach, pole]))
    kept = np.empty(5)
    n = 0
    for mark in marks:
        value = pole if abs(mark - pole) < close else mark
        if abs(value) <= reach + close and (n == 0 or value > kept[n - 1] + close):
            kept[n] = value
            n += 1
    return kept[:n]


@numba.njit(cache=True, error_model="numpy")
def _over_plane(marks_x: Array, marks_y: Array, a: Section, b: Section) -> tuple[float, float]:
    """Integral over the plane between the marks, halving what the singularity is too near to."""
    stack = np.empty((_N_STACK, 4))
    n = 0
    for i in range(len(marks_x) - 1):
        for j in range(len(marks_y) - 1):
            stack[n] = (marks_x[i], marks_x[i + 1], marks_y[j], marks_y[j + 1])
            n += 1
    mutual = 0.0
    gradient = 0.0
    while n > 0:
        n -= 1
        left, right, low, high = stack[n, 0], stack[n, 1], stack[n, 2], stack[n, 3]
        away_x = _away(left, right, a[2] - b[2])
        away_y = _away(low, high, a[0] - b[0])
        away = math.hypot(away_x, away_y)
        width = right - left
        height = high - low
        most_x = _STRETCH * away if away > 0.0 else 1.5 * height
        most_y = _STRETCH * away if away > 0.0 else 1.5 * width
        if width > most_x and width * most_y >= height * most_x:
            middle = 0.5 * (left + right)
            stack[n] = (left, middle, low, high)
            stack[n + 1] = (middle, right, low, high)
            n += 2
            continue
        if height > most_y:
            middle = 0.5 * (low + high)
            stack[n] = (left, right, low, middle)
            stack[n + 1] = (left, right, middle, high)
            n += 2
            continue
        if away > 0.0:
            m, g = _rectangle(left, width, low, height, a, b)
        else:
            m, g = _corner(
                right if left == a[2] - b[2] else left, high if low == a[0] - b[0] else low, a, b
            )
        mutual += m
        gradient += g
    return mutual, gradient


@numba.njit(cache=True, error_model="numpy")
def section_pair(a: Section, b: Section) -> tuple[float, float]:
    """Mean of M in H and of dM/dx in H/m, x the position of b, over two sections."""
    area_squared = 16.0 * a[1] * a[3] * b[1] * b[3]
    marks_x = _marks(a[3], b[3], a[2] - b[2])
    marks_y = _marks(a[1], b[1], a[0] - b[0])
    mutual, gradient = _over_plane(marks_x, marks_y, a, b)
    return mutual / area_squared, gradient / area_squared


@numba.njit(cache=True, error_model="numpy")
def section_self(a: Section) -> float:
    """Mean of M in H over a section with itself: four times one quadrant of the plane."""
    marks_x = np.array([0.0, 2.0 * a[3]])
    marks_y = np.array([0.0, 2.0 * a[1]])
    mutual, _ = _over_plane(marks_x, marks_y, a, a)
    return 4.0 * mutual / (4.0 * a[1] * a[3]) ** 2
