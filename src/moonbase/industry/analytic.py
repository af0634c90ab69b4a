"""Growth of an industry from its recipe table: rate, prices, and what each row is worth.

Build lags come in two forms. ``ordered_ahead``: worn plant is ordered in time and only growth
waits, ``g exp(g tau) = gamma``. ``waits``: all new capital waits, ``(g + 1/life) exp(g tau)`` of
each stock a year. A shrinking industry waits for nothing.

Neglected: learning, indivisible plants, night storage, working stocks, the way from a seed to the
ray's proportions, transport.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.industry._economy import IMPORT_CAP, Economy, add_up, build_economy, spread
from moonbase.industry._ray import SHRINKS, Ray, investment, solve_ray
from moonbase.industry.growth import lagged_growth
from moonbase.industry.options import RAW, Options, ground_commodities, nominal_options
from moonbase.industry.recipes import Recipes

REPLACEMENT = ("ordered_ahead", "waits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Balanced growth and what it rests on; the last axis is the draw, if any input has one.

    Figures per new kilogram divide by the gross output of capital goods (growth and replacement).
    ``status`` codes are in ``STATUS``; where it is above 1 the rate is -inf (cannot), inf
    (unbounded) or nan, and the rest is nan.
    """

    status: npt.NDArray[np.int64]
    gamma_1_yr: Array
    """Net investment over capital, before any lag."""
    growth_1_yr: Array
    doubling_yr: Array
    """Infinite where the industry does not grow."""
    import_ratio: Array
    """Kilograms landed per new kilogram."""
    energy_kWh_kg: Array
    heat_kWh_kg: Array
    regolith_ratio: Array
    robot_h_kg: Array
    power_W_kg: Array
    """Watts of surface array per kilogram of all capital."""
    capital_frac: Array
    """Mass of each capital good over that of all, (good, draw)."""
    new_frac: Array
    """Mass of each capital good over that of all new capital, (good, draw)."""
    new_1_yr: Array
    """Kilograms of new capital a year per kilogram of capital."""
    leverage_ratio: Array
    """New capital per kilogram landed: what a kilogram is worth where landings bind."""
    goods: tuple[str, ...]
    processes: tuple[str, ...]
    commodities: tuple[str, ...]
    activity_1_yr: Array
    """Main output a year of each process per kilogram of capital, in its own unit."""
    active: npt.NDArray[np.bool_]
    capital_kg: Array
    """Plant in each process per kilogram of all capital."""
    imports_ratio: Array
    """Kilograms of each commodity landed per new kilogram, (commodity, draw)."""
    price_kg: Array
    """Von Neumann price: kilograms of the ray's capital that one more unit is worth."""
    loss_kg: Array
    """What a unit of each process loses at those prices: 0 if active, nan if it serves nothing."""
    energy_price_kg: Array
    """Kilograms of capital that a further kilowatt-hour is worth."""
    robot_price_kg: Array
    """Kilograms of capital that a further robot hour is worth."""
    cap_price_kg: Array
    """Kilograms of capital that a kilogram more under the cap on imports is worth."""
    capital_elasticity_nd: Array
    """d ln g / d ln of each process's plant mass, (process, draw)."""
    energy_elasticity_nd: Array
    labour_elasticity_nd: Array
    life_elasticity_nd: Array
    """d ln g / d ln of the plant life of each process."""
    good_life_elasticity_nd: Array
    """d ln g / d ln of the life of each capital good, for arrays and robots."""
    lag_elasticity_nd: Array
    n_programmes: int
    """Draws that needed a linear programme of their own."""


