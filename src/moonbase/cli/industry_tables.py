"""Tables of ``moonbase industry`` on stdout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from moonbase.cli.output import echo_table

_BAND = ("nominal", "P10", "P50", "P90")
_TOP = 10
Block = Mapping[str, Any]


def _section(heading: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table under its heading; nothing where there are no rows."""
    if rows:
        click.echo(f"\n{heading}")
        echo_table(("", *head), rows)


def _bands(heading: str, values: Mapping[str, Any]) -> None:
    from moonbase.report.industry_page import NAMES, band

    rows = [(NAMES[name], *band(name, value)) for name, value in values.items()]
    _section(heading, _BAND, rows)


def print_growth(told: Block, extra: Block) -> None:
    """Print growth, what it hangs on and when goals are reached."""
    _bands(
        "Balanced growth; per kg of new capital",
        {**told["values"], "late_doubling_yr": told["late_doubling_yr"]},
    )
    click.echo(f"Grows in {told['grows_frac']:.1%} of draws; nominal case {told['status']}.")
    _capital(told)
    _targets(extra["targets"])
    _worth(extra["worth"])
    _levers("Doubling time over the range of the scenario's numbers", extra["levers"]["records"])
    _levers("Doubling time over the range of the recipes' numbers", extra["levers"]["recipes"])
    _steps(extra["steps"])
    _tradeoff(extra["tradeoff"])


def _capital(told: Block) -> None:
    rows = [(name, f"{frac:.1%}") for name, frac in told["capital_frac"].items() if frac == frac]
    rows += [(f"machine in {name}", f"{frac:.1%}") for name, frac in told["plant_frac"].items()]
    _section("Capital by mass", ("share",), rows)


def _targets(targets: Sequence[Block]) -> None:
    from moonbase.report.driver_figures import numbers
    from moonbase.report.format import mass, si
    from moonbase.report.industry_page import band

    rows = [
        (
            si(row["goal_W_yr"], "W/yr", 2),
            *band("time_yr", row["time_yr"]),
            mass(numbers(row["import_kg_yr"])[0], "/yr"),
            mass(numbers(row["capital_kg"])[0]),
            si(numbers(row["power_W"])[0], "W"),
        )
        for row in targets
    ]
    head = (*_BAND, "landed then", "capital then", "power then")
    _section("Time to a stream of satellites, landings granted (a lower bound)", head, rows)


def _worth(worth: Sequence[Block]) -> None:
    from moonbase.report.format import significant
    from moonbase.report.industry_figures import words

    rows = [(words(r["name"]), f"1 {r['unit']}", f"{significant(r['worth_kg'])} kg") for r in worth]
    _section("What one more is worth, in capital", ("amount", "worth"), rows)


def _levers(heading: str, rows: Sequence[Block]) -> None:
    from moonbase.report.industry_figures import ends_text, quantity

    head = ("range", "at low", "at high", "d ln g/d ln x", "kind")
    table = [
        (
            row["label"],
            ends_text(row),
            quantity("doubling_yr", row["doubling_low_yr"]),
            quantity("doubling_yr", row["doubling_high_yr"]),
            "" if row["elasticity_nd"] is None else f"{row['elasticity_nd']:+.3f}",
            row["kind"],
        )
        for row in rows[:_TOP]
    ]
    _section(heading, head, table)


def _steps(steps: Sequence[Block]) -> None:
    from moonbase.report.industry_figures import quantity

    fields = ("doubling_yr", "doubling_ratio", "import_ratio", "energy_kWh_kg", "power_W_kg")
    rows = [
        (f"{r['change']} {r['step']}".strip(), *(quantity(f, r[f]) for f in fields)) for r in steps
    ]
    head = ("doubling", "over nominal", "landed/new kg", "electricity/new kg", "power/capital")
    _section("One thing changed at a time", head, rows)


def _tradeoff(curve: Block) -> None:
    from moonbase.report.format import mass
    from moonbase.report.industry_figures import quantity
    from moonbase.report.industry_page import written

    rows = [
        (
            f"{share:.0%}",
            written("growth_1_yr", curve["growth_1_yr"][i]),
            quantity("import_ratio", curve["new_import_ratio"][i]),
            mass(1e3 * float(curve["product_import_kg_W"][i])),
        )
        for i, share in enumerate(curve["local_frac"])
        if i % 4 == 0
    ]
    head = ("growth", "landed/new kg", "landed/kW of satellites")
    _section("Electronics made on the Moon", head, rows)


