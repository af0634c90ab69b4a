"""Orbits as CCSDS messages in the keyword notation: ephemerides (OEM) and single states (OPM).

The files follow version 2.0 of both messages, which readers of CCSDS 502.0-B-2 and 502.0-B-3 share.
Time is TDB. Positions are written in km with 17 digits, epochs to the microsecond: a state at
30 km/s lies within 15 mm of where its epoch says. Neither light time nor clocks are treated.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import ExportError

_J2000 = datetime(2000, 1, 1, 12)
_DEGREE = 7
_AXES = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A burn: ignition, duration (0 is impulsive), change of mass and of velocity (3,)."""

    t_tdb_s: float
    duration_s: float
    delta_mass_kg: float
    delta_v_m_s: Array
    ref_frame: str


def write_oem(
    *,
    path: str | os.PathLike[str],
    t_tdb_s: Array,
    r_m: Array,
    v_m_s: Array,
    object_name: str,
    object_id: str,
    center_name: str,
    ref_frame: str,
    ephemeris: str,
    gravity_field: str,
    covariance_si: Array | None = None,
    covariance_frame: str | None = None,
    originator: str = "MOONBASE",
    created: datetime | None = None,
    comments: Sequence[str] = (),
) -> Path:
    """Write states of one object as a CCSDS Orbit Ephemeris Message.

    Parameters
    ----------
    path
        File to write; one that exists is replaced.
    t_tdb_s
        Epochs, seconds past J2000 TDB, rising by more than a microsecond (time,).
    r_m, v_m_s
        Position, m, and velocity, m/s, from the centre (3, time).
    object_name, object_id
        Name, and international designator or any other mark.
    center_name, ref_frame
        As the CCSDS registry spells them: "MOON", "EARTH", "SUN"; "ICRF", "EME2000".
    ephemeris, gravity_field
        What the flight was computed with, such as "DE440"; kept as comments.
    covariance_si
        Covariance of the state in m2, m2/s and m2/s2 (6, 6, time) or None.
    covariance_frame
        Axes of the covariance, such as "RTN"; None stands for those of the states.
    originator, created, comments
        Header: who writes, when (now if None; a time with its zone), and further lines.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExportError
        Shapes differ, a number is not finite, epochs do not rise, a text does not fit on a line
        of ASCII, or a covariance is not one.

    Notes
    -----
    States between the epochs are meant to be read by Hermite interpolation of degree 7, or of the
    highest degree that fewer states allow.

    Source: CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 5.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_oem(
    ...         path=folder + "/a.oem", t_tdb_s=[0.0, 60.0], r_m=np.ones((3, 2)),
    ...         v_m_s=np.ones((3, 2)), object_name="A", object_id="2030-001A",
    ...         center_name="MOON", ref_frame="ICRF", ephemeris="DE440",
    ...         gravity_field="degree 10",
    ...     )
    ...     file.read_text().splitlines()[-1]
    '2000-01-01T12:01:00.000000 1.0000000000000000e-03 ... 1.0000000000000000e-03'
    """
    times = np.atleast_1d(np.asarray(t_tdb_s, dtype=np.float64))
    states = _states(times, r_m, v_m_s)
    epochs = [epoch(t) for t in times]
    if any(not before < after for before, after in pairwise(epochs)):
        raise ExportError("must rise", path="t_tdb_s", hint="sort the states and drop repeats")
    lines = [
        *_header("OEM", originator, created, comments),
        "META_START",
        *_models(ephemeris, gravity_field),
        *_metadata(object_name, object_id, center_name, ref_frame),
        f"START_TIME = {epochs[0]}",
        f"STOP_TIME = {epochs[-1]}",
        "INTERPOLATION = HERMITE",
        f"INTERPOLATION_DEGREE = {min(_DEGREE, 2 * len(times) - 1)}",
        "META_STOP",
        "",
    ]
    lines += [
        f"{when} " + " ".join(_number(x) for x in state)
        for when, state in zip(epochs, states.T, strict=True)
    ]
    if covariance_si is not None:
        lines += ["", "COVARIANCE_START"]
        for when, matrix in zip(epochs, _covariances(covariance_si, len(times)), strict=True):
            lines.append(f"EPOCH = {when}")
            if covariance_frame is not None:
                lines.append(f"COV_REF_FRAME = {_text('covariance_frame', covariance_frame)}")
            lines += [" ".join(map(_number, matrix[i, : i + 1])) for i in range(6)]
        lines.append("COVARIANCE_STOP")
    return _write(path, lines)


