"""Cash flow: sources above zero, uses below it, and the own balance in its panel underneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.format import money, money_tick
from moonbase.report.lines import ink, year_axis
from moonbase.report.scales import Scale, linear_scale
from moonbase.report.svg import line, path, rect, tag, text, text_width

_FLOW = {svg.SMALL: 170.0, svg.MEDIUM: 210.0, svg.LARGE: 240.0}
_BALANCE = 110.0
_TOP = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Yearly dollars of one account, positive in both directions."""

    label: str
    color: str
    source: bool
    usd_yr: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CashChart:
    """What the figure shows; accounts are stacked outwards from zero in their order."""

    key: str
    title: str
    described: str
    years: Sequence[int]
    accounts: Sequence[Account]
    balance: Sequence[float | None]


def cash_chart(chart: CashChart, size: str) -> str:
    """Draw flows and balance at one size."""
    ups = [sum(a.usd_yr[i] for a in chart.accounts if a.source) for i in range(len(chart.years))]
    downs = [
        -sum(a.usd_yr[i] for a in chart.accounts if not a.source) for i in range(len(chart.years))
    ]
    known = [b for b in chart.balance if b is not None]
    flow = linear_scale([*ups, *downs], _TOP + _FLOW[size], _TOP, zero=True)
    split = _TOP + _FLOW[size] + 44.0
    level = linear_scale(known, split + _BALANCE, split, zero=True, n=3)
    ticks = [money_tick(t) for t in [*flow.ticks(), *level.ticks(3)]]
    left = max(text_width(t) for t in ticks) + 10.0
    x = Scale(chart.years[0] - 0.5, chart.years[-1] + 0.5, left, svg.WIDTH[size] - 16.0)
    body = [text(0.0, 12.0, "US$ per year: sources up, uses down", "m")]
    body += _grid(flow, x, 5)
    body += _stacks(chart, x, flow)
    body.append(
        text(0.0, split - 13.0, "own balance at year end, without external funding, US$", "m")
    )
    body += _grid(level, x, 3)
    body += _balance(chart, x, level)
    body += year_axis(x, chart.years, split + _BALANCE)
    if size != svg.SMALL:
        body += _hover(chart, x, split + _BALANCE)
    height = split + _BALANCE + 26.0
    return svg.svg(chart.key, size, height, chart.title, chart.described, body)


def _grid(scale: Scale, x: Scale, count: int) -> list[str]:
    body = []
    for value in scale.ticks(count):
        y = scale(value)
        body.append(line(x.start, y, x.end, y, "zero" if value == 0.0 else "grid"))
        body.append(text(x.start - 7.0, y + 4.0, money_tick(value), "m tick-y", anchor="end"))
    return body


def _stacks(chart: CashChart, x: Scale, y: Scale) -> list[str]:
    width = max((x.end - x.start) / len(chart.years) * 0.82, 1.0)
    body = []
    floors = {True: [0.0] * len(chart.years), False: [0.0] * len(chart.years)}
    for account in chart.accounts:
        sign = 1.0 if account.source else -1.0
        floor = floors[account.source]
        bars = []
        for i, year in enumerate(chart.years):
            if account.usd_yr[i] <= 0.0:
                continue
            ends = sorted((y(floor[i]), y(floor[i] + sign * account.usd_yr[i])))
            bars.append(rect(x(year) - width / 2.0, ends[0], width, ends[1] - ends[0], "fill"))
            floor[i] += sign * account.usd_yr[i]
        body.append(tag("g", "".join(bars), style=ink(account.color)))
    return body


def _balance(chart: CashChart, x: Scale, y: Scale) -> list[str]:
    points = [
        (x(year), y(value))
        for year, value in zip(chart.years, chart.balance, strict=True)
        if value is not None
    ]
    if not points:
        return [text(x.start + 6.0, (y.start + y.end) / 2.0, "no balance", "m")]
    area = [(points[0][0], y(0.0)), *points, (points[-1][0], y(0.0))]
    return [
        tag("path", d=path(area, closed=True), class_="band", style=ink("ink")),
        tag("path", d=path(points), class_="line", style=ink("ink")),
    ]


def _hover(chart: CashChart, x: Scale, bottom: float) -> list[str]:
    step = (x.end - x.start) / len(chart.years)
    body = []
    for i, year in enumerate(chart.years):
        rows = [str(year)]
        for account in chart.accounts:
            if account.usd_yr[i] > 0.0:
                sign = "+" if account.source else "-"
                rows.append(f"{sign} {account.label}: {money(account.usd_yr[i])}")
        rows.append(f"own balance: {money(chart.balance[i])}")
        body.append(rect(x(year) - step / 2.0, _TOP, step, bottom - _TOP, "hit", "\n".join(rows)))
    return body
