"""Life-support units: what each converts, weighs and draws, and the checks that refuse a bad row.

Neglected: part load, start and stop, dependence on pressure and temperature, catalyst wear other
than in the spares rate. A unit's power is proportional to what flows through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from moonbase.city.balance import (
    SPECIES,
    check_balance,
    check_electrolyser,
    reaction_floor_J,
)
from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError, ParameterError, PhysicsError
from moonbase.core.tables import Number, read_rows, read_table

_TOLERANCE = 1e-6
"""Share of the input that a shipped reaction may miss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Technology:
    """One kind of unit.

    ``numbers`` holds the sourced rows (mass, power at capacity, capacity, recovery, spares,
    maintenance). ``flows_kg`` holds what it makes (+) and takes (-) per kilogram of the substance
    that its capacity counts; it is empty where the feed has no fixed formula.
    """

    name: str
    numbers: Mapping[str, Number]
    flows_kg: Mapping[str, float]

    def value(self, quantity: str) -> float:
        """Value of a sourced row; ``ParameterError`` when the unit has none."""
        if quantity not in self.numbers:
            raise ParameterError(
                f"has no {quantity}", path=self.name, hint="add the row to technologies.csv"
            )
        return self.numbers[quantity].value


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """Installed units of one technology."""

    n_units: Array
    mass_kg: Array
    power_W: Array
    spares_kg_yr: Array
    maintenance_h_yr: Array


def check_technology(
    *,
    flows_kg: Mapping[str, float],
    energy_J: float | None = None,
    recovery_frac: float | None = None,
    composition: Mapping[str, Mapping[str, float]] = SPECIES,
    tolerance_frac: float = 1e-3,
    path: str = "",
) -> None:
    """Refuse a unit that loses mass or an element, runs below its energy floor, or recovers all.

    Parameters
    ----------
    flows_kg : mapping of str to float
        Substance to mass, kg: made > 0, taken < 0.
    energy_J : float, optional
        Electric energy for these flows, J.
    recovery_frac : float, optional
        Share of the feed that is recovered; must lie in [0, 1).
    composition : mapping
        Elements by mass of each substance, kg/kg.
    tolerance_frac : float
        Largest share of the input that may be missing or made.
    path : str
        Where the unit comes from, for the message.

    Raises
    ------
    PhysicsError
        With the numbers of what does not hold.

    Notes
    -----
    Floors: enthalpy of reaction at 25 degC of what is made less what is taken, for every unit of
    known formulae; free energy besides for one that splits water.

    Examples
    --------
    The published oxygen generator is below both floors:

    >>> check_technology(
    ...     flows_kg={"water": -0.41325, "oxygen": 0.367, "hydrogen": 0.04625},
    ...     energy_J=0.959 * 3.6e6,
    ... )
    Traceback (most recent call last):
    moonbase.core.errors.PhysicsError: 2.613 kWh/kg of oxygen electric, 2.613 with heat
      floors: 4.117 electric, 4.963 with heat
    """
    if recovery_frac is not None and not 0.0 <= recovery_frac < 1.0:
        raise PhysicsError(
            f"recovers {recovery_frac:g} of the feed", path=path, hint="a loop loses: 0 <= eta < 1"
        )
    taken = {name: -kg for name, kg in flows_kg.items() if kg < 0.0}
    made = {name: kg for name, kg in flows_kg.items() if kg > 0.0}
    if taken or made:
        check_balance(
            inputs_kg=taken,
            outputs_kg=made,
            composition=composition,
            tolerance_frac=tolerance_frac,
            path=path,
        )
    if energy_J is None:
        return
    if "water" in taken and "oxygen" in made:
        check_electrolyser(energy_J=energy_J, oxygen_kg=made["oxygen"], path=path)
    floor = reaction_floor_J(flows_kg=flows_kg)
    if floor is not None and energy_J < floor * (1.0 - _TOLERANCE):
        raise PhysicsError(
            f"draws {energy_J / 3.6e6:.3g} kWh where the reaction takes {floor / 3.6e6:.3g}",
            path=path,
            hint="book the heat, or mend the power",
        )


def load_technologies(*, folder: Path | None = None) -> Mapping[str, Technology]:
    """Read and check the table of life-support units.

    Parameters
    ----------
    folder : Path, optional
        Folder with ``technologies.csv`` and ``reactions.csv``; the shipped ones by default.

    Returns
    -------
    mapping of str to Technology

    Raises
    ------
    ParameterError
        A row has no number, range, kind, source or unit.
    PhysicsError
        A unit breaks a balance, an energy floor or the bounds of a recovery.

    Examples
    --------
    >>> round(load_technologies()["sabatier"].flows_kg["hydrogen"], 3)
    -0.183
    """
    return _shipped() if folder is None else _read(folder)


