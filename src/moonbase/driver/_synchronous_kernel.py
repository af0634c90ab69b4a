"""Compiled time stepping of a synchronous launch; see :mod:`moonbase.driver.synchronous`."""

from __future__ import annotations

import math

import numba
import numpy as np

from moonbase.core.arrays import Array
from moonbase.driver._linear import solve_in_place
from moonbase.driver.window import coil_pair, taper

COPPER, FEEDER, DEVICES, DRAG, FIELD, SOURCE, BUS = range(7)
N_ITEMS = 7


@numba.njit(cache=True, error_model="numpy")
def pair_table(
    sled_radius: float, radius: float, width: float, length: float, step: float, n: int
) -> Array:
    """M and dM/du (2, n) of one sled turn and one drive turn, at offsets 0, step, 2 step ..."""
    table = np.empty((2, n))
    for i in range(n):
        table[0, i], table[1, i] = coil_pair(sled_radius, radius, width, length, i * step)
    return table


@numba.njit(cache=True, error_model="numpy")
def couplings(
    table: Array, step: float, offsets: Array, place: Array, n: int, mutual: Array, gradient: Array
) -> None:
    """Fill M and G (coil, pole) for coils that lie ``place`` behind the sled's centre."""
    last = table.shape[1] - 2
    for k in range(n):
        for b in range(offsets.size):
            u = place[k] + offsets[b]
            s = abs(u) / step
            i = min(int(s), last)
            t = min(s - i, 1.0)
            m0, m1 = table[0, i], table[0, i + 1]
            g0, g1 = table[1, i] * step, table[1, i + 1] * step
            c2 = 3.0 * (m1 - m0) - 2.0 * g0 - g1
            c3 = 2.0 * (m0 - m1) + g0 + g1
            mutual[k, b] = m0 + t * (g0 + t * (c2 + t * c3))
            slope = (g0 + t * (2.0 * c2 + 3.0 * t * c3)) / step
            gradient[k, b] = slope if u >= 0.0 else -slope


@numba.njit(cache=True, error_model="numpy")
def _command(
    gradient: Array,
    place: Array,
    health: Array,
    nominal: Array,
    n: int,
    reach: float,
    force: float,
    out: Array,
) -> None:
    """Least-loss ampere-turns for a thrust, tapered at the window's edges."""
    total = 0.0
    for k in range(n):
        pull = 0.0
        for b in range(nominal.size):
            pull += gradient[k, b] * nominal[b]
        weight = taper(place[k] / reach) * health[k]
        out[k] = weight * pull
        total += weight * pull * pull
    if total > 0.0:
        for k in range(n):
            out[k] *= force / total
    else:
        out[:n] = 0.0


@numba.njit(cache=True, error_model="numpy")
def _shift(a: Array, steps: int, self_inductance: float) -> float:
    """Move the currents to a window that lies further on; field energy of those left behind."""
    left = 0.0
    for _ in range(steps):
        left += 0.5 * self_inductance * a[0] ** 2
        a[:-1] = a[1:].copy()
        a[-1] = 0.0
    for _ in range(-steps):
        left += 0.5 * self_inductance * a[-1] ** 2
        a[1:] = a[:-1].copy()
        a[0] = 0.0
    return left


@numba.njit(cache=True, error_model="numpy")
def _keep_flux(
    inverse: Array, mutual: Array, gradient: Array, moved: float, a_old: Array, a_new: Array,
    i_old: Array, i_new: Array
) -> None:  # fmt: skip
    """Currents of the sled's coils after a step in which each keeps its flux."""
    n_poles = i_old.size
    for c in range(n_poles):
        i_new[c] = i_old[c]
    for b in range(n_poles):
        linked = 0.0
        for k in range(a_old.size):
            linked += mutual[k, b] * (a_new[k] - a_old[k])
            linked += moved * gradient[k, b] * 0.5 * (a_new[k] + a_old[k])
        for c in range(n_poles):
            i_new[c] -= inverse[c, b] * linked


@numba.njit(cache=True, error_model="numpy")
def _voltages(
    row: Array, ohm: Array, feeder_H: Array, mutual: Array, gradient: Array, dt: float,
    v_mid: float, a_old: Array, a_new: Array, i_old: Array, i_new: Array, volts: Array
) -> None:  # fmt: skip
    """Volts per turn at the converters that take the currents from old to new in one step."""
    n = a_old.size
    for k in range(n):
        volt = 0.5 * ohm[k] * (a_new[k] + a_old[k]) + feeder_H[k] * (a_new[k] - a_old[k]) / dt
        for j in range(n):
            volt += row[abs(k - j)] * (a_new[j] - a_old[j]) / dt
        for b in range(i_old.size):
            volt += v_mid * gradient[k, b] * 0.5 * (i_old[b] + i_new[b])
            volt += mutual[k, b] * (i_new[b] - i_old[b]) / dt
        volts[k] = volt


