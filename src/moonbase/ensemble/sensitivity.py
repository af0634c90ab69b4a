"""What the draws say: quantiles of an answer, and the inputs that move it most.

Effects are rank correlations (Spearman 1904) with the answer's median in the lowest and highest
tenth of each input. They see monotonic effects only; interactions are left to variance-based
indices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array

MIN_DRAWS = 40
"""Fewer draws than this give no ranking worth printing."""
NOISE_SIGMAS = 3.0
"""Correlations within this many standard errors of zero are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """P10, P50, P90 over draws and the share of draws in which the answer exists at all."""

    p10: float | None
    p50: float | None
    p90: float | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One input's effect on one answer."""

    input: str
    rank_correlation: float
    input_low: float
    input_high: float
    output_at_low: float | None
    output_at_high: float | None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def quantiles(values: Array, *, never_is_late: bool = False) -> Quantiles:
    """P10, P50 and P90 of an answer.

    Parameters
    ----------
    values : Array
        (draw,); nan or infinite where the answer does not exist.
    never_is_late : bool
        For dates: count a draw in which it never happens as later than all others, so that a
        median exists only if it happens in at least half of the draws. Otherwise such draws are
        left out.

    Returns
    -------
    Quantiles

    Examples
    --------
    >>> dates = np.array([2040.0, 2050.0, np.nan, np.nan, np.nan])
    >>> quantiles(dates, never_is_late=True).p50 is None
    True
    """
    exists = np.isfinite(values)
    share = float(exists.mean())
    if never_is_late:
        kept = np.where(exists, values, np.inf)
        found = np.quantile(kept, [0.1, 0.5, 0.9], method="inverted_cdf")
    elif not exists.any():
        return Quantiles(p10=None, p50=None, p90=None, share=0.0)
    else:
        found = np.quantile(values[exists], [0.1, 0.5, 0.9])
    p10, p50, p90 = (_finite(v) for v in found)
    return Quantiles(p10=p10, p50=p50, p90=p90, share=share)


def _ranks(values: Array) -> Array:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=float)


def _median(values: Array) -> float | None:
    return _finite(float(np.quantile(values, 0.5, method="inverted_cdf")))


def effects(
    inputs: Mapping[str, Array], outputs: Mapping[str, Array], *, n_best: int = 12
) -> dict[str, list[Effect]]:
    """Rank the inputs by their rank correlation with each answer.

    Parameters
    ----------
    inputs : Mapping
        Key -> (draw,) of the sampled inputs.
    outputs : Mapping
        Name -> (draw,); nan where the answer does not exist (counted as later, or larger, than
        any that does).
    n_best : int
        How many inputs to keep for each answer.

    Returns
    -------
    dict
        Name -> effects, strongest first; empty where there are too few draws or no variation.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 50)
    >>> effects({"a": x, "b": x[::-1] ** 0 * x[::-1]}, {"y": x**3})["y"][0].rank_correlation
    1.0
    """
    keys = list(inputs)
    result: dict[str, list[Effect]] = {name: [] for name in outputs}
    n_draws = len(next(iter(inputs.values()))) if keys else 0
    if n_draws < MIN_DRAWS:
        return result
    order = {key: np.argsort(inputs[key], kind="stable") for key in keys}
    centred = np.empty((len(keys), n_draws))
    for row, key in enumerate(keys):
        centred[row, order[key]] = np.arange(n_draws)
    centred -= (n_draws - 1) / 2.0
    scale = np.sqrt((centred[:1] ** 2).sum())
    tenth = max(1, n_draws // 10)
    for name, values in outputs.items():
        kept = np.where(np.isnan(values), np.inf, values)
        ranks = _ranks(kept)
        ranks -= ranks.mean()
        spread = np.sqrt((ranks**2).sum())
        if spread == 0.0:
            continue
        correlation = centred @ ranks / (scale * spread)
        noise = NOISE_SIGMAS / np.sqrt(n_draws)
        for row in np.argsort(-np.abs(correlation))[:n_best]:
            if abs(correlation[row]) < noise:
                break
            key = keys[row]
            low, high = order[key][:tenth], order[key][-tenth:]
            result[name].append(
                Effect(
                    input=key,
                    rank_correlation=round(float(correlation[row]), 12),
                    input_low=float(np.median(inputs[key][low])),
                    input_high=float(np.median(inputs[key][high])),
                    output_at_low=_median(kept[low]),
                    output_at_high=_median(kept[high]),
                )
            )
    return result
