"""What happens at random within a draw: lost landings, breakdowns, dust, construction time.

Every draw has a counter-based generator of its own (Philox 4x64-10, Salmon et al. 2011), keyed by
the seed and the number of the draw, so that a draw meets the same chances alone and in any block.
Means are those of the expected-value run: chance adds spread, and whatever bottlenecks make of it.

- Landings: whole landings are lost as a Poisson process with the mean of the loss share. Where
  fewer than two landings fly in a step the rest of a lost one is taken from the next cargo.
- Breakdowns: the share of a shop that is out of order is the mean times a lognormal factor of mean
  one: a part common to all shops, new each step, and one of each shop, new each quarter, whose
  variance falls with the number of machines in it. Both forget with a common time. Wear by
  breakdown follows the same factor.
- Dust: arrays lose output as dust settles and regain it as each is cleaned in turn; the rate at
  which dust settles is lognormal from step to step.
- Construction: orders of one step take a lognormal multiple of the mean time.

Neglected: breakdowns of habitats (which keep reserves), robots and the driver (whose duty is
designed with its own failures), single large accidents, chances that several campaigns share.
"""

from __future__ import annotations

import numpy as np

from moonbase.campaign.setup import Chance
from moonbase.core.arrays import Array
from moonbase.industry.dust import WORST_DUST_frac

SOURCES = ("landings", "breakdowns", "dust", "build_lag")
"""Sources of chance that a scenario may switch on."""
_YEARS = 6
"""Years of random numbers held at once."""
_FEW = 4.0
"""Mean count below which the Poisson quantile is summed term by term."""
_LOST_AT_ONCE = 0.5
"""Largest share of a step's cargo that is lost; the rest of a lost landing comes off the next."""
_QUARTERS = 4
"""Times a year that a shop's own breakdowns are drawn."""
LAG, DUST, LANDING, COMMON = range(4)
"""Rows of the random numbers of a step."""


def poisson_quantile(*, normal_nd: Array, n_mean: Array) -> Array:
    """Poisson counts from standard normal numbers: the quantile at the normal's probability.

    Parameters
    ----------
    normal_nd : Array
        Standard normal numbers.
    n_mean : Array
        Means of the counts, same shape.

    Returns
    -------
    Array
        Whole numbers. Exact below a mean of 4, above it by the Cornish-Fisher expansion to its
        second term, rounded.

    Examples
    --------
    >>> poisson_quantile(normal_nd=np.array([0.0, 2.0, 1.0]), n_mean=np.array([0.1, 0.1, 400.0]))
    array([  0.,   1., 420.])
    """
    from scipy.special import ndtr

    count = np.rint(
        np.maximum(n_mean + np.sqrt(n_mean) * normal_nd + (normal_nd**2 - 1.0) / 6.0, 0.0)
    )
    few = np.flatnonzero(n_mean < _FEW)
    if few.size:
        probability, rate = ndtr(normal_nd[few]), n_mean[few]
        term = np.exp(-rate)
        total, found = term.copy(), np.zeros(few.size)
        for n in range(1, 80):
            above = probability > total
            if not above.any():
                break
            found += above
            term *= rate / n
            total += term
        count[few] = found
    return np.asarray(count)


