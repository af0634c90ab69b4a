"""A one-way cargo lander filled in Earth orbit by tankers, and the yearly mass that can land.

Neglected: residual propellant, the trip back (the hull stays and can serve as material), lunar
oxygen for landers, the length of the tanker campaign, ships that wait for each other. Yearly flow,
fractional flights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.transport.rocket import (
    payload_for_propellant,
    rocket_propellant,
    tanker_flights,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSize:
    """One landing: what arrives and what it takes."""

    landed_kg: Real
    hull_kg: Real
    propellant_kg: Real
    n_tankers: Real
    n_flights_per_landing: Real
    gear_ratio: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingCap:
    """Ceiling of a year: landings attempted and kilograms that arrive safely."""

    landings_1_yr: Real
    landed_kg_yr: Real


def size_landing(
    *,
    lander_dry_kg: Real,
    ship_tank_kg: Real,
    specific_impulse_s: Real,
    landing_delta_v_m_s: Real,
    landing_payload_cap_kg: Real,
    orbit_payload_kg: Real,
    tanker_payload_ratio: Real,
    boil_off_frac: Real,
    transfer_loss_frac: Real,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> LandingSize:
    """Payload, propellant and tanker flights of one landing.

    The payload is the least of what the hull can hold, what the ship can lift to orbit itself, and
    what a full tank can land.

    Parameters
    ----------
    lander_dry_kg : float or array
        Empty lander, kg.
    ship_tank_kg : float or array
        Propellant of a full ship, kg.
    specific_impulse_s : float or array
        Vacuum specific impulse, s; > 0.
    landing_delta_v_m_s : float or array
        Low Earth orbit to the surface, one way, m/s; > 0.
    landing_payload_cap_kg : float or array
        Payload that volume and structure of the hull admit, kg.
    orbit_payload_kg : float or array
        Payload that a ship lifts to low Earth orbit, kg.
    tanker_payload_ratio : float or array
        Propellant that a tanker brings, over ``orbit_payload_kg``.
    boil_off_frac, transfer_loss_frac : float or array
        Shares of the propellant lost in store and in transfer.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    LandingSize
        ``landed_kg`` and ``hull_kg`` per landing; ``propellant_kg`` at departure; ``n_tankers``;
        ``n_flights_per_landing`` = 1 + tankers; ``gear_ratio`` = mass at departure over payload.
        Arrays in the broadcast shape. Where a full tank cannot land the empty hull, ``landed_kg``
        is 0 and ``gear_ratio`` inf.

    Raises
    ------
    DomainError
        When no element of a specific impulse, speed change or payload to orbit is positive.

    Notes
    -----
    Source: rocket equation; orders of magnitude as in C. Handmer (2021) on Starship landings.

    Examples
    --------
    >>> size = size_landing(
    ...     lander_dry_kg=120e3,
    ...     ship_tank_kg=1.2e6,
    ...     specific_impulse_s=375.0,
    ...     landing_delta_v_m_s=6145.0,
    ...     landing_payload_cap_kg=100e3,
    ...     orbit_payload_kg=150e3,
    ...     tanker_payload_ratio=1.0,
    ...     boil_off_frac=0.0,
    ...     transfer_loss_frac=0.0,
    ... )
    >>> round(float(size.n_tankers), 3), round(float(size.gear_ratio), 2)
    (6.332, 11.7)
    """
    full_tank_kg = payload_for_propellant(
        dry_kg=lander_dry_kg,
        propellant_kg=ship_tank_kg,
        delta_v_m_s=landing_delta_v_m_s,
        specific_impulse_s=specific_impulse_s,
        g0_m_s2=g0_m_s2,
    )
    hull_limit_kg = np.minimum(landing_payload_cap_kg, orbit_payload_kg)
    landed_kg = np.maximum(np.minimum(hull_limit_kg, full_tank_kg), 0.0)
    propellant_kg = rocket_propellant(
        dry_kg=lander_dry_kg,
        payload_kg=landed_kg,
        delta_v_m_s=landing_delta_v_m_s,
        specific_impulse_s=specific_impulse_s,
        g0_m_s2=g0_m_s2,
    )
    n_tankers = tanker_flights(
        propellant_kg=propellant_kg,
        tanker_payload_kg=np.asarray(orbit_payload_kg) * tanker_payload_ratio,
        boil_off_frac=boil_off_frac,
        transfer_loss_frac=transfer_loss_frac,
    )
    with np.errstate(divide="ignore"):
        gear_ratio = (propellant_kg + lander_dry_kg + landed_kg) / landed_kg
    return LandingSize(
        landed_kg=landed_kg,
        hull_kg=np.broadcast_to(np.asarray(lander_dry_kg, dtype=np.float64), landed_kg.shape),
        propellant_kg=propellant_kg,
        n_tankers=n_tankers,
        n_flights_per_landing=1.0 + n_tankers,
        gear_ratio=gear_ratio,
    )


def landing_cap(
    *,
    year: Real,
    flights_1_yr: Real,
    other_flights_frac: Real,
    first_landing_year: Real,
    n_flights_per_landing: Real,
    landed_kg: Real,
    landing_loss_frac: Real,
) -> LandingCap:
    """Most that can land in a year when every flight left for the Moon goes there.

    Parameters
    ----------
    year : float or array
        Calendar year; shape (year, 1) against draws.
    flights_1_yr : float or array
        Flights of the whole fleet in that year, 1/yr.
    other_flights_frac : float or array
        Share of them that other payers fly.
    first_landing_year : float or array
        First year with cargo landings.
    n_flights_per_landing, landed_kg : float or array
        From :func:`size_landing`.
    landing_loss_frac : float or array
        Share of landings that lose their cargo.

    Returns
    -------
    LandingCap
        Attempts per year and kg/yr that arrive, in the broadcast shape.

    Notes
    -----
    ``flights (1 - other) / flights per landing x payload x (1 - loss)``; 0 before the first year.

    Examples
    --------
    >>> cap = landing_cap(
    ...     year=2035.0,
    ...     flights_1_yr=1000.0,
    ...     other_flights_frac=0.2,
    ...     first_landing_year=2030.0,
    ...     n_flights_per_landing=8.0,
    ...     landed_kg=100e3,
    ...     landing_loss_frac=0.0,
    ... )
    >>> float(cap.landings_1_yr), float(cap.landed_kg_yr)
    (100.0, 10000000.0)
    """
    free_1_yr = np.asarray(flights_1_yr) * (1.0 - np.asarray(other_flights_frac))
    begun = np.asarray(year) >= first_landing_year
    landings_1_yr = np.where(begun, free_1_yr / n_flights_per_landing, 0.0)
    return LandingCap(
        landings_1_yr=landings_1_yr,
        landed_kg_yr=landings_1_yr * landed_kg * (1.0 - np.asarray(landing_loss_frac)),
    )


def ship_flights_1_yr(*, cycle_yr: Real, window_yr: Real) -> Real:
    """Flights a year that one reused ship can make.

    Parameters
    ----------
    cycle_yr : float or array
        Out, stay, back and refurbishment, yr; > 0.
    window_yr : float or array
        Time between launch opportunities, yr.

    Returns
    -------
    float or array
        ``1 / max(cycle, window)``, 1/yr.

    Examples
    --------
    >>> round(float(ship_flights_1_yr(cycle_yr=0.1, window_yr=26 / 12)), 4)
    0.4615
    """
    longest: Real = np.maximum(cycle_yr, window_yr)
    return 1.0 / longest
