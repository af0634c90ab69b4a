"""Mass and energy of a steady stream of products, from node to node, nominal draw.

The stream stands with all the capital that it needs, whose worn parts are replaced from the same
flows. Where several processes make a commodity its users draw on them in proportion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moonbase import industry
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.industry import Bill, Recipes
from moonbase.industry.options import RAW
from moonbase.lunar_industry.study import SATELLITE, Study, nominal

GROUND, EARTH, WORN = "Ground", "Earth imports", "Replacement of worn capital"
WASTE, SURPLUS, PRODUCT = "Slag, tailings, scrap", "Surplus oxygen and metals", "Satellites"
_W_kWh_yr = 3.6e6 / JULIAN_YEAR_s
_SEEN = 1e-9
_ELECTRICITY, _HEAT = "Surface arrays", "Solar heat"
_BOUND, _ABOVE = "Reaction, melting, work (the floor)", "Above the floor: waste heat"
_OTHER = "Other processes"
_SMALL = 0.01
"""Share of all energy below which a process is one of the others."""


def mass_flows(found: Study, satellite_kg_yr: float) -> dict[str, Any]:
    """Flows of mass behind a stream of satellites.

    Parameters
    ----------
    found
        What :func:`study` returned.
    satellite_kg_yr
        Satellites that leave the industry a year.

    Returns
    -------
    dict
        ``links``, rows of ``source``, ``target`` and ``value`` in ``unit``; ``label``; ``colors``
        of the nodes by name.

    Raises
    ------
    DomainError
        The stream is not positive.
    InfeasibleError
        No capital is enough in the nominal draw.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> links = mass_flows(study("alpha", draws=2), 1e6)["links"]
    >>> round(sum(row["value"] for row in links if row["target"] == "Satellites"))
    1000000
    """
    bill = _bill(found, satellite_kg_yr)
    names = _short_names(found.recipes)
    links: dict[tuple[str, str], float] = {}
    for name, supply, use in _markets(found, bill, names):
        made, used = sum(supply.values()), sum(use.values())
        rest = made - used
        if rest > _SEEN * made:
            use = {**use, _sink(found.recipes, name): rest}
        for source, amount in supply.items():
            for target, taken in use.items():
                if source != target:
                    key = (source, target)
                    links[key] = links.get(key, 0.0) + amount * taken / made
    colors = dict.fromkeys(names.values(), "lunar")
    colors |= {EARTH: "launch", GROUND: "other", WASTE: "rest", SURPLUS: "rest"}
    colors |= {WORN: "index", PRODUCT: "earth"}
    return _told("kg/yr", links, colors, satellite_kg_yr)


def energy_flows(found: Study, satellite_kg_yr: float) -> dict[str, Any]:
    """Flows of energy behind a stream of satellites: what the floors ask for, and the rest.

    Parameters
    ----------
    found
        What :func:`study` returned.
    satellite_kg_yr
        Satellites that leave the industry a year.

    Returns
    -------
    dict
        As :func:`mass_flows`, in watts averaged over the year.

    Raises
    ------
    DomainError, InfeasibleError
        As :func:`mass_flows`.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> energy_flows(study("alpha", draws=2), 1e6)["unit"]
    'W'
    """
    bill = _bill(found, satellite_kg_yr)
    names = _short_names(found.recipes)
    options: Any = nominal(found.options)
    ratio = float(options["electricity_ratio"][0])
    rows = []
    for i, process in enumerate(bill.processes):
        row, x = found.recipes.processes[process], float(bill.activity_1_yr[i, 0]) * _W_kWh_yr
        electricity, heat = x * row.electricity_kWh * ratio, x * row.heat_kWh
        least = 0.0
        if row.balance != "boundary" and process != SATELLITE:
            least = max(x * industry.recipe_floor(found.recipes, process).energy_kWh, 0.0)
        if electricity + heat > 0.0:
            rows.append((names[process], electricity, heat, min(least, electricity + heat)))
    total = sum(electricity + heat for _, electricity, heat, _ in rows)
    links: dict[tuple[str, str], float] = {}
    for name, electricity, heat, least in rows:
        node = name if electricity + heat >= _SMALL * total else _OTHER
        parts = {
            (_ELECTRICITY, node): electricity,
            (_HEAT, node): heat,
            (node, _BOUND): least,
            (node, _ABOVE): electricity + heat - least,
        }
        for key, value in parts.items():
            links[key] = links.get(key, 0.0) + value
    colors = dict.fromkeys([*names.values(), _OTHER], "lunar")
    colors |= {_ELECTRICITY: "sun", _HEAT: "launch", _BOUND: "earth", _ABOVE: "rest"}
    return _told("W", links, colors, satellite_kg_yr)


def _bill(found: Study, satellite_kg_yr: float) -> Bill:
    if not 0.0 < satellite_kg_yr < float("inf"):
        raise DomainError("must be > 0 kg/yr", path="satellite_kg_yr")
    bill = industry.capital_bill(
        found.recipes, output_1_yr={SATELLITE: satellite_kg_yr}, **nominal(found.options)
    )
    if bill.status[0] != 0:
        raise InfeasibleError(
            "no capital is enough to make satellites and keep itself",
            path="satellite_kg_yr",
            hint="lower industry.capital_ratio, or let more be landed",
        )
    return bill


def _short_names(recipes: Recipes) -> dict[str, str]:
    """Process -> first words of its label, with its name where two would be the same."""
    short = {name: row.label for name, row in recipes.processes.items()}
    for mark in (",", "(", ":", " from "):
        short = {name: label.partition(mark)[0].strip() for name, label in short.items()}
    twice = {label for label in short.values() if list(short.values()).count(label) > 1}
    return {n: f"{label} ({n})" if label in twice else label for n, label in short.items()}


def _markets(
    found: Study, bill: Bill, names: dict[str, str]
) -> Iterator[tuple[str, dict[str, float], dict[str, float]]]:
    """Commodity, who supplies it and who uses it, in kg a year."""
    recipes = found.recipes
    activity = dict(zip(bill.processes, bill.activity_1_yr[:, 0].tolist(), strict=True))
    landed = dict(zip(bill.commodities, bill.imports_kg_yr[:, 0].tolist(), strict=True))
    roles = {good.commodity: good.role for good in industry.capital_goods()}
    heavier = float(nominal(found.options)["pv_mass_ratio"][0])  # type: ignore[index]
    for process, row in recipes.processes.items():
        if roles.get(row.output) == "power":
            activity[process] *= heavier
    for name, item in recipes.commodities.items():
        supply: dict[str, float] = {EARTH: landed[name]}
        use: dict[str, float] = {}
        for process, row in recipes.processes.items():
            amount = row.flows.get(name, 0.0) * item.unit_mass_kg * activity[process]
            side = supply if amount > 0.0 else use
            side[names[process]] = side.get(names[process], 0.0) + abs(amount)
        if item.group == RAW:
            dug = sum(supply.values())
            yield name, {GROUND: dug}, {k: v for k, v in supply.items() if v > _SEEN}
            missing = sum(use.values()) - dug
            supply = {**supply, GROUND: missing} if missing > _SEEN else supply
        supply = {k: v for k, v in supply.items() if v > _SEEN}
        use = {k: v for k, v in use.items() if v > _SEEN}
        rest = sum(supply.values()) - sum(use.values())
        if name in roles and rest > _SEEN:
            use[WORN] = rest
        elif name == SATELLITE and rest > _SEEN:
            use[PRODUCT] = rest
        if supply:
            yield name, supply, use


def _sink(recipes: Recipes, commodity: str) -> str:
    return WASTE if recipes.commodities[commodity].group == "waste" else SURPLUS


def _told(
    unit: str, links: dict[tuple[str, str], float], colors: dict[str, str], stream_kg_yr: float
) -> dict[str, Any]:
    total = max(links.values(), default=0.0)
    shown = {name for pair in links for name in pair}
    return {
        "unit": unit,
        "label": f"nominal draw, {stream_kg_yr / 1e3:,.6g} t of satellites a year",
        "links": [
            {"source": source, "target": target, "value": value}
            for (source, target), value in sorted(links.items(), key=lambda item: -item[1])
            if value > _SEEN * total
        ],
        "colors": {name: color for name, color in colors.items() if name in shown},
    }