def size_hardware(
    *,
    technology: Technology,
    flow_kg: Real | None = None,
    n_crew: Real | None = None,
    n_redundant: Real = 1.0,
    whole_units: bool = True,
) -> Hardware:
    """Units, mass, power and upkeep of one technology for a flow or a number of people.

    Parameters
    ----------
    technology : Technology
    flow_kg : float or array, optional
        What runs through it in a day, kg.
    n_crew : float or array, optional
        People served, for a unit that is rated by people.
    n_redundant : float or array
        Installed units beyond those that run; they weigh and need spares but draw no power.
    whole_units : bool
        Whether units are counted whole; False gives the limit of a large city.

    Returns
    -------
    Hardware
        Counts, kg, W, kg/yr and h/yr in the broadcast shape; all zero for no flow.

    Raises
    ------
    DomainError
        When the measure that rates the unit is missing or negative.

    Notes
    -----
    ``n = ceil(flow / capacity) + redundant``; power follows the flow.

    Examples
    --------
    >>> unit = load_technologies()["co2_removal"]
    >>> size_hardware(technology=unit, flow_kg=4 * 1.08).n_units
    array(4.)
    """
    by_people = "n_crew_served" in technology.numbers
    load = n_crew if by_people else flow_kg
    if load is None or np.any(np.asarray(load) < 0.0):
        raise DomainError(
            f"needs {'n_crew' if by_people else 'flow_kg'} >= 0",
            path=technology.name,
            hint="say how much runs through the unit",
        )
    capacity = technology.value("n_crew_served" if by_people else "capacity_kg_day")
    running = np.asarray(load, dtype=np.float64) / capacity
    n_units = np.ceil(np.round(running, 9)) if whole_units else running
    installed = np.where(running > 0.0, n_units + n_redundant, 0.0)
    mass_kg = installed * technology.value("mass_kg")
    return Hardware(
        n_units=installed,
        mass_kg=mass_kg,
        power_W=np.asarray(running * technology.value("power_W")),
        spares_kg_yr=mass_kg * technology.value("spares_1_yr"),
        maintenance_h_yr=installed * technology.value("maintenance_h_yr"),
    )


def size_life_support(
    *,
    throughput_kg: Mapping[str, Real],
    n_crew: Real,
    n_redundant: Real = 1.0,
    whole_units: bool = True,
) -> Mapping[str, Hardware]:
    """Units for all loops of a crew, and for what filters its air.

    Parameters
    ----------
    throughput_kg : mapping of str to float or array
        What runs through each unit in a day, kg, as `crew_day` gives it.
    n_crew : float or array
        People.
    n_redundant : float or array
        Installed units beyond those that run, of each kind.
    whole_units : bool
        Whether units are counted whole.

    Returns
    -------
    mapping of str to Hardware

    Examples
    --------
    >>> units = size_life_support(throughput_kg={"co2_removal": 4.32}, n_crew=4.0)
    >>> sorted(units), float(units["co2_removal"].mass_kg)
    (['co2_removal', 'trace_contaminants'], 549.6)
    """
    table = load_technologies()
    loads: dict[str, Real] = {"trace_contaminants": n_crew, **throughput_kg}
    return {
        name: size_hardware(
            technology=table[name],
            flow_kg=load,
            n_crew=n_crew,
            n_redundant=n_redundant,
            whole_units=whole_units,
        )
        for name, load in loads.items()
    }


@cache
def _shipped() -> Mapping[str, Technology]:
    return _read(None)


def _read(folder: Path | None) -> Mapping[str, Technology]:
    numbers = read_table(room="city", name="technologies", folder=folder)
    flows: dict[str, dict[str, float]] = {}
    for row in read_rows(room="city", name="reactions", folder=folder):
        if row["technology"] not in numbers:
            raise ParameterError(
                "reaction of an unknown unit",
                path=f"reactions.csv: {row['technology']}",
                hint=f"one of {', '.join(sorted(numbers))}",
            )
        flows.setdefault(row["technology"], {})[row["commodity"]] = float(row["amount_kg"])
    units = {
        name: Technology(name=name, numbers=rows, flows_kg=flows.get(name, {}))
        for name, rows in numbers.items()
    }
    for unit in units.values():
        _check(unit)
    return units


def _check(unit: Technology) -> None:
    energy_J = None
    if unit.flows_kg:
        energy_J = unit.value("power_W") * 86_400.0 / unit.value("capacity_kg_day")
    recovery = unit.numbers.get("recovery_frac")
    check_technology(
        flows_kg=unit.flows_kg,
        energy_J=energy_J,
        recovery_frac=None if recovery is None else recovery.high,
        tolerance_frac=_TOLERANCE,
        path=f"technologies.csv: {unit.name}",
    )
