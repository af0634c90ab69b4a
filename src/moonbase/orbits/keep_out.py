"""Releases against a catalogue of assets: closest approaches, and chances to enter their spheres.

Neglected: the assets' own covariance and manoeuvres, and the bend of the paths during a passage;
an asset that moves along with the craft for hours is outside that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.orbits._cloud import (
    _mapped_roots,
    _Muzzle,
    _passing,
    _root_of,
    block_sizes,
    muzzle_of,
    normal_block,
)
from moonbase.orbits.chance import Chance, chance
from moonbase.orbits.de440 import State, ephemeris
from moonbase.orbits.flight import propagate
from moonbase.orbits.forces import ForceModel

_POINTS = 4
"""States on which the path between two of them rests: Hermite polynomial of degree 7."""
_NEWTON = 6
_FAR_SIGMA = 10.0
_SAME_m = 1.0
"""Distances below this are not told apart when minima are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Something to stay clear of: states in ICRF axes at rising epochs, and the sphere to keep.

    ``r_icrf_m`` and ``v_icrf_m_s`` (3, time) are relative to ``center``, ``t_tdb_s`` (time,).
    """

    name: str
    center: str
    t_tdb_s: Array
    r_icrf_m: Array
    v_icrf_m_s: Array
    radius_m: float

    def at(self, t_tdb_s: Array) -> Array:
        """State (6, time) at epochs within the asset's own; nan outside."""
        from scipy.interpolate import KroghInterpolator

        times, wanted = np.asarray(self.t_tdb_s), np.asarray(t_tdb_s, dtype=np.float64)
        n = min(_POINTS, times.size)
        first = np.searchsorted(times, wanted, side="right") - n // 2
        first = np.clip(first, 0, times.size - n)
        out = np.full((6, wanted.size), np.nan)
        inside = (wanted >= times[0]) & (wanted <= times[-1])
        for start in np.unique(first[inside]):
            rows = np.flatnonzero(inside & (first == start))
            knots = slice(start, start + n)
            known = np.stack([self.r_icrf_m[:, knots], self.v_icrf_m_s[:, knots]], axis=2)
            curve = KroghInterpolator(
                np.repeat(times[knots] - times[start], 2), known.reshape(3, -1).T
            )
            at = wanted[rows] - times[start]
            out[:3, rows], out[3:, rows] = curve(at).T, curve.derivative(at).T
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOut:
    """How near a release comes to one asset.

    ``closest_s`` and ``closest_m`` are those of the nominal, nan where the times do not overlap;
    ``sigma_m`` is the largest sigma of place there. ``entry`` is the chance to enter the sphere at
    any of ``n_approaches``.
    """

    name: str
    radius_m: float
    closest_s: float
    closest_m: float
    speed_m_s: float
    sigma_m: float
    n_approaches: int
    entry: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """The nominal flight, wherever it is asked for."""

    muzzle: _Muzzle
    model: ForceModel
    tolerance: float

    def seen(self, states: Array, times: Array, asset: Asset) -> Array:
        """Nominal states less those of an asset (6, time)."""
        epoch = self.muzzle.epoch_tdb_s
        shift = ephemeris(self.muzzle.center, epoch, asset.center, offset_s=times).array
        return np.asarray(states + shift - asset.at(epoch + times))

    def gap(self, asset: Asset, times: Array) -> Array:
        """Nominal less asset (6, time), flown anew."""
        flight = propagate(
            np.repeat(self.muzzle.start[:, None], times.size, axis=1),
            self.muzzle.epoch_tdb_s,
            times,
            center=self.muzzle.center,
            forces=self.model,
            tolerance=self.tolerance,
        )
        return self.seen(flight.array, times, asset)


