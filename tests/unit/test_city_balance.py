"""Balances of people and of life-support units."""

from __future__ import annotations

import pytest

from moonbase.city.balance import SPECIES, check_balance, check_electrolyser, crew_day_balance
from moonbase.core.errors import PhysicsError


def test_sabatier_by_the_book_passes():
    """Per kg of CO2: 0.183 H2 in; 0.365 CH4 and 0.819 water out."""
    balance = check_balance(
        inputs_kg={"co2": 1.0, "hydrogen": 0.18323},
        outputs_kg={"methane": 0.36452, "water": 0.81871},
    )
    assert balance.mass_ratio == pytest.approx(1.0, abs=1e-4)
    assert set(balance.element_ratio) == {"C", "H", "O"}


def test_a_closed_total_can_hide_an_open_element():
    with pytest.raises(PhysicsError, match="C out over in is 0"):
        check_balance(
            inputs_kg={"carbon": 1.0, "oxygen": 1.0}, outputs_kg={"oxygen": 2.0}, path="unit"
        )


def test_an_unknown_substance_is_weighed_only():
    assert not check_balance(inputs_kg={"dust": 2.0}, outputs_kg={"brick": 2.0}).element_ratio
    with pytest.raises(PhysicsError, match="mass out over in"):
        check_balance(inputs_kg={"dust": 2.0}, outputs_kg={"brick": 1.9})


def test_the_message_names_the_unit_and_the_element():
    with pytest.raises(PhysicsError) as error:
        check_balance(
            inputs_kg={"co2": 0.006534, "hydrogen": 0.00163},
            outputs_kg={"methane": 0.0025, "water": 0.00567},
            path="sabatier",
        )
    assert error.value.path == "sabatier"
    assert "mass" not in error.value.message
    assert "H out over in is 0.77" in error.value.message


def test_electrolyser_floors():
    kWh = 3.6e6
    with pytest.raises(PhysicsError, match=r"2\.613"):
        check_electrolyser(energy_J=0.959 * kWh, oxygen_kg=0.367)
    with pytest.raises(PhysicsError):
        check_electrolyser(energy_J=4.5 * kWh, oxygen_kg=1.0)
    with_heat = check_electrolyser(energy_J=4.5 * kWh, oxygen_kg=1.0, heat_J=0.5 * kWh)
    assert with_heat == pytest.approx(4.5 * kWh)
    with pytest.raises(PhysicsError):
        check_electrolyser(energy_J=4.0 * kWh, oxygen_kg=1.0, heat_J=2.0 * kWh)


def test_a_person_who_cannot_be_is_refused():
    with pytest.raises(PhysicsError, match="respiratory quotient"):
        crew_day_balance(
            crew_oxygen_kg=0.5,
            food_kg=1.56,
            crew_water_kg=3.29,
            crew_co2_kg=1.08,
            water_out_kg=4.54,
            solids_out_kg=0.12,
        )


def test_shares_of_every_substance_sum_to_one():
    for shares in SPECIES.values():
        assert sum(shares.values()) == pytest.approx(1.0)
    assert SPECIES["water"]["H"] == pytest.approx(0.1119, abs=1e-4)
