"""The download of the full lunar field against a server on this machine, well and ill behaved."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from moonbase.cli.main import main
from moonbase.core.errors import ParameterError
from moonbase.orbits import gravity, lunar_gravity
from moonbase.orbits.gravity import FOLDER_VARIABLE, fetch_full_field

NAME = "gglp_glgm3150_sha.tab"
ROWS = [f"{n}, {m}, {1e-6 / n:.9e}, 0.0, 1E-9" for n in range(1, 31) for m in range(n + 1)]
BODY = ("0.17380E+04, 0.49028E+04\n" + "\n".join(ROWS) + "\n").encode()


class Archive(BaseHTTPRequestHandler):
    """Serves the file; the first part of the path says how."""

    half_sent: threading.Event
    go_on: threading.Event

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        if kind == "missing":
            self.send_error(404)
            return
        body = BODY.replace(b"E-9", b"E-8", 1) if kind == "changed" else BODY
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        if kind == "cut":
            return
        if kind == "stalled":
            self.wfile.flush()
            self.half_sent.set()
            self.go_on.wait(60.0)
            return
        self.wfile.write(body[len(body) // 2 :])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def archive() -> Iterator[str]:
    Archive.half_sent, Archive.go_on = threading.Event(), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Archive)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Archive.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setitem(gravity._FULL_FILES, NAME, hashlib.sha256(BODY).hexdigest())
    return tmp_path / "data"


def test_the_command_fetches_checks_and_keeps(archive: str, folder: Path) -> None:
    result = CliRunner().invoke(
        main, ["data", "get", "lunar-gravity", "--url", f"{archive}/good/{NAME}?version=1"]
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == f"lunar-gravity: {folder / NAME}, {len(BODY):,} bytes\n"
    assert [path.name for path in folder.iterdir()] == [NAME]
    gravity._full.cache_clear()
    assert lunar_gravity(degree=30).cosine[30, 7] == pytest.approx(1e-6 / 30)
    gravity._full.cache_clear()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"changed/{NAME}", "SHA-256 differs"),
        (f"cut/{NAME}", f"{len(BODY) // 2:,} of {len(BODY):,} bytes came"),
        (f"missing/{NAME}", "HTTP Error 404"),
        ("good/another.tab", "no known name"),
    ],
)
def test_a_failed_fetch_leaves_nothing(archive: str, folder: Path, address: str, told: str) -> None:
    result = CliRunner().invoke(
        main, ["data", "get", "lunar-gravity", "--url", f"{archive}/{address}"]
    )
    assert (result.exit_code, result.stdout) == (3, "")
    assert told in result.stderr
    assert f"{archive}/{address}" in result.stderr
    assert not folder.exists()


@pytest.mark.parametrize("url", [f"no-scheme/{NAME}", f"http://127.0.0.1:1/{NAME}"])
def test_an_address_that_does_not_answer_is_named(url: str, folder: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read") as error:
        fetch_full_field(url=url)
    assert error.value.path == url and FOLDER_VARIABLE in str(error.value)


def test_a_failed_fetch_keeps_the_file_that_is_there(archive: str, folder: Path) -> None:
    folder.mkdir()
    (folder / NAME).write_bytes(BODY)
    with pytest.raises(ParameterError):
        fetch_full_field(url=f"{archive}/cut/{NAME}")
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert (folder / NAME).read_bytes() == BODY


def test_a_disk_that_fails_leaves_no_part(
    archive: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        fetch_full_field(url=f"{archive}/good/{NAME}")
    assert list(folder.iterdir()) == []


def test_a_killed_fetch_leaves_nothing(archive: str, folder: Path) -> None:
    code = "import sys; from moonbase.cli.main import main; main(sys.argv[1:])"
    args = ["data", "get", "lunar-gravity", "--url", f"{archive}/stalled/{NAME}"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *args], env=dict(os.environ), stderr=subprocess.DEVNULL
    ) as process:
        assert Archive.half_sent.wait(60.0)
        process.terminate()
        assert process.wait(60.0) != 0
    assert not folder.exists()
