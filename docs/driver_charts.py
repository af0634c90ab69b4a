"""Figures of the page on the mass driver; see ``gen_driver.py``."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
from driver_story import SHOTS, Story, bars, curves, panel, shown

from moonbase import driver, mass_driver
from moonbase.core.constants import GM_MOON_m3_s2, MOON_RADIUS_m
from moonbase.design import driver_specs
from moonbase.driver.induction import induction_armature_heat
from moonbase.report import driver_figures as draw
from moonbase.report import format as fmt
from moonbase.report.driver_figures import share_text
from moonbase.report.driver_page import quantity
from moonbase.report.svg import Figure
from moonbase.report.xy import Curve, Limit

SUSPENSIONS_Hz = (10.0, 2.0)
_WIDTHS_m = np.geomspace(0.004, 0.1, 13)
_SLIPS = (0.01, 0.05, 0.2, 0.5)
_RMS_m = (1e-4, 3e-4, 1e-3, 3e-3)
_CONDUCTOR = "conductor of the drive coils"


def circular_speed_m_s() -> float:
    """Speed of a circular orbit at the Moon's mean radius."""
    return math.sqrt(GM_MOON_m3_s2 / MOON_RADIUS_m)


def losses(story: Story) -> str:
    """Losses of one launch by item, and what the conductor's width buys."""
    items = story.losses_J
    kinetic = float(story.design.launch_J["kinetic"])
    total = fmt.si(sum(items.values()), "J")
    waste = bars(
        "losses",
        f"Of {total} lost in a shot the coils' conductor takes {fmt.si(items[_CONDUCTOR], 'J')}",
        "Losses of one shot and of the braking of its sled, by item",
        f"Shares are of the {fmt.si(kinetic, 'J')} of kinetic energy of sled and payload. Store "
        "and braking are efficiencies given by records; the others follow from the section design.",
        "energy lost, MJ",
        [
            (
                draw.sentence(name),
                1e-6 * value,
                "launch" if name == _CONDUCTOR else "lunar",
                f"{fmt.si(value, 'J')} · {share_text(value / kinetic)}",
            )
            for name, value in sorted(items.items(), key=lambda item: -item[1])
        ],
    )
    return shown(waste, _conductor_width(story))


def _conductor_width(story: Story) -> Figure:
    """Loss and masses over the radial width of the drive coils."""
    line, own = story.design, story.record("drive_coil_width_m")
    specs = driver_specs(story.study.inputs.take([0]))
    swept = driver.design_driver(
        payload_kg=np.full(_WIDTHS_m.size, float(line.payload_kg)),
        muzzle_speed_m_s=float(line.muzzle_speed_m_s),
        acceleration_m_s2=float(line.acceleration_m_s2),
        deceleration_m_s2=float(line.deceleration_m_s2),
        cadence_s=story.record("cadence_s"),
        sled=specs["sled"],
        coil=replace(specs["coil"], drive_coil_width_m=_WIDTHS_m),
        drive=specs["drive"],
    )
    share = (swept.launch_J["copper"] + swept.brake_J["copper"]) / swept.launch_J["kinetic"]
    best = int(np.argmin(share))
    saved = story.losses_J[_CONDUCTOR] / float(line.launch_J["kinetic"]) - float(share[best])
    switched = swept.converter_VA / story.record("converter_VA_kg")
    switched = switched + swept.selector_VA / story.record("selector_VA_kg")
    warm = float(swept.limit_ratio["coil_temperature"][0])
    width = 1e3 * _WIDTHS_m
    return curves(
        "width",
        f"Windings of {fmt.mass(float(swept.winding_kg[best]))} instead of "
        f"{fmt.mass(float(line.winding_kg))} would save {share_text(saved)} of the energy",
        "Conductor loss and masses over the radial width of the drive coils, all else the same",
        f"The loss is of launch and braking, over the kinetic energy. At {width[0]:.0f} mm "
        "the hottest coil stands at "
        f"{warm:.2f} of its allowed temperature in kelvins. Beyond {width[best]:.0f} mm more "
        "layers of strands raise the resistance again.",
        ("radial width of a drive coil", "mm"),
        [
            panel(
                "Conductor loss",
                "%",
                width,
                {"": ("launch", 100.0 * share)},
                log=True,
            ),
            panel(
                "Mass",
                "t",
                width,
                {
                    "windings": ("lunar", 1e-3 * swept.winding_kg),
                    "converters, switches": ("index", 1e-3 * switched),
                },
                zero=True,
            ),
        ],
        places=[(1e3 * own, "this line")],
        x_log=True,
    )


