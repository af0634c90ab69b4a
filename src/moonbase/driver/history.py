"""What one launch leaves behind, whatever drives it."""

from __future__ import annotations

from dataclasses import dataclass

from moonbase.core.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One launch. Histories have one value a sample, coil records one value a drive coil.

    ``bus_power_W`` is drawn from the bus (negative when it returns); coil records are the highest
    current and terminal voltage, and the rise of temperature. ``energy_in_J`` and
    ``energy_out_J`` are the audit by item; ``audit_error_frac`` is what they differ by.
    """

    topology: str
    time_s: Array
    position_m: Array
    speed_m_s: Array
    acceleration_m_s2: Array
    force_N: Array
    bus_power_W: Array
    sled_current_ratio: Array
    coil_position_m: Array
    coil_current_A: Array
    coil_voltage_V: Array
    coil_temperature_rise_K: Array
    muzzle_speed_m_s: float
    release_time_s: float
    speed_error_m_s: float
    energy_in_J: dict[str, float]
    energy_out_J: dict[str, float]
    audit_error_frac: float
