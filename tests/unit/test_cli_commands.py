"""Commands inside one process: what they print, on which stream, and their exit codes."""

from __future__ import annotations

import errno
import json
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from report_fixture import make_summary

import moonbase
from moonbase.cli.main import main
from moonbase.cli.output import finite
from moonbase.core.errors import ExportError, InfeasibleError, NumericalError, ScenarioError
from moonbase.validate import Case


def _call(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Calls of `moonbase.api.run`, which answers with the summary of the report's tests."""
    seen: list[dict[str, Any]] = []

    def run(scenario: str, **kwargs: Any) -> SimpleNamespace:
        seen.append({"scenario": scenario, **kwargs})
        for share in (0.0, 0.5):
            kwargs["progress"]("sampling", share)
        kwargs["progress"]("campaign", 0.9)
        return SimpleNamespace(summary=make_summary(4), folder=kwargs["out"])

    _fake_api(monkeypatch, run)
    return seen


def _fake_api(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    api = ModuleType("moonbase.api")
    api.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "moonbase.api", api)
    monkeypatch.setattr(moonbase, "api", api, raising=False)


def _failing_api(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def run(*args: Any, **kwargs: Any) -> None:
        raise error

    _fake_api(monkeypatch, run)


def _run_folder(tmp_path: Path, name: str, **changes: Any) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    summary = make_summary(4) | changes
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


def test_run_hands_its_options_on(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    out = tmp_path / "out"
    args = ["--set", "driver.payload_kg=1.5 t", "--set", "options.seed = 3", "--draws", "5"]
    result = _call("run", "alpha", *args, "--seed", "7", "--out", str(out))
    assert result.exit_code == 0, result.output
    (call,) = calls
    assert call.pop("progress")
    assert call == {
        "scenario": "alpha",
        "draws": 5,
        "seed": 7,
        "set": {"driver.payload_kg": "1.5 t", "options.seed": "3"},
        "out": out,
    }
    assert f"Report: {out / 'report.html'}" in result.stdout
    assert result.stderr.splitlines() == ["sampling", "campaign"]


def test_run_names_its_own_folder(calls: list[dict[str, Any]]) -> None:
    assert _call("run", "some/where/my.toml").exit_code == 0
    folder = calls[0]["out"]
    assert folder.parent == Path("runs")
    assert folder.name.startswith("my-20") and folder.name.endswith("Z")


def test_json_is_one_object_on_stdout(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    result = _call("run", "alpha", "--json", "--out", str(tmp_path / "out"))
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    assert list(found) == [
        "scenario",
        "schema_version",
        "draws",
        "seed",
        "status_counts",
        "headline",
        "series",
        "binding",
        "sensitivity",
        "run_dir",
    ]
    assert found["run_dir"] == str(tmp_path / "out")


def test_what_json_cannot_hold_becomes_null() -> None:
    value = {"a": [math.nan, 1.0, (math.inf, "x")], "b": {"c": -math.inf, "d": None}}
    assert finite(value) == {"a": [None, 1.0, [None, "x"]], "b": {"c": None, "d": None}}


def test_a_folder_that_exists_is_refused_before_any_work(
    calls: list[dict[str, Any]], tmp_path: Path
) -> None:
    result = _call("run", "alpha", "--out", str(tmp_path))
    assert (result.exit_code, result.stdout, calls) == (3, "", [])
    assert str(tmp_path) in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["run"],
        ["run", "alpha", "--set", "nothing"],
        ["run", "alpha", "--set", "=3"],
        ["run", "alpha", "--draws", "many"],
        ["run", "alpha", "--bogus"],
        ["bogus"],
        ["compare", "one"],
        ["params"],
        ["params", "show"],
    ],
)
def test_wrong_usage_is_exit_2(calls: list[dict[str, Any]], args: list[str]) -> None:
    result = _call(*args)
    assert (result.exit_code, result.stdout, calls) == (2, "", [])


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ScenarioError("is wrong", path="a.b", hint="mend it"), 3, "a.b: is wrong\n  mend it"),
        (ExportError("x"), 3, "x"),
        (InfeasibleError("no plan"), 4, "no plan"),
        (NumericalError("no draw"), 5, "no draw"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), 3, "/x/y: No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), 3, "/x/y: Permission denied"),
        (MemoryError(), 3, "fewer draws"),
        (ZeroDivisionError("odd"), 1, "internal error: ZeroDivisionError: odd"),
    ],
)
def test_errors_become_exit_codes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, code: int, message: str
) -> None:
    _failing_api(monkeypatch, error)
    args = ["run", "alpha", "--json", "--out", str(tmp_path / "out")]
    result = _call(*args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in _call("--debug", *args).stderr


def test_scenarios_are_listed() -> None:
    result = _call("scenarios")
    assert result.stdout.startswith("alpha\t")
    listed = json.loads(_call("scenarios", "--json").stdout)
    assert {"name", "title", "description", "lineage"} == set(listed[0])
    assert ["skeptic", "alpha"] in [entry["lineage"] for entry in listed]


def test_schema_is_json() -> None:
    schema = json.loads(_call("schema").stdout)
    assert schema["$defs"]["driver"]["properties"]["payload_kg"]["unit"] == "kg"


def test_params_list_filters() -> None:
    every = _call("params", "list").stdout.splitlines()
    driver = _call("params", "list", "--room", "driver").stdout.splitlines()
    claims = json.loads(_call("params", "list", "--kind", "claim", "--json").stdout)
    assert 0 < len(driver) < len(every)
    assert all(line.startswith("driver.") and line in every for line in driver)
    assert {record["kind"] for record in claims} == {"claim"}
    assert _call("params", "list", "--room", "drivr").exit_code == 3


def test_params_show() -> None:
    shown = _call("params", "show", "driver.payload_kg").stdout
    assert "mass thrown in one shot" in shown and " kg" in shown and "source" in shown
    wrong = _call("params", "show", "driver.payload_kgs")
    assert wrong.exit_code == 3
    assert "did you mean driver.payload_kg?" in wrong.stderr


def test_params_audit_counts_every_record() -> None:
    result = _call("params", "audit")
    n_listed = len(_call("params", "list").stdout.splitlines())
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{n_listed} records\n")
    for title in ("placeholders", "records without a range", "sources that no record cites"):
        assert title in result.stdout


def test_report_is_written_again(tmp_path: Path) -> None:
    folder = _run_folder(tmp_path, "one")
    (folder / "report.html").write_text("old")
    result = _call("report", str(folder))
    assert result.exit_code == 0, result.output
    assert "<html" in (folder / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "summary.json"]


def test_a_report_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _run_folder(tmp_path, "one")
    (folder / "report.html").write_text("old")

    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("moonbase.cli.results.os.replace", fail)
    result = _call("report", str(folder))
    assert result.exit_code == 3
    assert "free some space" in result.stderr
    assert (folder / "report.html").read_text() == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "summary.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema_version": 1}', "[" * 100_000])
