"""Adapters of the dispersion cases: inputs of a case in, answers of the package out."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.orbits import (
    Asset,
    ForceModel,
    State,
    UniformRotation,
    chance,
    degree_two_field,
    disperse,
    keep_out,
    point_mass_model,
    propagate,
    release_state,
)

Answer = dict[str, Any]


def interval(*, n_hits: list[int], n_samples: list[int]) -> Answer:
    """Ends of the interval of a share."""
    found = [chance(n_hits=a, n_samples=b) for a, b in zip(n_hits, n_samples, strict=True)]
    return {"low_frac": [c.low_frac for c in found], "high_frac": [c.high_frac for c in found]}


def cloud(
    *,
    epoch_t_tdb_s: float,
    duration_s: float,
    start_r_icrf_m: list[float],
    start_v_icrf_m_s: list[float],
    sigma_position_m: float,
    sigma_velocity_m_s: list[float],
    method: str,
    n_samples: int,
    model: dict[str, Any],
) -> Answer:
    """Rms spread of place from the covariance of each velocity error."""
    state = State(
        center="moon",
        epoch_tdb_s=epoch_t_tdb_s,
        r_icrf_m=np.array(start_r_icrf_m),
        v_icrf_m_s=np.array(start_v_icrf_m_s),
    )
    spread = []
    for sigma in sigma_velocity_m_s:
        found = disperse(
            state=state,
            release_covariance=np.diag(np.repeat([sigma_position_m, sigma], 3) ** 2),
            duration_s=duration_s,
            method=method,  # type: ignore[arg-type]
            n_samples=n_samples,
            forces=_forces(model),
        )
        spread.append(np.sqrt(np.trace(found.covariance[:3, :3])))
    return {"rms_spread_m": spread}


def late_release(*, site_deg: list[float], speed_m_s: float, late_s: float, days: float) -> Answer:
    """Share of the shift that a later release makes which the sensitivity does not give."""
    latitude, longitude, azimuth, elevation = np.radians(site_deg)
    epoch, end = 946_728_000.0, days * 86_400.0
    model = point_mass_model("moon", "earth", "sun")
    start = release_state(latitude, longitude, azimuth, elevation, speed_m_s, epoch)
    found = disperse(
        state=start,
        release_covariance=np.eye(7) * 1e-12,
        duration_s=end,
        forces=model,
        n_samples=2,
    )
    later = release_state(latitude, longitude, azimuth, elevation, speed_m_s, epoch + late_s)
    flown = propagate(later, duration_s=end - late_s, forces=model)
    moved = flown.r_icrf_m - found.nominal_r_icrf_m
    told = found.sensitivity[:3, 6] * late_s
    return {"off_frac": np.linalg.norm(moved - told) / np.linalg.norm(moved)}


def free_trim(*, sigma_m_s: float, flight_s: float, trim_s: float) -> Answer:
    """Trim of velocity errors far from every body."""
    found = disperse(
        state=_far(),
        release_covariance=np.diag([0.0, 0.0, 0.0, *(3 * [sigma_m_s**2])]),
        duration_s=flight_s,
        trim_s=trim_s,
        forces=point_mass_model("sun"),
        n_samples=400_000,
    )
    assert found.trim_delta_v_m_s is not None
    return {"trim_delta_v_m_s": found.trim_delta_v_m_s}


def entry(*, sigma_m: float, radius_m: list[float], offset_m: float) -> Answer:
    """Chance to enter spheres round an asset that crosses the path."""
    state = _far()
    across = np.array([0.0, 0.0, 1.0])
    half = 1800.0
    times = np.array([0.0, half, 2.0 * half])
    path = propagate(state, duration_s=times[-1], sample_s=times, forces=point_mass_model("sun"))
    speed = 5000.0 * np.array([1.0, 0.0, 0.0])
    place = path.sample_r_icrf_m[:, 1]
    r = (place + offset_m * across)[:, None] + speed[:, None] * (times - half)
    chances = []
    for radius in radius_m:
        asset = Asset(
            name="A",
            center="sun",
            t_tdb_s=state.epoch_tdb_s + times,
            r_icrf_m=r,
            v_icrf_m_s=np.repeat(speed[:, None], 3, axis=1),
            radius_m=radius,
        )
        (found,) = keep_out(
            state=state,
            release_covariance=np.diag([*(3 * [sigma_m**2]), 0.0, 0.0, 0.0]),
            duration_s=float(times[-1]),
            assets=[asset],
            n_samples=400_000,
            forces=point_mass_model("sun"),
        )
        chances.append(found.entry.share_frac)
    return {"entry_frac": chances}


def _far() -> State:
    """A craft at rest about the Sun, far from planets, for whom an hour is free motion."""
    return State(
        center="sun",
        epoch_tdb_s=946_728_000.0,
        r_icrf_m=np.array([0.0, 0.0, 3e11]),
        v_icrf_m_s=np.array([0.0, 3000.0, 0.0]),
    )


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
    )
