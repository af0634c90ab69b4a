"""Least energy of a recipe: what its reactions, its heating and its throwing cannot go below.

A commodity is known by its elements alone, so its enthalpy lies between two values: its oxygen on
the elements that hold it most tightly, or least. The floor of a recipe takes the lower for what
comes out and the upper for what goes in; for pure oxides, metals and oxygen both are the same and
the floor is exact, for mixtures it is a bound that no arrangement of the atoms can undercut.

Neglected: enthalpies of mixing, of silicates and of alloys from simple oxides and metals (a few
per cent), oxides beyond the table (Fe2O3, peroxides), heat capacities of the reaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from moonbase.core.errors import DomainError, ParameterError
from moonbase.core.faults import nearest
from moonbase.industry.data import number_of, rows_of
from moonbase.industry.regolith import ATOMIC_MASS_g_mol, atoms, molar_mass
from moonbase.industry.table import ELEMENTS, ROOM_TEMPERATURE_K, Commodity, Process, Recipes

_kJ_kWh = 3600.0
_J_kWh = 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Oxide:
    """An oxide: ``element`` that it frees, oxygen freed, energies of formation per kg of it."""

    formula: str
    element: str
    oxygen_frac: float
    oxygen_ratio: float
    enthalpy_kWh_kg: float
    gibbs_kWh_kg: float
    simple: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A row of the floors: heat to bring a kg there, and least work on it."""

    name: str
    heat_kWh_kg: float
    work_kWh_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Least energy of a process per unit of main output.

    ``electricity_kWh`` is what must be electricity however much heat is booked: work, and the
    Gibbs energy of the reaction at its temperature.
    """

    reaction_kWh: float
    melt_kWh: float
    work_kWh: float
    electricity_kWh: float

    @property
    def energy_kWh(self) -> float:
        """Least electricity and heat together."""
        return self.reaction_kWh + self.melt_kWh + self.work_kWh


@cache
def oxides() -> Mapping[str, Oxide]:
    """Oxides of the table by formula.

    >>> round(oxides()["H2O"].gibbs_kWh_kg / oxides()["H2O"].oxygen_frac, 2)
    4.12
    """
    return {row["oxide"]: _oxide(row) for row in rows_of("oxides.csv")}


def _oxide(row: Mapping[str, str]) -> Oxide:
    formula, element = row["oxide"], row["element"]
    path = f"oxides.{formula}"
    molar, oxygen_g = molar_mass(formula), number_of(row, "frees_n_O", path) * 15.999
    enthalpy = number_of(row, "enthalpy_kJ_mol", path)
    return Oxide(
        formula=formula,
        element=element,
        oxygen_frac=oxygen_g / molar,
        oxygen_ratio=oxygen_g / (atoms(formula)[element] * ATOMIC_MASS_g_mol[element]),
        enthalpy_kWh_kg=enthalpy / molar * 1e3 / _kJ_kWh,
        gibbs_kWh_kg=number_of(row, "gibbs_kJ_mol", path, enthalpy) / molar * 1e3 / _kJ_kWh,
        simple=row["role"] == "oxide",
    )


@cache
def materials() -> Mapping[str, Material]:
    """Floors of heating, melting, liquefying and throwing by material.

    >>> [round(materials()[m].heat_kWh_kg, 3) for m in ("aluminium", "iron", "basalt")]
    [0.27, 0.341, 0.569]
    """
    found = {}
    for row in rows_of("floors.csv"):
        path = f"floors.{row['material']}"
        rise_K = number_of(row, "to_K", path) - number_of(row, "from_K", path)
        heat_J = number_of(row, "heat_capacity_J_kg_K", path) * rise_K
        found[row["material"]] = Material(
            name=row["material"],
            heat_kWh_kg=(heat_J + number_of(row, "latent_J_kg", path)) / _J_kWh,
            work_kWh_kg=number_of(row, "work_J_kg", path) / _J_kWh,
        )
    return found


def reaction_floor(*, oxides_kg: Mapping[str, float], reaction_K: float | None = None) -> float:
    """Least energy that frees the oxygen of some oxides.

    Parameters
    ----------
    oxides_kg : Mapping
        Oxide formula (SiO2, FeO, Al2O3, TiO2, MgO, CaO, Na2O, K2O, MnO, P2O5, H2O, CO2; FeTiO3 to
        iron and TiO2) -> kg reduced.
    reaction_K : float, optional
        Give the least electricity at this temperature (Gibbs energy) instead of the enthalpy.

    Returns
    -------
    float
        kWh.

    Raises
    ------
    DomainError
        Unknown oxide, or a negative mass.

    Notes
    -----
    Standard enthalpies and Gibbs energies of formation at 298 K, sources by row in
    ``data/recipes/oxides.csv`` (CODATA 1989, CRC, JANAF, NBS). With ``reaction_K`` the Gibbs
    energy is ``dH - T (dH - dG) / 298.15 K``, straight in T: within about 5 % to 2,000 K. Sensible
    and melting heat come on top.

    Examples
    --------
    >>> round(reaction_floor(oxides_kg={"Al2O3": 1.0 / 0.529251}), 2)  # per kg of aluminium
    8.63
    >>> round(reaction_floor(oxides_kg={"H2O": 1.0 / 0.88809}, reaction_K=298.15), 2)
    4.12
    """
    total = 0.0
    for formula, mass_kg in oxides_kg.items():
        if formula not in oxides():
            hint = nearest(formula, oxides()) or f"oxides: {', '.join(oxides())}"
            raise DomainError("unknown oxide", path=f"oxides_kg.{formula}", hint=hint)
        if not mass_kg >= 0.0:
            raise DomainError(
                f"expects a mass >= 0, got {mass_kg}",
                path=f"oxides_kg.{formula}",
                hint="kg reduced",
            )
        total += mass_kg * _energy(oxides()[formula], reaction_K)
    return total


def melt_floor(*, material: str, mass_kg: float = 1.0, unrecovered_frac: float = 1.0) -> float:
    """Least energy to heat and melt, liquefy or throw a material of the floors table.

    Parameters
    ----------
    material : str
        A row of ``data/recipes/floors.csv``: aluminium, iron, silicon, basalt, ice, ...
    mass_kg : float
    unrecovered_frac : float
        Share of the energy that is not taken back.

    Returns
    -------
    float
        kWh.

    Raises
    ------
    DomainError
        Unknown material.

    Notes
    -----
    ``mass (c (T - T0) + latent + work)``; textbook heat capacities, see the table's sources.

    Examples
    --------
    >>> round(melt_floor(material="aluminium"), 3), round(melt_floor(material="lunar_escape"), 3)
    (0.27, 0.784)
    """
    if material not in materials():
        hint = nearest(material, materials()) or f"materials: {', '.join(materials())}"
        raise DomainError("unknown material", path="material", hint=hint)
    found = materials()[material]
    return mass_kg * unrecovered_frac * (found.heat_kWh_kg + found.work_kWh_kg)


def recipe_floor(recipes: Recipes, process: str) -> Floor:
    """Least energy of a process: reaction, unrecovered heat and melting, work.

    Parameters
    ----------
    recipes : Recipes
    process : str
        Process name.

    Returns
    -------
    Floor
        kWh per unit of main output.

    Raises
    ------
    ParameterError
        Unknown process, commodity or material.

    Notes
    -----
    Enthalpies at 298 K of what comes out less what goes in, not below zero, plus the heat of
    ``Process.melts``. Electricity alone is at least the work and the Gibbs energy at
    ``Process.reaction_K``.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> floor = recipe_floor(load_recipes(), "mre_si")
    >>> round(floor.reaction_kWh, 2), round(floor.energy_kWh, 2)
    (7.76, 10.27)
    """
    if process not in recipes.processes:
        raise ParameterError(
            "unknown process", path=f"recipes.{process}", hint=nearest(process, recipes.processes)
        )
    row = recipes.processes[process]
    melt = work = 0.0
    for charge in row.melts:
        material = materials().get(charge.material)
        if material is None or charge.commodity not in row.flows:
            raise ParameterError(
                f"melts {charge.material} as {charge.commodity}",
                path=f"recipes.{process}.melts",
                hint=f"a material ({', '.join(materials())}) and a commodity of the flows",
            )
        unit_kg = recipes.commodities[charge.commodity].unit_mass_kg
        mass_kg = abs(row.flows[charge.commodity]) * unit_kg * charge.unrecovered_frac
        melt += mass_kg * material.heat_kWh_kg
        work += mass_kg * material.work_kWh_kg
    gibbs = 0.0
    if all(recipes.commodities[name].formation_kWh_kg is None for name in row.flows):
        gibbs = _reaction(recipes, row, row.reaction_K)
    return Floor(
        reaction_kWh=_reaction(recipes, row, None),
        melt_kWh=melt,
        work_kWh=work,
        electricity_kWh=work + gibbs,
    )


def oxygen_deficit(commodity: Commodity) -> float:
    """Oxygen that a kg of a commodity would still bind, kg; negative where it is free.

    >>> from moonbase.industry.recipes import load_recipes
    >>> table = load_recipes().commodities
    >>> [round(oxygen_deficit(table[c]), 3) for c in ("oxygen", "aluminium", "iron")]
    [-1.0, 0.889, 0.302]
    """
    bound = sum(frac * oxide.oxygen_ratio for oxide, frac in _held(commodity))
    return bound - float(commodity.element_frac[ELEMENTS.index("O")])


def silicon_of_alloy(*, oxygen_ratio: float) -> float:
    """Silicon share of an iron-silicon alloy from the oxygen that came with it.

    Parameters
    ----------
    oxygen_ratio : float
        kg of oxygen per kg of alloy, won from FeO and SiO2 alone.

    Returns
    -------
    float
        Mass fraction of silicon.

    Raises
    ------
    DomainError
        Outside pure iron (0.286) to pure silicon (1.139).

    Examples
    --------
    >>> round(silicon_of_alloy(oxygen_ratio=0.956), 3)
    0.785
    """
    iron, silicon = oxides()["FeO"].oxygen_ratio, oxides()["SiO2"].oxygen_ratio
    if not iron <= oxygen_ratio <= silicon:
        raise DomainError(
            f"no alloy of Fe and Si frees {oxygen_ratio} kg of oxygen per kg",
            path="oxygen_ratio",
            hint=f"between {iron:.4f} (iron) and {silicon:.4f} (silicon)",
        )
    return (oxygen_ratio - iron) / (silicon - iron)


def _energy(oxide: Oxide, reaction_K: float | None) -> float:
    """Enthalpy, or Gibbs energy at a temperature, kWh per kg of oxide."""
    if reaction_K is None:
        return oxide.enthalpy_kWh_kg
    entropy = (oxide.enthalpy_kWh_kg - oxide.gibbs_kWh_kg) / ROOM_TEMPERATURE_K
    return oxide.enthalpy_kWh_kg - reaction_K * entropy


def _held(commodity: Commodity) -> list[tuple[Oxide, float]]:
    """Elements of a commodity that can hold oxygen, with their mass fractions."""
    return [
        (oxide, float(commodity.element_frac[ELEMENTS.index(oxide.element)]))
        for oxide in oxides().values()
        if oxide.simple
    ]


def _bound(commodity: Commodity, reaction_K: float | None, pick: Callable[[float], float]) -> float:
    """Energy of formation of a kg, its oxygen given out in the order of ``pick``, kWh."""
    if commodity.formation_kWh_kg is not None:
        return commodity.formation_kWh_kg
    oxygen = float(commodity.element_frac[ELEMENTS.index("O")])
    per_oxygen = [
        (_energy(oxide, reaction_K) / oxide.oxygen_frac, frac * oxide.oxygen_ratio)
        for oxide, frac in _held(commodity)
    ]
    total = 0.0
    for energy, room in sorted(per_oxygen, key=lambda item: pick(item[0])):
        taken = min(room, oxygen)
        total -= taken * energy
        oxygen -= taken
    return total


def _reaction(recipes: Recipes, row: Process, reaction_K: float | None) -> float:
    """Energy of products at their lowest less that of feeds at their highest, not below zero."""
    total = 0.0
    for name, amount in row.flows.items():
        commodity = recipes.commodities[name]
        pick: Callable[[float], float] = np.negative if amount > 0.0 else np.positive
        total += amount * commodity.unit_mass_kg * _bound(commodity, reaction_K, pick)
    return max(0.0, float(total))
