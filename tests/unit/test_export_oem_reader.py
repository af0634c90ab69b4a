"""Ephemerides of others: what is read, in which time and unit, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moonbase.core.errors import ParameterError
from moonbase.export import read_oem, write_oem
from moonbase.orbits import tdb_from_utc, tdb_minus_tt

TEXT = """CCSDS_OEM_VERS = 2.0
COMMENT made by hand
CREATION_DATE = 2024-01-01T00:00:00
ORIGINATOR = NOBODY

META_START
OBJECT_NAME = GATE
OBJECT_ID = 2028-001A
CENTER_NAME = EARTH
REF_FRAME = EME2000
TIME_SYSTEM = TDB
START_TIME = 2020-01-01T00:00:00
STOP_TIME = 2020-01-01T00:10:00
INTERPOLATION = HERMITE
META_STOP
COMMENT states follow
2020-01-01T00:00:00.25 1.0 2.0 3.0 0.1 0.2 0.3
2020-001T00:10:00Z 1.0 2.0 3.5 0.1 0.2 0.3 0.0 0.0 0.0

COVARIANCE_START
EPOCH = 2020-01-01T00:00:00
1.0
COVARIANCE_STOP

META_START
OBJECT_NAME = DEPOT
OBJECT_ID = 2029-001A
CENTER_NAME = MOON
REF_FRAME = ICRF
TIME_SYSTEM = TDB
META_STOP
2020-01-01T00:00:00 1 0 0 0 1 0
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "a.oem"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_the_package_writes_it_reads(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    times = 946728000.0 + np.array([0.0, 61.25, 7200.5])
    r, v = rng.normal(size=(3, 3)) * 1e9, rng.normal(size=(3, 3)) * 1e3
    path = write_oem(
        path=tmp_path / "a.oem",
        t_tdb_s=times,
        r_m=r,
        v_m_s=v,
        object_name="MB-1",
        object_id="X",
        center_name="MOON",
        ref_frame="ICRF",
        ephemeris="DE440",
        gravity_field="degree 10",
        covariance_si=np.repeat(np.eye(6)[..., None], 3, axis=2),
        covariance_frame="RTN",
    )
    (found,) = read_oem(path=path)
    assert np.allclose(found.t_tdb_s, times, rtol=0.0, atol=1e-6)
    assert np.allclose(found.r_m, r, rtol=1e-15) and np.allclose(found.v_m_s, v, rtol=1e-15)
    assert (found.object_name, found.center_name) == ("MB-1", "MOON")


def test_segments_ordinal_dates_and_covariances_are_read(tmp_path: Path) -> None:
    first, second = read_oem(path=written(tmp_path, TEXT))
    start = 7304.5 * 86400.0
    assert first.t_tdb_s.tolist() == [start + 0.25, start + 600.0]
    assert first.r_m[:, 1].tolist() == [1000.0, 2000.0, 3500.0]
    assert first.v_m_s[:, 0] == pytest.approx([100.0, 200.0, 300.0])
    assert (second.object_name, second.r_m.shape) == ("DEPOT", (3, 1))


@pytest.mark.parametrize(("scale", "offset"), [("TT", 0.0), ("TAI", 32.184)])
def test_other_scales_become_tdb(tmp_path: Path, scale: str, offset: float) -> None:
    text = TEXT.replace("TIME_SYSTEM = TDB", f"TIME_SYSTEM = {scale}")
    start = 7304.5 * 86400.0
    found = read_oem(path=written(tmp_path, text))[1].t_tdb_s[0]
    expected = start + offset + float(tdb_minus_tt(t_tdb_s=start))
    assert found == pytest.approx(expected, rel=0.0, abs=2e-7)


def test_utc_is_read_to_the_fraction(tmp_path: Path) -> None:
    text = TEXT.replace("TIME_SYSTEM = TDB", "TIME_SYSTEM = UTC")
    found = read_oem(path=written(tmp_path, text))[0].t_tdb_s[0]
    epoch = tdb_from_utc(utc="2020-01-01T00:00:00.25")
    assert found == pytest.approx(epoch.epoch_tdb_s + epoch.offset_s, rel=0.0, abs=2e-7)


def test_utc_past_the_leap_seconds_must_be_meant(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        TEXT.replace("TIME_SYSTEM = TDB", "TIME_SYSTEM = UTC").replace("2020-0", "2090-0"),
    )
    with pytest.raises(ParameterError, match="leap seconds"):
        read_oem(path=path)
    assert read_oem(path=path, assume_no_new_leap_second=True)[0].t_tdb_s[0] > 2.8e9


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("CCSDS_OEM_VERS = 2.0", "CCSDS_OPM_VERS = 2.0", "is not an OEM", 1),
        ("VERS = 2.0", "VERS = 9.0", "version '9.0'", 1),
        ("REF_FRAME = EME2000", "REF_FRAME = ITRF97", "frame 'ITRF97'", 15),
        ("TIME_SYSTEM = TDB", "TIME_SYSTEM = GPS", "time scale 'GPS'", 15),
        ("CENTER_NAME = EARTH\n", "", "lacks CENTER_NAME", 14),
        ("3.0 0.1 0.2 0.3\n", "3.0 0.1 0.2\n", "is not a state", 17),
        ("1.0 2.0 3.0 0.1", "1.0 nan 3.0 0.1", "is not a state", 17),
        ("2020-01-01T00:00:00.25", "2020-13-01T00:00:00", "is not a date", 17),
        ("2020-001T00:10:00Z", "2020-001T00:00:00Z", "rising epochs", 25),
        ("COVARIANCE_STOP", "", "does not end", 32),
        ("COMMENT states follow", "WIND = 3", "does not belong here", 16),
    ],
)
def test_a_line_that_does_not_fit_is_named(
    tmp_path: Path, old: str, new: str, message: str, line: int
) -> None:
    assert old in TEXT
    path = written(tmp_path, TEXT.replace(old, new, 1))
    with pytest.raises(ParameterError, match=message) as caught:
        read_oem(path=path)
    assert caught.value.path == f"{path}, line {line}" and caught.value.hint


def test_what_is_no_file_or_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.oem").write_bytes(b"\xff\xfe")
    for name in ("none.oem", "b.oem"):
        with pytest.raises(ParameterError, match="cannot be read"):
            read_oem(path=tmp_path / name)
