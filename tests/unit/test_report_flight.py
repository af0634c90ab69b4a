"""The flight page and its charts: places to scale, cells where the axes say, nothing crowded."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import Any

import flight_page_fixture as fixture
import numpy as np
import pytest
import report_svg as see

from moonbase.report import flight_figures as draw
from moonbase.report import flight_maps as maps
from moonbase.report import svg
from moonbase.report.cells import Cells, Kind, cells_chart
from moonbase.report.flight_page import chance, flight_page
from moonbase.report.plane import Body, Plane, Way, plane_chart
from moonbase.report.svg import Figure

SIZES = [svg.SMALL, svg.MEDIUM, svg.LARGE]


def plane(**more: Any) -> Plane:
    about: dict[str, Any] = {
        "key": "test",
        "title": "t",
        "described": "d",
        "x_axis": "x",
        "y_axis": "y",
        "tick": lambda v: f"{v:.10g}",
        "ways": [Way(label="a", color="lunar", x=[0.0, 30.0, 100.0], y=[0.0, 40.0, 10.0])],
    }
    return Plane(**{**about, **more})


def scale(root: Any, class_: str, coordinate: str, shift: float) -> tuple[float, float]:
    """Pixels per unit and pixel of zero from the outer labelled ticks."""
    ticks = see.find(root, "text", class_)
    value = [float((t.text or "").replace(",", "")) for t in (ticks[0], ticks[-1])]
    pixel = [float(t.get(coordinate) or "") - shift for t in (ticks[0], ticks[-1])]
    slope = (pixel[1] - pixel[0]) / (value[1] - value[0])
    return slope, pixel[0] - slope * value[0]


@pytest.mark.parametrize("size", SIZES)
def test_a_path_lies_to_scale(size: str) -> None:
    root = see.parse(plane_chart(plane(), size))
    across, left = scale(root, "tick-x", "x", 0.0)
    up, zero = scale(root, "tick-y", "y", 4.0)
    assert across == pytest.approx(-up, rel=1e-3)
    drawn = see.points(see.find(root, "path", "line")[0].get("d") or "")
    for (px, py), x, y in zip(drawn, [0.0, 30.0, 100.0], [0.0, 40.0, 10.0], strict=True):
        assert px == pytest.approx(left + across * x, abs=0.6)
        assert py == pytest.approx(zero + up * y, abs=0.6)


def test_what_lies_beyond_the_window_is_clipped_and_gaps_stay_gaps() -> None:
    way = Way(
        label="a",
        color="lunar",
        x=[0.0, 1.0, math.nan, 2.0, 3.0, 1e6, 3.0, 2.0],
        y=[0.0, 1.0, math.nan, 1.0, 0.0, 1e6, 1.0, 1.0],
    )
    root = see.parse(plane_chart(plane(ways=[way], window=(0.0, 4.0, 0.0, 2.0)), svg.MEDIUM))
    assert len(see.find(root, "path", "line")) == 3
    (clip,) = [e for e in root.iter() if e.tag.endswith("clipPath")]
    assert any(e.get("clip-path") == f"url(#{clip.get('id')})" for e in root.iter())


def test_names_of_near_bodies_keep_clear_or_go() -> None:
    bodies = [Body(label=f"body {i}", color="earth", x=50.0 + 0.1 * i, y=20.0) for i in range(8)]
    root = see.parse(plane_chart(plane(bodies=bodies), svg.MEDIUM))
    boxes = [box for box in see.text_boxes(root) if box.content.startswith("body")]
    assert 2 <= len(boxes) < 8
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert len(see.find(root, "circle", "mark")) == 8


def cells(codes: list[list[int]]) -> Cells:
    return Cells(
        key="test",
        title="t",
        described="d",
        x_axis="x",
        y_axis="y",
        x=[float(i) for i in range(len(codes))],
        y=[float(i) for i in range(len(codes[0]))],
        codes=codes,
        kinds=[Kind(label=f"kind {i}", color=f"k{i + 1}") for i in range(3)],
        x_tick=lambda v: f"{v:.10g}",
        y_tick=lambda v: f"{v:.10g}",
        hover=lambda i, j: f"cell {i} {j}",
    )


def area(data: str) -> float:
    found = re.findall(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H", data)
    return sum((float(r) - float(a)) * (float(d) - float(b)) for a, b, r, d in found)


@pytest.mark.parametrize("size", SIZES)
def test_each_kind_covers_its_share_of_the_grid(size: str) -> None:
    codes = [[0, 0, 1, -1], [0, 1, 1, -1], [2, 1, 1, 0]]
    root = see.parse(cells_chart(cells(codes), size))
    areas = [area(e.get("d") or "") for e in see.find(root, "path", "cell")]
    assert areas[0] / areas[2] == pytest.approx(4.0, rel=0.02)
    assert areas[1] / areas[2] == pytest.approx(5.0, rel=0.02)


def test_a_cell_stands_where_both_axes_say() -> None:
    codes = [[0, 0, 0], [0, 0, 2], [0, 0, 0], [0, 0, 0]]
    root = see.parse(cells_chart(cells(codes), svg.MEDIUM))
    across, left = scale(root, "tick-x", "x", 0.0)
    up, zero = scale(root, "tick-y", "y", 4.0)
    x0, y0, x1, y1 = see.numbers(see.find(root, "path", "cell")[1].get("d") or "")[:4]
    assert (x0 + x1) / 2.0 == pytest.approx(left + across * 1.0, abs=0.5)
    assert (y0 + y1) / 2.0 == pytest.approx(zero + up * 2.0, abs=0.5)


def figures() -> list[Figure]:
    release, risk, windows = fixture.release(), fixture.risk(), fixture.windows()
    found = [
        draw.turning(release),
        draw.inertial(release),
        draw.heliocentric(release),
        draw.distances(release),
        draw.ellipse(risk),
        draw.trim(risk),
        maps.outcomes(windows),
        maps.burns(windows),
        maps.corridor(risk),
        maps.survey(fixture.survey()),
        maps.growth(fixture.swarm()),
        maps.collisions(fixture.swarm()),
    ]
    assert None not in found
    return [item for item in found if item is not None]


@pytest.mark.parametrize("item", figures(), ids=lambda item: item.key)
def test_every_figure_is_whole_and_its_words_keep_apart(item: Figure) -> None:
    see.assert_legible(item)
    assert "nan" not in "".join(item.pictures.values())
    assert item.table.rows
    assert all(len(row) == len(item.table.head) for row in item.table.rows)


def test_titles_state_what_was_found() -> None:
    windows = fixture.windows()
    i, j = np.unravel_index(np.nanargmin(windows["slot_delta_v_m_s"]), windows["outcome"].shape)
    found = maps.burns(windows)
    assert found is not None
    assert draw.speed(float(windows["speed_m_s"][j])) in found.title
    assert draw.date(float(windows["epoch_tdb_s"][i]), False) in found.title
    inward = np.mean(windows["outcome"] == 4)
    outcome = maps.outcomes(windows)
    assert outcome is not None and f"{100 * inward:.0f} % inward" in outcome.title


def test_a_craft_that_stays_has_no_path_about_the_sun() -> None:
    near = fixture.release(away=False)
    assert draw.heliocentric(near) is None
    close = draw.turning(near)
    assert close is not None and "within 70,000 km" in close.title


def test_no_data_gives_no_figure() -> None:
    empty: dict[str, Any] = {}
    makers = (draw.turning, draw.inertial, draw.heliocentric, draw.distances, draw.ellipse)
    makers += (draw.trim, maps.outcomes, maps.burns, maps.corridor, maps.survey, maps.growth)
    assert [make(empty) for make in makers] == [None] * len(makers)


def test_the_page_holds_every_section_and_needs_no_other_file() -> None:
    page = flight_page(
        title="A <b>release</b>",
        lead="Leaves.",
        version="1.2",
        release=fixture.release(),
        target={"facts": [("target", "L2")], "burns": [("stop", 3e5, 156.8)], "values": {}},
        windows=fixture.windows(),
        best=fixture.best(),
        risk=fixture.risk(),
        sites=fixture.sites(),
        survey=fixture.survey(),
        swarm=fixture.swarm(),
        swarm_facts=[("rings", "98")],
        warnings=["Mind the <gap>."],
    )
    for key in ("release", "windows", "dispersion", "hazards", "sites", "swarm"):
        assert f'id="s-{key}"' in page
    for text in ("A &lt;b&gt;release", "leaves &lt;inward&gt;", "GATE&lt;WAY&gt;", "&lt;gap&gt;"):
        assert text in page
    assert "below 0.003 at 95 % (none in 1,000)" in page
    assert "156.8" in page and "119.6" in page
    assert not re.search(r"<script|src=\"http|href=\"http|nan", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_an_empty_page_is_a_page() -> None:
    page = flight_page(title="Nothing")
    assert page.endswith("</html>") and "<section id" not in page


def test_a_probability_shows_its_interval() -> None:
    assert chance(fixture.counted(4)) == "0.004 (95 %: 0.002 to 0.008; 4 in 1,000)"
