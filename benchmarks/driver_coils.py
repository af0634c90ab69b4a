"""Times loop pairs and coil functions against scipy's elliptic integrals and cfsem.

All in one thread of one process, best of several rounds. Ratios carry over to other machines;
nanoseconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cfsem
import numpy as np
from scipy.special import ellipe, ellipk

from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.driver.coils import (
    Coil,
    coil_inductance,
    coil_mutual,
    filament_pair_table,
    filaments,
)
from moonbase.driver.loops import mutual_inductance
from moonbase.driver.offaxis import off_axis

RESULTS = Path(__file__).parent / "results" / "driver_coils.json"
N_PAIRS = 20_000
TARGET_NS = 60.0


def best(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of several calls, after one that compiles."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def by_scipy(radius_1: Any, radius_2: Any, offset: Any) -> tuple[Any, Any]:
    """Maxwell's formula and its derivative as they stand in books."""
    far = (radius_1 + radius_2) ** 2 + offset**2
    m = 4.0 * radius_1 * radius_2 / far
    k = np.sqrt(m)
    root = np.sqrt(radius_1 * radius_2)
    first, second = ellipk(m), ellipe(m)
    mutual = MAGNETIC_CONSTANT_H_m * root * ((2.0 / k - k) * first - 2.0 / k * second)
    bracket = 2.0 * first - (2.0 - m) / (1.0 - m) * second
    return mutual, MAGNETIC_CONSTANT_H_m * offset * k / (4.0 * root) * bracket


def loop_pairs(repeats: int) -> dict[str, float]:
    """Nanoseconds per pair of loops."""
    offset = np.random.default_rng(1).uniform(-2.0, 2.0, N_PAIRS)
    radius = np.full(N_PAIRS, 0.75)
    one, zero = np.ones(1), np.zeros(1)

    def ours() -> object:
        return filament_pair_table(one, zero, one, radius[:1], zero, one, offset)

    def ours_mutual() -> object:
        return mutual_inductance(radius_1_m=1.0, radius_2_m=radius, offset_m=offset)

    def cfsem_mutual() -> object:
        return cfsem.flux_circular_filament(one, one, zero, radius, offset, par=False)

    def cfsem_both() -> object:
        field = cfsem.flux_density_circular_filament(one, one, zero, radius, offset, par=False)
        return cfsem_mutual(), field

    calls = {
        "mutual": ours_mutual,
        "mutual_and_gradient": ours,
        "scipy_mutual_and_gradient": lambda: by_scipy(1.0, radius, offset),
        "cfsem_mutual": cfsem_mutual,
        "cfsem_mutual_and_gradient": cfsem_both,
    }
    return {name: best(call, repeats) / N_PAIRS * 1e9 for name, call in calls.items()}


def coils(repeats: int) -> dict[str, float]:
    """Microseconds per call on the coils of the base launcher."""
    drive = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8.0)
    bucket = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04, position_m=0.17)
    touching = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, position_m=0.3)
    grids = []
    for item, orders in ((drive, (8, 14)), (bucket, (6, 6))):
        loops = filaments(item, *orders)
        grids.append(np.array([loops.radius_m, item.position_m + loops.offset_m, loops.turns]))
    calls: dict[str, Callable[[], object]] = {
        "coil_inductance": lambda: coil_inductance(drive),
        "coil_mutual": lambda: coil_mutual(drive, bucket),
        "coil_mutual_touching": lambda: coil_mutual(drive, touching),
        "cfsem_mutual_of_112_by_36_filaments": lambda: cfsem.mutual_inductance_of_cylindrical_coils(
            *grids, par=False
        ),
        "off_axis": lambda: off_axis(
            drive, bucket, current_a_A=1.0, current_b_A=1.0, lateral_m=0.01
        ),
    }
    return {name: best(call, repeats // 4) * 1e6 for name, call in calls.items()}


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=60)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    pairs = loop_pairs(options.repeats)
    calls = coils(options.repeats)
    both = pairs["mutual_and_gradient"]
    ratios = {
        "over_target": both / TARGET_NS,
        "scipy_over_ours": pairs["scipy_mutual_and_gradient"] / both,
        "cfsem_over_ours": pairs["cfsem_mutual_and_gradient"] / both,
        "cfsem_mutual_over_ours": pairs["cfsem_mutual"] / pairs["mutual"],
    }
    for name, value in pairs.items():
        print(f"{name:<40}{value:10.1f} ns a pair")
    for name, value in calls.items():
        print(f"{name:<40}{value:10.1f} us a call")
    for name, value in ratios.items():
        print(f"{name:<40}{value:10.2f}")
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "cfsem": version("cfsem"),
        }
        result = {"machine": machine, "ns_a_pair": pairs, "us_a_call": calls, "ratios": ratios}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
