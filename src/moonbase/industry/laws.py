"""Growth laws that need no recipe table: one good, one factor, one ratio.

They bound and test the tables; none knows what an industry is made of. Published seed factories
are compared by the same few ratios.

Neglected: everything but the law itself.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import HOURS_PER_YEAR, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.industry.growth import lagged_growth, leontief_growth


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToTarget:
    """Doublings from a seed to a target, and the time they take; 0 for a target already met."""

    n_doublings: Array
    time_yr: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRatios:
    """Ratios by which seed factories of any size compare."""

    power_W_kg: Array
    energy_kWh_kg: Array
    """Per kilogram replicated, power on all year."""
    regolith_ratio: Array
    mining_kg_s: Array
    doubling_yr: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSet:
    """Totals of a published set of seed machines."""

    n_assets: int
    structure_kg: float
    electronics_kg: float
    mass_kg: float
    power_W: float
    electronics_frac: float


def growth_factor(*, inputs: Array) -> float:
    """Von Neumann growth factor per period when all inputs are advanced one period.

    Parameters
    ----------
    inputs : Array
        A, input of good i per unit of good j, shape (n, n); outputs are one good each.

    Returns
    -------
    float
        One over the largest eigenvalue of A (von Neumann 1945).

    Raises
    ------
    DomainError
        A is not square, has negative entries, or uses more than it makes.

    Examples
    --------
    >>> round(growth_factor(inputs=np.array([[0.2, 0.3], [0.4, 0.1]])), 9)
    2.0
    """
    table = np.asarray(inputs, dtype=float)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or (table < 0.0).any():
        raise DomainError("expects a square table of inputs, none negative", path="inputs")
    return 1.0 + leontief_growth(inputs=table, capital_yr=table)


def single_good_growth(
    *,
    capital_yr: Real,
    energy_kWh_kg: Real,
    power_yield_kWh_kg: Real,
    wear_1_yr: Real,
    build_lag_s: Real = 0.0,
    labour_h_kg: Real = 0.0,
    labour_yield_h_kg: Real = 1.0,
) -> Array:
    """Growth rate of an industry of one good that needs its own mass, power and labour.

    Parameters
    ----------
    capital_yr : Real
        k, plant per yearly output, kg per kg/yr.
    energy_kWh_kg, labour_h_kg : Real
        e and l, electricity and robot hours per kilogram made.
    power_yield_kWh_kg, labour_yield_h_kg : Real
        w and h, what a kilogram of array and of robot gives in a year.
    wear_1_yr : Real
        delta, share of capital that wears out in a year.
    build_lag_s : Real
        tau, time from made to working, s; worn plant is ordered ahead.

    Returns
    -------
    Array
        g in 1/yr with ``g exp(g tau) = 1/(k + e/w + l/h) - delta``; negative if it wears out
        faster than it is made.

    Raises
    ------
    DomainError
        No capital at all, a yield that is not positive, or a negative lag.

    Examples
    --------
    >>> rate = single_good_growth(capital_yr=0.5, energy_kWh_kg=100.0, wear_1_yr=0.1,
    ...                           power_yield_kWh_kg=176.4734, build_lag_s=31_557_600.0)
    >>> round(float(rate), 4)
    0.5053
    """
    if (np.asarray(power_yield_kWh_kg) <= 0.0).any() or (np.asarray(labour_yield_h_kg) <= 0).any():
        raise DomainError("expects yields above 0", path="power_yield_kWh_kg, labour_yield_h_kg")
    if (np.asarray(build_lag_s) < 0.0).any():
        raise DomainError("expects 0 s or more", path="build_lag_s")
    total = (
        np.asarray(capital_yr)
        + np.asarray(energy_kWh_kg) / np.asarray(power_yield_kWh_kg)
        + np.asarray(labour_h_kg) / np.asarray(labour_yield_h_kg)
    )
    if (total <= 0.0).any():
        raise DomainError("an output without capital grows without limit", path="capital_yr")
    lag_yr = np.asarray(build_lag_s) / JULIAN_YEAR_s
    return lagged_growth(gamma_1_yr=1.0 / total - np.asarray(wear_1_yr), build_lag_yr=lag_yr)


def import_limited_capital(*, import_kg_yr: Real, import_ratio: Real) -> Array:
    """New capital a year that landings allow, ``I / v``.

    Parameters
    ----------
    import_kg_yr : Real
        I, kilograms landed a year for capital.
    import_ratio : Real
        v, kilograms landed per kilogram of new capital.

    Returns
    -------
    Array
        kg/yr; infinite where nothing is landed.

    Raises
    ------
    DomainError
        A negative number.

    Examples
    --------
    >>> round(float(import_limited_capital(import_kg_yr=1e6, import_ratio=0.057)), 2)
    17543859.65
    """
    supply, ratio = np.asarray(import_kg_yr, dtype=float), np.asarray(import_ratio, dtype=float)
    if (supply < 0.0).any() or (ratio < 0.0).any():
        raise DomainError("expects 0 or more", path="import_kg_yr, import_ratio")
    return np.where(ratio > 0.0, supply / np.where(ratio > 0.0, ratio, 1.0), np.inf)


def time_to_target(*, seed_kg: Real, target_kg: Real, doubling_yr: Real) -> TimeToTarget:
    """Doublings from a seed to a target stock, and their time at a constant rate.

    Parameters
    ----------
    seed_kg, target_kg : Real
        Capital at the start and at the end.
    doubling_yr : Real
        Doubling time, lags included; infinite for an industry that does not grow.

    Returns
    -------
    TimeToTarget
        ``log2(target / seed)`` and that times the doubling time. A phase in which landings
        bind comes on top.

    Raises
    ------
    DomainError
        A stock or time that is not positive.

    Examples
    --------
    >>> found = time_to_target(seed_kg=1e5, target_kg=1e9, doubling_yr=1.0)
    >>> round(float(found.n_doublings), 3)
    13.288
    """
    stocks = np.asarray(seed_kg, dtype=float), np.asarray(target_kg, dtype=float)
    slow = np.asarray(doubling_yr, dtype=float)
    if any((stock <= 0.0).any() for stock in stocks) or (slow <= 0.0).any():
        raise DomainError("expects numbers above 0", path="seed_kg, target_kg, doubling_yr")
    doublings = np.maximum(np.log2(stocks[1] / stocks[0]), 0.0)
    waits = doublings > 0.0
    return TimeToTarget(
        n_doublings=doublings, time_yr=np.where(waits, doublings * np.where(waits, slow, 1.0), 0.0)
    )


def replicated_units(*, working_year: Real) -> Array:
    """Seed factories after so many working years when each copies itself once a year.

    Parameters
    ----------
    working_year : Real
        T >= 1; the first unit works in year 1.

    Returns
    -------
    Array
        N with ``T = 1 + log2 N`` (AASM 1980, NASA CP-2255, table 5.2).

    Examples
    --------
    >>> replicated_units(working_year=10.0).tolist()
    512.0
    """
    year = np.asarray(working_year, dtype=float)
    if (year < 1.0).any():
        raise DomainError("the first unit works in year 1", path="working_year")
    return np.asarray(2.0 ** (year - 1.0))


def seed_ratios(
    *,
    seed_kg: Real,
    power_W: Real,
    replication_1_yr: Real,
    regolith_kg_yr: Real,
) -> SeedRatios:
    """Ratios of a published seed factory: power, energy and regolith per kilogram.

    Parameters
    ----------
    seed_kg, power_W : Real
        Mass and power of the seed.
    replication_1_yr : Real
        Own masses made in a year.
    regolith_kg_yr : Real

    Returns
    -------
    SeedRatios

    Raises
    ------
    DomainError
        A mass or rate of replication that is not positive.

    Examples
    --------
    >>> found = seed_ratios(seed_kg=1e5, power_W=1.7e6, replication_1_yr=1.0, regolith_kg_yr=4e6)
    >>> round(float(found.energy_kWh_kg))
    149
    """
    mass, rate = np.asarray(seed_kg, dtype=float), np.asarray(replication_1_yr, dtype=float)
    if (mass <= 0.0).any() or (rate <= 0.0).any():
        raise DomainError("expects numbers above 0", path="seed_kg, replication_1_yr")
    power, regolith = np.asarray(power_W, dtype=float), np.asarray(regolith_kg_yr, dtype=float)
    return SeedRatios(
        power_W_kg=power / mass,
        energy_kWh_kg=power * HOURS_PER_YEAR / 1e3 / (mass * rate),
        regolith_ratio=regolith / (mass * rate),
        mining_kg_s=regolith / JULIAN_YEAR_s,
        doubling_yr=1.0 / rate,
    )


def seed_set(*, name: str = "metzger2013") -> SeedSet:
    """Totals of a published set of machines that starts a lunar industry.

    Parameters
    ----------
    name : str
        ``metzger2013``: the basic set of Metzger et al. (J. Aerosp. Eng. 26, 2013, table 2).

    Returns
    -------
    SeedSet

    Raises
    ------
    DomainError
        No such set.

    Examples
    --------
    >>> seed_set().n_assets, seed_set().mass_kg
    (21, 7675.0)
    """
    text = (resources.files("moonbase") / "data" / "recipes" / "seed_assets.csv").read_text("utf-8")
    table = list(csv.DictReader(text.splitlines()))
    rows = [row for row in table if row["set"] == name]
    if not rows:
        known = ", ".join(sorted({row["set"] for row in table}))
        raise DomainError(f"no such set: {name!r}", path="name", hint=f"known: {known}")

    def total(column: str) -> float:
        return sum(int(row["quantity"]) * float(row[column]) for row in rows)

    structure, electronics = total("structure_kg"), total("electronics_kg")
    return SeedSet(
        n_assets=sum(int(row["quantity"]) for row in rows),
        structure_kg=structure,
        electronics_kg=electronics,
        mass_kg=structure + electronics,
        power_W=total("power_W"),
        electronics_frac=electronics / (structure + electronics),
    )
