"""Finance against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.economics.finance import (
    capital_recovery_factor,
    first_lasting_year,
    irr,
    learning_price,
    levelised_cost,
    npv,
    payback_year,
    peak_funding,
)


def test_capital_recovery_factor():
    assert capital_recovery_factor(discount_rate_frac=0.1, life_yr=1.0) == pytest.approx(1.1)
    rates = np.array([0.0, 1e-9, 0.068])
    factors = capital_recovery_factor(discount_rate_frac=rates, life_yr=20.0)
    assert factors[0] == 1 / 20
    assert factors[1] == pytest.approx(1 / 20, rel=1e-7)
    assert factors[2] == pytest.approx(0.068 / (1 - 1.068**-20))
    with pytest.raises(DomainError, match="life_yr"):
        capital_recovery_factor(discount_rate_frac=0.1, life_yr=0.0)


def test_an_annuity_returns_its_rate():
    for rate in (0.001, 0.068, 0.3, 2.0):
        payment = float(capital_recovery_factor(discount_rate_frac=rate, life_yr=30.0))
        found = irr(cash_flow_usd=np.array([-1.0] + [payment] * 30))
        assert found.status == "ok"
        assert found.rate_frac == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        ([-100.0, 110.0], 0.10),
        ([-100.0, 0.0, 121.0], 0.10),
        ([0.0, 0.0, -100.0, 110.0, 0.0], 0.10),
        ([100.0, -110.0], 0.10),
        ([-100.0, 50.0], -0.5),
        ([-100.0, 50.0, 50.0], 0.0),
        ([-1.0, 0.0, 0.0, 1e-9], -0.999),
        ([-1e11, 1e12], 9.0),
        ([-100.0, 0.0, 400.0], 1.0),
    ],
)
def test_closed_forms(flow, rate):
    found = irr(cash_flow_usd=np.array(flow))
    assert found.status == "ok"
    assert found.rate_frac == pytest.approx(rate, abs=1e-9)


def test_two_roots_are_several_and_none_is_none():
    flows = np.array([[-100.0, 230.0, -132.0], [-1.0, -2.0, -3.0], [0.0, 0.0, 0.0]]).T
    found = irr(cash_flow_usd=flows)
    assert found.status.tolist() == ["several", "no_sign_change", "no_sign_change"]
    assert np.isnan(found.rate_frac).all()


def test_a_second_campaign_of_spending_still_has_a_rate():
    """Several sign changes, but the cumulative cash turns once: Norstrom."""
    flow = np.array([-100.0, 60.0, -10.0, 80.0])
    found = irr(cash_flow_usd=flow)
    assert found.status == "ok"
    roots = np.roots(flow)
    real = roots[np.abs(roots.imag) < 1e-12].real - 1.0
    assert found.rate_frac == pytest.approx(float(real[real > 0.0][0]), rel=1e-9)


def test_irr_of_many_draws_solves_each_and_equals_a_loop():
    rng = np.random.default_rng(5)
    flow = rng.normal(0.0, 1.0, (54, 300)) * 1e9 + np.linspace(-4e9, 6e9, 54)[:, None]
    found = irr(cash_flow_usd=flow)
    ok = found.status == "ok"
    assert ok.sum() > 100
    residual = npv(cash_flow_usd=flow[:, ok], discount_rate_frac=found.rate_frac[ok])
    assert np.abs(residual).max() < 1e-9 * np.abs(flow).max()
    for i in np.flatnonzero(ok)[:10]:
        alone = irr(cash_flow_usd=flow[:, i])
        assert alone.rate_frac == pytest.approx(found.rate_frac[i], rel=1e-12)


def test_a_bad_draw_does_not_spoil_the_batch():
    flow = np.array([[-100.0, np.nan], [110.0, 1.0]])
    found = irr(cash_flow_usd=flow)
    assert found.rate_frac[0] == pytest.approx(0.1)
    assert np.isnan(found.rate_frac[1])


def test_npv_discounts_by_draw_and_by_one_flow():
    flow = np.array([-100.0, 60.0, 60.0])
    rates = np.array([0.0, 0.1])
    expected = [20.0, -100.0 + 60.0 / 1.1 + 60.0 / 1.21]
    assert npv(cash_flow_usd=flow, discount_rate_frac=rates) == pytest.approx(expected)
    doubled = np.stack([flow, 2 * flow], axis=1)
    value = npv(cash_flow_usd=doubled, discount_rate_frac=0.1)
    assert value == pytest.approx([expected[1], 2 * expected[1]])
    site = np.repeat(doubled[:, None, :], 4, axis=1)
    assert npv(cash_flow_usd=site, discount_rate_frac=rates).shape == (4, 2)


def test_payback_peak_and_lasting_year():
    year = np.array([2030.0, 2031.0, 2032.0, 2033.0])
    flow = np.array([[-5.0, -5.0], [6.0, 1.0], [-2.0, 1.0], [9.0, 1.0]])
    assert payback_year(year=year, cash_flow_usd=flow)[0] == 2033.0
    assert np.isnan(payback_year(year=year, cash_flow_usd=flow)[1])
    assert peak_funding(cash_flow_usd=flow).tolist() == [5.0, 5.0]
    assert peak_funding(cash_flow_usd=-flow)[1] == 0.0
    always = first_lasting_year(year=year, condition=np.ones((4, 1), dtype=bool))
    assert always.tolist() == [2030.0]


def test_levelised_cost_of_nothing_is_infinite():
    cost = levelised_cost(
        cost_usd=np.ones((3, 2)),
        output=np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 1.0]]),
        discount_rate_frac=0.0,
    )
    assert cost.tolist() == [float("inf"), 1.5]


def test_learning_has_a_floor_and_does_not_rise_below_its_base():
    price = learning_price(
        cumulative_kg=np.array([0.0, 1e6, 2e6, 4e6, 1e13]),
        base_kg=1e6,
        base_usd_kg=1000.0,
        learning_rate_frac=0.1,
        floor_usd_kg=120.0,
    )
    assert price == pytest.approx([1000.0, 1000.0, 900.0, 810.0, 120.0])