def write_opm(
    *,
    path: str | os.PathLike[str],
    t_tdb_s: float,
    r_m: Array,
    v_m_s: Array,
    object_name: str,
    object_id: str,
    center_name: str,
    ref_frame: str,
    ephemeris: str,
    gravity_field: str,
    mass_kg: float | None = None,
    solar_area_m2: float | None = None,
    solar_pressure_ratio: float | None = None,
    covariance_si: Array | None = None,
    covariance_frame: str | None = None,
    burns: Sequence[Burn] = (),
    originator: str = "MOONBASE",
    created: datetime | None = None,
    comments: Sequence[str] = (),
) -> Path:
    """Write one state as a CCSDS Orbit Parameter Message: a release, with the burns that follow.

    Parameters
    ----------
    path
        File to write; one that exists is replaced.
    t_tdb_s
        Epoch, seconds past J2000 TDB.
    r_m, v_m_s
        Position, m, and velocity, m/s, from the centre (3,).
    object_name, object_id, center_name, ref_frame, ephemeris, gravity_field
        As in :func:`write_oem`.
    mass_kg, solar_area_m2, solar_pressure_ratio
        Mass, kg, area that meets the sunlight, m2, and its coefficient (1 absorbs), or None.
    covariance_si, covariance_frame
        Covariance (6, 6) and its axes, as in :func:`write_oem`.
    burns
        Burns in the order of their ignition; they need the mass.
    originator, created, comments
        As in :func:`write_oem`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExportError
        As in :func:`write_oem`, or burns without a mass.

    Notes
    -----
    Source: CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 3.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_opm(
    ...         path=folder + "/a.opm", t_tdb_s=946728000.0, r_m=[1.7e6, 0.0, 0.0],
    ...         v_m_s=[0.0, 2400.0, 0.0], object_name="A", object_id="2030-001A",
    ...         center_name="MOON", ref_frame="ICRF", ephemeris="DE440",
    ...         gravity_field="degree 10",
    ...     )
    ...     file.read_text().splitlines()[12]
    'EPOCH = 2030-01-01T00:00:00.000000'
    """
    state = _states(np.array([t_tdb_s]), np.reshape(r_m, (3, -1)), np.reshape(v_m_s, (3, -1)))
    lines = [
        *_header("OPM", originator, created, comments),
        *_models(ephemeris, gravity_field),
        *_metadata(object_name, object_id, center_name, ref_frame),
        "",
        f"EPOCH = {epoch(t_tdb_s)}",
        *_pairs(dict(zip(_AXES, state[:, 0], strict=True))),
    ]
    craft = {
        "MASS": mass_kg,
        "SOLAR_RAD_AREA": solar_area_m2,
        "SOLAR_RAD_COEFF": solar_pressure_ratio,
    }
    lines += _pairs({key: value for key, value in craft.items() if value is not None})
    if covariance_si is not None:
        (matrix,) = _covariances(np.reshape(covariance_si, (6, 6, -1)), 1)
        if covariance_frame is not None:
            lines.append(f"COV_REF_FRAME = {_text('covariance_frame', covariance_frame)}")
        names = [f"C{a}_{b}" for i, a in enumerate(_AXES) for b in _AXES[: i + 1]]
        lines += _pairs(dict(zip(names, matrix[np.tril_indices(6)], strict=True)))
    if burns and mass_kg is None:
        raise ExportError("missing", path="mass_kg", hint="burns need the mass before the first")
    for burn in burns:
        lines += _burn(burn)
    return _write(path, lines)


def epoch(t_tdb_s: float) -> str:
    """Calendar date of TDB seconds past J2000, to the microsecond.

    >>> epoch(946728000.0)
    '2030-01-01T00:00:00.000000'
    """
    if not np.isfinite(t_tdb_s):
        raise ExportError("must be finite", path="t_tdb_s", hint="drop draws that failed")
    moment = _J2000 + timedelta(microseconds=round(float(t_tdb_s) * 1e6))
    return moment.isoformat(timespec="microseconds")


