"""Figures of the flight page, from plain dictionaries whose keys carry their units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from moonbase.core.constants import ASTRONOMICAL_UNIT_m, DAY_s, EARTH_RADIUS_m, MOON_RADIUS_m
from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.driver_figures import FULL, HALF, Block, numbers, plain, prefixed
from moonbase.report.plane import Body, Plane, Way, plane_chart
from moonbase.report.svg import Figure
from moonbase.report.xy import Curve, Panel, XYChart, xy_chart, xy_rows

_J2000 = datetime(2000, 1, 1, 12)
_MEGA = 1e6
_FIELD_m = 7e7
_APART_m = 3e9
"""A craft beyond this has a path about the Sun of its own."""
_STOPS = 8
_ROWS = 12


def date(t_tdb_s: float, clock: bool = True) -> str:
    """Calendar date of TDB seconds past J2000.

    >>> date(946728000.0), date(946728000.0, clock=False)
    ('2030-01-01 00:00 TDB', '2030-01-01')
    """
    moment = _J2000 + timedelta(seconds=round(t_tdb_s))
    return f"{moment:%Y-%m-%d %H:%M} TDB" if clock else f"{moment:%Y-%m-%d}"


def distance(value: object) -> str:
    """Length in km, million km or astronomical units.

    >>> distance(1737.4e3), distance(2.5e9), distance(1.1e11), distance(12.0), distance(None)
    ('1,737 km', '2.5 million km', '0.7353 AU', '12 m', 'n/a')
    """
    number = fmt.finite(value)
    if number is None:
        return fmt.MISSING
    if abs(number) >= 0.1 * ASTRONOMICAL_UNIT_m:
        return f"{fmt.significant(number / ASTRONOMICAL_UNIT_m, 4)} AU"
    if abs(number) >= 1e9:
        return f"{fmt.significant(number / 1e9, 4)} million km"
    if abs(number) >= 1e4:
        return f"{fmt.significant(number / 1e3, 4)} km"
    return f"{fmt.significant(number, 4)} m"


def degrees(value: object, digits: int = 4) -> str:
    """Angle in degrees.

    >>> degrees(math.pi / 2)
    '90°'
    """
    number = fmt.finite(value)
    if number is None:
        return fmt.MISSING
    return f"{fmt.significant(math.degrees(number), digits)}°"


def unit_for(span: float) -> tuple[float, str]:
    """Length unit in which a picture of a width is read.

    >>> unit_for(4e8), unit_for(5e9), unit_for(3e11)
    ((1000000.0, 'thousand km'), (1000000000.0, 'million km'), (149597870700.0, 'AU'))
    """
    if span >= 0.2 * ASTRONOMICAL_UNIT_m:
        return ASTRONOMICAL_UNIT_m, "AU"
    if span >= 4e9:
        return 1e9, "million km"
    return (1e6, "thousand km") if span >= 2e6 else ((1e3, "km") if span >= 2e3 else (1.0, "m"))


def pair(values: object) -> tuple[list[float], list[float]]:
    """Both rows of a (2, n) array as lists."""
    first, second = list(values)  # type: ignore[call-overload]
    return numbers(first), numbers(second)


def _scaled(values: object, factor: float) -> tuple[list[float], list[float]]:
    return tuple([v / factor for v in row] for row in pair(values))  # type: ignore[return-value]


def _stops(
    times: Sequence[float], x: Sequence[float], y: Sequence[float]
) -> list[tuple[float, float, str]]:
    """Evenly timed places on a path."""
    last = times[-1] / DAY_s
    step = next((s for s in (0.25, 1, 2, 5, 10, 30, 60, 100) if last / s <= _STOPS), last / _STOPS)
    found = []
    for k in range(1, int(last / step + 1e-9) + 1):
        i = min(range(len(times)), key=lambda j: abs(times[j] - k * step * DAY_s))
        found.append((x[i], y[i], f"day {fmt.significant(k * step)}"))
    return found


def _figure(chart: Plane, *, subtitle: str, caption: str, table: svg.Table, wide: bool) -> Figure:
    sizes = FULL if wide else HALF
    return Figure(
        key=chart.key,
        title=chart.title,
        subtitle=subtitle,
        caption=caption,
        pictures={size: plane_chart(chart, size) for size in sizes},
        table=table,
        wide=wide,
    )


def _path_table(block: Block, key: str, unit: float, name: str) -> svg.Table:
    x, y = _scaled(block[key], unit)
    times = numbers(block["t_s"])
    rows = []
    for k in range(_ROWS):
        i = round(k * (len(times) - 1) / (_ROWS - 1))
        rows.append([fmt.duration(times[i]), plain(x[i]), plain(y[i])])
    return svg.Table(head=["time", f"x, {name}", f"y, {name}"], rows=rows)


def turning(release: Block) -> Figure | None:
    """Path in the frame that turns with Earth and Moon."""
    block = release.get("path")
    if not block:
        return None
    unit, far = _MEGA, block["mean_distance_m"]
    x, y = _scaled(block["turning_m"], unit)
    moon = far / unit
    bodies = [
        Body(label="Earth", color="earth", x=0.0, y=0.0, radius=EARTH_RADIUS_m / unit),
        Body(label="Moon", color="rest", x=moon, y=0.0, radius=MOON_RADIUS_m / unit),
        *(
            Body(label=name, color="index", x=place[0] / unit, y=place[1] / unit)
            for name, place in block["points_m"].items()
        ),
    ]
    span, end = _close(x, y, moon)
    stops = _stops(block["t_s"][:end], x, y)
    leave = _leaves(block, x, y, moon)
    chart = Plane(
        key="turning",
        title=leave,
        described="Path of the craft in the turning frame of Earth and Moon.",
        x_axis="from the Earth towards the Moon, thousand km",
        y_axis="Along the Moon's motion, thousand km",
        tick=plain,
        ways=[Way(label="craft", color="launch", x=x, y=y, stops=stops)],
        bodies=bodies,
        window=span,
    )
    return _figure(
        chart,
        subtitle="Earth and Moon at rest: the frame turns once a month",
        caption="Lengths are brought to the mean distance of Earth and Moon, so that both and the "
        "libration points stand still. Dots mark even times.",
        table=_path_table(block, "turning_m", unit, "thousand km"),
        wide=False,
    )


def _close(
    x: Sequence[float], y: Sequence[float], moon: float
) -> tuple[tuple[float, float, float, float], int]:
    """Window round the Moon that holds the path's near part, and where that part ends."""
    left, right, tall = -0.5 * moon, 1.7 * moon, 0.8 * moon
    inside = [left < a < right and abs(b) < tall for a, b in zip(x, y, strict=True)]
    end = inside.index(False) if False in inside else len(inside)
    end = max(end, 2)
    near_x = [0.82 * moon, 1.19 * moon, *x[:end]]
    if min(near_x) < 0.6 * moon:
        near_x.append(0.0)
    near_y = [-0.1 * moon, 0.1 * moon, *y[:end]]
    pad = 0.05 * (max(near_x) - min(near_x))
    return (min(near_x) - pad, max(near_x) + pad, min(near_y) - pad, max(near_y) + pad), end


