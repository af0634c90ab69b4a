"""Physics that every recipe must obey, told with the numbers where one does not.

Neglected: whether a reaction runs at the rate, purity and temperature that a recipe implies.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, ParameterError, PhysicsError
from moonbase.core.faults import Fault, fault_error, nearest
from moonbase.industry.floors import Floor, oxides, oxygen_deficit, recipe_floor
from moonbase.industry.table import (
    BALANCES,
    ELEMENTS,
    KINDS,
    NUMBERS,
    USER,
    Commodity,
    Process,
    Recipes,
)

TOLERANCE_kg, USER_TOLERANCE_kg = 1e-6, 1e-3
"""Imbalance per kg of main output at which a shipped and a user's recipe is refused."""
_SLACK = 1e-9
_COMPOSITION = 1e-5
_ENERGY_OUTPUTS = frozenset({"heat", "elec"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a sound table rests on.

    ``imbalance_kg`` is the largest imbalance of an element by process, per kg of main output;
    ``floors`` the least energy by process; ``placeholders`` the processes and commodities with a
    number that only holds a place: no result that reads one is more than a placeholder.
    """

    imbalance_kg: Mapping[str, float]
    floors: Mapping[str, Floor]
    placeholders: tuple[str, ...]


def element_imbalance(recipes: Recipes, process: str) -> dict[str, float]:
    """Mass of each element that a recipe creates (+) or loses (-), kg per unit of main output.

    Parameters
    ----------
    recipes : Recipes
    process : str
        Process name.

    Returns
    -------
    dict
        Element symbol -> kg per unit of main output; 0 for a closed recipe.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> imbalance = element_imbalance(load_recipes(), "mre_si")
    >>> max(abs(v) for v in imbalance.values()) < 1e-6
    True
    """
    made, used = _elements(recipes, recipes.processes[process])
    return dict(zip(ELEMENTS, (made - used).tolist(), strict=True))


def check(recipes: Recipes, *, tolerance_kg: float | None = None) -> CheckReport:
    """Refuse a table in which a recipe breaks a conservation law, a floor or its own range.

    Parameters
    ----------
    recipes : Recipes
    tolerance_kg : float, optional
        Imbalance of the mass or of an element, per kg of main output, at which a recipe is
        refused; 1e-6 for shipped rows and 1e-3 for a user's by default.

    Returns
    -------
    CheckReport
        Imbalances, floors and placeholders of a sound table.

    Raises
    ------
    PhysicsError
        Every fault at once. Each names ``recipes.<process>`` and the field where there is one,
        what is wrong with its numbers, and a remedy.

    Notes
    -----
    Rules: mass and every element close; oxygen freed is no more than the metals that leave gave
    up; slag is all oxides and holds no less than nothing of any element; electricity and heat
    reach the reaction, melting and work floor (low end of the range included), electricity alone
    the work and Gibbs energy; low <= value <= high; smallest <= largest plant; every number has a
    kind and a source.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> check(load_recipes()).placeholders
    ('commodities.electronics', 'commodities.chips', 'commodities.satellite', \
'recipes.satellite', 'recipes.chipfab')
    """
    spoilt = {n for n, c in recipes.commodities.items() if c.element_frac.min() < -_COMPOSITION}
    faults = [
        fault
        for commodity in recipes.commodities.values()
        if not spoilt & _parents(recipes, commodity)
        for fault in _commodity_faults(commodity)
    ]
    for process in recipes.processes.values():
        own = [*_number_faults(process), *_shape_faults(recipes, process)]
        faults += own
        if process.balance == "boundary" or any(".flows" in f.path for f in own):
            continue
        limit_kg = tolerance_kg
        if limit_kg is None:
            limit_kg = USER_TOLERANCE_kg if process.tier == USER else TOLERANCE_kg
        if not any(a < 0.0 and n in spoilt for n, a in process.flows.items()):
            faults += _balance_faults(recipes, process, limit_kg)
        faults += _energy_faults(recipes, process)
    if faults:
        raise fault_error(PhysicsError, faults)
    inner = [name for name, p in recipes.processes.items() if p.balance != "boundary"]
    return CheckReport(
        imbalance_kg={
            name: max(map(abs, element_imbalance(recipes, name).values()))
            / _output_kg(recipes, recipes.processes[name])
            for name in inner
        },
        floors={name: recipe_floor(recipes, name) for name in inner},
        placeholders=tuple(_placeholders(recipes)),
    )


def count_plants(recipes: Recipes, *, process: str, output_1_yr: float) -> int:
    """Count the plants that make a yearly output, none larger than the row is valid for.

    Parameters
    ----------
    recipes : Recipes
    process : str
        Process name.
    output_1_yr : float
        Units of main output per year.

    Returns
    -------
    int

    Raises
    ------
    ParameterError
        Unknown process.
    DomainError
        Less than the smallest plant makes.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> count_plants(load_recipes(), process="mre_si", output_1_yr=1e6)
    15
    """
    row = recipes.processes.get(process)
    if row is None:
        hint = nearest(process, recipes.processes)
        raise ParameterError("unknown process", path=f"recipes.{process}", hint=hint)
    if not row.smallest_1_yr <= output_1_yr < math.inf:
        raise DomainError(
            f"{output_1_yr:g} {row.output} per year is outside the row, whose smallest plant makes "
            f"{row.smallest_1_yr:g}",
            path="output_1_yr",
            hint=f"ask for at least {row.smallest_1_yr:g}, or write a recipe for small plants",
        )
    return max(1, math.ceil(output_1_yr / row.largest_1_yr))


def _elements(recipes: Recipes, process: Process) -> tuple[Array, Array]:
    made, used = np.zeros(len(ELEMENTS)), np.zeros(len(ELEMENTS))
    for name, amount in process.flows.items():
        commodity = recipes.commodities[name]
        mass = abs(amount) * commodity.unit_mass_kg * commodity.element_frac
        if amount > 0.0:
            made += mass
        else:
            used += mass
    return made, used


def _output_kg(recipes: Recipes, process: Process) -> float:
    return max(1.0, recipes.commodities[process.output].unit_mass_kg)


def _parents(recipes: Recipes, commodity: Commodity) -> set[str]:
    """Commodities that another's composition is worked out from."""
    rule, _, source = commodity.made_of.partition(":")
    if rule == "same":
        return {source}
    if rule in ("remainder", "slag") and source in recipes.processes:
        return {n for n, a in recipes.processes[source].flows.items() if a < 0.0}
    return set()


def _commodity_faults(commodity: Commodity) -> Iterator[Fault]:
    path = f"commodities.{commodity.name}"
    low = int(np.argmin(commodity.element_frac))
    total = float(commodity.element_frac.sum())
    if commodity.element_frac[low] < -_COMPOSITION:
        yield Fault(
            f"{path}.{ELEMENTS[low]}",
            f"would hold {commodity.element_frac[low]:.3g} kg of {ELEMENTS[low]} per kg",
            f"{commodity.made_of or 'its maker'} takes out more than its feed holds",
        )
    if commodity.unit_mass_kg > 0.0 and not abs(total - 1.0) <= _COMPOSITION:
        yield Fault(
            path,
            f"its elements add up to {total:.6g} kg per kg",
            "give every element; what is none of them is other",
        )
    if not 0.0 <= commodity.unit_mass_kg < math.inf:
        yield Fault(f"{path}.unit_mass_kg", f"must be >= 0 kg, got {commodity.unit_mass_kg:g}")
    if commodity.kind not in KINDS:
        yield Fault(
            f"{path}.kind", f"unknown kind {commodity.kind!r}", f"one of {', '.join(KINDS)}"
        )


def _number_faults(process: Process) -> Iterator[Fault]:
    path = f"recipes.{process.name}"
    for name in NUMBERS:
        value = getattr(process, name)
        if not 0.0 <= value < math.inf or (name == "life_yr" and value == 0.0):
            limit = "> 0" if name == "life_yr" else ">= 0"
            yield Fault(f"{path}.{name}", f"must be {limit} and finite, got {value:g}")
        bounds = process.ranges.get(name)
        if bounds is None:
            continue
        if not bounds.low <= value <= bounds.high:
            yield Fault(
                f"{path}.{name}",
                f"low <= value <= high does not hold: {bounds.low:g}, {value:g}, {bounds.high:g}",
                "widen the range or move the value",
            )
        yield from _origin_faults(f"{path}.{name}", bounds.kind, bounds.source)
    yield from _origin_faults(path, process.kind, process.source)
    if not 0.0 <= process.smallest_1_yr <= process.largest_1_yr:
        yield Fault(
            f"{path}.largest_1_yr",
            f"smallest plant {process.smallest_1_yr:g}, largest {process.largest_1_yr:g} per year",
            "smallest <= largest",
        )
    if not 0.0 < process.reaction_K < math.inf:
        yield Fault(f"{path}.reaction_K", f"must be > 0 K, got {process.reaction_K:g}")


def _origin_faults(path: str, kind: str, source: str) -> Iterator[Fault]:
    if kind not in KINDS:
        yield Fault(f"{path}.kind", f"unknown kind {kind!r}", f"one of {', '.join(KINDS)}")
    if not source:
        yield Fault(f"{path}.source", "is missing", "say where the number comes from")


def _shape_faults(recipes: Recipes, process: Process) -> Iterator[Fault]:
    path = f"recipes.{process.name}"
    unknown = [name for name in process.flows if name not in recipes.commodities]
    for name in unknown:
        yield Fault(
            f"{path}.flows.{name}",
            "unknown commodity",
            nearest(name, recipes.commodities) or "add it to the commodities with its elements",
        )
    for name, amount in process.flows.items():
        if not math.isfinite(amount):
            yield Fault(f"{path}.flows.{name}", f"must be finite, got {amount}")
    if process.balance not in BALANCES:
        yield Fault(f"{path}.balance", f"unknown {process.balance!r}", f"one of {BALANCES}")
    if process.balance == "boundary":
        raw = all(
            amount > 0.0
            and name in recipes.commodities
            and recipes.commodities[name].group == "raw"
            for name, amount in process.flows.items()
        )
        if not raw or (not process.flows and process.output not in _ENERGY_OUTPUTS):
            yield Fault(
                f"{path}.balance",
                "a boundary process brings raw ground or energy and nothing else",
                'write balance = "closed"',
            )
    elif abs(process.flows.get(process.output, 0.0) - 1.0) > _SLACK:
        yield Fault(
            f"{path}.flows.{process.output}",
            f"flows are per unit of main output, so 1, got {process.flows.get(process.output, 0)}",
            "divide every flow, energy and capital by the output",
        )
    elif process.output not in recipes.commodities and not unknown:
        yield Fault(
            f"{path}.output", "unknown commodity", nearest(process.output, recipes.commodities)
        )


def _balance_faults(recipes: Recipes, process: Process, limit_kg: float) -> Iterator[Fault]:
    path, unit = f"recipes.{process.name}", process.output
    limit_kg = limit_kg * _output_kg(recipes, process) * (1.0 - _SLACK)
    made, used = _elements(recipes, process)
    masses = {n: a * recipes.commodities[n].unit_mass_kg for n, a in process.flows.items()}
    excess = sum(masses.values())
    if abs(excess) >= limit_kg:
        yield Fault(
            path,
            f"{'creates' if excess > 0 else 'loses'} {abs(excess):.3g} kg of mass per unit of "
            f"{unit}: {sum(m for m in masses.values() if m > 0):.6g} kg out, "
            f"{-sum(m for m in masses.values() if m < 0):.6g} kg in",
            "correct the flows so that as much goes in as comes out",
        )
    for n, element in enumerate(ELEMENTS):
        gain = made[n] - used[n]
        if abs(gain) >= limit_kg:
            yield Fault(
                path,
                f"{'creates' if gain > 0 else 'loses'} {abs(gain):.3g} kg of {element} per unit of "
                f"{unit}: {made[n]:.6g} kg out, {used[n]:.6g} kg in",
                "correct the flows so that every element that goes in comes out",
            )
    yield from _oxygen_faults(recipes, process, limit_kg)


def _oxygen_faults(recipes: Recipes, process: Process, limit_kg: float) -> Iterator[Fault]:
    """Free oxygen against what the metals that leave, other than in slag, gave up."""
    freed = given = missing = 0.0
    for name, amount in process.flows.items():
        commodity = recipes.commodities[name]
        deficit = oxygen_deficit(commodity)
        oxygen_kg = amount * commodity.unit_mass_kg * deficit
        if amount > 0.0 and commodity.made_of == f"slag:{process.name}":
            missing += oxygen_kg
        elif deficit < 0.0:
            freed -= oxygen_kg
        else:
            given += oxygen_kg
    if freed - given >= limit_kg or missing >= limit_kg:
        yield Fault(
            f"recipes.{process.name}",
            f"frees {freed:.4g} kg of oxygen per unit of {process.output}, but the metals that "
            f"leave account for {given:.4g} kg",
            "lower the oxygen or raise the metals; slag is what stays oxide",
        )


def _energy_faults(recipes: Recipes, process: Process) -> Iterator[Fault]:
    path = f"recipes.{process.name}"
    try:
        floor = recipe_floor(recipes, process.name)
    except ParameterError as error:
        yield Fault(error.path, error.message, error.hint)
        return
    parts = {"reaction": floor.reaction_kWh, "melt": floor.melt_kWh, "work": floor.work_kWh}
    told = " + ".join(f"{name} {value:.4g}" for name, value in parts.items() if value > 0.0)
    bounds = process.ranges.get("electricity_kWh")
    least = process.electricity_kWh if bounds is None else bounds.low
    slack_kWh = _rounding_kWh(recipes, process)
    cases = [("", process.electricity_kWh)]
    if least < process.electricity_kWh:
        cases.append((" at the low end of its range", least))
    for where, electricity_kWh in cases:
        supplied = electricity_kWh + process.heat_kWh
        if supplied < floor.energy_kWh * (1.0 - _SLACK) - slack_kWh:
            yield Fault(
                path,
                f"uses {supplied:.4g} kWh per unit{where}, below its floor {floor.energy_kWh:.4g} "
                f"kWh = {told}",
                "raise electricity_kWh or book the heat",
            )
        elif electricity_kWh < floor.electricity_kWh * (1.0 - _SLACK) - slack_kWh:
            yield Fault(
                f"{path}.electricity_kWh",
                f"{electricity_kWh:.4g} kWh per unit{where}, below the {floor.electricity_kWh:.4g} "
                f"kWh that its reaction at {process.reaction_K:.4g} K takes as electricity",
                "heat can replace no more than dH - dG; state the reaction_K of a hotter reaction",
            )
        else:
            continue
        return


def _rounding_kWh(recipes: Recipes, process: Process) -> float:
    """Reaction energy that rounded flows can feign: the imbalance at the dearest element."""
    dearest = max(o.enthalpy_kWh_kg / (1.0 - o.oxygen_frac) for o in oxides().values())
    made, used = _elements(recipes, process)
    return float(np.abs(made - used).sum()) * dearest + _SLACK


def _placeholders(recipes: Recipes) -> Iterator[str]:
    for name, commodity in recipes.commodities.items():
        if commodity.kind == "placeholder":
            yield f"commodities.{name}"
    for name, process in recipes.processes.items():
        kinds = {process.kind, *(bounds.kind for bounds in process.ranges.values())}
        if "placeholder" in kinds:
            yield f"recipes.{name}"