def print_closure(told: Block) -> None:
    """Print closure by every measure."""
    from moonbase.report.industry_figures import words
    from moonbase.report.industry_page import band

    _bands("Closure of the growing industry", told["values"])
    rows = [(name, *band("closure_frac", value)) for name, value in told["elements"].items()]
    _section("By element", _BAND, rows)
    rows = [(words(name), *band("x_kg", value)) for name, value in told["imports_ratio"].items()]
    _section("Landed per new kg", _BAND, rows)
    rows = [(words(name), *band("stop_s", value)) for name, value in told["stop_s"].items()]
    _section("A store lasts", _BAND, rows)
    if told["blocked_by"]:
        click.echo(f"No recipe makes {', '.join(map(words, told['blocked_by']))}.")


def print_recipes(rows: Sequence[Block], check: Block) -> None:
    """Print the recipe table and what its checks found."""
    from moonbase.report.format import significant
    from moonbase.report.industry_page import check_facts, ranged

    table = [
        (
            row["process"],
            f"{row['output']}, {row['unit']}",
            f"{ranged(row['electricity_kWh'], row['electricity_range_kWh'])} kWh",
            f"{significant(row['heat_kWh'])} kWh",
            f"{significant(row['floor_kWh'])} kWh",
            f"{significant(row['robot_h'])} h",
            f"{ranged(row['capital_kg_yr'], row['capital_range_kg_yr'])} kg",
            f"{significant(row['life_yr'])} yr",
            row["kind"],
        )
        for row in rows
    ]
    head = ("makes", "electricity", "heat", "floor", "robot", "plant per 1/yr", "life", "kind")
    _section("Recipes, per unit of main output", head, table)
    _section("Checks", ("",), check_facts(check))


def print_balance(told: Block) -> None:
    """Print what a unit of a product takes."""
    from moonbase.report.format import mass, percent, significant
    from moonbase.report.industry_figures import quantity, words
    from moonbase.report.industry_page import NAMES, band, written

    per = f"{told['unit']} of {words(told['product'])}"
    _section(
        f"What one {per} takes, with the upkeep of the capital behind it",
        (*_BAND, "without upkeep"),
        [
            (NAMES[name], *band(name, value), written(name, told["direct"][name]))
            for name, value in told["totals"].items()
        ],
    )
    _section(
        "Landed", ("",), [(words(name), mass(value)) for name, value in told["imports_kg"].items()]
    )
    _section(
        "Line by line",
        ("makes", "of it upkeep", "electricity", "heat", "robot time", "plant"),
        [
            (
                row["process"],
                f"{significant(row['activity'])} {words(row['output'])}",
                percent(max(1.0 - row["direct"] / row["activity"], 0.0)),
                *(quantity(f, row[f]) for f in ("electricity_kWh", "heat_kWh", "robot_h")),
                mass(row["capital_kg_yr"]),
            )
            for row in told["processes"]
        ],
    )


def print_process(one: Block) -> None:
    """Print mass, elements and energy of one process."""
    shown = [
        element
        for element in one["imbalance_kg"]
        if any(element in row["elements"] for row in one["flows"])
    ]
    rows = [
        (
            row["commodity"],
            f"{row['amount']:+.6g} {row['unit']}",
            f"{row['mass_kg']:+.6g}",
            *(f"{row['elements'].get(element, 0.0):+.5f}" for element in shown),
        )
        for row in one["flows"]
    ]
    total = sum(row["mass_kg"] for row in one["flows"])
    gaps = [f"{one['imbalance_kg'][element]:+.1e}" for element in shown]
    _section(
        f"{one['label']}: kg per unit of {one['output']}, out positive",
        ("amount", "mass", *shown),
        [*rows, ("out less in", "", f"{total:+.1e}", *gaps)],
    )
    energy = [(name, f"{value:.4g} kWh") for name, value in one["energy_kWh"].items()]
    energy += [(f"least: {name}", f"{value:.4g} kWh") for name, value in one["floor_kWh"].items()]
    _section("Energy", ("",), energy)


def print_flows(block: Block) -> None:
    """Print flows between nodes, largest first."""
    from moonbase.report.format import mass, si

    def write(value: float) -> str:
        return mass(value, "/yr") if block.get("unit") == "kg/yr" else si(value, "W")

    links = block.get("links") or []
    total = sum(row["value"] for row in links if row["source"] in _sources(links)) or 1.0
    rows = [
        (
            str(row["source"]),
            str(row["target"]),
            write(row["value"]),
            f"{row['value'] / total:.1%}",
        )
        for row in links
    ]
    heading = f"{block.get('what', 'Flows')}, {block.get('label') or ''}"
    _section(heading, ("to", "flow", "of all that enters"), rows)


def _sources(links: Sequence[Block]) -> set[str]:
    return {row["source"] for row in links} - {row["target"] for row in links}
