"""MkDocs hook: fills the table of published cases with what the package measures at build time."""

from __future__ import annotations

from typing import Any

from moonbase.validate import Case, run_cases

MARKER = "<!-- cases -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace the marker on the page "Validation" by one table for each area."""
    return markdown.replace(MARKER, tables(run_cases())) if MARKER in markdown else markdown


def tables(cases: list[Case]) -> str:
    """Write the cases as Markdown, by area."""
    met = sum(case.passed for case in cases)
    parts = [f"{met} of {len(cases)} cases meet their tolerance."]
    for area in sorted({case.area for case in cases}):
        rows = "\n".join(row for case in cases if case.area == area for row in lines(case))
        parts.append(
            f"### {area}\n\n"
            "| Case | What | Value | Expected | Got | Difference | Tolerance | Met | Source |\n"
            f"|---|---|---|---|---|---|---|---|---|\n{rows}"
        )
    return "\n\n".join(parts)


def lines(case: Case) -> list[str]:
    """One table row for each expected value; the words stand in the first row only."""
    rows = []
    for number, (key, expected) in enumerate(case.expected.items()):
        ((measure, limit),) = case.tolerance.get(key, case.tolerance).items()
        first = number == 0
        cells = [
            case.id if first else "",
            case.what if first else "",
            f"`{key}`",
            figure(expected),
            figure(case.got.get(key, case.error)),
            f"{case.difference.get(key, float('nan')):.2g}",
            f"{measure} {limit:g}",
            ("yes" if case.passed else "**no**") if first else "",
            case.source if first else "",
        ]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows


def figure(value: Any) -> str:
    """Six digits of a number, or of each number in a list."""
    if isinstance(value, list):
        return ", ".join(map(figure, value))
    return value if isinstance(value, str) else f"{value:.6g}"
