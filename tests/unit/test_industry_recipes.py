"""The recipe table's loader and what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError, MoonbaseError, ParameterError, PhysicsError
from moonbase.industry import (
    Recipes,
    check,
    count_plants,
    element_imbalance,
    load_recipes,
    mre_reactor,
    reaction_floor,
    recipe_appendix,
    recipe_floor,
    regolith,
    require,
    silicon_of_alloy,
    soil_names,
)
from moonbase.industry.recipes import TIERS
from moonbase.industry.table import ELEMENTS, NUMBERS

SHIPPED = resources.files("moonbase") / "data" / "recipes"
ORIGIN = {"kind": "estimate", "source": "moonbase_estimate"}
CLAIM: dict[str, Any] = {
    "output": "oxygen",
    "electricity_kWh": 30.0,
    "capital_kg_yr": 0.1,
    "life_yr": 4.0,
    **ORIGIN,
}


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


def changed(process: str, **fields: Any) -> Recipes:
    recipes = load_recipes()
    row = replace(recipes.processes[process], **fields)
    return replace(recipes, processes={**recipes.processes, process: row})


def test_the_shipped_table_is_read_whole() -> None:
    recipes = load_recipes(tiers=TIERS)
    assert recipes.commodities["robot"].unit_mass_kg == 150.0
    assert [p.tier for p in recipes.processes.values()].count("base") == 27
    assert set(load_recipes().processes) < set(recipes.processes)
    for commodity in recipes.commodities.values():
        if commodity.unit_mass_kg > 0.0:
            assert commodity.element_frac.sum() == pytest.approx(1.0, abs=1e-6), commodity.name
    for process in recipes.processes.values():
        assert set(process.ranges) == set(NUMBERS)
    bounds = recipes.processes["mre_si"].ranges["electricity_kWh"]
    assert (bounds.low, bounds.high, bounds.kind) == (14.0, 35.0, "derived")
    used = {name for p in recipes.processes.values() for name in p.flows}
    assert set(recipes.commodities) - used == {"chips"}


def test_highland_soil_gives_the_shipped_numbers() -> None:
    shipped, derived = load_recipes(tiers=TIERS), load_recipes(soil="Apollo 16", tiers=TIERS)
    for name, process in shipped.processes.items():
        again = derived.processes[name]
        rel = 2e-5 if name == "h2_reduction" else 1e-7
        assert again.flows == pytest.approx(process.flows, rel=rel), name
        assert again.electricity_kWh == pytest.approx(process.electricity_kWh, rel=rel), name
    for name, commodity in shipped.commodities.items():
        again_frac = derived.commodities[name].element_frac
        digits = 1e-7 if name == "tailings_m" else 1e-8
        assert again_frac == pytest.approx(commodity.element_frac, abs=digits), name


@pytest.mark.parametrize("soil", soil_names())
def test_every_soil_gives_a_sound_table(soil: str) -> None:
    recipes = load_recipes(soil=soil, tiers=TIERS)
    assert max(check(recipes, tolerance_kg=1e-9 * 2e4).imbalance_kg.values()) < 1e-9 * 2e4
    assert recipes.soil == regolith(soil)


def test_mare_soil_gives_more_iron_and_less_aluminium() -> None:
    highland, mare = load_recipes(), load_recipes(soil="Apollo 11")
    assert mare.processes["mre_si"].flows["iron"] > 3.0 * highland.processes["mre_si"].flows["iron"]
    slag = mare.processes["mre_al"].flows["slag_al"]
    assert slag < 1.5 * highland.processes["mre_al"].flows["slag_al"]
    titanium = ELEMENTS.index("Ti")
    for name in ("iron", "machine", "pv_kw", "ceramic", "electronics"):
        rich, poor = mare.commodities[name], highland.commodities[name]
        assert rich.element_frac[titanium] > 2.0 * poor.element_frac[titanium], name


def test_ilmenite_feed_follows_its_titania() -> None:
    def feed(soil: str) -> float:
        recipes = load_recipes(soil="Apollo 16", ilmenite_soil=soil)
        row = recipes.processes["h2_reduction"]
        assert row.electricity_kWh > recipe_floor(recipes, "h2_reduction").energy_kWh
        return -row.flows["regolith_ilm"]

    titania = [regolith(soil).oxide_frac["TiO2"] for soil in ("Apollo 11", "Luna 20")]
    assert feed("Luna 20") / feed("Apollo 11") == pytest.approx(titania[0] / titania[1])


@pytest.mark.parametrize(
    ("soil", "path", "told"),
    [
        ("Apolo 16", "soil", "did you mean Apollo 16?"),
        ("Mars", "soil", "soils: Apollo 11"),
        ({"Apollo 11": 0.5, "Apollo 16": 0.4}, "soil", "add up to 0.9"),
        ({"SiO2": 45.0, "FeO": 5.0}, "soil", "50 wt%"),
        ({"SiO2": 45.0, "Fe2O3": 55.0}, "soil.Fe2O3", "did you mean"),
        ({"SiO2": -1.0}, "soil.SiO2", "number >= 0"),
        ({"Apollo 11": True}, "soil.Apollo 11", "got true"),
        ({"SiO2": float("nan")}, "soil.SiO2", "got nan"),
        ({}, "soil", "is empty"),
        (5, "soil", "expects a name or shares, got 5"),
        ({"SiO2": 60.0, "CaO": 40.0}, "soil", "holds nothing that mre_si could win as iron"),
    ],
)
def test_a_soil_that_is_none_is_told(soil: Any, path: str, told: str) -> None:
    with pytest.raises(DomainError) as caught:
        load_recipes(soil=soil)
    assert caught.value.path == path
    assert told in str(caught.value)


def test_soils_have_short_names_and_mix() -> None:
    assert regolith("16") == regolith("apollo-16") == regolith("Apollo 16")
    assert regolith("L24") == regolith("Luna 24")
    assert regolith("17b") == regolith("Apollo 17b")
    mixed = regolith({"11": 0.25, "16": 0.75})
    parts = 0.25 * regolith("11").element_frac["Fe"] + 0.75 * regolith("16").element_frac["Fe"]
    assert mixed.element_frac["Fe"] == pytest.approx(parts)
    assert sum(mixed.element_frac.values()) == pytest.approx(1.0)


def test_a_change_of_one_flow_is_found(table: Callable[[str, str, str], Path]) -> None:
    folder = table("flows.csv", "mre_al,slag_al,-6.3171203", "mre_al,slag_al,-6.3")
    with pytest.raises(PhysicsError, match=r"recipes.mre_al: creates .* kg of O"):
        load_recipes(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "path", "message"),
    [
        ("flows.csv", "wire,scrap_al,", "wire,unobtainium,", "flows.wire.unobtainium", "unknown"),
        ("flows.csv", "\nglass,glass,1,", "\nglass,glass,one,", "flows.glass.glass", "number"),
        ("flows.csv", "\nglass,glass,1,", "\nglass,glass,nan,", "flows.glass.glass", "finite"),
        ("flows.csv", "\nglass,glass,1,", "\nglass,glass,,", "flows.glass.glass", "number"),
        ("commodities.csv", "capital,38,", "capital,heavy,", "commodities.pv_kw", "number"),
        ("processes.csv", "ice:water:1", "snow:water:1", "recipes.ice_mine.melts", "unknown"),
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


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"holds processes\.csv"):
        load_recipes(tmp_path)
    with pytest.raises(ParameterError, match="tiers: base, extension"):
        load_recipes(tiers=["bass"])


@pytest.mark.parametrize(
    ("process", "fields", "message"),
    [
        ("mre_si", {"electricity_kWh": 7.5, "ranges": {}}, r"uses 7.5 kWh .* reaction 7.756 \+ m"),
        ("mre_si", {"electricity_kWh": 7.2, "heat_kWh": 4.0, "ranges": {}}, "as electricity"),
        ("mre_si", {"electricity_kWh": 40.0}, "low <= value <= high does not hold: 14, 40, 35"),
        ("launch_md", {"electricity_kWh": 0.5, "heat_kWh": 9.0, "ranges": {}}, "as electricity"),
        ("electrolysis", {"electricity_kWh": 39.0, "ranges": {}}, "floor 39.38"),
        ("glass", {"heat_kWh": 0.2, "ranges": {}}, "below its floor 0.5803 kWh = melt"),
        ("wire", {"life_yr": 0.0}, "recipes.wire.life_yr: must be > 0"),
        ("wire", {"capital_kg_yr": np.inf}, "must be >= 0 and finite"),
        ("wire", {"kind": "guess"}, "unknown kind 'guess'"),
        ("wire", {"source": ""}, "recipes.wire.source: is missing"),
        ("wire", {"smallest_1_yr": 3.0, "largest_1_yr": 2.0}, "smallest <= largest"),
        ("wire", {"balance": "boundary"}, "brings raw ground or energy"),
        ("wire", {"flows": {"wire": 2.0, "aluminium": -2.0}}, "per unit of main output, so 1"),
        ("wire", {"flows": {"wire": 1.0, "alminium": -1.0}}, "did you mean aluminium?"),
        ("wire", {"flows": {"wire": 1.0, "aluminium": -0.9}}, "creates 0.1 kg of mass"),
        ("wire", {"flows": {"wire": 1.0, "iron": -1.0}}, r"creates 1 kg of Al .* 0 kg in"),
        ("wire", {"reaction_K": 0.0}, "must be > 0 K"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_numbers(
    process: str, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(PhysicsError, match=message):
        check(changed(process, **fields))


def test_heat_may_stand_in_for_electricity_as_far_as_gibbs_allows() -> None:
    check(changed("electrolysis", electricity_kWh=33.0, heat_kWh=7.0, ranges={}))
    with pytest.raises(PhysicsError, match=r"below the 32.67 kWh .* at 298.1 K"):
        check(changed("electrolysis", electricity_kWh=32.0, heat_kWh=9.0, ranges={}))
    hot = {"electricity_kWh": 32.0, "heat_kWh": 9.0, "ranges": {}, "reaction_K": 1100.0}
    check(changed("electrolysis", **hot))


def test_all_faults_are_told_at_once() -> None:
    recipes = changed("wire", life_yr=-1.0)
    glass = replace(recipes.processes["glass"], source="", heat_kWh=0.0, ranges={})
    with pytest.raises(PhysicsError, match="4 faults") as caught:
        check(replace(recipes, processes={**recipes.processes, "glass": glass}))
    for path in ("recipes.wire.life_yr", "recipes.glass.source", "recipes.glass: uses"):
        assert path in str(caught.value)


@pytest.mark.parametrize("rule", ["", "slag:claimed"])
def test_oxygen_that_no_metal_gave_is_refused(rule: str) -> None:
    """NT1: 1 kg of oxygen with metals that release 0.737 kg; the total mass closes."""
    soil = regolith("Apollo 17")
    left = {e: 2.372 * frac for e, frac in soil.element_frac.items()}
    outputs = {"oxygen": 1.0, "Fe": 0.107, "Si": 0.460, "Al": 0.205, "slag": 0.600}
    for metal in ("Fe", "Si", "Al"):
        left[metal] -= outputs[metal]
    left["O"] -= 0.737
    goods: dict[str, Any] = {m: {"elements": {m: 1.0}, **ORIGIN} for m in ("Fe", "Si", "Al")}
    elements = {e: mass / sum(left.values()) for e, mass in left.items()}
    goods["slag"] = {**({"made_of": rule} if rule else {"elements": elements}), **ORIGIN}
    claimed = {**CLAIM, "inputs": {"regolith": 2.372}, "outputs": outputs}
    with pytest.raises(PhysicsError, match=r"frees 1 kg of oxygen .* account for 0\.737") as caught:
        load_recipes(soil=soil, recipes={"claimed": claimed}, commodities=goods)
    assert ("of O per unit" in str(caught.value)) == (not rule)


def test_more_of_an_element_than_the_feed_holds_is_refused() -> None:
    row = {**CLAIM, "inputs": {"regolith": 3.0}}
    row["outputs"] = {"oxygen": 1.0, "silicon_mg": 0.87, "slag": 1.13}
    goods = {"slag": {"made_of": "slag:claimed", **ORIGIN}}
    with pytest.raises(PhysicsError, match=r"commodities.slag.Si: would hold -0.2\d+ kg of Si"):
        load_recipes(recipes={"claimed": row}, commodities=goods)


def test_an_honest_recipe_has_the_enthalpy_of_its_oxides() -> None:
    recipes = load_recipes()
    flows = recipes.processes["mre_si"].flows
    iron = recipes.commodities["iron"].element_frac
    oxides = {
        "SiO2": flows["silicon_mg"] * 60.083 / 28.085,
        "FeO": flows["iron"] * iron[ELEMENTS.index("Fe")] * 71.844 / 55.845,
        "TiO2": flows["iron"] * iron[ELEMENTS.index("Ti")] * 79.865 / 47.867,
    }
    floor = recipe_floor(recipes, "mre_si")
    assert floor.reaction_kWh == pytest.approx(reaction_floor(oxides_kg=oxides), rel=1e-5)
    assert recipe_floor(recipes, "machine").energy_kWh == 0.0
    assert recipe_floor(recipes, "greenhouse").reaction_kWh > 2.0


def test_placeholders_are_named() -> None:
    told = check(load_recipes()).placeholders
    assert {"recipes.chipfab", "recipes.satellite", "commodities.electronics"} <= set(told)
    assert "recipes.mre_si" not in told


def test_plants_are_counted_within_their_size() -> None:
    recipes = load_recipes()
    assert count_plants(recipes, process="mre_si", output_1_yr=70_000.0) == 1
    assert count_plants(recipes, process="mre_si", output_1_yr=70_001.0) == 2
    assert count_plants(recipes, process="wire", output_1_yr=1e12) == 1
    with pytest.raises(DomainError, match="smallest plant makes 1000"):
        count_plants(recipes, process="mre_si", output_1_yr=999.0)
    with pytest.raises(ParameterError, match="did you mean mre_si"):
        count_plants(recipes, process="mre_so", output_1_yr=1.0)


def test_reactors_broadcast_and_stay_above_their_floor() -> None:
    sizes = np.array([1e3, 1e4, 6e4])
    together = mre_reactor(oxygen_kg_yr=sizes, duty_frac=0.5)
    for n, size in enumerate(sizes):
        alone = mre_reactor(oxygen_kg_yr=size)
        assert together.mass_kg[n] == alone.mass_kg
        assert together.energy_kWh_kg[n] == alone.energy_kWh_kg
    assert (together.energy_kWh_kg > together.floor_kWh_kg).all()
    assert together.largest_kg_yr == pytest.approx(together.largest_kg_yr[0])
    many = mre_reactor(oxygen_kg_yr=1e6, n_reactors=100)
    assert many.mass_kg == pytest.approx(100.0 * mre_reactor(oxygen_kg_yr=1e4).mass_kg)
    with pytest.raises(PhysicsError, match="n_reactors >= 15"):
        mre_reactor(oxygen_kg_yr=np.array([1e4, 1e6]))
    mre_reactor(oxygen_kg_yr=1e6, n_reactors=15)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"oxygen_kg_yr": 900.0}, "oxygen_kg_yr"),
        ({"oxygen_kg_yr": np.nan}, "oxygen_kg_yr"),
        ({"oxygen_kg_yr": 1e4, "duty_frac": 0.0}, "duty_frac"),
        ({"oxygen_kg_yr": 1e4, "duty_frac": 50.0}, "duty_frac"),
        ({"oxygen_kg_yr": 1e4, "n_reactors": 0}, "n_reactors"),
        ({"oxygen_kg_yr": 1e4, "soil": "Apollo 18"}, "soil"),
    ],
)
def test_a_reactor_outside_the_fit_is_told(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(DomainError) as caught:
        mre_reactor(**arguments)
    assert caught.value.path == path


def test_floors_name_what_they_do_not_know() -> None:
    calls: list[tuple[type[MoonbaseError], Callable[[], object], str]] = [
        (DomainError, lambda: reaction_floor(oxides_kg={"SiO": 1.0}), "did you mean SiO2"),
        (DomainError, lambda: reaction_floor(oxides_kg={"SiO2": -1.0}), "mass >= 0"),
        (DomainError, lambda: silicon_of_alloy(oxygen_ratio=1.2), "no alloy"),
        (ParameterError, lambda: recipe_floor(load_recipes(), "mre"), "unknown process"),
        (DomainError, lambda: recipe_appendix(load_recipes(), form="pdf"), "markdown, csv"),
    ]
    for error, call, told in calls:
        with pytest.raises(error, match=told):
            call()


def test_own_recipes_add_change_and_remove() -> None:
    own = {
        "wire": {"electricity_kWh": {"value": 1.5, "low": 1.2, "high": 4.0, **ORIGIN}},
        "lox": {"remove": True},
        "cast_glass": {
            **CLAIM,
            "output": "glass",
            "inputs": {"slag_al": 1.0},
            "outputs": {"glass": 1.0},
            "melts": ["basalt:slag_al:0.5"],
        },
    }
    recipes = load_recipes(recipes=own)
    assert recipes.processes["wire"].ranges["electricity_kWh"].high == 4.0
    assert recipes.processes["wire"].capital_kg_yr == load_recipes().processes["wire"].capital_kg_yr
    assert "lox" not in recipes.processes
    maker = recipes.producer("glass")
    assert maker is not None and maker.name == "cast_glass"
    assert recipe_floor(recipes, "cast_glass").melt_kWh == pytest.approx(0.569 / 2.0, rel=1e-3)


def test_what_is_made_of_a_changed_recipe_changes_with_it() -> None:
    flows = load_recipes().processes["motors"].flows
    inputs = {name: -amount for name, amount in flows.items() if amount < 0.0}
    inputs["wire"], inputs["fe_parts"] = inputs["fe_parts"], inputs["wire"]
    recipes = load_recipes(recipes={"motors": {"inputs": inputs}})
    iron = ELEMENTS.index("Fe")
    for name in ("motor", "machine", "robot"):
        before = load_recipes().commodities[name].element_frac[iron]
        assert recipes.commodities[name].element_frac[iron] < before, name
        assert max(map(abs, element_imbalance(recipes, "machine").values())) < 1e-9


def test_faults_of_own_recipes_are_told_together() -> None:
    own: dict[str, Any] = {
        "wire": {"electricty_kWh": 1.0, "life_yr": "long", "outputs": 3},
        "new": {"output": "wire", "kind": "estimate", "inputs": {"aluminium": -1.0}},
        "lx": {"remove": True},
        "glass": {"melts": ["basalt", "lava:slag_al"], "heat_kWh": {"low": 1.0, "hi": 2.0}},
    }
    goods: dict[str, Any] = {"goo": {"kind": "estimate", "elements": {"Xe": 1.0}}}
    with pytest.raises(ParameterError) as caught:
        load_recipes(recipes=own, commodities=goods)
    for path in (
        "recipes.wire.electricty_kWh: unknown field",
        "recipes.wire.life_yr: expects a number",
        "recipes.wire.outputs: expects a table",
        "recipes.new.outputs: is missing",
        "recipes.new.source: is missing",
        "recipes.new.inputs.aluminium: must be >= 0",
        "recipes.lx: there is none to remove",
        "recipes.glass.melts: cannot be read",
        "recipes.glass.melts: unknown material 'lava'",
        "recipes.glass.heat_kWh.hi: unknown field",
        "recipes.glass.heat_kWh.value: is missing",
        "commodities.goo.source: is missing",
        "commodities.goo.elements.Xe: unknown element",
    ):
        assert path in str(caught.value), path


@pytest.mark.parametrize(
    ("own", "goods", "told"),
    [
        ({"wire": 3}, {}, "recipes.wire: expects a table"),
        ({"wire": {"melts": "basalt"}}, {}, "recipes.wire.melts: expects a list"),
        ({"wire": {"label": 3}}, {}, "recipes.wire.label: expects text"),
        ({"wire": {"electricity_kWh": True}}, {}, "expects a number, got true"),
        ({}, {"goo": {"elements": 3, **ORIGIN}}, "commodities.goo.elements: expects a table"),
        ({}, {"wire": {"unit_mass_kg": -1.0}}, "commodities.wire.unit_mass_kg: must be >= 0"),
        ({}, {"wire": {"elements": {"Al": 0.9}}}, "elements add up to 0.9"),
    ],
)
def test_odd_input_is_told(own: Any, goods: Any, told: str) -> None:
    with pytest.raises(MoonbaseError) as caught:
        load_recipes(recipes=own, commodities=goods)
    assert told in str(caught.value)


def test_own_recipes_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[recipes.wire]\nelectricity_kWh = 1.7\n", encoding="utf-8")
    assert load_recipes(path).processes["wire"].electricity_kWh == 1.7
    path.write_text("[recipes.wire\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="cannot be read"):
        load_recipes(path)


def test_a_commodity_is_not_made_of_itself() -> None:
    goods = {
        "a": {"made_of": "same:b", **ORIGIN},
        "b": {"made_of": "same:a", **ORIGIN},
    }
    with pytest.raises(ParameterError, match="a <- b <- a"):
        load_recipes(commodities=goods)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"mre_si": {"remove": True}}, "recipes.mre_si: is missing"),
        ({"robot": {"remove": True}}, "needs a process of this name that makes robot"),
        ({"al_form": {"remove": True}}, "commodities.al_parts: no process makes it"),
        (
            {
                "melt": {
                    **CLAIM,
                    "output": "aluminium",
                    "inputs": {"al_parts": 1.0},
                    "outputs": {"aluminium": 1.0},
                }
            },
            "needs its own output: al_parts <- aluminium <- al_parts",
        ),
    ],
)
def test_a_table_that_products_cannot_be_traced_through_is_told(
    own: dict[str, Any], told: str
) -> None:
    with pytest.raises(ParameterError, match=told):
        require(load_recipes(recipes=own))


def test_the_appendix_holds_every_recipe() -> None:
    recipes = load_recipes(tiers=TIERS)
    markdown, sheet = recipe_appendix(recipes), recipe_appendix(recipes, form="csv")
    assert len(markdown.splitlines()) == len(recipes.processes) + 2
    assert len(sheet.splitlines()) == len(recipes.processes) + 1
    assert "| mre_si | base |" in markdown
    assert "10.27" in markdown
