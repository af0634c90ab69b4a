"""Sheets, ladders, skin depth and windings in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.core.errors import DomainError
from moonbase.driver.eddy import (
    ac_resistance_ratio,
    ladder_forces,
    sheet_drag_ratio,
    sheet_forces,
    skin_depth,
)

SHEET = {"conductivity_S_m": 3.5e7, "pole_pitch_m": 1.0}


def test_thin_and_skin_limited_sheets_reach_their_limits() -> None:
    thin = sheet_forces(thickness_m=1e-5, speed_m_s=np.array([100.0, 2500.0]), **SHEET)
    assert np.allclose(thin.drag_ratio, thin.thin_drag_ratio, rtol=1e-3)
    thick = sheet_forces(thickness_m=0.1, speed_m_s=1e5, **SHEET)
    assert thick.drag_ratio == pytest.approx(float(thick.skin_drag_ratio), rel=1e-3)
    middle = sheet_forces(thickness_m=0.02, speed_m_s=2500.0, **SHEET)
    assert middle.drag_ratio > 8.0 * middle.thin_drag_ratio


def test_lift_rises_to_the_image_force_and_drag_has_one_peak() -> None:
    speed = np.geomspace(1e-2, 1e7, 400)
    forces = sheet_forces(thickness_m=1e-3, speed_m_s=speed, **SHEET)
    assert np.all(np.diff(forces.lift_frac) > 0.0)
    assert forces.lift_frac[-1] == pytest.approx(1.0, abs=1e-3)
    turns = np.count_nonzero(np.diff(np.sign(np.diff(forces.drag_frac))))
    assert turns == 1
    assert forces.drag_frac.max() == pytest.approx(0.5, abs=2e-3)


def test_a_sheet_at_rest_only_drags() -> None:
    ratio = sheet_drag_ratio(
        thickness_m=0.02, speed_m_s=np.array([0.0, 1e-9, np.nan, 1.0]), **SHEET
    )
    assert math.isinf(ratio[0])
    assert ratio[1] > 1e8
    assert np.isnan(ratio[2])
    assert ratio[3] == pytest.approx(2.27, rel=0.05)
    with pytest.raises(DomainError):
        sheet_drag_ratio(thickness_m=-0.02, speed_m_s=1.0, **SHEET)


def test_skin_depth() -> None:
    depth = skin_depth(conductivity_S_m=5.8e7, frequency_Hz=np.array([50.0, 0.0]))
    pulsation = 2.0 * math.pi * 50.0
    assert depth[0] == pytest.approx(math.sqrt(2.0 / (MAGNETIC_CONSTANT_H_m * 5.8e7 * pulsation)))
    assert math.isinf(depth[1])


def test_a_ladder_turns_its_drag_into_heat() -> None:
    speed, pitch, inductance, resistance = 30.0, 0.1, 2e-6, 3e-4
    forces = ladder_forces(
        field_T=0.8,
        width_m=0.4,
        pole_pitch_m=pitch,
        gap_m=0.03,
        speed_m_s=speed,
        circuit_inductance_H=inductance,
        circuit_resistance_ohm=resistance,
    )
    k = math.pi / pitch
    flux = 0.8 * 0.4 / k * math.exp(-k * 0.03)
    current = k * speed * flux / math.hypot(resistance, k * speed * inductance)
    assert forces.drag_N * speed == pytest.approx(0.5 * resistance * current**2)
    assert forces.drag_N / forces.lift_N == pytest.approx(float(forces.drag_ratio))
    assert forces.drag_ratio == pytest.approx(forces.transition_speed_m_s / speed)


def dowell(xi: np.ndarray, layers: float) -> np.ndarray:
    skin = (np.sinh(2 * xi) + np.sin(2 * xi)) / (np.cosh(2 * xi) - np.cos(2 * xi))
    near = (np.sinh(xi) - np.sin(xi)) / (np.cosh(xi) + np.cos(xi))
    return xi * (skin + 2.0 / 3.0 * (layers**2 - 1.0) * near)


@pytest.mark.parametrize("layers", [1.0, 2.5, 10.0])
def test_windings_follow_dowell_and_its_limits(layers: float) -> None:
    xi = np.array([0.2, 0.2999, 0.3001, 1.0, 5.0, 50.0])
    ratio = ac_resistance_ratio(layer_height_m=xi, skin_depth_m=1.0, n_layers=layers)
    assert np.allclose(ratio, dowell(xi, layers), rtol=1e-11)
    small = np.array([0.01, 0.03])
    excess = ac_resistance_ratio(layer_height_m=small, skin_depth_m=1.0, n_layers=layers) - 1.0
    assert np.allclose(excess, (5.0 * layers**2 - 1.0) * small**4 / 45.0, rtol=1e-3)
    large = ac_resistance_ratio(layer_height_m=1e4, skin_depth_m=1.0, n_layers=layers)
    assert large == pytest.approx(1e4 * (1.0 + 2.0 / 3.0 * (layers**2 - 1.0)))
    still = ac_resistance_ratio(layer_height_m=1e-3, skin_depth_m=np.inf, n_layers=layers)
    assert still == pytest.approx(1.0, abs=1e-6)
