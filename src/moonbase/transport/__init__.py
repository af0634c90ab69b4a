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
from moonbase.transport.ledger import (
    Burn,
    Element,
    Entry,
    Flight,
    fly,
    release,
)
from moonbase.transport.rocket import (
    mass_ratio,
    payload_for_propellant,
    rocket_propellant,
    tanker_flights,
)

__all__ = [
    "Burn",
    "Edge",
    "Element",
    "Entry",
    "Flight",
    "LandingCap",
    "LandingSize",
    "edges",
    "flight_cap",
    "fly",
    "landing_cap",
    "landing_cost_usd_kg",
    "launch_cost",
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
