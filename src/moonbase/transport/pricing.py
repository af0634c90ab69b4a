"""What a kilogram costs at each node, what is asked for it, and the energy behind it.

Cost is what the operator spends: launches by Wright's law with a floor, and hulls. Price is what a
customer pays; the two never share a field.

Neglected: capital tied up during the trip, insurance, ground crew apart from what the cost of a
launch holds, discounts for volume. The energy is the heat of combustion of what is burnt, not the
energy that made it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError
from moonbase.transport.delivery import deliver
from moonbase.transport.edges import node_name
from moonbase.transport.edges import nodes as all_nodes
from moonbase.transport.flights import landing_cost_usd_kg, launch_cost
from moonbase.transport.vehicles import Vehicle
from moonbase.transport.vehicles import vehicle as shipped

_FOLDER = "data/transport"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPrice:
    """A price that somebody asks, with its source."""

    provider: str
    destination: str
    price_usd_kg: float
    price_year: float
    kind: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Propellant:
    """A pair of propellants. ``heat_J_kg`` is the lower heat of combustion of a kg of fuel."""

    propellant: str
    fuel: str
    oxidiser_fuel_ratio: float
    stoichiometric_ratio: float
    heat_J_kg: float
    kind: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Cost, price and energy by node. ``nodes`` is the first axis, draws the last one.

    ``launch_*`` are for one launch and have no node axis. Where nothing can be delivered,
    ``payload_kg`` is 0 and costs are inf.
    """

    nodes: tuple[str, ...]
    launch_cost_usd: Array
    launch_price_usd: Array
    payload_kg: Array
    n_launches: Array
    cost_usd_kg: Array
    price_usd_kg: Array
    energy_J_kg: Array

    def at(self, *, node: str) -> int:
        """Place of a node on the first axis."""
        return self.nodes.index(node_name(node))


@cache
def list_prices() -> tuple[ListPrice, ...]:
    """Asking prices per kilogram that have been published.

    Returns
    -------
    tuple of ListPrice
        USD/kg of the stated year. Asking prices are not costs.

    Examples
    --------
    >>> [p.price_usd_kg for p in list_prices() if p.provider == "astrobotic"]
    [1200000.0]
    """
    return tuple(
        ListPrice(**row | {k: float(row[k]) for k in ("price_usd_kg", "price_year")})  # type: ignore[arg-type]
        for row in _rows("list_prices.csv")
    )


@cache
def propellants() -> tuple[Propellant, ...]:
    """Propellant pairs of the shipped table.

    Returns
    -------
    tuple of Propellant
        Ratios by mass, heat in J per kg of fuel.

    Examples
    --------
    >>> [p.propellant for p in propellants()]
    ['methalox', 'hydrolox']
    """
    numbers = ("oxidiser_fuel_ratio", "stoichiometric_ratio", "heat_J_kg")
    return tuple(
        Propellant(**row | {k: float(row[k]) for k in numbers})  # type: ignore[arg-type]
        for row in _rows("propellants.csv")
    )


def propellant_heat_J_kg(*, propellant: str, oxidiser_fuel_ratio: Real | None = None) -> Array:
    """Heat of combustion of a kilogram of oxidiser and fuel together.

    Parameters
    ----------
    propellant : str
        ``"methalox"`` or ``"hydrolox"``.
    oxidiser_fuel_ratio : float or array, optional
        By mass; without it that of the table.

    Returns
    -------
    array
        ``h min(1, o / o_st) / (1 + o)``, J/kg: fuel beyond what the oxidiser burns gives none.

    Raises
    ------
    DomainError
        When there is no such pair.

    Examples
    --------
    >>> round(float(propellant_heat_J_kg(propellant="methalox")) / 1e6, 2)
    9.81
    """
    found = [p for p in propellants() if p.propellant == propellant]
    if not found:
        names = ", ".join(p.propellant for p in propellants())
        raise DomainError(f"no propellant {propellant!r}", path="propellant", hint=names)
    pair = found[0]
    ratio = np.asarray(
        pair.oxidiser_fuel_ratio if oxidiser_fuel_ratio is None else oxidiser_fuel_ratio,
        dtype=np.float64,
    )
    burnt = np.minimum(ratio / pair.stoichiometric_ratio, 1.0)
    return np.asarray(pair.heat_J_kg * burnt / (1.0 + ratio))


