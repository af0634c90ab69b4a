"""Errors at release: the cloud at arrival, what it may hit, and files for screening."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moonbase import export, orbits
from moonbase.core.arrays import Array
from moonbase.core.constants import DAY_s, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.flight_plan.plan import (
    Plan,
    flight_times,
    forces_of,
    satellite_of,
)
from moonbase.orbits.disperse import Method

PARTS = ("total", "common", "shot")
_CENTER_NAMES = {"EARTH BARYCENTER": "emb", "SOLAR SYSTEM BARYCENTER": "ssb", "SSB": "ssb"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A cloud of releases with what it may hit."""

    cloud: orbits.Dispersed
    hazards: orbits.Hazards | None
    corridor: orbits.Corridor
    keep_out: Sequence[orbits.KeepOut]


def covariance_of(
    *,
    sigma_position_m: float,
    sigma_speed_m_s: float,
    sigma_angle_rad: float,
    sigma_time_s: float,
    speed_m_s: float,
) -> Array:
    """Covariance (7, 7) of independent errors at release, for a first look.

    Parameters
    ----------
    sigma_position_m
        Of each direction across the track, m.
    sigma_speed_m_s
        Along the track, m/s.
    sigma_angle_rad
        Of azimuth and elevation each, rad.
    sigma_time_s
        Of the time at the muzzle, s.
    speed_m_s
        Muzzle speed, m/s.

    Returns
    -------
    Array
        In the order x, y, z, vx, vy, vz, t of the track; the muzzle is a fixed place along x.

    Raises
    ------
    DomainError
        A sigma is negative.

    Examples
    --------
    >>> covariance_of(sigma_position_m=0.1, sigma_speed_m_s=0.01, sigma_angle_rad=1e-5,
    ...               sigma_time_s=1e-3, speed_m_s=2500.0).shape
    (7, 7)
    """
    across = speed_m_s * sigma_angle_rad
    sigma = np.array(
        [0.0, sigma_position_m, sigma_position_m, sigma_speed_m_s, across, across, sigma_time_s]
    )
    if not np.all(sigma >= 0.0):
        raise DomainError("must not be negative", path="--sigma-...", hint="standard deviations")
    return np.diag(sigma**2)


