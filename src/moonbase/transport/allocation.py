"""A year's flights among those who pay for them.

Neglected: contracts that are traded, late flights that roll over to the next year, flights that
two payers share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError

PAYERS = ("starlink", "lander contracts", "compute to orbit", "lunar cargo", "mars")
"""Payers that the package's own studies name; any names will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Flights by payer, in the order of ``payers``: shape (payer, ..., draw), 1/yr.

    ``spare_1_yr`` are flights that nobody asks for.
    """

    payers: tuple[str, ...]
    flights_1_yr: Array
    unmet_1_yr: Array
    spare_1_yr: Array

    def of(self, *, payer: str) -> Array:
        """Flights of one payer, 1/yr."""
        return np.asarray(self.flights_1_yr[self.payers.index(payer)])


def allocate(
    *,
    flights_1_yr: Real,
    demand_1_yr: Mapping[str, Real],
    priority: Sequence[str | Sequence[str]] | None = None,
    share_frac: Mapping[str, Real] | None = None,
    minimum_frac: Mapping[str, Real] | None = None,
) -> Allocation:
    """Share out the flights of each year and draw.

    Parameters
    ----------
    flights_1_yr : float or array
        Flights of the whole fleet, 1/yr, for example of shape (year, draw).
    demand_1_yr : mapping of str to float or array
        Flights that each payer asks for, 1/yr; inf for "all that is left".
    priority : sequence of str or of sequences of str, optional
        Payers from first to last; a sequence inside is one rank that shares. All by rank of their
        order in ``demand_1_yr`` when neither this nor shares are given.
    share_frac : mapping of str to float or array, optional
        Weights inside a rank (equal without them). With no ``priority``, all payers form one rank.
    minimum_frac : mapping of str to float or array, optional
        Share of all flights that a payer gets before the ranks, as far as it asks for them.

    Returns
    -------
    Allocation
        Flights and unmet demand by payer, and spare flights, 1/yr.

    Raises
    ------
    DomainError
        When a payer is named that asks for nothing, one has no rank, a demand or weight is
        negative, or the minima exceed all flights.

    Notes
    -----
    Inside a rank the flights go by weight; what a payer does not need goes to the others of its
    rank by their weights until all are served or nothing is left, then to the next rank.

    Examples
    --------
    >>> got = allocate(
    ...     flights_1_yr=100.0,
    ...     demand_1_yr={"starlink": 60.0, "lunar cargo": 80.0, "mars": 80.0},
    ...     priority=("starlink", ("lunar cargo", "mars")),
    ...     share_frac={"lunar cargo": 3.0, "mars": 1.0},
    ... )
    >>> got.flights_1_yr.tolist(), float(got.spare_1_yr)
    ([60.0, 30.0, 10.0], 0.0)
    """
    payers = tuple(demand_1_yr)
    total = np.asarray(flights_1_yr, dtype=np.float64)
    shape = np.broadcast_shapes(total.shape, *(np.shape(v) for v in demand_1_yr.values()))
    asked = np.array([np.broadcast_to(np.asarray(demand_1_yr[p], float), shape) for p in payers])
    if np.any(asked < 0.0) or np.any(total < 0.0):
        raise DomainError("must be >= 0 flights a year", path="demand_1_yr")
    weights = _by_payer("share_frac", share_frac or {}, payers, shape, 1.0)
    floors = _by_payer("minimum_frac", minimum_frac or {}, payers, shape, 0.0)
    if np.any(floors.sum(axis=0) > 1.0 + 1e-12):
        raise DomainError("add up to more than all flights", path="minimum_frac", hint="<= 1")
    left = np.broadcast_to(total, shape).copy()
    given = np.minimum(floors * left, asked)
    left = np.maximum(left - given.sum(axis=0), 0.0)
    for rank in _ranks(priority, share_frac, payers):
        part = _fill(left, asked[rank] - given[rank], weights[rank])
        given[rank] += part
        left = np.maximum(left - part.sum(axis=0), 0.0)
    with np.errstate(invalid="ignore"):
        unmet = np.where(np.isinf(asked), np.inf, np.maximum(asked - given, 0.0))
    return Allocation(payers=payers, flights_1_yr=given, unmet_1_yr=unmet, spare_1_yr=left)


def _by_payer(
    path: str,
    values: Mapping[str, Real],
    payers: tuple[str, ...],
    shape: tuple[int, ...],
    default: float,
) -> Array:
    if unknown := sorted(set(values) - set(payers)):
        raise DomainError(f"{unknown[0]!r} asks for nothing", path=path, hint=f"payers: {payers}")
    found = np.array(
        [np.broadcast_to(np.asarray(values.get(p, default), float), shape) for p in payers]
    )
    if np.any(found < 0.0):
        raise DomainError("must be >= 0", path=path)
    return found


def _ranks(
    priority: Sequence[str | Sequence[str]] | None,
    share_frac: Mapping[str, Real] | None,
    payers: tuple[str, ...],
) -> list[list[int]]:
    if priority is None:
        every = list(range(len(payers)))
        return [every] if share_frac else [[i] for i in every]
    ranks = [[rank] if isinstance(rank, str) else list(rank) for rank in priority]
    named = [p for rank in ranks for p in rank]
    if sorted(named) != sorted(payers):
        raise DomainError(
            "must name each payer once", path="priority", hint=f"payers: {', '.join(payers)}"
        )
    return [[payers.index(p) for p in rank] for rank in ranks]


def _fill(left: Array, need: Array, weights: Array) -> Array:
    """Pour ``left`` over one rank by weight until needs are met; one round serves at least one."""
    given = np.zeros_like(need)
    rest = left.copy()
    for _ in range(len(need)):
        open_ = np.where(need - given > 0.0, weights, 0.0)
        total = open_.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(total > 0.0, rest * open_ / total, 0.0)
        part = np.minimum(part, need - given)
        given += part
        rest = np.maximum(rest - part.sum(axis=0), 0.0)
    return given
