"""Options that the commands of one field share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from moonbase.cli.output import read_settings

_Command = TypeVar("_Command", bound=Callable[..., Any])


def study_options(command: _Command) -> _Command:
    """Arguments that every command takes."""
    for add in reversed(
        (
            click.argument("scenario", default="alpha"),
            click.option(
                "--set",
                "overrides",
                metavar="KEY=VALUE",
                multiple=True,
                callback=read_settings,
                help='Override a number, such as driver.payload_kg="1.5 t". May be repeated.',
            ),
            click.option("--seed", type=int, default=2026, show_default=True, help="Seed."),
            click.option(
                "--out",
                type=click.Path(path_type=Path, dir_okay=False),
                help="Page to write (HTML), not yet there.",
            ),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        )
    ):
        command = add(command)
    return command