def read_covariance(path: Path, part: str = "total") -> Array:
    """Release covariance from what ``moonbase driver dispersion --json`` printed.

    Parameters
    ----------
    path
        File with one JSON object that has ``release_covariance``, or with the matrix alone.
    part
        ``"total"``, ``"common"`` (the same in every shot of a driver) or ``"shot"``.

    Returns
    -------
    Array
        (7, 7) or (6, 6), as :func:`moonbase.orbits.disperse` takes it.

    Raises
    ------
    DomainError
        The file cannot be read or holds no such matrix.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "c.json"
    ...     _ = file.write_text('{"release_covariance": [[1.0, 0.0], [0.0, 1.0]]}')
    ...     read_covariance(file).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    hint = "moonbase driver dispersion --json > spread.json writes one"
    if part not in PARTS:
        raise DomainError(f"no part {part!r}", path="--part", hint=f"one of {', '.join(PARTS)}")
    key = "release_covariance" if part == "total" else f"{part}_covariance"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        matrix = np.array(found[key] if isinstance(found, dict) else found, dtype=np.float64)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DomainError(f"holds no {key}: {error}", path=str(path), hint=hint) from error
    return matrix


def disperse(
    found: Plan,
    covariance: Array,
    *,
    days: float = 30.0,
    trim_days: float | None = 1.0,
    method: Method = "linear",
    n_samples: int = 100_000,
    capture_radius_m: float | None = None,
    years: float | None = None,
    n_hazard: int = 2000,
    assets: Sequence[orbits.Asset] = (),
    degree: int = 20,
    seed: int = 0,
) -> Risk:
    """Cloud of the scenario's releases at a later time, and what it may hit.

    Parameters
    ----------
    found
        What :func:`plan` returned.
    covariance
        Of the errors at release, as :func:`moonbase.orbits.disperse` takes it.
    days, trim_days
        Time of flight, and time of the trim after release; None for no trim.
    method, n_samples, capture_radius_m, seed
        As in :func:`moonbase.orbits.disperse`.
    years
        How long impacts are counted, at most to the end of the tables; None for no count.
    n_hazard
        Draws flown for it.
    assets
        What to stay clear of during the flight.
    degree
        Of the lunar field.

    Returns
    -------
    Risk

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.disperse`.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> errors = covariance_of(sigma_position_m=0.1, sigma_speed_m_s=0.01, sigma_angle_rad=1e-5,
    ...                        sigma_time_s=1e-3, speed_m_s=2500.0)
    >>> risk = disperse(plan("alpha", epoch="2030-01-01"), errors, days=5.0, degree=2)
    >>> risk.cloud.trim_delta_v_m_s.shape
    (3,)
    """
    model, state = forces_of(degree, found.light), found.track.release(found.epoch_tdb_s)
    common: dict[str, Any] = {"state": state, "release_covariance": covariance, "seed": seed}
    cloud = orbits.disperse(
        **common,
        duration_s=days * DAY_s,
        trim_s=None if trim_days is None else trim_days * DAY_s,
        method=method,
        n_samples=n_samples,
        capture_radius_m=capture_radius_m,
        forces=model,
    )
    count = None
    if years is not None:
        left = orbits.table_end() - found.epoch_tdb_s - DAY_s
        count = orbits.hazards(
            **common,
            duration_s=min(years * JULIAN_YEAR_s, left),
            n_samples=n_hazard,
            forces=model,
        )
    near = orbits.keep_out(**common, duration_s=days * DAY_s, assets=assets, forces=model)
    corridor = orbits.release_corridor(
        state=state,
        duration_s=days * DAY_s,
        speed_reach_m_s=0.2 * found.track.speed_m_s,
        angle_reach_rad=0.2,
        forces=forces_of(min(degree, 4), found.light),
    )
    return Risk(cloud=cloud, hazards=count, corridor=corridor, keep_out=near)


def corridor_map(found: Plan, *, days: float = 30.0, n_cells: int = 60) -> dict[str, Any]:
    """What becomes of releases with large errors of speed and elevation.

    Parameters
    ----------
    found
        What :func:`plan` returned.
    days
        Time of flight.
    n_cells
        Cells along each axis.

    Returns
    -------
    dict
        ``speed_m_s`` (speed,) and ``elevation_rad`` (elevation,), errors, and ``fate``
        (speed, elevation), codes of :data:`moonbase.orbits.FATES`.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> corridor_map(plan("alpha", epoch="2030-01-01"), days=2.0, n_cells=4)["fate"].shape
    (4, 4)
    """
    speed = np.linspace(-0.25, 0.1, n_cells) * found.track.speed_m_s
    elevation = np.linspace(-0.1, 0.2, n_cells)
    fate = orbits.release_fates(
        state=found.track.release(found.epoch_tdb_s),
        duration_s=days * DAY_s,
        speed_m_s=speed[:, None],
        elevation_rad=elevation[None],
        forces=forces_of(4, found.light),
        tolerance=1e-9,
    )
    return {"speed_m_s": speed, "elevation_rad": elevation, "fate": fate}


def assets_of(
    paths: Sequence[Path], *, radius_m: float, assume_no_new_leap_second: bool = False
) -> list[orbits.Asset]:
    """Assets to stay clear of, from OEM files.

    Parameters
    ----------
    paths
        Files as :func:`moonbase.export.read_oem` reads them.
    radius_m
        Radius of the sphere to keep out of, m.
    assume_no_new_leap_second
        As in :func:`moonbase.export.read_oem`.

    Returns
    -------
    list of Asset
        One for each segment.

    Raises
    ------
    ParameterError
        A file does not fit.
    DomainError
        A centre that is none of the ephemeris' bodies.

    Examples
    --------
    >>> assets_of([], radius_m=1e5)
    []
    """
    found = []
    for path in paths:
        for item in export.read_oem(path=path, assume_no_new_leap_second=assume_no_new_leap_second):
            name = item.center_name.upper()
            found.append(
                orbits.Asset(
                    name=item.object_name,
                    center=_CENTER_NAMES.get(name, name.lower()),
                    t_tdb_s=item.t_tdb_s,
                    r_icrf_m=item.r_m,
                    v_icrf_m_s=item.v_m_s,
                    radius_m=radius_m,
                )
            )
    return found


def write_screening(
    found: Plan,
    covariance: Array,
    *,
    path: Path,
    days: float = 30.0,
    name: str = "MB-0001",
    degree: int = 20,
    n_points: int = 400,
) -> Path:
    """Write a release with its covariance for a conjunction-screening service.

    Parameters
    ----------
    found, covariance, days, degree
        As in :func:`disperse`.
    path
        File to write (OEM with covariance in RTN).
    name
        Of the craft.
    n_points
        Epochs.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExportError
        The file cannot be written.

    Examples
    --------
    >>> from moonbase.flight_plan import plan
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_screening(plan("alpha", epoch="2030-01-01"), np.eye(7) * 1e-6, days=1.0,
    ...                            path=Path(folder) / "a.oem", degree=2, n_points=4)
    ...     "COV_REF_FRAME = RTN" in file.read_text()
    True
    """
    model = forces_of(degree, found.light)
    states, spread = orbits.map_covariance(
        state=found.track.release(found.epoch_tdb_s),
        release_covariance=covariance,
        elapsed_s=flight_times(days * DAY_s, n_points),
        forces=model,
    )
    assert model.gravity is not None
    return export.write_screening(
        path=path,
        t_tdb_s=np.asarray(states.epoch_tdb_s),
        r_m=states.r_icrf_m,
        v_m_s=states.v_icrf_m_s,
        covariance_si=spread,
        hard_body_radius_m=0.5 * satellite_of(found)["span_m"],
        maneuverable=True,
        object_name=name,
        object_id=name,
        center_name="MOON",
        ref_frame="ICRF",
        ephemeris="DE440",
        gravity_field=model.gravity.name,
    )
