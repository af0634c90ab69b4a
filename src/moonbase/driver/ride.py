"""The sled as a rigid body on its suspension along the accelerating track.

Axes: x along the track, y to the left, z up. Sway and heave are displacements of the mass centre
along y and z; roll, pitch and yaw are right-handed turns about x, y and z, so that a positive
pitch dips the nose. Springs and dampers act at the middle of the bucket, spread evenly over its
length, and their stiffness does not change with speed. Neglected: bending of sled and guideway,
magnetic forces other than the suspension's, the turn of the local vertical along a straight
track, and the Moon's rotation (some 0.013 m/s2 at 2.5 km/s, the same in every shot).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.driver.guideway import mean_filter

_NODES_PER_WAVE = 40.0
_MIN_NODES = 4000
_PHASE_STEP = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """How the guideway carries the sled.

    Natural frequencies by axis. ``damping_ratio`` damps motion against the track and
    ``inertial_damping_ratio`` motion against inertial space (an active damper with its own
    accelerometers), both as shares of critical damping. ``stiffening_ratio`` is the gain in
    secant stiffness at full clearance. ``stop_ratio`` is the stiffness of each end's stop over
    that of the suspension; zero leaves the stop out.
    """

    sway_Hz: float
    heave_Hz: float
    roll_Hz: float
    pitch_Hz: float
    yaw_Hz: float
    clearance_m: float
    damping_ratio: float = 0.0
    inertial_damping_ratio: float = 0.0
    stiffening_ratio: float = 0.0
    stop_ratio: float = 0.0

    @property
    def omega_rad_s(self) -> Array:
        """Natural angular frequencies, rad/s (axis)."""
        axes = [self.sway_Hz, self.heave_Hz, self.roll_Hz, self.pitch_Hz, self.yaw_Hz]
        return 2.0 * math.pi * np.asarray(axes, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePassage:
    """Sled at the end of its run over a wavy track: amplitudes over all phases of the wave."""

    transverse_speed_m_s: float
    direction_rad: float
    offset_m: float


def wave_passage(
    *,
    amplitude_m: float,
    wavelength_m: float,
    muzzle_speed_m_s: float,
    acceleration_m_s2: float,
    suspension_Hz: float,
    damping_ratio: float = 0.0,
    inertial_damping_ratio: float = 0.0,
    sled_length_m: float = 0.0,
) -> WavePassage:
    r"""Transverse speed at release of a sled that accelerated from rest over a wavy track.

    Parameters
    ----------
    amplitude_m, wavelength_m
        Wave of the whole track, m.
    muzzle_speed_m_s, acceleration_m_s2
        Speed at release, m/s, and constant acceleration, m/s2.
    suspension_Hz
        Natural frequency, Hz.
    damping_ratio, inertial_damping_ratio
        Damping against the track and against inertial space, shares of critical damping.
    sled_length_m
        Length over which the suspension averages the track, m.

    Returns
    -------
    WavePassage
        Amplitudes of transverse speed, m/s, of direction, rad, and of offset, m, over the phase
        of the wave.

    Raises
    ------
    DomainError
        An input out of range, or a total damping ratio of one or more.

    Notes
    -----
    Convolution of the wave as met in time, :math:`s = a t^2/2`, with the exact step response of
    :math:`\ddot z + 2\zeta\omega_0\dot z + \omega_0^2 z = \omega_0^2 u + 2\zeta_t\omega_0\dot u`.
    Three things part it from :math:`A \omega_0^2/\omega`: the steady factor
    :math:`1/(1 - \omega_0^2/\omega^2)` of long waves; the ringing from the speed
    :math:`\omega_0\lambda/2\pi` at which the wave met the resonance, which only damping removes;
    and :math:`A\,2\zeta_t\omega_0` passed on by damping against the track, more than the spring
    passes on once :math:`2\zeta_t > \omega_0/\omega`.

    Source: linear oscillator, derived.

    Examples
    --------
    >>> passage = wave_passage(amplitude_m=1e-3, wavelength_m=30.0, muzzle_speed_m_s=2500.0,
    ...                        acceleration_m_s2=980.665, suspension_Hz=10.0,
    ...                        inertial_damping_ratio=0.1)
    >>> round(passage.transverse_speed_m_s * 1e3, 1)
    7.6
    """
    if not (wavelength_m > 0.0 and muzzle_speed_m_s > 0.0 and acceleration_m_s2 > 0.0):
        raise DomainError(
            "wavelength, speed and acceleration must be > 0", path="wavelength_m", hint="use SI"
        )
    check_suspension(
        np.asarray([2.0 * math.pi * suspension_Hz]), damping_ratio, inertial_damping_ratio
    )
    length = muzzle_speed_m_s**2 / (2.0 * acceleration_m_s2)
    n_steps = max(_MIN_NODES, math.ceil(_NODES_PER_WAVE * length / wavelength_m))
    position = np.linspace(0.0, length, n_steps + 1)
    remaining = remaining_time(position, muzzle_speed_m_s, length)
    weights = track_weights(
        2.0 * math.pi * suspension_Hz,
        damping_ratio + inertial_damping_ratio,
        damping_ratio,
        remaining,
    )
    kappa = 2.0 * math.pi / wavelength_m
    wave = (
        amplitude_m * mean_filter(np.asarray(kappa), sled_length_m) * np.exp(1j * kappa * position)
    )
    offset, speed = np.abs(weights @ wave)
    return WavePassage(
        transverse_speed_m_s=float(speed),
        direction_rad=float(speed) / muzzle_speed_m_s,
        offset_m=float(offset),
    )


def check_suspension(omega_rad_s: Array, damping_ratio: float, inertial_ratio: float) -> None:
    """Refuse a suspension that is not a stable, underdamped oscillator."""
    if not np.all((omega_rad_s > 0.0) & (omega_rad_s < np.inf)):
        raise DomainError(
            "frequencies must be > 0", path="suspension", hint="give each axis a frequency in Hz"
        )
    if not (damping_ratio >= 0.0 and inertial_ratio >= 0.0 and damping_ratio + inertial_ratio < 1):
        raise DomainError(
            "damping ratios must be >= 0 and sum to less than 1",
            path="damping_ratio",
            hint="the model is that of an underdamped suspension",
        )


def remaining_time(position_m: Array, speed_m_s: float, drive_length_m: float) -> Array:
    """Time to the end of the edges between the nodes' cells, s: ends and middles, descending."""
    middle = 0.5 * (position_m[1:] + position_m[:-1])
    edges = np.concatenate([position_m[:1], middle, position_m[-1:]])
    driven = np.minimum(edges, drive_length_m)
    coasted = np.maximum(edges - drive_length_m, 0.0)
    time = 2.0 * np.sqrt(driven * drive_length_m) / speed_m_s + coasted / speed_m_s
    remaining: Array = time[-1] - time
    return remaining


