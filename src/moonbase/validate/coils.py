"""Adapters of the cases of loops and coils."""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import MAGNETIC_CONSTANT_H_m
from moonbase.driver.coils import (
    Coil,
    axial_force,
    coil_inductance,
    coil_mutual,
    coil_mutual_gradient,
    sheet_inductance,
)
from moonbase.driver.loops import mutual_inductance, mutual_inductance_gradient
from moonbase.driver.offaxis import mutual_inductance_off_axis, off_axis

Answer = dict[str, Real]
Figures = dict[str, float]


def loops(*, radius_1_m: list[float], radius_2_m: list[float], offset_m: list[float]) -> Answer:
    """Coaxial loops: mutual inductance and its gradient."""
    pairs = {
        "radius_1_m": np.asarray(radius_1_m),
        "radius_2_m": np.asarray(radius_2_m),
        "offset_m": np.asarray(offset_m),
    }
    return {
        "mutual_H": mutual_inductance(**pairs),
        "gradient_H_m": mutual_inductance_gradient(**pairs),
    }


def tilted_loops(**inputs: float) -> Answer:
    """Loops in any pose."""
    return {"mutual_H": mutual_inductance_off_axis(**inputs)}


def tilted_pull(
    *, a: Figures, b: Figures, current_A: float, lateral_m: float, tilt_rad: float
) -> Answer:
    """Force and torque on the second of two coils in any pose, both with one current."""
    pull = off_axis(
        _coil(a),
        _coil(b),
        current_a_A=current_A,
        current_b_A=current_A,
        lateral_m=lateral_m,
        tilt_rad=tilt_rad,
    )
    return {
        "axial_N": pull.force_N[0],
        "lateral_N": pull.force_N[1],
        "torque_J_rad": pull.torque_J_rad[2],
    }


def sheets(*, radius_m: float, length_m: list[float]) -> Answer:
    """Current sheets of one turn: inductance, over the magnetic constant, and Nagaoka's factor."""
    length = np.asarray(length_m)
    inductance = sheet_inductance(radius_m=radius_m, length_m=length, turns=1.0)
    over_constant = inductance / MAGNETIC_CONSTANT_H_m
    return {
        "inductance_H": inductance,
        "over_magnetic_constant_m": over_constant,
        "nagaoka_ratio": over_constant * length / (np.pi * radius_m**2),
    }


def self_inductances(*, coils: list[Figures]) -> Answer:
    """Self-inductance of each coil, and of all of them in series."""
    built = [_coil(figures) for figures in coils]
    each = [coil_inductance(coil) for coil in built]
    between = [coil_mutual(a, b) for i, a in enumerate(built) for b in built[:i]]
    return {"inductance_H": np.array(each), "series_H": sum(each) + 2.0 * sum(between)}


def mutuals(*, first: Figures, others: list[Figures]) -> Answer:
    """One coil with others: mutual inductances, their sum, couplings and gradients."""
    a = _coil(first)
    built = [_coil(figures) for figures in others]
    mutual = np.array([coil_mutual(a, b) for b in built])
    product = np.array([coil_inductance(a) * coil_inductance(b) for b in built])
    return {
        "mutual_H": mutual,
        "sum_H": mutual.sum(),
        "coupling_frac": mutual / np.sqrt(product),
        "gradient_H_m": np.array([coil_mutual_gradient(a, b) for b in built]),
        "force_N": np.array([axial_force(a, b, 1.0, 1.0) for b in built]),
    }


def _coil(figures: Figures) -> Coil:
    """Coil from its fields, or from mean radius and thickness in place of two radii."""
    fields = dict(figures)
    if "radius_mean_m" in fields:
        mean, half = fields.pop("radius_mean_m"), 0.5 * fields.pop("thickness_m")
        fields |= {"radius_inner_m": mean - half, "radius_outer_m": mean + half}
    return Coil(**fields)
