"""Every number that describes the world, as a record with unit, range and source."""

from moonbase.parameters.audit import Audit, audit_parameters
from moonbase.parameters.datum import DISTRIBUTIONS, KINDS, USER_KIND, USER_SOURCE, Datum, Source
from moonbase.parameters.load import ParameterSet, load_parameters
from moonbase.parameters.quantity import parse_quantity, symbol_of, with_unit

__all__ = [
    "DISTRIBUTIONS",
    "KINDS",
    "USER_KIND",
    "USER_SOURCE",
    "Audit",
    "Datum",
    "ParameterSet",
    "Source",
    "audit_parameters",
    "load_parameters",
    "parse_quantity",
    "symbol_of",
    "with_unit",
]
