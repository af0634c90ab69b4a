"""The solar array: temperature, power, area.

Neglected: gradients within the panel, losses of cold cells in weak light (beyond about 2 AU),
spectrum and concentration, shadows, and the warming of an array whose cells have degraded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import STEFAN_BOLTZMANN_W_m2_K4

REFERENCE_CELL_K = 298.15
"""Temperature at which cell efficiencies are quoted (standard test conditions)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArraySize:
    """A solar array: panel area of one side, working temperature, mass."""

    area_m2: Real
    temperature_K: Real
    mass_kg: Real


def array_temperature(
    *,
    flux_W_m2: Real,
    absorptivity_frac: Real,
    efficiency_frac: Real,
    emissivity_front_frac: Real,
    emissivity_back_frac: Real,
    infrared_W_m2: Real,
    view_factor_frac: Real,
) -> Real:
    """Equilibrium temperature of a flat panel that faces the Sun and radiates from both faces.

    (alpha - eta) S + (eps_f + eps_b) F q_IR = (eps_f + eps_b) sigma T^4. With eta the share of
    light sent away as electricity this is an array; with eta = 0 the electricity is burned in the
    same panel.

    Parameters
    ----------
    flux_W_m2
        Sunlight on the panel [W/m2], any shape.
    absorptivity_frac
        Solar absorptivity of the front [1].
    efficiency_frac
        Electricity that leaves the panel over sunlight [1].
    emissivity_front_frac, emissivity_back_frac
        Infrared emissivities [1].
    infrared_W_m2, view_factor_frac
        A planet's infrared [W/m2] and the view factor of each face to it [1].

    Returns
    -------
    Real
        Temperature [K]; nan where more electricity leaves than heat comes in.

    Notes
    -----
    One temperature for the whole panel. T goes as r^-1/2 whatever the size. Source: energy
    balance; optics of McCalip's public code and the edge-on view factor of Lee-Odinson
    (doi 10.5281/zenodo.20695720) give 342.10 K at 550 km.

    Examples
    --------
    >>> round(float(array_temperature(flux_W_m2=1361.0, absorptivity_frac=0.92,
    ...     efficiency_frac=0.22, emissivity_front_frac=0.85, emissivity_back_frac=0.9,
    ...     infrared_W_m2=0.0, view_factor_frac=0.0)), 1)
    313.0
    """
    emissivity = emissivity_front_frac + emissivity_back_frac
    heat = (absorptivity_frac - efficiency_frac) * flux_W_m2 / emissivity
    heat = heat + view_factor_frac * infrared_W_m2
    fourth = np.where(np.asarray(heat) >= 0.0, heat, np.nan) / STEFAN_BOLTZMANN_W_m2_K4
    temperature: Real = np.sqrt(np.sqrt(fourth))
    return temperature


def cell_temperature_ratio(*, temperature_K: Real, cell_temperature_coefficient_1_K: Real) -> Real:
    """Cell output over its output at 298 K, 1 + b (T - 298.15 K).

    Parameters
    ----------
    temperature_K
        Cell temperature [K], any shape.
    cell_temperature_coefficient_1_K
        Relative change of output per kelvin [1/K], negative.

    Returns
    -------
    Real
        Ratio [1]; nan where the cell is so hot that nothing is left.

    Notes
    -----
    A straight line, good between about 200 K and 400 K. Source: the usual linear coefficient of a
    cell's data sheet.

    Examples
    --------
    >>> round(float(cell_temperature_ratio(
    ...     temperature_K=318.15, cell_temperature_coefficient_1_K=-0.003)), 3)
    0.94
    """
    ratio = 1.0 + cell_temperature_coefficient_1_K * (temperature_K - REFERENCE_CELL_K)
    left: Real = np.where(np.asarray(ratio) > 0.0, ratio, np.nan)
    return left


def array_power(
    *,
    area_m2: Real,
    flux_W_m2: Real,
    efficiency_frac: Real,
    packing_frac: Real,
    incidence_rad: Real,
    power_chain_frac: Real,
    temperature_ratio: Real,
    degradation_1_yr: Real,
    life_yr: Real,
    sunlit_frac: Real,
) -> Real:
    """Power that an array delivers to the bus at the end of its life, averaged over the orbit.

    P = A S eta pack cos(theta) eta_pmad f_T (1 - d)^n f_sun.

    Parameters
    ----------
    area_m2
        Panel area, one side [m2], any shape.
    flux_W_m2
        Sunlight [W/m2].
    efficiency_frac, packing_frac
        Cell efficiency at 298 K and share of the panel that is cell [1].
    incidence_rad
        Angle between the panel's normal and the Sun [rad].
    power_chain_frac
        Efficiency from the cells to the bus [1].
    temperature_ratio
        Output at the working temperature over that at 298 K [1].
    degradation_1_yr, life_yr
        Loss of output per year [1/yr] and years of life [yr]; 0 years gives the start of life.
    sunlit_frac
        Sunlit share of the time, less the battery's loss [1].

    Returns
    -------
    Real
        Power [W].

    Notes
    -----
    Source: Suncatcher (arXiv 2511.19468) for the form without ageing; 105 m2 give 28 kW.

    Examples
    --------
    >>> round(float(array_power(area_m2=105.0, flux_W_m2=1361.0, efficiency_frac=0.22,
    ...     packing_frac=0.9, incidence_rad=0.0, power_chain_frac=1.0, temperature_ratio=1.0,
    ...     degradation_1_yr=0.0, life_yr=0.0, sunlit_frac=1.0)))
    28295
    """
    conversion = efficiency_frac * packing_frac * power_chain_frac * temperature_ratio
    kept = (1.0 - degradation_1_yr) ** life_yr * sunlit_frac
    power: Real = area_m2 * flux_W_m2 * np.cos(incidence_rad) * conversion * kept
    return power


