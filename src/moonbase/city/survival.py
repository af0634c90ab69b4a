"""How long a city lives without ships, with every loop at work and with one failed at a time.

Stocks are stepped through sunlight and dark until one is empty. Neglected: rationing and repair,
the order in which people would cut loads, standing crops that are eaten early, two failures at
once; medicine is counted like the other stocks although its lack kills slowly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from moonbase.city.crew import CrewFlows, crew_day
from moonbase.core.arrays import Array, Real
from moonbase.core.constants import DAY_s, JULIAN_YEAR_s, MOLAR_GAS_J_mol_K, SYNODIC_MONTH_s
from moonbase.core.errors import DomainError
from moonbase.core.tables import pick, read_table

_MONTH_day = JULIAN_YEAR_s / 12.0 / DAY_s
_CO2_kg_mol = 44.009e-3

_AT_ONCE_kg_day = 1e9
"""Rate at which working scrubbers are taken to clear the cabin: far above any crew."""

STOCKS = ("oxygen", "water", "food", "nitrogen", "vitamins", "power", "co2")
"""What can run out: five stocks of matter, stored energy, and room for carbon dioxide."""
FAILURES: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "water_system": ("water_system",),
    "electrolysis": ("electrolysis", "sabatier", "methane_pyrolysis", "bosch"),
    "co2_removal": ("co2_removal", "sabatier", "methane_pyrolysis", "bosch"),
    "greenhouse": (),
    "local_supply": (),
    "power": (),
}
"""Failure -> loops that stop with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """Time to the first empty stock, by failure and draw.

    ``limits[i]`` names the stock for the index ``limit[..]``; a draw that outlives the horizon has
    ``outlived`` true and the horizon as its time. The ``least`` fields are the worst failure.
    """

    failures: tuple[str, ...]
    limits: tuple[str, ...]
    survival_day: Array
    n_months: Array
    limit: np.ndarray[Any, np.dtype[np.intp]]
    outlived: np.ndarray[Any, np.dtype[np.bool_]]
    least_day: Array
    least_failure: tuple[str, ...]
    least_limit: tuple[str, ...]


def co2_room(*, volume_m3: Real, limit_Pa: Real | None = None) -> Array:
    """Carbon dioxide that the cabin may hold before people must leave it.

    Parameters
    ----------
    volume_m3 : float or array
        Pressurised volume of the whole city, m3.
    limit_Pa : float or array, optional
        Partial pressure that ends the stay, Pa.

    Returns
    -------
    array
        kg.

    Notes
    -----
    Ideal gas, from a clean cabin.

    Examples
    --------
    >>> round(float(co2_room(volume_m3=100.0)), 2)
    1.79
    """
    table = read_table(room="city", name="survival")
    pressure = pick(limit_Pa, table, "co2", "limit_Pa")
    kelvin = pick(None, table, "co2", "temperature_K")
    return np.asarray(pressure * volume_m3 * _CO2_kg_mol / (MOLAR_GAS_J_mol_K * kelvin))


