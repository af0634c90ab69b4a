"""How often objects of a thin belt meet, and which objects of a list meet next.

The rate takes orbits with small random eccentricities and inclinations, random angles and an even
spread over the belt. Neglected: mutual gravity, resonances, and order among controlled objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, GM_SUN_m3_s2, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.orbits.patched_conic import _valid

_PHASES = 2.0 * pi * (np.arange(64) + 0.5) / 64.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Approaches:
    """Pairs that come close: their indices, when after the sample, how near and how fast."""

    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    after_s: Array
    distance_m: Array
    speed_m_s: Array


def encounter_rate(
    *,
    belt_area_m2: Real,
    distance_au: Real,
    miss_distance_m: Real,
    eccentricity_rms_frac: Real,
    inclination_rms_rad: Real,
) -> Array:
    r"""Rate at which two objects of a belt about the Sun come within a distance of each other.

    Parameters
    ----------
    belt_area_m2
        Area of the belt, seen from the pole, m2 (draw).
    distance_au
        Mean radius of the belt, astronomical units (draw).
    miss_distance_m
        Distance of the centres at closest approach, m (draw); the sum of two radii is a hit.
    eccentricity_rms_frac, inclination_rms_rad
        Root mean squares of Rayleigh-distributed eccentricities and inclinations, rad (draw),
        of one object against the other: only their ratio matters.

    Returns
    -------
    Array
        Encounters of one pair in a Julian year (draw).

    Raises
    ------
    DomainError
        An argument is out of range in every draw.

    Notes
    -----
    An orbit crosses the belt's plane twice a turn, at the speed :math:`iv`, and meets what stands
    there with the cross-section :math:`\pi d^2` widened by the ratio of the whole speed to the
    normal one: :math:`\frac{n}{\pi}\frac{\pi d^2}{A} K`,
    :math:`K = \langle 1 + \kappa\,g(\kappa) \rangle`,
    :math:`\kappa = (e/i)^2(\sin^2 f + \tfrac14\cos^2 f)`,
    :math:`g = \operatorname{artanh}\sqrt{1-\kappa}/\sqrt{1-\kappa}`, over the phase f. Two
    dispersed orbits differ by an orbit of the same ratio, so the rate holds for them as well.

    Source: derived; Greenzweig and Lissauer (1992), Icarus 100, 440, for the dispersed regime.

    Examples
    --------
    >>> rate = encounter_rate(belt_area_m2=1e22, distance_au=1.0, miss_distance_m=100.0,
    ...                       eccentricity_rms_frac=2e-4, inclination_rms_rad=1e-4)
    >>> f"{float(rate):.2e}"
    '1.73e-17'
    """
    area = _positive("belt_area_m2", belt_area_m2)
    distance = _positive("distance_au", distance_au)
    reach = _valid(
        "miss_distance_m",
        miss_distance_m,
        np.greater_equal(miss_distance_m, 0.0),
        "must be >= 0",
        "pass a distance",
    )
    eccentricity = _valid(
        "eccentricity_rms_frac",
        eccentricity_rms_frac,
        np.greater_equal(eccentricity_rms_frac, 0.0) & np.less(eccentricity_rms_frac, 0.3),
        "must be from 0 to 0.3",
        "the epicycle holds for small eccentricities",
    )
    inclination = _valid(
        "inclination_rms_rad",
        inclination_rms_rad,
        np.greater(inclination_rms_rad, 0.0) & np.less(inclination_rms_rad, 0.3),
        "must be above 0 and below 0.3",
        "a belt without thickness is a line of traffic, not a gas",
    )
    motion = np.sqrt(GM_SUN_m3_s2 / (distance * ASTRONOMICAL_UNIT_m) ** 3)
    rate: Array = motion * reach**2 / area * _widening(eccentricity / inclination)
    return rate * JULIAN_YEAR_s


def _positive(path: str, value: Real) -> Array:
    return _valid(path, value, np.greater(value, 0.0), "must be > 0", "check unit and sign")


def _widening(ratio: Array) -> Array:
    """Mean of whole speed over normal speed at the plane, for a ratio of rms e to rms i."""
    shape = np.sin(_PHASES) ** 2 + 0.25 * np.cos(_PHASES) ** 2
    kappa = np.square(ratio)[..., None] * shape
    root = np.sqrt(np.abs(1.0 - kappa))
    small = root < 1e-4
    safe = np.where(small, 1.0, root)
    inside = np.arctanh(np.where(kappa < 1.0, np.minimum(safe, 1.0 - 1e-16), 0.0)) / safe
    outside = np.arctan(safe) / safe
    g = np.where(small, 1.0 + (1.0 - kappa) / 3.0, np.where(kappa < 1.0, inside, outside))
    mean: Array = np.mean(1.0 + np.where(kappa == 0.0, 0.0, kappa * g), axis=-1)
    return mean


def close_approaches(*, r_m: Array, v_m_s: Array, step_s: float, distance_m: float) -> Approaches:
    """Pairs of objects whose closest approach within half a step is nearer than a distance.

    Parameters
    ----------
    r_m, v_m_s
        Positions, m, and velocities, m/s, at one common time (3, object).
    step_s
        Step of the grid of common times, s: the search reaches half a step either way.
    distance_m
        Largest distance at closest approach, m.

    Returns
    -------
    Approaches
        One entry a pair, nearest first; ``after_s`` is negative before the common time.

    Raises
    ------
    DomainError
        Shapes differ, or step or distance is negative.

    Notes
    -----
    Candidates are found by a search tree over the positions with a margin of half a step at the
    greatest relative speed, then moved along straight lines: good while the step is short against
    the time in which the relative path bends.

    Source: derived; Hoots, Crawford and Roehrich (1984), Celestial Mechanics 33, 143, for the use
    of filters.

    Examples
    --------
    >>> found = close_approaches(r_m=np.array([[0.0, 100.0], [0.0, 5.0], [0.0, 0.0]]),
    ...                          v_m_s=np.array([[1.0, -1.0], [0.0, 0.0], [0.0, 0.0]]),
    ...                          step_s=200.0, distance_m=10.0)
    >>> found.after_s, found.distance_m
    (array([50.]), array([5.]))
    """
    from scipy.spatial import cKDTree

    places = np.asarray(r_m, dtype=np.float64)
    speeds = np.asarray(v_m_s, dtype=np.float64)
    if places.ndim != 2 or places.shape[0] != 3 or speeds.shape != places.shape:
        raise DomainError(
            f"shapes {places.shape} and {speeds.shape}", path="r_m", hint="pass (3, object) twice"
        )
    for path, value in {"step_s": step_s, "distance_m": distance_m}.items():
        if not value >= 0.0:
            raise DomainError("must be >= 0", path=path, hint="pass a magnitude")
    fastest = 2.0 * np.linalg.norm(speeds - speeds.mean(axis=1, keepdims=True), axis=0).max()
    margin = 0.5 * step_s * fastest
    pairs = cKDTree(places.T).query_pairs(distance_m + margin, output_type="ndarray")
    apart = places[:, pairs[:, 1]] - places[:, pairs[:, 0]]
    relative = speeds[:, pairs[:, 1]] - speeds[:, pairs[:, 0]]
    square = np.maximum(np.sum(relative**2, axis=0), np.finfo(np.float64).tiny)
    after = np.clip(-np.sum(apart * relative, axis=0) / square, -0.5 * step_s, 0.5 * step_s)
    nearest = np.linalg.norm(apart + after * relative, axis=0)
    order = np.argsort(nearest, kind="stable")
    order = order[nearest[order] <= distance_m]
    return Approaches(
        first=pairs[order, 0],
        second=pairs[order, 1],
        after_s=after[order],
        distance_m=nearest[order],
        speed_m_s=np.sqrt(square[order]),
    )
