"""Answers of the industry room to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from moonbase.industry.growth import BalancedGrowth, balanced_growth, steady_state
from moonbase.industry.recipes import load_recipes
from moonbase.industry.requirements import Requirements, product_requirements
from moonbase.industry.table import Recipes

_PV_kg_W = 0.038


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


def steady(*, launched_kg_yr: float, **site: float) -> dict[str, float]:
    """Capital, power, regolith and imports of a stream of placeholder satellites, thrown."""
    recipes = load_recipes()
    throw = replace(recipes.processes["launch_md"], flows={"launched": 1.0})
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
