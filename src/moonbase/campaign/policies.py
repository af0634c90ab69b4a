"""What the industry wants each step: named policies behind one interface.

A policy proposes; the month's resources dispose. The rules here know the state of the step alone
and nothing of the future; :mod:`moonbase.campaign.replay` follows a plan instead.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from moonbase.campaign.resources import Month
from moonbase.campaign.setup import IndustryMix, Setup
from moonbase.campaign.state import MACHINE, PV, ROBOT, State, Year
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError

FOLLOW_PLAN = "follow_plan"


class Industry(Protocol):
    """What a policy may see of the industry in a step.

    ``total_kg`` is plant in service, ``short_frac`` how short of its goal capital was when orders
    were last made, ``crew_row`` the row of habitat among the shops.
    """

    setup: Setup
    state: State
    held: Year
    mix: IndustryMix
    resources: Month
    total_kg: Array
    short_frac: Array
    crew_row: int

    def bed_kg(self) -> Array:
        """Habitat plant per person, kg."""

    def driver_ready(self) -> npt.NDArray[np.bool_]:
        """Whether the first line stands."""

    def driver_worn_kg(self) -> Array:
        """Driver mass that wears out in the step, kg."""

    def site_builders(self) -> Array:
        """Robots that the driver's site takes."""


@dataclass(slots=True, kw_only=True)
class Means:
    """Capital of a step as a policy sees it: in service and coming, and what is aimed at.

    ``n_builders`` are robots that the driver's site takes; ``order_frac`` is the most that plant is
    ordered to grow in the step.
    """

    plant_kg: Array
    pv_W: Array
    n_robots: Array
    goal_kg: Array
    mix: IndustryMix
    n_builders: Array
    order_frac: Array


@dataclass(slots=True, kw_only=True)
class Orders:
    """New capital wanted, and the shares of scarce means that satellites and growth may take.

    Of the two classes the one that the scenario serves first keeps to its share. ``short_frac`` is
    how short of its goal capital is.
    """

    machine_kg: Array
    pv_W: Array
    n_robots: Array
    satellite_share_frac: Array
    growth_share_frac: Array
    short_frac: Array

    def bundle(self) -> dict[int, Array]:
        """Units by product."""
        return {MACHINE: self.machine_kg, PV: self.pv_W / 1e3, ROBOT: self.n_robots}


class Policy(ABC):
    """What a step asks for. All arrays are (draw,) unless said otherwise."""

    exact_ray = False
    """Whether growth keeps to the von Neumann ray without slack in small shops."""

    @abstractmethod
    def stock_yr(self, industry: Industry) -> Array:
        """Time that the stocks of spares and of crew supplies shall last, yr."""

    @abstractmethod
    def shop_split(self, step: int, industry: Industry, machine_kg: Array) -> Array:
        """Shares of the shops in machinery that enters service, (shop, draw)."""

    @abstractmethod
    def crew_target(self, step: int, industry: Industry, plant_kg: Array) -> Array:
        """People wanted on the Moon."""

    @abstractmethod
    def replacement(
        self, step: int, industry: Industry, worn: tuple[Array, Array, Array]
    ) -> tuple[Array, Array, Array]:
        """How much of worn plant (kg), arrays (W) and robots to replace in the step."""

    @abstractmethod
    def orders(
        self,
        step: int,
        industry: Industry,
        goal_kg_yr: Array,
        worn: tuple[Array, Array, Array],
    ) -> Orders:
        """New capital wanted in the step."""

    @abstractmethod
    def satellites_kg(
        self, step: int, industry: Industry, room_kg: Array, stock_room_kg: Array
    ) -> Array:
        """Satellites wanted, of what demand takes and of what the driver keeps up with."""

    @abstractmethod
    def driver_kg(
        self, step: int, industry: Industry, goal_kg_yr: Array
    ) -> tuple[Array, Array | float]:
        """Driver mass wanted, and the share of scarce means that it may take."""

    @abstractmethod
    def plant_import_kg(self, step: int, industry: Industry, spare_kg: Array) -> Array:
        """Finished plant to land of the cargo that nothing else asked for."""

    def landed(
        self, step: int, industry: Industry, mass_kg: Array
    ) -> tuple[Array, Array, Array] | None:
        """Plant (shop, draw) in kg, arrays in W and robots that ``mass_kg`` of cargo is.

        None stands for the balanced mix of the step. The cargo was chosen in this step, and enters
        service in the next.
        """
        return None

    def shortfall(self, step: int, industry: Industry) -> dict[str, Array]:
        """Flows of what a plan asked for and the step did not make; rules ask for what they can."""
        return {}


