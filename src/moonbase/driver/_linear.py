"""A small dense solver for compiled loops: a library call costs more than the arithmetic."""

from __future__ import annotations

import numba

from moonbase.core.arrays import Array


@numba.njit(cache=True, error_model="numpy")
def solve_in_place(matrix: Array, right: Array) -> None:
    """Solve by elimination with row pivots; ``matrix`` is used up, ``right`` becomes the answer."""
    n = right.size
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[pivot, k]):
                pivot = i
        if pivot != k:
            for j in range(k, n):
                matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
            right[k], right[pivot] = right[pivot], right[k]
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, n):
            factor = matrix[i, k] * inverse
            for j in range(k + 1, n):
                matrix[i, j] -= factor * matrix[k, j]
            right[i] -= factor * right[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            right[k] -= matrix[k, j] * right[j]
        right[k] /= matrix[k, k]
