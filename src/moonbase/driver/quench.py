"""The quench gun: rings charged beforehand pull a superconducting sled in and are opened behind it.

Every ring keeps its flux until its switch opens. A sled coil that comes in drives the current of
the ring ahead towards zero; opened at zero a ring loses nothing, opened later it burns what is
left. Braking is the same in reversed time: rings closed at zero current are charged by the sled.

Neglected: resistance of joints and of opening switches, the time an opening takes, forces between
rings, refrigeration (see :mod:`moonbase.driver.plant`), charging of the rings between shots.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _positive
from moonbase.driver._linear import solve_in_place
from moonbase.driver._synchronous_kernel import couplings, pair_table
from moonbase.driver.history import Launch
from moonbase.driver.sled import sled_mass, superconducting_coil
from moonbase.driver.specs import CoilSpec, SledSpec
from moonbase.driver.window import coil_inductances, coil_pair

_FAR = 36
"""Rings ahead of the sled whose pull is counted; the nearer two thirds may change its current."""
_STEPS_PER_PITCH = 16
_TABLE_PER_PITCH = 48
_NEAR = 1e-6
"""Share of a pitch within which the sled counts as in the plane of a ring."""
_N_SAMPLES = 2001
_PASSES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class QuenchGun:
    """A quench gun: masses kg, speed m/s, ring geometry m, ampere-turns A; scalars.

    ``ring_kg`` is the superconductor of one ring, ``stored_J`` the energy of all rings charged.
    """

    payload_kg: float
    sled_kg: float
    muzzle_speed_m_s: float
    acceleration_m_s2: float
    sled_coil_radius_m: float
    sled_inductance_H: float
    sled_current_A: float
    ring_radius_m: float
    ring_width_m: float
    ring_length_m: float
    ring_pitch_m: float
    ring_current_A: float
    ring_kg: float
    n_rings: int
    stored_J: float


def design_quench_gun(
    *,
    payload_kg: float,
    muzzle_speed_m_s: float,
    acceleration_m_s2: float,
    sled: SledSpec,
    coil: CoilSpec,
    sled_margin_ratio: float = 1.3,
) -> QuenchGun:
    r"""Size rings and sled of a quench gun from the energy that a metre of rings must give.

    Parameters
    ----------
    payload_kg, muzzle_speed_m_s, acceleration_m_s2
        Mass thrown kg, release speed m/s, mean thrust over moving mass m/s2.
    sled, coil
        Superconductor, frame and radius of the sled (one coil is used), and section, distance and
        gap of the rings; conductor and converter fields are not used.
    sled_margin_ratio
        Flux of the sled's coil through a ring over the ring's own flux when charged.

    Returns
    -------
    QuenchGun
        Scalars.

    Raises
    ------
    DomainError
        A number is out of range, or there is more than one.

    Notes
    -----
    :math:`\tfrac12 \Lambda_0 I_0 / p = M a` with :math:`\Lambda_0 = I_0 (L_0 + 2 \sum_j L_j)`;
    :math:`I_b = k \Lambda_0 / M(0)`.

    Source: principle of Snow and Kolm (1992), NASA SP-509 volume 2; sizing derived.

    Examples
    --------
    See :func:`moonbase.driver.launch.simulate_launch`.
    """
    speed = _number("muzzle_speed_m_s", muzzle_speed_m_s)
    acceleration = _number("acceleration_m_s2", acceleration_m_s2)
    payload = _number("payload_kg", payload_kg)
    margin = _number("sled_margin_ratio", sled_margin_ratio)
    radius = _number("sled_coil_radius_m", sled.sled_coil_radius_m)
    width = _number("drive_coil_width_m", coil.drive_coil_width_m)
    length = _number("drive_coil_length_m", coil.drive_coil_length_m)
    pitch = _number("coil_pitch_m", coil.coil_pitch_m)
    ring = radius + _number("gap_m", coil.gap_m) + 0.5 * width
    row = coil_inductances(ring, width, length, pitch, _FAR)
    linked = row[0] + 2.0 * float(np.sum(row[1:]))
    mutual = coil_pair(radius, ring, width, length, 0.0)[0]
    load = {
        "critical_density_A_m2": sled.critical_density_A_m2,
        "reference_field_T": sled.reference_field_T,
        "field_exponent_ratio": sled.field_exponent_ratio,
        "load_margin_frac": sled.load_margin_frac,
        "conductor_kg_m3": sled.superconductor_kg_m3,
    }
    moving = 1.5 * payload
    for _ in range(_PASSES):
        current = math.sqrt(2.0 * moving * acceleration * pitch / linked)
        sled_current = margin * current * linked / mutual
        cold = superconducting_coil(radius_m=radius, current_A=sled_current, **load)
        moving = payload + float(
            sled_mass(
                coil_kg=cold.mass_kg,
                n_poles=1.0,
                cryostat_ratio=sled.cryostat_ratio,
                payload_kg=payload,
                acceleration_m_s2=acceleration,
                sled_length_m=2.0 * radius,
                frame_strength_J_kg=sled.frame_strength_J_kg,
                frame_margin_ratio=sled.frame_margin_ratio,
            )
        )
    n_rings = math.ceil(0.5 * speed**2 / acceleration / pitch)
    return QuenchGun(
        payload_kg=payload,
        sled_kg=moving - payload,
        muzzle_speed_m_s=speed,
        acceleration_m_s2=acceleration,
        sled_coil_radius_m=radius,
        sled_inductance_H=float(cold.inductance_H),
        sled_current_A=sled_current,
        ring_radius_m=ring,
        ring_width_m=width,
        ring_length_m=length,
        ring_pitch_m=pitch,
        ring_current_A=current,
        ring_kg=float(superconducting_coil(radius_m=ring, current_A=current, **load).mass_kg),
        n_rings=n_rings,
        stored_J=0.5 * linked * current**2 * n_rings,
    )


def _number(path: str, value: Real) -> float:
    """One number above zero."""
    if np.size(value) != 1:
        raise DomainError(
            f"must be one number, got {np.size(value)}", path=path, hint="pick one draw"
        )
    return float(_positive(path, np.ravel(value)[0]))


def simulate_quench(*, design: QuenchGun) -> Launch:
    r"""Fly one payload through the rings of a quench gun until it has its speed.

    Parameters
    ----------
    design
        What :func:`design_quench_gun` returned.

    Returns
    -------
    Launch
        The sled is released where it reaches the muzzle speed or runs out of rings; braking, the
        same in reversed time, is not flown. ``coil_current_A`` is the current of a ring when it
        is opened; there are no terminals.

    Raises
    ------
    DomainError
        The sled turns back, or never starts: its coil is too weak for the rings.

    Notes
    -----
    Flux of each closed ring and of the sled is constant; at every place the currents solve
    :math:`L I + M i_b = \Lambda`, the force is :math:`i_b \sum I_k\, dM_k/dx`.

    Source: Snow and Kolm (1992), NASA SP-509 volume 2, for the principle; circuit law derived.

    Examples
    --------
    See :func:`moonbase.driver.launch.simulate_launch`.
    """
    row = coil_inductances(
        design.ring_radius_m,
        design.ring_width_m,
        design.ring_length_m,
        design.ring_pitch_m,
        _FAR,
    )
    table_step = design.ring_pitch_m / _TABLE_PER_PITCH
    reach = _FAR * design.ring_pitch_m + design.sled_coil_radius_m
    table = pair_table(
        design.sled_coil_radius_m,
        design.ring_radius_m,
        design.ring_width_m,
        design.ring_length_m,
        table_step,
        math.ceil(reach / table_step) + 2,
    )
    history, opened, energy = _fly(
        row,
        design.n_rings,
        design.ring_pitch_m,
        table,
        table_step,
        design.sled_coil_radius_m,
        design.sled_inductance_H,
        design.ring_current_A,
        design.sled_current_A,
        design.payload_kg + design.sled_kg,
        design.muzzle_speed_m_s,
        _N_SAMPLES,
    )
    time, position, speed, force, sled_current, stored = history[:, np.isfinite(history[0])]
    muzzle = float(speed[-1])
    if not muzzle > 0.0:
        raise DomainError(
            "the sled turns back",
            path="sled_margin_ratio",
            hint="give the sled more ampere-turns",
        )
    given = {
        "payload": 0.5 * design.payload_kg * muzzle**2,
        "sled": 0.5 * design.sled_kg * muzzle**2,
        "quenched": float(energy),
    }
    taken = float(stored[0] - stored[-1])
    used = opened != 0.0
    return Launch(
        topology="quench",
        time_s=time,
        position_m=position,
        speed_m_s=speed,
        acceleration_m_s2=force / (design.payload_kg + design.sled_kg),
        force_N=force,
        bus_power_W=np.zeros_like(time),
        sled_current_ratio=sled_current,
        coil_position_m=design.ring_pitch_m * np.arange(design.n_rings)[used],
        coil_current_A=opened[used],
        coil_voltage_V=np.zeros(int(np.sum(used))),
        coil_temperature_rise_K=np.zeros(int(np.sum(used))),
        muzzle_speed_m_s=muzzle,
        release_time_s=float(time[-1]),
        speed_error_m_s=muzzle - design.muzzle_speed_m_s,
        energy_in_J={"rings": taken},
        energy_out_J=given,
        audit_error_frac=abs(taken - sum(given.values())) / taken,
    )


@numba.njit(cache=True, error_model="numpy")
def _solve(
    inductances: Array, skipped: int, n: int, mutual: Array, flux: float, ring_current: float,
    sled_inductance: float, sled_flux: float, sled_current: float,
) -> Array:  # fmt: skip
    """Currents of the n nearest rings and of the sled (last) at fixed flux.

    The first ``skipped`` rings are open; a sled current other than zero is taken as given instead
    of the sled's flux.
    """
    far = inductances.size
    matrix = np.zeros((n + 1, n + 1))
    right = np.zeros(n + 1)
    outside = 0.0
    for k in range(n, far):
        outside += ring_current * mutual[k]
    for k in range(n):
        if k < skipped:
            matrix[k, k] = 1.0
            continue
        right[k] = flux
        for j in range(n, min(n + far, k + far)):
            right[k] -= ring_current * inductances[j - k]
        for j in range(skipped, n):
            matrix[k, j] = inductances[abs(k - j)]
        matrix[k, n] = mutual[k]
        if sled_current == 0.0:
            matrix[n, k] = mutual[k]
    if sled_current == 0.0:
        matrix[n, n] = sled_inductance
        right[n] = sled_flux - outside
    else:
        matrix[n, n] = 1.0
        right[n] = sled_current
    solve_in_place(matrix, right)
    return right


@numba.njit(cache=True, error_model="numpy")
def _burnt(
    inductances: Array, n: int, mutual: Array, flux: float, ring_current: float,
    sled_inductance: float, sled_flux: float, currents: Array
) -> float:  # fmt: skip
    """Energy that the opening of the first ring takes out of the field."""
    others = _solve(inductances, 1, n, mutual, flux, ring_current, sled_inductance, sled_flux, 0.0)
    rings: float = 0.5 * flux * (np.sum(currents[:n]) - np.sum(others[:n]))
    burnt: float = rings + 0.5 * sled_flux * (currents[n] - others[n])
    return burnt


@numba.njit(cache=True, error_model="numpy")
def _fly(
    inductances: Array, n_rings: int, pitch: float, table: Array, table_step: float,
    sled_radius: float, sled_inductance: float, ring_current: float, sled_current: float,
    mass: float, top_speed: float, n_samples: int,
) -> tuple[Array, Array, float]:  # fmt: skip
    """Fly past rings that keep their flux, opening each behind the sled.

    Returns histories (6, sample): time, position, speed, force, sled current over its start,
    stored energy; the current of each ring when it opens; and the energy burnt by openings. The
    last sample is the end, with a speed below zero where the sled turns back. Stored energy is
    half of flux times current, summed over the closed rings and the sled; rings beyond the nearest
    are at their charged current.
    """
    far = inductances.size
    n = 2 * far // 3
    flux = ring_current * (inductances[0] + 2.0 * np.sum(inductances[1:]))
    history = np.full((6, n_samples), np.nan)
    opened = np.zeros(n_rings)
    place, at_centre = np.empty(far), np.zeros(1)
    mutuals, gradients = np.empty((far, 1)), np.empty((far, 1))
    start = -sled_radius
    x, v, t, burnt, sled_flux = start, 0.0, 0.0, 0.0, 0.0
    force = 0.5 * flux * ring_current / pitch
    base, sample = 0, 0
    step = pitch / _STEPS_PER_PITCH
    spacing = top_speed**2 / (n_samples - 1)
    done = False
    while not done:
        to_plane = base * pitch - x
        in_plane = to_plane <= _NEAR * pitch and base < n_rings
        span = step if to_plane <= _NEAR * pitch else min(step, to_plane)
        reach = 2.0 * abs(force) / mass * span
        dt = span / v if v * v > reach else math.sqrt(2.0 * span * mass / max(abs(force), 1.0))
        ahead = x if in_plane else x + 0.5 * dt * v
        for k in range(far):
            place[k] = ahead - (base + k) * pitch
        couplings(table, table_step, at_centre, place, far, mutuals, gradients)
        mutual, gradient = mutuals[:, 0].copy(), gradients[:, 0]
        if t == 0.0:
            currents = _solve(
                inductances, 0, n, mutual, flux, ring_current, sled_inductance, 0.0, sled_current
            )
            sled_flux = sled_inductance * sled_current
            for k in range(far):
                sled_flux += mutual[k] * (currents[k] if k < n else ring_current)
        currents = _solve(
            inductances, 0, n, mutual, flux, ring_current, sled_inductance, sled_flux, 0.0
        )
        if in_plane or (base < n_rings and currents[0] * ring_current <= 0.0):
            burnt += _burnt(
                inductances, n, mutual, flux, ring_current, sled_inductance, sled_flux, currents
            )
            opened[base] = currents[0]
            base += 1
            continue
        pull = 0.0
        for k in range(far):
            pull += (currents[k] if k < n else ring_current) * gradient[k]
        force = pull * currents[n]
        gained = dt * force / mass
        middle = v + 0.5 * gained
        done = middle >= top_speed or middle < 0.0 or base == n_rings
        if middle * middle >= sample * spacing or done:
            beyond = (n_rings - base - n) * ring_current
            sample = min(sample, n_samples - 1)
            history[0, sample] = t + 0.5 * dt
            history[1, sample] = ahead - start
            history[2, sample] = middle
            history[3, sample] = force
            history[4, sample] = currents[n] / sled_current
            history[5, sample] = (
                0.5 * flux * (np.sum(currents[:n]) + beyond) + 0.5 * sled_flux * currents[n]
            )
            sample += 1
        x += dt * middle
        v += gained
        t += dt
    return history, opened, burnt
