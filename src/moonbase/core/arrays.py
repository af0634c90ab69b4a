"""Array types. The draw axis is always the last one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Real = float | Array
"""A scalar or an array that broadcasts over a trailing draw axis."""
