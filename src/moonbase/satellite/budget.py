"""What a satellite is made of, and what an announced specific power would leave for each part.

Neglected: scrap and yield in manufacture (the industry's recipes carry them), fasteners and
adhesives, and any change of the split with size beyond that of the mass terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from moonbase.core.arrays import Real
from moonbase.satellite.sizing import SatelliteSize, W_PER_kW

IMPORTED = ("chips", "electronics", "vitamins")
"""Commodities that come from Earth until they are made locally; chips always do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteBudget:
    """Bill of materials by commodity; the fractions of the launched mass sum to 1."""

    bill_frac: dict[str, Real]
    bill_kg: dict[str, Real]
    imported_frac: Real
    imported_kg_kW: Real
    lunar_kg_kW: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedGap:
    """An announced specific power against a mass ledger.

    ``gap_kg_kW`` is the allowance less the ledger, negative where the ledger is too heavy.
    ``left_kg_kW`` is what each item could weigh if all others stayed as they are.
    """

    allowed_kg_kW: Real
    needed_kg_kW: Real
    gap_kg_kW: Real
    left_kg_kW: dict[str, Real]


def budget_satellite(
    *,
    size: SatelliteSize,
    array_motor_frac: Real,
    loop_motor_frac: Real,
    loop_fluid_frac: Real,
    board_frame_frac: Real,
    harness_frac: Real,
    structure_motor_frac: Real,
    terminal_optics_frac: Real,
) -> SatelliteBudget:
    """Split a satellite's mass into the commodities that a factory makes or imports.

    The margin is spread over all commodities in proportion.

    Parameters
    ----------
    size
        The sized satellite; the result has its shape.
    array_motor_frac
        Drives and deployment motors over the array's mass [1]; the rest is photovoltaic blanket.
    loop_motor_frac, loop_fluid_frac
        Pumps, and fluid with seals, over the mass of the coolant loop [1]; the rest is piping.
    board_frame_frac
        Frames and cold plates over the mass of the boards [1]; the rest is electronics.
    harness_frac
        Cable over the mass of the power electronics [1].
    structure_motor_frac
        Hinges, latches and motors over the structure [1].
    terminal_optics_frac
        Optics over the optical terminals [1].

    Returns
    -------
    SatelliteBudget
        Mass fractions [1] and masses [kg] by commodity (sat_pv, radiator, al_parts, wire, motor,
        chips, electronics, vitamins); imported and lunar mass per IT power [kg/kW].

    Notes
    -----
    Commodity names are those of the recipe table. Source: sums over the mass ledger.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> size = SimpleNamespace(array_kg=300.0, radiator_kg=260.0, loop_kg=60.0, chips_kg=20.0,
    ...     boards_kg=400.0, power_electronics_kg=200.0, structure_kg=300.0, shielding_kg=100.0,
    ...     propulsion_kg=40.0, propellant_kg=10.0, terminals_kg=80.0, avionics_kg=50.0,
    ...     battery_kg=0.0, margin_kg=250.0, mass_kg=2000.0, it_power_W=1e5)
    >>> budget = budget_satellite(size=size, array_motor_frac=0.02, loop_motor_frac=0.2,
    ...     loop_fluid_frac=0.4, board_frame_frac=0.4, harness_frac=0.4,
    ...     structure_motor_frac=0.03, terminal_optics_frac=0.3)
    >>> round(sum(budget.bill_frac.values()), 12), round(budget.bill_frac["radiator"], 4)
    (1.0, 0.1143)
    """
    thrusters_kg = size.propulsion_kg - size.propellant_kg
    bare_kg = {
        "sat_pv": size.array_kg * (1.0 - array_motor_frac),
        "radiator": size.radiator_kg - size.loop_kg,
        "al_parts": size.structure_kg * (1.0 - structure_motor_frac)
        + size.shielding_kg
        + size.loop_kg * (1.0 - loop_motor_frac - loop_fluid_frac)
        + size.boards_kg * board_frame_frac,
        "wire": size.power_electronics_kg * harness_frac,
        "motor": size.array_kg * array_motor_frac
        + size.loop_kg * loop_motor_frac
        + size.structure_kg * structure_motor_frac,
        "chips": size.chips_kg,
        "electronics": size.boards_kg * (1.0 - board_frame_frac)
        + size.power_electronics_kg * (1.0 - harness_frac)
        + size.avionics_kg
        + size.terminals_kg * (1.0 - terminal_optics_frac)
        + thrusters_kg,
        "vitamins": size.propellant_kg
        + size.loop_kg * loop_fluid_frac
        + size.terminals_kg * terminal_optics_frac
        + size.battery_kg,
    }
    bare_total_kg = size.mass_kg - size.margin_kg
    bill_frac = {name: kg / bare_total_kg for name, kg in bare_kg.items()}
    imported = sum((bill_frac[name] for name in IMPORTED[1:]), start=bill_frac[IMPORTED[0]])
    specific_kg_kW = W_PER_kW * size.mass_kg / size.it_power_W
    return SatelliteBudget(
        bill_frac=bill_frac,
        bill_kg={name: frac * size.mass_kg for name, frac in bill_frac.items()},
        imported_frac=imported,
        imported_kg_kW=imported * specific_kg_kW,
        lunar_kg_kW=(1.0 - imported) * specific_kg_kW,
    )


def announced_gap(
    *, announced_specific_power_W_kg: Real, ledger_kg_kW: dict[str, Real]
) -> AnnouncedGap:
    """Compare a mass ledger with an announced specific power.

    Parameters
    ----------
    announced_specific_power_W_kg
        Announced IT power over satellite mass [W/kg], any shape.
    ledger_kg_kW
        Mass by term per IT power [kg/kW].

    Returns
    -------
    AnnouncedGap
        Allowance, need, their difference, and what is left for each item [kg/kW].

    Notes
    -----
    Source: the rack alone, 11.3 kg/kW, exceeds the 10 kg/kW of an announced 100 kW/t.

    Examples
    --------
    >>> gap = announced_gap(announced_specific_power_W_kg=100.0,
    ...     ledger_kg_kW={"array": 5.0, "radiator": 4.0})
    >>> gap.gap_kg_kW, gap.left_kg_kW["radiator"]
    (1.0, 5.0)
    """
    allowed = W_PER_kW / announced_specific_power_W_kg
    items = list(ledger_kg_kW.values())
    needed = sum(items[1:], start=items[0])
    gap = allowed - needed
    return AnnouncedGap(
        allowed_kg_kW=allowed,
        needed_kg_kW=needed,
        gap_kg_kW=gap,
        left_kg_kW={name: gap + item for name, item in ledger_kg_kW.items()},
    )
