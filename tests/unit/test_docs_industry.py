"""The page on the lunar industry: its examples run, its commands parse, its recipe is read."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from moonbase.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "industry.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


def test_examples_run() -> None:
    text = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(text, {}, "industry.md", "industry.md", 0)
    assert len(test.examples) >= 6
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert result.failed == 0, "".join(told)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_parse(line: str) -> None:
    program, group, name, *arguments = shlex.split(line)
    assert (program, group) == ("moonbase", "industry")
    industry = main.commands["industry"]
    assert isinstance(industry, click.Group)
    industry.commands[name].make_context(name, arguments)


def test_every_command_is_shown() -> None:
    industry = main.commands["industry"]
    assert isinstance(industry, click.Group)
    assert {line.split()[2] for line in COMMANDS} == set(industry.commands)


def test_the_own_recipe_is_read_and_refused_as_told(tmp_path: Path) -> None:
    (scenario,) = blocks("toml")
    refusal = next(text for text in blocks("text") if "die_casting" in text)
    path = tmp_path / "casting.toml"
    path.write_text(scenario, encoding="utf-8")
    done = CliRunner().invoke(main, ["industry", "recipes", str(path), "--match", "al_parts"])
    assert done.exit_code == 0 and done.stdout.lstrip().count("die_casting\t") == 1
    energy = re.search(r"electricity_kWh = \{.*\}", scenario)
    assert energy is not None
    path.write_text(scenario.replace(energy.group(), "electricity_kWh = 0.1"), encoding="utf-8")
    done = CliRunner().invoke(main, ["industry", "recipes", str(path)])
    assert (done.exit_code, done.stderr.strip()) == (3, refusal.strip())
