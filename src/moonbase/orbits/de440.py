"""Where the bodies are: DE440, cropped to 2000-2181, and the Moon's axes of DE421.

Positions are geometric (no light time), in ICRF axes; outer planets and Mars stand for the
barycentre of their system. The shipped table keeps the kernels' own polynomials, rounded to
0.5 um (Moon) to 0.12 mm (Neptune). The orientation kernel ends in 2051; from there to 2181 a
series fitted to it stands in, which missed the kernel by 21 m rms and 52 m at most at the surface
where the last 75 of its 151 years were kept from the fit. ``python tools/build_ephemeris.py``
builds the table anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._records import gm_of

PLANETS = ("mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto")
BODIES = ("moon", "earth", "sun", *PLANETS, "emb", "ssb")
"""Names of the bodies: emb and ssb are the barycentres of Earth and Moon and of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Position and velocity relative to a body, ICRF axes, component axis first."""

    center: str
    epoch_tdb_s: Real
    r_icrf_m: Array
    v_icrf_m_s: Array

    @property
    def array(self) -> Array:
        """Position above velocity, shape (6, ...)."""
        both: Array = np.concatenate([self.r_icrf_m, self.v_icrf_m_s])
        return both


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Chebyshev coefficients (power, component, granule) on granules of equal length."""

    start_tdb_s: float
    granule_s: float
    coefficients: Array

    @property
    def end_tdb_s(self) -> float:
        """End of the last granule, seconds past J2000 TDB."""
        return self.start_tdb_s + self.granule_s * len(self.coefficients[0, 0])


@lru_cache(maxsize=1)
def series() -> dict[str, Series]:
    """All series of the shipped table by name: metres, and rad for the orientation."""
    out = {}
    with (
        as_file(files("moonbase") / "data" / "orbits" / "ephemeris.npz") as path,
        np.load(path) as table,
    ):
        for name in (key for key in table.files if "_" not in key):
            start, granule, quantum = table[f"{name}_grid"]
            zigzag = np.ascontiguousarray(table[name].T).view(np.uint64).ravel()
            whole = (zigzag >> np.uint64(1)).astype(np.int64) ^ -(
                (zigzag & np.uint64(1)).astype(np.int64)
            )
            *shape, order = table[f"{name}_shape"]
            whole = whole.reshape(shape)
            for _ in range(order):
                whole = np.cumsum(whole, axis=-1)
            out[name] = Series(
                start_tdb_s=float(start), granule_s=float(granule), coefficients=quantum * whole
            )
    return out


def ephemeris(
    body: str, epoch_tdb_s: Real, center: str = "earth", *, offset_s: Real = 0.0
) -> State:
    """Position and velocity of a body relative to another, from DE440.

    Parameters
    ----------
    body, center
        Names: moon, earth, sun, mercury, venus, mars, jupiter, saturn, uranus, neptune, pluto,
        emb (Earth-Moon barycentre), ssb (solar system barycentre).
    epoch_tdb_s
        Seconds past J2000 TDB, any shape.
    offset_s
        Added to the epoch without loss: the second part of a two-part time, s.

    Returns
    -------
    State
        ``r_icrf_m`` in m and ``v_icrf_m_s`` in m/s, of shape (3, ...), geometric.

    Raises
    ------
    DomainError
        No such body, or an epoch outside the shipped table (2000 to 2181).

    Notes
    -----
    Source: Park, Folkner, Williams and Boggs (2021), Astron. J. 161, 105,
    doi:10.3847/1538-3881/abd414. One double of seconds resolves 0.1 us in 2030, 3 mm of the
    Earth's path; ``offset_s`` carries what is finer.

    Examples
    --------
    >>> moon = ephemeris("moon", 946728000.0)
    >>> [round(float(x) / 1e3) for x in moon.r_icrf_m]
    [-193072, -277242, -136883]
    """
    epoch, offset = np.broadcast_arrays(
        np.asarray(epoch_tdb_s, dtype=np.float64), np.asarray(offset_s, dtype=np.float64)
    )
    states = [_from_emb(name, epoch, offset) for name in (body, center)]
    return State(
        center=center,
        epoch_tdb_s=epoch + offset if epoch.ndim else float(epoch + offset),
        r_icrf_m=states[0][0] - states[1][0],
        v_icrf_m_s=states[0][1] - states[1][1],
    )


