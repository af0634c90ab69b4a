"""Deliveries, tankers, ships and draws."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from moonbase.core.constants import STANDARD_GRAVITY_m_s2 as G0
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.transport import (
    DELIVERY_STATUS,
    Burn,
    Coast,
    Element,
    Vehicle,
    deliver,
    fill_depot,
    fly,
    sample_vehicle,
    top_up,
    vehicle,
)

PLAIN = Vehicle(dry_kg=120e3, specific_impulse_s=375.0, tank_kg=1.2e6)
DAY_s = 86_400.0


def test_a_full_tank_lands_what_the_rocket_equation_says():
    full = deliver(PLAIN, "LEO", "Moon", tanker_payload_kg=100e3)
    assert full.payload_kg == pytest.approx(157.94e3, rel=1e-4)
    assert full.propellant_kg == pytest.approx(1.2e6)
    assert DELIVERY_STATUS[int(full.status)] == "delivered"
    assert full.gear_ratio == pytest.approx(
        1.0 + (1.2e6 + 120e3) / float(full.payload_kg), rel=1e-12
    )


def test_the_ledger_flies_what_the_closed_form_delivers():
    """The same ship, burn by burn and day by day, arrives with its residuals and nothing else."""
    ship = Vehicle(
        dry_kg=110e3,
        specific_impulse_s=370.0,
        tank_kg=1.3e6,
        residual_frac=0.01,
        boil_off_1_day=0.004,
    )
    found = deliver(ship, "LEO", "Moon", payload_kg=90e3, tanker_payload_kg=150e3)
    stack = (
        Element(
            name="ship",
            dry_kg=110e3,
            propellant_kg=float(found.propellant_kg),
            specific_impulse_s=370.0,
            boil_off_1_day=0.004,
        ),
        Element(name="cargo", dry_kg=90e3, leaves_with="ship"),
    )
    events = []
    for i, leg in enumerate(found.route.legs):
        speed = leg.delta_v_m_s * leg.departure_frac
        events += [
            Burn(name=f"go {i}", delta_v_m_s=speed, stages=("ship",)),
            Coast(name=f"coast {i}", duration_s=leg.duration_s),
            Burn(name=f"stop {i}", delta_v_m_s=leg.delta_v_m_s - speed, stages=("ship",)),
        ]
    flight = fly(stack, events)
    assert flight.element(name="ship").propellant_kg == pytest.approx(13e3, rel=1e-9)
    assert sum(e.lost_kg for e in flight.entries) == pytest.approx(float(found.boil_off_kg))


def test_oxygen_made_there_saves_the_mass_ratio():
    arguments = {"payload_kg": 20e3, "returns": True, "tanker_payload_kg": 100e3}
    ship = Vehicle(dry_kg=120e3, specific_impulse_s=375.0)
    earth = deliver(ship, **arguments)
    moon = deliver(ship, local_oxidiser=True, orbit_usd_kg=200.0, **arguments)
    ratio = exp(6145.0 / (375.0 * G0))
    assert earth.propellant_kg - moon.propellant_kg == pytest.approx(
        ratio * float(moon.local_oxidiser_kg)
    )
    assert moon.saved_kg == pytest.approx(float(earth.propellant_kg - moon.propellant_kg))
    assert moon.oxidiser_break_even_usd_kg == pytest.approx(200.0 * ratio)
    assert moon.local_oxidiser_kg / moon.return_propellant_kg == pytest.approx(3.6 / 4.6)
    assert moon.fuel_kg + moon.oxidiser_kg == pytest.approx(float(moon.propellant_kg))
    assert moon.fuel_kg > moon.propellant_kg / 4.6
    assert moon.n_tankers < earth.n_tankers
    assert earth.hull_left_kg == 0.0
    assert deliver(ship, payload_kg=20e3).hull_left_kg == 120e3


def test_bringing_cargo_back_costs_more_than_the_hull_alone():
    loads = [
        deliver(Vehicle(dry_kg=120e3, specific_impulse_s=375.0), payload_kg=20e3, **more)
        for more in ({}, {"returns": True}, {"returns": True, "return_payload_kg": 20e3})
    ]
    needed = [float(x.propellant_kg) for x in loads]
    assert needed == sorted(needed)
    assert needed[0] < needed[1] < needed[2]


def test_time_and_boil_off_grow_with_the_interval():
    ship = vehicle(name="cargo_lander")
    quick, slow = (deliver(ship, tanker_interval_s=d * DAY_s) for d in (1.0, 10.0))
    assert slow.n_tankers > quick.n_tankers
    assert slow.boil_off_kg > quick.boil_off_kg
    assert slow.fill_s == pytest.approx((float(slow.n_tankers_whole) - 1.0) * 10 * DAY_s)
    assert slow.trip_s == pytest.approx(float(slow.fill_s) + 4.5 * DAY_s)


def test_a_bad_draw_keeps_its_status_and_the_batch_lives():
    ship = Vehicle(
        dry_kg=120e3,
        specific_impulse_s=np.array([375.0, 375.0, 375.0, 375.0, -375.0, np.nan]),
        tank_kg=np.array([1.2e6, 5e5, 1.2e6, 1.2e6, 1.2e6, 1.2e6]),
        payload_kg=np.array([2e5, 2e5, 5e4, 2e5, 2e5, 2e5]),
        boil_off_1_day=np.array([0.0, 0.0, 0.0, 0.9, 0.0, 0.0]),
    )
    found = deliver(
        ship, payload_kg=100e3, delta_v_m_s=6145.0, tanker_payload_kg=1e5, tanker_interval_s=DAY_s
    )
    assert found.status.tolist() == [0, 1, 2, 3, 4, 4]
    assert found.payload_kg.tolist() == [100e3, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert np.isinf(found.gear_ratio[1:]).all()


def test_a_draw_alone_gives_the_same_bits():
    rng = np.random.default_rng(5)
    keys = ("dry_kg", "tank_kg", "specific_impulse_s", "boil_off_1_day", "payload_kg")
    quantiles = {k: rng.random(9) for k in keys}
    batch = deliver(
        sample_vehicle(name="cargo_lander", quantile_frac=quantiles),
        returns=True,
        local_oxidiser=True,
        tanker_interval_s=DAY_s,
    )
    for i in range(9):
        one = deliver(
            sample_vehicle(
                name="cargo_lander", quantile_frac={k: v[i : i + 1] for k, v in quantiles.items()}
            ),
            returns=True,
            local_oxidiser=True,
            tanker_interval_s=DAY_s,
        )
        for name in one.__dataclass_fields__:
            if name not in ("route", "notes"):
                assert np.array_equal(
                    getattr(one, name)[0], getattr(batch, name)[i], equal_nan=True
                ), name


def test_samples_stay_in_their_ranges():
    low, high = (
        sample_vehicle(name="starship_v3", quantile_frac={"orbit_payload_kg": np.array([q])})
        for q in (0.0, 1.0)
    )
    assert (low.orbit_payload_kg[0], high.orbit_payload_kg[0]) == (100e3, 150e3)
    middle = sample_vehicle(
        name="cargo_lander", quantile_frac={"dry_kg": np.linspace(0.0, 1.0, 100_001)}
    )
    assert np.mean(middle.dry_kg) == pytest.approx((85e3 + 100e3 + 120e3) / 3.0, rel=1e-4)


def test_what_cannot_be_flown_is_named():
    with pytest.raises(InfeasibleError, match=r"lacks \d+\.\d m/s"):
        deliver(PLAIN, payload_kg=300e3)
    with pytest.raises(DomainError, match="above what hull or launch admit"):
        deliver("cargo_lander", payload_kg=150e3)
    with pytest.raises(DomainError, match=">= 0 kg"):
        deliver(PLAIN, payload_kg=-1.0)
    with pytest.raises(DomainError, match="nothing limits"):
        deliver(Vehicle(dry_kg=1e5, specific_impulse_s=375.0))
    with pytest.raises(DomainError, match="no ship 'starship_v9'"):
        deliver("starship_v9")
    with pytest.raises(DomainError, match="specific_impulse_s"):
        Vehicle(dry_kg=1e5, specific_impulse_s=-375.0)
    with pytest.raises(DomainError, match="has no 'colour'"):
        vehicle(name="tanker", colour=1.0)
    with pytest.raises(DomainError, match="has no 'colour'"):
        sample_vehicle(name="tanker", quantile_frac={"colour": np.array([0.5])})


def test_the_missing_speed_closes_the_gap():
    with pytest.raises(InfeasibleError) as caught:
        deliver(PLAIN, payload_kg=200e3, delta_v_m_s=6145.0)
    missing = float(caught.value.message.split()[3])
    found = deliver(PLAIN, payload_kg=200e3, delta_v_m_s=6145.0 - missing - 0.1)
    assert found.propellant_kg == pytest.approx(1.2e6, rel=1e-3)


def test_launching_to_low_orbit_takes_no_tanker():
    for origin in ("Earth", "LEO"):
        found = deliver("starship_v3", origin, "LEO")
        assert (found.payload_kg, found.n_tankers, found.n_launches) == (100e3, 0.0, 1.0)


def test_other_nodes_differ_as_their_speeds_do():
    needs = [
        float(deliver(PLAIN, "LEO", n, payload_kg=50e3).propellant_kg)
        for n in ("GTO", "NRO", "L1", "LLPO", "Moon")
    ]
    assert needs == sorted(needs)


def test_a_leaking_depot_is_filled_tanker_by_tanker():
    left, stock = 0.985, 0.0
    for _ in range(7):
        stock = stock * left**4 + 100e3 * 0.97
    filling = fill_depot(
        propellant_kg=stock * left**2,
        tanker_payload_kg=100e3,
        transfer_loss_frac=0.03,
        boil_off_1_day=0.015,
        tanker_interval_s=4 * DAY_s,
        hold_s=2 * DAY_s,
    )
    assert filling.n_tankers == pytest.approx(7.0, rel=1e-12)
    assert filling.n_tankers_whole == 7.0
    assert filling.fill_s == pytest.approx(26 * DAY_s)
    mass = filling.lifted_kg - filling.transfer_loss_kg - filling.boil_off_kg
    assert mass == pytest.approx(stock * left**2)


def test_a_depot_that_leaks_too_fast_is_never_full():
    filling = fill_depot(
        propellant_kg=1.2e6,
        tanker_payload_kg=np.array([50e3, 150e3]),
        boil_off_1_day=0.01,
        tanker_interval_s=6 * DAY_s,
    )
    assert np.isinf(filling.n_tankers[0])
    assert np.isfinite(filling.n_tankers[1])
    with pytest.raises(DomainError, match="tanker_payload_kg"):
        fill_depot(propellant_kg=1.0, tanker_payload_kg=0.0)
    with pytest.raises(DomainError, match="boil_off_1_day"):
        fill_depot(propellant_kg=1.0, tanker_payload_kg=1.0, boil_off_1_day=1.0)


def test_a_second_refill_is_what_a_ledger_gives():
    arguments = {
        "tanker_dry_kg": 120e3,
        "tanker_tank_kg": 1.6e6,
        "specific_impulse_s": 375.0,
        "out_delta_v_m_s": 2426.9,
        "back_delta_v_m_s": 24.8,
    }
    up = top_up(propellant_kg=600e3, **arguments)
    flight = fly(
        (
            Element(name="t", dry_kg=120e3, propellant_kg=1.6e6, specific_impulse_s=375.0),
            Element(name="ship", dry_kg=1.0),
        ),
        (
            {"name": "up", "delta_v_m_s": 2426.9, "stages": ["t"]},
            {
                "event": "transfer",
                "name": "give",
                "source": "t",
                "target": "ship",
                "propellant_kg": float(up.given_kg),
            },
            {"event": "stage", "name": "part", "elements": ["ship"]},
            {"name": "back", "delta_v_m_s": 24.7, "stages": ["t"]},
        ),
    )
    assert flight.element(name="t").propellant_kg == pytest.approx(0.0, abs=5.0)
    assert up.low_orbit_propellant_kg == pytest.approx(600e3 * float(up.gear_ratio))
    assert top_up(propellant_kg=1.0, **arguments | {"out_delta_v_m_s": 2e4}).given_kg == 0.0


def test_a_reviewer_is_told_what_is_assumed():
    assert any("boil-off is 0" in note for note in deliver(PLAIN, payload_kg=1e5).notes)
    assert deliver("cargo_lander").notes == ()
    assert any("estimate" in note for note in deliver("cargo_lander", "LEO", "Mars").notes)
