"""Tables of sourced numbers that a room reads as a library, without a scenario.

One row a number: ``item, quantity, value, low, high, kind, source, note``. Neglected: correlations
and distributions; a table gives a range, not a draw.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import ParameterError
from moonbase.core.units import DIMENSIONLESS_PREFIX, unit_of

KINDS = frozenset({"measured", "published", "derived", "estimate", "placeholder", "claim"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One sourced number, in the unit that its quantity's name ends in."""

    value: float
    low: float
    high: float
    kind: str
    source: str
    note: str


Table = Mapping[str, Mapping[str, Number]]
"""Item -> quantity -> number."""


def read_rows(*, room: str, name: str, folder: Path | None = None) -> list[dict[str, str]]:
    """Rows of a CSV file of a room.

    Parameters
    ----------
    room, name : str
        ``data/<room>/<name>.csv``.
    folder : Path, optional
        Read ``<name>.csv`` from here instead.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> read_rows(room="city", name="crops")[0]["item"]
    'wheat'
    """
    root = folder if folder is not None else resources.files("moonbase") / "data" / room
    text = (root / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def read_table(*, room: str, name: str, folder: Path | None = None) -> Table:
    """Sourced numbers of a CSV file of a room.

    Parameters
    ----------
    room, name : str
        ``data/<room>/<name>.csv``.
    folder : Path, optional
        Read ``<name>.csv`` from here instead.

    Returns
    -------
    mapping
        Item -> quantity -> Number; read once.

    Raises
    ------
    ParameterError
        A row has no number, a range that does not hold the value, an unknown kind, no source, no
        unit in its name, or stands twice.

    Examples
    --------
    >>> read_table(room="city", name="crops")["wheat"]["harvest_frac"].value
    0.29
    """
    table: dict[str, dict[str, Number]] = {}
    for row in read_rows(room=room, name=name, folder=folder):
        path = f"{room}/{name}.csv: {row['item']}.{row['quantity']}"
        items = table.setdefault(row["item"], {})
        if row["quantity"] in items:
            raise ParameterError("stands twice", path=path, hint="keep one row")
        items[row["quantity"]] = _number(row, path)
    return MappingProxyType({item: MappingProxyType(rows) for item, rows in table.items()})


def values(table: Table, item: str) -> dict[str, float]:
    """Values alone of one item.

    Parameters
    ----------
    table : Table
    item : str
        Item of the table.

    Returns
    -------
    dict
        Quantity -> value.

    Raises
    ------
    ParameterError
        When the table has no such item.

    Examples
    --------
    >>> values(read_table(room="city", name="crops"), "rice")["photoperiod_h"]
    12.0
    """
    if item not in table:
        raise ParameterError(
            f"no such item: {item}", path=item, hint=f"one of {', '.join(sorted(table))}"
        )
    return {quantity: number.value for quantity, number in table[item].items()}


def pick(given: Real | None, table: Table, item: str, quantity: str) -> Array:
    """Given value, or the table's where it is None.

    Parameters
    ----------
    given : float or array, optional
    table : Table
    item, quantity : str
        Row of the table.

    Returns
    -------
    array
        In the shape of ``given``.

    Examples
    --------
    >>> float(pick(None, read_table(room="city", name="crops"), "rice", "photoperiod_h"))
    12.0
    """
    value = table[item][quantity].value if given is None else given
    return np.asarray(value, dtype=np.float64)


def _number(row: Mapping[str, str], path: str) -> Number:
    try:
        value, low, high = (float(row[key]) for key in ("value", "low", "high"))
    except (KeyError, TypeError, ValueError) as exc:
        raise ParameterError("value, low and high must be numbers", path=path) from exc
    if not all(math.isfinite(x) for x in (value, low, high)) or not low <= value <= high:
        raise ParameterError(
            f"needs low <= value <= high, got {low:g}, {value:g}, {high:g}", path=path
        )
    if row["kind"] not in KINDS or not row["source"]:
        raise ParameterError(
            f"needs a source and a kind, got {row['source']!r} and {row['kind']!r}",
            path=path,
            hint=f"kind is one of {', '.join(sorted(KINDS))}",
        )
    if not row["quantity"].startswith(DIMENSIONLESS_PREFIX) and unit_of(row["quantity"]) is None:
        raise ParameterError("the name ends in no known unit", path=path)
    return Number(
        value=value, low=low, high=high, kind=row["kind"], source=row["source"], note=row["note"]
    )
