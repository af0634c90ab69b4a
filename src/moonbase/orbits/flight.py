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
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._job import Job, ready
from moonbase.orbits._setup import columns
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
    backend: Literal["compiled", "jax"] = "compiled",
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
    backend
        ``"compiled"``: on the cores. ``"jax"``: on the device that JAX has found, a GPU if there
        is one. It needs ``pip install 'moonbase[jax]'`` and knows no events; it steps to each
        sample, a craft that comes down ends at the last step above the surface, and its matrix
        leaves nothing out. Same forces, same rules of step.

    Returns
    -------
    Flight
        Last states, status, events, samples and matrices, with what acted.

    Raises
    ------
    DomainError
        A wrong shape, an unknown body, a tolerance outside 1e-15 to 1e-3, a flight that leaves
        the years of the tables, or events or a missing installation where JAX shall fly.

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
    job = ready(
        states,
        epoch_tdb_s,
        duration_s,
        model=ForceModel() if forces is None else forces,
        tolerance=tolerance,
        stm=stm,
        wanted=tuple(events),
        center=center,
        sample_s=sample_s,
        surfaces=surfaces,
        offset_s=offset_s,
        n_hits=n_hits,
        n_block=n_block,
    )
    n_threads = n_threads or os.cpu_count() or 1
    if backend == "compiled":
        n_steps = _fly_compiled(job, n_threads)
    elif backend == "jax":
        from moonbase.orbits._jax_blocks import fly_blocks

        n_steps = fly_blocks(job, n_threads)
    else:
        raise DomainError(
            f"no such engine: {backend!r}", path="backend", hint="'compiled' or 'jax'"
        )
    return flight_of(job, n_steps)


def _fly_compiled(job: Job, n_threads: int) -> int:
    from moonbase.orbits._engine import fly

    def fly_block(index: int) -> int:
        rows = job.blocks[index]
        log = job.log_of(index)
        steps = fly(
            np.ascontiguousarray(job.start[:, rows]),
            float(job.duration_s[rows[0]]),
            job.rails[index],
            job.pull_of(index),
            job.tolerance,
            job.step_limit_s,
            job.stm,
            job.watch,
            log,
        )
        for whole, part in zip(columns(job.log), columns(log), strict=True):
            whole[..., rows] = part
        return int(steps)

    blocks = range(len(job.blocks))
    n_workers = min(n_threads, len(blocks))
    if n_workers == 1:
        return sum(map(fly_block, blocks))
    with ThreadPoolExecutor(n_workers) as pool:
        return sum(pool.map(fly_block, blocks))


def flight_of(job: Job, n_steps: int) -> Flight:
    """Results of a job that an engine has flown.

    Parameters
    ----------
    job
        What was flown, with its log.
    n_steps
        Steps tried.

    Returns
    -------
    Flight
        The draw axis is cut off where it was made up.
    """
    log, model = job.log, job.model

    def cut(array: npt.NDArray[_Kind]) -> npt.NDArray[_Kind]:
        return array[..., 0] if job.single else array

    hits = tuple(
        EventHits(
            event=event,
            n_hits=cut(log.n_hits[slot]),
            elapsed_s=cut(log.hit_t[slot]),
            r_icrf_m=cut(log.hit[slot].transpose(1, 0, 2)[:3]),
            v_icrf_m_s=cut(log.hit[slot].transpose(1, 0, 2)[3:]),
        )
        for slot, event in enumerate(job.wanted)
    )
    sample = log.sample.transpose(1, 0, 2)
    return Flight(
        center=job.center,
        epoch_tdb_s=cut(job.epoch_tdb_s + job.offset_s),
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
        tolerance=job.tolerance,
        n_steps=n_steps,
    )
