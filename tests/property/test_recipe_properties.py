"""Recipes built from random feeds: what balances is accepted, what creates matter is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.errors import PhysicsError
from moonbase.industry import Recipes, check, load_recipes, recipe_floor, regolith
from moonbase.industry.floors import oxides, oxygen_deficit
from moonbase.industry.recipes import TIERS
from moonbase.industry.table import ELEMENTS, Process

BASE = load_recipes(tiers=TIERS)
FEEDS = (
    "regolith",
    "slag_al",
    "aluminium",
    "iron",
    "water",
    "co2",
    "electronics",
    "oxygen",
    "food",
)
SOLIDS = [e for e in ELEMENTS if e != "other"]
SOILS = ("Apollo 11", "Apollo 16", "Luna 24", "Apollo 14")

amounts = st.dictionaries(st.sampled_from(FEEDS), st.floats(0.05, 5.0), min_size=1, max_size=4)


def mixed(feeds: dict[str, float]) -> Recipes:
    """A recipe that puts all its feeds into one product."""
    total = sum(feeds.values())
    frac = sum(kg * BASE.commodities[name].element_frac for name, kg in feeds.items()) / total
    product = replace(
        BASE.commodities["iron"], name="product", element_frac=np.array(frac), made_of=""
    )
    process = Process(
        name="mix",
        label="mix",
        shop="mix",
        output="product",
        electricity_kWh=0.0,
        heat_kWh=0.0,
        robot_h=0.0,
        capital_kg_yr=1.0,
        life_yr=5.0,
        kind="estimate",
        source="moonbase_estimate",
        note="",
        flows={"product": 1.0, **{name: -kg / total for name, kg in feeds.items()}},
    )
    commodities = {**BASE.commodities, "product": product}
    return Recipes(processes={"mix": process}, commodities=commodities)


def pure(element: str) -> Recipes:
    """Commodities with one more, a single element."""
    frac = np.eye(len(ELEMENTS))[ELEMENTS.index(element)]
    extra = replace(BASE.commodities["iron"], name="extra", element_frac=frac, made_of="")
    return replace(BASE, commodities={**BASE.commodities, "extra": extra})


@settings(max_examples=40, deadline=None)
@given(feeds=amounts)
def test_mixing_closes_and_costs_no_energy(feeds: dict[str, float]) -> None:
    recipes = mixed(feeds)
    report = check(recipes)
    assert report.imbalance_kg["mix"] < 1e-12
    assert report.floors["mix"].energy_kWh < 1e-9


@settings(max_examples=40, deadline=None)
@given(
    feeds=amounts,
    element=st.sampled_from(SOLIDS),
    gain=st.sampled_from([1.0, -1.0]),
    size_kg=st.floats(1e-3, 0.1),
)
def test_a_gram_of_any_element_is_missed(
    feeds: dict[str, float], element: str, gain: float, size_kg: float
) -> None:
    recipes = mixed(feeds)
    process = recipes.processes["mix"]
    extra = pure(element).commodities["extra"]
    flows = {**process.flows, "extra": gain * size_kg}
    broken = replace(
        recipes,
        processes={"mix": replace(process, flows=flows)},
        commodities={**recipes.commodities, "extra": extra},
    )
    verb = "creates" if gain > 0.0 else "loses"
    with pytest.raises(PhysicsError) as caught:
        check(broken)
    assert f"{verb} {size_kg:.3g} kg of {element} per unit of product" in str(caught.value)
    assert "recipes.mix" in str(caught.value)


@settings(max_examples=40, deadline=None)
@given(
    recovery=st.fixed_dictionaries({m: st.floats(0.0, 1.0) for m in ("Fe", "Si", "Al", "Ti")}),
    soil=st.sampled_from(SOILS),
    share=st.floats(0.3, 1.7).filter(lambda x: abs(x - 1.0) > 1e-3),
)
def test_electrolysis_pays_for_its_oxygen(
    recovery: dict[str, float], soil: str, share: float
) -> None:
    """Freed oxygen is that of the metals, and energy below their enthalpy is refused."""
    if sum(recovery.values()) < 0.1:
        return
    found = regolith(soil).element_frac
    metals = {m: recovery[m] * found[m] for m in recovery}
    reduced = {o.formula: o for o in oxides().values() if o.simple and o.element in metals}
    oxygen = sum(o.oxygen_ratio * metals[o.element] for o in reduced.values())
    row = {
        "output": "oxygen",
        "inputs": {"regolith": 1.0 / oxygen},
        "outputs": {
            "oxygen": 1.0,
            "slag": (1.0 - oxygen - sum(metals.values())) / oxygen,
            **{m: kg / oxygen for m, kg in metals.items() if kg > 0.0},
        },
        "capital_kg_yr": 0.1,
        "life_yr": 4.0,
        "kind": "estimate",
        "source": "moonbase_estimate",
    }
    enthalpy = sum(
        o.enthalpy_kWh_kg / o.oxygen_frac * o.oxygen_ratio * metals[o.element]
        for o in reduced.values()
    )
    floor = enthalpy / oxygen
    origin = {"kind": "estimate", "source": "moonbase_estimate"}
    goods = {m: {"elements": {m: 1.0}, **origin} for m in metals}
    goods["slag"] = {"made_of": "slag:own", **origin}

    def load() -> Recipes:
        own = {"own": {**row, "electricity_kWh": floor * share}}
        return load_recipes(soil=soil, recipes=own, commodities=goods)

    if share < 1.0:
        with pytest.raises(PhysicsError, match=r"recipes.own: uses .* below its floor"):
            load()
    else:
        assert recipe_floor(load(), "own").reaction_kWh == pytest.approx(floor, rel=1e-6)


def test_oxygen_is_bound_once() -> None:
    """Deficit is linear in composition: a mix binds what its parts bind."""
    parts = [BASE.commodities[name] for name in ("aluminium", "regolith", "oxygen", "water")]
    share = np.array([0.1, 0.5, 0.15, 0.25])
    frac = sum(s * part.element_frac for s, part in zip(share, parts, strict=True))
    whole = oxygen_deficit(replace(parts[0], element_frac=np.array(frac)))
    assert whole == pytest.approx(
        sum(s * oxygen_deficit(part) for s, part in zip(share, parts, strict=True)), abs=1e-12
    )


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.0, 1.0), first=st.sampled_from(SOILS), second=st.sampled_from(SOILS))
def test_a_mixed_soil_lies_between_its_parts(share: float, first: str, second: str) -> None:
    if first == second:
        return
    mix = {first: share, second: 1.0 - share}
    recipes = load_recipes(soil=mix, tiers=TIERS)
    iron = [regolith(s).element_frac["Fe"] for s in (first, second)]
    own = recipes.commodities["regolith"].element_frac[ELEMENTS.index("Fe")]
    assert min(iron) - 1e-12 <= own <= max(iron) + 1e-12
