"""Restricted three-body problem: points, arcs, matrices and closed orbits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.orbits import cr3bp

MU = 0.01215058560962404
HALO = np.array([1.0809931218390707, 0.0, -0.20235953267405354, 0.0, -0.19895001215078018, 0.0])
PERIOD = 2.353867041754664


def rate(_: float, s: Array) -> list[float]:
    r1 = np.hypot(np.hypot(s[0] + MU, s[1]), s[2])
    r2 = np.hypot(np.hypot(s[0] - 1 + MU, s[1]), s[2])
    g1, g2 = (1 - MU) / r1**3, MU / r2**3
    return [
        s[3],
        s[4],
        s[5],
        2 * s[4] + s[0] - g1 * (s[0] + MU) - g2 * (s[0] - 1 + MU),
        -2 * s[3] + s[1] - (g1 + g2) * s[1],
        -(g1 + g2) * s[2],
    ]


@pytest.mark.parametrize("mu", [1e-9, 3.0e-6, MU, 0.3, 0.5])
def test_points_are_at_rest(mu: float) -> None:
    points = cr3bp.libration_points(mass_ratio_mu=mu)
    for point in (points.l1_nd, points.l2_nd, points.l3_nd, points.l4_nd, points.l5_nd):
        start = np.concatenate([point, np.zeros(3)])
        arc = cr3bp.propagate(mass_ratio_mu=mu, start_nd=start, duration_nd=0.1)
        assert np.abs(arc.end_nd - start).max() < 1e-13


def test_points_broadcast_over_mass_ratios() -> None:
    many = cr3bp.libration_points(mass_ratio_mu=np.array([MU, 0.3]))
    alone = cr3bp.libration_points(mass_ratio_mu=0.3)
    assert many.l2_nd.shape == (3, 2)
    assert (many.jacobi_nd[:, 1] == alone.jacobi_nd).all()


def test_an_arc_agrees_with_another_integrator() -> None:
    start = np.array([0.9, 0.1, 0.05, -0.2, 0.4, 0.1])
    arc = cr3bp.propagate(mass_ratio_mu=MU, start_nd=start, duration_nd=3.0, n_times=7)
    other = solve_ivp(
        rate, (0.0, 3.0), start, method="DOP853", rtol=1e-13, atol=1e-14, t_eval=arc.t_nd
    )
    assert np.abs(arc.state_nd - other.y).max() < 1e-10


def test_backward_returns() -> None:
    there = cr3bp.propagate(mass_ratio_mu=MU, start_nd=HALO, duration_nd=2.0)
    back = cr3bp.propagate(mass_ratio_mu=MU, start_nd=there.end_nd, duration_nd=-2.0)
    assert np.abs(back.end_nd - HALO).max() < 1e-12


def test_draws_do_not_touch_each_other() -> None:
    starts = np.stack([HALO, HALO + 1e-3, 0.5 * HALO], axis=-1)
    many = cr3bp.propagate(mass_ratio_mu=MU, start_nd=starts, duration_nd=1.0, stm=True)
    alone = cr3bp.propagate(mass_ratio_mu=MU, start_nd=starts[:, 1], duration_nd=1.0, stm=True)
    assert many.stm_nd is not None and alone.stm_nd is not None
    assert (many.end_nd[:, 1] == alone.end_nd).all()
    assert (many.stm_nd[..., 1] == alone.stm_nd).all()


@pytest.mark.parametrize("duration", [1.5, -0.7])
def test_the_matrix_is_the_derivative(duration: float) -> None:
    h = 1e-6
    nudged = HALO[:, None] + h * np.hstack([np.eye(6), -np.eye(6)])
    ends = cr3bp.propagate(mass_ratio_mu=MU, start_nd=nudged, duration_nd=duration).end_nd
    arc = cr3bp.propagate(mass_ratio_mu=MU, start_nd=HALO, duration_nd=duration, stm=True)
    assert arc.stm_nd is not None
    assert np.abs((ends[:, :6] - ends[:, 6:]) / (2 * h) - arc.stm_nd).max() < 1e-7
    assert np.linalg.det(arc.stm_nd) == pytest.approx(1.0, abs=1e-11)


def test_a_fall_into_a_body_is_a_status() -> None:
    at_the_moon = np.array([1.0 - MU, 0.0, 0.0, 0.0, 0.0, 0.0])
    starts = np.stack([at_the_moon, HALO], axis=-1)
    arc = cr3bp.propagate(mass_ratio_mu=MU, start_nd=starts, duration_nd=1.0, stm=True)
    assert arc.stm_nd is not None
    assert arc.status.tolist() == [1, 0]
    assert np.isnan(arc.end_nd[:, 0]).all() and np.isnan(arc.stm_nd[..., 0]).all()
    assert np.isfinite(arc.end_nd[:, 1]).all()


@pytest.mark.parametrize(
    ("hold", "index"), [("x", 0), ("vy", 4), ("period", None), (None, None), ("y", 1)]
)
def test_a_rough_halo_closes(hold: str | None, index: int | None) -> None:
    guess = np.array([1.08, 0.0, -0.2024, 0.0, -0.199, 0.0])
    halo = cr3bp.close_orbit(mass_ratio_mu=MU, guess_nd=guess, period_nd=2.354, hold=hold)
    assert halo.converged
    assert halo.closure_nd < 1e-12
    assert not halo.start_nd[[1, 3, 5]].any()
    if index is not None:
        assert halo.start_nd[index] == guess[index]
    if hold == "period":
        assert halo.period_nd == 2.354


def lyapunov_guess(amplitude: float) -> tuple[list[float], float]:
    x = float(cr3bp.libration_points(mass_ratio_mu=MU).l1_nd[0])
    c2 = (1 - MU) / (x + MU) ** 3 + MU / (1 - MU - x) ** 3
    w = np.sqrt((2 - c2 + np.sqrt(9 * c2**2 - 8 * c2)) / 2)
    return [x - amplitude, 0, 0, 0, amplitude * (w**2 + 1 + 2 * c2) / 2, 0], 2 * np.pi / w


def test_a_small_planar_orbit_closes_and_is_unstable() -> None:
    guess, period = lyapunov_guess(1e-3)
    orbit = cr3bp.close_orbit(mass_ratio_mu=MU, guess_nd=guess, period_nd=period, hold="x")
    assert orbit.converged and orbit.closure_nd < 1e-12
    assert orbit.period_nd == pytest.approx(period, rel=1e-4)
    assert orbit.stability_ratio > 1000.0


def test_an_orbit_on_the_axis_closes() -> None:
    x = float(cr3bp.libration_points(mass_ratio_mu=MU).l1_nd[0])
    w = np.sqrt((1 - MU) / (x + MU) ** 3 + MU / (1 - MU - x) ** 3)
    orbit = cr3bp.close_orbit(
        mass_ratio_mu=MU, guess_nd=[x, 0, 0, 0, 0, 0.02 * w], period_nd=2 * np.pi / w, hold="vz"
    )
    assert orbit.converged and orbit.closure_nd < 1e-12
    assert orbit.start_nd[5] == 0.02 * w


def test_an_orbit_without_symmetry_closes() -> None:
    point = cr3bp.libration_points(mass_ratio_mu=MU).l4_nd
    guess = np.array([*point, 0.0, 0.0, 0.0]) + np.array([-6e-3, 2e-3, 0, 0, 3.3e-3, 0])
    orbit = cr3bp.close_orbit(mass_ratio_mu=MU, guess_nd=guess, period_nd=6.58)
    assert orbit.converged and orbit.closure_nd < 1e-12
    assert orbit.stability_ratio == pytest.approx(1.0, abs=1e-4)
    assert np.linalg.norm(orbit.start_nd[:3] - point) > 1e-3


def test_a_hopeless_guess_says_so() -> None:
    orbit = cr3bp.close_orbit(
        mass_ratio_mu=MU, guess_nd=[1.08, 0, -0.2024, 0, -0.199, 0], period_nd=2.354, hold="z"
    )
    assert not orbit.converged


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("mass_ratio_mu", {"mass_ratio_mu": 0.0}),
        ("mass_ratio_mu", {"mass_ratio_mu": 0.51}),
        ("start_nd", {"start_nd": [1.0, 2.0]}),
        ("duration_nd", {"duration_nd": np.inf}),
        ("n_times", {"n_times": 1}),
    ],
)
def test_bad_input_is_named(path: str, change: dict[str, object]) -> None:
    given = {"mass_ratio_mu": MU, "start_nd": HALO, "duration_nd": 1.0} | change
    with pytest.raises(DomainError) as error:
        cr3bp.propagate(**given)
    assert error.value.path == path


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("hold", {"hold": "jacobi"}),
        ("period_nd", {"period_nd": 0.0}),
        ("guess_nd", {"guess_nd": np.zeros((6, 2))}),
    ],
)
def test_bad_guesses_are_named(path: str, change: dict[str, object]) -> None:
    given = {"mass_ratio_mu": MU, "guess_nd": HALO, "period_nd": PERIOD} | change
    with pytest.raises(DomainError) as error:
        cr3bp.close_orbit(**given)
    assert error.value.path == path