def _leaves(block: Block, x: Sequence[float], y: Sequence[float], moon: float) -> str:
    times = numbers(block["t_s"])
    gone = [
        t for t, d in zip(times, numbers(block["moon_distance_m"]), strict=True) if d > _FIELD_m
    ]
    if not gone:
        return "The craft stays within 70,000 km of the Moon"
    i = times.index(gone[0])
    side = "outward" if x[i] > moon else "towards the Earth"
    lead = "ahead of" if y[i] > 0.0 else "behind"
    return f"Past the Moon's field after {fmt.duration(gone[0])}, {side} and {lead} the Moon"


def inertial(release: Block) -> Figure | None:
    """Path about the Earth, axes fixed among the stars."""
    block = release.get("path")
    if not block:
        return None
    far = max(numbers(block["earth_distance_m"]))
    unit, name = unit_for(2.0 * far)
    x, y = _scaled(block["from_earth_m"], unit)
    mx, my = _scaled(block["moon_from_earth_m"], unit)
    chart = Plane(
        key="inertial",
        title=f"{_cap(distance(far))} from the Earth at the farthest",
        described="Path of the craft and the Moon about the Earth.",
        x_axis=f"towards the Moon at release, {name}",
        y_axis=f"Along the Moon's motion at release, {name}",
        tick=plain,
        ways=[
            Way(label="Moon", color="rest", x=mx, y=my, dash="5 4"),
            Way(label="craft", color="launch", x=x, y=y, stops=_stops(block["t_s"], x, y)),
        ],
        bodies=[
            Body(label="Earth", color="earth", x=0.0, y=0.0, radius=EARTH_RADIUS_m / unit),
            Body(label="release", color="rest", x=mx[0], y=my[0], radius=MOON_RADIUS_m / unit),
        ],
    )
    return _figure(
        chart,
        subtitle="About the Earth, axes fixed among the stars, in the plane of the Moon's orbit",
        caption="Dashed: the Moon. Dots mark even times.",
        table=_path_table(block, "from_earth_m", unit, name),
        wide=False,
    )


