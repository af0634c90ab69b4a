"""The driver page and its charts: data where the axis says, limits that show, nothing crowded."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import driver_page_fixture as fixture
import numpy as np
import pytest
import report_svg as see

from moonbase.report import driver_figures, driver_spread, svg
from moonbase.report.bars import waterfall
from moonbase.report.driver_page import driver_page
from moonbase.report.scales import Scale
from moonbase.report.svg import Figure
from moonbase.report.xy import (
    Curve,
    Limit,
    Panel,
    XYChart,
    beyond,
    is_broken,
    thinned,
    xy_chart,
    xy_rows,
)

SIZES = [svg.SMALL, svg.MEDIUM, svg.LARGE]


def panel(y: list[float | None], x: list[float] | None = None, **more: Any) -> Panel:
    axis = x or [float(i) for i in range(len(y))]
    return Panel(
        axis="Voltage, kV",
        curves=[Curve(label="a", color="lunar", x=axis, y=y)],
        tick=lambda v: f"{v:.10g}",
        value=lambda v: f"{v:.3g} kV",
        **more,
    )


def chart(*panels: Panel, **more: Any) -> XYChart:
    return XYChart(
        key="test",
        title="t",
        described="d",
        x_axis="position, km",
        x_tick=lambda v: f"{v:.10g}",
        x_value=lambda v: f"{v:.3g} km",
        panels=panels,
        **more,
    )


def axis(root: Any, class_: str, coordinate: str, shift: float, log: bool) -> tuple[float, float]:
    """Pixels per unit (or decade) and pixel of zero (or one) from the outer labelled ticks."""
    ticks = see.find(root, "text", class_)
    value = [float(t.text or "") for t in (ticks[0], ticks[-1])]
    if log:
        value = [math.log10(v) for v in value]
    pixel = [float(t.get(coordinate) or "") - shift for t in (ticks[0], ticks[-1])]
    slope = (pixel[1] - pixel[0]) / (value[1] - value[0])
    return slope, pixel[0] - slope * value[0]


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_a_curve_lies_where_both_axes_say(log: bool, size: str) -> None:
    x = [1.0, 2.0, 5.0, 30.0, 100.0]
    y: list[float | None] = [2.0, 80.0, 7.0, 40.0, 90.0]
    drawn = xy_chart(chart(panel(y, x, log=log), x_log=log), size)
    root = see.parse(drawn)
    across, left = axis(root, "tick-x", "x", 0.0, log)
    down, zero = axis(root, "tick-y", "y", 4.0, log)
    points = see.points(see.find(root, "path", "line")[0].get("d") or "")
    for (px, py), a, b in zip(points, x, y, strict=True):
        assert b is not None
        assert px == pytest.approx(left + across * (math.log10(a) if log else a), abs=0.6)
        assert py == pytest.approx(zero + down * (math.log10(b) if log else b), abs=0.6)


def test_a_broken_limit_shows_and_a_kept_one_does_not() -> None:
    limit = Limit(value=10.0, label="limit 10 kV")
    for peak, broken in ((9.9, False), (10.1, True)):
        shown = panel([1.0, peak, 1.0], limits=[limit])
        assert is_broken(limit, shown) is broken
        picture = xy_chart(chart(shown), svg.MEDIUM)
        root = see.parse(picture)
        assert bool(see.find(root, "path", "over")) is broken
        assert ("var(--bad)" in picture) is broken
        words = [e.text for e in root.iter("text")]
        assert ("limit 10 kV: exceeded" in words) is broken


def test_a_floor_is_broken_from_above() -> None:
    floor = Limit(value=2.0, label="floor", floor=True)
    assert is_broken(floor, panel([3.0, 1.9, 3.0]))
    assert not is_broken(floor, panel([3.0, 2.0, 30.0]))
    assert beyond([(0.0, 3.0), (1.0, 1.0)], floor) == [[(0.5, 2.0), (1.0, 1.0)]]


def test_a_far_limit_is_written_and_leaves_the_curve_its_axis() -> None:
    shown = panel([0.0, 1.0], limits=[Limit(value=50.0, label="limit 50 kV")])
    root = see.parse(xy_chart(chart(shown), svg.MEDIUM))
    assert "Voltage, kV, limit 50 kV" in [e.text for e in root.iter("text")]
    assert max(float(t.text or "") for t in see.find(root, "text", "tick-y")) < 2.0


def test_no_peak_is_lost_in_a_dense_curve() -> None:
    points = [(i / 1e4, 0.0) for i in range(10_001)]
    points[6_789] = (0.6789, 5.0)
    points[1_234] = (0.1234, -3.0)
    kept = thinned(points, Scale(0.0, 1.0, 0.0, 300.0))
    assert len(kept) < 700
    assert (0.6789, 5.0) in kept and (0.1234, -3.0) in kept
    assert [x for x, _ in kept] == sorted(x for x, _ in kept)


def test_gaps_break_the_line() -> None:
    root = see.parse(xy_chart(chart(panel([1.0, 2.0, None, math.nan, 3.0, 4.0])), svg.MEDIUM))
    data = see.find(root, "path", "line")[0].get("d") or ""
    assert data.count("M") == 2 and len(see.points(data)) == 4


def test_panels_share_the_axis_and_several_curves_are_named() -> None:
    one = panel([1.0, 2.0, 3.0])
    both = replace(one, curves=[*one.curves, replace(one.curves[0], label="b", y=[1.1, 2.1, 3.1])])
    for size in SIZES:
        root = see.parse(xy_chart(chart(one, both), size))
        starts = [see.points(e.get("d") or "")[0][0] for e in see.find(root, "path", "line")]
        assert len(starts) == 3 and max(starts) == min(starts)
        assert {"a", "b"} <= {e.text for e in root.iter("text")}
        assert not see.crowded(root) and not see.outside(root)


def test_the_table_tells_places_and_extremes() -> None:
    y = [float(i % 7) for i in range(101)]
    table = xy_rows(chart(panel([*y])), n_rows=5)
    assert table.head == ["position, km", "a"]
    assert [row[0] for row in table.rows] == [
        "0 km",
        "25 km",
        "50 km",
        "75 km",
        "100 km",
        "lowest",
        "highest",
    ]
    assert table.rows[1][1] == "4 kV" and table.rows[-1][1] == "6 kV"


def test_a_waterfall_ends_at_what_is_not_accounted_for() -> None:
    bars = waterfall({"bus": 5.0, "store": 1.0}, [("a", 4.0, "earth"), ("b", 1.5, "rest")], str)
    assert [bar.start for bar in bars] == [0.0, 5.0, 6.0, 2.0]
    assert bars[-1].end == 0.5


def figures() -> list[Figure]:
    launch, design, spread = fixture.launch(), fixture.design(), fixture.dispersion()
    found = [
        driver_figures.kinematics(launch),
        driver_figures.bus_power(launch),
        driver_figures.acceleration(launch),
        driver_figures.coil_stress(launch),
        driver_figures.coil_heat(launch),
        driver_figures.energy_waterfall(launch),
        driver_figures.design_turns(design),
        driver_figures.design_stress(design),
        driver_figures.design_heat(design),
        driver_spread.ellipse(spread, "along", "across"),
        driver_spread.ellipse(spread, "across", "up"),
        driver_spread.contributions(spread),
    ]
    assert None not in found
    return [item for item in found if item is not None]


def test_every_figure_is_legible_and_has_a_table() -> None:
    for figure in figures():
        see.assert_legible(figure)
        assert figure.table.rows, figure.key
        assert all(len(row) == len(figure.table.head) for row in figure.table.rows), figure.key


def test_titles_state_the_finding() -> None:
    titles = {figure.key: figure.title.replace("\u00a0", " ") for figure in figures()}
    assert titles["kinematics"] == "2,499.87 m/s after 3.19 km in 2.55 s"
    assert "above the limit of 15 kV" in titles["design_stress"]
    assert "within the limit of 20 K" in titles["coil_heat"]
    assert titles["acceleration"].startswith("Acceleration peaks at 102 g")
    assert titles["energy"].startswith("60 % of the energy leaves with the payload, 21 %")
    assert re.search(r"1\.4\d times the mechanical peak", titles["bus_power"])


def test_energy_bars_are_to_scale_and_hang_from_one_another() -> None:
    figure = driver_figures.energy_waterfall(fixture.launch())
    assert figure is not None
    bars = see.find(see.parse(figure.pictures[svg.LARGE]), "rect", "fill")
    widths = [float(b.get("width") or "") for b in bars]
    assert widths[1] / widths[0] == pytest.approx(3.125 / 5.212, rel=1e-3)
    ends = [float(b.get("x") or "") for b in bars]
    starts = [e + w for e, w in zip(ends, widths, strict=True)]
    assert starts[2] == pytest.approx(ends[1], abs=0.02)


def test_a_trifle_is_in_the_table_alone() -> None:
    launch = fixture.launch()
    launch["energy_out_J"] = {**launch["energy_out_J"], "sled_left": 20.0}
    figure = driver_figures.energy_waterfall(launch)
    assert figure is not None and "Sled left" not in figure.pictures[svg.LARGE]
    assert ["Sled left", "20 J", "3.8 × 10⁻⁷ %"] in figure.table.rows


def test_ellipses_hold_the_share_of_shots_that_they_should() -> None:
    figure = driver_spread.ellipse(fixture.dispersion(), "along", "across")
    assert figure is not None
    root = see.parse(figure.pictures[svg.MEDIUM])
    one, three = (see.points(e.get("d") or "") for e in see.find(root, "path", "line"))
    width = [max(x for x, _ in p) - min(x for x, _ in p) for p in (one, three)]
    assert width[1] / width[0] == pytest.approx(3.0, rel=0.01)
    centre = (sum(x for x, _ in one[1:]) / 96.0, sum(y for _, y in one[1:]) / 96.0)
    cov = np.cov(np.array(one[1:]).T) * 95.0 / 96.0 * 2.0
    dots = [
        (float(d.get("cx") or "") - centre[0], float(d.get("cy") or "") - centre[1])
        for d in see.find(root, "circle", "dot")
    ]
    inside = [np.array(d) @ np.linalg.solve(cov, np.array(d)) <= 1.0 for d in dots]
    assert np.mean(inside) == pytest.approx(1.0 - math.exp(-0.5), abs=0.07)


def test_the_page_holds_every_section_and_no_other_file() -> None:
    page = driver_page(**fixture.blocks())
    for key in ("size", "design", "launch", "energy", "dispersion", "plant", "compare"):
        assert f'id="s-{key}"' in page and f'href="#s-{key}"' in page
    assert "Not feasible: coil current" in page
    assert "12,746 g over the payload" in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert "<script" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_sections_without_data_are_left_out() -> None:
    page = driver_page(title="Empty <&>")
    assert "s-launch" not in page and "<h2>" not in page
    assert "Empty &lt;&amp;&gt;" in page
    alone = driver_page(title="Size", size={"length_m": np.float64(3187.0), "heat_W": math.nan})
    assert "3.19 km" in alone and "heat" not in alone.split("</style>")[1]


def test_arrays_do_as_well_as_lists() -> None:
    launch = {
        key: np.asarray(value) if isinstance(value, list) else value
        for key, value in fixture.launch().items()
    }
    spread = {**fixture.dispersion(), "samples": np.asarray(fixture.dispersion()["samples"])}
    blocks = fixture.blocks()
    assert driver_page(**{**blocks, "launch": launch, "dispersion": spread}) == driver_page(
        **blocks
    )
