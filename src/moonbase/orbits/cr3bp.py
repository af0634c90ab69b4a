"""The circular restricted three-body problem: libration points, arcs, periodic orbits.

Lengths are in units of the distance of the two bodies, times in units of one radian of their
motion. The frame turns with them: the larger body rests at (-mu, 0, 0), the smaller at
(1 - mu, 0, 0), z points along their angular momentum. A state is (x, y, z, vx, vy, vz).

Neglected: the eccentricity of the bodies' orbit (0.055 for the Moon, which moves its libration
points by as much of their distance), the Sun, other planets, solar pressure and the shape of the
bodies. Good for design, not for the navigation of a flight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.orbits import _taylor

_MAX_CORRECTIONS = 50
_LONGEST_STEP = 0.1
"""Largest correction of a component or of the period at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrationPoints:
    """Positions (3, ...) of the five points and their Jacobi constants (5, ...)."""

    l1_nd: Array
    l2_nd: Array
    l3_nd: Array
    l4_nd: Array
    l5_nd: Array
    jacobi_nd: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """States along a path.

    ``state_nd`` (6, time, ...) at ``t_nd`` (time,), ``end_nd`` (6, ...) the last of them,
    ``stm_nd`` (6, 6, ...) the derivative of the end by the start or None, ``status`` (...): 0 is
    good, 1 ran into a body.
    """

    t_nd: Array
    state_nd: Array
    end_nd: Array
    stm_nd: Array | None
    status: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicOrbit:
    """A closed orbit.

    ``closure_nd`` is the distance of the position after one period from the start,
    ``monodromy_nd`` (6, 6) the state transition matrix over one period, ``stability_ratio`` the
    largest magnitude of its eigenvalues (1 is stable), ``n_iterations`` the corrections made and
    ``converged`` whether they settled.
    """

    start_nd: Array
    period_nd: float
    jacobi_nd: float
    closure_nd: float
    monodromy_nd: Array
    stability_ratio: float
    n_iterations: int
    converged: bool


def libration_points(*, mass_ratio_mu: Real) -> LibrationPoints:
    r"""Find the five points of equilibrium.

    Parameters
    ----------
    mass_ratio_mu
        Smaller mass over the sum of both, above 0 and at most 0.5 (...).

    Returns
    -------
    LibrationPoints
        ``l1_nd`` to ``l5_nd`` of shape (3, ...), ``jacobi_nd`` of shape (5, ...).

    Raises
    ------
    DomainError
        The mass ratio is out of range.

    Notes
    -----
    L1 between the bodies, L2 beyond the smaller, L3 beyond the larger: roots of Euler's quintics
    in the distance from the nearer body, by Newton's method to rounding. L4 leads the smaller
    body by 60 degrees, L5 trails it.

    Source: Szebehely (1967), Theory of Orbits.

    Examples
    --------
    >>> points = libration_points(mass_ratio_mu=0.01215058560962404)
    >>> points.l2_nd[0].round(12)
    np.float64(1.155682165445)
    """
    mu = _ratio(mass_ratio_mu)
    rest = 1.0 - mu
    one = np.ones_like(mu)
    near, far = np.cbrt(mu / 3.0), 1.0 - 7.0 * mu / 12.0
    one_side = [one, -(3.0 - mu), 3.0 - 2.0 * mu, -mu, 2.0 * mu, -mu]
    other_side = [one, 3.0 - mu, 3.0 - 2.0 * mu, -mu, -2.0 * mu, -mu]
    beyond = [one, 2.0 + mu, 1.0 + 2.0 * mu, -rest, -2.0 * rest, -rest]
    zero = np.zeros_like(mu)
    height = 0.5 * np.sqrt(3.0) * one
    points = [
        np.stack([rest - _root(one_side, near), zero, zero]),
        np.stack([rest + _root(other_side, near), zero, zero]),
        np.stack([-mu - _root(beyond, far), zero, zero]),
        np.stack([0.5 - mu, height, zero]),
        np.stack([0.5 - mu, -height, zero]),
    ]
    at_rest = [np.concatenate([point, np.zeros_like(point)]) for point in points]
    jacobi = [jacobi_constant(mass_ratio_mu=mu, state_nd=state) for state in at_rest]
    return LibrationPoints(
        l1_nd=points[0],
        l2_nd=points[1],
        l3_nd=points[2],
        l4_nd=points[3],
        l5_nd=points[4],
        jacobi_nd=np.stack(jacobi),
    )


