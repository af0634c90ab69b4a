"""A plan in words and tables: what the command prints and the page repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moonbase.report import format as fmt

Block = Mapping[str, Any]
_GOALS = {
    "most_compute": "most compute delivered",
    "most_launched": "most mass launched",
    "earliest_rate": "a yearly rate as early as can be, then most compute",
    "least_cost": "a demand served at least cost",
    "final_stock": "most capital at the end",
}
_OBJECTIVE_UNITS = {"flop": "FLOP", "usd": "$", "kg": "kg"}
_ROWS = 9
REFERENCE_YEAR = 2050


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A table with a title."""

    title: str
    head: list[str]
    rows: list[list[str]]


def amount(value: object, unit: str) -> str:
    """Write an amount of the goal.

    >>> amount(1.15e34, "flop"), amount(2.0e9, "usd"), amount(3e6, "kg")
    ('1.15 × 10³⁴ FLOP', '$2 B', '3 kt')
    """
    number = fmt.finite(value)
    if number is None:
        return fmt.MISSING
    if unit == "usd":
        return fmt.money(number)
    if unit == "kg":
        return fmt.mass(number)
    name = _OBJECTIVE_UNITS.get(unit, unit)
    if number and not 1e-9 <= abs(number) < 1e27:
        return f"{fmt.plain(number, 3)} {name}"
    return fmt.si(number, name)


def limit_name(name: str) -> str:
    """Name of a limit in words.

    >>> limit_name("plant:electrolysis"), limit_name("finished_plant"), limit_name("a/pv")
    ('plant: electrolysis', 'finished plant', 'arrays at a')
    """
    kind, colon, rest = name.partition(":")
    site, slash, bare = (rest or kind).rpartition("/")
    bare = {"pv": "arrays", "local_electronics": "local electronics"}.get(bare, bare)
    text = f"{kind}: {bare}" if colon else bare
    return f"{text.replace('_', ' ')} at {site}" if slash else text.replace("_", " ")


def goal_line(plan: Block) -> str:
    """Goal and what is reached of it."""
    reached = plan.get("reached_year")
    date = f", from {fmt.year(reached)} on" if reached else ""
    if plan["goal"] == "earliest_rate" and not reached:
        date = ", a rate that no plan reaches within the horizon"
    value = amount(plan["objective"], plan["objective_unit"])
    return f"{plan['title']}: {_GOALS.get(plan['goal'], plan['goal'])}{date}: {value}"


def solver_line(plan: Block) -> str:
    """How the solver got there, in one line."""
    info = plan["solver"]
    gap = f", gap {fmt.percent(info['gap_frac'], 2)}" if info["gap_frac"] else ""
    more = f" in {info['n_solves']} solves" if info["n_solves"] > 1 else ""
    return (
        f"{info['status']} by {info['solver'].replace('_', ' ')}{more}{gap}: "
        f"{info['n_columns']:,} variables, {info['n_rows']:,} rows, "
        f"{info['n_iterations']:,} iterations, {info['wall_s']:.1f} s "
        f"(built in {info['build_s']:.2f} s)"
    )


def chosen_years(plan: Block, n: int = _ROWS) -> list[int]:
    """Rows of the years that are shown: those from the first landing on, evenly, and 2050.

    >>> chosen_years({"year": [2030, 2031, 2032], "series": {"landed_kg_yr": [0.0, 1.0, 1.0]}})
    [1, 2]
    """
    years = [int(y) for y in plan["year"]]
    landed = list(plan["series"]["landed_kg_yr"])
    first = next((k for k, kg in enumerate(landed) if kg > 0.0), 0)
    span = len(years) - 1 - first
    picked = {first + round(span * (k / (n - 1)) ** 1.6) for k in range(n)}
    picked |= {k for k, year in enumerate(years) if year == REFERENCE_YEAR and k > first}
    return sorted(picked)


