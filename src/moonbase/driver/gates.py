"""Speed along the track: thrust errors coil by coil, a speed loop on light gates, the trim section.

Every coil does its nominal work over the window in which it pushes, times one plus its error.
Neglected: the circuits behind the coils (an error is a share of thrust), and the change of the
moving mass's suspension with its load.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numba
import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError

Index = npt.NDArray[np.int64]

_KINEMATIC_TOLERANCE = 0.01


class DriveLine(Protocol):
    """What the dispersion asks of a design: one driver, a number a field."""

    @property
    def muzzle_speed_m_s(self) -> Real:
        """Speed at release."""

    @property
    def acceleration_m_s2(self) -> Real:
        """Constant thrust acceleration."""

    @property
    def length_m(self) -> Real:
        """Length of the accelerating track."""

    @property
    def payload_kg(self) -> Real:
        """Mass thrown."""

    @property
    def sled_kg(self) -> Real:
        """Mass that returns."""

    @property
    def coil_pitch_m(self) -> Real:
        """Distance from drive coil to drive coil."""

    @property
    def n_window(self) -> Real:
        """Drive coils that push at one time."""

    @property
    def bucket_length_m(self) -> Real:
        """Length over which the guideway carries the sled."""

    @property
    def bucket_radius_m(self) -> Real:
        """Radius of the sled."""

    @property
    def pole_pitch_m(self) -> Real:
        """Half a wave of the drive field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedLoop:
    """Speed loop of the main drive, proportional in the work missing per kilogram.

    ``control_length_m`` is the length over which a measured error is worked off,
    ``gate_spacing_m`` and ``gate_timing_s`` the light gates along the drive, ``delay_s`` the time
    from gate to thrust, ``margin_frac`` the thrust in reserve either way.
    """

    control_length_m: float
    gate_spacing_m: float
    gate_timing_s: float = 0.0
    delay_s: float = 0.0
    margin_frac: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimSection:
    """Two gates behind the drive, then a section that removes the speed error they see.

    ``gate_survey_m`` is the error of the gates' spacing, the same in every shot; ``scale_frac``
    the error of the section's own thrust.
    """

    length_m: float
    acceleration_m_s2: float
    gate_spacing_m: float
    gate_timing_s: float = 0.0
    gate_survey_m: float = 0.0
    scale_frac: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveRun:
    """One launch along the track: nodes are the coil pitches from rest to the end of the drive."""

    position_m: Array
    speed_m_s: Array
    time_s: float
    speed_error_m_s: float
    time_error_s: float
    saturated_frac: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """Nominal drive on its nodes, and what the loop needs there."""

    speed_m_s: float
    acceleration_m_s2: float
    step_m: float
    node_speed_m_s: Array
    node_time_s: Array
    window_from: Index
    window_to: Index
    n_gate: int
    use: Index
    control_length_m: float
    margin_frac: float
    gate_timing_s: float

    @property
    def n_coils(self) -> int:
        """Number of drive coils."""
        return self.window_from.size


@dataclass(frozen=True, slots=True, kw_only=True)
class _DriveSensitivity:
    """Change of the final speed (row 0, per 1 m/s) and time (row 1, per 1 s) of a launch.

    ``coil`` is per share of one coil's thrust (2, coil), ``gate`` per second of one gate's time
    (2, gate).
    """

    coil: npt.NDArray[np.float64]
    gate: npt.NDArray[np.float64]


def lay_drive(design: DriveLine, loop: SpeedLoop | None) -> Drive:
    """Nominal drive of a design, with the gates and the schedule of its speed loop."""
    speed = one(design, "muzzle_speed_m_s")
    length = one(design, "length_m")
    acceleration = speed**2 / (2.0 * length)
    stated = one(design, "acceleration_m_s2")
    if abs(acceleration / stated - 1.0) > _KINEMATIC_TOLERANCE:
        raise DomainError(
            f"muzzle speed and length ask for {acceleration:.6g} m/s2, the design states "
            f"{stated:.6g}",
            path="design",
            hint="give a design with constant acceleration, v^2 = 2 a L",
        )
    n_coils = max(round(length / one(design, "coil_pitch_m")), 1)
    step = length / n_coils
    n_window = min(max(round(one(design, "n_window")), 1), n_coils)
    steps = np.arange(n_coils)
    first = steps - n_window // 2
    nodes = np.sqrt(2.0 * acceleration * step * np.arange(n_coils + 1))
    times = nodes / acceleration
    n_gate, use = _schedule(loop, times, step, speed)
    return Drive(
        speed_m_s=speed,
        acceleration_m_s2=acceleration,
        step_m=step,
        node_speed_m_s=nodes,
        node_time_s=times,
        window_from=np.maximum(first, 0),
        window_to=np.minimum(first + n_window, n_coils),
        n_gate=n_gate,
        use=use,
        control_length_m=loop.control_length_m if loop else math.inf,
        margin_frac=loop.margin_frac if loop else 0.0,
        gate_timing_s=loop.gate_timing_s if loop else 0.0,
    )