def jacobi_constant(*, mass_ratio_mu: Real, state_nd: Array) -> Array:
    r"""Jacobi constant of a state.

    Parameters
    ----------
    mass_ratio_mu
        Smaller mass over the sum of both (...).
    state_nd
        Position and velocity in the turning frame (6, ...).

    Returns
    -------
    Array
        :math:`C = x^2 + y^2 + 2(1-\mu)/r_1 + 2\mu/r_2 - v^2`, shape (...). It is constant along a
        path; the greater, the smaller the room that a craft can reach.

    Raises
    ------
    DomainError
        The mass ratio is out of range or the state has not six components.

    Notes
    -----
    Source: Szebehely (1967), Theory of Orbits, without his term mu (1 - mu).

    Examples
    --------
    >>> C = jacobi_constant(mass_ratio_mu=0.01, state_nd=[0.49, 0.75**0.5, 0, 0, 0, 0])
    >>> round(float(C), 12)
    2.9901
    """
    mu = _ratio(mass_ratio_mu)
    x, y, z, vx, vy, vz = _state("state_nd", state_nd)
    to_larger = np.sqrt((x + mu) ** 2 + y**2 + z**2)
    to_smaller = np.sqrt((x - 1.0 + mu) ** 2 + y**2 + z**2)
    potential = x**2 + y**2 + 2.0 * (1.0 - mu) / to_larger + 2.0 * mu / to_smaller
    jacobi: Array = potential - vx**2 - vy**2 - vz**2
    return jacobi


def propagate(
    *,
    mass_ratio_mu: float,
    start_nd: Array,
    duration_nd: float,
    n_times: int = 2,
    stm: bool = False,
) -> Arc:
    r"""Follow states through the turning frame.

    Parameters
    ----------
    mass_ratio_mu
        Smaller mass over the sum of both.
    start_nd
        Position and velocity (6, ...).
    duration_nd
        Time of flight; negative runs backward.
    n_times
        Number of equally spaced times at which the state is kept, both ends among them.
    stm
        Whether to find the state transition matrix as well.

    Returns
    -------
    Arc
        States (6, n_times, ...), matrix (6, 6, ...) and status (...).

    Raises
    ------
    DomainError
        The mass ratio, the state, the duration or the number of times is out of range.

    Notes
    -----
    :math:`\ddot x = 2\dot y + \Omega_x`, :math:`\ddot y = -2\dot x + \Omega_y`,
    :math:`\ddot z = \Omega_z` with
    :math:`\Omega = (x^2 + y^2)/2 + (1-\mu)/r_1 + \mu/r_2`, and the variational equations of the
    same, by Taylor series to rounding. A path that ends in a body holds nan from there on.

    Source: Szebehely (1967), Theory of Orbits; Jorba and Zou (2005), Experimental
    Mathematics 14, 99.

    Examples
    --------
    >>> arc = propagate(mass_ratio_mu=0.01215, start_nd=[0.8, 0, 0, 0, 0.3, 0], duration_nd=1.0)
    >>> C = jacobi_constant(mass_ratio_mu=0.01215, state_nd=arc.state_nd)
    >>> bool(abs(C[1] - C[0]) < 1e-13)
    True
    """
    mu = float(_ratio(mass_ratio_mu))
    start = _state("start_nd", start_nd)
    if not np.isfinite(duration_nd):
        raise DomainError("must be finite", path="duration_nd", hint="pass the time of flight")
    if n_times < 2:
        raise DomainError(
            f"must be at least 2, got {n_times}", path="n_times", hint="both ends are kept"
        )
    times = np.linspace(0.0, duration_nd, n_times)
    shape = start.shape[1:]
    columns = np.ascontiguousarray(start.reshape(6, -1).T)
    path = np.full((len(columns), 6, n_times), np.nan)
    matrix = np.tile(np.eye(6), (len(columns), 1, 1))
    status = np.array(
        [
            _taylor.fly(mu, column, times, path[draw], matrix[draw], stm)
            for draw, column in enumerate(columns)
        ]
    )
    matrix[status != _taylor.OK] = np.nan
    states = np.moveaxis(path, 0, -1).reshape(6, n_times, *shape)
    return Arc(
        t_nd=times,
        state_nd=states,
        end_nd=states[:, -1],
        stm_nd=np.moveaxis(matrix, 0, -1).reshape(6, 6, *shape) if stm else None,
        status=status.reshape(shape),
    )


