"""Loops and coils off each other's axis: mutual inductance, forces and torque, and stiffness.

The first coil lies around the x axis. The second has its centre at ``lateral_m`` along y and its
axis tilted by ``tilt_rad`` towards the direction that stands at ``tilt_direction_rad`` from y
(towards z): 0 tilts it in the plane of both centres, pi/2 out of it.

Neglected: what :mod:`moonbase.driver.coils` neglects. Coils that come close cost time and digits:
with a gap of 1/30 of the longest side some 1e-5 of the force and 1e-3 of the stiffness, with 1/60
some 1e-4 and 1e-2. Below 1/100 they are refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _positive
from moonbase.driver._field import loops_in_pose
from moonbase.driver._sections import gauss_order
from moonbase.driver.coils import Coil, filaments
from moonbase.driver.loops import loop_pair

_TOLERANCE = 1e-7
_N_FIRST = 16
_N_MOST = 2**16
_N_FIELDS_MOST = 2**24
_LEAST_GAP_OVER_SIDE = 0.01
_LEAST_GAP_OVER_RADIUS = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class OffAxis:
    """Two coils with currents in a given pose. Axes: x along the first coil, y lateral, z.

    Force and torque act on the second coil, the torque about its centre. The derivatives, at
    fixed currents, have the component as row and the displacement or rotation about an axis as
    column: a negative diagonal restores. The derivative of the torque by position is
    ``force_by_rotation_N_rad`` transposed.
    """

    mutual_H: float
    force_N: Array
    torque_J_rad: Array
    force_by_position_N_m: Array
    force_by_rotation_N_rad: Array
    torque_by_rotation_J_rad2: Array


def mutual_inductance_off_axis(
    *,
    radius_1_m: Real,
    radius_2_m: Real,
    offset_m: Real,
    lateral_m: Real = 0.0,
    tilt_rad: Real = 0.0,
    tilt_direction_rad: Real = 0.0,
) -> Array:
    r"""Mutual inductance of two circular loops in any pose.

    Parameters
    ----------
    radius_1_m, radius_2_m
        Radii, m. All arguments broadcast (draw).
    offset_m, lateral_m
        Centre of the second loop along the first one's axis and across it, m.
    tilt_rad
        Angle between the axes of the loops, rad.
    tilt_direction_rad
        Direction to which the second axis leans, rad from the lateral offset: 0 in the plane of
        the first axis and the second centre.

    Returns
    -------
    Array
        M in H (draw), 1e-12 of what it is at its largest. nan where a radius is not positive or
        the loops come nearer than about 1e-3 of their radius.

    Raises
    ------
    DomainError
        No pair has two positive radii.

    Notes
    -----
    :math:`M = \frac{1}{2\pi} \oint M_c(r_1, \rho, x)\,d\phi` along the second loop, with
    :math:`M_c` that of coaxial loops and :math:`\rho, x, \phi` cylindrical coordinates about the
    first axis: the flux through a coaxial circle is :math:`2 \pi \rho A_\phi`. The trapezoidal
    rule is doubled until it stands.

    Source: derived; equal to the single integral of Babic et al. (2010), IEEE Transactions on
    Magnetics 46, 3591, doi 10.1109/TMAG.2010.2047651.

    Examples
    --------
    >>> mutual = mutual_inductance_off_axis(
    ...     radius_1_m=0.85, radius_2_m=0.75, offset_m=0.1, lateral_m=0.02, tilt_rad=0.01
    ... )
    >>> round(float(mutual) * 1e6, 4)
    1.8401
    """
    mutual: Array = _loops(
        _positive("radius_1_m", radius_1_m),
        _positive("radius_2_m", radius_2_m),
        np.asarray(offset_m, dtype=np.float64),
        lateral_m,
        tilt_rad,
        tilt_direction_rad,
    )
    return mutual


def off_axis(
    a: Coil,
    b: Coil,
    *,
    current_a_A: float,
    current_b_A: float,
    lateral_m: float = 0.0,
    tilt_rad: float = 0.0,
    tilt_direction_rad: float = 0.0,
) -> OffAxis:
    r"""Mutual inductance, force, torque and stiffness of two coils in any pose.

    Parameters
    ----------
    a, b
        The coils; the difference of their positions is the offset along the axis of ``a``.
    current_a_A, current_b_A
        Current in each turn, A, positive in the same sense.
    lateral_m, tilt_rad, tilt_direction_rad
        Pose of ``b`` about its own centre, m and rad, as the module states it.

    Returns
    -------
    OffAxis
        M, force on ``b``, torque on ``b`` about its centre and their derivatives at fixed
        currents.

    Raises
    ------
    DomainError
        The coils touch or cut each other in this pose, or nearly so.

    Notes
    -----
    :math:`F = I_a I_b N \oint d\ell \times B`, :math:`\tau = I_a I_b N \oint r \times (d\ell
    \times B)`; derivatives from the gradient of :math:`B`, analytic but for a complex step along
    x. :math:`M` is harmonic in the position, so the three stiffnesses add up to zero: no set of
    fixed currents holds a coil in every direction. Filaments at Gauss-Legendre points of both
    sections and evenly spread points along each, as many as the gap asks: with a gap of half the
    thickness about 1e-9 in M, 1e-7 in force and 1e-6 in stiffness.

    Source: Biot-Savart and Lorentz force laws; trace by Earnshaw (1842).

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04)
    >>> pull = off_axis(drive, bucket, current_a_A=19e3, current_b_A=1e6, lateral_m=0.01)
    >>> [round(float(part)) for part in np.diag(pull.force_by_position_N_m) / 1e4]
    [-446, 223, 223]
    """
    orders_a, orders_b, n_points, frame = _plan(a, b, lateral_m, tilt_rad, tilt_direction_rad)
    loops_a = filaments(a, *orders_a)
    loops_b = filaments(b, *orders_b)
    mutual, *pull = loops_in_pose(
        loops_a.radius_m,
        loops_a.offset_m,
        loops_a.turns,
        loops_b.radius_m,
        loops_b.offset_m,
        loops_b.turns,
        np.array([b.position_m - a.position_m, lateral_m, 0.0]),
        frame,
        n_points,
    )
    force, torque, by_position, by_rotation, torque_by_rotation = (
        current_a_A * current_b_A * part for part in pull
    )
    return OffAxis(
        mutual_H=float(mutual),
        force_N=force,
        torque_J_rad=torque,
        force_by_position_N_m=by_position,
        force_by_rotation_N_rad=by_rotation,
        torque_by_rotation_J_rad2=torque_by_rotation,
    )


def lateral_force(
    a: Coil,
    b: Coil,
    current_a_A: float,
    current_b_A: float,
    lateral_m: float,
    tilt_rad: float = 0.0,
) -> float:
    """Force across the axis between two coils, one of them displaced sideways.

    Parameters
    ----------
    a, b
        The coils.
    current_a_A, current_b_A
        Current in each turn, A, positive in the same sense.
    lateral_m, tilt_rad
        Displacement of ``b``, m, and tilt of its axis towards it, rad.

    Returns
    -------
    float
        Force on ``b`` along its displacement, N: positive drives it further out.

    Raises
    ------
    DomainError
        The coils touch or cut each other in this pose, or nearly so.

    Notes
    -----
    I_a I_b dM/dy; accuracy and source as for :func:`off_axis`.

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04)
    >>> round(lateral_force(drive, bucket, 19e3, 1e6, lateral_m=0.01) / 1e3, 1)
    22.3
    """
    pull = off_axis(
        a,
        b,
        current_a_A=current_a_A,
        current_b_A=current_b_A,
        lateral_m=lateral_m,
        tilt_rad=tilt_rad,
    )
    return float(pull.force_N[1])


def lateral_stiffness(
    a: Coil, b: Coil, current_a_A: float, current_b_A: float, lateral_m: float = 0.0
) -> float:
    """Change of the lateral force on a coil with its displacement, at fixed currents.

    Parameters
    ----------
    a, b
        The coils.
    current_a_A, current_b_A
        Current in each turn, A, positive in the same sense.
    lateral_m
        Displacement of ``b``, m.

    Returns
    -------
    float
        dF/dy in N/m: negative restores. On the axis it is minus half of the axial dF/dx.

    Raises
    ------
    DomainError
        The coils touch or cut each other in this pose, or nearly so.

    Notes
    -----
    I_a I_b d2M/dy2; accuracy and source as for :func:`off_axis`.

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04)
    >>> round(lateral_stiffness(drive, bucket, 19e3, 1e6) / 1e3)
    2229
    """
    pull = off_axis(a, b, current_a_A=current_a_A, current_b_A=current_b_A, lateral_m=lateral_m)
    return float(pull.force_by_position_N_m[1, 1])


def tilt_torque(
    a: Coil,
    b: Coil,
    current_a_A: float,
    current_b_A: float,
    tilt_rad: float,
    lateral_m: float = 0.0,
) -> float:
    """Torque on a coil whose axis leans towards its lateral displacement.

    Parameters
    ----------
    a, b
        The coils.
    current_a_A, current_b_A
        Current in each turn, A, positive in the same sense.
    tilt_rad
        Angle between the axes, rad.
    lateral_m
        Displacement of ``b``, m.

    Returns
    -------
    float
        Torque about the centre of ``b`` in the sense of the tilt, J/rad (N m): negative rights it.

    Raises
    ------
    DomainError
        The coils touch or cut each other in this pose, or nearly so.

    Notes
    -----
    I_a I_b dM/d(tilt); accuracy and source as for :func:`off_axis`.

    Examples
    --------
    >>> drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8)
    >>> bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04)
    >>> round(tilt_torque(drive, bucket, 19e3, 1e6, tilt_rad=0.01) / 1e3, 2)
    -17.31
    """
    pull = off_axis(
        a,
        b,
        current_a_A=current_a_A,
        current_b_A=current_b_A,
        lateral_m=lateral_m,
        tilt_rad=tilt_rad,
    )
    return float(pull.torque_J_rad[2])


@numba.vectorize(cache=True)
def _loops(
    radius_1_m: float,
    radius_2_m: float,
    offset_m: float,
    lateral_m: float,
    tilt_rad: float,
    tilt_direction_rad: float,
) -> float:
    cos_tilt, sin_tilt = math.cos(tilt_rad), math.sin(tilt_rad)
    cos_lean, sin_lean = math.cos(tilt_direction_rad), math.sin(tilt_direction_rad)
    total = 0.0
    size = 0.0
    n = _N_FIRST
    n_new = n
    shift = 0.0
    before = math.nan
    while n <= _N_MOST:
        for k in range(n_new):
            angle = 2.0 * math.pi * (k + shift) / n_new
            u, v = radius_2_m * math.cos(angle), radius_2_m * math.sin(angle)
            y = lateral_m + u * cos_tilt * cos_lean - v * sin_lean
            z = u * cos_tilt * sin_lean + v * cos_lean
            dy = -v * cos_tilt * cos_lean - u * sin_lean
            dz = -v * cos_tilt * sin_lean + u * cos_lean
            distance = math.hypot(y, z)
            if distance > 1e-30 * radius_1_m:
                part = loop_pair(radius_1_m, distance, offset_m - u * sin_tilt)[0]
                part *= (y * dz - z * dy) / (distance * distance)
                total += part
                size += abs(part)
        if abs(total / n - before) <= 1e-13 * size / n:
            return total / n
        before = total / n
        n_new = n
        n *= 2
        shift = 0.5
    return math.nan


def _plan(
    a: Coil, b: Coil, lateral_m: float, tilt_rad: float, tilt_direction_rad: float
) -> tuple[tuple[int, int], tuple[int, int], int, Array]:
    """Quadrature orders of both coils, points along a loop, and the frame of the second."""
    cos, sin = math.cos(tilt_rad), math.sin(tilt_rad)
    lean = np.array([0.0, math.cos(tilt_direction_rad), math.sin(tilt_direction_rad)])
    forward = np.array([1.0, 0.0, 0.0])
    frame = np.column_stack(
        [cos * forward + sin * lean, cos * lean - sin * forward, np.cross(forward, lean)]
    )
    gap = _gap(a, b, np.array([0.0, lateral_m, 0.0]), frame)
    sides = [
        side
        for coil in (a, b)
        for side in (coil.radius_outer_m - coil.radius_inner_m, coil.length_m)
    ]
    least = max(_LEAST_GAP_OVER_SIDE * max(sides), _LEAST_GAP_OVER_RADIUS * b.radius_outer_m)
    if not gap >= least:
        raise DomainError(
            f"the coils come nearer than {least:.3g} m in this pose, or cut each other",
            path="lateral_m",
            hint="move the second coil clear of the first",
        )
    orders = [
        gauss_order(-1.0, 2.0 * gap / side, _TOLERANCE) if side > 0.0 else 1 for side in sides
    ]
    clear = _gap(a, b, np.zeros(3), np.eye(3))
    moved = abs(lateral_m) + (b.radius_outer_m + 0.5 * b.length_m) * abs(tilt_rad)
    reach = math.asinh(gap / b.radius_outer_m)
    if clear > moved:
        reach = max(reach, math.log(clear / moved) if moved > 0.0 else math.inf)
    n_points = max(math.ceil(-math.log(_TOLERANCE**1.5) / reach), _N_FIRST)
    n_points = min(n_points, max(_N_FIELDS_MOST // math.prod(orders), _N_FIRST))
    return (orders[0], orders[1]), (orders[2], orders[3]), n_points, frame


def _gap(a: Coil, b: Coil, shift_m: Array, frame: Array) -> float:
    """Least distance of a mesh of points on the second coil from the section of the first."""
    radius, along, angle = np.meshgrid(
        np.linspace(b.radius_inner_m, b.radius_outer_m, 5),
        0.5 * b.length_m * np.linspace(-1.0, 1.0, 9),
        2.0 * np.pi * np.arange(64) / 64,
    )
    points = np.stack([along, radius * np.cos(angle), radius * np.sin(angle)])
    x, y, z = np.tensordot(frame, points, 1) + shift_m[:, None, None, None]
    x = x + (b.position_m - a.position_m)
    distance = np.hypot(y, z)
    across = np.maximum(a.radius_inner_m - distance, distance - a.radius_outer_m)
    beyond = np.abs(x) - 0.5 * a.length_m
    return float(np.hypot(np.maximum(across, 0.0), np.maximum(beyond, 0.0)).min())
