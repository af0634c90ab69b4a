"""Coils, capacitors and a moving body of rings as one circuit, by the implicit midpoint rule.

Neglected: rise and turn-off times of switches, diode drops, forces off the axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.driver._rings import couple

WAITING, CHARGED, BYPASSED, OFF = 0, 1, 2, 3
"""Modes of a coil: switch open, capacitor in circuit, capacitor by-passed, off for good."""
PASSED, FADED, STEPS = 1, 2, 3
"""Ends of a run: the body left the range, no energy was left in the circuits, too many steps."""

_MAX_STEPS = 2_000_000
_TRAVEL_SHARE = 0.01
"""Travel in one step over the shortest of the coils and the body."""
_RESISTANCE_DRIFT = 5e-3
"""Change of a ring's resistance at which the inverse of the rings is made anew, half ahead."""
_FADED_SHARE = 1e-7
"""Energy in the circuits over the energy stored at the start at which nothing more happens."""
_FADED_EVERY = 32
_QUIET, _LIVELY = 4e-4, 2e-3
"""Change in a step, over the greatest so far, below and above which the step is doubled, halved."""
_DECAY_SHARE = 0.1
"""Longest step over the time in which the slowest currents of the body decay."""
_LEAST_SHARE = 1e-6
"""Least part of a step before an event."""
_NO_EVENT, _BYPASS, _CUT, _FIRE, _LEAVE = 0, 1, 2, 3, 4


class Circuit(NamedTuple):
    """What does not change in a run: coils (n_coils), rings (n_rings), the body."""

    coil_matrix_H: Array
    coil_ohm: Array
    outer_ohm: Array
    coil_heat_J_K: Array
    coil_rise_1_K: float
    capacitance_F: Array
    start_V: Array
    crowbar: npt.NDArray[np.bool_]
    trigger_m: Array
    trigger_s: Array
    coil_position_m: Array
    tables: Array
    scale_m: Array
    half_m: Array
    ring_matrix_H: Array
    ring_ohm: Array
    ring_heat_J_K: Array
    ring_rise_1_K: float
    ring_offset_m: Array
    mass_kg: float
    low_m: float
    high_m: float
    travel_m: float


class State(NamedTuple):
    """What changes: ``motion`` is time, position, speed and acceleration."""

    motion: Array
    coil_A: Array
    ring_A: Array
    voltage_V: Array
    coil_K: Array
    ring_K: Array
    outer_J: Array
    peak_A: Array
    peak_m_s2: Array
    mode: npt.NDArray[np.int64]


