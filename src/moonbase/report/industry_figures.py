"""Figures of the industry page, from plain dictionaries whose keys carry their units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from moonbase.report import format as fmt
from moonbase.report.bars import Bar, BarChart, bar_chart
from moonbase.report.driver_figures import HALF, Block, numbers, plain, sentence
from moonbase.report.driver_page import quantity as plain_quantity
from moonbase.report.svg import Figure, Table
from moonbase.report.tornado import Lever, Tornado, tornado_chart
from moonbase.report.xy import Curve, Panel, XYChart, xy_chart, xy_rows

_TOP = 10
_GOODS = {"machine": "machinery", "pv_kw": "surface arrays", "robot": "robots"}
_SHARES = {
    "mass_frac": "by mass",
    "energy_frac": "by energy",
    "labour_frac": "by robot hours",
    "part_types_frac": "by kinds of parts",
}


def quantity(name: str, value: object) -> str:
    """Write a value in the unit of its name; a time without end is never.

    >>> quantity("doubling_yr", 1.657), quantity("time_yr", math.inf), quantity("power_W_kg", 7.11)
    ('1.66 yr', 'never', '7.11 W/kg')
    """
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, float) and number == math.inf:
        return fmt.NEVER
    return plain_quantity(name, number)


def words(name: str) -> str:
    """Name of a process or a commodity as words.

    >>> words("al_parts")
    'al parts'
    """
    return name.replace("_", " ")


def spread(growth: Block) -> Figure | None:
    """Share of draws whose industry doubles within a time."""
    times = numbers((growth.get("values") or {}).get("doubling_yr"))
    ends = sorted(t for t in times if math.isfinite(t))
    if len(ends) < 3:
        return None
    share = [100.0 * (i + 1) / len(times) for i in range(len(ends))]
    half = sorted(times)[len(times) // 2]
    title = f"Half of the draws double within {quantity('time_yr', half)}"
    chart = XYChart(
        key="doubling",
        title=title,
        described="Share of draws whose doubling time is at most the value on the axis.",
        x_axis="doubling time, years, log scale",
        x_tick=plain,
        x_value=lambda v: f"{fmt.significant(v)} yr",
        panels=[
            Panel(
                axis="Share of draws, %",
                curves=[Curve(label="", color="lunar", x=ends, y=share)],
                tick=plain,
                value=lambda v: f"{fmt.significant(v)} %",
                zero=True,
            )
        ],
        x_log=True,
    )
    never = 1.0 - len(ends) / len(times)
    told = f" {fmt.percent(never, 1)} of the draws never double." if never > 0.0 else ""
    return Figure(
        key="doubling",
        title=title,
        subtitle="Doubling time over the draws",
        caption=f"Every number of the scenario is drawn from its range.{told}",
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=xy_rows(chart),
    )


def tornado(
    rows: Sequence[Block], base_yr: object, *, key: str, what: str, caption: str
) -> Figure | None:
    """Doubling time at both ends of the ranges of the most telling numbers."""
    base = fmt.finite(base_yr)
    top = rows[:_TOP]
    if not top or base is None:
        return None
    levers = [
        Lever(
            label=str(row["label"]).replace("the recipe table", "the table"),
            ends=f"{ends_text(row)} · {row['kind']}",
            at_low=fmt.finite(row["doubling_low_yr"]),
            at_high=fmt.finite(row["doubling_high_yr"]),
            correlation=None,
        )
        for row in top
    ]
    title = f"The doubling time hangs most on {top[0]['label']}"
    chart = Tornado(
        key=key,
        title=title,
        described=f"Doubling time at the low and the high end of {len(top)} numbers.",
        axis="doubling time, years",
        base=base,
        value=lambda v: quantity("doubling_yr", v),
        tick=plain,
        levers=levers,
        ends=("low end of the range", "high end"),
        middle="nominal",
    )
    table = [
        [
            str(row["label"]),
            ends_text(row),
            quantity("doubling_yr", row["doubling_low_yr"]),
            quantity("doubling_yr", row["doubling_high_yr"]),
            fmt.MISSING
            if fmt.finite(row["elasticity_nd"]) is None
            else f"{row['elasticity_nd']:+.3f}",
            str(row["kind"]),
            str(row["source"])[:60],
        ]
        for row in rows[: 2 * _TOP]
    ]
    return Figure(
        key=key,
        title=title,
        subtitle=what,
        caption=caption,
        pictures={size: tornado_chart(chart, size) for size in HALF},
        table=Table(
            head=["number", "range", "T at low", "T at high", "d ln g/d ln x", "kind", "source"],
            rows=table,
        ),
    )


def ends_text(row: Block) -> str:
    """Range of a number with its unit.

    >>> ends_text({"unit": "frac", "low": 0.5, "high": 0.9})
    '0.5 – 0.9'
    """
    unit = str(row["unit"])
    bare = "" if unit in ("frac", "ratio") else unit
    low = fmt.significant(float(row["low"]))
    return f"{low} – {fmt.quantity(row['high'], bare, 3)}"


def steps(rows: Sequence[Block]) -> Figure | None:
    """Doubling time over that of the first row, at set steps of what drives it."""
    known = [row for row in rows[1:] if fmt.finite(row["doubling_ratio"]) is not None]
    if not known:
        return None
    worst = max(known, key=lambda row: float(row["doubling_ratio"]))
    top = min(float(worst["doubling_ratio"]), 12.0)
    bars = []
    for row in rows[1:]:
        ratio = fmt.finite(row["doubling_ratio"])
        note = "does not grow" if ratio is None else f"{fmt.significant(ratio)} ×"
        if ratio is not None and ratio > top:
            note += ", beyond the axis"
        bars.append(
            Bar(
                label=f"{row['change'].partition(':')[0]} {row['step']}".strip(),
                start=0.0,
                end=0.0 if ratio is None else min(ratio, top),
                color="lunar" if ratio is not None and ratio <= 1.0 else "launch",
                note=note,
            )
        )
    title = f"{worst['change'].capitalize()} {worst['step']} slows growth most of what still grows"
    chart = BarChart(
        key="steps",
        title=title,
        described="Doubling time over the nominal one for steps of single inputs.",
        axis="doubling time over nominal",
        tick=plain,
        bars=bars,
    )
    table = [
        [
            f"{row['change']} {row['step']}".strip(),
            quantity("doubling_yr", row["doubling_yr"]),
            quantity("doubling_ratio", row["doubling_ratio"]),
            quantity("import_ratio", row["import_ratio"]),
            quantity("energy_kWh_kg", row["energy_kWh_kg"]),
            quantity("power_W_kg", row["power_W_kg"]),
        ]
        for row in rows
    ]
    return Figure(
        key="steps",
        title=title,
        subtitle="One thing changed at a time, and two cases in which all change",
        caption="Chip plant: all electronics made on the Moon by a plant of that mass for "
        "each kilogram a year. Imports and energy, in the table, are for each kilogram of new "
        "capital.",
        pictures={size: bar_chart(chart, size) for size in HALF},
        table=Table(
            head=["change", "doubling", "over nominal", "imports", "energy", "power"], rows=table
        ),
    )


def tradeoff(curve: Block) -> Figure | None:
    """Growth against landed mass by the share of electronics made on the Moon."""
    share = [100.0 * v for v in numbers(curve.get("local_frac"))]
    if len(share) < 2:
        return None

    def panel(axis: str, key: str, factor: float, unit: str, color: str) -> Panel:
        y = [v * factor if math.isfinite(v) else None for v in numbers(curve.get(key))]
        return Panel(
            axis=f"{axis}, {unit}",
            curves=[Curve(label="", color=color, x=share, y=y)],
            tick=plain,
            value=lambda v: f"{fmt.significant(v)} {unit}",
            zero=True,
        )

    rate, landed = numbers(curve["growth_1_yr"]), numbers(curve["product_import_kg_W"])
    title = "Growth and landed mass by the local share of electronics"
    if all(map(math.isfinite, (rate[0], rate[-1], landed[0], landed[-1]))):
        verb = "rises" if landed[-1] > landed[0] else "falls"
        title = (
            f"Landed mass {verb} from {fmt.significant(1e3 * landed[0])} kg per kW to "
            f"{fmt.significant(1e3 * landed[-1])}, growth from {_rate(rate[0])} to "
            f"{_rate(rate[-1])}"
        )
    elif math.isfinite(landed[0]):
        title = "An industry that makes all of its electronics cannot keep itself"
    chart = XYChart(
        key="tradeoff",
        title=title,
        described="Growth rate, landed mass and closure over the local share of electronics.",
        x_axis="electronics made on the Moon, %",
        x_tick=plain,
        x_value=lambda v: f"{fmt.significant(v)} %",
        panels=[
            panel("Growth rate", "growth_1_yr", 100.0, "% a year", "lunar"),
            panel("Landed per kW of satellites", "product_import_kg_W", 1e3, "kg", "launch"),
            panel("Landed per new kg of capital", "new_import_ratio", 1e3, "g", "earth"),
        ],
    )
    return Figure(
        key="tradeoff",
        title=title,
        subtitle="Electronics landed or made on the Moon; accelerators are landed throughout",
        caption="Nominal case. Satellites count with the upkeep of the capital behind them. A "
        "curve ends where that share cannot be kept up.",
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=xy_rows(chart),
    )


def _rate(value: float) -> str:
    return f"{fmt.significant(100.0 * value)} % a year"


def shares(
    parts: Mapping[str, float], *, key: str, title: str, subtitle: str, caption: str, axis: str
) -> Figure | None:
    """Bars of shares, as they come, in per cent."""
    known = {name: 100.0 * float(value) for name, value in parts.items() if math.isfinite(value)}
    if not known:
        return None
    bars = [
        Bar(label=name, start=0.0, end=value, color="lunar", note=fmt.percent(value / 100.0, 1))
        for name, value in known.items()
    ]
    return _bars(key, title, subtitle, caption, axis, bars)


def _bars(
    key: str, title: str, subtitle: str, caption: str, axis: str, bars: Sequence[Bar]
) -> Figure:
    chart = BarChart(key=key, title=title, described=subtitle, axis=axis, tick=plain, bars=bars)
    return Figure(
        key=key,
        title=title,
        subtitle=subtitle,
        caption=caption,
        pictures={size: bar_chart(chart, size) for size in HALF},
        table=Table(head=["", axis], rows=[[bar.label, bar.note] for bar in bars]),
    )


def capital_split(growth: Block) -> Figure | None:
    """Where the capital stands: arrays, robots, and plant by process."""
    goods = growth.get("capital_frac") or {}
    plant = dict(growth.get("plant_frac") or {})
    top = {words(name): plant[name] for name in list(plant)[: _TOP - 2]}
    rest = sum(plant.values()) - sum(top.values())
    parts = {**top, **({"other plant": rest} if rest > 1e-9 else {})}
    parts |= {_GOODS[name]: frac for name, frac in goods.items() if name in _GOODS}
    parts.pop("machinery", None)
    machinery = float(goods.get("machine", math.nan))
    return shares(
        dict(sorted(parts.items(), key=lambda item: -item[1])),
        key="capital",
        title=f"Plant is {fmt.percent(machinery)} of the capital",
        subtitle="Mass of the growing industry by what it is",
        caption="Plant is machinery in the named process. Nominal case.",
        axis="share of all capital, %",
    )


def closures(block: Block) -> Figure | None:
    """Closure of the nominal case by every measure."""
    values = block.get("values") or {}
    told = {label: numbers(values.get(name)) for name, label in _SHARES.items()}
    parts = {label: found[0] for label, found in told.items() if found}
    if not parts:
        return None
    low = min(parts, key=lambda name: parts[name])
    high = max(parts, key=lambda name: parts[name])
    return shares(
        parts,
        key="closure",
        title=f"{fmt.percent(parts[high], 1)} closed {high}, {fmt.percent(parts[low])} {low}",
        subtitle="Share that the industry makes itself, by what is counted",
        caption="Energy and hours count what making the imports here would take, where the table "
        "has a recipe for them.",
        axis="made on the Moon, %",
    )


def elements(block: Block) -> Figure | None:
    """Closure by element of the nominal case."""
    parts = {name: numbers(v)[0] for name, v in (block.get("elements") or {}).items()}
    if set(parts) <= {"other"}:
        return None
    listed = {name: v for name, v in parts.items() if name != "other"}
    low = min(listed, key=lambda name: listed[name])
    return shares(
        parts,
        key="elements",
        title=f"Of the elements {low} is closed least, {fmt.percent(listed[low], 1)}",
        subtitle="Share of each element in new capital that is not landed",
        caption="“other” is polymers, rare metals, dopants: what the recipes land as vitamins.",
        axis="from lunar soil, %",
    )


def imports(parts: Mapping[str, float], *, per: str, key: str) -> Figure | None:
    """Landed kilograms by commodity."""
    known = {name: float(v) for name, v in parts.items() if math.isfinite(v) and v > 0.0}
    if not known:
        return None
    ranked = sorted(known.items(), key=lambda item: -item[1])
    factor, unit = (1e3, "g") if ranked[0][1] < 1.0 else (1.0, "kg")
    bars = [
        Bar(
            label=words(name),
            start=0.0,
            end=value * factor,
            color="launch",
            note=fmt.mass(value),
        )
        for name, value in ranked
    ]
    part = ranked[0][1] / sum(known.values())
    return _bars(
        key,
        f"{sentence(ranked[0][0])}: {fmt.percent(part)} of what is landed",
        f"Landed per {per}, by commodity",
        "Nominal case. What is landed for the upkeep of the capital counts in.",
        f"landed, {unit} per {per}",
        bars,
    )


def by_process(block: Block, field: str, *, key: str, what: str, unit: str) -> Figure | None:
    """What a unit of a product takes, by process."""
    rows = [(row["process"], float(row[field])) for row in block.get("processes") or []]
    if field == "electricity_kWh":
        heat = {row["process"]: float(row["heat_kWh"]) for row in block["processes"]}
        rows = [(name, value + heat[name]) for name, value in rows]
    total = sum(value for _, value in rows)
    if total <= 0.0:
        return None
    ranked = sorted(rows, key=lambda row: -row[1])
    top = [row for row in ranked[:_TOP] if row[1] > 1e-4 * total]
    rest = total - sum(value for _, value in top)
    shown = [*top, ("other processes", rest)] if rest > 1e-4 * total else top
    bars = [
        Bar(
            label=words(name),
            start=0.0,
            end=value,
            color="lunar" if name != "other processes" else "rest",
            note=f"{fmt.significant(value)} {unit}, {fmt.percent(value / total)}",
        )
        for name, value in shown
    ]
    first = top[0]
    return _bars(
        key,
        f"{sentence(first[0])} takes {fmt.percent(first[1] / total)} of the {what}",
        f"{what.capitalize()} of one {block['unit']} of {words(block['product'])}, by process",
        "With the upkeep of the capital behind it. Nominal case.",
        f"{what}, {unit}",
        bars,
    )


def margins(rows: Sequence[Block]) -> Figure | None:
    """Energy of each recipe over the least that physics allows."""
    known = [row for row in rows if row["margin_ratio"] is not None and row["floor_kWh"] > 1e-6]
    if len(known) < 2:
        return None
    tight = min(known, key=lambda row: float(row["margin_ratio"]))
    x = [float(row["floor_kWh"]) for row in known]
    y = [float(row["electricity_kWh"]) + float(row["heat_kWh"]) for row in known]
    ends = [min(x), max(x)]
    title = f"The tightest recipe is {words(tight['process'])}, at "
    title += f"{fmt.significant(float(tight['margin_ratio']))} times its floor"
    chart = XYChart(
        key="margins",
        title=title,
        described="Energy of each recipe over its floor; no point lies below the line.",
        x_axis="least energy, kWh per unit, log scale",
        x_tick=plain,
        x_value=lambda v: f"{fmt.significant(v)} kWh",
        panels=[
            Panel(
                axis="Energy booked, kWh per unit",
                curves=[
                    Curve(label="recipes", color="lunar", x=x, y=y, marks=True),
                    Curve(label="floor", color="launch", x=ends, y=ends),
                ],
                tick=plain,
                value=lambda v: f"{fmt.significant(v)} kWh",
                log=True,
            )
        ],
        x_log=True,
    )
    ranked = sorted(known, key=lambda row: float(row["margin_ratio"]))
    return Figure(
        key="margins",
        title=title,
        subtitle="Electricity and heat of each recipe against reaction, melting and work",
        caption="A recipe below the line is refused when the table is read.",
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=Table(
            head=["process", "floor, kWh", "booked, kWh", "ratio"],
            rows=[
                [
                    row["process"],
                    fmt.significant(float(row["floor_kWh"])),
                    fmt.significant(float(row["electricity_kWh"]) + float(row["heat_kWh"])),
                    fmt.significant(float(row["margin_ratio"])),
                ]
                for row in ranked
            ],
        ),
    )
