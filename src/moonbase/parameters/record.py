"""Check one record: every fault of it at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from moonbase.core.errors import UnitError
from moonbase.core.faults import Fault, nearest, shown
from moonbase.core.units import Unit
from moonbase.parameters.datum import DISTRIBUTIONS, ESTIMATE_SOURCE, KINDS, Datum
from moonbase.parameters.quantity import (
    parse_quantity,
    plain_number,
    symbol_of,
    unit_of_key,
    with_unit,
)

FIELDS = {
    "value": "number or quantity",
    "low": "number or quantity",
    "high": "number or quantity",
    "distribution": "string",
    "kind": "string",
    "source": "string",
    "where": "string",
    "note": "string",
    "label": "string",
    "price_year": "integer",
    "positive": "boolean",
}
_REMEDIES = {
    "value": "add value = ...",
    "kind": f"add kind = one of {', '.join(KINDS)}",
    "source": 'add source = "a key of the BibTeX files"',
    "label": 'add label = "a readable name"',
}
_KEY = re.compile(r"[A-Za-z]\w*\.[A-Za-z]\w*", re.ASCII)
_SIGNED = ("rad", "rad_s", "rad_yr", "year")


def check_record(
    key: str, record: object, sources: Collection[str], kinds: Collection[str] = KINDS
) -> tuple[Datum | None, list[Fault]]:
    """Read a record into a `Datum`, or say everything that is wrong with it.

    Parameters
    ----------
    key : str
        Full key, such as ``driver.payload_kg``.
    record : object
        The table of the TOML file.
    sources : Collection[str]
        Known source keys.
    kinds : Collection[str]
        Kinds that the file may use.

    Returns
    -------
    tuple[Datum | None, list[Fault]]
        The record and no faults, or None and the faults.
    """
    if not _KEY.fullmatch(key):
        return None, [Fault(shown(key), "is no room.name", "use letters, digits and _")]
    unit = unit_of_key(key)
    if unit is None:
        hint = "end the name in a suffix of the unit table, or start a count with n_"
        return None, [Fault(key, "its name ends in no known unit", hint)]
    if not isinstance(record, Mapping):
        hint = "write a table with value, kind, source and label"
        return None, [Fault(key, f"expects a table, got {shown(record)}", hint)]
    faults = _check_shape(key, record)
    faults += _check_words(key, record, sources, kinds)
    faults += _check_price_year(key, record, unit)
    numbers, number_faults = _read_numbers(key, record, unit)
    faults += number_faults or _check_range(key, record, numbers, unit)
    if faults:
        return None, faults
    value = numbers["value"]
    low, high = numbers.get("low", value), numbers.get("high", value)
    return (
        Datum(
            key=key,
            label=record["label"],
            value=value,
            low=low,
            high=high,
            distribution=record.get("distribution", "fixed"),
            kind=record["kind"],
            source=record["source"],
            where=record.get("where", ""),
            note=record.get("note", ""),
            price_year=record.get("price_year"),
            positive=_is_positive(record, value, low, unit),
        ),
        [],
    )


def _is_positive(record: Mapping[str, object], value: float, low: float, unit: Unit) -> bool:
    if "positive" in record:
        return record["positive"] is True
    return value > 0.0 and low > 0.0 and unit.suffix not in _SIGNED


def _check_shape(key: str, record: Mapping[str, object]) -> list[Fault]:
    faults = []
    types: dict[str, type] = {"string": str, "integer": int, "boolean": bool}
    for name, value in record.items():
        if name not in FIELDS:
            hint = nearest(name, FIELDS) or f"a record has {', '.join(FIELDS)}"
            faults.append(Fault(f"{key}.{name}", "unknown field", hint))
            continue
        wanted = types.get(FIELDS[name])
        if wanted and (
            not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))
        ):
            message = f"expects {FIELDS[name]}, got {shown(value)}"
            faults.append(Fault(f"{key}.{name}", message, f"write a TOML {FIELDS[name]}"))
        elif isinstance(value, str) and re.search("[\ud800-\udfff]", value):
            faults.append(Fault(f"{key}.{name}", "is not Unicode text", "write UTF-8"))
    for name, remedy in _REMEDIES.items():
        if record.get(name, "") == "":
            faults.append(Fault(key, f"{name} is missing", remedy))
    label = record.get("label")
    if isinstance(label, str) and not label.isprintable():
        faults.append(Fault(key, "label has a line break or control character", "write one line"))
    return faults


def _check_words(
    key: str, record: Mapping[str, object], sources: Collection[str], kinds: Collection[str]
) -> list[Fault]:
    faults = []
    for name, known in (("distribution", DISTRIBUTIONS), ("kind", kinds), ("source", sources)):
        word = record.get(name)
        if isinstance(word, str) and word and word not in known:
            hint = nearest(word, known) or (
                "add it to the sources" if name == "source" else f"write one of {', '.join(known)}"
            )
            faults.append(Fault(f"{key}.{name}", f"unknown {name} {shown(word)}", hint))
    argued = record.get("kind") == "placeholder" or record.get("source") == ESTIMATE_SOURCE
    if argued and not record.get("note"):
        message = "a placeholder or an own estimate needs a note"
        faults.append(Fault(key, message, 'add note = "why this value and range"'))
    return faults


def _check_price_year(key: str, record: Mapping[str, object], unit: Unit) -> list[Fault]:
    if "usd" not in unit.pint:
        return []
    year = record.get("price_year")
    if year is None:
        return [Fault(key, "money without price_year", "add price_year = 2026")]
    if isinstance(year, int) and not 1900 <= year <= 2200:
        hint = "write the year whose dollars these are"
        return [Fault(f"{key}.price_year", f"must be 1900..2200, got {shown(year)}", hint)]
    return []


def _read_numbers(
    key: str, record: Mapping[str, object], unit: Unit
) -> tuple[dict[str, float], list[Fault]]:
    numbers: dict[str, float] = {}
    faults = []
    for name in ("value", "low", "high"):
        if name not in record:
            continue
        path = key if name == "value" else f"{key}.{name}"
        try:
            numbers[name] = parse_quantity(record[name], unit.suffix, path)
        except UnitError as error:
            faults.append(Fault(path, error.message, error.hint))
            continue
        faults += check_bounds(path, numbers[name], unit)
    return numbers, faults


def check_bounds(path: str, value: float, unit: Unit, *, positive: bool = False) -> list[Fault]:
    """Fault when a value lies outside what its unit allows, or is zero where it must not be."""
    got = f"got {with_unit(value, unit)}"
    symbol = f" {symbol_of(unit)}".rstrip()
    hint = f"write {plain_number(unit)}"
    if unit.minimum is not None and value < unit.minimum:
        return [Fault(path, f"must be >= {unit.minimum:g}{symbol}, {got}", hint)]
    if unit.maximum is not None and value > unit.maximum:
        return [Fault(path, f"must be <= {unit.maximum:g}{symbol}, {got}", hint)]
    if positive and value <= 0.0:
        return [Fault(path, f"must be > 0{symbol}, {got}", hint)]
    return []


def _check_range(
    key: str, record: Mapping[str, object], numbers: Mapping[str, float], unit: Unit
) -> list[Fault]:
    if "value" not in numbers:
        return []
    value = numbers["value"]
    low, high = numbers.get("low", value), numbers.get("high", value)
    distribution = record.get("distribution", "fixed")
    faults = []
    if not low <= value <= high:
        spread = " <= ".join(with_unit(number, unit) for number in (low, value, high))
        faults.append(Fault(key, f"low <= value <= high does not hold: {spread}", "mend the range"))
    elif distribution == "fixed":
        if "distribution" not in record and low < high:
            hint = f"add distribution = one of {', '.join(DISTRIBUTIONS)}"
            faults.append(Fault(key, "has a range but no distribution", hint))
    elif low == high:
        hint = 'give low and high, or write distribution = "fixed"'
        faults.append(Fault(key, f"distribution {shown(distribution)} without a range", hint))
    elif distribution == "lognormal" and low <= 0.0:
        hint = "raise low above zero or choose another distribution"
        faults.append(Fault(key, f"lognormal needs low > 0, got {with_unit(low, unit)}", hint))
    if record.get("positive") is True:
        path = f"{key}.low" if value > 0.0 else key
        faults += check_bounds(path, low, unit, positive=True)
    return faults
