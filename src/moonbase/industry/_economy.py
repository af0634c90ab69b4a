"""A recipe table as the arrays of an economy: flows, capital and wear by commodity and activity.

Columns are processes and imports, rows are commodities. Plant, surface power and robots are the
capital goods: a process holds plant by its own row, power by its electricity and robots by its
robot hours. Only what can serve the wanted goods is kept, so that every row and column matters.

Neglected: working stocks between processes, indivisible plants, transport, differences between the
machines of different processes (all are made of the same generic machinery).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.industry.options import (
    HEAT,
    Allowed,
    CapitalGood,
    Ratio,
    all_flows,
    as_allowed,
    capital_goods,
    check_numbers,
    check_options,
    ground_commodities,
    has_draws,
    is_held,
    leaves,
    useful,
    vitamins,
)
from moonbase.industry.recipes import Recipes

IMPORT_CAP = "import cap"
SHARE = "local share of "
"""What a row that fixes a share is called, before the commodity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """Arrays of an economy; the last axis is the draw and has length one where draws agree.

    ``flows`` is what a unit of each column adds to each row. ``stock`` is the capital that a unit
    per year of each column holds, and ``wear_1_yr`` the share of it replaced each year.
    ``invested`` is what a unit of each good takes from each row as it becomes capital.
    ``service_per_year`` is what a unit of each good does in a year. A row in ``fixed`` is an
    equation, any other may end in surplus.
    """

    rows: tuple[str, ...]
    processes: tuple[str, ...]
    imports: tuple[str, ...]
    goods: tuple[str, ...]
    unit_mass_kg: Array
    flows: Array
    stock: Array
    wear_1_yr: Array
    invested: Array
    service_per_year: Array
    fixed: npt.NDArray[np.bool_]
    allowed: npt.NDArray[np.bool_]
    n_draws: int
    scalar: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Processes, then imports."""
        return self.processes + self.imports

    @property
    def good_rows(self) -> list[int]:
        """Row number of each capital good."""
        return [self.rows.index(good) for good in self.goods]

    @property
    def good_mass_kg(self) -> Array:
        """Mass of one unit of each capital good."""
        return self.unit_mass_kg[self.good_rows]

    @property
    def slowest_wear_1_yr(self) -> Array:
        """Wear of the longest-lived capital: no ray shrinks faster, (draw,)."""
        wear = np.where(self.stock > 0.0, self.wear_1_yr, np.inf)
        return np.asarray(wear.min(axis=(0, 1), initial=np.inf))

    def take(self, draws: npt.NDArray[np.int64]) -> Economy:
        """Return the same economy for some of the draws."""

        def cut(array: Any) -> Any:
            return array if array.shape[-1] == 1 else array[..., draws]

        return replace(
            self,
            flows=cut(self.flows),
            stock=cut(self.stock),
            wear_1_yr=cut(self.wear_1_yr),
            invested=cut(self.invested),
            service_per_year=cut(self.service_per_year),
            allowed=cut(self.allowed),
            n_draws=len(draws),
        )


def build_economy(
    recipes: Recipes,
    *,
    wanted: Iterable[str] = (),
    capital_ratio: Ratio = 1.0,
    electricity_ratio: Ratio = 1.0,
    robot_time_ratio: Ratio = 1.0,
    life_ratio: Ratio = 1.0,
    pv_mass_ratio: Real = 1.0,
    imports: Allowed | None = None,
    processes: Allowed | None = None,
    local_frac: Mapping[str, Real] | None = None,
    import_cap_ratio: Real | None = None,
    pv_yield_kWh_W: Real | None = None,
    robot_hours_h_yr: Real | None = None,
    pv_life_yr: Real | None = None,
    robot_life_yr: Real | None = None,
) -> Economy:
    """Arrays of the economy that a recipe table describes, with what differs from the table.

    Parameters
    ----------
    recipes : Recipes
    wanted : Iterable of str
        Commodities to deliver besides the capital goods, which are always wanted.
    capital_ratio, electricity_ratio, robot_time_ratio, life_ratio : Ratio
        Multipliers on the rows' plant, electricity, robot hours and plant life: a number, one per
        draw, or either by process name (processes without one keep the table's value).
    pv_mass_ratio : Real
        Multiplier on the material that goes into a surface array.
    imports, processes : Allowed, optional
        What may be landed (default: the class of vitamins) and run (default: every process), as a
        collection of names or as a mapping from names to booleans, one or one per draw.
    local_frac : Mapping, optional
        Commodity -> share of its supply that is made on the Moon.
    import_cap_ratio : Real, optional
        Most kilograms landed per kilogram of new capital. Goods are then made to order, joint
        products apart: what is made to be thrown away would only swell the new capital.
    pv_yield_kWh_W, robot_hours_h_yr, pv_life_yr, robot_life_yr : Real, optional
        Yearly electricity of a watt of array, yearly hours of a robot, lives; the capital table's
        by default.

    Returns
    -------
    Economy

    Raises
    ------
    DomainError
        An unknown name, a number out of range, arrays of different lengths, or a capital good
        that the table does not have.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> build_economy(load_recipes()).goods
    ('machine', 'pv_kw', 'robot')
    """
    ratios: dict[str, Ratio] = {
        "capital_ratio": capital_ratio,
        "electricity_ratio": electricity_ratio,
        "robot_time_ratio": robot_time_ratio,
        "life_ratio": life_ratio,
    }
    services = {
        "power": (None if pv_yield_kWh_W is None else np.asarray(pv_yield_kWh_W) * 1e3, pv_life_yr),
        "labour": (robot_hours_h_yr, robot_life_yr),
        "plant": (None, None),
    }
    shares = local_frac or {}
    check_numbers(
        {**ratios, "pv_mass_ratio": pv_mass_ratio},
        {
            "import_cap_ratio": import_cap_ratio,
            "pv_yield_kWh_W": pv_yield_kWh_W,
            "robot_hours_h_yr": robot_hours_h_yr,
            "pv_life_yr": pv_life_yr,
            "robot_life_yr": robot_life_yr,
            **{f"local_frac.{name}": value for name, value in shares.items()},
        },
    )
    runs = as_allowed(processes, recipes.processes, "processes")
    lands = as_allowed(
        imports if imports is not None else vitamins(recipes), recipes.commodities, "imports"
    )
    check_options(recipes, ratios, shares, lands)
    goods = [good for good in capital_goods() if is_held(recipes, good)]
    kept = useful(recipes, [*(g.commodity for g in goods), *wanted], runs=runs, lands=lands)
    table = _Table(recipes, goods=goods, processes=kept[0], imports=kept[1])
    flows, fixed = table.flows(
        pv_mass_ratio=pv_mass_ratio, shares=shares, import_cap_ratio=import_cap_ratio
    )
    stock, wear, service = table.capital(ratios, services)
    allowed = table.stack(
        [runs[name] for name in table.processes] + [lands[name] for name in table.imports]
    )
    singles = (pv_mass_ratio, import_cap_ratio)
    invested = table.invested(len(flows), import_cap_ratio)
    arrays = [flows, stock, wear, service, invested, allowed]
    return Economy(
        rows=table.all_rows(shares, import_cap_ratio),
        processes=table.processes,
        imports=table.imports,
        goods=tuple(g.commodity for g in goods),
        unit_mass_kg=table.unit_mass_kg,
        flows=flows,
        stock=stock,
        wear_1_yr=wear,
        invested=invested,
        service_per_year=service,
        fixed=fixed,
        allowed=allowed.astype(bool),
        n_draws=max(a.shape[-1] for a in arrays),
        scalar=not any(map(has_draws, leaves((ratios, runs, lands, shares, services, singles)))),
    )


class _Table:
    """Rows and columns that are kept, and the arrays over them."""

    def __init__(
        self,
        recipes: Recipes,
        *,
        goods: list[CapitalGood],
        processes: tuple[str, ...],
        imports: tuple[str, ...],
    ) -> None:
        self.recipes, self.goods = recipes, goods
        self.processes, self.imports = processes, imports
        touched = {c for p in processes for c in all_flows(recipes.processes[p])} | set(imports)
        ground = ground_commodities(recipes)
        named = [c for c in recipes.commodities if c in touched and c not in ground]
        heat = [HEAT] if HEAT in touched and HEAT not in named else []
        missing = [g.commodity for g in goods if g.commodity not in named]
        self.rows = (*named, *heat, *missing)
        mass = {name: item.unit_mass_kg for name, item in recipes.commodities.items()}
        self.unit_mass_kg = np.array([mass.get(row, 0.0) for row in self.rows])

    def stack(self, values: list[Any]) -> Array:
        if not values:
            return np.zeros((0, 1))
        return np.stack(np.broadcast_arrays(*(np.atleast_1d(v).astype(float) for v in values)))

    def all_rows(
        self, shares: Mapping[str, Real], import_cap_ratio: Real | None
    ) -> tuple[str, ...]:
        extra = [IMPORT_CAP] if import_cap_ratio is not None else []
        return (*self.rows, *(f"{SHARE}{c}" for c in shares if c in self.rows), *extra)

    def flows(
        self,
        *,
        pv_mass_ratio: Real,
        shares: Mapping[str, Real],
        import_cap_ratio: Real | None,
    ) -> tuple[Array, npt.NDArray[np.bool_]]:
        columns = [all_flows(self.recipes.processes[name]) for name in self.processes]
        columns += [{name: 1.0} for name in self.imports]
        plain = np.array([[column.get(row, 0.0) for column in columns] for row in self.rows])
        plain = plain.reshape(len(self.rows), len(columns))
        ratio = np.atleast_1d(np.asarray(pv_mass_ratio, dtype=float))
        power = {g.commodity for g in self.goods if g.role == "power"}
        table = np.repeat(plain[..., None], len(ratio), axis=2)
        for j, name in enumerate(self.processes):
            if self.recipes.processes[name].output in power:
                others = [i for i, row in enumerate(self.rows) if row not in power]
                table[others, j] *= ratio
        rows, capped = [table], import_cap_ratio is not None
        fixed = self._to_order() if capped else [False] * len(self.rows)
        for commodity, frac in shares.items():
            if commodity in self.rows:
                rows.append(self._share_row(plain, commodity, frac)[None])
                fixed.append(True)
        if import_cap_ratio is not None:
            rows.append(self._cap_row()[None])
            fixed.append(False)
        n = max(row.shape[-1] for row in rows)
        full = [np.broadcast_to(row, (*row.shape[:-1], n)) for row in rows]
        return np.concatenate(full), np.array(fixed)

    def _share_row(self, plain: Array, commodity: str, frac: Real) -> Array:
        share = np.atleast_1d(np.asarray(frac, dtype=float))
        made = np.maximum(plain[self.rows.index(commodity)], 0.0)
        n_local = len(self.processes)
        return np.concatenate([made[:n_local, None] * (1.0 - share), -made[n_local:, None] * share])

    def _cap_row(self) -> Array:
        mass = [self.unit_mass_kg[self.rows.index(name)] for name in self.imports]
        return -np.array([0.0] * len(self.processes) + mass)[:, None]

    def _to_order(self) -> list[bool]:
        """Rows that no process makes beside its main output, apart from capital and imports."""
        made = [self.recipes.processes[name] for name in self.processes]
        free = {c for p in made for c, a in p.flows.items() if a > 0.0 and c != p.output}
        free |= {good.commodity for good in self.goods} | set(self.imports)
        return [row not in free for row in self.rows]

    def invested(self, n_rows: int, import_cap_ratio: Real | None) -> Array:
        """What a unit of each good invested takes from each row; it widens a cap on imports."""
        n_caps = 1 if import_cap_ratio is None else np.size(import_cap_ratio)
        taken = np.zeros((n_rows, len(self.goods), n_caps))
        for k, good in enumerate(self.goods):
            row = self.rows.index(good.commodity)
            taken[row, k] = 1.0
            if import_cap_ratio is not None:
                taken[-1, k] = -self.unit_mass_kg[row] * np.asarray(import_cap_ratio)
        return taken

    def capital(
        self,
        ratios: Mapping[str, Ratio],
        services: Mapping[str, tuple[Real | None, Real | None]],
    ) -> tuple[Array, Array, Array]:
        def of(key: str, name: str) -> Any:
            ratio = ratios[key]
            return np.asarray(ratio.get(name, 1.0) if isinstance(ratio, Mapping) else ratio)

        stocks: list[Any] = []
        wears: list[Any] = []
        done: list[Any] = []
        for good in self.goods:
            service, life = services[good.role]
            does = good.service_per_year if service is None else service
            lasts = good.life_yr if life is None else np.asarray(life)
            done.append(does)
            for name in self.processes:
                row = self.recipes.processes[name]
                if good.role == "plant":
                    stocks.append(row.capital_kg_yr * of("capital_ratio", name))
                    wears.append(1.0 / (row.life_yr * of("life_ratio", name)))
                    continue
                if good.role == "power":
                    asked = row.electricity_kWh * of("electricity_ratio", name)
                else:
                    asked = row.robot_h * of("robot_time_ratio", name)
                stocks.append(asked / does)
                wears.append(1.0 / lasts)
            stocks += [0.0] * len(self.imports)
            wears += [0.0] * len(self.imports)
        shape = (len(self.goods), len(self.processes) + len(self.imports))
        stock, wear = self.stack(stocks), self.stack(wears)
        return (
            stock.reshape(*shape, stock.shape[-1]),
            wear.reshape(*shape, wear.shape[-1]),
            self.stack(done),
        )


def spread(names: tuple[str, ...], kept: tuple[str, ...], rows: Array, missing: float) -> Array:
    """Rows of the kept names set among all names."""
    out = np.full((len(names), rows.shape[-1]), missing)
    for name, row in zip(kept, rows, strict=True):
        out[names.index(name)] = row
    return out


def add_up(array: Array, axis: int = 0) -> Array:
    """Sum along an axis, term by term: numpy's own order depends on how many draws there are."""
    total = np.zeros(np.delete(array.shape, axis))
    for part in np.moveaxis(array, axis, 0):
        total = total + part
    return total
