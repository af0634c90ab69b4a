"""What must hold of intervals and of clouds whatever the numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.orbits import chance, disperse, point_mass_model, release_state

MODEL = point_mass_model("moon", "earth")
START = release_state(0.3, -1.0, 1.2, 0.1, 2600.0, 946728000.0)


@settings(deadline=None)
@given(st.integers(1, 10**7), st.floats(0.0, 1.0))
def test_an_interval_holds_its_share_and_never_a_sure_zero(n_samples: int, share: float) -> None:
    found = chance(n_hits=round(share * n_samples), n_samples=n_samples)
    assert 0.0 <= found.low_frac <= found.share_frac <= found.high_frac <= 1.0
    assert found.high_frac > 0.0 and found.low_frac < 1.0
    wider = chance(n_hits=4 * found.n_hits, n_samples=4 * n_samples)
    assert wider.high_frac - wider.low_frac <= found.high_frac - found.low_frac


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-1.0, 1.0), min_size=49, max_size=49), st.floats(1e-3, 1e3))
def test_the_cloud_scales_with_its_errors(entries: list[float], factor: float) -> None:
    root = np.reshape(entries, (7, 7)) * 1e-3
    small, large = (
        disperse(
            state=START,
            release_covariance=scale**2 * root @ root.T,
            duration_s=86400.0,
            forces=MODEL,
            n_samples=2,
        )
        for scale in (1.0, factor)
    )
    assert np.allclose(large.covariance, factor**2 * small.covariance, rtol=1e-6, atol=1e-12)
    direct = small.sensitivity @ root
    assert np.allclose(small.covariance, direct @ direct.T, rtol=1e-6, atol=1e-12)
    assert np.allclose(small.covariance, small.covariance.T)
