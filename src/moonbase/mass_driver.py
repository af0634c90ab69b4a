"""The mass driver of a scenario on its own: size, design, launch, dispersion, rivals, optimum.

What a notebook and ``moonbase driver`` call; money enters here, not in the driver's room.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np

from moonbase import driver
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.design import DriverLine, build_driver, driver_specs, flight
from moonbase.driver import Launch, broken_limits, one_draw
from moonbase.economics.finance import capital_recovery_factor
from moonbase.ensemble.sampling import Inputs, sample
from moonbase.scenario import Scenario, load_scenario

CHOICES = (
    "acceleration_m_s2",
    "deceleration_m_s2",
    "loading_ratio",
    "gap_m",
    "drive_coil_width_m",
    "feeder_area_m2",
    "feeder_voltage_frac",
)
"""What :func:`optimise` may choose by default: records of the driver."""
TOPOLOGIES = ("synchronous", "quench")
_FREEDOM = 3.0
_LINE = ("payload_kg", "acceleration_m_s2", "deceleration_m_s2")
_AXES = ("sway", "heave", "roll", "pitch", "yaw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The driver of one scenario over its draws; draw 0 is the nominal case."""

    scenario: Scenario
    inputs: Inputs
    line: DriverLine


def study(
    scenario: str | Scenario = "alpha",
    *,
    draws: int = 256,
    seed: int = 2026,
    set: Mapping[str, object] | None = None,
) -> Study:
    """Design the driver of a scenario for every draw.

    Parameters
    ----------
    scenario
        Shipped name, path of a TOML file, or a loaded scenario.
    draws, seed
        Number of draws, the first of them nominal, and seed of the others.
    set
        Overrides by key, such as ``{"driver.payload_kg": "1.5 t"}``.

    Returns
    -------
    Study

    Raises
    ------
    DomainError
        Fewer than two draws.
    ScenarioError
        The scenario or an override is wrong.

    Examples
    --------
    >>> found = study("alpha", draws=2)
    >>> 1000.0 < float(found.line.size.length_m[0]) < 10000.0
    True
    """
    if draws < 2:
        raise DomainError("must be 2 or more", path="draws", hint="the nominal case and another")
    loaded = load_scenario(scenario, dict(set or {})) if isinstance(scenario, str) else scenario
    inputs = sample(loaded.records, n_draws=draws, seed=seed)
    _, speed = flight(inputs, loaded.options.start_year)
    return Study(scenario=loaded, inputs=inputs, line=build_driver(inputs, muzzle_speed_m_s=speed))


def size(found: Study) -> dict[str, Array]:
    """Values of one line by name with unit, each over the draws.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    dict
        Speed, length, power, energy, ratings, masses, yearly output; (draw,) each.

    Examples
    --------
    >>> values = size(study("alpha", draws=2))
    >>> values["sled_kg"].shape
    (2,)
    """
    line = found.line
    closed = {field.name: getattr(line.size, field.name) for field in fields(line.size)}
    parts = {f"{name}_mass_kg": mass for name, mass in line.budget.part_kg.items()}
    values = {
        "muzzle_speed_m_s": line.design.muzzle_speed_m_s,
        "acceleration_m_s2": line.design.acceleration_m_s2,
        "payload_kg": line.design.payload_kg,
        "sled_kg": line.design.sled_kg,
        "sled_coil_current_A": line.design.sled_coil_current_A,
        "efficiency_frac": line.design.efficiency_frac,
        "regeneration_frac": line.design.regeneration_frac,
        "converter_VA": line.design.converter_VA,
        "selector_VA": line.design.selector_VA,
        **closed,
        "duty_frac": line.plant.duty_frac,
        "n_shots_per_year": line.plant.n_shots_per_year,
        "mean_time_between_stops_s": line.plant.mean_time_between_stops_s,
        "line_kg": line.budget.line_kg,
        "imported_frac": line.budget.imported_frac,
        "own_mass_time_yr": line.budget.own_mass_time_yr,
        "delivery_usd_kg": _delivery_cost(found),
        **parts,
    }
    shape = (found.inputs.n_draws,)
    return {name: np.broadcast_to(np.asarray(value), shape) for name, value in values.items()}


