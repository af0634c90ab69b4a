"""The report: complete, self-contained, safe against hostile text, calm when data are missing."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from report_fixture import make_summary, null_summary

from moonbase.report.html import in_short, render_report
from moonbase.report.parts import linked

VOID = {"meta", "link", "br", "img", "input", "hr"}
SECTIONS = [
    "When",
    "Power",
    "Cost",
    "Mass flow",
    "What binds",
    "Cash",
    "What moves the answer",
    "Satellite, driver, flight",
    "Warnings",
    "Inputs and sources",
    "How to read",
    "What the model neglects",
    "Manifest",
]


class Page(HTMLParser):
    """Elements, ids, headings and addresses of a page; fails on tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[tuple[str, str]] = []
        self.headings: list[str] = []
        self.described: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} has {name}"
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action", "data", "poster", "srcset", "xlink:href"):
                self.addresses.append((tag, value or ""))
            if name == "aria-labelledby":
                self.described += (value or "").split()
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    return make_summary()


@pytest.fixture(scope="module")
def report(summary: dict[str, Any]) -> str:
    return render_report(summary)


def test_sections_come_in_order(report: str) -> None:
    assert Page(report).headings == SECTIONS


def test_ids_are_unique_and_every_picture_is_described(report: str) -> None:
    page = Page(report)
    assert len(page.ids) == len(set(page.ids))
    assert page.described and set(page.described) <= set(page.ids)
    assert len(page.described) == 2 * page.tags.count("svg")
    assert page.tags.count("svg") > 25


def test_nothing_is_loaded_and_nothing_runs(report: str) -> None:
    page = Page(report)
    assert not {"script", "iframe", "object", "embed", "img", "form", "base"} & set(page.tags)
    assert "default-src 'none'" in report
    assert not re.search(r"@import|url\(|javascript:", report)
    for tag, address in page.addresses:
        assert address.startswith("#") or address == "data:," or tag == "a", (tag, address)
    inner = [a[1:] for tag, a in page.addresses if tag == "a" and a.startswith("#")]
    assert set(inner) <= set(page.ids)
    outer = [a for tag, a in page.addresses if tag == "a" and not a.startswith("#")]
    assert outer == ["https://example.org/driver"]


def test_rendering_is_deterministic(summary: dict[str, Any], report: str) -> None:
    assert render_report(summary) == report


def test_tiles_say_never_in_plain_words(summary: dict[str, Any]) -> None:
    goal = {"p10": 2066.2, "p50": None, "p90": None, "share": 0.37}
    changed = {**summary, "headline": {**summary["headline"], "one_terawatt_per_year_year": goal}}
    text = render_report(changed).replace("\u00a0", " ")
    assert "never in 63 % of draws" in text
    assert 'class="never">never<' in text
    assert "A year comes that adds 1 TW in 37 % of draws." in text


def test_placeholders_stand_in_red_at_the_top_and_in_the_list(report: str) -> None:
    assert report.index("1 input is a placeholder") < report.index("First lunar-built satellite")
    assert '<span class="tag placeholder">placeholder</span> <code>city.robot_hours' in report


def test_every_input_and_warning_and_neglect_is_there(summary: dict[str, Any], report: str) -> None:
    words = "".join(Page(report).words)
    for row in summary["inputs"]:
        assert row["key"] in words and row["label"] in words
    for row in summary["warnings"]:
        assert row["text"] in words
    for text in summary["neglects"]:
        assert text in words
    assert "kW-years of useful IT power" in words


def hostile(value: Any) -> Any:
    """Replace every text by one that would break out of markup."""
    if isinstance(value, dict):
        return {k: v if k in KEPT else hostile(v) for k, v in value.items()}
    if isinstance(value, list):
        return [hostile(v) for v in value]
    return (
        f"""</title></svg><script>alert("1")</script>'&{value}"""
        if isinstance(value, str)
        else value
    )


KEPT = {"output", "input", "constraint", "event", "kind", "level", "source", "target", "unit"}


def test_hostile_text_stays_text(summary: dict[str, Any]) -> None:
    nasty = hostile(summary)
    nasty["flows"] = {
        "label": "<b>",
        "unit": "<i>",
        "links": [{"source": "<script>a", "target": "\"'><script>", "value": 3.0}],
    }
    nasty["inputs"][0]["kind"] = '"><script>'
    nasty["citations"] = [
        {"key": "a", "text": "javascript:alert(1) http://x.org/\"onclick='y' <script>"}
    ]
    text = render_report(nasty)
    page = Page(text)
    assert "script" not in page.tags and "<script" not in text
    assert page.headings == SECTIONS
    assert [a for tag, a in page.addresses if tag == "a" and "x.org" in a] == ["http://x.org/"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        null_summary(),
        make_summary(1),
        make_summary(2),
        {"series": {"year": [2050]}, "headline": {}},
        {"flows": {"links": [{"source": "a", "target": "b", "value": 0.0}]}},
        {"cash": {"year": [2030], "accounts": [], "balance_usd": [None]}},
        {"binding": [{"year": 2050, "constraint": "power", "share": 0.0}]},
    ],
)
def test_degenerate_summaries_render(broken: dict[str, Any]) -> None:
    page = Page(render_report(broken))
    assert [h for h in SECTIONS if h != "What the model neglects"] == [
        h for h in page.headings if h != "What the model neglects"
    ]
    assert not re.search(r"\b(nan|inf|None)\b", " ".join(page.words))


def test_missing_series_and_single_years_render(summary: dict[str, Any]) -> None:
    for year in (0, 10):
        series = {
            name: values[year : year + 1]
            if name == "year"
            else {k: v[year : year + 1] for k, v in values.items()}
            for name, values in summary["series"].items()
        }
        Page(render_report({**summary, "series": series}))


def test_addresses_in_citations_are_escaped() -> None:
    assert linked("see https://x.org/?a=1&b=2, <b>") == (
        'see <a rel="noreferrer" href="https://x.org/?a=1&amp;b=2">https://x.org/?a=1&amp;b=2</a>'
        ", &lt;b&gt;"
    )


def test_the_story_in_short(summary: dict[str, Any]) -> None:
    year = int(summary["headline"]["first_lunar_satellite_year"]["p50"])
    text = in_short(summary)
    assert text.startswith(f"In the median draw the first lunar-built satellite flies in {year}.")
    assert "landings" in text
    assert in_short({}) == "No lunar-built satellite flies in this draw."


def test_report_imports_nothing_heavy() -> None:
    code = (
        "import sys, moonbase.report.html\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'pydantic', 'pint', 'xarray', 'rich', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
