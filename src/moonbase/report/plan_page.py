"""The page of a plan: what to build and launch, what binds, and how it fares when followed.

Everything comes in as the plan's summary, so that the report knows no planner.
"""

from __future__ import annotations

from moonbase.report import format as fmt
from moonbase.report import parts
from moonbase.report import plan_figures as draw
from moonbase.report import plan_words as words
from moonbase.report.plan_words import Block
from moonbase.report.style import style_sheet
from moonbase.report.svg import Table, escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def plan_page(plan: Block, *, version: str = "") -> str:
    """Render the page of a plan.

    Parameters
    ----------
    plan
        What ``campaign.plan_summary`` gives.
    version
        Version of the package.

    Returns
    -------
    str
        A complete HTML document that needs no other file.
    """
    title = f"Plan of {plan['title']}"
    sections = [
        ("replay", "Plan against replay", _replay(plan)),
        ("build", "What to build, make, land and launch", _build(plan)),
        ("limits", "What binds, and what one more is worth", _limits(plan)),
        ("flow", "Mass flow by year", _flows(plan)),
        ("solver", "How it was solved", _solver(plan)),
    ]
    shown = [(key, name, content) for key, name, content in sections if content]
    links = "".join(f'<a href="#s-{key}">{name}</a>' for key, name, _ in shown)
    body = "".join(
        f'<section id="s-{key}"><h2>{name}</h2>{content}</section>' for key, name, content in shown
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} – moonbase</title><style>{style_sheet()}</style></head><body>"
        f'<header><div class="brand">◐ moonbase · plan</div><h1>{escape(title)}</h1>'
        f'<p class="lead">{parts.tied(words.goal_line(plan))}. The plan knows every year of draw '
        f"{plan['draw']} ahead; nobody will.</p>"
        f'<nav aria-label="Sections">{links}</nav></header>'
        f"<main>{_tiles(plan)}{body}</main>"
        f"<footer>{escape(f'moonbase {version}'.strip())}. "
        "Every number is a result of the model and its inputs, not a forecast.</footer>"
        "</body></html>"
    )


def _tiles(plan: Block) -> str:
    year = words.headline_year(plan)
    at = [int(y) for y in plan["year"]].index(year)
    rows = [
        (f"Planned, in service in {year}", fmt.si(plan["series"]["service_W"][at], "W"), ""),
        (
            "Goal: " + plan["goal"].replace("_", " "),
            words.amount(plan["objective"], plan["objective_unit"]),
            "",
        ),
    ]
    replay = plan.get("replay")
    if replay:
        bands = [fmt.si(replay["replayed_W"][q][at], "W") for q in ("p10", "p50", "p90")]
        rule = [fmt.si(replay["rule_W"][q][at], "W") for q in ("p10", "p50", "p90")]
        rows[1:1] = [
            ("Replayed without chance", fmt.si(replay["nominal_W"][at], "W"), ""),
            (
                f"Replayed over {replay['n_draws']} draws",
                bands[1],
                f"P10 – P90: {bands[0]} – {bands[2]}",
            ),
            (
                replay["rule"].replace("_", " ").capitalize(),
                fmt.si(replay["rule_nominal_W"][at], "W"),
                f"over the draws {rule[0]} / {rule[1]} / {rule[2]}",
            ),
        ]
    boxes = "".join(
        f'<div class="tile"><h3>{escape(name)}</h3><b>{escape(value)}</b>'
        f"<p>{parts.tied(note)}</p></div>"
        for name, value, note in rows
    )
    return f'<section aria-label="Main results"><div class="tiles">{boxes}</div></section>'


def _panel(told: words.Told) -> str:
    return f'<div class="panel">{parts.table(Table(head=told.head, rows=told.rows))}</div>'


def _replay(plan: Block) -> str:
    lines = "".join(f"<p>{parts.tied(text)}</p>" for text in words.replay_lines(plan))
    figures = parts.figure(draw.service(plan)) + parts.figure(draw.launched(plan))
    return f'<div class="prose">{lines}</div><div class="grid two">{figures}</div>'


def _build(plan: Block) -> str:
    figures = parts.figure(draw.capital(plan)) + parts.figure(draw.imports(plan))
    return f'{_panel(words.years_table(plan))}<div class="grid">{figures}</div>'


def _limits(plan: Block) -> str:
    figures = "".join(parts.figure(draw.binding(plan, kind)) for kind in ("limit", "means"))
    return f'{_panel(words.binding_table(plan))}<div class="grid">{figures}</div>'


def _flows(plan: Block) -> str:
    figures = "".join(parts.figure(draw.flows(plan, entry)) for entry in plan["flows"])
    return f'<div class="grid">{figures}</div>' if figures else ""


def _solver(plan: Block) -> str:
    info = plan["solver"]
    rows = [
        ("status", str(info["status"])),
        ("method", str(info["solver"]).replace("_", " ")),
        ("variables", f"{info['n_columns']:,}"),
        ("rows", f"{info['n_rows']:,}"),
        ("entries", f"{info['n_entries']:,}"),
        ("iterations", f"{info['n_iterations']:,}"),
        ("solves", str(info["n_solves"])),
        ("time to build", fmt.duration(info["build_s"])),
        ("time to solve", fmt.duration(info["wall_s"])),
        ("gap", fmt.percent(info["gap_frac"], 2)),
        ("length of a period", f"{plan['step_yr']:g} yr"),
    ]
    return parts.facts("Solver", rows)
