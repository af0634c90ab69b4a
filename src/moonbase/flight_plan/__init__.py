"""The flights of a scenario's driver: one release, the launch map, the cloud, the site, the swarm.

What a notebook and ``moonbase fly`` and its kin call: the records of a scenario's nominal case go
into the rooms, and what comes back is kept together for tables, files and pages. Nothing here adds
physics.
"""

from moonbase.core.constants import DAY_s
from moonbase.flight_plan.aim import TARGETS, aim
from moonbase.flight_plan.belt import swarm, write_elements
from moonbase.flight_plan.light import Sunlight, sunlight
from moonbase.flight_plan.plan import Plan, Track, epoch_of, forces_of, plan
from moonbase.flight_plan.reach import (
    POINTS,
    achromatic_sites,
    best_cells,
    map_forces,
    survey,
    windows,
)
from moonbase.flight_plan.risk import (
    PARTS,
    Risk,
    assets_of,
    corridor_map,
    covariance_of,
    disperse,
    read_covariance,
    write_screening,
)
from moonbase.flight_plan.table import build_launch_table
from moonbase.flight_plan.trip import CENTERS, Trip, fly, write_trip

__all__ = [
    "CENTERS",
    "PARTS",
    "POINTS",
    "TARGETS",
    "DAY_s",
    "Plan",
    "Risk",
    "Sunlight",
    "Track",
    "Trip",
    "achromatic_sites",
    "aim",
    "assets_of",
    "best_cells",
    "build_launch_table",
    "corridor_map",
    "covariance_of",
    "disperse",
    "epoch_of",
    "fly",
    "forces_of",
    "map_forces",
    "plan",
    "read_covariance",
    "sunlight",
    "survey",
    "swarm",
    "windows",
    "write_elements",
    "write_screening",
    "write_trip",
]
