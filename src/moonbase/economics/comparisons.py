"""Yardsticks of others: launched power price, allowance, speed to power, a public calculator.

Each answers a narrower question than the cost of compute and is kept to compare definitions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayValue:
    """What starting earlier is worth per kilowatt, against waiting for cheaper chips."""

    margin_usd_kW_yr: Real
    gain_usd_kW: Real
    saving_usd_kW: Real
    premium_usd_kW: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class Mccalip:
    """Capital of an orbital and a gas-fired site in the structure of McCalip's calculator."""

    n_satellites: Real
    mass_kg: Real
    retention_frac: Real
    orbital_usd: Real
    ground_usd: Real


def launched_power_price(*, specific_mass_kg_kW: Real, launch_usd_kg: Real, life_yr: Real) -> Array:
    """Launch capital per kilowatt and year of life, undiscounted, launch only.

    Parameters
    ----------
    specific_mass_kg_kW : float or array
        Satellite mass per power, kg/kW.
    launch_usd_kg : float or array
        Launch price, USD/kg.
    life_yr : float or array
        Life, yr; > 0.

    Returns
    -------
    array
        ``mass x price / life``, USD/kW-yr, in the broadcast shape.

    Notes
    -----
    Source: Suncatcher (arXiv 2511.19468). It compares to ground energy, which is 7 % of the cost
    of a ground site: it is not the cost of compute.

    Examples
    --------
    >>> float(launched_power_price(specific_mass_kg_kW=10.0, launch_usd_kg=200.0, life_yr=5.0))
    400.0
    """
    return np.asarray(specific_mass_kg_kW, dtype=np.float64) * launch_usd_kg / life_yr


def launch_allowance_usd_kg(
    *,
    terrestrial_usd_kW: Real,
    specific_mass_kg_kW: Real,
    link_usd_kW: Real = 0.0,
    operations_usd_kW: Real = 0.0,
) -> Array:
    """Most that launch and build together may cost per kilogram.

    Parameters
    ----------
    terrestrial_usd_kW : float or array
        Ground site, power and cooling without servers, USD/kW.
    specific_mass_kg_kW : float or array
        Satellite mass per power, kg/kW; > 0.
    link_usd_kW, operations_usd_kW : float or array
        Burdens of links and operations, USD/kW.

    Returns
    -------
    array
        ``(C_terr - C_link - C_ops) / m``, USD/kg, in the broadcast shape.

    Notes
    -----
    Source: Turyshev (arXiv 2604.27197), necessary condition for closure.

    Examples
    --------
    >>> float(launch_allowance_usd_kg(terrestrial_usd_kW=40e3, specific_mass_kg_kW=40.0))
    1000.0
    """
    left = np.asarray(terrestrial_usd_kW) - link_usd_kW - operations_usd_kW
    return np.asarray(left / specific_mass_kg_kW)


def chip_price_factor(*, price_performance_growth_1_yr: Real, delay_yr: Real) -> Array:
    """Price of the same chips after a wait, over the price now.

    Parameters
    ----------
    price_performance_growth_1_yr : float or array
        Growth of performance per dollar, 1/yr, compounded yearly.
    delay_yr : float or array
        Wait, yr.

    Returns
    -------
    array
        ``(1 + q)^-t``, in the broadcast shape.

    Notes
    -----
    Source: Epoch AI; 0.30 per year makes the same chips 23 % cheaper in a year.

    Examples
    --------
    >>> round(float(chip_price_factor(price_performance_growth_1_yr=0.30, delay_yr=4.0)), 2)
    0.35
    """
    growth = 1.0 + np.asarray(price_performance_growth_1_yr, dtype=np.float64)
    return np.asarray(growth ** -np.asarray(delay_yr))