def survive(
    *,
    n_crew: Real,
    stocks_kg: Mapping[str, Real],
    technologies: Sequence[str] = ("water_system",),
    food_local_frac: Real = 0.0,
    local_kg_day: Mapping[str, Real] | None = None,
    volume_m3: Real | None = None,
    scrubber_kg: Real = 0.0,
    stored_J: Real = np.inf,
    array_W: Real = 0.0,
    lit_load_W: Real = 0.0,
    dark_load_W: Real = 0.0,
    dark_day: Real = 0.0,
    period_day: Real = SYNODIC_MONTH_s / DAY_s,
    failures: Sequence[str] = tuple(FAILURES),
    horizon_day: float = 3652.5,
    crew: Mapping[str, Any] | None = None,
) -> Survival:
    """Time that the stocks last once ships stop.

    Parameters
    ----------
    n_crew : float or array
        People.
    stocks_kg : mapping of str to float or array
        Oxygen, water, food, nitrogen and vitamins at hand for the city, kg; what is left out never
        runs out.
    technologies, food_local_frac
        Loops and share of local food, as in `crew_day`.
    local_kg_day : mapping of str to float or array, optional
        Oxygen and water from lunar plant while the Sun shines, kg/day.
    volume_m3 : float or array, optional
        Pressurised volume of the whole city, m3; 100 m3 a person by default.
    scrubber_kg : float or array
        Carbon dioxide that stored canisters can take, kg.
    stored_J, array_W, lit_load_W, dark_load_W : float or array
        Full energy store (J), power made and used in sunlight, and used in the dark (W). Infinite
        store: power is left out.
    dark_day, period_day : float or array
        Dark time at the start of every period, and the period, days. Plants and lunar plant stand
        still in the dark.
    failures : sequence of str
        Failures to try, each alone, of `FAILURES`.
    horizon_day : float
        End of the run, days.
    crew : mapping, optional
        Further arguments of `crew_day`.

    Returns
    -------
    Survival
        Days by ``(failure, draw)``.

    Raises
    ------
    DomainError
        Unknown failure or stock, negative stocks or times.

    Notes
    -----
    Without power the city runs on its dark load, plants and lamps off. Tanks take surplus up to
    what they held at the start. Rates are constant through each dark and each sunlit turn, so
    every crossing is exact; without dark the time is stock / use.

    Examples
    --------
    >>> end = survive(
    ...     n_crew=10.0,
    ...     stocks_kg={"oxygen": 1000.0, "water": 2000.0, "food": 3000.0},
    ...     failures=("none", "water_system"),
    ... )
    >>> [round(float(x)) for x in end.survival_day], end.least_limit
    ([109, 7], ('water',))
    """
    _check(stocks_kg, failures, dark_day, period_day)
    air_m3 = read_table(room="city", name="living")["air"]["volume_m3"].value
    room_m3 = np.asarray(n_crew) * air_m3 if volume_m3 is None else volume_m3
    full = [stocks_kg.get(name, np.inf) for name in STOCKS[:5]]
    full += [stored_J, co2_room(volume_m3=room_m3) + scrubber_kg]
    lit_W, dark_W = np.asarray(lit_load_W), np.asarray(dark_load_W, dtype=np.float64)
    lit: list[list[Real]] = []
    dark: list[list[Real]] = []
    for name in failures:
        made_W, used_W = (0.0, dark_W) if name == "power" else (np.asarray(array_W), lit_W)
        chain = tuple(t for t in technologies if t not in FAILURES[name])
        grown = 0.0 if name in ("greenhouse", "power") else food_local_frac
        made = {} if name == "local_supply" else dict(local_kg_day or {})
        for rates, share, supply, load_W in (
            (lit, grown, made, used_W - made_W),
            (dark, 0.0, {}, dark_W),
        ):
            day = _day(n_crew, chain, share, crew or {})
            needs: list[Real] = [day.makeup_kg[s] - supply.get(s, 0.0) for s in STOCKS[:5]]
            rates.append([*needs, load_W * DAY_s, _co2_kg(day, name)])
    inner = (x for rows in (lit, dark) for row in rows for x in row)
    shape = np.broadcast_shapes(*(np.shape(x) for x in (*full, *inner, dark_day, period_day)))

    def cube(rows: Sequence[Sequence[Real]]) -> Array:
        wide = [[np.broadcast_to(x, shape) for x in row] for row in rows]
        return np.moveaxis(np.array(wide, dtype=np.float64), 0, 1)

    night, period = (np.broadcast_to(x, shape).astype(np.float64) for x in (dark_day, period_day))
    end, limit = _run(
        cube([full] * len(failures)), cube(lit), cube(dark), night, period, horizon_day
    )
    return _summary(tuple(failures), end, limit, horizon_day)


