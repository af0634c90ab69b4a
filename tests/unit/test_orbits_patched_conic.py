"""Times along hyperbolas against integration and at their limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from moonbase.core.constants import GM_EARTH_m3_s2, GM_MOON_m3_s2, MOON_RADIUS_m
from moonbase.orbits import hyperbola_time


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
