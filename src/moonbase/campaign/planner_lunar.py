"""One site of a scenario: its recipes with the draw's multipliers, its means, crew and driver."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from moonbase.campaign.planner_sites import Means, Night, Site, at, site_means, site_plant, usable
from moonbase.campaign.planner_world import Activity, Import, Pool, Share
from moonbase.campaign.setup import Setup
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.design import Design, product_bills
from moonbase.ensemble import Inputs
from moonbase.industry import Recipes, load_recipes
from moonbase.industry.requirements import IMPORTS, JOINT_PROCESS

_HABITAT = "habitat"
_FOOD = "greenhouse"
"""Food is part of the crew-day's own bill, as in the simulator."""


@dataclass(frozen=True, slots=True)
class Case:
    """One draw of a scenario: scalars by record key, its design and its setup."""

    inputs: Inputs
    design: Design
    setup: Setup

    def __getitem__(self, key: str) -> float:
        return float(self.inputs[key][0])


def recipes_of(site: Site) -> Recipes:
    """Recipes of a site before the scenario's multipliers."""
    return site.recipes if site.recipes is not None else load_recipes()


def _scaled(case: Case, recipes: Recipes) -> Recipes:
    """Recipes with the draw's multipliers, the satellite's bill and the crew-day's own row."""
    line, setup = case.design.driver.budget, case.setup
    bills = product_bills(
        case.inputs, line=line, satellite_bill=case.design.lunar_bill, town=case.design.city
    )
    given: dict[str, Any] = {
        k: v if isinstance(v, dict) else float(np.ravel(v)[0]) for k, v in bills.items()
    }
    capital = given["capital_ratio"]
    power = case["industry.electricity_ratio"]
    hours = case["industry.robot_time_ratio"]
    processes = {}
    for name, process in recipes.processes.items():
        flows = dict(process.flows)
        changes: dict[str, Any] = {
            "electricity_kWh": process.electricity_kWh * power,
            "robot_h": process.robot_h * hours,
            "capital_kg_yr": process.capital_kg_yr * capital,
        }
        if name == "pv_surface":
            ratio = case["industry.pv_mass_ratio"]
            flows = {c: a if c == process.output else a * ratio for c, a in flows.items()}
        elif name == "satellite":
            flows = {"satellite": 1.0} | _bill(given["satellite_bill"])
        elif name == "chipfab":
            changes["capital_kg_yr"] = given["chipfab_capital_yr"]
        elif name == "crew_day":
            flows = {"crew_day": 1.0, "crew": -given["crew_day_import_kg"]}
            flows |= _bill(given["crew_day_bill"])
            changes["electricity_kWh"] = given["crew_day_kWh"]
            changes["capital_kg_yr"] = given["crew_day_capital_kg_yr"]
        processes[name] = replace(process, flows=flows, **changes)
    driver = {"driver": 1.0} | _bill(given["driver_bill"])
    template = recipes.processes[JOINT_PROCESS]
    processes["driver_works"] = replace(
        template,
        name="driver_works",
        label="Mass driver",
        shop="driver",
        output="driver",
        electricity_kWh=0.0,
        heat_kWh=0.0,
        robot_h=case["industry.driver_assembly_h_kg"],
        capital_kg_yr=0.0,
        flows=driver,
    )
    processes["throw"] = replace(
        template,
        name="throw",
        label="Throw",
        shop="driver",
        output="launched",
        electricity_kWh=float(setup.throw_kWh_kg[0]),
        heat_kWh=0.0,
        robot_h=0.0,
        capital_kg_yr=0.0,
        flows={"launched": 1.0, "satellite": -1.0},
    )
    return Recipes(processes=processes, commodities=recipes.commodities)


def _bill(bill: dict[str, Any]) -> dict[str, float]:
    amounts = {name: -float(np.ravel(amount)[0]) for name, amount in bill.items()}
    return {name: amount for name, amount in amounts.items() if amount}


