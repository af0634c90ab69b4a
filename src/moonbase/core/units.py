"""The closed table of unit suffixes. A name that ends in one of them holds that unit alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit suffix: how pint spells the unit, and the range that physics allows by default."""

    suffix: str
    pint: str
    minimum: float | None = None
    maximum: float | None = None


_TABLE = [
    # length, area, mass, time, temperature, angle
    Unit("m", "meter", 0.0),
    Unit("m2", "meter**2", 0.0),
    Unit("m3", "meter**3", 0.0),
    Unit("au", "astronomical_unit", 0.0),
    Unit("kg", "kilogram", 0.0),
    Unit("s", "second", 0.0),
    Unit("h", "hour", 0.0),
    Unit("day", "day", 0.0),
    Unit("yr", "year", 0.0),
    Unit("year", "year"),
    Unit("K", "kelvin", 0.0),
    Unit("rad", "radian"),
    Unit("sr", "steradian", 0.0),
    Unit("Hz", "hertz", 0.0),
    # motion
    Unit("m_s", "meter/second", 0.0),
    Unit("m_s2", "meter/second**2", 0.0),
    Unit("m2_s2", "meter**2/second**2"),
    Unit("m3_s2", "meter**3/second**2", 0.0),
    Unit("s2_m", "second**2/meter"),
    Unit("rad_s", "radian/second"),
    Unit("rad_yr", "radian/year"),
    Unit("rad_m", "radian/meter", 0.0),
    Unit("N", "newton", 0.0),
    Unit("N_s", "newton*second", 0.0),
    Unit("Pa", "pascal", 0.0),
    Unit("N_m", "newton/meter"),
    Unit("N_rad", "newton/radian"),
    Unit("J_rad", "joule/radian"),
    Unit("J_rad2", "joule/radian**2"),
    # energy and power
    Unit("J", "joule", 0.0),
    Unit("J_kg", "joule/kilogram", 0.0),
    Unit("J_K", "joule/kelvin", 0.0),
    Unit("J_m2", "joule/meter**2", 0.0),
    Unit("J_kg_K", "joule/kilogram/kelvin", 0.0),
    Unit("J_s", "joule*second", 0.0),
    Unit("W", "watt", 0.0),
    Unit("W_kg", "watt/kilogram", 0.0),
    Unit("W_m2", "watt/meter**2", 0.0),
    Unit("W_m2_K4", "watt/meter**2/kelvin**4", 0.0),
    Unit("W_m3", "watt/meter**3", 0.0),
    Unit("W_yr", "watt/year", 0.0),
    Unit("K_W", "kelvin/watt", 0.0),
    Unit("kWh", "kilowatt_hour", 0.0),
    Unit("kWh_yr", "kilowatt_hour/year", 0.0),
    Unit("kWh_kg", "kilowatt_hour/kilogram", 0.0),
    # electricity
    Unit("A", "ampere"),
    Unit("V", "volt"),
    Unit("V_s_m", "volt*second/meter"),
    Unit("A2", "ampere**2", 0.0),
    Unit("A_m", "ampere/meter"),
    Unit("VA", "volt*ampere", 0.0),
    Unit("H", "henry"),
    Unit("H_m", "henry/meter"),
    Unit("H_m2", "henry/meter**2"),
    Unit("F", "farad", 0.0),
    Unit("S_m", "siemens/meter", 0.0),
    Unit("ohm_m", "ohm*meter", 0.0),
    Unit("A_m2", "ampere/meter**2", 0.0),
    Unit("VA_kg", "volt*ampere/kilogram", 0.0),
    Unit("V_m", "volt/meter"),
    Unit("ohm", "ohm", 0.0),
    Unit("T", "tesla"),
    # mass ratios and flows
    Unit("kg_W", "kilogram/watt", 0.0),
    Unit("kg_kW", "kilogram/kilowatt", 0.0),
    Unit("kg_kWh", "kilogram/kilowatt_hour", 0.0),
    Unit("kg_m", "kilogram/meter", 0.0),
    Unit("kg_m2", "kilogram/meter**2", 0.0),
    Unit("kg_m3", "kilogram/meter**3", 0.0),
    Unit("kg_s", "kilogram/second", 0.0),
    Unit("kg_h", "kilogram/hour", 0.0),
    Unit("kg_day", "kilogram/day", 0.0),
    Unit("kg_m2_day", "kilogram/meter**2/day", 0.0),
    Unit("kg_yr", "kilogram/year", 0.0),
    Unit("m2_kg", "meter**2/kilogram", 0.0),
    # rates and pure numbers
    Unit("1_day", "1/day"),
    Unit("1_yr", "1/year"),
    Unit("1_s", "1/second"),
    Unit("1_day", "1/day"),
    Unit("1_K", "1/kelvin"),
    Unit("h_kg", "hour/kilogram", 0.0),
    Unit("kWh_kg", "kilowatt_hour/kilogram", 0.0),
    Unit("h_yr", "hour/year", 0.0),
    Unit("frac", "dimensionless", 0.0, 1.0),
    Unit("ratio", "dimensionless", 0.0),
    Unit("nd", "dimensionless"),
    # light of plants and dose of people
    Unit("mol_m2_day", "mole/meter**2/day", 0.0),
    Unit("J_mol", "joule/mole", 0.0),
    Unit("Sv_yr", "sievert/year", 0.0),
    # information
    Unit("bit", "bit", 0.0),
    Unit("bit_s", "bit/second", 0.0),
    Unit("flop", "flop", 0.0),
    Unit("flop_s", "flop/second", 0.0),
    Unit("flop_J", "flop/joule", 0.0),
    # money, real USD of the scenario's price year
    Unit("usd", "usd"),
    Unit("usd_kg", "usd/kilogram"),
    Unit("usd_m", "usd/meter"),
    Unit("usd_W", "usd/watt"),
    Unit("usd_VA", "usd/volt/ampere"),
    Unit("usd_J", "usd/joule"),
    Unit("usd_m2", "usd/meter**2"),
    Unit("usd_kW", "usd/kilowatt"),
    Unit("usd_W_yr", "usd/watt/year"),
    Unit("usd_kW_yr", "usd/kilowatt/year"),
    Unit("usd_kWh", "usd/kilowatt_hour"),
    Unit("usd_yr", "usd/year"),
]

UNITS: dict[str, Unit] = {unit.suffix: unit for unit in _TABLE}

DIMENSIONLESS_PREFIX = "n_"
"""Counts start with this prefix and carry no suffix."""


def unit_of(name: str) -> Unit | None:
    """Unit of a name by its longest known suffix, or None.

    >>> unit_of("muzzle_speed_m_s").suffix
    'm_s'
    >>> unit_of("policy") is None
    True
    """
    parts = name.split("_")
    for start in range(1, len(parts)):
        unit = UNITS.get("_".join(parts[start:]))
        if unit is not None:
            return unit
    return None
