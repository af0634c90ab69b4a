"""Drawing of the mass-flow Sankey."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from moonbase.report import svg
from moonbase.report.lines import ink
from moonbase.report.sankey import NODE_WIDTH, Box, Layout, Link, Ribbon, layout
from moonbase.report.svg import line, n, rect, tag, text, tooltip

_RIGHT = 150.0
_TOP = 8.0
_THIN = 1.0
_WASTE = ("tailing", "slag", "waste", "vent", "reject", "scrap", "loss", "lost")
_EARTH = ("earth", "import")


def kind(name: str) -> str:
    """Colour of a node by its name: from Earth, waste, or made on the Moon.

    >>> kind("Earth imports"), kind("tailings"), kind("aluminium")
    ('launch', 'rest', 'lunar')
    """
    lower = name.lower()
    if any(word in lower for word in _EARTH):
        return "launch"
    return "rest" if any(word in lower for word in _WASTE) else "lunar"


def sankey_chart(
    key: str,
    title: str,
    described: str,
    links: Sequence[Link],
    value: Callable[[float], str],
    color: Callable[[str], str] = kind,
) -> str:
    """Draw the flows at full width; ``color`` gives the colour of a node by its name."""
    placed = layout(links, svg.WIDTH[svg.LARGE], right=_RIGHT, label_height=_label_height)
    body = [_ribbon(ribbon, value, color) for ribbon in placed.ribbons]
    for box in placed.boxes:
        body.append(_node(box, value, color))
    for box in placed.boxes:
        body += _label(box, placed, value)
    height = placed.height + 2.0 * _TOP
    group = tag("g", "".join(body), transform=f"translate(0 {n(_TOP)})")
    return svg.svg(key, svg.LARGE, height, title, described, [group])


def _ribbon(ribbon: Ribbon, value: Callable[[float], str], color: Callable[[str], str]) -> str:
    link = ribbon.link
    pairs = list(zip(ribbon.points[::2], ribbon.points[1::2], strict=True))
    steps = [f"M{n(pairs[0][0][0])},{n(pairs[0][0][1])}"]
    for i, ((x1, y1), (x2, y2)) in enumerate(pairs):
        middle = (x1 + x2) / 2.0
        if i:
            steps.append(f"L{n(x1)},{n(y1)}")
        steps.append(f"C{n(middle)},{n(y1)} {n(middle)},{n(y2)} {n(x2)},{n(y2)}")
    shown = color(link.target) if color(link.target) == "rest" else color(link.source)
    thin = ribbon.thickness < _THIN
    return tag(
        "path",
        tooltip(f"{link.source} → {link.target}: {value(link.value)}"),
        d=" ".join(steps),
        class_="ribbon thin" if thin else "ribbon",
        stroke_width=max(ribbon.thickness, _THIN),
        style=ink(shown),
    )


def _node(box: Box, value: Callable[[float], str], color: Callable[[str], str]) -> str:
    height = max(box.height, 2.0)
    y = box.y - (height - box.height) / 2.0
    tip = f"{box.name}: in {value(box.inflow)}, out {value(box.outflow)}"
    return rect(box.x, y, NODE_WIDTH, height, "node", tip, style=ink(color(box.name)))


def _room(layer: int, layers: int) -> float:
    """Width that a node's name may take: to the next column, or to the edge."""
    if layer == layers - 1:
        return _RIGHT - NODE_WIDTH - 7.0
    return (svg.WIDTH[svg.LARGE] - _RIGHT - NODE_WIDTH) / (layers - 1) - NODE_WIDTH - 12.0


def _label_height(name: str, layer: int, layers: int) -> float:
    return 14.0 * len(svg.wrap(name, _room(layer, layers), lines=2)) + 17.0


def _label(box: Box, placed: Layout, value: Callable[[float], str]) -> list[str]:
    x = box.x + NODE_WIDTH + 7.0
    room = _room(box.layer, placed.layers)
    body = []
    if abs(box.label_y - (box.y + box.height / 2.0)) > 6.0:
        body.append(line(x - 6.0, box.y + box.height / 2.0, x - 1.0, box.label_y, "leader"))
    rows = svg.wrap(box.name, room, lines=2)
    top = box.label_y - 7.0 * len(rows) + 5.0
    body += [text(x, top + 14.0 * i, row, "t halo") for i, row in enumerate(rows)]
    amount = value(max(box.inflow, box.outflow))
    body.append(text(x, top + 14.0 * len(rows), amount, "m halo", size=11.0))
    return body
