"""Line chart over a continuous axis: panels one above the other, limits that show when broken."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from moonbase.report import svg
from moonbase.report.lines import ink
from moonbase.report.scales import Scale, legible_ticks, linear_scale, log_scale
from moonbase.report.svg import Point, line, path, rect, tag, text, text_width

_HEIGHT = {svg.SMALL: 190.0, svg.MEDIUM: 225.0, svg.LARGE: 270.0}
_TOP = 30.0
_BETWEEN = 20.0
_FOOT = 46.0
_TICKS = 5
_COLUMN = 2.0
"""Pixels that share one lowest and one highest value of a dense curve."""
_NEAR_ZERO = 0.05
"""An axis that starts within this part of its end starts at zero."""
_MARKS = 500
_FEW, _DOT = 60, 1.7
"""Points up to which each is drawn twice as large, and the radius of many."""
_FAR = 3.0
"""A limit this many times above all curves is written, not drawn, so that the curves are seen."""
_HOVERS = 60
_ROWS = 12
_SMALL = 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity over x, which rises; ``marks`` draws unordered points instead of a line."""

    label: str
    color: str
    x: Sequence[float]
    y: Sequence[float | None]
    dash: str | None = None
    marks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A level that no curve may pass: from below, or from above where it is a ``floor``."""

    value: float
    label: str
    floor: bool = False

    def passed(self, value: float) -> bool:
        """Whether a value breaks the limit.

        >>> Limit(value=10.0, label="").passed(10.1), Limit(value=1.0, label="").passed(1.0)
        (True, False)
        """
        return value < self.value if self.floor else value > self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One y axis with its curves; ``axis`` names quantity and unit."""

    axis: str
    curves: Sequence[Curve]
    tick: Callable[[float], str]
    value: Callable[[float], str]
    limits: Sequence[Limit] = field(default_factory=list)
    log: bool = False
    zero: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class XYChart:
    """What the chart shows: panels that share the x axis, and named places on it."""

    key: str
    title: str
    described: str
    x_axis: str
    x_tick: Callable[[float], str]
    x_value: Callable[[float], str]
    panels: Sequence[Panel]
    places: Sequence[tuple[float, str]] = field(default_factory=list)
    x_log: bool = False


def is_broken(limit: Limit, panel: Panel) -> bool:
    """Whether a curve of the panel passes the limit."""
    return any(limit.passed(y) for curve in panel.curves for _, y in _known(curve, panel.log))


def xy_chart(chart: XYChart, size: str) -> str:
    """Draw the chart at one size."""
    left = max(_tick_width(panel) for panel in chart.panels) + 10.0
    right = svg.WIDTH[size] - _label_room(chart, size)
    x = _x_scale(chart, left, right)
    body: list[str] = []
    top = 0.0
    for panel in chart.panels:
        bottom = top + _HEIGHT[size]
        y = _y_scale(panel, bottom, top + _TOP)
        body += [*_grid(panel, x, y, top), *_panel(panel, x, y)]
        body.append(line(x.start, bottom, x.end, bottom, "base"))
        top = bottom + _BETWEEN
    bottom = top - _BETWEEN
    body += _places(chart, x, bottom)
    body += _x_axis(chart, x, bottom)
    if size != svg.SMALL:
        body += _hover(chart, x, bottom)
    return svg.svg(chart.key, size, bottom + _FOOT, chart.title, chart.described, body)


def _known(curve: Curve, log: bool) -> list[Point]:
    """Points that the axis can carry."""
    return [
        (x, y)
        for x, y in zip(curve.x, curve.y, strict=True)
        if y is not None and math.isfinite(y) and (y > 0.0 or not log)
    ]


def _drawn(panel: Panel) -> list[Limit]:
    """Limits near enough to the curves to share their axis."""
    top = max((y for curve in panel.curves for _, y in _known(curve, panel.log)), default=0.0)
    return [
        limit for limit in panel.limits if limit.floor or panel.log or limit.value <= _FAR * top
    ]


def _y_scale(panel: Panel, bottom: float, top: float) -> Scale:
    values = [y for curve in panel.curves for _, y in _known(curve, panel.log)]
    values += [limit.value for limit in _drawn(panel)]
    if panel.log:
        return log_scale(values, bottom, top)
    return linear_scale(values, bottom, top, zero=panel.zero)


