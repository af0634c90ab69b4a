"""From a simulated block of draws to the answers: per draw, per year, and over all draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase import economics, workload
from moonbase.campaign import CampaignResult, Setup
from moonbase.campaign.books import Books, collected_sunlight_W
from moonbase.campaign.chips import imports_by_class
from moonbase.core.arrays import Array
from moonbase.core.constants import HOURS_PER_YEAR, JULIAN_YEAR_s
from moonbase.design import Design, Values, call
from moonbase.ensemble import Quantiles, quantiles
from moonbase.satellite import SatelliteSize

HEADLINE_YEARS = (
    "first_lunar_satellite_year",
    "one_terawatt_per_year_year",
    "parity_with_earth_year",
    "parity_with_earth_launch_year",
)
REFERENCE_YEAR = 2050
KARDASHEV_STEPS = (0.728, 0.73, 0.74, 0.76, 0.80, 1.00)
SUN_SHARE_STEPS = (1e-15, 1e-12, 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of a block: scalars (draw,), yearly series (year, draw), dates (draw,).

    ``ledger_usd`` (year, account, draw) is that of the first draws only. ``first`` holds the
    campaign's flows and stocks (year,) of the block's first draw, ``first_satellite_kg_kW`` that
    draw's mass ledger of the satellite.
    """

    year: npt.NDArray[np.int64]
    status: npt.NDArray[np.str_]
    headline: dict[str, Array]
    series: dict[str, Array]
    events: dict[str, Array]
    facts: dict[str, Array]
    first: dict[str, Array]
    first_satellite_kg_kW: dict[str, float]
    ledger_usd: Array
    binding: npt.NDArray[np.int8]
    constraints: tuple[str, ...]

    def take(self, draws: slice) -> Answers:
        """Return the same answers for some draws, the first one among them."""
        tables = ("headline", "series", "events", "facts")
        arrays = ("status", "ledger_usd", "binding")
        changes: dict[str, Any] = {name: getattr(self, name)[..., draws] for name in arrays}
        for table in tables:
            changes[table] = {k: v[..., draws] for k, v in getattr(self, table).items()}
        return replace(self, **changes)


_SHORT_FRAC = 0.01
"""Share of crew-days without supplies above which a draw is marked."""


def _crew_short(result: CampaignResult) -> npt.NDArray[np.bool_]:
    short = result.yearly["short_crew_days"].sum(axis=0)
    fed = (result.yearly["crew_days"] + result.yearly["reserve_crew_days"]).sum(axis=0)
    return np.asarray(short > _SHORT_FRAC * (short + fed))


def _at(year: npt.NDArray[np.int64], values: Array, when: int) -> Array:
    row = np.searchsorted(year, when)
    if row >= len(year) or year[row] != when:
        return np.full(values.shape[-1], np.nan)
    return np.asarray(values[row])


def _overhead(satellite: SatelliteSize) -> Array:
    return np.asarray(satellite.bus_power_W / satellite.it_power_W)


