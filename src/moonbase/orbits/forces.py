"""What acts on a craft: the list of forces that a flight is run with.

Neglected by every model: tides of solid bodies, gravity of asteroids, drag, heat and radio thrust,
light reflected by Earth and Moon, and the planets' own figures other than the Earth's second zonal
term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.orbits.de440 import PLANETS
from moonbase.orbits.gravity import GravityField, lunar_gravity

POINT_MASSES = ("moon", "earth", "sun", *PLANETS)
"""Sun, Moon, Earth and the planetary systems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformRotation:
    """A Moon that turns evenly about a fixed pole from an orientation at the epoch."""

    icrf_to_body: Array
    rate_rad_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarPressure:
    r"""Sunlight on a sphere or on a flat plate.

    Attributes
    ----------
    area_per_mass_m2_kg
        Area over mass, m2/kg, a number or one for each craft.
    attitude
        ``"sphere"``: push straight from the Sun, ``reflectivity_ratio`` times that on a black
        disc. ``"sun"``: a plate at fixed angles to the Sun's direction. ``"inertial"``: a plate
        whose normal is fixed among the stars.
    reflectivity_ratio
        C_r of the sphere: 1 absorbs, 2 is a mirror.
    specular_frac, diffuse_frac
        Shares of light that a plate mirrors and scatters; the rest is absorbed.
    cone_rad, clock_rad
        ``"sun"``: angle from the Sun's direction to the normal, and its turn from the direction
        of motion round the Sun towards the orbit's north.
    normal_icrf
        ``"inertial"``: normal, any length; either face may see the Sun.
    shadow
        Whether Earth and Moon cast conical shadows.
    after_s
        Time of flight from which the light acts, s: before it the array is folded. 0 for light at
        all times, those before the epoch of a flight backward too.

    Notes
    -----
    :math:`a = P\,(A/m) \cos\theta\,[(\alpha + \rho_d) s - (2 \rho_s \cos\theta +
    \tfrac23 \rho_d) N]`. Source: McInnes (1999), Solar Sailing, section 2.6.
    """

    area_per_mass_m2_kg: Real
    attitude: Literal["sphere", "sun", "inertial"] = "sphere"
    reflectivity_ratio: float = 1.0
    specular_frac: float = 0.0
    diffuse_frac: float = 0.0
    cone_rad: float = 0.0
    clock_rad: float = 0.0
    normal_icrf: tuple[float, float, float] = (1.0, 0.0, 0.0)
    shadow: bool = True
    after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceModel:
    """Forces of a flight.

    Attributes
    ----------
    bodies
        Point masses that pull the craft where it is.
    common_bodies
        Point masses whose pull at the Moon is added to the craft: some 0.2 km off in 30 d, and
        cheaper.
    gravity
        Lunar field from degree 2 on, or None.
    rotation
        None for the tabled orientation (DE421 to 2051), or an even turn.
    earth_j2
        Second zonal term of the Earth about its mean pole of date.
    relativity
        First post-Newtonian pull of the Sun.
    pressure
        Sunlight, or None.
    gm_m3_s2
        Gravitational parameters, m3/s2, in place of DE440's, by body.
    indirect
        False: the centre moves as in DE440. True: the centre is pulled by ``bodies`` as point
        masses alone, which is what a program with indirect terms does.
    """

    bodies: tuple[str, ...] = POINT_MASSES
    common_bodies: tuple[str, ...] = ()
    gravity: GravityField | None = field(default_factory=lunar_gravity)
    rotation: UniformRotation | None = None
    earth_j2: bool = True
    relativity: bool = False
    pressure: SolarPressure | None = None
    gm_m3_s2: Mapping[str, float] = field(default_factory=dict)
    indirect: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What acts, in words."""
        out = [f"point mass {body}" for body in self.bodies]
        out += [f"pull of {body} at the Moon" for body in self.common_bodies]
        if self.gravity is not None:
            turn = "tabled axes" if self.rotation is None else "even turn"
            out.append(f"lunar field {self.gravity.name}, {turn}")
        out += ["Earth J2"] * self.earth_j2 + ["solar 1PN"] * self.relativity
        if self.pressure is not None:
            late = f" after {self.pressure.after_s:,.0f} s" if self.pressure.after_s else ""
            out.append(f"sunlight, {self.pressure.attitude}{late}")
        return tuple(out)

    def after(self, elapsed_s: float) -> ForceModel:
        """The same forces for a flight that goes on from ``elapsed_s`` after the first epoch."""
        if self.pressure is None:
            return self
        left = max(self.pressure.after_s - elapsed_s, 0.0)
        return replace(self, pressure=replace(self.pressure, after_s=left))


def point_mass_model(*bodies: str, **changes: object) -> ForceModel:
    """Point masses alone.

    Parameters
    ----------
    *bodies
        Names, as in :data:`POINT_MASSES`; all of them if none is given.
    **changes
        Other fields of :class:`ForceModel`.

    Returns
    -------
    ForceModel
        Without lunar field and Earth J2 unless ``changes`` name them.

    Examples
    --------
    >>> point_mass_model("earth", "moon").names
    ('point mass earth', 'point mass moon')
    """
    settings = {"gravity": None, "earth_j2": False, **changes}
    return ForceModel(bodies=bodies or POINT_MASSES, **settings)  # type: ignore[arg-type]


def quadrupole_matrix(*, gravity: GravityField, gm_m3_s2: float) -> Array:
    r"""Second-degree part of a field as a symmetric matrix in body axes.

    Parameters
    ----------
    gravity
        The field.
    gm_m3_s2
        Gravitational parameter, m3/s2.

    Returns
    -------
    Array
        Shape (3, 3), m5/s2: potential :math:`r^T Q r / r^5`.

    Notes
    -----
    Source: solid harmonics of degree 2 written out.

    Examples
    --------
    >>> q = quadrupole_matrix(gravity=lunar_gravity(degree=2), gm_m3_s2=4.9e12)
    >>> bool(abs(np.trace(q)) < 1e-9 * q[2, 2] ** 2)
    True
    """
    c, s = gravity.cosine[2], gravity.sine[2]
    c20, c21, c22 = c[:3] * np.sqrt([5.0, 5.0 / 3.0, 5.0 / 12.0])
    _, s21, s22 = s[:3] * np.sqrt([5.0, 5.0 / 3.0, 5.0 / 12.0])
    q = np.array(
        [
            [-0.5 * c20 + 3.0 * c22, 3.0 * s22, 1.5 * c21],
            [3.0 * s22, -0.5 * c20 - 3.0 * c22, 1.5 * s21],
            [1.5 * c21, 1.5 * s21, c20],
        ]
    )
    return gm_m3_s2 * gravity.radius_m**2 * q
