"""A plan and its replay as plain JSON types, by calendar year: what command and page show."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from moonbase.campaign.planner_result import Binding, PlanResult
from moonbase.campaign.versus import QUANTILES, Versus, yearly_mean
from moonbase.core.arrays import Array

SCHEMA_VERSION = 1
_SHOWN = 6
"""Limits and means of a year that are listed."""
_FLOW_YEARS = 3
_COUNTED = "launched"
"""Commodity that only counts what leaves for orbit, which has a link of its own."""
_DUST = 1e-8
"""Share of the largest value below which a value is the solver's tolerance."""


def plan_summary(
    found: PlanResult,
    *,
    scenario: str,
    title: str = "",
    draw: int = 0,
    night: str = "mean",
    against: Versus | None = None,
) -> dict[str, Any]:
    """Everything that is shown of a plan.

    Parameters
    ----------
    found : PlanResult
    scenario, title : str
        Name and title of the scenario.
    draw : int
        Draw that the plan was made for.
    night : str
        Treatment of the dark that it was made with.
    against : Versus, optional
        Its replay.

    Returns
    -------
    dict
        ``series`` and ``capital_kg``, ``built_kg_yr``, ``import_kg_yr`` hold a value for each of
        ``year``: rates and power in service as means over the year, stocks at its start.
        ``binding`` lists the years' dearest limits and means, ``flows`` mass by links for some.

    Examples
    --------
    See ``moonbase.plan``.
    """
    years = _years(found)
    instants = found.year[0] + found.step_yr * np.arange(len(found.year) + 1)
    mass = np.array([pool.unit_mass_kg for pool in found.world.pools])

    def rate(values: Array) -> Array:
        mean = yearly_mean(values, year=found.year, step_yr=found.step_yr, calendar_year=years)
        return _cleared(mean, values)

    def stock(values: Array) -> Array:
        return _cleared(np.interp(years, instants, values), values)

    shown = _flow_years(found, rate(found.launched_kg_yr), years)
    summary: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario,
        "title": title or scenario,
        "draw": draw,
        "night": night,
        "goal": found.goal,
        "objective": found.objective,
        "objective_unit": found.objective_unit,
        "reached_year": found.reached_year if np.isfinite(found.reached_year) else None,
        "step_yr": found.step_yr,
        "solver": asdict(found.solver),
        "year": years.astype(int),
        "series": {
            "landed_kg_yr": rate(found.landed_kg_yr),
            "capital_kg": stock(found.capital_kg),
            "pv_W": stock(found.pv_W),
            "n_robots": stock(found.n_robots),
            "n_crew": stock(found.n_crew),
            "driver_capacity_kg_yr": stock(found.driver_capacity_kg_yr),
            "satellite_kg_yr": rate(found.satellite_kg_yr),
            "launched_kg_yr": rate(found.launched_kg_yr),
            "power_added_W_yr": rate(found.power_added_W_yr),
            "service_W": rate(found.service_W),
            "compute_flop_s": rate(found.compute_flop_s),
        },
        "capital_kg": _by_pool(found, np.array([stock(row) for row in found.capital]), mass),
        "built_kg_yr": _by_pool(found, rate(found.built), mass),
        "import_kg_yr": {name: rate(row) for name, row in found.import_kg_yr().items()},
        "activity_1_yr": {
            name: rate(row) for name, row in zip(found.activity_names, found.activity, strict=True)
        },
        "binding": [row for year in years for row in _binding(found, int(year))],
        "flows": [{"year": year, "links": _links(found, year)} for year in shown],
        "replay": None if against is None else _replay(against),
    }
    return summary


def _cleared(values: Array, of: Array) -> Array:
    """Values without the dust that an interior point leaves where nothing is done."""
    return np.where(np.abs(values) > _DUST * np.abs(of).max(initial=0.0), values, 0.0)


def _years(found: PlanResult) -> Array:
    end = found.year[0] + found.step_yr * len(found.year)
    return np.arange(np.ceil(found.year[0] - 1e-9), np.floor(end + 1e-9))


def _by_pool(found: PlanResult, values: Array, mass: Array) -> dict[str, Array]:
    return {name: mass[k] * values[k] for k, name in enumerate(found.pool_names) if mass[k] > 0.0}