def _series(
    result: CampaignResult, setup: Setup, design: Design, inputs: Values, books: Books
) -> dict[str, Array]:
    flow = result.yearly
    power = flow["power_lunar_W"] + flow["power_earth_launch_W"]
    world = inputs["economics.world_power_W"]
    electric = flow["power_lunar_W"] * _overhead(design.lunar_satellite) + flow[
        "power_earth_launch_W"
    ] * _overhead(design.earth_satellite)
    electric = np.nan_to_num(electric)
    collected = np.nan_to_num(
        collected_sunlight_W(
            design=design, lunar_W=flow["power_lunar_W"], earth_W=flow["power_earth_launch_W"]
        )
    )
    parts = sum(
        flow[f"landed_{name}_parts_kg"] for name in ("satellite", "growth", "maintenance", "driver")
    )
    landed = np.asarray(
        parts + sum(flow[f"landed_{name}_kg"] for name in ("seed", "plant", "crew", "supplies"))
    )
    made = (
        flow["machine_made_kg"]
        + flow["pv_made_W"] * setup.pv_mass_kg_W
        + flow["robots_made"] * setup.robot_mass_kg
        + flow["satellite_made_kg"]
        + flow["driver_made_kg"]
    )
    launched_kW = flow["launched_lunar_W"] / 1e3
    cash = books.ledger.net_usd - books.ledger.amount_usd("external_funding")
    with np.errstate(divide="ignore", invalid="ignore"):
        flown = flow["launched_kg"] >= setup.satellite_kg
        imported = np.where(flown, landed / launched_kW, np.nan)
        closure = np.where(made > 0.0, 1.0 - parts / made, np.nan)
    pflop_days = (
        call(
            workload.flop_per_joule,
            "workload",
            inputs,
            year=result.year[:, None] - 0.5 * inputs["economics.it_life_yr"],
        )
        * inputs["workload.utilisation_frac"]
        * design.ground_delivered_frac
        * (1e3 * JULIAN_YEAR_s / (1e15 * 86_400.0))
    )
    return {
        "power_added_lunar_W_yr": flow["power_added_lunar_W"],
        "power_added_earth_launch_W_yr": flow["power_added_earth_launch_W"],
        "power_added_W_yr": flow["power_added_lunar_W"] + flow["power_added_earth_launch_W"],
        "power_in_service_lunar_W": flow["power_lunar_W"],
        "power_in_service_earth_launch_W": flow["power_earth_launch_W"],
        "power_in_service_W": power,
        "kardashev": economics.kardashev(power_W=world + electric),
        "sun_share_frac": economics.sun_share(power_W=collected),
        "delivered_compute_flop_s": _delivered(flow, design, inputs),
        "cost_lunar_usd_kW_yr": books.cost_lunar_usd_kW_yr,
        "cost_earth_launch_usd_kW_yr": books.cost_earth_launch_usd_kW_yr,
        "cost_earth_usd_kW_yr": books.cost_earth_usd_kW_yr,
        "cost_lunar_usd_PFLOP_day": books.cost_lunar_usd_kW_yr / pflop_days,
        "cost_earth_launch_usd_PFLOP_day": books.cost_earth_launch_usd_kW_yr / pflop_days,
        "cost_earth_usd_PFLOP_day": books.cost_earth_usd_kW_yr / pflop_days,
        "launch_price_usd_kg": books.launch_usd_kg,
        "landed_price_usd_kg": books.landed_usd_kg,
        "flights_yr": flow["flights_moon"] + flow["flights_orbit"],
        "landed_kg_yr": landed,
        "launched_kg_yr": flow["launched_kg"],
        "regolith_kg_yr": flow["regolith_kg"],
        "industry_mass_kg": flow["plant_kg"]
        + flow["pv_W"] * setup.pv_mass_kg_W
        + flow["n_robots"] * setup.robot_mass_kg,
        "surface_power_W": flow["pv_W"],
        "n_robots": flow["n_robots"],
        "n_crew": flow["n_crew"],
        "imported_kg_per_kW": imported,
        **imports_by_class(result, setup),
        "import_stop_yr": _stop_time(flow),
        "closure_frac": closure,
        "driver_capacity_kg_yr": flow["driver_capacity_kg_yr"],
        "revenue_usd_yr": books.ledger.sources_usd - books.ledger.amount_usd("external_funding"),
        "spend_usd_yr": books.ledger.uses_usd,
        "cash_flow_usd_yr": cash,
        "cumulative_cash_usd": np.cumsum(cash, axis=0),
    }


def _stop_time(flow: Mapping[str, Array]) -> Array:
    """Time that stocks of imported spares or supplies last at the year's use if no ship comes."""
    stocks = (("spares_kg", "spares_used_kg"), ("supplies_kg", "supplies_used_kg"))
    return np.fmin(*(_ratio(flow[stock], flow[used]) for stock, used in stocks))


def _delivered(flow: Mapping[str, Array], design: Design, inputs: Values) -> Array:
    """Delivered compute: installed FLOP/s by cohort times utilisation and useful share."""
    total = flow["power_lunar_W"] + flow["power_earth_launch_W"]
    useful = (
        flow["power_lunar_W"] * design.lunar_delivered_frac
        + flow["power_earth_launch_W"] * design.earth_delivered_frac
    )
    share = np.where(total > 0.0, useful / np.where(total > 0.0, total, 1.0), 0.0)
    return np.asarray(flow["compute_flop_s"] * share * inputs["workload.utilisation_frac"])


def _threshold_years(year: npt.NDArray[np.int64], values: Array, step: float) -> Array:
    """End of the first year in which a rising series reaches a step, nan if never."""
    reached = values >= step
    first = reached.argmax(axis=0)
    return np.where(reached.any(axis=0), year[first] + 1.0, np.nan)


