"""What holds for any release."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.orbits import (
    TransferSize,
    earth_c3,
    escape_conditions,
    release_epochs,
    size_transfer,
)

EPOCHS = release_epochs(start_tdb_s=1.0e9, n_epochs=60)
SPEED = st.floats(2400.0, 3500.0)
DRIFT = st.floats(0.02, 0.6)
SHARE = st.floats(0.05, 0.6)
TILT = st.floats(-0.6, 0.6)


def transfer(speed: float, drift: float, share: float, tilt: float) -> TransferSize:
    return size_transfer(
        t_tdb_s=EPOCHS,
        muzzle_speed_m_s=speed,
        drift_rate_rad_yr=drift,
        min_usable_frac=share,
        misalignment_rad=tilt,
        site_latitude_rad=0.0,
        release_azimuth_rad=0.0,
        slot_phase_rad=0.5,
        trim_delta_v_m_s=10.0,
        transfer_loss_frac=0.01,
    )


@settings(deadline=None)
@given(SPEED, DRIFT, SHARE, TILT)
def test_asking_more_costs_more(speed: float, drift: float, share: float, tilt: float) -> None:
    base = transfer(speed, drift, share, tilt)
    farther = transfer(speed, 1.2 * drift, share, tilt)
    oftener = transfer(speed, drift, 1.2 * share, tilt)
    assert farther.usable_frac <= base.usable_frac
    assert oftener.usable_frac == base.usable_frac
    assert farther.asked_speed_m_s >= base.asked_speed_m_s
    assert oftener.asked_speed_m_s >= base.asked_speed_m_s


@settings(deadline=None)
@given(SPEED, DRIFT, SHARE, TILT)
def test_a_usable_release_reaches_what_is_asked(
    speed: float, drift: float, share: float, tilt: float
) -> None:
    got = transfer(speed, drift, share, tilt)
    if got.usable_frac > 0.0:
        assert got.drift_rad_yr >= drift
        assert got.c3_earth_m2_s2 > 0.0
        assert got.transfer_s > 0.0
    else:
        assert np.isnan(got.drift_rad_yr)


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
