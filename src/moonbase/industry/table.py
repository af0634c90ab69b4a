"""What a recipe table is made of: processes, commodities, and the ranges of their numbers.

Neglected: a row is one point of a process. Size, temperature and wear change it, and only its
stated range and sizes say how far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from moonbase.core.arrays import Array
from moonbase.industry.regolith import Soil

ELEMENTS: Final = (
    "O",
    "Si",
    "Al",
    "Fe",
    "Ca",
    "Mg",
    "Ti",
    "Na",
    "K",
    "P",
    "Mn",
    "H",
    "C",
    "N",
    "other",
)
NUMBERS: Final = ("electricity_kWh", "heat_kWh", "robot_h", "capital_kg_yr", "life_yr")
"""Fields of a process that carry a range."""
KINDS: Final = ("measured", "published", "claim", "derived", "estimate", "placeholder", "user")
BALANCES: Final = ("closed", "inherited", "boundary")
BASE, EXTENSION, USER = "base", "extension", "user"
ROOM_TEMPERATURE_K: Final = 298.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Bounds and origin of one number of a process, in the unit of the field it belongs to."""

    low: float
    high: float
    kind: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a process heats, melts, liquefies or throws: a row of the floors, and how much of it.

    ``unrecovered_frac`` is the least share of that energy that the process cannot take back.
    """

    material: str
    commodity: str
    unrecovered_frac: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One recipe, per unit of its main output.

    ``capital_kg_yr`` is capital mass per yearly output: kg per (unit/yr).
    ``shop`` is the part of the plant whose machines can serve one another's processes.
    ``flows`` holds commodity -> amount, positive out and negative in.
    ``ranges`` holds low, high, kind and source of the fields in NUMBERS.
    ``balance`` says what a closed balance proves: ``closed`` (stoichiometry), ``inherited`` (the
    product is the mix of its inputs: bookkeeping) or ``boundary`` (ground or Sun, no inputs).
    ``melts`` is what the recipe heats. ``reaction_K`` is the temperature of its reaction, which
    decides how much of the reaction's energy must be electricity.
    ``smallest_1_yr`` and ``largest_1_yr`` bound the yearly output of one plant of this kind.
    """

    name: str
    label: str
    shop: str
    output: str
    electricity_kWh: float
    heat_kWh: float
    robot_h: float
    capital_kg_yr: float
    life_yr: float
    kind: str
    source: str
    note: str
    flows: Mapping[str, float]
    tier: str = USER
    ranges: Mapping[str, Range] = field(default_factory=dict)
    balance: str = "closed"
    melts: tuple[Charge, ...] = ()
    reaction_K: float = ROOM_TEMPERATURE_K
    smallest_1_yr: float = 0.0
    largest_1_yr: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """A commodity: mass of one unit and its element mass fractions, in the order of ELEMENTS.

    ``formation_kWh_kg`` is its enthalpy of formation where it is no oxide, element or mix of them.
    ``made_of`` says how the fractions follow from soil and recipes: ``same:X``, ``remainder:P``
    (what process P leaves in it), ``slag:P`` (the same, and all of it oxides), ``metal:P`` (the
    metal that P wins), a kind of soil, or nothing where they stand fixed.
    """

    name: str
    unit: str
    group: str
    unit_mass_kg: float
    description: str
    element_frac: Array
    kind: str
    source: str = ""
    made_of: str = ""
    formation_kWh_kg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """A recipe table. ``soil`` is what its regolith was derived from; None is the shipped one."""

    processes: Mapping[str, Process]
    commodities: Mapping[str, Commodity]
    soil: Soil | None = None

    def producer(self, commodity: str) -> Process | None:
        """Return the first process whose main output the commodity is, or None."""
        return next((p for p in self.processes.values() if p.output == commodity), None)
