"""Adapters of the swarm's cases: inputs of a case in, answers of the package out."""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import ASTRONOMICAL_UNIT_m
from moonbase.orbits import (
    chaotic_gap_au,
    conjunction_kick,
    coorbital_hold,
    encounter_rate,
    lay_rings,
    pressure_keeping,
    swarm,
)

Answer = dict[str, Real]


def solar_pressure(*, areal_mass_kg_m2: float, distance_au: float, spread_frac: float) -> Answer:
    """Push of sunlight on an absorbing face, and the thrust that cancels its spread."""
    keeping = pressure_keeping(
        areal_mass_kg_m2=areal_mass_kg_m2, distance_au=distance_au, spread_frac=spread_frac
    )
    return {
        "lightness_ratio": keeping.lightness_ratio,
        "acceleration_m_s2": keeping.acceleration_m_s2,
        "spread_m_s2": keeping.acceleration_m_s2 * spread_frac,
        "thrust_m_s_yr": keeping.thrust_m_s_yr,
        "drift_km_yr": keeping.drift_m_yr / 1e3,
        "radial_shift_km": keeping.radial_shift_m / 1e3,
    }


def transfer(*, radius_au: float) -> Answer:
    """Hohmann transfer from the Earth's orbit to a ring."""
    rings = lay_rings(
        inner_au=min(1.0, radius_au),
        outer_au=max(1.0, radius_au),
        gap_au=abs(radius_au - 1.0) - 2e-6,
        ring_spacing_m=2e5,
        slot_spacing_m=1e6,
    )
    return {
        "v_inf_km_s": rings.v_inf_m_s[0] / 1e3,
        "insertion_km_s": rings.insertion_m_s[0] / 1e3,
        "transfer_days": rings.transfer_s[0] / 86_400.0,
        "synodic_yr": rings.synodic_yr[0],
    }


def earth_pull(*, phase_deg: list[float], ring_offset_au: list[float]) -> Answer:
    """Holding thrust on the Earth's orbit, and kick and gap beside it."""
    return {
        "hold_m_s_yr": coorbital_hold(phase_rad=np.radians(phase_deg)),
        "kick_frac": conjunction_kick(ring_offset_au=np.asarray(ring_offset_au)),
        "gap_au": chaotic_gap_au(),
    }


def encounters(
    *,
    n_first: float,
    n_second: float,
    belt_side_au: float,
    miss_distance_au: float,
    turns: float,
    eccentricity_rms_frac: list[float],
    inclination_rms_rad: list[float],
) -> Answer:
    """Encounters between two sets of objects in a square of the belt."""
    au = ASTRONOMICAL_UNIT_m
    rate = encounter_rate(
        belt_area_m2=(belt_side_au * au) ** 2,
        distance_au=1.0,
        miss_distance_m=miss_distance_au * au,
        eccentricity_rms_frac=np.asarray(eccentricity_rms_frac),
        inclination_rms_rad=np.asarray(inclination_rms_rad),
    )
    return {"n_encounters": rate * n_first * n_second * turns}


def growth(*, n_launched_1_yr: float, n_years: int, life_yr: float, failure_1_yr: float) -> Answer:
    """Satellites in service and adrift after years of even launches."""
    belt = swarm(
        n_launched=np.full(n_years, n_launched_1_yr),
        life_yr=life_yr,
        failure_1_yr=failure_1_yr,
        disposal_frac=1.0,
        avoidance_frac=1.0,
        mass_kg=1000.0,
        face_m2=300.0,
        span_m=30.0,
        pressure_spread_frac=0.01,
        eccentricity_rms_frac=1e-3,
        inclination_rms_rad=1e-3,
        inner_au=0.9,
        outer_au=1.1,
        gap_au=0.04,
        ring_spacing_m=1e7,
        slot_spacing_m=1e6,
    )
    return {"n_alive": belt.n_alive[-1], "n_derelict": belt.n_derelict[-1]}
