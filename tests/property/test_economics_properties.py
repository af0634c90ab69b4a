"""Identities and monotonicity of money and growth, for any input."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from moonbase.economics.finance import irr, levelised_cost, npv, peak_funding
from moonbase.economics.growth import fleet_stock, kardashev
from moonbase.economics.ledger import ACCOUNTS, balance, book, external_funding, spread
from moonbase.economics.market import rent

MONEY = st.floats(0.0, 1e13, allow_subnormal=False)
SIGNED = st.floats(-1e13, 1e13, allow_subnormal=False)
RATE = st.floats(0.0, 0.5, allow_subnormal=False)


@given(arrays(float, (5, len(ACCOUNTS), 3), elements=MONEY), SIGNED)
def test_sources_less_uses_is_the_change_of_balance(usd, opening):
    year = np.arange(2030.0, 2035.0)
    amounts = {a.id: usd[:, i] for i, a in enumerate(ACCOUNTS)}
    ledger = book(year=year, amounts_usd=amounts)
    held = balance(ledger=ledger, opening_usd=opening)
    change = np.diff(held, axis=0, prepend=np.full((1, 3), opening))
    scale = np.abs(usd).sum() + abs(opening) + 1.0
    by_hand = sum((1 if a.kind == "source" else -1) * amounts[a.id] for a in ACCOUNTS)
    assert np.abs(change - by_hand).max() <= 1e-12 * scale
    assert np.abs(ledger.sources_usd - ledger.uses_usd - by_hand).max() <= 1e-12 * scale


@given(arrays(float, (8, 2), elements=SIGNED), MONEY)
def test_funding_is_enough_and_not_more(flow, opening):
    funding = external_funding(cash_flow_usd=flow, opening_usd=opening)
    scale = np.abs(flow).sum() + opening + 1.0
    held = opening + np.cumsum(flow + funding, axis=0)
    assert funding.min() >= 0.0
    assert held.min() >= -1e-12 * scale
    without = np.vstack([np.full((1, 2), opening), flow])
    assert np.allclose(funding.sum(axis=0), peak_funding(cash_flow_usd=without), atol=1e-12 * scale)


@given(
    arrays(float, (6, 3), elements=MONEY),
    arrays(float, (6, 3), elements=st.floats(1.0, 1e9)),
    arrays(float, 3, elements=RATE),
)
def test_levelised_cost_pays_exactly_the_cost(cost, output, rate):
    price = levelised_cost(cost_usd=cost, output=output, discount_rate_frac=rate)
    earned = price * npv(cash_flow_usd=output, discount_rate_frac=rate)
    assert np.allclose(earned, npv(cash_flow_usd=cost, discount_rate_frac=rate), rtol=1e-12)
    for i in range(3):
        alone = levelised_cost(
            cost_usd=cost[:, i], output=output[:, i], discount_rate_frac=float(rate[i])
        )
        assert np.isclose(alone, price[i], rtol=1e-13)


@given(arrays(float, (12, 4), elements=st.floats(-1e6, 1e6).map(lambda x: round(x, 2))))
def test_where_a_rate_is_given_it_solves(flow):
    found = irr(cash_flow_usd=flow)
    ok = found.status == "ok"
    assert np.array_equal(np.isfinite(found.rate_frac), ok)
    rate = found.rate_frac[ok]
    terms = flow[:, ok] * (1.0 + rate) ** -np.arange(12.0)[:, None]
    assert np.all(np.abs(terms.sum(axis=0)) <= 1e-9 * np.abs(terms).sum(axis=0))


@given(MONEY, st.floats(2020.0, 2060.0), st.floats(0.1, 30.0))
def test_a_spread_sum_is_paid_in_full(total, start, duration):
    paid = spread(
        year=np.arange(2015.0, 2100.0), total_usd=total, start_year=start, duration_yr=duration
    )
    assert np.isclose(paid.sum(), total, rtol=1e-9)
    assert paid.min() >= 0.0


@given(st.floats(1e9, 1e16), st.floats(0.1, 50.0), st.floats(0.0, 200.0))
def test_the_stock_stays_below_rate_times_life(rate, life, time):
    smooth = fleet_stock(rate_W_yr=rate, life_yr=life, time_yr=time)
    sharp = fleet_stock(rate_W_yr=rate, life_yr=life, time_yr=time, retirement="fixed")
    assert 0.0 <= smooth <= sharp * (1.0 + 1e-12) <= rate * life * (1.0 + 2e-12)


@given(st.floats(1.0, 1e30), st.floats(1.001, 10.0))
def test_the_kardashev_index_rises_with_power(power, factor):
    assert kardashev(power_W=power * factor) > kardashev(power_W=power)


@given(st.floats(1e9, 1e14), st.floats(1.0, 10.0), st.floats(1e9, 1e14), st.floats(0.2, 3.0))
def test_more_supply_never_raises_the_rent(supply, factor, demand, elasticity):
    price = rent(
        year=2050.0,
        terrestrial_usd_kW_yr=8500.0,
        rent_base_year=2026.0,
        rent_premium_ratio=0.5,
        rent_premium_decay_1_yr=0.2,
        supply_W=np.array([supply, supply * factor]),
        demand_W=demand,
        demand_elasticity_ratio=elasticity,
    )
    assert price[1] <= price[0]
