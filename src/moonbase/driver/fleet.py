"""Sleds that go round and wait for service, and the spares that keep a line going.

Neglected: different causes of a stop beyond their means, and sleds that share a fault.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _fraction, _not_negative, _positive


@dataclass(frozen=True, slots=True, kw_only=True)
class SledFleet:
    """Sleds owned, their way round, and what takes them out of it.

    A launch ends in a quench with ``quench_frac``, after which the sled stands for
    ``quench_recovery_s``; every ``n_shots_between_services`` it stands for ``service_s``. At most
    ``n_bays`` sleds are worked on at a time. A sled is scrapped after ``n_life_shots``.
    """

    n_sleds: Real
    n_bays: int
    loop_s: Real
    quench_frac: Real
    quench_recovery_s: Real
    n_shots_between_services: Real
    service_s: Real
    n_life_shots: Real
    sled_kg: Real


def fleet_capacity(*, cadence_s: Real, sleds: SledFleet) -> Array:
    r"""Share of the launch slots for which a sled is there.

    Parameters
    ----------
    cadence_s
        Time from slot to slot, s (draw).
    sleds
        The fleet; ``n_sleds`` is rounded down.

    Returns
    -------
    Array
        Mean rate of launches over the rate of slots (draw).

    Raises
    ------
    DomainError
        No sled, or a time or life out of range, in every draw.

    Notes
    -----
    Birth-death chain over the sleds out of service, i. Launches come at
    :math:`r_i = \min(1/T_c, (n - i)/t_{loop})`; each takes a sled out for
    :math:`D = q t_q + t_s / S` on average, so that
    :math:`\pi_{i+1} = \pi_i r_i D / \min(i + 1, b)`. With a bay for every sled only the means
    matter; with fewer, times in the bay are taken as exponential. Idle sleds do not fail.
    Source: machine-repair model with spares (Trivedi 2002).

    Examples
    --------
    >>> sleds = SledFleet(n_sleds=2, n_bays=2, loop_s=60.0, quench_frac=0.0, quench_recovery_s=0.0,
    ...                   n_shots_between_services=100.0, service_s=6000.0, n_life_shots=1e5,
    ...                   sled_kg=700.0)
    >>> round(float(fleet_capacity(cadence_s=30.0, sleds=sleds)), 3)
    0.5
    """
    cadence, loop = _positive("cadence_s", cadence_s), _positive("loop_s", sleds.loop_s)
    if sleds.n_bays < 1:
        raise DomainError("must be >= 1", path="n_bays", hint="a sled needs a bay to return")
    n_sleds = np.floor(_positive("n_sleds", sleds.n_sleds))
    quench = _fraction("quench_frac", sleds.quench_frac)
    quench_s = quench * _not_negative("quench_recovery_s", sleds.quench_recovery_s)
    between = _positive("n_shots_between_services", sleds.n_shots_between_services)
    out_s = quench_s + _not_negative("service_s", sleds.service_s) / between
    weight = np.ones(np.broadcast_shapes(cadence.shape, n_sleds.shape, loop.shape, out_s.shape))
    total, served = np.zeros_like(weight), np.zeros_like(weight)
    for out in range(int(np.nanmax(n_sleds, initial=0.0)) + 1):
        rate = np.minimum(1.0 / cadence, np.maximum(n_sleds - out, 0.0) / loop)
        total = total + weight
        served = served + weight * rate
        weight = weight * rate * out_s / min(out + 1, sleds.n_bays)
        largest = np.maximum(total, weight)
        total, served, weight = total / largest, served / largest, weight / largest
    return np.where(n_sleds >= 1.0, served * cadence / total, n_sleds)


def spares(*, demand_1_yr: Real, resupply_s: Real, stockout_frac: Real) -> Array:
    """Spares that must lie in stock so that a demand is met while more are on their way.

    Parameters
    ----------
    demand_1_yr
        Units used per year (draw).
    resupply_s
        Time until a used spare is replaced, s (draw).
    stockout_frac
        Accepted chance that more are asked for in that time, above 0 and at most 1 (draw).

    Returns
    -------
    Array
        Whole units (draw).

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    Source: quantile of the Poisson law, base-stock policy.

    Examples
    --------
    >>> float(spares(demand_1_yr=12.0, resupply_s=2629800.0, stockout_frac=0.05))
    3.0
    """
    from scipy.special import pdtr, pdtrik

    chance = _fraction("stockout_frac", stockout_frac, above_zero=True)
    years = _not_negative("resupply_s", resupply_s) / JULIAN_YEAR_s
    mean = _not_negative("demand_1_yr", demand_1_yr) * years
    level = np.minimum(1.0 - chance, 1.0 - 1e-15)
    some = mean > 0.0
    safe = np.where(some, mean, 1.0)
    stock = np.ceil(np.maximum(pdtrik(np.maximum(level, 1e-300), safe), 0.0))
    one_less = np.maximum(stock - 1.0, 0.0)
    enough = (stock >= 1.0) & (pdtr(one_less, safe) >= level)
    counted = np.where(np.exp(-safe) >= level, 0.0, np.where(enough, one_less, stock))
    return np.where(some, counted, 0.0 * mean)
