"""A realistic summary for tests of the report: logistic growth, bands, things that never happen.

The numbers are made up for the test; only their shape resembles a run.
"""

from __future__ import annotations

import math
import random
from typing import Any

YEARS = list(range(2027, 2081))
_NEVER = math.inf


def quantile(values: list[float], part: float) -> float | None:
    """Linear quantile with infinities sorted last; None where it is not finite."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    value = low if low == high else low + (high - low) * (place - math.floor(place))
    return value if math.isfinite(value) else None


def band(rows: list[list[float]]) -> dict[str, list[float | None]]:
    """P10, P50 and P90 by year of one list per draw; NaN entries are left out."""
    keys = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
    out: dict[str, list[float | None]] = {key: [] for key in keys}
    for column in zip(*rows, strict=True):
        known = [v for v in column if not math.isnan(v)]
        for key, part in keys.items():
            out[key].append(quantile(known, part) if known else None)
    return out


def head(values: list[float]) -> dict[str, float | None]:
    """Headline entry over draws in which infinity is never."""
    share = sum(math.isfinite(v) for v in values) / len(values)
    return {
        "p10": quantile(values, 0.1),
        "p50": quantile(values, 0.5),
        "p90": quantile(values, 0.9),
        "share": share,
    }


def _draw(rng: random.Random) -> dict[str, Any]:
    """One made-up world: a start, a growth rate, a ceiling, prices."""
    start = 2036.0 + rng.gammavariate(2.0, 2.5)
    rate = rng.lognormvariate(math.log(0.33), 0.2)
    ceiling = rng.lognormvariate(math.log(1.6e12), 1.1)
    lunar, launched, alive_l, alive_e, spent = [], [], [0.0], [0.0], []
    for year in YEARS:
        made = 0.0
        if year >= start:
            made = ceiling / (1.0 + (ceiling / 2e7 - 1.0) * math.exp(-rate * (year - start)))
        flown = 1.2e11 / (1.0 + 400.0 * math.exp(-0.32 * rate / 0.33 * (year - 2027)))
        lunar.append(made)
        launched.append(flown)
        alive_l.append(alive_l[-1] * 0.84 + made)
        alive_e.append(alive_e[-1] * 0.84 + flown)
        spent.append(1.1e10 + 0.011 * made + 3e9 * max(0.0, year - 2027) ** 0.5)
    price = rng.lognormvariate(math.log(9_000.0), 0.25)
    return {
        "start": start,
        "lunar": lunar,
        "launched": launched,
        "alive_l": alive_l[1:],
        "alive_e": alive_e[1:],
        "spent": spent,
        "price": price,
        "rate": rate,
    }


def _cost(draw: dict[str, Any], floor: float) -> list[float]:
    total, out = 0.0, []
    for made in draw["lunar"]:
        total += made
        out.append(floor * (1.0 + 30.0 * (1.0 + total / 3e8) ** -0.42) if total else math.nan)
    return out


def _series(draws: list[dict[str, Any]]) -> dict[str, Any]:
    def total(d: dict[str, Any]) -> list[float]:
        return [a + b for a, b in zip(d["alive_l"], d["alive_e"], strict=True)]

    kardashev = [[(math.log10(1.88e13 + v) - 6.0) / 10.0 for v in total(d)] for d in draws]
    ground = [[d["price"] * 0.985 ** (y - 2027) for y in YEARS] for d in draws]
    launch = [[d["price"] * (1.15 + 2.2 * 0.9 ** (y - 2027)) for y in YEARS] for d in draws]
    lunar = [_cost(d, 0.3 * d["price"]) for d in draws]
    return {
        "year": YEARS,
        "power_added_lunar_W_yr": band([d["lunar"] for d in draws]),
        "power_added_earth_launch_W_yr": band([d["launched"] for d in draws]),
        "power_in_service_lunar_W": band([d["alive_l"] for d in draws]),
        "power_in_service_earth_launch_W": band([d["alive_e"] for d in draws]),
        "power_in_service_W": band([total(d) for d in draws]),
        "kardashev": band(kardashev),
        "sun_share_frac": band([[v / 3.828e26 for v in total(d)] for d in draws]),
        "cost_lunar_usd_kW_yr": band(lunar),
        "cost_earth_launch_usd_kW_yr": band(launch),
        "cost_earth_usd_kW_yr": band(ground),
        "flights_yr": band([[20.0 * 1.12 ** (y - 2027) for y in YEARS] for _ in draws]),
    }


def _first(values: list[float], level: float) -> float:
    return next((y + 0.5 for y, v in zip(YEARS, values, strict=True) if v >= level), _NEVER)


def _parity(draw: dict[str, Any], factor: float) -> float:
    cost = _cost(draw, 0.3 * draw["price"])
    return next(
        (
            y + 0.5
            for y, c in zip(YEARS, cost, strict=True)
            if c < draw["price"] * factor * 0.985 ** (y - 2027)
        ),
        _NEVER,
    )


def _headline(draws: list[dict[str, Any]]) -> dict[str, Any]:
    at = YEARS.index(2050)
    n = len(draws)

    def near(value: float, spread: float) -> dict[str, float | None]:
        return head([value * math.exp(spread * (i - n / 2) / n) for i in range(n)])

    return {
        "first_lunar_satellite_year": head([d["start"] for d in draws]),
        "one_terawatt_per_year_year": head([_first(d["lunar"], 1e12) for d in draws]),
        "parity_with_earth_year": head([_parity(d, 1.0) for d in draws]),
        "parity_with_earth_launch_year": head([_parity(d, 1.25) for d in draws]),
        "levelised_cost_usd_kW_yr": near(14_200.0, 0.9),
        "levelised_cost_earth_usd_kW_yr": near(8_500.0, 0.5),
        "levelised_cost_earth_launch_usd_kW_yr": near(12_900.0, 0.7),
        "power_in_service_2050_W": head([d["alive_l"][at] + d["alive_e"][at] for d in draws]),
        "kardashev_2050": near(0.731, 0.01),
        "imported_kg_per_kW": near(2.1, 0.8),
        "satellite_specific_power_W_kg": near(41.0, 0.6),
        "driver_length_m": near(3_186.0, 0.3),
        "driver_mean_power_W": near(1.2e9, 1.2),
        "peak_funding_usd": near(3.4e11, 1.1),
        "npv_usd": near(-9.0e10, 1.0),
        "irr_frac": {"p10": None, "p50": None, "p90": None, "share": 0.0},
    }


def _milestones(draws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    n = len(draws)
    seed = [2030.2 + 4.0 * i / n for i in range(n)]
    events = [
        ("first_cargo", "First cargo landed", seed),
        ("first_crew", "First crew", [s + 4.0 for s in seed]),
        ("first_satellite", "First lunar-built satellite", [d["start"] for d in draws]),
        ("gigawatt", "1 GW per year of lunar output", [_first(d["lunar"], 1e9) for d in draws]),
        ("parity_launch", "Cheaper than Earth-launched", [_parity(d, 1.25) for d in draws]),
        (
            "closure_90",
            "90 % of plant mass made locally",
            [d["start"] + 11.0 / d["rate"] / 3.0 if d["rate"] > 0.3 else _NEVER for d in draws],
        ),
        ("parity_earth", "Cheaper than the ground", [_parity(d, 0.9) for d in draws]),
        ("terawatt", "1 TW per year of lunar output", [_first(d["lunar"], 1e12) for d in draws]),
        ("petawatt", "1 PW in service", [_NEVER] * n),
    ]
    return [{"event": e, "label": label, **head(v)} for e, label, v in events]


def _binding() -> list[dict[str, Any]]:
    peaks = [
        ("not_started", 2024.0, 7.0, 3.0),
        ("landings", 2041.0, 5.0, 1.0),
        ("power", 2049.0, 4.0, 0.55),
        ("robots", 2054.0, 6.0, 0.6),
        ("crew", 2045.0, 3.0, 0.1),
        ("plant:mre_si", 2060.0, 7.0, 0.45),
        ("driver", 2063.0, 5.0, 0.2),
        ("plant:si_refine", 2066.0, 8.0, 0.5),
        ("demand", 2085.0, 9.0, 1.3),
        ("money", 2037.0, 4.0, 0.3),
        ("plant:wire", 2058.0, 3.0, 0.02),
        ("plant:glass", 2056.0, 3.0, 0.03),
    ]
    rows = []
    for year in YEARS:
        weights = {c: h * math.exp(-(((year - m) / w) ** 2) / 2.0) for c, m, w, h in peaks}
        total = sum(weights.values())
        for constraint, weight in weights.items():
            if weight / total > 0.004:
                rows.append({"year": year, "constraint": constraint, "share": weight / total})
    return rows


def _sensitivity() -> list[dict[str, Any]]:
    levers = [
        ("industry.doubling_time_yr", "doubling time of the lunar factory", 1.4, 4.5, -0.71),
        ("satellite.specific_power_W_kg", "specific power of the satellite", 28.0, 100.0, 0.52),
        ("transport.landings_cap_yr", "landings per year at the ramp's end", 12.0, 150.0, 0.44),
        ("industry.imported_mass_frac", "imported share of plant mass", 0.03, 0.12, -0.31),
        ("workload.chip_cost_usd_kW", "chips, cost per kW of IT power", 12_000.0, 40_000.0, -0.22),
        ("satellite.life_yr", "life of a satellite", 4.0, 9.0, 0.2),
        ("driver.availability_frac", "availability of the mass driver", 0.7, 0.95, 0.08),
        ("city.robot_hours_per_day_h", "working hours of a robot per day", 9.0, 20.0, 0.06),
        (
            "driver.wall_plug_efficiency_frac",
            "wall-plug efficiency of the driver",
            0.85,
            0.95,
            0.01,
        ),
    ]
    outputs = [
        ("power_in_service_2050_W", 6.1e11, 4.0),
        ("levelised_cost_usd_kW_yr", 14_200.0, -0.9),
        ("npv_usd", 6.0e10, 0.8),
        ("first_lunar_satellite_year", 2041.0, -0.004),
    ]
    rows = []
    for output, base, gain in outputs:
        for key, label, low, high, rank in levers:
            push = gain * rank
            rows.append(
                {
                    "output": output,
                    "input": key,
                    "label": label,
                    "rank_correlation": rank,
                    "input_low": low,
                    "input_high": high,
                    "output_at_low": base * math.exp(-push * 0.9),
                    "output_at_high": base * math.exp(push),
                    "output_base": base,
                }
            )
    return rows


def _flows() -> dict[str, Any]:
    links = [
        ("Regolith", "Silicon electrolysis", 1.32e9),
        ("Silicon electrolysis", "Oxygen", 3.0e8),
        ("Silicon electrolysis", "Metallurgical silicon", 2.5e8),
        ("Silicon electrolysis", "Iron", 5.2e7),
        ("Silicon electrolysis", "Slag", 7.18e8),
        ("Slag", "Aluminium electrolysis", 5.0e8),
        ("Slag", "Tailings and slag heap", 2.18e8),
        ("Aluminium electrolysis", "Aluminium", 7.9e7),
        ("Aluminium electrolysis", "Tailings and slag heap", 4.21e8),
        ("Metallurgical silicon", "Solar silicon", 2.17e8),
        ("Metallurgical silicon", "Reject silicon", 3.3e7),
        ("Solar silicon", "PV blankets", 2.17e8),
        ("Aluminium", "PV blankets", 2.9e7),
        ("Aluminium", "Radiators and frames", 5.0e7),
        ("Iron", "Plant and robots", 5.2e7),
        ("PV blankets", "AI satellites", 2.46e8),
        ("Radiators and frames", "AI satellites", 5.0e7),
        ("Earth imports", "AI satellites", 1.9e7),
        ("Earth imports", "Plant and robots", 4.0e6),
        ("Earth imports", "Dopants", 1320.0),
        ("Dopants", "PV blankets", 1320.0),
        ("AI satellites", "Thrown by the driver", 3.15e8),
        ("Oxygen", "Vented oxygen", 2.9e8),
        ("Oxygen", "Propellant", 1.0e7),
    ]
    return {
        "label": "Mass flow in 2050, nominal draw",
        "unit": "kg/yr",
        "links": [{"source": s, "target": t, "value": v} for s, t, v in links],
    }


def _cash(draw: dict[str, Any]) -> dict[str, Any]:
    def sized(factor: float, of: str = "alive_l", power: float = 1.0) -> list[float]:
        return [factor * v**power for v in draw[of]]

    early = [9e9 * math.exp(-(((y - 2034) / 6.0) ** 2)) for y in YEARS]
    accounts = [
        ("compute", "Compute sold", "source", sized(4.4)),
        ("anchor", "Anchor contract", "source", [2e9 if y > 2032 else 0.0 for y in YEARS]),
        ("external_funding", "External funding", "source", [x * 1.2 for x in early]),
        ("nasa", "Government services", "source", [1.1e9 if y < 2045 else 0.0 for y in YEARS]),
        (
            "landings",
            "Landings",
            "use",
            [2.0 * x + 4e8 * max(0, y - 2034) for x, y in zip(early, YEARS, strict=True)],
        ),
        ("chips", "Chips and electronics", "use", sized(9.0, "lunar")),
        ("plant", "Seed plant and spares", "use", [2.2 * x for x in early]),
        ("operations", "Operations", "use", sized(0.35)),
        ("crew", "Crew and habitats", "use", [6e8 + 0.3 * x for x in early]),
        ("development", "Development", "use", [4.5e9 if y < 2036 else 4e8 for y in YEARS]),
        ("network", "Links and ground stations", "use", sized(0.05)),
        ("insurance", "Insurance", "use", sized(0.02)),
    ]
    balance, level = [], 0.0
    for i in range(len(YEARS)):
        level += sum((1 if k == "source" else -1) * v[i] for _, _, k, v in accounts)
        balance.append(level)
    rows = [{"account": a, "label": n, "kind": k, "usd_yr": v} for a, n, k, v in accounts]
    return {"year": YEARS, "accounts": rows, "balance_usd": balance}


def _inputs() -> list[dict[str, Any]]:
    kinds = ["measured", "published", "claim", "derived", "estimate", "placeholder"]
    rows = [
        {
            "key": row["input"],
            "label": row["label"],
            "value": (row["input_low"] * row["input_high"]) ** 0.5,
            "low": row["input_low"],
            "high": row["input_high"],
            "unit": unit,
            "distribution": "triangular",
            "kind": kinds[i % 6],
            "source": "handmer2026",
            "set_by": "data set",
        }
        for i, (row, unit) in enumerate(
            zip(
                _sensitivity()[:9],
                ["yr", "W_kg", "1_yr", "frac", "usd_kW", "yr", "frac", "h", "frac"],
                strict=True,
            )
        )
    ]
    rows.append(
        {
            "key": "campaign.policy",
            "label": "growth policy",
            "value": "grow then export",
            "low": None,
            "high": None,
            "unit": "",
            "distribution": "fixed",
            "kind": "estimate",
            "source": "moonbase_estimate",
            "set_by": "scenario alpha",
        }
    )
    return rows


def make_summary(draws: int = 64, seed: int = 1) -> dict[str, Any]:
    """Build a full summary, the same for the same arguments."""
    rng = random.Random(seed)
    worlds = [_draw(rng) for _ in range(draws)]
    return {
        "schema_version": 1,
        "moonbase_version": "0.1.0",
        "scenario": "alpha",
        "title": "Alpha: satellites first from Earth, then from the Moon",
        "description": "A robotic factory at the lunar south pole makes arrays and radiators, "
        "takes its chips from Earth and throws finished AI satellites into solar orbit.",
        "draws": draws,
        "seed": seed,
        "price_year": 2026,
        "created_utc": "2026-11-23T12:00:00Z",
        "status_counts": {"ok": draws - 2, "infeasible": 2} if draws > 2 else {"ok": draws},
        "headline": _headline(worlds),
        "series": _series(worlds),
        "binding": _binding(),
        "sensitivity": _sensitivity() if draws > 1 else [],
        "milestones": _milestones(worlds),
        "flows": _flows(),
        "cash": _cash(worlds[0]),
        "satellite_ledger": [
            {"term": t, "label": n, "kg_kW": v}
            for t, n, v in [
                ("array", "solar array", 8.2),
                ("radiator", "radiator and loop", 6.4),
                ("compute", "chips and boards", 5.1),
                ("structure", "structure", 2.2),
                ("propulsion", "propulsion and tank", 0.9),
                ("links", "optical terminals", 0.4),
                ("shield", "shielding", 1.2),
            ]
        ],
        "announced_specific_power_W_kg": 100.0,
        "driver": {
            "length_m": 3186.0,
            "launch_time_s": 2.55,
            "peak_power_W": 4.1e9,
            "mean_power_W": 1.2e9,
            "energy_per_launch_J": 5.2e9,
            "storage_J": 6.0e9,
            "heat_W": 1.4e8,
            "own_mass_kg": 8.4e6,
            "launches_per_hour": 118.0,
            "throughput_kg_yr": 1.03e9,
            "muzzle_speed_m_s": 2500.0,
        },
        "flight": {
            "muzzle_speed_m_s": 2520.0,
            "asked_speed_m_s": 2500.0,
            "c3_moon_m2_s2": 6.4e5,
            "c3_earth_m2_s2": 1.1e6,
            "v_inf_earth_m_s": 1050.0,
            "transfer_s": 3.6e5,
            "usable_frac": 0.31,
            "drift_rad_yr": 0.12,
            "light_time_s": 12.0,
        },
        "warnings": [
            {
                "level": "claim",
                "key": "satellite.announced_specific_power_W_kg",
                "text": "100 W/kg is announced, not shown in flight",
            },
            {
                "level": "placeholder",
                "key": "city.robot_hours_per_day_h",
                "text": "no source; stands in for a measured value",
            },
            {
                "level": "domain",
                "key": "driver.acceleration_m_s2",
                "text": "981 m/s² is above any flown or tested system of this bore",
            },
            {"level": "info", "key": "campaign.policy", "text": "growth before export until 2050"},
        ],
        "inputs": _inputs(),
        "citations": [
            {
                "key": "handmer2026",
                "text": "Handmer, C. (2026). Mass driver notes. https://example.org/driver",
            },
            {"key": "suncatcher2025", "text": "Suncatcher (2025). arXiv:2511.19468"},
        ],
        "timings": {"design": 0.04, "campaign": 1.31, "economics": 0.11},
        "neglects": [
            "Dust on surface arrays beyond one mean factor.",
            "Politics, insurance markets and taxes.",
        ],
    }


def null_summary() -> dict[str, Any]:
    """Build a summary in which nothing ever happens: every number null, every list empty."""
    full = make_summary(4)
    nothing = {"p10": None, "p50": None, "p90": None}
    empty = {key: [None] * len(YEARS) for key in nothing}
    return {
        **full,
        "headline": {key: {**nothing, "share": 0.0} for key in full["headline"]},
        "series": {k: (YEARS if k == "year" else empty) for k in full["series"]},
        "binding": [],
        "sensitivity": [],
        "milestones": [{**m, **nothing, "share": 0.0} for m in full["milestones"]],
        "flows": {"label": "", "unit": "kg/yr", "links": []},
        "cash": {"year": YEARS, "accounts": [], "balance_usd": [None] * len(YEARS)},
        "satellite_ledger": [],
        "announced_specific_power_W_kg": None,
        "driver": dict.fromkeys(full["driver"]),
        "flight": dict.fromkeys(full["flight"]),
        "warnings": [],
        "inputs": [],
        "citations": [],
        "timings": {},
    }
