"""Quantiles with draws in which it never happens, and the ranking of inputs."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.ensemble import effects, quantiles
from moonbase.ensemble.sensitivity import MIN_DRAWS

NAN = np.nan


def test_quantiles_of_values_leave_out_draws_without_one() -> None:
    found = quantiles(np.array([NAN, *range(11), NAN]))
    assert (found.p10, found.p50, found.p90) == (1.0, 5.0, 9.0)
    assert found.share == pytest.approx(11 / 13)


@pytest.mark.parametrize(
    ("n_never", "expected"),
    [
        (0, (2040.0, 2044.0, 2048.0)),
        (1, (2040.0, 2044.0, 2048.0)),
        (2, (2040.0, 2044.0, None)),
        (5, (2040.0, 2044.0, None)),
        (6, (2040.0, None, None)),
        (9, (2040.0, None, None)),
        (10, (None, None, None)),
    ],
)
def test_never_is_later_than_any_date(n_never: int, expected: tuple[float | None, ...]) -> None:
    dates = 2040.0 + np.arange(10.0)
    dates[10 - n_never :] = NAN
    found = quantiles(dates[::-1], never_is_late=True)
    assert (found.p10, found.p50, found.p90) == expected
    assert found.share == pytest.approx(1.0 - n_never / 10)


@pytest.mark.parametrize("late", [True, False])
def test_nothing_at_all_is_none(late: bool) -> None:
    found = quantiles(np.full(5, NAN), never_is_late=late)
    assert (found.p10, found.p50, found.p90, found.share) == (None, None, None, 0.0)


def test_one_draw_is_its_own_quantiles() -> None:
    found = quantiles(np.array([3.5]))
    assert (found.p10, found.p50, found.p90, found.share) == (3.5, 3.5, 3.5, 1.0)


@pytest.fixture
def inputs() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {name: rng.uniform(0.0, 1.0, 500) for name in ("a", "b", "c", "d")}


def test_effects_come_in_the_order_of_their_strength(inputs: dict[str, np.ndarray]) -> None:
    y = 10.0 * inputs["a"] - 4.0 * inputs["b"] ** 3 + 0.5 * inputs["c"]
    found = effects(inputs, {"y": y})["y"]
    assert [e.input for e in found[:2]] == ["a", "b"]
    assert found[0].rank_correlation > 0.8
    assert found[1].rank_correlation < -0.2
    strengths = [abs(e.rank_correlation) for e in found]
    assert strengths == sorted(strengths, reverse=True)
    first, second = found[0], found[1]
    assert first.input_low < 0.1 < 0.9 < first.input_high
    assert first.output_at_low is not None
    assert first.output_at_high is not None
    assert first.output_at_low < first.output_at_high
    assert second.output_at_low is not None
    assert second.output_at_high is not None
    assert second.output_at_low > second.output_at_high


def test_ranks_see_through_any_rising_function(inputs: dict[str, np.ndarray]) -> None:
    plain, bent = (effects(inputs, {"y": y})["y"] for y in (inputs["a"], np.exp(9 * inputs["a"])))
    assert plain[0].rank_correlation == bent[0].rank_correlation == 1.0


def test_rank_correlation_is_spearmans(inputs: dict[str, np.ndarray]) -> None:
    from scipy.stats import spearmanr

    y = np.round(5.0 * inputs["a"] + inputs["b"] - inputs["c"], 1)
    for effect in effects(inputs, {"y": y})["y"]:
        expected = spearmanr(inputs[effect.input], y).statistic
        assert effect.rank_correlation == pytest.approx(expected, abs=2e-3)


def test_never_counts_as_late(inputs: dict[str, np.ndarray]) -> None:
    y = np.where(inputs["a"] < 0.7, 2040.0 + 10.0 * inputs["a"], NAN)
    strongest = effects(inputs, {"y": y})["y"][0]
    assert strongest.input == "a"
    assert strongest.rank_correlation > 0.9
    assert strongest.output_at_low == pytest.approx(2040.5, abs=0.4)
    assert strongest.output_at_high is None


def test_too_few_draws_or_no_variation_rank_nothing(inputs: dict[str, np.ndarray]) -> None:
    few = {name: values[: MIN_DRAWS - 1] for name, values in inputs.items()}
    assert effects(few, {"y": few["a"]}) == {"y": []}
    assert effects(inputs, {"y": np.ones(500), "z": np.full(500, NAN)}) == {"y": [], "z": []}
    assert effects({}, {"y": np.arange(500.0)}) == {"y": []}
    assert len(effects(inputs, {"y": inputs["a"] + inputs["b"]}, n_best=1)["y"]) == 1


def test_an_input_that_does_nothing_is_not_named(inputs: dict[str, np.ndarray]) -> None:
    named = [effect.input for effect in effects(inputs, {"y": inputs["a"]})["y"]]
    assert named == ["a"]
