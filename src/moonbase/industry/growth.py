"""Growth and steady state of an industry that makes its own capital (von Neumann ray).

Balanced growth at rate g with build lag tau needs, for every unit of capital in service, gross
investment ``gamma + 1/life`` with ``gamma = g exp(g tau)`` when replacement is ordered ahead and
only growth waits. The largest gamma for which machines, surface power and robots can be made by
themselves is the root of a spectral radius of one; it is found per draw.

Neglected: learning, indivisible plants, night storage, stocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.industry.requirements import PRODUCTS, Requirements

_HOPELESS = 1e9
"""New capital per unit of output where no finite capital keeps itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Capital in balance. Plant rows are the shops of Requirements, then electrolysis."""

    plant_kg: Array
    pv_W: Array
    n_robots: Array
    machine_kg_yr: Array
    pv_W_yr: Array
    n_robots_1_yr: Array
    import_kg_yr: Array
    regolith_kg_yr: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedGrowth:
    """Balanced growth per draw; ``growth_1_yr`` < 0 where plant cannot replace itself."""

    gamma_1_yr: Array
    growth_1_yr: Array
    doubling_yr: Array
    import_ratio: Array
    energy_kWh_kg: Array
    regolith_ratio: Array
    stock: Stock


@dataclass(frozen=True, slots=True)
class _Tables:
    """Requirements folded to (joint mode, product, draw): mass, mass/life, power, robots."""

    mass: Array
    wear: Array
    pv: Array
    robots: Array
    pv_life_yr: Real
    robot_life_yr: Real


def _fold(
    needs: Requirements,
    *,
    pv_yield_kWh_W: Real,
    robot_hours_h_yr: Real,
    pv_life_yr: Real,
    robot_life_yr: Real,
) -> _Tables:
    life = np.array(needs.shop_life_yr)
    plain = needs.capital_kg_yr
    wear = (plain / life[:-1, None, None]).sum(axis=0)
    return _Tables(
        mass=plain.sum(axis=0) + needs.joint_capital_kg_yr,
        wear=wear + needs.joint_capital_kg_yr / life[-1],
        pv=needs.electricity_kWh / np.asarray(pv_yield_kWh_W),
        robots=needs.robot_h / np.asarray(robot_hours_h_yr),
        pv_life_yr=pv_life_yr,
        robot_life_yr=robot_life_yr,
    )


def _investment(tables: _Tables, flow: Array, gamma: Array) -> Array:
    """Gross investment (machine kg, pv W, robots per year) that product flows ask for."""
    machine = ((gamma * tables.mass + tables.wear) * flow).sum(axis=1).max(axis=0)
    pv = (tables.pv * flow).sum(axis=1).max(axis=0) * (gamma + 1.0 / tables.pv_life_yr)
    robots = (tables.robots * flow).sum(axis=0) * (gamma + 1.0 / tables.robot_life_yr)
    return np.stack([machine, pv, robots])


def _with_capital(flow: Array, capital: Array) -> Array:
    out = flow.copy()
    out[0], out[1], out[2] = capital[0], capital[1] / 1e3, capital[2]
    return out


def _stock(needs: Requirements, tables: _Tables, flow: Array, capital: Array) -> Stock:
    mode = (needs.joint_activity * flow).sum(axis=1).argmax(axis=0)
    pick = np.arange(flow.shape[-1])
    joint = (needs.joint_capital_kg_yr * flow).sum(axis=1)[mode, pick]
    plain = (needs.capital_kg_yr * flow).sum(axis=1)
    activity = (needs.joint_activity * flow).sum(axis=1)[mode, pick]
    return Stock(
        plant_kg=np.concatenate([plain, joint[None]]),
        pv_W=(tables.pv * flow).sum(axis=1).max(axis=0),
        n_robots=(tables.robots * flow).sum(axis=0),
        machine_kg_yr=capital[0],
        pv_W_yr=capital[1],
        n_robots_1_yr=capital[2],
        import_kg_yr=(needs.import_kg * flow).sum(axis=0),
        regolith_kg_yr=(needs.mine_base_kg * flow).sum(axis=0) + activity * needs.regolith_ratio,
    )


def _spectral(tables: _Tables, gamma: Array, capital: Array) -> tuple[Array, Array]:
    zero = np.zeros((len(PRODUCTS), gamma.shape[-1]))
    radius = np.ones_like(gamma)
    for _ in range(8):
        following = _investment(tables, _with_capital(zero, capital), gamma)
        radius = following[0] / capital[0]
        capital = following / following[0]
    return radius, capital


def balanced_growth(
    *,
    needs: Requirements,
    build_lag_yr: Real,
    pv_yield_kWh_W: Real,
    robot_hours_h_yr: Real,
    pv_life_yr: Real,
    robot_life_yr: Real,
    pv_mass_kg_W: Real,
    robot_mass_kg: Real,
) -> BalancedGrowth:
    """Balanced growth rate of an industry that reinvests everything it makes.

    Parameters
    ----------
    needs : Requirements
    build_lag_yr : Real
        Time from a finished machine to a machine in service, (draw,).
    pv_yield_kWh_W : Real
        Yearly electricity per watt of surface array (sunlit share x net x 8.766).
    robot_hours_h_yr : Real
        Productive hours per robot and year.
    pv_life_yr, robot_life_yr : Real
    pv_mass_kg_W, robot_mass_kg : Real
        Mass of capital goods, for the figures per kg of new capital.

    Returns
    -------
    BalancedGrowth
        Rates 1/yr, doubling time yr (inf where it does not grow), imports, energy (kWh/kg) and
        regolith per kg of new capital, and the balanced stock per 1 kg/yr of machines.

    Notes
    -----
    ``spectral_radius(M(gamma)) = 1`` by secant steps on the radius, which is close to a straight
    line; ``g exp(g tau) = gamma`` by
    Newton steps (von Neumann 1945; dynamic Leontief).

    Examples
    --------
    >>> round(float(lagged_growth(gamma_1_yr=0.8375, build_lag_yr=1.0)), 3)
    0.505
    """
    tables = _fold(
        needs,
        pv_yield_kWh_W=pv_yield_kWh_W,
        robot_hours_h_yr=robot_hours_h_yr,
        pv_life_yr=pv_life_yr,
        robot_life_yr=robot_life_yr,
    )
    n_draws = needs.n_draws
    capital = np.ones((3, n_draws))
    capital[1] *= 30.0
    capital[2] *= 0.01
    low = np.zeros(n_draws)
    radius_low, capital = _spectral(tables, low, capital)
    high = np.full(n_draws, 0.5)
    for _ in range(12):
        radius, capital = _spectral(tables, high, capital)
        slope = np.where(
            high == low, 1.0, (radius - radius_low) / np.where(high == low, 1, high - low)
        )
        step = high - (radius - 1.0) / np.where(slope > 1e-9, slope, 1e-9)
        low, radius_low = high, radius
        high = np.clip(step, -0.5, 50.0)
    rate = lagged_growth(gamma_1_yr=high, build_lag_yr=build_lag_yr)
    flow = _with_capital(np.zeros((len(PRODUCTS), n_draws)), capital)
    stock = _stock(needs, tables, flow, capital)
    new_kg = capital[0] + capital[1] * pv_mass_kg_W + capital[2] * robot_mass_kg
    with np.errstate(divide="ignore"):
        doubling = np.where(rate > 0.0, np.log(2.0) / np.where(rate > 0.0, rate, 1.0), np.inf)
    electricity = (needs.electricity_kWh * flow).sum(axis=1).max(axis=0)
    return BalancedGrowth(
        gamma_1_yr=high,
        growth_1_yr=rate,
        doubling_yr=doubling,
        import_ratio=stock.import_kg_yr / new_kg,
        energy_kWh_kg=electricity / new_kg,
        regolith_ratio=stock.regolith_kg_yr / new_kg,
        stock=stock,
    )


def lagged_growth(*, gamma_1_yr: Real, build_lag_yr: Real) -> Array:
    """Growth rate g with ``g exp(g tau) = gamma``; negative gamma is returned as it is.

    Examples
    --------
    >>> float(lagged_growth(gamma_1_yr=0.5, build_lag_yr=0.0))
    0.5
    """
    gamma = np.asarray(gamma_1_yr, dtype=float)
    lag = np.asarray(build_lag_yr, dtype=float)
    rate = np.maximum(gamma, 0.0) / (1.0 + np.maximum(gamma, 0.0) * lag)
    for _ in range(20):
        power = np.exp(rate * lag)
        rate = rate - (rate * power - gamma) / (power * (1.0 + rate * lag))
        rate = np.maximum(rate, 0.0)
    return np.where(gamma > 0.0, rate, gamma)


def steady_state(
    *,
    needs: Requirements,
    satellite_kg_yr: Real,
    pv_yield_kWh_W: Real,
    robot_hours_h_yr: Real,
    pv_life_yr: Real,
    robot_life_yr: Real,
) -> Stock:
    """Capital that a constant stream of satellites occupies, with its replacement and nothing else.

    Parameters
    ----------
    needs : Requirements
    satellite_kg_yr : Real
    pv_yield_kWh_W, robot_hours_h_yr, pv_life_yr, robot_life_yr : Real
        As in ``balanced_growth``.

    Returns
    -------
    Stock
        Beyond 1e6 kg of plant per kg/yr where the industry cannot replace itself.

    Examples
    --------
    See ``moonbase validate``, case TW1.
    """
    tables = _fold(
        needs,
        pv_yield_kWh_W=pv_yield_kWh_W,
        robot_hours_h_yr=robot_hours_h_yr,
        pv_life_yr=pv_life_yr,
        robot_life_yr=robot_life_yr,
    )
    base = np.zeros((len(PRODUCTS), needs.n_draws))
    base[PRODUCTS.index("satellite")] = satellite_kg_yr
    capital = _replacement(tables, base)
    return _stock(needs, tables, _with_capital(base, capital), capital)


def _replacement(tables: _Tables, base: Array) -> Array:
    """Machines, arrays and robots per year that keep the capital behind ``base`` and their own.

    Linear for a given binding joint product; the binding one is found by repetition, from below.
    """
    capital, draws = np.zeros((3, base.shape[-1])), np.arange(base.shape[-1])
    hopeless = np.zeros(base.shape[-1], dtype=bool)
    for _ in range(6):
        flow = _with_capital(base, capital)
        machine = (tables.wear * flow).sum(axis=1).argmax(axis=0)
        power = (tables.pv * flow).sum(axis=1).argmax(axis=0)
        rows = np.stack(
            [
                tables.wear[machine, :, draws],
                tables.pv[power, :, draws] / np.reshape(tables.pv_life_yr, (-1, 1)),
                tables.robots.T / np.reshape(tables.robot_life_yr, (-1, 1)),
            ],
            axis=1,
        )
        own = rows[..., :3] / np.array([1.0, 1e3, 1.0])
        wanted = (rows * base.T[:, None]).sum(axis=2)
        capital = np.linalg.solve(np.eye(3) - own, wanted[..., None])[..., 0].T
        hopeless |= (capital < 0.0).any(axis=0)
    return np.where(hopeless, _HOPELESS * base.sum(axis=0), capital)


def leontief_growth(*, inputs: Array, capital_yr: Array) -> float:
    """Growth rate of a square dynamic Leontief economy, ``1/lambda_max((I - A)^-1 B)``.

    Parameters
    ----------
    inputs : Array
        A, input of good i per unit of good j, shape (n, n).
    capital_yr : Array
        B, stock of good i per yearly output of good j, shape (n, n), years.

    Returns
    -------
    float
        1/yr.

    Raises
    ------
    DomainError
        A is not productive.

    Examples
    --------
    >>> a = np.array([[0.2, 0.3], [0.4, 0.1]])
    >>> round(leontief_growth(inputs=a, capital_yr=np.diag([1.0, 2.0])), 10)
    0.3239601355
    """
    if np.abs(np.linalg.eigvals(inputs)).max() >= 1.0:
        raise DomainError(
            "the economy uses more than it makes",
            path="inputs",
            hint="lower the input coefficients",
        )
    matrix = np.linalg.solve(np.eye(len(inputs)) - inputs, capital_yr)
    return float(1.0 / np.abs(np.linalg.eigvals(matrix)).max())
