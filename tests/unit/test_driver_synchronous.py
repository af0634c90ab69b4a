"""A launch coil by coil: the closed form as its limit, losses, faults, controller, limits."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from driver_line_fixture import NO_LOSS, build

from moonbase.core.errors import DomainError
from moonbase.driver import DriverDesign, Faults, Launch, one_draw, simulate_launch, size_driver
from moonbase.driver.launch import Coilgun
from moonbase.driver.synchronous import simulate_synchronous

SHORT: dict[str, Any] = {"muzzle_speed_m_s": 300.0}
DESIGN = build(**SHORT)
IDEAL = build(**SHORT, **NO_LOSS)
OPEN: dict[str, Any] = {"control_time_s": np.inf, "flux_conserving": False}


def fly(design: DriverDesign = DESIGN, **options: Any) -> Launch:
    return simulate_launch(design=design, **options)


def weak(volt: float) -> DriverDesign:
    return replace(DESIGN, drive=replace(DESIGN.drive, terminal_voltage_V=volt))


def test_closed_form_is_the_limit() -> None:
    """But for the field that the window's coils hold at release: 0.02 % of the energy."""
    fast = build(muzzle_speed_m_s=900.0, **NO_LOSS)
    sled_kg = float(fast.sled_kg[0])
    size = size_driver(
        payload_kg=1000.0,
        sled_kg=sled_kg,
        muzzle_speed_m_s=900.0,
        acceleration_m_s2=980.665,
        deceleration_m_s2=2942.0,
        wall_plug_efficiency_frac=1.0,
        regeneration_frac=1.0,
        cadence_s=30.0,
        duty_frac=1.0,
        sled_loop_s=60.0,
        electric_peak_ratio=1.0,
        storage_margin_ratio=1.0,
        radiator_temperature_K=400.0,
        radiator_emissivity_frac=0.9,
        sink_temperature_K=0.0,
        anchor_friction_ratio=0.5,
    )
    shot = fly(fast, **OPEN)
    before = shot.time_s < shot.release_time_s
    released_m = np.interp(shot.release_time_s, shot.time_s, shot.position_m)
    assert released_m == pytest.approx(size.length_m, rel=1e-6)
    assert shot.release_time_s == pytest.approx(size.launch_time_s, rel=5e-4)
    assert shot.muzzle_speed_m_s == pytest.approx(900.0, rel=1e-4)
    assert np.median(shot.force_N[before]) == pytest.approx(size.force_N, rel=1e-4)
    kinetic = 0.5 * (1000.0 + sled_kg) * shot.muzzle_speed_m_s**2
    assert kinetic == pytest.approx(size.kinetic_energy_J, rel=2e-4)
    assert shot.energy_in_J["bus_launch"] == pytest.approx(kinetic, rel=3e-4)
    net = shot.energy_in_J["bus_launch"] - shot.energy_out_J["bus_returned"]
    assert net == pytest.approx(size.energy_per_launch_J, rel=1e-3)


def test_limit_holds_with_persistent_currents_too() -> None:
    shot = fly(build(muzzle_speed_m_s=900.0, **NO_LOSS))
    net = shot.energy_in_J["bus_launch"] - shot.energy_out_J["bus_returned"]
    assert net == pytest.approx(shot.energy_out_J["payload"], rel=1e-3)
    assert shot.audit_error_frac < 1e-3


@pytest.mark.parametrize("flux_conserving", [True, False])
def test_losses_are_those_of_the_section_design(flux_conserving: bool) -> None:
    design = build(muzzle_speed_m_s=900.0)
    shot = fly(design, flux_conserving=flux_conserving)
    planned = {
        name: float(design.launch_J[name][0] + design.brake_J[name][0])
        for name in ("copper", "devices", "feeder", "drag")
    }
    out = shot.energy_out_J
    near = 0.10 if flux_conserving else 0.03
    assert out["copper"] == pytest.approx(planned["copper"], rel=near)
    assert out["devices"] == pytest.approx(planned["devices"], rel=near)
    assert out["feeder"] == pytest.approx(planned["feeder"], rel=0.15)
    assert out["drag"] == pytest.approx(planned["drag"], rel=0.25)


