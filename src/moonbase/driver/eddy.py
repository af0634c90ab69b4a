"""Eddy currents in closed form: sheets, ladders, skin depth and windings.

Neglected: ends and edges of sheets and ladders, harmonics of the source, heating, curvature of
layers, and iron.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.driver._checks import _not_negative, _positive

_SMALL_ARGUMENT = 0.3
"""Layer height over skin depth below which sinh x - sin x is a series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetForces:
    """Forces between a travelling field and a sheet, with the draws' shape.

    ``lift_frac`` and ``drag_frac`` are over the force on the source's image in a perfect
    conductor at the same gap; ``drag_ratio`` is drag over lift, with its limits for a sheet much
    thinner and much thicker than the skin depth. ``transition_speed_m_s`` is the speed at which
    drag equals lift in the thin limit.
    """

    lift_frac: Array
    drag_frac: Array
    drag_ratio: Array
    thin_drag_ratio: Array
    skin_drag_ratio: Array
    transition_speed_m_s: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderForces:
    """Mean forces per circuit of a ladder track, with the draws' shape."""

    lift_N: Array
    drag_N: Array
    drag_ratio: Array
    transition_speed_m_s: Array


def skin_depth(*, conductivity_S_m: Real, frequency_Hz: Real) -> Array:
    r"""Depth at which a field in a plane conductor has fallen to 1/e.

    Parameters
    ----------
    conductivity_S_m
        Conductivity, S/m (draw).
    frequency_Hz
        Frequency, Hz (draw).

    Returns
    -------
    Array
        Depth, m; infinite at zero frequency.

    Raises
    ------
    DomainError
        The conductivity is not positive, or the frequency is negative, in every draw.

    Notes
    -----
    :math:`\delta = 1/\sqrt{\pi f \mu_0 \sigma}`, for non-magnetic metals.

    Source: Maxwell's equations (derived).

    Examples
    --------
    >>> round(float(skin_depth(conductivity_S_m=3.5e7, frequency_Hz=1250.0)) * 1e3, 2)
    2.41
    """
    conductivity = _positive("conductivity_S_m", conductivity_S_m)
    frequency = _not_negative("frequency_Hz", frequency_Hz)
    return _over(1.0, np.sqrt(math.pi * MAGNETIC_CONSTANT_H_m * conductivity * frequency))


def sheet_forces(
    *, conductivity_S_m: Real, thickness_m: Real, pole_pitch_m: Real, speed_m_s: Real
) -> SheetForces:
    r"""Lift and drag of a sinusoidal field that moves along a conducting sheet.

    Parameters
    ----------
    conductivity_S_m, thickness_m
        Of the sheet, S/m and m (draw).
    pole_pitch_m
        Half a wavelength of the field, m (draw).
    speed_m_s
        Speed of the field over the sheet, m/s (draw).

    Returns
    -------
    SheetForces
        Lift and drag over the image force, drag over lift and its two limits, and the transition
        speed m/s. Multiply by the image force at the gap.

    Raises
    ------
    DomainError
        A size or the conductivity is not positive, or the speed is negative, in every draw.

    Notes
    -----
    :math:`\kappa = \sqrt{k^2 + j\mu_0\sigma k v}`,
    :math:`\Gamma = \frac{(\kappa^2 - k^2)\tanh\kappa t}
    {(\kappa^2 + k^2)\tanh\kappa t + 2\kappa k}`, :math:`k = \pi/\tau`; lift Re and drag Im of it.
    Thin: drag/lift = :math:`v_0/v`, :math:`v_0 = 2/(\mu_0\sigma t)`. Skin-limited:
    :math:`k\sqrt{2/(\mu_0\sigma k v)}`. Valid for any thickness and speed well below light's.

    Source: derived from the reflection of a travelling field by a slab.

    Examples
    --------
    >>> forces = sheet_forces(
    ...     conductivity_S_m=3.5e7, thickness_m=0.020, pole_pitch_m=1.0, speed_m_s=2500.0
    ... )
    >>> round(float(forces.drag_ratio), 5), round(float(forces.thin_drag_ratio), 5)
    (0.00756, 0.00091)
    """
    conductivity = _positive("conductivity_S_m", conductivity_S_m)
    thickness = _positive("thickness_m", thickness_m)
    k = math.pi / _positive("pole_pitch_m", pole_pitch_m)
    speed = _not_negative("speed_m_s", speed_m_s)
    excess = MAGNETIC_CONSTANT_H_m * conductivity * k * speed
    kappa = np.sqrt(k**2 + 1j * excess)
    decay = -2.0 * kappa * thickness
    with np.errstate(invalid="ignore"):
        tanh = -np.expm1(decay) / (1.0 + np.exp(decay))
        reflection = 1j * excess * tanh / ((2.0 * k**2 + 1j * excess) * tanh + 2.0 * kappa * k)
    lift, drag = np.asarray(reflection.real), np.asarray(reflection.imag)
    transition = 2.0 / (MAGNETIC_CONSTANT_H_m * conductivity * thickness)
    return SheetForces(
        lift_frac=lift,
        drag_frac=drag,
        drag_ratio=_over(drag, lift),
        thin_drag_ratio=_over(transition, speed),
        skin_drag_ratio=_over(math.sqrt(2.0) * k, np.sqrt(excess)),
        transition_speed_m_s=transition,
    )


