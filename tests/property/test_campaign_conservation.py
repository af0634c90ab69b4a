"""Mass, energy, people, satellites and money are neither made nor lost in the campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from chain_fixture import Chain, chain
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from moonbase import economics
from moonbase.campaign import CLASSES, FLOWS, POLICIES, SOURCES, STOCKS, Setup, run_months
from moonbase.campaign.books import keep_books
from moonbase.campaign.months import Simulation
from moonbase.campaign.policies import find_rule
from moonbase.campaign.resources import POWER, Month
from moonbase.core.arrays import Array
from moonbase.industry import PRODUCTS, load_recipes
from moonbase.industry.recipes import ELEMENTS
from moonbase.industry.requirements import IMPORTS, Requirements, upstream

SCENARIOS = ("alpha", "skeptic", "earth-launch", "mars-first")


def same(found: Array, expected: Array, rel: float = 1e-9) -> None:
    """Equal within ``rel`` of the largest value that the draw has in any year."""
    scale = np.maximum(np.abs(found), np.abs(expected)).max(axis=0)
    assert (np.abs(found - expected) <= rel * scale).all()


def total(case: Chain, *names: str) -> Array:
    return np.asarray(sum(np.cumsum(case.result.yearly[name], axis=0) for name in names))


def no_stock_or_flow_is_negative_or_unknown(case: Chain) -> None:
    assert set(case.result.yearly) == {*FLOWS, *STOCKS}
    for name, values in case.result.yearly.items():
        assert np.isfinite(values).all(), name
        assert (values >= 0.0).all(), name


def satellites_are_kept_count_of(case: Chain) -> None:
    flow, setup = case.result.yearly, case.setup
    made, launched = total(case, "satellite_made_kg"), total(case, "launched_kg")
    same(made, launched + flow["backlog_kg"])
    same(flow["launched_lunar_W"], flow["launched_kg"] * setup.lunar_power_W_kg)
    alive = flow["alive_lunar_W"] + flow["failed_lunar_W"] + flow["retired_lunar_W"]
    same(total(case, "power_added_lunar_W"), alive)
    on_the_way = total(case, "lost_transfer_W") + flow["in_transit_W"]
    same(total(case, "launched_lunar_W"), on_the_way + alive)
    same(flow["lost_transfer_W"], flow["launched_lunar_W"] * setup.transfer_loss_frac)
    assert (flow["power_lunar_W"] <= flow["alive_lunar_W"] * (1.0 + 1e-12)).all()


def the_earth_launched_fleet_is_kept_count_of(case: Chain) -> None:
    flow, setup = case.result.yearly, case.setup
    gone = flow["failed_earth_launch_W"] + flow["retired_earth_launch_W"]
    same(total(case, "power_added_earth_launch_W"), flow["alive_earth_launch_W"] + gone)
    same(flow["power_added_earth_launch_W"], flow["earth_satellite_kg"] * setup.earth_power_W_kg)
    same(flow["earth_satellite_kg"], flow["flights_orbit"] * setup.orbit_payload_kg)
    assert (flow["alive_earth_launch_W"] <= setup.earth_fleet_cap_W * (1.0 + 1e-9)).all()
    assert (flow["power_added_earth_launch_W"] <= setup.earth_build_W_yr * (1.0 + 1e-9)).all()


def electricity_used_was_generated(case: Chain) -> None:
    flow, setup = case.result.yearly, case.setup
    generated, used = flow["electricity_generated_kWh"], flow["electricity_used_kWh"]
    assert (used <= generated * (1.0 + 1e-9) + 1e-9).all()
    same(flow["throw_kWh"], flow["launched_kg"] * setup.throw_kWh_kg)
    assert (flow["throw_kWh"] <= used * (1.0 + 1e-9)).all()


def every_landed_kilogram_flew(case: Chain) -> None:
    flow, setup = case.result.yearly, case.setup
    landed = sum(values for name, values in flow.items() if name.startswith("landed_"))
    gross = flow["flights_moon"] / setup.flights_per_landing * setup.landed_kg
    same(np.asarray(landed) + flow["lost_landing_kg"], gross)
    expected = setup.chance.landings_ratio == 0.0
    mean = gross * setup.landing_loss_frac
    same(flow["lost_landing_kg"][:, expected], mean[:, expected])
    assert (flow["lost_landing_kg"] <= 0.5 * gross * (1.0 + 1e-9)).all()
    assert (flow["flights_moon"] <= setup.flights_yr * setup.moon_flight_frac * (1 + 1e-9)).all()
    flights = flow["flights_moon"] + flow["flights_orbit"]
    assert (flights <= setup.flights_yr * (1.0 + 1e-9)).all()
    seed = total(case, "landed_seed_kg") + flow["seed_left_kg"]
    same(seed, np.broadcast_to(setup.seed_kg, seed.shape))


def stocks_of_parts_and_supplies_are_kept_count_of(case: Chain) -> None:
    flow = case.result.yearly
    for landed, used, stock in (
        ("landed_maintenance_parts_kg", "spares_used_kg", "spares_kg"),
        ("landed_supplies_kg", "supplies_used_kg", "supplies_kg"),
    ):
        same(total(case, landed), total(case, used) + flow[stock])
    by_use = [flow[f"landed_{k}_parts_kg"] for k in ("satellite", "growth", "driver")]
    by_kind = [flow[f"imported_{k}_kg"] for k in ("chips", "electronics", "vitamins")]
    same(np.asarray(sum(by_kind)), np.asarray(sum(by_use)) + flow["spares_used_kg"])


def everybody_who_arrived_is_there_or_left(case: Chain) -> None:
    flow = case.result.yearly
    arrived = total(case, "crew_arrived")
    same(arrived, total(case, "crew_left") + flow["n_crew"])
    days = flow["crew_days"] + flow["reserve_crew_days"] + flow["short_crew_days"]
    assert (days <= 365.25 * arrived * (1.0 + 1e-9)).all()


def money_that_is_spent_came_from_somewhere(case: Chain) -> None:
    books = keep_books(result=case.result, setup=case.setup, design=case.design, inputs=case.inputs)
    ledger = books.ledger
    assert (ledger.usd >= 0.0).all()
    scale = ledger.usd.sum(axis=(0, 1))
    signs = np.array([1.0 if a.kind == "source" else -1.0 for a in economics.ACCOUNTS])
    net = np.einsum("tad,a->td", ledger.usd, signs)
    assert (np.abs(net - ledger.net_usd) <= 1e-12 * scale).all()
    balance = np.cumsum(ledger.net_usd, axis=0)
    assert (balance >= -1e-9 * scale).all()
    funding = ledger.amount_usd("external_funding")
    idle = funding.sum(axis=0) == 0.0
    assert (balance.min(axis=0)[~idle] <= 1e-9 * scale[~idle]).all()
    assert books.peak_funding_usd == pytest.approx(funding.sum(axis=0))
    own = ledger.amount_usd("compute_revenue") - ledger.uses_usd
    assert (np.abs(books.programme_flow_usd - own) <= 1e-9 * scale).all()
    spent = books.lunar_use_usd + books.earth_launch_use_usd
    same(spent, ledger.uses_usd)


IDENTITIES = (
    no_stock_or_flow_is_negative_or_unknown,
    satellites_are_kept_count_of,
    the_earth_launched_fleet_is_kept_count_of,
    electricity_used_was_generated,
    every_landed_kilogram_flew,
    stocks_of_parts_and_supplies_are_kept_count_of,
    everybody_who_arrived_is_there_or_left,
    money_that_is_spent_came_from_somewhere,
)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.__name__)
def test_identity(identity: Callable[[Chain], None], name: str) -> None:
    identity(chain(name, n_draws=24))


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    case=st.builds(
        chain,
        st.sampled_from(SCENARIOS[:2]),
        n_draws=st.just(12),
        options__seed=st.integers(0, 10_000),
        options__class_order=st.permutations(CLASSES).map(tuple),
        options__growth_policy=st.sampled_from(sorted(POLICIES)),
        options__first_priority=st.sampled_from(["lunar", "earth_orbit"]),
        options__chips=st.sampled_from(["imported", "lunar", "sampled"]),
        options__chance=st.sets(st.sampled_from(SOURCES)).map(lambda s: tuple(sorted(s))),
    )
)
def test_identities_hold_whoever_comes_first(case: Chain) -> None:
    for identity in IDENTITIES:
        identity(case)


def test_electricity_used_was_generated_where_power_is_short() -> None:
    setup = chain(n_draws=24).setup
    short = run_months(
        replace(setup, pv_yield_kWh_W=0.2 * setup.pv_yield_kWh_W, pv_life_yr=0.1 * setup.pv_life_yr)
    ).yearly
    used, generated = short["electricity_used_kWh"], short["electricity_generated_kWh"]
    assert (used > 0.99 * generated)[generated > 0.0].any()
    assert (used <= generated * (1.0 + 1e-9) + 1e-9).all()


class _Spy(Simulation):
    """Notes what wears out, which the record leaves out."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup, find_rule(setup.policy))
        self.worn = {name: np.zeros(setup.n_draws) for name in ("plant", "pv", "robots", "driver")}

    def _wear(self) -> tuple[Array, Array, Array]:
        worn = super()._wear()
        for name, amount in zip(("plant", "pv", "robots"), worn, strict=True):
            self.worn[name] += amount
        return worn

    def _build_driver(self, step: int, resources: Any, goal_kg_yr: Array) -> None:
        self.worn["driver"] += self.driver_worn_kg()
        super()._build_driver(step, resources, goal_kg_yr)


