"""Capacitor-fed induction stages against circuits that can be solved by other means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from moonbase.core.errors import DomainError
from moonbase.driver._rings import couple, cut_rings, flux_tables
from moonbase.driver.bank import ALUMINIUM, Stage
from moonbase.driver.coils import Coil, coil_inductance
from moonbase.driver.induction import induction_armature_heat, induction_energy
from moonbase.driver.loops import mutual_inductance, mutual_inductance_gradient
from moonbase.driver.stage import GunResult, StageResult, simulate_gun, simulate_stage

COIL = Coil(radius_inner_m=0.043, radius_outer_m=0.060, length_m=0.080, turns=77)
SLEEVE = Coil(radius_inner_m=0.026, radius_outer_m=0.041, length_m=0.080)
INSULATOR = replace(ALUMINIUM, resistivity_ohm_m=1e3)
GUN: dict[str, Any] = {
    "coil": COIL,
    "armature": SLEEVE,
    "capacitance_F": 2.8e-3,
    "voltage_V": 10e3,
    "mass_kg": 3.0,
    "start_position_m": 0.035,
    "wire_area_m2": 6e-6,
    "n_radial": 3,
    "n_axial": 12,
}


def fire(**changes: Any) -> StageResult:
    return simulate_stage(**{**GUN, **changes})


def test_a_coil_alone_rings_and_then_decays_through_its_crowbar() -> None:
    resistance = 0.1
    shot = fire(
        armature_material=INSULATOR,
        coil_resistance_ohm=resistance - 0.02,
        circuit_resistance_ohm=0.02,
        circuit_inductance_H=50e-6,
        heating=False,
    )
    inductance = coil_inductance(COIL) + 50e-6
    decay = resistance / (2.0 * inductance)
    pulsation = np.sqrt(1.0 / (inductance * GUN["capacitance_F"]) - decay**2)
    ringing = 10e3 / (pulsation * inductance) * np.exp(-decay * shot.time_s)
    ringing *= np.sin(pulsation * shot.time_s)
    clamp_s = (np.pi - np.arctan2(pulsation, decay)) / pulsation
    before = shot.time_s < clamp_s
    assert np.allclose(shot.coil_current_A[before], ringing[before], atol=1e-5 * ringing.max())
    at_clamp = 10e3 / (pulsation * inductance) * np.exp(-decay * clamp_s)
    at_clamp *= np.sin(pulsation * clamp_s)
    tail = at_clamp * np.exp(-resistance / inductance * (shot.time_s - clamp_s))
    assert np.allclose(shot.coil_current_A[~before], tail[~before], atol=1e-3 * ringing.max())
    assert shot.capacitor_voltage_V.min() == 0.0
    assert shot.ended == "currents faded"
    assert shot.audit_J["outer_circuit"] == pytest.approx(
        shot.audit_J["coil_windings"] / 4.0, rel=1e-9
    )


def test_a_thyristor_alone_stops_at_the_first_zero() -> None:
    shot = fire(armature_material=INSULATOR, switch="thyristor", heating=False)
    assert shot.coil_current_A.min() > -1e-3 * shot.peak_current_A
    assert shot.capacitor_voltage_V[-1] < -5e3
    left_J = 0.5 * GUN["capacitance_F"] * shot.capacitor_voltage_V[-1] ** 2
    assert shot.audit_J["left_in_capacitors"] == pytest.approx(left_J, rel=1e-9)


def test_one_ring_agrees_with_another_integrator() -> None:
    ring = Coil(radius_inner_m=0.037, radius_outer_m=0.041, length_m=0.006)
    inputs = {"armature": ring, "mass_kg": 0.05, "n_radial": 1, "n_axial": 1, "heating": False}
    shot = fire(**inputs, coil_resistance_ohm=0.07, capacitance_F=5e-3, end_position_m=0.06)
    rings = cut_rings(body=ring, n_radial=1, n_axial=1)
    tables = flux_tables(coils=[COIL], rings=rings, reach_m=1.0)
    ring_ohm = ALUMINIUM.resistivity_ohm_m * rings.turn_1_m[0]
    own = np.array([coil_inductance(COIL), rings.inductance_H()[0, 0]])

    def slope(_: float, y: np.ndarray) -> list[float]:
        mutual, gradient = np.empty(1), np.empty(1)
        couple(
            tables.coefficients_H[0],
            tables.scale_m[0],
            tables.half_m[0],
            y[0],
            rings.offset_m,
            mutual,
            gradient,
        )
        matrix = np.array([[own[0], mutual[0]], [mutual[0], own[1]]])
        volts = np.array([y[4] - 0.07 * y[2], -ring_ohm * y[3]])
        rates = np.linalg.solve(matrix, volts - y[1] * gradient[0] * y[3:1:-1])
        return [y[1], y[2] * y[3] * gradient[0] / 0.05, *rates, -y[2] / 5e-3]

    def leaves(_: float, y: np.ndarray) -> float:
        return float(y[0]) - 0.06

    leaves.terminal = True  # type: ignore[attr-defined]
    start = [0.035, 0.0, 0.0, 0.0, 10e3]
    peer = solve_ivp(slope, (0.0, 0.1), start, events=leaves, rtol=1e-9, atol=1e-9)
    assert shot.capacitor_voltage_V[-1] > 0.0
    assert shot.exit_speed_m_s == pytest.approx(peer.y[1, -1], rel=1e-4)
    assert shot.time_s[-1] == pytest.approx(peer.t[-1], rel=1e-4)


def test_a_mirrored_start_throws_the_other_way() -> None:
    forth, back = fire(), fire(start_position_m=-0.035)
    assert back.exit_speed_m_s == pytest.approx(-forth.exit_speed_m_s, rel=1e-9)
    assert back.efficiency_frac == pytest.approx(forth.efficiency_frac, rel=1e-9)


def test_heat_slows_the_shot_and_ends_where_it_was_spent() -> None:
    warm, cold = fire(), fire(heating=False)
    assert 0.94 < warm.exit_speed_m_s / cold.exit_speed_m_s < 0.99
    assert warm.armature_temperature_rise_K == pytest.approx(
        warm.ring_temperature_rise_K.max(), rel=1e-12
    )
    assert warm.ring_temperature_rise_K.shape == (3, 12, len(warm.time_s))
    gained_J = 0.5 * 3.0 * warm.exit_speed_m_s**2
    assert warm.kinetic_energy_gain_J == pytest.approx(gained_J, rel=1e-12)
    spent_J = sum(value for key, value in warm.audit_J.items() if key != "stored")
    assert spent_J == pytest.approx(0.5 * 2.8e-3 * 1e8, rel=1e-6)


def test_force_is_the_rate_of_momentum() -> None:
    shot = fire()
    impulse = np.trapezoid(shot.force_N, shot.time_s)
    assert impulse == pytest.approx(3.0 * shot.exit_speed_m_s, rel=1e-3)


def stages_at(*positions_m: float, **changes: Any) -> list[Stage]:
    return [
        Stage(
            coil=replace(COIL, position_m=x),
            capacitance_F=2.8e-3,
            voltage_V=10e3,
            wire_area_m2=6e-6,
            trigger_position_m=x + 0.035,
            **changes,
        )
        for x in positions_m
    ]


def shoot(stages: list[Stage], **changes: Any) -> GunResult:
    body = replace(SLEEVE, position_m=stages[0].coil.position_m + 0.035)
    inputs = {"armature": body, "mass_kg": 3.0, "n_radial": 3, "n_axial": 12, **changes}
    return simulate_gun(stages=stages, **inputs)


def test_a_gun_of_one_stage_is_a_stage() -> None:
    gun, stage = shoot(stages_at(5.0)), fire()
    assert gun.exit_speed_m_s == pytest.approx(stage.exit_speed_m_s, rel=1e-9)
    assert gun.stage_speed_m_s[0] == gun.exit_speed_m_s
    assert gun.stage_efficiency_frac[0] == pytest.approx(stage.efficiency_frac, rel=1e-9)
    assert np.allclose(gun.position_m - 5.0, stage.position_m, atol=1e-9)
    assert np.allclose(gun.coil_current_A[0], stage.coil_current_A, atol=1e-4)


def test_stages_fire_in_turn_and_add_up() -> None:
    gun = shoot(stages_at(0.0, 0.15, 0.30))
    assert np.all(np.diff(gun.stage_speed_m_s) > 0.0)
    waiting = gun.position_m < 0.15 + 0.035 - 1e-6
    assert np.all(gun.coil_current_A[1][waiting] == 0.0)
    assert np.all(gun.capacitor_voltage_V[1][waiting] == 10e3)
    gained_J = 0.5 * 3.0 * np.diff(gun.stage_speed_m_s**2, prepend=0.0)
    assert np.allclose(gun.stage_efficiency_frac, gained_J / 140e3)
    assert gun.efficiency_frac == pytest.approx(gun.stage_efficiency_frac.mean(), rel=1e-12)
    assert abs(gun.audit_error_frac) < 1e-5


def test_halves_of_a_coil_make_the_whole() -> None:
    bank: dict[str, Any] = {"coil_resistance_ohm": 0.036, "capacitance_F": 5.6e-3}
    half = Coil(radius_inner_m=0.043, radius_outer_m=0.060, length_m=0.040, turns=38.5)
    halves = [Stage(coil=replace(half, position_m=x), voltage_V=5e3, **bank) for x in (-0.02, 0.02)]
    inputs: dict[str, Any] = {"mass_kg": 3.0, "n_radial": 3, "n_axial": 12, "heating": False}
    gun = simulate_gun(stages=halves, armature=SLEEVE, **inputs)
    whole = fire(coil_resistance_ohm=0.072, start_position_m=0.0, heating=False)
    assert np.allclose(gun.peak_current_A, whole.peak_current_A, rtol=1e-6)


def test_a_stage_far_away_is_reached_by_coasting() -> None:
    gun = shoot(stages_at(0.0, 40.0))
    assert gun.stage_speed_m_s[1] > 1.05 * gun.stage_speed_m_s[0]
    late = Stage(coil=COIL, capacitance_F=1e-3, voltage_V=1e3, trigger_time_s=0.25)
    timed = simulate_gun(
        stages=[late], armature=SLEEVE, start_position_m=0.035, mass_kg=3.0, n_radial=2, n_axial=6
    )
    assert timed.time_s[-1] > 0.25
    assert timed.exit_speed_m_s > 0.0


def test_a_flat_coil_throws_a_disc_off_its_face() -> None:
    flat = Coil(radius_inner_m=0.01, radius_outer_m=0.06, length_m=0.01, turns=40)
    disc = Coil(radius_inner_m=0.0, radius_outer_m=0.06, length_m=0.004, position_m=0.009)
    inputs: dict[str, Any] = {"mass_kg": 0.2, "start_position_m": None, "n_axial": 2}
    shot = fire(coil=flat, armature=disc, voltage_V=3e3, **inputs)
    assert shot.exit_speed_m_s > 10.0
    assert abs(shot.audit_error_frac) < 1e-4
    with pytest.raises(DomainError, match="overlaps a coil"):
        fire(coil=flat, armature=disc, **{**inputs, "start_position_m": 0.006})


def test_resistance_comes_from_wire_or_fill() -> None:
    wire_m = np.pi * (0.043 + 0.060) * 77
    section_m2 = 0.017 * 0.080
    by_wire = fire()
    by_ohm = fire(coil_resistance_ohm=1.75e-8 * wire_m / 6e-6, wire_area_m2=None)
    by_fill = fire(fill_frac=6e-6 * 77 / section_m2, wire_area_m2=None)
    for other in (by_ohm, by_fill):
        assert other.exit_speed_m_s == pytest.approx(by_wire.exit_speed_m_s, rel=1e-9)
        assert other.coil_temperature_rise_K == pytest.approx(
            by_wire.coil_temperature_rise_K, rel=1e-6
        )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"capacitance_F": 0.0}, "capacitance_F"),
        ({"voltage_V": -1.0}, "voltage_V"),
        ({"mass_kg": float("nan")}, "mass_kg"),
        ({"wire_area_m2": -6e-6}, "wire_area_m2"),
        ({"circuit_resistance_ohm": -1.0}, "circuit_resistance_ohm"),
        ({"switch": "fuse"}, "switch"),
        ({"n_axial": 0}, "n_axial"),
        ({"armature": replace(SLEEVE, length_m=0.0)}, "armature"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as error:
        fire(**changes)
    assert path in error.value.path


def test_bad_stages_are_named() -> None:
    with pytest.raises(DomainError, match="order"):
        shoot(stages_at(0.15, 0.0))
    with pytest.raises(DomainError, match="order"):
        simulate_gun(stages=[], armature=SLEEVE, mass_kg=1.0)
    with pytest.raises(DomainError, match="two triggers"):
        shoot(stages_at(0.0, trigger_time_s=0.1))


def test_tables_and_rings_agree_with_loops() -> None:
    rings = cut_rings(body=SLEEVE, n_radial=2, n_axial=3)
    tables = flux_tables(coils=[COIL], rings=rings, reach_m=1.0)
    mutual, gradient = np.empty(6), np.empty(6)
    couple(
        tables.coefficients_H[0],
        tables.scale_m[0],
        tables.half_m[0],
        0.05,
        rings.offset_m,
        mutual,
        gradient,
    )
    across, weight_r = np.polynomial.legendre.leggauss(16)
    along, weight_x = np.polynomial.legendre.leggauss(80)
    weights = 77.0 / 4.0 * weight_r[:, None] * weight_x
    n = 0
    for radius_m in rings.radius_m:
        for offset_m in rings.offset_m:
            pair = {
                "radius_1_m": (0.0515 + 0.0085 * across)[:, None],
                "radius_2_m": radius_m,
                "offset_m": 0.05 + offset_m - 0.04 * along,
            }
            assert mutual[n] == pytest.approx(np.sum(weights * mutual_inductance(**pair)), rel=1e-7)
            slope = np.sum(weights * mutual_inductance_gradient(**pair))
            assert gradient[n] == pytest.approx(slope, rel=1e-5)
            n += 1
    matrix = rings.inductance_H()
    assert np.all(np.linalg.eigvalsh(matrix) > 0.0)
    ones = np.full(6, 1.0 / 6.0)
    assert ones @ matrix @ ones == pytest.approx(coil_inductance(SLEEVE), rel=0.01)


def test_closed_forms() -> None:
    shot = induction_energy(
        capacitance_F=np.array([0.018, np.nan]),
        voltage_V=16e3,
        n_stages=3,
        mass_kg=20.0,
        muzzle_speed_m_s=321.56,
        charging_power_W=1e5,
        charging_efficiency_frac=0.9,
    )
    assert shot.recharge_time_s[0] == pytest.approx(6.912e6 / 9e4)
    assert np.isnan(shot.efficiency_frac[1])
    mass, field, start, end = 2.0, 50.0, 10.0, 40.0
    gained = 0.5 * mass * (end**2 - start**2)
    slip = 1.0 - 0.5 * (start + end) / field
    heat = mass * field * (end - start) - gained
    assert induction_armature_heat(kinetic_energy_J=gained, slip_frac=slip) == pytest.approx(heat)
    with pytest.raises(DomainError):
        induction_armature_heat(kinetic_energy_J=1.0, slip_frac=1.5)
