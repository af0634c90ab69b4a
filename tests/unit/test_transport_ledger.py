"""Missions: staging, docking, transfers, tanks of two propellants, boil-off, refusals."""

from __future__ import annotations

from math import exp, log

import pytest

from moonbase.core.constants import STANDARD_GRAVITY_m_s2 as G0
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.transport import (
    Burn,
    Coast,
    Create,
    Dock,
    Element,
    Move,
    Stage,
    Transfer,
    Undock,
    fly,
    load_mission,
)

DAY_s = 86_400.0


def ship(**changes):
    fields = {
        "name": "ship",
        "dry_kg": 100e3,
        "propellant_kg": 460e3,
        "specific_impulse_s": 375.0,
        "oxidiser_fuel_ratio": 3.6,
        "tank_kg": 1.2e6,
        "propellant": "methalox",
    }
    return Element(**fields | changes)


def closes(flight):
    for e in flight.entries:
        before = e.mass_before_kg + e.parked_before_kg + e.added_kg
        after = e.mass_after_kg + e.parked_after_kg
        gone = e.propellant_kg + e.dropped_kg + e.lost_kg
        assert after + gone == pytest.approx(before, rel=1e-12)
    for one, two in zip(flight.entries[:-1], flight.entries[1:], strict=True):
        assert one.mass_after_kg == pytest.approx(two.mass_before_kg, rel=1e-12)
        assert one.parked_after_kg == pytest.approx(two.parked_before_kg, rel=1e-12)


@pytest.mark.parametrize("name", ["lunar-sortie", "halo-sortie"])
def test_published_sorties_close_in_every_line(name):
    mission = load_mission(name=name)
    flight = fly(mission.stack, mission.events, g0_m_s2=mission.g0_m_s2)
    closes(flight)
    assert not flight.parked
    assert {"crew module"} <= {e.name for e in flight.stack}
    assert len(flight.entries) >= len(mission.events)


def test_the_sortie_shifts_with_g0():
    mission = load_mission(name="lunar-sortie")
    flight = fly(mission.stack, mission.events)
    assert flight.mass_after_kg(event="lander ascent") == pytest.approx(185158.9, abs=0.1)


def test_a_return_without_ascent_is_refused():
    mission = load_mission(name="lunar-sortie")
    names = [e.name for e in mission.events]
    landed = mission.events[: names.index("touchdown") + 1]
    with pytest.raises(DomainError, match="not in the stack") as caught:
        fly(
            mission.stack,
            (*landed, Burn(name="home", delta_v_m_s=612.3, stages=("service module",))),
            g0_m_s2=mission.g0_m_s2,
        )
    assert "parked as 'Orion'" in caught.value.hint


def test_attitude_thrusters_use_their_own_tank_or_the_main_one():
    own = ship(rcs_propellant_kg=5e3, rcs_specific_impulse_s=300.0)
    burn = Burn(name="trim", delta_v_m_s=10.0, stages=("ship",), rcs=True)
    after = fly((own,), (burn,)).element(name="ship")
    used = own.mass_kg * (1.0 - exp(-10.0 / (300.0 * G0)))
    assert after.propellant_kg == own.propellant_kg
    assert after.rcs_propellant_kg == pytest.approx(5e3 - used)
    shared = fly((ship(rcs_specific_impulse_s=300.0),), (burn,)).element(name="ship")
    assert shared.rcs_propellant_kg is None
    assert shared.propellant_kg < 460e3
    with pytest.raises(InfeasibleError, match="lacks"):
        fly((own,), (Burn(name="far", delta_v_m_s=900.0, stages=("ship",), rcs=True),))


def test_boosters_and_core_fire_together():
    """Two phases by hand: mean exhaust speed by mass flow until the boosters are dry."""
    boosters = Element(
        name="b", dry_kg=10e3, propellant_kg=100e3, specific_impulse_s=300.0, thrust_N=3e6
    )
    core = Element(
        name="c", dry_kg=8e3, propellant_kg=100e3, specific_impulse_s=400.0, thrust_N=1e6
    )
    burn = Burn(name="up", delta_v_m_s=5000.0, stages=("b", "c"), parallel=True)
    flight = fly((boosters, core, Element(name="p", dry_kg=20e3)), (burn,))
    flow = 3e6 / (300.0 * G0), 1e6 / (400.0 * G0)
    left = 238e3 - 100e3 / flow[0] * sum(flow)
    speed = 4e6 / sum(flow) * log(238e3 / left)
    last = (left - 10e3) * exp(-(5000.0 - speed) / (400.0 * G0))
    assert flight.mass_kg == pytest.approx(last, rel=1e-12)
    assert sum(e.delta_v_m_s for e in flight.entries) == pytest.approx(5000.0)
    assert "b" not in {e.name for e in flight.stack}
    closes(flight)


