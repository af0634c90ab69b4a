"""Soil, recipes and commodities of a scenario, from the file to the design."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import moonbase
from moonbase.core.errors import DomainError, MoonbaseError, ParameterError, PhysicsError
from moonbase.industry import scenario_recipes
from moonbase.scenario import Scenario, load_scenario, scenario_schema, write_resolved

HEAD = 'schema_version = 1\ntitle = "T"\nextends = "alpha"\n'
OWN = """
recipe_tiers = ["base", "extension"]

[soil]
"Apollo 11" = 0.25
"Apollo 16" = 0.75

[sources.mine]
title = "Own bench test"

[recipes.wire]
electricity_kWh = { value = "5.4 MJ", low = 1.2, high = 4, kind = "measured", source = "mine" }

[recipes.brick]
output = "brick"
inputs = { regolith = 1.0 }
outputs = { brick = 1.0 }
electricity_kWh = 0.9
capital_kg_yr = 0.02
life_yr = "72 month"
melts = ["sintered_basalt:regolith"]
kind = "estimate"
source = "mine"

[commodities.brick]
group = "material"
made_of = "remainder:brick"
kind = "estimate"
source = "mine"
"""


def load(tmp_path: Path, text: str, name: str = "s.toml", **overrides: object) -> Scenario:
    path = tmp_path / name
    path.write_text(HEAD + text, encoding="utf-8")
    return load_scenario(path, {key.replace("__", "."): x for key, x in overrides.items()})


def test_a_scenario_has_the_shipped_table_by_default() -> None:
    scenario = load_scenario("alpha")
    assert (scenario.soil, scenario.recipe_tiers) == (None, ("base",))
    assert dict(scenario.recipes) == dict(scenario.commodities) == {}
    assert len(scenario_recipes(scenario).processes) == 27


def test_own_soil_and_recipes_reach_the_table(tmp_path: Path) -> None:
    recipes = scenario_recipes(load(tmp_path, OWN))
    assert recipes.processes["wire"].electricity_kWh == pytest.approx(1.5)
    assert recipes.processes["wire"].ranges["electricity_kWh"].kind == "measured"
    assert recipes.processes["brick"].life_yr == pytest.approx(6.0)
    assert len(recipes.processes) == 45
    assert recipes.soil is not None
    iron = recipes.soil.element_frac["Fe"]
    assert recipes.commodities["brick"].element_frac[3] == pytest.approx(iron)


def test_the_resolved_scenario_loads_back_to_the_same_table(tmp_path: Path) -> None:
    scenario = load(tmp_path, OWN)
    path = tmp_path / "resolved.toml"
    path.write_text(write_resolved(scenario), encoding="utf-8")
    again = load_scenario(path)
    for key in ("soil", "recipe_tiers", "recipes", "commodities"):
        assert getattr(again, key) == getattr(scenario, key)
    assert write_resolved(again) == write_resolved(scenario)
    one, two = scenario_recipes(scenario), scenario_recipes(again)
    assert one.processes == two.processes


def test_a_child_changes_fields_of_its_parent(tmp_path: Path) -> None:
    load(tmp_path, OWN, "parent.toml")
    path = tmp_path / "child.toml"
    text = HEAD.replace('"alpha"', '"./parent.toml"') + "[recipes.brick]\nelectricity_kWh = 1.1\n"
    path.write_text(text + "[recipes.wire]\nremove = false\n", encoding="utf-8")
    child = load_scenario(path)
    assert child.recipes["brick"]["electricity_kWh"] == 1.1
    assert child.recipes["brick"]["output"] == "brick"
    assert child.soil == {"Apollo 11": 0.25, "Apollo 16": 0.75}


def test_overrides_reach_soil_and_recipes(tmp_path: Path) -> None:
    scenario = load_scenario(
        "alpha",
        {
            "soil": "Luna 24",
            "recipe_tiers": "base, extension",
            "recipes.wire.electricity_kWh": "2 kWh",
            "recipes.wire.capital_kg_yr": "0.05",
        },
    )
    wire = scenario_recipes(scenario).processes["wire"]
    assert (wire.electricity_kWh, wire.capital_kg_yr) == (2.0, 0.05)
    assert wire.ranges["electricity_kWh"].kind == "user"
    assert scenario.soil == "Luna 24"
    with pytest.raises(MoonbaseError, match="unknown key"):
        load_scenario("alpha", {"recipes.wire": 3})


def test_faults_of_form_are_told_together(tmp_path: Path) -> None:
    text = """
recipe_tiers = ["bas"]
soil = 5
[recipes.wire]
electricty_kWh = 1
heat_kWh = "3 kg"
capital_kg_yr = "1 kg"
kind = "estimte"
source = "nobody"
life_yr = { value = 3, lo = 1, source = "none" }
[recipes."a b"]
x = 1
[commodities]
y = 3
[driver]
payload_kg = -1
"""
    with pytest.raises(MoonbaseError) as caught:
        load(tmp_path, text)
    for told in (
        "recipe_tiers: cannot be read",
        "soil: expects a name or numbers, got 5",
        "recipes.wire.electricty_kWh: unknown field\n    did you mean electricity_kWh?",
        'recipes.wire.heat_kWh: expects an energy (kilowatt_hour), got "3 kg"',
        "recipes.wire.capital_kg_yr: expects a number",
        'recipes.wire.kind: unknown kind "estimte"\n    did you mean estimate?',
        'recipes.wire.source: unknown source "nobody"',
        "recipes.wire.life_yr.lo: unknown field\n    did you mean low?",
        'recipes.wire.life_yr.source: unknown source "none"',
        'recipes."a b": is no name',
        "commodities.y: expects a table, got 3",
        "driver.payload_kg: must be >= 0",
    ):
        assert told in str(caught.value), told


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ('soil = "Apolo 16"\n', DomainError, "did you mean Apollo 16"),
        ("[recipes.al_form]\nelectricity_kWh = 0.0431\n", PhysicsError, "recipes.al_form: uses"),
        ("[recipes.mre_si]\nremove = true\n", ParameterError, "recipes.mre_si: is missing"),
        ("[recipes.mre_si]\nelectricity_kWh = 20\nlow = 3\n", MoonbaseError, "unknown field"),
    ],
)
def test_a_run_is_refused_before_it_starts(
    tmp_path: Path, text: str, error: type[MoonbaseError], told: str
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(error, match=told):
        moonbase.run(path, draws=1, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_own_recipes_move_the_design(tmp_path: Path) -> None:
    text = "[recipes.mre_al]\nelectricity_kWh = 60\nlife_yr = 4\n"
    path = tmp_path / "dear.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    dear, base = moonbase.load(path), moonbase.load("alpha")
    assert dear.set_by == base.set_by

    def energy(scenario: Scenario) -> float:
        inputs = moonbase.ensemble.sample(scenario.records, n_draws=1, seed=0)
        sized = moonbase.api.design_scenario(scenario, inputs)
        return float(np.ravel(sized.growth.energy_kWh_kg)[0])

    assert energy(dear) > 1.3 * energy(base)


def test_the_schema_describes_recipes() -> None:
    properties = scenario_schema()["properties"]
    recipe = properties["recipes"]["additionalProperties"]
    assert {"inputs", "outputs", "electricity_kWh", "melts"} <= set(recipe["properties"])
    assert recipe["additionalProperties"] is False
    assert properties["soil"]["anyOf"][0] == {"type": "string"}
    json.dumps(properties, allow_nan=False)
