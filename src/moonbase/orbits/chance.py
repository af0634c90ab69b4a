"""Probabilities from counts, with the interval that the number of samples allows.

Neglected: errors of the model that was sampled. An interval covers the sampling alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, log, sqrt

from moonbase.core.errors import DomainError

_Z95 = 1.959963984540054
"""Two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A share of samples with its 95 % interval.

    ``resolvable_frac`` is the largest probability that no hit at all would still allow: what lies
    below it these samples cannot tell from zero.
    """

    n_hits: int
    n_samples: int
    share_frac: float
    low_frac: float
    high_frac: float
    resolvable_frac: float


def chance(*, n_hits: int, n_samples: int) -> Chance:
    r"""Probability of an event from how often it happened.

    Parameters
    ----------
    n_hits
        How many samples met the event.
    n_samples
        How many were drawn.

    Returns
    -------
    Chance
        Share and 95 % interval. Without a hit the interval is one-sided, from zero to
        ``resolvable_frac``; where every sample hits, from one less that.

    Raises
    ------
    DomainError
        No sample, or more hits than samples.

    Notes
    -----
    :math:`\frac{p + z^2/2n \pm z\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}`, and
    :math:`1 - 0.05^{1/n} \approx 3/n` without a hit.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209, doi:10.1080/01621459.1927.10502953; Hanley
    and Lippman-Hand (1983), JAMA 249, 1743, for three over n.

    Examples
    --------
    >>> none = chance(n_hits=0, n_samples=1_000_000)
    >>> f"{none.high_frac:.1e}"
    '3.0e-06'
    """
    if n_samples < 1 or not 0 <= n_hits <= n_samples:
        raise DomainError(
            f"{n_hits} hits in {n_samples} samples",
            path="n_hits",
            hint="hits are 0 to n_samples, and a sample is needed",
        )
    share, squared = n_hits / n_samples, _Z95**2 / n_samples
    middle = (share + 0.5 * squared) / (1.0 + squared)
    half = _Z95 * sqrt(share * (1.0 - share) / n_samples + 0.25 * squared / n_samples)
    half /= 1.0 + squared
    least = -expm1(log(0.05) / n_samples)
    low, high = middle - half, middle + half
    if n_hits == 0:
        low, high = 0.0, least
    elif n_hits == n_samples:
        low, high = 1.0 - least, 1.0
    return Chance(
        n_hits=n_hits,
        n_samples=n_samples,
        share_frac=share,
        low_frac=low,
        high_frac=high,
        resolvable_frac=least,
    )