def _x_scale(chart: XYChart, left: float, right: float) -> Scale:
    curves = [curve for panel in chart.panels for curve in panel.curves]
    values = [float(x) for curve in curves for x in curve.x if not chart.x_log or x > 0.0]
    if any(curve.marks for curve in curves) or len(set(values)) < 2:
        return (log_scale if chart.x_log else linear_scale)(values, left, right)
    low, high = min(values), max(values)
    if not chart.x_log and 0.0 < low < _NEAR_ZERO * high:
        low = 0.0
    return Scale(low, high, left, right, log=chart.x_log)


def _tick_width(panel: Panel) -> float:
    ticks = _y_scale(panel, 1.0, 0.0).ticks(_TICKS)
    return max((text_width(panel.tick(t)) for t in ticks), default=20.0)


def _label_room(chart: XYChart, size: str) -> float:
    """Room at the right for the names of curves, in panels that have several."""
    names = [c.label for p in chart.panels for c in _named(p)]
    wide = max((text_width(name) for name in names), default=0.0)
    return min(wide + 16.0, 0.36 * svg.WIDTH[size]) if names else 14.0


def _named(panel: Panel) -> list[Curve]:
    """Curves that need a name at their end."""
    lines = [curve for curve in panel.curves if curve.label and not curve.marks]
    return lines if len(lines) > 1 else []


def _grid(panel: Panel, x: Scale, y: Scale, top: float) -> list[str]:
    far = [limit.label for limit in panel.limits if limit not in _drawn(panel)]
    body = [text(0.0, top + 13.0, ", ".join([panel.axis, *far]), "m")]
    for value in y.ticks(_TICKS):
        at = y(value)
        body.append(line(x.start, at, x.end, at, "grid"))
        body.append(text(x.start - 7.0, at + 4.0, panel.tick(value), "m tick-y", anchor="end"))
    return body


def _x_axis(chart: XYChart, x: Scale, bottom: float) -> list[str]:
    body = []
    for value in legible_ticks(x, 6, chart.x_tick):
        body.append(line(x(value), bottom, x(value), bottom + 4.0, "base"))
        body.append(text(x(value), bottom + 17.0, chart.x_tick(value), "m tick-x", anchor="middle"))
    return [*body, text(x.end, bottom + 36.0, chart.x_axis, "m", anchor="end")]


def _places(chart: XYChart, x: Scale, bottom: float) -> list[str]:
    """Vertical lines at named places, the names beside the title of the first axis."""
    title = text_width(chart.panels[0].axis)
    body = []
    for at, name in chart.places:
        half = text_width(name) / 2.0
        centre = min(max(x(at), title + 12.0 + half), x.end - half)
        body.append(line(x(at), _TOP - 8.0, x(at), bottom, "ref"))
        body.append(text(centre, 13.0, name, "m", anchor="middle"))
    return body


def _panel(panel: Panel, x: Scale, y: Scale) -> list[str]:
    body = [_limit_line(limit, panel, x, y) for limit in _drawn(panel)]
    for curve in panel.curves:
        drawn = _marks(curve, panel, x, y) if curve.marks else _line(curve, panel, x, y)
        body.append(tag("g", drawn, style=ink(curve.color)) if drawn else "")
    return [*body, *_limit_labels(panel, x, y), *_names(panel, x, y)]


def _line(curve: Curve, panel: Panel, x: Scale, y: Scale) -> str:
    shapes, over, dense = [], [], None
    for piece in _pieces(curve, panel.log):
        kept = thinned(piece, x)
        dense = "stroke-width:1.8" if len(kept) < len(piece) else dense
        shapes.append(path([(x(a), y(b)) for a, b in kept]))
        for limit in panel.limits:
            over += [
                path([(x(a), y(b)) for a, b in thinned(part, x)]) for part in beyond(piece, limit)
            ]
    if not shapes:
        return ""
    drawn = tag("path", d=" ".join(shapes), class_="line", stroke_dasharray=curve.dash, style=dense)
    if over:
        style = ";".join(["--c:var(--bad)", *([dense] if dense else [])])
        drawn += tag("path", d=" ".join(over), class_="line over", style=style)
    return drawn


