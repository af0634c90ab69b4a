"""Figures of the driver page, from plain dictionaries whose keys carry their units."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.bars import BarChart, bar_chart, waterfall
from moonbase.report.svg import Figure
from moonbase.report.xy import Curve, Limit, Panel, XYChart, is_broken, xy_chart, xy_rows

Block = Mapping[str, Any]
HALF = (svg.SMALL, svg.MEDIUM)
FULL = (svg.SMALL, svg.MEDIUM, svg.LARGE)
_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"))
_SEEN = 1e-6
"""Part of the input from which on an item of the energy has a bar."""
_END = 1e-3
"""A release within this part of the end of the history is its end."""
_UNSCALED = ("", "K", "s", "g")
_HEAT = (
    "Adiabatic rise of the conductor in one shot. A slow sled is pushed longest by the same coils."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A key of a block, how it is named on an axis, its unit and its colour."""

    key: str
    name: str
    unit: str
    color: str
    log: bool = False


SPEED = Quantity(key="speed_m_s", name="Speed", unit="m/s", color="lunar")
ACCELERATION = Quantity(key="acceleration_m_s2", name="Acceleration", unit="g", color="index")
FORCE = Quantity(key="force_N", name="Force", unit="N", color="earth")
POWER = Quantity(key="bus_power_W", name="Power from the bus", unit="W", color="launch")
COIL_VOLTAGE = Quantity(key="coil_voltage_V", name="Peak voltage", unit="V", color="index")
COIL_CURRENT = Quantity(key="coil_current_A", name="Peak current", unit="A", color="lunar")
COIL_RISE = Quantity(
    key="coil_temperature_rise_K", name="Temperature rise in one shot", unit="K", color="launch"
)
TURNS = Quantity(key="n_turns", name="Turns of a coil", unit="", color="earth")
RATING = Quantity(key="coil_VA", name="Rating of a coil's converter", unit="VA", color="launch")
VOLTAGE = replace(COIL_VOLTAGE, key="voltage_V")
CURRENT = replace(COIL_CURRENT, key="current_A")
RISE = replace(COIL_RISE, key="temperature_rise_K")


def numbers(values: Any) -> list[float]:
    """Plain floats of a list or an array, the first draw of rows; empty when there is none.

    >>> numbers(None), numbers([1, None]), numbers([[2.0, 3.0]])
    ([], [1.0, nan], [2.0])
    """
    if values is None:
        return []
    rows = values.tolist() if hasattr(values, "tolist") else values
    firsts = [v[0] if isinstance(v, list) else v for v in rows]
    return [math.nan if v is None else float(v) for v in firsts]


def prefixed(values: Sequence[float], unit: str) -> tuple[float, str]:
    """Factor and unit that bring the largest value between 1 and 1000.

    >>> prefixed([0.0, 5.3e9], "W"), prefixed([40.0], "K")
    ((1000000000.0, 'GW'), (1.0, 'K'))
    """
    top = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if unit in _UNSCALED or top == 0.0:
        return 1.0, unit
    factor, prefix = next((p for p in _PREFIXES if top >= p[0] * 0.9995), _PREFIXES[-1])
    return factor, f"{prefix}{unit}"


def plain(value: float) -> str:
    """Bare number of an axis."""
    return fmt.significant(value, 4)


def written(unit: str) -> Callable[[float], str]:
    """Writer of numbers with a unit."""
    return lambda value: f"{fmt.significant(value)} {unit}".strip()


def panel(
    block: Block, x: Sequence[float], quantities: Sequence[Quantity], limits: Block
) -> Panel | None:
    """One panel of quantities of one unit, with the limits that the block states for them."""
    known = [(q, y) for q in quantities if len(y := numbers(block.get(q.key))) == len(x) and y]
    if not known:
        return None
    levels = {q.key: fmt.finite(limits.get(q.key)) for q, _ in known}
    everything = [v for _, y in known for v in y]
    factor, unit = prefixed(everything, known[0][0].unit)
    name = known[0][0].name if len(known) == 1 else "Each"
    return Panel(
        axis=f"{name}, {unit}" if unit else name,
        curves=[
            Curve(label=q.name, color=q.color, x=x, y=[v / factor for v in y]) for q, y in known
        ],
        tick=plain,
        value=written(unit),
        limits=[
            Limit(value=level / factor, label=f"limit {written(unit)(level / factor)}")
            for level in levels.values()
            if level is not None
        ],
        log=any(q.log for q, _ in known),
        zero=True,
    )


