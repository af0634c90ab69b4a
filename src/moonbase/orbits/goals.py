"""What a throw may be aimed at: escapes, libration points, orbits of Moon, Earth and Sun.

Each goal says what must hold at the end of the coast and which burns are left. Burns are impulses.
Neglected: navigation and execution errors, gravity losses of long burns, what keeps a craft at an
unstable point, and the decay of low lunar orbits in the uneven field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, JULIAN_YEAR_s, MOON_DISTANCE_m
from moonbase.core.errors import DomainError
from moonbase.orbits import _kepler, cr3bp
from moonbase.orbits._kepler import dot, norm
from moonbase.orbits._records import gm_of, radius_of
from moonbase.orbits.de440 import ephemeris

_MOON_SPHERE_m = MOON_DISTANCE_m * (gm_of("moon") / gm_of("earth")) ** 0.4
_POINTS = ("L1", "L2", "L3", "L4", "L5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """One change of velocity (draw); that of the air costs no propellant.

    ``elapsed_s`` counts from release. ``n_passes`` is 1 for an engine.
    """

    name: str
    elapsed_s: Array
    delta_v_m_s: Array
    propulsive: bool = True
    n_passes: Array | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarEscape:
    """Escape from the Moon with a given energy and direction.

    Attributes
    ----------
    c3_m2_s2
        Twice the energy relative to the Moon, m2/s2, above 0.
    right_ascension_rad, declination_rad
        Direction of the outgoing asymptote in ICRF axes, rad.
    sphere_m
        Distance from the Moon at which the osculating hyperbola is read, m: the Moon's sphere of
        influence if not given.
    """

    c3_m2_s2: float
    right_ascension_rad: float
    declination_rad: float
    sphere_m: float = _MOON_SPHERE_m

    def __post_init__(self) -> None:
        if not self.c3_m2_s2 > 0.0:
            raise DomainError(
                f"must be > 0, got {self.c3_m2_s2}",
                path="c3_m2_s2",
                hint="a bound orbit has no asymptote: aim at a LunarOrbit",
            )

    @property
    def velocity(self) -> Array:
        """Excess velocity asked for, ICRF axes, m/s."""
        c, s = np.cos(self.declination_rad), np.sin(self.declination_rad)
        turn = self.right_ascension_rad
        wanted: Array = self.c3_m2_s2**0.5 * np.array([c * np.cos(turn), c * np.sin(turn), s])
        return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrationPoint:
    """Rest at a libration point of Earth and Moon or of Sun and Earth.

    Attributes
    ----------
    name
        "L1" to "L5"; L4 leads.
    system
        ``"earth-moon"`` or ``"sun-earth"``, the latter with Earth and Moon as one.

    Notes
    -----
    The point moves with the true distance of the two bodies, in their true plane.
    """

    name: str
    system: Literal["earth-moon", "sun-earth"] = "earth-moon"

    def __post_init__(self) -> None:
        if self.name not in _POINTS:
            raise DomainError(
                f"no such point: {self.name!r}", path="name", hint=f"one of {', '.join(_POINTS)}"
            )
        if self.system not in ("earth-moon", "sun-earth"):
            raise DomainError(
                f"no such system: {self.system!r}", path="system", hint="earth-moon or sun-earth"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarOrbit:
    """Orbit about the Sun that drifts from the Earth at a chosen rate.

    Attributes
    ----------
    drift_rad_yr
        Angle gained on the Earth in a Julian year, rad: positive inside the Earth's orbit (ahead),
        negative outside.
    ring
        False: the coasting orbit has the period of that drift and needs a trim alone. True: its far
        apsis touches the circle of that drift, and a burn there stays on it.
    flyby
        Body whose passage within ``flyby_m`` the path must use, ``"moon"`` or ``"earth"``; None
        leaves it open.
    flyby_m
        Greatest distance of that passage from the body's centre, m.
    """

    drift_rad_yr: float
    ring: bool = False
    flyby: Literal["moon", "earth"] | None = None
    flyby_m: float = _MOON_SPHERE_m

    def __post_init__(self) -> None:
        if not -2.0 * np.pi < self.drift_rad_yr < 2.0 * np.pi or self.drift_rad_yr == 0.0:
            raise DomainError(
                "must be within one turn a year, and not 0",
                path="drift_rad_yr",
                hint="positive is inside the Earth's orbit, negative outside",
            )

    def radius_m(self, epoch_tdb_s: Real) -> Array:
        """Radius of the circle with the drift asked for, m."""
        return _kepler.ring_radius(self.drift_rad_yr / JULIAN_YEAR_s, epoch_tdb_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarOrbit:
    """Circular orbit of the Moon, with a burn at the first aposelene.

    Attributes
    ----------
    orbit_height_m
        Height over the sphere of 1,737.4 km, m.
    inclination_rad
        To the Moon's equator, rad; needs a free azimuth. None takes what the track gives.
    """

    orbit_height_m: float
    inclination_rad: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.orbit_height_m < _MOON_SPHERE_m:
            raise DomainError(
                "must be above 0 and inside the Moon's sphere of influence",
                path="orbit_height_m",
                hint="height in m over the sphere of 1,737.4 km",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AirPass:
    """Braking in the Earth's upper air.

    Attributes
    ----------
    pass_height_m
        Perigee height of the passes, m.
    density_kg_m3, scale_height_m
        Air at that height, and the height over which it thins e-fold, m.
    drag_area_m2_kg
        Drag coefficient times area over mass, m2/kg.
    """

    pass_height_m: float
    density_kg_m3: float
    scale_height_m: float
    drag_area_m2_kg: float

    def slowing_m_s(self, *, perigee_speed_m_s: Real, eccentricity_nd: Real) -> Array:
        r"""Loss of speed in one pass, m/s.

        Notes
        -----
        :math:`\Delta v = \tfrac12 \rho \frac{C_d A}{m} v \sqrt{2\pi H r_p (1 + e)/e}`: air that
        thins exponentially about the perigee of a conic. Valid while the loss is small against the
        speed and e is not small. Source: King-Hele (1964), Theory of Satellite Orbits in an
        Atmosphere; the form here is derived.

        Examples
        --------
        >>> air = AirPass(pass_height_m=1.1e5, density_kg_m3=1e-7, scale_height_m=7e3,
        ...               drag_area_m2_kg=0.02)
        >>> round(float(air.slowing_m_s(perigee_speed_m_s=10.9e3, eccentricity_nd=0.97)), 2)
        8.3
        """
        perigee = radius_of("earth") + self.pass_height_m
        e = np.asarray(eccentricity_nd)
        length = np.sqrt(2.0 * np.pi * self.scale_height_m * perigee * (1.0 + e) / e)
        loss: Array = 0.5 * self.density_kg_m3 * self.drag_area_m2_kg * perigee_speed_m_s * length
        return loss


@dataclass(frozen=True, slots=True, kw_only=True)
class EarthOrbit:
    """Orbit of the Earth, entered at perigee by a burn or through the air.

    Attributes
    ----------
    perigee_height_m, apogee_height_m
        Of the final orbit over the Earth's equatorial radius, m.
    air
        None: one burn at the perigee. Otherwise passes through the air lower the apogee, and a
        burn at the apogee then lifts the perigee.
    """

    perigee_height_m: float
    apogee_height_m: float
    air: AirPass | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.perigee_height_m <= self.apogee_height_m:
            raise DomainError(
                "must be above 0 and not above the apogee",
                path="perigee_height_m",
                hint="heights in m over the equatorial radius",
            )

    @property
    def arrival_m(self) -> float:
        """Perigee distance of the arriving path, m."""
        height = self.perigee_height_m if self.air is None else self.air.pass_height_m
        return radius_of("earth") + height


@dataclass(frozen=True, slots=True, kw_only=True)
class EarthFlyby:
    """Fall to the Earth, burn at the perigee, and leave for an orbit about the Sun.

    Attributes
    ----------
    perigee_height_m
        Height of the perigee over the equatorial radius, m.
    drift_rad_yr
        Angle then gained on the Earth in a Julian year, rad, as in :class:`SolarOrbit`.
    """

    perigee_height_m: float
    drift_rad_yr: float

    def __post_init__(self) -> None:
        if not self.perigee_height_m > 0.0:
            raise DomainError("must be > 0", path="perigee_height_m", hint="height in m")
        SolarOrbit(drift_rad_yr=self.drift_rad_yr)

    @property
    def arrival_m(self) -> float:
        """Perigee distance of the arriving path, m."""
        return radius_of("earth") + self.perigee_height_m


Goal = LunarEscape | LibrationPoint | SolarOrbit | LunarOrbit | EarthOrbit | EarthFlyby


def point_state(goal: LibrationPoint, epoch_tdb_s: Array) -> Array:
    """Moon-centred state of a libration point (6, ...)."""
    major, minor = ("earth", "moon") if goal.system == "earth-moon" else ("sun", "emb")
    place = _place(goal.name, goal.system)
    arm = ephemeris(minor, epoch_tdb_s, major)
    pole = np.cross(arm.r_icrf_m, arm.v_icrf_m_s, axis=0)
    pole = pole / norm(pole)
    base = ephemeris(major, epoch_tdb_s, "moon")
    r = base.r_icrf_m + place[0] * arm.r_icrf_m + place[1] * np.cross(pole, arm.r_icrf_m, axis=0)
    v = (
        base.v_icrf_m_s
        + place[0] * arm.v_icrf_m_s
        + place[1] * np.cross(pole, arm.v_icrf_m_s, axis=0)
    )
    return np.concatenate([r, v])


@lru_cache
def _place(name: str, system: str) -> Array:
    """Place of a point from the larger body, in units of the distance of the two."""
    small, large = gm_of("moon"), gm_of("earth")
    if system == "sun-earth":
        small, large = small + large, gm_of("sun")
    ratio = small / (small + large)
    points = cr3bp.libration_points(mass_ratio_mu=ratio)
    place: Array = getattr(points, f"{name.lower()}_nd") + np.array([ratio, 0.0, 0.0])
    return place


def residual(goal: Goal, states: Array, epoch_tdb_s: Array) -> Array:
    """What must vanish at the end of the coast (condition, craft); below 1 it is met.

    ``states`` are Moon-centred, position above velocity (6, craft).
    """
    r, v = states[:3], states[3:]
    if isinstance(goal, LunarEscape):
        excess = _kepler.excess_velocity(r, v, gm_of("moon"))
        gap = excess - goal.velocity.reshape(3, *(1,) * (r.ndim - 1))
        return np.concatenate([(norm(r) - goal.sphere_m)[None] / 10.0, gap / 1e-4])
    if isinstance(goal, LibrationPoint):
        length = MOON_DISTANCE_m if goal.system == "earth-moon" else ASTRONOMICAL_UNIT_m
        return (r - point_state(goal, epoch_tdb_s)[:3]) / (1e-8 * length)
    if isinstance(goal, SolarOrbit):
        gap = solar_gap(goal, states, epoch_tdb_s)
        return gap[None] / 1e3
    if isinstance(goal, LunarOrbit):
        radius = radius_of("moon") + goal.orbit_height_m
        rows = [dot(r, v) / norm(r) / 1e-3, (norm(r) - radius) / 1.0]
        if goal.inclination_rad is not None:
            rows.append((lunar_inclination(states, epoch_tdb_s) - goal.inclination_rad) / 1e-7)
        return np.array(rows)
    shift = ephemeris("moon", epoch_tdb_s, "earth")
    r, v = r + shift.r_icrf_m, v + shift.v_icrf_m_s
    return np.array([dot(r, v) / norm(r) / 1e-3, (norm(r) - goal.arrival_m) / 1.0])


def solar_gap(goal: SolarOrbit, states: Array, epoch_tdb_s: Real) -> Array:
    """Semi-major axis, or far apsis for a ring, less that asked for, m."""
    shift = ephemeris("moon", epoch_tdb_s, "sun")
    orbit = _kepler.solar_elements(
        states[:3] + shift.r_icrf_m, states[3:] + shift.v_icrf_m_s, epoch_tdb_s
    )
    size = orbit.semi_major_m
    if goal.ring:
        size = orbit.perihelion_m if goal.drift_rad_yr > 0.0 else orbit.aphelion_m
    gap: Array = size - goal.radius_m(epoch_tdb_s)
    return gap


def lunar_inclination(states: Array, epoch_tdb_s: Array) -> Array:
    """Inclination to the Moon's equator of Moon-centred states, rad."""
    from moonbase.orbits.frames import lunar_axes, pa_to_me

    pole_pa = pa_to_me()[2]
    axes = lunar_axes(epoch_tdb_s=epoch_tdb_s)
    pole = np.einsum("ji...,j->i...", axes.icrf_to_pa, pole_pa)
    momentum = np.cross(states[:3], states[3:], axis=0)
    return np.arctan2(norm(np.cross(pole, momentum, axis=0)), dot(pole, momentum))
