"""Rows of the CSV files that the industry ships: soils, oxides, floors, recoveries, fits."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from moonbase.core.errors import ParameterError

Row = Mapping[str, str]


def rows_of(name: str, folder: Path | None = None) -> list[Row]:
    """Rows of a file of the user's folder, or of the shipped one."""
    if folder is None:
        return list(_shipped(name))
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"cannot be read: {error}",
            path=str(folder / name),
            hint="a recipe folder holds processes.csv, flows.csv and commodities.csv",
        ) from error
    return list(csv.DictReader(text.splitlines()))


def number_of(row: Row, column: str, path: str, default: float | None = None) -> float:
    """Finite number of a cell; ``default`` stands for an empty or missing one."""
    text = row.get(column) or ""
    if not text and default is not None:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise ParameterError(
            f"expects a number, got {row.get(column)!r}",
            path=f"{path}.{column}",
            hint="write a plain number in the unit of the column",
        ) from error
    if not math.isfinite(value):
        raise ParameterError("must be finite", path=f"{path}.{column}", hint="write a plain number")
    return value


@cache
def numbers() -> Mapping[str, float]:
    """Shipped single numbers by name: shares of volatiles, and the reactor fit."""
    return {
        row["name"]: number_of(row, "value", f"numbers.{row['name']}")
        for row in _shipped("numbers.csv")
    }


@cache
def _shipped(name: str) -> tuple[Row, ...]:
    text = (resources.files("moonbase") / "data" / "recipes" / name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
