"""Small dense linear programmes by HiGHS, with the basis that the answer rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.errors import NumericalError

_ROUNDS = 4
OPTIMAL, INFEASIBLE, LOST = "optimal", "infeasible", "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Answer of a programme; ``basis`` lists basic columns, then basic rows from n_columns on."""

    status: str
    columns: Array
    prices: Array
    basis: npt.NDArray[np.int64]


def _scales(matrix: Array) -> tuple[Array, Array]:
    """Factors of rows and columns that bring their largest coefficients near one (Ruiz 2001)."""
    size = np.abs(matrix)
    rows, columns = np.ones(len(matrix)), np.ones(matrix.shape[1])
    for _ in range(_ROUNDS):
        scaled = size * rows[:, None] * columns
        largest = scaled.max(axis=1), scaled.max(axis=0)
        rows /= np.sqrt(np.where(largest[0] > 0.0, largest[0], 1.0))
        columns /= np.sqrt(np.where(largest[1] > 0.0, largest[1], 1.0))
    return rows, columns


def maximise(
    *, gain: Array, matrix: Array, lower: Array, upper: Array, highest: Array, lowest: Array
) -> Solved:
    """Largest ``gain @ x`` with ``lower <= matrix @ x <= upper`` and ``lowest <= x <= highest``.

    Parameters
    ----------
    gain : Array
        (column,).
    matrix : Array
        (row, column).
    lower, upper : Array
        (row,), infinite where open.
    highest, lowest : Array
        (column,).

    Returns
    -------
    Solved
        ``prices`` are what one more unit in a row's lower limit costs, (row,). Status ``lost``
        is any other end: unbounded, or numbers too far apart.

    Raises
    ------
    NumericalError
        HiGHS refuses an option or the programme.

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = maximise(gain=one, matrix=np.eye(1), lower=-np.inf * one, upper=3.0 * one,
    ...                  highest=np.inf * one, lowest=0.0 * one)
    >>> found.status, float(found.columns[0])
    ('optimal', 3.0)
    """
    import highspy
    from highspy._core import _Highs  # highspy.Highs prints a banner on standard output

    n_rows, n_columns = matrix.shape
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = n_columns, n_rows
    problem.sense_ = highspy.ObjSense.kMaximize
    rows, columns = _scales(matrix)
    matrix = matrix * rows[:, None] * columns
    problem.col_cost_ = gain * columns
    problem.col_lower_, problem.col_upper_ = lowest / columns, highest / columns
    problem.row_lower_, problem.row_upper_ = lower * rows, upper * rows
    held = matrix != 0.0
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_ = np.concatenate([[0], np.cumsum(held.sum(axis=1))])
    problem.a_matrix_.index_ = np.nonzero(held)[1]
    problem.a_matrix_.value_ = matrix[held]
    solver = _Highs()
    ok, warned = highspy.HighsStatus.kOk, highspy.HighsStatus.kWarning
    options: dict[str, bool | str] = {
        "output_flag": False,
        "solver": "simplex",
        "parallel": "off",
        "presolve": "off",
    }
    for name, value in options.items():
        if solver.setOptionValue(name, value) != ok:
            raise NumericalError(f"HiGHS refuses the option {name}", path="industry")
    answers = {
        highspy.HighsModelStatus.kOptimal: OPTIMAL,
        highspy.HighsModelStatus.kInfeasible: INFEASIBLE,
    }
    # the only warning: coefficients of 1e-9 of their row and column were dropped
    if solver.passModel(problem) not in (ok, warned) or solver.run() not in (ok, warned):
        raise NumericalError("HiGHS did not take the programme", path="industry")
    status = answers.get(solver.getModelStatus(), LOST)
    solution, basis = solver.getSolution(), solver.getBasis()
    basic = highspy.HighsBasisStatus.kBasic
    marks = [*basis.col_status, *basis.row_status]
    return Solved(
        status=status,
        columns=np.array(solution.col_value) * columns,
        prices=-np.array(solution.row_dual) * rows,
        basis=np.array([j for j, mark in enumerate(marks) if mark == basic], dtype=np.int64),
    )
