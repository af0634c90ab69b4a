"""The month's resources as rows, and how a class of activity draws on them.

Rows: plant of each shop; electrolysis plant (with its mine) and power once per joint product;
robot hours; landed imports. A class that needs more than there is gets the same fraction of
everything it asked for, set by its scarcest row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.industry.requirements import JOINT, PRODUCTS, Requirements

N_JOINT = len(JOINT)
POWER = slice(-2 - N_JOINT, -2)
JOINT_ROWS = slice(-2 - 2 * N_JOINT, -2 - N_JOINT)
_EMPTY = 1e-200
"""Kept in every row so that a row nobody asks for divides to infinity, not to nan."""
_NOTHING = 1e-100
"""Fraction served that comes of the above alone."""


def row_names(needs: Requirements) -> tuple[str, ...]:
    """Constraint name of each row, in the words of the report."""
    return (
        *(f"plant:{name}" for name in needs.shops),
        *("plant:electrolysis",) * N_JOINT,
        *("power",) * N_JOINT,
        "robots",
        "landings",
    )


def resource_table(needs: Requirements) -> Array:
    """Use of each row per unit of product and month, shape (product, row, draw).

    Plant rows are kg of plant times years; divide the plant in service by twelve to compare.
    """
    table = np.concatenate(
        [
            needs.capital_kg_yr,
            needs.joint_capital_kg_yr,
            needs.electricity_kWh,
            needs.robot_h[None],
            needs.import_kg[None],
        ]
    )
    return np.ascontiguousarray(table.swapaxes(0, 1))


class Month:
    """What is left of a month's resources, and what has been made so far.

    One object serves all months of a block of draws, so that its buffers are reused.
    """

    __slots__ = (
        "_need",
        "_per_unit",
        "_ratio",
        "_term",
        "available",
        "imports_kg",
        "made",
        "table",
        "throw_kWh",
    )

    def __init__(self, n_rows: int, n_draws: int) -> None:
        self.available, self._need, self._ratio, self._term = (
            np.empty((n_rows, n_draws)) for _ in range(4)
        )
        self.made = np.zeros((len(PRODUCTS), n_draws))
        self.table = self._per_unit = np.empty((0, 0, 0))
        self.imports_kg: dict[str, Array] = {}
        self.throw_kWh = np.zeros(n_draws)

    def use(self, table: Array) -> None:
        """Take a table of needs until the next one. Call with overflow ignored."""
        self.table = table
        self._per_unit = 1.0 / table

    def open(self) -> None:
        """Start a month; the caller has filled ``available``."""
        self.available += _EMPTY
        self.made.fill(0.0)
        self.imports_kg = {}

    def draw(self, name: str, wanted: dict[int, Array], share: Array | float = 1.0) -> Array:
        """Serve a class: ``wanted`` maps product index to units. Return the fraction served.

        ``share`` limits the class to that part of its scarcest resource. Call with division by
        zero and overflow ignored.
        """
        if not any(units.any() for units in wanted.values()):
            self._ratio.fill(np.inf)
            self.imports_kg.setdefault(name, np.zeros(self.made.shape[-1]))
            return np.ones(self.made.shape[-1])
        term = self._term
        if len(wanted) == 1:
            ((product, units),) = wanted.items()
            np.multiply(self.available, self._per_unit[product], out=self._ratio)
            scarcest = self._ratio.min(axis=0) / units
            need = self.table[product]
        else:
            units, need = np.ones(()), self._need
            for n, (product, amount) in enumerate(wanted.items()):
                np.multiply(self.table[product], amount, out=term if n else need)
                if n:
                    need += term
            np.divide(self.available, need, out=self._ratio)
            scarcest = self._ratio.min(axis=0)
        fraction = np.minimum(1.0, scarcest * np.maximum(share, 1e-300))
        fraction *= fraction > _NOTHING
        np.multiply(need, units * fraction, out=term)
        np.subtract(self.available, term, out=self.available)
        np.maximum(self.available, _EMPTY, out=self.available)
        for product, amount in wanted.items():
            self.made[product] += amount * fraction
        self.imports_kg[name] = self.imports_kg.get(name, 0.0) + need[-1] * (units * fraction)
        return np.asarray(fraction)

    def land(self, name: str, wanted_kg: Array) -> Array:
        """Take landed cargo for a class; return what it got, kg."""
        landed = np.minimum(wanted_kg, self.available[-1])
        landed *= landed > _EMPTY
        self.available[-1] = np.maximum(self.available[-1] - landed, _EMPTY)
        self.imports_kg[name] = self.imports_kg.get(name, 0.0) + landed
        return np.asarray(landed)

    def draw_with(
        self, name: str, wanted: dict[int, Array], depot_kg: Array
    ) -> tuple[Array, Array]:
        """Serve a class whose imports come out of a depot.

        Return the fraction served and the mass taken from the depot.
        """
        landed, booked = self.available[-1].copy(), self.imports_kg.pop(name)
        self.available[-1] = depot_kg + _EMPTY
        fraction = self.draw(name, wanted)
        used = np.minimum(self.imports_kg[name], depot_kg)
        self.available[-1], self.imports_kg[name] = landed, booked
        return fraction, used

    def scarcest(self, served: Array) -> npt.NDArray[np.intp]:
        """Row that limited the class drawn last, -1 where it got all it wanted."""
        row = np.where(served < 1.0, self._ratio.argmin(axis=0), -1)
        return np.asarray(row)

    def draw_power(self, wanted_kWh: Array) -> Array:
        """Take electricity alone (the driver's throws). Return the fraction served."""
        power = self.available[POWER]
        fraction = np.minimum(1.0, power.min(axis=0) / wanted_kWh)
        fraction *= fraction > _NOTHING
        power -= wanted_kWh * fraction
        np.maximum(power, _EMPTY, out=power)
        self.throw_kWh = wanted_kWh * fraction
        return np.asarray(fraction)