def _check(
    stocks_kg: Mapping[str, Real], failures: Sequence[str], dark_day: Real, period_day: Real
) -> None:
    for name in stocks_kg:
        if name not in STOCKS[:5]:
            raise DomainError(f"no stock {name!r}", path="stocks_kg", hint=", ".join(STOCKS[:5]))
        if np.any(np.asarray(stocks_kg[name]) < 0.0):
            raise DomainError("must be >= 0", path=f"stocks_kg.{name}")
    for name in failures:
        if name not in FAILURES:
            raise DomainError(f"no failure {name!r}", path="failures", hint=", ".join(FAILURES))
    if not failures or np.any(np.asarray(period_day) <= 0.0) or np.any(np.asarray(dark_day) < 0.0):
        raise DomainError("needs a failure, a period > 0 and dark time >= 0", path="period_day")


def _day(
    n_crew: Real, chain: tuple[str, ...], grown: Real, settings: Mapping[str, Any]
) -> CrewFlows:
    shares = {k: v for k, v in (settings.get("recovery_frac") or {}).items() if k in chain}
    rest = {k: v for k, v in settings.items() if k != "recovery_frac"}
    return crew_day(
        n_crew=n_crew, technologies=chain, food_local_frac=grown, recovery_frac=shares, **rest
    )


def _co2_kg(day: CrewFlows, failure: str) -> Array:
    """What the cabin gains in a day; it empties at once while removal works."""
    rises = np.maximum(day.waste_kg["co2"], 0.0)
    return rises if failure == "co2_removal" else np.full_like(rises, -_AT_ONCE_kg_day)


def _run(
    full: Array,
    lit: Array,
    dark: Array,
    dark_day: Array,
    period_day: Array,
    horizon_day: float,
) -> tuple[Array, np.ndarray[Any, np.dtype[np.intp]]]:
    """Empty stocks ``(stock, failure, draw)`` by turns of dark and light; rates hold in each."""
    stock = full.copy()
    end = np.full(full.shape[1:], np.inf)
    limit = np.zeros(full.shape[1:], dtype=np.intp)
    start = np.zeros_like(dark_day)
    night = np.minimum(dark_day, period_day)
    for turn in count():
        if np.all(np.isfinite(end) | (start >= horizon_day)):
            return end, limit
        rate, length = (dark, night) if turn % 2 == 0 else (lit, period_day - night)
        length = np.clip(horizon_day - start, 0.0, length)
        empty = (rate > 0.0) & (rate * length >= stock) & (length > 0.0)
        wait = np.where(empty, stock, np.inf) / np.where(empty, rate, 1.0)
        new = empty.any(axis=0) & np.isinf(end)
        end = np.where(new, start + wait.min(axis=0), end)
        limit = np.where(new, wait.argmin(axis=0), limit)
        stock = np.clip(stock - rate * length, 0.0, full)
        start = start + length
    raise AssertionError


def _summary(
    failures: tuple[str, ...],
    end: Array,
    limit: np.ndarray[Any, np.dtype[np.intp]],
    horizon_day: float,
) -> Survival:
    outlived = np.isinf(end)
    days = np.where(outlived, horizon_day, end)
    worst = np.argmin(np.where(outlived, np.inf, end), axis=0)
    least_limit = np.take_along_axis(limit, worst[None], axis=0)[0]
    nothing = outlived.all(axis=0)
    return Survival(
        failures=failures,
        limits=STOCKS,
        survival_day=days,
        n_months=days / _MONTH_day,
        limit=limit,
        outlived=outlived,
        least_day=np.min(days, axis=0),
        least_failure=tuple(
            "" if alive else failures[i]
            for i, alive in zip(worst.ravel(), nothing.ravel(), strict=True)
        ),
        least_limit=tuple(
            "" if alive else STOCKS[i]
            for i, alive in zip(least_limit.ravel(), nothing.ravel(), strict=True)
        ),
    )
