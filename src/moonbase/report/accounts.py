"""Figures of money and of doubt: cash flow, and the inputs that move the answer most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.cash import Account, CashChart, cash_chart
from moonbase.report.growth import FULL, HALF
from moonbase.report.svg import Figure, Table
from moonbase.report.tornado import Lever, Tornado, tornado_chart
from moonbase.report.words import (
    Summary,
    Values,
    bare_text,
    capital,
    ends_text,
    headline_name,
    headline_text,
    is_year,
    strongest,
)

_SOURCES = ("k3", "k1", "k5")
_USES = ("k2", "k6", "k4", "k7", "k8")
_LEVERS = 8
_EARLY_RATIO = 6.0
_OUTSIDE = "external_funding"
_ROUNDING = 1e-9


def cash_flow(summary: Summary) -> list[Figure]:
    """Cash flow of the nominal draw; where late years dwarf the early ones, those are apart."""
    cash = summary.get("cash") or {}
    years = [int(y) for y in cash.get("year") or []]
    balance = [fmt.finite(b) for b in cash.get("balance_usd") or []]
    balance = (balance + [None] * len(years))[: len(years)]
    given = [a for a in cash.get("accounts") or [] if any(fmt.finite(v) for v in a["usd_yr"])]
    if not years or not given:
        return []
    accounts = _stack(given, len(years), True) + _stack(given, len(years), False)
    balance = _own_balance(given, balance)
    title = _cash_title(years, balance)
    early = min(_trough(balance) + 2, len(years))
    if _dwarfed(accounts, early):
        late = _late_title(years, balance)
        return [
            _cash_figure("cash-early", title, years[:early], accounts, balance, HALF),
            _cash_figure("cash", late, years, accounts, balance, HALF),
        ]
    return [_cash_figure("cash", title, years, accounts, balance, FULL)]


def _own_balance(accounts: list[Mapping[str, Any]], balance: Values) -> Values:
    """Balance without what outsiders paid in: how deep the programme is in other people's money."""
    paid = [0.0] * len(balance)
    for account in accounts:
        if account.get("account") == _OUTSIDE:
            paid = [fmt.finite(v) or 0.0 for v in account["usd_yr"]]
    total = list(accumulate(paid))
    return [None if b is None else b - p for b, p in zip(balance, total, strict=True)]


def _dwarfed(accounts: list[Account], early: int) -> bool:
    """Whether the largest flow of all years is many times that of the early ones."""
    before = max((v for a in accounts for v in a.usd_yr[:early]), default=0.0)
    return max(v for a in accounts for v in a.usd_yr) > _EARLY_RATIO * before > 0.0


def _trough(balance: Values) -> int:
    """Index of the deepest balance."""
    return min(range(len(balance)), key=lambda i: balance[i] or 0.0)


def _payback(balance: Values) -> int | None:
    """Index of the year from which the balance stays at or above zero after having been below."""
    negative = [i for i, b in enumerate(balance) if b is not None and b < 0.0]
    if not negative or negative[-1] + 1 >= len(balance):
        return None
    return negative[-1] + 1


def _cash_title(years: list[int], balance: Values) -> str:
    known = [(b, y) for b, y in zip(balance, years, strict=True) if b is not None]
    lowest, when = min(known, default=(0.0, 0))
    if lowest >= -_ROUNDING * max((abs(b) for b, _ in known), default=0.0):
        return "The programme never needs outside money in the nominal draw"
    payback = _payback(balance)
    back = f"not paid back by {years[-1]}" if payback is None else f"paid back in {years[payback]}"
    return f"The programme needs {fmt.money(-lowest, digits=2)} up to {when} and is {back}"


def _late_title(years: list[int], balance: Values) -> str:
    last = next((b for b in reversed(balance) if b is not None), None)
    end = fmt.money(last, digits=2)
    return f"Later years dwarf the start: the own balance is {end} in {years[-1]}"


def _cash_figure(
    key: str,
    title: str,
    years: list[int],
    accounts: list[Account],
    balance: Values,
    sizes: tuple[str, ...],
) -> Figure:
    shown = [a for a in accounts if any(a.usd_yr[: len(years)])]
    chart = CashChart(
        key=key,
        title=title,
        described="Yearly sources and uses of money by account, and the own balance.",
        years=years,
        accounts=shown,
        balance=balance[: len(years)],
    )
    rows = [
        [str(y), *(fmt.money(a.usd_yr[i]) for a in shown), fmt.money(balance[i])]
        for i, y in enumerate(years)
        if y % 5 == 0 or i in (0, len(years) - 1)
    ]
    return Figure(
        key=key,
        title=title,
        subtitle=f"Cash flow of the nominal draw, {years[0]} to {years[-1]}",
        caption="Bars above zero are money that comes in, bars below it money that goes out. "
        "The lower panel is the money of the programme without what outsiders pay in: its deepest "
        "point is the funding needed.",
        pictures={size: cash_chart(chart, size) for size in sizes},
        table=Table(head=["year", *(a.label for a in shown), "own balance"], rows=rows),
        wide=svg.LARGE in sizes,
        legend=[(a.color, f"{'+' if a.source else '−'} {a.label}") for a in shown],
    )


