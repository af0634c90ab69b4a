"""What pulls a satellite out of a slot on a circular solar orbit, and what holding it costs.

Linear about a circular orbit: solar pressure on a flat face that follows the Sun, its spread
between neighbours, and the Earth's pull on slots that share its orbit or pass it. Neglected: the
other planets, the eccentricity of the Earth's orbit, errors of pointing, ageing of the faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    SOLAR_LUMINOSITY_W,
    ASTRONOMICAL_UNIT_m,
    GM_EARTH_m3_s2,
    GM_SUN_m3_s2,
    JULIAN_YEAR_s,
    SPEED_OF_LIGHT_m_s,
)
from moonbase.orbits.encounters import _positive
from moonbase.orbits.patched_conic import _valid

_EARTH_RATIO = GM_EARTH_m3_s2 / GM_SUN_m3_s2


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureKeeping:
    """Solar pressure on a slot (draw).

    ``lightness_ratio`` is the pressure over the Sun's pull. For a neighbour one spread away:
    ``drift_m_yr`` along the orbit if nothing is done, ``radial_shift_m`` of the orbit that stops
    the drift for good, ``thrust_m_s_yr`` that cancels the difference instead, and ``tilt_rad`` of
    the face that does so with ``tilt_loss_frac`` of the sunlight lost.
    """

    lightness_ratio: Array
    acceleration_m_s2: Array
    drift_m_yr: Array
    radial_shift_m: Array
    thrust_m_s_yr: Array
    tilt_rad: Array
    tilt_loss_frac: Array


def pressure_keeping(
    *,
    areal_mass_kg_m2: Real,
    distance_au: Real,
    spread_frac: Real,
    specular_frac: Real = 0.0,
    diffuse_frac: Real = 0.0,
) -> PressureKeeping:
    r"""Push of sunlight on a flat face, and what its spread between neighbours does.

    Parameters
    ----------
    areal_mass_kg_m2
        Mass over the area that faces the Sun, kg/m2 (draw).
    distance_au
        Radius of the orbit, astronomical units (draw).
    spread_frac
        Relative difference of the push between neighbours (draw).
    specular_frac, diffuse_frac
        Shares of the light that the face mirrors and scatters; the rest is absorbed (draw).

    Returns
    -------
    PressureKeeping
        All (draw).

    Raises
    ------
    DomainError
        An argument is out of range in every draw.

    Notes
    -----
    :math:`\beta = \frac{L A}{4\pi c\,\mu m}(1 + \rho_s + \tfrac23\rho_d)`. With f the
    difference of push and n the mean motion, Hill's equations give the mean drift
    :math:`-2f/n` (linear in time, not quadratic) and the rest position
    :math:`-f/(3n^2)`. The tilt :math:`\theta` lowers the radial push
    :math:`(1-\rho_s)\cos\theta + \tfrac23\rho_d\cos^2\theta + 2\rho_s\cos^3\theta` by the spread.

    Source: McInnes (1999), Solar Sailing, for push and lightness; Clohessy
    and Wiltshire (1960), Journal of the Aerospace Sciences 27, 653, for the drift.

    Examples
    --------
    >>> keeping = pressure_keeping(areal_mass_kg_m2=3.15, distance_au=1.0, spread_frac=0.01)
    >>> round(float(keeping.lightness_ratio) * 1e4, 2), round(float(keeping.drift_m_yr) / 1e3)
    (2.43, 4570)
    """
    areal_mass = _positive("areal_mass_kg_m2", areal_mass_kg_m2)
    distance = _positive("distance_au", distance_au)
    spread = _valid(
        "spread_frac",
        spread_frac,
        np.greater_equal(spread_frac, 0.0) & np.less(spread_frac, 1.0),
        "must be from 0 to below 1",
        "pass a share of the push",
    )
    mirrored = np.asarray(specular_frac, dtype=np.float64)
    scattered = np.asarray(diffuse_frac, dtype=np.float64)
    mirrored = _valid(
        "specular_frac",
        mirrored,
        (mirrored >= 0.0) & (scattered >= 0.0) & (mirrored + scattered <= 1.0),
        "must be a share, and with the scattered light at most 1",
        "what is neither mirrored nor scattered is absorbed",
    )
    push = 1.0 + mirrored + 2.0 / 3.0 * scattered
    per_face = SOLAR_LUMINOSITY_W / (4.0 * pi * SPEED_OF_LIGHT_m_s * GM_SUN_m3_s2)
    lightness = np.asarray(per_face * push / areal_mass)
    radius = distance * ASTRONOMICAL_UNIT_m
    gravity = GM_SUN_m3_s2 / radius**2
    motion = np.sqrt((1.0 - lightness) * GM_SUN_m3_s2 / radius**3)
    difference = lightness * gravity * spread
    cosine = _trimmed_cosine(mirrored, scattered, push * (1.0 - spread))
    return PressureKeeping(
        lightness_ratio=lightness,
        acceleration_m_s2=lightness * gravity,
        drift_m_yr=2.0 * difference / motion * JULIAN_YEAR_s,
        radial_shift_m=difference / (3.0 * motion**2),
        thrust_m_s_yr=difference * JULIAN_YEAR_s,
        tilt_rad=np.arccos(np.minimum(cosine, 1.0)),
        tilt_loss_frac=1.0 - np.minimum(cosine, 1.0),
    )


def _trimmed_cosine(mirrored: Array, scattered: Array, wanted: Array) -> Array:
    """Cosine of the tilt at which the radial push has the wanted share of the full sunlight's."""
    cosine = np.ones(np.broadcast(mirrored, scattered, wanted).shape)
    for _ in range(30):
        linear, square = 1.0 - mirrored, 2.0 / 3.0 * scattered
        value = cosine * (linear + cosine * (square + cosine * 2.0 * mirrored)) - wanted
        slope = linear + cosine * (2.0 * square + cosine * 6.0 * mirrored)
        cosine = cosine - value / slope
    return cosine


