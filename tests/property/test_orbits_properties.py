"""What holds for any release."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.orbits import (
    TransferSize,
    campaign_epochs,
    earth_c3,
    escape_conditions,
    size_transfer,
)

EPOCHS = campaign_epochs(start_year=2027)
SPEED = st.floats(2400.0, 3500.0)
MUZZLE = st.floats(2330.0, 3900.0)
DRIFT = st.floats(0.02, 1.2)
SHARE = st.floats(0.05, 0.8)
EAST = st.floats(0.589049, 1.374446)


def transfer(speed: float, drift: float, share: float, east: float) -> TransferSize:
    return size_transfer(
        t_tdb_s=EPOCHS,
        muzzle_speed_m_s=speed,
        drift_rate_rad_yr=drift,
        min_usable_frac=share,
        site_latitude_rad=0.0,
        site_longitude_rad=east,
        release_azimuth_rad=4.71238898,
        release_elevation_rad=0.0,
        slot_phase_rad=0.5,
        trim_delta_v_m_s=10.0,
        transfer_loss_frac=0.01,
    )


@settings(deadline=None)
@given(MUZZLE, DRIFT, SHARE, EAST)
def test_asking_more_costs_more(speed: float, drift: float, share: float, east: float) -> None:
    base = transfer(speed, drift, share, east)
    farther = transfer(speed, 1.2 * drift, share, east)
    oftener = transfer(speed, drift, 1.2 * share, east)
    faster = transfer(1.02 * speed, drift, share, east)
    assert farther.usable_frac <= base.usable_frac + 1e-12
    assert faster.usable_frac >= base.usable_frac - 1e-12
    assert oftener.usable_frac == base.usable_frac
    assert farther.asked_speed_m_s >= base.asked_speed_m_s - 1e-6
    assert oftener.asked_speed_m_s >= base.asked_speed_m_s


@settings(deadline=None)
@given(MUZZLE, DRIFT, SHARE, EAST)
def test_a_usable_release_reaches_what_is_asked(
    speed: float, drift: float, share: float, east: float
) -> None:
    got = transfer(speed, drift, share, east)
    if got.usable_frac > 0.0:
        # Between two levels of drift the medians of the lower one count too.
        assert got.drift_rad_yr >= drift - 0.02
        assert 0.0 < got.transfer_s < 45.0 * 86_400.0
        # No orbit that drifts so stops for less than half the change of its axis.
        axis = 1.0 - (1.0 + got.drift_rad_yr / (2.0 * np.pi)) ** (-2.0 / 3.0)
        assert got.stop_delta_v_m_s > 0.97 * 29_785.0 * 0.5 * axis
    else:
        assert np.isnan(got.drift_rad_yr)
        assert got.loss_frac == 1.0


@settings(deadline=None)
@given(MUZZLE, DRIFT, SHARE, EAST)
def test_the_speed_asked_for_serves_as_often_as_asked(
    speed: float, drift: float, share: float, east: float
) -> None:
    asked = transfer(speed, drift, share, east).asked_speed_m_s
    if np.isfinite(asked):
        assert transfer(float(asked), drift, share, east).usable_frac >= share - 1e-9


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(MUZZLE, DRIFT, SHARE, EAST), min_size=1, max_size=6))
def test_a_draw_alone_has_the_bits_of_the_batch(draws: list[tuple[float, ...]]) -> None:
    batch = transfer(*(np.array(item) for item in zip(*draws, strict=True)))  # type: ignore[arg-type]
    for place, draw in enumerate(draws):
        alone = transfer(*draw)
        for field in fields(TransferSize):
            whole = np.broadcast_to(getattr(batch, field.name), len(draws))[place]
            np.testing.assert_array_equal(whole, getattr(alone, field.name), field.name)


@given(SPEED, st.floats(0.0, np.pi), st.floats(960.0, 1090.0), st.floats(3.56e8, 4.07e8))
def test_no_throw_beats_the_one_along_the_moon(
    speed: float, tilt: float, moon_speed: float, distance: float
) -> None:
    v_inf = escape_conditions(release_speed_m_s=speed).v_inf_moon_m_s
    best, other = (
        earth_c3(
            v_inf_moon_m_s=v_inf,
            misalignment_rad=angle,
            moon_speed_m_s=moon_speed,
            moon_distance_m=distance,
        )
        for angle in (0.0, tilt)
    )
    assert other <= best


@given(SPEED)
def test_gain_is_the_slope_of_the_excess_speed(speed: float) -> None:
    low, at, high = (
        escape_conditions(release_speed_m_s=speed + step) for step in (-0.01, 0.0, 0.01)
    )
    slope = (high.v_inf_moon_m_s - low.v_inf_moon_m_s) / 0.02
    assert np.isclose(slope, at.gain_ratio, rtol=1e-5)
