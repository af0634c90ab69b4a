"""MkDocs hook: computes the figures, tables and numbers of the page "The mass driver"."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads only wait

import driver_charts as charts
import numpy as np
from driver_story import AREAS, DRAWS, Story, table

from moonbase import driver
from moonbase.core.constants import JULIAN_YEAR_s, STANDARD_GRAVITY_m_s2
from moonbase.design import call
from moonbase.report import format as fmt
from moonbase.report.driver_figures import share_text
from moonbase.report.driver_page import quantity

BLOCK = re.compile(r"<!-- driver: (\w+) -->")
NUMBER = re.compile(r"\{\{ (\w+) \}\}")

_SPEEDS_m_s = (1700.0, 2000.0, 2250.0, 2500.0, 2800.0)
_WAVES = ((10.0, 1e-4), (30.0, 1e-3), (100.0, 5e-3))
_SHOWN = (
    ("COI-008", "published table"),
    ("COI-009", "designers' figures of a machine"),
    ("COI-010", "designers' figures of a machine"),
    ("COI-011", "designers' figures of a machine"),
    ("COI-012", "designers' figures of a machine"),
    ("COI-019", "another code"),
    ("IND-001", "finite elements"),
    ("IND-004", "finite elements"),
    ("IND-006", "another code"),
    ("DRV-001", "published study"),
    ("PLT-006", "published study"),
    ("PLT-007", "published energy of a machine in service"),
)
_OTHERS = {
    "finite-element": "finite elements",
    "public code": "another code",
    "another implementation": "another code",
}
"""Words of a source, and what a case then rests on."""


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace the page's markers by what the package computes."""
    if not BLOCK.search(markdown):
        return markdown
    story = Story()
    text = NUMBER.sub(lambda found: NUMBERS[found[1]](story), markdown)
    return BLOCK.sub(lambda found: BLOCKS[found[1]](story), text)


def bands(story: Story, values: Mapping[str, tuple[str, Any]]) -> str:
    """Nominal value and percentiles by quantity."""
    rows = []
    for name, (label, over_draws) in values.items():
        draws = np.broadcast_to(np.asarray(over_draws), story.study.inputs.n_draws)
        cells = [float(draws[0]), *np.nanpercentile(draws, (10, 50, 90)).tolist()]
        rows.append([label, *(quantity(name, cell) for cell in cells)])
    return table(["", "nominal", "P10", "P50", "P90"], rows)


def line(story: Story) -> str:
    """Nominal line and its range over the draws."""
    names = {
        "muzzle_speed_m_s": "muzzle speed",
        "acceleration_m_s2": "acceleration",
        "length_m": "accelerating track",
        "brake_length_m": "braking track",
        "payload_kg": "payload of a shot",
        "sled_kg": "sled",
        "sled_coil_current_A": "ampere-turns of a sled coil",
        "force_N": "thrust",
        "peak_power_W": "peak thrust power",
        "peak_electric_power_W": "peak electric power",
        "efficiency_frac": "motor, bus to kinetic energy",
        "regeneration_frac": "motor, kinetic energy of the sled to bus",
        "energy_per_payload_J_kg": "energy from the supply per payload",
        "line_kg": "mass of the line",
    }
    return bands(story, {name: (label, story.size[name]) for name, label in names.items()})


def hold_down(story: Story) -> str:
    """Curve of hold-down, and the two kinds of track at some speeds."""
    design, speeds = story.design, np.asarray(_SPEEDS_m_s)
    size = call(
        driver.size_driver,
        "driver",
        story.study.inputs.take([0]),
        muzzle_speed_m_s=speeds,
        sled_kg=design.sled_kg,
        duty_frac=1.0,
        electric_peak_ratio=1.0,
        wall_plug_efficiency_frac=design.efficiency_frac,
        regeneration_frac=design.regeneration_frac,
    )
    sheet = driver.sheet_forces(
        conductivity_S_m=design.coil.guide_sheet_S_m,
        thickness_m=design.coil.guide_sheet_m,
        pole_pitch_m=design.pole_pitch_m,
        speed_m_s=speeds,
    )
    moving = design.payload_kg + design.sled_kg
    columns = {
        "speed": ("x_m_s", speeds),
        "on this sled": ("x_N", moving * size.hold_down_m_s2),
        "drag over lift": ("x_frac", sheet.drag_ratio),
        "by the thin-sheet formula": ("x_frac", sheet.thin_drag_ratio),
        "track": ("x_m", size.length_m),
        "straight: sagitta": ("x_m", size.sagitta_m),
        "height of its end": ("x_m", size.end_height_m),
    }
    rows = [
        [quantity(name, float(values[i])) for name, values in columns.values()]
        for i in range(speeds.size)
    ]
    return f"{charts.hold_down(story)}\n\n{table(list(columns), rows)}"


