"""What a user may ask of an economy: capital goods, options, imports, and which rows can help.

Every name and number is checked here, once, before any array is built.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, TypedDict

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.errors import DomainError
from moonbase.industry.recipes import Process, Recipes

HEAT = "heat"
RAW = "raw"
_VITAMIN = "vitamin"
"""Class of the commodities that are landed when no list of imports is given."""
_WIDE_CAP = 1e3
"""Kilograms landed per new kilogram that no industry asks for."""

Ratio = Real | Mapping[str, Real]
Allowed = Collection[str] | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalGood:
    """A commodity that works as capital: plant, power (kWh/kW-yr) or labour (h/robot-yr)."""

    commodity: str
    role: str
    service_per_year: float
    life_yr: float


class Options(TypedDict, total=False):
    """What may differ from the recipe table; a number, one per draw, or either by process name.

    ``capital_ratio``, ``electricity_ratio``, ``robot_time_ratio`` and ``life_ratio`` multiply the
    rows' plant, electricity, robot hours and plant life. ``pv_mass_ratio`` multiplies the material
    of a surface array, which is counted at its table mass all the same. ``imports`` and
    ``processes`` list what may be landed and run (default: vitamins, every process) or map names
    to one boolean per draw. ``local_frac`` fixes the share of a commodity's supply that is made
    on the Moon; a commodity without one is free to be made or landed.
    """

    capital_ratio: Ratio
    electricity_ratio: Ratio
    robot_time_ratio: Ratio
    life_ratio: Ratio
    pv_mass_ratio: Real
    imports: Allowed | None
    processes: Allowed | None
    local_frac: Mapping[str, Real] | None
    import_cap_ratio: Real | None
    pv_yield_kWh_W: Real | None
    robot_hours_h_yr: Real | None
    pv_life_yr: Real | None
    robot_life_yr: Real | None


@cache
def capital_goods() -> tuple[CapitalGood, ...]:
    """Capital goods of the shipped table: generic machinery, surface power, robots.

    Examples
    --------
    >>> [(good.commodity, good.service_per_year) for good in capital_goods()][1:]
    [('pv_kw', 6706.0), ('robot', 6136.0)]
    """
    text = (resources.files("moonbase") / "data" / "recipes" / "capital.csv").read_text("utf-8")
    return tuple(
        CapitalGood(
            commodity=row["commodity"],
            role=row["role"],
            service_per_year=float(row["service_per_yr"]),
            life_yr=float(row["life_yr"] or np.inf),
        )
        for row in csv.DictReader(text.splitlines())
    )


def nominal_options(options: Options) -> Options:
    """Return the options with the table's own numbers: the same rows and columns, one draw."""
    named: Options = {}
    for key in ("imports", "processes"):
        if options.get(key) is not None:
            named[key] = list(options[key])  # type: ignore[arg-type]
    landed = options.get("imports")
    shares = options.get("local_frac")
    if shares:
        named["local_frac"] = {c: 0.5 if landed is None or c in landed else 1.0 for c in shares}
    if options.get("import_cap_ratio") is not None:
        named["import_cap_ratio"] = _WIDE_CAP
    return named


def ground_commodities(recipes: Recipes) -> frozenset[str]:
    """Commodities that the ground holds and no process has to make."""
    made = {c for p in recipes.processes.values() for c, a in p.flows.items() if a > 0.0}
    return frozenset(
        name for name, item in recipes.commodities.items() if item.group == RAW and name not in made
    )


def vitamins(recipes: Recipes) -> list[str]:
    """Commodities that are landed when no list of imports is given."""
    return [name for name, item in recipes.commodities.items() if item.group == _VITAMIN]


def is_held(recipes: Recipes, good: CapitalGood) -> bool:
    """Whether any process holds a capital good; refuses a table that lacks the commodity."""
    rows = recipes.processes.values()
    if good.role == "plant":
        held = any(row.capital_kg_yr > 0.0 for row in rows)
    elif good.role == "power":
        held = any(row.electricity_kWh > 0.0 for row in rows)
    else:
        held = any(row.robot_h > 0.0 for row in rows)
    if held and good.commodity not in recipes.commodities:
        raise DomainError(
            f"processes need {good.role}, and no commodity {good.commodity!r} gives it",
            path="recipes",
            hint=f"add {good.commodity} to the commodities, and a process that makes it",
        )
    return held


