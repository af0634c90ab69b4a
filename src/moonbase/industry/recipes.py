"""The recipe table: processes, commodities, flows, and the checks that keep it physical.

A recipe turns commodities into one main output with electricity, heat, robot time and capital.
Tables are CSV files; one that creates or loses an element is refused with the numbers.

Neglected: impurities, catalysts, temperature and size dependence of energy (each row is one point).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import ParameterError, PhysicsError

ELEMENTS = ("O", "Si", "Al", "Fe", "Ca", "Mg", "Ti", "Na", "K", "P", "Mn", "H", "C", "N", "other")
BOUNDARY_PROCESSES = frozenset({"mine_haul", "solar_heat"})
"""Rows whose input is the ground or the Sun: no input balance."""

_NUMBERS = (
    "electricity_kWh",
    "heat_kWh",
    "robot_h",
    "capital_kg_yr",
    "life_yr",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One recipe, per unit of its main output.

    ``capital_kg_yr`` is capital mass per yearly output: kg per (unit/yr).
    ``shop`` is the part of the plant whose machines can serve one another's processes.
    ``flows`` holds commodity -> amount, positive out and negative in.
    """

    name: str
    label: str
    shop: str
    output: str
    electricity_kWh: float
    heat_kWh: float
    robot_h: float
    capital_kg_yr: float
    life_yr: float
    kind: str
    source: str
    note: str
    flows: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """A commodity: mass of one unit and its element mass fractions, in the order of ELEMENTS."""

    name: str
    unit: str
    group: str
    unit_mass_kg: float
    description: str
    element_frac: Array
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """A checked recipe table."""

    processes: Mapping[str, Process]
    commodities: Mapping[str, Commodity]

    def producer(self, commodity: str) -> Process | None:
        """Return the process whose main output the commodity is, or None."""
        return next((p for p in self.processes.values() if p.output == commodity), None)


