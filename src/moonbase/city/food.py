"""Food: wet and dry mass, crops by diet, area, light, power, and what shipping it would weigh.

Comparisons in money belong to economics: this gives kilograms and joules. Neglected: seasons and
crop cycles (areas are 24-hour means over a full rotation), failures, pollination, minerals, taste;
a diet is checked for mass and light, not for nutrients. All crops are taken to have the dry
composition of the crew's food.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from moonbase.city.balance import SPECIES
from moonbase.core.arrays import Array, Real
from moonbase.core.constants import AVOGADRO, DAY_s, JULIAN_YEAR_s, PLANCK_J_s, SPEED_OF_LIGHT_m_s
from moonbase.core.errors import DomainError, PhysicsError, UnitError
from moonbase.core.tables import Table, pick, read_table, values

_QUANTUM_NEED = 8.0
"""Photons that photosynthesis takes for one molecule of carbon dioxide, at least."""
_REDDEST_m = 700e-9
LAMP_FLOOR_J_mol = PLANCK_J_s * SPEED_OF_LIGHT_m_s / _REDDEST_m * AVOGADRO
"""Energy of a mole of the reddest photons that plants use: no lamp draws less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Food:
    """A mass of food, with the basis it is counted in.

    ``dry_frac`` is the dry share of the food as eaten, whatever the basis.
    """

    mass_kg: Real
    basis: str
    dry_frac: Real

    def __post_init__(self) -> None:
        if self.basis not in ("wet", "dry"):
            raise DomainError(f"no basis {self.basis!r}", path="basis", hint="wet or dry")
        share = np.asarray(self.dry_frac)
        if np.any(np.asarray(self.mass_kg) < 0.0) or np.any((share <= 0.0) | (share > 1.0)):
            raise DomainError("needs a mass >= 0 and a dry share above 0, at most 1", path="food")

    def dry(self) -> Food:
        """Same food, counted dry."""
        share = 1.0 if self.basis == "dry" else np.asarray(self.dry_frac)
        return Food(mass_kg=self.mass_kg * share, basis="dry", dry_frac=self.dry_frac)

    def wet(self) -> Food:
        """Same food, counted wet as eaten."""
        share = 1.0 if self.basis == "wet" else 1.0 / np.asarray(self.dry_frac)
        return Food(mass_kg=self.mass_kg * share, basis="wet", dry_frac=self.dry_frac)

    def plus(self, other: Food) -> Food:
        """Sum of two masses of food in the same basis.

        Raises
        ------
        UnitError
            When one is wet and the other dry.
        """
        if self.basis != other.basis:
            raise UnitError(
                f"{self.basis} and {other.basis} food do not add",
                path="basis",
                hint="take .dry() or .wet() of one of them",
            )
        mass_kg = np.asarray(self.mass_kg) + other.mass_kg
        dry_kg = (
            np.asarray(self.dry_frac) * self.mass_kg + np.asarray(other.dry_frac) * other.mass_kg
        )
        if self.basis == "dry":
            wet_kg = np.asarray(self.wet().mass_kg) + other.wet().mass_kg
            return Food(mass_kg=mass_kg, basis="dry", dry_frac=mass_kg / wet_kg)
        return Food(mass_kg=mass_kg, basis="wet", dry_frac=dry_kg / mass_kg)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodPlan:
    """Greenhouse for a daily mass of food, and the alternative of shipping it.

    ``lamp_power_W`` is a 24-hour mean; ``collector_m2`` gathers the part that comes from the Sun;
    ``energy_J_kg`` is lamp energy per wet food; ``heat_W`` must be cooled (all light ends as heat);
    ``quantum_ratio`` is photons per fixed molecule of carbon dioxide, mean of the diet.
    """

    area_by_crop_m2: Mapping[str, Array]
    area_m2: Array
    volume_m3: Array
    lamp_power_W: Array
    energy_J_kg: Array
    heat_W: Array
    collector_m2: Array
    equipment_kg: Array
    labour_h_yr: Array
    inedible_kg_day: Array
    quantum_ratio: Array
    shipped_kg_yr: Array


