"""A record that neither a scenario nor the driver's own functions read is a number nobody uses."""

from __future__ import annotations

import moonbase
from moonbase import mass_driver
from moonbase.parameters import load_parameters
from moonbase.scenario import scenario_names


def test_every_record_is_read_by_a_shipped_scenario_or_by_the_driver() -> None:
    found = mass_driver.study("alpha", draws=2)
    mass_driver.spread(found, n_shots=10)
    mass_driver.optimise(found, n_generations=1)
    mass_driver.compare(found)
    read = set(found.inputs.read)
    for name in scenario_names():
        read |= {row["key"] for row in moonbase.run(name, draws=1).summary["inputs"]}
    assert sorted(set(load_parameters()) - read) == []
