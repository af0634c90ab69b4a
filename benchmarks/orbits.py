"""Times thirty-day lunar releases against heyoka (batch) and scipy's DOP853 in the same run.

All three fly the same force model: Moon, Earth, Sun, Venus and Jupiter as point masses on DE440,
the common pull of the other planets, and the Moon's J2 and C22 in an even turn. Errors are against
heyoka at 1e-15, or against the package at 1e-14 where heyoka is not installed. Rates are for one
core and leave compilation out; scipy calls the compiled forces from Python, which is most of its
time. The first call in a new process is timed apart. Ratios carry over to other machines; rates
do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from moonbase.orbits import (
    ForceModel,
    UniformRotation,
    degree_two_field,
    lunar_axes,
    propagate,
    release_state,
)
from moonbase.orbits._engine import room
from moonbase.orbits._force import accelerate
from moonbase.orbits._pull import locate
from moonbase.orbits._records import gm_of
from moonbase.orbits._setup import pull_of
from moonbase.orbits._tables import lane_table, rails_at, segments
from moonbase.orbits.flight import Flight

RESULTS = Path(__file__).parent / "results" / "orbits.json"
EPOCH_s, SPAN_s, DAY_s = 946_728_000.0, 30 * 86_400.0, 86_400.0
NEAR = ("moon", "earth", "sun", "venus", "jupiter")
FAR = ("mercury", "mars", "saturn", "uranus", "neptune", "pluto")
J2, C22, RADIUS_m, RATE_rad_s = 2.0323654e-4, 2.2354919e-5, 1.738e6, 2.6618033841745287e-6
N_TERMS = 13
COLD = """
import time; start = time.perf_counter()
from moonbase.orbits import propagate, release_state
propagate(release_state(0.0, 0.5, 1.57, 0.0, 2500.0, 946728000.0), duration_s=86400.0)
print(time.perf_counter() - start)
"""


def releases(n: int) -> np.ndarray:
    """Level eastward throws from one equatorial site, 2.5-3.2 km/s, pointed to 2 mrad."""
    rng = np.random.default_rng(2030)
    azimuth = 0.5 * np.pi + rng.normal(0.0, 2e-3, n)
    elevation = np.abs(rng.normal(0.0, 2e-3, n))
    speed = rng.uniform(2500.0, 3200.0, n)
    return release_state(0.0, 0.98, azimuth, elevation, speed, EPOCH_s).array


def model() -> ForceModel:
    """The force model of the benchmark."""
    turn = UniformRotation(
        icrf_to_body=lunar_axes(epoch_tdb_s=EPOCH_s).icrf_to_pa, rate_rad_s=RATE_rad_s
    )
    return ForceModel(
        bodies=NEAR,
        common_bodies=FAR,
        gravity=degree_two_field(j2=J2, c22=C22, radius_m=RADIUS_m),
        rotation=turn,
        earth_j2=False,
    )


def own(start: np.ndarray, tolerance: float, n_block: int) -> np.ndarray:
    flight: Flight = propagate(
        start,
        EPOCH_s,
        SPAN_s,
        forces=model(),
        tolerance=tolerance,
        n_block=n_block,
        n_threads=1,
        surfaces={},
    )
    return flight.r_icrf_m


def tracks() -> tuple[Any, tuple[str, ...]]:
    """The package's rails of all bodies over the span."""
    bodies = (*NEAR, *FAR)
    first, last = segments(EPOCH_s, EPOCH_s + SPAN_s)
    table, emb = lane_table(bodies, first, last, False)
    settings: dict[str, Any] = {"center": "moon", "follow": False, "turned": False}
    settings |= {"epoch_tdb_s": EPOCH_s, "offset_s": 0.0, "rotation": model().rotation}
    return rails_at(table=table, emb=emb, first=first, bodies=bodies, **settings), bodies