def value_of_delay(
    *,
    rent_usd_kW_yr: Real,
    cost_usd_kW_yr: Real,
    it_capex_usd_kW: Real,
    discount_rate_frac: Real,
    price_performance_growth_1_yr: Real,
    delay_yr: Real,
) -> DelayValue:
    """Worth of a start ``delay_yr`` earlier, less what waiting would have saved.

    Parameters
    ----------
    rent_usd_kW_yr, cost_usd_kW_yr : float or array
        Rent while capacity is scarce, and full cost, USD/kW-yr.
    it_capex_usd_kW : float or array
        Chips, USD/kW.
    discount_rate_frac : float or array
        Continuous discount rate, 1/yr; >= 0.
    price_performance_growth_1_yr : float or array
        Growth of performance per dollar, 1/yr.
    delay_yr : float or array
        Years gained, yr.

    Returns
    -------
    DelayValue
        Margin (USD/kW-yr); gain, saving of waiting, and the premium that an earlier start allows
        (gain less saving), USD/kW, in the broadcast shape. Extra capital during construction is
        the caller's to take off.

    Notes
    -----
    ``V = g (1 - exp(-rho tau)) / rho``, ``W = C_IT (1 - (1+q)^-tau)``.

    Examples
    --------
    >>> value = value_of_delay(
    ...     rent_usd_kW_yr=13e3,
    ...     cost_usd_kW_yr=8.5e3,
    ...     it_capex_usd_kW=25.5e3,
    ...     discount_rate_frac=0.0,
    ...     price_performance_growth_1_yr=0.30,
    ...     delay_yr=1.0,
    ... )
    >>> round(float(value.gain_usd_kW)), round(float(value.saving_usd_kW))
    (4500, 5885)
    """
    margin = np.asarray(rent_usd_kW_yr, dtype=np.float64) - cost_usd_kW_yr
    force = np.asarray(discount_rate_frac, dtype=np.float64)
    safe = np.where(force == 0.0, 1.0, force)
    years = np.where(force == 0.0, delay_yr, -np.expm1(-safe * delay_yr) / safe)
    gain = margin * years
    factor = chip_price_factor(
        price_performance_growth_1_yr=price_performance_growth_1_yr, delay_yr=delay_yr
    )
    saving = it_capex_usd_kW * (1.0 - factor)
    return DelayValue(
        margin_usd_kW_yr=margin,
        gain_usd_kW=gain,
        saving_usd_kW=saving,
        premium_usd_kW=gain - saving,
    )


def mccalip(
    *,
    target_W: Real,
    n_years: int,
    unit_power_W: Real,
    specific_power_W_kg: Real,
    cell_degradation_1_yr: Real,
    sun_frac: Real,
    launch_usd_kg: Real,
    hardware_usd_W: Real,
    operations_1_yr: Real,
    gpu_loss_1_yr: Real,
    development_usd: Real,
    site_usd_W: Real,
    turbine_usd_W: Real,
    fuel_usd_kWh: Real,
    pue_ratio: Real,
    capacity_frac: Real,
) -> Mccalip:
    """Orbit against a gas-fired site, as McCalip's public calculator sees it.

    Parameters
    ----------
    target_W : float or array
        Power to deliver, W.
    n_years : int
        Horizon, years.
    unit_power_W, specific_power_W_kg : float or array
        Satellite power, and power per mass at the start of life.
    cell_degradation_1_yr, sun_frac : float or array
        Yearly loss of the cells, and share of time in sunlight.
    launch_usd_kg, hardware_usd_W : float or array
        Launch and satellite prices.
    operations_1_yr, gpu_loss_1_yr : float or array
        Operations and replacements per year as shares of all satellite hardware, 1/yr.
    development_usd : float or array
        Development, USD.
    site_usd_W, turbine_usd_W : float or array
        Ground buildings and gear; turbines before PUE, USD/W.
    fuel_usd_kWh, pue_ratio, capacity_frac : float or array
        Fuel, site power over IT power, share of full load.

    Returns
    -------
    Mccalip
        Satellites, their mass (kg), mean retention, and both totals (USD), in the broadcast shape.

    Notes
    -----
    No servers, no discounting, no links: kept for comparison of definitions, not as a result.
    Source: structure of andrewmccalip/thoughts; own code. A year has 8,760 h there.

    Examples
    --------
    See the validation case ECO-028.
    """
    age = np.arange(n_years).reshape(-1, *(1,) * np.ndim(cell_degradation_1_yr))
    retention = np.asarray(((1.0 - np.asarray(cell_degradation_1_yr)) ** age).mean(axis=0))
    n_satellites = np.ceil(target_W / (retention * sun_frac) / unit_power_W)
    power_W = n_satellites * unit_power_W
    mass_kg = power_W / specific_power_W_kg
    hardware_usd = power_W * hardware_usd_W
    upkeep = (np.asarray(operations_1_yr) + gpu_loss_1_yr) * n_years
    burnt_kWh = np.asarray(target_W) / 1e3 * 8760.0 * n_years * capacity_frac * pue_ratio
    return Mccalip(
        n_satellites=n_satellites,
        mass_kg=mass_kg,
        retention_frac=retention,
        orbital_usd=hardware_usd * (1.0 + upkeep) + mass_kg * launch_usd_kg + development_usd,
        ground_usd=target_W * (site_usd_W + np.asarray(turbine_usd_W) * pue_ratio)
        + burnt_kWh * fuel_usd_kWh,
    )
