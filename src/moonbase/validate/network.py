"""Answers to the cases of the network: gain, beam, rate, light time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from moonbase import network
from moonbase.core.arrays import Real
from moonbase.network import LinkBudget, light_time, link_budget, photon_energy

Answer = Mapping[str, Real]


def gain(*, aperture_m: float, efficiency_frac: float, wavelength_m: float) -> Answer:
    """Gain of an aperture in decibel."""
    ratio = network.aperture_gain(
        aperture_m=aperture_m, wavelength_m=wavelength_m, efficiency_frac=efficiency_frac
    )
    return {"gain_dB": 10.0 * np.log10(ratio)}


def divergence(*, aperture_m: float, wavelength_m: float) -> Answer:
    """Beam angle."""
    return {"angle_rad": network.beam_divergence(aperture_m=aperture_m, wavelength_m=wavelength_m)}


def confocal(*, aperture_m: list[float], wavelength_m: float) -> Answer:
    """Confocal distance of apertures."""
    length = network.confocal_distance(aperture_m=np.array(aperture_m), wavelength_m=wavelength_m)
    return {"length_m": length}


def _budget(
    *,
    tx_power_W: float,
    tx_aperture_m: float,
    rx_aperture_m: float,
    efficiency_frac: float,
    loss_frac: float,
    wavelength_m: float,
    photons_per_bit: float,
    distance_m: Real,
    n_channels: float = 24.0,
    channel_bit_s: float = 4e11,
) -> LinkBudget:
    return link_budget(
        tx_power_W=tx_power_W,
        tx_aperture_m=tx_aperture_m,
        rx_aperture_m=rx_aperture_m,
        aperture_efficiency_frac=efficiency_frac,
        link_loss_frac=loss_frac,
        wavelength_m=wavelength_m,
        photons_per_bit_ratio=photons_per_bit,
        n_channels=n_channels,
        channel_bit_s=channel_bit_s,
        distance_m=distance_m,
    )


def rate(*, distance_m: list[float], **terminal: float) -> Answer:
    """Rate at some distances."""
    return {"rate_bit_s": _budget(distance_m=np.array(distance_m), **terminal).rate_bit_s}


def reach(*, distance_m: float, **terminal: float) -> Answer:
    """Rate times distance squared, the distance to which the modem binds, margin on the way."""
    far_m = 1e9
    far = _budget(distance_m=far_m, **terminal)
    near = _budget(distance_m=distance_m, **terminal)
    constant = far.photon_limited_bit_s * far_m**2
    margin = near.photon_limited_bit_s / near.modem_limited_bit_s
    return {
        "constant_bit_m2_s": constant,
        "distance_m": np.sqrt(constant / far.modem_limited_bit_s),
        "margin_dB": 10.0 * np.log10(margin),
    }


def slopes(*, near_m: list[float], far_m: list[float], **terminal: float) -> Answer:
    """Logarithmic slope of rate against distance on both sides of the cap."""
    slope = [
        np.diff(np.log(_budget(distance_m=np.array(pair), **terminal).rate_bit_s))[0]
        / np.diff(np.log(pair))[0]
        for pair in (near_m, far_m)
    ]
    return {"slope_below_cap": slope[0], "slope_beyond_cap": slope[1]}


def coupling(*, distance_m: float, **terminal: float) -> Answer:
    """Received over sent power close to the sender."""
    budget = _budget(distance_m=distance_m, **terminal)
    return {
        "received_over_sent": budget.received_W / terminal["tx_power_W"],
        "friis_alone_is_above_one": np.asarray(
            budget.tx_gain_ratio * budget.rx_gain_ratio * budget.free_space_ratio > 1.0, dtype=float
        ),
    }


def photons_of_power(*, power_W: float, rate_bit_s: float, wavelength_m: float) -> Answer:
    """Photons per bit of a received power."""
    photons = power_W / (rate_bit_s * photon_energy(wavelength_m=wavelength_m))
    return {"photons_per_bit": photons}


def photons_of_link(*, rate_bit_s: float, loss_dB: float, **terminal: float) -> Answer:
    """Photons per bit that a flown link had at hand."""
    budget = _budget(loss_frac=10.0 ** (-loss_dB / 10.0), photons_per_bit=1.0, **terminal)
    return {"photons_per_bit": budget.photon_limited_bit_s / rate_bit_s}


def pointing(
    *, aperture_m: float, wavelength_m: float, error_rad: float, jitter_rad: float
) -> Answer:
    """Mean pointing loss in both forms."""
    literature, airy = (
        network.pointing_loss(
            aperture_m=aperture_m,
            wavelength_m=wavelength_m,
            error_rad=error_rad,
            jitter_rad=jitter_rad,
            form=form,
        )
        for form in ("literature", "aperture")
    )
    return {"literature_frac": literature, "airy_frac": airy}


def delay(*, distance_m: list[float]) -> Answer:
    """One-way light time and the round trip."""
    time = light_time(distance_m=np.array(distance_m))
    return {"time_s": time, "round_trip_s": 2.0 * time}


def transfer(*, payload_bit: float, rate_bit_s: float, distance_m: float) -> Answer:
    """Time to move a payload."""
    time = network.transfer_time(
        payload_bit=payload_bit, rate_bit_s=rate_bit_s, distance_m=distance_m
    )
    return {"time_s": time}
