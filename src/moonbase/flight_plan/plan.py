"""The track of a scenario, its epoch, and what the other parts read from its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from moonbase import orbits
from moonbase.core.arrays import Array
from moonbase.core.constants import DAY_s
from moonbase.core.errors import DomainError
from moonbase.design import design
from moonbase.ensemble.sampling import Inputs, sample
from moonbase.orbits import ForceModel, SolarPressure, State
from moonbase.satellite import SatelliteSize
from moonbase.scenario import Scenario, load_scenario

_J2000 = datetime(2000, 1, 1, 12)
_DENSE_s = 2.0 * DAY_s
_FIRST_s = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Where a driver stands and how it throws."""

    latitude_rad: float
    longitude_rad: float
    azimuth_rad: float
    elevation_rad: float
    speed_m_s: float

    def release(self, epoch_tdb_s: float) -> State:
        """State of a release, relative to the Moon."""
        return orbits.release_state(
            self.latitude_rad,
            self.longitude_rad,
            self.azimuth_rad,
            self.elevation_rad,
            self.speed_m_s,
            epoch_tdb_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The nominal case of a scenario, its track, and the epoch asked for."""

    scenario: Scenario
    inputs: Inputs
    track: Track
    epoch_tdb_s: float
    light: SolarPressure | None = None
    """Sunlight on the satellite's open array, or None to fly without."""


def plan(
    scenario: str | Scenario = "alpha",
    *,
    epoch: str | None = None,
    set: Mapping[str, object] | None = None,
    assume_no_new_leap_second: bool = False,
    deploy_days: float | None = 1.0,
) -> Plan:
    """Read the driver's track from a scenario's nominal case.

    Parameters
    ----------
    scenario
        Shipped name, path of a TOML file, or a loaded scenario.
    epoch
        Date of release such as ``2030-03-01T06:00:00``: TDB, or UTC with a Z at its end. The
        start of the scenario's first year if not given.
    set
        Overrides by key, such as ``{"orbits.site_longitude_rad": "30 deg"}``.
    assume_no_new_leap_second
        Whether UTC past the announced leap seconds is read as if none came.
    deploy_days
        Days after release at which the satellite's array opens and faces the Sun; None to fly
        without sunlight.

    Returns
    -------
    Plan

    Raises
    ------
    ScenarioError
        The scenario or an override is wrong.
    DomainError
        The date is none, or the array opens before the release.

    Examples
    --------
    >>> round(plan("alpha", epoch="2030-01-01").epoch_tdb_s)
    946728000
    """
    loaded = load_scenario(scenario, dict(set or {})) if isinstance(scenario, str) else scenario
    inputs = sample(loaded.records, n_draws=1, seed=0)

    def get(key: str) -> float:
        return float(inputs[key][0])

    return Plan(
        scenario=loaded,
        inputs=inputs,
        track=Track(
            latitude_rad=get("orbits.site_latitude_rad"),
            longitude_rad=get("orbits.site_longitude_rad"),
            azimuth_rad=get("orbits.release_azimuth_rad"),
            elevation_rad=get("orbits.release_elevation_rad"),
            speed_m_s=get("driver.muzzle_speed_m_s"),
        ),
        epoch_tdb_s=epoch_of(
            epoch or f"{loaded.options.start_year}-01-01", assume_no_new_leap_second
        ),
        light=None if deploy_days is None else _light(loaded, inputs, deploy_days),
    )


def epoch_of(date: str, assume_no_new_leap_second: bool = False) -> float:
    """Seconds past J2000 TDB of a date: TDB, or UTC where it ends in Z.

    Parameters
    ----------
    date
        ISO date, with or without a time.
    assume_no_new_leap_second
        As in :func:`plan`.

    Returns
    -------
    float

    Raises
    ------
    DomainError
        The text is no date, or UTC beyond the announced leap seconds.

    Examples
    --------
    >>> epoch_of("2000-01-02T12:00:00")
    86400.0
    """
    if date.endswith("Z"):
        found = orbits.tdb_from_utc(utc=date, assume_no_new_leap_second=assume_no_new_leap_second)
        return found.epoch_tdb_s + found.offset_s
    try:
        moment = datetime.fromisoformat(date)
    except ValueError as error:
        raise DomainError(
            str(error), path="--epoch", hint="write 2030-01-01T00:00:00 (TDB), or a Z for UTC"
        ) from error
    if moment.tzinfo is not None:
        raise DomainError("has a time zone", path="--epoch", hint="TDB, or a Z for UTC")
    return (moment - _J2000) / timedelta(seconds=1)


def forces_of(degree: int, light: SolarPressure | None = None) -> ForceModel:
    """All bodies, the lunar field to a degree, and sunlight.

    Parameters
    ----------
    degree
        Of the lunar field, 2 to 150; above 20 its file must be there.
    light
        That of a plan, or None.

    Returns
    -------
    ForceModel

    Raises
    ------
    DomainError, ParameterError
        As :func:`moonbase.orbits.lunar_gravity`.

    Examples
    --------
    >>> forces_of(2).gravity.degree
    2
    """
    return ForceModel(gravity=orbits.lunar_gravity(degree=degree), pressure=light)


def site_of(track: Track) -> dict[str, Any]:
    """Arguments that say where a track stands and points."""
    return {
        "latitude_rad": track.latitude_rad,
        "longitude_rad": track.longitude_rad,
        "azimuth_rad": track.azimuth_rad,
        "elevation_rad": track.elevation_rad,
    }


def slot_of(found: Plan) -> orbits.SolarOrbit:
    """Ring that drifts from the Earth as the scenario asks."""
    return orbits.SolarOrbit(
        drift_rad_yr=float(found.inputs["orbits.drift_rate_rad_yr"][0]), ring=True
    )


def satellite_of(found: Plan) -> dict[str, float]:
    """Mass, face, span, and number a year of the scenario's lunar satellite."""
    sized = _sized(found.scenario, found.inputs)
    face = _first(sized.array_area_m2)
    goal = float(found.inputs["campaign.goal_added_W_yr"][0])
    return {
        "mass_kg": _first(sized.mass_kg),
        "face_m2": face,
        "span_m": (2.0 * face) ** 0.5,
        "n_1_yr": goal / _first(sized.it_power_W),
    }


def _sized(scenario: Scenario, inputs: Inputs) -> SatelliteSize:
    return design(inputs, start_year=scenario.options.start_year).lunar_satellite


def _first(value: object) -> float:
    return float(np.ravel(np.asarray(value))[0])


def _light(scenario: Scenario, inputs: Inputs, deploy_days: float) -> SolarPressure:
    """Push of sunlight on the design's array, which faces the Sun once it is open."""
    if not 0.0 <= deploy_days < np.inf:
        raise DomainError(
            f"must be >= 0, got {deploy_days}",
            path="--deploy",
            hint="days from release to an open array, or --no-sunlight",
        )
    sized = _sized(scenario, inputs)
    return SolarPressure(
        area_per_mass_m2_kg=_first(sized.array_area_m2) / _first(sized.mass_kg),
        attitude="sun",
        specular_frac=float(inputs["satellite.array_reflectivity_frac"][0]),
        after_s=deploy_days * DAY_s,
    )


def flight_times(duration_s: float, n_points: int) -> Array:
    """Times from 0 to the end: closer together at first."""
    dense = min(_DENSE_s, duration_s)
    first = np.geomspace(min(_FIRST_s, 0.5 * dense), dense, max(n_points // 3, 2))
    even = np.linspace(0.0, duration_s, max(n_points - n_points // 3, 2))
    return np.unique(np.concatenate([first, even]))
