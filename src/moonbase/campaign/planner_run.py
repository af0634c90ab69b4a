"""Solves a world for a goal, and says in words why there is no plan where there is none."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from moonbase.campaign.planner_goals import GOALS, Goal, ask_rate, ask_service, find_goal, rate_cost
from moonbase.campaign.planner_limits import explain
from moonbase.campaign.planner_model import Model, build_model
from moonbase.campaign.planner_read import read_plan
from moonbase.campaign.planner_result import PlanResult, SolverInfo
from moonbase.campaign.planner_solve import Solution, solve
from moonbase.campaign.planner_whole import make_whole
from moonbase.campaign.planner_world import Service, World, check_world
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, InfeasibleError, NumericalError


@dataclass(slots=True)
class _Search:
    """How to solve, and what it has taken so far."""

    solver: str
    time_limit_s: float
    size: Array
    build_s: float = 0.0
    wall_s: float = 0.0
    n_solves: int = 0
    n_iterations: int = 0

    def build(self, world: World) -> Model:
        start = time.perf_counter()
        model = build_model(world)
        self.build_s += time.perf_counter() - start
        return model

    def solve(self, model: Model, cost: Array, *, maximise: bool) -> Solution:
        found = solve(
            model.problem,
            np.concatenate([cost, np.zeros(model.problem.n_columns - len(cost))]),
            maximise=maximise,
            size=self.size[: model.world.n_periods],
            solver=self.solver,
            time_limit_s=self.time_limit_s,
        )
        self.wall_s += found.wall_s
        self.n_solves += 1
        self.n_iterations += found.n_iterations
        return found

    def info(self, model: Model, found: Solution) -> SolverInfo:
        return SolverInfo(
            status=found.status,
            solver=found.solver,
            wall_s=self.wall_s,
            build_s=self.build_s,
            n_solves=self.n_solves,
            n_iterations=self.n_iterations,
            n_columns=model.problem.n_columns,
            n_rows=model.problem.n_rows,
            n_entries=int(model.problem.matrix().nnz),
            gap_frac=found.gap_frac,
        )


def plan_world(
    world: World,
    *,
    goal: str,
    rate_W_yr: float | None = None,
    served_W: float | Array | None = None,
    integers: bool = False,
    solver: str = "auto",
    time_limit_s: float = np.inf,
    read: frozenset[str] = frozenset(),
) -> PlanResult:
    """Plan any world for a goal.

    Parameters
    ----------
    world : World
    goal : str
        Key of ``GOALS``.
    rate_W_yr, served_W : optional
        What ``earliest_rate`` and ``least_cost`` ask for, as in :func:`moonbase.campaign.plan`.
    integers : bool
        Whole landings while they are few and least sizes.
    solver : str
        Key of ``SOLVERS``.
    time_limit_s : float
        Longest time of one solve, s.
    read : frozenset of str
        Keys of the records behind the world, passed on.

    Returns
    -------
    PlanResult

    Raises
    ------
    DomainError, InfeasibleError, NumericalError
        As for :func:`moonbase.campaign.plan`.
    """
    check_world(world)
    what = find_goal(goal, world.service is not None)
    if not time_limit_s > 0.0:
        raise DomainError(f"must be > 0 s, got {time_limit_s:g}", path="time_limit_s")
    search = _Search(solver=solver, time_limit_s=time_limit_s, size=_size(world))
    reached_year, period = np.nan, None
    if goal == "earliest_rate":
        rate_W_yr = _positive(rate_W_yr, "rate_W_yr", goal)
        period = _earliest(world, rate_W_yr, search)
        if period is None:
            return _never(world, what, search, read)
        reached_year = float(world.year[period])
    model = search.build(world)
    if period is not None and rate_W_yr is not None:
        ask_rate(model, rate_W_yr * (1.0 - _EASE), period)
    if goal == "least_cost":
        ask_service(model, _served(world, served_W))
    cost = what.cost(model)
    found = _answer(model, search, search.solve(model, cost, maximise=what.maximise))
    if integers:
        found = _whole(model, search, cost, what, found)
    result = read_plan(model, found, goal_name=goal, goal=what, solver=search.info(model, found))
    return replace(result, read=read, reached_year=reached_year)


_EASE = 1e-6
"""Share of the asked rate left out, so that two solves of one plan agree."""


def _positive(value: float | None, name: str, goal: str) -> float:
    if value is None or not (np.isfinite(value) and value > 0.0):
        raise DomainError(f"{goal} needs a value > 0, got {value}", path=name)
    return float(value)


def _served(world: World, served_W: float | Array | None) -> Array:
    """Asked power by period; a scalar is asked of the last period alone."""
    if served_W is None:
        raise DomainError(
            "least_cost needs the power in service to provide",
            path="served_W",
            hint="give watts for the last period, or an array with one value a period",
        )
    asked = np.asarray(served_W, dtype=float)
    if asked.ndim == 0:
        asked = np.where(np.arange(world.n_periods) == world.n_periods - 1, asked, 0.0)
    if asked.shape != (world.n_periods,) or not (np.isfinite(asked) & (asked >= 0.0)).all():
        raise DomainError(
            f"expects one value >= 0 or {world.n_periods} of them, got shape {asked.shape}",
            path="served_W",
        )
    return asked


def _size(world: World) -> Array:
    """How large industry may have become by each period, for the scaling alone.

    What has been landed by then; without ships, what a plan of a few periods grows by.
    """
    cap = np.where(np.isfinite(world.landing_cap_kg_yr), world.landing_cap_kg_yr, 0.0)
    if not cap.any():
        return _grown(world)
    size = world.seed_kg + np.cumsum(cap) * world.step_yr
    return np.asarray(np.maximum(size, size[size > 0.0].min()))


_FEW_PERIODS = 16
"""Periods of the plan that guesses a growth rate for the scaling."""


def _grown(world: World) -> Array:
    if world.n_periods <= _FEW_PERIODS:
        return np.ones(world.n_periods)
    model = build_model(cut(world, _FEW_PERIODS))
    found = solve(model.problem, GOALS["final_stock"].cost(model), size=np.ones(_FEW_PERIODS))
    mass = np.array([pool.unit_mass_kg for pool in world.pools])
    total = mass @ found.column[model.capital]
    middle = _FEW_PERIODS // 2
    ratio = total[middle + 1] / total[middle] if total[middle] > 0.0 else 1.0
    ratio = ratio if found.status == "optimal" else 1.0
    return np.asarray(ratio ** np.arange(world.n_periods))


def _answer(model: Model, search: _Search, found: Solution) -> Solution:
    """Let a solution pass, or say why there is none."""
    if found.status == "optimal":
        return found
    if found.status == "time_limit":
        raise NumericalError(
            f"no plan within {search.time_limit_s:g} s",
            path="time_limit_s",
            hint="allow more time, a longer step_yr, or solver = 'interior_point'",
        )
    if found.status == "unbounded_or_infeasible" or found.status == "infeasible":
        conflict = explain(
            model, size=search.size, solver="crossover", time_limit_s=search.time_limit_s
        )
        if conflict.limits:
            raise InfeasibleError(
                f"no plan meets all limits: {conflict.sentence()}",
                path=", ".join(conflict.limits),
                hint=conflict.remedy(),
            )
    raise NumericalError(
        "nothing limits growth, so there is no best plan",
        path="goal",
        hint="limit import_cap_kg_yr, or import neither finished equipment nor what it is made of",
    )


def _whole(model: Model, search: _Search, cost: Array, what: Goal, divisible: Solution) -> Solution:
    """Solve with whole numbers, then once more with these held, for the shadow prices."""
    make_whole(model, divisible.column)
    found = search.solve(model, cost, maximise=what.maximise)
    if found.status == "time_limit" and np.isfinite(found.gap_frac):
        best = found
    else:
        best = _answer(model, search, found)
    problem = model.problem
    problem.fixed = {column: float(np.rint(best.column[column])) for column in problem.whole}
    problem.whole = []
    priced = search.solve(model, cost, maximise=what.maximise)
    if priced.status != "optimal":
        raise NumericalError("the plan with whole numbers has no prices", path="integers")
    return replace(priced, status=best.status, gap_frac=best.gap_frac)


def cut(world: World, n_periods: int) -> World:
    """Return the same world with an earlier end."""
    changes: dict[str, Any] = {"landing_cap_kg_yr": world.landing_cap_kg_yr[:n_periods]}
    if world.landing_usd_kg is not None:
        changes["landing_usd_kg"] = world.landing_usd_kg[:n_periods]
    changes["shares"] = tuple(
        replace(share, most_frac=share.most_frac[:n_periods]) for share in world.shares
    )
    if world.service is not None:
        old = world.service
        changes["service"] = Service(
            weight_frac=old.weight_frac[:n_periods],
            arrive_frac=old.arrive_frac[:n_periods],
            flop_J=old.flop_J[:n_periods],
            demand_W=old.demand_W[:n_periods],
        )
    return replace(world, **changes)


def _best_rate(world: World, n_periods: int, search: _Search) -> float:
    """Most power added a year in the last of the first ``n_periods``, W/yr."""
    model = search.build(cut(world, n_periods))
    return _answer(model, search, search.solve(model, rate_cost(model), maximise=True)).objective


def _earliest(world: World, rate_W_yr: float, search: _Search) -> int | None:
    """First period whose best rate reaches the asked one, by bisection."""
    if _best_rate(world, world.n_periods, search) < rate_W_yr:
        return None
    low, high = 0, world.n_periods
    while high - low > 1:
        middle = (low + high) // 2
        if _best_rate(world, middle, search) >= rate_W_yr:
            high = middle
        else:
            low = middle
    return high - 1


def _never(world: World, what: Goal, search: _Search, read: frozenset[str]) -> PlanResult:
    """The plan with the highest rate at the end, where the asked one is not reached."""
    model = search.build(world)
    found = _answer(model, search, search.solve(model, rate_cost(model), maximise=True))
    goal = replace(what, unit="W/yr", cost=rate_cost)
    result = read_plan(
        model, found, goal_name="earliest_rate", goal=goal, solver=search.info(model, found)
    )
    return replace(result, read=read)
