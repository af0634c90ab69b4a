"""Ships, tankers, pads and propellant that a yearly rate of landings needs, and what they allow.

Neglected: queues and weather beyond the availability, learning of the turn-round, the months until
a lost ship is replaced. Yearly flow, fractional ships.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError

LIMITS = ("ships", "tankers", "pads", "propellant", "demand")
"""What can bind the landings of a year, in the order of ``FleetCapacity.binding``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSize:
    """What a yearly rate of landings asks for; arrays in the broadcast shape.

    ``attempts_1_yr`` includes landings that are lost; ``ships_lost_1_yr`` counts ships, tankers
    and expended hulls that must be built again.
    """

    attempts_1_yr: Array
    launches_1_yr: Array
    n_ships: Array
    n_tankers: Array
    n_pads: Array
    propellant_kg_yr: Array
    ships_lost_1_yr: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCapacity:
    """Landings that a fleet allows in a year; ``binding`` is an index of ``LIMITS``."""

    attempts_1_yr: Array
    safe_landings_1_yr: Array
    limits_1_yr: Array
    binding: npt.NDArray[np.int64]


def flights_1_yr(*, cycle_s: Real, window_s: Real = 0.0, availability_frac: Real = 1.0) -> Array:
    """Flights a year of one reused ship.

    Parameters
    ----------
    cycle_s : float or array
        Out, stay, back and refurbishment, s; > 0.
    window_s : float or array
        Time between launch opportunities, s.
    availability_frac : float or array
        Share of the time that the ship is fit to fly, in (0, 1].

    Returns
    -------
    array
        ``availability / max(cycle, window)``, 1/yr.

    Raises
    ------
    DomainError
        When no cycle is positive or no availability is in (0, 1].

    Examples
    --------
    >>> round(float(flights_1_yr(cycle_s=30 * 86400.0, window_s=10 * 86400.0)), 3)
    12.175
    """
    _positive(cycle_s=cycle_s)
    _within(availability_frac=availability_frac)
    slowest_s = np.maximum(np.asarray(cycle_s, dtype=np.float64), window_s)
    return np.asarray(JULIAN_YEAR_s * np.asarray(availability_frac) / slowest_s)


def size_fleet(
    *,
    landings_1_yr: Real,
    n_tankers_per_landing: Real,
    ship_cycle_s: Real,
    tanker_cycle_s: Real,
    pad_turnaround_s: Real,
    propellant_per_launch_kg: Real,
    window_s: Real = 0.0,
    availability_frac: Real = 1.0,
    landing_loss_frac: Real = 0.0,
    launch_loss_frac: Real = 0.0,
    ship_stays: bool = False,
) -> FleetSize:
    """Fleet that makes a yearly number of safe landings.

    Parameters
    ----------
    landings_1_yr : float or array
        Safe landings wanted, 1/yr.
    n_tankers_per_landing : float or array
        Tanker flights for each attempt.
    ship_cycle_s, tanker_cycle_s : float or array
        From one flight of a ship to its next, s; > 0.
    pad_turnaround_s : float or array
        From one launch of a pad to its next, s; > 0.
    propellant_per_launch_kg : float or array
        Propellant of booster and ship for one launch, kg.
    window_s : float or array
        Time between launch opportunities of the landing ships, s.
    availability_frac : float or array
        Share of the time that ships, tankers and pads are fit, in (0, 1].
    landing_loss_frac, launch_loss_frac : float or array
        Shares of landings and of launches that are lost, in [0, 1).
    ship_stays : bool
        Whether the hull stays at the destination, so that each attempt takes a new ship.

    Returns
    -------
    FleetSize
        Rates in 1/yr, counts, propellant in kg/yr.

    Raises
    ------
    DomainError
        When a time is not positive or a share outside its range in every draw.

    Notes
    -----
    Ships in service = attempts x max(cycle, window) / availability; attempts = landings over the
    chance that neither the ship's own launch nor its landing fails; a lost tanker is flown again.

    Examples
    --------
    >>> fleet = size_fleet(
    ...     landings_1_yr=36.525,
    ...     n_tankers_per_landing=9.0,
    ...     ship_cycle_s=30 * 86400.0,
    ...     tanker_cycle_s=86400.0,
    ...     pad_turnaround_s=86400.0,
    ...     propellant_per_launch_kg=4.6e6,
    ... )
    >>> round(float(fleet.n_ships), 6), round(float(fleet.n_pads), 6)
    (3.0, 1.0)
    """
    _positive(ship_cycle_s=ship_cycle_s, tanker_cycle_s=tanker_cycle_s)
    _positive(pad_turnaround_s=pad_turnaround_s)
    _within(availability_frac=availability_frac)
    lands = _survives(landing_loss_frac=landing_loss_frac)
    rises = _survives(launch_loss_frac=launch_loss_frac)
    attempts = np.asarray(landings_1_yr, dtype=np.float64) / (lands * rises)
    tankers = attempts * n_tankers_per_landing
    launches = attempts + tankers
    slowest_s = np.maximum(np.asarray(ship_cycle_s, dtype=np.float64), window_s)
    fit_yr = JULIAN_YEAR_s * np.asarray(availability_frac)
    lost = launches * (1.0 - rises)
    hulls = attempts * rises * (1.0 if ship_stays else 1.0 - lands)
    return FleetSize(
        attempts_1_yr=attempts,
        launches_1_yr=launches,
        n_ships=attempts * slowest_s / fit_yr,
        n_tankers=tankers * tanker_cycle_s / fit_yr,
        n_pads=launches * pad_turnaround_s / fit_yr,
        propellant_kg_yr=launches * propellant_per_launch_kg,
        ships_lost_1_yr=lost + hulls,
    )


