"""The run folder: whole, true to the run in memory, and nothing at all where it fails."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

from moonbase import api, economics
from moonbase.api import Run
from moonbase.core.errors import ExportError
from moonbase.export import run_folder
from moonbase.export.timeline import cf_units
from moonbase.summary import cited

FILES = {
    "manifest.json",
    "scenario.resolved.toml",
    "timeline.nc",
    "ledger.parquet",
    "events.parquet",
    "citations.bib",
    "report.html",
    "summary.json",
}
SMALL = {"options.end_year": 2052}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("runs") / "first"
    return api.run("alpha", draws=20, seed=4, set=SMALL, out=out)


def folder(run: Run) -> Path:
    assert run.folder is not None
    return run.folder


def no_constants(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")


def test_the_folder_is_whole_and_alone(run: Run) -> None:
    assert {path.name for path in folder(run).iterdir()} == FILES
    assert [path.name for path in folder(run).parent.iterdir()] == ["first"]
    assert folder(run).stat().st_mode & 0o777 == 0o755


def test_the_manifest_names_every_other_file_with_its_hash(run: Run) -> None:
    manifest = json.loads((folder(run) / "manifest.json").read_text())
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder(run) / name).read_bytes()).hexdigest() == digest
    resolved = (folder(run) / "scenario.resolved.toml").read_bytes()
    assert manifest["scenario_sha256"] == hashlib.sha256(resolved).hexdigest()
    assert (manifest["draws"], manifest["seed"], manifest["scenario"]) == (20, 4, "alpha")
    assert {"design", "campaign", "economics"} <= set(manifest["timings_s"])


def test_the_resolved_scenario_gives_the_same_answers(run: Run) -> None:
    again = api.run(folder(run) / "scenario.resolved.toml")
    assert again.headline == run.headline
    for name, values in run.answers.series.items():
        assert np.array_equal(values, again.answers.series[name], equal_nan=True), name


def test_the_timeline_is_the_run_in_single_precision(run: Run) -> None:
    with xr.open_dataset(folder(run) / "timeline.nc", engine="h5netcdf") as found:
        assert found.attrs["Conventions"].startswith("CF-")
        assert set(run.timeline.data_vars) <= set(found.data_vars)
        assert np.array_equal(found["time"], run.answers.year)
        for name, expected in run.timeline.data_vars.items():
            variable = found[name]
            assert variable.dims == ("time", "draw")
            assert variable.attrs["units"] == expected.attrs["units"]
            assert variable.attrs["long_name"]
            assert np.array_equal(
                variable.values, expected.values.astype(np.float32), equal_nan=True
            ), name
            assert np.isinf(variable.values).sum() == 0, name
        assert np.array_equal(found["binding"], run.answers.binding)
        meanings = found["binding"].attrs["flag_meanings"].split(" ")
        assert meanings == [name.replace(":", ".") for name in run.answers.constraints]
        statuses = found["status"].attrs["flag_meanings"].split(" ")
        codes = found["status"].values
        assert [statuses[code] for code in codes] == run.answers.status.tolist()
        assert list(found["binding"].attrs["flag_values"]) == list(range(len(meanings)))


def test_every_series_has_a_unit(run: Run) -> None:
    bare = {name for name in run.answers.series if cf_units(name) == "1"}
    assert all(re.search(r"^n_|_frac$|^kardashev$", name) for name in bare), bare


def test_the_ledger_is_the_runs(run: Run) -> None:
    table = pq.read_table(folder(run) / "ledger.parquet").to_pandas()
    assert table.equals(run.ledger)
    assert set(table.columns) == {"draw", "year", "account", "kind", "usd"}
    assert (table["usd"] > 0.0).all()
    kinds = {account.id: account.kind for account in economics.ACCOUNTS}
    assert (table["account"].astype(str).map(kinds) == table["kind"].astype(str)).all()
    usd = run.answers.ledger_usd
    for n, account in enumerate(economics.ACCOUNTS):
        rows = table[table["account"].astype(str) == account.id]
        assert rows["usd"].sum() == pytest.approx(usd[:, n].sum())
    one = table[(table["draw"] == 3) & (table["year"] == 2040)]
    assert one["usd"].sum() == pytest.approx(usd[2040 - 2027, :, 3].sum())


def test_the_ledger_keeps_the_first_draws_whatever_the_blocks(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LEDGER_DRAWS", 11)
    monkeypatch.setattr(api, "MIN_BLOCK", 8)
    monkeypatch.setattr(api, "MAX_BLOCK", 8)
    blocks = api.run("alpha", draws=20, seed=4, set=SMALL)
    assert np.array_equal(blocks.answers.ledger_usd, run.answers.ledger_usd[..., :11])
    assert blocks.headline == run.headline


def test_events_are_dated_by_draw(run: Run) -> None:
    table = pq.read_table(folder(run) / "events.parquet").to_pandas()
    for name, dates in run.answers.events.items():
        rows = table[table["event"].astype(str) == name].set_index("draw")["year"]
        assert np.array_equal(rows.index, np.flatnonzero(~np.isnan(dates)))
        assert np.array_equal(rows, dates[~np.isnan(dates)])


def test_only_what_was_read_is_cited(run: Run) -> None:
    text = (folder(run) / "citations.bib").read_text()
    keys = re.findall(r"^@\w+\{([^,]+),", text, flags=re.M)
    records = run.scenario.records
    read = {row["key"] for row in run.summary["inputs"]}
    assert set(keys) == {records[key].source for key in read} & set(run.scenario.sources)
    assert len(keys) == len(set(keys))
    one = frozenset({"driver.sled_loop_s"})
    assert cited(run.scenario, one) == [records["driver.sled_loop_s"].source]


def test_the_summary_is_strict_json(run: Run) -> None:
    text = (folder(run) / "summary.json").read_text()
    assert json.loads(text, parse_constant=no_constants)["headline"] == run.headline


def test_the_report_is_one_file(run: Run) -> None:
    html = (folder(run) / "report.html").read_text()
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", html)
    assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<[^>]*>", " ", html), flags=re.I)


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise AssertionError("work was done")

    monkeypatch.setattr(api, "sample", fail)


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_exists_is_refused_before_any_work(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "folder":
        out.mkdir()
    else:
        out.write_text("mine")
    with pytest.raises(ExportError, match="already exists") as caught:
        api.run("alpha", draws=4, out=out)
    assert caught.value.path == str(out)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.usefixtures("no_work")
@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_parent_that_is_read_only_is_refused_before_any_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(ExportError, match="cannot be written"):
            api.run("alpha", draws=4, out=tmp_path / "out")
        with pytest.raises(ExportError, match="cannot be written"):
            api.run("alpha", draws=4, out=tmp_path / "new" / "out")
    finally:
        tmp_path.chmod(0o755)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_work")
def test_a_parent_that_is_read_only_for_the_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ExportError, match="parent folder cannot be written"):
        api.run("alpha", draws=4, out=tmp_path / "out")


@pytest.mark.usefixtures("no_work")
def test_a_parent_that_is_a_file_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportError, match="cannot be written"):
        api.run("alpha", draws=4, out=tmp_path / "file" / "out")
    assert (tmp_path / "file").read_text() == "mine"


def full(*args: Any, **kwargs: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "target",
    ["write_resolved", "write_timeline", "write_tables", "render_report", "json.dumps"],
)
def test_a_full_disk_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr(f"moonbase.export.run_folder.{target}", full)
    with pytest.raises(ExportError, match="no space left on device") as caught:
        run_folder.write_run(
            tmp_path / "out", scenario=run.scenario, answers=run.answers, summary=run.summary
        )
    assert "nothing was left behind" in str(caught.value)
    assert caught.value.path == str(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError])
def test_whatever_stops_the_writing_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def stop(*args: Any) -> None:
        raise fault

    monkeypatch.setattr(run_folder, "write_tables", stop)
    with pytest.raises(fault):
        run_folder.write_run(
            tmp_path / "out", scenario=run.scenario, answers=run.answers, summary=run.summary
        )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_appeared_meanwhile_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    theirs = tmp_path / "out"
    theirs.mkdir()
    (theirs / "theirs").write_text("mine")
    with pytest.raises(ExportError):
        run_folder.write_run(
            theirs, scenario=run.scenario, answers=run.answers, summary=run.summary
        )
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in theirs.iterdir()] == ["theirs"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_in_mid_file_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeline goes to a device that takes no byte."""
    real = run_folder.write_timeline
    monkeypatch.setattr(
        run_folder, "write_timeline", lambda path, answers: real(Path("/dev/full"), answers)
    )
    with pytest.raises(ExportError):
        run_folder.write_run(
            tmp_path / "out", scenario=run.scenario, answers=run.answers, summary=run.summary
        )
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_folder_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = api.run("alpha", draws=2, set=SMALL)
    assert done.folder is None
    assert list(tmp_path.iterdir()) == []
