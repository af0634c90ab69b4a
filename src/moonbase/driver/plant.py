"""The line as a plant: sunlight, availability, fleet, wear, power and tonnes per year.

Neglected: common causes other than by a given share, faults while the line stands, repairs that
wait for one another within a section, the hour-by-hour Sun, degradation of the array, start-up
after each night, and the return of braking energy at its own time (it is spread over the cadence).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _fraction, _not_negative, _positive
from moonbase.driver.availability import section_availability
from moonbase.driver.fleet import SledFleet, fleet_capacity, spares

CONTINUOUS_SUN = "continuous sun"
DAY_ONLY = "day only"
STORED_NIGHT = "stored night"
SUPPLIES: tuple[str, ...] = (CONTINUOUS_SUN, DAY_ONLY, STORED_NIGHT)
"""Ways to live with the lunar night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Like units in sections along the track, all sections in series: coils, converters, stores.

    A section works while ``n_needed`` of its ``n_units`` work. Every unit carries
    ``n_pulses_per_shot``, fails once in ``n_life_pulses`` on average, stands for ``repair_s``
    while others go on, and is replaced by one of ``unit_kg``.
    """

    name: str
    n_sections: Real
    n_units: int
    n_needed: int
    n_pulses_per_shot: Real
    n_life_pulses: Real
    repair_s: Real
    unit_kg: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A line over the year. Values have the shape of the draws; dictionaries go by bank."""

    duty_frac: Real
    sun_frac: Real
    planned_frac: Real
    bank_availability_frac: dict[str, Array]
    line_availability_frac: Real
    fleet_frac: Real
    mean_time_between_stops_s: Real
    n_shots_per_year: Real
    n_pulses_per_unit_year: dict[str, Array]
    throughput_kg_yr: Real
    energy_per_payload_J_kg: Real
    mean_power_W: Real
    firing_power_W: Real
    peak_power_W: Real
    pulse_store_J: Real
    night_store_J: Real
    array_area_m2: Real
    replaced_kg_yr: dict[str, Array]
    n_spares: dict[str, Array]


