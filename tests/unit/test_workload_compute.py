"""Arithmetic per joule, goodput, delivered compute, accepted demand."""

from __future__ import annotations

import inspect
import tomllib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moonbase import workload
from moonbase.core.constants import BOLTZMANN_J_K, JULIAN_YEAR_s
from moonbase.core.errors import DomainError
from moonbase.workload import (
    Goodput,
    accepted_demand,
    delivered_compute,
    flop_per_joule,
    flop_per_token,
    goodput,
)

RECORDS = tomllib.loads(
    (files("moonbase") / "data/parameters/workload.toml").read_text(encoding="utf-8")
)["workload"]
CHIP = {"base_flop_J": 2e12, "base_year": 2025.0, "growth_1_yr": 0.4, "ceiling_flop_J": 1e15}
ALIASES = ("earth_orbit_", "ground_")


def run(**changes: object) -> Goodput:
    base = {
        "n_chips": 4096.0,
        "failures_1_yr": 3.8,
        "checkpoint_s": 10.0,
        "restart_s": 120.0,
        "corruptions_1_yr": 0.0,
        "redo_s": 10.0,
    }
    return goodput(**{**base, **changes})  # type: ignore[arg-type]


def test_every_record_has_an_argument() -> None:
    arguments = {
        name
        for key in workload.__all__
        if inspect.isfunction(function := getattr(workload, key))
        for name in inspect.signature(function).parameters
    }
    plain = {key.removeprefix(ALIASES[0]).removeprefix(ALIASES[1]) for key in RECORDS}
    assert plain <= arguments


def test_growth_starts_at_the_base_and_ends_at_the_ceiling() -> None:
    years = np.array([2025.0, 2026.0, 2200.0])
    level = flop_per_joule(year=years, **CHIP)
    assert level[0] == pytest.approx(2e12, rel=1e-12)
    assert level[1] / level[0] == pytest.approx(1.4, rel=2e-3)
    assert level[2] == pytest.approx(1e15, rel=1e-9)


@given(st.floats(2015.0, 2090.0), st.floats(0.05, 0.6), st.floats(1e13, 1e16))
def test_growth_is_monotonic_and_below_the_pure_exponential(
    year: float, growth: float, ceiling: float
) -> None:
    chip = {**CHIP, "growth_1_yr": growth, "ceiling_flop_J": ceiling}
    now, later = (flop_per_joule(year=when, **chip) for when in (year, year + 1.0))
    assert now < later < ceiling
    assert later / now < 1.0 + growth


def test_four_years_of_growth_are_a_factor_of_five() -> None:
    chip = {**CHIP, "growth_1_yr": 0.5, "ceiling_flop_J": 1e18}
    old, new = (flop_per_joule(year=year, **chip) for year in (2026.0, 2030.0))
    assert old / new == pytest.approx(0.20, abs=0.005)


def test_the_ceiling_stands_on_landauer() -> None:
    bit_J = BOLTZMANN_J_K * 350.0 * np.log(2.0)
    worst, best = (1.0 / (bit_J * n_bits * above) for n_bits, above in ((1e4, 1e3), (1e3, 30.0)))
    record = RECORDS["ceiling_flop_J"]
    assert worst == pytest.approx(3e13, rel=0.05)
    assert best == pytest.approx(1e16, rel=0.05)
    assert worst < record["low"] < record["value"] < record["high"] < best
    assert record["value"] == pytest.approx(np.sqrt(worst * best), rel=0.2)


def test_the_base_lies_between_a_server_of_2022_and_a_rack_of_2025() -> None:
    rack = 1.1e18 / 140e3 / 4.0
    server = 0.6 * 989e12 / 700.0
    record = RECORDS["base_flop_J"]
    assert server < record["low"] < record["value"] < rack < record["high"]


def test_the_interval_is_the_best_one() -> None:
    rate = 4096.0 * 3.8 / JULIAN_YEAR_s
    taus = np.geomspace(10.0, 1e4, 20_001)
    share = taus * rate * np.exp(-rate * 120.0) / np.expm1(rate * (taus + 10.0))
    best = run()
    assert best.goodput_frac == pytest.approx(share.max(), rel=1e-6)
    assert best.interval_s == pytest.approx(taus[share.argmax()], rel=2e-3)


