"""How fast an industry grows, what a kilogram more is worth to it, and when it reaches its goals.

Neglected: the way from a seed to the ray's proportions, and a limit on landings on the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase import industry
from moonbase.core.arrays import Array
from moonbase.industry import Growth, Options, Tradeoff
from moonbase.lunar_industry.study import ELECTRONICS, SATELLITE, Study, scalars

GOALS_W_yr = (1e9, 1e11, 1e12)
"""Satellites a year whose time is told: 1 GW, 100 GW and 1 TW a year."""
_VALUES = (
    "growth_1_yr",
    "doubling_yr",
    "import_ratio",
    "leverage_ratio",
    "energy_kWh_kg",
    "heat_kWh_kg",
    "robot_h_kg",
    "regolith_ratio",
    "power_W_kg",
    "new_1_yr",
)


def grow(found: Study) -> dict[str, Any]:
    """Balanced growth of the industry over the draws.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    dict
        ``values``, arrays (draw,) by name with unit, per kilogram of new capital where they are
        ratios; ``late_doubling_yr`` with the scenario's late share of local electronics;
        ``grows_frac`` of the draws; ``capital_frac`` by good and ``plant_frac`` by process of all
        capital, ``imports_ratio`` by commodity, all nominal; ``status`` of the nominal draw.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> round(float(grow(study("alpha", draws=2, as_table=True))["values"]["import_ratio"][0]), 3)
    0.057
    """
    ray = _ray(found)
    share = found.inputs["industry.local_electronics_frac"]
    options: Options = {**found.options, "local_frac": {ELECTRONICS: share}}
    late = industry.growth(found.recipes, build_lag_s=found.build_lag_s, **options)
    plant = {n: float(m[0]) for n, m in zip(ray.processes, ray.capital_kg, strict=True)}
    landed = {n: float(m[0]) for n, m in zip(ray.commodities, ray.imports_ratio, strict=True)}
    return {
        "values": {name: getattr(ray, name) for name in _VALUES},
        "late_doubling_yr": late.doubling_yr,
        "grows_frac": float(np.mean(ray.growth_1_yr > 0.0)),
        "capital_frac": {
            good: float(part[0]) for good, part in zip(ray.goods, ray.capital_frac, strict=True)
        },
        "plant_frac": _sorted(plant),
        "imports_ratio": _sorted(landed),
        "status": industry.STATUS[int(ray.status[0])],
    }


def _ray(found: Study) -> Growth:
    return industry.growth(found.recipes, build_lag_s=found.build_lag_s, **found.options)


def _sorted(parts: dict[str, float]) -> dict[str, float]:
    known = {name: value for name, value in parts.items() if np.isfinite(value) and value > 1e-9}
    return dict(sorted(known.items(), key=lambda item: -item[1]))


def worth(found: Study) -> list[dict[str, Any]]:
    """What one more unit of each scarce thing is worth to the nominal industry.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    list of dict
        ``name``, ``unit`` and ``worth_kg``: kilograms of the industry's capital that one more unit
        would be worth, dearest kilogram first; electricity and robot hours at the end. Empty where
        nothing can be made.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> worth(study("alpha", draws=2))[-1]["name"]
    'robot time'
    """
    ray = industry.growth(
        found.recipes, build_lag_s=float(found.build_lag_s[0]), **scalars(found.options)
    )
    rows: list[dict[str, Any]] = []
    for name, price in zip(ray.commodities, ray.price_kg, strict=True):
        item = found.recipes.commodities[name]
        if price > 1e-9:
            rows.append({"name": name, "unit": item.unit, "worth_kg": float(price)})
    masses = found.recipes.commodities
    rows.sort(key=lambda row: -row["worth_kg"] / (masses[row["name"]].unit_mass_kg or 1.0))
    services = (("electricity", "kWh", "energy_price_kg"), ("robot time", "h", "robot_price_kg"))
    for label, unit, field in services:
        price = float(getattr(ray, field))
        if np.isfinite(price):
            rows.append({"name": label, "unit": unit, "worth_kg": price})
    return rows


def targets(found: Study) -> list[dict[str, Any]]:
    """When the industry could reach each goal, and what stands and is landed then.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    list of dict
        For each of ``GOALS_W_yr`` arrays (draw,): ``time_yr`` from the seed to the capital behind
        that stream at the unbounded rate of growth, ``capital_kg``, ``power_W``,
        ``import_kg_yr``, ``regolith_kg_yr``; ``satellite_kg_yr`` is the stream. Times are
        infinite where the industry does not grow.

    Notes
    -----
    ``log2(capital / seed)`` doublings. All landings that the ray asks for are taken as granted,
    so the times are lower bounds.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> rows = targets(study("alpha", draws=2))
    >>> bool(rows[0]["time_yr"][0] < rows[2]["time_yr"][0])
    True
    """
    doubling = _ray(found).doubling_yr
    bill = industry.capital_bill(found.recipes, output_1_yr={SATELLITE: 1.0}, **found.options)
    rows = []
    for goal_W_yr in GOALS_W_yr:
        stream = goal_W_yr / found.power_W_kg
        capital = bill.capital_kg * stream
        rows.append(
            {
                "goal_W_yr": goal_W_yr,
                "time_yr": _time(found.seed_kg, capital, doubling),
                "satellite_kg_yr": stream,
                "capital_kg": capital,
                "power_W": bill.pv_W * stream,
                "import_kg_yr": bill.import_kg_yr * stream,
                "regolith_kg_yr": bill.regolith_kg_yr * stream,
            }
        )
    return rows


def _time(seed_kg: Array, capital_kg: Array, doubling_yr: Array) -> Array:
    known = np.isfinite(capital_kg) & ~np.isnan(doubling_yr)
    told = industry.time_to_target(
        seed_kg=seed_kg,
        target_kg=np.where(known, capital_kg, seed_kg * 2.0),
        doubling_yr=np.where(known, doubling_yr, np.inf),
    )
    return np.asarray(told.time_yr)


def tradeoff(found: Study) -> Tradeoff:
    """Growth and landed mass by the share of electronics made on the Moon, nominal draw.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    Tradeoff

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> curve = tradeoff(study("alpha", draws=2))
    >>> bool(curve.new_import_ratio[5] < curve.new_import_ratio[0])
    True
    """
    options = scalars(found.options)
    del options["local_frac"]
    return industry.electronics_tradeoff(
        found.recipes,
        power_W_kg=float(found.power_W_kg[0]),
        product=SATELLITE,
        build_lag_s=float(found.build_lag_s[0]),
        options=options,
    )
