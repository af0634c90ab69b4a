"""What a designer decides about a line: the sled, the drive coils, and what feeds them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.driver._checks import _not_negative, _positive


@dataclass(frozen=True, slots=True, kw_only=True)
class SledSpec:
    """The sled. Every field is a number or one value a draw.

    Mean radius of its superconducting coils, m, their number and their distance, m;
    ``loading_ratio``, peak ampere-turns of a drive coil over those of a sled coil; critical
    current density of the winding pack, A/m2, at a field, T, with the exponent of its fall and the
    margin kept from it; density of the pack, kg/m3, and its allowed hoop stress, Pa; cryostat mass
    over coil mass, its wall, m; allowed stress over density of the frame, J/kg, and mass of the
    frame over that of a bar in pure tension; packing density of the payload, kg/m3.
    """

    sled_coil_radius_m: Real
    n_poles: Real
    pole_pitch_m: Real
    loading_ratio: Real
    critical_density_A_m2: Real
    reference_field_T: Real
    field_exponent_ratio: Real
    load_margin_frac: Real
    superconductor_kg_m3: Real
    hoop_limit_Pa: Real
    cryostat_ratio: Real
    cryostat_wall_m: Real
    frame_strength_J_kg: Real
    frame_margin_ratio: Real
    payload_kg_m3: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class CoilSpec:
    """The drive coils and the guideway's sheet. Every field is a number or one value a draw.

    ``gap_m`` from the mean radius of the sled's coils to the inner radius of the drive coils, of
    which ``clearance_m`` must stay free; radial width, axial length and distance of the coils, m;
    reach of the energised window beyond the sled's outer coils over the drive coils' radius; share
    of conductor in the section; density kg/m3, resistivity ohm m and heat capacity J/kg/K of the
    conductor where it works, thickness of a transposed strand, m; emissivity of the coil's
    surface; mass of a coil's frame over that of a bar in pure tension that carries its peak thrust
    over one radius; allowed rise of temperature per shot and
    allowed mean temperature, K, and what the coils radiate to, K; thickness, m, and conductivity,
    S/m, of the sheet that carries the sled.
    """

    gap_m: Real
    clearance_m: Real
    drive_coil_width_m: Real
    drive_coil_length_m: Real
    coil_pitch_m: Real
    reach_ratio: Real
    fill_frac: Real
    conductor_kg_m3: Real
    conductor_resistivity_ohm_m: Real
    conductor_specific_heat_J_kg_K: Real
    strand_m: Real
    coil_emissivity_frac: Real
    coil_frame_margin_ratio: Real
    temperature_rise_limit_K: Real
    coil_temperature_limit_K: Real
    surroundings_K: Real
    guide_sheet_m: Real
    guide_sheet_S_m: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveSpec:
    """Converters, selector switches and feeders. Every field is a number or one value a draw.

    Highest voltage at a converter's terminals, V; most turns of a coil; share of the voltage left
    to the feeder, its inductance per length, H/m, and the section of all its conductors, m2;
    converters installed in a zone over coils in a window; forward drop over blocking voltage;
    switching frequency, Hz, and time per edge with voltage and current on together, s.
    """

    terminal_voltage_V: Real
    n_turns_max: Real
    feeder_voltage_frac: Real
    feeder_inductance_H_m: Real
    feeder_area_m2: Real
    converter_spare_ratio: Real
    conduction_drop_frac: Real
    switching_Hz: Real
    switching_time_s: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportions:
    """Lengths of a line that follow from the size of its payload, m (draw)."""

    sled_coil_radius_m: Array
    pole_pitch_m: Array
    coil_pitch_m: Array
    drive_coil_length_m: Array


def proportion(
    *,
    payload_kg: Real,
    payload_kg_m3: Real,
    bore_margin_ratio: Real,
    n_poles: Real,
    pole_pitch_ratio: Real,
    coil_depth_m: Real,
    n_coils_per_pole: Real,
    coil_length_ratio: Real,
) -> Proportions:
    r"""Proportion sled and coils to the payload's volume.

    Parameters
    ----------
    payload_kg, payload_kg_m3
        Mass, kg, and density as packed, kg/m3 (draw).
    bore_margin_ratio
        Volume inside the sled over the payload's (draw).
    n_poles, pole_pitch_ratio
        Coils of the sled, and their distance over the bore's radius (draw).
    coil_depth_m
        Mean radius of the sled's coils less that of the bore, m (draw).
    n_coils_per_pole, coil_length_ratio
        Drive coils per pole pitch, and length of one over their distance (draw).

    Returns
    -------
    Proportions
        Lengths, m (draw).

    Raises
    ------
    DomainError
        A number is out of range in every draw.

    Notes
    -----
    :math:`k V = \pi r^3 \kappa (n - 1/2)` for the bore's radius r, with k the bore margin, V the
    payload's volume, kappa the pole pitch over r and n the poles: a cylinder as long as the sled's
    frame.
    Source: geometry.

    Examples
    --------
    >>> shape = proportion(
    ...     payload_kg=1000.0, payload_kg_m3=250.0, bore_margin_ratio=1.15, n_poles=4.0,
    ...     pole_pitch_ratio=1.33, coil_depth_m=0.06, n_coils_per_pole=3.0, coil_length_ratio=0.8,
    ... )
    >>> round(float(shape.sled_coil_radius_m), 2), round(float(shape.pole_pitch_m), 2)
    (0.74, 0.9)
    """
    volume = _positive("payload_kg", payload_kg) / _positive("payload_kg_m3", payload_kg_m3)
    ratio = _positive("pole_pitch_ratio", pole_pitch_ratio)
    slender = np.pi * ratio * _positive("n_poles", np.asarray(n_poles) - 0.5)
    bore = np.cbrt(_positive("bore_margin_ratio", bore_margin_ratio) * volume / slender)
    pitch = ratio * bore / _positive("n_coils_per_pole", n_coils_per_pole)
    return Proportions(
        sled_coil_radius_m=bore + _not_negative("coil_depth_m", coil_depth_m),
        pole_pitch_m=ratio * bore,
        coil_pitch_m=pitch,
        drive_coil_length_m=_positive("coil_length_ratio", coil_length_ratio) * pitch,
    )
