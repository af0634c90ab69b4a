"""The driver of a scenario on its own: what a notebook and the command line call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from moonbase import mass_driver
from moonbase.core.errors import DomainError, ScenarioError
from moonbase.mass_driver import Study

QUICK: dict[str, object] = {
    "driver.muzzle_speed_m_s": "400 m/s",
    "driver.payload_kg": "1 t",
}


@pytest.fixture(scope="module")
def alpha() -> Study:
    return mass_driver.study("alpha", draws=2)


def other(changes: Mapping[str, object]) -> Study:
    return mass_driver.study("alpha", draws=2, set=changes)


def test_size_answers_by_name_for_every_draw(alpha: Study) -> None:
    values = mass_driver.size(alpha)
    assert {value.shape for value in values.values()} == {(2,)}
    assert all(np.isfinite(value).all() for value in values.values())
    speed, acceleration = values["muzzle_speed_m_s"], values["acceleration_m_s2"]
    assert values["length_m"] == pytest.approx(speed**2 / (2.0 * acceleration))
    parts = [value for name, value in values.items() if name.endswith("_mass_kg")]
    masses = np.sum([part for part in parts if part is not values["anchor_mass_kg"]], axis=0)
    assert masses == pytest.approx(values["line_kg"])


def test_size_and_design_agree(alpha: Study) -> None:
    line = alpha.line
    store = alpha.inputs["driver.store_efficiency_frac"]
    kinetic = line.design.launch_J["kinetic"]
    assert line.size.kinetic_energy_J == pytest.approx(kinetic)
    drawn = kinetic / line.design.efficiency_frac / store
    capture = alpha.inputs["driver.regeneration_capture_frac"]
    back = line.design.brake_J["kinetic"] * line.design.regeneration_frac * capture * store
    assert line.size.energy_per_launch_J == pytest.approx(drawn - back)
    assert line.size.brake_length_m == pytest.approx(line.design.brake.length_m)
    assert line.size.throughput_kg_yr == pytest.approx(line.plant.throughput_kg_yr)


def test_nominal_draw_is_the_scenario_as_written(alpha: Study) -> None:
    records = alpha.scenario.records
    for name in ("payload_kg", "cadence_s", "loading_ratio"):
        assert alpha.inputs[f"driver.{name}"][0] == records[f"driver.{name}"].value


def test_a_draw_is_the_same_in_any_batch() -> None:
    few, many = mass_driver.study(draws=3, seed=5), mass_driver.study(draws=6, seed=5)
    for name, value in mass_driver.size(few).items():
        assert value == pytest.approx(mass_driver.size(many)[name][:3], rel=1e-12)


def test_every_draw_keeps_the_limits() -> None:
    found = mass_driver.study("alpha", draws=64)
    asked = found.inputs["driver.acceleration_m_s2"]
    built = found.line.design.acceleration_m_s2
    assert found.line.design.is_feasible.all()
    assert np.any(built < asked)
    assert np.all(built <= asked)
    kept = np.isclose(built, asked)
    assert kept.mean() > 0.7
    eased = int(np.flatnonzero(~kept)[0])
    steps = np.log(built[eased] / asked[eased]) / np.log(0.75)
    assert steps == pytest.approx(round(steps))


def test_overrides_reach_the_line(alpha: Study) -> None:
    heavy = other({"driver.payload_kg": "3 t"})
    assert heavy.line.design.payload_kg[0] == 3000.0
    assert heavy.line.design.sled_kg[0] > alpha.line.design.sled_kg[0]
    assert heavy.line.budget.line_kg[0] > alpha.line.budget.line_kg[0]
    with pytest.raises(ScenarioError, match="payload"):
        other({"driver.payload": "3 t"})


def test_sections_run_along_the_track(alpha: Study) -> None:
    block = mass_driver.sections(alpha)
    design = alpha.line.design
    assert block["position_m"][-1] == pytest.approx(design.length_m[0])
    assert block["speed_m_s"][-1] == pytest.approx(design.muzzle_speed_m_s[0])
    shapes = {np.shape(value) for value in block.values() if isinstance(value, np.ndarray)}
    assert shapes == {block["position_m"].shape}
    assert block["broken"] == []
    assert max(block["limits_ratio"].values()) <= 1.0
    with pytest.raises(DomainError, match="draw"):
        mass_driver.sections(alpha, 2)


def test_broken_limits_of_a_scenario_are_named() -> None:
    tight = other({"driver.clearance_m": "0.2 m"})
    assert any("clearance" in sentence for sentence in mass_driver.sections(tight)["broken"])


@pytest.mark.parametrize("topology", mass_driver.TOPOLOGIES)
def test_launches_of_a_scenario(alpha: Study, topology: str) -> None:
    options: dict[str, Any] = {"steps_per_pitch": 16} if topology == "synchronous" else {}
    shot = mass_driver.launch(alpha, topology=topology, **options)
    assert shot.topology == topology
    assert shot.audit_error_frac < 2e-3
    target = alpha.line.design.muzzle_speed_m_s[0]
    assert shot.muzzle_speed_m_s == pytest.approx(target, rel=1e-3)


def test_launch_returns_what_the_books_of_the_scenario_say(alpha: Study) -> None:
    shot = mass_driver.launch(alpha, 1, steps_per_pitch=16, flux_conserving=False)
    design = alpha.line.design
    planned = design.launch_J["kinetic"][1] / design.efficiency_frac[1]
    assert shot.energy_in_J["bus_launch"] == pytest.approx(planned, rel=0.02)
    back = design.brake_J["kinetic"][1] * design.regeneration_frac[1]
    assert shot.energy_out_J["bus_returned"] == pytest.approx(back, rel=0.03)


def test_unknown_names_are_refused(alpha: Study) -> None:
    with pytest.raises(DomainError, match="topology"):
        mass_driver.launch(alpha, topology="railgun")
    with pytest.raises(DomainError, match="draw"):
        mass_driver.launch(alpha, 7)
    with pytest.raises(DomainError, match="draws"):
        mass_driver.study("alpha", draws=1)
    with pytest.raises(DomainError, match="colour"):
        mass_driver.optimise(alpha, choose=["colour"])


def test_spread_uses_the_errors_of_its_draw(alpha: Study) -> None:
    cloud = mass_driver.spread(alpha, n_shots=50)
    assert np.all(np.linalg.eigvalsh(cloud.release_covariance) >= -1e-12)
    loose = other({"driver.release_impulse_m_s": "1 m/s"})
    wider = mass_driver.spread(loose, n_shots=50).release_covariance
    assert np.trace(wider) > np.trace(cloud.release_covariance)


def test_a_kilogram_thrown_costs_the_annuity_and_the_wear_of_the_line(alpha: Study) -> None:
    budget = alpha.line.budget
    rate = alpha.inputs["economics.discount_rate_frac"][0]
    years = alpha.inputs["economics.lunar_plant_life_yr"][0]
    annuity = rate / (1.0 - (1.0 + rate) ** -years)
    cheap, dear = (alpha.inputs[f"driver.{name}_usd_kg"][0] for name in ("local", "import"))
    imported = budget.imported_frac[0]
    capital = budget.line_kg[0] * (cheap * (1.0 - imported) + dear * imported)
    yearly = annuity * capital + budget.spares_kg_yr[0] / budget.line_kg[0] * capital
    cost = mass_driver.size(alpha)["delivery_usd_kg"][0]
    assert cost == pytest.approx(yearly / budget.capacity_kg_yr[0], rel=1e-9)


def test_optimum_is_no_dearer_than_the_scenario(alpha: Study) -> None:
    best = mass_driver.optimise(alpha, n_generations=2)
    assert best.total_usd <= best.start_usd
    assert set(best.choices) == set(mass_driver.CHOICES)
    assert best.design.is_feasible[0]
    for name, value in best.choices.items():
        given = alpha.inputs[f"driver.{name}"][0]
        assert given / 3.0 * (1.0 - 1e-12) <= value <= 3.0 * given * (1.0 + 1e-12)
    one = mass_driver.optimise(alpha, choose=["acceleration_m_s2"], n_generations=2)
    assert set(one.choices) == {"acceleration_m_s2"}


def test_this_design_stands_beside_the_others(alpha: Study) -> None:
    rows = mass_driver.compare(alpha)
    own = rows[-1]["system"]
    assert own["key"] == "this"
    assert own["speed_m_s"] == alpha.line.design.muzzle_speed_m_s[0]
    assert len({row["system"]["key"] for row in rows}) == len(rows)
