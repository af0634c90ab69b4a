"""Times the month-by-month simulator: draws times months per second, by policy and with chance.

The yardstick is a numpy multiply-add on forty rows for as many draws and months; ratios to it carry
over to other machines.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from moonbase.campaign import POLICIES, record_path, run_months
from moonbase.campaign.build import setup_of
from moonbase.ensemble import sample
from moonbase.scenario import load_scenario

ROWS = 40


def best_s(work: Callable[[], object], repeats: int) -> float:
    """Least processor time of several calls."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def yardstick(draws: int, months: int) -> None:
    """One multiply-add a month on a state of forty rows."""
    state, gain, flow = (np.full((ROWS, draws), x) for x in (1.0, 1.001, 0.5))
    for _ in range(months):
        np.multiply(state, gain, out=state)
        np.add(state, flow, out=state)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    scenario = load_scenario("alpha")
    inputs = sample(scenario.records, n_draws=options.draws, seed=1)
    _, setup = setup_of(scenario, inputs)
    quiet = load_scenario("alpha", {"options.chance": ""})
    _, expected = setup_of(quiet, inputs)
    path = record_path(expected)
    months = setup.n_years * setup.n_steps_yr
    base = best_s(lambda: yardstick(options.draws, months), options.repeats)
    cases = {f"{name}, chance": (replace(setup, policy=name), None) for name in POLICIES}
    cases["grow_then_export, expected values"] = (expected, None)
    cases["follow_plan, chance"] = (replace(setup, policy="follow_plan"), path)
    print(f"{options.draws:,} draws of {months} months, one process")
    for name, (case, plan) in cases.items():
        seconds = best_s(lambda c=case, p=plan: run_months(c, path=p), options.repeats)  # type: ignore[misc]
        speed = options.draws * months / seconds
        print(f"  {name:<36}{seconds:7.2f} s {speed:12,.0f} draw-months/s {seconds / base:7.1f} x")


if __name__ == "__main__":
    main()
