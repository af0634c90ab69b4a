"""Sites and roads of a plan from a TOML file.

A ``[[site]]`` has a ``name`` and any of ``soil`` (a sample or a table of shares), ``sunlit_frac``,
``longest_dark_h``, ``without`` (processes) and ``has_driver``; a ``[[road]]`` has ``sites`` (two
names), ``energy_kWh_kg`` and ``haul_h_kg``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from moonbase.campaign.planner_sites import Road, Site
from moonbase.core.errors import ScenarioError
from moonbase.industry.recipes import load_recipes
from moonbase.scenario import Scenario

_SITE = {"name", "soil", "sunlit_frac", "longest_dark_h", "without", "has_driver"}
_ROAD = {"sites", "energy_kWh_kg", "haul_h_kg"}


def read_sites(
    file: Path | str, *, scenario: Scenario
) -> tuple[tuple[Site, ...], tuple[Road, ...]]:
    """Read the sites and roads of a plan.

    Parameters
    ----------
    file : Path or str
        TOML file.
    scenario : Scenario
        Gives the recipes of a site that names a soil of its own.

    Returns
    -------
    tuple
        Sites, roads.

    Raises
    ------
    ScenarioError
        The file cannot be read, or an entry lacks a key or has one that is not known.
    DomainError
        Unknown soil.

    Examples
    --------
    See ``tests/unit/test_cli_plan.py``.
    """
    path = Path(file)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"cannot be read: {error}", path=str(path)) from error
    for name in table.keys() - {"site", "road"}:
        raise ScenarioError("is no part of a file of sites", path=name, hint="site or road")
    sites = _entries(table, "site")
    if not sites:
        raise ScenarioError("names no site", path=str(path), hint='begin with [[site]] name = "a"')
    roads = _entries(table, "road")
    return (
        tuple(_site(row, n, scenario) for n, row in enumerate(sites)),
        tuple(_road(row, n) for n, row in enumerate(roads)),
    )


def _entries(table: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = table.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ScenarioError("must be a list of tables", path=name, hint=f"write [[{name}]]")
    return rows


def _checked(
    row: dict[str, Any], where: str, known: set[str], needed: set[str], numbers: tuple[str, ...]
) -> None:
    for key in sorted(row.keys() - known):
        hint = f"any of {', '.join(sorted(known))}"
        raise ScenarioError("is not known here", path=f"{where}.{key}", hint=hint)
    for key in sorted(needed - row.keys()):
        raise ScenarioError("is missing", path=f"{where}.{key}")
    for key in numbers:
        if key in row and (isinstance(row[key], bool) or not isinstance(row[key], int | float)):
            raise ScenarioError("must be a number", path=f"{where}.{key}")


def _texts(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ScenarioError("must be a list of names", path=f"{where}.{key}")
    return tuple(value)


def _site(row: dict[str, Any], n: int, scenario: Scenario) -> Site:
    where = f"site[{n}]"
    numbers = ("sunlit_frac", "longest_dark_h")
    _checked(row, where, _SITE, {"name"}, numbers)
    if not isinstance(row["name"], str) or not row["name"]:
        raise ScenarioError("must be a name", path=f"{where}.name")
    if not isinstance(row.get("has_driver", True), bool):
        raise ScenarioError("must be true or false", path=f"{where}.has_driver")
    recipes = None
    if "soil" in row:
        recipes = load_recipes(
            soil=row["soil"],
            tiers=scenario.recipe_tiers,
            recipes=scenario.recipes,
            commodities=scenario.commodities,
        )
    return Site(
        name=row["name"],
        recipes=recipes,
        without=_texts(row, "without", where),
        has_driver=row.get("has_driver", True),
        **{key: float(row[key]) for key in numbers if key in row},
    )


def _road(row: dict[str, Any], n: int) -> Road:
    where = f"road[{n}]"
    numbers = ("energy_kWh_kg", "haul_h_kg")
    _checked(row, where, _ROAD, _ROAD, numbers)
    ends = _texts(row, "sites", where)
    if len(ends) != 2:
        raise ScenarioError("must be two sites", path=f"{where}.sites")
    return Road(
        sites=(ends[0], ends[1]),
        energy_kWh_kg=float(row["energy_kWh_kg"]),
        haul_h_kg=float(row["haul_h_kg"]),
    )