def operate_plant(
    *,
    payload_kg: Real,
    cadence_s: Real,
    launch_time_s: Real,
    drawn_energy_J: Real,
    returned_energy_J: Real,
    peak_electric_power_W: Real,
    standby_power_W: Real,
    supply: str,
    day_s: Real,
    night_s: Real,
    array_W_m2: Real,
    night_efficiency_frac: Real,
    maintenance_s: Real,
    common_availability_frac: Real,
    shot_success_frac: Real,
    banks: Sequence[Bank],
    sleds: SledFleet,
    resupply_s: Real,
    stockout_frac: Real,
) -> Plant:
    r"""Run one line for a year.

    Parameters
    ----------
    payload_kg, cadence_s
        Mass thrown by a shot, kg, and time from shot to shot while the line fires, s (draw).
    launch_time_s, drawn_energy_J, returned_energy_J, peak_electric_power_W
        One launch: duration, s, energy from the bus, J, energy that the braked sled returns, J,
        and peak electric power, W (draw).
    standby_power_W
        Load that never stops: cryogenics, control, heat, W (draw).
    supply
        ``"continuous sun"`` fires always on a site whose Sun never sets, ``"day only"`` stands at
        night, ``"stored night"`` fires always from a store filled by day.
    day_s, night_s
        Time with and without Sun in one lunar day, s (draw).
    array_W_m2
        Power delivered per area of array in sunlight, W/m2 (draw).
    night_efficiency_frac
        Energy out of the night store over energy in (draw).
    maintenance_s
        Planned stop in every lunar day, s (draw); in ``"day only"`` the night takes it first.
    common_availability_frac
        Availability of what all sections share: bus, control, loader (draw).
    shot_success_frac
        Share of shots whose payload flies as planned (draw).
    banks
        Redundant units of the track, see :class:`Bank`; names differ.
    sleds
        The fleet, see :class:`SledFleet`.
    resupply_s, stockout_frac
        Time to replace a spare that was used, s, and the accepted chance that more are asked for
        in that time than are in stock (draw).

    Returns
    -------
    Plant
        ``duty_frac`` of the year's shots at that cadence; mean power of the year, mean power while
        firing and peak power at the terminals of the pulse store, W; ``pulse_store_J``, the swing
        of that store; array for firing at full cadence, m2; yearly shots and payload; energy per
        payload with standby, J/kg; replaced mass by bank and of sleds, kg/yr; spares in stock.
        Per draw; nan where an input of a draw is out of range.

    Raises
    ------
    DomainError
        Unknown ``supply``, two banks of one name, or an input out of range in every draw.

    Notes
    -----
    Duty is sunlight x planned x common x :math:`\prod_i A_i^{n_i}` x fleet. A unit works with
    :math:`p = 1/(1 + \lambda t_r)`, :math:`\lambda = n_p / (N_l T_c)`; sections follow
    :func:`moonbase.driver.availability.section_availability`. Stops of a bank come at
    :math:`n \lambda k \binom{n_u}{k} p^k (1-p)^{n_u-k}` (a working section at its last needed
    units loses one). Night: store :math:`P t_n`, array :math:`P (1 + t_n / \eta t_d) / q`. Spares
    are the Poisson quantile of the demand in the resupply time.

    Valid for failures that are independent and repairs that do not queue (track), and for
    exponential times in the fleet. Source: renewal theory and birth-death chains, see Trivedi,
    Probability and Statistics with Reliability, Queuing and Computer Science Applications (2002).

    Examples
    --------
    >>> coils = Bank(name="coil", n_sections=531, n_units=12, n_needed=11, n_pulses_per_shot=1,
    ...              n_life_pulses=1e8, repair_s=86400.0, unit_kg=277.0)
    >>> sleds = SledFleet(n_sleds=4, n_bays=2, loop_s=60.0, quench_frac=1e-4,
    ...                   quench_recovery_s=21600.0, n_shots_between_services=500,
    ...                   service_s=3600.0, n_life_shots=1e5, sled_kg=700.0)
    >>> plant = operate_plant(
    ...     payload_kg=1000.0, cadence_s=30.0, launch_time_s=2.55, drawn_energy_J=5.21e9,
    ...     returned_energy_J=1.09e9, peak_electric_power_W=5.3e9, standby_power_W=5e6,
    ...     supply="day only", day_s=1.2757e6, night_s=1.2757e6, array_W_m2=306.0,
    ...     night_efficiency_frac=0.9, maintenance_s=2e5, common_availability_frac=0.98,
    ...     shot_success_frac=0.999, banks=[coils], sleds=sleds, resupply_s=3.2e6,
    ...     stockout_frac=0.01,
    ... )
    >>> round(float(plant.sun_frac), 2), round(float(plant.throughput_kg_yr) / 1e6)
    (0.5, 513)
    """
    if len({bank.name for bank in banks} | {"sled"}) != len(banks) + 1:
        raise DomainError(
            "two banks of one name", path="banks", hint='names differ, and none is "sled"'
        )
    cadence = _positive("cadence_s", cadence_s)
    standby = _not_negative("standby_power_W", standby_power_W)
    drawn = _positive("drawn_energy_J", drawn_energy_J)
    launch_energy = drawn - _not_negative("returned_energy_J", returned_energy_J)
    payload = _positive("payload_kg", payload_kg)
    sun, planned = _calendar(supply, day_s, night_s, maintenance_s)
    availability = {bank.name: _bank_availability(bank, cadence) for bank in banks}
    line = _fraction("common_availability_frac", common_availability_frac)
    for value in availability.values():
        line = line * value
    fleet = fleet_capacity(cadence_s=cadence, sleds=sleds)
    duty = sun * planned * line * fleet
    shots = duty * JULIAN_YEAR_s / cadence
    throughput = shots * payload * _fraction("shot_success_frac", shot_success_frac)
    firing = launch_energy / cadence + standby
    mean = shots * launch_energy / JULIAN_YEAR_s + standby
    with np.errstate(divide="ignore", invalid="ignore"):
        energy = mean * JULIAN_YEAR_s / throughput
    night_power, charging_ratio = _night(supply, firing, standby, day_s, night_s)
    charging = night_power * charging_ratio
    efficiency = _fraction("night_efficiency_frac", night_efficiency_frac, above_zero=True)
    pulses = {bank.name: shots * bank.n_pulses_per_shot for bank in banks}
    worn = {
        bank.name: pulses[bank.name] * bank.n_sections * bank.n_units / bank.n_life_pulses
        for bank in banks
    } | {"sled": shots / _positive("n_life_shots", sleds.n_life_shots)}
    unit_kg = {bank.name: bank.unit_kg for bank in banks} | {"sled": sleds.sled_kg}
    return Plant(
        duty_frac=duty,
        sun_frac=sun,
        planned_frac=planned,
        bank_availability_frac=availability,
        line_availability_frac=line,
        fleet_frac=fleet,
        mean_time_between_stops_s=_between_stops(banks, availability, cadence),
        n_shots_per_year=shots,
        n_pulses_per_unit_year=pulses,
        throughput_kg_yr=throughput,
        energy_per_payload_J_kg=energy,
        mean_power_W=mean,
        firing_power_W=firing,
        peak_power_W=peak_electric_power_W * np.maximum(np.ceil(launch_time_s / cadence), 1.0),
        pulse_store_J=pulse_store(
            drawn_energy_J=drawn, launch_time_s=launch_time_s, cadence_s=cadence
        ),
        night_store_J=night_power * night_s,
        array_area_m2=(firing + charging / efficiency) / _positive("array_W_m2", array_W_m2),
        replaced_kg_yr={name: worn[name] * unit_kg[name] for name in worn},
        n_spares={
            name: spares(demand_1_yr=worn[name], resupply_s=resupply_s, stockout_frac=stockout_frac)
            for name in worn
        },
    )


