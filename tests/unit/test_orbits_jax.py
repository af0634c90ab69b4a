"""The JAX engine: agreement with the compiled one, derivatives, refusals."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import (
    Event,
    ForceModel,
    SolarPressure,
    State,
    flight_gradient,
    lunar_gravity,
    point_mass_model,
    propagate,
    release_state,
    traced_flight,
)
from moonbase.orbits._job import ready
from moonbase.orbits._records import gm_of

jax = pytest.importorskip("jax", reason="JAX is not installed")

T_2030 = 946_728_000.0
DAY_s = 86_400.0
EAST = 0.5 * np.pi
PLATE = SolarPressure(
    area_per_mass_m2_kg=0.3,
    attitude="sun",
    specular_frac=0.3,
    diffuse_frac=0.2,
    cone_rad=0.4,
    clock_rad=0.3,
)
SMALL = ForceModel(
    bodies=("moon", "earth", "sun"),
    gravity=lunar_gravity(degree=2),
    relativity=True,
    pressure=replace(PLATE, shadow=False),
)
POINTS = point_mass_model("moon", "earth")


def releases(n: int) -> State:
    rng = np.random.default_rng(4)
    azimuth, elevation = EAST + rng.normal(0.0, 2e-3, n), np.abs(rng.normal(0.0, 2e-3, n))
    return release_state(0.0, 0.98, azimuth, elevation, rng.uniform(2500.0, 3200.0, n), T_2030)


def norm(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=0)


def test_both_engines_end_at_the_same_place() -> None:
    """A small plate: steps that straddle the edge of a shadow cost metres at 0.3 m2/kg."""
    start, times = releases(16), [0.0, 3.0 * DAY_s, 3.0 * DAY_s, 11.5 * DAY_s]
    forces = ForceModel(
        gravity=lunar_gravity(degree=8),
        relativity=True,
        pressure=replace(PLATE, area_per_mass_m2_kg=0.01),
        common_bodies=("pluto",),
    )
    own, other = (
        propagate(start, duration_s=30 * DAY_s, forces=forces, sample_s=times, backend=backend)
        for backend in ("compiled", "jax")
    )
    assert np.all(other.status == 0)
    assert np.max(norm(other.r_icrf_m - own.r_icrf_m)) < 0.3
    assert np.max(norm(other.v_icrf_m_s - own.v_icrf_m_s)) < 3e-7
    np.testing.assert_allclose(other.sample_r_icrf_m, own.sample_r_icrf_m, rtol=0, atol=0.3)
    assert other.forces == own.forces


def test_blocks_of_several_epochs_and_blocks_side_by_side() -> None:
    from moonbase.orbits._jax_blocks import fly_blocks

    epochs, spans = T_2030 + np.array([0.0, 1e6, 1e6]), np.array([1e5, 2e5, -3e5])
    start = np.repeat(releases(1).array, 3, axis=1)
    start[2] += 2e6
    own, other = (
        propagate(start, epochs, spans, forces=SMALL, backend=b) for b in ("compiled", "jax")
    )
    np.testing.assert_allclose(other.array, own.array, rtol=0, atol=1e-3)
    together = propagate(start, epochs, np.abs(spans), forces=SMALL, backend="jax")
    job = ready(
        start,
        epochs,
        spans,
        model=SMALL,
        tolerance=1e-12,
        stm=False,
        wanted=(),
        center="moon",
        sample_s=(),
        surfaces=None,
        offset_s=0.0,
        n_hits=1,
        n_block=128,
    )
    assert fly_blocks(job, 1, wide=True) == other.n_steps
    np.testing.assert_allclose(job.log.end, other.array, rtol=1e-12)
    for draw in range(3):
        alone = propagate(
            start[:, draw], epochs[draw], np.abs(spans[draw]), forces=SMALL, backend="jax"
        )
        np.testing.assert_array_equal(alone.array, together.array[:, draw])


def test_a_draw_alone_is_the_draw_in_a_batch() -> None:
    start = releases(3).array
    together = propagate(start, T_2030, DAY_s, forces=SMALL, backend="jax", n_block=1)
    for draw in range(3):
        alone = propagate(start[:, draw], T_2030, DAY_s, forces=SMALL, backend="jax")
        np.testing.assert_array_equal(alone.array, together.array[:, draw])


def test_a_flight_closes_on_the_way_back() -> None:
    start = propagate(releases(1), duration_s=3600.0, forces=SMALL).array
    out = propagate(start, T_2030, 5 * DAY_s, forces=SMALL, backend="jax")
    back = propagate(out.array, T_2030 + 5 * DAY_s, -5 * DAY_s, forces=SMALL, backend="jax")
    assert np.max(norm(back.r_icrf_m - start[:3])) < 0.1


THROWS = [(2600.0, 0.0), (2000.0, 0.3), (1500.0, 0.0), (2500.0, -0.2), (2300.0, 1.2)]


@pytest.mark.parametrize("surfaces", [None, {"moon": 1e-3, "earth": 1e-3}], ids=["balls", "points"])
def test_statuses_are_those_of_the_compiled_engine(surfaces: dict[str, float] | None) -> None:
    start = np.array([release_state(0.0, 0.5, EAST, up, v, T_2030).array for v, up in THROWS]).T
    start = np.concatenate([start, start[:, :2]], axis=1)
    start[0, 5] = np.nan
    start[:, 6] = [1e7, 0.0, 0.0, 0.0, 0.0, 0.0]
    own, other = (
        propagate(start, T_2030, 2 * DAY_s, forces=SMALL, surfaces=surfaces, backend=b, n_block=1)
        for b in ("compiled", "jax")
    )
    assert other.status.tolist() == own.status.tolist()
    landed, flew = other.status == 2, other.status == 0
    assert np.all(norm(other.r_icrf_m[:, landed]) > 1.7374e6 - 1e-3)
    assert np.all(other.elapsed_s[landed] <= own.elapsed_s[landed])
    np.testing.assert_allclose(other.elapsed_s[flew], 2 * DAY_s)
    np.testing.assert_allclose(other.r_icrf_m[:, 0], own.r_icrf_m[:, 0], rtol=0, atol=0.01)
    assert np.all(np.isnan(other.r_icrf_m[:, other.status == 3]))


def test_a_graze_between_steps_is_found() -> None:
    distance = 1.9374e6
    speed = 1.1 * np.sqrt(gm_of("moon") / distance)
    start = propagate([distance, 0, 0, 0, 0.6 * speed, 0.8 * speed], T_2030, 3600.0, forces=SMALL)
    wanted = [Event(kind="periapsis", body="moon")]
    passed = propagate(start.array, T_2030, DAY_s, forces=SMALL, events=wanted).events[0]
    low = float(norm(passed.r_icrf_m[:, 0]))
    for surface, status in ((low - 5.0, 0), (low + 5.0, 2)):
        flight = propagate(
            start.array,
            T_2030,
            1.1 * float(passed.elapsed_s[0]),
            forces=SMALL,
            surfaces={"moon": surface, "earth": 6e6},
            backend="jax",
        )
        assert flight.status == status


def test_the_matrix_is_that_of_the_compiled_engine() -> None:
    own, other = (
        propagate(releases(2), duration_s=10 * DAY_s, forces=POINTS, stm=True, backend=backend)
        for backend in ("compiled", "jax")
    )
    assert own.stm is not None
    assert other.stm is not None
    np.testing.assert_allclose(other.stm, own.stm, rtol=0, atol=1e-9 * np.max(np.abs(own.stm)))


def central(fly: Callable[[float], np.ndarray], step: float) -> np.ndarray:
    return (fly(step) - fly(-step)) / (2.0 * step)


def close(got: np.ndarray | None, expected: np.ndarray, share: float) -> None:
    assert got is not None
    for part in (slice(3), slice(3, 6)):
        assert np.max(norm((got - expected)[part]) / norm(expected[part])) < share


def test_gradients_are_those_of_differences() -> None:
    start, span = releases(2).array, 10 * DAY_s
    gradient = flight_gradient(start, T_2030, span, forces=SMALL, gm_bodies=("moon", "sun"))

    def end(
        change: np.ndarray | float = 0.0,
        epoch: float = 0.0,
        later: float = 0.0,
        forces: ForceModel = SMALL,
        **light: float,
    ) -> np.ndarray:
        if light:
            assert forces.pressure is not None
            forces = replace(forces, pressure=replace(forces.pressure, **light))
        return propagate(
            start + change, T_2030, span + later, offset_s=epoch, forces=forces, tolerance=1e-14
        ).array

    np.testing.assert_allclose(gradient.flight.array, end(), rtol=0, atol=0.01)
    for row, step in enumerate([10.0] * 3 + [1e-2] * 3):
        unit = np.eye(6)[:, row : row + 1]
        by_row = central(lambda x, unit=unit: end(x * unit), step)
        close(gradient.by_state[:, row], by_row, 1e-7)
    close(gradient.by_epoch, central(lambda x: end(epoch=x), 10.0), 1e-7)
    close(gradient.by_duration, central(lambda x: end(later=x), 10.0), 1e-7)
    by_area = central(lambda x: end(area_per_mass_m2_kg=0.3 + x), 0.03)
    close(gradient.by_area_per_mass, by_area, 1e-7)
    close(gradient.by_cone, central(lambda x: end(cone_rad=0.4 + x), 1e-3), 2e-6)
    close(gradient.by_clock, central(lambda x: end(clock_rad=0.3 + x), 1e-3), 2e-6)
    for body in ("moon", "sun"):
        gm = gm_of(body)
        by_gm = central(
            lambda x, body=body, gm=gm: end(forces=replace(SMALL, gm_m3_s2={body: gm * (1.0 + x)})),
            1e-5,
        )
        close(gradient.by_gm[body], by_gm / gm, 1e-6)


def test_gradients_of_a_dark_craft_and_of_one_that_fell() -> None:
    start = np.stack([releases(1).array[:, 0], [1e7, 0.0, 0.0, 0.0, 0.0, 0.0]], axis=1)
    assert SMALL.pressure is not None
    dark = replace(SMALL, pressure=replace(SMALL.pressure, area_per_mass_m2_kg=0.0))
    gradient = flight_gradient(start, T_2030, DAY_s, forces=dark, gm_bodies=("moon", "sun"))
    assert gradient.by_area_per_mass is not None
    assert gradient.flight.status.tolist() == [0, 2]
    assert norm(gradient.by_area_per_mass[:3, 0]) > 1.0
    assert np.all(np.isnan(gradient.by_state[..., 1]))
    assert np.all(np.isfinite(gradient.by_state[..., 0]))


def test_a_traced_flight_is_differentiated_backward() -> None:
    start = np.concatenate([releases(2).array, np.full((6, 1), np.nan)], axis=1)
    fly = traced_flight(start, T_2030, 10 * DAY_s, forces=POINTS)
    own = propagate(releases(2), duration_s=10 * DAY_s, forces=POINTS, stm=True)
    assert own.stm is not None

    def heavier(share: float) -> np.ndarray:
        forces = replace(POINTS, gm_m3_s2={"moon": gm_of("moon") * (1.0 + share)})
        return propagate(releases(2), duration_s=10 * DAY_s, forces=forces, tolerance=1e-14).array

    @jax.jit
    def backward(states: np.ndarray, ratio: float) -> tuple[object, ...]:
        ends, pull = jax.vjp(lambda x, y: fly(x, gm_ratio={"moon": y}), states, ratio)
        return ends, *pull(jax.numpy.zeros_like(ends).at[5, :2].set(1.0))

    with jax.enable_x64(True):
        ends, by_state, by_ratio = map(np.asarray, backward(start, 1.0))
    np.testing.assert_allclose(ends[:, :2], own.array, rtol=0, atol=1e-3)
    assert np.all(np.isnan(ends[:, 2]))
    row = own.stm[5]
    np.testing.assert_allclose(by_state[:, :2], row, rtol=0, atol=1e-9 * np.max(np.abs(row)))
    total = np.sum(central(heavier, 1e-5)[5])
    assert float(by_ratio) == pytest.approx(total, rel=1e-6)
    with pytest.raises(DomainError, match="enable_x64"):
        fly(start)
    with jax.enable_x64(True), pytest.raises(DomainError, match="traced for 3 craft"):
        fly(start[:, :2])


def test_shadows_are_those_of_the_compiled_engine() -> None:
    from moonbase.orbits._jax_force import visible
    from moonbase.orbits._pressure import visible as compiled

    rng = np.random.default_rng(2)
    sun = np.repeat(np.array([[1.5e11], [0.0], [0.0]]), 400, axis=1)
    distance = 10.0 ** rng.uniform(7.0, 10.0, 400)
    aside = rng.uniform(-1.5e-2, 1.5e-2, 400) + rng.choice([0.0, 1.0], 400) * 6.4e6 / distance
    body = distance * np.array([np.cos(aside), np.sin(aside), 0.0 * aside])
    body[:, 0] = [1e9, 0.0, 0.0]
    own = [compiled(sun[:, i], body[:, i], 6.957e8, 6.378e6) for i in range(400)]
    with jax.enable_x64(True):
        look = jax.jit(lambda x: visible(sun, x, 6.957e8, 6.378e6))
        share, pull = jax.vjp(look, body)
        share, slope = np.asarray(share), np.asarray(pull(jax.numpy.ones(400))[0])
    np.testing.assert_allclose(share, own, rtol=0, atol=2e-6)
    assert {0.0, 1.0} < set(own)
    assert np.any((share > 0.01) & (share < 0.99))
    assert np.all(np.isfinite(slope))


def test_the_precision_of_the_users_own_programs_is_left_alone() -> None:
    before = jax.numpy.zeros(1).dtype
    propagate(releases(1), duration_s=1.0, forces=SMALL, backend="jax")
    assert jax.numpy.zeros(1).dtype == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"events": [Event(kind="periapsis", body="earth")]}, "backend='compiled'"),
        ({"backend": "abacus"}, "no such engine"),
    ],
)
def test_what_it_cannot_do_is_refused(changes: dict[str, object], message: str) -> None:
    settings: dict[str, object] = {"duration_s": 1.0, "backend": "jax", **changes}
    with pytest.raises(DomainError, match=message):
        propagate(releases(1), **settings)  # type: ignore[arg-type]


def test_bad_input_of_the_gradients_is_refused() -> None:
    with pytest.raises(DomainError, match="does not act"):
        flight_gradient(releases(1), duration_s=1.0, forces=SMALL, gm_bodies=("mars",))
    with pytest.raises(DomainError, match="more than one epoch"):
        traced_flight(releases(2), duration_s=[1.0, 2.0])  # type: ignore[arg-type]


def test_the_way_to_get_jax_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(DomainError, match=r"pip install 'moonbase\[jax\]'"):
        propagate(releases(1), duration_s=1.0, backend="jax")
