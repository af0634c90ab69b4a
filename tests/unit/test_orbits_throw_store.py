"""Where launch tables are kept: other sites, killed writes, damaged and foreign files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from moonbase.cli.main import main
from moonbase.orbits import _throw_store, campaign_epochs, throw_table
from moonbase.orbits._throws import ARRAYS, Throws, Track
from moonbase.orbits.throw_table import track_of

EPOCHS = campaign_epochs(start_year=2027)
SITE: dict[str, Any] = {
    "t_tdb_s": EPOCHS,
    "site_latitude_rad": 0.3,
    "site_longitude_rad": 0.97,
    "release_azimuth_rad": 4.0,
    "release_elevation_rad": 0.02,
}
TRACK = track_of(EPOCHS, 0.3, 4.0, 0.02)
SHIPPED = _throw_store.column(track_of(EPOCHS, 0.0, 4.71238898, 0.0), 5)


@pytest.fixture
def flown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Longitudes flown, by an engine that answers with a shipped column, and an empty folder."""
    seen: list[float] = []

    def fly(track: Track, longitude_rad: float) -> Throws:
        seen.append(longitude_rad)
        return SHIPPED

    monkeypatch.setenv("MOONBASE_DATA", str(tmp_path))
    monkeypatch.setattr(_throw_store, "fly_throws", fly)
    _throw_store.column.cache_clear()
    yield seen
    _throw_store.column.cache_clear()


def again() -> None:
    _throw_store.column.cache_clear()
    throw_table(**SITE)


def test_what_is_flown_once_is_kept(flown: list[float], tmp_path: Path) -> None:
    told: list[float] = []
    found = throw_table(**SITE, progress=told.append)
    assert told == [0.0, 0.5]
    assert len(flown) == 2
    np.testing.assert_allclose(found.longitude_rad, flown)
    _throw_store.column.cache_clear()
    kept = throw_table(**SITE, progress=told.append)
    assert len(flown) == len(told) == 2
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(kept, name), getattr(found, name))
    assert [path.suffix for path in (tmp_path / "launch-tables").iterdir()] == [".npz"] * 2


@pytest.mark.parametrize(
    "damage", ["cut", "flipped", "empty", "text", "array", "pickle", "renamed"]
)
def test_a_damaged_file_is_flown_anew(flown: list[float], damage: str) -> None:
    again()
    path = _throw_store.cache_path(TRACK, 4)
    data = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(data)
    elif damage == "array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif damage == "pickle":
        with path.open("wb") as file:
            np.savez(file, provenance=np.array([{}], dtype=object))
    elif damage == "renamed":
        shutil.copy(_throw_store.cache_path(TRACK, 5), path)
    else:
        path.write_bytes(b"" if damage == "empty" else b"not a table")
    again()
    assert len(flown) == 3
    again()
    assert len(flown) == 3


def test_a_table_of_another_track_is_not_taken(flown: list[float]) -> None:
    again()
    other = track_of(EPOCHS, 0.3, 4.0, 0.021)
    shutil.copy(_throw_store.cache_path(TRACK, 4), _throw_store.cache_path(other, 4))
    assert _throw_store.read_columns(_throw_store.cache_path(other, 4), other) == {}
    throw_table(**{**SITE, "release_elevation_rad": 0.021})
    assert len(flown) == 4


def test_a_killed_write_leaves_nothing_that_is_read(
    flown: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: Any, **kwargs: Any) -> None:
        args[0].write(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez_compressed", killed)
        with pytest.raises(KeyboardInterrupt):
            throw_table(**SITE)
    assert list((tmp_path / "launch-tables").iterdir()) == []
    again()
    assert len(flown) == 3


def test_without_a_folder_that_takes_it_the_table_is_flown_each_time(
    flown: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MOONBASE_DATA", str(tmp_path / "file"))
    again()
    again()
    assert len(flown) == 4


def test_longitudes_go_round(flown: list[float]) -> None:
    found = throw_table(**{**SITE, "site_longitude_rad": np.array([-0.05, np.nan])})
    np.testing.assert_allclose(found.longitude_rad, [0.0, 31 * np.pi / 16])


def test_the_command_says_what_it_cannot_write() -> None:
    result = CliRunner().invoke(main, ["data", "build", "launch-table", "--out", "nowhere/x.npz"])
    assert result.exit_code == 3
    assert "nowhere: no such folder" in result.stderr
    assert result.stdout == ""


def test_the_command_writes_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = import_module("moonbase.orbits.throw_table")
    monkeypatch.setattr(builder, "fly_throws", lambda track, longitude_rad: SHIPPED)
    path = tmp_path / "table.npz"
    result = CliRunner().invoke(main, ["data", "build", "launch-table", "--out", str(path)])
    assert result.exit_code == 0, result.output
    assert "39,000 throws" in result.stdout
    track = track_of(EPOCHS, 0.0, 4.71238898, 0.0)
    assert sorted(_throw_store.read_columns(path, track)) == [3, 4, 5, 6, 7]
