"""What the track reaches, when, and which site and direction reach more."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import inf, pi
from typing import Any

import numpy as np

from moonbase import orbits
from moonbase.core.constants import DAY_s
from moonbase.core.errors import DomainError
from moonbase.design import flight
from moonbase.flight_plan.plan import (
    Plan,
    site_of,
    slot_of,
)

POINTS = ("L1", "L2", "L3", "L4", "L5")


def windows(
    found: Plan,
    *,
    days: float = 30.0,
    n_epochs: int = 120,
    speeds_m_s: tuple[float | None, float | None] = (None, None),
    n_speeds: int = 60,
    horizon_days: float = 365.25,
) -> orbits.LaunchMap:
    """Launch map of the scenario's track.

    Parameters
    ----------
    found
        What :func:`plan` returned; its epoch is the first.
    days, n_epochs
        Span of release epochs, and their number.
    speeds_m_s, n_speeds
        Lowest and highest speed, m/s, and their number; None takes that of the record.
    horizon_days
        Time that every craft is flown.

    Returns
    -------
    LaunchMap
        With the burn that the scenario's drift orbit still needs.

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.launch_map`, or fewer than two epochs or speeds.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> found = windows(plan("alpha", epoch="2030-01-01"), n_epochs=3, n_speeds=2,
    ...                 horizon_days=60.0)
    >>> found.outcome.shape
    (3, 2)
    """
    if n_epochs < 2 or n_speeds < 2 or not days > 0.0:
        raise DomainError("needs two or more", path="--epochs", hint="also --speeds; --days > 0")
    record = found.scenario.records["driver.muzzle_speed_m_s"]
    ends = zip(speeds_m_s, (record.low, record.high), strict=True)
    low, high = (known if given is None else given for given, known in ends)
    return orbits.launch_map(
        **site_of(found.track),
        epoch_tdb_s=found.epoch_tdb_s + np.linspace(0.0, days * DAY_s, n_epochs),
        speed_m_s=np.linspace(low, high, n_speeds),
        slot=slot_of(found),
        horizon_s=horizon_days * DAY_s,
        forces=map_forces(found.light),
    )


def map_forces(light: orbits.SolarPressure | None) -> orbits.ForceModel:
    """What the cells of a map are flown in: the bodies that matter within a year, and sunlight.

    Parameters
    ----------
    light
        That of a plan, or None.

    Returns
    -------
    ForceModel

    Examples
    --------
    >>> map_forces(None).gravity.degree
    2
    """
    return orbits.ForceModel(
        bodies=("moon", "earth", "sun", "venus", "jupiter"),
        gravity=orbits.lunar_gravity(degree=2),
        pressure=light,
    )


def best_cells(item: orbits.LaunchMap, n_best: int = 10) -> list[dict[str, Any]]:
    """Cells of a map that need the least burn, one for each epoch.

    Parameters
    ----------
    item
        What :func:`windows` returned.
    n_best
        How many at most.

    Returns
    -------
    list of dict
        Epoch, speed, outcome, what is known of the orbit, and the burn; the least burn first.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> found = windows(plan("alpha", epoch="2030-01-01"), n_epochs=3, n_speeds=2,
    ...                 horizon_days=60.0)
    >>> len(best_cells(found)) <= 3
    True
    """
    cost = np.where(np.isnan(item.slot_delta_v_m_s), np.inf, item.slot_delta_v_m_s)
    column = np.argmin(cost, axis=1)
    least = cost[np.arange(len(cost)), column]
    rows = [int(i) for i in np.argsort(least)[:n_best] if np.isfinite(least[i])]
    names = ("c3_moon_m2_s2", "c3_earth_m2_s2", "drift_rad_yr", "perihelion_m", "aphelion_m")
    return [
        {
            "epoch_tdb_s": float(item.epoch_tdb_s[i]),
            "speed_m_s": float(item.speed_m_s[column[i]]),
            "outcome": orbits.OUTCOMES[int(item.outcome[i, column[i]])],
            **{name: float(getattr(item, name)[i, column[i]]) for name in names},
            "slot_delta_v_m_s": float(least[i]),
        }
        for i in rows
    ]


def achromatic_sites(
    *, targets: Sequence[str] = POINTS, fastest_m_s: float = inf
) -> list[dict[str, Any]]:
    """Equatorial sites from which a throw meets a libration point whatever small error of speed.

    Parameters
    ----------
    targets
        Of "L1" to "L5".
    fastest_m_s
        Speed that a driver gives at most, m/s; a site that asks for more says so.

    Returns
    -------
    list of dict
        A row for each target and direction, eastward and westward: longitude, speed, flight,
        arrival speed and what a speed error leaves; ``found`` is False where there is none, and
        ``advice`` says why.

    Raises
    ------
    DomainError
        There is no such target.

    Examples
    --------
    >>> [row["found"] for row in achromatic_sites(targets=["L2"])][0]
    True
    """
    ways = [(target, way) for target in targets for way in (("east", 0.5 * pi), ("west", 1.5 * pi))]

    def row(case: tuple[str, tuple[str, float]]) -> dict[str, Any]:
        target, (direction, azimuth) = case
        throw = orbits.achromatic_longitude(target=target, azimuth_rad=azimuth)
        names = (
            "longitude_rad",
            "speed_m_s",
            "flight_s",
            "arrival_speed_m_s",
            "second_order_s2_m",
        )
        fast = float(throw.speed_m_s) > fastest_m_s
        return {
            "target": target,
            "direction": direction,
            "found": int(throw.status) == 0,
            "advice": f"asks for more than the {fastest_m_s:,.0f} m/s of the driver"
            if fast
            else throw.advice,
            **{name: float(getattr(throw, name)) for name in names},
        }

    with ThreadPoolExecutor() as pool:
        return list(pool.map(row, ways))


def survey(
    found: Plan,
    *,
    n_longitudes: int = 12,
    days: float = 28.0,
    n_epochs: int = 28,
    n_speeds: int = 12,
    budget_m_s: float | None = None,
) -> dict[str, Any]:
    """Equatorial tracks round the Moon, eastward and westward, by how often they serve the slot.

    Parameters
    ----------
    found
        What :func:`plan` returned: epoch, slot, latitude, elevation.
    n_longitudes
        Sites, evenly spread.
    days, n_epochs, n_speeds
        Axes of each map; speeds span the record's range.
    budget_m_s
        Burn that a craft has on board, m/s: the record's trim, and what the stop at the slot costs
        by the launch table, if not given.

    Returns
    -------
    dict
        ``longitude_rad`` (site,), ``budget_m_s``, and for ``east`` and ``west`` the fields of a
        site survey (site,).

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.site_survey`.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> found = survey(plan("alpha", epoch="2030-01-01"), n_longitudes=2, n_epochs=2, n_speeds=2)
    >>> found["west"]["served_frac"].shape
    (2,)
    """
    record = found.scenario.records["driver.muzzle_speed_m_s"]
    longitude = np.linspace(-pi, pi, n_longitudes, endpoint=False)
    budget = _budget(found) if budget_m_s is None else budget_m_s
    out: dict[str, Any] = {"longitude_rad": longitude, "budget_m_s": budget}
    for name, azimuth in (("east", 0.5 * pi), ("west", 1.5 * pi)):
        item = orbits.site_survey(
            latitude_rad=found.track.latitude_rad,
            longitude_rad=longitude,
            azimuth_rad=azimuth,
            elevation_rad=found.track.elevation_rad,
            epoch_tdb_s=found.epoch_tdb_s + np.linspace(0.0, days * DAY_s, n_epochs),
            speed_m_s=np.linspace(record.low, record.high, n_speeds),
            budget_m_s=budget,
            slot=slot_of(found),
            forces=map_forces(found.light),
        )
        out[name] = {
            key: getattr(item, key)
            for key in ("served_frac", "longest_gap_s", "least_delta_v_m_s", "slowest_m_s")
        }
    return out


def _budget(found: Plan) -> float:
    """Burn on board of the scenario's satellite, m/s."""
    transfer, _ = flight(found.inputs, found.scenario.options.start_year)
    return float(np.ravel(transfer.onboard_delta_v_m_s)[0])
