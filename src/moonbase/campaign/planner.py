"""The planner: what to build, make, land and throw, when, to reach a goal with the future known.

A linear programme over periods (``planner_model``): goods make capital, capital makes goods, ships
bring the rest, and every limit has a shadow price. ``plan`` takes a scenario, ``expand`` a recipe
table, ``expand_economy`` two matrices; all three answer with a ``PlanResult``.

Capacity is what stands at the start of a period, so a coarse step is cautious: a year's step gives
less than a quarter's while industry grows fast.

Neglected: learning, economies of size, chance (the simulator's part).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from moonbase.campaign.planner_result import PlanResult
from moonbase.campaign.planner_run import plan_world
from moonbase.campaign.planner_scenario import scenario_world
from moonbase.campaign.planner_sites import (
    CAPITAL_GOODS,
    Means,
    Road,
    Site,
    ground,
    site_means,
    site_plant,
    usable,
)
from moonbase.campaign.planner_world import Activity, Import, Pool, World
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.industry.recipes import Recipes
from moonbase.industry.requirements import IMPORTS
from moonbase.parameters import load_parameters
from moonbase.scenario import Scenario, load_scenario


def plan(
    scenario: str | Scenario,
    *,
    goal: str = "most_compute",
    step_yr: float = 1.0,
    draw: int = 0,
    night: str = "mean",
    sites: Sequence[Site] = (),
    roads: Sequence[Road] = (),
    rate_W_yr: float | None = None,
    served_W: float | Array | None = None,
    integers: bool = False,
    solver: str = "auto",
    time_limit_s: float = np.inf,
    discount_rate_frac: float | None = None,
) -> PlanResult:
    """Plan a scenario: what to build, make, land and throw, year by year, to reach a goal.

    Parameters
    ----------
    scenario : str or Scenario
        Name of a shipped scenario, path of a file, or a loaded one.
    goal : str
        ``most_compute`` delivered within the horizon; ``most_launched`` mass; ``earliest_rate``:
        the first period in which ``rate_W_yr`` of power is added, then the most compute among
        plans that do so; ``least_cost`` of what is landed and of accelerators, for ``served_W``;
        ``final_stock`` of capital.
    step_yr : float
        Length of a period, yr: 1 by default, 0.25 for quarters.
    draw : int
        Draw of the scenario's sample; 0 is the nominal case.
    night : str
        ``mean`` takes arrays at their mean yield, as the simulator does; ``stored`` carries the
        load through the dark from a store or from landed reactors.
    sites : sequence of Site
        Places with their own sunlight and recipes; one, the scenario's, by default.
    roads : sequence of Road
        Roads between sites.
    rate_W_yr : float, optional
        For ``earliest_rate``, W/yr; the scenario's announced goal by default.
    served_W : float or Array, optional
        For ``least_cost``: mean power in service, W, by period; a scalar is asked of the last one.
    integers : bool
        Whole landings while they are few, the first line of the driver and the electronics plant
        only at their least size. A mixed-integer problem: minutes, and a gap that is reported.
    solver : str
        ``auto``, ``simplex``, ``interior_point`` (no crossover) or ``crossover``.
    time_limit_s : float
        Longest time of one solve, s.
    discount_rate_frac : float, optional
        Yearly discounting of the goal. 0 by default, except for ``least_cost``, which takes the
        scenario's rate.

    Returns
    -------
    PlanResult

    Raises
    ------
    DomainError
        An argument is none of the known ones or outside its range.
    ScenarioError
        The scenario is wrong or builds nothing on the Moon.
    InfeasibleError
        No plan meets what is asked; names the limits that cannot hold together.
    NumericalError
        The solver stopped without an answer.

    Notes
    -----
    ``earliest_rate`` bisects on the period: the largest rate that can be reached by period n is
    found with the horizon cut there, which is exact as long as waiting never lowers it. The least
    sum of shortfalls would take one solve, but its answer is no date.

    A plan owes nothing to the time after its horizon: in the last years it stops building, so give
    it a satellite's life more than the years that matter.

    Examples
    --------
    >>> found = plan("alpha", goal="most_launched", step_yr=2.0)
    >>> bool(found.launched_kg_yr.sum() > 0.0), found.solver.status
    (True, 'optimal')
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    if discount_rate_frac is None and goal != "least_cost":
        discount_rate_frac = 0.0
    world, read = scenario_world(
        scenario,
        step_yr=step_yr,
        draw=draw,
        night=night,
        sites=sites,
        roads=roads,
        discount_rate_frac=discount_rate_frac,
    )
    if goal == "earliest_rate" and rate_W_yr is None:
        rate_W_yr = float(scenario.records["campaign.goal_added_W_yr"].value)
    return plan_world(
        world,
        goal=goal,
        rate_W_yr=rate_W_yr,
        served_W=served_W,
        integers=integers,
        solver=solver,
        time_limit_s=time_limit_s,
        read=read,
    )


