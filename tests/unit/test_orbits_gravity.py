"""The lunar field: derivatives, truncation, and the file of the full field."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moonbase.core.errors import DomainError, ParameterError
from moonbase.orbits import (
    ForceModel,
    GravityField,
    UniformRotation,
    degree_two_field,
    gravity,
    gravity_error,
    lunar_gravity,
    point_mass_model,
    propagate,
)
from moonbase.orbits._engine import room
from moonbase.orbits._force import lunar_field
from moonbase.orbits._setup import pull_of
from moonbase.orbits._tables import lane_table, rails_at, segments
from moonbase.orbits.gravity import FOLDER_VARIABLE, fetch_full_field, find_full_field

GM = 4.9028001184575496e12
T_2030 = 946_728_000.0


def potential(field: GravityField, place: np.ndarray) -> float:
    """Perturbing potential of the plain associated Legendre functions."""
    from scipy.special import factorial, lpmv

    distance = float(np.linalg.norm(place))
    sine, longitude = place[2] / distance, np.arctan2(place[1], place[0])
    total = 0.0
    for n in range(2, field.degree + 1):
        for m in range(n + 1):
            scale = (2 - (m == 0)) * (2 * n + 1) * factorial(n - m) / factorial(n + m)
            legendre = (-1) ** m * lpmv(m, n, sine) * np.sqrt(scale)
            turn = field.cosine[n, m] * np.cos(m * longitude)
            turn += field.sine[n, m] * np.sin(m * longitude)
            total += (field.radius_m / distance) ** n * legendre * turn
    return GM / distance * total


def field_at(field: GravityField, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Acceleration (3, n) and gradient (6, n) in body axes, Moon at the origin."""
    bodies = ("moon", "earth")
    first, last = segments(T_2030, T_2030)
    table, emb = lane_table(bodies, first, last, False)
    rails = rails_at(
        table=table, emb=emb, first=first, bodies=bodies, epoch_tdb_s=T_2030, offset_s=0.0,
        center="moon", follow=False, rotation=None, turned=False,
    )  # fmt: skip
    n = places.shape[1]
    sky = room(n, rails)
    sky.turn[:] = np.eye(3)
    model = ForceModel(bodies=bodies, gravity=field)
    a, g = np.zeros(3 * n), np.zeros(6 * n)
    pull = pull_of(model, bodies, n)
    lunar_field(places.reshape(-1).copy(), n, pull, field.degree, sky, a, g, True)
    return a.reshape(3, n), g.reshape(6, n)


PLACES = np.random.default_rng(2).normal(size=(3, 6))
PLACES *= 1.9e6 / np.linalg.norm(PLACES, axis=0)


@pytest.mark.parametrize("degree", [2, 3, 8])
def test_pull_is_the_slope_of_the_potential(degree: int) -> None:
    field = lunar_gravity(degree=degree)
    a, _ = field_at(field, PLACES)
    step = 300.0
    for axis in range(3):
        offset = step * np.eye(3)[:, axis]
        slope = [
            (potential(field, place + offset) - potential(field, place - offset)) / (2.0 * step)
            for place in PLACES.T
        ]
        np.testing.assert_allclose(a[axis], slope, rtol=0, atol=2e-6 * np.max(np.abs(a)))


@pytest.mark.parametrize("degree", [2, 12])
def test_gradient_is_the_slope_of_the_pull(degree: int) -> None:
    field = lunar_gravity(degree=degree)
    _, g = field_at(field, PLACES)
    step, row = 30.0, 0
    for j in range(3):
        for k in range(j, 3):
            offset = step * np.eye(3)[:, k : k + 1]
            slope = (field_at(field, PLACES + offset)[0] - field_at(field, PLACES - offset)[0])[j]
            slope /= 2.0 * step
            np.testing.assert_allclose(g[row], slope, rtol=0, atol=1e-5 * np.max(np.abs(g)))
            row += 1
    np.testing.assert_allclose(g[0] + g[3] + g[5], 0.0, atol=1e-12 * np.max(np.abs(g)))


