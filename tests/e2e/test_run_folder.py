"""A run that is stopped leaves no folder, no half of one, and nobody working on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists() or (os.cpu_count() or 1) < 2,
    reason="watches the worker processes of a system that has /proc",
)
_COMMAND = "import sys; from moonbase.cli.main import main; sys.argv[0] = 'moonbase'; main()"


@contextmanager
def working(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A long run in a session of its own, with its first block done and others in work."""
    command = [sys.executable, "-c", _COMMAND, "run", "alpha", "--draws", "20000", "--out", "X"]
    with subprocess.Popen(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            assert process.stderr is not None
            while process.stderr.readline() not in ("campaign\n", ""):
                pass
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def members(session: int, *, parent: int | None = None) -> list[int]:
    """Processes of a session that still live, or those of them with this parent."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, its_parent, _, its_session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        own = int(its_session) == session and state != "Z"
        if own and (parent is None or int(its_parent) == parent):
            found.append(int(path.parent.name))
    return found


def finish(process: subprocess.Popen[str], folder: Path) -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    assert out == ""
    assert members(process.pid) == []
    assert list(folder.iterdir()) == []
    return process.returncode, err


@pytest.mark.parametrize("whole_group", [False, True], ids=["command", "group"])
def test_an_interrupt_in_mid_run_leaves_nothing(tmp_path: Path, whole_group: bool) -> None:
    """A signal to the command alone, and one to all of its processes as a terminal sends it."""
    with working(tmp_path) as process:
        assert len(members(process.pid, parent=process.pid)) >= 2
        if whole_group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        code, err = finish(process, tmp_path)
    assert code == 130
    assert err == "moonbase: interrupted\n"


def test_a_worker_that_is_killed_is_told_of(tmp_path: Path) -> None:
    with working(tmp_path) as process:
        workers = members(process.pid, parent=process.pid)
        os.kill(workers[0], signal.SIGKILL)
        code, err = finish(process, tmp_path)
    assert code == 5
    assert "a worker process died" in err
    assert "fewer --draws" in err
    assert "Traceback" not in err


def test_a_full_run_leaves_its_folder_and_no_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COMMAND, "run", "alpha", "--draws", "1100", "--out", "X"]
    with subprocess.Popen(
        [*command, "--set", "options.end_year=2035"],
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert members(process.pid) == []
    assert [path.name for path in tmp_path.iterdir()] == ["X"]
