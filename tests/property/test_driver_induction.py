"""What holds for any induction stage: energy closes, and one path serves one stage and many."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.driver.bank import Stage
from moonbase.driver.coils import Coil
from moonbase.driver.stage import simulate_gun, simulate_stage

SHAPE = st.floats(0.2, 3.0)
ENERGY = st.floats(3.0, 6.5)


@settings(max_examples=20, deadline=None)
@given(
    radius=st.floats(0.02, 0.8),
    thickness=st.floats(0.1, 0.8),
    wall=st.floats(0.1, 0.9),
    clearance=st.floats(0.01, 0.2),
    coil_length=SHAPE,
    body_length=SHAPE,
    turns=st.integers(2, 150),
    log_energy_J=ENERGY,
    voltage=st.floats(500.0, 2e4),
    ballast=st.floats(1.0, 5.0),
    start=st.floats(-0.9, 0.9),
    speed=st.sampled_from([0.0, 5.0, 200.0]),
    switch=st.sampled_from(["crowbar", "thyristor"]),
)
def test_every_shot_closes_its_audit(
    radius: float,
    thickness: float,
    wall: float,
    clearance: float,
    coil_length: float,
    body_length: float,
    turns: int,
    log_energy_J: float,
    voltage: float,
    ballast: float,
    start: float,
    speed: float,
    switch: str,
) -> None:
    outer = radius * (1.0 - clearance)
    coil = Coil(
        radius_inner_m=radius,
        radius_outer_m=radius * (1.0 + thickness),
        length_m=radius * coil_length,
        turns=turns,
    )
    body = Coil(
        radius_inner_m=outer * (1.0 - wall), radius_outer_m=outer, length_m=radius * body_length
    )
    metal_kg = 2700.0 * math.pi * (outer**2 - body.radius_inner_m**2) * body.length_m
    bank: dict[str, Any] = {
        "capacitance_F": 2.0 * 10.0**log_energy_J / voltage**2,
        "voltage_V": voltage,
        "circuit_resistance_ohm": 1e-3,
        "switch": switch,
    }
    shot: dict[str, Any] = {
        "armature": body,
        "mass_kg": metal_kg * ballast,
        "start_position_m": 0.5 * start * radius * (coil_length + body_length),
        "initial_speed_m_s": speed,
        "n_radial": 2,
        "n_axial": 6,
    }
    stage = simulate_stage(coil=coil, **bank, **shot)
    assert abs(stage.audit_error_frac) < 2e-3
    assert stage.audit_J["armature"] >= 0.0
    assert stage.efficiency_frac < 1.0
    gun = simulate_gun(stages=[Stage(coil=coil, **bank)], **shot)
    assert gun.exit_speed_m_s == stage.exit_speed_m_s
