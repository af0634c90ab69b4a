"""The shape of a scenario file: options, sources and one field for every record of the data set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
)

from moonbase.core.faults import Fault, nearest, shown
from moonbase.parameters import DISTRIBUTIONS, KINDS, USER_KIND, Datum, ParameterSet, symbol_of
from moonbase.scenario.files import SCHEMA_VERSION
from moonbase.scenario.override import FaultyOverrideError, read_override
from moonbase.scenario.recipes import INDUSTRY_KEYS, schemas

ClassName = Literal["life_support", "maintenance", "driver", "satellites", "growth"]
PolicyName = Literal[
    "grow_then_export", "export_share", "balanced", "bottleneck_first", "survive_first"
]
ChanceName = Literal["landings", "breakdowns", "dust", "build_lag"]
_CHANCES: tuple[ChanceName, ...] = ("landings", "breakdowns", "dust", "build_lag")
_CLASSES: tuple[ClassName, ...] = (
    "life_support",
    "maintenance",
    "driver",
    "satellites",
    "growth",
)
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())


class Options(BaseModel):
    """Structural choices of a scenario: what no sampled number can express."""

    model_config = ConfigDict(**_STRICT, validate_default=True)

    start_year: int = Field(2027, ge=2026, le=2100, description="first year of the campaign")
    end_year: int = Field(2080, le=2150, description="last year of the campaign")
    lunar_industry: Literal["on", "off"] = Field("on", description="build on the Moon at all")
    seed_destination: Literal["moon", "mars"] = Field(
        "moon", description="where the first industrial seed goes"
    )
    growth_policy: PolicyName = Field(
        "grow_then_export", description="how the industry divides its means month by month"
    )
    chips: Literal["imported", "lunar", "sampled"] = Field(
        "sampled",
        description="electronics and accelerators from Earth, from the Moon, or as each draw's "
        "plant mass for them decides",
    )
    chance: tuple[ChanceName, ...] = Field(
        _CHANCES, strict=False, description="what happens at random within all draws but the first"
    )
    class_order: tuple[ClassName, ...] = Field(
        _CLASSES, strict=False, description="who gets scarce means first, as a permutation"
    )
    first_priority: Literal["lunar", "earth_orbit"] = Field(
        "lunar", description="who gets flights first"
    )
    draws: int = Field(10_000, ge=1, le=1_000_000, description="number of draws")
    seed: int = Field(2026, ge=0, le=2**63 - 1, description="seed of the random draws")

    @field_validator("end_year")
    @classmethod
    def _check_end_year(cls, end_year: int, info: ValidationInfo) -> int:
        start_year = info.data.get("start_year")
        if start_year is not None and end_year <= start_year:
            raise ValueError(f"must be > start_year ({start_year}), got {end_year}")
        return end_year

    @field_validator("class_order")
    @classmethod
    def _check_class_order(cls, class_order: tuple[ClassName, ...]) -> tuple[ClassName, ...]:
        if sorted(class_order) != sorted(_CLASSES):
            raise ValueError(f"must name each of {', '.join(_CLASSES)} once")
        return class_order


_Line = Annotated[str, StringConstraints(pattern=r"^[^{}\\\p{Cc}]*$")]


class SourceEntry(BaseModel):
    """A source that a scenario adds, under a key of its own."""

    model_config = _STRICT

    title: Annotated[_Line, StringConstraints(min_length=1)]
    author: _Line = ""
    year: int | None = Field(None, ge=1000, le=9999)
    url: _Line = ""
    note: _Line = ""


class SourceTable(BaseModel):
    """The ``[sources]`` of a scenario."""

    model_config = _STRICT

    sources: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")], SourceEntry]


@lru_cache(maxsize=8)
def scenario_model(parameters: ParameterSet) -> type[BaseModel]:
    """Model of a scenario file over the records of ``parameters``."""
    rooms: dict[str, dict[str, Any]] = {}
    for datum in parameters.values():
        room, _, name = datum.key.rpartition(".")
        rooms.setdefault(room, {})[name] = (_override_type(datum), None)
    fields: dict[str, Any] = {
        "schema_version": (
            Literal[SCHEMA_VERSION],
            Field(description="version of this file format"),
        ),
        "title": (str, Field(min_length=1)),
        "description": (str, ""),
        "extends": (
            str | None,
            Field(None, description="a shipped scenario, or a path relative to this file"),
        ),
        "options": (Options, Options.model_validate({})),
        "sources": (dict[str, SourceEntry], {}),
        **dict.fromkeys(INDUSTRY_KEYS, (Any, None)),
    }
    for room, records in rooms.items():
        fields[room] = (create_model(room, __config__=_STRICT, **records), None)
    return create_model("Scenario", __config__=_STRICT, **fields)


def scenario_schema_of(parameters: ParameterSet) -> dict[str, Any]:
    """JSON Schema of a scenario file; each record has unit, range, default and source."""
    schema = scenario_model(parameters).model_json_schema()
    schema["properties"] |= schemas()
    quantity = {"type": ["number", "string"]}
    for datum in parameters.values():
        room, _, name = datum.key.rpartition(".")
        schema["properties"][room].pop("default", None)
        properties = schema["$defs"][room]["properties"][name]
        properties["default"] = datum.value
        properties["anyOf"].append({"$ref": "#/$defs/record"})
    schema["$defs"]["record"] = {
        "type": "object",
        "title": "a record: value, range and source",
        "properties": {
            "value": quantity,
            "low": quantity,
            "high": quantity,
            "distribution": {"enum": list(DISTRIBUTIONS)},
            "kind": {"enum": [*KINDS, USER_KIND]},
            "source": {"type": "string"},
            "where": {"type": "string"},
            "note": {"type": "string"},
            "price_year": {"type": "integer"},
        },
        "required": ["value", "kind", "source"],
        "additionalProperties": False,
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _override_type(datum: Datum) -> Any:
    unit = datum.unit
    number = {"type": "number", "minimum": unit.minimum, "maximum": unit.maximum}
    schema: dict[str, Any] = {
        "title": datum.label,
        "label": datum.label,
        "anyOf": [
            {name: value for name, value in number.items() if value is not None},
            {"type": "string", "description": "a quantity with its unit"},
        ],
        "unit": symbol_of(unit),
        "low": datum.low,
        "high": datum.high,
        "distribution": datum.distribution,
        "kind": datum.kind,
        "source": datum.source,
        "note": datum.note,
    }
    validator = PlainValidator(partial(read_override, datum.key))
    return Annotated[Any, validator, WithJsonSchema(schema)]


def faults_of(error: ValidationError, known: Iterable[str], prefix: str = "") -> list[Fault]:
    """Faults of a pydantic error, with the nearest of the ``known`` keys for an unknown one."""
    faults: list[Fault] = []
    for item in error.errors(include_url=False):
        location = [prefix, *map(str, item["loc"])] if prefix else [*map(str, item["loc"])]
        path = ".".join(location)
        path = path if path.isprintable() else ascii(path)
        raised = item.get("ctx", {}).get("error")
        if isinstance(raised, FaultyOverrideError):
            faults += raised.faults
        elif isinstance(raised, ValueError):
            faults.append(Fault(path, str(raised)))
        elif item["type"] == "extra_forbidden":
            hint = nearest(path, known) or "moonbase schema shows every key"
            faults.append(Fault(path, "unknown key", hint))
        elif item["type"] == "missing":
            faults.append(Fault(path, "is missing", f"add {location[-1]} = ..."))
        elif item["type"] in ("model_type", "dict_type"):
            faults.append(Fault(path, f"expects a table, got {shown(item['input'])}"))
        else:
            message = item["msg"].replace("tuple", "list")
            message = re.sub(r"^(Input|String|List) should", "must", message)
            faults.append(Fault(path, f"{message}, got {shown(item['input'])}"))
    return faults
