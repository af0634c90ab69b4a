"""A conducting body as coaxial rings, and the flux that a thick coil sends through them.

Neglected: the spread of current inside one ring, so rings must be thinner than the skin depth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.driver._sections import section_pair, section_self
from moonbase.driver.coils import Coil
from moonbase.driver.loops import loop_pair

_NEAR = 2.5
"""Pairs of rings closer than this many long sides of a section are integrated over both."""
_INTERVAL = 0.2
"""Width of one interval of a flux table in the argument of the sinh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """Rings of equal section, radial index first: mean radii, axial centres and section."""

    radius_m: Array
    offset_m: Array
    width_m: float
    height_m: float

    @property
    def n_rings(self) -> int:
        """Number of rings."""
        return len(self.radius_m) * len(self.offset_m)

    @property
    def volume_m3(self) -> Array:
        """Volume of each ring, m3 (n_rings)."""
        volume = 2.0 * math.pi * self.radius_m * self.width_m * self.height_m
        return np.repeat(volume, len(self.offset_m))

    @property
    def turn_1_m(self) -> Array:
        """Length over section of each ring, 1/m (n_rings): its resistance at 1 ohm m."""
        turn = 2.0 * math.pi * self.radius_m / (self.width_m * self.height_m)
        return np.repeat(turn, len(self.offset_m))

    @property
    def length_m(self) -> float:
        """Length of the body, m."""
        return self.height_m * len(self.offset_m)

    def inductance_H(self) -> Array:
        """Inductance matrix of the rings, H (n_rings, n_rings)."""
        return _ring_matrix(self.radius_m, len(self.offset_m), self.width_m, self.height_m)


def cut_rings(*, body: Coil, n_radial: int, n_axial: int) -> Rings:
    """Cut a body of rectangular section into rings; axial centres are relative to its own."""
    width = (body.radius_outer_m - body.radius_inner_m) / n_radial
    height = body.length_m / n_axial
    across, along = np.arange(n_radial) + 0.5, np.arange(n_axial) + 0.5
    return Rings(
        radius_m=(body.radius_inner_m + width * across).astype(np.float64),
        offset_m=(height * along - 0.5 * body.length_m).astype(np.float64),
        width_m=width,
        height_m=height,
    )


@numba.njit(cache=True, error_model="numpy")
def _ring_matrix(radius_m: Array, n_axial: int, width_m: float, height_m: float) -> Array:
    n_radial = len(radius_m)
    matrix = np.empty((n_radial * n_axial, n_radial * n_axial))
    near = _NEAR * max(width_m, height_m)
    for i in range(n_radial):
        for j in range(i + 1):
            for lag in range(n_axial):
                offset = lag * height_m
                if math.hypot(radius_m[i] - radius_m[j], offset) < near:
                    one = (radius_m[i], 0.5 * width_m, 0.0, 0.5 * height_m)
                    other = (radius_m[j], 0.5 * width_m, offset, 0.5 * height_m)
                    own = i == j and lag == 0
                    mutual = section_self(one) if own else section_pair(one, other)[0]
                else:
                    mutual = loop_pair(radius_m[i], radius_m[j], offset)[0]
                for a in range(n_axial - lag):
                    for row, column in ((a, a + lag), (a + lag, a)):
                        matrix[i * n_axial + row, j * n_axial + column] = mutual
                        matrix[j * n_axial + row, i * n_axial + column] = mutual
    return matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxTables:
    """Flux of coils through rings against their distance, by quintics in asinh(d / scale).

    ``coefficients_H`` (coil, radial, interval, 6) hold the integral over distance of the mutual
    inductance per metre of coil. Its difference over a coil's two ends is the mutual inductance
    and that of its slope the gradient, both exact along the axis however close the ring.
    """

    coefficients_H: Array
    scale_m: Array
    half_m: Array


def flux_tables(
    *, coils: list[Coil], rings: Rings, reach_m: float, gap_m: float = 0.0
) -> FluxTables:
    """Tables for coils by rings whose centres stay within ``reach_m`` of the coils' ends.

    Rings that cannot pass a coil stay ``gap_m`` from touching it.
    """
    scale = np.array([_clearance(coil, rings, gap_m) for coil in coils])
    n_intervals = math.ceil(math.asinh(reach_m / scale.min()) / _INTERVAL) + 1
    tables = np.empty((len(coils), len(rings.radius_m), n_intervals, 6))
    axial, axial_weight = np.polynomial.legendre.leggauss(4)
    for c, coil in enumerate(coils):
        thickness = coil.radius_outer_m - coil.radius_inner_m
        n_nodes = min(max(8, math.ceil(3.0 * thickness / scale[c])), 64)
        node, weight = np.polynomial.legendre.leggauss(n_nodes)
        radius = coil.radius_inner_m + 0.5 * thickness * (1.0 + node)
        weight = 0.5 * weight * coil.turns / coil.length_m
        for i, ring_radius in enumerate(rings.radius_m):
            _fill(tables[c, i], ring_radius, radius, weight, scale[c], axial, axial_weight)
    half = np.array([0.5 * coil.length_m for coil in coils])
    return FluxTables(coefficients_H=tables, scale_m=scale, half_m=half)


