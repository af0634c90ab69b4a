"""Growth from recipes: known limits, prices that balance, draws alone, and refusals."""

from __future__ import annotations

import dataclasses
import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.industry import (
    STATUS,
    Growth,
    balanced_growth,
    capital_bill,
    capital_goods,
    closure,
    electronics_tradeoff,
    growth,
    growth_factor,
    import_limited_capital,
    load_recipes,
    product_requirements,
    replicated_units,
    seed_ratios,
    seed_set,
    single_good_growth,
    time_to_target,
)

RECIPES = load_recipes()
VITAMINS = ["electronics", "vitamins", "dopants", "electrode_vit"]
YEAR_s = 31_557_600.0
LOCAL = {"local_frac": {"electronics": 1.0}}


def field(found: Growth, name: str, row: str) -> Any:
    names = found.processes if len(getattr(found, name)) == len(found.processes) else None
    names = found.commodities if names is None or row not in names else names
    return getattr(found, name)[names.index(row)]


def test_the_capital_table_holds_what_the_records_hold() -> None:
    records = tomllib.loads(
        (files("moonbase") / "data/parameters/industry.toml").read_text(encoding="utf-8")
    )["industry"]
    goods = {good.commodity: good for good in capital_goods()}
    net = records["sunlit_frac"]["value"] * records["power_net_frac"]["value"]
    assert goods["pv_kw"].service_per_year == pytest.approx(net * 8766.0, rel=1e-4)
    assert goods["robot"].service_per_year == records["robot_hours_h_yr"]["value"]
    assert goods["pv_kw"].life_yr == records["pv_life_yr"]["value"]
    assert goods["robot"].life_yr == records["robot_life_yr"]["value"]


def test_a_plain_call_gives_plain_numbers() -> None:
    found = growth(RECIPES)
    assert found.growth_1_yr.shape == ()
    assert STATUS[int(found.status)] == "grows"
    assert found.doubling_yr == pytest.approx(np.log(2.0) / found.growth_1_yr)
    assert found.capital_frac.sum() == pytest.approx(1.0)
    assert found.new_frac.sum() == pytest.approx(1.0)
    assert found.imports_ratio.sum() == pytest.approx(float(found.import_ratio))
    assert found.leverage_ratio == pytest.approx(1.0 / found.import_ratio)


def test_the_ray_agrees_with_the_products_of_the_campaign() -> None:
    """The campaign folds the same table by hand, with one life for each shop."""
    bill = {c: -a for c, a in RECIPES.processes["satellite"].flows.items() if a < 0.0}
    needs = product_requirements(
        recipes=RECIPES,
        satellite_bill=bill,
        driver_bill={},
        capital_ratio=1.0,
        electricity_ratio=1.0,
        robot_time_ratio=1.0,
        pv_mass_ratio=1.0,
        driver_assembly_h_kg=0.0,
        crew_day_bill={},
        crew_day_import_kg=0.0,
        crew_day_kWh=0.0,
        crew_day_capital_kg_yr=0.0,
        local_electronics_frac=0.0,
        chipfab_capital_yr=60.0,
        n_draws=1,
    )
    folded = balanced_growth(
        needs=needs,
        build_lag_yr=1.0,
        pv_yield_kWh_W=6.706,
        robot_hours_h_yr=6136.0,
        pv_life_yr=20.0,
        robot_life_yr=5.0,
        pv_mass_kg_W=0.038,
        robot_mass_kg=150.0,
    )
    found = growth(RECIPES, build_lag_s=YEAR_s)
    assert folded.growth_1_yr[0] == pytest.approx(float(found.growth_1_yr), rel=2e-3)
    assert folded.import_ratio[0] == pytest.approx(float(found.import_ratio), rel=2e-3)


