"""What a flight may be asked to note on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something to be noted on the way.

    Attributes
    ----------
    kind
        ``"periapsis"`` (closest approach), ``"apoapsis"`` (largest distance) or ``"sphere"``
        (a sphere of ``radius_m`` entered or left).
    body
        Name of the body it belongs to.
    radius_m
        Radius of the sphere, m.
    terminal
        Whether the flight ends there.
    """

    kind: Literal["periapsis", "apoapsis", "sphere"]
    body: str
    radius_m: float = 0.0
    terminal: bool = False
