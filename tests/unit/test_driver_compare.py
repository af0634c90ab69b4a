"""Launch systems side by side."""

from __future__ import annotations

import math
import re
from importlib.resources import files
from typing import Any

import pytest

from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError
from moonbase.driver.compare import (
    DRIVES,
    LauncherCheck,
    LaunchSystem,
    compare_launchers,
    launch_systems,
)

TARGET: dict[str, Any] = {
    "target_speed_m_s": 2500.0,
    "target_payload_kg": 1000.0,
    "payload_limit_m_s2": 3000.0,
    "length_limit_m": 2e4,
    "melting_J_kg": 9.5e5,
    "armature_frac": 1.0,
    "slip_frac": 0.5,
    "railgun_heat_frac": 0.1,
    "claim_tolerance_frac": 0.03,
}
DESIGN = LaunchSystem(
    key="design",
    name="Base case",
    drive="synchronous",
    speed_m_s=2500.0,
    length_m=3187.0,
    payload_kg=1000.0,
    moving_kg=1500.0,
    cadence_s=30.0,
)


def checks(**changes: Any) -> dict[str, LauncherCheck]:
    return {row.system.key: row for row in compare_launchers(**(TARGET | changes))}


def test_every_source_is_in_the_bibliography() -> None:
    folder = files("moonbase") / "data" / "sources"
    text = "".join(f.read_text(encoding="utf-8") for f in folder.iterdir())
    known = set(re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE))
    systems = launch_systems()
    assert {s.source for s in systems} <= known
    assert len({s.key for s in systems}) == len(systems)
    assert {s.drive for s in systems} <= set(DRIVES)
    assert all(s.kind and s.status and s.name for s in systems)


def test_the_announced_rows_are_there() -> None:
    keys = set(checks(design=DESIGN))
    assert keys >= {"sp428", "quenchgun", "handmer", "railgun", "arm_china", "spinlaunch"}
    assert keys >= {"emals", "holloman", "coilgun", "design"}


def test_the_base_launch() -> None:
    row = checks(design=DESIGN)["design"]
    assert row.force_N == pytest.approx(1.471e6, rel=1e-3)
    assert row.peak_power_W == pytest.approx(3.68e9, rel=1e-3)
    assert row.ideal_energy_J_kg == pytest.approx(1.5 * 2500.0**2 / 2.0)
    assert row.target_length_m == pytest.approx(3187.0)
    assert row.limits == ("undemonstrated",)


def test_induction_heat_from_rest_is_the_kinetic_energy() -> None:
    row = checks()["coilgun"]
    assert row.armature_heat_J_kg == pytest.approx(2500.0**2 / 2.0)
    assert "armature heat" in row.limits
    at_melting = checks(slip_frac=row.melting_slip_frac * 0.999)["coilgun"]
    beyond = checks(slip_frac=row.melting_slip_frac * 1.001)["coilgun"]
    assert "armature heat" not in at_melting.limits and "armature heat" in beyond.limits


def test_a_small_armature_takes_the_same_heat_in_less_mass() -> None:
    whole, third = (checks(armature_frac=f)["railgun"].armature_heat_J_kg for f in (1.0, 1 / 3))
    assert third == pytest.approx(3.0 * whole)
    assert whole == pytest.approx(0.1 * 2500.0**2 / 2.0 * (1.0 / 0.41 - 1.0))


def test_sleds_that_slip_nothing_take_no_heat_and_a_rocket_is_not_judged() -> None:
    rows = checks()
    assert rows["sp428"].armature_heat_J_kg == rows["quenchgun"].armature_heat_J_kg == 0.0
    assert math.isnan(rows["holloman"].armature_heat_J_kg)


def test_an_arm_keeps_its_radius_and_a_track_its_acceleration() -> None:
    rows = checks(target_speed_m_s=2400.0)
    arm = rows["arm_china"]
    assert arm.target_acceleration_m_s2 / STANDARD_GRAVITY_m_s2 == pytest.approx(11_747.0, rel=1e-4)
    assert arm.target_length_m == 50.0 and math.isnan(arm.target_peak_power_W)
    track = rows["emals"]
    assert track.target_acceleration_m_s2 == track.acceleration_m_s2
    assert track.target_length_m == pytest.approx(91.0 * (2400.0 / 66.88) ** 2)
    assert "length" in track.limits and "acceleration" not in track.limits


def test_limits_follow_the_limits_given() -> None:
    assert "acceleration" in checks()["sp428"].limits
    assert "acceleration" not in checks(payload_limit_m_s2=2e4)["sp428"].limits
    assert "payload" in checks()["sp428"].limits
    assert "payload" not in checks(target_payload_kg=10.0)["sp428"].limits
    assert "speed" not in checks(target_speed_m_s=60.0)["emals"].limits
    assert "length" not in checks(length_limit_m=2e5)["emals"].limits


def test_demonstrated_energy_counts_mass_as_well() -> None:
    row = checks()["railgun"]
    assert row.demonstrated_speed_ratio < 1.0 and "speed" not in row.limits
    assert "energy" in row.limits
    assert row.demonstrated_energy_ratio == pytest.approx(1000.0 * 2500.0**2 / (0.3 * 3100.0**2))


@pytest.mark.parametrize(
    ("changes", "limit", "words"),
    [
        ({"claimed_energy_J": 1e9}, "energy claim", "claims 0.21 of its kinetic energy"),
        ({"claimed_energy_J": 9e9, "efficiency_frac": 0.9}, "efficiency claim", "numbers say 52%"),
        ({"claimed_throughput_kg_yr": 2.2e9}, "throughput claim", "claims 2.09 of its own rate"),
        ({"acceleration_m_s2": 500.0}, "acceleration claim", "claims 51 g"),
    ],
)
def test_claims_that_contradict_themselves_are_named(
    changes: dict[str, float], limit: str, words: str
) -> None:
    plain = {f: getattr(DESIGN, f) for f in DESIGN.__dataclass_fields__}
    (row,) = compare_launchers(**TARGET, systems=[LaunchSystem(**{**plain, **changes})])
    assert limit in row.limits and words in row.verdict


def test_published_systems_do_not_contradict_themselves() -> None:
    broken = {
        key: [limit for limit in row.limits if "claim" in limit] for key, row in checks().items()
    }
    assert {key: found for key, found in broken.items() if found} == {}


def test_what_is_unknown_is_said() -> None:
    verdict = checks()["quenchgun"].verdict
    assert "acceleration unknown" in verdict and "not demonstrated" in verdict


def test_a_system_within_every_limit() -> None:
    plain = {f: getattr(DESIGN, f) for f in DESIGN.__dataclass_fields__}
    shown = {"demonstrated_speed_m_s": 2500.0, "demonstrated_kg": 1500.0}
    (row,) = compare_launchers(**TARGET, systems=[LaunchSystem(**{**plain, **shown})])
    assert row.limits == () and row.verdict == "within every limit"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"target_speed_m_s": 0.0}, "target_speed_m_s"),
        ({"slip_frac": 1.0}, "slip_frac"),
        ({"armature_frac": 1.2}, "armature_frac"),
        ({"systems": [LaunchSystem(key="x", name="x", drive="magic")]}, "x"),
        ({"systems": [LaunchSystem(key="x", name="x", drive="arm", radius_m=0.0)]}, "x.radius_m"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as fault:
        checks(**changes)
    assert fault.value.path == path
