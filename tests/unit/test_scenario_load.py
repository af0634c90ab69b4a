"""Scenarios: layers, overrides, options, and what is told when one is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moonbase.core.errors import ScenarioError
from moonbase.parameters import Datum, ParameterSet
from moonbase.parameters.bibtex import make_source
from moonbase.scenario import (
    Scenario,
    files,
    load_scenario,
    scenario_names,
    scenario_schema,
    write_resolved,
)
from moonbase.scenario.schema import scenario_schema_of

PARAMETERS = ParameterSet(
    {
        "driver.payload_kg": Datum(
            key="driver.payload_kg",
            label="mass thrown in one shot",
            value=500.0,
            low=200.0,
            high=1000.0,
            distribution="triangular",
            kind="published",
            source="roe2026",
            where="table 2",
            note="as printed",
            positive=True,
        ),
        "driver.loss_frac": Datum(
            key="driver.loss_frac",
            label="loss",
            value=0.0,
            low=0.0,
            high=0.0,
            distribution="fixed",
            kind="estimate",
            source="roe2026",
        ),
        "economics.price_usd_kg": Datum(
            key="economics.price_usd_kg",
            label="price",
            value=200.0,
            low=100.0,
            high=900.0,
            distribution="lognormal",
            kind="claim",
            source="roe2026",
            price_year=2026,
            positive=True,
        ),
    },
    {"roe2026": make_source("roe2026", "misc", {"title": "Moon"})},
)
_HEAD = 'schema_version = 1\ntitle = "T"\n'
_TABLE = 'value = 300\nkind = "estimate"\nsource = "mine"\nnote = "why"\n'
_SOURCE = '[sources.mine]\ntitle = "My \\"table\\""\nyear = 2026\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of the shipped scenarios, with alpha and beta in it."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    monkeypatch.setattr(files, "_FOLDER", shipped)
    (shipped / "alpha.toml").write_text(
        'schema_version = 1\ntitle = "A"\n[options]\ndraws = 50\n'
        "[driver.payload_kg]\nvalue = 400\nlow = 350\nhigh = 450\n"
        'kind = "claim"\nsource = "roe2026"\n'
    )
    (shipped / "beta.toml").write_text('schema_version = 1\ntitle = "B"\nextends = "alpha"\n')
    return shipped


def _write(tmp_path: Path, text: str, name: str = "my.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def _load(tmp_path: Path, text: str, **overrides: object) -> Scenario:
    dotted = {key.replace("__", "."): value for key, value in overrides.items()}
    return load_scenario(_write(tmp_path, _HEAD + text), dotted, PARAMETERS)


def _told(tmp_path: Path, text: str, **overrides: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        _load(tmp_path, text, **overrides)
    return str(caught.value)


def test_layers_stand_on_each_other(folder: Path, tmp_path: Path) -> None:
    text = 'extends = "beta"\n[options]\nseed = 3\n[driver]\nloss_frac = "1 %"\n'
    scenario = _load(tmp_path, text, economics__price_usd_kg="$300/kg")
    assert scenario.name == "my"
    assert scenario.lineage == ("my", "beta", "alpha")
    assert (scenario.title, scenario.description) == ("T", "")
    assert (scenario.options.draws, scenario.options.seed) == (50, 3)
    assert scenario.records["driver.payload_kg"].value == 400.0
    assert scenario.records["driver.loss_frac"].value == pytest.approx(0.01)
    assert scenario.set_by == {
        "driver.payload_kg": "scenario alpha",
        "driver.loss_frac": "scenario my",
        "economics.price_usd_kg": "user",
    }


def test_a_bare_value_fixes_a_record(tmp_path: Path) -> None:
    payload = _load(tmp_path, '[driver]\npayload_kg = "0.3 t"').records["driver.payload_kg"]
    assert payload == Datum(
        key="driver.payload_kg",
        label="mass thrown in one shot",
        value=300.0,
        low=300.0,
        high=300.0,
        distribution="fixed",
        kind="user",
        source="scenario",
        positive=True,
    )


def test_a_table_replaces_the_fields_it_names(tmp_path: Path) -> None:
    text = f'[driver.payload_kg]\n{_TABLE}low = "0.25 t"\n{_SOURCE}'
    scenario = _load(tmp_path, text)
    payload = scenario.records["driver.payload_kg"]
    assert (payload.low, payload.value, payload.high) == (250.0, 300.0, 1000.0)
    assert (payload.distribution, payload.kind, payload.source) == (
        "triangular",
        "estimate",
        "mine",
    )
    assert (payload.where, payload.note) == ("", "why")
    assert scenario.sources["mine"].text == '2026. My "table".'
    assert scenario.own_sources == ("mine",)


def test_a_user_may_give_a_range(tmp_path: Path) -> None:
    text = (
        "[economics.price_usd_kg]\nvalue = 3\nlow = 1\nhigh = 9\n"
        'distribution = "uniform"\nkind = "user"\nsource = "scenario"\n'
    )
    price = _load(tmp_path, text).records["economics.price_usd_kg"]
    assert (price.low, price.high, price.distribution, price.price_year) == (
        1.0,
        9.0,
        "uniform",
        2026,
    )


def test_fixed_takes_the_range_away(tmp_path: Path) -> None:
    text = f'[driver.payload_kg]\n{_TABLE.replace("mine", "roe2026")}distribution = "fixed"'
    assert not _load(tmp_path, text).records["driver.payload_kg"].has_range


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[driver]\nloss_frac = '3 kg'", 'loss_frac: expects a fraction, got "3 kg"'),
        ("[driver]\npayload_kg = -1000", "driver.payload_kg: must be >= 0 kg, got -1000 kg"),
        ("[driver]\npayload_kg = 0", "driver.payload_kg: must be > 0 kg, got 0 kg"),
        ("[driver]\npayload_kg = '3 W'", 'expects a mass (kilogram), got "3 W"'),
        ("[driver]\npayload_kg = true", "got true"),
        ("[driver]\npayload_kg = 1979-05-27", "got 1979-05-27"),
        ("[driver]\npayload_kgs = 3", "unknown key\n  did you mean driver.payload_kg?"),
        ("[drivr]\npayload_kg = 3", "drivr: unknown key\n  did you mean driver?"),
        ("[driver]\nloss_frac = 2", "driver.loss_frac: must be <= 1, got 2"),
        ("driver = 3", "driver: expects a table, got 3"),
        ("[driver.payload_kg]\nvalue = 3", "missing: kind, source"),
        (f"[driver.payload_kg]\n{_TABLE}", 'unknown source "mine"'),
        (f"[driver.payload_kg]\n{_TABLE}label = 'x'\n{_SOURCE}", "label: belongs to the data set"),
        (f"[driver.payload_kg]\n{_TABLE}lwo = 1\n{_SOURCE}", "did you mean low?"),
        (f"[driver.payload_kg]\n{_TABLE}low = 1\nhigh = 2\n{_SOURCE}", "1 kg <= 300 kg <= 2 kg"),
        (f"[driver.payload_kg]\n{_TABLE}low = 0\n{_SOURCE}", "payload_kg.low: must be > 0 kg"),
        (f"[driver.payload_kg]\n{_TABLE.replace('estimate', 'user')}{_SOURCE}", "do not fit"),
        (f"[driver.loss_frac]\n{_TABLE.replace('300', '0.1')}high = 0.2\n{_SOURCE}", "no distribu"),
        ("[sources.roe2026]\ntitle = 'x'", "sources.roe2026: this source key is taken"),
        ("[sources.scenario]\ntitle = 'x'", "sources.scenario: this source key is taken"),
        ("[sources.'a b']\ntitle = 'x'", "sources.a b"),
        ("[sources.x]\ntitle = '{x'", "sources.x.title: must match pattern"),
        ("[sources.x]\nauthor = 'x'", "sources.x.title: is missing"),
        ("sources = 3", "sources: expects a table, got 3"),
        ("options = 3", "options: expects a table, got 3"),
        ("[options]\ndraws = 0", "options.draws: must be greater than or equal to 1, got 0"),
        (f"[options]\nseed = 0x{'f' * 5000}", "options.seed: must be less than or equal to"),
        ("[options]\ndraws = true", "options.draws: must be a valid integer, got true"),
        ("[options]\ndrows = 5", "options.drows: unknown key\n  did you mean options.draws?"),
        ("[options]\nstart_year = 2090", "options.end_year: must be > start_year (2090), got 2080"),
        ("[options]\nend_year = 2151", "options.end_year"),
        ("[options]\nlunar_industry = 'maybe'", "must be 'on' or 'off', got \"maybe\""),
        ("[options]\nclass_order = ['driver']", "must name each of life_support"),
        ("[options]\nclass_order = 'driver'", "options.class_order"),
        ("description = 3", "description: must be a valid string, got 3"),
        ("extends = 3", "extends: must be a valid string, got 3"),
        ("nonsense = 3", "nonsense: unknown key"),
        ("'\\u001b' = 3", "unknown key"),
    ],
)
def test_each_fault_of_a_scenario(tmp_path: Path, text: str, message: str) -> None:
    told = _told(tmp_path, text)
    assert message in told
    assert told.replace("\n", "").isprintable()


def test_all_faults_of_all_layers_are_told_at_once(tmp_path: Path) -> None:
    _write(tmp_path, _HEAD + "[driver]\npayload_kg = -3\n", "base.toml")
    told = _told(
        tmp_path,
        "extends = 'base.toml'\n[options]\ndraws = 0\n[driver]\nloss_frac = 7\nbogus_kg = 1",
        options__seed="x",
        driver__loss_frac="1 kg",
        nowhere=3,
    )
    assert told.startswith("7 faults")
    assert f"in {tmp_path / 'base.toml'}:\n  driver.payload_kg" in told
    for path in ("options.draws", "options.seed", "driver.bogus_kg", "nowhere", "the overrides"):
        assert path in told


def test_overrides_are_parsed(tmp_path: Path) -> None:
    scenario = _load(
        tmp_path,
        "",
        driver__payload_kg="400",
        options__draws="7",
        options__growth_policy="export_share",
        options__class_order="growth, driver,satellites,life_support,maintenance",
        driver__loss_frac=0.5,
    )
    assert scenario.records["driver.payload_kg"].value == 400.0
    assert scenario.options.draws == 7
    assert scenario.options.growth_policy == "export_share"
    assert scenario.options.class_order[0] == "growth"


def test_text_that_is_no_unicode_is_refused(tmp_path: Path) -> None:
    table = {"value": 300, "kind": "claim", "source": "roe2026", "note": "\udcff"}
    assert "note: is not Unicode text" in _told(tmp_path, "", driver__payload_kg=table)


def test_a_value_outside_the_shipped_range_is_a_warning(folder: Path, tmp_path: Path) -> None:
    text = 'extends = "alpha"\n[driver]\npayload_kg = "2 t"\nloss_frac = 0.5\n'
    scenario = _load(tmp_path, text)
    assert scenario.warnings == (
        "driver.payload_kg: 2000 kg lies outside the shipped range 350 kg .. 450 kg",
    )
    assert load_scenario("alpha", parameters=PARAMETERS).warnings == ()


def test_a_shipped_scenario_may_not_set_a_bare_value(folder: Path) -> None:
    (folder / "alpha.toml").write_text(f"{_HEAD}[driver]\npayload_kg = 3\n")
    with pytest.raises(ScenarioError, match="write a table with value, kind and source"):
        load_scenario("alpha", parameters=PARAMETERS)


def test_a_cycle_names_its_chain(folder: Path, tmp_path: Path) -> None:
    _write(tmp_path, _HEAD + "extends = './b.toml'", "a.toml")
    _write(tmp_path, _HEAD + "extends = 'a.toml'", "b.toml")
    with pytest.raises(ScenarioError, match="extends itself: a -> b -> a"):
        load_scenario(tmp_path / "a.toml", parameters=PARAMETERS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"schema_version = 1\ntitle = \xff", r"my\.toml, line 2: is not UTF-8"),
        (b"schema_version = 1\ntitle = ", r"my\.toml, line 2: is not TOML"),
        (b"a = " + b"[" * 20_000, "is not TOML"),
        (b"a = " + b"9" * 10_000, "is not TOML"),
        (b"title = 'x'", "reads schema_version 1; it is missing"),
        (b"schema_version = 2", "reads schema_version 1; got 2"),
        (b"schema_version = true", "got true"),
        (b"schema_version = 1.0", "got 1"),
        (b"schema_version = 0x" + b"f" * 20_000, "too long or too deep to show"),
        (b"#" * 10_000_001, "larger than 10 MB"),
        (b"schema_version = 1", "title: is missing"),
        (b"schema_version = 1\ntitle = ''", "title"),
    ],
)
def test_what_is_no_scenario_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=message):
        load_scenario(path, parameters=PARAMETERS)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xef\xbb\xbf" + _HEAD.encode())
    assert load_scenario(path, parameters=PARAMETERS).title == "T"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("alpa", "did you mean alpha?"),
        ("", "shipped scenarios: alpha, beta"),
        ("zzzz", "shipped scenarios: alpha, beta"),
        ("./alpha.toml", "no such file\n  did you mean alpha?"),
        ("no/such.toml", "no such file"),
        ("a\0.toml", "null byte"),
        ("x" * 5000 + ".toml", "cannot be read"),
        (Path("/dev/null"), "is no regular file"),
        (Path("/"), "is a directory"),
    ],
)
def test_what_cannot_be_found_is_told(folder: Path, wanted: str | Path, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(wanted, parameters=PARAMETERS)
    assert message in str(caught.value)


def test_resolved_is_self_contained_and_loads_back(folder: Path, tmp_path: Path) -> None:
    text = (
        f"extends = 'alpha'\n{_SOURCE}[economics.price_usd_kg]\n{_TABLE}"
        '[driver]\nloss_frac = 0.1\n[options]\nclass_order = ["growth", "driver", "satellites", '
        '"life_support", "maintenance"]\n'
    )
    scenario = _load(tmp_path, text)
    written = write_resolved(scenario)
    assert "extends" not in written
    assert "# mass thrown in one shot, kg\n[driver.payload_kg]" in written
    again = load_scenario(_write(tmp_path, written, "r.toml"), parameters=PARAMETERS)
    assert again.records == scenario.records
    assert again.options == scenario.options
    assert again.sources == scenario.sources
    assert write_resolved(again) == written


def test_what_equals_the_data_is_not_set_by_the_file(tmp_path: Path) -> None:
    written = write_resolved(_load(tmp_path, ""))
    again = load_scenario(_write(tmp_path, written, "r.toml"), parameters=PARAMETERS)
    assert set(again.set_by.values()) == {"data"}


def test_schema_describes_every_record() -> None:
    schema = scenario_schema_of(PARAMETERS)
    payload = schema["$defs"]["driver"]["properties"]["payload_kg"]
    assert payload["unit"] == "kg"
    assert (payload["low"], payload["default"], payload["high"]) == (200.0, 500.0, 1000.0)
    assert (payload["label"], payload["source"]) == ("mass thrown in one shot", "roe2026")
    assert payload["anyOf"][0] == {"type": "number", "minimum": 0.0}
    assert schema["additionalProperties"] is False
    assert schema["properties"]["driver"] == {"$ref": "#/$defs/driver"}
    assert schema["$defs"]["Options"]["properties"]["draws"]["maximum"] == 1_000_000
    json.dumps(schema, allow_nan=False)


def test_every_shipped_scenario_loads_without_warning() -> None:
    assert {"alpha", "skeptic", "earth-launch", "mars-first"} <= set(scenario_names())
    for name in scenario_names():
        assert load_scenario(name).lineage[-1] == "alpha"
    assert "driver" in scenario_schema()["properties"]
