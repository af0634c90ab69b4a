"""Mass and bill of a line, with the shipped records."""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import replace
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from driver_line_fixture import build

from moonbase.core.errors import DomainError
from moonbase.driver import (
    COMMODITIES,
    IMPORTED,
    PARTS,
    SHARES,
    DriverBudget,
    DriverDesign,
    DriverSize,
    Plant,
    budget_driver,
    size_driver,
)

RECORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("moonbase") / "data" / "parameters" / "driver.toml").read_text(encoding="utf-8")
)["driver"]
SIZE_KEYS = set(inspect.signature(size_driver).parameters)
GIVEN = {"size", "design", "plant", "n_sleds", "shares_frac"}
BUDGET_KEYS = set(inspect.signature(budget_driver).parameters) - GIVEN
DESIGN = build()
PLANT = cast(
    Plant,
    SimpleNamespace(
        throughput_kg_yr=np.array([1e9]),
        replaced_kg_yr={"coil": np.array([2e5]), "converter": np.array([3e5])},
    ),
)


def values(bound: str = "value") -> dict[str, Any]:
    return {key: record.get(bound, record["value"]) for key, record in RECORDS.items()}


def size(**changes: Any) -> DriverSize:
    line = {
        "payload_kg": DESIGN.payload_kg,
        "sled_kg": DESIGN.sled_kg,
        "muzzle_speed_m_s": DESIGN.muzzle_speed_m_s,
        "acceleration_m_s2": DESIGN.acceleration_m_s2,
        "deceleration_m_s2": DESIGN.deceleration_m_s2,
        "wall_plug_efficiency_frac": DESIGN.efficiency_frac,
        "regeneration_frac": DESIGN.regeneration_frac,
        "electric_peak_ratio": DESIGN.window.peak_power_ratio,
        "duty_frac": 0.9,
    }
    records = {key: value for key, value in values().items() if key in SIZE_KEYS}
    return size_driver(**{**records, **line, **changes})


def budget(
    design: DriverDesign = DESIGN, shares: dict[str, Any] | None = None, **changes: Any
) -> DriverBudget:
    given: dict[str, Any] = {key: values()[key] for key in BUDGET_KEYS} | {
        "size": size(),
        "plant": PLANT,
        "n_sleds": 3.0,
        "shares_frac": {key: values()[key] for key in SHARES} | (shares or {}),
    }
    return budget_driver(design=design, **{**given, **changes})


def test_every_coefficient_has_a_record() -> None:
    assert set(RECORDS) >= BUDGET_KEYS | set(SHARES)


def test_shares_of_every_part_stay_below_one_at_the_high_end() -> None:
    high = values("high")
    for part in PARTS:
        assert sum(high[key] for key in SHARES if key.startswith(f"{part}_")) < 1.0


def test_parts_of_the_design_are_weighed_as_they_are() -> None:
    parts = budget().part_kg
    track = size().length_m + size().brake_length_m
    assert parts["winding"] == pytest.approx(DESIGN.winding_kg)
    assert parts["frame"] == pytest.approx(DESIGN.frame_kg)
    assert parts["feeder"] == pytest.approx(2700.0 * 0.03 * track)
    assert parts["sled"] == pytest.approx(3.0 * DESIGN.sled_kg)
    assert parts["guideway"] == pytest.approx(values()["guideway_kg_m"] * track)
    rating = DESIGN.converter_VA / values()["converter_VA_kg"]
    assert parts["converter"] == pytest.approx(rating)


def test_windings_of_a_line_are_those_of_both_tracks() -> None:
    per_metre = DESIGN.drive_coil.mass_kg / DESIGN.coil_pitch_m
    track = DESIGN.track.length_m + DESIGN.brake.length_m
    assert budget().part_kg["winding"] == pytest.approx(per_metre * track)


def test_bill_is_the_line() -> None:
    line = budget()
    assert set(line.bill_kg) == set(COMMODITIES)
    assert set(line.part_kg) == set(PARTS)
    assert sum(line.bill_kg.values()) == pytest.approx(line.line_kg, rel=1e-12)
    assert sum(line.part_kg.values()) == pytest.approx(line.line_kg, rel=1e-12)


def test_imported_share_is_electronics_and_vitamins() -> None:
    line = budget()
    imported = sum(line.bill_kg[name] for name in IMPORTED)
    assert line.imported_frac == pytest.approx(imported / line.line_kg)


def test_a_share_moves_mass_between_commodities_alone() -> None:
    less, more = (budget(shares={"sled_vitamins_frac": share}) for share in (0.4, 0.8))
    moved = more.bill_kg["vitamins"] - less.bill_kg["vitamins"]
    assert moved == pytest.approx(0.4 * less.part_kg["sled"])
    assert less.bill_kg["al_parts"] - more.bill_kg["al_parts"] == pytest.approx(moved)
    assert more.line_kg == less.line_kg


def test_wear_is_by_time_and_by_pulses() -> None:
    line = budget(wear_1_yr=0.02)
    assert line.spares_kg_yr == pytest.approx(0.02 * line.line_kg + 5e5)


def test_own_mass_time_counts_the_throughput() -> None:
    line = budget()
    assert line.own_mass_time_yr * line.capacity_kg_yr == pytest.approx(line.line_kg)
    assert line.capacity_kg_yr == PLANT.throughput_kg_yr


def test_a_missing_share_is_named() -> None:
    with pytest.raises(DomainError, match="sled_vitamins_frac"):
        budget(shares_frac={key: 0.1 for key in SHARES if key != "sled_vitamins_frac"})


@pytest.mark.parametrize("name", ["converter_VA_kg", "selector_VA_kg", "storage_J_kg"])
def test_ratings_and_energies_per_mass_must_be_positive(name: str) -> None:
    with pytest.raises(DomainError, match=name):
        budget(**{name: 0.0})


def test_shares_above_one_are_refused_or_nan() -> None:
    with pytest.raises(DomainError, match="radiator_vitamins_frac"):
        budget(shares={"radiator_vitamins_frac": 1.2})
    mixed = budget(shares={"radiator_vitamins_frac": np.array([0.05, 1.2])})
    assert np.isfinite(mixed.bill_kg["al_parts"][0])
    assert np.isnan(mixed.bill_kg["al_parts"][1])


def test_draws_equal_a_loop() -> None:
    winding = np.array([1e6, 2e6])
    share = np.array([0.2, 0.5])
    together = budget(
        replace(DESIGN, winding_kg=winding), shares={"converter_electronics_frac": share}
    )
    for draw in range(2):
        alone = budget(
            replace(DESIGN, winding_kg=winding[draw]),
            shares={"converter_electronics_frac": share[draw]},
        )
        for name in COMMODITIES:
            mine = np.broadcast_to(together.bill_kg[name], 2)[draw]
            assert mine == pytest.approx(np.ravel(alone.bill_kg[name])[0], rel=1e-14)
