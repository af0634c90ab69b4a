"""People over the years: a robotic phase, then arrivals by a named policy, within beds and stocks.

Fixed step, stocks of matter per city, vectorised over draws. Neglected: ages and schooling, whole
ships and whole people (both are continuous), seasons, the ships' own limits (arguments), housing
standards, how robots multiply, carbon dioxide that plants of a full diet may lack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.city.food import Food, plan_food
from moonbase.city.people import metabolism
from moonbase.city.settle import MATTER, POLICIES, Plan, State, step_city
from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.core.tables import pick, read_table, values

STATUS = {
    0: "no stock ran out",
    1: "ran short of nitrogen, medicine, goods or spares: keep a longer reserve",
    2: "people lost or sent home for want of oxygen, water or food: keep a longer reserve",
}
"""Status per draw, with advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRun:
    """A city over time; every array is ``(step, draw)`` at the end of its step.

    Flows are yearly rates over the step. ``landed_kg_yr`` counts stocks, beds and greenhouses that
    came by ship; ``local_kg_yr`` oxygen and water from lunar plant; ``use_kg_yr`` what left the
    stocks; ``gross_kg_yr`` what people used, loops included; ``lost_1_yr`` people who died or were
    sent home for want of oxygen, water or food. By draw: ``status`` of `STATUS`, and ``short``, the
    index in `MATTER` of the first stock that did not last a step, one that people die of before
    the others (-1: none).
    """

    year: Array
    n_crew: Array
    n_beds: Array
    n_fed: Array
    n_robots: Array
    arrivals_1_yr: Array
    departures_1_yr: Array
    births_1_yr: Array
    deaths_1_yr: Array
    lost_1_yr: Array
    stock_kg: Mapping[str, Array]
    use_kg_yr: Mapping[str, Array]
    landed_kg_yr: Mapping[str, Array]
    local_kg_yr: Mapping[str, Array]
    gross_kg_yr: Array
    new_beds_kg_yr: Array
    bed_growth_1_yr: Array
    labour_needed_h_yr: Array
    labour_available_h_yr: Array
    labour_ratio: Array
    status: np.ndarray[Any, np.dtype[np.intp]]
    short: np.ndarray[Any, np.dtype[np.intp]]


