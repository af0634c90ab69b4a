"""A bank of capacitor-fed coils and its armature, put together as one circuit.

Neglected: skin effect within one turn of a coil, dependence of heat capacity on temperature.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from moonbase.core.errors import DomainError
from moonbase.driver._checks import _not_negative, _positive
from moonbase.driver._circuit import CHARGED, WAITING, Circuit, State
from moonbase.driver._rings import Rings, check_section, flux_tables, overlap
from moonbase.driver.coils import Coil, coil_inductance, coil_mutual

_STEPS_PER_RADIAN = 400.0
"""Time steps in sqrt(L C), or in four times L/R where that is shorter."""
_REACH_RADII = 10.0
"""Outer radii past the last coil at which its pull is over: some 1e-4 of the greatest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conductor:
    """A conducting metal at the temperature at which a shot starts.

    Resistivity rises with temperature as ``1 + temperature_coefficient_1_K * rise``.
    """

    resistivity_ohm_m: float
    temperature_coefficient_1_K: float
    density_kg_m3: float
    heat_capacity_J_kg_K: float


ALUMINIUM = Conductor(
    resistivity_ohm_m=2.83e-8,
    temperature_coefficient_1_K=4.2e-3,
    density_kg_m3=2700.0,
    heat_capacity_J_kg_K=900.0,
)
"""Conductor-grade aluminium at 293 K, rounded handbook values (estimate)."""
COPPER = Conductor(
    resistivity_ohm_m=1.75e-8,
    temperature_coefficient_1_K=4.2e-3,
    density_kg_m3=8960.0,
    heat_capacity_J_kg_K=385.0,
)
"""Winding copper at 293 K, rounded handbook values (estimate)."""
WINDING_FILL_FRAC = 0.4
"""Share of conductor in the section of a high-voltage pulse coil, 0.3 to 0.6 (estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One coil with its capacitor and switch.

    The winding's resistance is ``coil_resistance_ohm``, or follows from the conductor's cross
    section ``wire_area_m2``, or from the share ``fill_frac`` of conductor in the coil's section.
    The outer circuit adds ``circuit_resistance_ohm`` and ``circuit_inductance_H``. The switch is a
    thyristor, with a ``crowbar`` diode across the capacitor or without; it opens for good when the
    current comes to zero. The stage fires as the armature's centre passes
    ``trigger_position_m``, or at ``trigger_time_s``, or, with neither, at the start.
    """

    coil: Coil
    capacitance_F: float
    voltage_V: float
    wire_area_m2: float | None = None
    coil_resistance_ohm: float | None = None
    fill_frac: float = WINDING_FILL_FRAC
    circuit_resistance_ohm: float = 0.0
    circuit_inductance_H: float = 0.0
    switch: Literal["crowbar", "thyristor"] = "crowbar"
    trigger_position_m: float | None = None
    trigger_time_s: float | None = None


def _check_stage(path: str, stage: Stage) -> None:
    check_section(f"{path}.coil", stage.coil)
    for name in ("capacitance_F", "voltage_V", "fill_frac", "wire_area_m2", "coil_resistance_ohm"):
        value = getattr(stage, name)
        if value is not None:
            _positive(f"{path}.{name}", value)
    for name in ("circuit_resistance_ohm", "circuit_inductance_H"):
        _not_negative(f"{path}.{name}", getattr(stage, name))
    if stage.switch not in ("crowbar", "thyristor"):
        raise DomainError(
            f"unknown switch {stage.switch!r}",
            path=f"{path}.switch",
            hint="use 'crowbar' or 'thyristor'",
        )
    if stage.trigger_position_m is not None and stage.trigger_time_s is not None:
        raise DomainError(
            "two triggers",
            path=f"{path}.trigger_time_s",
            hint="give a position or a time, or neither to fire at the start",
        )


def _travel_range(
    stages: Sequence[Stage], armature: Coil, start_m: float, end_m: float | None
) -> tuple[float, float]:
    """Least and greatest position of the armature: contact, the given end, or beyond the pull."""
    low_m, high_m = math.inf, -math.inf
    least_m, most_m = -math.inf, math.inf
    for stage in stages:
        coil = stage.coil
        touch_m = 0.5 * (coil.length_m + armature.length_m)
        far_m = touch_m + _REACH_RADII * max(coil.radius_outer_m, armature.radius_outer_m)
        low_m = min(low_m, coil.position_m - far_m)
        high_m = max(high_m, coil.position_m + far_m)
        if overlap(coil=coil, body=armature):
            if abs(start_m - coil.position_m) <= touch_m:
                raise DomainError(
                    "the armature overlaps a coil",
                    path="start_position_m",
                    hint="start it beyond the coil's end, or make one fit into the other",
                )
            if start_m > coil.position_m:
                least_m = max(least_m, coil.position_m + touch_m)
            else:
                most_m = min(most_m, coil.position_m - touch_m)
    if end_m is not None:
        low_m, high_m = (end_m, high_m) if end_m < start_m else (low_m, end_m)
    low_m, high_m = max(min(low_m, start_m), least_m), min(max(high_m, start_m), most_m)
    return low_m, high_m


