"""The launch table that ships: the throws of the shipped scenarios' driver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from moonbase import orbits
from moonbase.flight_plan.plan import plan


def build_launch_table(
    *, path: Path | None = None, progress: Callable[[float], None] | None = None
) -> tuple[orbits.ThrowTable, Path]:
    """Fly the launch table of the shipped scenarios and write it to a file.

    Parameters
    ----------
    path
        The file; the package's own if not given.
    progress
        Told the share flown, 0 to 1.

    Returns
    -------
    tuple
        The table, and where it was written.

    Raises
    ------
    ExportError
        The file cannot be written.

    Examples
    --------
    >>> build_launch_table(path=Path("nowhere/table.npz"))
    Traceback (most recent call last):
    moonbase.core.errors.ExportError: nowhere: no such folder
      make it first
    """
    found = plan("alpha")
    east = found.scenario.records["orbits.site_longitude_rad"]
    target = orbits.SHIPPED_TABLE if path is None else path
    table = orbits.build_throw_table(
        t_tdb_s=orbits.campaign_epochs(start_year=found.scenario.options.start_year),
        site_latitude_rad=found.track.latitude_rad,
        site_longitude_rad=np.array([east.low, east.high]),
        release_azimuth_rad=found.track.azimuth_rad,
        release_elevation_rad=found.track.elevation_rad,
        path=target,
        progress=progress,
    )
    return table, target