def coorbital_hold(*, phase_rad: Real, distance_au: float = 1.0) -> Array:
    r"""Thrust that holds a slot at a fixed angle from the Earth on the Earth's orbit.

    Parameters
    ----------
    phase_rad
        Angle from the Earth to the slot, seen from the Sun, rad (draw).
    distance_au
        Radius of the common orbit, astronomical units.

    Returns
    -------
    Array
        Velocity change a year, m/s in a Julian year (draw), along the orbit; positive is thrust
        away from the Earth. It vanishes at 60 degrees (L4, L5) and at 180 (L3).

    Raises
    ------
    DomainError
        Every angle is a whole turn.

    Notes
    -----
    :math:`\frac{\mu_E}{a^2}\left[\frac{\cos(\theta/2)}{4\sin^2(\theta/2)} - \sin\theta\right]`,
    the direct pull less the common fall of the Sun. Beyond some 0.05 rad the linear pull holds.

    Source: derived; Murray and Dermott (1999), Solar System Dynamics, has the same
    potential.

    Examples
    --------
    >>> coorbital_hold(phase_rad=np.array([0.5, np.pi / 3.0, np.pi])).round(2) + 0.0
    array([1.95, 0.  , 0.  ])
    """
    half = 0.5 * np.asarray(phase_rad, dtype=np.float64)
    sine = _valid(
        "phase_rad", np.sin(half), np.sin(half) != 0.0, "must not be a whole turn", "leave 0 out"
    )
    pull = GM_EARTH_m3_s2 / (distance_au * ASTRONOMICAL_UNIT_m) ** 2
    side = np.sign(sine)
    hold: Array = pull * (np.cos(half) / (4.0 * sine**2) - side * np.sin(2.0 * half))
    return hold * JULIAN_YEAR_s


def conjunction_kick(*, ring_offset_au: Real, distance_au: float = 1.0) -> Array:
    r"""Eccentricity that one passage of the Earth gives a circular orbit beside its own.

    Parameters
    ----------
    ring_offset_au
        Difference of the radii, astronomical units, either sign (draw).
    distance_au
        Radius of the Earth's orbit, astronomical units.

    Returns
    -------
    Array
        Eccentricity (draw).

    Raises
    ------
    DomainError
        Every offset is zero.

    Notes
    -----
    :math:`\Delta e = \tfrac89[2K_0(\tfrac23) + K_1(\tfrac23)]\,\mu\,(a/\Delta a)^2`, valid for
    :math:`\Delta a` of a few Hill radii (0.01 AU) to a tenth of a. Neighbours on one ring get the
    same kick, so it bends rings before it breaks their order.

    Source: Duncan, Quinn and Tremaine (1989), Icarus 82, 402.

    Examples
    --------
    >>> conjunction_kick(ring_offset_au=0.05).round(4)
    np.float64(0.0027)
    """
    from scipy.special import k0, k1

    offset = np.asarray(ring_offset_au, dtype=np.float64)
    offset = _valid("ring_offset_au", offset, offset != 0.0, "must not be 0", "leave the Earth's")
    strength = 8.0 / 9.0 * (2.0 * k0(2.0 / 3.0) + k1(2.0 / 3.0))
    kick: Array = strength * _EARTH_RATIO * (distance_au / offset) ** 2
    return kick


def chaotic_gap_au(*, distance_au: float = 1.0) -> float:
    r"""Half the width of the zone about the Earth's orbit in which circular orbits go chaotic.

    Parameters
    ----------
    distance_au
        Radius of the Earth's orbit, astronomical units.

    Returns
    -------
    float
        Half width, astronomical units; rings belong outside, Trojans apart.

    Notes
    -----
    :math:`1.3\,\mu^{2/7} a`, where neighbouring resonances overlap.

    Source: Wisdom (1980), Astronomical Journal 85, 1122.

    Examples
    --------
    >>> round(chaotic_gap_au(), 4)
    0.0344
    """
    return float(1.3 * _EARTH_RATIO ** (2.0 / 7.0) * distance_au)
