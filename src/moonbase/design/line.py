"""One line of the mass driver, from records: designed, operated, weighed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase import driver
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s, SYNODIC_MONTH_s
from moonbase.design.inputs import Values, argument_names, call
from moonbase.driver import DriverBudget, DriverDesign, DriverSize, Plant

_EASINGS, _EASING = 8, 0.75
"""How often and by what factor thrust and braking of a line that breaks a limit are lowered."""
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
    "n_group_units",
    "n_spare_coils",
    "n_spare_converters",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverLine:
    """One line of the mass driver as far as the campaign needs it."""

    size: DriverSize
    design: DriverDesign
    plant: Plant
    budget: DriverBudget


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
        own = {name: value for name, value in lengths.items() if name in argument_names(kind)}
        return call(kind, "driver", inputs, **own)

    return {
        "sled": spec(driver.SledSpec),
        "coil": spec(driver.CoilSpec),
        "drive": spec(driver.DriveSpec),
    }


def _operate(inputs: Values, lines: DriverDesign, n_sleds: Array, given: dict[str, Array]) -> Plant:
    """Availability, wear and yearly output; night and array belong to the surface grid."""
    get = {key: inputs[f"driver.{key}"] for key in _OPERATION}
    group, spare_coils, spare_converters = (
        round(float(get[key].max()))
        for key in ("n_group_units", "n_spare_coils", "n_spare_converters")
    )
    tracks = (lines.track, lines.brake)
    converter_kg = lines.converter_VA / get["converter_VA_kg"]
    n_coils = sum(track.n_coils for track in tracks)
    n_converters = np.maximum(lines.converter_VA / lines.track.coil_VA.max(axis=0), group)
    banks = [
        driver.Bank(
            name="coil",
            n_sections=n_coils / group,
            n_units=group,
            n_needed=group - spare_coils,
            n_pulses_per_shot=1.0,
            n_life_pulses=get["n_coil_life_pulses"],
            repair_s=get["repair_s"],
            unit_kg=(lines.winding_kg + lines.frame_kg) / n_coils,
        ),
        driver.Bank(
            name="converter",
            n_sections=n_converters / group,
            n_units=group,
            n_needed=group - spare_converters,
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
