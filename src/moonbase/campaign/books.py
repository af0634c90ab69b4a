"""The campaign's quantities as a dated ledger: what it pays and earns, what a kilowatt costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase import economics, transport, workload
from moonbase.campaign.record import CampaignResult
from moonbase.campaign.setup import Setup
from moonbase.core.arrays import Array
from moonbase.core.constants import SOLAR_LUMINOSITY_W, ASTRONOMICAL_UNIT_m
from moonbase.core.life import lifetime_penalty
from moonbase.design import Design, Values, call
from moonbase.satellite import SatelliteSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Money of a campaign; arrays (year, draw) in USD of the price year, or per draw.

    ``programme_flow_usd`` is what compute earns less what the programme spends; the payers
    underneath (lander contracts, Starlink's surplus, outside funding) are left out. ``irr_frac`` is
    its internal rate of return where money goes out first, comes back in the end, and the rate is
    the only one; else nan.
    """

    ledger: economics.Ledger
    programme_flow_usd: Array
    cost_lunar_usd_kW_yr: Array
    cost_earth_launch_usd_kW_yr: Array
    cost_earth_usd_kW_yr: Array
    launch_usd_kg: Array
    landed_usd_kg: Array
    rent_usd_kW_yr: Array
    lunar_use_usd: Array
    earth_launch_use_usd: Array
    npv_usd: Array
    irr_frac: Array
    payback_year: Array
    peak_funding_usd: Array
    levelised_usd_kW_yr: Array
    levelised_earth_usd_kW_yr: Array
    levelised_earth_launch_usd_kW_yr: Array


@dataclass(frozen=True, slots=True)
class _Prices:
    launch_usd: Array
    launch_usd_kg: Array
    landed_usd_kg: Array
    build_usd_kg: Array
    parts_usd_kg: Array


def mean_in_service(yearly_W: Array) -> Array:
    """Mean power of each year from its year-end values, W."""
    before = np.concatenate([np.zeros_like(yearly_W[:1]), yearly_W[:-1]])
    return np.asarray(0.5 * (before + yearly_W))


def _prices(result: CampaignResult, setup: Setup, inputs: Values) -> _Prices:
    own = result.yearly["flights_moon"] + result.yearly["flights_orbit"]
    others = inputs["transport.other_flights_frac"]
    flown = own + setup.flights_yr * others / (1.0 - others)
    launch_usd = call(
        transport.launch_cost,
        "transport",
        inputs,
        n_flights_cumulative=inputs["transport.n_flights_base"] + np.cumsum(flown, axis=0),
    )
    build_usd_kg = call(
        economics.learning_price,
        "economics",
        inputs,
        cumulative_kg=inputs["economics.build_base_kg"]
        + np.cumsum(result.yearly["earth_satellite_kg"], axis=0),
        base_kg=inputs["economics.build_base_kg"],
        base_usd_kg=inputs["economics.satellite_build_usd_kg"],
        learning_rate_frac=inputs["economics.build_learning_rate_frac"],
        floor_usd_kg=inputs["economics.build_floor_usd_kg"],
    )
    learned = build_usd_kg / inputs["economics.satellite_build_usd_kg"]
    return _Prices(
        launch_usd=launch_usd,
        launch_usd_kg=transport.orbit_cost_usd_kg(
            launch_usd=launch_usd, orbit_payload_kg=setup.orbit_payload_kg
        ),
        landed_usd_kg=call(
            transport.landing_cost_usd_kg,
            "transport",
            inputs,
            launch_usd=launch_usd,
            n_flights_per_landing=setup.flights_per_landing,
            landed_kg=setup.landed_kg,
        ),
        build_usd_kg=build_usd_kg,
        parts_usd_kg=inputs["economics.imported_electronics_usd_kg"] * learned,
    )


def _server_frac(size: SatelliteSize) -> Array:
    """Share of a satellite's mass that the price of the servers already pays: chips and boards."""
    share = (size.chips_kg + size.boards_kg) / np.asarray(size.mass_kg)
    return np.nan_to_num(share)