def rating(story: Story) -> str:
    """Installed rating: one converter per coil against zones with selector switches."""
    line = story.design
    every, shared = float(line.selector_VA), float(line.converter_VA)
    per_kg = {key: story.record(f"{key}_VA_kg") for key in ("converter", "selector")}
    rows = [
        ("A converter for every coil", every, every / per_kg["converter"]),
        ("Converters shared in zones", shared, shared / per_kg["converter"]),
        ("Selector switches of all coils", every, every / per_kg["selector"]),
    ]
    alone, both = fmt.mass(rows[0][2]), fmt.mass(rows[1][2] + rows[2][2])
    working_s = float(line.n_window * line.coil_pitch_m / line.muzzle_speed_m_s)
    masses = bars(
        "rating",
        f"Sharing brings {alone} of converters down to {both} with the switches",
        "Installed rating and its mass, two ways to feed the same coils",
        f"A coil at the muzzle must take {fmt.si(float(line.track.coil_VA.max()), 'VA')}, for "
        f"{fmt.duration(working_s)} a shot. Converters at {fmt.si(per_kg['converter'], 'VA')}/kg, "
        f"thyristors that only select at {fmt.si(per_kg['selector'], 'VA')}/kg, both estimates. "
        f"The whole line weighs {fmt.mass(story.nominal('line_kg'))}.",
        "mass, t",
        [
            (name, 1e-3 * mass, color, f"{fmt.si(va, 'VA')} · {fmt.mass(mass)}")
            for (name, va, mass), color in zip(rows, ("launch", "index", "index"), strict=True)
        ],
    )
    return shown(masses, draw.design_turns(mass_driver.sections(story.study)))


def hold_down(story: Story) -> str:
    """Curve of hold-down over speed."""
    speeds = np.linspace(1000.0, 2800.0, 181)
    force = (story.nominal("payload_kg") + story.nominal("sled_kg")) * story.nominal(
        "hold_down_m_s2"
    )
    return shown(
        curves(
            "hold-down",
            f"At {quantity('x_m_s', story.nominal('muzzle_speed_m_s'))} the guideway must pull "
            f"this sled down with {fmt.si(force, 'N')}",
            "Inward acceleration that the guideway adds to gravity, on a track along the ground",
            "Below zero the guideway carries the sled, above it holds the sled down, so that what "
            "carries it must pull both ways.",
            ("speed", "m/s"),
            [
                panel(
                    "Hold-down",
                    "m/s²",
                    speeds,
                    {
                        "": (
                            "earth",
                            speeds**2 / MOON_RADIUS_m - GM_MOON_m3_s2 / MOON_RADIUS_m**2,
                        )
                    },
                )
            ],
            places=[(circular_speed_m_s(), "circular speed")],
        )
    )


def induction(story: Story) -> str:
    """Armature heat over speed and slip, with the simulated gun."""
    speeds = np.geomspace(80.0, 4000.0, 200)
    melting = story.record("melting_J_kg")
    muzzle, gun = story.nominal("muzzle_speed_m_s"), story.shot
    heat = {
        f"slip {share_text(slip)}": (
            color,
            1e-3 * induction_armature_heat(kinetic_energy_J=0.5 * speeds**2, slip_frac=slip),
        )
        for slip, color in zip(_SLIPS, ("earth", "index", "lunar", "launch"), strict=True)
    }
    worst = float(induction_armature_heat(kinetic_energy_J=0.5 * muzzle**2, slip_frac=0.5))
    point = 1e-3 * gun.energy_out_J["armature"] / story.coilgun.mass_kg
    mark = Curve(
        label="", color="ink", x=[0.9 * gun.muzzle_speed_m_s, 1.1 * gun.muzzle_speed_m_s],
        y=[point] * 2,
    )  # fmt: skip
    lines = panel(
        "Armature heat",
        "kJ/kg",
        speeds,
        heat,
        log=True,
        limits=[Limit(value=1e-3 * melting, label="aluminium melts")],
    )
    return shown(
        curves(
            "slip",
            f"From rest in a field of fixed speed the armature takes {fmt.si(worst, 'J')}/kg at "
            f"{muzzle:,.0f} m/s, {worst / melting:.1f} times what melts it",
            "Heat in the armature of an induction drive over speed, by mean slip",
            "Per kilogram, as if all that moves were armature: the kindest case. Black dash: "
            "the 82 mm gun of the table, as simulated.",
            ("speed reached", "m/s"),
            [replace(lines, curves=[*lines.curves, mark])],
            places=[(gun.muzzle_speed_m_s, "82 mm gun"), (muzzle, "this line")],
            x_log=True,
        )
    )


