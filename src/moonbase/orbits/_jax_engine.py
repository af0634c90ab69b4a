"""Lock-step integration of a block of craft, traced by JAX.

The twin of ``_engine``: the same method, error norm and rules of step. ``fly`` chooses its steps as
it goes and is differentiable forward; ``replay`` takes steps that were chosen before and is
differentiable both ways. Step lengths carry no derivative, so that what comes out is the
derivative of the flight along its steps, as the compiled matrix is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from moonbase.orbits import _dop853
from moonbase.orbits._engine import _FIELD_DIGITS, _FIRST_STEP, _MAX_STEPS, _MIN_STEP_s
from moonbase.orbits._jax_force import Place, Plan, accelerate, dot, locate
from moonbase.orbits._pull import Pull, Rails
from moonbase.orbits._watch import _CLEAR, FLYING, IMPACT, LOST

_LAST = _dop853.N_STAGES
_N = _LAST + 1
_A_r, _A_v, _C = _dop853.A_r[:_N, :_N], _dop853.A_v[:_N, :_N], _dop853.C[:_N]
_LAST_SUMS = np.concatenate(
    [_A_r[_LAST:], _dop853.ERROR_r[:, :_N], _A_v[_LAST:], _dop853.ERROR_v[:, :_N]]
)
"""Rows of the end, the third- and the fifth-order error: of the position, of the velocity."""


class Inputs(NamedTuple):
    """What a flight is differentiated by."""

    state: Any
    """(6, n), relative to the centre."""
    epoch_shift_s: Any
    duration_s: Any
    area_shift_m2_kg: Any
    """(n,): added to the area over mass."""
    angle_shift_rad: Any
    """(2, n): added to cone and clock of a plate."""
    gm_ratio: Any
    """(body,): factor on each gravitational parameter."""


class Case(NamedTuple):
    """What a block flies in."""

    rails: Rails
    pull: Pull
    light: Any
    """(3,): first three columns of the pressure at 1 m2/kg."""
    surface_body: Any
    surface_m: Any
    sample_s: Any
    """Times after the start at which states are wanted, in the order of the flight."""
    tolerance: Any


class Way(NamedTuple):
    """A block under way. A craft that has ended stays where it was."""

    t: Any
    h: Any
    r: Any
    v: Any
    a: Any
    place: Place
    status: Any
    end_t: Any
    end: Any
    armed: Any
    """(surface, n): whether the craft has been above it."""
    sight: Any
    """(2, surface, n): squared distance, and half its rate, at the start of the step."""
    cursor: Any
    sample: Any
    """(sample, 6, n)."""
    shrunk: Any
    n_steps: Any


class Ends(NamedTuple):
    """How a block ended."""

    state: Any
    """(6, n), relative to the centre."""
    status: Any
    end_t: Any
    sample: Any
    n_steps: Any


def changed(case: Case, inputs: Inputs) -> Case:
    """The case with forces changed by the inputs."""
    import jax.numpy as jnp

    pull, gm = case.pull, inputs.gm_ratio
    moon, pressure = gm[pull.moon], jnp.asarray(pull.pressure)
    pressure = pressure.at[:, :3].add(inputs.area_shift_m2_kg[:, None] * case.light)
    pull = pull._replace(
        direct_gm=pull.direct_gm * gm[pull.direct],
        common_gm=pull.common_gm * gm[pull.common],
        moon_quadrupole=pull.moon_quadrupole * moon,
        field=pull.field * moon,
        earth_zonal=pull.earth_zonal * gm[pull.earth],
        sun_gm=pull.sun_gm * gm[pull.sun],
        pressure=pressure.at[:, 3:5].add(inputs.angle_shift_rad.T),
    )
    return case._replace(pull=pull)


def fly(inputs: Inputs, case: Case, plan: Plan) -> Ends:
    """Fly a block to its end, with steps that its worst craft chooses."""
    import jax
    import jax.numpy as jnp

    case = changed(case, inputs)

    def on(way: Way) -> Any:
        under_way = (way.t != inputs.duration_s) & (way.n_steps < _MAX_STEPS)
        return under_way & jnp.any(way.status == FLYING)

    way = jax.lax.while_loop(
        on, lambda way: advance(way, inputs, case, plan), begin(inputs, case, plan)
    )
    flying = way.status == FLYING
    status = jnp.where(flying & (way.t != inputs.duration_s), LOST, way.status)
    end = jnp.where(flying, _relative(way.r, way.v, way.place, plan), way.end)
    return Ends(
        state=jnp.where(status == LOST, jnp.nan, end),
        status=status,
        end_t=jnp.where(flying, way.t, way.end_t),
        sample=way.sample,
        n_steps=way.n_steps,
    )


def start(inputs: Inputs, case: Case, plan: Plan) -> Way:
    """A block at its start."""
    return begin(inputs, changed(case, inputs), plan)


def step(inputs: Inputs, case: Case, plan: Plan, way: Way) -> Way:
    """A block one try later."""
    return advance(way, inputs, changed(case, inputs), plan)


def replay(inputs: Inputs, case: Case, plan: Plan, times_s: Any) -> Any:
    """End states (6, n) of a block that stops at given times on its way to the duration."""
    import jax
    import jax.numpy as jnp

    case, shift = changed(case, inputs), inputs.epoch_shift_s
    pull, rails = case.pull, case.rails
    start = begin(inputs, case, plan)
    alive = start.status == FLYING

    @jax.checkpoint
    def on(way: tuple[Any, ...], end: Any) -> tuple[tuple[Any, ...], None]:
        t, r, v, a, place = way
        level = _level(r, v, end - t, alive, place.position[pull.moon], pull, plan)
        r, v, a, place, _ = attempt(t, shift, end - t, r, v, a, place, level, rails, pull, plan)
        return (end, r, v, a, place), None

    ends = jnp.append(times_s, inputs.duration_s)
    first = start.t, start.r, start.v, start.a, start.place
    (_, r, v, _, place), _ = jax.lax.scan(on, first, ends)
    return _relative(r, v, place, plan)


def begin(inputs: Inputs, case: Case, plan: Plan) -> Way:
    """A block at its start; craft without finite numbers are lost."""
    import jax.numpy as jnp

    rails, pull, shift = case.rails, case.pull, inputs.epoch_shift_s
    n = inputs.state.shape[1]
    place, _ = locate(shift, rails, plan)
    centre = place.position[plan.center], place.velocity[plan.center]
    r, v = inputs.state[:3] + centre[0][:, None], inputs.state[3:] + centre[1][:, None]
    alive = jnp.all(jnp.isfinite(inputs.state), axis=0)
    forward = _forward(inputs)
    sight = _sight(r, v, place, case, forward)
    a, _ = accelerate(jnp.zeros(()), shift, r, v, len(plan.levels) - 1, rails, pull, plan)
    return Way(
        t=jnp.zeros(()),
        h=forward * _first_step(r, place.position, alive, pull),
        r=r,
        v=v,
        a=a,
        place=place,
        status=jnp.where(alive, FLYING, LOST),
        end_t=jnp.zeros(n),
        end=inputs.state,
        armed=sight[0] > (1.0 + _CLEAR) * case.surface_m[:, None] ** 2,
        sight=sight,
        cursor=jnp.zeros((), int),
        sample=jnp.full((case.sample_s.shape[0], 6, n), jnp.nan),
        shrunk=jnp.zeros((), bool),
        n_steps=jnp.zeros((), int),
    )


def advance(way: Way, inputs: Inputs, case: Case, plan: Plan) -> Way:
    """Try one step, and take it if the error of every living craft allows."""
    import jax
    import jax.numpy as jnp

    rails, pull, shift = case.rails, case.pull, inputs.epoch_shift_s
    forward = _forward(inputs)
    target, is_sample = _target(way, inputs, case, forward)
    clipped = (target - way.t - way.h) * forward <= 0.0
    end = jnp.where(clipped, target, way.t + way.h)
    h = jnp.where(clipped, target - way.t, way.h)
    alive = way.status == FLYING
    here = way.place
    level = _level(way.r, way.v, h, alive, here.position[pull.moon], pull, plan)
    r, v, a, there, gaps = attempt(
        way.t, shift, h, way.r, way.v, way.a, here, level, rails, pull, plan
    )
    error = _errors(way.r, way.v, gaps, here.position, pull, case.tolerance)
    error = jax.lax.stop_gradient(jnp.where(alive, error, 0.0))
    worst = jnp.max(error)
    good = worst <= 1.0
    next_h = _next_step(way, h, clipped, worst, forward)
    stuck = ~good & (jnp.abs(next_h) < _MIN_STEP_s)
    lost = stuck & alive & ~(error <= 1.0)
    again = forward * _first_step(way.r, here.position, alive & ~lost, pull)
    sight = _sight(r, v, there, case, forward)
    fell = good & alive & _fell(way, sight, h, case)
    gone = lost | fell
    moved = good & alive & ~fell
    reached = good & is_sample & (end == target)
    return Way(
        t=jnp.where(good, end, way.t),
        h=jax.lax.stop_gradient(jnp.where(stuck, again, next_h)),
        r=jnp.where(moved, r, way.r),
        v=jnp.where(moved, v, way.v),
        a=jnp.where(moved, a, way.a),
        place=jax.tree.map(lambda new, old: jnp.where(good, new, old), there, here),
        status=jnp.where(lost, LOST, jnp.where(fell, IMPACT, way.status)),
        end_t=jnp.where(gone, way.t, way.end_t),
        end=jnp.where(gone, _relative(way.r, way.v, here, plan), way.end),
        armed=way.armed | (good & (sight[0] > (1.0 + _CLEAR) * case.surface_m[:, None] ** 2)),
        sight=jnp.where(good, sight, way.sight),
        cursor=way.cursor + reached,
        sample=_sampled(way, reached, jnp.where(moved, _relative(r, v, there, plan), jnp.nan)),
        shrunk=~good,
        n_steps=way.n_steps + 1,
    )


def attempt(
    t: Any,
    shift: Any,
    h: Any,
    r: Any,
    v: Any,
    a: Any,
    place: Place,
    level: Any,
    rails: Rails,
    pull: Pull,
    plan: Plan,
) -> tuple[Any, Any, Any, Place, Any]:
    """Take one step: new position, velocity, acceleration and places, and errors (2, 2, 3, n)."""
    import jax
    import jax.numpy as jnp

    a_r, a_v, c = (jnp.asarray(x) for x in (_A_r, _A_v, _C))
    put = jax.lax.dynamic_update_index_in_dim

    def evaluate(stage: Any, carry: tuple[Any, Place]) -> tuple[Any, Place]:
        k, _ = carry
        new_r = r + c[stage] * h * v + h * h * jnp.tensordot(a_r[stage], k, 1)
        new_v = v + h * jnp.tensordot(a_v[stage], k, 1) if plan.moving else v
        pulled, there = accelerate(t + c[stage] * h, shift, new_r, new_v, level, rails, pull, plan)
        return put(k, pulled, stage, 0), there

    k = jnp.zeros((_N, *r.shape)).at[0].set(a)
    k, place = jax.lax.fori_loop(1, _N, evaluate, (k, place))
    sums = jnp.tensordot(jnp.asarray(_LAST_SUMS), k, 1)
    new_r, new_v = r + h * v + h * h * sums[0], v + h * sums[3]
    return new_r, new_v, k[_LAST], place, jnp.stack([h * h * sums[1:3], h * sums[4:6]])


def _forward(inputs: Inputs) -> Any:
    import jax.numpy as jnp

    return jnp.where(inputs.duration_s >= 0.0, 1.0, -1.0)


def _relative(r: Any, v: Any, place: Place, plan: Plan) -> Any:
    """States relative to the centre."""
    import jax.numpy as jnp

    at, rate = place.position[plan.center], place.velocity[plan.center]
    return jnp.concatenate([r - at[:, None], v - rate[:, None]])


def _target(way: Way, inputs: Inputs, case: Case, forward: Any) -> tuple[Any, Any]:
    """Time that the next step must not pass, and whether a sample is wanted there."""
    import jax.numpy as jnp

    end, n_samples = inputs.duration_s, case.sample_s.shape[0]
    if n_samples == 0:
        return end, jnp.zeros((), bool)
    wanted = case.sample_s[jnp.minimum(way.cursor, n_samples - 1)]
    is_sample = (way.cursor < n_samples) & (forward * (end - wanted) >= 0.0)
    return jnp.where(is_sample & (wanted != end), wanted, end), is_sample


def _sampled(way: Way, reached: Any, states: Any) -> Any:
    """Samples with the one that was reached."""
    import jax.numpy as jnp

    if way.sample.shape[0] == 0:
        return way.sample
    row = jnp.where(reached, way.cursor, 0)
    return way.sample.at[row].set(jnp.where(reached, states, way.sample[row]))


def _next_step(way: Way, h: Any, clipped: Any, worst: Any, forward: Any) -> Any:
    """Length of the next step from the error of the last; a clipped one shortens nothing."""
    import jax.numpy as jnp

    growth = jnp.clip(0.9 * worst**-0.125, 0.33, 6.0)
    growth = jnp.where(jnp.isnan(worst), 0.33, growth)
    taken = jnp.abs(h) * jnp.where(way.shrunk | (worst > 1.0), jnp.minimum(growth, 1.0), growth)
    planned = jnp.where(clipped & (worst <= 1.0), jnp.abs(way.h), 0.0)
    return forward * jnp.maximum(taken, planned)


def _level(r: Any, v: Any, h: Any, alive: Any, moon: Any, pull: Pull, plan: Plan) -> Any:
    """Which cut of the lunar field the nearest craft needs during a step."""
    import jax
    import jax.numpy as jnp

    if plan.degree < 3:
        return 0
    away = r - moon[:, None]
    near = jnp.sqrt(dot(away, away)) - jnp.sqrt(dot(v, v)) * jnp.abs(h)
    near = jnp.where(alive & (near == near), near, jnp.inf)
    ratio = jnp.min(near) / pull.field_radius_m
    needed = jnp.floor(_FIELD_DIGITS / jnp.log(jnp.maximum(ratio, 1.02)))
    level = jnp.sum(needed > jnp.asarray(plan.levels[:-1]))
    return jax.lax.pmax(level, "block") if plan.wide else level


def _errors(r: Any, v: Any, gaps: Any, at: Any, pull: Pull, tolerance: Any) -> Any:
    """Error of each craft's step over its tolerance."""
    import jax.numpy as jnp

    (third_r, fifth_r), (third_v, fifth_v) = gaps
    to_moon, to_earth = (r - at[body][:, None] for body in (pull.moon, pull.earth))
    to_moon, to_earth = dot(to_moon, to_moon), dot(to_earth, to_earth)
    fall = pull.moon_gm / jnp.sqrt(to_moon) + pull.earth_gm / jnp.sqrt(to_earth)
    near, speed = 1.0 / jnp.minimum(to_moon, to_earth), 1.0 / (dot(v, v) + fall)
    n5 = near * dot(fifth_r, fifth_r) + speed * dot(fifth_v, fifth_v)
    n3 = near * dot(third_r, third_r) + speed * dot(third_v, third_v)
    return n5 / jnp.sqrt(6.0 * (n5 + 0.01 * n3) + 1e-300) / tolerance


