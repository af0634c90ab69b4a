"""The one dictionary that the report, the terminal page and ``--json`` are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from moonbase import __version__, economics
from moonbase.answers import (
    KARDASHEV_STEPS,
    SUN_SHARE_STEPS,
    Answers,
    headline_quantiles,
)
from moonbase.campaign import EVENTS
from moonbase.campaign.build import STATUS
from moonbase.core.arrays import Array
from moonbase.ensemble import Inputs, effects, quantiles
from moonbase.scenario import Scenario
from moonbase.scenario.recipes import cited as recipe_sources

SCHEMA_VERSION = 1
TORNADO_OUTPUTS = (
    "power_in_service_2050_W",
    "levelised_cost_usd_kW_yr",
    "npv_usd",
    "first_lunar_satellite_year",
)
ANNOUNCED = "satellite.announced_specific_power_W_kg"
PRICE_YEAR = "economics.price_year"
LIVES_yr = (3.0, 5.0, 10.0, 15.0, 30.0)
NEGLECTS = (
    "Throws flown for one track without sunlight, terrain or errors; stops are impulses.",
    "The driver section by section, without transients; its dispersion is left to the satellites.",
    "One lunar site; intermediate goods are used in the month they are made; scrap is not reused.",
    "Lost landings, breakdowns, dust and late construction at random; failures in orbit, of "
    "robots, habitats and the driver as expected rates.",
    "Shipping by whole years' rates; ships do not return from the Moon; no lunar oxygen for ships.",
    "Money before tax, without debt; the market for compute is one price curve for the world.",
    "Satellites of one technology generation; only the chips' efficiency improves with time.",
    "Training across light delays is one share of useful time, not a schedule.",
)


def _row(values: Array) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in values]


def _bands(series: Mapping[str, Array]) -> dict[str, dict[str, list[float | None]]]:
    bands = {}
    for name, values in series.items():
        if np.isnan(values).any():
            exists = ~np.isnan(values)
            found = np.full((3, len(values)), np.nan)
            for row in np.flatnonzero(exists.mean(axis=1) >= 0.05):
                found[:, row] = np.quantile(values[row][exists[row]], [0.1, 0.5, 0.9])
        else:
            found = np.quantile(values, [0.1, 0.5, 0.9], axis=1)
        bands[name] = {f"p{p}": _row(found[i]) for i, p in enumerate((10, 50, 90))}
    return bands


def _binding(answers: Answers) -> list[dict[str, Any]]:
    months = answers.binding.reshape(len(answers.year), -1)
    rows = []
    for year, row in zip(answers.year, months, strict=True):
        share = np.bincount(row, minlength=len(answers.constraints)) / row.size
        rows += [
            {"year": int(year), "constraint": name, "share": float(part)}
            for name, part in zip(answers.constraints, share, strict=True)
            if part > 0.0
        ]
    return rows


def _power_of_ten(value: float) -> str:
    digits = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    return str(round(np.log10(value))).translate(digits)


def _lifetime(answers: Answers) -> list[dict[str, Any]]:
    """What the last year's output would keep in service for ever at other satellite lives."""
    rows = []
    for life_yr in LIVES_yr:
        stock_W = economics.fleet_stock(
            rate_W_yr=answers.facts["fleet.added_last_W_yr"],
            life_yr=1.0 / answers.facts["fleet.loss_1_yr"],
            time_yr=life_yr,
        )
        index = economics.kardashev(power_W=answers.facts["fleet.world_W"] + stock_W)
        rows.append(
            {
                "life_yr": life_yr,
                "power_W": asdict(quantiles(stock_W)),
                "kardashev": asdict(quantiles(index)),
            }
        )
    return rows


def _milestones(answers: Answers) -> list[dict[str, Any]]:
    labels = {f"{name}_year": label for name, label in EVENTS.items()}
    labels["parity_with_earth_year"] = "lunar-built compute cheaper than on the ground"
    labels["parity_with_earth_launch_year"] = "lunar-built compute cheaper than Earth-launched"
    labels["payback_year"] = "programme has paid back"
    labels |= {f"kardashev_{step:g}": f"Kardashev index {step:g}" for step in KARDASHEV_STEPS}
    labels |= {
        f"sun_share_{step:.0e}": f"10{_power_of_ten(step)} of the Sun's light collected"
        for step in SUN_SHARE_STEPS
    }
    rows = []
    for name, label in labels.items():
        when = quantiles(answers.events[name], never_is_late=True)
        rows.append({"event": name, "label": label, **asdict(when)})
    return rows