def _binding(found: PlanResult, year: int) -> list[dict[str, Any]]:
    """The year's dearest limits and means; prices and rents are means over its periods."""
    inside = np.flatnonzero((found.year > year - 1e-9) & (found.year < year + 1.0 - 1e-9))
    if not len(inside):
        inside = np.array([int((year - found.year[0]) / found.step_yr)])
    merged: dict[str, list[Binding]] = {}
    for t in inside:
        for row in found.binding[t]:
            merged.setdefault(row.limit, []).append(row)
    rows: list[dict[str, Any]] = [
        {
            "year": year,
            "limit": name,
            "kind": seen[0].kind,
            "price": sum(row.price for row in seen) / len(inside),
            "unit": seen[0].unit,
            "rent_frac": sum(row.rent_frac for row in seen) / len(inside),
        }
        for name, seen in merged.items()
    ]
    rows.sort(key=lambda row: (row["kind"], -row["rent_frac"]))
    kept = []
    for kind in ("limit", "means"):
        kept += [row for row in rows if row["kind"] == kind][:_SHOWN]
    return kept


def _flow_years(found: PlanResult, launched: Array, years: Array) -> list[int]:
    """A year of growth, the first of much export, and one halfway from there to the end."""
    if not launched.any():
        return [int(years[len(years) // 2])]
    full = int(np.argmax(launched >= 0.5 * launched.max()))
    picked = (max(full - 5, 0), full, (full + len(years) - 1) // 2)
    return sorted({int(years[k]) for k in picked})[:_FLOW_YEARS]


def _links(found: PlanResult, year: int) -> list[dict[str, Any]]:
    """Mass of a year between commodities, processes, capital, Earth and orbit, kg/yr."""
    total: dict[tuple[str, str], float] = {}
    for flow in found.flows(year):
        ends = (flow.source, flow.target)
        if flow.mass_kg_yr > 0.0 and flow.commodity.split("/")[-1] != _COUNTED:
            total[ends] = total.get(ends, 0.0) + flow.mass_kg_yr
    total = _without_goods(total)
    least = _DUST * max(total.values(), default=0.0)
    return [
        {"source": source, "target": target, "value": value}
        for (source, target), value in sorted(total.items(), key=lambda item: -item[1])
        if value > least
    ]


def _without_goods(total: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Links from maker to user: a good that is made and used gives its place to both.

    Each user has its share of each maker's output. What nobody uses keeps the good's name.
    """
    makers: dict[str, dict[str, float]] = {}
    users: dict[str, dict[str, float]] = {}
    for (source, target), value in total.items():
        makers.setdefault(target, {})[source] = value
        users.setdefault(source, {})[target] = value
    found: dict[tuple[str, str], float] = {}

    def add(source: str, target: str, value: float) -> None:
        found[source, target] = found.get((source, target), 0.0) + value

    def is_good(name: str) -> bool:
        return not name.startswith(("process: ", "capital: ")) and name not in ("Earth", "orbit")

    for (source, target), value in total.items():
        if is_good(source):
            if source not in makers:
                add(source, target, value)
            continue
        if not is_good(target):
            add(source, target, value)
            continue
        used = sum(users.get(target, {}).values())
        share = value / max(sum(makers[target].values()), used)
        for user, taken in users.get(target, {}).items():
            add(source, user, share * taken)
        if target not in users:
            add(source, target, value)
        elif value > share * used:
            add(source, f"{target}, left over", value - share * used)
    return found


def _replay(against: Versus) -> dict[str, Any]:
    names = [f"p{round(100 * q)}" for q in QUANTILES]
    return {
        "year": against.year,
        "n_draws": against.n_draws,
        "rule": against.rule,
        "planned_W": against.planned_W,
        "nominal_W": against.nominal_W,
        "rule_nominal_W": against.rule_nominal_W,
        "replayed_W": dict(zip(names, against.replayed_W, strict=True)),
        "rule_W": dict(zip(names, against.rule_W, strict=True)),
        "kept_nominal_frac": against.kept_nominal_frac,
        "kept_frac": dict(zip(names, np.quantile(against.kept_frac, QUANTILES), strict=True)),
    }