@pytest.mark.parametrize("name", ["alpha", "skeptic"])
@pytest.mark.parametrize("policy", POLICIES)
def test_capital_made_and_landed_is_in_service_under_construction_or_worn_out(
    name: str, policy: str
) -> None:
    case = chain(name, n_draws=24, options__growth_policy=policy)
    setup, spy = case.setup, _Spy(case.setup)
    result = spy.run()
    made = {k: result.yearly[f"{k}"].sum(axis=0) for k in FLOWS}
    state, worn = spy.state, spy.worn
    assert made["machine_made_kg"].max() > 0.0

    landed = made["landed_seed_kg"] + made["landed_plant_kg"] - spy.extra_kg
    pv_landed = state.pv_W + state.pipeline[1].sum(axis=0) + worn["pv"] - made["pv_made_W"]
    robots_landed = (
        state.n_robots + state.pipeline[2].sum(axis=0) + worn["robots"] - made["robots_made"]
    )
    plant_landed = (
        state.plant_kg.sum(axis=0)
        + state.pipeline[0].sum(axis=0)
        + spy.replaced
        + worn["plant"]
        - made["machine_made_kg"]
    )
    mass = plant_landed + pv_landed * setup.pv_mass_kg_W + robots_landed * setup.robot_mass_kg
    scale = 1.0 + landed + made["machine_made_kg"] + made["pv_made_W"] * setup.pv_mass_kg_W
    assert (np.abs(mass - landed) <= 1e-9 * scale).all()
    driver = made["driver_made_kg"] - worn["driver"] - state.driver_kg
    assert (np.abs(driver) <= 1e-9 * made["driver_made_kg"]).all()