def expand(
    recipes: Recipes,
    *,
    seed_kg: float,
    import_cap_kg_yr: float | Sequence[float] | Array | Callable[[float], float] = np.inf,
    duration_yr: float = 30.0,
    step_yr: float = 0.25,
    start_year: float = 0.0,
    goal: str = "most_launched",
    imports: Sequence[str] = (*IMPORTS, *CAPITAL_GOODS),
    without: Sequence[str] = (),
    product: str | None = None,
    build_lag_yr: float = 0.0,
    by_shop: bool = False,
    pv_yield_kWh_W: float | None = None,
    pv_mass_kg_W: float | None = None,
    pv_life_yr: float | None = None,
    robot_hours_h_yr: float | None = None,
    robot_mass_kg: float | None = None,
    robot_life_yr: float | None = None,
    stocked: Sequence[str] = (),
    solver: str = "auto",
    time_limit_s: float = np.inf,
) -> PlanResult:
    """Grow the industry of a recipe table from a seed, as well as can be.

    Parameters
    ----------
    recipes : Recipes
    seed_kg : float
        Capital that stands at the start, kg; split as the plan likes.
    import_cap_kg_yr : float, array or callable
        Mass that ships may land, kg/yr: constant, (period,), or a function of the time in years at
        the start of a period. No limit by default.
    duration_yr, step_yr : float
        Horizon and length of a period, yr.
    start_year : float
        Calendar year of the start.
    goal : str
        ``most_launched`` (of ``product``) or ``final_stock``.
    imports : sequence of str
        Commodities and finished equipment (machine, pv_kw, robot) that ships may bring.
    without : sequence of str
        Processes to leave out. Those whose inputs cannot be had are left out by themselves.
    product : str, optional
        Commodity whose output counts; ``launched`` where a recipe makes it, else ``satellite``.
    build_lag_yr : float
        From a machine made to a machine at work, yr.
    by_shop : bool
        Let the machines of a shop serve all its processes; else each process has its own.
    pv_yield_kWh_W, pv_mass_kg_W, pv_life_yr : float, optional
        Yearly energy, mass and life of surface arrays; the shipped records by default.
    robot_hours_h_yr, robot_mass_kg, robot_life_yr : float, optional
        Working hours, mass and life of robots; the shipped records by default.
    stocked : sequence of str
        Commodities that may be kept from one period to the next; others are used as they come.
    solver, time_limit_s
        As for :func:`plan`.

    Returns
    -------
    PlanResult

    Raises
    ------
    DomainError
        An argument names nothing that exists, or is outside its range.
    NumericalError
        Nothing limits growth, or the solver stopped without an answer.

    Examples
    --------
    >>> from moonbase.industry import load_recipes
    >>> found = expand(
    ...     load_recipes(), seed_kg=2e5, import_cap_kg_yr=1e5, duration_yr=5.0, step_yr=1.0
    ... )
    >>> bool(found.capital_kg[-1] > 0.0), len(found.year)
    (True, 5)
    """
    records = load_parameters()

    def value(given: float | None, key: str) -> float:
        return float(records[f"industry.{key}"].value) if given is None else float(given)

    lit = value(None, "sunlit_frac") * value(None, "power_net_frac") * 8.766
    means = Means(
        pv_yield_kWh_W=lit if pv_yield_kWh_W is None else pv_yield_kWh_W,
        pv_mass_kg_W=value(pv_mass_kg_W, "pv_mass_kg_W"),
        pv_life_yr=value(pv_life_yr, "pv_life_yr"),
        robot_hours_h_yr=value(robot_hours_h_yr, "robot_hours_h_yr"),
        robot_mass_kg=value(robot_mass_kg, "robot_mass_kg"),
        robot_life_yr=value(robot_life_yr, "robot_life_yr"),
        build_lag_yr=build_lag_yr,
    )
    for name in imports:
        if name not in recipes.commodities and name not in IMPORTS:
            raise DomainError("no such commodity", path=f"imports.{name}")
    kept = usable(recipes, imports=imports, without=without)
    plant = site_plant(
        kept, site="", lag_yr=build_lag_yr, by_shop=by_shop, landed="machine" in imports
    )
    more = site_means(means, site="", landed=imports)
    world = World(
        start_year=start_year,
        step_yr=step_yr,
        activities=_counted([*plant[0], *more[0]], product),
        pools=(*plant[1], *more[1]),
        imports=tuple(
            Import(commodity=name, group="parts") for name in imports if name not in CAPITAL_GOODS
        ),
        landing_cap_kg_yr=_cap(import_cap_kg_yr, duration_yr, step_yr),
        seed_kg=seed_kg,
        ground=frozenset(ground(recipes)),
        stocked=tuple(stocked),
        goods_kg={name: c.unit_mass_kg for name, c in recipes.commodities.items()},
    )
    return plan_world(world, goal=goal, solver=solver, time_limit_s=time_limit_s)


