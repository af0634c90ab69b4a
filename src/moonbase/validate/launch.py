"""Adapters of the cases of section design and of launches coil by coil."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.driver import (
    CoilSpec,
    DriverDesign,
    DriveSpec,
    Faults,
    SledSpec,
    design_driver,
    design_quench_gun,
    simulate_launch,
    superconducting_coil,
)
from moonbase.driver.track import drive_coil, lay_track
from moonbase.driver.window import Coupling, couple, window

Answer = dict[str, Real]
Figures = dict[str, float]

_SLED: Figures = {
    "sled_coil_radius_m": 0.75,
    "n_poles": 4.0,
    "pole_pitch_m": 1.0,
    "loading_ratio": 0.152,
    "critical_density_A_m2": 3e8,
    "reference_field_T": 6.0,
    "field_exponent_ratio": 0.0,
    "load_margin_frac": 0.0,
    "superconductor_kg_m3": 8000.0,
    "hoop_limit_Pa": 4e8,
    "cryostat_ratio": 0.0,
    "cryostat_wall_m": 0.0,
    "frame_strength_J_kg": 5.6e4,
    "frame_margin_ratio": 0.0,
    "payload_kg_m3": 250.0,
}
_COIL: Figures = {
    "gap_m": 0.06,
    "clearance_m": 0.02,
    "drive_coil_width_m": 0.08,
    "drive_coil_length_m": 0.30,
    "coil_pitch_m": 0.5,
    "reach_ratio": 1.5 / 0.85,
    "fill_frac": 0.8,
    "conductor_kg_m3": 2700.0,
    "conductor_resistivity_ohm_m": 1.12e-8,
    "conductor_specific_heat_J_kg_K": 600.0,
    "strand_m": 1e-5,
    "coil_emissivity_frac": 0.8,
    "coil_frame_margin_ratio": 8.0,
    "temperature_rise_limit_K": 50.0,
    "coil_temperature_limit_K": 400.0,
    "surroundings_K": 150.0,
    "guide_sheet_m": 0.02,
    "guide_sheet_S_m": 3.5e7,
}
_DRIVE: Figures = {
    "terminal_voltage_V": 1e6,
    "n_turns_max": 8.0,
    "feeder_voltage_frac": 0.3,
    "feeder_inductance_H_m": 1e-12,
    "feeder_area_m2": 1e3,
    "converter_spare_ratio": 1.0,
    "conduction_drop_frac": 0.0,
    "switching_Hz": 0.0,
    "switching_time_s": 0.0,
}
"""What a case does not name: the coils of the base launcher, fed by ideal converters."""


def coils_of_a_window(*, n_turns: float, **changes: float) -> Answer:
    """Drive coils along the track and their pull on the sled, with their turns."""
    coupling = _couple(changes)
    inductance = coupling.inductance_H[:, 0]
    pull = np.abs(coupling.gradient_H_m[:, 0])
    places = np.arange(pull.size) - 0.5 * (pull.size - 1)
    window_m = coupling.n_coils[0] * coupling.pitch_m[0]
    return {
        "inductance_H": inductance[0] * n_turns**2,
        "coupling_frac": inductance[1:3] / inductance[0],
        "peak_gradient_H_m": n_turns * pull.max(),
        "offset_m": abs(places[pull.argmax()]) * window_m / (pull.size - 1),
    }


def sled_coil(*, radius_m: float, current_A: float, density_kg_m3: float, **way: float) -> Answer:
    """Superconducting coil of given current density, or of given radius of its section."""
    density = way.get("density_A_m2") or current_A / (np.pi * way["section_radius_m"] ** 2)
    coil = superconducting_coil(
        radius_m=radius_m,
        current_A=current_A,
        critical_density_A_m2=density,
        reference_field_T=1.0,
        field_exponent_ratio=0.0,
        load_margin_frac=0.0,
        conductor_kg_m3=density_kg_m3,
    )
    return {name: getattr(coil, name) for name in coil.__dataclass_fields__}


def commanded_run(
    *,
    moving_kg: float,
    sled_current_A: float,
    muzzle_speed_m_s: float,
    acceleration_g: float,
    **changes: float,
) -> Answer:
    """Section figures of a run with currents of least loss; turns as ``n_turns_max`` has them."""
    spec = CoilSpec(**_pick(_COIL, changes))
    acceleration = acceleration_g * STANDARD_GRAVITY_m_s2
    coupling = _couple(changes)
    figures = window(
        coupling=coupling, force_N=moving_kg * acceleration, sled_coil_current_A=sled_current_A
    )
    winding = drive_coil(spec=spec, radius_m=_drive_radius(changes))
    track = lay_track(
        window=figures,
        n_window=coupling.n_coils.astype(np.float64),
        coil=winding,
        drive=DriveSpec(**_pick(_DRIVE, changes)),
        pole_pitch_m=_pick(_SLED, changes)["pole_pitch_m"],
        top_speed_m_s=muzzle_speed_m_s,
        acceleration_m_s2=acceleration,
        cadence_s=30.0,
        surroundings_K=spec.surroundings_K,
    )
    turns = track.n_turns[-1, 0]
    return {
        "n_coils": track.n_coils,
        "coil_kg": winding.mass_kg,
        "winding_kg": track.winding_kg,
        "resistance_ohm": winding.resistance_ohm * turns**2,
        "current_A": track.current_A[-1, 0],
        "voltage_V": track.voltage_V[-1, 0],
        "coil_VA": track.coil_VA[-1, 0],
        "all_coils_VA": track.selector_VA[0],
        "electric_power_W": figures.peak_power_ratio[0]
        * moving_kg
        * acceleration
        * muzzle_speed_m_s,
        "copper_J": track.copper_J[0],
    }


def flown(
    *,
    payload_kg: float,
    muzzle_speed_m_s: float,
    acceleration_g: float,
    deceleration_g: float = 300.0,
    open_loop: bool = False,
    flux_conserving: bool = False,
    steps_per_pitch: int = 40,
    thrust_scale_frac: float = 0.0,
    lost_coil_place_frac: float | None = None,
    **changes: float,
) -> Answer:
    """One launch coil by coil; a coil may be lost unawares at a share of the length."""
    design = _design(
        changes,
        payload_kg=payload_kg,
        muzzle_speed_m_s=muzzle_speed_m_s,
        acceleration_m_s2=acceleration_g * STANDARD_GRAVITY_m_s2,
        deceleration_m_s2=deceleration_g * STANDARD_GRAVITY_m_s2,
    )
    options: dict[str, Any] = {
        "control_time_s": np.inf if open_loop else 5e-3,
        "flux_conserving": flux_conserving,
        "steps_per_pitch": steps_per_pitch,
    }
    shot = simulate_launch(design=design, **options)
    perfect_m_s = shot.muzzle_speed_m_s
    if thrust_scale_frac or lost_coil_place_frac is not None:
        gain = np.zeros(shot.coil_position_m.size)
        if lost_coil_place_frac is not None:
            away = np.abs(shot.coil_position_m - lost_coil_place_frac * design.length_m)
            gain[away.argmin()] = -1.0
        faults = Faults(thrust_scale_frac=thrust_scale_frac, coil_gain_frac=gain)
        shot = simulate_launch(design=design, faults=faults, **options)
    before = shot.time_s < shot.release_time_s
    moving = payload_kg + design.sled_kg[0]
    return {
        "speed_m_s": shot.muzzle_speed_m_s,
        "speed_change_m_s": shot.muzzle_speed_m_s - perfect_m_s,
        "time_s": shot.release_time_s,
        "length_m": np.interp(shot.release_time_s, shot.time_s, shot.position_m),
        "force_N": np.median(shot.force_N[before]),
        "kinetic_J": 0.5 * moving * shot.muzzle_speed_m_s**2,
        "drawn_J": shot.energy_in_J["bus_launch"],
        "braked_J": shot.energy_out_J["bus_returned"],
        "current_A": shot.coil_current_A[shot.coil_position_m < design.length_m - 5.0].max(),
        "audit_frac": shot.audit_error_frac,
    }


def quench_shot(
    *, payload_kg: float, muzzle_speed_m_s: float, acceleration_g: float, **changes: float
) -> Answer:
    """One shot of a quench gun whose rings are charged with the energy of the shot."""
    gun = design_quench_gun(
        payload_kg=payload_kg,
        muzzle_speed_m_s=muzzle_speed_m_s,
        acceleration_m_s2=acceleration_g * STANDARD_GRAVITY_m_s2,
        sled=SledSpec(**_pick(_SLED, changes)),
        coil=CoilSpec(**_pick(_COIL, changes)),
    )
    shot = simulate_launch(design=gun)
    kinetic = shot.energy_out_J["payload"] + shot.energy_out_J["sled"]
    return {
        "speed_m_s": shot.muzzle_speed_m_s,
        "length_m": shot.position_m[-1],
        "kinetic_over_stored_frac": kinetic / gun.stored_J,
        "burnt_frac": shot.energy_out_J["quenched"] / gun.stored_J,
        "audit_frac": shot.audit_error_frac,
    }


def _pick(base: Figures, changes: Figures) -> Figures:
    return {name: changes.get(name, value) for name, value in base.items()}


def _drive_radius(changes: Figures) -> float:
    sled, coil = _pick(_SLED, changes), _pick(_COIL, changes)
    return sled["sled_coil_radius_m"] + coil["gap_m"] + 0.5 * coil["drive_coil_width_m"]


def _couple(changes: Figures) -> Coupling:
    sled, coil = _pick(_SLED, changes), _pick(_COIL, changes)
    return couple(
        drive_coil_radius_m=_drive_radius(changes),
        **{name: sled[name] for name in ("sled_coil_radius_m", "n_poles", "pole_pitch_m")},
        **{name: coil[name] for name in ("drive_coil_width_m", "drive_coil_length_m")},
        **{name: coil[name] for name in ("coil_pitch_m", "reach_ratio")},
    )


def _design(changes: Figures, **line: float) -> DriverDesign:
    return design_driver(
        cadence_s=30.0,
        sled=SledSpec(**_pick(_SLED, changes)),
        coil=CoilSpec(**_pick(_COIL, changes)),
        drive=DriveSpec(**_pick(_DRIVE, changes)),
        **line,
    )
