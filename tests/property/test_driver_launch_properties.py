"""What holds for any line and any launch."""

from __future__ import annotations

import numpy as np
import pytest
from driver_line_fixture import build
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.driver import Faults, one_draw, simulate_launch

LINES = st.fixed_dictionaries(
    {
        "payload_kg": st.floats(100.0, 3000.0),
        "muzzle_speed_m_s": st.floats(150.0, 400.0),
        "acceleration_m_s2": st.floats(400.0, 3000.0),
        "deceleration_m_s2": st.floats(800.0, 6000.0),
        "sled_coil_radius_m": st.floats(0.5, 0.9),
        "n_poles": st.integers(1, 6),
        "pole_pitch_m": st.floats(0.7, 1.2),
        "coil_pitch_m": st.floats(0.26, 0.5),
        "drive_coil_width_m": st.floats(0.02, 0.1),
        "loading_ratio": st.floats(0.08, 0.25),
        "terminal_voltage_V": st.floats(5e3, 5e4),
        "conductor_resistivity_ohm_m": st.floats(5e-9, 3e-8),
    }
)
SMALL = st.floats(-0.03, 0.03)


@settings(max_examples=25, deadline=None)
@given(LINES, st.booleans(), SMALL, SMALL)
def test_energy_is_accounted_for(
    line: dict[str, float], flux_conserving: bool, scale: float, payload: float
) -> None:
    shot = simulate_launch(
        design=build(**line),
        flux_conserving=flux_conserving,
        faults=Faults(thrust_scale_frac=scale, payload_frac=payload),
    )
    assert shot.audit_error_frac <= 2e-3
    taken, given_back = sum(shot.energy_in_J.values()), sum(shot.energy_out_J.values())
    assert abs(taken - given_back) == pytest.approx(shot.audit_error_frac * taken)
    losses = ("copper", "feeder", "devices", "drag", "field_dropped")
    assert min(shot.energy_out_J[name] for name in losses) >= 0.0
    mass = line["payload_kg"] * (1.0 + payload)
    assert shot.energy_out_J["payload"] == pytest.approx(0.5 * mass * shot.muzzle_speed_m_s**2)


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_a_design_keeps_its_books(line: dict[str, float]) -> None:
    design = one_draw(build(**line), 0)
    assert 0.0 < design.efficiency_frac <= 1.0
    assert 0.0 <= design.regeneration_frac <= 1.0
    assert design.force_N == pytest.approx(
        (design.payload_kg + design.sled_kg) * line["acceleration_m_s2"]
    )
    for track in (design.track, design.brake):
        assert np.all(track.voltage_V <= 0.7 * line["terminal_voltage_V"] * (1.0 + 1e-12))
        assert np.all(np.diff(track.n_turns) <= 0.0)
        assert np.all(track.resistance_ratio >= 1.0 - 1e-12)


@settings(max_examples=15, deadline=None)
@given(LINES, st.floats(1.05, 2.0))
def test_more_force_needs_more_of_everything_but_length(
    line: dict[str, float], more: float
) -> None:
    soft = build(**line)
    hard = build(**{**line, "acceleration_m_s2": more * line["acceleration_m_s2"]})
    assert hard.sled_kg[0] > soft.sled_kg[0]
    assert hard.sled_coil_current_A[0] > soft.sled_coil_current_A[0]
    assert hard.window.peak_voltage_V_s_m[0] > soft.window.peak_voltage_V_s_m[0]
    assert hard.length_m[0] < soft.length_m[0]
    assert hard.track.winding_kg[0] < soft.track.winding_kg[0]
