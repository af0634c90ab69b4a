"""The rooms import only downwards, and the front door stays light."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = [
    "numpy",
    "scipy",
    "pydantic",
    "pint",
    "xarray",
    "pandas",
    "pyarrow",
    "h5py",
    "h5netcdf",
    "matplotlib",
    "highspy",
    "jax",
]


def python(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_import_contracts() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_name_every_room() -> None:
    (layers,) = [
        contract["layers"]
        for contract in PYPROJECT["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    named = {name for layer in layers for name in layer.replace("moonbase.", "").split(" | ")}
    package = ROOT / "src" / "moonbase"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    rooms |= {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    assert named == rooms


@pytest.mark.parametrize("name", PYPROJECT["project"]["scripts"])
def test_entry_points_load(name: str) -> None:
    module, attribute = PYPROJECT["project"]["scripts"][name].split(":")
    assert callable(getattr(import_module(module), attribute))


LOADED = "import sys; print([name for name in {heavy} if name in sys.modules])"
HELP = """
from moonbase.cli.main import main
import contextlib, io, sys
sys.argv = ["moonbase", "--help"]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as text:
    main()
assert "run" in text.getvalue(), text.getvalue()
"""


@pytest.mark.parametrize("code", ["import moonbase; dir(moonbase)", HELP], ids=["import", "help"])
def test_the_front_door_is_light(code: str) -> None:
    assert python(f"{code}\n{LOADED.format(heavy=HEAVY)}").strip() == "[]"


ONE_DRAW = """
import moonbase
moonbase.run("alpha", draws=1, out={out!r})
"""


def test_a_run_of_one_draw_stays_light(tmp_path: Path) -> None:
    heavy = ["scipy.stats", "pandas", "xarray", "pint", "matplotlib"]
    code = ONE_DRAW.format(out=str(tmp_path / "run")) + LOADED.format(heavy=heavy)
    assert python(code).splitlines()[-1] == "[]"
    assert (tmp_path / "run" / "report.html").is_file()


def test_the_public_names_are_there() -> None:
    moonbase = import_module("moonbase")
    assert callable(moonbase.run)
    assert callable(moonbase.load)
    with pytest.raises(AttributeError, match="no attribute 'fly_to_mars'"):
        _ = moonbase.fly_to_mars