def _lunar_uses(
    result: CampaignResult, setup: Setup, design: Design, inputs: Values, prices: _Prices
) -> dict[str, Array]:
    """Uses of the lunar (or Mars) chain, (year, draw)."""
    flow = result.yearly
    arrive = 1.0 / (1.0 - inputs["transport.landing_loss_frac"])
    hardware = inputs["economics.earth_hardware_usd_kg"] * arrive
    parts = prices.parts_usd_kg * arrive
    own_parts_kg = np.maximum(
        flow["landed_satellite_parts_kg"]
        - flow["satellite_made_kg"] * _server_frac(design.lunar_satellite),
        0.0,
    )
    supplies_usd = flow["landed_supplies_kg"] * inputs["economics.supplies_usd_kg"] * arrive
    landings = (
        flow["flights_moon"] * prices.launch_usd
        + flow["flights_moon"] / setup.flights_per_landing * inputs["transport.hull_usd"]
    )
    plant = (flow["landed_seed_kg"] + flow["landed_plant_kg"]) * hardware
    capital_parts = (
        flow["landed_growth_parts_kg"]
        + flow["landed_maintenance_parts_kg"]
        + flow["landed_driver_parts_kg"]
    ) * parts
    if not setup.lunar:
        return {"mars_settlement": landings + plant}
    begun = np.cumsum(flow["landed_seed_kg"], axis=0) > 0.0
    year = result.year[:, None].astype(float)
    return {
        "landings": landings,
        "earth_hardware": plant,
        "imported_parts": own_parts_kg * parts + capital_parts,
        "crew_supplies": flow["landed_crew_kg"] * hardware + supplies_usd,
        "development": economics.spread(
            year=year,
            total_usd=inputs["economics.development_usd"],
            start_year=inputs["economics.development_start_year"],
            duration_yr=inputs["economics.development_duration_yr"],
        ),
        "chips": flow["satellite_made_kg"]
        * setup.lunar_power_W_kg
        * inputs["economics.it_capex_usd_kW"]
        / 1e3,
        "operations": begun * inputs["economics.operations_base_usd_yr"]
        + _service_usd(inputs, mean_in_service(flow["power_lunar_W"])),
    }


def _service_usd(inputs: Values, power_W: Array) -> Array:
    per_kW = inputs["economics.satellite_operations_usd_kW_yr"] + inputs["economics.link_usd_kW_yr"]
    return np.asarray(per_kW * power_W / 1e3)


def _earth_launch_uses(
    result: CampaignResult, design: Design, inputs: Values, prices: _Prices
) -> dict[str, Array]:
    flow = result.yearly
    own_kg = flow["earth_satellite_kg"] * (1.0 - _server_frac(design.earth_satellite))
    added_kW = flow["power_added_earth_launch_W"] / 1e3
    return {
        "launch_earth_orbit": flow["flights_orbit"] * prices.launch_usd,
        "satellite_build": own_kg * prices.build_usd_kg,
        "chips": added_kW * inputs["economics.it_capex_usd_kW"],
        "operations": _service_usd(inputs, mean_in_service(flow["power_earth_launch_W"])),
    }


def _orbital(
    inputs: Values,
    power_W_kg: Array,
    launch_usd_kg: Array,
    build_usd_kg: Array,
    delivered_frac: Array,
) -> Array:
    """Cost per kW-year of useful power, per kW of a ground server; the same chips as there."""
    hazard = inputs["satellite.loss_1_yr"] + inputs["satellite.chip_loss_1_yr"]
    life = inputs["satellite.life_yr"]
    cost = call(
        economics.orbital_cost,
        "economics",
        inputs,
        specific_mass_kg_kW=1e3 / power_W_kg,
        launch_usd_kg=launch_usd_kg,
        build_usd_kg=build_usd_kg,
        satellite_life_yr=life,
        orbit_it_life_yr=np.minimum(life, inputs["economics.it_life_yr"]),
        lifetime_penalty_ratio=lifetime_penalty(loss_rate_1_yr=hazard, life_yr=life),
        delivered_frac=delivered_frac,
    )
    return np.asarray(cost.total_usd_kW_yr)


def _ground_cost(inputs: Values) -> Array:
    """Cost per kW-year on the ground, chips that fail there replaced as they do."""
    penalty = lifetime_penalty(
        loss_rate_1_yr=inputs["economics.ground_chip_loss_1_yr"],
        life_yr=inputs["economics.it_life_yr"],
    )
    cost = call(
        economics.terrestrial_cost,
        "economics",
        inputs,
        it_capex_usd_kW=inputs["economics.it_capex_usd_kW"] * penalty,
        delivered_frac=1.0,
    )
    return np.asarray(cost.total_usd_kW_yr)


