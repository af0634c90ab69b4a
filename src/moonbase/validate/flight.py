"""Adapters of the flight cases: inputs of a published case in, answers of the package out."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.core.arrays import Array
from moonbase.orbits import (
    ForceModel,
    SolarPressure,
    UniformRotation,
    degree_two_field,
    ephemeris,
    lunar_axes,
    pa_to_me,
    point_mass_model,
    propagate,
)

Answer = dict[str, Any]


def planet_states(*, epoch_t_tdb_s: float, centre: str, bodies: list[str]) -> Answer:
    """Geometric states relative to a body."""
    answer: Answer = {}
    for body in bodies:
        state = ephemeris(body, epoch_t_tdb_s, centre)
        answer[f"{body}_r_icrf_m"] = state.r_icrf_m
        answer[f"{body}_v_icrf_m_s"] = state.v_icrf_m_s
    return answer


def lunar_orientation(*, epoch_t_tdb_s: float) -> Answer:
    """Euler angles and matrix of the principal axes."""
    axes = lunar_axes(epoch_tdb_s=epoch_t_tdb_s)
    return {"euler_313_rad": axes.euler_313_rad, "icrf_to_pa": axes.icrf_to_pa}


def axes_offset(*, radius_m: float) -> Answer:
    """Rotation from principal to mean-Earth axes, and its arc on the surface."""
    matrix = pa_to_me()
    axis = 0.5 * np.array(
        [matrix[1, 2] - matrix[2, 1], matrix[2, 0] - matrix[0, 2], matrix[0, 1] - matrix[1, 0]]
    )
    angle = np.arcsin(np.linalg.norm(axis))
    return {"surface_distance_m": radius_m * angle, "pa_to_me": matrix}


def earth_arc(
    *,
    epoch_jd_tai: float,
    tdb_minus_tai_s: float,
    duration_s: float,
    start_r_icrf_m: list[float],
    start_v_icrf_m_s: list[float],
    bodies: list[str],
    **gm: float,
) -> Answer:
    """Earth-centred arc with direct and indirect terms of point masses."""
    flight = propagate(
        start_r_icrf_m + start_v_icrf_m_s,
        (epoch_jd_tai - 2451545.0) * 86_400.0,
        duration_s,
        offset_s=tdb_minus_tai_s,
        center="earth",
        forces=point_mass_model(*bodies, gm_m3_s2=_gm(gm), indirect=True),
    )
    return {"end_r_icrf_m": flight.r_icrf_m, "end_v_icrf_m_s": flight.v_icrf_m_s}


def release_flight(
    *,
    epoch_t_tdb_s: float,
    duration_s: float,
    start_r_icrf_m: list[float],
    start_v_icrf_m_s: list[float],
    **model: Any,
) -> Answer:
    """Moon-centred start to Moon- and Earth-centred end."""
    flight = propagate(
        start_r_icrf_m + start_v_icrf_m_s, epoch_t_tdb_s, duration_s, forces=_forces(model)
    )
    earth = flight.relative_to("earth")
    return {
        "moon_r_icrf_m": flight.r_icrf_m,
        "moon_v_icrf_m_s": flight.v_icrf_m_s,
        "earth_r_icrf_m": earth.r_icrf_m,
        "earth_v_icrf_m_s": earth.v_icrf_m_s,
    }


def linearity(
    *,
    epoch_t_tdb_s: float,
    duration_s: float,
    start_r_icrf_m: list[float],
    start_v_icrf_m_s: list[float],
    sigma_position_m: float,
    sigma_velocity_m_s: list[float],
    n_samples: int,
    seed: int,
    **model: Any,
) -> Answer:
    """Rms spread of a cloud, and rms error of its linear map."""
    forces = _forces(model)
    start = np.array(start_r_icrf_m + start_v_icrf_m_s)
    rng = np.random.default_rng(seed)
    nominal = propagate(start, epoch_t_tdb_s, duration_s, forces=forces, tolerance=1e-13, stm=True)
    matrix = nominal.stm
    assert matrix is not None
    spread, error = [], []
    for sigma in sigma_velocity_m_s:
        scale = np.repeat([sigma_position_m, sigma], 3)[:, None]
        offset = scale * rng.standard_normal((6, n_samples))
        cloud = propagate(
            start[:, None] + offset, epoch_t_tdb_s, duration_s, forces=forces, tolerance=1e-13
        )
        moved = cloud.r_icrf_m - nominal.r_icrf_m[:, None]
        spread.append(_rms(moved))
        error.append(_rms(moved - matrix[:3] @ offset))
    return {"rms_spread_m": spread, "rms_linear_error_m": error}


def sensitivity(
    *,
    epoch_t_tdb_s: float,
    duration_s: float,
    start_r_icrf_m: list[float],
    start_v_icrf_m_s: list[float],
    **model: Any,
) -> Answer:
    """Largest singular values of the end position's derivatives."""
    flight = propagate(
        start_r_icrf_m + start_v_icrf_m_s,
        epoch_t_tdb_s,
        duration_s,
        forces=_forces(model),
        stm=True,
    )
    assert flight.stm is not None
    return {
        "dr_dv_m_per_m_s": np.linalg.norm(flight.stm[:3, 3:], 2),
        "dr_dr_m_per_m": np.linalg.norm(flight.stm[:3, :3], 2),
    }


