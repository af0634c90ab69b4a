"""What a data set still lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from moonbase.parameters.datum import KINDS
from moonbase.parameters.load import ParameterSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Counts by kind, and the keys that deserve a look."""

    n_by_kind: Mapping[str, int]
    placeholders: tuple[str, ...]
    without_range: tuple[str, ...]
    unused_sources: tuple[str, ...]


def audit_parameters(parameters: ParameterSet) -> Audit:
    """Count the records by kind and list placeholders, records without range, unused sources.

    Examples
    --------
    >>> from moonbase.parameters.load import load_parameters
    >>> parameters = load_parameters()
    >>> sum(audit_parameters(parameters).n_by_kind.values()) == len(parameters)
    True
    """
    counts = Counter(datum.kind for datum in parameters.values())
    used = {datum.source for datum in parameters.values()}
    return Audit(
        n_by_kind={kind: counts[kind] for kind in KINDS},
        placeholders=tuple(k for k, datum in parameters.items() if datum.kind == "placeholder"),
        without_range=tuple(k for k, datum in parameters.items() if not datum.has_range),
        unused_sources=tuple(key for key in parameters.sources if key not in used),
    )
