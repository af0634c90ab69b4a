"""Section design: turns, zones, ratings, losses, limits, draws."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from driver_line_fixture import COIL, DRIVE, LINE, SLED, build

from moonbase.core.errors import DomainError
from moonbase.driver import LIMITS, DriverDesign, broken_limits, one_draw, replace_draws
from moonbase.driver.specs import proportion

GENERATOR = np.random.default_rng(3)
N_DRAWS = 7
VARIED: dict[str, Any] = {
    "payload_kg": GENERATOR.uniform(300.0, 3000.0, N_DRAWS),
    "muzzle_speed_m_s": GENERATOR.uniform(1600.0, 2800.0, N_DRAWS),
    "acceleration_m_s2": GENERATOR.uniform(300.0, 3000.0, N_DRAWS),
    "sled_coil_radius_m": GENERATOR.uniform(0.6, 0.9, N_DRAWS),
    "pole_pitch_m": GENERATOR.uniform(0.8, 1.2, N_DRAWS),
    "coil_pitch_m": GENERATOR.uniform(0.3, 0.5, N_DRAWS),
    "loading_ratio": GENERATOR.uniform(0.1, 0.2, N_DRAWS),
    "terminal_voltage_V": GENERATOR.uniform(1e4, 5e4, N_DRAWS),
    "strand_m": GENERATOR.uniform(1e-4, 1e-3, N_DRAWS),
}


def flatten(value: Any, path: str = "") -> dict[str, np.ndarray]:
    if is_dataclass(value) and not isinstance(value, type):
        items = [(field.name, getattr(value, field.name)) for field in fields(value)]
    elif isinstance(value, dict):
        items = list(value.items())
    else:
        return {path: np.asarray(value)}
    return {k: v for name, item in items for k, v in flatten(item, f"{path}.{name}").items()}


def test_base_line_keeps_every_limit() -> None:
    design = build()
    assert broken_limits(design) == []
    assert set(design.limit_ratio) == set(LIMITS)
    assert design.is_feasible.tolist() == [True]


def test_force_moves_sled_and_payload() -> None:
    design = build()
    assert design.force_N == pytest.approx((1000.0 + design.sled_kg) * 980.665)
    assert design.brake_force_N == pytest.approx(design.sled_kg * 2942.0)
    loading = design.window.peak_current_A / design.sled_coil_current_A
    assert loading == pytest.approx(0.15, rel=1e-6)
    cold = design.sled_coil.mass_kg * 4 * 1.3
    frame = 4.0 * 1000.0 * 980.665 * 3.5 / 5.6e4
    assert design.sled_kg == pytest.approx(cold + frame, rel=1e-8)


def test_the_sled_is_its_own_fixed_point() -> None:
    heavy = build(payload_kg=500.0, acceleration_m_s2=10_000.0)
    again = heavy.window.peak_current_A / heavy.sled_coil_current_A
    assert again == pytest.approx(0.15, rel=1e-7)


def test_turns_are_the_most_that_the_voltage_allows() -> None:
    design = build()
    track, room = one_draw(design, 0).track, 0.7 * 4e4
    assert np.all(track.voltage_V <= room)
    more = track.voltage_V * (track.n_turns + 1.0) / track.n_turns
    assert np.all(more > room)
    assert np.all(np.diff(track.n_turns) <= 0.0)
    assert np.array_equal(track.n_turns, np.round(track.n_turns))


def test_turns_times_speed_is_the_voltage_limit() -> None:
    fine = one_draw(build(terminal_voltage_V=4e6, n_turns_max=1e5, feeder_area_m2=1e3), 0)
    product = fine.track.n_turns * fine.track.speed_m_s
    assert np.ptp(product) / product.mean() < 0.05


def test_turns_stop_at_the_most_that_are_wound() -> None:
    assert build(n_turns_max=3).track.n_turns.max() == 3.0


def test_below_one_turn_a_coil_is_cut_into_sectors() -> None:
    design = build(terminal_voltage_V=1e4)
    track = one_draw(design, 0).track
    sectors = 1.0 / track.n_turns[-1]
    assert sectors > 1.0
    assert sectors == pytest.approx(round(sectors))
    assert np.all(track.voltage_V <= 0.7 * 1e4)
    ampere_turns = float(design.window.peak_current_A[0])
    assert track.current_A[-1] == pytest.approx(ampere_turns)
    volts = track.voltage_V[-1] * sectors
    assert track.coil_VA[-1] == pytest.approx(volts * ampere_turns)


def test_rating_of_a_coil_does_not_depend_on_how_it_is_wound() -> None:
    few, many = (one_draw(build(terminal_voltage_V=voltage), 0) for voltage in (1e4, 3e5))
    assert few.track.coil_VA == pytest.approx(many.track.coil_VA)
    assert few.selector_VA == pytest.approx(many.selector_VA)


def test_feeders_keep_their_share_of_the_voltage() -> None:
    for voltage in (1e4, 4e4):
        design = one_draw(build(terminal_voltage_V=voltage), 0)
        track = design.track
        slope = track.speed_m_s * design.window.peak_slope_A_m / np.maximum(track.n_turns, 1.0)
        drop = 1e-7 * 0.5 * track.zone_length_m * slope
        assert np.all(drop <= 0.3 * voltage * (1.0 + 1e-12))
        assert np.all(track.zone_length_m >= design.n_window * design.coil_pitch_m)
        short = track.zone_length_m < design.length_m
        assert drop[short] == pytest.approx(np.full(short.sum(), 0.3 * voltage))


def test_a_feeder_that_spans_no_window_breaks_a_limit() -> None:
    design = build(feeder_inductance_H_m=1e-5)
    assert design.limit_ratio["feeder_voltage"][0] > 1.0
    assert any("feeder voltage" in sentence for sentence in broken_limits(design))


def test_converters_serve_zones_and_switches_serve_coils() -> None:
    design = one_draw(build(), 0)
    track = design.track
    step = design.length_m / track.n_turns.size
    sets = np.maximum(step / track.zone_length_m, 1.0 / track.n_turns.size)
    installed = np.sum(sets * design.n_window * 1.2 * track.coil_VA / 0.7)
    assert track.converter_VA == pytest.approx(installed)
    assert track.selector_VA == pytest.approx(track.coil_VA.mean() * design.length_m * 3.0)


def test_peak_rating_of_all_coils_is_two_thirds_of_the_last() -> None:
    design = one_draw(build(), 0)
    n_coils = design.length_m / design.coil_pitch_m
    share = design.track.selector_VA / n_coils / design.track.coil_VA[-1]
    assert share == pytest.approx(2.0 / 3.0, rel=0.03)


def test_losses_by_hand() -> None:
    design = one_draw(build(strand_m=1e-9), 0)
    winding, time = design.drive_coil, 2500.0 / 980.665
    resistance = 2.3e-8 * 2.0 * np.pi * winding.radius_m / (0.04 * 0.25 * 0.8)
    copper = resistance * design.window.mean_square_sum_A2 * time
    assert design.launch_J["copper"] == pytest.approx(copper, rel=1e-6)
    passage = np.diff(np.sqrt(np.arange(33) / 32.0)) * time
    drop = (1e-3 + 2.0 * 5e3 * 5e-7) * 4e4
    devices = drop * design.window.mean_current_sum_A * np.sum(passage / design.track.n_turns)
    assert design.launch_J["devices"] == pytest.approx(devices)
    feeder_ohm = 2.3e-8 * 4.0 * design.n_window * 0.25 * design.track.zone_length_m / 0.03
    squares = design.window.mean_square_sum_A2 / design.track.n_turns**2
    assert design.launch_J["feeder"] == pytest.approx(np.sum(feeder_ohm * squares * passage))
    heat = winding.mass_kg * 850.0 * np.sum(design.track.temperature_rise_K) / 32.0
    assert heat * design.length_m * 3.0 == pytest.approx(copper, rel=1e-6)


def test_efficiency_is_what_the_items_leave() -> None:
    design = build()
    for items, ratio in (
        (design.launch_J, 1.0 / design.efficiency_frac),
        (design.brake_J, 2.0 - design.regeneration_frac),
    ):
        assert sum(items.values()) / items["kinetic"] == pytest.approx(ratio)
    assert design.launch_J["kinetic"] == pytest.approx((1000.0 + design.sled_kg) * 0.5 * 2500.0**2)
    assert design.brake_J["kinetic"] == pytest.approx(design.sled_kg * 0.5 * 2500.0**2)


@pytest.mark.parametrize(
    ("limit", "changes"),
    [
        ("terminal_voltage", {"terminal_voltage_V": 2e3, "feeder_inductance_H_m": 1e-9}),
        ("hoop_stress", {"hoop_limit_Pa": 5e7}),
        ("temperature_rise", {"temperature_rise_limit_K": 1e-3}),
        ("coil_temperature", {"cadence_s": 0.3}),
        ("clearance", {"clearance_m": 0.08}),
        ("coil_overlap", {"drive_coil_length_m": 0.4}),
        ("bore", {"payload_kg_m3": 100.0}),
    ],
)
def test_a_broken_limit_is_named(limit: str, changes: dict[str, float]) -> None:
    design = build(**changes)
    assert design.limit_ratio[limit][0] > 1.0
    assert not design.is_feasible[0]
    assert [sentence for sentence in broken_limits(design) if limit.replace("_", " ") in sentence]
    assert all(LIMITS[name] for name in LIMITS)


def test_draws_equal_single_lines_bit_for_bit() -> None:
    together = flatten(build(**VARIED))
    for draw in range(N_DRAWS):
        pair = {name: np.repeat(values[draw], 2) for name, values in VARIED.items()}
        alone = flatten(build(**pair))
        for path, values in together.items():
            if values.ndim and values.shape[-1] == N_DRAWS:
                mine, its = values[..., draw], alone[path][..., 0]
                if mine.shape != its.shape:
                    mine, rest = mine[: its.shape[0]], mine[its.shape[0] :]
                    assert not rest.any(), path
                assert np.array_equal(mine, its), path


def test_scalar_geometry_takes_any_number_of_draws() -> None:
    speed = np.array([1700.0, 2500.0])
    many = build(muzzle_speed_m_s=speed)
    for draw in range(2):
        alone = build(muzzle_speed_m_s=speed[draw])
        assert many.efficiency_frac[draw] == pytest.approx(alone.efficiency_frac[0], rel=1e-13)
        assert many.is_feasible.shape == (2,)


def test_a_bad_draw_spoils_no_other() -> None:
    design = build(payload_kg=np.array([1000.0, np.nan, -1.0]))
    assert design.is_feasible.tolist() == [True, False, False]
    assert design.efficiency_frac[0] == pytest.approx(build().efficiency_frac[0], rel=1e-13)
    assert broken_limits(design, 1) == ["there is no design: an input is out of range"]


def test_one_draw_of_many() -> None:
    design = build(**VARIED)
    alone = one_draw(design, 3)
    assert float(alone.sled_kg) == design.sled_kg[3]
    assert alone.track.n_turns.shape == (32,)
    assert one_draw(alone, 0) is alone
    for missing in (-1, N_DRAWS):
        with pytest.raises(DomainError, match="draw"):
            one_draw(design, missing)
        with pytest.raises(DomainError, match="draw"):
            broken_limits(design, missing)


def test_replaced_draws_leave_the_others_alone() -> None:
    acceleration = np.array([900.0, 950.0, 1000.0])
    design = build(acceleration_m_s2=acceleration, payload_kg=np.full(3, 1000.0))
    eased = build(acceleration_m_s2=np.array([500.0, 600.0]), payload_kg=np.full(2, 1000.0))
    mixed: DriverDesign = replace_draws(design, np.array([2, 0]), eased)
    assert mixed.acceleration_m_s2.tolist() == [600.0, 950.0, 500.0]
    assert mixed.sled_kg[2] == eased.sled_kg[0]
    assert mixed.track.voltage_V[:, 1].tolist() == design.track.voltage_V[:, 1].tolist()
    assert design.acceleration_m_s2.tolist() == [900.0, 950.0, 1000.0]


POSITIVE = sorted(
    (set(LINE) | set(SLED) | set(COIL) | set(DRIVE))
    - {"cryostat_ratio", "cryostat_wall_m", "frame_margin_ratio", "clearance_m", "surroundings_K"}
    - {"coil_frame_margin_ratio", "field_exponent_ratio", "load_margin_frac"}
    - {"conduction_drop_frac", "switching_Hz", "switching_time_s"}
)


@pytest.mark.parametrize("name", POSITIVE)
def test_input_that_must_be_positive_is_named(name: str) -> None:
    for value in (0.0, -1.0, np.nan):
        with pytest.raises(DomainError) as caught:
            build(**{name: value})
        assert caught.value.path == name


@pytest.mark.parametrize("name", sorted((set(SLED) | set(COIL) | set(DRIVE)) - set(POSITIVE)))
def test_input_that_may_be_zero_is_named_below_it(name: str) -> None:
    build(**{name: 0.0})
    for value in (-1.0, np.nan):
        with pytest.raises(DomainError) as caught:
            build(**{name: value})
        assert caught.value.path == name


@pytest.mark.parametrize("name", ["payload_kg", "cadence_s", "pole_pitch_m", "feeder_area_m2"])
def test_shapes_that_do_not_fit_are_named(name: str) -> None:
    with pytest.raises(DomainError) as caught:
        build(muzzle_speed_m_s=np.full(4, 2500.0), **{name: np.ones(3)})
    assert caught.value.path == name
    with pytest.raises(DomainError, match=name):
        build(**{name: np.ones((2, 2))})


def test_proportions_hold_the_payload() -> None:
    shape = proportion(
        payload_kg=1000.0,
        payload_kg_m3=250.0,
        bore_margin_ratio=1.15,
        n_poles=4.0,
        pole_pitch_ratio=1.33,
        coil_depth_m=0.06,
        n_coils_per_pole=3.0,
        coil_length_ratio=0.8,
    )
    bore = shape.sled_coil_radius_m - 0.06
    volume = np.pi * bore**2 * 3.5 * shape.pole_pitch_m
    assert volume == pytest.approx(1.15 * 4.0)
    assert shape.coil_pitch_m * 3.0 == pytest.approx(shape.pole_pitch_m)
    assert shape.drive_coil_length_m == pytest.approx(0.8 * shape.coil_pitch_m)
