"""Picture of a grid of cells over two axes, each cell of one kind; a key names the kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moonbase.report import svg
from moonbase.report.lines import ink
from moonbase.report.scales import Scale, legible_ticks
from moonbase.report.svg import line, n, rect, tag, text, text_width

_HEIGHT = {svg.SMALL: 230.0, svg.MEDIUM: 290.0, svg.LARGE: 380.0}
_TOP = 24.0
_FOOT = 46.0
_TICKS = 6
_HOVERS = (48, 12)
"""Hover boxes across and up, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How cells of one kind look: a colour, lighter where the opacity is less."""

    label: str
    color: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A grid: ``kinds[codes[i][j]]`` at ``x[i]`` and ``y[j]``, axes even; a code of -1 is empty."""

    key: str
    title: str
    described: str
    x_axis: str
    y_axis: str
    x: Sequence[float]
    y: Sequence[float]
    codes: Sequence[Sequence[int]]
    kinds: Sequence[Kind]
    x_tick: Callable[[float], str]
    y_tick: Callable[[float], str]
    hover: Callable[[int, int], str]
    marks: Sequence[tuple[float, float, str]] = field(default_factory=list)


def cells_chart(chart: Cells, size: str) -> str:
    """Draw the grid at one size."""
    half_x, half_y = (0.5 * (axis[-1] - axis[0]) / (len(axis) - 1) for axis in (chart.x, chart.y))
    ends = (chart.y[0] - half_y, chart.y[-1] + half_y)
    left = 12.0 + max(text_width(chart.y_tick(v)) for v in (*ends, 0.5 * sum(ends)))
    rows = _key_rows(chart, svg.WIDTH[size])
    top = _TOP + 20.0 * len(rows)
    bottom = top + _HEIGHT[size]
    x = Scale(chart.x[0] - half_x, chart.x[-1] + half_x, left, svg.WIDTH[size] - 8.0)
    y = Scale(*ends, bottom, top)
    body = [*_key(rows), text(0.0, top - 8.0, chart.y_axis, "m")]
    for code, kind in enumerate(chart.kinds):
        shape = _shape(chart, code, x, y)
        if shape:
            cell = tag("path", d=shape, class_="cell", fill_opacity=kind.opacity)
            body.append(tag("g", cell, style=ink(kind.color)))
    for value in legible_ticks(x, _TICKS, chart.x_tick):
        body.append(line(x(value), bottom, x(value), bottom + 4.0, "base"))
        body.append(text(x(value), bottom + 17.0, chart.x_tick(value), "m tick-x", anchor="middle"))
    for value in y.ticks(5):
        body.append(text(left - 7.0, y(value) + 4.0, chart.y_tick(value), "m tick-y", anchor="end"))
    body.append(line(left, bottom, x.end, bottom, "base"))
    body.append(text(x.end, bottom + 36.0, chart.x_axis, "m", anchor="end"))
    body += [_mark(x(a), y(b), name, x) for a, b, name in chart.marks]
    if size != svg.SMALL:
        body += _hover(chart, x, y)
    return svg.svg(chart.key, size, bottom + _FOOT, chart.title, chart.described, body)


def _shape(chart: Cells, code: int, x: Scale, y: Scale) -> str:
    """Path of all cells of a kind: neighbours along x are one box."""
    wide = (x.end - x.start) / len(chart.x)
    tall = (y.start - y.end) / len(chart.y)
    steps = []
    for j in range(len(chart.y)):
        top = y.start - (j + 1) * tall
        for start, stop in runs([column[j] == code for column in chart.codes]):
            left, right = n(x.start + start * wide), n(x.start + stop * wide)
            steps.append(f"M{left},{n(top)}H{right}V{n(top + tall)}H{left}z")
    return "".join(steps)


def runs(holds: Sequence[bool]) -> list[tuple[int, int]]:
    """First and one-past-last index of every unbroken run.

    >>> runs([True, True, False, True])
    [(0, 2), (3, 4)]
    """
    edges = [i for i in range(len(holds) + 1) if holds_at(holds, i) != holds_at(holds, i - 1)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def holds_at(holds: Sequence[bool], i: int) -> bool:
    """Value of a run, False beyond its ends.

    >>> holds_at([True], -1), holds_at([True], 0)
    (False, True)
    """
    return 0 <= i < len(holds) and holds[i]


def _seen(chart: Cells) -> list[Kind]:
    codes = {code for column in chart.codes for code in column}
    return [kind for i, kind in enumerate(chart.kinds) if i in codes]


def _key_rows(chart: Cells, width: float) -> list[list[tuple[float, Kind]]]:
    """Kinds that occur, with their left ends, broken into rows."""
    rows: list[list[tuple[float, Kind]]] = [[]]
    at = 0.0
    for kind in _seen(chart):
        wide = 17.0 + text_width(kind.label) + 14.0
        if rows[-1] and at + wide > width:
            rows.append([])
            at = 0.0
        rows[-1].append((at, kind))
        at += wide
    return rows


def _key(rows: Sequence[Sequence[tuple[float, Kind]]]) -> list[str]:
    body = []
    for i, row in enumerate(rows):
        for left, kind in row:
            box = rect(left, 2.0 + 20.0 * i, 11.0, 11.0, "fill", fill_opacity=kind.opacity)
            name = text(left + 17.0, 12.0 + 20.0 * i, kind.label)
            body.append(tag("g", box + name, style=ink(kind.color)))
    return body


def _mark(px: float, py: float, name: str, x: Scale) -> str:
    width = text_width(name)
    left = px + 8.0 if px + 8.0 + width < x.end else px - 8.0 - width
    dot = tag("circle", cx=px, cy=py, r=4.0, class_="mark hollow")
    return dot + text(left, py + 4.0, name, "halo")


def _hover(chart: Cells, x: Scale, y: Scale) -> list[str]:
    """Boxes over groups of cells; each tells of the cell in its middle."""
    body = []
    across, up = (max(1, -(-len(a) // m)) for a, m in zip((chart.x, chart.y), _HOVERS, strict=True))
    wide = (x.end - x.start) / len(chart.x)
    tall = (y.start - y.end) / len(chart.y)
    for i in range(0, len(chart.x), across):
        for j in range(0, len(chart.y), up):
            n_x, n_y = min(across, len(chart.x) - i), min(up, len(chart.y) - j)
            tip = chart.hover(i + n_x // 2, j + n_y // 2)
            top = y.start - (j + n_y) * tall
            body.append(rect(x.start + i * wide, top, n_x * wide, n_y * tall, "hit", tip))
    return body
