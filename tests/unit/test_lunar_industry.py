"""A scenario's industry on its own: it agrees with the table, closes its books, keeps its order."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from moonbase import industry, lunar_industry
from moonbase.core.errors import DomainError, InfeasibleError
from moonbase.lunar_industry.study import Study

PV = {"industry.pv_mass_ratio": 2.0}


@pytest.fixture(scope="module")
def alpha() -> Study:
    return lunar_industry.study("alpha", draws=8)


@pytest.fixture(scope="module")
def table() -> Study:
    return lunar_industry.study("alpha", draws=2, as_table=True)


def test_the_tables_own_case_is_that_of_the_bare_recipes(table: Study) -> None:
    found = lunar_industry.grow(table)["values"]
    bare = industry.growth(industry.load_recipes())
    for name in ("growth_1_yr", "import_ratio", "energy_kWh_kg", "regolith_ratio"):
        assert found[name][0] == pytest.approx(float(getattr(bare, name)), rel=2e-5), name


@pytest.mark.parametrize(
    ("change", "step", "ratio", "imports"),
    [
        ("process capital", "× 0.3", 0.62, 0.033),
        ("process capital", "× 3", 2.4, 0.074),
        ("electricity use", "× 2", 1.5, 0.043),
        ("material of arrays", "× 5", 2.8, 0.063),
        ("robot hours", "× 10", 1.34, 0.088),
        ("chip plant", "5 kg/(kg/yr)", 1.75, 0.025),
        ("chip plant", "60 kg/(kg/yr)", 9.5, 0.039),
        ("chip plant", "200 kg/(kg/yr)", np.inf, np.nan),
    ],
)
def test_steps_of_the_table_are_the_known_ones(
    table: Study, change: str, step: str, ratio: float, imports: float
) -> None:
    rows = {(row["change"], row["step"]): row for row in lunar_industry.sensitivity(table)}
    row = rows[change, step]
    assert row["doubling_ratio"] == pytest.approx(ratio, rel=0.03)
    assert row["import_ratio"] == pytest.approx(imports, abs=6e-4, nan_ok=True)


def test_every_end_of_a_lever_is_a_study_of_its_own(alpha: Study) -> None:
    rows = {row["key"]: row for row in lunar_industry.levers(alpha)["records"]}
    row = rows["industry.build_lag_yr"]
    alone = lunar_industry.study("alpha", draws=2, set={row["key"]: row["high"]})
    slow = lunar_industry.grow(alone)["values"]["doubling_yr"][0]
    assert row["doubling_high_yr"] == pytest.approx(float(slow), rel=1e-9)


def test_slopes_foretell_a_small_step(alpha: Study) -> None:
    rows = {row["key"]: row for row in lunar_industry.levers(alpha)["records"]}
    base = lunar_industry.grow(alpha)["values"]["growth_1_yr"][0]
    for key in ("industry.capital_ratio", "industry.sunlit_frac", "industry.robot_hours_h_yr"):
        moved = rows[key]["value"] * 1.01
        near = lunar_industry.study("alpha", draws=2, set={key: moved})
        rate = lunar_industry.grow(near)["values"]["growth_1_yr"][0]
        slope = np.log(rate / base) / np.log(1.01)
        assert rows[key]["elasticity_nd"] == pytest.approx(float(slope), rel=0.02), key


def test_widest_swing_comes_first(alpha: Study) -> None:
    for rows in lunar_industry.levers(alpha).values():
        swings = [abs(1 / row["doubling_low_yr"] - 1 / row["doubling_high_yr"]) for row in rows]
        assert swings == sorted(swings, reverse=True)
        assert all(row["kind"] and row["source"] for row in rows)


def test_farther_goals_take_longer_and_land_more(alpha: Study) -> None:
    rows = lunar_industry.targets(alpha)
    for near, far in pairwise(rows):
        assert (far["time_yr"] >= near["time_yr"]).all()
        ratio = far["goal_W_yr"] / near["goal_W_yr"]
        assert far["import_kg_yr"] == pytest.approx(near["import_kg_yr"] * ratio, nan_ok=True)


def test_a_kilowatt_is_its_kilograms(alpha: Study) -> None:
    one = lunar_industry.balance(alpha)["totals"]
    kilowatt = lunar_industry.balance(alpha, lunar_industry.KILOWATT)["totals"]
    for name, value in one.items():
        assert kilowatt[name] == pytest.approx(value * 1e3 / alpha.power_W_kg, rel=1e-9), name


def test_lines_add_up_and_upkeep_only_adds(alpha: Study) -> None:
    told = lunar_industry.balance(alpha)
    lines = sum(row["electricity_kWh"] for row in told["processes"])
    assert lines == pytest.approx(float(told["totals"]["electricity_kWh"][0]), rel=1e-9)
    landed = sum(told["imports_kg"].values())
    assert landed == pytest.approx(float(told["totals"]["import_kg"][0]), rel=1e-9)
    assert all(told["direct"][name] <= total[0] for name, total in told["totals"].items())


def test_what_cannot_keep_itself_is_no_bill() -> None:
    hopeless = lunar_industry.study("alpha", draws=2, set={"industry.capital_ratio": 200.0})
    with pytest.raises(InfeasibleError, match="no capital is enough"):
        lunar_industry.balance(hopeless)
    with pytest.raises(InfeasibleError):
        lunar_industry.mass_flows(hopeless, 1e6)


@pytest.mark.parametrize("settings", [{}, PV])
def test_mass_closes_at_every_node(settings: dict[str, object]) -> None:
    found = lunar_industry.study("alpha", draws=2, set=settings)
    links = lunar_industry.mass_flows(found, 1e6)["links"]
    inflow: dict[str, float] = defaultdict(float)
    outflow: dict[str, float] = defaultdict(float)
    for row in links:
        inflow[row["target"]] += row["value"]
        outflow[row["source"]] += row["value"]
    for name in inflow.keys() & outflow.keys():
        assert inflow[name] == pytest.approx(outflow[name], rel=1e-5), name
    assert inflow["Satellites"] == pytest.approx(1e6, rel=1e-9)
    landed = 1e6 * lunar_industry.balance(found)["totals"]["import_kg"][0]
    assert outflow["Earth imports"] == pytest.approx(float(landed), rel=1e-6)


def test_energy_closes_and_no_process_is_below_its_floor(alpha: Study) -> None:
    block = lunar_industry.energy_flows(alpha, 1e6)
    links = {(row["source"], row["target"]): row["value"] for row in block["links"]}
    spent = sum(v for (source, _), v in links.items() if source in ("Surface arrays", "Solar heat"))
    ends = sum(v for (_, end), v in links.items() if end.startswith(("Reaction", "Above")))
    assert ends == pytest.approx(spent, rel=1e-9)
    totals = lunar_industry.balance(alpha)["totals"]
    used_kWh = 1e6 * float(totals["electricity_kWh"][0] + totals["heat_kWh"][0])
    assert spent == pytest.approx(used_kWh * 3.6e6 / 31_557_600.0, rel=1e-6)


def test_closure_agrees_with_growth(alpha: Study) -> None:
    told, grown = lunar_industry.closing(alpha), lunar_industry.grow(alpha)
    assert told["values"]["mass_frac"] == pytest.approx(1.0 - grown["values"]["import_ratio"])
    assert not told["stop_s"]
    stored = lunar_industry.closing(alpha, import_stock_kg={"electronics": 1e4}, capital_kg=4e5)
    assert stored["stop_s"]["electronics"][0] > 0.0
    assert stored["stop_s"]["vitamins"][0] == 0.0


def test_local_electronics_change_the_case_and_its_placeholders(alpha: Study) -> None:
    some = lunar_industry.study("alpha", draws=8, local_electronics_frac=0.3)
    slow = lunar_industry.grow(some)["values"]
    assert (slow["growth_1_yr"] < lunar_industry.grow(alpha)["values"]["growth_1_yr"]).all()
    assert "recipes.chipfab" in lunar_industry.placeholders(some)
    assert "recipes.chipfab" not in lunar_industry.placeholders(alpha)


def test_a_soil_changes_the_rows() -> None:
    shipped, mare = (
        lunar_industry.recipe_rows(lunar_industry.read_recipes("alpha", set=soil), "mre_si")
        for soil in ({}, {"soil": "Apollo 12"})
    )
    assert mare[0]["outputs"]["iron"] > 2.0 * shipped[0]["outputs"]["iron"]


def test_bad_input_is_named() -> None:
    with pytest.raises(DomainError, match="draws"):
        lunar_industry.study("alpha", draws=1)
    with pytest.raises(DomainError, match="local_electronics_frac"):
        lunar_industry.study("alpha", local_electronics_frac=1.5)