def straightness(story: Story) -> str:
    """Direction, trim and clearance over what survey leaves."""
    found = {
        suspension: [
            mass_driver.spread(
                mass_driver.study(
                    "alpha",
                    draws=2,
                    set={
                        "driver.survey_rms_m": rms,
                        "driver.suspension_sway_Hz": suspension,
                        "driver.suspension_heave_Hz": suspension,
                    },
                ),
                n_shots=SHOTS,
            )
            for rms in _RMS_m
        ]
        for suspension in SUSPENSIONS_Hz
    }
    colors = dict(zip(SUSPENSIONS_Hz, ("launch", "lunar"), strict=True))
    rms = [1e3 * value for value in _RMS_m]
    last = {key: fmt.si(clouds[-1].sigma_azimuth_rad, "rad", 2) for key, clouds in found.items()}
    panels = [
        panel(
            axis,
            unit,
            rms,
            {
                f"{key:g} Hz": (colors[key], [value(cloud) for cloud in clouds])
                for key, clouds in found.items()
            },
            **more,
        )
        for axis, unit, value, more in (
            ("Sigma of azimuth", "µrad", lambda c: 1e6 * c.sigma_azimuth_rad, {"log": True}),
            ("Trim, P95", "mm/s", lambda c: 1e3 * float(c.trim_delta_v_m_s[1]), {"log": True}),
            (
                "Least clearance",
                "mm",
                lambda c: 1e3 * c.min_clearance_m,
                {"limits": [Limit(value=0.0, label="touches", floor=True)]},
            ),
        )
    ]
    band = [story.record(f"{name}_longest_wavelength_m") for name in ("alignment", "survey")]
    return shown(
        curves(
            "straightness",
            f"With {rms[-1]:g} mm of long waves the direction scatters by "
            + " and ".join(f"{value} on {key:g} Hz" for key, value in last.items()),
            "Direction at release, velocity to correct and room to the guideway, over the rms of "
            f"the waves of {band[0]:g} to {band[1]:g} m that survey leaves",
            "By natural frequency of sway and heave; all other errors as in the records, and where "
            f"a curve is flat they rule. P95 of {SHOTS:,} shots; the clearance is the least of a "
            "few shots integrated in full, and where the sled touches, the linear spread does not "
            "hold.",
            ("rms of long waves", "mm"),
            panels,
            x_log=True,
        )
    )


def launch(story: Story) -> str:
    """Figures of one launch of the line."""
    block = asdict(story.launch)
    return (
        shown(draw.kinematics(block), draw.bus_power(block))
        + "\n\n"
        + shown(draw.energy_waterfall(block))
    )


def part_masses(story: Story) -> str:
    """Bars of the line's mass by part."""
    parts = {name: float(mass[0]) for name, mass in story.study.line.budget.part_kg.items()}
    first, second = sorted(parts, key=lambda name: -parts[name])[:2]
    total = sum(parts.values())
    return shown(
        bars(
            "parts",
            f"{draw.sentence(first)} and {second} are "
            f"{share_text((parts[first] + parts[second]) / total)} of {fmt.mass(total)}",
            "Mass of the line by part, nominal case",
            f"{share_text(story.nominal('imported_frac'))} of the mass comes from Earth. Power "
            "supply and earthworks are not in it.",
            "mass, t",
            [
                (draw.sentence(name), 1e-3 * mass, "lunar", fmt.mass(mass))
                for name, mass in sorted(parts.items(), key=lambda item: -item[1])
            ],
        )
    )
