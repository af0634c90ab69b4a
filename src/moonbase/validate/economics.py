"""Answers of the economics room to its validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.life import lifetime_penalty
from moonbase.economics.comparisons import (
    chip_price_factor,
    launch_allowance_usd_kg,
    launched_power_price,
    mccalip,
    value_of_delay,
)
from moonbase.economics.compute import (
    energy_cost_usd_kW_yr,
    orbital_cost,
    terrestrial_cost,
)
from moonbase.economics.finance import (
    capital_recovery_factor,
    irr,
    learning_price,
    levelised_cost,
    npv,
    wright_exponent,
)
from moonbase.economics.growth import (
    fleet_stock,
    kardashev,
    mass_flow_kg_s,
    replication,
    sun_share,
    swarm_mass,
)
from moonbase.economics.ledger import Account, book, spread
from moonbase.economics.market import demand_power

Answer = dict[str, float | list[float]]


def _plain(value: object) -> float | list[float]:
    array = np.asarray(value, dtype=np.float64)
    return [float(x) for x in array] if array.ndim else float(array)


def _array(value: float | Sequence[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(value, dtype=np.float64)


def power_price(*, mass_kg: float, power_W: float, launch_usd_kg: float, life_yr: float) -> Answer:
    """Price the launched power of a satellite, and its launch capital per kilowatt."""
    specific_mass = mass_kg / (power_W / 1e3)
    price = launched_power_price(
        specific_mass_kg_kW=specific_mass, launch_usd_kg=launch_usd_kg, life_yr=life_yr
    )
    return {"price_usd_kW_yr": _plain(price), "launch_usd_kW": _plain(price * life_yr)}


def ground_energy(*, power_usd_kWh: Sequence[float], pue_ratio: Sequence[float]) -> Answer:
    """Ground electricity per kilowatt and year."""
    cost = energy_cost_usd_kW_yr(power_usd_kWh=_array(power_usd_kWh), pue_ratio=_array(pue_ratio))
    return {"price_usd_kW_yr": _plain(cost)}


def learning(
    *, base_usd_kg: float, base_kg: float, added_kg: float, learning_rate_frac: float
) -> Answer:
    """Learned launch price, and the exponent."""
    price = learning_price(
        cumulative_kg=base_kg + added_kg,
        base_kg=base_kg,
        base_usd_kg=base_usd_kg,
        learning_rate_frac=learning_rate_frac,
        floor_usd_kg=0.0,
    )
    exponent = wright_exponent(learning_rate_frac=learning_rate_frac)
    return {"price_usd_kg": _plain(price), "exponent": _plain(exponent)}


def ground_site(
    *,
    it_capex_usd: float,
    facility_capex_usd: float,
    opex_usd_yr: float,
    energy_usd_yr: float,
    power_W: float,
    discount_rate_frac: float,
    it_life_yr: Sequence[float],
    facility_life_yr: float,
) -> Answer:
    """Annualised cost of a ground site by IT life, and the shares of servers and energy."""
    power_kW = power_W / 1e3
    cost = terrestrial_cost(
        it_capex_usd_kW=it_capex_usd / power_kW,
        facility_capex_usd_kW=facility_capex_usd / power_kW,
        opex_usd_kW_yr=(opex_usd_yr - energy_usd_yr) / power_kW,
        power_usd_kWh=energy_usd_yr / (power_kW * 8766.0),
        pue_ratio=1.0,
        it_life_yr=_array(it_life_yr),
        facility_life_yr=facility_life_yr,
        discount_rate_frac=discount_rate_frac,
        delivered_frac=1.0,
    )
    return {
        "tco_usd_yr": _plain(cost.total_usd_kW_yr * power_kW),
        "energy_frac": _plain(cost.energy_usd_kW_yr / cost.total_usd_kW_yr),
    }


def allowance(
    *,
    terrestrial_usd_kW: Sequence[float],
    specific_mass_kg_kW: float,
    launch_usd: float,
    payload_kg: float,
    link_usd_kW: float,
) -> Answer:
    """Limit launch and build, and set a launch price against the limit."""
    limit = launch_allowance_usd_kg(
        terrestrial_usd_kW=_array(terrestrial_usd_kW),
        specific_mass_kg_kW=specific_mass_kg_kW,
        link_usd_kW=link_usd_kW,
    )
    return {
        "allowance_usd_kg": _plain(limit),
        "ratio": _plain(launch_usd / payload_kg / limit),
    }


def unit_price(
    *, cost_usd: float | Sequence[float], output_per_year: float, n_years: int
) -> Answer:
    """Undiscounted price of a unit of output when a sum buys some years of it."""
    spent = _array(cost_usd) / n_years * np.ones((n_years, 1))
    price = levelised_cost(
        cost_usd=spent, output=np.full((n_years, 1), output_per_year), discount_rate_frac=0.0
    )
    return {"price_usd": _plain(price if np.ndim(cost_usd) else price[0])}


def segments(*, revenue_usd: Sequence[float], operating_usd: Sequence[float]) -> Answer:
    """Totals of business segments booked as sources (revenue) and uses (costs)."""
    n = len(revenue_usd)
    accounts = [Account(id=f"r{i}", label="revenue", kind="source") for i in range(n)]
    accounts += [Account(id=f"c{i}", label="cost", kind="use") for i in range(n)]
    costs = [r - o for r, o in zip(revenue_usd, operating_usd, strict=True)]
    amounts: Mapping[str, float] = {
        **{f"r{i}": x for i, x in enumerate(revenue_usd)},
        **{f"c{i}": x for i, x in enumerate(costs)},
    }
    ledger = book(year=np.array([2025.0]), amounts_usd=amounts, accounts=accounts)
    return {
        "revenue_total_usd": _plain(ledger.sources_usd[0, 0]),
        "operating_total_usd": _plain(ledger.net_usd[0, 0]),
    }


def contract(*, amounts_usd: Sequence[float], start_year: float, duration_yr: float) -> Answer:
    """Sum of contract payments over all years."""
    years = np.arange(2015.0, 2050.0)
    paid = spread(
        year=years, total_usd=sum(amounts_usd), start_year=start_year, duration_yr=duration_yr
    )
    return {"total_usd": _plain(paid.sum())}


def flow(*, rate_W_yr: float, specific_power_W_kg: float, speed_m_s: float) -> Answer:
    """Mass flow, beam power, and the time in which a kilogram earns its kinetic energy."""
    grown = replication(
        manufacture_J_kg=0.0,
        speed_m_s=speed_m_s,
        driver_efficiency_frac=1.0,
        specific_power_W_kg=specific_power_W_kg,
        reinvested_frac=1.0,
    )
    mass = mass_flow_kg_s(rate_W_yr=rate_W_yr, specific_power_W_kg=specific_power_W_kg)
    return {
        "mass_flow_kg_s": _plain(mass),
        "beam_power_W": _plain(mass * grown.energy_J_kg),
        "energy_J_kg": _plain(grown.energy_J_kg),
        "payback_s": _plain(grown.payback_s),
    }


def fleet_launch(
    *, power_W: float, specific_power_W_kg: float, launch_usd_kg: float, payload_kg: float
) -> Answer:
    """Mass, flights and launch bill of a fleet."""
    mass = swarm_mass(power_W=power_W, specific_power_W_kg=specific_power_W_kg)
    return {
        "mass_kg": _plain(mass),
        "n_flights": _plain(mass / payload_kg),
        "launch_usd": _plain(mass * launch_usd_kg),
    }


def delay(
    *,
    rent_usd_GW_yr: float,
    cost_usd_GW_yr: float,
    capex_usd_GW: float,
    it_capex_usd_GW: float,
    price_performance_growth_1_yr: float,
) -> Answer:
    """Margin of one year and its share of the capital; saving of one year's wait."""
    value = value_of_delay(
        rent_usd_kW_yr=rent_usd_GW_yr / 1e6,
        cost_usd_kW_yr=cost_usd_GW_yr / 1e6,
        it_capex_usd_kW=it_capex_usd_GW / 1e6,
        discount_rate_frac=0.0,
        price_performance_growth_1_yr=price_performance_growth_1_yr,
        delay_yr=1.0,
    )
    return {
        "margin_usd_GW_yr": _plain(value.margin_usd_kW_yr * 1e6),
        "share_of_capex": _plain(value.gain_usd_kW * 1e6 / capex_usd_GW),
        "saving_usd_GW": _plain(value.saving_usd_kW * 1e6),
    }


