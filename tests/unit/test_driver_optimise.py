"""The cheapest line: against the closed form and a fine grid, bounds, limits."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from driver_line_fixture import build, specs

from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.driver import (
    LineCost,
    Optimum,
    line_cost,
    optimal_acceleration,
    optimise_driver,
)

FREE = {field.name: 0.0 for field in fields(LineCost)}
PRICES = LineCost(
    winding_usd_kg=600.0,
    frame_usd_kg=500.0,
    feeder_usd_kg=600.0,
    guideway_usd_m=3e5,
    converter_usd_VA=2e-3,
    selector_usd_VA=2e-4,
    shot_usd_J=1e-2,
    sled_usd_kg=4e3,
)
START: dict[str, Any] = {
    "payload_kg": 1000.0,
    "muzzle_speed_m_s": 2500.0,
    "acceleration_m_s2": 980.665,
    "deceleration_m_s2": 2942.0,
    "throughput_kg_s": 1000.0 / 30.0,
    "sled_loop_s": 60.0,
}
BOUNDS = {"acceleration_m_s2": (300.0, 3000.0), "loading_ratio": (0.05, 0.4)}


def cheapest(bounds: Any = BOUNDS, **changes: Any) -> Optimum:
    given: dict[str, Any] = {**START, **specs(), "cost": PRICES, "n_generations": 10, **changes}
    return optimise_driver(bounds=bounds, **given)


def test_cost_is_quantity_times_price() -> None:
    design = build()
    items = line_cost(design=design, cost=PRICES, n_sleds=2.0)
    length = design.length_m + design.brake.length_m
    assert items["guideway"] == pytest.approx(3e5 * length)
    assert items["windings"] == pytest.approx(600.0 * design.winding_kg)
    assert items["converters"] == pytest.approx(2e-3 * design.converter_VA)
    assert items["sleds"] == pytest.approx(4e3 * 2.0 * design.sled_kg)
    lost = sum(sum(part.values()) - part["kinetic"] for part in (design.launch_J, design.brake_J))
    assert items["power"] == pytest.approx(1e-2 * (0.5 * 1000.0 * 2500.0**2 + lost))


@pytest.mark.parametrize("n_generations", [1, 3])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_worse_than_the_start(seed: int, n_generations: int) -> None:
    best = cheapest(seed=seed, n_generations=n_generations)
    assert best.total_usd <= best.start_usd
    assert best.design.is_feasible[0]


def test_more_generations_cost_less() -> None:
    few, many = cheapest(n_generations=2), cheapest(n_generations=20)
    assert many.total_usd <= few.total_usd
    assert many.n_designs > few.n_designs
    assert many.total_usd < 0.98 * many.start_usd
    assert sum(many.cost_usd.values()) == pytest.approx(many.total_usd)


def test_choices_keep_their_bounds_and_are_those_of_the_design() -> None:
    best = cheapest()
    for name, (low, high) in BOUNDS.items():
        assert low <= best.choices[name] <= high
    again = build(**best.choices)
    assert again.sled_kg[0] == pytest.approx(best.design.sled_kg[0], rel=1e-12)


def test_length_against_power_alone_is_the_closed_form() -> None:
    """Power is bought as converters, whose rating follows thrust times speed for a given line.

    With a sled that weighs nothing, the rating over that product hardly changes; what is left are
    the steps of whole turns.
    """
    light = {"superconductor_kg_m3": 1.0, "frame_strength_J_kg": 1e9}
    cost = LineCost(**{**FREE, "guideway_usd_m": 5e4, "converter_usd_VA": 5e-3})
    bounds = {"acceleration_m_s2": (100.0, 5000.0)}
    best = cheapest(bounds, cost=cost, n_generations=30, **specs(**light))
    found = best.choices["acceleration_m_s2"]
    grid = np.linspace(100.0, 5000.0, 4000)
    line = build(acceleration_m_s2=grid, **light)
    totals = sum(line_cost(design=line, cost=cost, n_sleds=1.0).values())
    assert best.total_usd <= np.min(totals) * (1.0 + 1e-6)
    rating = best.design.track.converter_VA[0] / (best.design.force_N[0] * 2500.0)
    closed = optimal_acceleration(
        muzzle_speed_m_s=2500.0,
        moving_kg=1000.0,
        length_usd_m=5e4,
        peak_power_usd_W=5e-3 * rating,
    )
    assert found == pytest.approx(closed, rel=0.15)
    at_closed = build(acceleration_m_s2=float(closed), **light)
    priced = sum(line_cost(design=at_closed, cost=cost, n_sleds=1.0).values())
    assert best.total_usd == pytest.approx(float(priced[0]), rel=0.02)


def test_a_start_that_breaks_a_limit_has_no_price() -> None:
    broken = specs(gap_m=0.06)
    best = cheapest({"gap_m": (0.05, 0.2)}, **broken)
    assert np.isnan(best.start_usd)
    assert best.choices["gap_m"] > 0.06
    assert best.design.is_feasible[0]


def test_a_tight_limit_is_named() -> None:
    cost = LineCost(**{**FREE, "winding_usd_kg": 1.0})
    best = cheapest({"sled_coil_radius_m": (0.3, 1.0)}, cost=cost, n_generations=40)
    assert best.tight == ["bore"]
    assert 0.98 < best.design.limit_ratio["bore"][0] <= 1.0


def test_bounds_without_a_design_are_infeasible() -> None:
    with pytest.raises(InfeasibleError, match="hoop stress") as caught:
        cheapest({"hoop_limit_Pa": (1e5, 1e6)}, n_generations=2)
    assert caught.value.path == "bounds"


@pytest.mark.parametrize(
    ("bounds", "name"),
    [
        ({}, "bounds"),
        ({"colour": (1.0, 2.0)}, "colour"),
        ({"gap_m": (0.2, 0.1)}, "gap_m"),
        ({"gap_m": (0.0, 0.1)}, "gap_m"),
        ({"gap_m": (0.1, np.inf)}, "gap_m"),
        ({"gap_m": (np.nan, 0.1)}, "gap_m"),
    ],
)
def test_bad_bounds_are_named(bounds: dict[str, Any], name: str) -> None:
    with pytest.raises(DomainError) as caught:
        cheapest(bounds)
    assert caught.value.path == name


@pytest.mark.parametrize("name", ["throughput_kg_s", "sled_loop_s", "muzzle_speed_m_s"])
def test_bad_numbers_are_named(name: str) -> None:
    with pytest.raises(DomainError, match=name):
        cheapest(**{name: -1.0})
