"""``moonbase industry``: the lunar industry of a scenario on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from moonbase.cli.industry_tables import (
    print_balance,
    print_closure,
    print_flows,
    print_growth,
    print_process,
    print_recipes,
)
from moonbase.cli.options import study_options
from moonbase.cli.output import echo_json, progress_on_stderr, read_summary, write_new

if TYPE_CHECKING:
    from moonbase.lunar_industry import Study

_Command = TypeVar("_Command", bound=Callable[..., Any])
_DRAWS = 256
_STREAM_kg_yr = "1 kt/yr"
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def industry() -> None:
    """Growth, closure, recipes, bills and flows of a scenario's lunar industry."""


def _study_options(command: _Command) -> _Command:
    """Arguments of what is computed over draws."""
    for add in reversed(
        (
            study_options,
            click.option("--draws", type=click.IntRange(min=2), default=_DRAWS, show_default=True),
            click.option(
                "--local-electronics",
                "local",
                type=click.FloatRange(0.0, 1.0),
                default=0.0,
                show_default=True,
                help="Share of electronics made on the Moon; the rest is landed.",
            ),
            click.option(
                "--as-table",
                is_flag=True,
                help="Recipes as the table has them: no multipliers, no lag, no outage.",
            ),
        )
    ):
        command = add(command)
    return command


def _study(scenario: str, overrides: dict[str, object], **options: Any) -> Study:
    from moonbase import lunar_industry

    with progress_on_stderr() as show:
        show("reading the scenario", 0.0)
        return lunar_industry.study(
            scenario,
            draws=options["draws"],
            seed=options["seed"],
            set=overrides,
            local_electronics_frac=options["local"],
            as_table=options["as_table"],
        )


@industry.command()
@_study_options
def growth(
    scenario: str, overrides: dict[str, object], out: Path | None, as_json: bool, **options: Any
) -> None:
    """How fast the industry grows, what that hangs on, and when it reaches its goals."""
    from moonbase import lunar_industry

    found = _study(scenario, overrides, **options)
    told = lunar_industry.grow(found)
    extra = {
        "targets": lunar_industry.targets(found),
        "worth": lunar_industry.worth(found),
        "levers": lunar_industry.levers(found),
        "steps": lunar_industry.sensitivity(found),
        "tradeoff": asdict(lunar_industry.tradeoff(found)),
    }
    _page(out, found, f"Growth of {found.scenario.name}", growth={**told, **extra})
    if as_json:
        curve = extra.pop("tradeoff")
        echo_json({**_head(found), **_banded({**told, **extra}), "tradeoff": curve})
        return
    print_growth(told, extra)
    _told(out)


