"""Closed-form size of a mass driver: kinematics, power, energy, heat and cadence of one line.

Neglected: field energy other than through the ratio of electric to mechanical peak power, eddy and
switching losses other than through the wall-plug efficiency, gravity along the track, dispersion
and trim, the limits of single coils, devices and conductors, and the hour-by-hour supply. Where
the cadence is shorter than a launch, the shots on the track are taken to peak together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    GM_MOON_m3_s2,
    JULIAN_YEAR_s,
    MOON_RADIUS_m,
    STEFAN_BOLTZMANN_W_m2_K4,
)
from moonbase.core.errors import DomainError
from moonbase.driver._checks import _fraction, _not_negative, _positive

_SURFACE_GRAVITY_m_s2 = GM_MOON_m3_s2 / MOON_RADIUS_m**2


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSize:
    """One line of a mass driver. Every field has the shape of the draws."""

    length_m: Real
    brake_length_m: Real
    launch_time_s: Real
    force_N: Real
    peak_power_W: Real
    peak_electric_power_W: Real
    kinetic_energy_J: Real
    energy_per_launch_J: Real
    energy_per_payload_J_kg: Real
    heat_per_launch_J: Real
    mean_power_W: Real
    beam_power_W: Real
    heat_W: Real
    storage_J: Real
    radiator_area_m2: Real
    throughput_kg_yr: Real
    n_launches_per_hour: Real
    n_on_track: Real
    n_sleds: Real
    hold_down_m_s2: Real
    sagitta_m: Real
    end_height_m: Real
    recoil_N_s: Real
    anchor_mass_kg: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSupply:
    """What feeds a line: array area, and the energy of one night."""

    array_area_m2: Real
    night_storage_J: Real


def size_driver(
    *,
    payload_kg: Real,
    sled_kg: Real,
    muzzle_speed_m_s: Real,
    acceleration_m_s2: Real,
    deceleration_m_s2: Real,
    wall_plug_efficiency_frac: Real,
    regeneration_frac: Real,
    cadence_s: Real,
    duty_frac: Real,
    sled_loop_s: Real,
    electric_peak_ratio: Real,
    storage_margin_ratio: Real,
    radiator_temperature_K: Real,
    radiator_emissivity_frac: Real,
    sink_temperature_K: Real,
    anchor_friction_ratio: Real,
) -> DriverSize:
    r"""Size one line of a mass driver in closed form.

    Parameters
    ----------
    payload_kg, sled_kg
        Mass thrown and mass that returns, kg (draw).
    muzzle_speed_m_s
        Speed over the ground at release, m/s (draw).
    acceleration_m_s2, deceleration_m_s2
        Constant thrust and sled braking, m/s2 (draw).
    wall_plug_efficiency_frac
        Kinetic energy over energy from the bus, above 0 and at most 1 (draw).
    regeneration_frac
        Share of the sled's kinetic energy that returns to the bus, 0 to 1 (draw).
    cadence_s
        Time from shot to shot of one line, s (draw).
    duty_frac
        Share of the year in which the line fires at that cadence (draw).
    sled_loop_s
        Time in which a sled comes back to the loader, s (draw).
    electric_peak_ratio
        Peak electric over peak mechanical power (draw).
    storage_margin_ratio
        Installed pulse store over the energy of one shot (draw).
    radiator_temperature_K, radiator_emissivity_frac, sink_temperature_K
        Panels that radiate from both faces, and what they see, K (draw).
    anchor_friction_ratio
        Friction coefficient between the anchored line and the ground (draw).

    Returns
    -------
    DriverSize
        Lengths m, times s, force N, powers W and energies J, all with the shape of the draws.
        ``mean_power_W``, ``beam_power_W`` (kinetic power of the payloads) and ``heat_W`` hold
        while the line fires; ``throughput_kg_yr`` is over the year. ``hold_down_m_s2`` is
        negative where gravity alone holds a sled on a track that follows the ground;
        ``sagitta_m`` and ``end_height_m`` belong to a straight track. Per draw, nan stands where
        an input is out of range and inf where the radiator is no warmer than its sink.

    Raises
    ------
    DomainError
        An input is out of range in every draw.

    Notes
    -----
    :math:`L = v^2/2a`, :math:`t = v/a`, :math:`F = Ma`, :math:`P = Fv`;
    :math:`E_b = E_k/\eta - \eta_r E_{k,s}`, heat :math:`Q = E_b - E_{k,p}`;
    hold-down :math:`v^2/R - \mu/R^2`; sagitta :math:`L^2/8R`. Valid below a few km/s.

    Sources: elementary mechanics; NASA SP-428 (1979) part III-3 for the form of the energy
    budget.

    Examples
    --------
    >>> size = size_driver(
    ...     payload_kg=1000.0, sled_kg=500.0, muzzle_speed_m_s=2500.0, acceleration_m_s2=980.665,
    ...     deceleration_m_s2=2942.0, wall_plug_efficiency_frac=0.9, regeneration_frac=0.7,
    ...     cadence_s=30.0, duty_frac=1.0, sled_loop_s=60.0, electric_peak_ratio=1.44,
    ...     storage_margin_ratio=1.25, radiator_temperature_K=400.0,
    ...     radiator_emissivity_frac=0.9, sink_temperature_K=0.0, anchor_friction_ratio=0.5,
    ... )
    >>> round(float(size.length_m)), round(float(size.energy_per_payload_J_kg) / 1e6, 2)
    (3187, 4.11)
    """
    payload = _positive("payload_kg", payload_kg)
    speed = _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    acceleration = _positive("acceleration_m_s2", acceleration_m_s2)
    cadence = _positive("cadence_s", cadence_s)
    friction = _positive("anchor_friction_ratio", anchor_friction_ratio)
    efficiency = _fraction("wall_plug_efficiency_frac", wall_plug_efficiency_frac, above_zero=True)
    regeneration = _fraction("regeneration_frac", regeneration_frac)
    sled = _not_negative("sled_kg", sled_kg)

    moving = payload + sled
    specific_energy = 0.5 * speed**2
    length = specific_energy / acceleration
    launch_time = speed / acceleration
    force = moving * acceleration
    on_track = np.maximum(np.ceil(launch_time / cadence), 1.0)
    peak_power = force * speed * on_track
    kinetic = moving * specific_energy
    drawn = kinetic / efficiency
    energy = drawn - regeneration * sled * specific_energy
    heat = energy - payload * specific_energy
    flux = radiator_flux(
        radiator_temperature_K=radiator_temperature_K,
        radiator_emissivity_frac=radiator_emissivity_frac,
        sink_temperature_K=sink_temperature_K,
    )
    heat_flow = heat / cadence
    return DriverSize(
        length_m=length,
        brake_length_m=specific_energy / _positive("deceleration_m_s2", deceleration_m_s2),
        launch_time_s=launch_time,
        force_N=force,
        peak_power_W=peak_power,
        peak_electric_power_W=peak_power * electric_peak_ratio,
        kinetic_energy_J=kinetic,
        energy_per_launch_J=energy,
        energy_per_payload_J_kg=energy / payload,
        heat_per_launch_J=heat,
        mean_power_W=energy / cadence,
        beam_power_W=payload * specific_energy / cadence,
        heat_W=heat_flow,
        storage_J=drawn * storage_margin_ratio,
        radiator_area_m2=heat_flow * _inverse_or_inf(flux),
        throughput_kg_yr=payload * _fraction("duty_frac", duty_frac) / cadence * JULIAN_YEAR_s,
        n_launches_per_hour=3600.0 / cadence,
        n_on_track=on_track,
        n_sleds=np.maximum(sled_loop_s / cadence, 1.0),
        hold_down_m_s2=speed**2 / MOON_RADIUS_m - _SURFACE_GRAVITY_m_s2,
        sagitta_m=length**2 / (8.0 * MOON_RADIUS_m),
        end_height_m=length**2 / (2.0 * MOON_RADIUS_m),
        recoil_N_s=moving * speed,
        anchor_mass_kg=force / (friction * _SURFACE_GRAVITY_m_s2),
    )


def size_supply(*, mean_power_W: Real, array_W_m2: Real, night_s: Real) -> DriverSupply:
    """Array area and night store of a line that fires without pause.

    Parameters
    ----------
    mean_power_W
        Mean electric power while the line fires, W (draw).
    array_W_m2
        Power delivered per area of array, W/m2 (draw).
    night_s
        Time without Sun, s (draw).

    Returns
    -------
    DriverSupply
        Area in m2 and stored energy in J (draw): area = P / q, energy = P t.

    Raises
    ------
    DomainError
        ``array_W_m2`` is not positive in any draw.

    Notes
    -----
    Source: elementary; losses of the store and the recharge of the night store by day are
    neglected.

    Examples
    --------
    >>> supply = size_supply(mean_power_W=137.0e6, array_W_m2=306.0, night_s=1.2757e6)
    >>> round(supply.night_storage_J / 3.6e12, 1)
    48.5
    """
    return DriverSupply(
        array_area_m2=mean_power_W / _positive("array_W_m2", array_W_m2),
        night_storage_J=mean_power_W * night_s,
    )


def radiator_flux(
    *, radiator_temperature_K: Real, radiator_emissivity_frac: Real, sink_temperature_K: Real
) -> Real:
    r"""Heat that a flat panel sheds from both faces, per area of panel.

    Parameters
    ----------
    radiator_temperature_K, sink_temperature_K
        Panel and effective surroundings, K (draw).
    radiator_emissivity_frac
        Infrared emissivity of both faces (draw).

    Returns
    -------
    Real
        Net flux, W/m2 (draw): :math:`2 \epsilon \sigma (T^4 - T_s^4)`; nan where a temperature
        or the emissivity is out of range.

    Raises
    ------
    DomainError
        The panel is no warmer than its sink in any draw.

    Notes
    -----
    Source: Stefan-Boltzmann law. View to other panels and fin efficiency are neglected.

    Examples
    --------
    >>> flux = radiator_flux(
    ...     radiator_temperature_K=300.0, radiator_emissivity_frac=0.9, sink_temperature_K=0.0
    ... )
    >>> round(float(flux), 1)
    826.7
    """
    emissivity = _fraction("radiator_emissivity_frac", radiator_emissivity_frac, above_zero=True)
    sink = _not_negative("sink_temperature_K", sink_temperature_K)
    temperature = _positive("radiator_temperature_K", radiator_temperature_K)
    if not np.any(temperature > sink):
        raise DomainError(
            "the radiator is no warmer than its sink",
            path="radiator_temperature_K",
            hint="raise the radiator temperature or lower sink_temperature_K",
        )
    flux: Array = 2.0 * emissivity * STEFAN_BOLTZMANN_W_m2_K4 * (temperature**4 - sink**4)
    return flux


def optimal_acceleration(
    *, muzzle_speed_m_s: Real, moving_kg: Real, length_usd_m: Real, peak_power_usd_W: Real
) -> Real:
    r"""Acceleration at which the cost of length and the cost of peak power are equal.

    Parameters
    ----------
    muzzle_speed_m_s
        Speed at release, m/s (draw).
    moving_kg
        Payload plus sled, kg (draw).
    length_usd_m, peak_power_usd_W
        Cost per length of track and per watt of peak power (draw). Any common measure will do,
        mass for instance: only their ratio enters.

    Returns
    -------
    Real
        Acceleration of least cost, m/s2 (draw): :math:`a^* = \sqrt{c_L v / 2 c_P M}`, the
        minimum of :math:`c_L v^2/2a + c_P M a v`.

    Raises
    ------
    DomainError
        An input is not positive in any draw.

    Notes
    -----
    Source: derivative of the sum of both terms; NASA SP-428 (1979) part III-3 optimised more
    components. The payload's own limit is for the caller to apply.

    Examples
    --------
    >>> best = optimal_acceleration(muzzle_speed_m_s=2500.0, moving_kg=1500.0,
    ...                             length_usd_m=5e4, peak_power_usd_W=0.05)
    >>> round(float(best) / 9.80665, 1)
    93.1
    """
    speed = _positive("muzzle_speed_m_s", muzzle_speed_m_s)
    moving = _positive("moving_kg", moving_kg)
    length_cost = _positive("length_usd_m", length_usd_m)
    power_cost = _positive("peak_power_usd_W", peak_power_usd_W)
    best: Array = np.sqrt(length_cost * speed / (2.0 * power_cost * moving))
    return best


def _inverse_or_inf(value: Real) -> Array:
    """1 / value, inf where the value is not positive, nan where it is nan."""
    safe = np.where(np.less_equal(value, 0.0), 1.0, value)
    return np.where(np.less_equal(value, 0.0), np.inf, 1.0 / safe)
