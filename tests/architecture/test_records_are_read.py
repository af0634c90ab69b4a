"""A record that no scenario, no study of the driver or its flights and no plan reads is unused."""

from __future__ import annotations

import moonbase
from moonbase import campaign, flight_plan, mass_driver
from moonbase.parameters import load_parameters
from moonbase.scenario import scenario_names


def test_every_record_is_read_by_a_shipped_scenario_or_a_study() -> None:
    found = mass_driver.study("alpha", draws=2)
    mass_driver.spread(found, n_shots=10)
    mass_driver.optimise(found, n_generations=1)
    mass_driver.compare(found)
    plan = flight_plan.plan("alpha")
    flight_plan.swarm(plan)
    read = found.inputs.read | plan.inputs.read
    read |= campaign.plan("alpha", step_yr=2.0).read
    for name in scenario_names():
        read |= {row["key"] for row in moonbase.run(name, draws=1).summary["inputs"]}
    assert sorted(set(load_parameters()) - read) == []
