"""Distributions against scipy, and draws that do not depend on one another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from moonbase.ensemble import Inputs, sample
from moonbase.ensemble.sampling import inverse
from moonbase.parameters import Datum, load_parameters

U = np.array([1e-9, 1e-3, 0.05, 0.1, 0.3, 0.5, 0.62, 0.9, 0.95, 0.999, 1.0 - 1e-9])
RECORDS = load_parameters()
SOME = {k: RECORDS[k] for k in ("driver.sled_loop_s", "driver.payload_kg", "campaign.seed_kg")}


def datum(distribution: str, value: float, low: float, high: float) -> Datum:
    return replace(
        SOME["driver.sled_loop_s"], distribution=distribution, value=value, low=low, high=high
    )


@pytest.mark.parametrize(
    ("record", "law"),
    [
        (datum("uniform", 3.0, 2.0, 7.0), stats.uniform(2.0, 5.0)),
        (datum("triangular", 3.0, 2.0, 7.0), stats.triang(0.2, 2.0, 5.0)),
        (datum("triangular", 2.0, 2.0, 7.0), stats.triang(0.0, 2.0, 5.0)),
        (datum("triangular", 7.0, 2.0, 7.0), stats.triang(1.0, 2.0, 5.0)),
        (datum("pert", 3.0, 2.0, 7.0), stats.beta(1.8, 4.2, 2.0, 5.0)),
        (datum("pert", 2.0, 2.0, 7.0), stats.beta(1.0, 5.0, 2.0, 5.0)),
        (datum("normal", 4.0, 1.0, 7.0), stats.norm(4.0, 3.0 / stats.norm.ppf(0.95))),
        (
            datum("lognormal", 4.0, 2.0, 8.0),
            stats.lognorm(np.log(2.0) / stats.norm.ppf(0.95), scale=4.0),
        ),
    ],
    ids=lambda item: getattr(item, "distribution", ""),
)
def test_quantiles_are_those_of_scipy(record: Datum, law: Any) -> None:
    assert inverse(record, U) == pytest.approx(law.ppf(U), rel=1e-9)


@pytest.mark.parametrize("distribution", ["normal", "lognormal"])
@pytest.mark.parametrize(("low", "high"), [(3.0, 8.0), (1.0, 4.5), (3.9, 4.0)])
def test_low_and_high_are_p05_and_p95_and_value_the_median(
    distribution: str, low: float, high: float
) -> None:
    found = inverse(datum(distribution, 4.0, low, high), np.array([0.05, 0.5, 0.95]))
    assert found == pytest.approx([low, 4.0, high], rel=1e-12)


@pytest.mark.parametrize("distribution", ["uniform", "triangular", "pert"])
def test_low_and_high_are_bounds(distribution: str) -> None:
    found = inverse(datum(distribution, 3.0, 2.0, 7.0), np.array([0.0, 1.0]))
    assert found == pytest.approx([2.0, 7.0])


@pytest.mark.parametrize(
    "distribution", ["fixed", "uniform", "triangular", "pert", "normal", "lognormal"]
)
def test_no_range_gives_the_value(distribution: str) -> None:
    assert (inverse(datum(distribution, 3.0, 3.0, 3.0), U) == 3.0).all()


@pytest.mark.parametrize("key", sorted(SOME))
def test_every_quantile_rises(key: str) -> None:
    assert (np.diff(inverse(RECORDS[key], np.linspace(1e-6, 1.0 - 1e-6, 999))) > 0.0).all()


def test_draw_zero_is_nominal() -> None:
    inputs = sample(RECORDS, n_draws=5, seed=1)
    assert all(inputs[key][0] == RECORDS[key].value for key in RECORDS)
    moved = [key for key in RECORDS if (inputs[key][1:] != RECORDS[key].value).any()]
    assert sorted(moved) == sorted(
        key for key in RECORDS if RECORDS[key].distribution != "fixed" and RECORDS[key].has_range
    )


def test_a_fixed_record_leaves_the_others_as_they_were() -> None:
    plain = sample(RECORDS, n_draws=40, seed=1)
    key = "driver.sled_loop_s"
    pinned = dict(RECORDS.items())
    pinned[key] = replace(RECORDS[key], distribution="fixed", value=123.0)
    fixed = sample(pinned, n_draws=40, seed=1)
    assert (fixed[key] == 123.0).all()
    assert all(np.array_equal(fixed[k], plain[k]) for k in RECORDS if k != key)


def test_the_order_of_the_records_is_nothing() -> None:
    reversed_ = dict(reversed(list(SOME.items())))
    one, other = sample(SOME, n_draws=8, seed=4), sample(reversed_, n_draws=8, seed=4)
    assert all(np.array_equal(one[key], other[key]) for key in SOME)


@pytest.mark.parametrize("first", [0, 1, 2, 31])
def test_any_stretch_of_draws_is_a_part_of_the_whole(first: int) -> None:
    whole = sample(RECORDS, n_draws=40, seed=9)
    part = sample(RECORDS, n_draws=6, seed=9, first=first)
    assert all(np.array_equal(part[key], whole[key][first : first + 6]) for key in RECORDS)


def test_seeds_differ_and_repeat() -> None:
    a, b, c = (sample(SOME, n_draws=16, seed=s)["driver.sled_loop_s"] for s in (1, 2, 1))
    assert np.array_equal(a, c)
    assert not np.array_equal(a[1:], b[1:])


def test_draws_fill_the_range_evenly() -> None:
    """128 points of a Sobol sequence put about as many into every eighth of the range."""
    values = sample(SOME, n_draws=129, seed=2)["driver.payload_kg"][1:]
    edges = inverse(SOME["driver.payload_kg"], np.linspace(0.0, 1.0, 9)[1:-1])
    counts = np.bincount(np.searchsorted(edges, values), minlength=8)
    assert np.abs(counts - 16).max() <= 1


def test_inputs_remember_what_was_read() -> None:
    inputs = sample(SOME, n_draws=3, seed=1)
    assert inputs.read == set()
    part = inputs.take(slice(1, 3))
    assert isinstance(part, Inputs)
    assert part.n_draws == 2
    assert part["driver.sled_loop_s"].shape == (2,)
    assert part.read == {"driver.sled_loop_s"}
    assert len(part) == len(SOME)
    with pytest.raises(KeyError):
        part["driver.nothing"]
