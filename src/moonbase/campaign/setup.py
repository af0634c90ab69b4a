"""What the campaign simulator is given: one frozen record of arrays, the draw axis last."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

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
class Rules:
    """Numbers of the policy, (draw,): the records of the same names, room ``campaign``."""

    plant_import_frac: Array
    reinvest_frac: Array
    export_frac: Array
    driver_start_ratio: Array
    driver_share_frac: Array
    driver_build_yr: Array
    driver_margin_ratio: Array
    driver_reserve_ratio: Array
    plant_margin_ratio: Array
    surplus_ratio: Array
    throttle_frac: Array
    order_growth_1_yr: Array
    chipfab_load_frac: Array
    crew_growth_1_yr: Array
    crew_margin_ratio: Array
    n_first_party: Array
    stock_yr: Array
    survive_stock_yr: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """What happens at random within a draw, (draw,); a spread of zero switches a source off.

    ``draw`` and ``seed`` key the random numbers. ``landings_ratio`` is 1 where whole landings are
    lost and 0 where their expected share is. ``broken_frac`` is the mean share of plant out of
    order, which the availability of the recipes already holds.
    """

    seed: int
    draw: npt.NDArray[np.int64]
    landings_ratio: Array
    broken_frac: Array
    breakdown_spread_ratio: Array
    breakdown_yr: Array
    breakdown_wear_frac: Array
    plant_unit_kg: Array
    dust_spread_ratio: Array
    dust_frac: Array
    dust_stay_yr: Array
    build_lag_spread_ratio: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Inputs of ``run_months``. Shapes: (draw,) unless said otherwise; (year, draw) for paths.

    Physical meaning and unit follow from each name. ``driver_availability_frac`` is the share of
    the year in which the slot's window is open; duty is part of a line's capacity. ``needs`` has
    all electronics and chips from Earth, ``needs_local`` electronics from the Moon in their final
    share, ``needs_chips`` the same for accelerators alone; mixes likewise. ``growth_ray`` is the
    growth mix without slack in small shops.
    """

    start_year: int
    end_year: int
    lunar: bool
    seed_to_moon: bool
    earth_orbit_first: bool
    policy: str
    class_order: tuple[str, ...]
    rules: Rules
    chance: Chance

    # industry
    needs: Requirements
    needs_local: Requirements
    needs_chips: Requirements
    growth_mix: IndustryMix
    growth_mix_local: IndustryMix
    growth_ray: IndustryMix
    growth_ray_local: IndustryMix
    export_mix: IndustryMix
    export_mix_local: IndustryMix
    export_mix_chips: IndustryMix
    plant_per_satellite_yr: Array  # steady plant mass per kg/yr of satellites
    plant_per_satellite_local_yr: Array
    plant_per_satellite_chips_yr: Array
    local_frac: Array  # (year, draw), 0..1 of the final local share of electronics
    local_chips_frac: Array  # (year, draw), the same of accelerators
    learning_rate_frac: Array
    learning_floor_frac: Array
    pv_yield_kWh_W: Array
    robot_hours_h_yr: Array
    pv_life_yr: Array
    robot_life_yr: Array
    pv_mass_kg_W: Array
    robot_mass_kg: Array
    build_lag_yr: Array

    # transport, (year, draw)
    first_landing_year: Array
    seed_kg: Array
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

    n_steps_yr: int = 12

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.seed_kg.shape[-1])

    @property
    def n_years(self) -> int:
        """Number of calendar years."""
        return self.end_year - self.start_year + 1

    def take(self, draws: slice | list[int]) -> Setup:
        """Return the same setup for some draws."""
        return _take(self, draws)


_Item = TypeVar("_Item", bound=Setup | Requirements | IndustryMix | Rules | Chance)


def _take(item: _Item, draws: slice | list[int]) -> _Item:
    changes: dict[str, Any] = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = np.ascontiguousarray(value[..., draws])
        elif isinstance(value, Requirements | IndustryMix | Rules | Chance):
            changes[field.name] = _take(value, draws)
    return replace(item, **changes)
