"""The track section by section: turns, voltage, current, converters, losses, temperature.

Neglected: leakage between sections of unlike turns, transients at section and zone borders,
circulating currents between parallel strands, harmonics of the converters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import STEFAN_BOLTZMANN_W_m2_K4
from moonbase.driver._checks import _fraction, _not_negative, _positive, _valid
from moonbase.driver.eddy import ac_resistance_ratio, skin_depth
from moonbase.driver.specs import CoilSpec, DriveSpec
from moonbase.driver.window import Window

N_SECTIONS = 32
"""Sections of equal length into which a track is split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveCoil:
    """What all drive coils of a track share, per draw."""

    radius_m: Array
    pitch_m: Array
    area_m2: Array
    surface_m2: Array
    mass_kg: Array
    resistance_ohm: Array
    resistivity_ohm_m: Array
    specific_heat_J_kg_K: Array
    n_layers: Array
    strand_m: Array
    emissivity_frac: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track of constant acceleration: arrays (section, draw), and totals (draw).

    Speed, voltage, current and ratings hold at the fast end of a section. ``feeder_ratio`` is the
    length of the window over that of the longest zone whose feeder keeps its share of the voltage.
    """

    position_m: Array
    speed_m_s: Array
    n_turns: Array
    current_A: Array
    voltage_V: Array
    coil_VA: Array
    zone_length_m: Array
    feeder_ratio: Array
    resistance_ratio: Array
    temperature_rise_K: Array
    coil_temperature_K: Array
    length_m: Array
    n_coils: Array
    winding_kg: Array
    converter_VA: Array
    selector_VA: Array
    copper_J: Array
    device_J: Array
    feeder_J: Array


def drive_coil(*, spec: CoilSpec, radius_m: Real) -> DriveCoil:
    """Work out mass, resistance of one turn, layers of strands and own surface of a drive coil.

    Parameters
    ----------
    spec
        Section, conductor and surface.
    radius_m
        Mean radius, m (draw).

    Returns
    -------
    DriveCoil
        Per draw; one turn fills the section.

    Raises
    ------
    DomainError
        A number is out of range in every draw.

    Notes
    -----
    Source: elementary.

    Examples
    --------
    See :func:`moonbase.driver.design.design_driver`.
    """
    radius = _positive("radius_m", radius_m)
    width = _positive("drive_coil_width_m", spec.drive_coil_width_m)
    length = _positive("drive_coil_length_m", spec.drive_coil_length_m)
    fill = _fraction("fill_frac", spec.fill_frac, above_zero=True)
    strand = _positive("strand_m", spec.strand_m)
    resistivity = _positive("conductor_resistivity_ohm_m", spec.conductor_resistivity_ohm_m)
    heat = _positive("conductor_specific_heat_J_kg_K", spec.conductor_specific_heat_J_kg_K)
    area = width * length * fill
    turn = 2.0 * np.pi * radius
    return DriveCoil(
        radius_m=radius,
        pitch_m=_positive("coil_pitch_m", spec.coil_pitch_m),
        area_m2=area,
        surface_m2=2.0 * turn * (width + length),
        mass_kg=_positive("conductor_kg_m3", spec.conductor_kg_m3) * turn * area,
        resistance_ohm=resistivity * turn / area,
        resistivity_ohm_m=resistivity,
        specific_heat_J_kg_K=heat,
        n_layers=np.maximum(width * np.sqrt(fill) / strand, 1.0),
        strand_m=strand,
        emissivity_frac=_fraction(
            "coil_emissivity_frac", spec.coil_emissivity_frac, above_zero=True
        ),
    )


def lay_track(
    *,
    window: Window,
    n_window: Real,
    coil: DriveCoil,
    drive: DriveSpec,
    pole_pitch_m: Real,
    top_speed_m_s: Real,
    acceleration_m_s2: Real,
    cadence_s: Real,
    surroundings_K: Real,
) -> Track:
    r"""Choose turns, zones and ratings along a track of constant acceleration.

    Parameters
    ----------
    window
        Currents and voltages of the window at this thrust.
    n_window
        Drive coils that carry current at one time (draw).
    coil, drive
        The drive coil, and what feeds it.
    pole_pitch_m
        Distance of the sled's poles, m (draw).
    top_speed_m_s, acceleration_m_s2
        Highest speed, m/s, and acceleration or braking, m/s2 (draw).
    cadence_s
        Time from shot to shot, s (draw).
    surroundings_K
        What the coils radiate to, K (draw).

    Returns
    -------
    Track
        Turns are as many as the terminal voltage allows at a section's fast end; below one, a
        turn is fed as that many sectors (1/2, 1/3, ...), each by a converter of its own.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    With V the terminal voltage, f the share left to the feeder, e the window's voltage per turn
    and speed: :math:`N = \lfloor (1-f) V / v e \rfloor`; converters in a zone of length
    :math:`Z = 2 f V \max(N, 1) / (l_f v A')` serve one coil after the other through selector
    switches. The feeders of all phases and sectors share one section of conductor.
    Copper :math:`\int R_{ac} \sum A^2 dx / v` with Dowell's factor at :math:`v / 2\tau`; devices
    :math:`(u + 2 f_s t_s) V \sum |I|`.

    Source: derived; Dowell (1966), Proc. IEE 113, 1387 for the resistance.

    Examples
    --------
    See :func:`moonbase.driver.design.design_driver`.
    """
    top = _positive("top_speed_m_s", top_speed_m_s)
    length = 0.5 * top**2 / _positive("acceleration_m_s2", acceleration_m_s2)
    edges = (np.arange(N_SECTIONS + 1) / N_SECTIONS)[:, None]
    fast = top * np.sqrt(edges[1:])
    passage = 2.0 * length / top * np.diff(np.sqrt(edges), axis=0)

    turns, coil_voltage, longest = _turns_and_zones(window, coil, drive, fast)
    shortest = n_window * coil.pitch_m
    zone = np.clip(longest, shortest, np.maximum(length, shortest))
    current = window.peak_current_A / turns
    coil_VA = coil_voltage * current
    converter_VA = coil_VA / (1.0 - np.asarray(drive.feeder_voltage_frac))
    spare = _positive("converter_spare_ratio", drive.converter_spare_ratio)
    step = length / N_SECTIONS
    n_sets = np.maximum(step / zone, 1.0 / N_SECTIONS)

    skin = skin_depth(
        conductivity_S_m=1.0 / coil.resistivity_ohm_m,
        frequency_Hz=fast / (2.0 * _positive("pole_pitch_m", pole_pitch_m)),
    )
    ratio = ac_resistance_ratio(
        layer_height_m=coil.strand_m, skin_depth_m=skin, n_layers=coil.n_layers
    )
    resistance = coil.resistance_ohm * ratio
    per_shot = resistance * window.mean_square_sum_A2 * coil.pitch_m * passage / step
    flow = per_shot / _positive("cadence_s", cadence_s)
    sink = _not_negative("surroundings_K", surroundings_K)
    shed = coil.emissivity_frac * STEFAN_BOLTZMANN_W_m2_K4 * coil.surface_m2
    switched = device_drop(drive) * drive.terminal_voltage_V * window.mean_current_sum_A / turns
    area = _positive("feeder_area_m2", drive.feeder_area_m2)
    feeder_ohm = coil.resistivity_ohm_m * zone * n_window / area
    return Track(
        position_m=length * edges[1:],
        speed_m_s=fast,
        n_turns=turns,
        current_A=current * np.minimum(turns, 1.0),
        voltage_V=coil_voltage,
        coil_VA=coil_VA,
        zone_length_m=zone,
        feeder_ratio=shortest / longest,
        resistance_ratio=ratio,
        temperature_rise_K=per_shot / (coil.mass_kg * coil.specific_heat_J_kg_K),
        coil_temperature_K=(sink**4 + flow / shed) ** 0.25,
        length_m=length,
        n_coils=np.ceil(length / coil.pitch_m),
        winding_kg=coil.mass_kg * length / coil.pitch_m,
        converter_VA=np.sum(n_sets * n_window * spare * converter_VA, axis=0),
        selector_VA=np.sum(step / coil.pitch_m * coil_VA, axis=0),
        copper_J=np.sum(resistance * window.mean_square_sum_A2 * passage, axis=0),
        device_J=np.sum(switched * passage, axis=0),
        feeder_J=np.sum(feeder_ohm * window.mean_square_sum_A2 / turns**2 * passage, axis=0),
    )


def device_drop(drive: DriveSpec) -> Array:
    """Voltage lost in a converter, by conduction and by switching, over that at its terminals."""
    period_share = _not_negative("switching_Hz", drive.switching_Hz) * _not_negative(
        "switching_time_s", drive.switching_time_s
    )
    drop: Array = _fraction("conduction_drop_frac", drive.conduction_drop_frac) + 2.0 * period_share
    return drop


def _turns_and_zones(
    window: Window, coil: DriveCoil, drive: DriveSpec, fast: Array
) -> tuple[Array, Array, Array]:
    """Turns, voltage at the coil and longest zone of each section at its fast end."""
    per_turn = fast * window.peak_voltage_V_s_m + coil.resistance_ohm * window.peak_current_A
    voltage = _positive("terminal_voltage_V", drive.terminal_voltage_V)
    share = np.asarray(drive.feeder_voltage_frac)
    inside = (share > 0.0) & (share < 1.0)
    share = _valid("feeder_voltage_frac", share, inside, "must be above 0 and below 1")
    allowed = voltage * (1.0 - share) / per_turn
    turns = np.where(
        allowed >= 1.0,
        np.minimum(np.floor(allowed), _positive("n_turns_max", drive.n_turns_max)),
        1.0 / np.ceil(1.0 / allowed),
    )
    feeder = _positive("feeder_inductance_H_m", drive.feeder_inductance_H_m)
    whole = np.maximum(turns, 1.0)
    zone = 2.0 * share * voltage * whole / (feeder * fast * window.peak_slope_A_m)
    return turns, turns * per_turn, zone
