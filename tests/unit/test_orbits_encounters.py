"""Encounter rates against counted epicycles, and the search for close pairs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.spatial import cKDTree

from moonbase.core.arrays import Array
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, GM_SUN_m3_s2, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.orbits import close_approaches, encounter_rate

AU = ASTRONOMICAL_UNIT_m
TURN_yr = 2.0 * np.pi / np.sqrt(GM_SUN_m3_s2 / AU**3) / JULIAN_YEAR_s
BELT = {
    "belt_area_m2": 1e22,
    "distance_au": 1.0,
    "miss_distance_m": 100.0,
    "eccentricity_rms_frac": 1e-3,
    "inclination_rms_rad": 1e-3,
}


def counted_encounters(rng: np.random.Generator, e_rms: float, i_rms: float) -> int:
    """Epicycles about sheared guiding centres, 400 dispersed against 400 flat, for two turns."""
    n, side, reach, steps = 400, 0.02, 2e-4, 1000
    x, y = side * (0.2 + 0.6 * rng.random(n)), side * rng.random(n)
    e, i = e_rms * np.sqrt(rng.exponential(size=n)), i_rms * np.sqrt(rng.exponential(size=n))
    w, z = 2.0 * np.pi * rng.random((2, n))
    flat_x, flat_y = side * rng.random((2, n))
    count, inside = 0, set[tuple[int, int]]()
    for t in np.arange(2 * steps) * 2.0 * np.pi / steps:
        along = y + 2.0 * e * np.sin(t - w) - 1.5 * (x - 0.5 * side) * t
        loose = np.stack([1.0 + x - e * np.cos(t - w), along % side, 0.5 + i * np.sin(t - z)])
        held_along = (flat_y - 1.5 * (flat_x - 0.5 * side) * t) % side
        held = np.stack([1.0 + flat_x, held_along, np.full(n, 0.5)])
        tree = cKDTree(held.T, boxsize=[10.0, side, 10.0])
        near = tree.query_ball_point(loose.T, reach)
        now = {(a, b) for a, found in enumerate(near) for b in found}
        count += len(now - inside)
        inside = now
    return count


def test_rate_matches_counted_encounters() -> None:
    counted = sum(counted_encounters(np.random.default_rng(seed), 2e-3, 1e-3) for seed in range(3))
    rate = encounter_rate(
        belt_area_m2=(0.02 * AU) ** 2,
        distance_au=1.0,
        miss_distance_m=2e-4 * AU,
        eccentricity_rms_frac=2e-3,
        inclination_rms_rad=1e-3,
    )
    expected = 3.0 * rate * 400**2 * 2.0 * TURN_yr
    assert expected > 1500
    assert counted == pytest.approx(expected, rel=0.12)


@pytest.mark.parametrize("ratio", [1e-3, 0.3, 0.99999, 1.0, 1.7, 2.0, 30.0])
def test_the_closed_form_is_the_integral(ratio: float) -> None:
    def over_phase(u: float) -> float:
        f = 2.0 * np.pi * (np.arange(256) + 0.5) / 256
        speed = np.sqrt(1.0 + (ratio * u) ** 2 * (np.sin(f) ** 2 + 0.25 * np.cos(f) ** 2))
        return float(speed.mean()) * 2.0 * u / (1.0 + u**2) ** 2

    widening = quad(over_phase, 0.0, 1.0, epsrel=1e-11)[0]
    widening += quad(lambda s: over_phase(1.0 / s) / s**2, 0.0, 1.0, epsrel=1e-11)[0]
    change = {"eccentricity_rms_frac": ratio * 1e-3}
    rate = encounter_rate(**(BELT | change))
    assert rate == pytest.approx(2.0 * np.pi / TURN_yr * 1e4 / 1e22 * widening, rel=1e-6)


def test_only_the_ratio_of_dispersions_matters() -> None:
    hot = BELT | {"eccentricity_rms_frac": 0.1, "inclination_rms_rad": 0.1}
    assert encounter_rate(**BELT) == pytest.approx(encounter_rate(**hot))


def test_one_bad_draw_does_not_kill_the_batch() -> None:
    rates = encounter_rate(**(BELT | {"inclination_rms_rad": np.array([0.0, 1e-3])}))
    assert np.isnan(rates[0]) and rates[1] == encounter_rate(**BELT)


@pytest.mark.parametrize("path", list(BELT))
def test_bad_input_is_named(path: str) -> None:
    with pytest.raises(DomainError) as error:
        encounter_rate(**(BELT | {path: -1.0}))
    assert error.value.path == path


def brute(r: Array, v: Array, step: float, reach: float) -> set[tuple[int, int]]:
    times = np.linspace(-0.5 * step, 0.5 * step, 4001)
    n = r.shape[1]
    found = set()
    for a in range(n):
        for b in range(a + 1, n):
            apart = (r[:, b] - r[:, a])[:, None] + (v[:, b] - v[:, a])[:, None] * times
            if np.linalg.norm(apart, axis=0).min() <= reach:
                found.add((a, b))
    return found


def test_no_pair_is_missed_and_none_is_made_up() -> None:
    rng = np.random.default_rng(8)
    r, v = rng.normal(size=(3, 40)) * 1e4, rng.normal(size=(3, 40)) * 10.0
    found = close_approaches(r_m=r, v_m_s=v + 30_000.0, step_s=1000.0, distance_m=1500.0)
    pairs = {tuple(sorted(pair)) for pair in zip(found.first, found.second, strict=True)}
    assert pairs == brute(r, v, 1000.0, 1500.0)
    assert len(pairs) >= 5
    assert (np.diff(found.distance_m) >= 0.0).all()
    a, b = found.first[0], found.second[0]
    apart = (r[:, b] - r[:, a]) + (v[:, b] - v[:, a]) * found.after_s[0]
    assert np.linalg.norm(apart) == pytest.approx(found.distance_m[0])
    assert found.speed_m_s[0] == pytest.approx(np.linalg.norm(v[:, b] - v[:, a]))


def test_objects_that_move_alike_stay_where_they_are() -> None:
    r = np.array([[0.0, 3.0, 50.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found = close_approaches(r_m=r, v_m_s=np.ones((3, 3)), step_s=1e6, distance_m=10.0)
    assert found.distance_m.tolist() == [3.0]
    with pytest.raises(DomainError):
        close_approaches(r_m=r, v_m_s=np.ones((3, 2)), step_s=1.0, distance_m=1.0)
    with pytest.raises(DomainError):
        close_approaches(r_m=r, v_m_s=r, step_s=-1.0, distance_m=1.0)