def answer(
    *,
    result: CampaignResult,
    setup: Setup,
    design: Design,
    inputs: Values,
    books: Books,
    status: npt.NDArray[np.str_],
    n_ledger: int,
) -> Answers:
    """Collect the answers of a block of draws.

    Parameters
    ----------
    result, setup, design, inputs, books
        What the stages gave.
    status : array of str
        Status of each draw.
    n_ledger : int
        How many of the first draws keep their ledger.

    Returns
    -------
    Answers
    """
    year = result.year
    series = _series(result, setup, design, inputs, books)
    launched_kW = result.yearly["launched_lunar_W"].sum(axis=0) / 1e3
    landed = series["landed_kg_yr"].sum(axis=0) if setup.lunar else np.zeros(setup.n_draws)
    parity = {
        name: economics.parity_year(
            year=year.astype(float),
            cost_a_usd_kW_yr=np.where(
                np.isnan(books.cost_lunar_usd_kW_yr), np.inf, books.cost_lunar_usd_kW_yr
            ),
            cost_b_usd_kW_yr=rival,
        )
        for name, rival in (
            ("parity_with_earth_year", books.cost_earth_usd_kW_yr),
            ("parity_with_earth_launch_year", books.cost_earth_launch_usd_kW_yr),
        )
    }
    own = design.lunar_satellite if setup.lunar else design.earth_satellite
    headline = {
        "first_lunar_satellite_year": result.event_year["first_lunar_satellite"],
        "one_terawatt_per_year_year": result.event_year["one_terawatt_per_year"],
        **parity,
        "levelised_cost_usd_kW_yr": books.levelised_usd_kW_yr,
        "levelised_cost_earth_usd_kW_yr": books.levelised_earth_usd_kW_yr,
        "levelised_cost_earth_launch_usd_kW_yr": books.levelised_earth_launch_usd_kW_yr,
        "power_in_service_2050_W": _at(year, series["power_in_service_W"], REFERENCE_YEAR),
        "kardashev_2050": _at(year, series["kardashev"], REFERENCE_YEAR),
        "imported_kg_per_kW": np.where(
            launched_kW > 0.0, landed / np.where(launched_kW > 0.0, launched_kW, 1.0), np.nan
        ),
        "satellite_specific_power_W_kg": np.asarray(own.specific_power_W_kg),
        "driver_length_m": np.asarray(design.driver.size.length_m),
        "driver_mean_power_W": np.asarray(design.driver.size.mean_power_W),
        "peak_funding_usd": books.peak_funding_usd,
        "npv_usd": books.npv_usd,
        "irr_frac": books.irr_frac,
    }
    if not setup.lunar:
        for name in ("driver_length_m", "driver_mean_power_W"):
            headline[name] = np.full(setup.n_draws, np.nan)
    events = {f"{name}_year": when for name, when in result.event_year.items()} | parity
    for step in KARDASHEV_STEPS:
        events[f"kardashev_{step:g}"] = _threshold_years(year, series["kardashev"], step)
    for step in SUN_SHARE_STEPS:
        events[f"sun_share_{step:.0e}"] = _threshold_years(year, series["sun_share_frac"], step)
    events["payback_year"] = books.payback_year
    return Answers(
        year=year,
        status=np.where((status == "ok") & _crew_short(result), "crew_short", status),
        headline={
            name: np.broadcast_to(values, (setup.n_draws,)).astype(float)
            for name, values in headline.items()
        },
        series=series,
        events=events,
        facts=_facts(setup, design, series, result.yearly, inputs["economics.world_power_W"]),
        first={name: values[:, 0].copy() for name, values in result.yearly.items()},
        first_satellite_kg_kW={
            term: float(np.ravel(mass)[0]) for term, mass in own.ledger_kg_kW.items()
        },
        ledger_usd=books.ledger.usd[..., :n_ledger].copy(),
        binding=result.binding,
        constraints=result.constraints,
    )


def _ratio(a: Array, b: Array) -> Array:
    return np.where(b > 0.0, a / np.where(b > 0.0, b, 1.0), np.nan)


