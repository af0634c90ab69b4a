"""Errors at the muzzle as states at one epoch, the linear map of them, and draws of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.orbits._records import gm_of
from moonbase.orbits.de440 import State
from moonbase.orbits.flight import propagate
from moonbase.orbits.forces import ForceModel
from moonbase.orbits.frames import lunar_axes

BLOCK = 65_536
"""Draws that share one stream of random numbers, and are flown at a time."""
_PROBE_s = 1.0
_LEVEL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Muzzle:
    """Where errors of a release are counted from, in ICRF axes about the Moon.

    ``axes`` holds the track's directions along, left and up as columns. A release of whole states
    (6 errors instead of 7) has no track and no time. ``residual`` (2, 3) is the pull less that of a
    point mass at the muzzle, m/s2, and how it changes along the flight, m/s3.
    """

    start: Array
    epoch_tdb_s: float
    center: str
    tracked: bool
    axes: Array
    ground_m_s: Array
    spin_rad_s: Array
    residual: Array


def muzzle_of(state: State, n_errors: int, forces: ForceModel) -> _Muzzle:
    """Track axes and the pull at a release; the pull is what the full model says it is."""
    start = np.asarray(state.array, dtype=np.float64)
    if start.shape != (6,) or not np.isfinite(start).all():
        raise DomainError(
            f"must be one finite state, got shape {start.shape}",
            path="state",
            hint="pass what release_state gives for one release",
        )
    epoch = float(state.epoch_tdb_s)
    r, v = start[:3], start[3:]
    if n_errors == 6:
        none = np.zeros(3)
        return _Muzzle(
            start=start,
            epoch_tdb_s=epoch,
            center=state.center,
            tracked=False,
            axes=np.eye(3),
            ground_m_s=v,
            spin_rad_s=none,
            residual=np.zeros((2, 3)),
        )
    if state.center != "moon":
        raise DomainError(
            "errors along a track need a release from the Moon",
            path="state",
            hint="centre the state on the Moon, or give the covariance of the state, (6, 6)",
        )
    turn = lunar_axes(epoch_tdb_s=epoch)
    spin = turn.icrf_to_pa.T @ turn.spin_pa_rad_s
    ground = v - np.cross(spin, r)
    up, along = r / np.linalg.norm(r), ground / np.linalg.norm(ground)
    left = np.cross(up, along)
    if not np.linalg.norm(left) > _LEVEL:
        raise DomainError(
            "a vertical throw has no left", path="state", hint="give it a horizontal part"
        )
    left /= np.linalg.norm(left)
    return _Muzzle(
        start=start,
        epoch_tdb_s=epoch,
        center="moon",
        tracked=True,
        axes=np.column_stack([along, left, np.cross(along, left)]),
        ground_m_s=ground,
        spin_rad_s=spin,
        residual=_residual(start, epoch, forces),
    )


def first_order(muzzle: _Muzzle) -> Array:
    """Derivative of the state at the nominal epoch by the errors, (6, 6) or (6, 7)."""
    if not muzzle.tracked:
        return np.eye(6)
    turn, axes = _cross_matrix(muzzle.spin_rad_s), muzzle.axes
    pull = _pull(muzzle.start[:3]) + muzzle.residual[0]
    late = np.concatenate([-muzzle.ground_m_s, turn @ muzzle.start[3:] - pull])
    return np.column_stack(
        [np.concatenate([axes, turn @ axes]), np.concatenate([np.zeros((3, 3)), axes]), late]
    )


def _scatter(muzzle: _Muzzle, errors: Array) -> Array:
    """States at the nominal epoch (6, draw) of releases with errors (error, draw)."""
    if not muzzle.tracked:
        return np.asarray(muzzle.start[:, None] + errors)
    turn, late = _cross_matrix(muzzle.spin_rad_s), errors[6]
    place = muzzle.start[:3, None] + muzzle.axes @ errors[:3]
    speed = muzzle.ground_m_s[:, None] + muzzle.axes @ errors[3:6] + turn @ place
    both = np.stack([place, speed])
    both = both + late * (turn @ both) + 0.5 * late**2 * (turn @ turn @ both)
    return _fly_back(both[0], both[1], late, muzzle.residual)


def _fly_back(r: Array, v: Array, late: Array, residual: Array) -> Array:
    """States ``late`` seconds earlier, by one step of the classical Runge-Kutta method."""
    h, (level, change) = -late, residual[..., None]

    def rate(place: Array, share: float) -> Array:
        pull: Array = _pull(place) + level + change * (share * h)
        return pull

    a1 = rate(r, 0.0)
    v2 = v + 0.5 * h * a1
    a2 = rate(r + 0.5 * h * v, 0.5)
    v3 = v + 0.5 * h * a2
    a3 = rate(r + 0.5 * h * v2, 0.5)
    v4 = v + h * a3
    a4 = rate(r + h * v3, 1.0)
    return np.concatenate(
        [
            r + h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4),
            v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4),
        ]
    )


def _residual(start: Array, epoch: float, forces: ForceModel) -> Array:
    """Acceleration about the Moon at the start less that of a point mass, and its rate (2, 3)."""
    near = propagate(
        np.column_stack([start, start]),
        epoch,
        np.array([_PROBE_s, -_PROBE_s]),
        forces=forces,
        surfaces={},
        n_threads=1,
    )
    twice, times = np.column_stack([start, start]), np.array([-_PROBE_s, _PROBE_s])
    ahead, back = (near.array - _fly_back(twice[:3], twice[3:], times, np.zeros((2, 3))))[3:].T
    return np.array([(ahead - back) / (2.0 * _PROBE_s), (ahead + back) / _PROBE_s**2])


def _pull(r: Array) -> Array:
    return np.asarray(-gm_of("moon") * r / np.sum(r**2, axis=0) ** 1.5)


def _cross_matrix(w: Array) -> Array:
    return np.array([[0.0, -w[2], w[1]], [w[2], 0.0, -w[0]], [-w[1], w[0], 0.0]])


def _root_of(path: str, covariance: Array, sizes: tuple[int, ...]) -> Array:
    """Factor F with F F^T the covariance, scaled so that metres and seconds mix without loss."""
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] not in sizes or matrix.shape[0] != matrix.shape[1]:
        shapes = " or ".join(f"({n}, {n})" for n in sizes)
        raise DomainError(
            f"must have shape {shapes}, got {matrix.shape}",
            path=path,
            hint="track errors (x, y, z, vx, vy, vz, t), or a state's (x, y, z, vx, vy, vz)",
        )
    scale = np.sqrt(np.maximum(np.diagonal(matrix), 0.0))
    safe = np.where(scale > 0.0, scale, 1.0)
    unit = matrix / np.outer(safe, safe)
    if not np.isfinite(unit).all() or not np.allclose(unit, unit.T, rtol=0.0, atol=1e-9):
        raise DomainError(
            "is not symmetric and finite", path=path, hint="in SI: m2, m2/s, m2/s2, m s, m, s2"
        )
    values, vectors = np.linalg.eigh(0.5 * (unit + unit.T))
    if values[0] < -1e-9 * max(values[-1], 1.0) or np.any(np.diagonal(matrix) < 0.0):
        raise DomainError(
            "has a negative variance in some direction", path=path, hint="check its entries"
        )
    factor: Array = safe[:, None] * vectors * np.sqrt(np.maximum(values, 0.0))
    return factor


def normal_block(seed: int, block: int, n_errors: int, size: int) -> Array:
    """Unit normals (error, draw) of one block: a draw is the same however many are asked for."""
    rng = np.random.default_rng([seed, block])
    return rng.standard_normal((size, n_errors)).T


def block_sizes(n_samples: int) -> list[int]:
    """Draws in each block."""
    if n_samples < 2:
        raise DomainError("must be >= 2", path="n_samples", hint="1e6 shows chances of 3e-6")
    whole, rest = divmod(n_samples, BLOCK)
    return [BLOCK] * whole + [rest] * (rest > 0)


def _met(r_moon_m: Array, status: npt.NDArray[np.int64], radii: dict[str, float]) -> Array:
    """Which body each craft met: 0 none, 1 the Moon, 2 the Earth."""
    near_moon = np.sqrt(np.sum(r_moon_m**2, axis=0)) < 2.0 * radii["moon"]
    return np.where(status == 2, np.where(near_moon, 1, 2), 0)


def _mapped_roots(
    muzzle: _Muzzle, root: Array, times: Array, model: ForceModel, tolerance: float
) -> tuple[Array, Array]:
    """Nominal states (6, time), and what unit normals do there (6, error, time)."""
    flight = propagate(
        np.repeat(muzzle.start[:, None], times.size, axis=1),
        muzzle.epoch_tdb_s,
        times,
        center=muzzle.center,
        forces=model,
        tolerance=tolerance,
        stm=True,
    )
    assert flight.stm is not None
    return flight.array, np.einsum("ijt,jk->ikt", flight.stm, first_order(muzzle) @ root)


def _passing(r: Array, v: Array) -> Array:
    """Closest distance of straight paths from the origin."""
    along = np.sum(r * v, axis=0) / np.sqrt(np.sum(v**2, axis=0))
    return np.asarray(np.sqrt(np.maximum(np.sum(r**2, axis=0) - along**2, 0.0)))


def _farthest(moved: Array, linear: Array) -> float:
    """Largest distance of flown from linear places, over the rms of the flown deviations."""
    good = np.isfinite(moved[0])
    if not good.any():
        return float("nan")
    off = np.sum((moved - linear)[:, good] ** 2, axis=0)
    spread = np.mean(np.sum(moved[:, good] ** 2, axis=0))
    return float(np.sqrt(off.max() / spread)) if spread > 0.0 else 0.0


def _across(covariance: Array, velocity: Array) -> tuple[Array, Array]:
    """Sigmas and axes of the place across a velocity, the larger first."""
    ahead = velocity / np.linalg.norm(velocity)
    plane = np.linalg.svd(ahead[None])[2][1:]
    if not np.isfinite(covariance).all():
        return np.full(2, np.nan), plane.T
    values, turn = np.linalg.eigh(plane @ covariance[:3, :3] @ plane.T)
    return np.sqrt(np.maximum(values[::-1], 0.0)), plane.T @ turn[:, ::-1]
