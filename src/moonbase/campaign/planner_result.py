"""What a plan says: what is built, made, landed and thrown, what binds, and what one more is worth.

A shadow price is the change of the goal, over the whole horizon and undiscounted unless the goal
discounts, from one more unit of a means in one period, with everything else re-planned around it.
It says what the unit is worth to this goal with the future known, not what it costs to get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.campaign.path import Path
from moonbase.campaign.planner_world import World
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError

_SLIGHT = 1e-6
"""Share of all rents below which a limit is not said to bind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverInfo:
    """How the solver got there. ``gap_frac`` is not 0 only with whole numbers."""

    status: str
    solver: str
    wall_s: float
    build_s: float
    n_solves: int
    n_iterations: int
    n_columns: int
    n_rows: int
    n_entries: int
    gap_frac: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A limit that binds in a period.

    ``price`` is what one more ``unit`` is worth, in the unit of the objective; ``rent_frac`` the
    limit's price times its amount over the sum of these of its kind: ``limit`` from outside
    (landings, finished plant, growth, demand) or ``means`` that the industry made (plant, power,
    robots, driver).
    """

    year: float
    limit: str
    kind: str
    price: float
    unit: str
    rent_frac: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One band of a Sankey: mass or energy a year from a source to a target."""

    source: str
    target: str
    commodity: str
    mass_kg_yr: float
    energy_kWh_yr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """A plan. Arrays end in the period; those at an instant have one value more, for the end.

    ``activity`` (activity, period) is in yearly units of main output; ``capital`` (pool, instant),
    ``built`` and ``landed`` (pool, period) in units of each pool's good, the last two a year;
    ``imported`` (import, period) in units a year. Every ``*_price`` is in the unit
    ``objective_unit`` per unit and period: of capital through one year (pool, period), of a
    commodity (by name), of a limit (by name).
    ``reached_year`` is the goal's date for ``earliest_rate``, nan where it is not reached.
    """

    goal: str
    objective: float
    objective_unit: str
    world: World
    year: Array
    step_yr: float
    activity_names: tuple[str, ...]
    activity: Array
    pool_names: tuple[str, ...]
    pool_kinds: tuple[str, ...]
    capital: Array
    built: Array
    landed: Array
    import_names: tuple[str, ...]
    imported: Array
    landed_kg_yr: Array
    capital_kg: Array
    pv_W: Array
    storage_kWh: Array
    n_robots: Array
    n_crew: Array
    driver_capacity_kg_yr: Array
    satellite_kg_yr: Array
    launched_kg_yr: Array
    power_added_W_yr: Array
    service_W: Array
    compute_flop_s: Array
    capital_price: Array
    commodity_price: Mapping[str, Array]
    limit_price: Mapping[str, Array]
    binding: tuple[tuple[Binding, ...], ...]
    solver: SolverInfo
    read: frozenset[str] = frozenset()
    reached_year: float = np.nan

    def path(self) -> Path:
        """Orders of the plan, for the simulator to follow. Several sites are added up.

        Returns
        -------
        Path
            ``plant_import_kg_yr`` counts all finished equipment landed, arrays and robots with it.
            A plan without whole numbers may stand a part of a driver line, which throws nothing
            when it is followed; its orders are then raised to one whole line.

        Raises
        ------
        DomainError
            The plan knows no shops: it was not made from a scenario.
        """
        pools = self.world.pools
        shops = tuple(dict.fromkeys(pool.shop for pool in pools if pool.shop))
        if not shops or any(pool.kind == "plant" and not pool.shop for pool in pools):
            raise DomainError("plant of this plan belongs to no shop", path="PlanResult.path")
        plant = np.zeros((len(shops), len(self.year)))
        landed, finished = np.zeros_like(plant), np.zeros(len(self.year))
        for k, pool in enumerate(pools):
            if pool.kind == "plant":
                plant[shops.index(pool.shop)] += self.built[k]
                landed[shops.index(pool.shop)] += self.landed[k]
            if pool.is_finished_plant:
                finished += self.landed[k] * pool.landed_kg
        return Path(
            start_year=float(self.year[0]),
            step_yr=self.step_yr,
            shops=shops,
            plant_kg_yr=plant,
            plant_import_kg_yr=finished,
            pv_W_yr=1e3 * self._of_good(self.built, "pv_kw"),
            n_robots_1_yr=self._of_good(self.built, "robot"),
            satellite_kg_yr=self.satellite_kg_yr,
            driver_kg_yr=self._driver_orders(),
            n_crew=self.n_crew[:-1],
            landed_plant_kg_yr=landed,
            landed_pv_W_yr=1e3 * self._of_good(self.landed, "pv_kw"),
            n_landed_robots_1_yr=self._of_good(self.landed, "robot"),
            driver_line_kg=next(
                (p.n_least for p in pools if p.kind == "driver" and p.n_least), None
            ),
        )

    def _driver_orders(self) -> Array:
        """Yearly orders of driver that let its first line stand whole once half of it would."""
        pools = self.world.pools
        orders = np.zeros(len(self.year))
        for k, pool in enumerate(pools):
            if pool.kind != "driver":
                continue
            stock = self.capital[k]
            half = 0.5 * min(float(stock.max()), pool.n_least)
            if half <= 0.0:
                orders += self.built[k]
                continue
            whole = _SPARE_RATIO * pool.n_least * np.minimum(stock / half, 1.0)
            wanted = np.maximum(np.maximum.accumulate(whole), stock)
            added = np.diff(wanted) / self.step_yr + wanted[:-1] / pool.life_yr
            orders += np.maximum(added, 0.0)
        return orders

    def _of_good(self, table: Array, good: str) -> Array:
        rows = [k for k, pool in enumerate(self.world.pools) if pool.good.split("/")[-1] == good]
        return np.asarray(table[rows].sum(axis=0))

    def flows(self, year: float) -> tuple[Flow, ...]:
        """Mass and energy of one year as the bands of a Sankey.

        Parameters
        ----------
        year : float
            Calendar year within the horizon.

        Returns
        -------
        tuple of Flow
            Commodity to ``process: <activity>`` and back; ``Earth`` is the source of what lands,
            ``capital: <pool>`` the target of what is built.

        Raises
        ------
        DomainError
            The year lies outside the plan.
        """
        t = int(np.floor((year - self.year[0]) / self.step_yr + 1e-9))
        if not 0 <= t < len(self.year):
            end = self.year[-1] + self.step_yr
            raise DomainError(
                f"must lie within {self.year[0]:g} to {end:g}, got {year:g}", path="year"
            )
        found: list[Flow] = []

        def band(source: str, target: str, name: str, amount: float) -> None:
            plain = name.split("/")[-1]
            mass = amount * self.world.goods_kg.get(plain, 0.0)
            energy = amount if plain in _ENERGY else 0.0
            if mass > 0.0 or energy > 0.0:
                found.append(
                    Flow(
                        source=source,
                        target=target,
                        commodity=name,
                        mass_kg_yr=mass,
                        energy_kWh_yr=energy,
                    )
                )

        for p, activity in enumerate(self.world.activities):
            level = float(self.activity[p, t])
            process = f"process: {activity.name}"
            for name, amount in activity.flows.items():
                ends = (process, name) if amount > 0.0 else (name, process)
                band(*ends, name, abs(amount) * level)
            if activity.launched_kg > 0.0:
                band(process, "orbit", "satellite", activity.launched_kg * level)
        for m, entry in enumerate(self.world.imports):
            band("Earth", entry.commodity, entry.commodity, float(self.imported[m, t]))
        for k, pool in enumerate(self.world.pools):
            target = f"capital: {pool.name}"
            band(pool.good, target, pool.good, float(self.built[k, t]))
            band("Earth", target, pool.good, float(self.landed[k, t]))
        return tuple(found)

    def import_kg_yr(self) -> dict[str, Array]:
        """Mass landed by group, kg/yr, (period,): parts, supplies, crew, finished plant."""
        groups: dict[str, Array] = {}
        for m, entry in enumerate(self.world.imports):
            mass = self.imported[m] * entry.unit_mass_kg
            groups[entry.group] = groups.get(entry.group, 0.0) + mass
        for k, pool in enumerate(self.world.pools):
            if pool.landed_kg > 0.0:
                name = "finished plant" if pool.is_finished_plant else pool.kind
                groups[name] = groups.get(name, 0.0) + self.landed[k] * pool.landed_kg
        return groups