def induction(story: Story) -> str:
    """Armature heat, and the simulated induction stage beside the synchronous line."""
    gun, design, melting = story.shot, story.design, story.record("melting_J_kg")
    energy = gun.energy_out_J
    slip = energy["armature"] / (energy["armature"] + energy["kinetic"])
    speed = float(design.muzzle_speed_m_s)
    put_in = energy["kinetic"] / gun.energy_in_J["stored"]
    wound = float(design.launch_J["copper"] / design.launch_J["kinetic"])
    rows = [
        ["speed", quantity("x_m_s", gun.muzzle_speed_m_s), quantity("x_m_s", speed)],
        ["energy put in that turns kinetic", share_text(put_in), share_text(story.efficiency)],
        [
            "heat in what moves over kinetic energy",
            share_text(energy["armature"] / energy["kinetic"]),
            "none: superconducting",
        ],
        ["mean slip that gives this heat", share_text(slip), "none: synchronous"],
        [
            "heat in the track's windings over kinetic energy",
            share_text(energy["coil_windings"] / energy["kinetic"]),
            share_text(wound),
        ],
    ]
    for share in (1.0, story.record("armature_frac")):
        ratio = 2.0 * share * melting / speed**2
        name = f"slip that melts it if {share_text(share)} of what moves is armature"
        rows.append([name, "–", f"{share_text(ratio / (1.0 + ratio))} if it were induction"])
    head = ["", "82 mm induction gun, one stage", "this line"]
    return f"{charts.induction(story)}\n\n{table(head, rows)}"


def waves(story: Story) -> str:
    """Transverse speed by wave and suspension, with and without inertial damping."""
    speed = story.nominal("muzzle_speed_m_s")
    ride = {"muzzle_speed_m_s": speed, "acceleration_m_s2": story.nominal("acceleration_m_s2")}
    damping = story.record("suspension_inertial_damping_ratio")
    rows = []
    for wavelength, amplitude in _WAVES:
        for suspension in charts.SUSPENSIONS_Hz:
            wave = {
                "amplitude_m": amplitude,
                "wavelength_m": wavelength,
                "suspension_Hz": suspension,
            }
            limit = driver.wave_response(speed_m_s=speed, **wave)
            rung = driver.wave_passage(**ride, **wave)
            calm = driver.wave_passage(**ride, **wave, inertial_damping_ratio=damping)
            ways = [one.transverse_speed_m_s for one in (limit, rung, calm)]
            rows.append(
                [
                    f"{wavelength:g} m, {1e3 * amplitude:g} mm",
                    f"{suspension:g} Hz",
                    *(fmt.si(way, "m/s", 2) for way in ways),
                    fmt.si(calm.direction_rad, "rad", 2),
                ]
            )
    head = [
        "wave, amplitude",
        "suspension",
        "soft limit A ω₀²/ω",
        "launch, undamped",
        f"launch, inertial damping {damping:g}",
        "its direction",
    ]
    return table(head, rows)


def release(story: Story) -> str:
    """Release of the nominal line, and what its errors come from."""
    cloud = story.spread
    facts = {
        "speed, one sigma": (cloud.sigma_speed_m_s, "m/s"),
        "azimuth": (cloud.sigma_azimuth_rad, "rad"),
        "elevation": (cloud.sigma_elevation_rad, "rad"),
        **{
            f"trim {name}": (float(value), "m/s")
            for name, value in zip(("P50", "P95", "P99.7"), cloud.trim_delta_v_m_s, strict=True)
        },
        "least clearance": (cloud.min_clearance_m, "m"),
    }
    speed, across = driver.STATE.index("vx_m_s"), driver.STATE.index("vy_m_s")
    shares = sorted(cloud.variance_share_frac.items(), key=lambda item: -max(item[1][3:5]))
    sources = [
        [name, *(share_text(float(v)) if v else "–" for v in (share[speed], share[across]))]
        for name, share in shares
        if max(share[speed], share[across]) > 0.01
    ]
    head = ["source", "of the variance of speed", "of the variance of azimuth"]
    row = [fmt.si(value, unit) for value, unit in facts.values()]
    return f"{table(list(facts), [row])}\n\n{table(head, sources)}"