@numba.njit(cache=True, error_model="numpy")
def _drive(
    row: Array, ohm: Array, feeder_H: Array, mutual: Array, gradient: Array, inverse: Array,
    conserve: bool, dt: float, v_mid: float, a_old: Array, i_old: Array, alive: Array,
    volts: Array, a_new: Array
) -> None:  # fmt: skip
    """Currents after a step in which given voltages drive the coupled coils and the sled."""
    n = a_old.size
    matrix = np.empty((n, n))
    right = volts - ohm * a_old - v_mid * (gradient @ i_old)
    for k in range(n):
        for j in range(n):
            matrix[k, j] = row[abs(k - j)] / dt
        matrix[k, k] += feeder_H[k] / dt + 0.5 * ohm[k]
    if conserve:
        linked = mutual + 0.5 * dt * v_mid * gradient
        reaction = linked @ inverse
        matrix -= reaction @ linked.T / dt
        right += v_mid * (reaction @ (gradient.T @ a_old))
    for k in range(n):
        if alive[k] == 0.0:
            matrix[k, :] = 0.0
            matrix[k, k] = 1.0
            right[k] = -a_old[k]
    solve_in_place(matrix, right)
    a_new[:] = a_old + right


@numba.njit(cache=True, error_model="numpy")
def _field_energy(
    row: Array, feeder_H: Array, mutual: Array, sled_inductance: Array, a: Array, i: Array
) -> float:
    """Energy of the field of window, feeders and sled."""
    energy: float = 0.5 * np.sum(feeder_H * a**2) + np.sum(a * (mutual @ i))
    for k in range(a.size):
        for j in range(a.size):
            energy += 0.5 * row[abs(k - j)] * a[k] * a[j]
    return energy + 0.5 * np.sum(i * (sled_inductance @ i))


@numba.njit(cache=True, error_model="numpy")
def _wanted(
    x: float, v: float, owed: float, feed: float, from_x: float, control_s: float, boost: float
) -> tuple[float, float]:
    """Acceleration that the speed controller asks for, and the error of the speed."""
    error = math.sqrt(max(2.0 * feed * (x - from_x), 0.0)) - v
    ceiling = boost * abs(feed)
    wanted = feed + (error + owed) / control_s
    return min(max(wanted, -ceiling), ceiling), error


