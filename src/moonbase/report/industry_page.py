"""The industry page: growth, closure, recipes, what a product takes, and flows on one sheet.

Everything comes in as plain dictionaries, so that the report knows no physics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from moonbase.report import format as fmt
from moonbase.report import industry_figures as draw
from moonbase.report import parts
from moonbase.report.chain import flow_figure
from moonbase.report.driver_figures import Block, numbers, sentence
from moonbase.report.industry_figures import quantity, words
from moonbase.report.style import style_sheet
from moonbase.report.svg import Figure, Table, escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
NAMES = {
    "growth_1_yr": "growth rate",
    "doubling_yr": "doubling time",
    "late_doubling_yr": "doubling time with the late share of local electronics",
    "import_ratio": "landed per new kg",
    "leverage_ratio": "new kg per kg landed",
    "energy_kWh_kg": "electricity per new kg",
    "heat_kWh_kg": "heat per new kg",
    "robot_h_kg": "robot time per new kg",
    "regolith_ratio": "regolith per new kg",
    "power_W_kg": "surface power per kg of capital",
    "new_1_yr": "new capital a year per kg of capital",
    "mass_frac": "closure by mass",
    "energy_frac": "closure by energy",
    "labour_frac": "closure by robot hours",
    "part_types_frac": "closure by kinds of parts",
    "growth_without_imports_1_yr": "growth without imports",
    "satellite_import_kg_kW": "landed per kW of satellites, with upkeep",
    "capacity_import_kg_kW": "landed to build the capital behind 1 kW a year",
    "regolith_kg": "regolith",
    "electricity_kWh": "electricity",
    "heat_kWh": "heat",
    "robot_h": "robot time",
    "import_kg": "landed",
    "capital_kg_yr": "capital that one a year occupies",
}
"""What values are called."""
_LEAST = 2e-3
"""Share of all that enters below which a flow stands in the table alone."""
_TILES = (
    "growth_1_yr",
    "doubling_yr",
    "import_ratio",
    "energy_kWh_kg",
    "regolith_ratio",
    "power_W_kg",
)


def written(name: str, value: object) -> str:
    """Write a value by its name; capital per yearly unit is plainly kilograms.

    >>> written("capital_kg_yr", 1.75), written("growth_1_yr", -float("inf"))
    ('1.75 kg', 'cannot run')
    """
    number = value.item() if hasattr(value, "item") else value
    if name == "capital_kg_yr":
        return fmt.mass(number)
    if number == -float("inf"):
        return "cannot run"
    if name.endswith("_frac"):
        return fmt.percent(number, 1)
    if name.endswith("1_yr") and fmt.finite(number) is not None:
        return f"{fmt.significant(100.0 * float(number))} %/yr"  # type: ignore[arg-type]
    return quantity(name, number)


def industry_page(
    *,
    title: str,
    lead: str = "",
    version: str = "",
    growth: Block | None = None,
    closure: Block | None = None,
    recipes: Sequence[Block] = (),
    check: Block | None = None,
    balance: Block | None = None,
    process: Block | None = None,
    flows: Sequence[Block] = (),
    warnings: Sequence[str] = (),
) -> str:
    """Render the page; a section without data is left out.

    Parameters
    ----------
    title, lead, version
        Heading, a sentence or two below it, and the version of the package.
    growth
        ``values`` and ``late_doubling_yr`` over the draws, ``capital_frac``, ``plant_frac``,
        ``imports_ratio``, and, where there are any, ``targets``, ``worth``, ``levers``, ``steps``
        and ``tradeoff``.
    closure
        ``values``, ``elements``, ``imports_ratio`` and ``stop_s`` over the draws, ``blocked_by``.
    recipes, check
        Rows of the recipe table, and what its checks found.
    balance
        ``totals`` over the draws, ``direct``, ``processes`` and ``imports_kg`` of a ``unit`` of a
        ``product``.
    process
        ``flows`` with their elements, ``imbalance_kg``, ``energy_kWh`` and ``floor_kWh``.
    flows
        Links with ``unit``, ``label``, ``key`` and ``what``.
    warnings
        Sentences that must be read first.

    Returns
    -------
    str
        A complete HTML document that needs no other file.
    """
    sections = [
        ("growth", "Growth", _growth(growth or {})),
        ("levers", "What it hangs on", _levers(growth or {})),
        ("closure", "Closure", _closure(closure or {})),
        ("recipes", "Recipes", _recipes(recipes, check or {})),
        ("balance", "What one unit takes", _balance(balance or {})),
        ("process", "Balance of a process", _process(process or {})),
        ("flows", "Flows", _flows(flows)),
    ]
    shown = [(key, name, content) for key, name, content in sections if content]
    links = "".join(f'<a href="#s-{key}">{name}</a>' for key, name, _ in shown)
    body = "".join(
        f'<section id="s-{key}"><h2>{name}</h2>{content}</section>' for key, name, content in shown
    )
    told = "".join(f'<p class="banner">{parts.tied(text)}</p>' for text in warnings)
    nav = f'<nav aria-label="Sections">{links}</nav>' if len(shown) > 1 else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} – moonbase</title><style>{style_sheet()}</style></head><body>"
        f'<header><div class="brand">◐ moonbase · industry</div><h1>{escape(title)}</h1>'
        f'<p class="lead">{parts.tied(lead)}</p>{nav}{told}</header>'
        f"<main>{_tiles((growth or {}).get('values') or {})}{body}</main>"
        f"<footer>{escape(f'moonbase {version}'.strip())}. "
        "Every number is a result of the model and its inputs, not a forecast.</footer>"
        "</body></html>"
    )


def band(name: str, values: object) -> list[str]:
    """Nominal value and the percentiles 10, 50 and 90 of what is known, in words.

    >>> band("doubling_yr", [1.0, 2.0, 3.0])
    ['1 yr', '1 yr', '2 yr', '3 yr']
    """
    found = numbers(values)
    ranked = sorted(v for v in found if not math.isnan(v)) or [math.nan]
    picks = [round(q * (len(ranked) - 1)) for q in (0.1, 0.5, 0.9)]
    return [written(name, v) for v in (found[0], *(ranked[i] for i in picks))]


def _tiles(values: Block) -> str:
    boxes = ""
    for key in _TILES:
        if key not in values:
            continue
        nominal, low, _, high = band(key, values[key])
        boxes += (
            f'<div class="tile"><h3>{escape(sentence(NAMES[key]))}</h3><b>{escape(nominal)}</b>'
            f"<p>P10 – P90: {parts.tied(f'{low} – {high}')}</p></div>"
        )
    if not boxes:
        return ""
    return f'<section aria-label="Main results"><div class="tiles">{boxes}</div></section>'


def _grid(figures: Sequence[Figure | None], more: str = "") -> str:
    shown = "".join(parts.figure(item) for item in figures) + more
    return f'<div class="grid two">{shown}</div>' if shown else ""


def _panel(heading: str, table: Table) -> str:
    if not table.rows:
        return ""
    return f'<div class="panel"><h3>{escape(heading)}</h3>{parts.table(table)}</div>'


def _bands(heading: str, values: Block) -> str:
    rows = [[NAMES.get(name, words(name)), *band(name, v)] for name, v in values.items()]
    return _panel(heading, Table(head=["", "nominal", "P10", "P50", "P90"], rows=rows))


def _growth(block: Block) -> str:
    if not block:
        return ""
    values = {**block["values"], "late_doubling_yr": block["late_doubling_yr"]}
    figures = [draw.spread(block), draw.capital_split(block)]
    return _grid(figures) + _bands("Balanced growth over the draws", values) + _targets(block)


def _targets(block: Block) -> str:
    rows = []
    for row in block.get("targets") or []:
        nominal, low, middle, high = band("time_yr", row["time_yr"])
        told = (
            fmt.mass(numbers(row["import_kg_yr"])[0], "/yr"),
            fmt.mass(numbers(row["capital_kg"])[0]),
            fmt.si(numbers(row["power_W"])[0], "W"),
        )
        goal = fmt.si(row["goal_W_yr"], "W/yr", 2)
        rows.append([goal, nominal, f"{low} – {middle} – {high}", *told])
    head = ["satellites", "time", "P10 – P50 – P90", "landed", "capital", "surface power"]
    note = (
        "Time from the seed to the capital behind that stream of satellites, with every landing "
        "that growth asks for granted: a lower bound."
    )
    table = _panel("Time to", Table(head=head, rows=rows))
    return f'{table}<p class="prose">{note}</p>' if table else ""


def _levers(block: Block) -> str:
    if not block:
        return ""
    base = numbers(block["values"]["doubling_yr"])[0]
    found = block.get("levers") or {}
    own = draw.tornado(
        found.get("records") or [],
        base,
        key="levers",
        what="Doubling time at the ends of the range of each number of the scenario",
        caption="One number changes at a time, the others are nominal. No bar stands for an end at "
        "which nothing grows. Below a name, its range and what kind of number it is.",
    )
    rows = draw.tornado(
        found.get("recipes") or [],
        base,
        key="recipe-levers",
        what="Doubling time at the ends of the range of each number of the recipe table",
        caption="The scenario's multipliers stand, one number of the table changes at a time.",
    )
    worth = Table(
        head=["one more", "unit", "is worth, kg of capital"],
        rows=[
            [words(row["name"]), row["unit"], fmt.significant(row["worth_kg"])]
            for row in block.get("worth") or []
        ],
    )
    value = _panel("What one more unit is worth to the growing industry", worth)
    curve, steps = block.get("tradeoff") or {}, block.get("steps") or []
    return _grid([own, rows, draw.steps(steps), draw.tradeoff(curve)]) + value


def _closure(block: Block) -> str:
    if not block:
        return ""
    landed = {name: numbers(v)[0] for name, v in block["imports_ratio"].items()}
    figures = [
        draw.closures(block),
        draw.elements(block),
        draw.imports(landed, per="kg of new capital", key="imports"),
        draw.tradeoff(block.get("tradeoff") or {}),
    ]
    stop = Table(
        head=["store of", "nominal", "P10", "P50", "P90"],
        rows=[[words(name), *band("stop_s", v)] for name, v in (block.get("stop_s") or {}).items()],
    )
    blocked = ", ".join(words(name) for name in block.get("blocked_by") or ())
    note = f'<p class="prose">No recipe makes {escape(blocked)}.</p>' if blocked else ""
    return (
        _grid(figures)
        + _bands("Closure over the draws", block["values"])
        + note
        + _panel("How long a store lasts once landings stop", stop)
    )


def _recipes(rows: Sequence[Block], check: Block) -> str:
    if not rows:
        return ""
    table = Table(
        head=[
            "process",
            "main output",
            "electricity, kWh",
            "heat, kWh",
            "over floor",
            "robot h",
            "plant, kg per 1/yr",
            "life, yr",
            "kind",
        ],
        rows=[
            [
                row["process"],
                f"{words(row['output'])}, {row['unit']}",
                ranged(row["electricity_kWh"], row["electricity_range_kWh"]),
                fmt.significant(row["heat_kWh"]),
                "–" if row["margin_ratio"] is None else f"{fmt.significant(row['margin_ratio'])} ×",
                fmt.significant(row["robot_h"]),
                ranged(row["capital_kg_yr"], row["capital_range_kg_yr"]),
                fmt.significant(row["life_yr"]),
                row["kind"],
            ]
            for row in rows
        ],
    )
    return _grid([draw.margins(rows)], parts.facts("Checks", check_facts(check))) + _panel(
        "Recipes, per unit of main output", table
    )


def ranged(value: float, ends: Sequence[float]) -> str:
    """Write a value with its range.

    >>> ranged(20.0, (13.0, 30.0)), ranged(1.0, (1.0, 1.0))
    ('20 (13 – 30)', '1')
    """
    told = fmt.significant(value)
    if ends[0] == ends[1]:
        return told
    return f"{told} ({fmt.significant(ends[0])} – {fmt.significant(ends[1])})"


def check_facts(check: Block) -> list[tuple[str, str]]:
    """What the checks of a sound table found, as names and texts."""
    if not check:
        return []
    counts = {
        key: ", ".join(f"{n} {name}" for name, n in check[key].items())
        for key in ("balances", "kinds")
    }
    tight = check["tightest_ratio"]
    return [
        ("processes", str(check["n_processes"])),
        ("commodities", str(check["n_commodities"])),
        ("soil", str(check["soil"])),
        (
            "largest imbalance of an element",
            f"{check['worst_imbalance_kg']:.1e} kg/kg, {check['worst_process']}",
        ),
        (
            "nearest to its energy floor",
            "none" if tight is None else f"{tight:.2f} ×, {check['tightest_process']}",
        ),
        ("balances", counts["balances"]),
        ("kinds of numbers", counts["kinds"]),
        ("placeholders", ", ".join(check["placeholders"]) or "none"),
    ]


def _balance(block: Block) -> str:
    if not block:
        return ""
    what = {"electricity_kWh": ("energy", "kWh"), "capital_kg_yr": ("plant", "kg")}
    figures = [
        draw.by_process(block, field, key=f"by-{name}", what=name, unit=unit)
        for field, (name, unit) in what.items()
    ]
    per = f"{block['unit']} of {words(block['product'])}"
    figures.append(draw.imports(block["imports_kg"], per=per, key="unit-imports"))
    rows = [
        [NAMES[name], *band(name, v), written(name, block["direct"][name])]
        for name, v in block["totals"].items()
    ]
    head = [f"per {per}", "nominal", "P10", "P50", "P90", "without upkeep"]
    lines = Table(
        head=["process", "makes", "of it for upkeep", "electricity", "heat", "robot time", "plant"],
        rows=[
            [
                row["process"],
                f"{fmt.significant(row['activity'])} {words(row['output'])}",
                fmt.percent(max(1.0 - row["direct"] / row["activity"], 0.0)),
                quantity("electricity_kWh", row["electricity_kWh"]),
                quantity("heat_kWh", row["heat_kWh"]),
                quantity("robot_h", row["robot_h"]),
                fmt.mass(row["capital_kg_yr"]),
            ]
            for row in block["processes"]
        ],
    )
    return (
        _panel("In all", Table(head=head, rows=rows))
        + _grid(figures)
        + _panel("Line by line, nominal", lines)
    )


def _process(block: Block) -> str:
    if not block:
        return ""
    names = [name for name in block["imbalance_kg"] if _holds(block, name)]
    rows = [
        [
            words(row["commodity"]),
            f"{fmt.significant(row['amount'], 4)} {row['unit']}",
            fmt.significant(row["mass_kg"], 5),
            *(fmt.significant(row["elements"].get(name, 0.0), 4) for name in names),
        ]
        for row in block["flows"]
    ]
    gap = [f"{block['imbalance_kg'][name]:.1e}" for name in names]
    total = sum(row["mass_kg"] for row in block["flows"])
    rows.append(["out less in", "", f"{total:.1e}", *gap])
    energy = [(name, quantity("e_kWh", v)) for name, v in block["energy_kWh"].items()]
    energy += [(f"least: {name}", quantity("e_kWh", v)) for name, v in block["floor_kWh"].items()]
    heading = f"{block['label']}: kg per unit of {words(block['output'])}, out positive"
    return _panel(
        heading, Table(head=["commodity", "amount", "mass", *names], rows=rows)
    ) + parts.facts("Energy", energy)


def _holds(block: Block, element: str) -> bool:
    return any(abs(row["elements"].get(element, 0.0)) > 1e-9 for row in block["flows"])


def _flows(flows: Sequence[Block]) -> str:
    figures = [
        flow_figure(item, key=item["key"], what=item["what"], least_frac=_LEAST) for item in flows
    ]
    shown = "".join(parts.figure(item) for item in figures)
    return f'<div class="grid">{shown}</div>' if shown else ""
