"""Runs the published cases that ship with the package.

A case is a row of ``data/validation/<area>.csv``: inputs, expected values and a tolerance as JSON,
and the name of an adapter in ``moonbase.validate.<area>`` that takes the inputs and answers with
the package's public functions.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Any

from moonbase.core.errors import ParameterError

Adapter = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case as it stands in its file, with one (measure, limit) pair for each expected key."""

    id: str
    area: str
    what: str
    function: str
    inputs: dict[str, Any]
    expected: dict[str, Any]
    tolerance: dict[str, Any]
    limits: dict[str, tuple[str, float]]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case and what the package answered.

    ``difference`` holds the largest deviation of each expected key, in the measure of its
    tolerance (relative or absolute). ``error`` is the text of an exception in the adapter.
    """

    id: str
    area: str
    what: str
    source: str
    expected: dict[str, Any]
    got: dict[str, Any]
    tolerance: dict[str, Any]
    passed: bool
    difference: dict[str, float] = field(default_factory=dict)
    error: str = ""


def run_cases(area: str | None = None) -> list[Case]:
    """Run every shipped case, or those of one area, in the order of their files.

    Raises
    ------
    ParameterError
        No such area, or a row that is not a case: no tolerance, JSON that does not parse, an
        area that is not the file's name.
    """
    return [evaluate(row, find_adapter(row)) for row in read_rows(area)]


def areas(folder: Traversable | None = None) -> list[str]:
    """Names of the areas that have cases."""
    folder = folder or files("moonbase") / "data" / "validation"
    return sorted(item.name[:-4] for item in folder.iterdir() if item.name.endswith(".csv"))


def read_rows(area: str | None = None, folder: Traversable | None = None) -> list[Row]:
    """Read the cases of one area, or of all, without running them."""
    folder = folder or files("moonbase") / "data" / "validation"
    known = areas(folder)
    if area is not None and area not in known:
        raise ParameterError(
            "no cases for this area", path=area, hint=f"areas with cases: {', '.join(known)}"
        )
    rows = []
    for name in known if area is None else [area]:
        text = StringIO((folder / f"{name}.csv").read_text(encoding="utf-8"))
        rows += [_parse(raw, name) for raw in csv.DictReader(text)]
    return rows


def find_adapter(row: Row) -> Adapter:
    """Look up the function that answers a row."""
    try:
        adapter: Adapter = getattr(import_module(f"moonbase.validate.{row.area}"), row.function)
    except (ImportError, AttributeError) as error:
        raise ParameterError(
            str(error),
            path=row.id,
            hint=f"write {row.function}(**inputs) in moonbase/validate/{row.area}.py",
        ) from error
    return adapter


def evaluate(row: Row, adapter: Adapter) -> Case:
    """Run one case. An exception in the adapter is a failed case that carries the error's text."""
    got: dict[str, Any] = {}
    difference: dict[str, float] = {}
    error = ""
    try:
        answer = adapter(**row.inputs)
        got = {key: _plain(answer[key]) for key in row.expected}
        for key, (measure, _) in row.limits.items():
            difference[key] = _deviation(got[key], row.expected[key], measure)
    except Exception as fault:
        error = f"{type(fault).__name__}: {fault}"
    return Case(
        id=row.id,
        area=row.area,
        what=row.what,
        source=row.source,
        expected=row.expected,
        got=got,
        tolerance=row.tolerance,
        passed=not error and all(difference[key] <= row.limits[key][1] for key in row.limits),
        difference=difference,
        error=error,
    )


def _parse(raw: Mapping[str, str], area: str) -> Row:
    path = f"validation/{area}.csv: {raw.get('id')}"
    try:
        inputs, expected, tolerance = (
            json.loads(raw[key]) for key in ("inputs", "expected", "tolerance")
        )
        row = Row(
            id=raw["id"],
            area=raw["area"],
            what=raw["what"],
            function=raw["function"],
            inputs=inputs,
            expected=expected,
            tolerance=tolerance,
            limits=_limits(expected, tolerance),
            source=raw["source"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"not a case: {error}",
            path=path,
            hint="columns: id, area, what, function, inputs, expected, tolerance, source; "
            'a tolerance is {"rel": x}, {"abs": x} or one of these for each expected key',
        ) from error
    if row.area != area:
        raise ParameterError(
            f"area {row.area!r} in the file of {area!r}", path=path, hint="move the row"
        )
    return row


def _limits(expected: dict[str, Any], tolerance: dict[str, Any]) -> dict[str, tuple[str, float]]:
    if not expected:
        raise ValueError("nothing is expected")
    shared = set(tolerance) <= {"rel", "abs"}
    by_key = dict.fromkeys(expected, tolerance) if shared else tolerance
    if set(by_key) != set(expected):
        raise ValueError("the tolerance does not name the expected keys")
    limits = {}
    for key, rule in by_key.items():
        if len(rule) != 1 or not set(rule) <= {"rel", "abs"}:
            raise ValueError(f"{key} needs one tolerance, relative or absolute")
        ((measure, limit),) = rule.items()
        if not 0.0 <= float(limit) < math.inf:
            raise ValueError(f"the tolerance of {key} must be finite and not negative")
        limits[key] = (str(measure), float(limit))
    return limits


def _plain(value: Any) -> Any:
    """Floats and nested lists of floats, so that a case can be written as JSON."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else float(value)


def _deviation(got: Any, expected: Any, measure: str) -> float:
    if isinstance(expected, list) != isinstance(got, list):
        raise ValueError("a list answers a number, or a number a list")
    if isinstance(expected, list):
        if len(got) != len(expected):
            raise ValueError(f"{len(got)} values where {len(expected)} are expected")
        parts = [_deviation(*pair, measure) for pair in zip(got, expected, strict=True)]
        return math.nan if any(map(math.isnan, parts)) else max(parts)
    difference = abs(got - float(expected))
    if measure == "rel" and difference > 0.0:
        return difference / abs(expected) if expected else math.inf
    return float(difference)
