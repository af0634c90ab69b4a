"""The coils that push one sled: couplings, currents of least loss, voltages, field energy.

A sled carries superconducting coils of alternating sign; the drive coils within a window around it
carry currents. Everything is per turn: ampere-turns, volts per turn, henry per turn squared, so
that the number of turns can be chosen afterwards, coil by coil.

Neglected: eddy currents in structure, the change of the sled's current with position (see
:mod:`moonbase.driver.synchronous`), and the coils outside the window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.driver._checks import _positive
from moonbase.driver.loops import loop_pair

Counts = npt.NDArray[np.int64]

N_PHASES = 24
"""Positions of the sled within one coil pitch at which the window is evaluated."""
_GAUSS_2 = (0.5 / math.sqrt(3.0), 0.5)
_GAUSS_3 = (0.5 * math.sqrt(0.6), 5.0 / 18.0, 8.0 / 18.0)
_GMD = 0.2235
"""Geometric mean distance of a rectangle from itself over the sum of its sides."""
_SQUARE_CELLS = 2
_MOST_PANELS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Figures of one window at unit speed, per draw.

    Voltages are per turn and per metre a second of speed (volt-seconds per metre, ``_V_s_m``);
    currents are ampere-turns. Means are over the position of the sled within a pitch.
    """

    peak_gradient_H_m: Array
    peak_current_A: Array
    mean_current_sum_A: Array
    mean_square_sum_A2: Array
    peak_slope_A_m: Array
    peak_voltage_V_s_m: Array
    peak_power_ratio: Array


@numba.njit(cache=True, error_model="numpy")
def coil_pair(
    radius_1: float, radius_2: float, width: float, length: float, offset: float
) -> tuple[float, float]:
    """M and dM/d(offset) of a filament loop and a one-turn coil of given section.

    The gradient is exact along the coil's axis; the mean of M is taken over panels no longer than
    the gap.
    """
    mutual = 0.0
    gradient = 0.0
    for i in (-1.0, 1.0):
        radius = radius_2 + i * _GAUSS_2[0] * width
        ahead = loop_pair(radius_1, radius, offset + 0.5 * length)[0]
        behind = loop_pair(radius_1, radius, offset - 0.5 * length)[0]
        gradient += _GAUSS_2[1] * (ahead - behind) / length
        gap = abs(radius - radius_1)
        n_panels = math.ceil(length / gap) if length < _MOST_PANELS * gap else _MOST_PANELS
        panel = length / n_panels
        for k in range(n_panels):
            middle = offset + (k + 0.5) * panel - 0.5 * length
            for j in (-1.0, 0.0, 1.0):
                weight = _GAUSS_2[1] * (_GAUSS_3[2] if j == 0.0 else _GAUSS_3[1]) / n_panels
                mutual += weight * loop_pair(radius_1, radius, middle + j * _GAUSS_3[0] * panel)[0]
    return mutual, gradient


@numba.njit(cache=True, error_model="numpy")
def gradient_row(
    radius_1: float, radius_2: float, width: float, length: float, step: float, n: int
) -> Array:
    """dM/d(offset) of :func:`coil_pair` and its derivative (2, n) at offsets 0, step, 2 step ..."""
    rows = np.zeros((2, n))
    for i in (-1.0, 1.0):
        radius = radius_2 + i * _GAUSS_2[0] * width
        for k in range(n):
            ahead, ahead_slope = loop_pair(radius_1, radius, k * step + 0.5 * length)
            behind, behind_slope = loop_pair(radius_1, radius, k * step - 0.5 * length)
            rows[0, k] += ahead - behind
            rows[1, k] += ahead_slope - behind_slope
    return rows * (_GAUSS_2[1] / length)


@numba.njit(cache=True, error_model="numpy")
def mutual_row(
    radius_1: float, radius_2: float, width: float, length: float, start: float, step: float, n: int
) -> Array:
    """M (n,) of a filament loop and a one-turn coil some way off, at equally spaced offsets."""
    row = np.zeros(n)
    for i in (-1.0, 1.0):
        radius = radius_2 + i * _GAUSS_2[0] * width
        for j in (-1.0, 0.0, 1.0):
            weight = _GAUSS_2[1] * (_GAUSS_3[2] if j == 0.0 else _GAUSS_3[1])
            first = start + j * _GAUSS_3[0] * length
            for k in range(n):
                row[k] += weight * loop_pair(radius_1, radius, first + k * step)[0]
    return row


