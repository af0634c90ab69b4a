"""The command as a process of its own: exit codes, streams, interrupts, pipes and full disks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_COMMAND = "import sys; from moonbase.cli.main import main; sys.argv[0] = 'moonbase'; main()"
_SLOW = """
import sys, time, types, moonbase
api = types.ModuleType("moonbase.api")
def run(*args, progress, **kwargs):
    progress("campaign", 0.1)
    time.sleep(60)
api.run = run
moonbase.api = sys.modules["moonbase.api"] = api
"""


def _call(*args: str, cwd: Path, **kwargs: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _COMMAND, *args]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | kwargs
    return subprocess.run(command, cwd=cwd, text=True, check=False, **streams)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--version"], 0),
        (["scenarios"], 0),
        (["run"], 2),
        (["run", "alpa"], 3),
        (["run", "missing.toml"], 3),
        (["run", "."], 3),
        (["run", "alpha", "--set", "driver.payload_kg=3 W"], 3),
        (["run", "alpha", "--draws", "0"], 3),
        (["params", "show", "nothing.at_all"], 3),
        (["compare", "a", "b"], 3),
        (["validate", "--area", "nothing"], 3),
    ],
)
def test_exit_codes(tmp_path: Path, args: list[str], code: int) -> None:
    done = _call(*args, cwd=tmp_path)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code == 0)
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_scenario_file_are_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(
        'schema_version = 1\ntitle = "T"\n[driver]\npayload_kg = -1000\n[options]\ndrows = 1\n'
    )
    done = _call("run", "my.toml", cwd=tmp_path)
    assert done.returncode == 3
    assert "driver.payload_kg: must be >= 0 kg, got -1000 kg" in done.stderr
    assert "did you mean options.draws?" in done.stderr


def test_a_run_from_end_to_end(tmp_path: Path) -> None:
    done = _call("run", "alpha", "--draws", "8", "--out", "out", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["draws"] == 8
    again = _call("run", "alpha", "--draws", "8", "--out", "out", cwd=tmp_path)
    assert again.returncode == 3
    assert _call("report", "out", cwd=tmp_path).returncode == 0
    assert _call("compare", "out", "out", cwd=tmp_path).returncode == 0
    resolved = _call("run", "out/scenario.resolved.toml", "--json", "--out", "two", cwd=tmp_path)
    first, second = json.loads(done.stdout), json.loads(resolved.stdout)
    assert first["headline"] == second["headline"]


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupt_is_exit_130(tmp_path: Path) -> None:
    code = _SLOW + _COMMAND
    with subprocess.Popen(
        [sys.executable, "-c", code, "run", "alpha", "--out", "out"],
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "campaign\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "moonbase: interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_exit_3(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = _call("params", "list", cwd=tmp_path, stdout=full)
    assert done.returncode == 3
    assert done.stderr == "moonbase: output: No space left on device\n  free some space\n"


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe")
def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = _call("schema", cwd=tmp_path, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")