def _sensitivity(
    scenario: Scenario, inputs: Inputs, read: frozenset[str], answers: Answers
) -> list[dict[str, Any]]:
    records = scenario.records
    keys = [k for k in sorted(read) if records[k].distribution != "fixed" and records[k].has_range]
    outputs = {name: answers.headline[name] for name in TORNADO_OUTPUTS}
    found = effects({key: inputs[key] for key in keys}, outputs)
    base = headline_quantiles(answers)
    return [
        {
            "output": output,
            "input": effect.input,
            "label": records[effect.input].label,
            "unit": records[effect.input].unit.suffix,
            "rank_correlation": effect.rank_correlation,
            "input_low": effect.input_low,
            "input_high": effect.input_high,
            "output_at_low": effect.output_at_low,
            "output_at_high": effect.output_at_high,
            "output_base": base[output].p50,
        }
        for output, rows in found.items()
        for effect in rows
    ]


def _flow_rows(answers: Answers) -> list[int]:
    """Years whose flows are shown: most satellites, then before, while and after it grew."""
    made = answers.first["satellite_made_kg"]
    if not made.any():
        return [len(made) - 1]
    begun = int((made > 0.0).argmax())
    full = int((made >= 0.5 * made.max()).argmax())
    rows = [int(made.argmax()), max(begun - 3, 0), begun, full, (full + len(made) - 1) // 2]
    return list(dict.fromkeys(rows))


def _flows(row: int, answers: Answers, inputs: Inputs) -> dict[str, Any]:
    """Mass flows of the nominal draw in the year of a row."""
    first = answers.first
    flow = {name: float(values[row]) for name, values in first.items()}
    capital = (
        flow["machine_made_kg"]
        + flow["pv_made_W"]
        * float(inputs["industry.pv_mass_kg_W"][0] * inputs["industry.pv_mass_ratio"][0])
        + flow["robots_made"] * float(inputs["industry.robot_mass_kg"][0])
    )
    capital_parts = flow["landed_growth_parts_kg"] + flow["landed_maintenance_parts_kg"]
    made_here = {
        "Plant, arrays, robots": (capital, capital_parts),
        "Mass driver": (flow["driver_made_kg"], flow["landed_driver_parts_kg"]),
        "Satellites": (flow["satellite_made_kg"], flow["landed_satellite_parts_kg"]),
    }
    local = {name: max(total - parts, 0.0) for name, (total, parts) in made_here.items()}
    links = [
        ("Regolith", "Lunar materials", sum(local.values())),
        ("Regolith", "Oxygen", flow["joint_activity_kg"]),
        (
            "Regolith",
            "Slag, tailings, scrap",
            max(flow["regolith_kg"] - sum(local.values()) - flow["joint_activity_kg"], 0.0),
        ),
        *(("Lunar materials", name, mass) for name, mass in local.items()),
        *(("Earth", name, parts) for name, (_, parts) in made_here.items()),
        ("Earth", "Plant, arrays, robots", flow["landed_seed_kg"] + flow["landed_plant_kg"]),
        ("Earth", "Crew and supplies", flow["landed_crew_kg"] + flow["landed_supplies_kg"]),
        ("Satellites", "Thrown into deep space", flow["launched_kg"]),
    ]
    merged: dict[tuple[str, str], float] = {}
    for source, target, value in links:
        merged[source, target] = merged.get((source, target), 0.0) + value
    return {
        "label": f"nominal draw in {int(answers.year[row])}",
        "unit": "kg/yr",
        "links": [
            {"source": s, "target": t, "value": v} for (s, t), v in merged.items() if v > 0.0
        ],
    }


def _cash(answers: Answers) -> dict[str, Any]:
    """Nominal draw before outside funding: the balance's deepest point is the funding needed."""
    usd = answers.ledger_usd[..., 0].copy()
    usd[:, [a.id == "external_funding" for a in economics.ACCOUNTS]] = 0.0
    signs = np.array([1.0 if a.kind == "source" else -1.0 for a in economics.ACCOUNTS])
    return {
        "year": [int(y) for y in answers.year],
        "accounts": [
            {"account": a.id, "label": a.label, "kind": a.kind, "usd_yr": _row(usd[:, n])}
            for n, a in enumerate(economics.ACCOUNTS)
            if usd[:, n].any()
        ],
        "balance_usd": _row(np.cumsum(usd @ signs)),
    }


def _facts(answers: Answers, room: str) -> dict[str, float | None]:
    return {
        key.split(".", 1)[1]: quantiles(values).p50
        for key, values in answers.facts.items()
        if key.startswith(f"{room}.")
    }


def _warnings(scenario: Scenario, read: frozenset[str], answers: Answers) -> list[dict[str, str]]:
    records = scenario.records
    rows = [
        {"level": "placeholder", "key": key, "text": f"{records[key].label}: {records[key].note}"}
        for key in sorted(read)
        if records[key].kind == "placeholder"
    ]
    counts = Counter(answers.status.tolist())
    rows += [
        {
            "level": "domain",
            "key": name,
            "text": f"{n} of {len(answers.status)} draws: {STATUS[name]}",
        }
        for name, n in sorted(counts.items())
        if name != "ok"
    ]
    raised = (
        answers.facts["flight.asked_speed_m_s"] > scenario.records["driver.muzzle_speed_m_s"].high
    )
    if raised.any():
        rows.append(
            {
                "level": "domain",
                "key": "flight.asked_speed_m_s",
                "text": f"in {raised.mean():.0%} of draws the slot asks for more than the "
                "announced muzzle speed; the driver is built for what is asked",
            }
        )
    announced = float(records[ANNOUNCED].value)
    power = quantiles(answers.headline["satellite_specific_power_W_kg"])
    if power.p90 is not None and power.p90 < announced:
        rows.append(
            {
                "level": "claim",
                "key": ANNOUNCED,
                "text": f"announced {announced:.0f} W/kg; the mass ledger gives "
                f"{power.p10:.0f} to {power.p90:.0f} W/kg (P10 to P90)",
            }
        )
    claims = [key for key in sorted(read) if records[key].kind == "claim"]
    rows.append(
        {
            "level": "claim",
            "key": "claims",
            "text": f"{len(claims)} inputs are announcements that nobody has shown: "
            + ", ".join(records[key].label for key in claims),
        }
    )
    rows += [{"level": "info", "key": "scenario", "text": text} for text in scenario.warnings]
    return rows


def _inputs(scenario: Scenario, read: frozenset[str]) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": d.label,
            "value": d.value,
            "low": d.low if d.has_range else None,
            "high": d.high if d.has_range else None,
            "unit": d.unit.suffix,
            "distribution": d.distribution,
            "kind": d.kind,
            "source": d.source,
            "set_by": scenario.set_by[key],
        }
        for key in sorted(read)
        for d in (scenario.records[key],)
    ]


