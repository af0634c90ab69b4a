"""What the campaign simulator is given: one frozen record of arrays, the draw axis last."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from moonbase.core.arrays import Array
from moonbase.industry.requirements import Requirements

CLASSES = ("life_support", "maintenance", "driver", "satellites", "growth")
"""Priority classes in their default order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryMix:
    """Balanced plant shares and stocks per kg of plant, from the growth ray or the steady state."""

    plant_frac: Array
    pv_W_kg: Array
    n_robots_per_kg: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Inputs of ``simulate``. Shapes: (draw,) unless said otherwise; (year, draw) for paths.

    Physical meaning and unit follow from each name. ``driver_availability_frac`` is the share of
    the year in which the slot's window is open; duty is part of a line's capacity.
    """

    start_year: int
    end_year: int
    lunar: bool
    seed_to_moon: bool
    earth_orbit_first: bool
    export_share: bool
    class_order: tuple[str, ...]

    # industry: requirements with imported and with partly local electronics, and balanced mixes
    needs: Requirements
    needs_local: Requirements
    growth_mix: IndustryMix
    growth_mix_local: IndustryMix
    export_mix: IndustryMix
    export_mix_local: IndustryMix
    plant_per_satellite_yr: Array  # steady plant mass per kg/yr of satellites
    plant_per_satellite_local_yr: Array
    local_frac: Array  # (year, draw), 0..1 of the final local share
    pv_yield_kWh_W: Array
    robot_hours_h_yr: Array
    pv_life_yr: Array
    robot_life_yr: Array
    pv_mass_kg_W: Array
    robot_mass_kg: Array
    build_lag_yr: Array

    # policy
    first_landing_year: Array
    seed_kg: Array
    plant_import_frac: Array
    reinvest_frac: Array
    export_frac: Array
    driver_start_ratio: Array
    driver_share_frac: Array
    driver_build_yr: Array

    # transport, (year, draw)
    flights_yr: Array
    moon_flight_frac: Array
    landed_kg: Array  # (draw,) per landing, before losses
    landing_loss_frac: Array
    flights_per_landing: Array
    orbit_payload_kg: Array

    # city
    first_crew_year: Array
    crew_hours_h_yr: Array
    crew_need_h_kg_yr: Array
    remote_labour_frac: Array
    crew_arrival_kg: Array
    crew_growth_1_yr: Array
    n_first_party: Array

    # driver
    driver_line_kg: Array
    driver_line_capacity_kg_yr: Array
    driver_life_yr: Array
    driver_availability_frac: Array
    throw_kWh_kg: Array
    satellite_kg: Array
    transfer_s: Array
    transfer_loss_frac: Array

    # fleet
    lunar_power_W_kg: Array
    earth_power_W_kg: Array
    life_yr: Array
    loss_1_yr: Array
    degradation_1_yr: Array
    flop_J: Array  # (year, draw)
    demand_W: Array  # (year, draw)
    deep_demand_frac: Array
    earth_build_W_yr: Array  # (year, draw)
    earth_fleet_cap_W: Array
    goal_added_W_yr: Array

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.seed_kg.shape[-1])

    @property
    def n_years(self) -> int:
        """Number of calendar years."""
        return self.end_year - self.start_year + 1

    def take(self, draws: slice) -> Setup:
        """Return the same setup for some draws."""
        return _take(self, draws)


_Item = TypeVar("_Item", bound=Setup | Requirements | IndustryMix)


def _take(item: _Item, draws: slice) -> _Item:
    changes: dict[str, Any] = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = np.ascontiguousarray(value[..., draws])
        elif isinstance(value, Requirements | IndustryMix):
            changes[field.name] = _take(value, draws)
    return replace(item, **changes)
