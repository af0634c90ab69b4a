"""From a scenario, or a design and the policy records, to the simulator's setup.

Electronics and accelerators are made on the Moon never, wherever an industry that makes them can
replace itself, or (``sampled``) only where the plant per satellite stream grows no more than the
policy record allows and imports fall, replacement of that plant included: the draw's capital of the
chip plant decides.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase import economics, industry, transport, workload
from moonbase.campaign.noise import SOURCES
from moonbase.campaign.setup import CLASSES, Chance, IndustryMix, Rules, Setup
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.design import Design, call, design
from moonbase.ensemble import Inputs
from moonbase.industry import BalancedGrowth, Stock, scenario_recipes
from moonbase.scenario import Scenario

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


CHIP_CHOICES = ("imported", "lunar", "sampled")
"""Where electronics and accelerators come from."""
_HOPELESS_PLANT = 1e3
"""kg of plant per kg/yr of satellites: where the steady state has diverged."""


def _mix(stock: Stock, small_frac: Array, small_ratio: Array) -> IndustryMix:
    """Balanced mix; shops below ``small_frac`` of the whole get ``small_ratio`` their share."""
    plant = stock.plant_kg.sum(axis=0)
    share = stock.plant_kg / plant
    share = np.where(share < small_frac, small_ratio * share, share)
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


def setup_of(scenario: Scenario, inputs: Inputs) -> tuple[Design, Setup]:
    """Design of a scenario and the simulator's setup.

    Parameters
    ----------
    scenario : Scenario
    inputs : Inputs
        Sampled records of the scenario.

    Returns
    -------
    tuple
        Design and Setup.

    Examples
    --------
    >>> from moonbase.ensemble import sample
    >>> from moonbase.scenario import load_scenario
    >>> alpha = load_scenario("alpha")
    >>> _, setup = setup_of(alpha, sample(alpha.records, n_draws=2, seed=0))
    >>> setup.policy, setup.n_draws
    ('grow_then_export', 2)
    """
    options = scenario.options
    recipes = scenario_recipes(scenario)
    sized = design(inputs, start_year=options.start_year, recipes=recipes)
    return sized, build_setup(
        design=sized,
        inputs=inputs,
        start_year=options.start_year,
        end_year=options.end_year,
        lunar_industry=options.lunar_industry == "on",
        seed_to_moon=options.seed_destination == "moon",
        earth_orbit_first=options.first_priority == "earth_orbit",
        policy=options.growth_policy,
        chips=options.chips,
        chance=options.chance,
        class_order=options.class_order,
    )


def build_setup(
    *,
    design: Design,
    inputs: Inputs,
    start_year: int,
    end_year: int,
    lunar_industry: bool,
    seed_to_moon: bool,
    earth_orbit_first: bool,
    policy: str,
    chips: str = "sampled",
    chance: tuple[str, ...] = SOURCES,
    class_order: tuple[str, ...] = CLASSES,
) -> Setup:
    """Put a design, the records and the scenario's choices together for the simulator.

    Parameters
    ----------
    design : Design
    inputs : Inputs
        Arrays (draw,) by record key, with the numbers of the draws and their seed.
    start_year, end_year : int
        Calendar years, both included.
    lunar_industry, seed_to_moon, earth_orbit_first : bool
        The scenario's choices.
    policy : str
        Name of a policy.
    chips : str
        ``imported``, ``lunar`` or ``sampled``.
    chance : tuple of str
        Sources of chance, of ``noise.SOURCES``; draw 0 has none.
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
        policy=policy,
        class_order=class_order,
        rules=Rules(**{field.name: inputs[f"campaign.{field.name}"] for field in fields(Rules)}),
        chance=_chance(inputs, chance if lunar_industry else ()),
        **_industry(design, inputs),
        **local_shares(design, inputs, year, chips),
        **_ships(inputs, year, ok & lunar_industry | (not seed_to_moon)),
        **_city(design, inputs),
        **_driver(design, inputs),
        **_fleet(design, inputs, year),
        landed_kg=_full(lander.landed_kg, inputs),
        flights_per_landing=_full(lander.n_flights_per_landing, inputs),
    )


def _full(value: Any, inputs: Inputs) -> Array:
    return np.array(np.broadcast_to(value, (inputs.n_draws,)), dtype=float)