def sections(found: Study, draw: int = 0) -> dict[str, Any]:
    """Design of one draw along the track.

    Parameters
    ----------
    found
        What :func:`study` returned.
    draw
        Which draw.

    Returns
    -------
    dict
        Arrays (section,) of the accelerating track, scalars of sled and coils, ``limits_ratio``
        (demand over limit) and ``broken`` limits in words.

    Raises
    ------
    DomainError
        There is no such draw.

    Examples
    --------
    >>> sections(study("alpha", draws=2))["broken"]
    []
    """
    design = one_draw(found.line.design, draw)
    track = {field.name: getattr(design.track, field.name) for field in fields(design.track)}
    coil, sled = design.drive_coil, design.sled_coil
    terminal = float(design.drive.terminal_voltage_V)
    return {
        **{name: value for name, value in track.items() if np.ndim(value) == 1},
        "sled_kg": float(design.sled_kg),
        "sled_coil_current_A": float(design.sled_coil_current_A),
        "sled_coil_field_T": float(sled.surface_field_T),
        "sled_coil_stress_Pa": float(sled.hoop_stress_Pa),
        "sled_coil_radius_m": float(design.bucket_radius_m),
        "pole_pitch_m": float(design.pole_pitch_m),
        "drive_coil_radius_m": float(coil.radius_m),
        "coil_pitch_m": float(design.coil_pitch_m),
        "n_coils_in_window": float(design.n_window),
        "drive_coil_mass_kg": float(coil.mass_kg),
        "terminal_voltage_V": terminal,
        "coil_voltage_limit_V": terminal * (1.0 - float(design.drive.feeder_voltage_frac)),
        "efficiency_frac": float(design.efficiency_frac),
        "regeneration_frac": float(design.regeneration_frac),
        "converter_VA": float(design.converter_VA),
        "selector_VA": float(design.selector_VA),
        "limits_ratio": {name: float(ratio) for name, ratio in design.limit_ratio.items()},
        "broken": broken_limits(found.line.design, draw),
    }


def launch(found: Study, draw: int = 0, *, topology: str = "synchronous", **options: Any) -> Launch:
    """Fly one launch of one draw.

    Parameters
    ----------
    found
        What :func:`study` returned.
    draw
        Which draw.
    topology
        ``"synchronous"`` for the line as designed, ``"quench"`` for a quench gun of the same
        payload, speed and acceleration.
    **options
        As :func:`moonbase.driver.simulate_launch` takes them.

    Returns
    -------
    Launch

    Raises
    ------
    DomainError
        Unknown topology or draw.

    Examples
    --------
    >>> shot = launch(study("alpha", draws=2), steps_per_pitch=16)
    >>> abs(shot.speed_error_m_s) < 0.1, shot.audit_error_frac < 2e-3
    (True, True)
    """
    design = one_draw(found.line.design, draw)
    if topology == "synchronous":
        return driver.simulate_launch(design=found.line.design, draw=draw, **options)
    if topology != "quench":
        raise DomainError(
            f"unknown topology {topology!r}", path="topology", hint=f"one of {TOPOLOGIES}"
        )
    gun = driver.design_quench_gun(
        payload_kg=float(design.payload_kg),
        muzzle_speed_m_s=float(design.muzzle_speed_m_s),
        acceleration_m_s2=float(design.acceleration_m_s2),
        sled=design.sled,
        coil=design.coil,
    )
    return driver.simulate_launch(design=gun, **options)


