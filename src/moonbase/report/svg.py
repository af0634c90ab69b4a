"""SVG by hand: elements, text that is measured before it is placed, and labels kept apart.

Charts carry classes and CSS variables only, so the page's style sheet decides every colour.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field

SMALL, MEDIUM, LARGE = "s", "m", "l"
WIDTH = {SMALL: 360.0, MEDIUM: 540.0, LARGE: 1120.0}
"""Drawing widths: phone, column of the page, full page. The page shows one of them."""
FONT = 12.5
LINE = 1.25
_NARROW = frozenset("iljtfrI.,:;'|!()[]/ -–")
_WIDE = frozenset("mwMW%@→")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same facts as a table, for readers who cannot see the picture."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One finished figure: the finding, the pictures by size, how to read it, its table."""

    key: str
    title: str
    subtitle: str
    caption: str
    pictures: dict[str, str]
    table: Table
    wide: bool = False
    legend: list[tuple[str, str]] = field(default_factory=list)


def escape(text: object) -> str:
    """Escape for element content and attribute values."""
    return html.escape(str(text), quote=True)


def n(value: float) -> str:
    """Write a coordinate with at most two decimals.

    >>> n(3.0), n(2.456), n(-0.001)
    ('3', '2.46', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Build one element; content is markup, attribute values are escaped.

    >>> tag("rect", x=1.5, class_="bar", stroke_width=2)
    '<rect x="1.5" class="bar" stroke-width="2"/>'
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        shown = n(value) if isinstance(value, float) else escape(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{shown}"')
    head = " ".join(parts)
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def text(
    x: float,
    y: float,
    content: object,
    class_: str = "t",
    *,
    anchor: str = "start",
    size: float = FONT,
) -> str:
    """One line of text on its baseline."""
    return tag(
        "text",
        escape(content),
        x=x,
        y=y,
        class_=class_,
        text_anchor=anchor if anchor != "start" else None,
        font_size=size,
    )


def tooltip(content: str) -> str:
    """Hover text of the element it is put into."""
    return f"<title>{escape(content)}</title>"


def path(points: Sequence[Point], *, closed: bool = False) -> str:
    """Path data of a polyline."""
    steps = " L".join(f"{n(x)},{n(y)}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}"


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """One straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(
    x: float, y: float, width: float, height: float, class_: str, tip: str = "", **more: object
) -> str:
    """One rectangle, with hover text when given."""
    content = tooltip(tip) if tip else ""
    return tag(
        "rect", content, x=x, y=y, width=width, height=max(height, 0.0), class_=class_, **more
    )


def svg(key: str, size: str, height: float, title: str, described: str, body: list[str]) -> str:
    """Wrap a body into an accessible svg of one of the drawing widths."""
    name = f"{key}-{size}"
    head = (
        f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(described)}</desc>'
    )
    return (
        f'<svg class="size-{size}" viewBox="0 0 {n(WIDTH[size])} {n(height)}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" preserveAspectRatio="xMidYMin meet">'
        f"{head}{''.join(body)}</svg>"
    )


def text_width(content: str, size: float = FONT) -> float:
    """Estimate the width of a line in a common sans-serif, a little on the safe side.

    >>> 40.0 < text_width("Lunar-built") < 70.0
    True
    """
    units = 0.0
    for letter in content:
        if letter in _NARROW:
            units += 0.32
        elif letter in _WIDE:
            units += 0.9
        elif letter.isupper():
            units += 0.7
        elif letter.isascii():
            units += 0.57
        else:
            units += 0.8
    return units * size * 1.03


def wrap(content: str, width: float, size: float = FONT, lines: int = 3) -> list[str]:
    """Break at spaces into at most ``lines`` lines; what does not fit ends in an ellipsis.

    >>> wrap("silicon solar cells", 70.0)
    ['silicon', 'solar cells']
    """
    rows: list[str] = []
    for word in content.split():
        joined = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(joined, size) <= width:
            rows[-1] = joined
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [clip(row, width, size) for row in rows] or [""]


def clip(content: str, width: float, size: float = FONT) -> str:
    """Shorten a line to a width, marked by an ellipsis."""
    if text_width(content, size) <= width:
        return content
    while content and text_width(content + "…", size) > width:
        content = content[:-1]
    return content.rstrip() + "…"


def keep_apart(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Centres as near as possible to the wanted ones, without overlap, within low to high.

    Boxes keep their order. Groups that touch settle at the mean of what they want (the
    least-squares answer for one dimension). Where the room does not suffice they overlap evenly.

    >>> keep_apart([10.0, 11.0], [4.0, 4.0], 0.0, 100.0)
    [8.5, 12.5]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    room = high - low
    squeeze = min(1.0, room / total) if (total := sum(heights)) > 0.0 else 1.0
    blocks: list[tuple[float, list[int], float]] = []
    for i in order:
        size = heights[i] * squeeze
        top, members, height = wanted[i] - size / 2.0, [i], size
        top = min(max(top, low), high - height)
        while blocks and blocks[-1][0] + blocks[-1][2] > top + 1e-9:
            _, before, height_before = blocks.pop()
            members, height = before + members, height_before + height
            top = _mean_top(members, wanted, heights, squeeze)
            top = min(max(top, low), high - height)
        blocks.append((top, members, height))
    centres = [0.0] * len(wanted)
    for top, members, _ in blocks:
        for i in members:
            centres[i] = top + heights[i] * squeeze / 2.0
            top += heights[i] * squeeze
    return centres


def _mean_top(
    members: Sequence[int], wanted: Sequence[float], heights: Sequence[float], squeeze: float
) -> float:
    """Top of a block whose members then lie, on average, where they want to."""
    offset, tops = 0.0, 0.0
    for i in members:
        size = heights[i] * squeeze
        tops += wanted[i] - size / 2.0 - offset
        offset += size
    return tops / len(members)
