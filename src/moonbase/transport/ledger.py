"""Mass ledger of a flown mission: burns, staging, docking, transfers, boil-off, line by line.

Stages of a burn fire one after another, each to depletion; the speed change that is left passes to
the next. A stage that runs dry inside a burn leaves at once; the stage that finishes a burn stays
unless the burn says otherwise, and then leaves with its residual propellant.

Neglected: thrust to weight and gravity loss beyond what the given speed changes hold, tank volume,
attitude control between burns. Scalars only: this is an auditable replay, not a sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import exp, inf, log
from typing import Any

from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.transport.missions import element_of, event_of
from moonbase.transport.stack import (
    Burn,
    Coast,
    Create,
    Dock,
    Element,
    Entry,
    Event,
    Flight,
    Move,
    Stage,
    Transfer,
    Undock,
    release,
)

_DROPS_WITHOUT_NOTE_kg = 1e-6
_ROUNDING_m_s = 1e-9


def fly(
    stack: Sequence[Element | Mapping[str, Any]],
    burns: Sequence[Event | Mapping[str, Any]],
    *,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Flight:
    """Fly a stack through its burns and other events and book every kilogram.

    Parameters
    ----------
    stack : sequence of Element
        What starts; names are unique. A mapping with the fields of Element will do.
    burns : sequence of Burn, Stage, Create, Move, Undock, Dock, Transfer or Coast
        In order of time. A mapping will do: its key ``event`` names the class in lower case, and
        may be left out for a burn.
    g0_m_s2 : float
        Gravity that defines specific impulse, m/s2. SpaceNet's tutorials use 9.81.

    Returns
    -------
    Flight
        Stack after the last event (kg), what is parked, and at least one ledger line per event.
        To dock two stacks, add the tuples, or park one and dock it.

    Raises
    ------
    InfeasibleError
        When the stages of a burn run dry first: the message gives the missing speed change. When
        a transfer asks for more than there is or fits.
    DomainError
        When an event names an element that is not there, has no engine or burns another
        propellant; when names repeat.

    Notes
    -----
    ``P = m (1 - exp(-dv / (Isp g0)))`` for each stage of a burn. Stages that fire together have
    ``Isp = sum(thrust) / sum(thrust / Isp)`` until the first runs dry.
    Source: rules and cases of SpaceNet 2.5r2, quick start 1.

    Examples
    --------
    >>> flight = fly(
    ...     stack=(
    ...         Element(name="stage", dry_kg=10.0, propellant_kg=90.0, specific_impulse_s=300.0),
    ...         Element(name="cargo", dry_kg=5.0),
    ...     ),
    ...     burns=(Burn(name="up", delta_v_m_s=3000.0, stages=("stage",), drop_last=True),),
    ... )
    >>> flight.mass_kg
    5.0
    """
    if not g0_m_s2 > 0.0:
        raise DomainError("must be > 0 m/s2", path="g0_m_s2", hint=f"got {g0_m_s2}")
    state = _State(g0_m_s2)
    state.join([element_of(item) for item in stack])
    for item in burns:
        event = event_of(item) if isinstance(item, Mapping) else item
        if type(event) not in _HANDLERS:
            raise DomainError(f"{event!r} is not an event", path="burns")
        _HANDLERS[type(event)](state, event)
    return Flight(
        stack=tuple(state.stack.values()), entries=tuple(state.entries), parked=dict(state.parked)
    )


class _State:
    """The stack in flight, the parked ones, and the ledger so far."""

    __slots__ = ("entries", "g0", "parked", "stack")

    def __init__(self, g0_m_s2: float) -> None:
        self.g0 = g0_m_s2
        self.stack: dict[str, Element] = {}
        self.parked: dict[str, tuple[Element, ...]] = {}
        self.entries: list[Entry] = []

    @property
    def mass(self) -> float:
        return sum(e.mass_kg for e in self.stack.values())

    @property
    def mass_parked(self) -> float:
        return sum(e.mass_kg for group in self.parked.values() for e in group)

    def find(self, name: str) -> Element:
        if name in self.stack:
            return self.stack[name]
        where = [key for key, group in self.parked.items() if any(e.name == name for e in group)]
        raise DomainError(
            f"{name!r} is not in the stack",
            path="stack",
            hint=f"it is parked as {where[0]!r}" if where else f"aboard: {', '.join(self.stack)}",
        )

    def join(self, elements: Iterable[Element]) -> None:
        known = set(self.stack) | {e.name for group in self.parked.values() for e in group}
        for element in elements:
            if element.name in known:
                raise DomainError(f"names are not unique: {element.name!r}", path="stack")
            known.add(element.name)
            self.stack[element.name] = element

    def leave(self, names: Sequence[str]) -> list[Element]:
        for name in names:
            self.find(name)
        kept = {e.name for e in release(stack=tuple(self.stack.values()), names=names)}
        gone = [e for name, e in self.stack.items() if name not in kept]
        for element in gone:
            del self.stack[element.name]
        return gone

    def book(
        self, event: str, name: str, element: str, before: tuple[float, float], **kg: Any
    ) -> None:
        values = {"delta_v_m_s": 0.0, "propellant_kg": 0.0, "dropped_kg": 0.0} | kg
        self.entries.append(
            Entry(
                event=event,
                burn=name,
                stage=element,
                mass_before_kg=before[0],
                parked_before_kg=before[1],
                mass_after_kg=self.mass,
                parked_after_kg=self.mass_parked,
                **values,
            )
        )

    @property
    def masses(self) -> tuple[float, float]:
        return self.mass, self.mass_parked


def _leftover(gone: Iterable[Element]) -> str:
    left = sum(e.propellant_kg + (e.rcs_propellant_kg or 0.0) for e in gone)
    return f"left with {left:.1f} kg of propellant aboard" if left > _DROPS_WITHOUT_NOTE_kg else ""


def _engine(state: _State, burn: Burn, name: str) -> tuple[float, float, bool]:
    """Exhaust speed, usable propellant, and whether it comes from the attitude tank."""
    stage = state.find(name)
    impulse = stage.specific_impulse_s
    if burn.rcs:
        impulse = stage.rcs_specific_impulse_s or impulse
    if impulse <= 0.0:
        raise DomainError(
            f"{name} has no specific impulse", path="stack", hint="give it one in s, > 0"
        )
    own_tank = burn.rcs and stage.rcs_propellant_kg is not None
    tank = stage.rcs_propellant_kg if own_tank else stage.usable_kg(use_reserve=burn.use_reserve)
    return impulse * state.g0, tank or 0.0, own_tank


def _drain(stage: Element, used_kg: float, own_tank: bool) -> Element:
    if own_tank:
        return replace(
            stage, rcs_propellant_kg=max((stage.rcs_propellant_kg or 0.0) - used_kg, 0.0)
        )
    return stage.burnt(used_kg=used_kg)


def _capacity(speed: float, before: float, propellant: float) -> float:
    return speed * log(before / (before - propellant)) if before > propellant else inf


def _burn(state: _State, burn: Burn) -> None:
    if burn.parallel:
        _burn_together(state, burn)
        return
    left_m_s = burn.delta_v_m_s
    for name in burn.stages:
        speed, tank, own_tank = _engine(state, burn, name)
        before = state.masses
        capacity_m_s = _capacity(speed, before[0], tank)
        done = capacity_m_s >= left_m_s - _ROUNDING_m_s
        used = min(before[0] * (1.0 - exp(-left_m_s / speed)), tank) if done else tank
        _fire(state, burn, name, used, own_tank, left_m_s if done else capacity_m_s, done, before)
        if done:
            return
        left_m_s -= capacity_m_s
    _lacks(burn, left_m_s)


def _fire(
    state: _State,
    burn: Burn,
    name: str,
    used: float,
    own_tank: bool,
    gained_m_s: float,
    done: bool,
    before: tuple[float, float],
) -> None:
    """Take the propellant, let the stage go if it must, and write the line."""
    stage = state.find(name)
    ratio = 0.0 if own_tank else stage.oxidiser_fuel_ratio
    state.stack[name] = _drain(stage, used, own_tank)
    gone: list[Element] = []
    if burn.drop_last if done else not burn.keep_empty:
        gone = state.leave((name,))
    state.book(
        "burn",
        burn.name,
        name,
        before,
        delta_v_m_s=gained_m_s,
        propellant_kg=used,
        oxidiser_kg=used * ratio / (1.0 + ratio),
        dropped_kg=sum(e.mass_kg for e in gone),
        note=_leftover(gone),
    )


def _lacks(burn: Burn, left_m_s: float) -> None:
    raise InfeasibleError(
        f"burn {burn.name!r} lacks {left_m_s:.1f} m/s of {burn.delta_v_m_s:.1f} m/s",
        path="burns",
        hint=f"add propellant to {', '.join(burn.stages)}, or cut mass or speed change",
    )


def _burn_together(state: _State, burn: Burn) -> None:
    """Fire all stages at once; each leaves when dry, and the rest go on."""
    left_m_s = burn.delta_v_m_s
    firing = list(burn.stages)
    while firing:
        engines = {name: _engine(state, burn, name)[:2] for name in firing}
        flow = _flows(state, firing, engines)
        total = sum(flow.values())
        speed = sum(flow[n] * engines[n][0] for n in firing) / total if total > 0.0 else 0.0
        time = min((engines[n][1] / flow[n] for n in firing if flow[n] > 0.0), default=0.0)
        before = state.mass
        capacity_m_s = _capacity(speed, before, total * time) if speed > 0.0 else 0.0
        done = speed > 0.0 and capacity_m_s >= left_m_s - _ROUNDING_m_s
        if done:
            time = min(before * (1.0 - exp(-left_m_s / speed)) / total, time)
        gained = left_m_s if done else capacity_m_s
        dry = [n for n in firing if engines[n][1] - flow[n] * time <= 1e-9 * engines[n][1]]
        for n in firing:
            leaves = n in dry and not done
            part = flow[n] * engines[n][0] / (total * speed) if speed > 0.0 else 0.0
            over = replace(burn, keep_empty=burn.keep_empty or not leaves)
            used = engines[n][1] if leaves else flow[n] * time
            _fire(state, over, n, used, False, gained * part, done, state.masses)
        if done:
            return
        left_m_s -= gained
        firing = [n for n in firing if n not in dry]
    _lacks(burn, left_m_s)


def _flows(
    state: _State, firing: list[str], engines: dict[str, tuple[float, float]]
) -> dict[str, float]:
    thrusts = {n: state.find(n).thrust_N for n in firing}
    if all(t > 0.0 for t in thrusts.values()):
        return {n: thrusts[n] / engines[n][0] if engines[n][1] > 0.0 else 0.0 for n in firing}
    if any(t > 0.0 for t in thrusts.values()):
        raise DomainError(
            "some stages that fire together have no thrust",
            path="stack",
            hint="give thrust_N to all of them, or to none",
        )
    return {n: engines[n][1] for n in firing}


def _stage(state: _State, event: Stage) -> None:
    before = state.masses
    gone = state.leave(event.elements)
    dropped = sum(e.mass_kg for e in gone)
    names = ", ".join(event.elements)
    state.book("stage", event.name, names, before, dropped_kg=dropped, note=_leftover(gone))


def _create(state: _State, event: Create) -> None:
    before = state.masses
    state.join(event.elements)
    added = sum(e.mass_kg for e in event.elements)
    state.book(
        "create", event.name, ", ".join(e.name for e in event.elements), before, added_kg=added
    )


def _move(state: _State, event: Move) -> None:
    state.find(event.to)
    for name in event.elements:
        state.stack[name] = replace(state.find(name), leaves_with=event.to)
    state.book("move", event.name, ", ".join(event.elements), state.masses)


def _undock(state: _State, event: Undock) -> None:
    if event.parked in state.parked:
        raise DomainError(f"{event.parked!r} is parked already", path=event.name)
    before = state.masses
    state.parked[event.parked] = tuple(state.leave(event.elements))
    state.book("undock", event.name, ", ".join(event.elements), before)


def _dock(state: _State, event: Dock) -> None:
    if event.parked not in state.parked:
        raise DomainError(
            f"nothing is parked as {event.parked!r}",
            path=event.name,
            hint=f"parked: {', '.join(state.parked) or 'nothing'}",
        )
    before = state.masses
    state.join(state.parked.pop(event.parked))
    state.book("dock", event.name, event.parked, before)


def _transfer(state: _State, event: Transfer) -> None:
    before = state.masses
    target = state.find(event.target)
    source = state.find(event.source) if event.source else None
    if source is target:
        raise DomainError("source and target are one element", path=event.name)
    if source and source.propellant and target.propellant not in ("", source.propellant):
        raise DomainError(
            f"{source.propellant} does not go into a tank of {target.propellant}", path=event.name
        )
    room = (target.tank_kg - target.propellant_kg) / (1.0 - event.loss_frac)
    oxidiser_share = _content_share(event, source or target)
    has = inf if source is None else _available(event, source)
    asked = min(has, room) if event.propellant_kg is None else event.propellant_kg
    if asked > has * (1.0 + 1e-12):
        raise InfeasibleError(
            f"{event.source} lacks {asked - has:.1f} kg", path=event.name, hint=f"it has {has:.1f}"
        )
    if asked > room * (1.0 + 1e-12):
        raise InfeasibleError(
            f"{event.target} lacks room for {asked - room:.1f} kg",
            path=event.name,
            hint="send less",
        )
    oxidiser, fuel = asked * oxidiser_share, asked * (1.0 - oxidiser_share)
    if source is not None:
        state.stack[source.name] = _pour(source, -oxidiser, -fuel)
    kept = 1.0 - event.loss_frac
    state.stack[target.name] = _pour(target, oxidiser * kept, fuel * kept)
    state.book(
        "transfer",
        event.name,
        event.target,
        before,
        added_kg=0.0 if source else asked,
        lost_kg=asked * event.loss_frac,
    )


def _content_share(event: Transfer, giver: Element) -> float:
    if event.content == "both":
        if giver.name != event.target and giver.propellant_kg > 0.0:
            return giver.oxidiser_aboard_kg / giver.propellant_kg
        return giver.oxidiser_fuel_ratio / (1.0 + giver.oxidiser_fuel_ratio)
    if giver.oxidiser_fuel_ratio == 0.0:
        raise DomainError(
            f"{giver.name} has one tank", path=event.name, hint="give it oxidiser_fuel_ratio"
        )
    return 1.0 if event.content == "oxidiser" else 0.0


def _available(event: Transfer, source: Element) -> float:
    held = source.residual_kg + source.reserve_kg
    if event.content == "both":
        return max(source.propellant_kg - held, 0.0)
    part = source.oxidiser_aboard_kg if event.content == "oxidiser" else source.fuel_aboard_kg
    return min(part, max(source.propellant_kg - held, 0.0))


def _pour(element: Element, oxidiser: float, fuel: float) -> Element:
    if element.oxidiser_fuel_ratio == 0.0:
        return replace(element, propellant_kg=max(element.propellant_kg + oxidiser + fuel, 0.0))
    return element.with_tanks(
        oxidiser_kg=max(element.oxidiser_aboard_kg + oxidiser, 0.0),
        fuel_kg=max(element.fuel_aboard_kg + fuel, 0.0),
    )


def _coast(state: _State, event: Coast) -> None:
    before = state.masses
    for name, element in state.stack.items():
        state.stack[name] = element.after_coast(duration_s=event.duration_s)
    for key, group in state.parked.items():
        state.parked[key] = tuple(e.after_coast(duration_s=event.duration_s) for e in group)
    lost = sum(before) - sum(state.masses)
    state.book("coast", event.name, "", before, lost_kg=lost)


_HANDLERS: dict[type[Any], Callable[[_State, Any], None]] = {
    Burn: _burn,
    Stage: _stage,
    Create: _create,
    Move: _move,
    Undock: _undock,
    Dock: _dock,
    Transfer: _transfer,
    Coast: _coast,
}
