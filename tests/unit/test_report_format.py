"""How numbers are written, at the edges."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moonbase.core.units import UNITS
from moonbase.report import format as fmt
from moonbase.report.svg import keep_apart, text_width, wrap

_PREFIX = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999.4, "999 W"),
        (999.6, "1 kW"),
        (999_999.0, "1 MW"),
        (-2.5e12, "-2.5 TW"),
        (1e-3, "1 mW"),
        (math.inf, "n/a"),
        (math.nan, "n/a"),
    ],
)
def test_si_takes_the_next_prefix_when_rounding_up(value: float, text: str) -> None:
    assert fmt.si(value, "W") == text


@given(st.floats(1.0, 9e20))
def test_si_reads_back_within_rounding(value: float) -> None:
    number, unit = fmt.si(value, "W").split(" ")
    assert 1.0 <= float(number) < 1000.0
    assert float(number) * _PREFIX[unit.removesuffix("W")] == pytest.approx(value, rel=5.1e-3)


@pytest.mark.parametrize(
    ("value", "text"),
    [(340e9, "$340 B"), (1.2e12, "$1.2 T"), (2.5e15, "$2,500 T"), (999_600.0, "$1 M"), (0, "$0")],
)
def test_money(value: float, text: str) -> None:
    assert fmt.money(value) == text


def test_shares_never_round_to_a_false_certainty() -> None:
    assert fmt.percent(1e-9) == "<1 %" and fmt.percent(1.0 - 1e-9) == ">99 %"
    assert fmt.percent(23.389, 1) == "2,338.9 %"


def test_masses_change_to_tonnes() -> None:
    assert fmt.mass(999.0) == "999 kg" and fmt.mass(1000.0) == "1 t"
    assert fmt.mass(3e12, "/yr") == "3 Gt/yr" and fmt.mass(2e-6) == "2 mg"


@pytest.mark.parametrize("suffix", sorted(UNITS))
def test_every_unit_has_a_readable_text(suffix: str) -> None:
    assert "_" not in fmt.unit_text(suffix)


def test_years_are_floored_and_booleans_are_no_numbers() -> None:
    assert fmt.year(2049.99) == "2049" and fmt.finite(True) is None


boxes = st.lists(st.tuples(st.floats(0.0, 100.0), st.floats(1.0, 12.0)), min_size=1, max_size=8)


@given(boxes)
def test_kept_apart_boxes_keep_order_room_and_do_not_touch(
    items: list[tuple[float, float]],
) -> None:
    wanted, heights = [w for w, _ in items], [h for _, h in items]
    centres = keep_apart(wanted, heights, 0.0, 100.0)
    order = sorted(range(len(items)), key=lambda i: wanted[i])
    for a, b in itertools.pairwise(order):
        assert centres[b] - centres[a] >= (heights[a] + heights[b]) / 2.0 - 1e-6
    assert all(
        h / 2.0 - 1e-6 <= c <= 100.0 - h / 2.0 + 1e-6 for c, h in zip(centres, heights, strict=True)
    )


def test_boxes_with_room_stay_where_they_want_to_be() -> None:
    assert keep_apart([10.0, 50.0, 30.0], [4.0] * 3, 0.0, 100.0) == [10.0, 50.0, 30.0]


def test_too_many_boxes_share_the_room() -> None:
    centres = keep_apart([5.0] * 4, [10.0] * 4, 0.0, 20.0)
    assert sorted(centres) == pytest.approx([2.5, 7.5, 12.5, 17.5])


def test_wrapped_lines_fit() -> None:
    for row in wrap("an unusually long name of a process step", 80.0, lines=2):
        assert text_width(row) <= 80.0