def test_braking_returns_what_the_section_design_says() -> None:
    design = build(muzzle_speed_m_s=900.0)
    shot = fly(design, flux_conserving=False)
    sled = 0.5 * float(design.sled_kg[0]) * shot.muzzle_speed_m_s**2
    returned = shot.energy_out_J["bus_returned"] / sled
    assert returned == pytest.approx(float(design.regeneration_frac[0]), abs=0.01)
    efficiency = (sled + shot.energy_out_J["payload"]) / shot.energy_in_J["bus_launch"]
    assert efficiency == pytest.approx(float(design.efficiency_frac[0]), abs=0.01)


def test_currents_voltages_and_heat_are_those_of_the_section_design() -> None:
    design = build(muzzle_speed_m_s=900.0)
    shot, line = fly(design, flux_conserving=False), one_draw(design, 0)
    middle = (shot.coil_position_m > 20.0) & (shot.coil_position_m < line.length_m - 5.0)
    section = np.searchsorted(line.track.position_m, shot.coil_position_m[middle])
    current = shot.coil_current_A[middle] / line.track.current_A[section]
    assert np.all((current > 0.95) & (current < 1.08))
    assert shot.coil_voltage_V[middle].max() <= 4e4
    warmed = shot.coil_temperature_rise_K[middle] / line.track.temperature_rise_K[section]
    assert warmed.mean() == pytest.approx(1.0, rel=0.05)


