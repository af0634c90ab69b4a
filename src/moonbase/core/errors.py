"""Errors that a user can act on.

MoonbaseError                    exit 3   path + message + hint
├── ScenarioError                exit 3   a scenario file, an override or a run folder is wrong
├── ParameterError               exit 3   a record of the data set is wrong
├── UnitError                    exit 3   a quantity has the wrong dimension or no known unit
├── DomainError                  exit 3   an input lies outside a model's validity range
├── PhysicsError                 exit 3   a recipe or design breaks conservation or an energy floor
├── InfeasibleError              exit 4   no design or plan meets the limits
├── NumericalError               exit 5   no draw gave a usable number
└── ExportError                  exit 3   a result could not be written
"""

from __future__ import annotations


class MoonbaseError(Exception):
    """Base of every error that is the user's to mend.

    ``path`` names what is wrong (a key, a file), ``hint`` says what to do about it.
    """

    exit_code = 3

    def __init__(self, message: str, *, path: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.path}: {self.message}" if self.path else self.message
        return f"{head}\n  {self.hint}" if self.hint else head


class ScenarioError(MoonbaseError):
    """A scenario file, an override or a run folder is wrong."""


class ParameterError(MoonbaseError):
    """A record of the data set is wrong."""


class UnitError(MoonbaseError):
    """A quantity has the wrong dimension or no known unit."""


class DomainError(MoonbaseError):
    """An input lies outside a model's validity range."""


class PhysicsError(MoonbaseError):
    """A recipe or design breaks conservation or an energy floor."""


class InfeasibleError(MoonbaseError):
    """No design or plan meets the limits."""

    exit_code = 4


class NumericalError(MoonbaseError):
    """No draw gave a usable number."""

    exit_code = 5


class ExportError(MoonbaseError):
    """A result could not be written."""