def simulate_city(
    *,
    policy: str,
    horizon_yr: float,
    n_crew_target: Real,
    n_seats_yr: Real,
    cargo_kg_yr: Real,
    n_crew_0: Real = 0.0,
    n_beds_0: Real = 0.0,
    n_fed_0: Real = 0.0,
    n_fed_target: Real | None = None,
    stocks_kg: Mapping[str, Real] | None = None,
    n_robots: Real = 0.0,
    first_crew_yr: Real = 0.0,
    stop_yr: Real = np.inf,
    resume_yr: Real = np.inf,
    technologies: Sequence[str] = ("water_system",),
    local_kg_day: Mapping[str, Real] | None = None,
    bed_kg: Real | None = None,
    fed_kg: Real | None = None,
    n_beds_local_yr: Real = 0.0,
    spares_kg_yr: Real | None = None,
    tour_yr: Real | None = None,
    life_yr: Real | None = None,
    birth_1_yr: Real = 0.0,
    death_1_yr: Real = 0.0,
    reserve_day: Real | None = None,
    admit_day: Real | None = None,
    step_yr: float = 1.0 / 12.0,
    crew: Mapping[str, Any] | None = None,
    labour: Mapping[str, Any] | None = None,
) -> CityRun:
    """People, beds, greenhouses, stocks and labour of a city over years.

    What is None is read from the shipped tables.

    Parameters
    ----------
    policy : str
        One of `POLICIES`: who is wanted.
    horizon_yr, step_yr : float
        Length of the run and of a step, yr.
    n_crew_target : float or array
        People that the policy aims at, or stops at.
    n_seats_yr, cargo_kg_yr : float or array
        Seats (1/yr) and cargo for the city (kg/yr) that ships land while they come.
    n_crew_0, n_beds_0, n_fed_0 : float or array
        People, beds and people that greenhouses feed at the start.
    n_fed_target : float or array, optional
        People that greenhouses shall feed; all by default, 0 to ship all food.
    stocks_kg : mapping of str to float or array, optional
        Stocks at the start, kg, of `MATTER`; 0 where left out.
    n_robots : float or array
        Robots at work in the city.
    first_crew_yr : float or array
        Years in which robots are alone.
    stop_yr, resume_yr : float or array
        Ships do not come from the first to the second, yr.
    technologies : sequence of str
        Loops, as in `crew_day`.
    local_kg_day : mapping of str to float or array, optional
        Oxygen and water that lunar plant can give, kg/day.
    bed_kg, fed_kg : float or array, optional
        Landed mass of a bed, and of the greenhouse that feeds one person, kg.
    n_beds_local_yr : float or array
        Beds that the city can build itself, as far as somebody is wanted for them, 1/yr.
    spares_kg_yr : float or array, optional
        Spares of one bed, kg/yr.
    tour_yr, life_yr : float or array, optional
        Stay of a person (infinite: settlers), and life of a bed without spares, yr.
    birth_1_yr, death_1_yr : float or array
        Births and deaths per person, 1/yr.
    reserve_day, admit_day : float or array, optional
        Stocks that cargo keeps filled, and that a newcomer must find, days.
    crew, labour : mapping, optional
        Further arguments of `crew_day` and `labour_balance`.

    Returns
    -------
    CityRun

    Raises
    ------
    DomainError
        Unknown policy or stock, no step, negative numbers.

    Notes
    -----
    Order of a step: labour, the policy's wish, cargo (stocks first, then beds, then greenhouses),
    departures, births and deaths, arrivals (within seats, beds and reserves), use, wear. Robots
    make ready what the policy wishes before the first crew comes. Where oxygen, water or food do
    not last a step, those without leave by ship or die. Beds without spares wear out.

    Examples
    --------
    >>> run = simulate_city(
    ...     policy="fixed_crew",
    ...     horizon_yr=5.0,
    ...     n_crew_target=20.0,
    ...     n_seats_yr=24.0,
    ...     cargo_kg_yr=200e3,
    ...     local_kg_day={"oxygen": 50.0, "water": 50.0},
    ...     first_crew_yr=1.0,
    ... )
    >>> float(run.n_crew[11]), round(float(run.n_crew[-1]), 1)
    (0.0, 20.0)
    """
    if policy not in POLICIES:
        raise DomainError(f"no policy {policy!r}", path="policy", hint=", ".join(POLICIES))
    if not step_yr > 0.0 or not horizon_yr >= step_yr:
        raise DomainError("needs a step > 0 and a horizon of at least one", path="step_yr")
    survival = read_table(room="city", name="survival")
    given: dict[str, Real] = {
        "first_crew_yr": first_crew_yr,
        "n_crew_target": n_crew_target,
        "n_fed_target": n_crew_target if n_fed_target is None else n_fed_target,
        "n_robots": n_robots,
        "n_seats_yr": n_seats_yr,
        "cargo_kg_yr": cargo_kg_yr,
        "stop_yr": stop_yr,
        "resume_yr": resume_yr,
        "bed_kg": _bed_kg() if bed_kg is None else bed_kg,
        "fed_kg": _fed_kg() if fed_kg is None else fed_kg,
        "n_beds_local_yr": n_beds_local_yr,
        "spares_kg_yr": _bed_spares_kg() if spares_kg_yr is None else spares_kg_yr,
        "tour_yr": pick(tour_yr, survival, "settle", "tour_yr"),
        "life_yr": pick(life_yr, survival, "settle", "life_yr"),
        "birth_1_yr": birth_1_yr,
        "death_1_yr": death_1_yr,
        "reserve_day": pick(reserve_day, survival, "settle", "reserve_day"),
        "admit_day": pick(admit_day, survival, "settle", "admit_day"),
    }
    if policy == "robots_only":
        given["n_fed_target"] = 0.0
    begin = {"n_crew": n_crew_0, "n_beds": n_beds_0, "n_fed": n_fed_0}
    wide = _widen(given, begin, stocks_kg or {}, local_kg_day or {}, crew, labour)
    plan = Plan(
        policy=POLICIES[policy],
        technologies=tuple(technologies),
        crew=crew or {},
        labour=labour or {},
        step_yr=step_yr,
        local_kg_day={name: wide(kg) for name, kg in (local_kg_day or {}).items()},
        **{name: wide(value) for name, value in given.items()},
    )
    state = State(
        **{name: wide(value) for name, value in begin.items()},
        stock_kg={name: wide((stocks_kg or {}).get(name, 0.0)) for name in MATTER},
        short=np.full(wide(0.0).shape, -1, dtype=np.intp),
    )
    n_steps = round(horizon_yr / step_yr)
    rows = [step_city(plan, state, index * step_yr) for index in range(n_steps)]
    return _collect(rows, plan, state)


