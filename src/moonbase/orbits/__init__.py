"""Where a throw goes: the Moon's and the Earth's orbit, and patched conics to a solar slot."""

from moonbase.orbits.bodies import BodyState, earth_state, moon_state, release_epochs
from moonbase.orbits.patched_conic import (
    EscapeConditions,
    TransferSize,
    drift_rate,
    earth_c3,
    escape_conditions,
    hyperbola_time,
    size_transfer,
)

__all__ = [
    "BodyState",
    "EscapeConditions",
    "TransferSize",
    "drift_rate",
    "earth_c3",
    "earth_state",
    "escape_conditions",
    "hyperbola_time",
    "moon_state",
    "release_epochs",
    "size_transfer",
]
