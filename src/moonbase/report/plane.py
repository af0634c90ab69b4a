"""Picture of a plane to scale: paths, bodies, rings, areas and named places, both axes alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moonbase.report import svg
from moonbase.report.lines import ink
from moonbase.report.scales import Scale, legible_ticks
from moonbase.report.svg import Point, line, path, rect, tag, text, text_width, tooltip

_FOOT = 46.0
_TOP = 24.0
_TICKS = 6
_FLAT, _TALL = 0.45, 1.0
"""Least and greatest height over width of the drawn plane."""
_PAD = 0.06
_STEP = 0.8
"""Pixels below which points of a path are dropped."""
_LEAST = 3.5
_DOTS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One path; ``stops`` are named places on it, ``dots`` draws its points unjoined."""

    label: str
    color: str
    x: Sequence[float]
    y: Sequence[float]
    dash: str | None = None
    dots: bool = False
    stops: Sequence[tuple[float, float, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A named place with a radius; drawn no smaller than a dot, hollow where it is a mere point."""

    label: str
    color: str
    x: float
    y: float
    radius: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """What the picture shows. ``window`` is (left, right, bottom, top), or None to hold all."""

    key: str
    title: str
    described: str
    x_axis: str
    y_axis: str
    tick: Callable[[float], str]
    ways: Sequence[Way]
    bodies: Sequence[Body] = field(default_factory=list)
    rings: Sequence[Body] = field(default_factory=list)
    window: tuple[float, float, float, float] | None = None


def plane_chart(chart: Plane, size: str) -> str:
    """Draw the plane at one size."""
    span = window(chart)
    left = 12.0 + max(text_width(chart.tick(t)) for t in (span[2], span[3], 0.5 * span[3]))
    right = svg.WIDTH[size] - 8.0
    wide = right - left
    shape = (span[3] - span[2]) / (span[1] - span[0])
    tall = wide * min(max(shape, _FLAT), _TALL)
    span = fitted(span, tall / wide)
    x = Scale(span[0], span[1], left, right)
    y = Scale(span[2], span[3], _TOP + tall, _TOP)
    clip = f"{chart.key}-{size}-clip"
    shapes = [_ring(item, x, y, span) for item in chart.rings]
    shapes += [_way(item, x, y, span) for item in chart.ways]
    held = tag("clipPath", rect(left, _TOP, wide, tall, "t"), id=clip)
    body = [
        held,
        *_grid(chart, x, y),
        tag("g", "".join(shapes), clip_path=f"url(#{clip})"),
        *_bodies(chart, x, y, span),
        line(left, _TOP + tall, right, _TOP + tall, "base"),
        text(right, _TOP + tall + 36.0, chart.x_axis, "m", anchor="end"),
    ]
    return svg.svg(chart.key, size, _TOP + tall + _FOOT, chart.title, chart.described, body)


def window(chart: Plane) -> tuple[float, float, float, float]:
    """Edges that hold everything, with a margin; a given window is kept."""
    if chart.window is not None:
        return chart.window
    xs = [v for way in chart.ways for v in way.x if math.isfinite(v)]
    ys = [v for way in chart.ways for v in way.y if math.isfinite(v)]
    for item in [*chart.bodies, *chart.rings]:
        xs += [item.x - item.radius, item.x + item.radius]
        ys += [item.y - item.radius, item.y + item.radius]
    if not xs:
        return -1.0, 1.0, -1.0, 1.0
    pad = _PAD * max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    return min(xs) - pad, max(xs) + pad, min(ys) - pad, max(ys) + pad


def fitted(
    span: tuple[float, float, float, float], shape: float
) -> tuple[float, float, float, float]:
    """Window widened to a height over width, so that both axes have one scale.

    >>> fitted((0.0, 4.0, 0.0, 1.0), 0.5)
    (0.0, 4.0, -0.5, 1.5)
    """
    wide, tall = span[1] - span[0], span[3] - span[2]
    more_wide = max(tall / shape - wide, 0.0) / 2.0
    more_tall = max(wide * shape - tall, 0.0) / 2.0
    return span[0] - more_wide, span[1] + more_wide, span[2] - more_tall, span[3] + more_tall


def _grid(chart: Plane, x: Scale, y: Scale) -> list[str]:
    body = [text(0.0, 13.0, chart.y_axis, "m")]
    for value in legible_ticks(x, _TICKS, chart.tick):
        body.append(line(x(value), y.start, x(value), y.end, "grid"))
        body.append(text(x(value), y.start + 17.0, chart.tick(value), "m tick-x", anchor="middle"))
    for value in y.ticks(_TICKS):
        body.append(line(x.start, y(value), x.end, y(value), "grid"))
        body.append(
            text(x.start - 7.0, y(value) + 4.0, chart.tick(value), "m tick-y", anchor="end")
        )
    return body


def _pixel(x: Scale, y: Scale, a: float, b: float) -> Point:
    """Pixel of a place, also beyond the axes."""
    across = (x.end - x.start) / (x.high - x.low)
    return x.start + (a - x.low) * across, y.start - (b - y.low) * across


def _way(way: Way, x: Scale, y: Scale, span: tuple[float, float, float, float]) -> str:
    if way.dots:
        every = max(1, math.ceil(len(way.x) / _DOTS))
        places = list(zip(way.x, way.y, strict=True))[::every]
        drawn = "".join(
            tag("circle", cx=px, cy=py, r=1.7, class_="dot", fill_opacity=0.6)
            for px, py in (_pixel(x, y, a, b) for a, b in places if _inside(a, b, span))
        )
    else:
        drawn = "".join(
            tag("path", d=path(piece), class_="line", stroke_dasharray=way.dash)
            for piece in pieces(way, x, y, span)
        )
    for a, b, name in way.stops:
        if _inside(a, b, span):
            px, py = _pixel(x, y, a, b)
            drawn += tag("circle", tooltip(name), cx=px, cy=py, r=2.6, class_="dot")
    return tag("g", drawn, style=ink(way.color)) if drawn else ""


def _inside(a: float, b: float, span: tuple[float, float, float, float]) -> bool:
    return span[0] <= a <= span[1] and span[2] <= b <= span[3]


def pieces(
    way: Way, x: Scale, y: Scale, span: tuple[float, float, float, float]
) -> list[list[Point]]:
    """Runs of the path near the window, in pixels, without points closer than a pixel."""
    wide, tall = span[1] - span[0], span[3] - span[2]
    near = (span[0] - wide, span[1] + wide, span[2] - tall, span[3] + tall)
    runs: list[list[Point]] = [[]]
    for a, b in zip(way.x, way.y, strict=True):
        if not (math.isfinite(a) and math.isfinite(b) and _inside(a, b, near)):
            if runs[-1]:
                runs.append([])
            continue
        point = _pixel(x, y, a, b)
        if not runs[-1] or math.dist(point, runs[-1][-1]) >= _STEP:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def _ring(item: Body, x: Scale, y: Scale, span: tuple[float, float, float, float]) -> str:
    turns = [2.0 * math.pi * i / 240 for i in range(241)]
    way = Way(
        label=item.label,
        color=item.color,
        x=[item.x + item.radius * math.cos(t) for t in turns],
        y=[item.y + item.radius * math.sin(t) for t in turns],
    )
    drawn = "".join(
        tag("path", d=path(p), class_="ref", fill="none") for p in pieces(way, x, y, span)
    )
    return tag("g", drawn + tooltip(item.label)) if drawn else ""


def _bodies(chart: Plane, x: Scale, y: Scale, span: tuple[float, float, float, float]) -> list[str]:
    scale = (x.end - x.start) / (x.high - x.low)
    seen = [item for item in chart.bodies if _inside(item.x, item.y, span)]
    places = [_pixel(x, y, item.x, item.y) for item in seen]
    radii = [max(item.radius * scale, _LEAST) for item in seen]
    taken = [(px - r, py + r, px + r) for (px, py), r in zip(places, radii, strict=True)]
    body = []
    for item, (px, py), radius in zip(seen, places, radii, strict=True):
        hollow = item.radius == 0.0
        drawn = tag(
            "circle",
            tooltip(item.label),
            cx=px,
            cy=py,
            r=radius,
            class_="mark hollow" if hollow else "dot",
            style=f"stroke:var(--{item.color})" if hollow else None,
        )
        spot = _label(item.label, px, py, radius, x, taken)
        if spot is not None:
            taken.append((spot[0], spot[1], spot[0] + text_width(item.label)))
            drawn += text(*spot, item.label, "label halo")
        body.append(tag("g", drawn, style=ink(item.color)))
    return body


def _label(
    name: str,
    px: float,
    py: float,
    radius: float,
    x: Scale,
    taken: list[tuple[float, float, float]],
) -> tuple[float, float] | None:
    """Left end and baseline of a body's name: the first place where nothing stands yet, if any."""
    width = text_width(name)
    places = [
        (px + radius + 5.0, py + 4.0),
        (px - radius - 5.0 - width, py + 4.0),
        (px - 0.5 * width, py + radius + 15.0),
        (px - 0.5 * width, py - radius - 6.0),
    ]

    def free(place: tuple[float, float]) -> bool:
        left, base = place
        inside = x.start <= left and left + width <= x.end
        return inside and all(
            abs(base - other) > 13.0 or left > right or left + width < start
            for start, other, right in taken
        )

    return next((place for place in places if free(place)), None)
