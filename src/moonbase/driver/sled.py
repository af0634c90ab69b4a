"""The sled: superconducting coils on their load line, cryostat and frame.

Neglected: anisotropy of the conductor in the direction of the field, the drive coils' field at the
sled, heat from ripple, and the mass of persistent switches other than through the cryostat ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import GM_MOON_m3_s2, MAGNETIC_CONSTANT_H_m, MOON_RADIUS_m
from moonbase.driver._checks import _not_negative, _positive, _valid
from moonbase.driver.eddy import sheet_drag_ratio
from moonbase.driver.specs import CoilSpec, SledSpec

_MU0 = MAGNETIC_CONSTANT_H_m


@dataclass(frozen=True, slots=True, kw_only=True)
class SledCoil:
    """One superconducting coil of a sled, per draw."""

    section_radius_m: Array
    current_density_A_m2: Array
    surface_field_T: Array
    hoop_stress_Pa: Array
    inductance_H: Array
    stored_energy_J: Array
    mass_kg: Array


def superconducting_coil(
    *,
    radius_m: Real,
    current_A: Real,
    critical_density_A_m2: Real,
    reference_field_T: Real,
    field_exponent_ratio: Real,
    load_margin_frac: Real,
    conductor_kg_m3: Real,
) -> SledCoil:
    r"""Size one superconducting coil at its working point on the load line.

    Parameters
    ----------
    radius_m
        Mean radius, m (draw).
    current_A
        Ampere-turns, A (draw).
    critical_density_A_m2, reference_field_T
        Critical current density of the winding pack, A/m2, at a field, T, and at the working
        temperature (draw).
    field_exponent_ratio
        Exponent alpha of the fall of the critical density with field; 0 for none (draw).
    load_margin_frac
        Distance from the critical current, as a share of it, 0 to below 1 (draw).
    conductor_kg_m3
        Density of the winding pack, kg/m3 (draw).

    Returns
    -------
    SledCoil
        Radius of the round winding section m, current density A/m2, field at its surface T, mean
        hoop stress in the winding Pa, inductance of one turn H, stored energy J, mass kg (draw).

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    :math:`J = (1 - m) J_c (B_{ref}/B_s)^\alpha` with :math:`B_s = \mu_0 I / 2 \pi c` and
    :math:`I = \pi c^2 J`, solved in closed form. Hoop stress
    :math:`\mu_0 I J / 4\pi\,[\ln(8r/c) - 3/4]`, inductance
    :math:`\mu_0 r [\ln(8r/c) - 7/4]`. Valid for a section well below the radius.

    Source: force per length of a ring current from the derivative of its inductance (Shafranov);
    power law of the critical density as in the fits of coated conductors.

    Examples
    --------
    >>> coil = superconducting_coil(
    ...     radius_m=0.75, current_A=1e6, critical_density_A_m2=3e8, reference_field_T=6.0,
    ...     field_exponent_ratio=0.0, load_margin_frac=0.0, conductor_kg_m3=8000.0,
    ... )
    >>> round(float(coil.surface_field_T), 2), round(float(coil.mass_kg))
    (6.14, 126)
    """
    radius = _positive("radius_m", radius_m)
    current = _positive("current_A", current_A)
    margin = np.asarray(load_margin_frac)
    inside = (margin >= 0.0) & (margin < 1.0)
    margin = _valid("load_margin_frac", margin, inside, "must be at least 0 and below 1")
    alpha = _not_negative("field_exponent_ratio", field_exponent_ratio)
    field = _positive("reference_field_T", reference_field_T)
    critical = _positive("critical_density_A_m2", critical_density_A_m2)
    at_unit_density = 0.5 * _MU0 * np.sqrt(current / np.pi)
    at_unit = (1.0 - margin) * critical * (field / at_unit_density) ** alpha
    density = at_unit ** (1.0 / (1.0 + 0.5 * alpha))
    section = np.sqrt(current / (np.pi * density))
    slenderness = np.log(8.0 * radius / section)
    inductance = _MU0 * radius * (slenderness - 1.75)
    volume = 2.0 * np.pi * radius * current / density
    return SledCoil(
        section_radius_m=section,
        current_density_A_m2=density,
        surface_field_T=_MU0 * current / (2.0 * np.pi * section),
        hoop_stress_Pa=_MU0 * current * density / (4.0 * np.pi) * (slenderness - 0.75),
        inductance_H=inductance,
        stored_energy_J=0.5 * inductance * current**2,
        mass_kg=_positive("conductor_kg_m3", conductor_kg_m3) * volume,
    )


def sled_mass(
    *,
    coil_kg: Real,
    n_poles: Real,
    cryostat_ratio: Real,
    payload_kg: Real,
    acceleration_m_s2: Real,
    sled_length_m: Real,
    frame_strength_J_kg: Real,
    frame_margin_ratio: Real,
) -> Array:
    r"""Mass of a sled: coils with their cryostats, and a frame that carries the payload's thrust.

    Parameters
    ----------
    coil_kg, n_poles
        Mass of one superconducting coil, kg, and how many there are (draw).
    cryostat_ratio
        Cryostat, cooler and leads over the mass of the coils (draw).
    payload_kg, acceleration_m_s2, sled_length_m
        What is pushed, kg, how hard, m/s2, over what length of frame, m (draw).
    frame_strength_J_kg
        Allowed stress over density of the frame, J/kg (draw).
    frame_margin_ratio
        Mass of the frame over that of a bar in pure tension (draw).

    Returns
    -------
    Array
        Mass, kg (draw): :math:`n m_c (1 + k) + f\, m_p a L / (\sigma/\rho)`.

    Raises
    ------
    DomainError
        A number is out of range in every draw.

    Notes
    -----
    Source: elementary strength of materials; the ratios are records.

    Examples
    --------
    >>> mass = sled_mass(
    ...     coil_kg=126.0, n_poles=4.0, cryostat_ratio=0.3, payload_kg=1000.0,
    ...     acceleration_m_s2=980.665, sled_length_m=3.5, frame_strength_J_kg=5.6e4,
    ...     frame_margin_ratio=4.0,
    ... )
    >>> round(float(mass))
    900
    """
    thrust = np.asarray(payload_kg) * acceleration_m_s2
    bar = thrust * sled_length_m / _positive("frame_strength_J_kg", frame_strength_J_kg)
    cold = coil_kg * n_poles * (1.0 + _not_negative("cryostat_ratio", cryostat_ratio))
    mass: Array = cold + _not_negative("frame_margin_ratio", frame_margin_ratio) * bar
    return mass


def sled_length(spec: SledSpec) -> Array:
    """Length of the sled's frame: its poles and half a pole pitch, m (draw)."""
    length: Array = (np.asarray(spec.n_poles) - 0.5) * spec.pole_pitch_m
    return length


