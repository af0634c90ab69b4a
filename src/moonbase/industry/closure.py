"""Closure: how much of itself an industry makes, by several measures that differ.

Closure near one is not self-sufficiency: the missing hundredth is seals, dopants and chips, and
without it nothing is made. So the time to a standstill once landings stop, and the growth without
any landing, stand beside the shares.

Energy and labour that imports save are counted where the table has a recipe for the imported
commodity: what it would take to make it on the Moon from its direct and further inputs, with joint
products taken as free. Imports without a recipe are left out; ``blocked_by`` names them.

Neglected: stocks other than those given, substitution and repair once landings stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.industry._ray import SHRINKS
from moonbase.industry.analytic import Growth, growth
from moonbase.industry.options import Options, check_names
from moonbase.industry.recipes import ELEMENTS, Recipes


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Shares of an industry's needs that it meets itself; the last axis is the draw, if any."""

    mass_frac: Array
    """1 less kilograms landed per new kilogram."""
    elements: tuple[str, ...]
    """Elements that new capital holds."""
    element_frac: Array
    """1 less mass landed over mass in new capital, at least 0, (element, draw)."""
    energy_frac: Array
    """Electricity used over that and what making the imports would take."""
    labour_frac: Array
    """Robot hours, likewise."""
    part_types_frac: Array
    """Kinds of goods that go into capital goods and are made on the Moon, over all kinds."""
    vitamins: tuple[str, ...]
    vitamins_ratio: Array
    """Kilograms of each import per new kilogram, (import, draw)."""
    robot_h_kg: Array
    stop_s: Array
    """Time until each import is used up once landings stop, (import, draw)."""
    first_stop_s: Array
    growth_without_imports_1_yr: Array
    """-inf where the industry cannot run at all without landing anything."""
    blocked_by: tuple[str, ...]
    """Imports in use that no process of the table can make."""


def closure(
    recipes: Recipes,
    *,
    build_lag_s: Real = 0.0,
    replacement: str = "ordered_ahead",
    import_stock_kg: Mapping[str, Real] | None = None,
    capital_kg: Real | None = None,
    options: Options | None = None,
) -> Closure:
    """Closure of the growing industry of a recipe table, and what stops it without landings.

    Parameters
    ----------
    recipes : Recipes
    build_lag_s, replacement
        As in ``growth``.
    import_stock_kg : Mapping, optional
        Commodity -> kilograms in store when landings stop; none by default.
    capital_kg : Real, optional
        Mass of the industry at that time; needed with a store.
    options : Options, optional
        As the further arguments of ``growth``.

    Returns
    -------
    Closure

    Raises
    ------
    DomainError
        A store without ``capital_kg``, an unknown commodity, or what ``growth`` refuses.

    Notes
    -----
    A store S lasts ``ln(1 + g S / u) / g`` at a first use u that grows at rate g.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> found = closure(load_recipes())
    >>> round(float(found.mass_frac), 3), found.blocked_by
    (0.943, ('vitamins', 'dopants', 'electrode_vit'))
    """
    chosen: Any = options or {}
    found = growth(recipes, build_lag_s=build_lag_s, replacement=replacement, **chosen)
    alone: Any = {**chosen, "imports": (), "local_frac": None, "import_cap_ratio": None}
    without = growth(recipes, build_lag_s=build_lag_s, replacement=replacement, **alone)
    shape = np.shape(found.growth_1_yr)
    landed = [i for i, c in enumerate(found.commodities) if np.any(found.imports_ratio[i] > 1e-12)]
    names = tuple(found.commodities[i] for i in landed)
    made = {c for p in recipes.processes.values() for c, a in p.flows.items() if a > 0.0}
    ratios = found.imports_ratio[landed]
    saved = [_embodied(recipes, found, name) for name in names]
    energy = sum((r * e for r, (e, _) in zip(ratios, saved, strict=True)), np.zeros(shape))
    labour = sum((r * h for r, (_, h) in zip(ratios, saved, strict=True)), np.zeros(shape))
    elements, shares = _elements(recipes, found, landed)
    stop = _stop(recipes, found, names, ratios, import_stock_kg or {}, capital_kg)
    rate = np.broadcast_to(without.growth_1_yr, shape)
    return Closure(
        mass_frac=1.0 - found.import_ratio,
        elements=elements,
        element_frac=shares,
        energy_frac=found.energy_kWh_kg / (found.energy_kWh_kg + energy),
        labour_frac=found.robot_h_kg / (found.robot_h_kg + labour),
        part_types_frac=_part_types(recipes, found),
        vitamins=names,
        vitamins_ratio=ratios,
        robot_h_kg=found.robot_h_kg,
        stop_s=stop,
        first_stop_s=np.min(stop, axis=0, initial=np.inf),
        growth_without_imports_1_yr=rate,
        blocked_by=tuple(c for c in names if c not in made),
    )


