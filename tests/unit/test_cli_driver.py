"""``moonbase driver``: what each command prints and writes, and how it refuses bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moonbase.cli.main import main
from moonbase.driver import STATE


def _call(*args: str) -> Result:
    return CliRunner().invoke(main, ["driver", *args])


def test_size_gives_the_nominal_case_and_its_range() -> None:
    done = _call("size", "alpha", "--draws", "16", "--json")
    assert done.exit_code == 0, done.output
    values = json.loads(done.stdout)["values"]
    length = values["length_m"]
    assert length["p10"] <= length["p50"] <= length["p90"]
    speed, push = values["muzzle_speed_m_s"], values["acceleration_m_s2"]
    assert length["nominal"] == pytest.approx(speed["nominal"] ** 2 / 2.0 / push["nominal"])


def test_an_override_reaches_the_design() -> None:
    light, heavy = (
        json.loads(_call("design", "--json", "--set", f"driver.payload_kg={kg}").stdout)
        for kg in ("500 kg", "4 t")
    )
    assert heavy["sled_kg"] > light["sled_kg"]
    assert light["broken"] == []
    assert len(light["n_turns"]) == len(light["position_m"])


def test_a_broken_limit_is_named() -> None:
    done = _call("design", "--set", "driver.clearance_m=0.5")
    assert done.exit_code == 0
    assert "Not feasible: clearance" in done.stdout
    assert "raise gap_m" in done.stdout


def test_a_launch_writes_its_page(tmp_path: Path) -> None:
    page = tmp_path / "deep" / "launch.html"
    done = _call("launch", "--out", str(page), "--json")
    assert done.exit_code == 0, done.output
    shot = json.loads(done.stdout)
    assert abs(shot["speed_error_m_s"]) < 0.1
    assert shot["audit_error_frac"] < 2e-3
    assert page.read_text(encoding="utf-8").count("<figure") >= 8
    again = _call("launch", "--out", str(page))
    assert again.exit_code == 3
    assert "is there already" in again.stderr
    assert [item.name for item in page.parent.iterdir()] == ["launch.html"]


def test_faults_belong_to_the_synchronous_motor() -> None:
    done = _call("launch", "--topology", "quench", "--failed", "3")
    assert done.exit_code == 3
    assert "synchronous" in done.stderr


def test_dispersion_writes_release_states(tmp_path: Path) -> None:
    states = tmp_path / "states.csv"
    done = _call("dispersion", "--shots", "40", "--samples", str(states), "--json")
    assert done.exit_code == 0, done.output
    rows = list(csv.reader(states.read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == STATE
    assert len(rows) == 41
    told = json.loads(done.stdout)
    assert len(told["release_covariance"]) == 7
    assert sum(share[3] for share in told["variance_share_frac"].values()) == pytest.approx(1.0)


def test_compare_ends_with_this_design() -> None:
    rows = json.loads(_call("compare", "--json").stdout)
    assert rows[-1]["system"]["key"] == "this"
    assert {"SpinLaunch", "SP-428 launcher (1979)"} <= {row["system"]["name"] for row in rows}


def test_optimise_prints_overrides_that_run_accepts() -> None:
    done = _call("optimise", "--choose", "gap_m", "--choose", "driver.loading_ratio", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert set(told["choices"]) == {"driver.gap_m", "driver.loading_ratio"}
    assert told["total_usd"] <= told["start_usd"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("optimise", "--choose", "colour"), "colour"),
        (("size", "nowhere"), "nowhere"),
        (("size", "--set", "driver.payload_kg=-1 t"), "driver.payload_kg"),
        (("launch", "--failed", "99999999"), "failed_coils"),
    ],
)
def test_bad_input_names_the_key(args: tuple[str, ...], words: str) -> None:
    done = _call(*args)
    assert done.exit_code == 3, done.output
    assert words in done.stderr
    assert "Traceback" not in done.stderr
