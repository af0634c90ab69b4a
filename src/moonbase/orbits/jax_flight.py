"""Derivatives of flights, by differentiating the propagator itself with JAX.

Two ways: :func:`flight_gradient` returns the derivatives of the last states by what a flight
starts from and by what acts on it; :func:`traced_flight` returns the flight as a function that a
user's own JAX program differentiates, backward too. Both hold the lengths of the steps fixed, and
both differentiate every force, shadows included. They hold no derivative by the coefficients of
the lunar field, and none of the time at which a craft comes down.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._job import Job, ready
from moonbase.orbits._records import gm_of
from moonbase.orbits.de440 import State
from moonbase.orbits.flight import Flight, flight_of
from moonbase.orbits.forces import ForceModel


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightGradient:
    """Derivatives of last states, m above m/s, shape (6, ..., draw); nan where a craft stopped.

    A single craft has no draw axis.
    """

    flight: Flight
    by_state: Array
    """By the first state, in m and m/s, shape (6, 6, draw)."""
    by_epoch: Array
    """By the epoch, 1/s, with the first state relative to the centre and the duration held."""
    by_duration: Array
    """By the duration, 1/s."""
    by_area_per_mass: Array | None
    """By the area over mass, per m2/kg; None without sunlight."""
    by_cone: Array | None
    """By the angle from the Sun's direction to a plate's normal, 1/rad; None without such."""
    by_clock: Array | None
    """By the turn of that normal about the Sun's direction, 1/rad."""
    by_gm: Mapping[str, Array]
    """By gravitational parameters, per m3/s2, of the bodies asked for; the Moon's and the Earth's
    scale their fields too."""


def flight_gradient(
    states: State | Array | Sequence[float],
    epoch_tdb_s: Real | None = None,
    duration_s: Real = 0.0,
    *,
    forces: ForceModel | None = None,
    tolerance: float = 1e-12,
    center: str = "moon",
    gm_bodies: Sequence[str] = (),
    surfaces: Mapping[str, float] | None = None,
    offset_s: Real = 0.0,
    n_block: int = 128,
    n_threads: int | None = None,
) -> FlightGradient:
    r"""Fly craft with JAX, and give the derivatives of where they end.

    Parameters
    ----------
    states
        Position m above velocity m/s in ICRF axes, shape (6,) or (6, draw), or a State.
    epoch_tdb_s
        Epoch of the states, seconds past J2000 TDB, one or one for each draw.
    duration_s
        Time to fly, s, negative for backward, one or one for each draw.
    forces
        What acts; ForceModel() if not given.
    tolerance
        As in :func:`moonbase.orbits.propagate`. Derivatives are as exact as the flight.
    center
        Body that the states given and returned are relative to; a State brings its own.
    gm_bodies
        Bodies by whose gravitational parameters is differentiated.
    surfaces
        Radius in m by body that ends a flight; Moon and Earth if not given.
    offset_s
        Second part of the epoch, s.
    n_block
        Craft that share their steps.
    n_threads
        Threads to use; all cores if not given.

    Returns
    -------
    FlightGradient
        The flight and its derivatives.

    Raises
    ------
    DomainError
        JAX is not installed, or what :func:`moonbase.orbits.propagate` refuses, or a body that
        does not act.

    Notes
    -----
    Forward mode: tangents of :math:`(r, v, t_0, T, A/m, \ldots)` are carried through the steps of
    the flight, whose lengths they do not change. Source: Griewank and Walther (2008), Evaluating
    Derivatives, chapter 3; for integrators with steps held, Hairer, Norsett and Wanner (1993),
    II.6.

    Examples
    --------
    >>> from moonbase.orbits import point_mass_model, release_state
    >>> start = release_state(0.0, 0.5, 1.5707963, 0.0, 2500.0, 946728000.0)
    >>> forces = point_mass_model("moon", "earth")
    >>> slopes = flight_gradient(start, duration_s=86400.0, forces=forces)
    >>> bool(np.allclose(slopes.by_duration[:3], slopes.flight.v_icrf_m_s))
    True
    """
    from moonbase.orbits._jax_blocks import fly_along

    job = _ready(
        states, epoch_tdb_s, duration_s, forces, tolerance, center, surfaces, offset_s, n_block
    )
    directions = _directions(job, gm_bodies)
    n_steps, slopes = fly_along(job, n_threads or os.cpu_count() or 1, directions)
    slopes = np.where(job.log.status == 0, slopes, np.nan)
    slopes = slopes[..., 0] if job.single else slopes
    rows = dict(zip(_names(job, gm_bodies), slopes[6:], strict=True))
    return FlightGradient(
        flight=flight_of(job, n_steps),
        by_state=slopes[:6].swapaxes(0, 1),
        by_epoch=rows["epoch"],
        by_duration=rows["duration"],
        by_area_per_mass=rows.get("area"),
        by_cone=rows.get("cone"),
        by_clock=rows.get("clock"),
        by_gm={body: rows[body] / _gm(job, body) for body in gm_bodies},
    )