def _counted(activities: list[Activity], product: str | None) -> tuple[Activity, ...]:
    """Activities of which those that make the product count for the goal."""
    made = {name for a in activities for name, amount in a.flows.items() if amount > 0.0}
    product = product or ("launched" if "launched" in made else "satellite")
    if product not in made:
        raise DomainError(f"no process that can run makes {product}", path="product")
    return tuple(replace(a, launched_kg=max(a.flows.get(product, 0.0), 0.0)) for a in activities)


def _cap(
    given: float | Sequence[float] | Array | Callable[[float], float],
    duration_yr: float,
    step_yr: float,
) -> Array:
    if not (step_yr > 0.0 and duration_yr > 0.0):
        raise DomainError("duration and step must be > 0 yr", path="step_yr")
    n = round(duration_yr / step_yr)
    if n < 1 or abs(n * step_yr - duration_yr) > 1e-9 * duration_yr:
        raise DomainError(f"steps of {step_yr:g} yr do not fill {duration_yr:g} yr", path="step_yr")
    if callable(given):
        return np.array([given(step_yr * t) for t in range(n)], dtype=float)
    cap = np.asarray(given, dtype=float)
    if cap.ndim and cap.shape != (n,):
        raise DomainError(
            f"expects one value or {n}, one a period, got shape {cap.shape}",
            path="import_cap_kg_yr",
        )
    return np.broadcast_to(cap, (n,)).copy()


def expand_economy(
    *,
    inputs: Array | Sequence[Sequence[float]],
    capital_yr: Array | Sequence[Sequence[float]],
    n_periods: int,
    step_yr: float,
    depreciation_1_yr: float = 0.0,
    start_kg: float = 1.0,
    solver: str = "simplex",
) -> PlanResult:
    """Most capital at the end, of a dynamic Leontief economy planned over a finite horizon.

    Parameters
    ----------
    inputs : Array
        Input of good i per unit of good j, shape (n, n).
    capital_yr : Array
        Stock of good i that a yearly unit of good j keeps busy, shape (n, n), yr.
    n_periods : int
        Length of the horizon in periods.
    step_yr : float
        Length of a period, yr.
    depreciation_1_yr : float
        Wear of all capital, 1/yr.
    start_kg : float
        Capital at the start, split as the plan likes.
    solver : str
        As for :func:`plan`.

    Returns
    -------
    PlanResult
        ``capital`` has one row per good.

    Raises
    ------
    DomainError
        The matrices do not fit each other.

    Notes
    -----
    A long plan grows by ``1 + g dt`` a period through its middle, with g the balanced growth rate
    (turnpike; Dorfman, Samuelson and Solow 1958). Capital cannot be used up as an input again.

    Examples
    --------
    >>> found = expand_economy(
    ...     inputs=[[0.2, 0.3], [0.4, 0.1]],
    ...     capital_yr=[[1.0, 0.0], [0.0, 2.0]],
    ...     n_periods=64,
    ...     step_yr=0.25,
    ... )
    >>> total = found.capital.sum(axis=0)
    >>> round(float(total[1] / total[0]), 4)
    1.081
    """
    a, b = np.asarray(inputs, dtype=float), np.asarray(capital_yr, dtype=float)
    if a.ndim != 2 or a.shape != a.T.shape or b.shape != a.shape:
        raise DomainError(
            f"two square matrices of one size are needed, got {a.shape} and {b.shape}",
            path="inputs",
        )
    goods = [f"good {n}" for n in range(len(a))]
    net = np.eye(len(a)) - a
    activities = tuple(
        Activity(
            name=f"make {name}",
            flows={good: float(x) for good, x in zip(goods, net[:, j], strict=True) if x},
            capital={good: float(x) for good, x in zip(goods, b[:, j], strict=True) if x},
        )
        for j, name in enumerate(goods)
    )
    life = 1.0 / depreciation_1_yr if depreciation_1_yr > 0.0 else np.inf
    world = World(
        start_year=0.0,
        step_yr=step_yr,
        activities=activities,
        pools=tuple(
            Pool(name=good, kind="plant", good=good, unit_mass_kg=1.0, life_yr=life)
            for good in goods
        ),
        landing_cap_kg_yr=np.zeros(n_periods),
        seed_kg=start_kg,
    )
    return plan_world(world, goal="final_stock", solver=solver)
