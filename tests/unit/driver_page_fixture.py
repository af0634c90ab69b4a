"""Plausible blocks for the driver page: one tonne at 100 g to 2,500 m/s."""

from __future__ import annotations

import math
import random
from dataclasses import asdict
from typing import Any

from moonbase.driver.compare import LaunchSystem, compare_launchers

SPEED, ACCELERATION, MASS = 2500.0, 980.665, 1500.0
LENGTH = SPEED**2 / (2.0 * ACCELERATION)
FORCE = MASS * ACCELERATION
N_COILS = 1200


def _turns(speed: float) -> int:
    return max(1, min(8, round(8.0 * 330.0 / max(speed, 1.0))))


def design() -> dict[str, Any]:
    position = [(i + 0.5) * LENGTH / N_COILS for i in range(N_COILS)]
    speed = [math.sqrt(2.0 * ACCELERATION * x) for x in position]
    turns = [_turns(v) for v in speed]
    voltage = [5.6 * v * n for v, n in zip(speed, turns, strict=True)]
    current = [152e3 / n for n in turns]
    return {
        "position_m": position,
        "n_turns": [float(n) for n in turns],
        "voltage_V": voltage,
        "current_A": current,
        "coil_VA": [u * i for u, i in zip(voltage, current, strict=True)],
        "temperature_rise_K": [6.0 * 50.0 / (v + 50.0) for v in speed],
        "limits": {"voltage_V": 15e3, "current_A": 140e3, "temperature_rise_K": 20.0},
        "winding_kg": 1.764e6,
        "installed_VA": 4.2e10,
        "coil_pitch_m": 0.5,
        "n_coils": 6373.0,
        "broken": ["coil current of the last 2,100 m is 9 % above the device limit"],
    }


def launch() -> dict[str, Any]:
    """Launch at constant thrust, then the empty sled braked at 300 g."""
    noise = random.Random(7)
    n, brake = 4000, 3.0 * ACCELERATION
    end = SPEED / ACCELERATION
    up = [i * end / (n - 1) for i in range(n)]
    down = [(i + 1) * SPEED / brake / n for i in range(n)]
    time = up + [end + t for t in down]
    speed = [ACCELERATION * t for t in up] + [SPEED - brake * t for t in down]
    position = [0.5 * ACCELERATION * t**2 for t in up]
    position += [LENGTH + SPEED * t - 0.5 * brake * t**2 for t in down]
    ripple = [1.0 + 0.02 * math.sin(2.0 * math.pi * x / 0.5) for x in position]
    thrust = [FORCE] * n + [-500.0 * brake] * n
    force = [f * r for f, r in zip(thrust, ripple, strict=True)]
    moving = [MASS] * n + [500.0] * n
    power = [
        (1.44 if f > 0.0 else 0.7) * f * v * (1.0 + 0.01 * noise.gauss(0.0, 1.0))
        for f, v in zip(force, speed, strict=True)
    ]
    shaped = design()
    return {
        "time_s": time,
        "position_m": position,
        "speed_m_s": speed,
        "acceleration_m_s2": [f / m for f, m in zip(force, moving, strict=True)],
        "force_N": force,
        "bus_power_W": power,
        "coil_position_m": shaped["position_m"],
        "coil_current_A": [i * (1.0 + 0.01 * noise.gauss(0.0, 1.0)) for i in shaped["current_A"]],
        "coil_voltage_V": [u * (1.0 + 0.02 * noise.gauss(0.0, 1.0)) for u in shaped["voltage_V"]],
        "coil_temperature_rise_K": shaped["temperature_rise_K"],
        "muzzle_speed_m_s": 2499.87,
        "release_time_s": end,
        "speed_error_m_s": -0.13,
        "energy_in_J": {"bus_launch": 5.212e9},
        "energy_out_J": {
            "payload": 3.125e9,
            "bus_returned": 1.094e9,
            "sled_braking_loss": 0.469e9,
            "converter": 0.26e9,
            "ac_resistance": 0.12e9,
            "eddy_currents": 0.09e9,
            "feeder": 0.05e9,
            "field_left_in_coils": 3.0e6,
            "dc_conductor": 0.29e6,
        },
        "audit_error_frac": 0.00013,
        "limits": {
            "coil_voltage_V": 15e3,
            "coil_temperature_rise_K": 20.0,
            "acceleration_m_s2": 1200.0,
        },
    }


