"""Times the planner: laying out rows and columns, and solving, by size; and its peer's layout.

Where linopy is installed, the same problem is laid out with it in the same run. Ratios carry over
to other machines; seconds do not. Times are processor seconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from moonbase.campaign import Road, Site, expand
from moonbase.campaign.planner_model import build_model
from moonbase.campaign.planner_run import plan_world
from moonbase.campaign.planner_scenario import scenario_world
from moonbase.campaign.planner_world import World
from moonbase.industry import load_recipes
from moonbase.scenario import load_scenario

RESULTS = Path(__file__).parent / "results" / "planner.json"


def table_world(duration_yr: float, step_yr: float) -> World:
    """The recipe table with 200 t in place and imports of 100 t/yr that grow by 1.3 a year."""
    start = expand(
        load_recipes(), seed_kg=2e5, import_cap_kg_yr=1e5, duration_yr=2 * step_yr, step_yr=step_yr
    ).world
    years = step_yr * np.arange(round(duration_yr / step_yr))
    return replace(start, landing_cap_kg_yr=1e5 * 1.3**years)


def alpha_world(n_sites: int, step_yr: float) -> World:
    """Scenario alpha, on one site or on several with roads between neighbours."""
    places = [
        Site(name=f"site{n}", sunlit_frac=0.8 + 0.03 * n, has_driver=n == 0) for n in range(n_sites)
    ]
    roads = [
        Road(sites=(a.name, b.name), energy_kWh_kg=0.05, haul_h_kg=0.001)
        for a, b in pairwise(places)
    ]
    return scenario_world(
        load_scenario("alpha"),
        step_yr=step_yr,
        sites=places if n_sites > 1 else (),
        roads=roads,
        discount_rate_frac=0.0,
    )[0]


CASES: dict[str, tuple[str, Callable[[], World]]] = {
    "table, 30 yr quarterly": ("most_launched", lambda: table_world(30.0, 0.25)),
    "table, 50 yr quarterly": ("most_launched", lambda: table_world(50.0, 0.25)),
    "alpha, 54 yr annual": ("most_compute", lambda: alpha_world(1, 1.0)),
    "alpha, 54 yr quarterly": ("most_compute", lambda: alpha_world(1, 0.25)),
    "alpha, 3 sites annual": ("most_compute", lambda: alpha_world(3, 1.0)),
    "alpha, 6 sites annual": ("most_compute", lambda: alpha_world(6, 1.0)),
}


def processor_s(work: Callable[[], Any], repeats: int = 3) -> float:
    """Least processor time of some repeats, s."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def linopy_layout(world: World) -> Any:
    """Lay the same problem out with linopy: one labelled block of each kind of row."""
    import linopy
    import xarray as xr

    periods = np.arange(world.n_periods)
    names = [a.name for a in world.activities]
    pools = [p.name for p in world.pools]
    goods = sorted(
        {p.good for p in world.pools}
        | {n for a in world.activities for n, x in a.flows.items() if x < 0.0} - world.ground
    )
    parts = [i.commodity for i in world.imports]

    def table(rows: list[str], columns: list[str], value: Callable[[int, int], float]) -> Any:
        data = [[value(r, c) for c in range(len(columns))] for r in range(len(rows))]
        return xr.DataArray(np.array(data, dtype=float), dims=("row", "column"))

    def of(array: Any, row: str, column: str, rows: list[str], columns: list[str]) -> Any:
        return array.rename(row=row, column=column).assign_coords({row: rows, column: columns})

    flow = of(
        table(goods, names, lambda g, a: world.activities[a].flows.get(goods[g], 0.0)),
        "good", "activity", goods, names,
    )  # fmt: skip
    use = of(
        table(pools, names, lambda k, a: world.activities[a].capital.get(pools[k], 0.0)),
        "pool", "activity", pools, names,
    )  # fmt: skip
    built_of = of(
        table(goods, pools, lambda g, k: float(world.pools[k].good == goods[g])),
        "good", "pool", goods, pools,
    )  # fmt: skip
    free = of(
        table(goods, parts, lambda g, i: float(parts[i] == goods[g])),
        "good", "part", goods, parts,
    )  # fmt: skip
    mass = xr.DataArray([p.unit_mass_kg for p in world.pools], coords={"pool": pools})
    keep = xr.DataArray(
        [1.0 - world.step_yr / p.life_yr for p in world.pools], coords={"pool": pools}
    )
    model = linopy.Model()

    def column(name: str, **coords: Any) -> Any:
        axes = [np.asarray(v) for v in coords.values()]
        return model.add_variables(lower=0.0, coords=axes, dims=list(coords), name=name)

    x = column("activity", activity=names, period=periods)
    made = column("made", pool=pools, period=periods)
    landed = column("landed", pool=pools, period=periods)
    stock = column("stock", pool=pools, period=np.arange(world.n_periods + 1))
    brought = column("brought", part=parts, period=periods)
    now = stock.isel(period=slice(0, -1))
    later = stock.isel(period=slice(1, None)).assign_coords(period=periods)
    model.add_constraints((use * x).sum("activity") - now <= 0.0, name="capacity")
    model.add_constraints(
        later - keep * now - world.step_yr * (made + landed) == 0.0, name="capital"
    )
    model.add_constraints(
        (flow * x).sum("activity") - (built_of * made).sum("pool") + (free * brought).sum("part")
        >= 0.0,
        name="balance",
    )
    cap = xr.DataArray(world.landing_cap_kg_yr, coords={"period": periods})
    model.add_constraints((mass * landed).sum("pool") + brought.sum("part") <= cap, name="cap")
    model.add_constraints((mass * stock.isel(period=0)).sum() <= world.seed_kg, name="seed")
    thrown = xr.DataArray([a.launched_kg for a in world.activities], coords={"activity": names})
    model.add_objective((thrown * x).sum() * world.step_yr, sense="max")
    return model.matrices.A


def measure(name: str, solver: str) -> dict[str, Any]:
    """Build and solve one case."""
    goal, make = CASES[name]
    start = time.process_time()
    world = make()
    world_s = time.process_time() - start
    build_s = processor_s(lambda: build_model(world).problem.matrix())
    start = time.process_time()
    found = plan_world(world, goal=goal, solver=solver)
    row = {
        "case": name,
        "solver": found.solver.solver,
        "n_columns": found.solver.n_columns,
        "n_rows": found.solver.n_rows,
        "n_entries": found.solver.n_entries,
        "world_s": world_s,
        "build_s": build_s,
        "plan_s": time.process_time() - start,
        "n_iterations": found.solver.n_iterations,
        "objective": found.objective,
    }
    if name.startswith("table"):
        try:
            row["linopy_build_s"] = processor_s(lambda: linopy_layout(world))
        except ImportError:
            row["linopy_build_s"] = None
    return row


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--solver", default="auto")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    rows = []
    for name in options.cases:
        rows.append(row := measure(name, options.solver))
        print(json.dumps(row), flush=True)
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        }
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine, "runs": rows}, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