def heliocentric(release: Block) -> Figure | None:
    """Path about the Sun, and the Earth's; None for a craft that stays with the Earth."""
    block = release.get("path")
    if not block or max(numbers(block["earth_distance_m"])) < _APART_m:
        return None
    unit = ASTRONOMICAL_UNIT_m
    x, y = _scaled(block["from_sun_m"], unit)
    ex, ey = _scaled(block["earth_from_sun_m"], unit)
    gap = math.dist((x[-1], y[-1]), (ex[-1], ey[-1]))
    ahead = math.atan2(y[-1], x[-1]) - math.atan2(ey[-1], ex[-1])
    ahead = (ahead + math.pi) % (2.0 * math.pi) - math.pi
    word = "ahead of" if ahead > 0.0 else "behind"
    chart = Plane(
        key="heliocentric",
        title=f"{fmt.significant(gap, 2)} AU from the Earth at the end, "
        f"{fmt.significant(abs(math.degrees(ahead)), 2)}° {word} it",
        described="Path of the craft and the Earth about the Sun.",
        x_axis="towards the Earth at release, AU",
        y_axis="Along the Earth's motion at release, AU",
        tick=plain,
        ways=[
            Way(label="Earth", color="earth", x=ex, y=ey, dash="5 4"),
            Way(label="craft", color="launch", x=x, y=y, stops=_stops(block["t_s"], x, y)),
        ],
        bodies=[
            Body(label="Sun", color="sun", x=0.0, y=0.0, radius=0.02),
            Body(label="Earth at the end", color="earth", x=ex[-1], y=ey[-1], radius=0.001),
            Body(label="craft", color="launch", x=x[-1], y=y[-1], radius=0.001),
        ],
        rings=[Body(label="1 AU", color="rest", x=0.0, y=0.0, radius=1.0)],
    )
    return _figure(
        chart,
        subtitle="About the Sun, in the plane of the Earth's orbit",
        caption="Dashed: the Earth; dotted: 1 AU. Dots mark even times.",
        table=_path_table(block, "from_sun_m", unit, "AU"),
        wide=False,
    )


def distances(release: Block) -> Figure | None:
    """Distance from Moon and Earth over time."""
    block = release.get("path")
    if not block:
        return None
    days = [t / DAY_s for t in numbers(block["t_s"])]
    curves = [
        Curve(
            label=name,
            color=color,
            x=days,
            y=[v / 1e6 for v in numbers(block[f"{name.lower()}_distance_m"])],
        )
        for name, color in (("Moon", "index"), ("Earth", "earth"))
    ]
    least = min(numbers(block["earth_distance_m"]))
    chart = XYChart(
        key="distances",
        title=f"Never nearer to the Earth than {distance(least)}",
        described="Distance from the centres of Moon and Earth over time.",
        x_axis="time since release, days",
        x_tick=plain,
        x_value=lambda v: f"day {fmt.significant(v)}",
        panels=[
            Panel(
                axis="Distance, thousand km",
                curves=curves,
                tick=plain,
                value=lambda v: distance(v * 1e6),
                log=True,
            )
        ],
    )
    return Figure(
        key="distances",
        title=chart.title,
        subtitle="Distance from the centres of Moon and Earth",
        caption="The scale of the distance is logarithmic.",
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=xy_rows(chart),
    )