def chip_prices(*, price_performance_growth_1_yr: float, n_years: float) -> Answer:
    """Price factor after a wait, yearly decline, and the time to half."""
    factor = _plain(
        chip_price_factor(
            price_performance_growth_1_yr=price_performance_growth_1_yr,
            delay_yr=np.array([n_years, 1.0]),
        )
    )
    assert isinstance(factor, list)
    return {
        "price_factor": factor[0],
        "decline_per_yr": 1.0 - factor[1],
        "halving_yr": float(np.log(0.5) / np.log(factor[1])),
    }


def calculator(
    *, heat_rate_btu_kWh: float, gas_usd_mmbtu: float, site_usd_W: Sequence[float], **case: float
) -> Answer:
    """McCalip's case: satellites, mass, retention, totals and their ratio."""
    n_years = int(case.pop("n_years"))
    found = mccalip(
        n_years=n_years,
        fuel_usd_kWh=heat_rate_btu_kWh * gas_usd_mmbtu / 1e6,
        site_usd_W=sum(site_usd_W),
        **case,
    )
    return {
        "n_satellites": _plain(found.n_satellites),
        "mass_kg": _plain(found.mass_kg),
        "retention_frac": _plain(found.retention_frac),
        "orbital_usd": _plain(found.orbital_usd),
        "ground_usd": _plain(found.ground_usd),
        "ratio": _plain(np.asarray(found.orbital_usd) / found.ground_usd),
    }