class _Meter(Simulation):
    """Reads power, robot hours and plant time before and after every step."""

    worst, opened = 0.0, np.zeros(1)

    def _open(self, labour: Array, imports: Array) -> Month:
        month = super()._open(labour, imports)
        self.opened = month.available.copy()
        return month

    def read(self, step: int) -> None:
        month = self.resources
        if not self.total_kg.any():
            return
        used = (month.table * month.made[:, None]).sum(axis=0)
        used[POWER] += month.throw_kWh
        gap = np.abs(self.opened - used - month.available)[:-1]
        self.worst = max(self.worst, float((gap / (self.opened[:-1] + 1.0)).max()))
        assert (month.available >= 0.0).all()


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    seed=st.integers(0, 10_000),
    policy=st.sampled_from(sorted(POLICIES)),
    spread=st.floats(0.0, 1.0),
)
def test_every_step_uses_what_it_has_whatever_the_recipes(
    seed: int, policy: str, spread: float
) -> None:
    """Power, robot hours and time of every shop, with the recipes' needs scaled at random."""
    setup = chain(n_draws=6, options__end_year=2050).setup
    rng = np.random.default_rng(seed)

    def scaled(needs: Requirements) -> Requirements:
        return replace(
            needs,
            **{
                name: values * np.exp(spread * rng.standard_normal(values.shape))
                for name in ("capital_kg_yr", "joint_capital_kg_yr", "electricity_kWh", "robot_h")
                for values in (getattr(needs, name),)
            },
        )

    other = replace(setup, policy=policy, needs=scaled(setup.needs))
    meter = _Meter(other, find_rule(policy))
    meter.run(watch=lambda simulation, step: meter.read(step))
    assert meter.worst < 1e-9


