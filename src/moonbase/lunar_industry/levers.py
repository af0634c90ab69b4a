"""Which numbers the doubling time hangs on: every range walked from end to end, and set steps.

Neglected: what two numbers do together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from moonbase import industry
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.industry import Growth
from moonbase.lunar_industry.study import ELECTRONICS, Study, nominal, options_of

_RECORDS = (
    "capital_ratio",
    "electricity_ratio",
    "robot_time_ratio",
    "pv_mass_ratio",
    "availability_frac",
    "sunlit_frac",
    "power_net_frac",
    "pv_life_yr",
    "robot_hours_h_yr",
    "robot_life_yr",
    "build_lag_yr",
    "chipfab_capital_yr",
)
_FIELDS = {
    "electricity_kWh": ("electricity_ratio", "electricity", "energy_elasticity_nd"),
    "capital_kg_yr": ("capital_ratio", "plant mass", "capital_elasticity_nd"),
    "robot_h": ("robot_time_ratio", "robot hours", "labour_elasticity_nd"),
    "life_yr": ("life_ratio", "plant life", "life_elasticity_nd"),
}
"""Numbers of a recipe with a range: option that moves it, its name, its elasticity."""
_STEPS: tuple[tuple[str, str, tuple[float, ...]], ...] = (
    ("process capital", "capital_ratio", (0.3, 3.0, 10.0)),
    ("electricity use", "electricity_ratio", (0.5, 2.0, 4.0)),
    ("material of arrays", "pv_mass_ratio", (0.5, 2.0, 5.0)),
    ("robot hours", "robot_time_ratio", (0.3, 3.0, 10.0)),
)
_LAGS_yr = (0.0, 0.5, 1.0, 2.0)
_PLANTS_yr = (0.26, 5.0, 20.0, 60.0, 200.0)
_TOGETHER: tuple[tuple[str, dict[str, float]], ...] = (
    (
        "pessimistic: electricity × 2; labour, capital, arrays × 3",
        {
            "electricity_ratio": 2.0,
            "robot_time_ratio": 3.0,
            "capital_ratio": 3.0,
            "pv_mass_ratio": 3.0,
        },
    ),
    (
        "optimistic: electricity × 0.6; labour × 0.3; capital, arrays × 0.5",
        {
            "electricity_ratio": 0.6,
            "robot_time_ratio": 0.3,
            "capital_ratio": 0.5,
            "pv_mass_ratio": 0.5,
        },
    ),
)


def levers(found: Study) -> dict[str, list[dict[str, Any]]]:
    """Doubling time at both ends of every number's range, the others nominal.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    dict
        ``records`` of the scenario and ``recipes`` of the table, widest swing first. A row has
        ``key``, ``label``, ``unit``, ``value``, ``low``, ``high``, ``doubling_low_yr`` and
        ``doubling_high_yr`` (infinite where the industry does not grow), ``kind``, ``source`` and
        ``elasticity_nd``, d ln g / d ln of the number, or None.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> levers(study("alpha", draws=2))["records"][0]["key"]
    'industry.capital_ratio'
    """
    return {"records": _records(found), "recipes": _recipes(found)}


def _records(found: Study) -> list[dict[str, Any]]:
    data = [found.scenario.records[f"industry.{name}"] for name in _RECORDS]
    data = [datum for datum in data if datum.has_range]
    if not data:
        return []
    n = 2 * len(data)
    values = {key: np.full(n, float(found.inputs[key][0])) for key in _keys()}
    for i, datum in enumerate(data):
        values[datum.key][2 * i : 2 * i + 2] = datum.low, datum.high
    share, lag = found.local_electronics_frac, "industry.build_lag_yr"
    ray = industry.growth(
        found.recipes,
        build_lag_s=found.build_lag_s[0] * values[lag] / found.inputs[lag][0],
        **options_of(values, found.recipes, local_electronics_frac=share),
    )
    base = _base(found)
    slopes = _record_slopes(base)
    rows = [
        {
            "key": datum.key,
            "label": datum.label,
            "unit": datum.unit.suffix,
            "value": datum.value,
            "low": datum.low,
            "high": datum.high,
            "doubling_low_yr": float(ray.doubling_yr[2 * i]),
            "doubling_high_yr": float(ray.doubling_yr[2 * i + 1]),
            "kind": datum.kind,
            "source": datum.source,
            "elasticity_nd": slopes.get(datum.key.partition(".")[2]),
        }
        for i, datum in enumerate(data)
    ]
    return _ranked(rows)


def _keys() -> tuple[str, ...]:
    return tuple(f"industry.{name}" for name in _RECORDS)


def _base(found: Study) -> Growth:
    return industry.growth(
        found.recipes, build_lag_s=found.build_lag_s[:1], **nominal(found.options)
    )


def _record_slopes(base: Growth) -> dict[str, float]:
    """Elasticities of what multiplies every row, by sum of the rows' own."""

    def total(field: str) -> float:
        return float(np.nansum(getattr(base, field)))

    goods = dict(zip(base.goods, np.ravel(base.good_life_elasticity_nd), strict=True))
    energy, labour = total("energy_elasticity_nd"), total("labour_elasticity_nd")
    capital = total("capital_elasticity_nd")
    return {
        "capital_ratio": capital,
        "availability_frac": -capital,
        "electricity_ratio": energy,
        "sunlit_frac": -energy,
        "power_net_frac": -energy,
        "robot_time_ratio": labour,
        "robot_hours_h_yr": -labour,
        "pv_life_yr": float(goods.get("pv_kw", np.nan)),
        "robot_life_yr": float(goods.get("robot", np.nan)),
        "build_lag_yr": float(np.ravel(base.lag_elasticity_nd)[0]),
    }


