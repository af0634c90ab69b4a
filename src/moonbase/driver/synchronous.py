"""A launch by linear synchronous motor, coil by coil: inverter-fed coils, superconducting sled.

Every drive coil in a window around the sled has its own current, fed through a feeder from a
converter of limited voltage. Currents follow the command of least copper loss as far as the voltage
allows; a speed controller sets the thrust. After release the same motor brakes the empty sled.

Neglected: converter ripple (its loss is counted), eddy currents other than in the guideway's sheet
and, through the resistance, in the strands; lateral motion (see :mod:`moonbase.driver.dispersion`);
warming of the conductor during a shot (reported, and tiny).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.driver import _synchronous_kernel as kernel
from moonbase.driver._checks import _positive
from moonbase.driver.design import DriverDesign, one_draw
from moonbase.driver.history import Launch
from moonbase.driver.loops import mutual_inductance
from moonbase.driver.sled import sled_drag
from moonbase.driver.track import Track, device_drop

_TABLE_PER_PITCH = 48
_N_SAMPLES = 2001
_LONGEST_STEP_s = 1e-4
_DRAG_POINTS = 256
_FEWEST_STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong in one launch: nothing by default.

    Numbers of failed coils from the start of the track, gain error of each coil (coil) or of
    all, error of the thrust's scale, error of the sled's current, and error of the payload's mass.
    The drive knows which coils have failed and shares their thrust among the others; of all
    other errors it learns by the speed alone. A coil lost unawares has a gain error of -1.
    """

    failed_coils: tuple[int, ...] = ()
    coil_gain_frac: float | Array = 0.0
    thrust_scale_frac: float = 0.0
    sled_current_frac: float = 0.0
    payload_frac: float = 0.0


def simulate_synchronous(
    *,
    design: DriverDesign,
    draw: int = 0,
    faults: Faults | None = None,
    control_time_s: float = 5e-3,
    thrust_reserve_ratio: float = 1.3,
    flux_conserving: bool = True,
    steps_per_pitch: int = 40,
) -> Launch:
    r"""Fly one payload down the line, release it, and brake the sled.

    Parameters
    ----------
    design
        What :func:`moonbase.driver.design.design_driver` returned.
    draw
        Which draw of the design.
    faults
        Failed coils and errors; none by default.
    control_time_s
        Time constant with which the speed error is taken out, s; ``inf`` for open loop.
    thrust_reserve_ratio
        Most thrust that may be commanded over the nominal.
    flux_conserving
        Whether each superconducting coil keeps its flux (True) or its current (False).
    steps_per_pitch
        Time steps in which the sled passes one coil pitch.

    Returns
    -------
    Launch
        Histories, records of each coil, and the energy audit.

    Raises
    ------
    DomainError
        The draw or a failed coil does not exist, the draw has no design, an option is out of
        range, or the sled never reaches the muzzle.

    Notes
    -----
    Per turn: :math:`V = R A + \sum_j L_{kj} \dot A_j + d(M I_b)/dt`, implicit midpoint; where a
    voltage would pass its limit the coil gets the limit and the coupled equations are solved for
    the currents. :math:`M_t \dot v = \sum A_k G_{kb} I_b - D`.

    Source: Woodson and Melcher (1968), Electromechanical Dynamics, part I, chapter 3.

    Examples
    --------
    See :func:`moonbase.driver.launch.simulate_launch`.
    """
    faults = faults or Faults()
    _check(control_time_s, thrust_reserve_ratio, steps_per_pitch, faults)
    line = _line(one_draw(design, draw))
    health, gain = _coil_faults(faults, line.n_coils)
    start_A = line.nominal * (1.0 + faults.sled_current_frac)
    payload = line.payload * (1.0 + faults.payload_frac)
    history, coils, energy, marks = kernel.run(
        line.pitch,
        line.first,
        line.n_window,
        line.row,
        line.table,
        line.table_step,
        line.offsets,
        line.nominal,
        line.sled_inductance,
        flux_conserving,
        start_A,
        line.coils,
        gain,
        health,
        line.payload,
        payload - line.payload,
        line.sled,
        line.acceleration,
        line.braking,
        line.length,
        line.brake_length,
        1.0 + faults.thrust_scale_frac,
        control_time_s,
        thrust_reserve_ratio,
        line.drag,
        line.drag_step,
        steps_per_pitch,
        _LONGEST_STEP_s,
        _N_SAMPLES,
    )
    if not np.isfinite(marks[0, 2]):
        raise DomainError(
            "the sled stops before the muzzle",
            path="faults",
            hint="too many coils in one window have failed, or the voltage does not suffice",
        )
    return _report(line, payload, start_A, history, coils, energy, marks)


