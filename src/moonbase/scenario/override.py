"""What a scenario may say about one record: a bare value, a quantity, or a table with a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationInfo

from moonbase.core.errors import UnitError
from moonbase.core.faults import Fault
from moonbase.parameters.datum import KINDS, USER_KIND, USER_SOURCE, Datum
from moonbase.parameters.quantity import parse_quantity
from moonbase.parameters.record import check_bounds, check_record

_REQUIRED = ("value", "kind", "source")
_OF_THE_DATA = ("label", "positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What the overrides of one layer stand on."""

    records: Mapping[str, Datum]
    source_keys: frozenset[str]
    shipped: bool


class FaultyOverrideError(ValueError):
    """The faults of one override, on their way through pydantic."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("faulty override")
        self.faults = faults


def read_override(key: str, raw: object, info: ValidationInfo[Base]) -> Datum:
    """Record of ``key`` after the override ``raw``; the context is the layer's `Base`."""
    base = info.context
    datum = base.records[key]
    table = isinstance(raw, Mapping)
    overridden, faults = (
        _read_table(datum, raw, base) if isinstance(raw, Mapping) else _read_value(datum, raw)
    )
    if base.shipped and not table:
        hint = "write a table with value, kind and source"
        faults = [Fault(key, "a shipped scenario may not set a bare value", hint), *faults]
    if faults or overridden is None:
        raise FaultyOverrideError(faults)
    return overridden


def _read_value(datum: Datum, raw: object) -> tuple[Datum | None, list[Fault]]:
    try:
        value = parse_quantity(raw, datum.unit.suffix, datum.key)
    except UnitError as error:
        return None, [Fault(datum.key, error.message, error.hint)]
    faults = check_bounds(datum.key, value, datum.unit, positive=datum.positive)
    fixed = replace(
        datum,
        value=value,
        low=value,
        high=value,
        distribution="fixed",
        kind=USER_KIND,
        source=USER_SOURCE,
        where="",
        note="",
    )
    return fixed, faults


def _read_table(
    datum: Datum, raw: Mapping[str, object], base: Base
) -> tuple[Datum | None, list[Fault]]:
    key = datum.key
    missing = [name for name in _REQUIRED if name not in raw]
    if missing:
        hint = "or write the bare value alone, without a table"
        names = ", ".join(missing)
        return None, [Fault(key, f"a table needs value, kind and source; missing: {names}", hint)]
    faults = [
        Fault(f"{key}.{name}", "belongs to the data set", "remove it")
        for name in _OF_THE_DATA
        if name in raw
    ]
    if (raw["kind"] == USER_KIND) != (raw["source"] == USER_SOURCE):
        hint = f'write both kind = "{USER_KIND}" and source = "{USER_SOURCE}", or neither'
        faults.append(Fault(key, "kind and source do not fit", hint))
    kinds = KINDS if base.shipped else (*KINDS, USER_KIND)
    sources = base.source_keys | {USER_SOURCE}
    record = {**_inherited(datum, raw), **raw}
    overridden, record_faults = check_record(key, record, sources, kinds)
    return overridden, faults + record_faults


def _inherited(datum: Datum, raw: Mapping[str, object]) -> dict[str, object]:
    """Fields that the table leaves as they are; where and note go with the old value."""
    fields: dict[str, object] = {"label": datum.label, "positive": datum.positive}
    if datum.price_year is not None:
        fields["price_year"] = datum.price_year
    if datum.has_range and raw.get("distribution") != "fixed":
        fields |= {"low": datum.low, "high": datum.high, "distribution": datum.distribution}
    return fields