def keep_out(
    *,
    state: State,
    release_covariance: Array,
    duration_s: float,
    assets: Sequence[Asset],
    n_samples: int = 100_000,
    step_s: float = 600.0,
    forces: ForceModel | None = None,
    tolerance: float = 1e-12,
    seed: int = 0,
) -> list[KeepOut]:
    """Closest approach to each asset, and the chance that the errors lead into its sphere.

    Parameters
    ----------
    state, release_covariance, forces, tolerance
        As in :func:`moonbase.orbits.disperse`.
    duration_s
        Time after the release that is looked at, s.
    assets
        What to stay clear of.
    n_samples, seed
        Draws, and their seed; the same draws meet every approach.
    step_s
        Step at which approaches are looked for, s; two closer in time count as one.

    Returns
    -------
    list of KeepOut
        One for each asset, in their order.

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.disperse`, an asset whose states do not fit together, or a step
        that is not positive.

    Notes
    -----
    Approaches are minima of the distance along the nominal, the ends of the overlap among them,
    refined by Newton's method; at each the linear map gives places and velocities of the draws, and
    straight paths past the asset their distances. Source: Alfano (2005), J. Astronaut. Sci. 53,
    103, for the geometry of short encounters.

    Examples
    --------
    >>> from moonbase.orbits import release_state
    >>> start = release_state(0.0, 0.97, 4.712389, 0.0, 2500.0, 946728000.0)
    >>> path = propagate(start, duration_s=86400.0, sample_s=np.array([0.0, 43200.0, 86400.0]))
    >>> there = Asset(name="A", center="moon", t_tdb_s=946728000.0 + path.sample_s,
    ...               r_icrf_m=path.sample_r_icrf_m + 1e6, v_icrf_m_s=-path.sample_v_icrf_m_s,
    ...               radius_m=1e5)
    >>> found = keep_out(state=start, release_covariance=np.eye(6), duration_s=86400.0,
    ...                  assets=[there], n_samples=100)
    >>> found[0].entry.n_hits
    0
    """
    if not step_s > 0.0 or not duration_s > 0.0:
        raise DomainError("must be > 0", path="step_s", hint="also check duration_s")
    model = ForceModel() if forces is None else forces
    root = _root_of("release_covariance", release_covariance, (6, 7))
    path = _Path(muzzle=muzzle_of(state, len(root), model), model=model, tolerance=tolerance)
    grid = np.linspace(0.0, duration_s, max(2, int(np.ceil(duration_s / step_s)) + 1))
    nominal = propagate(
        state, duration_s=duration_s, sample_s=grid, forces=model, tolerance=tolerance
    )
    along = np.concatenate([nominal.sample_r_icrf_m, nominal.sample_v_icrf_m_s])
    found = []
    for asset in assets:
        _check(asset)
        gap = path.seen(along, grid, asset)
        times = _refined(path, asset, _minima(gap, grid), float(grid[1]))
        found.append(_entry(path, asset, root, times, n_samples, seed))
    return found


def _check(asset: Asset) -> None:
    n = np.size(asset.t_tdb_s)
    fits = np.shape(asset.r_icrf_m) == np.shape(asset.v_icrf_m_s) == (3, n) and n > 1
    if not fits or not np.all(np.diff(asset.t_tdb_s) > 0.0) or not asset.radius_m >= 0.0:
        raise DomainError(
            "needs two or more states at rising epochs, and a radius",
            path=asset.name,
            hint="r_icrf_m and v_icrf_m_s have shape (3, time)",
        )


def _minima(gap: Array, grid: Array) -> Array:
    """Times of the least distances on a grid; nan gaps bound the overlap."""
    distance = np.maximum(np.sqrt(np.sum(gap[:3] ** 2, axis=0)), _SAME_m)
    walled = np.concatenate([[np.inf], np.where(np.isfinite(distance), distance, np.inf), [np.inf]])
    middle = walled[1:-1]
    least = (middle <= walled[:-2]) & (middle < walled[2:]) & np.isfinite(middle)
    times: Array = grid[least]
    return times


def _refined(path: _Path, asset: Asset, times: Array, step_s: float) -> Array:
    """Times of closest approach near those of the grid."""
    low, high = np.maximum(times - step_s, 0.0), times + step_s
    for _ in range(_NEWTON if times.size else 0):
        gap = path.gap(asset, times)
        speed = np.sum(gap[3:] ** 2, axis=0)
        move = -np.sum(gap[:3] * gap[3:], axis=0) / np.where(speed > 0.0, speed, np.inf)
        moved = np.clip(times + move, low, high)
        inside = np.isfinite(asset.at(path.muzzle.epoch_tdb_s + moved)[0])
        times = np.where(inside, moved, times)
    return times


def _entry(
    path: _Path, asset: Asset, root: Array, times: Array, n_samples: int, seed: int
) -> KeepOut:
    closest_s = closest_m = speed_m_s = sigma_m = float("nan")
    n_hits = 0
    if times.size:
        gap = path.gap(asset, times)
        distance = np.sqrt(np.sum(gap[:3] ** 2, axis=0))
        _, roots = _mapped_roots(path.muzzle, root, times, path.model, path.tolerance)
        sigma = np.linalg.norm(roots[:3].transpose(2, 0, 1), ord=2, axis=(1, 2))
        near = np.flatnonzero(distance - asset.radius_m < _FAR_SIGMA * sigma)
        for block, size in enumerate(block_sizes(n_samples)):
            unit = normal_block(seed, block, root.shape[1], size)
            entered = np.zeros(size, dtype=bool)
            for k in near:
                out = np.flatnonzero(~entered)
                moved = gap[:, k, None] + roots[..., k] @ unit[:, out]
                entered[out] = _passing(moved[:3], moved[3:]) <= asset.radius_m
            n_hits += int(entered.sum())
        first = int(np.argmin(distance))
        closest_s, closest_m = float(times[first]), float(distance[first])
        speed_m_s, sigma_m = float(np.linalg.norm(gap[3:, first])), float(sigma[first])
    return KeepOut(
        name=asset.name,
        radius_m=asset.radius_m,
        closest_s=closest_s,
        closest_m=closest_m,
        speed_m_s=speed_m_s,
        sigma_m=sigma_m,
        n_approaches=int(times.size),
        entry=chance(n_hits=n_hits, n_samples=n_samples),
    )