def fleet_capacity(
    *,
    n_ships: Real,
    n_tankers: Real,
    n_pads: Real,
    propellant_kg_yr: Real,
    n_tankers_per_landing: Real,
    ship_cycle_s: Real,
    tanker_cycle_s: Real,
    pad_turnaround_s: Real,
    propellant_per_launch_kg: Real,
    window_s: Real = 0.0,
    availability_frac: Real = 1.0,
    landing_loss_frac: Real = 0.0,
    launch_loss_frac: Real = 0.0,
    demand_1_yr: Real = np.inf,
) -> FleetCapacity:
    """Landings that ships, tankers, pads and propellant allow in a year.

    Parameters
    ----------
    n_ships, n_tankers, n_pads : float or array
        What is in service.
    propellant_kg_yr : float or array
        Propellant for launches, kg/yr.
    n_tankers_per_landing, ship_cycle_s, tanker_cycle_s, pad_turnaround_s : float or array
        As in :func:`size_fleet`.
    propellant_per_launch_kg, window_s, availability_frac : float or array
        As in :func:`size_fleet`.
    landing_loss_frac, launch_loss_frac : float or array
        As in :func:`size_fleet`.
    demand_1_yr : float or array
        Attempts that somebody pays for, 1/yr.

    Returns
    -------
    FleetCapacity
        Attempts and safe landings (1/yr); ``limits_1_yr`` of shape (5, ...) in the order of
        ``LIMITS``; which of them binds.

    Raises
    ------
    DomainError
        As :func:`size_fleet`.

    Examples
    --------
    >>> capacity = fleet_capacity(
    ...     n_ships=3.0,
    ...     n_tankers=4.0,
    ...     n_pads=0.5,
    ...     propellant_kg_yr=1e12,
    ...     n_tankers_per_landing=9.0,
    ...     ship_cycle_s=30 * 86400.0,
    ...     tanker_cycle_s=86400.0,
    ...     pad_turnaround_s=86400.0,
    ...     propellant_per_launch_kg=4.6e6,
    ... )
    >>> round(float(capacity.attempts_1_yr), 4), LIMITS[int(capacity.binding)]
    (18.2625, 'pads')
    """
    one = size_fleet(
        landings_1_yr=1.0,
        n_tankers_per_landing=n_tankers_per_landing,
        ship_cycle_s=ship_cycle_s,
        tanker_cycle_s=tanker_cycle_s,
        pad_turnaround_s=pad_turnaround_s,
        propellant_per_launch_kg=propellant_per_launch_kg,
        window_s=window_s,
        availability_frac=availability_frac,
        landing_loss_frac=landing_loss_frac,
        launch_loss_frac=launch_loss_frac,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        safe = np.array(
            np.broadcast_arrays(
                np.asarray(n_ships) / one.n_ships,
                np.where(one.n_tankers > 0.0, np.asarray(n_tankers) / one.n_tankers, np.inf),
                np.asarray(n_pads) / one.n_pads,
                np.asarray(propellant_kg_yr) / one.propellant_kg_yr,
                np.asarray(demand_1_yr) / one.attempts_1_yr,
            )
        )
    limits = safe * one.attempts_1_yr
    return FleetCapacity(
        attempts_1_yr=limits.min(axis=0),
        safe_landings_1_yr=safe.min(axis=0),
        limits_1_yr=limits,
        binding=np.asarray(limits.argmin(axis=0), dtype=np.int64),
    )


def landing_delay_s(*, lost_import_kg: Real, import_kg_yr: Real) -> Array:
    """Time by which a lost landing puts growth back.

    Parameters
    ----------
    lost_import_kg : float or array
        Cargo that was lost, kg.
    import_kg_yr : float or array
        Rate of imports, kg/yr; > 0.

    Returns
    -------
    array
        ``lost / rate``, s.

    Raises
    ------
    DomainError
        When no rate is positive.

    Examples
    --------
    >>> float(landing_delay_s(lost_import_kg=100e3, import_kg_yr=1.2e6)) / 86400.0
    30.4375
    """
    _positive(import_kg_yr=import_kg_yr)
    return np.asarray(JULIAN_YEAR_s * np.asarray(lost_import_kg) / import_kg_yr)


def _positive(**values: Real) -> None:
    for path, value in values.items():
        if not np.any(np.asarray(value) > 0.0):
            raise DomainError("must be > 0", path=path, hint=f"got {value}")


def _within(**values: Real) -> None:
    for path, value in values.items():
        array = np.asarray(value)
        if not np.any((array > 0.0) & (array <= 1.0)):
            raise DomainError("must be in (0, 1]", path=path, hint=f"got {value}")


def _survives(**values: Real) -> Array:
    ((path, value),) = values.items()
    array = np.asarray(value, dtype=np.float64)
    if not np.any((array >= 0.0) & (array < 1.0)):
        raise DomainError("must be in [0, 1)", path=path, hint=f"got {value}")
    return 1.0 - array
