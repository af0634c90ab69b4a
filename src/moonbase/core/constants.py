"""Physical constants and defined quantities, SI. Nothing here is uncertain enough to sample."""

from __future__ import annotations

import math

SPEED_OF_LIGHT_m_s = 299_792_458.0
"""Exact (SI definition)."""
STEFAN_BOLTZMANN_W_m2_K4 = 5.670374419e-8
"""Exact to the digits given (CODATA 2018)."""
BOLTZMANN_J_K = 1.380649e-23
"""Exact (SI definition)."""
PLANCK_J_s = 6.62607015e-34
"""Exact (SI definition)."""
AVOGADRO = 6.022_140_76e23
"""Particles in a mole, exact (SI definition)."""
MOLAR_GAS_J_mol_K = 8.31446261815324
"""Molar gas constant, exact (SI definition)."""
DAY_s = 86_400.0
STANDARD_GRAVITY_m_s2 = 9.80665
"""Exact (definition)."""
ASTRONOMICAL_UNIT_m = 149_597_870_700.0
"""Exact (IAU 2012 Resolution B2)."""
JULIAN_YEAR_s = 31_557_600.0
"""Exact (365.25 days of 86,400 s)."""
SYNODIC_MONTH_s = 29.530588 * 86_400.0
"""Mean time from full Moon to full Moon (Astronomical Almanac)."""
HOURS_PER_YEAR = 8766.0
"""Hours in a Julian year."""
MAGNETIC_CONSTANT_H_m = 4e-7 * math.pi
"""Vacuum permeability as coil tables use it (SI before 2019), 1.3e-10 above CODATA 2022."""
SOLAR_LUMINOSITY_W = 3.828e26
"""Nominal solar luminosity (IAU 2015 Resolution B3)."""
SOLAR_RADIUS_m = 6.957e8
"""Nominal solar radius (IAU 2015 Resolution B3)."""

GM_SUN_m3_s2 = 1.3271244004127942e20
"""DE440 (Park et al. 2021)."""
GM_EARTH_m3_s2 = 3.98600435507e14
"""DE440 (Park et al. 2021)."""
GM_MOON_m3_s2 = 4.90280011845755e12
"""DE440 (Park et al. 2021)."""
EARTH_RADIUS_m = 6_378_136.6
"""Equatorial radius (IERS Conventions 2010)."""
MOON_DISTANCE_m = 384_400_000.0
"""Mean distance of the Moon from the Earth, the usual length of the restricted problem."""
MOON_RADIUS_m = 1_737_400.0
"""Mean radius used for sites (IAU working group on cartographic coordinates)."""
