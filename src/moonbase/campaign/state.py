"""Stocks of a block of draws, and what holds during a year or a month of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.campaign.setup import IndustryMix
from moonbase.core.arrays import Array
from moonbase.industry.requirements import PRODUCTS

MACHINE, PV, ROBOT, SATELLITE, DRIVER, CREW_DAY = range(len(PRODUCTS))
COMPLETE = 1.0 - 1e-9
"""Share of a line's mass at which it counts as complete, below rounding."""
PIPELINE_yr = 10
"""Longest time that construction may take."""


@dataclass(slots=True)
class State:
    """Stocks of one block of draws; shapes (row, draw) and (draw,).

    ``n_reserve_days`` is the reserve of local water and air in crew-days.
    """

    plant_kg: Array
    pv_W: Array
    n_robots: Array
    n_crew: Array
    driver_kg: Array
    backlog_kg: Array
    seed_left_kg: Array
    pipeline: Array
    coming: Array
    in_transit_W: Array
    supplies_kg: Array
    n_reserve_days: Array
    spares_kg: Array


@dataclass(slots=True)
class Year:
    """What holds during one calendar year.

    ``imports`` is what a unit of each product takes from Earth, by import;
    ``plant_per_satellite_yr`` the plant that a kg/yr of satellites occupies.
    """

    table: Array
    imports: Array
    growth: IndustryMix
    export: IndustryMix
    plant_per_satellite_yr: Array
    n_flights: Array
    demand_W: Array
    earth_build_W: Array
    flop_J: Array


@dataclass(slots=True)
class Ships:
    """Flights of a month; ``arrived_frac`` of the cargo that left Earth lands."""

    n_moon_flights: Array
    landing_kg: Array
    seed_kg: Array
    arrived_frac: Array


def blend(a: IndustryMix, b: IndustryMix, second_frac: Array) -> IndustryMix:
    """Mix of two mixes, ``second_frac`` of the second."""

    def mix(name: str) -> Array:
        x, y = getattr(a, name), getattr(b, name)
        return np.asarray(x + second_frac * (y - x))

    return IndustryMix(
        plant_frac=mix("plant_frac"),
        pv_W_kg=mix("pv_W_kg"),
        n_robots_per_kg=mix("n_robots_per_kg"),
    )
