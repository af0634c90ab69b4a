"""Conics about one body, and what it costs to change them: closed forms on arrays of craft."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.orbits._records import gm_of
from moonbase.orbits.de440 import ephemeris


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarElements:
    """Osculating orbits about the Sun (...); inclination is to the Earth's orbit of the epoch.

    ``ahead_rad`` is the angle about the Sun by which the craft leads the Earth, -pi to pi.
    """

    semi_major_m: Array
    eccentricity_nd: Array
    inclination_rad: Array
    perihelion_m: Array
    aphelion_m: Array
    ahead_rad: Array


def norm(vectors: Array) -> Array:
    """Length along the first axis."""
    length: Array = np.sqrt(np.sum(vectors**2, axis=0))
    return length


def dot(vectors: Array, others: Array) -> Array:
    """Scalar product along the first axis."""
    product: Array = np.sum(vectors * others, axis=0)
    return product


def energy_of(r_m: Array, v_m_s: Array, gm_m3_s2: float) -> Array:
    """C3: twice the energy of a mass, m2/s2."""
    return dot(v_m_s, v_m_s) - 2.0 * gm_m3_s2 / norm(r_m)


def eccentricity_vector(r_m: Array, v_m_s: Array, gm_m3_s2: float) -> Array:
    """Vector to the periapsis, as long as the eccentricity."""
    vector: Array = (dot(v_m_s, v_m_s) / gm_m3_s2 - 1.0 / norm(r_m)) * r_m - dot(
        r_m, v_m_s
    ) / gm_m3_s2 * v_m_s
    return vector


def excess_velocity(r_m: Array, v_m_s: Array, gm_m3_s2: float) -> Array:
    """Velocity far out on the outgoing leg of a hyperbola; nan where the conic is bound."""
    c3 = energy_of(r_m, v_m_s, gm_m3_s2)
    speed = np.sqrt(np.where(c3 > 0.0, c3, np.nan))
    momentum = np.cross(r_m, v_m_s, axis=0)
    pointer = eccentricity_vector(r_m, v_m_s, gm_m3_s2)
    square = dot(momentum, momentum)
    ahead = speed * np.cross(momentum, pointer, axis=0) / gm_m3_s2 - pointer
    far: Array = speed * ahead / (1.0 + c3 * square / gm_m3_s2**2)
    return far


def solar_elements(r_m: Array, v_m_s: Array, epoch_tdb_s: Real) -> SolarElements:
    """Elements of states relative to the Sun."""
    gm_m3_s2 = gm_of("sun")
    earth = ephemeris("emb", epoch_tdb_s, "sun")
    pole = np.cross(earth.r_icrf_m, earth.v_icrf_m_s, axis=0)
    momentum = np.cross(r_m, v_m_s, axis=0)
    tilt = np.arctan2(norm(np.cross(pole, momentum, axis=0)), dot(pole, momentum))
    eccentricity = norm(eccentricity_vector(r_m, v_m_s, gm_m3_s2))
    semi_major = -gm_m3_s2 / energy_of(r_m, v_m_s, gm_m3_s2)
    across = dot(pole, np.cross(earth.r_icrf_m, r_m, axis=0)) / norm(pole)
    return SolarElements(
        semi_major_m=semi_major,
        eccentricity_nd=eccentricity,
        inclination_rad=tilt,
        perihelion_m=semi_major * (1.0 - eccentricity),
        aphelion_m=np.where(semi_major > 0.0, semi_major * (1.0 + eccentricity), np.inf),
        ahead_rad=np.arctan2(across, dot(earth.r_icrf_m, r_m)),
    )


def apsis_speed(gm_m3_s2: float, at_m: Real, other_m: Real) -> Array:
    """Speed at one apsis of an orbit whose other apsis is given; infinity is allowed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(np.isinf(other_m), 0.0, np.asarray(at_m) / other_m)
    speed: Array = np.sqrt(2.0 * gm_m3_s2 / np.asarray(at_m) / (1.0 + ratio))
    return speed


def by_two_burns(
    gm_m3_s2: float, start_m: Array, other_m: Array, tilt_rad: Real, radius_m: Real
) -> Array:
    """Velocity change of a burn at one apsis and one at a circle, which turns the plane too."""
    first = np.abs(
        apsis_speed(gm_m3_s2, start_m, radius_m) - apsis_speed(gm_m3_s2, start_m, other_m)
    )
    arrival = apsis_speed(gm_m3_s2, radius_m, start_m)
    circle = np.sqrt(gm_m3_s2 / np.asarray(radius_m))
    second = np.sqrt(arrival**2 + circle**2 - 2.0 * arrival * circle * np.cos(tilt_rad))
    return np.where(np.isfinite(start_m), first + second, np.inf)


def to_circle(
    gm_m3_s2: float, periapsis_m: Array, apoapsis_m: Array, tilt_rad: Real, radius_m: Real
) -> Array:
    """Least velocity change of two burns that lead from an orbit to a circle.

    An unbound orbit has no apoapsis to burn at and burns at its periapsis.
    """
    least: Array = np.minimum(
        by_two_burns(gm_m3_s2, periapsis_m, apoapsis_m, tilt_rad, radius_m),
        by_two_burns(gm_m3_s2, apoapsis_m, periapsis_m, tilt_rad, radius_m),
    )
    return least


def ring_radius(drift_rad_s: Real, epoch_tdb_s: Real) -> Array:
    """Radius of the solar orbit that leads the Earth by an angular rate, m.

    The Earth's mean motion is that of its semi-major axis, averaged over the year after the epoch.
    """
    gm = gm_of("sun")
    epochs, back = np.unique(np.asarray(epoch_tdb_s, dtype=np.float64), return_inverse=True)
    times = epochs[:, None] + JULIAN_YEAR_s * (np.arange(24) + 0.5) / 24.0
    earth = ephemeris("emb", times, "sun")
    axis = np.mean(-gm / energy_of(earth.r_icrf_m, earth.v_icrf_m_s, gm), axis=-1)
    axis = axis[back].reshape(np.shape(epoch_tdb_s))
    radius: Array = np.cbrt(gm / (np.sqrt(gm / axis**3) + drift_rad_s) ** 2)
    return radius