def crops(*, folder: Path | None = None) -> Mapping[str, Mapping[str, float]]:
    """Crop rows, checked.

    Parameters
    ----------
    folder : Path, optional
        Folder with ``crops.csv``; the shipped one by default.

    Returns
    -------
    mapping
        Crop -> dry biomass (kg/m2/day, 24-hour mean), harvest share, photoperiod (h) and light
        (mol/m2/day).

    Raises
    ------
    PhysicsError
        When a crop fixes carbon with fewer than 8 photons a molecule, harvests more than it grows,
        or is lit for more than a day.

    Examples
    --------
    >>> crops()["wheat"]["harvest_frac"]
    0.29
    """
    return _shipped() if folder is None else _read(folder)


def diets() -> Mapping[str, Mapping[str, float]]:
    """Named diets: share of the dry food by crop.

    Returns
    -------
    mapping
        Diet -> crop -> share; each sums to 1.

    Examples
    --------
    >>> diets()["potato"]
    {'white_potato': 1.0}
    """
    table = read_table(room="city", name="diets")
    return {
        name: {crop.removesuffix("_frac"): number.value for crop, number in rows.items()}
        for name, rows in table.items()
    }


def plan_food(
    *,
    food: Food,
    diet: str | Mapping[str, Real] = "mixed",
    lamp_J_mol: Real | None = None,
    sunlight_frac: Real = 0.0,
    sunlit_frac: Real = 1.0,
    pipe_frac: Real | None = None,
    biomass_ratio: Real = 1.0,
    packaging_ratio: Real | None = None,
) -> FoodPlan:
    """Crop area, light, power and equipment for a daily mass of food.

    What is None is read from the shipped tables.

    Parameters
    ----------
    food : Food
        Food of a day, wet or dry; give ``Food(mass_kg=0.6193, basis="dry", dry_frac=0.397)`` for
        one person.
    diet : str or mapping
        Name of `diets`, or crop -> share of the dry food; shares sum to 1.
    lamp_J_mol : float or array, optional
        Electricity per mole of light (400 to 700 nm), J/mol; a 3 umol/J diode by default.
    sunlight_frac : float or array
        Share of the light that comes piped from the Sun while it shines.
    sunlit_frac : float or array
        Share of the time the Sun shines; lamps stand in for the rest.
    pipe_frac : float or array, optional
        Share of the gathered light that reaches the leaves.
    biomass_ratio : float or array
        Growth over the crop table's at the same light.
    packaging_ratio : float or array, optional
        Shipped over net dry food.

    Returns
    -------
    FoodPlan
        m2, m3, W, J/kg, kg, h/yr in the broadcast shape.

    Raises
    ------
    DomainError
        Unknown diet or crop, or shares that do not sum to 1.
    PhysicsError
        A lamp that draws less than the energy of its photons.

    Notes
    -----
    ``A = dry share / (24 b HI)``, ``lamp power = A PAR (1 - sun) e``. Source: crop rows and lamp of
    SIMOC-ABM (2023). Their biomass is dry, the crew's food is wet.

    Examples
    --------
    >>> person = Food(mass_kg=1.56, basis="wet", dry_frac=0.397)
    >>> plan = plan_food(food=person, diet="potato", lamp_J_mol=0.167336 * 3.6e6)
    >>> round(float(plan.area_m2), 1), round(float(plan.energy_J_kg) / 3.6e6, 1)
    (38.1, 174.8)
    """
    shares = _diet(diet)
    growing = read_table(room="city", name="growing")
    lamp = pick(lamp_J_mol, growing, "led", "lamp_J_mol")
    if np.any(lamp < LAMP_FLOOR_J_mol):
        raise PhysicsError(
            f"{float(np.min(lamp)):.0f} J per mole of light",
            path="lamp_J_mol",
            hint=f"its photons hold at least {LAMP_FLOOR_J_mol:.0f} J/mol",
        )
    sun = np.asarray(sunlight_frac, dtype=np.float64) * sunlit_frac
    if np.any((sun < 0.0) | (sun > 1.0)):
        raise DomainError("must lie in 0 to 1", path="sunlight_frac")
    rows = crops()
    dry_kg = np.asarray(food.dry().mass_kg, dtype=np.float64)
    biomass = {n: x / rows[n]["harvest_frac"] for n, x in shares.items()}
    area_ratio = {
        n: kg / (rows[n]["biomass_kg_m2_day"] * np.asarray(biomass_ratio, dtype=np.float64))
        for n, kg in biomass.items()
    }
    area = {n: np.asarray(dry_kg * ratio) for n, ratio in area_ratio.items()}
    area_m2 = np.asarray(sum(area.values()))
    par_mol_kg = sum(ratio * rows[n]["par_mol_m2_day"] for n, ratio in area_ratio.items())
    par_mol_day = par_mol_kg * dry_kg
    power_W = np.asarray(par_mol_day * (1.0 - sun) * lamp / DAY_s)
    wet_kg = np.asarray(food.wet().mass_kg)
    noon = values(growing, "sunlight")["par_mol_m2_day"]
    gathered = noon * pick(pipe_frac, growing, "sunlight", "pipe_frac")
    collector_m2 = np.asarray(par_mol_day * np.asarray(sunlight_frac) / gathered)
    house = values(growing, "greenhouse")
    piped_W = par_mol_day * sun * LAMP_FLOOR_J_mol / DAY_s
    living = read_table(room="city", name="living")
    return FoodPlan(
        area_by_crop_m2=area,
        area_m2=area_m2,
        volume_m3=area_m2 * house["height_m"],
        lamp_power_W=power_W,
        energy_J_kg=np.asarray(par_mol_kg * (1.0 - sun) * lamp * np.asarray(food.dry_frac)),
        heat_W=np.asarray(power_W + piped_W),
        collector_m2=collector_m2,
        equipment_kg=area_m2 * house["equipment_kg_m2"]
        + collector_m2 * values(growing, "sunlight")["collector_kg_m2"],
        labour_h_yr=wet_kg * house["labour_h_kg"] * JULIAN_YEAR_s / DAY_s,
        inedible_kg_day=np.asarray(dry_kg * (sum(biomass.values()) - 1.0)),
        quantum_ratio=np.asarray(par_mol_kg / _fixed_mol(np.asarray(sum(biomass.values())))),
        shipped_kg_yr=dry_kg
        * pick(packaging_ratio, living, "imports", "packaging_ratio")
        * JULIAN_YEAR_s
        / DAY_s,
    )


