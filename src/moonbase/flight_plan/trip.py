"""One release flown: states, a card of numbers, and files for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moonbase import export, orbits
from moonbase.core.arrays import Array
from moonbase.core.constants import DAY_s
from moonbase.core.errors import DomainError
from moonbase.flight_plan.light import Sunlight, sunlight
from moonbase.flight_plan.plan import (
    Plan,
    Track,
    flight_times,
    forces_of,
    site_of,
    slot_of,
)
from moonbase.orbits import Event, ForceModel, State

CENTERS = ("moon", "earth", "sun")
_RELEASED_s = 600.0
"""The release itself is the first periapsis of a level throw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One flown release.

    ``states`` holds those at times since release, relative to each of ``CENTERS`` (6, time),
    ``earth_from_sun`` those of the Earth.

    ``card`` holds numbers by name with unit, ``outcome`` what became of the craft, ``events`` rows
    of name, seconds since release, distance in m and speed in m/s.
    """

    state: State
    t_s: Array
    states: Mapping[str, Array]
    earth_from_sun: Array
    card: Mapping[str, float]
    outcome: str
    events: Sequence[tuple[str, float, float, float]]
    forces: ForceModel
    light: Sunlight | None
    status: int


def fly(found: Plan, *, days: float = 30.0, degree: int = 20, n_points: int = 1500) -> Trip:
    """Fly one release and describe it.

    Parameters
    ----------
    found
        What :func:`plan` returned.
    days
        Time of flight.
    degree
        Of the lunar field.
    n_points
        States kept: dense at first, evenly spread later.

    Returns
    -------
    Trip

    Raises
    ------
    DomainError
        The flight leaves the years of the tables, or lasts no time.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> trip = fly(plan("alpha", epoch="2030-01-01"), days=10.0, degree=2)
    >>> trip.card["moon_v_inf_m_s"] > 700.0
    True
    """
    if not days > 0.0:
        raise DomainError("must be > 0", path="--days", hint="time of flight")
    model = forces_of(degree, found.light)
    duration = days * DAY_s
    state = found.track.release(found.epoch_tdb_s)
    flight = orbits.propagate(
        state,
        duration_s=duration,
        forces=model,
        sample_s=flight_times(duration, n_points),
        events=[Event(kind="periapsis", body="moon"), Event(kind="periapsis", body="earth")],
    )
    flown = np.isfinite(flight.sample_r_icrf_m[0])
    times, r, v = (flight.sample_s[flown], flight.sample_r_icrf_m, flight.sample_v_icrf_m_s)
    own = np.concatenate([r[:, flown], v[:, flown]])
    if flight.elapsed_s > times[-1]:
        times = np.append(times, flight.elapsed_s)
        own = np.column_stack([own, flight.array])
    epoch = found.epoch_tdb_s
    states = {
        name: own + orbits.ephemeris("moon", epoch, name, offset_s=times).array for name in CENTERS
    }
    cell = orbits.launch_map(
        **site_of(found.track),
        epoch_tdb_s=np.array([epoch]),
        speed_m_s=np.array([found.track.speed_m_s]),
        slot=slot_of(found),
        horizon_s=duration,
        forces=model,
    )
    light = sunlight(found, days=days, forces=model)
    return Trip(
        state=state,
        t_s=times,
        states=states,
        earth_from_sun=orbits.ephemeris("earth", epoch, "sun", offset_s=times).array,
        card=_card(found, cell, light),
        outcome=_outcome(cell, days),
        events=_events(flight),
        forces=model,
        light=light,
        status=int(flight.status),
    )


def write_trip(
    trip: Trip,
    *,
    name: str = "MB-0001",
    center: str = "moon",
    oem: Path | None = None,
    opm: Path | None = None,
    czml: Path | None = None,
    table: Path | None = None,
) -> list[Path]:
    """Write a flown release in the formats that other programs read.

    Parameters
    ----------
    trip
        What :func:`fly` returned.
    name
        Of the craft, and its mark.
    center
        One of ``CENTERS``, for OEM and table.
    oem, opm, czml, table
        Files to write, the last as Parquet; none if not given.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ExportError
        A file cannot be written.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> write_trip(fly(plan("alpha", epoch="2030-01-01"), days=1.0, degree=2))
    []
    """
    if center not in CENTERS:
        raise DomainError("no such centre", path="center", hint=f"one of {', '.join(CENTERS)}")
    epoch = float(trip.state.epoch_tdb_s)
    field = trip.forces.gravity
    about: dict[str, Any] = {
        "ephemeris": "DE440",
        "gravity_field": field.name if field else "point mass",
    }
    frame: dict[str, Any] = {"center_name": center.upper(), "ref_frame": "ICRF"}
    craft: dict[str, Any] = {"object_name": name, "object_id": name}
    r, v = trip.states[center][:3], trip.states[center][3:]
    written = []
    if oem is not None:
        written.append(
            export.write_oem(
                path=oem, t_tdb_s=epoch + trip.t_s, r_m=r, v_m_s=v, **craft, **frame, **about
            )
        )
    if opm is not None:
        written.append(
            export.write_opm(
                path=opm,
                t_tdb_s=epoch,
                r_m=trip.state.r_icrf_m,
                v_m_s=trip.state.v_icrf_m_s,
                center_name="MOON",
                ref_frame="ICRF",
                **craft,
                **about,
            )
        )
    if czml is not None:
        moon = trip.states["earth"][:3] - trip.states["moon"][:3]
        utc = orbits.utc_from_tdb(epoch_tdb_s=epoch, assume_no_new_leap_second=True)
        tracks = [
            export.Track(name=label, t_s=trip.t_s, r_earth_m=place)
            for label, place in ((name, trip.states["earth"][:3]), ("Moon", moon))
        ]
        written.append(export.write_czml(path=czml, epoch_utc=f"{utc}Z", tracks=tracks, **about))
    if table is not None:
        written.append(
            export.write_states(
                path=table,
                t_tdb_s=epoch + trip.t_s,
                r_m=r,
                v_m_s=v,
                object_names=[name],
                **frame,
                **about,
            )
        )
    return written


def _outcome(cell: orbits.LaunchMap, days: float) -> str:
    """What became of the only cell of a map; a flight may end before the craft has left."""
    name = orbits.OUTCOMES[int(cell.outcome[0, 0])]
    return f"{name} for the {days:.4g} days flown" if name.startswith("stays") else name


def _card(found: Plan, cell: orbits.LaunchMap, light: Sunlight | None) -> dict[str, float]:
    """Numbers of one release: the track, and the only cell of a map."""
    track = {name: getattr(found.track, name) for name in Track.__dataclass_fields__}
    values = {
        key: float(getattr(cell, key)[0, 0])
        for key in (
            "elapsed_s",
            "c3_moon_m2_s2",
            "asymptote_ra_rad",
            "asymptote_dec_rad",
            "c3_earth_m2_s2",
            "moon_miss_m",
            "earth_miss_m",
            "perihelion_m",
            "aphelion_m",
            "eccentricity_nd",
            "inclination_rad",
            "drift_rad_yr",
            "slot_delta_v_m_s",
        )
    }
    c3 = values["c3_moon_m2_s2"]
    values["moon_v_inf_m_s"] = c3**0.5 if c3 > 0.0 else float("nan")
    if light is not None:
        values["area_per_mass_m2_kg"] = light.area_per_mass_m2_kg
        values["deploy_s"], values["sunlight_shift_m"] = light.deploy_s, light.shift_m
    return {"epoch_tdb_s": found.epoch_tdb_s, **track, **values}


def _events(flight: orbits.Flight) -> list[tuple[str, float, float, float]]:
    """Closest approaches in the order of their times."""
    rows = []
    for hits, name in zip(flight.events, ("nearest the Moon", "nearest the Earth"), strict=True):
        for i in range(min(int(hits.n_hits), len(hits.elapsed_s))):
            rows.append(
                (
                    name,
                    float(hits.elapsed_s[i]),
                    float(np.linalg.norm(hits.r_icrf_m[:, i])),
                    float(np.linalg.norm(hits.v_icrf_m_s[:, i])),
                )
            )
    return sorted((row for row in rows if row[1] > _RELEASED_s), key=lambda row: row[1])
