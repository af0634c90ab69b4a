"""What a campaign leaves behind: yearly flows and stocks, event dates, monthly constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array

FLOWS: dict[str, tuple[str, str]] = {
    "flights_moon": ("1", "launches for lunar (or Mars) cargo, tankers included"),
    "flights_orbit": ("1", "launches for Earth-orbit satellites"),
    "landed_seed_kg": ("kg", "seed plant landed"),
    "landed_plant_kg": ("kg", "finished plant landed after the seed"),
    "landed_crew_kg": ("kg", "people, cabins and imported habitat landed"),
    "landed_supplies_kg": ("kg", "life-support supplies, spares and crew rotation landed"),
    "landed_satellite_parts_kg": ("kg", "imported parts that went into satellites"),
    "landed_growth_parts_kg": ("kg", "imported parts that went into new capital"),
    "landed_maintenance_parts_kg": ("kg", "imported parts that replaced worn capital"),
    "landed_driver_parts_kg": ("kg", "imported parts that went into the mass driver"),
    "lost_landing_kg": ("kg", "cargo lost on the way"),
    "machine_made_kg": ("kg", "machinery made"),
    "pv_made_W": ("W", "surface arrays made"),
    "robots_made": ("1", "robots made"),
    "satellite_made_kg": ("kg", "satellites made"),
    "driver_made_kg": ("kg", "mass driver built"),
    "crew_days": ("d", "crew-days supplied"),
    "regolith_kg": ("kg", "regolith mined"),
    "joint_activity_kg": ("kg", "oxygen set free by molten regolith electrolysis"),
    "electricity_generated_kWh": ("kWh", "surface electricity available"),
    "electricity_used_kWh": ("kWh", "surface electricity used, driver included"),
    "throw_kWh": ("kWh", "electricity of the mass driver"),
    "launched_kg": ("kg", "mass thrown by the driver"),
    "launched_lunar_W": ("W", "nameplate IT power thrown"),
    "lost_transfer_W": ("W", "nameplate IT power lost on the way"),
    "power_added_lunar_W": ("W", "nameplate IT power delivered, lunar-built"),
    "power_added_earth_launch_W": ("W", "nameplate IT power delivered, Earth-launched"),
    "earth_satellite_kg": ("kg", "Earth-launched satellite mass"),
    "crew_arrived": ("1", "people who arrived"),
    "crew_left": ("1", "people who left because supplies or beds ran short"),
    "short_crew_days": ("d", "crew-days that could not be supplied"),
}
"""Summed over the year: name -> (unit, long name)."""

STOCKS: dict[str, tuple[str, str]] = {
    "plant_kg": ("kg", "production machinery in service"),
    "pipeline_plant_kg": ("kg", "production machinery under construction"),
    "pv_W": ("W", "surface arrays in service"),
    "n_robots": ("1", "robots in service"),
    "n_crew": ("1", "people on the Moon"),
    "driver_kg": ("kg", "mass driver in service"),
    "driver_capacity_kg_yr": ("kg/year", "mass the driver can throw"),
    "backlog_kg": ("kg", "finished satellites not yet thrown"),
    "in_transit_W": ("W", "nameplate IT power on the way"),
    "alive_lunar_W": ("W", "nameplate IT power alive, lunar-built"),
    "failed_lunar_W": ("W", "nameplate IT power failed so far, lunar-built"),
    "retired_lunar_W": ("W", "nameplate IT power retired so far, lunar-built"),
    "alive_earth_launch_W": ("W", "nameplate IT power alive, Earth-launched"),
    "failed_earth_launch_W": ("W", "nameplate IT power failed so far, Earth-launched"),
    "retired_earth_launch_W": ("W", "nameplate IT power retired so far, Earth-launched"),
    "power_lunar_W": ("W", "IT power in service, lunar-built"),
    "power_earth_launch_W": ("W", "IT power in service, Earth-launched"),
    "compute_flop_s": ("FLOP/s", "compute in service before utilisation"),
    "seed_left_kg": ("kg", "seed plant still on Earth"),
}
"""At the end of the year: name -> (unit, long name)."""

EVENTS: dict[str, str] = {
    "first_landing": "first cargo landing",
    "first_earth_orbit_satellite": "first compute satellite in Earth orbit",
    "first_crew": "first crew",
    "driver_complete": "mass driver complete",
    "first_lunar_satellite": "first lunar-built satellite in service",
    "one_gigawatt_in_service": "1 GW in service",
    "hundred_gigawatts_per_year": "100 GW added in a year",
    "lunar_exceeds_earth_launch": "the Moon adds more power than Earth launches",
    "one_terawatt_in_service": "1 TW in service",
    "one_terawatt_per_year": "1 TW added in a year",
    "announced_goal": "announced yearly goal reached",
}
"""Event id -> label. Dates are decimal years, nan where it never happens."""

OTHER_CONSTRAINTS = ("not_started", "driver", "demand", "crew")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResult:
    """Yearly results of every draw.

    ``yearly`` maps names of FLOWS and STOCKS to (year, draw); ``event_year`` names of EVENTS to
    (draw,); ``binding`` holds, per month and draw, an index into ``constraints``.
    """

    year: npt.NDArray[np.int64]
    yearly: dict[str, Array]
    event_year: dict[str, Array]
    binding: npt.NDArray[np.int8]
    constraints: tuple[str, ...]

    def binding_share(self) -> Array:
        """Share of draws and months per year and constraint, shape (year, constraint)."""
        months = self.binding.reshape(len(self.year), -1)
        return np.stack(
            [np.bincount(row, minlength=len(self.constraints)) / row.size for row in months]
        )


class Recorder:
    """Accumulates one chunk of draws."""

    def __init__(self, *, start_year: int, n_years: int, n_draws: int) -> None:
        self.start_year, self.n_years = start_year, n_years
        self.yearly = {name: np.zeros((n_years, n_draws)) for name in (*FLOWS, *STOCKS)}
        self.event_year = {name: np.full(n_draws, np.nan) for name in EVENTS}
        self.binding = np.zeros((n_years * 12, n_draws), dtype=np.int8)

    def add(self, month: int, **flows: Array | float) -> None:
        """Add flows of a month to its year."""
        row = month // 12
        for name, value in flows.items():
            self.yearly[name][row] += value

    def keep(self, month: int, **stocks: Array | float) -> None:
        """Store stocks at the end of the year that the month closes."""
        row = month // 12
        for name, value in stocks.items():
            self.yearly[name][row] = value

    def event(self, month: int, name: str, happened: npt.NDArray[np.bool_]) -> None:
        """Date an event at the end of this month in the draws where it is new."""
        if not happened.any():
            return
        dates = self.event_year[name]
        new = happened & np.isnan(dates)
        dates[new] = self.start_year + (month + 1) / 12.0


def join(results: Sequence[CampaignResult]) -> CampaignResult:
    """Put chunks of draws side by side."""
    first = results[0]
    return CampaignResult(
        year=first.year,
        constraints=first.constraints,
        yearly={
            name: np.concatenate([r.yearly[name] for r in results], axis=-1)
            for name in first.yearly
        },
        event_year={
            name: np.concatenate([r.event_year[name] for r in results]) for name in first.event_year
        },
        binding=np.concatenate([r.binding for r in results], axis=-1),
    )
