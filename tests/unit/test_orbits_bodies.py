"""The Moon's and the Earth's orbit against DE440 and against what is known of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import BodyState, earth_state, moon_state, release_epochs

DAY_s = 86_400.0
EPOCHS = np.arange(-36_500.0, 36_500.0, 0.37) * DAY_s

# DE440, 2030-01-01 TDB, geocentric, ICRF.
T_2030 = 946_728_000.0
MOON_R_m = np.array([-193071597.530663, -277242346.3950902, -136882893.9301595])
MOON_V_m_s = np.array([914.0320567774296, -553.2798456506338, -143.26258092823397])
SUN_R_m = np.array([26008477578.076706, -132846064310.6152, -57585428223.44309])
SUN_V_m_s = np.array([29815.05192736494, 4927.989008202265, 2137.1521766856813])


def to_ecliptic(vector: np.ndarray) -> np.ndarray:
    tilt = np.radians(23.4392911)
    c, s = np.cos(tilt), np.sin(tilt)
    return np.array([[1, 0, 0], [0, c, s], [0, -s, c]]) @ vector


def degrees_apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def norm(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=0)


def test_moon_against_de440() -> None:
    state = moon_state(t_tdb_s=T_2030)
    assert degrees_apart(state.r_ecl_m, to_ecliptic(MOON_R_m)) < np.hypot(0.3, 0.2)
    parallax_deg = np.degrees(np.arcsin(6378136.6 / norm(state.r_ecl_m)))
    assert parallax_deg == pytest.approx(
        np.degrees(np.arcsin(6378136.6 / np.linalg.norm(MOON_R_m))), abs=0.003
    )
    assert degrees_apart(state.v_ecl_m_s, to_ecliptic(MOON_V_m_s)) < 0.3
    assert norm(state.v_ecl_m_s) == pytest.approx(np.linalg.norm(MOON_V_m_s), rel=0.005)


def test_earth_against_de440() -> None:
    state = earth_state(t_tdb_s=T_2030)
    assert degrees_apart(state.r_ecl_m, to_ecliptic(-SUN_R_m)) < 0.01
    assert norm(state.r_ecl_m) == pytest.approx(np.linalg.norm(SUN_R_m), rel=1e-4)
    # The Earth's motion round the common centre of mass, which the series lacks, is 13 m/s.
    assert np.linalg.norm(state.v_ecl_m_s - to_ecliptic(-SUN_V_m_s)) < 13.0


def test_moon_distances() -> None:
    distance_m = norm(moon_state(t_tdb_s=EPOCHS).r_ecl_m)
    assert distance_m.min() == pytest.approx(356_400e3, rel=0.005)
    assert distance_m.max() == pytest.approx(406_700e3, rel=0.005)
    assert distance_m.mean() == pytest.approx(385_000.6e3, rel=0.001)


def test_moon_speed_and_inclination() -> None:
    state = moon_state(t_tdb_s=EPOCHS)
    assert norm(state.v_ecl_m_s).mean() == pytest.approx(1.02e3, rel=0.005)
    normal = np.cross(state.r_ecl_m.T, state.v_ecl_m_s.T)
    tilt_deg = np.degrees(np.arccos(normal[:, 2] / np.linalg.norm(normal, axis=1)))
    assert tilt_deg.mean() == pytest.approx(5.145, abs=0.03)


@pytest.mark.parametrize(
    ("body", "period_d", "n_turns"), [(moon_state, 27.321661, 1300), (earth_state, 365.25636, 100)]
)
def test_sidereal_month_and_year(
    body: Callable[..., BodyState], period_d: float, n_turns: int
) -> None:
    start_s = np.arange(-36_000.0, -1000.0, 7.3) * DAY_s
    first, last = (body(t_tdb_s=start_s + n * period_d * DAY_s).r_ecl_m for n in (0, n_turns))
    gained = np.unwrap(np.arctan2(last[1], last[0])) - np.unwrap(np.arctan2(first[1], first[0]))
    gained_deg = np.degrees((gained + np.pi) % (2.0 * np.pi) - np.pi)
    assert abs(gained_deg.mean()) < 0.1


@pytest.mark.parametrize("body", [moon_state, earth_state])
def test_velocity_is_the_derivative(body: Callable[..., BodyState]) -> None:
    step_s = 100.0
    before, at, after = (body(t_tdb_s=EPOCHS[::97] + offset) for offset in (-step_s, 0.0, step_s))
    slope = (after.r_ecl_m - before.r_ecl_m) / (2.0 * step_s)
    assert np.abs(slope - at.v_ecl_m_s).max() < 1e-5 * norm(at.v_ecl_m_s).min()


def test_epochs_keep_their_shape() -> None:
    grid = EPOCHS[:6].reshape(2, 3)
    state = moon_state(t_tdb_s=grid)
    assert state.r_ecl_m.shape == (3, 2, 3)
    alone = moon_state(t_tdb_s=float(grid[1, 2]))
    assert state.r_ecl_m[:, 1, 2] == pytest.approx(alone.r_ecl_m, rel=1e-12)


@pytest.mark.parametrize("t_tdb_s", [5.8e9, -3.2e9, float("nan")])
def test_epochs_outside_the_series_are_refused(t_tdb_s: float) -> None:
    with pytest.raises(DomainError, match="t_tdb_s"):
        moon_state(t_tdb_s=np.array([0.0, t_tdb_s]))


def test_release_epochs_spread_over_the_month() -> None:
    epochs = release_epochs(start_tdb_s=T_2030, n_epochs=120)
    assert epochs[0] == T_2030
    assert 18.6 * 365.25 * DAY_s < epochs[-1] - epochs[0] < 25.0 * 365.25 * DAY_s
    for period_d in (27.321661, 27.554550, 29.530589, 365.25):
        phase = np.sort(((epochs - epochs[0]) / (period_d * DAY_s)) % 1.0)
        gaps = np.diff(np.append(phase, 1.0))
        assert gaps.max() < 8.0 / 120.0, period_d


def test_no_epochs_are_refused() -> None:
    with pytest.raises(DomainError, match="n_epochs"):
        release_epochs(start_tdb_s=0.0, n_epochs=0)