@numba.njit(cache=True, error_model="numpy")
def march(circuit: Circuit, state: State, step_s: float, rows: Array) -> tuple[int, int, float]:
    """Run to the end: its reason, the number of rows filled and the field energy left, J.

    ``rows`` takes the history; each time it is full, every second row is dropped.
    """
    mutual = np.zeros((len(state.coil_A), len(state.ring_A)))
    gradient = np.zeros_like(mutual)
    motion = state.motion
    faded_J = _FADED_SHARE * 0.5 * np.sum(circuit.capacitance_F * circuit.start_V**2)
    ohm, inverse_s = circuit.ring_ohm, step_s
    inverse = _invert(circuit, ohm, step_s)
    decay_s = np.sum(circuit.ring_matrix_H, axis=1) / ohm
    longest_s = max(step_s, _DECAY_SHARE * np.max(decay_s))
    n_rows, stride, end, stretch, peak_ring_A = 0, 1, 0, 1.0, 0.0
    for count in range(_MAX_STEPS):
        if (
            end == 0
            and count % _FADED_EVERY == 0
            and _live_energy(circuit, state, mutual, gradient) < faded_J
        ):
            end = _coast(circuit, state)
        if end or count % stride == 0:
            if n_rows == len(rows):
                n_rows //= 2
                rows[:n_rows] = rows[::2][:n_rows].copy()
                stride *= 2
            _record(state, rows[n_rows])
            n_rows += 1
        if end:
            return end, n_rows, _field_energy(circuit, state, mutual, gradient)
        dt = min(step_s * stretch, longest_s)
        while abs(motion[2]) * dt > circuit.travel_m * _TRAVEL_SHARE:
            dt *= 0.5
        on = np.flatnonzero((state.mode == CHARGED) | (state.mode == BYPASSED))
        warm = circuit.ring_ohm * (1.0 + circuit.ring_rise_1_K * state.ring_K)
        if inverse_s != dt or np.max(np.abs(warm / ohm - 1.0)) > _RESISTANCE_DRIFT:
            ohm, inverse_s = warm + 0.5 * (warm - ohm), dt
            inverse = _invert(circuit, ohm, dt)
        coil_A, ring_A = _midpoint(circuit, state, on, dt, mutual, gradient, inverse)
        share, event, which = _first_event(circuit, state, on, dt, coil_A, ring_A, gradient)
        if event != _NO_EVENT:
            dt *= max(share, _LEAST_SHARE)
            inverse_s = dt
            inverse = _invert(circuit, ohm, dt)
            coil_A, ring_A = _midpoint(circuit, state, on, dt, mutual, gradient, inverse)
        peak_ring_A = max(peak_ring_A, np.max(np.abs(ring_A)))
        change = _change(circuit, state, on, dt, coil_A, ring_A, peak_ring_A)
        if event != _NO_EVENT:
            stretch = 1.0
        elif change < _QUIET and dt < longest_s:
            stretch *= 2.0
        elif change > _LIVELY and stretch > 1.0:
            stretch *= 0.5
        _advance(circuit, state, on, dt, coil_A, ring_A, gradient, ohm)
        if event == _LEAVE:
            end = PASSED
        elif event != _NO_EVENT:
            _switch(state, event, which)
    return STEPS, n_rows, _field_energy(circuit, state, mutual, gradient)


@numba.njit(cache=True, error_model="numpy")
def _invert(circuit: Circuit, ohm: Array, dt: float) -> Array:
    """Inverse of the rings' block of the step's matrix."""
    matrix: Array = 2.0 / dt * circuit.ring_matrix_H
    for r in range(len(ohm)):
        matrix[r, r] += ohm[r]
    return np.linalg.inv(matrix).astype(np.float64)


@numba.njit(cache=True, error_model="numpy")
def _couple_coil(
    circuit: Circuit, c: int, position_m: float, mutual: Array, gradient: Array
) -> None:
    relative_m = position_m - circuit.coil_position_m[c]
    table, scale_m, half_m = circuit.tables[c], circuit.scale_m[c], circuit.half_m[c]
    couple(table, scale_m, half_m, relative_m, circuit.ring_offset_m, mutual[c], gradient[c])


@numba.njit(cache=True, error_model="numpy")
def _midpoint(
    circuit: Circuit,
    state: State,
    on: npt.NDArray[np.int64],
    dt: float,
    mutual: Array,
    gradient: Array,
    inverse: Array,
) -> tuple[Array, Array]:
    """Mean currents over a step of the conducting coils and of the rings.

    ``inverse`` is that of the rings' own block; the coils follow from its Schur complement.
    """
    n = len(on)
    middle_m = state.motion[1] + 0.5 * dt * state.motion[2]
    middle_m_s = state.motion[2] + 0.5 * dt * state.motion[3]
    links, pull = np.empty((n, len(state.ring_A))), np.empty((n, len(state.ring_A)))
    own = np.empty((n, n))
    source = np.empty(n)
    coil_A: Array = state.coil_A[on]
    for k in range(n):
        c = on[k]
        _couple_coil(circuit, c, middle_m, mutual, gradient)
        links[k], pull[k] = mutual[c], gradient[c]
        for j in range(n):
            own[k, j] = 2.0 / dt * circuit.coil_matrix_H[c, on[j]]
        source[k] = np.sum(own[k] * coil_A) + 2.0 / dt * np.sum(links[k] * state.ring_A)
        rise = 1.0 + circuit.coil_rise_1_K * state.coil_K[c]
        own[k, k] += circuit.coil_ohm[c] * rise + circuit.outer_ohm[c]
        if state.mode[c] == CHARGED:
            own[k, k] += 0.5 * dt / circuit.capacitance_F[c]
            source[k] += state.voltage_V[c]
    ring_source = 2.0 / dt * (circuit.ring_matrix_H @ state.ring_A + links.T @ coil_A)
    ring_A: Array = inverse @ ring_source
    if n:
        row = 2.0 / dt * links + middle_m_s * pull
        answer = row @ inverse
        coil_A = np.linalg.solve(own - answer @ row.T, source - row @ ring_A)
        ring_A -= answer.T @ coil_A
    return coil_A, ring_A


