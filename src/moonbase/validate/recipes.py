"""Answers of the recipe table, its soils and its floors to their validation cases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moonbase.core.errors import PhysicsError
from moonbase.industry.checks import check
from moonbase.industry.floors import (
    melt_floor,
    oxides,
    reaction_floor,
    recipe_floor,
    silicon_of_alloy,
)
from moonbase.industry.mre import mre_reactor
from moonbase.industry.recipes import TIERS, load_recipes
from moonbase.industry.regolith import regolith, soil_names

_DAYS_PER_YEAR = 365.25
_ORIGIN = {"kind": "published", "source": "morioes2025factory"}


def recipe_balance(*, soils: Sequence[str]) -> dict[str, float]:
    """Largest imbalance of mass and elements of every recipe, shipped and for some soils."""
    tables = [load_recipes(tiers=TIERS), *(load_recipes(soil=s, tiers=TIERS) for s in soils)]
    worst = [max(check(table).imbalance_kg.values()) for table in tables]
    return {
        "max_abs_imbalance_kg_per_kg": max(worst),
        "n_recipes": len(tables[0].processes),
        "n_soils": len(soil_names()),
    }


def soil_elements(*, soil: str | Mapping[str, float]) -> dict[str, float]:
    """Element fractions of a soil."""
    return dict(regolith(soil).element_frac)


def highland_electrolysis() -> dict[str, float]:
    """Stoichiometric split of Apollo 16 soil, per kg of oxygen and per kg of aluminium."""
    table = load_recipes(soil="Apollo 16")
    silicon, aluminium = table.processes["mre_si"].flows, table.processes["mre_al"].flows
    return {
        "regolith_kg": -silicon["regolith"],
        "silicon_kg": silicon["silicon_mg"],
        "iron_kg": silicon["iron"],
        "slag_kg": silicon["slag_al"],
        "al_slag_kg": -aluminium["slag_al"],
        "al_oxygen_kg": aluminium["oxygen"],
        "al_residue_kg": aluminium["slag_ca"],
    }


def oxide_floor(*, formulas: Sequence[str]) -> dict[str, float]:
    """Reaction enthalpy of oxides per kg of oxygen that they free."""
    return {f: reaction_floor(oxides_kg={f: 1.0 / oxides()[f].oxygen_frac}) for f in formulas}


def metal_floor(*, oxygen_ratio: Mapping[str, float]) -> dict[str, float]:
    """Reaction enthalpy of oxides per kg of metal, given the oxygen that a kg of metal held."""
    return {
        f: reaction_floor(oxides_kg={f: ratio / oxides()[f].oxygen_frac})
        for f, ratio in oxygen_ratio.items()
    }


def water_floor() -> dict[str, float]:
    """Enthalpy and Gibbs energy of splitting water."""
    water = {"H2O": 1.0 / oxides()["H2O"].oxygen_frac}
    return {
        "gibbs_kWh_kg_o2": reaction_floor(oxides_kg=water, reaction_K=298.15),
        "kWh_kg_h2": recipe_floor(load_recipes(), "electrolysis").reaction_kWh,
    }


def melt_floors(*, materials: Sequence[str]) -> dict[str, float]:
    """Heating, melting and throwing, kWh/kg."""
    return {material: melt_floor(material=material) for material in materials}


def electrolysis_floor() -> dict[str, float]:
    """Floor of molten regolith electrolysis per kg of oxygen, without and with the melt."""
    floor = recipe_floor(load_recipes(), "mre_si")
    return {"reaction_kWh": floor.reaction_kWh, "with_melt_kWh": floor.energy_kWh}


def alloy(*, oxygen_ratio: float) -> dict[str, float]:
    """Silicon share of an iron-silicon alloy."""
    return {"si_mass_fraction": silicon_of_alloy(oxygen_ratio=oxygen_ratio)}


def integrated_system() -> dict[str, float]:
    """Oxygen per kg of electrolysis plant, and days to make its own mass, by the shipped row."""
    capital_yr = load_recipes().processes["mre_si"].capital_kg_yr
    return {"o2_kg_per_yr_per_kg": 1.0 / capital_yr, "mass_payback_d": capital_yr * _DAYS_PER_YEAR}


def reactor(**arguments: Any) -> dict[str, float]:
    """Mass, power and energy of reactors."""
    found = mre_reactor(**arguments)
    return {
        "mass_kg": float(found.mass_kg),
        "power_W": float(found.power_W),
        "kWh_per_kg": float(found.energy_kWh_kg),
        "kg_per_kg_yr": float(found.capital_yr),
        "largest_kg_yr": float(found.largest_kg_yr),
    }


def reject_reactor(**arguments: Any) -> dict[str, float]:
    """1 when a reactor is refused, with the figures that the refusal tells."""
    try:
        mre_reactor(**arguments)
    except PhysicsError as error:
        return {
            "raised": 1.0,
            "fit_kWh_per_kg": _told(r"fit gives ([\d.]+)", error),
            "floor_kWh_per_kg": _told(r"reaction ([\d.]+)", error),
        }
    return {"raised": 0.0}


def reject_electrolysis(
    *, soil: str, regolith_kg: float, oxygen_kg: float, metals_kg: Mapping[str, float]
) -> dict[str, float]:
    """1 when an electrolysis whose mass closes is refused, and again with honest oxygen."""
    honest_kg = sum(
        mass_kg * oxide.oxygen_ratio
        for oxide in oxides().values()
        for metal, mass_kg in metals_kg.items()
        if oxide.simple and oxide.element == metal
    )

    def trial(released_kg: float) -> tuple[float, PhysicsError | None]:
        slag_kg = regolith_kg - released_kg - sum(metals_kg.values())
        outputs = {"oxygen": released_kg, "slag": slag_kg, **metals_kg}
        row = {
            "output": "oxygen",
            "inputs": {"regolith": regolith_kg / released_kg},
            "outputs": {name: mass_kg / released_kg for name, mass_kg in outputs.items()},
            "electricity_kWh": 25.0,
            "capital_kg_yr": 0.1,
            "life_yr": 4.0,
            **_ORIGIN,
        }
        goods: dict[str, dict[str, Any]] = {
            metal: {"elements": {metal: 1.0}, **_ORIGIN} for metal in metals_kg
        }
        goods["slag"] = {"made_of": "slag:claimed", **_ORIGIN}
        try:
            load_recipes(soil=soil, recipes={"claimed": row}, commodities=goods)
        except PhysicsError as error:
            return 1.0, error
        return 0.0, None

    raised, error = trial(oxygen_kg)
    return {
        "raised": raised,
        "raised_when_honest": trial(honest_kg)[0],
        "o2_from_metals_kg": _told(r"account for ([\d.]+)", error),
    }


def reject_casting(*, energy_kWh_kg: float) -> dict[str, float]:
    """1 when aluminium casting is refused, and the melt floor per kg melted."""
    row = {"electricity_kWh": energy_kWh_kg, **_ORIGIN}
    melted_kg = -load_recipes().processes["al_form"].flows["aluminium"]
    try:
        load_recipes(recipes={"al_form": row})
    except PhysicsError as error:
        return {"raised": 1.0, "melt_floor_kWh_per_kg": _told(r"melt ([\d.]+)", error) / melted_kg}
    return {"raised": 0.0}


def reject_pyrolysis(*, energy_kWh_kg: float, oxygen_frac: float) -> dict[str, float]:
    """1 when vacuum pyrolysis of regolith is refused; energy told, and the least floors."""
    row = {
        "output": "oxygen",
        "inputs": {"regolith": 1.0 / oxygen_frac},
        "outputs": {"oxygen": 1.0, "residue": 1.0 / oxygen_frac - 1.0},
        "electricity_kWh": energy_kWh_kg / oxygen_frac,
        "capital_kg_yr": 0.1,
        "life_yr": 5.0,
        "melts": ["basalt:regolith"],
        **_ORIGIN,
    }
    residue = {"made_of": "remainder:pyrolysis", **_ORIGIN}
    try:
        load_recipes(recipes={"pyrolysis": row}, commodities={"residue": residue})
    except PhysicsError as error:
        return {
            "raised": 1.0,
            "implied_kWh_per_kg_o2": _told(r"uses ([\d.]+)", error),
            "least_oxide_kWh_per_kg_o2": oxide_floor(formulas=["FeO"])["FeO"],
            "melt_floor_kWh_per_kg_regolith": _told(r"melt ([\d.]+)", error) * oxygen_frac,
        }
    return {"raised": 0.0}


def array_machinery(*, machinery_kg: float, output_kW_yr: float) -> dict[str, float]:
    """Machinery per yearly kW of arrays, and 1 when the shipped range of pv_surface holds it."""
    ratio = machinery_kg / output_kW_yr
    bounds = load_recipes().processes["pv_surface"].ranges["capital_kg_yr"]
    return {"kg_per_kW_per_yr": ratio, "inside": float(bounds.low <= ratio <= bounds.high)}


def _told(pattern: str, error: PhysicsError | None) -> float:
    found = re.search(pattern, str(error))
    return float(found[1]) if found else float("nan")
