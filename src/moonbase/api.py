"""moonbase from Python: load a scenario, design it, run it, read the answers.

Examples
--------
>>> import moonbase
>>> run = moonbase.run("alpha", draws=2, out=None)
>>> run.headline["driver_length_m"]["p50"] > 1000.0
True
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moonbase import __version__, campaign
from moonbase.answers import Answers, answer, join
from moonbase.campaign import PlanResult, Road, Site, Versus, run_months
from moonbase.campaign.books import keep_books
from moonbase.campaign.build import STATUS, draw_status, setup_of
from moonbase.core.errors import NumericalError
from moonbase.design import Design, design, fly_table
from moonbase.ensemble import Inputs, sample
from moonbase.ensemble.execution import Tick, n_workers, run_blocks
from moonbase.industry import scenario_recipes
from moonbase.scenario import Scenario, load_scenario
from moonbase.summary import summarise

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Progress = Callable[[str, float], None]
LEDGER_DRAWS = 256
"""Draws whose ledger is kept row by row; any other can be run again from its number."""
MIN_BLOCK, MAX_BLOCK = 512, 5000
"""Draws that are worked on at once: enough to amortise Python, few enough for memory."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished run.

    ``summary`` holds everything that the report shows, ``answers`` every draw. ``folder`` is where
    it was written, or None.
    """

    scenario: Scenario
    summary: dict[str, Any]
    answers: Answers
    folder: Path | None

    @property
    def headline(self) -> dict[str, dict[str, float | None]]:
        """Headline answers: name -> p10, p50, p90, share."""
        return dict(self.summary["headline"])

    @cached_property
    def timeline(self) -> xr.Dataset:
        """Yearly series of every draw with CF attributes; dimensions (time, draw)."""
        from moonbase.export.timeline import dataset

        return dataset(self.answers)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Dated ledger: draw, year, account, kind, usd."""
        from moonbase.export.tables import ledger_table

        return ledger_table(self.answers).to_pandas()


def load(scenario: str | Path, *, set: Mapping[str, object] | None = None) -> Scenario:
    """Load and check a scenario.

    Parameters
    ----------
    scenario : str or Path
        Name of a shipped scenario or path of a TOML file.
    set : Mapping, optional
        Overrides, key -> number or quantity, e.g. ``{"driver.payload_kg": "1.5 t"}``.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every fault, its path and its remedy.
    ParameterError, DomainError, PhysicsError
        Its soil or its recipes are wrong, or a recipe breaks physics.

    Examples
    --------
    >>> load("alpha").options.end_year
    2080
    """
    loaded = load_scenario(scenario, set or {})
    scenario_recipes(loaded)
    return loaded


def run(
    scenario: str | Path | Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    set: Mapping[str, object] | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario: design, campaign, money, uncertainty.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a TOML file, or a loaded scenario.
    draws : int, optional
        Number of draws; 1 is the nominal case. The scenario's own by default.
    seed : int, optional
        Seed of the draws. The scenario's own by default.
    set : Mapping, optional
        Overrides, key -> number or quantity.
    out : Path, optional
        Folder to write the run to; it must not exist. Nothing is written without it.
    progress : callable, optional
        Called with the name of the stage and the share done, 0 to 1.

    Returns
    -------
    Run

    Raises
    ------
    ScenarioError, ParameterError, DomainError, PhysicsError
        The scenario, an override or a recipe is wrong.
    ExportError
        The folder exists or cannot be written; nothing half-written is left.
    NumericalError
        No draw gave a usable number.

    Examples
    --------
    >>> run("alpha", draws=1).summary["draws"]
    1
    """
    from moonbase.export.run_folder import check_free, write_run

    started = time.perf_counter()
    options: dict[str, object] = dict(set or {})
    if draws is not None:
        options["options.draws"] = draws
    if seed is not None:
        options["options.seed"] = seed
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, set=options)
    elif options:
        raise TypeError("give overrides when loading the scenario, not with a loaded one")
    folder = check_free(Path(out)) if out is not None else None
    tell = progress or (lambda stage, share: None)
    timings = {"load": time.perf_counter() - started}
    tell("sampling", 0.0)
    mark = time.perf_counter()
    inputs = sample(scenario.records, n_draws=scenario.options.draws, seed=scenario.options.seed)
    timings["sample"] = time.perf_counter() - mark
    fly_table(
        inputs,
        start_year=scenario.options.start_year,
        progress=lambda share: tell("flying the launch table", 0.04 * share),
    )
    answers, read = _blocks(scenario, inputs, tell, timings)
    tell("answers", 0.95)
    mark = time.perf_counter()
    summary = summarise(scenario=scenario, inputs=inputs, read=read, answers=answers)
    timings["summary"] = time.perf_counter() - mark
    summary["timings"] = timings
    if folder is not None:
        tell("writing", 0.97)
        mark = time.perf_counter()
        write_run(folder, scenario=scenario, answers=answers, summary=summary)
        timings["write"] = time.perf_counter() - mark
    tell("done", 1.0)
    return Run(scenario=scenario, summary=summary, answers=answers, folder=folder)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan of a scenario, and its replay where there is one.

    ``summary`` is what command and page show, in JSON types and arrays.
    """

    scenario: Scenario
    result: PlanResult
    against: Versus | None
    summary: dict[str, Any]

    def page(self) -> str:
        """One HTML document with the plan's figures."""
        from moonbase.report.plan_page import plan_page

        return plan_page(self.summary, version=__version__)


def plan(
    scenario: str | Path | Scenario,
    *,
    set: Mapping[str, object] | None = None,
    goal: str = "most_compute",
    step_yr: float = 0.25,
    draw: int = 0,
    night: str = "mean",
    sites: Sequence[Site] | Path | str = (),
    roads: Sequence[Road] = (),
    replay_draws: int = 200,
    progress: Progress | None = None,
    **options: Any,
) -> Planned:
    """Plan a scenario with the future known, and replay the plan in a world where it is not.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a TOML file, or a loaded scenario.
    set : Mapping, optional
        Overrides, key -> number or quantity.
    goal, step_yr, draw, night, roads
        As for :func:`moonbase.campaign.plan`.
    sites : sequence of Site, or Path
        Places; or a TOML file of sites and roads (:func:`moonbase.campaign.read_sites`).
    replay_draws : int
        Draws of the replay; 0 leaves it out.
    progress : callable, optional
        Called with the name of the stage and the share done.
    **options
        ``rate_W_yr``, ``served_W``, ``integers``, ``solver``, ``time_limit_s`` and
        ``discount_rate_frac`` of :func:`moonbase.campaign.plan`.

    Returns
    -------
    Planned

    Raises
    ------
    ScenarioError, DomainError, InfeasibleError, NumericalError
        As :func:`moonbase.campaign.plan`.

    Examples
    --------
    >>> found = plan("alpha", goal="most_launched", step_yr=2.0, replay_draws=0)
    >>> found.summary["solver"]["status"]
    'optimal'
    """
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, set=set)
    elif set:
        raise TypeError("give overrides when loading the scenario, not with a loaded one")
    tell = progress or (lambda stage, share: None)
    if isinstance(sites, str | Path):
        sites, found_roads = campaign.read_sites(sites, scenario=scenario)
        roads = (*found_roads, *roads)
    tell("planning", 0.0)
    result = campaign.plan(
        scenario,
        goal=goal,
        step_yr=step_yr,
        draw=draw,
        night=night,
        sites=sites,
        roads=roads,
        **options,
    )
    tell("replay", 0.7)
    against = None
    if replay_draws:
        against = campaign.versus(scenario, result, draws=replay_draws, draw=draw)
    summary = campaign.plan_summary(
        result,
        scenario=scenario.name,
        title=scenario.title,
        draw=draw,
        night=night,
        against=against,
    )
    tell("done", 1.0)
    return Planned(scenario=scenario, result=result, against=against, summary=summary)


