"""A draw is the same draw alone, in a batch and in any block; choices and limits act as named."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from chain_fixture import chain

from moonbase import api
from moonbase.answers import Answers
from moonbase.campaign import CLASSES, POLICIES, Setup, run_months
from moonbase.campaign.books import keep_books
from moonbase.campaign.build import setup_of
from moonbase.ensemble import sample

N_DRAWS = 24
SCENARIOS = ("alpha", "skeptic", "earth-launch", "mars-first")


def assert_same(whole: Answers, part: Answers, draws: slice) -> None:
    differing = []
    for table in ("headline", "series", "events", "facts"):
        for name, values in getattr(whole, table).items():
            found = getattr(part, table)[name]
            if not np.array_equal(values[..., draws], found, equal_nan=True):
                differing.append(f"{table}.{name}")
    for name in ("status", "ledger_usd", "binding"):
        if not np.array_equal(getattr(whole, name)[..., draws], getattr(part, name)):
            differing.append(name)
    assert differing == []


def load(name: str, **options: Any) -> Any:
    overrides = {f"options.{key}": value for key, value in options.items()}
    return api.load(name, set={"options.end_year": 2055, "options.draws": N_DRAWS, **overrides})


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("size", [1, 2, 5, 23])
def test_a_block_of_any_size_gives_the_same_bits(name: str, size: int) -> None:
    scenario = load(name)
    inputs = sample(scenario.records, n_draws=N_DRAWS, seed=11)
    whole, _ = api.run_block(scenario, inputs)
    starts = range(0, N_DRAWS, size) if size > 1 else (0, 5, 23)
    for first in starts:
        draws = slice(first, first + size)
        part, _ = api.run_block(scenario, inputs.take(draws))
        assert_same(whole, part, draws)


@pytest.mark.parametrize("first", [0, 1, 17])
def test_a_draw_is_replayed_alone_from_its_number(first: int) -> None:
    scenario = load("alpha")
    whole, _ = api.run_block(scenario, sample(scenario.records, n_draws=N_DRAWS, seed=3))
    alone = sample(scenario.records, n_draws=1, seed=3, first=first)
    part, _ = api.run_block(scenario, alone)
    assert_same(whole, part, slice(first, first + 1))


def test_more_draws_leave_the_first_ones_as_they_were() -> None:
    scenario = load("alpha")
    few = sample(scenario.records, n_draws=9, seed=3)
    many = sample(scenario.records, n_draws=33, seed=3)
    assert all(np.array_equal(few[key], many[key][:9]) for key in few)


@pytest.mark.parametrize(
    ("name", "policy"),
    [*((name, "grow_then_export") for name in SCENARIOS), *(("alpha", p) for p in POLICIES)],
)
@pytest.mark.parametrize("priority", ["lunar", "earth_orbit"])
def test_every_choice_runs_without_a_hole_in_the_answers(
    name: str, policy: str, priority: str
) -> None:
    case = load(name, growth_policy=policy, first_priority=priority)
    answers, _ = api.run_block(case, sample(case.records, n_draws=N_DRAWS, seed=7))
    ok = answers.status == "ok"
    assert ok.sum() >= N_DRAWS // 2
    for name_, values in answers.series.items():
        if not name_.startswith(("cost_lunar", "import", "closure_")):
            assert np.isfinite(values).all(), name_
        else:
            assert not np.isinf(values).any(), name_
    for name_ in ("power_in_service_2050_W", "kardashev_2050", "peak_funding_usd", "npv_usd"):
        assert np.isfinite(answers.headline[name_]).all(), name_
    assert np.isfinite(answers.ledger_usd).all()


@pytest.mark.parametrize("order", list(permutations(CLASSES))[::7])
def test_any_order_of_classes_runs(order: tuple[str, ...]) -> None:
    case = chain("alpha", options__class_order=order)
    books = keep_books(result=case.result, setup=case.setup, design=case.design, inputs=case.inputs)
    assert case.result.yearly["satellite_made_kg"].sum() > 0.0
    assert np.isfinite(books.ledger.usd).all()


def test_the_order_of_classes_matters() -> None:
    first = chain("alpha", options__class_order=CLASSES).result.yearly
    last = chain("alpha", options__class_order=tuple(reversed(CLASSES))).result.yearly
    assert last["short_crew_days"].sum() > first["short_crew_days"].sum()


@pytest.fixture(scope="module")
def setup() -> Setup:
    return chain("alpha", n_draws=N_DRAWS).setup


def test_more_flights_never_leave_fewer_satellites_alive(setup: Setup) -> None:
    """Nameplate power. Where the Earth's sky is full, flights only replace what dies: the fleet
    that filled it first is retired first, and a snapshot may miss a month or two of replacements.
    """
    power, sky = [], []
    for factor in (0.3, 1.0, 3.0):
        flow = run_months(replace(setup, flights_yr=factor * setup.flights_yr)).yearly
        alive = flow["alive_lunar_W"] + flow["alive_earth_launch_W"] + flow["in_transit_W"]
        power.append(alive[-1])
        sky.append(flow["alive_earth_launch_W"][-1] > 0.95 * setup.earth_fleet_cap_W)
    assert (power[0] < power[1]).any()
    assert not sky[1].all()
    for (less, more), full in zip(pairwise(power), sky[1:], strict=True):
        assert (more >= less * np.where(full, 0.99, 1.0 - 1e-9)).all()


def test_nobody_buys_so_nothing_is_built(setup: Setup) -> None:
    result = run_months(replace(setup, demand_W=0.0 * setup.demand_W))
    for name in ("satellite_made_kg", "launched_kg", "earth_satellite_kg", "flights_orbit"):
        assert not result.yearly[name].any(), name
    assert not result.yearly["power_lunar_W"].any()
    ready = result.yearly["driver_capacity_kg_yr"][-1] > 0.0
    assert (result.binding[-1, ready] == result.constraints.index("demand")).all()
    assert np.isnan(result.event_year["first_lunar_satellite"]).all()


def test_demand_that_ends_binds_by_name(setup: Setup) -> None:
    """Once a driver stands, a market that takes no more is what binds."""
    ended = setup.demand_W.copy()
    ended[20:] = 0.0
    result = run_months(replace(setup, demand_W=ended))
    ready = result.yearly["driver_capacity_kg_yr"][-1] > 0.0
    assert ready.any()
    assert not result.yearly["satellite_made_kg"][21:].any()
    last = result.binding[-12:][:, ready]
    assert (last == result.constraints.index("demand")).all()


def test_without_a_landing_nothing_starts(setup: Setup) -> None:
    never = replace(setup, first_landing_year=setup.first_landing_year + 100.0)
    result = run_months(never)
    assert (result.binding == result.constraints.index("not_started")).all()
    assert np.isnan(result.event_year["first_landing"]).all()
    for name in ("flights_moon", "plant_kg", "regolith_kg", "landed_seed_kg", "power_lunar_W"):
        assert not result.yearly[name].any(), name
    assert result.yearly["power_earth_launch_W"][-1].all()


def test_a_plan_in_parts_is_the_whole_plan(setup: Setup) -> None:
    whole = run_months(setup)
    for draws in (slice(0, 7), slice(7, N_DRAWS)):
        part = run_months(setup.take(draws))
        for name, values in whole.yearly.items():
            assert np.array_equal(values[:, draws], part.yearly[name]), name
        assert np.array_equal(whole.binding[:, draws], part.binding)


def test_lunar_industry_off_leaves_the_moon_alone() -> None:
    scenario = api.load("alpha", set={"options.lunar_industry": "off", "options.end_year": 2050})
    inputs = sample(scenario.records, n_draws=6, seed=1)
    _, off = setup_of(scenario, inputs)
    flow = run_months(off).yearly
    assert not flow["flights_moon"].any()
    assert not flow["power_lunar_W"].any()
    assert flow["power_earth_launch_W"][-1].all()
