"""Optical links between satellites: photons, near field, modem, light time.

Neglected: several beams in the near field, background light and the Sun behind the sender,
acquisition time, Doppler shift, polarisation and turbulence. Losses of optics, pointing and
coding stand in one factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import PLANCK_J_s, SPEED_OF_LIGHT_m_s
from moonbase.core.errors import DomainError

PointingForm = Literal["aperture", "literature"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBudget:
    """One link, term by term; gains and losses are factors.

    ``coupling_ratio`` is received over sent power before the losses, capped at 1 in the near
    field. ``n_modem_limited`` is 1 where the modem binds and 0 where photons do.
    """

    tx_gain_ratio: Real
    rx_gain_ratio: Real
    free_space_ratio: Real
    coupling_ratio: Real
    received_W: Real
    photon_limited_bit_s: Real
    modem_limited_bit_s: Real
    rate_bit_s: Real
    n_modem_limited: Array
    light_time_s: Real


def light_time(*, distance_m: Real) -> Real:
    """One-way light time, d / c.

    Parameters
    ----------
    distance_m
        Distance [m], any shape.

    Returns
    -------
    Real
        Time [s].

    Notes
    -----
    Ends at rest. Source: definition of the metre.

    Examples
    --------
    >>> round(light_time(distance_m=384.4e6), 3)
    1.282
    """
    return distance_m / SPEED_OF_LIGHT_m_s


def aperture_gain(*, aperture_m: Real, wavelength_m: Real, efficiency_frac: Real) -> Real:
    """Gain of a circular aperture, eta (pi D / lambda)^2.

    Parameters
    ----------
    aperture_m, wavelength_m
        Diameter and wavelength [m], any shape.
    efficiency_frac
        Aperture efficiency [1].

    Returns
    -------
    Real
        Gain [1].

    Notes
    -----
    Source: Suncatcher, arXiv 2511.19468: 105.1 dB at 10 cm, 80 %, 1.55 um.

    Examples
    --------
    >>> gain = aperture_gain(aperture_m=0.1, wavelength_m=1.55e-6, efficiency_frac=0.8)
    >>> round(10.0 * float(np.log10(gain)), 2)
    105.17
    """
    return efficiency_frac * (np.pi * aperture_m / wavelength_m) ** 2


def beam_divergence(*, aperture_m: Real, wavelength_m: Real) -> Real:
    """Angle to the first dark ring of a circular aperture, 1.22 lambda / D.

    Parameters
    ----------
    aperture_m, wavelength_m
        Diameter and wavelength [m], any shape.

    Returns
    -------
    Real
        Angle [rad].

    Notes
    -----
    Far field. Source: Airy pattern.

    Examples
    --------
    >>> round(beam_divergence(aperture_m=0.1, wavelength_m=1.55e-6) * 1e6, 2)
    18.91
    """
    return 1.22 * wavelength_m / aperture_m


def confocal_distance(*, aperture_m: Real, wavelength_m: Real) -> Real:
    """Distance within which a beam need not spread, pi (D/2)^2 / lambda.

    Parameters
    ----------
    aperture_m, wavelength_m
        Diameter and wavelength [m], any shape.

    Returns
    -------
    Real
        Distance [m].

    Notes
    -----
    Source: Gaussian beam optics; Suncatcher, arXiv 2511.19468.

    Examples
    --------
    >>> round(confocal_distance(aperture_m=0.1, wavelength_m=1.55e-6))
    5067
    """
    return np.pi * aperture_m * aperture_m / (4.0 * wavelength_m)


def photon_energy(*, wavelength_m: Real) -> Real:
    """Energy of one photon, h c / lambda.

    Parameters
    ----------
    wavelength_m
        Wavelength [m], any shape.

    Returns
    -------
    Real
        Energy [J].

    Notes
    -----
    Source: Planck relation.

    Examples
    --------
    >>> f"{photon_energy(wavelength_m=1.55e-6):.4e}"
    '1.2816e-19'
    """
    return PLANCK_J_s * SPEED_OF_LIGHT_m_s / wavelength_m


def pointing_loss(
    *,
    aperture_m: Real,
    wavelength_m: Real,
    error_rad: Real,
    jitter_rad: Real,
    form: PointingForm = "aperture",
) -> Real:
    """Mean share of power kept with a pointing error and Gaussian jitter.

    With G = (pi D / lambda)^2 and k = 1/4 (small angles of a circular aperture) or 1 (the form
    often printed, four times too harsh in dB): exp(-k G e^2 / (1 + 2 k G s^2)) / (1 + 2 k G s^2).

    Parameters
    ----------
    aperture_m, wavelength_m
        Diameter of the sender and wavelength [m], any shape.
    error_rad
        Steady error [rad].
    jitter_rad
        Standard deviation of the jitter per axis [rad].
    form
        "aperture" or "literature".

    Returns
    -------
    Real
        Factor [1].

    Raises
    ------
    DomainError
        An unknown form.

    Notes
    -----
    Valid well inside the first dark ring. Source: mean of a Gaussian beam over a displaced
    Rayleigh distribution.

    Examples
    --------
    >>> round(float(pointing_loss(
    ...     aperture_m=0.1, wavelength_m=1.55e-6, error_rad=1e-6, jitter_rad=0.0)), 4)
    0.9898
    """
    factors = {"aperture": 0.25, "literature": 1.0}
    if form not in factors:
        raise DomainError(f"unknown form {form!r}", path="form", hint=f"one of {sorted(factors)}")
    steepness = factors[form] * aperture_gain(
        aperture_m=aperture_m, wavelength_m=wavelength_m, efficiency_frac=1.0
    )
    spread = 1.0 + 2.0 * steepness * jitter_rad * jitter_rad
    kept: Real = np.exp(-steepness * error_rad * error_rad / spread) / spread
    return kept


def link_budget(
    *,
    tx_power_W: Real,
    tx_aperture_m: Real,
    rx_aperture_m: Real,
    aperture_efficiency_frac: Real,
    link_loss_frac: Real,
    wavelength_m: Real,
    photons_per_bit_ratio: Real,
    n_channels: Real,
    channel_bit_s: Real,
    distance_m: Real,
) -> LinkBudget:
    """Budget of an optical link.

    P_R = P_T L min(1, G_T G_R (lambda / 4 pi d)^2) and R = min(P_R / (n h nu), N R_channel).

    Parameters
    ----------
    tx_power_W
        Optical power sent [W]; this and all other arguments broadcast.
    tx_aperture_m, rx_aperture_m
        Diameters of sender and receiver [m].
    aperture_efficiency_frac
        Efficiency of each aperture [1].
    link_loss_frac
        Share of power left after optics, pointing and coding [1]; a factor, not dB.
    wavelength_m
        Wavelength [m].
    photons_per_bit_ratio
        Photons that the receiver needs for one bit [1].
    n_channels, channel_bit_s
        Wavelength channels of the modem and rate of each [bit/s].
    distance_m
        Distance [m], > 0.

    Returns
    -------
    LinkBudget
        Gains and losses [1], received power [W], rates [bit/s], light time [s].

    Notes
    -----
    One beam; where near and far field meet the cap overstates the coupling. Source: Friis;
    Suncatcher, arXiv 2511.19468.

    Examples
    --------
    >>> budget = link_budget(tx_power_W=50.0, tx_aperture_m=1.0, rx_aperture_m=1.0,
    ...     aperture_efficiency_frac=0.8, link_loss_frac=0.5, wavelength_m=1.55e-6,
    ...     photons_per_bit_ratio=71.0, n_channels=24, channel_bit_s=4e11, distance_m=1e10)
    >>> round(float(budget.rate_bit_s) / 1e9, 2), round(budget.light_time_s, 1)
    (4.51, 33.4)
    """
    tx_gain = aperture_gain(
        aperture_m=tx_aperture_m,
        wavelength_m=wavelength_m,
        efficiency_frac=aperture_efficiency_frac,
    )
    rx_gain = aperture_gain(
        aperture_m=rx_aperture_m,
        wavelength_m=wavelength_m,
        efficiency_frac=aperture_efficiency_frac,
    )
    free_space = (wavelength_m / (4.0 * np.pi * distance_m)) ** 2
    coupling: Real = np.minimum(1.0, tx_gain * rx_gain * free_space)
    received = tx_power_W * link_loss_frac * coupling
    photons = received / (photons_per_bit_ratio * photon_energy(wavelength_m=wavelength_m))
    modem = n_channels * channel_bit_s
    rate: Real = np.minimum(photons, modem)
    return LinkBudget(
        tx_gain_ratio=tx_gain,
        rx_gain_ratio=rx_gain,
        free_space_ratio=free_space,
        coupling_ratio=coupling,
        received_W=received,
        photon_limited_bit_s=photons,
        modem_limited_bit_s=modem,
        rate_bit_s=rate,
        n_modem_limited=np.asarray(photons > modem, dtype=np.float64),
        light_time_s=light_time(distance_m=distance_m),
    )


def link_rate(
    *,
    tx_power_W: Real,
    tx_aperture_m: Real,
    rx_aperture_m: Real,
    aperture_efficiency_frac: Real,
    link_loss_frac: Real,
    wavelength_m: Real,
    photons_per_bit_ratio: Real,
    n_channels: Real,
    channel_bit_s: Real,
    distance_m: Real,
) -> Real:
    """Rate of an optical link; arguments, validity and source as in `link_budget`.

    Parameters
    ----------
    tx_power_W, tx_aperture_m, rx_aperture_m, aperture_efficiency_frac, link_loss_frac
        Sender, receiver and losses: [W], [m], [m], [1], [1].
    wavelength_m, photons_per_bit_ratio, n_channels, channel_bit_s, distance_m
        Light, modem and distance: [m], [1], count, [bit/s], [m].

    Returns
    -------
    Real
        Rate [bit/s].

    Examples
    --------
    >>> terminal = dict(tx_power_W=5.0, tx_aperture_m=0.1, rx_aperture_m=0.1,
    ...     aperture_efficiency_frac=0.8, link_loss_frac=0.5, wavelength_m=1.55e-6,
    ...     photons_per_bit_ratio=71.0, n_channels=24, channel_bit_s=4e11)
    >>> float(link_rate(**terminal, distance_m=100.0)) / 1e12
    9.6
    """
    return link_budget(
        tx_power_W=tx_power_W,
        tx_aperture_m=tx_aperture_m,
        rx_aperture_m=rx_aperture_m,
        aperture_efficiency_frac=aperture_efficiency_frac,
        link_loss_frac=link_loss_frac,
        wavelength_m=wavelength_m,
        photons_per_bit_ratio=photons_per_bit_ratio,
        n_channels=n_channels,
        channel_bit_s=channel_bit_s,
        distance_m=distance_m,
    ).rate_bit_s


def transfer_time(*, payload_bit: Real, rate_bit_s: Real, distance_m: Real) -> Real:
    """Time until the last bit of a payload has arrived, V / R + d / c.

    Parameters
    ----------
    payload_bit, rate_bit_s, distance_m
        Payload [bit], rate [bit/s], distance [m], any shape.

    Returns
    -------
    Real
        Time [s].

    Notes
    -----
    Ends at rest, link always open. Source: definition.

    Examples
    --------
    >>> transfer_time(payload_bit=8.0 * 4.8e12, rate_bit_s=200e9, distance_m=0.0)
    192.0
    """
    return payload_bit / rate_bit_s + light_time(distance_m=distance_m)
