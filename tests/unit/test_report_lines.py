"""Line charts: the picture carries the data, to the pixel."""

from __future__ import annotations

import itertools
import math

import pytest
import report_svg as see

from moonbase.report import svg
from moonbase.report.lines import Chart, Series, Span, line_chart
from moonbase.report.scales import linear_scale, linear_ticks, log_scale, log_ticks

YEARS = list(range(2030, 2051))


def chart(series: list[Series], *, log: bool = False, **more: object) -> Chart:
    return Chart(
        key="test",
        title="t",
        described="d",
        years=YEARS,
        series=series,
        axis="W",
        tick=lambda v: f"{v:.10g}",
        value=lambda v: f"{v:.3g}",
        log=log,
        **more,  # type: ignore[arg-type]
    )


def rising(label: str = "a", factor: float = 1.0) -> Series:
    middle = [factor * 1.4**i for i in range(len(YEARS))]
    return Series(
        label=label,
        color="lunar",
        p10=[v / 2.0 for v in middle],
        p50=middle,
        p90=[v * 3.0 for v in middle],
    )


def calibrated(root: object, log: bool) -> tuple[float, float]:
    """Pixels per unit (or per decade) and pixel of zero (or one), from two labelled ticks."""
    ticks = see.find(root, "text", "tick-y")  # type: ignore[arg-type]
    low, high = ticks[0], ticks[-1]
    value = [float(t.text or "") for t in (low, high)]
    pixel = [float(t.get("y") or "") - 4.0 for t in (low, high)]
    if log:
        value = [math.log10(v) for v in value]
    slope = (pixel[1] - pixel[0]) / (value[1] - value[0])
    return slope, pixel[0] - slope * value[0]


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("size", [svg.SMALL, svg.MEDIUM, svg.LARGE])
def test_band_and_line_lie_where_the_axis_says(log: bool, size: str) -> None:
    series = rising()
    root = see.parse(line_chart(chart([series], log=log, zero=not log), size))
    slope, origin = calibrated(root, log)

    def pixel(value: float) -> float:
        return origin + slope * (math.log10(value) if log else value)

    band = see.points(see.find(root, "path", "band")[0].get("d") or "")
    upper, lower = band[: len(YEARS)], band[len(YEARS) :][::-1]
    middle = see.points(see.find(root, "path", "line")[0].get("d") or "")
    for drawn, wanted in ((upper, series.p90), (middle, series.p50), (lower, series.p10)):
        low = max(float(t.text or "") for t in see.find(root, "text", "tick-y")[:1])
        for (_, y), value in zip(drawn, wanted, strict=True):
            assert value is not None
            if log and value < low:
                continue
            assert y == pytest.approx(pixel(value), abs=1.0)


def test_years_are_evenly_spread() -> None:
    root = see.parse(line_chart(chart([rising()]), svg.LARGE))
    xs = [x for x, _ in see.points(see.find(root, "path", "line")[0].get("d") or "")]
    steps = [b - a for a, b in itertools.pairwise(xs)]
    assert steps == pytest.approx([steps[0]] * len(steps), abs=0.02)


def test_nulls_break_the_line_and_are_never_drawn_as_zero() -> None:
    middle: list[float | None] = [None, 5.0, 5.0, None, None, 5.0, *[None] * 15]
    series = Series(label="a", color="lunar", p10=[None] * 21, p50=middle, p90=[None] * 21)
    root = see.parse(line_chart(chart([series]), svg.MEDIUM))
    assert len(see.find(root, "path", "line")) == 1
    assert len(see.find(root, "circle", "dot")) == 1
    assert not see.find(root, "path", "band")


def test_a_log_axis_leaves_out_zeros() -> None:
    series = Series(
        label="a",
        color="lunar",
        p10=[0.0] * 21,
        p50=[0.0] * 10 + [1e6] * 11,
        p90=[0.0] * 5 + [1e7] * 16,
    )
    root = see.parse(line_chart(chart([series], log=True), svg.MEDIUM))
    assert len(see.points(see.find(root, "path", "line")[0].get("d") or "")) == 11
    assert len(see.points(see.find(root, "path", "band")[0].get("d") or "")) == 32


def test_a_series_without_median_says_so() -> None:
    series = Series(label="a", color="lunar", p10=[None] * 21, p50=[None] * 21, p90=[1.0] * 21)
    words = [e.text for e in see.parse(line_chart(chart([series]), svg.MEDIUM)).iter("text")]
    assert "never in half" in words


@pytest.mark.parametrize("size", [svg.SMALL, svg.MEDIUM, svg.LARGE])
def test_end_labels_keep_apart_where_lines_end_together(size: str) -> None:
    names = ["Lunar-built", "Earth-launched", "Ground", "A fourth"]
    series = [rising(name, 1.0 + 0.001 * i) for i, name in enumerate(names)]
    root = see.parse(line_chart(chart(series, log=True), size))
    assert not see.crowded(root)
    assert {box.content for box in see.text_boxes(root)} >= set(names)


def test_shaded_years_are_those_that_hold() -> None:
    holds = [year >= 2040 for year in YEARS]
    root = see.parse(
        line_chart(
            chart([rising()], spans=[Span(label="x", color="earth", holds=holds)]), svg.LARGE
        )
    )
    shade = see.find(root, "rect", "shade")[0]
    xs = [x for x, _ in see.points(see.find(root, "path", "line")[0].get("d") or "")]
    step = xs[1] - xs[0]
    assert float(shade.get("x") or "") == pytest.approx(xs[10] - step / 2.0, abs=0.1)


def test_hover_text_names_every_year() -> None:
    root = see.parse(line_chart(chart([rising()]), svg.MEDIUM))
    tips = [e.findtext("title") or "" for e in see.find(root, "rect", "hit")]
    assert [tip.split("\n")[0] for tip in tips] == [str(year) for year in YEARS]


def test_linear_axes_end_on_ticks_and_hold_the_data() -> None:
    for low, high in [(0.0, 9.3), (-4.2e12, 1.1e13), (0.7271, 0.7644), (-3.0, -1.0)]:
        scale = linear_scale([low, high], 100.0, 0.0)
        assert scale.low <= low and scale.high >= high
        ticks = linear_ticks(scale.low, scale.high, 5)
        assert ticks[0] == pytest.approx(scale.low, abs=1e-9 * abs(high - low))
        assert ticks[-1] == pytest.approx(scale.high, abs=1e-9 * abs(high - low))
        assert 3 <= len(ticks) <= 12


def test_log_axis_shows_at_most_nine_decades_below_the_top() -> None:
    scale = log_scale([1e-6, 1e12], 100.0, 0.0)
    assert scale.high == pytest.approx(1e12) and scale.low == pytest.approx(1e3)
    assert scale(1e-6) == 100.0


def test_log_ticks_are_few_and_round() -> None:
    for low, high in [(1.0, 1e9), (2e3, 5e5), (3.0, 40.0)]:
        ticks = log_ticks(low, high, 5)
        assert 2 <= len(ticks) <= 10
        assert all(f"{tick:.0e}"[0] in "125" for tick in ticks)


def test_equal_values_still_make_an_axis() -> None:
    for value in (0.0, 7.0, -2.0):
        scale = linear_scale([value, value], 10.0, 0.0)
        assert scale.low <= value <= scale.high and scale.high > scale.low
    assert log_scale([5.0], 10.0, 0.0).high > log_scale([5.0], 10.0, 0.0).low
