"""Is the city self-sustaining? A vector of seven measures, and one test: all rows at once.

Neglected: how hard the last imported part is to make. A mass closure above 95 % without chips is
not independence, so no single number is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.city.labour import skill_cover
from moonbase.city.population import CityRun
from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError

Mask = np.ndarray[Any, np.dtype[np.bool_]]
ROWS = (
    "import",
    "mass_closure",
    "labour",
    "vitamin_reserve",
    "stop_time",
    "growth_without_imports",
    "skill_cover",
)
"""Rows of the vector, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfSufficiency:
    """Vector of self-sufficiency, each in the broadcast shape.

    ``import_kg_yr`` is per person (NaN where nobody is); ``reserve_yr`` years of stock of each
    imported class, infinite where it is not used; ``vitamin_reserve_yr`` their least among what
    the city cannot make; ``stop_time_yr`` the least of all stocks once imports end;
    ``passed`` says which row meets its target, ``self_sustaining`` whether all do.
    """

    import_kg_yr: Array
    mass_closure_frac: Array
    labour_ratio: Array
    reserve_yr: Mapping[str, Array]
    vitamin_reserve_yr: Array
    stop_time_yr: Array
    growth_without_imports_1_yr: Array
    skill_cover_frac: Array
    passed: Mapping[str, Mask]
    self_sustaining: Mask


def self_sufficiency(
    *,
    n_crew: Real,
    import_kg_yr: Real,
    consumption_kg_yr: Real,
    new_capital_kg_yr: Real,
    labour_needed_h_yr: Real,
    labour_available_h_yr: Real,
    stock_kg: Mapping[str, Real],
    import_use_kg_yr: Mapping[str, Real],
    growth_without_imports_1_yr: Real,
    skill_cover_frac: Real,
    horizon_yr: Real,
    closure_target_frac: Real = 0.95,
    import_target_kg_yr: Real | None = None,
    local_use_kg_yr: Mapping[str, Real] | None = None,
) -> SelfSufficiency:
    """Seven measures of self-sufficiency and the test that all hold for a horizon.

    Parameters
    ----------
    n_crew : float or array
        People.
    import_kg_yr : float or array
        All that lands from Earth, kg/yr.
    consumption_kg_yr, new_capital_kg_yr : float or array
        Gross use of matter, and capital put up, kg/yr.
    labour_needed_h_yr, labour_available_h_yr : float or array
        Hours that people must do and can do, h/yr.
    stock_kg : mapping of str to float or array
        Stock of each class, kg.
    import_use_kg_yr : mapping of str to float or array
        Use of each imported class, kg/yr: what imports replace.
    growth_without_imports_1_yr : float or array
        Growth of the city were nothing landed, 1/yr.
    skill_cover_frac : float or array
        Share of critical trades with enough holders.
    horizon_yr : float or array
        Time for which the city shall stand alone, yr; > 0.
    closure_target_frac : float or array
        Mass closure that counts as enough: a choice of the asker.
    import_target_kg_yr : float or array, optional
        Import per person and year that counts as none; by default stock of imported classes over
        horizon and people.
    local_use_kg_yr : mapping of str to float or array, optional
        Net draw on classes that the city makes itself, kg/yr; counts in the stop time alone.

    Returns
    -------
    SelfSufficiency

    Raises
    ------
    DomainError
        No horizon, an imported class without a stock, or anything negative.

    Notes
    -----
    Import per person; ``1 - imports / (consumption + new capital)``; needed over available;
    stock over use by class; least of them; growth; trades. Published anchor for labour: 110 people
    (Salotti 2020, for Mars).

    Examples
    --------
    >>> city = self_sufficiency(
    ...     n_crew=100.0,
    ...     import_kg_yr=3000.0,
    ...     consumption_kg_yr=1.0e6,
    ...     new_capital_kg_yr=1.0e5,
    ...     labour_needed_h_yr=1.8e5,
    ...     labour_available_h_yr=2.0e5,
    ...     stock_kg={"vitamins": 4000.0, "nitrogen": 12000.0},
    ...     import_use_kg_yr={"vitamins": 2000.0, "nitrogen": 1000.0},
    ...     growth_without_imports_1_yr=0.0,
    ...     skill_cover_frac=1.0,
    ...     horizon_yr=3.0,
    ... )
    >>> [row for row, good in city.passed.items() if not good], float(city.stop_time_yr)
    (['vitamin_reserve', 'stop_time'], 2.0)
    """
    people = np.asarray(n_crew, dtype=np.float64)
    horizon = np.asarray(horizon_yr, dtype=np.float64)
    local = local_use_kg_yr or {}
    _check(horizon, stock_kg, {**import_use_kg_yr, **local}, import_kg_yr, people)
    reserve = {n: _per(stock_kg[n], use, np.inf) for n, use in import_use_kg_yr.items()}
    others = [_per(stock_kg[n], use, np.inf) for n, use in local.items()]
    inf: Array = np.asarray(np.inf)
    vitamin = _least([inf, *reserve.values()])
    stop = _least([vitamin, *others])
    per_person = _per(import_kg_yr, people, np.nan)
    spread = sum(np.asarray(stock_kg[n]) for n in import_use_kg_yr) / horizon
    allowed = import_target_kg_yr
    if allowed is None:
        allowed = _per(spread, people, 0.0)
    turnover = np.asarray(consumption_kg_yr, dtype=np.float64) + new_capital_kg_yr
    closure = 1.0 - _per(import_kg_yr, turnover, np.nan)
    available = np.asarray(labour_available_h_yr, dtype=np.float64)
    needed = np.asarray(labour_needed_h_yr, dtype=np.float64)
    ratio = _per(needed, available, np.where(needed > 0.0, np.inf, 0.0))
    growth = np.asarray(growth_without_imports_1_yr, dtype=np.float64)
    skills = np.asarray(skill_cover_frac, dtype=np.float64)
    checks = (
        per_person <= allowed,
        closure >= closure_target_frac,
        ratio <= 1.0,
        vitamin >= horizon,
        stop >= horizon,
        growth >= 0.0,
        skills >= 1.0,
    )
    passed = {name: np.asarray(good) for name, good in zip(ROWS, checks, strict=True)}
    return SelfSufficiency(
        import_kg_yr=np.asarray(per_person),
        mass_closure_frac=np.asarray(closure),
        labour_ratio=ratio,
        reserve_yr=reserve,
        vitamin_reserve_yr=vitamin,
        stop_time_yr=stop,
        growth_without_imports_1_yr=growth,
        skill_cover_frac=skills,
        passed=passed,
        self_sustaining=np.asarray(np.logical_and.reduce(np.broadcast_arrays(*passed.values()))),
    )