def _rows(folder: Path | None, name: str) -> list[dict[str, str]]:
    if folder is not None:
        text = (folder / name).read_text(encoding="utf-8")
    else:
        text = (resources.files("moonbase") / "data" / "recipes" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _number(row: Mapping[str, str], column: str, path: str) -> float:
    try:
        value = float(row[column])
    except (KeyError, ValueError) as exc:
        raise ParameterError(
            f"expects a number, got {row.get(column)!r}", path=f"{path}.{column}"
        ) from exc
    if not np.isfinite(value):
        raise ParameterError("must be finite", path=f"{path}.{column}")
    return value


def load_recipes(folder: Path | None = None) -> Recipes:
    """Read and check a recipe table.

    Parameters
    ----------
    folder : Path, optional
        Folder with ``processes.csv``, ``flows.csv`` and ``commodities.csv``; the shipped highland
        table by default.

    Returns
    -------
    Recipes

    Raises
    ------
    ParameterError
        A field is missing or is not a number, or a flow names an unknown commodity.
    PhysicsError
        A recipe creates or loses an element, or uses less energy than its floor.

    Examples
    --------
    >>> recipes = load_recipes()
    >>> recipes.processes["mre_al"].output
    'aluminium'
    """
    commodities = {}
    for row in _rows(folder, "commodities.csv"):
        path = f"commodities.{row['commodity']}"
        commodities[row["commodity"]] = Commodity(
            name=row["commodity"],
            unit=row["unit"],
            group=row["class"],
            unit_mass_kg=_number(row, "unit_mass_kg", path),
            description=row["description"],
            element_frac=np.array([_number(row, e, path) for e in ELEMENTS]),
            kind=row["kind"],
        )
    flows: dict[str, dict[str, float]] = {}
    for row in _rows(folder, "flows.csv"):
        path = f"flows.{row['process']}.{row['commodity']}"
        if row["commodity"] not in commodities:
            raise ParameterError(
                "unknown commodity", path=path, hint="add it to commodities.csv with its elements"
            )
        flows.setdefault(row["process"], {})[row["commodity"]] = _number(row, "amount", path)
    processes = {}
    for row in _rows(folder, "processes.csv"):
        name = row["process"]
        numbers = {column: _number(row, column, f"processes.{name}") for column in _NUMBERS}
        processes[name] = Process(
            name=name,
            label=row["name"],
            shop=row["shop"],
            output=row["output"],
            kind=row["kind"],
            source=row["source"],
            note=row["note"],
            flows=flows.get(name, {}),
            **numbers,
        )
    recipes = Recipes(processes=processes, commodities=commodities)
    check(recipes)
    return recipes


def element_imbalance(recipes: Recipes, process: str) -> dict[str, float]:
    """Mass of each element that a recipe creates (+) or loses (-), kg per unit of main output.

    Parameters
    ----------
    recipes : Recipes
    process : str
        Process name.

    Returns
    -------
    dict
        Element symbol -> kg per unit of main output; 0 for a closed recipe.

    Examples
    --------
    >>> imbalance = element_imbalance(load_recipes(), "mre_si")
    >>> max(abs(v) for v in imbalance.values()) < 1e-6
    True
    """
    total = np.zeros(len(ELEMENTS))
    for name, amount in recipes.processes[process].flows.items():
        commodity = recipes.commodities[name]
        total += amount * commodity.unit_mass_kg * commodity.element_frac
    return dict(zip(ELEMENTS, total.tolist(), strict=True))


def reaction_floor(*, oxides_kg: Mapping[str, float]) -> float:
    """Least energy that frees the oxygen of some oxides, from enthalpies of formation.

    Parameters
    ----------
    oxides_kg : Mapping
        Oxide formula (SiO2, FeO, Al2O3, TiO2, MgO, CaO, Na2O, H2O) -> kg reduced.

    Returns
    -------
    float
        kWh.

    Notes
    -----
    Standard enthalpies of formation at 298 K: CODATA key values (1989); FeO and Na2O from the
    NIST-JANAF and CRC tables. Sensible and melting heat come on top.

    Examples
    --------
    >>> round(reaction_floor(oxides_kg={"Al2O3": 1.0 / 0.529251}), 2)  # per kg of aluminium
    8.63
    """
    total = 0.0
    for oxide, mass_kg in oxides_kg.items():
        enthalpy_kJ_mol, molar_g, _ = OXIDE_ENTHALPY[oxide]
        total += mass_kg * enthalpy_kJ_mol / molar_g * 1e3 / 3600.0
    return total


OXIDE_ENTHALPY: dict[str, tuple[float, float, str]] = {
    "FeO": (272.0, 71.844, "Fe"),
    "Na2O": (414.2, 61.979, "Na"),
    "SiO2": (910.7, 60.084, "Si"),
    "TiO2": (944.0, 79.866, "Ti"),
    "Al2O3": (1675.7, 101.961, "Al"),
    "MgO": (601.6, 40.304, "Mg"),
    "CaO": (635.1, 56.077, "Ca"),
    "H2O": (285.83, 18.015, "H"),
}
"""Oxide -> (-enthalpy of formation kJ/mol, molar mass g/mol, element)."""

_METAL_PER_OXIDE = {
    "Fe": ("FeO", 55.845 / 71.844),
    "Si": ("SiO2", 28.085 / 60.084),
    "Ti": ("TiO2", 47.867 / 79.866),
    "Al": ("Al2O3", 2 * 26.982 / 101.961),
}


def recipe_floor(recipes: Recipes, process: str) -> float:
    """Reaction enthalpy that a metal-winning recipe must pay, kWh per unit of main output.

    The metals counted are those that leave as commodities without oxygen while oxygen gas is
    set free; recipes that free no oxygen have a floor of zero here.

    Examples
    --------
    >>> round(recipe_floor(load_recipes(), "mre_si"), 2)
    7.76
    """
    row = recipes.processes[process]
    if row.flows.get("oxygen", 0.0) <= 0.0 or "slag_al" not in row.flows:
        return 0.0
    oxides: dict[str, float] = {}
    for name, amount in row.flows.items():
        commodity = recipes.commodities[name]
        if amount <= 0.0 or commodity.element_frac[ELEMENTS.index("O")] > 0.0:
            continue
        for element, (oxide, metal_frac) in _METAL_PER_OXIDE.items():
            metal_kg = amount * float(commodity.element_frac[ELEMENTS.index(element)])
            oxides[oxide] = oxides.get(oxide, 0.0) + metal_kg / metal_frac
    return reaction_floor(oxides_kg=oxides)


def check(recipes: Recipes, *, tolerance_kg: float = 1e-6) -> None:
    """Refuse a table in which a recipe breaks an element balance or its reaction enthalpy.

    Parameters
    ----------
    recipes : Recipes
    tolerance_kg : float
        Largest imbalance per element, kg per unit of main output; scaled by the unit's mass.

    Raises
    ------
    PhysicsError
        Names the recipe, the element or floor, and the numbers.
    """
    for name, process in recipes.processes.items():
        if name in BOUNDARY_PROCESSES:
            continue
        scale = max(1.0, recipes.commodities[process.output].unit_mass_kg)
        for element, excess in element_imbalance(recipes, name).items():
            if abs(excess) > tolerance_kg * scale:
                verb = "creates" if excess > 0 else "loses"
                raise PhysicsError(
                    f"{verb} {abs(excess):.3g} kg of {element} per unit of {process.output}",
                    path=f"recipes.{name}",
                    hint="correct the flows so that every element that goes in comes out",
                )
        floor = recipe_floor(recipes, name)
        supplied = process.electricity_kWh + process.heat_kWh
        if supplied < floor:
            raise PhysicsError(
                f"uses {supplied:.3g} kWh per unit, below its reaction enthalpy {floor:.3g} kWh",
                path=f"recipes.{name}",
                hint="raise electricity_kWh or book the heat",
            )
