"""Missions as files: the elements of a stack and the events of its flight, in TOML.

Neglected: dates and places; an event stands in the order in which it happens.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from moonbase.core.errors import DomainError
from moonbase.transport.stack import (
    Burn,
    Coast,
    Create,
    Dock,
    Element,
    Event,
    Move,
    Stage,
    Transfer,
    Undock,
)

_FOLDER = "data/transport"
_EVENTS: dict[str, type[Any]] = {
    "burn": Burn,
    "stage": Stage,
    "create": Create,
    "move": Move,
    "undock": Undock,
    "dock": Dock,
    "transfer": Transfer,
    "coast": Coast,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """A stack and what happens to it, as a file tells it."""

    name: str
    source: str
    g0_m_s2: float
    stack: tuple[Element, ...]
    events: tuple[Event, ...]


def load_mission(*, name: str | Path) -> Mission:
    """Read a mission: a shipped one by name, or a TOML file of the same form.

    Parameters
    ----------
    name : str or Path
        ``"lunar-sortie"`` (SpaceNet quick start 1), ``"halo-sortie"`` (quick start 3), or a path.

    Returns
    -------
    Mission
        Ready for :func:`fly`: ``fly(m.stack, m.events, g0_m_s2=m.g0_m_s2)``.

    Raises
    ------
    DomainError
        When there is no such mission or a record does not fit.

    Notes
    -----
    Source: completed_quick_start_1.xml of SpaceNet 2.5r2; quick_start_3 of the Python port (2024).

    Examples
    --------
    >>> from moonbase.transport.ledger import fly
    >>> m = load_mission(name="lunar-sortie")
    >>> flight = fly(m.stack, m.events, g0_m_s2=m.g0_m_s2)
    >>> round(flight.mass_after_kg(event="trans-lunar injection"), 1)
    65400.0
    """
    shipped = files("moonbase") / _FOLDER / f"{name}.toml"
    source = shipped if shipped.is_file() else Path(name)
    if not source.is_file():
        raise DomainError(
            f"no mission {str(name)!r}", path="name", hint="lunar-sortie, halo-sortie, or a path"
        )
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    return Mission(
        name=raw["name"],
        source=raw["source"],
        g0_m_s2=raw["g0_m_s2"],
        stack=tuple(element_of(row) for row in raw.get("stack", ())),
        events=tuple(event_of(row) for row in raw["events"]),
    )


def element_of(row: Element | Mapping[str, Any]) -> Element:
    """Element itself, or one built from the fields in a mapping."""
    return row if isinstance(row, Element) else _build(Element, dict(row))


def event_of(row: Mapping[str, Any]) -> Event:
    """Event built from a mapping; ``event`` names its class, a burn where it is left out."""
    fields = dict(row)
    kind = fields.pop("event", "burn")
    if kind not in _EVENTS:
        raise DomainError(
            f"{kind!r} is not an event", path="burns", hint=f"one of: {', '.join(_EVENTS)}"
        )
    for key in ("stages", "elements"):
        if key in fields:
            fields[key] = tuple(fields[key])
    if kind == "create":
        fields["elements"] = tuple(element_of(e) for e in fields["elements"])
    made: Event = _build(_EVENTS[kind], fields)
    return made


def _build(cls: type[Any], fields: dict[str, Any]) -> Any:
    try:
        return cls(**fields)
    except TypeError as error:
        raise DomainError(
            str(error), path=str(fields.get("name", "")), hint=f"fields of {cls.__name__}"
        ) from error