def design_scenario(scenario: Scenario, inputs: Inputs) -> Design:
    """Size every part of a scenario for sampled inputs.

    Examples
    --------
    >>> alpha = load("alpha")
    >>> inputs = sample(alpha.records, n_draws=1, seed=0)
    >>> float(design_scenario(alpha, inputs).driver.size.length_m[0]) > 1000.0
    True
    """
    recipes = scenario_recipes(scenario)
    return design(inputs, start_year=scenario.options.start_year, recipes=recipes)


def run_block(
    scenario: Scenario,
    inputs: Inputs,
    n_ledger: int = LEDGER_DRAWS,
    tick: Tick | None = None,
) -> tuple[Answers, dict[str, float]]:
    """All stages for one block of draws; the first ``n_ledger`` keep their ledger.

    ``tick`` is called after each simulated year. Returns the answers and seconds by stage.
    """
    if inputs.n_draws == 1:
        # numpy adds up a lone column pairwise and several row by row: one draw is worked as two.
        pair = inputs.take([0, 0])
        answers, seconds = run_block(scenario, pair, n_ledger, tick)
        inputs.read |= pair.read
        return answers.take(slice(0, 1)), seconds
    options = scenario.options
    marks = [time.perf_counter()]
    sized, setup = setup_of(scenario, inputs)
    status = draw_status(sized, lunar_industry=options.lunar_industry == "on")
    marks.append(time.perf_counter())
    result = run_months(setup, tick)
    marks.append(time.perf_counter())
    books = keep_books(result=result, setup=setup, design=sized, inputs=inputs)
    answers = answer(
        result=result,
        setup=setup,
        design=sized,
        inputs=inputs,
        books=books,
        status=status,
        n_ledger=n_ledger,
    )
    marks.append(time.perf_counter())
    names = ("design", "campaign", "economics")
    return answers, {n: b - a for n, a, b in zip(names, marks, marks[1:], strict=False)}


def _blocks(
    scenario: Scenario, inputs: Inputs, tell: Progress, timings: dict[str, float]
) -> tuple[Answers, frozenset[str]]:
    """Run all draws in blocks, in worker processes where there is more than one block."""
    size = min(MAX_BLOCK, max(MIN_BLOCK, math.ceil(inputs.n_draws / n_workers())))
    starts = range(0, inputs.n_draws, size)
    options = scenario.options
    outcomes = run_blocks(
        partial(_outcome, scenario),
        [(a, inputs.take(slice(a, a + size))) for a in starts],
        n_steps=options.end_year - options.start_year + 1,
        progress=lambda share: tell("campaign", 0.05 + 0.9 * share),
    )
    for outcome in outcomes:
        for stage, seconds in outcome.seconds.items():
            timings[stage] = timings.get(stage, 0.0) + seconds
    answers = join([outcome.answers for outcome in outcomes])
    if not (answers.status == "ok").any():
        worst = str(answers.status[0])
        raise NumericalError("no draw could be run", path=worst, hint=STATUS[worst])
    return answers, outcomes[0].read


@dataclass(frozen=True, slots=True)
class _Outcome:
    answers: Answers
    seconds: dict[str, float]
    read: frozenset[str]


def _outcome(scenario: Scenario, block: tuple[int, Inputs], tick: Tick) -> _Outcome:
    first, inputs = block
    answers, seconds = run_block(scenario, inputs, max(LEDGER_DRAWS - first, 0), tick)
    return _Outcome(answers, seconds, frozenset(inputs.read))
