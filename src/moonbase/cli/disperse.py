"""``moonbase disperse``: how exactly releases arrive, and what they may hit."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moonbase.cli.flight_options import (
    FILE,
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
    from moonbase.core.arrays import Array
    from moonbase.flight_plan import Plan, Risk, Sunlight


@click.command()
@shared_options
@epoch_options
@days_option(30.0, "Time of flight to where the cloud is looked at.")
@degree_option
@light_options
@click.option(
    "--covariance",
    type=click.Path(path_type=Path),
    help="Errors at release: what moonbase driver dispersion --json printed, or a 7 x 7 matrix; "
    "by default those of the scenario's own driver.",
)
@click.option(
    "--part",
    type=click.Choice(("total", "common", "shot")),
    default="total",
    show_default=True,
    help="Which of these errors: all, those of every shot alike, those of each shot.",
)
@click.option("--sigma-speed", type=float, help="Instead: sigma of the speed, m/s.")
@click.option("--sigma-angle", type=float, default=0.0, help="And of azimuth and elevation, rad.")
@click.option("--sigma-position", type=float, default=0.0, help="And across the track, m.")
@click.option("--sigma-time", type=float, default=0.0, help="And of the time, s.")
@click.option(
    "--method",
    type=click.Choice(("linear", "unscented", "monte_carlo")),
    default="linear",
    show_default=True,
    help="State transition matrix, sigma points, or every draw flown.",
)
@click.option("--samples", type=int, default=100_000, show_default=True, help="Draws.")
@click.option("--trim", type=float, default=1.0, show_default=True, help="Day of the trim.")
@click.option("--capture", type=float, help="Radius of a catcher at the nominal arrival, km.")
@click.option("--years", type=float, help="Count impacts over so many years.")
@click.option(
    "--hazard-samples", type=int, default=2000, show_default=True, help="Draws flown for that."
)
@click.option(
    "--asset", "assets", type=click.Path(path_type=Path), multiple=True, help="OEM of an asset."
)
@click.option(
    "--keep-out", type=float, default=100.0, show_default=True, help="Radius to keep, km."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed.")
@click.option("--screening", type=FILE, help="File for conjunction screening to write (OEM).")
def disperse(
    scenario: str,
    overrides: dict[str, object],
    epoch: str | None,
    assume: bool,
    days: float,
    degree: int,
    covariance: Path | None,
    part: str,
    sigma_speed: float | None,
    sigma_angle: float,
    sigma_position: float,
    sigma_time: float,
    method: str,
    samples: int,
    trim: float,
    capture: float | None,
    years: float | None,
    hazard_samples: int,
    assets: tuple[Path, ...],
    keep_out: float,
    seed: int,
    screening: Path | None,
    deploy: float,
    dark: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Carry the driver's errors to arrival: miss, trim, capture, impacts, keep-out."""
    from moonbase import flight_plan
    from moonbase.flight_plan.picture import risk_block

    found = read_plan(scenario, overrides, epoch, assume, None if dark else deploy)
    sigmas = {
        "sigma_position_m": sigma_position,
        "sigma_angle_rad": sigma_angle,
        "sigma_time_s": sigma_time,
    }
    errors = _errors(found, covariance, part, sigma_speed, sigmas, (scenario, overrides))
    risk = flight_plan.disperse(
        found,
        errors,
        days=days,
        trim_days=trim,
        method=method,  # type: ignore[arg-type]
        n_samples=samples,
        capture_radius_m=None if capture is None else 1e3 * capture,
        years=years,
        n_hazard=hazard_samples,
        assets=flight_plan.assets_of(
            assets, radius_m=1e3 * keep_out, assume_no_new_leap_second=assume
        ),
        degree=degree,
        seed=seed,
    )
    light = flight_plan.sunlight(found, days=days, forces=flight_plan.forces_of(degree))
    files = []
    if screening is not None:
        files.append(
            flight_plan.write_screening(found, errors, path=screening, days=days, degree=degree)
        )
    if out is not None:
        block = risk_block(risk, flight_plan.corridor_map(found, days=days))
        write_page(
            out,
            title=f"Releases of {found.scenario.name} and what they may hit",
            lead=f"Errors at release carried over {days:g} days. {light_words(light, days)}",
            risk=block,
        )
    if as_json:
        echo_json({"scenario": found.scenario.name, **_whole(risk, light)})
        return
    click.echo(light_words(light, days))
    echo_table(("", ""), _rows(risk))
    _tell_keep_out(risk)
    told(*files, out)


