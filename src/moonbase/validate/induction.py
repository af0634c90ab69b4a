"""Adapters of the cases of induction launchers, levitation and eddy currents."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.core.arrays import Real
from moonbase.driver.coils import Coil
from moonbase.driver.eddy import ac_resistance_ratio, ladder_forces, sheet_forces, skin_depth
from moonbase.driver.induction import induction_armature_heat, induction_energy
from moonbase.driver.levitation import levitation, simulate_levitation
from moonbase.driver.stage import simulate_stage

Answer = dict[str, Real]


def stage(*, coil: dict[str, float], armature: dict[str, float], **inputs: Any) -> Answer:
    """One shot of one capacitor-fed stage."""
    shot = simulate_stage(coil=Coil(**coil), armature=Coil(**armature), **inputs)
    return {
        "exit_speed_m_s": shot.exit_speed_m_s,
        "efficiency_frac": shot.efficiency_frac,
        "peak_current_A": shot.peak_current_A,
        "audit_error_frac": shot.audit_error_frac,
    }


def disc_lift(*, coils: list[dict[str, float]], **inputs: Any) -> Answer:
    """Mean force and loss of a disc at a gap, or where lift and weight balance."""
    disc = levitation(coils=[Coil(**coil) for coil in coils], **inputs)
    return {"force_N": disc.force_N, "loss_W": disc.loss_W}


def disc_release(*, coils: list[dict[str, float]], **inputs: Any) -> Answer:
    """First peak of a disc after the coils are switched on."""
    run = simulate_levitation(coils=[Coil(**coil) for coil in coils], **inputs)
    return {"peak_gap_m": run.peak_gap_m, "peak_time_s": run.peak_time_s}


def bank(**inputs: Any) -> Answer:
    """Energy, efficiency and recharge time of a launcher's capacitors."""
    shot = induction_energy(**inputs)
    return {
        "stored_energy_J": shot.stored_energy_J,
        "muzzle_energy_J": shot.muzzle_energy_J,
        "efficiency_frac": shot.efficiency_frac,
        "recharge_time_s": shot.recharge_time_s,
    }


def armature_heat(**inputs: Any) -> Answer:
    """Heat in the armature at a mean slip."""
    return {"heat_J": induction_armature_heat(**inputs)}


def sheet(**inputs: Any) -> Answer:
    """Drag over lift of a sheet with its thin limit."""
    forces = sheet_forces(**inputs)
    return {
        "drag_ratio": forces.drag_ratio,
        "thin_drag_ratio": forces.thin_drag_ratio,
        "transition_speed_m_s": forces.transition_speed_m_s,
    }


def skin(**inputs: Any) -> Answer:
    """Skin depth."""
    return {"skin_depth_m": skin_depth(**inputs)}


def ladder(**inputs: Any) -> Answer:
    """Lift over drag of a ladder track."""
    forces = ladder_forces(**inputs)
    return {
        "lift_over_drag_ratio": 1.0 / forces.drag_ratio,
        "transition_speed_m_s": forces.transition_speed_m_s,
    }


def winding(*, layer_height_m: list[float], **inputs: Any) -> Answer:
    """Excess of the alternating-current resistance over the direct-current one."""
    ratio = ac_resistance_ratio(layer_height_m=np.asarray(layer_height_m), **inputs)
    return {"excess_ratio": ratio - 1.0}
