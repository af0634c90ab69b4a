"""Section design of one line: sled, drive coils, turns, ratings, losses and masses by part.

Neglected: eddy currents in structure other than the guideway's sheet, the drive coils' field at
the superconductor, power that circulates between coils beyond the window, temperature gradients
within a coil, and the reaction of resistance on temperature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _not_negative, _positive
from moonbase.driver.sled import (
    SledCoil,
    sled_drag,
    sled_length,
    sled_mass,
    superconducting_coil,
)
from moonbase.driver.specs import CoilSpec, DriveSpec, SledSpec
from moonbase.driver.track import DriveCoil, Track, drive_coil, lay_track
from moonbase.driver.window import Coupling, Window, couple, window

_PASSES = 24
_FEWEST_TURNS = 0.25

LIMITS: dict[str, str] = {
    "terminal_voltage": "raise terminal_voltage_V, or lower acceleration_m_s2",
    "feeder_voltage": "raise feeder_voltage_frac or terminal_voltage_V, or lower the acceleration",
    "hoop_stress": "raise loading_ratio or n_poles, or lower acceleration_m_s2",
    "temperature_rise": "enlarge the drive coil's section or use thinner strands",
    "coil_temperature": "enlarge the drive coil's section, or fire less often",
    "clearance": "raise gap_m, or lower the sled's ampere-turns by a higher loading_ratio",
    "coil_overlap": "shorten the drive coils or space them wider",
    "bore": "raise sled_coil_radius_m, pole_pitch_m or n_poles",
}
"""Limits that a design must keep, each with what helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverDesign:
    """One line, section by section. Arrays (draw); those of the tracks (section, draw)."""

    muzzle_speed_m_s: Array
    acceleration_m_s2: Array
    deceleration_m_s2: Array
    payload_kg: Array
    sled_kg: Array
    length_m: Array
    force_N: Array
    brake_force_N: Array
    drag_N: Array
    sled_coil_current_A: Array
    bucket_length_m: Array
    bucket_radius_m: Array
    pole_pitch_m: Array
    coil_pitch_m: Array
    n_window: Array
    sled: SledSpec
    coil: CoilSpec
    drive: DriveSpec
    sled_coil: SledCoil
    drive_coil: DriveCoil
    coupling: Coupling
    window: Window
    brake_window: Window
    track: Track
    brake: Track
    launch_J: dict[str, Array]
    brake_J: dict[str, Array]
    efficiency_frac: Array
    regeneration_frac: Array
    winding_kg: Array
    frame_kg: Array
    feeder_kg: Array
    converter_VA: Array
    selector_VA: Array
    limit_ratio: Mapping[str, Array]
    is_feasible: npt.NDArray[np.bool_]


