"""How far rings of slots keep their order if nobody steers: neighbours under the Earth's pull.

Flown in the restricted problem of the Sun and of Earth and Moon as one. Neglected: the other
planets, the eccentricity of the Earth's orbit, solar pressure. A check of a layout, not an
ephemeris of its satellites.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    GM_EARTH_m3_s2,
    GM_MOON_m3_s2,
    GM_SUN_m3_s2,
)
from moonbase.core.errors import DomainError
from moonbase.orbits import cr3bp
from moonbase.orbits.patched_conic import _valid

_SAMPLES_PER_YEAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSpread:
    """Neighbours of one ring after years without control (ring).

    ``nearest_ratio`` and ``farthest_ratio`` are the least and the greatest distance of two
    neighbours over the slot spacing, ``excursion_au`` the greatest departure from the ring's
    radius, ``n_lost`` the starts that ran into the Earth or so near that the flight stopped.
    """

    nearest_ratio: Array
    farthest_ratio: Array
    excursion_au: Array
    n_lost: Array


def ring_spread(
    *, ring_offset_au: Real, slot_spacing_m: float, duration_yr: float, n_phases: int = 24
) -> RingSpread:
    r"""Fly pairs of neighbouring slots past the Earth and watch their distance.

    Parameters
    ----------
    ring_offset_au
        Radius of the ring less that of the Earth's orbit, astronomical units (ring).
    slot_spacing_m
        Distance of neighbours at the start, m.
    duration_yr
        Years of flight.
    n_phases
        Pairs on each ring, at even angles from the Earth.

    Returns
    -------
    RingSpread
        All (ring).

    Raises
    ------
    DomainError
        An offset is 0 or beyond half an astronomical unit in every ring, or another argument is
        not positive.

    Notes
    -----
    The pairs start on circles about the Sun. All members of a ring fly the same path one after the
    other, so they draw together where that path slows down in the turning frame. Distances are
    read sixty times a year.

    Source: derived.

    Examples
    --------
    >>> spread = ring_spread(ring_offset_au=0.3, slot_spacing_m=1e6, duration_yr=2.0, n_phases=6)
    >>> bool(spread.nearest_ratio > 0.98), bool(spread.excursion_au < 1e-3)
    (True, True)
    """
    for path, value in {
        "slot_spacing_m": slot_spacing_m,
        "duration_yr": duration_yr,
        "n_phases": n_phases,
    }.items():
        if not value > 0:
            raise DomainError("must be > 0", path=path, hint="pass a number above zero")
    offset = np.asarray(ring_offset_au, dtype=np.float64)
    offset = _valid(
        "ring_offset_au",
        offset,
        (offset != 0.0) & (np.abs(offset) <= 0.5),
        "must not be 0 and lie within 0.5",
        "rings stand beside the Earth's orbit",
    )
    rows = [_spread(float(one), slot_spacing_m, duration_yr, n_phases) for one in offset.ravel()]
    table = np.array(rows).T.reshape(4, *offset.shape)
    return RingSpread(
        nearest_ratio=table[0], farthest_ratio=table[1], excursion_au=table[2], n_lost=table[3]
    )


def _spread(
    offset_au: float, slot_spacing_m: float, duration_yr: float, n_phases: int
) -> tuple[float, float, float, float]:
    if np.isnan(offset_au):
        return np.nan, np.nan, np.nan, np.nan
    planet = GM_EARTH_m3_s2 + GM_MOON_m3_s2
    mu = planet / (planet + GM_SUN_m3_s2)
    radius, spacing = 1.0 + offset_au, slot_spacing_m / ASTRONOMICAL_UNIT_m
    phase = 2.0 * pi * (np.arange(n_phases) + 0.5) / n_phases
    angle = np.concatenate([phase, phase + spacing / radius])
    speed = np.sqrt((1.0 - mu) / radius) - radius
    cosine, sine, flat = np.cos(angle), np.sin(angle), np.zeros_like(angle)
    starts = np.stack(
        [radius * cosine - mu, radius * sine, flat, -speed * sine, speed * cosine, flat]
    )
    arc = cr3bp.propagate(
        mass_ratio_mu=mu,
        start_nd=starts,
        duration_nd=2.0 * pi * duration_yr,
        n_times=2 + int(_SAMPLES_PER_YEAR * duration_yr),
    )
    lost = (arc.status[:n_phases] != 0) | (arc.status[n_phases:] != 0)
    kept = np.tile(~lost, 2)
    if lost.all():
        return np.nan, np.nan, np.nan, float(n_phases)
    place = arc.state_nd[:3, :, kept]
    half = place.shape[-1] // 2
    apart = np.linalg.norm(place[..., half:] - place[..., :half], axis=0) / spacing
    from_sun = np.linalg.norm(place + np.array([mu, 0.0, 0.0])[:, None, None], axis=0)
    excursion = np.abs(from_sun - radius).max()
    return float(apart.min()), float(apart.max()), float(excursion), float(lost.sum())
