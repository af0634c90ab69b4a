"""The flight page: one release, launch map, dispersion, hazards, sites and swarm on one sheet.

Everything comes in as plain dictionaries, so that the report knows no physics.
"""

from __future__ import annotations

from collections.abc import Sequence

from moonbase.report import flight_figures as draw
from moonbase.report import flight_maps as maps
from moonbase.report import format as fmt
from moonbase.report import parts
from moonbase.report.driver_figures import Block
from moonbase.report.flight_figures import date, degrees, distance, speed
from moonbase.report.flight_maps import c3
from moonbase.report.style import style_sheet
from moonbase.report.svg import Figure, Table, escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_CARD = {
    "epoch_tdb_s": "release",
    "latitude_rad": "site, latitude",
    "longitude_rad": "site, east longitude",
    "azimuth_rad": "azimuth, north over east",
    "elevation_rad": "elevation",
    "speed_m_s": "speed over the ground",
    "c3_moon_m2_s2": "C3 at the Moon",
    "moon_v_inf_m_s": "excess speed at the Moon",
    "asymptote_ra_rad": "asymptote, right ascension",
    "asymptote_dec_rad": "asymptote, declination",
    "c3_earth_m2_s2": "C3 at the Earth",
    "moon_miss_m": "nearest return to the Moon's centre",
    "earth_miss_m": "nearest to the Earth's centre",
    "perihelion_m": "perihelion",
    "aphelion_m": "aphelion",
    "eccentricity_nd": "eccentricity about the Sun",
    "inclination_rad": "inclination to the Earth's orbit",
    "drift_rad_yr": "drift ahead of the Earth, a year",
    "slot_delta_v_m_s": "burn that the slot still needs",
    "total_delta_v_m_s": "burns in all",
    "area_per_mass_m2_kg": "array facing the Sun, over mass",
    "deploy_s": "array opens after",
    "sunlight_shift_m": "sunlight moves the end by",
}
_TILES = ("total_delta_v_m_s", "moon_v_inf_m_s", "earth_miss_m", "drift_rad_yr", "slot_delta_v_m_s")


def flight_page(
    *,
    title: str,
    lead: str = "",
    version: str = "",
    release: Block | None = None,
    target: Block | None = None,
    windows: Block | None = None,
    best: Sequence[Block] = (),
    risk: Block | None = None,
    sites: Sequence[Block] = (),
    survey: Block | None = None,
    swarm: Block | None = None,
    swarm_facts: Sequence[tuple[str, str]] = (),
    warnings: Sequence[str] = (),
) -> str:
    """Render the page; a section without data is left out.

    Parameters
    ----------
    title, lead, version
        Heading, a sentence or two below it, and the version of the package.
    release
        ``card``, ``outcome``, ``events``, ``forces`` and ``path`` of one flown release.
    target
        ``facts``, rows of name and text, and ``burns``, rows of name, time in s, m/s.
    windows, best
        Fields of a launch map with ``outcomes`` in words, and its best cells.
    risk
        ``cloud``, ``hazards``, ``corridor``, ``corridor_map``, ``keep_out`` and the draws
        ``across_m``.
    sites, survey
        Rows of achromatic sites, and what tracks round the Moon serve.
    swarm, swarm_facts
        Fields of a swarm, and further facts about it.
    warnings
        Sentences that must be read first.

    Returns
    -------
    str
        A complete HTML document that needs no other file.
    """
    sections = [
        ("release", "Release", _release(release or {}, target or {})),
        ("windows", "Launch map", _windows(windows or {}, best)),
        ("dispersion", "Dispersion", _dispersion(risk or {})),
        ("hazards", "Hazards", _hazards(risk or {})),
        ("sites", "Sites", _sites(sites, survey or {})),
        ("swarm", "Swarm", _swarm(swarm or {}, swarm_facts)),
    ]
    shown = [(key, name, content) for key, name, content in sections if content]
    links = "".join(f'<a href="#s-{key}">{name}</a>' for key, name, _ in shown)
    body = "".join(
        f'<section id="s-{key}"><h2>{name}</h2>{content}</section>' for key, name, content in shown
    )
    told = "".join(f'<p class="banner">{parts.tied(text)}</p>' for text in warnings)
    values = {**((release or {}).get("card") or {}), **((target or {}).get("values") or {})}
    tiles = _tiles(values) if values else ""
    nav = f'<nav aria-label="Sections">{links}</nav>' if len(shown) > 1 else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} – moonbase</title><style>{style_sheet()}</style></head><body>"
        f'<header><div class="brand">◐ moonbase · flight</div><h1>{escape(title)}</h1>'
        f'<p class="lead">{parts.tied(lead)}</p>{nav}{told}</header>'
        f"<main>{tiles}{body}</main>"
        f"<footer>{escape(f'moonbase {version}'.strip())}. "
        "Every number is a result of the model and its inputs, not a forecast.</footer>"
        "</body></html>"
    )