def step_kernels(
    omega_rad_s: float, damping_ratio: float, time_s: Array
) -> tuple[Array, Array, Array]:
    """Integral of the impulse response, the response and its rate, for unit specific force."""
    damped = omega_rad_s * math.sqrt(1.0 - damping_ratio**2)
    decay = np.exp(-damping_ratio * omega_rad_s * time_s)
    sine = decay * np.sin(damped * time_s) / damped
    cosine = decay * np.cos(damped * time_s)
    lag = damping_ratio * omega_rad_s * sine
    step = (1.0 - cosine - lag) / omega_rad_s**2
    return step, sine, cosine - lag


def force_weights(omega_rad_s: float, damping_ratio: float, remaining_s: Array) -> Array:
    """Displacement and its rate at the end per specific force held over each cell (2, cell)."""
    step, impulse, _ = step_kernels(omega_rad_s, damping_ratio, remaining_s)
    return -np.diff(np.stack([step, impulse]), axis=-1)


def track_weights(
    omega_rad_s: float, damping_ratio: float, track_ratio: float, remaining_s: Array
) -> Array:
    """Displacement and its rate at the end per offset of the track at each node (2, node).

    The sled starts at rest on the track.
    """
    _, impulse, rate = step_kernels(omega_rad_s, damping_ratio, remaining_s)
    spring = omega_rad_s**2 * force_weights(omega_rad_s, damping_ratio, remaining_s)
    damper = 2.0 * track_ratio * omega_rad_s
    weights: Array = spring - damper * np.diff(np.stack([impulse, rate]), axis=-1)
    free = 2.0 * damping_ratio * omega_rad_s - damper
    weights[0, 0] += rate[0] + free * impulse[0]
    weights[1, 0] -= omega_rad_s**2 * impulse[0] + damper * rate[0]
    weights[1, -1] += damper
    return weights


def ride_limit(suspension: Suspension) -> float:
    """Longest time step of :func:`ride`, s."""
    stiffness = 1.0 + 3.0 * suspension.stiffening_ratio + 6.0 * suspension.stop_ratio
    return _PHASE_STEP / (float(np.max(suspension.omega_rad_s)) * math.sqrt(stiffness))


