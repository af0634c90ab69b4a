"""Rails of the bodies for a span: polynomials in powers on the Moon's four-day granules."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.orbits._pull import Rails
from moonbase.orbits.de440 import moon_over_earth_mass, series
from moonbase.orbits.forces import UniformRotation

N_POWERS = 14


@lru_cache(maxsize=32)
def _to_powers(n_terms: int, n_parts: int, part: int) -> Array:
    """Matrix from Chebyshev terms on a granule to powers on one of its equal parts."""
    inside = np.zeros(N_POWERS)
    inside[:2] = (2 * part + 1 - n_parts) / n_parts, 1.0 / n_parts
    terms = [np.eye(1, N_POWERS)[0], inside]
    for _ in range(2, n_terms):
        terms.append(2.0 * np.convolve(inside[:2], terms[-1])[:N_POWERS] - terms[-2])
    return np.array(terms[:n_terms])


@lru_cache(maxsize=64)
def _pieces(name: str, first: int, last: int) -> Array:
    """Powers (segment, power, 3) of a series on segments first to last of the Moon's granules."""
    grid, item = series()["moon"], series()[name]
    n_parts = round(item.granule_s / grid.granule_s)
    lead = round((grid.start_tdb_s - item.start_tdb_s) / grid.granule_s)
    out = np.zeros((last - first, N_POWERS, 3))
    for part in range(n_parts):
        rows = np.arange(first, last)
        rows = rows[(rows + lead) % n_parts == part]
        granule = (rows + lead) // n_parts
        inside = (granule >= 0) & (granule < item.coefficients.shape[-1])
        matrix = _to_powers(len(item.coefficients), n_parts, part)
        out[rows[inside] - first] = np.einsum(
            "kp,kcg->gpc", matrix, item.coefficients[..., granule[inside]]
        )
        out[rows[~inside] - first] = np.nan
    return out


def segments(start_tdb_s: float, end_tdb_s: float) -> tuple[int, int]:
    """Segments, first and one past the last, that cover a span."""
    grid = series()["moon"]
    limits = (np.array([start_tdb_s, end_tdb_s]) - grid.start_tdb_s) / grid.granule_s
    n_segments = grid.coefficients.shape[-1]
    if not (limits.min() >= 0.0 and limits.max() <= n_segments):
        raise DomainError(
            "the flight leaves the years of the ephemeris table, 2000 to 2181",
            path="duration_s",
            hint="epochs are seconds past J2000 TDB; tools/build_ephemeris.py builds other spans",
        )
    return int(limits.min()), min(int(limits.max()) + 1, n_segments)


def lane_table(bodies: tuple[str, ...], first: int, last: int, turned: bool) -> tuple[Array, Array]:
    """Lanes of all bodies over a span (segment, power, lane): barycentre, Moon, others, axes.

    Powers 0 and 1 of the barycentre, whose digits would drown the rest, come apart.
    """
    emb = _pieces("emb", first, last)
    path = emb.copy()
    path[:, :2] = 0.0
    lanes = [path, _pieces("moon", first, last)]
    lanes += [_pieces(name, first, last) - emb for name in _others(bodies)]
    if turned:
        axes = _pieces("orientation", first, last)
        if np.any(np.isnan(axes)):
            raise DomainError(
                "the table of the lunar orientation ends before the flight does",
                path="duration_s",
                hint="give ForceModel(rotation=UniformRotation(...)) or gravity=None",
            )
        lanes.append(axes)
    return np.ascontiguousarray(np.concatenate(lanes, axis=2)), emb[:, :2]


def _others(bodies: tuple[str, ...]) -> list[str]:
    return [name for name in bodies if name not in ("moon", "earth", "emb", "ssb")]


def rails_at(
    *,
    table: Array,
    emb: Array,
    first: int,
    bodies: tuple[str, ...],
    epoch_tdb_s: float,
    offset_s: float,
    center: str,
    follow: bool,
    rotation: UniformRotation | None,
    turned: bool,
) -> Rails:
    """Rails for an epoch, whose origin moves with the centre, for ever or at the epoch alone."""
    grid = series()["moon"]
    segment = int((epoch_tdb_s - grid.start_tdb_s + offset_s) // grid.granule_s)
    segment = min(max(segment, first), first + len(table) - 1)
    local = (epoch_tdb_s - (grid.start_tdb_s + segment * grid.granule_s)) + offset_s
    half = 0.5 * grid.granule_s
    tau = local / half - 1.0
    here = table[segment - first].copy()
    here[:2, :3] = emb[segment - first]
    powers = np.arange(N_POWERS)
    value = (tau**powers) @ here
    slope = (powers[1:] * tau ** powers[:-1]) @ here[1:] / half
    others = _others(bodies)
    lane = {"emb": 0, "ssb": 0, "moon": 3, "earth": 3}
    lane |= {name: 6 + 3 * index for index, name in enumerate(others)}
    scale = {"emb": 0.0, "ssb": 0.0, "earth": -moon_over_earth_mass()}
    at = lane[center]
    share = scale.get(center, 1.0)
    fixed = -1.0 if center == "ssb" else 0.0
    origin = [share * part[at : at + 3] + fixed * part[:3] for part in (value, slope)]
    return Rails(
        coefficients=table,
        start=_displacement(table, segment - first, tau),
        segment_s=grid.granule_s,
        first=segment - first,
        local_s=local,
        lane=np.array([lane[name] for name in bodies]),
        scale=np.array([scale.get(name, 1.0) for name in bodies]),
        fixed=np.array([-1.0 if name == "ssb" else 0.0 for name in bodies]),
        emb=np.array([value[:3], slope[:3]]),
        origin=np.array(origin),
        follows=bodies.index(center) if follow else -1,
        orientation_lane=6 + 3 * len(others) if turned else -1,
        rotation=np.eye(3) if rotation is None else np.asarray(rotation.icrf_to_body, float),
        rate_rad_s=0.0 if rotation is None else float(rotation.rate_rad_s),
    )


def _displacement(table: Array, segment: int, tau: float) -> Array:
    """First two coefficients of the barycentre's path from the epoch's position and velocity.

    Value and slope are zero at the epoch and join without a step from segment to segment, so the
    digits lost in the barycentre's large coordinates never enter.
    """
    out = np.zeros((len(table), 2, 3))
    powers = np.arange(2, N_POWERS)
    upper = table[:, 2:, :3]

    def parts(index: int, x: float) -> tuple[Array, Array]:
        return (x**powers) @ upper[index], (powers * x ** (powers - 1)) @ upper[index]

    value, slope = np.zeros(3), np.zeros(3)
    for index in range(segment, len(table)):
        x = tau if index == segment else -1.0
        bend, turn = parts(index, x)
        out[index, 1] = slope - turn
        out[index, 0] = value - bend - out[index, 1] * x
        bend, turn = parts(index, 1.0)
        value = out[index, 0] + out[index, 1] + bend
        slope = out[index, 1] + turn
    bend, turn = parts(segment, -1.0)
    value = out[segment, 0] - out[segment, 1] + bend
    slope = out[segment, 1] + turn
    for index in range(segment - 1, -1, -1):
        bend, turn = parts(index, 1.0)
        out[index, 1] = slope - turn
        out[index, 0] = value - bend - out[index, 1]
        bend, turn = parts(index, -1.0)
        value = out[index, 0] - out[index, 1] + bend
        slope = out[index, 1] + turn
    return out