def quantity(name: str, value: object) -> str:
    """Write a number of a flight by the unit of its name.

    >>> quantity("c3_moon_m2_s2", 606164.0), quantity("azimuth_rad", 0.5), quantity("x_m", 2e9)
    ('0.6062 km²/s²', '28.65°', '2 million km')
    >>> quantity("t_tdb_s", 0.0), quantity("flight_s", 7200.0), quantity("drift_rad_yr", 0.2)
    ('2000-01-01 12:00 TDB', '2 h', '11.46°')
    """
    number = fmt.finite(value)
    if number is None:
        return fmt.MISSING
    if name.endswith("_tdb_s"):
        return date(number)
    for suffix, write in _WRITERS:
        if name.endswith(suffix):
            return write(number)
    return fmt.plain(number, 4)


_WRITERS = (
    ("m2_s2", c3),
    ("rad_yr", degrees),
    ("_rad", degrees),
    ("_m2_kg", lambda value: f"{fmt.significant(value, 3)} m²/kg"),
    ("_m_s", speed),
    ("_s", fmt.duration),
    ("_m", distance),
)


def _tiles(card: Block) -> str:
    boxes = "".join(
        f'<div class="tile"><h3>{escape(_CARD[key][:1].upper() + _CARD[key][1:])}</h3>'
        f"<b>{escape(quantity(key, card[key]))}</b></div>"
        for key in _TILES
        if fmt.finite(card.get(key)) is not None
    )
    return f'<section aria-label="Main results"><div class="tiles">{boxes}</div></section>'


def _grid(figures: Sequence[Figure | None], more: str = "") -> str:
    shown = "".join(parts.figure(item) for item in figures) + more
    return f'<div class="grid two">{shown}</div>' if shown else ""


def _panel(heading: str, table: Table) -> str:
    if not table.rows:
        return ""
    return f'<div class="panel"><h3>{escape(heading)}</h3>{parts.table(table)}</div>'


def _release(release: Block, target: Block) -> str:
    if not release:
        return ""
    card = release["card"]
    told = [(name, quantity(key, card.get(key))) for key, name in _CARD.items()]
    rows = [("outcome", release["outcome"]), *(row for row in told if row[1] != fmt.MISSING)]
    half = (len(rows) + 1) // 2
    both = parts.facts("Release card", rows[:half]) + parts.facts("Where it goes", rows[half:])
    aim = parts.facts("Target", target.get("facts") or [])
    burns = Table(
        head=["burn", "after release", "velocity"],
        rows=[
            [name, fmt.duration(when), speed(dv)] for name, when, dv in target.get("burns") or []
        ],
    )
    figures = [
        draw.turning(release),
        draw.inertial(release),
        draw.heliocentric(release),
        draw.distances(release),
    ]
    events = Table(
        head=["event", "after release", "distance", "speed"],
        rows=[[n, fmt.duration(t), distance(r), speed(v)] for n, t, r, v in release["events"]],
    )
    forces = "; ".join(release.get("forces") or [])
    note = f'<p class="meta">{escape(f"What acts: {forces}.")}</p>' if forces else ""
    target_row = f'<div class="grid two">{aim}{_panel("Burns", burns)}</div>' if aim else ""
    return (
        target_row
        + _grid(figures)
        + f'<div class="grid two">{both}</div>'
        + _panel("Closest approaches", events)
        + note
    )


def _windows(block: Block, best: Sequence[Block]) -> str:
    figures = "".join(parts.figure(item) for item in (maps.outcomes(block), maps.burns(block)))
    if not figures:
        return ""
    names = {
        "epoch_tdb_s": "release",
        "speed_m_s": "speed",
        "outcome": "outcome",
        "c3_moon_m2_s2": "C3 at the Moon",
        "c3_earth_m2_s2": "C3 at the Earth",
        "drift_rad_yr": "drift a year",
        "slot_delta_v_m_s": "burn",
    }
    rows = [
        [str(r[key]) if key == "outcome" else quantity(key, r[key]) for key in names] for r in best
    ]
    table = Table(head=list(names.values()), rows=rows)
    return f'<div class="grid">{figures}</div>' + _panel("Dates that ask the least", table)