def test_no_pole_is_singular() -> None:
    a, g = field_at(lunar_gravity(degree=20), np.array([[0.0], [0.0], [1.8e6]]))
    assert np.all(np.isfinite(a))
    assert np.all(np.isfinite(g))


def test_degree_two_in_the_usual_coefficients() -> None:
    field = lunar_gravity(degree=2)
    again = degree_two_field(
        j2=-np.sqrt(5.0) * field.cosine[2, 0],
        c22=np.sqrt(5.0 / 12.0) * field.cosine[2, 2],
        s22=np.sqrt(5.0 / 12.0) * field.sine[2, 2],
    )
    np.testing.assert_allclose(again.cosine[2, [0, 2]], field.cosine[2, [0, 2]], rtol=1e-14)
    np.testing.assert_allclose(again.sine[2, 2], field.sine[2, 2], rtol=1e-14)


@pytest.mark.parametrize("degree", [1, 151])
def test_degrees_out_of_range_are_refused(degree: int) -> None:
    with pytest.raises(DomainError, match="degree"):
        lunar_gravity(degree=degree)


def test_the_error_of_a_cut_is_stated() -> None:
    assert gravity_error(degree=25) == gravity_error(degree=20) == 60_000.0
    assert lunar_gravity(degree=10).error_30_d_m == 136_000.0
    with pytest.raises(DomainError):
        gravity_error(degree=1)


def test_a_missing_field_names_file_command_and_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "none"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "neither"))
    gravity._full.cache_clear()
    with pytest.raises(ParameterError, match=r"(?s)glgm3150.*lunar-gravity.*MOONBASE_DATA"):
        lunar_gravity(degree=21)
    (tmp_path / "glgm3150.txt").write_text("another field")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(ParameterError, match="SHA-256"):
        lunar_gravity(degree=21)


def test_a_fetched_field_is_checked_before_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, kept = tmp_path / "gglp_glgm3150_sha.tab", tmp_path / "kept"
    source.write_text("0.17380E+04, 0.49028E+04\n 1, 0, 0.0, 0.0\n 2, 0, -9.0E-05, 0.0, 1E-9\n")
    monkeypatch.setenv(FOLDER_VARIABLE, str(kept))
    with pytest.raises(ParameterError, match="SHA-256"):
        fetch_full_field(url=source.as_uri())
    assert not kept.exists()
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    monkeypatch.setitem(gravity._FULL_FILES, source.name, digest)
    assert fetch_full_field(url=source.as_uri()) == kept / source.name == find_full_field()
    gravity._full.cache_clear()
    cosine, _ = gravity._full(20)
    assert cosine[2, 0] == -9.0e-5
    gravity._full.cache_clear()


@pytest.mark.skipif(find_full_field() is None, reason="the full lunar field is not here")
def test_cutting_the_full_field_moves_the_end_as_published() -> None:
    start = [-41898.06651520955, 1591493.7349998804, 695665.8705717991]
    start += [-2861.267971257695, -89.35378875088608, 36.82974795043632]
    rotation = UniformRotation(
        icrf_to_body=np.array(
            [
                [0.5255494410415756, 0.7852274156537757, 0.3274380715900034],
                [-0.8503503365190268, 0.4728432662735216, 0.23091892672920036],
                [0.026496984788193213, -0.3997963872341523, 0.9162209114354758],
            ]
        ),
        rate_rad_s=2.6618033841745287e-06,
    )
    model = point_mass_model("moon", "earth", "sun", "venus", "jupiter", rotation=rotation)
    model = replace(
        model, common_bodies=("mercury", "mars", "saturn", "uranus", "neptune", "pluto")
    )
    ends = {}
    for degree in (150, 120, 50, 20, 10, 2):
        forces = replace(model, gravity=lunar_gravity(degree=degree))
        ends[degree] = propagate(start, T_2030, 2_592_000.0, forces=forces).r_icrf_m
    moved = {key: np.linalg.norm(end - ends[150]) for key, end in ends.items() if key < 150}
    assert moved == pytest.approx(
        {120: 12_100.0, 50: 42_010.0, 20: 57_770.0, 10: 132_400.0, 2: 595_980.0}, rel=0.03
    )
