"""Nodes, legs, routes: the table against its own formulas."""

from __future__ import annotations

from math import hypot, pi, sqrt

import pytest

from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    EARTH_RADIUS_m,
    GM_EARTH_m3_s2,
    GM_MOON_m3_s2,
    GM_SUN_m3_s2,
    MOON_DISTANCE_m,
    MOON_RADIUS_m,
)
from moonbase.core.errors import DomainError
from moonbase.parameters import load_parameters
from moonbase.transport import (
    edges,
    list_prices,
    node_name,
    nodes,
    path_delta_v,
    propellants,
    route,
    vehicle_records,
)

LOW_m = EARTH_RADIUS_m + 296e3
MU = 1.215058560962404e-2


def leg(start, end):
    return path_delta_v(nodes=(start, end))


def perigee_burn(apogee_m):
    circle = sqrt(GM_EARTH_m3_s2 / LOW_m)
    return sqrt(2.0 * GM_EARTH_m3_s2 * (1.0 / LOW_m - 1.0 / (LOW_m + apogee_m))) - circle


def apogee_speed(perigee_m, apogee_m):
    return sqrt(2.0 * GM_EARTH_m3_s2 * perigee_m / (apogee_m * (apogee_m + perigee_m)))


def test_transfer_ellipses_follow_their_formula():
    geo = EARTH_RADIUS_m + 35786e3
    assert leg("LEO", "GTO") == pytest.approx(perigee_burn(geo), abs=0.06)
    entry = EARTH_RADIUS_m + 60e3
    drop = apogee_speed(LOW_m, geo) - apogee_speed(entry, geo)
    assert leg("GTO", "Earth entry") == pytest.approx(drop, abs=0.06)
    (tanking,) = [e for e in edges() if e.to_node == "tanking orbit"]
    ends = [perigee_burn(EARTH_RADIUS_m + h) for h in (10534e3, 150534e3)]
    assert [tanking.low_m_s, tanking.high_m_s] == pytest.approx(ends, abs=0.06)


@pytest.mark.parametrize(
    ("point", "x", "jacobi"),
    [("EML1", 0.8369151257723572, 3.18834111774924), ("EML2", 1.155682165444884, 3.17216046096853)],
)
def test_libration_points_follow_their_formula(point, x, jacobi):
    spin = sqrt((GM_EARTH_m3_s2 + GM_MOON_m3_s2) / MOON_DISTANCE_m**3)
    low = (MOON_RADIUS_m + 100e3) / MOON_DISTANCE_m
    at = 1.0 - MU
    energy = at**2 + low**2 + 2.0 * (1.0 - MU) / hypot(at + MU, low) + 2.0 * MU / low
    speed = sqrt(energy - jacobi) * MOON_DISTANCE_m * spin
    circle = sqrt(GM_MOON_m3_s2 / (MOON_RADIUS_m + 100e3))
    assert leg(point, "LLO") == pytest.approx(speed - circle, abs=0.1)
    if point == "EML1":
        apogee = (x + MU) * MOON_DISTANCE_m
        stop = spin * apogee - apogee_speed(LOW_m, apogee)
        assert leg("LEO", point) == pytest.approx(perigee_burn(apogee) + stop, abs=0.1)


def test_mars_follows_hohmann():
    near, far = 1.00000261 * ASTRONOMICAL_UNIT_m, 1.52371034 * ASTRONOMICAL_UNIT_m
    leave = sqrt(2.0 * GM_SUN_m3_s2 * far / (near * (near + far))) - sqrt(GM_SUN_m3_s2 / near)
    circle = sqrt(GM_EARTH_m3_s2 / LOW_m)
    burn = sqrt(leave**2 + 2.0 * circle**2) - circle
    assert leg("LEO", "Mars transfer") == pytest.approx(burn, abs=0.1)
    days = pi * sqrt(((near + far) / 2.0) ** 3 / GM_SUN_m3_s2) / 86400.0
    way = route(origin="LEO", destination="Mars orbit")
    assert way.duration_s / 86400.0 == pytest.approx(days, abs=0.01)


def test_every_node_is_reached_and_every_leg_joins_nodes():
    names = {n.name for n in nodes()}
    assert {e.from_node for e in edges()} | {e.to_node for e in edges()} == names
    for name in names - {"KSC"}:
        assert route(origin="Earth", destination=name).delta_v_m_s > 0.0


def test_aliases_lead_to_one_node():
    assert {node_name(n) for n in ("LSP", "lunar surface", "Moon", "SURFACE")} == {"south pole"}
    with pytest.raises(DomainError, match="no node 'Venus'"):
        node_name("Venus")


def test_routes_take_the_fewest_legs_and_windows_the_longest_wait():
    assert route(origin="LEO", destination="Moon").nodes == ("LEO", "LLPO", "south pole")
    halo = route(origin="LEO", destination="Moon", via=("NRHO", "LLO"))
    assert halo.delta_v_m_s == pytest.approx(6009.9)
    assert route(origin="LEO", destination="Mars").window_s / 86400.0 == pytest.approx(791, abs=1)
    assert halo.low_m_s <= halo.delta_v_m_s <= halo.high_m_s


def test_legs_that_do_not_meet_are_refused():
    with pytest.raises(DomainError, match="no leg from Mars surface to south pole"):
        path_delta_v(nodes=("LEO", "Mars surface", "Moon"))
    with pytest.raises(DomainError, match="no leg"):
        route(origin="Earth entry", destination="LEO")
    with pytest.raises(DomainError, match="two nodes"):
        path_delta_v(nodes=("LEO",))


def test_every_record_has_a_known_source_and_a_range():
    sources = set(load_parameters().sources)
    kinds = {"measured", "published", "derived", "estimate", "placeholder", "claim"}
    for record in (*edges(), *vehicle_records(), *list_prices(), *propellants()):
        assert record.source in sources
        assert record.kind in kinds
    for record in vehicle_records():
        if record.low:
            assert float(record.low) <= float(record.value) <= float(record.high)
