"""Conservation and monotonicity of the transport chain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.errors import InfeasibleError, MoonbaseError
from moonbase.transport import (
    Burn,
    Coast,
    Create,
    Dock,
    Element,
    Stage,
    Transfer,
    Undock,
    Vehicle,
    allocate,
    deliver,
    fly,
    rocket_propellant,
)

KG = st.floats(1.0, 1e7)


@given(KG, KG, KG, KG, KG, st.floats(200.0, 460.0), st.floats(200.0, 460.0), st.floats(1.0, 2e4))
def test_a_flight_books_every_kilogram_or_says_what_is_missing(
    dry_1, propellant_1, dry_2, propellant_2, cargo, isp_1, isp_2, speed
):
    stack = (
        Element(name="1", dry_kg=dry_1, propellant_kg=propellant_1, specific_impulse_s=isp_1),
        Element(name="2", dry_kg=dry_2, propellant_kg=propellant_2, specific_impulse_s=isp_2),
        Element(name="cargo", dry_kg=cargo),
    )
    burns = (Burn(name="burn", delta_v_m_s=speed, stages=("1", "2")),)
    try:
        flight = fly(stack=stack, burns=burns)
    except InfeasibleError as error:
        assert "lacks" in error.message
        return
    gone_kg = sum(e.propellant_kg + e.dropped_kg for e in flight.entries)
    start_kg = sum(e.mass_kg for e in stack)
    assert flight.mass_kg + gone_kg == pytest.approx(start_kg, rel=1e-9)
    assert sum(e.delta_v_m_s for e in flight.entries) == pytest.approx(speed, rel=1e-9)
    assert all(e.propellant_kg >= 0.0 for e in flight.stack)


@given(KG, KG, st.floats(1.0, 1e4), st.floats(200.0, 460.0), st.floats(1.01, 2.0))
def test_propellant_rises_with_mass_and_speed_and_falls_with_impulse(
    dry, payload, speed, impulse, factor
):
    def propellant(**changed):
        arguments = {
            "dry_kg": dry,
            "payload_kg": payload,
            "delta_v_m_s": speed,
            "specific_impulse_s": impulse,
        }
        return rocket_propellant(**arguments | changed)

    base = propellant()
    assert propellant(dry_kg=dry * factor) > base
    assert propellant(payload_kg=payload * factor) > base
    assert propellant(delta_v_m_s=speed * factor) > base
    assert propellant(specific_impulse_s=impulse * factor) < base
    doubled = propellant(dry_kg=2.0 * dry, payload_kg=2.0 * payload)
    assert doubled == pytest.approx(2.0 * float(base), rel=1e-12)


SMALL = st.floats(0.0, 1e5)
SHARE = st.floats(0.0, 0.05)


@st.composite
def missions(draw):
    """A stack of ships and loads, and random events that may or may not be possible."""
    ships = [
        Element(
            name=f"ship {i}",
            dry_kg=draw(st.floats(1e3, 2e5)),
            propellant_kg=draw(st.floats(0.0, 1e6)),
            specific_impulse_s=draw(st.floats(250.0, 450.0)),
            rcs_propellant_kg=draw(st.one_of(st.none(), SMALL)),
            rcs_specific_impulse_s=300.0,
            oxidiser_fuel_ratio=draw(st.sampled_from([0.0, 3.6, 6.0])),
            residual_kg=draw(st.floats(0.0, 1e3)),
            reserve_kg=draw(st.floats(0.0, 1e3)),
            boil_off_1_day=draw(SHARE),
            fuel_boil_off_1_day=draw(st.one_of(st.none(), SHARE)),
        )
        for i in range(3)
    ]
    cargo = Element(name="cargo", dry_kg=draw(SMALL), leaves_with="ship 0")
    name = st.sampled_from([e.name for e in ships])
    kinds = st.sampled_from(["burn", "burn", "stage", "undock", "dock", "transfer", "coast", "add"])
    events = []
    for i in range(draw(st.integers(1, 7))):
        label, kind = f"event {i}", draw(kinds)
        if kind == "burn":
            stages = tuple(draw(st.lists(name, min_size=1, max_size=3, unique=True)))
            together = draw(st.booleans())
            events.append(
                Burn(
                    name=label,
                    delta_v_m_s=draw(st.floats(0.0, 4e3)),
                    stages=stages,
                    parallel=together,
                    rcs=not together and draw(st.booleans()),
                    drop_last=draw(st.booleans()),
                    keep_empty=draw(st.booleans()),
                )
            )
        elif kind == "stage":
            events.append(Stage(name=label, elements=(draw(name),)))
        elif kind == "undock":
            events.append(Undock(name=label, elements=(draw(name),), parked="p"))
        elif kind == "dock":
            events.append(Dock(name=label, parked="p"))
        elif kind == "transfer":
            events.append(
                Transfer(
                    name=label,
                    source=draw(st.sampled_from(["", "ship 0", "ship 1"])),
                    target="ship 2",
                    propellant_kg=draw(SMALL),
                    content=draw(st.sampled_from(["both", "oxidiser", "fuel"])),
                    loss_frac=draw(SHARE),
                )
            )
        elif kind == "coast":
            events.append(Coast(name=label, duration_s=draw(st.floats(0.0, 1e7))))
        else:
            extra = Element(name=label, dry_kg=draw(SMALL), leaves_with="ship 1")
            events.append(Create(name=label, elements=(extra,)))
    return (*ships, cargo), events


@given(missions())
@settings(max_examples=150)
def test_every_mission_keeps_its_mass_line_by_line_or_says_why_not(mission):
    stack, events = mission
    flown = []
    for event in events:
        try:
            flight = fly(stack, [*flown, event])
        except MoonbaseError as error:
            assert error.message
            assert error.path
            continue
        flown.append(event)
        for line in flight.entries:
            before = line.mass_before_kg + line.parked_before_kg + line.added_kg
            gone = line.propellant_kg + line.dropped_kg + line.lost_kg
            after = line.mass_after_kg + line.parked_after_kg
            assert after + gone == pytest.approx(before, rel=1e-9, abs=1e-6)
            assert line.propellant_kg >= 0.0
        for element in (*flight.stack, *(e for group in flight.parked.values() for e in group)):
            assert element.propellant_kg >= 0.0
            assert element.oxidiser_aboard_kg >= 0.0
            assert element.fuel_aboard_kg >= -1e-6
            assert (element.rcs_propellant_kg or 0.0) >= 0.0


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=60)
def test_payers_never_get_more_than_there_is_or_they_ask(seed, ranked):
    rng = np.random.default_rng(seed)
    flights = rng.uniform(0.0, 100.0, (3, 4))
    asked = {name: rng.uniform(0.0, 80.0, (3, 4)) for name in "abcd"}
    more = {
        "priority": ("c", ("a", "d"), "b") if ranked else None,
        "share_frac": {"a": 0.2, "d": rng.uniform(0.0, 1.0, 4)},
        "minimum_frac": {"b": 0.1},
    }
    got = allocate(flights_1_yr=flights, demand_1_yr=asked, **more)
    total = got.flights_1_yr.sum(axis=0) + got.spare_1_yr
    assert total == pytest.approx(flights, rel=1e-9, abs=1e-9)
    assert np.all(got.flights_1_yr >= 0.0)
    for i, name in enumerate("abcd"):
        assert np.all(got.flights_1_yr[i] <= asked[name] + 1e-9)
    everyone_served = np.all(got.unmet_1_yr < 1e-9, axis=0)
    assert np.all(everyone_served | (got.spare_1_yr < 1e-9))
    alone = allocate(
        flights_1_yr=flights[1, 2],
        demand_1_yr={k: v[1, 2] for k, v in asked.items()},
        **more | {"share_frac": {"a": 0.2, "d": more["share_frac"]["d"][2]}},
    )
    assert np.array_equal(alone.flights_1_yr, got.flights_1_yr[:, 1, 2])


@given(
    st.floats(60e3, 200e3),
    st.floats(330.0, 460.0),
    st.floats(1e3, 80e3),
    st.floats(0.0, 0.01),
    st.floats(2.0, 7.0),
)
def test_a_delivery_gets_harder_with_mass_and_boil_off_and_easier_with_oxygen(
    dry, impulse, payload, boil_off, ratio
):
    def needs(extra=0.0, leak=boil_off, **more):
        ship = Vehicle(
            dry_kg=dry + extra,
            specific_impulse_s=impulse,
            oxidiser_fuel_ratio=ratio,
            boil_off_1_day=leak,
        )
        return deliver(ship, payload_kg=payload, tanker_payload_kg=150e3, **more)

    base = needs()
    assert needs(extra=1e3).propellant_kg > base.propellant_kg
    assert needs(leak=boil_off + 0.01).propellant_kg > base.propellant_kg
    back, made = needs(returns=True), needs(returns=True, local_oxidiser=True)
    assert base.propellant_kg < made.propellant_kg < back.propellant_kg
    assert made.saved_kg == pytest.approx(float(back.propellant_kg - made.propellant_kg), rel=1e-9)
    assert made.saved_per_oxidiser_ratio >= made.mass_ratio * (1.0 - 1e-9)