def penalty(*, hazard_1_yr: float, life_yr: float) -> Answer:
    """Lifetime penalty."""
    return {"penalty_ratio": _plain(lifetime_penalty(loss_rate_1_yr=hazard_1_yr, life_yr=life_yr))}


def limits(*, life_yr: float, capital_usd_kW: float) -> Answer:
    """Limits that the code must respect: free launch, no interest, equal inputs."""
    ground = terrestrial_cost(
        it_capex_usd_kW=capital_usd_kW,
        facility_capex_usd_kW=capital_usd_kW,
        opex_usd_kW_yr=100.0,
        power_usd_kWh=0.0,
        pue_ratio=1.0,
        it_life_yr=life_yr,
        facility_life_yr=life_yr,
        discount_rate_frac=0.07,
        delivered_frac=0.9,
    )
    orbit = orbital_cost(
        specific_mass_kg_kW=10.0,
        launch_usd_kg=0.0,
        build_usd_kg=capital_usd_kW / 10.0,
        it_capex_usd_kW=capital_usd_kW,
        satellite_operations_usd_kW_yr=100.0,
        link_usd_kW_yr=0.0,
        satellite_life_yr=life_yr,
        orbit_it_life_yr=life_yr,
        lifetime_penalty_ratio=lifetime_penalty(loss_rate_1_yr=0.0, life_yr=life_yr),
        discount_rate_frac=0.07,
        delivered_frac=0.9,
    )
    return {
        "launched_power_price": _plain(
            launched_power_price(specific_mass_kg_kW=20.0, launch_usd_kg=0.0, life_yr=life_yr)
        ),
        "capital_recovery_factor": _plain(
            capital_recovery_factor(discount_rate_frac=0.0, life_yr=life_yr)
        ),
        "ratio_with_equal_inputs": _plain(orbit.total_usd_kW_yr / ground.total_usd_kW_yr),
    }


def rates(*, cash_flow_usd: Sequence[float], discount_rate_frac: Sequence[float]) -> Answer:
    """Find the rate of return (-1 when several, -2 when none) and present values at rates."""
    found = irr(cash_flow_usd=_array(cash_flow_usd))
    code = {"ok": float(found.rate_frac), "several": -1.0, "no_sign_change": -2.0}
    value = npv(cash_flow_usd=_array(cash_flow_usd), discount_rate_frac=_array(discount_rate_frac))
    return {"irr_frac": code[str(found.status)], "npv_usd": _plain(value)}


def kardashev_index(*, power_W: float | Sequence[float]) -> Answer:
    """Kardashev index of powers."""
    return {"k": _plain(kardashev(power_W=_array(power_W)))}


def kardashev_of_sun(*, luminosity_W: float, fraction: Sequence[float]) -> Answer:
    """Kardashev index of shares of the Sun, and the shares read back."""
    power = luminosity_W * _array(fraction)
    return {"k": _plain(kardashev(power_W=power)), "fraction": _plain(sun_share(power_W=power))}


def kardashev_of_energy(*, energy_J_yr: float) -> Answer:
    """Mean power of a yearly energy, and its index."""
    power = energy_J_yr / JULIAN_YEAR_s
    return {"power_W": _plain(power), "k": _plain(kardashev(power_W=power))}


def stock(
    *,
    rate_W_yr: float,
    life_yr: float,
    time_yr: float | Sequence[float],
    retirement: str,
    world_W: float,
) -> Answer:
    """Stock of a fleet after a time, and the index of world and fleet."""
    power = fleet_stock(
        rate_W_yr=rate_W_yr,
        life_yr=life_yr,
        time_yr=_array(time_yr),
        retirement="fixed" if retirement == "fixed" else "exponential",
    )
    return {"stock_W": _plain(power), "k": _plain(kardashev(power_W=power + world_W))}


def road_to_sun(*, start_W: float, rate_W_yr: float, fraction: float) -> Answer:
    """Doublings and linear time to a share of the Sun."""
    per_year = fleet_stock(rate_W_yr=rate_W_yr, life_yr=np.inf, time_yr=1.0, retirement="fixed")
    return {
        "doublings": float(np.log2(fraction / sun_share(power_W=start_W))),
        "time_yr": float(fraction / sun_share(power_W=per_year)),
    }


def doubling(**case: float) -> Answer:
    """Doubling time of a replicating swarm."""
    return {"doubling_time_s": _plain(replication(**case).doubling_s)}


def demand(*, year: Sequence[float], base_TWh: float, growth_1_yr: float) -> Answer:
    """Yearly energy of data centres by the logistic path, far below its ceiling."""
    power = demand_power(
        year=_array(year),
        demand_base_year=2024.0,
        demand_base_W=base_TWh * 1e12 / 8766.0,
        demand_growth_1_yr=growth_1_yr,
        demand_ceiling_W=2e12,
    )
    return {"demand_TWh": _plain(power * 8766.0 / 1e12)}
