"""Rings left alone under the Earth's pull."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import conjunction_kick, ring_spread


def test_rings_near_the_earth_lose_their_order_first() -> None:
    spread = ring_spread(
        ring_offset_au=np.array([0.05, 0.1, 0.3]), slot_spacing_m=1e6, duration_yr=20.0, n_phases=8
    )
    assert (np.diff(spread.nearest_ratio) > 0.0).all()
    assert (np.diff(spread.excursion_au) < 0.0).all()
    assert (spread.farthest_ratio > spread.nearest_ratio).all()
    assert (spread.n_lost == 0.0).all()


def test_one_passage_moves_a_ring_by_the_kick() -> None:
    spread = ring_spread(
        ring_offset_au=np.array([-0.08, 0.08]), slot_spacing_m=1e6, duration_yr=5.0, n_phases=2
    )
    kick = float(conjunction_kick(ring_offset_au=0.08))
    assert spread.excursion_au.mean() == pytest.approx(kick, rel=0.2)


def test_neighbours_share_a_path_so_the_spacing_cancels() -> None:
    near, far = (
        ring_spread(ring_offset_au=0.06, slot_spacing_m=s, duration_yr=10.0, n_phases=4)
        for s in (1e5, 1e6)
    )
    assert near.farthest_ratio == pytest.approx(far.farthest_ratio, rel=1e-2)


def test_bad_input_is_named() -> None:
    good = {"ring_offset_au": 0.1, "slot_spacing_m": 1e6, "duration_yr": 1.0}
    for path, value in {"ring_offset_au": 0.0, "slot_spacing_m": 0.0, "duration_yr": -1.0}.items():
        with pytest.raises(DomainError) as error:
            ring_spread(**(good | {path: value}))
        assert error.value.path == path
    mixed = ring_spread(**(good | {"ring_offset_au": np.array([0.0, 0.1])}))
    assert np.isnan(mixed.nearest_ratio[0]) and np.isfinite(mixed.nearest_ratio[1])
