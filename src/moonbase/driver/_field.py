"""Field of circular loops off their axis, and what it does to loops in any pose (compiled)."""

from __future__ import annotations

import math

import numba
import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.constants import MAGNETIC_CONSTANT_H_m

_MU0 = MAGNETIC_CONSTANT_H_m
_STEP = 1e-20
Vector = tuple[float, float, float]


@numba.njit(cache=True, error_model="numpy")
def loop_field(
    radius_m: float, distance_m: float, offset_m: float
) -> tuple[float, float, float, float, float]:
    """Potential and field of one ampere in a loop, ``distance_m`` from its axis.

    Returns A/rho, B_rho/rho, B_x and the x-derivatives of the last two, all finite on the axis.
    S is the sum of :func:`moonbase.driver.loops.loop_pair`, here over rho squared; with it
    nothing cancels far away either. The derivatives are the imaginary parts of a complex step.
    """
    step = _STEP * radius_m
    x = complex(offset_m, step)
    far = (radius_m + distance_m) ** 2 + x * x
    near = (radius_m - distance_m) ** 2 + x * x
    b = np.sqrt(near / far)
    ratio = 2.0 * radius_m / (far * (1.0 + b))
    a = 0.5 * (1.0 + b)
    b = np.sqrt(b)
    weight = 1.0
    total = ratio * ratio
    while ratio.real * distance_m > 1e-9 * a.real:
        mean = 0.5 * (a + b)
        b = np.sqrt(a * b)
        ratio = 0.25 * ratio * ratio * distance_m / mean
        a = mean
        weight *= 2.0
        total += weight * ratio * ratio
    scale = 0.25 * _MU0 / (a * np.sqrt(far))
    potential = scale * total * far
    m = 4.0 * radius_m * distance_m / far
    over = 4.0 * radius_m / far
    bracket = (2.0 - m) * total - 0.5 * over * over
    outward = -0.5 * scale * x * bracket * far / near
    inside = 1.0 - 2.0 * distance_m * (radius_m + distance_m) / far
    square = radius_m * radius_m
    rest = total * distance_m**2 * (distance_m**2 + x * x - square)
    axial = scale * (2.0 * square * inside + rest) / near
    return potential.real, outward.real, axial.real, outward.imag / step, axial.imag / step


@numba.njit(cache=True, error_model="numpy")
def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


@numba.njit(cache=True, error_model="numpy")
def _sources(
    radius_m: Array, offset_m: Array, turns: Array, point: Vector
) -> tuple[float, Vector, tuple[Vector, Vector, Vector]]:
    """A/rho, B and the rows dB/dx, dB/dy, dB/dz of coaxial loops around the x axis."""
    x, y, z = point
    distance = math.hypot(y, z)
    potential = 0.0
    outward = 0.0
    axial = 0.0
    d_outward = 0.0
    d_axial = 0.0
    for i in range(len(radius_m)):
        part = loop_field(radius_m[i], distance, x - offset_m[i])
        potential += turns[i] * part[0]
        outward += turns[i] * part[1]
        axial += turns[i] * part[2]
        d_outward += turns[i] * part[3]
        d_axial += turns[i] * part[4]
    square = distance * distance
    shear = -(d_axial + 2.0 * outward) / square if square > 0.0 else 0.0
    along = (d_axial, d_outward * y, d_outward * z)
    across_y = (d_outward * y, outward + shear * y * y, shear * y * z)
    across_z = (d_outward * z, shear * y * z, outward + shear * z * z)
    return potential, (axial, outward * y, outward * z), (along, across_y, across_z)


@numba.njit(cache=True, error_model="numpy")
def loops_in_pose(
    radius_a_m: Array,
    offset_a_m: Array,
    turns_a: Array,
    radius_b_m: Array,
    offset_b_m: Array,
    turns_b: Array,
    centre_m: Array,
    frame: Array,
    n_points: int,
) -> tuple[float, Array, Array, Array, Array, Array]:
    """Mutual inductance of two sets of loops and its derivatives by the pose of the second.

    The first set lies around the x axis; the second around ``frame[:, 0]`` through ``centre_m``.
    Returns M and, for one ampere in each, force, torque about the centre, and the derivatives of
    the force by position, of the force by rotation and of the torque by rotation (axis last).
    The sum over ``n_points`` of each loop is the trapezoidal rule, exact but for its aliases.
    """
    mutual = 0.0
    force = np.zeros(3)
    torque = np.zeros(3)
    stiffness = np.zeros((3, 3))
    coupling = np.zeros((3, 3))
    angular = np.zeros((3, 3))
    centre = (centre_m[0], centre_m[1], centre_m[2])
    axis = (frame[0, 0], frame[1, 0], frame[2, 0])
    first = (frame[0, 1], frame[1, 1], frame[2, 1])
    second = (frame[0, 2], frame[1, 2], frame[2, 2])
    units = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    for j in range(len(radius_b_m)):
        for k in range(n_points):
            angle = 2.0 * math.pi * (k + 0.5) / n_points
            cos = radius_b_m[j] * math.cos(angle)
            sin = radius_b_m[j] * math.sin(angle)
            arm = _mix(axis, first, second, offset_b_m[j], cos, sin)
            share = 2.0 * math.pi * turns_b[j] / n_points
            piece = _mix(axis, first, second, 0.0, -share * sin, share * cos)
            point = (centre[0] + arm[0], centre[1] + arm[1], centre[2] + arm[2])
            potential, field, slopes = _sources(radius_a_m, offset_a_m, turns_a, point)
            mutual += potential * (point[1] * piece[2] - point[2] * piece[1])
            push = _cross(piece, field)
            _add(force, push)
            _add(torque, _cross(arm, push))
            for n in range(3):
                _add(stiffness[:, n], _cross(piece, slopes[n]))
                swing = _cross(units[n], arm)
                seen = _mix(slopes[0], slopes[1], slopes[2], swing[0], swing[1], swing[2])
                turned = _cross(_cross(units[n], piece), field)
                moved = _cross(piece, seen)
                change = (turned[0] + moved[0], turned[1] + moved[1], turned[2] + moved[2])
                _add(coupling[:, n], change)
                _add(angular[:, n], _cross(swing, push))
                _add(angular[:, n], _cross(arm, change))
    return mutual, force, torque, stiffness, coupling, angular


@numba.njit(cache=True, error_model="numpy")
def _mix(a: Vector, b: Vector, c: Vector, p: float, q: float, r: float) -> Vector:
    return (
        p * a[0] + q * b[0] + r * c[0],
        p * a[1] + q * b[1] + r * c[1],
        p * a[2] + q * b[2] + r * c[2],
    )


@numba.njit(cache=True, error_model="numpy")
def _add(total: Array, part: Vector) -> None:
    total[0] += part[0]
    total[1] += part[1]
    total[2] += part[2]
