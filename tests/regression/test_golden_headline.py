"""The headline of every shipped scenario, as it was.

``pytest tests/regression --update-golden`` writes it anew; say in the changelog, under "Changes to
numbers", what moved and why.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from moonbase import api

GOLDEN = Path(__file__).parent / "golden_headline.json"
SCENARIOS = ("alpha", "skeptic", "earth-launch", "mars-first")
DRAWS, SEED = 256, 2026
REL = 1e-6


def rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.9g}")


def headline(scenario: str) -> dict[str, dict[str, float | None]]:
    run = api.run(scenario, draws=DRAWS, seed=SEED)
    return {
        name: {key: rounded(value) for key, value in row.items()}
        for name, row in run.headline.items()
    }


def stored() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_headline_is_what_it_was(scenario: str, pytestconfig: pytest.Config) -> None:
    found = headline(scenario)
    if pytestconfig.getoption("--update-golden"):
        golden = {**stored(), scenario: found}
        text = json.dumps({name: golden[name] for name in SCENARIOS if name in golden}, indent=1)
        GOLDEN.write_text(text + "\n", encoding="utf-8")
        pytest.skip(f"wrote the headline of {scenario}")
    expected = stored()[scenario]
    assert set(found) == set(expected)
    moved = [
        f"{name}.{key}: {expected[name][key]} -> {value}"
        for name, row in found.items()
        for key, value in row.items()
        if not _close(value, expected[name][key])
    ]
    assert moved == []


def _close(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=REL)
