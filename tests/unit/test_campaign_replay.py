from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chain_fixture import Chain, chain

from moonbase import campaign
from moonbase.campaign import Path, record_path, run_months
from moonbase.core.errors import DomainError


@pytest.fixture(scope="module")
def case() -> Chain:
    return chain(n_draws=6, options__end_year=2060, options__chance=())


@pytest.fixture(scope="module")
def path(case: Chain) -> Path:
    return record_path(case.setup)


def plain(**changes: object) -> Path:
    """Two periods of five years that order a little plant and nothing else."""
    zero = np.zeros(2)
    fields: dict[str, object] = {
        "start_year": 2040.0,
        "step_yr": 5.0,
        "shops": ("assembly", "electrolysis"),
        "plant_kg_yr": np.array([[1e3, 0.0], [3e3, 0.0]]),
        "plant_import_kg_yr": zero,
        "pv_W_yr": zero,
        "n_robots_1_yr": zero,
        "satellite_kg_yr": zero,
        "driver_kg_yr": zero,
        "n_crew": zero,
        **changes,
    }
    return Path(**fields)  # type: ignore[arg-type]


def test_what_the_rules_did_is_replayed_to_the_same_result(case: Chain, path: Path) -> None:
    setup = replace(case.setup, policy="follow_plan").take([0, 0])
    found = run_months(setup, path=path).yearly
    for name in ("plant_kg", "pv_W", "launched_kg", "power_lunar_W", "driver_kg", "n_crew"):
        expected = case.result.yearly[name][:, 0]
        assert np.abs(found[name][:, 0] - expected).max() <= 0.02 * expected.max(), name
    asked = path.satellite_kg_yr.sum() * path.step_yr
    assert found["short_plan_satellite_kg"][:, 0].sum() < 0.02 * asked
    assert found["short_plan_driver_kg"].sum() == pytest.approx(0.0, abs=1.0)


def test_chance_breaks_a_plan_and_the_shortfall_says_by_how_much(path: Path) -> None:
    draws = chain(n_draws=6, options__end_year=2060)
    setup = replace(draws.setup, policy="follow_plan")
    flow = run_months(setup, path=path).yearly
    asked = path.satellite_kg_yr.sum() * path.step_yr
    short = flow["short_plan_satellite_kg"].sum(axis=0)
    assert flow["satellite_made_kg"].sum(axis=0) + short == pytest.approx(asked, rel=1e-6)
    assert short[1:].max() > 0.05 * asked


def test_a_plan_orders_only_in_its_periods_and_where_it_says(case: Chain) -> None:
    setup = replace(case.setup, policy="follow_plan")
    flow = run_months(setup, path=plain()).yearly
    years = np.arange(setup.start_year, setup.end_year + 1)
    made = flow["machine_made_kg"]
    assert not made[(years < 2040) | (years >= 2045)].any()
    assert (made[:, 0].sum() + flow["short_plan_machine_kg"][:, 0].sum()) == pytest.approx(2e4)
    assert not flow["satellite_made_kg"].any()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"shops": ("assembly", "forge")}, "path.shops"),
        ({"step_yr": 0.0}, "path.step_yr"),
        ({"pv_W_yr": np.zeros(3)}, "path.pv_W_yr"),
        ({"plant_kg_yr": np.zeros((1, 2))}, "path.plant_kg_yr"),
        ({"driver_kg_yr": np.array([0.0, -1.0])}, "path.driver_kg_yr"),
        ({"n_crew": np.array([np.nan, 1.0])}, "path.n_crew"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    case: Chain, changes: dict[str, object], where: str
) -> None:
    setup = replace(case.setup, policy="follow_plan")
    with pytest.raises(DomainError) as error:
        run_months(setup, path=plain(**changes))
    assert error.value.path == where


def test_policy_and_plan_go_together(case: Chain) -> None:
    with pytest.raises(DomainError, match="needs a plan"):
        run_months(replace(case.setup, policy="follow_plan"))
    with pytest.raises(DomainError, match="follows no plan"):
        run_months(case.setup, path=plain())
    with pytest.raises(DomainError, match="follows no plan"):
        campaign.simulate("alpha", policy="balanced", draws=1, path=plain())


def test_simulate_follows_a_plan_without_being_told_twice() -> None:
    flow = campaign.simulate("alpha", draws=1, path=plain()).yearly
    assert flow["machine_made_kg"].sum() > 0.0
    assert flow["plant_kg"].shape[1] == 1