def sheet_drag_ratio(
    *, conductivity_S_m: Real, thickness_m: Real, pole_pitch_m: Real, speed_m_s: Real
) -> Array:
    r"""Drag over lift of a field that moves along a sheet of finite thickness.

    Parameters
    ----------
    conductivity_S_m, thickness_m, pole_pitch_m, speed_m_s
        As in :func:`sheet_forces` (draw).

    Returns
    -------
    Array
        Drag over lift; infinite at rest.

    Raises
    ------
    DomainError
        As in :func:`sheet_forces`.

    Notes
    -----
    :math:`\mathrm{Im}\,\Gamma / \mathrm{Re}\,\Gamma` of :func:`sheet_forces`.

    Examples
    --------
    >>> sheet = dict(conductivity_S_m=3.5e7, thickness_m=0.020, pole_pitch_m=1.0)
    >>> round(float(sheet_drag_ratio(speed_m_s=2500.0, **sheet)), 5)
    0.00756
    """
    return sheet_forces(
        conductivity_S_m=conductivity_S_m,
        thickness_m=thickness_m,
        pole_pitch_m=pole_pitch_m,
        speed_m_s=speed_m_s,
    ).drag_ratio


def ladder_forces(
    *,
    field_T: Real,
    width_m: Real,
    pole_pitch_m: Real,
    gap_m: Real,
    speed_m_s: Real,
    circuit_inductance_H: Real,
    circuit_resistance_ohm: Real,
) -> LadderForces:
    r"""Lift and drag of a magnet array over a track of shorted circuits (ladder, Inductrack).

    Parameters
    ----------
    field_T
        Peak field at the face of the array, T (draw).
    width_m
        Width of a circuit across the track, m (draw).
    pole_pitch_m
        Half a wavelength of the array, m (draw).
    gap_m
        Distance between array and circuit, m (draw).
    speed_m_s
        Speed along the track, m/s (draw).
    circuit_inductance_H, circuit_resistance_ohm
        Of one circuit with its neighbours' share, H and ohm (draw).

    Returns
    -------
    LadderForces
        Mean lift and drag per circuit N, drag over lift, and the speed m/s at which they are
        equal.

    Raises
    ------
    DomainError
        A size, field, inductance or resistance is not positive, or the gap or the speed is
        negative, in every draw.

    Notes
    -----
    :math:`F = \frac{B_0^2 w^2}{2 k L} \frac{e^{-2kh}}{1 + (v_t/v)^2}`, :math:`v_t = R/(kL)`,
    drag/lift = :math:`v_t/v`. One circuit in the field of a Halbach array, its harmonics left
    out.

    Source: derived from one circuit in a travelling field.

    Examples
    --------
    >>> track = ladder_forces(
    ...     field_T=1.0, width_m=0.5, pole_pitch_m=0.05, gap_m=0.02, speed_m_s=500.0 / 3.6,
    ...     circuit_inductance_H=1e-6, circuit_resistance_ohm=1.2566e-4,
    ... )
    >>> round(float(track.transition_speed_m_s), 2), round(1.0 / float(track.drag_ratio), 1)
    (2.0, 69.4)
    """
    k = math.pi / _positive("pole_pitch_m", pole_pitch_m)
    inductance = _positive("circuit_inductance_H", circuit_inductance_H)
    transition = _positive("circuit_resistance_ohm", circuit_resistance_ohm) / (k * inductance)
    speed = _not_negative("speed_m_s", speed_m_s)
    flux = _positive("field_T", field_T) * _positive("width_m", width_m)
    far = flux**2 / (2.0 * k * inductance) * np.exp(-2.0 * k * _not_negative("gap_m", gap_m))
    share = far * speed / (speed**2 + transition**2)
    return LadderForces(
        lift_N=share * speed,
        drag_N=share * transition,
        drag_ratio=_over(transition, speed),
        transition_speed_m_s=transition,
    )


