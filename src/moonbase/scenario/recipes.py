"""What a scenario says about soil, recipes and commodities: its form, units, kinds and sources.

Whether a recipe obeys physics is for the industry to check, which knows the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from moonbase.core.errors import UnitError
from moonbase.core.faults import Fault, nearest, shown
from moonbase.parameters.datum import KINDS, USER_KIND, USER_SOURCE
from moonbase.parameters.quantity import parse_quantity

TIERS: Final = ("base", "extension")
INDUSTRY_KEYS: Final = ("soil", "recipe_tiers", "recipes", "commodities")
_UNITS: Final = {
    "electricity_kWh": "kWh",
    "heat_kWh": "kWh",
    "robot_h": "h",
    "capital_kg_yr": None,
    "life_yr": "yr",
}
"""Numbers of a recipe with their unit; None where only a plain number says it."""
_NUMBER: Final = {"type": ["number", "string"]}
_AMOUNTS: Final = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
_TEXT: Final = {"type": "string"}
_KIND: Final = {"enum": [*KINDS, USER_KIND]}
_RANGE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        **{name: _NUMBER for name in ("value", "low", "high")},
        "kind": _KIND,
        "source": _TEXT,
        "note": _TEXT,
    },
    "required": ["value"],
    "additionalProperties": False,
}
_RECIPE: Final = {
    **{name: _TEXT for name in ("label", "shop", "output", "source", "note")},
    "kind": _KIND,
    "balance": {"enum": ["closed", "inherited", "boundary"]},
    "inputs": _AMOUNTS,
    "outputs": _AMOUNTS,
    **{name: {"anyOf": [_NUMBER, _RANGE]} for name in _UNITS},
    "melts": {"type": "array", "items": _TEXT},
    **{name: {"type": "number"} for name in ("reaction_K", "smallest_1_yr", "largest_1_yr")},
    "remove": {"type": "boolean"},
}
_COMMODITY: Final = {
    **{name: _TEXT for name in ("unit", "group", "description", "made_of", "source")},
    "kind": _KIND,
    "elements": _AMOUNTS,
    **{name: {"type": "number"} for name in ("unit_mass_kg", "formation_kWh_kg")},
}
_SCHEMAS: Final = {"recipes": _RECIPE, "commodities": _COMMODITY}
_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

Table = dict[str, dict[str, Any]]


@dataclass(slots=True)
class IndustryTables:
    """Soil, tiers, recipes and commodities after the layers so far; a later layer's field wins."""

    soil: str | dict[str, float] | None = None
    recipe_tiers: tuple[str, ...] = TIERS[:1]
    recipes: Table = field(default_factory=dict)
    commodities: Table = field(default_factory=dict)

    def add(self, layer: Mapping[str, Any], sources: Collection[str]) -> list[Fault]:
        """Put a layer's keys over what is there; returns its faults."""
        faults: list[Fault] = []
        if "soil" in layer:
            self.soil = _soil(layer["soil"], faults)
        if "recipe_tiers" in layer:
            self.recipe_tiers = _tiers(layer["recipe_tiers"], faults)
        for kind, tables in (("recipes", self.recipes), ("commodities", self.commodities)):
            for name, fields in _tables(kind, layer.get(kind, {}), faults):
                found = {f: _value(f"{kind}.{name}.{f}", v, faults) for f, v in fields.items()}
                _check_origins(f"{kind}.{name}", found, sources, faults)
                tables[name] = {**tables.get(name, {}), **found}
        return faults


def schemas() -> dict[str, Any]:
    """JSON Schema of the keys that the industry reads.

    >>> sorted(schemas())
    ['commodities', 'recipe_tiers', 'recipes', 'soil']
    """
    tables = {
        key: {
            "type": "object",
            "propertyNames": {"pattern": f"^{_NAME.pattern}$"},
            "additionalProperties": {
                "type": "object",
                "properties": properties,
                "additionalProperties": False,
            },
        }
        for key, properties in _SCHEMAS.items()
    }
    soil = {"anyOf": [_TEXT, _AMOUNTS], "description": "a soil, shares of soils, or oxides in wt%"}
    return {
        "soil": soil,
        "recipe_tiers": {"type": "array", "items": {"enum": list(TIERS)}, "default": ["base"]},
        **tables,
    }