@numba.njit(cache=True, error_model="numpy")
def _acceleration(
    circuit: Circuit, on: npt.NDArray[np.int64], coil_A: Array, ring_A: Array, gradient: Array
) -> float:
    force_N = 0.0
    for k in range(len(on)):
        force_N += coil_A[k] * np.sum(gradient[on[k]] * ring_A)
    return force_N / circuit.mass_kg


@numba.njit(cache=True, error_model="numpy")
def _change(
    circuit: Circuit,
    state: State,
    on: npt.NDArray[np.int64],
    dt: float,
    coil_A: Array,
    ring_A: Array,
    peak_ring_A: float,
) -> float:
    """Greatest change in a step of a current or a voltage, each over its greatest so far."""
    change = 2.0 * float(np.max(np.abs(ring_A - state.ring_A))) / max(peak_ring_A, 1e-30)
    for k in range(len(on)):
        c = on[k]
        peak_A = max(state.peak_A[c], abs(coil_A[k]))
        change = max(change, 2.0 * abs(coil_A[k] - state.coil_A[c]) / peak_A)
        if state.mode[c] == CHARGED:
            drop_V = dt * abs(coil_A[k]) / circuit.capacitance_F[c]
            change = max(change, drop_V / circuit.start_V[c])
    return change


@numba.njit(cache=True, error_model="numpy")
def _first_event(
    circuit: Circuit,
    state: State,
    on: npt.NDArray[np.int64],
    dt: float,
    coil_A: Array,
    ring_A: Array,
    gradient: Array,
) -> tuple[float, int, int]:
    """Share of the step at which the first event falls, the event and its coil."""
    share, event, which = 1.0, _NO_EVENT, -1
    t, x, v = state.motion[0], state.motion[1], state.motion[2]
    acceleration = _acceleration(circuit, on, coil_A, ring_A, gradient)
    moved = dt * (v + 0.5 * dt * acceleration)
    for k in range(len(on)):
        c = on[k]
        now_A, then_A = state.coil_A[c], 2.0 * coil_A[k] - state.coil_A[c]
        if then_A < 0.0 and now_A / (now_A - then_A) < share:
            share, event, which = now_A / (now_A - then_A), _CUT, c
        now_V = state.voltage_V[c]
        drop_V = dt * coil_A[k] / circuit.capacitance_F[c]
        by_pass = circuit.crowbar[c] and state.mode[c] == CHARGED and drop_V > now_V
        if by_pass and now_V / drop_V < share:
            share, event, which = now_V / drop_V, _BYPASS, c
    for c in range(len(state.mode)):
        if state.mode[c] != WAITING:
            continue
        at = min((circuit.trigger_s[c] - t) / dt, _reach(circuit.trigger_m[c] - x, moved))
        if at < share:
            share, event, which = at, _FIRE, c
    at = min(_reach(circuit.high_m - x, moved), _reach(circuit.low_m - x, moved))
    if at < share:
        share, event = at, _LEAVE
    return share, event, which


@numba.njit(cache=True, error_model="numpy")
def _reach(away_m: float, moved_m: float) -> float:
    """Share of a step's travel at which a point is met; infinite where it is not."""
    return away_m / moved_m if away_m * moved_m > 0.0 else np.inf


