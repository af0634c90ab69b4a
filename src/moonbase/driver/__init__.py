"""The mass driver: size of one line in closed form, and its mass and bill of materials."""

from moonbase.driver.budget import (
    COMMODITIES,
    IMPORTED,
    PARTS,
    SHARES,
    DriverBudget,
    budget_driver,
    section_availability,
)
from moonbase.driver.kinematics import arm_acceleration, release_height, track_acceleration
from moonbase.driver.sizing import (
    DriverSize,
    DriverSupply,
    optimal_acceleration,
    radiator_flux,
    size_driver,
    size_supply,
)

__all__ = [
    "COMMODITIES",
    "IMPORTED",
    "PARTS",
    "SHARES",
    "DriverBudget",
    "DriverSize",
    "DriverSupply",
    "arm_acceleration",
    "budget_driver",
    "optimal_acceleration",
    "radiator_flux",
    "release_height",
    "section_availability",
    "size_driver",
    "size_supply",
    "track_acceleration",
]
