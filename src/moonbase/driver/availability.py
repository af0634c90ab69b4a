"""Availability of groups of like units.

Neglected: common causes and unlike units.
"""

from __future__ import annotations

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _fraction


def section_availability(*, n_coils: int, n_needed: int, coil_availability_frac: Real) -> Real:
    r"""Chance that enough coils of a section work (k out of n).

    Parameters
    ----------
    n_coils, n_needed
        Coils in the section, and how many of them must work.
    coil_availability_frac
        Chance that one coil works, independent of the others (draw).

    Returns
    -------
    Real
        :math:`\sum_{i \ge k} \binom{n}{i} p^i (1-p)^{n-i}` (draw).

    Raises
    ------
    DomainError
        ``n_needed`` is not between 1 and ``n_coils``.

    Notes
    -----
    Source: binomial law. Common causes (bus, controls, dust) are neglected.

    Examples
    --------
    >>> round(float(section_availability(n_coils=12, n_needed=11, coil_availability_frac=0.99)), 4)
    0.9938
    """
    from scipy.special import betainc

    if not 1 <= n_needed <= n_coils:
        raise DomainError(
            f"must be between 1 and {n_coils}, got {n_needed}",
            path="n_needed",
            hint="a section cannot need more coils than it has",
        )
    p = _fraction("coil_availability_frac", coil_availability_frac)
    available: Array = betainc(float(n_needed), float(n_coils - n_needed + 1), p)
    return available
