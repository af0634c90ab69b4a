"""A flight made ready for an engine: what was asked, checked and laid out in blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits._check import check_times, count, number_array
from moonbase.orbits._pull import Pull, Rails, Whole
from moonbase.orbits._records import radius_of
from moonbase.orbits._setup import blocks_of, empty_log, flown_bodies, pull_of, watch_of
from moonbase.orbits._tables import lane_table, rails_at, segments
from moonbase.orbits._watch import Log, Watch
from moonbase.orbits.de440 import State
from moonbase.orbits.events import Event
from moonbase.orbits.forces import ForceModel

_EVENT_STEP_s = 4.0 * 86_400.0
"""Longest step while events are looked for: a craft then passes one extreme a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A flight made ready; the engine writes its results to the log."""

    start: Array
    """(6, draw)."""
    epoch_tdb_s: Array
    offset_s: Array
    duration_s: Array
    single: bool
    """Whether the draw axis was made up."""
    center: str
    model: ForceModel
    bodies: tuple[str, ...]
    wanted: tuple[Event, ...]
    watch: Watch
    pull: Pull
    tolerance: float
    step_limit_s: float
    stm: bool
    blocks: list[Whole]
    """Rows of the craft of each block: one epoch, one duration."""
    rails: list[Rails]
    """One for each block; blocks of one epoch share it."""
    log: Log

    def pull_of(self, index: int) -> Pull:
        """Forces on one block, with the Earth's pole at its epoch."""
        rows = self.blocks[index]
        start, drift = self.pull.pole
        epoch = self.epoch_tdb_s[rows[0]] + self.offset_s[rows[0]]
        return self.pull._replace(
            pole=np.array([start + drift * epoch, drift]),
            pressure=np.ascontiguousarray(self.pull.pressure[rows]),
        )

    def log_of(self, index: int) -> Log:
        """Room for the results of one block."""
        n_hits, log = self.log.hit_t.shape[1], self.log
        n, n_events = len(self.blocks[index]), len(self.wanted)
        return empty_log(n, n_events, n_hits, log.sample_s, self.stm, log.centre)


def ready(
    states: State | Array | Sequence[float],
    epoch_tdb_s: Real | None,
    duration_s: Real,
    *,
    model: ForceModel,
    tolerance: float,
    stm: bool,
    wanted: tuple[Event, ...],
    center: str,
    sample_s: Array | Sequence[float],
    surfaces: Mapping[str, float] | None,
    offset_s: Real,
    n_hits: int,
    n_block: int,
) -> Job:
    """Check what propagate was given and lay it out."""
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
    check_times(epochs + offsets, durations)
    limits = {"moon": radius_of("moon"), "earth": radius_of("earth")}
    limits = limits if surfaces is None else dict(surfaces)
    bodies = flown_bodies(model, center, [event.body for event in wanted] + list(limits))
    samples = _samples(sample_s, durations)
    log = empty_log(n, len(wanted), n_hits, samples, stm, bodies.index(center))
    watch = watch_of(wanted, limits, bodies)
    pull = pull_of(model, bodies, n)
    blocks = blocks_of(start, epochs, offsets, durations, n_block)
    return Job(
        start=start,
        epoch_tdb_s=epochs,
        offset_s=offsets,
        duration_s=durations,
        single=single,
        center=center,
        model=model,
        bodies=bodies,
        wanted=wanted,
        watch=watch,
        pull=pull,
        tolerance=tolerance,
        step_limit_s=_EVENT_STEP_s if wanted else np.inf,
        stm=stm,
        blocks=blocks,
        rails=_rails(blocks, model, bodies, center, epochs, offsets, durations),
        log=log,
    )


def _rails(
    blocks: list[Whole],
    model: ForceModel,
    bodies: tuple[str, ...],
    center: str,
    epochs: Array,
    offsets: Array,
    durations: Array,
) -> list[Rails]:
    turned = model.gravity is not None and model.rotation is None
    ends = np.concatenate([epochs + offsets, epochs + offsets + durations])
    first, last = segments(float(ends.min()), float(ends.max()))
    table, emb = lane_table(bodies, first, last, turned)
    known: dict[tuple[float, float], Rails] = {}
    for rows in blocks:
        key = (float(epochs[rows[0]]), float(offsets[rows[0]]))
        if key not in known:
            known[key] = rails_at(
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
    return [known[float(epochs[rows[0]]), float(offsets[rows[0]])] for rows in blocks]


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
