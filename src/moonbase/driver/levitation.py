"""A conducting disc over coaxial coils that carry alternating current, and the lift on it.

Neglected: motion off the axis and tilt, skin effect within one ring, heating of the disc, change
of the coils' current by the disc, iron, air.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.driver._checks import _not_negative, _positive
from moonbase.driver._disc import _currents, _disc, _move, _set_up, _Setup, _top
from moonbase.driver._rings import couple
from moonbase.driver.coils import Coil, coil_mutual_gradient

_REACH_RADII = 10.0
"""Greatest gap at which an equilibrium is looked for, over the largest radius."""
_N_GAPS = 160
_STEPS_PER_PERIOD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MagneticLift:
    """Mean upward force, amplitude of its double-frequency ripple, and loss, with gaps' shape."""

    gap_m: Array
    force_N: Array
    ripple_N: Array
    loss_W: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Levitation:
    """Lift and loss at a gap, and the gap at which lift and weight balance.

    ``equilibrium_gap_m`` is nan where the coils cannot carry the disc at any gap.
    """

    gap_m: Array
    force_N: Array
    ripple_N: Array
    loss_W: Array
    weight_N: float
    equilibrium_gap_m: float
    equilibrium_loss_W: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevitationRun:
    """Motion of the disc over ``time_s``, its first peak, and the heat that fell in it."""

    time_s: Array
    gap_m: Array
    speed_m_s: Array
    force_N: Array
    peak_gap_m: float
    peak_time_s: float
    heat_J: float


def magnetic_lift(
    *,
    coils: Sequence[Coil],
    current_A: float | Sequence[float] | Array,
    frequency_Hz: float,
    disc_radius_m: float,
    disc_thickness_m: float,
    conductivity_S_m: float,
    gap_m: Real,
    phase_rad: float | Sequence[float] | Array = 0.0,
    disc_inner_radius_m: float = 0.0,
    n_radial: int = 40,
    n_axial: int = 2,
) -> MagneticLift:
    r"""Mean lift on a conducting disc at rest over any coaxial coils with sinusoidal currents.

    Parameters
    ----------
    coils
        Coils under the disc, m and turns, +x upwards.
    current_A
        Peak current, A: one for all, or one for each coil; a negative one is wound or fed the
        other way round.
    frequency_Hz
        Frequency of all currents, Hz.
    disc_radius_m, disc_thickness_m, disc_inner_radius_m
        Disc, or ring with a hole, m.
    conductivity_S_m
        Of the disc, S/m.
    gap_m
        Underside of the disc above the highest coil's top, m (any shape).
    phase_rad
        Phase of each coil's current, rad; one for all, or one for each.
    n_radial, n_axial
        Rings across and along the disc. A ring should be thinner than the skin depth.

    Returns
    -------
    MagneticLift
        Mean force N, positive upwards, ripple N and loss W with the shape of ``gap_m``.

    Raises
    ------
    DomainError
        No coil, a number of currents that is not that of the coils, or a size, frequency or
        conductivity that is not positive.

    Notes
    -----
    Phasors: :math:`(R + j\omega L) I = -j\omega\Phi`,
    :math:`F = \tfrac12 \mathrm{Re} \sum I^* \partial\Phi/\partial x`, loss
    :math:`\tfrac12 \sum R |I|^2`, with :math:`\Phi` the coils' flux through each ring.

    Source: derived from coupled circuits; checked on TEAM workshop problem 28.

    Examples
    --------
    >>> inner = Coil(
    ...     radius_inner_m=0.027, radius_outer_m=0.055, length_m=0.052, position_m=-0.026, turns=960
    ... )
    >>> lift = magnetic_lift(
    ...     coils=[inner], current_A=20.0, frequency_Hz=50.0, disc_radius_m=0.065,
    ...     disc_thickness_m=0.003, conductivity_S_m=3.4e7, gap_m=[0.005, 0.01],
    ... )
    >>> bool(lift.force_N[0] > lift.force_N[1] > 0.0)
    True
    """
    setup = _set_up(
        coils=coils,
        current_A=current_A,
        phase_rad=phase_rad,
        frequency_Hz=frequency_Hz,
        conductivity_S_m=conductivity_S_m,
        disc=_disc(disc_inner_radius_m, disc_radius_m, disc_thickness_m),
        n_radial=n_radial,
        n_axial=n_axial,
        gaps_m=_not_negative("gap_m", gap_m),
    )
    return _lift(setup, _not_negative("gap_m", gap_m))