def dispersion() -> dict[str, Any]:
    noise = random.Random(11)
    sigma = [0.01, 2e-3, 1e-3, 8e-3, 5e-3, 3.1e-3, 1.2e-5]
    matrix = [[sigma[i] ** 2 if i == j else 0.0 for j in range(7)] for i in range(7)]
    matrix[3][4] = matrix[4][3] = 0.35 * sigma[3] * sigma[4]
    samples = []
    for _ in range(1000):
        z = [noise.gauss(0.0, 1.0) for _ in range(7)]
        z[4] = 0.35 * z[3] + math.sqrt(1.0 - 0.35**2) * z[4]
        samples.append([s * v for s, v in zip(sigma, z, strict=True)])
    return {
        "release_covariance": matrix,
        "samples": samples,
        "variance_share_frac": {
            "coil gain noise": [0.0, 0.0, 0.0, 0.61, 0.0, 0.0, 0.0],
            "bucket current": [0.0, 0.0, 0.0, 0.22, 0.0, 0.0, 0.0],
            "light gate timing": [0.0, 0.0, 0.0, 0.004, 0.0, 0.0, 0.0],
            "payload mass": [0.0, 0.0, 0.0, 0.11, 0.0, 0.0, 0.0],
            "dead coil": [0.0, 0.0, 0.0, 0.056, 0.0, 0.0, 0.0],
        },
        "sigma_speed_m_s": 8e-3,
        "sigma_azimuth_rad": 2.4e-6,
        "min_clearance_m": 0.021,
    }


def size() -> dict[str, Any]:
    return {
        "length_m": LENGTH,
        "brake_length_m": 1062.0,
        "launch_time_s": 2.55,
        "force_N": FORCE,
        "peak_power_W": 3.68e9,
        "peak_electric_power_W": 5.3e9,
        "energy_per_launch_J": 4.11e9,
        "energy_per_payload_J_kg": 4.11e6,
        "heat_W": 33e6,
        "radiator_area_m2": 12_700.0,
        "hold_down_m_s2": 1.97,
        "sagitta_m": 0.73,
        "recoil_N_s": 3.75e6,
        "anchor_mass_kg": 1.8e6,
    }


def plant() -> dict[str, Any]:
    return {
        "duty_frac": 0.487,
        "line_availability_frac": 0.98,
        "fleet_frac": 0.995,
        "n_shots_per_year": 512_000.0,
        "throughput_kg_yr": 5.13e8,
        "mean_power_W": 74e6,
        "firing_power_W": 142e6,
        "pulse_store_J": 4.78e9,
        "night_store_J": 6.4e12,
        "array_area_m2": 4.8e5,
        "replaced_kg_yr": {"coil": 9000.0, "converter": 68_000.0, "sled": 3600.0},
        "delivery_usd_kg": 1.42,
    }


def compare() -> list[dict[str, Any]]:
    design = LaunchSystem(
        key="design",
        name="This design",
        drive="synchronous",
        speed_m_s=SPEED,
        length_m=LENGTH,
        payload_kg=1000.0,
        moving_kg=MASS,
        cadence_s=30.0,
        efficiency_frac=0.9,
        status="design",
    )
    rows = compare_launchers(
        target_speed_m_s=SPEED,
        target_payload_kg=1000.0,
        payload_limit_m_s2=2942.0,
        length_limit_m=2e4,
        melting_J_kg=9.5e5,
        armature_frac=0.3,
        slip_frac=0.5,
        railgun_heat_frac=0.1,
        claim_tolerance_frac=0.03,
        design=design,
    )
    return [asdict(row) for row in rows]


def blocks() -> dict[str, Any]:
    return {
        "title": "A driver for one-tonne satellites",
        "lead": "One tonne at 100 g to 2,500 m/s every 30 s, from a straight track of 3.2 km.",
        "version": "0.0",
        "size": size(),
        "design": design(),
        "launch": launch(),
        "dispersion": dispersion(),
        "plant": plant(),
        "compare": compare(),
        "warnings": ["Sled braking return of 70 % has never been shown at 2,500 m/s."],
    }