def test_twins_that_fire_together_are_one_stage():
    twins = [Element(name=n, dry_kg=1e3, propellant_kg=9e3, specific_impulse_s=300.0) for n in "ab"]
    one = Element(name="one", dry_kg=2e3, propellant_kg=18e3, specific_impulse_s=300.0)
    cargo = Element(name="cargo", dry_kg=5e3)
    both = fly(
        (*twins, cargo), (Burn(name="x", delta_v_m_s=2e3, stages=("a", "b"), parallel=True),)
    )
    single = fly((one, cargo), (Burn(name="x", delta_v_m_s=2e3, stages=("one",)),))
    assert both.mass_kg == pytest.approx(single.mass_kg, rel=1e-12)
    reach = 300.0 * G0 * log(25.0 / 7.0)
    with pytest.raises(InfeasibleError, match=rf"lacks {9e3 - reach:.1f} m/s"):
        fly((*twins, cargo), (Burn(name="x", delta_v_m_s=9e3, stages=("a", "b"), parallel=True),))


def test_thrust_for_some_only_is_refused():
    pair = (ship(name="a", thrust_N=1e6), ship(name="b"))
    with pytest.raises(DomainError, match="no thrust"):
        fly(pair, (Burn(name="x", delta_v_m_s=1.0, stages=("a", "b"), parallel=True),))


def test_both_tanks_drain_at_the_ratio_and_the_scarcer_one_ends_the_burn():
    full = ship()
    assert full.oxidiser_aboard_kg == pytest.approx(360e3)
    assert full.fuel_aboard_kg == pytest.approx(100e3)
    lean = ship(oxidiser_kg=180e3)
    assert lean.usable_kg() == pytest.approx(230e3)
    reach = 375.0 * G0 * log(560.0 / 330.0)
    with pytest.raises(InfeasibleError, match=rf"lacks {9000.0 - reach:.1f} m/s"):
        fly((lean,), (Burn(name="far", delta_v_m_s=9000.0, stages=("ship",)),))
    flight = fly((lean,), (Burn(name="near", delta_v_m_s=500.0, stages=("ship",)),))
    line = flight.entries[0]
    assert line.oxidiser_kg / line.propellant_kg == pytest.approx(3.6 / 4.6)
    after = flight.element(name="ship")
    assert after.oxidiser_aboard_kg == pytest.approx(180e3 - line.oxidiser_kg)


def test_residuals_never_burn_and_reserves_only_when_asked():
    held = ship(residual_kg=20e3, reserve_kg=40e3)
    assert held.usable_kg() == pytest.approx(400e3)
    assert held.usable_kg(use_reserve=True) == pytest.approx(440e3)
    reach = 375.0 * G0 * log(560.0 / 150.0)
    burn = {"name": "b", "delta_v_m_s": reach, "stages": ("ship",)}
    with pytest.raises(InfeasibleError, match="lacks"):
        fly((held,), (Burn(**burn),))
    after = fly((held,), (Burn(**burn, use_reserve=True),)).element(name="ship")
    assert after.propellant_kg == pytest.approx(50e3)


def test_boil_off_by_tank_and_also_of_what_is_parked():
    store = ship(name="store", boil_off_1_day=0.01, fuel_boil_off_1_day=0.02)
    flight = fly(
        (ship(boil_off_1_day=0.01), store),
        (
            Undock(name="leave", elements=("store",), parked="depot"),
            Coast(name="ten days", duration_s=10 * DAY_s),
        ),
    )
    assert flight.element(name="ship").propellant_kg == pytest.approx(460e3 * 0.99**10)
    parked = flight.element(name="store")
    assert parked.oxidiser_aboard_kg == pytest.approx(360e3 * 0.99**10)
    assert parked.fuel_aboard_kg == pytest.approx(100e3 * 0.98**10)
    closes(flight)
    assert flight.entries[-1].lost_kg > 0.0


def test_transfer_between_ships_from_outside_and_of_oxygen_alone():
    tanker = ship(name="tanker", propellant_kg=230e3)
    flight = fly(
        (ship(propellant_kg=115e3), tanker),
        (
            Transfer(
                name="fill", source="tanker", target="ship", propellant_kg=92e3, loss_frac=0.1
            ),
            Transfer(name="made there", target="ship", propellant_kg=36e3, content="oxidiser"),
            Transfer(name="empty it", source="tanker", target="ship"),
        ),
    )
    closes(flight)
    after = flight.element(name="ship")
    moved = (92e3 * 0.9 + 138e3) / 4.6
    assert after.oxidiser_aboard_kg == pytest.approx((115e3 / 4.6 + moved) * 3.6 + 36e3)
    assert after.fuel_aboard_kg == pytest.approx(115e3 / 4.6 + moved)
    assert flight.element(name="tanker").propellant_kg == pytest.approx(0.0, abs=1e-6)
    assert [e.lost_kg for e in flight.entries] == pytest.approx([9.2e3, 0.0, 0.0])
    assert [e.added_kg for e in flight.entries] == pytest.approx([0.0, 36e3, 0.0])


