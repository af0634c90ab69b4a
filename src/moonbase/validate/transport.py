"""Answers of the transport room to its validation cases."""

from __future__ import annotations

from collections.abc import Sequence

from moonbase.transport.edges import path_delta_v
from moonbase.transport.flights import landing_cost_usd_kg, orbit_cost_usd_kg
from moonbase.transport.landing import size_landing
from moonbase.transport.ledger import fly
from moonbase.transport.rocket import (
    mass_ratio,
    payload_for_propellant,
    rocket_propellant,
    tanker_flights,
)
from moonbase.transport.stack import Burn, Element, Flight

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
