"""Faults of a data or scenario file: collected first, raised together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from moonbase.core.errors import MoonbaseError

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: ``path`` names it, ``hint`` mends it, ``where`` is the file."""

    path: str
    message: str
    hint: str = ""
    where: str = ""

    def __str__(self) -> str:
        head = f"{self.path}: {self.message}"
        return f"{head}\n    {self.hint}" if self.hint else head


def placed(faults: Iterable[Fault], where: str) -> list[Fault]:
    """Faults with the file they stand in."""
    return [replace(fault, where=where) for fault in faults]


def fault_error(error: type[MoonbaseError], faults: Sequence[Fault]) -> MoonbaseError:
    """One error that tells every fault.

    >>> from moonbase.core.errors import ScenarioError
    >>> print(fault_error(ScenarioError, [Fault("a.b_kg", "is missing", where="x.toml")]))
    a.b_kg: is missing
      in x.toml
    """
    if len(faults) == 1:
        (fault,) = faults
        place = f"in {fault.where}" if fault.where else ""
        hint = "\n  ".join(part for part in (fault.hint, place) if part)
        return error(fault.message, path=fault.path, hint=hint)
    by_file: dict[str, list[str]] = {}
    for fault in faults[:_SHOWN]:
        by_file.setdefault(fault.where, []).append(f"  {fault}")
    lines = []
    for where, told in by_file.items():
        lines += [f"in {where}:", *told] if where else told
    if len(faults) > _SHOWN:
        lines.append(f"and {len(faults) - _SHOWN} more")
    return error("\n".join([f"{len(faults)} faults", *lines]))


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or nothing.

    >>> nearest("driver.payload_kgs", ["driver.payload_kg", "city.n_crew"])
    'did you mean driver.payload_kg?'
    """
    found = get_close_matches(name[:200], list(known), n=1, cutoff=0.6)
    return f"did you mean {found[0]}?" if found else ""


def shown(value: object) -> str:
    """Render a value that a file or a person gave, short enough for one line.

    >>> shown("3 W"), shown(True), shown(-1000.0)
    ('"3 W"', 'true', '-1000')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    try:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    except (ValueError, RecursionError):
        return "something too long or too deep to show"
    text = text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
    return text if len(text) <= 60 else f"{text[:57]}..."
