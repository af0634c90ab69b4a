"""``moonbase report``, ``moonbase compare`` and ``moonbase validate``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moonbase.cli.output import echo_json, echo_table, read_summary
from moonbase.core.errors import NumericalError

if TYPE_CHECKING:
    from moonbase.validate import Case

_Folder = click.Path(path_type=Path)


@click.command()
@click.argument("run_dir", type=_Folder)
def report(run_dir: Path) -> None:
    """Write the report of a run folder again."""
    summary = read_summary(run_dir)
    from moonbase.report.html import render_report

    path = run_dir / "report.html"
    _write_atomically(path, render_report(summary))
    click.echo(f"Report: {path}")


@click.command()
@click.argument("run_dirs", type=_Folder, nargs=-1, required=True, metavar="RUN_DIR RUN_DIR...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(run_dirs: tuple[Path, ...], as_json: bool) -> None:
    """Compare the headline numbers of two or more run folders."""
    if len(run_dirs) < 2:
        raise click.UsageError("compare needs two or more run folders")
    summaries = [read_summary(folder) for folder in run_dirs]
    from moonbase.report.compare import compare_table, print_compare

    if as_json:
        runs = [_compared(*pair) for pair in zip(run_dirs, summaries, strict=True)]
        echo_json({"runs": runs, "rows": compare_table(summaries)})
        return
    from rich.console import Console

    print_compare(summaries, Console())


@click.command()
@click.option("--area", help="Only the cases of this area, such as driver.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def validate(area: str | None, as_json: bool) -> None:
    """Check the models against published numbers."""
    from moonbase.validate import run_cases

    cases = run_cases(area=area)
    failed = [case for case in cases if not case.passed]
    if as_json:
        echo_json({"cases": [_case(case) for case in cases]})
    else:
        rows = [
            ("FAIL" if case in failed else "pass", case.id, case.what, _worst(case), case.source)
            for case in cases
        ]
        echo_table(("", "case", "what", "difference", "source"), rows)
        click.echo(f"{len(cases) - len(failed)} of {len(cases)} cases pass")
    if failed:
        told = [
            f"{case.id}: {case.error or f'expects {case.expected}, got {case.got}'}"
            for case in failed
        ]
        raise NumericalError("\n  ".join([f"{len(failed)} cases fail", *told]))


def _compared(folder: Path, summary: dict[str, Any]) -> dict[str, Any]:
    kept = ("scenario", "draws", "seed", "status_counts", "headline")
    return {"run_dir": str(folder), **{key: summary[key] for key in kept}}


def _worst(case: Case) -> str:
    return f"{max(case.difference.values()):.2g}" if case.difference else "-"


def _case(case: Case) -> dict[str, Any]:
    fields = ("id", "area", "source", "expected", "got", "tolerance")
    return {**{name: getattr(case, name) for name in fields}, "pass": case.passed}


def _write_atomically(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".report-", suffix=".html")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