@numba.njit(cache=True, error_model="numpy")
def _advance(
    circuit: Circuit,
    state: State,
    on: npt.NDArray[np.int64],
    dt: float,
    coil_A: Array,
    ring_A: Array,
    gradient: Array,
    ohm: Array,
) -> None:
    """Take the step: motion, currents, voltages and heat."""
    motion = state.motion
    acceleration = _acceleration(circuit, on, coil_A, ring_A, gradient)
    motion[0] += dt
    motion[1] += dt * (motion[2] + 0.5 * dt * acceleration)
    motion[2] += dt * acceleration
    motion[3] = acceleration
    state.peak_m_s2[0] = max(state.peak_m_s2[0], abs(acceleration))
    for k in range(len(on)):
        c = on[k]
        square = dt * coil_A[k] ** 2
        rise = 1.0 + circuit.coil_rise_1_K * state.coil_K[c]
        state.coil_K[c] += square * circuit.coil_ohm[c] * rise / circuit.coil_heat_J_K[c]
        state.outer_J[c] += square * circuit.outer_ohm[c]
        state.coil_A[c] = 2.0 * coil_A[k] - state.coil_A[c]
        state.peak_A[c] = max(state.peak_A[c], abs(state.coil_A[c]))
        if state.mode[c] == CHARGED:
            state.voltage_V[c] -= dt * coil_A[k] / circuit.capacitance_F[c]
    for r in range(len(ring_A)):
        state.ring_K[r] += dt * ohm[r] * ring_A[r] ** 2 / circuit.ring_heat_J_K[r]
        state.ring_A[r] = 2.0 * ring_A[r] - state.ring_A[r]


@numba.njit(cache=True, error_model="numpy")
def _switch(state: State, event: int, c: int) -> None:
    if event == _FIRE:
        state.mode[c] = CHARGED
    elif event == _BYPASS:
        state.mode[c] = BYPASSED
        state.voltage_V[c] = 0.0
    else:
        state.mode[c] = OFF
        state.coil_A[c] = 0.0


@numba.njit(cache=True, error_model="numpy")
def _field_energy(circuit: Circuit, state: State, mutual: Array, gradient: Array) -> float:
    """Energy of all currents in the magnetic field, J."""
    total_J = 0.5 * np.sum(state.ring_A * (circuit.ring_matrix_H @ state.ring_A))
    total_J += 0.5 * np.sum(state.coil_A * (circuit.coil_matrix_H @ state.coil_A))
    for c in range(len(state.coil_A)):
        if state.coil_A[c] == 0.0:
            continue
        _couple_coil(circuit, c, state.motion[1], mutual, gradient)
        total_J += state.coil_A[c] * np.sum(mutual[c] * state.ring_A)
    return total_J


@numba.njit(cache=True, error_model="numpy")
def _live_energy(circuit: Circuit, state: State, mutual: Array, gradient: Array) -> float:
    """Energy of the field and of the capacitors that are discharging, J."""
    energy_J = _field_energy(circuit, state, mutual, gradient)
    for c in range(len(state.mode)):
        if state.mode[c] == CHARGED:
            energy_J += 0.5 * circuit.capacitance_F[c] * state.voltage_V[c] ** 2
    return energy_J


@numba.njit(cache=True, error_model="numpy")
def _coast(circuit: Circuit, state: State) -> int:
    """Go without currents to the next trigger and fire it; FADED where there is none."""
    t, x, v = state.motion[0], state.motion[1], state.motion[2]
    wait_s, which = np.inf, -1
    for c in range(len(state.mode)):
        if state.mode[c] != WAITING:
            continue
        at_s = min(circuit.trigger_s[c] - t, _reach(circuit.trigger_m[c] - x, v))
        if at_s < wait_s:
            wait_s, which = at_s, c
    leave_s = min(_reach(circuit.high_m - x, v), _reach(circuit.low_m - x, v))
    if which < 0 or wait_s > leave_s:
        return FADED
    state.mode[(state.mode == CHARGED) | (state.mode == BYPASSED)] = OFF
    state.coil_A[:] = 0.0
    state.ring_A[:] = 0.0
    state.motion[0] += wait_s
    state.motion[1] += wait_s * v
    state.motion[3] = 0.0
    _switch(state, _FIRE, which)
    return 0


@numba.njit(cache=True, error_model="numpy")
def _record(state: State, row: Array) -> None:
    """Write time, position, speed, acceleration, then coils' A, V and K, then rings' K."""
    n = len(state.coil_A)
    row[:4] = state.motion
    row[4 : 4 + n] = state.coil_A
    row[4 + n : 4 + 2 * n] = state.voltage_V
    row[4 + 2 * n : 4 + 3 * n] = state.coil_K
    row[4 + 3 * n :] = state.ring_K