def sufficiency_over_time(
    *,
    run: CityRun,
    horizon_yr: Real,
    closure_target_frac: Real = 0.95,
    skills: Mapping[str, Any] | None = None,
) -> SelfSufficiency:
    """Vector of self-sufficiency of a simulated city at every step.

    Parameters
    ----------
    run : CityRun
    horizon_yr : float or array
        Time for which the city shall stand alone, yr.
    closure_target_frac : float or array
        Mass closure that counts as enough.
    skills : mapping, optional
        Further arguments of `skill_cover`.

    Returns
    -------
    SelfSufficiency
        Every array ``(step, draw)``.

    Notes
    -----
    Growth without imports is the lesser of births less deaths and of own beds less wear.

    Examples
    --------
    >>> from moonbase.city.population import simulate_city
    >>> run = simulate_city(
    ...     policy="fixed_crew",
    ...     horizon_yr=3.0,
    ...     n_crew_target=20.0,
    ...     n_seats_yr=24.0,
    ...     cargo_kg_yr=200e3,
    ...     local_kg_day={"oxygen": 50.0, "water": 50.0},
    ... )
    >>> city = sufficiency_over_time(run=run, horizon_yr=5.0)
    >>> bool(city.self_sustaining[-1]), round(float(city.skill_cover_frac[-1]), 2)
    (False, 0.75)
    """
    made = ("oxygen", "water")
    imported = [name for name in run.stock_kg if name not in made]
    natural = _per(run.births_1_yr - run.deaths_1_yr, run.n_crew, 0.0)
    return self_sufficiency(
        n_crew=run.n_crew,
        import_kg_yr=np.asarray(sum(run.landed_kg_yr.values())),
        consumption_kg_yr=run.gross_kg_yr,
        new_capital_kg_yr=run.new_beds_kg_yr + run.landed_kg_yr["greenhouses"],
        labour_needed_h_yr=run.labour_needed_h_yr,
        labour_available_h_yr=run.labour_available_h_yr,
        stock_kg=run.stock_kg,
        import_use_kg_yr={n: np.maximum(run.use_kg_yr[n], 0.0) for n in imported},
        local_use_kg_yr={n: np.maximum(run.use_kg_yr[n] - run.local_kg_yr[n], 0.0) for n in made},
        growth_without_imports_1_yr=np.minimum(natural, run.bed_growth_1_yr),
        skill_cover_frac=skill_cover(n_crew=run.n_crew, **(skills or {})),
        horizon_yr=horizon_yr,
        closure_target_frac=closure_target_frac,
    )


def _per(amount: Real, base: Real, otherwise: Real) -> Array:
    """Amount over a base, or another value where the base is zero."""
    whole = np.asarray(base, dtype=np.float64)
    with np.errstate(over="ignore"):
        ratio = amount / np.where(whole > 0.0, whole, 1.0)
    return np.asarray(np.where(whole > 0.0, ratio, otherwise))


def _least(values: list[Array]) -> Array:
    return np.asarray(np.minimum.reduce(np.broadcast_arrays(*values)))


def _check(
    horizon: Array,
    stock_kg: Mapping[str, Real],
    use_kg_yr: Mapping[str, Real],
    import_kg_yr: Real,
    people: Array,
) -> None:
    if not np.all(horizon > 0.0):
        raise DomainError("must be > 0", path="horizon_yr", hint="for how long, in years?")
    for name, use in use_kg_yr.items():
        if name not in stock_kg:
            raise DomainError(f"no stock of {name}", path="stock_kg", hint="give it, 0 if none")
        if np.any(np.asarray(use) < 0.0) or np.any(np.asarray(stock_kg[name]) < 0.0):
            raise DomainError("stock and use must be >= 0", path=name)
    if np.any(np.asarray(import_kg_yr) < 0.0) or np.any(people < 0.0):
        raise DomainError("imports and people must be >= 0", path="import_kg_yr")