def close_orbit(
    *, mass_ratio_mu: float, guess_nd: Array, period_nd: float, hold: str | None = None
) -> PeriodicOrbit:
    r"""Correct a guess until its orbit closes.

    Parameters
    ----------
    mass_ratio_mu
        Smaller mass over the sum of both.
    guess_nd
        Position and velocity near the orbit (6,). Where it crosses the xz plane at right angles,
        or the x axis, the symmetry is kept and half a period is flown: halo, Lyapunov, vertical,
        axial and retrograde orbits. Any other guess is flown for a whole period.
    period_nd
        Guess of the period.
    hold
        What stays as guessed: "x", "y", "z", "vx", "vy", "vz" or "period". None takes the member
        of the family that is nearest to the guess.

    Returns
    -------
    PeriodicOrbit
        Start (6,), period, Jacobi constant, closure, monodromy matrix and stability. Read
        ``converged``: a guess that is too far from a periodic orbit does not settle.

    Raises
    ------
    DomainError
        The mass ratio, the guess or the period is out of range, or there is no such quantity to
        hold.

    Notes
    -----
    Newton's method with the state transition matrix on start and period; each correction is the
    smallest that meets the linear conditions, shortened until the misses shrink. A period that
    halves or doubles is taken for another orbit.

    Source: Howell (1984), Celestial Mechanics 32, 53, for the half-period symmetry.

    Examples
    --------
    >>> halo = close_orbit(mass_ratio_mu=0.01215058560962404,
    ...                    guess_nd=[1.08, 0, -0.2024, 0, -0.199, 0], period_nd=2.354, hold="x")
    >>> halo.converged, halo.closure_nd < 1e-11, round(halo.period_nd, 4)
    (True, True, 2.3389)
    """
    mu = float(_ratio(mass_ratio_mu))
    start = _state("guess_nd", guess_nd).copy()
    if start.shape != (6,):
        raise DomainError("must be one state", path="guess_nd", hint="close orbits one by one")
    if not period_nd > 0.0:
        raise DomainError("must be > 0", path="period_nd", hint="pass a guess of the period")
    free, aim, share = _symmetry(start)
    names = ["x", "y", "z", "vx", "vy", "vz", "period"]
    if hold is not None and hold not in names:
        raise DomainError(f"no quantity {hold!r}", path="hold", hint=f"one of {', '.join(names)}")
    moving = [index for index in (*free, 6) if hold is None or index != names.index(hold)]
    unknown = np.append(start, period_nd)
    n_steps = 0
    better: Array | None = unknown
    while better is not None and n_steps < _MAX_CORRECTIONS:
        unknown = better
        better = _improved(mu, unknown, moving, aim, share)
        n_steps += better is not None
    miss, _ = _conditions(mu, unknown, aim, share)
    inside = 0.5 < unknown[6] / period_nd < 2.0
    return _periodic(mu, unknown, n_steps, inside and float(np.linalg.norm(miss)) < 1e-10)


