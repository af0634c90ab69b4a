"""Figures of time: milestones, Kardashev index, share of sunlight, power and cost per kW-year."""

from __future__ import annotations

from collections.abc import Callable

from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.lines import Chart, Series, Span, band_rows, line_chart
from moonbase.report.svg import Figure
from moonbase.report.timeline import Milestone, Timeline, timeline_chart
from moonbase.report.words import (
    Summary,
    Values,
    capital,
    crossing,
    draws_of,
    has_values,
    headline_of,
    middle,
    milestones_of,
    quantile,
    years_of,
)

_NEVER_SHOWN = 3
HALF = (svg.SMALL, svg.MEDIUM)
FULL = (svg.SMALL, svg.MEDIUM, svg.LARGE)


def milestones(summary: Summary) -> Figure | None:
    """When things happen, with the share of draws in which they do."""
    rows = [
        Milestone(
            label=capital(str(m.get("label") or m.get("event"))),
            p10=fmt.finite(m.get("p10")),
            p50=fmt.finite(m.get("p50")),
            p90=fmt.finite(m.get("p90")),
            share=fmt.finite(m.get("share")) or 0.0,
        )
        for m in milestones_of(summary)
    ]
    years = years_of(summary)
    if not rows or not years:
        return None
    never = [r.label for r in rows if r.share <= 0.0]
    dated = [r for r in rows if r.share > 0.0]
    shown = dated if dated and len(never) > _NEVER_SHOWN else rows
    title = _milestone_title(summary, rows)
    chart = Timeline(
        key="milestones",
        title=title,
        described=f"Dates of {len(shown)} milestones with their spread over the draws.",
        years=years,
        draws=draws_of(summary),
        rows=shown,
    )
    table = [
        [r.label, fmt.year(r.p10), fmt.year(r.p50), fmt.year(r.p90), fmt.percent(r.share)]
        for r in rows
    ]
    rest = f" In no draw by {years[-1]}: {'; '.join(never)}." if len(shown) < len(rows) else ""
    return Figure(
        key="milestones",
        title=title,
        subtitle="Date of each milestone",
        caption="Bar: P10 to P90. Dot: P50, hollow where fewer than half of the draws get there. "
        f"Arrow: the late draws never get there; they count as later than any year.{rest}",
        pictures={size: timeline_chart(chart, size) for size in FULL},
        table=svg.Table(head=["milestone", "P10", "P50", "P90", "share of draws"], rows=table),
        wide=True,
    )


def _milestone_title(summary: Summary, rows: list[Milestone]) -> str:
    first = headline_of(summary, "first_lunar_satellite_year")["p50"]
    reached = sum(r.p50 is not None for r in rows)
    count = f"{reached} of {len(rows)} milestones are reached by {years_of(summary)[-1]}"
    if first is None:
        return f"No lunar-built satellite {middle(summary)}; {count}"
    return f"First lunar-built satellite in {fmt.year(first)} {middle(summary)}; {count}"


def _series(summary: Summary, name: str, label: str, color: str, dash: str | None = None) -> Series:
    return Series(
        label=label,
        color=color,
        p10=quantile(summary, name, "p10"),
        p50=quantile(summary, name, "p50"),
        p90=quantile(summary, name, "p90"),
        dash=dash,
    )


def _known(series: list[Series]) -> list[Series]:
    return [s for s in series if has_values(s.p50, s.p90)]


def _figure(
    summary: Summary, chart: Chart, subtitle: str, caption: str = "", *, wide: bool = False
) -> Figure:
    band = "Line: P50, half of the draws lie above. Shaded band: P10 to P90, eight draws in ten."
    if draws_of(summary) == 1:
        band = "Line: the one draw of this run."
    return Figure(
        key=chart.key,
        title=chart.title,
        subtitle=subtitle,
        caption=f"{band}{caption}",
        pictures={size: line_chart(chart, size) for size in (FULL if wide else HALF)},
        table=band_rows(chart),
        wide=wide,
    )


def _value_in(summary: Summary, values: Values, year: int) -> float | None:
    years = years_of(summary)
    return values[years.index(year)] if year in years else None


def _mid_and_last(summary: Summary, values: Values, write: Callable[[object], str]) -> str:
    """Return "a in 2050 and b in 2080" of a P50 series."""
    last = years_of(summary)[-1]
    parts = [
        f"{write(value)} in {year}"
        for year in dict.fromkeys((2050, last))
        if (value := _value_in(summary, values, year)) is not None
    ]
    return " and ".join(parts)


def _index(value: object) -> str:
    return f"{value:.5f}"


