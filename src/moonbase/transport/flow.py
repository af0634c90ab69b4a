"""Cheapest way to move a year's cargo: a linear flow of cargo, oxidiser, fuel and ships.

Every leg burns propellant in proportion to what it carries: ``(R - 1)`` times the mass that
arrives. Ships are a commodity too, so the plan decides whether they come back. The duals of the
balances are the prices of one more kilogram at each node.

Neglected: whole ships (flows are fractional), several kinds of ship in one plan, order inside a
period, boil-off of stores in a plan of one period. The form follows the generalised
multi-commodity network flow of Ishimatsu, Ho and Chen (arXiv 2308.00632 and later).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, exp, inf

import numpy as np

from moonbase.core.constants import DAY_s, STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError, InfeasibleError, NumericalError
from moonbase.transport.edges import Edge, edges, node_name
from moonbase.transport.vehicles import Vehicle, vehicle

COMMODITIES = ("cargo", "oxidiser", "fuel", "ship")
"""What flows: kilograms of the first three, a number of the last."""
_SCALE_kg = 1e5
"""Mass unit inside the program, so that masses and ships have like size."""
_INFEASIBLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What can be had at a node: cost of a kilogram (of a ship) and the most per period.

    ``amount_kg`` is a number of ships where the commodity is ``ship``.
    """

    node: str
    commodity: str
    unit_cost_usd: float
    amount_kg: float = inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What must be at a node, in kilograms (ships: a number), in the period (-1: the last)."""

    node: str
    amount_kg: float
    commodity: str = "cargo"
    period: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A leg that ships may fly: ``cost_usd`` is spent per ship."""

    from_node: str
    to_node: str
    delta_v_m_s: float
    duration_s: float = 0.0
    window_s: float = 0.0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFlow:
    """What leaves on a leg in a period; commodities in kg on arrival."""

    from_node: str
    to_node: str
    period: int
    n_ships: float
    cargo_kg: float
    oxidiser_kg: float
    fuel_kg: float
    burnt_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoPlan:
    """Cheapest flows. ``supplied_kg`` follows the supplies, summed over periods."""

    flows: tuple[LegFlow, ...]
    supplies: tuple[Supply, ...]
    supplied_kg: tuple[float, ...]
    total_usd: float
    shadow_usd: dict[tuple[str, str, int], float]

    def shadow_usd_kg(self, *, node: str, commodity: str = "cargo", period: int = -1) -> float:
        """Cost of one more kilogram (ship) of a commodity at a node in a period, USD."""
        last = max(key[2] for key in self.shadow_usd)
        when = last if period < 0 else period
        return self.shadow_usd[node_name(node), commodity, when]


def network_legs(*, nodes: Sequence[str], relaunch_usd: float | None = None) -> tuple[Leg, ...]:
    """Legs of the shipped table among some nodes.

    Parameters
    ----------
    nodes : sequence of str
        Nodes or aliases.
    relaunch_usd : float, optional
        Cost of a launch that brings a ship from Earth entry back to LEO, USD; without it ships do
        not come back to service.

    Returns
    -------
    tuple of Leg
        Speed changes in m/s, times in s.

    Examples
    --------
    >>> [leg.to_node for leg in network_legs(nodes=("LEO", "LLPO", "Moon"))]
    ['LLPO', 'south pole', 'LLPO']
    """
    inside = {node_name(n) for n in nodes}
    legs = [_leg(e) for e in edges() if {e.from_node, e.to_node} <= inside]
    if relaunch_usd is not None:
        legs.append(
            Leg(from_node="Earth entry", to_node="LEO", delta_v_m_s=0.0, cost_usd=relaunch_usd)
        )
    return tuple(legs)