def sled_drag(*, spec: SledSpec, sheet: CoilSpec, speed_m_s: Real) -> Array:
    r"""Drag of the guideway on a sled, per moving mass, on a track that follows the ground.

    Parameters
    ----------
    spec, sheet
        The sled, whose pole pitch sets the wave number, and the guideway's sheet.
    speed_m_s
        Speed, m/s (any shape).

    Returns
    -------
    Array
        Drag over mass, N/kg: :math:`|v^2/R - \mu/R^2|` times drag over lift of the sheet,
        which counts as 1 at most: below take-off the sled runs on wheels.

    Raises
    ------
    DomainError
        The sheet's thickness or conductivity is not positive in any draw.

    Notes
    -----
    Source: finite-thickness sheet as in :func:`moonbase.driver.eddy.sheet_drag_ratio`.

    Examples
    --------
    See :func:`moonbase.driver.design.design_driver`.
    """
    speed = np.asarray(speed_m_s)
    lift = np.abs(speed**2 / MOON_RADIUS_m - GM_MOON_m3_s2 / MOON_RADIUS_m**2)
    ratio = sheet_drag_ratio(
        conductivity_S_m=_positive("guide_sheet_S_m", sheet.guide_sheet_S_m),
        thickness_m=_positive("guide_sheet_m", sheet.guide_sheet_m),
        pole_pitch_m=_positive("pole_pitch_m", spec.pole_pitch_m),
        speed_m_s=speed,
    )
    drag: Array = lift * np.minimum(ratio, 1.0)
    return drag
