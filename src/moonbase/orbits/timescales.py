"""Time at the edge: UTC to seconds past J2000 TDB and back.

Inside the package every epoch is TDB. Neglected: terms of TDB - TT below 10 us, 0.3 m of the
Earth's path, and UTC before 1972.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from io import StringIO

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError

_J2000 = datetime(2000, 1, 1, 12)
_TT_MINUS_TAI_s = 32.184
_KNOWN_UNTIL = datetime(2025, 12, 28)
"""Announced without a leap second up to here (IERS Bulletin C 69)."""
# Amplitude s, rate rad per Julian century of TT, phase rad.
_TERMS = np.array(
    [
        [1.657e-3, 628.3076, 6.2401],
        [2.2e-5, 575.3385, 4.2970],
        [1.4e-5, 1256.6152, 6.1969],
        [5e-6, 606.9777, 4.0212],
        [5e-6, 52.9691, 0.4444],
        [2e-6, 21.3299, 5.5431],
    ]
)
_MIXED_TERM = (1e-5, 628.3076, 4.2490)
"""Amplitude grows with the centuries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """A two-part epoch: ``epoch_tdb_s`` whole seconds past J2000 TDB, and what is left of one."""

    epoch_tdb_s: float
    offset_s: float


def tdb_minus_tt(*, t_tdb_s: Real) -> Real:
    r"""Periodic difference between barycentric and terrestrial time.

    Parameters
    ----------
    t_tdb_s
        Seconds past J2000, TDB or TT, any shape.

    Returns
    -------
    Real
        TDB - TT, s, below 2 ms, good to 10 us from 1600 to 2200.

    Notes
    -----
    Source: Kaplan (2005), US Naval Observatory Circular 179, equation 2.6.

    Examples
    --------
    >>> round(1e6 * float(tdb_minus_tt(t_tdb_s=946728000.0)))
    -70
    """
    centuries = np.asarray(t_tdb_s, dtype=np.float64) / (100.0 * JULIAN_YEAR_s)
    total: Array = np.zeros_like(centuries)
    for amplitude, rate, phase in _TERMS:
        total = total + amplitude * np.sin(rate * centuries + phase)
    amplitude, rate, phase = _MIXED_TERM
    return total + amplitude * centuries * np.sin(rate * centuries + phase)


def tdb_from_utc(*, utc: str, assume_no_new_leap_second: bool = False) -> Epoch:
    """Two-part TDB epoch of a UTC date.

    Parameters
    ----------
    utc
        ISO date and time such as ``2030-01-01T00:00:00.5``; a leap second may be written as 60.
    assume_no_new_leap_second
        Whether a date past the announced leap seconds is converted as if none came.

    Returns
    -------
    Epoch
        Whole seconds past J2000 TDB, and the rest.

    Raises
    ------
    DomainError
        The text is not a date, or lies before 1972 or past the announced leap seconds.

    Notes
    -----
    TT = UTC + leap seconds + 32.184 s. Source: IERS Bulletin C; NAIF kernel naif0012.tls.

    Examples
    --------
    >>> epoch = tdb_from_utc(utc="2020-01-01T00:00:00")
    >>> epoch.epoch_tdb_s, round(epoch.offset_s, 4)
    (631108869.0, 0.1839)
    """
    date, leap = _parse(utc)
    if date > _KNOWN_UNTIL and not assume_no_new_leap_second:
        raise DomainError(
            f"leap seconds are announced to {_KNOWN_UNTIL:%Y-%m-%d} only",
            path="utc",
            hint="give TDB, or assume_no_new_leap_second=True",
        )
    days, seconds, micro = _split(date - _J2000)
    whole = days * 86400.0 + seconds + leap + _leap_seconds(date)
    tt = _TT_MINUS_TAI_s + micro * 1e-6
    rest = tt + float(tdb_minus_tt(t_tdb_s=whole + tt))
    carry = float(np.floor(rest))
    return Epoch(epoch_tdb_s=whole + carry, offset_s=rest - carry)


def utc_from_tdb(
    *, epoch_tdb_s: float, offset_s: float = 0.0, assume_no_new_leap_second: bool = False
) -> str:
    """UTC date of a TDB epoch, to the microsecond.

    Parameters
    ----------
    epoch_tdb_s, offset_s
        Seconds past J2000 TDB in two parts.
    assume_no_new_leap_second
        Whether a date past the announced leap seconds is converted as if none came.

    Returns
    -------
    str
        ISO date and time; within a leap second the second before it is repeated.

    Raises
    ------
    DomainError
        The epoch lies before 1972 or past the announced leap seconds.

    Notes
    -----
    Inverse of :func:`tdb_from_utc`; the source is the same.

    Examples
    --------
    >>> utc_from_tdb(epoch_tdb_s=631108869.0, offset_s=0.1839)
    '2020-01-01T00:00:00.000000'
    """
    rest = offset_s - float(tdb_minus_tt(t_tdb_s=epoch_tdb_s)) - _TT_MINUS_TAI_s
    tai = _J2000 + timedelta(seconds=epoch_tdb_s) + timedelta(microseconds=round(rest * 1e6))
    utc = tai - timedelta(seconds=_leap_seconds(tai))
    utc = tai - timedelta(seconds=_leap_seconds(utc))
    if utc > _KNOWN_UNTIL and not assume_no_new_leap_second:
        raise DomainError(
            f"leap seconds are announced to {_KNOWN_UNTIL:%Y-%m-%d} only",
            path="epoch_tdb_s",
            hint="print TDB, or assume_no_new_leap_second=True",
        )
    return utc.isoformat(timespec="microseconds")


def _parse(utc: str) -> tuple[datetime, int]:
    """Date, and 1 if it names a leap second."""
    text, leap = utc.strip().removesuffix("Z"), 0
    if text[17:19] == "60":
        text, leap = f"{text[:17]}59{text[19:]}", 1
    try:
        date = datetime.fromisoformat(text)
    except ValueError as error:
        raise DomainError(str(error), path="utc", hint="write 2030-01-01T00:00:00") from error
    if date.tzinfo is not None:
        raise DomainError("has a time zone", path="utc", hint="give UTC without an offset")
    return date, leap


def _split(span: timedelta) -> tuple[int, int, int]:
    return span.days, span.seconds, span.microseconds


@lru_cache(maxsize=1)
def _table() -> list[tuple[datetime, float]]:
    text = (files("moonbase") / "data" / "orbits" / "leap_seconds.csv").read_text("utf-8")
    return [
        (datetime.fromisoformat(row["utc_date"]), float(row["tai_minus_utc_s"]))
        for row in csv.DictReader(StringIO(text))
    ]


def _leap_seconds(date: datetime) -> float:
    known = [value for first, value in _table() if first <= date]
    if not known:
        raise DomainError("UTC begins in 1972 here", path="utc", hint="give TDB")
    return known[-1]
