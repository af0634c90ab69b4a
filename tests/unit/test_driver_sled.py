"""Superconducting coils on their load line, mass and drag of a sled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from driver_line_fixture import specs

from moonbase.core.constants import GM_MOON_m3_s2, MAGNETIC_CONSTANT_H_m, MOON_RADIUS_m
from moonbase.core.errors import DomainError
from moonbase.driver.eddy import sheet_drag_ratio
from moonbase.driver.sled import SledCoil, sled_drag, sled_length, sled_mass, superconducting_coil

HTS: dict[str, float] = {
    "radius_m": 0.75,
    "current_A": 1e6,
    "critical_density_A_m2": 4.3e8,
    "reference_field_T": 6.0,
    "field_exponent_ratio": 0.6,
    "load_margin_frac": 0.3,
    "conductor_kg_m3": 8000.0,
}
SLED: dict[str, float] = {
    "coil_kg": 126.0,
    "n_poles": 4.0,
    "cryostat_ratio": 0.3,
    "payload_kg": 1000.0,
    "acceleration_m_s2": 980.665,
    "sled_length_m": 3.5,
    "frame_strength_J_kg": 5.6e4,
    "frame_margin_ratio": 4.0,
}


def coil(**changes: Any) -> SledCoil:
    return superconducting_coil(**{**HTS, **changes})


@pytest.mark.parametrize("current", [1e5, 7e5, 3e6])
@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.5])
def test_the_working_point_lies_on_the_load_line(current: float, alpha: float) -> None:
    cold = coil(current_A=current, field_exponent_ratio=alpha)
    critical = 4.3e8 * (6.0 / cold.surface_field_T) ** alpha
    assert cold.current_density_A_m2 == pytest.approx(0.7 * critical)
    area = np.pi * cold.section_radius_m**2
    assert area * cold.current_density_A_m2 == pytest.approx(current)
    field = MAGNETIC_CONSTANT_H_m * current / (2.0 * np.pi * cold.section_radius_m)
    assert cold.surface_field_T == pytest.approx(field)
    assert cold.mass_kg == pytest.approx(8000.0 * area * 2.0 * np.pi * 0.75)


def test_stress_is_the_derivative_of_the_stored_energy() -> None:
    """Work of growing by dr at constant flux: hoop force is half I^2 dL/dr over 2 pi r."""
    cold = coil(current_A=1e6)
    section, step = cold.section_radius_m, 1e-5

    def inductance(radius: float) -> float:
        return float(MAGNETIC_CONSTANT_H_m * radius * (np.log(8.0 * radius / section) - 1.75))

    slope = (inductance(0.75 + step) - inductance(0.75 - step)) / (2.0 * step)
    tension = 0.5 * 1e12 * slope / (2.0 * np.pi)
    stress = tension / (np.pi * section**2)
    assert cold.hoop_stress_Pa == pytest.approx(stress, rel=1e-6)
    assert cold.stored_energy_J == pytest.approx(0.5e12 * inductance(0.75))


def test_margin_costs_conductor() -> None:
    assert coil(load_margin_frac=0.5).mass_kg > coil(load_margin_frac=0.1).mass_kg


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("radius_m", 0.0),
        ("current_A", -1.0),
        ("critical_density_A_m2", 0.0),
        ("reference_field_T", np.nan),
        ("field_exponent_ratio", -0.1),
        ("load_margin_frac", 1.0),
        ("load_margin_frac", -0.1),
        ("conductor_kg_m3", 0.0),
    ],
)
def test_bad_input_of_a_coil_is_named(name: str, bad: float) -> None:
    with pytest.raises(DomainError, match=name):
        coil(**{name: bad})


def test_mass_is_coils_and_frame() -> None:
    assert sled_mass(**{**SLED, "frame_margin_ratio": 0.0}) == pytest.approx(4.0 * 126.0 * 1.3)
    frame = sled_mass(**SLED) - 4.0 * 126.0 * 1.3
    assert frame == pytest.approx(4.0 * 1000.0 * 980.665 * 3.5 / 5.6e4)


@pytest.mark.parametrize("name", ["frame_strength_J_kg", "cryostat_ratio", "frame_margin_ratio"])
def test_bad_input_of_a_mass_is_named(name: str) -> None:
    with pytest.raises(DomainError, match=name):
        sled_mass(**{**SLED, name: -1.0})


def test_drag_is_hold_down_times_drag_over_lift() -> None:
    spec, sheet = specs()["sled"], specs()["coil"]
    hold_down = 2500.0**2 / MOON_RADIUS_m - GM_MOON_m3_s2 / MOON_RADIUS_m**2
    ratio = sheet_drag_ratio(
        conductivity_S_m=3.5e7, thickness_m=0.02, pole_pitch_m=1.0, speed_m_s=2500.0
    )
    drag = sled_drag(spec=spec, sheet=sheet, speed_m_s=2500.0)
    assert drag == pytest.approx(hold_down * ratio)
    slow = sled_drag(spec=spec, sheet=sheet, speed_m_s=1e-3)
    assert slow == pytest.approx(GM_MOON_m3_s2 / MOON_RADIUS_m**2)
    circular = np.sqrt(GM_MOON_m3_s2 / MOON_RADIUS_m)
    assert sled_drag(spec=spec, sheet=sheet, speed_m_s=circular) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", ["guide_sheet_m", "guide_sheet_S_m"])
def test_a_sheet_must_be_one(name: str) -> None:
    given = specs(**{name: 0.0})
    with pytest.raises(DomainError, match=name):
        sled_drag(spec=given["sled"], sheet=given["coil"], speed_m_s=100.0)


def test_length_of_the_frame() -> None:
    assert sled_length(specs(n_poles=6, pole_pitch_m=0.8)["sled"]) == pytest.approx(5.5 * 0.8)
