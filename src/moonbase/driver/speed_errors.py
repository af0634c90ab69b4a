"""Errors of the muzzle speed in closed form, one cause at a time.

Neglected: how causes combine and how a speed loop shapes them (see
:mod:`moonbase.driver.gates`), and anything of second order in the error.
"""

from __future__ import annotations

import math

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.driver._checks import _not_negative, _positive


def thrust_scale_speed_error(*, muzzle_speed_m_s: Real, thrust_scale_frac: Real) -> Real:
    r"""Speed error of a driver without a speed loop whose whole thrust is off by a share.

    Parameters
    ----------
    muzzle_speed_m_s
        Speed at release, m/s (draw).
    thrust_scale_frac
        Error of the thrust over the thrust (draw).

    Returns
    -------
    Real
        Error of the speed, m/s (draw): :math:`v \epsilon / 2`.

    Raises
    ------
    DomainError
        The speed is not positive in any draw.

    Notes
    -----
    Source: first order of the work-energy theorem over a given length.

    Examples
    --------
    >>> float(thrust_scale_speed_error(muzzle_speed_m_s=2500.0, thrust_scale_frac=1e-3))
    1.25
    """
    error: Array = 0.5 * _positive("muzzle_speed_m_s", muzzle_speed_m_s) * thrust_scale_frac
    return error


def coil_noise_speed_error(
    *,
    muzzle_speed_m_s: Real,
    acceleration_m_s2: Real,
    coil_pitch_m: Real,
    n_coils: Real,
    coil_noise_frac: Real,
) -> Real:
    r"""Rms speed error from thrust errors that are independent from coil to coil.

    Parameters
    ----------
    muzzle_speed_m_s, acceleration_m_s2
        Speed at release, m/s, and thrust acceleration, m/s2 (draw).
    coil_pitch_m, n_coils
        Distance from coil to coil, m, and number of coils that the speed loop does not correct:
        all of them without one (draw).
    coil_noise_frac
        Rms error of a coil's thrust over its thrust (draw).

    Returns
    -------
    Real
        Rms error of the speed, m/s (draw): :math:`\epsilon a p \sqrt{N} / v`.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    Source: sum of independent work errors of one pitch each, first order.

    Examples
    --------
    >>> error = coil_noise_speed_error(muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665,
    ...                                coil_pitch_m=0.5, n_coils=6373, coil_noise_frac=0.01)
    >>> round(float(error), 3)
    0.157
    """
    work = _positive("acceleration_m_s2", acceleration_m_s2) * _positive(
        "coil_pitch_m", coil_pitch_m
    )
    count = np.sqrt(_positive("n_coils", n_coils))
    noise = _not_negative("coil_noise_frac", coil_noise_frac)
    error: Array = noise * work * count / _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    return error


def uncontrolled_speed_error(
    *,
    muzzle_speed_m_s: Real,
    acceleration_m_s2: Real,
    uncontrolled_length_m: Real,
    thrust_scale_frac: Real,
) -> Real:
    r"""Speed error left by a speed loop: thrust error over the last length it cannot correct.

    Parameters
    ----------
    muzzle_speed_m_s, acceleration_m_s2
        Speed at release, m/s, and thrust acceleration, m/s2 (draw).
    uncontrolled_length_m
        Track passed before the loop answers, m: the length constant of a proportional loop
        (draw).
    thrust_scale_frac
        Error of the thrust over the thrust on that length (draw).

    Returns
    -------
    Real
        Error of the speed, m/s (draw): :math:`\epsilon a l / v`.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    Source: first order of the work-energy theorem.

    Examples
    --------
    >>> error = uncontrolled_speed_error(muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665,
    ...                                  uncontrolled_length_m=1.0, thrust_scale_frac=0.01)
    >>> round(float(error) * 1e3, 1)
    3.9
    """
    work = _positive("acceleration_m_s2", acceleration_m_s2) * _not_negative(
        "uncontrolled_length_m", uncontrolled_length_m
    )
    error: Array = thrust_scale_frac * work / _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    return error


def gate_speed_error(*, muzzle_speed_m_s: Real, gate_spacing_m: Real, gate_timing_s: Real) -> Real:
    r"""Rms error of a speed measured by the time between two light gates.

    Parameters
    ----------
    muzzle_speed_m_s
        Speed, m/s (draw).
    gate_spacing_m, gate_timing_s
        Distance of the gates, m, and rms error of each gate's time, s (draw).

    Returns
    -------
    Real
        Rms error of the speed, m/s (draw): :math:`\sqrt2 v^2 \delta t / D`.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    Source: difference of two independent times, first order. An error of the spacing itself is
    common to all shots and comes on top: v times its share.

    Examples
    --------
    >>> error = gate_speed_error(muzzle_speed_m_s=2500.0, gate_spacing_m=1000.0,
    ...                          gate_timing_s=1e-9)
    >>> round(float(error) * 1e3, 3)
    0.009
    """
    speed = _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    timing = _not_negative("gate_timing_s", gate_timing_s)
    error: Array = math.sqrt(2.0) * speed**2 * timing / _positive("gate_spacing_m", gate_spacing_m)
    return error


def dead_coil_speed_error(
    *,
    muzzle_speed_m_s: Real,
    acceleration_m_s2: Real,
    coil_pitch_m: Real,
    n_sharing: Real = 1.0,
) -> Real:
    r"""Speed lost to one dead coil at the muzzle over one pitch.

    Parameters
    ----------
    muzzle_speed_m_s, acceleration_m_s2
        Speed at release, m/s, and thrust acceleration, m/s2 (draw).
    coil_pitch_m
        Distance from coil to coil, m (draw).
    n_sharing
        Coils that push at one time. The dead coil's share is lost over one pitch; a loop that
        does not answer within the coil's whole window loses as much as with ``n_sharing = 1``
        (draw).

    Returns
    -------
    Real
        Speed lost, m/s (draw): :math:`a p / (n v)`.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    Source: first order of the work-energy theorem.

    Examples
    --------
    >>> lost = dead_coil_speed_error(muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665,
    ...                              coil_pitch_m=0.5)
    >>> round(float(lost), 3)
    0.196
    """
    work = _positive("acceleration_m_s2", acceleration_m_s2) * _positive(
        "coil_pitch_m", coil_pitch_m
    )
    shared = _positive("n_sharing", n_sharing) * _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    error: Array = work / shared
    return error


def trim_authority(
    *, muzzle_speed_m_s: Real, trim_acceleration_m_s2: Real, trim_length_m: Real
) -> Real:
    r"""Largest speed error, of either sign, that a trim section can remove.

    Parameters
    ----------
    muzzle_speed_m_s
        Speed, m/s (draw).
    trim_acceleration_m_s2, trim_length_m
        Largest acceleration of the section, m/s2, and its length, m (draw).

    Returns
    -------
    Real
        Change of speed, m/s (draw): :math:`a_t L_t / v`.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    Source: first order of the work-energy theorem.

    Examples
    --------
    >>> change = trim_authority(muzzle_speed_m_s=2500.0, trim_acceleration_m_s2=9.80665,
    ...                         trim_length_m=50.0)
    >>> round(float(change), 2)
    0.2
    """
    work = _not_negative("trim_acceleration_m_s2", trim_acceleration_m_s2) * _not_negative(
        "trim_length_m", trim_length_m
    )
    change: Array = work / _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    return change
