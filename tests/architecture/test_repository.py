"""Files stay short, and the text of the repository speaks of the project alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "docs", "benchmarks", ".ci")
TEXT = {".py", ".toml", ".csv", ".bib", ".md", ".yml", ".cff", ".txt", ".json", ".html", ".css", ""}
MAX_LINES = 500

# Character classes keep these patterns from finding themselves.
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/(hom[e]|User[s]|roo[t]|wor[k])/\w",
    "an unfinished marker": r"\b(TOD[O]|FIXM[E]|XX[X])\b",
    "a registry host": r"\b(pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.org|debia[n]\.org)",
    "a word about how the work was done": (
        r"\b(clau[d]e|chatgp[t]|copilo[t]|A[I] assistants?|suba[g]ents?|a[s] an ai)\b"
    ),
}


def repository_files() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        yield from (
            path
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "egg-info" not in str(path)
        )


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_text(what: str) -> None:
    flags = re.IGNORECASE if "word" in what else 0
    hits = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in repository_files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(FORBIDDEN[what], line, flags)
    ]
    assert hits == []


def test_source_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in (ROOT / "src").rglob("*.py")
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}
