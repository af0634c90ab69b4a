"""The page on the mass driver: its snippets run, its commands parse, its markers have makers."""

from __future__ import annotations

import doctest
import re
import shlex
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest

from moonbase.cli.main import main
from moonbase.validate import read_rows

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "driver.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hook() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    yield import_module("gen_driver")
    sys.path.remove(str(DOCS))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_snippets_run_in_the_order_of_the_page() -> None:
    text = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(text, {}, "driver.md", "driver.md", 0)
    assert len(test.examples) >= 12
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert result.failed == 0, "".join(told)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_parse(line: str) -> None:
    program, group, name, *arguments = shlex.split(line)
    assert (program, group) == ("moonbase", "driver")
    driver = main.commands["driver"]
    assert isinstance(driver, click.Group)
    driver.commands[name].make_context(name, arguments)


def test_every_command_of_the_driver_is_shown() -> None:
    driver = main.commands["driver"]
    assert isinstance(driver, click.Group)
    assert {line.split()[2] for line in COMMANDS} == set(driver.commands)


def test_markers_and_makers_match(hook: ModuleType) -> None:
    assert set(hook.BLOCK.findall(PAGE)) == set(hook.BLOCKS)
    assert set(hook.NUMBER.findall(PAGE)) == set(hook.NUMBERS)


def test_losses_are_the_heat_of_a_launch(hook: ModuleType) -> None:
    story = hook.Story()
    heat = float(story.size["heat_per_launch_J"][0])
    assert sum(story.losses_J.values()) == pytest.approx(heat, rel=1e-9)


def test_kinds_of_sources(hook: ModuleType) -> None:
    assert hook.kind_of("derived: closed form") == "derived"
    assert hook.kind_of("published: tests of a public code") == "another code"
    assert hook.kind_of("X (2015), finite-element result, via a public code") == "finite elements"
    assert hook.kind_of("NASA SP-428 (1979), via secondary source; derived") == "published"


def test_cases_shown_exist(hook: ModuleType) -> None:
    known = {row.id for area in hook.AREAS for row in read_rows(area)}
    assert {name for name, _ in hook._SHOWN} <= known