def test_every_balance_of_the_ray_closes() -> None:
    """Each commodity is made or landed at least as fast as it is used and invested."""
    found = growth(RECIPES)
    rate, mass = float(found.growth_1_yr), dict(RECIPES.commodities)
    net = dict.fromkeys([*found.commodities, "heat"], 0.0)
    energy = hours = invested = 0.0
    for name, x in zip(found.processes, found.activity_1_yr, strict=True):
        row = RECIPES.processes[name]
        for commodity, amount in row.flows.items():
            net[commodity] += amount * x
        net["heat"] += x if name == "solar_heat" else -row.heat_kWh * x
        energy += row.electricity_kWh * x
        hours += row.robot_h * x
        invested += row.capital_kg_yr * x * (rate + 1.0 / row.life_yr)
    for commodity, ratio in zip(found.commodities, found.imports_ratio, strict=True):
        unit = mass[commodity].unit_mass_kg or 1.0
        net[commodity] += ratio * float(found.new_1_yr) / unit
    net["machine"] -= invested
    net["pv_kw"] -= energy / 6706.0 * (rate + 1.0 / 20.0)
    net["robot"] -= hours / 6136.0 * (rate + 1.0 / 5.0)
    assert min(net.values()) > -1e-9
    for good in ("machine", "pv_kw", "robot", "al_parts", "electronics"):
        assert net[good] == pytest.approx(0.0, abs=1e-9)
    surplus = {c for c, left in net.items() if left > 1e-6}
    prices = dict(zip(found.commodities, found.price_kg, strict=True))
    assert {c for c in surplus if prices.get(c, 0.0) > 1e-9} == set()
    assert {c for c, price in prices.items() if price > 1e-9} & surplus == set()
    assert (found.loss_kg[found.active] < 1e-9).all()


def test_capital_at_its_prices_is_worth_its_mass() -> None:
    found = growth(RECIPES)
    prices = dict(zip(found.commodities, found.price_kg, strict=True))
    mass = {good: RECIPES.commodities[good].unit_mass_kg for good in found.goods}
    worth = sum(
        prices[good] / mass[good] * frac
        for good, frac in zip(found.goods, found.capital_frac, strict=True)
    )
    assert worth == pytest.approx(1.0)


