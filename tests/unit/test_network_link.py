"""Optical links: limits, caps, pointing."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from moonbase.core.errors import DomainError
from moonbase.network import (
    beam_divergence,
    confocal_distance,
    link_budget,
    link_rate,
    pointing_loss,
    transfer_time,
)

TERMINAL: dict[str, Any] = {
    "tx_power_W": 5.0,
    "tx_aperture_m": 0.1,
    "rx_aperture_m": 0.1,
    "aperture_efficiency_frac": 0.8,
    "link_loss_frac": 0.5,
    "wavelength_m": 1.55e-6,
    "photons_per_bit_ratio": 195.6,
    "n_channels": 24.0,
    "channel_bit_s": 4e11,
}


def test_records_feed_the_budget() -> None:
    text = (files("moonbase") / "data/parameters/network.toml").read_text(encoding="utf-8")
    records = tomllib.loads(text)["network"]
    terminal = {key: record["value"] for key, record in records.items()}
    assert set(terminal) == set(TERMINAL)
    assert link_rate(**terminal, distance_m=1.495978707e11) == pytest.approx(20.2e6, rel=0.01)


def test_no_more_than_sent_ever_arrives() -> None:
    budget = link_budget(**TERMINAL, distance_m=np.geomspace(1.0, 1e12, 60))
    assert np.all(budget.coupling_ratio <= 1.0)
    assert np.all(budget.received_W <= 2.5)
    assert budget.received_W[0] == pytest.approx(2.5)


def test_the_far_field_is_the_product_of_areas() -> None:
    apertures = {"tx_aperture_m": 0.22, "rx_aperture_m": 5.1}
    coupling = link_budget(**{**TERMINAL, **apertures}, distance_m=1e10).coupling_ratio
    areas_m4 = np.pi / 4.0 * 0.22**2 * np.pi / 4.0 * 5.1**2
    assert coupling == pytest.approx(0.8**2 * areas_m4 / (1.55e-6 * 1e10) ** 2, rel=1e-9)


def test_the_first_dark_ring() -> None:
    from scipy.special import jn_zeros

    angle = beam_divergence(aperture_m=0.1, wavelength_m=1.55e-6)
    assert angle == pytest.approx(jn_zeros(1, 1)[0] / np.pi * 1.55e-5, rel=1e-3)


def test_the_binding_limit_is_named() -> None:
    budget = link_budget(**TERMINAL, distance_m=np.array([1e5, 1e8]))
    assert budget.n_modem_limited == pytest.approx([1.0, 0.0])
    assert budget.rate_bit_s[0] == 9.6e12
    assert budget.rate_bit_s[1] == budget.photon_limited_bit_s[1]


def test_rate_falls_with_distance_and_draws_are_a_loop() -> None:
    distances = np.geomspace(1e3, 1e12, 40)
    rates = link_rate(**TERMINAL, distance_m=distances)
    assert np.all(np.diff(rates) <= 0.0)
    alone = [float(link_rate(**TERMINAL, distance_m=float(d))) for d in distances]
    assert rates == pytest.approx(alone, rel=1e-14)


def test_an_uncapped_modem_is_photon_limited() -> None:
    rate = link_rate(**{**TERMINAL, "channel_bit_s": np.inf}, distance_m=1.0)
    assert rate == pytest.approx(2.5 / (195.6 * 1.2816e-19), rel=1e-4)


def test_published_sub_beams_fit_their_confocal_distance() -> None:
    halves = confocal_distance(aperture_m=np.array([0.05, 0.025]), wavelength_m=1.55e-6)
    assert halves == pytest.approx([1250.0, 320.0], rel=0.02)


def test_pointing_loss_is_the_mean_over_jitter() -> None:
    rng = np.random.default_rng(7)
    axes = rng.normal(0.0, 2e-6, (400_000, 2)) + np.array([3e-6, 0.0])
    steady = pointing_loss(
        aperture_m=0.1,
        wavelength_m=1.55e-6,
        error_rad=np.hypot(axes[:, 0], axes[:, 1]),
        jitter_rad=0.0,
    )
    mean = pointing_loss(aperture_m=0.1, wavelength_m=1.55e-6, error_rad=3e-6, jitter_rad=2e-6)
    assert mean == pytest.approx(float(np.mean(steady)), rel=2e-3)


def test_the_aperture_form_is_that_of_the_airy_disc() -> None:
    from scipy.special import j1

    angle = 2e-6
    x = np.pi * 0.1 / 1.55e-6 * angle
    airy = (2.0 * j1(x) / x) ** 2
    loss = pointing_loss(aperture_m=0.1, wavelength_m=1.55e-6, error_rad=angle, jitter_rad=0.0)
    assert loss == pytest.approx(airy, rel=2e-3)


def test_an_unknown_pointing_form_is_refused() -> None:
    with pytest.raises(DomainError, match="airy"):
        pointing_loss(
            aperture_m=0.1,
            wavelength_m=1.55e-6,
            error_rad=0.0,
            jitter_rad=0.0,
            form="airy",  # type: ignore[arg-type]
        )


def test_transfer_is_sending_and_light() -> None:
    time = transfer_time(payload_bit=1.5e9, rate_bit_s=1e8, distance_m=299_792_458.0 * 1.28)
    assert time == pytest.approx(15.0 + 1.28)
