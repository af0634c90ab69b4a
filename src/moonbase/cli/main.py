"""The ``moonbase`` command: errors and exit codes, and the list of sub-commands."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from contextlib import suppress
from typing import Any

import click

from moonbase import __version__
from moonbase.cli.data import data
from moonbase.cli.disperse import disperse
from moonbase.cli.driver import driver
from moonbase.cli.industry import industry
from moonbase.cli.orbits import fly, site, swarm, windows
from moonbase.cli.params import params
from moonbase.cli.plan import plan
from moonbase.cli.results import compare, report, validate
from moonbase.cli.run import run
from moonbase.cli.scenarios import scenarios, schema
from moonbase.core.errors import ExportError, MoonbaseError

_EXIT_BUG = 1
_EXIT_OUT_OF_MEMORY = 3
_EXIT_INTERRUPTED = 130
_EXIT_BROKEN_PIPE = 141


class _Moonbase(click.Group):
    """Turns every error into one message on stderr and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            message, code = _explain(error)
            if message:
                click.echo(f"moonbase: {message}", err=True)
            _release_stdout()
            ctx.exit(code)


def _explain(error: BaseException) -> tuple[str, int]:
    """Find what to tell about an error, and the exit code."""
    if isinstance(error, MoonbaseError):
        return str(error), error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", _EXIT_INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return "", _EXIT_BROKEN_PIPE
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = "free some space" if full else "check the path and its permissions"
        path = str(error.filename or "output")
        wrapped = ExportError(error.strerror or str(error), path=path, hint=hint)
        return str(wrapped), wrapped.exit_code
    if isinstance(error, MemoryError):
        return "out of memory\n  take fewer draws (--draws)", _EXIT_OUT_OF_MEMORY
    told = f"internal error: {type(error).__name__}: {error}"
    return f"{told}\n  moonbase --debug ... shows where; please report it", _EXIT_BUG


def _release_stdout() -> None:
    """Keep the interpreter from failing again on an output that cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Moonbase, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moonbase")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Simulate industry on the Moon that throws compute satellites into deep space."""


_FLIGHT = (fly, windows, disperse, site, swarm, data)
for _command in (
    run,
    plan,
    driver,
    industry,
    *_FLIGHT,
    scenarios,
    schema,
    params,
    report,
    compare,
    validate,
):
    main.add_command(_command)