def array_area(
    *,
    power_W: Real,
    flux_W_m2: Real,
    efficiency_frac: Real,
    packing_frac: Real,
    incidence_rad: Real,
    power_chain_frac: Real,
    temperature_ratio: Real,
    degradation_1_yr: Real,
    life_yr: Real,
    sunlit_frac: Real,
) -> Real:
    """Area of an array that still delivers a power at the end of its life.

    The inverse of `array_power`, with the same arguments.

    Parameters
    ----------
    power_W
        Power at the bus [W], any shape.
    flux_W_m2, efficiency_frac, packing_frac, incidence_rad, power_chain_frac, temperature_ratio
        As in `array_power`.
    degradation_1_yr, life_yr, sunlit_frac
        As in `array_power`.

    Returns
    -------
    Real
        Panel area, one side [m2].

    Notes
    -----
    Source: as `array_power`.

    Examples
    --------
    >>> round(float(array_area(power_W=28295.0, flux_W_m2=1361.0, efficiency_frac=0.22,
    ...     packing_frac=0.9, incidence_rad=0.0, power_chain_frac=1.0, temperature_ratio=1.0,
    ...     degradation_1_yr=0.0, life_yr=0.0, sunlit_frac=1.0)))
    105
    """
    return power_W / array_power(
        area_m2=1.0,
        flux_W_m2=flux_W_m2,
        efficiency_frac=efficiency_frac,
        packing_frac=packing_frac,
        incidence_rad=incidence_rad,
        power_chain_frac=power_chain_frac,
        temperature_ratio=temperature_ratio,
        degradation_1_yr=degradation_1_yr,
        life_yr=life_yr,
        sunlit_frac=sunlit_frac,
    )


def size_array(
    *,
    power_W: Real,
    flux_W_m2: Real,
    infrared_W_m2: Real,
    view_factor_frac: Real,
    sunlit_frac: Real,
    life_yr: Real,
    cell_efficiency_frac: Real,
    cell_packing_frac: Real,
    cell_temperature_coefficient_1_K: Real,
    degradation_1_yr: Real,
    array_pointing_rad: Real,
    power_chain_frac: Real,
    array_absorptivity_frac: Real,
    array_emissivity_front_frac: Real,
    array_emissivity_back_frac: Real,
    array_areal_mass_kg_m2: Real,
) -> ArraySize:
    """Size an array for a bus power at the end of its life, at the temperature that it finds.

    Parameters
    ----------
    power_W
        Power at the bus [W], any shape.
    flux_W_m2, infrared_W_m2, view_factor_frac, sunlit_frac
        Sunlight and a planet's infrared [W/m2], view of the planet and usable sunlit share [1].
    life_yr, degradation_1_yr
        Life [yr] and loss of output [1/yr].
    cell_efficiency_frac, cell_packing_frac, cell_temperature_coefficient_1_K
        The cells, see `array_power` [1], [1/K].
    array_pointing_rad, power_chain_frac
        Off-pointing [rad] and efficiency from the cells to the bus [1].
    array_absorptivity_frac, array_emissivity_front_frac, array_emissivity_back_frac
        Optics [1].
    array_areal_mass_kg_m2
        Whole wing over panel area [kg/m2].

    Returns
    -------
    ArraySize
        Area [m2], temperature [K], mass [kg].

    Notes
    -----
    The temperature is that of the young cell at its efficiency at 298 K, a degree or two from
    the coupled solution. Source: `array_temperature` and `array_area`.

    Examples
    --------
    >>> wing = size_array(power_W=100e3, flux_W_m2=1361.0, infrared_W_m2=0.0,
    ...     view_factor_frac=0.0, sunlit_frac=1.0, life_yr=5.0, cell_efficiency_frac=0.22,
    ...     cell_packing_frac=0.9, cell_temperature_coefficient_1_K=-0.003,
    ...     degradation_1_yr=0.01, array_pointing_rad=0.0, power_chain_frac=0.95,
    ...     array_absorptivity_frac=0.92, array_emissivity_front_frac=0.85,
    ...     array_emissivity_back_frac=0.9, array_areal_mass_kg_m2=2.5)
    >>> round(float(wing.area_m2)), round(float(wing.temperature_K))
    (433, 315)
    """
    temperature = array_temperature(
        flux_W_m2=flux_W_m2,
        absorptivity_frac=array_absorptivity_frac,
        efficiency_frac=cell_efficiency_frac * cell_packing_frac,
        emissivity_front_frac=array_emissivity_front_frac,
        emissivity_back_frac=array_emissivity_back_frac,
        infrared_W_m2=infrared_W_m2,
        view_factor_frac=view_factor_frac,
    )
    area = array_area(
        power_W=power_W,
        flux_W_m2=flux_W_m2,
        efficiency_frac=cell_efficiency_frac,
        packing_frac=cell_packing_frac,
        incidence_rad=array_pointing_rad,
        power_chain_frac=power_chain_frac,
        temperature_ratio=cell_temperature_ratio(
            temperature_K=temperature,
            cell_temperature_coefficient_1_K=cell_temperature_coefficient_1_K,
        ),
        degradation_1_yr=degradation_1_yr,
        life_yr=life_yr,
        sunlit_frac=sunlit_frac,
    )
    return ArraySize(area_m2=area, temperature_K=temperature, mass_kg=area * array_areal_mass_kg_m2)
