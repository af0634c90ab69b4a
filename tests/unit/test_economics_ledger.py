"""The ledger: plan of accounts, faults, funding."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.economics.finance import peak_funding
from moonbase.economics.ledger import ACCOUNTS, balance, book, external_funding, spread

YEARS = np.array([2030.0, 2031.0, 2032.0])


def test_the_plan_of_accounts():
    ids = [a.id for a in ACCOUNTS]
    assert len(set(ids)) == len(ids) == 14
    assert [a.id for a in ACCOUNTS if a.kind == "source"] == [
        "compute_revenue",
        "lander_contracts",
        "starlink_surplus",
        "external_funding",
    ]


def test_amounts_broadcast_and_are_found_again():
    chips = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    ledger = book(year=YEARS, amounts_usd={"chips": chips, "operations": 1.0})
    assert ledger.usd.shape == (3, 14, 2)
    assert np.array_equal(ledger.amount_usd("chips"), chips)
    assert np.array_equal(ledger.uses_usd, chips + 1.0)
    assert not ledger.sources_usd.any()


def test_faults_teach():
    with pytest.raises(DomainError, match="did you mean 'chips'"):
        book(year=YEARS, amounts_usd={"chip": 1.0})
    with pytest.raises(DomainError, match=r"amounts_usd\.chips"):
        book(year=YEARS, amounts_usd={"chips": -1.0})


def test_funding_keeps_the_balance_at_zero_or_above():
    flow = np.array([[-3.0, 2.0], [5.0, -7.0], [-4.0, 1.0]])
    funding = external_funding(cash_flow_usd=flow, opening_usd=0.0)
    assert funding.tolist() == [[3.0, 0.0], [0.0, 5.0], [0.0, 0.0]]
    assert funding.sum(axis=0) == pytest.approx(peak_funding(cash_flow_usd=flow))
    ledger = book(
        year=YEARS,
        amounts_usd={
            "compute_revenue": np.maximum(flow, 0.0),
            "operations": np.maximum(-flow, 0.0),
            "external_funding": funding,
        },
    )
    assert balance(ledger=ledger, opening_usd=0.0).min() == 0.0


def test_what_was_paid_before_the_first_year_is_not_paid_again():
    paid = spread(year=YEARS, total_usd=8.0, start_year=2027.0, duration_yr=4.0)
    assert paid.tolist() == [2.0, 0.0, 0.0]