def _pieces(curve: Curve, log: bool) -> list[list[Point]]:
    """Unbroken runs of points that the axis can carry."""
    pieces: list[list[Point]] = [[]]
    for x, y in zip(curve.x, curve.y, strict=True):
        if y is not None and math.isfinite(y) and (y > 0.0 or not log):
            pieces[-1].append((x, y))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def thinned(points: Sequence[Point], x: Scale) -> Sequence[Point]:
    """First, lowest, highest and last point of each pixel column, so that no peak is lost.

    >>> len(thinned([(i / 1e4, 0.0) for i in range(10_001)], Scale(0.0, 1.0, 0.0, 100.0)))
    101
    """
    n_columns = int((x.end - x.start) / _COLUMN) + 1
    if len(points) <= 4 * n_columns:
        return points
    columns: dict[int, list[Point]] = {}
    for point in points:
        columns.setdefault(int((x(point[0]) - x.start) / _COLUMN), []).append(point)
    kept: list[Point] = []
    for column in columns.values():
        ends = {
            0,
            len(column) - 1,
            min(range(len(column)), key=lambda i: column[i][1]),
            max(range(len(column)), key=lambda i: column[i][1]),
        }
        kept += [column[i] for i in sorted(ends)]
    return kept


def beyond(points: Sequence[Point], limit: Limit) -> list[list[Point]]:
    """Parts of a line that pass a limit, cut where they cross it.

    >>> beyond([(0.0, 0.0), (2.0, 2.0), (4.0, 0.0)], Limit(value=1.0, label=""))
    [[(1.0, 1.0), (2.0, 2.0), (3.0, 1.0)]]
    """
    parts: list[list[Point]] = []
    last: Point | None = None
    for point in points:
        inside = limit.passed(point[1])
        before = last is not None and limit.passed(last[1])
        if last is not None and inside != before:
            share = (limit.value - last[1]) / (point[1] - last[1])
            cut = (last[0] + share * (point[0] - last[0]), limit.value)
            if inside:
                parts.append([cut])
            else:
                parts[-1].append(cut)
        elif inside and not before:
            parts.append([])
        if inside:
            parts[-1].append(point)
        last = point
    return parts


def _marks(curve: Curve, panel: Panel, x: Scale, y: Scale) -> str:
    points = _known(curve, panel.log)
    every = max(1, math.ceil(len(points) / _MARKS))
    radius = _DOT if len(points) > _FEW else 2.0 * _DOT
    return "".join(
        tag("circle", cx=x(a), cy=y(b), r=radius, class_="dot", fill_opacity=0.6)
        for a, b in points[::every]
    )


def _limit_line(limit: Limit, panel: Panel, x: Scale, y: Scale) -> str:
    at = y(limit.value)
    bad = "stroke:var(--bad)" if is_broken(limit, panel) else None
    return tag("line", x1=x.start, y1=at, x2=x.end, y2=at, class_="ref", style=bad)


def _limit_labels(panel: Panel, x: Scale, y: Scale) -> list[str]:
    curve_points = [
        point
        for curve in panel.curves
        for piece in _pieces(curve, panel.log)
        for point in _filled([(x(a), y(b)) for a, b in thinned(piece, x)])
    ]
    body = []
    for limit in _drawn(panel):
        broken = is_broken(limit, panel)
        content = f"{limit.label}: exceeded" if broken else limit.label
        left, base = _clearest(y(limit.value), text_width(content, _SMALL), curve_points, x, y)
        body.append(
            tag(
                "text",
                svg.escape(content),
                x=left,
                y=base,
                class_="halo" if broken else "m halo",
                style="fill:var(--bad);font-weight:600" if broken else None,
                font_size=_SMALL,
            )
        )
    return body


def _filled(points: Sequence[Point], step: float = 6.0) -> list[Point]:
    """Points along a line, at most ``step`` pixels apart."""
    filled = list(points[:1])
    for (a, b), (c, d) in pairwise(points):
        n_steps = max(1, math.ceil(math.hypot(c - a, d - b) / step))
        filled += [
            (a + (c - a) * i / n_steps, b + (d - b) * i / n_steps) for i in range(1, n_steps + 1)
        ]
    return filled


