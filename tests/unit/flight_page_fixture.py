"""Made-up blocks of the flight page: shapes and names as the plan gives them, no physics."""

from __future__ import annotations

from typing import Any

import numpy as np

FAR = 384.4e6
OUTCOMES = [
    "falls back to the Moon",
    "stays with the Moon",
    "stays with the Earth",
    "meets the Earth",
    "leaves inward",
    "leaves outward",
    "lost",
]


def release(away: bool = True) -> dict[str, Any]:
    n = 300
    t = np.linspace(0.0, 40.0 * 86400.0, n)
    out = t / t[-1] * (8e9 if away else 4e7)
    moon = FAR * np.array([np.cos(t / 3.8e5), np.sin(t / 3.8e5)])
    earth = 1.496e11 * np.array([np.cos(t / 5.03e6), np.sin(t / 5.03e6)])
    craft = moon + np.array([0.2 * out, out])
    return {
        "card": {
            "epoch_tdb_s": 946728000.0,
            "latitude_rad": 0.0,
            "longitude_rad": 0.97,
            "azimuth_rad": 4.712,
            "elevation_rad": 0.0,
            "speed_m_s": 2500.0,
            "c3_moon_m2_s2": 606164.0,
            "moon_v_inf_m_s": 778.6,
            "earth_miss_m": 3.9e8,
            "moon_miss_m": float("nan"),
            "drift_rad_yr": 0.2,
            "slot_delta_v_m_s": 621.0,
        },
        "outcome": "leaves <inward>",
        "events": [("nearest the Moon", 7.8e5, 4.478e6, 1423.0)],
        "forces": ["point mass moon"],
        "path": {
            "t_s": t,
            "turning_m": np.array([np.full(n, FAR), np.zeros(n)]) + np.array([0.2 * out, out]),
            "from_earth_m": craft,
            "moon_from_earth_m": moon,
            "from_sun_m": earth + craft,
            "earth_from_sun_m": earth,
            "moon_distance_m": np.hypot(0.2 * out, out) + 1.7374e6,
            "earth_distance_m": np.hypot(*craft),
            "mean_distance_m": FAR,
            "points_m": {
                "L1": (0.849 * FAR, 0.0),
                "L2": (1.168 * FAR, 0.0),
                "L4": (0.5 * FAR, 0.866 * FAR),
            },
        },
    }


def windows(n_epochs: int = 40, n_speeds: int = 20) -> dict[str, Any]:
    epochs = 946728000.0 + np.linspace(0.0, 29.0 * 86400.0, n_epochs)
    speeds = np.linspace(2400.0, 2800.0, n_speeds)
    phase = np.sin(np.arange(n_epochs) / 6.0)[:, None] + np.linspace(-0.3, 0.3, n_speeds)
    code = np.where(phase > 0.2, 4, np.where(phase < -0.2, 5, 2))
    values = {
        name: np.where(code == 2, np.nan, scale * (1.1 + phase))
        for name, scale in (
            ("c3_moon_m2_s2", 1e6),
            ("c3_earth_m2_s2", 1e6),
            ("earth_miss_m", 3e8),
            ("drift_rad_yr", 0.1),
            ("slot_delta_v_m_s", 900.0),
        )
    }
    return {
        "epoch_tdb_s": epochs,
        "speed_m_s": speeds,
        "outcome": code,
        "outcomes": OUTCOMES,
        **values,
    }


def best() -> list[dict[str, Any]]:
    return [
        {
            "epoch_tdb_s": 946728000.0,
            "speed_m_s": 2420.0,
            "outcome": "leaves inward",
            "c3_moon_m2_s2": 1e6,
            "c3_earth_m2_s2": 2e6,
            "drift_rad_yr": 0.2,
            "slot_delta_v_m_s": 31.0,
        }
    ]


def counted(n_hits: int, n_samples: int = 1000) -> dict[str, Any]:
    share = n_hits / n_samples
    return {
        "n_hits": n_hits,
        "n_samples": n_samples,
        "share_frac": share,
        "low_frac": 0.5 * share,
        "high_frac": 2.0 * share or 0.003,
        "resolvable_frac": 0.003,
    }


def risk() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    n = 400
    speed = np.linspace(-600.0, 250.0, 20)
    angle = np.linspace(-0.1, 0.2, 18)
    return {
        "cloud": {
            "method": "monte_carlo",
            "elapsed_s": 2.6e6,
            "epoch_tdb_s": 9.49e8,
            "n_samples": n,
            "miss_sigma_m": np.array([4.5e4, 7.4e3]),
            "miss_m": np.array([3.1e4, 8.8e4, 1.35e5]),
            "trim_delta_v_m_s": np.array([0.0286, 0.0688, 0.103]),
            "sample_trim_m_s": np.abs(rng.normal(size=n)) * 0.03,
            "linear_error_frac": 2.5e-4,
            "capture": counted(972),
            "moon_impact": counted(0),
            "earth_impact": counted(3),
        },
        "across_m": rng.normal(size=(2, n)) * np.array([[4.5e4], [7.4e3]]),
        "across_mean_m": np.zeros(2),
        "hazards": {
            "duration_s": 2.2e9,
            "moon": counted(0),
            "earth": counted(4),
            "n_lost": 0,
        },
        "corridor": {
            "clear": True,
            "duration_s": 2.6e6,
            "speed_m_s": np.array([-153.7, 500.0]),
            "azimuth_rad": np.array([-0.2, 0.2]),
            "elevation_rad": np.array([-0.02, 0.2]),
            "ends": ("met the Moon", "clear", "clear", "clear", "met the Moon", "clear"),
        },
        "corridor_map": {
            "speed_m_s": speed,
            "elevation_rad": angle,
            "fate": (speed[:, None] < -150.0) * np.ones(18, dtype=int),
            "fates": ["clear", "met the Moon", "met the Earth", "lost"],
        },
        "keep_out": [
            {
                "name": "GATE<WAY>",
                "radius_m": 1e5,
                "closest_s": 3600.0,
                "closest_m": 2e5,
                "speed_m_s": 900.0,
                "sigma_m": 40.0,
                "n_approaches": 2,
                "entry": counted(0),
            }
        ],
    }


def sites() -> list[dict[str, Any]]:
    row = {
        "target": "L2",
        "direction": "east",
        "found": True,
        "advice": "",
        "longitude_rad": 0.578,
        "speed_m_s": 2342.0,
        "flight_s": 1.6e5,
        "arrival_speed_m_s": 266.6,
        "second_order_s2_m": -1.196e4,
    }
    none = {key: float("nan") for key in row if key.endswith(("_s", "_rad", "_m"))}
    return [row, {**row, **none, "direction": "west", "found": False, "advice": "errors add up"}]


def survey() -> dict[str, Any]:
    served = np.abs(np.sin(np.arange(12.0)))
    side = {"served_frac": served, "least_delta_v_m_s": 100.0 + served}
    return {
        "longitude_rad": np.linspace(-np.pi, np.pi, 12, endpoint=False),
        "budget_m_s": 326.0,
        "east": side,
        "west": {**side, "served_frac": 0.4 * served},
    }


def swarm() -> dict[str, Any]:
    year = np.arange(1.0, 51.0)
    return {
        "year": year,
        "n_alive": 1.9e7 * np.minimum(year, 5.0),
        "n_derelict": 2.5e6 * year,
        "collisions_1_yr": 2e-5 * year**2,
        "hit_1_yr": 1e-6 * year,
    }