@numba.njit(cache=True, error_model="numpy")
def coil_self(radius: float, width: float, length: float) -> float:
    """Self-inductance of a one-turn coil, split into nearly square rings."""
    across = _SQUARE_CELLS
    cell = width / across
    along = max(round(length / cell), 1)
    if length < cell:
        along = _SQUARE_CELLS
        across = max(round(width / (length / along)), 1)
        cell = width / across
    step = length / along
    total = 0.0
    for i in range(across):
        r_i = radius + (i + 0.5) * cell - 0.5 * width
        ring = 4e-7 * math.pi * r_i * (math.log(8.0 * r_i / (_GMD * (cell + step))) - 2.0)
        total += along * ring
        for j in range(across):
            r_j = radius + (j + 0.5) * cell - 0.5 * width
            for k in range(along):
                if k == 0:
                    if j > i:
                        total += 2.0 * along * loop_pair(r_i, r_j, 0.0)[0]
                else:
                    total += 2.0 * (along - k) * loop_pair(r_i, r_j, k * step)[0]
    return total / (across * along) ** 2


@numba.njit(cache=True, error_model="numpy")
def coil_inductances(
    radius: float, width: float, length: float, pitch: float, n_coils: int
) -> Array:
    """Inductance per turn squared between equal coils 0, 1, 2 ... pitches apart."""
    row = np.zeros(n_coils)
    for i in (-1.0, 1.0):
        r = radius + i * _GAUSS_2[0] * width
        for j in (-1.0, 0.0, 1.0):
            weight = _GAUSS_2[1] * (_GAUSS_3[2] if j == 0.0 else _GAUSS_3[1])
            start = pitch + j * _GAUSS_3[0] * length
            row[1:] += weight * mutual_row(r, radius, width, length, start, pitch, n_coils - 1)
    row[0] = coil_self(radius, width, length)
    return row