@pytest.mark.parametrize("replacement", ["ordered_ahead", "waits"])
@pytest.mark.parametrize(
    ("elasticity", "option", "process"),
    [
        ("capital_elasticity_nd", "capital_ratio", "mre_si"),
        ("capital_elasticity_nd", "capital_ratio", "chipfab"),
        ("energy_elasticity_nd", "electricity_ratio", "mre_al"),
        ("labour_elasticity_nd", "robot_time_ratio", "machine"),
        ("life_elasticity_nd", "life_ratio", "mre_si"),
    ],
)
def test_elasticities_agree_with_differences(
    replacement: str, elasticity: str, option: str, process: str
) -> None:
    step = 1e-4
    ratio = {process: np.array([1.0 - step, 1.0, 1.0 + step])}
    found = growth(
        RECIPES,
        build_lag_s=0.7 * YEAR_s,
        replacement=replacement,
        **LOCAL,
        **{option: ratio},  # type: ignore[arg-type]
    )
    slope = np.log(found.growth_1_yr[2] / found.growth_1_yr[0]) / (2.0 * step)
    assert field(found, elasticity, process)[1] == pytest.approx(slope, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("replacement", ["ordered_ahead", "waits"])
def test_elasticities_to_lags_and_lives_agree_with_differences(replacement: str) -> None:
    step = 1e-4
    near = np.array([1.0 - step, 1.0, 1.0 + step])

    def slope(found: Growth) -> float:
        return float(np.log(found.growth_1_yr[2] / found.growth_1_yr[0]) / (2.0 * step))

    lagged = growth(RECIPES, build_lag_s=YEAR_s * near, replacement=replacement)
    assert lagged.lag_elasticity_nd[1] == pytest.approx(slope(lagged), rel=1e-5)
    for good, life in (("pv_kw", "pv_life_yr"), ("robot", "robot_life_yr")):
        years = next(g.life_yr for g in capital_goods() if g.commodity == good)
        found = growth(
            RECIPES,
            build_lag_s=YEAR_s,
            replacement=replacement,
            **{life: years * near},  # type: ignore[arg-type]
        )
        at = found.goods.index(good)
        assert found.good_life_elasticity_nd[at][1] == pytest.approx(slope(found), rel=1e-5)


def test_waiting_for_all_capital_is_slower_and_solves_its_equation() -> None:
    lag = np.array([0.0, 0.5, 2.0]) * YEAR_s
    ahead = growth(RECIPES, build_lag_s=lag)
    waits = growth(RECIPES, build_lag_s=lag, replacement="waits")
    assert waits.growth_1_yr[0] == ahead.growth_1_yr[0]
    assert (waits.growth_1_yr[1:] < ahead.growth_1_yr[1:]).all()
    rate = ahead.growth_1_yr
    assert rate * np.exp(rate * lag / YEAR_s) == pytest.approx(ahead.gamma_1_yr)


def test_draws_equal_a_loop_bit_for_bit() -> None:
    capital = np.array([0.3, 1.0, 3.0, 11.0, 15.0, 40.0])
    frac = np.array([0.0, 1.0, 0.5, 0.2, 0.0, 0.7])
    lag = np.linspace(0.0, 2.0, 6) * YEAR_s
    for replacement in ("ordered_ahead", "waits"):
        together = growth(
            RECIPES,
            build_lag_s=lag,
            replacement=replacement,
            capital_ratio=capital,
            local_frac={"electronics": frac},
        )
        for i in range(6):
            alone = growth(
                RECIPES,
                build_lag_s=lag[i : i + 1],
                replacement=replacement,
                capital_ratio=capital[i : i + 1],
                local_frac={"electronics": frac[i : i + 1]},
            )
            for item in dataclasses.fields(Growth):
                whole, part = getattr(together, item.name), getattr(alone, item.name)
                if isinstance(whole, np.ndarray):
                    assert np.array_equal(whole[..., i], part[..., 0], equal_nan=True), item.name


def test_lists_are_draws_too() -> None:
    lists: Any = {"capital_ratio": [1.0, 2.0], "local_frac": {"electronics": [0.1, 0.2]}}
    arrays: Any = {"capital_ratio": np.array([1.0, 2.0])}
    arrays["local_frac"] = {"electronics": np.array([0.1, 0.2])}
    assert np.array_equal(
        growth(RECIPES, **lists).growth_1_yr, growth(RECIPES, **arrays).growth_1_yr
    )
    curve = electronics_tradeoff(
        RECIPES,
        options={**lists, "local_frac": None, "imports": VITAMINS},
        local_frac=np.array([0.1, 0.2]),
    )
    assert curve.growth_1_yr.shape == (2, 2)


def test_one_hopeless_draw_stops_no_other() -> None:
    found = growth(RECIPES, capital_ratio=np.array([1.0, 15.0, 1e6]))
    assert found.status.tolist() == [0, 1, 2]
    assert found.growth_1_yr[1] < 0.0
    assert found.growth_1_yr[2] == -np.inf
    assert (found.doubling_yr[1:] == np.inf).all()
    assert np.isnan(found.import_ratio[2])


def test_capital_that_is_landed_freely_grows_without_bound() -> None:
    goods = ["machine", "pv_kw", "robot"]
    free = growth(RECIPES, imports=[*goods, *VITAMINS])
    assert STATUS[int(free.status)].startswith("unbounded")
    assert free.growth_1_yr == np.inf
    capped = growth(RECIPES, imports=[*goods, *VITAMINS], import_cap_ratio=0.05)
    assert np.isfinite(capped.growth_1_yr)
    assert capped.import_ratio == pytest.approx(0.05)


def test_an_import_cap_brings_in_the_plant_that_saves_landings() -> None:
    cap = np.array([0.2, 0.05, 0.045, 0.04])
    found = growth(RECIPES, import_cap_ratio=cap)
    assert (np.diff(found.growth_1_yr) < 0.0).all()
    assert found.import_ratio[1:] == pytest.approx(cap[1:])
    assert field(found, "active", "chipfab").tolist() == [False, True, True, True]
    assert found.cap_price_kg[0] == pytest.approx(0.0, abs=1e-9)
    assert (found.cap_price_kg[1:] > 1.0).all()


def test_imports_by_draw_equal_imports_by_list() -> None:
    by_draw = growth(
        RECIPES,
        imports={
            "vitamins": True,
            "dopants": True,
            "electrode_vit": True,
            "electronics": np.array([True, False]),
        },
    )
    with_chips = growth(RECIPES)
    without = growth(RECIPES, imports=["vitamins", "dopants", "electrode_vit"])
    assert by_draw.growth_1_yr[0] == pytest.approx(float(with_chips.growth_1_yr))
    assert by_draw.growth_1_yr[1] == pytest.approx(float(without.growth_1_yr))


def test_a_process_that_may_not_run_does_not() -> None:
    named = [name for name in RECIPES.processes if name != "chipfab"]
    found = growth(RECIPES, processes=named, imports=["vitamins", "dopants", "electrode_vit"])
    assert STATUS[int(found.status)].startswith("cannot")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"capital_ratio": -1.0}, "above 0"),
        ({"capital_ratio": "much"}, "expects numbers"),
        ({"capital_ratio": {"mre": 2.0}}, "mre_si"),
        ({"electricity_ratio": np.ones((2, 2))}, "one per draw"),
        ({"capital_ratio": np.ones(2), "electricity_ratio": np.ones(3)}, "do not fit"),
        ({"imports": ["electronic"]}, "electronics"),
        ({"imports": "satelite"}, "satellite"),
        ({"processes": ["mine"]}, "mine_haul"),
        ({"local_frac": {"electronics": 1.2}}, "from 0 to 1"),
        ({"local_frac": {"electronics": 0.5}, "imports": ["vitamins"]}, "may not be landed"),
        ({"import_cap_ratio": -0.1}, "import_cap_ratio"),
        ({"pv_life_yr": 0.0}, "pv_life_yr"),
        ({"build_lag_s": -1.0}, "build_lag_s"),
        ({"build_lag_s": np.ones(2), "capital_ratio": np.ones(3)}, "one per draw"),
        ({"replacement": "never"}, "ordered_ahead"),
    ],
)
def test_bad_input_is_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DomainError) as caught:
        growth(RECIPES, **options)
    assert message in str(caught.value)


