"""Ephemerides of others from CCSDS Orbit Ephemeris Messages in the keyword notation.

Strict: what this reader does not know it refuses, with the line. Read are states and their
segment's data; covariances, accelerations and the useable span are skipped. EME2000 and GCRF are
taken for ICRF, which is 23 mas off at most: 45 m at the Moon's distance.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, ParameterError
from moonbase.orbits import tdb_from_utc, tdb_minus_tt

_J2000 = datetime(2000, 1, 1, 12)
_TT_MINUS_TAI_s = 32.184
_VERSIONS = ("1.0", "2.0", "3.0")
_FRAMES = ("ICRF", "GCRF", "EME2000", "J2000")
_SCALES = ("TDB", "TT", "TAI", "UTC")
_NEEDED = ("OBJECT_NAME", "OBJECT_ID", "CENTER_NAME", "REF_FRAME", "TIME_SYSTEM")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrbitStates:
    """States of one segment: epochs (time,), positions and velocities (3, time) in ICRF axes."""

    object_name: str
    object_id: str
    center_name: str
    t_tdb_s: Array
    r_m: Array
    v_m_s: Array


def read_oem(
    *, path: str | os.PathLike[str], assume_no_new_leap_second: bool = False
) -> list[OrbitStates]:
    """Read the segments of a CCSDS Orbit Ephemeris Message.

    Parameters
    ----------
    path
        File in the keyword notation, version 1.0 to 3.0.
    assume_no_new_leap_second
        Whether UTC past the announced leap seconds is read as if none came.

    Returns
    -------
    list of OrbitStates
        One for each segment, times in TDB, lengths in m.

    Raises
    ------
    ParameterError
        The file cannot be read, or a line does not fit: frame, time scale, number or order.

    Notes
    -----
    Source: CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 5.

    Examples
    --------
    >>> import tempfile
    >>> from moonbase.export import write_oem
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_oem(
    ...         path=folder + "/a.oem", t_tdb_s=[0.0, 60.0], r_m=np.ones((3, 2)),
    ...         v_m_s=np.ones((3, 2)), object_name="A", object_id="2030-001A",
    ...         center_name="MOON", ref_frame="ICRF", ephemeris="DE440",
    ...         gravity_field="degree 10",
    ...     )
    ...     (segment,) = read_oem(path=file)
    >>> segment.center_name, segment.t_tdb_s.tolist()
    ('MOON', [0.0, 60.0])
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"cannot be read: {error}", path=str(file), hint="name an OEM file in plain text"
        ) from error
    return _Reader(str(file), text, assume_no_new_leap_second).segments()


class _Reader:
    """Walks over the lines that carry something, and knows where it is."""

    def __init__(self, name: str, text: str, assume: bool) -> None:
        self.name = name
        self.assume = assume
        self.number = 0
        numbered = enumerate((line.strip() for line in text.splitlines()), 1)
        self.lines = [(n, line) for n, line in numbered if line and not line.startswith("COMMENT")]

    def fail(self, message: str, hint: str) -> NoReturn:
        raise ParameterError(message, path=f"{self.name}, line {self.number}", hint=hint)

    def walk(self) -> Iterator[str]:
        for number, line in self.lines:
            self.number = number
            yield line

    def segments(self) -> list[OrbitStates]:
        found: list[OrbitStates] = []
        about: dict[str, str] = {}
        rows: list[tuple[float, list[float]]] = []
        place = "head"
        for line in self.walk():
            key, equals, value = (part.strip() for part in line.partition("="))
            if place == "head" and not found and not about and key == "CCSDS_OEM_VERS":
                self.one_of("version", value, _VERSIONS)
                place = "header"
            elif place == "head":
                self.fail("is not an OEM", "the first line is CCSDS_OEM_VERS = 2.0")
            elif line == "META_START" and place in ("header", "data", "covered"):
                found += self.closed(about, rows)
                about, rows, place = {}, [], "about"
            elif line == "META_STOP" and place == "about":
                self.check(about)
                place = "data"
            elif line == "COVARIANCE_START" and place == "data":
                place = "covariance"
            elif line == "COVARIANCE_STOP" and place == "covariance":
                place = "covered"
            elif place == "about" and equals:
                about[key] = value
            elif place == "data" and not equals:
                rows.append(self.state(line, about["TIME_SYSTEM"]))
            elif place != "covariance" and not (place == "header" and equals):
                self.fail(f"does not belong here: {line[:60]!r}", "see CCSDS 502.0-B-3, section 5")
        if place == "covariance":
            self.fail("the covariance does not end", "close it by COVARIANCE_STOP")
        found += self.closed(about, rows)
        if not found:
            self.fail("has no segment", "metadata stand between META_START and META_STOP")
        return found

    def one_of(self, what: str, value: str, known: tuple[str, ...]) -> None:
        if value.upper() not in known:
            self.fail(f"{what} {value!r} is not known", f"one of {', '.join(known)}")

    def check(self, about: dict[str, str]) -> None:
        missing = [key for key in _NEEDED if key not in about]
        if missing:
            self.fail(f"lacks {', '.join(missing)}", "every segment names them")
        self.one_of("frame", about["REF_FRAME"], _FRAMES)
        self.one_of("time scale", about["TIME_SYSTEM"], _SCALES)

    def state(self, line: str, scale: str) -> tuple[float, list[float]]:
        words = line.split()
        try:
            numbers = [float(word) for word in words[1:]]
        except ValueError:
            numbers = []
        if len(numbers) not in (6, 9) or not np.isfinite(numbers).all():
            self.fail("is not a state", "epoch, three positions in km, three velocities in km/s")
        return self.epoch(words[0], scale.upper()), numbers[:6]

    def epoch(self, text: str, scale: str) -> float:
        """Seconds past J2000 TDB of a calendar or ordinal date."""
        clean = text.removesuffix("Z")
        day, _, clock = clean.partition("T")
        clock, _, rest = clock.partition(".")
        try:
            form = "%Y-%jT%H:%M:%S" if day.count("-") == 1 else "%Y-%m-%dT%H:%M:%S"
            if scale == "UTC":
                date = datetime.strptime(day, form[: form.index("T")]).strftime("%Y-%m-%d")
                found = tdb_from_utc(utc=f"{date}T{clock}", assume_no_new_leap_second=self.assume)
                return found.epoch_tdb_s + (found.offset_s + float(f"0.{rest or 0}"))
            span = datetime.strptime(f"{day}T{clock}", form) - _J2000
            whole, fraction = span / timedelta(seconds=1), float(f"0.{rest or 0}")
        except DomainError as error:
            self.fail(error.message, error.hint)
        except ValueError:
            self.fail(f"is not a date: {text!r}", "write 2030-01-01T00:00:00.000")
        if scale == "TAI":
            fraction += _TT_MINUS_TAI_s
        if scale != "TDB":
            fraction += float(tdb_minus_tt(t_tdb_s=whole))
        return whole + fraction

    def closed(
        self, about: dict[str, str], rows: list[tuple[float, list[float]]]
    ) -> list[OrbitStates]:
        if not about:
            return []
        times = np.array([when for when, _ in rows])
        if not rows or np.any(np.diff(times) <= 0.0):
            self.fail(
                f"{about['OBJECT_NAME']} has no states at rising epochs", "sort them, drop repeats"
            )
        states = np.array([state for _, state in rows]).T * 1e3
        return [
            OrbitStates(
                object_name=about["OBJECT_NAME"],
                object_id=about["OBJECT_ID"],
                center_name=about["CENTER_NAME"],
                t_tdb_s=times,
                r_m=states[:3],
                v_m_s=states[3:],
            )
        ]
