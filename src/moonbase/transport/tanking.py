"""Tanker flights that fill a depot or a ship while the store boils off, and a second refill.

Neglected: chill-down apart from the transfer loss, tankers that fail (see the fleet), ships that
wait for each other, a last flight that is only part full. Counts are fractional, because a fleet
shares its depots; whole counts round up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import DAY_s, STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError
from moonbase.transport.rocket import mass_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """Tankers for one load. ``n_tankers`` is inf where boil-off eats all that tankers bring."""

    n_tankers: Array
    n_tankers_whole: Array
    lifted_kg: Array
    boil_off_kg: Array
    transfer_loss_kg: Array
    fill_s: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """Propellant that a tanker filled in low orbit brings to a higher one, and what it costs."""

    given_kg: Array
    n_trips: Array
    low_orbit_propellant_kg: Array
    gear_ratio: Array


def kept_frac(*, boil_off_1_day: Real, duration_s: Real) -> Array:
    """Share of a store that is left after a time.

    Parameters
    ----------
    boil_off_1_day : float or array
        Share that boils off in a day, 1/day, in [0, 1).
    duration_s : float or array
        Time, s.

    Returns
    -------
    array
        ``(1 - b)^days``, in the broadcast shape.

    Examples
    --------
    >>> round(float(kept_frac(boil_off_1_day=0.01, duration_s=10 * 86400.0)), 4)
    0.9044
    """
    days = np.asarray(duration_s, dtype=np.float64) / DAY_s
    return np.asarray((1.0 - np.asarray(boil_off_1_day)) ** days)


def fill_depot(
    *,
    propellant_kg: Real,
    tanker_payload_kg: Real,
    transfer_loss_frac: Real = 0.0,
    boil_off_1_day: Real = 0.0,
    tanker_interval_s: Real = 0.0,
    hold_s: Real = 0.0,
) -> Filling:
    """Tanker flights that leave a given load aboard at departure.

    Parameters
    ----------
    propellant_kg : float or array
        Load at departure, kg; >= 0.
    tanker_payload_kg : float or array
        Propellant that one tanker brings, kg; > 0.
    transfer_loss_frac : float or array
        Share of it lost in transfer, in [0, 1).
    boil_off_1_day : float or array
        Share of the store that boils off in a day, 1/day, in [0, 1). 0 is allowed; no flown
        depot has reached it.
    tanker_interval_s : float or array
        Time between tankers, s.
    hold_s : float or array
        Time between the last tanker and departure, s.

    Returns
    -------
    Filling
        Flights, fractional and whole; propellant lifted, boiled off and lost in transfer (kg);
        time from the first tanker to departure (s); all in the broadcast shape.

    Raises
    ------
    DomainError
        When no element of ``tanker_payload_kg`` is positive or a share is outside its range.

    Notes
    -----
    With x the share kept over one interval, p what a tanker leaves aboard and P the load wanted
    at the last tanker, ``P = p (1 + x + ... + x^(n-1))``, so
    ``n = ln(1 - P (1 - x) / p) / ln x``; ``n = P / p`` without boil-off.

    Examples
    --------
    >>> filling = fill_depot(propellant_kg=1.2e6, tanker_payload_kg=150e3)
    >>> float(filling.n_tankers)
    8.0
    >>> slow = fill_depot(
    ...     propellant_kg=1.2e6,
    ...     tanker_payload_kg=150e3,
    ...     boil_off_1_day=0.005,
    ...     tanker_interval_s=6 * 86400.0,
    ... )
    >>> round(float(slow.n_tankers), 2)
    8.99
    """
    if not np.any(np.asarray(tanker_payload_kg) > 0.0):
        raise DomainError("must be > 0 kg", path="tanker_payload_kg", hint="what a tanker brings")
    _share("transfer_loss_frac", transfer_loss_frac)
    _share("boil_off_1_day", boil_off_1_day)
    kept = 1.0 - np.asarray(transfer_loss_frac, dtype=np.float64)
    left_kg = np.asarray(tanker_payload_kg) * kept
    held = kept_frac(boil_off_1_day=boil_off_1_day, duration_s=hold_s)
    wanted_kg = np.asarray(propellant_kg) / held
    x = kept_frac(boil_off_1_day=boil_off_1_day, duration_s=tanker_interval_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        lossy = np.log1p(-np.minimum(wanted_kg * (1.0 - x) / left_kg, 1.0)) / np.log(x)
        n = np.where(x < 1.0, lossy, wanted_kg / left_kg)
    whole = np.ceil(n - 1e-9)
    interval_s = np.asarray(tanker_interval_s, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        lifted_kg = n * tanker_payload_kg
        lost_kg = np.where(np.isfinite(n), lifted_kg * (1.0 - kept), np.inf)
        boiled_kg = np.where(np.isfinite(n), lifted_kg - lost_kg - propellant_kg, np.inf)
        waits_s = np.where(interval_s > 0.0, np.maximum(whole - 1.0, 0.0) * interval_s, 0.0)
    return Filling(
        n_tankers=np.asarray(n),
        n_tankers_whole=np.asarray(whole),
        lifted_kg=np.asarray(lifted_kg),
        boil_off_kg=np.asarray(np.maximum(boiled_kg, 0.0)),
        transfer_loss_kg=np.asarray(lost_kg),
        fill_s=np.asarray(waits_s + np.asarray(hold_s)),
    )


def top_up(
    *,
    propellant_kg: Real,
    tanker_dry_kg: Real,
    tanker_tank_kg: Real,
    specific_impulse_s: Real,
    out_delta_v_m_s: Real,
    back_delta_v_m_s: Real,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> TopUp:
    """Trips of tankers, filled in low Earth orbit, that top up a ship in a higher orbit.

    Parameters
    ----------
    propellant_kg : float or array
        Propellant that the ship needs there, kg; >= 0.
    tanker_dry_kg, tanker_tank_kg : float or array
        Empty tanker and its full tank, kg.
    specific_impulse_s : float or array
        Specific impulse, s; > 0.
    out_delta_v_m_s, back_delta_v_m_s : float or array
        Speed changes up to the ship and, emptied, back to the air, m/s.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    TopUp
        Propellant given per full trip (kg; 0 where a tanker cannot get there and back), trips,
        propellant needed in low orbit (kg), and the second over what arrives.

    Notes
    -----
    A full tanker gives ``(d + T) / R_out - d R_back``.

    Examples
    --------
    >>> up = top_up(
    ...     propellant_kg=600e3,
    ...     tanker_dry_kg=120e3,
    ...     tanker_tank_kg=1.6e6,
    ...     specific_impulse_s=375.0,
    ...     out_delta_v_m_s=2426.9,
    ...     back_delta_v_m_s=24.8,
    ... )
    >>> round(float(up.gear_ratio), 3)
    2.083
    """
    engine = {"specific_impulse_s": specific_impulse_s, "g0_m_s2": g0_m_s2}
    up = mass_ratio(delta_v_m_s=out_delta_v_m_s, **engine)  # type: ignore[arg-type]
    down = mass_ratio(delta_v_m_s=back_delta_v_m_s, **engine)  # type: ignore[arg-type]
    full_kg = np.asarray(tanker_dry_kg) + np.asarray(tanker_tank_kg)
    given_kg = np.maximum(full_kg / up - np.asarray(tanker_dry_kg) * down, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        trips = np.where(np.asarray(propellant_kg) > 0.0, propellant_kg / given_kg, 0.0)
        gear = np.asarray(tanker_tank_kg) / given_kg
        low_kg = trips * tanker_tank_kg
    return TopUp(given_kg=given_kg, n_trips=trips, low_orbit_propellant_kg=low_kg, gear_ratio=gear)


def _share(path: str, value: Real) -> None:
    array = np.asarray(value)
    if not np.any((array >= 0.0) & (array < 1.0)):
        raise DomainError("must be in [0, 1)", path=path, hint=f"got {value}")
