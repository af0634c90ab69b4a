"""Stacked amounts over the years, the largest at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from moonbase.report import svg
from moonbase.report.lines import ink, year_axis
from moonbase.report.scales import Scale, linear_scale
from moonbase.report.svg import line, path, rect, tag, text, text_width, tooltip

_HEIGHT = {svg.SMALL: 230.0, svg.MEDIUM: 280.0, svg.LARGE: 320.0}
_TOP = 26.0
_TICKS = 5
_COLORS = ("k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One amount by year."""

    label: str
    color: str
    amount: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackChart:
    """What the figure shows; layers from the bottom. ``axis`` names quantity and unit."""

    key: str
    title: str
    described: str
    years: Sequence[int]
    layers: Sequence[Layer]
    axis: str
    write: Callable[[float], str]


def layers_of(amounts: Mapping[str, Sequence[float]]) -> list[Layer]:
    """Layers of named amounts, the largest first; what is beyond seven is summed up as other.

    >>> [layer.label for layer in layers_of({"a": [1.0], "b": [2.0], "c": [0.0]})]
    ['b', 'a']
    """
    ranked = sorted((n for n in amounts if sum(amounts[n]) > 0.0), key=lambda n: -sum(amounts[n]))
    most = len(_COLORS) if len(ranked) <= len(_COLORS) else len(_COLORS) - 1
    layers = [
        Layer(label=name, color=color, amount=list(amounts[name]))
        for name, color in zip(ranked[:most], _COLORS, strict=False)
    ]
    if ranked[most:]:
        columns = zip(*(amounts[name] for name in ranked[most:]), strict=True)
        layers.append(Layer(label="other", color="other", amount=[sum(c) for c in columns]))
    return layers


def stack_chart(chart: StackChart, size: str) -> str:
    """Draw the layers at one size."""
    total = [sum(column) for column in zip(*(k.amount for k in chart.layers), strict=True)]
    base = _TOP + _HEIGHT[size]
    y = linear_scale([0.0, *total], base, _TOP, zero=True)
    left = max(text_width(chart.write(t)) for t in y.ticks(_TICKS)) + 10.0
    x = Scale(chart.years[0] - 0.5, chart.years[-1] + 0.5, left, svg.WIDTH[size] - 16.0)
    body = [text(0.0, 12.0, chart.axis, "m")]
    for value in y.ticks(_TICKS):
        body.append(line(x.start, y(value), x.end, y(value), "grid"))
        body.append(
            text(x.start - 7.0, y(value) + 4.0, chart.write(value), "m tick-y", anchor="end")
        )
    body += _areas(chart, x, y)
    body += year_axis(x, chart.years, base)
    if size != svg.SMALL:
        body += _hover(chart, x, base)
    return svg.svg(chart.key, size, base + 26.0, chart.title, chart.described, body)


def _areas(chart: StackChart, x: Scale, y: Scale) -> list[str]:
    floor = [0.0] * len(chart.years)
    shapes = []
    for layer in chart.layers:
        roof = [low + value for low, value in zip(floor, layer.amount, strict=True)]
        upper = [(x(year), y(v)) for year, v in zip(chart.years, roof, strict=True)]
        lower = [(x(year), y(v)) for year, v in zip(chart.years, floor, strict=True)]
        shape = path([*upper, *reversed(lower)], closed=True)
        tip = tooltip(f"{layer.label}: at most {chart.write(max(layer.amount))}")
        shapes.append(tag("path", tip, d=shape, class_="area", style=ink(layer.color)))
        floor = roof
    return shapes


def _hover(chart: StackChart, x: Scale, base: float) -> list[str]:
    step = (x.end - x.start) / len(chart.years)
    body = []
    for i, year in enumerate(chart.years):
        rows = [f"{k.label}: {chart.write(k.amount[i])}" for k in reversed(chart.layers)]
        tip = "\n".join([str(year), *rows])
        body.append(rect(x(year) - step / 2.0, _TOP, step, base - _TOP, "hit", tip))
    return body