def kardashev(summary: Summary) -> Figure | None:
    """Kardashev index over the years."""
    series = _known([_series(summary, "kardashev", "Kardashev index", "index")])
    if not series:
        return None
    years, p50 = years_of(summary), list(series[0].p50)
    start = next(v for v in [*p50, *series[0].p90] if v is not None)
    ends = _mid_and_last(summary, p50, _index)
    return _figure(
        summary,
        Chart(
            key="kardashev",
            title=f"The Kardashev index goes from {_index(start)} to {ends}",
            described="Kardashev index by year with its band.",
            years=years,
            series=series,
            axis="Kardashev index, no unit",
            tick=lambda v: fmt.significant(v, 6),
            value=_index,
            reference=(start, f"level of {years[0]}"),
        ),
        "Kardashev index K = (log₁₀ P − 6) / 10, P in watts",
    )


def sun_share(summary: Summary) -> Figure | None:
    """Share of the Sun's output in use."""
    series = _known([_series(summary, "sun_share_frac", "Share of sunlight", "sun")])
    if not series:
        return None
    years, end = years_of(summary), series[0].p50[-1]
    title = (
        f"In {years[-1]} the satellites use {fmt.one_part_in(end)} of the Sun's output"
        if end
        else f"No sunlight is in use in {years[-1]} {middle(summary)}"
    )
    return _figure(
        summary,
        Chart(
            key="sunlight",
            title=title,
            described="Share of the Sun's output in use by year with its band.",
            years=years,
            series=series,
            axis="share of the Sun's output, log scale",
            tick=lambda v: fmt.plain(v).replace("1 × ", ""),
            value=lambda v: fmt.plain(v, 2),
            log=True,
        ),
        "Power of the satellites as a share of all sunlight",
    )


def _two_fleets(summary: Summary, stem: str) -> list[Series]:
    return _known(
        [
            _series(summary, f"power_{stem}_lunar_W" + _rate(stem), "Lunar-built", "lunar"),
            _series(
                summary,
                f"power_{stem}_earth_launch_W" + _rate(stem),
                "Earth-launched",
                "launch",
                "6 4",
            ),
        ]
    )


def _rate(stem: str) -> str:
    return "_yr" if stem == "added" else ""


def _fleet_title(summary: Summary, stem: str, unit: str, what: str) -> str:
    years = years_of(summary)
    lunar = quantile(summary, f"power_{stem}_lunar_W" + _rate(stem), "p50")
    launched = quantile(summary, f"power_{stem}_earth_launch_W" + _rate(stem), "p50")
    end = fmt.finite(lunar[-1])
    if not end:
        other = fmt.si(launched[-1] or 0.0, unit)
        return f"Nothing lunar-built {what} {middle(summary)}; Earth-launched ends at {other}"
    passed = crossing(years, lunar, launched)
    level = f"reaches {fmt.si(end, unit)} in {years[-1]}"
    if passed is None:
        return f"Lunar-built power {what} stays below Earth-launched and {level}"
    if passed == years[0]:
        return f"Lunar-built power {what} leads throughout and {level}"
    return f"Lunar-built power {what} passes Earth-launched in {passed} and {level}"


def power_added(summary: Summary) -> Figure | None:
    """Power deployed per year by the two fleets."""
    series = _two_fleets(summary, "added")
    if not series:
        return None
    return _figure(
        summary,
        Chart(
            key="power-added",
            title=_fleet_title(summary, "added", "W/yr", "deployed per year"),
            described="Power deployed per year, lunar-built and Earth-launched, with bands.",
            years=years_of(summary),
            series=series,
            axis="watts of IT power per year, log scale",
            tick=lambda v: fmt.si(v, "W/yr"),
            value=lambda v: fmt.si(v, "W/yr", 2),
            log=True,
        ),
        "Power deployed per year",
    )


def power_in_service(summary: Summary) -> Figure | None:
    """Power in service of the two fleets."""
    series = _two_fleets(summary, "in_service")
    if not series:
        return None
    return _figure(
        summary,
        Chart(
            key="power-in-service",
            title=_fleet_title(summary, "in_service", "W", "in service"),
            described="Power in service, lunar-built and Earth-launched, with bands.",
            years=years_of(summary),
            series=series,
            axis="watts of IT power, log scale",
            tick=lambda v: fmt.si(v, "W"),
            value=lambda v: fmt.si(v, "W", 2),
            log=True,
        ),
        "Power in service: deployed, alive and degraded",
    )


_LEAST_kg_kW = 1e-3
"""Imports below a gram per kilowatt are not drawn."""
_CLASSES = (
    ("chips", "Chips", "lunar"),
    ("electronics", "Electronics", "launch"),
    ("vitamins", "Seals, dopants and the like", "earth"),
    ("plant", "Finished plant", "index"),
    ("crew", "Crew and supplies", "sun"),
)


