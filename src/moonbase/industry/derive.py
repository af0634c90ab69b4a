"""Recipes and commodities that follow from the soil: stoichiometry with stated recoveries.

Molten regolith electrolysis wins a share of each metal from its feed and frees the oxygen that it
held; what is left is slag. Hydrogen reduction takes the oxygen of free ilmenite. Everything made of
soil, slag or metal inherits its elements down the table.

Neglected: how recoveries, reactor mass and labour depend on the soil. Electricity of electrolysis
keeps its ratio to the floor; that of hydrogen reduction follows the feed to be heated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, ParameterError
from moonbase.industry.data import number_of, numbers, rows_of
from moonbase.industry.floors import materials, oxides, recipe_floor
from moonbase.industry.regolith import Soil, element_vector, molar_mass
from moonbase.industry.table import ELEMENTS, Commodity, Process, Recipes

Commodities = dict[str, Commodity]
Processes = dict[str, Process]
_OXYGEN = ELEMENTS.index("O")
_ILMENITE = "FeTiO3"
_REDUCTION, _MINE = "h2_reduction", "mine_haul"


def derive(recipes: Recipes, *, soil: Soil, ilmenite_soil: Soil) -> Recipes:
    """Table for another soil.

    Parameters
    ----------
    recipes : Recipes
        The shipped table, or one with the same commodities.
    soil : Soil
        What the site digs.
    ilmenite_soil : Soil
        Mare soil that feeds hydrogen reduction.

    Returns
    -------
    Recipes
        Not yet checked.

    Raises
    ------
    DomainError
        The soil holds nothing of what a process makes.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> flows = load_recipes(soil="Apollo 16").processes["mre_si"].flows
    >>> round(flows["regolith"], 6), round(flows["silicon_mg"], 6)
    (-4.411159, 0.831923)
    """
    processes, commodities = dict(recipes.processes), dict(recipes.commodities)
    for name, commodity in commodities.items():
        frac = _soil_frac(commodity.made_of, soil, ilmenite_soil)
        if frac is not None:
            commodities[name] = replace(commodity, element_frac=frac)
    won = _electrowinning(processes)
    for name, products in won.items():
        processes[name] = _win(processes[name], products, commodities)
    if _REDUCTION in processes:
        processes[_REDUCTION] = _reduce(processes[_REDUCTION], processes, ilmenite_soil)
    found = Recipes(processes=processes, commodities=compose(processes, commodities), soil=soil)
    for name in won:
        ratio = recipe_floor(found, name).energy_kWh / recipe_floor(recipes, name).energy_kWh
        processes[name] = _scaled(processes[name], ratio, 1.0)
    return replace(found, processes=processes)


def compose(processes: Mapping[str, Process], commodities: Commodities) -> Commodities:
    """Commodities with the elements that their ``made_of`` says, from fixed ones down the table.

    Raises
    ------
    ParameterError
        A commodity is made of itself.
    """
    done: Commodities = {}

    def resolve(name: str, above: tuple[str, ...]) -> Array:
        if name in done:
            return done[name].element_frac
        if name in above:
            raise ParameterError(
                f"is made of itself: {' <- '.join((*above, name))}",
                path=f"commodities.{name}",
                hint="give its elements",
            )
        commodity = commodities[name]
        rule, _, source = commodity.made_of.partition(":")
        frac = commodity.element_frac
        if rule == "same" and source in commodities:
            frac = resolve(source, (*above, name))
        elif rule in ("remainder", "slag") and source in processes:
            flows = processes[source].flows
            own_kg = flows.get(name, 0.0) * commodity.unit_mass_kg
            if own_kg > 0.0 and all(other in commodities for other in flows):
                rest = np.zeros(len(ELEMENTS))
                for other, amount in flows.items():
                    if other != name:
                        unit_kg = commodities[other].unit_mass_kg
                        rest -= amount * unit_kg * resolve(other, (*above, name))
                frac = np.where(np.abs(rest) < 1e-12, 0.0, rest) / own_kg
        done[name] = replace(commodity, element_frac=frac)
        return frac

    for name in commodities:
        resolve(name, ())
    return {name: done[name] for name in commodities}


def _soil_frac(rule: str, soil: Soil, ilmenite_soil: Soil) -> Array | None:
    dry = element_vector(soil, ELEMENTS)
    if rule == "soil":
        return dry
    if rule == "ilmenite soil":
        return element_vector(ilmenite_soil, ELEMENTS)
    if rule == "icy soil":
        ice = numbers()["ice_frac"]
        water = np.zeros(len(ELEMENTS))
        water[_OXYGEN] = oxides()["H2O"].oxygen_frac
        water[ELEMENTS.index("H")] = 1.0 - water[_OXYGEN]
        return (1.0 - ice) * dry + ice * water
    if rule == "solar-wind soil":
        hydrogen = numbers()["solar_wind_hydrogen_frac"]
        dry = (1.0 - hydrogen) * dry
        dry[ELEMENTS.index("H")] += hydrogen
        return dry
    return None


def _electrowinning(processes: Processes) -> dict[str, list[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows_of("electrowinning.csv"):
        if row["process"] in processes:
            found.setdefault(row["process"], []).append(row)
    return found


def _win(process: Process, rows: list[Mapping[str, str]], commodities: Commodities) -> Process:
    """Flows of an electrolysis from its feed; sets the elements of its metals and slag."""
    feed, residue = rows[0]["feed"], rows[0]["residue"]
    feed_frac = commodities[feed].element_frac
    ratios = {oxide.element: oxide.oxygen_ratio for oxide in oxides().values() if oxide.simple}
    metals: dict[str, Array] = {}
    oxygen = 0.0
    for row in rows:
        element = row["element"]
        recovery = number_of(row, "recovery_frac", f"electrowinning.{process.name}")
        part = np.zeros(len(ELEMENTS))
        part[ELEMENTS.index(element)] = recovery * feed_frac[ELEMENTS.index(element)]
        metals[row["product"]] = metals.get(row["product"], np.zeros(len(ELEMENTS))) + part
        oxygen += float(part.sum()) * ratios[element]
    slag = feed_frac - sum(metals.values())
    slag[_OXYGEN] -= oxygen
    per_feed = {feed: -1.0, "oxygen": oxygen, residue: float(slag.sum())}
    per_feed |= {name: float(part.sum()) for name, part in metals.items()}
    for name, amount in per_feed.items():
        if amount == 0.0:
            raise DomainError(
                f"holds nothing that {process.name} could win as {name}",
                path="soil",
                hint=f"take a soil with {', '.join(row['element'] for row in rows)}",
            )
    for name, part in {**metals, residue: slag}.items():
        if commodities[name].made_of.endswith(f":{process.name}"):
            commodities[name] = replace(commodities[name], element_frac=part / part.sum())
    made = per_feed[process.output]
    flows = {n: per_feed.get(n, amount * made) / made for n, amount in process.flows.items()}
    return replace(process, flows=flows)


def _reduce(process: Process, processes: Processes, soil: Soil) -> Process:
    """Hydrogen reduction of the free ilmenite of a soil."""
    iron, titanium = soil.oxide_frac["FeO"], soil.oxide_frac["TiO2"]
    bound = min(
        titanium * numbers()["ilmenite_of_titania_frac"] / molar_mass("TiO2"),
        iron / molar_mass("FeO"),
    )
    if bound <= 0.0:
        raise DomainError("holds no ilmenite", path="ilmenite_soil", hint="take a mare soil")
    oxygen_per_feed = bound * molar_mass(_ILMENITE) * oxides()[_ILMENITE].oxygen_frac
    released = sum(process.flows[name] for name in ("lox", "vent_o2"))
    feed = released / oxygen_per_feed
    before = -process.flows["regolith_ilm"]
    flows = {**process.flows, "regolith_ilm": -feed, "tailings_m": feed - released}
    heat = materials()["hot_regolith"].heat_kWh_kg * (1.0 - numbers()["recuperated_frac"])
    dig = processes[_MINE].electricity_kWh if _MINE in processes else 0.0
    electricity = process.electricity_kWh + (feed - before) * (heat + dig)
    moved = replace(process, flows=flows)
    return _scaled(moved, electricity / process.electricity_kWh, feed / before)


def _scaled(process: Process, electricity_ratio: float, capital_ratio: float) -> Process:
    ratios = {"electricity_kWh": electricity_ratio, "capital_kg_yr": capital_ratio}
    ranges = dict(process.ranges)
    for name, ratio in ratios.items():
        if name in ranges:
            bounds = ranges[name]
            ranges[name] = replace(bounds, low=bounds.low * ratio, high=bounds.high * ratio)
    return replace(
        process,
        electricity_kWh=process.electricity_kWh * electricity_ratio,
        capital_kg_yr=process.capital_kg_yr * capital_ratio,
        ranges=ranges,
    )