def traced_flight(
    states: State | Array | Sequence[float],
    epoch_tdb_s: float | None = None,
    duration_s: float = 0.0,
    *,
    forces: ForceModel | None = None,
    tolerance: float = 1e-12,
    center: str = "moon",
    offset_s: float = 0.0,
) -> Callable[..., Any]:
    """Flight as a function of JAX arrays, to be differentiated forward or backward, or compiled.

    The steps are chosen here, once, for the states given, and taken again at each call: good for
    states in the neighbourhood, such as those of an optimiser that closes in. Choose anew after a
    large move.

    Parameters
    ----------
    states
        Position m above velocity m/s in ICRF axes, shape (6,) or (6, draw), or a State. All craft
        share their steps.
    epoch_tdb_s, duration_s
        Epoch, seconds past J2000 TDB, and time to fly, s; one for all.
    forces, tolerance, center, offset_s
        As in :func:`moonbase.orbits.propagate`.

    Returns
    -------
    Callable
        ``fly(states, *, epoch_shift_s=0.0, duration_s=..., area_shift_m2_kg=0.0,
        cone_shift_rad=0.0, clock_shift_rad=0.0, gm_ratio={})``: last states relative to the
        centre, of the shape of ``states``, nan for craft that were lost. ``gm_ratio`` holds
        factors on gravitational parameters by body. No surface ends the flight.

    Raises
    ------
    DomainError
        JAX is not installed, what :func:`moonbase.orbits.propagate` refuses, or more than one
        epoch or duration. The function itself raises where JAX is not set to double precision.

    Notes
    -----
    The user's own JAX program must run in double precision: inside ``with
    jax.enable_x64(True):``. Memory for the backward mode is one state for each step; forces are
    worked out twice. Source: as in :func:`flight_gradient`.

    Examples
    --------
    >>> import jax
    >>> from moonbase.orbits import point_mass_model, release_state
    >>> start = release_state(0.0, 0.5, 1.5707963, 0.0, 2500.0, 946728000.0)
    >>> forces = point_mass_model("moon", "earth")
    >>> fly = traced_flight(start, duration_s=86400.0, forces=forces)
    >>> with jax.enable_x64(True):
    ...     slope = jax.grad(lambda x: fly(x)[0])(start.array)
    >>> slope.shape
    (6,)
    """
    from moonbase.orbits import _jax_blocks
    from moonbase.orbits._jax_engine import Inputs, replay

    jax = _jax_blocks.import_jax()
    n_craft = np.size(states.array if isinstance(states, State) else states) // 6
    job = _ready(
        states, epoch_tdb_s, duration_s, forces, tolerance, center, {}, offset_s, n_craft or 1
    )
    if len(job.blocks) > 1:
        raise DomainError(
            "more than one epoch or duration", path="epoch_tdb_s", hint="trace one flight for each"
        )
    n_craft = job.start.shape[1]
    plan = _jax_blocks.plan_for(job, False)
    with jax.enable_x64(True):
        job = replace(job, blocks=[np.arange(n_craft)])
        common = _jax_blocks.common_case(job, np.zeros(0))
        inputs, case = jax.device_put(_jax_blocks.block_of(job, 0, n_craft, common))
        times, flying = _recorded(inputs, case, plan)
    span_s = float(job.duration_s[0])

    def fly(
        states: Any,
        *,
        epoch_shift_s: Any = 0.0,
        duration_s: Any = span_s,
        area_shift_m2_kg: Any = 0.0,
        cone_shift_rad: Any = 0.0,
        clock_shift_rad: Any = 0.0,
        gm_ratio: Mapping[str, Any] | None = None,
    ) -> Any:
        jnp = jax.numpy
        state = _checked(jnp.asarray(states), n_craft)
        ratios = jnp.ones(len(job.bodies))
        for body, ratio in (gm_ratio or {}).items():
            ratios = ratios.at[_row(job, body)].set(ratio)
        angles = [jnp.broadcast_to(x, (n_craft,)) for x in (cone_shift_rad, clock_shift_rad)]
        columns = state.reshape(6, n_craft)
        given = Inputs(
            state=jnp.where(flying, columns, columns[:, np.argmax(flying), None]),
            epoch_shift_s=jnp.asarray(epoch_shift_s, dtype=float),
            duration_s=jnp.asarray(duration_s, dtype=float),
            area_shift_m2_kg=jnp.broadcast_to(area_shift_m2_kg, (n_craft,)),
            angle_shift_rad=jnp.stack(angles),
            gm_ratio=ratios,
        )
        end = replay(given, case, plan, times)
        return jnp.where(flying, end, jnp.nan).reshape(state.shape)

    traced: Callable[..., Any] = jax.jit(fly)
    return traced


