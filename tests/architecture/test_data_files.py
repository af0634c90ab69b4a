"""Every file that ships loads, and so does every scenario that the documentation shows."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest

from moonbase.industry import load_recipes
from moonbase.parameters import load_parameters
from moonbase.scenario import load_scenario, scenario_names
from moonbase.validate import read_rows

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "moonbase" / "data"


def test_parameters_load() -> None:
    written = {
        f"{room}.{name}"
        for path in DATA.glob("parameters/*.toml")
        for room, records in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name in records
    }
    assert set(load_parameters()) == written


def test_every_source_is_read_and_every_cited_source_is_there() -> None:
    parameters = load_parameters()
    written = {
        key
        for path in DATA.glob("sources/*.bib")
        for key in re.findall(r"^@\w+\{([^,]+),", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(parameters.sources) == written
    assert {datum.source for datum in parameters.values()} <= written


@pytest.mark.parametrize("path", sorted(DATA.glob("parameters/*.toml")), ids=lambda path: path.stem)
def test_a_room_keeps_its_own_records(path: Path) -> None:
    assert list(tomllib.loads(path.read_text(encoding="utf-8"))) == [path.stem]


def test_the_promised_scenarios_ship() -> None:
    assert {"alpha", "skeptic", "earth-launch", "mars-first"} <= set(scenario_names())


@pytest.mark.parametrize("name", scenario_names())
def test_scenarios_load(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert set(scenario.records) == set(load_parameters())


@pytest.mark.parametrize("path", sorted(DATA.glob("validation/*.csv")), ids=lambda path: path.stem)
def test_validation_files_load(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as text:
        assert len(read_rows(path.stem)) == sum(1 for _ in csv.DictReader(text)) > 0


def test_recipes_load() -> None:
    assert load_recipes().processes


def test_scenarios_in_the_documentation_load(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        path = tmp_path / f"example_{number}.toml"
        path.write_text(example, encoding="utf-8")
        load_scenario(path)


def test_quantities_in_the_documentation_are_true() -> None:
    text = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    rows = re.findall(r'\| `(\w+\.\w+)` \| `([\d.]+)` \| `"(.+?)"` \|', text)
    assert len(rows) == 5
    for key, number, quantity in rows:
        assert load_scenario("alpha", {key: quantity}).records[key].value == float(number)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/scenario.md"])
def test_keys_in_the_documentation_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    keys = set(re.findall(r"--set (\w+\.\w+)=|params show (\w+\.\w+)|\{\"(\w+\.\w+)\":", text))
    found = {key for groups in keys for key in groups if key} - {"options.draws"}
    assert found <= set(load_parameters())
