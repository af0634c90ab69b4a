"""The expansion problem as rows and columns.

Columns, all >= 0: activity x[p, t], installations made I[k, t] and landed J[k, t], capital K[k, t]
at the start of a period (and at the end of the last), imports m[c, t], stocks S[c, t], seed landed.
Yearly rates hold through a period of dt years:

- capacity of pool k: ``sum_p a[p, k] x[p, t] <= K[k, t]``;
- capital: ``K[k, t+1] = K[k, t] (1 - dt/L) + dt (I[k, t - n] + J[k, t])``;
- commodity: ``sum_p f[p, c] x[p, t] + sum_k f[k, c] K[k, t] + m[c, t] - I >= 0``, what is over is
  thrown away, or goes to the stock where one is kept;
- landings: ``sum_c mass m[c, t] + sum_k mass J[k, t] <= cap[t]``;
- growth: ``I[k, t] + J[k, t] <= s + r K[k, t]``: never nothing at nothing.

A build lag counts from the middle of the period of installation; a lag that is no whole number of
periods is spread over two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.campaign.planner_world import Pool, World
from moonbase.core.arrays import Array

Index = npt.NDArray[np.intp]
INFINITY = np.inf


@dataclass(slots=True)
class Problem:
    """Rows and columns as they are collected.

    ``limits`` names each family of rows that limits; ``whole`` are columns of whole numbers, and
    ``fixed`` columns held at a value.
    """

    cost: list[Array] = field(default_factory=list)
    upper: list[Array] = field(default_factory=list)
    period: list[Index] = field(default_factory=list)
    low: list[Array] = field(default_factory=list)
    high: list[Array] = field(default_factory=list)
    row_period: list[Index] = field(default_factory=list)
    entries: list[tuple[Index, Index, Array]] = field(default_factory=list)
    limits: dict[str, Index] = field(default_factory=dict)
    whole: list[int] = field(default_factory=list)
    fixed: dict[int, float] = field(default_factory=dict)
    n_columns: int = 0
    n_rows: int = 0

    def columns(self, n_items: int, n_times: int, upper: float | Array = INFINITY) -> Index:
        """Add a block of columns. Returns their numbers, (item, time)."""
        shape = (n_items, n_times)
        numbers = self.n_columns + np.arange(n_items * n_times, dtype=np.intp).reshape(shape)
        self.n_columns += numbers.size
        self.cost.append(np.zeros(numbers.size))
        self.upper.append(np.broadcast_to(upper, shape).ravel().astype(float))
        self.period.append(np.tile(np.arange(n_times), n_items))
        return numbers

    def rows(
        self, n_times: int, *, low: float | Array = -INFINITY, high: float | Array = INFINITY
    ) -> Index:
        """Add a row for each period. Returns their numbers, (time,)."""
        numbers = self.n_rows + np.arange(n_times, dtype=np.intp)
        self.n_rows += n_times
        self.low.append(np.broadcast_to(low, n_times).astype(float))
        self.high.append(np.broadcast_to(high, n_times).astype(float))
        self.row_period.append(np.arange(n_times))
        return numbers

    def put(self, rows: Index, columns: Index, values: float | Array) -> None:
        """Add coefficients; entries that meet are summed."""
        rows, columns, values = np.broadcast_arrays(rows, columns, values)
        self.entries.append((rows.ravel(), columns.ravel(), values.ravel().astype(float)))

    def upper_of(self, columns: Index, value: float) -> None:
        """Set the upper bound of some columns."""
        start = 0
        for block in self.upper:
            inside = (columns >= start) & (columns < start + block.size)
            block[columns[inside] - start] = value
            start += block.size

    def matrix(self) -> Any:
        """Return the coefficients as a sparse matrix by columns."""
        from scipy.sparse import coo_matrix

        rows, columns, values = (
            np.concatenate([np.asarray(entry[n]) for entry in self.entries]) for n in range(3)
        )
        shape = (self.n_rows, self.n_columns)
        matrix = coo_matrix((values, (rows, columns)), shape=shape).tocsc()
        matrix.eliminate_zeros()
        return matrix


@dataclass(frozen=True, slots=True)
class Model:
    """The problem of a world and where its quantities stand in it."""

    world: World
    problem: Problem
    activity: Index
    installed: Index
    landed: Index
    capital: Index
    imports: Index
    stock: Index
    seed: Index
    capacity_rows: Index
    commodity_rows: dict[str, Index]
    landing_rows: Index


def build_model(world: World) -> Model:
    """Lay out columns and rows of a world.

    Parameters
    ----------
    world : World

    Returns
    -------
    Model
        Without a goal: see ``planner_goals``.
    """
    problem, n_t = Problem(), world.n_periods
    n_pools = len(world.pools)
    opens = np.array([world.year + world.step_yr > pool.first_year for pool in world.pools])
    may_land = np.array([pool.landed_kg > 0.0 for pool in world.pools])
    model = Model(
        world=world,
        problem=problem,
        activity=problem.columns(len(world.activities), n_t),
        installed=problem.columns(n_pools, n_t, np.where(opens, INFINITY, 0.0)),
        landed=problem.columns(n_pools, n_t, np.where(opens & may_land[:, None], INFINITY, 0.0)),
        capital=problem.columns(n_pools, n_t + 1),
        imports=problem.columns(len(world.imports), n_t),
        stock=problem.columns(len(world.stocked), n_t + 1),
        seed=problem.columns(int(world.landed_seed_kg > 0.0), n_t),
        capacity_rows=np.empty((n_pools, n_t), dtype=np.intp),
        commodity_rows={},
        landing_rows=problem.rows(n_t, high=world.landing_cap_kg_yr),
    )
    problem.limits["landings"] = model.landing_rows
    _capital(model)
    _commodities(model)
    _landings(model)
    _shares(model)
    _demand(model)
    return model


def _capital(model: Model) -> None:
    world, problem = model.world, model.problem
    n_t = world.n_periods
    number = {pool.name: k for k, pool in enumerate(world.pools)}
    for k in range(len(world.pools)):
        model.capacity_rows[k] = problem.rows(n_t, high=0.0)
        problem.put(model.capacity_rows[k], model.capital[k, :-1], -1.0)
    for p, activity in enumerate(world.activities):
        for name, amount in activity.capital.items():
            problem.put(model.capacity_rows[number[name]], model.activity[p], amount)
    for k, pool in enumerate(world.pools):
        _accumulate(model, k, pool)
        if np.isfinite(pool.n_growth):
            rows = problem.rows(n_t, high=pool.n_growth)
            problem.put(rows, model.installed[k], 1.0)
            problem.put(rows, model.landed[k], 1.0)
            problem.put(rows, model.capital[k, :-1], -pool.growth_1_yr)
            problem.limits[f"growth:{pool.name}"] = rows
    _seed_in_place(model)


def _accumulate(model: Model, k: int, pool: Pool) -> None:
    """Capital at the end of each period from that at its start and what comes into service."""
    world, problem, dt = model.world, model.problem, model.world.step_yr
    n_t = world.n_periods
    rows = problem.rows(n_t, low=0.0, high=0.0)
    problem.put(rows, model.capital[k, 1:], 1.0)
    problem.put(rows, model.capital[k, :-1], dt / pool.life_yr - 1.0)
    problem.put(rows, model.landed[k], -dt)
    late = max(pool.lag_yr / dt - 0.5, 0.0)
    first, part = int(late), late - int(late)
    for lag, share in ((first, 1.0 - part), (first + 1, part)):
        if share > 0.0 and lag < n_t:
            problem.put(rows[lag:], model.installed[k, : n_t - lag], -dt * share)


def _seed_in_place(model: Model) -> None:
    """Stock at the start: the seed, split as the plan likes; nothing else stands."""
    world, problem = model.world, model.problem
    rows = problem.rows(1, high=world.seed_kg)
    for k, pool in enumerate(world.pools):
        if pool.unit_mass_kg > 0.0:
            problem.put(rows, model.capital[k, :1], pool.unit_mass_kg)
        else:
            problem.upper_of(model.capital[k, :1], 0.0)
    problem.limits["seed"] = rows


def _commodities(model: Model) -> None:
    """One row for each commodity that something uses, at each period."""
    world, problem, dt = model.world, model.problem, model.world.step_yr
    n_t = world.n_periods
    used = {pool.good for pool in world.pools} | set(world.stocked)
    for owner in world.owners:
        used |= {name for name, amount in owner.flows.items() if amount < 0.0}
    rows = {name: problem.rows(n_t, low=0.0) for name in sorted(used - world.ground)}
    model.commodity_rows.update(rows)
    for p, activity in enumerate(world.activities):
        for name, amount in activity.flows.items():
            if name in rows:
                problem.put(rows[name], model.activity[p], amount)
    for k, pool in enumerate(world.pools):
        if pool.good in rows:
            problem.put(rows[pool.good], model.installed[k], -1.0)
        for name, amount in pool.flows.items():
            if name in rows:
                problem.put(rows[name], model.capital[k, :-1], amount)
    for m, entry in enumerate(world.imports):
        if entry.commodity in rows:
            problem.put(rows[entry.commodity], model.imports[m], 1.0)
    for s, name in enumerate(world.stocked):
        problem.upper_of(model.stock[s, :1], 0.0)
        problem.put(rows[name], model.stock[s, :-1], 1.0 / dt)
        problem.put(rows[name], model.stock[s, 1:], -1.0 / dt)


def _landings(model: Model) -> None:
    """Mass that arrives, and how much of it may be finished plant."""
    world, problem, dt = model.world, model.problem, model.world.step_yr
    n_t, share = world.n_periods, world.finished_frac
    bounded = share < 1.0 and bool(np.isfinite(world.landing_cap_kg_yr).all())
    rows = problem.rows(n_t, high=share * world.landing_cap_kg_yr) if bounded else None
    if rows is not None:
        problem.limits["finished_plant"] = rows
    for m, entry in enumerate(world.imports):
        problem.put(model.landing_rows, model.imports[m], entry.unit_mass_kg)
        if rows is not None:
            problem.put(rows, model.imports[m], share * entry.unit_mass_kg)
    for k, pool in enumerate(world.pools):
        if pool.landed_kg <= 0.0:
            continue
        problem.put(model.landing_rows, model.landed[k], pool.landed_kg)
        if rows is not None:
            part = 1.0 if pool.is_finished_plant else share
            problem.put(rows, model.landed[k], part * pool.landed_kg)
    if len(model.seed):
        seed = problem.rows(1, high=world.landed_seed_kg)
        problem.put(np.broadcast_to(seed, n_t), model.seed[0], dt)
        problem.limits["seed_landed"] = seed
        if rows is not None:
            problem.put(rows, model.seed[0], share - 1.0)


def _shares(model: Model) -> None:
    world, problem = model.world, model.problem
    names = [activity.name for activity in world.activities]
    for limit in world.shares:
        own = names.index(limit.activity)
        rows = problem.rows(world.n_periods, high=0.0)
        made = world.activities[own].flows[limit.commodity]
        problem.put(rows, model.activity[own], made)
        for p, activity in enumerate(world.activities):
            amount = activity.flows.get(limit.commodity, 0.0)
            if amount < 0.0:
                problem.put(rows, model.activity[p], limit.most_frac * amount)
        problem.limits[limit.name] = rows


def launch_columns(model: Model) -> list[tuple[int, float, float]]:
    """Activities that throw: number, kg and W per unit."""
    return [
        (p, activity.launched_kg, activity.launched_W)
        for p, activity in enumerate(model.world.activities)
        if activity.launched_kg > 0.0
    ]


def add_service(model: Model, rows: Index, weight_frac: Array, scale: float | Array) -> None:
    """Put power in orbit, or power arriving, into rows (period,): thrown power by its age."""
    n_t, dt = model.world.n_periods, model.world.step_yr
    for p, _, power_W in launch_columns(model):
        for age, weight in enumerate(weight_frac[:n_t]):
            if weight > 0.0:
                value = np.broadcast_to(scale, n_t)[age:] * weight * power_W * dt
                model.problem.put(rows[age:], model.activity[p, : n_t - age], value)


def _demand(model: Model) -> None:
    service = model.world.service
    if service is None:
        return
    rows = model.problem.rows(model.world.n_periods, high=service.demand_W)
    add_service(model, rows, service.weight_frac, 1.0)
    model.problem.limits["demand"] = rows