def simulate_drive(
    design: DriveLine,
    *,
    coil_error_frac: Real = 0.0,
    thrust_scale_frac: float = 0.0,
    loop: SpeedLoop | None = None,
    gate_error_s: Real = 0.0,
) -> DriveRun:
    r"""Run one launch along the track with given errors.

    Parameters
    ----------
    design
        The driver: see :class:`DriveLine`.
    coil_error_frac
        Error of each coil's thrust as a share of it (coil, or one for all); -1 is a dead coil.
    thrust_scale_frac
        Error of the whole thrust as a share of it.
    loop
        Speed loop of the main drive; none leaves the errors as they are.
    gate_error_s
        Error of each gate's time, s (gate, or one for all).

    Returns
    -------
    DriveRun
        Positions m and speeds m/s (node), the time s, the errors against the nominal launch, and
        the share of the pitches on which the loop asked for more thrust than its margin.

    Raises
    ------
    DomainError
        A design that is not one driver with constant acceleration, or a loop that oscillates.

    Notes
    -----
    :math:`dw/ds = a (1 + \epsilon)(1 - \hat{w} / a l)` for the kinetic energy w per kilogram,
    with :math:`\hat{w}` the excess that the last gate pair showed and l the control length.

    Source: work-energy theorem, derived.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> line = SimpleNamespace(
    ...     muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665, length_m=3186.6, payload_kg=1000.0,
    ...     sled_kg=500.0, coil_pitch_m=0.5, n_window=12, bucket_length_m=3.0,
    ...     bucket_radius_m=0.8, pole_pitch_m=1.0)
    >>> round(simulate_drive(line, thrust_scale_frac=1e-3).speed_error_m_s, 3)
    1.25
    """
    drive = lay_drive(design, loop)
    coil = np.broadcast_to(np.asarray(coil_error_frac, dtype=np.float64), drive.n_coils)
    gates = np.broadcast_to(np.asarray(gate_error_s, dtype=np.float64), drive.n_coils + 1)
    speeds, time, saturated = run_drive(
        drive, (1.0 + _window_mean(drive, coil)) * (1.0 + thrust_scale_frac), gates
    )
    return DriveRun(
        position_m=np.linspace(0.0, drive.step_m * drive.n_coils, drive.n_coils + 1),
        speed_m_s=speeds,
        time_s=time,
        speed_error_m_s=float(speeds[-1]) - drive.speed_m_s,
        time_error_s=time - float(drive.node_time_s[-1]),
        saturated_frac=saturated,
    )


def run_drive(drive: Drive, thrust_ratio: Array, gate_error_s: Array) -> tuple[Array, float, float]:
    """Speeds (node), time and saturated share of one launch; thrust over nominal by pitch."""
    speeds = np.empty(drive.n_coils + 1)
    time, saturated = _run(
        thrust_ratio,
        gate_error_s,
        drive.node_time_s,
        drive.use,
        drive.n_gate,
        drive.step_m,
        drive.acceleration_m_s2,
        drive.control_length_m,
        drive.margin_frac,
        speeds,
    )
    return speeds, time, saturated


def drive_sensitivity(drive: Drive) -> _DriveSensitivity:
    """Sensitivities of final speed and time by one backward pass each through the loop."""
    n_gates = drive.n_coils // drive.n_gate
    step = np.empty((2, drive.n_coils))
    gate = np.zeros((2, n_gates + 1))
    for row in range(2):
        _adjoint(
            row,
            drive.node_speed_m_s,
            drive.node_time_s,
            drive.use,
            drive.n_gate,
            drive.step_m,
            drive.acceleration_m_s2,
            drive.control_length_m,
            step[row],
            gate[row],
        )
    return _DriveSensitivity(coil=_window_sum(drive, step), gate=gate)


def _window_mean(drive: Drive, coil: Array) -> Array:
    """Mean over the coils that push, (pitch) from (coil)."""
    total = np.concatenate([[0.0], np.cumsum(coil)])
    mean: Array = (total[drive.window_to] - total[drive.window_from]) / _width(drive)
    return mean


def _window_sum(drive: Drive, pitch: Array) -> Array:
    """Transpose of :func:`_window_mean`, (row, coil) from (row, pitch)."""
    share = pitch / _width(drive)
    change = np.zeros((drive.n_coils + 1, share.shape[0]))
    np.add.at(change, drive.window_from, share.T)
    np.subtract.at(change, drive.window_to, share.T)
    total: Array = np.cumsum(change, axis=0)[:-1].T
    return total


