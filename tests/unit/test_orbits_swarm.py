"""Slots, rings, the years in which they fill, and the table for the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moonbase.core.constants import ASTRONOMICAL_UNIT_m, SOLAR_RADIUS_m
from moonbase.core.errors import DomainError
from moonbase.orbits import (
    chaotic_gap_au,
    conjunction_kick,
    coorbital_hold,
    cr3bp,
    lay_rings,
    pressure_keeping,
    swarm,
    swarm_elements,
)

LAYOUT: dict[str, Any] = {
    "inner_au": 0.92,
    "outer_au": 1.1,
    "gap_au": 0.04,
    "ring_spacing_m": 1e8,
    "slot_spacing_m": 1e6,
}
CRAFT: dict[str, Any] = {
    "life_yr": 12.0,
    "failure_1_yr": 0.02,
    "disposal_frac": 0.9,
    "avoidance_frac": 0.99,
    "mass_kg": 1000.0,
    "face_m2": 300.0,
    "span_m": 30.0,
    "pressure_spread_frac": 0.01,
    "eccentricity_rms_frac": 1e-3,
    "inclination_rms_rad": 1e-3,
}


def test_rings_stay_in_the_belt_and_out_of_the_gap() -> None:
    rings = lay_rings(**LAYOUT)
    offset = np.abs(rings.radius_au - 1.0)
    assert (np.diff(offset) >= -1e-12).all()
    assert offset.min() > 0.04
    assert rings.radius_au.min() >= 0.92 and rings.radius_au.max() <= 1.1
    outside = np.sort(rings.radius_au[rings.radius_au > 1.0])
    assert np.diff(outside) * ASTRONOMICAL_UNIT_m == pytest.approx(1e8)
    spacing = 2.0 * np.pi * rings.radius_au * ASTRONOMICAL_UNIT_m / rings.n_slots
    assert spacing.min() >= 1e6 and spacing.max() < 1.00001e6


def test_rings_outside_fall_behind_and_cost_more_the_farther_they_are() -> None:
    rings = lay_rings(**(LAYOUT | {"inner_au": 1.0}))
    assert (rings.drift_rad_yr < 0.0).all()
    for values in (rings.v_inf_m_s, rings.insertion_m_s, rings.transfer_s):
        assert (np.diff(values) > 0.0).all()
    assert rings.transfer_s[0] > 0.5 * 365.25 * 86_400.0


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("inner_au", {"inner_au": 1.02}),
        ("inner_au", {"outer_au": 0.99}),
        ("gap_au", {"gap_au": 0.0}),
        ("slot_spacing_m", {"slot_spacing_m": -1.0}),
        ("ring_spacing_m", {"ring_spacing_m": 1e12}),
        ("ring_spacing_m", {"ring_spacing_m": 1.0}),
        ("life_yr", {"life_yr": 0.0}),
        ("disposal_frac", {"disposal_frac": 1.1}),
        ("face_m2", {"face_m2": 0.0}),
        ("n_launched", {"n_launched": np.array([1.0, -1.0])}),
        ("n_launched", {"n_launched": np.array(3.0)}),
    ],
)
def test_bad_input_is_named(path: str, change: dict[str, object]) -> None:
    with pytest.raises(DomainError) as error:
        swarm(**({"n_launched": np.ones(3)} | LAYOUT | CRAFT | change))
    assert error.value.path == path


def test_every_satellite_is_accounted_for() -> None:
    launched = np.geomspace(1e3, 1e7, 40)
    belt = swarm(n_launched=launched, **(LAYOUT | CRAFT | {"disposal_frac": 0.0}))
    total = np.cumsum(launched)
    assert belt.n_alive + belt.n_derelict == pytest.approx(total, rel=1e-12)
    assert (belt.n_refused == 0.0).all()


def test_a_full_belt_refuses() -> None:
    few = lay_rings(**LAYOUT).n_slots.sum()
    belt = swarm(n_launched=np.full(30, 0.2 * few), **(LAYOUT | CRAFT))
    assert belt.n_alive.max() <= few * (1.0 + 1e-12)
    assert belt.n_refused[-1] > 0.0
    assert belt.n_rings[-1] == lay_rings(**LAYOUT).radius_au.size
    assert belt.n_refused[0] == 0.0


def test_draws_are_what_they_are_alone() -> None:
    lives = np.array([5.0, 12.0, -1.0])
    launched = np.linspace(1e5, 1e7, 20)
    many = swarm(n_launched=launched, **(LAYOUT | CRAFT | {"life_yr": lives}))
    alone = swarm(n_launched=launched, **(LAYOUT | CRAFT))
    for name in ("n_alive", "n_derelict", "collisions_1_yr", "shade_frac", "phasing_yr"):
        assert getattr(many, name)[:, 1] == pytest.approx(getattr(alone, name), rel=1e-13)
        assert getattr(many, name).shape == (20, 3)
    assert np.isnan(many.n_alive[:, 2]).all() and np.isfinite(many.n_alive[:, :2]).all()


def test_hits_scale_as_they_must() -> None:
    launched = np.full(20, 1e6)
    base = swarm(n_launched=launched, **(LAYOUT | CRAFT))
    wide = swarm(n_launched=launched, **(LAYOUT | CRAFT | {"span_m": 60.0}))
    blind = swarm(n_launched=launched, **(LAYOUT | CRAFT | {"avoidance_frac": 0.0}))
    assert wide.collisions_1_yr == pytest.approx(4.0 * base.collisions_1_yr)
    assert blind.hit_1_yr == pytest.approx(100.0 * base.hit_1_yr)
    clean = CRAFT | {"failure_1_yr": 0.0, "disposal_frac": 1.0}
    assert (swarm(n_launched=launched, **(LAYOUT | clean)).collisions_1_yr == 0.0).all()


def test_shade_is_the_sum_over_rings() -> None:
    belt = swarm(n_launched=np.full(20, 1e6), **(LAYOUT | CRAFT | {"ring_spacing_m": 1e6}))
    distance = 1e6 * np.arange(1.0, belt.n_rings[-1])
    height = np.sqrt(300.0) + distance * 2.0 * SOLAR_RADIUS_m / ASTRONOMICAL_UNIT_m
    assert belt.shade_frac[-1] == pytest.approx(np.sum(300.0 / (1e6 * height)), rel=1e-9)
    assert 0.0 < belt.shade_depth_frac < 1.0
    assert belt.shade_interval_s > belt.shade_passage_s > 0.0


def test_tilt_takes_off_the_spread() -> None:
    keeping = pressure_keeping(
        areal_mass_kg_m2=3.0,
        distance_au=0.7,
        spread_frac=0.05,
        specular_frac=0.3,
        diffuse_frac=0.2,
    )
    c = np.cos(keeping.tilt_rad)
    push = (0.7 * c) + 2.0 / 3.0 * 0.2 * c**2 + 0.6 * c**3
    assert push == pytest.approx(0.95 * (1.0 + 0.3 + 2.0 / 3.0 * 0.2))
    assert keeping.tilt_loss_frac == pytest.approx(1.0 - c)


def test_lightness_does_not_depend_on_distance() -> None:
    near, far = (
        pressure_keeping(areal_mass_kg_m2=3.0, distance_au=r, spread_frac=0.01) for r in (0.3, 3.0)
    )
    assert near.lightness_ratio == far.lightness_ratio
    assert near.acceleration_m_s2 == pytest.approx(100.0 * far.acceleration_m_s2)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("areal_mass_kg_m2", {"areal_mass_kg_m2": 0.0}),
        ("spread_frac", {"spread_frac": 1.0}),
        ("specular_frac", {"specular_frac": 0.7, "diffuse_frac": 0.4}),
    ],
)
def test_bad_faces_are_named(path: str, change: dict[str, float]) -> None:
    given = {"areal_mass_kg_m2": 3.0, "distance_au": 1.0, "spread_frac": 0.01} | change
    with pytest.raises(DomainError) as error:
        pressure_keeping(**given)
    assert error.value.path == path


def test_holding_is_the_tangential_force_of_the_restricted_problem() -> None:
    mu = 1e-9
    for phase in (0.3, 1.2, 2.5):
        rest = [np.cos(phase) - mu, np.sin(phase), 0.0, 0.0, 0.0, 0.0]
        short = 1e-3
        arc = cr3bp.propagate(mass_ratio_mu=mu, start_nd=rest, duration_nd=short)
        along = np.array([-np.sin(phase), np.cos(phase)])
        speed = along @ arc.end_nd[3:5] / short / mu
        earth = 3.98600435507e14 / ASTRONOMICAL_UNIT_m**2 * 31_557_600.0
        assert coorbital_hold(phase_rad=phase) / earth == pytest.approx(-speed, abs=2e-3)


def test_holding_mirrors_and_a_whole_turn_is_refused() -> None:
    ahead, behind = coorbital_hold(phase_rad=np.array([0.4, -0.4]))
    assert ahead == pytest.approx(behind) and ahead > 0.0
    with pytest.raises(DomainError):
        coorbital_hold(phase_rad=0.0)
    with pytest.raises(DomainError):
        conjunction_kick(ring_offset_au=0.0)
    assert conjunction_kick(ring_offset_au=chaotic_gap_au()) < 0.01


def table(n_points: int = 10, **change: Any) -> Any:
    given: dict[str, Any] = {
        "rings": lay_rings(**LAYOUT),
        "n_launched": np.geomspace(1e3, 1e6, 50),
        "life_yr": 10.0,
        "n_points": n_points,
        "earth_longitude_rad": 1.75,
        "eccentricity_rms_frac": 1e-3,
        "inclination_rms_rad": 2e-3,
        "rng": np.random.default_rng(5),
    }
    return swarm_elements(**(given | change))


def test_satellites_start_where_the_earth_is() -> None:
    rows = table(5000)
    longitude = rows["m_launch_rad"].astype(float) + rows["argp_rad"] + rows["node_rad"]
    earth = 1.75 + 2.0 * np.pi * rows["t_launch_yr"].astype(float)
    assert np.abs(np.sin(0.5 * (longitude - earth))).max() < 2e-5
    assert rows.dtype.itemsize == 37


def test_the_sample_follows_the_launches() -> None:
    rows = table(20_000)
    launched = np.geomspace(1e3, 1e6, 50)
    share = np.histogram(rows["t_launch_yr"], bins=np.arange(51.0))[0] / 20_000
    assert share == pytest.approx(launched / launched.sum(), abs=0.012)
    assert (rows["t_end_yr"] - rows["t_launch_yr"]) == pytest.approx(10.0, abs=1e-5)
    first = np.median(rows["t_launch_yr"][:2000])
    assert first == pytest.approx(np.median(rows["t_launch_yr"]), abs=0.5)
    assert np.sqrt(np.mean(rows["inc_rad"] ** 2)) == pytest.approx(2e-3, rel=0.03)
    assert rows["u_frac"].min() > 0.0 and rows["u_frac"].max() <= 1.0


def test_rings_of_the_sample_are_those_that_fill_first() -> None:
    rings = lay_rings(**LAYOUT)
    rows = table(5000, n_launched=np.full(30, 1e6))
    needed = np.searchsorted(np.cumsum(rings.n_slots), 1e7) + 1
    assert set(rows["a_au"]) <= set(rings.radius_au[:needed].astype(np.float32))
    assert (rows["outside"] == (rows["a_au"] > 1.0)).all()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("n_launched", {"n_launched": np.zeros(3)}),
        ("n_points", {"n_points": 0}),
        ("life_yr", {"life_yr": -1.0}),
        ("eccentricity_rms_frac", {"eccentricity_rms_frac": 0.5}),
    ],
)
def test_bad_tables_are_named(path: str, change: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as error:
        table(**({"n_points": 10} | change))
    assert error.value.path == path
