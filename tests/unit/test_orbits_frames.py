"""Release from the turning Moon, terrain, and time scales."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import (
    ephemeris,
    lunar_axes,
    pa_to_me,
    release_angles,
    release_state,
    tdb_from_utc,
    tdb_minus_tt,
    terrain_clearance,
    utc_from_tdb,
)

T_2030 = 946_728_000.0


def test_release_and_its_inverse_close() -> None:
    rng = np.random.default_rng(5)
    given = {
        "latitude_rad": rng.uniform(-1.5, 1.5, 200),
        "longitude_rad": rng.uniform(0.0, 6.28, 200),
        "azimuth_rad": rng.uniform(0.0, 6.28, 200),
        "elevation_rad": rng.uniform(-0.1, 1.4, 200),
        "speed_m_s": rng.uniform(10.0, 3500.0, 200),
        "height_m": rng.uniform(-3000.0, 8000.0, 200),
    }
    state = release_state(**given, epoch_tdb_s=T_2030 + rng.uniform(-9e8, 6e8, 200))
    angles = release_angles(state=state)
    for name, value in given.items():
        scale = {"height_m": 1e-6, "speed_m_s": 1e-9}.get(name, 1e-11)
        np.testing.assert_allclose(getattr(angles, name), value, rtol=0, atol=scale, err_msg=name)


def test_the_near_side_faces_the_earth() -> None:
    epochs = T_2030 + 86_400.0 * np.arange(0, 400, 7)
    earth = ephemeris("earth", epochs, "moon").r_icrf_m
    body = np.einsum("ij...,j...->i...", lunar_axes(epoch_tdb_s=epochs).icrf_to_pa, earth)
    body = np.tensordot(pa_to_me(), body, 1)
    longitude = np.degrees(np.arctan2(body[1], body[0]))
    latitude = np.degrees(np.arcsin(body[2] / np.linalg.norm(body, axis=0)))
    assert np.max(np.abs(longitude)) < 8.2
    assert np.max(np.abs(latitude)) < 6.9
    assert abs(np.mean(longitude)) < 0.5


def test_the_ground_adds_its_speed_eastward() -> None:
    for azimuth, sign in ((0.5 * np.pi, 1.0), (1.5 * np.pi, -1.0)):
        state = release_state(0.0, 0.3, azimuth, 0.0, 2500.0, T_2030)
        speed = np.linalg.norm(state.v_icrf_m_s)
        assert speed - 2500.0 == pytest.approx(sign * 4.62, abs=0.02)


def test_bad_releases_are_refused() -> None:
    with pytest.raises(DomainError, match="latitude_rad"):
        release_state(2.0, 0.0, 0.0, 0.0, 2500.0, T_2030)
    with pytest.raises(DomainError, match="speed_m_s"):
        release_state(0.0, 0.0, 0.0, 0.0, -1.0, T_2030)
    with pytest.raises(DomainError, match="orientation"):
        release_state(0.0, 0.0, 0.0, 0.0, 2500.0, 5.8e9)
    with pytest.raises(DomainError, match="Moon"):
        release_angles(state=ephemeris("moon", T_2030))


def test_clearance_finds_the_mountain() -> None:
    along = np.linspace(1e3, 1e5, 100)
    flat = terrain_clearance(
        downrange_m=along, terrain_m=np.zeros(100), speed_m_s=2500.0, elevation_rad=0.0
    )
    assert flat.least_m == flat.height_m[0] > 0.0
    assert flat.horizon_rad < 0.0
    hill = np.where(np.abs(along - 4e4) < 2e3, 1000.0, 0.0)
    high = terrain_clearance(downrange_m=along, terrain_m=hill, speed_m_s=2500.0, elevation_rad=0.0)
    assert high.least_m < -700.0
    assert abs(high.at_m - 4e4) < 2.1e3
    steep = terrain_clearance(
        downrange_m=along, terrain_m=hill, speed_m_s=2500.0, elevation_rad=high.horizon_rad + 0.01
    )
    assert steep.least_m > 0.0


def test_clearance_needs_a_profile() -> None:
    with pytest.raises(DomainError, match="one height"):
        terrain_clearance(
            downrange_m=np.ones(2), terrain_m=np.ones(3), speed_m_s=2500.0, elevation_rad=0.0
        )
    with pytest.raises(DomainError, match="speed_m_s"):
        terrain_clearance(
            downrange_m=np.ones(2), terrain_m=np.ones(2), speed_m_s=0.0, elevation_rad=0.0
        )


@pytest.mark.parametrize(
    "utc",
    ["1975-03-04T05:06:07.123456", "2016-12-31T23:59:59.500000", "2024-02-29T12:00:00.000001"],
)
def test_utc_and_back(utc: str) -> None:
    epoch = tdb_from_utc(utc=utc)
    assert utc_from_tdb(epoch_tdb_s=epoch.epoch_tdb_s, offset_s=epoch.offset_s) == utc


def test_a_leap_second_lasts_a_second() -> None:
    texts = ("2016-12-31T23:59:59", "2016-12-31T23:59:60", "2017-01-01T00:00:00")
    epochs = [tdb_from_utc(utc=text).epoch_tdb_s for text in texts]
    assert np.diff(epochs).tolist() == [1.0, 1.0]


def test_dates_without_known_leap_seconds_are_refused() -> None:
    with pytest.raises(DomainError, match="announced"):
        tdb_from_utc(utc="2030-01-01T00:00:00")
    with pytest.raises(DomainError, match="announced"):
        utc_from_tdb(epoch_tdb_s=T_2030)
    epoch = tdb_from_utc(utc="2030-01-01T00:00:00", assume_no_new_leap_second=True)
    assert epoch.epoch_tdb_s + epoch.offset_s == pytest.approx(T_2030 + 69.184, abs=0.01)
    for text in ("1971-01-01T00:00:00", "yesterday", "2020-01-01T00:00:00+01:00"):
        with pytest.raises(DomainError):
            tdb_from_utc(utc=text)


def test_tdb_against_the_full_series() -> None:
    erfa = pytest.importorskip("erfa")
    epochs = np.linspace(-8e8, 3e9, 300)
    full = [erfa.dtdb(2451545.0, t / 86_400.0, 0.0, 0.0, 0.0, 0.0) for t in epochs]
    np.testing.assert_allclose(tdb_minus_tt(t_tdb_s=epochs), full, rtol=0, atol=1e-5)


def test_the_axes_go_on_smoothly_after_the_kernel() -> None:
    joint = 1_609_761_600.0
    before, after = (lunar_axes(epoch_tdb_s=joint + t) for t in (-1e-3, 1e-3))
    turn = before.icrf_to_pa @ after.icrf_to_pa.T
    assert 1.7374e6 * np.linalg.norm(turn - np.eye(3)) / 2**0.5 < 60.0
    np.testing.assert_allclose(after.spin_pa_rad_s, before.spin_pa_rad_s, atol=1e-10)
    late = lunar_axes(epoch_tdb_s=np.linspace(joint, 3.15e9, 500))
    np.testing.assert_allclose(late.spin_pa_rad_s[2], 2.6617e-6, rtol=3e-4)