def _collect(rows: Sequence[Mapping[str, Any]], plan: Plan, state: State) -> CityRun:
    stacked: dict[str, Any] = {}
    for name, first in rows[0].items():
        if isinstance(first, Mapping):
            stacked[name] = {key: np.stack([row[name][key] for row in rows]) for key in first}
        else:
            stacked[name] = np.stack([row[name] for row in rows])
    lost = np.any(stacked["lost_1_yr"] > 0.0, axis=0)
    return CityRun(
        year=np.arange(1.0, len(rows) + 1.0) * plan.step_yr,
        n_robots=np.broadcast_to(plan.n_robots, stacked["n_crew"].shape),
        status=np.where(lost, 2, np.where(state.short >= 0, 1, 0)).astype(np.intp),
        short=state.short,
        **stacked,
    )


def _widen(
    given: Mapping[str, Real],
    begin: Mapping[str, Real],
    stocks_kg: Mapping[str, Real],
    local_kg_day: Mapping[str, Real],
    crew: Mapping[str, Any] | None,
    labour: Mapping[str, Any] | None,
) -> Callable[[Real], Array]:
    """Function that brings a number to the shape of all draws; refuses what is below zero."""
    for label, names in (("stocks_kg", stocks_kg), ("local_kg_day", local_kg_day)):
        allowed = MATTER if label == "stocks_kg" else MATTER[:2]
        for name in names:
            if name not in allowed:
                raise DomainError(f"no stock {name!r}", path=label, hint=", ".join(allowed))
    numbers = {**given, **begin, **stocks_kg, **local_kg_day}
    for name, value in numbers.items():
        if not np.all(np.asarray(value) >= 0.0):
            raise DomainError("must be >= 0", path=name)
    for name in ("bed_kg", "fed_kg", "tour_yr", "life_yr"):
        if not np.all(np.asarray(numbers[name]) > 0.0):
            raise DomainError("must be > 0", path=name)
    extra = [*_reals(crew or {}), *_reals(labour or {})]
    shape = np.broadcast_shapes(*(np.shape(x) for x in (*numbers.values(), *extra)))

    def wide(value: Real) -> Array:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape).copy()

    return wide


def _reals(settings: Mapping[str, Any]) -> Iterator[Real]:
    for value in settings.values():
        if isinstance(value, Mapping):
            yield from _reals(value)
        elif isinstance(value, (int, float, np.ndarray)):
            yield value


def _bed_kg() -> float:
    home = values(read_table(room="city", name="habitat"), "structure")
    air = values(read_table(room="city", name="living"), "air")
    return home["mass_kg_m3"] * air["volume_m3"] + home["equipment_kg"]


def _bed_spares_kg() -> float:
    return _bed_kg() * values(read_table(room="city", name="spares"), "habitat")["pressurised_1_yr"]


def _fed_kg() -> float:
    person = metabolism()
    food = Food(
        mass_kg=person.food_dry_kg,
        basis="dry",
        dry_frac=person.food_dry_kg / person.food_wet_kg,
    )
    return float(plan_food(food=food).equipment_kg)
