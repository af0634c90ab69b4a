"""Figures of a plan: capital, imports, launches, service against the replay, limits, flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.chain import PALETTE
from moonbase.report.flows import sankey_chart
from moonbase.report.growth import FULL, HALF
from moonbase.report.lines import Chart, Series, band_rows, line_chart
from moonbase.report.plan_words import Block, amount, headline_year, limit_name
from moonbase.report.sankey import Link
from moonbase.report.stacks import StackChart, layers_of, stack_chart
from moonbase.report.strips import Strip, StripChart, strip_chart
from moonbase.report.svg import Figure, Table

_STRIPS = 7
_FLOWS = 34
"""Ribbons of a Sankey; the thinnest are left to its table."""


def _years(plan: Block) -> list[int]:
    return [int(year) for year in plan["year"]]


def _peak(values: Sequence[float], years: Sequence[int]) -> tuple[float, int]:
    best = max(range(len(values)), key=lambda i: float(values[i]))
    return float(values[best]), years[best]


def _stack(
    plan: Block,
    amounts: Mapping[str, Sequence[float]],
    *,
    key: str,
    title: str,
    subtitle: str,
    axis: str,
    per: str,
    caption: str,
) -> Figure | None:
    years = _years(plan)
    layers = layers_of(amounts)
    if not layers:
        return None

    def write(value: float) -> str:
        return fmt.mass(value, per)

    chart = StackChart(
        key=key,
        title=title,
        described=f"{subtitle}: {len(layers)} layers by year.",
        years=years,
        layers=layers,
        axis=axis,
        write=write,
    )
    rows = [
        [str(year), *(write(float(k.amount[i])) for k in layers)]
        for i, year in enumerate(years)
        if year % 5 == 0 or i in (0, len(years) - 1)
    ]
    return Figure(
        key=key,
        title=title,
        subtitle=subtitle,
        caption=caption,
        pictures={size: stack_chart(chart, size) for size in FULL},
        table=Table(head=["year", *(k.label for k in layers)], rows=rows),
        wide=True,
        legend=[(k.color, k.label) for k in layers],
    )


def capital(plan: Block) -> Figure | None:
    """Capital on the Moon by pool, over the years."""
    most, year = _peak(plan["series"]["capital_kg"], _years(plan))
    return _stack(
        plan,
        {limit_name(name): values for name, values in plan["capital_kg"].items()},
        key="capital",
        title=f"Capital peaks at {fmt.mass(most)}, in {year}",
        subtitle="Plant by shop, arrays, robots, driver at the start of each year",
        axis="mass on the Moon",
        per="",
        caption="What the plan lets stand. Towards the end nothing new pays within the horizon, so "
        "capital is run down: an end effect, not a finding.",
    )


def imports(plan: Block) -> Figure | None:
    """Landed mass by group, over the years."""
    most, year = _peak(plan["series"]["landed_kg_yr"], _years(plan))
    return _stack(
        plan,
        plan["import_kg_yr"],
        key="imports",
        title=f"Ships land at most {fmt.mass(most, '/yr')}, in {year}",
        subtitle="Imports by class",
        axis="landed mass a year",
        per="/yr",
        caption="Parts are chips, electronics and other goods that the Moon does not make.",
    )


def _plain(values: Sequence[float], label: str, color: str, dash: str | None = None) -> Series:
    known = [float(v) for v in values]
    return Series(label=label, color=color, p10=known, p50=known, p90=known, dash=dash)


def launched(plan: Block) -> Figure | None:
    """Mass thrown a year."""
    values = plan["series"]["launched_kg_yr"]
    most, year = _peak(values, _years(plan))
    if most <= 0.0:
        return None
    chart = Chart(
        key="launched",
        title=f"The driver throws up to {fmt.mass(most, '/yr')}, in {year}",
        described="Satellites launched by year.",
        years=_years(plan),
        series=[_plain(values, "plan", "lunar")],
        axis="satellite mass launched a year",
        tick=lambda v: fmt.mass(v, "/yr"),
        value=lambda v: fmt.mass(v, "/yr"),
        zero=True,
    )
    return _lines(chart, "Satellites launched", "The plan's own figures.")


def _lines(chart: Chart, subtitle: str, caption: str) -> Figure:
    return Figure(
        key=chart.key,
        title=chart.title,
        subtitle=subtitle,
        caption=caption,
        pictures={size: line_chart(chart, size) for size in HALF},
        table=band_rows(chart),
    )


def service(plan: Block) -> Figure | None:
    """Power in service: plan, replay with its band, and the rule."""
    replay = plan.get("replay")
    series = [_plain(plan["series"]["service_W"], "plan", "lunar")]
    year = headline_year(plan)
    at = _years(plan).index(year)
    planned = float(plan["series"]["service_W"][at])
    title = f"The plan has {fmt.si(planned, 'W')} in service in {year}"
    caption = "Mean over each year."
    if replay:
        p10, p50, p90 = ([float(v) for v in replay["replayed_W"][q]] for q in ("p10", "p50", "p90"))
        nominal = float(replay["nominal_W"][at])
        title += f", its replay {fmt.si(nominal, 'W')} without chance"
        series += [
            _plain(replay["nominal_W"], "replay, no chance", "launch", "6 4"),
            Series(label="replay, all draws", color="launch", p10=p10, p50=p50, p90=p90),
            _plain(replay["rule_nominal_W"], replay["rule"].replace("_", " "), "earth", "2 3"),
        ]
        caption += (
            " Shaded: P10 to P90 of the replay over all draws. Dots: a rule that knows nothing of "
            "the future, without chance."
        )
    chart = Chart(
        key="service",
        title=title,
        described="Lunar-built power in service by year: plan, replay and rule.",
        years=_years(plan),
        series=series,
        axis="watts of IT power",
        tick=lambda v: fmt.si(v, "W"),
        value=lambda v: fmt.si(v, "W", 2),
        zero=True,
    )
    return _lines(chart, "Lunar-built power in service, plan against replay", caption)


def binding(plan: Block, kind: str) -> Figure | None:
    """Shares of the rents of limits, or of means, by year."""
    rows = [row for row in plan["binding"] if row["kind"] == kind]
    if not rows:
        return None
    years = _years(plan)
    share: dict[str, dict[int, float]] = {}
    for row in rows:
        share.setdefault(row["limit"], {})[row["year"]] = float(row["rent_frac"])
    ranked = sorted(share, key=lambda name: -sum(share[name].values()))[:_STRIPS]
    ranked.sort(
        key=lambda name: sum(y * s for y, s in share[name].items()) / sum(share[name].values())
    )
    strips = [
        Strip(
            label=limit_name(name),
            color=PALETTE[n],
            share=[min(share[name].get(year, 0.0), 1.0) for year in years],
        )
        for n, name in enumerate(ranked)
    ]
    dear = max(strips, key=lambda strip: sum(strip.share))
    outside = kind == "limit"
    what = "Of the limits from outside" if outside else "Of what the industry makes"
    title = f"{what}, {dear.label} binds most"
    chart = StripChart(
        key=f"binding-{kind}",
        title=title,
        described="Share of the rents of the year by limit.",
        years=years,
        strips=strips,
        axis="share of the year's rents",
        whole="rents",
    )
    table = [
        [
            str(row["year"]),
            limit_name(row["limit"]),
            fmt.percent(row["rent_frac"]),
            f"{amount(row['price'], plan['objective_unit'])} per {row['unit']}",
        ]
        for row in rows
        if row["year"] % 5 == 0
    ]
    return Figure(
        key=f"binding-{kind}",
        title=title,
        subtitle="Limits from outside" if outside else "Means that the industry makes",
        caption="A rent is the shadow price of a limit times its amount: what the goal would pay "
        "for it. In the table: what one more unit is worth.",
        pictures={size: strip_chart(chart, size) for size in FULL},
        table=Table(head=["year", "limit", "share", "one more unit is worth"], rows=table),
        wide=True,
    )


def flows(plan: Block, entry: Mapping[str, Any]) -> Figure | None:
    """Sankey of mass in one year."""
    year = int(entry["year"])
    links = [
        Link(source=_node(row["source"]), target=_node(row["target"]), value=float(row["value"]))
        for row in entry["links"]
    ]
    if not links:
        return None
    shown = sorted(links, key=lambda link: -link.value)[:_FLOWS]
    landed = sum(link.value for link in links if link.source == "Earth")
    title = f"In {year}, {fmt.mass(landed, '/yr')} land from Earth"

    def write(value: float) -> str:
        return fmt.mass(value, "/yr")

    rest = len(links) - len(shown)
    more = f" The {rest} smallest of {len(links)} flows are left to the table." if rest > 0 else ""
    picture = sankey_chart(f"flows-{year}", title, f"{len(shown)} mass flows.", shown, write)
    return Figure(
        key=f"flows-{year}",
        title=title,
        subtitle=f"Mass flow of the plan in {year}",
        caption=f"Read from left to right; ribbons are to scale.{more}",
        pictures={svg.LARGE: picture},
        table=Table(
            head=["from", "to", "flow"],
            rows=[[k.source, k.target, write(k.value)] for k in links],
        ),
        wide=True,
        legend=[("lunar", "lunar material"), ("launch", "from Earth"), ("rest", "waste")],
    )


def _node(name: str) -> str:
    """Name of a node in words.

    >>> _node("process: mre_si"), _node("capital: pv"), _node("slag")
    ('mre si', 'arrays, built', 'slag')
    """
    kind, colon, rest = name.partition(": ")
    if not colon:
        return name.replace("_", " ")
    bare = limit_name(rest) if kind == "capital" else rest.replace("_", " ")
    return f"{bare}, built" if kind == "capital" else bare
