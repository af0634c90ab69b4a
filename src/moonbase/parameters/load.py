"""Load a folder of records and their sources. All faults are told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from moonbase.core.errors import ParameterError
from moonbase.core.faults import Fault, fault_error, nearest, placed
from moonbase.parameters.bibtex import read_bibtex
from moonbase.parameters.datum import USER_SOURCE, Datum, Source
from moonbase.parameters.quantity import DATA
from moonbase.parameters.record import check_record


class ParameterSet(Mapping[str, Datum]):
    """The records of a folder by key, and their ``sources`` by key. Two sets are never equal."""

    def __init__(self, records: Mapping[str, Datum], sources: Mapping[str, Source]) -> None:
        self._records = dict(records)
        self.sources: Mapping[str, Source] = dict(sources)

    def __getitem__(self, key: str) -> Datum:
        return self._records[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def find(self, key: str) -> Datum:
        """Record of a key; an unknown key is a ParameterError that names the nearest one."""
        if key not in self._records:
            hint = nearest(key, self) or "moonbase params list shows every key"
            raise ParameterError("unknown record", path=key, hint=hint)
        return self._records[key]


def load_parameters(folder: Path | None = None) -> ParameterSet:
    """Load the records and sources of a data folder, by default the shipped one.

    Parameters
    ----------
    folder : Path | None
        Folder with ``parameters/*.toml`` and ``sources/*.bib``.

    Returns
    -------
    ParameterSet
        Mapping of key to `Datum`, with ``sources``.

    Raises
    ------
    ParameterError
        Any record or source is wrong; every fault is told, with its path and remedy.

    Examples
    --------
    >>> load_parameters().sources["moonbase_estimate"].entry_type
    'misc'
    """
    return _shipped() if folder is None else _load(folder)


@cache
def _shipped() -> ParameterSet:
    return _load(DATA)


def _load(folder: Path) -> ParameterSet:
    sources, faults = _load_sources(folder)
    records: dict[str, Datum] = {}
    origin: dict[str, str] = {}
    for path in sorted((folder / "parameters").glob("*.toml")):
        where = f"parameters/{path.name}"
        tables, read_faults = _read_tables(path)
        faults += placed(read_faults, where)
        for key, table in tables.items():
            if key in origin:
                fault = Fault(key, f"stands in {origin[key]} too", "remove one of them", where)
                faults.append(fault)
                continue
            origin[key] = where
            datum, record_faults = check_record(key, table, sources)
            faults += placed(record_faults, where)
            if datum is not None:
                records[key] = datum
    if faults:
        raise fault_error(ParameterError, faults)
    return ParameterSet(records, sources)


def _load_sources(folder: Path) -> tuple[dict[str, Source], list[Fault]]:
    sources: dict[str, Source] = {}
    origin = {USER_SOURCE: "the reserved names"}
    faults: list[Fault] = []
    for path in sorted((folder / "sources").glob("*.bib")):
        where = f"sources/{path.name}"
        text, read_faults = _read_text(path)
        found, entry_faults = read_bibtex(text)
        faults += placed(read_faults + entry_faults, where)
        for source in found:
            if source.key in origin:
                message = f"stands in {origin[source.key]} too"
                faults.append(Fault(source.key, message, "keep one of them", where))
                continue
            origin[source.key] = where
            sources[source.key] = source
    return sources, faults


def _read_tables(path: Path) -> tuple[dict[str, object], list[Fault]]:
    text, faults = _read_text(path)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, [*faults, Fault(path.name, f"is not TOML: {error}", "mend the file")]
    tables: dict[str, object] = {}
    for room, content in document.items():
        if isinstance(content, dict):
            tables |= {f"{room}.{name}": table for name, table in content.items()}
        else:
            faults.append(Fault(room, "expects a table of records", f"write [{room}.name_unit]"))
    return tables, faults


def _read_text(path: Path) -> tuple[str, list[Fault]]:
    try:
        return path.read_text(encoding="utf-8"), []
    except (OSError, UnicodeDecodeError) as error:
        return "", [Fault(path.name, f"cannot be read: {error}", "write it as UTF-8 text")]
