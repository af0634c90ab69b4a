"""Present value, internal rate of return, levelised cost, learning.

Time runs along the first axis in steps of one year, the first entry is undiscounted, draws are
last. All money is real. Neglected: taxes, debt, depreciation, inflation, payments inside a year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError

IRR_OK = "ok"
IRR_NONE = "no_sign_change"
IRR_SEVERAL = "several"


@dataclass(frozen=True, slots=True, kw_only=True)
class Irr:
    """Internal rate of return per draw and why it may be missing."""

    rate_frac: Array
    status: npt.NDArray[np.str_]


def capital_recovery_factor(*, discount_rate_frac: Real, life_yr: Real) -> Array:
    """Yearly payment that repays a capital of 1 over its life.

    Parameters
    ----------
    discount_rate_frac : float or array
        Real cost of capital per year, > -1.
    life_yr : float or array
        Life, yr; > 0.

    Returns
    -------
    array
        ``w / (1 - (1+w)^-n)``, 1/yr, in the broadcast shape; ``1/n`` at w = 0.

    Raises
    ------
    DomainError
        When no life is positive.

    Notes
    -----
    Source: standard annuity; equal to PySAM ``Lcoefcr`` with matching inputs.

    Examples
    --------
    >>> round(float(capital_recovery_factor(discount_rate_frac=0.068, life_yr=5.0)), 4)
    0.2426
    """
    life = np.asarray(life_yr, dtype=np.float64)
    if not np.any(life > 0.0):
        raise DomainError("must be > 0 yr", path="life_yr", hint=f"got {life_yr}")
    force = np.log1p(discount_rate_frac)
    rate = np.where(force == 0.0, 1.0, force)
    factor = np.expm1(rate) / -np.expm1(-rate * life)
    return np.asarray(np.where(force == 0.0, 1.0 / life, factor))


def discount_factors(*, n_years: int, discount_rate_frac: Real) -> Array:
    """Present value of 1 paid in each year.

    Parameters
    ----------
    n_years : int
        Number of years; the first is undiscounted.
    discount_rate_frac : float or array, shape (draw,)
        Real rate per year, > -1.

    Returns
    -------
    array, shape (n_years,) or (n_years, draw)
        ``(1 + w)^-t``.

    Examples
    --------
    >>> discount_factors(n_years=3, discount_rate_frac=1.0).tolist()
    [1.0, 0.5, 0.25]
    """
    rate = np.asarray(discount_rate_frac, dtype=np.float64)
    step = np.arange(n_years).reshape(-1, *(1,) * rate.ndim)
    return np.asarray((1.0 + rate) ** -step.astype(np.float64))


def npv(*, cash_flow_usd: Array, discount_rate_frac: Real) -> Array:
    """Net present value at the first year.

    Parameters
    ----------
    cash_flow_usd : array, shape (year, ...)
        Cash per year, USD.
    discount_rate_frac : float or array, shape (draw,)
        Real rate per year, > -1.

    Returns
    -------
    array, shape (...)
        ``sum CF_t (1 + w)^-t``, USD.

    Examples
    --------
    >>> round(float(npv(cash_flow_usd=np.array([-100.0, 121.0]), discount_rate_frac=0.10)), 9)
    10.0
    """
    flow = np.asarray(cash_flow_usd, dtype=np.float64)
    factors = discount_factors(n_years=flow.shape[0], discount_rate_frac=discount_rate_frac)
    n_dims = max(flow.ndim, factors.ndim)
    return np.asarray((_year_first(flow, n_dims) * _year_first(factors, n_dims)).sum(axis=0))


def irr(*, cash_flow_usd: Array) -> Irr:
    """Find the internal rate of return, where there is exactly one that can be meant.

    Parameters
    ----------
    cash_flow_usd : array, shape (year, ...)
        Cash per year, USD.

    Returns
    -------
    Irr
        ``rate_frac`` and ``status``, shape (...). "ok": one sign change (Descartes: one root), or
        one sign change of the cumulative cash (Norstrom: one root above zero, which is returned).
        "no_sign_change": no root. "several": more than one rate may solve it; lead with the net
        present value. The rate is nan unless the status is "ok".

    Notes
    -----
    Newton's method inside a shrinking bracket on the discount factor z in (0, 1]; flows whose root
    lies beyond 1 (a negative rate) are solved in reversed time. Residual below 1e-12 of the flows.

    Examples
    --------
    >>> found = irr(cash_flow_usd=np.array([[-100.0, -100.0], [110.0, 230.0], [0.0, -132.0]]))
    >>> found.rate_frac.round(9).tolist(), found.status.tolist()
    ([0.1, nan], ['ok', 'several'])
    """
    flow = np.asarray(cash_flow_usd, dtype=np.float64)
    shape = flow.shape[1:]
    flow = flow.reshape(flow.shape[0], -1)
    changes = _sign_changes(flow)
    cumulative = np.cumsum(flow, axis=0)
    single = (changes == 1) | ((_sign_changes(cumulative) == 1) & (cumulative[-1] != 0.0))
    single &= np.isfinite(cumulative[-1])
    rate = np.full(flow.shape[1], np.nan)
    if single.any():
        rate[single] = _single_root(flow[:, single], cumulative[-1, single])
    status = np.where(single, IRR_OK, np.where(changes == 0, IRR_NONE, IRR_SEVERAL))
    return Irr(rate_frac=rate.reshape(shape), status=status.reshape(shape))


def _sign_changes(flow: Array) -> npt.NDArray[np.int64]:
    sign = np.sign(flow)
    for t in range(1, len(sign)):
        np.copyto(sign[t], sign[t - 1], where=sign[t] == 0.0)
    return np.asarray((sign[1:] * sign[:-1] < 0.0).sum(axis=0))


def _single_root(flow: Array, total: Array) -> Array:
    lead = np.zeros(flow.shape[1])
    for row in flow:
        lead = np.where(lead == 0.0, np.sign(row), lead)
    reverse = total * lead > 0.0  # still the sign of the start at z = 1: the root lies beyond
    flow = np.where(reverse, flow[::-1], flow) / np.abs(flow).max(axis=0)
    start = np.zeros(flow.shape[1])
    for row in flow:
        start = np.where(start == 0.0, np.sign(row), start)
    low, high = np.zeros_like(start), np.ones_like(start)
    z, settled = np.full_like(start, 0.9), np.zeros(start.shape, dtype=bool)
    for _ in range(80):
        value, slope = np.zeros_like(z), np.zeros_like(z)
        for row in flow[::-1]:
            slope *= z
            slope += value
            value *= z
            value += row
        before = value * start > 0.0
        low, high = np.where(before, z, low), np.where(before, high, z)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = z - value / slope
        inside = (newton > low) & (newton < high)
        step = np.where(inside, newton, 0.5 * (low + high))
        exact = value == 0.0
        z, settled = (
            np.where(settled | exact, z, step),
            settled | exact | (np.abs(step - z) <= 1e-14),
        )
        if settled.all():
            break
    return np.where(reverse, z - 1.0, 1.0 / z - 1.0)


def first_lasting_year(*, year: Array, condition: npt.NDArray[np.bool_]) -> Array:
    """First year from which a condition holds to the end.

    Parameters
    ----------
    year : array, shape (year,)
        Calendar years, rising.
    condition : array of bool, shape (year, ...)
        Whether it holds.

    Returns
    -------
    array, shape (...)
        Year; nan where it does not hold at the end.

    Examples
    --------
    >>> year = np.array([2030.0, 2031.0, 2032.0])
    >>> float(first_lasting_year(year=year, condition=np.array([True, False, True])))
    2032.0
    """
    lasting = np.logical_and.accumulate(condition[::-1], axis=0)[::-1]
    first = np.asarray(year, dtype=np.float64)[np.argmax(lasting, axis=0)]
    return np.asarray(np.where(lasting[-1], first, np.nan))


def payback_year(*, year: Array, cash_flow_usd: Array) -> Array:
    """First year from which the cumulative cash stays at or above zero.

    Parameters
    ----------
    year : array, shape (year,)
        Calendar years, rising.
    cash_flow_usd : array, shape (year, ...)
        Cash per year, USD.

    Returns
    -------
    array, shape (...)
        Year; nan where the cumulative cash ends below zero.

    Examples
    --------
    >>> year = np.array([2030.0, 2031.0, 2032.0])
    >>> float(payback_year(year=year, cash_flow_usd=np.array([-2.0, 1.0, 1.0])))
    2032.0
    """
    return first_lasting_year(year=year, condition=np.cumsum(cash_flow_usd, axis=0) >= 0.0)


def peak_funding(*, cash_flow_usd: Array) -> Array:
    """Most that has to be found: the deepest cumulative cash.

    Parameters
    ----------
    cash_flow_usd : array, shape (year, ...)
        Cash per year, USD, without external funding.

    Returns
    -------
    array, shape (...)
        USD, >= 0, undiscounted.

    Examples
    --------
    >>> float(peak_funding(cash_flow_usd=np.array([-2.0, -3.0, 10.0])))
    5.0
    """
    return np.asarray(np.maximum(-np.cumsum(cash_flow_usd, axis=0).min(axis=0), 0.0))


def levelised_cost(*, cost_usd: Array, output: Array, discount_rate_frac: Real) -> Array:
    """Constant price of the output that pays the cost.

    Parameters
    ----------
    cost_usd : array, shape (year, ...)
        Cost per year, USD.
    output : array, shape (year, ...)
        What is delivered per year, in any unit.
    discount_rate_frac : float or array, shape (draw,)
        Real rate per year, > -1.

    Returns
    -------
    array, shape (...)
        ``PV(cost) / PV(output)``, USD per unit of output; inf where nothing is delivered.

    Examples
    --------
    >>> cost_usd = np.array([100.0, 10.0, 10.0])
    >>> output = np.array([0.0, 1.0, 1.0])
    >>> float(levelised_cost(cost_usd=cost_usd, output=output, discount_rate_frac=0.0))
    60.0
    """
    delivered = npv(cash_flow_usd=output, discount_rate_frac=discount_rate_frac)
    spent_usd = npv(cash_flow_usd=cost_usd, discount_rate_frac=discount_rate_frac)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(delivered > 0.0, spent_usd / delivered, np.inf))


def wright_exponent(*, learning_rate_frac: Real) -> Array:
    """Exponent of Wright's law from the fall per doubling.

    Parameters
    ----------
    learning_rate_frac : float or array
        Fall in price per doubling of the cumulative amount, in [0, 1).

    Returns
    -------
    array
        ``b = -log2(1 - LR)``.

    Examples
    --------
    >>> round(float(wright_exponent(learning_rate_frac=0.2)), 5)
    0.32193
    """
    return np.asarray(-np.log2(1.0 - np.asarray(learning_rate_frac)))


def learning_price(
    *,
    cumulative_kg: Real,
    base_kg: Real,
    base_usd_kg: Real,
    learning_rate_frac: Real,
    floor_usd_kg: Real,
) -> Array:
    """Price by Wright's law in the cumulative amount, with a floor.

    Parameters
    ----------
    cumulative_kg : float or array
        Amount made so far, kg.
    base_kg : float or array
        Amount at which the base price holds, kg; > 0. It also holds below.
    base_usd_kg : float or array
        Base price, USD/kg.
    learning_rate_frac : float or array
        Fall per doubling, in [0, 1).
    floor_usd_kg : float or array
        Least price, USD/kg.

    Returns
    -------
    array
        ``max(floor, P0 (M/M0)^-b)``, USD/kg, in the broadcast shape.

    Notes
    -----
    Source: Wright's law; Suncatcher (arXiv 2511.19468) uses 1,800 USD/kg at 400 t and 0.20.

    Examples
    --------
    >>> price_usd_kg = learning_price(
    ...     cumulative_kg=370.4e6,
    ...     base_kg=400e3,
    ...     base_usd_kg=1800.0,
    ...     learning_rate_frac=0.2,
    ...     floor_usd_kg=0.0,
    ... )
    >>> round(float(price_usd_kg), 1)
    199.6
    """
    amount = np.maximum(np.asarray(cumulative_kg) / base_kg, 1.0)
    exponent = wright_exponent(learning_rate_frac=learning_rate_frac)
    return np.asarray(np.maximum(base_usd_kg * amount**-exponent, floor_usd_kg))


def _year_first(values: Array, n_dims: int) -> Array:
    """Values with the year axis first, the draw axis last and new axes between."""
    if values.ndim == 1:
        return values.reshape(-1, *(1,) * (n_dims - 1))
    return values.reshape(values.shape[0], *(1,) * (n_dims - values.ndim), *values.shape[1:])
