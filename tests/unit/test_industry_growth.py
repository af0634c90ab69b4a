"""Growth and steady state: the balances that define them, limits, and draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.industry import (
    PRODUCTS,
    BalancedGrowth,
    Requirements,
    Stock,
    balanced_growth,
    leontief_growth,
    load_recipes,
    product_requirements,
    steady_state,
)
from moonbase.industry.growth import lagged_growth

SITE = {
    "pv_yield_kWh_W": 6.706,
    "robot_hours_h_yr": 6136.0,
    "pv_life_yr": 20.0,
    "robot_life_yr": 5.0,
}
RECIPES = load_recipes()
BILL = {c: -a for c, a in RECIPES.processes["satellite"].flows.items() if a < 0.0}


def needs(capital_ratio: float | Array = 1.0, n_draws: int = 1, **changes: Any) -> Requirements:
    arguments: dict[str, Any] = {
        "electricity_ratio": 1.0,
        "robot_time_ratio": 1.0,
        "pv_mass_ratio": 1.0,
        "local_electronics_frac": 0.0,
        "chipfab_capital_yr": 60.0,
    }
    return product_requirements(
        recipes=RECIPES,
        satellite_bill=BILL,
        driver_bill={},
        capital_ratio=capital_ratio,
        driver_assembly_h_kg=0.0,
        crew_day_bill={},
        crew_day_import_kg=0.0,
        crew_day_kWh=0.0,
        crew_day_capital_kg_yr=0.0,
        n_draws=n_draws,
        **(arguments | changes),
    )


def grow(table: Requirements, lag_yr: float | Array = 0.0) -> BalancedGrowth:
    return balanced_growth(
        needs=table, build_lag_yr=lag_yr, pv_mass_kg_W=0.038, robot_mass_kg=150.0, **SITE
    )


def made(table: Requirements, stock: Stock, satellites: float = 0.0) -> Array:
    flow = np.zeros((len(PRODUCTS), table.n_draws))
    flow[0], flow[1], flow[2] = stock.machine_kg_yr, stock.pv_W_yr / 1e3, stock.n_robots_1_yr
    flow[PRODUCTS.index("satellite")] = satellites
    return flow


def assert_capital_keeps_itself(
    table: Requirements, stock: Stock, gamma: Array, satellites: float = 0.0
) -> None:
    """Investment equals growth and wear of the stock; the stock equals what its flows need."""
    flow = made(table, stock, satellites)
    life = np.array(table.shop_life_yr)[:, None]
    assert stock.machine_kg_yr == pytest.approx(
        (stock.plant_kg * (gamma + 1.0 / life)).sum(axis=0), rel=1e-5
    )
    assert stock.pv_W_yr == pytest.approx(stock.pv_W * (gamma + 1.0 / 20.0), rel=1e-5)
    assert stock.n_robots_1_yr == pytest.approx(stock.n_robots * (gamma + 1.0 / 5.0), rel=1e-5)
    power_kWh = (table.electricity_kWh * flow).sum(axis=1).max(axis=0)
    assert stock.pv_W == pytest.approx(power_kWh / 6.706, rel=1e-5)
    assert stock.n_robots == pytest.approx((table.robot_h * flow).sum(axis=0) / 6136.0, rel=1e-5)


@pytest.mark.parametrize("ratio", [0.3, 1.0, 3.0, 9.0])
def test_the_growth_ray_makes_its_own_capital(ratio: float) -> None:
    table = needs(ratio)
    found = grow(table)
    assert found.growth_1_yr[0] > 0.0
    assert_capital_keeps_itself(table, found.stock, found.gamma_1_yr)


@pytest.mark.parametrize("ratio", [0.3, 1.0, 3.0, 9.0, 11.0])
def test_a_steady_stream_keeps_its_capital(ratio: float) -> None:
    table = needs(ratio)
    stock = steady_state(needs=table, satellite_kg_yr=7.0, **SITE)
    assert_capital_keeps_itself(table, stock, np.zeros(1), satellites=7.0)
    twice = steady_state(needs=table, satellite_kg_yr=14.0, **SITE)
    assert twice.plant_kg == pytest.approx(2.0 * stock.plant_kg)


@pytest.mark.parametrize("ratio", [15.0, 22.0, 40.0, 100.0])
def test_plant_that_cannot_replace_itself_shrinks(ratio: float) -> None:
    """At these ratios a machine wears out before it has made its own mass."""
    table = needs(ratio)
    found = grow(table)
    assert found.gamma_1_yr[0] < 0.0
    assert found.doubling_yr[0] == np.inf
    stock = steady_state(needs=table, satellite_kg_yr=1.0, **SITE)
    assert stock.plant_kg.sum() > 1e6


def test_growth_and_steady_state_agree_on_what_is_hopeless() -> None:
    ratio = np.linspace(9.0, 16.0, 200)
    table = needs(ratio, n_draws=200)
    rate = grow(table).gamma_1_yr
    plant = steady_state(needs=table, satellite_kg_yr=1.0, **SITE).plant_kg.sum(axis=0)
    assert (np.diff(rate) < 0.0).all()
    assert 0 < (rate > 0.0).sum() < 200
    assert np.array_equal(rate > 0.0, plant < 1e6)
    assert (np.diff(plant[rate > 0.0]) > 0.0).all()


@pytest.mark.parametrize(
    "name", ["electricity_ratio", "robot_time_ratio", "pv_mass_ratio", "capital_ratio"]
)
def test_a_dearer_table_grows_more_slowly(name: str) -> None:
    ratios = np.array([0.5, 1.0, 2.0, 4.0])
    found = grow(needs(**{"n_draws": 4, name: ratios}))
    assert (np.diff(found.growth_1_yr) < 0.0).all()


def test_lag_slows_growth_and_solves_its_equation() -> None:
    lag = np.array([0.0, 0.5, 1.0, 2.0])
    found = grow(needs(n_draws=4), lag)
    assert (np.diff(found.growth_1_yr) < 0.0).all()
    assert found.growth_1_yr * np.exp(found.growth_1_yr * lag) == pytest.approx(found.gamma_1_yr)
    assert found.doubling_yr == pytest.approx(np.log(2.0) / found.growth_1_yr)
    assert float(lagged_growth(gamma_1_yr=-0.3, build_lag_yr=1.0)) == -0.3


def test_draws_equal_a_loop() -> None:
    ratio = np.array([0.2, 1.0, 3.0, 12.0, 30.0])
    together, rates = needs(ratio, n_draws=5), grow(needs(ratio, n_draws=5))
    steady = steady_state(needs=together, satellite_kg_yr=1.0, **SITE)
    for draw, one in enumerate(ratio):
        alone = grow(needs(one))
        assert rates.gamma_1_yr[draw] == alone.gamma_1_yr[0]
        own = steady_state(needs=needs(one), satellite_kg_yr=1.0, **SITE)
        assert np.array_equal(steady.plant_kg[:, draw], own.plant_kg[:, 0])


def test_an_economy_that_eats_itself_is_refused() -> None:
    with pytest.raises(DomainError, match="uses more than it makes"):
        leontief_growth(inputs=np.array([[0.6, 0.5], [0.5, 0.6]]), capital_yr=np.eye(2))
