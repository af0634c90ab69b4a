"""Hours: what a city needs, what people and robots can give, who holds which trade, and spares.

Neglected: shifts and emergencies, learning, illness, hours lost to quarrels; robots are counted as
hours that replace hours. The needs by domain are set so that they balance at the published number
of people, and are not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import HOURS_PER_YEAR
from moonbase.core.errors import DomainError
from moonbase.core.tables import Table, pick, read_table, values

DOMAINS = ("ecosystem", "energy", "industry", "building", "social")
"""The five domains of Salotti (2020)."""
_MARGIN = 1e-4
"""Labour ratio over 1 that still counts as enough: the table is rounded to whole hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labour:
    """Hours of a city in a year.

    ``needed_h_yr`` is what people must do, after robots; ``by_domain_h_yr`` before robots;
    ``robots_used_h_yr`` in robot hours; ``labour_ratio`` is needed over available (infinite where
    nobody is there to do what is needed).
    """

    by_domain_h_yr: Mapping[str, Array]
    medical_h_yr: Array
    maintenance_h_yr: Array
    robots_used_h_yr: Array
    needed_h_yr: Array
    available_h_yr: Array
    labour_ratio: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Spares:
    """Renewed mass by class, and their sum, kg/yr."""

    by_class_kg_yr: Mapping[str, Array]
    total_kg_yr: Array


def sharing_factor(*, n_crew: Real, sharing_nd: Real) -> Array:
    """How many people one hour of a shared task serves.

    Parameters
    ----------
    n_crew : float or array
        People; >= 1 where it matters, below it there is nobody to share with.
    sharing_nd : float or array
        Exponent: 0, everyone does it alone; 1, once for all.

    Returns
    -------
    array
        ``max(n, 1) ** exponent``.

    Raises
    ------
    DomainError
        Exponent outside 0 to 1.

    Notes
    -----
    The sharing factor is Salotti's (2020); the power law is ours.

    Examples
    --------
    >>> sharing_factor(n_crew=100.0, sharing_nd=0.5)
    array(10.)
    """
    exponent = np.asarray(sharing_nd, dtype=np.float64)
    if np.any((exponent < 0.0) | (exponent > 1.0)):
        raise DomainError("must lie in 0 to 1", path="sharing_nd")
    return np.asarray(np.maximum(np.asarray(n_crew, dtype=np.float64), 1.0) ** exponent)


