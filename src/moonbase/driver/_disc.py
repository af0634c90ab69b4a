"""A disc of rings over coils with sinusoidal currents, and its motion step by step.

Neglected: as in :mod:`moonbase.driver.levitation`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _not_negative, _positive
from moonbase.driver._rings import FluxTables, Rings, check_section, couple, cut_rings, flux_tables
from moonbase.driver.coils import Coil


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setup:
    """Rings of the disc with coils' tables and current phasors (coil), and the coils' top."""

    rings: Rings
    tables: FluxTables
    below_m: Array
    current_A: Array
    ring_ohm: Array
    ring_matrix_H: Array
    pulsation_rad_s: float


def _disc(inner_m: float, outer_m: float, thickness_m: float) -> Coil:
    return Coil(
        radius_inner_m=float(_not_negative("disc_inner_radius_m", inner_m)),
        radius_outer_m=float(_positive("disc_radius_m", outer_m)),
        length_m=float(_positive("disc_thickness_m", thickness_m)),
    )


def _currents(coils: Sequence[Coil], value: float | Sequence[float] | Array) -> Array:
    """One value for each coil."""
    values = np.asarray(value, dtype=np.float64)
    if not coils or values.shape not in ((), (len(coils),)):
        raise DomainError(
            f"needs one value, or one for each of {len(coils)} coils",
            path="current_A, phase_rad",
            hint="list them in the order of the coils",
        )
    return np.broadcast_to(values, (len(coils),)).copy()


def _top(coils: Sequence[Coil]) -> float:
    return max(coil.position_m + 0.5 * coil.length_m for coil in coils)


def _set_up(
    *,
    coils: Sequence[Coil],
    current_A: float | Sequence[float] | Array,
    phase_rad: float | Sequence[float] | Array,
    frequency_Hz: float,
    conductivity_S_m: float,
    disc: Coil,
    n_radial: int,
    n_axial: int,
    gaps_m: Array,
) -> _Setup:
    currents = _currents(coils, current_A) * np.exp(1j * _currents(coils, phase_rad))
    for k, coil in enumerate(coils):
        check_section(f"coils[{k}]", coil)
    check_section("disc_radius_m", disc)
    rings = cut_rings(body=disc, n_radial=n_radial, n_axial=n_axial)
    below_m = np.array([_top(coils) + 0.5 * disc.length_m - coil.position_m for coil in coils])
    reach_m = (
        float(np.nanmax(gaps_m))
        + float(below_m.max())
        + disc.length_m
        + max(coil.length_m for coil in coils)
    )
    return _Setup(
        rings=rings,
        tables=flux_tables(
            coils=list(coils), rings=rings, reach_m=reach_m, gap_m=float(np.nanmin(gaps_m))
        ),
        below_m=below_m,
        current_A=currents,
        ring_ohm=rings.turn_1_m / float(_positive("conductivity_S_m", conductivity_S_m)),
        ring_matrix_H=rings.inductance_H(),
        pulsation_rad_s=2.0 * math.pi * float(_positive("frequency_Hz", frequency_Hz)),
    )


@numba.njit(cache=True, error_model="numpy")
def _move(
    rows: Array,
    tables: Array,
    scale_m: Array,
    half_m: Array,
    below_m: Array,
    offset_m: Array,
    current_A: Array,
    pulsation_rad_s: float,
    inverse: Array,
    keep: Array,
    ring_ohm: Array,
    step_s: float,
    mass_kg: float,
    gravity_m_s2: float,
) -> float:
    """Fill gap, speed and force from the first row on; the heat in the rings, J."""
    n_coils, n_rings = len(below_m), len(ring_ohm)
    mutual, gradient = np.empty((n_coils, n_rings)), np.empty((n_coils, n_rings))
    ring_A, flux = np.zeros(n_rings), np.zeros(n_rings)
    support_m = rows[0, 0]
    acceleration = heat_J = 0.0
    for n in range(-1, len(rows) - 1):
        gap_m, speed_m_s = rows[max(n, 0), 0], rows[max(n, 0), 1]
        if n >= 0:
            gap_m += step_s * (speed_m_s + 0.5 * step_s * acceleration)
        next_flux, slope = np.zeros(n_rings), np.zeros(n_rings)
        for c in range(n_coils):
            place_m = gap_m + below_m[c]
            couple(tables[c], scale_m[c], half_m[c], place_m, offset_m, mutual[c], gradient[c])
            angle = pulsation_rad_s * step_s
            now_A = (current_A[c] * np.exp(1j * angle * (n + 1))).imag
            middle_A = (current_A[c] * np.exp(1j * angle * (n + 0.5))).imag
            next_flux += now_A * mutual[c]
            slope += middle_A * gradient[c]
        if n < 0:
            flux = next_flux
            continue
        middle_ring_A = keep @ ring_A - inverse @ (next_flux - flux) / step_s
        flux = next_flux
        ring_A = 2.0 * middle_ring_A - ring_A
        heat_J += step_s * np.sum(ring_ohm * middle_ring_A**2)
        force_N = np.sum(middle_ring_A * slope)
        acceleration = force_N / mass_kg - gravity_m_s2
        speed_m_s += step_s * acceleration
        if gap_m <= support_m and speed_m_s <= 0.0:
            gap_m, speed_m_s, acceleration = support_m, 0.0, 0.0
        rows[n + 1] = gap_m, speed_m_s, force_N
    return heat_J