def _means(case: Case, site: Site, night: str) -> Means:
    sunlit = case["industry.sunlit_frac"] if site.sunlit_frac is None else site.sunlit_frac
    if not 0.0 < sunlit <= 1.0:
        raise DomainError(f"must be in (0, 1], got {sunlit:g}", path=f"{site.name}.sunlit_frac")
    dark = case["industry.longest_dark_h"] if site.longest_dark_h is None else site.longest_dark_h
    store = Night(
        sunlit_frac=sunlit,
        longest_dark_h=dark,
        storage_efficiency_frac=case["industry.storage_efficiency_frac"],
        storage_kg_kWh=case["industry.storage_kg_kWh"],
        storage_life_yr=case["industry.storage_life_yr"],
        fission_kg_kW=case["industry.fission_kg_kW"],
        fission_life_yr=case["industry.fission_life_yr"],
        fission_availability_frac=case["industry.fission_availability_frac"],
    )
    setup = case.setup
    yield_kWh_W = float(setup.pv_yield_kWh_W[0]) * sunlit / case["industry.sunlit_frac"]
    return Means(
        pv_yield_kWh_W=yield_kWh_W,
        pv_mass_kg_W=float(setup.pv_mass_kg_W[0]),
        pv_life_yr=float(setup.pv_life_yr[0]),
        robot_hours_h_yr=float(setup.robot_hours_h_yr[0]),
        robot_mass_kg=float(setup.robot_mass_kg[0]),
        robot_life_yr=float(setup.robot_life_yr[0]),
        build_lag_yr=float(setup.build_lag_yr[0]),
        night=store if night == "stored" else None,
    )


def site_parts(
    case: Case, site: Site, night: str, year: Array
) -> tuple[list[Activity], list[Pool], list[Import], list[Share]]:
    """Activities, pools, imports and shares of one site.

    Parameters
    ----------
    case : Case
    site : Site
    night : str
        ``mean`` or ``stored``.
    year : Array
        Middle of each period, (period,).

    Returns
    -------
    tuple
        Activities, pools, imports and shares.
    """
    needs, usd_kg = case.setup.needs, _hardware_usd_kg(case)
    lives = dict(zip((*needs.shops, "electrolysis"), needs.shop_life_yr, strict=True))
    table = recipes_of(site)
    followed = {n: p for n, p in table.processes.items() if p.shop in lives}
    recipes = _scaled(case, replace(table, processes=followed))
    without = {_FOOD, *site.without} | (set() if site.has_driver else {"driver_works", "throw"})
    kept = usable(recipes, imports=(*IMPORTS, "machine"), without=without & set(recipes.processes))
    activities, pools = site_plant(
        kept,
        site=site.name,
        lag_yr=float(case.setup.build_lag_yr[0]),
        by_shop=True,
        shop_life_yr=lives,
        landed_usd=usd_kg,
    )
    order = [at(site.name, shop) for shop in lives]
    pools.sort(key=lambda pool: order.index(pool.name))
    more = site_means(_means(case, site, night), site=site.name, landed_usd_kg=usd_kg)
    activities, pools = _tended(case, site, activities, pools)
    crew_activities, crew = _crew(case, site)
    driver = [_driver(case, site)] if site.has_driver else []
    if site.has_driver:
        activities = [_throwing(case, site, entry) for entry in activities]
    imports = [
        Import(
            commodity=at(site.name, name),
            group="supplies" if name == "crew" else "parts",
            price_usd=_part_usd_kg(case, name),
        )
        for name in IMPORTS
    ]
    shares = []
    if at(site.name, "chipfab") in {entry.name for entry in activities}:
        start, ramp = (case[f"industry.local_electronics_{k}"] for k in ("start_year", "ramp_yr"))
        most = case["industry.local_electronics_frac"] * np.clip((year - start) / ramp, 0.0, 1.0)
        shares.append(
            Share(
                name=at(site.name, "local_electronics"),
                activity=at(site.name, "chipfab"),
                commodity=at(site.name, "electronics"),
                most_frac=most,
            )
        )
    return (
        [*activities, *more[0], *crew_activities],
        [*pools, *more[1], crew, *driver],
        imports,
        shares,
    )


