"""The recipe table of a scenario or of a file, as rows, and what its checks found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moonbase import industry
from moonbase.core.errors import DomainError
from moonbase.industry import Recipes
from moonbase.scenario import load_scenario


def read_recipes(
    scenario: str = "alpha",
    *,
    set: Mapping[str, object] | None = None,
    path: Path | str | None = None,
) -> Recipes:
    """Recipe table of a scenario, or of a user's file for the scenario's soil.

    Parameters
    ----------
    scenario, set
        As :func:`study`.
    path
        A folder of CSV files that replaces the shipped table, or a TOML file that goes over it.

    Returns
    -------
    Recipes

    Raises
    ------
    ScenarioError, ParameterError, PhysicsError, DomainError
        The scenario or a recipe is wrong.

    Examples
    --------
    >>> len(read_recipes("alpha").processes)
    27
    """
    loaded = load_scenario(scenario, dict(set or {}))
    if path is None:
        return industry.scenario_recipes(loaded)
    return industry.load_recipes(
        path,
        soil=loaded.soil,
        tiers=loaded.recipe_tiers,
        recipes=loaded.recipes,
        commodities=loaded.commodities,
    )


def recipe_rows(recipes: Recipes, match: str = "") -> list[dict[str, Any]]:
    """Rows of a recipe table, with floor and margin of each.

    Parameters
    ----------
    recipes
        A recipe table.
    match
        Only processes with this in their name, label or a commodity; every one by default.

    Returns
    -------
    list of dict
        ``process``, ``label``, ``output``, ``unit``, energies, ``floor_kWh``, ``margin_ratio``
        (energy over floor, None without one), ``robot_h``, ``capital_kg_yr`` and ``life_yr`` with
        ranges, ``kind``, ``source``, ``inputs`` and ``outputs``.

    Raises
    ------
    DomainError
        Nothing matches.
    PhysicsError
        The table is not sound.

    Examples
    --------
    >>> [row["process"] for row in recipe_rows(industry.load_recipes(), "silicon_sog")]
    ['si_refine', 'pv_surface', 'sat_pv', 'chipfab']
    """
    floors = industry.check(recipes).floors
    wanted = match.lower()
    rows = []
    for name, row in recipes.processes.items():
        if not any(wanted in text.lower() for text in (name, row.label, row.output, *row.flows)):
            continue
        floor = floors[name].energy_kWh if name in floors else 0.0
        used = row.electricity_kWh + row.heat_kWh
        bounds = row.ranges
        rows.append(
            {
                "process": name,
                "tier": row.tier,
                "label": row.label,
                "output": row.output,
                "unit": _unit(recipes, row.output),
                "inputs": {c: -a for c, a in row.flows.items() if a < 0.0},
                "outputs": {c: a for c, a in row.flows.items() if a > 0.0},
                "electricity_kWh": row.electricity_kWh,
                "electricity_range_kWh": _ends(bounds, "electricity_kWh", row.electricity_kWh),
                "heat_kWh": row.heat_kWh,
                "floor_kWh": floor,
                "margin_ratio": used / floor if floor > 1e-9 else None,
                "robot_h": row.robot_h,
                "capital_kg_yr": row.capital_kg_yr,
                "capital_range_kg_yr": _ends(bounds, "capital_kg_yr", row.capital_kg_yr),
                "life_yr": row.life_yr,
                "balance": row.balance,
                "kind": row.kind,
                "source": row.source,
                "note": row.note,
            }
        )
    if not rows:
        raise DomainError(
            f"no process, label or commodity holds {match!r}",
            path="match",
            hint=f"processes: {', '.join(recipes.processes)}",
        )
    return rows


def _unit(recipes: Recipes, output: str) -> str:
    """Unit of a main output; energy is no commodity of the table."""
    return recipes.commodities[output].unit if output in recipes.commodities else "kWh"


def _ends(bounds: Mapping[str, Any], field: str, value: float) -> tuple[float, float]:
    found = bounds.get(field)
    return (value, value) if found is None else (found.low, found.high)


def check_report(recipes: Recipes) -> dict[str, Any]:
    """What the checks of a sound table found.

    Parameters
    ----------
    recipes
        A recipe table.

    Returns
    -------
    dict
        ``n_processes``, ``n_commodities``, ``soil``; ``worst_imbalance_kg`` and its process;
        ``tightest_ratio``, the least energy over its floor, and its process; processes by kind of
        balance and by kind of number; ``placeholders``.

    Raises
    ------
    PhysicsError
        The table is not sound.

    Examples
    --------
    >>> check_report(industry.load_recipes())["n_processes"]
    27
    """
    found = industry.check(recipes)
    rows = recipe_rows(recipes)
    worst = max(found.imbalance_kg, key=lambda name: found.imbalance_kg[name])
    known = [row for row in rows if row["margin_ratio"] is not None]
    tight = min(known, key=lambda row: row["margin_ratio"], default=None)
    return {
        "n_processes": len(recipes.processes),
        "n_commodities": len(recipes.commodities),
        "soil": "as shipped (Apollo 16)" if recipes.soil is None else recipes.soil.name,
        "worst_imbalance_kg": found.imbalance_kg[worst],
        "worst_process": worst,
        "tightest_ratio": None if tight is None else tight["margin_ratio"],
        "tightest_process": None if tight is None else tight["process"],
        "balances": _count(rows, "balance"),
        "kinds": _count(rows, "kind"),
        "placeholders": list(found.placeholders),
    }


def _count(rows: list[dict[str, Any]], key: str) -> dict[str, int]:
    names = [row[key] for row in rows]
    return {name: names.count(name) for name in dict.fromkeys(names)}
