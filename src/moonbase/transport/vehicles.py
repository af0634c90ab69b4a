"""Ships: shipped variants with ranges and sources, and draws of them.

Neglected: thrust, engine-out, volume of the payload bay, how performance changes with age. Numbers
of one ship are drawn independently of each other, though a heavier hull often has better tanks.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError

_FILE = "data/transport/vehicles.csv"
_LEAST, _MOST = np.nextafter(0.0, 1.0), np.nextafter(1.0, 0.0)
_RANGES = {
    "dry_kg": (0.0, np.finfo(float).max, "[0, inf)"),
    "specific_impulse_s": (_LEAST, np.finfo(float).max, "(0, inf)"),
    "tank_kg": (0.0, np.inf, "[0, inf]"),
    "payload_kg": (0.0, np.inf, "[0, inf]"),
    "orbit_payload_kg": (0.0, np.inf, "[0, inf]"),
    "oxidiser_fuel_ratio": (0.0, np.finfo(float).max, "[0, inf)"),
    "residual_frac": (0.0, _MOST, "[0, 1)"),
    "boil_off_1_day": (0.0, _MOST, "[0, 1)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A ship; every number is a float or an array over draws.

    ``payload_kg`` is what hull and bay admit, ``orbit_payload_kg`` what a launch lifts to low
    Earth orbit. ``residual_frac`` is the share of a full tank that cannot be burnt.
    ``launch_propellant_kg`` is what booster and ship burn to reach orbit (nan: not known).
    """

    name: str = "user's ship"
    dry_kg: Real
    specific_impulse_s: Real
    tank_kg: Real = np.inf
    payload_kg: Real = np.inf
    orbit_payload_kg: Real = np.inf
    oxidiser_fuel_ratio: Real = 3.6
    residual_frac: Real = 0.0
    boil_off_1_day: Real = 0.0
    launch_propellant_kg: Real = np.nan

    def __post_init__(self) -> None:
        """Refuse numbers that are no ship in any draw."""
        for key in _RANGES:
            if not np.any(self._inside(key)):
                raise DomainError(
                    f"must be in {_RANGES[key][2]}", path=key, hint=f"got {getattr(self, key)}"
                )

    def _inside(self, key: str) -> npt.NDArray[np.bool_]:
        least, most, _ = _RANGES[key]
        value = np.asarray(getattr(self, key))
        return np.asarray((value >= least) & (value <= most))

    def sound(self) -> npt.NDArray[np.bool_]:
        """Whether each draw is a ship: every number in its range, shape (draw,)."""
        every = [self._inside(key) for key in _RANGES]
        return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*every)))


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRecord:
    """One number of one ship, in the unit of ``quantity``, with its range and source."""

    vehicle: str
    quantity: str
    value: str
    low: str
    high: str
    kind: str
    source: str
    note: str


@cache
def vehicle_records() -> tuple[VehicleRecord, ...]:
    """Every number of every shipped ship, as the table states it.

    Returns
    -------
    tuple of VehicleRecord
        Value and range as text, in the unit of the quantity's name.

    Examples
    --------
    >>> sorted({r.vehicle for r in vehicle_records()})[:3]
    ['cargo_lander', 'crew_lander', 'depot']
    """
    text = (files("moonbase") / _FILE).read_text(encoding="utf-8")
    return tuple(VehicleRecord(**row) for row in csv.DictReader(text.splitlines()))


def vehicle(*, name: str, **changes: Any) -> Vehicle:
    """A shipped ship at its nominal numbers.

    Parameters
    ----------
    name : str
        Key of the table, such as ``"cargo_lander"``.
    **changes : float or array
        Fields of Vehicle to replace, in their units.

    Returns
    -------
    Vehicle
        Masses in kg, specific impulse in s.

    Raises
    ------
    DomainError
        When there is no such ship, or it has no such field.

    Examples
    --------
    >>> vehicle(name="cargo_lander", dry_kg=120e3).dry_kg
    120000.0
    """
    _known(changes)
    ship = Vehicle(name=name, **{r.quantity: float(r.value) for r in _of(name)})
    return replace(ship, **changes) if changes else ship


def sample_vehicle(*, name: str, quantile_frac: Mapping[str, Array]) -> Vehicle:
    """A shipped ship with its numbers drawn from their ranges.

    Parameters
    ----------
    name : str
        Key of the table.
    quantile_frac : mapping of str to array
        For each field to be drawn, numbers in [0, 1] of shape (draw,), such as ``rng.random(n)``;
        a field that is left out keeps its nominal number.

    Returns
    -------
    Vehicle
        Triangular between low and high with the value as mode, shape (draw,). A draw depends on
        its own quantiles alone.

    Raises
    ------
    DomainError
        When there is no such ship, or it has no such field.

    Examples
    --------
    >>> ship = sample_vehicle(name="starship_v3", quantile_frac={"dry_kg": np.array([0.0, 1.0])})
    >>> ship.dry_kg
    array([100000., 150000.])
    """
    _known(quantile_frac)
    drawn = {
        r.quantity: _triangular(
            quantile_frac=quantile_frac[r.quantity],
            low=float(r.low),
            mode=float(r.value),
            high=float(r.high),
        )
        for r in _of(name)
        if r.quantity in quantile_frac and r.low and r.high
    }
    return vehicle(name=name, **drawn)


def _known(values: Mapping[str, Any]) -> None:
    known = sorted({f.name for f in fields(Vehicle)} - {"name"})
    if unknown := sorted(set(values) - set(known)):
        raise DomainError(
            f"a ship has no {unknown[0]!r}", path="vehicle", hint=f"one of: {', '.join(known)}"
        )


def _triangular(*, quantile_frac: Array, low: float, mode: float, high: float) -> Array:
    q = np.asarray(quantile_frac, dtype=np.float64)
    width = high - low
    if width <= 0.0:
        return np.full(q.shape, mode)
    below = low + np.sqrt(q * width * (mode - low))
    above = high - np.sqrt((1.0 - q) * width * (high - mode))
    return np.where(q * width < mode - low, below, above)


@cache
def _of(name: str) -> tuple[VehicleRecord, ...]:
    found = tuple(r for r in vehicle_records() if r.vehicle == name)
    if not found:
        known = ", ".join(dict.fromkeys(r.vehicle for r in vehicle_records()))
        raise DomainError(f"no ship {name!r}", path="vehicle", hint=f"ships: {known}")
    return found
