"""One line of a synchronous driver: one tonne at 100 g, with any number of it changed."""

from __future__ import annotations

from typing import Any

from moonbase.driver import CoilSpec, DriverDesign, DriveSpec, SledSpec, design_driver

LINE: dict[str, Any] = {
    "payload_kg": 1000.0,
    "muzzle_speed_m_s": 2500.0,
    "acceleration_m_s2": 980.665,
    "deceleration_m_s2": 2942.0,
    "cadence_s": 30.0,
}
SLED: dict[str, Any] = {
    "sled_coil_radius_m": 0.75,
    "n_poles": 4,
    "pole_pitch_m": 1.0,
    "loading_ratio": 0.15,
    "critical_density_A_m2": 4.3e8,
    "reference_field_T": 6.0,
    "field_exponent_ratio": 0.6,
    "load_margin_frac": 0.3,
    "superconductor_kg_m3": 8000.0,
    "hoop_limit_Pa": 4e8,
    "cryostat_ratio": 0.3,
    "cryostat_wall_m": 0.02,
    "frame_strength_J_kg": 5.6e4,
    "frame_margin_ratio": 4.0,
    "payload_kg_m3": 250.0,
}
COIL: dict[str, Any] = {
    "gap_m": 0.1,
    "clearance_m": 0.02,
    "drive_coil_width_m": 0.04,
    "drive_coil_length_m": 0.25,
    "coil_pitch_m": 1.0 / 3.0,
    "reach_ratio": 1.8,
    "fill_frac": 0.8,
    "conductor_kg_m3": 2700.0,
    "conductor_resistivity_ohm_m": 2.3e-8,
    "conductor_specific_heat_J_kg_K": 850.0,
    "strand_m": 3e-4,
    "coil_emissivity_frac": 0.8,
    "coil_frame_margin_ratio": 8.0,
    "temperature_rise_limit_K": 50.0,
    "coil_temperature_limit_K": 400.0,
    "surroundings_K": 250.0,
    "guide_sheet_m": 0.02,
    "guide_sheet_S_m": 3.5e7,
}
DRIVE: dict[str, Any] = {
    "terminal_voltage_V": 4e4,
    "n_turns_max": 50,
    "feeder_voltage_frac": 0.3,
    "feeder_inductance_H_m": 1e-7,
    "feeder_area_m2": 0.03,
    "converter_spare_ratio": 1.2,
    "conduction_drop_frac": 1e-3,
    "switching_Hz": 5e3,
    "switching_time_s": 5e-7,
}
NO_LOSS: dict[str, Any] = {
    "conductor_resistivity_ohm_m": 1e-16,
    "strand_m": 1e-9,
    "guide_sheet_m": 2.0,
    "guide_sheet_S_m": 1e16,
    "conduction_drop_frac": 0.0,
    "switching_Hz": 0.0,
    "terminal_voltage_V": 1e9,
    "n_turns_max": 1,
    "feeder_inductance_H_m": 1e-15,
    "feeder_area_m2": 1e9,
}
"""Next to no resistance, drag or limit of voltage."""


def take(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: changes.get(name, value) for name, value in base.items()}


def specs(**changes: Any) -> dict[str, Any]:
    return {
        "sled": SledSpec(**take(SLED, changes)),
        "coil": CoilSpec(**take(COIL, changes)),
        "drive": DriveSpec(**take(DRIVE, changes)),
    }


def build(**changes: Any) -> DriverDesign:
    unknown = set(changes) - set(LINE) - set(SLED) - set(COIL) - set(DRIVE)
    assert not unknown, unknown
    return design_driver(**take(LINE, changes), **specs(**changes))