def design_driver(
    *,
    payload_kg: Real,
    muzzle_speed_m_s: Real,
    acceleration_m_s2: Real,
    deceleration_m_s2: Real,
    cadence_s: Real,
    sled: SledSpec,
    coil: CoilSpec,
    drive: DriveSpec,
) -> DriverDesign:
    r"""Design one line of a synchronous mass driver, section by section.

    Parameters
    ----------
    payload_kg
        Mass thrown, kg (draw).
    muzzle_speed_m_s, acceleration_m_s2, deceleration_m_s2, cadence_s
        Release speed m/s, thrust and braking m/s2, time from shot to shot s (draw).
    sled, coil, drive
        What the designer decides; see :mod:`moonbase.driver.specs`.

    Returns
    -------
    DriverDesign
        Sled and masses kg, lengths m, thrust N, ratings VA, efficiency from the bus to kinetic
        energy and from the sled's kinetic energy back to the bus, per draw; tracks per section
        and draw. ``launch_J`` and ``brake_J`` say where the energy of a shot goes.
        ``limit_ratio`` holds demand over limit for each of :data:`LIMITS`.

    Raises
    ------
    DomainError
        A number is out of range in every draw, or does not fit the draws of the others.

    Notes
    -----
    The sled's ampere-turns solve :math:`I_b^2 = F a_1 / \lambda` with
    :math:`F = (m_p + m_s(I_b)) a`, :math:`\lambda` the loading and :math:`a_1` the window's peak
    drive current at unit thrust and unit sled current. Converters and selector switches are rated
    by peak voltage times peak current; see :func:`moonbase.driver.track.lay_track`.

    Sources: NASA SP-428 (1979) part III-3 for the division of a line; equations as cited by the
    functions called.

    Examples
    --------
    >>> sled = SledSpec(
    ...     sled_coil_radius_m=0.75, n_poles=4, pole_pitch_m=1.0, loading_ratio=0.15,
    ...     critical_density_A_m2=4.3e8, reference_field_T=6.0, field_exponent_ratio=0.6,
    ...     load_margin_frac=0.3, superconductor_kg_m3=8000.0, hoop_limit_Pa=4e8,
    ...     cryostat_ratio=0.3, cryostat_wall_m=0.02, frame_strength_J_kg=5.6e4,
    ...     frame_margin_ratio=4.0, payload_kg_m3=250.0,
    ... )
    >>> coil = CoilSpec(
    ...     gap_m=0.1, clearance_m=0.02, drive_coil_width_m=0.04, drive_coil_length_m=0.25,
    ...     coil_pitch_m=1.0 / 3.0, reach_ratio=1.8, fill_frac=0.8, conductor_kg_m3=2700.0,
    ...     conductor_resistivity_ohm_m=2.3e-8, conductor_specific_heat_J_kg_K=850.0,
    ...     strand_m=3e-4, coil_emissivity_frac=0.8, coil_frame_margin_ratio=8.0,
    ...     temperature_rise_limit_K=50.0, coil_temperature_limit_K=400.0, surroundings_K=250.0,
    ...     guide_sheet_m=0.02, guide_sheet_S_m=3.5e7,
    ... )
    >>> drive = DriveSpec(
    ...     terminal_voltage_V=4e4, n_turns_max=50, feeder_voltage_frac=0.3,
    ...     feeder_inductance_H_m=1e-7, feeder_area_m2=0.03, converter_spare_ratio=1.2,
    ...     conduction_drop_frac=1e-3, switching_Hz=5e3, switching_time_s=5e-7,
    ... )
    >>> design = design_driver(
    ...     payload_kg=1000.0, muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665,
    ...     deceleration_m_s2=2942.0, cadence_s=30.0, sled=sled, coil=coil, drive=drive,
    ... )
    >>> broken_limits(design), round(float(design.efficiency_frac[0]), 2)
    ([], 0.96)
    """
    n_draws = _count_draws(
        {
            "payload_kg": payload_kg,
            "muzzle_speed_m_s": muzzle_speed_m_s,
            "acceleration_m_s2": acceleration_m_s2,
            "deceleration_m_s2": deceleration_m_s2,
            "cadence_s": cadence_s,
        }
        | {
            field.name: getattr(spec, field.name)
            for spec in (sled, coil, drive)
            for field in fields(spec)
        }
    )
    sled = replace(sled, n_poles=np.rint(_positive("n_poles", sled.n_poles)))
    each = partial(np.full, n_draws, dtype=np.float64)
    payload = each(_positive("payload_kg", payload_kg))
    acceleration = each(_positive("acceleration_m_s2", acceleration_m_s2))
    braking = each(_positive("deceleration_m_s2", deceleration_m_s2))
    speed = each(_positive("muzzle_speed_m_s", muzzle_speed_m_s))
    inner = _positive("sled_coil_radius_m", sled.sled_coil_radius_m)
    inner = inner + _positive("gap_m", coil.gap_m)
    width = _positive("drive_coil_width_m", coil.drive_coil_width_m)
    winding = drive_coil(spec=coil, radius_m=inner + 0.5 * width)
    coupling = couple(
        sled_coil_radius_m=sled.sled_coil_radius_m,
        n_poles=sled.n_poles,
        pole_pitch_m=sled.pole_pitch_m,
        drive_coil_radius_m=winding.radius_m,
        drive_coil_width_m=coil.drive_coil_width_m,
        drive_coil_length_m=coil.drive_coil_length_m,
        coil_pitch_m=coil.coil_pitch_m,
        reach_ratio=coil.reach_ratio,
    )
    cold, sled_kg = _size_sled(sled, coupling, payload, acceleration)
    force = (payload + sled_kg) * acceleration
    brake_force = sled_kg * braking
    current = cold.section_radius_m**2 * np.pi * cold.current_density_A_m2
    push = window(coupling=coupling, force_N=force, sled_coil_current_A=current)
    pull = window(coupling=coupling, force_N=brake_force, sled_coil_current_A=current)
    lay = partial(
        lay_track,
        n_window=coupling.n_coils.astype(np.float64),
        coil=winding,
        drive=drive,
        pole_pitch_m=sled.pole_pitch_m,
        top_speed_m_s=speed,
        cadence_s=cadence_s,
        surroundings_K=coil.surroundings_K,
    )
    track = lay(window=push, acceleration_m_s2=acceleration)
    brake = lay(window=pull, acceleration_m_s2=braking)
    drag = sled_drag(spec=sled, sheet=coil, speed_m_s=track.speed_m_s)
    specific = 0.5 * speed**2
    moving = payload + sled_kg
    launch = _losses(track, drag * moving, moving * specific)
    stop = _losses(brake, drag * sled_kg, sled_kg * specific)
    lost, braked = (sum(list(items.values())[1:]) for items in (launch, stop))
    limits = _limits(sled, coil, cold, (track, brake), payload)
    return DriverDesign(
        muzzle_speed_m_s=speed,
        acceleration_m_s2=acceleration,
        deceleration_m_s2=braking,
        payload_kg=payload,
        sled_kg=sled_kg,
        length_m=track.length_m,
        force_N=force,
        brake_force_N=brake_force,
        drag_N=drag,
        sled_coil_current_A=current,
        bucket_length_m=each(sled_length(sled)),
        bucket_radius_m=each(sled.sled_coil_radius_m),
        pole_pitch_m=each(sled.pole_pitch_m),
        coil_pitch_m=each(winding.pitch_m),
        n_window=each(coupling.n_coils.astype(np.float64)),
        sled=sled,
        coil=coil,
        drive=drive,
        sled_coil=cold,
        drive_coil=winding,
        coupling=coupling,
        window=push,
        brake_window=pull,
        track=track,
        brake=brake,
        launch_J=launch,
        brake_J=stop,
        efficiency_frac=launch["kinetic"] / (launch["kinetic"] + lost),
        regeneration_frac=np.maximum(1.0 - braked / stop["kinetic"], 0.0),
        winding_kg=track.winding_kg + brake.winding_kg,
        frame_kg=_frames(sled, coil, winding, current, (push, track), (pull, brake)),
        feeder_kg=np.asarray(coil.conductor_kg_m3)
        * drive.feeder_area_m2
        * (track.length_m + brake.length_m),
        converter_VA=track.converter_VA + brake.converter_VA,
        selector_VA=track.selector_VA + brake.selector_VA,
        limit_ratio=limits,
        is_feasible=np.all([ratio <= 1.0 for ratio in limits.values()], axis=0),
    )


