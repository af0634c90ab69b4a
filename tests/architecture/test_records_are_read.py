"""A record that no scenario reads is a number nobody uses."""

from __future__ import annotations

import moonbase
from moonbase.parameters import load_parameters
from moonbase.scenario import scenario_names


def test_every_record_is_read_by_a_shipped_scenario() -> None:
    read: set[str] = set()
    for name in scenario_names():
        read |= {row["key"] for row in moonbase.run(name, draws=1).summary["inputs"]}
    assert sorted(set(load_parameters()) - read) == []
