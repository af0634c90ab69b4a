"""Thick coils: limits, sums, near and far pairs, refusals."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import cfsem
import numpy as np
import pytest

from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.core.errors import DomainError
from moonbase.driver.coils import (
    Coil,
    axial_force,
    coil_inductance,
    coil_mutual,
    coil_mutual_gradient,
    filament_pair_table,
    filaments,
    sheet_inductance,
)
from moonbase.driver.loops import mutual_inductance, mutual_inductance_gradient


def coil(inner: float, outer: float, length: float, position: float = 0.0) -> Coil:
    return Coil(
        radius_inner_m=inner, radius_outer_m=outer, length_m=length, position_m=position, turns=3.0
    )


DRIVE = coil(0.81, 0.89, 0.3)
PAIRS = {
    "gap": (DRIVE, coil(0.73, 0.77, 0.04, 0.17)),
    "narrow gap": (DRIVE, coil(0.7, 0.805, 0.1, 0.1)),
    "touching ends": (DRIVE, coil(0.81, 0.89, 0.3, 0.3)),
    "touching sides": (DRIVE, coil(0.7, 0.81, 0.3, 0.05)),
    "touching corners": (DRIVE, coil(0.89, 0.99, 0.2, 0.25)),
    "overlapping": (DRIVE, coil(0.85, 1.0, 0.3, 0.1)),
    "one in another": (coil(0.5, 0.9, 0.4), coil(0.6, 0.7, 0.1, 0.05)),
    "crossing": (coil(0.5, 0.9, 0.04), coil(0.6, 0.7, 1.0, 0.1)),
    "far": (DRIVE, coil(0.73, 0.77, 0.04, 500.0)),
    "long": (coil(1.0, 1.01, 100.0), coil(0.9, 0.91, 50.0, 70.0)),
    "flat": (coil(0.0, 1.0, 1e-4), coil(0.2, 1.0, 1e-4, 1e-3)),
    "sheets": (coil(1.0, 1.0, 1.0), coil(1.0, 1.0, 0.5, 0.75)),
}


def parts(whole: Coil, n_across: int, n_along: int) -> list[Coil]:
    radii = np.linspace(whole.radius_inner_m, whole.radius_outer_m, n_across + 1)
    ends = whole.position_m + whole.length_m * np.linspace(-0.5, 0.5, n_along + 1)
    share = 1.0 / (n_across * n_along)
    return [
        Coil(
            radius_inner_m=float(inner),
            radius_outer_m=float(outer),
            length_m=float(right - left),
            position_m=float(0.5 * (left + right)),
            turns=whole.turns * share,
        )
        for inner, outer in pairwise(radii)
        for left, right in pairwise(ends)
    ]


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_pair_is_the_sum_of_its_parts(pair: tuple[Coil, Coil]) -> None:
    """A winding of even density split in two is the same winding."""
    a, b = pair
    across = 1 if b.radius_inner_m == b.radius_outer_m else 3
    pieces = parts(b, across, 2)
    turns = np.array([piece.turns for piece in pieces])
    if across > 1:
        areas = [piece.length_m * (piece.radius_outer_m - piece.radius_inner_m) for piece in pieces]
        np.testing.assert_allclose(turns / np.array(areas), turns[0] / areas[0], rtol=1e-9)
    mutual = sum(coil_mutual(a, piece) for piece in pieces)
    gradient = sum(coil_mutual_gradient(a, piece) for piece in pieces)
    assert mutual == pytest.approx(coil_mutual(a, b), rel=1e-10)
    assert gradient == pytest.approx(coil_mutual_gradient(a, b), rel=1e-9)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_pair_is_reciprocal(pair: tuple[Coil, Coil]) -> None:
    a, b = pair
    assert coil_mutual(a, b) == pytest.approx(coil_mutual(b, a), rel=1e-11)
    assert coil_mutual_gradient(a, b) == pytest.approx(-coil_mutual_gradient(b, a), rel=1e-9)


@pytest.mark.parametrize("key", ["gap", "touching ends", "overlapping", "crossing", "long"])
def test_the_gradient_is_the_slope_of_the_mutual_inductance(key: str) -> None:
    a, b = PAIRS[key]
    step = 1e-4

    def at(steps: int) -> float:
        return coil_mutual(a, replace(b, position_m=b.position_m + steps * step))

    slope = (at(-2) - 8.0 * at(-1) + 8.0 * at(1) - at(2)) / (12.0 * step)
    assert coil_mutual_gradient(a, b) == pytest.approx(slope, rel=2e-6)


@pytest.mark.parametrize(
    "whole",
    [
        coil(0.81, 0.89, 0.3),
        coil(0.0, 1.0, 1.0),
        coil(0.1, 1.0, 1e-3),
        coil(1.0, 1.1, 100.0),
        coil(1.0, 1.00001, 1e-5),
        coil(1.0, 1.0, 0.4),
        coil(0.3, 1.0, 0.0),
    ],
    ids=["drive", "solid", "pancake", "long", "thin ring", "sheet", "flat"],
)
def test_self_inductance_is_the_sum_of_its_parts(whole: Coil) -> None:
    across = 1 if whole.radius_inner_m == whole.radius_outer_m else 3
    along = 1 if whole.length_m == 0.0 else 2
    pieces = parts(whole, across, along)
    total = sum(
        coil_inductance(a) if i == j else coil_mutual(a, b)
        for i, a in enumerate(pieces)
        for j, b in enumerate(pieces)
    )
    assert coil_inductance(whole) == pytest.approx(total, rel=1e-10)
    assert coil_mutual(whole, whole) == pytest.approx(coil_inductance(whole), rel=1e-12)


def test_self_inductance_of_a_square_ring_is_that_of_its_mean_distance() -> None:
    """Small square section: mu0 r (ln 8r/g - 2), g = 0.44705 of the side."""
    side = 1e-4
    thin = Coil(radius_inner_m=1.0 - side / 2, radius_outer_m=1.0 + side / 2, length_m=side)
    ring = MAGNETIC_CONSTANT_H_m * (np.log(8.0 / (0.44705 * side)) - 2.0)
    assert coil_inductance(thin) == pytest.approx(ring, rel=1e-6)


@pytest.mark.parametrize("length", [0.01, 0.5, 20.0, 300.0])
def test_a_coil_without_thickness_is_a_current_sheet(length: float) -> None:
    thin = Coil(radius_inner_m=0.7, radius_outer_m=0.7, length_m=length, turns=5.0)
    sheet = sheet_inductance(radius_m=0.7, length_m=length, turns=5.0)
    assert coil_inductance(thin) == pytest.approx(float(sheet), rel=1e-9)


def test_a_long_solenoid() -> None:
    long = Coil(radius_inner_m=0.01, radius_outer_m=0.01, length_m=100.0, turns=1e4)
    ideal = MAGNETIC_CONSTANT_H_m * 1e8 * np.pi * 1e-4 / 100.0
    end = 8.0 * 0.01 / (3.0 * np.pi * 100.0)
    assert coil_inductance(long) == pytest.approx(ideal * (1.0 - end), rel=1e-8)


def test_loops_are_coils_without_a_section() -> None:
    a = Coil(radius_inner_m=0.5, radius_outer_m=0.5, length_m=0.0, position_m=3.0)
    b = Coil(radius_inner_m=0.4, radius_outer_m=0.4, length_m=0.0, position_m=3.1, turns=2.0)
    pair = {"radius_1_m": 0.5, "radius_2_m": 0.4, "offset_m": 0.1}
    assert coil_mutual(a, b) == pytest.approx(2.0 * float(mutual_inductance(**pair)), rel=1e-13)
    gradient = float(mutual_inductance_gradient(**pair))
    assert coil_mutual_gradient(a, b) == pytest.approx(2.0 * gradient, rel=1e-12)
    nearly = replace(b, length_m=1e-9)
    assert coil_mutual(a, nearly) == pytest.approx(coil_mutual(a, b), rel=1e-11)


def test_coils_agree_with_a_public_code() -> None:
    a, b = PAIRS["gap"]
    grids = []
    for item in (a, b):
        loops = filaments(item, 20, 30)
        grids.append(np.array([loops.radius_m, item.position_m + loops.offset_m, loops.turns]))
    mutual = cfsem.mutual_inductance_of_cylindrical_coils(*grids)
    assert coil_mutual(a, b) == pytest.approx(mutual, rel=1e-8)
    short = cfsem.self_inductance_lyle6(1.0, 0.05, 0.04, 3.0)
    ring = Coil(radius_inner_m=0.975, radius_outer_m=1.025, length_m=0.04, turns=3.0)
    assert coil_inductance(ring) == pytest.approx(short, rel=1e-6)


def test_like_currents_attract() -> None:
    a, b = PAIRS["gap"]
    assert axial_force(a, b, 10.0, 20.0) == pytest.approx(200.0 * coil_mutual_gradient(a, b))
    assert axial_force(a, b, 10.0, 20.0) < 0.0
    assert axial_force(b, a, 20.0, 10.0) == pytest.approx(-axial_force(a, b, 10.0, 20.0))
    many = axial_force(a=a, b=b, current_a_A=np.array([1.0, -2.0]), current_b_A=5.0)
    assert np.shape(many) == (2,)
    assert np.asarray(many)[1] > 0.0


def test_an_array_of_sheets_keeps_its_good_values() -> None:
    found = sheet_inductance(radius_m=1.0, length_m=np.array([1.0, -1.0]), turns=2.0)
    assert np.isfinite(found).tolist() == [True, False]


def test_filaments_carry_the_turns_and_approach_the_coil() -> None:
    a, b = PAIRS["gap"]
    errors = []
    for n in (2, 4, 8):
        sets = [filaments(item, n, n) for item in (a, b)]
        assert [float(loops.turns.sum()) for loops in sets] == pytest.approx([3.0, 3.0])
        arrays = [field for s in sets for field in (s.radius_m, s.offset_m, s.turns)]
        mutual, gradient = filament_pair_table(*arrays, np.array([-0.17, 0.17]))
        assert mutual[0] == pytest.approx(mutual[1], rel=1e-12)
        assert gradient[0] == pytest.approx(-gradient[1], rel=1e-12)
        errors.append(abs(gradient[1] / coil_mutual_gradient(a, b) - 1.0))
    assert errors[0] > 10.0 * errors[1] > 100.0 * errors[2]
    assert errors[2] < 1e-5


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"radius_inner_m": -0.1}, "radius_inner_m"),
        ({"radius_outer_m": 0.5}, "radius_outer_m"),
        ({"radius_inner_m": 0.0, "radius_outer_m": 0.0}, "radius_outer_m"),
        ({"length_m": -1.0}, "length_m"),
        ({"length_m": np.nan}, "length_m"),
        ({"turns": 0.0}, "turns"),
        ({"position_m": np.inf}, "position_m"),
    ],
)
def test_a_coil_that_cannot_be_is_refused(change: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as refused:
        replace(DRIVE, **change)
    assert refused.value.path == path


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(DomainError, match="finite self-inductance"):
        coil_inductance(coil(1.0, 1.0, 0.0))
    with pytest.raises(DomainError, match="coincide"):
        coil_mutual(coil(1.0, 1.0, 0.0), coil(1.0, 1.0, 0.0))
    with pytest.raises(DomainError, match="n_axial"):
        filaments(DRIVE, 2, 0)
    with pytest.raises(DomainError, match="radius_m"):
        sheet_inductance(radius_m=-1.0, length_m=1.0, turns=1.0)