def growth(
    recipes: Recipes,
    *,
    build_lag_s: Real = 0.0,
    replacement: str = "ordered_ahead",
    **options: Unpack[Options],
) -> Growth:
    """Largest rate at which the industry of a recipe table can grow from its own output.

    Parameters
    ----------
    recipes : Recipes
        Several processes may make one commodity and one process several; surplus is discarded.
    build_lag_s : Real
        Time from a finished machine to a machine in service, s, a number or (draw,).
    replacement : str
        ``ordered_ahead`` or ``waits``; see the module.
    **options : Options
        What differs from the table and what may be landed, as in ``build_economy``; numbers, or
        arrays over the draws.

    Returns
    -------
    Growth
        Rates 1/yr, doubling time yr, shares per new kilogram, activities, prices, elasticities.

    Raises
    ------
    DomainError
        An unknown option value or name, a number out of range, arrays that do not fit.

    Notes
    -----
    Largest gamma with ``F x + m >= (gamma + 1/life) S x``, x and m not negative, F the flows and S
    the capital held per activity (von Neumann 1945). Prices y solve the dual, scaled to
    ``y S x = 1`` for a kilogram of capital; elasticities are theirs by the envelope theorem, so
    they hold for small changes. Valid while capital can be split finely: hundreds of tonnes.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> found = growth(load_recipes())
    >>> round(float(found.import_ratio), 3), round(float(found.energy_kWh_kg), 1)
    (0.057, 47.5)
    """
    if replacement not in REPLACEMENT:
        raise DomainError(
            f"no such law: {replacement!r}",
            path="replacement",
            hint=f"one of {', '.join(REPLACEMENT)}",
        )
    lag_yr = np.asarray(build_lag_s, dtype=float) / JULIAN_YEAR_s
    if lag_yr.ndim > 1 or not (np.isfinite(lag_yr) & (lag_yr >= 0.0)).all():
        raise DomainError("expects times of 0 s or more, one or one per draw", path="build_lag_s")
    economy = build_economy(recipes, **options)
    n = max(economy.n_draws, lag_yr.size)
    if lag_yr.size not in (1, n) or economy.n_draws not in (1, n):
        raise DomainError(
            f"{lag_yr.size} lags for {economy.n_draws} draws",
            path="build_lag_s",
            hint="give one lag, or one per draw",
        )
    economy = replace(economy, n_draws=n)
    lag_yr = np.broadcast_to(lag_yr if lag_yr.size == n else lag_yr.reshape(()), (n,))
    lag_yr = np.resize(lag_yr, economy.n_draws)
    wait_yr = lag_yr if replacement == "waits" else np.zeros_like(lag_yr)
    nominal = build_economy(recipes, **nominal_options(options))
    ray = solve_ray(economy, nominal=nominal, wait_yr=wait_yr)
    found = _report(recipes, economy, ray, lag_yr=lag_yr, wait_yr=wait_yr)
    scalar = economy.scalar and np.ndim(build_lag_s) == 0
    found = {
        key: (value[..., 0] if scalar else value[..., :n])
        if isinstance(value, np.ndarray)
        else value
        for key, value in found.items()
    }
    return Growth(**found)


@np.errstate(all="ignore")  # draws without an answer are nan or inf throughout
def _report(
    recipes: Recipes, economy: Economy, ray: Ray, *, lag_yr: Array, wait_yr: Array
) -> dict[str, Any]:
    waits = wait_yr > 0.0
    rate = ray.rate_1_yr
    fine = np.isfinite(rate)
    ahead = np.full_like(rate, np.nan)
    ahead[fine] = lagged_growth(gamma_1_yr=rate[fine], build_lag_yr=lag_yr[fine])
    speed = np.where(fine & ~waits, ahead, rate)
    names, commodities = tuple(recipes.processes), tuple(recipes.commodities)
    n_local = len(economy.processes)
    x, landed = ray.activity[:n_local], ray.activity[n_local:]
    rows = {row: i for i, row in enumerate(economy.rows)}
    mass = economy.unit_mass_kg
    held = add_up(economy.stock * ray.activity, axis=1)
    made = add_up(economy.flows[economy.good_rows] * ray.activity, axis=1)
    new_kg = add_up(economy.good_mass_kg[:, None] * made)
    landed_kg = landed * np.array([[mass[rows[name]]] for name in economy.imports]).reshape(-1, 1)
    landed_all = add_up(landed_kg)
    role = {good: i for i, good in enumerate(economy.goods)}
    done = held * economy.service_per_year
    dug = ground_per_unit(recipes, economy.processes)
    zero = np.zeros_like(rate)

    def of(array: Array, good: str) -> Array:
        return array[role[good]] if good in role else zero

    leverage = np.where(landed_all > 0.0, new_kg / landed_all, np.inf)
    doubling = np.where(speed > 0.0, np.log(2.0) / np.where(speed > 0.0, speed, 1.0), np.inf)
    usable = ray.status <= SHRINKS
    plant = economy.stock[role["machine"]][:n_local] * x if "machine" in role else 0.0 * x
    return {
        "status": ray.status,
        "gamma_1_yr": np.where(waits, _gamma(speed, lag_yr), rate),
        "growth_1_yr": speed,
        "doubling_yr": np.where(np.isnan(speed), np.nan, doubling),
        "import_ratio": landed_all / new_kg,
        "energy_kWh_kg": of(done, "pv_kw") / new_kg,
        "heat_kWh_kg": _heat(recipes, economy, x) / new_kg,
        "regolith_ratio": add_up(dug[:, None] * x) / new_kg,
        "robot_h_kg": of(done, "robot") / new_kg,
        "power_W_kg": of(held, "pv_kw") * 1e3,
        "capital_frac": held * economy.good_mass_kg[:, None],
        "new_frac": economy.good_mass_kg[:, None] * made / new_kg,
        "new_1_yr": new_kg,
        "leverage_ratio": np.where(usable, leverage, np.nan),
        "goods": economy.goods,
        "processes": names,
        "commodities": commodities,
        "activity_1_yr": spread(names, economy.processes, x, 0.0),
        "active": spread(names, economy.processes, x, 0.0) > 1e-9,
        "capital_kg": spread(names, economy.processes, plant, 0.0),
        "imports_ratio": spread(commodities, economy.imports, landed_kg / new_kg, 0.0),
        "loss_kg": spread(names, economy.processes, ray.loss[:n_local], np.nan),
        "n_programmes": ray.n_programmes,
        **_worth(recipes, economy, ray, speed=speed, lag_yr=lag_yr, wait_yr=wait_yr),
    }


