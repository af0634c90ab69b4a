"""Blocks handed to JAX: shapes made even, code compiled once for each shape, results fetched.

On processors each block runs by itself, so that it stops as soon as it has landed; on a GPU blocks
fly side by side along a mapped axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.orbits._jax_engine import Case, Ends, Inputs, fly
from moonbase.orbits._jax_force import Plan, plan_of
from moonbase.orbits._job import Job
from moonbase.orbits._pull import Pull, Rails
from moonbase.orbits._setup import pull_of
from moonbase.orbits._watch import FLYING

_WIDE = 2**18
"""Craft that fly side by side at most."""
_EACH_RAILS = ("start", "first", "local_s", "emb", "origin")
_EACH_PULL = ("pole", "pressure")
"""What blocks do not share."""


def import_jax() -> Any:
    """JAX, or the way to get it."""
    try:
        import jax
    except ImportError as error:
        raise DomainError(
            "JAX is not installed", path="backend", hint="run pip install 'moonbase[jax]'"
        ) from error
    return jax


def fly_blocks(job: Job, n_threads: int, wide: bool | None = None) -> int:
    """Fly a job; results go to its log. Returns the number of steps tried."""
    n_steps, slopes = fly_along(job, n_threads, along_state() if job.stm else {}, wide)
    if job.stm:
        job.log.matrix[...] = np.where(job.log.status == FLYING, slopes.swapaxes(0, 1), np.nan)
    return n_steps


def along_state() -> dict[str, Array]:
    """Directions of the six components of the state."""
    return {"state": np.eye(6)[:, :, None]}


def fly_along(
    job: Job, n_threads: int, directions: Mapping[str, Array], wide: bool | None = None
) -> tuple[int, Array]:
    """Fly a job; slopes of the ends along some directions of the inputs come too.

    Directions hold for every craft: an axis of the craft has length one. Slopes have the shape
    (direction, 6, draw).
    """
    jax = import_jax()
    if job.wanted:
        raise DomainError(
            "the JAX engine looks for no events", path="events", hint="use backend='compiled'"
        )
    wide = jax.default_backend() != "cpu" if wide is None else wide
    width = width_of(job)
    n_directions = len(next(iter(directions.values()), ()))
    slopes = np.full((n_directions, 6, job.start.shape[1]), np.nan)
    samples = _Samples(job)
    with jax.enable_x64(True):
        case, plan = jax.device_put(common_case(job, samples.times_s)), plan_for(job, wide)

    def fly_some(indices: range) -> int:
        with jax.enable_x64(True):
            parts = [block_of(job, i, width, case) for i in indices]
            given = _stack(parts) if wide else parts[0]
            out = jax.device_get(_engine(wide)(*given, dict(directions), plan))
        for place, index in enumerate(indices):
            ends, along = jax.tree.map(lambda x, at=place: x[at], out) if wide else out
            _write(job, index, samples, ends, along, slopes)
        return int(np.sum(out[0].n_steps))

    n, n_call = len(job.blocks), max(1, _WIDE // width) if wide else 1
    calls = [range(i, min(i + n_call, n)) for i in range(0, n, n_call)]
    n_steps = fly_some(calls[0])
    with ThreadPoolExecutor(1 if wide else n_threads) as pool:
        n_steps += sum(pool.map(fly_some, calls[1:]))
    samples.write_start(job)
    return n_steps, slopes


def width_of(job: Job) -> int:
    """Craft of a block after it has been filled up: a power of two, so that few shapes compile."""
    return int(1 << (max(map(len, job.blocks)) - 1).bit_length())


def plan_for(job: Job, wide: bool) -> Plan:
    """What the compiled code has to do."""
    return plan_of(job.rails[0], job.pull, job.log.centre, wide)


def common_case(job: Job, sample_s: Array) -> Case:
    """What all blocks of a job share."""
    light = job.model.pressure
    if light is not None and light.after_s > 0.0:
        raise DomainError(
            "the JAX engine opens no array on the way",
            path="forces.pressure.after_s",
            hint="fly two legs, or use backend='compiled'",
        )
    unit = np.zeros(3)
    if light is not None:
        model = replace(job.model, pressure=replace(light, area_per_mass_m2_kg=1.0))
        unit = pull_of(model, job.bodies, 1).pressure[0, :3]
    rails = job.rails[0]
    return Case(
        rails=rails._replace(coefficients=_filled(rails.coefficients)),
        pull=job.pull._replace(pressure=np.zeros((0, 6))),
        light=unit,
        surface_body=job.watch.body,
        surface_m=job.watch.radius,
        sample_s=sample_s,
        tolerance=np.float64(job.tolerance),
    )


def block_of(job: Job, index: int, width: int, case: Case) -> tuple[Inputs, Case]:
    """One block, filled up with copies of its last craft."""
    rows = np.pad(job.blocks[index], (0, width - len(job.blocks[index])), mode="edge")
    inputs = Inputs(
        state=job.start[:, rows],
        epoch_shift_s=np.float64(0.0),
        duration_s=job.duration_s[rows[0]],
        area_shift_m2_kg=np.zeros(width),
        angle_shift_rad=np.zeros((2, width)),
        gm_ratio=np.ones(len(job.bodies)),
    )
    rails: Any = job.rails[index]
    own = {name: np.asarray(getattr(rails, name)) for name in _EACH_RAILS}
    own["start"] = _filled(own["start"])
    pull = case.pull._replace(pole=job.pull_of(index).pole, pressure=job.pull.pressure[rows])
    shared: Any = case.rails
    return inputs, case._replace(rails=shared._replace(**own), pull=pull)


def _filled(rows: Array) -> Array:
    """Segments of a table filled up with the last one to 8, 16, 32 ..., so that few sizes occur."""
    more = max(8, 1 << (len(rows) - 1).bit_length()) - len(rows)
    return np.concatenate([rows, np.repeat(rows[-1:], more, axis=0)])


def _stack(parts: list[tuple[Inputs, Case]]) -> tuple[Inputs, Case]:
    """Blocks side by side."""
    inputs = [list(column) for column in zip(*(part[0] for part in parts), strict=True)]
    case = parts[0][1]
    rails: Any = case.rails
    pull: Any = case.pull
    own_rails = {
        name: np.stack([getattr(part.rails, name) for _, part in parts]) for name in _EACH_RAILS
    }
    own_pull = {
        name: np.stack([getattr(part.pull, name) for _, part in parts]) for name in _EACH_PULL
    }
    case = case._replace(rails=rails._replace(**own_rails), pull=pull._replace(**own_pull))
    return Inputs(*map(np.stack, inputs)), case


def _axes() -> Any:
    """Mapped axes of a case: 0 for what each block has of its own."""
    shared: dict[str, Any] = dict.fromkeys(Case._fields)
    shared["rails"] = _axes_of(Rails, _EACH_RAILS)
    shared["pull"] = _axes_of(Pull, _EACH_PULL)
    return Case(**shared)


def _axes_of(kind: Any, own: tuple[str, ...]) -> Any:
    return kind(*[0 if name in own else None for name in kind._fields])


@lru_cache(maxsize=2)
def _engine(wide: bool) -> Any:
    """Compiled flight of a block, or of blocks side by side, with its slopes."""
    jax = import_jax()

    def block(inputs: Inputs, case: Case, directions: dict[str, Any], plan: Plan) -> Any:
        def changed(some: dict[str, Any]) -> tuple[Any, Ends]:
            ends = fly(inputs._replace(**some), case, plan)
            return ends.state, ends

        some = {name: getattr(inputs, name) for name in directions}

        def along(direction: dict[str, Any]) -> tuple[Any, Ends]:
            wide = {
                name: jax.numpy.broadcast_to(item, some[name].shape)
                for name, item in direction.items()
            }
            _, slope, ends = jax.jvp(changed, (some,), (wide,), has_aux=True)
            return slope, ends

        if not directions:
            return changed({})[1], jax.numpy.zeros((0, *inputs.state.shape))
        slopes, ends = jax.vmap(along, out_axes=(0, None))(directions)
        return ends, slopes

    def blocks(inputs: Inputs, case: Case, directions: dict[str, Any], plan: Plan) -> Any:
        def one(inputs: Inputs, case: Case) -> Any:
            return block(inputs, case, directions, plan)

        return jax.vmap(one, in_axes=(0, _axes()), axis_name="block")(inputs, case)

    return jax.jit(blocks if wide else block, static_argnames="plan")


class _Samples:
    """Sample times of a job as the engine wants them: each once, none at the start."""

    def __init__(self, job: Job) -> None:
        wanted = job.log.sample_s
        self.later = wanted != 0.0
        distance, self.place = np.unique(np.abs(wanted[self.later]), return_inverse=True)
        self.times_s = np.copysign(distance, job.duration_s[0])

    def write(self, job: Job, rows: Any, states: Array) -> None:
        """Write the states of a block (sample, 6, n)."""
        job.log.sample[np.ix_(self.later, range(6), rows)] = states[self.place]

    def write_start(self, job: Job) -> None:
        """Write the samples at the start."""
        job.log.sample[~self.later] = job.start


def _write(job: Job, index: int, samples: _Samples, ends: Ends, along: Any, slopes: Array) -> None:
    """Put the results of one block in their places."""
    rows = job.blocks[index]
    n = len(rows)
    job.log.status[rows], job.log.end_t[rows] = ends.status[:n], ends.end_t[:n]
    job.log.end[:, rows] = ends.state[:, :n]
    samples.write(job, rows, ends.sample[..., :n])
    slopes[..., rows] = along[..., :n]
