"""The run folder: written under a temporary name beside its place and renamed when whole."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import Any

from moonbase import __version__
from moonbase.answers import Answers
from moonbase.core.errors import ExportError
from moonbase.export.tables import write_tables
from moonbase.export.timeline import write_timeline
from moonbase.report.html import render_report
from moonbase.scenario import Scenario, write_resolved


def check_free(folder: Path) -> Path:
    """Refuse a folder that exists or whose parent cannot be written.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Path
        The folder, absolute.

    Raises
    ------
    ExportError
    """
    folder = folder.expanduser().absolute()
    if folder.exists():
        raise ExportError(
            "already exists", path=str(folder), hint="choose another --out, or remove it first"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    if not os.access(folder.parent, os.W_OK):
        raise ExportError(
            "its parent folder cannot be written", path=str(folder), hint="choose another --out"
        )
    return folder


def _unwritable(folder: Path, exc: OSError) -> ExportError:
    reason = (exc.strerror or str(exc)).lower()
    return ExportError(
        f"cannot be written: {reason}",
        path=str(folder),
        hint="free some space or choose another --out; nothing was left behind",
    )


def write_run(
    folder: Path, *, scenario: Scenario, answers: Answers, summary: dict[str, Any]
) -> None:
    """Write a run folder; it appears whole or not at all.

    Parameters
    ----------
    folder : Path
        Must not exist.
    scenario : Scenario
    answers : Answers
    summary : dict

    Raises
    ------
    ExportError
        The disk is full, the folder cannot be written, or it has appeared meanwhile.
    """
    try:
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    try:
        _fill(work, scenario, answers, summary)
        work.chmod(0o755)
        work.rename(folder)
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fill(work: Path, scenario: Scenario, answers: Answers, summary: dict[str, Any]) -> None:
    resolved = write_resolved(scenario)
    (work / "scenario.resolved.toml").write_text(resolved, encoding="utf-8")
    write_timeline(work / "timeline.nc", answers)
    write_tables(work, answers)
    entries = [scenario.sources[row["key"]].bibtex for row in summary["citations"]]
    (work / "citations.bib").write_text("\n\n".join(entries) + "\n", encoding="utf-8")
    (work / "report.html").write_text(render_report(summary), encoding="utf-8")
    (work / "summary.json").write_text(json.dumps(summary, allow_nan=False), encoding="utf-8")
    manifest = {
        "schema_version": summary["schema_version"],
        "moonbase_version": __version__,
        "python": platform.python_version(),
        "scenario": scenario.name,
        "lineage": list(scenario.lineage),
        "draws": summary["draws"],
        "seed": summary["seed"],
        "created_utc": summary["created_utc"],
        "scenario_sha256": hashlib.sha256(resolved.encode()).hexdigest(),
        "timings_s": summary["timings"],
        "files": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(work.iterdir())
        },
    }
    (work / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
