"""From a design and the policy records to the simulator's setup.

Electronics are made on the Moon only where the plant per satellite stream grows no more than the
policy record allows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase import economics, transport, workload
from moonbase.campaign.setup import IndustryMix, Setup
from moonbase.core.arrays import Array
from moonbase.design import Design, Values, call
from moonbase.industry import Stock

STATUS = {
    "ok": "the draw ran to the end",
    "no_transfer": "no muzzle speed reaches the slot as often as asked; "
    "relax orbits.drift_rate_rad_yr",
    "satellite_too_small": "fixed items outweigh the satellite; raise driver.payload_kg",
    "industry_cannot_replace_itself": "plant wears out faster than it can remake itself; "
    "lower industry.capital_ratio or import more",
    "crew_short": "more than 1 % of crew-days lacked supplies; land more or send fewer people",
}
"""Status of a draw -> what it means and what to do; the middle three build nothing lunar."""

_SMALL_PLANT = 0.05


def _mix(stock: Stock) -> IndustryMix:
    """Balanced mix; plants below a twentieth of the whole get half again their share as slack."""
    plant = stock.plant_kg.sum(axis=0)
    share = stock.plant_kg / plant
    share = np.where(share < _SMALL_PLANT, 1.5 * share, share)
    return IndustryMix(
        plant_frac=np.nan_to_num(share / share.sum(axis=0)),
        pv_W_kg=np.nan_to_num(stock.pv_W / plant),
        n_robots_per_kg=np.nan_to_num(stock.n_robots / plant),
    )


def _plant_per_stream(stock: Stock) -> Array:
    plant = np.nan_to_num(stock.plant_kg.sum(axis=0), nan=_HOPELESS_PLANT)
    return np.asarray(np.minimum(plant, _HOPELESS_PLANT))


def draw_status(design: Design, *, lunar_industry: bool) -> npt.NDArray[np.str_]:
    """Status of every draw before the campaign, one of STATUS."""
    n = design.muzzle_speed_m_s.shape
    if not lunar_industry:
        return np.full(n, "ok")
    plant = design.steady.plant_kg.sum(axis=0)
    power = np.asarray(design.lunar_satellite.specific_power_W_kg)
    usable = np.asarray(design.transfer.usable_frac) > 0.0
    return np.select(
        [
            ~np.broadcast_to(np.isfinite(design.transfer.asked_speed_m_s) & usable, n),
            ~np.broadcast_to(np.isfinite(power) & (power > 0.0), n),
            ~((plant < _HOPELESS_PLANT) & (design.growth.gamma_1_yr > 0.0)),
        ],
        ["no_transfer", "satellite_too_small", "industry_cannot_replace_itself"],
        "ok",
    )


_HOPELESS_PLANT = 1e3
"""kg of plant per kg/yr of satellites: where the steady state has diverged."""


def build_setup(
    *,
    design: Design,
    inputs: Values,
    start_year: int,
    end_year: int,
    lunar_industry: bool,
    seed_to_moon: bool,
    earth_orbit_first: bool,
    export_share: bool,
    class_order: tuple[str, ...],
) -> Setup:
    """Put a design, the records and the scenario's choices together for the simulator.

    Parameters
    ----------
    design : Design
    inputs : Values
        Arrays (draw,) by record key.
    start_year, end_year : int
        Calendar years, both included.
    lunar_industry, seed_to_moon, earth_orbit_first, export_share : bool
        The scenario's choices.
    class_order : tuple of str
        Priority classes, first served first.

    Returns
    -------
    Setup
    """
    year = np.arange(start_year, end_year + 1, dtype=float)[:, None]
    lander = design.lander if seed_to_moon else design.mars_lander
    ok = draw_status(design, lunar_industry=lunar_industry) == "ok"
    return Setup(
        start_year=start_year,
        end_year=end_year,
        lunar=lunar_industry,
        seed_to_moon=seed_to_moon,
        earth_orbit_first=earth_orbit_first,
        export_share=export_share,
        class_order=class_order,
        **_industry(design, inputs, year),
        **_policy(inputs, ok & lunar_industry | (not seed_to_moon)),
        **_ships(inputs, year),
        **_city(design, inputs),
        **_driver(design, inputs),
        **_fleet(design, inputs, year),
        landed_kg=_full(lander.landed_kg, inputs),
        flights_per_landing=_full(lander.n_flights_per_landing, inputs),
    )


def _full(value: Any, inputs: Values) -> Array:
    return np.array(np.broadcast_to(value, (inputs.n_draws,)), dtype=float)


def _industry(design: Design, inputs: Values, year: Array) -> dict[str, Any]:
    start = inputs["industry.local_electronics_start_year"]
    ramp = inputs["industry.local_electronics_ramp_yr"]
    most = inputs["campaign.local_plant_ratio"] * _plant_per_stream(design.steady)
    worth = _plant_per_stream(design.steady_local) <= most
    return {
        "needs": design.needs,
        "needs_local": design.needs_local,
        "growth_mix": _mix(design.growth.stock),
        "growth_mix_local": _mix(design.growth_local.stock),
        "export_mix": _mix(design.steady),
        "export_mix_local": _mix(design.steady_local),
        "plant_per_satellite_yr": _plant_per_stream(design.steady),
        "plant_per_satellite_local_yr": _plant_per_stream(design.steady_local),
        "local_frac": np.clip((year - start) / ramp, 0.0, 1.0) * worth,
        "pv_yield_kWh_W": design.pv_yield_kWh_W,
        "pv_mass_kg_W": design.pv_mass_kg_W,
        **{
            key: inputs[f"industry.{key}"]
            for key in (
                "robot_hours_h_yr",
                "pv_life_yr",
                "robot_life_yr",
                "robot_mass_kg",
                "build_lag_yr",
            )
        },
    }


def _policy(inputs: Values, ok: npt.NDArray[np.bool_]) -> dict[str, Any]:
    return {
        "seed_kg": inputs["campaign.seed_kg"] * ok,
        "first_landing_year": inputs["transport.first_landing_year"],
        **{
            key: inputs[f"campaign.{key}"]
            for key in (
                "plant_import_frac",
                "reinvest_frac",
                "export_frac",
                "driver_start_ratio",
                "driver_share_frac",
                "driver_build_yr",
            )
        },
    }


def _ships(inputs: Values, year: Array) -> dict[str, Any]:
    flights = call(transport.flight_cap, "transport", inputs, year=year)
    return {
        "flights_yr": flights * (1.0 - inputs["transport.other_flights_frac"]),
        "moon_flight_frac": inputs["campaign.moon_flight_frac"],
        "landing_loss_frac": inputs["transport.landing_loss_frac"],
        "orbit_payload_kg": inputs["transport.orbit_payload_kg"],
    }


def _city(design: Design, inputs: Values) -> dict[str, Any]:
    return {
        "first_crew_year": inputs["city.first_crew_year"],
        "crew_hours_h_yr": inputs["city.crew_work_h_yr"],
        "crew_need_h_kg_yr": inputs["city.maintenance_h_kg"],
        "remote_labour_frac": inputs["city.robot_labour_frac"],
        "crew_arrival_kg": inputs["city.seat_kg"] + np.asarray(design.city.landed_equipment_kg),
        "crew_growth_1_yr": inputs["campaign.crew_growth_1_yr"],
        "n_first_party": inputs["campaign.n_first_party"],
    }


def _driver(design: Design, inputs: Values) -> dict[str, Any]:
    line, transfer = design.driver, design.transfer
    return {
        "driver_line_kg": _full(line.budget.line_kg, inputs),
        "driver_line_capacity_kg_yr": _full(line.budget.capacity_kg_yr, inputs),
        "driver_life_yr": _full(line.budget.line_kg / line.budget.spares_kg_yr, inputs),
        "driver_availability_frac": np.maximum(_full(transfer.usable_frac, inputs), 1e-6),
        "throw_kWh_kg": _full(line.size.energy_per_payload_J_kg, inputs) / 3.6e6,
        "satellite_kg": inputs["driver.payload_kg"],
        "transfer_s": _full(np.nan_to_num(transfer.transfer_s), inputs),
        "transfer_loss_frac": _full(transfer.loss_frac, inputs),
    }


def _fleet(design: Design, inputs: Values, year: Array) -> dict[str, Any]:
    base_W = inputs["campaign.earth_build_base_W_yr"]
    ceiling_W = inputs["campaign.earth_build_ceiling_W_yr"]
    elapsed = year - inputs["campaign.earth_build_base_year"]
    grown = base_W * np.exp(inputs["campaign.earth_build_growth_1_yr"] * np.minimum(elapsed, 60.0))
    return {
        "lunar_power_W_kg": np.nan_to_num(
            _full(design.lunar_satellite.specific_power_W_kg, inputs), nan=1.0
        ),
        "earth_power_W_kg": _full(design.earth_satellite.specific_power_W_kg, inputs),
        "life_yr": inputs["satellite.life_yr"],
        "loss_1_yr": inputs["satellite.loss_1_yr"],
        "degradation_1_yr": inputs["satellite.chip_loss_1_yr"],
        "flop_J": call(workload.flop_per_joule, "workload", inputs, year=year),
        "demand_W": call(economics.demand_power, "economics", inputs, year=year),
        "deep_demand_frac": _full(design.deep_demand_frac, inputs),
        "earth_build_W_yr": np.where(
            elapsed >= 0.0, grown / (1.0 + (grown - base_W) / ceiling_W), 0.0
        ),
        "goal_added_W_yr": inputs["campaign.goal_added_W_yr"],
        "earth_fleet_cap_W": inputs["campaign.n_earth_orbit_cap"]
        * inputs["satellite.earth_unit_it_power_W"],
    }
