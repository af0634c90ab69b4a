"""``moonbase driver``: the mass driver of a scenario on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from moonbase.cli.options import study_options
from moonbase.cli.output import echo_json, echo_table, write_new
from moonbase.core.errors import DomainError

if TYPE_CHECKING:
    from moonbase.mass_driver import Study

_Command = TypeVar("_Command", bound=Callable[..., Any])
_DRAWS = 256


@click.group()
def driver() -> None:
    """Design the mass driver of a scenario, fly it, and see how exactly it throws."""


def _one_draw(command: _Command) -> _Command:
    return click.option(
        "--draw",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Which draw; 0 is the nominal case.",
    )(command)


def _study(scenario: str, overrides: dict[str, object], seed: int, draws: int) -> Study:
    from moonbase import mass_driver

    return mass_driver.study(scenario, draws=max(draws, 2), seed=seed, set=overrides)


@driver.command()
@study_options
@click.option(
    "--draws", type=click.IntRange(min=2), default=_DRAWS, show_default=True, help="Draws."
)
def size(
    scenario: str,
    overrides: dict[str, object],
    seed: int,
    draws: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Length, power, masses and output of one line, with their ranges."""
    import numpy as np

    from moonbase import mass_driver
    from moonbase.report.driver_page import quantity

    found = _study(scenario, overrides, seed, draws)
    values = mass_driver.size(found)
    bands = {
        name: {
            "nominal": float(value[0]),
            **{f"p{q}": float(np.nanpercentile(value, q)) for q in (10, 50, 90)},
        }
        for name, value in values.items()
    }
    _page(out, found, title=f"Mass driver of {found.scenario.name}")
    if as_json:
        echo_json({"scenario": found.scenario.name, "draws": draws, "values": bands})
        return
    rows = [(name, *(quantity(name, number) for number in b.values())) for name, b in bands.items()]
    echo_table(("", "nominal", "P10", "P50", "P90"), rows)
    _told(out)


