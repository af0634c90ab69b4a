"""Landings, flights and their costs."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.parameters.load import load_parameters
from moonbase.transport.flights import (
    flight_cap,
    landing_cost_usd_kg,
    launch_cost,
    orbit_cost_usd_kg,
)
from moonbase.transport.landing import landing_cap, ship_flights_1_yr, size_landing

SHIP = {
    "lander_dry_kg": 120e3,
    "ship_tank_kg": 1.2e6,
    "specific_impulse_s": 375.0,
    "landing_delta_v_m_s": 6145.0,
    "landing_payload_cap_kg": 100e3,
    "orbit_payload_kg": 150e3,
    "tanker_payload_ratio": 1.0,
    "boil_off_frac": 0.0,
    "transfer_loss_frac": 0.0,
}
PARAMETERS = load_parameters()


def record(name):
    return PARAMETERS[f"transport.{name}"].value


@pytest.mark.parametrize(
    ("changed", "landed_kg"),
    [
        ({}, 100e3),
        ({"orbit_payload_kg": 35e3}, 35e3),
        ({"landing_payload_cap_kg": 190e3, "orbit_payload_kg": 200e3}, 157.94e3),
    ],
)
def test_the_least_of_three_limits_binds(changed, landed_kg):
    assert size_landing(**SHIP | changed).landed_kg == pytest.approx(landed_kg, rel=1e-4)


def test_a_tank_too_small_lands_nothing():
    size = size_landing(**SHIP | {"ship_tank_kg": 400e3})
    assert size.landed_kg == 0.0
    assert size.gear_ratio == np.inf
    assert landing_cost_usd_kg(
        launch_usd=1e7,
        n_flights_per_landing=size.n_flights_per_landing,
        landed_kg=size.landed_kg,
        hull_usd=0.0,
        landing_loss_frac=0.0,
    ) == float("inf")


def test_draws_equal_a_loop():
    rng = np.random.default_rng(3)
    draws = {k: v * rng.uniform(0.9, 1.1, 7) for k, v in SHIP.items()}
    batch = size_landing(**draws)
    for i in range(7):
        alone = size_landing(**{k: float(v[i]) for k, v in draws.items()})
        for name in alone.__dataclass_fields__:
            assert getattr(batch, name)[i] == pytest.approx(float(getattr(alone, name)), rel=1e-13)


def test_mars_takes_half_the_propellant():
    moon = size_landing(**SHIP | {"orbit_payload_kg": 200e3})
    mars = size_landing(**SHIP | {"orbit_payload_kg": 200e3, "landing_delta_v_m_s": 4300.0})
    assert mars.propellant_kg / moon.propellant_kg == pytest.approx(488.3 / 949.8, rel=1e-3)
    assert ship_flights_1_yr(cycle_yr=0.05, window_yr=26 / 12) == pytest.approx(12 / 26)


def test_the_nominal_landing_stays_inside_the_published_counts():
    arguments = {name: record(name) for name in SHIP}
    size = size_landing(**arguments)
    assert 4.0 <= size.n_tankers <= 18.0


def test_the_ramp_meets_its_ends_and_draws_equal_a_loop():
    year = np.arange(2026.0, 2081.0)
    growth = np.array([0.4, 0.7, 1.8])
    ceiling = np.array([180.0, 8766.0, 2.0])
    cap = flight_cap(
        year=year[:, None],
        base_year=2026.0,
        base_flights_1_yr=4.0,
        growth_1_yr=growth,
        ceiling_flights_1_yr=ceiling,
    )
    assert cap.shape == (55, 3)
    assert cap[0] == pytest.approx(4.0)
    assert cap[-1] == pytest.approx(ceiling, rel=1e-6)
    assert np.all(np.diff(cap[:, :2], axis=0) >= 0.0)
    assert np.log(cap[1, 1] / cap[0, 1]) == pytest.approx(0.7, rel=1e-3)
    for i in range(3):
        alone = flight_cap(
            year=year,
            base_year=2026.0,
            base_flights_1_yr=4.0,
            growth_1_yr=growth[i],
            ceiling_flights_1_yr=ceiling[i],
        )
        assert np.array_equal(alone, cap[:, i])


def test_learning_reaches_the_published_target():
    """Suncatcher: below 200 USD/kg after 1,850 flights of 200 t, 0.20 per doubling."""
    names = ("launch_base_usd", "n_flights_base", "launch_learning_rate_frac", "launch_floor_usd")
    arguments = {name: record(name) for name in names}
    cost_usd = launch_cost(n_flights_cumulative=1850.0, **arguments)
    assert 38.0 < orbit_cost_usd_kg(launch_usd=cost_usd, orbit_payload_kg=200e3) < 200.0
    twice = launch_cost(n_flights_cumulative=3700.0, **arguments)
    assert twice / cost_usd == pytest.approx(0.8)
    assert launch_cost(n_flights_cumulative=1e9, **arguments) == record("launch_floor_usd")
    assert launch_cost(n_flights_cumulative=0.0, **arguments) == record("launch_base_usd")


@pytest.mark.parametrize(
    ("n_tankers", "costs"),
    [
        (6, (7000, 3500, 1400, 700, 140)),
        (8, (9000, 4500, 1800, 900, 180)),
        (12, (13000, 6500, 2600, 1300, 260)),
        (16, (17000, 8500, 3400, 1700, 340)),
    ],
)
def test_cost_table(n_tankers, costs):
    found = landing_cost_usd_kg(
        launch_usd=np.array([100e6, 50e6, 20e6, 10e6, 2e6]),
        n_flights_per_landing=1.0 + n_tankers,
        landed_kg=100e3,
        hull_usd=0.0,
        landing_loss_frac=0.0,
    )
    assert found == pytest.approx(costs)


def test_hull_and_loss_raise_the_cost():
    cost = landing_cost_usd_kg(
        launch_usd=10e6,
        n_flights_per_landing=9.0,
        landed_kg=100e3,
        hull_usd=60e6,
        landing_loss_frac=0.25,
    )
    assert cost == pytest.approx((900.0 + 600.0) / 0.75)


def test_nothing_lands_before_the_first_year():
    cap = landing_cap(
        year=np.array([[2029.0], [2030.0], [2031.0]]),
        flights_1_yr=800.0,
        other_flights_frac=0.5,
        first_landing_year=np.array([2030.0, 2031.0]),
        n_flights_per_landing=8.0,
        landed_kg=100e3,
        landing_loss_frac=0.1,
    )
    assert cap.landings_1_yr.tolist() == [[0.0, 0.0], [50.0, 0.0], [50.0, 50.0]]
    assert cap.landed_kg_yr[2] == pytest.approx([4.5e6, 4.5e6])


def test_a_landing_takes_a_flight():
    with pytest.raises(DomainError, match=">= 1"):
        landing_cost_usd_kg(
            launch_usd=1e7,
            n_flights_per_landing=0.5,
            landed_kg=1e5,
            hull_usd=0.0,
            landing_loss_frac=0.0,
        )