def _stack(accounts: list[Mapping[str, Any]], years: int, source: bool) -> list[Account]:
    """Accounts of one side; those that never matter in any year are summed up as other.

    Order and colours come from all years, so that two figures of one run agree.
    """
    colors = _SOURCES if source else _USES
    rows = [
        (
            str(a.get("label") or a.get("account")),
            ([fmt.finite(v) or 0.0 for v in a["usd_yr"]] + [0.0] * years)[:years],
        )
        for a in accounts
        if (a.get("kind") == "source") == source
    ]
    totals = [sum(column) or 1.0 for column in zip(*(values for _, values in rows), strict=True)]

    def weight(row: tuple[str, list[float]]) -> float:
        return max(v / total for v, total in zip(row[1], totals, strict=True))

    ranked = sorted(rows, key=weight, reverse=True)
    kept = ranked if len(ranked) <= len(colors) + 1 else ranked[: len(colors)]
    rest = ranked[len(kept) :]
    shown = [
        Account(label=label, color=color, source=source, usd_yr=values)
        for (label, values), color in zip(kept, [*colors, "rest"], strict=False)
    ]
    if rest:
        sums = [sum(column) for column in zip(*(values for _, values in rest), strict=True)]
        name = "other sources" if source else "other uses"
        shown.append(Account(label=name, color="rest", source=source, usd_yr=sums))
    return sorted(shown, key=lambda a: -sum(a.usd_yr))


def tornado(summary: Summary, output: str) -> Figure | None:
    """Return the inputs that move one output most."""
    rows = strongest(summary, output, _LEVERS)
    known = [r for r in rows if _has_end(r)]
    if not known:
        return None

    def write(value: float) -> str:
        return bare_text(output, value)

    levers = [
        Lever(
            label=str(r.get("label") or r.get("input")),
            ends=ends_text(summary, r),
            at_low=fmt.finite(r.get("output_at_low")),
            at_high=fmt.finite(r.get("output_at_high")),
            correlation=fmt.finite(r.get("rank_correlation")),
        )
        for r in known
    ]
    name = headline_name(output)
    unit = ", US$ per kW-year" if output.endswith("kW_yr") else ""
    title = _tornado_title(name, levers[0], write)
    chart = Tornado(
        key=f"tornado-{output.replace('_', '-').lower()}",
        title=title,
        described=f"Effect of {len(levers)} inputs on: {name}.",
        axis=f"{name}{unit}",
        base=next((v for r in known if (v := fmt.finite(r.get("output_base"))) is not None), None),
        value=write,
        tick=_tick(output, write),
        levers=levers,
    )
    table = [
        [
            k.label,
            k.ends,
            headline_text(output, k.at_low),
            headline_text(output, k.at_high),
            fmt.MISSING if k.correlation is None else f"{k.correlation:+.2f}",
        ]
        for k in levers
    ]
    return Figure(
        key=chart.key,
        title=title,
        subtitle=f"What moves it: {name}",
        caption="Each bar runs from the median result of the tenth of draws with the lowest value "
        "of an input to that of the tenth with the highest; below the name, the input's medians in "
        "these tenths. Inputs stand in the order of their rank correlation.",
        pictures={size: tornado_chart(chart, size) for size in HALF},
        table=Table(
            head=["input", "low to high", "output at low", "output at high", "rank corr."],
            rows=table,
        ),
    )


def _has_end(row: Mapping[str, Any]) -> bool:
    ends = (fmt.finite(row.get("output_at_low")), fmt.finite(row.get("output_at_high")))
    return any(v is not None for v in ends)


def _tick(output: str, write: Callable[[float], str]) -> Callable[[float], str]:
    return fmt.money_tick if "_usd" in output else (fmt.year if is_year(output) else write)


def _tornado_title(name: str, lever: Lever, write: Callable[[float], str]) -> str:
    start = f"{capital(name)} hangs most on {lever.label}"
    if lever.at_low is None or lever.at_high is None:
        return start
    return f"{start}: {write(lever.at_low)} to {write(lever.at_high)}"
