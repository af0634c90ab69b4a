"""What one unit of a product takes from the whole industry, and the balance of one process."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase import industry
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.core.faults import nearest
from moonbase.industry import Bill, Options, Recipes
from moonbase.industry.table import ELEMENTS
from moonbase.lunar_industry.study import SATELLITE, Study, nominal

KILOWATT = "kW"
"""Name of a kilowatt of satellites, a product like the commodities."""
_FOR_EVER = 1e12
"""A life or a multiplier on lives at which nothing wears."""
_TOTALS = {
    "regolith_kg": "regolith_kg_yr",
    "electricity_kWh": "electricity_kWh_yr",
    "robot_h": "robot_h_yr",
    "import_kg": "import_kg_yr",
    "capital_kg_yr": "capital_kg",
}


def balance(found: Study, product: str = SATELLITE) -> dict[str, Any]:
    """What a unit of a product takes, all the way up and with the upkeep of the capital behind it.

    Parameters
    ----------
    found
        What :func:`study` returned.
    product
        A commodity of the recipe table, or ``"kW"`` for a kilowatt of satellites.

    Returns
    -------
    dict
        ``unit``; ``totals``, arrays (draw,) per unit: regolith, electricity, heat, robot hours,
        imports and ``capital_kg_yr``, kilograms that a unit a year occupies; ``direct``, the same
        nominal without upkeep; ``processes``, nominal rows with activity (also ``direct``),
        electricity, heat, robot hours and plant, largest energy first; ``imports`` by commodity,
        kilograms.

    Raises
    ------
    DomainError
        The table has no such commodity.
    InfeasibleError
        No capital is enough in the nominal draw.

    Examples
    --------
    >>> from moonbase.lunar_industry import study
    >>> told = balance(study("alpha", draws=2, as_table=True), "al_parts")
    >>> round(float(told["totals"]["capital_kg_yr"][0]), 2)
    1.1
    """
    output = _output(found, product)
    bill = industry.capital_bill(found.recipes, output_1_yr=output, **found.options)
    if bill.status[0] != 0:
        raise InfeasibleError(
            f"no capital is enough to make {product} and keep itself",
            path="product",
            hint="lower industry.capital_ratio, or let more be landed",
        )
    plain = industry.capital_bill(
        found.recipes, output_1_yr=_output(found, product), **_lasting(found.options)
    )
    heat = np.array([found.recipes.processes[name].heat_kWh for name in bill.processes])
    unit = KILOWATT if product == KILOWATT else found.recipes.commodities[product].unit

    def totals(source: Bill) -> dict[str, Array]:
        told = {name: getattr(source, field) for name, field in _TOTALS.items()}
        return {**told, "heat_kWh": (heat[:, None] * source.activity_1_yr).sum(axis=0)}

    landed = zip(bill.commodities, bill.imports_kg_yr[:, 0], strict=True)
    return {
        "product": "satellites" if product == KILOWATT else product,
        "unit": unit,
        "totals": totals(bill),
        "direct": {name: float(value[0]) for name, value in totals(plain).items()},
        "processes": _rows(found, bill, plain),
        "imports_kg": {n: float(m) for n, m in landed if m > 1e-12},
    }


def _output(found: Study, product: str) -> dict[str, Any]:
    if product == KILOWATT:
        return {SATELLITE: 1e3 / found.power_W_kg}
    if product not in found.recipes.commodities:
        raise DomainError(
            f"{product!r} is not in the recipe table",
            path="product",
            hint=nearest(product, found.recipes.commodities)
            or f"{KILOWATT}, or one of {', '.join(found.recipes.commodities)}",
        )
    return {product: np.ones(found.inputs.n_draws)}


def _lasting(options: Options) -> Options:
    """Options under which no capital wears, so that only the product itself asks for anything."""
    return {
        **options,
        "life_ratio": _FOR_EVER,
        "pv_life_yr": _FOR_EVER,
        "robot_life_yr": _FOR_EVER,
    }


def _rows(found: Study, bill: Bill, plain: Bill) -> list[dict[str, Any]]:
    options: Any = nominal(found.options)
    rows = []
    for i, name in enumerate(bill.processes):
        x = float(bill.activity_1_yr[i, 0])
        if x <= 1e-12:
            continue
        row = found.recipes.processes[name]
        rows.append(
            {
                "process": name,
                "label": row.label,
                "output": row.output,
                "activity": x,
                "direct": float(plain.activity_1_yr[i, 0]),
                "electricity_kWh": x * row.electricity_kWh * float(options["electricity_ratio"][0]),
                "heat_kWh": x * row.heat_kWh,
                "robot_h": x * row.robot_h * float(options["robot_time_ratio"][0]),
                "capital_kg_yr": float(bill.plant_kg[i, 0]),
            }
        )
    return sorted(rows, key=lambda row: -(row["electricity_kWh"] + row["heat_kWh"]))


def process_balance(recipes: Recipes, process: str) -> dict[str, Any]:
    """Mass and elements of one process, in, out and left over, per unit of its main output.

    Parameters
    ----------
    recipes
        A recipe table.
    process
        Name of a process.

    Returns
    -------
    dict
        ``flows``, rows with ``commodity``, ``amount`` (out positive), ``unit``, ``mass_kg`` and
        ``elements`` in kg; ``imbalance_kg`` by element; ``energy_kWh``, electricity and heat
        booked, and ``floor_kWh``, the least they may be, by part.

    Raises
    ------
    DomainError
        The table has no such process.

    Examples
    --------
    >>> told = process_balance(industry.load_recipes(), "mre_si")
    >>> max(abs(v) for v in told["imbalance_kg"].values()) < 1e-6
    True
    """
    row = recipes.processes.get(process)
    if row is None:
        raise DomainError(
            f"{process!r} is no process of the recipe table",
            path="process",
            hint=nearest(process, recipes.processes) or f"one of {', '.join(recipes.processes)}",
        )
    flows = []
    for name, amount in sorted(row.flows.items(), key=lambda item: item[1]):
        item = recipes.commodities[name]
        mass = amount * item.unit_mass_kg
        parts = zip(ELEMENTS, (mass * item.element_frac).tolist(), strict=True)
        flows.append(
            {
                "commodity": name,
                "amount": amount,
                "unit": item.unit,
                "mass_kg": mass,
                "elements": {element: part for element, part in parts if part != 0.0},
            }
        )
    floor = None if row.balance == "boundary" else industry.recipe_floor(recipes, process)
    return {
        "process": process,
        "label": row.label,
        "output": row.output,
        "balance": row.balance,
        "flows": flows,
        "imbalance_kg": industry.element_imbalance(recipes, process),
        "energy_kWh": {"electricity": row.electricity_kWh, "heat": row.heat_kWh},
        "floor_kWh": {}
        if floor is None
        else {
            "reaction": floor.reaction_kWh,
            "heating and melting": floor.melt_kWh,
            "work": floor.work_kWh,
            "of it as electricity": floor.electricity_kWh,
        },
    }
