"""What a unit of each product takes from the lunar industry: the recipes as input-output system.

The table is solved upstream for each product (machines, surface power, robots, satellites, driver,
crew-days): plant by shop, electricity, robot time and imports per unit. Molten regolith
electrolysis has joint products, so its activity is the largest of what slag (for aluminium), iron
and silicon ask for; its oxygen is always enough for the crew. That maximum is kept exact by one
row per joint product: a plan q is feasible if ``sum_k table[r, k] q[k] <= available[r]`` for all r.

Neglected: reuse of scrap, surplus joint products sold on, co-produced oxygen of the aluminium step,
size effects, transport between sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import ParameterError
from moonbase.core.faults import Fault, fault_error
from moonbase.industry.recipes import load_recipes
from moonbase.industry.table import Recipes
from moonbase.industry.user import Tables

PRODUCTS = ("machine", "pv_kw", "robot", "satellite", "driver", "crew_day")
IMPORTS = ("chips", "electronics", "vitamins", "dopants", "electrode_vit", "crew")
JOINT = ("slag_al", "iron", "silicon_mg")
JOINT_PROCESS = "mre_si"
CHIPFAB = "chipfab"
"""Process that makes electronics; accelerators take the same goods and more plant."""
_CHIPS_MADE = "chips_made"
SURPLUS = "oxygen"
"""Joint product that metals leave in excess."""
MINE = "mine_haul"
_ROLES = {
    "machine": "machine",
    "pv_surface": "pv_kw",
    "robot": "robot",
    "satellite": "satellite",
    "crew_day": "crew_day",
    "chipfab": "electronics",
    "solar_heat": "heat",
    JOINT_PROCESS: SURPLUS,
    MINE: "regolith",
}
"""Processes that the campaign calls by name, with their main output."""

Vector = dict[str, Real]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """Needs of each product, per unit: kg (machine, satellite, driver), kW, robots, crew-days.

    ``capital_kg_yr`` rows are kg of plant that one unit per year occupies, the mine counted with
    the electrolysis plant that it feeds; other rows are per unit.
    Every array has shape (row, product, draw) with its own rows; ``capital_kg_yr`` has one row per
    shop, ``shop_life_yr`` ends with that of electrolysis.
    """

    shops: tuple[str, ...]
    shop_life_yr: tuple[float, ...]
    capital_kg_yr: Array
    joint_capital_kg_yr: Array
    electricity_kWh: Array
    robot_h: Array
    import_kg: Array
    imports: Array
    joint_activity: Array
    mine_base_kg: Array
    regolith_ratio: float

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.import_kg.shape[-1])


def _add(total: Vector, part: Mapping[str, Real], factor: Real) -> None:
    for key, amount in part.items():
        total[key] = total.get(key, 0.0) + factor * amount


def upstream(recipes: Recipes, commodity: str, *, local_electronics: bool) -> Vector:
    """Activities and imports that one unit of a commodity asks for, all the way up.

    Parameters
    ----------
    recipes : Recipes
    commodity : str
    local_electronics : bool
        Electronics from the ``chipfab`` recipe instead of Earth.

    Returns
    -------
    dict
        Process name -> units of its main output; ``joint:X`` -> activity of molten regolith
        electrolysis asked for by joint product X; import name -> kg. The regolith that
        electrolysis eats is left out (it depends on which joint product binds).

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> up = upstream(load_recipes(), "al_parts", local_electronics=False)
    >>> round(up["mre_al"], 3), round(up["joint:slag_al"], 3)
    (1.02, 2.677)
    """
    if commodity == SURPLUS:
        return {}
    if commodity in JOINT:
        return {f"joint:{commodity}": 1.0 / recipes.processes[JOINT_PROCESS].flows[commodity]}
    process = recipes.producer(commodity)
    if commodity == "electronics" and not local_electronics:
        process = None
    if process is None:
        return {commodity: 1.0} if commodity in IMPORTS else {}
    total: Vector = {process.name: 1.0}
    for name, amount in process.flows.items():
        if amount < 0.0:
            _add(total, upstream(recipes, name, local_electronics=local_electronics), -amount)
    if process.heat_kWh > 0.0:
        _add(total, {"solar_heat": 1.0}, process.heat_kWh)
    return total


def _product(
    recipes: Recipes,
    bill: Mapping[str, Real],
    local_electronics_frac: Real,
    own: str | None,
    local_chips_frac: Real = 0.0,
) -> Vector:
    """Upstream needs of a bill of materials; ``own`` is the process that assembles it."""
    total: Vector = {own: 1.0} if own else {}
    for commodity, amount in bill.items():
        share = local_chips_frac if commodity == "chips" else local_electronics_frac
        _add(total, upstream(recipes, commodity, local_electronics=False), amount * (1.0 - share))
        _add(total, _made_here(recipes, commodity), amount * share)
    return total


def _made_here(recipes: Recipes, commodity: str) -> Vector:
    """Upstream needs with electronics from the Moon, and chips where they are what is made."""
    if commodity != "chips":
        return upstream(recipes, commodity, local_electronics=True)
    total = upstream(recipes, "electronics", local_electronics=True)
    total[_CHIPS_MADE] = total.pop(CHIPFAB)
    return total


class Asked(Protocol):
    """What a scenario says about the recipe table."""

    @property
    def soil(self) -> str | Mapping[str, float] | None:
        """Soil of the site."""

    @property
    def recipe_tiers(self) -> tuple[str, ...]:
        """Tiers of shipped rows."""

    @property
    def recipes(self) -> Tables:
        """Its own recipes."""

    @property
    def commodities(self) -> Tables:
        """Its own commodities."""


def scenario_recipes(scenario: Asked) -> Recipes:
    """Recipe table of a scenario: its soil, tiers and own recipes, checked.

    Parameters
    ----------
    scenario : Scenario
        Anything with ``soil``, ``recipe_tiers``, ``recipes`` and ``commodities``.

    Returns
    -------
    Recipes

    Raises
    ------
    ParameterError, DomainError, PhysicsError
        As ``load_recipes`` and ``require``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> asked = SimpleNamespace(
    ...     soil="Apollo 12", recipe_tiers=("base",), recipes={}, commodities={}
    ... )
    >>> round(scenario_recipes(asked).soil.element_frac["Fe"], 3)
    0.119
    """
    recipes = load_recipes(
        soil=scenario.soil,
        tiers=scenario.recipe_tiers,
        recipes=scenario.recipes,
        commodities=scenario.commodities,
    )
    require(recipes)
    return recipes


def require(recipes: Recipes) -> None:
    """Refuse a table that products cannot be traced through.

    Parameters
    ----------
    recipes : Recipes

    Raises
    ------
    ParameterError
        A process that the campaign calls by name is missing or makes something else, electrolysis
        lacks a joint product, a commodity is no main output, raw or imported (by-products such as
        scrap are limited, and the campaign does not count them), or is made from itself.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> require(load_recipes())
    """
    faults = []
    for name, output in _ROLES.items():
        process = recipes.processes.get(name)
        if process is None or process.output != output:
            found = "is missing" if process is None else f"makes {process.output}"
            hint = f"the campaign needs a process of this name that makes {output}"
            faults.append(Fault(f"recipes.{name}", found, hint))
    if joint := recipes.processes.get(JOINT_PROCESS):
        hint = f"the campaign feeds it regolith and takes {', '.join(JOINT)} from it"
        wanted = {"inputs.regolith": -joint.flows.get("regolith", 0.0)}
        wanted |= {f"outputs.{name}": joint.flows.get(name, 0.0) for name in JOINT}
        for name, amount in wanted.items():
            if amount <= 0.0:
                faults.append(Fault(f"recipes.{JOINT_PROCESS}.{name}", "is missing", hint))
    for output in ("machine", "pv_kw", "robot", "satellite", "electronics"):
        faults += _trace(recipes, output, ()) if not faults else []
    if faults:
        raise fault_error(ParameterError, list(dict.fromkeys(faults)))


def _trace(recipes: Recipes, commodity: str, above: tuple[str, ...]) -> list[Fault]:
    if commodity in (*JOINT, SURPLUS):
        return []
    process = recipes.producer(commodity)
    if process is None:
        if commodity in IMPORTS or recipes.commodities[commodity].group == "raw":
            return []
        hint = f"add a recipe whose output it is, or use an import: {', '.join(IMPORTS)}"
        return [Fault(f"commodities.{commodity}", "no process makes it as main output", hint)]
    if commodity in above:
        chain = " <- ".join((*above[above.index(commodity) :], commodity))
        hint = "break the circle: the campaign follows the first process of each commodity"
        return [Fault(f"recipes.{process.name}", f"needs its own output: {chain}", hint)]
    inputs = [name for name, amount in process.flows.items() if amount < 0.0]
    return [f for name in inputs for f in _trace(recipes, name, (*above, commodity))]


def product_requirements(
    *,
    recipes: Recipes,
    satellite_bill: Mapping[str, Real],
    driver_bill: Mapping[str, Real],
    capital_ratio: Real,
    electricity_ratio: Real,
    robot_time_ratio: Real,
    pv_mass_ratio: Real,
    driver_assembly_h_kg: Real,
    crew_day_bill: Mapping[str, Real],
    crew_day_import_kg: Real,
    crew_day_kWh: Real,
    crew_day_capital_kg_yr: Real,
    local_electronics_frac: Real,
    chipfab_capital_yr: Real,
    n_draws: int,
    local_chips_frac: Real = 0.0,
    accelerator_capital_ratio: Real = 1.0,
) -> Requirements:
    """Needs of every product per unit, for every draw.

    Parameters
    ----------
    recipes : Recipes
    satellite_bill, driver_bill : Mapping
        Commodity -> kg per kg of product, scalars or (draw,).
    capital_ratio, electricity_ratio, robot_time_ratio : Real
        Multipliers on the table's plant mass, electricity and robot time, one draw all rows: what
        makes one row worse (immaturity, dust, wear) makes the others worse too.
    pv_mass_ratio : Real
        Multiplier on the material of surface arrays.
    driver_assembly_h_kg : Real
        Robot hours per kg of mass driver built.
    crew_day_bill : Mapping
        Local commodities (oxygen, water) per crew-day, kg.
    crew_day_import_kg, crew_day_kWh : Real
        Landed supplies and electricity per crew-day.
    crew_day_capital_kg_yr : Real
        Locally built habitat and greenhouse per crew-day and year, kg.
    local_electronics_frac : Real
        Share of electronics (not chips) made by ``chipfab``.
    chipfab_capital_yr : Real
        Plant mass of ``chipfab`` per yearly output, kg per kg/yr.
    n_draws : int
    local_chips_frac : Real
        Share of accelerators (commodity ``chips``) made on the Moon, from the same goods, with the
        same energy and in the same shop as electronics.
    accelerator_capital_ratio : Real
        Plant per yearly output of accelerators over that of electronics.

    Returns
    -------
    Requirements
        Arrays of shape (row, product, draw).

    Raises
    ------
    ParameterError
        As ``require``.
    """
    require(recipes)
    pv_flows = recipes.processes["pv_surface"].flows
    pv_bill = {c: -a * np.asarray(pv_mass_ratio) for c, a in pv_flows.items() if a < 0.0}
    products: dict[str, Vector] = {
        "machine": _product(
            recipes, _inputs(recipes, "machine"), local_electronics_frac, "machine"
        ),
        "pv_kw": _product(recipes, pv_bill, local_electronics_frac, "pv_surface"),
        "robot": _product(recipes, _inputs(recipes, "robot"), local_electronics_frac, "robot"),
        "satellite": _product(
            recipes, satellite_bill, local_electronics_frac, "satellite", local_chips_frac
        ),
        "driver": _product(recipes, driver_bill, local_electronics_frac, None),
        "crew_day": _product(recipes, crew_day_bill, 0.0, "crew_day"),
    }
    products["crew_day"]["crew"] = crew_day_import_kg
    return _assemble(
        recipes,
        products,
        capital_ratio=capital_ratio,
        electricity_ratio=electricity_ratio,
        robot_time_ratio=robot_time_ratio,
        driver_assembly_h_kg=driver_assembly_h_kg,
        crew_day_kWh=crew_day_kWh,
        own_capital_yr={CHIPFAB: chipfab_capital_yr, "crew_day": crew_day_capital_kg_yr},
        accelerator_capital_ratio=accelerator_capital_ratio,
        n_draws=n_draws,
    )


def _inputs(recipes: Recipes, process: str) -> dict[str, float]:
    return {c: -a for c, a in recipes.processes[process].flows.items() if a < 0.0}


def _assemble(
    recipes: Recipes,
    products: Mapping[str, Vector],
    *,
    capital_ratio: Real,
    electricity_ratio: Real,
    robot_time_ratio: Real,
    driver_assembly_h_kg: Real,
    crew_day_kWh: Real,
    own_capital_yr: Mapping[str, Real],
    accelerator_capital_ratio: Real,
    n_draws: int,
) -> Requirements:
    mre, mine = recipes.processes[JOINT_PROCESS], recipes.processes[MINE]
    plain = [p for p in recipes.processes.values() if p not in (mre, mine)]
    used = {name for needs in products.values() for name in needs}
    shops = tuple(dict.fromkeys(p.shop for p in plain if p.name in used))
    plain = [p for p in plain if p.shop in shops]

    def stack(key: str) -> Array:
        rows = [np.broadcast_to(products[k].get(key, 0.0), (n_draws,)) for k in PRODUCTS]
        return np.array(rows, dtype=float)

    joint = np.array([stack(f"joint:{name}") for name in JOINT])
    most_joint = joint.max(axis=0)
    imports = np.array([stack(name) for name in IMPORTS])
    imports[IMPORTS.index("electrode_vit")] -= mre.flows.get("electrode_vit", 0.0) * most_joint
    mine_base = stack(MINE)
    regolith = -mre.flows["regolith"]
    mined = mine_base + regolith * joint
    shape = (len(PRODUCTS), n_draws)
    capital = np.zeros((len(shops), *shape))
    electricity, robot_h = np.zeros(shape), np.zeros(shape)
    for process in plain:
        activity = stack(process.name)
        own = own_capital_yr.get(process.name)
        kappa = process.capital_kg_yr * np.asarray(capital_ratio) if own is None else own
        shop = shops.index(process.shop)
        capital[shop] += kappa * activity
        if process.name == CHIPFAB:
            chips = stack(_CHIPS_MADE)
            capital[shop] += kappa * np.asarray(accelerator_capital_ratio) * chips
            activity = activity + chips
        electricity += process.electricity_kWh * activity
        robot_h += process.robot_h * activity
    robot_h += (mre.robot_h + regolith * mine.robot_h) * most_joint + mine.robot_h * mine_base
    robot_h *= np.asarray(robot_time_ratio)
    robot_h[PRODUCTS.index("driver")] += np.asarray(driver_assembly_h_kg)
    by_mode = electricity + mine.electricity_kWh * mined + mre.electricity_kWh * joint
    by_mode *= np.asarray(electricity_ratio)
    by_mode[:, PRODUCTS.index("crew_day")] = np.asarray(crew_day_kWh)
    return Requirements(
        shops=shops,
        shop_life_yr=(
            *(min(p.life_yr for p in plain if p.shop == shop) for shop in shops),
            mre.life_yr,
        ),
        capital_kg_yr=capital,
        joint_capital_kg_yr=(mre.capital_kg_yr * joint + mine.capital_kg_yr * mined)
        * np.asarray(capital_ratio),
        electricity_kWh=by_mode,
        robot_h=robot_h,
        import_kg=imports.sum(axis=0),
        imports=imports,
        joint_activity=joint,
        mine_base_kg=mine_base,
        regolith_ratio=regolith,
    )
