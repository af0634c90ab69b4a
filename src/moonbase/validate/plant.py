"""Adapters of the cases of the plant and of the comparison of launchers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.driver.availability import section_availability
from moonbase.driver.compare import LauncherCheck, LaunchSystem, compare_launchers, launch_systems
from moonbase.driver.fleet import SledFleet, fleet_capacity, spares
from moonbase.driver.plant import Bank, operate_plant, pulse_store
from moonbase.economics import capital_recovery_factor

Answer = dict[str, Real]

_PERFECT = SledFleet(
    n_sleds=100.0,
    n_bays=1,
    loop_s=60.0,
    quench_frac=0.0,
    quench_recovery_s=0.0,
    n_shots_between_services=math.inf,
    service_s=0.0,
    n_life_shots=math.inf,
    sled_kg=0.0,
)
_COIL = Bank(
    name="coil",
    n_sections=1.0,
    n_units=1,
    n_needed=1,
    n_pulses_per_shot=1.0,
    n_life_pulses=math.inf,
    repair_s=0.0,
    unit_kg=0.0,
)
_NEUTRAL: dict[str, Any] = {
    "launch_time_s": 2.55,
    "returned_energy_J": 0.0,
    "peak_electric_power_W": 0.0,
    "standby_power_W": 0.0,
    "supply": "continuous sun",
    "day_s": 1.2757e6,
    "night_s": 1.2757e6,
    "array_W_m2": 306.0,
    "night_efficiency_frac": 1.0,
    "maintenance_s": 0.0,
    "common_availability_frac": 1.0,
    "shot_success_frac": 1.0,
    "resupply_s": 0.0,
    "stockout_frac": 0.5,
}
_TASK: dict[str, Any] = {
    "target_speed_m_s": 2500.0,
    "target_payload_kg": 1000.0,
    "payload_limit_m_s2": 300.0 * STANDARD_GRAVITY_m_s2,
    "length_limit_m": 2e4,
    "melting_J_kg": 1e6,
    "armature_frac": 1.0,
    "slip_frac": 0.5,
    "railgun_heat_frac": 0.1,
    "claim_tolerance_frac": 0.05,
}
"""What a case does not name, and what its answer does not depend on."""


def year(**inputs: Any) -> Answer:
    """One line over a year without faults; lists become draws."""
    given = {
        key: np.asarray(value) if isinstance(value, list) else value
        for key, value in inputs.items()
    }
    plant = operate_plant(**{**_NEUTRAL, **given}, banks=[_COIL], sleds=_PERFECT)
    return {
        "duty_frac": plant.duty_frac,
        "throughput_kg_yr": plant.throughput_kg_yr,
        "mean_power_W": plant.mean_power_W,
        "array_area_m2": plant.array_area_m2,
        "night_store_J": plant.night_store_J,
        "pulses_per_coil_year": plant.n_pulses_per_unit_year["coil"],
        "energy_per_payload_J_kg": plant.energy_per_payload_J_kg,
    }


def section(*, n_coils: int, n_needed: int, coil_availability_frac: float) -> Answer:
    """One section of coils of which some must work."""
    works = section_availability(
        n_coils=n_coils, n_needed=n_needed, coil_availability_frac=coil_availability_frac
    )
    return {"availability_frac": works}


def machine_repair(*, n_sleds: int, n_bays: int, out_ratio: float) -> Answer:
    """Mean sleds at work over sleds owned, in a loop that uses every sled there is."""
    sleds = SledFleet(
        n_sleds=float(n_sleds),
        n_bays=n_bays,
        loop_s=float(n_sleds),
        quench_frac=1.0,
        quench_recovery_s=out_ratio * n_sleds,
        n_shots_between_services=math.inf,
        service_s=0.0,
        n_life_shots=math.inf,
        sled_kg=0.0,
    )
    return {"at_work_frac": fleet_capacity(cadence_s=1.0, sleds=sleds)}


def stock(*, demand_1_yr: float, resupply_s: float, stockout_frac: float) -> Answer:
    """Spares to be kept."""
    kept = spares(demand_1_yr=demand_1_yr, resupply_s=resupply_s, stockout_frac=stockout_frac)
    return {"spares": kept}


def swing(*, drawn_energy_J: float, launch_time_s: float, cadence_s: float) -> Answer:
    """Energy that the pulse store gives and takes."""
    store = pulse_store(
        drawn_energy_J=drawn_energy_J, launch_time_s=launch_time_s, cadence_s=cadence_s
    )
    return {"store_J": store}


def cost(
    *,
    capital_usd: float,
    operations_usd_yr: float,
    throughput_kg_yr: float,
    discount_rate_frac: float,
    life_yr: float,
) -> Answer:
    """Cost of a kilogram thrown, from given capital and yearly operations."""
    factor = capital_recovery_factor(discount_rate_frac=discount_rate_frac, life_yr=life_yr)
    return {"cost_usd_kg": (factor * capital_usd + operations_usd_yr) / throughput_kg_yr}


def published_system(*, key: str, **task: float) -> Answer:
    """One shipped system, checked at a task."""
    (system,) = [item for item in launch_systems() if item.key == key]
    (row,) = compare_launchers(**{**_TASK, **task}, systems=[system])
    return _numbers(row)


def launcher(*, task: dict[str, float], **system: Any) -> Answer:
    """One system in plain numbers, checked at a task."""
    given = LaunchSystem(key="case", name="case", **system)
    (row,) = compare_launchers(**{**_TASK, **task}, systems=[given])
    return _numbers(row)


def _numbers(row: LauncherCheck) -> Answer:
    fields = LauncherCheck.__dataclass_fields__
    values = {name: getattr(row, name) for name in fields if fields[name].type == "float"}
    return {
        **values,
        "acceleration_g": row.acceleration_m_s2 / STANDARD_GRAVITY_m_s2,
        "target_acceleration_g": row.target_acceleration_m_s2 / STANDARD_GRAVITY_m_s2,
        "armature_melts": float("armature heat" in row.limits),
        "too_many_g": float("acceleration" in row.limits),
    }
