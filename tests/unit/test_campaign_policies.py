from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from chain_fixture import chain
from ray_fixture import unlimited

from moonbase.campaign import POLICIES, Setup, run_months
from moonbase.campaign.policies import Means, find_rule, proportional, scarcest_first
from moonbase.campaign.setup import IndustryMix
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.scenario.schema import PolicyName


def growth_1_yr(setup: Setup) -> Array:
    plant = run_months(setup).yearly["plant_kg"]
    started = plant[-1] > 0.0
    return np.where(started, np.log(plant[-1] / np.where(started, plant[-5], 1.0)) / 4.0, np.nan)


def test_balanced_growth_without_limits_is_the_analytic_rate() -> None:
    setup, expected = unlimited()
    errors = []
    for n_steps_yr in (12, 24):
        found = growth_1_yr(replace(setup, n_steps_yr=n_steps_yr))
        growing = np.isfinite(found) & (expected > 0.0)
        assert growing.sum() >= 8
        errors.append(np.abs(found / expected - 1.0)[growing].max())
    assert errors[0] < 5e-4
    assert errors[1] < 0.4 * errors[0]


@pytest.mark.parametrize("policy", sorted(set(POLICIES) - {"balanced"}))
def test_no_policy_outgrows_the_ray(policy: str) -> None:
    setup, expected = unlimited(policy=policy)
    found = growth_1_yr(setup)
    known = np.isfinite(found) & (expected > 0.0)
    assert (found[known] <= expected[known] * 1.001).all()


def means(**changes: float) -> Means:
    one = np.ones(1)
    values = {"plant_kg": 100.0, "pv_W": 200.0, "n_robots": 10.0, "goal_kg": 1000.0, **changes}
    mix = IndustryMix(plant_frac=one, pv_W_kg=2.0 * one, n_robots_per_kg=0.1 * one)
    arrays = {name: value * one for name, value in values.items()}
    return Means(mix=mix, n_builders=0.0 * one, order_frac=0.1 * one, **arrays)


def test_scarcest_first_orders_only_what_is_scarcest() -> None:
    machine, pv, robots = (float(x[0]) for x in scarcest_first(means(pv_W=100.0)))
    assert pv == pytest.approx(10.0)
    assert machine == robots == 0.0
    balanced = [float(x[0]) for x in scarcest_first(means())]
    assert balanced == pytest.approx([10.0, 20.0, 1.0])
    full = scarcest_first(means(plant_kg=2000.0, pv_W=4000.0, n_robots=200.0))
    assert all(float(x[0]) == 0.0 for x in full)


def test_proportional_orders_keep_to_the_mix() -> None:
    machine, pv, robots = (float(x[0]) for x in proportional(means()))
    assert (machine, pv, robots) == pytest.approx((10.0, 20.0, 1.0))


def test_names_in_scenarios_are_the_registry() -> None:
    assert set(get_args(PolicyName)) == set(POLICIES)
    with pytest.raises(DomainError, match="unknown policy 'grow'") as error:
        find_rule("grow")
    assert "grow_then_export" in error.value.hint
    assert "follow_plan" in error.value.hint


def test_survive_first_holds_more_and_lasts_longer_without_ships() -> None:
    setup = chain(n_draws=12, options__chance=()).setup
    kept = {}
    for policy in ("grow_then_export", "survive_first"):
        flow = run_months(replace(setup, policy=policy)).yearly
        used = flow["spares_used_kg"][-1]
        busy = used > 0.0
        kept[policy] = flow["spares_kg"][-1][busy] / used[busy]
    assert (kept["survive_first"] > 1.5).all()
    assert np.median(kept["survive_first"]) > 2.0 * np.median(kept["grow_then_export"])


def test_stocks_carry_the_industry_over_a_gap_in_shipping() -> None:
    """A year without flights: with two years of spares nothing stops, with none it wears out."""
    setup = chain(n_draws=12, options__chance=(), options__end_year=2050).setup
    flights = setup.flights_yr.copy()
    flights[16] = 0.0
    cut = replace(setup, flights_yr=flights)
    used = {}
    for name, years in (("none", 0.0), ("two", 2.0)):
        rules = replace(setup.rules, stock_yr=np.full(setup.n_draws, years))
        used[name] = run_months(replace(cut, rules=rules)).yearly["spares_used_kg"]
    before = used["two"][15] > 0.0
    assert before.any()
    assert (used["none"][16] <= 1e-9).all()
    assert (used["two"][16][before] > 0.5 * used["two"][15][before]).all()


def test_half_the_step_gives_the_same_decades() -> None:
    setup = chain(n_draws=24, options__end_year=2060, options__chance=()).setup
    once, twice = (run_months(replace(setup, n_steps_yr=n)).yearly for n in (12, 24))
    for name in ("launched_kg", "plant_kg", "power_lunar_W", "regolith_kg"):
        a, b = once[name][-1], twice[name][-1]
        some = a > 0.0
        assert np.median(np.abs(b[some] / a[some] - 1.0)) < 0.01, name
