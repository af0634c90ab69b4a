"""Where a throw goes: ephemeris, release, flight, aim, launch table, three bodies, the slots."""

from moonbase.orbits import cr3bp
from moonbase.orbits._throw_store import SHIPPED_TABLE
from moonbase.orbits._throws import THROW_OUTCOMES
from moonbase.orbits.belt import Rings, Swarm, lay_rings, swarm
from moonbase.orbits.bodies import (
    BodyState,
    campaign_epochs,
    earth_state,
    moon_state,
    release_epochs,
)
from moonbase.orbits.chance import Chance, chance
from moonbase.orbits.de440 import State, ephemeris, sphere_of_influence
from moonbase.orbits.disperse import Dispersed, disperse, map_covariance
from moonbase.orbits.encounters import Approaches, close_approaches, encounter_rate
from moonbase.orbits.events import Event
from moonbase.orbits.flight import STATUS, EventHits, Flight, propagate
from moonbase.orbits.forces import (
    POINT_MASSES,
    ForceModel,
    SolarPressure,
    UniformRotation,
    point_mass_model,
)
from moonbase.orbits.frames import (
    Clearance,
    LunarAxes,
    ReleaseAngles,
    lunar_axes,
    pa_to_me,
    release_angles,
    release_state,
    terrain_clearance,
)
from moonbase.orbits.goals import (
    AirPass,
    Burn,
    EarthFlyby,
    EarthOrbit,
    LibrationPoint,
    LunarEscape,
    LunarOrbit,
    SolarOrbit,
)
from moonbase.orbits.gravity import (
    GravityField,
    degree_two_field,
    gravity_error,
    lunar_gravity,
)
from moonbase.orbits.hazards import (
    FATES,
    Corridor,
    Hazards,
    hazards,
    release_corridor,
    release_fates,
    table_end,
)
from moonbase.orbits.jax_flight import FlightGradient, flight_gradient, traced_flight
from moonbase.orbits.keep_out import Asset, KeepOut, keep_out
from moonbase.orbits.launch_map import OUTCOMES, LaunchMap, SiteSurvey, launch_map, site_survey
from moonbase.orbits.patched_conic import (
    EscapeConditions,
    drift_rate,
    earth_c3,
    escape_conditions,
    hyperbola_time,
)
from moonbase.orbits.ring_spread import RingSpread, ring_spread
from moonbase.orbits.slot_keeping import (
    PressureKeeping,
    chaotic_gap_au,
    conjunction_kick,
    coorbital_hold,
    pressure_keeping,
)
from moonbase.orbits.swarm_table import swarm_elements
from moonbase.orbits.target import TARGET_STATUS, Target, target
from moonbase.orbits.throw_table import ThrowTable, build_throw_table, throw_table
from moonbase.orbits.throws import Throw, achromatic_longitude, aim_throw, throw_to_point
from moonbase.orbits.timescales import Epoch, tdb_from_utc, tdb_minus_tt, utc_from_tdb
from moonbase.orbits.transfer import TransferSize, size_transfer

__all__ = [
    "FATES",
    "OUTCOMES",
    "POINT_MASSES",
    "SHIPPED_TABLE",
    "STATUS",
    "TARGET_STATUS",
    "THROW_OUTCOMES",
    "AirPass",
    "Approaches",
    "Asset",
    "BodyState",
    "Burn",
    "Chance",
    "Clearance",
    "Corridor",
    "Dispersed",
    "EarthFlyby",
    "EarthOrbit",
    "Epoch",
    "EscapeConditions",
    "Event",
    "EventHits",
    "Flight",
    "FlightGradient",
    "ForceModel",
    "GravityField",
    "Hazards",
    "KeepOut",
    "LaunchMap",
    "LibrationPoint",
    "LunarAxes",
    "LunarEscape",
    "LunarOrbit",
    "PressureKeeping",
    "ReleaseAngles",
    "RingSpread",
    "Rings",
    "SiteSurvey",
    "SolarOrbit",
    "SolarPressure",
    "State",
    "Swarm",
    "Target",
    "Throw",
    "ThrowTable",
    "TransferSize",
    "UniformRotation",
    "achromatic_longitude",
    "aim_throw",
    "build_throw_table",
    "campaign_epochs",
    "chance",
    "chaotic_gap_au",
    "close_approaches",
    "conjunction_kick",
    "coorbital_hold",
    "cr3bp",
    "degree_two_field",
    "disperse",
    "drift_rate",
    "earth_c3",
    "earth_state",
    "encounter_rate",
    "ephemeris",
    "escape_conditions",
    "flight_gradient",
    "gravity_error",
    "hazards",
    "hyperbola_time",
    "keep_out",
    "launch_map",
    "lay_rings",
    "lunar_axes",
    "lunar_gravity",
    "map_covariance",
    "moon_state",
    "pa_to_me",
    "point_mass_model",
    "pressure_keeping",
    "propagate",
    "release_angles",
    "release_corridor",
    "release_epochs",
    "release_fates",
    "release_state",
    "ring_spread",
    "site_survey",
    "size_transfer",
    "sphere_of_influence",
    "swarm",
    "swarm_elements",
    "table_end",
    "target",
    "tdb_from_utc",
    "tdb_minus_tt",
    "terrain_clearance",
    "throw_table",
    "throw_to_point",
    "traced_flight",
    "utc_from_tdb",
]
