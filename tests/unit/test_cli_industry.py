"""``moonbase industry``: what each command prints and writes, and how it refuses bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from moonbase.cli.main import main

FEW = ("--draws", "8")


def call(*args: object) -> Result:
    return CliRunner().invoke(main, ["industry", *map(str, args)])


def told(*args: object) -> Any:
    done = call(*args, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout, parse_constant=pytest.fail)


def test_growth_gives_bands_levers_and_goals(tmp_path: Path) -> None:
    page = tmp_path / "deep" / "growth.html"
    found = told("growth", "alpha", *FEW, "--out", page)
    rate = found["values"]["growth_1_yr"]
    assert rate["p10"] <= rate["p50"] <= rate["p90"]
    assert [row["goal_W_yr"] for row in found["targets"]] == [1e9, 1e11, 1e12]
    assert len(found["levers"]["recipes"]) >= 10
    assert len(found["tradeoff"]["local_frac"]) == len(found["tradeoff"]["growth_1_yr"]) == 21
    text = page.read_text(encoding="utf-8")
    assert text.count("<figure") == 6 and "placeholders" in text
    again = call("growth", "alpha", *FEW, "--out", page)
    assert again.exit_code == 3 and "is there already" in again.stderr
    assert "Written" not in again.stdout


def test_growth_prints_its_tables_and_progress_apart() -> None:
    done = call("growth", *FEW)
    assert done.exit_code == 0, done.output
    for words in ("doubling time\t", "100 GW/yr\t", "plant mass of mre_si\t", "Grows in "):
        assert words in done.stdout
    assert "reading" in done.stderr and "reading" not in done.stdout


def test_overrides_and_the_seed_reach_the_industry() -> None:
    light = told("growth", *FEW, "--set", "industry.capital_ratio=1")
    other = told("growth", *FEW, "--seed", 7)
    base = told("growth", *FEW)
    rates = [found["values"]["growth_1_yr"] for found in (base, light, other)]
    assert rates[1]["nominal"] > rates[0]["nominal"] == rates[2]["nominal"]
    assert rates[0]["p50"] != rates[2]["p50"]


def test_closure_tells_when_a_store_is_empty(tmp_path: Path) -> None:
    page = tmp_path / "closure.html"
    stock = ("--stock", "electronics=20 t", "--stock", "vitamins=8 t", "--capital", "400 t")
    found = told("closure", *FEW, *stock, "--out", page)
    assert found["stop_s"]["electronics"]["nominal"] > found["stop_s"]["vitamins"]["nominal"] > 0.0
    assert found["values"]["growth_without_imports_1_yr"]["nominal"] is None
    assert set(found["blocked_by"]) == {"vitamins", "dopants", "electrode_vit"}
    assert "How long a store lasts" in page.read_text(encoding="utf-8")
    assert "closure by kinds of parts" in call("closure", *FEW).stdout


def test_recipes_are_listed_checked_and_written(tmp_path: Path) -> None:
    table, text, page = (tmp_path / name for name in ("a.csv", "a.md", "a.html"))
    done = call("recipes", "--csv", table, "--markdown", text, "--out", page)
    assert done.exit_code == 0, done.output
    assert "placeholders\tcommodities.electronics" in done.stdout
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 28 and rows[0][0] == "process"
    assert len(text.read_text(encoding="utf-8").splitlines()) == 29
    assert 'id="margins"' in page.read_text(encoding="utf-8")
    some = told("recipes", "--match", "silicon_mg", "--soil", "Luna 24")
    assert {row["process"] for row in some["recipes"]} == {"mre_si", "si_refine"}
    assert some["check"]["soil"] == "Luna 24"


def test_a_users_table_is_read_or_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[recipes.al_form]\nelectricity_kWh = 0.5\n", encoding="utf-8")
    (row,) = (r for r in told("recipes", "--recipes", own)["recipes"] if r["process"] == "al_form")
    assert row["electricity_kWh"] == 0.5
    own.write_text("[recipes.al_form]\nelectricity_kWh = 0.0431\n", encoding="utf-8")
    done = call("recipes", "--recipes", own)
    assert done.exit_code == 3
    assert "recipes.al_form" in done.stderr and "below its floor 0.2757" in done.stderr


def test_balance_of_products_and_of_a_process(tmp_path: Path) -> None:
    page = tmp_path / "balance.html"
    one = told("balance", *FEW, "--of", "launched", "--out", page)
    assert one["totals"]["import_kg"]["nominal"] == pytest.approx(sum(one["imports_kg"].values()))
    assert {"launch_md", "satellite", "mre_si"} <= {row["process"] for row in one["processes"]}
    assert "What one kg of launched takes" in page.read_text(encoding="utf-8")
    kilowatt = call("balance", *FEW, "--of", "kW")
    assert "What one kW of satellites takes" in kilowatt.stdout
    process = told("balance", "--process", "mre_al")
    assert max(map(abs, process["imbalance_kg"].values())) < 1e-6
    shown = call("balance", "--process", "mre_al", "--out", tmp_path / "process.html")
    assert "least: reaction\t8.6" in shown.stdout and "Written" in shown.stdout


def test_sankey_of_mass_energy_and_a_run(tmp_path: Path) -> None:
    page = tmp_path / "flows.html"
    mass, energy = told("sankey", *FEW, "--satellites", "10 kt/yr", "--out", page)
    assert (mass["unit"], energy["unit"]) == ("kg/yr", "W")
    made = sum(row["value"] for row in mass["links"] if row["target"] == "Satellites")
    assert made == pytest.approx(1e7)
    text = page.read_text(encoding="utf-8")
    assert 'id="mass-flows"' in text and 'id="energy-flows"' in text
    assert "Surface arrays\tMolten regolith electrolysis" in call("sankey", "--energy").stdout


def test_sankey_shows_the_year_of_a_run(tmp_path: Path) -> None:
    links = [{"source": "Regolith", "target": "Oxygen", "value": 2000.0}]
    run = {
        "schema_version": 1,
        "flows": {"unit": "kg/yr", "label": "2050", "links": links},
        **{key: {} for key in ("status_counts", "headline", "series")},
        **{key: [] for key in ("binding", "sensitivity")},
        "scenario": "alpha",
        "draws": 1,
        "seed": 1,
    }
    (tmp_path / "summary.json").write_text(json.dumps(run), encoding="utf-8")
    done = call("sankey", "--run", tmp_path, "--out", tmp_path / "run.html")
    assert done.exit_code == 0, done.output
    assert "Regolith\tOxygen\t2 t/yr\t100.0%" in done.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("growth", "nowhere"), "nowhere"),
        (("growth", "--set", "industry.capital_ratio=-1"), "industry.capital_ratio"),
        (("growth", "--set", "soil=Mars"), "Mars"),
        (("closure", "--stock", "electronic=1 t", "--capital", "1 t"), "electronic"),
        (("closure", "--stock", "electronics=1 t"), "capital_kg"),
        (("closure", "--stock", "electronics=1 W", "--capital", "1 t"), "--stock electronics"),
        (("balance", "--of", "satelite"), "satellite"),
        (("balance", "--process", "mre"), "process"),
        (("recipes", "--match", "unobtainium"), "unobtainium"),
        (("recipes", "--soil", "Apollo 99"), "Apollo 99"),
        (("sankey", "--satellites", "-1 t/yr"), "satellite_kg_yr"),
        (("sankey", "--run", "nowhere"), "nowhere"),
    ],
)
def test_bad_input_names_the_key(args: tuple[str, ...], words: str) -> None:
    few = () if args[0] == "recipes" else FEW
    done = call(*args, *few)
    assert done.exit_code == 3, done.output
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_industry_that_cannot_keep_itself_is_told() -> None:
    done = call("balance", *FEW, "--set", "industry.capital_ratio=300")
    assert done.exit_code == 4 and "lower industry.capital_ratio" in done.stderr
    grown = call("growth", *FEW, "--set", "industry.capital_ratio=300")
    assert grown.exit_code == 0 and "never" in grown.stdout


@pytest.mark.parametrize(
    "args", [("growth", "--draws", "1"), ("closure", "--stock", "electronics"), ("growth", "--x")]
)
def test_wrong_usage_is_usage(args: tuple[str, ...]) -> None:
    assert call(*args).exit_code == 2
