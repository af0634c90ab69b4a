"""How large it gets: stock of a fleet, replication, mass of a swarm, Kardashev scale.

Closed forms for a constant rate; the campaign integrates the real one. Power is whatever the caller
counts (collected, electric or IT): the three differ by a factor of four to five, so say which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import SOLAR_LUMINOSITY_W, JULIAN_YEAR_s
from moonbase.core.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """Energy in a kilogram of swarm, and how fast the swarm earns it back."""

    energy_J_kg: Real
    payback_s: Real
    doubling_s: Real


def kardashev(*, power_W: Real) -> Array:
    """Kardashev index of a power.

    Parameters
    ----------
    power_W : float or array
        Power, W; > 0.

    Returns
    -------
    array
        ``(log10 P - 6) / 10``, in the shape given; -inf at 0.

    Notes
    -----
    Source: Sagan's interpolation; types I, II, III at 1e16, 1e26, 1e36 W.

    Examples
    --------
    >>> round(float(kardashev(power_W=1.876e13)), 4)
    0.7273
    """
    with np.errstate(divide="ignore"):
        return np.asarray((np.log10(np.asarray(power_W, dtype=np.float64)) - 6.0) / 10.0)


def sun_share(*, power_W: Real) -> Array:
    """Share of the Sun's output.

    Parameters
    ----------
    power_W : float or array
        Power, W.

    Returns
    -------
    array
        ``P / L_sun``, in the shape given.

    Examples
    --------
    >>> float(sun_share(power_W=3.828e20))
    1e-06
    """
    return np.asarray(power_W, dtype=np.float64) / SOLAR_LUMINOSITY_W


def fleet_stock(
    *,
    rate_W_yr: Real,
    life_yr: Real,
    time_yr: Real,
    retirement: Literal["exponential", "fixed"] = "exponential",
) -> Array:
    """Power in service after building at a constant rate.

    Parameters
    ----------
    rate_W_yr : float or array
        Power added, W/yr.
    life_yr : float or array
        Mean life ("exponential") or exact life ("fixed"), yr; > 0.
    time_yr : float or array
        Time since the start, yr; >= 0.
    retirement : {"exponential", "fixed"}
        How units leave.

    Returns
    -------
    array
        ``r L (1 - exp(-t/L))`` or ``r min(t, L)``, W, in the broadcast shape; never above r L.

    Raises
    ------
    DomainError
        When ``retirement`` is another word.

    Examples
    --------
    >>> float(fleet_stock(rate_W_yr=1e12, life_yr=5.0, time_yr=30.0, retirement="fixed"))
    5000000000000.0
    """
    life = np.asarray(life_yr, dtype=np.float64)
    if retirement == "fixed":
        return np.asarray(rate_W_yr * np.minimum(time_yr, life))
    if retirement == "exponential":
        return np.asarray(rate_W_yr * life * -np.expm1(-np.asarray(time_yr) / life))
    raise DomainError(
        f"unknown law {retirement!r}", path="retirement", hint="use 'exponential' or 'fixed'"
    )


def replication(
    *,
    manufacture_J_kg: Real,
    speed_m_s: Real,
    driver_efficiency_frac: Real,
    specific_power_W_kg: Real,
    reinvested_frac: Real,
) -> Replication:
    """Doubling time of a swarm whose power makes and throws more of it.

    Parameters
    ----------
    manufacture_J_kg : float or array
        Energy to make a kilogram, J/kg.
    speed_m_s : float or array
        Launch speed, m/s.
    driver_efficiency_frac : float or array
        Grid to kinetic energy, in (0, 1].
    specific_power_W_kg : float or array
        Power per mass of the swarm, W/kg; > 0.
    reinvested_frac : float or array
        Share of the power that goes into growth, in (0, 1].

    Returns
    -------
    Replication
        Energy per kilogram (J/kg), time in which it is earned back (s), doubling time (s), in the
        broadcast shape.

    Notes
    -----
    ``e = e_mfg + v^2/(2 eta)``, ``t_d = ln 2 e / (f p)``. Energy only: material, labour and
    imports bind earlier.

    Examples
    --------
    >>> grown = replication(
    ...     manufacture_J_kg=1e9,
    ...     speed_m_s=2380.0,
    ...     driver_efficiency_frac=0.7,
    ...     specific_power_W_kg=100.0,
    ...     reinvested_frac=0.5,
    ... )
    >>> round(float(grown.doubling_s) / 86400)
    161
    """
    kinetic = np.asarray(speed_m_s, dtype=np.float64) ** 2 / 2.0
    energy = manufacture_J_kg + kinetic / driver_efficiency_frac
    payback_s = energy / specific_power_W_kg
    return Replication(
        energy_J_kg=energy,
        payback_s=payback_s,
        doubling_s=np.log(2.0) * payback_s / reinvested_frac,
    )


def swarm_mass(*, power_W: Real, specific_power_W_kg: Real) -> Array:
    """Mass of a swarm.

    Parameters
    ----------
    power_W : float or array
        Power, W (or W/yr for kg/yr).
    specific_power_W_kg : float or array
        Power per mass, W/kg; > 0.

    Returns
    -------
    array
        ``P / p``, kg, in the broadcast shape.

    Examples
    --------
    >>> float(swarm_mass(power_W=1e12, specific_power_W_kg=100.0))
    10000000000.0
    """
    return np.asarray(power_W, dtype=np.float64) / specific_power_W_kg


def mass_flow_kg_s(*, rate_W_yr: Real, specific_power_W_kg: Real) -> Array:
    """Mass that leaves the ground per second for a rate of new power.

    Parameters
    ----------
    rate_W_yr : float or array
        Power added, W/yr.
    specific_power_W_kg : float or array
        Power per mass, W/kg; > 0.

    Returns
    -------
    array
        kg/s in the broadcast shape.

    Examples
    --------
    >>> round(float(mass_flow_kg_s(rate_W_yr=1e12, specific_power_W_kg=100.0)), 1)
    316.9
    """
    mass = swarm_mass(power_W=rate_W_yr, specific_power_W_kg=specific_power_W_kg)
    return mass / JULIAN_YEAR_s
