"""How much of itself the industry makes, and what stops it when nothing lands any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moonbase import industry
from moonbase.lunar_industry.study import SATELLITE, Study


def closing(
    found: Study,
    *,
    import_stock_kg: Mapping[str, float] | None = None,
    capital_kg: float | None = None,
) -> dict[str, Any]:
    """Closure of the growing industry by every measure, over the draws.

    Parameters
    ----------
    found
        What :func:`study` returned.
    import_stock_kg
        Commodity -> kilograms in store when landings stop.
    capital_kg
        Mass of the industry then; needed with a store.

    Returns
    -------
    dict
        ``values``, arrays (draw,): shares by mass, energy, labour and kinds of parts, robot hours
        per new kilogram, growth without imports (-inf where it cannot run), kilograms landed per
        kilowatt of satellites (``satellite_import_kg_kW``, with the upkeep of the capital behind
        them) and to build the capital behind a kilowatt a year (``capacity_import_kg_kW``).
        ``elements``, ``imports_ratio`` and ``stop_s`` by name, arrays (draw,). ``blocked_by``,
        imports that no recipe makes.

    Raises
    ------
    DomainError
        As :func:`moonbase.industry.closure`.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> told = closing(study("alpha", draws=2))
    >>> bool(0.9 < told["values"]["mass_frac"][0] < 1.0)
    True
    """
    told = industry.closure(
        found.recipes,
        build_lag_s=found.build_lag_s,
        import_stock_kg=import_stock_kg,
        capital_kg=capital_kg,
        options=found.options,
    )
    bill = industry.capital_bill(found.recipes, output_1_yr={SATELLITE: 1.0}, **found.options)
    per_kW = 1e3 / found.power_W_kg
    names = ("mass_frac", "energy_frac", "labour_frac", "part_types_frac")
    return {
        "values": {
            **{name: getattr(told, name) for name in names},
            "robot_h_kg": told.robot_h_kg,
            "growth_without_imports_1_yr": told.growth_without_imports_1_yr,
            "satellite_import_kg_kW": bill.import_kg_yr * per_kW,
            "capacity_import_kg_kW": bill.capital_kg * (1.0 - told.mass_frac) * per_kW,
        },
        "elements": dict(zip(told.elements, told.element_frac, strict=True)),
        "imports_ratio": dict(zip(told.vitamins, told.vitamins_ratio, strict=True)),
        "stop_s": dict(zip(told.vitamins, told.stop_s, strict=True)) if import_stock_kg else {},
        "blocked_by": told.blocked_by,
    }