def topologies(story: Story) -> str:
    """One launch each, side by side."""
    launches = (story.launch, story.quench, story.shot)
    design, gun, small = story.design, story.gun, story.coilgun
    thrown = (float(design.payload_kg), gun.payload_kg, small.mass_kg)
    put_in = [sum(one.energy_in_J.values()) for one in launches]
    useful, back = {"payload", "kinetic"}, {"bus_returned", "sled"}

    def share(names: set[str]) -> list[str]:
        return [
            share_text(sum(v for k, v in one.energy_out_J.items() if k in names) / total)
            for one, total in zip(launches, put_in, strict=True)
        ]

    lost = []
    for one, total in zip(launches, put_in, strict=True):
        items = {k: v / total for k, v in one.energy_out_J.items() if k not in useful | back}
        named = sorted(items.items(), key=lambda item: -abs(item[1]))
        lost.append(
            ", ".join(f"{k.replace('_', ' ')} {share_text(v)}" for k, v in named if abs(v) > 1e-4)
        )
    pushed = [one.time_s <= one.release_time_s for one in launches]
    flights = list(zip(launches, pushed, strict=True))
    rows = [
        ["thrown", *map(fmt.mass, thrown)],
        ["sled", fmt.mass(float(design.sled_kg)), fmt.mass(gun.sled_kg), "none"],
        ["speed", *(quantity("x_m_s", one.muzzle_speed_m_s) for one in launches)],
        ["travel", *(quantity("x_m", float(np.ptp(one.position_m[on]))) for one, on in flights)],
        [
            "greatest acceleration",
            *(quantity("x_m_s2", float(one.acceleration_m_s2[on].max())) for one, on in flights),
        ],
        ["energy put in", *(fmt.si(total, "J") for total in put_in)],
        ["leaves with what is thrown", *share(useful)],
        ["sled's, comes back by braking", share(back)[0], f"{share(back)[1]} if braked", "–"],
        ["lost or left, by item", *lost],
        ["audit closes to", *(share_text(one.audit_error_frac) for one in launches)],
        [
            "peak power at the terminals",
            fmt.si(float(story.launch.bus_power_W.max()), "W"),
            "none: charged before",
            fmt.si(float(story.shot.bus_power_W.max()), "W"),
        ],
        ["superconductor in the track", "none", fmt.mass(gun.ring_kg * gun.n_rings), "none"],
    ]
    head = ["", "synchronous motor", "quench gun, same task", "82 mm coilgun, one stage"]
    return table(head, rows)


def plant(story: Story) -> str:
    """What the line gives in a year, and what wears out."""
    run, budget = story.study.line.plant, story.study.line.budget
    worn = {
        f"{name}_kg_yr": (f"worn by pulses: {name}s", mass)
        for name, mass in run.replaced_kg_yr.items()
    }
    return bands(
        story,
        {
            "duty_frac": ("share of the year's shots that fly", run.duty_frac),
            "planned_frac": ("· left by planned stops", run.planned_frac),
            "line_frac": ("· track, bus, control and loader work", run.line_availability_frac),
            "fleet_frac": ("· a sled is there", run.fleet_frac),
            "n_shots": ("shots a year, pulses of a coil", run.n_shots_per_year),
            "throughput_kg_yr": ("thrown", run.throughput_kg_yr),
            "energy_J_kg": ("energy per payload, with standby", run.energy_per_payload_J_kg),
            "mean_W": ("mean power of the year", run.mean_power_W),
            "firing_W": ("mean power while firing", run.firing_power_W),
            "peak_W": ("peak power at the pulse store", run.peak_power_W),
            "store_J": ("swing of the pulse store", run.pulse_store_J),
            **worn,
            "spares_kg_yr": ("wear in all, by time and by pulses", budget.spares_kg_yr),
            "own_s": ("time to throw its own mass", budget.own_mass_time_yr * JULIAN_YEAR_s),
        },
    )


def levels(story: Story) -> str:
    """Section design and coil-by-coil launch of the same line."""
    design, flown = story.design, story.launch
    track = design.track
    driven = (flown.coil_position_m > 0.0) & (flown.coil_position_m < float(design.length_m))
    section = np.searchsorted(track.position_m, flown.coil_position_m[driven])
    items = {name: design.launch_J[name] + design.brake_J[name] for name in design.launch_J}
    moved = np.interp(flown.release_time_s, flown.time_s, flown.position_m)
    pairs = [
        ("length to the release", "x_m", story.nominal("length_m"), moved - flown.position_m[0]),
        ("conductor of the drive coils", "x_J", items["copper"], flown.energy_out_J["copper"]),
        ("feeders", "x_J", items["feeder"], flown.energy_out_J["feeder"]),
        ("devices", "x_J", items["devices"], flown.energy_out_J["devices"]),
        (
            "peak power from the bus",
            "x_W",
            story.nominal("peak_electric_power_W"),
            flown.bus_power_W.max(),
        ),
        *(
            (f"peak {name} of a coil, median", unit, np.median(of[section]), np.median(at[driven]))
            for name, unit, of, at in (
                ("current", "x_A", track.current_A, flown.coil_current_A),
                ("voltage", "x_V", track.voltage_V, flown.coil_voltage_V),
            )
        ),
    ]
    rows = [
        [
            label,
            quantity(name, float(a)),
            quantity(name, float(b)),
            f"{100.0 * (b / a - 1.0):+z.1f} %",
        ]
        for label, name, a, b in pairs
    ]
    return table(["", "section design", "launch coil by coil", "difference"], rows)