def labour_balance(
    *,
    n_crew: Real,
    n_robots: Real = 0.0,
    alone_h_yr: Mapping[str, Real] | None = None,
    sharing_nd: Mapping[str, Real] | None = None,
    substitution_frac: Mapping[str, Real] | None = None,
    maintenance_h_yr: Real = 0.0,
    medical_h_yr: Real | None = None,
    work_h_yr: Real | None = None,
    adult_frac: Real | None = None,
    robot_work_h_yr: Real | None = None,
    substitution_ratio: Real | None = None,
) -> Labour:
    """Labour needed against labour available, by domain.

    What is None is read from the shipped table ``labour.csv``.

    Parameters
    ----------
    n_crew, n_robots : float or array
        People and robots.
    alone_h_yr : mapping of str to float or array, optional
        Hours a year that each task takes a person who shares with nobody, h/yr.
    sharing_nd, substitution_frac : mapping of str to float or array, optional
        Sharing exponent, and share of the hours that robots can do, by task; tasks left out share
        nothing and take no robot. Given with ``alone_h_yr``.
    maintenance_h_yr : float or array
        Upkeep of machines besides, h/yr for the city; robots can do all of it.
    medical_h_yr : float or array, optional
        Carer's hours per person, h/yr.
    work_h_yr, adult_frac : float or array, optional
        Working hours of a worker, at most 8,766 h/yr, and share of the people who work.
    robot_work_h_yr : float or array, optional
        Working hours of a robot, h/yr.
    substitution_ratio : float or array, optional
        Crew hours that one robot hour replaces.

    Returns
    -------
    Labour
        h/yr in the broadcast shape.

    Raises
    ------
    DomainError
        More hours than a year has, or anything negative.

    Notes
    -----
    ``need_i = n t_i(1) / s_i(n)``; robots first take what they can of it; feasible at a ratio of 1
    or below. Source: Salotti (2020), Scientific Reports 10.

    Examples
    --------
    >>> round(float(labour_balance(n_crew=110.0, medical_h_yr=0.0).labour_ratio), 3)
    1.0
    """
    table = read_table(room="city", name="labour")
    people = np.asarray(n_crew, dtype=np.float64)
    work = pick(work_h_yr, table, "crew", "work_h_yr")
    adult = pick(adult_frac, table, "crew", "adult_frac")
    if np.any(work > HOURS_PER_YEAR) or np.any(work < 0.0):
        raise DomainError(f"must lie in 0 to {HOURS_PER_YEAR:g}", path="work_h_yr")
    if np.any(people < 0.0) or np.any(np.asarray(n_robots) < 0.0):
        raise DomainError("must be >= 0", path="n_crew")
    if alone_h_yr is None:
        alone_h_yr = _column(table, "alone_h_yr")
        sharing_nd = sharing_nd or _column(table, "sharing_nd")
        substitution_frac = substitution_frac or _column(table, "substitution_frac")
    shared, robotic = sharing_nd or {}, substitution_frac or {}
    needs = {
        task: people * hours / sharing_factor(n_crew=people, sharing_nd=shared.get(task, 0.0))
        for task, hours in alone_h_yr.items()
    }
    medical = people * pick(medical_h_yr, table, "medical", "hours_h_yr")
    upkeep = np.asarray(maintenance_h_yr, dtype=np.float64)
    reachable = upkeep + sum(h * np.asarray(robotic.get(t, 0.0)) for t, h in needs.items())
    rate = pick(substitution_ratio, table, "robot", "substitution_ratio")
    robot_h = np.asarray(n_robots) * pick(robot_work_h_yr, table, "robot", "work_h_yr")
    replaced = np.minimum(reachable, robot_h * rate)
    needed = upkeep + medical + sum(needs.values()) - replaced
    available = people * adult * work
    with np.errstate(over="ignore"):
        ratio = needed / np.where(available > 0.0, available, 1.0)
    return Labour(
        by_domain_h_yr={task: np.asarray(hours) for task, hours in needs.items()},
        medical_h_yr=medical,
        maintenance_h_yr=upkeep,
        robots_used_h_yr=np.asarray(replaced / np.where(rate > 0.0, rate, 1.0)),
        needed_h_yr=np.asarray(needed),
        available_h_yr=np.asarray(available),
        labour_ratio=np.where(available > 0.0, ratio, np.where(needed > 0.0, np.inf, 0.0)),
    )


def least_crew(*, n_robots: Real = 0.0, n_most: int = 10_000, **needs: Any) -> Array:
    """Fewest people whose labour covers their needs.

    Parameters
    ----------
    n_robots : float or array
        Robots.
    n_most : int
        Largest number tried.
    **needs
        Further arguments of `labour_balance` (``work_h_yr``, ``alone_h_yr`` ...).

    Returns
    -------
    array
        People; NaN where no number up to ``n_most`` is enough.

    Notes
    -----
    Every number from 1 on is tried: with robots the ratio need not fall throughout.

    Examples
    --------
    >>> float(least_crew(medical_h_yr=0.0))
    110.0
    """
    shape = labour_balance(n_crew=1.0, n_robots=n_robots, **needs).labour_ratio.shape
    people = np.arange(1.0, n_most + 1.0).reshape(-1, *(1 for _ in shape))
    ratio = labour_balance(n_crew=people, n_robots=n_robots, **needs).labour_ratio
    enough = ratio <= 1.0 + _MARGIN
    return np.asarray(np.where(enough.any(axis=0), enough.argmax(axis=0) + 1.0, np.nan))


