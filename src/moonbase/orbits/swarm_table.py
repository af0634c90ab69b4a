"""Orbital elements of a sample of the swarm, in 37 bytes a satellite, for a picture that moves.

Each row is one satellite of the run: its ring's orbit from launch to the end of its life, starting
at the Earth's longitude. Single precision: the phase is good to some 1e-4 rad after fifty years.
Neglected: the path from the Earth to the ring, failures before the end of life, and whatever the
rings neglect.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.orbits.belt import Rings

ELEMENTS = np.dtype(
    [
        ("a_au", np.float32),
        ("e_frac", np.float32),
        ("inc_rad", np.float32),
        ("node_rad", np.float32),
        ("argp_rad", np.float32),
        ("m_launch_rad", np.float32),
        ("t_launch_yr", np.float32),
        ("t_end_yr", np.float32),
        ("u_frac", np.float32),
        ("outside", np.uint8),
    ]
)
"""Fields of the table: elements in the ecliptic, mean anomaly at launch, launch and end in years
from the start, a random priority above 0 and up to 1, and whether the ring lies outside the
Earth's orbit."""


def swarm_elements(
    *,
    rings: Rings,
    n_launched: Array,
    life_yr: float,
    n_points: int,
    earth_longitude_rad: float,
    eccentricity_rms_frac: float,
    inclination_rms_rad: float,
    rng: np.random.Generator,
) -> npt.NDArray[Any]:
    r"""Draw satellites of the swarm at random and give the orbit of each.

    Parameters
    ----------
    rings
        Layout from :func:`moonbase.orbits.lay_rings`.
    n_launched
        Satellites launched in each year (year,).
    life_yr
        Years of service.
    n_points
        Rows; each stands for the same number of satellites.
    earth_longitude_rad
        Mean longitude of the Earth at the start, rad.
    eccentricity_rms_frac, inclination_rms_rad
        Root mean squares of what is drawn about the flat circular rings.
    rng
        Source of the draws.

    Returns
    -------
    numpy.ndarray
        Structured array (n_points,) of type ``ELEMENTS``, in random order, so that any first part
        is a fair sample.

    Raises
    ------
    DomainError
        No launches, no rows, or an argument out of range.

    Notes
    -----
    Satellite k of the run takes slot k modulo the greatest number in service at once: the slot
    that a satellite left at the end of its life is the next to be filled.

    Source: derived.

    Examples
    --------
    >>> from moonbase.orbits import lay_rings
    >>> rings = lay_rings(inner_au=0.95, outer_au=1.05, gap_au=0.04, ring_spacing_m=1e7,
    ...                   slot_spacing_m=1e6)
    >>> table = swarm_elements(rings=rings, n_launched=np.full(50, 1e6), life_yr=10.0,
    ...                        n_points=1000, earth_longitude_rad=1.75,
    ...                        eccentricity_rms_frac=0.0, inclination_rms_rad=0.0,
    ...                        rng=np.random.default_rng(1))
    >>> table.nbytes, bool(table["t_end_yr"].max() <= 60.0)
    (37000, True)
    """
    launched = np.asarray(n_launched, dtype=np.float64)
    if launched.ndim != 1 or not np.all(launched >= 0.0) or not launched.sum() > 0.0:
        raise DomainError("must be >= 0 and not all 0", path="n_launched", hint="pass (year,)")
    for path, value in {"n_points": n_points, "life_yr": life_yr}.items():
        if not value > 0:
            raise DomainError("must be > 0", path=path, hint="pass a number above zero")
    if not 0.0 <= eccentricity_rms_frac <= 0.2:
        raise DomainError(
            "must be from 0 to 0.2", path="eccentricity_rms_frac", hint="rings are near circles"
        )
    edges = np.arange(launched.size + 1.0)
    total = np.concatenate([[0.0], np.cumsum(launched)])
    serial = rng.random(n_points) * total[-1]
    launch = np.interp(serial, total, edges)
    before = np.interp(edges - life_yr, edges, total, left=0.0)
    peak = min(float(np.max(total - before)), float(rings.n_slots.sum()))
    ring = np.searchsorted(np.cumsum(rings.n_slots), serial % peak, side="right")
    ring = np.minimum(ring, rings.radius_au.size - 1)
    node, perihelion = 2.0 * pi * rng.random((2, n_points))
    longitude = earth_longitude_rad + 2.0 * pi * launch
    table = np.empty(n_points, dtype=ELEMENTS)
    table["a_au"] = rings.radius_au[ring]
    table["e_frac"] = np.minimum(eccentricity_rms_frac * _rayleigh(rng, n_points), 0.8)
    table["inc_rad"] = inclination_rms_rad * _rayleigh(rng, n_points)
    table["node_rad"] = node
    table["argp_rad"] = perihelion
    table["m_launch_rad"] = np.mod(longitude - node - perihelion, 2.0 * pi)
    table["t_launch_yr"] = launch
    table["t_end_yr"] = launch + life_yr
    table["u_frac"] = 1.0 - rng.random(n_points)
    table["outside"] = rings.radius_au[ring] > 1.0
    return table


def _rayleigh(rng: np.random.Generator, n_points: int) -> Array:
    """Draws of a Rayleigh distribution whose root mean square is 1."""
    return np.sqrt(rng.exponential(size=n_points))
