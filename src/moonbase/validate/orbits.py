"""Adapters of the orbits' cases: inputs of a published case in, answers of the package out."""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Real
from moonbase.orbits import drift_rate, earth_c3, escape_conditions

Answer = dict[str, Real]


def lunar_escape(*, inertial_speed_m_s: float) -> Answer:
    """Escape and circular speed and escape energy at the lunar surface."""
    escape = escape_conditions(release_speed_m_s=inertial_speed_m_s)
    return {
        "escape_speed_m_s": escape.escape_speed_m_s,
        "circular_speed_m_s": escape.circular_speed_m_s,
        "escape_energy_kWh_kg": escape.escape_energy_J_kg / 3.6e6,
        "c3_m2_s2": escape.c3_moon_m2_s2,
    }


def release(*, inertial_speed_m_s: list[float]) -> Answer:
    """C3, excess speed and its gain for releases at the lunar surface."""
    escape = escape_conditions(release_speed_m_s=np.asarray(inertial_speed_m_s))
    return {
        "c3_m2_s2": escape.c3_moon_m2_s2,
        "v_inf_m_s": escape.v_inf_moon_m_s,
        "gain_ratio": escape.gain_ratio,
    }


def best_earth_escape(
    *, inertial_speed_m_s: list[float], moon_speed_m_s: float, moon_distance_m: float
) -> Answer:
    """Geocentric C3 and excess speed of a throw along the Moon's velocity."""
    escape = escape_conditions(release_speed_m_s=np.asarray(inertial_speed_m_s))
    c3 = earth_c3(
        v_inf_moon_m_s=escape.v_inf_moon_m_s,
        misalignment_rad=0.0,
        moon_speed_m_s=moon_speed_m_s,
        moon_distance_m=moon_distance_m,
    )
    free = np.asarray(c3) > 0.0
    return {"c3_earth_m2_s2": c3, "v_inf_earth_m_s": np.sqrt(np.where(free, c3, 0.0))}


def earth_escape_threshold(
    *, low_m_s: float, high_m_s: float, moon_speed_m_s: float, moon_distance_m: float
) -> Answer:
    """Excess speed at the Moon, between two limits, at which the geocentric C3 vanishes."""
    v_inf = np.linspace(low_m_s, high_m_s, 1001)
    c3 = earth_c3(
        v_inf_moon_m_s=v_inf,
        misalignment_rad=0.0,
        moon_speed_m_s=moon_speed_m_s,
        moon_distance_m=moon_distance_m,
    )
    return {"v_inf_moon_m_s": np.interp(0.0, c3, v_inf)}


def heliocentric_drift(*, along_track_m_s: float, orbital_speed_m_s: float) -> Answer:
    """Drift along the Earth's orbit in degrees per year."""
    rate = drift_rate(along_track_m_s=along_track_m_s, orbital_speed_m_s=orbital_speed_m_s)
    return {"drift_deg_yr": np.degrees(rate)}