def _facts(
    setup: Setup,
    design: Design,
    series: Mapping[str, Array],
    flow: Mapping[str, Array],
    world_W: Array,
) -> dict[str, Array]:
    """Design figures per draw, by ``room.name``."""
    line, transfer = design.driver, design.transfer
    size = line.size
    lunar_MW = flow["power_added_lunar_W"].sum(axis=0) / 1e6
    earth_MW = flow["power_added_earth_launch_W"].sum(axis=0) / 1e6
    facts: dict[str, object] = {
        "driver.length_m": size.length_m,
        "driver.launch_time_s": size.launch_time_s,
        "driver.peak_power_W": size.peak_power_W,
        "driver.mean_power_W": size.mean_power_W,
        "driver.energy_per_launch_J": size.energy_per_launch_J,
        "driver.storage_J": size.storage_J,
        "driver.heat_W": size.heat_W,
        "driver.own_mass_kg": line.budget.line_kg,
        "driver.sled_kg": line.design.sled_kg,
        "driver.efficiency_frac": line.design.efficiency_frac,
        "driver.converter_VA": line.design.converter_VA,
        "driver.selector_VA": line.design.selector_VA,
        "driver.duty_frac": line.plant.duty_frac,
        "driver.launches_per_hour": size.n_launches_per_hour,
        "driver.used_power_W": flow["throw_kWh"].max(axis=0) / HOURS_PER_YEAR * 1e3,
        "driver.throughput_kg_yr": size.throughput_kg_yr,
        "driver.muzzle_speed_m_s": design.muzzle_speed_m_s,
        "flight.muzzle_speed_m_s": design.muzzle_speed_m_s,
        "flight.asked_speed_m_s": np.where(
            np.isfinite(transfer.asked_speed_m_s), transfer.asked_speed_m_s, np.nan
        ),
        "flight.c3_moon_m2_s2": transfer.c3_moon_m2_s2,
        "flight.c3_earth_m2_s2": transfer.c3_earth_m2_s2,
        "flight.v_inf_earth_m_s": transfer.v_inf_earth_m_s,
        "flight.transfer_s": transfer.transfer_s,
        "flight.usable_frac": transfer.usable_frac,
        "flight.phasing_s": transfer.phasing_s,
        "flight.drift_rad_yr": transfer.drift_rad_yr,
        "flight.light_time_s": transfer.light_time_s,
        "industry.growth_1_yr": design.growth.growth_1_yr,
        "industry.doubling_yr": design.growth.doubling_yr,
        "industry.import_ratio": design.growth.import_ratio,
        "industry.satellite_import_ratio": design.needs.import_kg[3],
        "transport.n_flights_per_lunar_MW": _ratio(flow["flights_moon"].sum(axis=0), lunar_MW),
        "transport.n_flights_per_earth_MW": _ratio(flow["flights_orbit"].sum(axis=0), earth_MW),
        "transport.n_flights_per_landing": setup.flights_per_landing,
        "network.rate_bit_s": design.lunar_link.rate_bit_s,
        "satellite.it_power_W": design.lunar_satellite.it_power_W,
        "fleet.added_last_W_yr": series["power_added_W_yr"][-1],
        "fleet.loss_1_yr": setup.loss_1_yr + setup.degradation_1_yr,
        "fleet.world_W": world_W,
    }
    n = (setup.n_draws,)
    return {k: np.broadcast_to(np.asarray(v, dtype=float), n).copy() for k, v in facts.items()}


def join(blocks: Sequence[Answers]) -> Answers:
    """Put blocks of draws side by side."""
    first = blocks[0]

    def cat(name: str) -> dict[str, Array]:
        tables = [getattr(block, name) for block in blocks]
        return {key: np.concatenate([t[key] for t in tables], axis=-1) for key in tables[0]}

    return Answers(
        year=first.year,
        status=np.concatenate([block.status for block in blocks]),
        headline=cat("headline"),
        series=cat("series"),
        events=cat("events"),
        facts=cat("facts"),
        first=first.first,
        first_satellite_kg_kW=first.first_satellite_kg_kW,
        ledger_usd=np.concatenate([block.ledger_usd for block in blocks], axis=-1),
        binding=np.concatenate([block.binding for block in blocks], axis=-1),
        constraints=first.constraints,
    )


def headline_quantiles(answers: Answers) -> dict[str, Quantiles]:
    """P10, P50, P90 and share of every headline answer."""
    return {
        name: quantiles(values, never_is_late=name in HEADLINE_YEARS)
        for name, values in answers.headline.items()
    }
