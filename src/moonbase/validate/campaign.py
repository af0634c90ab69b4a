"""Answers of the campaign room to its validation cases."""

from __future__ import annotations

import numpy as np

from moonbase.campaign.fleet import Fleet


def fleet_stock(
    *,
    rate_W_yr: float,
    life_yr: float,
    loss_1_yr: float,
    degradation_1_yr: float,
    time_yr: list[int],
) -> dict[str, list[float]]:
    """Power alive and in service after so many years of a constant stream, W."""
    fleet = Fleet(
        n_steps=12 * max(time_yr),
        life_yr=np.array([life_yr]),
        loss_1_yr=np.array([loss_1_yr]),
        degradation_1_yr=np.array([degradation_1_yr]),
    )
    alive, power = [], []
    for month in range(12 * max(time_yr)):
        fleet.step(month, np.array([rate_W_yr / 12.0]), np.ones(1))
        alive.append(float(fleet.alive_W[0]))
        power.append(float(fleet.power_W[0]))
    ends = [12 * t - 1 for t in time_yr]
    return {"alive_W": [alive[n] for n in ends], "power_W": [power[n] for n in ends]}