def profile(
    block: Block,
    place: str,
    groups: Sequence[Sequence[Quantity]],
    *,
    key: str,
    title: Callable[[Sequence[Panel]], str],
    caption: str,
    marked: Sequence[tuple[float, str]] = (),
) -> Figure | None:
    """Panels over position or time (``place`` is the key of the axis), or None without data."""
    axis = numbers(block.get(place))
    if len(axis) < 2:
        return None
    name = "position along the track" if place.endswith("_m") else "time"
    factor, unit = prefixed(axis, "m" if place.endswith("_m") else "s")
    x = [v / factor for v in axis]
    found = [p for group in groups if (p := panel(block, x, group, block.get("limits") or {}))]
    if not found:
        return None
    heading = title(found)
    names = [p.axis.split(",")[0] for p in found]
    subtitle = ", ".join([names[0], *(f"{name[:1].lower()}{name[1:]}" for name in names[1:])])
    chart = XYChart(
        key=key,
        title=heading,
        described=f"{subtitle} over {name}.",
        x_axis=f"{name}, {unit}",
        x_tick=plain,
        x_value=written(unit),
        panels=found,
        places=[(at / factor, label) for at, label in marked],
    )
    return Figure(
        key=key,
        title=heading,
        subtitle=f"{subtitle} over {name}",
        caption=caption,
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=xy_rows(chart),
    )


def _tied(text: str) -> str:
    return text.replace(" ", "\u00a0")


def peak(shown: Panel, name: str) -> str:
    """Return "name peaks at x, within the limit of y" of the first curve of a panel."""
    values = [v for v in shown.curves[0].y if v is not None and math.isfinite(v)]
    if not values:
        return f"{name} unknown"
    text = f"{name} peaks at {_tied(shown.value(max(values)))}"
    if not shown.limits:
        return text
    limit = shown.limits[0]
    word = "above" if is_broken(limit, shown) else "within"
    return f"{text}, {word} the limit of {_tied(shown.value(limit.value))}"


def kinematics(launch: Block) -> Figure | None:
    """Speed and force over the track."""
    return profile(
        launch,
        "position_m",
        [[SPEED], [FORCE]],
        key="kinematics",
        title=lambda _: _kinematics_title(launch),
        caption="The force is the sum over the coils that push or brake. After the release the "
        "empty sled is braked.",
        marked=_release(launch, "position_m"),
    )


def _release(launch: Block, place: str) -> list[tuple[float, str]]:
    """Where or when the payload leaves, if the history goes on after it."""
    when = fmt.finite(launch.get("release_time_s"))
    time, axis = numbers(launch.get("time_s")), numbers(launch.get(place))
    if when is None or len(time) != len(axis) or not time or when >= time[-1] * (1.0 - _END):
        return []
    return [(axis[bisect_left(time, when)], "release")]


def _kinematics_title(launch: Block) -> str:
    speed = fmt.finite(launch.get("muzzle_speed_m_s"))
    time, track = (numbers(launch.get(key)) for key in ("time_s", "position_m"))
    if speed is None or not time or not track:
        return "Speed and force along the track"
    (end, _), *_ = [*_release(launch, "position_m"), (track[-1], "")]
    (when, _), *_ = [*_release(launch, "time_s"), (time[-1], "")]
    return (
        f"{fmt.significant(speed, 6)} m/s after {fmt.si(end - track[0], 'm')} "
        f"in {fmt.duration(when - time[0])}"
    )


