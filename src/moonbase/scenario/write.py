"""Write a scenario as one self-contained TOML file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from moonbase.parameters import Datum, symbol_of
from moonbase.scenario.files import SCHEMA_VERSION
from moonbase.scenario.load import Scenario


def write_resolved(scenario: Scenario) -> str:
    """TOML of every option and record of a scenario; it loads back to the same ones.

    Examples
    --------
    >>> from moonbase.scenario.load import load_scenario
    >>> write_resolved(load_scenario("alpha")).splitlines()[0]
    'schema_version = 1'
    """
    lines = [
        f"schema_version = {SCHEMA_VERSION}",
        f"title = {_text(scenario.title)}",
        f"description = {_text(scenario.description)}",
        f"recipe_tiers = {json.dumps(scenario.recipe_tiers)}",
        *([f"soil = {_inline(scenario.soil)}"] if scenario.soil is not None else []),
        "",
        "[options]",
        *(f"{name} = {json.dumps(value)}" for name, value in scenario.options),
    ]
    for key in scenario.own_sources:
        lines += ["", f"[sources.{key}]"]
        for name, text in scenario.sources[key].fields.items():
            lines.append(f"{name} = {text if name == 'year' else _text(text)}")
    for kind, tables in (("recipes", scenario.recipes), ("commodities", scenario.commodities)):
        for name, fields in tables.items():
            lines += ["", f"[{kind}.{name}]"]
            lines += [f"{field} = {_inline(value)}" for field, value in fields.items()]
    for datum in scenario.records.values():
        lines += ["", *_record(datum)]
    return "\n".join(lines) + "\n"


def _record(datum: Datum) -> Iterator[str]:
    unit = symbol_of(datum.unit)
    yield f"# {datum.label}{f', {unit}' if unit else ''}"
    yield f"[{datum.key}]"
    for name in ("value", "low", "high"):
        yield f"{name} = {getattr(datum, name)!r}"
    for name in ("distribution", "kind", "source", "where", "note"):
        if text := getattr(datum, name):
            yield f"{name} = {_text(text)}"
    if datum.price_year is not None:
        yield f"price_year = {datum.price_year}"


def _inline(value: Any) -> str:
    """Write a number, text, list or table on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_text(name)} = {_inline(x)}' for name, x in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
