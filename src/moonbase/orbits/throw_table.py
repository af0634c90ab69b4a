"""The launch table: throws of a fixed track flown over epochs, speeds and the site's longitude.

Throws fly with all bodies, the lunar field to degree 20 and the Earth's J2, those that leave the
Earth for a year. Neglected: sunlight, terrain, errors of the release, throws that are steered or
thrust, and every track but one for a table: latitude, azimuth and elevation are fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError, ExportError
from moonbase.orbits._throw_store import Progress, columns, write_columns
from moonbase.orbits._throws import (
    ARRAYS,
    N_LONGITUDES,
    HORIZON_s,
    LONGITUDE_STEP_rad,
    SPEED_m_s,
    Throws,
    Track,
    fly_throws,
)
from moonbase.orbits.hazards import table_end


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowTable:
    """Flown throws, shape (longitude, epoch, speed); nan where the throw does not leave directly.

    ``outcome`` indexes THROW_OUTCOMES. ``c3_earth_m2_s2`` and ``transit_s`` are of the first
    crossing of the Earth's sphere of influence. The rest is of the orbit about the Sun a year after
    release: ``drift_rad_yr`` is its mean motion less the Earth's, positive ahead,
    ``eccentricity_nd`` the length of the difference of the eccentricity vectors of craft and
    Earth, ``inclination_rad`` the angle to the Earth's orbit.
    """

    latitude_rad: float
    azimuth_rad: float
    elevation_rad: float
    t_tdb_s: Array
    speed_m_s: Array
    longitude_rad: Array
    outcome: npt.NDArray[np.int8]
    c3_earth_m2_s2: npt.NDArray[np.float32]
    drift_rad_yr: npt.NDArray[np.float32]
    eccentricity_nd: npt.NDArray[np.float32]
    inclination_rad: npt.NDArray[np.float32]
    transit_s: npt.NDArray[np.float32]


def throw_table(
    *,
    t_tdb_s: Array,
    site_latitude_rad: Real,
    site_longitude_rad: Real,
    release_azimuth_rad: Real,
    release_elevation_rad: Real,
    progress: Progress | None = None,
) -> ThrowTable:
    """Launch table of a track about the longitudes given, from the package, the cache or flown.

    Parameters
    ----------
    t_tdb_s
        Release epochs, seconds past J2000 TDB, shape (epoch,).
    site_latitude_rad
        Latitude of the driver, rad: one value.
    site_longitude_rad
        East longitudes, rad (draw): the meridians of the table on either side of each are in it.
    release_azimuth_rad, release_elevation_rad
        Direction of the throw from north over east, and above the level, rad: one value each.
    progress
        Told the share flown, 0 to 1, if anything must be flown.

    Returns
    -------
    ThrowTable
        Arrays (longitude, epoch, speed).

    Raises
    ------
    DomainError
        An angle other than the longitude differs between draws, no epoch is given, no longitude
        is finite, or a flight would leave the ephemeris.

    Notes
    -----
    Columns that do not ship are flown on all cores, some ten seconds each, and kept in the data
    folder that the variable MOONBASE_DATA names, or in that of the user.

    Source: flown, :func:`moonbase.orbits.propagate`.

    Examples
    --------
    >>> from moonbase.orbits.bodies import release_epochs
    >>> table = throw_table(
    ...     t_tdb_s=release_epochs(start_tdb_s=27 * 31557600.0, n_epochs=120),
    ...     site_latitude_rad=0.0, site_longitude_rad=0.97, release_azimuth_rad=4.71238898,
    ...     release_elevation_rad=0.0)
    >>> table.drift_rad_yr.shape == (2, 120, table.speed_m_s.size)
    True
    """
    track = track_of(t_tdb_s, site_latitude_rad, release_azimuth_rad, release_elevation_rad)
    indices = _indices(site_longitude_rad)
    return _table(track, indices, columns(track, indices, progress))


def build_throw_table(
    *,
    t_tdb_s: Array,
    site_latitude_rad: Real,
    site_longitude_rad: Real,
    release_azimuth_rad: Real,
    release_elevation_rad: Real,
    path: Path,
    progress: Progress | None = None,
) -> ThrowTable:
    """Fly a launch table anew, whatever is kept, and write it to a file with its provenance.

    Parameters
    ----------
    t_tdb_s, site_latitude_rad, release_azimuth_rad, release_elevation_rad, progress
        As in :func:`throw_table`.
    site_longitude_rad
        All longitudes between the least and the greatest are covered, rad (draw).
    path
        The file, ``.npz``; replaced once the new one is whole.

    Returns
    -------
    ThrowTable

    Raises
    ------
    DomainError
        As :func:`throw_table`.
    ExportError
        The file cannot be written.

    Examples
    --------
    >>> build_throw_table(t_tdb_s=np.array([]), site_latitude_rad=0.0, site_longitude_rad=1.0,
    ...                   release_azimuth_rad=1.0, release_elevation_rad=0.0, path=Path("x"))
    Traceback (most recent call last):
    moonbase.core.errors.DomainError: t_tdb_s: must be a list of at least one epoch
      take moonbase.orbits.release_epochs
    """
    track = track_of(t_tdb_s, site_latitude_rad, release_azimuth_rad, release_elevation_rad)
    ends = _indices(site_longitude_rad)
    indices = list(range(ends[0], ends[-1] + 1))
    if not path.parent.is_dir():
        raise ExportError("no such folder", path=str(path.parent), hint="make it first")
    found = {}
    for done, index in enumerate(indices):
        if progress is not None:
            progress(done / len(indices))
        found[index] = fly_throws(track, index * LONGITUDE_STEP_rad)
    write_columns(path, track, found)
    return _table(track, indices, list(found.values()))


def track_of(t_tdb_s: Array, latitude_rad: Real, azimuth_rad: Real, elevation_rad: Real) -> Track:
    """Track of a table; one value of each angle, and epochs whose flights end in the tables."""
    epochs = np.asarray(t_tdb_s, dtype=np.float64)
    if epochs.ndim != 1 or epochs.size == 0:
        raise DomainError(
            "must be a list of at least one epoch",
            path="t_tdb_s",
            hint="take moonbase.orbits.release_epochs",
        )
    if not np.all((epochs >= 0.0) & (epochs + HORIZON_s <= table_end())):
        last = 2000.0 + (table_end() - HORIZON_s) / JULIAN_YEAR_s
        raise DomainError(
            f"releases can be flown from 2000 to {last:.1f}",
            path="t_tdb_s",
            hint="the epochs of a campaign span 23 years from its start year: start earlier",
        )
    angles = (
        _one("site_latitude_rad", latitude_rad),
        _one("release_azimuth_rad", azimuth_rad),
        _one("release_elevation_rad", elevation_rad),
    )
    return Track(*angles, tuple(epochs.tolist()))


def _one(path: str, value: Real) -> float:
    values = np.ravel(np.asarray(value, dtype=np.float64))
    if not (values.size and np.all(values == values[0])):
        raise DomainError(
            "must be the same in every draw: the throws of each track are flown one by one",
            path=path,
            hint='make it distribution = "fixed"; only site_longitude_rad may be uncertain',
        )
    return float(values[0])


def _indices(longitude_rad: Real) -> list[int]:
    """Meridians on either side of each longitude, in order."""
    place = np.ravel(np.asarray(longitude_rad, dtype=np.float64)) / LONGITUDE_STEP_rad
    low = np.unique(np.floor(place[np.isfinite(place)]).astype(np.int64))
    if not low.size:
        raise DomainError("is not a number", path="site_longitude_rad", hint="east, in rad")
    return sorted({int(index) % N_LONGITUDES for index in (*low, *(low + 1))})


def _table(track: Track, indices: list[int], found: list[Throws]) -> ThrowTable:
    return ThrowTable(
        latitude_rad=track.latitude_rad,
        azimuth_rad=track.azimuth_rad,
        elevation_rad=track.elevation_rad,
        t_tdb_s=np.array(track.t_tdb_s),
        speed_m_s=SPEED_m_s.copy(),
        longitude_rad=LONGITUDE_STEP_rad * np.array(indices),
        **{name: np.stack([getattr(item, name) for item in found]) for name in ARRAYS},
    )
