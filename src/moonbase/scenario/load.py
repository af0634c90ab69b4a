"""Load a scenario: the data set, what scenario files change in it, and what the user sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from moonbase.core.errors import ScenarioError
from moonbase.core.faults import Fault, fault_error, nearest, placed, shown
from moonbase.parameters import Datum, ParameterSet, Source, load_parameters, with_unit
from moonbase.parameters.bibtex import make_source
from moonbase.parameters.datum import USER_SOURCE
from moonbase.scenario.files import SCHEMA_VERSION, Layer, read_chain
from moonbase.scenario.override import Base
from moonbase.scenario.recipes import INDUSTRY_KEYS, IndustryTables
from moonbase.scenario.schema import (
    Options,
    SourceTable,
    faults_of,
    scenario_model,
    scenario_schema_of,
)

SET_BY_DATA = "data"
SET_BY_USER = "user"
_OVERRIDES = "the overrides"
_LISTS = ("class_order", "chance")
"""Options that are lists, written with commas on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A checked scenario.

    ``lineage`` names the scenario and what it extends, itself first. ``set_by`` says for each key
    whether the data set, a scenario file or the user has set it. ``own_sources`` are the keys of
    ``sources`` that the scenario files add. ``soil``, ``recipe_tiers``, ``recipes`` and
    ``commodities`` are what it says about the recipe table; None is the shipped soil.
    """

    name: str
    title: str
    description: str
    lineage: tuple[str, ...]
    options: Options
    records: Mapping[str, Datum]
    set_by: Mapping[str, str]
    sources: Mapping[str, Source]
    own_sources: tuple[str, ...]
    warnings: tuple[str, ...]
    soil: str | Mapping[str, float] | None = None
    recipe_tiers: tuple[str, ...] = ("base",)
    recipes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    commodities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """What the layers have made of the data set so far."""

    parameters: ParameterSet
    records: dict[str, Datum]
    shipped: dict[str, Datum]
    set_by: dict[str, str]
    sources: dict[str, Source]
    known: list[str]
    own_sources: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    options_where: dict[str, str] = field(default_factory=dict)
    industry: IndustryTables = field(default_factory=IndustryTables)
    faults: list[Fault] = field(default_factory=list)


def load_scenario(
    name_or_path: str | Path,
    overrides: Mapping[str, object] | None = None,
    parameters: ParameterSet | None = None,
) -> Scenario:
    """Load a shipped scenario by name or a scenario file by path.

    Parameters
    ----------
    name_or_path : str | Path
        Name of a shipped scenario, or a path (a `Path`, or a string with a separator or ``.toml``).
    overrides : Mapping[str, object] | None
        Values by dotted key, ``driver.payload_kg`` or ``options.draws``; strings are parsed.
    parameters : ParameterSet | None
        The data set, by default the shipped one.

    Returns
    -------
    Scenario
        Options and records after all layers.

    Raises
    ------
    ScenarioError
        The file or an override is wrong; every fault is told, with its path and remedy.

    Examples
    --------
    >>> load_scenario("alpha", {"options.draws": "100"}).options.draws
    100
    """
    parameters = load_parameters() if parameters is None else parameters
    chain = read_chain(name_or_path)
    state = _start(parameters)
    for layer in reversed(chain):
        _apply(layer, state)
    if overrides:
        _apply(_override_layer(overrides, state), state)
    options = _read_options(state)
    if state.faults or options is None:
        raise fault_error(ScenarioError, state.faults)
    own = chain[0]
    return Scenario(
        name=own.name,
        title=own.tree["title"],
        description=own.tree.get("description", ""),
        lineage=tuple(layer.name for layer in chain),
        options=options,
        records=state.records,
        set_by=state.set_by,
        sources=state.sources,
        own_sources=tuple(state.own_sources),
        warnings=_warnings(state),
        **{key: getattr(state.industry, key) for key in INDUSTRY_KEYS},
    )


def scenario_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file over the shipped data set.

    >>> scenario_schema()["properties"]["schema_version"]["const"]
    1
    """
    return scenario_schema_of(load_parameters())


def _start(parameters: ParameterSet) -> _State:
    top = [name for name in scenario_model(parameters).model_fields]
    options = [f"options.{name}" for name in Options.model_fields]
    return _State(
        parameters=parameters,
        records=dict(parameters),
        shipped=dict(parameters),
        set_by=dict.fromkeys(parameters, SET_BY_DATA),
        sources=dict(parameters.sources),
        known=[*top, *options, *parameters],
    )