def plan_cargo(
    *,
    ship: Vehicle | str,
    legs: Sequence[Leg],
    supplies: Sequence[Supply],
    demands: Sequence[Demand],
    n_periods: int = 1,
    period_s: float = inf,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> CargoPlan:
    """Plan the cheapest flows that meet all demands.

    Parameters
    ----------
    ship : Vehicle or str
        Ship that flies every leg; scalar numbers.
    legs : sequence of Leg
        For example of :func:`network_legs`.
    supplies : sequence of Supply
        What can be bought or made, where, at what cost.
    demands : sequence of Demand
        What must arrive.
    n_periods : int
        Periods of a time-expanded plan; stores and ships carry over, stores with boil-off.
    period_s : float
        Length of a period, s. A leg takes its duration rounded up to whole periods if it is
        longer than one, else it ends in the period in which it starts.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    CargoPlan
        Flows by leg and period, what was supplied, total cost (USD) and the price of one more
        kilogram of each commodity at each node and period.

    Raises
    ------
    DomainError
        When a commodity or node is unknown, or the ship is given as draws.
    InfeasibleError
        When no flow meets the demands.
    NumericalError
        When the solver gives up.

    Notes
    -----
    Minimises ``sum(cost x supply) + sum(leg cost x ships)``. Balance of every commodity at every
    node and period; propellant at departure <= tank x ships; cargo <= payload x ships. Solved by
    HiGHS through SciPy.

    Examples
    --------
    >>> plan = plan_cargo(
    ...     ship=Vehicle(dry_kg=120e3, specific_impulse_s=375.0, tank_kg=1.2e6, payload_kg=100e3),
    ...     legs=network_legs(nodes=("LEO", "LLPO", "Moon")),
    ...     supplies=(
    ...         Supply(node="LEO", commodity="cargo", unit_cost_usd=100.0),
    ...         Supply(node="LEO", commodity="oxidiser", unit_cost_usd=100.0),
    ...         Supply(node="LEO", commodity="fuel", unit_cost_usd=100.0),
    ...         Supply(node="LEO", commodity="ship", unit_cost_usd=0.0),
    ...     ),
    ...     demands=(Demand(node="Moon", amount_kg=1e6),),
    ... )
    >>> round(plan.shadow_usd_kg(node="Moon"), 2)
    1049.82
    """
    if n_periods < 1 or not period_s > 0.0:
        raise DomainError("needs a period", path="n_periods", hint="n_periods >= 1, period_s > 0")
    program = _Program(_ship(ship), legs, n_periods, period_s, g0_m_s2)
    for supply in supplies:
        program.add_supply(supply)
    for demand in demands:
        program.add_demand(demand)
    return program.solve(tuple(supplies))


def _leg(edge: Edge) -> Leg:
    return Leg(
        from_node=edge.from_node,
        to_node=edge.to_node,
        delta_v_m_s=edge.delta_v_m_s,
        duration_s=edge.duration_s or 0.0,
        window_s=edge.window_s,
    )


def _ship(ship: Vehicle | str) -> Vehicle:
    found = vehicle(name=ship) if isinstance(ship, str) else ship
    for key in ("dry_kg", "specific_impulse_s", "tank_kg", "payload_kg", "oxidiser_fuel_ratio"):
        if np.ndim(getattr(found, key)) > 0:
            raise DomainError("must be one number", path=f"ship.{key}", hint="plan one draw a time")
    return found


@dataclass(slots=True)
class _Rows:
    """Sparse rows of ``A x <= b``."""

    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)

    def new(self, right: float = 0.0) -> int:
        self.right.append(right)
        return len(self.right) - 1

    def put(self, row: int, column: int, value: float) -> None:
        if value != 0.0:
            self.row.append(row)
            self.column.append(column)
            self.value.append(value)