_SPARE_RATIO = 1.02
"""Driver ordered over that which must stand, so that the wear of a month does not stop it."""
_ENERGY = ("elec", "heat", "elec_sun", "elec_dark")
LIMIT_UNITS = {
    "landings": "kg landed",
    "finished_plant": "kg of finished plant landed",
    "seed": "kg of seed in place",
    "seed_landed": "kg of seed landed",
    "demand": "W demanded for a year",
    "served": "W asked for, for a year",
    "rate": "W/yr asked for",
    "local_electronics": "kg of local electronics admitted",
}
"""Limit -> the unit that its price is per."""
POOL_UNITS = {
    "plant": "kg of plant for a year",
    "power": "kW for a year",
    "robots": "robot for a year",
    "crew": "person for a year",
    "driver": "kg of driver for a year",
    "storage": "kWh of store for a year",
}
"""Kind of pool -> the unit that its price is per."""


def bindings(
    world: World,
    *,
    capital: Array,
    capital_price: Array,
    limit_price: Mapping[str, Array],
    limit_amount: Mapping[str, Array],
) -> tuple[tuple[Binding, ...], ...]:
    """What binds in each period, the dearest first: limits from outside, then means.

    Parameters
    ----------
    world : World
    capital, capital_price : Array
        (pool, period).
    limit_price, limit_amount : Mapping
        Limit -> (period,).

    Returns
    -------
    tuple of tuple of Binding
        By period.
    """
    found = []
    names = {name for name in limit_price if name not in ("seed", "seed_landed")}
    for t in range(world.n_periods):
        rows: list[tuple[str, str, str, float, float]] = []
        for name in sorted(names):
            price = float(limit_price[name][t])
            unit = LIMIT_UNITS.get(name, "unit more a year")
            rows.append((name, "limit", unit, price, abs(price * float(limit_amount[name][t]))))
        for k, pool in enumerate(world.pools):
            price = float(capital_price[k, t])
            unit = POOL_UNITS[pool.kind]
            label = f"plant:{pool.name}" if pool.kind == "plant" else pool.name
            rows.append((label, "means", unit, price, price * float(capital[k, t])))
        total = {kind: sum(r[4] for r in rows if r[1] == kind) for kind in ("limit", "means")}
        kept = [
            Binding(
                year=float(world.year[t]),
                limit=label,
                kind=kind,
                price=price,
                unit=unit,
                rent_frac=rent / total[kind],
            )
            for label, kind, unit, price, rent in rows
            if rent > _SLIGHT * total[kind]
        ]
        found.append(tuple(sorted(kept, key=lambda b: (b.kind, -b.rent_frac))))
    return tuple(found)
