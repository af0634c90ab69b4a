from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chain_fixture import chain
from scipy.stats import poisson

from moonbase.campaign import SOURCES, Chance, run_months
from moonbase.campaign.noise import Noise, poisson_quantile
from moonbase.industry import mean_dust

N = 400


def chance(**changes: float) -> Chance:
    values = {
        "landings_ratio": 1.0,
        "broken_frac": 0.25,
        "breakdown_spread_ratio": 0.3,
        "breakdown_yr": 0.25,
        "breakdown_wear_frac": 0.3,
        "plant_unit_kg": 5e3,
        "dust_spread_ratio": 0.5,
        "dust_frac": 0.05,
        "dust_stay_yr": 0.25,
        "build_lag_spread_ratio": 0.3,
        **changes,
    }
    arrays = {name: np.full(N, value) for name, value in values.items()}
    return Chance(seed=5, draw=np.arange(1, N + 1), **arrays)


def test_poisson_counts_are_the_quantiles() -> None:
    z = np.linspace(-3.0, 3.0, 501)
    for mean in (0.01, 0.5, 2.0, 3.9):
        from scipy.special import ndtr

        found = poisson_quantile(normal_nd=z, n_mean=np.full_like(z, mean))
        assert np.array_equal(found, np.maximum(poisson.ppf(ndtr(z), mean), 0.0))
    for mean in (4.1, 20.0, 900.0):
        found = poisson_quantile(normal_nd=z, n_mean=np.full_like(z, mean))
        assert np.abs(found - poisson.ppf(ndtr(z), mean)).max() <= 1.0


def test_chance_has_the_means_of_the_run_without() -> None:
    noise = Noise(chance(), n_shops=2, n_steps_yr=12)
    plant = np.full((2, N), 1e6)
    broken, dust, lag, arrived = [], [], [], []
    for step in range(240):
        noise.step(step, plant)
        broken.append(noise.broken_ratio.mean())
        dust.append(noise.power_frac.mean())
        lag.append(noise.lag_ratio.mean())
        cargo = noise.arrived_frac(
            cargo_kg=np.full(N, 3e5), landed_kg=np.full(N, 1e5), loss_frac=np.full(N, 0.1)
        )
        arrived.append(cargo.mean())
    assert np.mean(broken) == pytest.approx(1.0, abs=0.01)
    assert np.mean(dust) == pytest.approx(1.0, abs=0.002)
    assert np.mean(lag) == pytest.approx(1.0, abs=0.01)
    assert np.mean(arrived) == pytest.approx(0.9, abs=0.002)


def test_breakdowns_are_remembered_and_fewer_machines_vary_more() -> None:
    noise = Noise(chance(), n_shops=2, n_steps_yr=12)
    plant = np.stack([np.full(N, 5e3), np.full(N, 5e9)])
    past = []
    for step in range(48):
        noise.step(step, plant)
        past.append(np.log(noise.broken_ratio))
    few, many = past[24]
    assert few.std() > 3.0 * many.std()
    memory = np.corrcoef(past[24][1], past[25][1])[0, 1]
    assert memory == pytest.approx(np.exp(-1.0 / 3.0), abs=0.1)


def test_works_never_below_nothing_nor_above_everything() -> None:
    noise = Noise(chance(breakdown_spread_ratio=2.0), n_shops=2, n_steps_yr=12)
    for step in range(60):
        noise.step(step, np.full((2, N), 1e4))
        assert (noise.works_frac() >= 0.0).all()
        assert (noise.works_frac() * 0.75 <= 1.0).all()


def test_a_draw_meets_the_same_chances_alone_and_with_another_horizon() -> None:
    whole = Noise(chance(), n_shops=3, n_steps_yr=12)
    part = Noise(replace_draws(chance(), slice(7, 9)), n_shops=3, n_steps_yr=12)
    for step in range(100):
        whole.step(step, np.full((3, N), 1e6))
        part.step(step, np.full((3, 2), 1e6))
        assert np.array_equal(whole.broken_ratio[:, 7:9], part.broken_ratio)
        assert np.array_equal(whole.lag_ratio[7:9], part.lag_ratio)
        assert np.array_equal(whole.power_frac[7:9], part.power_frac)


def replace_draws(whole: Chance, draws: slice) -> Chance:
    arrays = {
        name: getattr(whole, name)[draws] for name in Chance.__slots__ if name not in ("seed",)
    }
    return replace(whole, **arrays)


def test_the_nominal_draw_knows_no_chance() -> None:
    case = chain(n_draws=6)
    off = chain(n_draws=6, options__chance=())
    for name, values in case.result.yearly.items():
        assert np.array_equal(values[:, 0], off.result.yearly[name][:, 0]), name
    assert any(
        not np.array_equal(values[:, 1:], off.result.yearly[name][:, 1:])
        for name, values in case.result.yearly.items()
    )


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_can_be_on_alone(source: str) -> None:
    seen_in = "electricity_generated_kWh" if source == "dust" else "plant_kg"
    some, none, every = (
        chain(n_draws=6, options__chance=sources).result.yearly[seen_in][:, 1:]
        for sources in ((source,), (), SOURCES)
    )
    assert not np.array_equal(some, none)
    assert not np.array_equal(some, every)


def test_another_seed_meets_other_chances_in_the_same_world() -> None:
    setup = chain(n_draws=6).setup
    other = replace(setup, chance=replace(setup.chance, seed=setup.chance.seed + 1))
    a, b = (run_months(s).yearly["plant_kg"] for s in (setup, other))
    assert np.array_equal(a[:, 0], b[:, 0])
    assert not np.array_equal(a[:, 1:], b[:, 1:])


def test_dust_is_capped() -> None:
    assert float(mean_dust(dust_loss_1_yr=0.1, dust_cleaning_yr=1.0)) == pytest.approx(0.05)
    assert float(mean_dust(dust_loss_1_yr=5.0, dust_cleaning_yr=5.0)) == 0.9
