"""Milestones: P10-P50-P90 whiskers on a calendar axis, with the share of draws that get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.format import NEVER, happens, percent, year
from moonbase.report.lines import year_axis
from moonbase.report.scales import Scale, year_ticks
from moonbase.report.svg import line, rect, tag, text, text_width


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """When something happens: quantiles over all draws, never counted as later than any year."""

    label: str
    p10: float | None
    p50: float | None
    p90: float | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What the figure shows."""

    key: str
    title: str
    described: str
    years: Sequence[int]
    draws: int
    rows: Sequence[Milestone]


def timeline_chart(chart: Timeline, size: str) -> str:
    """Draw the timeline at one size; on a phone the names stand above the whiskers."""
    stacked = size == svg.SMALL
    pitch = 40.0 if stacked else 30.0
    widest = max((text_width(row.label) for row in chart.rows), default=0.0)
    left = 6.0 if stacked else min(widest + 14.0, 0.5 * svg.WIDTH[size])
    right = svg.WIDTH[size] - (52.0 if stacked else 76.0)
    x = Scale(float(chart.years[0]), float(chart.years[-1]) + 1.0, left, right)
    bottom = 24.0 + pitch * len(chart.rows)
    body = [text(svg.WIDTH[size], 12.0, "share of draws", "m", anchor="end")]
    body.append(text(0.0 if not stacked else left, 12.0, "calendar year, P10 – P50 – P90", "m"))
    for tick in year_ticks(chart.years, right - left):
        body.append(line(x(tick), 20.0, x(tick), bottom, "grid"))
    for i, row in enumerate(chart.rows):
        y = 24.0 + pitch * (i + 0.5) + (8.0 if stacked else 0.0)
        body += _row(chart, row, x, y, size)
    body += year_axis(x, chart.years, bottom)
    return svg.svg(chart.key, size, bottom + 26.0, chart.title, chart.described, body)


def _row(chart: Timeline, row: Milestone, x: Scale, y: float, size: str) -> list[str]:
    if size == svg.SMALL:
        when = f": {_when(row)}" if row.p10 is not None else ""
        name = text(x.start, y - 11.0, svg.clip(row.label + when, x.end - x.start), "t")
    else:
        label = svg.clip(row.label, x.start - 12.0)
        name = text(x.start - 12.0, y + 4.0, label, "t", anchor="end")
    share = text(svg.WIDTH[size], y + 4.0, percent(row.share), "t num", anchor="end")
    tip = (
        f"{row.label}: P10 {year(row.p10)}, P50 {year(row.p50)}, P90 {year(row.p90)}; "
        f"{happens(row.share, chart.draws)}"
    )
    back = rect(x.start, y - 11.0, x.end - x.start, 22.0, "hit", tip)
    return [name, *_marks(row, x, y, size != svg.SMALL), share, back]


def _when(row: Milestone) -> str:
    """Median year, or the P10 where there is no median."""
    return f"P10 {year(row.p10)}" if row.p50 is None else year(row.p50)


def _marks(row: Milestone, x: Scale, y: float, labelled: bool) -> list[str]:
    if row.p10 is None:
        word = (
            f"{NEVER}, in any draw"
            if row.share <= 0.0
            else f"{NEVER} in {percent(1.0 - row.share)}"
        )
        return [text(x.end - 4.0, y + 4.0, word, "m", anchor="end")]
    start = x(row.p10)
    if row.p90 is None:
        marks = [line(start, y, x.end, y, "whisker open")]
        marks.append(tag("path", d=f"M{x.end - 7:.1f},{y - 5:.1f} l6,5 l-6,5", class_="arrow"))
    else:
        marks = [
            line(start, y, x(row.p90), y, "whisker"),
            line(x(row.p90), y - 5.0, x(row.p90), y + 5.0, "cap"),
        ]
    marks.append(line(start, y - 5.0, start, y + 5.0, "cap"))
    middle = start if row.p50 is None else x(row.p50)
    hollow = row.p50 is None or row.share < 0.5
    marks.append(tag("circle", cx=middle, cy=y, r=5.0, class_="mark hollow" if hollow else "mark"))
    if labelled:
        right = x.end - middle > text_width(_when(row)) + 12.0
        side, anchor = (9.0, "start") if right else (-9.0, "end")
        marks.append(text(middle + side, y - 6.0, _when(row), "t halo", anchor=anchor, size=11.0))
    return marks
