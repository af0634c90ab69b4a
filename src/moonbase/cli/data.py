"""``moonbase data``: data files that are fetched, and those that are computed anew."""

from __future__ import annotations

from pathlib import Path

import click

from moonbase.cli.output import progress_on_stderr


@click.group()
def data() -> None:
    """Fetch data files that do not ship with the package, and build those that do."""


@data.command("get")
@click.argument("name", type=click.Choice(["lunar-gravity"]))
@click.option("--url", help="Another place to get the file from.")
def get(name: str, url: str | None) -> None:
    """Download NAME, check it, and keep it in the data folder.

    lunar-gravity is GLGM-3 to degree 150 (Mazarico et al. 2010), 1 MB, from NASA's Planetary Data
    System. The folder is the one that MOONBASE_DATA names, or moonbase in the user's data folder.
    """
    from moonbase.orbits.gravity import ARCHIVE_URL, fetch_full_field

    path = fetch_full_field(url=url or ARCHIVE_URL)
    click.echo(f"{name}: {path}, {path.stat().st_size:,} bytes")
    click.echo("Mazarico, Lemoine, Han, Smith (2010), doi:10.1029/2009JE003472", err=True)


@data.command("build")
@click.argument("name", type=click.Choice(["launch-table"]))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write; by default the package's own, which it replaces.",
)
def build(name: str, out: Path | None) -> None:
    """Compute NAME anew and write it with its provenance.

    launch-table holds the flown throws of the shipped scenarios' driver, some 40,000 flights of a
    year. Other sites and years are flown when a run asks for them and kept in the data folder.
    """
    from moonbase.flight_plan import build_launch_table

    with progress_on_stderr() as progress:
        table, path = build_launch_table(
            path=out, progress=lambda share: progress("flying the launch table", share)
        )
    n_throws = table.outcome.size
    click.echo(f"{name}: {path}, {n_throws:,} throws, {path.stat().st_size:,} bytes")
