"""What surrounds a satellite: sunlight, a planet's infrared and albedo, the push of sunlight.

Neglected: the solar cycle and limb darkening, the variation of a planet's infrared with latitude
and season, terminator shading of the albedo (one geometry factor stands for it), and re-radiated
thermal thrust.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    GM_SUN_m3_s2,
    SPEED_OF_LIGHT_m_s,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarPressure:
    """What sunlight does to a surface that faces the Sun."""

    pressure_Pa: Real
    acceleration_m_s2: Real
    lightness_ratio: Real


def solar_flux(*, distance_au: Real, solar_constant_W_m2: Real) -> Real:
    """Sunlight on a surface that faces the Sun, S = S0 / r^2.

    Parameters
    ----------
    distance_au
        Distance from the Sun [AU], any shape.
    solar_constant_W_m2
        Sunlight at 1 AU [W/m2], broadcasts.

    Returns
    -------
    Real
        Flux [W/m2].

    Notes
    -----
    Valid where the Sun is a point, beyond about 0.05 AU. Source: inverse square law.

    Examples
    --------
    >>> solar_flux(distance_au=2.0, solar_constant_W_m2=1361.0)
    340.25
    """
    return solar_constant_W_m2 / (distance_au * distance_au)


def sphere_view_factor(*, altitude_m: Real, tilt_rad: Real, radius_m: Real) -> Real:
    """View factor of a flat one-sided face to a sphere, exact.

    With H = (R + h) / R, x = sqrt(H^2 - 1), y = -x cot(g): the whole planet is in view at
    y <= -1, F = cos(g) / H^2; none of it at y >= 1; between them
    F = [cos(g) acos(y) - x sin(g) sqrt(1 - y^2)] / (pi H^2) + atan(sin(g) sqrt(1 - y^2) / x) / pi.

    Parameters
    ----------
    altitude_m
        Height above the sphere [m], > 0, any shape.
    tilt_rad
        Angle g between the face's normal and the direction of the planet's centre [rad], 0 to pi.
    radius_m
        Radius of the sphere [m].

    Returns
    -------
    Real
        View factor of the face [1].

    Notes
    -----
    Source: Lee-Odinson, doi 10.5281/zenodo.20695720, for the edge-on case; the general form is
    the analytic one for a differential plane and a sphere.

    Examples
    --------
    >>> round(float(sphere_view_factor(altitude_m=550e3, tilt_rad=np.pi / 2, radius_m=6371e3)), 5)
    0.25777
    """
    ratio = (radius_m + altitude_m) / radius_m
    x = np.sqrt(ratio**2 - 1.0)
    cosine, sine = np.cos(tilt_rad), np.sin(tilt_rad)
    with np.errstate(divide="ignore"):
        y = np.divide(-x * cosine, sine)
    inside = np.clip(y, -1.0, 1.0)
    root = sine * np.sqrt(1.0 - inside**2)
    part = (cosine * np.arccos(inside) - x * root) / (np.pi * ratio**2) + np.arctan(
        root / x
    ) / np.pi
    factor: Real = np.where(y <= -1.0, cosine / ratio**2, np.where(y >= 1.0, 0.0, part))
    return factor


def absorbed_flux(
    *,
    emissivity_frac: Real,
    infrared_W_m2: Real,
    view_factor_frac: Real,
    hot_flux_W_m2: Real,
    hot_view_frac: Real,
    absorptivity_frac: Real,
    sunlight_W_m2: Real,
    albedo_W_m2: Real,
) -> Real:
    """Heat that one face takes from its surroundings.

    q = eps (q_IR F + q_hot F_hot) + alpha (S cos + q_albedo F): infrared is absorbed with the
    emissivity (Kirchhoff), sunlight and albedo with the solar absorptivity.

    Parameters
    ----------
    emissivity_frac, absorptivity_frac
        Infrared emissivity and solar absorptivity of the face [1].
    infrared_W_m2
        Infrared leaving the planet [W/m2].
    view_factor_frac
        View factor of the face to the planet [1].
    hot_flux_W_m2, hot_view_frac
        Infrared leaving warm neighbours such as the array's back [W/m2], and the view of them [1].
    sunlight_W_m2
        Direct sunlight on the face, cosine included [W/m2]; 0 edge-on.
    albedo_W_m2
        Sunlight sent back by the planet, geometry factor included [W/m2].

    Returns
    -------
    Real
        Absorbed flux of the face [W/m2].

    Notes
    -----
    Source: energy balance; the use of emissivity for infrared corrects the Starcloud white paper.

    Examples
    --------
    >>> absorbed_flux(emissivity_frac=0.9, infrared_W_m2=240.0, view_factor_frac=0.25,
    ...     hot_flux_W_m2=0.0, hot_view_frac=0.0, absorptivity_frac=0.1, sunlight_W_m2=0.0,
    ...     albedo_W_m2=400.0)
    64.0
    """
    thermal = infrared_W_m2 * view_factor_frac + hot_flux_W_m2 * hot_view_frac
    solar = sunlight_W_m2 + albedo_W_m2 * view_factor_frac
    return emissivity_frac * thermal + absorptivity_frac * solar


def solar_pressure(
    *,
    distance_au: Real,
    areal_mass_kg_m2: Real,
    reflectivity_frac: Real,
    solar_constant_W_m2: Real,
) -> SolarPressure:
    """Pressure of sunlight, the acceleration it gives, and its ratio to the Sun's gravity.

    p = S / c, a = (1 + rho) p / (m/A), beta = a / (GM / r^2), the same at every distance.

    Parameters
    ----------
    distance_au
        Distance from the Sun [AU], any shape.
    areal_mass_kg_m2
        Mass over the area that faces the Sun [kg/m2].
    reflectivity_frac
        Specular reflectivity [1]: 0 absorbs, 1 is a perfect mirror.
    solar_constant_W_m2
        Sunlight at 1 AU [W/m2].

    Returns
    -------
    SolarPressure
        Pressure on an absorbing face [Pa], acceleration [m/s2], ratio to gravity [1].

    Notes
    -----
    Face-on flat plate. Source: momentum of light.

    Examples
    --------
    >>> push = solar_pressure(distance_au=1.0, areal_mass_kg_m2=3.15, reflectivity_frac=0.0,
    ...     solar_constant_W_m2=1361.0)
    >>> round(push.acceleration_m_s2 * 1e6, 3), round(push.lightness_ratio * 1e4, 2)
    (1.441, 2.43)
    """
    pressure = (
        solar_flux(distance_au=distance_au, solar_constant_W_m2=solar_constant_W_m2)
        / SPEED_OF_LIGHT_m_s
    )
    acceleration = (1.0 + reflectivity_frac) * pressure / areal_mass_kg_m2
    distance_m = distance_au * ASTRONOMICAL_UNIT_m
    return SolarPressure(
        pressure_Pa=pressure,
        acceleration_m_s2=acceleration,
        lightness_ratio=acceleration * distance_m * distance_m / GM_SUN_m3_s2,
    )