def cited(tables: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Source keys that recipes or commodities name."""
    return {source for fields in tables.values() for _, _, source in _origins("", fields)}


def _soil(raw: object, faults: list[Fault]) -> str | dict[str, float] | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Mapping) and all(_plain(value) for value in raw.values()):
        return {str(name): float(value) for name, value in raw.items()}
    hint = 'write soil = "Apollo 16", or [soil] with shares of soils or wt% of oxides'
    faults.append(Fault("soil", f"expects a name or numbers, got {shown(raw)}", hint))
    return None


def _tiers(raw: object, faults: list[Fault]) -> tuple[str, ...]:
    names = [part.strip() for part in raw.split(",")] if isinstance(raw, str) else raw
    if isinstance(names, list) and names and all(name in TIERS for name in names):
        return tuple(names)
    hint = f"a list of {', '.join(TIERS)}"
    faults.append(Fault("recipe_tiers", f"cannot be read: {shown(raw)}", hint))
    return TIERS[:1]


def _tables(kind: str, raw: object, faults: list[Fault]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(raw, Mapping):
        faults.append(Fault(kind, f"expects a table, got {shown(raw)}"))
        return
    known = _SCHEMAS[kind]
    for name, fields in raw.items():
        path = f"{kind}.{name}"
        if not _NAME.fullmatch(str(name)):
            hint = "use letters, digits, _ and -"
            faults.append(Fault(f"{kind}.{shown(name)}", "is no name", hint))
        elif not isinstance(fields, Mapping):
            hint = f"write [{path}]"
            faults.append(Fault(path, f"expects a table, got {shown(fields)}", hint))
        else:
            for field_name in fields:
                if field_name not in known:
                    hint = nearest(str(field_name), known) or f"fields: {', '.join(known)}"
                    faults.append(Fault(f"{path}.{field_name}", "unknown field", hint))
            yield str(name), {f: value for f, value in fields.items() if f in known}


def _value(path: str, raw: Any, faults: list[Fault]) -> Any:
    name = path.rpartition(".")[2]
    if name not in _UNITS:
        return raw
    if not isinstance(raw, Mapping):
        return _quantity(path, raw, _UNITS[name], faults)
    for key in raw:
        if key not in _RANGE["properties"]:
            hint = nearest(str(key), _RANGE["properties"]) or "value, low, high, kind, source, note"
            faults.append(Fault(f"{path}.{key}", "unknown field", hint))
    numbers = {key: raw[key] for key in ("value", "low", "high") if key in raw}
    read = {key: _quantity(f"{path}.{key}", x, _UNITS[name], faults) for key, x in numbers.items()}
    return {**raw, **read}


def _quantity(path: str, raw: object, unit: str | None, faults: list[Fault]) -> Any:
    try:
        return parse_quantity(raw, unit, path) if unit else _number(raw, path)
    except UnitError as error:
        faults.append(Fault(path, error.message, error.hint))
        return raw


def _number(raw: object, path: str) -> float:
    try:
        return float(raw) if not isinstance(raw, bool) else float("nan")  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        hint = "kg of plant per unit of yearly output, without a unit"
        raise UnitError(f"expects a number, got {shown(raw)}", path=path, hint=hint) from error


def _plain(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _origins(path: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    if "kind" in fields or "source" in fields:
        yield path, fields.get("kind", USER_KIND), fields.get("source", USER_SOURCE)
    for name, value in fields.items():
        if name in _UNITS and isinstance(value, Mapping):
            yield from _origins(f"{path}.{name}", value)


def _check_origins(
    path: str, fields: Mapping[str, Any], sources: Collection[str], faults: list[Fault]
) -> None:
    for where, kind, source in _origins(path, fields):
        if kind not in (*KINDS, USER_KIND):
            hint = nearest(str(kind), KINDS) or f"one of {', '.join((*KINDS, USER_KIND))}"
            faults.append(Fault(f"{where}.kind", f"unknown kind {shown(kind)}", hint))
        if source not in sources and source != USER_SOURCE:
            hint = nearest(str(source), sources) or "add it as [sources.KEY] with a title"
            faults.append(Fault(f"{where}.source", f"unknown source {shown(source)}", hint))
