"""``moonbase plan``: what to build, make, land and launch, when, and what the plan is worth."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from moonbase.cli.output import (
    echo_json,
    echo_table,
    progress_on_stderr,
    read_settings,
    write_new,
)
from moonbase.core.errors import ExportError

_GOALS = ("most_compute", "most_launched", "earliest_rate", "least_cost", "final_stock")


@click.command()
@click.argument("scenario", default="alpha")
@click.option(
    "--goal", type=click.Choice(_GOALS), default="most_compute", show_default=True, help="Goal."
)
@click.option(
    "--years/--quarterly",
    "yearly",
    default=False,
    help="Periods of a quarter (default), or of a year: ten times quicker, but a replay by months "
    "keeps less than half of it. Take years for several sites.",
)
@click.option(
    "--rate",
    "rate_GW_yr",
    type=click.FloatRange(min=0.0, min_open=True),
    help="For earliest_rate: GW of power added in a year; the scenario's announced goal without.",
)
@click.option(
    "--served",
    "served_GW",
    type=click.FloatRange(min=0.0, min_open=True),
    help="For least_cost: GW in service at the end.",
)
@click.option(
    "--night",
    type=click.Choice(("mean", "stored")),
    default="mean",
    show_default=True,
    help="Arrays at their mean yield, or load carried through the dark.",
)
@click.option(
    "--sites",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with several sites and the roads between them.",
)
@click.option("--integers", is_flag=True, help="Whole landings, driver line, chip plant. Slow.")
@click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(min=0.0, min_open=True),
    default=300.0,
    show_default=True,
    help="Longest time of one solve, s.",
)
@click.option(
    "--draw",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Draw to plan for; 0 is the nominal case.",
)
@click.option(
    "--replay-draws",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="Draws that the plan is replayed in; 0 leaves the replay out.",
)
@click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    callback=read_settings,
    help='Override a number or an option, such as driver.payload_kg="1.5 t". May be repeated.',
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Page to write (HTML), not yet there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan(
    scenario: str,
    goal: str,
    yearly: bool,
    rate_GW_yr: float | None,
    served_GW: float | None,
    night: str,
    sites: Path | None,
    integers: bool,
    time_limit_s: float,
    draw: int,
    replay_draws: int,
    overrides: dict[str, object],
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan a scenario with the future known: what to build, make, land and launch, and when."""
    if out is not None and (out.exists() or out.is_symlink()):
        raise ExportError("is there already", path=str(out), hint="choose another --out")
    if replay_draws == 1:
        raise click.BadParameter("0, or at least 2", param_hint="--replay-draws")
    from moonbase import api

    with progress_on_stderr() as progress:
        found = api.plan(
            scenario,
            set=overrides,
            goal=goal,
            step_yr=1.0 if yearly else 0.25,
            draw=draw,
            night=night,
            sites=sites or (),
            rate_W_yr=None if rate_GW_yr is None else 1e9 * rate_GW_yr,
            served_W=None if served_GW is None else 1e9 * served_GW,
            integers=integers,
            time_limit_s=time_limit_s,
            replay_draws=replay_draws,
            progress=progress,
        )
    if out is not None:
        write_new(out, found.page())
    if as_json:
        echo_json(found.summary)
        return
    from moonbase.report import plan_words as words

    click.echo(words.goal_line(found.summary))
    click.echo(words.solver_line(found.summary))
    for table in (words.years_table(found.summary), words.binding_table(found.summary)):
        click.echo("")
        click.echo(table.title)
        echo_table(table.head, table.rows if sys.stdout.isatty() else [table.head, *table.rows])
    click.echo("")
    for line in words.replay_lines(found.summary):
        click.echo(line)
    if out is not None:
        click.echo(f"Page: {out}")
