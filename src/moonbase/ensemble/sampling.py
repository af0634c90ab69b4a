"""From records with ranges to one array per input, the draw axis last.

Draw 0 is the nominal case: every input at its value. Draw i > 0 is point i of a scrambled Sobol
sequence (Sobol 1967; scrambling after Owen 1998 as in scipy.stats.qmc) with one dimension per
record of the data set, sampled or not, so that a draw is the same alone, in a batch, and in a
scenario that fixes some of the inputs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.parameters import Datum

_P05_Z = 1.6448536269514722


class Inputs(Mapping[str, Array]):
    """Values of every record, (draw,), by key. Remembers what was read.

    ``draw`` holds the number of each draw and ``seed`` the seed of them all: together they key
    whatever else a stage throws dice for.
    """

    def __init__(
        self,
        values: Mapping[str, Array],
        n_draws: int,
        *,
        draw: npt.NDArray[np.int64] | None = None,
        seed: int = 0,
    ) -> None:
        self._values = dict(values)
        self.n_draws = n_draws
        self.draw = np.arange(n_draws) if draw is None else draw
        self.seed = seed
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Array:
        value = self._values[key]
        self.read.add(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def take(self, draws: slice | list[int]) -> Inputs:
        """Return the same inputs for some draws."""
        values = {key: value[draws] for key, value in self._values.items()}
        draw = self.draw[draws]
        return Inputs(values, len(draw), draw=draw, seed=self.seed)


def sample(records: Mapping[str, Datum], *, n_draws: int, seed: int, first: int = 0) -> Inputs:
    """Draw every uncertain record.

    Parameters
    ----------
    records : Mapping
        Key -> Datum; all records of the resolved scenario.
    n_draws : int
        Number of draws.
    seed : int
        Seed of the scrambling.
    first : int
        Index of the first draw, so that any draw can be replayed alone.

    Returns
    -------
    Inputs
        One float array of shape (draw,) per key.

    Examples
    --------
    >>> from moonbase.parameters import load_parameters
    >>> records = load_parameters()
    >>> batch = sample(records, n_draws=8, seed=1)["driver.sled_loop_s"]
    >>> alone = sample(records, n_draws=1, seed=1, first=5)["driver.sled_loop_s"]
    >>> bool(batch[5] == alone[0])
    True
    """
    keys = sorted(records)
    values = {key: np.full(n_draws, float(records[key].value)) for key in keys}
    start = max(first, 1)
    n_random = first + n_draws - start
    if n_random > 0:
        points = _sobol(n_random, len(keys), seed=seed, first=start)
        for column, key in enumerate(keys):
            if records[key].distribution != "fixed":
                values[key][n_draws - n_random :] = inverse(records[key], points[:, column])
    return Inputs(values, n_draws, draw=np.arange(first, first + n_draws), seed=seed)


def _sobol(n_points: int, n_dimensions: int, *, seed: int, first: int) -> Array:
    from scipy.stats import qmc

    sampler = qmc.Sobol(n_dimensions, scramble=True, rng=np.random.default_rng(seed))
    sampler.fast_forward(first)
    return np.asarray(sampler.random(n_points))


def inverse(datum: Datum, u: Array) -> Array:
    """Quantile function of a record's distribution.

    ``uniform``, ``triangular`` and ``pert``: low and high are the bounds, value the mode.
    ``normal`` and ``lognormal``: value is the median, low and high are the 5th and 95th
    percentiles, with one spread below the median and one above.

    Parameters
    ----------
    datum : Datum
    u : Array
        Probabilities in (0, 1), any shape.

    Returns
    -------
    Array
        Quantiles in the record's unit, shape of ``u``.
    """
    value, low, high = datum.value, datum.low, datum.high
    if datum.distribution == "fixed" or low == high:
        return np.full(u.shape, float(value))
    if datum.distribution == "uniform":
        return np.asarray(low + (high - low) * u)
    if datum.distribution == "triangular":
        turn = (value - low) / (high - low)
        left = low + np.sqrt(u * (high - low) * (value - low))
        right = high - np.sqrt((1.0 - u) * (high - low) * (high - value))
        return np.asarray(np.where(u < turn, left, right))
    if datum.distribution == "pert":
        from scipy.special import betaincinv

        alpha = 1.0 + 4.0 * (value - low) / (high - low)
        return np.asarray(low + (high - low) * betaincinv(alpha, 6.0 - alpha, u))
    from scipy.special import ndtri

    z = ndtri(u)
    if datum.distribution == "normal":
        spread = np.where(z < 0.0, value - low, high - value) / _P05_Z
        return np.asarray(value + z * spread)
    below = math.log(value / low) / _P05_Z
    above = math.log(high / value) / _P05_Z
    return np.asarray(value * np.exp(z * np.where(z < 0.0, below, above)))
