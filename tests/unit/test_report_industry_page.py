"""The industry page and its figures: to scale, legible, told in a table, nothing without data."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pytest
import report_svg as see

from moonbase import lunar_industry
from moonbase.report import industry_figures as draw
from moonbase.report import svg
from moonbase.report.chain import flow_figure
from moonbase.report.industry_page import industry_page
from moonbase.report.svg import Figure


@pytest.fixture(scope="module")
def blocks() -> dict[str, Any]:
    found = lunar_industry.study("alpha", draws=16)
    table = lunar_industry.read_recipes("alpha")
    curve = asdict(lunar_industry.tradeoff(found))
    stock = {"electronics": 2e4}
    return {
        "growth": {
            **lunar_industry.grow(found),
            "targets": lunar_industry.targets(found),
            "worth": lunar_industry.worth(found),
            "levers": lunar_industry.levers(found),
            "steps": lunar_industry.sensitivity(found),
            "tradeoff": curve,
        },
        "closure": lunar_industry.closing(found, import_stock_kg=stock, capital_kg=4e5),
        "recipes": lunar_industry.recipe_rows(table),
        "check": lunar_industry.check_report(table),
        "balance": lunar_industry.balance(found),
        "process": lunar_industry.process_balance(table, "mre_si"),
        "flows": [
            {**lunar_industry.mass_flows(found, 1e6), "key": "mass-flows", "what": "Mass flow"},
            {**lunar_industry.energy_flows(found, 1e6), "key": "energy-flows", "what": "Energy"},
        ],
    }


def figures(blocks: dict[str, Any]) -> list[Figure]:
    growth, balance = blocks["growth"], blocks["balance"]
    base = growth["values"]["doubling_yr"].tolist()[0]
    found = [
        draw.spread(growth),
        draw.capital_split(growth),
        *(
            draw.tornado(growth["levers"][name], base, key=name, what="w", caption="c")
            for name in ("records", "recipes")
        ),
        draw.steps(growth["steps"]),
        draw.tradeoff(growth["tradeoff"]),
        draw.closures(blocks["closure"]),
        draw.elements(blocks["closure"]),
        draw.imports(balance["imports_kg"], per="kg", key="imports"),
        draw.by_process(balance, "electricity_kWh", key="energy", what="energy", unit="kWh"),
        draw.margins(blocks["recipes"]),
    ]
    assert None not in found
    return [item for item in found if item is not None]


def test_every_figure_is_legible_and_has_a_table(blocks: dict[str, Any]) -> None:
    for figure in figures(blocks):
        see.assert_legible(figure)
        assert figure.table.rows, figure.key
        assert all(len(row) == len(figure.table.head) for row in figure.table.rows), figure.key


def test_titles_state_the_finding(blocks: dict[str, Any]) -> None:
    titles = {figure.key: figure.title for figure in figures(blocks)}
    assert re.fullmatch(r"Half of the draws double within [\d.]+ yr", titles["doubling"])
    assert titles["recipes"].endswith("plant mass of mre_si")
    assert titles["margins"] == "The tightest recipe is electrolysis, at 1.32 times its floor"
    assert titles["elements"].startswith("Of the elements Si is closed least")


def test_bars_of_energy_are_to_scale(blocks: dict[str, Any]) -> None:
    balance = blocks["balance"]
    figure = draw.by_process(balance, "electricity_kWh", key="e", what="energy", unit="kWh")
    assert figure is not None
    bars = see.find(see.parse(figure.pictures[svg.MEDIUM]), "rect", "fill")
    widths = [float(bar.get("width") or "") for bar in bars]
    rows = sorted(
        (r["electricity_kWh"] + r["heat_kWh"] for r in balance["processes"]), reverse=True
    )
    assert widths[1] / widths[0] == pytest.approx(rows[1] / rows[0], rel=2e-3)


def test_small_flows_stand_in_the_table_alone(blocks: dict[str, Any]) -> None:
    block = blocks["flows"][0]
    plain, thinned = (
        flow_figure(block, key="k", what="w", least_frac=least) for least in (0.0, 2e-3)
    )
    assert plain is not None and thinned is not None
    assert plain.table == thinned.table
    drawn = [
        len(see.find(see.parse(f.pictures[svg.LARGE]), "path", "ribbon")) for f in (plain, thinned)
    ]
    assert drawn[0] == len(block["links"]) > drawn[1] > 10
    assert "in the table alone" in thinned.caption and "alone" not in plain.caption


def test_what_does_not_grow_says_so(blocks: dict[str, Any]) -> None:
    figure = draw.steps(blocks["growth"]["steps"])
    assert figure is not None and "does not grow" in figure.pictures[svg.MEDIUM]
    rows = {row[0]: row for row in figure.table.rows}
    assert rows["chip plant 200 kg/(kg/yr)"][1] == "never"


def test_the_page_holds_every_section_and_no_other_file(blocks: dict[str, Any]) -> None:
    page = industry_page(title="All <&>", lead="x", version="1", warnings=["first"], **blocks)
    for key in ("growth", "levers", "closure", "recipes", "balance", "process", "flows"):
        assert f'id="s-{key}"' in page and f'href="#s-{key}"' in page
    assert "All &lt;&amp;&gt;" in page and '<p class="banner">first</p>' in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert "<script" not in page and ">nan<" not in page and ">inf<" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_sections_without_data_are_left_out() -> None:
    page = industry_page(title="Empty")
    assert "<h2>" not in page and "<section" not in page
