"""Conservation and monotonicity of the transport chain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moonbase.core.errors import InfeasibleError
from moonbase.transport.ledger import fly
from moonbase.transport.rocket import rocket_propellant
from moonbase.transport.stack import Burn, Element

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
