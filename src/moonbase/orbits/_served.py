"""What a column of the launch table serves: shares of epochs and medians over them, by speed.

The driver chooses the speed of each throw up to its greatest. At an epoch it takes, of the speeds
whose throw leaves directly and drifts at least as asked, the one whose stop at the slot costs
least. A node counts only if the throw at a neighbouring speed leaves directly too and to the same
side, so that no lucky throw among erratic ones is counted; between two such nodes the throw that
drifts just as asked is interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, GM_SUN_m3_s2, JULIAN_YEAR_s
from moonbase.orbits._throw_store import column
from moonbase.orbits._throws import DIRECT, Track

LEVEL_rad_yr = 0.02
"""Steps of drift asked for."""
SHARE, STOP, DRIFT, TRANSIT, C3 = range(5)
"""Rows of what is served."""
MEAN_MOTION_rad_yr = float(np.sqrt(GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m**3)) * JULIAN_YEAR_s
_HELIO_SPEED_m_s = float(np.sqrt(GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m))


def stop_delta_v(drift_rad_yr: Array, eccentricity_nd: Array, inclination_rad: Array) -> Array:
    """Impulses that turn an orbit beside the Earth's into the Earth's own, first order, m/s.

    Two tangential burns at the apsides change axis and eccentricity for half the larger of the two
    changes; the change of plane is worked into them.
    """
    axis = (1.0 + drift_rad_yr / MEAN_MOTION_rad_yr) ** (-2.0 / 3.0) - 1.0
    flat = 0.5 * np.maximum(np.abs(axis), eccentricity_nd)
    cost: Array = _HELIO_SPEED_m_s * np.hypot(flat, inclination_rad)
    return cost


@dataclass(frozen=True, slots=True)
class _Direct:
    """Throws of a column that leave directly (epoch, speed); nan for the others."""

    drift: Array
    values: Array
    """Rows drift, eccentricity, inclination, transit time, C3 (row, epoch, speed)."""
    stop: Array
    smooth: npt.NDArray[np.bool_]
    """Whether neighbouring speeds both leave directly to the same side (epoch, speed - 1)."""
    held: npt.NDArray[np.bool_]
    """Whether a node has such a neighbour."""


@lru_cache(maxsize=256)
def _direct(track: Track, index: int) -> _Direct:
    found = column(track, index)
    arrays = (
        found.drift_rad_yr,
        found.eccentricity_nd,
        found.inclination_rad,
        found.transit_s,
        found.c3_earth_m2_s2,
    )
    values = np.where(found.outcome == DIRECT, np.array(arrays, dtype=np.float64), np.nan)
    drift = values[0]
    smooth = drift[:, :-1] * drift[:, 1:] > 0.0
    held = np.zeros(drift.shape, dtype=bool)
    held[:, 1:] |= smooth
    held[:, :-1] |= smooth
    return _Direct(drift, values, stop_delta_v(*values[:3]), smooth, held)


@lru_cache(maxsize=8192)
def served(track: Track, index: int, level: int) -> Array:
    """Share of epochs served up to each speed, and medians over them, shape (row, speed).

    Rows are SHARE; STOP m/s, DRIFT rad/yr, TRANSIT s and C3 m2/s2 of the cheapest throw, 0 where
    the share is 0.
    """
    asked = level * LEVEL_rad_yr
    found = _direct(track, index)
    size = np.abs(found.drift)
    low, high = size[:, :-1], size[:, 1:]
    crossing = found.smooth & ((low < asked) != (high < asked))
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(crossing, (asked - low) / (high - low), 0.0)
    values = found.values
    between = np.empty_like(values)
    between[..., 0] = np.nan
    between[..., 1:] = values[..., :-1] + part * (values[..., 1:] - values[..., :-1])
    cost = np.where(found.held & (size >= asked), found.stop, np.inf)
    cost_between = np.full_like(cost, np.inf)
    cost_between[:, 1:][crossing] = stop_delta_v(*between[:3, :, 1:])[crossing]
    values = np.where(cost_between < cost, between, values)
    cost = np.minimum(cost, cost_between)
    least = np.minimum.accumulate(cost, axis=1)
    place = np.where(cost <= least, np.arange(cost.shape[1]), 0)
    place = np.maximum.accumulate(place, axis=1)
    rows = np.stack([cost, np.abs(values[0]), values[3], values[4]])
    chosen = np.take_along_axis(rows, place[None], axis=2)
    return _medians(chosen, np.isfinite(least))


def _medians(values: Array, serves: npt.NDArray[np.bool_]) -> Array:
    """Share of epochs that serve, and lower medians over them (row, speed)."""
    ranked = np.sort(np.where(serves, values, np.inf), axis=1)
    n_serving = serves.sum(axis=0)
    middle = np.maximum(n_serving - 1, 0) // 2
    medians = np.take_along_axis(ranked, middle[None, None, :], axis=1)[:, 0]
    share = n_serving / len(serves)
    return np.concatenate([share[None], np.where(share > 0.0, medians, 0.0)])
