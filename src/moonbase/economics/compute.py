"""What a kilowatt of compute costs a year, on the ground and in orbit.

The same chips stand on both sides; the differences are site, energy and cooling against launch,
satellite, operations and links. Costs are per kilowatt of IT power that delivers: the share that
does not deliver is divided out on both sides with the same word, ``delivered_frac``.

Neglected: salvage of the satellite that outlives its chips, interest during construction
(see ``comparisons.value_of_delay``), taxes and subsidies, carbon prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import HOURS_PER_YEAR
from moonbase.economics.finance import capital_recovery_factor, first_lasting_year


@dataclass(frozen=True, slots=True, kw_only=True)
class TerrestrialCost:
    """Yearly cost per delivered kilowatt on the ground, by part."""

    chips_usd_kW_yr: Real
    facility_usd_kW_yr: Real
    energy_usd_kW_yr: Real
    operations_usd_kW_yr: Real
    total_usd_kW_yr: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class OrbitalCost:
    """Yearly cost per delivered kilowatt in orbit, by part."""

    launch_usd_kW_yr: Real
    build_usd_kW_yr: Real
    chips_usd_kW_yr: Real
    operations_usd_kW_yr: Real
    link_usd_kW_yr: Real
    total_usd_kW_yr: Real


def energy_cost_usd_kW_yr(*, power_usd_kWh: Real, pue_ratio: Real) -> Array:
    """Electricity for one kilowatt of IT power over a year.

    Parameters
    ----------
    power_usd_kWh : float or array
        Price of electricity, USD/kWh.
    pue_ratio : float or array
        Site power over IT power, >= 1.

    Returns
    -------
    array
        ``price x PUE x 8766``, USD/kW-yr, in the broadcast shape.

    Examples
    --------
    >>> round(float(energy_cost_usd_kW_yr(power_usd_kWh=0.06, pue_ratio=1.2)))
    631
    """
    return np.asarray(power_usd_kWh, dtype=np.float64) * pue_ratio * HOURS_PER_YEAR


def terrestrial_cost(
    *,
    it_capex_usd_kW: Real,
    facility_capex_usd_kW: Real,
    opex_usd_kW_yr: Real,
    power_usd_kWh: Real,
    pue_ratio: Real,
    it_life_yr: Real,
    facility_life_yr: Real,
    discount_rate_frac: Real,
    delivered_frac: Real,
) -> TerrestrialCost:
    """Yearly cost of compute in a data centre on the ground.

    Parameters
    ----------
    it_capex_usd_kW, facility_capex_usd_kW : float or array
        Servers with network; building, power and cooling, USD/kW of IT power.
    opex_usd_kW_yr : float or array
        Operations without electricity, USD/kW-yr.
    power_usd_kWh, pue_ratio : float or array
        Price of electricity, and site power over IT power.
    it_life_yr, facility_life_yr : float or array
        Lives, yr; > 0.
    discount_rate_frac : float or array
        Real cost of capital.
    delivered_frac : float or array
        Share of the installed IT power-time that delivers, in (0, 1].

    Returns
    -------
    TerrestrialCost
        Parts and total, USD/kW-yr, in the broadcast shape.

    Notes
    -----
    ``[CRF(w, L_IT) C_IT + CRF(w, L_f) C_f + E + O] / delivered``. Reproduces Epoch AI (14 May
    2026): 8.5 bn USD per GW-yr, 12 and 7 at IT lives of 3 and 7 years.

    Examples
    --------
    >>> cost = terrestrial_cost(
    ...     it_capex_usd_kW=25.5e3,
    ...     facility_capex_usd_kW=12.5e3,
    ...     opex_usd_kW_yr=900.0,
    ...     power_usd_kWh=0.0,
    ...     pue_ratio=1.2,
    ...     it_life_yr=5.0,
    ...     facility_life_yr=14.0,
    ...     discount_rate_frac=0.068,
    ...     delivered_frac=1.0,
    ... )
    >>> round(float(cost.total_usd_kW_yr), -2)
    8500.0
    """
    it = capital_recovery_factor(discount_rate_frac=discount_rate_frac, life_yr=it_life_yr)
    site = capital_recovery_factor(discount_rate_frac=discount_rate_frac, life_yr=facility_life_yr)
    share = np.asarray(delivered_frac)
    chips = it * it_capex_usd_kW / share
    facility = site * facility_capex_usd_kW / share
    energy = energy_cost_usd_kW_yr(power_usd_kWh=power_usd_kWh, pue_ratio=pue_ratio) / share
    operations = opex_usd_kW_yr / share
    return TerrestrialCost(
        chips_usd_kW_yr=chips,
        facility_usd_kW_yr=facility,
        energy_usd_kW_yr=energy,
        operations_usd_kW_yr=operations,
        total_usd_kW_yr=chips + facility + energy + operations,
    )


def orbital_cost(
    *,
    specific_mass_kg_kW: Real,
    launch_usd_kg: Real,
    build_usd_kg: Real,
    it_capex_usd_kW: Real,
    satellite_operations_usd_kW_yr: Real,
    link_usd_kW_yr: Real,
    satellite_life_yr: Real,
    orbit_it_life_yr: Real,
    lifetime_penalty_ratio: Real,
    discount_rate_frac: Real,
    delivered_frac: Real,
) -> OrbitalCost:
    """Yearly cost of compute in orbit, launched from Earth or built on the Moon.

    Parameters
    ----------
    specific_mass_kg_kW : float or array
        Satellite mass per IT power, kg/kW.
    launch_usd_kg, build_usd_kg : float or array
        Bringing a kilogram of satellite to its orbit and building it without chips, USD/kg: the
        launch price and the Earth price, or the lunar unit costs.
    it_capex_usd_kW : float or array
        Chips and servers, USD/kW; the same as on the ground.
    satellite_operations_usd_kW_yr, link_usd_kW_yr : float or array
        Operations and links to the ground, USD/kW-yr.
    satellite_life_yr, orbit_it_life_yr : float or array
        Lives, yr; nobody exchanges chips in orbit, so the second is at most the first.
    lifetime_penalty_ratio : float or array
        From :func:`lifetime_penalty`, >= 1.
    discount_rate_frac : float or array
        Real cost of capital.
    delivered_frac : float or array
        Share of the installed IT power-time that delivers while the satellite lives, in (0, 1].

    Returns
    -------
    OrbitalCost
        Parts and total, USD/kW-yr, in the broadcast shape.

    Notes
    -----
    ``Pi [CRF(w, L_sat) (c_launch + c_build) mu + CRF(w, L_IT) c_chip] + O + C_link``, over the
    delivered share.

    Examples
    --------
    >>> cost = orbital_cost(
    ...     specific_mass_kg_kW=10.0,
    ...     launch_usd_kg=200.0,
    ...     build_usd_kg=1000.0,
    ...     it_capex_usd_kW=25.5e3,
    ...     satellite_operations_usd_kW_yr=220.0,
    ...     link_usd_kW_yr=100.0,
    ...     satellite_life_yr=5.0,
    ...     orbit_it_life_yr=5.0,
    ...     lifetime_penalty_ratio=1.0,
    ...     discount_rate_frac=0.0,
    ...     delivered_frac=1.0,
    ... )
    >>> float(cost.launch_usd_kW_yr), float(cost.build_usd_kW_yr), float(cost.total_usd_kW_yr)
    (400.0, 2000.0, 7820.0)
    """
    bus = capital_recovery_factor(discount_rate_frac=discount_rate_frac, life_yr=satellite_life_yr)
    it = capital_recovery_factor(discount_rate_frac=discount_rate_frac, life_yr=orbit_it_life_yr)
    share = np.asarray(delivered_frac)
    per_mass = bus * specific_mass_kg_kW * lifetime_penalty_ratio / share
    launch = per_mass * launch_usd_kg
    build = per_mass * build_usd_kg
    chips = it * it_capex_usd_kW * lifetime_penalty_ratio / share
    operations = satellite_operations_usd_kW_yr / share
    link = link_usd_kW_yr / share
    return OrbitalCost(
        launch_usd_kW_yr=launch,
        build_usd_kW_yr=build,
        chips_usd_kW_yr=chips,
        operations_usd_kW_yr=operations,
        link_usd_kW_yr=link,
        total_usd_kW_yr=launch + build + chips + operations + link,
    )


def parity_year(*, year: Array, cost_a_usd_kW_yr: Array, cost_b_usd_kW_yr: Array) -> Array:
    """First year from which one cost stays at or below another.

    Parameters
    ----------
    year : array, shape (year,)
        Calendar years, rising.
    cost_a_usd_kW_yr, cost_b_usd_kW_yr : array, shape (year, ...)
        Costs, USD/kW-yr; nan counts as above.

    Returns
    -------
    array, shape (...)
        Year; nan where a is above b at the end.

    Examples
    --------
    >>> year = np.array([2030.0, 2031.0, 2032.0])
    >>> cost = np.array([9.0, 5.0, 4.0])
    >>> float(parity_year(year=year, cost_a_usd_kW_yr=cost, cost_b_usd_kW_yr=np.full(3, 5.0)))
    2031.0
    """
    below = np.asarray(cost_a_usd_kW_yr) <= cost_b_usd_kW_yr
    return first_lasting_year(year=year, condition=below)
