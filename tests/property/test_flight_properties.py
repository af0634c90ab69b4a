"""What holds for any flight: conservation, and a draw alone as in a block."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.orbits import point_mass_model, propagate, release_state

T_2030 = 946_728_000.0
GM_MOON = 4.9028001184575496e12


@settings(max_examples=15, deadline=None)
@given(
    speed=st.floats(2450.0, 3500.0),
    longitude=st.floats(0.0, 6.28),
    azimuth=st.floats(0.0, 6.28),
    elevation=st.floats(0.0, 1.5),
)
def test_energy_about_a_lone_moon(
    speed: float, longitude: float, azimuth: float, elevation: float
) -> None:
    start = release_state(0.2, longitude, azimuth, elevation, speed, T_2030)
    model = point_mass_model("moon", indirect=True)
    flight = propagate(start, duration_s=3e6, forces=model)
    energies = [
        0.5 * np.sum(v**2) - GM_MOON / np.linalg.norm(r)
        for r, v in (
            (start.r_icrf_m, start.v_icrf_m_s),
            (flight.r_icrf_m, flight.v_icrf_m_s),
        )
    ]
    assert abs(energies[1] - energies[0]) < 1e-10 * GM_MOON / 1.7374e6


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_draw_alone_is_the_draw_in_a_block(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = release_state(
        rng.uniform(-1.0, 1.0),
        rng.uniform(0.0, 6.28),
        rng.uniform(0.0, 6.28),
        np.abs(rng.normal(0.0, 2e-3, 40)),
        rng.uniform(2600.0, 3200.0, 40),
        T_2030,
    )
    block = propagate(start, duration_s=20 * 86_400.0)
    for draw in (0, 17, 39):
        alone = propagate(start.array[:, draw], T_2030, 20 * 86_400.0)
        assert alone.status == block.status[draw]
        if alone.status == 0:
            assert np.linalg.norm(alone.r_icrf_m - block.r_icrf_m[:, draw]) < 1.0
