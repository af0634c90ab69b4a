"""What binds when: stacked shares of draws over the years, and one heat strip per constraint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.format import percent
from moonbase.report.lines import ink, year_axis
from moonbase.report.scales import Scale
from moonbase.report.svg import Point, line, path, rect, tag, text, text_width, tooltip

_AREA = {svg.SMALL: 130.0, svg.MEDIUM: 160.0, svg.LARGE: 190.0}
_ROW = 23.0
_TOP = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Share of draws by year, 0 to 1, of one constraint."""

    label: str
    color: str
    share: Sequence[float]

    def peak(self) -> int:
        """Index of the year with the largest share."""
        return max(range(len(self.share)), key=lambda i: self.share[i])


@dataclass(frozen=True, slots=True, kw_only=True)
class StripChart:
    """What the figure shows: rows from the top, in the strips as in the stack."""

    key: str
    title: str
    described: str
    years: Sequence[int]
    strips: Sequence[Strip]
    axis: str = "share of draws in which the constraint binds"
    whole: str = "draws"


def strip_chart(chart: StripChart, size: str) -> str:
    """Draw the stacked shares above the heat strips at one size."""
    names = 11.0 if size == svg.SMALL else svg.FONT
    widest = max((text_width(s.label, names) for s in chart.strips), default=40.0)
    left = min(widest + 12.0, 0.34 * svg.WIDTH[size])
    right = svg.WIDTH[size] - (44.0 if size == svg.SMALL else 92.0)
    step = (right - left) / len(chart.years)
    x = Scale(chart.years[0] - 0.5, chart.years[-1] + 0.5, left, right)
    base = _TOP + _AREA[size]
    y = Scale(0.0, 1.0, base, _TOP)
    body = [text(0.0, 12.0, chart.axis, "m")]
    for share in (0.0, 0.5, 1.0):
        body.append(line(left, y(share), right, y(share), "grid"))
        body.append(text(left - 7.0, y(share) + 4.0, percent(share), "m tick-y", anchor="end"))
    body += _areas(chart, x, y)
    top = base + 14.0
    for row, strip in enumerate(chart.strips):
        body += _heat(chart, strip, x, step, top + _ROW * row, size)
    bottom = top + _ROW * len(chart.strips) + 2.0
    body += year_axis(x, chart.years, bottom)
    return svg.svg(chart.key, size, bottom + 26.0, chart.title, chart.described, body)


def _areas(chart: StripChart, x: Scale, y: Scale) -> list[str]:
    floor = [0.0] * len(chart.years)
    shapes, labels = [], []
    for strip in reversed(chart.strips):
        roof = [low + share for low, share in zip(floor, strip.share, strict=True)]
        upper = _steps(chart.years, roof, x, y)
        lower = _steps(chart.years, floor, x, y)
        shape = path([*upper, *reversed(lower)], closed=True)
        tip = f"{strip.label}: at most {percent(max(strip.share))}, in {chart.years[strip.peak()]}"
        shapes.append(tag("path", tooltip(tip), d=shape, class_="area", style=ink(strip.color)))
        place = _room_for(strip, floor, roof, x, y, chart.years)
        if place is not None:
            labels.append(text(*place, strip.label, "t halo", anchor="middle"))
        floor = roof
    return shapes + labels


def _steps(years: Sequence[int], values: Sequence[float], x: Scale, y: Scale) -> list[Point]:
    """Corners of a stepped edge: a year is as wide as its column."""
    return [
        (x(year + side), y(value))
        for year, value in zip(years, values, strict=True)
        for side in (-0.5, 0.5)
    ]


def _room_for(
    strip: Strip,
    floor: Sequence[float],
    roof: Sequence[float],
    x: Scale,
    y: Scale,
    years: Sequence[int],
) -> Point | None:
    """Where the name fits into its area, at the thickest place; None where it does not."""
    half = text_width(strip.label) / 2.0
    reach = int(half / abs(x(years[0] + 1.0) - x(years[0]))) + 1
    best: tuple[float, Point] | None = None
    for i in range(reach, len(years) - reach):
        near = range(i - reach, i + reach + 1)
        top = max(y(roof[j]) for j in near)
        bottom = min(y(floor[j]) for j in near)
        if bottom - top >= 17.0 and (best is None or bottom - top > best[0]):
            best = (bottom - top, (x(years[i]), (top + bottom) / 2.0 + 4.0))
    return best[1] if best else None


def _heat(
    chart: StripChart, strip: Strip, x: Scale, step: float, top: float, size: str
) -> list[str]:
    height, middle = _ROW - 4.0, top + _ROW / 2.0 + 2.0
    names = 11.0 if size == svg.SMALL else svg.FONT
    label = svg.clip(strip.label, x.start - 10.0, names)
    cells = [rect(x.start, top, x.end - x.start, height, "track")]
    for year, share in zip(chart.years, strip.share, strict=True):
        if share < 0.005:
            continue
        tip = (
            f"{strip.label}, {year}: {percent(share)} of {chart.whole}" if size != svg.SMALL else ""
        )
        opacity = round(share**0.75, 3)
        cells.append(rect(x(year - 0.5), top, step, height, "cell", tip, fill_opacity=opacity))
    peak = strip.peak()
    most = percent(strip.share[peak])
    note = most if size == svg.SMALL else f"{most} in {chart.years[peak]}"
    return [
        text(x.start - 8.0, middle, label, "t", anchor="end", size=names),
        tag("g", "".join(cells), style=ink(strip.color)),
        text(x.end + 7.0, middle, note, "m", size=names),
    ]
