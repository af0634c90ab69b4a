"""Answers to the cases of the satellite: sunlight, arrays, radiators, ledger, life."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from moonbase import satellite
from moonbase.core.arrays import Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.satellite import (
    announced_gap,
    array_power,
    array_temperature,
    greybody_flux,
    lifetime_penalty,
    radiator_area,
    radiator_temperature,
    solar_flux,
    sphere_view_factor,
)

Answer = Mapping[str, Real]


def sunlight(*, solar_constant_W_m2: float, distance_au: list[float]) -> Answer:
    """Sunlight against distance."""
    flux = solar_flux(distance_au=np.array(distance_au), solar_constant_W_m2=solar_constant_W_m2)
    return {"flux_W_m2": flux}


def young_array(
    *, area_m2: float, packing_frac: float, efficiency_frac: float, flux_W_m2: float
) -> Answer:
    """Power of an array at the start of its life, cells at 298 K, face-on."""
    power = array_power(
        area_m2=area_m2,
        flux_W_m2=flux_W_m2,
        efficiency_frac=efficiency_frac,
        packing_frac=packing_frac,
        incidence_rad=0.0,
        power_chain_frac=1.0,
        temperature_ratio=1.0,
        degradation_1_yr=0.0,
        life_yr=0.0,
        sunlit_frac=1.0,
    )
    return {"power_W": power}


def implied_efficiency(*, power_W: list[float], area_m2: float, flux_W_m2: float) -> Answer:
    """Efficiency of a flown array over its whole area."""
    ideal = young_array(area_m2=area_m2, packing_frac=1.0, efficiency_frac=1.0, flux_W_m2=flux_W_m2)
    return {"efficiency_frac": np.array(power_W) / ideal["power_W"]}


def grey_plate(
    *, temperature_K: list[float], emissivity_frac: float, n_faces: int, sink_K: float
) -> Answer:
    """Infrared of a grey plate."""
    flux = greybody_flux(
        temperature_K=np.array(temperature_K),
        emissivity_frac=emissivity_frac,
        n_faces=n_faces,
        sink_temperature_K=sink_K,
    )
    return {"flux_W_m2": flux}


def fraction_of_ideal(
    *, actual_flux_W_m2: float, temperature_K: float, emissivity_frac: float, n_faces: int
) -> Answer:
    """Flown radiator against the ideal one with nothing around it."""
    ideal = greybody_flux(
        temperature_K=temperature_K,
        emissivity_frac=emissivity_frac,
        n_faces=n_faces,
        sink_temperature_K=0.0,
    )
    return {"ideal_flux_W_m2": ideal, "fraction_of_ideal": actual_flux_W_m2 / ideal}


def radiator(
    *,
    heat_W: float,
    temperature_K: float,
    emissivity_frac: float,
    n_faces: int,
    absorbed_W_m2: float,
) -> Answer:
    """Panel and emitting area of an ideal radiator."""
    area = radiator_area(
        heat_W=heat_W,
        temperature_K=temperature_K,
        emissivity_frac=emissivity_frac,
        n_faces=n_faces,
        absorbed_W_m2=absorbed_W_m2,
        open_frac=1.0,
        flown_frac=1.0,
    )
    return {"panel_area_m2": area, "emitting_area_m2": n_faces * area}


def radiator_of_area(
    *, heat_W: float, area_m2: float, emissivity_frac: float, quoted_flux_W_m2: float
) -> Answer:
    """Temperature of a two-sided panel, from its area and from a flux quoted for it."""
    temperature = [
        radiator_temperature(
            heat_W=heat,
            area_m2=area,
            emissivity_frac=emissivity_frac,
            n_faces=2,
            absorbed_W_m2=0.0,
            open_frac=1.0,
            flown_frac=1.0,
        )
        for heat, area in ((heat_W, area_m2), (quoted_flux_W_m2, 1.0))
    ]
    return {
        "temperature_K": temperature[0],
        "temperature_of_quoted_flux_K": temperature[1],
    }


def view_factor(*, planet_radius_m: float, altitude_m: float, tilt_deg: list[float]) -> Answer:
    """View factor of a tilted face to a planet."""
    factor = sphere_view_factor(
        altitude_m=altitude_m, tilt_rad=np.deg2rad(tilt_deg), radius_m=planet_radius_m
    )
    return {"view_factor": factor}


def panel_in_orbit(
    *,
    flux_W_m2: float,
    absorptivity_frac: float,
    emissivity_front_frac: float,
    emissivity_back_frac: float,
    infrared_W_m2: float,
    view_factor_frac: float,
    planet_radius_m: float,
    altitude_m: float,
) -> Answer:
    """Integrated panel with a given view factor per face, and with the exact edge-on one."""
    exact = sphere_view_factor(altitude_m=altitude_m, tilt_rad=np.pi / 2, radius_m=planet_radius_m)
    given_K, exact_K = (
        array_temperature(
            flux_W_m2=flux_W_m2,
            absorptivity_frac=absorptivity_frac,
            efficiency_frac=0.0,
            emissivity_front_frac=emissivity_front_frac,
            emissivity_back_frac=emissivity_back_frac,
            infrared_W_m2=infrared_W_m2,
            view_factor_frac=view,
        )
        for view in (view_factor_frac, exact)
    )
    return {"given_K": given_K, "exact_K": exact_K, "correction_K": exact_K - given_K}


def panel_against_distance(
    *,
    solar_constant_W_m2: float,
    distance_au: list[float],
    absorptivity_frac: float,
    efficiency_frac: float,
    emissivity_front_frac: float,
    emissivity_back_frac: float,
) -> Answer:
    """Array that sends its electricity away, and panel that burns it itself."""
    flux = solar_flux(distance_au=np.array(distance_au), solar_constant_W_m2=solar_constant_W_m2)
    array_K, integrated_K = (
        array_temperature(
            flux_W_m2=flux,
            absorptivity_frac=absorptivity_frac,
            efficiency_frac=efficiency,
            emissivity_front_frac=emissivity_front_frac,
            emissivity_back_frac=emissivity_back_frac,
            infrared_W_m2=0.0,
            view_factor_frac=0.0,
        )
        for efficiency in (efficiency_frac, 0.0)
    )
    return {"array_only_K": array_K, "integrated_panel_K": integrated_K}


def solar_push(
    *,
    distance_au: list[float],
    areal_mass_kg_m2: list[float],
    reflectivity_frac: float,
    mismatch_frac: float,
) -> Answer:
    """Pressure of sunlight, what it does in a year, and the drift of mismatched neighbours."""
    push = satellite.solar_pressure(
        distance_au=np.array(distance_au),
        areal_mass_kg_m2=np.array(areal_mass_kg_m2),
        reflectivity_frac=reflectivity_frac,
        solar_constant_W_m2=1361.0,
    )
    return {
        "pressure_Pa": push.pressure_Pa,
        "acceleration_m_s2": push.acceleration_m_s2,
        "delta_v_m_s": push.acceleration_m_s2 * JULIAN_YEAR_s,
        "lightness_ratio": push.lightness_ratio,
        "drift_m": 0.5 * mismatch_frac * push.acceleration_m_s2 * JULIAN_YEAR_s**2,
    }


def penalty(*, loss_rate_1_yr: list[float], life_yr: float) -> Answer:
    """Units bought for each one alive on average."""
    rate = np.array(loss_rate_1_yr)
    return {"penalty": lifetime_penalty(loss_rate_1_yr=rate, life_yr=life_yr)}


def gap(*, announced_W_kg: float, ledger_kg_kW: dict[str, float]) -> Answer:
    """Subtract some terms from what an announced specific power allows."""
    ledger: dict[str, Real] = dict(ledger_kg_kW)
    answer = announced_gap(announced_specific_power_W_kg=announced_W_kg, ledger_kg_kW=ledger)
    return {"allowed_kg_kW": answer.allowed_kg_kW, "gap_kg_kW": answer.gap_kg_kW}


def starcloud_radiator(
    *,
    temperature_K: float,
    emissivity_frac: float,
    absorptivity_frac: float,
    flux_W_m2: float,
    albedo_frac: float,
    view_factor_frac: float,
    infrared_W_m2: float,
) -> Answer:
    """Two-sided panel, one face in the Sun, infrared absorbed with either coefficient."""
    sent = greybody_flux(
        temperature_K=temperature_K,
        emissivity_frac=emissivity_frac,
        n_faces=2,
        sink_temperature_K=0.0,
    )
    published, kirchhoff = (
        sent
        - satellite.absorbed_flux(
            emissivity_frac=infrared_absorptivity,
            infrared_W_m2=infrared_W_m2,
            view_factor_frac=view_factor_frac,
            hot_flux_W_m2=0.0,
            hot_view_frac=0.0,
            absorptivity_frac=absorptivity_frac,
            sunlight_W_m2=flux_W_m2,
            albedo_W_m2=albedo_frac * flux_W_m2,
        )
        for infrared_absorptivity in (absorptivity_frac, emissivity_frac)
    )
    return {"as_published_W_m2": published, "infrared_with_emissivity_W_m2": kirchhoff}


def flux_ratio(*, core_K: float, edge_K: float) -> Answer:
    """Infrared of a swarm's core over that of its edge."""
    core, edge = (
        greybody_flux(
            temperature_K=temperature, emissivity_frac=1.0, n_faces=1, sink_temperature_K=0.0
        )
        for temperature in (core_K, edge_K)
    )
    return {"flux_ratio": core / edge}


def area_factor(*, heat_factor: float) -> Answer:
    """Panel area at a multiple of the heat and the same temperature."""
    before, after = (
        radiator(
            heat_W=heat, temperature_K=340.0, emissivity_frac=0.9, n_faces=2, absorbed_W_m2=50.0
        )["panel_area_m2"]
        for heat in (1e5, heat_factor * 1e5)
    )
    return {"panel_area_factor": after / before}


def heat_balance(
    *,
    heat_W: float,
    temperature_K: float,
    emissivity_frac: float,
    n_faces: int,
    absorbed_W_m2: float,
) -> Answer:
    """Infrared sent by a sized radiator over heat plus what the surroundings add."""
    area = radiator(
        heat_W=heat_W,
        temperature_K=temperature_K,
        emissivity_frac=emissivity_frac,
        n_faces=n_faces,
        absorbed_W_m2=absorbed_W_m2,
    )["panel_area_m2"]
    sent = area * greybody_flux(
        temperature_K=temperature_K,
        emissivity_frac=emissivity_frac,
        n_faces=n_faces,
        sink_temperature_K=0.0,
    )
    return {"sent_over_taken": sent / (heat_W + n_faces * area * absorbed_W_m2)}
