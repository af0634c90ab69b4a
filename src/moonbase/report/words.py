"""What results are called and how each is written; phrases made from the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moonbase.report import format as fmt
from moonbase.report.lines import runs

Summary = Mapping[str, Any]
Values = list[float | None]


@dataclass(frozen=True, slots=True)
class Headline:
    """Readable name of a headline result and how its value is written."""

    label: str
    write: Callable[[object], str]
    main: bool = False


def per_kW_year(value: object) -> str:
    """Dollars per kW-year."""
    return fmt.money(value, "/kW-yr")


def _index(value: object) -> str:
    number = fmt.finite(value)
    return fmt.MISSING if number is None else f"{number:.4f}"


HEADLINES: dict[str, Headline] = {
    "first_lunar_satellite_year": Headline("First lunar-built satellite", fmt.year, True),
    "one_terawatt_per_year_year": Headline("1 TW added in a year", fmt.year, True),
    "power_in_service_2050_W": Headline("Power in service in 2050", lambda v: fmt.si(v, "W"), True),
    "kardashev_2050": Headline("Kardashev index in 2050", _index, True),
    "levelised_cost_usd_kW_yr": Headline("Levelised cost, this plan", per_kW_year, True),
    "parity_with_earth_launch_year": Headline("Lunar-built beats Earth-launched", fmt.year, True),
    "parity_with_earth_year": Headline("Lunar-built beats the ground", fmt.year, True),
    "peak_funding_usd": Headline("Peak funding needed", fmt.money, True),
    "levelised_cost_earth_launch_usd_kW_yr": Headline(
        "Levelised cost, Earth-launched", per_kW_year
    ),
    "levelised_cost_earth_usd_kW_yr": Headline("Levelised cost, ground", per_kW_year),
    "npv_usd": Headline("Net present value", fmt.money),
    "irr_frac": Headline("Internal rate of return", lambda v: fmt.percent(v, 1)),
    "imported_kg_per_kW": Headline("Imported mass per kW", lambda v: fmt.mass(v, "/kW")),
    "satellite_specific_power_W_kg": Headline(
        "Satellite specific power", lambda v: fmt.si(v, "W/kg")
    ),
    "driver_length_m": Headline("Driver length", lambda v: fmt.si(v, "m")),
    "driver_mean_power_W": Headline("Driver mean power", lambda v: fmt.si(v, "W")),
}
"""Every headline result in the order of the page; ``main`` ones get a large tile."""

_CONSTRAINTS = {
    "not_started": "not started",
    "landings": "landings",
    "power": "power",
    "robots": "robots",
    "crew": "crew",
    "demand": "demand",
    "driver": "mass driver",
    "money": "money",
}


def headline_text(key: str, value: object) -> str:
    """Write a headline value; unknown keys are written as plain numbers."""
    if key in HEADLINES:
        return HEADLINES[key].write(value)
    number = fmt.finite(value)
    return fmt.MISSING if number is None else fmt.plain(number)


def bare_text(key: str, value: object) -> str:
    """Write a headline value without its denominator, for ranges and axes that name it."""
    return headline_text(key, value).replace("/kW-yr", "").replace("/kW", "")


def headline_name(key: str) -> str:
    """Readable name of a headline or sensitivity output."""
    return HEADLINES[key].label if key in HEADLINES else key.replace("_", " ")


def is_year(key: str) -> bool:
    """Whether a result is a calendar year, for which null means never."""
    return key.endswith("_year")


def constraint_name(summary: Summary, constraint: str) -> str:
    """Readable name of a constraint; names of plants may come in ``summary["labels"]``.

    >>> constraint_name({}, "plant:mre_si"), constraint_name({}, "driver")
    ('mre si plant', 'mass driver')
    """
    given = (summary.get("labels") or {}).get(constraint)
    if given:
        return str(given)
    if constraint.startswith("plant:"):
        return f"{constraint.removeprefix('plant:').replace('_', ' ')} plant"
    return _CONSTRAINTS.get(constraint, constraint.replace("_", " "))


def draws_of(summary: Summary) -> int:
    """Return the number of draws, at least one."""
    return max(1, int(fmt.finite(summary.get("draws")) or 1))


def middle(summary: Summary) -> str:
    """Which draw a P50 speaks of."""
    return "in the median draw" if draws_of(summary) > 1 else "in this draw"


def years_of(summary: Summary) -> list[int]:
    """Calendar years of the series."""
    return [int(y) for y in (summary.get("series") or {}).get("year") or []]


def quantile(summary: Summary, name: str, key: str) -> Values:
    """One quantile of a series, as long as the years; what is absent is None."""
    given = ((summary.get("series") or {}).get(name) or {}).get(key) or []
    values = [fmt.finite(v) for v in given]
    return (values + [None] * len(years_of(summary)))[: len(years_of(summary))]


def has_values(*columns: Sequence[float | None]) -> bool:
    """Whether any entry exists."""
    return any(v is not None for column in columns for v in column)


def headline_of(summary: Summary, key: str) -> dict[str, float | None]:
    """P10, P50, P90 and share of a headline; what is absent is None."""
    given = (summary.get("headline") or {}).get(key) or {}
    return {name: fmt.finite(given.get(name)) for name in ("p10", "p50", "p90", "share")}


def spread_text(summary: Summary, key: str) -> str:
    """P10 to P90 of a headline in plain words, with the share of draws behind it."""
    found = headline_of(summary, key)
    share, draws = found["share"], draws_of(summary)
    if draws == 1:
        return "one draw, no spread"
    if is_year(key):
        never = "" if share is None else f"never in {fmt.percent(1.0 - share)} of draws"
        if share == 1.0:
            never = "in every draw"
        if found["p10"] is None:
            return "never in any draw" if share == 0.0 else never
        if found["p90"] is None:
            return f"P10 {fmt.year(found['p10'])}; {never}".rstrip("; ")
        return f"{fmt.year(found['p10'])} – {fmt.year(found['p90'])}, {never}".rstrip(", ")
    if found["p50"] is None:
        return "in no draw" if share == 0.0 else "not available"
    ends = f"{bare_text(key, found['p10'])} – {bare_text(key, found['p90'])}"
    nearly_all = share is None or share > 0.99
    return ends if nearly_all else f"{ends}, {fmt.happens(share, draws)}"


@dataclass(frozen=True, slots=True)
class Era:
    """Years in which one constraint binds in more draws than any other."""

    constraint: str
    first: int
    last: int
    share: float


def milestones_of(summary: Summary) -> list[Mapping[str, Any]]:
    """Milestones by date; those that no draw reaches come last, in the given order."""

    def date(row: Mapping[str, Any]) -> tuple[bool, bool, float]:
        median = fmt.finite(row.get("p50"))
        when = fmt.finite(row.get("p10")) if median is None else median
        return not fmt.finite(row.get("share")), median is None, when or math.inf

    return sorted(summary.get("milestones") or [], key=date)


def binding_shares(summary: Summary) -> dict[str, dict[int, float]]:
    """Share of draws by constraint and year."""
    shares: dict[str, dict[int, float]] = {}
    for row in summary.get("binding") or []:
        share, year = fmt.finite(row.get("share")), fmt.finite(row.get("year"))
        if share is not None and year is not None and share > 0.0:
            shares.setdefault(str(row["constraint"]), {})[int(year)] = share
    return shares


def eras(summary: Summary) -> list[Era]:
    """Compress the yearly leaders to ranges of years, with the mean share of draws."""
    shares = binding_shares(summary)
    years = sorted({year for by_year in shares.values() for year in by_year})
    leaders = [max(shares, key=lambda c: shares[c].get(year, 0.0)) for year in years]
    found: list[Era] = []
    for constraint in shares:
        for first, last in runs([leader == constraint for leader in leaders]):
            part = [shares[constraint].get(y, 0.0) for y in years[first : last + 1]]
            found.append(Era(constraint, years[first], years[last], sum(part) / len(part)))
    return sorted(found, key=lambda era: era.first)


def era_text(summary: Summary, era: Era) -> str:
    """One era in words: ``2031-2044 landings (62 %)``."""
    span = str(era.first) if era.first == era.last else f"{era.first}-{era.last}"
    return f"{span} {constraint_name(summary, era.constraint)} ({fmt.percent(era.share)})"


def capital(text: str) -> str:
    """First letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def crossing(
    years: Sequence[int], first: Sequence[float | None], second: Sequence[float | None]
) -> int | None:
    """Year from which the first series stays above the second, where both are known.

    >>> crossing([2030, 2031, 2032], [1.0, 3.0, 4.0], [2.0, 2.0, 2.0])
    2031
    """
    above = [(a or 0.0) > (b or 0.0) for a, b in zip(first, second, strict=True)]
    found = runs(above)
    return years[found[-1][0]] if found and found[-1][1] == len(years) - 1 else None


def strongest(summary: Summary, output: str, count: int) -> list[Mapping[str, Any]]:
    """Return the inputs that move an output most, strongest first."""
    rows = [r for r in summary.get("sensitivity") or [] if r.get("output") == output]
    return sorted(rows, key=lambda r: -abs(fmt.finite(r.get("rank_correlation")) or 0.0))[:count]


def ends_text(summary: Summary, row: Mapping[str, Any]) -> str:
    """Low and high end of a sensitivity row's input, with its unit."""
    unit = str(row.get("unit") or _unit_of_input(summary, row.get("input")))
    low, high = fmt.finite(row.get("input_low")), fmt.finite(row.get("input_high"))
    if low is None or high is None:
        return ""
    bare = unit if unit == "year" else "usd" if unit.startswith("usd") else ""
    return f"{fmt.quantity(low, bare, 3)} to {fmt.quantity(high, unit, 3)}"


def _unit_of_input(summary: Summary, key: object) -> str:
    for row in summary.get("inputs") or []:
        if row.get("key") == key:
            return str(row.get("unit") or "")
    return ""
