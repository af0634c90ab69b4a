"""``moonbase fly``, ``windows``, ``site`` and ``swarm``: where a driver throws, and when."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moonbase.cli.flight_options import (
    FILE,
    POINTS,
    TARGETS,
    days_option,
    degree_option,
    epoch_options,
    light_options,
    light_words,
    read_plan,
    shared_options,
    told,
    write_page,
)
from moonbase.cli.output import echo_json, echo_table
from moonbase.core.errors import DomainError

if TYPE_CHECKING:
    from moonbase.flight_plan import Trip


@click.command()
@shared_options
@epoch_options
@days_option(30.0, "Time of flight; to a target it is the coast.")
@degree_option
@light_options
@click.option(
    "--target",
    type=click.Choice(TARGETS, case_sensitive=False),
    help="Find the release that reaches it: points of Earth and Moon, SE- of Sun and Earth, the "
    "scenario's drift about the Sun, or a circular orbit.",
)
@click.option(
    "--window", type=float, default=0.0, help="Days within which the target's release may lie."
)
@click.option("--free-azimuth", is_flag=True, help="Choose the azimuth for the target, too.")
@click.option("--orbit-height", type=float, help="Height of the lunar or Earth orbit, km.")
@click.option("--name", default="MB-0001", show_default=True, help="Name of the craft in files.")
@click.option(
    "--center",
    type=click.Choice(("moon", "earth", "sun")),
    default="moon",
    show_default=True,
    help="Centre of the states in OEM and table.",
)
@click.option("--oem", type=FILE, help="Ephemeris to write (CCSDS OEM).")
@click.option("--opm", type=FILE, help="Release state to write (CCSDS OPM).")
@click.option("--czml", type=FILE, help="Track to write for a globe viewer (CZML).")
@click.option("--states", type=FILE, help="States to write as a table (Parquet).")
def fly(
    scenario: str,
    overrides: dict[str, object],
    epoch: str | None,
    assume: bool,
    days: float,
    degree: int,
    target: str | None,
    window: float,
    free_azimuth: bool,
    orbit_height: float | None,
    name: str,
    center: str,
    oem: Path | None,
    opm: Path | None,
    czml: Path | None,
    states: Path | None,
    deploy: float,
    dark: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fly one release, or the one that reaches a target."""
    from moonbase import flight_plan
    from moonbase.flight_plan.picture import trip_block

    found = read_plan(scenario, overrides, epoch, assume, None if dark else deploy)
    aim: dict[str, Any] = {}
    if target is not None:
        found, aim = flight_plan.aim(
            found,
            target,
            window_days=window,
            free_azimuth=free_azimuth,
            orbit_height_m=None if orbit_height is None else 1e3 * orbit_height,
            degree=degree,
        )
        days = aim["coast_days"]
    elif window or free_azimuth or orbit_height is not None:
        raise DomainError(
            "goes with a target only",
            path="--window, --free-azimuth, --orbit-height",
            hint="add --target, such as --target L2",
        )
    trip = flight_plan.fly(found, days=days, degree=degree)
    files = flight_plan.write_trip(
        trip, name=name, center=center, oem=oem, opm=opm, czml=czml, table=states
    )
    block = trip_block(trip)
    write_page(
        out,
        title=f"A release of {found.scenario.name}" + (f" to {target}" if target else ""),
        lead=f"{trip.outcome[:1].upper()}{trip.outcome[1:]}. {light_words(trip.light, days)}",
        release=block,
        target=aim or None,
    )
    if as_json:
        echo_json({"scenario": found.scenario.name, **_plain_trip(block, aim)})
        return
    _tell_trip(trip, aim, light_words(trip.light, days))
    told(*files, out)


def _plain_trip(block: dict[str, Any], aim: dict[str, Any]) -> dict[str, Any]:
    """What JSON shows of a flown release."""
    return {
        **{key: block[key] for key in ("card", "outcome", "events", "forces")},
        "target": aim or None,
        **{
            key: block["path"][key].tolist()
            for key in ("t_s", "moon_distance_m", "earth_distance_m")
        },
    }


def _tell_trip(trip: Trip, aim: dict[str, Any], light: str) -> None:
    """Print what became of a release, its card, burns and events."""
    from moonbase.report.flight_page import quantity

    echo_table(("", ""), [("outcome", trip.outcome), *aim.get("facts", [])])
    click.echo(light)
    echo_table(
        ("", ""),
        [(key, quantity(key, value)) for key, value in trip.card.items() if isfinite(value)],
    )
    echo_table(
        ("burn", "after", "velocity"),
        [(n, quantity("t_s", t), quantity("v_m_s", v)) for n, t, v in aim.get("burns", [])],
    )
    echo_table(
        ("event", "after", "distance", "speed"),
        [
            (n, quantity("t_s", t), quantity("r_m", r), quantity("v_m_s", v))
            for n, t, r, v in trip.events
        ],
    )


