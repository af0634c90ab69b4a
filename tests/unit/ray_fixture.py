"""A campaign in which nothing limits growth but the industry itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from chain_fixture import chain

from moonbase.campaign import Setup
from moonbase.core.arrays import Array


def unlimited(*, n_draws: int = 12, policy: str = "balanced") -> tuple[Setup, Array]:
    """Setup with cargo, demand and labour without limit, and its analytic growth per year."""
    case = chain(n_draws=n_draws, options__end_year=2052, options__chance=())
    setup, full = case.setup, np.ones(n_draws)
    rules = replace(
        setup.rules,
        driver_start_ratio=1e30 * full,
        plant_import_frac=0.0 * full,
        stock_yr=0.0 * full,
    )
    free = replace(
        setup,
        policy=policy,
        rules=rules,
        flights_yr=np.full_like(setup.flights_yr, 1e15),
        demand_W=np.full_like(setup.demand_W, 1e30),
        deep_demand_frac=full,
        earth_build_W_yr=0.0 * setup.earth_build_W_yr,
        remote_labour_frac=full,
        first_landing_year=np.full(n_draws, float(setup.start_year)),
        local_frac=0.0 * setup.local_frac,
    )
    return free, case.design.growth.growth_1_yr
