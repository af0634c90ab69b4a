"""Line chart over the years: P10-P90 bands, P50 lines, names and last values at the line ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moonbase.report import svg
from moonbase.report.scales import Scale, linear_scale, log_scale, year_ticks
from moonbase.report.svg import Point, line, path, rect, tag, text, text_width, tooltip

Values = Sequence[float | None]
_HEIGHT = {svg.SMALL: 270.0, svg.MEDIUM: 330.0, svg.LARGE: 400.0}
_STRIP = 27.0
_TICKS = 6
_TOP = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One quantity over the years with its band; ``color`` names a CSS variable pair."""

    label: str
    color: str
    p10: Values
    p50: Values
    p90: Values
    dash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Years in which something holds: shaded in the plot and drawn as a strip below it."""

    label: str
    color: str
    holds: Sequence[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a line chart shows."""

    key: str
    title: str
    described: str
    years: Sequence[int]
    series: Sequence[Series]
    axis: str
    tick: Callable[[float], str]
    value: Callable[[float], str]
    log: bool = False
    zero: bool = False
    reference: tuple[float, str] | None = None
    spans: Sequence[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot's pixels."""

    x: Scale
    y: Scale
    right: float
    bottom: float
    height: float


def ink(color: str) -> str:
    """Inline style that sets the mark and text colour of a group."""
    return f"--c:var(--{color});--i:var(--{color}-ink)"


def line_chart(chart: Chart, size: str) -> str:
    """Draw the chart at one size."""
    frame = _frame(chart, size)
    body = [*_grid(chart, frame), *_spans(chart, frame, size)]
    body += [_band(chart, series, frame) for series in chart.series]
    if chart.reference is not None:
        level, name = chart.reference
        y = frame.y(level)
        body.append(line(frame.x.start, y, frame.right, y, "ref"))
        body.append(text(frame.right - 3.0, y + 14.0, name, "m halo", anchor="end", size=11.0))
    body += [_median(chart, series, frame) for series in chart.series]
    body += _end_labels(chart, frame)
    if size != svg.SMALL:
        body += _hover(chart, frame)
    return svg.svg(chart.key, size, frame.height, chart.title, chart.described, body)


def _shown(chart: Chart, values: Values) -> list[float | None]:
    """Values that the axis can carry."""
    return [None if v is None or (chart.log and v <= 0.0) else v for v in values]


def _frame(chart: Chart, size: str) -> _Frame:
    height = _HEIGHT[size] + _STRIP * len(chart.spans)
    bottom = _HEIGHT[size] - 26.0
    everything = [
        v for s in chart.series for q in (s.p10, s.p50, s.p90) for v in q if v is not None
    ]
    if chart.reference is not None:
        everything.append(chart.reference[0])
    if chart.log:
        medians = [v for s in chart.series for v in s.p50 if v is not None]
        y = log_scale(everything, bottom, _TOP, core=medians)
    else:
        y = linear_scale(everything, bottom, _TOP, zero=chart.zero)
    left = max((text_width(chart.tick(t)) for t in y.ticks(_TICKS)), default=20.0) + 10.0
    wide = max(
        (text_width(part) for s in chart.series for part in _label_lines(chart, s)), default=0.0
    )
    right = svg.WIDTH[size] - min(wide + 16.0, 0.36 * svg.WIDTH[size])
    x = Scale(float(chart.years[0]), float(chart.years[-1]) + 1e-9, left, right)
    return _Frame(x, y, right, bottom, height)


def _grid(chart: Chart, frame: _Frame) -> list[str]:
    left = frame.x.start
    body = [text(0.0, 13.0, chart.axis, "m")]
    for value in frame.y.ticks(_TICKS):
        y = frame.y(value)
        body.append(line(left, y, frame.right, y, "grid"))
        body.append(text(left - 7.0, y + 4.0, chart.tick(value), "m tick-y", anchor="end"))
    body += year_axis(frame.x, chart.years, frame.bottom)
    return body


def year_axis(x: Scale, years: Sequence[int], y: float) -> list[str]:
    """Base line, ticks and labels of the calendar years."""
    body = [line(x.start, y, x.end, y, "base")]
    for year in year_ticks(years, x.end - x.start):
        body.append(line(x(year), y, x(year), y + 4.0, "base"))
        body.append(text(x(year), y + 17.0, year, "m tick-x", anchor="middle"))
    return body


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last index of each unbroken run of true.

    >>> runs([True, False, True, True])
    [(0, 0), (2, 3)]
    """
    found: list[tuple[int, int]] = []
    for i, flag in enumerate(flags):
        if flag and found and found[-1][1] == i - 1:
            found[-1] = (found[-1][0], i)
        elif flag:
            found.append((i, i))
    return found


def _band(chart: Chart, series: Series, frame: _Frame) -> str:
    upper = _shown(chart, series.p90)
    both = [
        high is not None and low is not None for low, high in zip(series.p10, upper, strict=True)
    ]
    shapes = []
    for first, last in runs(both):
        span = range(first, last + 1)
        top = [(frame.x(chart.years[i]), frame.y(upper[i] or 0.0)) for i in span]
        low = [(frame.x(chart.years[i]), frame.y(series.p10[i] or 0.0)) for i in reversed(span)]
        shapes.append(path([*top, *low], closed=True))
    if not shapes:
        return ""
    name = f"{series.label}: P10 to P90"
    return tag("path", tooltip(name), d=" ".join(shapes), class_="band", style=ink(series.color))


def _median(chart: Chart, series: Series, frame: _Frame) -> str:
    values = _shown(chart, series.p50)
    marks = []
    for first, last in runs([v is not None for v in values]):
        points: list[Point] = [
            (frame.x(chart.years[i]), frame.y(values[i] or 0.0)) for i in range(first, last + 1)
        ]
        if len(points) == 1:
            marks.append(tag("circle", cx=points[0][0], cy=points[0][1], r=3.0, class_="dot"))
        else:
            marks.append(tag("path", d=path(points), class_="line", stroke_dasharray=series.dash))
    return tag("g", "".join(marks), style=ink(series.color)) if marks else ""


def _last(values: Values) -> tuple[int, float] | None:
    """Index and value of the last entry that exists."""
    return next(((i, v) for i, v in reversed(list(enumerate(values))) if v is not None), None)


def _label_lines(chart: Chart, series: Series) -> list[str]:
    end = _last(_shown(chart, series.p50))
    if end is None:
        return [series.label, "never in half", "of the draws"]
    when = "" if end[0] == len(chart.years) - 1 else f" in {chart.years[end[0]]}"
    return [series.label, f"{chart.value(end[1])}{when}"]


def _end_labels(chart: Chart, frame: _Frame) -> list[str]:
    anchors, blocks, shown = [], [], []
    for series in chart.series:
        end = _last(_shown(chart, series.p50)) or _last(_shown(chart, series.p90))
        if end is None:
            continue
        anchors.append((frame.x(chart.years[end[0]]), frame.y(end[1])))
        blocks.append(_label_lines(chart, series))
        shown.append(series)
    heights = [15.0 * len(block) + 5.0 for block in blocks]
    centres = svg.keep_apart([y for _, y in anchors], heights, 18.0, frame.bottom + 8.0)
    body = []
    for series, (x, y), block, centre in zip(shown, anchors, blocks, centres, strict=True):
        parts = []
        if abs(centre - y) > 4.0 or x < frame.right - 2.0:
            parts.append(line(x + 2.0, y, frame.right + 6.0, centre, "leader"))
        top = centre - 7.5 * len(block) + 11.5
        for row, content in enumerate(block):
            style = "label" if row == 0 else "m"
            parts.append(text(frame.right + 9.0, top + 15.0 * row, content, style))
        body.append(tag("g", "".join(parts), style=ink(series.color)))
    return body


def _spans(chart: Chart, frame: _Frame, size: str) -> list[str]:
    step = (frame.x.end - frame.x.start) / max(len(chart.years) - 1, 1)
    body = []
    for row, span in enumerate(chart.spans):
        y = frame.bottom + 26.0 + _STRIP * row
        cells = [rect(frame.x.start, y + 16.0, frame.right - frame.x.start, 5.0, "track")]
        for first, last in runs(list(span.holds)):
            x = max(frame.x(chart.years[first]) - step / 2.0, frame.x.start)
            width = min(frame.x(chart.years[last]) + step / 2.0, frame.right) - x
            cells.append(rect(x, _TOP, width, frame.bottom - _TOP, "shade"))
            cells.append(rect(x, y + 16.0, width, 5.0, "fill"))
        left = 0.0 if size == svg.SMALL else frame.x.start
        cells.append(text(left, y + 11.0, span.label, "m", size=12.0))
        body.append(tag("g", "".join(cells), style=ink(span.color)))
    return body


def _hover(chart: Chart, frame: _Frame) -> list[str]:
    """Return a strip per year whose hover text names every series' P50, P10 and P90."""
    step = (frame.x.end - frame.x.start) / max(len(chart.years) - 1, 1)
    body = []
    for i, year in enumerate(chart.years):
        rows = [str(year)]
        for s in chart.series:
            rows.append(f"{s.label}: {band_text(s.p10[i], s.p50[i], s.p90[i], chart.value)}")
        x = frame.x(year) - step / 2.0
        body.append(rect(x, _TOP, step, frame.bottom - _TOP, "hit", "\n".join(rows)))
    return body


def band_text(
    p10: float | None, p50: float | None, p90: float | None, value: Callable[[float], str]
) -> str:
    """P50 with P10 to P90 in one phrase; what is missing is shown by a dash.

    >>> band_text(1.0, 2.0, 3.0, lambda v: f"{v:.0f} W")
    '2 W (1 W – 3 W)'
    """
    low, mid, high = ("–" if v is None else value(v) for v in (p10, p50, p90))
    if p10 == p50 == p90 or (p10 is None and p90 is None):
        return mid
    return f"{mid} ({low} – {high})"


def band_rows(chart: Chart, every: int = 5) -> svg.Table:
    """Table of a chart: each fifth year and the last."""
    last = len(chart.years) - 1
    rows = []
    for i, year in enumerate(chart.years):
        if year % every == 0 or i in (0, last):
            cells = [band_text(s.p10[i], s.p50[i], s.p90[i], chart.value) for s in chart.series]
            rows.append([str(year), *cells])
    head = ["year", *(f"{s.label}, P50 (P10 – P90)" for s in chart.series)]
    return svg.Table(head=head, rows=rows)
