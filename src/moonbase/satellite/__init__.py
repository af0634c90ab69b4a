"""Compute satellites: sunlight, arrays, heat, mass ledger, bill of materials, life."""

from moonbase.core.life import lifetime_penalty
from moonbase.satellite.array import (
    ArraySize,
    array_area,
    array_power,
    array_temperature,
    cell_temperature_ratio,
    size_array,
)
from moonbase.satellite.budget import (
    AnnouncedGap,
    SatelliteBudget,
    announced_gap,
    budget_satellite,
)
from moonbase.satellite.environment import (
    SolarPressure,
    absorbed_flux,
    solar_flux,
    solar_pressure,
    sphere_view_factor,
)
from moonbase.satellite.sizing import SatelliteSize, size_satellite, structure_ratio
from moonbase.satellite.thermal import (
    RadiatorSize,
    ThermalLadder,
    greybody_flux,
    radiator_area,
    radiator_temperature,
    size_radiator,
    thermal_ladder,
)

__all__ = [
    "AnnouncedGap",
    "ArraySize",
    "RadiatorSize",
    "SatelliteBudget",
    "SatelliteSize",
    "SolarPressure",
    "ThermalLadder",
    "absorbed_flux",
    "announced_gap",
    "array_area",
    "array_power",
    "array_temperature",
    "budget_satellite",
    "cell_temperature_ratio",
    "greybody_flux",
    "lifetime_penalty",
    "radiator_area",
    "radiator_temperature",
    "size_array",
    "size_radiator",
    "size_satellite",
    "solar_flux",
    "solar_pressure",
    "sphere_view_factor",
    "structure_ratio",
    "thermal_ladder",
]
