"""What the page on the mass driver tells of, and how its figures and tables are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from moonbase import driver, mass_driver
from moonbase.report import driver_figures as draw
from moonbase.report import format as fmt
from moonbase.report.bars import Bar, BarChart, bar_chart
from moonbase.report.parts import figure
from moonbase.report.svg import Figure, Table
from moonbase.report.xy import Curve, Panel, XYChart, xy_chart, xy_rows
from moonbase.validate import Case, Row, evaluate, find_adapter, read_rows

AREAS = ("coils", "induction", "driver", "dispersion", "plant")
DRAWS = 256
SHOTS = 1000
_QUANTITY = 14
"""Most characters of a number with its unit."""


class Story:
    """What the page tells of, each part computed when it is first asked for."""

    @cached_property
    def study(self) -> mass_driver.Study:
        """The driver of the announced plan over its draws."""
        return mass_driver.study("alpha", draws=DRAWS)

    @cached_property
    def design(self) -> driver.DriverDesign:
        """Its nominal line."""
        return driver.one_draw(self.study.line.design, 0)

    @cached_property
    def size(self) -> Mapping[str, Any]:
        """Values of the line over the draws."""
        return mass_driver.size(self.study)

    @cached_property
    def launch(self) -> driver.Launch:
        """One launch of the nominal line."""
        return mass_driver.launch(self.study)

    @cached_property
    def gun(self) -> driver.QuenchGun:
        """A quench gun for the same payload, speed and acceleration."""
        line = self.design
        return driver.design_quench_gun(
            payload_kg=float(line.payload_kg),
            muzzle_speed_m_s=float(line.muzzle_speed_m_s),
            acceleration_m_s2=float(line.acceleration_m_s2),
            sled=line.sled,
            coil=line.coil,
        )

    @cached_property
    def quench(self) -> driver.Launch:
        """One launch of the quench gun."""
        return driver.simulate_launch(design=self.gun)

    @cached_property
    def coilgun(self) -> driver.Coilgun:
        """The published 82 mm gun, the inputs of its validation case."""
        given = dict(self.rows["IND-001"].inputs)
        names = ("capacitance_F", "voltage_V", "wire_area_m2")
        stage = driver.Stage(
            coil=driver.Coil(**given["coil"]), **{name: given[name] for name in names}
        )
        sleeve = driver.Coil(**given["armature"], position_m=given["start_position_m"])
        return driver.Coilgun(stages=[stage], armature=sleeve, mass_kg=given["mass_kg"])

    @cached_property
    def shot(self) -> driver.Launch:
        """One shot of that gun."""
        return driver.simulate_launch(design=self.coilgun)

    @cached_property
    def spread(self) -> driver.Dispersion:
        """Release states of the nominal line."""
        return mass_driver.spread(self.study, n_shots=SHOTS)

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Validation cases of the driver by id."""
        return {row.id: row for area in AREAS for row in read_rows(area)}

    @cached_property
    def losses_J(self) -> dict[str, float]:
        """Where the energy of a shot that is not the payload's goes, by item."""
        thrust, brake = self.design.launch_J, self.design.brake_J
        store = self.record("store_efficiency_frac")
        capture = self.record("regeneration_capture_frac")
        drawn = float(thrust["kinetic"] / self.design.efficiency_frac)
        back = float(brake["kinetic"] * self.design.regeneration_frac)
        both = {name: float(thrust[name] + brake[name]) for name in thrust if name != "kinetic"}
        return {
            "braking energy not taken back": back * (1.0 - capture),
            "pulse store, out and in": drawn * (1.0 / store - 1.0) + back * capture * (1.0 - store),
            "feeders": both["feeder"],
            "converters and switches": both["devices"],
            "conductor of the drive coils": both["copper"],
            "drag of the guideway": both["drag"],
        }

    @property
    def efficiency(self) -> float:
        """Kinetic energy over energy from the bus, nominal line."""
        return float(self.design.efficiency_frac)

    def record(self, name: str) -> float:
        """Nominal value of a record of the driver."""
        return float(self.study.inputs[f"driver.{name}"][0])

    def nominal(self, name: str) -> float:
        """Nominal value of the size."""
        return float(self.size[name][0])

    def case(self, name: str) -> Case:
        """One validation case, run now."""
        return evaluate(self.rows[name], find_adapter(self.rows[name]))


def shown(*figures: Figure | None) -> str:
    """Figures as one block of HTML, in two columns where there are several and room."""
    two = " two" if len(figures) > 1 else ""
    return f'<div class="figures{two}">{"".join(figure(item) for item in figures)}</div>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table, its first column left and the others right, quantities unbroken."""
    kept = [
        [row[0], *(c if len(c) > _QUANTITY else c.replace(" ", "\u00a0") for c in row[1:])]
        for row in rows
    ]
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *kept]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def curves(
    key: str,
    title: str,
    subtitle: str,
    caption: str,
    x: tuple[str, str],
    panels: Sequence[Panel],
    **more: Any,
) -> Figure:
    """One figure of curves over x, given by name and unit."""
    name, unit = x
    chart = XYChart(
        key=key,
        title=title,
        described=f"{subtitle}.",
        x_axis=f"{name}, {unit}",
        x_tick=draw.plain,
        x_value=draw.written(unit),
        panels=panels,
        **more,
    )
    return Figure(
        key=key,
        title=title,
        subtitle=subtitle,
        caption=caption,
        pictures={size: xy_chart(chart, size) for size in draw.HALF},
        table=xy_rows(chart),
    )


def bars(
    key: str,
    title: str,
    subtitle: str,
    caption: str,
    axis: str,
    rows: Sequence[tuple[str, float, str, str]],
) -> Figure:
    """One figure of bars from zero: name, length, colour and note of each."""
    chart = BarChart(
        key=key,
        title=title,
        described=f"{subtitle}.",
        axis=axis,
        tick=fmt.significant,
        bars=[
            Bar(label=name, start=0.0, end=value, color=color, note=note)
            for name, value, color, note in rows
        ],
    )
    return Figure(
        key=key,
        title=title,
        subtitle=subtitle,
        caption=caption,
        pictures={size: bar_chart(chart, size) for size in draw.HALF},
        table=Table(head=["", axis], rows=[[name, note] for name, _, _, note in rows]),
    )


def panel(
    axis: str,
    unit: str,
    x: Sequence[float],
    lines: Mapping[str, tuple[str, Sequence[float]]],
    **more: Any,
) -> Panel:
    """One panel: label to colour and values."""
    return Panel(
        axis=f"{axis}, {unit}",
        curves=[
            Curve(label=label, color=color, x=list(x), y=[float(v) for v in y])
            for label, (color, y) in lines.items()
        ],
        tick=draw.plain,
        value=draw.written(unit),
        **more,
    )
