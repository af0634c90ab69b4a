"""Launch maps and surveys of tracks."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import (
    OUTCOMES,
    EarthOrbit,
    LibrationPoint,
    LunarOrbit,
    SolarOrbit,
    launch_map,
    lay_rings,
    propagate,
    release_state,
    site_survey,
    target,
)
from moonbase.orbits import launch_map as _function
from moonbase.orbits._guess import light_model
from moonbase.orbits._kepler import energy_of, excess_velocity, solar_elements, to_circle
from moonbase.orbits._records import gm_of

T_2030 = 946_728_000.0
DAY_s = 86_400.0
AU_m = 149_597_870_700.0
WEST = -0.5 * np.pi
EPOCHS = T_2030 + DAY_s * np.arange(0.0, 28.0, 7.0)
SPEEDS = np.array([1700.0, 2300.0, 2380.0, 2500.0, 2800.0])
TRACK = {"latitude_rad": 0.1, "longitude_rad": 0.5, "azimuth_rad": WEST}


def norm(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=0)


def test_a_cell_is_the_flight_of_its_release() -> None:
    found = launch_map(**TRACK, epoch_tdb_s=EPOCHS, speed_m_s=SPEEDS)
    start = release_state(0.1, 0.5, WEST, 0.0, SPEEDS[4], EPOCHS[1])
    flight = propagate(start, duration_s=365.25 * DAY_s, forces=light_model())
    sun = flight.relative_to("sun")
    orbit = solar_elements(sun.r_icrf_m, sun.v_icrf_m_s, flight.t_tdb_s)
    assert found.semi_major_m[1, 4] == pytest.approx(float(orbit.semi_major_m), rel=1e-6)
    assert found.eccentricity_nd[1, 4] == pytest.approx(float(orbit.eccentricity_nd), rel=1e-4)
    assert found.elapsed_s[1, 4] == flight.elapsed_s
    distance = norm(flight.relative_to("earth").r_icrf_m)
    assert distance > 1e10
    assert found.earth_miss_m[1, 4] < 4.1e8


def test_slow_throws_fall_back_and_fast_ones_leave() -> None:
    found = launch_map(**TRACK, epoch_tdb_s=EPOCHS, speed_m_s=SPEEDS)
    assert np.all(found.outcome[:, :2] == OUTCOMES.index("falls back to the Moon"))
    leave = {OUTCOMES.index("leaves inward"), OUTCOMES.index("leaves outward")}
    assert set(found.outcome[:, 4]) == leave
    assert np.all(np.isnan(found.semi_major_m[:, 0]))
    assert np.all(np.isnan(found.c3_moon_m2_s2[:, 0]))
    inward = found.outcome == OUTCOMES.index("leaves inward")
    assert np.all(found.drift_rad_yr[inward] > 0.0)
    assert np.all(found.semi_major_m[inward] < 1.001 * AU_m)


def test_the_asymptote_is_that_of_the_release_conic_at_high_speed() -> None:
    found = launch_map(**TRACK, epoch_tdb_s=EPOCHS, speed_m_s=np.array([5000.0]))
    start = release_state(0.1, 0.5, WEST, 0.0, 5000.0, EPOCHS)
    gm = gm_of("moon")
    far = excess_velocity(start.r_icrf_m, start.v_icrf_m_s, gm)
    energy = energy_of(start.r_icrf_m, start.v_icrf_m_s, gm)
    np.testing.assert_allclose(found.c3_moon_m2_s2[:, 0], energy, rtol=3e-3)
    turn = np.arctan2(far[1], far[0]) % (2.0 * np.pi)
    np.testing.assert_allclose(found.asymptote_ra_rad[:, 0], turn, atol=3e-3)
    tilt = np.arcsin(far[2] / norm(far))
    np.testing.assert_allclose(found.asymptote_dec_rad[:, 0], tilt, atol=3e-3)


def test_the_drift_is_the_angle_gained_in_the_years_after() -> None:
    epochs, speed = EPOCHS[:1], np.array([2800.0])
    found = launch_map(**TRACK, epoch_tdb_s=epochs, speed_m_s=speed)
    start = release_state(0.1, 0.5, WEST, 0.0, speed, epochs)
    ahead = []
    for years in (1.0, 2.0):
        flight = propagate(start, duration_s=years * 365.25 * DAY_s, forces=light_model())
        sun = flight.relative_to("sun")
        orbit = solar_elements(sun.r_icrf_m, sun.v_icrf_m_s, flight.t_tdb_s)
        ahead.append(orbit.ahead_rad[0])
    gained = (ahead[1] - ahead[0]) % (2.0 * np.pi)
    assert found.drift_rad_yr[0, 0] == pytest.approx(gained, abs=0.15)
    assert found.drift_rad_yr[0, 0] > 0.3


def test_chunks_do_not_change_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    case = {**TRACK, "epoch_tdb_s": EPOCHS[:3], "speed_m_s": SPEEDS, "horizon_s": 60 * DAY_s}
    whole = launch_map(**case)
    monkeypatch.setitem(_function.__globals__, "_CELLS", 5)
    parts = launch_map(**case)
    np.testing.assert_array_equal(whole.outcome, parts.outcome)
    np.testing.assert_array_equal(whole.c3_earth_m2_s2, parts.c3_earth_m2_s2)


def test_two_burns_to_a_ring_are_hohmanns_from_the_earths_circle() -> None:
    rings = lay_rings(
        inner_au=0.9, outer_au=1.1, gap_au=0.05, ring_spacing_m=2e9, slot_spacing_m=1e6
    )
    radius = rings.radius_au * AU_m
    low, high = np.minimum(radius, AU_m), np.maximum(radius, AU_m)
    cost = to_circle(gm_of("sun"), low, high, 0.0, radius)
    np.testing.assert_allclose(cost, rings.insertion_m_s, rtol=1e-3)


def test_what_a_slot_costs_grows_with_the_wrong_speed() -> None:
    case = {**TRACK, "epoch_tdb_s": EPOCHS[:1], "horizon_s": 60 * DAY_s}
    orbit = LunarOrbit(orbit_height_m=1e5)
    exact, fast, escaping = launch_map(
        **case, speed_m_s=np.array([1703.0, 1800.0, 2800.0]), slot=orbit
    ).slot_delta_v_m_s[0]
    assert exact == pytest.approx(23.0, abs=5.0)
    assert fast > exact
    assert np.isnan(escaping)


def test_an_earth_slot_is_counted_from_the_first_perigee() -> None:
    found = launch_map(
        latitude_rad=0.0,
        longitude_rad=-0.8,
        azimuth_rad=0.5 * np.pi,
        epoch_tdb_s=EPOCHS[:1],
        speed_m_s=np.array([2535.0, 2536.5, 2700.0]),
        horizon_s=30 * DAY_s,
        slot=EarthOrbit(perigee_height_m=4e5, apogee_height_m=4e5),
    )
    near = found.slot_delta_v_m_s[0, :2]
    assert np.all((near > 3050.0) & (near < 3150.0))
    assert np.all(found.n_earth_passes[0, :2] >= 1)


def test_a_point_slot_is_what_an_aimed_throw_needs() -> None:
    goal = LibrationPoint(name="L2")
    aimed = target(
        goal=goal,
        latitude_rad=0.0,
        longitude_rad=0.7,
        azimuth_rad=0.5 * np.pi,
        epoch_tdb_s=T_2030,
        window_s=28 * DAY_s,
    )
    found = launch_map(
        latitude_rad=0.0,
        longitude_rad=0.7,
        azimuth_rad=0.5 * np.pi,
        epoch_tdb_s=np.atleast_1d(aimed.epoch_tdb_s),
        speed_m_s=np.array([float(aimed.speed_m_s), 2400.0, 3400.0]),
        horizon_s=30 * DAY_s,
        slot=goal,
    ).slot_delta_v_m_s[0]
    assert found[0] == pytest.approx(float(aimed.total_delta_v_m_s), abs=10.0)
    assert found[1] > found[0]
    assert np.isnan(found[2])


def test_a_drift_slot_costs_less_than_its_ring() -> None:
    case = {**TRACK, "epoch_tdb_s": EPOCHS, "speed_m_s": SPEEDS[3:]}
    drift = launch_map(**case, slot=SolarOrbit(drift_rad_yr=0.3)).slot_delta_v_m_s
    ring = launch_map(**case, slot=SolarOrbit(drift_rad_yr=0.3, ring=True)).slot_delta_v_m_s
    assert np.all(drift <= ring)
    assert np.any(drift < 0.7 * ring)


def test_a_survey_prefers_the_track_that_leads_the_moon_for_a_fast_drift() -> None:
    surveys = [
        site_survey(
            latitude_rad=0.0,
            longitude_rad=np.array([-0.8, 0.7]),
            azimuth_rad=WEST,
            epoch_tdb_s=T_2030 + DAY_s * np.arange(0.0, 27.0, 3.0),
            speed_m_s=np.array([2500.0, 2600.0]),
            slot=SolarOrbit(drift_rad_yr=0.8),
            budget_m_s=budget,
        )
        for budget in (300.0, 900.0)
    ]
    small, large = surveys
    assert small.ranking[0] == 1
    assert small.served_frac[1] > small.served_frac[0]
    assert np.all(large.served_frac >= small.served_frac)
    assert np.all(large.longest_gap_s <= small.longest_gap_s)
    assert small.longest_gap_s[1] < 27 * DAY_s
    assert small.least_delta_v_m_s[1] <= 300.0
    assert small.outcome_frac.shape == (7, 2)


def test_a_survey_without_a_served_epoch_says_so() -> None:
    survey = site_survey(
        latitude_rad=0.0,
        longitude_rad=0.5,
        azimuth_rad=WEST,
        epoch_tdb_s=EPOCHS[:2],
        speed_m_s=np.array([1700.0]),
        budget_m_s=10.0,
        horizon_s=5 * DAY_s,
    )
    assert survey.served_frac[0] == 0.0
    assert np.isinf(survey.longest_gap_s[0])
    assert np.isnan(survey.best_speed_m_s[0])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"speed_m_s": np.array([0.0])}, "speed_m_s"),
        ({"epoch_tdb_s": np.array([])}, "epoch_tdb_s"),
        ({"horizon_s": 0.0}, "horizon_s"),
    ],
)
def test_bad_axes_are_named(changes: dict[str, object], path: str) -> None:
    case = {**TRACK, "epoch_tdb_s": EPOCHS, "speed_m_s": SPEEDS, **changes}
    with pytest.raises(DomainError) as error:
        launch_map(**case)  # type: ignore[arg-type]
    assert error.value.path == path


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(DomainError) as error:
        site_survey(**TRACK, epoch_tdb_s=EPOCHS, speed_m_s=SPEEDS, budget_m_s=0.0)
    assert error.value.path == "budget_m_s"
