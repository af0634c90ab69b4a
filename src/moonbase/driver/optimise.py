"""The cheapest line for a stream of payloads, with the limits of the section design kept.

Neglected: economies of scale, rates of interest, and everything beyond the line: its power supply
enters by the energy of a shot alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.driver._checks import _positive
from moonbase.driver.design import LIMITS, DriverDesign, broken_limits, design_driver
from moonbase.driver.specs import CoilSpec, DriveSpec, SledSpec

_PENALTY = 10.0
_NEVER = 1e30


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCost:
    """What a line costs to stand and to run, in any one money; scalars.

    Per mass of winding, frame, feeder and sled, per metre of guideway, per rating of
    converters and of selector switches, per joule drawn from the bus for one shot (store, array
    and radiator follow it).
    """

    winding_usd_kg: float
    frame_usd_kg: float
    feeder_usd_kg: float
    guideway_usd_m: float
    converter_usd_VA: float
    selector_usd_VA: float
    shot_usd_J: float
    sled_usd_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """The cheapest line found: its choices, its design, its cost by item, and what limits it."""

    choices: dict[str, float]
    design: DriverDesign
    cost_usd: dict[str, float]
    total_usd: float
    start_usd: float
    tight: list[str]
    n_designs: int


def line_cost(*, design: DriverDesign, cost: LineCost, n_sleds: Real) -> dict[str, Array]:
    r"""Cost of one line by item.

    Parameters
    ----------
    design
        What :func:`moonbase.driver.design.design_driver` returned.
    cost
        Unit costs.
    n_sleds
        Sleds of the line (draw).

    Returns
    -------
    dict
        Item to cost in the money of the unit costs (draw). The power item prices the energy that
        one shot draws from the bus, :math:`E_k / \eta - \eta_r E_{k,s}`.

    Notes
    -----
    Source: sum over the parts of NASA SP-428 (1979) part III-3.

    Examples
    --------
    See :func:`optimise_driver`.
    """
    kinetic = design.launch_J["kinetic"]
    back = design.regeneration_frac * design.brake_J["kinetic"]
    drawn = kinetic / design.efficiency_frac - back
    length = design.track.length_m + design.brake.length_m
    return {
        "windings": cost.winding_usd_kg * design.winding_kg,
        "frames": cost.frame_usd_kg * design.frame_kg,
        "feeders": cost.feeder_usd_kg * design.feeder_kg,
        "guideway": cost.guideway_usd_m * length,
        "converters": cost.converter_usd_VA * design.converter_VA,
        "selectors": cost.selector_usd_VA * design.selector_VA,
        "power": cost.shot_usd_J * drawn,
        "sleds": cost.sled_usd_kg * design.sled_kg * n_sleds,
    }


def optimise_driver(
    *,
    payload_kg: float,
    muzzle_speed_m_s: float,
    acceleration_m_s2: float,
    deceleration_m_s2: float,
    throughput_kg_s: float,
    sled_loop_s: float,
    sled: SledSpec,
    coil: CoilSpec,
    drive: DriveSpec,
    cost: LineCost,
    bounds: Mapping[str, tuple[float, float]],
    seed: int = 0,
    n_generations: int = 60,
) -> Optimum:
    """Find the cheapest line that throws a stream of payloads and keeps every limit.

    Parameters
    ----------
    payload_kg, muzzle_speed_m_s, acceleration_m_s2, deceleration_m_s2
        The line to start from, SI.
    throughput_kg_s
        Payload a second while the line fires, kg/s; with the payload it sets the cadence.
    sled_loop_s
        Round trip of a sled, s.
    sled, coil, drive
        The design to start from; scalars.
    cost
        Unit costs.
    bounds
        What may be chosen and within what bounds: ``payload_kg``, ``acceleration_m_s2``,
        ``deceleration_m_s2`` or the name of a number of one of the three specs. Lengths of the
        window scale with nothing: coil pitch and length must be given if they are to follow.
    seed, n_generations
        Of the differential evolution.

    Returns
    -------
    Optimum
        Choices, design, cost by item and in total, cost of the start (nan where the start breaks
        a limit), and the limits within 2 % of which the optimum lies.

    Raises
    ------
    DomainError
        A bound names nothing that can be chosen, or is no interval.
    InfeasibleError
        No design within the bounds keeps the limits.

    Notes
    -----
    Differential evolution on one array axis from the start and random points, so that the result
    costs no more than a start that lies within the bounds and keeps the limits. A broken limit
    costs its excess times ten times the cost. The least cost of length against power alone is
    :func:`moonbase.driver.sizing.optimal_acceleration`.

    Source: Storn and Price (1997), doi:10.1023/A:1008202821328, as in scipy.

    Examples
    --------
    See :mod:`moonbase.api`.
    """
    from scipy.optimize import differential_evolution

    start = {
        "payload_kg": payload_kg,
        "acceleration_m_s2": acceleration_m_s2,
        "deceleration_m_s2": deceleration_m_s2,
    }
    specs: dict[str, Any] = {"sled": sled, "coil": coil, "drive": drive}
    owner = {field.name: key for key, spec in specs.items() for field in fields(spec)}
    _check_bounds(bounds, [*start, *owner])
    throughput, loop_s = (
        float(_positive("throughput_kg_s", throughput_kg_s)),
        float(_positive("sled_loop_s", sled_loop_s)),
    )
    n_designs = 0

    def build(point: Array) -> tuple[DriverDesign, dict[str, Array]]:
        nonlocal n_designs
        chosen: dict[str, Any] = dict(zip(bounds, point, strict=True))
        n_designs += point.shape[1]
        line = {key: chosen.get(key, value) for key, value in start.items()}
        changed: dict[str, Any] = {
            key: replace(spec, **{name: chosen[name] for name in chosen if owner.get(name) == key})
            for key, spec in specs.items()
        }
        cadence = np.asarray(line["payload_kg"]) / throughput
        design = design_driver(
            **line, **changed, muzzle_speed_m_s=muzzle_speed_m_s, cadence_s=cadence
        )
        n_sleds = np.maximum(loop_s / cadence, 1.0)
        return design, line_cost(design=design, cost=cost, n_sleds=n_sleds)

    def objective(point: Array) -> Array:
        design, items = build(point)
        excess = sum(np.maximum(ratio - 1.0, 0.0) for ratio in design.limit_ratio.values())
        priced = sum(items.values()) * (1.0 + _PENALTY * excess)
        return np.where(np.isfinite(priced), priced, _NEVER)

    low, high = np.transpose([bounds[name] for name in bounds])
    given = np.array([_start(name, start, specs, owner) for name in bounds])
    found = differential_evolution(
        objective,
        list(zip(low, high, strict=True)),
        x0=np.clip(given, low, high),
        seed=seed,
        maxiter=n_generations,
        popsize=16,
        tol=1e-8,
        vectorized=True,
        updating="deferred",
        polish=False,
    )
    best, items = build(found.x[:, None])
    if not best.is_feasible[0]:
        raise InfeasibleError(
            "; ".join(broken_limits(best)), path="bounds", hint="widen the bounds"
        )
    first, first_items = build(given[:, None])
    priced = {key: float(np.ravel(value)[0]) for key, value in items.items()}
    return Optimum(
        choices={name: float(value) for name, value in zip(bounds, found.x, strict=True)},
        design=best,
        cost_usd=priced,
        total_usd=sum(priced.values()),
        start_usd=float(np.ravel(sum(first_items.values()))[0])
        if first.is_feasible[0]
        else float("nan"),
        tight=[name for name in LIMITS if best.limit_ratio[name][0] > 0.98],
        n_designs=n_designs,
    )


def _check_bounds(bounds: Mapping[str, tuple[float, float]], known: Sequence[str]) -> None:
    if not bounds:
        raise DomainError("nothing to choose", path="bounds", hint=f"some of {', '.join(known)}")
    for name, (low, high) in bounds.items():
        if name not in known:
            raise DomainError("cannot be chosen", path=name, hint=f"one of {', '.join(known)}")
        if not 0.0 < low < high < np.inf:
            raise DomainError(
                f"bounds {low} and {high} are no interval", path=name, hint="0 < low < high"
            )


def _start(
    name: str, line: Mapping[str, float], specs: Mapping[str, Any], owner: Mapping[str, str]
) -> float:
    value = line[name] if name in line else getattr(specs[owner[name]], name)
    return float(np.asarray(value).ravel()[0])