@numba.njit(cache=True, error_model="numpy")
def sled_gradients(
    sled_radius: float,
    n_poles: int,
    pole_pitch: float,
    drive_radius: float,
    width: float,
    length: float,
    pitch: float,
    n_coils: int,
) -> Array:
    """Gradient between one drive turn and the whole sled, and its slope, one phase apart.

    Column i of (2, n + 1) belongs to a sled centre (i - n / 2) h ahead of the coil, with h the
    pitch over the phases; the signs of the poles alternate.
    """
    n = n_coils * N_PHASES
    step = pitch / N_PHASES
    half_sled = 0.5 * (n_poles - 1) * pole_pitch / step
    reach = n // 2 + int(half_sled) + 4
    one = gradient_row(sled_radius, drive_radius, width, length, step, reach)
    table = np.zeros((2, n + 1))
    parity = -1.0 if n_poles % 2 else 1.0
    for i in range(n // 2 + 1):
        sign = 1.0
        for b in range(n_poles):
            place = i - 0.5 * n + b * pole_pitch / step - half_sled
            value, slope = _interpolate(one, abs(place), step)
            table[0, i] += sign * value * (1.0 if place >= 0.0 else -1.0)
            table[1, i] += sign * slope
            sign = -sign
        table[0, n - i] = parity * table[0, i]
        table[1, n - i] = -parity * table[1, i]
    return table


@numba.njit(cache=True, error_model="numpy")
def _interpolate(rows: Array, place: float, step: float) -> tuple[float, float]:
    """Value and slope at a place in a table of values and slopes, by cubics between neighbours."""
    i = min(int(place), rows.shape[1] - 2)
    t = place - i
    y0, y1 = rows[0, i], rows[0, i + 1]
    d0, d1 = rows[1, i] * step, rows[1, i + 1] * step
    c2 = 3.0 * (y1 - y0) - 2.0 * d0 - d1
    c3 = 2.0 * (y0 - y1) + d0 + d1
    return y0 + t * (d0 + t * (c2 + t * c3)), (d0 + t * (2.0 * c2 + 3.0 * t * c3)) / step


@numba.njit(cache=True, error_model="numpy")
def taper(place: float) -> float:
    """Share of its least-loss current that a coil gets at a place from -0.5 to 0.5 of the window.

    One over the inner three quarters, then a cosine to zero at the edges, so that coils enter and
    leave the window without current.
    """
    depth = (0.5 - abs(place)) / 0.125
    if depth >= 1.0:
        return 1.0
    return 0.5 - 0.5 * math.cos(math.pi * max(depth, 0.0))


@numba.njit(cache=True, error_model="numpy")
def _taper_slope(place: float) -> float:
    """Derivative of :func:`taper`."""
    depth = (0.5 - abs(place)) / 0.125
    if not 0.0 < depth < 1.0:
        return 0.0
    inward = 1.0 if place < 0.0 else -1.0
    return 0.5 * math.pi * math.sin(math.pi * depth) / 0.125 * inward


@numba.njit(cache=True, error_model="numpy")
def window_figures(
    table: Array, inductances: Array, pitch: float, force: float, sled_current: float
) -> tuple[float, float, float, float, float, float, float]:
    """Peaks and means of one window; the order is that of the fields of :class:`Window`."""
    gradients, gradient_slope = table
    n = gradients.size - 1
    n_coils = n // N_PHASES
    pull, pull_slope = np.empty(n + 1), np.empty(n + 1)
    for i in range(n + 1):
        share, change = taper(i / n - 0.5), _taper_slope(i / n - 0.5) / (n_coils * pitch)
        pull[i] = share * gradients[i]
        pull_slope[i] = share * gradient_slope[i] + change * gradients[i]
    current = np.empty(n)
    slope = np.empty(n)
    for phase in range(N_PHASES):
        total = 0.0
        change = 0.0
        for i in range(phase, n, N_PHASES):
            total += pull[i] * gradients[i]
            change += pull_slope[i] * gradients[i] + pull[i] * gradient_slope[i]
        for i in range(phase, n, N_PHASES):
            current[i] = force * pull[i] / (sled_current * total)
            slope[i] = force * (pull_slope[i] - pull[i] * change / total) / (sled_current * total)
    voltage = np.empty(n)
    power = np.zeros(N_PHASES)
    for phase in range(N_PHASES):
        for k in range(n_coils):
            i = k * N_PHASES + phase
            volt = gradients[i] * sled_current
            for j in range(n_coils):
                volt += inductances[abs(j - k)] * slope[j * N_PHASES + phase]
            power[phase] += volt * current[i]
            voltage[i] = abs(volt)
    total_current = np.sum(np.abs(current)) / N_PHASES
    square = np.sum(current**2) / N_PHASES
    return (
        np.max(np.abs(gradients)),
        _crest(np.abs(current)),
        total_current,
        square,
        _crest(np.abs(slope)),
        _crest(voltage),
        _crest(power) / force,
    )


@numba.njit(cache=True, error_model="numpy")
def _crest(values: Array) -> float:
    """Top of the parabola through the largest of a cycle of samples and its neighbours."""
    i = int(np.argmax(values))
    top, before, after = values[i], values[i - 1], values[(i + 1) % values.size]
    bend = 2.0 * top - before - after
    if not bend > 0.0:
        return float(top)
    return float(top + 0.125 * (after - before) ** 2 / bend)


@numba.njit(cache=True, error_model="numpy")
def _tables(geometry: Array, n_poles: Counts, n_coils: Counts) -> tuple[Array, Array]:
    """Gradients with slopes (draw, 2, place) and inductances (draw, coil); zero past the window.

    Rows of geometry: radius of the sled's coils, pole pitch, radius, width, length and pitch of
    the drive coils.
    """
    n_draws = n_coils.size
    widest = np.max(n_coils)
    gradients = np.zeros((n_draws, 2, widest * N_PHASES + 1))
    inductances = np.zeros((n_draws, widest))
    for d in range(n_draws):
        sled, pole, radius, width, length, pitch = geometry[:, d]
        n = n_coils[d]
        inductances[d, :n] = coil_inductances(radius, width, length, pitch, n)
        gradients[d, :, : n * N_PHASES + 1] = sled_gradients(
            sled, n_poles[d], pole, radius, width, length, pitch, n
        )
    return gradients, inductances


@numba.njit(cache=True, error_model="numpy")
def _figures(
    gradients: Array,
    inductances: Array,
    n_coils: Counts,
    pitch: Array,
    force: Array,
    sled_current: Array,
) -> Array:
    out = np.empty((7, force.size))
    for d in range(force.size):
        c = d if n_coils.size > 1 else 0
        n = n_coils[c]
        table = gradients[c, :, : n * N_PHASES + 1]
        figures = window_figures(table, inductances[c, :n], pitch[c], force[d], sled_current[d])
        for i, figure in enumerate(figures):
            out[i, d] = figure
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """Couplings of one geometry per draw: arrays (place, draw) and (coil, draw), per turn."""

    n_coils: Counts
    pitch_m: Array
    gradient_H_m: Array
    gradient_slope_H_m2: Array
    inductance_H: Array


def couple(
    *,
    sled_coil_radius_m: Real,
    n_poles: Real,
    pole_pitch_m: Real,
    drive_coil_radius_m: Real,
    drive_coil_width_m: Real,
    drive_coil_length_m: Real,
    coil_pitch_m: Real,
    reach_ratio: Real,
) -> Coupling:
    """Tabulate the couplings between one sled and the drive coils around it.

    Parameters
    ----------
    sled_coil_radius_m, n_poles, pole_pitch_m
        Mean radius of the sled's coils, m, their number, and their distance, m (draw).
    drive_coil_radius_m, drive_coil_width_m, drive_coil_length_m, coil_pitch_m
        Mean radius, radial width, axial length and distance of the drive coils, m (draw).
    reach_ratio
        How far the window reaches beyond the outer coils of the sled, over the drive coils'
        radius (draw).

    Returns
    -------
    Coupling
        Gradients (place, draw) and inductances (coil, draw) per turn.

    Raises
    ------
    DomainError
        A length is not positive in any draw.

    Notes
    -----
    A sled coil is one filament. Towards it a drive coil is two sheets, exact along the axis;
    towards its neighbours it is two by three Gauss-Legendre filaments; its self-inductance is that
    of nearly square rings. Gradients and inductances are within 0.5 % of fine filaments where the
    gap between sled filament and drive coil exceeds half the drive coil's width.

    Source: Grover (1946), Inductance Calculations, chapters 11 and 13, for the filament method.

    Examples
    --------
    >>> coupling = couple(
    ...     sled_coil_radius_m=0.75, n_poles=4, pole_pitch_m=1.0, drive_coil_radius_m=0.85,
    ...     drive_coil_width_m=0.08, drive_coil_length_m=0.3, coil_pitch_m=0.5, reach_ratio=1.8,
    ... )
    >>> round(float(coupling.inductance_H[0, 0] * 64e6), 1)
    163.9
    """
    lengths = np.broadcast_arrays(
        _positive("sled_coil_radius_m", sled_coil_radius_m),
        _positive("pole_pitch_m", pole_pitch_m),
        _positive("drive_coil_radius_m", drive_coil_radius_m),
        _positive("drive_coil_width_m", drive_coil_width_m),
        _positive("drive_coil_length_m", drive_coil_length_m),
        _positive("coil_pitch_m", coil_pitch_m),
        _positive("reach_ratio", reach_ratio),
        _positive("n_poles", n_poles),
    )
    geometry = np.array([np.atleast_1d(length).ravel() for length in lengths], dtype=np.float64)
    _, pole, radius, _, _, pitch, reach, poles = geometry
    span = (poles - 1.0) * pole + 2.0 * reach * radius
    sound = np.all(np.isfinite(geometry), axis=0)
    n_coils = np.where(sound, np.maximum(np.ceil(span / pitch), 2.0), 2.0).astype(np.int64)
    gradients, inductances = _tables(
        geometry[:6], np.where(sound, np.rint(poles), 1.0).astype(np.int64), n_coils
    )
    return Coupling(
        n_coils=n_coils,
        pitch_m=pitch,
        gradient_H_m=gradients[:, 0].T,
        gradient_slope_H_m2=gradients[:, 1].T,
        inductance_H=inductances.T,
    )


def window(*, coupling: Coupling, force_N: Real, sled_coil_current_A: Real) -> Window:
    r"""Find currents and voltages of the window that give a thrust with the least copper loss.

    Parameters
    ----------
    coupling
        What :func:`couple` returned, for one geometry or one a draw.
    force_N
        Thrust, N (draw).
    sled_coil_current_A
        Ampere-turns of each coil of the sled, A (draw).

    Returns
    -------
    Window
        Peaks over the window and over the sled's position, and means over the position (draw).

    Raises
    ------
    DomainError
        Thrust or current is not positive in any draw.

    Notes
    -----
    :math:`I_k = F w_k G_k / (I_b \sum_j w_j G_j^2)` with a taper w at the window's edges, voltage
    :math:`v (\sum_j L_{kj} I_j' + G_k I_b)`. Means are over 24 positions of the sled in a
    pitch, peaks are those of parabolas through the largest three.

    Source: least squares under one linear constraint; circuit equations with moving couplings
    (Woodson and Melcher 1968, Electromechanical Dynamics, part I).

    Examples
    --------
    >>> coupling = couple(
    ...     sled_coil_radius_m=0.75, n_poles=4, pole_pitch_m=1.0, drive_coil_radius_m=0.85,
    ...     drive_coil_width_m=0.08, drive_coil_length_m=0.3, coil_pitch_m=0.5, reach_ratio=1.8,
    ... )
    >>> figures = window(coupling=coupling, force_N=1.471e6, sled_coil_current_A=1e6)
    >>> round(float(figures.peak_current_A[0]) / 8e3, 1)
    19.0
    """
    force, current, _ = np.broadcast_arrays(
        _positive("force_N", force_N),
        _positive("sled_coil_current_A", sled_coil_current_A),
        coupling.pitch_m,
    )
    figures = _figures(
        np.stack([coupling.gradient_H_m.T, coupling.gradient_slope_H_m2.T], axis=1),
        np.ascontiguousarray(coupling.inductance_H.T),
        coupling.n_coils,
        coupling.pitch_m,
        force.astype(np.float64),
        current.astype(np.float64),
    )
    gradient, peak, mean, square, slope, voltage, ratio = figures
    return Window(
        peak_gradient_H_m=gradient,
        peak_current_A=peak,
        mean_current_sum_A=mean,
        mean_square_sum_A2=square,
        peak_slope_A_m=slope,
        peak_voltage_V_s_m=voltage,
        peak_power_ratio=ratio,
    )