def _count_draws(values: Mapping[str, Real]) -> int:
    """Number of draws; refuses an input that is neither one number nor one value for each."""
    n_draws = max(np.size(value) for value in values.values())
    for name, value in values.items():
        if np.ndim(value) > 1 or np.size(value) not in (1, n_draws):
            raise DomainError(
                f"has shape {np.shape(value)} beside {n_draws} draws",
                path=name,
                hint="give one number, or one value for each draw",
            )
    return n_draws


def broken_limits(design: DriverDesign, draw: int = 0) -> list[str]:
    """Name the limits that one draw of a design breaks, by how much, and what helps.

    Parameters
    ----------
    design
        What :func:`design_driver` returned.
    draw
        Which draw.

    Returns
    -------
    list of str
        One sentence a broken limit; empty where the design keeps all.

    Raises
    ------
    DomainError
        There is no such draw.

    Examples
    --------
    See :func:`design_driver`.
    """
    _check_draw(design, draw)
    ratios = {name: float(np.ravel(design.limit_ratio[name])[draw]) for name in LIMITS}
    if np.isnan(list(ratios.values())).any():
        return ["there is no design: an input is out of range"]
    return [
        f"{name.replace('_', ' ')} is {ratio:.2f} times its limit: {LIMITS[name]}"
        for name, ratio in ratios.items()
        if ratio > 1.0
    ]