def test_a_table_without_its_capital_good_is_refused() -> None:
    commodities = {k: v for k, v in RECIPES.commodities.items() if k != "robot"}
    with pytest.raises(DomainError, match="labour"):
        growth(dataclasses.replace(RECIPES, commodities=commodities))


def test_a_bill_of_capital_is_linear_and_grows_with_the_rate() -> None:
    one = capital_bill(RECIPES, output_1_yr={"satellite": 1.0})
    three = capital_bill(RECIPES, output_1_yr={"satellite": np.array([3.0, 6.0])})
    assert three.capital_kg == pytest.approx([3.0 * one.capital_kg, 6.0 * one.capital_kg])
    rates = np.array([0.0, 0.2, 1.0, 1.5])
    growing = capital_bill(RECIPES, output_1_yr={"satellite": 1.0}, growth_1_yr=rates)
    assert (np.diff(growing.capital_kg[:3]) > 0.0).all()
    assert growing.status.tolist() == [0, 0, 0, 2]
    assert one.plant_kg.sum() + one.pv_W * 0.038 + one.n_robots * 150.0 == pytest.approx(
        float(one.capital_kg)
    )


def test_a_bill_refuses_what_it_cannot_mean() -> None:
    for output, path in (({}, "no commodity"), ({"sattelite": 1.0}, "satellite")):
        with pytest.raises(DomainError, match=path):
            capital_bill(RECIPES, output_1_yr=output)
    with pytest.raises(DomainError, match="belongs to growth"):
        capital_bill(RECIPES, output_1_yr={"satellite": 1.0}, import_cap_ratio=0.1)
    nothing = capital_bill(RECIPES, output_1_yr={"satellite": 1.0}, imports=[])
    assert nothing.status == 2


def test_closure_counts_what_is_landed() -> None:
    found = closure(RECIPES, import_stock_kg={"electronics": 1e4, "vitamins": 1e9}, capital_kg=1e6)
    base = growth(RECIPES)
    assert found.mass_frac == pytest.approx(1.0 - base.import_ratio)
    use_kg_yr = field(base, "imports_ratio", "electronics") * base.new_1_yr * 1e6
    growing = np.log1p(base.growth_1_yr * 1e4 / use_kg_yr) / base.growth_1_yr
    at = found.vitamins.index("electronics")
    assert found.stop_s[at] == pytest.approx(growing * YEAR_s)
    assert found.first_stop_s == 0.0
    assert found.growth_without_imports_1_yr == -np.inf
    assert found.blocked_by == ("vitamins", "dopants", "electrode_vit")
    assert found.element_frac[found.elements.index("other")] == 0.0
    local = closure(RECIPES, options=LOCAL)  # type: ignore[arg-type]
    assert local.energy_frac > found.energy_frac
    assert local.part_types_frac > found.part_types_frac
    with pytest.raises(DomainError, match="capital_kg"):
        closure(RECIPES, import_stock_kg={"vitamins": 1.0})


