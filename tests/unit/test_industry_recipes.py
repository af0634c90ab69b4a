"""The recipe table's loader and what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from moonbase.core.errors import ParameterError, PhysicsError
from moonbase.industry import Recipes, check, element_imbalance, load_recipes
from moonbase.industry.recipes import ELEMENTS, reaction_floor, recipe_floor

SHIPPED = resources.files("moonbase") / "data" / "recipes"


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str, str, str], Path]:
    for name in ("processes.csv", "flows.csv", "commodities.csv"):
        shutil.copy(str(SHIPPED / name), tmp_path / name)

    def edit(name: str, old: str, new: str) -> Path:
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path

    return edit


def test_the_shipped_table_is_read_whole() -> None:
    recipes = load_recipes()
    assert recipes.commodities["robot"].unit_mass_kg == 150.0
    for commodity in recipes.commodities.values():
        if commodity.unit_mass_kg > 0.0:
            assert commodity.element_frac.sum() == pytest.approx(1.0, abs=1e-6), commodity.name
    for process in recipes.processes.values():
        assert process.flows.get(process.output, 1.0) == 1.0, process.name
        assert process.life_yr > 0.0


def test_a_change_of_one_flow_is_found(table: Callable[[str, str, str], Path]) -> None:
    folder = table("flows.csv", "mre_al,slag_al,-6.3171203", "mre_al,slag_al,-6.3")
    with pytest.raises(PhysicsError, match=r"recipes.mre_al: creates .* kg of O"):
        load_recipes(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "path", "message"),
    [
        ("flows.csv", "wire,scrap_al,", "wire,unobtainium,", "flows.wire.unobtainium", "unknown"),
        ("flows.csv", "glass,glass,1,", "glass,glass,one,", "flows.glass.glass", "number"),
        ("flows.csv", "glass,glass,1,", "glass,glass,nan,", "flows.glass.glass", "finite"),
        ("flows.csv", "glass,glass,1,", "glass,glass,inf,", "flows.glass.glass", "finite"),
        ("flows.csv", "glass,glass,1,", "glass,glass,,", "flows.glass.glass", "number"),
        ("commodities.csv", "capital,38,", "capital,heavy,", "commodities.pv_kw", "number"),
    ],
)
def test_a_field_that_is_no_number_or_no_commodity_is_named(
    table: Callable[[str, str, str], Path],
    name: str,
    old: str,
    new: str,
    path: str,
    message: str,
) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        load_recipes(table(name, old, new))
    assert caught.value.path.startswith(path)


def test_energy_below_the_floor_is_refused() -> None:
    recipes = load_recipes()
    cheap = replace(recipes.processes["mre_si"], electricity_kWh=7.5)
    with pytest.raises(PhysicsError, match=r"7.5 kWh per unit, below .* 7.76 kWh"):
        check(replace(recipes, processes={"mre_si": cheap}))
    check(replace(recipes, processes={"mre_si": replace(cheap, heat_kWh=0.3)}))


def test_oxygen_that_no_metal_gave_is_refused() -> None:
    """NT1: 1 kg of oxygen with metals that release 0.737 kg; the total mass closes."""
    recipes = load_recipes()
    element = np.eye(len(ELEMENTS))
    metals = {"iron": (0.107, "Fe"), "silicon": (0.460, "Si"), "aluminium": (0.205, "Al")}
    left = 2.372 * recipes.commodities["regolith"].element_frac
    for mass_kg, symbol in metals.values():
        left = left - mass_kg * element[ELEMENTS.index(symbol)]
    released = 0.107 * 15.999 / 55.845 + 0.460 * 31.998 / 28.085 + 0.205 * 47.997 / 53.964
    assert released == pytest.approx(0.737, abs=5e-4)
    left = left - released * element[ELEMENTS.index("O")]
    kind = recipes.commodities["slag_al"]
    commodities = dict(recipes.commodities)
    commodities["slag"] = replace(kind, name="slag", element_frac=left / left.sum())
    for name, (_, symbol) in metals.items():
        commodities[name] = replace(kind, name=name, element_frac=element[ELEMENTS.index(symbol)])
    flows = {"regolith": -2.372, "oxygen": 1.0, "slag": 0.600}
    flows |= {name: mass_kg for name, (mass_kg, _) in metals.items()}
    assert sum(flows.values()) == pytest.approx(0.0, abs=1e-9)
    claimed = Recipes(
        processes={"mre": replace(recipes.processes["mre_si"], name="mre", flows=flows)},
        commodities=commodities,
    )
    with pytest.raises(PhysicsError, match=r"creates .* kg of O"):
        check(claimed)
    assert sum(element_imbalance(claimed, "mre").values()) == pytest.approx(0.0, abs=1e-9)


def test_an_honest_recipe_has_the_enthalpy_of_its_oxides() -> None:
    recipes = load_recipes()
    flows = recipes.processes["mre_si"].flows
    iron = recipes.commodities["iron"].element_frac
    oxides = {
        "SiO2": flows["silicon_mg"] * 60.084 / 28.085,
        "FeO": flows["iron"] * iron[ELEMENTS.index("Fe")] * 71.844 / 55.845,
        "TiO2": flows["iron"] * iron[ELEMENTS.index("Ti")] * 79.866 / 47.867,
    }
    assert recipe_floor(recipes, "mre_si") == pytest.approx(reaction_floor(oxides_kg=oxides))
    assert recipe_floor(recipes, "al_form") == 0.0
