"""A user's own recipes and commodities on top of a table: added, changed, removed.

The tables are those of a scenario file, ``[recipes.<process>]`` and ``[commodities.<name>]``.

Neglected: flows have no range of their own, for a change in one breaks the balance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from moonbase.core.errors import ParameterError
from moonbase.core.faults import Fault, fault_error, nearest, shown
from moonbase.industry.floors import materials
from moonbase.industry.table import (
    ELEMENTS,
    NUMBERS,
    USER,
    Charge,
    Commodity,
    Process,
    Range,
    Recipes,
)

Tables = Mapping[str, Mapping[str, Any]]
USER_KIND, USER_SOURCE = "user", "scenario"
"""Kind and source of a bare number whose table names none."""
_TEXTS: Final = ("label", "shop", "output", "kind", "source", "note", "balance")
_SIZES: Final = ("reaction_K", "smallest_1_yr", "largest_1_yr")
RECIPE_FIELDS: Final = (*_TEXTS, *NUMBERS, *_SIZES, "inputs", "outputs", "melts", "remove")
COMMODITY_FIELDS: Final = (
    "unit",
    "group",
    "unit_mass_kg",
    "description",
    "elements",
    "made_of",
    "formation_kWh_kg",
    "kind",
    "source",
)
_NEEDED: Final = ("output", "outputs", "electricity_kWh", "capital_kg_yr", "life_yr")
_RANGE_FIELDS: Final = ("value", "low", "high", "kind", "source", "note")


def apply_tables(recipes: Recipes, *, tables: Tables, commodities: Tables) -> Recipes:
    """Put a user's recipes and commodities over a table.

    Parameters
    ----------
    recipes : Recipes
    tables : Mapping
        Process -> fields. Fields of a known process replace its own (``inputs`` and ``outputs``
        as a whole); ``remove = true`` takes it out; a new one needs output, outputs,
        electricity_kWh, capital_kg_yr, life_yr, kind and source. A number is plain or a table of
        value, low, high, kind and source. ``melts`` lists "material:commodity" or
        "material:commodity:unrecovered share".
    commodities : Mapping
        Commodity -> unit, group, unit_mass_kg, description, elements (symbol -> kg per kg) or
        made_of ("remainder:process", "slag:process", "same:commodity"), kind, source.

    Returns
    -------
    Recipes
        Not yet checked; touched rows are of tier "user", and new ones stand first, so that
        ``Recipes.producer`` prefers them.

    Raises
    ------
    ParameterError
        Every fault of shape at once, as ``recipes.<process>.<field>``.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> changed = apply_tables(
    ...     load_recipes(), tables={"wire": {"electricity_kWh": 1.2}}, commodities={}
    ... )
    >>> changed.processes["wire"].electricity_kWh, changed.processes["wire"].tier
    (1.2, 'user')
    """
    faults: list[Fault] = []
    goods = dict(recipes.commodities)
    for kind, given in (("recipes", tables), ("commodities", commodities)):
        for name, fields in given.items():
            if not isinstance(fields, Mapping):
                faults.append(Fault(f"{kind}.{name}", f"expects a table, got {shown(fields)}"))
    if faults:
        raise fault_error(ParameterError, faults)
    for name, fields in commodities.items():
        commodity = _commodity(name, fields, goods.get(name), faults)
        if commodity is not None:
            goods[name] = commodity
    processes = dict(recipes.processes)
    for name, fields in tables.items():
        if fields.get("remove") is True:
            if processes.pop(name, None) is None:
                hint = nearest(name, processes)
                faults.append(Fault(f"recipes.{name}", "there is none to remove", hint))
            continue
        process = _process(name, fields, processes.get(name), faults)
        if process is None:
            continue
        if name in processes:
            processes[name] = process
        else:
            processes = {name: process, **processes}
    if faults:
        raise fault_error(ParameterError, faults)
    return replace(recipes, processes=processes, commodities=goods)


def _process(
    name: str, fields: Mapping[str, Any], old: Process | None, faults: list[Fault]
) -> Process | None:
    path, known = f"recipes.{name}", len(faults)
    _unknown(path, fields, RECIPE_FIELDS, faults)
    if old is None:
        for field in (*_NEEDED, "kind", "source"):
            if field not in fields:
                faults.append(Fault(f"{path}.{field}", "is missing", f"add {field} = ..."))
    kind = fields.get("kind", USER_KIND)
    source = fields.get("source", USER_SOURCE)
    changes: dict[str, Any] = {f: fields[f] for f in _TEXTS if f in fields}
    _check_texts(path, changes, faults)
    ranges = dict(old.ranges) if old else {}
    for field in NUMBERS:
        if field in fields:
            found = _range(f"{path}.{field}", fields[field], kind, source, faults)
            if found is not None:
                changes[field], ranges[field] = found
    for field in _SIZES:
        if field in fields and _is_number(f"{path}.{field}", fields[field], faults):
            changes[field] = float(fields[field])
    changes["flows"] = _flows(path, fields, old, faults)
    if "melts" in fields:
        changes["melts"] = read_charges(path, fields["melts"], faults)
    if len(faults) > known:
        return None
    if old is not None:
        return replace(old, **changes, ranges=ranges, tier=USER)
    plain = {"label": name, "shop": name, "note": "", "heat_kWh": 0.0, "robot_h": 0.0}
    return Process(name=name, **{**plain, **changes}, ranges=ranges)


def _flows(
    path: str, fields: Mapping[str, Any], old: Process | None, faults: list[Fault]
) -> dict[str, float]:
    kept = dict(old.flows) if old else {}
    for field, sign in (("inputs", -1.0), ("outputs", 1.0)):
        if field not in fields:
            continue
        table = fields[field]
        if not isinstance(table, Mapping):
            faults.append(Fault(f"{path}.{field}", f"expects a table, got {shown(table)}"))
            continue
        kept = {name: amount for name, amount in kept.items() if amount * sign <= 0.0}
        for name, amount in table.items():
            if _is_number(f"{path}.{field}.{name}", amount, faults, positive=True):
                kept[name] = kept.get(name, 0.0) + sign * float(amount)
    return kept


def _range(
    path: str, raw: object, kind: str, source: str, faults: list[Fault]
) -> tuple[float, Range] | None:
    if not isinstance(raw, Mapping):
        if not _is_number(path, raw, faults):
            return None
        value = float(raw)  # type: ignore[arg-type]
        return value, Range(low=value, high=value, kind=kind, source=source)
    known = len(faults)
    _unknown(path, raw, _RANGE_FIELDS, faults)
    if "value" not in raw:
        faults.append(Fault(f"{path}.value", "is missing", "add value = ..."))
    for field in ("value", "low", "high"):
        if field in raw:
            _is_number(f"{path}.{field}", raw[field], faults)
    if len(faults) > known:
        return None
    value = float(raw["value"])
    low, high = float(raw.get("low", value)), float(raw.get("high", value))
    origin = {"kind": raw.get("kind", kind), "source": raw.get("source", source)}
    return value, Range(low=low, high=high, **origin)


def read_charges(path: str, raw: Sequence[str], faults: list[Fault]) -> tuple[Charge, ...]:
    """Read ``melts``: "material:commodity" or "material:commodity:unrecovered share"."""
    charges = []
    if not isinstance(raw, list | tuple):
        hint = 'write ["basalt:regolith"]'
        faults.append(Fault(f"{path}.melts", f"expects a list, got {shown(raw)}", hint))
        return ()
    for text in raw:
        parts = [part.strip() for part in str(text).split(":")]
        share = parts[2] if len(parts) == 3 else "1"
        try:
            charge = Charge(material=parts[0], commodity=parts[1], unrecovered_frac=float(share))
        except (IndexError, ValueError):
            charge = None
        if charge is None or len(parts) > 3 or not 0.0 <= charge.unrecovered_frac <= 1.0:
            hint = 'write "basalt:regolith" or "basalt:regolith:0.5"'
            faults.append(Fault(f"{path}.melts", f"cannot be read: {shown(text)}", hint))
        elif charge.material not in materials():
            hint = nearest(charge.material, materials()) or f"one of {', '.join(materials())}"
            faults.append(Fault(f"{path}.melts", f"unknown material {charge.material!r}", hint))
        else:
            charges.append(charge)
    return tuple(charges)


def _commodity(
    name: str, fields: Mapping[str, Any], old: Commodity | None, faults: list[Fault]
) -> Commodity | None:
    path, known = f"commodities.{name}", len(faults)
    _unknown(path, fields, COMMODITY_FIELDS, faults)
    if old is None:
        for field in ("kind", "source"):
            if field not in fields:
                faults.append(Fault(f"{path}.{field}", "is missing", f"add {field} = ..."))
        if "elements" not in fields and "made_of" not in fields:
            faults.append(
                Fault(f"{path}.elements", "is missing", "give elements in kg per kg, or made_of")
            )
    frac = np.zeros(len(ELEMENTS)) if old is None else old.element_frac
    changes = {f: fields[f] for f in COMMODITY_FIELDS if f in fields and f != "elements"}
    for field in ("unit_mass_kg", "formation_kWh_kg"):
        if field in fields and _is_number(f"{path}.{field}", fields[field], faults):
            changes[field] = float(fields[field])
    texts = ("unit", "group", "description", "made_of", "kind", "source")
    _check_texts(path, {f: fields[f] for f in texts if f in fields}, faults)
    elements = fields.get("elements", {})
    if not isinstance(elements, Mapping):
        faults.append(Fault(f"{path}.elements", f"expects a table, got {shown(elements)}"))
    elif "elements" in fields:
        frac = np.zeros(len(ELEMENTS))
        changes.setdefault("made_of", "")
        for symbol, share in elements.items():
            if symbol not in ELEMENTS:
                hint = f"elements: {', '.join(ELEMENTS)}"
                faults.append(Fault(f"{path}.elements.{symbol}", "unknown element", hint))
            elif _is_number(f"{path}.elements.{symbol}", share, faults, positive=True):
                frac[ELEMENTS.index(symbol)] = share
    if len(faults) > known:
        return None
    if old is not None:
        return replace(old, element_frac=frac, **changes)
    plain = {"unit": "kg", "group": "intermediate", "unit_mass_kg": 1.0, "description": name}
    return Commodity(name=name, element_frac=frac, **{**plain, **changes})


def _check_texts(path: str, texts: Mapping[str, Any], faults: list[Fault]) -> None:
    for field, text in texts.items():
        if not isinstance(text, str):
            faults.append(Fault(f"{path}.{field}", f"expects text, got {shown(text)}"))


def _unknown(
    path: str, fields: Mapping[str, Any], known: Sequence[str], faults: list[Fault]
) -> None:
    for field in fields:
        if field not in known:
            hint = nearest(str(field), known) or f"fields: {', '.join(known)}"
            faults.append(Fault(f"{path}.{field}", "unknown field", hint))


def _is_number(path: str, value: object, faults: list[Fault], *, positive: bool = False) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        faults.append(Fault(path, f"expects a number, got {shown(value)}", "in the field's unit"))
        return False
    if positive and value < 0.0:
        faults.append(
            Fault(path, f"must be >= 0, got {value:g}", "inputs and outputs are both positive")
        )
        return False
    return True