@numba.njit(cache=True, error_model="numpy")
def run(
    pitch: float, first: float, n_window: int, row: Array, table: Array,
    table_step: float, offsets: Array, nominal: Array, sled_inductance: Array, conserve: bool,
    start_A: Array, coil_rows: Array, gain: Array, health: Array, payload: float,
    payload_error: float, sled: float, thrust_a: float,
    brake_a: float, length: float, brake_length: float, thrust_scale: float, control_s: float,
    boost: float, drag_table: Array, drag_step: float, steps_per_pitch: int, dt_max: float,
    n_samples: int,
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Fly a sled down the line and brake it.

    Returns histories (6, sample): time, position, speed, force, bus power, sled current over
    nominal; per coil (3, coil): peak ampere-turns, peak volts per turn, heat; energies
    (2, item) up to release and after it; and at release and the end (2, 4): time, position,
    speed, field energy. Without release the sled has stood for as long as a launch takes.
    """
    resistance, feeder_ohm, feeder_H, volt_limit, device_V = coil_rows
    loop_ohm = resistance + feeder_ohm
    n_poles = offsets.size
    reach = n_window * pitch
    n_all = resistance.size
    history = np.full((6, n_samples), np.nan)
    coils = np.zeros((3, n_all))
    energy = np.zeros((2, N_ITEMS))
    marks = np.full((2, 4), np.nan)
    a_old, a_new = np.zeros(n_window), np.zeros(n_window)
    place, mid_place = np.empty(n_window), np.empty(n_window)
    mutual, gradient = np.empty((n_window, n_poles)), np.empty((n_window, n_poles))
    end_mutual, end_gradient = np.empty((n_window, n_poles)), np.empty((n_window, n_poles))
    volts = np.empty(n_window)
    i_old, i_new = start_A.copy(), start_A.copy()
    inverse = np.linalg.inv(sled_inductance).astype(np.float64)
    x, v, t, force, power, owed, rest = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    stage, sample = 0, 0
    base = round(-first / pitch) - n_window // 2
    total_length = length + brake_length
    patience = math.sqrt(2.0 * length / thrust_a)
    while x < total_length and rest < patience:
        if sample < n_samples and x >= sample / (n_samples - 1) * total_length:
            history[0, sample] = t
            history[1, sample] = x
            history[2, sample] = v
            history[3, sample] = force
            history[4, sample] = power
            history[5, sample] = i_old[0] / nominal[0]
            sample += 1
        if stage == 0:
            planned, mass = payload + sled, payload + payload_error + sled
            wanted, error = _wanted(x, v, owed, thrust_a, 0.0, control_s, boost)
        else:
            planned, mass = sled, sled
            wanted, error = _wanted(x, v, owed, -brake_a, total_length, control_s, boost)
        commanded = planned * wanted * thrust_scale
        dt = dt_max if v * dt_max * steps_per_pitch < pitch else pitch / (v * steps_per_pitch)
        guess = force / mass if force != 0.0 else wanted
        if stage == 0 and x + v * dt + 0.5 * guess * dt * dt > length:
            dt = (length - x) / (v + 0.5 * guess * dt)
        owed += error * dt / (4.0 * control_s)
        x_mid = x + 0.5 * dt * v + 0.125 * guess * dt * dt
        x_end = x + dt * v + 0.5 * guess * dt * dt
        v_mid = v + 0.5 * guess * dt

        fresh = round((x_mid - first) / pitch) - n_window // 2
        fresh = max(min(fresh, n_all - n_window), 0)
        energy[stage, FIELD] += _shift(a_old, fresh - base, row[0])
        base = fresh
        for k in range(n_window):
            at = first + (base + k) * pitch
            mid_place[k] = x_mid - at
            place[k] = x_end - at
        here = slice(base, base + n_window)
        alive, ohm, henry = health[here], loop_ohm[here], feeder_H[here]
        couplings(table, table_step, offsets, mid_place, n_window, mutual, gradient)
        couplings(table, table_step, offsets, place, n_window, end_mutual, end_gradient)
        _command(end_gradient, place, alive, nominal, n_window, reach, commanded, a_new)
        a_new *= 1.0 + gain[here]
        if conserve:
            _keep_flux(inverse, mutual, gradient, v_mid * dt, a_old, a_new, i_old, i_new)
        _voltages(row, ohm, henry, mutual, gradient, dt, v_mid, a_old, a_new, i_old, i_new, volts)
        clipped = False
        for k in range(n_window):
            limit = volt_limit[base + k]
            if alive[k] > 0.0 and abs(volts[k]) > limit:
                clipped = True
                volts[k] = math.copysign(limit, volts[k])
        if clipped:
            _drive(
                row, ohm, henry, mutual, gradient, inverse, conserve, dt, v_mid, a_old, i_old,
                alive, volts, a_new
            )  # fmt: skip
            if conserve:
                _keep_flux(inverse, mutual, gradient, v_mid * dt, a_old, a_new, i_old, i_new)

        pull = 0.0
        spent = 0.0
        for k in range(n_window):
            index = base + k
            half = 0.5 * (a_new[k] + a_old[k])
            for b in range(n_poles):
                middle = 0.5 * (i_old[b] + i_new[b])
                pull += half * gradient[k, b] * middle
                if not conserve:
                    energy[stage, SOURCE] += (
                        mutual[k, b] * (a_new[k] - a_old[k]) + v_mid * dt * gradient[k, b] * half
                    ) * middle
            if alive[k] > 0.0:
                spent += volts[k] * half * dt
            heat = resistance[index] * half * half * dt
            energy[stage, COPPER] += heat
            energy[stage, FEEDER] += feeder_ohm[index] * half * half * dt
            energy[stage, DEVICES] += device_V[index] * abs(half) * dt
            spent += device_V[index] * abs(half) * dt
            coils[0, index] = max(coils[0, index], abs(a_new[k]))
            coils[1, index] = max(coils[1, index], abs(volts[k]))
            coils[2, index] += heat
        s = v_mid / drag_step
        i = min(int(s), drag_table.size - 2)
        drag = mass * (drag_table[i] + (s - i) * (drag_table[i + 1] - drag_table[i]))
        energy[stage, DRAG] += drag * v_mid * dt
        energy[stage, BUS] += spent
        power = spent / dt
        force = pull - drag
        if stage == 0 and v <= 0.0:
            force = max(force, 0.0)
        x += dt * v + 0.5 * dt * dt * force / mass
        v += dt * force / mass
        if stage == 0:
            v = max(v, 0.0)
        t += dt
        rest = rest + dt if v <= 0.0 else 0.0
        a_old[:] = a_new
        i_old[:] = i_new
        released = stage == 0 and x >= length - 1e-7
        ended = stage == 1 and (v <= 0.0 or x >= total_length)
        if released or ended:
            marks[stage, 0] = t
            marks[stage, 1] = x
            marks[stage, 2] = v
            marks[stage, 3] = _field_energy(row, henry, end_mutual, sled_inductance, a_old, i_old)
            stage, owed = 1, 0.0
        if ended:
            break
    return history, coils, energy, marks