def spread(
    found: Study, draw: int = 0, *, n_shots: int = 1000, method: str = "linear", seed: int = 0
) -> driver.Dispersion:
    """Dispersion of the release state of one draw.

    Parameters
    ----------
    found
        What :func:`study` returned.
    draw
        Which draw: its errors as well as its design.
    n_shots, method, seed
        As :func:`moonbase.driver.dispersion.dispersion` takes them.

    Returns
    -------
    Dispersion

    Raises
    ------
    DomainError
        Unknown draw or method.

    Examples
    --------
    >>> cloud = spread(study("alpha", draws=2), n_shots=50)
    >>> cloud.release_covariance.shape
    (7, 7)
    """
    design = one_draw(found.line.design, draw)

    def get(name: str) -> float:
        return float(found.inputs[f"driver.{name}"][draw])

    errors: dict[str, Any] = {
        name: get(name)
        for name in inspect.signature(driver.dispersion).parameters
        if f"driver.{name}" in found.inputs
    }
    errors["payload_offset_m"] = (errors["payload_offset_m"], 0.0, 0.0)
    return driver.dispersion(
        design,
        suspension=_suspension(get),
        guideway=_guideway(get),
        loop=driver.SpeedLoop(
            control_length_m=get("control_length_m"),
            gate_spacing_m=get("control_gate_spacing_m"),
            gate_timing_s=get("gate_timing_s"),
            delay_s=get("control_delay_s"),
            margin_frac=get("control_margin_frac"),
        ),
        trim=driver.TrimSection(
            length_m=get("trim_length_m"),
            acceleration_m_s2=get("trim_acceleration_m_s2"),
            gate_spacing_m=get("gate_spacing_m"),
            gate_timing_s=get("gate_timing_s"),
            gate_survey_m=get("gate_survey_m"),
            scale_frac=get("trim_scale_frac"),
        ),
        **errors,
        n_shots=n_shots,
        method=method,  # type: ignore[arg-type]
        seed=seed,
    )


def _suspension(get: Callable[[str], float]) -> driver.Suspension:
    axes = {f"{axis}_Hz": get(f"suspension_{axis}_Hz") for axis in _AXES}
    return driver.Suspension(
        **axes,
        clearance_m=get("clearance_m"),
        damping_ratio=get("suspension_damping_ratio"),
        inertial_damping_ratio=get("suspension_inertial_damping_ratio"),
        stiffening_ratio=get("suspension_stiffening_ratio"),
        stop_ratio=get("suspension_stop_ratio"),
    )


def _guideway(get: Callable[[str], float]) -> driver.Guideway:
    built = {
        "shortest_wavelength_m": get("alignment_shortest_wavelength_m"),
        "longest_wavelength_m": get("alignment_longest_wavelength_m"),
        "chord_m": get("alignment_chord_m"),
    }
    straight = driver.alignment_spectrum(rms_m=get("alignment_rms_m"), **built)
    survey = driver.alignment_spectrum(
        rms_m=get("survey_rms_m"),
        shortest_wavelength_m=built["longest_wavelength_m"],
        longest_wavelength_m=get("survey_longest_wavelength_m"),
    )
    return driver.Guideway(
        vertical=straight,
        lateral=straight,
        survey_vertical=survey,
        survey_lateral=survey,
        cross_level=driver.alignment_spectrum(rms_m=get("cross_level_rms_m"), **built),
    )


def optimise(
    found: Study,
    *,
    choose: Sequence[str] = CHOICES,
    seed: int = 0,
    n_generations: int = 60,
) -> driver.Optimum:
    """Cheapest line for the nominal payload stream, with every limit kept.

    Parameters
    ----------
    found
        What :func:`study` returned; draw 0 is the start.
    choose
        Records of the driver that may change, each between a third and three times its value
        (a share at most to 0.9).
    seed, n_generations
        Of the differential evolution.

    Returns
    -------
    Optimum

    Raises
    ------
    DomainError
        A name that is no number of the design.
    InfeasibleError
        No design within the bounds keeps the limits.

    Examples
    --------
    >>> best = optimise(study("alpha", draws=2), n_generations=3)
    >>> best.total_usd <= best.start_usd
    True
    """

    def get(name: str) -> float:
        return float(found.inputs[f"driver.{name}"][0])

    nominal = found.inputs.take([0])
    specs = {
        key: replace(
            spec, **{f.name: float(np.ravel(getattr(spec, f.name))[0]) for f in fields(spec)}
        )
        for key, spec in driver_specs(nominal).items()
    }
    line: dict[str, Any] = {name: get(name) for name in _LINE}
    bounds = {}
    for name in choose:
        known = name in (*_LINE, *(f.name for spec in specs.values() for f in fields(spec)))
        if not known or f"driver.{name}" not in found.inputs:
            raise DomainError(
                "is no record that can be chosen", path=name, hint=f"such as {', '.join(CHOICES)}"
            )
        high = get(name) * _FREEDOM
        bounds[name] = (get(name) / _FREEDOM, min(high, 0.9) if name.endswith("_frac") else high)
    return driver.optimise_driver(
        **line,
        muzzle_speed_m_s=float(found.line.design.muzzle_speed_m_s[0]),
        throughput_kg_s=get("payload_kg") / get("cadence_s"),
        sled_loop_s=get("sled_loop_s"),
        **specs,
        cost=_line_cost(get),
        bounds=bounds,
        seed=seed,
        n_generations=n_generations,
    )


