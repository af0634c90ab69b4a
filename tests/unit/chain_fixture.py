"""The chain of one small scenario, stage by stage, for tests of the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from moonbase import api
from moonbase.campaign import CampaignResult, Setup, run_months
from moonbase.campaign.build import setup_of
from moonbase.design import Design
from moonbase.ensemble import Inputs, sample
from moonbase.scenario import Scenario


@dataclass(frozen=True, repr=False)
class Chain:
    scenario: Scenario
    inputs: Inputs
    design: Design
    setup: Setup
    result: CampaignResult

    def __repr__(self) -> str:
        return f"<{self.scenario.name}, {self.scenario.options}>"


@lru_cache(maxsize=32)
def _chain(name: str, n_draws: int, overrides: tuple[tuple[str, Any], ...]) -> Chain:
    scenario = api.load(name, set={"options.draws": n_draws, **dict(overrides)})
    inputs = sample(scenario.records, n_draws=n_draws, seed=scenario.options.seed)
    design, setup = setup_of(scenario, inputs)
    return Chain(scenario, inputs, design, setup, run_months(setup))


def chain(name: str = "alpha", *, n_draws: int = 12, **overrides: Any) -> Chain:
    """Run the chain to the campaign; ``options__end_year=2050`` stands for ``options.end_year``."""
    renamed = {key.replace("__", "."): value for key, value in overrides.items()}
    renamed.setdefault("options.end_year", 2055)
    return _chain(name, n_draws, tuple(sorted(renamed.items())))
