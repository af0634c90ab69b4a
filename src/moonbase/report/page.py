"""The page in the terminal: the answer, its doubt and its limits on one screen."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from moonbase.report import format as fmt
from moonbase.report.html import in_short, run_line
from moonbase.report.parts import ranked_warnings
from moonbase.report.words import (
    HEADLINES,
    Summary,
    bare_text,
    capital,
    ends_text,
    era_text,
    eras,
    headline_name,
    headline_of,
    headline_text,
    milestones_of,
    strongest,
    years_of,
)

_LEVERS = 5
_WARNINGS = 3
_MILESTONES = 10
_ERAS = 6
_BAR = 26
_OUTPUTS = ("power_in_service_2050_W", "levelised_cost_usd_kW_yr")
_LEVEL_STYLE = {"placeholder": "bold red", "domain": "yellow", "claim": "yellow"}


def print_page(summary: Summary, console: Console) -> None:
    """Print the page of a run, at most some sixty lines at eighty columns or more."""
    title = str(summary.get("title") or summary.get("scenario") or "moonbase run")
    console.print(Text(title, style="bold"))
    console.print(Text(run_line(summary), style="dim"))
    console.print(Text(in_short(summary)))
    _gap(console, "Results")
    print_columns(console, _headlines(summary))
    if summary.get("milestones"):
        _gap(console, "Milestones")
        print_columns(console, _milestones(summary, console), left=2)
    _binding(summary, console)
    for output in _OUTPUTS:
        _levers(summary, output, console)
    _warnings(summary, console)


def _gap(console: Console, heading: str) -> None:
    console.print()
    console.print(Text(heading, style="bold cyan"))


def print_columns(
    console: Console, rows: list[list[str]], *, left: int = 1, style: str = "dim"
) -> None:
    """Print rows in columns, the first row as head; the first column gives way to the width.

    The first ``left`` columns are set left, the others right.
    """
    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    widths[0] = max(12, min(widths[0], console.width - sum(widths[1:]) - 2 * (len(widths) - 1)))
    for i, row in enumerate(rows):
        name = Text(row[0])
        name.truncate(widths[0], overflow="ellipsis", pad=True)
        cells = [
            cell.ljust(width) if j < left else cell.rjust(width)
            for j, (cell, width) in enumerate(zip(row[1:], widths[1:], strict=True), start=1)
        ]
        line = Text("  ".join([name.plain, *cells]).rstrip(), style=style if i == 0 else "")
        console.print(line, no_wrap=True, overflow="crop")


def _headlines(summary: Summary) -> list[list[str]]:
    rows = [["", "P10", "P50", "P90", "share"]]
    for key in HEADLINES:
        if key not in (summary.get("headline") or {}):
            continue
        found = headline_of(summary, key)
        ends = [bare_text(key, found[name]) for name in ("p10", "p90")]
        middle = headline_text(key, found["p50"])
        rows.append([headline_name(key), ends[0], middle, ends[1], fmt.percent(found["share"])])
    return rows


def _milestones(summary: Summary, console: Console) -> list[list[str]]:
    years = years_of(summary) or [0, 1]
    rows = [["", f"{years[0]}{'':{_BAR - 8}}{years[-1]}", "P50", "share"]]
    marks = "━●▶" if console.encoding.lower().startswith("utf") else "-o>"
    for m in milestones_of(summary)[:_MILESTONES]:
        bar = _bar(m.get("p10"), m.get("p50"), m.get("p90"), years, marks)
        label = capital(str(m.get("label") or m.get("event")))
        rows.append([label, bar, fmt.year(m.get("p50")), fmt.percent(m.get("share"))])
    return rows


def _bar(p10: object, p50: object, p90: object, years: list[int], marks: str) -> str:
    """Whisker in characters; what lies beyond the last year ends in an arrow."""
    low, mid, high = fmt.finite(p10), fmt.finite(p50), fmt.finite(p90)
    if low is None:
        return ""

    def place(year: float) -> int:
        part = (year - years[0]) / max(years[-1] + 1 - years[0], 1)
        return min(max(int(part * _BAR), 0), _BAR - 1)

    cells = [" "] * _BAR
    last = _BAR - 1 if high is None else place(high)
    for i in range(place(low), last + 1):
        cells[i] = marks[0]
    if high is None:
        cells[last] = marks[2]
    if mid is not None:
        cells[place(mid)] = marks[1]
    return "".join(cells).rstrip()


def _binding(summary: Summary, console: Console) -> None:
    found = eras(summary)
    if not found:
        return
    longest = sorted(found, key=lambda era: era.first - era.last)[:_ERAS]
    texts = [era_text(summary, era) for era in sorted(longest, key=lambda era: era.first)]
    _gap(console, "What binds lunar output (share of draws)")
    for line in _packed(texts, console.width):
        console.print(Text(line))


def _packed(texts: list[str], width: int) -> list[str]:
    """Join texts into lines without breaking one."""
    lines: list[str] = []
    for text in texts:
        joined = f"{lines[-1]}, {text}" if lines else text
        if lines and len(joined) < width:
            lines[-1] = joined
        else:
            lines.append(text)
    return lines


def _levers(summary: Summary, output: str, console: Console) -> None:
    rows = strongest(summary, output, _LEVERS)
    if not rows:
        return
    name = headline_name(output)
    _gap(console, f"What moves it most: {name[0].lower()}{name[1:]}")
    table = [["input", "from – to", "at low", "at high"]]
    table += [
        [
            str(row.get("label") or row.get("input")),
            ends_text(summary, row),
            bare_text(output, row.get("output_at_low")),
            bare_text(output, row.get("output_at_high")),
        ]
        for row in rows
    ]
    print_columns(console, table, left=2)


def _warnings(summary: Summary, console: Console) -> None:
    rows = ranked_warnings(summary)
    if not rows:
        return
    counts: dict[str, int] = {}
    for row in rows:
        level = str(row.get("level") or "info")
        counts[level] = counts.get(level, 0) + 1
    _gap(console, "Warnings: " + ", ".join(f"{n} {level}" for level, n in counts.items()))
    names = [str(r.get("key")) for r in rows if r.get("level") == "placeholder"]
    if names:
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        console.print(Text(f"placeholders: {', '.join(names[:8])}{more}", style="bold red"))
    rest = [r for r in rows if r.get("level") != "placeholder"][:_WARNINGS]
    for row in rest:
        level = str(row.get("level") or "info")
        line = Text(f"{level}: ", style=_LEVEL_STYLE.get(level, "dim"))
        line.append(f"{row.get('key') or ''} {capital(str(row.get('text') or ''))}", style="")
        line.truncate(console.width, overflow="ellipsis")
        console.print(line)
