"""``moonbase params``: the numbers that a run stands on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from moonbase.cli.output import echo_json, echo_table
from moonbase.core.errors import ParameterError

if TYPE_CHECKING:
    from moonbase.parameters import Datum


@click.group()
def params() -> None:
    """Show the numbers of the data set and where they come from."""


@params.command("list")
@click.option("--room", help="Only the records of this room, such as driver.")
@click.option("--kind", help="Only this kind, such as placeholder.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_records(room: str | None, kind: str | None, as_json: bool) -> None:
    """List the records."""
    from moonbase.parameters import KINDS, load_parameters, symbol_of

    records = load_parameters()
    _check_choice("--room", room, {key.partition(".")[0] for key in records})
    _check_choice("--kind", kind, KINDS)
    chosen = [
        datum
        for datum in records.values()
        if (room is None or datum.key.startswith(f"{room}."))
        and (kind is None or datum.kind == kind)
    ]
    if as_json:
        echo_json([{**asdict(datum), "unit": symbol_of(datum.unit)} for datum in chosen])
        return
    rows = [
        (datum.key, _quantity(datum), _range(datum), datum.kind, datum.source) for datum in chosen
    ]
    echo_table(("key", "value", "range", "kind", "source"), rows)


@params.command("show")
@click.argument("key")
def show_record(key: str) -> None:
    """Show one record in full."""
    from moonbase.parameters import load_parameters

    parameters = load_parameters()
    datum = parameters.find(key)
    lines = {
        "key": datum.key,
        "label": datum.label,
        "value": _quantity(datum),
        "range": _range(datum),
        "distribution": datum.distribution,
        "kind": datum.kind,
        "price year": str(datum.price_year or ""),
        "source": f"{datum.source}: {parameters.sources[datum.source].text}",
        "where": datum.where,
        "note": datum.note,
    }
    for name, text in lines.items():
        if text:
            click.echo(f"{name:<13} {text}")


@params.command("audit")
def audit() -> None:
    """Count the records by kind and list what deserves a look."""
    from moonbase.parameters import audit_parameters, load_parameters

    parameters = load_parameters()
    found = audit_parameters(parameters)
    click.echo(f"{len(parameters)} records")
    for kind, count in found.n_by_kind.items():
        click.echo(f"  {kind:<12} {count:>4}")
    for title, keys in (
        ("placeholders", found.placeholders),
        ("records without a range", found.without_range),
        ("sources that no record cites", found.unused_sources),
    ):
        click.echo(f"{len(keys)} {title}")
        for key in keys:
            click.echo(f"  {key}")


def _check_choice(option: str, chosen: str | None, known: set[str] | tuple[str, ...]) -> None:
    if chosen is not None and chosen not in known:
        hint = f"one of {', '.join(sorted(known))}"
        raise ParameterError(f"unknown value {chosen!r}", path=option, hint=hint)


def _quantity(datum: Datum) -> str:
    from moonbase.parameters import with_unit

    return with_unit(datum.value, datum.unit)


def _range(datum: Datum) -> str:
    return f"{datum.low:.6g} .. {datum.high:.6g}" if datum.has_range else ""
