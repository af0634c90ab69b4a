"""The planner against what is known of its answers: prices, growth, limits, errors, replay."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from moonbase.campaign import GOALS, PlanResult, Road, Site, expand, expand_economy, plan
from moonbase.campaign.planner_goals import GOALS as REGISTRY
from moonbase.campaign.planner_model import build_model
from moonbase.campaign.planner_run import plan_world
from moonbase.campaign.planner_scenario import scenario_world
from moonbase.campaign.planner_solve import solve
from moonbase.campaign.planner_whole import make_whole
from moonbase.campaign.planner_world import Import, Pool, World, check_world, service_weights
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, InfeasibleError, NumericalError, ScenarioError
from moonbase.industry import load_recipes
from moonbase.scenario import load_scenario

VITAMINS = ("electronics", "vitamins", "dopants", "electrode_vit")


@cache
def alpha(end_year: int = 2046) -> World:
    scenario = load_scenario("alpha", {"options.end_year": end_year})
    return scenario_world(scenario, discount_rate_frac=0.0)[0]


@cache
def alpha_plan(goal: str = "most_launched") -> PlanResult:
    return plan_world(alpha(), goal=goal)


def used_and_made(found: PlanResult) -> dict[str, Array]:
    """What is left of each commodity, over what is used of it."""
    left: dict[str, Array] = {}
    used: dict[str, Array] = {}

    def book(name: str, amount: Array) -> None:
        left[name] = left.get(name, 0.0) + amount
        used[name] = used.get(name, 0.0) + np.maximum(-amount, 0.0)

    for p, activity in enumerate(found.world.activities):
        for name, flow in activity.flows.items():
            book(name, flow * found.activity[p])
    for k, pool in enumerate(found.world.pools):
        book(pool.good, -found.built[k])
        for name, flow in pool.flows.items():
            book(name, flow * found.capital[k, :-1])
    for m, name in enumerate(found.import_names):
        book(name, found.imported[m])
    return {
        name: left[name] / np.maximum(used[name], 1e-9)
        for name in left
        if name not in found.world.ground and used[name].any()
    }


def test_no_commodity_is_used_before_it_is_made() -> None:
    assert min(float(x.min()) for x in used_and_made(alpha_plan()).values()) > -1e-6


def test_capital_is_what_was_built_and_landed_less_wear() -> None:
    found = expand(load_recipes(), seed_kg=2e5, import_cap_kg_yr=1e5, duration_yr=6.0, step_yr=0.5)
    for k, pool in enumerate(found.world.pools):
        after = found.capital[k, :-1] * (1.0 - 0.5 / pool.life_yr)
        after += 0.5 * (found.built[k] + found.landed[k])
        assert (found.capital[k, 1:] <= after * (1.0 + 1e-9) + 1e-6).all()
    use = np.array([a.capital.get("mre_si", 0.0) for a in found.world.activities])
    k = found.pool_names.index("mre_si")
    assert (use @ found.activity <= found.capital[k, :-1] * (1.0 + 1e-9) + 1e-6).all()


@pytest.mark.parametrize("period", [4, 12, 17])
def test_a_price_is_what_one_more_kilogram_landed_is_worth(period: int) -> None:
    world, base = alpha(), alpha_plan()
    cap = world.landing_cap_kg_yr.copy()
    more_kg = 1e-4 * cap[period]
    cap[period] += more_kg
    gain = plan_world(replace(world, landing_cap_kg_yr=cap), goal="most_launched").objective
    price = base.limit_price["landings"][period]
    price += world.finished_frac * base.limit_price["finished_plant"][period]
    assert (gain - base.objective) / more_kg == pytest.approx(price, rel=2e-3)


def test_the_dearest_limit_comes_first_and_rents_add_up() -> None:
    for period in alpha_plan().binding:
        for kind in ("limit", "means"):
            rents = [b.rent_frac for b in period if b.kind == kind]
            assert rents == sorted(rents, reverse=True)
            assert not rents or sum(rents) == pytest.approx(1.0, abs=1e-4)


def von_neumann(world: World) -> float:
    """Fastest balanced growth of a world without lag, by bisection on a small programme."""
    from scipy.optimize import linprog

    names = sorted(
        {p.good for p in world.pools}
        | {n for a in world.activities for n, x in a.flows.items() if x < 0.0} - world.ground
    )
    pools = [pool.name for pool in world.pools]
    flow = np.array([[a.flows.get(n, 0.0) for a in world.activities] for n in names])
    use = np.array([[a.capital.get(k, 0.0) for a in world.activities] for k in pools])
    free = np.array([[float(n == entry.commodity) for entry in world.imports] for n in names])
    mass = np.array([pool.unit_mass_kg for pool in world.pools])

    def grows(rate: float) -> bool:
        build = np.zeros_like(flow)
        for k, pool in enumerate(world.pools):
            build[names.index(pool.good)] += (rate + 1.0 / pool.life_yr) * use[k]
        table = np.hstack([build - flow, -free])
        total = np.concatenate([mass @ use, np.zeros(free.shape[1])])
        answer = linprog(
            np.zeros(table.shape[1]),
            A_ub=table,
            b_ub=np.zeros(len(names)),
            A_eq=total[None],
            b_eq=[1.0],
        )
        return bool(answer.status == 0)

    low, high = 0.0, 5.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if grows(middle) else (low, middle)
    return low


def test_the_middle_of_a_long_plan_grows_at_the_analytic_rate() -> None:
    found = expand(
        load_recipes(),
        seed_kg=1e5,
        duration_yr=20.0,
        step_yr=0.25,
        goal="final_stock",
        imports=VITAMINS,
        without=("chipfab",),
        solver="simplex",
    )
    ratio = found.capital_kg[41] / found.capital_kg[40]
    rate = von_neumann(found.world)
    assert rate > 0.3
    assert ratio == pytest.approx(1.0 + 0.25 * rate, abs=2e-4)


def test_solvers_agree() -> None:
    world = alpha()
    values = [
        plan_world(world, goal="most_compute", solver=name).objective
        for name in ("simplex", "interior_point", "crossover")
    ]
    assert values == pytest.approx([values[0]] * 3, rel=1e-6)


def test_scaling_is_not_seen_in_the_answer() -> None:
    model = build_model(alpha())
    cost = REGISTRY["most_launched"].cost(model)
    flat = solve(model.problem, cost, size=np.ones(20), solver="simplex")
    assert flat.objective == pytest.approx(alpha_plan().objective, rel=1e-6)


def test_doubling_every_cap_doubles_the_plan() -> None:
    def mass(ratio: float) -> float:
        return expand(
            load_recipes(),
            seed_kg=2e5 * ratio,
            import_cap_kg_yr=1e5 * ratio,
            duration_yr=8.0,
            step_yr=1.0,
        ).objective

    assert mass(2.0) == pytest.approx(2.0 * mass(1.0), rel=1e-7)


def test_a_lag_costs_output() -> None:
    def mass(lag_yr: float) -> float:
        return expand(
            load_recipes(),
            seed_kg=2e5,
            import_cap_kg_yr=1e5,
            duration_yr=8.0,
            step_yr=0.5,
            build_lag_yr=lag_yr,
        ).objective

    assert mass(0.0) > mass(0.5) > mass(0.75) > mass(1.5) > 0.0


def test_stocks_only_help() -> None:
    def mass(stocked: tuple[str, ...]) -> float:
        return expand(
            load_recipes(),
            seed_kg=2e5,
            import_cap_kg_yr=[1e5, 1e5, 1e5, 0.0, 0.0, 0.0],
            duration_yr=6.0,
            step_yr=1.0,
            stocked=stocked,
        ).objective

    assert mass(("electronics", "vitamins")) > 1.01 * mass(())


def test_growth_caps_start_from_nothing() -> None:
    """Additions up to s + r K: three periods of 1 + 0.5 K from an empty stock."""
    pool = Pool(
        name="site",
        kind="plant",
        good="machine",
        unit_mass_kg=1.0,
        landed_kg=1.0,
        n_growth=1.0,
        growth_1_yr=0.5,
    )
    world = World(
        start_year=0.0,
        step_yr=1.0,
        activities=(),
        pools=(pool,),
        imports=(Import(commodity="machine", group="parts"),),
        landing_cap_kg_yr=np.full(3, 100.0),
    )
    found = plan_world(world, goal="final_stock")
    assert found.capital[0].tolist() == pytest.approx([0.0, 1.0, 2.5, 4.75])


def test_the_earliest_date_is_reached_and_no_earlier() -> None:
    world = alpha()
    best = plan_world(world, goal="most_compute").power_added_W_yr.max()
    found = plan_world(world, goal="earliest_rate", rate_W_yr=0.8 * best)
    period = int(found.reached_year - found.year[0])
    assert found.power_added_W_yr[period] >= 0.8 * best * (1.0 - 1e-5)
    assert (found.power_added_W_yr[:period] < 0.8 * best).all()


def test_a_rate_out_of_reach_gives_the_best_there_is() -> None:
    found = plan_world(alpha(), goal="earliest_rate", rate_W_yr=1e15)
    assert np.isnan(found.reached_year)
    assert 0.0 < found.objective < 1e15
    assert found.power_added_W_yr[-1] == pytest.approx(found.objective, rel=1e-6)


def test_least_cost_provides_what_is_asked_and_no_more() -> None:
    found = plan_world(alpha(), goal="least_cost", served_W=1e9)
    assert found.service_W[-1] == pytest.approx(1e9, rel=1e-5)
    dearer = plan_world(alpha(), goal="least_cost", served_W=2e9)
    assert dearer.objective > found.objective > 0.0


def test_what_cannot_be_served_names_the_limits() -> None:
    with pytest.raises(InfeasibleError, match=r"mass landed against power in service") as caught:
        plan_world(alpha(), goal="least_cost", served_W=1e13)
    assert caught.value.path == "landings, served"
    assert "lower power in service" in caught.value.hint


def test_growth_without_limit_is_refused() -> None:
    with pytest.raises(NumericalError, match="nothing limits growth"):
        expand(load_recipes(), seed_kg=1e5, duration_yr=4.0, step_yr=1.0)


def test_night_storage_costs_output_and_is_built() -> None:
    scenario = load_scenario("alpha", {"options.end_year": 2046})
    stored = plan(scenario, goal="most_launched", night="stored")
    assert 0.0 < stored.objective < alpha_plan().objective
    assert stored.storage_kWh.max() > 0.0
    dark = stored.activity[stored.activity_names.index("night_store")]
    if "fission" in stored.activity_names:
        dark = dark + stored.activity[stored.activity_names.index("fission")]
    assert dark.max() > 0.0


def test_a_second_site_never_hurts_and_a_dark_one_stays_empty() -> None:
    scenario = load_scenario("alpha", {"options.end_year": 2044})
    road = Road(sites=("ridge", "plain"), energy_kWh_kg=0.1, haul_h_kg=0.002)
    one = plan(scenario, goal="most_launched", step_yr=2.0)
    two = plan(
        scenario,
        goal="most_launched",
        step_yr=2.0,
        sites=(Site(name="ridge"), Site(name="plain", sunlit_frac=0.45, has_driver=False)),
        roads=(road,),
        solver="simplex",
    )
    assert two.objective >= one.objective * (1.0 - 1e-6)
    sunny = plan(
        scenario,
        goal="most_launched",
        step_yr=2.0,
        sites=(Site(name="ridge"), Site(name="peak", sunlit_frac=1.0, has_driver=False)),
        roads=(replace(road, sites=("ridge", "peak")),),
        solver="simplex",
    )
    assert sunny.objective > one.objective * 1.01
    hauled = [
        n for n, name in enumerate(sunny.activity_names) if name.startswith("haul:peak>ridge")
    ]
    assert sunny.activity[hauled].sum() > 0.0


def test_whole_numbers_hold() -> None:
    world = alpha()
    found = plan_world(world, goal="most_launched", integers=True, time_limit_s=60.0)
    assert found.objective <= alpha_plan().objective * (1.0 + 1e-6)
    k = found.pool_names.index("driver")
    throws = found.launched_kg_yr > 1.0
    assert (found.capital[k, :-1][throws] >= world.pools[k].n_least * (1.0 - 1e-6)).all()
    n_landings = found.landed_kg_yr[:6] / world.landing_kg
    allowed = np.floor(np.cumsum(world.landing_cap_kg_yr[:6]) / world.landing_kg + 1e-9)
    assert (np.cumsum(np.ceil(n_landings - 1e-6)) <= allowed + 1e-9).all()


def test_nothing_whole_to_ask_for() -> None:
    world = replace(alpha(), landing_kg=0.0, pools=alpha().pools[:1])
    model = build_model(replace(world, activities=(), shares=(), service=None))
    with pytest.raises(DomainError, match="whole numbers"):
        make_whole(model, np.zeros(model.problem.n_columns))


def test_the_path_asks_for_what_the_plan_builds() -> None:
    found = alpha_plan()
    path = found.path()
    plant = [k for k, pool in enumerate(found.world.pools) if pool.kind == "plant"]
    assert path.plant_kg_yr.sum() == pytest.approx(found.built[plant].sum())
    assert path.plant_kg_yr.shape == (len(path.shops), 20)
    assert path.satellite_kg_yr.sum() == pytest.approx(found.launched_kg_yr.sum(), rel=1e-6)
    assert path.pv_W_yr.sum() > 0.0
    assert path.start_year == 2027.0


def test_flows_of_a_year_balance_at_a_commodity() -> None:
    bands = alpha_plan().flows(2044.5)
    for name in ("aluminium", "iron", "satellite"):
        into = sum(b.mass_kg_yr for b in bands if b.target == name)
        out = sum(b.mass_kg_yr for b in bands if b.source == name)
        assert into >= out * (1.0 - 1e-6) > 0.0
    with pytest.raises(DomainError, match="year"):
        alpha_plan().flows(1999.0)


def test_service_weights_count_every_satellite_year() -> None:
    weight, arrive = service_weights(
        n_periods=40, step_yr=0.5, life_yr=6.0, decay_1_yr=0.1, transit_yr=0.7
    )
    assert weight.sum() * 0.5 == pytest.approx((1.0 - np.exp(-0.6)) / 0.1, rel=1e-4)
    assert arrive.sum() == pytest.approx(1.0)
    assert (arrive * np.arange(40)).sum() * 0.5 == pytest.approx(0.7)


def test_imports_by_group_add_up() -> None:
    found = alpha_plan()
    assert sum(found.import_kg_yr().values()) == pytest.approx(found.landed_kg_yr, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"goal": "world peace"}, "goal"),
        ({"goal": "most_compute"}, "goal"),
        ({"solver": "pencil"}, "solver"),
        ({"step_yr": 0.7}, "step_yr"),
        ({"step_yr": -1.0}, "step_yr"),
        ({"seed_kg": -1.0}, "seed_kg"),
        ({"seed_kg": float("nan")}, "seed_kg"),
        ({"import_cap_kg_yr": [1.0, 2.0]}, "import_cap_kg_yr"),
        ({"import_cap_kg_yr": -5.0}, "import_cap_kg_yr"),
        ({"without": ("alchemy",)}, "without.alchemy"),
        ({"imports": ("unobtainium",)}, "imports.unobtainium"),
        ({"product": "gold"}, "product"),
        ({"robot_life_yr": 0.2}, "pools.robots.life_yr"),
        ({"time_limit_s": 0.0}, "time_limit_s"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, object], path: str) -> None:
    given = {"seed_kg": 2e5, "import_cap_kg_yr": 1e5, "duration_yr": 4.0, "step_yr": 1.0}
    with pytest.raises(DomainError) as caught:
        expand(load_recipes(), **(given | arguments))  # type: ignore[arg-type]
    assert caught.value.path == path
    if path == "goal":
        assert any(name in caught.value.hint for name in GOALS)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"night": "candles"}, "night"),
        ({"draw": -1}, "draw"),
        ({"step_yr": 5.0}, "step_yr"),
        ({"goal": "least_cost"}, "served_W"),
        ({"goal": "earliest_rate", "rate_W_yr": -1.0}, "rate_W_yr"),
        ({"sites": (Site(name="a"), Site(name="a"))}, "sites"),
        ({"sites": (Site(name="a", sunlit_frac=0.0),)}, "a.sunlit_frac"),
        ({"roads": (Road(sites=("a", "b"), energy_kWh_kg=0.1, haul_h_kg=0.1),)}, "roads"),
    ],
)
def test_bad_arguments_of_a_scenario_are_named(arguments: dict[str, object], path: str) -> None:
    with pytest.raises(DomainError) as caught:
        plan("alpha", **arguments)  # type: ignore[arg-type]
    assert caught.value.path == path


def test_a_scenario_without_lunar_industry_cannot_be_planned() -> None:
    with pytest.raises(ScenarioError, match="no lunar industry"):
        plan("earth-launch")


def test_a_matrix_that_is_not_square_is_refused() -> None:
    with pytest.raises(DomainError, match="square"):
        expand_economy(inputs=[[0.1, 0.2]], capital_yr=[[1.0, 2.0]], n_periods=4, step_yr=1.0)


def test_a_world_names_what_nothing_makes() -> None:
    world = alpha()
    broken = replace(world, imports=world.imports[1:])
    with pytest.raises(DomainError, match="chips, which nothing makes or lands"):
        check_world(broken)


def test_time_that_runs_out_is_said() -> None:
    with pytest.raises(NumericalError, match="no plan within"):
        plan_world(alpha(), goal="most_compute", time_limit_s=1e-3)


def test_a_plan_can_be_made_twice() -> None:
    again = plan_world(alpha(), goal="most_launched")
    assert np.array_equal(again.activity, alpha_plan().activity)


def test_a_century_of_doubling_every_year_does_not_stall_the_solver() -> None:
    """Stocks span thirty orders of magnitude; without scaling by period the solver fails."""
    masses = [
        expand(
            load_recipes(),
            seed_kg=2e5,
            import_cap_kg_yr=lambda t_yr: 1e5 * 2.0**t_yr,
            duration_yr=100.0,
            step_yr=2.0,
            solver=solver,
        ).objective
        for solver in ("simplex", "interior_point")
    ]
    assert masses[0] > 1e30
    assert masses[1] == pytest.approx(masses[0], rel=1e-6)
