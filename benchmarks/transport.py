"""Times the transport room: sorties replayed, deliveries drawn, payers served, flows solved.

One thread of one process, best of several rounds. A replay by plain arithmetic and a loop over
draws give the ratios that carry over to other machines.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from moonbase import transport

RESULTS = Path(__file__).parent / "results" / "transport.json"
N_DRAWS = 1_000_000
N_LOOP = 300
QUANTITIES = ("dry_kg", "tank_kg", "specific_impulse_s", "payload_kg", "boil_off_1_day")


def best(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of several calls, after one that warms up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def bare_sortie(mission: transport.Mission) -> float:
    """As many exponentials as the sortie has burns, and nothing booked."""
    mass = 1.0
    for event in mission.events:
        if isinstance(event, transport.Burn):
            mass *= math.exp(-event.delta_v_m_s / 4400.0)
    return mass


def draws(n: int) -> transport.Vehicle:
    """A lander drawn from its ranges."""
    rng = np.random.default_rng(1)
    return transport.sample_vehicle(
        name="cargo_lander", quantile_frac={k: rng.random(n) for k in QUANTITIES}
    )


def year_of_cargo(n_periods: int) -> transport.CargoPlan:
    """Cargo to the Moon by all orbits, ships that come back, oxygen made there."""
    supplies = [
        transport.Supply(node="LEO", commodity=what, unit_cost_usd=100.0)
        for what in ("cargo", "oxidiser", "fuel")
    ]
    supplies.append(transport.Supply(node="LEO", commodity="ship", unit_cost_usd=5e7))
    supplies.append(transport.Supply(node="Moon", commodity="oxidiser", unit_cost_usd=50.0))
    return transport.plan_cargo(
        ship="cargo_lander",
        legs=transport.network_legs(
            nodes=("LEO", "GTO", "LLPO", "NRO", "LLO", "L1", "L2", "Moon", "Earth entry"),
            relaunch_usd=1e7,
        ),
        supplies=supplies,
        demands=(transport.Demand(node="Moon", amount_kg=1e7),),
        n_periods=n_periods,
        period_s=30 * 86400.0 if n_periods > 1 else math.inf,
    )


def measure(repeats: int) -> dict[str, float]:
    mission = transport.load_mission(name="lunar-sortie")
    ship, one = draws(N_DRAWS), draws(1)
    rng = np.random.default_rng(2)
    flights = rng.uniform(0.0, 5e3, (50, 2000))
    asked = {name: rng.uniform(0.0, 2e3, (50, 2000)) for name in transport.PAYERS}
    replay = best(
        lambda: transport.fly(mission.stack, mission.events, g0_m_s2=mission.g0_m_s2), 20 * repeats
    )
    batch = best(lambda: transport.deliver(ship, tanker_interval_s=4e5), repeats)
    loop = best(lambda: [transport.deliver(one, tanker_interval_s=4e5) for _ in range(N_LOOP)], 1)
    return {
        "sorties_per_second": 1.0 / replay,
        "sortie_over_bare_exponentials": replay / best(lambda: bare_sortie(mission), 20 * repeats),
        "seconds_for_a_million_deliveries": batch,
        "loop_over_batch_per_draw": loop / N_LOOP / (batch / N_DRAWS),
        "seconds_to_serve_100000_payer_years": best(
            lambda: transport.allocate(flights_1_yr=flights, demand_1_yr=asked), repeats
        ),
        "seconds_for_a_year_of_cargo": best(lambda: year_of_cargo(1), repeats),
        "seconds_for_12_months_of_cargo": best(lambda: year_of_cargo(12), repeats),
    }


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    figures = measure(options.repeats)
    for name, value in figures.items():
        print(f"{name:<40}{value:14.4g}")
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }
        RESULTS.write_text(
            json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
