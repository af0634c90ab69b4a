"""Answers of the industry room to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import PhysicsError
from moonbase.industry.growth import (
    BalancedGrowth,
    balanced_growth,
    steady_state,
)
from moonbase.industry.recipes import (
    BOUNDARY_PROCESSES,
    ELEMENTS,
    OXIDE_ENTHALPY,
    Commodity,
    Process,
    Recipes,
    check,
    element_imbalance,
    load_recipes,
    reaction_floor,
    recipe_floor,
)
from moonbase.industry.requirements import Requirements, product_requirements

_OXYGEN_g_mol = 15.999
_PV_kg_W = 0.038


def recipe_balance() -> dict[str, float]:
    """Largest element imbalance of the shipped recipes, kg per kg of main output."""
    recipes = load_recipes()
    worst = 0.0
    for name, process in recipes.processes.items():
        if name not in BOUNDARY_PROCESSES:
            unit_kg = max(1.0, recipes.commodities[process.output].unit_mass_kg)
            imbalance = element_imbalance(recipes, name).values()
            worst = max(worst, max(abs(x) for x in imbalance) / unit_kg)
    return {"max_abs_imbalance_kg_per_kg": worst}


def oxide_floor(*, n_oxygen: Mapping[str, int]) -> dict[str, float]:
    """Reaction enthalpy per kg of oxygen for oxides with so many oxygen atoms."""
    return {
        oxide: reaction_floor(oxides_kg={oxide: OXIDE_ENTHALPY[oxide][1] / (n * _OXYGEN_g_mol)})
        for oxide, n in n_oxygen.items()
    }


def electrolysis_floor(*, melt_kWh_kg: float) -> dict[str, float]:
    """Floor of molten regolith electrolysis per kg of oxygen, without and with the melt."""
    recipes = load_recipes()
    reaction = recipe_floor(recipes, "mre_si")
    melt = melt_kWh_kg * -recipes.processes["mre_si"].flows["regolith"]
    return {"reaction_kWh": reaction, "with_melt_kWh": reaction + melt}


def reject_recipe(
    *,
    regolith_kg: float,
    oxygen_kg: float,
    metals_kg: Mapping[str, float],
    oxygen_of_metals: Mapping[str, float],
) -> dict[str, float]:
    """1 when a closed-mass electrolysis recipe is refused, and again with honest oxygen."""
    recipes = load_recipes()

    def refused(released_kg: float) -> float:
        slag_kg = regolith_kg - released_kg - sum(metals_kg.values())
        elements = regolith_kg * recipes.commodities["regolith"].element_frac
        elements[ELEMENTS.index("O")] -= honest_kg
        for metal, mass_kg in metals_kg.items():
            elements[ELEMENTS.index(metal)] -= mass_kg
        pure = {m: np.array([float(e == m) for e in ELEMENTS]) for m in metals_kg}
        made = {name: _commodity(name, frac) for name, frac in pure.items()}
        made["slag"] = _commodity("slag", elements / elements.sum())
        flows = {"regolith": -regolith_kg, "oxygen": released_kg, "slag": slag_kg, **metals_kg}
        trial = replace(recipes.processes["mre_si"], flows=flows)
        try:
            check(Recipes(processes={"mre_si": trial}, commodities={**recipes.commodities, **made}))
        except PhysicsError:
            return 1.0
        return 0.0

    honest_kg = sum(oxygen_of_metals[m] * mass for m, mass in metals_kg.items())
    return {
        "raised": refused(oxygen_kg),
        "raised_when_honest": refused(honest_kg),
    }


def relative_doubling(
    *,
    change: str,
    ratio: Sequence[float],
    pv_yield_kWh_W: float,
    robot_hours_h_yr: float,
    pv_life_yr: float,
    robot_life_yr: float,
) -> dict[str, list[float]]:
    """Doubling time over the base case, and imports and energy per new kg, of a changed table."""
    site = {
        "pv_yield_kWh_W": pv_yield_kWh_W,
        "robot_hours_h_yr": robot_hours_h_yr,
        "pv_life_yr": pv_life_yr,
        "robot_life_yr": robot_life_yr,
    }
    base = float(_grow(site).doubling_yr[0])
    cases = [_grow(site, **{change: x}) for x in ratio]
    return {
        "relative_doubling": [float(c.doubling_yr[0]) / base for c in cases],
        "import_ratio": [float(c.import_ratio[0]) for c in cases],
        "kWh_per_new_kg": [float(c.energy_kWh_kg[0]) for c in cases],
    }


def base_figures(**site: float) -> dict[str, float]:
    """Imports, energy, regolith and power per new kg of the shipped table, and capital's split."""
    base = _grow(site)
    stock = base.stock
    masses = np.array(
        [stock.plant_kg.sum(), float(stock.pv_W[0]) * _PV_kg_W, float(stock.n_robots[0]) * 150.0]
    )
    return {
        "import_ratio": float(base.import_ratio[0]),
        "kWh_per_new_kg": float(base.energy_kWh_kg[0]),
        "regolith_ratio": float(base.regolith_ratio[0]),
        "kW_per_t": float(stock.pv_W[0]) / masses.sum(),
        "pv_share": masses[1] / masses.sum(),
    }


