"""The plan command and its page: what they say, and what they refuse."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import moonbase
from moonbase.api import Planned
from moonbase.campaign import read_sites
from moonbase.campaign.versus import yearly_mean
from moonbase.cli.main import main
from moonbase.core.errors import DomainError, ScenarioError
from moonbase.report.chain import earlier_flows
from moonbase.report.growth import imports
from moonbase.report.plan_words import replay_lines
from moonbase.scenario import load_scenario

SHORT = {"options.end_year": 2046}


@cache
def planned() -> Planned:
    return moonbase.plan("alpha", set=SHORT, step_yr=1.0, replay_draws=4)


def call(*args: str) -> Result:
    return CliRunner().invoke(main, ["plan", "--years", *args])


def test_the_summary_is_the_plan_by_calendar_year() -> None:
    found = planned()
    series = found.summary["series"]
    assert list(found.summary["year"]) == list(range(2027, 2047))
    assert series["launched_kg_yr"] == pytest.approx(found.result.launched_kg_yr, abs=1.0)
    assert series["capital_kg"] == pytest.approx(found.result.capital_kg[:-1], rel=1e-9)
    landed = sum(found.summary["import_kg_yr"].values())
    assert landed == pytest.approx(found.result.landed_kg_yr, rel=1e-6, abs=1.0)
    pools = sum(found.summary["capital_kg"].values())
    assert pools == pytest.approx(found.result.capital_kg[:-1], rel=1e-6, abs=1.0)


def test_flows_keep_mass_between_makers_and_users() -> None:
    entry = planned().summary["flows"][-1]
    result = planned().result
    landed = sum(row["value"] for row in entry["links"] if row["source"] == "Earth")
    raw = sum(f.mass_kg_yr for f in result.flows(entry["year"]) if f.source == "Earth")
    assert landed == pytest.approx(raw, rel=1e-6)
    thrown = sum(row["value"] for row in entry["links"] if row["target"] == "orbit")
    at = list(result.year).index(entry["year"])
    assert thrown == pytest.approx(result.launched_kg_yr[at], rel=1e-6)


def test_the_replay_follows_the_plan_and_no_further() -> None:
    against = planned().against
    assert against is not None
    assert 0.2 < against.kept_nominal_frac <= 1.0 + 1e-6
    assert (against.nominal_W <= 1.05 * against.planned_W.max()).all()
    assert against.nominal_W[-1] > 0.3 * against.planned_W[-1]
    assert (np.diff(against.replayed_W, axis=0) >= 0.0).all()
    assert "2046" in replay_lines(planned().summary)[0]


def test_the_page_needs_no_other_file_and_shows_every_figure() -> None:
    page = planned().page()
    assert not re.search(r"<script|src=|href=\"http", page)
    for key in ("service", "launched", "capital", "imports", "binding-limit", "binding-means"):
        assert f'<figure id="{key}"' in page, key
    assert page.count('<figure id="flows-') == len(planned().summary["flows"])
    assert "nan" not in re.sub(r"<[^>]*>", " ", page).lower().split()


def test_the_command_prints_plan_limits_and_replay(tmp_path: Path) -> None:
    out = tmp_path / "plan.html"
    result = call(
        "alpha", "--set", "options.end_year=2042", "--replay-draws", "2", "--out", str(out)
    )
    assert result.exit_code == 0, result.output
    assert "optimal by" in result.stdout
    assert "one more unit is worth" in result.stdout
    assert "Replayed over 2 draws" in result.stdout
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    again = call("alpha", "--out", str(out))
    assert again.exit_code != 0
    assert "is there already" in again.stderr


def test_the_command_prints_json_without_a_replay() -> None:
    args = ("--set", "options.end_year=2040", "--goal", "most_launched", "--replay-draws", "0")
    result = call("alpha", *args, "--json")
    found = json.loads(result.stdout)
    assert found["replay"] is None
    assert found["goal"] == "most_launched"
    assert len(found["year"]) == len(found["series"]["launched_kg_yr"]) == 14


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("earth-launch",), "has no lunar industry to plan"),
        (("alpha", "--replay-draws", "1"), "at least 2"),
        (("alpha", "--goal", "riches"), "most_compute"),
        (("nowhere",), "nowhere"),
        (("alpha", "--sites", "/nowhere.toml"), "cannot be read"),
    ],
)
def test_wrong_input_is_told(args: tuple[str, ...], told: str) -> None:
    result = call(*args)
    assert result.exit_code not in (0, 1)
    assert told in result.stderr


SITES = """
[[site]]
name = "pole"
sunlit_frac = 0.86
[[site]]
name = "mare"
soil = "Apollo 12"
has_driver = false
without = ["mre_si"]
[[road]]
sites = ["pole", "mare"]
energy_kWh_kg = 0.5
haul_h_kg = 1e-3
"""


def test_sites_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sites.toml"
    file.write_text(SITES, encoding="utf-8")
    sites, roads = read_sites(file, scenario=load_scenario("alpha"))
    assert [site.name for site in sites] == ["pole", "mare"]
    assert sites[1].recipes is not None
    assert not sites[1].has_driver
    assert roads[0].sites == ("pole", "mare")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", ".toml"),
        ('[[site]]\nsoil = "Apollo 12"', "site[0].name"),
        ('[[site]]\nname = "a"\nsun = 1.0', "site[0].sun"),
        ('[[site]]\nname = "a"\nsunlit_frac = "much"', "site[0].sunlit_frac"),
        ('[[site]]\nname = "a"\n[[road]]\nsites = ["a"]', "road[0].energy_kWh_kg"),
        ("[place]", "place"),
    ],
)
def test_a_wrong_file_of_sites_is_refused(tmp_path: Path, text: str, where: str) -> None:
    file = tmp_path / "sites.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_sites(file, scenario=load_scenario("alpha"))
    assert where in str(error.value)


def test_long_periods_are_spread_over_their_years() -> None:
    two = yearly_mean(
        np.array([2.0, 6.0]),
        year=np.array([2030.0, 2032.0]),
        step_yr=2.0,
        calendar_year=np.arange(2030.0, 2034.0),
    )
    assert two == pytest.approx([2.0, 2.0, 6.0, 6.0])


def test_a_run_shows_its_flows_in_several_years_and_its_imports_by_class() -> None:
    summary = moonbase.run("alpha", draws=2, set=SHORT).summary
    labels = [entry["label"] for entry in (summary["flows"], *summary["flow_years"])]
    assert len(set(labels)) == len(labels) >= 3
    assert len(earlier_flows(summary)) == len(labels) - 1
    figure = imports(summary)
    assert figure is not None
    assert "Electronics" in "".join(figure.table.head)
    assert imports({"series": {"year": [2030]}}) is None


def test_one_draw_is_no_spread() -> None:
    with pytest.raises(DomainError, match=">= 2"):
        moonbase.plan("alpha", set=SHORT, replay_draws=1)