def _calendar(supply: str, day_s: Real, night_s: Real, maintenance_s: Real) -> tuple[Array, Array]:
    """Share of the time in which the supply lets the line fire, and what planned stops leave."""
    if supply not in SUPPLIES:
        raise DomainError(
            f"unknown supply {supply!r}", path="supply", hint=f"one of {', '.join(SUPPLIES)}"
        )
    day, night = _positive("day_s", day_s), _not_negative("night_s", night_s)
    stop = _not_negative("maintenance_s", maintenance_s)
    usable = np.asarray(day + night)
    if supply == DAY_ONLY:
        usable, stop = day, np.maximum(stop - night, 0.0)
    return usable / (day + night), np.maximum(1.0 - stop / usable, 0.0)


def _night(
    supply: str, firing_W: Array, standby_W: Array, day_s: Real, night_s: Real
) -> tuple[Array, Real]:
    """Power drawn from the night store, and the night it covers over the day that fills it."""
    if supply == CONTINUOUS_SUN:
        return np.zeros_like(firing_W), 0.0
    return (firing_W if supply == STORED_NIGHT else standby_W), night_s / np.asarray(day_s)


def _unit(bank: Bank, cadence_s: Array) -> tuple[Array, Array]:
    """Failures per second of firing, and availability, of one unit."""
    life = _positive("n_life_pulses", bank.n_life_pulses)
    rate = _positive("n_pulses_per_shot", bank.n_pulses_per_shot) / (life * cadence_s)
    return rate, 1.0 / (1.0 + rate * _not_negative("repair_s", bank.repair_s))


def _bank_availability(bank: Bank, cadence_s: Array) -> Array:
    _, works = _unit(bank, cadence_s)
    section = section_availability(
        n_coils=bank.n_units, n_needed=bank.n_needed, coil_availability_frac=works
    )
    return np.asarray(section ** _positive("n_sections", bank.n_sections))


def _between_stops(
    banks: Sequence[Bank], availability: dict[str, Array], cadence_s: Array
) -> Array:
    """Mean time of firing between stops that a bank causes, s; inf without banks."""
    from scipy.special import beta

    stops = np.zeros_like(cadence_s)
    for bank in banks:
        rate, works = _unit(bank, cadence_s)
        margin = bank.n_units - bank.n_needed
        at_the_edge = works**bank.n_needed * (1.0 - works) ** margin
        section = availability[bank.name] ** (1.0 / np.asarray(bank.n_sections))
        stops = stops + bank.n_sections * rate * at_the_edge / (
            beta(bank.n_needed, margin + 1) * section
        )
    return np.where(stops > 0.0, 1.0 / np.where(stops > 0.0, stops, 1.0), np.inf)


def pulse_store(*, drawn_energy_J: Real, launch_time_s: Real, cadence_s: Real) -> Array:
    r"""Swing of the store between a steady supply and launches at constant thrust.

    Parameters
    ----------
    drawn_energy_J, launch_time_s
        Energy that a launch draws, J, and its duration, s (draw).
    cadence_s
        Time from launch to launch, s (draw).

    Returns
    -------
    Array
        Energy between full and empty, J (draw).

    Raises
    ------
    DomainError
        An input is not positive in any draw.

    Notes
    -----
    Power of a launch rises from zero in proportion to time, :math:`P = 2 E t / t_l^2`; the supply
    gives :math:`E/T_c`. With one launch at a time the swing is
    :math:`E (1 - t_l / 2 T_c)^2`; launches that overlap level each other. Derived. The return of
    braked sleds is taken as steady.

    Examples
    --------
    >>> store = pulse_store(drawn_energy_J=5.21e9, launch_time_s=2.55, cadence_s=30.0)
    >>> round(float(store) / 1e9, 2)
    4.78
    """
    energy = _positive("drawn_energy_J", drawn_energy_J)
    time = _positive("launch_time_s", launch_time_s)
    cadence = _positive("cadence_s", cadence_s)
    slope = 2.0 * energy / time**2
    others = np.floor(time / cadence)
    last_s = time - others * cadence
    at_end = slope * (others + 1.0) * (last_s + 0.5 * others * cadence)
    excess = at_end - energy / cadence
    earlier = excess - slope * (others + 1.0) * last_s
    within = excess**2 / (2.0 * slope * (others + 1.0))
    across = 0.5 * (excess + earlier) * last_s + earlier**2 / (
        2.0 * slope * np.maximum(others, 1.0)
    )
    return np.where(earlier <= 0.0, within, across)
