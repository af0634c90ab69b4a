"""From a scenario to what a plan may do: the same world that the simulator is given.

Shared with the simulator, number by number: recipes with the draw's multipliers, bills of
satellite, driver and crew-day, plant by shop with the shop's life, build lag, sunlit share, flights
and landings with their losses, the seed and the share of spare landings for finished plant, crew
and what it tends, the driver's line, building time and throws, satellites' life, losses and
transit, and the power that customers accept where they fly.

Differences, all of them:

- the plan sees every year ahead, the simulator follows rules; policy records of those rules
  (shares reinvested, when the driver is begun, how much local electronics may cost) do not bind;
- periods of a quarter or a year against months; goods are kept in neither, and a satellite is
  thrown in the period in which it is made (it would otherwise wait for better chips);
- finished plant is landed in any mix, the simulator lands its own balanced one;
- crew is sent to the shops that need it, the simulator's serves all shops alike;
- mined and electrolysed goods are used as they come, scrap still wasted, but the oxygen of the
  aluminium step and surplus joint products may be used; the energy of the crew's water is added;
- the first line of the driver may throw as soon as a part of it stands, unless ``integers``;
- satellites on their way are not yet held against demand; Earth's fleet is where Earth goes first;
- with ``night = "stored"`` power carries the load through the dark, which the simulator's does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from moonbase import transport
from moonbase.campaign.build import STATUS, draw_status, setup_of
from moonbase.campaign.fleet import Fleet
from moonbase.campaign.planner_lunar import Case, recipes_of, site_parts
from moonbase.campaign.planner_sites import (
    Road,
    Site,
    at,
    ground,
    hauls,
)
from moonbase.campaign.planner_world import (
    Service,
    World,
    service_weights,
)
from moonbase.campaign.setup import Setup
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError, InfeasibleError, ScenarioError
from moonbase.design import call
from moonbase.ensemble import sample
from moonbase.industry import scenario_recipes
from moonbase.scenario import Scenario

NIGHTS = {
    "mean": "arrays at their mean yearly yield, as the simulator has it",
    "stored": "load runs on through the dark, from a store or from reactors",
}
"""Treatment of the dark -> what it means."""


def scenario_world(
    scenario: Scenario,
    *,
    step_yr: float = 1.0,
    draw: int = 0,
    night: str = "mean",
    sites: Sequence[Site] = (),
    roads: Sequence[Road] = (),
    discount_rate_frac: float | None = None,
) -> tuple[World, frozenset[str]]:
    """Describe one draw of a scenario as a world for the planner.

    Parameters
    ----------
    scenario : Scenario
    step_yr : float
        Length of a period, yr; whole periods must fill the horizon.
    draw : int
        Draw of the scenario's sample; 0 is nominal.
    night : str
        Key of NIGHTS.
    sites : sequence of Site
        Places; one, as the scenario describes it, by default.
    roads : sequence of Road
    discount_rate_frac : float, optional
        The record's by default.

    Returns
    -------
    tuple
        The world, and the keys of the records that were read.

    Raises
    ------
    ScenarioError
        The scenario builds nothing on the Moon.
    InfeasibleError
        The draw has no design, in the words of the simulator's status.
    DomainError
        An argument is none of the known ones, or the step does not fill the horizon.
    """
    if night not in NIGHTS:
        raise DomainError(f"none of {', '.join(NIGHTS)}: {night!r}", path="night")
    case = _case(scenario, draw)
    year = _years(scenario, step_yr)
    table = scenario_recipes(scenario)
    places = tuple(
        replace(site, recipes=site.recipes or table) for site in sites or (Site(name=""),)
    )
    if len({site.name for site in places}) < len(places) or (
        len(places) > 1 and not all(site.name for site in places)
    ):
        raise DomainError("each site needs a name of its own", path="sites")
    activities, pools, imports, shares = [], [], [], []
    for site in places:
        parts = site_parts(case, site, night, year)
        activities += parts[0]
        pools += parts[1]
        imports += parts[2]
        shares += parts[3]
    goods_kg = _goods(case, places)
    made = {n for a in activities for n, amount in a.flows.items() if amount > 0.0}
    activities += hauls(
        roads,
        goods_kg=_travels(places, goods_kg),
        sites=[site.name for site in places],
        made=made,
    )
    setup = case.setup
    payload = float(setup.landed_kg[0] * (1.0 - setup.landing_loss_frac[0]))
    world = World(
        start_year=float(setup.start_year),
        step_yr=step_yr,
        activities=tuple(activities),
        pools=tuple(pools),
        imports=tuple(imports),
        landing_cap_kg_yr=_landing_cap(setup, year, step_yr),
        landed_seed_kg=float(setup.seed_kg[0]),
        finished_frac=float(setup.rules.plant_import_frac[0]),
        landing_kg=payload,
        landing_usd_kg=_landing_price(case, year),
        ground=frozenset(
            at(site.name, name) for site in places for name in ground(recipes_of(site))
        ),
        shares=tuple(shares),
        service=_service(case, scenario, year, step_yr),
        discount_rate_frac=case["economics.discount_rate_frac"]
        if discount_rate_frac is None
        else discount_rate_frac,
        goods_kg=goods_kg,
    )
    return world, frozenset(case.inputs.read)


def _case(scenario: Scenario, draw: int) -> Case:
    options = scenario.options
    if options.lunar_industry != "on" or options.seed_destination != "moon":
        raise ScenarioError(
            "has no lunar industry to plan",
            path=scenario.name,
            hint='needs options.lunar_industry = "on" and options.seed_destination = "moon"',
        )
    if draw < 0:
        raise DomainError(f"must be 0 or more, got {draw}", path="draw")
    inputs = sample(scenario.records, n_draws=1, seed=options.seed, first=draw).take([0, 0])
    sized, setup = setup_of(scenario, inputs)
    status = str(draw_status(sized, lunar_industry=True)[0])
    if status != "ok":
        raise InfeasibleError(
            f"draw {draw} has no design: {status}", path=scenario.name, hint=STATUS[status]
        )
    return Case(inputs, sized, setup)


def _years(scenario: Scenario, step_yr: float) -> Array:
    """Middle of each period, calendar years."""
    options = scenario.options
    horizon = options.end_year - options.start_year + 1
    n_periods = round(horizon / step_yr) if step_yr > 0.0 else 0
    if n_periods < 1 or abs(n_periods * step_yr - horizon) > 1e-9 * horizon:
        raise DomainError(
            f"{step_yr:g} yr does not fill the horizon of {horizon} yr",
            path="step_yr",
            hint="1, 0.5 or 0.25 do",
        )
    return np.asarray(options.start_year + step_yr * (np.arange(n_periods) + 0.5))


def _yearly(setup: Setup, path: Array, year: Array) -> Array:
    """Values of calendar years at the middle of periods."""
    row = np.clip(np.floor(year).astype(int) - setup.start_year, 0, setup.n_years - 1)
    return np.asarray(path[row, 0])


def _landing_cap(setup: Setup, year: Array, step_yr: float) -> Array:
    flights = _yearly(setup, setup.flights_yr, year) * setup.moon_flight_frac[0]
    kg = flights / setup.flights_per_landing[0] * setup.landed_kg[0]
    begun = np.clip((year + 0.5 * step_yr - setup.first_landing_year[0]) / step_yr, 0.0, 1.0)
    return np.asarray(kg * (1.0 - setup.landing_loss_frac[0]) * begun)


def _landing_price(case: Case, year: Array) -> Array:
    """Cost of a kilogram that arrives, by the flights that the ramp allows, USD/kg."""
    setup, inputs = case.setup, case.inputs
    everyone = setup.flights_yr / (1.0 - inputs["transport.other_flights_frac"])
    launch = call(
        transport.launch_cost,
        "transport",
        inputs,
        n_flights_cumulative=inputs["transport.n_flights_base"] + np.cumsum(everyone, axis=0),
    )
    price = call(
        transport.landing_cost_usd_kg,
        "transport",
        inputs,
        launch_usd=launch,
        n_flights_per_landing=setup.flights_per_landing,
        landed_kg=setup.landed_kg,
    )
    return _yearly(setup, price, year)


def _service(case: Case, scenario: Scenario, year: Array, step_yr: float) -> Service:
    setup = case.setup
    transit_yr = float(setup.transfer_s[0]) / JULIAN_YEAR_s
    weight, arrive = service_weights(
        n_periods=len(year),
        step_yr=step_yr,
        life_yr=float(setup.life_yr[0]),
        decay_1_yr=float(setup.loss_1_yr[0] + setup.degradation_1_yr[0]),
        transit_yr=transit_yr,
    )
    demand = _yearly(setup, setup.demand_W, year)
    accepted = demand * float(setup.deep_demand_frac[0])
    if scenario.options.first_priority == "earth_orbit":
        left = demand - _yearly(setup, _earth_fleet(setup), year)
        accepted = np.minimum(accepted, np.maximum(left, 0.0))
    return Service(
        weight_frac=weight,
        arrive_frac=arrive,
        flop_J=_yearly(setup, setup.flop_J, year),
        demand_W=accepted,
    )


def _earth_fleet(setup: Setup) -> Array:
    """Power at year end of the Earth-launched fleet where it alone serves demand, (year, draw)."""
    fleet = Fleet(
        n_steps=12 * setup.n_years,
        life_yr=setup.life_yr,
        loss_1_yr=setup.loss_1_yr,
        degradation_1_yr=setup.degradation_1_yr,
    )
    power = np.zeros((setup.n_years, setup.n_draws))
    for month in range(12 * setup.n_years):
        n = month // 12
        to_moon = setup.moon_flight_frac * (setup.start_year + n >= setup.first_landing_year)
        flights = setup.flights_yr[n] / 12.0 * (1.0 - to_moon)
        by_flight = flights * setup.orbit_payload_kg * setup.earth_power_W_kg
        room = np.maximum(setup.demand_W[n] - fleet.power_W, 0.0)
        by_sky = np.maximum(setup.earth_fleet_cap_W - fleet.alive_W, 0.0)
        built = np.minimum(np.minimum(setup.earth_build_W_yr[n] / 12.0, by_flight), by_sky)
        fleet.step(month, np.minimum(built, room), setup.flop_J[n])
        power[n] = fleet.power_W
    return power


def _goods(case: Case, places: Sequence[Site]) -> dict[str, float]:
    """Mass of a unit of every good, kg."""
    goods = {
        name: commodity.unit_mass_kg
        for site in places
        for name, commodity in recipes_of(site).commodities.items()
    }
    return goods | {
        "crew": 1.0,
        "driver": 1.0,
        "pv_kw": 1e3 * float(case.setup.pv_mass_kg_W[0]),
        "robot": case["industry.robot_mass_kg"],
        "person": float(case.setup.crew_arrival_kg[0]),
        "storage_kWh": case["industry.storage_kg_kWh"],
        "reactor_kW": case["industry.fission_kg_kW"],
    }


def _travels(places: Sequence[Site], goods_kg: dict[str, float]) -> dict[str, float]:
    """Goods worth a road: no waste, no regolith, nothing that ships land anywhere."""
    commodities = {n: c for site in places for n, c in recipes_of(site).commodities.items()}
    left_out = ("waste", "raw", "vitamin", "people", "life support")
    return {
        name: mass
        for name, mass in goods_kg.items()
        if name in commodities and commodities[name].group not in left_out
    }
