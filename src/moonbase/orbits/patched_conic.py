"""Patched conics: closed forms of an escape from the Moon and from the Earth, and of the drift.

They start searches and check flights; what the campaign reaches is flown, see
:mod:`moonbase.orbits.transfer`.

Neglected: the Sun's pull inside the Earth's sphere of influence and the Earth's inside the Moon's
(so the low-energy escapes past L1 and L2 are missing), the Moon's oblateness, and second-order
terms of the drift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    GM_EARTH_m3_s2,
    GM_MOON_m3_s2,
    GM_SUN_m3_s2,
    JULIAN_YEAR_s,
    MOON_RADIUS_m,
)
from moonbase.core.errors import DomainError

_MEAN_MOTION_rad_yr = float(np.sqrt(GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m**3)) * JULIAN_YEAR_s


@dataclass(frozen=True, slots=True, kw_only=True)
class EscapeConditions:
    """What a release at the lunar surface has left far from the Moon. Shape of the draws."""

    escape_speed_m_s: float
    circular_speed_m_s: float
    escape_energy_J_kg: float
    c3_moon_m2_s2: Real
    v_inf_moon_m_s: Real
    gain_ratio: Real


def escape_conditions(*, release_speed_m_s: Real) -> EscapeConditions:
    r"""Selenocentric energy and hyperbolic excess of a release at the mean lunar radius.

    Parameters
    ----------
    release_speed_m_s
        Inertial speed at release, m/s (draw).

    Returns
    -------
    EscapeConditions
        Escape and circular speed m/s, escape energy J/kg, and per draw C3 in m2/s2,
        ``v_inf_moon_m_s`` and ``gain_ratio`` = dv_inf/dv; the last two are nan where the release
        does not escape.

    Notes
    -----
    :math:`C_3 = v^2 - 2\mu/R`, :math:`v_\infty = \sqrt{C_3}`, :math:`dv_\infty/dv = v/v_\infty`.

    Source: two-body energy; GM of DE440 (Park et al. 2021).

    Examples
    --------
    >>> round(float(escape_conditions(release_speed_m_s=2500.0).v_inf_moon_m_s), 1)
    778.6
    """
    escape_energy = GM_MOON_m3_s2 / MOON_RADIUS_m
    speed = np.asarray(release_speed_m_s, dtype=np.float64)
    c3 = speed**2 - 2.0 * escape_energy
    v_inf = np.sqrt(np.where(c3 > 0.0, c3, np.nan))
    return EscapeConditions(
        escape_speed_m_s=float(np.sqrt(2.0 * escape_energy)),
        circular_speed_m_s=float(np.sqrt(escape_energy)),
        escape_energy_J_kg=escape_energy,
        c3_moon_m2_s2=c3,
        v_inf_moon_m_s=v_inf,
        gain_ratio=speed / v_inf,
    )


def earth_c3(
    *,
    v_inf_moon_m_s: Real,
    misalignment_rad: Real,
    moon_speed_m_s: Real,
    moon_distance_m: Real,
) -> Real:
    r"""Geocentric energy of a release that leaves the Moon at an angle to the Moon's velocity.

    Parameters
    ----------
    v_inf_moon_m_s
        Hyperbolic excess speed at the Moon, m/s (draw).
    misalignment_rad
        Angle between the release asymptote and the Moon's velocity, rad (draw).
    moon_speed_m_s, moon_distance_m
        Geocentric speed, m/s, and distance, m, of the Moon.

    Returns
    -------
    Real
        C3 at the Earth, m2/s2: :math:`|v_M + v_\infty|^2 - 2\mu_E/d`; negative is bound.

    Notes
    -----
    Source: patched conics at the Moon's distance.

    Examples
    --------
    >>> c3 = earth_c3(v_inf_moon_m_s=778.6, misalignment_rad=0.0, moon_speed_m_s=1018.0,
    ...               moon_distance_m=3.844e8)
    >>> round(float(c3) / 1e6, 2)
    1.15
    """
    c3: Array = (
        np.square(moon_speed_m_s)
        + np.square(v_inf_moon_m_s)
        + 2.0 * moon_speed_m_s * v_inf_moon_m_s * np.cos(misalignment_rad)
        - 2.0 * GM_EARTH_m3_s2 / moon_distance_m
    )
    return c3


def drift_rate(*, along_track_m_s: Real, orbital_speed_m_s: Real) -> Real:
    r"""Rate at which a craft leaves the Earth along its orbit, first order.

    Parameters
    ----------
    along_track_m_s
        Heliocentric speed relative to the Earth along the Earth's velocity, m/s (draw).
    orbital_speed_m_s
        Heliocentric speed of the Earth, m/s.

    Returns
    -------
    Real
        Drift behind the Earth, rad per Julian year (draw): :math:`6\pi\,\Delta v/v` per
        revolution; negative, ahead, for a negative speed.

    Notes
    -----
    Source: :math:`da/a = 2\Delta v/v` and Kepler's third law. Valid while
    :math:`\Delta v \ll v`.

    Examples
    --------
    >>> rate = drift_rate(along_track_m_s=1074.0, orbital_speed_m_s=29780.0)
    >>> round(float(np.degrees(rate)))
    39
    """
    rate: Real = 3.0 * _MEAN_MOTION_rad_yr * along_track_m_s / orbital_speed_m_s
    return rate


def hyperbola_time(
    *, gm_m3_s2: float, c3_m2_s2: Real, start_m: Real, end_m: Real, radial_speed_m_s: Real
) -> Real:
    r"""Time along a hyperbola from one distance out to another.

    Parameters
    ----------
    gm_m3_s2
        Gravitational parameter, m3/s2.
    c3_m2_s2
        Twice the orbital energy, m2/s2 (draw); positive.
    start_m, end_m
        Distances from the centre, m (draw).
    radial_speed_m_s
        Radial speed at the start, m/s (draw); negative if the craft first falls.

    Returns
    -------
    Real
        Time, s (draw); nan where the orbit is bound or does not reach ``end_m``.

    Notes
    -----
    With :math:`a = \mu/C_3`: :math:`e \sinh F = r \dot r/\sqrt{\mu a}`,
    :math:`e \cosh F = 1 + r/a`, :math:`t = \sqrt{a^3/\mu}\,(e \sinh F - F)`.

    Source: Kepler's equation for the hyperbola, any textbook of astrodynamics.

    Examples
    --------
    >>> time = hyperbola_time(gm_m3_s2=4.9028e12, c3_m2_s2=6.06e5, start_m=1.7374e6,
    ...                       end_m=6.62e7, radial_speed_m_s=0.0)
    >>> round(float(time) / 3600.0, 1)
    18.4
    """
    a = gm_m3_s2 / np.where(np.greater(c3_m2_s2, 0.0), c3_m2_s2, np.nan)
    sinh_start = start_m * radial_speed_m_s / np.sqrt(gm_m3_s2 * a)
    e = np.sqrt((1.0 + start_m / a) ** 2 - sinh_start**2)
    cosh_end = (1.0 + end_m / a) / e
    end = np.arccosh(np.where(cosh_end >= 1.0, cosh_end, np.nan))
    start = np.arcsinh(sinh_start / e)
    time: Array = np.sqrt(a**3 / gm_m3_s2) * (e * np.sinh(end) - end - sinh_start + start)
    return time


def _valid(path: str, value: Real, good: npt.ArrayLike, rule: str, hint: str) -> Array:
    """Value with nan where it breaks the rule; an error where it does so in every draw."""
    if not np.any(good):
        raise DomainError(f"{rule} in at least one draw", path=path, hint=hint)
    return np.where(good, value, np.nan)
