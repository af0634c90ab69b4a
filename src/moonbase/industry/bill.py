"""Bill of capital: the least plant, arrays and robots that deliver a stream of goods for ever.

Replacement of all that capital is in the bill; growth is too if a rate is given. The processes
that run are a linear programme's choice; draws in which the table's own choice stays best are
solved by one inverse.

Neglected: the way there, stores between processes, indivisible plants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.industry._economy import Economy, add_up, build_economy, spread
from moonbase.industry._lp import OPTIMAL, maximise
from moonbase.industry._ray import CANNOT, HOLDS, Index, inverses, investment
from moonbase.industry.analytic import ground_per_unit
from moonbase.industry.options import Options, check_names, nominal_options
from moonbase.industry.recipes import Recipes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Capital and yearly flows behind a stream; the last axis is the draw, if any input has one.

    ``status`` is 0, or 2 (``STATUS``) where no capital is enough; the rest is then nan.
    """

    status: npt.NDArray[np.int64]
    capital_kg: Array
    plant_kg: Array
    """By process, (process, draw)."""
    pv_W: Array
    n_robots: Array
    import_kg_yr: Array
    imports_kg_yr: Array
    """By commodity, (commodity, draw)."""
    regolith_kg_yr: Array
    electricity_kWh_yr: Array
    robot_h_yr: Array
    processes: tuple[str, ...]
    commodities: tuple[str, ...]
    activity_1_yr: Array
    """Main output of each process, in its own unit a year, (process, draw)."""


def capital_bill(
    recipes: Recipes,
    *,
    output_1_yr: Mapping[str, Real],
    growth_1_yr: Real = 0.0,
    **options: Unpack[Options],
) -> Bill:
    """Least capital, by mass, that delivers commodities at steady rates and keeps itself.

    Parameters
    ----------
    recipes : Recipes
    output_1_yr : Mapping
        Commodity -> units a year that leave the industry, numbers or (draw,).
    growth_1_yr : Real
        Rate at which the stream and all capital grow; 0 for replacement only.
    **options : Options
        As in ``build_economy``; ``import_cap_ratio`` has no place here.

    Returns
    -------
    Bill
        Capital kg, W and robots; imports, regolith, electricity and robot hours a year.

    Raises
    ------
    DomainError
        An unknown commodity, a number out of range, or a cap on imports.

    Notes
    -----
    Minimise the mass of ``S x`` with ``F x + m - (g + 1/life) S x >= output``.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> found = capital_bill(load_recipes(), output_1_yr={"al_parts": 1000.0})
    >>> round(float(found.capital_kg))
    1101
    """
    if options.get("import_cap_ratio") is not None:
        raise DomainError(
            "a cap on imports per new kilogram belongs to growth",
            path="import_cap_ratio",
            hint="leave it out of a bill of capital",
        )
    check_names(recipes, output_1_yr)
    wanted = list(output_1_yr)
    economy = build_economy(recipes, wanted=wanted, **options)
    nominal = build_economy(recipes, wanted=wanted, **nominal_options(options))
    values = [np.asarray(growth_1_yr, dtype=float)]
    values += [np.asarray(v, dtype=float) for v in output_1_yr.values()]
    if not all(np.isfinite(v).all() for v in values) or any((v < 0.0).any() for v in values[1:]):
        raise DomainError("expects finite outputs of 0 or more a year", path="output_1_yr")
    n = max([economy.n_draws, *(v.size for v in values)])
    if any(v.size not in (1, n) for v in values) or economy.n_draws not in (1, n):
        raise DomainError("the draws of outputs, rate and options do not fit", path="output_1_yr")
    economy = replace(economy, n_draws=n)
    rate, *amounts = (np.resize(v, economy.n_draws) for v in values)
    solved = _solve(
        economy,
        nominal=nominal,
        rate=rate,
        asked=_asked(economy, wanted, amounts),
        first=_asked(nominal, wanted, [np.ones(1)] * len(wanted)),
    )
    scalar = economy.scalar and all(v.ndim == 0 for v in values)
    return _bill(recipes, economy, *solved, pick=0 if scalar else slice(n))


def _asked(economy: Economy, wanted: list[str], amounts: list[Array]) -> Array | None:
    """Rows of what leaves, (row, draw); None if a wanted commodity cannot be had at all."""
    asked = np.zeros((len(economy.rows), len(amounts[0])))
    for name, amount in zip(wanted, amounts, strict=True):
        if name not in economy.rows:
            return None
        asked[economy.rows.index(name)] = amount
    return asked


def _solve(
    economy: Economy,
    *,
    nominal: Economy,
    rate: Array,
    asked: Array | None,
    first: Array | None,
) -> tuple[Array, Index]:
    n = economy.n_draws
    activity, status = np.full((n, len(economy.columns)), np.nan), np.full(n, CANNOT)
    if asked is None or first is None:
        return activity.T, status
    basis = _programme(nominal, np.zeros(1), first)
    if basis is not None:
        activity, held = _try(economy, basis, rate, asked)
        status[held] = 0
    for draw in np.nonzero(status)[0]:
        one = np.array([draw])
        own, row = economy.take(one), asked[:, one]
        activity[draw] = np.nan
        basis = _programme(own, rate[one], row)
        if basis is not None:
            trial, held = _try(own, basis, rate[one], row)
            if held[0]:
                activity[draw], status[draw] = trial[0], 0
    return activity.T, status


