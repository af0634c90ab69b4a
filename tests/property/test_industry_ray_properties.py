"""Properties of the von Neumann ray on random tables and random changes of the shipped one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moonbase.core.arrays import Array
from moonbase.industry import (
    Recipes,
    capital_bill,
    capital_goods,
    growth,
    leontief_growth,
    load_recipes,
)

SHIPPED = load_recipes()
GOODS = ("machine", "pv_kw", "robot")
SERVICE = {good.commodity: good.service_per_year for good in capital_goods()}
FOREVER_yr = 1e15
FEW = settings(max_examples=15, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def economy(rng: np.random.Generator) -> tuple[Array, Array]:
    """A productive table of three goods and the capital that each process holds."""
    inputs = rng.uniform(0.0, 1.0, (3, 3)) * (rng.random((3, 3)) < 0.7)
    inputs /= np.maximum(inputs.sum(axis=0), 1.0) * rng.uniform(1.2, 3.0)
    return inputs, rng.uniform(0.05, 3.0, (3, 3))


def table(inputs: Array, capital_yr: Array) -> Recipes:
    """The same goods as machines, arrays and robots; no good wears out."""
    net = np.eye(3) - inputs
    blank = replace(SHIPPED.processes["machine"], heat_kWh=0.0, life_yr=FOREVER_yr)
    rows = {
        name: replace(
            blank,
            name=name,
            output=name,
            flows=dict(zip(GOODS, net[:, j].tolist(), strict=True)),
            capital_kg_yr=capital_yr[0, j],
            electricity_kWh=capital_yr[1, j] * SERVICE["pv_kw"],
            robot_h=capital_yr[2, j] * SERVICE["robot"],
        )
        for j, name in enumerate(GOODS)
    }
    goods = {name: SHIPPED.commodities[name] for name in GOODS}
    return replace(SHIPPED, processes=rows, commodities=goods)


@FEW
@given(SEEDS)
def test_without_a_choice_the_ray_is_the_eigenvalue(seed: int) -> None:
    inputs, capital_yr = economy(np.random.default_rng(seed))
    found = growth(table(inputs, capital_yr), pv_life_yr=FOREVER_yr, robot_life_yr=FOREVER_yr)
    wanted = leontief_growth(inputs=inputs, capital_yr=capital_yr)
    assert np.isclose(found.growth_1_yr, wanted, rtol=1e-9)


@FEW
@given(SEEDS)
def test_a_worse_process_beside_a_better_one_changes_nothing(seed: int) -> None:
    inputs, capital_yr = economy(np.random.default_rng(seed))
    plain = table(inputs, capital_yr)
    worse = replace(plain.processes["machine"], name="worse")
    worse = replace(worse, capital_kg_yr=2.0 * worse.capital_kg_yr)
    both = replace(plain, processes={**plain.processes, "worse": worse})
    lives = {"pv_life_yr": FOREVER_yr, "robot_life_yr": FOREVER_yr}
    alone, beside = (growth(t, **lives) for t in (plain, both))  # type: ignore[arg-type]
    assert np.isclose(alone.growth_1_yr, beside.growth_1_yr, rtol=1e-9)
    assert beside.loss_kg[beside.processes.index("worse")] > 0.0
    assert not beside.active[beside.processes.index("worse")]


def ratios(rng: np.random.Generator, spread: float = 0.6) -> dict[str, float]:
    return {name: float(np.exp(spread * rng.standard_normal())) for name in SHIPPED.processes}


@FEW
@given(SEEDS)
def test_a_more_productive_table_never_grows_more_slowly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    capital, energy, hours = ratios(rng), ratios(rng), ratios(rng)
    process = str(rng.choice(list(SHIPPED.processes)))

    def grown(
        capital: dict[str, float], energy: dict[str, float], hours: dict[str, float]
    ) -> float:
        return float(
            growth(
                SHIPPED, capital_ratio=capital, electricity_ratio=energy, robot_time_ratio=hours
            ).growth_1_yr
        )

    base = grown(capital, energy, hours)
    for better in (
        grown({**capital, process: 0.8 * capital[process]}, energy, hours),
        grown(capital, {**energy, process: 0.8 * energy[process]}, hours),
        grown(capital, energy, {**hours, process: 0.8 * hours[process]}),
    ):
        assert better >= base * (1.0 - 1e-9)


@FEW
@given(SEEDS, st.floats(1e-3, 1e3))
def test_the_unit_of_a_commodity_does_not_matter(seed: int, factor: float) -> None:
    """Glass counted in units of ``factor`` kilograms."""
    capital = ratios(np.random.default_rng(seed))
    glass = SHIPPED.commodities["glass"]
    processes = {
        name: replace(
            row, flows={c: a / factor if c == "glass" else a for c, a in row.flows.items()}
        )
        for name, row in SHIPPED.processes.items()
    }
    scaled = replace(
        SHIPPED,
        processes=processes,
        commodities={
            **SHIPPED.commodities,
            "glass": replace(glass, unit_mass_kg=glass.unit_mass_kg * factor),
        },
    )
    plain, other = (growth(t, capital_ratio=capital) for t in (SHIPPED, scaled))
    at = plain.commodities.index("glass")
    assert np.isclose(plain.growth_1_yr, other.growth_1_yr, rtol=1e-9)
    assert np.isclose(plain.price_kg[at] * factor, other.price_kg[at], rtol=1e-6)


@FEW
@given(SEEDS)
def test_what_is_left_over_has_no_price_and_what_runs_has_no_loss(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = growth(SHIPPED, capital_ratio=ratios(rng), electricity_ratio=ratios(rng))
    net = dict.fromkeys(found.commodities, 0.0)
    for name, x in zip(found.processes, found.activity_1_yr, strict=True):
        for commodity, amount in SHIPPED.processes[name].flows.items():
            net[commodity] += amount * x
    for commodity, ratio in zip(found.commodities, found.imports_ratio, strict=True):
        net[commodity] += ratio * float(found.new_1_yr)
    prices = dict(zip(found.commodities, found.price_kg, strict=True))
    left = {c: amount for c, amount in net.items() if c not in GOODS}
    assert min(left.values()) > -1e-9
    assert max(abs(prices[c] * amount) for c, amount in left.items()) < 1e-9
    assert min(prices.values()) >= -1e-12
    assert (np.abs(found.loss_kg[found.active]) < 1e-9).all()
    served = ~np.isnan(found.loss_kg)
    assert (found.loss_kg[served] > -1e-9).all()


@FEW
@given(SEEDS)
def test_a_wider_cap_on_imports_never_slows_growth(seed: int) -> None:
    rng = np.random.default_rng(seed)
    caps = np.sort(rng.uniform(0.02, 0.08, 4))
    found = growth(
        SHIPPED, import_cap_ratio=caps, capital_ratio={"chipfab": float(rng.uniform(0.01, 0.5))}
    )
    rates = found.growth_1_yr
    assert (np.diff(rates[np.isfinite(rates)]) >= -1e-9).all()
    assert (np.diff(np.isfinite(rates).astype(int)) >= 0).all()
    met = np.isfinite(found.import_ratio)
    assert (found.import_ratio[met] <= caps[met] * (1.0 + 1e-6)).all()


@FEW
@given(SEEDS)
def test_a_bill_of_capital_ends_where_growth_does(seed: int) -> None:
    """Just below the rate of the ray a stream can be delivered, above it no capital is enough."""
    capital = ratios(np.random.default_rng(seed), 0.4)
    rate = float(growth(SHIPPED, capital_ratio=capital).growth_1_yr)
    bill = capital_bill(
        SHIPPED,
        output_1_yr={"al_parts": 1.0},
        growth_1_yr=rate * np.array([0.5, 0.99, 1.01]),
        capital_ratio=capital,
    )
    assert bill.status.tolist() == [0, 0, 2]
    assert bill.capital_kg[1] > bill.capital_kg[0]
