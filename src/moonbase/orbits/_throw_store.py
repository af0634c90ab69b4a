"""Where flown columns of launch tables are kept: memory, the package, the user's data folder.

A file that is damaged, or was flown for something else, counts as absent and is flown anew.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from moonbase import __version__
from moonbase.orbits._throws import (
    ARRAYS,
    LOST,
    LONGITUDE_STEP_rad,
    SPEED_m_s,
    Throws,
    Track,
    fly_throws,
    key_of,
    provenance,
)
from moonbase.orbits.gravity import data_folders

Progress = Callable[[float], None]
SHIPPED_TABLE = Path(__file__).parents[1] / "data" / "orbits" / "launch_table.npz"
"""The table that comes with the package."""
FOLDER = "launch-tables"
"""Folder of flown columns inside a data folder."""
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError)
_DAMAGED = (zipfile.BadZipFile, zlib.error)
_WRITER = "moonbase_version"


def columns(track: Track, indices: Sequence[int], progress: Progress | None = None) -> list[Throws]:
    """Columns of a table; those that are kept nowhere are flown, and progress is told of them."""
    missing = [index for index in indices if _stored(track, index) is None]
    for done, index in enumerate(missing):
        if progress is not None:
            progress(done / len(missing))
        column(track, index)
    return [column(track, index) for index in indices]


@lru_cache(maxsize=256)
def column(track: Track, index: int) -> Throws:
    """One column, flown and kept if it is nowhere."""
    found = _stored(track, index)
    if found is None:
        found = fly_throws(track, index * LONGITUDE_STEP_rad)
        _keep(track, index, found)
    return found


def write_columns(path: Path, track: Track, found: Mapping[int, Throws]) -> None:
    """Write columns to a file, under a temporary name until it is whole."""
    indices = sorted(found)
    arrays: dict[str, Any] = {
        name: np.stack([getattr(found[index], name) for index in indices]) for name in ARRAYS
    }
    told = json.dumps({**provenance(track), _WRITER: __version__})
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, provenance=np.array(told), index=np.array(indices), **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_columns(path: Path, track: Track) -> dict[int, Throws]:
    """Columns of a file by index; none if it is damaged or was flown for something else."""
    shape = len(track.t_tdb_s), SPEED_m_s.size
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as table:
            told = json.loads(str(table["provenance"]))
            del told[_WRITER]
            if told != provenance(track):
                return {}
            indices = table["index"].tolist()
            arrays = {name: table[name] for name in ARRAYS}
    except (*_UNREADABLE, *_DAMAGED):
        return {}
    whole = all(item.shape == (len(indices), *shape) for item in arrays.values())
    if not whole or not np.all((arrays["outcome"] >= 0) & (arrays["outcome"] <= LOST)):
        return {}
    return {
        index: Throws(**{name: item[row] for name, item in arrays.items()})
        for row, index in enumerate(indices)
    }


def cache_path(track: Track, index: int) -> Path:
    """File in which a flown column is kept."""
    return data_folders()[0] / FOLDER / f"{key_of(track)[:24]}-{index:02d}.npz"


def _stored(track: Track, index: int) -> Throws | None:
    shipped = _shipped(track).get(index)
    if shipped is not None:
        return shipped
    return read_columns(cache_path(track, index), track).get(index)


@lru_cache(maxsize=8)
def _shipped(track: Track) -> dict[int, Throws]:
    return read_columns(SHIPPED_TABLE, track)


def _keep(track: Track, index: int, found: Throws) -> None:
    """Write a column to the user's folder; without one that takes it, it is flown each time."""
    path = cache_path(track, index)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_columns(path, track, {index: found})
    except OSError:
        return
