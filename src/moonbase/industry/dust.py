"""Dust on surface arrays: what settles between cleanings costs output."""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Array, Real

WORST_DUST_frac = 0.9
"""Largest share of output that dust may take, where the law of thin layers ends."""


def mean_dust(*, dust_loss_1_yr: Real, dust_cleaning_yr: Real) -> Array:
    """Mean share of output that dust takes from a field whose arrays are cleaned in turn.

    Parameters
    ----------
    dust_loss_1_yr : Real
        Share of output lost per year on an array that nobody cleans.
    dust_cleaning_yr : Real
        Time between two cleanings of the same array, yr.

    Returns
    -------
    Array
        ``loss x interval / 2``, at most 0.9. Output falls in proportion to the dust, which holds
        for thin layers; what a cleaning cannot remove is left to the array's life.

    Examples
    --------
    >>> float(mean_dust(dust_loss_1_yr=0.05, dust_cleaning_yr=0.5))
    0.0125
    """
    dust = 0.5 * np.asarray(dust_loss_1_yr) * np.asarray(dust_cleaning_yr)
    return np.asarray(np.minimum(dust, WORST_DUST_frac))
