"""Lunar soils: oxides, and the elements they hold.

Nineteen analysed soils ship with the package; a site may be a mix of them or its own analysis.

Neglected: grain size, agglutinates, minerals (oxides only) and volatiles, which the recipe table
adds where a process uses them. Iron counts as FeO though up to a percent of soil is metal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError
from moonbase.core.faults import nearest, shown
from moonbase.industry.data import number_of, rows_of

ATOMIC_MASS_g_mol: Final[Mapping[str, float]] = {
    "O": 15.999,
    "Si": 28.085,
    "Al": 26.982,
    "Fe": 55.845,
    "Ca": 40.078,
    "Mg": 24.305,
    "Ti": 47.867,
    "Na": 22.990,
    "K": 39.098,
    "P": 30.974,
    "Mn": 54.938,
    "H": 1.008,
    "C": 12.011,
    "N": 14.007,
}
"""Abridged standard atomic weights (IUPAC)."""
SOIL_OXIDES: Final = (
    "SiO2",
    "TiO2",
    "Al2O3",
    "FeO",
    "MnO",
    "MgO",
    "CaO",
    "Na2O",
    "K2O",
    "P2O5",
)
_SUM_PCT = (90.0, 105.0)
"""Sum of an oxide analysis that is still one, wt%."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soil:
    """A soil: mass fractions of its oxides and of its elements, each normalised to one."""

    name: str
    oxide_frac: Mapping[str, float]
    element_frac: Mapping[str, float]


def atoms(formula: str) -> dict[str, int]:
    """Count the atoms of a formula.

    >>> atoms("Al2O3")
    {'Al': 2, 'O': 3}
    """
    found = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    return {symbol: int(number or 1) for symbol, number in found}


def molar_mass(formula: str) -> float:
    """Molar mass of a formula, g/mol.

    >>> round(molar_mass("SiO2"), 3)
    60.083
    """
    return sum(n * ATOMIC_MASS_g_mol[symbol] for symbol, n in atoms(formula).items())


def soil_names() -> tuple[str, ...]:
    """Names of the shipped soils.

    >>> len(soil_names()), soil_names()[0]
    (19, 'Apollo 11')
    """
    return tuple(_analyses())


def regolith(soil: str | Mapping[str, float] | Soil) -> Soil:
    """Composition of a lunar soil, of a mix of soils, or of an oxide analysis.

    Parameters
    ----------
    soil : str or Mapping
        A name (``"Apollo 16"``, ``"16"``, ``"Apollo 17b"``, ``"Luna 20"``), a mix (name -> share,
        sum 1) or an analysis (oxide -> wt%, sum 90 to 105, normalised here).

    Returns
    -------
    Soil
        Mass fractions of oxides and elements.

    Raises
    ------
    DomainError
        Unknown name (the nearest is told), shares that do not add up, a negative number.

    Notes
    -----
    An element's fraction is the sum over oxides of ``w n M_element / M_oxide``. Source of the
    soils: Heiken, Vaniman, French 1991, Lunar Sourcebook, Table 7.15.

    Examples
    --------
    >>> soil = regolith("Apollo 16")
    >>> round(soil.element_frac["O"], 4), round(soil.element_frac["Fe"], 4)
    (0.4502, 0.0395)
    >>> mixed = regolith({"Apollo 11": 0.5, "Apollo 16": 0.5})
    >>> round(mixed.element_frac["Fe"], 4)
    0.0795
    """
    if isinstance(soil, Soil):
        return soil
    if isinstance(soil, str):
        return _named(soil)
    if not isinstance(soil, Mapping):
        raise DomainError(
            f"expects a name or shares, got {shown(soil)}", path="soil", hint='such as "Apollo 16"'
        )
    shares = {str(name): _share(str(name), value) for name, value in soil.items()}
    if not shares:
        raise DomainError("is empty", path="soil", hint="name a soil, soils or oxides")
    if any(name in SOIL_OXIDES for name in shares):
        return _analysed(shares)
    total = sum(shares.values())
    if abs(total - 1.0) > 1e-6:
        raise DomainError(
            f"shares add up to {total:.6g}", path="soil", hint="shares of soils add up to 1"
        )
    parts = [(share, _named(name).oxide_frac) for name, share in shares.items()]
    mixed = {o: sum(share * oxides[o] for share, oxides in parts) for o in SOIL_OXIDES}
    return _soil(" + ".join(f"{share:g} {name}" for name, share in shares.items()), mixed)


def element_vector(soil: Soil, elements: tuple[str, ...]) -> Array:
    """Element fractions of a soil in a given order."""
    return np.array([soil.element_frac.get(element, 0.0) for element in elements])


def _share(name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value < np.inf:
        return float(value)
    raise DomainError(
        f"expects a number >= 0, got {shown(value)}", path=f"soil.{name}", hint="a share or wt%"
    )


def _named(name: str) -> Soil:
    wanted = _plain(name)
    for known, oxides in _analyses().items():
        if wanted in (_plain(known), _plain(_short(known))):
            return _soil(known, oxides)
    hint = nearest(name, soil_names()) or f"soils: {', '.join(soil_names())}"
    raise DomainError(f"no soil has the name {shown(name)}", path="soil", hint=hint)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


def _short(name: str) -> str:
    mission, _, number = name.partition(" ")
    return f"L{number}" if mission == "Luna" else number


def _analysed(shares: Mapping[str, float]) -> Soil:
    for name in shares:
        if name not in SOIL_OXIDES:
            hint = nearest(name, SOIL_OXIDES) or f"oxides: {', '.join(SOIL_OXIDES)}"
            raise DomainError("is no oxide of a soil", path=f"soil.{name}", hint=hint)
    total = sum(shares.values())
    if not _SUM_PCT[0] <= total <= _SUM_PCT[1]:
        raise DomainError(
            f"oxides add up to {total:.6g} wt%",
            path="soil",
            hint=f"give the whole analysis in wt%, {_SUM_PCT[0]:g} to {_SUM_PCT[1]:g} in all",
        )
    return _soil("own analysis", {o: shares.get(o, 0.0) for o in SOIL_OXIDES})


def _soil(name: str, oxides: Mapping[str, float]) -> Soil:
    total = sum(oxides.values())
    oxide_frac = {oxide: share / total for oxide, share in oxides.items()}
    elements: dict[str, float] = {}
    for oxide, share in oxide_frac.items():
        mass = molar_mass(oxide)
        for symbol, n in atoms(oxide).items():
            part = share * n * ATOMIC_MASS_g_mol[symbol] / mass
            elements[symbol] = elements.get(symbol, 0.0) + part
    return Soil(name=name, oxide_frac=oxide_frac, element_frac=elements)


@cache
def _analyses() -> Mapping[str, Mapping[str, float]]:
    return {
        _full_name(row["soil"], row["mission"]): {
            oxide: number_of(row, f"{oxide}_wt_pct", f"regolith.{row['soil']}")
            for oxide in SOIL_OXIDES
        }
        for row in rows_of("regolith.csv")
    }


def _full_name(soil: str, mission: str) -> str:
    letter = soil[-1] if soil[-1].isalpha() else ""
    return f"{mission}{letter}"
