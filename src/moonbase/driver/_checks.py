"""Input rules: nan where a draw breaks one, an error where every draw does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError


def _positive(path: str, value: Real) -> Array:
    """Value above zero."""
    return _valid(path, value, np.greater(value, 0.0), "must be > 0")


def _not_negative(path: str, value: Real) -> Array:
    """Value of zero or more."""
    return _valid(path, value, np.greater_equal(value, 0.0), "must be >= 0")


def _fraction(path: str, value: Real, *, above_zero: bool = False) -> Array:
    """Value from 0 to 1, without 0 if asked."""
    low = np.greater(value, 0.0) if above_zero else np.greater_equal(value, 0.0)
    limits = "above 0 and at most 1" if above_zero else "between 0 and 1"
    return _valid(path, value, low & np.less_equal(value, 1.0), f"must be {limits}")


def _valid(path: str, value: Real, good: np.bool_ | npt.NDArray[np.bool_], rule: str) -> Array:
    """Value with nan where it breaks the rule; an error where it does so in every draw."""
    if not np.any(good):
        raise DomainError(
            f"{rule} in at least one draw", path=path, hint="check the record and its range"
        )
    return np.where(good, value, np.nan)
