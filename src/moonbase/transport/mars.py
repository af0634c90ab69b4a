"""The same ships and flights sent to Mars in its windows, or to the Moon all year.

Neglected: that good and bad windows differ, fleets that split between both, propellant made on
Mars, tankers that sit idle between windows for want of depots (what boils off between the last
tanker and the window belongs into the number of tankers), the value of the cargo once there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.transport.edges import route
from moonbase.transport.flights import landing_cost_usd_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class MarsCampaign:
    """Cargo on either body by year, shape (year, draw); ratios are Moon over Mars.

    ``window_year`` are the dates of the windows inside the years, ``departures`` the ships that
    leave in each, shape (window, draw). ``*_per_ship_kg_yr`` divides what landed by the ship-years.
    ``opportunities_ratio`` counts launch opportunities alone.
    """

    year: Array
    window_year: Array
    n_departures: Array
    moon_landed_kg_yr: Array
    mars_landed_kg_yr: Array
    moon_total_kg: Array
    mars_total_kg: Array
    moon_per_ship_kg_yr: Array
    mars_per_ship_kg_yr: Array
    landed_ratio: Array
    opportunities_ratio: float
    moon_cost_usd_kg: Array
    mars_cost_usd_kg: Array


def mars_campaign(
    *,
    year: Array,
    flights_1_yr: Real,
    n_ships: Real,
    first_window_year: float,
    n_tankers_moon: Real,
    n_tankers_mars: Real,
    moon_payload_kg: Real,
    mars_payload_kg: Real,
    moon_ship_cycle_s: Real,
    n_windows_per_trip: Real = 2.0,
    moon_window_s: float | None = None,
    mars_window_s: float | None = None,
    mars_transit_s: float | None = None,
    landing_loss_frac: Real = 0.0,
    launch_usd: Real = np.nan,
    hull_usd: Real = 0.0,
) -> MarsCampaign:
    """Compare what the same flights and ships land on the Moon and on Mars.

    Parameters
    ----------
    year : array
        Calendar years in steps of one, shape (year,).
    flights_1_yr : float or array
        Launches of the fleet, tankers included, 1/yr; shape (year, 1) or (year, draw).
    n_ships : float or array
        Ships fit to go beyond low orbit, in the same shape.
    first_window_year : float
        Date of a Mars window, yr, at or before the first that matters.
    n_tankers_moon, n_tankers_mars : float or array
        Tankers per landing.
    moon_payload_kg, mars_payload_kg : float or array
        Cargo of a landing, kg.
    moon_ship_cycle_s : float or array
        From one lunar flight of a ship to its next, s; > 0.
    n_windows_per_trip : float or array
        Windows from one departure of a ship to its next: 2 where it waits on Mars for the way
        back, 1 where it can be home in time.
    moon_window_s, mars_window_s, mars_transit_s : float, optional
        Time between opportunities and time under way, s; without them those of the network.
    landing_loss_frac : float or array
        Share of landings that lose their cargo, in [0, 1).
    launch_usd, hull_usd : float or array
        Cost of a launch and of an expended hull, USD, for the cost of a kilogram.

    Returns
    -------
    MarsCampaign
        Landed mass by year (kg/yr) and in total (kg), per ship-year, and what a kilogram costs.

    Raises
    ------
    DomainError
        When the years are not in steps of one, or no cycle is positive.

    Notes
    -----
    A window sends ``min(flights since the last window / (1 + N), ships / windows per trip)``. The
    Moon gets ``min(flights / (1 + N), ships / max(cycle, opportunity))`` each year. What lands
    after the last year is left out.
    Source: opportunities every 10 days and 26 months (statement of 9 February 2026, via secondary
    sources).

    Examples
    --------
    >>> found = mars_campaign(
    ...     year=np.arange(2030.0, 2043.0),
    ...     flights_1_yr=1000.0,
    ...     n_ships=100.0,
    ...     first_window_year=2031.0,
    ...     n_tankers_moon=9.0,
    ...     n_tankers_mars=5.0,
    ...     moon_payload_kg=100e3,
    ...     mars_payload_kg=100e3,
    ...     moon_ship_cycle_s=30 * 86400.0,
    ... )
    >>> round(found.opportunities_ratio), [round(float(w), 1) for w in found.window_year[:3]]
    (79, [2031.0, 2033.2, 2035.3])
    """
    years = np.asarray(year, dtype=np.float64)
    if years.ndim != 1 or np.any(np.abs(np.diff(years) - 1.0) > 1e-9):
        raise DomainError("must be years in steps of one", path="year", hint="np.arange(2030., ..)")
    if not np.any(np.asarray(moon_ship_cycle_s) > 0.0):
        raise DomainError(
            "must be > 0 s", path="moon_ship_cycle_s", hint=f"got {moon_ship_cycle_s}"
        )
    moon, mars = (route(origin="LEO", destination=d) for d in ("lunar surface", "Mars surface"))
    moon_window = moon.window_s if moon_window_s is None else moon_window_s
    mars_window = mars.window_s if mars_window_s is None else mars_window_s
    transit = mars.duration_s if mars_transit_s is None else mars_transit_s
    safe = 1.0 - np.asarray(landing_loss_frac, dtype=np.float64)
    flights, ships = (_by_year(v, len(years)) for v in (flights_1_yr, n_ships))
    slowest = np.maximum(np.asarray(moon_ship_cycle_s, dtype=np.float64), moon_window)
    landings = np.minimum(
        flights / (1.0 + np.asarray(n_tankers_moon)), ships * JULIAN_YEAR_s / slowest
    )
    moon_kg = landings * moon_payload_kg * safe
    windows = _windows(first_window_year, years, mars_window / JULIAN_YEAR_s)
    sent = _departures(
        windows, years, flights / (1.0 + np.asarray(n_tankers_mars)), ships / n_windows_per_trip
    )
    landed = sent * mars_payload_kg * safe
    shape = np.broadcast_shapes(moon_kg.shape, (len(years), *landed.shape[1:]))
    mars_kg = np.zeros(shape)
    arrival = np.floor(windows + transit / JULIAN_YEAR_s - years[0]).astype(np.int64)
    for i, at in enumerate(arrival):
        if at < len(years):
            mars_kg[at] = mars_kg[at] + landed[i]
    moon_kg = np.broadcast_to(moon_kg, shape)
    totals = moon_kg.sum(axis=0), mars_kg.sum(axis=0)
    ship_years = np.broadcast_to(ships, shape).sum(axis=0)
    costs = [
        landing_cost_usd_kg(
            launch_usd=launch_usd,
            n_flights_per_landing=1.0 + np.asarray(n),
            landed_kg=m,
            hull_usd=hull_usd,
            landing_loss_frac=landing_loss_frac,
        )
        for n, m in ((n_tankers_moon, moon_payload_kg), (n_tankers_mars, mars_payload_kg))
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = totals[0] / totals[1]
        per_ship = [t / ship_years for t in totals]
    return MarsCampaign(
        year=years,
        window_year=windows,
        n_departures=sent,
        moon_landed_kg_yr=moon_kg,
        mars_landed_kg_yr=mars_kg,
        moon_total_kg=np.asarray(totals[0]),
        mars_total_kg=np.asarray(totals[1]),
        moon_per_ship_kg_yr=np.asarray(per_ship[0]),
        mars_per_ship_kg_yr=np.asarray(per_ship[1]),
        landed_ratio=np.asarray(ratio),
        opportunities_ratio=mars_window / moon_window,
        moon_cost_usd_kg=costs[0],
        mars_cost_usd_kg=costs[1],
    )


def _by_year(value: Real, n: int) -> Array:
    array = np.asarray(value, dtype=np.float64)
    return np.broadcast_to(array, (n, *array.shape[1:])) if array.ndim else np.full((n, 1), array)


def _windows(first: float, years: Array, step_yr: float) -> Array:
    skipped = max(0.0, np.ceil((years[0] - first) / step_yr))
    start = first + skipped * step_yr
    return np.asarray(np.arange(start, years[-1] + 1.0, step_yr), dtype=np.float64)


def _departures(windows: Array, years: Array, rate: Array, ships: Array) -> Array:
    """Ships that leave in each window: what was launched since the last, or the ships there are."""
    edges_yr = np.concatenate([[years[0]], windows])
    shape = np.broadcast_shapes(rate.shape, ships.shape)
    done = np.zeros((len(years) + 1, *shape[1:]))
    np.cumsum(np.broadcast_to(rate, shape), axis=0, out=done[1:])
    place = np.clip(edges_yr - years[0], 0.0, float(len(years)))
    whole = np.minimum(place.astype(np.int64), len(years) - 1)
    part = (place - whole).reshape(-1, *([1] * (len(shape) - 1)))
    launched = np.diff(done[whole] + part * (done[whole + 1] - done[whole]), axis=0)
    return np.asarray(np.minimum(launched, np.broadcast_to(ships, shape)[whole[1:]]))
