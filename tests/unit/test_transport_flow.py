"""The cheapest flow against closed forms, and in time."""

from __future__ import annotations

import pytest

from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.transport import Demand, Leg, Supply, Vehicle, deliver, network_legs, plan_cargo

SHIP = Vehicle(dry_kg=120e3, specific_impulse_s=375.0, tank_kg=1.2e6, payload_kg=100e3)
NODES = ("LEO", "LLPO", "Moon")
DAY_s = 86_400.0


def orbit(usd=100.0, ship_usd=0.0):
    kinds = ("cargo", "oxidiser", "fuel")
    return [
        *(Supply(node="LEO", commodity=k, unit_cost_usd=usd) for k in kinds),
        Supply(node="LEO", commodity="ship", unit_cost_usd=ship_usd),
    ]


def plan(**changed):
    arguments = {
        "ship": SHIP,
        "legs": network_legs(nodes=NODES),
        "supplies": orbit(),
        "demands": (Demand(node="Moon", amount_kg=5e6),),
    }
    return plan_cargo(**arguments | changed)


def test_one_way_cargo_costs_what_the_closed_form_says():
    found = plan(supplies=orbit(ship_usd=5e6))
    one = deliver(SHIP, "LEO", "Moon", payload_kg=100e3)
    expected = 100.0 * (1.0 + float(one.propellant_per_payload_ratio)) + 50.0
    assert found.shadow_usd_kg(node="Moon") == pytest.approx(expected, rel=1e-9)
    assert found.total_usd == pytest.approx(5e6 * expected, rel=1e-9)
    assert sum(f.n_ships for f in found.flows if f.from_node == "LEO") == pytest.approx(50.0)
    assert found.shadow_usd_kg(node="LEO", commodity="cargo") == pytest.approx(100.0)


def test_mass_is_kept_in_every_commodity():
    found = plan()
    given = dict(zip((s.commodity for s in found.supplies), found.supplied_kg, strict=True))
    burnt = sum(f.burnt_kg for f in found.flows)
    assert given["cargo"] == pytest.approx(5e6)
    assert given["oxidiser"] + given["fuel"] == pytest.approx(burnt)
    assert given["oxidiser"] / given["fuel"] == pytest.approx(3.6)
    for flow in found.flows:
        load = flow.oxidiser_kg + flow.fuel_kg + flow.burnt_kg
        assert load <= 1.2e6 * flow.n_ships * (1.0 + 1e-9)
        assert flow.cargo_kg <= 100e3 * flow.n_ships * (1.0 + 1e-9)


def test_dear_ships_come_back_and_cheap_oxygen_pays():
    legs = network_legs(nodes=(*NODES, "Earth entry"), relaunch_usd=5e6)
    stays = plan(supplies=orbit(ship_usd=500e6))
    back = plan(supplies=orbit(ship_usd=500e6), legs=legs)
    assert back.total_usd < stays.total_usd
    assert any(f.to_node == "Earth entry" for f in back.flows)
    moon = Supply(node="Moon", commodity="oxidiser", unit_cost_usd=1.0)
    local = plan(supplies=[*orbit(ship_usd=500e6), moon], legs=legs)
    assert local.total_usd < back.total_usd
    dear = Supply(node="Moon", commodity="oxidiser", unit_cost_usd=1e6)
    assert plan(supplies=[*orbit(ship_usd=500e6), dear], legs=legs).total_usd == pytest.approx(
        back.total_usd
    )


def test_a_short_supply_raises_the_price():
    short = [
        Supply(node="LEO", commodity="cargo", unit_cost_usd=1.0, amount_kg=1e6),
        *orbit(usd=100.0),
    ]
    found = plan(supplies=short)
    assert found.shadow_usd_kg(node="LEO") == pytest.approx(100.0)
    assert found.supplied_kg[0] == pytest.approx(1e6)


def test_in_time_arrivals_wait_for_legs_and_windows():
    legs = (Leg(from_node="LEO", to_node="Mars", delta_v_m_s=4300.0, duration_s=180 * DAY_s),)
    arguments = {"legs": legs, "n_periods": 4, "period_s": 90 * DAY_s}
    found = plan(demands=(Demand(node="Mars", amount_kg=1e5, period=2),), **arguments)
    assert {f.period for f in found.flows} == {0}
    with pytest.raises(InfeasibleError, match="no flow"):
        plan(demands=(Demand(node="Mars", amount_kg=1e5, period=1),), **arguments)
    window = (
        Leg(
            from_node="LEO",
            to_node="Mars",
            delta_v_m_s=4300.0,
            duration_s=90 * DAY_s,
            window_s=180 * DAY_s,
        ),
    )
    late = plan(demands=(Demand(node="Mars", amount_kg=1e5),), **arguments | {"legs": window})
    assert {f.period for f in late.flows} <= {0, 2}


def test_a_store_that_boils_off_is_worth_less_early():
    ship = Vehicle(
        dry_kg=120e3,
        specific_impulse_s=375.0,
        tank_kg=1.2e6,
        payload_kg=100e3,
        boil_off_1_day=0.01,
    )
    legs = (Leg(from_node="LEO", to_node="Moon", delta_v_m_s=6145.0),)
    found = plan(ship=ship, legs=legs, n_periods=3, period_s=30 * DAY_s)
    assert found.shadow_usd_kg(node="Moon") == pytest.approx(1049.817, rel=1e-6)
    moon = Supply(node="Moon", commodity="oxidiser", unit_cost_usd=100.0, amount_kg=1e3)
    asked = Demand(node="Moon", amount_kg=2e3, commodity="oxidiser")
    kept = plan(
        ship=ship,
        legs=legs,
        supplies=[*orbit(), moon],
        demands=(asked,),
        n_periods=3,
        period_s=30 * DAY_s,
    )
    missing_kg = 2e3 - 1e3 - 1e3 * 0.99**30
    assert kept.supplied_kg[-1] == pytest.approx(2e3 + missing_kg / 0.99**60)
    early = kept.shadow_usd_kg(node="Moon", commodity="oxidiser", period=0)
    late = kept.shadow_usd_kg(node="Moon", commodity="oxidiser", period=2)
    assert early == pytest.approx(late * 0.99**60)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"demands": (Demand(node="Moon", amount_kg=1.0, commodity="gold"),)}, "no commodity"),
        ({"demands": (Demand(node="L1", amount_kg=1.0),)}, "on no leg"),
        ({"n_periods": 0}, "needs a period"),
    ],
)
def test_bad_plans_are_refused(changed, words):
    with pytest.raises(DomainError, match=words):
        plan(**changed)


def test_no_supply_is_infeasible():
    with pytest.raises(InfeasibleError, match="no flow meets"):
        plan(supplies=orbit()[:2])
