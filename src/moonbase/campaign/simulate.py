"""From a scenario to simulated decades: sample, design, set up, run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath

from moonbase.campaign.build import setup_of
from moonbase.campaign.months import run_months
from moonbase.campaign.path import Path
from moonbase.campaign.policies import FOLLOW_PLAN, find_rule
from moonbase.campaign.record import CampaignResult, join
from moonbase.core.errors import DomainError
from moonbase.ensemble import sample
from moonbase.scenario import Scenario, load_scenario

BLOCK = 2000
"""Draws that are worked on at once."""


def simulate(
    scenario: Scenario | str | FilePath,
    *,
    policy: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    path: Path | None = None,
) -> CampaignResult:
    """Simulate the decades of a scenario under a named policy.

    Parameters
    ----------
    scenario : Scenario, str or path
        A loaded scenario, the name of a shipped one, or a file.
    policy : str, optional
        One of ``campaign.POLICIES``, or ``follow_plan``; the scenario's own without it, and
        ``follow_plan`` where a path is given.
    draws : int, optional
        Number of draws; 1 is the nominal case without chance. The scenario's own by default.
    seed : int, optional
        Seed of inputs and chance. The scenario's own by default.
    path : Path, optional
        Plan to follow, the same in every draw.

    Returns
    -------
    CampaignResult
        Yearly flows and stocks of shape (year, draw), event dates, binding constraints.

    Raises
    ------
    DomainError
        Unknown policy, a plan that does not fit, or a number of draws below one.
    ScenarioError
        The scenario is wrong.

    Examples
    --------
    >>> result = simulate("alpha", policy="balanced", draws=1)
    >>> result.yearly["plant_kg"].shape
    (54, 1)
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    options = scenario.options
    n_draws = options.draws if draws is None else draws
    if n_draws < 1:
        raise DomainError(
            f"must be >= 1, got {n_draws}", path="draws", hint="1 is the nominal draw"
        )
    name = policy or (FOLLOW_PLAN if path is not None else options.growth_policy)
    if name != FOLLOW_PLAN:
        find_rule(name)
    inputs = sample(scenario.records, n_draws=n_draws, seed=options.seed if seed is None else seed)
    blocks = []
    for first in range(0, n_draws, BLOCK):
        draws_here = list(range(first, min(first + BLOCK, n_draws)))
        # numpy adds up a lone column pairwise and several row by row: one draw is worked as two.
        taken = draws_here if len(draws_here) > 1 else 2 * draws_here
        _, setup = setup_of(scenario, inputs.take(taken))
        result = run_months(replace(setup, policy=name), path=path)
        blocks.append(result if len(draws_here) > 1 else result.take(slice(0, 1)))
    return join(blocks)
