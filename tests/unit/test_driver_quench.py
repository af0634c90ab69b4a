"""Quench gun: sizing by energy, audit, weak sleds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from driver_line_fixture import specs

from moonbase.core.errors import DomainError
from moonbase.driver import QuenchGun, design_quench_gun, simulate_launch
from moonbase.driver.window import coil_inductances, coil_pair

GUN: dict[str, Any] = {
    "payload_kg": 1000.0,
    "muzzle_speed_m_s": 400.0,
    "acceleration_m_s2": 980.665,
    "sled": specs()["sled"],
    "coil": specs()["coil"],
}


def gun(**changes: Any) -> QuenchGun:
    return design_quench_gun(**{**GUN, **changes})


def test_rings_hold_the_energy_of_the_shot() -> None:
    design = gun()
    kinetic = 0.5 * (design.payload_kg + design.sled_kg) * 400.0**2
    assert design.stored_J == pytest.approx(kinetic, rel=design.ring_pitch_m / 80.0)
    per_metre = design.stored_J / design.n_rings / design.ring_pitch_m
    moving = design.payload_kg + design.sled_kg
    assert per_metre == pytest.approx(moving * 980.665)


def test_sled_outdoes_the_flux_of_a_ring() -> None:
    design = gun(sled_margin_ratio=1.5)
    size = (design.ring_radius_m, design.ring_width_m, design.ring_length_m)
    row = coil_inductances(*size, design.ring_pitch_m, 36)
    flux = design.ring_current_A * (row[0] + 2.0 * row[1:].sum())
    linked = design.sled_current_A * coil_pair(design.sled_coil_radius_m, *size, 0.0)[0]
    assert linked == pytest.approx(1.5 * flux)


@pytest.mark.parametrize("margin", [0.8, 1.0, 1.3, 2.0])
def test_speed_is_reached_in_the_length(margin: float) -> None:
    design = gun(sled_margin_ratio=margin)
    shot = simulate_launch(design=design)
    assert shot.muzzle_speed_m_s == pytest.approx(400.0, rel=2e-3)
    assert shot.position_m[-1] == pytest.approx(400.0**2 / (2.0 * 980.665), rel=0.01)
    assert shot.energy_out_J["quenched"] < 5e-3 * design.stored_J
    assert shot.audit_error_frac < 2e-3
    assert np.median(shot.force_N) == pytest.approx(
        (design.payload_kg + design.sled_kg) * 980.665, rel=0.05
    )


def test_rings_open_near_zero_current() -> None:
    design = gun()
    shot = simulate_launch(design=design)
    assert np.abs(shot.coil_current_A).max() < 0.2 * design.ring_current_A
    assert shot.topology == "quench"
    assert shot.coil_position_m.size <= design.n_rings


def test_a_weak_sled_burns_the_rings() -> None:
    design = gun(sled_margin_ratio=0.4)
    shot = simulate_launch(design=design)
    assert shot.speed_error_m_s < -50.0
    assert shot.energy_out_J["quenched"] > 0.2 * design.stored_J
    assert shot.audit_error_frac < 2e-3


def test_a_sled_too_weak_to_start_is_an_error() -> None:
    with pytest.raises(DomainError, match="turns back"):
        simulate_launch(design=gun(sled_margin_ratio=0.1))


@pytest.mark.parametrize(
    "name", ["payload_kg", "muzzle_speed_m_s", "acceleration_m_s2", "sled_margin_ratio"]
)
def test_bad_numbers_are_named(name: str) -> None:
    for bad in (0.0, -1.0, np.nan, np.array([1.0, 2.0])):
        with pytest.raises(DomainError) as caught:
            gun(**{name: bad})
        assert caught.value.path == name


@pytest.mark.parametrize("name", ["gap_m", "drive_coil_width_m", "coil_pitch_m"])
def test_bad_numbers_of_the_coils_are_named(name: str) -> None:
    for bad in (0.0, np.array([0.1, 0.2])):
        with pytest.raises(DomainError, match=name):
            gun(coil=replace(GUN["coil"], **{name: bad}))
