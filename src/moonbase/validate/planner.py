"""Answers of the planner to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from moonbase.campaign import PlanResult, expand, expand_economy
from moonbase.industry import load_recipes

_FULL = 1.0 - 1e-6
"""Share of a cap from which on it counts as binding."""


def expansion(
    *,
    seed_kg: float,
    import_cap_kg_yr: float,
    import_growth_ratio: float,
    duration_yr: float,
    step_yr: float,
    without: Sequence[str],
    stock_after_yr: float,
    means: Mapping[str, float],
) -> dict[str, float]:
    """Mass thrown by a seed whose imports grow by a ratio a year, with capital at one time."""
    found = expand(
        load_recipes(),
        seed_kg=seed_kg,
        import_cap_kg_yr=lambda t_yr: import_cap_kg_yr * import_growth_ratio**t_yr,
        duration_yr=duration_yr,
        step_yr=step_yr,
        without=[name for name in without if name in load_recipes().processes],
        solver="interior_point",
        **means,  # type: ignore[arg-type]
    )
    after = np.append(found.year, duration_yr)
    return {
        "launched_kg": found.objective,
        "capital_kg": float(np.interp(stock_after_yr, after, found.capital_kg)),
        "binding_share": _binding_share(found),
    }


def turnpike(
    *,
    inputs: Sequence[Sequence[float]],
    capital_yr: Sequence[Sequence[float]],
    step_yr: float,
    n_periods: int,
) -> dict[str, float]:
    """Growth of total capital in the first and the middle step of a finite plan."""
    found = expand_economy(
        inputs=inputs, capital_yr=capital_yr, step_yr=step_yr, n_periods=n_periods
    )
    total = found.capital.sum(axis=0)
    middle = n_periods // 2
    return {
        "ratio_first_step": float(total[1] / total[0]),
        "ratio_middle_step": float(total[middle + 1] / total[middle]),
    }


def _binding_share(found: PlanResult) -> float:
    return float(np.mean(found.landed_kg_yr >= _FULL * found.world.landing_cap_kg_yr))
