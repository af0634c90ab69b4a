"""A plan against the world it did not foresee: the plan, its replay, and a rule beside them.

The plan knows the future of one draw. Its replay follows the same orders month by month in that
draw without chance, and in all draws with it; the rule sees only the month. What the replay loses
on the plan is the cost of not knowing the future, and of all that the planner leaves out (a month's
queues, the simulator's order of service, whole driver lines).

Neglected: nobody plans anew. A programme that plans again every year stands between the replay
and the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from moonbase.campaign.build import setup_of
from moonbase.campaign.months import run_months
from moonbase.campaign.planner_result import PlanResult
from moonbase.campaign.policies import FOLLOW_PLAN, find_rule
from moonbase.campaign.record import CampaignResult
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.ensemble import sample
from moonbase.scenario import Scenario

RULE = "grow_then_export"
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """Mean lunar-built power in service by calendar year, four ways.

    ``planned_W``, ``nominal_W`` (the plan's orders without chance, in the plan's draw) and
    ``rule_nominal_W`` have shape (year,); ``replayed_W`` and ``rule_W`` (3, year) are the P10, P50
    and P90 over draws. ``kept_frac`` (draw,) is thrown mass of the replay over the plan's,
    ``kept_nominal_frac`` the same without chance.
    """

    year: npt.NDArray[np.int64]
    n_draws: int
    rule: str
    planned_W: Array
    nominal_W: Array
    rule_nominal_W: Array
    replayed_W: Array
    rule_W: Array
    kept_nominal_frac: float
    kept_frac: Array


def yearly_mean(values: Array, *, year: Array, step_yr: float, calendar_year: Array) -> Array:
    """Means over calendar years of what is constant within periods.

    Parameters
    ----------
    values : Array
        By period, last axis.
    year : Array
        Starts of the periods, evenly spaced.
    step_yr : float
        Length of a period, yr.
    calendar_year : Array
        Calendar years asked for, within the periods.

    Returns
    -------
    Array
        Last axis: calendar years.

    Examples
    --------
    >>> quarters = np.arange(8.0)
    >>> yearly_mean(
    ...     quarters,
    ...     year=2030 + quarters / 4,
    ...     step_yr=0.25,
    ...     calendar_year=np.array([2030, 2031]),
    ... )
    array([1.5, 5.5])
    """
    edges = year[0] + step_yr * np.arange(len(year) + 1)
    rows = np.atleast_2d(values)
    total = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(rows * step_yr, axis=-1)], axis=-1)
    found = np.array(
        [np.interp(calendar_year + 1, edges, t) - np.interp(calendar_year, edges, t) for t in total]
    )
    return found if np.ndim(values) > 1 else found[0]


def versus(
    scenario: Scenario,
    found: PlanResult,
    *,
    draws: int = 200,
    draw: int = 0,
    rule: str = RULE,
) -> Versus:
    """Replay a plan, and run a rule beside it, in the plan's draw and over many.

    Parameters
    ----------
    scenario : Scenario
        The scenario of the plan.
    found : PlanResult
        A plan of ``plan``.
    draws : int
        Draws of the replay, at least 2; the first is nominal.
    draw : int
        Draw that the plan was made for.
    rule : str
        A key of ``POLICIES``, for comparison.

    Returns
    -------
    Versus

    Raises
    ------
    DomainError
        Fewer than two draws, an unknown rule, or a plan that cannot be followed.

    Notes
    -----
    The mean over a year of the simulator's stock is that of its two year ends. Both campaigns see
    the same draws and the same chances.

    Examples
    --------
    See ``tests/unit/test_campaign_versus.py``.
    """
    if draws < 2:
        raise DomainError(f"must be >= 2, got {draws}", path="draws", hint="the first is nominal")
    find_rule(rule)
    path = found.path()
    calm = replace(scenario, options=scenario.options.model_copy(update={"chance": ()}))
    seed = scenario.options.seed

    def both(case: Scenario, first: int, n_draws: int) -> tuple[CampaignResult, CampaignResult]:
        inputs = sample(case.records, n_draws=n_draws, seed=seed, first=first)
        if n_draws == 1:
            inputs = inputs.take([0, 0])
        _, setup = setup_of(case, inputs)
        return (
            run_months(replace(setup, policy=FOLLOW_PLAN), path=path),
            run_months(replace(setup, policy=rule)),
        )

    one, one_rule = both(calm, draw, 1)
    many, many_rule = both(scenario, 0, draws)
    years = one.year
    launched_kg = float(found.launched_kg_yr.sum()) * found.step_yr
    kept = [
        r.yearly["launched_kg"].sum(axis=0) / max(launched_kg, 1e-300) * (launched_kg > 0.0)
        for r in (one, many)
    ]
    return Versus(
        year=years,
        n_draws=draws,
        rule=rule,
        planned_W=yearly_mean(
            found.service_W,
            year=found.year,
            step_yr=found.step_yr,
            calendar_year=years.astype(float),
        ),
        nominal_W=_in_service(one)[:, 0],
        rule_nominal_W=_in_service(one_rule)[:, 0],
        replayed_W=np.quantile(_in_service(many), QUANTILES, axis=-1),
        rule_W=np.quantile(_in_service(many_rule), QUANTILES, axis=-1),
        kept_nominal_frac=float(kept[0][0]),
        kept_frac=kept[1],
    )


def _in_service(result: CampaignResult) -> Array:
    """Lunar-built power in service, mean over each year, (year, draw); none below a watt."""
    end = result.yearly["power_lunar_W"]
    start = np.concatenate([np.zeros((1, end.shape[1])), end[:-1]])
    mean = 0.5 * (start + end)
    return np.where(mean < 1.0, 0.0, mean)
