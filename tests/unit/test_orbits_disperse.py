"""Clouds of releases: what an error at the muzzle is, how it arrives, what it may hit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import (
    Asset,
    ForceModel,
    State,
    disperse,
    hazards,
    keep_out,
    lunar_gravity,
    map_covariance,
    point_mass_model,
    propagate,
    release_angles,
    release_corridor,
    release_fates,
    release_state,
    table_end,
)
from moonbase.orbits._cloud import _scatter, first_order, muzzle_of

EPOCH = 946728000.0
DAY = 86400.0
SIGMA = np.array([0.1, 0.1, 0.1, 0.01, 0.02, 0.02, 0.001])
LIGHT = ForceModel(bodies=("moon", "earth", "sun"), gravity=lunar_gravity(degree=2))
COMMON: dict[str, Any] = {"release_covariance": np.diag(SIGMA**2), "forces": LIGHT}
AZIMUTH = 4.712389


def release(speed_m_s: float = 2500.0, elevation_rad: float = 0.0) -> State:
    return release_state(0.0, 0.97, AZIMUTH, elevation_rad, speed_m_s, EPOCH)


def scattered(state: State, *errors: float) -> State:
    moved = _scatter(muzzle_of(state, 7, LIGHT), np.array(errors)[:, None])[:, 0]
    return State(center="moon", epoch_tdb_s=EPOCH, r_icrf_m=moved[:3], v_icrf_m_s=moved[3:])


def test_an_error_along_the_track_is_an_error_of_speed() -> None:
    wanted = release(2500.0 + 3.0).array
    assert np.allclose(scattered(release(), 0, 0, 0, 3.0, 0, 0, 0).array, wanted, atol=1e-8)


def test_velocity_errors_turn_the_throw_left_and_up() -> None:
    angles = release_angles(state=scattered(release(), 0, 0, 0, 0, 5.0, 2.5, 0))
    assert float(angles.azimuth_rad) == pytest.approx(AZIMUTH - 5.0 / 2500.0, abs=1e-8)
    assert float(angles.elevation_rad) == pytest.approx(1e-3, abs=1e-8)


def test_places_lie_along_left_and_up() -> None:
    start = release_angles(state=release())
    moved = release_angles(state=scattered(release(), 0, 1000.0, 200.0, 0, 0, 0, 0))
    assert float(moved.height_m - start.height_m) == pytest.approx(200.0, abs=0.5)
    assert float(moved.latitude_rad) * 1737.4e3 == pytest.approx(-1000.0, abs=0.5)


@pytest.mark.parametrize("late", [-4.0, 0.5, 4.0])
def test_a_late_release_flies_like_one_from_the_later_epoch(late: float) -> None:
    there = propagate(
        release_state(0.0, 0.97, AZIMUTH, 0.0, 2500.0, EPOCH + late),
        duration_s=DAY - late,
        forces=LIGHT,
    )
    start = scattered(release(), 0, 0, 0, 0, 0, 0, late)
    mapped = propagate(start, duration_s=DAY, forces=LIGHT)
    shift = propagate(release(), duration_s=DAY, forces=LIGHT).r_icrf_m - there.r_icrf_m
    assert np.linalg.norm(mapped.r_icrf_m - there.r_icrf_m) < 1e-5 * np.linalg.norm(shift)


def test_the_linear_map_is_the_derivative_of_the_scatter() -> None:
    muzzle = muzzle_of(release(elevation_rad=0.1), 7, LIGHT)
    steps = np.diag([1.0, 1.0, 1.0, 1e-2, 1e-2, 1e-2, 1e-3])
    moved = (_scatter(muzzle, steps) - _scatter(muzzle, -steps)) / (2.0 * np.diag(steps))
    assert np.allclose(moved, first_order(muzzle), rtol=1e-6, atol=1e-8)


def test_every_method_tells_the_same_of_small_errors() -> None:
    found = {
        method: disperse(
            state=release(),
            duration_s=5 * DAY,
            trim_s=DAY,
            method=method,
            n_samples=4000,
            **COMMON,
        )
        for method in ("linear", "unscented", "monte_carlo")
    }
    linear = found["linear"]
    assert np.allclose(found["unscented"].covariance, linear.covariance, rtol=1e-4, atol=1e-8 * 1e8)
    for other in found.values():
        assert np.allclose(other.miss_sigma_m, linear.miss_sigma_m, rtol=0.05)
        assert np.allclose(other.trim_delta_v_m_s, linear.trim_delta_v_m_s, rtol=0.1)
        assert 0.0 < other.linear_error_frac < 1e-3
    flown = found["monte_carlo"]
    assert np.allclose(flown.sample_r_icrf_m[:, 7], linear.sample_r_icrf_m[:, 7], atol=50.0)
    assert flown.moon_impact is not None and flown.moon_impact.high_frac == pytest.approx(
        7.5e-4, rel=0.01
    )
    assert linear.moon_impact is None and linear.capture is None


def test_sigma_points_see_the_shift_of_the_mean() -> None:
    covariance = np.diag([0.0, 0.0, 0.0, 20.0**2, 0.0, 0.0, 0.0])
    case: dict[str, Any] = {
        "state": release(),
        "release_covariance": covariance,
        "duration_s": 3 * DAY,
        "forces": LIGHT,
    }
    points = disperse(method="unscented", n_samples=2, **case)
    flown = disperse(method="monte_carlo", n_samples=6000, **case)
    shift = points.mean_r_icrf_m - points.nominal_r_icrf_m
    drawn = flown.mean_r_icrf_m - flown.nominal_r_icrf_m
    assert np.linalg.norm(shift) > 3e5
    noise = np.sqrt(np.trace(flown.covariance[:3, :3]) / 6000)
    assert np.linalg.norm(shift - drawn) < 3.0 * noise


@pytest.mark.parametrize("method", ["linear", "monte_carlo"])
def test_a_draw_is_the_same_in_a_run_of_any_length(method: Any) -> None:
    runs = [
        disperse(
            state=release(), duration_s=DAY, method=method, n_samples=n, trim_s=3600.0, **COMMON
        )
        for n in (5, 60)
    ]
    few, many = (run.sample_r_icrf_m[:, :5] for run in runs)
    assert np.allclose(few, many, rtol=0.0, atol=1e-3)
    assert np.allclose(runs[0].sample_trim_m_s, runs[1].sample_trim_m_s[:5], rtol=1e-9)


def test_draws_in_several_blocks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moonbase.orbits._cloud.BLOCK", 64)
    found = disperse(state=release(), duration_s=DAY, n_samples=200, n_keep=100, **COMMON)
    assert found.sample_r_icrf_m.shape == (3, 100)
    off = found.sample_r_icrf_m - found.nominal_r_icrf_m[:, None]
    assert len({round(float(x), 6) for x in off[0]}) == 100


def test_a_catcher_elsewhere_catches_nothing_but_never_surely() -> None:
    nominal = propagate(release(), duration_s=DAY, forces=LIGHT)
    away = State(
        center="moon",
        epoch_tdb_s=EPOCH + DAY,
        r_icrf_m=nominal.r_icrf_m + 1e8 * np.array([0.0, 0.0, 1.0]),
        v_icrf_m_s=np.zeros(3),
    )
    found = disperse(
        state=release(),
        duration_s=DAY,
        target=away,
        capture_radius_m=1e5,
        n_samples=1000,
        **COMMON,
    )
    assert found.capture is not None
    assert (found.capture.n_hits, found.capture.low_frac) == (0, 0.0)
    assert found.capture.high_frac == pytest.approx(0.003, rel=0.01)


def test_craft_that_fall_back_are_counted_and_leave_the_cloud() -> None:
    found = disperse(
        state=release(2400.0, 0.2),
        release_covariance=np.diag([0.0, 0.0, 0.0, 150.0**2, 0.0, 0.0, 0.0]),
        duration_s=6 * DAY,
        method="monte_carlo",
        n_samples=200,
        forces=LIGHT,
    )
    assert found.moon_impact is not None and found.earth_impact is not None
    assert 10 < found.moon_impact.n_hits < 190
    lost = int(np.isnan(found.sample_r_icrf_m[0]).sum())
    assert lost == found.moon_impact.n_hits + found.earth_impact.n_hits + found.n_lost


def test_results_may_be_told_from_another_body() -> None:
    runs = [
        disperse(state=release(), duration_s=DAY, n_samples=50, center=center, **COMMON)
        for center in ("moon", "sun")
    ]
    assert np.linalg.norm(runs[1].nominal_r_icrf_m) > 1e11
    assert np.array_equal(runs[0].covariance, runs[1].covariance)


def test_the_mean_of_the_errors_moves_the_cloud() -> None:
    mean = np.array([0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0])
    found = disperse(state=release(), duration_s=DAY, n_samples=50, release_mean=mean, **COMMON)
    shift = found.mean_r_icrf_m - found.nominal_r_icrf_m
    assert np.allclose(shift, found.sensitivity[:3] @ mean)
    assert np.linalg.norm(shift) > 0.5 * DAY


def test_the_history_starts_at_the_muzzle_and_ends_at_the_cloud() -> None:
    states, spread = map_covariance(state=release(), elapsed_s=np.array([0.0, DAY]), **COMMON)
    found = disperse(state=release(), duration_s=DAY, n_samples=50, **COMMON)
    assert np.allclose(spread[..., 1], found.covariance, rtol=1e-9)
    assert np.sqrt(spread[0, 0, 0] + spread[1, 1, 0] + spread[2, 2, 0]) == pytest.approx(
        np.hypot(np.sqrt(3) * 0.1, 2500.0 * 0.001), rel=1e-3
    )
    assert np.allclose(states.r_icrf_m[:, 1], found.nominal_r_icrf_m)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"method": "guess"}, "method"),
        ({"release_covariance": np.eye(5)}, "release_covariance"),
        ({"release_covariance": np.triu(np.ones((7, 7)))}, "release_covariance"),
        ({"release_covariance": -np.eye(7)}, "release_covariance"),
        ({"release_covariance": np.ones((6, 6)) - 2.0 * np.eye(6)}, "release_covariance"),
        ({"release_mean": np.zeros(6)}, "release_mean"),
        ({"trim_s": 2.0 * DAY}, "trim_s"),
        ({"duration_s": 0.0}, "duration_s"),
        ({"n_samples": 1}, "n_samples"),
        ({"state": release(1900.0, 0.5)}, "duration_s"),
        ({"state": release(2500.0, 0.5 * np.pi)}, "state"),
        ({"center": "vulcan"}, "body"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], path: str) -> None:
    case: dict[str, Any] = {"state": release(), "duration_s": DAY, "n_samples": 50, **COMMON}
    with pytest.raises(DomainError) as caught:
        disperse(**{**case, **change})
    assert caught.value.path == path and caught.value.hint


def test_track_errors_need_the_moon() -> None:
    state = State(
        center="earth",
        epoch_tdb_s=EPOCH,
        r_icrf_m=np.array([7e6, 0.0, 0.0]),
        v_icrf_m_s=np.array([0.0, 7.5e3, 0.0]),
    )
    with pytest.raises(DomainError, match="Moon"):
        disperse(state=state, duration_s=DAY, **COMMON)


def test_a_fall_to_the_earth_is_found_after_the_field_is_dropped() -> None:
    state = State(
        center="earth",
        epoch_tdb_s=EPOCH,
        r_icrf_m=np.array([0.0, 0.0, 3e8]),
        v_icrf_m_s=np.zeros(3),
    )
    found = hazards(
        state=state,
        release_covariance=np.eye(6) * 1e-4,
        duration_s=8 * DAY,
        near_s=DAY,
        n_samples=30,
        forces=LIGHT,
    )
    free_fall = np.pi * np.sqrt(3e8**3 / (8.0 * 3.986e14))
    assert (found.earth.n_hits, found.moon.n_hits, found.n_lost) == (30, 0, 0)
    assert found.earth_hit_s == pytest.approx(free_fall, rel=0.03)
    assert "lunar field" in " ".join(found.forces)
    assert "lunar field" not in " ".join(found.later_forces)


def test_hazards_end_with_the_tables() -> None:
    with pytest.raises(DomainError):
        hazards(state=release(), duration_s=table_end() - EPOCH + DAY, n_samples=2, **COMMON)


def test_the_corridor_ends_where_fates_change() -> None:
    state = release(elevation_rad=0.2)
    safe = release_corridor(
        state=state,
        duration_s=5 * DAY,
        speed_reach_m_s=400.0,
        angle_reach_rad=0.05,
        forces=LIGHT,
        n_grid=12,
    )
    low = float(safe.speed_m_s[0])
    step = 400.0 / 12**3
    fates = release_fates(
        state=state,
        duration_s=5 * DAY,
        speed_m_s=np.array([low, low - 1.01 * step]),
        forces=LIGHT,
    )
    assert fates.tolist() == [0, 1]
    assert safe.clear and safe.ends[:2] == ("met the Moon", "clear")
    assert safe.azimuth_rad.tolist() == [-0.05, 0.05]


def test_a_release_that_falls_back_has_no_corridor() -> None:
    safe = release_corridor(
        state=release(1900.0, 0.5),
        duration_s=DAY,
        speed_reach_m_s=10.0,
        angle_reach_rad=0.01,
        forces=LIGHT,
        n_grid=2,
    )
    assert not safe.clear and np.isnan(safe.speed_m_s).all()


def asset(times: Any, r: Any, v: Any, **more: Any) -> Asset:
    about = {"name": "A", "center": "moon", "radius_m": 1e5, **more}
    return Asset(t_tdb_s=np.asarray(times), r_icrf_m=r, v_icrf_m_s=v, **about)


def test_between_its_states_an_asset_follows_its_orbit() -> None:
    start = np.array([6e6, 0.0, 0.0, 0.0, 900.0, 0.0])
    times = np.arange(0.0, 36_000.0, 900.0)
    model = point_mass_model("moon", "earth")
    flown = propagate(start, EPOCH, 35_000.0, forces=model, sample_s=times[:38], surfaces={})
    known = asset(
        EPOCH + times[:38:2], flown.sample_r_icrf_m[:, ::2], flown.sample_v_icrf_m_s[:, ::2]
    )
    told = known.at(EPOCH + times[1:36:2])
    assert np.allclose(told[:3], flown.sample_r_icrf_m[:, 1:36:2], rtol=0.0, atol=1.0)
    assert np.allclose(told[3:], flown.sample_v_icrf_m_s[:, 1:36:2], rtol=0.0, atol=1e-3)
    assert np.isnan(known.at(np.array([EPOCH - 1.0]))).all()


def test_a_crossing_is_found_between_the_steps() -> None:
    path = propagate(
        release(), duration_s=DAY, sample_s=np.array([0.0, 40_123.0, DAY]), forces=LIGHT
    )
    place, speed = path.sample_r_icrf_m[:, 1], np.array([0.0, 0.0, 2000.0])
    times = 40_123.0 + np.array([-7200.0, 0.0, 7200.0])
    r = place[:, None] + np.array([[0.0], [0.0], [2e5]]) + speed[:, None] * (times - 40_123.0)
    near = asset(EPOCH + times, r, np.repeat(speed[:, None], 3, axis=1))
    before = asset(EPOCH - times[::-1], r, r * 0.0, name="B")
    found = keep_out(
        state=release(),
        duration_s=DAY,
        assets=[near, before],
        n_samples=500,
        **COMMON,
    )
    assert found[0].closest_m < 2e5
    assert abs(found[0].closest_s - 40_123.0) < 120.0
    assert found[0].n_approaches == 1 and np.isnan(found[1].closest_m)
    assert found[1].entry.n_hits == 0


def test_an_asset_must_fit_together() -> None:
    bad = asset([EPOCH, EPOCH], np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(DomainError) as caught:
        keep_out(state=release(), duration_s=DAY, assets=[bad], **COMMON)
    assert caught.value.path == "A"