def acceleration(launch: Block) -> Figure | None:
    """Acceleration over time in standard gravities, with what the payload stands."""
    key = ACCELERATION.key
    level = fmt.finite((launch.get("limits") or {}).get(key))
    in_g = {
        **launch,
        key: [v / STANDARD_GRAVITY_m_s2 for v in numbers(launch.get(key))],
        "limits": {} if level is None else {key: level / STANDARD_GRAVITY_m_s2},
    }
    return profile(
        in_g,
        "time_s",
        [[ACCELERATION]],
        key="acceleration",
        title=lambda shown: peak(shown[0], "Acceleration"),
        caption="Of all that moves; the suspension of the payload is not in it.",
        marked=_release(launch, "time_s"),
    )


def bus_power(launch: Block) -> Figure | None:
    """Power from the bus over time."""
    force, speed = (numbers(launch.get(key)) for key in ("force_N", "speed_m_s"))
    mechanical = max((f * v for f, v in zip(force, speed, strict=False)), default=0.0)

    def title(shown: Sequence[Panel]) -> str:
        top = max((v for v in numbers(launch.get(POWER.key)) if math.isfinite(v)), default=0.0)
        text = peak(shown[0], "Power from the bus")
        return f"{text}, {top / mechanical:.2f} times the mechanical peak" if mechanical else text

    return profile(
        launch,
        "time_s",
        [[POWER]],
        key="bus_power",
        title=title,
        caption="Power at the terminals of the pulse store. Above the thrust power lies what "
        "charges the field and what turns to heat; below zero it flows back.",
        marked=_release(launch, "time_s"),
    )


def coil_stress(launch: Block) -> Figure | None:
    """Peak voltage and current of each coil in the launch."""
    return profile(
        {
            **launch,
            "coil_voltage_V": _sizes(launch, "coil_voltage_V"),
            "coil_current_A": _sizes(launch, "coil_current_A"),
        },
        "coil_position_m",
        [[COIL_VOLTAGE], [COIL_CURRENT]],
        key="coil_stress",
        title=lambda shown: peak(shown[0], shown[0].axis.split(",")[0].replace("Peak", "Coil")),
        caption="Largest amount at each coil while the sled passes. Steps come with the number of "
        "turns.",
    )


def _sizes(block: Block, key: str) -> list[float]:
    return [abs(v) for v in numbers(block.get(key))]


def coil_heat(launch: Block) -> Figure | None:
    """Temperature rise of each coil in the launch."""
    return profile(
        launch,
        "coil_position_m",
        [[COIL_RISE]],
        key="coil_heat",
        title=lambda shown: peak(shown[0], "Temperature rise"),
        caption=_HEAT,
    )


def stepped(design: Block) -> Block:
    """Design with each section drawn level from its start to its end.

    >>> drawn = stepped({"position_m": [1.0, 3.0], "n_turns": [5.0, 4.0]})
    >>> drawn["position_m"], drawn["n_turns"]
    ([0.0, 1.0, 1.0, 3.0], [5.0, 5.0, 4.0, 4.0])
    """
    ends = numbers(design.get("position_m"))
    starts = [0.0, *ends][:-1]
    drawn = {**design, "position_m": [x for pair in zip(starts, ends, strict=True) for x in pair]}
    for quantity in (TURNS, RATING, VOLTAGE, CURRENT, RISE):
        drawn[quantity.key] = [v for v in numbers(design.get(quantity.key)) for _ in range(2)]
    return drawn if ends else design


def design_turns(design: Block) -> Figure | None:
    """Turns and converter rating along the track."""
    return profile(
        stepped(design),
        "position_m",
        [[TURNS], [RATING]],
        key="design_turns",
        title=lambda shown: peak(shown[-1], shown[-1].axis.split(",")[0]),
        caption="Turns fall as the speed rises, to hold the voltage at the terminals.",
    )


def design_stress(design: Block) -> Figure | None:
    """Voltage and current along the track, as designed."""
    return profile(
        stepped(design),
        "position_m",
        [[VOLTAGE], [CURRENT]],
        key="design_stress",
        title=lambda shown: peak(shown[0], shown[0].axis.split(",")[0].replace("Peak", "Coil")),
        caption="Dotted: the limit of the device or the conductor. What passes it is drawn in the "
        "colour of a fault.",
    )