def fits() -> tuple[np.ndarray, np.ndarray]:
    """Polynomials (segment, lane, power) of bodies and common pull, and the Moon's last place.

    Chebyshev fits of degree 12 at Lobatto nodes on segments of four days.
    """
    rails, _ = tracks()
    sky = room(1, rails)
    knots = np.cos(np.pi * np.arange(N_TERMS) / (N_TERMS - 1))
    inverse = np.linalg.inv(np.polynomial.chebyshev.chebvander(knots, N_TERMS - 1))
    powers = np.zeros((N_TERMS, N_TERMS))
    for term, row in enumerate(np.eye(N_TERMS)):
        poly = np.polynomial.chebyshev.cheb2poly(row[: term + 1])
        powers[term, : len(poly)] = poly
    out = []
    for segment in range(int(np.ceil(SPAN_s / (4 * DAY_s)))):
        lanes = []
        for knot in knots:
            locate(rails, (segment + 0.5 * (1.0 + knot)) * 4 * DAY_s, sky, False)
            at = sky.position.copy()
            away = at[len(NEAR) :] - at[0]
            weights = np.array([gm_of(body) for body in FAR])
            pull = weights / np.linalg.norm(away, axis=1) ** 3 @ away
            lanes.append([*at[: len(NEAR)].ravel(), *pull])
        out.append((inverse @ np.array(lanes)).T @ powers)
    locate(rails, SPAN_s, sky, False)
    return np.array(out), sky.position[0].copy()


def taylor(batch: int, tolerance: float) -> Any:
    """Taylor integrator of heyoka; the coefficients of a segment are its parameters."""
    import heyoka as hy

    names = hy.make_vars("x", "y", "z", "u", "v", "w")
    place, speed = names[:3], names[3:]
    n = 18 * N_TERMS
    tau = (hy.time - hy.par[n]) * hy.par[n + 1]

    def lane(index: int) -> Any:
        total = hy.par[index * N_TERMS + N_TERMS - 1]
        for power in range(N_TERMS - 2, -1, -1):
            total = total * tau + hy.par[index * N_TERMS + power]
        return total

    force = [lane(15 + axis) for axis in range(3)]
    for index, body in enumerate(NEAR):
        away = [lane(3 * index + axis) - place[axis] for axis in range(3)]
        square = hy.sum([part * part for part in away])
        weight = gm_of(body) * square**-1.5
        force = [a + weight * part for a, part in zip(force, away, strict=True)]
        if body == "moon":
            force = [a + b for a, b in zip(force, lunar_terms(away, square), strict=True)]
    system = list(zip(place, speed, strict=True)) + list(zip(speed, force, strict=True))
    zeros = np.zeros((6, batch)), np.zeros((n + 2, batch))
    return hy.taylor_adaptive_batch(system, zeros[0], pars=zeros[1], tol=tolerance)


def lunar_terms(away: list[Any], square: Any) -> list[Any]:
    """J2 and C22 in body axes that turn evenly."""
    import heyoka as hy

    m = lunar_axes(epoch_tdb_s=EPOCH_s).icrf_to_pa
    fixed = [hy.sum([-float(m[k, j]) * away[j] for j in range(3)]) for k in range(3)]
    c, s = hy.cos(RATE_rad_s * hy.time), hy.sin(RATE_rad_s * hy.time)
    x, y, z = c * fixed[0] + s * fixed[1], c * fixed[1] - s * fixed[0], fixed[2]
    scale = gm_of("moon") * RADIUS_m**2 * square**-2.5
    flat, band = -1.5 * J2 * scale, 3.0 * C22 * scale
    zonal, sector = 5.0 * z * z / square, 5.0 * (x * x - y * y) / square
    a = [
        flat * (1.0 - zonal) * x + band * (2.0 - sector) * x,
        flat * (1.0 - zonal) * y - band * (2.0 + sector) * y,
        flat * (3.0 - zonal) * z - band * sector * z,
    ]
    a = [c * a[0] - s * a[1], s * a[0] + c * a[1], a[2]]
    return [hy.sum([float(m[k, j]) * a[k] for k in range(3)]) for j in range(3)]


def fly_taylor(
    integrator: Any, start: np.ndarray, powers: np.ndarray, moon: np.ndarray, batch: int
) -> np.ndarray:
    """Moon-centred end positions; the integrator restarts at each joint."""
    out = np.empty((3, start.shape[1]))
    for first in range(0, start.shape[1], batch):
        integrator.set_time(0.0)
        integrator.state[:] = start[:, first : first + batch]
        for segment, coefficients in enumerate(powers):
            integrator.pars[:-2] = coefficients.reshape(-1, 1)
            integrator.pars[-2] = (segment + 0.5) * 4 * DAY_s
            integrator.pars[-1] = 0.5 / DAY_s
            integrator.propagate_until(min((segment + 1) * 4 * DAY_s, SPAN_s))
        out[:, first : first + batch] = integrator.state[:3]
    return out - moon[:, None]


