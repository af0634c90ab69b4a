"""Mass and bill of a line, with the shipped records."""

from __future__ import annotations

import inspect
import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.driver import (
    COMMODITIES,
    PARTS,
    SHARES,
    DriverBudget,
    DriverSize,
    budget_driver,
    size_driver,
)

RECORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("moonbase") / "data" / "parameters" / "driver.toml").read_text(encoding="utf-8")
)["driver"]
SIZE_KEYS = set(inspect.signature(size_driver).parameters)
BUDGET_KEYS = set(inspect.signature(budget_driver).parameters) - {"size", "shares_frac"}


def values(bound: str = "value") -> dict[str, Any]:
    return {key: record.get(bound, record["value"]) for key, record in RECORDS.items()}


def size(**changes: Any) -> DriverSize:
    return size_driver(
        **{key: value for key, value in values().items() if key in SIZE_KEYS} | changes
    )


def budget(
    of: DriverSize | None = None, shares: dict[str, Any] | None = None, **changes: Any
) -> DriverBudget:
    coefficients = {key: value for key, value in values().items() if key in BUDGET_KEYS}
    return budget_driver(
        size=of or size(),
        shares_frac={key: values()[key] for key in SHARES} | (shares or {}),
        **(coefficients | changes),
    )


def test_every_record_feeds_an_argument_and_every_argument_has_a_record() -> None:
    assert set(RECORDS) == SIZE_KEYS | BUDGET_KEYS | set(SHARES)


def test_shares_of_every_part_stay_below_one_at_the_high_end() -> None:
    high = values("high")
    for part in PARTS:
        assert sum(high[key] for key in SHARES if key.startswith(f"{part}_")) < 1.0


def test_windings_of_the_base_run() -> None:
    line = budget(size(acceleration_m_s2=980.665), winding_kg_m=554.0)
    driven = 554.0 * size().length_m
    assert driven == pytest.approx(1764e3, rel=0.01)
    assert line.part_kg["winding"] > driven


def test_winding_and_feeder_densities_of_sp428() -> None:
    assert RECORDS["winding_kg_m"]["low"] == pytest.approx(108e3 / 488.0, rel=0.01)
    assert RECORDS["feeder_kg_m"]["value"] == pytest.approx(43.3e3 / 488.0, rel=0.01)


def test_bill_is_the_line() -> None:
    line = budget()
    assert set(line.bill_kg) == set(COMMODITIES)
    assert set(line.part_kg) == set(PARTS)
    assert sum(line.bill_kg.values()) == pytest.approx(line.line_kg, rel=1e-12)
    assert sum(line.part_kg.values()) == pytest.approx(line.line_kg, rel=1e-12)


def test_imported_share_is_electronics_and_vitamins() -> None:
    line = budget()
    imported = line.bill_kg["electronics"] + line.bill_kg["vitamins"]
    assert line.imported_frac == pytest.approx(imported / line.line_kg)


def test_a_share_moves_mass_between_commodities_alone() -> None:
    less, more = (budget(shares={"sled_vitamins_frac": share}) for share in (0.4, 0.8))
    moved = more.bill_kg["vitamins"] - less.bill_kg["vitamins"]
    assert moved == pytest.approx(0.4 * less.part_kg["sled"])
    assert less.bill_kg["al_parts"] - more.bill_kg["al_parts"] == pytest.approx(moved)
    assert more.line_kg == less.line_kg


def test_installed_rating_of_one_converter_per_coil() -> None:
    base = size(acceleration_m_s2=980.665, payload_kg=1000.0, sled_kg=500.0)
    line = budget(base, converter_overrating_ratio=1700.0)
    assert line.installed_VA == pytest.approx(9e12, rel=0.02)


def test_own_mass_time_counts_the_throughput() -> None:
    line = budget()
    assert line.own_mass_time_yr * line.capacity_kg_yr == pytest.approx(line.line_kg)
    assert line.capacity_kg_yr == size().throughput_kg_yr


def test_a_missing_share_is_named() -> None:
    with pytest.raises(DomainError, match="sled_vitamins_frac"):
        budget_driver(
            size=size(),
            shares_frac={key: 0.1 for key in SHARES if key != "sled_vitamins_frac"},
            **{key: values()[key] for key in BUDGET_KEYS},
        )


def test_shares_above_one_are_refused_or_nan() -> None:
    with pytest.raises(DomainError, match="radiator_vitamins_frac"):
        budget(shares={"radiator_vitamins_frac": 1.2})
    mixed = budget(shares={"radiator_vitamins_frac": np.array([0.05, 1.2])})
    assert np.isfinite(mixed.bill_kg["al_parts"][0])
    assert np.isnan(mixed.bill_kg["al_parts"][1])


def test_draws_equal_a_loop() -> None:
    speed = np.array([2400.0, 2800.0])
    share = np.array([0.2, 0.5])
    together = budget(size(muzzle_speed_m_s=speed), shares={"converter_electronics_frac": share})
    for draw in range(2):
        alone = budget(
            size(muzzle_speed_m_s=speed[draw]),
            shares={"converter_electronics_frac": share[draw]},
        )
        for name in COMMODITIES:
            assert together.bill_kg[name][draw] == pytest.approx(alone.bill_kg[name], rel=1e-14)