def overlap(*, coil: Coil, body: Coil) -> bool:
    """Whether a body shares radii with a coil, so that it cannot pass it."""
    return body.radius_outer_m > coil.radius_inner_m and body.radius_inner_m < coil.radius_outer_m


def _clearance(coil: Coil, rings: Rings, gap_m: float) -> float:
    """Least distance from a coil to a ring's centre: radial, or along the axis."""
    inside = coil.radius_inner_m - rings.radius_m[-1]
    outside = rings.radius_m[0] - coil.radius_outer_m
    radial = float(max(inside, outside))
    return radial if radial > 0.49 * rings.width_m else gap_m + 0.5 * rings.height_m


@numba.njit(cache=True, error_model="numpy")
def _fill(
    table: Array,
    ring_radius_m: float,
    radius_m: Array,
    weight: Array,
    scale_m: float,
    axial: Array,
    axial_weight: Array,
) -> None:
    """Quintics that match the integral, the mutual inductance and the gradient at each node."""
    h = _INTERVAL
    integral = 0.0
    slope_0, bend_0 = _node(ring_radius_m, radius_m, weight, scale_m, 0.0)
    for n in range(table.shape[0]):
        rise = 0.0
        for k in range(len(axial)):
            s = h * (n + 0.5 + 0.5 * axial[k])
            rise += axial_weight[k] * _node(ring_radius_m, radius_m, weight, scale_m, s)[0]
        rise *= 0.5 * h
        slope_1, bend_1 = _node(ring_radius_m, radius_m, weight, scale_m, h * (n + 1))
        a, b, c = slope_0 * h, bend_0 * h * h, slope_1 * h
        d = bend_1 * h * h
        table[n, 0] = integral
        table[n, 1] = a
        table[n, 2] = 0.5 * b
        table[n, 3] = 10.0 * rise - 6.0 * a - 4.0 * c - 1.5 * b + 0.5 * d
        table[n, 4] = -15.0 * rise + 8.0 * a + 7.0 * c + 1.5 * b - d
        table[n, 5] = 6.0 * rise - 3.0 * a - 3.0 * c - 0.5 * b + 0.5 * d
        integral += rise
        slope_0, bend_0 = slope_1, bend_1


@numba.njit(cache=True, error_model="numpy")
def _node(
    ring_radius_m: float, radius_m: Array, weight: Array, scale_m: float, s: float
) -> tuple[float, float]:
    """First and second derivative by s of the table at d = scale sinh s."""
    distance, stretch = scale_m * math.sinh(s), scale_m * math.cosh(s)
    mutual = gradient = 0.0
    for k in range(len(radius_m)):
        pair, slope = loop_pair(radius_m[k], ring_radius_m, distance)
        mutual += weight[k] * pair
        gradient += weight[k] * slope
    return mutual * stretch, gradient * stretch**2 + mutual * distance


@numba.njit(cache=True, error_model="numpy")
def couple(
    table: Array,
    scale_m: float,
    half_m: float,
    position_m: float,
    offset_m: Array,
    mutual: Array,
    gradient: Array,
) -> None:
    """Fill M and dM/dx of one coil with every ring; ``position_m`` is body less coil centre."""
    n_axial = len(offset_m)
    last = table.shape[1] - 1
    mutual[:] = 0.0
    gradient[:] = 0.0
    for a in range(n_axial):
        for side in (1.0, -1.0):
            distance = position_m + offset_m[a] + side * half_m
            ratio = abs(distance) / scale_m
            s = math.asinh(ratio) / _INTERVAL
            n = min(int(s), last)
            s -= n
            sign = math.copysign(1.0, distance)
            stretch = _INTERVAL * scale_m * math.sqrt(1.0 + ratio * ratio)
            for i in range(table.shape[0]):
                p = table[i, n]
                value = p[0] + s * (p[1] + s * (p[2] + s * (p[3] + s * (p[4] + s * p[5]))))
                slope = p[1] + s * (
                    2.0 * p[2] + s * (3.0 * p[3] + s * (4.0 * p[4] + s * 5.0 * p[5]))
                )
                mutual[i * n_axial + a] += side * sign * value
                gradient[i * n_axial + a] += side * slope / stretch


def check_section(path: str, coil: Coil) -> None:
    """Raise unless a coil has both a thickness and a length."""
    if not (coil.radius_outer_m > coil.radius_inner_m and coil.length_m > 0.0):
        raise DomainError(
            "needs a thickness and a length",
            path=path,
            hint="give the section of the conductor",
        )