class Noise:
    """The chances of one block of draws, step by step.

    After ``step``: ``broken_ratio`` (shop, draw), how much of what is out of order on average is
    out of order now; ``power_frac`` (draw,), output of dusty arrays over its mean; ``lag_ratio``
    (draw,).
    """

    def __init__(self, chance: Chance, *, n_shops: int, n_steps_yr: int) -> None:
        self._chance, self._n_steps_yr = chance, n_steps_yr
        n = chance.draw.shape[-1]
        spreads = (
            chance.landings_ratio,
            chance.breakdown_spread_ratio,
            chance.dust_spread_ratio,
            chance.build_lag_spread_ratio,
        )
        self._breaks, self._dusts, self._lags = (bool(s.any()) for s in spreads[1:])
        self.is_on = any(bool(spread.any()) for spread in spreads)
        self._n_steps = _YEARS * n_steps_yr
        self._stride = max(n_steps_yr // _QUARTERS, 1)
        self._normal = np.zeros((COMMON + 1, n))
        self._held = np.zeros((0, *self._normal.shape), dtype=np.float32)
        self._held_own = np.zeros((0, n_shops, n), dtype=np.float32)
        self._generators = [
            np.random.Generator(np.random.Philox(key=[chance.seed, int(draw)]))
            for draw in (chance.draw if self.is_on else ())
        ]
        self._common, self._own = np.zeros(n), np.zeros((n_shops, n))
        self._own_ratio = np.ones((n_shops, n))
        self._memory = np.exp(-1.0 / (n_steps_yr * chance.breakdown_yr))
        self._kept = np.exp(-1.0 / (n_steps_yr * chance.dust_stay_yr))
        self._dust_frac = chance.dust_frac.copy()
        self._lost_kg = np.zeros(n)
        self.broken_ratio = np.ones((n_shops, n))
        self.power_frac, self.lag_ratio = np.ones(n), np.ones(n)

    def step(self, step: int, plant_kg: Array) -> None:
        """Throw the dice of a step; ``plant_kg`` (shop, draw) is the plant that may break."""
        if not self.is_on:
            return
        row = step % self._n_steps
        if row == 0:
            self._refill()
        self._normal = self._held[row].astype(float)
        if self._breaks:
            self._break(step, plant_kg)
        if self._dusts:
            self._settle()
        if self._lags:
            self.lag_ratio = _lognormal(self._chance.build_lag_spread_ratio, self._normal[LAG])

    def _refill(self) -> None:
        n_own = -(-self._n_steps // self._stride)
        shapes = (self._n_steps, len(self._normal)), (n_own, len(self._own))
        lengths = [rows * columns for rows, columns in shapes]
        flat = np.empty((len(self._generators), sum(lengths)), dtype=np.float32)
        for row, generator in zip(flat, self._generators, strict=True):
            generator.standard_normal(dtype=np.float32, out=row)
        steps, own = np.split(np.ascontiguousarray(flat.T), lengths[:1])
        self._held, self._held_own = steps.reshape(*shapes[0], -1), own.reshape(*shapes[1], -1)

    def _break(self, step: int, plant_kg: Array) -> None:
        chance, memory = self._chance, self._memory
        spread = chance.breakdown_spread_ratio
        self._common = _recall(self._common, self._normal[COMMON], memory, is_first=step == 0)
        if step % self._stride == 0:
            fresh = self._held_own[step % self._n_steps // self._stride].astype(float)
            self._own = _recall(self._own, fresh, memory**self._stride, is_first=step == 0)
            n_units = np.maximum(plant_kg / chance.plant_unit_kg, 1.0)
            self._own_ratio = _lognormal((spread > 0.0) / np.sqrt(n_units), self._own)
        self.broken_ratio = _lognormal(spread, self._common) * self._own_ratio

    def _settle(self) -> None:
        chance = self._chance
        settled = chance.dust_frac * _lognormal(chance.dust_spread_ratio, self._normal[DUST])
        dust = self._kept * self._dust_frac + (1.0 - self._kept) * settled
        self._dust_frac = np.minimum(dust, WORST_DUST_frac)
        over_mean = (1.0 - self._dust_frac) / (1.0 - chance.dust_frac)
        self.power_frac = np.where(chance.dust_spread_ratio > 0.0, over_mean, 1.0)

    def works_frac(self) -> Array:
        """Plant in order over its mean, (shop, draw)."""
        broken = self._chance.broken_frac
        return np.maximum(1.0 - broken * self.broken_ratio, 0.0) / (1.0 - broken)

    def wear_ratio(self) -> Array:
        """Wear over its mean, (shop, draw)."""
        return 1.0 + self._chance.breakdown_wear_frac * (self.broken_ratio - 1.0)

    def arrived_frac(self, *, cargo_kg: Array, landed_kg: Array, loss_frac: Array) -> Array:
        """Share of a step's cargo that lands.

        Parameters
        ----------
        cargo_kg : Array
            Cargo that may leave Earth, kg.
        landed_kg : Array
            Cargo of one landing, kg.
        loss_frac : Array
            Mean share lost.

        Returns
        -------
        Array
            (draw,).
        """
        expected = 1.0 - loss_frac
        whole = self._chance.landings_ratio > 0.0
        if not whole.any():
            return np.asarray(expected)
        lost = poisson_quantile(
            normal_nd=self._normal[LANDING], n_mean=loss_frac * cargo_kg / landed_kg
        )
        self._lost_kg += lost * landed_kg
        now = np.minimum(self._lost_kg, _LOST_AT_ONCE * cargo_kg)
        self._lost_kg -= now
        arrived = 1.0 - now / np.where(cargo_kg > 0.0, cargo_kg, 1.0)
        return np.where(whole, arrived, expected)


def _recall(past: Array, fresh: Array, memory: Array, *, is_first: bool) -> Array:
    """Next of a stationary series of standard normal numbers with the given memory."""
    return fresh if is_first else memory * past + np.sqrt(1.0 - memory**2) * fresh


def _lognormal(spread: Array, normal: Array) -> Array:
    """Lognormal numbers of mean one with the spread of their logarithm."""
    return np.asarray(np.exp(spread * normal - 0.5 * spread**2))
