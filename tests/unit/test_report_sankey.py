"""Sankey: ribbons to scale, nothing lost, every name readable."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
import report_svg as see
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.report import format as fmt
from moonbase.report.flows import sankey_chart
from moonbase.report.sankey import Layout, Link, acyclic, layers_of, layout

LINKS = [
    Link(source="regolith", target="electrolysis", value=1.0e9),
    Link(source="electrolysis", target="silicon", value=2.0e8),
    Link(source="electrolysis", target="tailings", value=8.0e8),
    Link(source="silicon", target="satellites", value=2.0e8),
    Link(source="earth imports", target="satellites", value=1.0e3),
    Link(source="satellites", target="thrown", value=2.0e8 + 1.0e3),
]


def placed(links: list[Link]) -> Layout:
    return layout(links, 1120.0, right=150.0, label_height=lambda *_: 31.0)


def test_thickness_is_proportional_to_flow() -> None:
    result = placed(LINKS)
    for ribbon in result.ribbons:
        assert ribbon.thickness / ribbon.link.value == pytest.approx(result.scale)
    thickest = max(result.ribbons, key=lambda r: r.thickness)
    assert thickest.link is LINKS[0] and thickest.thickness > 100.0


def test_drawn_widths_are_to_scale_and_thin_ribbons_are_marked() -> None:
    root = see.parse(sankey_chart("k", "t", "d", LINKS, lambda v: fmt.mass(v, "/yr")))
    width = {}
    for element in see.find(root, "path", "ribbon"):
        width[element.findtext("title")] = float(element.get("stroke-width") or "")
    wide = width["regolith → electrolysis: 1 Mt/yr"]
    assert width["electrolysis → tailings: 800 kt/yr"] == pytest.approx(0.8 * wide, abs=0.02)
    assert width["silicon → satellites: 200 kt/yr"] == pytest.approx(0.2 * wide, abs=0.02)
    assert width["earth imports → satellites: 1 t/yr"] == 1.0
    assert len(see.find(root, "path", "thin")) == 1


def test_a_flow_a_million_times_smaller_keeps_its_name_and_value() -> None:
    root = see.parse(sankey_chart("k", "t", "d", LINKS, lambda v: fmt.mass(v, "/yr")))
    shown = {box.content for box in see.text_boxes(root)}
    assert {"earth imports", "1 t/yr"} <= shown
    assert all(float(e.get("font-size") or 0.0) >= 11.0 for e in root.iter("text"))
    assert not see.crowded(root) and not see.outside(root)


def test_node_height_is_its_throughput() -> None:
    result = placed(LINKS)
    for box in result.boxes:
        assert box.height == pytest.approx(max(box.inflow, box.outflow) * result.scale)


def test_nodes_of_a_column_do_not_overlap_and_stay_inside() -> None:
    result = placed(LINKS)
    columns = defaultdict(list)
    for box in result.boxes:
        columns[box.layer].append(box)
        assert box.y >= -1e-6 and box.y + box.height <= result.height + 1e-6
    for boxes in columns.values():
        boxes.sort(key=lambda b: b.y)
        for upper, lower in itertools.pairwise(boxes):
            assert upper.y + upper.height <= lower.y + 1e-6


def test_columns_follow_the_flow() -> None:
    layers = layers_of(LINKS)
    assert all(layers[k.source] < layers[k.target] for k in LINKS)
    assert layers["earth imports"] == layers["satellites"] - 1
    assert layers["tailings"] == layers["thrown"] == max(layers.values())


def test_the_smallest_link_of_a_loop_is_cut() -> None:
    loop = [
        Link(source="a", target="b", value=10.0),
        Link(source="b", target="c", value=9.0),
        Link(source="c", target="a", value=1.0),
    ]
    kept, cut = acyclic(loop)
    assert [k.value for k in cut] == [1.0] and len(kept) == 2
    assert [r.link for r in placed(loop).ribbons] == kept


def test_a_node_that_feeds_itself_is_no_obstacle() -> None:
    result = placed(
        [Link(source="a", target="a", value=1.0), Link(source="a", target="b", value=2.0)]
    )
    assert {box.name for box in result.boxes} == {"a", "b"}


names = st.sampled_from([f"node {i}" for i in range(12)])
flows = st.builds(
    lambda s, t, v: Link(source=s, target=t, value=v), names, names, st.floats(1e-3, 1e9)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(flows, min_size=1, max_size=25))
def test_any_graph_is_placed_with_its_mass(links: list[Link]) -> None:
    result = placed(links)
    cut = acyclic(links)[1]
    assert sum(r.link.value for r in result.ribbons) + sum(k.value for k in cut) == (
        pytest.approx(sum(k.value for k in links))
    )
    for ribbon in result.ribbons:
        xs = [x for x, _ in ribbon.points]
        assert xs == sorted(xs)
        assert all(-1e-6 <= y <= result.height + 1e-6 for _, y in ribbon.points)
    for layer in range(result.layers):
        centres = sorted(box.label_y for box in result.boxes if box.layer == layer)
        assert all(b - a >= 30.9 for a, b in itertools.pairwise(centres))


def test_no_flow_at_all_gives_an_empty_layout() -> None:
    assert placed([]).boxes == []
