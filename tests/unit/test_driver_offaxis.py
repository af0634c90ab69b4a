"""Loops and coils in any pose: limits, symmetries, derivatives, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.driver.coils import Coil, coil_mutual, coil_mutual_gradient
from moonbase.driver.loops import mutual_inductance, mutual_inductance_gradient
from moonbase.driver.offaxis import (
    OffAxis,
    lateral_force,
    lateral_stiffness,
    mutual_inductance_off_axis,
    off_axis,
    tilt_torque,
)

DRIVE = Coil(radius_inner_m=0.81, radius_outer_m=0.89, length_m=0.3, turns=8.0)
BUCKET = Coil(radius_inner_m=0.73, radius_outer_m=0.77, length_m=0.04, position_m=0.17)
ANGLE = st.floats(-3.0, 3.0)


def loop(radius: float, position: float = 0.0) -> Coil:
    return Coil(
        radius_inner_m=radius, radius_outer_m=radius, length_m=0.0, position_m=position, turns=1.0
    )


def pull(b: Coil = BUCKET, a: Coil = DRIVE, **pose: float) -> OffAxis:
    return off_axis(a, b, current_a_A=3.0, current_b_A=5.0, **pose)


def moved(b: Coil, by: float) -> Coil:
    return Coil(
        radius_inner_m=b.radius_inner_m,
        radius_outer_m=b.radius_outer_m,
        length_m=b.length_m,
        position_m=b.position_m + by,
        turns=b.turns,
    )


def slope(values: list[Any], step: float) -> Any:
    """First derivative from values at -2, -1, 1 and 2 steps."""
    return (values[0] - 8.0 * values[1] + 8.0 * values[2] - values[3]) / (12.0 * step)


def neumann(
    radius_1: float, radius_2: float, centre: list[float], tilt: float, way: float
) -> float:
    n = 400
    angle = 2.0 * np.pi * np.arange(n) / n
    lean = np.array([0.0, np.cos(way), np.sin(way)])
    first = np.cos(tilt) * lean - np.array([np.sin(tilt), 0.0, 0.0])
    second = np.cross([1.0, 0.0, 0.0], lean)
    zero, cos, sin = 0.0 * angle, np.cos(angle), np.sin(angle)
    p = radius_1 * np.array([zero, cos, sin])
    dp = radius_1 * np.array([zero, -sin, cos])
    q = np.array(centre)[:, None] + radius_2 * (np.outer(first, cos) + np.outer(second, sin))
    dq = radius_2 * (np.outer(second, cos) - np.outer(first, sin))
    apart = np.linalg.norm(p[:, :, None] - q[:, None, :], axis=0)
    return float(1e-7 * (dp.T @ dq / apart).sum() * (2.0 * np.pi / n) ** 2)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.4, 0.8), st.floats(1.2, 3.0), st.floats(-2.0, 2.0), ANGLE, ANGLE)
def test_loops_in_any_pose_obey_neumann(
    radius: float, offset: float, lateral: float, tilt: float, way: float
) -> None:
    found = mutual_inductance_off_axis(
        radius_1_m=1.0,
        radius_2_m=radius,
        offset_m=offset,
        lateral_m=lateral,
        tilt_rad=tilt,
        tilt_direction_rad=way,
    )
    double = neumann(1.0, radius, [offset, lateral, 0.0], tilt, way)
    assert float(found) == pytest.approx(double, rel=1e-10, abs=1e-18)


def test_loops_on_one_axis() -> None:
    offset = np.array([0.0, 0.01, 0.3, 40.0])
    pair: dict[str, Any] = {"radius_1_m": 1.0, "radius_2_m": 0.8, "offset_m": offset}
    np.testing.assert_allclose(
        mutual_inductance_off_axis(**pair), mutual_inductance(**pair), rtol=1e-13
    )
    turned = mutual_inductance_off_axis(**pair, tilt_rad=np.pi)
    np.testing.assert_allclose(turned, -mutual_inductance(**pair), rtol=1e-12)


def test_loops_through_the_axis_and_loops_that_touch() -> None:
    pair: dict[str, Any] = {"radius_1_m": 1.0, "radius_2_m": 0.5}
    through = [
        float(mutual_inductance_off_axis(**pair, offset_m=0.3, lateral_m=y))
        for y in (0.5 - 1e-7, 0.5, 0.5 + 1e-7)
    ]
    assert through[1] == pytest.approx(0.5 * (through[0] + through[2]), rel=1e-10)
    both = mutual_inductance_off_axis(**pair, offset_m=np.array([0.0, 0.1]), lateral_m=0.5)
    assert np.isfinite(both).tolist() == [False, True]
    with pytest.raises(DomainError, match="radius_2_m"):
        mutual_inductance_off_axis(radius_1_m=1.0, radius_2_m=0.0, offset_m=0.1)


def test_coils_on_one_axis() -> None:
    found = pull()
    gradient = coil_mutual_gradient(DRIVE, BUCKET)
    assert found.mutual_H == pytest.approx(coil_mutual(DRIVE, BUCKET), rel=1e-10)
    assert found.force_N[0] == pytest.approx(15.0 * gradient, rel=1e-9)
    np.testing.assert_allclose(found.force_N[1:], 0.0, atol=1e-12 * abs(gradient))
    np.testing.assert_allclose(found.torque_J_rad, 0.0, atol=1e-12 * abs(gradient))
    axial = slope(
        [coil_mutual_gradient(DRIVE, moved(BUCKET, k * 1e-3)) for k in (-2, -1, 1, 2)], 1e-3
    )
    np.testing.assert_allclose(
        np.diag(found.force_by_position_N_m), 15.0 * axial * np.array([1.0, -0.5, -0.5]), rtol=2e-6
    )


@pytest.mark.parametrize("lateral", [0.0, 0.3, 2.5])
def test_far_loops_are_dipoles(lateral: float) -> None:
    """Force between two parallel dipoles at (x, y), exact to the square of size over distance."""
    distance = np.hypot(40.0, lateral)
    c, s = 40.0 / distance, lateral / distance
    moments = 15.0 * (np.pi * 0.01) ** 2
    strength = 3.0 * 1e-7 * moments / distance**4
    expected = strength * np.array([c * (3.0 - 5.0 * c * c), s * (1.0 - 5.0 * c * c), 0.0])
    found = pull(loop(0.1, 40.0), loop(0.1), lateral_m=lateral)
    np.testing.assert_allclose(found.force_N, expected, rtol=1e-4, atol=1e-9 * strength)


POSES = [
    {"lateral_m": 0.02, "tilt_rad": 0.01},
    {"lateral_m": -0.01, "tilt_rad": 0.02, "tilt_direction_rad": 1.1},
    {"lateral_m": 2.2, "tilt_rad": 1.3, "tilt_direction_rad": 0.4},
]


@pytest.mark.parametrize("pose", POSES)
def test_force_and_stiffness_are_slopes(pose: dict[str, float]) -> None:
    found = pull(**pose)
    step = 1e-3
    ways: dict[int, list[OffAxis]] = {
        0: [pull(moved(BUCKET, k * step), **pose) for k in (-2, -1, 1, 2)],
        1: [pull(**{**pose, "lateral_m": pose["lateral_m"] + k * step}) for k in (-2, -1, 1, 2)],
    }
    largest = abs(found.force_by_position_N_m).max()
    for way, there in ways.items():
        slope_of_mutual = 15.0 * slope([item.mutual_H for item in there], step)
        assert found.force_N[way] == pytest.approx(slope_of_mutual, rel=1e-6)
        np.testing.assert_allclose(
            found.force_by_position_N_m[:, way],
            slope([item.force_N for item in there], step),
            atol=1e-5 * largest,
        )
        np.testing.assert_allclose(
            found.force_by_rotation_N_rad[way],
            slope([item.torque_J_rad for item in there], step),
            atol=1e-5 * abs(found.force_by_rotation_N_rad).max(),
        )


@pytest.mark.parametrize("pose", POSES)
def test_torque_and_its_derivatives_are_slopes(pose: dict[str, float]) -> None:
    found = pull(**pose)
    step = 1e-3
    there = [pull(**{**pose, "tilt_rad": pose["tilt_rad"] + k * step}) for k in (-2, -1, 1, 2)]
    way = pose.get("tilt_direction_rad", 0.0)
    axis = np.array([0.0, -np.sin(way), np.cos(way)])
    assert found.torque_J_rad @ axis == pytest.approx(
        15.0 * slope([item.mutual_H for item in there], step), rel=1e-6
    )
    for by_rotation, values in (
        (found.force_by_rotation_N_rad, [item.force_N for item in there]),
        (found.torque_by_rotation_J_rad2, [item.torque_J_rad for item in there]),
    ):
        np.testing.assert_allclose(
            by_rotation @ axis, slope(values, step), atol=1e-5 * abs(by_rotation).max()
        )


@settings(max_examples=10, deadline=None)
@given(st.floats(-0.03, 0.03), st.floats(-0.02, 0.02), ANGLE)
def test_fixed_currents_hold_in_no_more_than_two_directions(
    lateral: float, tilt: float, way: float
) -> None:
    found = pull(lateral_m=lateral, tilt_rad=tilt, tilt_direction_rad=way)
    stiffness: Array = found.force_by_position_N_m
    assert abs(np.trace(stiffness)) < 1e-9 * abs(stiffness).max()
    np.testing.assert_allclose(stiffness, stiffness.T, atol=1e-6 * abs(stiffness).max())


def test_action_is_reaction() -> None:
    """Parallel axes: seen from the other coil, the force is the opposite."""
    there = pull(lateral_m=0.02)
    back = pull(DRIVE, BUCKET, lateral_m=-0.02)
    assert back.mutual_H == pytest.approx(there.mutual_H, rel=1e-9)
    np.testing.assert_allclose(back.force_N[:2], -there.force_N[:2], rtol=1e-6)


def test_named_components() -> None:
    found = pull(lateral_m=0.01, tilt_rad=0.01)
    pair: Any = (DRIVE, BUCKET, 3.0, 5.0)
    assert lateral_force(*pair, lateral_m=0.01, tilt_rad=0.01) == found.force_N[1]
    assert tilt_torque(*pair, tilt_rad=0.01, lateral_m=0.01) == found.torque_J_rad[2]
    straight = pull(lateral_m=0.01)
    assert lateral_stiffness(*pair, lateral_m=0.01) == straight.force_by_position_N_m[1, 1]
    assert lateral_stiffness(*pair, lateral_m=0.0) > 0.0 > tilt_torque(*pair, tilt_rad=0.01)


def test_loops_off_axis_have_the_gradient_of_coaxial_ones_on_it() -> None:
    found = pull(loop(0.75, 0.2), loop(0.85))
    gradient = mutual_inductance_gradient(radius_1_m=0.85, radius_2_m=0.75, offset_m=0.2)
    assert found.force_N[0] == pytest.approx(15.0 * float(gradient), rel=1e-12)


def test_coils_that_cut_each_other_are_refused() -> None:
    for b in (moved(BUCKET, -0.17), BUCKET):
        with pytest.raises(DomainError, match="cut each other") as refused:
            pull(b, lateral_m=0.05)
        assert refused.value.path == "lateral_m"
