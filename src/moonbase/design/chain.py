"""The order in which the physics rooms are called for one scenario, and what passes between them.

flight (asked speed) -> driver -> flight (windows, transit) -> satellite -> transport, city ->
industry. Every result has the draw axis last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase import city, industry, network, orbits, satellite, transport, workload
from moonbase.city import CitySize
from moonbase.core.arrays import Array
from moonbase.core.constants import SPEED_OF_LIGHT_m_s
from moonbase.design.inputs import Values, call
from moonbase.design.line import DriverLine, build_driver
from moonbase.driver import DriverBudget
from moonbase.satellite import SatelliteBudget, SatelliteSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Everything the physics rooms say about one scenario."""

    transfer: orbits.TransferSize
    muzzle_speed_m_s: Array
    driver: DriverLine
    lunar_satellite: SatelliteSize
    lunar_bill: SatelliteBudget
    earth_satellite: SatelliteSize
    lander: transport.LandingSize
    mars_lander: transport.LandingSize
    city: CitySize
    needs: industry.Requirements
    needs_local: industry.Requirements
    needs_chips: industry.Requirements
    growth: industry.BalancedGrowth
    growth_local: industry.BalancedGrowth
    steady: industry.Stock
    steady_local: industry.Stock
    steady_chips: industry.Stock
    pv_yield_kWh_W: Array
    pv_mass_kg_W: Array
    deep_demand_frac: Array
    lunar_delivered_frac: Array
    earth_delivered_frac: Array
    ground_delivered_frac: Array
    lunar_link: network.LinkBudget


def design(inputs: Values, *, start_year: int, recipes: industry.Recipes | None = None) -> Design:
    """Size every part of the plan for every draw.

    Parameters
    ----------
    inputs : Values
        Arrays (draw,) by record key.
    start_year : int
        First year of the campaign; the Moon's orbit is sampled over a nodal period from there.
    recipes : Recipes, optional
        Recipe table, as ``industry.scenario_recipes`` gives it; the shipped one by default.

    Returns
    -------
    Design
    """
    transfer, speed = flight(inputs, start_year)
    line = build_driver(inputs, muzzle_speed_m_s=speed)
    lunar, earth = _satellites(inputs, transfer, line.design.acceleration_m_s2)
    bill = call(satellite.budget_satellite, "satellite", inputs, size=lunar)
    town = call(city.size_city, "city", inputs, n_crew=np.ones(inputs.n_draws))
    pv_yield = inputs["industry.sunlit_frac"] * inputs["industry.power_net_frac"] * 8.766
    pv_yield = pv_yield * (1.0 - call(industry.mean_dust, "industry", inputs))
    pv_mass = inputs["industry.pv_mass_ratio"] * inputs["industry.pv_mass_kg_W"]
    recipes = recipes or industry.load_recipes()
    none = np.zeros(inputs.n_draws)
    needs, local, chips = (
        _needs(inputs, recipes, line.budget, bill, town, *fracs)
        for fracs in (
            (none, none),
            (inputs["industry.local_electronics_frac"], none),
            (none, inputs["industry.local_chips_frac"]),
        )
    )
    common = {"pv_yield_kWh_W": pv_yield}
    growth, growth_local = (
        call(industry.balanced_growth, "industry", inputs, needs=n, pv_mass_kg_W=pv_mass, **common)
        for n in (needs, local)
    )
    steady, steady_local, steady_chips = (
        call(industry.steady_state, "industry", inputs, needs=n, satellite_kg_yr=1.0, **common)
        for n in (needs, local, chips)
    )
    landers = [
        call(transport.size_landing, "transport", inputs, landing_delta_v_m_s=inputs[key])
        for key in ("transport.landing_delta_v_m_s", "transport.mars_delta_v_m_s")
    ]
    return Design(
        transfer=transfer,
        muzzle_speed_m_s=speed,
        driver=line,
        lunar_satellite=lunar,
        lunar_bill=bill,
        earth_satellite=earth,
        lander=landers[0],
        mars_lander=landers[1],
        city=town,
        needs=needs,
        needs_local=local,
        needs_chips=chips,
        growth=growth,
        growth_local=growth_local,
        steady=steady,
        steady_local=steady_local,
        steady_chips=steady_chips,
        pv_yield_kWh_W=pv_yield,
        pv_mass_kg_W=pv_mass,
        **_compute(inputs, transfer),
    )


def fly_table(
    inputs: Values, *, start_year: int, progress: Callable[[float], None] | None = None
) -> orbits.ThrowTable:
    """Launch table that :func:`flight` looks draws up in; ``progress`` is told if it is flown."""
    epochs = orbits.campaign_epochs(start_year=start_year)
    return call(orbits.throw_table, "orbits", inputs, t_tdb_s=epochs, progress=progress)