def over_rated(story: Story) -> str:
    """How far a launch takes coils beyond the rating of their section, by place."""
    design, flown = story.design, story.launch
    length, window = float(design.length_m), float(design.n_window * design.coil_pitch_m)
    driven = (flown.coil_position_m > 0.0) & (flown.coil_position_m < length)
    place = flown.coil_position_m[driven]
    section = np.searchsorted(design.track.position_m, place)
    used = (flown.coil_current_A * flown.coil_voltage_V)[driven] / design.track.coil_VA[section]
    first, last = used[place < window].max(), used[place > length - window].max()
    between = used[(place >= window) & (place <= length - window)].max()
    return (
        f"{between:.2f} times their rating, {first:.2f} times within a window of the start and "
        f"{last:.2f} times within a window of the muzzle"
    )


def kinds(story: Story) -> str:
    """How many cases of each area rest on what."""
    names = ("published", "finite elements", "another code", "derived")
    found = [(row.area, kind_of(row.source)) for row in story.rows.values()]
    rows = [[area, *(str(found.count((area, name)) or "–") for name in names)] for area in AREAS]
    return table(["area", *names], rows)


def kind_of(source: str) -> str:
    """On what a case rests, by the words of its source."""
    first = "derived" if source.startswith("derived") else "published"
    return next((kind for words, kind in _OTHERS.items() if words in source), first)


def anchors(story: Story) -> str:
    """Cases that rest on something else than this package's own formulas, run now."""
    rows = []
    for name, kind in _SHOWN:
        case = story.case(name)
        allowed = {
            key: next(iter(case.tolerance.get(key, case.tolerance).items()))
            for key in case.expected
        }
        worst = max(allowed, key=lambda key: case.difference[key] / allowed[key][1])
        measure, limit = allowed[worst]
        pair = [
            share_text(value) if measure == "rel" else quantity(worst, value)
            for value in (case.difference[worst], limit)
        ]
        rows.append([f"{case.what} ({name})", kind, f"`{worst}`", *pair])
    return table(["case", "rests on", "worst of its values", "differs by", "allowed"], rows)


BLOCKS: dict[str, Callable[[Story], str]] = {
    "line": line,
    "losses": charts.losses,
    "rating": charts.rating,
    "hold_down": hold_down,
    "induction": induction,
    "waves": waves,
    "straightness": charts.straightness,
    "release": release,
    "topologies": topologies,
    "launch": charts.launch,
    "plant": plant,
    "parts": charts.part_masses,
    "levels": levels,
    "kinds": kinds,
    "anchors": anchors,
}
"""What stands in the page for ``<!-- driver: name -->``."""


def _wave_shake(story: Story) -> str:
    """Acceleration of the track under an unsprung sled, shortest wave of the table."""
    wavelength, amplitude = _WAVES[0]
    omega = 2.0 * math.pi * story.nominal("muzzle_speed_m_s") / wavelength
    return f"{amplitude * omega**2 / STANDARD_GRAVITY_m_s2:.0f} g"


NUMBERS: dict[str, Callable[[Story], str]] = {
    "draws": lambda story: str(DRAWS),
    "speed": lambda story: quantity("x_m_s", story.nominal("muzzle_speed_m_s")),
    "circular": lambda story: f"{charts.circular_speed_m_s():,.0f} m/s",
    "turn_voltage": lambda story: fmt.si(
        float(np.max(story.design.track.voltage_V / story.design.track.n_turns)), "V", 2
    ),
    "wave": lambda story: f"{1e3 * _WAVES[0][1]:g} mm over {_WAVES[0][0]:g} m",
    "wave_g": _wave_shake,
    "resonance": lambda story: f"{_WAVES[1][0] * charts.SUSPENSIONS_Hz[0]:.0f} m/s",
    "resonant": lambda story: f"{charts.SUSPENSIONS_Hz[0]:g} Hz and waves of {_WAVES[1][0]:g} m",
    "over_rated": over_rated,
    "cases": lambda story: str(len(story.rows)),
}
"""What stands in the page for ``{{ name }}``."""
