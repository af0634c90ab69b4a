"""One step of a city: who is wanted, what ships bring, who comes, what is used, what wears out.

The engine of `simulate_city`; its arguments and its neglects are stated there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.city.crew import CrewFlows, crew_day
from moonbase.city.labour import labour_balance
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s

DAYS_PER_YEAR = JULIAN_YEAR_s / 86_400.0
MATTER = ("oxygen", "water", "food", "nitrogen", "vitamins", "goods", "spares")
"""Stocks of a city; without one of the first three people are lost."""
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Counts = np.ndarray[Any, np.dtype[np.intp]]
_VITAL = MATTER[:3]
_TO_COME = MATTER[:5]
"""Stocks that a newcomer must find."""
_LOCAL = ("oxygen", "water")
_LASTS = 1.0 - 1e-12
"""Share of a step's need from which on a stock counts as enough: rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a policy sees at the start of a step, by draw."""

    n_crew: Array
    n_fed: Array
    n_crew_target: Array
    labour_ratio: Array


Policy = Callable[[View], Array]


def _robots_only(view: View) -> Array:
    return np.zeros_like(view.n_crew)


def _fixed_crew(view: View) -> Array:
    return view.n_crew_target


def _labour_short(view: View) -> Array:
    wanted = np.where(view.labour_ratio > 1.0, view.n_crew_target, view.n_crew)
    return np.minimum(wanted, view.n_crew_target)


def _food_ready(view: View) -> Array:
    return np.minimum(view.n_fed, view.n_crew_target)


POLICIES: Mapping[str, Policy] = {
    "robots_only": _robots_only,
    "fixed_crew": _fixed_crew,
    "grow_when_labour_short": _labour_short,
    "grow_when_food_ready": _food_ready,
}
"""Name -> people wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Arguments of a run, broadcast over draws."""

    policy: Policy
    technologies: tuple[str, ...]
    crew: Mapping[str, Any]
    labour: Mapping[str, Any]
    step_yr: float
    first_crew_yr: Array
    n_crew_target: Array
    n_fed_target: Array
    n_robots: Array
    n_seats_yr: Array
    cargo_kg_yr: Array
    stop_yr: Array
    resume_yr: Array
    bed_kg: Array
    fed_kg: Array
    n_beds_local_yr: Array
    spares_kg_yr: Array
    tour_yr: Array
    life_yr: Array
    birth_1_yr: Array
    death_1_yr: Array
    reserve_day: Array
    admit_day: Array
    local_kg_day: Mapping[str, Array]


@dataclass(slots=True)
class State:
    """What a step changes, by draw."""

    n_crew: Array
    n_beds: Array
    n_fed: Array
    stock_kg: dict[str, Array]
    short: Counts


def step_city(plan: Plan, state: State, now_yr: float) -> dict[str, Any]:
    """Advance a city by one step and return its flows as yearly rates.

    Parameters
    ----------
    plan : Plan
    state : State
        Changed in place.
    now_yr : float
        Start of the step, yr.

    Returns
    -------
    dict
        Fields of `CityRun` for this step; mappings for stocks and flows of matter.

    Notes
    -----
    The order is that of `simulate_city`.

    Examples
    --------
    It is run by `simulate_city`:

    >>> step_city.__name__
    'step_city'
    """
    dt = plan.step_yr
    ships = (now_yr < plan.stop_yr) | (now_yr >= plan.resume_yr)
    peopled = now_yr >= plan.first_crew_yr - 1e-9
    before = labour_balance(n_crew=state.n_crew, n_robots=plan.n_robots, **plan.labour)
    view = View(
        n_crew=state.n_crew,
        n_fed=state.n_fed,
        n_crew_target=plan.n_crew_target,
        labour_ratio=before.labour_ratio,
    )
    wish = plan.policy(view)
    wanted = np.where(peopled, wish, 0.0)
    flows = _needs(plan, np.maximum(state.n_crew, wish), state.n_fed)
    landed = _land(plan, state, ships, wish, flows)
    moves = _move(plan, state, ships, wanted, wish, flows)
    local, use, gross_kg, lost = _live(plan, state)
    state.n_crew = state.n_crew - lost
    worn = state.n_beds * dt / plan.life_yr * _spares_short(plan, state, use)
    room = np.maximum(wish - state.n_beds + worn, 0.0)
    built = np.minimum(plan.n_beds_local_yr * dt, room)
    state.n_beds = np.maximum(state.n_beds + built - worn, 0.0)
    after = labour_balance(n_crew=state.n_crew, n_robots=plan.n_robots, **plan.labour)
    return {
        **{name: count / dt for name, count in moves.items()},
        "n_crew": state.n_crew,
        "n_beds": state.n_beds,
        "n_fed": state.n_fed,
        "lost_1_yr": lost / dt,
        "stock_kg": dict(state.stock_kg),
        "use_kg_yr": {name: kg / dt for name, kg in use.items()},
        "landed_kg_yr": {name: kg / dt for name, kg in landed.items()},
        "local_kg_yr": {name: kg / dt for name, kg in local.items()},
        "gross_kg_yr": gross_kg / dt,
        "new_beds_kg_yr": landed["beds"] / dt + built / dt * plan.bed_kg,
        "bed_growth_1_yr": _bed_growth(plan, state),
        "labour_needed_h_yr": after.needed_h_yr,
        "labour_available_h_yr": after.available_h_yr,
        "labour_ratio": after.labour_ratio,
    }


