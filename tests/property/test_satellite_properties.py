"""What must hold for every satellite: heat, scaling, the affine ledger, the bill."""

from __future__ import annotations

import inspect
import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moonbase.satellite import (
    SatelliteSize,
    budget_satellite,
    greybody_flux,
    radiator_temperature,
    size_satellite,
)

RECORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("moonbase") / "data/parameters/satellite.toml").read_text(encoding="utf-8")
)["satellite"] | {"distance_au": {"value": 1.0}}


def within(function: Any) -> st.SearchStrategy[dict[str, float]]:
    wanted = inspect.signature(function).parameters
    return st.fixed_dictionaries(
        {
            key: st.floats(record["low"], record["high"])
            if "low" in record
            else st.just(record["value"])
            for key, record in RECORDS.items()
            if key in wanted
        }
    )


designs = within(size_satellite)
splits = within(budget_satellite)
powers = st.floats(1e4, 1e7)
accelerations = st.floats(10.0, 5000.0)
orbits = st.none() | st.tuples(st.floats(4e5, 3.6e7), st.floats(0.6, 1.0))


def size(
    design: dict[str, float],
    acceleration: float,
    orbit: tuple[float, float] | None = None,
    **given_as: Any,
) -> SatelliteSize:
    place = {} if orbit is None else {"altitude_m": orbit[0], "sunlit_frac": orbit[1]}
    return size_satellite(launch_acceleration_m_s2=acceleration, **place, **{**design, **given_as})


@given(designs, accelerations, orbits, powers)
def test_heat_is_conserved(
    design: dict[str, float],
    acceleration: float,
    orbit: tuple[float, float] | None,
    power: float,
) -> None:
    result = size(design, acceleration, orbit, it_power_W=power)
    assert result.heat_W == pytest.approx(result.bus_power_W / design["power_chain_frac"], rel=1e-9)
    young_m2 = result.radiator_area_m2 / design["radiator_ageing_ratio"]
    sent_W_m2 = greybody_flux(
        temperature_K=result.radiator_temperature_K,
        emissivity_frac=design["radiator_emissivity_frac"],
        n_faces=2.0,
        sink_temperature_K=0.0,
    )
    real_m2 = young_m2 * design["radiator_flown_frac"]
    sent = real_m2 * sent_W_m2 * design["radiator_open_frac"]
    absorbed = real_m2 * 2.0 * result.radiator_absorbed_W_m2
    assert sent == pytest.approx(result.heat_W + absorbed, rel=1e-9)
    back_K = radiator_temperature(
        heat_W=result.heat_W,
        area_m2=young_m2,
        emissivity_frac=design["radiator_emissivity_frac"],
        n_faces=2.0,
        absorbed_W_m2=result.radiator_absorbed_W_m2,
        open_frac=design["radiator_open_frac"],
        flown_frac=design["radiator_flown_frac"],
    )
    assert back_K == pytest.approx(result.radiator_temperature_K, rel=1e-9)


@given(designs, accelerations, orbits, powers)
def test_twice_the_power_is_twice_the_area(
    design: dict[str, float],
    acceleration: float,
    orbit: tuple[float, float] | None,
    power: float,
) -> None:
    result = size(design, acceleration, orbit, it_power_W=np.array([power, 2.0 * power]))
    for area in (result.radiator_area_m2, result.array_area_m2):
        assert area[1] == pytest.approx(2.0 * area[0], rel=1e-12)
    assert result.specific_power_W_kg[1] > result.specific_power_W_kg[0]


@given(designs, accelerations, orbits, st.lists(powers, min_size=3, max_size=3))
def test_the_ledger_is_affine(
    design: dict[str, float],
    acceleration: float,
    orbit: tuple[float, float] | None,
    power: list[float],
) -> None:
    watts = np.array(power)
    result = size(design, acceleration, orbit, it_power_W=watts)
    line = result.fixed_kg + result.specific_kg_W * watts
    assert result.mass_kg == pytest.approx(line, rel=1e-12)
    alone = [float(size(design, acceleration, orbit, it_power_W=watt).mass_kg) for watt in power]
    assert alone == pytest.approx(line, rel=1e-12)
    back = size(design, acceleration, orbit, mass_kg=line).it_power_W
    assert back == pytest.approx(watts, rel=1e-9)


@given(designs, accelerations, powers)
def test_distance_spreads_the_array(
    design: dict[str, float], acceleration: float, power: float
) -> None:
    flat = {**design, "cell_temperature_coefficient_1_K": 0.0}
    far_au = np.array([0.5, 1.0, 2.0, 4.0])
    result = size(flat, acceleration, it_power_W=power, distance_au=far_au)
    assert result.array_area_m2 / result.array_area_m2[0] == pytest.approx((far_au / 0.5) ** 2)
    assert np.all(np.diff(result.array_temperature_K) < 0.0)
    assert np.all(np.diff(result.radiator_area_m2) <= 0.0)


@given(designs, splits, accelerations, orbits, powers)
def test_the_bill_sums_to_one(
    design: dict[str, float],
    split: dict[str, float],
    acceleration: float,
    orbit: tuple[float, float] | None,
    power: float,
) -> None:
    result = size(design, acceleration, orbit, it_power_W=np.array([power, 3.0 * power]))
    budget = budget_satellite(size=result, **split)
    assert sum(budget.bill_frac.values()) == pytest.approx([1.0, 1.0], rel=1e-12)
    assert all(np.all(np.asarray(share) >= 0.0) for share in budget.bill_frac.values())


@given(designs, accelerations, st.floats(1.01, 3.0))
def test_a_harder_throw_needs_more_structure(
    design: dict[str, float], acceleration: float, factor: float
) -> None:
    hard = np.array([acceleration, factor * acceleration])
    result = size_satellite(it_power_W=1e5, launch_acceleration_m_s2=hard, **design)
    assert result.structure_kg[1] > result.structure_kg[0]
    assert result.specific_power_W_kg[1] < result.specific_power_W_kg[0]