def proportional(means: Means) -> tuple[Array, Array, Array]:
    """Plant towards its goal, arrays and robots in the proportions of the mix.

    Parameters
    ----------
    means : Means

    Returns
    -------
    tuple
        Machinery kg, arrays W, robots.
    """
    mix, plant = means.mix, means.plant_kg
    machine = np.clip(means.goal_kg - plant, 0.0, means.order_frac * plant)
    pv_goal = mix.pv_W_kg * (plant + machine)
    robot_goal = mix.n_robots_per_kg * (plant + machine) + means.n_builders
    return (
        machine,
        np.maximum(pv_goal - means.pv_W, 0.0),
        np.maximum(robot_goal - means.n_robots, 0.0),
    )


def scarcest_first(means: Means) -> tuple[Array, Array, Array]:
    """Whatever is furthest from what the goal asks for, up to the level of the next.

    Parameters
    ----------
    means : Means

    Returns
    -------
    tuple
        Machinery kg, arrays W, robots.
    """
    goals = np.stack(
        [
            means.goal_kg,
            means.mix.pv_W_kg * means.goal_kg,
            means.mix.n_robots_per_kg * means.goal_kg + means.n_builders,
        ]
    )
    have = np.stack([means.plant_kg, means.pv_W, means.n_robots])
    level = np.where(goals > 0.0, have / np.where(goals > 0.0, goals, 1.0), np.inf)
    aim = np.minimum(level.min(axis=0) * (1.0 + means.order_frac), 1.0)
    machine, pv, robots = np.maximum(aim * goals - have, 0.0)
    return machine, pv, robots


@dataclass(frozen=True, slots=True)
class Rule(Policy):
    """A policy that looks at the step alone.

    ``growth_frac`` gives the share of scarce means that growth may take, from the rules and how
    short of its goal capital is (0 to 1).
    """

    about: str
    growth_frac: Callable[[Industry, Array], Array]
    order: Callable[[Means], tuple[Array, Array, Array]] = proportional
    exact_ray: bool = False
    survive: bool = False

    def stock_yr(self, industry: Industry) -> Array:
        """See ``Policy``."""
        rules = industry.setup.rules
        return rules.survive_stock_yr if self.survive else rules.stock_yr

    def shop_split(self, step: int, industry: Industry, machine_kg: Array) -> Array:
        """Plant goes where the mix aimed at is short of it; beds follow the crew wanted."""
        state, share = industry.state, industry.mix.plant_frac
        total = state.plant_kg.sum(axis=0)
        wanted = share * (total + machine_kg)
        crew = self.crew_target(step, industry, total)
        margin = industry.setup.rules.crew_margin_ratio
        wanted[industry.crew_row] = margin * industry.bed_kg() * crew
        deficit = np.maximum(wanted - state.plant_kg, 0.0) + 1e-12 * share
        return np.asarray(deficit / (deficit.sum(axis=0) + 1e-300))

    def crew_target(self, step: int, industry: Industry, plant_kg: Array) -> Array:
        """As many as the plant needs beyond remote labour, no faster than the town can grow."""
        setup, rules = industry.setup, industry.setup.rules
        needed = (1.0 - setup.remote_labour_frac) * setup.crew_need_h_kg_yr * plant_kg
        needed = rules.crew_margin_ratio * needed / setup.crew_hours_h_yr
        grown = industry.state.n_crew * (1.0 + rules.crew_growth_1_yr / setup.n_steps_yr)
        return np.minimum(needed, np.maximum(rules.n_first_party, grown))

    def replacement(
        self, step: int, industry: Industry, worn: tuple[Array, Array, Array]
    ) -> tuple[Array, Array, Array]:
        """Plant in full; arrays and robots unless there are more than the plant can use."""
        state, mix, rules = industry.state, industry.mix, industry.setup.rules
        most = rules.surplus_ratio * industry.total_kg
        pv = np.clip(mix.pv_W_kg * most - state.pv_W + worn[1], 0.0, worn[1])
        wanted = mix.n_robots_per_kg * most + industry.site_builders()
        return worn[0], pv, np.clip(wanted - state.n_robots + worn[2], 0.0, worn[2])

    def orders(
        self,
        step: int,
        industry: Industry,
        goal_kg_yr: Array,
        worn: tuple[Array, Array, Array],
    ) -> Orders:
        """Towards the plant that the allowed stream needs, with a margin in hand."""
        setup, state, rules = industry.setup, industry.state, industry.setup.rules
        goal = rules.plant_margin_ratio * goal_kg_yr * industry.held.plant_per_satellite_yr
        building = ~industry.driver_ready()
        to_start = rules.plant_margin_ratio * rules.driver_start_ratio * setup.driver_line_kg
        goal = np.where(building, np.maximum(goal, to_start * (goal > 0.0)), goal)
        coming = np.maximum(state.coming, 0.0)
        total, mix = industry.total_kg, industry.mix
        means = Means(
            plant_kg=total + coming[0],
            pv_W=state.pv_W + coming[1],
            n_robots=state.n_robots + coming[2],
            goal_kg=goal,
            mix=mix,
            n_builders=industry.site_builders(),
            order_frac=rules.order_growth_1_yr / setup.n_steps_yr,
        )
        machine, pv, robots = self.order(means)
        plant = means.plant_kg + machine
        short = np.zeros_like(goal)
        for wanted, have in (
            (goal, total),
            (mix.pv_W_kg * plant, state.pv_W),
            (mix.n_robots_per_kg * plant + means.n_builders, state.n_robots),
        ):
            short = np.maximum(short, (wanted - have) / (rules.throttle_frac * wanted + 1e-9))
        short = np.clip(short, 0.0, 1.0)
        grow = np.asarray(self.growth_frac(industry, short) * (total > 0.0))
        return Orders(
            machine_kg=machine,
            pv_W=pv,
            n_robots=robots,
            satellite_share_frac=1.0 - grow,
            growth_share_frac=grow,
            short_frac=short,
        )

    def satellites_kg(
        self, step: int, industry: Industry, room_kg: Array, stock_room_kg: Array
    ) -> Array:
        """As many as demand takes and the driver keeps up with, once there is one."""
        return np.minimum(room_kg, stock_room_kg) * industry.driver_ready()

    def driver_kg(
        self, step: int, industry: Industry, goal_kg_yr: Array
    ) -> tuple[Array, Array | float]:
        """Lines for the stream that plant and imports allow, begun when plant is large enough."""
        setup, state, rules = industry.setup, industry.state, industry.setup.rules
        able = industry.total_kg / np.maximum(industry.held.plant_per_satellite_yr, 1e-9)
        stream = rules.driver_margin_ratio * np.minimum(goal_kg_yr, able)
        stream = stream / setup.driver_availability_frac
        lines = np.maximum(stream / setup.driver_line_capacity_kg_yr, 1.0)
        goal = setup.driver_line_kg * lines * rules.driver_reserve_ratio
        started = industry.total_kg >= rules.driver_start_ratio * setup.driver_line_kg
        started |= state.driver_kg > 0.0
        missing = np.maximum(goal - state.driver_kg, 0.0)
        pace = goal / (setup.n_steps_yr * rules.driver_build_yr)
        wanted = (np.minimum(missing, pace) + industry.driver_worn_kg()) * started
        return wanted, rules.driver_share_frac

    def plant_import_kg(self, step: int, industry: Industry, spare_kg: Array) -> Array:
        """A share of spare cargo while plant is short and the seed has landed."""
        short = (industry.short_frac > 0.0) & (industry.state.seed_left_kg <= 0.0)
        return spare_kg * industry.setup.rules.plant_import_frac * short