def years_table(plan: Block) -> Told:
    """What is built, landed, made and launched in the chosen years."""
    series, built = plan["series"], plan["built_kg_yr"]
    plant = [sum(column) for column in zip(*built.values(), strict=True)]
    rows = [
        [
            str(int(plan["year"][k])),
            fmt.mass(series["capital_kg"][k]),
            fmt.mass(plant[k], "/yr"),
            fmt.mass(series["landed_kg_yr"][k], "/yr"),
            fmt.si(series["pv_W"][k], "W"),
            fmt.significant(float(series["n_robots"][k])),
            fmt.significant(float(series["n_crew"][k])),
            fmt.mass(series["satellite_kg_yr"][k], "/yr"),
            fmt.mass(series["launched_kg_yr"][k], "/yr"),
            fmt.si(series["power_added_W_yr"][k], "W/yr"),
            fmt.si(series["service_W"][k], "W"),
        ]
        for k in chosen_years(plan)
    ]
    head = "year,capital,built here,landed,arrays,robots,crew,satellites,launched,added,in service"
    return Told(title="What to build, make, land and launch", head=head.split(","), rows=rows)


def binding_table(plan: Block) -> Told:
    """What binds in the chosen years, and what one more unit is worth."""
    years = [int(plan["year"][k]) for k in chosen_years(plan)]
    rows = []
    for year in years:
        told = [row for row in plan["binding"] if row["year"] == year]
        for kind, most in (("limit", 1), ("means", 2)):
            for row in [r for r in told if r["kind"] == kind][:most]:
                worth = amount(row["price"], plan["objective_unit"])
                rows.append(
                    [
                        str(year),
                        "from outside" if kind == "limit" else "made here",
                        limit_name(row["limit"]),
                        fmt.percent(row["rent_frac"]),
                        f"{worth} per {row['unit']}",
                    ]
                )
    return Told(
        title="What binds, and what one more unit is worth",
        head=["year", "", "limit", "share of rents", "one more unit is worth"],
        rows=rows,
    )


def _at(values: Sequence[float], years: Sequence[int], year: int) -> float:
    return float(values[[int(y) for y in years].index(year)])


def headline_year(plan: Block) -> int:
    """2050, or the last year of a plan that does not have it."""
    years = [int(y) for y in plan["year"]]
    return REFERENCE_YEAR if REFERENCE_YEAR in years else years[-1]


def replay_lines(plan: Block) -> list[str]:
    """The plan against its replay and against a rule; empty without a replay."""
    replay = plan.get("replay")
    if not replay:
        return []
    year = headline_year(plan)

    def watts(values: Sequence[float]) -> str:
        return fmt.si(_at(values, replay["year"], year), "W")

    def spread(bands: Mapping[str, Sequence[float]]) -> str:
        return " / ".join(watts(bands[q]) for q in ("p10", "p50", "p90"))

    planned = _at(replay["planned_W"], replay["year"], year)
    middle = _at(replay["replayed_W"]["p50"], replay["year"], year)
    rule = replay["rule"]
    lines = [
        f"The plan has {watts(replay['planned_W'])} of lunar-built power in service in {year}.",
        f"Replayed without chance: {watts(replay['nominal_W'])}; it throws "
        f"{fmt.percent(replay['kept_nominal_frac'])} of the plan's mass.",
        f"Replayed over {replay['n_draws']} draws: P10 / P50 / P90 {spread(replay['replayed_W'])}.",
        f"The policy {rule} reaches {watts(replay['rule_nominal_W'])} without chance, "
        f"{spread(replay['rule_W'])} over the draws.",
    ]
    if planned > 0.0:
        lost = fmt.percent(1.0 - middle / planned)
        lines.append(
            "Cost of not knowing the future: the same orders given in every draw fall, at the "
            f"median, {lost} short of what the plan promises in its own; the rule, which adapts, "
            f"gives {watts(replay['rule_W']['p50'])}."
        )
    return lines