def design_heat(design: Block) -> Figure | None:
    """Temperature rise along the track, as designed."""
    return profile(
        stepped(design),
        "position_m",
        [[RISE]],
        key="design_heat",
        title=lambda shown: peak(shown[0], "Temperature rise"),
        caption=_HEAT,
    )


def energy_waterfall(launch: Block) -> Figure | None:
    """Where each joule of a launch went."""
    sources, sinks = (
        {str(k): float(v) for k, v in (launch.get(key) or {}).items()}
        for key in ("energy_in_J", "energy_out_J")
    )
    total = sum(sources.values())
    if not sinks or total <= 0.0:
        return None
    order = sorted(sinks, key=lambda name: (_RANK[_role(name)], -sinks[name]))
    outflow = [(name, sinks[name], _COLOR[_role(name)]) for name in order]

    def note(amount: float) -> str:
        return f"{fmt.si(amount, 'J')} · {share_text(amount / total)}"

    seen = {name: amount for name, amount in sources.items() if amount / total >= _SEEN}
    bars = waterfall(seen, [row for row in outflow if abs(row[1]) / total >= _SEEN], note)
    useful = sum(sinks[name] for name in sinks if _role(name) == "payload")
    back = sum(sinks[name] for name in sinks if _role(name) == "return")
    title = f"{share_text(useful / total)} of the energy leaves with the payload"
    title += f", {share_text(back / total)} returns from the braked sled" if back else ""
    factor, unit = prefixed([total], "J")
    chart = BarChart(
        key="energy",
        title=title,
        described=f"{len(bars)} items, from what the bus gives down to nothing left.",
        axis=f"energy of one launch, {unit}",
        tick=lambda value: fmt.significant(value / factor),
        bars=[replace(bar, label=sentence(bar.label)) for bar in bars],
        connected=True,
    )
    gap = fmt.finite(launch.get("audit_error_frac"))
    audit = "" if gap is None else f" The audit closes to {share_text(abs(gap))}."
    items = [*sources.items(), *((name, amount) for name, amount, _ in outflow)]
    rows = [[sentence(k), fmt.si(v, "J"), share_text(v / total)] for k, v in items]
    return Figure(
        key="energy",
        title=title,
        subtitle="Energy of one launch, from the bus to where it ends",
        caption="Each bar takes its part from what is left by those above it; items below a "
        f"millionth are in the table alone.{audit}",
        pictures={size: bar_chart(chart, size) for size in FULL},
        table=svg.Table(head=["item", "energy", "share of input"], rows=rows),
        wide=True,
    )


_RANK = {"payload": 0, "return": 1, "loss": 2}
_COLOR = {"payload": "earth", "return": "index", "loss": "launch"}


def _role(name: str) -> str:
    """What an item of the energy audit is, by its name.

    >>> _role("payload"), _role("kinetic"), _role("bus_returned"), _role("copper")
    ('payload', 'payload', 'return', 'loss')
    """
    if name == "kinetic":
        return "payload"
    return next((role for role in ("payload", "return") if role in name), "loss")


def share_text(value: float) -> str:
    """Percentage with two or three significant digits, however small.

    >>> share_text(0.553), share_text(0.00006), share_text(3e-9), share_text(0.0)
    ('55.3 %', '0.006 %', '3 × 10⁻⁷ %', '0 %')
    """
    return f"{fmt.plain(100.0 * value, 3 if abs(value) >= 0.1 else 2)} %"


def sentence(name: str) -> str:
    """Words of a key.

    >>> sentence("dc_conductor"), sentence("sled_braking_loss")
    ('DC conductor', 'Sled braking loss')
    """
    first, *rest = name.split("_")
    first = first.upper() if first in ("ac", "dc") else first[:1].upper() + first[1:]
    return " ".join([first, *rest])