def _reinvested(industry: Industry, short: Array) -> Array:
    return np.asarray(industry.setup.rules.reinvest_frac * short)


def _not_exported(industry: Industry, short: Array) -> Array:
    return np.asarray((1.0 - industry.setup.rules.export_frac) * (short > 0.0))


def _everything(industry: Industry, short: Array) -> Array:
    return short


POLICIES: Mapping[str, Rule] = {
    "grow_then_export": Rule(
        "grow while plant is short of its goal, then make satellites", _reinvested
    ),
    "export_share": Rule(
        "make satellites with a constant share of the scarcest means from the start",
        _not_exported,
    ),
    "balanced": Rule(
        "reinvest everything along the von Neumann ray until the goal stands",
        _everything,
        exact_ray=True,
    ),
    "bottleneck_first": Rule(
        "as grow_then_export, but order only what is furthest from the goal",
        _reinvested,
        order=scarcest_first,
    ),
    "survive_first": Rule(
        "as grow_then_export, but hold large stocks of spares and supplies before growing",
        _reinvested,
        survive=True,
    ),
}
"""Rules by name. ``follow_plan`` stands beside them and needs a plan."""


def find_rule(name: str) -> Rule:
    """Rule of a name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Rule

    Raises
    ------
    DomainError
        There is no such rule; the hint lists those that there are.

    Examples
    --------
    >>> find_rule("balanced").exact_ray
    True
    """
    if name not in POLICIES:
        known = ", ".join((*POLICIES, FOLLOW_PLAN))
        raise DomainError(f"unknown policy {name!r}", path="policy", hint=f"one of {known}")
    return POLICIES[name]
