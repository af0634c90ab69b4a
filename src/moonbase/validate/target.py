"""Adapters of the aiming cases: inputs of a case in, answers of the package out."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits import (
    EarthOrbit,
    ForceModel,
    LibrationPoint,
    LunarEscape,
    LunarOrbit,
    Target,
    ephemeris,
    launch_map,
    point_mass_model,
    release_state,
    target,
)

Answer = dict[str, Any]


def escape(
    *, c3_m2_s2: list[float], moon_alone: bool, epoch_t_tdb_s: float, window_s: float
) -> Answer:
    """Inertial release speed for energies at the Moon's sphere of influence."""
    speeds = []
    for c3 in c3_m2_s2:
        found = target(
            goal=LunarEscape(c3_m2_s2=c3, right_ascension_rad=2.0, declination_rad=0.2),
            latitude_rad=0.0,
            longitude_rad=0.5,
            epoch_tdb_s=epoch_t_tdb_s,
            window_s=window_s,
            forces=_model(moon_alone),
        )
        speeds.append(_inertial(found))
    return {"inertial_speed_m_s": speeds}


def lunar_orbit(*, orbit_height_m: float, epoch_t_tdb_s: float) -> Answer:
    """Throw to a low lunar orbit about the Moon as a point, and its burn."""
    found = target(
        goal=LunarOrbit(orbit_height_m=orbit_height_m),
        latitude_rad=0.0,
        longitude_rad=0.5,
        azimuth_rad=0.5 * np.pi,
        epoch_tdb_s=epoch_t_tdb_s,
        forces=_model(True),
    )
    return {
        "inertial_speed_m_s": _inertial(found),
        "burn_m_s": found.total_delta_v_m_s,
        "coast_s": found.elapsed_s,
    }


def earth_orbit(
    *, height_m: float, longitude_deg: float, epoch_t_tdb_s: float, window_s: float
) -> Answer:
    """Throw against the Moon's motion to a low perigee, and the burn to a circle there."""
    found = target(
        goal=EarthOrbit(perigee_height_m=height_m, apogee_height_m=height_m),
        latitude_rad=0.0,
        longitude_rad=np.radians(longitude_deg),
        azimuth_rad=0.5 * np.pi,
        epoch_tdb_s=epoch_t_tdb_s,
        window_s=window_s,
    )
    moon = ephemeris("moon", found.epoch_tdb_s + found.elapsed_s, "earth")
    return {
        "perigee_speed_m_s": np.linalg.norm(found.v_icrf_m_s + moon.v_icrf_m_s),
        "burn_m_s": found.total_delta_v_m_s,
    }


def monthly_energy(
    *,
    inertial_speed_m_s: list[float],
    asymptote_longitude_deg: float,
    eastward_ground_m_s: float,
    epoch_t_tdb_s: float,
    month_s: float,
    n_epochs: int,
    gm_moon_m3_s2: float,
    radius_m: float,
) -> Answer:
    """Mean over a month of the energy at the Earth, of throws whose asymptote leads the Moon."""
    means = []
    for speed in inertial_speed_m_s:
        turn = np.arccos(-1.0 / (radius_m * speed**2 / gm_moon_m3_s2 - 1.0))
        found = launch_map(
            latitude_rad=0.0,
            longitude_rad=np.radians(asymptote_longitude_deg) + turn,
            azimuth_rad=-0.5 * np.pi,
            epoch_tdb_s=epoch_t_tdb_s + month_s * np.arange(n_epochs) / n_epochs,
            speed_m_s=np.array([speed + eastward_ground_m_s]),
            horizon_s=month_s,
        )
        means.append(np.mean(found.c3_earth_m2_s2))
    return {"c3_earth_m2_s2": means}


def monthly_l2(
    *, longitude_deg: float, epoch_t_tdb_s: float, month_s: float, n_epochs: int
) -> Answer:
    """Mean over a month of the quickest throw to L2 with the azimuth free."""
    found = target(
        goal=LibrationPoint(name="L2"),
        latitude_rad=0.0,
        longitude_rad=np.radians(longitude_deg),
        epoch_tdb_s=epoch_t_tdb_s + month_s * np.arange(n_epochs) / n_epochs,
        longest_s=1.5 * 86_400.0,
    )
    return {
        "speed_m_s": np.mean(found.speed_m_s),
        "flight_days": np.mean(found.elapsed_s) / 86_400.0,
        "arrival_speed_m_s": np.mean(found.total_delta_v_m_s),
    }


def _model(moon_alone: bool) -> ForceModel | None:
    return point_mass_model("moon", indirect=True) if moon_alone else None


def _inertial(found: Target) -> Array:
    state = release_state(
        found.latitude_rad,
        found.longitude_rad,
        found.azimuth_rad,
        found.elevation_rad,
        found.speed_m_s,
        found.epoch_tdb_s,
    )
    speed: Array = np.linalg.norm(state.v_icrf_m_s, axis=0)
    return speed
