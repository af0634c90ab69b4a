"""Figures of dispersion: velocity errors at release, and where they come from."""

from __future__ import annotations

import math
from typing import Any

from moonbase.report import format as fmt
from moonbase.report import svg
from moonbase.report.bars import Bar, BarChart, bar_chart
from moonbase.report.driver_figures import (
    HALF,
    Block,
    numbers,
    plain,
    prefixed,
    sentence,
    share_text,
    written,
)
from moonbase.report.svg import Figure
from moonbase.report.xy import Curve, Panel, XYChart, xy_chart

_SIGMAS = ((1.0, None), (3.0, "5 4"))
_LEAST_SHARE = 5e-4
_AXES = {"along": 3, "across": 4, "up": 5}
"""Row of each velocity in the covariance of a release state."""


def ellipse(spread: Block, first: str, second: str) -> Figure | None:
    """Velocities at release in one plane: shots, and ellipses of one and three sigma."""
    matrix = [numbers(row) for row in _rows(spread.get("release_covariance"))]
    i, j = _AXES[first], _AXES[second]
    if len(matrix) <= max(i, j):
        return None
    var_x, cov, var_y = matrix[i][i], matrix[i][j], matrix[j][j]
    if not (var_x > 0.0 and var_y > 0.0):
        return None
    sx, sy = math.sqrt(var_x), math.sqrt(var_y)
    fx, unit_x = prefixed([3.0 * sx], "m/s")
    fy, unit_y = prefixed([3.0 * sy], "m/s")
    curves = []
    samples = [numbers(row) for row in _rows(spread.get("samples"))]
    if samples:
        means = [sum(s[k] for s in samples) / len(samples) for k in (i, j)]
        curves.append(
            Curve(
                label="shots",
                color="rest",
                x=[(s[i] - means[0]) / fx for s in samples],
                y=[(s[j] - means[1]) / fy for s in samples],
                marks=True,
            )
        )
    shape = _unit_ellipse(cov / (sx * sy))
    for k, dash in _SIGMAS:
        points = [(k * sx * a / fx, k * sy * b / fy) for a, b in shape]
        curves.append(
            Curve(
                label="",
                color="lunar",
                x=[a for a, _ in points],
                y=[b for _, b in points],
                dash=dash,
            )
        )
    title = f"One sigma: {fmt.si(sx, 'm/s')} {first}, {fmt.si(sy, 'm/s')} {second}"
    key = f"ellipse-{first}-{second}"
    chart = XYChart(
        key=key,
        title=title,
        described=f"Velocity error {second} over velocity error {first} the track.",
        x_axis=f"error {_direction(first)}, {unit_x}",
        x_tick=plain,
        x_value=written(unit_x),
        panels=[
            Panel(
                axis=f"Error {_direction(second)}, {unit_y}",
                curves=curves,
                tick=plain,
                value=written(unit_y),
            )
        ],
    )
    rows = [
        [_direction(first), fmt.si(sx, "m/s"), fmt.si(3.0 * sx, "m/s")],
        [_direction(second), fmt.si(sy, "m/s"), fmt.si(3.0 * sy, "m/s")],
        ["correlation", fmt.significant(cov / (sx * sy), 2), ""],
    ]
    dots = "Dots: shots about their mean. " if samples else ""
    return Figure(
        key=key,
        title=title,
        subtitle=f"Velocity at release, {first} and {second}",
        caption=f"{dots}Line: one sigma; dashed: three sigma. The axes have scales of their own.",
        pictures={size: xy_chart(chart, size) for size in HALF},
        table=svg.Table(head=["error", "one sigma", "three sigma"], rows=rows),
    )


def _rows(values: Any) -> list[Any]:
    if values is None:
        return []
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _direction(name: str) -> str:
    return "upwards" if name == "up" else f"{name} the track"


def _unit_ellipse(correlation: float, n_points: int = 97) -> list[svg.Point]:
    """Points of the one-sigma ellipse of two unit normals with a correlation."""
    other = math.sqrt(max(1.0 - correlation**2, 0.0))
    turns = [2.0 * math.pi * i / (n_points - 1) for i in range(n_points)]
    return [(math.cos(t), correlation * math.cos(t) + other * math.sin(t)) for t in turns]


def contributions(spread: Block) -> Figure | None:
    """Share of the variance of speed that each source causes."""
    shares = {
        str(name): numbers(states)[_AXES["along"]]
        for name, states in (spread.get("variance_share_frac") or {}).items()
    }
    known = sorted(((v, k) for k, v in shares.items() if v >= _LEAST_SHARE), reverse=True)
    if not known:
        return None
    title = f"{sentence(known[0][1])} makes {share_text(known[0][0])} of the variance"
    chart = BarChart(
        key="contributions",
        title=title,
        described=f"{len(known)} sources of error with their shares.",
        axis="share of the variance, %",
        tick=lambda value: fmt.significant(100.0 * value),
        bars=[
            Bar(label=sentence(name), start=0.0, end=share, color="lunar", note=share_text(share))
            for share, name in known
        ],
    )
    return Figure(
        key="contributions",
        title=title,
        subtitle="Sources of the error in speed at release",
        caption="Shares of variance add up; sigmas do not. Shares below 0.05 % are left out.",
        pictures={size: bar_chart(chart, size) for size in HALF},
        table=svg.Table(
            head=["source", "share"], rows=[[sentence(n), share_text(s)] for s, n in known]
        ),
    )