def _needs(plan: Plan, people: Array, fed: Array) -> dict[str, Array]:
    """Net use of matter by so many people in a day, kg; what is below zero is a surplus."""
    day = _day(plan, people, fed)
    return {**{name: day.makeup_kg[name] for name in MATTER[:6]}, "spares": _spares(plan, people)}


def _day(plan: Plan, people: Array, fed: Array) -> CrewFlows:
    share = _part(fed, people)
    return crew_day(
        n_crew=people, technologies=plan.technologies, food_local_frac=share, **plan.crew
    )


def _spares(plan: Plan, beds: Array) -> Array:
    return beds * plan.spares_kg_yr / DAYS_PER_YEAR


def _land(
    plan: Plan, state: State, ships: Mask, wanted: Array, flows: Mapping[str, Array]
) -> dict[str, Array]:
    """Cargo of the step: stocks up to the reserve first, then beds, then greenhouses."""
    room = np.where(ships, plan.cargo_kg_yr * plan.step_yr, 0.0)
    days = plan.reserve_day + plan.step_yr * DAYS_PER_YEAR
    local_day = {name: plan.local_kg_day.get(name, 0.0) for name in MATTER}
    short = {
        name: np.maximum(np.maximum(flows[name] - local_day[name], 0.0) * days - held, 0.0)
        for name, held in state.stock_kg.items()
    }
    asked = np.asarray(sum(short.values()))
    share = _part(room, asked)
    landed = {name: kg * share for name, kg in short.items()}
    for name, kg in landed.items():
        state.stock_kg[name] = state.stock_kg[name] + kg
    room = np.maximum(room - sum(landed.values()), 0.0)
    landed["beds"] = np.minimum(room, np.maximum(wanted - state.n_beds, 0.0) * plan.bed_kg)
    state.n_beds = state.n_beds + landed["beds"] / plan.bed_kg
    room = room - landed["beds"]
    growing = np.maximum(plan.n_fed_target - state.n_fed, 0.0) * plan.fed_kg
    landed["greenhouses"] = np.minimum(room, growing)
    state.n_fed = state.n_fed + landed["greenhouses"] / plan.fed_kg
    return landed


