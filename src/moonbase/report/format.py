"""How numbers are written: SI prefixes, money, masses, years, shares of draws and "never"."""

from __future__ import annotations

import math

from moonbase.core.units import UNITS

NEVER = "never"
MISSING = "n/a"

_SI = [(1e-9, "n"), (1e-6, "µ"), (1e-3, "m"), (1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G")]
_SI += [(1e12, "T"), (1e15, "P"), (1e18, "E"), (1e21, "Z"), (1e24, "Y")]
_MONEY = [(1e6, "M"), (1e9, "B"), (1e12, "T")]
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNIT_TEXT = {"N_s": "N s", "J_s": "J s", "frac": "", "ratio": "", "usd_kW_yr": "$/kW-yr"}
_TOKENS = {"usd": "$", "au": "AU", "flop": "FLOP"}


def finite(value: object) -> float | None:
    """Return a finite float, or None for null, NaN, infinity and anything that is no number.

    >>> finite(3), finite(float("inf")), finite("3"), finite(None)
    (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def significant(value: float, digits: int = 3) -> str:
    """Write a number with at most ``digits`` significant digits and thousands commas.

    >>> significant(8456.0), significant(0.01234), significant(2.0), significant(-0.5)
    ('8,460', '0.0123', '2', '-0.5')
    """
    if value == 0.0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: float, digits: int = 7) -> str:
    """Write a number as it stands, in powers of ten where it is very large or small.

    >>> plain(2376.0), plain(3.828e26), plain(0.00002)
    ('2,376', '3.828 × 10²⁶', '2 × 10⁻⁵')
    """
    if value == 0.0 or 1e-4 <= abs(value) < 1e7:
        return significant(value, digits)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def _scaled(value: float, table: list[tuple[float, str]], digits: int) -> tuple[str, str]:
    """Mantissa and prefix; a mantissa that would round up to 1000 takes the next prefix."""
    rounded = float(f"{value:.{digits - 1}e}")
    factor, prefix = table[0]
    for next_factor, next_prefix in table[1:]:
        if abs(rounded) >= next_factor * (1.0 - 1e-12):
            factor, prefix = next_factor, next_prefix
    return significant(rounded / factor, digits), prefix


def si(value: object, unit: str, digits: int = 3) -> str:
    """Write a quantity with an SI prefix.

    >>> si(1.234e12, "W"), si(999.9, "W"), si(0.0, "W/yr"), si(None, "W")
    ('1.23 TW', '1 kW', '0 W/yr', 'n/a')
    """
    number = finite(value)
    if number is None:
        return MISSING
    if number == 0.0:
        return f"0 {unit}"
    mantissa, prefix = _scaled(number, _SI, digits)
    return f"{mantissa} {prefix}{unit}"


def mass(value: object, per: str = "", digits: int = 3) -> str:
    """Write a mass given in kg, in tonnes from one tonne up.

    >>> mass(12.0), mass(4.2e9, "/yr"), mass(0.5)
    ('12 kg', '4.2 Mt/yr', '0.5 kg')
    """
    number = finite(value)
    if number is None:
        return MISSING
    if number == 0.0:
        return f"0 kg{per}"
    if abs(number) >= 999.5:
        return f"{si(number / 1e3, 't', digits)}{per}"
    if abs(number) >= 0.1:
        return f"{significant(number, digits)} kg{per}"
    return f"{si(number * 1e3, 'g', digits)}{per}"


def money(value: object, per: str = "", digits: int = 3) -> str:
    """Write US dollars.

    >>> money(1.2e12), money(-3.4e11), money(8500.0, "/kW-yr"), money(999_999_999.0)
    ('$1.2 T', '-$340 B', '$8,500/kW-yr', '$1 B')
    """
    number = finite(value)
    if number is None:
        return MISSING
    sign = "-" if number < 0.0 else ""
    size = abs(float(f"{number:.{digits - 1}e}"))
    if size < 1e6:
        return f"{sign}${significant(size, digits)}{per}"
    mantissa, suffix = _scaled(size, _MONEY, digits)
    return f"{sign}${mantissa} {suffix}{per}"


def money_tick(value: float) -> str:
    """Short money for an axis.

    >>> money_tick(12_000.0), money_tick(5e9), money_tick(-2e12), money_tick(0.0)
    ('$12k', '$5B', '-$2T', '$0')
    """
    if 1e3 <= abs(value) < 1e6:
        return f"{'-' if value < 0 else ''}${significant(abs(value) / 1e3)}k"
    return money(value).replace(" ", "")


def one_part_in(share: float) -> str:
    """Write a small share in words.

    >>> one_part_in(1.3e-14), one_part_in(0.02)
    ('one part in 77 trillion', 'one part in 50')
    """
    words = [(1e15, " quadrillion"), (1e12, " trillion"), (1e9, " billion"), (1e6, " million")]
    size = float(f"{1.0 / share:.1e}")
    factor, word = next(((f, w) for f, w in words if size >= f), (1.0, ""))
    return f"one part in {significant(size / factor, 2)}{word}"


def year(value: object) -> str:
    """Calendar year of a decimal year; null is never.

    >>> year(2041.7), year(None)
    ('2041', 'never')
    """
    number = finite(value)
    return NEVER if number is None else str(math.floor(number))


def percent(share: object, digits: int = 0) -> str:
    """Write a share of draws as a percentage that never rounds to a false 0 or 100.

    >>> percent(0.37), percent(0.004), percent(0.999), percent(1.0), percent(0.0)
    ('37 %', '<1 %', '>99 %', '100 %', '0 %')
    """
    number = finite(share)
    if number is None:
        return MISSING
    text = f"{100.0 * number:,.{digits}f}"
    if number > 0.0 and float(text.replace(",", "")) == 0.0:
        return f"<{10.0**-digits:.{digits}f} %"
    if number < 1.0 and float(text.replace(",", "")) == 100.0:
        return f">{100.0 - 10.0**-digits:.{digits}f} %"
    return f"{text} %"


def happens(share: object, draws: int) -> str:
    """In how many draws something happens, in words.

    >>> happens(1.0, 64), happens(0.0, 64), happens(0.37, 64), happens(0.37, 64).startswith("in")
    ('in every draw', 'in no draw', 'in 37 % of draws', True)
    """
    number = finite(share)
    if number is None:
        return ""
    if draws <= 1:
        return "one draw, no spread"
    if number <= 0.0:
        return "in no draw"
    return "in every draw" if number >= 1.0 else f"in {percent(number)} of draws"


def duration(value: object) -> str:
    """Write a time given in seconds.

    >>> duration(2.6), duration(332_000.0), duration(5400.0), duration(86_400.0)
    ('2.6 s', '3.84 days', '1.5 h', '1 day')
    """
    number = finite(value)
    if number is None:
        return MISSING
    for factor, unit in [(31_557_600.0, "yr"), (86_400.0, "days"), (3600.0, "h"), (120.0, "min")]:
        if abs(number) >= factor:
            text = significant(number / (60.0 if unit == "min" else factor))
            return f"{text} {'day' if (text, unit) == ('1', 'days') else unit}"
    return si(number, "s")


def unit_text(suffix: str) -> str:
    """Readable unit of a name's suffix; text that is no suffix is returned as it is.

    >>> unit_text("m_s2"), unit_text("usd_kg"), unit_text("1_yr"), unit_text("kW of IT")
    ('m/s²', '$/kg', '1/yr', 'kW of IT')
    """
    if suffix in _UNIT_TEXT:
        return _UNIT_TEXT[suffix]
    if suffix not in UNITS:
        return suffix
    tokens = [_power(token) for token in suffix.split("_")]
    if len(tokens) == 1:
        return tokens[0]
    below = tokens[1] if len(tokens) == 2 else f"({' '.join(tokens[1:])})"
    return f"{tokens[0]}/{below}"


def _power(token: str) -> str:
    """Return the unit with its exponent raised: m2 becomes m²."""
    if len(token) > 1 and token[-1].isdigit():
        return _TOKENS.get(token[:-1], token[:-1]) + token[-1].translate(_SUPERSCRIPT)
    return _TOKENS.get(token, token)


def quantity(value: object, unit: str, digits: int = 7) -> str:
    """Write an input's value with its unit, without change of unit.

    >>> quantity(0.9, "frac"), quantity(2500.0, "m_s"), quantity(12, "1_yr"), quantity(40, "usd_kg")
    ('0.9', '2,500 m/s', '12/yr', '$40/kg')
    """
    if value is None:
        return MISSING
    number = finite(value)
    if number is None:
        return str(value)
    text = unit_text(unit)
    if unit == "year":
        return significant(number, 6).replace(",", "")
    if text.startswith("$"):
        return f"{'-' if number < 0.0 else ''}${plain(abs(number), digits)}{text[1:]}"
    return f"{plain(number, digits)}{text[1:] if text.startswith('1/') else f' {text}'}".strip()
