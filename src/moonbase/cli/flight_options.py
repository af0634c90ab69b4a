"""What the commands of flight share: their options, the plan they read, the page they write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from moonbase.cli.output import read_settings, refuse_old, write_new

if TYPE_CHECKING:
    from moonbase.flight_plan import Plan, Sunlight

_Command = TypeVar("_Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
POINTS = ("L1", "L2", "L3", "L4", "L5")
TARGETS = (*POINTS, *(f"SE-{name}" for name in POINTS), "drift", "lunar-orbit", "earth-orbit")


def _absent(_context: object, _option: object, path: Path | None) -> Path | None:
    """Refuse a page that is there already before anything is flown."""
    if path is not None:
        refuse_old(path)
    return path


def shared_options(command: _Command) -> _Command:
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
                help='Override a number, such as orbits.site_longitude_rad="30 deg". May be '
                "repeated.",
            ),
            click.option(
                "--out", type=FILE, callback=_absent, help="Page to write (HTML), not yet there."
            ),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        )
    ):
        command = add(command)
    return command


def epoch_options(command: _Command) -> _Command:
    """Arguments of a date."""
    for add in reversed(
        (
            click.option(
                "--epoch",
                metavar="DATE",
                help="Release (or the first): 2030-03-01T06:00:00 in TDB, with a Z in UTC; by "
                "default the start of the scenario.",
            ),
            click.option(
                "--assume-no-new-leap-second",
                "assume",
                is_flag=True,
                help="Read UTC past the announced leap seconds as if none came.",
            ),
        )
    ):
        command = add(command)
    return command


def days_option(default: float, about: str) -> Callable[[_Command], _Command]:
    """Span in days."""
    return click.option("--days", type=float, default=default, show_default=True, help=about)


def light_options(command: _Command) -> _Command:
    """Arguments of sunlight on the satellite's array."""
    for add in reversed(
        (
            click.option(
                "--deploy",
                type=float,
                default=1.0,
                show_default=True,
                help="Days after release at which the array opens and faces the Sun.",
            ),
            click.option("--no-sunlight", "dark", is_flag=True, help="Fly without sunlight."),
        )
    ):
        command = add(command)
    return command


degree_option = click.option(
    "--degree",
    type=click.IntRange(2, 150),
    default=20,
    show_default=True,
    help="Degree of the lunar gravity field; above 20 see moonbase data get.",
)


def read_plan(
    scenario: str,
    overrides: dict[str, object],
    epoch: str | None,
    assume: bool,
    deploy_days: float | None = None,
) -> Plan:
    """Read the scenario and the epoch of a command; without sunlight unless an array opens."""
    from moonbase import flight_plan

    return flight_plan.plan(
        scenario,
        epoch=epoch,
        set=overrides,
        assume_no_new_leap_second=assume,
        deploy_days=deploy_days,
    )


def light_words(light: Sunlight | None, days: float) -> str:
    """What sunlight does, in a sentence."""
    from moonbase.report.flight_page import quantity

    if light is None:
        return "Flown without sunlight."
    span = quantity("span_s", 86_400.0 * days)
    effect = (
        f"moves the nominal release by {quantity('shift_m', light.shift_m)} in {span}"
        if light.shift_m == light.shift_m
        else "acts on a nominal release that ends early"
    )
    plate = quantity("area_per_mass_m2_kg", light.area_per_mass_m2_kg)
    opened = quantity("deploy_s", light.deploy_s)
    when = f"from {opened} after release" if light.deploy_s else "from the release on"
    return f"Sunlight on {plate} of array, facing the Sun {when}, {effect}."


def write_page(out: Path | None, **sections: Any) -> None:
    """Write the page with what there is to show."""
    if out is None:
        return
    from moonbase import __version__
    from moonbase.report.flight_page import flight_page

    write_new(out, flight_page(version=__version__, **sections))


def told(*paths: Path | None) -> None:
    """Name the files that were written."""
    for path in paths:
        if path is not None:
            click.echo(f"Written: {path}")