def _embodied(recipes: Recipes, found: Growth, commodity: str) -> tuple[float, float]:
    """Electricity and robot hours that a kilogram of a landed commodity would take here."""
    energy: dict[str, tuple[float, float]] = {}

    def of(name: str) -> tuple[float, float]:
        if name not in energy:
            energy[name] = (0.0, 0.0)  # a loop adds nothing the second time round
            row = recipes.producer(name)
            if row is not None:
                parts = [(a, of(c)) for c, a in row.flows.items() if a < 0.0]
                energy[name] = (
                    row.electricity_kWh - sum(a * part[0] for a, part in parts),
                    row.robot_h - sum(a * part[1] for a, part in parts),
                )
        return energy[name]

    kilowatt_hours, hours = of(commodity)
    mass = recipes.commodities[commodity].unit_mass_kg or 1.0
    return kilowatt_hours / mass, hours / mass


def _elements(recipes: Recipes, found: Growth, landed: list[int]) -> tuple[tuple[str, ...], Array]:
    """Elements in new capital, and the share of each that is not landed."""
    made = [found.commodities.index(good) for good in found.goods]
    items = [recipes.commodities[found.commodities[i]] for i in made]
    content = np.array([item.element_frac for item in items]).T
    new = np.tensordot(content, found.new_frac, axes=1)
    frac = [recipes.commodities[found.commodities[i]].element_frac for i in landed]
    brought = np.tensordot(
        np.array(frac).reshape(-1, len(ELEMENTS)).T, found.imports_ratio[landed], axes=1
    )
    held = [i for i in range(len(ELEMENTS)) if np.any(new[i] > 1e-9)]
    shares = np.maximum(1.0 - brought[held] / new[held], 0.0)
    return tuple(ELEMENTS[i] for i in held), np.where(np.isnan(brought[held]), np.nan, shares)


def _part_types(recipes: Recipes, found: Growth) -> Array:
    """Share of the kinds of goods in machines, arrays and robots that are made on the Moon."""
    kinds = {
        c
        for good in found.goods
        for p in recipes.processes.values()
        if p.output == good
        for c, a in p.flows.items()
        if a < 0.0
    }
    index = [found.commodities.index(c) for c in sorted(kinds)]
    local = (found.imports_ratio[index] <= 1e-12).sum(axis=0) / max(len(index), 1)
    return np.where(found.status <= SHRINKS, local, np.nan)


def _stop(
    recipes: Recipes,
    found: Growth,
    names: tuple[str, ...],
    ratios: Array,
    store: Mapping[str, Real],
    capital_kg: Real | None,
) -> Array:
    if store and capital_kg is None:
        raise DomainError(
            "a store lasts as long as the industry that draws on it is small",
            path="capital_kg",
            hint="give the mass of the industry when landings stop",
        )
    if store:
        check_names(recipes, store)
    mass = np.asarray(1.0 if capital_kg is None else capital_kg, dtype=float)
    rate = np.asarray(found.growth_1_yr)
    times = []
    for name, ratio in zip(names, ratios, strict=True):
        use_kg_yr = ratio * found.new_1_yr * mass
        years = np.asarray(store.get(name, 0.0), dtype=float) / np.where(
            use_kg_yr > 0.0, use_kg_yr, np.nan
        )
        growing = np.abs(rate * years) > 1e-9
        safe = np.where(growing & np.isfinite(rate), rate, 1.0)
        lasts = np.log1p(np.maximum(safe * np.where(np.isfinite(years), years, 0.0), -1.0)) / safe
        times.append(np.where(growing, lasts, years) * JULIAN_YEAR_s)
    return np.array(times)