def _capital_charge(spend_usd: Array, flown: npt.NDArray[np.bool_], inputs: Values) -> Array:
    """Yearly charge on plant bought in the years of its life, (year, draw).

    What was spent before the first throw is carried to that year with interest.
    """
    life = inputs["economics.lunar_plant_life_yr"]
    interest = inputs["economics.discount_rate_frac"]
    rate = economics.capital_recovery_factor(discount_rate_frac=interest, life_yr=life)
    year = np.arange(len(spend_usd))[:, None]
    first = np.where(flown.any(axis=0), flown.argmax(axis=0), len(spend_usd) - 1)
    early = year < first
    carried = np.where(early, spend_usd * (1.0 + interest) ** (first - year), 0.0).sum(axis=0)
    spend_usd = np.where(early, 0.0, spend_usd) + (year == first) * carried
    total = np.cumsum(spend_usd, axis=0)
    gone = np.arange(len(total))[:, None] - np.rint(life).astype(int)
    old = np.take_along_axis(total, np.maximum(gone, 0), axis=0) * (gone >= 0)
    return np.asarray((total - old) * rate)


def _lunar_unit_cost(
    result: CampaignResult, setup: Setup, inputs: Values, prices: _Prices, uses: dict[str, Array]
) -> Array:
    """Cost of a kilogram of satellite delivered to its orbit, chips left out, USD/kg."""
    flow = result.yearly
    running_kg = (
        flow["landed_satellite_parts_kg"]
        + flow["landed_maintenance_parts_kg"]
        + flow["landed_supplies_kg"]
    )
    for_parts = np.minimum(running_kg * prices.landed_usd_kg, uses["landings"])
    running = (
        for_parts
        + uses["imported_parts"]
        + uses["crew_supplies"]
        + (flow["landed_seed_kg"].cumsum(axis=0) > 0.0) * inputs["economics.operations_base_usd_yr"]
    )
    capital = uses["landings"] - for_parts + uses["earth_hardware"] + uses["development"]
    launched = flow["launched_kg"] * (1.0 - inputs["orbits.transfer_loss_frac"])
    flown = launched >= setup.satellite_kg
    yearly = running + _capital_charge(capital, flown, inputs)
    return np.where(flown, yearly / np.where(flown, launched, 1.0), np.nan)


