"""A number that describes the world, with its unit, its range and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from moonbase.core.errors import ParameterError
from moonbase.core.units import Unit
from moonbase.parameters.quantity import unit_of_key

DISTRIBUTIONS = ("fixed", "uniform", "triangular", "pert", "normal", "lognormal")
KINDS = ("measured", "published", "claim", "derived", "estimate", "placeholder")
USER_KIND = "user"
"""Kind of a value that the person who runs has set; never in a data file."""
USER_SOURCE = "scenario"
"""Source of such a value."""
ESTIMATE_SOURCE = "moonbase_estimate"
"""Source of an estimate that its own note argues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One record. All numbers are in the unit that the key's suffix names.

    ``low`` and ``high`` are the bounds of a uniform, triangular or PERT distribution, the 5th and
    95th percentiles of a normal or lognormal one, and equal ``value`` where no range is given.
    ``positive`` says that zero is no valid value.
    """

    key: str
    label: str
    value: float
    low: float
    high: float
    distribution: str
    kind: str
    source: str
    where: str = ""
    note: str = ""
    price_year: int | None = None
    positive: bool = False

    @property
    def unit(self) -> Unit:
        """Unit of the value, from the key's last part."""
        unit = unit_of_key(self.key)
        if unit is None:
            raise ParameterError("its name ends in no known unit", path=self.key)
        return unit

    @property
    def has_range(self) -> bool:
        """Whether low and high differ."""
        return self.low < self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a number comes from: a BibTeX entry and the sentence that cites it."""

    key: str
    entry_type: str
    text: str
    bibtex: str
    fields: Mapping[str, str] = field(default_factory=dict)