def flight(inputs: Values, start_year: int) -> tuple[orbits.TransferSize, Array]:
    """Transfer at the speed that the driver is built for: announced, or more if the slot asks.

    Parameters
    ----------
    inputs : Values
        Arrays (draw,) by record key.
    start_year : int
        First year of the campaign.

    Returns
    -------
    tuple
        The transfer, and the muzzle speed in m/s (draw,).
    """
    given = {"t_tdb_s": orbits.campaign_epochs(start_year=start_year)}
    announced = inputs["driver.muzzle_speed_m_s"]
    first = call(orbits.size_transfer, "orbits", inputs, muzzle_speed_m_s=announced, **given)
    asked = np.asarray(first.asked_speed_m_s)
    speed = np.where(np.isfinite(asked), np.maximum(announced, asked), announced)
    if np.array_equal(speed, announced):
        return first, speed
    return call(orbits.size_transfer, "orbits", inputs, muzzle_speed_m_s=speed, **given), speed


def _satellites(
    inputs: Values, transfer: orbits.TransferSize, acceleration_m_s2: Array
) -> tuple[SatelliteSize, SatelliteSize]:
    keeping = inputs["satellite.station_keeping_m_s"]
    lunar = call(
        satellite.size_satellite,
        "satellite",
        inputs,
        mass_kg=inputs["driver.payload_kg"],
        distance_au=transfer.distance_au,
        launch_acceleration_m_s2=acceleration_m_s2,
        station_keeping_m_s=keeping + np.nan_to_num(transfer.onboard_delta_v_m_s),
    )
    earth = call(
        satellite.size_satellite,
        "satellite",
        inputs,
        it_power_W=inputs["satellite.earth_unit_it_power_W"],
        distance_au=1.0,
        altitude_m=inputs["satellite.earth_orbit_altitude_m"],
        sunlit_frac=inputs["satellite.earth_orbit_sunlit_frac"],
        launch_acceleration_m_s2=inputs["satellite.earth_launch_acceleration_m_s2"],
    )
    return lunar, earth


def _needs(
    inputs: Values,
    recipes: industry.Recipes,
    line: DriverBudget,
    bill: SatelliteBudget,
    town: CitySize,
    local_frac: Array,
    chips_frac: Array,
) -> industry.Requirements:
    return call(
        industry.product_requirements,
        "industry",
        inputs,
        recipes=recipes,
        local_electronics_frac=local_frac,
        local_chips_frac=chips_frac,
        accelerator_capital_ratio=inputs["industry.accelerator_capital_ratio"],
        n_draws=inputs.n_draws,
        **product_bills(inputs, line=line, satellite_bill=bill, town=town),
    )


def product_bills(
    inputs: Values, *, line: DriverBudget, satellite_bill: SatelliteBudget, town: CitySize
) -> dict[str, Any]:
    """Bills of satellite, driver and crew-day, and plant mass after availability.

    Arguments of :func:`moonbase.industry.product_requirements`, from arrays (draw,) by record key.
    """
    per_day = 1.0 / 365.25
    built_here = (town.habitat_kg + town.greenhouse_kg) - town.landed_equipment_kg
    water = np.maximum(town.water_kg_yr, 0.0)
    supplies = town.supplies_kg_yr + town.rotation_kg_yr + town.spares_kg_yr
    availability = inputs["industry.availability_frac"]
    return {
        "satellite_bill": {c: np.nan_to_num(x) for c, x in satellite_bill.bill_frac.items()},
        "driver_bill": {c: mass / line.line_kg for c, mass in line.bill_kg.items()},
        "crew_day_bill": {"oxygen": town.oxygen_kg_yr * per_day, "water": water * per_day},
        "crew_day_import_kg": supplies * per_day,
        "crew_day_kWh": town.power_W * 24e-3,
        "crew_day_capital_kg_yr": built_here * per_day,
        "capital_ratio": inputs["industry.capital_ratio"] / availability,
        "chipfab_capital_yr": inputs["industry.chipfab_capital_yr"] / availability,
    }


def _compute(inputs: Values, transfer: orbits.TransferSize) -> dict[str, Any]:
    """Delivered share of IT power-time by place, and the market's patience with light delay."""

    def delivered(failures: str, corruptions: str) -> Array:
        useful = call(
            workload.goodput,
            "workload",
            inputs,
            failures_1_yr=inputs[f"workload.{failures}"],
            corruptions_1_yr=inputs[f"workload.{corruptions}"],
        )
        return np.asarray(useful.goodput_frac * inputs["workload.availability_frac"])

    light_s = np.asarray(transfer.light_time_s)
    return {
        "deep_demand_frac": call(
            workload.accepted_demand, "workload", inputs, light_time_s=light_s
        ),
        "lunar_delivered_frac": delivered("failures_1_yr", "corruptions_1_yr"),
        "earth_delivered_frac": delivered(
            "earth_orbit_failures_1_yr", "earth_orbit_corruptions_1_yr"
        ),
        "ground_delivered_frac": delivered("ground_failures_1_yr", "ground_corruptions_1_yr"),
        "lunar_link": call(
            network.link_budget,
            "network",
            inputs,
            distance_m=light_s * SPEED_OF_LIGHT_m_s,
        ),
    }