@pytest.mark.parametrize("name", ["alpha", "skeptic"])
def test_electricity_used_is_what_was_made_and_thrown_takes(name: str) -> None:
    """Which joint product binds may change from month to month: between the two bounds."""
    case = chain(name, n_draws=24, options__chips="imported")
    flow, per_unit = case.result.yearly, case.setup.needs.electricity_kWh[:, :, None, :]
    made = np.stack(
        [
            flow["machine_made_kg"],
            flow["pv_made_W"] / 1e3,
            flow["robots_made"],
            flow["satellite_made_kg"],
            flow["driver_made_kg"],
            flow["crew_days"],
        ]
    )
    assert len(made) == len(PRODUCTS)
    least = (per_unit * made).sum(axis=1).max(axis=0) + flow["throw_kWh"]
    most = (per_unit.max(axis=0) * made).sum(axis=0) + flow["throw_kWh"]
    used = flow["electricity_used_kWh"]
    assert used.max() > 0.0
    room = 1e-9 * used.max(axis=0)
    assert (used >= least - room).all()
    assert (used <= most + room).all()


@pytest.mark.parametrize("name", ["alpha", "skeptic"])
def test_every_element_that_was_dug_or_landed_is_in_something(name: str) -> None:
    """Regolith and landed parts of each year against the recipe graph of what was made.

    With imported electronics throughout, because the realised local share is not on record. What
    the crew eats and breathes leaves the account at the town's gate.
    """
    case = chain(name, n_draws=12, options__chips="imported")
    recipes, setup, flow = load_recipes(), case.setup, case.result.yearly
    ratio = case.inputs["industry.pv_mass_ratio"]
    line = case.design.driver.budget
    bills: dict[str, dict[str, Any]] = {
        "machine": _inputs("machine", 1.0),
        "pv_kw": _inputs("pv_surface", ratio),
        "robot": _inputs("robot", 1.0),
        "satellite": {c: np.nan_to_num(x) for c, x in case.design.lunar_bill.bill_frac.items()},
        "driver": {c: kg / line.line_kg for c, kg in line.bill_kg.items()},
    }
    made = {
        "machine": flow["machine_made_kg"],
        "pv_kw": flow["pv_made_W"] / 1e3,
        "robot": flow["robots_made"],
        "satellite": flow["satellite_made_kg"],
        "driver": flow["driver_made_kg"],
    }
    level: dict[str, Array] = {}
    for product, bill in bills.items():
        for commodity, per_unit in bill.items():
            for key, amount in upstream(recipes, commodity, local_electronics=False).items():
                level[key] = level.get(key, 0.0) + amount * per_unit * made[product]
    level["mre_si"] = flow["joint_activity_kg"]
    level["mine_haul"] = level["mine_haul"] + 4.4111587 * level["mre_si"]
    net: dict[str, Array] = {}
    for process in recipes.processes.values():
        if process.name in level and process.name != "solar_heat":
            for commodity, amount in process.flows.items():
                net[commodity] = net.get(commodity, 0.0) + amount * level[process.name]
    for product, bill in bills.items():
        for commodity, per_unit in bill.items():
            net[commodity] = net.get(commodity, 0.0) - per_unit * made[product]
    imported = {c: np.maximum(-net.get(c, 0.0), 0.0) for c in IMPORTS}
    crew_share = setup.needs.joint_activity[:, PRODUCTS.index("crew_day")]
    assert (crew_share == 0.0).all()

    scale = flow["regolith_kg"].max(axis=0) + 1.0
    crew_dug = setup.needs.mine_base_kg[PRODUCTS.index("crew_day")] * flow["crew_days"]
    assert (np.abs(level["mine_haul"] + crew_dug - flow["regolith_kg"]) <= 1e-9 * scale).all()
    landed = [flow[f"landed_{k}_parts_kg"] for k in ("satellite", "growth", "driver")]
    parts = sum(landed) + flow["spares_used_kg"]
    spare_electrodes = np.asarray(parts) - np.asarray(sum(imported.values()))
    assert (spare_electrodes >= -1e-9 * scale).all()
    assert (spare_electrodes <= 1e-3 * scale).all()
    for commodity, amount in net.items():
        if commodity not in IMPORTS:
            assert (np.asarray(amount) >= -1e-9 * scale).all(), commodity

    created = np.zeros((len(ELEMENTS), *parts.shape))
    for commodity, amount in net.items():
        item = recipes.commodities[commodity]
        created += item.element_frac[:, None, None] * amount * item.unit_mass_kg
    for product, bill in bills.items():
        for commodity, per_unit in bill.items():
            item = recipes.commodities[commodity]
            mass = per_unit * made[product] * item.unit_mass_kg
            created += item.element_frac[:, None, None] * mass
    dug = recipes.commodities["regolith"].element_frac[:, None, None] * level["mine_haul"]
    assert (np.abs(created - dug) <= 1e-6 * scale).all()
    bill_kg = {p: sum(np.asarray(x) for x in bill.values()) for p, bill in bills.items()}
    feasible = case.design.lunar_satellite.specific_power_W_kg > 0.0
    assert bill_kg["satellite"][feasible] == pytest.approx(1.0, rel=1e-9)
    assert bill_kg["driver"] == pytest.approx(1.0, rel=1e-9)