def imports(summary: Summary) -> Figure | None:
    """Imported mass per kilowatt thrown, by class."""
    series = []
    for name, label, color in _CLASSES:
        found = quantile(summary, f"imported_{name}_kg_kW", "p50")
        values = [None if (value or 0.0) < _LEAST_kg_kW else value for value in found]
        if has_values(values):
            series.append(Series(label=label, color=color, p10=values, p50=values, p90=values))
    if not series:
        return None
    years = years_of(summary)
    thrown = [i for i in range(len(years)) if any(s.p50[i] is not None for s in series)]
    ends = [sum(s.p50[i] or 0.0 for s in series) for i in (thrown[0], thrown[-1])]
    title = (
        f"Imports of a lunar-built kilowatt go from {fmt.mass(ends[0])} in {years[thrown[0]]} "
        f"to {fmt.mass(ends[1])} in {years[thrown[-1]]}"
    )
    chart = Chart(
        key="imports",
        title=title,
        described="Imported mass per kW thrown by class and year, medians.",
        years=years,
        series=series,
        axis="kg from Earth per kW thrown, log scale",
        tick=lambda v: fmt.mass(v),
        value=lambda v: fmt.mass(v, digits=2),
        log=True,
    )
    return Figure(
        key="imports",
        title=title,
        subtitle="Imported mass per kilowatt thrown, by class",
        caption="Lines: P50 over the draws that throw in the year; the title adds them up. Less "
        "than a gram is not drawn. Years before the first throw have no kilowatt to divide by.",
        pictures={size: line_chart(chart, size) for size in FULL},
        table=band_rows(chart),
        wide=True,
    )


def cost(summary: Summary) -> Figure | None:
    """Cost per kW-year against the two alternatives."""
    lunar = _series(summary, "cost_lunar_usd_kW_yr", "Lunar-built", "lunar")
    launch = _series(summary, "cost_earth_launch_usd_kW_yr", "Earth-launched", "launch", "6 4")
    ground = _series(summary, "cost_earth_usd_kW_yr", "Ground", "earth", "2 3")
    series = _known([lunar, launch, ground])
    if not series:
        return None
    cheaper = [(_cheaper(lunar, other), other.label) for other in (launch, ground)]
    spans = [
        Span(label=_span_label(summary, holds, name), color=color, holds=holds)
        for (holds, name), color in zip(cheaper, ("launch", "earth"), strict=True)
    ]
    return _figure(
        summary,
        Chart(
            key="cost",
            title=_cost_title(summary, lunar, cheaper),
            described="Cost per kW-year of useful IT power, three ways to make it, with bands.",
            years=years_of(summary),
            series=series,
            axis="US$ per kW-year of useful IT power, log scale",
            tick=fmt.money_tick,
            value=fmt.money,
            log=True,
            spans=spans if has_values(lunar.p50) else (),
        ),
        f"Levelised cost, US$ of {summary.get('price_year') or 'the price year'} per kW-year",
        " Shaded years: lunar-built is the cheaper one at P50.",
        wide=True,
    )


def _cheaper(lunar: Series, other: Series) -> list[bool]:
    return [
        a is not None and b is not None and a < b for a, b in zip(lunar.p50, other.p50, strict=True)
    ]


def _since(summary: Summary, holds: list[bool]) -> str:
    """From which year on something holds, or how often, or that it never does."""
    years = years_of(summary)
    if not any(holds):
        return "never"
    first = next(i for i, flag in enumerate(holds) if flag)
    if all(holds[first:]):
        return f"from {years[first]} on"
    return f"in {sum(holds)} of {len(years)} years"


def _span_label(summary: Summary, holds: list[bool], name: str) -> str:
    than = "the ground" if name == "Ground" else name
    return f"lunar-built cheaper than {than}: {_since(summary, holds)}"


def _cost_title(summary: Summary, lunar: Series, cheaper: list[tuple[list[bool], str]]) -> str:
    if not has_values(lunar.p50):
        return f"Nothing lunar-built has a cost {middle(summary)}"
    launch, ground = (_since(summary, holds) for holds, _ in cheaper)
    if launch == ground == "never":
        return f"Lunar-built power is never the cheapest {middle(summary)}"
    parts = [
        f"never cheaper than {name}" if since == "never" else f"cheaper than {name} {since}"
        for since, name in ((launch, "Earth-launched"), (ground, "the ground"))
    ]
    return f"Lunar-built power is {' and '.join(parts)}"
