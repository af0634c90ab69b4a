"""Times `moonbase run alpha` from a cold start, with a numpy loop as the machine's yardstick.

Prints draws per second, peak memory and the share of time in each stage. Ratios to the yardstick
carry over to other machines; seconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results" / "run_alpha.json"
MONTHS = 648
ROWS = 40
CHUNK = 512


def yardstick(draws: int) -> float:
    """Seconds for one multiply-add a month on a state of 40 rows, in chunks of draws."""
    start = time.perf_counter()
    for first in range(0, draws, CHUNK):
        shape = (ROWS, min(CHUNK, draws - first))
        state = np.ones(shape)
        gain = np.full(shape, 1.001)
        flow = np.full(shape, 0.5)
        for _ in range(MONTHS):
            np.multiply(state, gain, out=state)
            np.add(state, flow, out=state)
    return time.perf_counter() - start


def cold_run(draws: int) -> dict[str, Any]:
    """Run the scenario once in a fresh process; its wall time, peak memory and stage times."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        code = "from moonbase.cli.main import main; main()"
        command = [sys.executable, "-c", code, "run", "alpha"]
        command += ["--draws", str(draws), "--out", str(out), "--json"]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}")
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    per_kib = 1024 if sys.platform != "darwin" else 1
    return {
        "wall_s": wall_s,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_memory_bytes": usage.ru_maxrss * per_kib,
        "timings": summary["timings"],
    }


def measure(draws: int, repeats: int) -> dict[str, Any]:
    """Best of several cold runs, each beside its own yardstick."""
    pairs = [(yardstick(draws), cold_run(draws)) for _ in range(repeats)]
    yardstick_s = min(pair[0] for pair in pairs)
    best = min((pair[1] for pair in pairs), key=lambda run: run["wall_s"])
    return {
        "draws": draws,
        **best,
        "draws_per_s": draws / best["wall_s"],
        "yardstick_s": yardstick_s,
        "wall_over_yardstick": best["wall_s"] / yardstick_s,
    }


def show(result: dict[str, Any]) -> None:
    """Print one measurement as a table."""
    print(f"\n{result['draws']:,} draws")
    print(f"  wall, cold start    {result['wall_s']:9.2f} s")
    print(f"  processor time      {result['cpu_s']:9.2f} s")
    print(f"  peak memory         {result['peak_memory_bytes'] / 1e6:9.0f} MB")
    print(f"  draws per second    {result['draws_per_s']:9.0f}")
    print(f"  yardstick           {result['yardstick_s']:9.3f} s")
    print(f"  wall / yardstick    {result['wall_over_yardstick']:9.1f}")
    stages = dict(result["timings"])
    stages["imports and files"] = max(result["cpu_s"] - sum(stages.values()), 0.0)
    total_s = sum(stages.values())
    print("  stages, seconds summed over threads")
    for stage, seconds in stages.items():
        print(f"    {stage:<18}{seconds:9.2f} s {seconds / total_s:6.1%}")


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, nargs="+", default=[1, 10_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    results = [measure(draws, options.repeats) for draws in options.draws]
    for result in results:
        show(result)
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine, "runs": results}, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
