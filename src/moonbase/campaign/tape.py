"""A campaign written down as the plan that it turned out to be, for replay and comparison."""

from __future__ import annotations

import numpy as np

from moonbase.campaign.months import Simulation, run_months
from moonbase.campaign.path import Path
from moonbase.campaign.replay import shop_names
from moonbase.campaign.setup import Setup
from moonbase.campaign.state import DRIVER, MACHINE, PV, ROBOT, SATELLITE
from moonbase.core.arrays import Array


def record_path(setup: Setup, *, draw: int = 0) -> Path:
    """Run one draw and return its orders, step by step.

    Parameters
    ----------
    setup : Setup
        With any policy but ``follow_plan``.
    draw : int
        Column of the setup, by default the first.

    Returns
    -------
    Path
        One period per step. The shops of a step's orders are those into which plant went one
        build lag later, which is how :class:`moonbase.campaign.replay.FollowPlan` reads them.

    Examples
    --------
    See ``tests/unit/test_campaign_replay.py``: what ``grow_then_export`` did is replayed to the
    same result.
    """
    # numpy adds up a lone column pairwise and several row by row: one draw is worked as two.
    one = setup.take([draw, draw])
    tape: list[tuple[Array, Array, float, float]] = []

    def watch(simulation: Simulation, step: int) -> None:
        tape.append(
            (
                simulation.resources.made[:, 0].copy(),
                simulation.split_frac[:, 0].copy(),
                float(simulation.extra_kg[0]),
                float(simulation.n_crew_opened[0]),
            )
        )

    run_months(one, watch=watch)
    made = np.array([row[0] for row in tape]).T * setup.n_steps_yr
    split = np.array([row[1] for row in tape]).T
    lag = int(np.floor(one.build_lag_yr[0] * setup.n_steps_yr + 0.5))
    later = np.minimum(np.arange(len(tape)) + lag, len(tape) - 1)
    return Path(
        start_year=float(setup.start_year),
        step_yr=1.0 / setup.n_steps_yr,
        shops=shop_names(setup),
        plant_kg_yr=made[MACHINE] * split[:, later],
        plant_import_kg_yr=np.array([row[2] for row in tape]) * setup.n_steps_yr,
        pv_W_yr=made[PV] * 1e3,
        n_robots_1_yr=made[ROBOT],
        satellite_kg_yr=made[SATELLITE],
        driver_kg_yr=made[DRIVER],
        n_crew=np.array([row[3] for row in tape]),
    )