def matrix_error(
    *,
    epoch_t_tdb_s: float,
    duration_s: float,
    start_r_icrf_m: list[float],
    start_v_icrf_m_s: list[float],
    step_m: float,
    step_m_s: float,
    relativity: bool,
    pressure: dict[str, Any],
) -> Answer:
    """Largest miss of the state transition matrix against flown differences, by block.

    Over the largest element of its block; differences of fourth order, at tolerance 1e-14.
    """
    forces = ForceModel(relativity=relativity, pressure=SolarPressure(**pressure))
    start = np.array(start_r_icrf_m + start_v_icrf_m_s)
    flight = propagate(start, epoch_t_tdb_s, duration_s, forces=forces, tolerance=1e-13, stm=True)
    steps = np.repeat([step_m, step_m_s], 3)

    def change(times: float) -> Array:
        delta = times * np.diag(steps)
        moved = np.concatenate([start[:, None] + delta, start[:, None] - delta], axis=1)
        ends = propagate(moved, epoch_t_tdb_s, duration_s, forces=forces, tolerance=1e-14).array
        slope: Array = (ends[:, :6] - ends[:, 6:]) / (2.0 * times * steps)
        return slope

    slope = (4.0 * change(1.0) - change(2.0)) / 3.0
    assert flight.stm is not None
    places = {"r": np.s_[:3], "v": np.s_[3:]}
    blocks = {f"d{a}_d{b}_frac": (places[a], places[b]) for a in places for b in places}
    return {
        name: np.abs(flight.stm - slope)[block].max() / np.abs(slope[block]).max()
        for name, block in blocks.items()
    }


def _rms(vectors: Array) -> float:
    return float(np.sqrt(np.mean(np.sum(vectors**2, axis=0))))


def _gm(values: dict[str, Any]) -> dict[str, float]:
    return {
        key.removeprefix("gm_").removesuffix("_m3_s2"): value
        for key, value in values.items()
        if key.startswith("gm_")
    }


def _forces(model: dict[str, Any]) -> ForceModel:
    return ForceModel(
        bodies=tuple(model["point_masses"]),
        common_bodies=tuple(model["common_pull"]),
        gravity=degree_two_field(
            j2=model["moon_j2"], c22=model["moon_c22"], radius_m=model["moon_reference_radius_m"]
        ),
        rotation=UniformRotation(
            icrf_to_body=np.array(model["icrf_to_body_at_epoch"]),
            rate_rad_s=model["moon_rate_rad_s"],
        ),
        earth_j2=False,
        gm_m3_s2=_gm(model),
    )
