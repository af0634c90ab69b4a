"""Sunlight, arrays and radiators against published anchors and limits."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.constants import STEFAN_BOLTZMANN_W_m2_K4
from moonbase.satellite import (
    absorbed_flux,
    announced_gap,
    array_area,
    array_power,
    array_temperature,
    cell_temperature_ratio,
    lifetime_penalty,
    radiator_area,
    radiator_temperature,
    solar_pressure,
    sphere_view_factor,
    structure_ratio,
    thermal_ladder,
)

EARTH_m = 6.371e6
ARRAY = {
    "flux_W_m2": 1361.0,
    "efficiency_frac": 0.22,
    "packing_frac": 0.9,
    "incidence_rad": 0.1,
    "power_chain_frac": 0.95,
    "temperature_ratio": 0.94,
    "degradation_1_yr": 0.02,
    "life_yr": 5.0,
    "sunlit_frac": 0.97,
}
RADIATOR = {
    "heat_W": 1e5,
    "emissivity_frac": 0.9,
    "n_faces": 2.0,
    "absorbed_W_m2": 60.0,
    "open_frac": 0.8,
    "flown_frac": 0.6,
}


def panel_K(flux_W_m2: float) -> float:
    return float(
        array_temperature(
            flux_W_m2=flux_W_m2,
            absorptivity_frac=0.92,
            efficiency_frac=0.22,
            emissivity_front_frac=0.85,
            emissivity_back_frac=0.9,
            infrared_W_m2=0.0,
            view_factor_frac=0.0,
        )
    )


def seen_by_rays(altitude_m: float, tilt_rad: float, n: int = 2_000_000) -> float:
    """View factor by cosine-weighted rays from the face."""
    rng = np.random.default_rng(3)
    sine2, azimuth = rng.random(n), 2.0 * np.pi * rng.random(n)
    up, side = np.sqrt(1.0 - sine2), np.sqrt(sine2) * np.cos(azimuth)
    towards_centre = up * np.cos(tilt_rad) + side * np.sin(tilt_rad)
    limb = np.sqrt(1.0 - (EARTH_m / (EARTH_m + altitude_m)) ** 2)
    return float(np.mean(towards_centre > limb))


@pytest.mark.parametrize("tilt_deg", [0.0, 45.0, 80.0, 90.0, 130.0, 155.0, 180.0])
@pytest.mark.parametrize("altitude_m", [4e5, 3.6e7])
def test_the_view_factor_agrees_with_rays(altitude_m: float, tilt_deg: float) -> None:
    factor = sphere_view_factor(
        altitude_m=altitude_m, tilt_rad=np.deg2rad(tilt_deg), radius_m=EARTH_m
    )
    assert factor == pytest.approx(seen_by_rays(altitude_m, np.deg2rad(tilt_deg)), abs=2e-3)


def test_a_face_on_the_ground_sees_half_of_its_tilted_sky() -> None:
    factor = sphere_view_factor(altitude_m=1e-3, tilt_rad=np.pi / 2, radius_m=EARTH_m)
    assert factor == pytest.approx(0.5, abs=1e-4)


def test_array_power_and_area_are_inverse() -> None:
    area = array_area(power_W=1e5, **ARRAY)
    assert array_power(area_m2=area, **ARRAY) == pytest.approx(1e5, rel=1e-12)


def test_ageing_is_compound() -> None:
    young = array_power(area_m2=1.0, **{**ARRAY, "life_yr": 0.0})
    assert array_power(area_m2=1.0, **ARRAY) / young == pytest.approx(0.98**5, rel=1e-12)


def test_panel_temperature_goes_as_the_root_of_distance() -> None:
    assert panel_K(1361.0 / 16.0) == pytest.approx(panel_K(1361.0) / 2.0, rel=1e-12)


def test_a_cell_that_gives_nothing_is_nan() -> None:
    ratio = cell_temperature_ratio(
        temperature_K=np.array([298.15, 800.0]), cell_temperature_coefficient_1_K=-0.003
    )
    assert ratio[0] == 1.0
    assert np.isnan(ratio[1])


def test_radiator_area_and_temperature_are_inverse() -> None:
    area = radiator_area(temperature_K=330.0, **RADIATOR)
    assert radiator_temperature(area_m2=area, **RADIATOR) == pytest.approx(330.0, rel=1e-12)


def test_area_falls_with_the_fourth_power() -> None:
    bare = {**RADIATOR, "absorbed_W_m2": 0.0}
    ratio = radiator_area(temperature_K=293.0, **bare) / radiator_area(temperature_K=358.0, **bare)
    assert ratio == pytest.approx((358.0 / 293.0) ** 4, rel=1e-12)
    assert ratio == pytest.approx(2.2, abs=0.05)


def test_a_radiator_in_a_hot_place_is_nan() -> None:
    area = radiator_area(temperature_K=np.array([200.0, 330.0]), **{**RADIATOR, "open_frac": 0.3})
    assert np.isnan(area[0])
    assert area[1] > 0.0


def test_rack_practice_on_the_ladder() -> None:
    ladder = thermal_ladder(
        junction_temperature_K=273.15 + 88.0,
        chip_heat_W=1800.0,
        chip_thermal_resistance_K_W=0.024,
        radiator_drop_K=0.0,
    )
    assert ladder.coolant_temperature_K == pytest.approx(273.15 + 45.0, abs=0.5)


def test_infrared_is_absorbed_with_emissivity_and_light_with_absorptivity() -> None:
    q = absorbed_flux(
        emissivity_frac=np.array([0.9, 0.0]),
        infrared_W_m2=237.0,
        view_factor_frac=0.25,
        hot_flux_W_m2=500.0,
        hot_view_frac=0.1,
        absorptivity_frac=np.array([0.0, 0.1]),
        sunlight_W_m2=100.0,
        albedo_W_m2=400.0,
    )
    assert q == pytest.approx([0.9 * (237.0 * 0.25 + 50.0), 0.1 * (100.0 + 100.0)])


def test_a_mirror_is_pushed_twice() -> None:
    push = solar_pressure(
        distance_au=1.0,
        areal_mass_kg_m2=1.0,
        reflectivity_frac=np.array([0.0, 1.0]),
        solar_constant_W_m2=1361.0,
    )
    assert push.lightness_ratio[1] == pytest.approx(2.0 * push.lightness_ratio[0])
    assert push.lightness_ratio[1] == pytest.approx(1.53e-3, rel=2e-3)


def test_penalty_of_a_long_life_is_the_whole_exposure() -> None:
    assert lifetime_penalty(loss_rate_1_yr=1.0, life_yr=50.0) == pytest.approx(50.0)


def test_delivered_energy_over_penalty() -> None:
    rate, life, steps = 0.17, 9.0, 200_000
    times = (np.arange(steps) + 0.5) * life / steps
    alive = np.mean(np.exp(-rate * times))
    assert lifetime_penalty(loss_rate_1_yr=rate, life_yr=life) == pytest.approx(1.0 / alive)


def test_a_column_carries_its_own_weight() -> None:
    ratio = structure_ratio(
        structure_frac=0.1,
        launch_acceleration_m_s2=np.array([0.0, 1.0, 1e4]),
        packed_height_m=2.0,
        structure_density_kg_m3=2700.0,
        structure_stress_Pa=1e8,
        structure_knockdown_ratio=1.0,
    )
    assert ratio[0] == pytest.approx(0.1)
    assert ratio[1] - 0.1 == pytest.approx(2700.0 * 2.0 / 1e8, rel=1e-4)
    assert ratio[2] - 0.1 == pytest.approx(np.exp(0.54) - 1.0)


def test_the_gap_names_what_each_item_may_weigh() -> None:
    gap = announced_gap(
        announced_specific_power_W_kg=100.0,
        ledger_kg_kW={"array": np.array([4.0, 6.0]), "compute": 11.0},
    )
    assert gap.gap_kg_kW == pytest.approx([-5.0, -7.0])
    assert gap.left_kg_kW["array"] == pytest.approx([-1.0, -1.0])
    assert gap.left_kg_kW["compute"] == pytest.approx([6.0, 4.0])


def test_ai1_radiates_from_both_faces() -> None:
    sent = 2.0 * 0.9 * STEFAN_BOLTZMANN_W_m2_K4 * 340.0**4
    assert sent * 110.0 == pytest.approx(150e3, rel=0.01)
    ideal = {**RADIATOR, "heat_W": 150e3, "absorbed_W_m2": 0.0, "open_frac": 1.0, "flown_frac": 1.0}
    assert radiator_temperature(area_m2=110.0, **ideal) == pytest.approx(340.0, abs=1.0)