def _chance(inputs: Inputs, sources: tuple[str, ...]) -> Chance:
    """Spreads of the sources that are on, zero in the nominal draw."""
    random = (inputs.draw > 0).astype(float)

    def spread(source: str, key: str) -> Array:
        return np.asarray(inputs[f"industry.{key}"] * random * (source in sources))

    cleaning = inputs["industry.dust_cleaning_yr"]
    return Chance(
        seed=inputs.seed,
        draw=inputs.draw,
        landings_ratio=random * ("landings" in sources),
        broken_frac=1.0 - inputs["industry.availability_frac"],
        breakdown_spread_ratio=spread("breakdowns", "breakdown_spread_ratio"),
        breakdown_yr=inputs["industry.breakdown_yr"],
        breakdown_wear_frac=inputs["industry.breakdown_wear_frac"],
        plant_unit_kg=inputs["industry.plant_unit_kg"],
        dust_spread_ratio=spread("dust", "dust_spread_ratio"),
        dust_frac=call(industry.mean_dust, "industry", inputs),
        dust_stay_yr=0.5 * cleaning,
        build_lag_spread_ratio=spread("build_lag", "build_lag_spread_ratio"),
    )


def _industry(design: Design, inputs: Inputs) -> dict[str, Any]:
    slack = inputs["campaign.small_shop_frac"], inputs["campaign.small_shop_ratio"]
    none = np.zeros(inputs.n_draws), np.ones(inputs.n_draws)
    return {
        "needs": design.needs,
        "needs_local": design.needs_local,
        "needs_chips": design.needs_chips,
        "growth_mix": _mix(design.growth.stock, *slack),
        "growth_mix_local": _mix(design.growth_local.stock, *slack),
        "growth_ray": _mix(design.growth.stock, *none),
        "growth_ray_local": _mix(design.growth_local.stock, *none),
        "export_mix": _mix(design.steady, *slack),
        "export_mix_local": _mix(design.steady_local, *slack),
        "export_mix_chips": _mix(design.steady_chips, *slack),
        "plant_per_satellite_yr": _plant_per_stream(design.steady),
        "plant_per_satellite_local_yr": _plant_per_stream(design.steady_local),
        "plant_per_satellite_chips_yr": _plant_per_stream(design.steady_chips),
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
                "learning_rate_frac",
                "learning_floor_frac",
            )
        },
    }


def local_shares(design: Design, inputs: Inputs, year: Array, choice: str) -> dict[str, Any]:
    """Planned shares of electronics and of accelerators from the Moon, of their final shares.

    Parameters
    ----------
    design : Design
    inputs : Inputs
    year : Array
        Calendar years, (year, 1).
    choice : str
        One of ``CHIP_CHOICES``.

    Returns
    -------
    dict
        Fields ``local_frac`` and ``local_chips_frac`` of ``Setup``, (year, draw).

    Raises
    ------
    DomainError
        There is no such choice.
    """
    if choice not in CHIP_CHOICES:
        raise DomainError(
            f"unknown choice {choice!r}", path="chips", hint=f"one of {', '.join(CHIP_CHOICES)}"
        )
    ramp = inputs["industry.local_electronics_ramp_yr"]
    bound = inputs["campaign.local_plant_ratio"]

    def share(start: str, stock: Stock, growth: BalancedGrowth) -> Array:
        plant = _plant_per_stream(stock)
        able = (plant < _HOPELESS_PLANT) & (growth.gamma_1_yr > 0.0)
        if choice == "sampled":
            able &= plant <= bound * _plant_per_stream(design.steady)
            able &= stock.import_kg_yr < design.steady.import_kg_yr
        made = able * (choice != "imported")
        return np.asarray(np.clip((year - inputs[f"industry.{start}"]) / ramp, 0.0, 1.0) * made)

    return {
        "local_frac": share(
            "local_electronics_start_year", design.steady_local, design.growth_local
        ),
        "local_chips_frac": share("local_chips_start_year", design.steady_chips, design.growth),
    }


def _ships(inputs: Inputs, year: Array, ok: npt.NDArray[np.bool_]) -> dict[str, Any]:
    flights = call(transport.flight_cap, "transport", inputs, year=year)
    return {
        "seed_kg": inputs["campaign.seed_kg"] * ok,
        "first_landing_year": inputs["transport.first_landing_year"],
        "flights_yr": flights * (1.0 - inputs["transport.other_flights_frac"]),
        "moon_flight_frac": inputs["campaign.moon_flight_frac"],
        "landing_loss_frac": inputs["transport.landing_loss_frac"],
        "orbit_payload_kg": inputs["transport.orbit_payload_kg"],
    }


def _city(design: Design, inputs: Inputs) -> dict[str, Any]:
    return {
        "first_crew_year": inputs["city.first_crew_year"],
        "crew_hours_h_yr": inputs["city.crew_work_h_yr"],
        "crew_need_h_kg_yr": inputs["city.maintenance_h_kg"],
        "remote_labour_frac": inputs["city.robot_labour_frac"],
        "crew_arrival_kg": inputs["city.seat_kg"] + np.asarray(design.city.landed_equipment_kg),
    }


def _driver(design: Design, inputs: Inputs) -> dict[str, Any]:
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


def _fleet(design: Design, inputs: Inputs, year: Array) -> dict[str, Any]:
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