def levitation(
    *,
    coils: Sequence[Coil],
    current_A: float | Sequence[float] | Array,
    frequency_Hz: float,
    disc_radius_m: float,
    disc_thickness_m: float,
    conductivity_S_m: float,
    disc_mass_kg: float,
    gap_m: Real | None = None,
    phase_rad: float | Sequence[float] | Array = 0.0,
    disc_inner_radius_m: float = 0.0,
    gravity_m_s2: float = STANDARD_GRAVITY_m_s2,
    n_radial: int = 40,
    n_axial: int = 2,
) -> Levitation:
    r"""Lift on a conducting disc over alternating-current coils, and its height of balance.

    Parameters
    ----------
    coils, current_A, frequency_Hz, phase_rad
        Coils, m and turns; peak currents A, negative for the opposite sense; Hz; rad.
    disc_radius_m, disc_thickness_m, disc_inner_radius_m
        Disc, or ring with a hole, m.
    conductivity_S_m
        Of the disc, S/m.
    disc_mass_kg
        Mass of the disc and what it carries, kg.
    gap_m
        Underside of the disc above the highest coil's top, m (any shape); the height of balance
        where it is not given.
    gravity_m_s2
        Downward acceleration, m/s2.
    n_radial, n_axial
        Rings across and along the disc. A ring should be thinner than the skin depth.

    Returns
    -------
    Levitation
        Force N and loss W at the gap; the highest gap at which the mean force equals the weight
        and falls with height (stable), m, or nan.

    Raises
    ------
    DomainError
        As :func:`magnetic_lift`; a mass or a gravity that is not positive.

    Notes
    -----
    See :func:`magnetic_lift`. Balance is looked for up to ten times the largest radius. It is
    stable in height only; whether the disc stays on the axis is not examined.

    Source: TEAM workshop problem 28 (Karl, Fetzer, Kurz, Lehner, Rucker 1997) is the check.

    Examples
    --------
    >>> disc = dict(disc_radius_m=0.065, disc_thickness_m=0.003, conductivity_S_m=3.4e7)
    >>> tall = dict(length_m=0.052, position_m=-0.026)
    >>> coils = [
    ...     Coil(radius_inner_m=0.027, radius_outer_m=0.055, turns=960, **tall),
    ...     Coil(radius_inner_m=0.080, radius_outer_m=0.095, turns=576, **tall),
    ... ]
    >>> found = levitation(
    ...     coils=coils, current_A=[20.0, -20.0], frequency_Hz=50.0, disc_mass_kg=0.107,
    ...     gap_m=0.0108, **disc,
    ... )
    >>> float(found.force_N.round(3)), round(found.equilibrium_gap_m * 1e3)
    (1.095, 11)
    """
    mass_kg = float(_positive("disc_mass_kg", disc_mass_kg))
    weight_N = mass_kg * float(_positive("gravity_m_s2", gravity_m_s2))
    far_m = _REACH_RADII * max(disc_radius_m, *(coil.radius_outer_m for coil in coils), 0.0)
    given_m = None if gap_m is None else _not_negative("gap_m", gap_m)
    setup = _set_up(
        coils=coils,
        current_A=current_A,
        phase_rad=phase_rad,
        frequency_Hz=frequency_Hz,
        conductivity_S_m=conductivity_S_m,
        disc=_disc(disc_inner_radius_m, disc_radius_m, disc_thickness_m),
        n_radial=n_radial,
        n_axial=n_axial,
        gaps_m=np.append(0.0 if given_m is None else given_m, (0.0, far_m)),
    )
    balance_m = _balance(setup, weight_N, far_m)
    at_balance = _lift(setup, np.asarray(balance_m))
    lift = at_balance if given_m is None else _lift(setup, given_m)
    return Levitation(
        gap_m=lift.gap_m,
        force_N=lift.force_N,
        ripple_N=lift.ripple_N,
        loss_W=lift.loss_W,
        weight_N=weight_N,
        equilibrium_gap_m=balance_m,
        equilibrium_loss_W=float(at_balance.loss_W),
    )


