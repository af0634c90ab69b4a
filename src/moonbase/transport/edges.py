"""Speed changes between the nodes of the transport network, with their sources.

Neglected: the date. An edge has one value, as printed in the published sorties; a timed departure
or a shorter trip costs another amount. The descent of the halo-orbit sortie carries no margin for
gravity loss, so sums over different sorties do not compare like with like.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from moonbase.core.errors import DomainError

_FILE = "data/transport/delta_v.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One leg: what it costs in speed, how long it takes, and who says so."""

    from_node: str
    to_node: str
    delta_v_m_s: float
    low_m_s: float
    high_m_s: float
    duration_s: float | None
    kind: str
    source: str
    note: str


@cache
def edges() -> tuple[Edge, ...]:
    """All legs of the shipped table.

    Returns
    -------
    tuple of Edge
        ``low_m_s`` and ``high_m_s`` equal ``delta_v_m_s`` where the table gives no range.

    Examples
    --------
    >>> [e.delta_v_m_s for e in edges() if e.to_node == "LLPO"]
    [4104.0, 1906.0]
    """
    text = (files("moonbase") / _FILE).read_text(encoding="utf-8")
    return tuple(
        Edge(
            from_node=row["from_node"],
            to_node=row["to_node"],
            delta_v_m_s=float(row["delta_v_m_s"]),
            low_m_s=float(row["low_m_s"] or row["delta_v_m_s"]),
            high_m_s=float(row["high_m_s"] or row["delta_v_m_s"]),
            duration_s=float(row["duration_s"]) if row["duration_s"] else None,
            kind=row["kind"],
            source=row["source"],
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )


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
    table = {(e.from_node, e.to_node): e.delta_v_m_s for e in edges()}
    total = 0.0
    for leg in pairwise(nodes):
        if leg not in table:
            ways = sorted(to for start, to in table if start == leg[0])
            raise DomainError(
                f"no leg from {leg[0]} to {leg[1]}",
                path="nodes",
                hint=f"from {leg[0]} the table leads to: {', '.join(ways) or 'nowhere'}",
            )
        total += table[leg]
    return total
