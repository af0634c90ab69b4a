"""Figures of the chain: mass flows, what binds when, the satellite's mass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.flows import kind, sankey_chart
from moonbase.report.growth import FULL
from moonbase.report.ledger import LedgerChart, Term, ledger_chart
from moonbase.report.sankey import Link, acyclic
from moonbase.report.strips import Strip, StripChart, strip_chart
from moonbase.report.svg import Figure, Table
from moonbase.report.words import (
    Era,
    Summary,
    binding_shares,
    capital,
    constraint_name,
    draws_of,
    eras,
    years_of,
)

PALETTE = ("k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8")
_ROWS = 8
_FIXED = {
    "not_started": "rest",
    "landings": "k1",
    "power": "k7",
    "robots": "k3",
    "crew": "k4",
    "demand": "k5",
    "driver": "k6",
}
"""Colours that a constraint has in every report; plants share the others."""


def mass_flow(summary: Summary) -> Figure | None:
    """Mass flows of the nominal draw in the year in which it throws most."""
    return flow_figure(summary.get("flows") or {}, key="flows", what="Mass flow")


def earlier_flows(summary: Summary) -> list[Figure]:
    """Mass flows of the nominal draw in other years."""
    found = [
        flow_figure(flows, key=f"flows-{n}", what="Mass flow")
        for n, flows in enumerate(summary.get("flow_years") or [])
    ]
    return [figure for figure in found if figure is not None]


def flow_figure(
    flows: Mapping[str, Any], *, key: str, what: str, least_frac: float = 0.0
) -> Figure | None:
    """Flows between nodes; ``colors`` of the flows names those that their names do not tell.

    Flows below ``least_frac`` of all that enters stand in the table alone.
    """
    links = [
        Link(source=str(row["source"]), target=str(row["target"]), value=value)
        for row in flows.get("links") or []
        if (value := fmt.finite(row.get("value"))) is not None and value > 0.0
    ]
    if not links:
        return None
    unit, colors = str(flows.get("unit") or ""), flows.get("colors") or {}

    def write(value: float) -> str:
        return fmt.mass(value, "/yr") if unit == "kg/yr" else fmt.si(value, unit)

    def color(name: str) -> str:
        return str(colors.get(name) or kind(name))

    title, least = _flow_title(links, write), least_frac * _entering(links)
    seen = [link for link in links if link.value >= least]
    picture = sankey_chart(
        key, title, f"Flows between {len(seen)} pairs of nodes.", seen, write, color
    )
    small = ""
    if len(seen) < len(links):
        small = (
            f" Flows below {write(least)} stand in the table alone, and nodes count without them."
        )
    rows = [[k.source, k.target, write(k.value)] for k in sorted(links, key=lambda k: -k.value)]
    told = [("lunar", "lunar material"), ("launch", "from Earth"), ("rest", "waste")]
    return Figure(
        key=key,
        title=title,
        subtitle=f"{what}, {flows.get('label') or 'nominal draw'}",
        caption="Read from left to right. Ribbons are to scale; those thinner than a pixel are "
        f"drawn as dashed hairlines. {_balance_text(links)}{_loop_text(links)}{small}",
        pictures={svg.LARGE: picture},
        table=Table(head=["from", "to", "flow"], rows=rows),
        wide=True,
        legend=[] if colors else told,
    )


def _totals(links: list[Link]) -> tuple[dict[str, float], dict[str, float]]:
    inflow: dict[str, float] = defaultdict(float)
    outflow: dict[str, float] = defaultdict(float)
    for link in links:
        outflow[link.source] += link.value
        inflow[link.target] += link.value
    return inflow, outflow


def _entering(links: list[Link]) -> float:
    inflow, outflow = _totals(acyclic(links)[0])
    return sum(value for name, value in outflow.items() if name not in inflow)


def _flow_title(links: list[Link], write: object) -> str:
    assert callable(write)
    inflow, outflow = _totals(acyclic(links)[0])
    sources = {name: value for name, value in outflow.items() if name not in inflow}
    ends = {name: value for name, value in inflow.items() if name not in outflow}
    total = sum(sources.values())
    earth = sum(value for name, value in sources.items() if kind(name) == "launch")
    most = max(ends, key=lambda name: ends[name])
    part = fmt.percent(ends[most] / sum(ends.values()))
    title = f"Of {write(total)} that enters, {part} ends as {most.lower()}"
    return f"{title}; {fmt.percent(earth / total, 1)} comes from Earth" if earth > 0.0 else title


def _balance_text(links: list[Link]) -> str:
    inflow, outflow = _totals(links)
    gaps = {
        name: abs(inflow[name] - outflow[name]) / max(inflow[name], outflow[name])
        for name in inflow
        if name in outflow
    }
    if not gaps:
        return ""
    worst = max(gaps, key=lambda name: gaps[name])
    if gaps[worst] < 5e-4:
        return "What flows in flows out at every inner node."
    return f"In and out differ by at most {fmt.percent(gaps[worst], 1)}, at {worst}."


def _loop_text(links: list[Link]) -> str:
    cut = acyclic(links)[1]
    if not cut:
        return ""
    names = ", ".join(f"{link.source} to {link.target}" for link in cut)
    return f" Flows back are left out of the picture: {names}."


def binding(summary: Summary) -> Figure | None:
    """Which constraint binds in which share of draws, by year."""
    shares = binding_shares(summary)
    seen = {year for by_year in shares.values() for year in by_year}
    years = [y for y in years_of(summary) if min(seen, default=y) <= y <= max(seen, default=y)]
    if not shares or not years:
        return None
    strips = _strips(summary, shares, years)
    title = _binding_title(summary)
    chart = StripChart(
        key="binding",
        title=title,
        described="Share of draws in which each constraint binds lunar output, by year.",
        years=years,
        strips=strips,
    )
    rows = [
        [str(y), *(fmt.percent(s.share[i]) for s in strips)]
        for i, y in enumerate(years)
        if y % 5 == 0 or i in (0, len(years) - 1)
    ]
    return Figure(
        key="binding",
        title=title,
        subtitle="What limits lunar output",
        caption="Above: shares of all draws, stacked. Below: one strip per constraint, the deeper "
        "the colour the more draws; on the right the highest share.",
        pictures={size: strip_chart(chart, size) for size in FULL},
        table=Table(head=["year", *(s.label for s in strips)], rows=rows),
        wide=True,
    )


def _strips(summary: Summary, shares: dict[str, dict[int, float]], years: list[int]) -> list[Strip]:
    """Rows in the order of their mean year; the rarest are summed up as other."""

    def weight(name: str) -> float:
        return sum(shares[name].values())

    def mean_year(name: str) -> float:
        return sum(y * s for y, s in shares[name].items()) / weight(name)

    ranked = sorted(shares, key=weight, reverse=True)
    many = len(ranked) > _ROWS + 1
    shown = sorted(ranked[:_ROWS] if many else ranked, key=mean_year)
    taken = {_FIXED[name] for name in shown if name in _FIXED}
    colors = iter(color for color in reversed(PALETTE) if color not in taken)
    strips = [
        Strip(
            label=capital(constraint_name(summary, name)),
            color=_FIXED.get(name) or next(colors, "other"),
            share=[shares[name].get(y, 0.0) for y in years],
        )
        for name in shown
    ]
    if many:
        other = [sum(shares[name].get(y, 0.0) for name in ranked[_ROWS:]) for y in years]
        strips.append(Strip(label="Other constraints", color="other", share=other))
    return strips


def _binding_title(summary: Summary) -> str:
    found = [era for era in eras(summary) if era.constraint != "not_started"]
    if not found:
        return "Nothing has started on the Moon in most draws"
    longest = sorted(found, key=lambda era: era.first - era.last)[:2]
    parts = [_era_words(summary, era) for era in sorted(longest, key=lambda era: era.first)]
    return f"Lunar output is limited by {', then by '.join(parts)}"


def _era_words(summary: Summary, era: Era) -> str:
    name = constraint_name(summary, era.constraint)
    when = f"in {era.first}" if era.first == era.last else f"in {era.first}–{era.last}"
    share = "" if draws_of(summary) == 1 else f" ({fmt.percent(era.share)} of draws)"
    return f"{name} {when}{share}"


def satellite_ledger(summary: Summary) -> Figure | None:
    """Mass of the satellite per kW against the announced figure."""
    known = [
        (str(row.get("label") or row.get("term")), value)
        for row in summary.get("satellite_ledger") or []
        if (value := fmt.finite(row.get("kg_kW"))) is not None and value > 0.0
    ]
    if not known:
        return None
    terms = [
        Term(label=label, color=PALETTE[i % len(PALETTE)], kg_kW=value)
        for i, (label, value) in enumerate(known)
    ]
    announced = fmt.finite(summary.get("announced_specific_power_W_kg"))
    goal = 1000.0 / announced if announced else None
    total = sum(term.kg_kW for term in terms)
    heaviest = max(terms, key=lambda term: term.kg_kW)
    title = f"The satellite weighs {fmt.significant(total)} kg per kW"
    if goal:
        title += f", {fmt.significant(total / goal, 2)} times the announced {fmt.significant(goal)}"
    chart = LedgerChart(
        key="ledger",
        title=title,
        described=f"Mass per kW by term; the heaviest is {heaviest.label}.",
        terms=terms,
        announced_kg_kW=goal,
    )
    rows = [[t.label, fmt.significant(t.kg_kW), fmt.percent(t.kg_kW / total)] for t in terms]
    rows.append(["sum", fmt.significant(total), "100 %"])
    return Figure(
        key="ledger",
        title=title,
        subtitle="Mass ledger of the satellite, nominal draw",
        caption=f"Each term starts where the one above ends. The heaviest is {heaviest.label}. "
        "The dashed line is the announced mass per kW: a claim, not shown in flight.",
        pictures={size: ledger_chart(chart, size) for size in FULL},
        table=Table(head=["term", "kg per kW", "share"], rows=rows),
        wide=True,
    )