def simulate_levitation(
    *,
    coils: Sequence[Coil],
    current_A: float | Sequence[float] | Array,
    frequency_Hz: float,
    disc_radius_m: float,
    disc_thickness_m: float,
    conductivity_S_m: float,
    disc_mass_kg: float,
    start_gap_m: float,
    duration_s: float,
    phase_rad: float | Sequence[float] | Array = 0.0,
    disc_inner_radius_m: float = 0.0,
    gravity_m_s2: float = STANDARD_GRAVITY_m_s2,
    time_step_s: float | None = None,
    n_radial: int = 30,
    n_axial: int = 1,
) -> LevitationRun:
    r"""Motion of a disc that rests on a support when the coils are switched on.

    Parameters
    ----------
    coils, current_A, frequency_Hz, phase_rad
        Coils, m and turns; currents ``current_A * sin(2 pi frequency_Hz t + phase_rad)`` from
        t = 0, A, Hz and rad.
    disc_radius_m, disc_thickness_m, disc_inner_radius_m
        Disc, or ring with a hole, m.
    conductivity_S_m
        Of the disc, S/m.
    disc_mass_kg
        Mass of the disc and what it carries, kg.
    start_gap_m
        Gap at which the support holds the disc, m; it cannot fall below.
    duration_s, time_step_s
        Length of the run and of a step, s; a step is 1/200 period where it is not given.
    gravity_m_s2
        Downward acceleration, m/s2.
    n_radial, n_axial
        Rings across and along the disc. A ring should be thinner than the skin depth.

    Returns
    -------
    LevitationRun
        Gap m, speed m/s and force N over time s; first peak of the gap; heat in the disc J.

    Raises
    ------
    DomainError
        As :func:`magnetic_lift`; a mass, gravity, duration or step that is not positive.

    Notes
    -----
    Implicit midpoint on :math:`L \dot I + R I = -\dot\Phi(x, t)`, force
    :math:`\sum I\,\partial\Phi/\partial x`. No damping but that of the eddy currents. Valid up to
    gaps of ten times the largest radius.

    Source: derived from coupled circuits; checked on TEAM workshop problem 28.

    Examples
    --------
    >>> run = simulate_levitation(
    ...     coils=[Coil(radius_inner_m=0.027, radius_outer_m=0.055, length_m=0.052, turns=960)],
    ...     current_A=30.0, frequency_Hz=50.0, disc_radius_m=0.05, disc_thickness_m=0.003,
    ...     conductivity_S_m=3.4e7, disc_mass_kg=0.064, start_gap_m=0.004, duration_s=0.05,
    ... )
    >>> bool(run.gap_m[-1] > 0.004)
    True
    """
    mass_kg = float(_positive("disc_mass_kg", disc_mass_kg))
    gravity_m_s2 = float(_positive("gravity_m_s2", gravity_m_s2))
    start_gap_m = float(_not_negative("start_gap_m", start_gap_m))
    duration_s = float(_positive("duration_s", duration_s))
    frequency_Hz = float(_positive("frequency_Hz", frequency_Hz))
    step_s = 1.0 / (_STEPS_PER_PERIOD * frequency_Hz) if time_step_s is None else time_step_s
    n_steps = math.ceil(duration_s / float(_positive("time_step_s", step_s)) - 1e-9)
    far_m = _REACH_RADII * max(disc_radius_m, *(coil.radius_outer_m for coil in coils), 0.0)
    setup = _set_up(
        coils=coils,
        current_A=current_A,
        phase_rad=phase_rad,
        frequency_Hz=frequency_Hz,
        conductivity_S_m=conductivity_S_m,
        disc=_disc(disc_inner_radius_m, disc_radius_m, disc_thickness_m),
        n_radial=n_radial,
        n_axial=n_axial,
        gaps_m=np.array([start_gap_m, far_m]),
    )
    inverse = np.linalg.inv(2.0 / step_s * setup.ring_matrix_H + np.diag(setup.ring_ohm))
    rows = np.zeros((n_steps + 1, 3))
    rows[0, 0] = start_gap_m
    heat_J = _move(
        rows,
        setup.tables.coefficients_H,
        setup.tables.scale_m,
        setup.tables.half_m,
        setup.below_m,
        setup.rings.offset_m,
        setup.current_A,
        setup.pulsation_rad_s,
        np.ascontiguousarray(inverse),
        inverse @ setup.ring_matrix_H * (2.0 / step_s),
        setup.ring_ohm,
        step_s,
        mass_kg,
        gravity_m_s2,
    )
    time_s: Array = step_s * np.arange(n_steps + 1, dtype=np.float64)
    gap_m, speed_m_s, force_N = (np.ascontiguousarray(column) for column in rows.T)
    turns = np.flatnonzero((speed_m_s[:-1] > 0.0) & (speed_m_s[1:] <= 0.0))
    peak = int(turns[0]) if len(turns) else int(np.argmax(gap_m))
    return LevitationRun(
        time_s=time_s,
        gap_m=gap_m,
        speed_m_s=speed_m_s,
        force_N=force_N,
        peak_gap_m=float(gap_m[peak]),
        peak_time_s=float(time_s[peak]),
        heat_J=heat_J,
    )