@driver.command()
@study_options
@_one_draw
def design(
    scenario: str,
    overrides: dict[str, object],
    seed: int,
    draw: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Turns, voltage, current and rating along the track, and the limits that are kept."""
    import numpy as np

    from moonbase import mass_driver
    from moonbase.report.driver_page import quantity

    found = _study(scenario, overrides, seed, draw + 1)
    block = mass_driver.sections(found, draw)
    _page(out, found, draw, title=f"Mass driver of {found.scenario.name}, section by section")
    if as_json:
        echo_json({"scenario": found.scenario.name, "draw": draw, **block})
        return
    along = [name for name, value in block.items() if isinstance(value, np.ndarray)]
    picked = range(0, len(block["position_m"]), 4)
    rows = [
        tuple(quantity(name, float(block[name][i])) for name in along)
        for i in [*picked, len(block["position_m"]) - 1]
    ]
    echo_table(along, rows)
    facts = [
        (name, quantity(name, value)) for name, value in block.items() if isinstance(value, float)
    ]
    echo_table(("", ""), facts)
    limits = [(name, f"{ratio:.2f} of its limit") for name, ratio in block["limits_ratio"].items()]
    echo_table(("", ""), limits)
    for sentence in block["broken"]:
        click.echo(f"Not feasible: {sentence}")
    _told(out)


@driver.command()
@study_options
@_one_draw
@click.option(
    "--topology",
    type=click.Choice(("synchronous", "quench")),
    default="synchronous",
    show_default=True,
    help="Inverter-fed synchronous motor, or a quench gun for the same payload.",
)
@click.option(
    "--failed", type=click.IntRange(min=0), multiple=True, help="A coil that has failed; repeat."
)
@click.option("--open-loop", is_flag=True, help="Without speed control.")
def launch(
    scenario: str,
    overrides: dict[str, object],
    seed: int,
    draw: int,
    topology: str,
    failed: tuple[int, ...],
    open_loop: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fly one launch coil by coil: speed, force, voltage, power, and where the energy went."""
    from moonbase import mass_driver
    from moonbase.driver import Faults
    from moonbase.report.driver_page import quantity

    options: dict[str, Any] = {}
    if topology == "synchronous":
        options["faults"] = Faults(failed_coils=failed)
        if open_loop:
            options["control_time_s"] = float("inf")
    elif failed or open_loop:
        raise DomainError(
            "goes with the synchronous motor only",
            path="--failed, --open-loop",
            hint="leave it out, or take --topology synchronous",
        )
    found = _study(scenario, overrides, seed, draw + 1)
    shot = mass_driver.launch(found, draw, topology=topology, **options)
    _page(out, found, draw, launch=shot, title=f"One launch of {found.scenario.name}")
    scalars = {
        "muzzle_speed_m_s": shot.muzzle_speed_m_s,
        "speed_error_m_s": shot.speed_error_m_s,
        "release_time_s": shot.release_time_s,
        "peak_acceleration_m_s2": float(
            shot.acceleration_m_s2[shot.time_s <= shot.release_time_s].max()
        ),
        "peak_bus_power_W": float(shot.bus_power_W.max()),
        "peak_voltage_V": float(shot.coil_voltage_V.max(initial=0.0)),
        "peak_current_A": float(abs(shot.coil_current_A).max(initial=0.0)),
        "audit_error_frac": shot.audit_error_frac,
    }
    if as_json:
        echo_json({"scenario": found.scenario.name, "draw": draw, **asdict(shot), **scalars})
        return
    echo_table(("", ""), [(name, quantity(name, value)) for name, value in scalars.items()])
    energy = [("in", name, quantity("energy_J", value)) for name, value in shot.energy_in_J.items()]
    energy += [
        ("out", name, quantity("energy_J", value)) for name, value in shot.energy_out_J.items()
    ]
    echo_table(("energy", "item", ""), energy)
    _told(out)


@driver.command()
@study_options
@_one_draw
@click.option("--shots", type=click.IntRange(min=2), default=1000, show_default=True, help="Shots.")
@click.option(
    "--method",
    type=click.Choice(("linear", "monte_carlo")),
    default="linear",
    show_default=True,
    help="Linearised sensitivities, or every shot integrated.",
)
@click.option(
    "--samples",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write the release states to (CSV), not yet there.",
)
def dispersion(
    scenario: str,
    overrides: dict[str, object],
    seed: int,
    draw: int,
    shots: int,
    method: str,
    samples: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """How exactly the driver throws: position, velocity and time at release."""
    from moonbase import mass_driver
    from moonbase.driver import STATE
    from moonbase.report.driver_page import quantity

    found = _study(scenario, overrides, seed, draw + 1)
    cloud = mass_driver.spread(found, draw, n_shots=shots, method=method, seed=seed)
    if samples is not None:
        lines = [",".join(STATE), *(",".join(map(repr, row)) for row in cloud.samples.tolist())]
        write_new(samples, "\n".join(lines) + "\n")
    _page(out, found, draw, dispersion=cloud, title=f"Dispersion of {found.scenario.name}")
    sigma = cloud.release_covariance.diagonal() ** 0.5
    if as_json:
        told = asdict(cloud)
        for name in ("samples", "installation", "clearance_m"):
            told.pop(name)
        echo_json({**told, "state": STATE, "draw": draw})
        return
    rows = [(f"sigma {name}", f"{value:.3g}") for name, value in zip(STATE, sigma, strict=True)]
    rows += [
        (name, quantity(name, getattr(cloud, name)))
        for name in ("sigma_speed_m_s", "sigma_azimuth_rad", "sigma_elevation_rad")
    ]
    rows += [
        (f"trim delta-v P{p}", quantity("trim_m_s", float(value)))
        for p, value in zip((50, 95, 99.7), cloud.trim_delta_v_m_s, strict=True)
    ]
    rows.append(("least clearance", quantity("clearance_m", cloud.min_clearance_m)))
    echo_table(("", ""), rows)
    speed, across = STATE.index("vx_m_s"), STATE.index("vy_m_s")
    shares_rows = sorted(cloud.variance_share_frac.items(), key=lambda item: -item[1][speed])
    echo_table(
        ("source", "of speed", "of direction"),
        [
            (name, f"{share[speed]:.1%}", f"{share[across]:.1%}")
            for name, share in shares_rows
            if max(share[speed], share[across]) > 5e-4
        ],
    )
    _told(samples)
    _told(out)


@driver.command()
@study_options
def compare(
    scenario: str, overrides: dict[str, object], seed: int, out: Path | None, as_json: bool
) -> None:
    """Launchers of the literature and this design, and the physics each must obey."""
    from moonbase import mass_driver
    from moonbase.report.driver_page import quantity

    found = _study(scenario, overrides, seed, 2)
    rows = mass_driver.compare(found)
    _page(out, found, compare=rows, title="Launchers at the same task")
    if as_json:
        echo_json(rows)
        return
    echo_table(
        ("system", "acceleration", "length", "peak power", "verdict"),
        [
            (
                row["system"]["name"],
                quantity("acceleration_m_s2", row["target_acceleration_m_s2"]),
                quantity("length_m", row["target_length_m"]),
                quantity("power_W", row["target_peak_power_W"]),
                row["verdict"],
            )
            for row in rows
        ],
    )
    _told(out)


@driver.command()
@study_options
@click.option(
    "--choose", multiple=True, help="A record of the driver that may change; repeat for more."
)
def optimise(
    scenario: str,
    overrides: dict[str, object],
    seed: int,
    choose: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Find the cheapest line for the scenario's payload stream that keeps every limit."""
    from moonbase import mass_driver
    from moonbase.report.driver_page import quantity

    found = _study(scenario, overrides, seed, 2)
    names = tuple(name.removeprefix("driver.") for name in choose) or mass_driver.CHOICES
    best = mass_driver.optimise(found, choose=names, seed=seed)
    settings = {f"driver.{name}": value for name, value in best.choices.items()}
    if out is not None:
        again = _study(scenario, {**overrides, **settings}, seed, 2)
        _page(out, again, title=f"Cheapest line of {found.scenario.name}")
    if as_json:
        told = {"start_usd": best.start_usd, "total_usd": best.total_usd, "tight": best.tight}
        echo_json({**told, "cost_usd": best.cost_usd, "choices": settings})
        return
    echo_table(
        ("", "start", "best"),
        [
            (name, quantity(name, float(found.inputs[f"driver.{name}"][0])), quantity(name, value))
            for name, value in best.choices.items()
        ],
    )
    costs = [(name, quantity("cost_usd", value)) for name, value in best.cost_usd.items()]
    costs.append(("total", quantity("cost_usd", best.total_usd)))
    costs.append(("total at the start", quantity("cost_usd", best.start_usd)))
    echo_table(("", "cost"), costs)
    if best.tight:
        click.echo(f"At the limit: {', '.join(name.replace('_', ' ') for name in best.tight)}")
    click.echo(" ".join(f"--set {key}={value:.4g}" for key, value in settings.items()))
    _told(out)


def _page(
    out: Path | None,
    found: Study,
    draw: int = 0,
    *,
    title: str,
    launch: Any = None,
    dispersion: Any = None,
    compare: Any = (),
) -> None:
    """Write the page of one draw with what there is to show."""
    if out is None:
        return
    from moonbase import __version__, mass_driver
    from moonbase.report.driver_page import driver_page

    values = {name: float(value[draw]) for name, value in mass_driver.size(found).items()}
    block = mass_driver.sections(found, draw)
    limits = block.pop("limits_ratio")
    volts = {"voltage_V": block["coil_voltage_limit_V"]}
    write_new(
        out,
        driver_page(
            title=title,
            lead=f"Scenario {found.scenario.name}, "
            + ("nominal case." if draw == 0 else f"draw {draw}."),
            version=__version__,
            size=values,
            design={**block, "demand_over_limit_ratio": limits, "limits": volts},
            launch=_launch_block(launch, block["terminal_voltage_V"]) if launch else None,
            dispersion=asdict(dispersion) if dispersion is not None else None,
            compare=compare,
        ),
    )


def _launch_block(launch: Any, terminal_voltage_V: float) -> dict[str, Any]:
    limits = {"coil_voltage_V": terminal_voltage_V} if launch.topology == "synchronous" else {}
    return {**asdict(launch), "limits": limits}


def _told(path: Path | None) -> None:
    if path is not None:
        click.echo(f"Written: {path}")