def _burn(burn: Burn) -> list[str]:
    change = np.asarray(burn.delta_v_m_s, dtype=np.float64)
    if change.shape != (3,):
        raise ExportError("must have shape (3,)", path="delta_v_m_s", hint="pass one vector")
    return [
        "",
        f"MAN_EPOCH_IGNITION = {epoch(burn.t_tdb_s)}",
        *_pairs({"MAN_DURATION": burn.duration_s, "MAN_DELTA_MASS": burn.delta_mass_kg}),
        f"MAN_REF_FRAME = {_text('ref_frame', burn.ref_frame)}",
        *_pairs({f"MAN_DV_{i + 1}": dv / 1e3 for i, dv in enumerate(change)}),
    ]


def _header(
    kind: str, originator: str, created: datetime | None, comments: Sequence[str]
) -> Iterator[str]:
    moment = created or datetime.now(UTC)
    if moment.tzinfo is None:
        raise ExportError("has no time zone", path="created", hint="pass a datetime in UTC")
    yield f"CCSDS_{kind}_VERS = 2.0"
    yield from (f"COMMENT {_text('comments', line)}" for line in comments)
    yield f"CREATION_DATE = {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    yield f"ORIGINATOR = {_text('originator', originator)}"
    yield ""


def _models(ephemeris: str, gravity_field: str) -> list[str]:
    return [
        f"COMMENT EPHEMERIS {_text('ephemeris', ephemeris)}",
        f"COMMENT GRAVITY FIELD {_text('gravity_field', gravity_field)}",
    ]


def _metadata(object_name: str, object_id: str, center_name: str, ref_frame: str) -> list[str]:
    return [
        f"OBJECT_NAME = {_text('object_name', object_name)}",
        f"OBJECT_ID = {_text('object_id', object_id)}",
        f"CENTER_NAME = {_text('center_name', center_name)}",
        f"REF_FRAME = {_text('ref_frame', ref_frame)}",
        "TIME_SYSTEM = TDB",
    ]


def _pairs(values: Mapping[str, float]) -> list[str]:
    return [f"{key} = {_number(value)}" for key, value in values.items()]


def _number(value: float) -> str:
    if not np.isfinite(value):
        raise ExportError("a number is not finite", path="values", hint="drop draws that failed")
    return f"{value:.16e}"


def _text(path: str, text: str) -> str:
    if not text or not text.isascii() or not text.isprintable() or len(text) > 200:
        raise ExportError(
            f"not a line of 1 to 200 ASCII characters: {text!r}", path=path, hint="shorten it"
        )
    return text.strip()


def _states(times: Array, r_m: Array, v_m_s: Array) -> Array:
    """States in km and km/s, (6, time)."""
    parts = []
    for path, values in {"r_m": r_m, "v_m_s": v_m_s}.items():
        part = np.asarray(values, dtype=np.float64)
        if part.shape != (3, times.size) or times.size == 0:
            raise ExportError(
                f"shape {part.shape} for {times.size} epochs",
                path=path,
                hint="pass components along the first axis, times along the second",
            )
        parts.append(part / 1e3)
    return np.concatenate(parts)


def _covariances(covariance_si: Array, n_times: int) -> Array:
    """Covariances in km2, km2/s and km2/s2, (time, 6, 6)."""
    matrices = np.moveaxis(np.asarray(covariance_si, dtype=np.float64), -1, 0)
    if matrices.shape != (n_times, 6, 6):
        raise ExportError(
            "must have shape (6, 6, time)", path="covariance_si", hint="one matrix an epoch"
        )
    variance = np.einsum("tii->ti", matrices)
    deviation = np.sqrt(np.maximum(variance, 0.0))
    scale = deviation[:, :, None] * deviation[:, None, :]
    skew = np.abs(matrices - matrices.transpose(0, 2, 1))
    if not np.all(np.abs(matrices) <= scale * (1.0 + 1e-9)) or not np.all(skew <= 1e-9 * scale):
        raise ExportError(
            "is not symmetric, has a negative variance or correlates beyond 1",
            path="covariance_si",
            hint="check its axes: (6, 6, time)",
        )
    return matrices / 1e6


def _write(path: str | os.PathLike[str], lines: Sequence[str]) -> Path:
    file = Path(path)
    try:
        file.write_text("\n".join(lines) + "\n", encoding="ascii")
    except OSError as error:
        raise ExportError(str(error), path=str(file), hint="check folder and rights") from error
    return file
