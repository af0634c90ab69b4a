"""From the solver's numbers to a plan's."""

from __future__ import annotations

import numpy as np

from moonbase.campaign.planner_goals import Goal
from moonbase.campaign.planner_model import Model, launch_columns
from moonbase.campaign.planner_result import PlanResult, SolverInfo, bindings
from moonbase.campaign.planner_solve import Solution
from moonbase.core.arrays import Array


def read_plan(
    model: Model, solution: Solution, *, goal_name: str, goal: Goal, solver: SolverInfo
) -> PlanResult:
    """Put a solution in a plan's terms.

    Parameters
    ----------
    model : Model
    solution : Solution
        Optimal, or the best found when time ran out.
    goal_name : str
    goal : Goal
    solver : SolverInfo

    Returns
    -------
    PlanResult
    """
    world, value = model.world, solution.column
    capital, activity = value[model.capital], value[model.activity]
    landed, imported = value[model.landed], value[model.imports]
    mass = np.array([pool.unit_mass_kg for pool in world.pools])
    landed_mass = np.array([pool.landed_kg for pool in world.pools])
    import_mass = np.array([entry.unit_mass_kg for entry in world.imports])
    prices = _limit_prices(model, solution)
    capital_price = solution.price[model.capacity_rows] / world.step_yr
    launched, added, service, compute = _orbit(model, activity)
    return PlanResult(
        goal=goal_name,
        objective=solution.objective,
        objective_unit=goal.unit,
        world=world,
        year=world.year,
        step_yr=world.step_yr,
        activity_names=tuple(a.name for a in world.activities),
        activity=activity,
        pool_names=tuple(pool.name for pool in world.pools),
        pool_kinds=tuple(pool.kind for pool in world.pools),
        capital=capital,
        built=value[model.installed],
        landed=landed,
        import_names=tuple(entry.commodity for entry in world.imports),
        imported=imported,
        landed_kg_yr=landed_mass @ landed + import_mass @ imported,
        capital_kg=mass @ capital,
        pv_W=1e3 * _stock(model, capital, "pv_kw"),
        storage_kWh=_stock(model, capital, "storage_kWh"),
        n_robots=_stock(model, capital, "robot"),
        n_crew=_stock(model, capital, "person"),
        driver_capacity_kg_yr=_driver_capacity(model, capital),
        satellite_kg_yr=_made(model, activity, "satellite"),
        launched_kg_yr=launched,
        power_added_W_yr=added,
        service_W=service,
        compute_flop_s=compute,
        capital_price=capital_price,
        commodity_price={
            name: -solution.price[rows] / world.step_yr
            for name, rows in model.commodity_rows.items()
        },
        limit_price=prices,
        binding=bindings(
            world,
            capital=capital[:, :-1],
            capital_price=capital_price,
            limit_price=prices,
            limit_amount=_limit_amounts(model),
        ),
        solver=solver,
    )


def _limit_prices(model: Model, solution: Solution) -> dict[str, Array]:
    once = ("seed", "seed_landed", "rate")
    step = model.world.step_yr
    return {
        name: solution.price[rows] / (1.0 if name in once else step)
        for name, rows in model.problem.limits.items()
    }


def _limit_amounts(model: Model) -> dict[str, Array]:
    low, high = np.concatenate(model.problem.low), np.concatenate(model.problem.high)
    bound = np.where(np.isfinite(high), high, np.where(np.isfinite(low), low, 0.0))
    return {name: bound[rows] for name, rows in model.problem.limits.items()}


def _stock(model: Model, capital: Array, good: str) -> Array:
    rows = [k for k, pool in enumerate(model.world.pools) if pool.good.split("/")[-1] == good]
    return np.asarray(capital[rows].sum(axis=0))


def _made(model: Model, activity: Array, commodity: str) -> Array:
    """Output of a commodity, hauls left out."""
    total = np.zeros(activity.shape[1])
    for p, entry in enumerate(model.world.activities):
        if not entry.name.startswith("haul:"):
            for name, amount in entry.flows.items():
                if name.split("/")[-1] == commodity and amount > 0.0:
                    total += amount * activity[p]
    return total


def _driver_capacity(model: Model, capital: Array) -> Array:
    """Mass a year that the driver's pools can throw, kg/yr."""
    total = np.zeros(capital.shape[1])
    names = [pool.name for pool in model.world.pools]
    for activity in model.world.activities:
        if activity.launched_kg > 0.0:
            for pool, use in activity.capital.items():
                total += capital[names.index(pool)] * activity.launched_kg / use
    return total


def _orbit(model: Model, activity: Array) -> tuple[Array, Array, Array, Array]:
    """Mass thrown, power added, power in service and its compute, (period,)."""
    world, service = model.world, model.world.service
    n_t = world.n_periods
    kg, thrown_W = np.zeros(n_t), np.zeros(n_t)
    for p, mass_kg, power_W in launch_columns(model):
        kg += mass_kg * activity[p]
        thrown_W += power_W * activity[p]
    if service is None:
        nothing = np.full(n_t, np.nan)
        return kg, nothing, nothing, nothing
    added = np.convolve(thrown_W, service.arrive_frac)[:n_t]
    in_service = np.convolve(thrown_W, service.weight_frac)[:n_t] * world.step_yr
    worth = thrown_W * service.flop_J
    compute = np.convolve(worth, service.weight_frac)[:n_t] * world.step_yr
    return kg, added, in_service, compute
