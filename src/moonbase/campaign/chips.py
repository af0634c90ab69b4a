"""Electronics and accelerators from Earth or from the Moon: the two choices side by side.

Imports set the ceiling of a lunar industry. Making what is imported slows growth, because the plant
for it is heavy, and lowers imports only where that plant is light: its own replacement takes parts
from Earth too. What decides is the capital of the chip plant, ``industry.chipfab_capital_yr`` and
``industry.accelerator_capital_ratio``, both poorly known.

Neglected: learning of the two choices by each other, a market for chips between them, yields that
differ from the table's, and what a nation allows to be exported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

import numpy as np
import numpy.typing as npt

from moonbase.campaign.build import local_shares, setup_of
from moonbase.campaign.months import run_months
from moonbase.campaign.record import CampaignResult
from moonbase.campaign.setup import Setup
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.design import Design
from moonbase.ensemble import sample
from moonbase.scenario import Scenario, load_scenario

CASES = ("imported", "lunar")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipCase:
    """One choice, arrays (draw,) unless said otherwise.

    ``is_made`` says whether electronics are made on the Moon in the end, ``is_chips_made`` the same
    of accelerators: never where the industry that makes them could not replace itself.
    ``growth_1_yr`` is the balanced rate at the final shares, with unlimited imports.
    ``plant_per_satellite_yr`` is plant (kg) behind a satellite stream of 1 kg/yr, and
    ``imported_kg_kW`` what that stream takes from Earth per kW, replacements included;
    ``ceiling_W_yr`` is the stream that the last year's cargo would carry parts for.
    ``imported_by_class_kg_kW`` is what ``imports_by_class`` gives, by year.
    """

    is_made: npt.NDArray[np.bool_]
    is_chips_made: npt.NDArray[np.bool_]
    growth_1_yr: Array
    plant_per_satellite_yr: Array
    imported_kg_kW: Array
    ceiling_W_yr: Array
    imported_by_class_kg_kW: Mapping[str, Array]
    result: CampaignResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipChoices:
    """Both choices in the same draws, with the same chances."""

    imported: ChipCase
    lunar: ChipCase


def imports_by_class(result: CampaignResult, setup: Setup) -> dict[str, Array]:
    """Imported mass per kW thrown, by class and year.

    Parameters
    ----------
    result : CampaignResult
    setup : Setup

    Returns
    -------
    dict
        ``imported_chips_kg_kW``, ``imported_electronics_kg_kW``, ``imported_vitamins_kg_kW``
        (seals, lubricants, dopants, electrodes), ``imported_plant_kg_kW`` (seed and finished plant)
        and ``imported_crew_kg_kW`` (people, cabins, supplies), each (year, draw); nan in years that
        throw less than one satellite.
    """
    flow = result.yearly
    mass = {
        "chips": flow["imported_chips_kg"],
        "electronics": flow["imported_electronics_kg"],
        "vitamins": flow["imported_vitamins_kg"],
        "plant": flow["landed_seed_kg"] + flow["landed_plant_kg"],
        "crew": flow["landed_crew_kg"] + flow["landed_supplies_kg"],
    }
    thrown = flow["launched_kg"]
    flown = thrown >= setup.satellite_kg
    thrown_kW = np.where(flown, thrown, 1.0) * setup.lunar_power_W_kg / 1e3
    return {
        f"imported_{name}_kg_kW": np.where(flown, kg / thrown_kW, np.nan)
        for name, kg in mass.items()
    }


def _case(design: Design, setup: Setup) -> ChipCase:
    made = setup.local_frac[-1] > 0.0, setup.local_chips_frac[-1] > 0.0

    def final(base: Array, local: Array, chips: Array) -> Array:
        return np.asarray(base + made[0] * (local - base) + made[1] * (chips - base))

    plant = final(
        setup.plant_per_satellite_yr,
        setup.plant_per_satellite_local_yr,
        setup.plant_per_satellite_chips_yr,
    )
    import_ratio = final(
        design.steady.import_kg_yr,
        design.steady_local.import_kg_yr,
        design.steady_chips.import_kg_yr,
    )
    growth = np.where(made[0], design.growth_local.growth_1_yr, design.growth.growth_1_yr)
    result = run_months(setup)
    cargo_kg_yr = (
        setup.flights_yr[-1]
        * setup.moon_flight_frac
        / setup.flights_per_landing
        * setup.landed_kg
        * (1.0 - setup.landing_loss_frac)
    )
    return ChipCase(
        is_made=made[0],
        is_chips_made=made[1],
        growth_1_yr=growth,
        plant_per_satellite_yr=plant,
        imported_kg_kW=1e3 * import_ratio / setup.lunar_power_W_kg,
        ceiling_W_yr=cargo_kg_yr / import_ratio * setup.lunar_power_W_kg,
        imported_by_class_kg_kW=imports_by_class(result, setup),
        result=result,
    )


def compare_chips(
    scenario: Scenario | str | FilePath,
    *,
    draws: int = 256,
    seed: int | None = None,
) -> ChipChoices:
    """Run a scenario with all electronics from Earth and with them made on the Moon.

    Parameters
    ----------
    scenario : Scenario, str or path
        A loaded scenario, the name of a shipped one, or a file.
    draws : int
        Number of draws, at least 2; the first is nominal.
    seed : int, optional
        The scenario's own by default.

    Returns
    -------
    ChipChoices
        Growth, plant, imports and ceiling of both, and both campaigns.

    Raises
    ------
    DomainError
        Fewer than two draws.

    Notes
    -----
    Imports and plant of the final shares are the steady states of the two local plants added up,
    which leaves out that each makes a little of what the other takes to replace itself.

    Examples
    --------
    >>> both = compare_chips("alpha", draws=2)
    >>> bool(both.lunar.growth_1_yr[0] < both.imported.growth_1_yr[0])
    True
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    if draws < 2:
        raise DomainError(f"must be >= 2, got {draws}", path="draws", hint="the first is nominal")
    inputs = sample(
        scenario.records, n_draws=draws, seed=scenario.options.seed if seed is None else seed
    )
    design, setup = setup_of(scenario, inputs)
    year = np.arange(setup.start_year, setup.end_year + 1, dtype=float)[:, None]
    imported, lunar = (
        _case(design, replace(setup, **local_shares(design, inputs, year, choice)))
        for choice in CASES
    )
    return ChipChoices(imported=imported, lunar=lunar)
