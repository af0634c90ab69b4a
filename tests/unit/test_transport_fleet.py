"""Fleet, payers, prices and the Mars windows."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.transport import (
    FLEET_LIMITS,
    Vehicle,
    allocate,
    deliver,
    fleet_capacity,
    flights_1_yr,
    landing_delay_s,
    list_prices,
    mars_campaign,
    price,
    propellant_heat_J_kg,
    size_fleet,
    vehicle,
)

DAY_s = 86_400.0
FLEET = {
    "n_tankers_per_landing": 9.0,
    "ship_cycle_s": 40 * DAY_s,
    "tanker_cycle_s": 2 * DAY_s,
    "pad_turnaround_s": DAY_s,
    "propellant_per_launch_kg": 4.6e6,
    "availability_frac": 0.9,
    "landing_loss_frac": 0.05,
    "launch_loss_frac": 0.02,
}
LAUNCH = {
    "n_flights_cumulative": 1.0,
    "launch_base_usd": 10e6,
    "n_flights_base": 1.0,
    "launch_learning_rate_frac": 0.0,
    "launch_floor_usd": 0.0,
}


def test_capacity_gives_back_the_fleet_that_was_sized():
    fleet = size_fleet(landings_1_yr=np.array([10.0, 60.0]), **FLEET)
    assert np.all(fleet.launches_1_yr == 10.0 * fleet.attempts_1_yr)
    capacity = fleet_capacity(
        n_ships=fleet.n_ships,
        n_tankers=fleet.n_tankers,
        n_pads=fleet.n_pads,
        propellant_kg_yr=fleet.propellant_kg_yr,
        **FLEET,
    )
    assert capacity.safe_landings_1_yr == pytest.approx([10.0, 60.0])
    assert capacity.attempts_1_yr == pytest.approx(fleet.attempts_1_yr)


@pytest.mark.parametrize("which", range(len(FLEET_LIMITS)))
def test_each_limit_binds_when_it_is_short(which):
    short = {
        "n_ships": 1e9,
        "n_tankers": 1e9,
        "n_pads": 1e9,
        "propellant_kg_yr": 1e20,
        "demand_1_yr": 1e12,
    }
    key = list(short)[which]
    capacity = fleet_capacity(**FLEET, **short | {key: 1.0})
    assert FLEET_LIMITS[int(capacity.binding)] == FLEET_LIMITS[which]


def test_losses_cost_ships_and_attempts():
    calm = size_fleet(
        landings_1_yr=100.0, **FLEET | {"landing_loss_frac": 0.0, "launch_loss_frac": 0.0}
    )
    assert (calm.attempts_1_yr, calm.ships_lost_1_yr) == (100.0, 0.0)
    rough = size_fleet(landings_1_yr=100.0, **FLEET)
    assert rough.attempts_1_yr == pytest.approx(100.0 / (0.95 * 0.98))
    stays = size_fleet(landings_1_yr=100.0, ship_stays=True, **FLEET)
    hulls = float(stays.ships_lost_1_yr - rough.ships_lost_1_yr)
    assert hulls == pytest.approx(100.0)
    assert landing_delay_s(lost_import_kg=100e3, import_kg_yr=1e6) == JULIAN_YEAR_s / 10.0


def test_a_window_slows_a_quick_ship():
    assert flights_1_yr(cycle_s=DAY_s, window_s=10 * DAY_s) == pytest.approx(36.525)
    with pytest.raises(DomainError, match="cycle_s"):
        flights_1_yr(cycle_s=0.0)
    with pytest.raises(DomainError, match="availability_frac"):
        size_fleet(landings_1_yr=1.0, **FLEET | {"availability_frac": 1.2})


ASKED = {"starlink": 60.0, "lander contracts": 10.0, "lunar cargo": np.inf, "mars": 80.0}


def test_payers_are_served_in_their_order():
    got = allocate(
        flights_1_yr=np.array([[50.0, 65.0], [100.0, 300.0]]),
        demand_1_yr=ASKED,
        priority=("lander contracts", "starlink", "mars", "lunar cargo"),
    )
    assert got.flights_1_yr.shape == (4, 2, 2)
    assert got.of(payer="lander contracts") == pytest.approx(10.0)
    assert got.of(payer="starlink").tolist() == [[40.0, 55.0], [60.0, 60.0]]
    assert got.of(payer="mars").tolist() == [[0.0, 0.0], [30.0, 80.0]]
    assert got.of(payer="lunar cargo").tolist() == [[0.0, 0.0], [0.0, 150.0]]
    assert np.all(got.spare_1_yr == 0.0)


def test_shares_pass_on_what_is_not_needed():
    got = allocate(
        flights_1_yr=100.0,
        demand_1_yr={"starlink": 10.0, "lunar cargo": 90.0, "mars": 90.0},
        share_frac={"starlink": 0.5, "lunar cargo": 0.3, "mars": 0.2},
    )
    assert got.flights_1_yr == pytest.approx([10.0, 54.0, 36.0])
    assert got.unmet_1_yr == pytest.approx([0.0, 36.0, 54.0])


def test_a_minimum_comes_before_the_order():
    got = allocate(
        flights_1_yr=100.0,
        demand_1_yr={"starlink": 500.0, "lunar cargo": 40.0},
        minimum_frac={"lunar cargo": 0.25},
    )
    assert got.flights_1_yr == pytest.approx([75.0, 25.0])


@pytest.mark.parametrize(
    "changed",
    [
        {"priority": ("starlink",)},
        {"priority": ("starlink", "mars", "mars", "lunar cargo", "lander contracts")},
        {"share_frac": {"nobody": 1.0}},
        {"minimum_frac": {"starlink": 0.7, "mars": 0.6}},
        {"flights_1_yr": -1.0},
    ],
)
def test_orders_that_make_no_sense_are_refused(changed):
    with pytest.raises(DomainError):
        allocate(**{"flights_1_yr": 10.0, "demand_1_yr": ASKED} | changed)


def test_price_is_not_cost_and_learning_stops_at_the_floor():
    flown = np.array([10.0, 20.0, 1e9])
    found = price(
        **LAUNCH
        | {
            "n_flights_cumulative": flown,
            "n_flights_base": 10.0,
            "launch_learning_rate_frac": 0.25,
            "launch_floor_usd": 2e6,
        },
        nodes=("LEO", "LLPO", "Moon", "Mars"),
        price_over_cost_ratio=3.0,
    )
    assert found.launch_cost_usd == pytest.approx([10e6, 7.5e6, 2e6])
    assert found.cost_usd_kg.shape == (4, 3)
    assert found.price_usd_kg == pytest.approx(3.0 * found.cost_usd_kg)
    assert np.all(np.diff(found.cost_usd_kg, axis=1) < 0.0)
    moon, low = found.at(node="Moon"), found.at(node="LEO")
    assert np.all(found.cost_usd_kg[moon] > found.cost_usd_kg[low])
    trip = deliver("cargo_lander", "LEO", "Moon")
    assert found.cost_usd_kg[moon, 0] == pytest.approx(
        float(trip.n_launches) * 10e6 / float(trip.payload_kg)
    )


def test_hull_and_losses_are_charged_where_they_fall():
    plain = price(**LAUNCH, nodes=("LEO", "LLPO", "Moon"))
    hull = price(
        **LAUNCH,
        nodes=("LEO", "LLPO", "Moon"),
        hull_usd=50e6,
        n_hull_flights=5.0,
        landing_loss_frac=0.2,
    )
    assert hull.cost_usd_kg[0] == plain.cost_usd_kg[0]
    assert hull.cost_usd_kg[1] == pytest.approx(plain.cost_usd_kg[1] + 100.0)
    assert hull.cost_usd_kg[2] == pytest.approx((plain.cost_usd_kg[2] + 100.0) / 0.8)


def test_energy_of_a_kilogram_is_the_heat_of_what_burns():
    assert propellant_heat_J_kg(propellant="methalox", oxidiser_fuel_ratio=3.989) == pytest.approx(
        5e7 / 4.989
    )
    heat = propellant_heat_J_kg(propellant="methalox", oxidiser_fuel_ratio=3.6)
    found = price(**LAUNCH, vehicle="starship_v3", nodes=("LEO", "Moon"))
    assert found.energy_J_kg[0] == pytest.approx(4.6e6 * float(heat) / 100e3)
    assert found.energy_J_kg[1] > 5.0 * found.energy_J_kg[0]
    with pytest.raises(DomainError, match="no propellant"):
        propellant_heat_J_kg(propellant="kerolox")


def test_the_asking_price_stands_far_above_the_cost_at_a_dear_launch():
    (asked,) = [
        p.price_usd_kg
        for p in list_prices()
        if (p.provider, p.destination) == ("starship", "lunar surface")
    ]
    ship = vehicle(name="cargo_lander")
    found = price(
        **LAUNCH | {"launch_base_usd": 100e6}, vehicle=ship, nodes=("Moon",), tanker_payload_kg=1e5
    )
    assert 6.0 < asked / float(found.cost_usd_kg[0]) < 14.0


MARS = {
    "year": np.arange(2030.0, 2056.0),
    "flights_1_yr": 1200.0,
    "n_ships": 200.0,
    "first_window_year": 2030.9,
    "n_tankers_moon": 9.5,
    "n_tankers_mars": 4.9,
    "moon_payload_kg": 100e3,
    "mars_payload_kg": 100e3,
    "moon_ship_cycle_s": 30 * DAY_s,
}


def test_ships_to_mars_leave_in_windows_and_arrive_half_a_year_later():
    found = mars_campaign(**MARS)
    assert np.diff(found.window_year) == pytest.approx(26.0 / 12.0)
    arrivals = np.floor(found.window_year + 0.5)
    assert set(found.year[found.mars_landed_kg_yr[:, 0] > 0.0]) == set(arrivals[arrivals < 2056.0])
    assert found.opportunities_ratio == pytest.approx(79.0, abs=0.5)
    assert found.mars_total_kg == pytest.approx(found.mars_landed_kg_yr.sum())


def test_flights_bind_the_moon_and_ships_bind_mars():
    found = mars_campaign(**MARS)
    assert found.moon_landed_kg_yr[0, 0] == pytest.approx(1200.0 / 10.5 * 100e3)
    assert found.n_departures[1:, 0] == pytest.approx(100.0)
    few = mars_campaign(**MARS | {"flights_1_yr": 59.0})
    assert few.n_departures[1:, 0] == pytest.approx(59.0 * 26.0 / 12.0 / 5.9)
    assert few.landed_ratio < found.landed_ratio


def test_one_ship_lands_far_more_on_the_moon():
    found = mars_campaign(**MARS | {"flights_1_yr": 1e6, "moon_ship_cycle_s": 10 * DAY_s})
    ratio = found.moon_per_ship_kg_yr / found.mars_per_ship_kg_yr
    assert 70.0 < float(ratio[0]) < 200.0
    assert found.landed_ratio == pytest.approx(ratio)


def test_the_same_money_buys_more_on_mars_per_landing():
    found = mars_campaign(**MARS, launch_usd=np.array([10e6, 20e6]))
    assert np.all(found.mars_cost_usd_kg < found.moon_cost_usd_kg)
    with pytest.raises(DomainError, match="steps of one"):
        mars_campaign(**MARS | {"year": np.array([2030.0, 2035.0])})


def test_years_by_draws_equal_a_loop():
    rng = np.random.default_rng(8)
    flights = rng.uniform(100.0, 2000.0, (26, 3))
    ships = rng.uniform(10.0, 300.0, (26, 3))
    batch = mars_campaign(**MARS | {"flights_1_yr": flights, "n_ships": ships})
    for i in range(3):
        one = mars_campaign(
            **MARS | {"flights_1_yr": flights[:, i : i + 1], "n_ships": ships[:, i : i + 1]}
        )
        assert np.array_equal(one.mars_landed_kg_yr[:, 0], batch.mars_landed_kg_yr[:, i])
        assert np.array_equal(one.moon_landed_kg_yr[:, 0], batch.moon_landed_kg_yr[:, i])


def test_a_ship_of_ones_own_prices_too():
    ship = Vehicle(dry_kg=100e3, specific_impulse_s=380.0, tank_kg=1.5e6, orbit_payload_kg=120e3)
    found = price(**LAUNCH, vehicle=ship, nodes=("LEO", "Moon"))
    assert found.payload_kg == pytest.approx([120e3, 120e3])
    assert np.isnan(found.energy_J_kg).all()
