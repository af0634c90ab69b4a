"""From a recipe table to the activities and pools of a site.

Power in the plain case is surface arrays at a mean yearly yield, as the simulator has it. With a
``Night``, load runs on while it is dark: that share of the energy comes through a store, which must
hold the longest dark, or from a source that needs no sun.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.campaign.planner_world import Activity, Pool
from moonbase.core.constants import HOURS_PER_YEAR
from moonbase.core.errors import DomainError
from moonbase.industry.recipes import Process, Recipes

POWER, HEAT, LABOUR = "elec", "heat", "robot_h"
SUN, DARK = "elec_sun", "elec_dark"
CAPITAL_GOODS = ("machine", "pv_kw", "robot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Store and second source of a site.

    ``storage_kg_kWh`` is plant mass per usable kWh, built like other machinery; a
    ``fission_kg_kW`` above zero lets ships land reactors.
    """

    sunlit_frac: float
    longest_dark_h: float
    storage_efficiency_frac: float
    storage_kg_kWh: float
    storage_life_yr: float
    fission_kg_kW: float = 0.0
    fission_life_yr: float = 10.0
    fission_availability_frac: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What makes power and labour at a site; masses and lives of arrays and robots."""

    pv_yield_kWh_W: float
    pv_mass_kg_W: float
    pv_life_yr: float
    robot_hours_h_yr: float
    robot_mass_kg: float
    robot_life_yr: float
    build_lag_yr: float = 0.0
    night: Night | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place on the Moon; what is None is as the scenario has it.

    ``recipes`` are those of its soil, before the scenario's multipliers; ``without`` leaves out
    processes that the place cannot run.
    """

    name: str
    recipes: Recipes | None = None
    sunlit_frac: float | None = None
    longest_dark_h: float | None = None
    without: tuple[str, ...] = ()
    has_driver: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A road between two sites, both ways: energy and robot time per kg, paid where it starts."""

    sites: tuple[str, str]
    energy_kWh_kg: float
    haul_h_kg: float


def at(site: str, name: str) -> str:
    """Name of something at a site; plain where there is only one."""
    return f"{site}/{name}" if site else name


def usable(recipes: Recipes, *, imports: Iterable[str], without: Iterable[str]) -> list[Process]:
    """Processes whose inputs can be made, landed or dug.

    Parameters
    ----------
    recipes : Recipes
    imports, without : iterable of str
        Commodities that ships may land; processes to leave out.

    Returns
    -------
    list of Process

    Raises
    ------
    DomainError
        ``without`` names no process of the table.
    """
    left_out = set(without)
    for name in left_out - recipes.processes.keys():
        raise DomainError("no such process in the recipe table", path=f"without.{name}")
    kept = [p for p in recipes.processes.values() if p.name not in left_out]
    while True:
        have = set(imports) | ground(recipes)
        have |= {name for p in kept for name, amount in p.flows.items() if amount > 0.0}
        able = [p for p in kept if all(n in have for n, amount in p.flows.items() if amount < 0.0)]
        if len(able) == len(kept):
            return kept
        kept = able


def ground(recipes: Recipes) -> set[str]:
    """Raw commodities that no process makes: they lie in the ground."""
    made = {n for p in recipes.processes.values() for n, a in p.flows.items() if a > 0.0}
    return {name for name, c in recipes.commodities.items() if c.group == "raw"} - made


def site_plant(
    processes: Iterable[Process],
    *,
    site: str,
    lag_yr: float,
    by_shop: bool,
    shop_life_yr: Mapping[str, float] | None = None,
    landed: bool = True,
    landed_usd: float = 0.0,
) -> tuple[list[Activity], list[Pool]]:
    """Recipes as activities, and the plant that they occupy.

    Parameters
    ----------
    processes : iterable of Process
    site : str
        Prefix of names, "" where there is one site.
    lag_yr : float
        From a machine made to a machine at work, yr.
    by_shop : bool
        One pool a shop, whose machines serve all its processes; else one a process.
    shop_life_yr : Mapping, optional
        Life of a shop's plant; the shortest of its processes by default.
    landed : bool
        Whether ships may bring finished plant.
    landed_usd : float
        Its price, USD/kg.

    Returns
    -------
    tuple
        Activities and pools.
    """
    activities, lives, shops = [], dict[str, float](), dict[str, str]()
    for process in processes:
        flows = dict(process.flows)
        for name, use in (
            (POWER, process.electricity_kWh),
            (HEAT, process.heat_kWh),
            (LABOUR, process.robot_h),
        ):
            if use:
                flows[name] = flows.get(name, 0.0) - use
        if process.name == "solar_heat":
            flows[HEAT] = 1.0
        pool = process.shop if by_shop else process.name
        activities.append(
            Activity(
                name=at(site, process.name),
                flows={at(site, name): amount for name, amount in flows.items()},
                capital={at(site, pool): process.capital_kg_yr} if process.capital_kg_yr else {},
                launched_kg=1.0 if process.output == "launched" else 0.0,
            )
        )
        if process.capital_kg_yr:
            lives[pool] = min(process.life_yr, lives.get(pool, np.inf))
            shops[pool] = process.shop
    lives |= {pool: life for pool, life in (shop_life_yr or {}).items() if pool in lives}
    pools = [
        Pool(
            name=at(site, pool),
            kind="plant",
            good=at(site, "machine"),
            unit_mass_kg=1.0,
            life_yr=life,
            lag_yr=lag_yr,
            landed_kg=float(landed),
            landed_usd=landed_usd,
            shop=shops[pool],
        )
        for pool, life in lives.items()
    ]
    return activities, pools


def site_means(
    means: Means,
    *,
    site: str,
    landed: Iterable[str] = ("pv_kw", "robot"),
    landed_usd_kg: float = 0.0,
) -> tuple[list[Activity], list[Pool]]:
    """Power and labour of a site as activities and pools.

    Parameters
    ----------
    means : Means
    site : str
        Prefix of names.
    landed : iterable of str
        Which of ``pv_kw`` and ``robot`` ships may bring finished.
    landed_usd_kg : float
        Price of what is landed finished, USD/kg.

    Returns
    -------
    tuple
        Activities and pools.
    """
    landed = set(landed)

    def pool(name: str, kind: str, good: str, unit_kg: float, life_yr: float) -> Pool:
        may_land = good in landed
        return Pool(
            name=at(site, name),
            kind=kind,
            good=at(site, good),
            unit_mass_kg=unit_kg,
            life_yr=life_yr,
            lag_yr=means.build_lag_yr,
            landed_kg=unit_kg * may_land,
            landed_usd=landed_usd_kg * unit_kg * may_land,
        )

    pools = [
        pool("pv", "power", "pv_kw", 1e3 * means.pv_mass_kg_W, means.pv_life_yr),
        pool("robots", "robots", "robot", means.robot_mass_kg, means.robot_life_yr),
    ]
    yearly_kWh = 1e3 * means.pv_yield_kWh_W
    work = Activity(
        name=at(site, "robot_work"),
        flows={at(site, LABOUR): 1.0},
        capital={at(site, "robots"): 1.0 / means.robot_hours_h_yr},
    )
    sun = Activity(
        name=at(site, "sunlight"),
        flows={at(site, POWER if means.night is None else SUN): 1.0},
        capital={at(site, "pv"): 1.0 / yearly_kWh},
    )
    if means.night is None:
        return [work, sun], pools
    activities, more = _night(means.night, means, site, landed_usd_kg)
    return [work, sun, *activities], pools + more


def _night(
    night: Night, means: Means, site: str, landed_usd_kg: float
) -> tuple[list[Activity], list[Pool]]:
    """Bus, store and reactors. A kWh of load needs its dark share from the store or a reactor."""
    if not 0.0 < night.sunlit_frac <= 1.0:
        raise DomainError(f"must be in (0, 1], got {night.sunlit_frac:g}", path="night.sunlit_frac")
    dark_frac = 1.0 - night.sunlit_frac
    sun, dark = at(site, SUN), at(site, DARK)
    bus_flows = {at(site, POWER): 1.0, sun: -night.sunlit_frac}
    if dark_frac == 0.0:
        return [Activity(name=at(site, "bus"), flows=bus_flows)], []
    activities = [
        Activity(name=at(site, "bus"), flows={**bus_flows, dark: -dark_frac}),
        Activity(
            name=at(site, "night_store"),
            flows={dark: 1.0, sun: -1.0 / night.storage_efficiency_frac},
            capital={at(site, "storage"): night.longest_dark_h / (dark_frac * HOURS_PER_YEAR)},
        ),
        Activity(
            name=at(site, "storage_works"),
            flows={at(site, "machine"): -night.storage_kg_kWh, at(site, "storage_kWh"): 1.0},
        ),
    ]
    pools = [
        Pool(
            name=at(site, "storage"),
            kind="storage",
            good=at(site, "storage_kWh"),
            unit_mass_kg=night.storage_kg_kWh,
            life_yr=night.storage_life_yr,
            lag_yr=means.build_lag_yr,
            landed_kg=night.storage_kg_kWh,
            landed_usd=landed_usd_kg * night.storage_kg_kWh,
        )
    ]
    if night.fission_kg_kW > 0.0:
        yearly_kWh = HOURS_PER_YEAR * night.fission_availability_frac
        activities.append(
            Activity(
                name=at(site, "fission"),
                flows={sun: night.sunlit_frac, dark: dark_frac},
                capital={at(site, "reactors"): 1.0 / yearly_kWh},
            )
        )
        pools.append(
            Pool(
                name=at(site, "reactors"),
                kind="power",
                good="reactor_kW",
                unit_mass_kg=night.fission_kg_kW,
                life_yr=night.fission_life_yr,
                landed_kg=night.fission_kg_kW,
                landed_usd=landed_usd_kg * night.fission_kg_kW,
            )
        )
    return activities, pools


def hauls(
    roads: Iterable[Road],
    *,
    goods_kg: Mapping[str, float],
    sites: Iterable[str],
    made: Container[str],
) -> list[Activity]:
    """Every good that may travel every road, both ways.

    Parameters
    ----------
    roads : iterable of Road
    goods_kg : Mapping
        Commodity -> mass of a unit; those without mass do not travel.
    sites : iterable of str
    made : container of str
        What is made or landed, by site; only that travels.

    Returns
    -------
    list of Activity

    Raises
    ------
    DomainError
        A road leads to a site that there is not.
    """
    known, found = set(sites), []
    for road in roads:
        if len(set(road.sites)) != 2 or not set(road.sites) <= known:
            raise DomainError(
                f"a road joins two of the sites, got {road.sites}",
                path="roads",
                hint=f"sites: {', '.join(sorted(known))}",
            )
        for start, end in (road.sites, road.sites[::-1]):
            for name, mass_kg in goods_kg.items():
                if mass_kg > 0.0 and at(start, name) in made:
                    found.append(
                        Activity(
                            name=f"haul:{start}>{end}:{name}",
                            flows={
                                at(start, name): -1.0,
                                at(end, name): 1.0,
                                at(start, POWER): -road.energy_kWh_kg * mass_kg,
                                at(start, LABOUR): -road.haul_h_kg * mass_kg,
                            },
                        )
                    )
    return found
