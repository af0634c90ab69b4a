"""A release that reaches a named target from the scenario's site."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from moonbase import orbits
from moonbase.core.constants import DAY_s
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.flight_plan.plan import Plan, forces_of
from moonbase.orbits.goals import Goal
from moonbase.orbits.target import NEAREST, REACHED, TARGET_STATUS
from moonbase.orbits.target import target as find_release

_POINTS = ("L1", "L2", "L3", "L4", "L5")
TARGETS = (*_POINTS, *(f"SE-{name}" for name in _POINTS), "drift", "lunar-orbit", "earth-orbit")
"""Names of targets: points of Earth and Moon, of Sun and Earth, and orbits."""
_SEEN_m_s = 1e-3
"""Burns below this are not listed."""


def goal_of(found: Plan, target: str, orbit_height_m: float | None = None) -> Goal:
    """Goal of a target's name.

    Parameters
    ----------
    found
        What :func:`moonbase.flight_plan.plan` returned: the drift comes from its records.
    target
        One of ``TARGETS``.
    orbit_height_m
        Height of the circular orbit, m, for the last two.

    Returns
    -------
    Goal

    Raises
    ------
    DomainError
        No such target, or an orbit without a height.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> goal_of(plan("alpha"), "SE-L1").system
    'sun-earth'
    """
    name = target.upper() if target.upper() in TARGETS else target
    if name not in TARGETS:
        raise DomainError(
            f"no such target: {target!r}", path="--target", hint=f"one of {', '.join(TARGETS)}"
        )
    if name in _POINTS:
        return orbits.LibrationPoint(name=name)
    if name.startswith("SE-"):
        return orbits.LibrationPoint(name=name[3:], system="sun-earth")
    if name == "drift":
        rate = float(found.inputs["orbits.drift_rate_rad_yr"][0])
        return orbits.SolarOrbit(drift_rad_yr=rate)
    if orbit_height_m is None:
        raise DomainError("missing", path="--orbit-height", hint="such as --orbit-height 100 (km)")
    if name == "lunar-orbit":
        return orbits.LunarOrbit(orbit_height_m=orbit_height_m)
    return orbits.EarthOrbit(perigee_height_m=orbit_height_m, apogee_height_m=orbit_height_m)


def aim(
    found: Plan,
    target: str,
    *,
    window_days: float = 0.0,
    free_azimuth: bool = False,
    orbit_height_m: float | None = None,
    degree: int = 20,
) -> tuple[Plan, dict[str, Any]]:
    """Change speed, epoch and, if free, azimuth so that the release reaches a target.

    Parameters
    ----------
    found
        What :func:`moonbase.flight_plan.plan` returned.
    target, orbit_height_m
        As in :func:`goal_of`.
    window_days
        Days after the plan's epoch within which the release may lie.
    free_azimuth
        Whether the azimuth may be chosen.
    degree
        Of the lunar field.

    Returns
    -------
    tuple of Plan and dict
        The plan of the release found, and ``facts`` (rows of name and text), ``burns`` (rows of
        name, seconds after release, m/s), ``coast_days`` and ``values`` by name with unit.

    Raises
    ------
    InfeasibleError
        No release reaches the target; the message says why.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> there, aimed = aim(plan("alpha", epoch="2030-01-01"), "lunar-orbit", orbit_height_m=1e5,
    ...                    degree=2)
    >>> 1600.0 < there.track.speed_m_s < 1800.0
    True
    """
    track = found.track
    hit = find_release(
        goal=goal_of(found, target, orbit_height_m),
        latitude_rad=track.latitude_rad,
        longitude_rad=track.longitude_rad,
        elevation_rad=track.elevation_rad,
        azimuth_rad=None if free_azimuth else track.azimuth_rad,
        epoch_tdb_s=found.epoch_tdb_s,
        window_s=window_days * DAY_s,
        forces=forces_of(degree, found.light),
    )
    status = int(hit.status)
    if status not in (REACHED, NEAREST):
        raise InfeasibleError(TARGET_STATUS[status], path=target, hint=hit.advice[0])
    values = {
        "miss_m": float(hit.miss_m),
        "total_delta_v_m_s": float(hit.total_delta_v_m_s),
        "miss_per_speed_s": float(hit.miss_per_speed_s),
        "miss_per_azimuth_m": float(hit.miss_per_azimuth_m),
        "miss_per_elevation_m": float(hit.miss_per_elevation_m),
    }
    facts = [
        ("target", target),
        ("status", TARGET_STATUS[status]),
        ("burns in all", f"{values['total_delta_v_m_s']:,.1f} m/s"),
        ("coast", f"{float(hit.elapsed_s) / DAY_s:,.2f} days"),
        ("miss", f"{values['miss_m']:,.3g} m"),
        ("1 mm/s of speed moves the arrival by", f"{values['miss_per_speed_s'] * 1e-6:,.3g} km"),
        ("1 µrad of azimuth", f"{values['miss_per_azimuth_m'] * 1e-9:,.3g} km"),
        ("1 µrad of elevation", f"{values['miss_per_elevation_m'] * 1e-9:,.3g} km"),
        ("throws found that serve", str(int(hit.n_solutions))),
    ]
    burns = [
        (burn.name, float(burn.elapsed_s), float(burn.delta_v_m_s))
        for burn in hit.burns
        if float(burn.delta_v_m_s) > _SEEN_m_s
    ]
    there = replace(
        found,
        track=replace(track, speed_m_s=float(hit.speed_m_s), azimuth_rad=float(hit.azimuth_rad)),
        epoch_tdb_s=float(hit.epoch_tdb_s),
    )
    coast = float(hit.elapsed_s) / DAY_s
    return there, {"facts": facts, "burns": burns, "coast_days": coast, "values": values}
