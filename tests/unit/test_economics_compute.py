"""Cost of compute, markets and growth."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.core.life import lifetime_penalty
from moonbase.economics.compute import (
    orbital_cost,
    parity_year,
    terrestrial_cost,
)
from moonbase.economics.growth import fleet_stock
from moonbase.economics.market import demand_power, rent, starlink_income
from moonbase.parameters.load import load_parameters

PARAMETERS = load_parameters()


def nominal(function, **extra):
    """Records that carry the names of a function's arguments, and what comes from elsewhere."""
    names = inspect.signature(function).parameters
    known = {n: PARAMETERS[f"economics.{n}"].value for n in names if f"economics.{n}" in PARAMETERS}
    return function(**known | extra)


def orbit(**extra):
    return nominal(
        orbital_cost,
        **{
            "specific_mass_kg_kW": 10.0,
            "launch_usd_kg": 200.0,
            "build_usd_kg": 1000.0,
            "satellite_life_yr": 5.0,
            "orbit_it_life_yr": 5.0,
            "lifetime_penalty_ratio": 1.0,
            "delivered_frac": 1.0,
        }
        | extra,
    )


def test_the_nominal_ground_site_costs_what_was_published():
    """8.5 USD per W and year, of which energy is about 7 %."""
    cost = nominal(terrestrial_cost, delivered_frac=1.0)
    assert cost.total_usd_kW_yr == pytest.approx(8500.0, rel=0.02)
    assert cost.energy_usd_kW_yr / cost.total_usd_kW_yr == pytest.approx(0.07, abs=0.01)


def test_free_sunlight_alone_saves_only_the_energy():
    paid = nominal(terrestrial_cost, delivered_frac=1.0)
    free = nominal(terrestrial_cost, delivered_frac=1.0, power_usd_kWh=0.0)
    saved = (paid.total_usd_kW_yr - free.total_usd_kW_yr) / paid.total_usd_kW_yr
    assert saved < 0.08


@pytest.mark.parametrize("function", [terrestrial_cost, orbit])
def test_parts_sum_and_the_denominator_divides_all(function):
    def make(delivered_frac):
        if function is orbit:
            return orbit(delivered_frac=delivered_frac)
        return nominal(terrestrial_cost, delivered_frac=delivered_frac)

    full, half = make(1.0), make(0.5)
    *parts, total = (float(getattr(full, n)) for n in full.__dataclass_fields__)
    assert sum(parts) == pytest.approx(total)
    for name in full.__dataclass_fields__:
        assert getattr(half, name) == pytest.approx(2.0 * float(getattr(full, name)))


def test_losses_multiply_hardware_only():
    safe, lossy = orbit(), orbit(lifetime_penalty_ratio=1.27)
    assert lossy.chips_usd_kW_yr == pytest.approx(1.27 * float(safe.chips_usd_kW_yr))
    assert lossy.launch_usd_kW_yr == pytest.approx(1.27 * float(safe.launch_usd_kW_yr))
    assert lossy.operations_usd_kW_yr == safe.operations_usd_kW_yr


def test_ceiling_of_what_the_moon_saves():
    """10 kg/kW at 200 USD/kg is 2,000 USD/kW of launch: about 5 % of a ground site."""
    undiscounted = orbit(discount_rate_frac=0.0)
    assert undiscounted.launch_usd_kW_yr * 5.0 == pytest.approx(2000.0)
    assert undiscounted.build_usd_kW_yr * 5.0 == pytest.approx(10000.0)


def test_lifetime_penalty_tends_to_one():
    penalty = lifetime_penalty(loss_rate_1_yr=np.array([0.0, 1e-12, 0.1, 50.0]), life_yr=5.0)
    assert penalty == pytest.approx([1.0, 1.0, 1.2708, 250.0], rel=1e-4)


def test_parity_must_last_and_ignores_missing_costs():
    year = np.array([2030.0, 2031.0, 2032.0])
    a = np.array([[np.nan, 1.0, 9.0], [4.0, 9.0, 9.0], [4.0, 4.0, 9.0]])
    found = parity_year(year=year, cost_a_usd_kW_yr=a, cost_b_usd_kW_yr=np.full((3, 1), 5.0))
    assert found[:2].tolist() == [2031.0, 2032.0]
    assert np.isnan(found[2])


def test_rent_starts_at_the_anchor_and_falls_to_cost():
    """13 bn USD per GW-yr in 2026."""
    ground = float(nominal(terrestrial_cost, delivered_frac=1.0).total_usd_kW_yr)
    price = nominal(
        rent,
        year=np.array([2020.0, 2026.0, 2036.0, 2126.0]),
        terrestrial_usd_kW_yr=ground,
        supply_W=1e9,
        demand_W=1e11,
    )
    assert price[0] == price[1] == pytest.approx(13000.0, rel=0.02)
    assert ground < price[2] < price[1]
    assert price[3] == pytest.approx(ground, rel=1e-6)


def test_a_glut_lowers_the_rent_and_constant_spending_holds_at_elasticity_one():
    supply = np.array([0.5, 1.0, 2.0, 8.0]) * 1e12
    market = {"year": 2060.0, "terrestrial_usd_kW_yr": 8500.0, "demand_W": 1e12}
    price = nominal(rent, supply_W=supply, **market)
    assert price[0] == price[1]
    spending = price * supply
    assert spending[1:] == pytest.approx(spending[1])
    stiff = nominal(rent, supply_W=supply, demand_elasticity_ratio=0.5, **market)
    assert stiff[2] == pytest.approx(price[1] / 4.0)


def test_demand_passes_the_outlook():
    """945 TWh in 2030 and about 1,200 in 2035 by the slow end of the range."""
    in_2030 = nominal(demand_power, year=2030.0) * 8766.0 / 1e12
    assert in_2030 == pytest.approx(945.0, rel=0.03)
    slow = PARAMETERS["economics.demand_growth_1_yr"].low
    in_2035 = nominal(demand_power, year=2035.0, demand_growth_1_yr=slow) * 8766.0 / 1e12
    assert in_2035 == pytest.approx(1200.0, rel=0.05)
    late = nominal(demand_power, year=2200.0)
    assert late == pytest.approx(PARAMETERS["economics.demand_ceiling_W"].value, rel=1e-3)


def test_other_money():
    income = nominal(starlink_income, year=np.array([2025.0, 2200.0]), starlink_share_frac=1.0)
    ceiling = PARAMETERS["economics.starlink_ceiling_usd_yr"].value
    assert income == pytest.approx([4.423e9, ceiling], rel=1e-3)


def test_an_unknown_law_of_retirement_is_refused():
    with pytest.raises(DomainError, match="retirement"):
        fleet_stock(rate_W_yr=1.0, life_yr=1.0, time_yr=1.0, retirement="sudden")