def useful(
    recipes: Recipes, wanted: Iterable[str], *, runs: Mapping[str, Any], lands: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Processes that can run and serve the wanted commodities, and the imports that help them."""
    names = [name for name in recipes.processes if name in runs]
    landed = set(lands)
    while True:
        there = ground_commodities(recipes) | landed
        there |= {c for p in names for c, a in all_flows(recipes.processes[p]).items() if a > 0.0}
        able = [
            p
            for p in names
            if all(c in there for c, a in all_flows(recipes.processes[p]).items() if a < 0.0)
        ]
        if able == names:
            break
        names = able
    serving, asked = set[str](), set(wanted)
    while True:
        more = {
            p
            for p in names
            if any(a > 0.0 and c in asked for c, a in all_flows(recipes.processes[p]).items())
        }
        if more == serving:
            break
        serving = more
        for p in serving:
            asked |= {c for c, a in all_flows(recipes.processes[p]).items() if a < 0.0}
    kept = tuple(p for p in names if p in serving)
    ground = ground_commodities(recipes)
    return kept, tuple(c for c in recipes.commodities if c in landed & asked and c not in ground)


def leaves(values: Any) -> list[Any]:
    """Values of nested tuples and mappings, in a flat list."""
    if isinstance(values, Mapping):
        values = tuple(values.values())
    if isinstance(values, tuple):
        return [leaf for value in values for leaf in leaves(value)]
    return [values]


def has_draws(value: Any) -> bool:
    """Whether a value holds one number or boolean per draw."""
    return np.ndim(value) == 1 and np.asarray(value).dtype.kind in "biuf"


def as_allowed(names: Allowed | None, known: Collection[str], path: str) -> dict[str, Any]:
    """Names that are allowed, each with one boolean or one per draw."""
    if names is None:
        return dict.fromkeys(known, True)
    if isinstance(names, str):
        names = [names]
    allowed = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, True)
    for name in allowed:
        _check_name(name, known, path)
    return allowed


def check_names(recipes: Recipes, amounts: Mapping[str, Any]) -> None:
    """Refuse commodities that the table does not have."""
    if not amounts:
        raise DomainError("names no commodity", path="output_1_yr", hint="name what is delivered")
    for name in amounts:
        _check_name(name, recipes.commodities, "output_1_yr")


def _check_name(name: str, known: Collection[str], path: str) -> None:
    if name not in known:
        near = get_close_matches(name, list(known), n=3, cutoff=0.4)
        raise DomainError(
            f"{name!r} is not in the recipe table",
            path=path,
            hint=f"nearest: {', '.join(near)}" if near else f"known: {', '.join(known)}",
        )


def check_options(
    recipes: Recipes,
    ratios: Mapping[str, Any],
    shares: Mapping[str, Any],
    lands: Mapping[str, Any],
) -> None:
    """Refuse unknown processes and commodities, and a share that nothing can fill up."""
    for key, ratio in ratios.items():
        for name in ratio if isinstance(ratio, Mapping) else ():
            _check_name(name, recipes.processes, key)
    for name, frac in shares.items():
        _check_name(name, recipes.commodities, "local_frac")
        if np.any(np.asarray(frac) < 1.0) and name not in lands:
            raise DomainError(
                "less than all is made on the Moon, and the rest may not be landed",
                path=f"local_frac.{name}",
                hint=f"add {name} to imports, or make its share 1",
            )


def check_numbers(positive: Mapping[str, Any], optional: Mapping[str, Any]) -> None:
    """Refuse values that are not positive (shares and caps: not in their range) or do not fit."""
    sizes: dict[int, str] = {}
    for path, value in {**positive, **optional}.items():
        for leaf in leaves(value):
            if leaf is None:
                continue
            try:
                array = np.asarray(leaf, dtype=float)
            except (TypeError, ValueError) as error:
                raise DomainError(f"expects numbers, got {leaf!r}", path=path) from error
            share = path.startswith("local_frac.")
            low = 0.0 if share or path == "import_cap_ratio" else np.nextafter(0.0, 1.0)
            high = 1.0 if share else np.inf
            good = np.isfinite(array) | (path == "import_cap_ratio")
            if array.ndim > 1 or not (good & (array >= low) & (array <= high)).all():
                raise DomainError(
                    f"expects finite numbers {'from 0 to 1' if share else 'above 0'}, one or one "
                    f"per draw; got {leaf!r}",
                    path=path,
                )
            if array.ndim and array.size != 1:
                sizes.setdefault(array.size, path)
    if len(sizes) > 1:
        found = ", ".join(f"{path} has {n}" for n, path in sizes.items())
        raise DomainError("the draws do not fit", path=next(iter(sizes.values())), hint=found)


def all_flows(process: Process) -> dict[str, float]:
    """Flows of a process, with the heat that it makes or uses."""
    flows = dict(process.flows)
    if process.output == HEAT:
        flows.setdefault(HEAT, 1.0)
    if process.heat_kWh > 0.0:
        flows[HEAT] = flows.get(HEAT, 0.0) - process.heat_kWh
    return flows
