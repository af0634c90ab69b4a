"""Throws to libration points: sensitivities against finite differences, and the searches."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.constants import MOON_RADIUS_m
from moonbase.core.errors import DomainError
from moonbase.orbits import Throw, achromatic_longitude, aim_throw, throw_to_point

AT = {"longitude_rad": np.radians(40.0), "speed_m_s": 2410.0, "latitude_rad": 0.02}


def fly(**change: float) -> Throw:
    return throw_to_point(**(AT | {"elevation_rad": 0.01, "azimuth_rad": 1.6} | change))


@pytest.mark.parametrize(
    ("axis", "argument", "per_unit"),
    [(0, "speed_m_s", 1.0), (1, "elevation_rad", 2410.0)],
)
def test_slopes_by_velocity(axis: int, argument: str, per_unit: float) -> None:
    h = 1e-3 / per_unit
    base = fly()
    at = {"speed_m_s": 2410.0, "elevation_rad": 0.01}[argument]
    above, below = fly(**{argument: at + h}), fly(**{argument: at - h})
    for miss, slope in (("miss_m", "miss_per_velocity_s"), ("rise_m", "rise_per_velocity_s")):
        difference = (getattr(above, miss) - getattr(below, miss)) / (2 * h * per_unit)
        assert getattr(base, slope)[axis] == pytest.approx(difference, rel=1e-5)


def test_a_turn_to_the_left_is_lateral() -> None:
    base = throw_to_point(**AT)
    above, below = (throw_to_point(azimuth_rad=0.5 * np.pi + h, **AT) for h in (-1e-6, 1e-6))
    difference = (above.rise_m - below.rise_m) / (2e-6 * 2410.0)
    assert base.rise_per_velocity_s[2] == pytest.approx(difference, rel=1e-5)


def test_slope_by_height() -> None:
    at = AT | {"latitude_rad": 0.0}
    high, low, base = (throw_to_point(height_m=h, **at) for h in (20.0, 0.0, 10.0))
    assert base.miss_per_position_ratio[1] == pytest.approx((high.miss_m - low.miss_m) / 20, 1e-5)


def test_slope_along_the_track_leaves_the_direction_alone() -> None:
    shift, height = 10.0, 100.0
    radius = MOON_RADIUS_m + height
    ahead, behind = (
        throw_to_point(
            longitude_rad=AT["longitude_rad"] + sign * np.arctan(shift / radius),
            height_m=np.hypot(radius, shift) - MOON_RADIUS_m,
            elevation_rad=sign * np.arctan(shift / radius),
            speed_m_s=2410.0,
        )
        for sign in (1.0, -1.0)
    )
    base = throw_to_point(longitude_rad=AT["longitude_rad"], speed_m_s=2410.0, height_m=height)
    difference = (ahead.miss_m - behind.miss_m) / (2 * shift)
    assert base.miss_per_position_ratio[0] == pytest.approx(difference, rel=1e-4)


def test_an_aimed_throw_hits_and_a_small_error_goes_as_the_series() -> None:
    aimed = aim_throw(longitude_rad=np.radians(40.0))
    assert abs(aimed.miss_m) < 0.01
    error = 0.1
    missed = throw_to_point(longitude_rad=aimed.longitude_rad, speed_m_s=aimed.speed_m_s + error)
    series = aimed.miss_per_speed_s * error + aimed.second_order_s2_m * error**2
    assert missed.miss_m == pytest.approx(series, abs=0.02)


def test_a_throw_from_north_of_the_equator_mirrors_the_south() -> None:
    north, south = (
        aim_throw(longitude_rad=0.7, latitude_rad=side * 0.05, azimuth_rad=0.5 * np.pi)
        for side in (1.0, -1.0)
    )
    assert north.rise_m == pytest.approx(-south.rise_m, rel=1e-9)
    assert abs(north.rise_m) > 1e5


@pytest.mark.parametrize("latitude", [-0.3, 0.0, 0.1, 0.5])
def test_a_free_azimuth_meets_the_point_off_the_equator(latitude: float) -> None:
    aimed = aim_throw(longitude_rad=np.radians([38.0, 60.0]), latitude_rad=latitude)
    assert aimed.status.tolist() == [0, 0]
    assert np.abs([aimed.miss_m, aimed.rise_m]).max() < 0.01
    again = throw_to_point(
        longitude_rad=aimed.longitude_rad,
        latitude_rad=latitude,
        azimuth_rad=aimed.azimuth_rad,
        speed_m_s=aimed.speed_m_s,
    )
    assert np.abs([again.miss_m, again.rise_m]).max() < 0.01


def test_far_sites_need_fast_throws() -> None:
    aimed = aim_throw(longitude_rad=np.radians([40.0, 60.0, 80.0]))
    assert (aimed.status == 0).all()
    assert (np.diff(aimed.speed_m_s) > 100.0).all()


def test_draws_are_aimed_one_by_one() -> None:
    many = aim_throw(longitude_rad=np.radians([30.0, 40.0, np.nan]))
    assert many.status.tolist() == [4, 0, 4]
    assert many.speed_m_s[1] == aim_throw(longitude_rad=np.radians(40.0)).speed_m_s
    assert many.miss_per_velocity_s.shape == (3, 3)


def test_both_speeds_beside_the_achromatic_site_are_seen() -> None:
    site = achromatic_longitude(target="L2")
    beside = aim_throw(longitude_rad=site.longitude_rad + 1e-6)
    assert beside.status == 0
    assert beside.speed_m_s - site.speed_m_s == pytest.approx(0.1, abs=0.2)


@pytest.mark.parametrize("target", ["L1", "L2"])
def test_speed_errors_cancel_at_the_achromatic_site(target: str) -> None:
    site = achromatic_longitude(target=target)
    assert site.status == 0
    errors = np.array([-0.05, 0.05])
    missed = throw_to_point(
        longitude_rad=site.longitude_rad, speed_m_s=site.speed_m_s + errors, target=target
    )
    assert missed.miss_m == pytest.approx(site.second_order_s2_m * errors**2, rel=0.01)


def test_westward_a_flight_that_is_turned_back_has_a_site() -> None:
    west = {"azimuth_rad": 1.5 * np.pi, "target": "L2"}
    site = achromatic_longitude(**west)
    assert site.status == 0 and site.advice == ""
    assert float(site.flight_s) / 86_400.0 == pytest.approx(14.13, abs=0.01)
    errors = np.array([-1e-3, 1e-3])
    missed = throw_to_point(
        longitude_rad=site.longitude_rad, speed_m_s=site.speed_m_s + errors, **west
    )
    assert missed.miss_m == pytest.approx(site.second_order_s2_m * errors**2, rel=0.01)


def test_no_site_is_a_status() -> None:
    none = achromatic_longitude(target="L4", azimuth_rad=1.5 * np.pi, longest_s=2e5)
    assert none.status == 4
    assert "errors add up" in none.advice and "throw eastward" in none.advice
    hasty = achromatic_longitude(target="L2", longest_s=20_000.0)
    assert hasty.status == 4 and "allow a longer flight" in hasty.advice
    assert np.isnan(none.longitude_rad) and np.isnan(none.miss_m)


def test_a_slow_or_steep_throw_falls_back() -> None:
    throw = throw_to_point(longitude_rad=0.7, speed_m_s=np.array([1000.0, 2300.0, -5.0]))
    assert throw.status.tolist() == [2, 2, 4]
    assert np.isnan(throw.miss_m).all()


def test_time_runs_out() -> None:
    assert throw_to_point(**AT, longest_s=3600.0).status == 3


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("target", {"target": "L6"}),
        ("speed_m_s", {"speed_m_s": -1.0}),
        ("height_m", {"height_m": -1.0}),
        ("latitude_rad", {"latitude_rad": 40.0}),
        ("mass_ratio_mu", {"mass_ratio_mu": 2.0}),
        ("length_unit_m", {"length_unit_m": 0.0}),
    ],
)
def test_bad_input_is_named(path: str, change: dict[str, object]) -> None:
    with pytest.raises(DomainError) as error:
        throw_to_point(**(AT | change))
    assert error.value.path == path
