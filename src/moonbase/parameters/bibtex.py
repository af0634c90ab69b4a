"""A strict reader for the BibTeX of the data folder: plain entries, no macros but the months."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from moonbase.core.faults import Fault
from moonbase.parameters.datum import Source

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_COMMENT = re.compile(r"@comment\s*\{", re.IGNORECASE)
_FIELD = re.compile(r"\s*(\w+)\s*=\s*")
_BARE = re.compile(r"\w+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BETWEEN = re.compile(r"(?:\s+|%[^\n]*)*")
_ACCENT = re.compile(r"\\([\"'`^~])\{?(\w)\}?")
_COMBINING = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}


class _BibtexFaultError(Exception):
    """Where an entry stops being BibTeX."""


def read_bibtex(text: str) -> tuple[list[Source], list[Fault]]:
    """Read every entry; what cannot be read is a fault with its line.

    Examples
    --------
    >>> sources, faults = read_bibtex("@misc{roe2026, author = {Roe, A.}, title = {On {M}oon}}")
    >>> sources[0].text
    'Roe, A. On Moon.'
    """
    sources: list[Source] = []
    faults: list[Fault] = []
    at = 0
    while (at := _skip(text, at)) < len(text):
        line = f"line {text.count(chr(10), 0, at) + 1}"
        comment = _COMMENT.match(text, at)
        try:
            if comment:
                at = _read_value(text, comment.end() - 1, "@comment")[1]
                continue
            source, at = _read_entry(text, at)
        except _BibtexFaultError as fault:
            faults.append(Fault(line, str(fault), "write @type{key, name = {value}, ...}"))
            following = text.find("\n@", at)
            at = following + 1 if following >= 0 else len(text)
        else:
            sources.append(source)
    return sources, faults


def make_source(key: str, entry_type: str, fields: Mapping[str, str]) -> Source:
    """Source of the given fields, with its BibTeX written from them."""
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
    bibtex = f"@{entry_type}{{{key}{body}\n}}"
    return Source(
        key=key, entry_type=entry_type, text=_cite(fields), bibtex=bibtex, fields=dict(fields)
    )


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _read_entry(text: str, start: int) -> tuple[Source, int]:
    head = _ENTRY.match(text, start)
    if head is None:
        raise _BibtexFaultError(f"expects an entry, got {text[start : start + 30]!r}")
    entry_type, key = head[1].lower(), head[2]
    fields: dict[str, str] = {}
    at = head.end()
    while True:
        at = _skip(text, at)
        if text.startswith("}", at):
            break
        name = _FIELD.match(text, at)
        if name is None:
            raise _BibtexFaultError(f"entry {key} has an open brace or a field without '='")
        value, at = _read_value(text, name.end(), key)
        if name[1].lower() in fields:
            raise _BibtexFaultError(f"entry {key} has the field {name[1]} twice")
        fields[name[1].lower()] = " ".join(value.split())
        at = _skip(text, at)
        if text.startswith(",", at):
            at += 1
        elif not text.startswith("}", at):
            raise _BibtexFaultError(
                f"entry {key} lacks a comma or its closing brace after {name[1]}"
            )
    if not fields.get("title"):
        raise _BibtexFaultError(f"entry {key} has no title")
    raw = text[start : at + 1]
    source = Source(key=key, entry_type=entry_type, text=_cite(fields), bibtex=raw, fields=fields)
    return source, at + 1


def _read_value(text: str, at: int, key: str) -> tuple[str, int]:
    opening = text[at : at + 1]
    if opening not in ("{", '"'):
        bare = _BARE.match(text, at)
        if bare is None or not (bare[0].isdecimal() or bare[0] in _MONTHS):
            raise _BibtexFaultError(f"entry {key} has a value in neither braces nor quotes")
        return bare[0], bare.end()
    depth = 0
    for index in range(at + 1, len(text)):
        letter = text[index]
        if letter == "{" and text[index - 1] != "\\":
            depth += 1
        elif letter == "}" and text[index - 1] != "\\":
            if depth == 0 and opening == "{":
                return text[at + 1 : index], index + 1
            depth -= 1
        elif letter == '"' and opening == '"' and depth == 0:
            return text[at + 1 : index], index + 1
    raise _BibtexFaultError(f"entry {key} has an open brace or quote")


def _cite(fields: Mapping[str, str]) -> str:
    authors = _plain(fields.get("author", "")).replace(" and ", ", ")
    year = fields.get("year", "")
    who = f"{authors} ({year})" if authors and year else authors or year
    venue = next(
        (
            fields[name]
            for name in ("journal", "booktitle", "howpublished", "publisher", "institution")
            if fields.get(name)
        ),
        "",
    )
    link = next(
        (
            f"{prefix}{fields[name]}"
            for name, prefix in (("doi", "doi:"), ("eprint", "arXiv:"), ("url", ""))
            if fields.get(name)
        ),
        "",
    )
    parts = [
        who,
        _plain(fields.get("title", "")),
        _plain(venue),
        link,
        _plain(fields.get("note", "")),
    ]
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _plain(text: str) -> str:
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2] + _COMBINING[m[1]]), text)
    text = re.sub(r"\\([&%_$#])", r"\1", text).replace("---", "--").replace("--", "\u2013")
    return re.sub(r"[{}]", "", text).replace("~", " ")