def _apply(layer: Layer, state: _State) -> None:
    tree = dict(layer.tree)
    options = tree.pop("options", {})
    if isinstance(options, dict):
        state.options |= options
        state.options_where |= dict.fromkeys(options, layer.where)
    else:
        fault = Fault("options", f"expects a table, got {shown(options)}", where=layer.where)
        state.faults.append(fault)
    added = _read_sources(tree.pop("sources", {}), layer, state)
    told: dict[str, Any] = {key: tree.pop(key) for key in INDUSTRY_KEYS if key in tree}
    state.faults += placed(state.industry.add(told, {*state.sources, *added}), layer.where)
    base = Base(
        records=state.records,
        source_keys=frozenset(state.sources) | added,
        shipped=layer.shipped,
    )
    try:
        document = scenario_model(state.parameters).model_validate(tree, context=base)
    except ValidationError as error:
        state.faults += placed(faults_of(error, state.known), layer.where)
        return
    setter = SET_BY_USER if layer.where == _OVERRIDES else f"scenario {layer.name}"
    for room in document.model_fields_set:
        table = getattr(document, room)
        for name in table.model_fields_set if isinstance(table, BaseModel) else ():
            key, datum = f"{room}.{name}", getattr(table, name)
            if datum != state.records[key]:
                state.records[key] = datum
                state.set_by[key] = setter
            if layer.shipped:
                state.shipped[key] = datum


def _read_sources(raw: object, layer: Layer, state: _State) -> frozenset[str]:
    """Add the layer's sources; the keys are known even where an entry is faulty."""
    keys = frozenset(map(str, raw)) if isinstance(raw, dict) else frozenset()
    faults = [
        Fault(f"sources.{key}", "this source key is taken", "choose another key")
        for key in sorted(keys & (state.sources.keys() | {USER_SOURCE}))
    ]
    try:
        table = SourceTable.model_validate({"sources": raw}).sources
    except ValidationError as error:
        table = {}
        faults += faults_of(error, ["title", "author", "year", "url", "note"])
    if not faults:
        for key, entry in table.items():
            fields = {name: str(value) for name, value in entry if value not in ("", None)}
            state.sources[key] = make_source(key, "misc", fields)
            state.own_sources.append(key)
    state.faults += placed(faults, layer.where)
    return keys


def _read_options(state: _State) -> Options | None:
    try:
        return Options.model_validate(state.options)
    except ValidationError as error:
        for fault in faults_of(error, state.known, "options"):
            where = state.options_where.get(fault.path.removeprefix("options.").split(".")[0], "")
            state.faults += placed([fault], where)
        return None


def _override_layer(overrides: Mapping[str, object], state: _State) -> Layer:
    tree: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "title": _OVERRIDES}
    rooms = {key.partition(".")[0] for key in state.records} | {"options"}
    for key, value in overrides.items():
        room, _, name = str(key).partition(".")
        if room in INDUSTRY_KEYS and _set_industry(tree, room, name, value):
            continue
        if room not in rooms or not name:
            path = shown(str(key)).strip('"')
            hint = (
                nearest(str(key), (k for k in state.known if "." in k))
                or "moonbase params list shows every key"
            )
            state.faults.append(Fault(path, "unknown key", hint, _OVERRIDES))
            continue
        value = _read_option(name, value) if room == "options" else value
        tree.setdefault(room, {})[name] = value
    return Layer(name=SET_BY_USER, where=_OVERRIDES, tree=tree)


def _set_industry(tree: dict[str, Any], key: str, name: str, value: object) -> bool:
    """Put ``soil`` or ``recipes.<process>.<field>`` in the tree; False where the key is neither."""
    entry, _, field_name = name.partition(".")
    if key in ("soil", "recipe_tiers") and not name:
        tree[key] = value
    elif key in ("recipes", "commodities") and entry and field_name:
        tree.setdefault(key, {}).setdefault(entry, {})[field_name] = value
    else:
        return False
    return True


def _read_option(name: str, value: object) -> object:
    """Text of the command line as the type of the option."""
    wanted = Options.model_fields.get(name)
    if wanted is None or not isinstance(value, str):
        return value
    if wanted.annotation is int:
        try:
            return int(value)
        except ValueError:
            return value
    if name in _LISTS:
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _warnings(state: _State) -> tuple[str, ...]:
    warnings = []
    for key, datum in state.records.items():
        reference = state.shipped[key]
        if not reference.has_range or reference.low <= datum.value <= reference.high:
            continue
        value, low, high = (
            with_unit(number, datum.unit) for number in (datum.value, reference.low, reference.high)
        )
        warnings.append(f"{key}: {value} lies outside the shipped range {low} .. {high}")
    return tuple(warnings)
