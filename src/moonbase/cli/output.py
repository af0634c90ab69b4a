"""What the commands share: tables, JSON, progress, and reading a run folder."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from moonbase.core.errors import ExportError, ScenarioError

ProgressCallback = Callable[[str, float], None]
_SUMMARY_KEYS = (
    ("scenario", str),
    ("draws", int),
    ("seed", int),
    ("status_counts", dict),
    ("headline", dict),
    ("series", dict),
    ("binding", list),
    ("sensitivity", list),
)


def finite(value: Any) -> Any:
    """Copy of a value for JSON: arrays become lists, and None stands for what JSON cannot hold.

    >>> finite({"a": [1.0, float("nan")]})
    {'a': [1.0, None]}
    """
    if hasattr(value, "tolist"):
        return finite(value.tolist())
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def echo_json(value: Any) -> None:
    """Print one JSON value on stdout."""
    click.echo(json.dumps(finite(value), allow_nan=False))


def echo_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on a terminal, else one line a row with tabs between."""
    if not rows or not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold", box=None)
    table.add_column(headers[0], no_wrap=True, min_width=max(len(row[0]) for row in rows))
    for header in headers[1:]:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)


@contextmanager
def progress_on_stderr() -> Iterator[ProgressCallback]:
    """Show how far a run is: a bar on a terminal, else one line a stage."""
    if not sys.stderr.isatty():
        yield _stage_lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def show(stage: str, fraction: float) -> None:
            bar.update(task, description=stage, completed=fraction)

        yield show


def _stage_lines() -> ProgressCallback:
    last = ""

    def show(stage: str, fraction: float) -> None:
        nonlocal last
        if stage != last:
            click.echo(stage, err=True)
            last = stage

    return show


def read_summary(folder: Path) -> dict[str, Any]:
    """Read the summary of a run folder."""
    path = folder / "summary.json"
    hint = "name a folder that moonbase run has written"
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(error.strerror or str(error), path=str(path), hint=hint) from error
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"is not JSON: {error}", path=str(path), hint=hint) from error
    if not isinstance(summary, dict) or summary.get("schema_version") != 1:
        message = "is no run summary of schema_version 1"
        raise ScenarioError(message, path=str(path), hint=hint)
    wrong = [name for name, kind in _SUMMARY_KEYS if not isinstance(summary.get(name), kind)]
    if wrong:
        message = f"lacks {', '.join(wrong)}"
        raise ScenarioError(message, path=str(path), hint=hint)
    return summary


def read_settings(
    ctx: click.Context, parameter: click.Parameter, settings: tuple[str, ...]
) -> dict[str, object]:
    """Turn the KEY=VALUE options of a command into overrides."""
    overrides: dict[str, object] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{setting!r} is not KEY=VALUE", ctx, parameter)
        overrides[key.strip()] = value.strip()
    return overrides


def refuse_old(path: Path) -> None:
    """Refuse a file that is there already."""
    if path.exists() or path.is_symlink():
        raise ExportError("is there already", path=str(path), hint="choose another name")


def write_new(path: Path, content: str) -> None:
    """Write a file that is not there yet: whole, or not at all."""
    refuse_old(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(content, encoding="utf-8")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