def _check(control_s: float, reserve: float, steps: int, faults: Faults) -> None:
    """Refuse options without meaning."""
    _positive("control_time_s", control_s)
    _positive("thrust_reserve_ratio", reserve)
    if steps < _FEWEST_STEPS:
        raise DomainError(
            f"must be {_FEWEST_STEPS} or more, got {steps}",
            path="steps_per_pitch",
            hint="40 keeps the energy audit within 0.02 %",
        )
    for name in ("thrust_scale_frac", "sled_current_frac", "payload_frac"):
        _positive(name, 1.0 + getattr(faults, name))


def _coil_faults(faults: Faults, n_coils: int) -> tuple[Array, Array]:
    """Health, 0 or 1, and gain error of each coil."""
    health = np.ones(n_coils)
    for number in faults.failed_coils:
        if not 0 <= number < n_coils:
            raise DomainError(
                f"there is no coil {number}",
                path="failed_coils",
                hint=f"coils are numbered from 0 to {n_coils - 1}",
            )
        health[number] = 0.0
    gain = np.asarray(faults.coil_gain_frac, dtype=np.float64)
    if gain.shape not in ((), (n_coils,)) or not np.all(np.isfinite(gain)):
        raise DomainError(
            f"must be one finite number or {n_coils} of them, got shape {gain.shape}",
            path="coil_gain_frac",
            hint="one value for each coil of the whole track, or one for all",
        )
    return health, np.full(n_coils, gain)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line as the compiled loop takes it; coil data are rows over the coils of the track."""

    pitch: float
    first: float
    place: Array
    n_window: int
    n_coils: int
    row: Array
    table: Array
    table_step: float
    offsets: Array
    nominal: Array
    sled_inductance: Array
    coils: Array
    turns: Array
    payload: float
    sled: float
    acceleration: float
    braking: float
    speed: float
    length: float
    brake_length: float
    drag: Array
    drag_step: float
    heat_J_K: float


def _line(design: DriverDesign) -> _Line:
    sled, coil = design.sled, design.coil
    if not np.isfinite(design.track.n_turns).all():
        raise DomainError(
            "this draw has no design", path="draw", hint="an input of it is out of range"
        )
    pitch, pole = float(design.coil_pitch_m), float(sled.pole_pitch_m)
    n_window, n_poles = int(design.n_window), round(float(sled.n_poles))
    shift = n_window // 2
    length, brake_length = float(design.length_m), float(design.brake.length_m)
    n_coils = math.ceil((length + brake_length) / pitch) + 2 * shift + 2
    offsets = (np.arange(n_poles, dtype=np.float64) - 0.5 * (n_poles - 1)) * pole
    table_step = pitch / _TABLE_PER_PITCH
    reach = 0.5 * (n_window + 2) * pitch + 0.5 * n_poles * pole
    drag_step = 1.2 * float(design.muzzle_speed_m_s) / (_DRAG_POINTS - 1)
    grid = np.maximum(drag_step * np.arange(_DRAG_POINTS), 1e-3)
    place = pitch * (np.arange(n_coils, dtype=np.float64) - shift)
    signs = 1.0 - 2.0 * (np.arange(n_poles, dtype=np.float64) % 2.0)
    turns, coils = _coil_data(design, place)
    return _Line(
        pitch=pitch,
        first=-shift * pitch,
        place=place,
        n_window=n_window,
        n_coils=n_coils,
        row=np.ascontiguousarray(design.coupling.inductance_H[:n_window]),
        table=kernel.pair_table(
            float(sled.sled_coil_radius_m),
            float(design.drive_coil.radius_m),
            float(coil.drive_coil_width_m),
            float(coil.drive_coil_length_m),
            table_step,
            math.ceil(reach / table_step) + 2,
        ),
        table_step=table_step,
        offsets=offsets,
        nominal=float(design.sled_coil_current_A) * signs,
        sled_inductance=_sled_inductance(design, offsets),
        coils=coils,
        turns=turns,
        payload=float(design.payload_kg),
        sled=float(design.sled_kg),
        acceleration=float(design.acceleration_m_s2),
        braking=float(design.deceleration_m_s2),
        speed=float(design.muzzle_speed_m_s),
        length=length,
        brake_length=brake_length,
        drag=sled_drag(spec=sled, sheet=coil, speed_m_s=grid),
        drag_step=drag_step,
        heat_J_K=float(design.drive_coil.mass_kg * design.drive_coil.specific_heat_J_kg_K),
    )


def _sled_inductance(design: DriverDesign, offsets: Array) -> Array:
    """Inductance matrix of the sled's coils, one turn each."""
    radius = float(design.sled.sled_coil_radius_m)
    apart = np.abs(offsets[:, None] - offsets[None, :])
    np.fill_diagonal(apart, radius)
    matrix = mutual_inductance(radius_1_m=radius, radius_2_m=radius, offset_m=apart)
    np.fill_diagonal(matrix, float(design.sled_coil.inductance_H))
    return matrix


