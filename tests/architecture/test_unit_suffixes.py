"""Every physical argument and field of the physics, the campaign and the money names its unit."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from moonbase.core.units import DIMENSIONLESS_PREFIX, unit_of

ROOMS = [
    "driver",
    "orbits",
    "satellite",
    "industry",
    "city",
    "transport",
    "network",
    "workload",
    "economics",
    "campaign",
]
WITHOUT_UNIT = {
    "year": "the whole name is the unit",
    "turns": "a count, not always whole: turns over a section",
    "usd": "the whole name is the unit",
    "Dispersion.common_covariance": "m, m/s and s, in the order of STATE",
    "Dispersion.shot_covariance": "m, m/s and s, in the order of STATE",
    "Dispersion.samples": "m, m/s and s, in the order of STATE",
    "Optimum.choices": "each in the unit of its name",
    "optimise_driver.bounds": "each in the unit of its name",
    "tolerance": "relative error that an integrator's step may make, as solvers name it",
    "release_covariance": "m, m/s and s, in the order of the driver's release state",
    "release_mean": "m, m/s and s, in the order of the driver's release state",
    "Dispersed.covariance": "m and m/s, in the order of a state",
    "Dispersed.sensitivity": "m and m/s by m, m/s and s",
    "mass_ratio_mu": "a mass over a mass, by the name that the field gives it",
    "Process.flows": "each commodity in its own unit, as the recipe table states it",
    "number_of.default": "in the unit of the column",
    "Range.low": "in the unit of the field that it bounds",
    "Range.high": "in the unit of the field that it bounds",
    "soil": "shares of soils, or wt% of oxides",
    "ilmenite_soil": "shares of soils, or wt% of oxides",
    "Requirements.imports": "each import in the unit of its product",
    "Requirements.joint_activity": "each product in its own unit",
    "product_requirements.satellite_bill": "kg per kg",
    "product_requirements.driver_bill": "kg per kg",
    "product_requirements.crew_day_bill": "kg per crew-day",
    "electronics_tradeoff.product": "kg per kg",
    "growth_factor.inputs": "any commodity's unit per unit of another",
    "leontief_growth.inputs": "any commodity's unit per unit of another",
    "FoodMake.elements": "kg per kg",
    "check_balance.composition": "kg of an element per kg",
    "check_technology.composition": "kg of an element per kg",
    "Metabolism.food_dry_elements": "kg per kg",
    "diet": "share of the dry food by crop",
    "Plan.policy": "a function",
    "levelised_cost.output": "any unit; the cost comes back per that unit",
    "Setup.flights_per_landing": "a count over a count",
    "State.pipeline": "rows of kg, W and robots",
    "State.coming": "rows of kg, W and robots",
    "Year.table": "rows of plant time, electricity, robot hours and imports",
    "Year.imports": "each import in the unit of its product",
    "open_year.tables": "as Year.table",
    "Rule.order": "kg, W and robots",
    "GravityField.cosine": "coefficients of a normalised series, pure numbers",
    "GravityField.sine": "coefficients of a normalised series, pure numbers",
    "degree_two_field.j2": "the usual symbol of a pure number",
    "degree_two_field.c22": "the usual symbol of a pure number",
    "degree_two_field.s22": "the usual symbol of a pure number",
    "LunarAxes.icrf_to_pa": "a rotation matrix",
    "UniformRotation.icrf_to_body": "a rotation matrix",
    "SolarPressure.normal_icrf": "a direction",
    "Series.coefficients": "m, or rad for the orientation, as the series says",
    "states": "m above m/s",
    "surfaces": "m, by body",
    "propagate.tolerance": "a share of distance and speed",
    "Flight.tolerance": "a share of distance and speed",
    "Flight.stm": "derivatives of m and m/s by m and m/s",
    "expand_economy.inputs": "any commodity's unit per unit of another",
    "cost": "of a column of a linear programme, in the unit of the goal",
    "size": "how large an industry may be, only used to scale a linear programme",
    "price": "unit of the goal per unit of a limit, as the plan states both",
    "objective": "in the unit that the plan states",
    "Conflict.breach": "each limit in its own unit",
    "Problem.upper": "each column in its own unit",
    "Problem.low": "each row in its own unit",
    "Problem.high": "each row in its own unit",
    "Problem.entries": "unit of a row per unit of a column",
    "Problem.fixed": "each column in its own unit",
    "Solution.column": "each column in its own unit",
    "add_service.scale": "a pure number, or one over years",
    "make_whole.divisible": "each column in its own unit",
    "activity": "each activity in yearly units of its output",
    "capital": "each pool in units of its good",
    "PlanResult.built": "each pool in yearly units of its good",
    "PlanResult.landed": "each pool in yearly units of its good",
    "PlanResult.imported": "each import in its yearly unit",
    "capital_price": "unit of the goal per unit of a pool and year",
    "PlanResult.commodity_price": "unit of the goal per unit of a commodity",
    "limit_price": "unit of the goal per unit of a limit",
    "bindings.limit_amount": "each limit in its own unit",
    "Activity.flows": "each commodity in its own unit",
    "Pool.flows": "each commodity in its own unit a year",
    "FlightGradient.by_state": "derivatives of m and m/s by m and m/s",
    "FlightGradient.by_epoch": "m and m/s, per s",
    "FlightGradient.by_duration": "m and m/s, per s",
    "FlightGradient.by_area_per_mass": "m and m/s, per m2/kg",
    "FlightGradient.by_cone": "m and m/s, per rad",
    "FlightGradient.by_clock": "m and m/s, per rad",
    "FlightGradient.by_gm": "m and m/s, per m3/s2",
    "yearly_mean.values": "any unit, that of what is returned",
    "CampaignResult.yearly": "each flow and stock in the unit that FLOWS and STOCKS state",
}
"""Floats that carry no unit in their name, each with the reason."""


def is_float(annotation: object) -> bool:
    if annotation is float:
        return True
    if typing.get_origin(annotation) is np.ndarray:
        return "float" in str(annotation)
    return any(is_float(part) for part in typing.get_args(annotation))


def has_unit(owner: str, name: str) -> bool:
    return (
        name.startswith(DIMENSIONLESS_PREFIX)
        or unit_of(name) is not None
        or not {name, f"{owner}.{name}"}.isdisjoint(WITHOUT_UNIT)
    )


def modules(room: str) -> Iterator[ModuleType]:
    package = import_module(f"moonbase.{room}")
    yield package
    for item in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not item.name.rpartition(".")[2].startswith("_"):
            yield import_module(item.name)


def names_without_unit(module: ModuleType) -> Iterator[str]:
    for name, item in vars(module).items():
        if name.startswith("_") or getattr(item, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(item) or dataclasses.is_dataclass(item):
            hints = typing.get_type_hints(item)
            hints.pop("return", None)
            for key, annotation in hints.items():
                if is_float(annotation) and not has_unit(name, key):
                    yield f"{module.__name__}.{name}: {key}"


@pytest.mark.parametrize("room", ROOMS)
def test_physical_names_end_in_a_unit(room: str) -> None:
    assert [name for module in modules(room) for name in names_without_unit(module)] == []


def test_every_exception_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    exceptions = set(WITHOUT_UNIT)
    for name in exceptions:
        monkeypatch.delitem(WITHOUT_UNIT, name)
    needed = set()
    for room in ROOMS:
        for module in modules(room):
            for hit in names_without_unit(module):
                owner, name = hit.removeprefix(f"{module.__name__}.").split(": ")
                needed |= {name, f"{owner}.{name}"}
    assert exceptions <= needed


TRIAL = """
from collections.abc import Mapping
from dataclasses import dataclass
from moonbase.core.arrays import Array, Real

@dataclass
class Size:
    length: Real
    mass_kg: Array
    policy: str

def size(*, speed: float, n_poles: Real, flows: Mapping[str, Real]) -> Size: ...

def _hidden(*, speed: float) -> float: ...
"""


def test_the_walk_sees_a_missing_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trial_of_units.py").write_text(TRIAL)
    monkeypatch.syspath_prepend(tmp_path)
    assert list(names_without_unit(import_module("trial_of_units"))) == [
        "trial_of_units.Size: length",
        "trial_of_units.size: speed",
        "trial_of_units.size: flows",
    ]
