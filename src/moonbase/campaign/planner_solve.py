"""Hands a problem to HiGHS, scaled so that decades of growth do not stall it, and reads it back.

Columns and rows of a period are measured in the size that industry may have reached by then, and
in powers of two found by three sweeps of geometric scaling: a problem whose numbers span ten
orders of magnitude becomes one around 1, and no rounding is added. Every return code of the solver
is checked: it answers an option that it does not know with a code, not an exception.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.campaign.planner_model import Problem
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, NumericalError

SOLVERS = {
    "auto": "simplex for a small problem, else interior_point",
    "simplex": "dual simplex: a vertex, exact shadow prices",
    "interior_point": "interior point without crossover: fastest on large problems",
    "crossover": "interior point, then crossover to a vertex",
}
"""Solver -> what it does."""
_SMALL = 6000
"""Columns up to which simplex is the quicker."""
_SECOND_TRIES = (("presolve", "off"), ("run_crossover", "on"))
"""What is changed, in order, where the solver ends unsure of its own answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What the solver answered. ``status`` is optimal, infeasible, unbounded or time_limit.

    ``price`` is the change of the objective per unit of each row's right-hand side.
    """

    status: str
    objective: float
    column: Array
    price: Array
    solver: str
    wall_s: float
    n_iterations: int
    gap_frac: float


@dataclass(frozen=True, slots=True)
class _Scaled:
    matrix: Any
    columns: Array
    rows: Array
    cost_ratio: float


def _two(value: Array) -> Array:
    return np.asarray(2.0 ** np.rint(np.log2(value)))


def _scale(problem: Problem, cost: Array, size: Array) -> _Scaled:
    """Column and row factors, powers of two; ``size`` is the expected scale by period."""
    matrix = problem.matrix()
    late = len(size) - 1
    columns = _two(size[np.minimum(np.concatenate(problem.period), late)])
    rows = 1.0 / _two(size[np.minimum(np.concatenate(problem.row_period), late)])
    pattern = np.abs(matrix)
    for _ in range(3):
        for axis, (own, other) in enumerate(((rows, columns), (columns, rows))):
            sized = pattern if axis == 0 else pattern.T
            table = sized.tocsr(copy=True)
            table.data = np.log2(table.data * other[table.indices])
            count = np.maximum(np.diff(table.indptr), 1)
            mean = np.asarray(table.sum(axis=1)).ravel() / count
            own[:] = 2.0 ** -np.rint(mean)
    scaled = matrix.copy()
    scaled.data = scaled.data * rows[scaled.indices] * np.repeat(columns, np.diff(matrix.indptr))
    largest = np.abs(cost * columns).max(initial=0.0)
    ratio = 1.0 if largest == 0.0 else float(_two(np.array(1.0 / largest)))
    return _Scaled(matrix=scaled, columns=columns, rows=rows, cost_ratio=ratio)


def _set(highs: Any, name: str, value: object) -> None:
    import highspy

    if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
        raise NumericalError(f"the solver refuses {name} = {value!r}", path="highs")


def _lp(problem: Problem, cost: Array, scaled: _Scaled, *, maximise: bool) -> Any:
    import highspy

    low, high, upper = (np.concatenate(x) for x in (problem.low, problem.high, problem.upper))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = problem.n_columns, problem.n_rows
    lp.col_cost_ = cost * scaled.columns * scaled.cost_ratio
    lower = np.zeros(problem.n_columns)
    held = list(problem.fixed)
    lower[held] = upper[held] = [problem.fixed[column] for column in held]
    lp.col_lower_, lp.col_upper_ = lower / scaled.columns, upper / scaled.columns
    lp.row_lower_, lp.row_upper_ = low * scaled.rows, high * scaled.rows
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = scaled.matrix.indptr
    lp.a_matrix_.index_ = scaled.matrix.indices
    lp.a_matrix_.value_ = scaled.matrix.data
    lp.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
    if problem.whole:
        kinds = [highspy.HighsVarType.kContinuous] * problem.n_columns
        for column in problem.whole:
            kinds[column] = highspy.HighsVarType.kInteger
        lp.integrality_ = kinds
    return lp


def solve(
    problem: Problem,
    cost: Array,
    *,
    maximise: bool = True,
    size: Array,
    solver: str = "auto",
    time_limit_s: float = np.inf,
    mip_gap_frac: float = 1e-4,
) -> Solution:
    """Solve a problem.

    Parameters
    ----------
    problem : Problem
    cost : Array
        Objective, (column,).
    maximise : bool
    size : Array
        Expected size of the industry by period, any unit, (period,); sets the scaling only.
    solver : str
        Key of SOLVERS.
    time_limit_s : float
        Longest time to search, s.
    mip_gap_frac : float
        Relative gap at which a problem with whole numbers counts as solved.

    Returns
    -------
    Solution

    Raises
    ------
    DomainError
        No such solver.
    NumericalError
        The solver refuses the problem, or stops without saying why.
    """
    import highspy

    if solver not in SOLVERS:
        raise DomainError(
            f"no such solver: {solver!r}", path="solver", hint=f"one of {', '.join(SOLVERS)}"
        )
    scaled = _scale(problem, cost, size)
    if problem.whole:
        for column in problem.whole:
            scaled.matrix.data[slice(*scaled.matrix.indptr[column : column + 2])] /= scaled.columns[
                column
            ]
            scaled.columns[column] = 1.0
    if solver == "auto":
        solver = "simplex" if problem.n_columns <= _SMALL else "interior_point"
    highs = highspy._core._Highs()  # the public class greets on standard output
    _set(highs, "output_flag", False)
    _set(highs, "threads", 1)
    _set(highs, "time_limit", float(time_limit_s))
    _set(highs, "mip_rel_gap", float(mip_gap_frac))
    if not problem.whole:
        _set(highs, "solver", "simplex" if solver == "simplex" else "ipx")
        _set(highs, "run_crossover", "on" if solver == "crossover" else "off")
    start = time.perf_counter()
    lp = _lp(problem, cost, scaled, maximise=maximise)
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        raise NumericalError("the solver refuses the problem", path="highs.passModel")
    answer = _run(highs)
    for option, value in _SECOND_TRIES if not problem.whole else ():
        if highs.getModelStatus() != highspy.HighsModelStatus.kUnknown:
            break
        _set(highs, "solver", "ipx")
        _set(highs, option, value)
        solver = "crossover" if option == "run_crossover" else "interior_point"
        answer = _run(highs)
    if answer == highspy.HighsStatus.kError:
        raise NumericalError("the solver failed", path="highs.run", hint="try another solver")
    return _read(highs, scaled, solver, time.perf_counter() - start, whole=bool(problem.whole))


def _run(highs: Any) -> Any:
    """Run in a thread of its own, so that an interrupt from the keyboard stops the search."""
    stop, answer = threading.Event(), []

    def hook(kind: Any, message: str, out: Any, into: Any, user: Any) -> None:
        if stop.is_set():
            into.user_interrupt = True

    highs.setCallback(hook, None)
    for kind in _questions():
        highs.startCallback(kind)
    worker = threading.Thread(target=lambda: answer.append(highs.run()), daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.2)
    except KeyboardInterrupt:
        stop.set()
        worker.join()
        raise
    return answer[0]


def _questions() -> list[Any]:
    """Moments at which the solver asks whether to go on."""
    from highspy._core.cb import HighsCallbackType as Kind

    return [Kind.kCallbackSimplexInterrupt, Kind.kCallbackIpmInterrupt, Kind.kCallbackMipInterrupt]


def _read(highs: Any, scaled: _Scaled, solver: str, wall_s: float, *, whole: bool) -> Solution:
    from highspy import HighsModelStatus as Status

    found = highs.getModelStatus()
    named = {
        Status.kOptimal: "optimal",
        Status.kInfeasible: "infeasible",
        Status.kUnbounded: "unbounded",
        Status.kUnboundedOrInfeasible: "unbounded_or_infeasible",
        Status.kTimeLimit: "time_limit",
        Status.kInterrupt: "interrupted",
    }
    if found not in named:
        raise NumericalError(
            f"the solver stopped with {highs.modelStatusToString(found)}",
            path="highs.run",
            hint="try solver = 'crossover' or 'simplex', or a longer step_yr",
        )
    answer, info = highs.getSolution(), highs.getInfo()
    column = np.array(answer.col_value) * scaled.columns
    price = np.array(answer.row_dual) * scaled.rows / scaled.cost_ratio
    n = max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)
    return Solution(
        status=named[found],
        objective=info.objective_function_value / scaled.cost_ratio,
        column=np.maximum(column, 0.0),
        price=price if not whole else np.full(len(scaled.rows), np.nan),
        solver=solver,
        wall_s=wall_s,
        n_iterations=n,
        gap_frac=float(info.mip_gap) if whole else 0.0,
    )
