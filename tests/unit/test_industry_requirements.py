"""What products take, against the recipe graph worked out another way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.arrays import Array
from moonbase.industry import IMPORTS, PRODUCTS, Requirements, load_recipes, product_requirements
from moonbase.industry.recipes import Recipes
from moonbase.industry.requirements import JOINT, upstream

RECIPES = load_recipes()
SATELLITE_BILL = {"sat_pv": 0.35, "radiator": 0.2, "al_parts": 0.25, "wire": 0.05, "chips": 0.15}
DRIVER_BILL = {"al_parts": 0.3, "wire": 0.3, "fe_parts": 0.2, "electronics": 0.15, "ceramic": 0.05}
CREW_BILL = {"oxygen": 0.03, "water": 0.7}
PLAIN: dict[str, Any] = {
    "recipes": RECIPES,
    "satellite_bill": SATELLITE_BILL,
    "driver_bill": DRIVER_BILL,
    "capital_ratio": 2.0,
    "electricity_ratio": 1.3,
    "robot_time_ratio": 0.7,
    "pv_mass_ratio": 1.4,
    "driver_assembly_h_kg": 0.3,
    "crew_day_bill": CREW_BILL,
    "crew_day_import_kg": 1.1,
    "crew_day_kWh": 90.0,
    "crew_day_capital_kg_yr": 25.0,
    "local_electronics_frac": 0.25,
    "chipfab_capital_yr": 60.0,
}


def needs(**changes: Any) -> Requirements:
    return product_requirements(**{**PLAIN, "n_draws": 1, **changes})


def test_a_machine_by_hand() -> None:
    up = upstream(RECIPES, "machine", local_electronics=False)
    precision = 0.12 + 0.06 * 0.15
    al_parts, fe_parts = 0.35 + 0.6 * precision, 0.2 + 0.06 * 0.45 + 0.45 * precision
    wire = 0.04 + 0.06 * 0.3
    aluminium = 1.02 * (al_parts + wire)
    expected = {
        "machine": 1.0,
        "precision": precision,
        "motors": 0.06,
        "al_form": al_parts,
        "fe_form": fe_parts,
        "wire": wire,
        "mre_al": aluminium,
        "sinter": 0.15,
        "mine_haul": 0.15 * 1.05,
        "solar_heat": 0.15 * 0.8,
        "joint:slag_al": aluminium * 6.3171203 / 2.4066259,
        "joint:iron": 1.03 * fe_parts / 0.17260942,
        "electronics": 0.05,
        "vitamins": 0.03 + 0.06 * 0.1,
        "electrode_vit": aluminium * 0.0002,
    }
    assert up == pytest.approx(expected, rel=1e-12)


def test_local_electronics_leave_their_own_imports() -> None:
    up = upstream(RECIPES, "electronics", local_electronics=True)
    assert up["chipfab"] == 1.0
    assert up["vitamins"] == pytest.approx(0.15)
    assert "electronics" not in up
    assert upstream(RECIPES, "chips", local_electronics=True) == {"chips": 1.0}


def balance(recipes: Recipes, demand: dict[str, float], electronics: bool) -> dict[str, float]:
    """Activities that meet a demand, by one linear solve; electrolysis by the joint maximum."""
    excluded = {"mre_si", "mine_haul"} | (set() if electronics else {"chipfab"})
    rows = [p for p in recipes.processes.values() if p.name not in excluded]
    outputs = [p.output for p in rows]
    matrix = np.eye(len(rows))
    for column, process in enumerate(rows):
        inputs = {c: -a for c, a in process.flows.items() if a < 0.0}
        if process.heat_kWh:
            inputs["heat"] = process.heat_kWh
        for commodity, amount in inputs.items():
            if commodity in outputs:
                matrix[outputs.index(commodity), column] -= amount
    wanted = np.array([demand.get(name, 0.0) for name in outputs])
    level = dict(zip([p.name for p in rows], np.linalg.solve(matrix, wanted), strict=True))

    def used(commodity: str) -> float:
        own = sum(-p.flows.get(commodity, 0.0) * level[p.name] for p in rows)
        return demand.get(commodity, 0.0) + own

    melt = recipes.processes["mre_si"]
    level["mre_si"] = max(max(0.0, used(name)) / melt.flows[name] for name in JOINT)
    level["mine_haul"] = used("regolith") - melt.flows["regolith"] * level["mre_si"]
    for name in IMPORTS:
        if name != "crew" and (name != "electronics" or not electronics):
            level[f"import:{name}"] = used(name) - melt.flows.get(name, 0.0) * level["mre_si"]
    return level


quantity = st.floats(0.0, 100.0).map(lambda x: 0.0 if x < 1e-3 else x)


@settings(max_examples=30, deadline=None)
@given(plan=st.tuples(*[quantity] * 4), local=st.booleans())
def test_a_plan_needs_what_the_recipe_graph_needs(
    plan: tuple[float, float, float, float], local: bool
) -> None:
    machine, pv_kw, robot, driver = plan
    table = needs(local_electronics_frac=float(local))
    flow = np.zeros((len(PRODUCTS), 1))
    for name, amount in zip(("machine", "pv_kw", "robot", "driver"), plan, strict=True):
        flow[PRODUCTS.index(name)] = amount
    demand: dict[str, float] = {"machine": machine, "robot": robot}
    bills = [(pv_kw * 1.4, {c: -a for c, a in RECIPES.processes["pv_surface"].flows.items()})]
    bills.append((driver, DRIVER_BILL))
    for amount, bill in bills:
        for commodity, per_unit in bill.items():
            if per_unit > 0.0:
                demand[commodity] = demand.get(commodity, 0.0) + amount * per_unit
    level = balance(RECIPES, demand, local)
    level["pv_surface"] += pv_kw

    def total(rows: Array) -> float:
        return float((rows * flow).sum(axis=-2).max())

    assert total(table.joint_activity) == pytest.approx(level["mre_si"])
    power = sum(p.electricity_kWh * level.get(n, 0.0) for n, p in RECIPES.processes.items())
    assert total(table.electricity_kWh) == pytest.approx(1.3 * power)
    melt = RECIPES.processes["mre_si"].capital_kg_yr * level["mre_si"]
    dig = RECIPES.processes["mine_haul"].capital_kg_yr * level["mine_haul"]
    assert total(table.joint_capital_kg_yr) == pytest.approx(2.0 * (melt + dig))
    for row, shop in enumerate(table.shops):
        plant = sum(
            (60.0 if p.name == "chipfab" else 2.0 * p.capital_kg_yr) * level.get(p.name, 0.0)
            for p in RECIPES.processes.values()
            if p.shop == shop
        )
        assert float((table.capital_kg_yr[row] * flow).sum()) == pytest.approx(plant), shop
    for row, name in enumerate(IMPORTS):
        found = float((table.imports[row] * flow).sum())
        if name == "electrode_vit":
            assert found >= level[f"import:{name}"] * (1.0 - 1e-12)
        else:
            assert found == pytest.approx(level.get(f"import:{name}", 0.0))
    assert float((table.import_kg * flow).sum()) == pytest.approx(
        float((table.imports * flow).sum())
    )


def test_draws_equal_a_loop() -> None:
    rng = np.random.default_rng(3)
    changes = {
        name: rng.uniform(0.2, 0.9, 5)
        for name in (
            "capital_ratio",
            "electricity_ratio",
            "robot_time_ratio",
            "pv_mass_ratio",
            "driver_assembly_h_kg",
            "crew_day_import_kg",
            "crew_day_kWh",
            "crew_day_capital_kg_yr",
            "local_electronics_frac",
            "chipfab_capital_yr",
        )
    }
    bills = {
        name: {c: frac * rng.uniform(0.5, 2.0, 5) for c, frac in bill.items()}
        for name, bill in (("satellite_bill", SATELLITE_BILL), ("driver_bill", DRIVER_BILL))
    }
    batch = needs(**changes, **bills, n_draws=5)
    for draw in range(5):
        alone = needs(
            **{name: values[draw] for name, values in changes.items()},
            **{n: {c: x[draw] for c, x in bill.items()} for n, bill in bills.items()},
        )
        for name in (
            "capital_kg_yr",
            "joint_capital_kg_yr",
            "electricity_kWh",
            "robot_h",
            "imports",
            "import_kg",
            "joint_activity",
            "mine_base_kg",
        ):
            found, expected = getattr(batch, name)[..., draw], getattr(alone, name)[..., 0]
            assert np.array_equal(found, expected), name


def test_ratios_move_what_they_name() -> None:
    base, dear = needs(), needs(capital_ratio=4.0, electricity_ratio=2.6, robot_time_ratio=1.4)
    fab = base.shops.index("electronics")
    rest = [row for row in range(len(base.shops)) if row not in (fab, base.shops.index("habitat"))]
    assert dear.capital_kg_yr[rest] == pytest.approx(2.0 * base.capital_kg_yr[rest])
    assert dear.capital_kg_yr[fab] == pytest.approx(base.capital_kg_yr[fab])
    made_here = [n for n, name in enumerate(PRODUCTS) if name != "crew_day"]
    assert dear.electricity_kWh[:, made_here] == pytest.approx(
        2.0 * base.electricity_kWh[:, made_here]
    )
    assert dear.electricity_kWh[:, -1] == pytest.approx(90.0)
    not_driver = [n for n, name in enumerate(PRODUCTS) if name != "driver"]
    assert dear.robot_h[not_driver] == pytest.approx(2.0 * base.robot_h[not_driver])
    assert dear.import_kg == pytest.approx(base.import_kg)
