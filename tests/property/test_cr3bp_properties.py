"""What must hold for any restricted problem: energy, reversal, the matrix's group law."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from moonbase.orbits import cr3bp

ratios = st.floats(1e-6, 0.5)
states = st.tuples(
    st.floats(-1.5, 1.5),
    st.floats(0.3, 1.5),
    st.floats(-0.5, 0.5),
    *(st.floats(-0.8, 0.8) for _ in range(3)),
)


@settings(max_examples=25, deadline=None)
@given(mu=ratios, state=states, duration=st.floats(-2.0, 2.0))
def test_energy_stays_and_the_way_back_returns(
    mu: float, state: tuple[float, ...], duration: float
) -> None:
    start = np.array(state)
    arc = cr3bp.propagate(
        mass_ratio_mu=mu, start_nd=start, duration_nd=duration, n_times=9, stm=True
    )
    jacobi = cr3bp.jacobi_constant(mass_ratio_mu=mu, state_nd=arc.state_nd)
    assert arc.stm_nd is not None
    growth = np.abs(arc.stm_nd).max()
    assert np.abs(jacobi - jacobi[0]).max() < 1e-11 * (1.0 + growth)
    back = cr3bp.propagate(mass_ratio_mu=mu, start_nd=arc.end_nd, duration_nd=-duration)
    assert np.abs(back.end_nd - start).max() < 1e-12 * (1.0 + growth**2)


def closest(mu: float, path_nd: np.ndarray) -> float:
    """Least distance of a path from either body."""
    x, y, z = path_nd[:3]
    return float(min(np.sqrt((x + at) ** 2 + y**2 + z**2).min() for at in (mu, mu - 1.0)))


@settings(max_examples=15, deadline=None)
@given(mu=ratios, state=states)
def test_matrices_of_two_halves_multiply(mu: float, state: tuple[float, ...]) -> None:
    """Away from collisions, where a matrix changes by its own size within the last digits."""
    whole = cr3bp.propagate(
        mass_ratio_mu=mu, start_nd=np.array(state), duration_nd=1.0, n_times=400, stm=True
    )
    assume(closest(mu, whole.state_nd) > 0.05)
    half = cr3bp.propagate(mass_ratio_mu=mu, start_nd=np.array(state), duration_nd=0.5, stm=True)
    rest = cr3bp.propagate(mass_ratio_mu=mu, start_nd=half.end_nd, duration_nd=0.5, stm=True)
    assert whole.stm_nd is not None and half.stm_nd is not None and rest.stm_nd is not None
    scale = np.abs(rest.stm_nd).max() * np.abs(half.stm_nd).max()
    assert np.abs(rest.stm_nd @ half.stm_nd - whole.stm_nd).max() < 1e-10 * scale
