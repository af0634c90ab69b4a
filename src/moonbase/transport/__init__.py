"""Earth to orbit to the Moon: propellant, tankers, landings, flights a year, price of a flight."""

from moonbase.transport.edges import (
    Edge,
    edges,
    path_delta_v,
)
from moonbase.transport.flights import (
    flight_cap,
    landing_cost_usd_kg,
    launch_cost,
    orbit_cost_usd_kg,
)
from moonbase.transport.landing import (
    LandingCap,
    LandingSize,
    landing_cap,
    ship_flights_1_yr,
    size_landing,
)
from moonbase.transport.ledger import fly
from moonbase.transport.missions import Mission, load_mission
from moonbase.transport.rocket import (
    mass_ratio,
    payload_for_propellant,
    rocket_propellant,
    tanker_flights,
)
from moonbase.transport.stack import (
    Burn,
    Coast,
    Create,
    Dock,
    Element,
    Entry,
    Flight,
    Move,
    Stage,
    Transfer,
    Undock,
    release,
)

__all__ = [
    "Burn",
    "Coast",
    "Create",
    "Dock",
    "Edge",
    "Element",
    "Entry",
    "Flight",
    "LandingCap",
    "LandingSize",
    "Mission",
    "Move",
    "Stage",
    "Transfer",
    "Undock",
    "edges",
    "flight_cap",
    "fly",
    "landing_cap",
    "landing_cost_usd_kg",
    "launch_cost",
    "load_mission",
    "mass_ratio",
    "orbit_cost_usd_kg",
    "path_delta_v",
    "payload_for_propellant",
    "release",
    "rocket_propellant",
    "ship_flights_1_yr",
    "size_landing",
    "tanker_flights",
]