def test_what_is_no_run_folder_is_exit_3(tmp_path: Path, text: str) -> None:
    (tmp_path / "summary.json").write_text(text)
    for args in (["report", str(tmp_path)], ["compare", str(tmp_path), str(tmp_path)]):
        result = _call(*args)
        assert result.exit_code == 3
        assert "summary.json" in result.stderr


def test_compare(tmp_path: Path) -> None:
    folders = [
        str(_run_folder(tmp_path, "one", scenario="first")),
        str(_run_folder(tmp_path, "two", scenario="second")),
    ]
    printed = _call("compare", *folders)
    assert printed.exit_code == 0, printed.output
    assert "first" in printed.stdout and "second" in printed.stdout
    found = json.loads(_call("compare", *folders, "--json").stdout)
    assert [run["scenario"] for run in found["runs"]] == ["first", "second"]
    assert found["runs"][0]["run_dir"] == folders[0]
    assert found["rows"]


def _case(**changes: Any) -> Case:
    fields: dict[str, Any] = {
        "id": "X-1",
        "area": "driver",
        "what": "length",
        "source": "Roe",
        "expected": {"length_m": 1.0},
        "got": {"length_m": 2.0},
        "tolerance": {"rel": 0.1},
        "difference": {"length_m": 1.0},
        "passed": False,
    }
    return Case(**(fields | changes))


def test_validate_tells_every_case(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [_case(), _case(id="X-2", passed=True), _case(id="X-3", got={}, error="boom")]
    monkeypatch.setattr("moonbase.validate.run_cases", lambda area: cases)
    result = _call("validate", "--json")
    assert result.exit_code == 5
    found = json.loads(result.stdout)["cases"]
    assert found[0] == {
        "id": "X-1",
        "area": "driver",
        "source": "Roe",
        "expected": {"length_m": 1.0},
        "got": {"length_m": 2.0},
        "tolerance": {"rel": 0.1},
        "pass": False,
    }
    assert [case["pass"] for case in found] == [False, True, False]
    printed = _call("validate")
    assert printed.exit_code == 5
    assert "1 of 3 cases pass" in printed.stdout
    assert "X-1: expects {'length_m': 1.0}, got {'length_m': 2.0}" in printed.stderr
    assert "X-3: boom" in printed.stderr


def test_validate_of_one_area(monkeypatch: pytest.MonkeyPatch) -> None:
    areas: list[str | None] = []

    def run_cases(area: str | None) -> list[Case]:
        areas.append(area)
        return [_case(passed=True)]

    monkeypatch.setattr("moonbase.validate.run_cases", run_cases)
    assert _call("validate", "--area", "driver").exit_code == 0
    assert areas == ["driver"]
