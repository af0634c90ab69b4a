"""Tornado: how far one output moves between the lowest and the highest tenth of an input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.format import MISSING
from moonbase.report.lines import ink
from moonbase.report.scales import Scale, legible_ticks, linear_scale, log_scale
from moonbase.report.svg import line, rect, text, text_width

_PITCH = {svg.SMALL: 58.0, svg.MEDIUM: 38.0}
_TOP = 40.0
_LOG_RANGE = 30.0
_NAMES = 0.4
"""Part of the width that the names take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One input: the output in its lowest and its highest tenth; None where there is no value."""

    label: str
    ends: str
    at_low: float | None
    at_high: float | None
    correlation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """What the figure shows."""

    key: str
    title: str
    described: str
    axis: str
    base: float | None
    value: Callable[[float], str]
    tick: Callable[[float], str]
    levers: Sequence[Lever]
    ends: tuple[str, str] = ("lowest tenth of the input", "highest tenth")
    middle: str = "all draws"


def tornado_chart(chart: Tornado, size: str) -> str:
    """Draw the bars at one size; on a phone the names stand above their bars."""
    stacked = size == svg.SMALL
    x = _axis(chart, size)
    lines = max((len(_name_lines(lever, size)) for lever in chart.levers), default=1)
    pitch = _PITCH[size] + 13.0 * (lines - 1)
    bottom = _TOP + pitch * len(chart.levers)
    body = _legend(chart)
    for value in legible_ticks(x, 3 if stacked else 4, chart.tick):
        body.append(line(x(value), _TOP - 4.0, x(value), bottom, "grid"))
        body.append(text(x(value), bottom + 17.0, chart.tick(value), "m tick-x", anchor="middle"))
    if chart.base is not None:
        body.append(line(x(chart.base), _TOP - 4.0, x(chart.base), bottom, "zero"))
    height = 15.0 if stacked else 20.0
    for i, lever in enumerate(chart.levers):
        top = _TOP + pitch * i
        bar = top + pitch - 21.0 if stacked else top + (pitch - height) / 2.0
        body += [*_name(lever, top, pitch, size), *_bars(chart, lever, x, bar, height)]
    body.append(text(svg.WIDTH[size], bottom + 35.0, chart.axis, "m", anchor="end"))
    return svg.svg(chart.key, size, bottom + 42.0, chart.title, chart.described, body)


def _name_lines(lever: Lever, size: str) -> list[str]:
    room = svg.WIDTH[size] - 8.0 if size == svg.SMALL else _NAMES * svg.WIDTH[size] - 14.0
    return svg.wrap(lever.label, room, lines=2)


def _name(lever: Lever, top: float, pitch: float, size: str) -> list[str]:
    """Name of the input and, below it, its low and high end."""
    rows = _name_lines(lever, size)
    if size == svg.SMALL:
        left, anchor, y = 4.0, "start", top + pitch - 42.0 - 14.0 * (len(rows) - 1)
    else:
        left, anchor = _NAMES * svg.WIDTH[size] - 14.0, "end"
        y = top + pitch / 2.0 - 7.0 * len(rows) + 4.0
    body = [text(left, y + 14.0 * i, row, "t halo", anchor=anchor) for i, row in enumerate(rows)]
    body.append(text(left, y + 14.0 * len(rows), lever.ends, "m halo", anchor=anchor, size=11.0))
    return body


def _values(chart: Tornado) -> list[float]:
    ends = [v for lever in chart.levers for v in (lever.at_low, lever.at_high)]
    return [v for v in [*ends, chart.base] if v is not None]


def _axis(chart: Tornado, size: str) -> Scale:
    values = _values(chart)
    labels = max((text_width(chart.value(v), 11.0) for v in values), default=20.0) + 8.0
    left = 4.0 if size == svg.SMALL else _NAMES * svg.WIDTH[size]
    start, end = left + labels, svg.WIDTH[size] - labels
    positive = bool(values) and min(values) > 0.0
    if positive and max(values) / min(values) > _LOG_RANGE:
        return log_scale(values, start, end)
    return linear_scale(values, start, end)


def _legend(chart: Tornado) -> list[str]:
    body, x = [], 0.0
    for color, name in zip(("low", "high"), chart.ends, strict=True):
        body.append(rect(x, 4.0, 11.0, 11.0, "fill", style=ink(color)))
        body.append(text(x + 16.0, 14.0, name, "m"))
        x += text_width(name) + 34.0
    if chart.base is not None:
        body.append(text(0.0, 31.0, f"{chart.middle}: {chart.value(chart.base)}", "m", size=11.0))
    return body


def _bars(chart: Tornado, lever: Lever, x: Scale, top: float, height: float) -> list[str]:
    """Bars from the median of all draws to both ends; on the same side they share the height."""
    body = []
    both = _same_side(chart, lever)
    ends = (("low", lever.at_low), ("high", lever.at_high))
    for row, ((name, value), told) in enumerate(zip(ends, chart.ends, strict=True)):
        if value is None or chart.base is None:
            continue
        left, right = sorted((x(chart.base), x(value)))
        tall = height / 2.0 if both else height
        y = top + row * tall if both else top
        tip = f"{lever.label}, {told.partition(' of ')[0]}: {chart.value(value)}"
        body.append(rect(left, y, right - left, tall, "fill", tip, style=ink(name)))
    return body + _values_at_ends(chart, lever, x, top + height / 2.0 + 4.0)


def _same_side(chart: Tornado, lever: Lever) -> bool:
    """Whether both ends lie on one side of the median of all draws, so that bars would overlap."""
    if lever.at_low is None or lever.at_high is None or chart.base is None:
        return False
    return (lever.at_low - chart.base) * (lever.at_high - chart.base) > 0.0


def _values_at_ends(chart: Tornado, lever: Lever, x: Scale, y: float) -> list[str]:
    known = sorted(v for v in (lever.at_low, lever.at_high) if v is not None)
    if not known:
        return [text(x.start, y, MISSING, "m", size=11.0)]
    base = x(chart.base) if chart.base is not None else x(known[0])
    body = []
    left, right = x(known[0]), x(known[-1])
    if left < base - 0.5:
        body.append(text(left - 5.0, y, chart.value(known[0]), "t num", anchor="end", size=11.0))
    if right > base + 0.5:
        body.append(text(right + 5.0, y, chart.value(known[-1]), "t num", size=11.0))
    return body
