"""A scenario as the industry reads it: recipes, multipliers over the draws, its satellite.

Neglected: the campaign's ramp of local electronics (one share holds throughout), the driver's and
the city's own needs, draws of the satellite's mix (the nominal one stands for all).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from moonbase import design, industry
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.ensemble.sampling import Inputs, sample
from moonbase.industry import Options, Recipes
from moonbase.scenario import Scenario, load_scenario

ELECTRONICS = "electronics"
SATELLITE = "satellite"
_kWh_W = JULIAN_YEAR_s / 3.6e6
"""Kilowatt-hours of a watt in a year."""
_AS_TABLE = {
    "industry.capital_ratio": 1.0,
    "industry.electricity_ratio": 1.0,
    "industry.robot_time_ratio": 1.0,
    "industry.pv_mass_ratio": 1.0,
    "industry.availability_frac": 1.0,
}
"""What leaves every recipe as its table has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The industry of one scenario over its draws; draw 0 is the nominal case.

    ``recipes`` holds the scenario's satellite in place of the table's. ``options`` are arrays over
    the draws.
    """

    scenario: Scenario
    inputs: Inputs
    recipes: Recipes
    options: Options
    build_lag_s: Array
    power_W_kg: Array
    """IT power of a kilogram of satellite; nan where none can be built."""
    seed_kg: Array
    local_electronics_frac: float


def study(
    scenario: str | Scenario = "alpha",
    *,
    draws: int = 256,
    seed: int = 2026,
    set: Mapping[str, object] | None = None,
    local_electronics_frac: float = 0.0,
    as_table: bool = False,
) -> Study:
    """Read the industry of a scenario for every draw.

    Parameters
    ----------
    scenario
        Shipped name, path of a TOML file, or a loaded scenario.
    draws, seed
        Number of draws, the first of them nominal, and seed of the others.
    set
        Overrides by key, such as ``{"industry.capital_ratio": 1.0, "soil": "Luna 24"}``.
    local_electronics_frac
        Share of the electronics that is made on the Moon; the rest is landed.
    as_table
        Take the recipes as the table has them: no multiplier, no lag, always available.

    Returns
    -------
    Study

    Raises
    ------
    DomainError
        Fewer than two draws, or a share outside 0 to 1.
    ScenarioError, ParameterError, PhysicsError
        The scenario, an override or one of its recipes is wrong.

    Examples
    --------
    >>> found = study("alpha", draws=2, as_table=True)
    >>> float(found.options["capital_ratio"]["mre_si"][0]), float(found.build_lag_s[0])
    (1.0, 0.0)
    """
    if draws < 2:
        raise DomainError("must be 2 or more", path="draws", hint="the nominal case and another")
    if not 0.0 <= local_electronics_frac <= 1.0:
        raise DomainError("expects a share from 0 to 1", path="local_electronics_frac")
    settings = {**(set or {}), **(_AS_TABLE if as_table else {})}
    loaded = load_scenario(scenario, settings) if isinstance(scenario, str) else scenario
    inputs = sample(loaded.records, n_draws=draws, seed=seed)
    recipes = industry.scenario_recipes(loaded)
    made = design.design(inputs, start_year=loaded.options.start_year, recipes=recipes)
    return Study(
        scenario=loaded,
        inputs=inputs,
        recipes=_with_satellite(recipes, made.lunar_bill.bill_frac),
        options=options_of(inputs, recipes, local_electronics_frac=local_electronics_frac),
        build_lag_s=inputs["industry.build_lag_yr"] * (0.0 if as_table else JULIAN_YEAR_s),
        power_W_kg=np.asarray(made.lunar_satellite.specific_power_W_kg),
        seed_kg=inputs["campaign.seed_kg"],
        local_electronics_frac=local_electronics_frac,
    )


def options_of(
    values: Mapping[str, Array],
    recipes: Recipes,
    *,
    local_electronics_frac: float = 0.0,
) -> Options:
    """Options of the analytic layer from the records' values, as the campaign reads them.

    Parameters
    ----------
    values : Mapping
        Arrays (draw,) by key.
    recipes : Recipes
    local_electronics_frac : float

    Returns
    -------
    Options
    """
    up = values["industry.availability_frac"]
    capital = dict.fromkeys(recipes.processes, values["industry.capital_ratio"] / up)
    plant = recipes.producer(ELECTRONICS)
    if plant is not None and plant.capital_kg_yr > 0.0:
        own = values["industry.chipfab_capital_yr"] / up
        capital[plant.name] = own / plant.capital_kg_yr
    net = values["industry.sunlit_frac"] * values["industry.power_net_frac"]
    n = len(up)
    return {
        "capital_ratio": capital,
        "electricity_ratio": values["industry.electricity_ratio"],
        "robot_time_ratio": values["industry.robot_time_ratio"],
        "pv_mass_ratio": values["industry.pv_mass_ratio"],
        "pv_yield_kWh_W": net * _kWh_W,
        "robot_hours_h_yr": values["industry.robot_hours_h_yr"],
        "pv_life_yr": values["industry.pv_life_yr"],
        "robot_life_yr": values["industry.robot_life_yr"],
        "local_frac": {ELECTRONICS: np.full(n, local_electronics_frac)},
    }


def placeholders(found: Study) -> list[str]:
    """Names of what the results rest on that only holds a place.

    Parameters
    ----------
    found : Study

    Returns
    -------
    list of str
        Keys of recipes, commodities and records; the recipes of the nominal table, and the record
        of the electronics plant where one is built.
    """
    told = list(industry.check(industry.scenario_recipes(found.scenario)).placeholders)
    unused = f"recipes.{getattr(found.recipes.producer(ELECTRONICS), 'name', '')}"
    if found.local_electronics_frac == 0.0:
        told = [name for name in told if name != unused]
    return told


def nominal(options: Options, n_draws: int = 1) -> Options:
    """Options of draw 0, as often as is asked."""
    cut: Any = {key: _first(value, n_draws) for key, value in options.items()}
    return cut  # type: ignore[no-any-return]


def scalars(options: Options) -> Options:
    """Options of draw 0 as plain numbers."""
    cut: Any = {key: _plain(value) for key, value in options.items()}
    return cut  # type: ignore[no-any-return]


def bands(value: Array) -> dict[str, float | None]:
    """Nominal value and percentiles 10, 50 and 90 over the draws that have one.

    >>> bands(np.array([1.0, 2.0, 3.0]))["p50"]
    2.0
    """
    known = value[~np.isnan(value)]
    if not known.size:
        return dict.fromkeys(("nominal", "p10", "p50", "p90"))
    told = {f"p{q}": float(np.percentile(known, q, method="nearest")) for q in (10, 50, 90)}
    return {"nominal": float(value[0]), **told}


def _first(value: Any, n_draws: int) -> Any:
    if isinstance(value, Mapping):
        return {name: _first(item, n_draws) for name, item in value.items()}
    return np.full(n_draws, np.asarray(value)[0])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return float(np.asarray(value)[0])


def _with_satellite(recipes: Recipes, bill_frac: Mapping[str, Any]) -> Recipes:
    """Recipes whose satellite is the nominal one of the scenario; its assembly is the table's."""
    bill = {c: float(np.ravel(np.nan_to_num(frac))[0]) for c, frac in bill_frac.items()}
    row = recipes.processes[SATELLITE]
    flows = {SATELLITE: 1.0, **{c: -frac for c, frac in bill.items() if frac > 0.0}}
    if len(flows) == 1:
        return recipes
    rows = {**recipes.processes, SATELLITE: replace(row, flows=flows)}
    return replace(recipes, processes=rows)
