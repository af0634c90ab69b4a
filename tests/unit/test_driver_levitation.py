"""Lift on a disc over alternating-current coils."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.driver.coils import Coil
from moonbase.driver.levitation import image_lift, levitation, magnetic_lift, simulate_levitation

INNER = Coil(radius_inner_m=0.027, radius_outer_m=0.055, length_m=0.052, turns=960)
OUTER = Coil(radius_inner_m=0.080, radius_outer_m=0.095, length_m=0.052, turns=576)
DISC: dict[str, Any] = {
    "frequency_Hz": 50.0,
    "disc_radius_m": 0.065,
    "disc_thickness_m": 0.003,
    "conductivity_S_m": 3.4e7,
    "n_radial": 20,
    "n_axial": 1,
}
BOTH: dict[str, Any] = {"coils": [INNER, OUTER], "current_A": [20.0, -20.0], **DISC}


def test_a_wide_perfect_disc_mirrors_the_coil() -> None:
    coil = Coil(radius_inner_m=0.02, radius_outer_m=0.03, length_m=0.01, turns=100)
    gap_m = 0.01
    lift = magnetic_lift(
        coils=[coil],
        current_A=10.0,
        frequency_Hz=1e6,
        disc_radius_m=0.15,
        disc_thickness_m=0.0001,
        conductivity_S_m=1e12,
        gap_m=gap_m,
        n_radial=150,
        n_axial=1,
    )
    middle_m = gap_m + 0.00005
    image = image_lift(coils=[coil], current_A=10.0, gap_m=middle_m)
    assert lift.force_N == pytest.approx(0.5 * image, rel=0.01)
    assert lift.ripple_N == pytest.approx(lift.force_N, rel=1e-3)


def test_lift_follows_the_square_of_the_current_and_the_phase() -> None:
    gaps = np.array([0.006, 0.0108, 0.03])
    one = magnetic_lift(gap_m=gaps, **BOTH)
    double = magnetic_lift(gap_m=gaps, **{**BOTH, "current_A": [40.0, -40.0]})
    assert np.allclose(double.force_N, 4.0 * one.force_N)
    turned = magnetic_lift(gap_m=gaps, phase_rad=[0.0, np.pi], **{**BOTH, "current_A": 20.0})
    assert np.allclose(turned.force_N, one.force_N)
    assert np.allclose(turned.loss_W, one.loss_W)
    first = magnetic_lift(gap_m=gaps, **{**BOTH, "current_A": [20.0, 0.0]})
    second = magnetic_lift(gap_m=gaps, **{**BOTH, "current_A": [0.0, 20.0]})
    quarter = magnetic_lift(gap_m=gaps, phase_rad=[0.0, np.pi / 2], **{**BOTH, "current_A": 20.0})
    assert np.all(quarter.loss_W > 0.0)
    assert np.allclose(quarter.loss_W, first.loss_W + second.loss_W)


def test_stacked_coils_are_one_coil() -> None:
    lower = Coil(**{**fields(INNER), "length_m": 0.026, "turns": 480, "position_m": -0.013})
    upper = Coil(**{**fields(INNER), "length_m": 0.026, "turns": 480, "position_m": 0.013})
    split = magnetic_lift(coils=[lower, upper], current_A=20.0, gap_m=0.01, **DISC)
    whole = magnetic_lift(coils=[INNER], current_A=20.0, gap_m=0.01, **DISC)
    assert split.force_N == pytest.approx(whole.force_N, rel=1e-6)


def fields(coil: Coil) -> dict[str, float]:
    return {name: getattr(coil, name) for name in Coil.__dataclass_fields__}


def test_the_balance_is_stable_and_the_highest() -> None:
    found = levitation(disc_mass_kg=0.107, gravity_m_s2=9.81, **BOTH)
    assert found.gap_m == found.equilibrium_gap_m
    assert found.force_N == pytest.approx(0.107 * 9.81, rel=1e-6)
    around = magnetic_lift(gap_m=found.equilibrium_gap_m + np.array([-1e-3, 1e-3]), **BOTH)
    assert around.force_N[0] > found.weight_N > around.force_N[1]
    on_the_moon = levitation(disc_mass_kg=0.107, gravity_m_s2=1.624, **BOTH)
    assert on_the_moon.equilibrium_gap_m > found.equilibrium_gap_m
    heavy = levitation(disc_mass_kg=100.0, gap_m=0.01, **BOTH)
    assert np.isnan(heavy.equilibrium_gap_m)
    assert heavy.force_N > 0.0


def test_a_disc_too_heavy_to_rise_feels_the_mean_force() -> None:
    gap_m = 0.0108
    run = simulate_levitation(
        disc_mass_kg=100.0, start_gap_m=gap_m, duration_s=0.2, **BOTH, time_step_s=1e-4
    )
    mean = magnetic_lift(gap_m=gap_m, **BOTH)
    assert np.all(run.gap_m == gap_m)
    last = run.force_N[-200:]
    assert last.mean() == pytest.approx(float(mean.force_N), rel=2e-3)
    assert np.ptp(last) / 2.0 == pytest.approx(float(mean.ripple_N), rel=5e-3)
    longer = simulate_levitation(
        disc_mass_kg=100.0, start_gap_m=gap_m, duration_s=0.22, **BOTH, time_step_s=1e-4
    )
    assert (longer.heat_J - run.heat_J) / 0.02 == pytest.approx(float(mean.loss_W), rel=2e-3)


def test_a_released_disc_settles_about_the_balance() -> None:
    run = simulate_levitation(
        disc_mass_kg=0.107, gravity_m_s2=9.81, start_gap_m=0.0038, duration_s=1.7, **BOTH
    )
    found = levitation(disc_mass_kg=0.107, gravity_m_s2=9.81, **BOTH)
    assert run.peak_gap_m == run.gap_m.max()
    late = run.gap_m[len(run.gap_m) // 2 :]
    assert late.mean() == pytest.approx(found.equilibrium_gap_m, rel=0.03)
    assert np.ptp(late) < np.ptp(run.gap_m)


def test_image_force_falls_with_the_gap_and_adds_images_of_all() -> None:
    near = image_lift(coils=[INNER, OUTER], current_A=[20.0, -20.0], gap_m=0.01)
    far = image_lift(coils=[INNER, OUTER], current_A=[20.0, -20.0], gap_m=0.02)
    alone = sum(image_lift(coils=[coil], current_A=20.0, gap_m=0.01) for coil in (INNER, OUTER))
    together = image_lift(coils=[INNER, OUTER], current_A=20.0, gap_m=0.01)
    assert near > far > 0.0
    assert near + together == pytest.approx(2.0 * alone, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"coils": []}, "current_A"),
        ({"current_A": [1.0, 2.0, 3.0]}, "current_A"),
        ({"conductivity_S_m": 0.0}, "conductivity_S_m"),
        ({"frequency_Hz": -50.0}, "frequency_Hz"),
        ({"gap_m": -0.01}, "gap_m"),
        ({"disc_thickness_m": 0.0}, "disc_thickness_m"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as error:
        levitation(**{**BOTH, "disc_mass_kg": 0.107, "gap_m": 0.01, **changes})
    assert path in error.value.path