def image_lift(*, coils: Sequence[Coil], current_A: Real, gap_m: float) -> float:
    r"""Force between coils and an endless plane that no flux enters.

    Parameters
    ----------
    coils
        Coaxial coils under the plane, m and turns.
    current_A
        Current, A: one for all, or one for each coil, with sign.
    gap_m
        Plane above the highest coil's top, m.

    Returns
    -------
    float
        Repulsion, N, with these currents constant; half of it is the mean with these peaks.

    Raises
    ------
    DomainError
        No coil, a number of currents that is not that of the coils, or a gap that is not
        positive.

    Notes
    -----
    The plane acts as the coils' mirror image with opposite currents,
    :math:`F = -\sum_{ab} I_a I_b\, dM/dd\,(h_a + h_b)`, h the depths of the centres. It is the
    limit of :func:`magnetic_lift` at high frequency and a wide disc, and the image force that
    :func:`moonbase.driver.eddy.sheet_eddy` scales.

    Source: method of images (Maxwell 1873).

    Examples
    --------
    >>> loop = Coil(radius_inner_m=0.5, radius_outer_m=0.52, length_m=0.02, turns=100)
    >>> round(image_lift(coils=[loop], current_A=100.0, gap_m=0.1))
    250
    """
    currents = _currents(coils, current_A)
    gap_m = float(_positive("gap_m", gap_m))
    plane_m = _top(coils) + gap_m
    force_N = 0.0
    for a, current_a_A in zip(coils, currents, strict=True):
        for b, current_b_A in zip(coils, currents, strict=True):
            image = Coil(
                radius_inner_m=b.radius_inner_m,
                radius_outer_m=b.radius_outer_m,
                length_m=b.length_m,
                position_m=2.0 * plane_m - b.position_m,
                turns=b.turns,
            )
            force_N -= current_a_A * current_b_A * coil_mutual_gradient(a, image)
    return float(force_N)


def _lift(setup: _Setup, gap_m: Array) -> MagneticLift:
    """Phasors of all rings at all gaps at once."""
    shape = (len(setup.current_A), setup.rings.n_rings)
    mutual, gradient = np.empty(shape), np.empty(shape)
    flux = np.empty((gap_m.size, shape[1]), dtype=np.complex128)
    slope = np.empty_like(flux)
    tables = setup.tables
    for k, gap in enumerate(gap_m.ravel()):
        for c, below_m in enumerate(setup.below_m):
            couple(
                tables.coefficients_H[c],
                tables.scale_m[c],
                tables.half_m[c],
                gap + below_m,
                setup.rings.offset_m,
                mutual[c],
                gradient[c],
            )
        flux[k], slope[k] = setup.current_A @ mutual, setup.current_A @ gradient
    impedance = 1j * setup.pulsation_rad_s * setup.ring_matrix_H + np.diag(setup.ring_ohm)
    current = np.linalg.solve(impedance, -1j * setup.pulsation_rad_s * flux.T).T
    return MagneticLift(
        gap_m=gap_m,
        force_N=(0.5 * np.sum(current.conj() * slope, axis=1).real).reshape(gap_m.shape),
        ripple_N=(0.5 * np.abs(np.sum(current * slope, axis=1))).reshape(gap_m.shape),
        loss_W=(0.5 * (np.abs(current) ** 2 @ setup.ring_ohm)).reshape(gap_m.shape),
    )


def _balance(setup: _Setup, weight_N: float, far_m: float) -> float:
    """Highest gap at which the lift falls through the weight, or nan."""
    from scipy.optimize import brentq

    gaps = np.concatenate(([0.0], np.geomspace(1e-4 * far_m, far_m, _N_GAPS)))
    spare = _lift(setup, gaps).force_N - weight_N
    falls = np.flatnonzero((spare[:-1] > 0.0) & (spare[1:] <= 0.0))
    if not len(falls):
        return math.nan

    def spare_at(gap_m: float) -> float:
        return float(_lift(setup, np.asarray(gap_m)).force_N) - weight_N

    last = falls[-1]
    return float(brentq(spare_at, gaps[last], gaps[last + 1], xtol=1e-9))
