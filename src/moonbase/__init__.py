"""moonbase: a scenario goes in, typed tables from regolith to dollars come out.

``run``, ``plan`` and ``load`` come from `moonbase.api` on first use, so that ``import moonbase``
loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moonbase.api import load, plan, run

__version__ = "0.1.0"
__all__ = ["__version__", "load", "plan", "run"]


def __getattr__(name: str) -> Any:
    if name in ("load", "plan", "run"):
        return getattr(import_module("moonbase.api"), name)
    raise AttributeError(f"module 'moonbase' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
