"""Named horizontal bars, from zero or one from where the last ended (a waterfall)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.lines import ink
from moonbase.report.scales import Scale, legible_ticks
from moonbase.report.svg import line, rect, tag, text, text_width

_PITCH = {svg.SMALL: 44.0, svg.MEDIUM: 29.0, svg.LARGE: 31.0}
_TOP = 10.0
_NAMES = 0.4
"""Part of the width that the names take at most."""
_THICK = 17.0
_LEAST = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar with its name and what is written beside it."""

    label: str
    start: float
    end: float
    color: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """What the figure shows; ``connected`` bars hang from one another."""

    key: str
    title: str
    described: str
    axis: str
    tick: Callable[[float], str]
    bars: Sequence[Bar]
    connected: bool = False


def waterfall(
    inflow: Mapping[str, float],
    outflow: Sequence[tuple[str, float, str]],
    note: Callable[[float], str],
) -> list[Bar]:
    """Bars of what comes in, stacked, and of what goes out, each from what is left.

    ``outflow`` holds name, amount and colour.

    >>> bars = waterfall({"bus": 10.0}, [("payload", 6.0, "earth"), ("heat", 4.0, "rest")], str)
    >>> [(bar.start, bar.end) for bar in bars]
    [(0.0, 10.0), (10.0, 4.0), (4.0, 0.0)]
    """
    bars, level = [], 0.0
    for name, amount in inflow.items():
        bars.append(
            Bar(label=name, start=level, end=level + amount, color="lunar", note=note(amount))
        )
        level += amount
    for name, amount, color in outflow:
        bars.append(
            Bar(label=name, start=level, end=level - amount, color=color, note=note(amount))
        )
        level -= amount
    return bars


def bar_chart(chart: BarChart, size: str) -> str:
    """Draw the bars at one size; on a phone the names stand above their bars."""
    stacked = size == svg.SMALL
    names = max((text_width(bar.label) for bar in chart.bars), default=0.0) + 16.0
    left = 0.0 if stacked else min(names, _NAMES * svg.WIDTH[size])
    x = _scale(chart, left, svg.WIDTH[size])
    pitch = _PITCH[size]
    bottom = _TOP + pitch * len(chart.bars)
    body = []
    for value in legible_ticks(x, 3 if stacked else 5, chart.tick):
        body.append(line(x(value), _TOP, x(value), bottom, "grid"))
        body.append(text(x(value), bottom + 17.0, chart.tick(value), "m tick-x", anchor="middle"))
    for i, bar in enumerate(chart.bars):
        top = _TOP + pitch * i + (22.0 if stacked else (pitch - _THICK) / 2.0)
        body += _bar(bar, x, top, stacked)
        if chart.connected and not stacked and i + 1 < len(chart.bars):
            gap = pitch - _THICK
            body.append(line(x(bar.end), top + _THICK, x(bar.end), top + _THICK + gap, "leader"))
    body.append(text(svg.WIDTH[size], bottom + 35.0, chart.axis, "m", anchor="end"))
    return svg.svg(chart.key, size, bottom + 42.0, chart.title, chart.described, body)


def _scale(chart: BarChart, left: float, width: float) -> Scale:
    """Axis with room for the notes of bars that reach its end."""
    ends = [0.0, *(value for bar in chart.bars for value in (bar.start, bar.end))]
    wide = max((text_width(bar.note, 11.0) for bar in chart.bars), default=20.0)
    low, high = min(ends), max(ends)
    return Scale(low, high if high > low else low + 1.0, left + 4.0, width - wide - 12.0)


def _bar(bar: Bar, x: Scale, top: float, stacked: bool) -> list[str]:
    low, high = sorted((x(bar.start), x(bar.end)))
    body = []
    if stacked:
        body.append(text(0.0, top - 6.0, bar.label, "t halo"))
    else:
        name = svg.clip(bar.label, x.start - 12.0)
        body.append(text(x.start - 10.0, top + 13.0, name, "t", anchor="end"))
    width = max(high - low, _LEAST)
    tip = f"{bar.label}: {bar.note}"
    body.append(tag("g", rect(low, top, width, _THICK, "fill", tip), style=ink(bar.color)))
    body.append(text(low + width + 6.0, top + 13.0, bar.note, "m halo", size=11.0))
    return body
