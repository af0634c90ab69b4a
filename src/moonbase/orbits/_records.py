"""Sourced constants of the flight engine, from data/orbits/constants.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from moonbase.core.errors import DomainError


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    path = files("moonbase") / "data" / "orbits" / "constants.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def constant(key: str) -> float:
    """Value of ``table.name``."""
    table, name = key.split(".")
    return float(_tables()[table][name])


def gm_of(body: str) -> float:
    """Gravitational parameter of a body in DE440, m3/s2."""
    return _of("gm_m3_s2", body)


def radius_of(body: str) -> float:
    """Radius of a body, m."""
    return _of("radius_m", body)


def _of(table: str, body: str) -> float:
    value = _tables()[table].get(body)
    if not isinstance(value, float):
        known = ", ".join(key for key, item in _tables()[table].items() if isinstance(item, float))
        raise DomainError(f"no such body: {body!r}", path="body", hint=f"one of {known}")
    return value
