"""The commands of flight inside one process: what they print and write, and how they fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ccsds_ndm
import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from oem import OrbitEphemerisMessage

from moonbase import flight_plan, orbits
from moonbase.cli.main import main
from moonbase.core.errors import DomainError, InfeasibleError

FLY = ("fly", "alpha", "--epoch", "2030-01-10", "--degree", "2")
DISPERSE = ("disperse", "alpha", "--epoch", "2030-01-10", "--degree", "2", "--days", "2")


def call(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def told(*args: object) -> Any:
    result = call(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=pytest.fail)


def test_fly_tells_the_card_and_where_it_goes() -> None:
    found = told(*FLY, "--days", 20)
    assert found["card"]["speed_m_s"] == 2500.0
    assert 700.0 < found["card"]["moon_v_inf_m_s"] < 800.0
    assert found["card"]["moon_miss_m"] is None
    assert found["moon_distance_m"][0] == pytest.approx(1737.4e3, abs=1.0)
    assert "Earth J2" in found["forces"]
    printed = call(*FLY, "--days", 20)
    assert "2030-01-10 00:00 TDB" in printed.stdout and "n/a" not in printed.stdout


def test_the_satellite_feels_sunlight_unless_told_otherwise() -> None:
    lit, dark = (told(*FLY, "--days", 20, *more) for more in ((), ("--no-sunlight",)))
    late = told(*FLY, "--days", 20, "--deploy", 10)
    craft = flight_plan.plan("alpha").light
    assert craft is not None
    assert lit["card"]["area_per_mass_m2_kg"] == pytest.approx(float(craft.area_per_mass_m2_kg))
    assert "sunlight, sun after 86,400 s" in lit["forces"] and lit["card"]["deploy_s"] == 86_400.0
    assert "sunlight_shift_m" not in dark["card"] and "sunlight" not in " ".join(dark["forces"])
    push = 4.54e-6 * 1.08 * lit["card"]["area_per_mass_m2_kg"]
    shift = 0.5 * push * (19 * 86_400.0) ** 2
    assert lit["card"]["sunlight_shift_m"] == pytest.approx(shift, rel=0.3)
    assert late["card"]["sunlight_shift_m"] == pytest.approx(
        lit["card"]["sunlight_shift_m"] * (10 / 19) ** 2, rel=0.2
    )
    printed = call(*FLY, "--days", 20).stdout
    assert "of array, facing the Sun from 1 day after release, moves the nominal" in printed
    assert "Flown without sunlight." in call(*FLY, "--days", 2, "--no-sunlight").stdout


def test_overrides_move_the_track() -> None:
    found = told(
        *FLY,
        "--days",
        1,
        "--set",
        "driver.muzzle_speed_m_s=2.6 km/s",
        "--set",
        "orbits.site_longitude_rad=30 deg",
    )
    assert found["card"]["speed_m_s"] == 2600.0
    assert found["card"]["longitude_rad"] == pytest.approx(np.radians(30.0))


def test_the_flight_is_read_back_by_other_readers(tmp_path: Path) -> None:
    names = {key: tmp_path / f"a.{key}" for key in ("oem", "opm", "czml", "states")}
    files = [item for key, path in names.items() for item in (f"--{key}", path)]
    result = call(*FLY, "--days", 3, "--center", "earth", "--name", "MB-7", *files)
    assert result.exit_code == 0, result.output
    assert all(f"Written: {path}" in result.stdout for path in names.values())
    message = OrbitEphemerisMessage.open(names["oem"])
    (segment,) = message.segments
    assert segment.metadata["CENTER_NAME"] == "EARTH"
    first = np.array(message.states[0].position) * 1e3
    moon = orbits.ephemeris("moon", 947505600.0).r_icrf_m
    assert np.linalg.norm(first - moon) == pytest.approx(1737.4e3, abs=1.0)
    state = ccsds_ndm.Opm.from_file(str(names["opm"])).segment.data.state_vector
    assert np.hypot(np.hypot(state.x, state.y), state.z) == pytest.approx(1737.4, abs=1e-3)
    tracks = json.loads(names["czml"].read_text())
    assert [packet["name"] for packet in tracks[1:]] == ["MB-7", "Moon"]
    assert pq.read_metadata(names["states"]).num_rows == len(message.states)


def test_a_target_changes_the_release(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    found = told(*FLY, "--target", "lunar-orbit", "--orbit-height", 100, "--out", page)
    assert 1600.0 < found["card"]["speed_m_s"] < 1800.0
    assert found["target"]["values"]["miss_m"] < 1.0
    assert [name for name, _, _ in found["target"]["burns"]]
    assert "Burns" in page.read_text(encoding="utf-8")


def test_an_unreached_target_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise InfeasibleError("no path found", path="L2", hint="free the azimuth")

    monkeypatch.setattr(flight_plan, "aim", fail)
    result = call(*FLY, "--target", "L2")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "L2: no path found\n  free the azimuth" in result.stderr


def test_windows_map_and_list(tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    args = ("windows", "alpha", "--epoch", "2030-01-01", "--epochs", 6, "--speeds", 4)
    found = told(*args, "--horizon", 90, "--high", 2900, "--out", page)
    assert np.shape(found["outcome"]) == (6, 4)
    assert found["speed_m_s"][0] == 2400.0 and found["speed_m_s"][-1] == 2900.0
    assert found["sunlight"]["shift_m"] > 1e6
    costs = [row["slot_delta_v_m_s"] for row in found["best"]]
    assert costs == sorted(costs) and costs
    assert 'id="outcomes"' in page.read_text(encoding="utf-8")


def spread(folder: Path, **parts: Any) -> Path:
    path = folder / "spread.json"
    path.write_text(json.dumps(parts), encoding="utf-8")
    return path


def test_disperse_reads_what_the_driver_prints(tmp_path: Path) -> None:
    sigma = np.array([0.0, 0.1, 0.1, 0.01, 0.02, 0.02, 1e-3])
    path = spread(
        tmp_path,
        release_covariance=np.diag(sigma**2).tolist(),
        shot_covariance=np.diag(0.25 * sigma**2).tolist(),
    )
    whole = told(*DISPERSE, "--covariance", path, "--samples", 2000)
    part = told(*DISPERSE, "--covariance", path, "--part", "shot", "--samples", 2000)
    assert whole["miss_sigma_m"][0] == pytest.approx(2.0 * part["miss_sigma_m"][0], rel=1e-6)
    assert whole["sunlight"]["deploy_s"] == 86_400.0
    assert whole["hazards"] is None and whole["moon_impact"] is None


def test_disperse_counts_what_may_be_hit(tmp_path: Path) -> None:
    oem, page = tmp_path / "a.oem", tmp_path / "page.html"
    assert call(*FLY, "--days", 2, "--oem", oem).exit_code == 0
    result = call(
        *DISPERSE,
        "--sigma-speed",
        0.01,
        "--sigma-angle",
        1e-5,
        "--years",
        0.5,
        "--hazard-samples",
        20,
        "--asset",
        oem,
        "--keep-out",
        50,
        "--capture",
        10,
        "--samples",
        2000,
        "--out",
        page,
        "--screening",
        tmp_path / "s.oem",
    )
    assert result.exit_code == 0, result.output
    assert "falls back to the Moon within 183 days" in result.stdout
    assert "none in 20" in result.stdout and "MB-0001" in result.stdout
    text = page.read_text(encoding="utf-8")
    assert 'id="corridor"' in text and 'id="miss"' in text
    segment = OrbitEphemerisMessage.open(tmp_path / "s.oem").segments[0]
    assert len(list(segment.covariances)) > 10


def test_site_tells_where_speed_errors_cancel() -> None:
    rows = told("site", "--target", "L2")["achromatic"]
    assert [row["found"] for row in rows] == [True, True]
    assert rows[1]["flight_s"] > 5.0 * rows[0]["flight_s"]
    assert np.degrees(rows[0]["longitude_rad"]) == pytest.approx(33.1, abs=0.1)


def test_swarm_fills_the_belt(tmp_path: Path) -> None:
    table = tmp_path / "e.parquet"
    result = call("swarm", "--years", 10, "--per-year", 1e7, "--elements", table)
    assert result.exit_code == 0, result.output
    found = told("swarm", "--years", 10, "--per-year", 1e7)
    assert len(found["n_alive"]) == 10 and found["n_alive"][0] == pytest.approx(1e7, rel=0.05)
    assert pq.read_metadata(table).num_rows == 20_000


@pytest.mark.parametrize(
    ("args", "key", "remedy"),
    [
        ((*FLY[:3], "someday"), "--epoch", "2030-01-01T00:00:00"),
        ((*FLY[:3], "2095-01-01Z"), "utc", "TDB"),
        ((*FLY, "--days", "-1"), "--days", ""),
        ((*FLY, "--deploy", "-1"), "--deploy", "--no-sunlight"),
        ((*FLY, "--window", "3"), "--window", "--target L2"),
        ((*FLY, "--target", "lunar-orbit"), "--orbit-height", "km"),
        ((*FLY, "--set", "orbits.site_longitud_rad=1"), "orbits.site_longitud_rad", "site_long"),
        (
            (*DISPERSE, "--covariance", "none.json", "--sigma-speed", "1"),
            "--covariance, --sigma-speed",
            "neither",
        ),
        ((*DISPERSE, "--covariance", "none.json"), "none.json", "driver dispersion --json"),
        ((*DISPERSE, "--sigma-speed", "-1"), "--sigma-", ""),
        ((*DISPERSE, "--sigma-speed", "1", "--asset", "none.oem"), "none.oem", "OEM"),
        ((*DISPERSE, "--sigma-speed", "1", "--trim", "9"), "trim_s", "release"),
        (("windows", "--epochs", "1"), "--epochs", "--speeds"),
        (("swarm", "--years", "0"), "--years", "launches"),
    ],
)
def test_errors_name_the_key_and_the_remedy(args: Any, key: str, remedy: str) -> None:
    result = call(*args)
    assert (result.exit_code, result.stdout) == (3, ""), result.output
    assert key in result.stderr and remedy in result.stderr


def test_a_field_that_is_not_there_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOONBASE_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    result = call(*FLY[:4], "--degree", 90)
    assert result.exit_code == 3
    assert "moonbase data get lunar-gravity" in result.stderr


def test_a_page_is_never_written_over(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")
    result = call(*FLY, "--days", 1, "--out", page)
    assert result.exit_code == 3 and "is there already" in result.stderr
    assert page.read_text() == "mine"


def test_dates_are_tdb_or_utc() -> None:
    assert flight_plan.epoch_of("2000-01-01T12:00:00") == 0.0
    utc = flight_plan.epoch_of("2000-01-01T12:00:00Z")
    assert utc == pytest.approx(64.184, abs=2e-3)
    with pytest.raises(DomainError):
        flight_plan.epoch_of("2000-01-01T12:00:00+02:00")
