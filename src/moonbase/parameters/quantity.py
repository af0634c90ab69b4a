"""Read quantities such as "2.5 km/s" into the SI number of a name's unit.

This is the only place where units are strings. A plain number is taken to be in the unit of the
name's suffix; pint is imported when the first string with a unit occurs.
"""

from __future__ import annotations

import math
import re
from functools import cache
from numbers import Real as RealNumber
from pathlib import Path
from typing import Any

from moonbase.core.errors import UnitError
from moonbase.core.faults import shown
from moonbase.core.units import DIMENSIONLESS_PREFIX, UNITS, Unit, unit_of

DATA = Path(__file__).resolve().parents[1] / "data"

COUNT = Unit("", "dimensionless", 0.0)
"""The unit of ``n_*`` names."""

_WORDS = {
    "": ("a count", "12"),
    "m": ("a length", "1.2 km"),
    "m2": ("an area", "2 km**2"),
    "m3": ("a volume", "3 m**3"),
    "au": ("a distance", "1.5 au"),
    "kg": ("a mass", "1.5 t"),
    "s": ("a time", "3 min"),
    "h": ("a time", "2 d"),
    "yr": ("a time", "18 month"),
    "K": ("a temperature", "20 degC"),
    "rad": ("an angle", "45 deg"),
    "Hz": ("a frequency", "2 kHz"),
    "m_s": ("a speed", "2.5 km/s"),
    "m_s2": ("an acceleration", "30 g0"),
    "N": ("a force", "2 kN"),
    "Pa": ("a pressure", "1 bar"),
    "J": ("an energy", "3 kWh"),
    "kWh": ("an energy", "4 MJ"),
    "W": ("a power", "1 GW"),
    "W_kg": ("a specific power", "100 kW/t"),
    "W_yr": ("a power per year", "1 TW/yr"),
    "kg_yr": ("a mass flow", "5 kt/yr"),
    "frac": ("a fraction", "10 %"),
    "ratio": ("a ratio", "120 %"),
    "bit_s": ("a data rate", "10 Gbit/s"),
    "flop_s": ("a compute rate", "1 Pflop/s"),
    "usd": ("an amount of money", "3 Gusd"),
    "usd_kg": ("a price per mass", "$200/kg"),
}
_SYMBOLS = {"frac": "", "ratio": "", "year": "", "N_s": "N s", "J_s": "J s"}

_QUANTITY = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?P<money>\$?)\s*"
    r"(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>.{0,60})",
    re.ASCII,
)
_UNIT_EXPRESSION = re.compile(
    r"(?:1\s*(?=/))?(?:\*\*\s*-?\d{1,2}(?!\d|\s*\*\*)|[A-Za-zµμ][A-Za-z_0-9]*|[*/()]|\s)+", re.ASCII
)
_SPELLINGS = ((r"°C", "degC"), (r"°", "deg"), (r"%", " percent"), (r"\$", "usd"), (r"\^", "**"))
_SQUARED = re.compile(r"(?<=[A-Za-z])([234])(?!\w)")


def unit_of_key(key: str) -> Unit | None:
    """Find the unit of a record's key, from its last part.

    >>> unit_of_key("driver.payload_kg").suffix, unit_of_key("city.n_crew").pint
    ('kg', 'dimensionless')
    """
    name = key.rpartition(".")[2]
    return COUNT if name.startswith(DIMENSIONLESS_PREFIX) else unit_of(name)


def symbol_of(unit: Unit) -> str:
    """Write a unit as people do.

    >>> symbol_of(UNITS["usd_kg"]), symbol_of(UNITS["frac"])
    ('usd/kg', '')
    """
    return _SYMBOLS.get(unit.suffix, unit.suffix.replace("_", "/"))


def with_unit(value: float, unit: Unit) -> str:
    """Write a value with its unit.

    >>> with_unit(-1000.0, UNITS["kg"])
    '-1000 kg'
    """
    return f"{value:.6g} {symbol_of(unit)}".rstrip()


def plain_number(unit: Unit) -> str:
    """Say what number a name of this unit holds.

    >>> plain_number(UNITS["kg"])
    'a number in kilogram'
    """
    return "a plain number" if unit.pint == "dimensionless" else f"a number in {unit.pint}"


def parse_quantity(value: object, suffix: str, path: str) -> float:
    """Read a number or a quantity string as a float in the unit of ``suffix``.

    Parameters
    ----------
    value : object
        A number (taken to be in the suffix's unit) or a string such as ``"2.5 km/s"``.
    suffix : str
        A suffix of `moonbase.core.units`, or ``""`` for a count.
    path : str
        The key, for messages.

    Returns
    -------
    float
        The value in the unit of the suffix.

    Raises
    ------
    UnitError
        The value is no number, not finite, or has another dimension or an unknown unit.

    Examples
    --------
    >>> parse_quantity("100 kW/t", "W_kg", "satellite.specific_power_W_kg")
    100.0
    """
    unit = UNITS[suffix] if suffix else COUNT
    number: float | None = None
    if isinstance(value, str):
        number = _read_text(value, unit)
    elif isinstance(value, RealNumber) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    if number is None:
        words, example = _WORDS.get(suffix, ("a value", f"1 {unit.pint}"))
        name = "" if unit.pint == "dimensionless" else f" ({unit.pint})"
        raise UnitError(
            f"expects {words}{name}, got {shown(value)}",
            path=path,
            hint=f'write {plain_number(unit)}, or a quantity such as "{example}"',
        )
    if not math.isfinite(number):
        raise UnitError("must be finite", path=path, hint=f"write {plain_number(unit)}")
    return number


def _read_text(text: str, unit: Unit) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    match = _QUANTITY.fullmatch(text)
    if match is None or unit.suffix == "year":
        return None
    expression = ("usd" if match["money"] else "") + match["unit"]
    for pattern, spelling in _SPELLINGS:
        expression = re.sub(pattern, spelling, expression)
    expression = _SQUARED.sub(r"**\1", expression).strip()
    expression = f"1{expression}" if expression.startswith("/") else expression
    if not _UNIT_EXPRESSION.fullmatch(expression):
        return None
    try:
        number = float(match["sign"] + match["number"])
        quantity = _registry().Quantity(number, _registry().parse_units(expression))
        return float(quantity.to(unit.pint).magnitude)
    except Exception:  # pint's parser raises whatever its tokenizer and evaluator meet
        return None


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None)
    registry.load_definitions((DATA / "units.txt").read_text(encoding="utf-8").splitlines())
    return registry
