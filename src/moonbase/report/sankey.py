"""Sankey diagram: layered layout, ribbons to scale, every node named with its throughput.

Long ribbons are led through the columns they cross, so that they do not run over other nodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moonbase.report import svg

NODE_WIDTH = 11.0
_GAP = 33.0
_SWEEPS = 12
_EMPTY_GAP = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A flow from one node to another."""

    source: str
    target: str
    value: float


@dataclass(slots=True)
class _Node:
    """A node, or the place where a long ribbon crosses a column (``name`` is then empty)."""

    name: str
    layer: int
    value: float
    y: float = 0.0
    before: list[_Piece] = field(default_factory=list)
    after: list[_Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Piece:
    """Part of a ribbon between two neighbouring columns."""

    link: Link
    start: _Node
    end: _Node
    start_y: float = 0.0
    end_y: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A placed node: top left corner, height, and the centre of its label."""

    name: str
    layer: int
    x: float
    y: float
    height: float
    label_y: float
    inflow: float
    outflow: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A placed link: thickness in pixels and the points that its curve passes, (x, y) in pairs."""

    link: Link
    thickness: float
    points: list[svg.Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A finished layout; ``scale`` is pixels per unit of flow."""

    boxes: list[Box]
    ribbons: list[Ribbon]
    layers: int
    height: float
    scale: float


def acyclic(links: Sequence[Link]) -> tuple[list[Link], list[Link]]:
    """Split into links without a loop, largest first, and those that would close one."""
    kept: list[Link] = []
    cut: list[Link] = []
    reach: dict[str, set[str]] = defaultdict(set)
    for link in sorted(links, key=lambda item: -item.value):
        if link.source == link.target or link.source in reach[link.target]:
            cut.append(link)
            continue
        kept.append(link)
        gained = {link.target} | reach[link.target]
        for name in [n for n, below in reach.items() if link.source in below] + [link.source]:
            reach[name] |= gained
    return kept, cut


def layers_of(links: Sequence[Link]) -> dict[str, int]:
    """Column of each node: longest path from a source; sources stand just before their use."""
    layer = {name: 0 for link in links for name in (link.source, link.target)}
    for _ in layer:
        moved = False
        for link in links:
            if layer[link.target] <= layer[link.source]:
                layer[link.target] = layer[link.source] + 1
                moved = True
        if not moved:
            break
    fed = {link.target for link in links}
    feeding = {link.source for link in links}
    last = max(layer.values(), default=0)
    for name in layer:
        if name not in feeding:
            layer[name] = last
        elif name not in fed:
            layer[name] = min(layer[k.target] for k in links if k.source == name) - 1
    return layer


def layout(
    links: Sequence[Link],
    width: float,
    *,
    right: float,
    label_height: Callable[[str, int, int], float],
    least_height: float = 300.0,
) -> Layout:
    """Place nodes and ribbons in a width, leaving ``right`` pixels for the last column's names.

    ``label_height`` gives the height of a node's label from its name, its column and the number
    of columns.
    """
    kept, _ = acyclic([link for link in links if link.value > 0.0])
    columns = _columns(kept)
    gap = _GAP
    crowd = max((sum(_gap(n, gap) for n in column) for column in columns), default=0.0)
    height = max(least_height, crowd + 0.45 * least_height)
    scale = min(
        (
            (height - sum(_gap(n, gap) for n in column)) / total
            for column in columns
            if (total := sum(n.value for n in column)) > 0.0
        ),
        default=1.0,
    )
    _order(columns)
    _stack(columns, scale, gap, height)
    step = (width - right - NODE_WIDTH) / max(len(columns) - 1, 1)
    ribbons = _ribbons(columns, kept, scale, step)
    return Layout(
        boxes=_boxes(columns, scale, step, height, label_height),
        ribbons=ribbons,
        layers=len(columns),
        height=height,
        scale=scale,
    )


def _gap(node: _Node, gap: float) -> float:
    return gap if node.name else _EMPTY_GAP


def _columns(links: Sequence[Link]) -> list[list[_Node]]:
    layer = layers_of(links)
    inflow: dict[str, float] = defaultdict(float)
    outflow: dict[str, float] = defaultdict(float)
    for link in links:
        outflow[link.source] += link.value
        inflow[link.target] += link.value
    nodes = {name: _Node(name, at, max(inflow[name], outflow[name])) for name, at in layer.items()}
    columns: list[list[_Node]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes.values():
        columns[node.layer].append(node)
    for link in links:
        start = nodes[link.source]
        for at in range(start.layer + 1, layer[link.target] + 1):
            end = nodes[link.target]
            if at < end.layer:
                end = _Node("", at, link.value)
                columns[at].append(end)
            piece = _Piece(link, start, end)
            start.after.append(piece)
            end.before.append(piece)
            start = end
    return columns


def _order(columns: list[list[_Node]]) -> None:
    """Order each column by the mean place of its neighbours, sweeping to and fro."""
    for column in columns:
        column.sort(key=lambda node: -node.value)
        _number(column)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            places = {id(node): _pull(node, forward) for node in column}
            column.sort(key=lambda node: places[id(node)])
            _number(column)


def _number(column: list[_Node]) -> None:
    total = sum(node.value for node in column) or 1.0
    done = 0.0
    for i, node in enumerate(column):
        node.y = (done + node.value / 2.0) / total + 1e-3 * i
        done += node.value


def _pull(node: _Node, forward: bool) -> float:
    pieces = node.before if forward else node.after
    weight = sum(piece.link.value for piece in pieces)
    if weight <= 0.0:
        return node.y
    ends = [(p.start if forward else p.end, p.link.value) for p in pieces]
    return sum(end.y * value for end, value in ends) / weight


def _stack(columns: list[list[_Node]], scale: float, gap: float, height: float) -> None:
    """Set the top of every node; columns settle near their neighbours, keeping their order."""
    for column in columns:
        total = sum(n.value * scale + _gap(n, gap) for n in column)
        y = (height - total) / 2.0
        for node in column:
            node.y = y + _gap(node, gap) / 2.0
            y += node.value * scale + _gap(node, gap)
    for sweep in range(6):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            _settle(column, scale, gap, height, forward)


def _settle(column: list[_Node], scale: float, gap: float, height: float, forward: bool) -> None:
    wanted, floor = [], -1e9
    for node in column:
        pieces = node.before if forward else node.after
        weight = sum(p.link.value for p in pieces)
        centre = node.y + node.value * scale / 2.0
        if weight > 0.0:
            others = [(p.start if forward else p.end, p.link.value) for p in pieces]
            mean = sum((o.y + o.value * scale / 2.0) * v for o, v in others) / weight
            centre += 0.7 * (mean - centre)
        floor = max(floor + 1e-6, centre)
        wanted.append(floor)
    sizes = [node.value * scale + _gap(node, gap) for node in column]
    for node, centre in zip(column, svg.keep_apart(wanted, sizes, 0.0, height), strict=True):
        node.y = centre - node.value * scale / 2.0


def _ribbons(
    columns: list[list[_Node]], links: Sequence[Link], scale: float, step: float
) -> list[Ribbon]:
    for column in columns:
        for node in column:
            y = node.y
            for piece in sorted(node.before, key=lambda p: p.start.y):
                piece.end_y = y + piece.link.value * scale / 2.0
                y += piece.link.value * scale
            y = node.y
            for piece in sorted(node.after, key=lambda p: p.end.y):
                piece.start_y = y + piece.link.value * scale / 2.0
                y += piece.link.value * scale
    points: dict[int, list[svg.Point]] = {id(link): [] for link in links}
    for at, column in enumerate(columns):
        for node in column:
            for piece in node.after:
                start = at * step + (NODE_WIDTH if node.name else NODE_WIDTH / 2.0)
                end = (at + 1) * step + (0.0 if piece.end.name else NODE_WIDTH / 2.0)
                points[id(piece.link)] += [(start, piece.start_y), (end, piece.end_y)]
    return [
        Ribbon(link=link, thickness=link.value * scale, points=points[id(link)]) for link in links
    ]


def _boxes(
    columns: list[list[_Node]],
    scale: float,
    step: float,
    height: float,
    label_height: Callable[[str, int, int], float],
) -> list[Box]:
    boxes = []
    for at, column in enumerate(columns):
        named = [node for node in column if node.name]
        wanted = [node.y + node.value * scale / 2.0 for node in named]
        sizes = [label_height(node.name, at, len(columns)) for node in named]
        labels = svg.keep_apart(wanted, sizes, 0.0, height)
        for node, label_y in zip(named, labels, strict=True):
            boxes.append(
                Box(
                    name=node.name,
                    layer=at,
                    x=at * step,
                    y=node.y,
                    height=node.value * scale,
                    label_y=label_y,
                    inflow=sum(p.link.value for p in node.before),
                    outflow=sum(p.link.value for p in node.after),
                )
            )
    return boxes