def price(
    *,
    n_flights_cumulative: Real,
    launch_base_usd: Real,
    n_flights_base: Real,
    launch_learning_rate_frac: Real,
    launch_floor_usd: Real,
    vehicle: Vehicle | str = "cargo_lander",
    nodes: Sequence[str] = ("LEO", "LLPO", "lunar surface"),
    payload_kg: Real | None = None,
    price_over_cost_ratio: Real = 1.0,
    hull_usd: Real = 0.0,
    n_hull_flights: Real = 1.0,
    landing_loss_frac: Real = 0.0,
    tanker_payload_kg: Real | None = None,
    transfer_loss_frac: Real = 0.0,
    tanker_interval_s: Real = 0.0,
    propellant: str = "methalox",
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Price:
    """Cost, price and energy of a kilogram at each node.

    Parameters
    ----------
    n_flights_cumulative : float or array
        Flights flown so far.
    launch_base_usd, n_flights_base, launch_learning_rate_frac, launch_floor_usd : float or array
        Wright's law with a floor, as in :func:`launch_cost`.
    vehicle : Vehicle or str
        Ship that delivers; its ``orbit_payload_kg`` is what a launch to LEO brings.
    nodes : sequence of str
        Nodes or aliases; each is reached from LEO by the route of :func:`route`.
    payload_kg : float or array, optional
        Cargo of a delivery beyond LEO, kg; without it the ship is filled.
    price_over_cost_ratio : float or array
        What is asked over what it costs; >= 0. It is the market's, not physics'.
    hull_usd, n_hull_flights : float or array
        Hull of a ship that goes beyond LEO, USD, and the flights over which it is spread.
    landing_loss_frac : float or array
        Share of deliveries to a surface that lose their cargo, in [0, 1).
    tanker_payload_kg, transfer_loss_frac, tanker_interval_s : float or array
        As in :func:`deliver`.
    propellant : str
        Pair burnt by booster and ship.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    Price
        Costs and prices in USD/kg and energy in J/kg, of shape (node, ..., draw).

    Raises
    ------
    DomainError
        When a node or ship is unknown or an input outside its range in every draw.
    InfeasibleError
        When the ship reaches a node in no draw.

    Notes
    -----
    ``((1 + N) C + H / flights) / (m (1 - loss))``; at LEO ``C / m``. Energy: heat of what launches
    and the delivery burn, ``((1 + N) M + P) h / m``.

    Examples
    --------
    >>> found = price(
    ...     n_flights_cumulative=10.0,
    ...     launch_base_usd=10e6,
    ...     n_flights_base=10.0,
    ...     launch_learning_rate_frac=0.2,
    ...     launch_floor_usd=2e6,
    ...     nodes=("LEO", "Moon"),
    ...     price_over_cost_ratio=5.0,
    ... )
    >>> [round(float(x)) for x in found.cost_usd_kg], [round(float(x)) for x in found.price_usd_kg]
    ([100, 731], [500, 3653])
    """
    ship = shipped(name=vehicle) if isinstance(vehicle, str) else vehicle
    launch_usd = launch_cost(
        n_flights_cumulative=n_flights_cumulative,
        launch_base_usd=launch_base_usd,
        n_flights_base=n_flights_base,
        launch_learning_rate_frac=launch_learning_rate_frac,
        launch_floor_usd=launch_floor_usd,
    )
    heat = propellant_heat_J_kg(propellant=propellant, oxidiser_fuel_ratio=ship.oxidiser_fuel_ratio)
    names = tuple(node_name(n) for n in nodes)
    columns = []
    for name in names:
        beyond = name != "LEO"
        loads, burnt_kg = np.asarray(ship.orbit_payload_kg, dtype=np.float64), np.zeros(())
        launches: Array = np.ones(())
        if beyond:
            trip = deliver(
                ship,
                "LEO",
                name,
                payload_kg=payload_kg,
                tanker_payload_kg=tanker_payload_kg,
                transfer_loss_frac=transfer_loss_frac,
                tanker_interval_s=tanker_interval_s,
                g0_m_s2=g0_m_s2,
            )
            loads, launches, burnt_kg = trip.payload_kg, trip.n_launches, trip.propellant_kg
        cost = landing_cost_usd_kg(
            launch_usd=launch_usd,
            n_flights_per_landing=launches,
            landed_kg=loads,
            hull_usd=np.asarray(hull_usd) / n_hull_flights if beyond else 0.0,
            landing_loss_frac=landing_loss_frac if name in _SURFACES else 0.0,
        )
        with np.errstate(divide="ignore"):
            energy = (launches * ship.launch_propellant_kg + burnt_kg) * heat / loads
        columns.append((loads, launches, cost, cost * price_over_cost_ratio, energy))
    shape = np.broadcast_shapes(*(np.shape(x) for column in columns for x in column))
    payload, n_launches, cost_kg, price_kg, energy_kg = (
        np.array([np.broadcast_to(column[i], shape) for column in columns]) for i in range(5)
    )
    return Price(
        nodes=names,
        launch_cost_usd=launch_usd,
        launch_price_usd=launch_usd * np.asarray(price_over_cost_ratio),
        payload_kg=payload,
        n_launches=n_launches,
        cost_usd_kg=cost_kg,
        price_usd_kg=price_kg,
        energy_J_kg=energy_kg,
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("moonbase") / _FOLDER / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


_SURFACES = frozenset(n.name for n in all_nodes() if n.kind == "surface")
