"""Maps of the flight page: where releases go by date and speed, what is safe, sites, the swarm."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from moonbase.core.constants import DAY_s
from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.cells import Cells, Kind, cells_chart
from moonbase.report.driver_figures import FULL, HALF, Block, numbers, plain, prefixed
from moonbase.report.flight_figures import date, degrees, distance, speed
from moonbase.report.svg import Figure
from moonbase.report.xy import Curve, Panel, XYChart, xy_chart, xy_rows

_COLORS = {
    "falls back to the Moon": "rest",
    "stays with the Moon": "k8",
    "stays with the Earth": "k7",
    "meets the Earth": "bad",
    "leaves inward": "k2",
    "leaves outward": "k5",
    "lost": "other",
    "clear": "k3",
    "met the Moon": "rest",
    "met the Earth": "bad",
}
_COSTS_m_s = (250.0, 500.0, 750.0, 1000.0, 1500.0, 2500.0)
_MOST = (180, 120)
"""Cells drawn across and up, at most."""


def outcomes(block: Block) -> Figure | None:
    """Launch map: what becomes of a release by date and speed."""
    if "outcome" not in block:
        return None
    days, speeds = _axes(block)
    codes = [[int(c) for c in row] for row in block["outcome"]]
    names = list(block["outcomes"])
    share = {
        name: sum(row.count(i) for row in codes) / (len(days) * len(speeds))
        for i, name in enumerate(names)
    }
    away = share["leaves inward"] + share["leaves outward"]
    chart = _map(
        block,
        key="outcomes",
        title=f"{fmt.percent(away)} of the map leaves the Earth, "
        f"{fmt.percent(share['leaves inward'])} inward",
        described="What becomes of a release at each date and speed.",
        codes=codes,
        kinds=[Kind(label=name, color=_COLORS[name]) for name in names],
    )
    rows = [[name, fmt.percent(part, 1)] for name, part in share.items() if part > 0.0]
    return Figure(
        key="outcomes",
        title=chart.title,
        subtitle="What becomes of a release, by date and muzzle speed",
        caption="A craft that ends more than 3 million km from the Earth has left it; inward if "
        "its orbit about the Sun is then smaller than the Earth's.",
        pictures={size: cells_chart(chart, size) for size in FULL},
        table=svg.Table(head=["outcome", "share of cells"], rows=rows),
        wide=True,
    )


def burns(block: Block) -> Figure | None:
    """Launch map: the burn that the slot still needs."""
    if "slot_delta_v_m_s" not in block:
        return None
    costs = [numbers(row) for row in block["slot_delta_v_m_s"]]
    days, speeds = _axes(block)
    known = [
        (c, i, j) for i, row in enumerate(costs) for j, c in enumerate(row) if math.isfinite(c)
    ]
    if not known:
        return None
    least, i, j = min(known)
    edges = [edge for edge in _COSTS_m_s if edge > least]
    words = [f"below {speed(edges[0])}", *(f"to {speed(e)}" for e in edges[1:]), "more"]
    shades = [1.0 - 0.85 * k / len(edges) for k in range(len(words))]
    chart = _map(
        block,
        key="burns",
        title=f"At least {speed(least)} on board, on {date(block['epoch_tdb_s'][i], False)} "
        f"at {speed(speeds[j])}",
        described="Burn that a release at each date and speed still needs to stay in its slot.",
        codes=[[_bin(c, edges) for c in row] for row in costs],
        kinds=[Kind(label=w, color="lunar", opacity=o) for w, o in zip(words, shades, strict=True)],
        marks=[(days[i], speeds[j], "least")],
    )
    rows = [
        [w, fmt.percent(sum(_bin(c, edges) == k for c, _, _ in known) / (len(days) * len(speeds)))]
        for k, w in enumerate(words)
    ]
    return Figure(
        key="burns",
        title=chart.title,
        subtitle="Burn that the slot still needs, by date and muzzle speed",
        caption="Two burns at the apsides of the orbit about the Sun that the craft ends on. Empty "
        "cells do not leave the Earth.",
        pictures={size: cells_chart(chart, size) for size in FULL},
        table=svg.Table(head=["burn", "share of cells"], rows=rows),
        wide=True,
    )


def _bin(cost: float, edges: Sequence[float]) -> int:
    return sum(cost > edge for edge in edges) if math.isfinite(cost) else -1


def _axes(block: Block) -> tuple[list[float], list[float]]:
    epochs = numbers(block["epoch_tdb_s"])
    return [(t - epochs[0]) / DAY_s for t in epochs], numbers(block["speed_m_s"])


def _thin(n: int, most: int) -> list[int]:
    """Indices of at most so many of n."""
    return list(range(n)) if n <= most else [round(k * (n - 1) / (most - 1)) for k in range(most)]


def _map(
    block: Block,
    *,
    key: str,
    title: str,
    described: str,
    codes: Sequence[Sequence[int]],
    kinds: Sequence[Kind],
    marks: Sequence[tuple[float, float, str]] = (),
) -> Cells:
    days, speeds = _axes(block)
    across, up = _thin(len(days), _MOST[0]), _thin(len(speeds), _MOST[1])

    def hover(i: int, j: int) -> str:
        a, b = across[i], up[j]
        lines = [
            f"{date(block['epoch_tdb_s'][a])}, {speed(speeds[b])}",
            block["outcomes"][int(block["outcome"][a][b])],
            f"C3 at the Moon {c3(block['c3_moon_m2_s2'][a][b])}",
            f"nearest to the Earth {distance(float(block['earth_miss_m'][a][b]))}",
            f"drift {degrees(float(block['drift_rad_yr'][a][b]))} a year",
            f"burn {speed(float(block['slot_delta_v_m_s'][a][b]))}",
        ]
        return "\n".join(item for item in lines if fmt.MISSING not in item)

    return Cells(
        key=key,
        title=title,
        described=described,
        x_axis=f"release, days after {date(block['epoch_tdb_s'][0], False)}",
        y_axis="Muzzle speed, m/s",
        x=[days[i] for i in across],
        y=[speeds[j] for j in up],
        codes=[[codes[i][j] for j in up] for i in across],
        kinds=kinds,
        x_tick=plain,
        y_tick=plain,
        hover=hover,
        marks=marks,
    )


def c3(value: object) -> str:
    """Twice an orbit's energy in km2/s2.

    >>> c3(606164.0)
    '0.6062 km²/s²'
    """
    number = fmt.finite(float(value)) if value is not None else None  # type: ignore[arg-type]
    return fmt.MISSING if number is None else f"{fmt.significant(number / 1e6, 4)} km²/s²"


def corridor(risk: Block) -> Figure | None:
    """What becomes of releases with large errors of speed and elevation."""
    block, safe = risk.get("corridor_map"), risk.get("corridor")
    if not block or not safe:
        return None
    speeds = numbers(block["speed_m_s"])
    angles = [math.degrees(v) for v in numbers(block["elevation_rad"])]
    codes = [[int(c) for c in row] for row in block["fate"]]
    low = numbers(safe["speed_m_s"])[0]
    shown = "The nominal release is not clear"
    if safe["clear"]:
        end = safe["ends"][0]
        shown = f"Clear down to {speed(low)} of speed error"
        shown += f", then {end.replace('met', 'it meets')}" if end != "clear" else " and beyond"

    def hover(i: int, j: int) -> str:
        return (
            f"{fmt.significant(speeds[i])} m/s, {fmt.significant(angles[j])}°\n"
            f"{block['fates'][codes[i][j]]}"
        )

    chart = Cells(
        key="corridor",
        title=shown,
        described="What becomes of releases by error of speed and of elevation.",
        x_axis="error of speed, m/s",
        y_axis="Error of elevation, degrees",
        x=speeds,
        y=angles,
        codes=codes,
        kinds=[Kind(label=name, color=_COLORS[name]) for name in block["fates"]],
        x_tick=plain,
        y_tick=plain,
        hover=hover,
        marks=[(0.0, 0.0, "nominal")],
    )
    names = [
        f"{axis}, {end}" for axis in ("speed", "azimuth", "elevation") for end in ("low", "high")
    ]
    values = [speed(v) for v in numbers(safe["speed_m_s"])]
    values += [degrees(v) for key in ("azimuth_rad", "elevation_rad") for v in numbers(safe[key])]
    rows = [list(row) for row in zip(names, values, safe["ends"], strict=True)]
    return Figure(
        key="corridor",
        title=shown,
        subtitle="Safe release corridor: what becomes of a release with large errors",
        caption=f"Flown for {fmt.duration(safe['duration_s'])}; the ground is a smooth sphere. The "
        "table gives errors of one kind at a time.",
        pictures={size: cells_chart(chart, size) for size in HALF},
        table=svg.Table(head=["error", "clear to", "beyond"], rows=rows),
    )


def survey(block: Block) -> Figure | None:
    """How often a track serves the slot, by longitude and direction, once round the Moon."""
    if "longitude_rad" not in block:
        return None
    longitude = [math.degrees(v) for v in numbers(block["longitude_rad"])]
    longitude.append(longitude[0] + 360.0)
    curves = [
        Curve(
            label=f"{name}ward",
            color=color,
            x=longitude,
            y=[100.0 * v for v in numbers([*served, served[0]])],
        )
        for name, color in (("east", "lunar"), ("west", "launch"))
        for served in (block[name]["served_frac"],)
    ]
    best, where, name = max(
        (v, x, c.label)
        for c in curves
        for x, v in zip(longitude, c.y, strict=True)
        if v is not None
    )
    chart = XYChart(
        key="survey",
        title=f"A track {name} from {fmt.significant(where)}° serves {fmt.significant(best)} % "
        "of the dates",
        described="Share of release dates that serve the slot by longitude of the site.",
        x_axis="east longitude of the site, degrees",
        x_tick=plain,
        x_value=lambda v: f"{fmt.significant(v)}°",
        panels=[
            Panel(
                axis="Dates served, %",
                curves=curves,
                tick=plain,
                value=lambda v: f"{fmt.significant(v)} %",
                zero=True,
            )
        ],
        places=[(0.0, "faces the Earth")],
    )
    return Figure(
        key="survey",
        title=chart.title,
        subtitle="Share of release dates at which some speed serves the slot",
        caption=f"With {speed(block['budget_m_s'])} on board and the driver's range of speeds.",
        pictures={size: xy_chart(chart, size) for size in FULL},
        table=xy_rows(chart),
        wide=True,
    )


def growth(block: Block) -> Figure | None:
    """Satellites in service and derelicts over the years."""
    return _years(
        block,
        "growth",
        (("n_alive", "in service", "earth"), ("n_derelict", "derelict", "rest")),
        "Satellites of the belt",
        lambda alive: f"{alive} in service at the end",
        "Cohorts arrive evenly, fail at a steady rate and leave at the end of their life.",
    )


def collisions(block: Block) -> Figure | None:
    """Collisions a year."""
    return _years(
        block,
        "collisions",
        (("collisions_1_yr", "all", "launch"), ("hit_1_yr", "with craft", "lunar")),
        "Collisions in a year",
        lambda found: f"{found} collisions in the last year",
        "Among derelicts, and of derelicts with craft that did not avoid them.",
    )


def _years(
    block: Block,
    key: str,
    rows: Sequence[tuple[str, str, str]],
    axis: str,
    title: Callable[[str], str],
    caption: str,
) -> Figure | None:
    if "year" not in block:
        return None
    years = numbers(block["year"])
    top = [v for name, _, _ in rows for v in numbers(block[name])]
    factor, prefix = prefixed(top, "x")
    unit = {"kx": "thousand", "Mx": "million", "Gx": "billion"}.get(prefix, "")
    factor = factor if unit else 1.0
    curves = [
        Curve(label=label, color=color, x=years, y=[v / factor for v in numbers(block[name])])
        for name, label, color in rows
    ]
    chart = XYChart(
        key=key,
        title=title(f"{fmt.significant(numbers(block[rows[0][0]])[-1] / factor)} {unit}".strip()),
        described=f"{axis} over the years.",
        x_axis="year of launches",
        x_tick=plain,
        x_value=lambda v: f"year {round(v)}",
        panels=[
            Panel(
                axis=f"{axis}, {unit}" if unit else axis,
                curves=curves,
                tick=plain,
                value=lambda v: f"{fmt.significant(v)} {unit}".strip(),
                zero=True,
            )
        ],
    )
    return Figure(
        key=key,
        title=chart.title,
        subtitle=axis,
        caption=caption,
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=xy_rows(chart),
    )
