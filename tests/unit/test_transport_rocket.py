"""Rocket equation, mass ledger and legs against what is printed."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.transport.edges import edges, path_delta_v
from moonbase.transport.ledger import fly
from moonbase.transport.rocket import (
    mass_ratio,
    payload_for_propellant,
    rocket_propellant,
    tanker_flights,
)
from moonbase.transport.stack import Burn, Element, release

# One way, 6,145 m/s, no residuals: dry t, Isp s, propellant t for 100 t, landed t by tank
ONE_WAY = [
    (100, 365, 913, (163, 228, 250)),
    (100, 375, 863, (178, 247, 271)),
    (100, 380, 840, (186, 257, 281)),
    (120, 365, 1005, (143, 208, 230)),
    (120, 375, 950, (158, 227, 251)),
    (120, 380, 924, (166, 237, 261)),
]


@pytest.mark.parametrize(("dry_t", "isp_s", "propellant_t", "landed_t"), ONE_WAY)
def test_one_way_table(dry_t, isp_s, propellant_t, landed_t):
    flight = {"dry_kg": dry_t * 1e3, "delta_v_m_s": 6145.0, "specific_impulse_s": isp_s}
    assert rocket_propellant(payload_kg=100e3, **flight) / 1e3 == pytest.approx(
        propellant_t, abs=0.6
    )
    tanks_kg = np.array([1.2e6, 1.5e6, 1.6e6])
    payload_t = payload_for_propellant(propellant_kg=tanks_kg, **flight) / 1e3
    assert payload_t == pytest.approx(landed_t, abs=0.6)


def test_payload_and_propellant_are_inverse():
    flight = {
        "dry_kg": np.array([90e3, 120e3]),
        "delta_v_m_s": 6145.0,
        "specific_impulse_s": np.array([[365.0], [380.0]]),
    }
    propellant_kg = rocket_propellant(payload_kg=70e3, **flight)
    assert propellant_kg.shape == (2, 2)
    assert payload_for_propellant(propellant_kg=propellant_kg, **flight) == pytest.approx(70e3)


def test_two_burns_multiply():
    both = mass_ratio(delta_v_m_s=5000.0, specific_impulse_s=350.0)
    first = mass_ratio(delta_v_m_s=3000.0, specific_impulse_s=350.0)
    second = mass_ratio(delta_v_m_s=2000.0, specific_impulse_s=350.0)
    assert both == pytest.approx(float(first * second), rel=1e-12)


def test_losses_raise_the_count_of_tankers():
    fill = {"propellant_kg": 950e3, "tanker_payload_kg": 100e3}
    lossless = tanker_flights(boil_off_frac=0.0, transfer_loss_frac=0.0, **fill)
    lossy = tanker_flights(boil_off_frac=0.2, transfer_loss_frac=0.1, **fill)
    assert lossless == pytest.approx(9.5)
    assert lossy == pytest.approx(9.5 / 0.72)


def test_bad_scalars_are_refused():
    with pytest.raises(DomainError, match="specific_impulse_s"):
        mass_ratio(delta_v_m_s=100.0, specific_impulse_s=-300.0)
    with pytest.raises(DomainError, match="tanker_payload_kg"):
        tanker_flights(
            propellant_kg=1.0, tanker_payload_kg=0.0, boil_off_frac=0.0, transfer_loss_frac=0.0
        )


def stack():
    return (
        Element(name="booster", dry_kg=50e3, propellant_kg=500e3, specific_impulse_s=300.0),
        Element(name="upper", dry_kg=10e3, propellant_kg=100e3, specific_impulse_s=400.0),
        Element(name="cargo", dry_kg=20e3),
        Element(name="shroud", dry_kg=3e3, leaves_with="booster"),
    )


def test_every_kilogram_is_booked():
    burns = (
        Burn(name="up", delta_v_m_s=7000.0, stages=("booster", "upper")),
        Burn(name="out", delta_v_m_s=500.0, stages=("upper",), drop_last=True),
    )
    flight = fly(stack=stack(), burns=burns)
    start_kg = sum(e.mass_kg for e in stack())
    burnt_kg = sum(e.propellant_kg for e in flight.entries)
    dropped_kg = sum(e.dropped_kg for e in flight.entries)
    assert flight.mass_kg + burnt_kg + dropped_kg == pytest.approx(start_kg, rel=1e-12)
    assert [e.name for e in flight.stack] == ["cargo"]
    assert sum(e.delta_v_m_s for e in flight.entries) == pytest.approx(7500.0)
    for before, after in zip(flight.entries[:-1], flight.entries[1:], strict=True):
        assert before.mass_after_kg == pytest.approx(after.mass_before_kg, rel=1e-12)


def test_the_shroud_leaves_with_the_booster():
    flight = fly(
        stack=stack(), burns=(Burn(name="up", delta_v_m_s=7000.0, stages=("booster", "upper")),)
    )
    assert [e.name for e in flight.stack] == ["upper", "cargo"]
    assert flight.entries[0].dropped_kg == pytest.approx(53e3)


def test_missing_propellant_names_the_missing_speed():
    full = Element(name="stage", dry_kg=1e3, propellant_kg=9e3, specific_impulse_s=300.0)
    reach_m_s = 300.0 * 9.80665 * np.log(10.0)
    with pytest.raises(InfeasibleError, match=rf"lacks {10_000.0 - reach_m_s:.1f} m/s"):
        fly(stack=(full,), burns=(Burn(name="far", delta_v_m_s=10e3, stages=("stage",)),))


def test_the_ledger_refuses_nonsense():
    burn = Burn(name="b", delta_v_m_s=10.0, stages=("cargo",))
    with pytest.raises(DomainError, match="no specific impulse"):
        fly(stack=stack(), burns=(burn,))
    with pytest.raises(DomainError, match="not in the stack"):
        fly(stack=stack(), burns=(Burn(name="b", delta_v_m_s=10.0, stages=("tug",)),))
    with pytest.raises(DomainError, match="not unique"):
        fly(stack=(*stack(), stack()[0]), burns=())
    with pytest.raises(DomainError, match="not in the stack"):
        release(stack=stack(), names=("tug",))


def test_legs_that_do_not_meet_are_refused():
    with pytest.raises(DomainError, match="no leg from LEO to south pole"):
        path_delta_v(nodes=("LEO", "south pole"))


def test_every_leg_is_inside_its_range():
    for edge in edges():
        assert edge.low_m_s <= edge.delta_v_m_s <= edge.high_m_s
        assert edge.source