def test_finer_steps_converge() -> None:
    shots = {steps: fly(steps_per_pitch=steps) for steps in (20, 40, 80, 160)}
    audits = [shot.audit_error_frac for shot in shots.values()]
    assert audits[0] < 1e-3
    assert all(fine < 0.4 * coarse for coarse, fine in pairwise(audits))
    exact = shots[160]
    errors = [abs(shots[n].muzzle_speed_m_s - exact.muzzle_speed_m_s) for n in (20, 40, 80)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-3
    assert shots[40].energy_out_J["copper"] == pytest.approx(exact.energy_out_J["copper"], rel=5e-3)


def test_an_open_loop_carries_the_error_of_the_thrust() -> None:
    perfect = fly(IDEAL, **OPEN).muzzle_speed_m_s
    for scale in (-0.01, 0.01):
        shot = fly(IDEAL, faults=Faults(thrust_scale_frac=scale), **OPEN)
        change = shot.muzzle_speed_m_s - perfect
        assert change == pytest.approx(300.0 * (np.sqrt(1.0 + scale) - 1.0), rel=5e-3)


@pytest.mark.parametrize(
    ("faults", "change_frac"),
    [
        (Faults(sled_current_frac=0.01), 0.005),
        (Faults(coil_gain_frac=-0.01), -0.005),
        (Faults(payload_frac=0.02), -0.01 * 1000.0 / (1000.0 + float(IDEAL.sled_kg[0]))),
    ],
)
def test_other_errors_in_an_open_loop(faults: Faults, change_frac: float) -> None:
    perfect = fly(IDEAL, **OPEN).muzzle_speed_m_s
    shot = fly(IDEAL, faults=faults, **OPEN)
    change = shot.muzzle_speed_m_s - perfect
    assert change / 300.0 == pytest.approx(change_frac, rel=0.02)
    assert shot.audit_error_frac < 1e-3


@pytest.mark.parametrize(
    "faults",
    [
        Faults(thrust_scale_frac=0.02),
        Faults(thrust_scale_frac=-0.02),
        Faults(sled_current_frac=-0.02),
        Faults(payload_frac=0.02),
    ],
)
def test_a_closed_loop_takes_the_error_out(faults: Faults) -> None:
    shot = fly(faults=faults)
    assert abs(shot.speed_error_m_s) < 0.01
    assert shot.audit_error_frac < 1e-3


def test_without_reserve_the_loop_cannot_make_up_for_a_weak_drive() -> None:
    faults = Faults(thrust_scale_frac=-0.05)
    assert abs(fly(faults=faults, thrust_reserve_ratio=1.2).speed_error_m_s) < 0.01
    lost = fly(faults=faults, thrust_reserve_ratio=1.0).speed_error_m_s
    assert lost == pytest.approx(300.0 * (np.sqrt(0.95) - 1.0), rel=0.03)


def test_a_coil_lost_unawares_costs_its_share() -> None:
    perfect = fly(IDEAL, **OPEN)
    gain = np.zeros(perfect.coil_position_m.size)
    for place_m in (15.0, 30.0):
        number = int(np.argmin(np.abs(perfect.coil_position_m - place_m)))
        shot = fly(
            IDEAL, faults=Faults(coil_gain_frac=gain - (np.arange(gain.size) == number)), **OPEN
        )
        change = shot.muzzle_speed_m_s - perfect.muzzle_speed_m_s
        assert change == pytest.approx(-980.665 / 3.0 / 300.0, rel=0.01)


def test_known_failures_are_shared_among_the_neighbours() -> None:
    perfect = fly(IDEAL, **OPEN)
    number = int(np.argmin(np.abs(perfect.coil_position_m - 30.0)))
    failed = (number, number + 1, number + 2)
    shot = fly(IDEAL, faults=Faults(failed_coils=failed), **OPEN)
    assert shot.muzzle_speed_m_s == pytest.approx(perfect.muzzle_speed_m_s, abs=0.02)
    assert shot.coil_current_A[list(failed)].tolist() == [0.0, 0.0, 0.0]
    beside = [number - 1, number + 3]
    assert np.all(shot.coil_current_A[beside] > perfect.coil_current_A[beside])
    assert shot.energy_out_J["copper"] > perfect.energy_out_J["copper"]


def test_voltage_saturates() -> None:
    free, held = fly(), fly(weak(2.5e4))
    assert free.coil_voltage_V.max() == pytest.approx(4e4)
    assert held.coil_voltage_V.max() == pytest.approx(2.5e4)
    starved = fly(weak(1e4))
    assert starved.coil_voltage_V.max() == pytest.approx(1e4)
    assert starved.muzzle_speed_m_s < 250.0
    for shot in (held, starved):
        assert shot.audit_error_frac < 2e-3


def test_a_sled_that_stops_is_an_error() -> None:
    with pytest.raises(DomainError, match="stops before the muzzle"):
        fly(faults=Faults(failed_coils=tuple(range(40))))


def test_release_parts_sled_and_payload() -> None:
    shot = fly()
    assert shot.acceleration_m_s2.max() < 1.1 * 980.665
    assert shot.acceleration_m_s2.min() > -1.2 * 2942.0
    assert np.all(np.diff(shot.time_s) > 0.0)
    assert shot.speed_m_s[-1] < 20.0
    assert shot.energy_out_J["sled_left"] < 1e-3 * shot.energy_out_J["payload"]


def test_persistent_currents_swing_and_come_back() -> None:
    shot = fly()
    assert 0.8 < shot.sled_current_ratio.min() < 1.0
    assert shot.sled_current_ratio[0] == 1.0
    assert np.ptp(fly(**OPEN).sled_current_ratio) == 0.0


def test_one_draw_flies_as_it_does_among_many() -> None:
    speeds = np.array([250.0, 300.0])
    many = build(muzzle_speed_m_s=speeds)
    alone = one_draw(many, 1)
    assert fly(many, draw=1).muzzle_speed_m_s == fly(alone).muzzle_speed_m_s
    with pytest.raises(DomainError, match="draw"):
        fly(many, draw=2)


def test_a_draw_without_a_design_is_refused() -> None:
    many = build(muzzle_speed_m_s=np.array([300.0, np.nan]))
    with pytest.raises(DomainError, match="no design"):
        fly(many, draw=1)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"control_time_s": 0.0}, "control_time_s"),
        ({"control_time_s": np.nan}, "control_time_s"),
        ({"thrust_reserve_ratio": -1.0}, "thrust_reserve_ratio"),
        ({"steps_per_pitch": 0}, "steps_per_pitch"),
        ({"faults": Faults(failed_coils=(10_000,))}, "failed_coils"),
        ({"faults": Faults(failed_coils=(-1,))}, "failed_coils"),
        ({"faults": Faults(coil_gain_frac=np.zeros(3))}, "coil_gain_frac"),
        ({"faults": Faults(coil_gain_frac=np.nan)}, "coil_gain_frac"),
        ({"faults": Faults(thrust_scale_frac=np.nan)}, "thrust_scale_frac"),
        ({"faults": Faults(sled_current_frac=-1.0)}, "sled_current_frac"),
        ({"faults": Faults(payload_frac=-2.0)}, "payload_frac"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], name: str) -> None:
    with pytest.raises(DomainError) as caught:
        simulate_synchronous(design=DESIGN, **options)
    assert caught.value.path == name


def test_an_unknown_machine_is_refused() -> None:
    with pytest.raises(DomainError, match=Coilgun.__name__):
        simulate_launch(design=object())  # type: ignore[arg-type]
