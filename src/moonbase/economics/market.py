"""Who pays: demand for compute, its rent, and the programme's other income.

The ground serves whatever space does not, at its own cost: as long as space offers less than the
world asks for, rent is the cost of the ground plus a premium for speed to power that fades. Beyond
that, the price falls until the offer is taken.

Neglected: segments of the market (they are the workload room's), contracts, competition between
operators in space, the effect of the fleet's own demand on the price of chips.
"""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Array, Real


def demand_power(
    *,
    year: Real,
    demand_base_year: Real,
    demand_base_W: Real,
    demand_growth_1_yr: Real,
    demand_ceiling_W: Real,
) -> Array:
    """World demand for the power of data centres.

    Parameters
    ----------
    year : float or array
        Calendar year; shape (year, 1) against draws.
    demand_base_year : float or array
        Year of the base value.
    demand_base_W : float or array
        Mean power then, W; > 0.
    demand_growth_1_yr : float or array
        Continuous growth rate far below the ceiling, 1/yr.
    demand_ceiling_W : float or array
        Demand in the long run, W.

    Returns
    -------
    array
        ``K / (1 + (K/P0 - 1) exp(-g (t - t0)))``, W, in the broadcast shape.

    Notes
    -----
    Source: International Energy Agency, 415 TWh in 2024 and 945 TWh in 2030.

    Examples
    --------
    >>> demand_W = demand_power(
    ...     year=2030.0,
    ...     demand_base_year=2024.0,
    ...     demand_base_W=47.3e9,
    ...     demand_growth_1_yr=0.14,
    ...     demand_ceiling_W=3e12,
    ... )
    >>> round(float(demand_W) * 8766 / 1e12)
    941
    """
    ceiling = np.asarray(demand_ceiling_W, dtype=np.float64)
    return _logistic(year, demand_base_year, demand_base_W, demand_growth_1_yr, ceiling)


def rent(
    *,
    year: Real,
    terrestrial_usd_kW_yr: Real,
    rent_base_year: Real,
    rent_premium_ratio: Real,
    rent_premium_decay_1_yr: Real,
    supply_W: Real,
    demand_W: Real,
    demand_elasticity_ratio: Real,
) -> Array:
    """Market price of delivered compute per kilowatt and year.

    Parameters
    ----------
    year : float or array
        Calendar year; shape (year, 1) against draws.
    terrestrial_usd_kW_yr : float or array
        Cost on the ground, USD/kW-yr.
    rent_base_year : float or array
        Year in which the premium was seen; it holds before.
    rent_premium_ratio : float or array
        Rent over ground cost, less 1, in that year.
    rent_premium_decay_1_yr : float or array
        Continuous decay of the premium, 1/yr.
    supply_W, demand_W : float or array
        Delivered power that space offers, and world demand at ground cost, W; demand > 0.
    demand_elasticity_ratio : float or array
        Fall in quantity per rise in price (1 means constant spending); > 0.

    Returns
    -------
    array
        ``C (1 + s exp(-d (t - t0))) max(supply/demand, 1)^(-1/elasticity)``, USD/kW-yr, in the
        broadcast shape.

    Notes
    -----
    Anchor: 13 bn USD of rent per GW-yr (D. Patel, via secondary source) against a cost of 8.5 bn
    (Epoch AI, 14 May 2026).

    Examples
    --------
    >>> price = rent(
    ...     year=2026.0,
    ...     terrestrial_usd_kW_yr=8500.0,
    ...     rent_base_year=2026.0,
    ...     rent_premium_ratio=0.53,
    ...     rent_premium_decay_1_yr=0.2,
    ...     supply_W=1e9,
    ...     demand_W=1e11,
    ...     demand_elasticity_ratio=1.0,
    ... )
    >>> round(float(price))
    13005
    """
    elapsed_yr = np.maximum(np.asarray(year, dtype=np.float64) - rent_base_year, 0.0)
    premium = rent_premium_ratio * np.exp(-np.asarray(rent_premium_decay_1_yr) * elapsed_yr)
    glut = np.maximum(np.asarray(supply_W) / demand_W, 1.0)
    factor = glut ** (-1.0 / np.asarray(demand_elasticity_ratio))
    return np.asarray(terrestrial_usd_kW_yr * (1.0 + premium) * factor)


def starlink_income(
    *,
    year: Real,
    starlink_base_year: Real,
    starlink_surplus_usd_yr: Real,
    starlink_growth_1_yr: Real,
    starlink_ceiling_usd_yr: Real,
    starlink_share_frac: Real,
) -> Array:
    """Part of the connectivity business's surplus that the programme may spend.

    Parameters
    ----------
    year : float or array
        Calendar year; shape (year, 1) against draws.
    starlink_base_year : float or array
        Year of the base value.
    starlink_surplus_usd_yr : float or array
        Operating surplus then, USD/yr; > 0.
    starlink_growth_1_yr : float or array
        Continuous growth rate far below the ceiling, 1/yr.
    starlink_ceiling_usd_yr : float or array
        Surplus in the long run, USD/yr.
    starlink_share_frac : float or array
        Share put into the programme.

    Returns
    -------
    array
        USD per year, in the broadcast shape; logistic growth.

    Examples
    --------
    >>> income_usd = starlink_income(
    ...     year=2025.0,
    ...     starlink_base_year=2025.0,
    ...     starlink_surplus_usd_yr=4.423e9,
    ...     starlink_growth_1_yr=0.1,
    ...     starlink_ceiling_usd_yr=3e10,
    ...     starlink_share_frac=0.5,
    ... )
    >>> round(float(income_usd) / 1e9, 4)
    2.2115
    """
    ceiling = np.asarray(starlink_ceiling_usd_yr, dtype=np.float64)
    surplus = _logistic(
        year, starlink_base_year, starlink_surplus_usd_yr, starlink_growth_1_yr, ceiling
    )
    return surplus * starlink_share_frac


def _logistic(year: Real, base_year: Real, base: Real, growth: Real, ceiling: Array) -> Array:
    elapsed_yr = np.asarray(year, dtype=np.float64) - base_year
    decay = np.exp(-np.asarray(growth) * elapsed_yr)
    return np.asarray(ceiling / (1.0 + (ceiling / base - 1.0) * decay))
