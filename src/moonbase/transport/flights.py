"""How many flights a year there can be, and what one costs.

Neglected: pads, propellant supply, weather, accidents that ground the fleet (they are inside the
range of the ramp). Cost is what a flight costs its operator; the price asked of a customer is
another number and never enters here.
"""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError


def flight_cap(
    *,
    year: Real,
    base_year: Real,
    base_flights_1_yr: Real,
    growth_1_yr: Real,
    ceiling_flights_1_yr: Real,
) -> Array:
    """Flights per year on a logistic ramp.

    Parameters
    ----------
    year : float or array
        Calendar year; shape (year, 1) against draws.
    base_year : float or array
        Year in which the fleet flies ``base_flights_1_yr``.
    base_flights_1_yr : float or array
        Flights per year then, 1/yr; > 0.
    growth_1_yr : float or array
        Continuous growth rate while far from the ceiling, 1/yr (0.69 doubles each year).
    ceiling_flights_1_yr : float or array
        Flights per year in the long run, 1/yr.

    Returns
    -------
    array
        ``K / (1 + (K/F0 - 1) exp(-g (t - t0)))``, 1/yr, in the broadcast shape.

    Examples
    --------
    >>> cap = flight_cap(
    ...     year=np.array([2026.0, 2036.0, 2100.0]),
    ...     base_year=2026.0,
    ...     base_flights_1_yr=4.0,
    ...     growth_1_yr=0.69,
    ...     ceiling_flights_1_yr=8766.0,
    ... )
    >>> [round(float(x)) for x in cap]
    [4, 2733, 8766]
    """
    ceiling = np.asarray(ceiling_flights_1_yr, dtype=np.float64)
    elapsed_yr = np.asarray(year) - np.asarray(base_year)
    decay = np.exp(-np.asarray(growth_1_yr) * elapsed_yr)
    return np.asarray(ceiling / (1.0 + (ceiling / base_flights_1_yr - 1.0) * decay))


def launch_cost(
    *,
    n_flights_cumulative: Real,
    launch_base_usd: Real,
    n_flights_base: Real,
    launch_learning_rate_frac: Real,
    launch_floor_usd: Real,
) -> Array:
    """Cost of one flight by Wright's law in cumulative flights, with a floor.

    Parameters
    ----------
    n_flights_cumulative : float or array
        Flights flown so far.
    launch_base_usd : float or array
        Cost of a flight after ``n_flights_base``, USD.
    n_flights_base : float or array
        Flights behind the base cost; > 0.
    launch_learning_rate_frac : float or array
        Fall in cost per doubling, in [0, 1).
    launch_floor_usd : float or array
        Least cost of a flight, USD.

    Returns
    -------
    array
        ``max(floor, C0 (n/n0)^log2(1 - LR))``, USD, in the broadcast shape; the base cost holds
        for fewer flights than ``n_flights_base``.

    Notes
    -----
    Source: Wright's law as used by Suncatcher (arXiv 2511.19468) in cumulative mass; with a fixed
    payload per flight the two are the same.

    Examples
    --------
    >>> cost_usd = launch_cost(
    ...     n_flights_cumulative=40.0,
    ...     launch_base_usd=100e6,
    ...     n_flights_base=10.0,
    ...     launch_learning_rate_frac=0.2,
    ...     launch_floor_usd=5e6,
    ... )
    >>> round(float(cost_usd) / 1e6, 6)
    64.0
    """
    doublings = np.log2(np.maximum(np.asarray(n_flights_cumulative) / n_flights_base, 1.0))
    learned_usd = launch_base_usd * (1.0 - np.asarray(launch_learning_rate_frac)) ** doublings
    return np.asarray(np.maximum(learned_usd, launch_floor_usd))


def orbit_cost_usd_kg(*, launch_usd: Real, orbit_payload_kg: Real) -> Array:
    """Cost per kilogram in low Earth orbit.

    Parameters
    ----------
    launch_usd : float or array
        Cost of a flight, USD.
    orbit_payload_kg : float or array
        Payload of a flight, kg; > 0.

    Returns
    -------
    array
        USD/kg in the broadcast shape.

    Examples
    --------
    >>> float(orbit_cost_usd_kg(launch_usd=5e6, orbit_payload_kg=100e3))
    50.0
    """
    return np.asarray(launch_usd, dtype=np.float64) / orbit_payload_kg


def landing_cost_usd_kg(
    *,
    launch_usd: Real,
    n_flights_per_landing: Real,
    landed_kg: Real,
    hull_usd: Real,
    landing_loss_frac: Real,
) -> Array:
    """Cost per kilogram that arrives safely on the surface.

    Parameters
    ----------
    launch_usd : float or array
        Cost of a flight, USD.
    n_flights_per_landing : float or array
        The lander's own flight plus its tankers.
    landed_kg : float or array
        Payload of a landing, kg.
    hull_usd : float or array
        Lander hull that does not come back, USD.
    landing_loss_frac : float or array
        Share of landings that lose their cargo, in [0, 1).

    Returns
    -------
    array
        ``(n C + H) / (m (1 - loss))``, USD/kg, in the broadcast shape; inf where nothing lands.
        The lost cargo itself is not in it.

    Raises
    ------
    DomainError
        When fewer than one flight makes a landing in every draw.

    Examples
    --------
    >>> float(
    ...     landing_cost_usd_kg(
    ...         launch_usd=10e6,
    ...         n_flights_per_landing=9.0,
    ...         landed_kg=100e3,
    ...         hull_usd=0.0,
    ...         landing_loss_frac=0.0,
    ...     )
    ... )
    900.0
    """
    if not np.any(np.asarray(n_flights_per_landing) >= 1.0):
        raise DomainError(
            "must be >= 1", path="n_flights_per_landing", hint="the lander's own flight counts"
        )
    spent_usd = np.asarray(launch_usd) * n_flights_per_landing + hull_usd
    with np.errstate(divide="ignore"):
        arrived_kg = np.asarray(landed_kg) * (1.0 - np.asarray(landing_loss_frac))
        return np.asarray(spent_usd / arrived_kg)
