"""Arithmetic per joule against time.

Neglected: the number format's share of the gain (all figures are dense 16-bit), differences
between makers, memory-bound work (the utilisation stands for it), and steps between generations.
"""

from __future__ import annotations

from moonbase.core.arrays import Real


def flop_per_joule(
    *,
    year: Real,
    base_flop_J: Real,
    base_year: Real,
    growth_1_yr: Real,
    ceiling_flop_J: Real,
) -> Real:
    """Arithmetic per joule of new hardware: exponential growth that bends into a ceiling.

    e(t) = C / [1 + (C/B - 1) (1 + g)^-(t - t0)], the logistic through B at t0.

    Parameters
    ----------
    year
        Year in which the hardware is bought [yr, decimal], any shape.
    base_flop_J, base_year
        Arithmetic per joule of whole IT power [FLOP/J] in the base year.
    growth_1_yr
        Relative growth per year far below the ceiling [1/yr].
    ceiling_flop_J
        What the technology can reach at last [FLOP/J].

    Returns
    -------
    Real
        Arithmetic per joule [FLOP/J].

    Notes
    -----
    Dense 16-bit arithmetic over IT power. Source: growth +50 %/yr (Epoch AI) and +30 %/yr
    in other estimates; the ceiling is argued at its record.

    Examples
    --------
    >>> chip = dict(base_flop_J=2e12, base_year=2025.0, growth_1_yr=0.4, ceiling_flop_J=5e14)
    >>> flop_per_joule(year=2025.0, **chip), flop_per_joule(year=2100.0, **chip) > 4.9e14
    (2000000000000.0, True)
    """
    gap = (ceiling_flop_J / base_flop_J - 1.0) * (1.0 + growth_1_yr) ** (base_year - year)
    return ceiling_flop_J / (1.0 + gap)