@pytest.mark.parametrize("n_chips", [1e-3, 1.0, 1e3, 1e5, 1e6])
def test_the_interval_solves_its_equation(n_chips: float) -> None:
    best = run(n_chips=n_chips)
    rate = n_chips * 3.8 / JULIAN_YEAR_s
    share = rate * best.interval_s
    assert share + np.log1p(-share) == pytest.approx(-rate * 10.0, rel=1e-9)


def test_a_hopeless_cluster_does_nothing() -> None:
    assert 0.0 <= run(n_chips=1e12).goodput_frac < 1e-40


def test_the_first_order_is_the_limit_of_rare_failures() -> None:
    rare = run(n_chips=10.0)
    assert rare.goodput_frac == pytest.approx(rare.young_goodput_frac, abs=1e-4)
    assert rare.interval_s == pytest.approx(rare.young_interval_s, rel=1e-2)
    often = run(n_chips=1e5)
    assert often.goodput_frac < 0.5 * often.young_goodput_frac


def test_goodput_falls_with_every_trouble() -> None:
    base = run().goodput_frac
    for name in ("n_chips", "failures_1_yr", "checkpoint_s", "restart_s"):
        value = {"n_chips": 8192.0, "failures_1_yr": 7.6, "checkpoint_s": 20.0, "restart_s": 240.0}
        assert run(**{name: value[name]}).goodput_frac < base
    assert run(corruptions_1_yr=8.8).goodput_frac < base


def test_llama_3_kept_more_than_ninety_percent() -> None:
    quick, slow = (
        run(n_chips=16384.0, failures_1_yr=0.173, checkpoint_s=write, restart_s=restart)
        for write, restart in ((10.0, 300.0), (30.0, 600.0))
    )
    assert slow.goodput_frac < 0.90 < quick.goodput_frac


def test_draws_are_a_loop() -> None:
    chips = np.geomspace(1.0, 1e6, 9)
    alone = [float(run(n_chips=n).goodput_frac) for n in chips]
    assert run(n_chips=chips).goodput_frac == pytest.approx(alone, rel=1e-13)


def test_a_free_checkpoint_is_refused() -> None:
    with pytest.raises(DomainError, match="checkpoint_s"):
        run(checkpoint_s=0.0)


def test_the_waterfall_only_falls() -> None:
    result = delivered_compute(
        it_power_W=np.array([1e6, 2e6]),
        flop_J=2e12,
        utilisation_frac=0.4,
        goodput_frac=0.8,
        availability_frac=0.9,
    )
    steps = [
        result.installed_flop_s,
        result.available_flop_s,
        result.utilised_flop_s,
        result.delivered_flop_s,
    ]
    assert np.all(np.diff(np.array(steps), axis=0) < 0.0)
    assert result.delivered_flop_s / result.installed_flop_s == pytest.approx([0.288, 0.288])
    assert result.delivered_frac == pytest.approx(0.288)


def test_demand_by_light_delay() -> None:
    delays = np.array([0.0, 2.2e-3, 0.119, 1.282, 499.0])
    share = accepted_demand(light_time_s=delays, delay_tolerant_frac=0.5, patience_s=1.0)
    assert share[0] == 1.0
    assert share[1] > 0.99
    assert np.all(np.diff(share) < 0.0)
    assert share[3] < 0.55
    assert share[4] == pytest.approx(0.5)


def test_arithmetic_per_token() -> None:
    dense = flop_per_token(n_active_params=405.85e9, n_layers=0, n_attention_width=0, n_sequence=0)
    assert dense == 6.0 * 405.85e9
    small = {"n_active_params": 6.66e9, "n_layers": 32, "n_attention_width": 4096}
    full, half = (flop_per_token(**small, n_sequence=2048, causal=c) for c in (False, True))
    assert full / half == pytest.approx(1.04, abs=0.005)
