"""Mass ledger of the satellite: a stacked bar against the announced figure, then term by term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.format import significant
from moonbase.report.lines import ink
from moonbase.report.scales import Scale, linear_scale
from moonbase.report.svg import line, rect, text, text_width

_ROW = 26.0
_TOP = 44.0
_AXIS = "kg per kW of IT power"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of the mass ledger."""

    label: str
    color: str
    kg_kW: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerChart:
    """What the figure shows; ``announced_kg_kW`` is None where nothing was announced."""

    key: str
    title: str
    described: str
    terms: Sequence[Term]
    announced_kg_kW: float | None


def ledger_chart(chart: LedgerChart, size: str) -> str:
    """Draw the sum, the announced figure and the terms at one size."""
    total = sum(term.kg_kW for term in chart.terms)
    names = [*(term.label for term in chart.terms), "announced", "this design"]
    left = min(max(text_width(name) for name in names) + 12.0, 0.36 * svg.WIDTH[size])
    values = [total, *([chart.announced_kg_kW] if chart.announced_kg_kW else [])]
    x = linear_scale(values, left, svg.WIDTH[size] - 52.0, zero=True, n=4)
    rows = len(chart.terms) + 2
    bottom = _TOP + _ROW * rows + 10.0
    body = [text(0.0, 12.0, _AXIS, "m")]
    for tick in x.ticks(4):
        body.append(line(x(tick), _TOP - 8.0, x(tick), bottom, "grid"))
        body.append(text(x(tick), bottom + 16.0, significant(tick), "m tick-x", anchor="middle"))
    body += _sum(chart, x, total)
    body += _announced(chart, x, bottom)
    body += _steps(chart, x)
    body.append(line(left, _TOP - 8.0, left, bottom, "base"))
    return svg.svg(chart.key, size, bottom + 26.0, chart.title, chart.described, body)


def _row(x: Scale, row: int, name: str, value: str, end: float, class_: str = "t") -> list[str]:
    y = _TOP + _ROW * row + (10.0 if row > 1 else 0.0) + 14.0
    return [
        text(x.start - 8.0, y, svg.clip(name, x.start - 10.0), class_, anchor="end"),
        text(end + 6.0, y, value, f"{class_} num halo"),
    ]


def _sum(chart: LedgerChart, x: Scale, total: float) -> list[str]:
    body, done = [], 0.0
    for term in chart.terms:
        start, end = x(done), x(done + term.kg_kW)
        tip = f"{term.label}: {significant(term.kg_kW)} kg/kW"
        body.append(rect(start, _TOP, end - start, 20.0, "fill edge", tip, style=ink(term.color)))
        done += term.kg_kW
    return body + _row(x, 0, "this design", significant(total), x(total), "label")


def _announced(chart: LedgerChart, x: Scale, bottom: float) -> list[str]:
    if chart.announced_kg_kW is None:
        return []
    end = x(chart.announced_kg_kW)
    value = significant(chart.announced_kg_kW)
    return [
        rect(x.start, _TOP + _ROW, end - x.start, 20.0, "claim", f"announced: {value} kg/kW"),
        line(end, _TOP - 8.0, end, bottom, "mark-line"),
        *_row(x, 1, "announced", value, end),
    ]


def _steps(chart: LedgerChart, x: Scale) -> list[str]:
    body, done = [], 0.0
    for i, term in enumerate(chart.terms):
        top = _TOP + _ROW * (i + 2) + 10.0
        start, end = x(done), x(done + term.kg_kW)
        body.append(line(start, top - 6.0, start, top + 20.0, "leader"))
        width = max(end - start, 1.0)
        tip = f"{term.label}: {significant(term.kg_kW)} kg/kW"
        body.append(rect(start, top, width, 20.0, "fill", tip, style=ink(term.color)))
        body += _row(x, i + 2, term.label, significant(term.kg_kW), start + width)
        done += term.kg_kW
    return body
