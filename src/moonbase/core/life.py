"""Loss of units over a life without repair."""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Real


def lifetime_penalty(*, loss_rate_1_yr: Real, life_yr: Real) -> Real:
    """Units that must be bought for each one alive on average, x / (1 - exp(-x)), x = lambda T.

    Parameters
    ----------
    loss_rate_1_yr
        Permanent losses per unit and year [1/yr], >= 0, any shape.
    life_yr
        Life without repair [yr].

    Returns
    -------
    Real
        Penalty [1], at least 1; delivered power is the nominal one over it.

    Notes
    -----
    Constant hazard: no infant mortality and no wear-out. Degradation of what survives is counted
    apart. Source: Turyshev, arXiv 2604.27197.

    Examples
    --------
    >>> round(float(lifetime_penalty(loss_rate_1_yr=0.1, life_yr=5.0)), 3)
    1.271
    """
    exposure = np.asarray(loss_rate_1_yr * life_yr)
    safe = np.where(exposure > 0.0, exposure, 1.0)
    penalty: Real = np.where(exposure > 0.0, safe / -np.expm1(-safe), 1.0)
    return penalty
