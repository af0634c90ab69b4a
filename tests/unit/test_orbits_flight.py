"""The propagator: events, statuses, samples, matrices, forces, blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import (
    Event,
    ForceModel,
    SolarPressure,
    State,
    UniformRotation,
    ephemeris,
    lunar_gravity,
    point_mass_model,
    propagate,
    release_state,
)

T_2030 = 946_728_000.0
DAY_s = 86_400.0
GM_MOON = 4.9028001184575496e12
EAST = 0.5 * np.pi


def escape(speed: float | np.ndarray = 2600.0) -> State:
    return release_state(0.0, 0.5, EAST, 0.0, speed, T_2030)


def norm(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=0)


def orbit() -> np.ndarray:
    """Lunar orbit that starts at its periselene 200 km up."""
    distance = 1.9374e6
    speed = 1.1 * np.sqrt(GM_MOON / distance)
    return np.array([distance, 0.0, 0.0, 0.0, 0.6 * speed, 0.8 * speed])


def test_a_flight_closes_on_the_way_back() -> None:
    out = propagate(escape(), duration_s=30 * DAY_s)
    back = propagate(out.array, T_2030 + 30 * DAY_s, -30 * DAY_s)
    assert norm(back.r_icrf_m - escape().r_icrf_m) < 0.1
    assert norm(back.v_icrf_m_s - escape().v_icrf_m_s) < 1e-4


def test_two_bodies_keep_their_conic() -> None:
    model = point_mass_model("moon", indirect=True)
    flight = propagate(orbit(), T_2030, 10 * DAY_s, forces=model)
    start = orbit()
    energy = 0.5 * start[3:] @ start[3:] - GM_MOON / norm(start[:3])
    end = 0.5 * flight.v_icrf_m_s @ flight.v_icrf_m_s - GM_MOON / norm(flight.r_icrf_m)
    assert end == pytest.approx(energy, rel=1e-9)
    momentum = np.cross(start[:3], start[3:])
    np.testing.assert_allclose(np.cross(flight.r_icrf_m, flight.v_icrf_m_s), momentum, atol=1.0)


def test_apsides_and_spheres_are_where_the_conic_has_them() -> None:
    model = point_mass_model("moon", indirect=True)
    semi_major = 1.0 / (2.0 / 1.9374e6 - 1.21 / 1.9374e6)
    period = 2.0 * np.pi * np.sqrt(semi_major**3 / GM_MOON)
    events = (
        Event(kind="periapsis", body="moon"),
        Event(kind="apoapsis", body="moon"),
        Event(kind="sphere", body="moon", radius_m=2.0e6),
        Event(kind="sphere", body="moon", radius_m=2.0 * semi_major - 1.9374e6 - 2.0),
    )
    flight = propagate(orbit(), T_2030, 4.6 * period, forces=model, events=events, n_hits=4)
    low, high, sphere, graze = flight.events
    np.testing.assert_allclose(low.elapsed_s, period * np.arange(1, 5), atol=1e-3)
    np.testing.assert_allclose(high.elapsed_s, period * (np.arange(4) + 0.5), atol=1e-3)
    np.testing.assert_allclose(norm(low.r_icrf_m), 1.9374e6, atol=1e-2)
    np.testing.assert_allclose(norm(sphere.r_icrf_m), 2.0e6, atol=1e-3)
    assert (low.n_hits, high.n_hits) == (4, 5)
    assert sphere.n_hits == 9
    assert graze.n_hits == 10


def test_a_terminal_event_ends_the_flight() -> None:
    event = Event(kind="sphere", body="moon", radius_m=66.1e6, terminal=True)
    flight = propagate(escape(), duration_s=30 * DAY_s, events=[event], stm=True)
    assert flight.status == 1
    assert norm(flight.r_icrf_m) == pytest.approx(66.1e6, abs=1e-3)
    assert flight.elapsed_s == flight.events[0].elapsed_s[0]
    assert flight.stm is not None
    assert np.all(np.isnan(flight.stm))


@pytest.mark.parametrize(
    ("speed", "elevation"), [(2000.0, 0.3), (1500.0, 0.0), (2500.0, -0.2), (2300.0, 1.2)]
)
def test_what_falls_back_meets_the_ground(speed: float, elevation: float) -> None:
    start = release_state(0.0, 0.5, EAST, elevation, speed, T_2030)
    flight = propagate(start, duration_s=20 * DAY_s, sample_s=[0.0, 20 * DAY_s])
    assert flight.status == 2
    assert norm(flight.r_icrf_m) == pytest.approx(1.7374e6, abs=1e-3)
    assert np.all(np.isfinite(flight.sample_r_icrf_m[:, 0]))
    assert np.all(np.isnan(flight.sample_r_icrf_m[:, 1]))


def test_a_graze_between_steps_is_found() -> None:
    start = propagate(orbit(), T_2030, 3600.0, forces=point_mass_model("moon", indirect=True))
    for surface, status in ((1.9373e6, 0), (1.937401e6, 2)):
        flight = propagate(
            start.array,
            T_2030,
            2 * DAY_s,
            forces=point_mass_model("moon", indirect=True),
            surfaces={"moon": surface},
        )
        assert flight.status == status


def test_a_bad_draw_does_not_touch_its_neighbours() -> None:
    start = np.repeat(escape().array[:, None], 4, axis=1)
    start[0, 1] = np.nan
    start[:, 2] = [1e7, 0.0, 0.0, 0.0, 0.0, 0.0]
    flight = propagate(start, T_2030, 10 * DAY_s, surfaces={})
    assert flight.status.tolist() == [0, 3, 3, 0]
    assert np.all(np.isnan(flight.r_icrf_m[:, 1]))
    alone = propagate(escape(), duration_s=10 * DAY_s)
    np.testing.assert_allclose(flight.r_icrf_m[:, 3], alone.r_icrf_m, rtol=0, atol=0.01)


def test_samples_lie_on_the_path() -> None:
    times = np.array([0.0, 50.0, 3.3e4, 1.7 * DAY_s, 9 * DAY_s])
    flight = propagate(escape(), duration_s=9 * DAY_s, sample_s=times)
    ends = propagate(np.repeat(escape().array[:, None], 5, axis=1), T_2030, times)
    np.testing.assert_allclose(flight.sample_r_icrf_m, ends.r_icrf_m, rtol=0, atol=0.01)
    np.testing.assert_allclose(flight.sample_v_icrf_m_s, ends.v_icrf_m_s, rtol=0, atol=1e-7)


def test_epochs_and_durations_may_differ() -> None:
    epochs = T_2030 + np.array([0.0, 1e6, 1e6])
    spans = np.array([1e5, 2e5, 3e5])
    start = np.repeat(orbit()[:, None], 3, axis=1)
    together = propagate(start, epochs, spans)
    for draw in range(3):
        alone = propagate(orbit(), epochs[draw], spans[draw])
        np.testing.assert_allclose(together.array[:, draw], alone.array, rtol=1e-12)


def test_one_state_may_leave_at_many_epochs() -> None:
    flight = propagate(orbit(), T_2030 + np.array([0.0, 1e6]), 1e5)
    assert flight.r_icrf_m.shape == (3, 2)
    assert norm(flight.r_icrf_m[:, 0] - flight.r_icrf_m[:, 1]) > 0.1


def test_steps_do_not_depend_on_the_matrix() -> None:
    plain = propagate(escape(), duration_s=5 * DAY_s)
    matrix = propagate(escape(), duration_s=5 * DAY_s, stm=True)
    np.testing.assert_array_equal(plain.array, matrix.array)


def test_an_array_that_opens_late_flies_two_legs() -> None:
    plate = SolarPressure(area_per_mass_m2_kg=5.0, attitude="sun", specular_frac=0.1)
    opening = 1.37 * DAY_s
    lit = ForceModel(pressure=plate)
    late = ForceModel(pressure=replace(plate, after_s=opening))
    whole = propagate(escape(), duration_s=10 * DAY_s, forces=late, stm=True, sample_s=[opening])
    folded = propagate(escape(), duration_s=opening, stm=True)
    rest = 10 * DAY_s - opening
    open_ = propagate(folded.array, T_2030 + opening, rest, forces=lit, stm=True)
    np.testing.assert_allclose(whole.sample_r_icrf_m[:, 0], folded.r_icrf_m, rtol=0, atol=1e-3)
    np.testing.assert_allclose(whole.r_icrf_m, open_.r_icrf_m, rtol=0, atol=0.01)
    np.testing.assert_allclose(whole.stm, open_.stm @ folded.stm, rtol=1e-6, atol=1e-3)
    after = propagate(folded.array, T_2030 + opening, rest, forces=late.after(opening))
    np.testing.assert_array_equal(after.array, open_.array)
    before = propagate(escape(), duration_s=-60.0, forces=late, surfaces={})
    np.testing.assert_array_equal(
        before.array, propagate(escape(), duration_s=-60.0, surfaces={}).array
    )
    assert norm(whole.r_icrf_m - propagate(escape(), duration_s=10 * DAY_s).r_icrf_m) > 1e6


@pytest.mark.parametrize(
    "forces",
    [
        ForceModel(),
        ForceModel(pressure=SolarPressure(area_per_mass_m2_kg=0.3, shadow=False)),
        ForceModel(
            relativity=True,
            pressure=SolarPressure(
                area_per_mass_m2_kg=20.0,
                attitude="sun",
                cone_rad=0.6,
                specular_frac=0.5,
                shadow=False,
            ),
        ),
        point_mass_model("moon", "earth", indirect=True),
    ],
)
def test_the_matrix_is_the_derivative(forces: ForceModel) -> None:
    start = escape(2700.0).array
    flight = propagate(start, T_2030, 10 * DAY_s, forces=forces, stm=True)
    step = np.array([1.0, 1.0, 1.0, 1e-3, 1e-3, 1e-3])
    moved = np.concatenate([start[:, None] + np.diag(step), start[:, None] - np.diag(step)], 1)
    ends = propagate(moved, T_2030, 10 * DAY_s, forces=forces, tolerance=1e-13).array
    slope = (ends[:, :6] - ends[:, 6:]) / (2.0 * step)
    assert flight.stm is not None
    for block in (np.s_[:3, :3], np.s_[:3, 3:], np.s_[3:, :3], np.s_[3:, 3:]):
        scale = np.max(np.abs(slope[block]))
        np.testing.assert_allclose(flight.stm[block], slope[block], rtol=0, atol=1e-7 * scale)
    if forces.pressure is None or forces.pressure.attitude == "sphere":
        np.testing.assert_allclose(np.linalg.det(flight.stm), 1.0, rtol=1e-6)


@pytest.mark.parametrize(
    ("pressure", "push"),
    [
        (SolarPressure(area_per_mass_m2_kg=1 / 3.15), 1.0),
        (SolarPressure(area_per_mass_m2_kg=1 / 3.15, attitude="sun"), 1.0),
        (SolarPressure(area_per_mass_m2_kg=1 / 3.15, attitude="sun", specular_frac=1.0), 2.0),
        (SolarPressure(area_per_mass_m2_kg=1 / 3.15, attitude="sun", diffuse_frac=1.0), 5 / 3),
        (SolarPressure(area_per_mass_m2_kg=1 / 3.15, attitude="sun", cone_rad=1.0), np.cos(1.0)),
        (
            SolarPressure(
                area_per_mass_m2_kg=1 / 3.15,
                attitude="sun",
                specular_frac=1.0,
                cone_rad=-1.0,
                clock_rad=0.4,
            ),
            2.0 * np.cos(1.0) ** 3,
        ),
    ],
)
def test_sunlight_pushes_as_the_plate_equation_says(pressure: SolarPressure, push: float) -> None:
    start, span = np.array([8e8, 0.0, 0.0, 0.0, 100.0, 0.0]), 1e4
    ends = [
        propagate(start, T_2030, span, forces=ForceModel(pressure=light), tolerance=1e-14)
        for light in (pressure, None)
    ]
    sun = ephemeris("sun", T_2030, "moon").r_icrf_m - start[:3]
    away = -sun / norm(sun)
    acceleration = 2.0 * (ends[0].r_icrf_m - ends[1].r_icrf_m) / span**2
    expected = push * 1361.0 / 299_792_458.0 / 3.15 * (1.495978707e11 / norm(sun)) ** 2
    assert acceleration @ away == pytest.approx(expected, rel=1e-3)


def test_a_plate_fixed_in_space_shows_either_face() -> None:
    start = np.array([8e8, 0.0, 0.0, 0.0, 100.0, 0.0])
    ends = [
        propagate(
            start,
            T_2030,
            1e5,
            forces=ForceModel(
                pressure=SolarPressure(
                    area_per_mass_m2_kg=1.0,
                    attitude="inertial",
                    normal_icrf=normal,
                    specular_frac=0.5,
                )
            ),
        ).r_icrf_m
        for normal in ((1.0, 2.0, 0.0), (-2.0, -4.0, 0.0))
    ]
    np.testing.assert_allclose(ends[0], ends[1], rtol=0, atol=1e-6)


def test_the_earth_casts_a_shadow() -> None:
    sun = ephemeris("sun", T_2030, "earth").r_icrf_m
    behind = -1e7 * sun / norm(sun)
    start = np.concatenate([behind, np.cross(sun / norm(sun), [0.0, 0.0, 4000.0])])
    pressure = SolarPressure(area_per_mass_m2_kg=10.0)
    ends = [
        propagate(start, T_2030, 60.0, center="earth", forces=ForceModel(pressure=light)).r_icrf_m
        for light in (pressure, None, replace(pressure, shadow=False))
    ]
    np.testing.assert_allclose(ends[0], ends[1], rtol=0, atol=1e-6)
    assert norm(ends[2] - ends[1]) > 0.05


def test_small_forces_have_their_known_size() -> None:
    start = escape(2861.0)
    base = propagate(start, duration_s=30 * DAY_s)
    for change, low, high in (
        ({"relativity": True}, 600.0, 800.0),
        ({"earth_j2": False}, 300.0, 450.0),
        ({"gravity": lunar_gravity(degree=10)}, 5e4, 3e5),
        ({"gravity": None}, 4e5, 1.5e6),
    ):
        other = propagate(start, duration_s=30 * DAY_s, forces=replace(ForceModel(), **change))
        assert low < norm(other.r_icrf_m - base.r_icrf_m) < high, change


def test_the_earth_is_flat_about_its_pole_of_date() -> None:
    epoch, span = T_2030 + 60.0 * 31_557_600.0, 10.0
    start = np.array([3e7, 0.0, 4e7, 0.0, 0.0, 0.0])
    push = [
        propagate(
            start, epoch, span, center="earth", forces=point_mass_model("earth", earth_j2=flat)
        ).v_icrf_m_s
        / span
        for flat in (True, False)
    ]
    pole = np.array([np.radians(2004.19 / 3600.0) * epoch / 3.15576e9, 0.0, 1.0])
    pole, up, distance = pole / norm(pole), start[:3] / 5e7, 5e7
    high = pole @ up
    scale = -1.5 * 1.0826359e-3 * 3.986e14 * 6.3781366e6**2 / distance**4
    expected = scale * ((1.0 - 5.0 * high**2) * up + 2.0 * high * pole)
    np.testing.assert_allclose(push[0] - push[1], expected, rtol=0, atol=2e-3 * norm(expected))


def test_far_planets_may_be_felt_at_the_moon() -> None:
    far = ("mercury", "mars", "saturn", "uranus", "neptune", "pluto")
    near = ("moon", "earth", "sun", "venus", "jupiter")
    full = propagate(escape(2861.0), duration_s=30 * DAY_s, forces=point_mass_model())
    common = propagate(
        escape(2861.0),
        duration_s=30 * DAY_s,
        forces=point_mass_model(*near, common_bodies=far),
    )
    assert 50.0 < norm(full.r_icrf_m - common.r_icrf_m) < 500.0


def test_the_forces_are_named() -> None:
    model = ForceModel(
        relativity=True,
        pressure=SolarPressure(area_per_mass_m2_kg=0.1),
        rotation=UniformRotation(icrf_to_body=np.eye(3), rate_rad_s=0.0),
    )
    flight = propagate(escape(), duration_s=1.0, forces=model)
    assert flight.gravity_degree == 20
    assert {"point mass sun", "Earth J2", "solar 1PN", "sunlight, sphere"} <= set(flight.forces)
    assert "lunar field GLGM-3 20x20, even turn" in flight.forces


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"states": np.zeros((4, 6))}, "shape"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"states": np.ones((6, 3)), "epoch_tdb_s": T_2030 + np.zeros(2)}, "one for each craft"),
        ({"sample_s": [2.0, 1.0]}, "follow the flight"),
        ({"sample_s": [-1.0]}, "follow the flight"),
        ({"epoch_tdb_s": None}, "epoch_tdb_s"),
        ({"duration_s": 6e9}, "2000 to 2181"),
        ({"center": "vulcan"}, "no such body"),
        ({"events": [Event(kind="sphere", body="moon")]}, "radius"),
        (
            {
                "forces": ForceModel(
                    pressure=SolarPressure(
                        area_per_mass_m2_kg=1.0, specular_frac=0.8, diffuse_frac=0.3
                    )
                )
            },
            "add up",
        ),
        (
            {"forces": ForceModel(pressure=SolarPressure(area_per_mass_m2_kg=1.0, after_s=-1.0))},
            "after_s",
        ),
    ],
)
def test_bad_input_is_refused(changes: dict[str, object], message: str) -> None:
    given: dict[str, object] = {"states": orbit(), "epoch_tdb_s": T_2030, "duration_s": 1.0}
    with pytest.raises(DomainError, match=message):
        propagate(**{**given, **changes})  # type: ignore[arg-type]


def test_threads_give_the_same_flights() -> None:
    start = escape(np.linspace(2450.0, 3200.0, 64))
    one, two = (
        propagate(start, duration_s=5 * DAY_s, n_block=16, n_threads=threads) for threads in (1, 2)
    )
    np.testing.assert_array_equal(one.array, two.array)
