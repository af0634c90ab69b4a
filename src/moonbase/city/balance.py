"""Balances of mass and of chemical elements for people, plants and life-support units.

Neglected: nitrogen, phosphorus, potassium and trace nutrients; day-to-day variation; body size
(oxygen use differs by 60 % between the smallest and the largest bodies).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.errors import PhysicsError

_ATOM = {"C": 12.011, "H": 1.008, "O": 15.999, "N": 14.007}
"""Standard atomic weights, g/mol (IUPAC abridged)."""
_WATER_J_MOL = {"enthalpy": 285.83e3, "gibbs": 237.13e3}
"""Splitting of liquid water at 25 degC, J/mol (standard formation values)."""
_FORMATION_J_MOL = {
    "oxygen": 0.0,
    "hydrogen": 0.0,
    "nitrogen": 0.0,
    "carbon": 0.0,
    "water": -285.83e3,
    "co2": -393.51e3,
    "methane": -74.6e3,
}
"""Standard enthalpies of formation at 25 degC, J/mol (CODATA 1989; methane NIST)."""
_FORMULA = {
    "oxygen": {"O": 2},
    "hydrogen": {"H": 2},
    "water": {"H": 2, "O": 1},
    "co2": {"C": 1, "O": 2},
    "methane": {"C": 1, "H": 4},
    "carbon": {"C": 1},
    "nitrogen": {"N": 2},
    "carbohydrate": {"C": 1, "H": 2, "O": 1},
    "fat": {"C": 57, "H": 104, "O": 6},
}


def _molar_mass(formula: Mapping[str, int]) -> float:
    return sum(_ATOM[e] * n for e, n in formula.items())


def _mass_shares(formula: Mapping[str, int]) -> dict[str, float]:
    total = _molar_mass(formula)
    return {e: _ATOM[e] * n / total for e, n in formula.items()}


SPECIES: Mapping[str, Mapping[str, float]] = {n: _mass_shares(f) for n, f in _FORMULA.items()}
"""Elements by mass, kg/kg, of the substances a balance knows."""

_MOLAR = {n: _molar_mass(f) for n, f in _FORMULA.items()}
OXYGEN_ENTHALPY_FLOOR_J_kg = _WATER_J_MOL["enthalpy"] / (_MOLAR["oxygen"] / 2e3)
"""Least energy, heat included, that splits water, per kg of oxygen (4.96 kWh/kg)."""
OXYGEN_GIBBS_FLOOR_J_kg = _WATER_J_MOL["gibbs"] / (_MOLAR["oxygen"] / 2e3)
"""Least electric work that splits water, per kg of oxygen (4.12 kWh/kg)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewDay:
    """Balance of one person and one day."""

    mass_in_kg: Real
    mass_out_kg: Real
    metabolic_water_kg: Real
    respiratory_ratio: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodMake:
    """What the food of one person and one day must hold."""

    carbohydrate_kg: Real
    fat_kg: Real
    dry_frac: Real
    elements: Mapping[str, Real]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Out over in, for the total mass and for each element."""

    mass_ratio: float
    element_ratio: Mapping[str, float]


def crew_day_balance(
    *,
    crew_oxygen_kg: Real,
    food_kg: Real,
    crew_water_kg: Real,
    crew_co2_kg: Real,
    water_out_kg: Real,
    solids_out_kg: Real,
) -> CrewDay:
    """Mass in and out of one person in one day, and the respiratory quotient.

    Parameters
    ----------
    crew_oxygen_kg, food_kg, crew_water_kg : float or array
        Breathed, eaten and drunk in the day, kg.
    crew_co2_kg, water_out_kg, solids_out_kg : float or array
        Exhaled carbon dioxide; vapour, urine and faecal water; dry solids, kg.

    Returns
    -------
    CrewDay
        Sums (kg), water made by metabolism (kg), and mol CO2 over mol O2, in the broadcast shape.

    Raises
    ------
    PhysicsError
        When the quotient is outside 0.70 to 1.00 for every element: no mixed diet gives that.

    Notes
    -----
    Source: ALS BVAD (2004) and SIMOC-ABM (2023) tables; both close exactly.

    Examples
    --------
    >>> day = crew_day_balance(
    ...     crew_oxygen_kg=0.89,
    ...     food_kg=1.56,
    ...     crew_water_kg=3.29,
    ...     crew_co2_kg=1.08,
    ...     water_out_kg=4.54,
    ...     solids_out_kg=0.12,
    ... )
    >>> round(float(day.mass_in_kg - day.mass_out_kg), 9), round(float(day.respiratory_ratio), 3)
    (0.0, 0.882)
    """
    oxygen = np.asarray(crew_oxygen_kg, dtype=np.float64)
    quotient = (crew_co2_kg / _MOLAR["co2"]) / (oxygen / _MOLAR["oxygen"])
    if not np.any((quotient >= 0.70) & (quotient <= 1.00)):
        raise PhysicsError(
            f"respiratory quotient {float(np.mean(quotient)):.3f} is outside 0.70 to 1.00",
            path="crew_co2_kg",
            hint="oxygen and carbon dioxide must be those of the same person and day",
        )
    return CrewDay(
        mass_in_kg=oxygen + food_kg + crew_water_kg,
        mass_out_kg=np.asarray(crew_co2_kg) + water_out_kg + solids_out_kg,
        metabolic_water_kg=np.asarray(water_out_kg) - crew_water_kg,
        respiratory_ratio=quotient,
    )


def food_make(*, crew_oxygen_kg: Real, crew_co2_kg: Real, food_wet_kg: Real) -> FoodMake:
    """Carbohydrate and fat that account for the oxygen used and the carbon dioxide exhaled.

    Parameters
    ----------
    crew_oxygen_kg, crew_co2_kg, food_wet_kg : float or array
        Breathed, exhaled and eaten by one person in one day, kg.

    Returns
    -------
    FoodMake
        Carbohydrate and fat (kg), their share of the wet food, and the elements of wet food
        (kg/kg), in the broadcast shape.

    Notes
    -----
    Solves ``CH2O + O2 -> CO2 + H2O`` and ``C57H104O6 + 80 O2 -> 57 CO2 + 52 H2O``; protein is
    left out.

    Examples
    --------
    >>> food = food_make(crew_oxygen_kg=0.89, crew_co2_kg=1.08, food_wet_kg=1.56)
    >>> round(float(food.carbohydrate_kg), 3), round(float(food.fat_kg), 3)
    (0.493, 0.126)
    """
    co2_mol = np.asarray(crew_co2_kg) / _MOLAR["co2"]
    oxygen_mol = np.asarray(crew_oxygen_kg) / _MOLAR["oxygen"]
    fat_mol = (oxygen_mol - co2_mol) / 23.0
    parts = {
        "carbohydrate": (co2_mol - 57.0 * fat_mol) * _MOLAR["carbohydrate"],
        "fat": fat_mol * _MOLAR["fat"],
    }
    dry_kg = parts["carbohydrate"] + parts["fat"]
    parts["water"] = food_wet_kg - dry_kg
    elements: dict[str, Real] = {
        e: sum(kg * SPECIES[n].get(e, 0.0) for n, kg in parts.items()) / food_wet_kg for e in "CHO"
    }
    return FoodMake(
        carbohydrate_kg=parts["carbohydrate"],
        fat_kg=parts["fat"],
        dry_frac=dry_kg / food_wet_kg,
        elements=elements,
    )


def check_balance(
    *,
    inputs_kg: Mapping[str, float],
    outputs_kg: Mapping[str, float],
    composition: Mapping[str, Mapping[str, float]] = SPECIES,
    tolerance_frac: float = 1e-3,
    path: str = "",
) -> Balance:
    """Refuse a process that makes or loses mass or an element.

    Parameters
    ----------
    inputs_kg, outputs_kg : mapping of str to float
        Substance to mass, kg.
    composition : mapping
        Elements by mass of each substance, kg/kg. A substance that is not in it takes part in the
        mass balance only; elements are then not checked.
    tolerance_frac : float
        Largest share of the input that may be missing or made.
    path : str
        Where the process comes from, for the message.

    Returns
    -------
    Balance
        Out over in for the mass and, where the composition is known, for each element.

    Raises
    ------
    PhysicsError
        When mass or an element does not close.

    Examples
    --------
    >>> check_balance(inputs_kg={"water": 9.0}, outputs_kg={"hydrogen": 1.007, "oxygen": 7.993})
    ... # doctest: +ELLIPSIS
    Balance(mass_ratio=1.0, element_ratio={...})
    """
    mass_in, mass_out = sum(inputs_kg.values()), sum(outputs_kg.values())
    ratios = {"mass": mass_out / mass_in}
    faults = []
    if abs(mass_out - mass_in) > tolerance_frac * mass_in:
        faults.append(f"mass out over in is {mass_out / mass_in:.4f}")
    if all(name in composition for name in (*inputs_kg, *outputs_kg)):
        elements_in = _elements(inputs_kg, composition)
        elements_out = _elements(outputs_kg, composition)
        for e in sorted({*elements_in, *elements_out}):
            before, after = elements_in.get(e, 0.0), elements_out.get(e, 0.0)
            ratios[e] = after / before if before else np.inf
            if abs(after - before) > tolerance_frac * mass_in:
                faults.append(f"{e} out over in is {ratios[e]:.4f} ({after - before:+.4g} kg)")
    if faults:
        raise PhysicsError(
            "does not balance: " + "; ".join(faults),
            path=path,
            hint="mend the flows; a total that closes can hide an element that does not",
        )
    return Balance(mass_ratio=ratios.pop("mass"), element_ratio=ratios)


def check_electrolyser(
    *, energy_J: float, oxygen_kg: float, heat_J: float = 0.0, path: str = ""
) -> float:
    """Refuse a water electrolyser that runs below the energy floor.

    Parameters
    ----------
    energy_J : float
        Electric energy, J.
    oxygen_kg : float
        Oxygen made with it, kg; > 0.
    heat_J : float
        Heat fed from outside, J.
    path : str
        Where the unit comes from, for the message.

    Returns
    -------
    float
        Electric energy per oxygen, J/kg.

    Raises
    ------
    PhysicsError
        When electricity is below the free energy, or electricity and heat below the enthalpy.

    Notes
    -----
    Floors from 237.13 and 285.83 kJ per mol of liquid water at 25 degC.

    Examples
    --------
    >>> round(check_electrolyser(energy_J=6.55 * 3.6e6, oxygen_kg=1.0) / 3.6e6, 2)
    6.55
    """
    electric = energy_J / oxygen_kg
    total = (energy_J + heat_J) / oxygen_kg
    if electric < OXYGEN_GIBBS_FLOOR_J_kg or total < OXYGEN_ENTHALPY_FLOOR_J_kg:
        raise PhysicsError(
            f"{electric / 3.6e6:.3f} kWh/kg of oxygen electric, {total / 3.6e6:.3f} with heat",
            path=path,
            hint=f"floors: {OXYGEN_GIBBS_FLOOR_J_kg / 3.6e6:.3f} electric, "
            f"{OXYGEN_ENTHALPY_FLOOR_J_kg / 3.6e6:.3f} with heat",
        )
    return electric


def reaction_floor_J(*, flows_kg: Mapping[str, float]) -> float | None:
    """Enthalpy that a reaction takes up.

    Parameters
    ----------
    flows_kg : mapping of str to float
        Substance to mass, kg: made > 0, taken < 0.

    Returns
    -------
    float or None
        J, below zero for a reaction that gives heat; None where a substance has no tabulated
        enthalpy.

    Notes
    -----
    Standard enthalpies of formation at 25 degC, products less feeds, water liquid.

    Examples
    --------
    >>> round(reaction_floor_J(flows_kg={"water": -9.0, "oxygen": 8.0, "hydrogen": 1.0}) / 1e6)
    143
    """
    if any(name not in _FORMATION_J_MOL for name in flows_kg):
        return None
    return sum(kg / (_MOLAR[name] * 1e-3) * _FORMATION_J_MOL[name] for name, kg in flows_kg.items())


def _elements(
    flows_kg: Mapping[str, float], composition: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    total: dict[str, float] = {}
    for name, kg in flows_kg.items():
        for e, share in composition[name].items():
            total[e] = total.get(e, 0.0) + kg * share
    return total
