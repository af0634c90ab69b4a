"""Orientation of the Moon after the end of the DE421 kernel: a published series, corrected.

The series of the IAU working group (Archinal et al. 2011, table 2), 70 m off at the surface today,
is corrected by least squares on the kernel's 151 years: small turns as sums over the Delaunay
arguments, with the free libration in longitude (1,056 d) and the free wobble (74.6 years) of the
DE421 integration. At the surface, rms and at most: fitted to 1900-2000 it predicts 2000-2051 to
19 m and 45 m, fitted to 1900-1976 the next 75 years to 21 m and 52 m, and fitted to 1900-1951 alone
the next century to 44 m and 107 m. The fit to all 151 years leaves 14 m and 40 m.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

CENTURY_d = 36_525.0
FREE_PERIODS_d = (1056.13, 27_257.3)
# Degrees: angle at J2000, rate per day, and factors for right ascension, declination and meridian.
TERMS = np.array(
    [
        [125.045, -0.0529921, -3.8787, 1.5419, 3.5610],
        [250.089, -0.1059842, -0.1204, 0.0239, 0.1208],
        [260.008, 13.0120009, 0.0700, -0.0278, -0.0642],
        [176.625, 13.3407154, -0.0172, 0.0068, 0.0158],
        [357.529, 0.9856003, 0.0, 0.0, 0.0252],
        [311.589, 26.4057084, 0.0072, -0.0029, -0.0066],
        [134.963, 13.0649930, 0.0, 0.0009, -0.0047],
        [276.617, 0.3287146, 0.0, 0.0, -0.0046],
        [34.226, 1.7484877, 0.0, 0.0, 0.0028],
        [15.134, -0.1589763, -0.0052, 0.0008, 0.0052],
        [119.743, 0.0036096, 0.0, 0.0, 0.0040],
        [239.961, 0.1643573, 0.0, 0.0, 0.0019],
        [25.053, 12.9590088, 0.0043, -0.0009, -0.0044],
    ]
)
# Degrees at J2000 and per century (Simon et al. 1994): l, l', F, D.
DELAUNAY = np.array(
    [
        [134.96340251, 477198.8675605, 0.0088553],
        [357.52910918, 35999.0502911, 0.0],
        [93.27209062, 483202.0174577, -0.0035420],
        [297.85019547, 445267.1114469, -0.0017696],
    ]
)
COMBINATIONS = np.array(
    [
        row
        for row in itertools.product(range(-4, 5), repeat=4)
        if sum(map(abs, row)) <= 4 and row > (0, 0, 0, 0)
    ]
)


def matrix(phi: np.ndarray, theta: np.ndarray, psi: np.ndarray) -> np.ndarray:
    """Rotation Rz(psi) Rx(theta) Rz(phi), shape (3, 3, time)."""
    (cp, cd, cw), (sp, sd, sw) = np.cos([phi, theta, psi]), np.sin([phi, theta, psi])
    return np.array(
        [
            [cw * cp - sw * cd * sp, cw * sp + sw * cd * cp, sw * sd],
            [-sw * cp - cw * cd * sp, -sw * sp + cw * cd * cp, cw * sd],
            [sd * sp, -sd * cp, cd],
        ]
    )


def published(days: np.ndarray, me_to_pa: np.ndarray) -> np.ndarray:
    """Inertial to principal axes by the published series; days from J2000 TDB."""
    centuries = days / CENTURY_d
    angle = np.radians(TERMS[:, :1] + TERMS[:, 1:2] * days)
    ascension = 269.9949 + 0.0031 * centuries + TERMS[:, 2] @ np.sin(angle)
    declination = 66.5392 + 0.0130 * centuries + TERMS[:, 3] @ np.cos(angle)
    meridian = 38.3213 + 13.17635815 * days - 1.4e-12 * days**2 + TERMS[:, 4] @ np.sin(angle)
    me = matrix(*np.radians([ascension + 90.0, 90.0 - declination, meridian]))
    return np.einsum("ij,jkt->ikt", me_to_pa, me)


def basis(days: np.ndarray) -> np.ndarray:
    """Columns of the correction, shape (time, column)."""
    t = days / CENTURY_d
    arguments = np.radians(DELAUNAY @ np.array([np.ones_like(t), t, t**2]))
    phases = [*(COMBINATIONS @ arguments), *(2.0 * np.pi * days / p for p in FREE_PERIODS_d)]
    return np.array([np.ones_like(t), t, *np.sin(phases), *np.cos(phases)]).T


def fitted(
    kernel: Callable[[np.ndarray], np.ndarray], days: np.ndarray, me_to_pa: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Euler angles (3, time) for any days, corrected to the kernel's angles on the days given."""
    turn = np.einsum("ijt,kjt->ikt", matrix(*kernel(days)), published(days, me_to_pa))
    small = 0.5 * np.array(
        [turn[1, 2] - turn[2, 1], turn[2, 0] - turn[0, 2], turn[0, 1] - turn[1, 0]]
    )
    weights = np.linalg.lstsq(basis(days), small.T, rcond=1e-8)[0]

    def angles(when: np.ndarray) -> np.ndarray:
        x, y, z = (basis(when) @ weights).T
        zero = np.zeros_like(x)
        small_turn = np.array([[zero, z, -y], [-z, zero, x], [y, -x, zero]])
        base = published(when, me_to_pa)
        m = base + np.einsum("ijt,jkt->ikt", small_turn, base)
        theta = np.arctan2(np.hypot(m[2, 0], m[2, 1]), m[2, 2])
        return np.array([np.arctan2(m[2, 0], -m[2, 1]), theta, np.arctan2(m[0, 2], m[1, 2])])

    return angles