def one_draw(design: DriverDesign, draw: int) -> DriverDesign:
    """Take one draw out of a design: floats where it had (draw), (section) where (section, draw).

    Parameters
    ----------
    design
        What :func:`design_driver` returned.
    draw
        Which draw.

    Returns
    -------
    DriverDesign
        The same fields without the draw axis.

    Raises
    ------
    DomainError
        There is no such draw.

    Examples
    --------
    See :func:`moonbase.driver.synchronous.simulate_synchronous`.
    """
    n_draws = _check_draw(design, draw)
    if np.ndim(design.is_feasible) == 0:
        return design
    picked: DriverDesign = _pick(design, draw, n_draws)
    return picked


def _check_draw(design: DriverDesign, draw: int) -> int:
    """Number of draws of a design that has the draw asked for."""
    n_draws = design.is_feasible.size
    if not 0 <= draw < n_draws:
        raise DomainError(f"there is no draw {draw}", path="draw", hint=f"0 to {n_draws - 1}")
    return n_draws


def _pick(value: Any, draw: int, n_draws: int) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        picked = {
            field.name: _pick(getattr(value, field.name), draw, n_draws) for field in fields(value)
        }
        return type(value)(**picked)
    if isinstance(value, Mapping):
        return {key: _pick(item, draw, n_draws) for key, item in value.items()}
    array = np.asarray(value)
    if array.ndim == 0:
        return array[()]
    return array[..., draw if array.shape[-1] == n_draws else 0]


def replace_draws(
    design: DriverDesign, draws: npt.NDArray[np.intp], other: DriverDesign
) -> DriverDesign:
    """Put another design of the same geometry in the place of some draws.

    Parameters
    ----------
    design
        All draws.
    draws
        Which of them to replace.
    other
        What to put there: one draw for each of ``draws``, with the same couplings.

    Returns
    -------
    DriverDesign
        A new design; the given ones are left as they are.

    Examples
    --------
    See :func:`moonbase.design.build_driver`.
    """
    mixed: DriverDesign = _mix(design, draws, other, design.is_feasible.size)
    return mixed


def _mix(value: Any, draws: npt.NDArray[np.intp], other: Any, n_draws: int) -> Any:
    if isinstance(value, Coupling):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        mixed = {
            field.name: _mix(getattr(value, field.name), draws, getattr(other, field.name), n_draws)
            for field in fields(value)
        }
        return type(value)(**mixed)
    if isinstance(value, Mapping):
        return {key: _mix(item, draws, other[key], n_draws) for key, item in value.items()}
    array = np.asarray(value)
    if array.ndim == 0 or array.shape[-1] != n_draws:
        return value
    array = array.copy()
    array[..., draws] = other
    return array