def _recipes(found: Study) -> list[dict[str, Any]]:
    base = _base(found)
    running = [name for name, on in zip(base.processes, np.ravel(base.active), strict=True) if on]
    picked = [
        (name, field, bounds)
        for name in running
        for field, bounds in found.recipes.processes[name].ranges.items()
        if field in _FIELDS and bounds.low < bounds.high and bounds.low > 0.0
    ]
    if not picked:
        return []
    n = 2 * len(picked)
    options: Any = nominal(found.options, n)
    for option in ("electricity_ratio", "robot_time_ratio", "life_ratio"):
        every = options.get(option, np.ones(n))
        options[option] = {name: np.array(every) for name in found.recipes.processes}
    for i, (name, field, bounds) in enumerate(picked):
        value = getattr(found.recipes.processes[name], field)
        ends = np.array([bounds.low, bounds.high]) / value
        options[_FIELDS[field][0]][name][2 * i : 2 * i + 2] *= ends
    ray = industry.growth(found.recipes, build_lag_s=np.full(n, found.build_lag_s[0]), **options)
    rows = []
    for i, (name, field, bounds) in enumerate(picked):
        row, index = found.recipes.processes[name], base.processes.index(name)
        rows.append(
            {
                "key": f"recipes.{name}.{field}",
                "label": f"{_FIELDS[field][1]} of {name}",
                "unit": _UNITS[field],
                "value": getattr(row, field),
                "low": bounds.low,
                "high": bounds.high,
                "doubling_low_yr": float(ray.doubling_yr[2 * i]),
                "doubling_high_yr": float(ray.doubling_yr[2 * i + 1]),
                "kind": bounds.kind,
                "source": bounds.source,
                "elasticity_nd": float(np.ravel(getattr(base, _FIELDS[field][2])[index])[0]),
            }
        )
    return _ranked(rows)


_UNITS = {
    "electricity_kWh": "kWh",
    "capital_kg_yr": "kg per 1/yr",
    "robot_h": "h",
    "life_yr": "yr",
}


def _ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Widest swing of the growth rate first; a number that does nothing goes."""

    def swing(row: Mapping[str, Any]) -> float:
        ends = [1.0 / row[key] for key in ("doubling_low_yr", "doubling_high_yr")]
        return float(abs(ends[0] - ends[1]))

    return sorted((row for row in rows if swing(row) > 1e-9), key=lambda row: -swing(row))


def sensitivity(found: Study) -> list[dict[str, Any]]:
    """Doubling time and needs of the nominal industry at set steps of what drives it.

    Parameters
    ----------
    found
        What :func:`study` returned.

    Returns
    -------
    list of dict
        ``change``, ``step``, ``doubling_ratio`` over the first row's (infinite where nothing
        grows), ``doubling_yr``, ``import_ratio`` and ``energy_kWh_kg`` per new kilogram,
        ``power_W_kg`` of all capital.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> rows = sensitivity(study("alpha", draws=2, as_table=True))
    >>> round(rows[2]["doubling_ratio"], 1)  # process capital x 3
    2.4
    """
    cases: list[tuple[str, str, dict[str, float]]] = [("as it is", "", {})]
    cases += [
        (label, f"× {step:g}", {option: step}) for label, option, steps in _STEPS for step in steps
    ]
    cases += [("build lag", f"{lag:g} yr", {"lag": lag}) for lag in _LAGS_yr]
    plant = found.recipes.producer(ELECTRONICS)
    if plant is not None:
        cases += [("chip plant", f"{kg_yr:g} kg/(kg/yr)", {"plant": kg_yr}) for kg_yr in _PLANTS_yr]
    cases += [(label, "", changes) for label, changes in _TOGETHER]
    ray = _solve(found, [changes for _, _, changes in cases], None if plant is None else plant.name)
    base = float(ray.doubling_yr[0])
    return [
        {
            "change": label,
            "step": step,
            "doubling_ratio": float(ray.doubling_yr[i]) / base if base < np.inf else np.nan,
            "doubling_yr": float(ray.doubling_yr[i]),
            **_needs(ray, i),
        }
        for i, (label, step, _) in enumerate(cases)
    ]


def _needs(ray: Growth, i: int) -> dict[str, float]:
    names = ("import_ratio", "energy_kWh_kg", "power_W_kg")
    grows = ray.growth_1_yr[i] > 0.0
    return {name: float(getattr(ray, name)[i]) if grows else np.nan for name in names}


def _solve(found: Study, cases: list[dict[str, float]], plant: str | None) -> Growth:
    n = len(cases)
    options: Any = nominal(found.options, n)
    lag_s = np.full(n, found.build_lag_s[0])
    local: Array = options["local_frac"][ELECTRONICS]
    kappa = found.recipes.processes[plant].capital_kg_yr if plant else 1.0
    for i, changes in enumerate(cases):
        for key, step in changes.items():
            if key == "lag":
                lag_s[i] = step * JULIAN_YEAR_s
            elif key == "plant":
                up = found.inputs["industry.availability_frac"][0]
                options["capital_ratio"][plant][i] = step / up / kappa
                local[i] = 1.0
            elif key == "capital_ratio":
                for ratio in options[key].values():
                    ratio[i] *= step
            else:
                options[key][i] *= step
    return industry.growth(found.recipes, build_lag_s=lag_s, **options)