def _assemble(
    *,
    stages: Sequence[Stage],
    rings: Rings,
    mass_kg: float,
    low_m: float,
    high_m: float,
    travel_m: float,
    coil_material: Conductor,
    armature_material: Conductor,
    heating: bool,
) -> Circuit:
    coils = [stage.coil for stage in stages]
    matrix_H = np.diag([coil_inductance(s.coil) + s.circuit_inductance_H for s in stages])
    for i, a in enumerate(coils):
        for j, b in enumerate(coils[:i]):
            matrix_H[i, j] = matrix_H[j, i] = coil_mutual(a, b)
    reach_m = max(
        max(abs(low_m - coil.position_m), abs(high_m - coil.position_m)) + coil.length_m
        for coil in coils
    )
    tables = flux_tables(coils=coils, rings=rings, reach_m=reach_m + rings.length_m)
    windings = [_winding(stage, coil_material) for stage in stages]
    ring_heat = armature_material.density_kg_m3 * armature_material.heat_capacity_J_kg_K
    triggers = [(stage.trigger_position_m, stage.trigger_time_s) for stage in stages]
    return Circuit(
        coil_matrix_H=matrix_H,
        coil_ohm=np.array([ohm for ohm, _ in windings]),
        outer_ohm=np.array([float(stage.circuit_resistance_ohm) for stage in stages]),
        coil_heat_J_K=np.array([heat for _, heat in windings]),
        coil_rise_1_K=coil_material.temperature_coefficient_1_K * heating,
        capacitance_F=np.array([float(stage.capacitance_F) for stage in stages]),
        start_V=np.array([float(stage.voltage_V) for stage in stages]),
        crowbar=np.array([stage.switch == "crowbar" for stage in stages]),
        trigger_m=np.array([math.inf if x is None else float(x) for x, _ in triggers]),
        trigger_s=np.array(
            [(0.0 if x is None else math.inf) if t is None else float(t) for x, t in triggers]
        ),
        coil_position_m=np.array([float(coil.position_m) for coil in coils]),
        tables=tables.coefficients_H,
        scale_m=tables.scale_m,
        half_m=tables.half_m,
        ring_matrix_H=rings.inductance_H(),
        ring_ohm=armature_material.resistivity_ohm_m * rings.turn_1_m,
        ring_heat_J_K=ring_heat * rings.volume_m3,
        ring_rise_1_K=armature_material.temperature_coefficient_1_K * heating,
        ring_offset_m=rings.offset_m,
        mass_kg=mass_kg,
        low_m=float(low_m),
        high_m=float(high_m),
        travel_m=float(travel_m),
    )


def _winding(stage: Stage, metal: Conductor) -> tuple[float, float]:
    """Resistance in ohm and heat capacity in J/K of a winding at the start."""
    coil = stage.coil
    wire_m = math.pi * (coil.radius_inner_m + coil.radius_outer_m) * coil.turns
    section_m2 = (coil.radius_outer_m - coil.radius_inner_m) * coil.length_m
    area_m2 = stage.wire_area_m2 or stage.fill_frac * section_m2 / coil.turns
    ohm = metal.resistivity_ohm_m * wire_m / area_m2
    if stage.coil_resistance_ohm is not None:
        area_m2 *= 1.0 if stage.wire_area_m2 else ohm / stage.coil_resistance_ohm
        ohm = stage.coil_resistance_ohm
    return ohm, wire_m * area_m2 * metal.density_kg_m3 * metal.heat_capacity_J_kg_K


def _start_state(circuit: Circuit, start_m: float, speed_m_s: float) -> State:
    n_coils, n_rings = len(circuit.start_V), len(circuit.ring_ohm)
    fired = (circuit.trigger_m <= start_m) | (circuit.trigger_s <= 0.0)
    return State(
        motion=np.array([0.0, start_m, speed_m_s, 0.0]),
        coil_A=np.zeros(n_coils),
        ring_A=np.zeros(n_rings),
        voltage_V=circuit.start_V.copy(),
        coil_K=np.zeros(n_coils),
        ring_K=np.zeros(n_rings),
        outer_J=np.zeros(n_coils),
        peak_A=np.zeros(n_coils),
        peak_m_s2=np.zeros(1),
        mode=np.where(fired, CHARGED, WAITING).astype(np.int64),
    )


def _step_length(circuit: Circuit) -> float:
    """Time step, s, from the quickest of the coils' circuits."""
    inductance_H = np.diag(circuit.coil_matrix_H)
    swing_s = np.sqrt(inductance_H * circuit.capacitance_F)
    decay_s = 4.0 * inductance_H / (circuit.coil_ohm + circuit.outer_ohm)
    return float(np.minimum(swing_s, decay_s).min()) / _STEPS_PER_RADIAN