class _Program:
    """The linear program: columns of supplies, legs and stores, rows of balances and limits."""

    def __init__(
        self, ship: Vehicle, legs: Sequence[Leg], n_periods: int, period_s: float, g0: float
    ) -> None:
        self.ship, self.n, self.period_s, self.g0 = ship, n_periods, period_s, g0
        self.rows = _Rows()
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.balance: dict[tuple[str, str, int], int] = {}
        names = [(node_name(x.from_node), node_name(x.to_node)) for x in legs]
        for node in dict.fromkeys(n for pair in names for n in pair):
            for t in range(n_periods):
                for what in COMMODITIES:
                    self.balance[node, what, t] = self.rows.new()
        self.flights: list[tuple[Leg, int, float, tuple[int, ...]]] = []
        self.supplied: list[list[int]] = []
        self.share = float(ship.oxidiser_fuel_ratio) / (1.0 + float(ship.oxidiser_fuel_ratio))
        for leg, pair in zip(legs, names, strict=True):
            for t in range(n_periods):
                if self._open(leg, t):
                    self._fly(leg, pair, t)
        self._store()

    def _column(self, cost: float = 0.0, upper: float = inf) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def _open(self, leg: Leg, t: int) -> bool:
        """Whether an opportunity falls into the period; they come every window from the start."""
        if leg.window_s <= self.period_s:
            return True
        first = ceil(t * self.period_s / leg.window_s - 1e-9)
        return first * leg.window_s < (t + 1) * self.period_s

    def _kept(self, time_s: float) -> float:
        return float((1.0 - np.asarray(self.ship.boil_off_1_day)) ** (time_s / DAY_s))

    def _fly(self, leg: Leg, pair: tuple[str, str], t: int) -> None:
        slow = leg.duration_s > self.period_s
        arrival = t + (ceil(leg.duration_s / self.period_s) if slow else 0)
        ratio = exp(leg.delta_v_m_s / (float(self.ship.specific_impulse_s) * self.g0))
        columns = tuple(
            self._column(leg.cost_usd if what == "ship" else 0.0) for what in COMMODITIES
        )
        start, end = pair
        kept = self._kept(leg.duration_s)
        dry = float(self.ship.dry_kg) / _SCALE_kg
        mass = dict(zip(COMMODITIES, (1.0, 1.0, 1.0, dry), strict=True))
        burns = {"oxidiser": self.share, "fuel": 1.0 - self.share}
        tank = self.rows.new()
        for what, column in zip(COMMODITIES, columns, strict=True):
            self.rows.put(self.balance[start, what, t], column, 1.0)
            for part, share in burns.items():
                self.rows.put(
                    self.balance[start, part, t], column, (ratio - 1.0) * mass[what] * share
                )
            if arrival < self.n:
                left = kept if what in burns else 1.0
                self.rows.put(self.balance[end, what, arrival], column, -left)
            aboard = (ratio - 1.0) * mass[what] + (1.0 if what in burns else 0.0)
            if np.isfinite(self.ship.tank_kg):
                limit = float(self.ship.tank_kg) / _SCALE_kg if what == "ship" else 0.0
                self.rows.put(tank, column, aboard - limit)
        if np.isfinite(self.ship.payload_kg):
            hold = self.rows.new()
            self.rows.put(hold, columns[0], 1.0)
            self.rows.put(hold, columns[3], -float(self.ship.payload_kg) / _SCALE_kg)
        self.flights.append((leg, t, ratio, columns))

    def _store(self) -> None:
        kept = self._kept(self.period_s) if self.n > 1 else 1.0
        for (node, what, t), row in list(self.balance.items()):
            if t + 1 < self.n:
                column = self._column()
                self.rows.put(row, column, 1.0)
                left = kept if what in ("oxidiser", "fuel") else 1.0
                self.rows.put(self.balance[node, what, t + 1], column, -left)

    def _row(self, node: str, what: str, t: int) -> int:
        if what not in COMMODITIES:
            raise DomainError(
                f"no commodity {what!r}", path="commodity", hint=f"one of: {', '.join(COMMODITIES)}"
            )
        key = (node_name(node), what, t)
        if key not in self.balance:
            raise DomainError(f"{node} in period {t} is on no leg", path="node", hint="add a leg")
        return self.balance[key]

    def add_supply(self, supply: Supply) -> None:
        unit = 1.0 if supply.commodity == "ship" else _SCALE_kg
        columns = []
        for t in range(self.n):
            row = self._row(supply.node, supply.commodity, t)
            column = self._column(supply.unit_cost_usd * unit, supply.amount_kg / unit)
            self.rows.put(row, column, -1.0)
            columns.append(column)
        self.supplied.append(columns)

    def add_demand(self, demand: Demand) -> None:
        unit = 1.0 if demand.commodity == "ship" else _SCALE_kg
        t = self.n - 1 if demand.period < 0 else demand.period
        self.rows.right[self._row(demand.node, demand.commodity, t)] -= demand.amount_kg / unit

    def solve(self, supplies: tuple[Supply, ...]) -> CargoPlan:
        from scipy.optimize import linprog
        from scipy.sparse import coo_matrix

        shape = (len(self.rows.right), len(self.cost))
        matrix = coo_matrix((self.rows.value, (self.rows.row, self.rows.column)), shape=shape)
        bounds = np.column_stack([np.zeros(len(self.upper)), self.upper])
        answer = linprog(self.cost, matrix.tocsr(), self.rows.right, bounds=bounds, method="highs")
        if answer.status == _INFEASIBLE:
            raise InfeasibleError(
                "no flow meets the demands",
                path="demands",
                hint="check that a route joins supply and demand in time, that every commodity "
                "has a supply, and that supplies and tank are large enough",
            )
        if answer.status != 0:
            raise NumericalError(answer.message, path="plan_cargo", hint="check costs and amounts")
        return self._read(answer.x, answer.ineqlin.marginals, float(answer.fun), supplies)

    def _read(
        self, x: object, marginals: object, total: float, supplies: tuple[Supply, ...]
    ) -> CargoPlan:
        amounts, duals = np.asarray(x), np.asarray(marginals)
        flows = []
        for leg, t, ratio, columns in self.flights:
            cargo, oxidiser, fuel = (float(amounts[c]) * _SCALE_kg for c in columns[:3])
            ships = float(amounts[columns[3]])
            arriving = cargo + oxidiser + fuel + ships * float(self.ship.dry_kg)
            flows.append(
                LegFlow(
                    from_node=node_name(leg.from_node),
                    to_node=node_name(leg.to_node),
                    period=t,
                    n_ships=ships,
                    cargo_kg=cargo,
                    oxidiser_kg=oxidiser,
                    fuel_kg=fuel,
                    burnt_kg=(ratio - 1.0) * arriving,
                )
            )
        units = {what: 1.0 if what == "ship" else _SCALE_kg for what in COMMODITIES}
        return CargoPlan(
            flows=tuple(f for f in flows if f.n_ships > 1e-9),
            supplies=supplies,
            supplied_kg=tuple(
                float(amounts[c].sum()) * units[s.commodity]
                for s, c in zip(supplies, self.supplied, strict=True)
            ),
            total_usd=total,
            shadow_usd={
                key: max(-float(duals[row]), 0.0) / units[key[1]]
                for key, row in self.balance.items()
            },
        )
