"""Building blocks of the page: tiles, figures, tables, facts and notes. All text is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moonbase.report import format as fmt
from moonbase.report.lines import ink
from moonbase.report.svg import Figure, Table, escape
from moonbase.report.words import (
    HEADLINES,
    Summary,
    headline_of,
    headline_text,
    is_year,
    spread_text,
)

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;)\]}]")
_WARNINGS_OPEN = 12
_UNIT_GAP = re.compile(r"(?<=\d) (?=(?:%|[kMGTPEm]?(?:W|t|kg|g|m|s|J)|[MBT])(?![A-Za-z]))")
_DIGITS = re.compile(r"[-+<>$0-9]")
_KINDS = frozenset(
    {"measured", "published", "claim", "derived", "estimate", "placeholder", "domain", "info"}
)


def tiles(summary: Summary, *, main: bool) -> str:
    """Headline results: P50 large, the spread and the share below."""
    boxes = []
    for key, headline in HEADLINES.items():
        if headline.main is not main:
            continue
        value = headline_of(summary, key)["p50"]
        shown = headline_text(key, value)
        never = ' class="never"' if value is None else ""
        boxes.append(
            f'<div class="tile"><h3>{escape(headline.label)}</h3><b{never}>{escape(shown)}</b>'
            f"<p>{tied(_spread(summary, key, main))}</p></div>"
        )
    return f'<div class="tiles{"" if main else " small"}">{"".join(boxes)}</div>'


def _spread(summary: Summary, key: str, main: bool) -> str:
    text = spread_text(summary, key)
    if not is_year(key) and main and "–" in text:
        return f"P10 – P90: {text}"
    return text


def tied(text: str) -> str:
    """Escape a text and keep numbers and their units on one line.

    >>> tied("1 TW in 5 % of draws").count(" ")
    4
    """
    return _UNIT_GAP.sub("\u00a0", escape(text))


def figure(item: Figure | None, missing: str = "") -> str:
    """One figure with its finding, pictures, legend, caption and table."""
    if item is None:
        return f'<figure><p class="sub">{escape(missing)}</p></figure>' if missing else ""
    single = len(item.pictures) == 1
    pictures = "".join(item.pictures.values())
    if single:
        pictures = f'<div class="scroll" tabindex="0">{pictures}</div>'
    hint = '<span class="hint"> Swipe sideways to see all of it.</span>' if single else ""
    keys = "".join(
        f'<li><i style="{ink(color)}"></i>{escape(name)}</li>' for color, name in item.legend
    )
    legend = f'<ul class="keys">{keys}</ul>' if keys else ""
    return (
        f'<figure id="{escape(item.key)}"{" class=wide" if item.wide else ""}>'
        f'<h3>{tied(item.title)}</h3><p class="sub">{escape(item.subtitle)}</p>{legend}'
        f'<div class="pictures{" only" if single else ""}">{pictures}</div>'
        f"<figcaption>{escape(item.caption)}{hint}</figcaption>"
        f"<details><summary>The same as a table</summary>{table(item.table)}</details></figure>"
    )


def table(item: Table) -> str:
    """Table whose number columns are set right."""
    width = len(item.head)
    numeric = [
        i > 0 and bool(item.rows) and all(_is_number(row[i]) for row in item.rows if i < len(row))
        for i in range(width)
    ]
    head = "".join(_cell("th", text, right) for text, right in zip(item.head, numeric, strict=True))
    body = "".join(
        "<tr>" + "".join(_cell("td", t, r) for t, r in zip(row, numeric, strict=True)) + "</tr>"
        for row in item.rows
    )
    return (
        '<div class="scroll" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _is_number(text: str) -> bool:
    return text in (fmt.MISSING, fmt.NEVER, "–", "") or bool(_DIGITS.match(text))


def _cell(name: str, text: str, right: bool) -> str:
    return f"<{name}{' class=num' if right else ''}>{escape(text)}</{name}>"


def badge(kind: object) -> str:
    """Coloured word for the kind of a number or the level of a warning."""
    class_ = f"tag {kind}" if kind in _KINDS else "tag"
    return f'<span class="{class_}">{escape(kind)}</span>'


def facts(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """Return a small two-column list of facts; empty when nothing is known."""
    known = [(name, value) for name, value in rows if value != fmt.MISSING]
    if not known:
        return ""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in known)
    return f'<div class="facts"><h3>{escape(title)}</h3><dl>{items}</dl></div>'


def warnings(summary: Summary) -> str:
    """All warnings, gravest first."""
    rows = ranked_warnings(summary)
    if not rows:
        return "<p>No warnings.</p>"
    grave = [w for w in rows if w.get("level") in ("placeholder", "domain")]
    first = max(len(grave), min(len(rows), _WARNINGS_OPEN))
    more = ""
    if rows[first:]:
        more = (
            f"<details><summary>{len(rows) - first} more</summary>{_notes(rows[first:])}</details>"
        )
    return f'<div class="panel">{_notes(rows[:first])}{more}</div>'


def _notes(rows: Sequence[Mapping[str, Any]]) -> str:
    items = "".join(
        f"<li>{badge(w.get('level') or 'info')} <code>{escape(w.get('key') or '')}</code> "
        f"{escape(w.get('text') or '')}</li>"
        for w in rows
    )
    return f'<ul class="notes">{items}</ul>'


def ranked_warnings(summary: Summary) -> list[Mapping[str, Any]]:
    """Warnings in the order placeholder, domain, claim, info."""
    rank = {"placeholder": 0, "domain": 1, "claim": 2}
    return sorted(summary.get("warnings") or [], key=lambda w: rank.get(str(w.get("level")), 3))


def inputs(summary: Summary) -> str:
    """Every input with value, range, kind and source."""
    rows = summary.get("inputs") or []
    if not rows:
        return "<p>No inputs recorded.</p>"
    body = "".join(_input_row(row) for row in rows)
    names = ("input", "value", "low – high", "distribution", "kind", "source", "set by")
    head = "".join(f"<th>{name}</th>" for name in names)
    return (
        f'<details class="panel"><summary>All {len(rows)} inputs</summary>'
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details>"
    )


def _input_row(row: Mapping[str, Any]) -> str:
    unit = str(row.get("unit") or "")
    low, high = row.get("low"), row.get("high")
    bare = unit if unit in ("year", "usd") else ""
    known = low is not None and high is not None
    span = f"{fmt.quantity(low, bare)} – {fmt.quantity(high, bare)}" if known else ""
    label = escape(row.get("label") or "")
    return (
        f"<tr><td>{label}<br><code>{escape(row.get('key') or '')}</code></td>"
        f"<td>{escape(fmt.quantity(row.get('value'), unit))}</td><td>{escape(span)}</td>"
        f"<td>{escape(row.get('distribution') or '')}</td><td>{badge(row.get('kind') or '')}</td>"
        f"<td>{escape(row.get('source') or '')}</td><td>{escape(row.get('set_by') or '')}</td></tr>"
    )


def citations(summary: Summary) -> str:
    """Sources; addresses in their text become links."""
    rows = summary.get("citations") or []
    if not rows:
        return "<p>No sources recorded.</p>"
    items = "".join(
        f"<li><code>{escape(c.get('key') or '')}</code> {linked(str(c.get('text') or ''))}</li>"
        for c in rows
    )
    return (
        f'<details class="panel"><summary>All {len(rows)} sources</summary>'
        f'<ul class="notes">{items}</ul></details>'
    )


def linked(text: str) -> str:
    """Escape a text and turn its web addresses into links.

    >>> linked("see https://doi.org/10.1/x.")
    'see <a rel="noreferrer" href="https://doi.org/10.1/x">https://doi.org/10.1/x</a>.'
    """
    parts, done = [], 0
    for match in _LINK.finditer(text):
        address = escape(match.group())
        parts.append(escape(text[done : match.start()]))
        parts.append(f'<a rel="noreferrer" href="{address}">{address}</a>')
        done = match.end()
    return "".join([*parts, escape(text[done:])])


def prose(rows: Sequence[tuple[str, str]]) -> str:
    """Terms and what they mean."""
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in rows
    )
    return f'<dl class="prose">{items}</dl>'
