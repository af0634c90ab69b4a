"""One delivery by a refilled ship: propellant, tankers, boil-off, gear, oxygen made on site, time.

The ship is filled where it starts, flies the legs of a route, and stays, returns empty or returns
with cargo. Every burn but the first of a leg is made on arrival, so its propellant boils off on
the way.

Neglected: losses of finite burns beyond those inside the speed changes, steering, the ascent
propellant of the launches (it belongs to the price of a launch), staging on the way, aerobraking
other than what the table of legs assumes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.transport import vehicles
from moonbase.transport.edges import Route, node_name, route
from moonbase.transport.tanking import fill_depot, kept_frac
from moonbase.transport.vehicles import Vehicle

STATUS = (
    "delivered",
    "the tank is too small: cut payload or return, or refill on the way",
    "the payload is above what hull or launch admit",
    "boil-off eats what tankers bring: shorten the interval or insulate",
    "a number of the ship or the payload is outside its range: look at the sample",
)
"""What the status code of a draw means."""

_Step = tuple[Real, Real]
"""A burn (m/s), then a coast (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one ship brings and what that takes; arrays in the broadcast shape of the inputs.

    ``propellant_kg`` is aboard at departure and all from Earth; its tanks are ``oxidiser_kg`` and
    ``fuel_kg``. ``return_propellant_kg`` is burnt or held on the way back, of which
    ``local_oxidiser_kg`` is made at the destination and ``carried_return_kg`` brought along.
    ``saved_kg`` is what the oxygen made there saves at departure. ``boil_off_kg`` counts store,
    flight and stay. ``gear_ratio`` is departure mass over payload, ``mass_ratio`` the bare
    exponential. Where ``status`` (an index of ``STATUS``) is not 0, ``payload_kg`` is 0. ``notes``
    says what a reviewer should question.
    """

    route: Route | None
    notes: tuple[str, ...]
    status: npt.NDArray[np.int64]
    payload_kg: Array
    hull_left_kg: Array
    propellant_kg: Array
    oxidiser_kg: Array
    fuel_kg: Array
    return_propellant_kg: Array
    carried_return_kg: Array
    local_oxidiser_kg: Array
    saved_kg: Array
    saved_per_oxidiser_ratio: Array
    oxidiser_break_even_usd_kg: Array
    n_tankers: Array
    n_tankers_whole: Array
    n_launches: Array
    n_launches_whole: Array
    boil_off_kg: Array
    gear_ratio: Array
    propellant_per_payload_ratio: Array
    mass_ratio: Array
    delta_v_m_s: Array
    return_delta_v_m_s: Array
    fill_s: Array
    transit_s: Array
    trip_s: Array


def deliver(
    vehicle: Vehicle | str,
    origin: str = "LEO",
    destination: str = "lunar surface",
    *,
    payload_kg: Real | None = None,
    via: Sequence[str] = (),
    delta_v_m_s: Real | None = None,
    returns: bool = False,
    return_to: str = "Earth entry",
    return_payload_kg: Real = 0.0,
    return_delta_v_m_s: Real | None = None,
    local_oxidiser: bool = False,
    stay_s: Real = 0.0,
    tanker_payload_kg: Real | None = None,
    transfer_loss_frac: Real = 0.0,
    tanker_interval_s: Real = 0.0,
    depot_boil_off_1_day: Real | None = None,
    orbit_usd_kg: Real = np.nan,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Delivery:
    """Deliver cargo with one ship that is filled where it starts.

    Parameters
    ----------
    vehicle : Vehicle or str
        The ship, or the key of a shipped one.
    origin, destination : str
        Nodes or aliases; an origin on Earth means a launch to LEO first.
    payload_kg : float or array, optional
        Cargo, kg; without it the least of hull, launch and tank.
    via : sequence of str
        Nodes between; without them :func:`route` chooses.
    delta_v_m_s, return_delta_v_m_s : float or array, optional
        Speed changes in place of the table's, m/s; made at departure.
    returns : bool
        Whether the ship comes back to ``return_to``.
    return_payload_kg : float or array
        Cargo on the way back, kg.
    local_oxidiser : bool
        Whether the oxidiser of the return is made at the destination and only fuel is carried.
    stay_s : float or array
        Time at the destination, s.
    tanker_payload_kg : float or array, optional
        Propellant that one tanker brings, kg; without it that of the shipped tanker.
    transfer_loss_frac, tanker_interval_s, depot_boil_off_1_day : float or array
        As in :func:`fill_depot`; without a rate the store boils off as the ship does.
    orbit_usd_kg : float or array
        Cost of a kilogram at the origin, USD/kg, for the value of oxygen; nan: not asked.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    Delivery
        Masses in kg, times in s; see its fields.

    Raises
    ------
    DomainError
        When the payload is above hull or launch in every draw, is negative, or a node is unknown.
    InfeasibleError
        When the tank is too small in every draw; the message gives the missing speed change.

    Notes
    -----
    Without boil-off, ``P = (d + m)(R - 1) + r R``, r the residuals; with a return
    ``P_r = (d + m_r)(R_r - 1)`` is landed too. With oxidiser made on site only
    ``P_r / (1 + o)`` is carried, and each kilogram made saves R at departure. In flight the mass
    before a coast is ``(m - d - m_p) / (1 - b)^days + d + m_p``.
    Source: rocket equation; legs of SpaceNet 2.5r2.

    Examples
    --------
    >>> ship = Vehicle(dry_kg=120e3, specific_impulse_s=375.0)
    >>> d = deliver(ship, "LEO", "lunar surface", payload_kg=100e3, tanker_payload_kg=100e3)
    >>> round(float(d.propellant_kg)), round(float(d.n_tankers), 4), float(d.n_tankers_whole)
    (949817, 9.4982, 10.0)
    >>> round(float(d.gear_ratio), 2)
    11.7
    """
    ship = _ship(vehicle)
    trip = _plan(
        origin=origin,
        destination=destination,
        via=via,
        speed=delta_v_m_s,
        returns=returns,
        return_to=return_to,
        return_speed=return_delta_v_m_s,
    )
    engine = _Engine(ship, g0_m_s2)
    loads = _return_loads(engine, trip, return_payload_kg, local_oxidiser, stay_s)
    base = engine.departure(trip.out, loads.aboard)
    slope = engine.before(trip.out, 1.0, 1.0) - 1.0
    cargo, status = _cargo(ship, payload_kg, base, slope, trip.launched)
    propellant = base + slope * cargo
    _complain(engine, status, cargo, propellant, payload_kg)
    filling = fill_depot(
        propellant_kg=propellant,
        tanker_payload_kg=_tanker_load() if tanker_payload_kg is None else tanker_payload_kg,
        transfer_loss_frac=transfer_loss_frac,
        boil_off_1_day=ship.boil_off_1_day
        if depot_boil_off_1_day is None
        else depot_boil_off_1_day,
        tanker_interval_s=tanker_interval_s,
    )
    status = np.where((status == 0) & ~np.isfinite(filling.n_tankers), 3, status)
    saved = engine.departure(trip.out, loads.all_carried) - base
    with np.errstate(divide="ignore", invalid="ignore"):
        per_oxidiser = np.where(loads.made > 0.0, saved / loads.made, np.nan)
    values = {
        "status": status,
        "return_propellant_kg": loads.back,
        "carried_return_kg": loads.carried,
        "local_oxidiser_kg": loads.made,
        "saved_kg": saved,
        "saved_per_oxidiser_ratio": per_oxidiser,
        "oxidiser_break_even_usd_kg": per_oxidiser * orbit_usd_kg,
        "n_tankers": filling.n_tankers,
        "n_tankers_whole": filling.n_tankers_whole,
        "n_launches": filling.n_tankers + trip.launched,
        "n_launches_whole": filling.n_tankers_whole + trip.launched,
        "boil_off_kg": filling.boil_off_kg
        + engine.boiled(trip.out, propellant, cargo)
        + engine.boiled(trip.home, loads.back, return_payload_kg)
        + loads.carried * (1.0 - engine.kept(stay_s)) * trip.returns,
        "delta_v_m_s": trip.speed,
        "return_delta_v_m_s": trip.return_speed,
        "fill_s": filling.fill_s,
        "transit_s": _time(trip.out),
        "trip_s": filling.fill_s + _time(trip.out) + np.asarray(stay_s) + _time(trip.home),
    }
    values |= _per_kilogram(engine, trip, loads, status, cargo, propellant)
    shape = np.broadcast_shapes(*(np.shape(v) for v in values.values()))
    spread = {k: np.broadcast_to(np.asarray(v), shape) for k, v in values.items()}
    return Delivery(route=trip.route, notes=_notes(engine, trip), **spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trip:
    route: Route | None
    out: list[_Step]
    home: list[_Step]
    speed: Real
    return_speed: Real
    launched: bool
    returns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loads:
    """Propellant of the return: at its start, brought, made there; and what is aboard on landing.

    ``all_carried`` is what would be aboard on landing if nothing were made there.
    """

    back: Array
    carried: Array
    made: Array
    aboard: Array
    all_carried: Array


class _Engine:
    """The ship's rocket equation with boil-off."""

    __slots__ = ("dry", "exhaust", "rate", "residual", "ship")

    def __init__(self, ship: Vehicle, g0_m_s2: float) -> None:
        self.ship = ship
        self.exhaust = np.asarray(ship.specific_impulse_s, dtype=np.float64) * g0_m_s2
        self.dry = np.asarray(ship.dry_kg, dtype=np.float64)
        tank = np.where(np.isfinite(ship.tank_kg), ship.tank_kg, 0.0)
        self.residual = np.asarray(ship.residual_frac) * tank
        self.rate = ship.boil_off_1_day

    def kept(self, time_s: Real) -> Array:
        return kept_frac(boil_off_1_day=self.rate, duration_s=time_s)

    def before(self, steps: Sequence[_Step], end: Real, inert: Real) -> Array:
        """Mass before the steps, of which ``inert`` does not boil."""
        mass = np.asarray(end, dtype=np.float64)
        for speed, time_s in reversed(steps):
            mass = (mass - inert) / self.kept(time_s) + inert
            mass = mass * np.exp(np.asarray(speed) / self.exhaust)
        return mass

    def departure(self, steps: Sequence[_Step], aboard: Array) -> Array:
        """Propellant at departure of the empty ship that arrives with some aboard."""
        return self.before(steps, self.dry + aboard, self.dry) - self.dry

    def boiled(self, steps: Sequence[_Step], propellant: Array, payload: Real) -> Array:
        """Propellant that boils off on the way."""
        inert = self.dry + payload
        mass, lost = inert + propellant, np.zeros(())
        for speed, time_s in steps:
            mass = mass / np.exp(np.asarray(speed) / self.exhaust)
            gone = (mass - inert) * (1.0 - self.kept(time_s))
            mass, lost = mass - gone, lost + gone
        return np.asarray(lost)


def _ship(ship: Vehicle | str) -> Vehicle:
    return vehicles.vehicle(name=ship) if isinstance(ship, str) else ship


def _tanker_load() -> Real:
    return vehicles.vehicle(name="tanker").orbit_payload_kg


def _time(steps: Sequence[_Step]) -> Real:
    return sum(float(time_s) for _, time_s in steps)


def _steps(way: Route) -> list[_Step]:
    steps: list[_Step] = []
    for leg in way.legs:
        part = leg.departure_frac
        steps.append((leg.delta_v_m_s * part, leg.duration_s or 0.0))
        if part < 1.0:
            steps.append((leg.delta_v_m_s * (1.0 - part), 0.0))
    return steps


def _way(origin: str, destination: str, via: Sequence[str]) -> Route | None:
    if node_name(origin) == node_name(destination):
        return None
    return route(origin=origin, destination=destination, via=via)


def _plan(
    *,
    origin: str,
    destination: str,
    via: Sequence[str],
    speed: Real | None,
    returns: bool,
    return_to: str,
    return_speed: Real | None,
) -> _Trip:
    start = node_name(origin)
    launched = start in ("KSC", "LEO")
    start = "LEO" if launched else start
    way = _way(start, destination, via) if speed is None else None
    out = _steps(way) if way else []
    home: list[_Step] = []
    if speed is not None:
        out = [(_positive("delta_v_m_s", speed), 0.0)]
    if returns and return_speed is not None:
        home = [(_positive("return_delta_v_m_s", return_speed), 0.0)]
    elif returns:
        back = _way(destination, return_to, ())
        home = _steps(back) if back else []
    return _Trip(
        route=way,
        out=out,
        home=home,
        speed=sum((s for s, _ in out), np.zeros(())),
        return_speed=sum((s for s, _ in home), np.zeros(())),
        launched=launched,
        returns=returns,
    )


def _positive(path: str, value: Real) -> Real:
    if not np.any(np.asarray(value) >= 0.0):
        raise DomainError("must be >= 0 m/s", path=path, hint=f"got {value}")
    return value


def _oxidiser_frac(ship: Vehicle) -> Array:
    ratio = np.asarray(ship.oxidiser_fuel_ratio, dtype=np.float64)
    return ratio / (1.0 + ratio)


def _return_loads(
    engine: _Engine, trip: _Trip, payload: Real, local_oxidiser: bool, stay_s: Real
) -> _Loads:
    zero = np.zeros(())
    if not trip.returns:
        aboard = engine.residual if trip.out else zero
        return _Loads(back=zero, carried=zero, made=zero, aboard=aboard, all_carried=aboard)
    inert = engine.dry + payload
    back = engine.before(trip.home, inert + engine.residual, inert) - inert
    made = back * _oxidiser_frac(engine.ship) if local_oxidiser else zero
    kept = engine.kept(stay_s)
    carried = (back - made) / kept
    return _Loads(
        back=back,
        carried=carried,
        made=made,
        aboard=np.maximum(carried, engine.residual),
        all_carried=np.maximum(back / kept, engine.residual),
    )


def _cargo(
    ship: Vehicle, asked: Real | None, base: Array, slope: Array, launched: bool
) -> tuple[Array, npt.NDArray[np.int64]]:
    """Cargo of the ship and the status of each draw, before tankers are counted."""
    cap = np.minimum(ship.payload_kg, ship.orbit_payload_kg if launched else np.inf)
    tank = np.asarray(ship.tank_kg, dtype=np.float64)
    if asked is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(slope > 0.0, (tank - base) / slope, np.where(base <= tank, np.inf, 0.0))
        cargo = np.maximum(np.minimum(cap, room), 0.0)
        if np.any(np.isinf(cargo)):
            raise DomainError(
                "nothing limits the payload", path="payload_kg", hint="give it, or a tank_kg"
            )
    else:
        cargo = np.asarray(asked, dtype=np.float64)
        if not np.any(cargo >= 0.0):
            raise DomainError("must be >= 0 kg", path="payload_kg", hint=f"got {asked}")
    full = base + slope * cargo > tank * (1.0 + 1e-9)
    status = np.where(full, 1, 0)
    status = np.where(cargo > cap * (1.0 + 1e-9), 2, status)
    return cargo, np.where(ship.sound() & (cargo >= 0.0), status, 4)


def _complain(
    engine: _Engine,
    status: npt.NDArray[np.int64],
    cargo: Array,
    propellant: Array,
    asked: Real | None,
) -> None:
    """Raise when no draw can be flown."""
    if np.all(status == 2):
        raise DomainError(
            f"{np.min(np.asarray(cargo)):.0f} kg is above what hull or launch admit",
            path="payload_kg",
            hint=f"{engine.ship.name} takes {np.max(engine.ship.payload_kg):.0f} kg aboard and "
            f"{np.max(engine.ship.orbit_payload_kg):.0f} kg to orbit",
        )
    if np.all(status == 1):
        inert = engine.dry + cargo
        short = engine.exhaust * np.log((inert + propellant) / (inert + engine.ship.tank_kg))
        raise InfeasibleError(
            f"the tank lacks {np.min(short):.1f} m/s",
            path="vehicle" if asked is None else "payload_kg",
            hint=STATUS[1],
        )


def _notes(engine: _Engine, trip: _Trip) -> tuple[str, ...]:
    notes = []
    if np.any(np.asarray(engine.rate) == 0.0):
        notes.append("boil-off is 0: no store of cryogenic propellant has reached it")
    if trip.route and any(leg.kind == "estimate" for leg in trip.route.legs):
        notes.append("a leg of the route is an estimate")
    return tuple(notes)


def _per_kilogram(
    engine: _Engine,
    trip: _Trip,
    loads: _Loads,
    status: npt.NDArray[np.int64],
    cargo: Array,
    propellant: Array,
) -> dict[str, Real]:
    """Tanks at departure, what stays, and the ratios per kilogram delivered."""
    good = status == 0
    arrived = np.where(good, cargo, 0.0)
    pure_fuel = np.zeros(())
    if np.any(loads.made > 0.0):
        pure_fuel = engine.before([(0.0, time_s) for _, time_s in trip.out], loads.carried, 0.0)
    oxidiser = np.maximum(propellant - pure_fuel, 0.0) * _oxidiser_frac(engine.ship)
    departure = engine.dry + cargo + propellant
    with np.errstate(divide="ignore", invalid="ignore"):
        gear = np.where(arrived > 0.0, departure / arrived, np.inf)
        per_payload = np.where(arrived > 0.0, propellant / arrived, np.inf)
    return {
        "payload_kg": arrived,
        "hull_left_kg": np.where(good & (not trip.returns), engine.dry, 0.0),
        "propellant_kg": propellant,
        "oxidiser_kg": oxidiser,
        "fuel_kg": propellant - oxidiser,
        "gear_ratio": gear,
        "propellant_per_payload_ratio": per_payload,
        "mass_ratio": np.exp(np.asarray(trip.speed) / engine.exhaust),
    }