def _checked(state: Any, n_craft: int) -> Any:
    """States of a traced flight, in double precision and as many as it was traced for."""
    if state.dtype != np.float64:
        raise DomainError(
            "JAX runs in single precision, in which a metre is lost at once",
            path="states",
            hint="call inside 'with jax.enable_x64(True):', or set JAX_ENABLE_X64=1",
        )
    if state.size != 6 * n_craft:
        raise DomainError(
            f"traced for {n_craft} craft, got shape {state.shape}",
            path="states",
            hint="trace a flight for each number of craft",
        )
    return state


@lru_cache(maxsize=1)
def _recorder() -> Any:
    from moonbase.orbits import _jax_blocks, _jax_engine

    jax = _jax_blocks.import_jax()
    return tuple(
        jax.jit(part, static_argnames="plan") for part in (_jax_engine.start, _jax_engine.step)
    )


def _recorded(inputs: Any, case: Any, plan: Any) -> tuple[Array, Array]:
    """Times of the ends of all steps but the last, and which craft flew to the end."""
    start, step = _recorder()
    way, times = start(inputs, case, plan=plan), [0.0]
    while np.any(np.asarray(way.status) == 0) and times[-1] != inputs.duration_s:
        way = step(inputs, case, plan=plan, way=way)
        times += [float(way.t)] * (float(way.t) != times[-1])
    return np.array(times[1:-1]), np.asarray(way.status) == 0


def _ready(
    states: State | Array | Sequence[float],
    epoch_tdb_s: Real | None,
    duration_s: Real,
    forces: ForceModel | None,
    tolerance: float,
    center: str,
    surfaces: Mapping[str, float] | None,
    offset_s: Real,
    n_block: int,
) -> Job:
    return ready(
        states,
        epoch_tdb_s,
        duration_s,
        model=ForceModel() if forces is None else forces,
        tolerance=tolerance,
        stm=False,
        wanted=(),
        center=center,
        sample_s=(),
        surfaces=surfaces,
        offset_s=offset_s,
        n_hits=1,
        n_block=n_block,
    )


def _names(job: Job, gm_bodies: Sequence[str]) -> list[str]:
    """Scalar inputs, in the order of their directions."""
    light = job.model.pressure
    names = ["epoch", "duration"]
    names += ["area"] * (light is not None)
    names += ["cone", "clock"] * (light is not None and light.attitude == "sun")
    return names + list(gm_bodies)


def _directions(job: Job, gm_bodies: Sequence[str]) -> dict[str, Array]:
    """Unit changes of the state's six components and of each scalar input."""
    names = _names(job, gm_bodies)
    n = 6 + len(names)
    out = {
        "state": np.concatenate([np.eye(6), np.zeros((len(names), 6))])[:, :, None],
        "epoch_shift_s": np.zeros(n),
        "duration_s": np.zeros(n),
        "area_shift_m2_kg": np.zeros((n, 1)),
        "angle_shift_rad": np.zeros((n, 2, 1)),
        "gm_ratio": np.zeros((n, len(job.bodies))),
    }
    places = {
        "epoch": ("epoch_shift_s", ()),
        "duration": ("duration_s", ()),
        "area": ("area_shift_m2_kg", (0,)),
        "cone": ("angle_shift_rad", (0, 0)),
        "clock": ("angle_shift_rad", (1, 0)),
    }
    for row, name in enumerate(names, 6):
        key, place = places.get(name) or ("gm_ratio", (_row(job, name),))
        out[key][(row, *place)] = 1.0
    return out


def _row(job: Job, body: str) -> int:
    """Row of a body whose pull is in the model."""
    acting = {*job.model.bodies, *job.model.common_bodies}
    if body not in acting:
        raise DomainError(
            f"does not act: {body!r}", path="gm_bodies", hint=f"one of {', '.join(sorted(acting))}"
        )
    return job.bodies.index(body)


def _gm(job: Job, body: str) -> float:
    return job.model.gm_m3_s2.get(body, gm_of(body))
