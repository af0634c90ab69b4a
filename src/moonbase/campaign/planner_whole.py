"""The few whole numbers of a plan: landings while they are few, and plants with a least size.

A period with fewer than thirty landings lands whole ones, counted over the years so that a part
saved adds to the next. A pool with a least size works only once that much of it stands. All else
stays divisible: thousands of whole machines would change nothing but the time to solve.
"""

from __future__ import annotations

import numpy as np

from moonbase.campaign.planner_model import Model
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError

_FEW_LANDINGS = 30
"""Landings in a period above which a fraction of one does not matter."""
_ROOM = 4.0
"""Room above the divisible plan's stocks that a plan with whole numbers may use."""


def make_whole(model: Model, divisible: Array) -> None:
    """Add whole landings and least sizes to a model.

    Parameters
    ----------
    model : Model
    divisible : Array
        Columns of the plan without them; it bounds what is tried.

    Raises
    ------
    DomainError
        The world has neither a payload of a landing nor a pool with a least size.
    """
    world = model.world
    if world.landing_kg <= 0.0 and not any(pool.n_least > 0.0 for pool in world.pools):
        raise DomainError(
            "nothing in this plan comes in whole numbers",
            path="integers",
            hint="plan a scenario, whose landings and plants have sizes",
        )
    if world.landing_kg > 0.0:
        _landings(model)
    for k, pool in enumerate(world.pools):
        if pool.n_least > 0.0:
            _least(model, k, divisible)


def _landings(model: Model) -> None:
    world, problem, dt = model.world, model.problem, model.world.step_yr
    allowed = world.landing_cap_kg_yr * dt / world.landing_kg
    few = np.flatnonzero((allowed > 0.0) & (allowed < _FEW_LANDINGS))
    if not few.size:
        return
    count = problem.columns(1, world.n_periods)[0]
    rows = problem.rows(len(few), high=0.0)
    problem.put(rows, count[few], -world.landing_kg / dt)
    for m, entry in enumerate(world.imports):
        problem.put(rows, model.imports[m, few], entry.unit_mass_kg)
    for k, pool in enumerate(world.pools):
        if pool.landed_kg > 0.0:
            problem.put(rows, model.landed[k, few], pool.landed_kg)
    total = problem.rows(len(few), high=np.floor(np.cumsum(allowed)[few] + 1e-9))
    for n, row in enumerate(total):
        problem.put(row, count[few[: n + 1]], 1.0)
    problem.whole += count[few].tolist()


def _least(model: Model, k: int, divisible: Array) -> None:
    world, problem = model.world, model.problem
    pool, n_t = world.pools[k], world.n_periods
    stands = problem.columns(1, n_t, 1.0)[0]
    most = _ROOM * (divisible[model.capital[k, :-1]] + pool.n_least)
    rows = problem.rows(n_t, low=0.0)
    problem.put(rows, model.capital[k, :-1], 1.0)
    problem.put(rows, stands, -pool.n_least)
    rows = problem.rows(n_t, high=0.0)
    for p, activity in enumerate(world.activities):
        if pool.name in activity.capital:
            problem.put(rows, model.activity[p], activity.capital[pool.name])
    problem.put(rows, stands, -most)
    problem.whole += stands.tolist()
