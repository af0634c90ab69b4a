"""The self-contained report: one HTML file without script and without any external request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moonbase.report import accounts, chain, growth, parts
from moonbase.report import format as fmt
from moonbase.report.style import style_sheet
from moonbase.report.svg import escape
from moonbase.report.words import (
    Summary,
    constraint_name,
    draws_of,
    eras,
    headline_of,
    middle,
    years_of,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_TORNADOS = ("power_in_service_2050_W", "levelised_cost_usd_kW_yr")
_SECTIONS = (
    ("when", "When"),
    ("growth", "Power"),
    ("money", "Cost"),
    ("flow", "Mass flow"),
    ("limits", "What binds"),
    ("funding", "Cash"),
    ("doubt", "What moves the answer"),
    ("machine", "Satellite, driver, flight"),
    ("warnings", "Warnings"),
    ("inputs", "Inputs and sources"),
    ("reading", "How to read"),
    ("manifest", "Manifest"),
)


def render_report(summary: Summary) -> str:
    """Render the whole report.

    Parameters
    ----------
    summary
        The summary of a run, JSON types only; absent or null entries are reported as such.

    Returns
    -------
    str
        A complete HTML document that needs no other file.
    """
    title = str(summary.get("title") or summary.get("scenario") or "moonbase run")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} – moonbase</title><style>{style_sheet()}</style></head><body>"
        f"<header>{_header(summary, title)}</header><main>{_body(summary)}</main>"
        f"<footer>moonbase {escape(summary.get('moonbase_version') or '')}. "
        "Every number is a result of the model and its inputs, not a forecast.</footer>"
        "</body></html>"
    )


def _header(summary: Summary, title: str) -> str:
    links = "".join(f'<a href="#{key}">{name}</a>' for key, name in _SECTIONS)
    description = str(summary.get("description") or "").strip()
    return (
        f'<div class="brand">◐ moonbase · scenario {escape(summary.get("scenario") or "")}</div>'
        f'<h1>{escape(title)}</h1><p class="lead">{escape(description)}</p>'
        f'<p class="lead"><strong>In short.</strong> {parts.tied(in_short(summary))}</p>'
        f'<p class="meta">{escape(run_line(summary))}</p>'
        f'<nav aria-label="Sections">{links}</nav>{_banner(summary)}'
    )


def run_line(summary: Summary) -> str:
    """Draws, seed, price year, version and status of a run in one line."""
    draws = draws_of(summary)
    words = [f"{draws:,} draw{'s' if draws > 1 else ''}"]
    if summary.get("seed") is not None:
        words.append(f"seed {summary['seed']}")
    if summary.get("price_year"):
        words.append(f"real US$ of {summary['price_year']}")
    if summary.get("moonbase_version"):
        words.append(f"moonbase {summary['moonbase_version']}")
    if summary.get("created_utc"):
        words.append(str(summary["created_utc"])[:16].replace("T", " ") + " UTC")
    counts = summary.get("status_counts") or {}
    if any(name != "ok" for name in counts):
        words.append(", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in counts.items()))
    return " · ".join(words)


def in_short(summary: Summary) -> str:
    """Two or three sentences with the answer."""
    first = headline_of(summary, "first_lunar_satellite_year")
    where = middle(summary)
    built = "Earth-launched" if summary.get("product") == "earth_launch" else "lunar-built"
    if built == "Earth-launched":
        words = ["Every satellite is built on Earth."]
    elif first["p50"] is None:
        words = [f"No lunar-built satellite flies {where}."]
    else:
        words = [
            f"{where.capitalize()} the first lunar-built satellite flies in "
            f"{fmt.year(first['p50'])}."
        ]
    goal = headline_of(summary, "one_terawatt_per_year_year")
    if goal["share"] is not None:
        words.append(_goal_sentence(goal["share"], draws_of(summary)))
    cost = headline_of(summary, "levelised_cost_usd_kW_yr")["p50"]
    ground = headline_of(summary, "levelised_cost_earth_usd_kW_yr")["p50"]
    if cost is not None and ground:
        words.append(
            f"A kW-year of {built} power costs {fmt.money(cost)}, "
            f"{fmt.significant(cost / ground, 2)} times the ground."
        )
    flights = summary.get("transport") or {}
    lunar, earth = (flights.get(f"n_flights_per_{place}_MW") for place in ("lunar", "earth"))
    if lunar and earth and built != "Earth-launched":
        words.append(
            f"A lunar-built megawatt takes {fmt.significant(lunar / earth, 2)} times the launches "
            "of an Earth-launched one."
        )
    longest = [era for era in eras(summary) if era.constraint != "not_started"]
    if longest:
        era = max(longest, key=lambda e: e.last - e.first)
        words.append(
            f"What limits lunar output longest: {constraint_name(summary, era.constraint)}, "
            f"{era.first}–{era.last}."
        )
    return " ".join(words)


def _goal_sentence(share: float, draws: int) -> str:
    if share <= 0.0:
        return "No year adds 1 TW" + ("." if draws == 1 else " in any draw.")
    if draws == 1:
        return "A year comes that adds 1 TW."
    return f"A year comes that adds 1 TW {fmt.happens(share, draws)}."


def _banner(summary: Summary) -> str:
    count = sum(w.get("level") == "placeholder" for w in summary.get("warnings") or [])
    if not count:
        return ""
    what = "1 input is a placeholder" if count == 1 else f"{count} inputs are placeholders"
    return f'<p class="banner"><strong>{what}</strong>: see <a href="#warnings">warnings</a>.</p>'


def _body(summary: Summary) -> str:
    pair = "".join
    blocks = {
        "when": parts.figure(growth.milestones(summary), "No milestones in this run."),
        "growth": _two(
            pair([parts.figure(growth.kardashev(summary)), parts.figure(growth.sun_share(summary))])
        )
        + _two(
            pair(
                [
                    parts.figure(growth.power_added(summary), "No power is deployed in any draw."),
                    parts.figure(growth.power_in_service(summary)),
                ]
            )
        ),
        "money": parts.figure(growth.cost(summary), "No cost is available."),
        "flow": _flow(summary),
        "limits": parts.figure(chain.binding(summary), "No constraint is recorded."),
        "funding": _funding(summary),
        "doubt": _doubt(summary),
        "machine": _machine(summary),
        "warnings": parts.warnings(summary),
        "inputs": parts.inputs(summary) + parts.citations(summary),
        "reading": parts.prose(_reading(summary)) + _neglects(summary),
        "manifest": _manifest(summary),
    }
    tiles = parts.tiles(summary, main=True) + parts.tiles(summary, main=False)
    sections = "".join(
        f'<section id="{key}"><h2>{name}</h2>{blocks[key]}</section>' for key, name in _SECTIONS
    )
    return f'<section aria-label="Headline results">{tiles}</section>{sections}'


def _two(content: str) -> str:
    return f'<div class="grid two">{content}</div>' if content else ""


def _funding(summary: Summary) -> str:
    figures = accounts.cash_flow(summary)
    if len(figures) == 2:
        return _two("".join(parts.figure(item) for item in figures))
    return parts.figure(figures[0] if figures else None, "No money moves in the nominal draw.")


def _doubt(summary: Summary) -> str:
    present = list(dict.fromkeys(r.get("output") for r in summary.get("sensitivity") or []))
    chosen = [o for o in _TORNADOS if o in present] + [o for o in present if o not in _TORNADOS]
    figures = [f for o in chosen if (f := accounts.tornado(summary, str(o))) is not None]
    if not figures:
        return "<p>No sensitivities in this run.</p>"
    more = "".join(
        f'<details class="panel"><summary>{escape(item.title)}</summary>'
        f"{parts.table(item.table)}</details>"
        for item in figures[2:]
    )
    return _two("".join(parts.figure(item) for item in figures[:2])) + more


def _machine(summary: Summary) -> str:
    driver, flight = summary.get("driver") or {}, summary.get("flight") or {}
    boxes = parts.facts("Mass driver (medians)", _driver_rows(driver))
    boxes += parts.facts("Flight (medians)", _flight_rows(flight))
    boxes += parts.facts(
        "Stock that the last year's output sustains, by satellite life", _lifetime_rows(summary)
    )
    ledger = parts.figure(chain.satellite_ledger(summary), "No mass ledger in this run.")
    return ledger + _two(boxes)


def _lifetime_rows(summary: Summary) -> list[tuple[str, str]]:
    rows = []
    for row in summary.get("lifetime") or []:
        power, index = (row[key]["p50"] for key in ("power_W", "kardashev"))
        text = f"{fmt.si(power, 'W')}, Kardashev index {fmt.significant(index, 5)}"
        rows.append((f"{row['life_yr']:.0f} years", text))
    return rows


def _driver_rows(driver: Mapping[str, Any]) -> list[tuple[str, str]]:
    get = driver.get
    return [
        ("length", fmt.si(get("length_m"), "m")),
        ("muzzle speed", fmt.si(get("muzzle_speed_m_s"), "m/s")),
        ("mean power as used", fmt.si(get("used_power_W"), "W")),
        ("time of one launch", fmt.duration(get("launch_time_s"))),
        ("launches per hour", _count(get("launches_per_hour"))),
        ("throughput", fmt.mass(get("throughput_kg_yr"), "/yr")),
        ("peak power", fmt.si(get("peak_power_W"), "W")),
        ("mean power at full cadence", fmt.si(get("mean_power_W"), "W")),
        ("energy per launch", fmt.si(get("energy_per_launch_J"), "J")),
        ("energy storage", fmt.si(get("storage_J"), "J")),
        ("waste heat", fmt.si(get("heat_W"), "W")),
        ("mass of a sled", fmt.mass(get("sled_kg"))),
        ("motor efficiency, bus to motion", fmt.percent(get("efficiency_frac"))),
        ("converters, installed", fmt.si(get("converter_VA"), "VA")),
        ("selector switches, installed", fmt.si(get("selector_VA"), "VA")),
        ("share of the year it can fire", fmt.percent(get("duty_frac"))),
        ("own mass", fmt.mass(get("own_mass_kg"))),
    ]


def _flight_rows(flight: Mapping[str, Any]) -> list[tuple[str, str]]:
    get = flight.get
    return [
        ("muzzle speed", fmt.si(get("muzzle_speed_m_s"), "m/s")),
        ("speed asked for", fmt.si(get("asked_speed_m_s"), "m/s")),
        ("C3 at the Moon", _square_speed(get("c3_moon_m2_s2"))),
        ("C3 at Earth", _square_speed(get("c3_earth_m2_s2"))),
        ("hyperbolic excess speed at Earth", fmt.si(get("v_inf_earth_m_s"), "m/s")),
        ("transfer time", fmt.duration(get("transfer_s"))),
        ("usable share of the month", fmt.percent(get("usable_frac"))),
        ("drift along the orbit", _degrees(get("drift_rad_yr"))),
        ("light time to Earth", fmt.duration(get("light_time_s"))),
    ]


def _count(value: object) -> str:
    number = fmt.finite(value)
    return fmt.MISSING if number is None else fmt.significant(number)


def _square_speed(value: object) -> str:
    number = fmt.finite(value)
    return fmt.MISSING if number is None else f"{fmt.significant(number / 1e6)} km²/s²"


def _degrees(value: object) -> str:
    number = fmt.finite(value)
    return fmt.MISSING if number is None else f"{fmt.significant(number * 57.29577951)}° per year"


def _reading(summary: Summary) -> list[tuple[str, str]]:
    years = years_of(summary)
    span = f"{years[0]} to {years[-1]}" if years else "the years of the run"
    return [
        (
            "P10, P50, P90",
            "Every uncertain input is drawn from its range; each set of draws is run through the "
            "whole chain. P50 is the median result; one draw in ten lies below P10 and one in ten "
            "above P90. The bands are those of the inputs in the table, not of everything that "
            "can go wrong.",
        ),
        (
            "Never, and shares of draws",
            f"The run covers {span}. What does not happen by its end counts as later than any "
            "year, so a median date is missing where fewer than half of the draws get there; the "
            "share says how many do.",
        ),
        (
            "Levelised cost",
            "Discounted cost of building, launching, running and replacing, divided by discounted "
            "kW-years of useful IT power: power that reaches the computers of satellites that are "
            "alive, times the share of time that does useful work there over that share on the "
            "ground. All three ways buy the same chips and write them off over the same life.",
        ),
        (
            "Net present value, return and funding",
            "What compute earns less what the programme spends, Earth-launched satellites "
            "included; lander contracts, Starlink's surplus and outside money are what pays for "
            "it, not what it earns. Satellites are built as announced whether or not they pay. "
            "Peak funding is all outside money that keeps the balance from falling below zero.",
        ),
        (
            "Kardashev index",
            "Of mankind's power use of the base year plus the electric power of the satellites; "
            "growth of the rest of mankind is left out, so that a change is the programme's.",
        ),
        (
            "Median and nominal draw",
            "Bands and medians are over all draws. Mass flows, cash flow and the mass ledger show "
            "the nominal draw, in which every input has its stated value. Where the stated value "
            "is an announced one at the end of its range, that draw does better than the median.",
        ),
        (
            "Kinds of input",
            "Measured and published numbers have a source that shows them; derived ones follow "
            "from those; a claim is announced but not shown; an estimate is argued in its note; a "
            "placeholder stands in for a number nobody has yet.",
        ),
    ]


def _flow(summary: Summary) -> str:
    main = parts.figure(chain.mass_flow(summary), "No mass flows in the nominal draw.")
    others = "".join(parts.figure(item) for item in chain.earlier_flows(summary))
    more = (
        "<details><summary>The same in other years</summary>"
        f"<div class=grid>{others}</div></details>"
    )
    imported = parts.figure(growth.imports(summary))
    return main + (more if others else "") + imported


def _neglects(summary: Summary) -> str:
    rows = summary.get("neglects") or []
    if not rows:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in rows)
    return f'<h2 id="neglects">What the model neglects</h2><ul class="prose">{items}</ul>'


def _manifest(summary: Summary) -> str:
    rows = [
        ("moonbase", str(summary.get("moonbase_version") or fmt.MISSING)),
        ("scenario", str(summary.get("scenario") or fmt.MISSING)),
        ("draws", f"{draws_of(summary):,}"),
        ("seed", str(summary.get("seed", fmt.MISSING))),
        ("price year", str(summary.get("price_year") or fmt.MISSING)),
        ("made", str(summary.get("created_utc") or fmt.MISSING)),
        *((f"draws {name}", str(n)) for name, n in (summary.get("status_counts") or {}).items()),
    ]
    times = [(name, fmt.duration(v)) for name, v in (summary.get("timings") or {}).items()]
    return _two(parts.facts("Run", rows) + parts.facts("Time taken", times))