def _dispersion(risk: Block) -> str:
    cloud = risk.get("cloud")
    if not cloud:
        return ""
    one, most, top = (0, 1, 2)
    rows = [
        ("method", cloud["method"].replace("_", " ")),
        ("draws", f"{cloud['n_samples']:,}"),
        ("arrival", date(cloud["epoch_tdb_s"])),
        ("one sigma across the path", distance(float(cloud["miss_sigma_m"][0]))),
        ("miss, half of the craft within", distance(float(cloud["miss_m"][one]))),
        ("miss, 95 % within", distance(float(cloud["miss_m"][most]))),
        ("miss, 99.7 % within", distance(float(cloud["miss_m"][top]))),
        ("error of the linear map over the spread", f"{cloud['linear_error_frac']:.1e}"),
    ]
    trims = cloud.get("trim_delta_v_m_s")
    if trims is not None:
        rows += [
            (f"trim, {name}", speed(float(value)))
            for name, value in zip(("P50", "P95", "P99.7"), trims, strict=True)
        ]
    caught = cloud.get("capture")
    if caught:
        rows.append(("passes within the catcher's radius", chance(caught)))
    return _grid([draw.ellipse(risk), draw.trim(risk)], parts.facts("Cloud", rows))


def chance(found: Block) -> str:
    """Write a probability with its interval; none seen is a bound, never a zero.

    >>> chance({"n_hits": 0, "n_samples": 1000, "high_frac": 0.003})
    'below 0.003 at 95 % (none in 1,000)'
    """
    if found["n_hits"] == 0:
        bound = fmt.significant(found["high_frac"], 2)
        return f"below {bound} at 95 % (none in {found['n_samples']:,})"
    low, mid, high = (fmt.significant(found[f"{k}_frac"], 3) for k in ("low", "share", "high"))
    return f"{mid} (95 %: {low} to {high}; {found['n_hits']:,} in {found['n_samples']:,})"


def _hazards(risk: Block) -> str:
    if not risk:
        return ""
    rows = []
    count = risk.get("hazards")
    if count:
        span = fmt.duration(count["duration_s"])
        rows += [
            (f"falls back to the Moon within {span}", chance(count["moon"])),
            (f"meets the Earth within {span}", chance(count["earth"])),
            ("smallest chance these draws can tell", f"{count['moon']['resolvable_frac']:.1e}"),
            ("lost to the numbers", str(count["n_lost"])),
        ]
    cloud = risk.get("cloud") or {}
    for key, name in (("moon_impact", "the Moon"), ("earth_impact", "the Earth")):
        if cloud.get(key):
            rows.append((f"meets {name} before arrival", chance(cloud[key])))
    keep = Table(
        head=["asset", "keep out", "closest", "when", "passing at", "sigma", "enters"],
        rows=[
            [
                item["name"],
                distance(item["radius_m"]),
                distance(item["closest_m"]),
                fmt.duration(item["closest_s"]),
                speed(item["speed_m_s"]),
                distance(item["sigma_m"]),
                chance(item["entry"]),
            ]
            for item in risk.get("keep_out") or []
        ],
    )
    impacts = parts.facts("Impacts", rows)
    return _grid([maps.corridor(risk)], impacts) + _panel("Keep-out", keep)


def _sites(sites: Sequence[Block], survey: Block) -> str:
    picture = parts.figure(maps.survey(survey))
    rows = [
        [
            row["target"],
            f"{row['direction']}ward",
            *(
                quantity(key, row[key]) if row["found"] else "–"
                for key in ("longitude_rad", "speed_m_s", "flight_s", "arrival_speed_m_s")
            ),
            distance(abs(row["second_order_s2_m"]) * 0.01) if row["found"] else "–",
        ]
        for row in sites
    ]
    head = [
        "target",
        "throw",
        "east longitude",
        "speed",
        "flight",
        "arrives at",
        "miss of 0.1 m/s",
    ]
    table = _panel("Achromatic sites on the equator", Table(head=head, rows=rows))
    told = [
        f"{row['target']} {row['direction']}ward: {row['advice']}."
        for row in sites
        if row["advice"]
    ]
    notes = "".join(f'<p class="meta">{escape(text)}</p>' for text in told)
    return table + notes + picture


def _swarm(swarm: Block, facts: Sequence[tuple[str, str]]) -> str:
    if not swarm:
        return ""
    return _grid([maps.growth(swarm), maps.collisions(swarm)], parts.facts("Belt", list(facts)))
