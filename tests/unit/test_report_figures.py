"""The figures of a run: findings computed from the data, marks where the data are."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import report_svg as see
from report_fixture import YEARS, make_summary, null_summary

from moonbase.report import accounts, chain, growth, svg
from moonbase.report.svg import Figure


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    return make_summary()


def figures(summary: dict[str, Any]) -> list[Figure]:
    made = [
        growth.milestones(summary),
        growth.kardashev(summary),
        growth.sun_share(summary),
        growth.power_added(summary),
        growth.power_in_service(summary),
        growth.cost(summary),
        chain.mass_flow(summary),
        chain.binding(summary),
        chain.satellite_ledger(summary),
        *accounts.cash_flow(summary),
        accounts.tornado(summary, "power_in_service_2050_W"),
        accounts.tornado(summary, "levelised_cost_usd_kW_yr"),
    ]
    return [figure for figure in made if figure is not None]


def test_every_label_of_every_figure_is_legible(summary: dict[str, Any]) -> None:
    made = figures(summary)
    assert len(made) == 13
    for figure in made:
        see.assert_legible(figure)


@pytest.mark.parametrize("seed", [2, 3])
def test_labels_stay_legible_with_other_data_and_one_draw(seed: int) -> None:
    for figure in figures(make_summary(9, seed)) + figures(make_summary(1, seed)):
        see.assert_legible(figure)


def test_every_figure_says_what_it_shows(summary: dict[str, Any]) -> None:
    for figure in figures(summary):
        assert figure.title and figure.subtitle and figure.caption.endswith(".")
        assert figure.table.rows and all(
            len(row) == len(figure.table.head) for row in figure.table.rows
        )
        for picture in figure.pictures.values():
            root = see.parse(picture)
            assert root.findtext("title") == figure.title and root.findtext("desc")


def test_flows_back_are_named_in_the_caption(summary: dict[str, Any]) -> None:
    links = [*summary["flows"]["links"], {"source": "Slag", "target": "Regolith", "value": 5.0}]
    figure = chain.mass_flow({**summary, "flows": {**summary["flows"], "links": links}})
    assert figure is not None
    assert "Flows back are left out of the picture: Slag to Regolith." in figure.caption


def test_binding_title_names_the_longest_eras(summary: dict[str, Any]) -> None:
    rows = [
        {"year": y, "constraint": "landings" if y < 2050 else "power", "share": 0.71} for y in YEARS
    ]
    figure = chain.binding({**summary, "binding": rows})
    assert figure is not None
    assert figure.title == (
        "Lunar output is limited by landings in 2027–2049 (71 % of draws), "
        "then by power in 2050–2080 (71 % of draws)"
    )


def test_stacked_shares_fill_the_plot_to_their_sum(summary: dict[str, Any]) -> None:
    figure = chain.binding(summary)
    assert figure is not None
    root = see.parse(figure.pictures[svg.LARGE])
    scale = [float(t.get("y") or "") - 4.0 for t in see.find(root, "text", "tick-y")]
    zero, full = scale[0], scale[-1]
    areas = {
        e.findtext("title", "").split(":")[0]: see.points(e.get("d") or "")
        for e in see.find(root, "path", "area")
    }
    assert set(areas) == set(figure.table.head[1:]) and len(areas) == 9
    for column, year in enumerate(YEARS):
        shares = {r["constraint"]: r["share"] for r in summary["binding"] if r["year"] == year}
        tops = [area[2 * column][1] for area in areas.values()]
        assert (zero - min(tops)) / (zero - full) == pytest.approx(sum(shares.values()), abs=0.01)
        for name in ("Landings", "Power", "Robots", "Demand"):
            thick = areas[name][-1 - 2 * column][1] - areas[name][2 * column][1]
            share = shares.get(name.lower(), 0.0)
            assert thick / (zero - full) == pytest.approx(share, abs=0.01)


def test_cell_colour_deepens_with_the_share(summary: dict[str, Any]) -> None:
    figure = chain.binding(summary)
    assert figure is not None
    root = see.parse(figure.pictures[svg.LARGE])
    cells = [
        (
            float(e.findtext("title", "").split(": ")[-1].split(" ")[0]),
            float(e.get("fill-opacity") or 0),
        )
        for e in see.find(root, "rect", "cell")
        if "<" not in e.findtext("title", "")
    ]
    assert len(cells) > 100
    ordered = sorted(cells)
    assert ordered[-1][1] > 0.85 > 0.2 > ordered[0][1]
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(ordered) if b[0] > a[0] + 1.0)


def test_milestones_that_no_draw_reaches_are_named_not_plotted(summary: dict[str, Any]) -> None:
    rare = [
        {"event": f"e{i}", "label": f"dream {i}", "p10": None, "p50": None, "p90": None, "share": 0}
        for i in range(5)
    ]
    figure = growth.milestones({**summary, "milestones": [*summary["milestones"], *rare]})
    assert figure is not None
    shown = {box.content for box in see.text_boxes(see.parse(figure.pictures[svg.LARGE]))}
    assert not any("dream" in word.lower() for word in shown)
    assert all(f"Dream {i}" in figure.caption for i in range(5))
    assert len(figure.table.rows) == len(summary["milestones"]) + 5


def test_a_milestone_in_under_half_of_the_draws_is_hollow_and_open(summary: dict[str, Any]) -> None:
    one = [{"event": "e", "label": "x", "p10": 2050.0, "p50": None, "p90": None, "share": 0.37}]
    figure = growth.milestones({**summary, "milestones": one})
    assert figure is not None
    root = see.parse(figure.pictures[svg.LARGE])
    assert see.find(root, "circle", "hollow") and see.find(root, "path", "arrow")
    assert "37 %" in [e.text for e in root.iter("text")]


def test_milestone_whisker_ends_lie_on_the_calendar(summary: dict[str, Any]) -> None:
    one = [{"event": "e", "label": "x", "p10": 2040.0, "p50": 2050.0, "p90": 2060.0, "share": 1.0}]
    figure = growth.milestones({**summary, "milestones": one})
    assert figure is not None
    root = see.parse(figure.pictures[svg.LARGE])
    ticks = {e.text: float(e.get("x") or "") for e in see.find(root, "text", "tick-x")}
    whisker, dot = see.find(root, "line", "whisker")[0], see.find(root, "circle", "mark")[0]
    assert float(whisker.get("x1") or "") == pytest.approx(ticks["2040"], abs=0.1)
    assert float(dot.get("cx") or "") == pytest.approx(ticks["2050"], abs=0.1)
    assert float(whisker.get("x2") or "") == pytest.approx(ticks["2060"], abs=0.1)


def test_cost_title_and_strips_follow_the_medians(summary: dict[str, Any]) -> None:
    n = len(YEARS)

    def flat(value: float) -> dict[str, list[float]]:
        return {key: [value] * n for key in ("p10", "p50", "p90")}

    falling = {
        key: [9000.0 if y < 2045 else 4000.0 for y in YEARS] for key in ("p10", "p50", "p90")
    }
    series = {
        **summary["series"],
        "cost_lunar_usd_kW_yr": falling,
        "cost_earth_launch_usd_kW_yr": flat(5000.0),
        "cost_earth_usd_kW_yr": flat(3000.0),
    }
    figure = growth.cost({**summary, "series": series})
    assert figure is not None
    assert figure.title == (
        "Lunar-built power is cheaper than Earth-launched from 2045 on "
        "and never cheaper than the ground"
    )
    root = see.parse(figure.pictures[svg.LARGE])
    assert len(see.find(root, "path", "band")) == 3 and len(see.find(root, "rect", "shade")) == 1


def test_power_titles_tell_crossing_and_absence(summary: dict[str, Any]) -> None:
    none = {key: [0.0] * len(YEARS) for key in ("p10", "p50", "p90")}
    figure = growth.power_added(
        {**summary, "series": {**summary["series"], "power_added_lunar_W_yr": none}}
    )
    assert figure is not None and figure.title.startswith("Nothing lunar-built deployed per year")
    lunar = summary["series"]["power_added_lunar_W_yr"]["p50"]
    launched = summary["series"]["power_added_earth_launch_W_yr"]["p50"]
    after = [y for y, a, b in zip(YEARS, lunar, launched, strict=True) if a > b]
    known = growth.power_added(summary)
    assert known is not None and f"passes Earth-launched in {after[0]}" in known.title


def test_ledger_segments_are_to_scale_and_compared_with_the_claim(summary: dict[str, Any]) -> None:
    figure = chain.satellite_ledger(summary)
    assert figure is not None
    assert figure.title == "The satellite weighs 24.4 kg per kW, 2.4 times the announced 10"
    root = see.parse(figure.pictures[svg.LARGE])
    width = {
        e.findtext("title"): float(e.get("width") or "") for e in see.find(root, "rect", "edge")
    }
    claim = float(see.find(root, "rect", "claim")[0].get("width") or "")
    start = [float(e.get("x") or "") for e in see.find(root, "rect", "edge")]
    ends = [x + w for x, w in zip(start, width.values(), strict=True)]
    assert start[1:] == pytest.approx(ends[:-1], abs=0.03)
    for row in summary["satellite_ledger"]:
        drawn = width[f"{row['label']}: {row['kg_kW']:g} kg/kW"]
        assert drawn == pytest.approx(claim * row["kg_kW"] / 10.0, abs=0.1)


def simple_cash(balance: list[float], outside: list[float]) -> dict[str, Any]:
    years = list(range(2030, 2030 + len(balance)))
    rows = [
        ("rent", "Rent", "source", [4.0e9] * len(years)),
        ("external_funding", "External funding", "source", outside),
        ("chips", "Chips", "use", [1.0e9] * len(years)),
        ("crew", "Crew", "use", [2.0e9] * len(years)),
    ]
    accounts_ = [{"account": a, "label": n, "kind": k, "usd_yr": v} for a, n, k, v in rows]
    return {"cash": {"year": years, "accounts": accounts_, "balance_usd": balance}}


def test_cash_bars_stack_to_their_sums() -> None:
    figure = accounts.cash_flow(simple_cash([1e9, 2e9, 3e9, 4e9], [0.0] * 4))[0]
    root = see.parse(figure.pictures[svg.LARGE])
    bars = [e for g in root.iter("g") for e in g.findall("rect") if "fill" in see.classes(e)]
    tall = [float(e.get("height") or "") for e in bars]
    assert len(bars) == 12
    assert tall[0] == pytest.approx(4.0 * min(tall), abs=0.1)
    zero = next(float(e.get("y1") or "") for e in see.find(root, "line", "zero"))
    below = [
        float(e.get("y") or "") + float(e.get("height") or "")
        for e in bars
        if float(e.get("y") or "") >= zero - 0.1
    ]
    assert max(below) - zero == pytest.approx(3.0 * min(tall), abs=0.1)


def test_outside_money_is_not_counted_as_own_balance() -> None:
    figure = accounts.cash_flow(simple_cash([0.0, 0.0, 0.0, 5e9], [3e9, 1e9, 0.0, 0.0]))[0]
    assert figure.title == "The programme needs $4 B up to 2031 and is paid back in 2033"
    assert [row[-1] for row in figure.table.rows] == ["-$3 B", "$1 B"]


def test_rounding_dust_is_no_funding_need() -> None:
    figure = accounts.cash_flow(simple_cash([1e9, -1e-3, 2e9], [0.0] * 3))[0]
    assert figure.title == "The programme never needs outside money in the nominal draw"


def test_early_years_get_their_own_figure_when_dwarfed(summary: dict[str, Any]) -> None:
    early, late = accounts.cash_flow(summary)
    assert early.key == "cash-early" and late.key == "cash"
    assert {label: color for color, label in early.legend}.items() <= {
        label: color for color, label in late.legend
    }.items()


def tornado_row(label: str, rank: float, low: float | None, high: float | None) -> dict[str, Any]:
    return {
        "output": "power_in_service_2050_W",
        "input": label,
        "label": label,
        "unit": "usd_kg",
        "rank_correlation": rank,
        "input_low": 1.0,
        "input_high": 2000.0,
        "output_at_low": low,
        "output_at_high": high,
        "output_base": 100e9,
    }


def test_tornado_is_ordered_by_strength_and_drawn_to_scale() -> None:
    rows = [tornado_row("weak", 0.1, 90e9, 110e9), tornado_row("strong", -0.8, 180e9, 60e9)]
    figure = accounts.tornado({"sensitivity": rows}, "power_in_service_2050_W")
    assert figure is not None
    assert figure.title == "Power in service in 2050 hangs most on strong: 180 GW to 60 GW"
    assert [row[0] for row in figure.table.rows] == ["strong", "weak"]
    assert figure.table.rows[0][1] == "$1 to $2,000/kg"
    root = see.parse(figure.pictures[svg.MEDIUM])
    bars = {
        e.findtext("title"): float(e.get("width") or "")
        for e in see.find(root, "rect", "fill")
        if e.findtext("title")
    }
    unit = bars["weak, highest tenth: 110 GW"] / 10.0
    assert bars["strong, lowest tenth: 180 GW"] == pytest.approx(80.0 * unit, rel=0.01)
    assert bars["strong, highest tenth: 60 GW"] == pytest.approx(40.0 * unit, rel=0.01)


def test_tornado_with_both_ends_on_one_side_or_missing() -> None:
    rows = [tornado_row("both", 0.5, 120e9, 160e9), tornado_row("open", 0.4, None, 130e9)]
    figure = accounts.tornado({"sensitivity": rows}, "power_in_service_2050_W")
    assert figure is not None
    see.assert_legible(figure)
    root = see.parse(figure.pictures[svg.MEDIUM])
    both = [e for e in see.find(root, "rect", "fill") if "both" in e.findtext("title", "")]
    tops = [(float(e.get("y") or ""), float(e.get("height") or "")) for e in both]
    assert tops[0][0] + tops[0][1] <= tops[1][0] + 0.01


def test_nothing_to_show_gives_no_figure_and_no_error() -> None:
    nothing = null_summary()
    assert [f.key for f in figures(nothing)] == ["milestones"]
    assert accounts.cash_flow({}) == [] and figures({}) == []


def test_share_of_sunlight_is_told_in_words(summary: dict[str, Any]) -> None:
    figure = growth.sun_share(summary)
    share = summary["series"]["sun_share_frac"]["p50"][-1]
    assert figure is not None and f"one part in {1.0 / share / 1e12:.0f} trillion" in figure.title