def _clearest(
    at: float, width: float, points: Sequence[Point], x: Scale, y: Scale
) -> tuple[float, float]:
    """Left end and baseline of a label by a level, where the fewest points lie under it."""
    room = max(x.end - x.start - width - 8.0, 0.0)
    lefts = [x.start + 4.0 + room * step / 6.0 for step in range(7)]
    bases = [base for base in (at - 5.0, at + 13.0) if y.end < base - 9.0 and base < y.start]

    def covered(place: tuple[float, float]) -> int:
        left, base = place
        return sum(
            left - 3.0 < a < left + width + 3.0 and base - 12.0 < b < base + 4.0 for a, b in points
        )

    return min([(left, base) for base in bases or [at - 5.0] for left in lefts], key=covered)


def _names(panel: Panel, x: Scale, y: Scale) -> list[str]:
    ends = [(c, points[-1]) for c in _named(panel) if (points := _known(c, panel.log))]
    wanted = [y(value) for _, (_, value) in ends]
    centres = svg.keep_apart(wanted, [16.0] * len(wanted), y.end, y.start + 8.0)
    body = []
    for (curve, (at, _)), target, centre in zip(ends, wanted, centres, strict=True):
        parts = [text(x.end + 9.0, centre + 4.0, curve.label, "label")]
        if abs(centre - target) > 4.0 or x(at) < x.end - 2.0:
            parts.append(line(x(at) + 2.0, target, x.end + 6.0, centre, "leader"))
        body.append(tag("g", "".join(parts), style=ink(curve.color)))
    return body


def _columns(chart: XYChart, n_columns: int) -> list[float]:
    """Evenly spread places on the x axis."""
    x = _x_scale(chart, 0.0, 1.0)
    steps = [i / (n_columns - 1) for i in range(n_columns)]
    if chart.x_log:
        return [x.low * (x.high / x.low) ** step for step in steps]
    return [x.low + step * (x.high - x.low) for step in steps]


def _nearest(curve: Curve, at: float) -> float | None:
    """Value of the sample that lies nearest to a place; None beyond the curve."""
    if not curve.x or not curve.x[0] <= at <= curve.x[-1] * (1.0 + 1e-12):
        return None
    i = min(bisect_left(curve.x, at), len(curve.x) - 1)
    if i and at - curve.x[i - 1] < curve.x[i] - at:
        i -= 1
    value = curve.y[i]
    return value if value is not None and math.isfinite(value) else None


def _hover(chart: XYChart, x: Scale, bottom: float) -> list[str]:
    """Strips whose hover text names every curve's value."""
    curves = [(p, c) for p in chart.panels for c in p.curves if not c.marks and _rises(c)]
    if not curves:
        return []
    step = (x.end - x.start) / _HOVERS
    body = []
    for at in _columns(chart, _HOVERS):
        rows = [chart.x_value(at)]
        for panel, curve in curves:
            value = _nearest(curve, at)
            shown = "–" if value is None else panel.value(value)
            rows.append(f"{curve.label or panel.axis}: {shown}")
        left = x(at) - step / 2.0
        body.append(rect(left, _TOP, step, bottom - _TOP, "hit", "\n".join(rows)))
    return body


def _rises(curve: Curve) -> bool:
    return all(a <= b for a, b in pairwise(curve.x))


def xy_rows(chart: XYChart, n_rows: int = _ROWS) -> svg.Table:
    """Table of a chart: places spread over the axis, then the lowest and highest of each curve."""
    curves = [(p, c) for p in chart.panels for c in p.curves if not c.marks and _rises(c)]
    rows = []
    for at in _columns(chart, n_rows):
        cells = [(p, _nearest(c, at)) for p, c in curves]
        rows.append([chart.x_value(at), *("–" if v is None else p.value(v) for p, v in cells)])
    for name, pick in (("lowest", min), ("highest", max)):
        ends = [(p, [y for _, y in _known(c, False)]) for p, c in curves]
        rows.append([name, *(p.value(pick(values)) if values else "–" for p, values in ends)])
    head = [c.label or p.axis for p, c in curves]
    return svg.Table(head=[chart.x_axis, *head], rows=rows)
