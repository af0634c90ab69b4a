"""A lunar seed that grows by generations, each built by the one before (Metzger et al. 2013).

The published model, as far as its description goes: printers make the structure of the next
generation's sets and what share of electronics is made locally; what is not made is landed. Each
generation hands its successor the robots that this one needs to put the next together.

Neglected: machines that make electronics (their output rate is not published), power (published as
far more than needed), feedstock, the time to put the first set to work. Machines retire with their
generation, robots do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import HOURS_PER_YEAR, DAY_s, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.core.tables import read_rows

_WEEKS_PER_YEAR = JULIAN_YEAR_s / (7.0 * DAY_s)
_ROBOT = "robonaut"
_ROUNDS = 300
"""Rounds of the damped iteration; the change per round is at rounding long before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """A seed's generations; arrays are (generation, ...draws).

    ``landed_kg`` is what each generation takes from Earth; the first takes its whole set.
    """

    generation: tuple[str, ...]
    n_sets: Array
    n_robots: Array
    assets_kg: Array
    landed_kg: Array

    @property
    def total_landed_kg(self) -> Array:
        """Mass landed over all generations, kg."""
        return np.asarray(self.landed_kg.sum(axis=0))


def bootstrap(
    *,
    rate_frac: Real = 1.0,
    duty_frac: Real = 0.70,
    generation_yr: Real = 2.0,
    robot_weeks_ratio: Real = 1.0,
    name: str = "metzger2013",
) -> Bootstrap:
    """Sets, robots and landed mass of a seed, generation by generation.

    Parameters
    ----------
    rate_frac : float or array
        Mean manufacturing rate over the most that the printers can make; 0.5 is the published
        reduced case.
    duty_frac : float or array
        Share of the time with sunlight, during which everything works.
    generation_yr : float or array
        Time that a generation builds the next, yr.
    robot_weeks_ratio : float or array
        Robot-weeks to put one machine together, over the table's.
    name : str
        Set in ``data/recipes/seed_assets.csv`` and ``seed_generations.csv``.

    Returns
    -------
    Bootstrap

    Raises
    ------
    DomainError
        No such set, or an argument that is not positive (shares above 1).

    Notes
    -----
    With ``Z`` sets, ``X`` robots, crudeness ``c``, local electronics ``F``, set-asides ``S``:
    ``Z[n+1] = (Z[n] q duty T - S[n] - c m_r (X[n+1] - X[n])) / (c m + F e)``, robots from the
    generation that makes their structure on; ``X[n] = (a Z[n+1] + R[n]) w[n] / weeks`` with ``R``
    robots made here. A generation that is added to the last works beside it. Circular, so iterated.

    Source: Metzger et al., J. Aerosp. Eng. 26 (2013), 18-29, via secondary source. Published: 12 t
    landed at half the rate and 41 t at the full rate.

    Examples
    --------
    >>> (bootstrap(rate_frac=np.array([0.5, 1.0])).total_landed_kg / 1e3).round(1)
    array([11.1, 40.7])
    """
    _check(rate_frac, duty_frac, generation_yr, robot_weeks_ratio)
    assets = [row for row in read_rows(room="recipes", name="seed_assets") if row["set"] == name]
    steps = [
        row for row in read_rows(room="recipes", name="seed_generations") if row["set"] == name
    ]
    if not assets or not steps:
        raise DomainError(f"no such set: {name!r}", path="name", hint="see seed_generations.csv")
    robot = next(row for row in assets if row["asset"] == _ROBOT)
    machines = [row for row in assets if row is not robot]
    structure_kg, electronics_kg = (
        sum(int(row["quantity"]) * float(row[key]) for row in machines)
        for key in ("structure_kg", "electronics_kg")
    )
    n_machines = sum(int(row["quantity"]) for row in machines)
    printed_kg_h = sum(int(row["quantity"]) * float(row["printed_kg_h"]) for row in machines)
    first_robots = float(robot["quantity"])
    shell_kg, brain_kg = float(robot["structure_kg"]), float(robot["electronics_kg"])

    def column(key: str) -> Array:
        return np.array([float(row[key]) for row in steps])

    crude, local, aside = (
        column(key) for key in ("crudeness_ratio", "local_electronics_frac", "set_aside_kg")
    )
    beside, home_made = column("added_to_last"), column("structure_local")
    rate, duty, years, ratio = np.broadcast_arrays(
        *(np.asarray(x, float) for x in (rate_frac, duty_frac, generation_yr, robot_weeks_ratio))
    )
    made_kg = printed_kg_h * HOURS_PER_YEAR * years * duty * rate
    weeks = column("robot_weeks").reshape(-1, *([1] * rate.ndim)) * ratio
    per_robot = weeks / (_WEEKS_PER_YEAR * years * duty)
    per_set_kg = crude * structure_kg + local * electronics_kg
    made_next = np.append(home_made[1:], 0.0)
    last = len(steps) - 1
    sets, robots = np.zeros((2, len(steps), *rate.shape))
    sets[0] = 1.0
    robots[:] = first_robots
    for _ in range(_ROUNDS):
        new = np.maximum(np.diff(robots, axis=0, append=robots[-1:]), 0.0)
        for n in range(last):
            working = sets[n] + beside[n] * sets[n - 1]
            shells_kg = home_made[n + 1] * crude[n + 1] * shell_kg * new[n]
            left_kg = working * made_kg - aside[n] - shells_kg
            sets[n + 1] = 0.5 * (sets[n + 1] + np.maximum(left_kg / per_set_kg[n + 1], 0.0))
        built = n_machines * np.concatenate([sets[1:], sets[-1:]]) + (made_next.T * new.T).T
        needed = np.maximum.accumulate(np.maximum(built * per_robot, first_robots), axis=0)
        robots = 0.5 * (robots + needed)
    landed = np.empty_like(sets)
    landed[0] = structure_kg + electronics_kg + robots[0] * (shell_kg + brain_kg)
    for n in range(1, len(steps)):
        arrived = np.maximum(robots[n] - robots[n - 1], 0.0)
        per_kg = (1.0 - home_made[n]) * shell_kg + (1.0 - local[n]) * brain_kg
        landed[n] = sets[n] * (1.0 - local[n]) * electronics_kg + arrived * per_kg
    set_kg = (crude * structure_kg + electronics_kg).reshape(-1, *([1] * rate.ndim))
    return Bootstrap(
        generation=tuple(row["generation"] for row in steps),
        n_sets=sets,
        n_robots=robots,
        assets_kg=sets * set_kg + robots * (shell_kg + brain_kg),
        landed_kg=landed,
    )


def _check(rate_frac: Real, duty_frac: Real, generation_yr: Real, robot_weeks_ratio: Real) -> None:
    shares = {"rate_frac": rate_frac, "duty_frac": duty_frac}
    for key, value in {
        **shares,
        "generation_yr": generation_yr,
        "robot_weeks_ratio": robot_weeks_ratio,
    }.items():
        values = np.asarray(value, float)
        if not np.all((values > 0.0) & (values <= (1.0 if key in shares else np.inf))):
            raise DomainError(
                "out of range", path=key, hint="> 0 and <= 1" if key in shares else "> 0"
            )