def _fixed_mol(biomass_kg: Real) -> Real:
    """Carbon dioxide that dry biomass holds, mol, as carbohydrate."""
    return biomass_kg * SPECIES["carbohydrate"]["C"] / 12.011e-3


def _diet(diet: str | Mapping[str, Real]) -> Mapping[str, Real]:
    if isinstance(diet, str):
        named = diets()
        if diet not in named:
            raise DomainError(f"no diet {diet!r}", path="diet", hint=f"one of {', '.join(named)}")
        return named[diet]
    for crop, share in diet.items():
        if crop not in crops():
            raise DomainError(f"no crop {crop!r}", path="diet", hint=f"one of {', '.join(crops())}")
        if np.any(np.asarray(share) < 0.0):
            raise DomainError("must be >= 0", path=f"diet.{crop}")
    total = sum(np.asarray(share) for share in diet.values())
    if not np.allclose(total, 1.0, atol=1e-9):
        raise DomainError(f"shares sum to {total}", path="diet", hint="they must sum to 1")
    return diet


@cache
def _shipped() -> Mapping[str, Mapping[str, float]]:
    return _read(None)


def _read(folder: Path | None) -> Mapping[str, Mapping[str, float]]:
    table: Table = read_table(room="city", name="crops", folder=folder)
    rows = {name: values(table, name) for name in table}
    for name, row in rows.items():
        photons = row["par_mol_m2_day"] / _fixed_mol(row["biomass_kg_m2_day"])
        if photons < _QUANTUM_NEED:
            raise PhysicsError(
                f"{float(photons):.1f} photons for a molecule of carbon dioxide",
                path=f"crops.csv: {name}",
                hint=f"photosynthesis takes at least {_QUANTUM_NEED:g}",
            )
        if not 0.0 < row["harvest_frac"] <= 1.0 or not 0.0 < row["photoperiod_h"] <= 24.0:
            raise PhysicsError(
                "harvest share outside 0 to 1 or photoperiod over a day",
                path=f"crops.csv: {name}",
                hint="mend the row",
            )
    return rows
