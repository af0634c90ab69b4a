"""Coaxial circular loops: mutual inductance and its gradient, by the arithmetic-geometric mean.

Neglected: conductor thickness (see :mod:`moonbase.driver.coils`), displacement currents, magnetic
material.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.driver._checks import _positive

_MU0 = MAGNETIC_CONSTANT_H_m
_N_STEPS = 6


@numba.njit(cache=True, error_model="numpy", inline="always")
def loop_pair(radius_1_m: float, radius_2_m: float, offset_m: float) -> tuple[float, float]:
    """M in H and dM/d(offset) in H/m of one pair, for use inside compiled loops.

    With K the complete elliptic integral, c_n the differences of the arithmetic-geometric mean
    that starts at (1, k') and S the sum of 2^(n-1) c_n^2 over n >= 1, the textbook form
    (2/k - k) K - (2/k) E is 2 K S / k: no digits cancel, however far apart the loops are. The
    number of steps is fixed, so that loops over pairs vectorise; it serves down to a distance of
    1e-8 of the radius.
    """
    far = (radius_1_m + radius_2_m) ** 2 + offset_m * offset_m
    near = (radius_1_m - radius_2_m) ** 2 + offset_m * offset_m
    m = 4.0 * radius_1_m * radius_2_m / far
    m_complement = near / far
    b = math.sqrt(m_complement)
    c = 0.5 * m / (1.0 + b)
    a = 0.5 * (1.0 + b)
    b = math.sqrt(b)
    weight = 1.0
    total = c * c
    for _ in range(_N_STEPS):
        mean = 0.5 * (a + b)
        b = math.sqrt(a * b)
        c = 0.25 * c * c / mean
        a = mean
        weight *= 2.0
        total += weight * c * c
    scale = 0.5 * math.pi * _MU0 / a
    root = math.sqrt(far)
    bracket = (2.0 - m) * total - 0.5 * m * m
    return scale * root * total, 0.5 * scale * offset_m * bracket / (root * m_complement)


@numba.vectorize(cache=True)
def _mutual(radius_1_m: float, radius_2_m: float, offset_m: float) -> float:
    return loop_pair(radius_1_m, radius_2_m, offset_m)[0]


@numba.vectorize(cache=True)
def _gradient(radius_1_m: float, radius_2_m: float, offset_m: float) -> float:
    return loop_pair(radius_1_m, radius_2_m, offset_m)[1]


def mutual_inductance(*, radius_1_m: Real, radius_2_m: Real, offset_m: Real) -> Array:
    r"""Mutual inductance of two coaxial circular loops.

    Parameters
    ----------
    radius_1_m, radius_2_m
        Radii, m; they broadcast.
    offset_m
        Axial distance between the loops' planes, m, of either sign.

    Returns
    -------
    Array
        M in H. nan where a radius is not positive, inf where the loops coincide.

    Raises
    ------
    DomainError
        No pair has two positive radii.

    Notes
    -----
    :math:`M = \mu_0 \sqrt{r_1 r_2}\,[(2/k - k) K(k) - (2/k) E(k)]`,
    :math:`k^2 = 4 r_1 r_2 / ((r_1 + r_2)^2 + d^2)`, good to some 1e-14 at any distance.

    Source: Maxwell (1873), Treatise on Electricity and Magnetism, section 701; evaluated by the
    arithmetic-geometric mean (Abramowitz and Stegun 1964, 17.6).

    Examples
    --------
    >>> float(mutual_inductance(radius_1_m=0.02, radius_2_m=0.03, offset_m=0.005).round(20))
    2.959493865842e-08
    """
    radius_1, radius_2 = _radii(radius_1_m, radius_2_m)
    offset = np.asarray(offset_m, dtype=np.float64)
    coincident = (radius_1 == radius_2) & (offset == 0.0)
    return np.where(coincident, np.inf, _mutual(radius_1, radius_2, offset))


def mutual_inductance_gradient(*, radius_1_m: Real, radius_2_m: Real, offset_m: Real) -> Array:
    r"""Derivative of the mutual inductance of two coaxial loops by their axial distance.

    Parameters
    ----------
    radius_1_m, radius_2_m
        Radii, m; they broadcast.
    offset_m
        Axial distance, m: position of the second loop less that of the first.

    Returns
    -------
    Array
        dM/dd in H/m, negative for a positive distance. Currents I1 and I2 push the second loop
        with the axial force I1 I2 dM/dd.

    Raises
    ------
    DomainError
        No pair has two positive radii.

    Notes
    -----
    :math:`\frac{dM}{dd} = \frac{\mu_0 d k}{4\sqrt{r_1 r_2}}
    \left[2K - \frac{2 - k^2}{1 - k^2} E\right]`.

    Source: derivative of Maxwell's formula; see :func:`mutual_inductance`.

    Examples
    --------
    >>> gradient = mutual_inductance_gradient(radius_1_m=0.03, radius_2_m=0.015, offset_m=0.02)
    >>> float(gradient.round(17))
    -4.2050634219e-07
    """
    radius_1, radius_2 = _radii(radius_1_m, radius_2_m)
    gradient: Array = _gradient(radius_1, radius_2, np.asarray(offset_m, dtype=np.float64))
    return gradient


def _radii(radius_1_m: Real, radius_2_m: Real) -> tuple[Array, Array]:
    return _positive("radius_1_m", radius_1_m), _positive("radius_2_m", radius_2_m)
