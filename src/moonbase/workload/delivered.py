"""From installed watts to useful arithmetic, and who may use it from how far away.

Neglected: the plan of parallelism (utilisation is an input), quality lost to slow exchange
between clusters, queues, and bandwidth to the user.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredCompute:
    """A waterfall from what is installed to what is of use."""

    installed_flop_s: Real
    available_flop_s: Real
    utilised_flop_s: Real
    delivered_flop_s: Real
    delivered_frac: Real


def delivered_compute(
    *,
    it_power_W: Real,
    flop_J: Real,
    utilisation_frac: Real,
    goodput_frac: Real,
    availability_frac: Real,
) -> DeliveredCompute:
    """Count the useful arithmetic of an IT power, factor by factor.

    Parameters
    ----------
    it_power_W
        Power of the computers [W], any shape.
    flop_J
        Peak arithmetic per joule [FLOP/J].
    utilisation_frac
        Model FLOP over peak FLOP while a job runs [1].
    goodput_frac
        Share of a job's time that is not lost to failures [1].
    availability_frac
        Share of time that the cluster is powered, linked and has work [1].

    Returns
    -------
    DeliveredCompute
        Installed, available, utilised and delivered arithmetic [FLOP/s], and the share [1].

    Notes
    -----
    Source: the waterfall MFU x goodput x availability; PaLM reached an MFU of 0.46.

    Examples
    --------
    >>> result = delivered_compute(it_power_W=1e6, flop_J=2e12, utilisation_frac=0.4,
    ...     goodput_frac=0.9, availability_frac=0.5)
    >>> result.delivered_flop_s, round(result.delivered_frac, 3)
    (3.6e+17, 0.18)
    """
    installed = it_power_W * flop_J
    available = installed * availability_frac
    utilised = available * utilisation_frac
    return DeliveredCompute(
        installed_flop_s=installed,
        available_flop_s=available,
        utilised_flop_s=utilised,
        delivered_flop_s=utilised * goodput_frac,
        delivered_frac=availability_frac * utilisation_frac * goodput_frac,
    )


def accepted_demand(*, light_time_s: Real, delay_tolerant_frac: Real, patience_s: Real) -> Real:
    """Share of the market for compute that accepts a light delay.

    s = f + (1 - f) exp(-2 tau / p): training, batch work and rollouts do not mind, the rest
    leaves as the round trip grows past its patience.

    Parameters
    ----------
    light_time_s
        One-way light time between user and computer [s], any shape.
    delay_tolerant_frac
        Share of demand that does not mind any delay [1].
    patience_s
        Round trip at which a share 1/e of the interactive demand is left [s].

    Returns
    -------
    Real
        Share [1].

    Notes
    -----
    A stand-in for latency classes: interactive use ends between geostationary orbit and the
    Moon. Source: estimate, see the records.

    Examples
    --------
    >>> share = accepted_demand(light_time_s=1.282, delay_tolerant_frac=0.5, patience_s=1.0)
    >>> round(float(share), 3)
    0.538
    """
    interactive: Real = np.exp(-2.0 * light_time_s / patience_s)
    return delay_tolerant_frac + (1.0 - delay_tolerant_frac) * interactive
