"""What a person asks for: a scenario file, checked, and what it changes in the data set."""

from moonbase.scenario.files import scenario_names
from moonbase.scenario.load import Scenario, load_scenario, scenario_schema
from moonbase.scenario.schema import Options
from moonbase.scenario.write import write_resolved

__all__ = [
    "Options",
    "Scenario",
    "load_scenario",
    "scenario_names",
    "scenario_schema",
    "write_resolved",
]
