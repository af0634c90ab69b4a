"""Size a compute satellite: areas, temperatures and a mass ledger from IT power or from mass.

Every mass term is a constant plus a constant times IT power, so that watts follow from kilograms
as well as kilograms from watts. Watts per kilogram are a result.

Neglected: packaging and minimum gauge (a small satellite scales like a large one), detailed
pointing and vibration, the change of compute efficiency with temperature, redundancy by unit
(the margin stands for it), and shading by other satellites. In Earth orbit the array and the
radiator are edge-on to the Earth, and compute pauses in long eclipses: the battery carries the
average eclipse of an orbit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import (
    EARTH_RADIUS_m,
    GM_EARTH_m3_s2,
    JULIAN_YEAR_s,
    SPEED_OF_LIGHT_m_s,
    STEFAN_BOLTZMANN_W_m2_K4,
)
from moonbase.core.errors import DomainError
from moonbase.satellite.array import ArraySize, size_array
from moonbase.satellite.environment import solar_flux, sphere_view_factor
from moonbase.satellite.thermal import RadiatorSize, ThermalLadder, size_radiator, thermal_ladder

W_PER_kW = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteSize:
    """One satellite: power, areas, temperatures, and mass by term.

    ``mass_kg = fixed_kg + specific_kg_W * it_power_W``. Areas are panel areas, one side. The
    radiator's flux is what one panel area rejects at its design point. ``ledger_kg_kW`` holds the
    terms that add up to the whole mass, per kilowatt of IT power.
    """

    it_power_W: Real
    bus_power_W: Real
    heat_W: Real
    mass_kg: Real
    specific_power_W_kg: Real
    array_area_m2: Real
    array_temperature_K: Real
    radiator_area_m2: Real
    radiator_flux_W_m2: Real
    radiator_absorbed_W_m2: Real
    radiator_temperature_K: Real
    coolant_temperature_K: Real
    junction_temperature_K: Real
    array_kg: Real
    radiator_kg: Real
    loop_kg: Real
    compute_kg: Real
    chips_kg: Real
    boards_kg: Real
    power_electronics_kg: Real
    structure_kg: Real
    shielding_kg: Real
    propulsion_kg: Real
    propellant_kg: Real
    terminals_kg: Real
    avionics_kg: Real
    battery_kg: Real
    margin_kg: Real
    fixed_kg: Real
    specific_kg_W: Real
    ledger_kg_kW: dict[str, Real]


@dataclass(frozen=True, slots=True)
class _Line:
    """A mass that is a constant plus a constant times IT power."""

    fixed_kg: Real
    specific_kg_W: Real

    def __add__(self, other: _Line) -> _Line:
        return _Line(self.fixed_kg + other.fixed_kg, self.specific_kg_W + other.specific_kg_W)

    def times(self, factor: Real) -> _Line:
        return _Line(self.fixed_kg * factor, self.specific_kg_W * factor)

    def mass(self, it_power_W: Real) -> Real:
        return self.fixed_kg + self.specific_kg_W * it_power_W


def _total(lines: list[_Line]) -> _Line:
    return sum(lines[1:], start=lines[0])


def structure_ratio(
    *,
    structure_frac: Real,
    launch_acceleration_m_s2: Real,
    packed_height_m: Real,
    structure_density_kg_m3: Real,
    structure_stress_Pa: Real,
    structure_knockdown_ratio: Real,
) -> Real:
    """Structure over the mass that it carries.

    A share that any spacecraft needs, plus a column of constant stress that carries the packed
    satellite and itself at the launch acceleration: f + exp(k rho a h / sigma) - 1.

    Parameters
    ----------
    structure_frac
        Structure of a gently launched spacecraft over the mass it carries [1], any shape.
    launch_acceleration_m_s2
        Steady acceleration in the driver or on the rocket [m/s2].
    packed_height_m
        Height of the packed satellite along the acceleration [m].
    structure_density_kg_m3, structure_stress_Pa
        Density and working stress of the structure's metal [kg/m3], [Pa].
    structure_knockdown_ratio
        Mass of a real strut system over the ideal column [1].

    Returns
    -------
    Real
        Ratio [1].

    Notes
    -----
    Valid while the satellite is packed solid; no dynamic loads. Source: the constant-stress
    column of any mechanics text.

    Examples
    --------
    >>> round(float(structure_ratio(structure_frac=0.15, launch_acceleration_m_s2=1000.0,
    ...     packed_height_m=2.0, structure_density_kg_m3=2700.0, structure_stress_Pa=108e6,
    ...     structure_knockdown_ratio=2.0)), 3)
    0.255
    """
    weight_Pa = structure_density_kg_m3 * launch_acceleration_m_s2 * packed_height_m
    column: Real = np.expm1(structure_knockdown_ratio * weight_Pa / structure_stress_Pa)
    return structure_frac + column


def _check(
    mass_kg: Real | None,
    it_power_W: Real | None,
    altitude_m: Real | None,
    sunlit_frac: Real | None,
    distance_au: Real,
) -> None:
    if (mass_kg is None) == (it_power_W is None):
        raise DomainError(
            "give exactly one of mass_kg and it_power_W",
            path="it_power_W",
            hint="the other one is the result",
        )
    if (altitude_m is None) != (sunlit_frac is None):
        raise DomainError(
            "altitude_m and sunlit_frac belong together",
            path="sunlit_frac",
            hint="give both for Earth orbit, neither for deep space",
        )
    given = {"mass_kg": mass_kg, "it_power_W": it_power_W, "altitude_m": altitude_m}
    for name, value in {**given, "distance_au": distance_au}.items():
        if value is not None and not np.any(np.asarray(value) > 0.0):
            raise DomainError("must be > 0", path=name, hint="a positive number in SI or AU")


def _orbit(
    altitude_m: Real | None, sunlit_frac: Real | None, battery_round_trip_frac: Real
) -> tuple[Real, Real, Real]:
    """View factor to the Earth, usable share of sunlight, eclipse per orbit [s]."""
    if altitude_m is None or sunlit_frac is None:
        return 0.0, 1.0, 0.0
    view = sphere_view_factor(altitude_m=altitude_m, tilt_rad=np.pi / 2, radius_m=EARTH_RADIUS_m)
    dark = 1.0 - sunlit_frac
    usable = sunlit_frac / (sunlit_frac + dark / battery_round_trip_frac)
    period_s = 2.0 * np.pi * np.sqrt((EARTH_RADIUS_m + altitude_m) ** 3 / GM_EARTH_m3_s2)
    return view, usable, dark * period_s


def _ledger(
    loads: dict[str, _Line],
    *,
    structure: Real,
    propulsion_dry_frac: Real,
    margin_frac: Real,
    delta_v_ratio: Real,
    trim_kg_W: Real,
) -> dict[str, _Line]:
    """Add structure, propulsion and margin to the loads that they serve."""
    base = _total(list(loads.values()))
    lines = {**loads, "structure": base.times(structure)}
    thrusters = base.times(propulsion_dry_frac)
    unmargined = base + lines["structure"] + thrusters
    lines["margin"] = unmargined.times(margin_frac)
    propellant = (unmargined + lines["margin"]).times(delta_v_ratio) + _Line(0.0, trim_kg_W)
    return {**lines, "thrusters": thrusters, "propellant": propellant}


def _power(total: _Line, mass_kg: Real | None, it_power_W: Real | None) -> Real:
    """Take IT power as given, or what the mass allows; nan below the fixed mass."""
    if it_power_W is not None:
        return it_power_W
    assert mass_kg is not None
    left = np.asarray(mass_kg - total.fixed_kg)
    if np.all(left <= 0.0):
        raise DomainError(
            "no mass is left for compute",
            path="mass_kg",
            hint=f"more than {np.min(total.fixed_kg):.0f} kg of fixed mass is needed",
        )
    power: Real = np.where(left > 0.0, left, np.nan) / total.specific_kg_W
    return power


def size_satellite(
    *,
    distance_au: Real,
    mass_kg: Real | None = None,
    it_power_W: Real | None = None,
    altitude_m: Real | None = None,
    sunlit_frac: Real | None = None,
    launch_acceleration_m_s2: Real,
    solar_constant_W_m2: Real,
    bus_overhead_ratio: Real,
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
    array_reflectivity_frac: Real,
    array_areal_mass_kg_m2: Real,
    junction_temperature_K: Real,
    chip_heat_W: Real,
    chip_thermal_resistance_K_W: Real,
    radiator_drop_K: Real,
    radiator_emissivity_frac: Real,
    radiator_absorptivity_frac: Real,
    radiator_open_frac: Real,
    radiator_array_view_frac: Real,
    radiator_flown_frac: Real,
    radiator_ageing_ratio: Real,
    radiator_areal_mass_kg_m2: Real,
    loop_mass_ratio: Real,
    chips_kg_kW: Real,
    boards_kg_kW: Real,
    power_electronics_kg_kW: Real,
    shielding_kg_kW: Real,
    structure_frac: Real,
    packed_height_m: Real,
    structure_density_kg_m3: Real,
    structure_stress_Pa: Real,
    structure_knockdown_ratio: Real,
    propulsion_dry_frac: Real,
    station_keeping_m_s: Real,
    trim_frac: Real,
    exhaust_speed_m_s: Real,
    n_terminals: Real,
    terminal_kg: Real,
    avionics_kg: Real,
    battery_specific_energy_J_kg: Real,
    battery_depth_frac: Real,
    battery_round_trip_frac: Real,
    margin_frac: Real,
    earth_infrared_W_m2: Real,
    earth_albedo_frac: Real,
    earth_albedo_geometry_frac: Real,
) -> SatelliteSize:
    """Size a compute satellite from its IT power or from its mass.

    All electric power becomes heat. The junction limit sets the radiator's temperature, that
    its area; distance and age set the array. Trim against sunlight costs F t / v_e, station
    keeping the rocket equation. The ledger is affine in IT power.

    Parameters
    ----------
    distance_au
        Distance from the Sun [AU]; this and all other arguments broadcast over draws.
    mass_kg, it_power_W
        Exactly one: mass at launch [kg] or IT power at the end of life [W].
    altitude_m, sunlit_frac
        Earth orbit: altitude [m] and mean sunlit share [1]. Both None in deep space.
    launch_acceleration_m_s2
        Acceleration that the packed satellite must bear [m/s2].
    bus_overhead_ratio
        Bus power over IT power [1].
    life_yr, degradation_1_yr
        Design life [yr] and the array's yearly loss [1/yr].
    cell_*, array_*, power_chain_frac
        The array, see `array_area` and `array_temperature`; areal mass [kg/m2].
    junction_temperature_K, chip_*, radiator_drop_K
        The temperature ladder, see `thermal_ladder`.
    radiator_*, loop_mass_ratio
        The radiator, see `radiator_area`; ageing: area at the end over the start of life [1];
        view of the array's back [1]; panel mass [kg/m2] and whole loop over panel [1].
    chips_kg_kW, boards_kg_kW, power_electronics_kg_kW, shielding_kg_kW
        Masses per IT power (power electronics: per bus power) [kg/kW].
    structure_*, packed_height_m
        See `structure_ratio`.
    propulsion_dry_frac, station_keeping_m_s, trim_frac, exhaust_speed_m_s
        Thrusters and tanks over the mass carried [1], speed change over life [m/s], share of the
        solar-pressure impulse to cancel [1], exhaust speed [m/s].
    n_terminals, terminal_kg, avionics_kg
        The fixed masses.
    battery_*, margin_frac, earth_*, solar_constant_W_m2
        Battery [J/kg], [1]; mass growth over dry mass [1]; Earth's infrared [W/m2] and albedo [1].

    Returns
    -------
    SatelliteSize
        Power [W], mass [kg], area [m2], temperature [K] and mass by term.

    Raises
    ------
    DomainError
        Both or none of mass and power; altitude without sunlit share; a mass below the fixed
        mass in every draw. Single infeasible draws come back as nan.

    Notes
    -----
    Valid for 0.5 to 3 AU with today's kind of cells. Source: energy and mass balances; terms
    as in Turyshev, arXiv 2604.27197.

    Examples
    --------
    >>> import inspect, tomllib
    >>> from importlib.resources import files
    >>> text = (files("moonbase") / "data/parameters/satellite.toml").read_text()
    >>> wanted = inspect.signature(size_satellite).parameters
    >>> nominal = {key: record["value"]
    ...     for key, record in tomllib.loads(text)["satellite"].items() if key in wanted}
    >>> size = size_satellite(
    ...     it_power_W=100e3, distance_au=1.0, launch_acceleration_m_s2=1000.0, **nominal
    ... )
    >>> bool(17.0 < size.specific_power_W_kg < 70.0)
    True
    """
    _check(mass_kg, it_power_W, altitude_m, sunlit_frac, distance_au)
    view, usable_frac, eclipse_s = _orbit(altitude_m, sunlit_frac, battery_round_trip_frac)
    flux = solar_flux(distance_au=distance_au, solar_constant_W_m2=solar_constant_W_m2)
    wing = size_array(
        power_W=bus_overhead_ratio,
        flux_W_m2=flux,
        infrared_W_m2=earth_infrared_W_m2,
        view_factor_frac=view,
        sunlit_frac=usable_frac,
        life_yr=life_yr,
        cell_efficiency_frac=cell_efficiency_frac,
        cell_packing_frac=cell_packing_frac,
        cell_temperature_coefficient_1_K=cell_temperature_coefficient_1_K,
        degradation_1_yr=degradation_1_yr,
        array_pointing_rad=array_pointing_rad,
        power_chain_frac=power_chain_frac,
        array_absorptivity_frac=array_absorptivity_frac,
        array_emissivity_front_frac=array_emissivity_front_frac,
        array_emissivity_back_frac=array_emissivity_back_frac,
        array_areal_mass_kg_m2=array_areal_mass_kg_m2,
    )
    ladder = thermal_ladder(
        junction_temperature_K=junction_temperature_K,
        chip_heat_W=chip_heat_W,
        chip_thermal_resistance_K_W=chip_thermal_resistance_K_W,
        radiator_drop_K=radiator_drop_K,
    )
    panel = size_radiator(
        heat_W=bus_overhead_ratio / power_chain_frac,
        temperature_K=ladder.radiator_temperature_K,
        array_back_W_m2=array_emissivity_back_frac
        * STEFAN_BOLTZMANN_W_m2_K4
        * wing.temperature_K**4,
        infrared_W_m2=earth_infrared_W_m2,
        view_factor_frac=view,
        albedo_W_m2=flux * earth_albedo_frac * earth_albedo_geometry_frac,
        radiator_emissivity_frac=radiator_emissivity_frac,
        radiator_absorptivity_frac=radiator_absorptivity_frac,
        radiator_open_frac=radiator_open_frac,
        radiator_array_view_frac=radiator_array_view_frac,
        radiator_flown_frac=radiator_flown_frac,
        radiator_ageing_ratio=radiator_ageing_ratio,
        radiator_areal_mass_kg_m2=radiator_areal_mass_kg_m2,
        loop_mass_ratio=loop_mass_ratio,
    )
    battery_J_W = bus_overhead_ratio * eclipse_s / battery_depth_frac
    push_N_W = (1.0 + array_reflectivity_frac) * flux / SPEED_OF_LIGHT_m_s * wing.area_m2
    lines = _ledger(
        {
            "array": _Line(0.0, wing.mass_kg),
            "radiator": _Line(0.0, panel.panel_kg),
            "loop": _Line(0.0, panel.loop_kg),
            "chips": _Line(0.0, chips_kg_kW / W_PER_kW),
            "boards": _Line(0.0, boards_kg_kW / W_PER_kW),
            "power_electronics": _Line(
                0.0, power_electronics_kg_kW * bus_overhead_ratio / W_PER_kW
            ),
            "shielding": _Line(0.0, shielding_kg_kW / W_PER_kW),
            "battery": _Line(0.0, battery_J_W / battery_specific_energy_J_kg),
            "terminals": _Line(n_terminals * terminal_kg, 0.0),
            "avionics": _Line(avionics_kg, 0.0),
        },
        structure=structure_ratio(
            structure_frac=structure_frac,
            launch_acceleration_m_s2=launch_acceleration_m_s2,
            packed_height_m=packed_height_m,
            structure_density_kg_m3=structure_density_kg_m3,
            structure_stress_Pa=structure_stress_Pa,
            structure_knockdown_ratio=structure_knockdown_ratio,
        ),
        propulsion_dry_frac=propulsion_dry_frac,
        margin_frac=margin_frac,
        delta_v_ratio=np.expm1(station_keeping_m_s / exhaust_speed_m_s),
        trim_kg_W=trim_frac * push_N_W * life_yr * JULIAN_YEAR_s / exhaust_speed_m_s,
    )
    power = _power(_total(list(lines.values())), mass_kg, it_power_W)
    return _satellite(
        power, lines, wing, panel, ladder, bus_overhead_ratio, bus_overhead_ratio / power_chain_frac
    )


def _satellite(
    power: Real,
    lines: dict[str, _Line],
    wing: ArraySize,
    panel: RadiatorSize,
    ladder: ThermalLadder,
    bus_ratio: Real,
    heat_ratio: Real,
) -> SatelliteSize:
    """Multiply what one watt needs by the power; ``wing`` and ``panel`` are those of one watt."""
    total = _total(list(lines.values()))
    mass = total.mass(power)
    kg = {name: line.mass(power) for name, line in lines.items()}
    terms = {
        "array": kg["array"],
        "radiator": kg["radiator"] + kg["loop"],
        "chips": kg["chips"],
        "boards": kg["boards"],
        "power_electronics": kg["power_electronics"],
        "structure": kg["structure"],
        "shielding": kg["shielding"],
        "propulsion": kg["thrusters"] + kg["propellant"],
        "terminals": kg["terminals"],
        "avionics": kg["avionics"],
        "battery": kg["battery"],
        "margin": kg["margin"],
    }
    return SatelliteSize(
        it_power_W=power,
        bus_power_W=bus_ratio * power,
        heat_W=heat_ratio * power,
        mass_kg=mass,
        specific_power_W_kg=power / mass,
        array_area_m2=wing.area_m2 * power,
        array_temperature_K=wing.temperature_K,
        radiator_area_m2=panel.area_m2 * power,
        radiator_flux_W_m2=heat_ratio / panel.area_m2,
        radiator_absorbed_W_m2=panel.absorbed_W_m2,
        radiator_temperature_K=ladder.radiator_temperature_K,
        coolant_temperature_K=ladder.coolant_temperature_K,
        junction_temperature_K=ladder.junction_temperature_K,
        compute_kg=kg["chips"] + kg["boards"],
        loop_kg=kg["loop"],
        propellant_kg=kg["propellant"],
        fixed_kg=total.fixed_kg,
        specific_kg_W=total.specific_kg_W,
        ledger_kg_kW={name: W_PER_kW * mass_kg / power for name, mass_kg in terms.items()},
        **{f"{name}_kg": mass_kg for name, mass_kg in terms.items()},
    )
