"""Thick coaxial coils of rectangular section: inductances and axial force.

Neglected: the insulation between turns and the pitch of the winding (the current density is even
over the section), uneven current from eddies or proximity, lead wires, magnetic material.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numba
import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _positive
from moonbase.driver._sections import Section, section_pair, section_self
from moonbase.driver.loops import loop_pair

_LEAST_EXTENT = 1e-12
"""Sheets, discs and loops are given this share of their radius in place of no extent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coil:
    """A coaxial coil of rectangular section with its turns spread evenly over it.

    ``position_m`` is the axial position of its centre. A coil may have no thickness (a current
    sheet), no length (a flat spiral) or neither (loops).

    Raises
    ------
    DomainError
        A field is not finite, a radius or the length is negative, the outer radius is zero or
        less than the inner one, or there are no turns.

    Examples
    --------
    >>> Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8.0).position_m
    0.0
    """

    radius_inner_m: float
    radius_outer_m: float
    length_m: float
    position_m: float = 0.0
    turns: float = 1.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not math.isfinite(getattr(self, field.name)):
                raise DomainError("must be a finite number", path=field.name, hint="pass a number")
        for name, least in (("radius_inner_m", self.radius_inner_m), ("length_m", self.length_m)):
            if least < 0.0:
                raise DomainError("must be >= 0", path=name, hint="measure from the axis outwards")
        if self.radius_outer_m <= 0.0 or self.radius_outer_m < self.radius_inner_m:
            raise DomainError(
                f"must be > 0 and at least radius_inner_m, got {self.radius_outer_m}",
                path="radius_outer_m",
                hint="swap the radii or widen the coil",
            )
        if self.turns <= 0.0:
            raise DomainError("must be > 0", path="turns", hint="reverse the current instead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filaments:
    """Loops that stand for a coil: radius, offset from its centre, and share of its turns."""

    radius_m: Array
    offset_m: Array
    turns: Array


def coil_inductance(coil: Coil) -> float:
    r"""Self-inductance of a coil.

    Parameters
    ----------
    coil
        The coil.

    Returns
    -------
    float
        L in H.

    Raises
    ------
    DomainError
        The coil has neither thickness nor length: its inductance has no limit.

    Notes
    -----
    :math:`L = \frac{N^2}{A^2} \iint M(r_1, r_2, x_1 - x_2)\,dA_1\,dA_2`, to about 1e-11 for any
    proportions. Valid for an even current density.

    Source: definition; integral by graded Gauss-Legendre rules, derived in
    :mod:`moonbase.driver._sections`.

    Examples
    --------
    >>> coil = Coil(radius_inner_m=0.032, radius_outer_m=0.05, length_m=0.04, turns=40)
    >>> round(coil_inductance(coil) * 1e6, 4)
    107.9449
    """
    if _is_loop(coil):
        raise DomainError(
            "a loop of no section has no finite self-inductance",
            path="length_m",
            hint="give the coil a thickness or a length",
        )
    return float(coil.turns**2 * section_self(_section(coil)))


def coil_mutual(a: Coil, b: Coil) -> float:
    r"""Mutual inductance of two coaxial coils.

    Parameters
    ----------
    a, b
        The coils. They may stand apart, touch, or lie within or across one another.

    Returns
    -------
    float
        M in H, positive for windings of the same sense.

    Raises
    ------
    DomainError
        Both are loops of no section, and coincide.

    Notes
    -----
    :math:`M = \frac{N_a N_b}{A_a A_b} \iint M(r_1, r_2, x_1 - x_2)\,dA_1\,dA_2`, to about 1e-11
    at any distance. Valid for an even current density.

    Source: see :func:`coil_inductance`.

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04, position_m=0.17)
    >>> round(coil_mutual(drive, bucket) * 1e6, 4)
    12.4521
    """
    return _pair(a, b)[0]


def coil_mutual_gradient(a: Coil, b: Coil) -> float:
    r"""Derivative of the mutual inductance of two coaxial coils by the position of the second.

    Parameters
    ----------
    a, b
        The coils. They may stand apart, touch, or lie within or across one another.

    Returns
    -------
    float
        dM/dx in H/m, x the position of ``b``: negative while ``b`` stands ahead of ``a`` and both
        are of like size.

    Raises
    ------
    DomainError
        Both are loops of no section, and coincide.

    Notes
    -----
    The integral of :func:`coil_mutual` over dM/dd of the loops, to about 1e-11.

    Source: see :func:`coil_inductance`.

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04, position_m=0.17)
    >>> round(coil_mutual_gradient(drive, bucket) * 1e6, 4)
    -30.5165
    """
    return _pair(a, b)[1]


def axial_force(a: Coil, b: Coil, current_a_A: Real, current_b_A: Real) -> Real:
    r"""Axial force between two coaxial coils.

    Parameters
    ----------
    a, b
        The coils.
    current_a_A, current_b_A
        Current in each turn, A, positive in the same sense (draw).

    Returns
    -------
    Real
        Force on ``b`` along +x, N (draw); ``a`` feels the opposite. Like currents attract: the
        force is negative while ``b`` stands ahead of ``a``.

    Raises
    ------
    DomainError
        Both are loops of no section, and coincide.

    Notes
    -----
    :math:`F = I_a I_b\,dM/dx`. Exact for currents at an instant; the force of a winding on itself
    and radial forces are neglected.

    Source: virtual work; see :func:`coil_mutual_gradient`.

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04, position_m=0.17)
    >>> round(float(axial_force(drive, bucket, current_a_A=-19e3, current_b_A=1e6)))
    579813
    """
    return current_a_A * current_b_A * coil_mutual_gradient(a, b)


def sheet_inductance(*, radius_m: Real, length_m: Real, turns: Real) -> Array:
    r"""Self-inductance of a cylindrical current sheet: a solenoid of no thickness.

    Parameters
    ----------
    radius_m, length_m
        Radius and length of the cylinder, m; they broadcast (draw).
    turns
        Turns, spread evenly over the length (draw).

    Returns
    -------
    Array
        L in H (draw); nan where the radius or the length is not positive.

    Raises
    ------
    DomainError
        No radius or no length is positive.

    Notes
    -----
    :math:`L = \frac{8 \mu_0 N^2 r^3}{3 l^2}
    \left[\frac{2m - 1}{k^3} E + \frac{1 - m}{k^3} K - 1\right]`,
    :math:`m = k^2 = 4r^2 / (4r^2 + l^2)`. The terms cancel in very long and very short sheets: the
    relative error grows as :math:`10^{-16}\,(l^2/r^2 + 4r^2/l^2)`.

    Source: Lorenz (1879), Annalen der Physik 243, 161; the form of Rosa and Grover (1912),
    Bulletin of the Bureau of Standards 8, 1.

    Examples
    --------
    >>> round(float(sheet_inductance(radius_m=1.0, length_m=1.0, turns=1.0)) * 1e7, 3)
    20.746
    """
    from scipy.special import ellipe, ellipkm1

    radius = _positive("radius_m", radius_m)
    length = _positive("length_m", length_m)
    square = 4.0 * radius**2 + length**2
    m_complement = length**2 / square
    m = 4.0 * radius**2 / square
    bracket = ((2.0 * m - 1.0) * ellipe(m) + m_complement * ellipkm1(m_complement)) / m**1.5 - 1.0
    inductance: Array = (
        8.0 * MAGNETIC_CONSTANT_H_m * np.square(turns) * radius**3 / (3.0 * length**2) * bracket
    )
    return inductance


def filaments(coil: Coil, n_radial: int, n_axial: int) -> Filaments:
    """Loops at the Gauss-Legendre points of a coil's section.

    Parameters
    ----------
    coil
        The coil.
    n_radial, n_axial
        Points across the thickness and along the length.

    Returns
    -------
    Filaments
        ``n_radial * n_axial`` radii in m, axial offsets from the coil's centre in m, and turns
        that add up to those of the coil.

    Raises
    ------
    DomainError
        A number of points is less than one.

    Notes
    -----
    Sums over pairs of filaments approach the integral of :func:`coil_mutual` fast while the gap
    between the sections is no smaller than they are, slowly where they touch.

    Source: Gauss-Legendre quadrature (Abramowitz and Stegun 1964, 25.4.29).

    Examples
    --------
    >>> coil = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> loops = filaments(coil, 4, 6)
    >>> loops.radius_m.shape, round(float(loops.turns.sum()), 12)
    ((24,), 8.0)
    """
    for path, count in (("n_radial", n_radial), ("n_axial", n_axial)):
        if count < 1:
            raise DomainError(f"must be at least 1, got {count}", path=path, hint="try 4")
    across, share_across = np.polynomial.legendre.leggauss(n_radial)
    along, share_along = np.polynomial.legendre.leggauss(n_axial)
    mean_radius = 0.5 * (coil.radius_inner_m + coil.radius_outer_m)
    radius = mean_radius + 0.5 * (coil.radius_outer_m - coil.radius_inner_m) * across
    return Filaments(
        radius_m=np.repeat(radius, n_axial),
        offset_m=np.tile(0.5 * coil.length_m * along, n_radial),
        turns=0.25 * coil.turns * np.outer(share_across, share_along).ravel(),
    )


@numba.njit(cache=True, error_model="numpy", nogil=True)
def filament_pair_table(
    radius_1_m: Array,
    offset_1_m: Array,
    turns_1: Array,
    radius_2_m: Array,
    offset_2_m: Array,
    turns_2: Array,
    separation_m: Array,
) -> tuple[Array, Array]:
    """M in H and dM/d(separation) in H/m of two sets of filaments, for use in compiled loops.

    The offsets count from the centre of each set; ``separation_m`` is the centre of the second
    less that of the first, one value a row of the table. The rows are the inner loop and have no
    branches, so that the processor takes several at once. Good to 1e-13 for filaments that stay
    1e-6 of their radius apart; nan or inf where two meet.
    """
    n_rows = len(separation_m)
    mutual = np.zeros(n_rows)
    gradient = np.zeros(n_rows)
    for i in range(len(radius_1_m)):
        for j in range(len(radius_2_m)):
            start = offset_2_m[j] - offset_1_m[i]
            turns = turns_1[i] * turns_2[j]
            for row in range(n_rows):
                m, g = loop_pair(radius_1_m[i], radius_2_m[j], separation_m[row] + start)
                mutual[row] += turns * m
                gradient[row] += turns * g
    return mutual, gradient


def _pair(a: Coil, b: Coil) -> tuple[float, float]:
    if _is_loop(a) and _is_loop(b):
        if a.radius_outer_m == b.radius_outer_m and a.position_m == b.position_m:
            raise DomainError(
                "loops that coincide have no finite mutual inductance",
                path="b",
                hint="move one loop, or give it a thickness or a length",
            )
        mutual, gradient = loop_pair(
            a.radius_outer_m, b.radius_outer_m, b.position_m - a.position_m
        )
    else:
        mutual, gradient = section_pair(_section(a), _section(b))
    return float(a.turns * b.turns * mutual), float(a.turns * b.turns * gradient)


def _is_loop(coil: Coil) -> bool:
    return coil.radius_inner_m == coil.radius_outer_m and coil.length_m == 0.0


def _section(coil: Coil) -> Section:
    """Section with its least extents, so that sheets and discs have an area."""
    least = _LEAST_EXTENT * coil.radius_outer_m
    return (
        0.5 * float(coil.radius_inner_m + coil.radius_outer_m),
        0.5 * float(max(coil.radius_outer_m - coil.radius_inner_m, least)),
        float(coil.position_m),
        0.5 * float(max(coil.length_m, least)),
    )
