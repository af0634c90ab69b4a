"""The belt of slots that the satellites of a scenario fill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from moonbase import export, orbits
from moonbase.core.errors import DomainError
from moonbase.flight_plan.plan import (
    Plan,
    satellite_of,
)


def swarm(
    found: Plan, *, years: int = 50, n_1_yr: float | None = None
) -> tuple[orbits.Swarm, dict[str, float]]:
    """The belt of slots, filled year by year.

    Parameters
    ----------
    found
        What :func:`plan` returned.
    years
        How long.
    n_1_yr
        Satellites that arrive in a year; the scenario's announced goal of power added over the
        power of its satellite if not given.

    Returns
    -------
    tuple of Swarm and dict
        The belt, and the satellite that fills it: mass, face, span, number a year.

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.swarm`.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> belt, craft = swarm(plan("alpha"), years=20)
    >>> bool(belt.n_alive[-1] > 0.0), craft["n_1_yr"] > 1e6
    (True, True)
    """
    if years < 1:
        raise DomainError("must be >= 1", path="--years", hint="years of launches")
    craft = satellite_of(found)
    if n_1_yr is not None:
        craft["n_1_yr"] = n_1_yr

    def get(key: str) -> float:
        return float(found.inputs[key][0])

    belt = orbits.swarm(
        n_launched=np.full(years, craft["n_1_yr"]),
        life_yr=get("satellite.life_yr"),
        failure_1_yr=get("satellite.loss_1_yr"),
        disposal_frac=get("orbits.belt_disposal_frac"),
        avoidance_frac=get("orbits.belt_avoidance_frac"),
        mass_kg=craft["mass_kg"],
        face_m2=craft["face_m2"],
        span_m=craft["span_m"],
        pressure_spread_frac=get("orbits.belt_pressure_spread_frac"),
        eccentricity_rms_frac=get("orbits.belt_eccentricity_rms_frac"),
        inclination_rms_rad=get("orbits.belt_inclination_rms_rad"),
        specular_frac=get("satellite.array_reflectivity_frac"),
        **_layout(found),
    )
    return belt, craft


def write_elements(
    found: Plan,
    *,
    path: Path,
    years: int = 50,
    n_1_yr: float | None = None,
    n_points: int = 20_000,
    seed: int = 0,
) -> Path:
    """Write orbital elements of a sample of the swarm for a moving picture.

    Parameters
    ----------
    found, years, n_1_yr
        As in :func:`swarm`.
    path
        Parquet file to write.
    n_points, seed
        Satellites drawn, and the seed.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExportError
        It cannot be written.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_elements(plan("alpha"), path=Path(folder) / "e.parquet", n_points=10).suffix
    '.parquet'
    """
    belt, craft = swarm(found, years=years, n_1_yr=n_1_yr)
    earth = orbits.earth_state(t_tdb_s=found.epoch_tdb_s).r_ecl_m
    elements = orbits.swarm_elements(
        rings=belt.rings,
        n_launched=np.full(years, craft["n_1_yr"]),
        life_yr=float(found.inputs["satellite.life_yr"][0]),
        n_points=n_points,
        earth_longitude_rad=float(np.arctan2(earth[1], earth[0])),
        eccentricity_rms_frac=float(found.inputs["orbits.belt_eccentricity_rms_frac"][0]),
        inclination_rms_rad=float(found.inputs["orbits.belt_inclination_rms_rad"][0]),
        rng=np.random.default_rng(seed),
    )
    facts = {
        "frame": "ecliptic of J2000, centred on the Sun",
        "start_tdb_s": repr(found.epoch_tdb_s),
        "satellites_per_row": repr(years * craft["n_1_yr"] / n_points),
    }
    return export.write_elements(path=path, elements=elements, facts=facts)


def _layout(found: Plan) -> dict[str, Any]:
    names = {
        "inner_au": "belt_inner_au",
        "outer_au": "belt_outer_au",
        "gap_au": "belt_gap_au",
        "ring_spacing_m": "ring_spacing_m",
        "slot_spacing_m": "slot_spacing_m",
    }
    return {name: float(found.inputs[f"orbits.{key}"][0]) for name, key in names.items()}
