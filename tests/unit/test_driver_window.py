"""The coils around one sled: tables against fine filaments, currents, voltages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.driver.coils import Coil, coil_inductance, coil_mutual, coil_mutual_gradient
from moonbase.driver.window import (
    N_PHASES,
    coil_pair,
    coil_self,
    couple,
    gradient_row,
    taper,
    window,
)

SHAPE: dict[str, float] = {
    "sled_coil_radius_m": 0.75,
    "n_poles": 4,
    "pole_pitch_m": 1.0,
    "drive_coil_radius_m": 0.85,
    "drive_coil_width_m": 0.08,
    "drive_coil_length_m": 0.3,
    "coil_pitch_m": 0.5,
    "reach_ratio": 1.5 / 0.85,
}


def coil(radius: float, width: float, length: float, position: float) -> Coil:
    return Coil(
        radius_inner_m=radius - 0.5 * width,
        radius_outer_m=radius + 0.5 * width,
        length_m=length,
        position_m=position,
        turns=1.0,
    )


@pytest.mark.parametrize("width", [0.02, 0.04, 0.08, 0.12])
@pytest.mark.parametrize("length", [0.1, 0.3])
@pytest.mark.parametrize("offset", [0.0, 0.15, 0.4, 2.0])
def test_a_pair_is_that_of_fine_filaments(width: float, length: float, offset: float) -> None:
    radius = 0.75 + 0.06 + 0.5 * width
    drive, loop = coil(radius, width, length, 0.0), coil(0.75, 1e-6, 1e-6, offset)
    mutual, gradient = coil_pair(0.75, radius, width, length, offset)
    assert mutual == pytest.approx(coil_mutual(drive, loop), rel=5e-3)
    peak = coil_mutual_gradient(drive, coil(0.75, 1e-6, 1e-6, 0.5 * length))
    assert gradient == pytest.approx(coil_mutual_gradient(drive, loop), abs=5e-3 * abs(peak))


@pytest.mark.parametrize(("width", "length"), [(0.08, 0.3), (0.04, 0.25), (0.3, 0.05), (0.1, 0.1)])
def test_self_inductance_is_that_of_fine_rings(width: float, length: float) -> None:
    fine = coil_inductance(coil(0.85, width, length, 0.0))
    assert coil_self(0.85, width, length) == pytest.approx(fine, rel=5e-3)


def test_slopes_are_derivatives() -> None:
    step = 1e-4
    values, slopes = gradient_row(0.75, 0.85, 0.08, 0.3, step, 6000)
    numeric = (values[2:] - values[:-2]) / (2.0 * step)
    assert np.allclose(slopes[1:-1], numeric, rtol=1e-4, atol=1e-4 * np.abs(slopes).max())


@pytest.mark.parametrize("n_poles", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("pole_pitch_m", [1.0, 0.93])
def test_tables_are_the_sum_over_the_poles(n_poles: int, pole_pitch_m: float) -> None:
    coupling = couple(**{**SHAPE, "n_poles": n_poles, "pole_pitch_m": pole_pitch_m})
    table, slopes = coupling.gradient_H_m[:, 0], coupling.gradient_slope_H_m2[:, 0]
    n = int(coupling.n_coils[0]) * N_PHASES
    places = (np.arange(n + 1) - 0.5 * n) * 0.5 / N_PHASES
    poles = (np.arange(n_poles) - 0.5 * (n_poles - 1)) * pole_pitch_m
    signs = (-1.0) ** np.arange(n_poles)
    single = [[coil_pair(0.75, 0.85, 0.08, 0.3, x + p)[1] for p in poles] for x in places]
    exact = np.array(single) @ signs
    assert np.allclose(table, exact, atol=1e-3 * np.abs(exact).max())
    assert np.allclose(np.gradient(table, places)[2:-2], slopes[2:-2], atol=0.06 * slopes.max())


def test_currents_give_the_thrust() -> None:
    coupling = couple(**SHAPE)
    force, sled = 1.471e6, 1e6
    figures = window(coupling=coupling, force_N=force, sled_coil_current_A=sled)
    table = coupling.gradient_H_m[:, 0]
    n = table.size - 1
    weight = np.array([taper(i / n - 0.5) for i in range(n + 1)])
    pushes, squares = [], []
    for phase in range(N_PHASES):
        rows = slice(phase, n, N_PHASES)
        current = force * weight[rows] * table[rows] / (sled * (weight * table**2)[rows].sum())
        pushes.append(sled * (current * table[rows]).sum())
        squares.append((current**2).sum())
    assert pushes == pytest.approx([force] * N_PHASES)
    assert figures.mean_square_sum_A2[0] == pytest.approx(np.mean(squares), rel=1e-12)


def test_currents_lose_the_least_but_for_the_taper() -> None:
    coupling = couple(**SHAPE)
    figures = window(coupling=coupling, force_N=1e6, sled_coil_current_A=1e6)
    table = coupling.gradient_H_m[:-1, 0].reshape(-1, N_PHASES)
    least = np.mean(1.0 / np.sum(table**2, axis=0))
    assert least <= figures.mean_square_sum_A2[0] <= 1.01 * least


def test_power_and_voltage_scale_with_thrust_and_current() -> None:
    coupling = couple(**SHAPE)

    def figures(force: float, current: float) -> Any:
        return window(coupling=coupling, force_N=force, sled_coil_current_A=current)

    one, harder, stronger = figures(1e6, 1e6), figures(4e6, 2e6), figures(1e6, 4e6)
    assert harder.peak_current_A == pytest.approx(2.0 * one.peak_current_A)
    assert harder.peak_voltage_V_s_m == pytest.approx(2.0 * one.peak_voltage_V_s_m)
    assert harder.peak_power_ratio == pytest.approx(one.peak_power_ratio)
    assert stronger.peak_current_A == pytest.approx(0.25 * one.peak_current_A)
    assert stronger.peak_power_ratio < one.peak_power_ratio
    assert one.peak_power_ratio > 1.0


def test_one_geometry_serves_many_draws() -> None:
    coupling = couple(**SHAPE)
    force = np.array([1e6, 2e6, np.nan])
    many = window(coupling=coupling, force_N=force, sled_coil_current_A=1e6)
    for draw in range(2):
        alone = window(coupling=coupling, force_N=force[draw], sled_coil_current_A=1e6)
        assert many.peak_voltage_V_s_m[draw] == alone.peak_voltage_V_s_m[0]
    assert np.isnan(many.peak_voltage_V_s_m[2])


def test_a_draw_without_geometry_spoils_no_other() -> None:
    radius = np.array([0.75, np.nan, 0.7])
    coupling = couple(**{**SHAPE, "sled_coil_radius_m": radius})
    figures = window(coupling=coupling, force_N=1e6, sled_coil_current_A=1e6)
    assert np.isfinite(figures.peak_current_A).tolist() == [True, False, True]


@pytest.mark.parametrize("name", sorted(SHAPE))
def test_lengths_must_be_positive(name: str) -> None:
    for value in (0.0, -1.0, np.nan):
        with pytest.raises(DomainError, match=name):
            couple(**{**SHAPE, name: value})


@pytest.mark.parametrize("name", ["force_N", "sled_coil_current_A"])
def test_thrust_and_current_must_be_positive(name: str) -> None:
    loads = {"force_N": 1e6, "sled_coil_current_A": 1e6}
    with pytest.raises(DomainError, match=name):
        window(coupling=couple(**SHAPE), **{**loads, name: -1.0})