def cited(scenario: Scenario, read: frozenset[str]) -> list[str]:
    """Source keys of the records that were read and of the scenario's own recipes, sorted."""
    keys = {scenario.records[key].source for key in read}
    keys |= recipe_sources(scenario.recipes) | recipe_sources(scenario.commodities)
    return sorted(keys & set(scenario.sources))


def summarise(
    *, scenario: Scenario, inputs: Inputs, read: frozenset[str], answers: Answers
) -> dict[str, Any]:
    """Everything that the report shows, as JSON types.

    Parameters
    ----------
    scenario : Scenario
    inputs : Inputs
        All draws.
    read : frozenset of str
        Keys of the records that the run used.
    answers : Answers

    Returns
    -------
    dict
    """
    headline = headline_quantiles(answers)
    flows = [_flows(row, answers, inputs) for row in _flow_rows(answers)]
    read |= {ANNOUNCED, PRICE_YEAR}
    return {
        "schema_version": SCHEMA_VERSION,
        "moonbase_version": __version__,
        "scenario": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "draws": scenario.options.draws,
        "seed": scenario.options.seed,
        "product": "lunar" if scenario.options.lunar_industry == "on" else "earth_launch",
        "price_year": int(scenario.records[PRICE_YEAR].value),
        "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "status_counts": dict(Counter(answers.status.tolist())),
        "headline": {name: asdict(found) for name, found in headline.items()},
        "series": {"year": [int(y) for y in answers.year], **_bands(answers.series)},
        "binding": _binding(answers) if scenario.options.lunar_industry == "on" else [],
        "sensitivity": _sensitivity(scenario, inputs, read, answers),
        "milestones": _milestones(answers),
        "lifetime": _lifetime(answers),
        "flows": flows[0],
        "flow_years": sorted(flows[1:], key=lambda entry: str(entry["label"])),
        "cash": _cash(answers),
        "satellite_ledger": [
            {"term": term, "label": term.replace("_kg", "").replace("_", " "), "kg_kW": mass}
            for term, mass in answers.first_satellite_kg_kW.items()
        ],
        "announced_specific_power_W_kg": float(scenario.records[ANNOUNCED].value),
        "driver": _facts(answers, "driver"),
        "flight": _facts(answers, "flight"),
        "industry": _facts(answers, "industry"),
        "transport": _facts(answers, "transport"),
        "warnings": _warnings(scenario, read, answers),
        "inputs": _inputs(scenario, read),
        "citations": [
            {"key": key, "text": scenario.sources[key].text} for key in cited(scenario, read)
        ],
        "neglects": list(NEGLECTS),
    }
