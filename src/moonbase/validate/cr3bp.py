"""Adapters of the restricted problem's cases: inputs of a case in, answers of the package out."""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Real
from moonbase.orbits import achromatic_longitude, aim_throw, cr3bp

Answer = dict[str, Real]


def points(*, mass_ratio_mu: float, length_unit_m: float, time_unit_s: float) -> Answer:
    """Libration points, their Jacobi constants and their distances from the smaller body."""
    found = cr3bp.libration_points(mass_ratio_mu=mass_ratio_mu)
    moon = 1.0 - mass_ratio_mu
    return {
        "l1_x_nd": found.l1_nd[0],
        "l2_x_nd": found.l2_nd[0],
        "l3_x_nd": found.l3_nd[0],
        "l4_nd": found.l4_nd[:2],
        "c_l1": found.jacobi_nd[0],
        "c_l2": found.jacobi_nd[1],
        "c_l3": found.jacobi_nd[2],
        "c_l4": found.jacobi_nd[3],
        "l1_from_moon_m": (moon - found.l1_nd[0]) * length_unit_m,
        "l2_from_moon_m": (found.l2_nd[0] - moon) * length_unit_m,
    }


def periodic_orbit(
    *, mass_ratio_mu: float, time_unit_s: float, start_nd: list[float], period_nd: float
) -> Answer:
    """Closure, drift and energy of a published periodic orbit, and the orbit once corrected."""
    start = np.array(start_nd)
    arc = cr3bp.propagate(
        mass_ratio_mu=mass_ratio_mu, start_nd=start, duration_nd=period_nd, n_times=101
    )
    jacobi = cr3bp.jacobi_constant(mass_ratio_mu=mass_ratio_mu, state_nd=arc.state_nd)
    closed = cr3bp.close_orbit(mass_ratio_mu=mass_ratio_mu, guess_nd=start, period_nd=period_nd)
    return {
        "closure_position_nd": np.linalg.norm(arc.end_nd[:3] - start[:3]),
        "jacobi_constant": jacobi[0],
        "jacobi_drift": np.abs(jacobi - jacobi[0]).max(),
        "period_s": period_nd * time_unit_s,
        "corrected_period_s": closed.period_nd * time_unit_s,
        "corrected_closure_nd": closed.closure_nd,
    }


def moon_range(
    *,
    mass_ratio_mu: float,
    length_unit_m: float,
    time_unit_s: float,
    moon_radius_m: float,
    guess_nd: list[float],
    period_days: float,
) -> Answer:
    """Range from the Moon along the periodic orbit of a given period near a guess."""
    orbit = cr3bp.close_orbit(
        mass_ratio_mu=mass_ratio_mu,
        guess_nd=np.array(guess_nd),
        period_nd=period_days * 86_400.0 / time_unit_s,
        hold="period",
    )
    arc = cr3bp.propagate(
        mass_ratio_mu=mass_ratio_mu,
        start_nd=orbit.start_nd,
        duration_nd=orbit.period_nd,
        n_times=4001,
    )
    moon = np.array([1.0 - mass_ratio_mu, 0.0, 0.0])
    distance = np.linalg.norm(arc.state_nd[:3] - moon[:, None], axis=0) * length_unit_m
    return {
        "perilune_height_m": distance.min() - moon_radius_m,
        "apolune_m": distance.max(),
        "closure_position_nd": orbit.closure_nd,
    }


def throw(
    *,
    longitude_deg: float,
    mass_ratio_mu: float,
    length_unit_m: float,
    time_unit_s: float,
    moon_radius_m: float,
) -> Answer:
    """Level throw to the east from the equator that meets L2."""
    found = aim_throw(
        longitude_rad=np.radians(longitude_deg),
        target="L2",
        mass_ratio_mu=mass_ratio_mu,
        length_unit_m=length_unit_m,
        time_unit_s=time_unit_s,
        moon_radius_m=moon_radius_m,
    )
    l2 = cr3bp.libration_points(mass_ratio_mu=mass_ratio_mu).l2_nd[0]
    return {
        "l2_from_moon_m": (l2 - 1.0 + mass_ratio_mu) * length_unit_m,
        "speed_m_s": found.speed_m_s,
        "flight_days": found.flight_s / 86_400.0,
        "arrival_speed_m_s": found.arrival_speed_m_s,
        "miss_per_speed_s": found.miss_per_speed_s,
    }


def achromatic_site(*, target: str, azimuth_deg: float = 90.0) -> Answer:
    """Site on the equator from which a level throw has no first-order miss."""
    found = achromatic_longitude(target=target, azimuth_rad=float(np.radians(azimuth_deg)))
    return {
        "status": float(found.status),
        "longitude_deg": np.degrees(found.longitude_rad),
        "speed_m_s": found.speed_m_s,
        "flight_days": found.flight_s / 86_400.0,
        "miss_per_speed_s": found.miss_per_speed_s,
        "second_order_s2_m": found.second_order_s2_m,
    }
