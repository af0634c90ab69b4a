"""Quantities: what a string or number becomes, and what is refused."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from moonbase.core.errors import UnitError
from moonbase.core.units import UNITS
from moonbase.parameters.quantity import _WORDS, parse_quantity, symbol_of, unit_of_key


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("2.5 km/s", "m_s", 2500.0),
        ("1 t", "kg", 1000.0),
        ("1t", "kg", 1000.0),
        ("-1 t", "kg", -1000.0),
        ("12", "kg", 12.0),
        ("1e3", "kg", 1000.0),
        ("100 kW/t", "W_kg", 100.0),
        ("45 deg", "rad", math.pi / 4),
        ("45°", "rad", math.pi / 4),
        ("10 %", "frac", 0.1),
        ("10%", "frac", 0.1),
        ("$200/kg", "usd_kg", 200.0),
        ("-$3", "usd", -3.0),
        ("0.2 kusd/kg", "usd_kg", 200.0),
        ("20 degC", "K", 293.15),
        ("5 yr", "yr", 5.0),
        ("365.25 d", "yr", 1.0),
        ("1 yr", "s", 31_557_600.0),
        ("1 TW/yr", "W_yr", 1e12),
        ("1361 W/m2", "W_m2", 1361.0),
        ("1 kg/m^3", "kg_m3", 1.0),
        ("5e-8 W/(m**2*K**4)", "W_m2_K4", 5e-8),
        ("1 Pflop/s", "flop_s", 1e15),
        ("1 PFLOPS", "flop_s", 1e15),
        ("1 GB", "bit", 8e9),
        ("3 usd/(W*yr)", "usd_kW_yr", 3000.0),
        ("8766/yr", "1_yr", 8766.0),
        ("2 1/yr", "1_yr", 2.0),
        ("1 g0", "m_s2", 9.80665),
        ("2031.5", "year", 2031.5),
    ],
)
def test_text_becomes_the_number_of_the_suffix(text: str, suffix: str, expected: float) -> None:
    assert parse_quantity(text, suffix, "x") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("suffix", UNITS)
def test_every_unit_of_the_table_is_known(suffix: str) -> None:
    if suffix == "year":
        with pytest.raises(UnitError):
            parse_quantity("3 yr", suffix, "x")
    else:
        text = f"3 {UNITS[suffix].pint}".replace("dimensionless", "")
        assert parse_quantity(text, suffix, "x") == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize("suffix", _WORDS)
def test_the_example_of_every_hint_is_readable(suffix: str) -> None:
    assert parse_quantity(_WORDS[suffix][1], suffix, "x") > 0.0


@pytest.mark.parametrize(
    ("value", "suffix"),
    [
        ("3 W", "kg"),
        ("3 ton", "kg"),
        ("3 furlong", "m"),
        ("1 Hz", "rad_s"),
        ("1 rad", "frac"),
        ("1 bit", "frac"),
        ("10 kg kg", "kg"),
        ("1 degC/m", "K"),
        ("1,000 kg", "kg"),
        ("kg", "kg"),
        ("", "kg"),
        ("9**9**9**9 kg", "kg"),
        ("1 kg**9**9**9", "kg"),
        ("1 kg**999", "kg"),
        ("1 (kg", "kg"),
        ("1 kg" + "\n" * 3 + "import os", "kg"),
        ("$200 kg", "usd_kg"),
        ("five", "n_crew"),
        (True, "kg"),
        (None, "kg"),
        ([1.0], "kg"),
        ({"value": 1}, "kg"),
        (math.nan, "kg"),
        (math.inf, "kg"),
        ("nan", "kg"),
        ("-inf", "kg"),
        ("1e999 kg", "kg"),
        (10**400, "kg"),
    ],
)
def test_what_is_no_such_quantity_is_refused(value: object, suffix: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(value, "" if suffix == "n_crew" else suffix, "driver.x")
    assert caught.value.path == "driver.x"
    assert caught.value.hint


def test_the_message_names_key_dimension_and_remedy() -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity("3 W", "kg", "driver.payload_kg")
    assert str(caught.value) == (
        'driver.payload_kg: expects a mass (kilogram), got "3 W"\n'
        '  write a number in kilogram, or a quantity such as "1.5 t"'
    )


def test_units_of_keys() -> None:
    assert unit_of_key("driver.muzzle_speed_m_s") is UNITS["m_s"]
    count = unit_of_key("city.n_beds_per_m")
    assert count is not None and count.pint == "dimensionless"
    assert unit_of_key("driver.policy") is None
    assert symbol_of(UNITS["N_s"]) == "N s"
    assert symbol_of(UNITS["W_m2_K4"]) == "W/m2/K4"


def test_plain_numbers_need_no_pint() -> None:
    code = (
        "import sys; from moonbase.parameters import parse_quantity;"
        "parse_quantity(3, 'kg', 'x'); parse_quantity('3', 'kg', 'x');"
        "sys.exit('pint' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
