"""The recipe table: where it comes from, for which soil, and with whose own recipes.

A recipe turns commodities into one main output with electricity, heat, robot time and capital.
The shipped rows are of two tiers: ``base``, one consistent chain from regolith to satellites, and
``extension``, further processes that close gaps of that chain (a separate iron step, remelting,
night storage, buildings, carbon dioxide reduction). A table that breaks physics is refused.

Neglected: impurities, catalysts, temperature and size dependence of energy (each row is one point).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from moonbase.core.errors import ParameterError
from moonbase.core.faults import Fault, fault_error
from moonbase.industry.checks import check
from moonbase.industry.data import Row, number_of, rows_of
from moonbase.industry.derive import compose, derive
from moonbase.industry.regolith import Soil, regolith
from moonbase.industry.table import (
    BASE,
    ELEMENTS,
    EXTENSION,
    NUMBERS,
    ROOM_TEMPERATURE_K,
    Commodity,
    Process,
    Range,
    Recipes,
)
from moonbase.industry.user import Tables, apply_tables, read_charges

__all__ = ["ELEMENTS", "TIERS", "Commodity", "Process", "Range", "Recipes", "load_recipes"]

TIERS = (BASE, EXTENSION)
ILMENITE_SOIL = "Apollo 11"
"""Mare soil that the shipped hydrogen-reduction row feeds on."""
_LOW_HIGH = {
    "electricity_kWh": ("electricity_low_kWh", "electricity_high_kWh", "electricity_kind"),
    "capital_kg_yr": ("capital_low_kg_yr", "capital_high_kg_yr", "capital_kind"),
}


def load_recipes(
    folder: Path | str | None = None,
    *,
    soil: str | Mapping[str, float] | Soil | None = None,
    ilmenite_soil: str | Mapping[str, float] | Soil = ILMENITE_SOIL,
    tiers: Collection[str] = (BASE,),
    recipes: Tables | None = None,
    commodities: Tables | None = None,
) -> Recipes:
    """Read and check a recipe table.

    Parameters
    ----------
    folder : Path or str, optional
        Folder with ``processes.csv``, ``flows.csv`` and ``commodities.csv`` that replaces the
        shipped table, or a TOML file with ``[recipes.<process>]`` and ``[commodities.<name>]``
        that goes over it.
    soil : str or Mapping, optional
        Soil of the site as ``regolith`` reads it. Rows and commodities that depend on it are
        derived anew; the shipped ones, for the Apollo 16 highland mean, by default.
    ilmenite_soil : str or Mapping
        Mare soil for hydrogen reduction, used with ``soil``.
    tiers : Collection
        Of "base" and "extension"; rows of a user's folder without a tier are always read.
    recipes, commodities : Mapping, optional
        A user's own tables, see ``apply_tables``.

    Returns
    -------
    Recipes

    Raises
    ------
    ParameterError
        A field is missing or is not a number, or a name is unknown.
    DomainError
        Unknown soil.
    PhysicsError
        A recipe breaks one of the rules of ``check``.

    Notes
    -----
    Sources by row in the table itself. Element recoveries of electrolysis (Fe 0.95, Si 0.90,
    Ti 0.50, Al 0.60) are estimates, ``data/recipes/electrowinning.csv``.

    Examples
    --------
    >>> load_recipes().processes["mre_al"].output
    'aluminium'
    >>> mare = load_recipes(soil="Apollo 12").processes["mre_si"]
    >>> round(mare.flows["iron"], 3)  # kg per kg of oxygen, 0.173 in the highlands
    0.464
    """
    own_recipes, own_commodities = dict(recipes or {}), dict(commodities or {})
    if folder is not None and Path(folder).suffix == ".toml":
        tree = _read_toml(Path(folder))
        own_recipes = {**tree.get("recipes", {}), **own_recipes}
        own_commodities = {**tree.get("commodities", {}), **own_commodities}
        folder = None
    table = _read(None if folder is None else Path(folder), tiers)
    if soil is not None:
        table = derive(table, soil=regolith(soil), ilmenite_soil=regolith(ilmenite_soil))
    if own_recipes or own_commodities:
        table = apply_tables(table, tables=own_recipes, commodities=own_commodities)
        composed = compose(table.processes, dict(table.commodities))
        table = Recipes(processes=table.processes, commodities=composed, soil=table.soil)
    check(table)
    return table


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ParameterError(
            f"cannot be read: {error}", path=str(path), hint="write it as TOML with [recipes.NAME]"
        ) from error


def _read(folder: Path | None, tiers: Collection[str]) -> Recipes:
    unknown = sorted(set(tiers) - set(TIERS))
    if unknown:
        raise ParameterError(
            f"unknown tier {unknown[0]!r}", path="tiers", hint=f"tiers: {', '.join(TIERS)}"
        )
    commodities = {row["commodity"]: _commodity(row) for row in rows_of("commodities.csv", folder)}
    flows: dict[str, dict[str, float]] = {}
    for row in rows_of("flows.csv", folder):
        path = f"flows.{row['process']}.{row['commodity']}"
        if row["commodity"] not in commodities:
            raise ParameterError(
                "unknown commodity", path=path, hint="add it to commodities.csv with its elements"
            )
        flows.setdefault(row["process"], {})[row["commodity"]] = number_of(row, "amount", path)
    processes = {
        row["process"]: _process(row, flows.get(row["process"], {}))
        for row in rows_of("processes.csv", folder)
        if row.get("tier", "") in ("", *tiers)
    }
    return Recipes(processes=processes, commodities=commodities)


def _commodity(row: Row) -> Commodity:
    path = f"commodities.{row['commodity']}"
    formation = row.get("formation_kWh_kg")
    return Commodity(
        name=row["commodity"],
        unit=row["unit"],
        group=row["class"],
        unit_mass_kg=number_of(row, "unit_mass_kg", path),
        description=row["description"],
        element_frac=np.array([number_of(row, element, path) for element in ELEMENTS]),
        kind=row["kind"],
        source=row.get("source", ""),
        made_of=row.get("made_of", ""),
        formation_kWh_kg=number_of(row, "formation_kWh_kg", path) if formation else None,
    )


def _process(row: Row, flows: Mapping[str, float]) -> Process:
    name = row["process"]
    path = f"processes.{name}"
    faults: list[Fault] = []
    texts = [text for text in row.get("melts", "").split(";") if text.strip()]
    melts = read_charges(f"recipes.{name}", texts, faults)
    if faults:
        raise fault_error(ParameterError, faults)
    numbers = {column: number_of(row, column, path) for column in NUMBERS}
    return Process(
        name=name,
        label=row["name"],
        shop=row["shop"],
        output=row["output"],
        kind=row["kind"],
        source=row["source"],
        note=row["note"],
        flows=flows,
        tier=row.get("tier", "") or "user",
        ranges={column: _range(row, column, numbers[column], path) for column in NUMBERS},
        balance=row.get("balance", "") or _balance(flows),
        melts=melts,
        reaction_K=number_of(row, "reaction_K", path, ROOM_TEMPERATURE_K),
        smallest_1_yr=number_of(row, "smallest_1_yr", path, 0.0),
        largest_1_yr=number_of(row, "largest_1_yr", path, np.inf),
        **numbers,
    )


def _balance(flows: Mapping[str, float]) -> str:
    return "closed" if any(amount < 0.0 for amount in flows.values()) else "boundary"


def _range(row: Row, column: str, value: float, path: str) -> Range:
    low, high, kind = _LOW_HIGH.get(column, ("", "", ""))
    return Range(
        low=number_of(row, low, path, value),
        high=number_of(row, high, path, value),
        kind=row.get(kind) or row["kind"],
        source=row["source"],
    )