def _gamma(speed: Array, lag_yr: Array) -> Array:
    return np.where(
        np.isfinite(speed), speed * np.exp(np.where(speed > 0.0, speed * lag_yr, 0.0)), speed
    )


def _heat(recipes: Recipes, economy: Economy, x: Array) -> Array:
    heat = np.array([recipes.processes[name].heat_kWh for name in economy.processes])
    return add_up(heat[:, None] * x)


def ground_per_unit(recipes: Recipes, processes: tuple[str, ...]) -> Array:
    """Kilograms out of the ground per unit of each process: dug, or taken where it lies."""
    ground = ground_commodities(recipes)
    per_unit = []
    for name in processes:
        flows = recipes.processes[name].flows
        dug = -sum(a for c, a in flows.items() if c in ground)
        dug += sum(a for c, a in flows.items() if a > 0.0 and recipes.commodities[c].group == RAW)
        per_unit.append(dug)
    return np.array(per_unit)


def _worth(
    recipes: Recipes,
    economy: Economy,
    ray: Ray,
    *,
    speed: Array,
    lag_yr: Array,
    wait_yr: Array,
) -> dict[str, Array]:
    """Prices, and what a small change of each number does to the growth rate."""
    n_local = len(economy.processes)
    names, rate = tuple(recipes.processes), ray.rate_1_yr
    wait = np.where(rate > 0.0, wait_yr, 0.0)
    asks = investment(economy, rate, wait_yr)
    rents = add_up(ray.price[:, None] * economy.invested)[:, None]
    value = rents * asks * ray.activity
    wearing = rents * economy.stock * economy.wear_1_yr * ray.activity
    wearing = wearing * np.exp(rate * wait)
    spent = add_up(add_up(value))
    # y S x = 1, so a year of growth is worth this much where the lag stretches investment
    steep = np.exp(rate * wait) + wait * spent
    lag = np.where((rate > 0.0) & (wait_yr == 0.0), lag_yr, 0.0)
    steep = steep * np.exp(speed * lag) * (1.0 + speed * lag)
    scale = 1.0 / (steep * speed)
    waited = -wait * spent / steep
    ahead = -speed * lag / (1.0 + speed * lag)
    role = {good: i for i, good in enumerate(economy.goods)}

    def by_process(array: Array, good: str) -> Array:
        if good not in role:
            return np.zeros((len(names), len(rate)))
        return spread(names, economy.processes, (array[role[good]] * scale)[:n_local], 0.0)

    def rent(good: str) -> Array:
        """Price of a unit of what a capital good does in a year."""
        if good not in role:
            return np.zeros_like(rate)
        k = role[good]
        held = add_up(economy.stock[k] * ray.activity)
        return np.asarray(add_up(value[k]) / (held * economy.service_per_year[k]))

    plain = [i for i, row in enumerate(economy.rows) if row in recipes.commodities]
    cap = economy.rows.index(IMPORT_CAP) if IMPORT_CAP in economy.rows else None
    good_life = np.where(
        np.array([[good == "machine"] for good in economy.goods]),
        np.nan,
        add_up(wearing, axis=1) * scale,
    )
    return {
        "price_kg": spread(
            tuple(recipes.commodities),
            tuple(economy.rows[i] for i in plain),
            ray.price[plain] + 0.0,
            0.0,
        ),
        "energy_price_kg": rent("pv_kw"),
        "robot_price_kg": rent("robot"),
        "cap_price_kg": np.zeros_like(rate) if cap is None else ray.price[cap],
        "capital_elasticity_nd": by_process(-value, "machine"),
        "energy_elasticity_nd": by_process(-value, "pv_kw"),
        "labour_elasticity_nd": by_process(-value, "robot"),
        "life_elasticity_nd": by_process(wearing, "machine"),
        "good_life_elasticity_nd": good_life,
        "lag_elasticity_nd": waited + ahead,
    }
