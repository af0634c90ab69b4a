"""A recipe table as the arrays of an economy: flows, capital and wear by commodity and activity.

Columns are processes and imports, rows are commodities. Plant, surface power and robots are the
capital goods: a process holds plant by its own row, power by its electricity and robots by its
robot hours. Only what can serve the wanted goods is kept, so that every row and column matters.

Neglected: working stocks between processes, indivisible plants, transport, differences between the
machines of different processes (all are made of the same generic machinery).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.industry.recipes import Process, Recipes

HEAT = "heat"
IMPORT_CAP = "import cap"
CHOICE = "vitamin"
"""Class of the commodities that are landed when no list of imports is given."""
RAW = "raw"
_WIDE_CAP = 1e3
"""Kilograms landed per new kilogram that no industry asks for."""

Ratio = Real | Mapping[str, Real]
Allowed = Collection[str] | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalGood:
    """A commodity that works as capital: plant, power (kWh/kW-yr) or labour (h/robot-yr)."""

    commodity: str
    role: str
    service_per_year: float
    life_yr: float


class Options(TypedDict, total=False):
    """What may differ from the recipe table; a number, one per draw, or either by process name.

    ``capital_ratio``, ``electricity_ratio``, ``robot_time_ratio`` and ``life_ratio`` multiply the
    rows' plant, electricity, robot hours and plant life. ``pv_mass_ratio`` multiplies the material
    of a surface array, which is counted at its table mass all the same. ``imports`` and
    ``processes`` list what may be landed and run (default: vitamins, every process) or map names
    to one boolean per draw. ``local_frac`` fixes the share of a commodity's supply that is made
    on the Moon; a commodity without one is free to be made or landed.
    """

    capital_ratio: Ratio
    electricity_ratio: Ratio
    robot_time_ratio: Ratio
    life_ratio: Ratio
    pv_mass_ratio: Real
    imports: Allowed | None
    processes: Allowed | None
    local_frac: Mapping[str, Real] | None
    import_cap_ratio: Real | None
    pv_yield_kWh_W: Real | None
    robot_hours_h_yr: Real | None
    pv_life_yr: Real | None
    robot_life_yr: Real | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """Arrays of an economy; the last axis is the draw and has length one where draws agree.

    ``flows`` is what a unit of each column adds to each row. ``stock`` is the capital that a unit
    per year of each column holds, and ``wear_1_yr`` the share of it replaced each year.
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

        return Economy(
            rows=self.rows,
            processes=self.processes,
            imports=self.imports,
            goods=self.goods,
            unit_mass_kg=self.unit_mass_kg,
            flows=cut(self.flows),
            stock=cut(self.stock),
            wear_1_yr=cut(self.wear_1_yr),
            service_per_year=cut(self.service_per_year),
            fixed=self.fixed,
            allowed=cut(self.allowed),
            n_draws=len(draws),
            scalar=self.scalar,
        )


