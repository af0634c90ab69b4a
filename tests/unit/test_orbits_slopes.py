"""Derivatives of sunlight's push and of relativity against differences of the push itself."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.orbits import ForceModel, SolarPressure, ephemeris
from moonbase.orbits._engine import room
from moonbase.orbits._pressure import solar_relativity, sunlight
from moonbase.orbits._pull import Pull, Sky, locate
from moonbase.orbits._setup import pull_of
from moonbase.orbits._slopes import velocity_slopes
from moonbase.orbits._tables import lane_table, rails_at, segments

T_2030 = 946_728_000.0
BODIES = ("moon", "earth", "sun")
MIRROR = {"area_per_mass_m2_kg": 2.0, "specular_frac": 0.5, "diffuse_frac": 0.2}


def setting(model: ForceModel, n: int) -> tuple[Sky, Pull]:
    first, last = segments(T_2030, T_2030)
    table, emb = lane_table(BODIES, first, last, False)
    rails = rails_at(
        table=table, emb=emb, first=first, bodies=BODIES, epoch_tdb_s=T_2030, offset_s=0.0,
        center="moon", follow=False, rotation=None, turned=False,
    )  # fmt: skip
    sky = room(n, rails)
    locate(rails, 0.0, sky, True)
    return sky, pull_of(model, BODIES, n)


def push(state: np.ndarray, sky: Sky, pull: Pull) -> np.ndarray:
    n = state.shape[1]
    r, v, a = state[:3].reshape(-1).copy(), state[3:].reshape(-1).copy(), np.zeros(3 * n)
    if pull.relativity > 0.0:
        solar_relativity(r, v, n, sky, pull, a)
    if pull.law >= 0:
        sunlight(r, v, n, sky, pull, a)
    return a.reshape(3, n)


def worst_slope(state: np.ndarray, model: ForceModel, steps: tuple[float, float]) -> float:
    """Largest miss of place and velocity slopes, each over the largest of its kind."""
    n = state.shape[1]
    sky, pull = setting(model, n)
    velocity_slopes(state[:3].reshape(-1).copy(), state[3:].reshape(-1).copy(), n, sky, pull)
    found = sky.slopes.reshape(6, 3, n)
    wanted = np.empty_like(found)
    for column in range(6):
        delta = np.zeros((6, 1))
        delta[column] = steps[column // 3]

        def change(times: float, delta: np.ndarray = delta) -> np.ndarray:
            ends = [push(state + sign * times * delta, sky, pull) for sign in (1.0, -1.0)]
            return (ends[0] - ends[1]) / (2.0 * times * delta.max())

        wanted[column] = (4.0 * change(1.0) - change(2.0)) / 3.0
    miss = 0.0
    for part in (np.s_[:3], np.s_[3:]):
        top = np.abs(wanted[part]).max()
        if top > 0.0:
            miss = max(miss, float(np.abs(found[part] - wanted[part]).max() / top))
    return miss


def craft(n: int = 8) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.concatenate([rng.normal(size=(3, n)) * 4e8, rng.normal(size=(3, n)) * 2e3])


@pytest.mark.parametrize(
    "pressure",
    [
        SolarPressure(area_per_mass_m2_kg=2.0),
        SolarPressure(**MIRROR, attitude="sun"),
        SolarPressure(**MIRROR, attitude="sun", cone_rad=0.6, clock_rad=0.7),
        SolarPressure(**MIRROR, attitude="sun", cone_rad=2.2, clock_rad=-1.7),
        SolarPressure(**MIRROR, attitude="inertial", normal_icrf=(1.0, 0.3, -0.5)),
        SolarPressure(**MIRROR, attitude="inertial", normal_icrf=(-1.0, -0.3, 0.5)),
    ],
)
def test_slopes_of_sunlight(pressure: SolarPressure) -> None:
    model = ForceModel(bodies=BODIES, gravity=None, earth_j2=False, pressure=pressure)
    assert worst_slope(craft(), model, (1e7, 100.0)) < 1e-8


@pytest.mark.parametrize("body", ["earth", "moon"])
def test_slopes_in_a_penumbra(body: str) -> None:
    """Craft behind a body, from the umbra through the penumbra to full light."""
    sun = ephemeris("sun", T_2030, body).r_icrf_m
    back = -sun / np.linalg.norm(sun)
    side = np.cross(back, [0.0, 0.0, 1.0])
    radius = {"earth": 6.378e6, "moon": 1.7374e6}[body]
    at = ephemeris(body, T_2030, "moon").r_icrf_m[:, None]
    off = np.linspace(0.9, 1.1, 41) * radius
    place = at + 20.0 * radius * back[:, None] + side[:, None] * off
    state = np.concatenate([place, np.full_like(place, 500.0)])
    pressure = SolarPressure(**MIRROR, attitude="sun", cone_rad=0.4)
    model = ForceModel(bodies=BODIES, gravity=None, earth_j2=False, pressure=pressure)
    edge = np.abs(np.diff(np.sum(push(state, *setting(model, 41)) ** 2, axis=0)))
    inside = np.flatnonzero(edge > 0.05 * edge.max())[3:-3]
    assert inside.size > 3
    assert worst_slope(state[:, inside], model, (30.0, 100.0)) < 1e-6


def test_slopes_of_relativity() -> None:
    model = ForceModel(bodies=BODIES, gravity=None, earth_j2=False, relativity=True)
    assert worst_slope(craft(), model, (1e7, 100.0)) < 1e-7


def test_a_craft_that_moves_along_the_light_keeps_a_finite_push() -> None:
    pressure = SolarPressure(**MIRROR, attitude="sun")
    model = ForceModel(bodies=BODIES, gravity=None, earth_j2=False, pressure=pressure)
    sky, pull = setting(model, 1)
    at, drift = sky.position[pull.sun], sky.velocity[pull.sun]
    state = np.concatenate([np.add(at, [1e11, 0.0, 0.0]), np.add(drift, [1e3, 0.0, 0.0])])[:, None]
    assert push(state, sky, pull)[0, 0] > 0.0
