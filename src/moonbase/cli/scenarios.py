"""``moonbase scenarios`` and ``moonbase schema``."""

from __future__ import annotations

import json

import click

from moonbase.cli.output import echo_json, echo_table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def scenarios(as_json: bool) -> None:
    """List the shipped scenarios."""
    from moonbase.scenario import load_scenario, scenario_names

    loaded = [load_scenario(name) for name in scenario_names()]
    if as_json:
        echo_json(
            [
                {
                    "name": scenario.name,
                    "title": scenario.title,
                    "description": scenario.description,
                    "lineage": scenario.lineage,
                }
                for scenario in loaded
            ]
        )
        return
    rows = [(scenario.name, scenario.title, scenario.description) for scenario in loaded]
    echo_table(("name", "title", "description"), rows)


@click.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file."""
    from moonbase.scenario import scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2, allow_nan=False))
