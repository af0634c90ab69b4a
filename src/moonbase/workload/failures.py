"""What failures leave of a cluster in lock step.

Neglected: spare chips that take over, several checkpoint tiers, failures that come in bursts,
undetected corruption (it costs quality, not time), and learners that go on without each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError

NEGLIGIBLE_RATE_1_s = 1e-30
"""Stands for no failures at all, so that nothing is divided by zero."""
NEWTON_STEPS = 8
"""Enough for full precision: the start lies above the root of a convex curve, near it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goodput:
    """Useful share of a cluster's time and the checkpoint interval that gives it."""

    goodput_frac: Real
    interval_s: Real
    young_goodput_frac: Real
    young_interval_s: Real
    failure_interval_s: Real


def goodput(
    *,
    n_chips: Real,
    failures_1_yr: Real,
    checkpoint_s: Real,
    restart_s: Real,
    corruptions_1_yr: Real,
    redo_s: Real,
) -> Goodput:
    """Goodput of a cluster that checkpoints at the best interval, exact and in first order.

    Exact for exponential failures: g = tau l exp(-l R) / [exp(l (tau + d)) - 1] at the tau that
    maximises it, (1 - l tau) exp[l (tau + d)] = 1. First order (Young): tau = sqrt(2 d / l),
    g = 1 / [1 + d/tau + l (tau/2 + R)]. Detected silent corruption costs a redo each time.

    Parameters
    ----------
    n_chips
        Chips in lock step, any shape.
    failures_1_yr
        Interruptions per chip and year [1/yr].
    checkpoint_s, restart_s
        Time to write a checkpoint d and to restart from one R [s].
    corruptions_1_yr, redo_s
        Detected corruptions per chip and year [1/yr] and the work that each costs [s].

    Returns
    -------
    Goodput
        Goodput [1] and interval [s], exact and first order; mean time between failures [s].

    Raises
    ------
    DomainError
        A checkpoint that takes no time in every draw: then no interval is best.

    Notes
    -----
    The first order is far too high once l (tau + R) is not small. Source: Young's
    first order; the exact form is the mean of a memoryless process.

    Examples
    --------
    >>> run = goodput(n_chips=100_000, failures_1_yr=3.789, checkpoint_s=10.0, restart_s=120.0,
    ...     corruptions_1_yr=0.0, redo_s=10.0)
    >>> round(float(run.goodput_frac), 3), round(float(run.young_goodput_frac), 3)
    (0.139, 0.341)
    """
    if not np.any(np.asarray(checkpoint_s) > 0.0):
        raise DomainError("must be > 0", path="checkpoint_s", hint="seconds to write a checkpoint")
    rate_1_s = n_chips * failures_1_yr / JULIAN_YEAR_s
    rate = np.maximum(rate_1_s, NEGLIGIBLE_RATE_1_s)
    young_s = np.sqrt(2.0 * checkpoint_s / rate)
    young = 1.0 / (1.0 + checkpoint_s / young_s + rate * (young_s / 2.0 + restart_s))
    share = _best_interval(rate * checkpoint_s)
    cycle = share + rate * checkpoint_s
    exact = share * np.exp(-rate * restart_s - cycle) / -np.expm1(-cycle)
    redo = 1.0 + n_chips * corruptions_1_yr / JULIAN_YEAR_s * redo_s
    return Goodput(
        goodput_frac=exact / redo,
        interval_s=share / rate,
        young_goodput_frac=young / redo,
        young_interval_s=young_s,
        failure_interval_s=1.0 / rate,
    )


def _best_interval(cost: Real) -> Real:
    """Root u of (1 - u) exp(u + cost) = 1 in (0, 1): Newton steps from above in -ln(1 - u)."""
    depth = np.sqrt(2.0 * cost) + cost
    for _ in range(NEWTON_STEPS):
        depth = depth - (depth + np.expm1(-depth) - cost) / -np.expm1(-depth)
    share: Real = -np.expm1(-depth)
    return share
