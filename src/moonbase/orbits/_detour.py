"""Sites without a first-order miss on flights other than the quickest, and at higher speeds.

Of an eastward throw the Moon's pull bends the path one way and the turn of the frame the other;
both lessen with speed, and where their changes cancel, an error of speed does not show. Thrown
westward, both bend the same way: a direct flight has no such place, and what is left are flights
that the Earth or the Moon turns back.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits._aim import (
    _changed,
    _lowest_speed,
    _miss,
    _Range,
    _refine_turning,
    _slopes,
)

_DETOURS = 1.0 + np.geomspace(2e-3, 0.1, 48)
_FAST = 1.0 + np.geomspace(0.6, 2.0, 12)
"""Speeds that are tried, over the least that the energy of the point asks for."""
_LONGITUDES_rad = np.radians(np.arange(-180.0, 181.0, 3.0))
_NEAR_rad, _NEAR_TIME = 0.26, 0.15
"""Change of longitude, and of the time of flight over itself, along one family of flights."""

_Hit = tuple[float, float, Array]


def other_turning_site(field: _Range, site: Array) -> Array | None:
    """Site and speed of the quickest throw whose miss has no first order in speed, any flight."""
    lowest = min(_lowest_speed(field, _changed(site, 0, a)) for a in _LONGITUDES_rad[::4])
    for speeds in (_DETOURS, _FAST):
        rows = [_hits(field, _changed(site, 5, speed)) for speed in lowest * speeds]
        turns = [
            found
            for before, now in pairwise(rows)
            for found in (_between(field, one, two) for one in before for two in now)
            if found is not None
        ]
        if turns:
            return min(turns, key=lambda found: _miss(field, found)[1])
    return None


def _hits(field: _Range, site: Array) -> list[_Hit]:
    """Time of flight, slope by speed, and site of every throw at one speed that hits."""
    from scipy.optimize import brentq

    def miss(longitude: float) -> float:
        return _miss(field, _changed(site, 0, longitude))[0]

    found = []
    misses = [miss(angle) for angle in _LONGITUDES_rad]
    for (low, one), (high, two) in pairwise(zip(_LONGITUDES_rad, misses, strict=True)):
        if not one * two <= 0.0:
            continue
        try:
            hit = _changed(site, 0, brentq(miss, low, high, xtol=1e-12))
        except (ValueError, RuntimeError):
            continue
        left, time = _miss(field, hit)
        if abs(left) < 1e-6:
            found.append((time, _slopes(field, hit)[1], hit))
    return found


def _between(field: _Range, one: _Hit, two: _Hit) -> Array | None:
    """Site between two throws of one family whose slopes by speed have opposite signs."""
    alike = (
        one[1] * two[1] < 0.0
        and abs(one[0] - two[0]) < _NEAR_TIME * two[0]
        and abs(one[2][0] - two[2][0]) < _NEAR_rad
    )
    if not alike:
        return None
    return _refine_turning(field, one[2] if abs(one[1]) < abs(two[1]) else two[2])
