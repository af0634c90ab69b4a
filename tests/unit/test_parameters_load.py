"""Data folders: what a record becomes, and that every fault is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from moonbase.core.errors import ParameterError
from moonbase.parameters import Datum, ParameterSet, audit_parameters, load_parameters
from moonbase.parameters.bibtex import read_bibtex

_BIB = """\
% a comment
@comment{kept out {of} it}
@article{roe2026moon,
  author = {Roe, Ann and M{\\"u}ller, B.},
  title = "On {Moon} \\& metal",
  journal = {J. Moon},
  year = 2026,
  month = feb,
  doi = {10.1/x},
}
@misc{moonbase_estimate, title = {Estimate}}
@misc{unread2020, title = {Never cited}}
"""
_GOOD = """\
[driver.payload_kg]
value = 500.0
low = 200.0
high = 1_000.0
distribution = "triangular"
kind = "published"
source = "roe2026moon"
where = "table 2"
label = "mass thrown in one shot"

[driver.n_coils]
value = 12
kind = "placeholder"
source = "moonbase_estimate"
note = "nobody knows yet"
label = "coils"

[economics.price_usd_kg]
value = "$200/kg"
kind = "estimate"
source = "roe2026moon"
label = "price"
price_year = 2026
"""


def _folder(tmp_path: Path, records: str = _GOOD, bib: str = _BIB) -> Path:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "parameters" / "driver.toml").write_text(records, encoding="utf-8")
    (tmp_path / "sources" / "driver.bib").write_text(bib, encoding="utf-8")
    return tmp_path


def _load(tmp_path: Path, records: str = _GOOD, bib: str = _BIB) -> ParameterSet:
    return load_parameters(_folder(tmp_path, records, bib))


def _faults(tmp_path: Path, records: str, bib: str = _BIB) -> str:
    with pytest.raises(ParameterError) as caught:
        _load(tmp_path, records, bib)
    return str(caught.value)


def _record(key: str = "driver.x_kg", **changes: str) -> str:
    fields = {
        "value": "5.0",
        "kind": '"published"',
        "source": '"roe2026moon"',
        "label": '"x"',
    } | changes
    lines = [f"{name} = {text}" for name, text in fields.items() if text]
    return "\n".join([f"[{key}]", *lines])


def test_a_record_in_full(tmp_path: Path) -> None:
    parameters = _load(tmp_path)
    assert parameters["driver.payload_kg"] == Datum(
        key="driver.payload_kg",
        label="mass thrown in one shot",
        value=500.0,
        low=200.0,
        high=1000.0,
        distribution="triangular",
        kind="published",
        source="roe2026moon",
        where="table 2",
        positive=True,
    )
    assert parameters["driver.payload_kg"].unit.suffix == "kg"


def test_a_fixed_record_has_its_value_as_range(tmp_path: Path) -> None:
    coils = _load(tmp_path)["driver.n_coils"]
    assert (coils.low, coils.value, coils.high, coils.distribution) == (12.0, 12.0, 12.0, "fixed")
    assert not coils.has_range


def test_quantities_may_stand_in_a_record(tmp_path: Path) -> None:
    assert _load(tmp_path)["economics.price_usd_kg"].value == 200.0


def test_sources_are_cited_in_plain_text(tmp_path: Path) -> None:
    source = _load(tmp_path).sources["roe2026moon"]
    assert source.text == "Roe, Ann, Müller, B. (2026). On Moon & metal. J. Moon. doi:10.1/x."
    assert source.entry_type == "article"
    assert source.bibtex.startswith("@article{roe2026moon") and source.bibtex.endswith("}")
    assert read_bibtex(source.bibtex)[0] == [source]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": ""}, "driver.x_kg: value is missing"),
        ({"kind": ""}, "driver.x_kg: kind is missing"),
        ({"source": ""}, "driver.x_kg: source is missing"),
        ({"label": ""}, "driver.x_kg: label is missing"),
        ({"label": '"a\\nb"'}, "label has a line break"),
        ({"label": "3"}, "driver.x_kg.label: expects string, got 3"),
        ({"source": '"roe2026moom"'}, "did you mean roe2026moon?"),
        ({"source": '"scenario"'}, 'unknown source "scenario"'),
        ({"kind": '"user"'}, 'unknown kind "user"'),
        ({"kind": '"guess"'}, "write one of measured, published, claim"),
        ({"distribution": '"gauss"'}, 'unknown distribution "gauss"'),
        ({"distribution": '"uniform"'}, '"uniform" without a range'),
        ({"low": "1.0", "high": "9.0"}, "has a range but no distribution"),
        ({"low": "6.0", "high": "9.0", "distribution": '"pert"'}, "6 kg <= 5 kg <= 9 kg"),
        ({"low": "0.0", "high": "9.0", "distribution": '"lognormal"'}, "needs low > 0"),
        ({"value": "-1000"}, "driver.x_kg: must be >= 0 kg, got -1000 kg"),
        ({"low": "-1", "distribution": '"pert"'}, "driver.x_kg.low: must be >= 0 kg, got -1 kg"),
        ({"value": "true"}, "expects a mass (kilogram), got true"),
        ({"value": "nan"}, "must be finite"),
        ({"valeu": "3"}, "driver.x_kg.valeu: unknown field\n  did you mean value?"),
        ({"kind": '"placeholder"'}, "needs a note"),
        ({"source": '"moonbase_estimate"'}, "needs a note"),
        ({"value": "0", "positive": "true"}, "driver.x_kg: must be > 0 kg, got 0 kg"),
        ({"positive": "1"}, "expects boolean, got 1"),
    ],
)
def test_each_fault_of_a_record(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    text = _faults(tmp_path, _record(**changes))
    assert message in text
    assert "in parameters/driver.toml" in text


@pytest.mark.parametrize(
    ("key", "changes", "message"),
    [
        ("driver.policy", {}, "its name ends in no known unit"),
        ("driver.x_usd_kg", {}, "money without price_year"),
        ("driver.x_usd_kg", {"price_year": "20"}, "must be 1900..2200, got 20"),
        ("driver.x_usd_kg", {"price_year": "true"}, "expects integer, got true"),
        ("driver.x_frac", {}, "must be <= 1, got 5"),
        ('driver."a b_kg"', {}, "is no room.name"),
    ],
)
def test_each_fault_of_a_key(
    tmp_path: Path, key: str, changes: dict[str, str], message: str
) -> None:
    assert message in _faults(tmp_path, _record(key, **changes))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    records = "\n".join(
        [
            _record("driver.a_kg", value="-1", kind='"guess"'),
            _record("driver.b_kg", source='"nobody1999"'),
        ]
    )
    text = _faults(tmp_path, records, _BIB + "@misc{roe2026moon, title = {Twice}}")
    assert text.startswith("4 faults")
    for part in ("roe2026moon: stands in", "driver.a_kg:", "driver.a_kg.kind:", "nobody1999"):
        assert part in text


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "parameters" / "other.toml").write_text(_record("driver.payload_kg"))
    with pytest.raises(ParameterError, match=r"stands in parameters/driver\.toml too"):
        load_parameters(folder)


@pytest.mark.parametrize(
    "records", ["[driver", "x = 1", "driver = 3", "[driver]\nx_kg = 3", "a = [" * 5000]
)
def test_what_is_no_table_of_records_is_refused(tmp_path: Path, records: str) -> None:
    assert "parameters/driver.toml" in _faults(tmp_path, records)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "sources" / "driver.bib").write_bytes(b"\xff\xfe")
    with pytest.raises(ParameterError, match="write it as UTF-8"):
        load_parameters(folder)


@pytest.mark.parametrize(
    ("bib", "message"),
    [
        ("@misc{a2020, title = {x}", "lacks a comma or its closing brace"),
        ("@misc{a2020, title = {x", "open brace or quote"),
        ("@misc{a2020, title = x}", "neither braces nor quotes"),
        ("@misc{a2020, title = {x} note = {y}}", "lacks a comma or its closing brace after title"),
        ("@misc{a2020, title = {x}, title = {y}}", "the field title twice"),
        ("@misc{a2020, author = {x}}", "a2020 has no title"),
        ('@string{x = "y"}', "expects an entry"),
        ("stray words", "expects an entry"),
    ],
)
def test_what_is_no_bibtex_is_refused(tmp_path: Path, bib: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        _load(tmp_path, "", "\n\n" + bib)


def test_a_faulty_entry_does_not_hide_the_next(tmp_path: Path) -> None:
    sources, faults = read_bibtex("\n@misc{a, title = 3x}\n@misc{b, title = {B}}")
    assert [source.key for source in sources] == ["b"]
    assert [fault.path for fault in faults] == ["line 2"]


@pytest.mark.parametrize(
    ("key", "changes", "positive"),
    [
        ("driver.x_kg", {}, True),
        ("driver.x_kg", {"positive": "false"}, False),
        ("driver.x_kg", {"value": "0"}, False),
        ("driver.x_kg", {"low": "0", "high": "9", "distribution": '"uniform"'}, False),
        ("driver.x_rad", {"value": "0.3"}, False),
    ],
)
def test_which_records_must_stay_positive(
    tmp_path: Path, key: str, changes: dict[str, str], positive: bool
) -> None:
    assert _load(tmp_path, _record(key, **changes))[key].positive is positive


def test_audit(tmp_path: Path) -> None:
    audit = audit_parameters(_load(tmp_path))
    assert audit.n_by_kind == {
        "measured": 0,
        "published": 1,
        "claim": 0,
        "derived": 0,
        "estimate": 1,
        "placeholder": 1,
    }
    assert audit.placeholders == ("driver.n_coils",)
    assert audit.without_range == ("driver.n_coils", "economics.price_usd_kg")
    assert audit.unused_sources == ("unread2020",)


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"did you mean driver\.payload_kg\?"):
        _load(tmp_path).find("driver.payload_kgs")