def one(design: DriveLine, name: str) -> float:
    """One positive number of a design."""
    values = np.asarray(getattr(design, name), dtype=np.float64)
    if values.size != 1 or not 0.0 < values.item() < math.inf:
        raise DomainError(
            "must be one number > 0", path=f"design.{name}", hint="give the design of one driver"
        )
    return float(values.item())


def _width(drive: Drive) -> Index:
    return drive.window_to - drive.window_from


def _schedule(loop: SpeedLoop | None, times: Array, step: float, speed: float) -> tuple[int, Index]:
    """Pitches from gate to gate, and the last pair in hand (or -1) at each pitch."""
    n_coils = times.size - 1
    if loop is None:
        return n_coils + 1, np.full(n_coils, -1, dtype=np.int64)
    if not (loop.control_length_m > 0.0 and loop.gate_spacing_m > 0.0 and loop.margin_frac >= 0.0):
        raise DomainError(
            "control length and gate spacing must be > 0, the margin >= 0",
            path="loop",
            hint="leave the loop out for a driver without one",
        )
    if not (loop.gate_timing_s >= 0.0 and loop.delay_s >= 0.0):
        raise DomainError("times must be >= 0", path="loop", hint="check delay and gate timing")
    n_gate = max(round(loop.gate_spacing_m / step), 1)
    lag = n_gate * step + speed * loop.delay_s
    if lag >= 0.5 * math.pi * loop.control_length_m:
        raise DomainError(
            f"the loop oscillates: it answers {lag:.3g} m late at the muzzle",
            path="loop.control_length_m",
            hint=f"at least {lag / (0.5 * math.pi):.3g} m; {2.0 * lag:.3g} m settles well",
        )
    ends = times[n_gate::n_gate]
    ready = np.searchsorted(ends + loop.delay_s, times[:-1] + 1e-12, side="right") - 1
    return n_gate, ready.astype(np.int64)


@numba.njit(cache=True, error_model="numpy")
def _run(
    thrust: Array,
    gate_error: Array,
    nominal: Array,
    use: Index,
    n_gate: int,
    step: float,
    acceleration: float,
    control_length: float,
    margin: float,
    speeds: Array,
) -> tuple[float, float]:
    n = thrust.size
    excess = np.zeros(n // n_gate + 1)
    energy = 0.0
    time = 0.0
    last_gate = gate_error[0]
    speeds[0] = 0.0
    n_saturated = 0
    for k in range(n):
        ask = 0.0
        if use[k] >= 0:
            ask = -excess[use[k]] / (acceleration * control_length)
        if abs(ask) > margin:
            n_saturated += 1
            ask = math.copysign(margin, ask)
        energy += step * acceleration * thrust[k] * (1.0 + ask)
        speeds[k + 1] = math.sqrt(2.0 * max(energy, 0.0))
        time += 2.0 * step / (speeds[k] + speeds[k + 1])
        if (k + 1) % n_gate == 0:
            pair = (k + 1) // n_gate - 1
            seen = time + gate_error[pair + 1]
            plan = nominal[k + 1] - nominal[k + 1 - n_gate]
            path = n_gate * step
            excess[pair] = 0.5 * (path / (seen - last_gate)) ** 2 - 0.5 * (path / plan) ** 2
            last_gate = seen
    return time, n_saturated / n


@numba.njit(cache=True, error_model="numpy")
def _adjoint(
    row: int,
    speeds: Array,
    times: Array,
    use: Index,
    n_gate: int,
    step: float,
    acceleration: float,
    control_length: float,
    by_pitch: Array,
    by_gate: Array,
) -> None:
    """Backward pass: weight of each node's energy, of each pair's reading, of each pitch's time."""
    n = by_pitch.size
    reading = np.zeros(n // n_gate + 1)
    time_weight = 1.0 if row == 1 else 0.0
    energy = 0.0 if row == 1 else 1.0 / speeds[n]
    for k in range(n - 1, -1, -1):
        pair = k // n_gate
        weight = time_weight
        if (pair + 1) * n_gate <= n:
            plan = times[(pair + 1) * n_gate] - times[pair * n_gate]
            path = n_gate * step
            by_time = -reading[pair] * path**2 / plan**3
            weight += by_time
            if (k + 1) % n_gate == 0:
                by_gate[pair + 1] += by_time
                by_gate[pair] -= by_time
        slowing = weight * 2.0 * step / (speeds[k] + speeds[k + 1]) ** 2
        energy -= slowing / speeds[k + 1]
        by_pitch[k] = step * acceleration * energy
        if use[k] >= 0:
            reading[use[k]] -= step / control_length * energy
        if k > 0:
            energy -= slowing / speeds[k]