def steady(
    *, launched_kg_yr: float, launcher: Mapping[str, float], **site: float
) -> dict[str, float]:
    """Capital, power, regolith and imports of a stream of placeholder satellites, thrown."""
    recipes = load_recipes()
    throw = Process(
        name="launch_md",
        label="launch",
        shop="launch",
        output="launched",
        heat_kWh=0.0,
        kind="estimate",
        source="",
        note="",
        flows={"launched": 1.0},
        **launcher,
    )
    extended = replace(recipes, processes={**recipes.processes, "launch_md": throw})
    bill = {**_placeholder(recipes), "launched": 1.0}
    stock = steady_state(needs=_needs(extended, bill=bill), satellite_kg_yr=launched_kg_yr, **site)
    return {
        "capital_kg": stock.plant_kg.sum()
        + float(stock.pv_W[0]) * _PV_kg_W
        + float(stock.n_robots[0]) * 150.0,
        "power_W": float(stock.pv_W[0]),
        "regolith_kg_per_yr": float(stock.regolith_kg_yr[0]),
        "import_kg_per_yr": float(stock.import_kg_yr[0]),
    }


def _commodity(name: str, element_frac: Array) -> Commodity:
    return Commodity(
        name=name,
        unit="kg",
        group="intermediate",
        unit_mass_kg=1.0,
        description="",
        element_frac=element_frac,
        kind="published",
    )


def _placeholder(recipes: Recipes) -> dict[str, float]:
    return {c: -a for c, a in recipes.processes["satellite"].flows.items() if a < 0.0}


def _grow(site: Mapping[str, float], **ratios: float) -> BalancedGrowth:
    recipes = load_recipes()
    return balanced_growth(
        needs=_needs(recipes, bill=_placeholder(recipes), **ratios),
        build_lag_yr=0.0,
        pv_mass_kg_W=_PV_kg_W,
        robot_mass_kg=150.0,
        **site,
    )


def _needs(recipes: Recipes, *, bill: Mapping[str, float], **ratios: float) -> Requirements:
    unchanged = {
        "capital_ratio": 1.0,
        "electricity_ratio": 1.0,
        "robot_time_ratio": 1.0,
        "pv_mass_ratio": 1.0,
    }
    return product_requirements(
        recipes=recipes,
        satellite_bill=bill,
        driver_bill={},
        driver_assembly_h_kg=0.0,
        crew_day_bill={},
        crew_day_import_kg=0.0,
        crew_day_kWh=0.0,
        crew_day_capital_kg_yr=0.0,
        local_electronics_frac=0.0,
        chipfab_capital_yr=0.0,
        n_draws=1,
        **(unchanged | ratios),
    )
