"""The recipe table as an appendix: one row a process, for a paper or a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

from moonbase.core.errors import DomainError
from moonbase.industry.checks import check
from moonbase.industry.table import Process, Recipes

COLUMNS = (
    "process",
    "tier",
    "label",
    "inputs",
    "outputs",
    "electricity_kWh",
    "low",
    "high",
    "heat_kWh",
    "floor_kWh",
    "robot_h",
    "capital_kg_yr",
    "low",
    "high",
    "life_yr",
    "balance",
    "kind",
    "source",
    "note",
)
FORMATS = ("markdown", "csv")


def recipe_appendix(recipes: Recipes, *, form: str = "markdown") -> str:
    """Write a recipe table as text, with the floor of each process.

    Parameters
    ----------
    recipes : Recipes
    form : str
        "markdown" or "csv".

    Returns
    -------
    str
        One row a process, per unit of its main output; the units are those of the columns.

    Raises
    ------
    DomainError
        Unknown form.
    PhysicsError
        The table is not sound.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> text = recipe_appendix(load_recipes(), form="csv")
    >>> len(text.splitlines()), text.splitlines()[0][:20]
    (28, 'process,tier,label,i')
    """
    floors = check(recipes).floors
    rows = [
        _row(process, floors[name].energy_kWh if name in floors else 0.0)
        for name, process in recipes.processes.items()
    ]
    if form == "csv":
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
        return text.getvalue()
    if form == "markdown":
        table = [list(COLUMNS), ["---"] * len(COLUMNS), *rows]
        cells = ([cell.replace("|", "\\|") for cell in row] for row in table)
        return "".join(f"| {' | '.join(row)} |\n" for row in cells)
    raise DomainError(f"unknown form {form!r}", path="form", hint=f"one of {', '.join(FORMATS)}")


def _row(process: Process, floor_kWh: float) -> list[str]:
    def side(sign: float) -> str:
        parts = ((n, a * sign) for n, a in process.flows.items() if a * sign > 0.0)
        return "; ".join(f"{name} {amount:.6g}" for name, amount in parts)

    def ranged(name: str) -> list[str]:
        value = getattr(process, name)
        bounds = process.ranges.get(name)
        ends = (value, value) if bounds is None else (bounds.low, bounds.high)
        return [f"{number:.4g}" for number in (value, *ends)]

    return [
        process.name,
        process.tier,
        process.label,
        side(-1.0),
        side(1.0),
        *ranged("electricity_kWh"),
        f"{process.heat_kWh:.4g}",
        f"{floor_kWh:.4g}",
        f"{process.robot_h:.4g}",
        *ranged("capital_kg_yr"),
        f"{process.life_yr:.4g}",
        process.balance,
        process.kind,
        process.source,
        process.note,
    ]
