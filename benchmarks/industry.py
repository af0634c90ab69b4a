"""Times the growth of many parameter sets at once against a linear programme for each set.

All in one thread of one process, best of several rounds. Ratios carry over to other machines;
microseconds do not. Set OPENBLAS_NUM_THREADS=1.
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

import numpy as np
from scipy.optimize import linprog

from moonbase.industry import capital_bill, electronics_tradeoff, growth, load_recipes
from moonbase.industry._economy import build_economy
from moonbase.industry._lp import maximise
from moonbase.industry._ray import _search

RESULTS = Path(__file__).parent / "results" / "industry.json"
RECIPES = load_recipes()


def best(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of several calls, after one to warm up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def options(n_sets: int) -> dict[str, dict[str, Any]]:
    """What differs between sets, by case; each row of the table has its own multipliers."""
    rng = np.random.default_rng(5)

    def ratio() -> Any:
        return np.exp(0.5 * rng.standard_normal(n_sets))

    def rows() -> dict[str, Any]:
        return {name: ratio() for name in RECIPES.processes}

    every = {"capital_ratio": rows(), "electricity_ratio": rows(), "robot_time_ratio": rows()}
    return {
        "every_row": every,
        "every_row_and_array_material": {**every, "pv_mass_ratio": ratio()},
        "every_row_all_capital_waits": {
            **every,
            "build_lag_s": 3e7 * rng.random(n_sets),
            "replacement": "waits",
        },
        "share_of_electronics": {
            "local_frac": {"electronics": rng.random(n_sets)},
            "capital_ratio": {"chipfab": ratio()},
        },
    }


def batches(n_sets: int, repeats: int) -> tuple[dict[str, float], dict[str, int]]:
    """Microseconds a set, and sets that needed their own programme, by case."""
    times, programmes = {}, {}
    for name, case in options(n_sets).items():
        times[name] = best(lambda case=case: growth(RECIPES, **case), repeats) / n_sets * 1e6
        programmes[name] = growth(RECIPES, **case).n_programmes
    return times, programmes


def singles(repeats: int) -> dict[str, float]:
    """Microseconds of a search by linear programmes, of one programme, and of other calls."""
    economy = build_economy(RECIPES)
    rng = np.random.default_rng(1)
    matrix = rng.random((29, 27)) * (rng.random((29, 27)) < 0.2)
    upper, one = matrix.sum(axis=1) + 1.0, np.ones(27)
    with np.errstate(all="ignore"):
        calls: dict[str, Callable[[], object]] = {
            "search_by_programmes": lambda: _search(economy, np.zeros(1)),
            "programme_by_highspy": lambda: maximise(
                gain=one,
                matrix=matrix,
                lower=np.full(29, -np.inf),
                upper=upper,
                lowest=0.0 * one,
                highest=10.0 * one,
            ),
            "programme_by_scipy": lambda: linprog(
                -one, A_ub=matrix, b_ub=upper, bounds=(0.0, 10.0), method="highs"
            ),
            "growth_of_one_set": lambda: growth(RECIPES),
            "bill_of_capital": lambda: capital_bill(RECIPES, output_1_yr={"satellite": 1.0}),
            "electronics_curve": lambda: electronics_tradeoff(RECIPES),
        }
        return {name: best(call, repeats) * 1e6 for name, call in calls.items()}


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    arguments = parser.parse_args()
    many, programmes = batches(arguments.sets, arguments.repeats)
    calls = singles(4 * arguments.repeats)
    ratios = {
        f"programmes_over_{name}": calls["search_by_programmes"] / t for name, t in many.items()
    }
    ratios["scipy_over_highspy"] = calls["programme_by_scipy"] / calls["programme_by_highspy"]
    for name, value in many.items():
        print(f"{name:<42}{value:10.1f} us a set, {programmes[name]} programmes")
    for name, value in calls.items():
        print(f"{name:<42}{value:10.1f} us a call")
    for name, value in ratios.items():
        print(f"{name:<42}{value:10.1f}")
    if arguments.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "highspy": version("highspy"),
        }
        result = {
            "machine": machine,
            "sets": arguments.sets,
            "us_a_set": many,
            "programmes": programmes,
            "us_a_call": calls,
            "ratios": ratios,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
