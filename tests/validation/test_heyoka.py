"""Random releases against an independent integrator: Taylor's method at 1e-15 by heyoka."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

pytest.importorskip("heyoka", reason="heyoka is not installed")
BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "orbits.py"


@pytest.fixture(scope="module")
def peers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_orbits", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_releases_end_where_taylors_method_puts_them(peers: ModuleType) -> None:
    start = peers.releases(32)
    powers, moon = peers.fits()
    truth = peers.fly_taylor(peers.taylor(8, 1e-15), start, powers, moon, 8)
    for tolerance, limit in ((1e-12, 0.05), (1e-14, 0.02)):
        miss = np.linalg.norm(peers.own(start, tolerance, 16) - truth, axis=0)
        assert np.max(miss) < limit
