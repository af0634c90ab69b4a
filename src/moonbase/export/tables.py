"""Ledger and events as Parquet tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from moonbase import economics
from moonbase.answers import Answers

if TYPE_CHECKING:
    import pyarrow as pa


def _numbers(values: npt.NDArray[Any]) -> pa.Array:
    """Arrow array of numbers; ``pa.array`` would load pandas for it."""
    import pyarrow as pa

    flat = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(flat.dtype)
    return pa.Array.from_buffers(kind, len(flat), [None, pa.py_buffer(flat)])


def _names(index: npt.NDArray[Any], names: Sequence[str]) -> pa.Array:
    """Arrow dictionary array: an index into names."""
    import pyarrow as pa

    encoded = [name.encode() for name in names]
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    words = pa.StringArray.from_buffers(
        len(names), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))
    )
    return pa.DictionaryArray.from_arrays(_numbers(index.astype(np.int8)), words)


def ledger_table(answers: Answers) -> pa.Table:
    """Dated ledger of the first draws: draw, year, account, kind, usd (zero rows left out)."""
    import pyarrow as pa

    usd = answers.ledger_usd
    year, account, draw = np.nonzero(usd)
    source = np.array([a.kind == "source" for a in economics.ACCOUNTS])
    return pa.table(
        {
            "draw": _numbers(draw.astype(np.int32)),
            "year": _numbers(answers.year[year].astype(np.int16)),
            "account": _names(account, [a.id for a in economics.ACCOUNTS]),
            "kind": _names(source[account], ["use", "source"]),
            "usd": _numbers(usd[year, account, draw]),
        }
    )


def events_table(answers: Answers) -> pa.Table:
    """Dates of every event and draw in which it happens: draw, event, year (decimal)."""
    import pyarrow as pa

    names = list(answers.events)
    dates = np.stack([answers.events[name] for name in names])
    event, draw = np.nonzero(~np.isnan(dates))
    return pa.table(
        {
            "draw": _numbers(draw.astype(np.int32)),
            "event": _names(event, names),
            "year": _numbers(dates[event, draw]),
        }
    )


def write_tables(folder: Path, answers: Answers) -> None:
    """Write ``ledger.parquet`` and ``events.parquet``."""
    import pyarrow.parquet as pq

    pq.write_table(ledger_table(answers), folder / "ledger.parquet", compression="zstd")
    pq.write_table(events_table(answers), folder / "events.parquet", compression="zstd")