def _first_step(r: Any, at: Any, alive: Any, pull: Pull) -> Any:
    """Small share of the shortest time scale of any craft about any body."""
    import jax
    import jax.numpy as jnp

    square = jnp.sum((at[pull.direct][:, :, None] - r) ** 2, axis=1)
    heavy = alive & (pull.direct_gm > 0.0)[:, None]
    cube = square * jnp.sqrt(square)
    scale = jnp.where(heavy, cube / jnp.where(heavy, pull.direct_gm[:, None], 1.0), jnp.inf)
    return jax.lax.stop_gradient(_FIRST_STEP * jnp.sqrt(jnp.min(scale)))


def _sight(r: Any, v: Any, place: Place, case: Case, forward: Any) -> Any:
    """Squared distance from the body of each surface, and half its rate along the flight."""
    import jax
    import jax.numpy as jnp

    away = r - place.position[case.surface_body][:, :, None]
    rate = v - place.velocity[case.surface_body][:, :, None]
    sight = jnp.stack([(away**2).sum(axis=1), forward * (away * rate).sum(axis=1)])
    return jax.lax.stop_gradient(sight)


def _fell(way: Way, sight: Any, h: Any, case: Case) -> Any:
    """Which craft met a surface in a step, by the cubic of the squared distance."""
    import jax
    import jax.numpy as jnp

    square, span = case.surface_m[:, None] ** 2, 2.0 * jax.lax.stop_gradient(jnp.abs(h))
    (start, fall), (end, climb) = way.sight, sight
    rise, fall, climb = end - start, span * fall, span * climb
    bend, turn = 3.0 * rise - 2.0 * fall - climb, fall + climb - 2.0 * rise
    dips = (fall < 0.0) & (climb > 0.0)
    root = bend + jnp.sqrt(jnp.maximum(bend * bend - 3.0 * turn * fall, 0.0))
    x = jnp.where(dips, -fall / jnp.where(dips, root, 1.0), 1.0)
    lowest = jnp.where(dips, start + x * (fall + x * (bend + x * turn)), end)
    met = jnp.where(way.armed, lowest <= square, (end <= square) & (climb < 0.0))
    return jnp.any(met, axis=0)