def _cap(words: str) -> str:
    return words[:1].upper() + words[1:]


def ellipse(risk: Block) -> Figure | None:
    """Draws across the path at arrival, and their one and three sigma ellipses."""
    cloud = risk.get("cloud")
    if not cloud:
        return None
    sigma = numbers(cloud["miss_sigma_m"])
    if not all(math.isfinite(s) and s > 0.0 for s in sigma):
        return None
    unit, name = unit_for(6.0 * sigma[0])
    x, y = _scaled(risk["across_m"], unit)
    good = [(a, b) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)]
    mean = [v / unit for v in numbers(risk["across_mean_m"])]
    turns = [2.0 * math.pi * i / 96 for i in range(97)]
    rings = [
        Way(
            label=f"{k:g} sigma",
            color="lunar",
            x=[mean[0] + k * sigma[0] / unit * math.cos(t) for t in turns],
            y=[mean[1] + k * sigma[1] / unit * math.sin(t) for t in turns],
            dash=dash,
        )
        for k, dash in ((1.0, None), (3.0, "5 4"))
    ]
    chart = Plane(
        key="miss",
        title=f"One sigma: {distance(sigma[0])} by {distance(sigma[1])} across the path "
        f"after {fmt.duration(cloud['elapsed_s'])}",
        described="Draws across the path at arrival with ellipses of one and three sigma.",
        x_axis=f"across the path, the wider way, {name}",
        y_axis=f"Across the path, the narrower way, {name}",
        tick=plain,
        ways=[
            Way(
                label="draws",
                color="rest",
                x=[a for a, _ in good],
                y=[b for _, b in good],
                dots=True,
            ),
            *rings,
        ],
        bodies=[Body(label="nominal", color="launch", x=0.0, y=0.0)],
    )
    rows = [
        [f"{k:g} sigma", distance(k * sigma[0]), distance(k * sigma[1])] for k in (1.0, 2.0, 3.0)
    ]
    return _figure(
        chart,
        subtitle=f"Miss at arrival, without trim ({cloud['method'].replace('_', ' ')})",
        caption="Line: one sigma; dashed: three sigma. Both axes have one scale.",
        table=svg.Table(head=["", "wider way", "narrower way"], rows=rows),
        wide=False,
    )


def trim(risk: Block) -> Figure | None:
    """Share of craft whose trim needs more than a velocity."""
    cloud = risk.get("cloud")
    found = sorted(v for v in numbers((cloud or {}).get("sample_trim_m_s")) if math.isfinite(v))
    if len(found) < 2:
        return None
    levels = numbers(cloud["trim_delta_v_m_s"]) if cloud else []
    factor, unit = prefixed(found, "m/s")
    n = len(found)
    chart = XYChart(
        key="trim",
        title=f"Half need more than {speed(levels[0])}, one in twenty more than {speed(levels[1])}",
        described="Share of releases whose trim costs more than a velocity.",
        x_axis=f"velocity of the trim, {unit}",
        x_tick=plain,
        x_value=lambda v: speed(v * factor),
        panels=[
            Panel(
                axis="Share that needs more",
                curves=[
                    Curve(
                        label="",
                        color="launch",
                        x=[v / factor for v in found],
                        y=[1.0 - (i + 0.5) / n for i in range(n)],
                    )
                ],
                tick=fmt.significant,
                value=lambda v: fmt.percent(v, 2),
                log=True,
            )
        ],
        places=[(levels[i] / factor, label) for i, label in ((1, "P95"), (2, "P99.7"))],
    )
    return Figure(
        key="trim",
        title=chart.title,
        subtitle="Trim that brings a craft back to the nominal arrival",
        caption=f"One impulse, from the first {n:,} draws. Its own errors are not in it.",
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=xy_rows(chart),
    )


def speed(value: object) -> str:
    """Write a velocity.

    >>> speed(2500.0), speed(0.0123), speed(None)
    ('2,500 m/s', '12.3 mm/s', 'n/a')
    """
    number = fmt.finite(value)
    if number is None:
        return fmt.MISSING
    if abs(number) >= 1.0:
        return f"{fmt.significant(number, 4)} m/s"
    return fmt.si(number, "m/s")
