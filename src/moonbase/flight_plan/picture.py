"""Plain dictionaries of what the flight page shows, so that the report knows no physics."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from moonbase import orbits
from moonbase.core.arrays import Array
from moonbase.core.constants import GM_EARTH_m3_s2, GM_MOON_m3_s2, MOON_DISTANCE_m
from moonbase.flight_plan.risk import Risk
from moonbase.flight_plan.trip import Trip


def trip_block(trip: Trip) -> dict[str, Any]:
    """Card, events and paths of a flown release.

    Parameters
    ----------
    trip
        What :func:`moonbase.flight_plan.fly` returned.

    Returns
    -------
    dict
        ``card``, ``outcome``, ``events``, and ``path``: (2, time) in the turning frame of Earth
        and Moon (their distance brought to its mean), from the Earth in the plane of the Moon's
        orbit at release, and from the Sun in that of the Earth's.

    Examples
    --------
    >>> from moonbase.flight_plan import fly, plan
    >>> block = trip_block(fly(plan("alpha", epoch="2030-01-01"), days=1.0, degree=2))
    >>> block["path"]["turning_m"].shape[0]
    2
    """
    moon = trip.states["earth"] - trip.states["moon"]
    earth, sun = trip.states["earth"][:3], trip.states["sun"][:3]
    ahead = moon[:3] / np.linalg.norm(moon[:3], axis=0)
    pole = np.cross(moon[:3], moon[3:], axis=0)
    side = np.cross(pole / np.linalg.norm(pole, axis=0), ahead, axis=0)
    scale = MOON_DISTANCE_m / np.linalg.norm(moon[:3], axis=0)
    turning = np.array([np.sum(earth * ahead, axis=0), np.sum(earth * side, axis=0)]) * scale
    lunar = _plane(moon[:3, 0], moon[3:, 0])
    from_sun = trip.earth_from_sun
    solar = _plane(from_sun[:3, 0], from_sun[3:, 0])
    ratio = GM_MOON_m3_s2 / (GM_MOON_m3_s2 + GM_EARTH_m3_s2)
    points = orbits.cr3bp.libration_points(mass_ratio_mu=ratio)
    shift = np.array([ratio, 0.0])
    place = {
        name: (getattr(points, f"{name.lower()}_nd")[:2] + shift) * MOON_DISTANCE_m
        for name in ("L1", "L2", "L3", "L4", "L5")
    }
    return {
        "card": dict(trip.card),
        "outcome": trip.outcome,
        "events": list(trip.events),
        "forces": list(trip.forces.names),
        "path": {
            "t_s": trip.t_s,
            "turning_m": turning,
            "from_earth_m": lunar @ earth,
            "moon_from_earth_m": lunar @ moon[:3],
            "from_sun_m": solar @ sun,
            "earth_from_sun_m": solar @ from_sun[:3],
            "moon_distance_m": np.linalg.norm(trip.states["moon"][:3], axis=0),
            "earth_distance_m": np.linalg.norm(earth, axis=0),
            "mean_distance_m": MOON_DISTANCE_m,
            "points_m": place,
        },
    }


def map_block(item: orbits.LaunchMap) -> dict[str, Any]:
    """Arrays of a launch map, with the words for its outcomes.

    Examples
    --------
    >>> from moonbase.flight_plan import plan, windows
    >>> found = windows(plan("alpha", epoch="2030-01-01"), n_epochs=2, n_speeds=2, days=1.0,
    ...                 horizon_days=10.0)
    >>> len(map_block(found)["outcomes"])
    7
    """
    return {**asdict(item), "outcomes": list(orbits.OUTCOMES)}


def risk_block(risk: Risk, corridor: dict[str, Any] | None = None) -> dict[str, Any]:
    """Cloud, impacts, keep-out and corridor.

    Parameters
    ----------
    risk
        What :func:`moonbase.flight_plan.disperse` returned.
    corridor
        What :func:`moonbase.flight_plan.corridor_map` returned.

    Returns
    -------
    dict
        The fields of each part; ``across_m`` (2, kept) are the draws across the path, along the
        axes of the miss.

    Examples
    --------
    >>> from moonbase.flight_plan import disperse, plan
    >>> risk = disperse(plan("alpha", epoch="2030-01-01"), np.eye(7) * 1e-4, days=2.0, degree=2)
    >>> risk_block(risk)["across_m"].shape[0]
    2
    """
    cloud = risk.cloud
    off = cloud.sample_r_icrf_m - cloud.nominal_r_icrf_m[:, None]
    mean = cloud.mean_r_icrf_m - cloud.nominal_r_icrf_m
    return {
        "cloud": asdict(cloud),
        "across_m": cloud.miss_axes_nd.T @ off,
        "across_mean_m": cloud.miss_axes_nd.T @ mean,
        "hazards": asdict(risk.hazards) if risk.hazards is not None else None,
        "corridor": asdict(risk.corridor),
        "corridor_map": {**corridor, "fates": list(orbits.FATES)} if corridor else None,
        "keep_out": [asdict(item) for item in risk.keep_out],
    }


def _plane(first: Array, second: Array) -> Array:
    """Rows of a plane that holds two vectors: along the first, and square to it."""
    pole = np.cross(first, second)
    along = first / np.linalg.norm(first)
    return np.array([along, np.cross(pole / np.linalg.norm(pole), along)])
