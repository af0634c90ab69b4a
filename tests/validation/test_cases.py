"""Every shipped case, one test each, and the runner's own honesty."""

from __future__ import annotations

import inspect
from collections import Counter
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from moonbase.core.errors import ParameterError
from moonbase.validate import Row, areas, evaluate, find_adapter, read_rows, run_cases

ROWS = read_rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_case(row: Row) -> None:
    case = evaluate(row, find_adapter(row))
    assert case.passed, (
        f"{row.what}: got {case.got}, expected {case.expected}, tolerance {case.tolerance}, "
        f"difference {case.difference} {case.error}"
    )


def test_ids_are_unique() -> None:
    assert [key for key, n in Counter(row.id for row in ROWS).items() if n > 1] == []


@pytest.mark.parametrize("area", areas())
def test_every_adapter_is_used(area: str) -> None:
    module = import_module(f"moonbase.validate.{area}")
    written = {
        name
        for name, item in inspect.getmembers(module, inspect.isfunction)
        if item.__module__ == module.__name__ and not name.startswith("_")
    }
    assert written == {row.function for row in ROWS if row.area == area}


def test_an_area_is_run_alone() -> None:
    area = areas()[0]
    ids = [row.id for row in ROWS if row.area == area]
    assert [case.id for case in run_cases(area)] == ids
    with pytest.raises(ParameterError, match="areas with cases"):
        run_cases("astrology")


HEADER = "id,area,what,function,inputs,expected,tolerance,source\n"


def rows_of(folder: Path, expected: str, tolerance: str, area: str = "trial") -> list[Row]:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    cells = ["T-1", area, "a trial", "answer", quoted("{}"), quoted(expected), quoted(tolerance)]
    (folder / "trial.csv").write_text(HEADER + ",".join([*cells, "none"]) + "\n")
    return read_rows("trial", folder)


@pytest.mark.parametrize(
    ("got", "passed"),
    [
        ({"a": 1.009, "b": [2.0, 3.0]}, True),
        ({"a": np.float64(0.991), "b": np.array([2.04, 2.96])}, True),
        ({"a": 1.011, "b": [2.0, 3.0]}, False),
        ({"a": 1.0, "b": [2.0, 3.06]}, False),
        ({"a": 1.0, "b": [2.0]}, False),
        ({"a": 1.0, "b": 2.0}, False),
        ({"a": [1.0], "b": [2.0, 3.0]}, False),
        ({"a": float("nan"), "b": [2.0, 3.0]}, False),
        ({"a": 1.0, "b": [float("nan"), 3.0]}, False),
        ({"a": 1.0, "b": [2.0, float("inf")]}, False),
        ({"a": 1.0}, False),
    ],
)
def test_a_wrong_answer_fails(tmp_path: Path, got: dict[str, object], passed: bool) -> None:
    tolerance = '{"a": {"rel": 0.01}, "b": {"abs": 0.05}}'
    (row,) = rows_of(tmp_path, '{"a": 1.0, "b": [2.0, 3.0]}', tolerance)
    assert evaluate(row, lambda: got).passed is passed


def test_an_exception_is_a_failed_case(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, '{"a": 1.0}', '{"rel": 0.01}')
    case = evaluate(row, lambda: {}["b"])
    assert not case.passed
    assert case.error == "KeyError: 'b'"


def test_relative_to_zero_is_never_met(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, '{"a": 0.0}', '{"rel": 0.01}')
    assert not evaluate(row, lambda: {"a": 1e-30}).passed
    assert evaluate(row, lambda: {"a": 0.0}).passed


@pytest.mark.parametrize(
    ("expected", "tolerance"),
    [
        ('{"a": 1.0}', "{}"),
        ('{"a": 1.0}', '{"rel": -0.1}'),
        ('{"a": 1.0}', '{"rel": NaN}'),
        ('{"a": 1.0}', '{"rel": 0.1, "abs": 0.1}'),
        ('{"a": 1.0, "b": 1.0}', '{"a": {"rel": 0.1}}'),
        ('{"a": 1.0}', '{"a": {"ratio": 0.1}}'),
        ("{}", '{"rel": 0.1}'),
        ("{", '{"rel": 0.1}'),
    ],
)
def test_a_row_that_cannot_judge_is_refused(tmp_path: Path, expected: str, tolerance: str) -> None:
    with pytest.raises(ParameterError, match="T-1"):
        rows_of(tmp_path, expected, tolerance)


def test_a_row_in_the_wrong_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="move the row"):
        rows_of(tmp_path, '{"a": 1.0}', '{"rel": 0.1}', area="driver")


def test_a_missing_adapter_is_named(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, '{"a": 1.0}', '{"rel": 0.1}')
    with pytest.raises(ParameterError, match=r"answer\(\*\*inputs\)"):
        find_adapter(row)
