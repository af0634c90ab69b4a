"""The transport network: nodes, the legs between them, and routes.

Neglected: the date. A leg has one value, as printed in the published sorties or derived by the
formula of its note; a timed departure or a shorter trip costs another amount, which the range
holds. The descent of the halo-orbit sortie carries no margin for gravity loss, so sums over
different sorties do not compare like with like: no leg joins their two lunar orbits.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from moonbase.core.errors import DomainError

_FOLDER = "data/transport"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place where ships and stores can be.

    ``body`` is what it belongs to; ``kind`` is surface, orbit, point, transfer, escape or entry.
    """

    name: str
    body: str
    kind: str
    aliases: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One leg: what it costs in speed, how long it takes, and who says so.

    ``duration_s`` is None where no time is known, ``window_s`` the time between opportunities (0:
    any time). ``departure_frac`` is the part of the speed change made at the start of the leg; the
    rest is made on arrival.
    """

    from_node: str
    to_node: str
    delta_v_m_s: float
    low_m_s: float
    high_m_s: float
    duration_s: float | None
    kind: str
    source: str
    note: str
    window_s: float = 0.0
    departure_frac: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Legs from one node to another. ``window_s`` is the longest wait between opportunities."""

    nodes: tuple[str, ...]
    legs: tuple[Edge, ...]
    delta_v_m_s: float
    low_m_s: float
    high_m_s: float
    duration_s: float
    window_s: float


@cache
def nodes() -> tuple[Node, ...]:
    """All nodes of the shipped network.

    Returns
    -------
    tuple of Node
        In the order of the table.

    Examples
    --------
    >>> [n.name for n in nodes() if n.body == "Mars"]
    ['Mars transfer', 'Mars orbit', 'Mars surface']
    """
    return tuple(
        Node(
            name=row["node"],
            body=row["body"],
            kind=row["kind"],
            aliases=tuple(a for a in row["aliases"].split("; ") if a),
            note=row["note"],
        )
        for row in _rows("nodes.csv")
    )


@cache
def edges() -> tuple[Edge, ...]:
    """All legs of the shipped table.

    Returns
    -------
    tuple of Edge
        ``low_m_s`` and ``high_m_s`` equal ``delta_v_m_s`` where the table gives no range.

    Examples
    --------
    >>> [e.delta_v_m_s for e in edges() if e.to_node == "LLPO" and e.kind == "published"]
    [4104.0, 1906.0]
    """
    return tuple(
        Edge(
            from_node=row["from_node"],
            to_node=row["to_node"],
            delta_v_m_s=float(row["delta_v_m_s"]),
            low_m_s=float(row["low_m_s"] or row["delta_v_m_s"]),
            high_m_s=float(row["high_m_s"] or row["delta_v_m_s"]),
            duration_s=float(row["duration_s"]) if row["duration_s"] else None,
            window_s=float(row["window_s"] or 0.0),
            departure_frac=_departure(row["burns_m_s"]),
            kind=row["kind"],
            source=row["source"],
            note=row["note"],
        )
        for row in _rows("delta_v.csv")
    )


def node_name(name: str) -> str:
    """Name of a node in the table, from that name or one of its aliases.

    Parameters
    ----------
    name : str
        ``"lunar surface"`` is the south pole, ``"Moon"`` too; case does not matter.

    Returns
    -------
    str
        The name that the legs use.

    Raises
    ------
    DomainError
        When there is no such node.

    Examples
    --------
    >>> node_name("lunar surface")
    'south pole'
    """
    known = _names()
    if name.casefold() not in known:
        raise DomainError(
            f"no node {name!r}", path="node", hint=f"nodes: {', '.join(n.name for n in nodes())}"
        )
    return known[name.casefold()]


def path_delta_v(*, nodes: Sequence[str]) -> float:
    """Sum of the speed changes along a path.

    Parameters
    ----------
    nodes : sequence of str
        Nodes in the order of travel, for example ``("LEO", "LLPO", "south pole")``.

    Returns
    -------
    float
        Sum of the legs, m/s.

    Raises
    ------
    DomainError
        When two consecutive nodes are joined by no leg.

    Notes
    -----
    Source: SpaceNet 2.5r2, quick start 1; SpaceNet Python port, quick start 3 (2024).

    Examples
    --------
    >>> path_delta_v(nodes=("LEO", "LLPO", "south pole"))
    6145.0
    """
    return _joined([node_name(n) for n in nodes]).delta_v_m_s


def route(*, origin: str, destination: str, via: Sequence[str] = ()) -> Route:
    """Way from one node to another.

    Parameters
    ----------
    origin, destination : str
        Nodes or aliases.
    via : sequence of str
        Nodes between, in the order of travel; a leg must then join each to the next. Without
        them, the way with the fewest legs is taken, and of several such the one with the least
        speed change.

    Returns
    -------
    Route
        Legs, their summed speed change with its range (m/s), their summed duration (s) and the
        longest time between opportunities (s).

    Raises
    ------
    DomainError
        When a node is not known or no way joins the nodes.

    Notes
    -----
    Ranges add as if all legs were at their low or high ends together.

    Examples
    --------
    >>> way = route(origin="LEO", destination="lunar surface")
    >>> way.nodes, way.delta_v_m_s, way.duration_s / 86400.0
    (('LEO', 'LLPO', 'south pole'), 6145.0, 4.5)
    """
    names = [node_name(n) for n in (origin, *via, destination)]
    if not via:
        names = list(_search(names[0], names[1]) or names)
    return _joined(names)


def _joined(names: Sequence[str]) -> Route:
    if len(names) < 2:
        raise DomainError("a path joins two nodes or more", path="nodes", hint=f"got {names}")
    table = _table()
    legs = []
    for leg in pairwise(names):
        if leg not in table:
            ways = sorted(to for start, to in table if start == leg[0])
            raise DomainError(
                f"no leg from {leg[0]} to {leg[1]}",
                path="nodes",
                hint=f"from {leg[0]} the table leads to: {', '.join(ways) or 'nowhere'}",
            )
        legs.append(table[leg])
    return Route(
        nodes=tuple(names),
        legs=tuple(legs),
        delta_v_m_s=sum(e.delta_v_m_s for e in legs),
        low_m_s=sum(e.low_m_s for e in legs),
        high_m_s=sum(e.high_m_s for e in legs),
        duration_s=sum(e.duration_s or 0.0 for e in legs),
        window_s=max(e.window_s for e in legs),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("moonbase") / _FOLDER / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _departure(burns: str) -> float:
    speeds = [float(part.split()[0]) for part in burns.split("; ") if part]
    return speeds[0] / sum(speeds) if speeds else 1.0


@cache
def _names() -> dict[str, str]:
    return {key.casefold(): n.name for n in nodes() for key in (n.name, *n.aliases)}


@cache
def _table() -> dict[tuple[str, str], Edge]:
    return {(e.from_node, e.to_node): e for e in edges()}


@cache
def _search(start: str, end: str) -> tuple[str, ...] | None:
    """Nodes of the way with the fewest legs, then the least speed change."""
    best: dict[str, tuple[float, tuple[str, ...]]] = {start: (0.0, (start,))}
    while best and end not in best:
        further: dict[str, tuple[float, tuple[str, ...]]] = {}
        for name, (cost, way) in best.items():
            for edge in edges():
                if edge.from_node != name or edge.to_node in way:
                    continue
                total = cost + edge.delta_v_m_s
                if edge.to_node not in further or total < further[edge.to_node][0]:
                    further[edge.to_node] = (total, (*way, edge.to_node))
        best = further
    return best[end][1] if end in best else None