def sphere_of_influence(*, body: str, epoch_tdb_s: Real) -> Real:
    r"""Radius within which a body's own pull shapes a path more than its primary's does.

    Parameters
    ----------
    body
        The Moon (about the Earth), the Earth or a planet (about the Sun).
    epoch_tdb_s
        Seconds past J2000 TDB, any shape.

    Returns
    -------
    Real
        m: :math:`d (\mu/\mu_p)^{2/5}` with the distance d from the primary at the epoch.

    Raises
    ------
    DomainError
        The body has no primary here, or an epoch outside the shipped table.

    Notes
    -----
    Source: Laplace's sphere, Bate, Mueller and White (1971), section 7.4.

    Examples
    --------
    >>> round(float(sphere_of_influence(body="moon", epoch_tdb_s=946728000.0)) / 1e6)
    63
    """
    if body not in ("moon", "earth", *PLANETS):
        raise DomainError(f"{body!r} has no primary", path="body", hint="a planet or the moon")
    primary = "earth" if body == "moon" else "sun"
    distance = np.sqrt(np.sum(ephemeris(body, epoch_tdb_s, primary).r_icrf_m ** 2, axis=0))
    radius: Array = distance * (gm_of(body) / gm_of(primary)) ** 0.4
    return radius


def moon_over_earth_mass() -> float:
    """Ratio of the Moon's to the Earth's mass in DE440."""
    return gm_of("moon") / gm_of("earth")


def evaluate(name: str, epoch_tdb_s: Array, offset_s: Array) -> tuple[Array, Array]:
    """Values of a series and their rates per second, shape (3, ...)."""
    item = series()[name]
    n_granules = item.coefficients.shape[-1]
    total = epoch_tdb_s + offset_s
    if not np.all((total >= item.start_tdb_s) & (total <= item.end_tdb_s)):
        first, last = (2000.0 + t / 3.15576e7 for t in (item.start_tdb_s, item.end_tdb_s))
        raise DomainError(
            f"the table of {name!r} covers {first:.1f} to {last:.1f}",
            path="epoch_tdb_s",
            hint="epochs are seconds past J2000 TDB; tools/build_ephemeris.py builds other spans",
        )
    index = np.floor((epoch_tdb_s - item.start_tdb_s + offset_s) / item.granule_s).astype(np.int64)
    index = np.clip(index, 0, n_granules - 1)
    inside = (epoch_tdb_s - (item.start_tdb_s + index * item.granule_s)) + offset_s
    x = 2.0 * inside / item.granule_s - 1.0
    coefficients = item.coefficients[..., index]
    value = np.zeros((3, *epoch_tdb_s.shape))
    slope = np.zeros_like(value)
    terms = [np.ones_like(x), x]
    slopes = [np.zeros_like(x), np.ones_like(x)]
    for _ in range(2, len(coefficients)):
        slopes.append(2.0 * terms[-1] + 2.0 * x * slopes[-1] - slopes[-2])
        terms.append(2.0 * x * terms[-1] - terms[-2])
    for power in range(len(coefficients) - 1, -1, -1):
        value += coefficients[power] * terms[power]
        slope += coefficients[power] * slopes[power]
    return value, 2.0 / item.granule_s * slope


def _from_emb(body: str, epoch: Array, offset: Array) -> tuple[Array, Array]:
    """State relative to the Earth-Moon barycentre."""
    if body not in BODIES:
        raise DomainError(
            f"no such body: {body!r}", path="body", hint=f"one of {', '.join(BODIES)}"
        )
    if body in ("moon", "earth"):
        share = 1.0 if body == "moon" else -moon_over_earth_mass()
        r, v = evaluate("moon", epoch, offset)
        return share * r, share * v
    if body == "emb":
        return np.zeros((3, *epoch.shape)), np.zeros((3, *epoch.shape))
    r, v = evaluate("emb", epoch, offset)
    if body == "ssb":
        return -r, -v
    far, far_rate = evaluate(body, epoch, offset)
    return far - r, far_rate - v