def _move(
    plan: Plan,
    state: State,
    ships: Mask,
    wanted: Array,
    wish: Array,
    flows: Mapping[str, Array],
) -> dict[str, Array]:
    """Departures, births and deaths, then arrivals within seats, beds and reserves."""
    dt = plan.step_yr
    leaving = np.where(ships, state.n_crew * np.minimum(1.0, dt / plan.tour_yr), 0.0)
    leaving = np.where(
        ships, np.maximum(leaving, np.minimum(state.n_crew - wanted, plan.n_seats_yr * dt)), 0.0
    )
    born = np.minimum(
        state.n_crew * plan.birth_1_yr * dt, np.maximum(state.n_beds - state.n_crew, 0.0)
    )
    died = (state.n_crew - leaving) * np.minimum(1.0, plan.death_1_yr * dt)
    stay = state.n_crew - leaving - died + born
    people = np.maximum(state.n_crew, wish)
    kept = [
        _part(
            state.stock_kg[name],
            np.maximum(flows[name] - plan.local_kg_day.get(name, 0.0), 0.0) * plan.admit_day,
        )
        for name in _TO_COME
    ]
    limit = np.minimum(np.minimum(wanted, state.n_beds), people * np.min(kept, axis=0))
    seats = np.where(ships, plan.n_seats_yr * dt, 0.0)
    coming = np.clip(limit - stay, 0.0, seats)
    state.n_crew = stay + coming
    return {
        "arrivals_1_yr": coming,
        "departures_1_yr": leaving,
        "births_1_yr": born,
        "deaths_1_yr": died,
    }


def _live(plan: Plan, state: State) -> tuple[dict[str, Array], dict[str, Array], Array, Array]:
    """Use of the step: local supply, what leaves the stocks, gross use, people lost."""
    days = plan.step_yr * DAYS_PER_YEAR
    day = _day(plan, state.n_crew, state.n_fed)
    needs = {name: day.makeup_kg[name] * days for name in MATTER[:6]}
    needs["spares"] = _spares(plan, state.n_beds) * days
    local: dict[str, Array] = {}
    tank_day = np.maximum(plan.reserve_day, days)
    for name in _LOCAL:
        most = plan.local_kg_day.get(name, np.zeros_like(state.n_crew)) * days
        full = np.maximum(needs[name], 0.0) * (1.0 + tank_day / days)
        local[name] = np.clip(full - state.stock_kg[name], 0.0, most)
        state.stock_kg[name] = state.stock_kg[name] + local[name]
    parts = np.stack([_part(state.stock_kg[name], needs[name]) for name in MATTER])
    state.short = _first_short(state.short, parts)
    lasts = np.min(parts[: len(_VITAL)], axis=0)
    lasts = np.where(lasts >= _LASTS, 1.0, lasts)
    use = {}
    for name, need in needs.items():
        vital = name in _VITAL
        use[name] = np.minimum(need * lasts if vital else need, state.stock_kg[name])
        state.stock_kg[name] = state.stock_kg[name] - use[name]
    gross_kg = sum(day.use_kg[name] for name in ("oxygen", "water", "food_wet", "nitrogen"))
    gross_kg = (gross_kg + day.makeup_kg["vitamins"] + day.makeup_kg["goods"]) * days * lasts
    return local, use, np.asarray(gross_kg + use["spares"]), state.n_crew * (1.0 - lasts)


def _part(stock_kg: Array, need_kg: Array) -> Array:
    """Share of a need that a stock covers, 1 where nothing is needed."""
    scarce = stock_kg < need_kg
    return np.where(scarce, stock_kg / np.where(scarce, need_kg, 1.0), 1.0)


def _first_short(short: Counts, parts: Array) -> Counts:
    """First stock to fail, where one that people die of goes before the others."""
    n_vital = len(_VITAL)
    least = np.argmin(parts, axis=0)
    found = np.where(np.min(parts, axis=0) < _LASTS, least, -1)
    vital = np.argmin(parts[:n_vital], axis=0)
    found = np.where(np.min(parts[:n_vital], axis=0) < _LASTS, vital, found)
    worse = (found >= 0) & (found < n_vital) & (short >= n_vital)
    return np.where((short < 0) | worse, found, short)


def _spares_short(plan: Plan, state: State, use: Mapping[str, Array]) -> Array:
    return 1.0 - _part(use["spares"], state.n_beds * plan.spares_kg_yr * plan.step_yr)


def _bed_growth(plan: Plan, state: State) -> Array:
    """Growth of beds if nothing were landed: own building less wear without spares, 1/yr."""
    with np.errstate(over="ignore"):
        own = plan.n_beds_local_yr / np.where(state.n_beds > 0.0, state.n_beds, 1.0)
    return np.where(state.n_beds > 0.0, own - 1.0 / plan.life_yr, 0.0)
