"""What a plan is for: the objective of each goal, in units that a person can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from moonbase.campaign.planner_model import Model, add_service, launch_columns
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal: what it counts, in which unit, and whether less of it is better."""

    title: str
    unit: str
    cost: Callable[[Model], Array]
    maximise: bool = True
    needs_service: bool = False


def discount(model: Model) -> Array:
    """Worth at the start of a unit at the middle of each period, (period,)."""
    world = model.world
    middle_yr = world.step_yr * (np.arange(world.n_periods) + 0.5)
    return np.asarray((1.0 + world.discount_rate_frac) ** -middle_yr)


def _launched(model: Model) -> Array:
    cost = np.zeros(model.problem.n_columns)
    for p, mass_kg, _ in launch_columns(model):
        cost[model.activity[p]] = mass_kg * model.world.step_yr * discount(model)
    return cost


def _compute(model: Model) -> Array:
    """Work of the satellites in the horizon, by the chips of their year."""
    service, dt, n_t = model.world.service, model.world.step_yr, model.world.n_periods
    assert service is not None
    worth = discount(model)
    cost = np.zeros(model.problem.n_columns)
    for p, _, power_W in launch_columns(model):
        for age, weight in enumerate(service.weight_frac[:n_t]):
            thrown = np.arange(n_t - age)
            cost[model.activity[p, thrown]] += (
                weight * power_W * dt * dt * service.flop_J[thrown] * worth[age:]
            )
    return cost * JULIAN_YEAR_s


def _final_stock(model: Model) -> Array:
    cost = np.zeros(model.problem.n_columns)
    for k, pool in enumerate(model.world.pools):
        cost[model.capital[k, -1]] = pool.unit_mass_kg
    return cost


def _money(model: Model) -> Array:
    world, worth = model.world, discount(model) * model.world.step_yr
    landing = 0.0 if world.landing_usd_kg is None else world.landing_usd_kg
    cost = np.zeros(model.problem.n_columns)
    for m, entry in enumerate(world.imports):
        cost[model.imports[m]] = worth * (entry.unit_mass_kg * landing + entry.price_usd)
    for k, pool in enumerate(world.pools):
        cost[model.landed[k]] = worth * (pool.landed_kg * landing + pool.landed_usd)
    for p, activity in enumerate(world.activities):
        cost[model.activity[p]] = worth * activity.cost_usd
    return cost


def rate_cost(model: Model) -> Array:
    """Power added a year in the last period, W/yr (earliest_rate)."""
    service, n_t = model.world.service, model.world.n_periods
    assert service is not None
    cost = np.zeros(model.problem.n_columns)
    for p, _, power_W in launch_columns(model):
        for age, share in enumerate(service.arrive_frac[:n_t]):
            cost[model.activity[p, n_t - 1 - age]] = share * power_W
    return cost


GOALS: dict[str, Goal] = {
    "most_compute": Goal(
        title="most compute delivered within the horizon",
        unit="flop",
        cost=_compute,
        needs_service=True,
    ),
    "most_launched": Goal(
        title="most mass thrown within the horizon", unit="kg thrown", cost=_launched
    ),
    "earliest_rate": Goal(
        title="earliest year in which the asked power is added, then most compute",
        unit="flop",
        cost=_compute,
        needs_service=True,
    ),
    "least_cost": Goal(
        title="least discounted cost of what is landed, for power in service as asked",
        unit="USD",
        cost=_money,
        maximise=False,
        needs_service=True,
    ),
    "final_stock": Goal(
        title="most capital at the end", unit="kg of capital at the end", cost=_final_stock
    ),
}
"""Goal -> what it counts."""


def find_goal(name: str, model_has_service: bool) -> Goal:
    """Look a goal up.

    Parameters
    ----------
    name : str
    model_has_service : bool
        Whether the world says what satellites do once thrown.

    Returns
    -------
    Goal

    Raises
    ------
    DomainError
        No such goal, or one that counts power in orbit where none is described.
    """
    if name not in GOALS:
        raise DomainError(f"no such goal: {name!r}", path="goal", hint=f"one of {', '.join(GOALS)}")
    goal = GOALS[name]
    if goal.needs_service and not model_has_service:
        able = [key for key, other in GOALS.items() if not other.needs_service]
        raise DomainError(
            f"{name} counts power in orbit, which needs a scenario",
            path="goal",
            hint=f"campaign.plan(scenario, goal={name!r}), or one of {', '.join(able)}",
        )
    return goal


def ask_service(model: Model, served_W: Array) -> None:
    """Add the rows of least_cost: mean power in service of at least ``served_W`` (period,)."""
    service = model.world.service
    assert service is not None
    rows = model.problem.rows(model.world.n_periods, low=served_W)
    add_service(model, rows, service.weight_frac, 1.0)
    model.problem.limits["served"] = rows


def ask_rate(model: Model, rate_W_yr: float, period: int) -> None:
    """Add the row of earliest_rate: power added in one period of at least ``rate_W_yr``."""
    service = model.world.service
    assert service is not None
    n_t = model.world.n_periods
    low = np.where(np.arange(n_t) == period, rate_W_yr, -np.inf)
    rows = model.problem.rows(n_t, low=low)
    add_service(model, rows, service.arrive_frac, 1.0 / model.world.step_yr)
    model.problem.limits["rate"] = rows
