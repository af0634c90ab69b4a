"""A dated ledger: who pays what, when, and what is left.

Every amount is booked as a positive number; whether it comes in or goes out is the account's kind.
Neglected: accruals, taxes, interest on the balance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A named source or use of money."""

    id: str
    label: str
    kind: Literal["source", "use"]


def _account(kind: Literal["source", "use"], id: str, label: str) -> Account:
    return Account(id=id, label=label, kind=kind)


ACCOUNTS: tuple[Account, ...] = (
    _account("source", "compute_revenue", "Rent of compute in space"),
    _account("source", "lander_contracts", "Lander contracts"),
    _account("source", "starlink_surplus", "Share of the Starlink surplus"),
    _account("source", "external_funding", "External funding"),
    _account("use", "launch_earth_orbit", "Launches of satellites from Earth"),
    _account("use", "satellite_build", "Satellites built on Earth"),
    _account("use", "chips", "Chips and servers"),
    _account("use", "landings", "Landings on the Moon"),
    _account("use", "earth_hardware", "Plant, robots and driver devices from Earth"),
    _account("use", "imported_parts", "Imported parts of lunar-built satellites"),
    _account("use", "crew_supplies", "Crew and their supplies"),
    _account("use", "operations", "Operations"),
    _account("use", "development", "Development"),
    _account("use", "mars_settlement", "Mars settlement"),
)
"""The programme's accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Amounts per year and account, USD, each >= 0; ``usd`` has shape (year, account, draw)."""

    year: Array
    accounts: tuple[Account, ...]
    usd: Array

    def amount_usd(self, account: str) -> Array:
        """Amounts of one account, shape (year, draw), USD."""
        return np.asarray(self.usd[:, [a.id for a in self.accounts].index(account)])

    @property
    def sources_usd(self) -> Array:
        """Sum of all sources, shape (year, draw), USD."""
        return self._total("source")

    @property
    def uses_usd(self) -> Array:
        """Sum of all uses, shape (year, draw), USD."""
        return self._total("use")

    @property
    def net_usd(self) -> Array:
        """Sources less uses, shape (year, draw), USD."""
        return self.sources_usd - self.uses_usd

    def _total(self, kind: str) -> Array:
        return np.asarray(self.usd[:, [a.kind == kind for a in self.accounts]].sum(axis=1))


def book(
    *,
    year: Array,
    amounts_usd: Mapping[str, Real],
    accounts: Sequence[Account] = ACCOUNTS,
) -> Ledger:
    """Ledger from the amounts of its accounts.

    Parameters
    ----------
    year : array, shape (year,)
        Calendar years.
    amounts_usd : mapping of str to array
        Account to amounts, USD, broadcasting to (year, draw); accounts left out are zero.
    accounts : sequence of Account
        The plan of accounts.

    Returns
    -------
    Ledger
        Amounts with shape (year, account, draw); one draw when none is given.

    Raises
    ------
    DomainError
        When an account is unknown, or an amount negative.

    Examples
    --------
    >>> ledger = book(
    ...     year=np.array([2030.0, 2031.0]),
    ...     amounts_usd={"external_funding": 5.0, "landings": np.array([[1.0], [7.0]])},
    ... )
    >>> ledger.net_usd.tolist()
    [[4.0], [-2.0]]
    """
    ids = [a.id for a in accounts]
    for name, amount in amounts_usd.items():
        if name not in ids:
            near = get_close_matches(name, ids, n=1)
            raise DomainError(
                f"no account {name!r}",
                path="amounts_usd",
                hint=f"did you mean {near[0]!r}?" if near else f"accounts: {', '.join(ids)}",
            )
        if np.any(np.asarray(amount) < 0.0):
            raise DomainError(
                "amounts are >= 0", path=f"amounts_usd.{name}", hint="the kind gives the sign"
            )
    shape = np.broadcast_shapes(
        (len(year), 1), *(np.shape(amount) for amount in amounts_usd.values())
    )
    zero = np.zeros(shape)
    columns = [np.broadcast_to(amounts_usd.get(name, zero), shape) for name in ids]
    return Ledger(
        year=np.asarray(year, dtype=np.float64),
        accounts=tuple(accounts),
        usd=np.stack(columns, axis=1),
    )


def balance(*, ledger: Ledger, opening_usd: Real) -> Array:
    """Balance at the end of each year.

    Parameters
    ----------
    ledger : Ledger
        Amounts booked.
    opening_usd : float or array, shape (draw,)
        Balance before the first year, USD.

    Returns
    -------
    array, shape (year, draw)
        ``opening + cumulative (sources - uses)``, USD.

    Examples
    --------
    >>> ledger = book(year=np.array([2030.0]), amounts_usd={"landings": 3.0})
    >>> balance(ledger=ledger, opening_usd=10.0).tolist()
    [[7.0]]
    """
    return opening_usd + np.cumsum(ledger.net_usd, axis=0)


def external_funding(*, cash_flow_usd: Array, opening_usd: Real) -> Array:
    """Least funding, as late as possible, that keeps the balance from falling below zero.

    Parameters
    ----------
    cash_flow_usd : array, shape (year, ...)
        Sources less uses before the funding, USD.
    opening_usd : float or array, shape (draw,)
        Balance before the first year, USD.

    Returns
    -------
    array, shape (year, ...)
        Funding per year, USD, >= 0. Its sum is the peak funding.

    Examples
    --------
    >>> external_funding(cash_flow_usd=np.array([-3.0, 1.0, -4.0]), opening_usd=1.0).tolist()
    [2.0, 0.0, 3.0]
    """
    held_usd = opening_usd + np.cumsum(cash_flow_usd, axis=0)
    need_usd = np.maximum.accumulate(np.maximum(-held_usd, 0.0), axis=0)
    return np.diff(need_usd, axis=0, prepend=np.zeros_like(need_usd[:1]))


def spread(*, year: Real, total_usd: Real, start_year: Real, duration_yr: Real) -> Array:
    """Spread a sum evenly over a period, per calendar year.

    Parameters
    ----------
    year : float or array
        Calendar years; shape (year, 1) against draws.
    total_usd : float or array
        Whole sum, USD.
    start_year : float or array
        Begin of the period (2030.5 is mid-2030).
    duration_yr : float or array
        Length of the period, yr; > 0.

    Returns
    -------
    array
        USD in each year, in the broadcast shape; all years together give the total.

    Examples
    --------
    >>> years = np.array([2030.0, 2031.0, 2032.0])
    >>> spread(year=years, total_usd=10.0, start_year=2030.5, duration_yr=2.0).tolist()
    [2.5, 5.0, 2.5]
    """
    begin = np.asarray(year, dtype=np.float64)
    overlap = np.minimum(begin + 1.0, np.asarray(start_year) + duration_yr)
    overlap = overlap - np.maximum(begin, start_year)
    return np.asarray(total_usd * np.maximum(overlap, 0.0) / duration_yr)
