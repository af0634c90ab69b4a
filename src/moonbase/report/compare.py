"""Runs side by side: what came out, and which inputs differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from moonbase.report import format as fmt
from moonbase.report.page import print_columns
from moonbase.report.words import (
    HEADLINES,
    Summary,
    headline_name,
    headline_of,
    headline_text,
    is_year,
)

_INPUTS = 20


def compare_table(summaries: Sequence[Summary]) -> list[dict[str, Any]]:
    """Rows of a comparison, the first run being the reference.

    Returns
    -------
    list of dict
        First every headline result (``part`` "headline", P50 in ``values``), then every input
        that is not the same in all runs that use it (``part`` "input"), largest change first.
        Each row has ``key``, ``label``, ``values``, ``texts`` (as written) and ``change``: last
        run against the first, in years for calendar years, else as a ratio; None where it has no
        meaning.
    """
    return [*_headline_rows(summaries), *_input_rows(summaries)]


def _headline_rows(summaries: Sequence[Summary]) -> list[dict[str, Any]]:
    rows = []
    for key in HEADLINES:
        values = [headline_of(s, key)["p50"] for s in summaries]
        rows.append(
            {
                "part": "headline",
                "key": key,
                "label": headline_name(key),
                "values": values,
                "texts": [headline_text(key, v) for v in values],
                "change": _change(values, difference=is_year(key)),
            }
        )
    return rows


def _input_rows(summaries: Sequence[Summary]) -> list[dict[str, Any]]:
    tables = [{row["key"]: row for row in s.get("inputs") or []} for s in summaries]
    rows = []
    for key in dict.fromkeys(key for table in tables for key in table):
        found = [table.get(key) for table in tables]
        values = [None if row is None else row.get("value") for row in found]
        used = {value for value in values if value is not None}
        if len(used) < 2:
            continue
        known = next(row for row in found if row is not None)
        unit = str(known.get("unit") or "")
        rows.append(
            {
                "part": "input",
                "key": key,
                "label": str(known.get("label") or key),
                "values": values,
                "texts": [fmt.quantity(v, unit) for v in values],
                "change": _change(values, difference=unit == "year"),
            }
        )
    return sorted(rows, key=_size, reverse=True)


def _change(values: Sequence[object], *, difference: bool) -> float | None:
    first, last = fmt.finite(values[0]), fmt.finite(values[-1])
    if first is None or last is None:
        return None
    if difference:
        return last - first
    return last / first if first != 0.0 and last / first > 0.0 else None


def _size(row: dict[str, Any]) -> float:
    """How far apart the runs are in one input; what is no number or changes sign comes first."""
    known = [fmt.finite(value) for value in row["values"]]
    numbers = [value for value in known if value is not None]
    if len(numbers) < len(known) or min(numbers) <= 0.0 < max(numbers):
        return math.inf
    sizes = [abs(value) for value in numbers]
    return math.log(max(sizes) / min(sizes)) if min(sizes) > 0.0 else math.inf


def print_compare(summaries: Sequence[Summary], console: Console) -> None:
    """Print the comparison: results at P50, then the inputs that differ."""
    rows = compare_table(summaries)
    outcome = [row for row in rows if row["part"] == "headline"]
    inputs = [row for row in rows if row["part"] == "input"]
    names = [str(s.get("scenario") or "run") for s in summaries]
    if len(set(names)) < len(names):
        names = [f"{i} {name}" for i, name in enumerate(names, start=1)]
    console.print(Text("Results, P50", style="bold cyan"))
    print_columns(console, _rows(names, outcome))
    console.print()
    if not inputs:
        console.print(Text("All inputs are the same."))
        return
    console.print(Text(f"Inputs that differ ({len(inputs)}), largest first", style="bold cyan"))
    print_columns(console, _rows(names, inputs[:_INPUTS]))
    if len(inputs) > _INPUTS:
        console.print(Text(f"and {len(inputs) - _INPUTS} more", style="dim"))


def _rows(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Table to print; more than two runs leave no room for units and the change."""
    if len(names) > 2:
        body = [[r["label"], *(_bare(text) for text in r["texts"])] for r in rows]
        return [["", *names], *body]
    body = [[r["label"], *r["texts"], change_text(r["key"], r["change"])] for r in rows]
    return [["", *names, "change"], *body]


def _bare(text: str) -> str:
    return text if text == fmt.MISSING else text.split("/")[0]


def change_text(key: str, change: float | None) -> str:
    """Write a change: years as a signed number, ratios as a factor or a percentage.

    >>> change_text("a_year", -3.2), change_text("a_W", 2.5), change_text("a_W", 1.0)
    ('-3 yr', 'x 2.5', '=')
    """
    if change is None:
        return ""
    if change == (0.0 if is_year(key) else 1.0):
        return "="
    if is_year(key):
        return f"{change:+.0f} yr"
    if 0.5 < change < 2.0:
        return f"{100.0 * (change - 1.0):+.0f} %"
    return f"x {fmt.significant(change, 2)}"