def test_an_industry_that_lands_nothing_is_closed() -> None:
    """Vitamins made of aluminium, so that nothing is left to land."""
    row = dataclasses.replace(
        RECIPES.processes["wire"], name="own", output="vitamins", flows={"aluminium": -1.0}
    )
    made = {}
    for name in ("vitamins", "dopants", "electrode_vit"):
        flows = {"aluminium": -1.0, name: 1.0}
        made[f"own_{name}"] = dataclasses.replace(row, name=f"own_{name}", output=name, flows=flows)
    table = dataclasses.replace(RECIPES, processes={**RECIPES.processes, **made})
    found = closure(table, options={"imports": ()})
    assert found.mass_frac == 1.0
    assert found.growth_without_imports_1_yr > 0.0
    assert found.blocked_by == ()
    assert found.first_stop_s == np.inf


def test_local_electronics_save_imports_until_their_plant_is_heavy() -> None:
    curve = electronics_tradeoff(
        RECIPES,
        local_frac=np.linspace(0.0, 1.0, 5),
        chipfab_capital_yr=np.array([0.26, 60.0, 600.0]),
        power_W_kg=np.array([100.0, 50.0, 100.0]),
    )
    assert curve.growth_1_yr.shape == (5, 3)
    assert (curve.fastest_frac == 0.0).all()
    assert curve.least_product_import_frac.tolist() == [1.0, 1.0, 0.0]
    assert curve.product_import_kg_W[0] == pytest.approx(
        curve.product_import_ratio[0] / np.array([100.0, 50.0, 100.0])
    )
    assert (np.diff(curve.growth_1_yr[:, 1]) < 0.0).all()
    for wrong in (np.array([2.0]), np.zeros((2, 2)), np.array([])):
        with pytest.raises(DomainError, match="local_frac"):
            electronics_tradeoff(RECIPES, local_frac=wrong)
    with pytest.raises(DomainError, match="no process makes"):
        electronics_tradeoff(RECIPES, commodity="vitamins")


def test_laws_refuse_what_they_cannot_mean() -> None:
    with pytest.raises(DomainError, match="square"):
        growth_factor(inputs=np.ones((2, 3)))
    with pytest.raises(DomainError, match="without capital"):
        single_good_growth(capital_yr=0.0, energy_kWh_kg=0.0, power_yield_kWh_kg=1.0, wear_1_yr=0.1)
    with pytest.raises(DomainError, match="yields"):
        single_good_growth(capital_yr=1.0, energy_kWh_kg=0.0, power_yield_kWh_kg=0.0, wear_1_yr=0.1)
    with pytest.raises(DomainError, match="build_lag_s"):
        single_good_growth(
            capital_yr=1.0,
            energy_kWh_kg=0.0,
            power_yield_kWh_kg=1.0,
            wear_1_yr=0.1,
            build_lag_s=-1.0,
        )
    with pytest.raises(DomainError, match="0 or more"):
        import_limited_capital(import_kg_yr=-1.0, import_ratio=0.1)
    with pytest.raises(DomainError, match="above 0"):
        time_to_target(seed_kg=0.0, target_kg=1.0, doubling_yr=1.0)
    with pytest.raises(DomainError, match="year 1"):
        replicated_units(working_year=0.0)
    with pytest.raises(DomainError, match="above 0"):
        seed_ratios(seed_kg=0.0, power_W=1.0, replication_1_yr=1.0, regolith_kg_yr=1.0)
    with pytest.raises(DomainError, match="metzger2013"):
        seed_set(name="metzger")


def test_limits_of_the_laws() -> None:
    assert import_limited_capital(import_kg_yr=1.0, import_ratio=0.0) == np.inf
    met = time_to_target(seed_kg=2.0, target_kg=1.0, doubling_yr=np.inf)
    assert (float(met.n_doublings), float(met.time_yr)) == (0.0, 0.0)
    never = time_to_target(seed_kg=1.0, target_kg=2.0, doubling_yr=np.inf)
    assert never.time_yr == np.inf
