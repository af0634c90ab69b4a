"""The order in which the physics rooms are called for one scenario, and what passes between them.

flight (asked speed) -> driver -> flight (windows, transit) -> satellite -> transport, city ->
industry. Every result has the draw axis last.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from moonbase import city, driver, industry, network, orbits, satellite, transport, workload
from moonbase.city import CitySize
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s, SPEED_OF_LIGHT_m_s, SYNODIC_MONTH_s
from moonbase.driver import DriverBudget, DriverDesign, DriverSize, Plant
from moonbase.satellite import SatelliteBudget, SatelliteSize

_Result = TypeVar("_Result")
_J2000_YEAR = 2000.0
_EASINGS, _EASING = 8, 0.75
"""How often and by what factor thrust and braking of a line that breaks a limit are lowered."""
_GROUP = 12
"""Coils or converters that stand in for one another."""
_OPERATION = (
    "converter_VA_kg",
    "n_coil_life_pulses",
    "n_converter_life_pulses",
    "repair_s",
    "n_service_bays",
    "quench_frac",
    "quench_recovery_s",
    "n_shots_between_services",
    "service_s",
    "n_sled_life_shots",
)
N_EPOCHS = 120


class Values(Protocol):
    """What ``design`` reads: arrays by key."""

    n_draws: int

    def __getitem__(self, key: str, /) -> Array: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverLine:
    """One line of the mass driver as far as the campaign needs it."""

    size: DriverSize
    design: DriverDesign
    plant: Plant
    budget: DriverBudget


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
    growth: industry.Growth
    growth_local: industry.Growth
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


@lru_cache(maxsize=128)
def _names(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty
    )


def call(function: Callable[..., _Result], room: str, inputs: Values, /, **given: Any) -> _Result:
    """Call a room's function; arguments not given come from the records of the same name.

    Parameters
    ----------
    function : Callable
        Keyword-only function of a room.
    room : str
        First part of the records' keys.
    inputs : Values
        Arrays by key.
    **given
        Arguments that other stages provide.

    Returns
    -------
    The function's result.

    Examples
    --------
    >>> class One(dict):
    ...     n_draws = 1
    >>> inputs = One({"network.distance_m": np.array(3e8)})
    >>> float(call(network.light_time, "network", inputs).round(3))
    1.001
    """
    missing = {name: inputs[f"{room}.{name}"] for name in _names(function) if name not in given}
    return function(**missing, **given)


def design(inputs: Values, *, start_year: int) -> Design:
    """Size every part of the plan for every draw.

    Parameters
    ----------
    inputs : Values
        Arrays (draw,) by record key.
    start_year : int
        First year of the campaign; the Moon's orbit is sampled over a nodal period from there.

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
    none = np.zeros(inputs.n_draws)
    shares = inputs["industry.local_electronics_frac"], inputs["industry.local_chips_frac"]
    needs, local, chips = (
        _needs(inputs, line.budget, bill, town, *fracs)
        for fracs in ((none, none), (shares[0], none), (none, shares[1]))
    )
    common = {"pv_yield_kWh_W": pv_yield}
    growth, growth_local = (
        call(industry.growth, "industry", inputs, needs=n, pv_mass_kg_W=pv_mass, **common)
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
    epochs = orbits.release_epochs(
        start_tdb_s=(start_year - _J2000_YEAR) * JULIAN_YEAR_s, n_epochs=N_EPOCHS
    )
    announced = inputs["driver.muzzle_speed_m_s"]
    first = call(orbits.size_transfer, "orbits", inputs, t_tdb_s=epochs, muzzle_speed_m_s=announced)
    asked = np.asarray(first.asked_speed_m_s)
    speed = np.where(np.isfinite(asked), np.maximum(announced, asked), announced)
    if np.array_equal(speed, announced):
        return first, speed
    return call(
        orbits.size_transfer, "orbits", inputs, t_tdb_s=epochs, muzzle_speed_m_s=speed
    ), speed


def build_driver(inputs: Values, *, muzzle_speed_m_s: Array) -> DriverLine:
    """Design, operate and weigh one line of the mass driver.

    The section design gives sled, efficiency and ratings; the closed form gives length, power and
    heat with them; availability and wear give what the line throws in a year.

    Parameters
    ----------
    inputs : Values
        Arrays (draw,) by record key.
    muzzle_speed_m_s : Array
        Speed that the line is built for (draw,).

    Returns
    -------
    DriverLine
    """
    lines = _feasible_line(inputs, muzzle_speed_m_s)
    store = inputs["driver.store_efficiency_frac"]
    captured = inputs["driver.regeneration_capture_frac"] * store
    n_sleds = np.maximum(inputs["driver.sled_loop_s"] / inputs["driver.cadence_s"], 1.0)
    n_sleds = np.ceil(n_sleds * inputs["driver.sled_fleet_ratio"])
    given = {
        "muzzle_speed_m_s": muzzle_speed_m_s,
        "acceleration_m_s2": lines.acceleration_m_s2,
        "deceleration_m_s2": lines.deceleration_m_s2,
        "sled_kg": lines.sled_kg,
        "wall_plug_efficiency_frac": lines.efficiency_frac * store,
        "regeneration_frac": lines.regeneration_frac * captured,
        "electric_peak_ratio": lines.window.peak_power_ratio / lines.efficiency_frac,
    }
    plant = _operate(inputs, lines, n_sleds, given)
    delivered = plant.duty_frac * inputs["driver.shot_success_frac"]
    size = call(driver.size_driver, "driver", inputs, duty_frac=delivered, **given)
    shares = {name: inputs[f"driver.{name}"] for name in driver.SHARES}
    budget = call(
        driver.budget_driver,
        "driver",
        inputs,
        size=size,
        design=lines,
        plant=plant,
        n_sleds=n_sleds,
        shares_frac=shares,
    )
    return DriverLine(size=size, design=lines, plant=plant, budget=budget)


class _Some:
    """Some draws of the inputs; never one alone, whose column numpy would add up otherwise."""

    def __init__(self, inputs: Values, draws: npt.NDArray[np.intp]) -> None:
        self._inputs, self._draws = inputs, draws
        self.n_draws = draws.size

    def __getitem__(self, key: str, /) -> Array:
        return self._inputs[key][self._draws]


def _feasible_line(inputs: Values, muzzle_speed_m_s: Array) -> DriverDesign:
    """Section design; draws that break a limit are built for less and less force."""
    line = _design_line(inputs, muzzle_speed_m_s, 1.0)
    broken = np.flatnonzero(~line.is_feasible)
    ease = 1.0
    for _ in range(_EASINGS):
        if not broken.size:
            break
        if broken.size == 1:
            broken = np.repeat(broken, 2)
        ease *= _EASING
        eased = _design_line(_Some(inputs, broken), muzzle_speed_m_s[broken], ease)
        line = driver.replace_draws(line, broken, eased)
        broken = broken[~eased.is_feasible]
    return line


def _design_line(inputs: Values, speed: Array, ease: float) -> DriverDesign:
    return call(
        driver.design_driver,
        "driver",
        inputs,
        muzzle_speed_m_s=speed,
        acceleration_m_s2=ease * inputs["driver.acceleration_m_s2"],
        deceleration_m_s2=ease * inputs["driver.deceleration_m_s2"],
        **driver_specs(inputs),
    )


def driver_specs(inputs: Values) -> dict[str, Any]:
    """Sled, coils and drive as the records have them, proportioned to the payload.

    Parameters
    ----------
    inputs : Values
        Arrays (draw,) by record key.

    Returns
    -------
    dict
        Arguments ``sled``, ``coil`` and ``drive`` of :func:`moonbase.driver.design_driver`.
    """
    shape = call(driver.proportion, "driver", inputs)
    lengths = {field.name: getattr(shape, field.name) for field in fields(shape)}

    def spec(kind: Callable[..., Any]) -> Any:
        own = {name: value for name, value in lengths.items() if name in _names(kind)}
        return call(kind, "driver", inputs, **own)

    return {
        "sled": spec(driver.SledSpec),
        "coil": spec(driver.CoilSpec),
        "drive": spec(driver.DriveSpec),
    }


def _operate(inputs: Values, lines: DriverDesign, n_sleds: Array, given: dict[str, Array]) -> Plant:
    """Availability, wear and yearly output; night and array belong to the surface grid."""
    get = {key: inputs[f"driver.{key}"] for key in _OPERATION}
    tracks = (lines.track, lines.brake)
    converter_kg = lines.converter_VA / get["converter_VA_kg"]
    n_coils = sum(track.n_coils for track in tracks)
    n_converters = np.maximum(lines.converter_VA / lines.track.coil_VA.max(axis=0), _GROUP)
    banks = [
        driver.Bank(
            name="coil",
            n_sections=n_coils / _GROUP,
            n_units=_GROUP,
            n_needed=_GROUP - 1,
            n_pulses_per_shot=1.0,
            n_life_pulses=get["n_coil_life_pulses"],
            repair_s=get["repair_s"],
            unit_kg=(lines.winding_kg + lines.frame_kg) / n_coils,
        ),
        driver.Bank(
            name="converter",
            n_sections=n_converters / _GROUP,
            n_units=_GROUP,
            n_needed=_GROUP - 2,
            n_pulses_per_shot=1.0,
            n_life_pulses=get["n_converter_life_pulses"],
            repair_s=get["repair_s"],
            unit_kg=converter_kg / n_converters,
        ),
    ]
    fleet = driver.SledFleet(
        n_sleds=n_sleds,
        n_bays=round(float(get["n_service_bays"].max())),
        loop_s=inputs["driver.sled_loop_s"],
        quench_frac=get["quench_frac"],
        quench_recovery_s=get["quench_recovery_s"],
        n_shots_between_services=get["n_shots_between_services"],
        service_s=get["service_s"],
        n_life_shots=get["n_sled_life_shots"],
        sled_kg=lines.sled_kg,
    )
    drawn = lines.launch_J["kinetic"] / given["wall_plug_efficiency_frac"]
    return call(
        driver.operate_plant,
        "driver",
        inputs,
        launch_time_s=given["muzzle_speed_m_s"] / given["acceleration_m_s2"],
        drawn_energy_J=drawn,
        returned_energy_J=lines.brake_J["kinetic"] * given["regeneration_frac"],
        peak_electric_power_W=lines.force_N
        * given["muzzle_speed_m_s"]
        * given["electric_peak_ratio"],
        standby_power_W=0.0,
        supply=driver.CONTINUOUS_SUN,
        day_s=SYNODIC_MONTH_s,
        night_s=0.0,
        array_W_m2=1.0,
        night_efficiency_frac=1.0,
        banks=banks,
        sleds=fleet,
        resupply_s=JULIAN_YEAR_s,
        stockout_frac=0.05,
    )


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
    line: DriverBudget,
    bill: SatelliteBudget,
    town: CitySize,
    local_frac: Array,
    chips_frac: Array,
) -> industry.Requirements:
    per_day = 1.0 / 365.25
    built_here = (town.habitat_kg + town.greenhouse_kg) - town.landed_equipment_kg
    supplies = town.supplies_kg_yr + town.rotation_kg_yr + town.spares_kg_yr
    return call(
        industry.product_requirements,
        "industry",
        inputs,
        recipes=industry.load_recipes(),
        satellite_bill={c: np.nan_to_num(frac) for c, frac in bill.bill_frac.items()},
        driver_bill={c: mass / line.line_kg for c, mass in line.bill_kg.items()},
        crew_day_bill={
            "oxygen": town.oxygen_kg_yr * per_day,
            "water": np.maximum(town.water_kg_yr, 0.0) * per_day,
        },
        crew_day_import_kg=supplies * per_day,
        crew_day_kWh=town.power_W * 24e-3,
        crew_day_capital_kg_yr=built_here * per_day,
        capital_ratio=inputs["industry.capital_ratio"] / inputs["industry.availability_frac"],
        chipfab_capital_yr=inputs["industry.chipfab_capital_yr"]
        / inputs["industry.availability_frac"],
        local_electronics_frac=local_frac,
        local_chips_frac=chips_frac,
        accelerator_capital_ratio=inputs["industry.accelerator_capital_ratio"],
        n_draws=inputs.n_draws,
    )


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