def ac_resistance_ratio(*, layer_height_m: Real, skin_depth_m: Real, n_layers: Real) -> Array:
    r"""Alternating-current resistance of a layered winding over its direct-current one.

    Parameters
    ----------
    layer_height_m
        Height of the conductor in one layer, across the leakage field, m (draw).
    skin_depth_m
        Skin depth, m (draw); infinite for direct current.
    n_layers
        Layers between the faces of zero and of full field (draw).

    Returns
    -------
    Array
        Ratio, 1 or more.

    Raises
    ------
    DomainError
        A height or depth is not positive, or there is less than nothing of a layer, in every
        draw.

    Notes
    -----
    :math:`\xi = h/\delta`,
    :math:`\xi\left[\frac{\sinh 2\xi + \sin 2\xi}{\cosh 2\xi - \cos 2\xi}
    + \frac{2}{3}(m^2 - 1)\frac{\sinh\xi - \sin\xi}{\cosh\xi + \cos\xi}\right]`, evaluated so that
    neither a thin nor a thick layer loses digits. Low-frequency limit
    :math:`1 + (5 m^2 - 1)\,\xi^4/45`. Layers fill the window's breadth.

    Source: Dowell (1966), Proceedings of the IEE 113(8) 1387.

    Examples
    --------
    >>> ratio = ac_resistance_ratio(layer_height_m=0.002, skin_depth_m=0.00241, n_layers=4)
    >>> round(float(ratio), 3)
    1.817
    """
    height = _positive("layer_height_m", layer_height_m)
    xi = np.asarray(height / _positive("skin_depth_m", skin_depth_m))
    layers = _positive("n_layers", n_layers)
    tail = np.exp(-xi)
    near_one = np.maximum(xi, 1e-9)
    square = np.exp(-2.0 * near_one)
    skin = near_one * (1.0 - square**2 + 2.0 * square * np.sin(2.0 * near_one))
    skin /= np.expm1(-2.0 * near_one) ** 2 + 4.0 * square * np.sin(near_one) ** 2
    series = xi**3 / 3.0 * (1.0 + xi**4 / 840.0) * 2.0 * tail
    full = 1.0 - tail**2 - 2.0 * tail * np.sin(xi)
    top = np.where(xi < _SMALL_ARGUMENT, series, full)
    proximity = xi * top / (1.0 + tail**2 + 2.0 * tail * np.cos(xi))
    return np.asarray(skin + 2.0 / 3.0 * (layers**2 - 1.0) * proximity)


def _over(top: Real, bottom: Array) -> Array:
    """Quotient, infinite where the divisor is zero."""
    shape = np.broadcast_shapes(np.shape(top), np.shape(bottom))
    quotient = np.full(shape, np.inf)
    np.divide(top, bottom, out=quotient, where=np.not_equal(bottom, 0.0))
    return quotient