def _size_sled(
    spec: SledSpec, coupling: Coupling, payload: Array, acceleration: Array
) -> tuple[SledCoil, Array]:
    """Superconducting coil and mass of a sled that pushes itself and its payload."""
    unit = window(coupling=coupling, force_N=1.0, sled_coil_current_A=1.0)
    loading = unit.peak_current_A / _positive("loading_ratio", spec.loading_ratio)
    sled = 0.5 * payload
    for _ in range(_PASSES):
        coil = superconducting_coil(
            radius_m=spec.sled_coil_radius_m,
            current_A=np.sqrt((payload + sled) * acceleration * loading),
            critical_density_A_m2=spec.critical_density_A_m2,
            reference_field_T=spec.reference_field_T,
            field_exponent_ratio=spec.field_exponent_ratio,
            load_margin_frac=spec.load_margin_frac,
            conductor_kg_m3=_positive("superconductor_kg_m3", spec.superconductor_kg_m3),
        )
        sled = sled_mass(
            coil_kg=coil.mass_kg,
            n_poles=spec.n_poles,
            cryostat_ratio=spec.cryostat_ratio,
            payload_kg=payload,
            acceleration_m_s2=acceleration,
            sled_length_m=sled_length(spec),
            frame_strength_J_kg=spec.frame_strength_J_kg,
            frame_margin_ratio=spec.frame_margin_ratio,
        )
    return coil, sled


def _frames(
    sled: SledSpec,
    coil: CoilSpec,
    winding: DriveCoil,
    sled_current_A: Array,
    *tracks: tuple[Window, Track],
) -> Array:
    """Frames that carry the peak thrust of every drive coil over one radius to the ground."""
    total = np.zeros_like(sled_current_A)
    for figures, track in tracks:
        peak = sled_current_A * figures.peak_gradient_H_m * figures.peak_current_A
        total = total + track.n_coils * peak * winding.radius_m
    strength = _positive("frame_strength_J_kg", sled.frame_strength_J_kg)
    margin = _not_negative("coil_frame_margin_ratio", coil.coil_frame_margin_ratio)
    frames: Array = margin * total / strength
    return frames


def _losses(track: Track, drag_N: Array, kinetic_J: Array) -> dict[str, Array]:
    """Kinetic energy of a passage and what it loses on the way, by item."""
    return {
        "kinetic": kinetic_J,
        "copper": track.copper_J,
        "devices": track.device_J,
        "feeder": track.feeder_J,
        "drag": np.mean(drag_N, axis=0) * track.length_m,
    }


def _limits(
    sled: SledSpec,
    coil: CoilSpec,
    cold: SledCoil,
    tracks: tuple[Track, Track],
    payload_kg: Array,
) -> dict[str, Array]:
    """Demand over limit of each of :data:`LIMITS`."""
    turns = np.min([np.min(track.n_turns, axis=0) for track in tracks], axis=0)
    rise = np.max([np.max(track.temperature_rise_K, axis=0) for track in tracks], axis=0)
    warm = np.max([np.max(track.coil_temperature_K, axis=0) for track in tracks], axis=0)
    wall = _not_negative("cryostat_wall_m", sled.cryostat_wall_m)
    inner = np.asarray(sled.sled_coil_radius_m) - cold.section_radius_m - wall
    bore = np.pi * np.maximum(inner, 0.0) ** 2 * sled_length(sled)
    taken = cold.section_radius_m + wall + _not_negative("clearance_m", coil.clearance_m)
    volume = payload_kg / _positive("payload_kg_m3", sled.payload_kg_m3)
    ratios: dict[str, Array] = {
        "terminal_voltage": _FEWEST_TURNS / turns,
        "feeder_voltage": np.max([np.max(track.feeder_ratio, axis=0) for track in tracks], axis=0),
        "hoop_stress": cold.hoop_stress_Pa / _positive("hoop_limit_Pa", sled.hoop_limit_Pa),
        "temperature_rise": rise
        / _positive("temperature_rise_limit_K", coil.temperature_rise_limit_K),
        "coil_temperature": warm
        / _positive("coil_temperature_limit_K", coil.coil_temperature_limit_K),
        "clearance": taken / np.asarray(coil.gap_m),
        "coil_overlap": np.asarray(coil.drive_coil_length_m) / coil.coil_pitch_m,
        "bore": volume / np.maximum(bore, 1e-9),
    }
    return {name: np.broadcast_to(ratio, payload_kg.shape) for name, ratio in ratios.items()}