@industry.command()
@_study_options
@click.option(
    "--stock",
    metavar="COMMODITY=MASS",
    multiple=True,
    help="A store when landings stop, such as electronics='20 t'; repeat for more.",
)
@click.option("--capital", metavar="MASS", help="Mass of the industry then, such as '200 t'.")
def closure(
    scenario: str,
    overrides: dict[str, object],
    stock: tuple[str, ...],
    capital: str | None,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """How much of itself the industry makes, and what stops it when landings stop."""
    from moonbase import lunar_industry
    from moonbase.parameters.quantity import parse_quantity

    stores = dict(map(_amount, stock))
    standing = None if capital is None else parse_quantity(capital, "kg", "--capital")
    found = _study(scenario, overrides, **options)
    told = lunar_industry.closing(found, import_stock_kg=stores or None, capital_kg=standing)
    if out is not None:
        curve = asdict(lunar_industry.tradeoff(found))
        _page(out, found, f"Closure of {found.scenario.name}", closure={**told, "tradeoff": curve})
    if as_json:
        echo_json({**_head(found), **_banded(told)})
        return
    print_closure(told)
    _told(out)


def _amount(text: str) -> tuple[str, float]:
    from moonbase.parameters.quantity import parse_quantity

    name, equals, amount = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not COMMODITY=MASS", param_hint="--stock")
    return name.strip(), parse_quantity(amount, "kg", f"--stock {name.strip()}")


@industry.command()
@study_options
@click.option("--soil", help="Soil of the site, such as 'Luna 24'; as --set soil=...")
@click.option("--match", default="", help="Only processes with this in a name or a flow.")
@click.option(
    "--recipes",
    "path",
    type=click.Path(path_type=Path, exists=True),
    help="Your own table: a folder of CSV files, or a TOML file that goes over the shipped one.",
)
@click.option("--csv", "csv_file", type=_FILE, help="File to write the table to (CSV).")
@click.option("--markdown", "markdown_file", type=_FILE, help="File to write the table to.")
def recipes(
    scenario: str,
    overrides: dict[str, object],
    seed: int,
    soil: str | None,
    match: str,
    path: Path | None,
    csv_file: Path | None,
    markdown_file: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """List the recipe table and what its checks found; a table that breaks physics is refused."""
    from moonbase import lunar_industry
    from moonbase.industry import recipe_appendix

    settings = overrides if soil is None else {**overrides, "soil": soil}
    table = lunar_industry.read_recipes(scenario, set=settings, path=path)
    rows = lunar_industry.recipe_rows(table, match)
    check = lunar_industry.check_report(table)
    for file, form in ((csv_file, "csv"), (markdown_file, "markdown")):
        if file is not None:
            write_new(file, recipe_appendix(table, form=form))
    _page(out, None, "Recipes", recipes=rows, check=check)
    if as_json:
        echo_json({"recipes": rows, "check": check})
        return
    print_recipes(rows, check)
    _told(csv_file, markdown_file, out)


@industry.command()
@_study_options
@click.option(
    "--of",
    "product",
    default="satellite",
    show_default=True,
    help="A commodity, such as machine, pv_kw or launched, or kW for a kilowatt of satellites.",
)
@click.option("--process", help="Show mass and elements of this process instead.")
def balance(
    scenario: str,
    overrides: dict[str, object],
    product: str,
    process: str | None,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """What one unit of a product takes, or the element balance of a process."""
    from moonbase import lunar_industry

    if process is not None:
        table = lunar_industry.read_recipes(scenario, set=overrides)
        one = lunar_industry.process_balance(table, process)
        _page(out, None, one["label"], process=one)
        echo_json(one) if as_json else print_process(one)
        _told(None if as_json else out)
        return
    found = _study(scenario, overrides, **options)
    told = lunar_industry.balance(found, product)
    title = f"What one {told['unit']} of {told['product'].replace('_', ' ')} takes"
    _page(out, found, title, balance=told)
    if as_json:
        echo_json({**_head(found), **_banded(told)})
        return
    print_balance(told)
    _told(out)


@industry.command()
@_study_options
@click.option(
    "--satellites",
    "stream",
    default=_STREAM_kg_yr,
    show_default=True,
    help="Satellites made a year.",
)
@click.option(
    "--energy", is_flag=True, help="Print flows of energy; the page shows mass and energy."
)
@click.option(
    "--run",
    "folder",
    type=click.Path(path_type=Path),
    help="Show the year of most satellites of this run folder instead.",
)
def sankey(
    scenario: str,
    overrides: dict[str, object],
    stream: str,
    energy: bool,
    folder: Path | None,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Flows of mass and energy behind a stream of satellites, or in a year of a run."""
    from moonbase import lunar_industry
    from moonbase.parameters.quantity import parse_quantity

    found = None
    if folder is not None:
        blocks = [{**read_summary(folder).get("flows", {}), "key": "flows", "what": "Mass flow"}]
        name = str(folder)
    else:
        found = _study(scenario, overrides, **options)
        rate = parse_quantity(stream, "kg_yr", "--satellites")
        mass_block = lunar_industry.mass_flows(found, rate)
        heat_block = lunar_industry.energy_flows(found, rate)
        blocks = [
            {**mass_block, "key": "mass-flows", "what": "Mass flow"},
            {**heat_block, "key": "energy-flows", "what": "Energy flow"},
        ]
        name = found.scenario.name
    _page(out, found, f"Flows of {name}", flows=blocks)
    if as_json:
        echo_json(blocks if len(blocks) > 1 else blocks[0])
        return
    block = blocks[-1 if energy else 0]
    print_flows(block)
    _told(out)


def _head(found: Study) -> dict[str, Any]:
    return {
        "scenario": found.scenario.name,
        "draws": found.inputs.n_draws,
        "local_electronics_frac": found.local_electronics_frac,
    }


def _banded(block: Any) -> Any:
    """The same with percentiles in place of arrays over the draws."""
    from moonbase.lunar_industry.study import bands

    if isinstance(block, Mapping):
        return {name: _banded(value) for name, value in block.items()}
    if isinstance(block, list):
        return [_banded(value) for value in block]
    return bands(block) if getattr(block, "ndim", 0) == 1 else block


def _page(out: Path | None, found: Study | None, title: str, **sections: Any) -> None:
    """Write the page with what there is to show, and first what the reader must know."""
    if out is None:
        return
    from moonbase import __version__
    from moonbase.lunar_industry import placeholders
    from moonbase.report.industry_page import industry_page

    lead, notes = "", []
    if found is not None:
        local = found.local_electronics_frac
        how = f"{local:.0%} of electronics made on the Moon" if local else "electronics landed"
        lead = f"Scenario {found.scenario.name}, {found.inputs.n_draws} draws, {how}."
        if names := placeholders(found):
            notes = [f"Rests on placeholders, which only hold a place: {', '.join(names)}."]
    sheet = industry_page(title=title, lead=lead, version=__version__, warnings=notes, **sections)
    write_new(out, sheet)


def _told(*paths: Path | None) -> None:
    for path in paths:
        if path is not None:
            click.echo(f"Written: {path}")