def fly_scipy(start: np.ndarray, tolerance: float) -> np.ndarray:
    """DOP853 of scipy with the package's own compiled forces as its right-hand side."""
    from scipy.integrate import solve_ivp

    rails, bodies = tracks()
    pull, sky = pull_of(model(), bodies, 1), room(1, rails)
    a, none = np.zeros(3), np.zeros(0)

    def slope(t: float, y: np.ndarray) -> np.ndarray:
        accelerate(t, y[:3], y[3:], 1, rails, pull, 2, sky, a, none, False)
        return np.concatenate([y[3:], a])

    ends = [
        solve_ivp(slope, (0.0, SPAN_s), y, method="DOP853", rtol=tolerance, atol=tolerance).y[
            :3, -1
        ]
        for y in start.T
    ]
    locate(rails, SPAN_s, sky, False)
    return np.array(ends).T - sky.position[0][:, None]


def timed(run: Callable[[], np.ndarray], repeats: int) -> tuple[np.ndarray, float]:
    """Result and least processor time."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        ends = run()
        best = min(best, time.process_time() - start)
    return ends, best


def measure(n: int, repeats: int) -> dict[str, Any]:
    """Rates and errors of all peers that are there."""
    start = releases(n)
    own(start[:, :2], 1e-12, 2)
    fly_scipy(start[:, :1], 1e-6)
    rows: dict[str, Any] = {}
    ends: dict[str, tuple[np.ndarray, int]] = {}
    truth = own(start, 1e-14, 128)

    def add(name: str, run: Callable[[int], np.ndarray], count: int, times: int) -> None:
        result, seconds = timed(lambda: run(count), times)
        rows[name] = {"releases_per_core_s": count / seconds}
        ends[name] = result, count

    for size in (1, 16, 64, 128, 256):
        count = min(n, 64) if size == 1 else n
        add(
            f"moonbase, block {size}", lambda m, b=size: own(start[:, :m], 1e-12, b), count, repeats
        )
    add("scipy DOP853", lambda m: fly_scipy(start[:, :m], 1e-12), min(n, 8), 1)
    try:
        powers, moon = fits()
        exact, quick = taylor(8, 1e-15), taylor(8, 1e-12)
        peer = n // 8
        truth = fly_taylor(exact, start[:, : peer - peer % 8], powers, moon, 8)
        add(
            "heyoka, batch 8",
            lambda m: fly_taylor(quick, start[:, :m], powers, moon, 8),
            truth.shape[1],
            repeats,
        )
    except ImportError:
        print("heyoka is not installed: pip install -e '.[heyoka]'", file=sys.stderr)
    for name, (result, count) in ends.items():
        count = min(count, truth.shape[1])
        miss = np.linalg.norm(result[:, :count] - truth[:, :count], axis=0)
        rows[name] |= {"median_error_m": float(np.median(miss)), "max_error_m": float(miss.max())}
    return rows


def cold_s() -> float:
    """Wall time of a first flight in a new process, with what is on disk."""
    done = subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    """Measure, print and, when asked, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=int, default=4096)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    rows = measure(options.releases, options.repeats)
    base = rows["moonbase, block 128"]["releases_per_core_s"]
    print(f"{'':24}{'per core-s':>12}{'ratio':>9}{'median error':>15}{'largest':>12}")
    for name, row in rows.items():
        row["ratio_to_block_128"] = row["releases_per_core_s"] / base
        print(
            f"{name:24}{row['releases_per_core_s']:12,.0f}{row['ratio_to_block_128']:9.3f}"
            f"{1e3 * row['median_error_m']:12.2f} mm{1e3 * row['max_error_m']:9.2f} mm"
        )
    cold = cold_s()
    print(f"first flight in a new process, compiled code on disk: {cold:.2f} s")
    if options.write:
        machine = {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine, "runs": rows, "cold_s": cold}, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
