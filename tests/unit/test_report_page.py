"""The page in the terminal and the comparison of runs."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
from report_fixture import YEARS, make_summary, null_summary
from rich.console import Console

from moonbase.report.compare import compare_table, print_compare
from moonbase.report.page import print_page
from moonbase.report.words import eras


def printed(width: int, *summaries: dict[str, Any]) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=False)
    if len(summaries) > 1:
        print_compare(summaries, console)
    else:
        print_page(summaries[0], console)
    return out.getvalue().rstrip("\n").split("\n")


@pytest.mark.parametrize("width", [80, 100, 140])
def test_page_fits_its_screen(width: int) -> None:
    lines = printed(width, make_summary())
    assert len(lines) <= 64
    assert max(len(line) for line in lines) <= width
    assert "\x1b" not in "".join(lines)


def test_headlines_show_three_quantiles_and_the_share() -> None:
    summary = make_summary()
    summary["headline"]["one_terawatt_per_year_year"] = {
        "p10": 2066.9,
        "p50": None,
        "p90": None,
        "share": 0.37,
    }
    row = next(line for line in printed(80, summary) if line.startswith("1 TW added in a year"))
    assert row.split()[-5:] == ["2066", "never", "never", "37", "%"]


def test_numbers_are_never_cut_at_eighty_columns() -> None:
    lines = printed(80, make_summary())
    table = lines[lines.index("Results") + 2 : lines.index("Milestones") - 1]
    assert len(table) == 16
    assert not any("…" in line for line in table)


def test_binding_is_compressed_to_ranges() -> None:
    rows = [
        {"year": y, "constraint": "landings" if y <= 2044 else "power", "share": 0.62}
        for y in YEARS
        if y >= 2031
    ]
    text = "\n".join(printed(100, {**make_summary(), "binding": rows}))
    assert "2031-2044 landings (62 %), 2045-2080 power (62 %)" in text


def test_eras_follow_the_leader_of_each_year() -> None:
    rows = [
        {"year": 2030, "constraint": "a", "share": 0.6},
        {"year": 2030, "constraint": "b", "share": 0.4},
        {"year": 2031, "constraint": "b", "share": 0.9},
        {"year": 2032, "constraint": "b", "share": 0.7},
        {"year": 2033, "constraint": "a", "share": 1.0},
    ]
    found = [(e.constraint, e.first, e.last, e.share) for e in eras({"binding": rows})]
    assert found == [
        ("a", 2030, 2030, 0.6),
        ("b", 2031, 2032, pytest.approx(0.8)),
        ("a", 2033, 2033, 1.0),
    ]


def test_strongest_inputs_and_placeholders_are_named() -> None:
    text = "\n".join(printed(100, make_summary()))
    assert "doubling time of the lunar factory" in text and "1.4 to 4.5 yr" in text
    assert "placeholders: city.robot_hours_per_day_h" in text
    assert "Warnings: 1 placeholder, 1 domain, 1 claim, 1 info" in text


def test_markup_in_texts_is_printed_as_it_is() -> None:
    summary = make_summary()
    summary["title"] = "[red]not red[/red] [/]"
    summary["milestones"][0]["label"] = "[bold]x[/]"
    text = "\n".join(printed(100, summary))
    assert "[red]not red[/red] [/]" in text and "[bold]x[/]" in text


@pytest.mark.parametrize("summary", [{}, null_summary(), make_summary(1)])
def test_degenerate_summaries_print(summary: dict[str, Any]) -> None:
    lines = printed(80, summary)
    assert lines[0] and not any("None" in line or "nan" in line for line in lines)


def two_runs() -> list[dict[str, Any]]:
    first = make_summary()
    second = copy.deepcopy(first)
    second["scenario"] = "beta"
    for index, factor in ((0, 1.1), (1, 3.0), (2, 0.5)):
        second["inputs"][index]["value"] *= factor
    second["inputs"][-1]["value"] = "export first"
    second["headline"]["power_in_service_2050_W"]["p50"] *= 2.0
    second["headline"]["first_lunar_satellite_year"]["p50"] += 3.0
    return [first, second]


def test_comparison_lists_differing_inputs_by_size() -> None:
    first, second = two_runs()
    rows = [row for row in compare_table([first, second]) if row["part"] == "input"]
    assert [row["key"] for row in rows] == [
        first["inputs"][i]["key"] for i in (len(first["inputs"]) - 1, 1, 2, 0)
    ]
    assert [row["change"] for row in rows] == [None, *map(pytest.approx, (3.0, 0.5, 1.1))]


def test_comparison_of_results_gives_ratio_or_years() -> None:
    rows = {row["key"]: row for row in compare_table(two_runs()) if row["part"] == "headline"}
    assert rows["power_in_service_2050_W"]["change"] == pytest.approx(2.0)
    assert rows["first_lunar_satellite_year"]["change"] == pytest.approx(3.0)
    assert rows["irr_frac"]["change"] is None and rows["irr_frac"]["texts"] == ["n/a", "n/a"]


def test_an_input_that_one_run_does_not_use_is_no_difference() -> None:
    first, second, third = make_summary(), make_summary(), make_summary()
    key = second["inputs"].pop(3)["key"]
    third["inputs"][3]["value"] *= 2.0
    assert [r for r in compare_table([first, second]) if r["part"] == "input"] == []
    rows = [r for r in compare_table([first, second, third]) if r["part"] == "input"]
    assert [r["key"] for r in rows] == [key] and rows[0]["texts"][1] == "n/a"


def test_comparison_prints_both_names_and_says_when_nothing_differs() -> None:
    text = "\n".join(printed(100, *two_runs()))
    assert "alpha" in text and "beta" in text and "x 2" in text and "+3 yr" in text
    same = "\n".join(printed(80, make_summary(), make_summary()))
    assert "All inputs are the same." in same and "1 alpha" in same and "2 alpha" in same
