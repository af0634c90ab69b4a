"""Answers of the campaign room to its validation cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from moonbase.campaign import record_path, run_months
from moonbase.campaign.build import setup_of
from moonbase.campaign.fleet import Fleet
from moonbase.campaign.noise import poisson_quantile
from moonbase.ensemble import sample
from moonbase.scenario import load_scenario


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


def unlimited_growth(*, n_steps_yr: int, end_year: int) -> dict[str, float]:
    """Growth of the nominal industry under ``balanced``, nothing else scarce, over its analysis."""
    scenario = load_scenario("alpha", {"options.end_year": end_year})
    inputs = sample(scenario.records, n_draws=1, seed=0).take([0, 0])
    design, setup = setup_of(scenario, inputs)
    full = np.ones(2)
    rules = replace(
        setup.rules,
        driver_start_ratio=1e30 * full,
        plant_import_frac=0.0 * full,
        stock_yr=0.0 * full,
    )
    free = replace(
        setup,
        policy="balanced",
        n_steps_yr=n_steps_yr,
        rules=rules,
        flights_yr=np.full_like(setup.flights_yr, 1e15),
        demand_W=np.full_like(setup.demand_W, 1e30),
        deep_demand_frac=full,
        remote_labour_frac=full,
        first_landing_year=setup.start_year * full,
        earth_build_W_yr=0.0 * setup.earth_build_W_yr,
        local_frac=0.0 * setup.local_frac,
    )
    plant = run_months(free).yearly["plant_kg"][:, 0]
    rate = np.log(plant[-1] / plant[-5]) / 4.0
    return {"ratio": float(rate / design.growth.growth_1_yr[0])}


def replayed(*, end_year: int) -> dict[str, float]:
    """Nominal campaign written down as a plan and followed, over the campaign itself."""
    scenario = load_scenario("alpha", {"options.end_year": end_year})
    inputs = sample(scenario.records, n_draws=1, seed=0).take([0, 0])
    _, setup = setup_of(scenario, inputs)
    own = run_months(setup).yearly
    found = run_months(replace(setup, policy="follow_plan"), path=record_path(setup)).yearly
    return {
        name: float(found[name][:, 0].sum() / own[name][:, 0].sum())
        for name in ("launched_kg", "driver_made_kg", "power_lunar_W")
    }


def poisson_counts(*, n_mean: float, normal_nd: list[float]) -> dict[str, list[float]]:
    """Counts of lost landings."""
    z = np.array(normal_nd)
    return {"count": poisson_quantile(normal_nd=z, n_mean=np.full_like(z, n_mean)).tolist()}
