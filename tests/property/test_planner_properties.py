"""Whatever the economy: plans grow on the turnpike, obey their own stocks, and scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.campaign import expand_economy
from moonbase.industry.growth import leontief_growth

share = st.floats(0.15, 0.4)  # goods that hardly need each other take longer to line up
years = st.floats(0.5, 2.0)


@settings(max_examples=15, deadline=None)
@given(a=st.tuples(share, share, share, share), b=st.tuples(years, years))
def test_the_middle_of_a_plan_grows_at_the_balanced_rate(
    a: tuple[float, ...], b: tuple[float, float]
) -> None:
    inputs = np.array(a).reshape(2, 2)
    capital_yr = np.diag(b)
    rate = leontief_growth(inputs=inputs, capital_yr=capital_yr)
    found = expand_economy(inputs=inputs, capital_yr=capital_yr, n_periods=120, step_yr=0.25)
    total = found.capital.sum(axis=0)
    assert total[61] / total[60] == pytest.approx(1.0 + 0.25 * rate, rel=2e-3)
    busy = capital_yr @ found.activity
    assert (busy <= found.capital[:, :-1] * (1.0 + 1e-6) + 1e-9).all()
    net = (np.eye(2) - inputs) @ found.activity
    assert (found.built <= net + 1e-6 * np.abs(net).max()).all()


@settings(max_examples=10, deadline=None)
@given(start_kg=st.floats(1e-3, 1e9), wear=st.floats(0.01, 0.2))
def test_a_seed_twice_as_large_ends_twice_as_large(start_kg: float, wear: float) -> None:
    def final(ratio: float) -> float:
        return expand_economy(
            inputs=[[0.2, 0.3], [0.4, 0.1]],
            capital_yr=[[1.0, 0.2], [0.0, 2.0]],
            n_periods=20,
            step_yr=0.5,
            depreciation_1_yr=wear,
            start_kg=ratio * start_kg,
        ).objective

    assert final(2.0) == pytest.approx(2.0 * final(1.0), rel=1e-6)
