"""Times thirty-day lunar releases flown by JAX against the compiled engine in the same run.

Two force models: the five bodies, common pull, J2 and C22 of ``benchmarks/orbits.py``, and what
the package flies by itself (all planets, lunar field to degree 20, Earth J2). Both engines at
1e-12, one core, no surfaces; errors against the compiled engine at 1e-14, one craft a block.
Processor time of warm calls; the wall time of each first call, most of it compilation, is printed
apart. What is measured is the device that JAX has found: with a GPU, read the wall times.
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

import jax
import numpy as np
from orbits import EPOCH_s, SPAN_s, model, releases

from moonbase.orbits import Flight, ForceModel, flight_gradient, propagate

RESULTS = Path(__file__).parent / "results" / "orbits_jax.json"


def timed(run: Callable[[], Any], repeats: int) -> tuple[Any, dict[str, float]]:
    """Result, wall time of the first call, least processor and wall time of the others."""
    start = time.perf_counter()
    result = run()
    first = time.perf_counter() - start
    cpu, wall = np.inf, np.inf
    for _ in range(repeats):
        before = time.process_time(), time.perf_counter()
        result = run()
        cpu = min(cpu, time.process_time() - before[0])
        wall = min(wall, time.perf_counter() - before[1])
    return result, {"first_s": first, "cpu_s": cpu, "wall_s": wall}


def measure(n: int, repeats: int) -> dict[str, Any]:
    """Rates and errors of both engines with both force models."""
    start, rows = releases(n), {}
    for name, forces in {"benchmark forces": model(), "shipped forces": ForceModel()}.items():
        settings: dict[str, Any] = {"forces": forces, "surfaces": {}, "n_threads": 1}
        few = start[:, : min(n, 256)]
        truth = propagate(few, EPOCH_s, SPAN_s, tolerance=1e-14, n_block=1, **settings)

        def add(key: str, run: Callable[[], Any], count: int, truth: Flight = truth) -> None:
            result, times = timed(run, repeats)
            flight = result if isinstance(result, Flight) else result.flight
            some = min(count, truth.r_icrf_m.shape[1])
            miss = np.linalg.norm(flight.r_icrf_m[:, :some] - truth.r_icrf_m[:, :some], axis=0)
            gap = np.linalg.norm(flight.v_icrf_m_s[:, :some] - truth.v_icrf_m_s[:, :some], axis=0)
            rows[key] = {
                "releases_per_core_s": count / times["cpu_s"],
                "releases_per_s": count / times["wall_s"],
                "first_s": times["first_s"],
                "median_error_m": float(np.median(miss)),
                "max_error_m": float(miss.max()),
                "max_error_m_s": float(gap.max()),
            }

        for engine, size in (("compiled", 128), ("jax", 128), ("jax", 512)):
            settings |= {"backend": engine, "n_block": size}
            add(
                f"{name}, {engine}, block {size}",
                lambda s=dict(settings): propagate(start, EPOCH_s, SPAN_s, **s),
                n,
            )
        for engine in ("compiled", "jax"):
            settings |= {"backend": engine, "n_block": 128, "stm": True}
            add(
                f"{name}, {engine}, with matrix",
                lambda s=dict(settings), few=few: propagate(few, EPOCH_s, SPAN_s, **s),
                few.shape[1],
            )
        add(
            f"{name}, jax, all slopes",
            lambda few=few, forces=forces: flight_gradient(
                few, EPOCH_s, SPAN_s, forces=forces, surfaces={}, n_threads=1
            ),
            few.shape[1],
        )
    return rows


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    rows = measure(options.releases, options.repeats)
    device = f"{jax.default_backend()}: {jax.devices()[0].device_kind}"
    print(f"device {device}, jax {jax.__version__}")
    print(f"{'':42}{'per core-s':>11}{'per s':>9}{'first call':>12}{'median':>10}{'largest':>9}")
    for name, row in rows.items():
        print(
            f"{name:42}{row['releases_per_core_s']:11,.0f}{row['releases_per_s']:9,.0f}"
            f"{row['first_s']:10.1f} s{1e3 * row['median_error_m']:7.2f} mm"
            f"{1e3 * row['max_error_m']:6.2f} mm"
        )
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "device": device,
            "python": platform.python_version(),
            "jax": jax.__version__,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine, "runs": rows}, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