def _hardware_usd_kg(case: Case) -> float:
    return case["economics.earth_hardware_usd_kg"] / (1.0 - case["transport.landing_loss_frac"])


def _part_usd_kg(case: Case, name: str) -> float:
    """Price of an imported part; accelerators are paid by the watt with their satellite."""
    if name == "chips":
        return 0.0
    key = "supplies" if name == "crew" else "imported_electronics"
    return case[f"economics.{key}_usd_kg"] / (1.0 - case["transport.landing_loss_frac"])


def _tended(
    case: Case, site: Site, activities: list[Activity], pools: list[Pool]
) -> tuple[list[Activity], list[Pool]]:
    """Plant outside the habitat runs as far as remote work goes; the rest needs crew hours."""
    need_h_kg = float(case.setup.crew_need_h_kg_yr[0])
    remote = float(case.setup.remote_labour_frac[0])
    habitat = at(site.name, _HABITAT)
    shops = [pool.name for pool in pools if pool.name != habitat]
    found = []
    for entry in activities:
        flows = dict(entry.flows)
        for pool, use in entry.capital.items():
            if pool != habitat:
                flows[f"tended:{pool}"] = -use
        found.append(replace(entry, flows=flows))
    found += [
        Activity(
            name=f"tend:{shop}",
            flows={f"tended:{shop}": 1.0, at(site.name, "crew_h"): -need_h_kg},
        )
        for shop in shops
    ]
    kept = [
        replace(pool, flows={f"tended:{pool.name}": remote}) if pool.name in shops else pool
        for pool in pools
    ]
    least = case["industry.chipfab_least_kg"]
    chips = at(site.name, "electronics")
    return found, [replace(p, n_least=least) if p.name == chips else p for p in kept]


def _crew(case: Case, site: Site) -> tuple[list[Activity], Pool]:
    setup = case.setup
    work = Activity(
        name=at(site.name, "crew_work"),
        flows={
            at(site.name, "crew_day"): -365.25,
            at(site.name, "crew_h"): float(setup.crew_hours_h_yr[0]),
        },
        capital={at(site.name, "crew"): 1.0},
    )
    pool = Pool(
        name=at(site.name, "crew"),
        kind="crew",
        good=at(site.name, "person"),
        unit_mass_kg=0.0,
        n_growth=float(setup.rules.n_first_party[0]),
        growth_1_yr=float(setup.rules.crew_growth_1_yr[0]),
        landed_kg=float(setup.crew_arrival_kg[0]),
        landed_usd=float(setup.crew_arrival_kg[0]) * _hardware_usd_kg(case),
        is_finished_plant=False,
        first_year=float(setup.first_crew_year[0]),
    )
    return [work], pool


def _driver(case: Case, site: Site) -> Pool:
    setup = case.setup
    line_kg, build_yr = float(setup.driver_line_kg[0]), float(setup.rules.driver_build_yr[0])
    return Pool(
        name=at(site.name, "driver"),
        kind="driver",
        good=at(site.name, "driver"),
        unit_mass_kg=1.0,
        life_yr=float(setup.driver_life_yr[0]),
        n_growth=line_kg / build_yr,
        growth_1_yr=1.0 / build_yr,
        n_least=line_kg,
    )


def _throwing(case: Case, site: Site, entry: Activity) -> Activity:
    """Give the throw its line, its power in orbit and the price of its accelerators."""
    if entry.name != at(site.name, "throw"):
        return entry
    setup = case.setup
    yearly_kg = setup.driver_line_capacity_kg_yr[0] * setup.driver_availability_frac[0]
    power_W = float(setup.lunar_power_W_kg[0])
    return replace(
        entry,
        capital={at(site.name, "driver"): float(setup.driver_line_kg[0] / yearly_kg)},
        launched_W=power_W * (1.0 - float(setup.transfer_loss_frac[0])),
        cost_usd=power_W * case["economics.it_capex_usd_kW"] / 1e3,
    )
