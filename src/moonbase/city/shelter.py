"""Habitat: volume, shell, regolith cover against dose, power, cooling, the store for the dark.

Neglected: docking and roads, floor plans, doses of single solar storms beyond the cover's depth,
thermal cycling, meteoroids (thinner than any cover here), the mass of the city's own arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import DAY_s, GM_MOON_m3_s2, MOON_RADIUS_m
from moonbase.core.errors import DomainError, PhysicsError
from moonbase.core.tables import Number, pick, read_table, values

_LUNAR_GRAVITY_m_s2 = GM_MOON_m3_s2 / MOON_RADIUS_m**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Habitat:
    """Habitat of a city.

    ``habitat_kg`` is shell and equipment without the greenhouse; ``shell_floor_kg`` the least
    pressure shell, of which ``shell_margin_ratio`` is the structure's multiple;
    ``cover_m`` is the thickness of regolith, ``cover_pressure_Pa`` its weight on the shell
    (below the air's pressure the shell stays in tension); ``dose_Sv_yr`` what a person takes up;
    ``storage_J`` runs the city through the longest dark period; ``esm_kg`` is equivalent system
    mass by the stated factors, its terms in ``esm_terms_kg``.
    """

    volume_m3: Array
    habitat_kg: Array
    structure_kg: Array
    shell_floor_kg: Array
    shell_margin_ratio: Array
    air_kg: Array
    areal_kg_m2: Array
    cover_m: Array
    cover_kg: Array
    cover_pressure_Pa: Array
    cover_robot_h: Array
    cover_energy_J: Array
    dose_Sv_yr: Array
    power_W: Array
    cooling_W: Array
    radiator_m2: Array
    radiator_kg: Array
    dark_power_W: Array
    storage_J: Array
    storage_kg: Array
    esm_kg: Array
    esm_terms_kg: Mapping[str, Array]


def dose_behind(*, areal_kg_m2: Real) -> Array:
    """Dose equivalent of galactic cosmic rays under regolith, over that on the open surface.

    Parameters
    ----------
    areal_kg_m2 : float or array
        Mass of cover above, kg/m2; >= 0.

    Returns
    -------
    array
        Ratio; it rises a little before it falls, as secondaries build up.

    Raises
    ------
    DomainError
        Below 0.

    Notes
    -----
    Log-linear between the rows of ``shielding.csv``, the last slope going on. Models of different
    groups differ by tens of per cent; the deep value is an estimate. Source: Matthiä and Berger
    (2024); Dobynde and Guo (2024).

    Examples
    --------
    >>> dose_behind(areal_kg_m2=1800.0)
    array(0.75)
    """
    areal = np.asarray(areal_kg_m2, dtype=np.float64)
    if np.any(areal < 0.0):
        raise DomainError("must be >= 0 kg/m2", path="areal_kg_m2")
    depth, log_ratio = _shielding()
    slope = (log_ratio[-1] - log_ratio[-2]) / (depth[-1] - depth[-2])
    inside = np.interp(areal, depth, log_ratio)
    return np.asarray(np.exp(inside + slope * np.maximum(areal - depth[-1], 0.0)))


def cover_for(*, dose_ratio: Real) -> Array:
    """Least regolith cover from which on the dose stays below a share of the open surface's.

    Parameters
    ----------
    dose_ratio : float or array
        Wanted dose over that on the surface; > 0.

    Returns
    -------
    array
        Cover, kg/m2; 0 where the open surface is good enough.

    Raises
    ------
    DomainError
        At 0 or below.

    Notes
    -----
    Inverse of `dose_behind` on its falling part: thin covers that make it worse are passed over.

    Examples
    --------
    >>> round(float(cover_for(dose_ratio=0.75)))
    1800
    """
    wanted = np.asarray(dose_ratio, dtype=np.float64)
    if np.any(wanted <= 0.0):
        raise DomainError("must be > 0", path="dose_ratio", hint="no cover stops everything")
    depth, log_ratio = _shielding()
    peak = int(np.argmax(log_ratio))
    slope = (log_ratio[-1] - log_ratio[-2]) / (depth[-1] - depth[-2])
    level = np.log(wanted)
    inside = np.interp(-level, -log_ratio[peak:], depth[peak:])
    beyond = np.where(level < log_ratio[-1], (level - log_ratio[-1]) / slope, 0.0)
    return np.asarray(np.where(wanted >= 1.0, 0.0, inside + beyond))


def check_shell(
    *, density_kg_m3: Real, pressure_Pa: Real, strength_m2_s2: Real, path: str = ""
) -> Array:
    """Least mass per volume of a pressure shell, and a refusal of what is lighter.

    Parameters
    ----------
    density_kg_m3 : float or array
        Mass of the module over its volume, kg/m3.
    pressure_Pa : float or array
        Inner pressure, Pa.
    strength_m2_s2 : float or array
        Allowable stress over density, safety factor in it, m2/s2.
    path : str
        Where the module comes from, for the message.

    Returns
    -------
    array
        Floor, kg/m3.

    Raises
    ------
    PhysicsError
        When every case is below the floor.

    Notes
    -----
    Long cylinder at yield in both directions with an isotropic wall: ``2 p / strength`` of its
    volume; a sphere takes three quarters of it.

    Examples
    --------
    A published greenhouse module of 0.93 kg/m3 is a liner, not a shell:

    >>> check_shell(density_kg_m3=454 / 490, pressure_Pa=101325.0, strength_m2_s2=62500.0)
    Traceback (most recent call last):
    moonbase.core.errors.PhysicsError: 0.927 kg/m3 where the pressure shell alone takes 3.242
      count it as a liner inside a shell, lower the pressure, or use stronger material
    """
    floor = 2.0 * np.asarray(pressure_Pa, dtype=np.float64) / strength_m2_s2
    if np.all(np.asarray(density_kg_m3) < floor):
        raise PhysicsError(
            f"{float(np.max(density_kg_m3)):.3f} kg/m3 where the pressure shell alone takes "
            f"{float(np.min(floor)):.3f}",
            path=path,
            hint="count it as a liner inside a shell, lower the pressure, or use stronger material",
        )
    return np.asarray(floor)


def equivalent_system_mass(
    *,
    mass_kg: Real,
    volume_m3: Real = 0.0,
    power_W: Real = 0.0,
    cooling_W: Real = 0.0,
    crew_time_h: Real = 0.0,
    volume_kg_m3: Real | None = None,
    power_kg_kW: Real | None = None,
    cooling_kg_kW: Real | None = None,
    crew_time_kg_h: Real | None = None,
) -> Mapping[str, Array]:
    """Equivalent system mass, term by term.

    Parameters
    ----------
    mass_kg, volume_m3, power_W, cooling_W : float or array
        Of the system: kg, m3, W, W.
    crew_time_h : float or array
        Crew time over the whole mission, h.
    volume_kg_m3, power_kg_kW, cooling_kg_kW, crew_time_kg_h : float or array, optional
        Equivalency factors: kg/m3, kg/kW, kg/kW, kg/h; those of ``equivalency.csv`` by default.

    Returns
    -------
    mapping
        ``mass_kg``, ``volume_kg``, ``power_kg``, ``cooling_kg``, ``crew_time_kg`` and their sum
        ``esm_kg``.

    Notes
    -----
    ``M + V V_eq + P P_eq + C C_eq + CT D CT_eq``. Source of the terms: Levri et al. (2003), NASA
    TM-2003-212278. The factors are inputs of a scenario.

    Examples
    --------
    >>> terms = equivalent_system_mass(mass_kg=100.0, power_W=1000.0, power_kg_kW=50.0)
    >>> float(terms["esm_kg"])
    150.0
    """
    table = read_table(room="city", name="equivalency")
    terms = {
        "mass_kg": np.asarray(mass_kg, dtype=np.float64),
        "volume_kg": volume_m3 * pick(volume_kg_m3, table, "lunar", "volume_kg_m3"),
        "power_kg": power_W * pick(power_kg_kW, table, "lunar", "power_kg_kW") / 1e3,
        "cooling_kg": cooling_W * pick(cooling_kg_kW, table, "lunar", "cooling_kg_kW") / 1e3,
        "crew_time_kg": crew_time_h * pick(crew_time_kg_h, table, "lunar", "crew_time_kg_h"),
    }
    return {**terms, "esm_kg": np.asarray(sum(terms.values()))}


def habitat(
    *,
    n_crew: Real,
    volume_m3: Real | None = None,
    structure_kg_m3: Real | None = None,
    equipment_kg: Real | None = None,
    greenhouse_m3: Real = 0.0,
    lamp_power_W: Real = 0.0,
    crew_power_W: Real | None = None,
    limit_Sv_yr: Real | None = None,
    surface_Sv_yr: Real | None = None,
    inside_frac: Real | None = None,
    diameter_m: Real | None = None,
    dark_day: Real | None = None,
    dark_load_frac: Real | None = None,
    dark_lamp_frac: Real | None = None,
    crew_time_h: Real = 0.0,
) -> Habitat:
    """Volume, mass, cover, power, cooling and dark store of a habitat.

    What is None is read from the shipped table ``habitat.csv``.

    Parameters
    ----------
    n_crew : float or array
        People; 0 gives zeros.
    volume_m3 : float or array, optional
        Pressurised volume of one person, m3.
    structure_kg_m3, equipment_kg : float or array, optional
        Shell and inner structure per volume (kg/m3); life support, furniture and the rest per
        person (kg).
    greenhouse_m3, lamp_power_W : float or array
        Pressurised volume (m3) and mean lamp power (W) of all greenhouses, as `plan_food` gives.
    crew_power_W : float or array, optional
        Power of one person without food, W.
    limit_Sv_yr, surface_Sv_yr : float or array, optional
        Dose that a person may take up, and dose on the open surface, Sv/yr.
    inside_frac : float or array, optional
        Share of the time under cover; the rest is spent on the open surface.
    diameter_m : float or array, optional
        Diameter of the modules, m.
    dark_day : float or array, optional
        Longest time without sunlight, days.
    dark_load_frac, dark_lamp_frac : float or array, optional
        Share of the crew's power and of the lamps that runs in the dark.
    crew_time_h : float or array
        Crew time booked in the equivalent system mass, h.

    Returns
    -------
    Habitat
        In the broadcast shape.

    Raises
    ------
    DomainError
        When the time outside alone exceeds the dose limit in every draw, or at people, volume or
        power below 0.
    PhysicsError
        When the structure is lighter than the least pressure shell.

    Notes
    -----
    Cover ``areal x area`` over the upper half of the modules and their ends; dose
    ``surface (inside D(areal) + 1 - inside)``; store ``dark power x time / usable share``; the
    heat to reject is all power and the crew's own.

    Examples
    --------
    >>> home = habitat(n_crew=100.0)
    >>> round(float(home.habitat_kg) / 100), round(float(home.cover_m), 1)
    (14600, 3.9)
    """
    table = read_table(room="city", name="habitat")

    def given(value: Real | None, item: str, quantity: str) -> Array:
        return pick(value, table, item, quantity)

    people = np.asarray(n_crew, dtype=np.float64)
    for name, value in (
        ("n_crew", people),
        ("greenhouse_m3", greenhouse_m3),
        ("lamp_power_W", lamp_power_W),
    ):
        if np.any(np.asarray(value) < 0.0):
            raise DomainError("must be >= 0", path=name)
    living = people * pick(volume_m3, read_table(room="city", name="living"), "air", "volume_m3")
    total_m3 = living + greenhouse_m3
    per_m3 = given(structure_kg_m3, "structure", "mass_kg_m3")
    floor = check_shell(
        density_kg_m3=per_m3,
        pressure_Pa=given(None, "shell", "pressure_Pa"),
        strength_m2_s2=given(None, "shell", "strength_m2_s2"),
        path="structure_kg_m3",
    )
    areal, dose = _cover(
        given(limit_Sv_yr, "shield", "limit_Sv_yr"),
        given(surface_Sv_yr, "shield", "surface_Sv_yr"),
        given(inside_frac, "shield", "inside_frac"),
    )
    cover_kg = areal * _covered_m2(total_m3, given(diameter_m, "structure", "diameter_m"), table)
    load_W = people * given(crew_power_W, "power", "crew_W")
    power_W = load_W + lamp_power_W
    dark_W = load_W * given(dark_load_frac, "dark", "load_frac")
    dark_W = dark_W + lamp_power_W * given(dark_lamp_frac, "dark", "lamp_frac")
    storage_J = dark_W * given(dark_day, "dark", "longest_day") * DAY_s
    storage_J = storage_J / given(None, "dark", "discharge_frac")
    body_J = values(read_table(room="city", name="living"), "body")["food_energy_J"]
    cooling_W = power_W + people * body_J / DAY_s
    radiator_m2 = cooling_W / given(None, "cooling", "radiator_W_m2")
    structure_kg = living * per_m3
    total_kg = structure_kg + people * given(equipment_kg, "structure", "equipment_kg")
    terms = equivalent_system_mass(
        mass_kg=total_kg,
        volume_m3=np.asarray(greenhouse_m3, dtype=np.float64),
        power_W=power_W,
        cooling_W=cooling_W,
        crew_time_h=crew_time_h,
    )
    return Habitat(
        volume_m3=total_m3,
        habitat_kg=total_kg,
        structure_kg=structure_kg,
        shell_floor_kg=living * floor,
        shell_margin_ratio=np.asarray(per_m3 / floor),
        air_kg=total_m3 * values(read_table(room="city", name="living"), "air")["density_kg_m3"],
        areal_kg_m2=areal,
        cover_m=areal / given(None, "shield", "regolith_kg_m3"),
        cover_kg=cover_kg,
        cover_pressure_Pa=areal * _LUNAR_GRAVITY_m_s2,
        cover_robot_h=cover_kg * given(None, "shield", "robot_h_kg"),
        cover_energy_J=cover_kg * given(None, "shield", "energy_J_kg"),
        dose_Sv_yr=dose,
        power_W=power_W,
        cooling_W=cooling_W,
        radiator_m2=radiator_m2,
        radiator_kg=radiator_m2 * given(None, "cooling", "radiator_kg_m2"),
        dark_power_W=dark_W,
        storage_J=storage_J,
        storage_kg=storage_J / given(None, "dark", "storage_J_kg"),
        esm_kg=terms["esm_kg"],
        esm_terms_kg=terms,
    )


def _cover(limit: Array, surface: Array, inside: Array) -> tuple[Array, Array]:
    """Cover for the limit, kg/m2, and the dose under it; NaN where no cover is enough."""
    room = limit / surface - (1.0 - inside)
    if np.all(room <= 0.0):
        raise DomainError(
            f"the time outside alone gives {float(np.min(surface * (1.0 - inside))):.3f} Sv/yr",
            path="limit_Sv_yr",
            hint="spend more time inside, or allow more",
        )
    ratio = np.where(room > 0.0, room, np.nan) / np.where(inside > 0.0, inside, np.nan)
    unbound = surface <= limit
    areal = np.where(unbound, 0.0, cover_for(dose_ratio=np.where(unbound, 1.0, ratio)))
    dose = surface * (inside * dose_behind(areal_kg_m2=areal) + 1.0 - inside)
    return np.asarray(areal), np.asarray(dose)


def _covered_m2(
    volume_m3: Array, diameter_m: Array, table: Mapping[str, Mapping[str, Number]]
) -> Array:
    """Upper half of horizontal cylinders, with both ends."""
    length_m = diameter_m * values(table, "structure")["aspect_ratio"]
    one_m3 = np.pi / 4.0 * diameter_m**2 * length_m
    one_m2 = np.pi / 2.0 * diameter_m * length_m + np.pi / 4.0 * diameter_m**2
    return np.asarray(volume_m3 / one_m3 * one_m2)


def _shielding() -> tuple[Array, Array]:
    table = read_table(room="city", name="shielding")
    rows = [values(table, item) for item in table]
    depth = np.array([row["areal_kg_m2"] for row in rows])
    return depth, np.log([row["dose_ratio"] for row in rows])