@numba.njit(cache=True, error_model="numpy")
def ride(
    state: Array,
    speed: Array,
    step_m: float,
    side: Array,
    track: Array,
    omega: Array,
    damping: Array,
    centre: Array,
    gyration: Array,
    shape: tuple[float, float, float],
    spring: tuple[float, float],
    gravity: tuple[float, float],
    longest_s: float,
) -> float:
    """Integrate one shot; ``state`` (axis displacements, then rates) becomes that of release.

    ``side`` holds specific thrust along x, y, z by cell; ``track`` by node the smoothed track by
    axis, then the bare track at front and rear, lateral first. ``damping`` is the specific
    damping against the track and against space by axis; ``shape`` half length, radius and
    clearance; ``spring`` the stiffening and the stop's ratio; ``gravity`` the track's curvature
    and the weight. Returns the least clearance met.
    """
    n = speed.size - 1
    rates = np.empty((4, 10))
    trial = np.empty(10)
    at = np.empty(9)
    slope = np.empty(5)
    least = shape[2]
    for j in range(n):
        duration = 2.0 * step_m / (speed[j] + speed[j + 1])
        parts = max(math.ceil(duration / longest_s), 1)
        dt = duration / parts
        for axis in range(5):
            slope[axis] = (track[axis, j + 1] - track[axis, j]) / duration
        for part in range(parts):
            for stage in range(4):
                ahead = 0.0 if stage == 0 else (dt if stage == 3 else 0.5 * dt)
                share = (part * dt + ahead) / duration
                for row in range(9):
                    at[row] = track[row, j] + share * (track[row, j + 1] - track[row, j])
                for i in range(10):
                    trial[i] = state[i] + (ahead * rates[stage - 1, i] if stage > 0 else 0.0)
                v = speed[j] + share * (speed[j + 1] - speed[j])
                gap = _accelerate(
                    trial,
                    at,
                    slope,
                    side[:, j],
                    v * v * gravity[0] - gravity[1],
                    omega,
                    damping,
                    centre,
                    gyration,
                    shape,
                    spring,
                    rates[stage],
                )
                if stage == 0:
                    least = min(least, gap)
            for i in range(10):
                state[i] += (
                    dt / 6.0 * (rates[0, i] + 2.0 * rates[1, i] + 2.0 * rates[2, i] + rates[3, i])
                )
    return least


@numba.njit(cache=True, error_model="numpy")
def _accelerate(
    state: Array,
    at: Array,
    slope: Array,
    thrust: Array,
    outward: float,
    omega: Array,
    damping: Array,
    centre: Array,
    gyration: Array,
    shape: tuple[float, float, float],
    spring: tuple[float, float],
    rate: Array,
) -> float:
    """Rates of the ten states; returns the least clearance at the four corners."""
    x_c, y_c, z_c = centre
    sway, heave, roll, pitch, yaw = state[0], state[1], state[2], state[3], state[4]
    y = sway - yaw * x_c + roll * z_c
    z = heave - roll * y_c + pitch * x_c
    y_rate = state[5] - state[9] * x_c + state[7] * z_c
    z_rate = state[6] - state[7] * y_c + state[8] * x_c
    against_track, against_space = damping[0], damping[1]
    dy = y - at[0]
    dz = z - at[1]
    clearance = shape[2]
    stiffening, stop = spring
    force_y = -(omega[0] ** 2) * dy * (1.0 + stiffening * (dy / clearance) ** 2)
    force_z = -(omega[1] ** 2) * dz * (1.0 + stiffening * (dz / clearance) ** 2)
    force_y -= against_track[0] * (y_rate - slope[0]) + against_space[0] * y_rate
    force_z -= against_track[1] * (z_rate - slope[1]) + against_space[1] * z_rate
    moment_y = 0.0
    moment_z = 0.0
    least = clearance
    rolled = shape[1] * abs(roll - at[2])
    for end in range(2):
        x = shape[0] if end == 0 else -shape[0]
        off_y = y + yaw * x - at[5 + end]
        off_z = z - pitch * x - at[7 + end]
        room_y = clearance - abs(off_y) - rolled
        room_z = clearance - abs(off_z) - rolled
        least = min(least, room_y, room_z)
        if room_y < 0.0:
            push = math.copysign(stop * omega[0] ** 2 * room_y, -off_y)
            force_y += push
            moment_z += x * push
        if room_z < 0.0:
            push = math.copysign(stop * omega[1] ** 2 * room_z, -off_z)
            force_z += push
            moment_y -= x * push
    rate[:5] = state[5:]
    rate[5] = force_y + thrust[1]
    rate[6] = force_z + thrust[2] + outward
    turn_x = z_c * force_y - y_c * force_z
    turn_y = x_c * force_z - z_c * thrust[0] + moment_y
    turn_z = y_c * thrust[0] - x_c * force_y + moment_z
    for axis in range(2, 5):
        turn = turn_x if axis == 2 else (turn_y if axis == 3 else turn_z)
        radius = gyration[0] if axis == 2 else gyration[1]
        rate[5 + axis] = (
            turn / radius**2
            - omega[axis] ** 2 * (state[axis] - at[axis])
            - against_track[axis] * (state[5 + axis] - slope[axis])
            - against_space[axis] * state[5 + axis]
        )
    return least