def _matrix(economy: Economy, rate: Array) -> Array:
    """Net output of each column when all its capital grows, (row, column, draw)."""
    asks = investment(economy, rate, np.zeros(1))
    full = np.broadcast_to(economy.flows, (*economy.flows.shape[:2], asks.shape[-1])).copy()
    full[economy.good_rows] -= asks
    return full


def _mass(economy: Economy) -> Array:
    return add_up(economy.good_mass_kg[:, None, None] * economy.stock)


def _programme(economy: Economy, rate: Array, asked: Array) -> tuple[int, ...] | None:
    size = np.abs(asked).max() or 1.0
    n_columns = len(economy.columns)
    upper = np.where(economy.fixed, asked[:, 0] / size, np.inf)
    found = maximise(
        gain=-_mass(economy)[:, 0],
        matrix=_matrix(economy, rate)[..., 0],
        lower=asked[:, 0] / size,
        upper=upper,
        lowest=np.zeros(n_columns),
        highest=np.where(economy.allowed[:, 0], np.inf, 0.0),
    )
    return tuple(int(j) for j in found.basis) if found.status == OPTIMAL else None


@np.errstate(all="ignore")
def _try(
    economy: Economy, basis: tuple[int, ...], rate: Array, asked: Array
) -> tuple[Array, npt.NDArray[np.bool_]]:
    n, n_columns = economy.n_draws, len(economy.columns)
    real = [j for j in basis if j < n_columns]
    slack = [j - n_columns for j in basis if j >= n_columns]
    matrix = np.ascontiguousarray(np.moveaxis(_matrix(economy, rate), -1, 0))
    mass = np.ascontiguousarray(_mass(economy).T)
    surplus = np.zeros((len(matrix), len(economy.rows), len(slack)))
    surplus[:, slack, np.arange(len(slack))] = -1.0
    inverse = inverses(np.concatenate([matrix.take(real, axis=2), surplus], axis=2))
    full = np.matmul(inverse, np.ascontiguousarray(asked.T)[:, :, None])[..., 0]
    price = np.matmul(mass.take(real, axis=1)[:, None], inverse[:, : len(real)])[:, 0]
    loss = mass - np.matmul(price[:, None], matrix)[:, 0]
    cost = mass + np.matmul(np.abs(price)[:, None], np.abs(matrix))[:, 0]
    activity = np.zeros((n, n_columns))
    activity[:, real] = full[:, : len(real)]
    allowed = np.broadcast_to(np.moveaxis(economy.allowed, -1, 0), activity.shape)
    sold = [i for i in range(len(economy.rows)) if i not in slack and not economy.fixed[i]]
    equal = [len(real) + i for i, row in enumerate(slack) if economy.fixed[row]]
    least = HOLDS * np.abs(full).max(axis=1, keepdims=True)
    held = np.isfinite(full).all(axis=1) & (full >= -least).all(axis=1)
    held &= (full[:, equal] <= least).all(axis=1) & ~(~allowed & (activity > least)).any(axis=1)
    idle = [j for j in range(n_columns) if j not in real]
    held &= (np.where(allowed, loss, 0.0) >= -HOLDS * cost)[:, idle].all(axis=1)
    held &= (price[:, sold] >= -HOLDS * np.abs(price).max(axis=1, keepdims=True)).all(axis=1)
    return activity, held


def _bill(
    recipes: Recipes, economy: Economy, activity: Array, status: Index, *, pick: int | slice
) -> Bill:
    n_local = len(economy.processes)
    x, landed = activity[:n_local], activity[n_local:]
    mass = np.array([economy.unit_mass_kg[economy.rows.index(c)] for c in economy.imports])
    landed_kg = landed * mass[:, None]
    held = add_up(economy.stock * activity, axis=1)
    done = held * economy.service_per_year
    role = {good: i for i, good in enumerate(economy.goods)}

    def of(array: Array, good: str) -> Array:
        return np.asarray(array[role[good]] if good in role else 0.0 * array[0])

    plant = economy.stock[role["machine"]][:n_local] * x if "machine" in role else 0.0 * x
    names, commodities = tuple(recipes.processes), tuple(recipes.commodities)

    def last(array: Array) -> Array:
        return np.asarray(array[..., pick])

    return Bill(
        status=np.asarray(status[pick]),
        capital_kg=last(add_up(economy.good_mass_kg[:, None] * held)),
        plant_kg=last(spread(names, economy.processes, plant, 0.0)),
        pv_W=last(of(held, "pv_kw") * 1e3),
        n_robots=last(of(held, "robot")),
        import_kg_yr=last(add_up(landed_kg)),
        imports_kg_yr=last(spread(commodities, economy.imports, landed_kg, 0.0)),
        regolith_kg_yr=last(add_up(ground_per_unit(recipes, economy.processes)[:, None] * x)),
        electricity_kWh_yr=last(of(done, "pv_kw")),
        robot_h_yr=last(of(done, "robot")),
        processes=names,
        commodities=commodities,
        activity_1_yr=last(spread(names, economy.processes, x, 0.0)),
    )
