"""Why there is no plan: the smallest set of limits that cannot hold together, by name.

Each family of limits (landings, finished plant, demand, growth, what is asked) may be broken at a
price. A family that is not needed for the conflict is let go; what remains is a set of which no
member can be left out. Then the least amount by which each member alone would have to give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.campaign.planner_model import Model
from moonbase.campaign.planner_solve import Solution, solve
from moonbase.core.arrays import Array

WORDS = {
    "landings": ("mass landed", "kg"),
    "finished_plant": ("finished plant landed", "kg"),
    "seed_landed": ("seed landed", "kg"),
    "seed": ("seed in place", "kg"),
    "demand": ("demand for power in orbit", "W yr"),
    "served": ("power in service asked for", "W yr"),
    "rate": ("power added a year asked for", "W/yr"),
}
"""Family of limits -> words and the unit of a breach summed over periods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Limits that cannot hold together; ``breach`` is the least that each alone must give.

    A breach that is not finite says that the family alone cannot mend it.
    """

    limits: tuple[str, ...]
    breach: dict[str, float]

    def sentence(self) -> str:
        """The conflict in words."""
        names = [self.words(name)[0] for name in self.limits]
        return " against ".join(names)

    def remedy(self) -> str:
        """What would mend it, one of."""
        parts = []
        for name in self.limits:
            words, unit = self.words(name)
            if np.isfinite(self.breach[name]):
                change = "lower" if name in ("served", "rate") else "raise"
                parts.append(f"{change} {words} by {self.breach[name]:.3g} {unit} in all")
        return "; or ".join(parts)

    @staticmethod
    def words(name: str) -> tuple[str, str]:
        """Words and unit of a family."""
        return WORDS.get(name, (name.replace("growth:", "growth of "), "units"))


def _standing(name: str) -> int:
    """Order in which families are let go: rules first, then ships and customers, then the goal."""
    return {"demand": 1, "landings": 2, "served": 3, "rate": 3}.get(name, 0)


def explain(model: Model, *, size: Array, solver: str, time_limit_s: float) -> Conflict:
    """Find a smallest set of families of limits that cannot hold together.

    Parameters
    ----------
    model : Model
        Infeasible.
    size : Array
        As in ``solve``.
    solver : str
    time_limit_s : float
        For each trial, s.

    Returns
    -------
    Conflict
    """
    problem = model.problem
    breach, unit = {}, {}
    low, high = np.concatenate(problem.low), np.concatenate(problem.high)
    for name, rows in list(problem.limits.items()):
        is_floor = np.isfinite(low[rows])
        bound = np.abs(np.where(is_floor, low[rows], high[rows]))
        largest = bound[np.isfinite(bound)].max(initial=0.0)
        unit[name] = float(largest) if largest > 0.0 else 1.0
        breach[name] = problem.columns(1, len(rows))[0]
        problem.put(rows, breach[name], unit[name] * np.where(is_floor, 1.0, -1.0))

    def breaches(free: set[str], price: float) -> Solution:
        cost = np.zeros(problem.n_columns)
        for name, columns in breach.items():
            problem.upper_of(columns, np.inf if name in free else 0.0)
            cost[columns] = price * (name in free)
        return solve(
            problem, cost, maximise=False, size=size, solver=solver, time_limit_s=time_limit_s
        )

    needed = set(breach)
    for name in sorted(breach, key=_standing):
        kept = needed - {name}
        if breaches(set(breach) - kept, 0.0).status != "optimal":
            needed = kept
    least = {}
    for name in sorted(needed):
        found = breaches({name}, 1.0)
        total = float(found.column[breach[name]].sum()) * unit[name]
        once = name in ("seed", "seed_landed", "rate")
        total *= 1.0 if once else model.world.step_yr
        least[name] = total if found.status == "optimal" else np.inf
    return Conflict(limits=tuple(sorted(needed)), breach=least)
