"""Adapters of the launch table's cases: what it says against throws flown apart from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.orbits import (
    THROW_OUTCOMES,
    Event,
    ForceModel,
    campaign_epochs,
    ephemeris,
    launch_map,
    propagate,
    release_state,
    size_transfer,
    throw_table,
)

Answer = dict[str, Any]
_YEAR_s = 31_557_600.0
_GM_SUN_m3_s2 = 1.327124400412794e20


def nodes(
    *,
    start_year: int,
    longitude_rad: float,
    azimuth_rad: float,
    n_every: int,
    speed_m_s: list[float],
) -> Answer:
    """Differences of some nodes from a launch map of the same track.

    The map reads C3 where a craft last crosses the Earth's sphere of influence, the table where it
    first does, so that the median is compared.
    """
    epochs = campaign_epochs(start_year=start_year)
    table = throw_table(**_track(epochs, longitude_rad, azimuth_rad))
    pick = np.isin(table.speed_m_s, speed_m_s)
    found = launch_map(
        latitude_rad=0.0,
        longitude_rad=float(table.longitude_rad[0]),
        azimuth_rad=azimuth_rad,
        epoch_tdb_s=epochs[::n_every],
        speed_m_s=np.array(speed_m_s),
        forces=ForceModel(),
    )
    outcome = table.outcome[0][::n_every, pick]
    direct: npt.NDArray[np.bool_] = np.equal(outcome, THROW_OUTCOMES.index("leaves directly"))

    def gaps(name: str) -> Array:
        mine, other = getattr(table, name)[0][::n_every, pick], getattr(found, name)
        gap: Array = np.abs(mine - other)[direct]
        return gap

    return {
        "n_direct": int(direct.sum()),
        "drift_rad_yr": np.max(gaps("drift_rad_yr")),
        "c3_earth_m2_s2": np.median(gaps("c3_earth_m2_s2")),
    }


def off_the_nodes(
    *,
    start_year: int,
    longitude_rad: float,
    azimuth_rad: float,
    speed_m_s: list[float],
    drift_rad_yr: list[float],
    share: list[float],
) -> Answer:
    """Share and asked speed between the meridians less those of throws flown at the site."""
    epochs, speeds = campaign_epochs(start_year=start_year), np.array(speed_m_s)
    drift = _direct_drift(epochs, longitude_rad, azimuth_rad, speeds)
    same = drift[:, :-1] * drift[:, 1:] > 0.0
    edge = np.zeros((len(drift), 1), dtype=bool)
    held = np.hstack([edge, same]) | np.hstack([same, edge])
    shares, asked = [], []
    for wanted in drift_rad_yr:
        given = {
            **_track(epochs, longitude_rad, azimuth_rad),
            "drift_rate_rad_yr": wanted,
            "slot_phase_rad": 0.5,
            "trim_delta_v_m_s": 0.0,
            "transfer_loss_frac": 0.0,
        }
        serves = np.maximum.accumulate(held & (np.abs(drift) >= wanted), axis=1)
        flown = serves.mean(axis=0)
        table = size_transfer(muzzle_speed_m_s=speeds, min_usable_frac=np.array(0.5), **given)
        shares.append(np.asarray(table.usable_frac) - flown)
        for least in share:
            table = size_transfer(muzzle_speed_m_s=2500.0, min_usable_frac=least, **given)
            asked.append(float(table.asked_speed_m_s) - float(np.interp(least, flown, speeds)))
    return {
        "share_rms_frac": float(np.sqrt(np.mean(np.square(shares)))),
        "share_worst_frac": float(np.max(np.abs(shares))),
        "asked_speed_m_s": float(np.max(np.abs(asked))),
    }


def _track(epochs: Array, longitude_rad: float, azimuth_rad: float) -> dict[str, Any]:
    return {
        "t_tdb_s": epochs,
        "site_latitude_rad": 0.0,
        "site_longitude_rad": longitude_rad,
        "release_azimuth_rad": azimuth_rad,
        "release_elevation_rad": 0.0,
    }


def _direct_drift(epochs: Array, longitude: float, azimuth: float, speeds: Array) -> Array:
    """Drift a year after release of throws that leave at once; 0 for the others."""
    times = np.repeat(epochs, speeds.size)
    start = release_state(0.0, longitude, azimuth, 0.0, np.tile(speeds, epochs.size), times)
    flight = propagate(
        start,
        duration_s=_YEAR_s,
        tolerance=1e-10,
        n_block=16,
        events=[
            Event(kind="periapsis", body="moon"),
            Event(kind="sphere", body="earth", radius_m=924e6),
        ],
    )
    passes, sphere = flight.events
    back = np.linalg.norm(passes.r_icrf_m, axis=0) < 66.2e6
    back &= passes.elapsed_s > 600.0
    far = np.linalg.norm(flight.relative_to("earth").r_icrf_m, axis=0) > 3e9
    direct = (flight.status == 0) & far & ~back.any(axis=0)
    direct &= sphere.elapsed_s[0] < 45.0 * 86_400.0
    sun = flight.relative_to("sun")
    year = epochs[:, None] + _YEAR_s * (np.arange(24) + 0.5) / 24.0
    home = ephemeris("emb", year, "sun")
    home_motion = _motion(home.r_icrf_m, home.v_icrf_m_s).mean(axis=1)
    drift = _motion(sun.r_icrf_m, sun.v_icrf_m_s) - np.repeat(home_motion, speeds.size)
    return np.where(direct, drift, 0.0).reshape(epochs.size, speeds.size)


def _motion(r_m: Array, v_m_s: Array) -> Array:
    """Mean motion of an orbit about the Sun, rad a year; nan where it is none."""
    energy = 0.5 * np.sum(v_m_s**2, axis=0) - _GM_SUN_m3_s2 / np.linalg.norm(r_m, axis=0)
    axis = np.where(energy < 0.0, -0.5 * _GM_SUN_m3_s2 / energy, np.nan)
    motion: Array = _YEAR_s * np.sqrt(_GM_SUN_m3_s2 / axis**3)
    return motion
