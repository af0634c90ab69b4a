"""Find and read scenario files and the chain of what they extend."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from moonbase.core.errors import ScenarioError
from moonbase.core.faults import nearest, shown
from moonbase.parameters.quantity import DATA

SCHEMA_VERSION: Final = 1
_FOLDER = DATA / "scenarios"
_LARGEST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One scenario file as it was read, or the overrides of a call."""

    name: str
    where: str
    tree: dict[str, Any]
    shipped: bool = False


def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios.

    >>> "alpha" in scenario_names()
    True
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def read_chain(name_or_path: str | Path) -> list[Layer]:
    """Read a scenario and everything that it extends, itself first."""
    layers: list[Layer] = []
    seen: list[Path] = []
    wanted: str | Path | None = name_or_path
    folder = Path()
    while wanted is not None:
        path, shipped = _locate(wanted, folder)
        try:
            identity = path.resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise ScenarioError(f"cannot be read: {error}", path=shown(str(path))) from error
        if identity in seen:
            chain = " -> ".join([*(layer.name for layer in layers), path.stem])
            hint = "take the extends out of one of them"
            raise ScenarioError(f"extends itself: {chain}", path=layers[-1].where, hint=hint)
        seen.append(identity)
        layer = Layer(name=path.stem, where=str(path), tree=_read_toml(path), shipped=shipped)
        layers.append(layer)
        extends = layer.tree.get("extends")
        wanted = extends if isinstance(extends, str) else None
        folder = path.parent
    return layers


def _locate(wanted: str | Path, folder: Path) -> tuple[Path, bool]:
    """Path of a scenario, and whether it is a shipped one."""
    if isinstance(wanted, Path) or wanted.endswith(".toml") or set(wanted) & {"/", os.sep}:
        return folder / wanted, False
    if wanted in scenario_names():
        return _FOLDER / f"{wanted}.toml", True
    names = ", ".join(scenario_names())
    hint = nearest(wanted, scenario_names()) or f"shipped scenarios: {names}; a file ends in .toml"
    raise ScenarioError("no shipped scenario has this name", path=shown(wanted), hint=hint)


def _read_toml(path: Path) -> dict[str, Any]:
    where = str(path)
    try:
        if path.is_dir():
            raise ScenarioError("is a directory", path=where, hint="name the TOML file in it")
        if path.exists() and not path.is_file():
            raise ScenarioError("is no regular file", path=where, hint="name a TOML file")
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        known = ", ".join(scenario_names())
        hint = nearest(path.stem, scenario_names()) or f"shipped scenarios: {known}"
        raise ScenarioError("no such file", path=where, hint=hint) from error
    except (OSError, ValueError) as error:
        hint = "check the name and its permissions"
        raise ScenarioError(f"cannot be read: {error}", path=where, hint=hint) from error
    if len(content) > _LARGEST_BYTES:
        raise ScenarioError("is larger than 10 MB", path=where, hint="is it a scenario?")
    tree = _parse(content, where)
    version = tree.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:
        got = "it is missing" if version is None else f"got {shown(version)}"
        hint = f"write schema_version = {SCHEMA_VERSION} at the top of the file"
        message = f"this version reads schema_version {SCHEMA_VERSION}; {got}"
        raise ScenarioError(message, path=where, hint=hint)
    return tree


def _parse(content: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        path = f"{where}, line {line}"
        raise ScenarioError("is not UTF-8", path=path, hint="save it as UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        message = str(error) if str(error).isprintable() else ascii(str(error))
        found = re.search(r"at line (\d+)", message)
        last = content.count(b"\n") + 1 if "end of document" in message else 0
        line = int(found[1]) if found else last
        path = f"{where}, line {line}" if line else where
        raise ScenarioError(f"is not TOML: {message}", path=path, hint="mend this line") from error
