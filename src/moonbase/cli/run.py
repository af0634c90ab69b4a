"""``moonbase run``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from moonbase.cli.output import echo_json, progress_on_stderr, read_settings
from moonbase.core.errors import ExportError

_JSON_KEYS = (
    "scenario",
    "schema_version",
    "draws",
    "seed",
    "status_counts",
    "headline",
    "series",
    "binding",
    "sensitivity",
)


@click.command()
@click.argument("scenario")
@click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    callback=read_settings,
    help='Override a number or an option, such as driver.payload_kg="1.5 t". May be repeated.',
)
@click.option("--draws", type=int, help="Number of draws; by default the scenario's.")
@click.option("--seed", type=int, help="Seed of the random draws; by default the scenario's.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write, not yet there; by default runs/SCENARIO-TIME.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def run(
    scenario: str,
    overrides: dict[str, object],
    draws: int | None,
    seed: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run a scenario: a shipped name, or the path of a TOML file."""
    if out is None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        out = Path("runs") / f"{Path(scenario).stem}-{stamp}"
    if out.exists() or out.is_symlink():
        raise ExportError("is there already", path=str(out), hint="choose another --out")
    from moonbase import api

    with progress_on_stderr() as progress:
        result = api.run(
            scenario, draws=draws, seed=seed, set=overrides, out=out, progress=progress
        )
    if as_json:
        summary = {key: result.summary[key] for key in _JSON_KEYS}
        echo_json({**summary, "run_dir": str(out)})
        return
    from rich.console import Console

    from moonbase.report.page import print_page

    print_page(result.summary, Console())
    click.echo(f"Report: {out / 'report.html'}")
