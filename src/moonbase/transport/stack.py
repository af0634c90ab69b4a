"""Pieces of a stack, what can happen to them, and the lines that book it.

Neglected: tank volume, thrust to weight, throttling; propellant that settles or freezes. Boil-off
is a share of what is aboard, whatever the fill; a tank of the attitude system does not boil.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

from moonbase.core.constants import DAY_s
from moonbase.core.errors import DomainError

CONTENTS = ("both", "oxidiser", "fuel")
"""What a transfer moves."""
_AT_LEAST_ZERO = (
    "dry_kg",
    "propellant_kg",
    "specific_impulse_s",
    "rcs_specific_impulse_s",
    "oxidiser_fuel_ratio",
    "residual_kg",
    "reserve_kg",
    "thrust_N",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A piece of a stack: stage, vehicle, crew, cargo.

    ``leaves_with`` names the element that carries this one, or whose departure takes it along.
    ``propellant_kg`` is all that the main tanks hold; ``oxidiser_kg`` the part of it that is
    oxidiser (none: in the proportion that the engine burns). ``oxidiser_fuel_ratio`` 0 means one
    tank. ``rcs_propellant_kg`` is the tank of the attitude thrusters (none: they draw on the main
    tank). ``residual_kg`` can never be burnt; ``reserve_kg`` only by a burn that says so.
    ``fuel_boil_off_1_day`` differs from ``boil_off_1_day`` where the fuel boils at its own rate.
    ``thrust_N`` splits the flow of stages that fire together (0: in proportion to propellant).
    """

    name: str
    dry_kg: float
    propellant_kg: float = 0.0
    specific_impulse_s: float = 0.0
    leaves_with: str = ""
    rcs_propellant_kg: float | None = None
    rcs_specific_impulse_s: float = 0.0
    propellant: str = ""
    oxidiser_fuel_ratio: float = 0.0
    oxidiser_kg: float | None = None
    tank_kg: float = inf
    residual_kg: float = 0.0
    reserve_kg: float = 0.0
    boil_off_1_day: float = 0.0
    fuel_boil_off_1_day: float | None = None
    thrust_N: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that are no element."""
        for key in _AT_LEAST_ZERO:
            if not 0.0 <= getattr(self, key) < inf:
                self._refuse(key, "must be >= 0")
        if not (
            0.0 <= self.boil_off_1_day < 1.0 and 0.0 <= (self.fuel_boil_off_1_day or 0.0) < 1.0
        ):
            self._refuse("boil_off_1_day", "must be in [0, 1)")
        if not 0.0 <= (self.rcs_propellant_kg or 0.0) < inf:
            self._refuse("rcs_propellant_kg", "must be >= 0")
        if not self.propellant_kg <= self.tank_kg * (1.0 + 1e-9):
            self._refuse("propellant_kg", f"must be <= tank_kg, {self.tank_kg}")
        if self.oxidiser_kg is not None:
            if not 0.0 <= self.oxidiser_kg <= self.propellant_kg * (1.0 + 1e-9):
                self._refuse("oxidiser_kg", "must be in [0, propellant_kg]")
            if self.oxidiser_fuel_ratio == 0.0:
                self._refuse("oxidiser_fuel_ratio", "must be > 0 where oxidiser_kg is given")

    def _refuse(self, key: str, message: str) -> None:
        raise DomainError(message, path=f"{self.name}.{key}", hint=f"got {getattr(self, key)}")

    @property
    def mass_kg(self) -> float:
        """Dry mass plus all propellant, kg."""
        return self.dry_kg + self.propellant_kg + (self.rcs_propellant_kg or 0.0)

    @property
    def oxidiser_aboard_kg(self) -> float:
        """Oxidiser in the main tanks, kg; 0 with one tank."""
        if self.oxidiser_kg is not None:
            return self.oxidiser_kg
        ratio = self.oxidiser_fuel_ratio
        return self.propellant_kg * ratio / (1.0 + ratio)

    @property
    def fuel_aboard_kg(self) -> float:
        """Fuel in the main tanks, kg; all of it with one tank."""
        return self.propellant_kg - self.oxidiser_aboard_kg

    def usable_kg(self, *, use_reserve: bool = False) -> float:
        """Main propellant that a burn may take, kg: the scarcer tank of the two sets it."""
        free = self.propellant_kg
        if self.oxidiser_kg is not None:
            ratio = self.oxidiser_fuel_ratio
            balanced = min(self.oxidiser_kg / ratio, self.fuel_aboard_kg) * (1.0 + ratio)
            free = min(free, balanced)
        held = self.residual_kg + (0.0 if use_reserve else self.reserve_kg)
        return max(min(free, self.propellant_kg - held), 0.0)

    def with_tanks(self, *, oxidiser_kg: float, fuel_kg: float) -> Element:
        """Same element with other amounts in its main tanks."""
        if self.oxidiser_fuel_ratio == 0.0:
            return replace(self, propellant_kg=oxidiser_kg + fuel_kg)
        return replace(self, propellant_kg=oxidiser_kg + fuel_kg, oxidiser_kg=oxidiser_kg)

    def burnt(self, *, used_kg: float) -> Element:
        """Same element after its engine took propellant at its ratio."""
        left = max(self.propellant_kg - used_kg, 0.0)
        if self.oxidiser_kg is None:
            return replace(self, propellant_kg=left)
        share = self.oxidiser_fuel_ratio / (1.0 + self.oxidiser_fuel_ratio)
        oxidiser = min(max(self.oxidiser_kg - used_kg * share, 0.0), left)
        return replace(self, propellant_kg=left, oxidiser_kg=oxidiser)

    def after_coast(self, *, duration_s: float) -> Element:
        """Same element after boil-off."""
        days = duration_s / DAY_s
        kept = (1.0 - self.boil_off_1_day) ** days
        if self.fuel_boil_off_1_day is None or self.oxidiser_fuel_ratio == 0.0:
            oxidiser = None if self.oxidiser_kg is None else self.oxidiser_kg * kept
            return replace(self, propellant_kg=self.propellant_kg * kept, oxidiser_kg=oxidiser)
        fuel = self.fuel_aboard_kg * (1.0 - self.fuel_boil_off_1_day) ** days
        return self.with_tanks(oxidiser_kg=self.oxidiser_aboard_kg * kept, fuel_kg=fuel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A speed change given by the named stages: one after another, or together if ``parallel``.

    A stage that runs dry inside the burn leaves at once unless ``keep_empty``; the one that ends
    the burn leaves if ``drop_last``. ``rcs`` uses the attitude thrusters.
    """

    name: str
    delta_v_m_s: float
    stages: tuple[str, ...]
    drop_last: bool = False
    rcs: bool = False
    parallel: bool = False
    keep_empty: bool = False
    use_reserve: bool = False

    def __post_init__(self) -> None:
        """Refuse a burn that no engine can make."""
        if not (isfinite(self.delta_v_m_s) and self.delta_v_m_s >= 0.0):
            raise DomainError("must be >= 0 m/s", path=f"{self.name}.delta_v_m_s")
        if not self.stages:
            raise DomainError("names no stage", path=f"{self.name}.stages")
        if self.parallel and self.rcs:
            raise DomainError(
                "attitude thrusters fire in series", path=self.name, hint="drop parallel or rcs"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Elements leave for good, with what they carry and what is left in their tanks."""

    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Elements join from outside: a second launch, crew, cargo, samples."""

    name: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Elements change their carrier: crew and samples between docked vehicles."""

    name: str
    elements: tuple[str, ...]
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undock:
    """Elements stay behind as the parked stack ``parked``, with what they carry."""

    name: str
    elements: tuple[str, ...]
    parked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dock:
    """A parked stack joins again."""

    name: str
    parked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Propellant goes from one element to another; an empty ``source`` is a supply outside.

    ``propellant_kg`` is what leaves the source (none: all that is usable, as far as the target
    has room); ``loss_frac`` of it never arrives. ``content`` is one of ``CONTENTS``.
    """

    name: str
    target: str
    source: str = ""
    propellant_kg: float | None = None
    content: str = "both"
    loss_frac: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a transfer that cannot be booked."""
        if self.content not in CONTENTS:
            raise DomainError(
                f"{self.content!r} is not known",
                path=f"{self.name}.content",
                hint=f"one of: {', '.join(CONTENTS)}",
            )
        if not 0.0 <= self.loss_frac < 1.0:
            raise DomainError("must be in [0, 1)", path=f"{self.name}.loss_frac")
        if (self.propellant_kg or 0.0) < 0.0 or not isfinite(self.propellant_kg or 0.0):
            raise DomainError("must be >= 0 kg", path=f"{self.name}.propellant_kg")
        if not self.source and self.propellant_kg is None:
            raise DomainError(
                "an outside supply needs its mass", path=self.name, hint="give propellant_kg"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coast:
    """Time passes and tanks boil, in the flying stack and in the parked ones."""

    name: str
    duration_s: float

    def __post_init__(self) -> None:
        """Refuse time that runs backwards."""
        if not (isfinite(self.duration_s) and self.duration_s >= 0.0):
            raise DomainError("must be >= 0 s", path=f"{self.name}.duration_s")


Event = Burn | Stage | Create | Move | Undock | Dock | Transfer | Coast


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger.

    ``burn`` is the event's name and ``stage`` the element concerned. In every line, flying plus
    parked mass after = before + ``added_kg`` - ``propellant_kg`` (burnt) - ``dropped_kg`` -
    ``lost_kg`` (boiled off, lost in transfer).
    """

    burn: str
    stage: str
    delta_v_m_s: float
    propellant_kg: float
    mass_before_kg: float
    mass_after_kg: float
    dropped_kg: float
    event: str = "burn"
    oxidiser_kg: float = 0.0
    added_kg: float = 0.0
    lost_kg: float = 0.0
    parked_before_kg: float = 0.0
    parked_after_kg: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The stack after the last event, what is parked, and the ledger."""

    stack: tuple[Element, ...]
    entries: tuple[Entry, ...]
    parked: dict[str, tuple[Element, ...]]

    @property
    def mass_kg(self) -> float:
        """Mass of what is left of the stack, kg."""
        return sum(e.mass_kg for e in self.stack)

    @property
    def notes(self) -> tuple[str, ...]:
        """What an engineer should look at: stages dropped with propellant aboard, idle events."""
        return tuple(f"{e.burn}: {e.note}" for e in self.entries if e.note)

    def mass_after_kg(self, *, event: str) -> float:
        """Flying mass after the last line of the named event, kg."""
        for entry in reversed(self.entries):
            if entry.burn == event:
                return entry.mass_after_kg
        raise DomainError(f"no event {event!r}", path="event")

    def element(self, *, name: str) -> Element:
        """An element as it is at the end, flying or parked."""
        for group in (self.stack, *self.parked.values()):
            for item in group:
                if item.name == name:
                    return item
        raise DomainError(f"{name!r} has left", path="name")


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
        The stack after. What an element carries leaves with it, at every depth.

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
    aboard = {e.name for e in stack}
    for name in names:
        if name not in aboard:
            raise DomainError(
                f"{name!r} is not in the stack",
                path="stack",
                hint=f"aboard: {', '.join(e.name for e in stack)}",
            )
    gone = set(names)
    while more := {e.name for e in stack if e.leaves_with in gone} - gone:
        gone |= more
    return tuple(e for e in stack if e.name not in gone)
