"""The driver page: size, design, launch, dispersion, plant and comparison on one sheet.

Everything comes in as plain dictionaries, so that the report knows no physics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.units import DIMENSIONLESS_PREFIX, Unit, unit_of
from moonbase.report import driver_figures as draw
from moonbase.report import format as fmt
from moonbase.report import parts
from moonbase.report.driver_figures import Block
from moonbase.report.driver_spread import contributions, ellipse
from moonbase.report.style import style_sheet
from moonbase.report.svg import Figure, escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SI_UNITS = frozenset({"m", "m_s", "N", "N_s", "J", "J_kg", "W", "W_m2", "V", "A", "VA", "H", "Pa"})
_ONE_LIST = 12
"""Facts from which on there are two lists."""
_TILES = (
    ("muzzle_speed_m_s", "Muzzle speed"),
    ("length_m", "Length"),
    ("acceleration_m_s2", "Acceleration"),
    ("peak_power_W", "Peak thrust power"),
    ("energy_per_payload_J_kg", "Energy per payload"),
    ("throughput_kg_yr", "Throughput"),
    ("installed_VA", "Installed rating"),
    ("delivery_usd_kg", "Cost of a kilogram thrown"),
)


def driver_page(
    *,
    title: str,
    lead: str = "",
    version: str = "",
    size: Block | None = None,
    design: Block | None = None,
    launch: Block | None = None,
    dispersion: Block | None = None,
    plant: Block | None = None,
    compare: Sequence[Block] = (),
    warnings: Sequence[str] = (),
) -> str:
    """Render the page; a section without data is left out.

    Parameters
    ----------
    title, lead, version
        Heading, a sentence or two below it, and the version of the package.
    size, plant
        Values by name with unit suffix (``length_m``, ``mean_power_W``); shown as facts. Nested
        dictionaries give a fact each. The first values known by name become the tiles.
    design
        ``position_m``, where sections end, from the slow end on, and, as long, any of ``n_turns``,
        ``coil_VA``, ``voltage_V``, ``current_A``, ``temperature_rise_K`` (the fields of a track);
        ``limits``, level by one of these keys; ``broken``, sentences on limits that do not hold;
        any scalars.
    launch
        The fields of a launch: ``time_s``, ``position_m``, ``speed_m_s``, ``acceleration_m_s2``,
        ``force_N``, ``bus_power_W``; ``coil_position_m``, ``coil_current_A``, ``coil_voltage_V``,
        ``coil_temperature_rise_K``; ``muzzle_speed_m_s``, ``release_time_s``; ``energy_in_J`` and
        ``energy_out_J`` by name (names with "payload", and "kinetic" alone, are the purpose, those
        with "return" what comes back, the rest losses), ``audit_error_frac``; ``limits``.
    dispersion
        The fields of a dispersion: ``release_covariance`` of (position along, across, up, velocity
        along, across, up, time), 7 x 7; ``samples``, shots in the same order;
        ``variance_share_frac``, shares of the variance of these seven by source; any scalars.
    compare
        Rows as the driver's comparison gives them, each with its ``system``.
    warnings
        Sentences that must be read first.

    Returns
    -------
    str
        A complete HTML document that needs no other file. Lists may be arrays.
    """
    sections = [
        ("size", "Size", _facts("Size of one line", size)),
        ("design", "Design", _design(design or {})),
        ("launch", "Launch", _launch(launch or {})),
        ("energy", "Energy", parts.figure(draw.energy_waterfall(launch or {}))),
        ("dispersion", "Dispersion", _dispersion(dispersion or {})),
        ("plant", "Plant", _facts("The line over a year", plant)),
        ("compare", "Comparison", _compare(compare)),
    ]
    shown = [(key, name, content) for key, name, content in sections if content]
    links = "".join(f'<a href="#s-{key}">{name}</a>' for key, name, _ in shown)
    body = "".join(
        f'<section id="s-{key}"><h2>{name}</h2>{content}</section>' for key, name, content in shown
    )
    told = [plant, launch, design, size]
    tiles = _tiles({key: value for block in told for key, value in (block or {}).items()})
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} – moonbase</title><style>{style_sheet()}</style></head><body>"
        f'<header><div class="brand">◐ moonbase · mass driver</div><h1>{escape(title)}</h1>'
        f'<p class="lead">{parts.tied(lead)}</p>'
        f'<nav aria-label="Sections">{links}</nav>{_banner(warnings)}</header>'
        f"<main>{tiles}{body}</main><footer>{escape(f'moonbase {version}'.strip())}. "
        "Every number is a result of the model and its inputs, not a forecast.</footer>"
        "</body></html>"
    )


def _banner(warnings: Sequence[str]) -> str:
    return "".join(f'<p class="banner">{parts.tied(text)}</p>' for text in warnings)


def _tiles(values: Block) -> str:
    boxes = "".join(
        f'<div class="tile"><h3>{label}</h3><b>{escape(quantity(key, values[key]))}</b></div>'
        for key, label in _TILES
        if fmt.finite(_number(values.get(key))) is not None
    )
    return f'<section aria-label="Main results"><div class="tiles">{boxes}</div></section>'


def _number(value: object) -> object:
    """Plain number of a scalar that may be an array."""
    return value.item() if hasattr(value, "item") and getattr(value, "size", 1) == 1 else value


def _unit(name: str) -> Unit | None:
    """Unit of a name; counts have none."""
    return None if name.startswith(DIMENSIONLESS_PREFIX) else unit_of(name)


def quantity(name: str, value: object) -> str:
    """Write a value in the unit of its name.

    >>> quantity("length_m", 3187.0), quantity("duty_frac", 0.49), quantity("n_sleds", 4.0)
    ('3.19 km', '49 %', '4')
    >>> quantity("acceleration_m_s2", 980.665), quantity("throughput_kg_yr", 1.05e9)
    ('100 g', '1.05 Mt/yr')
    """
    number = fmt.finite(_number(value))
    unit = _unit(name)
    if number is None:
        return fmt.MISSING
    if unit is None:
        return fmt.plain(number, 4)
    if unit.suffix == "m_s2" and abs(number) >= STANDARD_GRAVITY_m_s2:
        return f"{fmt.significant(number / STANDARD_GRAVITY_m_s2)} g"
    if unit.suffix in ("kg", "kg_yr"):
        return fmt.mass(number, "/yr" if unit.suffix == "kg_yr" else "")
    if unit.suffix == "s":
        return fmt.duration(number)
    if unit.suffix == "usd":
        return fmt.money(number)
    if unit.suffix == "frac":
        return f"{fmt.significant(100.0 * number)} %"
    if unit.suffix == "m_s" and 0.1 <= abs(number) < 1e5:
        return f"{fmt.significant(number, 4)} m/s"
    if unit.suffix in _SI_UNITS:
        return fmt.si(number, fmt.unit_text(unit.suffix))
    return fmt.quantity(number, unit.suffix, 3)


def _label(name: str) -> str:
    """Words of a name without its unit.

    >>> _label("energy_per_payload_J_kg"), _label("n_sleds")
    ('energy per payload', 'sleds')
    """
    unit = _unit(name)
    bare = name.removesuffix(f"_{unit.suffix}") if unit else name
    rating = " rating" if unit and unit.suffix == "VA" else ""
    return bare.removeprefix(DIMENSIONLESS_PREFIX).replace("_", " ") + rating


def _scalars(block: Block) -> Block:
    """Values of a block that are single numbers."""
    return {key: v for key, v in block.items() if fmt.finite(_number(v)) is not None}


def _facts(heading: str, values: Block | None) -> str:
    """Values in two lists side by side."""
    rows: list[tuple[str, str]] = []
    for name, value in (values or {}).items():
        if isinstance(value, Mapping):
            rows += [(f"{_label(name)}: {part}", quantity(name, v)) for part, v in value.items()]
        else:
            rows.append((_label(name), quantity(name, value)))
    known = [row for row in rows if row[1] != fmt.MISSING]
    if len(known) < _ONE_LIST:
        return parts.facts(heading, known)
    half = (len(known) + 1) // 2
    both = parts.facts(heading, known[:half]) + parts.facts(f"{heading}, more", known[half:])
    return f'<div class="grid two">{both}</div>'


def _two(figures: Sequence[Figure | None], more: str) -> str:
    shown = "".join(parts.figure(item) for item in figures) + more
    return f'<div class="grid two">{shown}</div>' if shown else ""


def _design(design: Block) -> str:
    broken = _banner([f"Not feasible: {text}" for text in design.get("broken") or []])
    facts = _facts("Design", _scalars(design))
    figures = [draw.design_turns(design), draw.design_stress(design), draw.design_heat(design)]
    return broken + _two(figures, facts)


def _launch(launch: Block) -> str:
    figures = [
        draw.kinematics(launch),
        draw.coil_stress(launch),
        draw.bus_power(launch),
        draw.coil_heat(launch),
        draw.acceleration(launch),
    ]
    return _two(figures, _facts("Launch", _scalars(launch)))


def _dispersion(spread: Block) -> str:
    figures = [
        ellipse(spread, "along", "across"),
        ellipse(spread, "across", "up"),
        contributions(spread),
    ]
    return _two(figures, _facts("Dispersion", _scalars(spread)))


_OWN = (
    ("speed_m_s", "speed"),
    ("reach_m", "length, radius"),
    ("acceleration_m_s2", "acceleration"),
    ("payload_kg", "payload"),
    ("moving_kg", "moving"),
    ("force_N", "force"),
    ("peak_power_W", "peak power"),
    ("ideal_energy_J_kg", "ideal"),
    ("claimed_energy_J_kg", "claimed"),
    ("throughput_kg_yr", "full rate"),
    ("claimed_throughput_kg_yr", "claimed rate"),
)
_TARGET = (
    ("target_acceleration_m_s2", "acceleration"),
    ("target_length_m", "length"),
    ("target_force_N", "force"),
    ("target_peak_power_W", "peak power"),
    ("target_energy_J_kg", "ideal energy"),
    ("armature_heat_J_kg", "armature heat"),
    ("hold_down_m_s2", "hold-down"),
)


def _compare(rows: Sequence[Block]) -> str:
    if not rows:
        return ""
    own, target = [], []
    for row in rows:
        system = row["system"]
        known = fmt.finite(system.get("length_m")) is not None
        values = {**system, **row, "reach_m": system.get("length_m" if known else "radius_m")}
        about = "; ".join(str(system[k]) for k in ("status", "kind", "source") if system.get(k))
        own.append([system["name"], about, *(_cell(key, values.get(key)) for key, _ in _OWN)])
        verdict = row.get("verdict") or ""
        target.append([system["name"], verdict, *(_cell(k, values.get(k)) for k, _ in _TARGET)])
    note = (
        "At the task an arm keeps its radius and a track its acceleration. Energies are per "
        "kilogram of payload, heat per kilogram of armature. Where no moving mass is known the "
        "payload alone is taken, so force, power and energy are lower bounds."
    )
    return (
        _wide_table("at the same task, and what breaks", [n for _, n in _TARGET], target)
        + f'<p class="prose">{parts.tied(note)}</p>'
        + _wide_table("as described", [n for _, n in _OWN], own)
    )


def _wide_table(about: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Table whose first column holds a name and, below it, a sentence."""
    heads = "".join(f"<th class=num>{escape(name)}</th>" for name in head)
    body = "".join(
        f'<tr><td><strong>{escape(name)}</strong><br><span class="meta">{escape(text)}</span></td>'
        + "".join(f"<td class=num>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for name, text, *cells in rows
    )
    return (
        '<div class="panel"><div class="scroll" tabindex="0"><table><thead><tr>'
        f'<th style="min-width:17em">{escape(about)}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></div>"
    )


def _cell(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if key == "armature_heat_J_kg" and value == 0.0:
        return "none"
    text = quantity(key, value)
    return "–" if text == fmt.MISSING else text.replace(" ", "\u00a0")