@click.command()
@shared_options
@epoch_options
@days_option(29.0, "Span of release dates.")
@click.option("--epochs", type=int, default=120, show_default=True, help="Release dates.")
@click.option("--speeds", type=int, default=60, show_default=True, help="Muzzle speeds.")
@click.option("--low", type=float, help="Lowest speed, m/s; by default that of the record.")
@click.option("--high", type=float, help="Highest speed, m/s; by default that of the record.")
@click.option(
    "--horizon", type=float, default=365.25, show_default=True, help="Days that each craft flies."
)
@light_options
def windows(
    scenario: str,
    overrides: dict[str, object],
    epoch: str | None,
    assume: bool,
    days: float,
    epochs: int,
    speeds: int,
    low: float | None,
    high: float | None,
    horizon: float,
    deploy: float,
    dark: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Map what the track reaches over release dates and speeds."""
    from moonbase import flight_plan
    from moonbase.flight_plan.picture import map_block
    from moonbase.report.flight_page import quantity

    found = read_plan(scenario, overrides, epoch, assume, None if dark else deploy)
    item = flight_plan.windows(
        found,
        days=days,
        n_epochs=epochs,
        speeds_m_s=(low, high),
        n_speeds=speeds,
        horizon_days=horizon,
    )
    best = flight_plan.best_cells(item)
    block = map_block(item)
    light = flight_plan.sunlight(found, days=horizon, forces=flight_plan.map_forces(None))
    lit = light_words(light, horizon)
    write_page(
        out,
        title=f"Launch map of {found.scenario.name}",
        lead=f"{epochs} dates by {speeds} speeds, each flown for {horizon:g} days. {lit}",
        windows=block,
        best=best,
    )
    if as_json:
        whole = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in block.items()}
        plate = None if light is None else asdict(light)
        echo_json({"scenario": found.scenario.name, "best": best, "sunlight": plate, **whole})
        return
    click.echo(lit)
    share = [(item.outcome == code).mean() for code in range(len(block["outcomes"]))]
    rows = zip(block["outcomes"], share, strict=True)
    echo_table(("outcome", "share of cells"), [(n, f"{s:.1%}") for n, s in rows if s > 0.0])
    echo_table(
        ("release", "speed", "outcome", "C3 Moon", "C3 Earth", "drift", "burn"),
        [
            (
                quantity("t_tdb_s", row["epoch_tdb_s"]),
                quantity("v_m_s", row["speed_m_s"]),
                row["outcome"],
                quantity("c3_m2_s2", row["c3_moon_m2_s2"]),
                quantity("c3_m2_s2", row["c3_earth_m2_s2"]),
                quantity("drift_rad_yr", row["drift_rad_yr"]),
                quantity("dv_m_s", row["slot_delta_v_m_s"]),
            )
            for row in best
        ],
    )
    told(out)


_SITES_LEAD = "Achromatic sites are flown in the circular restricted problem of Earth and Moon."
_SURVEY_LEAD = " The survey of tracks is flown among all bodies that matter within a year."


@click.command()
@shared_options
@epoch_options
@click.option(
    "--target", "targets", type=click.Choice(POINTS), multiple=True, help="A point; repeat."
)
@click.option("--survey", "surveyed", is_flag=True, help="Also compare tracks round the Moon.")
@click.option("--longitudes", type=int, default=12, show_default=True, help="Sites compared.")
@click.option("--budget", type=float, help="Burn on board for that, m/s.")
def site(
    scenario: str,
    overrides: dict[str, object],
    epoch: str | None,
    assume: bool,
    targets: tuple[str, ...],
    surveyed: bool,
    longitudes: int,
    budget: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Sites where errors of speed cancel at a libration point, and what tracks serve."""
    from moonbase import flight_plan

    found = read_plan(scenario, overrides, epoch, assume)
    fastest = found.scenario.records["driver.muzzle_speed_m_s"].high
    rows = flight_plan.achromatic_sites(targets=targets or POINTS, fastest_m_s=fastest)
    table = (
        flight_plan.survey(found, n_longitudes=longitudes, budget_m_s=budget) if surveyed else {}
    )
    write_page(
        out,
        title="Where a driver stands best",
        lead=_SITES_LEAD + (_SURVEY_LEAD if surveyed else ""),
        sites=rows,
        survey=table,
    )
    if as_json:
        plain = {
            key: {k: v.tolist() for k, v in value.items()} if isinstance(value, dict) else value
            for key, value in table.items()
        }
        if table:
            plain["longitude_rad"] = table["longitude_rad"].tolist()
        echo_json({"achromatic": rows, "survey": plain or None})
        return
    _tell_sites(rows)
    if table:
        _tell_survey(table)
    told(out)


def _tell_sites(rows: list[dict[str, Any]]) -> None:
    """Print achromatic sites, and why there is none."""
    from moonbase.report.flight_page import quantity

    names = ("longitude_rad", "speed_m_s", "flight_s", "arrival_speed_m_s")
    echo_table(
        ("target", "throw", "longitude", "speed", "flight", "arrives", "second order, s²/m"),
        [
            (
                row["target"],
                f"{row['direction']}ward",
                *(quantity(n, row[n]) for n in names),
                f"{row['second_order_s2_m']:.4g}",
            )
            if row["found"]
            else (row["target"], f"{row['direction']}ward", "none", "", "", "", "")
            for row in rows
        ],
    )
    for row in rows:
        if row["advice"]:
            click.echo(f"{row['target']} {row['direction']}ward: {row['advice']}")


def _tell_survey(table: dict[str, Any]) -> None:
    """Print how often tracks serve."""
    from moonbase.report.flight_page import quantity

    sides = ("east", "west")
    echo_table(
        ("longitude", "eastward serves", "westward serves", "least burn east", "west"),
        [
            (
                quantity("longitude_rad", float(longitude)),
                *(f"{table[side]['served_frac'][i]:.0%}" for side in sides),
                *(quantity("dv_m_s", float(table[side]["least_delta_v_m_s"][i])) for side in sides),
            )
            for i, longitude in enumerate(table["longitude_rad"])
        ],
    )


@click.command()
@shared_options
@epoch_options
@click.option("--years", type=int, default=50, show_default=True, help="Years of launches.")
@click.option("--per-year", type=float, help="Satellites a year; by default the announced goal's.")
@click.option("--elements", type=FILE, help="Orbits of a sample to write (Parquet).")
def swarm(
    scenario: str,
    overrides: dict[str, object],
    epoch: str | None,
    assume: bool,
    years: int,
    per_year: float | None,
    elements: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fill the belt of slots: satellites, derelicts, collisions, shade, station keeping."""
    from moonbase import flight_plan
    from moonbase.report import format as fmt

    found = read_plan(scenario, overrides, epoch, assume)
    belt, craft = flight_plan.swarm(found, years=years, n_1_yr=per_year)
    facts = {
        "satellites a year": fmt.plain(craft["n_1_yr"], 4),
        "mass of one": fmt.mass(craft["mass_kg"]),
        "in service at the end": fmt.plain(float(belt.n_alive[-1]), 4),
        "derelict at the end": fmt.plain(float(belt.n_derelict[-1]), 4),
        "rings begun": fmt.plain(float(belt.n_rings[-1]), 4),
        "slots of all rings": fmt.plain(float(belt.rings.n_slots.sum()), 4),
        "launches refused": fmt.plain(float(belt.n_refused.sum()), 4),
        "collisions in the last year": fmt.plain(float(belt.collisions_1_yr[-1]), 3),
        "light taken by other rings": fmt.percent(float(belt.shade_frac[-1]), 3),
        "station keeping a year": fmt.si(float(belt.keeping.thrust_m_s_yr), "m/s"),
    }
    files = []
    if elements is not None:
        files.append(flight_plan.write_elements(found, path=elements, years=years, n_1_yr=per_year))
    block = {
        key: getattr(belt, key)
        for key in ("year", "n_alive", "n_derelict", "collisions_1_yr", "hit_1_yr", "shade_frac")
    }
    write_page(
        out,
        title=f"The belt of {found.scenario.name}",
        lead=f"{years} years of launches into rings about the Sun.",
        swarm=block,
        swarm_facts=list(facts.items()),
    )
    if as_json:
        rings = {"n_rings": belt.n_rings.tolist(), "n_refused": belt.n_refused.tolist()}
        plain = {key: value.tolist() for key, value in block.items()}
        echo_json({"scenario": found.scenario.name, "satellite": craft, **plain, **rings})
        return
    echo_table(("", ""), list(facts.items()))
    told(*files, out)