def keep_books(*, result: CampaignResult, setup: Setup, design: Design, inputs: Values) -> Books:
    """Price a campaign.

    Parameters
    ----------
    result : CampaignResult
    setup : Setup
    design : Design
    inputs : Values
        Arrays (draw,) by record key.

    Returns
    -------
    Books

    Notes
    -----
    A kilowatt-year is one of useful work of a ground server: power in service times the share of
    time that delivers, over the ground's share. The levelised cost of the programme is the present
    value of all that the scenario's end product costs (lunar-built satellites, or Earth-launched
    ones where there is no lunar industry) over the present value of its kilowatt-years. The rivals'
    levelised costs weigh their cost of each year with the same kilowatt-years. All three buy the
    same chips at the same price and write them off over the same life.
    """
    years = result.year.astype(float)
    year = years[:, None]
    flow = result.yearly
    prices = _prices(result, setup, inputs)
    lunar = _lunar_uses(result, setup, design, inputs, prices)
    earth = _earth_launch_uses(result, design, inputs, prices)
    ground = _ground_cost(inputs)
    lunar_share = design.lunar_delivered_frac / design.ground_delivered_frac
    earth_share = design.earth_delivered_frac / design.ground_delivered_frac
    cost_earth = np.broadcast_to(ground, flow["power_lunar_W"].shape)
    own_mass = 1.0 - _server_frac(design.earth_satellite)
    cost_launch = _orbital(
        inputs,
        setup.earth_power_W_kg,
        prices.launch_usd_kg,
        prices.build_usd_kg * own_mass,
        earth_share,
    )
    unit = np.full_like(cost_launch, np.nan)
    if setup.lunar:
        unit = _lunar_unit_cost(result, setup, inputs, prices, lunar)
    cost_lunar = _orbital(inputs, setup.lunar_power_W_kg, np.zeros_like(unit), unit, lunar_share)

    useful_W = (
        mean_in_service(flow["power_lunar_W"]) * lunar_share
        + mean_in_service(flow["power_earth_launch_W"]) * earth_share
    )
    rent = call(
        economics.rent,
        "economics",
        inputs,
        year=year,
        terrestrial_usd_kW_yr=ground,
        supply_W=useful_W,
        demand_W=setup.demand_W,
    )
    amounts = {
        "compute_revenue": rent * useful_W * _vintage_ratio(result, setup, inputs) / 1e3,
        "lander_contracts": economics.spread(
            year=year,
            total_usd=inputs["economics.hls_contract_usd"],
            start_year=inputs["economics.hls_start_year"],
            duration_yr=inputs["economics.hls_duration_yr"],
        ),
        "starlink_surplus": call(economics.starlink_income, "economics", inputs, year=year),
    }
    for uses in (lunar, earth):
        for account, usd in uses.items():
            amounts[account] = amounts.get(account, 0.0) + usd
    before = economics.book(year=years, amounts_usd=amounts)
    amounts["external_funding"] = economics.external_funding(
        cash_flow_usd=before.net_usd, opening_usd=0.0
    )
    ledger = economics.book(year=years, amounts_usd=amounts)
    programme = before.net_usd - amounts["starlink_surplus"] - amounts["lander_contracts"]
    rate = inputs["economics.discount_rate_frac"]
    end = lunar if setup.lunar else earth
    own, share = ("lunar", lunar_share) if setup.lunar else ("earth_launch", earth_share)
    kW_yr = mean_in_service(flow[f"power_{own}_W"]) * share / 1e3
    interest = economics.irr(cash_flow_usd=programme)
    invests = (_first_sign(programme) < 0.0) & (programme.sum(axis=0) > 0.0)
    lunar_usd, earth_usd = (np.asarray(sum(uses.values())) for uses in (lunar, earth))

    def levelised(cost_usd: Array) -> Array:
        cost = economics.levelised_cost(cost_usd=cost_usd, output=kW_yr, discount_rate_frac=rate)
        return np.where(np.isfinite(cost), cost, np.nan)

    return Books(
        ledger=ledger,
        programme_flow_usd=programme,
        cost_lunar_usd_kW_yr=cost_lunar,
        cost_earth_launch_usd_kW_yr=np.asarray(cost_launch),
        cost_earth_usd_kW_yr=cost_earth,
        launch_usd_kg=prices.launch_usd_kg,
        landed_usd_kg=prices.landed_usd_kg,
        rent_usd_kW_yr=rent,
        lunar_use_usd=lunar_usd,
        earth_launch_use_usd=earth_usd,
        npv_usd=economics.npv(cash_flow_usd=programme, discount_rate_frac=rate),
        irr_frac=np.where(invests & (interest.status == "ok"), interest.rate_frac, np.nan),
        payback_year=economics.payback_year(year=years, cash_flow_usd=programme),
        peak_funding_usd=amounts["external_funding"].sum(axis=0),
        levelised_usd_kW_yr=levelised(np.asarray(sum(end.values()))),
        levelised_earth_usd_kW_yr=levelised(cost_earth * kW_yr),
        levelised_earth_launch_usd_kW_yr=levelised(cost_launch * kW_yr),
    )


def _vintage_ratio(result: CampaignResult, setup: Setup, inputs: Values) -> Array:
    """Work per joule of the fleets' chips over that of the ground's, which are half a life old."""
    flow = result.yearly
    power = flow["power_lunar_W"] + flow["power_earth_launch_W"]
    own = flow["compute_flop_s"] / np.where(power > 0.0, power, 1.0)
    year = result.year[:, None] - 0.5 * inputs["economics.it_life_yr"]
    ground = call(workload.flop_per_joule, "workload", inputs, year=year)
    return np.where(power > 0.0, own / ground, 1.0)


def _first_sign(flow_usd: Array) -> Array:
    """Sign of the first flow that is not zero: below zero for an investment, else a loan."""
    row = (flow_usd != 0.0).argmax(axis=0)
    return np.asarray(np.sign(np.take_along_axis(flow_usd, row[None], axis=0)[0]))


def collected_sunlight_W(*, design: Design, lunar_W: Array, earth_W: Array) -> Array:
    """Sunlight that falls on the fleets' arrays, W."""
    solar_W_m2 = SOLAR_LUMINOSITY_W / (4.0 * np.pi * ASTRONOMICAL_UNIT_m**2)
    lunar, earth = design.lunar_satellite, design.earth_satellite
    per_lunar = lunar.array_area_m2 / lunar.it_power_W / np.square(design.transfer.distance_au)
    per_earth = earth.array_area_m2 / earth.it_power_W
    return np.asarray((lunar_W * per_lunar + earth_W * per_earth) * solar_W_m2)
