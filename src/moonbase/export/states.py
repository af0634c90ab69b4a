"""Tables of states and of orbital elements as Parquet, one row a state or an orbit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.errors import ExportError
from moonbase.export.tables import _names, _numbers

if TYPE_CHECKING:
    import pyarrow as pa


def write_states(
    *,
    path: str | os.PathLike[str],
    t_tdb_s: Array,
    r_m: Array,
    v_m_s: Array,
    object_names: Sequence[str],
    center_name: str,
    ref_frame: str,
    ephemeris: str,
    gravity_field: str,
) -> Path:
    """Write states of one or more objects as a Parquet table.

    Parameters
    ----------
    path
        File to write; one that exists is replaced.
    t_tdb_s
        Epochs, seconds past J2000 TDB (time,).
    r_m, v_m_s
        Position, m, and velocity, m/s (3, time, object), or (3, time) of one object.
    object_names
        A name for each object.
    center_name, ref_frame, ephemeris, gravity_field
        Kept in the file's metadata, with the time scale TDB.

    Returns
    -------
    Path
        The file: columns object, t_tdb_s, x_m, y_m, z_m, vx_m_s, vy_m_s, vz_m_s.

    Raises
    ------
    ExportError
        Shapes differ, or the file cannot be written.

    Notes
    -----
    Source: Apache Parquet format; the columns are those of a SPICE state with its epoch.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow.parquet as pq
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_states(
    ...         path=folder + "/a.parquet", t_tdb_s=np.array([0.0, 60.0]), r_m=np.ones((3, 2)),
    ...         v_m_s=np.ones((3, 2)), object_names=["A"], center_name="MOON", ref_frame="ICRF",
    ...         ephemeris="DE440", gravity_field="degree 10",
    ...     )
    ...     pq.read_metadata(file).num_rows
    2
    """
    times = np.asarray(t_tdb_s, dtype=np.float64)
    shape = (3, times.size, len(object_names))
    columns: dict[str, Array] = {}
    for stem, unit, values in (("", "m", r_m), ("v", "m_s", v_m_s)):
        part = np.asarray(values, dtype=np.float64)
        part = part[..., None] if part.ndim == 2 else part
        if part.shape != shape:
            raise ExportError(
                f"shape {part.shape} where {shape} is due",
                path="v_m_s" if stem else "r_m",
                hint="pass (3, time, object), a name for each object",
            )
        columns |= {f"{stem}{axis}_{unit}": x for axis, x in zip("xyz", part, strict=True)}
    table: dict[str, Any] = {
        "object": _names(np.repeat(np.arange(shape[2]), shape[1]), object_names),
        "t_tdb_s": _numbers(np.tile(times, shape[2])),
    }
    table |= {name: _numbers(values.T.ravel()) for name, values in columns.items()}
    facts = {
        "center_name": center_name,
        "ref_frame": ref_frame,
        "time_system": "TDB",
        "ephemeris": ephemeris,
        "gravity_field": gravity_field,
    }
    return _save(path, table, facts)


def write_elements(
    *, path: str | os.PathLike[str], elements: npt.NDArray[Any], facts: Mapping[str, str]
) -> Path:
    """Write a structured array, such as the elements of a swarm, as a Parquet table.

    Parameters
    ----------
    path
        File to write; one that exists is replaced.
    elements
        Structured array (row,); its field names, which carry the units, name the columns.
    facts
        What a reader must know: frame, epoch, how many satellites a row stands for.

    Returns
    -------
    Path
        The file; each column keeps its type.

    Raises
    ------
    ExportError
        The array has no fields, or the file cannot be written.

    Notes
    -----
    Source: Apache Parquet format.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow.parquet as pq
    >>> rows = np.zeros(4, dtype=[("a_au", np.float32)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_elements(path=folder + "/e.parquet", elements=rows, facts={})
    ...     str(pq.read_schema(file).field("a_au").type)
    'float'
    """
    if elements.dtype.names is None:
        raise ExportError("has no fields", path="elements", hint="pass a structured array")
    table = {name: _numbers(np.ascontiguousarray(elements[name])) for name in elements.dtype.names}
    return _save(path, table, facts)


def _save(
    path: str | os.PathLike[str], columns: Mapping[str, pa.Array], facts: Mapping[str, str]
) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = Path(path)
    table = pa.table(dict(columns)).replace_schema_metadata(dict(facts))
    try:
        pq.write_table(table, file, compression="zstd")
    except OSError as error:
        raise ExportError(str(error), path=str(file), hint="check folder and rights") from error
    return file
