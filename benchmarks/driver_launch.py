"""Times the driver of alpha: section design of one line and of many, launches, dispersion.

Best of several rounds after compilation. The yardstick is a numpy loop of multiply-adds; ratios to
it carry over to other machines, seconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from moonbase import mass_driver
from moonbase.design import driver_specs
from moonbase.driver import design_driver, one_draw

RESULTS = Path(__file__).parent / "results" / "driver_launch.json"
LINE = ("payload_kg", "acceleration_m_s2", "deceleration_m_s2", "cadence_s")
ROUNDS = 500


def yardstick() -> None:
    """Multiply-adds on 100,000 numbers."""
    state, gain = np.ones(100_000), np.full(100_000, 1.001)
    for _ in range(ROUNDS):
        np.multiply(state, gain, out=state)
        np.add(state, 0.5, out=state)


def best(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the quickest call."""
    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def designer(draws: int) -> Callable[[], object]:
    """Section design of alpha's lines as the records have them."""
    found = mass_driver.study("alpha", draws=max(draws, 2))
    inputs = found.inputs.take(slice(0, draws))
    given: dict[str, Any] = {name: inputs[f"driver.{name}"] for name in LINE}
    given["muzzle_speed_m_s"] = found.line.design.muzzle_speed_m_s[:draws]
    return lambda: design_driver(**given, **driver_specs(inputs))


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=5000)
    parser.add_argument("--shots", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    alpha = mass_driver.study("alpha", draws=2)
    calls: dict[str, Callable[[], object]] = {
        "yardstick": yardstick,
        "design_one_line": designer(1),
        "design_all_draws": designer(options.draws),
        "launch_synchronous": lambda: mass_driver.launch(alpha),
        "launch_quench": lambda: mass_driver.launch(alpha, topology="quench"),
        "dispersion": lambda: mass_driver.spread(alpha, n_shots=options.shots),
    }
    seconds = {name: best(call, options.repeats) for name, call in calls.items()}
    for name, value in seconds.items():
        ratio = value / seconds["yardstick"]
        print(f"{name:<20}{value * 1e3:10.2f} ms {ratio:8.2f} yardsticks")
    per_draw = seconds["design_all_draws"] / options.draws
    print(f"{'design per draw':<20}{per_draw * 1e6:10.1f} us at {options.draws:,} draws")
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }
        design = one_draw(alpha.line.design, 0)
        result = {
            "machine": machine,
            "muzzle_speed_m_s": float(design.muzzle_speed_m_s),
            "n_coils": float(design.track.n_coils + design.brake.n_coils),
            "draws": options.draws,
            "shots": options.shots,
            "seconds": seconds,
            "over_yardstick": {name: s / seconds["yardstick"] for name, s in seconds.items()},
        }
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
