"""Patched conics against integration, against brute force and at their limits."""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import fields
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from moonbase.core.constants import GM_EARTH_m3_s2, GM_MOON_m3_s2, MOON_RADIUS_m
from moonbase.core.errors import DomainError
from moonbase.orbits import (
    TransferSize,
    earth_state,
    escape_conditions,
    hyperbola_time,
    moon_state,
    release_epochs,
    size_transfer,
)

EPOCHS = release_epochs(start_tdb_s=9.5e8, n_epochs=120)
BASE: dict[str, Any] = {
    "t_tdb_s": EPOCHS,
    "muzzle_speed_m_s": 2500.0,
    "drift_rate_rad_yr": 0.2,
    "min_usable_frac": 0.5,
    "misalignment_rad": 0.1,
    "site_latitude_rad": 0.0,
    "release_azimuth_rad": 0.0,
    "slot_phase_rad": 0.5,
    "trim_delta_v_m_s": 10.0,
    "transfer_loss_frac": 0.01,
}


def transfer(**changes: Any) -> TransferSize:
    return size_transfer(**{**BASE, **changes})


def fly(gm: float, state: np.ndarray, *, to_m: float) -> Any:
    """Two-body flight in numbers, up to a distance."""

    def rate(_: float, y: np.ndarray) -> np.ndarray:
        r = y[:3]
        return np.concatenate([y[3:], -gm * r / np.linalg.norm(r) ** 3])

    def arrived(_: float, y: np.ndarray) -> float:
        return float(np.linalg.norm(y[:3]) - to_m)

    arrived.terminal = True  # type: ignore[attr-defined]
    arrived.direction = 1.0  # type: ignore[attr-defined]
    return solve_ivp(
        rate, (0.0, 1e11), state, method="DOP853", rtol=1e-11, atol=1e-4, events=arrived
    )


@pytest.mark.parametrize(
    ("gm", "start_m", "end_m", "speed_m_s", "climb_rad"),
    [
        (GM_MOON_m3_s2, MOON_RADIUS_m, 6.62e7, 2500.0, 0.0),
        (GM_MOON_m3_s2, MOON_RADIUS_m, 6.62e7, 2376.0, 0.0),
        (GM_EARTH_m3_s2, 3.844e8, 9.25e8, 1796.0, 0.0),
        (GM_EARTH_m3_s2, 3.844e8, 9.25e8, 1796.0, 0.3),
        (GM_EARTH_m3_s2, 3.844e8, 9.25e8, 1796.0, -0.3),
    ],
)
def test_time_of_flight_against_integration(
    gm: float, start_m: float, end_m: float, speed_m_s: float, climb_rad: float
) -> None:
    radial, across = speed_m_s * np.sin(climb_rad), speed_m_s * np.cos(climb_rad)
    flown = fly(gm, np.array([start_m, 0.0, 0.0, radial, across, 0.0]), to_m=end_m)
    time = hyperbola_time(
        gm_m3_s2=gm,
        c3_m2_s2=speed_m_s**2 - 2.0 * gm / start_m,
        start_m=start_m,
        end_m=end_m,
        radial_speed_m_s=radial,
    )
    assert time == pytest.approx(flown.t[-1], rel=1e-6)


def test_no_time_on_a_bound_or_unreached_orbit() -> None:
    times = hyperbola_time(
        gm_m3_s2=GM_MOON_m3_s2,
        c3_m2_s2=np.array([-1e5, 1e5]),
        start_m=MOON_RADIUS_m,
        end_m=np.array([6e7, 1e6]),
        radial_speed_m_s=0.0,
    )
    assert np.isnan(times).all()


@pytest.mark.parametrize("epoch", range(0, 40, 5))
@pytest.mark.parametrize("misalignment_rad", [-0.4, 0.0, 0.4])
def test_drift_against_integration_in_space(epoch: int, misalignment_rad: float) -> None:
    t_tdb_s = EPOCHS[epoch : epoch + 1]
    moon, earth = moon_state(t_tdb_s=t_tdb_s[0]), earth_state(t_tdb_s=t_tdb_s[0])
    ahead = moon.v_ecl_m_s / np.linalg.norm(moon.v_ecl_m_s)
    normal = np.cross(moon.r_ecl_m, moon.v_ecl_m_s)
    aside = np.cross(ahead, normal / np.linalg.norm(normal))
    v_inf = escape_conditions(release_speed_m_s=2700.0).v_inf_moon_m_s
    thrown = v_inf * (np.cos(misalignment_rad) * ahead + np.sin(misalignment_rad) * aside)
    flown = fly(GM_EARTH_m3_s2, np.concatenate([moon.r_ecl_m, moon.v_ecl_m_s + thrown]), to_m=1e13)
    leaving = flown.y[3:, -1]
    speed = np.linalg.norm(earth.v_ecl_m_s)
    along = leaving @ earth.v_ecl_m_s / speed
    got = transfer(
        t_tdb_s=t_tdb_s,
        muzzle_speed_m_s=2700.0,
        misalignment_rad=misalignment_rad,
        drift_rate_rad_yr=1e-6,
    )
    assert got.v_inf_earth_m_s == pytest.approx(np.linalg.norm(leaving), rel=1e-4)
    assert got.drift_rad_yr == pytest.approx(6.0 * np.pi * abs(along) / speed, rel=2e-3, abs=1e-3)


