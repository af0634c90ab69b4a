"""Whatever a scenario file holds, the loader answers with a scenario or with an error to act on."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.errors import MoonbaseError, UnitError
from moonbase.core.units import UNITS
from moonbase.parameters import Datum, load_parameters, parse_quantity
from moonbase.parameters.bibtex import make_source, read_bibtex
from moonbase.parameters.datum import DISTRIBUTIONS, KINDS
from moonbase.parameters.record import FIELDS
from moonbase.scenario import Options, Scenario, load_scenario, write_resolved

PARAMETERS = load_parameters()
KEYS = sorted(PARAMETERS)[::9]
ROOMS = sorted({key.partition(".")[0] for key in PARAMETERS})
RESOLVED = write_resolved(load_scenario("alpha"))


@contextmanager
def scenario_file(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.toml"
        path.write_bytes(content)
        yield path


def load_or_tell(content: bytes, overrides: dict[str, object] | None = None) -> Scenario | None:
    """Scenario of a file, or None where it is refused with a message fit for a terminal."""
    with scenario_file(content) as path:
        try:
            return load_scenario(path, overrides)
        except MoonbaseError as error:
            assert str(error).replace("\n", "").isprintable()
            return None


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


texts = st.text(st.characters(codec="utf-8"), max_size=12)
quantities = st.builds(
    lambda number, unit: f"{number} {unit}",
    st.floats() | st.integers(),
    st.sampled_from([unit.pint for unit in UNITS.values()] + ["t", "%", "$", "km/s", "ton", "**"]),
)
scalars = (
    st.floats()
    | st.integers()
    | st.booleans()
    | texts
    | quantities
    | st.dates(min_value=date(1, 1, 1))
    | st.sampled_from([*DISTRIBUTIONS, *KINDS, "user", "scenario", "moonbase_estimate", "alpha"])
)
names = st.sampled_from(
    [
        *ROOMS,
        *(key.partition(".")[2] for key in KEYS),
        *Options.model_fields,
        *FIELDS,
        "title",
        "description",
        "extends",
        "options",
        "sources",
    ]
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | texts, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(content: bytes) -> None:
    load_or_tell(content)
    load_or_tell(b'schema_version = 1\ntitle = "t"\n' + content)


@settings(deadline=None)
@given(st.dictionaries(names | texts, trees, max_size=8))
def test_random_trees(tree: dict[str, Any]) -> None:
    tree |= {"schema_version": 1, "title": "t"}
    text = "\n".join(f"{quoted(key)} = {toml(value)}" for key, value in tree.items())
    load_or_tell(text.encode())


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.dictionaries(st.sampled_from([*FIELDS, "bogus"]), scalars, max_size=6) | scalars,
        max_size=4,
    )
)
def test_random_records(records: dict[str, Any]) -> None:
    lines = [f"{key} = {toml(value)}" for key, value in records.items()]
    text = "\n".join(['schema_version = 1\ntitle = "t"\nextends = "alpha"', *lines])
    load_or_tell(text.encode())


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(RESOLVED)), st.integers(0, 40), st.binary(max_size=6)),
        min_size=1,
        max_size=3,
    )
)
def test_random_mutations_of_a_valid_file(cuts: list[tuple[int, int, bytes]]) -> None:
    content = RESOLVED.encode()
    for at, length, replacement in cuts:
        content = content[:at] + replacement + content[at + length :]
    load_or_tell(content)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*PARAMETERS, *(f"options.{name}" for name in Options.model_fields)])
        | st.text(max_size=20),
        st.text(max_size=12) | trees | quantities,
        max_size=4,
    )
)
def test_random_overrides(overrides: dict[str, object]) -> None:
    load_or_tell(b'schema_version = 1\ntitle = "t"', overrides)


@settings(deadline=None)
@given(st.text(max_size=30) | trees | quantities, st.sampled_from(sorted(UNITS)))
def test_random_quantities_are_finite_or_refused(value: object, suffix: str) -> None:
    try:
        number = parse_quantity(value, suffix, "x")
    except UnitError as error:
        assert error.hint
    else:
        assert math.isfinite(number)


@settings(deadline=None)
@given(st.text(max_size=80) | st.text(st.sampled_from('@misc{a2020,} ="\\\n%'), max_size=60))
def test_random_bibtex_ends(text: str) -> None:
    sources, faults = read_bibtex(text)
    assert sources or faults or not text.strip() or "%" in text or "@comment" in text


def _value_in_bounds(datum: Datum) -> st.SearchStrategy[float]:
    unit = datum.unit
    low = unit.minimum if unit.minimum is not None else 0.0 if datum.positive else -1e30
    high = unit.maximum if unit.maximum is not None else 1e30
    return st.floats(low, high, exclude_min=datum.positive)


@st.composite
def tables(draw: st.DrawFn, datum: Datum) -> object:
    bounded = _value_in_bounds(datum)
    if draw(st.booleans()):
        return draw(bounded)
    low, value, high = sorted(draw(st.lists(bounded, min_size=3, max_size=3)))
    kind, source = draw(st.sampled_from([("user", "scenario"), ("claim", "own_1")]))
    table: dict[str, object] = {
        "value": value,
        "low": low,
        "high": high,
        "distribution": draw(st.sampled_from(["uniform", "normal"])) if low < high else "fixed",
        "kind": kind,
        "source": source,
    }
    return table | draw(st.fixed_dictionaries({}, optional={"note": texts, "where": texts}))


@st.composite
def scenarios(draw: st.DrawFn) -> str:
    chosen = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), unique=True, max_size=6))
    start = draw(st.integers(2026, 2100))
    options = {
        "start_year": start,
        "end_year": draw(st.integers(start + 1, 2150)),
        "growth_policy": draw(st.sampled_from(["grow_then_export", "balanced", "survive_first"])),
        "chips": draw(st.sampled_from(["imported", "lunar", "sampled"])),
        "chance": draw(st.lists(st.sampled_from(["landings", "dust"]), unique=True)),
        "class_order": draw(st.permutations(list(Options.model_validate({}).class_order))),
        "seed": draw(st.integers(0, 2**40)),
    }
    line = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=9)
    source = {
        "title": draw(line.filter(lambda text: not set(text) & set("{}\\"))),
        "year": draw(st.integers(1000, 9999)),
    }
    lines = [
        "schema_version = 1",
        f"title = {toml(draw(texts.filter(bool)))}",
        f"description = {toml(draw(texts))}",
        f"extends = {toml(draw(st.sampled_from(['alpha', 'skeptic'])))}",
        f"options = {toml(options)}",
        f"sources = {toml({'own_1': source})}",
    ]
    lines += [f"{key} = {toml(draw(tables(PARAMETERS[key])))}" for key in chosen]
    return "\n".join(lines)


@settings(deadline=None)
@given(scenarios())
def test_a_resolved_scenario_loads_back(text: str) -> None:
    with scenario_file(text.encode()) as path:
        scenario = load_scenario(path)
    again = load_or_tell(write_resolved(scenario).encode())
    assert again is not None
    assert again.records == scenario.records
    assert again.options == scenario.options
    assert again.sources == scenario.sources
    assert (again.title, again.description) == (scenario.title, scenario.description)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="{}\\"), min_size=1, max_size=30))
def test_a_source_reads_back_from_its_bibtex(title: str) -> None:
    source = make_source("own_1", "misc", {"title": " ".join(title.split()) or "x"})
    assert read_bibtex(source.bibtex) == ([source], [])