def _inputs(process: str, factor: Any) -> dict[str, Any]:
    flows = load_recipes().processes[process].flows
    return {c: -amount * factor for c, amount in flows.items() if amount < 0.0}


def test_a_campaign_of_twice_the_size_is_the_same_campaign() -> None:
    """Doubling all that is extensive. The driver's line is the one indivisible thing, so it too."""
    setup = chain(n_draws=24, options__end_year=2060, options__chance=()).setup
    extensive = (
        "seed_kg",
        "flights_yr",
        "demand_W",
        "earth_build_W_yr",
        "earth_fleet_cap_W",
        "driver_line_kg",
        "driver_line_capacity_kg_yr",
    )
    once = run_months(setup)
    larger = {name: 2.0 * getattr(setup, name) for name in extensive}
    rules = replace(setup.rules, n_first_party=2.0 * setup.rules.n_first_party)
    twice = run_months(replace(setup, rules=rules, **larger))
    once.yearly["short_crew_days"] += once.yearly["crew_days"]
    twice.yearly["short_crew_days"] += twice.yearly["crew_days"]
    for name in (*FLOWS, *STOCKS):
        same(twice.yearly[name], 2.0 * once.yearly[name], rel=1e-6)
    assert np.array_equal(twice.binding, once.binding)
    for name in ("first_landing", "driver_complete", "first_earth_orbit_satellite"):
        assert np.array_equal(twice.event_year[name], once.event_year[name], equal_nan=True)
