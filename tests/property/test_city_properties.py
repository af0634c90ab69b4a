"""Closure, non-negative stocks and monotonicity of a city."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase import city

SHARE = st.floats(0.0, 0.999)
CHAINS = st.sampled_from(
    [
        (),
        ("water_system",),
        ("water_system", "waste_oxidation"),
        ("water_system", "co2_removal", "electrolysis", "sabatier"),
        ("water_system", "co2_removal", "electrolysis", "sabatier", "methane_pyrolysis"),
        ("water_system", "co2_removal", "electrolysis", "bosch", "waste_oxidation"),
    ]
)


@given(
    CHAINS,
    st.sampled_from(city.baselines()),
    st.floats(0.0, 1.0),
    st.sampled_from(["dry", "wet"]),
    st.floats(0.6, 1.6),
    st.floats(0.0, 8.0),
    SHARE,
)
def test_every_element_of_the_day_closes(chain, baseline, grown, form, body, walk, eta):
    usable = [loop for loop in chain if loop != "electrolysis"]
    day = city.crew_day(
        n_crew=7.0,
        baseline=baseline,
        body_ratio=body,
        technologies=chain,
        recovery_frac=dict.fromkeys(usable, eta),
        food_local_frac=grown,
        food_form=form,
        loss=city.air_loss(eva_h=walk, n_airlock_cycles=1.0),
    )
    for element, kg in day.elements_in_kg.items():
        assert float(kg) == pytest.approx(float(day.elements_out_kg[element]), abs=1e-9)
    matter = ("oxygen", "water", "food", "nitrogen", "co2")
    into = sum(float(day.makeup_kg[name]) for name in matter)
    assert into == pytest.approx(sum(float(kg) for kg in day.waste_kg.values()), abs=1e-9)
    assert all(float(day.waste_kg[name]) >= -1e-9 for name in ("co2", "methane", "hydrogen"))


@given(SHARE, SHARE)
def test_survival_falls_with_recovery(one, other):
    worse, better = sorted((one, other))
    ends = [
        float(
            city.survive(
                n_crew=10.0,
                stocks_kg={"water": 5000.0, "oxygen": 2000.0},
                technologies=("water_system",),
                failures=("none",),
                horizon_day=1e4,
                crew={"recovery_frac": {"water_system": eta}},
            ).least_day
        )
        for eta in (worse, better)
    ]
    assert ends[0] <= ends[1]


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(sorted(city.POLICIES)),
    st.floats(0.0, 1e6),
    st.floats(0.0, 100.0),
    st.floats(0.0, 4.0),
    st.floats(0.0, 200.0),
    st.floats(0.1, 5.0),
)
def test_stocks_never_go_below_zero_and_matter_is_booked(policy, cargo, seats, stop, local, tour):
    run = city.simulate_city(
        policy=policy,
        horizon_yr=3.0,
        n_crew_target=40.0,
        n_seats_yr=seats,
        cargo_kg_yr=cargo,
        n_crew_0=5.0,
        n_beds_0=10.0,
        stocks_kg={"oxygen": 500.0, "food": 500.0, "water": 1000.0},
        local_kg_day={"oxygen": local, "water": local},
        stop_yr=stop,
        resume_yr=stop + 1.5,
        tour_yr=tour,
        n_robots=10.0,
        labour={"maintenance_h_yr": 2e4},
    )
    begin = {"oxygen": 500.0, "food": 500.0, "water": 1000.0}
    for name, stock in run.stock_kg.items():
        assert np.all(stock >= 0.0)
        net = run.landed_kg_yr[name] - run.use_kg_yr[name] + run.local_kg_yr.get(name, 0.0)
        booked = begin.get(name, 0.0) + np.cumsum(net) / 12.0
        assert booked == pytest.approx(stock, abs=1e-6, rel=1e-9)
    assert np.all(run.n_crew >= 0.0)
    landed = sum(run.landed_kg_yr.values())
    assert np.all(landed <= cargo * (1.0 + 1e-9) + 1e-6)


@given(st.floats(2.0, 5000.0), st.floats(1.01, 3.0))
def test_more_people_never_need_more_hours_each(n_crew, factor):
    few, many = (city.labour_balance(n_crew=n) for n in (n_crew, n_crew * factor))
    assert many.needed_h_yr / (n_crew * factor) <= few.needed_h_yr / n_crew * (1.0 + 1e-12)
    assert float(many.needed_h_yr) >= 0.0
