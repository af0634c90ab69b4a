"""Flights of many craft among the bodies of the solar system.

Craft that leave at one epoch fly in blocks that share every step, compiled, on all cores. The
method is the eighth-order one of Dormand and Prince, with the bodies on the rails of DE440 and the
origin moving evenly with the centre, so that no fictitious force and no model of the Moon's own
motion enters. Forces that are left out are named in :mod:`moonbase.orbits.forces`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._check import check_times, count, number_array
from moonbase.orbits._pull import Rails, Whole
from moonbase.orbits._records import radius_of
from moonbase.orbits._setup import blocks_of, columns, empty_log, flown_bodies, pull_of, watch_of
from moonbase.orbits._tables import lane_table, rails_at, segments
from moonbase.orbits._watch import Log
from moonbase.orbits.de440 import State, ephemeris
from moonbase.orbits.events import Event
from moonbase.orbits.forces import ForceModel

STATUS = (
    "flew to the end",
    "stopped at an event",
    "met a surface: raise speed or elevation, or look at the events",
    "lost: a start that is not finite, or a step below a microsecond near a point mass",
)
"""What the status codes 0 to 3 mean."""

_Kind = TypeVar("_Kind", bound=np.generic)
_EVENT_STEP_s = 4.0 * 86_400.0
"""Longest step while events are looked for: a craft then passes one extreme a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHits:
    """Where an event was met; hits beyond those kept are counted only, empty places are nan."""

    event: Event
    n_hits: npt.NDArray[np.int64]
    """Shape (draw,)."""
    elapsed_s: Array
    """Time since the epoch, shape (hit, draw)."""
    r_icrf_m: Array
    """Relative to the event's body, shape (3, hit, draw)."""
    v_icrf_m_s: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A flown set of craft. The draw axis is last; a single craft has none."""

    center: str
    epoch_tdb_s: Real
    elapsed_s: Array
    """Time flown, to the end or to where the craft stopped, s."""
    r_icrf_m: Array
    """Last position relative to the centre, shape (3, draw); nan where the craft was lost."""
    v_icrf_m_s: Array
    status: npt.NDArray[np.int64]
    """0 flew, 1 stopped at an event, 2 met a surface, 3 lost; see STATUS."""
    stm: Array | None
    """Derivative of the last state by the first, shape (6, 6, draw), in m and m/s; nan where the
    craft stopped early."""
    events: tuple[EventHits, ...]
    sample_s: Array
    sample_r_icrf_m: Array
    """Positions at the sample times, shape (3, sample, draw); nan after a craft has ended."""
    sample_v_icrf_m_s: Array
    forces: tuple[str, ...]
    gravity_degree: int
    tolerance: float
    n_steps: int
    """Steps of all blocks together, tried and taken."""

    @property
    def t_tdb_s(self) -> Real:
        """Epoch of the last state, seconds past J2000 TDB."""
        return self.epoch_tdb_s + self.elapsed_s

    @property
    def array(self) -> Array:
        """Last state, shape (6, draw)."""
        return np.concatenate([self.r_icrf_m, self.v_icrf_m_s])

    def relative_to(self, center: str) -> State:
        """Last state relative to another body."""
        shift = ephemeris(self.center, self.epoch_tdb_s, center, offset_s=self.elapsed_s)
        return State(
            center=center,
            epoch_tdb_s=self.t_tdb_s,
            r_icrf_m=self.r_icrf_m + shift.r_icrf_m,
            v_icrf_m_s=self.v_icrf_m_s + shift.v_icrf_m_s,
        )


def propagate(
    states: State | Array | Sequence[float],
    epoch_tdb_s: Real | None = None,
    duration_s: Real = 0.0,
    *,
    forces: ForceModel | None = None,
    tolerance: float = 1e-12,
    stm: bool = False,
    events: Iterable[Event] = (),
    center: str = "moon",
    sample_s: Array | Sequence[float] = (),
    surfaces: Mapping[str, float] | None = None,
    offset_s: Real = 0.0,
    n_hits: int = 8,
    n_block: int = 128,
    n_threads: int | None = None,
) -> Flight:
    r"""Fly craft from given states, forward or backward in time.

    Parameters
    ----------
    states
        Position m above velocity m/s in ICRF axes, shape (6,) or (6, draw), or a State.
    epoch_tdb_s
        Epoch of the states, seconds past J2000 TDB, one or one for each draw; a State brings
        its own.
    duration_s
        Time to fly, s, negative for backward, one or one for each draw.
    forces
        What acts; ForceModel() if not given.
    tolerance
        Local error of a step over the distance from the nearer of Moon and Earth, and over the
        speed.
    stm
        Whether the state transition matrix is integrated too, with every force's derivative.
        Steps do not depend on it.
    events
        What to note on the way; see Event.
    center
        Body that the states given and returned are relative to; a State brings its own.
    sample_s
        Times since the epoch at which states are wanted, s, in the order of the flight.
    surfaces
        Radius in m by body: a craft that comes down to it ends there with status 2. Moon and
        Earth if not given; an empty mapping for none. A craft that starts on or below a surface
        may dip under it in its first step, as a level throw from a muzzle does.
    offset_s
        Added to the epoch without loss: the second part of a two-part time, s.
    n_hits
        How many hits of each event are kept for each craft.
    n_block
        Craft that share their steps.
    n_threads
        Threads to use; all cores if not given.

    Returns
    -------
    Flight
        Last states, status, events, samples and matrices, with what acted.

    Raises
    ------
    DomainError
        A wrong shape, an unknown body, a tolerance outside 1e-15 to 1e-3, or a flight that leaves
        the years of the tables.

    Notes
    -----
    :math:`\ddot r = \sum_i \mu_i (d_i - r)/|d_i - r|^3 + a_{field} + a_{light}`. A craft alone
    and in a block takes other steps and agrees within the tolerance's error: at 1e-12, mm after
    30 d of lunar escape and some cm after a flight bound to the Earth.

    Sources: Hairer, Norsett and Wanner (1993), Solving Ordinary Differential Equations I, II.5
    and II.6; Park et al. (2021); Montenbruck and Gill (2000), Satellite Orbits, chapter 3.

    Examples
    --------
    >>> from moonbase.orbits import release_state
    >>> start = release_state(0.0, 0.5, 1.5707963, 0.0, 2500.0, 946728000.0)
    >>> flight = propagate(start, duration_s=86400.0)
    >>> int(flight.status), round(float(np.linalg.norm(flight.r_icrf_m)) / 1e6)
    (0, 86)
    """
    model = ForceModel() if forces is None else forces
    start, epoch, center = _start(states, epoch_tdb_s, center)
    start, (epochs, offsets, durations), single = _columns_of(start, (epoch, offset_s, duration_s))
    n = start.shape[1]
    if not 1e-15 <= tolerance <= 1e-3:
        raise DomainError(
            f"must be 1e-15 to 1e-3, got {tolerance}",
            path="tolerance",
            hint="1e-12 gives mm in 30 d, 1e-10 a tenth of a metre",
        )
    count("n_block", n_block, 1)
    count("n_hits", n_hits, 1)
    wanted = tuple(events)
    limits = {"moon": radius_of("moon"), "earth": radius_of("earth")}
    limits = limits if surfaces is None else dict(surfaces)
    bodies = flown_bodies(model, center, [event.body for event in wanted] + list(limits))
    samples = _samples(sample_s, durations)
    out = empty_log(n, len(wanted), n_hits, samples, stm, bodies.index(center))
    watch = watch_of(wanted, limits, bodies)
    pull = pull_of(model, bodies, n)
    turned = model.gravity is not None and model.rotation is None
    check_times(epochs + offsets, durations)
    ends = np.concatenate([epochs + offsets, epochs + offsets + durations])
    first, last = segments(float(ends.min()), float(ends.max()))
    table, emb = lane_table(bodies, first, last, turned)
    step_limit = _EVENT_STEP_s if wanted else np.inf

    rails: dict[tuple[float, float], Rails] = {}

    def fly(rows: Whole) -> int:
        from moonbase.orbits._engine import fly as engine

        key = (float(epochs[rows[0]]), float(offsets[rows[0]]))
        log = empty_log(len(rows), len(wanted), n_hits, samples, stm, out.centre)
        steps = engine(
            np.ascontiguousarray(start[:, rows]),
            float(durations[rows[0]]),
            rails[key],
            pull._replace(pressure=np.ascontiguousarray(pull.pressure[rows])),
            tolerance,
            step_limit,
            stm,
            watch,
            log,
        )
        for whole, part in zip(columns(out), columns(log), strict=True):
            whole[..., rows] = part
        return int(steps)

    blocks = blocks_of(start, epochs, offsets, durations, n_block)
    for rows in blocks:
        key = (float(epochs[rows[0]]), float(offsets[rows[0]]))
        if key not in rails:
            rails[key] = rails_at(
                table=table,
                emb=emb,
                first=first,
                bodies=bodies,
                epoch_tdb_s=key[0],
                offset_s=key[1],
                center=center,
                follow=model.indirect,
                rotation=model.rotation,
                turned=turned,
            )
    n_workers = min(n_threads or os.cpu_count() or 1, len(blocks))
    if n_workers > 1:
        with ThreadPoolExecutor(n_workers) as pool:
            n_steps = sum(pool.map(fly, blocks))
    else:
        n_steps = sum(map(fly, blocks))
    return _flight(out, wanted, model, single, center, epochs + offsets, tolerance, n_steps)


def _start(
    states: State | Array | Sequence[float], epoch_tdb_s: Real | None, center: str
) -> tuple[Array, Real, str]:
    if isinstance(states, State):
        start, center = states.array, states.center
        epoch = states.epoch_tdb_s if epoch_tdb_s is None else epoch_tdb_s
    else:
        start = number_array("states", states)
        if epoch_tdb_s is None:
            raise DomainError("is needed", path="epoch_tdb_s", hint="seconds past J2000 TDB")
        epoch = epoch_tdb_s
    if start.ndim not in (1, 2) or start.shape[0] != 6 or not start.size:
        raise DomainError(
            f"must have shape (6,) or (6, draw), got {start.shape}",
            path="states",
            hint="position m above velocity m/s, craft along the last axis: pass states.T",
        )
    return start, epoch, center


def _columns_of(
    start: Array, times: tuple[Real, Real, Real]
) -> tuple[Array, tuple[Array, ...], bool]:
    """States (6, draw) and times (draw,), and whether the draw axis was made up."""
    paths = ("epoch_tdb_s", "offset_s", "duration_s")
    arrays = [number_array(path, item) for path, item in zip(paths, times, strict=True)]
    try:
        shape = np.broadcast_shapes(start.shape[1:], *(item.shape for item in arrays))
    except ValueError as error:
        raise DomainError(
            str(error), path="states", hint="one epoch and duration, or one for each craft"
        ) from error
    if len(shape) > 1:
        raise DomainError(
            f"times of shape {shape}", path="epoch_tdb_s", hint="at most one for each craft"
        )
    wide = np.broadcast_to(start if start.ndim == 2 else start[:, None], (6, *(shape or (1,))))
    return wide, tuple(np.broadcast_to(item, shape or (1,)) for item in arrays), not shape


def _samples(sample_s: Array | Sequence[float], durations: Array) -> Array:
    """Sample times, in the order of the flight."""
    samples = np.asarray(sample_s, dtype=np.float64)
    forward = np.where(durations >= 0.0, 1.0, -1.0)
    along = forward[0] * samples
    if samples.size and not (
        samples.ndim == 1
        and np.all(forward == forward[0])
        and along[0] >= 0.0
        and np.all(np.diff(along) >= 0.0)
    ):
        raise DomainError(
            "must follow the flight from its start",
            path="sample_s",
            hint="times since the epoch, rising for a flight forward, falling for one backward",
        )
    return samples


def _flight(
    log: Log,
    wanted: tuple[Event, ...],
    model: ForceModel,
    single: bool,
    center: str,
    epochs: Array,
    tolerance: float,
    n_steps: int,
) -> Flight:
    def cut(array: npt.NDArray[_Kind]) -> npt.NDArray[_Kind]:
        return array[..., 0] if single else array

    hits = tuple(
        EventHits(
            event=event,
            n_hits=cut(log.n_hits[slot]),
            elapsed_s=cut(log.hit_t[slot]),
            r_icrf_m=cut(log.hit[slot].transpose(1, 0, 2)[:3]),
            v_icrf_m_s=cut(log.hit[slot].transpose(1, 0, 2)[3:]),
        )
        for slot, event in enumerate(wanted)
    )
    sample = log.sample.transpose(1, 0, 2)
    return Flight(
        center=center,
        epoch_tdb_s=cut(epochs),
        elapsed_s=cut(log.end_t),
        r_icrf_m=cut(log.end[:3]),
        v_icrf_m_s=cut(log.end[3:]),
        status=cut(log.status),
        stm=cut(log.matrix) if log.matrix.size else None,
        events=hits,
        sample_s=log.sample_s,
        sample_r_icrf_m=cut(sample[:3]),
        sample_v_icrf_m_s=cut(sample[3:]),
        forces=model.names,
        gravity_degree=0 if model.gravity is None else model.gravity.degree,
        tolerance=tolerance,
        n_steps=n_steps,
    )