def test_asked_speed_against_brute_force() -> None:
    rng = np.random.default_rng(5)
    speeds = np.arange(2380.0, 2900.0, 0.25)
    for _ in range(20):
        asked = {
            "drift_rate_rad_yr": rng.uniform(0.05, 0.4),
            "min_usable_frac": rng.uniform(0.1, 0.65),
            "misalignment_rad": rng.uniform(-0.5, 0.5),
        }
        share = np.asarray(transfer(muzzle_speed_m_s=speeds, **asked).usable_frac)
        first = speeds[np.argmax(share >= asked["min_usable_frac"])]
        assert transfer(**asked).asked_speed_m_s == pytest.approx(first, abs=3.0), asked


def test_the_claimed_speed_serves_and_sp428_hardly() -> None:
    claimed = transfer(muzzle_speed_m_s=np.array([2400.0, 2500.0]))
    assert claimed.usable_frac[0] == 0.0
    assert claimed.usable_frac[1] > 0.6
    assert claimed.loss_frac == pytest.approx([1.0, 0.01])
    assert np.isnan(claimed.transfer_s[0])
    assert 4.0 < claimed.transfer_s[1] / 86_400.0 < 12.0


def test_below_lunar_escape_nothing_is_usable() -> None:
    slow = transfer(muzzle_speed_m_s=2300.0)
    assert slow.usable_frac == 0.0
    assert slow.c3_moon_m2_s2 < 0.0
    for name in ("v_inf_moon_m_s", "c3_earth_m2_s2", "v_inf_earth_m_s", "transfer_s"):
        assert np.isnan(getattr(slow, name)), name
    assert np.isfinite(slow.asked_speed_m_s)


def test_the_moon_carries_an_eastward_throw() -> None:
    east, west, pole = (
        transfer(release_azimuth_rad=azimuth, site_latitude_rad=latitude)
        for azimuth, latitude in [(np.pi / 2, 0.0), (-np.pi / 2, 0.0), (np.pi / 2, np.pi / 2)]
    )
    assert east.release_speed_m_s - 2500.0 == pytest.approx(4.62, abs=0.01)
    assert west.release_speed_m_s - 2500.0 == pytest.approx(-4.62, abs=0.01)
    assert pole.release_speed_m_s == pytest.approx(2500.0)
    assert west.asked_speed_m_s - east.asked_speed_m_s == pytest.approx(9.25, abs=0.01)


def test_all_epochs_at_a_high_drift_are_out_of_reach() -> None:
    assert transfer(min_usable_frac=1.0, drift_rate_rad_yr=1.5).asked_speed_m_s == np.inf


def test_slots() -> None:
    slot = transfer(drift_rate_rad_yr=0.25, slot_phase_rad=0.5)
    assert slot.phasing_s == pytest.approx(2.0 * 365.25 * 86_400.0)
    # 39 degrees a year belong to 1,074 m/s, first order.
    assert slot.stop_delta_v_m_s == pytest.approx(1074.0 * np.degrees(0.25) / 38.95, rel=1e-3)
    assert slot.onboard_delta_v_m_s == pytest.approx(slot.stop_delta_v_m_s + 10.0)
    assert slot.light_time_s == pytest.approx(2.0 * np.sin(0.25) * 499.005, rel=1e-5)
    # One turn more than a year's worth in 2 pi / 0.25 years.
    assert slot.distance_au**1.5 == pytest.approx(1.0 / (1.0 - 0.25 / (2.0 * np.pi)), rel=1e-4)


def test_draws_equal_a_loop_and_one_bad_draw_stays_alone() -> None:
    drift = np.array([0.1, 0.3, 0.2, -1.0])
    tilt = np.array([0.0, -0.3, 3.0, 0.1])
    together = transfer(drift_rate_rad_yr=drift, misalignment_rad=tilt)
    assert np.isnan(together.asked_speed_m_s[2:]).all()
    for draw in range(2):
        alone = transfer(drift_rate_rad_yr=drift[draw], misalignment_rad=tilt[draw])
        for field in fields(TransferSize):
            whole = np.broadcast_to(getattr(together, field.name), 4)
            assert np.ndim(getattr(alone, field.name)) == 0, field.name
            assert whole[draw] == getattr(alone, field.name), field.name


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("misalignment_rad", 2.0),
        ("drift_rate_rad_yr", 0.0),
        ("drift_rate_rad_yr", 7.0),
        ("t_tdb_s", np.array([])),
        ("t_tdb_s", np.zeros((2, 2))),
    ],
)
def test_nonsense_is_refused(key: str, value: Any) -> None:
    with pytest.raises(DomainError) as error:
        transfer(**{key: value})
    assert error.value.path == key
    assert error.value.hint


def test_every_argument_has_a_record() -> None:
    text = (files("moonbase") / "data" / "parameters" / "orbits.toml").read_text(encoding="utf-8")
    records = set(tomllib.loads(text)["orbits"])
    arguments = set(inspect.signature(size_transfer).parameters)
    assert arguments - {"t_tdb_s", "muzzle_speed_m_s"} <= records
