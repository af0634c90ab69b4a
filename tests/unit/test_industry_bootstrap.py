"""The seed that grows by generations: published totals, balances, limits."""

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.industry import bootstrap, seed_set


def test_the_first_generation_lands_the_whole_seed() -> None:
    found = bootstrap(rate_frac=0.5)
    assert found.landed_kg[0] == seed_set().mass_kg
    assert found.generation[0] == "1"
    assert found.landed_kg[-1] == 0.0


def test_a_generation_prints_what_its_printers_can() -> None:
    found = bootstrap(rate_frac=0.5)
    printed = 8 * 0.5 * 8766.0 * 2.0 * 0.7 * 0.5
    machines_kg = 7285.0 - 3 * 135.0
    assert found.n_sets[1] == pytest.approx(printed / (2.5 * machines_kg), rel=1e-12)
    made = (found.n_sets[3] * printed - 80e3) / (machines_kg + 0.95 * 345.0)
    robots = 135.0 * (found.n_robots[4] - found.n_robots[3]) / (machines_kg + 0.95 * 345.0)
    assert found.n_sets[4] == pytest.approx(made - robots, rel=1e-9)


def test_less_sunlight_costs_more_than_an_order_of_magnitude() -> None:
    found = bootstrap(duty_frac=np.array([0.7, 0.4]))
    assert found.assets_kg[-1, 0] > 10.0 * found.assets_kg[-1, 1]


def test_slow_robots_must_be_landed() -> None:
    found = bootstrap(robot_weeks_ratio=np.array([1.0 / 3.0, 1.0, 3.0]))
    assert np.all(np.diff(found.total_landed_kg) > 0.0)


def test_a_rate_too_low_for_the_set_asides_ends() -> None:
    found = bootstrap(rate_frac=0.3)
    assert found.n_sets[-1] == 0.0


def test_a_draw_alone_equals_the_draw_in_a_batch() -> None:
    every = bootstrap(rate_frac=np.linspace(0.4, 1.0, 5))
    alone = bootstrap(rate_frac=np.linspace(0.4, 1.0, 5)[2:3])
    assert np.array_equal(every.landed_kg[:, 2:3], alone.landed_kg)


@pytest.mark.parametrize(
    ("key", "value"), [("rate_frac", 1.5), ("duty_frac", 0.0), ("generation_yr", -1.0)]
)
def test_what_cannot_be_is_refused(key: str, value: float) -> None:
    with pytest.raises(DomainError, match=key):
        bootstrap(**{key: value})


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(DomainError, match="name"):
        bootstrap(name="nobody")