@pytest.mark.parametrize(
    ("transfer", "error", "words"),
    [
        ({"source": "tanker", "propellant_kg": 500e3}, InfeasibleError, "lacks 40000.0 kg"),
        ({"propellant_kg": 800e3}, InfeasibleError, "room for 60000.0 kg"),
        ({"source": "wet", "propellant_kg": 1e3}, DomainError, "does not go into"),
        ({"source": "solid", "propellant_kg": 1e3, "content": "fuel"}, DomainError, "one tank"),
        ({"source": "ship", "propellant_kg": 1e3}, DomainError, "one element"),
    ],
)
def test_transfers_that_cannot_be(transfer, error, words):
    stack = (
        ship(),
        ship(name="tanker"),
        ship(name="wet", propellant="hydrolox"),
        ship(name="solid", oxidiser_fuel_ratio=0.0),
    )
    with pytest.raises(error, match=words):
        fly(stack, (Transfer(name="t", target="ship", **transfer),))


def test_crew_moves_with_its_carrier():
    flight = fly(
        (ship(), Element(name="crew", dry_kg=400.0, leaves_with="ship")),
        (
            Create(name="lander", elements=(ship(name="lander"),)),
            Move(name="board", elements=("crew",), to="lander"),
            Undock(name="part", elements=("ship",), parked="ship"),
            Coast(name="wait", duration_s=DAY_s),
            Dock(name="meet", parked="ship"),
            Stage(name="leave", elements=("lander",)),
        ),
    )
    assert [e.name for e in flight.stack] == ["ship"]
    assert flight.entries[-1].dropped_kg == pytest.approx(560e3 + 400.0)
    assert flight.notes == ("leave: left with 460000.0 kg of propellant aboard",)
    closes(flight)


def test_an_empty_stage_stays_when_told_and_gives_nothing():
    burn = {"name": "b", "delta_v_m_s": 100.0, "stages": ("empty", "ship")}
    stack = (ship(name="empty", propellant_kg=0.0), ship())
    assert {e.name for e in fly(stack, (Burn(**burn, keep_empty=True),)).stack} == {"empty", "ship"}
    assert {e.name for e in fly(stack, (Burn(**burn),)).stack} == {"ship"}
    with pytest.raises(InfeasibleError, match=r"lacks 100\.0 m/s of 100\.0"):
        fly(stack, (Burn(name="b", delta_v_m_s=100.0, stages=("empty",)),))


def test_mappings_and_files_do_as_well(tmp_path):
    rows = [{"name": "s", "dry_kg": 1.0, "propellant_kg": 9.0, "specific_impulse_s": 300.0}]
    events = [{"name": "b", "delta_v_m_s": 1000.0, "stages": ["s"]}]
    mass = fly(rows, events).mass_kg
    assert mass == pytest.approx(10.0 * exp(-1000.0 / (300.0 * G0)))
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\nsource = "me"\ng0_m_s2 = 9.80665\n'
        'stack = [{ name = "s", dry_kg = 1, propellant_kg = 9, specific_impulse_s = 300 }]\n'
        'events = [{ name = "b", delta_v_m_s = 1000, stages = ["s"] }]\n'
    )
    mission = load_mission(name=path)
    assert fly(mission.stack, mission.events).mass_kg == pytest.approx(mass)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Element(name="x", dry_kg=-1.0), "x.dry_kg"),
        (lambda: Element(name="x", dry_kg=1.0, specific_impulse_s=-300.0), "specific_impulse_s"),
        (lambda: ship(propellant_kg=2e6), "tank_kg"),
        (lambda: ship(oxidiser_kg=500e3), "oxidiser_kg"),
        (lambda: ship(boil_off_1_day=1.5), "boil_off_1_day"),
        (lambda: Burn(name="b", delta_v_m_s=-1.0, stages=("s",)), "delta_v_m_s"),
        (lambda: Burn(name="b", delta_v_m_s=1.0, stages=()), "stages"),
        (lambda: Coast(name="c", duration_s=-1.0), "duration_s"),
        (lambda: Transfer(name="t", target="x", content="gold"), "content"),
        (lambda: Transfer(name="t", target="x"), "mass"),
        (lambda: fly((ship(),), ({"event": "wish", "name": "w"},)), "not an event"),
        (lambda: fly((ship(),), ({"name": "w", "thrust": 1.0},)), "thrust"),
        (lambda: fly((ship(),), (Dock(name="d", parked="nobody"),)), "nothing is parked"),
        (lambda: fly((ship(), ship()), ()), "not unique"),
        (lambda: fly((ship(),), (), g0_m_s2=0.0), "g0_m_s2"),
        (lambda: load_mission(name="apollo-99"), "no mission"),
    ],
)
def test_bad_input_is_named(make, words):
    with pytest.raises(DomainError) as caught:
        make()
    assert words in str(caught.value)