@cache
def capital_goods() -> tuple[CapitalGood, ...]:
    """Capital goods of the shipped table: generic machinery, surface power, robots.

    Examples
    --------
    >>> [(good.commodity, good.service_per_year) for good in capital_goods()][1:]
    [('pv_kw', 6706.0), ('robot', 6136.0)]
    """
    text = (resources.files("moonbase") / "data" / "recipes" / "capital.csv").read_text("utf-8")
    return tuple(
        CapitalGood(
            commodity=row["commodity"],
            role=row["role"],
            service_per_year=float(row["service_per_yr"]),
            life_yr=float(row["life_yr"] or np.inf),
        )
        for row in csv.DictReader(text.splitlines())
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
        Most kilograms landed per kilogram of new capital.
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
    runs = _allowed(processes, recipes.processes, "processes")
    lands = _allowed(
        imports if imports is not None else _vitamins(recipes), recipes.commodities, "imports"
    )
    _check_names(recipes, ratios, shares, lands)
    goods = [good for good in capital_goods() if _is_held(recipes, good)]
    kept = useful(recipes, [*(g.commodity for g in goods), *wanted], runs=runs, lands=lands)
    table = _Table(recipes, goods=goods, processes=kept[0], imports=kept[1])
    flows, fixed = table.flows(
        pv_mass_ratio=pv_mass_ratio, shares=shares, import_cap_ratio=import_cap_ratio
    )
    stock, wear, service = table.capital(ratios, services)
    allowed = table.stack(
        [runs[name] for name in table.processes] + [lands[name] for name in table.imports]
    )
    arrays = [flows, stock, wear, service, allowed]
    return Economy(
        rows=table.all_rows(shares, import_cap_ratio),
        processes=table.processes,
        imports=table.imports,
        goods=tuple(g.commodity for g in goods),
        unit_mass_kg=table.unit_mass_kg,
        flows=flows,
        stock=stock,
        wear_1_yr=wear,
        service_per_year=service,
        fixed=fixed,
        allowed=allowed.astype(bool),
        n_draws=max(a.shape[-1] for a in arrays),
        scalar=not any(
            np.ndim(v) for v in _leaves([ratios, runs, lands, shares, list(services.values())])
        )
        and np.ndim(pv_mass_ratio) == 0
        and np.ndim(import_cap_ratio) == 0,
    )


def nominal_options(options: Options) -> Options:
    """Return the options with the table's own numbers: the same rows and columns, one draw."""
    named: Options = {}
    for key in ("imports", "processes"):
        if options.get(key) is not None:
            named[key] = list(options[key])  # type: ignore[literal-required,arg-type]
    landed = options.get("imports")
    shares = options.get("local_frac")
    if shares:
        named["local_frac"] = {c: 0.5 if landed is None or c in landed else 1.0 for c in shares}
    if options.get("import_cap_ratio") is not None:
        named["import_cap_ratio"] = _WIDE_CAP
    return named


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
        touched = {c for p in processes for c in _flows(recipes.processes[p])} | set(imports)
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
        return (*self.rows, *(f"local share of {c}" for c in shares if c in self.rows), *extra)

    def flows(
        self,
        *,
        pv_mass_ratio: Real,
        shares: Mapping[str, Real],
        import_cap_ratio: Real | None,
    ) -> tuple[Array, npt.NDArray[np.bool_]]:
        columns = [_flows(self.recipes.processes[name]) for name in self.processes]
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
        rows, fixed = [table], [False] * len(self.rows)
        for commodity, frac in shares.items():
            if commodity in self.rows:
                rows.append(self._share_row(plain, commodity, frac)[None])
                fixed.append(True)
        if import_cap_ratio is not None:
            rows.append(self._cap_row(plain, import_cap_ratio)[None])
            fixed.append(False)
        n = max(row.shape[-1] for row in rows)
        full = [np.broadcast_to(row, (*row.shape[:-1], n)) for row in rows]
        return np.concatenate(full), np.array(fixed)

    def _share_row(self, plain: Array, commodity: str, frac: Real) -> Array:
        share = np.atleast_1d(np.asarray(frac, dtype=float))
        made = np.maximum(plain[self.rows.index(commodity)], 0.0)
        n_local = len(self.processes)
        return np.concatenate([made[:n_local, None] * (1.0 - share), -made[n_local:, None] * share])

    def _cap_row(self, plain: Array, import_cap_ratio: Real) -> Array:
        new = np.zeros(plain.shape[1])
        for good in self.goods:
            row = self.rows.index(good.commodity)
            new += self.unit_mass_kg[row] * plain[row]
        landed = np.zeros(plain.shape[1])
        landed[len(self.processes) :] = [
            self.unit_mass_kg[self.rows.index(name)] for name in self.imports
        ]
        cap = np.atleast_1d(np.asarray(import_cap_ratio, dtype=float))
        return np.asarray(new[:, None] * cap - landed[:, None])

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


def _flows(process: Process) -> dict[str, float]:
    flows = dict(process.flows)
    if process.output == HEAT:
        flows.setdefault(HEAT, 1.0)
    if process.heat_kWh > 0.0:
        flows[HEAT] = flows.get(HEAT, 0.0) - process.heat_kWh
    return flows


def ground_commodities(recipes: Recipes) -> frozenset[str]:
    """Commodities that the ground holds and no process has to make."""
    made = {c for p in recipes.processes.values() for c, a in p.flows.items() if a > 0.0}
    return frozenset(
        name for name, item in recipes.commodities.items() if item.group == RAW and name not in made
    )


def _vitamins(recipes: Recipes) -> list[str]:
    return [name for name, item in recipes.commodities.items() if item.group == CHOICE]


def _is_held(recipes: Recipes, good: CapitalGood) -> bool:
    rows = recipes.processes.values()
    if good.role == "plant":
        held = any(row.capital_kg_yr > 0.0 for row in rows)
    elif good.role == "power":
        held = any(row.electricity_kWh > 0.0 for row in rows)
    else:
        held = any(row.robot_h > 0.0 for row in rows)
    if held and good.commodity not in recipes.commodities:
        raise DomainError(
            f"processes need {good.role}, and no commodity {good.commodity!r} gives it",
            path="recipes",
            hint=f"add {good.commodity} to the commodities, and a process that makes it",
        )
    return held


def useful(
    recipes: Recipes, wanted: Iterable[str], *, runs: Mapping[str, Any], lands: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Processes that can run and serve the wanted commodities, and the imports that help them."""
    names = [name for name in recipes.processes if name in runs]
    landed = set(lands)
    while True:
        there = ground_commodities(recipes) | landed
        there |= {c for p in names for c, a in _flows(recipes.processes[p]).items() if a > 0.0}
        able = [
            p
            for p in names
            if all(c in there for c, a in _flows(recipes.processes[p]).items() if a < 0.0)
        ]
        if able == names:
            break
        names = able
    serving, asked = set[str](), set(wanted)
    while True:
        more = {
            p
            for p in names
            if any(a > 0.0 and c in asked for c, a in _flows(recipes.processes[p]).items())
        }
        if more == serving:
            break
        serving = more
        for p in serving:
            asked |= {c for c, a in _flows(recipes.processes[p]).items() if a < 0.0}
    kept = tuple(p for p in names if p in serving)
    ground = ground_commodities(recipes)
    return kept, tuple(c for c in recipes.commodities if c in landed & asked and c not in ground)


def _leaves(values: Any) -> list[Any]:
    if isinstance(values, Mapping):
        values = list(values.values())
    if isinstance(values, list | tuple):
        return [leaf for value in values for leaf in _leaves(value)]
    return [values]


def _allowed(names: Allowed | None, known: Collection[str], path: str) -> dict[str, Any]:
    if names is None:
        return dict.fromkeys(known, True)
    if isinstance(names, str):
        names = [names]
    allowed = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, True)
    for name in allowed:
        _check_name(name, known, path)
    return allowed


def check_names(recipes: Recipes, amounts: Mapping[str, Any]) -> None:
    """Refuse commodities that the table does not have."""
    if not amounts:
        raise DomainError("names no commodity", path="output_1_yr", hint="name what is delivered")
    for name in amounts:
        _check_name(name, recipes.commodities, "output_1_yr")


def _check_name(name: str, known: Collection[str], path: str) -> None:
    if name not in known:
        near = get_close_matches(name, list(known), n=3, cutoff=0.4)
        raise DomainError(
            f"{name!r} is not in the recipe table",
            path=path,
            hint=f"nearest: {', '.join(near)}" if near else f"known: {', '.join(known)}",
        )


def _check_names(
    recipes: Recipes,
    ratios: Mapping[str, Ratio],
    shares: Mapping[str, Real],
    lands: Mapping[str, Any],
) -> None:
    for key, ratio in ratios.items():
        for name in ratio if isinstance(ratio, Mapping) else ():
            _check_name(name, recipes.processes, key)
    for name, frac in shares.items():
        _check_name(name, recipes.commodities, "local_frac")
        if np.any(np.asarray(frac) < 1.0) and name not in lands:
            raise DomainError(
                "less than all is made on the Moon, and the rest may not be landed",
                path=f"local_frac.{name}",
                hint=f"add {name} to imports, or make its share 1",
            )


def check_numbers(positive: Mapping[str, Any], optional: Mapping[str, Any]) -> None:
    """Refuse values that are not positive (shares and caps: not in their range) or do not fit."""
    sizes: dict[int, str] = {}
    for path, value in {**positive, **optional}.items():
        for leaf in _leaves(value):
            if leaf is None:
                continue
            array = np.asarray(leaf, dtype=float)
            share = path.startswith("local_frac.")
            low = 0.0 if share or path == "import_cap_ratio" else np.nextafter(0.0, 1.0)
            high = 1.0 if share else np.inf
            good = np.isfinite(array) | (path == "import_cap_ratio")
            if array.ndim > 1 or not (good & (array >= low) & (array <= high)).all():
                raise DomainError(
                    f"expects finite numbers {'from 0 to 1' if share else 'above 0'}, one or one "
                    f"per draw; got {leaf!r}",
                    path=path,
                )
            if array.ndim and array.size != 1:
                sizes.setdefault(array.size, path)
    if len(sizes) > 1:
        found = ", ".join(f"{path} has {n}" for n, path in sizes.items())
        raise DomainError("the draws do not fit", path=next(iter(sizes.values())), hint=found)
