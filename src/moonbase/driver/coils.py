"""Thick coaxial coils of rectangular section."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coil:
    """A coaxial coil of rectangular section with its turns spread evenly over it.

    ``position_m`` is the axial position of its centre.
    """

    radius_inner_m: float
    radius_outer_m: float
    length_m: float
    position_m: float = 0.0
    turns: float = 1.0
