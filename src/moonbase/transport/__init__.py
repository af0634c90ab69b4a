"""Earth to orbit, Moon and Mars: missions, ships, tankers, landings, payers, price per kg."""

from moonbase.transport.allocation import (
    PAYERS,
    Allocation,
    allocate,
)
from moonbase.transport.delivery import (
    STATUS as DELIVERY_STATUS,
)
from moonbase.transport.delivery import (
    Delivery,
    deliver,
)
from moonbase.transport.edges import (
    Edge,
    Node,
    Route,
    edges,
    node_name,
    nodes,
    path_delta_v,
    route,
)
from moonbase.transport.fleet import (
    LIMITS as FLEET_LIMITS,
)
from moonbase.transport.fleet import (
    FleetCapacity,
    FleetSize,
    fleet_capacity,
    flights_1_yr,
    landing_delay_s,
    size_fleet,
)
from moonbase.transport.flights import (
    flight_cap,
    landing_cost_usd_kg,
    launch_cost,
    orbit_cost_usd_kg,
)
from moonbase.transport.flow import (
    CargoPlan,
    Demand,
    Leg,
    LegFlow,
    Supply,
    network_legs,
    plan_cargo,
)
from moonbase.transport.landing import (
    LandingCap,
    LandingSize,
    landing_cap,
    ship_flights_1_yr,
    size_landing,
)
from moonbase.transport.ledger import (
    fly,
)
from moonbase.transport.mars import (
    MarsCampaign,
    mars_campaign,
)
from moonbase.transport.missions import (
    Mission,
    load_mission,
)
from moonbase.transport.pricing import (
    ListPrice,
    Price,
    Propellant,
    list_prices,
    price,
    propellant_heat_J_kg,
    propellants,
)
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
from moonbase.transport.tanking import (
    Filling,
    TopUp,
    fill_depot,
    kept_frac,
    top_up,
)
from moonbase.transport.vehicles import (
    Vehicle,
    VehicleRecord,
    sample_vehicle,
    vehicle,
    vehicle_records,
)

__all__ = [
    "DELIVERY_STATUS",
    "FLEET_LIMITS",
    "PAYERS",
    "Allocation",
    "Burn",
    "CargoPlan",
    "Coast",
    "Create",
    "Delivery",
    "Demand",
    "Dock",
    "Edge",
    "Element",
    "Entry",
    "Filling",
    "FleetCapacity",
    "FleetSize",
    "Flight",
    "LandingCap",
    "LandingSize",
    "Leg",
    "LegFlow",
    "ListPrice",
    "MarsCampaign",
    "Mission",
    "Move",
    "Node",
    "Price",
    "Propellant",
    "Route",
    "Stage",
    "Supply",
    "TopUp",
    "Transfer",
    "Undock",
    "Vehicle",
    "VehicleRecord",
    "allocate",
    "deliver",
    "edges",
    "fill_depot",
    "fleet_capacity",
    "flight_cap",
    "flights_1_yr",
    "fly",
    "kept_frac",
    "landing_cap",
    "landing_cost_usd_kg",
    "landing_delay_s",
    "launch_cost",
    "list_prices",
    "load_mission",
    "mars_campaign",
    "mass_ratio",
    "network_legs",
    "node_name",
    "nodes",
    "orbit_cost_usd_kg",
    "path_delta_v",
    "payload_for_propellant",
    "plan_cargo",
    "price",
    "propellant_heat_J_kg",
    "propellants",
    "release",
    "rocket_propellant",
    "route",
    "sample_vehicle",
    "ship_flights_1_yr",
    "size_fleet",
    "size_landing",
    "tanker_flights",
    "top_up",
    "vehicle",
    "vehicle_records",
]