def _improved(
    mu: float, unknown: Array, moving: list[int], aim: tuple[int, ...], share: float
) -> Array | None:
    """One of Newton's steps, shortened until it helps; None where nothing does."""
    miss, partials = _conditions(mu, unknown, aim, share)
    size = float(np.linalg.norm(miss))
    if not np.isfinite(size) or size < 1e-14:
        return None
    step = np.zeros(7)
    step[moving] = np.linalg.lstsq(partials[:, moving], -miss, rcond=1e-9)[0]
    scale = min(1.0, _LONGEST_STEP / float(np.abs(step).max()))
    while scale > 1e-3:
        trial: Array = unknown + scale * step
        left, _ = _conditions(mu, trial, aim, share)
        if np.linalg.norm(left) < (1.0 - 0.1 * scale) * size:
            return trial
        scale *= 0.5
    return None


def _symmetry(start: Array) -> tuple[tuple[int, ...], tuple[int, ...], float]:
    """Components that may move, components that must agree, and the share of a period to fly."""
    if not start[[1, 3, 5]].any():
        return (0, 2, 4), (1, 3, 5), 0.5
    if not start[[1, 2, 3]].any():
        return (0, 4, 5), (1, 2, 3), 0.5
    return (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4, 5), 1.0


def _conditions(
    mu: float, unknown: Array, aim: tuple[int, ...], share: float
) -> tuple[Array, Array]:
    """What must vanish for the orbit to close, and its derivative by start and period."""
    arc = propagate(
        mass_ratio_mu=mu, start_nd=unknown[:6], duration_nd=share * unknown[6], stm=True
    )
    assert arc.stm_nd is not None
    by_start = arc.stm_nd.copy()
    miss = arc.end_nd.copy()
    if share == 1.0:
        miss -= unknown[:6]
        by_start -= np.eye(6)
    by_period = share * _rate(mu, arc.end_nd)
    rows = list(aim)
    return miss[rows], np.column_stack([by_start, by_period])[rows]


def _rate(mu: float, state: Array) -> Array:
    """Time derivative of a state."""
    x, y, z, vx, vy, vz = state
    larger = (1.0 - mu) / ((x + mu) ** 2 + y**2 + z**2) ** 1.5
    smaller = mu / ((x - 1.0 + mu) ** 2 + y**2 + z**2) ** 1.5
    pull = larger + smaller
    along = larger * (x + mu) + smaller * (x - 1.0 + mu)
    return np.array([vx, vy, vz, 2.0 * vy + x - along, -2.0 * vx + y - pull * y, -pull * z])


def _periodic(mu: float, unknown: Array, n_steps: int, converged: bool) -> PeriodicOrbit:
    start, period = unknown[:6], float(unknown[6])
    arc = propagate(mass_ratio_mu=mu, start_nd=start, duration_nd=period, stm=True)
    assert arc.stm_nd is not None
    good = bool(np.isfinite(arc.stm_nd).all())
    growth = np.abs(np.linalg.eigvals(arc.stm_nd)).max() if good else np.nan
    return PeriodicOrbit(
        start_nd=start,
        period_nd=period,
        jacobi_nd=float(jacobi_constant(mass_ratio_mu=mu, state_nd=start)),
        closure_nd=float(np.linalg.norm(arc.end_nd[:3] - start[:3])),
        monodromy_nd=arc.stm_nd,
        stability_ratio=float(growth),
        n_iterations=n_steps,
        converged=converged and good,
    )


def _root(coefficients: list[Array], guess: Array) -> Array:
    root = guess
    for _ in range(60):
        value, slope = coefficients[0], np.zeros_like(guess)
        for coefficient in coefficients[1:]:
            slope = slope * root + value
            value = value * root + coefficient
        root = root - value / slope
    return root


def _ratio(mass_ratio_mu: Real) -> Array:
    mu = np.asarray(mass_ratio_mu, dtype=np.float64)
    if not np.all((mu > 0.0) & (mu <= 0.5)):
        raise DomainError(
            "must be above 0 and at most 0.5",
            path="mass_ratio_mu",
            hint="pass the smaller mass over the sum of both",
        )
    return mu


def _state(path: str, state_nd: Array) -> Array:
    state = np.asarray(state_nd, dtype=np.float64)
    if state.ndim < 1 or state.shape[0] != 6:
        raise DomainError(
            f"must have six components along the first axis, got shape {state.shape}",
            path=path,
            hint="pass (x, y, z, vx, vy, vz), draws along further axes",
        )
    return state
