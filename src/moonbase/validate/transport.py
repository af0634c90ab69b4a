"""Answers of the transport room to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from math import inf

import numpy as np

from moonbase.core.arrays import Array
from moonbase.transport.delivery import deliver
from moonbase.transport.edges import path_delta_v, route
from moonbase.transport.fleet import size_fleet
from moonbase.transport.flights import landing_cost_usd_kg, orbit_cost_usd_kg
from moonbase.transport.flow import COMMODITIES, Demand, Leg, Supply, plan_cargo
from moonbase.transport.landing import size_landing
from moonbase.transport.ledger import fly
from moonbase.transport.mars import mars_campaign
from moonbase.transport.missions import load_mission
from moonbase.transport.pricing import list_prices, price
from moonbase.transport.rocket import (
    mass_ratio,
    payload_for_propellant,
    rocket_propellant,
    tanker_flights,
)
from moonbase.transport.stack import Burn, Create, Element, Flight
from moonbase.transport.tanking import fill_depot
from moonbase.transport.vehicles import Vehicle

_Rows = Sequence[dict[str, float | str]]


def _elements(rows: _Rows) -> tuple[Element, ...]:
    return tuple(Element(**row) for row in rows)  # type: ignore[arg-type]


def _ascent(
    rows: _Rows, stages: Sequence[str], delta_v_m_s: float, drop_last: bool, g0_m_s2: float
) -> Flight:
    burn = Burn(name="ascent", delta_v_m_s=delta_v_m_s, stages=tuple(stages), drop_last=drop_last)
    return fly(stack=_elements(rows), burns=(burn,), g0_m_s2=g0_m_s2)


def ascent(
    *,
    stack: _Rows,
    stages: Sequence[str],
    delta_v_m_s: float,
    drop_last: bool,
    g0_m_s2: float,
) -> dict[str, float]:
    """Stack mass after the ascent and the propellant that the last stage used."""
    flight = _ascent(stack, stages, delta_v_m_s, drop_last, g0_m_s2)
    return {
        "stack_mass_kg": flight.mass_kg,
        "propellant_used_kg": flight.entries[-1].propellant_kg,
    }


def docked_departure(
    *,
    lander: _Rows,
    lander_stages: Sequence[str],
    crew: _Rows,
    crew_stages: Sequence[str],
    ascent_m_s: float,
    departure_stage: str,
    departure_m_s: float,
    g0_m_s2: float,
) -> dict[str, float]:
    """Two ascents, docking, one departure burn, staging: what is left, and in the dropped tank."""
    lander_flight = _ascent(lander, lander_stages, ascent_m_s, False, g0_m_s2)
    crew_flight = _ascent(crew, crew_stages, ascent_m_s, True, g0_m_s2)
    stack = lander_flight.stack + crew_flight.stack
    stage = next(e for e in stack if e.name == departure_stage)
    burn = Burn(
        name="departure",
        delta_v_m_s=departure_m_s,
        stages=(departure_stage,),
        drop_last=True,
    )
    flight = fly(stack=stack, burns=(burn,), g0_m_s2=g0_m_s2)
    return {
        "stack_mass_kg": flight.mass_kg,
        "propellant_left_kg": flight.entries[0].dropped_kg - stage.dry_kg,
    }


def edge_sums(*, outbound: Sequence[str], inbound: Sequence[str]) -> dict[str, float]:
    """Speed changes out and back by the table."""
    return {
        "outbound_m_s": path_delta_v(nodes=outbound),
        "return_m_s": path_delta_v(nodes=inbound),
    }


def lander_propellant(
    *,
    dry_kg: float,
    payload_kg: float,
    specific_impulse_s: float,
    delta_v_m_s: Sequence[float],
    tanker_payload_kg: Sequence[float],
    g0_m_s2: float,
) -> dict[str, list[float]]:
    """Propellant for a payload by speed change, and lossless tanker flights for the first."""
    propellant_kg = [
        float(
            rocket_propellant(
                dry_kg=dry_kg,
                payload_kg=payload_kg,
                delta_v_m_s=speed,
                specific_impulse_s=specific_impulse_s,
                g0_m_s2=g0_m_s2,
            )
        )
        for speed in delta_v_m_s
    ]
    flights = [
        float(
            tanker_flights(
                propellant_kg=propellant_kg[0],
                tanker_payload_kg=tanker,
                boil_off_frac=0.0,
                transfer_loss_frac=0.0,
            )
        )
        for tanker in tanker_payload_kg
    ]
    return {"propellant_kg": propellant_kg, "n_tankers": flights}


def tank_payload(
    *,
    dry_kg: float,
    propellant_kg: float,
    specific_impulse_s: float,
    delta_v_m_s: float,
    g0_m_s2: float,
) -> dict[str, float]:
    """Payload of a full tank."""
    payload = payload_for_propellant(
        dry_kg=dry_kg,
        propellant_kg=propellant_kg,
        delta_v_m_s=delta_v_m_s,
        specific_impulse_s=specific_impulse_s,
        g0_m_s2=g0_m_s2,
    )
    return {"payload_kg": float(payload)}


def landing(
    *, landing_payload_cap_kg: Sequence[float], lander_dry_kg: float, specific_impulse_s: float
) -> dict[str, list[float]]:
    """Propellant per landed kilogram and flights per landing by payload, 100 t tankers."""
    sizes = [
        size_landing(
            lander_dry_kg=lander_dry_kg,
            ship_tank_kg=1.6e6,
            specific_impulse_s=specific_impulse_s,
            landing_delta_v_m_s=path_delta_v(nodes=("LEO", "LLPO", "south pole")),
            landing_payload_cap_kg=cap,
            orbit_payload_kg=200e3,
            tanker_payload_ratio=0.5,
            boil_off_frac=0.0,
            transfer_loss_frac=0.0,
        )
        for cap in landing_payload_cap_kg
    ]
    return {
        "propellant_per_landed": [float(s.propellant_kg) / float(s.landed_kg) for s in sizes],
        "n_flights_per_landing": [float(s.n_flights_per_landing) for s in sizes],
        "gear_ratio": [float(s.gear_ratio) for s in sizes],
    }


def ratio(*, specific_impulse_s: float, delta_v_m_s: float, g0_m_s2: float) -> dict[str, float]:
    """Mass ratio of a burn."""
    value = mass_ratio(
        delta_v_m_s=delta_v_m_s, specific_impulse_s=specific_impulse_s, g0_m_s2=g0_m_s2
    )
    return {"initial_over_final_mass": float(value)}


def landed_cost(
    *, launch_usd: Sequence[float], n_tankers: float, landed_kg: float
) -> dict[str, list[float]]:
    """Cost per landed kilogram, expended hull not charged."""
    costs = [
        float(
            landing_cost_usd_kg(
                launch_usd=launch,
                n_flights_per_landing=1.0 + n_tankers,
                landed_kg=landed_kg,
                hull_usd=0.0,
                landing_loss_frac=0.0,
            )
        )
        for launch in launch_usd
    ]
    return {"cost_usd_kg": costs}


def orbit_cost(*, launch_usd: float, payload_kg: float) -> dict[str, float]:
    """Cost per kilogram in orbit."""
    return {
        "price_usd_kg": float(orbit_cost_usd_kg(launch_usd=launch_usd, orbit_payload_kg=payload_kg))
    }


def sortie(*, name: str, events: Sequence[str]) -> dict[str, list[float]]:
    """Flying mass of a shipped mission after the named events."""
    mission = load_mission(name=name)
    flight = fly(mission.stack, mission.events, g0_m_s2=mission.g0_m_s2)
    return {"stack_mass_kg": [flight.mass_after_kg(event=event) for event in events]}


def sortie_left(*, name: str, events: Sequence[str]) -> dict[str, list[float]]:
    """Propellant aboard what the named events of a shipped mission drop."""
    mission = load_mission(name=name)
    flight = fly(mission.stack, mission.events, g0_m_s2=mission.g0_m_s2)
    last = {e.burn: e for e in flight.entries}
    later = [e for event in mission.events if isinstance(event, Create) for e in event.elements]
    elements = [*mission.stack, *later]
    left = []
    for event in events:
        gone = last[event].stage
        riders = {e.name for e in mission.stack if e.leaves_with == gone}
        dry_kg = sum(e.dry_kg for e in elements if e.name in {gone, *riders})
        left.append(last[event].dropped_kg - dry_kg)
    return {"left_kg": left}


def replay(*, stack: _Rows, events: _Rows, g0_m_s2: float) -> dict[str, float]:
    """Stack mass after any events."""
    return {"stack_mass_kg": fly(stack, events, g0_m_s2=g0_m_s2).mass_kg}


def delivery(*, ship: Mapping[str, float], **arguments: float) -> dict[str, float]:
    """Every number of a delivery to the lunar surface."""
    found = deliver(Vehicle(**ship), "LEO", "lunar surface", **arguments)  # type: ignore[arg-type]
    words = {"route", "notes"}
    return {f.name: float(getattr(found, f.name)) for f in fields(found) if f.name not in words}


def oxygen(
    *, oxidiser_fuel_ratio: float, delta_v_m_s: float, specific_impulse_s: float
) -> dict[str, float]:
    """Share of oxygen in the propellant, and propellant per kilogram lifted."""
    tank = Element(
        name="tank", dry_kg=0.0, propellant_kg=1.0, oxidiser_fuel_ratio=oxidiser_fuel_ratio
    )
    ratio = mass_ratio(delta_v_m_s=delta_v_m_s, specific_impulse_s=specific_impulse_s)
    return {
        "oxidiser_frac": tank.oxidiser_aboard_kg,
        "propellant_per_lifted_ratio": float(ratio) - 1.0,
    }


def refill(
    *,
    propellant_kg: float,
    tanker_payload_kg: Sequence[float],
    transfer_loss_frac: float = 0.0,
    boil_off_1_day: float = 0.0,
    tanker_interval_s: float = 0.0,
    n_other_launches: float = 0.0,
) -> dict[str, Array]:
    """Tankers that fill a store, and launches with depot and lander."""
    filling = fill_depot(
        propellant_kg=propellant_kg,
        tanker_payload_kg=np.asarray(tanker_payload_kg),
        transfer_loss_frac=transfer_loss_frac,
        boil_off_1_day=boil_off_1_day,
        tanker_interval_s=tanker_interval_s,
    )
    launches = filling.n_tankers + n_other_launches
    return {"n_tankers": filling.n_tankers, "n_launches": launches}


def asking_prices(*, providers: Sequence[str], destination: str) -> dict[str, list[float]]:
    """Prices asked for a kilogram."""
    known = {(p.provider, p.destination): p.price_usd_kg for p in list_prices()}
    return {"price_usd_kg": [known[provider, destination] for provider in providers]}


def kilogram_price(
    *,
    ship: Mapping[str, float],
    payload_kg: float,
    tanker_payload_kg: float,
    launch_usd: float,
    price_over_cost_ratio: float,
) -> dict[str, Array]:
    """Cost and price in low orbit and on the lunar surface at a fixed cost of a launch."""
    found = price(
        n_flights_cumulative=1.0,
        launch_base_usd=launch_usd,
        n_flights_base=1.0,
        launch_learning_rate_frac=0.0,
        launch_floor_usd=0.0,
        vehicle=Vehicle(**ship),  # type: ignore[arg-type]
        nodes=("LEO", "lunar surface"),
        payload_kg=payload_kg,
        tanker_payload_kg=tanker_payload_kg,
        price_over_cost_ratio=price_over_cost_ratio,
    )
    return {"cost_usd_kg": found.cost_usd_kg, "price_usd_kg": found.price_usd_kg}


def mars(*, year: Sequence[float]) -> dict[str, float]:
    """Launch opportunities of the Moon over those of Mars."""
    found = mars_campaign(
        year=np.arange(*year),
        flights_1_yr=100.0,
        n_ships=10.0,
        first_window_year=year[0],
        n_tankers_moon=9.0,
        n_tankers_mars=5.0,
        moon_payload_kg=100e3,
        mars_payload_kg=100e3,
        moon_ship_cycle_s=30 * 86400.0,
    )
    return {"opportunities_ratio": found.opportunities_ratio}


def mars_over_moon(*, ship: Mapping[str, float], payload_kg: float) -> dict[str, float]:
    """Propellant for a payload on Mars over that on the Moon."""
    needed = [
        deliver(Vehicle(**ship), "LEO", place, payload_kg=payload_kg).propellant_kg  # type: ignore[arg-type]
        for place in ("Mars", "Moon")
    ]
    return {"propellant_ratio": float(needed[0] / needed[1])}


def cheapest_flow(
    *,
    ship: Mapping[str, float],
    orbit_usd_kg: float,
    cargo_kg: float,
    n_ships: float = inf,
    n_ships_back: float = 0.0,
    moon_oxidiser_usd_kg: float | None = None,
) -> dict[str, float]:
    """Cheapest flow straight to the lunar surface and back, and the price of a kilogram there."""
    supplies = [
        Supply(node="LEO", commodity=what, unit_cost_usd=orbit_usd_kg) for what in COMMODITIES[:3]
    ]
    supplies.append(Supply(node="LEO", commodity="ship", unit_cost_usd=0.0, amount_kg=n_ships))
    if moon_oxidiser_usd_kg is not None:
        supplies.append(
            Supply(node="Moon", commodity="oxidiser", unit_cost_usd=moon_oxidiser_usd_kg)
        )
    plan = plan_cargo(
        ship=Vehicle(**ship),  # type: ignore[arg-type]
        legs=[
            Leg(from_node=a, to_node=b, delta_v_m_s=route(origin=a, destination=b).delta_v_m_s)
            for a, b in (("LEO", "Moon"), ("Moon", "Earth entry"))
        ],
        supplies=supplies,
        demands=(
            Demand(node="Moon", amount_kg=cargo_kg),
            Demand(node="Earth entry", amount_kg=n_ships_back, commodity="ship"),
        ),
    )
    return {"shadow_usd_kg": plan.shadow_usd_kg(node="Moon"), "total_usd": plan.total_usd}


def fleet(**arguments: float) -> dict[str, float]:
    """Fleet for a rate of landings."""
    found = size_fleet(**arguments)  # type: ignore[arg-type]
    return {f.name: float(getattr(found, f.name)) for f in fields(found)}