def _price(part: str, get: Callable[[str], Any]) -> Any:
    """Cost of a kilogram of a part: its imported share landed, the rest made on the Moon."""
    imported = sum(
        get(name)
        for name in driver.SHARES
        if name.startswith(f"{part}_") and name.removesuffix("_frac").endswith(driver.IMPORTED)
    )
    return get("local_usd_kg") * (1.0 - imported) + get("import_usd_kg") * imported


def _delivery_cost(found: Study) -> Array:
    """Cost of a kilogram thrown, USD/kg (draw): annuity of the line and wear, without energy."""
    budget, read = found.line.budget, found.inputs
    prices = {part: _price(part, lambda key: read[f"driver.{key}"]) for part in driver.PARTS}
    capital = sum(prices[part] * mass for part, mass in budget.part_kg.items())
    factor = capital_recovery_factor(
        discount_rate_frac=read["economics.discount_rate_frac"],
        life_yr=read["economics.lunar_plant_life_yr"],
    )
    worn = budget.spares_kg_yr / budget.line_kg
    return np.asarray((factor + worn) * capital / budget.capacity_kg_yr)


def _line_cost(get: Callable[[str], float]) -> driver.LineCost:
    """Unit costs from the price of a kilogram made on the Moon and of one that is landed."""
    price = partial(_price, get=get)
    per_metre = sum(
        get(f"{name}_kg_m") * price(part)
        for name, part in (
            ("guideway", "guideway"),
            ("control", "control"),
            ("return_track", "handling"),
        )
    )
    return driver.LineCost(
        winding_usd_kg=price("winding"),
        frame_usd_kg=price("frame"),
        feeder_usd_kg=price("feeder"),
        guideway_usd_m=per_metre,
        converter_usd_VA=price("converter") / get("converter_VA_kg"),
        selector_usd_VA=price("selector") / get("selector_VA_kg"),
        shot_usd_J=get("storage_margin_ratio") * price("storage") / get("storage_J_kg"),
        sled_usd_kg=price("sled"),
    )


def compare(found: Study) -> list[dict[str, Any]]:
    """Launchers of the literature and this design at the same task.

    Parameters
    ----------
    found
        What :func:`study` returned; the nominal draw is compared.

    Returns
    -------
    list of dict
        A row for each system: its own numbers, the same system at the task, the limits it breaks.

    Examples
    --------
    >>> rows = compare(study("alpha", draws=2))
    >>> rows[-1]["system"]["key"], rows[-1]["limits"]
    ('this', ('undemonstrated',))
    """
    design = one_draw(found.line.design, 0)
    own = driver.LaunchSystem(
        key="this",
        name=f"this design ({found.scenario.name})",
        drive="synchronous",
        speed_m_s=float(design.muzzle_speed_m_s),
        length_m=float(design.length_m),
        acceleration_m_s2=float(design.acceleration_m_s2),
        payload_kg=float(design.payload_kg),
        moving_kg=float(design.payload_kg + design.sled_kg),
        cadence_s=float(found.inputs["driver.cadence_s"][0]),
        efficiency_frac=float(design.efficiency_frac),
        status="concept",
        kind="derived",
    )
    task: dict[str, Any] = {
        name: float(found.inputs[f"driver.{name}"][0])
        for name in inspect.signature(driver.compare_launchers).parameters
        if f"driver.{name}" in found.inputs
    }
    rows = driver.compare_launchers(
        target_speed_m_s=own.speed_m_s,
        target_payload_kg=own.payload_kg,
        design=own,
        **task,
    )
    return [asdict(row) for row in rows]
