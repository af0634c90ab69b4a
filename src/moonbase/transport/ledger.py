"""Mass ledger of one flown stack: burns in series, staging, what is left in every tank.

Stages of a burn fire one after another, each to depletion; the speed change that is left passes to
the next. A stage that runs dry inside a burn leaves at once; the stage that finishes a burn stays
unless the burn says otherwise, and then leaves with its residual propellant.

Neglected: parallel staging, thrust to weight, tank volume, boil-off. Scalars only: this is an
auditable replay, not a sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log

from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError, InfeasibleError


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A piece of a stack. ``leaves_with`` names the stage whose departure takes it along."""

    name: str
    dry_kg: float
    propellant_kg: float = 0.0
    specific_impulse_s: float = 0.0
    leaves_with: str = ""

    @property
    def mass_kg(self) -> float:
        """Dry mass plus propellant, kg."""
        return self.dry_kg + self.propellant_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A speed change given by the named stages, in their order."""

    name: str
    delta_v_m_s: float
    stages: tuple[str, ...]
    drop_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger: what one stage did in one burn."""

    burn: str
    stage: str
    delta_v_m_s: float
    propellant_kg: float
    mass_before_kg: float
    mass_after_kg: float
    dropped_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The stack after the last burn, and the ledger."""

    stack: tuple[Element, ...]
    entries: tuple[Entry, ...]

    @property
    def mass_kg(self) -> float:
        """Mass of what is left of the stack, kg."""
        return sum(e.mass_kg for e in self.stack)


def release(*, stack: Sequence[Element], names: Sequence[str]) -> tuple[Element, ...]:
    """Stack without the named elements and those that leave with them.

    Parameters
    ----------
    stack : sequence of Element
        The stack before.
    names : sequence of str
        What is released.

    Returns
    -------
    tuple of Element
        The stack after.

    Raises
    ------
    DomainError
        When a name is not in the stack.

    Examples
    --------
    >>> pair = (Element(name="a", dry_kg=1.0), Element(name="b", dry_kg=2.0, leaves_with="a"))
    >>> release(stack=pair, names=("a",))
    ()
    """
    for name in names:
        _find(stack, name)
    return tuple(e for e in stack if e.name not in names and e.leaves_with not in names)


def fly(
    *,
    stack: Sequence[Element],
    burns: Sequence[Burn],
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Flight:
    """Fly a stack through its burns and book every kilogram.

    Parameters
    ----------
    stack : sequence of Element
        What starts; names are unique.
    burns : sequence of Burn
        In order of time.
    g0_m_s2 : float
        Gravity that defines specific impulse, m/s2. SpaceNet's tutorials use 9.81.

    Returns
    -------
    Flight
        Stack after the last burn (kg) and one ledger entry per stage and burn. To dock two
        stacks, add the tuples.

    Raises
    ------
    InfeasibleError
        When the stages of a burn run dry first; the message gives the missing speed change.
    DomainError
        When a burn names a stage that is not there or has no engine.

    Notes
    -----
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
    names = [e.name for e in stack]
    if len(set(names)) != len(names):
        raise DomainError(f"names are not unique: {sorted(names)}", path="stack")
    now = tuple(stack)
    entries: list[Entry] = []
    for burn in burns:
        now = _burn(now, burn, g0_m_s2, entries)
    return Flight(stack=now, entries=tuple(entries))


def _burn(
    stack: tuple[Element, ...], burn: Burn, g0_m_s2: float, entries: list[Entry]
) -> tuple[Element, ...]:
    left_m_s = burn.delta_v_m_s
    for name in burn.stages:
        stage = _find(stack, name)
        if stage.specific_impulse_s <= 0.0:
            raise DomainError(
                f"{name} has no specific impulse", path="stack", hint="give it one in s, > 0"
            )
        speed = stage.specific_impulse_s * g0_m_s2
        before = sum(e.mass_kg for e in stack)
        capacity_m_s = speed * log(before / (before - stage.propellant_kg))
        done = capacity_m_s >= left_m_s
        used = before * (1.0 - exp(-left_m_s / speed)) if done else stage.propellant_kg
        spent = replace(stage, propellant_kg=stage.propellant_kg - used)
        after = tuple(spent if e.name == name else e for e in stack)
        stack = after if done and not burn.drop_last else release(stack=after, names=(name,))
        left = sum(e.mass_kg for e in stack)
        entries.append(
            Entry(
                burn=burn.name,
                stage=name,
                delta_v_m_s=left_m_s if done else capacity_m_s,
                propellant_kg=used,
                mass_before_kg=before,
                mass_after_kg=left,
                dropped_kg=before - used - left,
            )
        )
        if done:
            return stack
        left_m_s -= capacity_m_s
    raise InfeasibleError(
        f"burn {burn.name!r} lacks {left_m_s:.1f} m/s of {burn.delta_v_m_s:.1f} m/s",
        path="burns",
        hint=f"add propellant to {', '.join(burn.stages)}, or cut mass or speed change",
    )


def _find(stack: Sequence[Element], name: str) -> Element:
    for element in stack:
        if element.name == name:
            return element
    raise DomainError(
        f"{name!r} is not in the stack",
        path="stack",
        hint=f"aboard: {', '.join(e.name for e in stack)}",
    )
