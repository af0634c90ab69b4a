"""Tracks as CZML, for pictures in a globe viewer. Not for navigation: the viewer interpolates."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import ExportError

_COLORS = ((255, 190, 80), (110, 190, 255), (170, 230, 140), (240, 130, 160), (200, 170, 255))


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Path of one object: seconds from the start (time,) and Earth-centred inertial m (3, time)."""

    name: str
    t_s: Array
    r_earth_m: Array


def write_czml(
    *,
    path: str | os.PathLike[str],
    epoch_utc: str,
    tracks: Sequence[Track],
    ephemeris: str,
    gravity_field: str,
    speedup_ratio: float = 3600.0,
) -> Path:
    """Write tracks as a CZML document with a clock that spans them.

    Parameters
    ----------
    path
        File to write; one that exists is replaced.
    epoch_utc
        Start, ISO 8601 in UTC with its zone: "2030-01-01T00:00:00Z".
    tracks
        One or more objects. Viewers know Earth-centred axes only; turn Moon-centred states first.
    ephemeris, gravity_field
        What the flight was computed with; kept in the document's description.
    speedup_ratio
        Seconds of flight shown in a second.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExportError
        No track, shapes that differ, times that do not rise, or an epoch that does not parse.

    Notes
    -----
    Source: CZML guide of the Cesium project, document and position packets.

    Examples
    --------
    >>> import tempfile
    >>> track = Track(name="A", t_s=[0.0, 60.0], r_earth_m=np.ones((3, 2)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_czml(path=folder + "/a.czml", epoch_utc="2030-01-01T00:00:00Z",
    ...                       tracks=[track], ephemeris="DE440", gravity_field="degree 10")
    ...     json.loads(file.read_text())[1]["position"]["cartesian"]
    [0.0, 1.0, 1.0, 1.0, 60.0, 1.0, 1.0, 1.0]
    """
    start = _moment(epoch_utc)
    if not tracks:
        raise ExportError("no track", path="tracks", hint="pass at least one")
    packets = [_packet(index, track, start) for index, track in enumerate(tracks)]
    first = min(float(np.min(track.t_s)) for track in tracks)
    last = max(float(np.max(track.t_s)) for track in tracks)
    document = {
        "id": "document",
        "name": "moonbase",
        "description": f"Ephemeris {ephemeris}; gravity field {gravity_field}. For pictures only.",
        "version": "1.0",
        "clock": {
            "interval": _interval(start, first, last),
            "currentTime": _iso(start, first),
            "multiplier": speedup_ratio,
            "range": "LOOP_STOP",
        },
    }
    file = Path(path)
    try:
        file.write_text(json.dumps([document, *packets]), encoding="utf-8")
    except OSError as error:
        raise ExportError(str(error), path=str(file), hint="check folder and rights") from error
    return file


def _packet(index: int, track: Track, start: datetime) -> dict[str, Any]:
    times = np.asarray(track.t_s, dtype=np.float64)
    places = np.asarray(track.r_earth_m, dtype=np.float64)
    if times.ndim != 1 or times.size < 2 or places.shape != (3, times.size):
        raise ExportError(
            f"shape {places.shape} for {times.size} times",
            path=track.name,
            hint="pass two or more times, components along the first axis",
        )
    if not np.isfinite(places).all() or not (np.diff(times) > 0.0).all():
        raise ExportError(
            "times must rise and places be finite", path=track.name, hint="drop draws that failed"
        )
    color = {"solidColor": {"color": {"rgba": [*_COLORS[index % len(_COLORS)], 255]}}}
    return {
        "id": f"track/{index}",
        "name": track.name,
        "availability": _interval(start, times[0], times[-1]),
        "position": {
            "epoch": _iso(start, 0.0),
            "referenceFrame": "INERTIAL",
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": min(5, times.size - 1),
            "cartesian": np.vstack([times, places]).T.ravel().tolist(),
        },
        "path": {"material": color, "width": 1.5, "resolution": 600},
        "point": {"pixelSize": 5, "color": color["solidColor"]["color"]},
    }


def _moment(epoch_utc: str) -> datetime:
    try:
        moment = datetime.fromisoformat(epoch_utc)
    except ValueError as error:
        raise ExportError(str(error), path="epoch_utc", hint="2030-01-01T00:00:00Z") from error
    if moment.tzinfo is None:
        raise ExportError("has no zone", path="epoch_utc", hint="end it with Z")
    return moment.astimezone(UTC)


def _iso(start: datetime, after_s: float) -> str:
    moment = start + timedelta(seconds=float(after_s))
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _interval(start: datetime, first_s: float, last_s: float) -> str:
    return f"{_iso(start, first_s)}/{_iso(start, last_s)}"