def _coil_data(design: DriverDesign, place: Array) -> tuple[Array, Array]:
    """Turns of each coil; and rows: resistance, feeder R and L, voltage limit, device drop."""
    drive, n_window = design.drive, float(design.n_window)
    length = float(design.length_m)
    onward = place > length
    depth = np.where(onward, place - length, place)
    thrust, brake = design.track, design.brake
    section = np.where(
        onward,
        _section(brake, float(brake.length_m) - depth),
        _section(thrust, depth),
    )

    def along(name: str) -> Array:
        values: Array = np.where(
            onward, getattr(brake, name)[section], getattr(thrust, name)[section]
        )
        return values

    turns, zone = along("n_turns"), along("zone_length_m")
    sectors = np.maximum(1.0 / turns, 1.0)
    per_turn2 = 1.0 / turns**2
    run = np.abs(np.mod(place, zone) - 0.5 * zone)
    winding = design.drive_coil
    ohm_m = 4.0 * n_window * float(winding.resistivity_ohm_m) / float(drive.feeder_area_m2)
    device = float(device_drop(drive))
    voltage = float(drive.terminal_voltage_V)
    rows = np.array(
        [
            float(winding.resistance_ohm) * along("resistance_ratio"),
            ohm_m * run * per_turn2,
            float(drive.feeder_inductance_H_m) * run * per_turn2 / sectors,
            voltage / turns,
            device * voltage / turns,
        ]
    )
    return turns, rows


def _section(track: Track, depth: Array) -> npt.NDArray[np.int64]:
    """Section of a track in which a place from its slow end lies."""
    return np.clip(np.searchsorted(track.position_m, depth), 0, track.position_m.size - 1)


def _report(
    line: _Line,
    payload: float,
    start_A: Array,
    history: Array,
    coils: Array,
    energy: Array,
    marks: Array,
) -> Launch:
    history = history[:, np.isfinite(history[0])]
    time, position, speed, force, power, sled_current = history
    moving = np.where(time <= marks[0, 0], payload + line.sled, line.sled)
    muzzle = float(marks[0, 2])
    spent = np.sum(energy, axis=0)
    payload_J = 0.5 * payload * muzzle**2
    left = 0.5 * line.sled * marks[1, 2] ** 2
    start = 0.5 * start_A @ line.sled_inductance @ start_A
    back = float(energy[1, kernel.BUS])
    taken = {
        "bus_launch": float(energy[0, kernel.BUS]),
        "sled_current_source": float(spent[kernel.SOURCE]),
    }
    given = {
        "payload": payload_J,
        "bus_returned": -back,
        "copper": float(spent[kernel.COPPER]),
        "feeder": float(spent[kernel.FEEDER]),
        "devices": float(spent[kernel.DEVICES]),
        "drag": float(spent[kernel.DRAG]),
        "field_dropped": float(spent[kernel.FIELD]),
        "field_left": float(marks[1, 3] - start),
        "sled_left": float(left),
    }
    total = sum(taken.values())
    return Launch(
        topology="synchronous",
        time_s=time,
        position_m=position,
        speed_m_s=speed,
        acceleration_m_s2=force / moving,
        force_N=force,
        bus_power_W=power,
        sled_current_ratio=sled_current,
        coil_position_m=line.place,
        coil_current_A=coils[0] / np.maximum(line.turns, 1.0),
        coil_voltage_V=coils[1] * line.turns,
        coil_temperature_rise_K=coils[2] / line.heat_J_K,
        muzzle_speed_m_s=muzzle,
        release_time_s=float(marks[0, 0]),
        speed_error_m_s=muzzle - line.speed,
        energy_in_J=taken,
        energy_out_J=given,
        audit_error_frac=abs(total - sum(given.values())) / total,
    )
