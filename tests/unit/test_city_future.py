"""Survival without ships, people over the years, and self-sufficiency."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase import city
from moonbase.core.errors import DomainError

STOCKS = {"oxygen": 2e4, "water": 5e4, "food": 3e4, "nitrogen": 2e3, "vitamins": 3e3}
RUN = {
    "policy": "fixed_crew",
    "horizon_yr": 10.0,
    "n_crew_target": 50.0,
    "n_seats_yr": 100.0,
    "cargo_kg_yr": 5e5,
    "local_kg_day": {"oxygen": 200.0, "water": 200.0},
}


def test_without_dark_the_time_is_stock_over_use():
    day = city.crew_day(n_crew=100.0)
    end = city.survive(n_crew=100.0, stocks_kg=STOCKS, failures=("none",), horizon_day=1e5)
    times = {name: STOCKS[name] / float(day.makeup_kg[name]) for name in STOCKS}
    first = min(times, key=times.__getitem__)
    assert float(end.survival_day[0]) == pytest.approx(times[first])
    assert end.least_limit == (first,)


def test_each_failure_has_its_own_limit():
    end = city.survive(
        n_crew=100.0,
        stocks_kg=STOCKS,
        technologies=("water_system", "co2_removal", "electrolysis", "sabatier"),
        food_local_frac=0.5,
        stored_J=1e11,
        array_W=2.5e6,
        lit_load_W=1.6e6,
        dark_load_W=2.5e5,
        dark_day=4.0,
    )
    limit = {f: end.limits[i] for f, i in zip(end.failures, end.limit, strict=True)}
    assert limit["water_system"] == "water"
    assert limit["electrolysis"] == "oxygen"
    assert limit["co2_removal"] == "co2"
    assert limit["power"] == "power"
    times = dict(zip(end.failures, end.survival_day, strict=True))
    assert times["none"] == max(times.values())
    assert times["power"] == pytest.approx(1e11 / 2.5e5 / 86_400.0)
    assert times["co2_removal"] == pytest.approx(float(city.co2_room(volume_m3=1e4)) / 108.0)


def test_a_store_too_small_for_the_dark_ends_it_there():
    settings = {"n_crew": 10.0, "stocks_kg": {}, "dark_load_W": 1e4, "dark_day": 4.0}
    settings |= {"array_W": 1e5, "lit_load_W": 5e4, "failures": ("none",)}
    end = city.survive(stored_J=np.array([3.0, 5.0]) * 1e4 * 86_400.0, **settings)
    assert end.survival_day[0] == pytest.approx([3.0, 3652.5])
    assert end.outlived[0].tolist() == [False, True]
    assert end.least_limit == ("power", "")


def test_a_draw_that_starts_empty_ends_at_once():
    end = city.survive(n_crew=10.0, stocks_kg={"oxygen": 0.0}, failures=("none",))
    assert float(end.least_day) == 0.0


@pytest.mark.parametrize(
    "arguments",
    [
        {"stocks_kg": {"beer": 1.0}},
        {"stocks_kg": {"oxygen": -1.0}},
        {"failures": ("war",)},
        {"period_day": 0.0},
    ],
)
def test_bad_survival_input_is_named(arguments):
    with pytest.raises(DomainError):
        city.survive(**{"n_crew": 1.0, "stocks_kg": {}, **arguments})


def test_robots_prepare_and_people_follow():
    run = city.simulate_city(**RUN | {"first_crew_yr": 2.0})
    assert float(run.n_crew[23]) == 0.0 < float(run.n_beds[23])
    assert float(run.n_crew[-1]) == pytest.approx(50.0)
    assert int(run.status) == 0
    robots = city.simulate_city(**RUN | {"policy": "robots_only", "n_robots": 50.0})
    assert not robots.n_crew.any() and not robots.n_fed.any()


def test_policies_wait_for_what_they_name():
    slow = {"cargo_kg_yr": 2e5, "horizon_yr": 3.0}
    fed = city.simulate_city(**RUN | slow | {"policy": "grow_when_food_ready"})
    assert np.all(fed.n_crew <= fed.n_fed + 1e-9)
    idle = city.simulate_city(
        **RUN | {"policy": "grow_when_labour_short", "labour": {"maintenance_h_yr": 0.0}}
    )
    assert not idle.n_crew.any()
    busy = city.simulate_city(
        **RUN | {"policy": "grow_when_labour_short", "labour": {"maintenance_h_yr": 1e5}}
    )
    assert float(busy.n_crew[-1]) == pytest.approx(50.0)


def test_people_are_booked():
    run = city.simulate_city(
        **RUN | {"birth_1_yr": 0.02, "death_1_yr": 0.01, "stop_yr": 4.0, "resume_yr": 7.0}
    )
    moves = run.arrivals_1_yr - run.departures_1_yr + run.births_1_yr - run.deaths_1_yr
    assert np.cumsum(moves - run.lost_1_yr) / 12.0 == pytest.approx(run.n_crew, abs=1e-9)


def test_a_stop_longer_than_the_reserve_costs_lives_and_names_the_stock():
    stop = {"stop_yr": 5.0, "resume_yr": 8.0, "n_fed_target": 0.0}
    run = city.simulate_city(**RUN | stop)
    assert int(run.status) == 2
    assert city.MATTER[int(run.short)] == "food"
    lasted = city.simulate_city(**RUN | stop | {"reserve_day": 1200.0})
    assert float(lasted.lost_1_yr.sum()) == 0.0


def test_in_steady_state_the_simulator_imports_what_the_bill_says():
    run = city.simulate_city(
        **RUN | {"n_fed_target": 0.0, "spares_kg_yr": 0.0, "tour_yr": np.inf, "horizon_yr": 15.0}
    )
    bill = city.person_bill()
    landed = sum(float(kg[-1]) for kg in run.landed_kg_yr.values()) / 50.0
    packed = float(city.crew_day().makeup_kg["food"]) * 0.2 * 365.25
    assert landed == pytest.approx(float(bill.import_kg_yr - bill.spares_kg_yr) - packed, rel=1e-6)
    for name, per_yr in (("oxygen", bill.oxygen_kg_yr), ("water", bill.water_kg_yr)):
        assert float(run.local_kg_yr[name][-1]) / 50.0 == pytest.approx(float(per_yr), rel=1e-6)


def test_a_finer_step_changes_little():
    coarse = city.simulate_city(**RUN)
    fine = city.simulate_city(**RUN | {"step_yr": 1.0 / 48.0})
    assert float(coarse.n_crew[-1]) == pytest.approx(float(fine.n_crew[-1]), rel=1e-3)
    mean = [float(run.n_crew.mean()) for run in (coarse, fine)]
    assert mean[0] == pytest.approx(mean[1], rel=0.02)


def test_a_draw_alone_is_the_same_as_in_a_batch():
    cargo = np.array([1e5, 3e5, 9e5])
    batch = city.simulate_city(**RUN | {"cargo_kg_yr": cargo})
    for i, kg in enumerate(cargo):
        one = city.simulate_city(**RUN | {"cargo_kg_yr": np.array([kg])})
        assert np.array_equal(batch.n_crew[:, i], one.n_crew[:, 0])


@pytest.mark.parametrize(
    "arguments",
    [
        {"policy": "wish"},
        {"step_yr": 0.0},
        {"stocks_kg": {"beer": 1.0}},
        {"local_kg_day": {"food": 1.0}},
        {"cargo_kg_yr": -1.0},
        {"tour_yr": 0.0},
    ],
)
def test_bad_city_is_named(arguments):
    with pytest.raises(DomainError):
        city.simulate_city(**RUN | arguments)


GOOD = {
    "n_crew": 100.0,
    "import_kg_yr": 1000.0,
    "consumption_kg_yr": 1e6,
    "new_capital_kg_yr": 1e5,
    "labour_needed_h_yr": 1.8e5,
    "labour_available_h_yr": 2e5,
    "stock_kg": {"vitamins": 2e4, "oxygen": 1e4},
    "import_use_kg_yr": {"vitamins": 1000.0},
    "local_use_kg_yr": {"oxygen": 1000.0},
    "growth_without_imports_1_yr": 0.01,
    "skill_cover_frac": 1.0,
    "horizon_yr": 10.0,
}


def test_a_city_that_meets_every_row_passes():
    result = city.self_sufficiency(**GOOD)
    assert bool(result.self_sustaining)
    assert float(result.import_kg_yr) == 10.0
    assert float(result.mass_closure_frac) == pytest.approx(1 - 1000 / 1.1e6)
    assert float(result.vitamin_reserve_yr) == 20.0
    assert float(result.stop_time_yr) == 10.0


@pytest.mark.parametrize(
    ("row", "change"),
    [
        ("import", {"import_kg_yr": 5000.0}),
        ("mass_closure", {"closure_target_frac": 0.9999}),
        ("labour", {"labour_needed_h_yr": 2.1e5}),
        ("vitamin_reserve", {"import_use_kg_yr": {"vitamins": 3000.0}}),
        ("stop_time", {"local_use_kg_yr": {"oxygen": 2000.0}}),
        ("growth_without_imports", {"growth_without_imports_1_yr": -0.01}),
        ("skill_cover", {"skill_cover_frac": 0.99}),
    ],
)
def test_one_failed_row_fails_the_city(row, change):
    result = city.self_sufficiency(**GOOD | change)
    assert not bool(result.passed[row])
    assert not bool(result.self_sustaining)


def test_draws_are_judged_one_by_one():
    result = city.self_sufficiency(**GOOD | {"labour_needed_h_yr": np.array([1e5, 3e5])})
    assert result.self_sustaining.tolist() == [True, False]


def test_nobody_is_not_self_sustaining():
    result = city.self_sufficiency(**GOOD | {"n_crew": 0.0, "skill_cover_frac": 0.0})
    assert np.isnan(result.import_kg_yr)
    assert not bool(result.self_sustaining)


@pytest.mark.parametrize(
    "change", [{"horizon_yr": 0.0}, {"stock_kg": {"oxygen": 1.0}}, {"import_kg_yr": -1.0}]
)
def test_bad_vector_input_is_named(change):
    with pytest.raises(DomainError):
        city.self_sufficiency(**GOOD | change)