def _errors(
    found: Plan,
    covariance: Path | None,
    part: str,
    sigma_speed: float | None,
    sigmas: dict[str, float],
    own: tuple[str, dict[str, object]],
) -> Array:
    """Covariance at release: from a file, from sigmas, or of the scenario's own driver."""
    from moonbase import flight_plan, mass_driver

    if covariance is not None and sigma_speed is not None:
        raise DomainError(
            "two sets of errors at release",
            path="--covariance, --sigma-speed",
            hint="give one, or neither for the scenario's own driver",
        )
    if covariance is not None:
        return flight_plan.read_covariance(covariance, part)
    if sigma_speed is not None:
        return flight_plan.covariance_of(
            sigma_speed_m_s=sigma_speed, speed_m_s=found.track.speed_m_s, **sigmas
        )
    scenario, overrides = own
    spread = mass_driver.spread(mass_driver.study(scenario, draws=2, set=overrides))
    return {
        "total": spread.release_covariance,
        "common": spread.common_covariance,
        "shot": spread.shot_covariance,
    }[part]


def _rows(risk: Risk) -> list[tuple[str, str]]:
    """What is printed of cloud, impacts and corridor."""
    from moonbase.report.flight_page import chance, quantity

    cloud = risk.cloud
    rows = [
        (f"one sigma across the path, {name}", quantity("r_m", float(value)))
        for name, value in zip(("wider", "narrower"), cloud.miss_sigma_m, strict=True)
    ]
    for label, key, values in (
        ("miss", "r_m", cloud.miss_m),
        ("trim", "v_m_s", cloud.trim_delta_v_m_s),
    ):
        if values is not None:
            rows += [
                (f"{label} {p}", quantity(key, float(v)))
                for p, v in zip(("P50", "P95", "P99.7"), values, strict=True)
            ]
    rows.append(("error of the linear map", f"{cloud.linear_error_frac:.1e} of the spread"))
    counted = {
        "passes within the catcher": cloud.capture,
        "meets the Moon before arrival": cloud.moon_impact,
        "meets the Earth before arrival": cloud.earth_impact,
    }
    if risk.hazards is not None:
        span = quantity("t_s", risk.hazards.duration_s)
        counted[f"falls back to the Moon within {span}"] = risk.hazards.moon
        counted[f"meets the Earth within {span}"] = risk.hazards.earth
    rows += [(name, chance(asdict(item))) for name, item in counted.items() if item is not None]
    safe = risk.corridor
    for name, pair in (
        ("speed_m_s", safe.speed_m_s),
        ("azimuth_rad", safe.azimuth_rad),
        ("elevation_rad", safe.elevation_rad),
    ):
        rows.append((f"clear errors, {name}", " to ".join(quantity(name, float(v)) for v in pair)))
    return rows


def _tell_keep_out(risk: Risk) -> None:
    from moonbase.report.flight_page import chance, quantity

    echo_table(
        ("asset", "closest", "after", "sigma", "enters"),
        [
            (
                item.name,
                quantity("r_m", item.closest_m),
                quantity("t_s", item.closest_s),
                quantity("r_m", item.sigma_m),
                chance(asdict(item.entry)),
            )
            for item in risk.keep_out
        ],
    )


def _whole(risk: Risk, light: Sunlight | None) -> dict[str, Any]:
    """All numbers but the draws, for JSON."""
    kept = ("sample_r_icrf_m", "sample_v_icrf_m_s", "sample_trim_m_s")
    return {
        **{key: value for key, value in _plain(risk.cloud).items() if key not in kept},
        "sunlight": None if light is None else asdict(light),
        "hazards": _counted(risk.hazards),
        "corridor": _plain(risk.corridor),
        "keep_out": [asdict(item) for item in risk.keep_out],
    }


def _plain(item: Any) -> dict[str, Any]:
    return {
        key: value.tolist() if hasattr(value, "tolist") else value
        for key, value in asdict(item).items()
    }


def _counted(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    short = replace(found, moon_hit_s=found.moon_hit_s[:0], earth_hit_s=found.earth_hit_s[:0])
    return {
        **asdict(short),
        "moon_hit_s": found.moon_hit_s.tolist(),
        "earth_hit_s": found.earth_hit_s.tolist(),
    }
