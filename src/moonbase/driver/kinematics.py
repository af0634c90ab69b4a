"""Kinematics for comparing launchers: given tracks, rotating arms, flight past the muzzle.

Neglected: terrain, and any acceleration that is not constant.
"""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import GM_MOON_m3_s2, MOON_RADIUS_m
from moonbase.driver._checks import _positive


def track_acceleration(*, muzzle_speed_m_s: Real, length_m: Real) -> Real:
    """Mean acceleration on a straight track of given length, v^2 / 2L.

    Parameters
    ----------
    muzzle_speed_m_s, length_m
        Speed at the end, m/s, and length, m (draw).

    Returns
    -------
    Real
        Acceleration, m/s2 (draw).

    Raises
    ------
    DomainError
        The length is not positive in any draw.

    Notes
    -----
    Source: elementary mechanics, from rest at constant thrust.

    Examples
    --------
    >>> round(float(track_acceleration(muzzle_speed_m_s=283.0, length_m=640.0)) / 9.80665, 2)
    6.38
    """
    acceleration: Array = 0.5 * np.square(muzzle_speed_m_s) / _positive("length_m", length_m)
    return acceleration


def arm_acceleration(*, tip_speed_m_s: Real, radius_m: Real) -> Real:
    """Acceleration of a payload at the tip of a rotating arm, v^2 / r.

    Parameters
    ----------
    tip_speed_m_s, radius_m
        Speed of release, m/s, and radius, m (draw).

    Returns
    -------
    Real
        Acceleration, m/s2 (draw).

    Raises
    ------
    DomainError
        The radius is not positive in any draw.

    Notes
    -----
    Source: elementary mechanics. For comparison with rotating launchers.

    Examples
    --------
    >>> round(float(arm_acceleration(tip_speed_m_s=2400.0, radius_m=50.0)) / 9.80665)
    11747
    """
    acceleration: Array = np.square(tip_speed_m_s) / _positive("radius_m", radius_m)
    return acceleration


def release_height(*, downrange_m: Real, muzzle_speed_m_s: Real) -> Real:
    r"""Height over the lunar sphere after a level release.

    Parameters
    ----------
    downrange_m
        Distance from the muzzle, m (draw); short against the lunar radius.
    muzzle_speed_m_s
        Speed at release, m/s (draw).

    Returns
    -------
    Real
        Height, m (draw): :math:`d^2/2R \, (1 - \mu / R v^2)`, negative below circular speed.

    Raises
    ------
    DomainError
        The speed is not positive in any draw.

    Notes
    -----
    Source: second order in d/R of the Kepler orbit. Terrain is neglected.

    Examples
    --------
    >>> round(float(release_height(downrange_m=50e3, muzzle_speed_m_s=2500.0)))
    395
    """
    speed = _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    height: Array = (
        np.square(downrange_m)
        / (2.0 * MOON_RADIUS_m)
        * (1.0 - GM_MOON_m3_s2 / (MOON_RADIUS_m * speed**2))
    )
    return height
