"""``moonbase data``: large data files that do not ship with the package."""

from __future__ import annotations

import click


@click.group()
def data() -> None:
    """Fetch data files that do not ship with the package."""


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
