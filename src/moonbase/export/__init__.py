"""What a run leaves on disk, and orbits in the formats that other programs read."""

from moonbase.export.ccsds import Burn, write_oem, write_opm
from moonbase.export.czml import Track, write_czml
from moonbase.export.oem_reader import OrbitStates, read_oem
from moonbase.export.screening import write_screening
from moonbase.export.states import write_elements, write_states

__all__ = [
    "Burn",
    "OrbitStates",
    "Track",
    "read_oem",
    "write_czml",
    "write_elements",
    "write_oem",
    "write_opm",
    "write_screening",
    "write_states",
]