def skill_cover(
    *,
    n_crew: Real,
    n_critical: Real | None = None,
    n_each: Real | None = None,
    n_holders: Real | None = None,
) -> Array:
    """Share of critical trades with enough holders, if trades are planned.

    What is None is read from the shipped table ``labour.csv``.

    Parameters
    ----------
    n_crew : float or array
        People.
    n_critical, n_each, n_holders : float or array, optional
        Critical trades; trades that one person holds; holders that a trade must have.

    Returns
    -------
    array
        0 to 1: ``min(1, floor(min(n, each trade once a person) x each / holders) / critical)``.

    Notes
    -----
    A person counts once in a trade, so fewer people than ``n_holders`` cover nothing.

    Examples
    --------
    >>> float(skill_cover(n_crew=20.0, n_critical=40.0, n_each=3.0, n_holders=2.0))
    0.75
    """
    table = read_table(room="city", name="labour")
    critical = pick(n_critical, table, "skills", "n_critical")
    holders = pick(n_holders, table, "skills", "n_holders")
    people = np.floor(np.asarray(n_crew, dtype=np.float64) + 1e-9)
    trades = np.floor(people * pick(n_each, table, "skills", "n_each") / holders)
    return np.asarray(np.where(people >= holders, np.minimum(1.0, trades / critical), 0.0))


def spares_by_mass(
    *,
    habitat_pressurised_kg: Real,
    habitat_unpressurised_kg: Real = 0.0,
    power_kg: Real = 0.0,
    greenhouse_kg: Real = 0.0,
    life_support_kg_yr: Real = 0.0,
) -> Spares:
    """Spares by mass rates.

    Parameters
    ----------
    habitat_pressurised_kg, habitat_unpressurised_kg : float or array
        Habitat inside and outside the shell, kg.
    power_kg, greenhouse_kg : float or array
        Arrays and stores; greenhouse equipment, kg.
    life_support_kg_yr : float or array
        Spares of the life-support units, kg/yr, as `size_life_support` gives.

    Returns
    -------
    Spares

    Notes
    -----
    Source: sparing by mass of SpaceNet, quick start 2; its period is not printed, read as a year.

    Examples
    --------
    >>> float(spares_by_mass(habitat_pressurised_kg=7500.0).total_kg_yr)
    300.0
    """
    table = read_table(room="city", name="spares")
    home = values(table, "habitat")
    parts = {
        "pressurised": np.asarray(habitat_pressurised_kg) * home["pressurised_1_yr"],
        "unpressurised": np.asarray(habitat_unpressurised_kg) * home["unpressurised_1_yr"],
        "power": np.asarray(power_kg) * values(table, "power")["unit_1_yr"],
        "greenhouse": np.asarray(greenhouse_kg) * values(table, "greenhouse")["unit_1_yr"],
        "life_support": np.asarray(life_support_kg_yr, dtype=np.float64),
    }
    return Spares(by_class_kg_yr=parts, total_kg_yr=np.asarray(sum(parts.values())))


def spares_for(
    *, n_units: Real, failure_1_yr: Real, horizon_yr: Real, confidence_frac: Real
) -> Array:
    """Whole spare units that last through a horizon with a given confidence.

    Parameters
    ----------
    n_units : float or array
        Like units at work.
    failure_1_yr : float or array
        Failures of one unit in a year, 1/yr.
    horizon_yr : float or array
        Time without resupply, yr.
    confidence_frac : float or array
        Probability that the spares are enough, in (0, 1).

    Returns
    -------
    array
        Least count whose Poisson probability reaches the confidence.

    Raises
    ------
    DomainError
        Confidence outside (0, 1).

    Examples
    --------
    >>> float(spares_for(n_units=4, failure_1_yr=0.5, horizon_yr=2.0, confidence_frac=0.99))
    9.0
    """
    from scipy.special import pdtr

    confidence = np.asarray(confidence_frac, dtype=np.float64)
    if np.any((confidence <= 0.0) | (confidence >= 1.0)):
        raise DomainError("must lie in (0, 1)", path="confidence_frac")
    mean = np.asarray(n_units, dtype=np.float64) * failure_1_yr * horizon_yr
    most = int(np.ceil(np.max(mean) + 12.0 * np.sqrt(np.max(mean)) + 40.0))
    counts = np.arange(most + 1.0).reshape(-1, *(1 for _ in np.shape(mean + confidence)))
    return np.asarray((pdtr(counts, mean) >= confidence).argmax(axis=0), dtype=np.float64)


def _column(table: Table, quantity: str) -> dict[str, Real]:
    return {task: values(table, task)[quantity] for task in DOMAINS}
