"""Optical links: budget, rate, light time."""

from moonbase.network.link import (
    LinkBudget,
    aperture_gain,
    beam_divergence,
    confocal_distance,
    light_time,
    link_budget,
    link_rate,
    photon_energy,
    pointing_loss,
    transfer_time,
)

__all__ = [
    "LinkBudget",
    "aperture_gain",
    "beam_divergence",
    "confocal_distance",
    "light_time",
    "link_budget",
    "link_rate",
    "photon_energy",
    "pointing_loss",
    "transfer_time",
]
