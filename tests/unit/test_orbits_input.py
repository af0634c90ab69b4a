"""Odd input at the doors of flight: every refusal names the argument and a remedy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.orbits import (
    Event,
    ForceModel,
    LunarOrbit,
    SolarPressure,
    achromatic_longitude,
    disperse,
    launch_map,
    propagate,
    release_state,
    site_survey,
    target,
)

T_2030 = 946_728_000.0
NAN = float("nan")
SITE = {"latitude_rad": 0.0, "longitude_rad": 0.5, "azimuth_rad": 1.57}
MAP: dict[str, Any] = {**SITE, "epoch_tdb_s": [T_2030], "speed_m_s": [2500.0]}
FLIGHT: dict[str, Any] = {"states": [2e6, 0, 0, 0, 2500.0, 0], "epoch_tdb_s": T_2030}
CLOUD: dict[str, Any] = {"release_covariance": np.eye(6) * 1e-4, "duration_s": 1e4}


def refused(path: str, remedy: str, call: Any, **given: Any) -> None:
    with pytest.raises(DomainError) as error:
        call(**given)
    assert error.value.path == path
    assert remedy in str(error.value)


@pytest.mark.parametrize(
    ("path", "value", "remedy"),
    [
        ("speed_m_s", [NAN, 2500.0], "finite"),
        ("speed_m_s", [], "np.linspace"),
        ("speed_m_s", ["fast"], "number"),
        ("speed_m_s", np.ones((2, 2)), "np.linspace"),
        ("speed_m_s", [1e9], "m/s"),
        ("speed_m_s", [-2500.0], "azimuth"),
        ("epoch_tdb_s", [], "np.linspace"),
        ("epoch_tdb_s", [NAN], "finite"),
        ("epoch_tdb_s", [9e9], "J2000"),
        ("azimuth_rad", 270.0, "np.radians(270)"),
        ("azimuth_rad", NAN, "finite"),
        ("azimuth_rad", np.array([1.0, 2.0]), "site_survey"),
        ("longitude_rad", 55.0, "np.radians(55)"),
        ("latitude_rad", 40.0, "radians"),
        ("elevation_rad", 45.0, "np.radians(45)"),
        ("height_m", NAN, "finite"),
        ("horizon_s", NAN, "seconds"),
        ("horizon_s", np.inf, "seconds"),
    ],
)
def test_a_map_refuses(path: str, value: Any, remedy: str) -> None:
    refused(path, remedy, launch_map, **{**MAP, path: value})


def test_a_survey_refuses() -> None:
    survey = {**MAP, "budget_m_s": 300.0}
    refused("longitude_rad", "one or more", site_survey, **{**survey, "longitude_rad": []})
    refused("budget_m_s", "m/s", site_survey, **{**survey, "budget_m_s": NAN})
    wrong = {"latitude_rad": [0.0, 0.1, 0.2], "longitude_rad": [0.0, 0.1]}
    refused("latitude_rad", "draws", site_survey, **{**survey, **wrong})


@pytest.mark.parametrize(
    ("path", "value", "remedy"),
    [
        ("azimuth_rad", 90.0, "np.radians(90)"),
        ("longitude_rad", [0.1, 120.0], "np.radians(120)"),
        ("speed_m_s", "x", "number"),
        ("latitude_rad", [0.0, 0.1], "draws"),
    ],
)
def test_a_release_refuses(path: str, value: Any, remedy: str) -> None:
    given = {**SITE, "elevation_rad": 0.0, "speed_m_s": 2500.0, "epoch_tdb_s": [T_2030] * 3}
    if path != "latitude_rad":
        given["epoch_tdb_s"] = T_2030
    refused(path, remedy, release_state, **{**given, path: value})


def test_a_lost_draw_does_not_end_the_others() -> None:
    speeds = np.array([2500.0, NAN])
    flight = propagate(release_state(0.0, 0.5, 1.57, 0.0, speeds, T_2030), duration_s=1e4)
    assert flight.status.tolist() == [0, 3]


def light(**changes: Any) -> ForceModel:
    return ForceModel(pressure=SolarPressure(**{"area_per_mass_m2_kg": 1.0, **changes}))


@pytest.mark.parametrize(
    ("path", "given", "remedy"),
    [
        ("duration_s", {"duration_s": NAN}, "finite"),
        ("duration_s", {"duration_s": np.inf}, "finite"),
        ("epoch_tdb_s", {"epoch_tdb_s": NAN}, "J2000"),
        ("states", {"states": "x"}, "number"),
        ("n_block", {"n_block": 0}, "whole number"),
        ("n_hits", {"n_hits": 1.5}, "whole number"),
        ("events", {"events": [Event(kind="apse", body="moon")]}, "periapsis"),  # type: ignore[arg-type]
        ("forces.pressure.attitude", {"forces": light(attitude="tumble")}, "inertial"),
        (
            "forces.pressure.area_per_mass_m2_kg",
            {"forces": light(area_per_mass_m2_kg=-1.0)},
            "m2/kg",
        ),
        (
            "forces.pressure.area_per_mass_m2_kg",
            {"forces": light(area_per_mass_m2_kg=np.ones(3))},
            "1 craft",
        ),
        (
            "forces.pressure.normal_icrf",
            {"forces": light(attitude="inertial", normal_icrf=(0.0, 0.0, 0.0))},
            "length",
        ),
    ],
)
def test_a_flight_refuses(path: str, given: dict[str, Any], remedy: str) -> None:
    refused(path, remedy, propagate, **{**FLIGHT, "duration_s": 1e4, **given})


def test_aims_refuse() -> None:
    aim = {**SITE, "epoch_tdb_s": T_2030, "goal": LunarOrbit(orbit_height_m=1e5)}
    refused("goal", "LibrationPoint", target, **{**aim, "goal": "L2"})
    refused("azimuth_rad", "np.radians(90)", target, **{**aim, "azimuth_rad": 90.0})
    refused("azimuth_rad", "finite", achromatic_longitude, azimuth_rad=NAN)
    refused("azimuth_rad", "np.radians(90)", achromatic_longitude, azimuth_rad=90.0)
    refused("elevation_rad", "np.radians(45)", achromatic_longitude, elevation_rad=45.0)


@pytest.mark.parametrize(
    ("path", "value", "remedy"),
    [
        ("n_samples", 2.5, "whole number"),
        ("n_keep", 0, "whole number"),
        ("seed", -1, "whole number"),
        ("capture_radius_m", -1.0, "catcher"),
        ("release_mean", np.full(6, NAN), "finite"),
    ],
)
def test_a_cloud_refuses(path: str, value: Any, remedy: str) -> None:
    state = release_state(0.0, 0.5, 1.57, 0.0, 2500.0, T_2030)
    refused(path, remedy, disperse, **{**CLOUD, "state": state, path: value})
