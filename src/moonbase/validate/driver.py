"""Adapters of the driver's cases: inputs of a published case in, answers of the package out."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.driver import (
    DriverSize,
    arm_acceleration,
    optimal_acceleration,
    radiator_flux,
    release_height,
    size_driver,
    size_supply,
    track_acceleration,
)

Answer = dict[str, Real]

_NEUTRAL: dict[str, Real] = {
    "sled_kg": 0.0,
    "deceleration_m_s2": 300.0 * STANDARD_GRAVITY_m_s2,
    "wall_plug_efficiency_frac": 1.0,
    "regeneration_frac": 0.0,
    "cadence_s": 30.0,
    "duty_frac": 1.0,
    "sled_loop_s": 60.0,
    "electric_peak_ratio": 1.0,
    "storage_margin_ratio": 1.0,
    "radiator_temperature_K": 300.0,
    "radiator_emissivity_frac": 0.9,
    "sink_temperature_K": 0.0,
    "anchor_friction_ratio": 0.5,
}
"""What a case does not name, and what its answer does not depend on."""


def launch(**inputs: Any) -> Answer:
    """One line at ``acceleration_g``: every field of its size, and a few ratios."""
    size = _size(inputs)
    return {name: getattr(size, name) for name in DriverSize.__dataclass_fields__}


def launch_in_length(**inputs: Any) -> Answer:
    """One line of given length: mean acceleration and kinetic energy."""
    size_inputs = {key: value for key, value in inputs.items() if key != "length_m"}
    acceleration = track_acceleration(
        muzzle_speed_m_s=inputs["muzzle_speed_m_s"], length_m=inputs["length_m"]
    )
    in_g = acceleration / STANDARD_GRAVITY_m_s2
    size = _size({**size_inputs, "acceleration_g": in_g})
    return {"acceleration_g": in_g, "kinetic_energy_J": size.kinetic_energy_J}


def emals_share(*, store_J: float, **inputs: Any) -> Answer:
    """Kinetic energy of a shot as a share of a store."""
    return {"share_frac": launch_in_length(**inputs)["kinetic_energy_J"] / store_J}


def rotating_arm(*, tip_speed_m_s: float, radius_m: float) -> Answer:
    """Acceleration at the tip of an arm, in standard gravities."""
    acceleration = arm_acceleration(tip_speed_m_s=tip_speed_m_s, radius_m=radius_m)
    return {"acceleration_g": acceleration / STANDARD_GRAVITY_m_s2}


def cheapest(
    *, muzzle_speed_m_s: float, moving_kg: float, length_usd_m: float, peak_power_usd_W: float
) -> Answer:
    """Acceleration of least cost and the length that goes with it."""
    acceleration = optimal_acceleration(
        muzzle_speed_m_s=muzzle_speed_m_s,
        moving_kg=moving_kg,
        length_usd_m=length_usd_m,
        peak_power_usd_W=peak_power_usd_W,
    )
    in_g = acceleration / STANDARD_GRAVITY_m_s2
    size = _size(
        {"payload_kg": moving_kg, "muzzle_speed_m_s": muzzle_speed_m_s, "acceleration_g": in_g}
    )
    return {"acceleration_g": in_g, "length_m": size.length_m}


def cadence(*, array_W_m2: float, night_s: float, **inputs: Any) -> Answer:
    """One line with its array and its night store."""
    size = _size(inputs)
    supply = size_supply(mean_power_W=size.mean_power_W, array_W_m2=array_W_m2, night_s=night_s)
    return {
        "throughput_kg_yr": size.throughput_kg_yr,
        "mean_power_W": size.mean_power_W,
        "heat_W": size.heat_W,
        "n_sleds": size.n_sleds,
        "array_area_m2": supply.array_area_m2,
        "night_storage_J": supply.night_storage_J,
    }


def radiator(*, radiator_temperature_K: list[float], radiator_emissivity_frac: float) -> Answer:
    """Flux of two-sided panels that see nothing warm."""
    flux = radiator_flux(
        radiator_temperature_K=np.asarray(radiator_temperature_K),
        radiator_emissivity_frac=radiator_emissivity_frac,
        sink_temperature_K=0.0,
    )
    return {"flux_W_m2": flux}


def flight_past_muzzle(*, downrange_m: list[float], muzzle_speed_m_s: float) -> Answer:
    """Height over the sphere after a level release."""
    height = release_height(downrange_m=np.asarray(downrange_m), muzzle_speed_m_s=muzzle_speed_m_s)
    return {"height_m": height}


def _size(inputs: dict[str, Any]) -> DriverSize:
    arrays = {
        key: np.asarray(value, dtype=np.float64)
        for key, value in {**_NEUTRAL, **inputs}.items()
        if key != "acceleration_g"
    }
    acceleration = np.asarray(inputs["acceleration_g"]) * STANDARD_GRAVITY_m_s2
    return size_driver(acceleration_m_s2=acceleration, **arrays)
