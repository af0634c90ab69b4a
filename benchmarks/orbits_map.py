"""Time a year's launch map of 365 epochs by 200 speeds: python benchmarks/orbits_map.py."""

from __future__ import annotations

import time

import numpy as np

from moonbase.orbits import OUTCOMES, launch_map


def main() -> None:
    epochs = 946_728_000.0 + 86_400.0 * np.arange(365)
    speeds = np.linspace(2300.0, 3300.0, 200)
    track = {"latitude_rad": 0.0, "longitude_rad": 0.5, "azimuth_rad": -0.5 * np.pi}
    launch_map(**track, epoch_tdb_s=epochs[:1], speed_m_s=speeds)
    begin = time.perf_counter()
    found = launch_map(**track, epoch_tdb_s=epochs, speed_m_s=speeds)
    taken = time.perf_counter() - begin
    print(f"{found.outcome.size} cells flown for a year in {taken:.1f} s")
    for code, name in enumerate(OUTCOMES):
        print(f"{np.mean(found.outcome == code):8.2%}  {name}")


if __name__ == "__main__":
    main()
