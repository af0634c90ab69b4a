"""Times an induction stage by number of circuits, a gun, and the levitation of a disc.

Best of several rounds after compilation. The yardstick is one dense solve of the largest circuit;
ratios to it carry over to other machines, seconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from moonbase.driver.bank import Stage
from moonbase.driver.coils import Coil
from moonbase.driver.levitation import levitation, magnetic_lift, simulate_levitation
from moonbase.driver.stage import simulate_gun, simulate_stage

RESULTS = Path(__file__).parent / "results" / "driver_stage.json"
COIL = Coil(radius_inner_m=0.043, radius_outer_m=0.060, length_m=0.080, turns=77)
SLEEVE = Coil(radius_inner_m=0.026, radius_outer_m=0.041, length_m=0.080, position_m=0.035)
BANK: dict[str, float] = {"capacitance_F": 2.8e-3, "voltage_V": 10e3, "wire_area_m2": 6e-6}
TALL = {"length_m": 0.052, "position_m": -0.026}
DISC: dict[str, Any] = {
    "coils": [
        Coil(radius_inner_m=0.027, radius_outer_m=0.055, turns=960, **TALL),
        Coil(radius_inner_m=0.080, radius_outer_m=0.095, turns=576, **TALL),
    ],
    "current_A": [20.0, -20.0],
    "frequency_Hz": 50.0,
    "disc_radius_m": 0.065,
    "disc_thickness_m": 0.003,
    "conductivity_S_m": 3.4e7,
}
FALL = {"disc_mass_kg": 0.107, "start_gap_m": 0.0038, "duration_s": 1.7, "time_step_s": 1e-4}


def best(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the quickest call."""
    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def stage(n_radial: int, n_axial: int) -> object:
    """One shot with the given rings."""
    return simulate_stage(
        coil=COIL, armature=SLEEVE, mass_kg=3.0, n_radial=n_radial, n_axial=n_axial, **BANK
    )


def gun(n_stages: int) -> object:
    """A gun of equal stages."""
    stages = [
        Stage(coil=replace(COIL, position_m=0.1 * k), trigger_position_m=0.1 * k + 0.035, **BANK)
        for k in range(n_stages)
    ]
    return simulate_gun(stages=stages, armature=SLEEVE, mass_kg=3.0, n_radial=3, n_axial=15)


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    matrix = np.eye(193) + 0.01
    calls: dict[str, Callable[[], object]] = {
        "yardstick_solve_193": lambda: np.linalg.solve(matrix, matrix),
        "stage_46_circuits": lambda: stage(3, 15),
        "stage_121_circuits": lambda: stage(5, 24),
        "stage_193_circuits": lambda: stage(8, 24),
        "gun_10_stages_55_circuits": lambda: gun(10),
        "team28_force_40_by_2": lambda: magnetic_lift(gap_m=0.0108, **DISC),
        "team28_balance_40_by_2": lambda: levitation(disc_mass_kg=0.107, **DISC),
        "team28_transient_30_by_1": lambda: simulate_levitation(**DISC, **FALL),
    }
    seconds = {name: best(call, options.repeats) for name, call in calls.items()}
    for name, value in seconds.items():
        print(f"{name:<28}{value * 1e3:9.2f} ms")
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine, "seconds": seconds}, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
