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
    "landed_supplies_kg": ("kg", "life-support supplies and crew rotation landed"),
    "landed_satellite_parts_kg": ("kg", "imported parts that went into satellites"),
    "landed_growth_parts_kg": ("kg", "imported parts that went into new capital"),
    "landed_maintenance_parts_kg": ("kg", "imported parts landed for replacements"),
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
    "reserve_crew_days": ("d", "crew-days lived on reserves of local water and air"),
    "short_crew_days": ("d", "crew-days that could not be supplied"),
    "supplies_used_kg": ("kg", "crew supplies taken out of their stock"),
    "spares_used_kg": ("kg", "imported parts that replaced worn or broken capital"),
    "imported_chips_kg": ("kg", "imported accelerators used"),
    "imported_electronics_kg": ("kg", "imported boards and power electronics used"),
    "imported_vitamins_kg": ("kg", "imported seals, lubricants, dopants and electrodes used"),
    "short_plan_machine_kg": ("kg", "machinery that a plan asked for and was not made"),
    "short_plan_pv_W": ("W", "surface arrays that a plan asked for and were not made"),
    "short_plan_robots": ("1", "robots that a plan asked for and were not made"),
    "short_plan_satellite_kg": ("kg", "satellites that a plan asked for and were not made"),
    "short_plan_driver_kg": ("kg", "mass driver that a plan asked for and was not built"),
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
    "supplies_kg": ("kg", "crew supplies in stock"),
    "spares_kg": ("kg", "imported parts for replacements in stock"),
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

IMPORT_CLASSES: dict[str, tuple[str, ...]] = {
    "imported_chips_kg": ("chips",),
    "imported_electronics_kg": ("electronics",),
    "imported_vitamins_kg": ("vitamins", "dopants", "electrode_vit"),
}
"""Flow -> imports of the recipe table that it sums. Plant and crew are flows of their own."""

OTHER_CONSTRAINTS = ("not_started", "driver", "demand", "crew")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResult:
    """Yearly results of every draw.

    ``yearly`` maps names of FLOWS and STOCKS to (year, draw); ``event_year`` names of EVENTS to
    (draw,); ``binding`` holds, per step (a month) and draw, an index into ``constraints``.
    """

    year: npt.NDArray[np.int64]
    yearly: dict[str, Array]
    event_year: dict[str, Array]
    binding: npt.NDArray[np.int8]
    constraints: tuple[str, ...]

    def take(self, draws: slice) -> CampaignResult:
        """Return the same result for some draws."""
        return CampaignResult(
            year=self.year,
            yearly={name: values[:, draws] for name, values in self.yearly.items()},
            event_year={name: values[draws] for name, values in self.event_year.items()},
            binding=self.binding[:, draws],
            constraints=self.constraints,
        )

    def binding_share(self) -> Array:
        """Share of draws and months per year and constraint, shape (year, constraint)."""
        months = self.binding.reshape(len(self.year), -1)
        return np.stack(
            [np.bincount(row, minlength=len(self.constraints)) / row.size for row in months]
        )


class Recorder:
    """Accumulates one chunk of draws."""

    def __init__(self, *, start_year: int, n_years: int, n_draws: int, n_steps_yr: int) -> None:
        self.start_year, self.n_years, self._n_steps = start_year, n_years, n_steps_yr
        self.yearly = {name: np.zeros((n_years, n_draws)) for name in (*FLOWS, *STOCKS)}
        self.event_year = {name: np.full(n_draws, np.nan) for name in EVENTS}
        self.binding = np.zeros((n_years * n_steps_yr, n_draws), dtype=np.int8)

    def add(self, step: int, **flows: Array | float) -> None:
        """Add flows of a step to its year."""
        row = step // self._n_steps
        for name, value in flows.items():
            self.yearly[name][row] += value

    def keep(self, step: int, **stocks: Array | float) -> None:
        """Store stocks at the end of the year that the step closes."""
        row = step // self._n_steps
        for name, value in stocks.items():
            self.yearly[name][row] = value

    def event(self, step: int, name: str, happened: npt.NDArray[np.bool_]) -> None:
        """Date an event at the end of this step in the draws where it is new."""
        if not happened.any():
            return
        dates = self.event_year[name]
        new = happened & np.isnan(dates)
        dates[new] = self.start_year + (step + 1) / self._n_steps


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
