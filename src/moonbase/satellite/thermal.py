"""From the chip's junction to space: temperature ladder and radiator.

Neglected: gradients along a radiator (one factor against the ideal stands for fin drop, coolant
range and margins), the change of chip efficiency with temperature, and shading by neighbours
beyond an open share of the view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Real
from moonbase.core.constants import STEFAN_BOLTZMANN_W_m2_K4
from moonbase.satellite.environment import absorbed_flux

RADIATOR_FACES = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalLadder:
    """Temperatures between chip and space."""

    junction_temperature_K: Real
    coolant_temperature_K: Real
    radiator_temperature_K: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiatorSize:
    """A two-sided radiator with its loop: panel area of one side, absorbed flux, masses."""

    area_m2: Real
    absorbed_W_m2: Real
    panel_kg: Real
    loop_kg: Real


def greybody_flux(
    *, temperature_K: Real, emissivity_frac: Real, n_faces: Real, sink_temperature_K: Real
) -> Real:
    """Net infrared of a grey plate, n eps sigma (T^4 - T_sink^4).

    Parameters
    ----------
    temperature_K, sink_temperature_K
        Temperatures of the plate and of what it sees [K], any shape.
    emissivity_frac
        Infrared emissivity [1].
    n_faces
        Faces that radiate, counted on one panel area.

    Returns
    -------
    Real
        Flux per panel area [W/m2].

    Notes
    -----
    Source: Stefan-Boltzmann law.

    Examples
    --------
    >>> round(float(greybody_flux(
    ...     temperature_K=370.0, emissivity_frac=0.9, n_faces=2, sink_temperature_K=0.0)), 1)
    1912.9
    """
    fourth = temperature_K**4 - sink_temperature_K**4
    return n_faces * emissivity_frac * STEFAN_BOLTZMANN_W_m2_K4 * fourth


def thermal_ladder(
    *,
    junction_temperature_K: Real,
    chip_heat_W: Real,
    chip_thermal_resistance_K_W: Real,
    radiator_drop_K: Real,
) -> ThermalLadder:
    """Coolant and radiator temperatures that a junction limit allows.

    T_coolant = T_j - Q_chip R and T_rad = T_coolant - dT, with R from the junction to the coolant
    and dT from the coolant to the mean radiating surface.

    Parameters
    ----------
    junction_temperature_K
        Hottest allowed junction [K], any shape.
    chip_heat_W
        Heat of one chip [W].
    chip_thermal_resistance_K_W
        Junction to coolant, interface and cold plate included [K/W].
    radiator_drop_K
        Coolant to radiating surface [K].

    Returns
    -------
    ThermalLadder
        The three temperatures [K].

    Notes
    -----
    Rack practice is 45 C coolant and 85-90 C junction for a 1.8 kW part, R of about 0.024 K/W.

    Examples
    --------
    >>> ladder = thermal_ladder(junction_temperature_K=360.0, chip_heat_W=1500.0,
    ...     chip_thermal_resistance_K_W=0.02, radiator_drop_K=10.0)
    >>> ladder.coolant_temperature_K, ladder.radiator_temperature_K
    (330.0, 320.0)
    """
    coolant = junction_temperature_K - chip_heat_W * chip_thermal_resistance_K_W
    return ThermalLadder(
        junction_temperature_K=junction_temperature_K,
        coolant_temperature_K=coolant,
        radiator_temperature_K=coolant - radiator_drop_K,
    )


def radiator_area(
    *,
    heat_W: Real,
    temperature_K: Real,
    emissivity_frac: Real,
    n_faces: Real,
    absorbed_W_m2: Real,
    open_frac: Real,
    flown_frac: Real,
) -> Real:
    """Panel area of a radiator.

    A = Q / (f n [eps sigma T^4 F_open - q_abs]), planform: one side of the panel.

    Parameters
    ----------
    heat_W
        Heat to reject [W], any shape.
    temperature_K
        Mean temperature of the radiating surface [K].
    emissivity_frac
        Infrared emissivity [1].
    n_faces
        Faces that radiate.
    absorbed_W_m2
        Heat taken from the surroundings, per face [W/m2].
    open_frac
        Share of each face's view that is not blocked by surfaces near its own temperature [1].
    flown_frac
        Heat that a real radiator rejects over this ideal [1].

    Returns
    -------
    Real
        Panel area [m2]; nan where the surroundings are too warm to reject heat at all.

    Notes
    -----
    Area is linear in heat and falls as T^-4. Source: energy balance; ISS EATCS panels reach
    0.25 and PVTCS 0.56 of a two-sided ideal at 276 K.

    Examples
    --------
    >>> round(float(radiator_area(heat_W=40e3, temperature_K=370.0, emissivity_frac=1.0,
    ...     n_faces=2, absorbed_W_m2=0.0, open_frac=1.0, flown_frac=1.0)), 2)
    18.82
    """
    sent = greybody_flux(
        temperature_K=temperature_K,
        emissivity_frac=emissivity_frac,
        n_faces=1.0,
        sink_temperature_K=0.0,
    )
    net = np.asarray(sent * open_frac - absorbed_W_m2)
    area: Real = heat_W / (flown_frac * n_faces * np.where(net > 0.0, net, np.nan))
    return area


def radiator_temperature(
    *,
    heat_W: Real,
    area_m2: Real,
    emissivity_frac: Real,
    n_faces: Real,
    absorbed_W_m2: Real,
    open_frac: Real,
    flown_frac: Real,
) -> Real:
    """Temperature at which a given radiator rejects a given heat.

    T^4 = [Q / (f n A) + q_abs] / (eps sigma F_open), the inverse of `radiator_area`.

    Parameters
    ----------
    heat_W
        Heat to reject [W], any shape.
    area_m2
        Panel area, one side [m2].
    emissivity_frac, n_faces, absorbed_W_m2, open_frac, flown_frac
        As in `radiator_area`.

    Returns
    -------
    Real
        Mean temperature of the radiating surface [K].

    Notes
    -----
    Source: as `radiator_area`.

    Examples
    --------
    >>> round(float(radiator_temperature(heat_W=40e3, area_m2=18.82, emissivity_frac=1.0,
    ...     n_faces=2, absorbed_W_m2=0.0, open_frac=1.0, flown_frac=1.0)))
    370
    """
    face_W_m2 = heat_W / (flown_frac * n_faces * area_m2) + absorbed_W_m2
    temperature: Real = np.sqrt(
        np.sqrt(face_W_m2 / (emissivity_frac * STEFAN_BOLTZMANN_W_m2_K4 * open_frac))
    )
    return temperature


def size_radiator(
    *,
    heat_W: Real,
    temperature_K: Real,
    array_back_W_m2: Real,
    infrared_W_m2: Real,
    view_factor_frac: Real,
    albedo_W_m2: Real,
    radiator_emissivity_frac: Real,
    radiator_absorptivity_frac: Real,
    radiator_open_frac: Real,
    radiator_array_view_frac: Real,
    radiator_flown_frac: Real,
    radiator_ageing_ratio: Real,
    radiator_areal_mass_kg_m2: Real,
    loop_mass_ratio: Real,
) -> RadiatorSize:
    """Size a two-sided radiator that stands edge-on to the Sun, with its coolant loop.

    Parameters
    ----------
    heat_W, temperature_K
        Heat to reject [W] and mean temperature of the radiating surface [K], any shape.
    array_back_W_m2
        Infrared that leaves the back of the satellite's own array [W/m2].
    infrared_W_m2, view_factor_frac, albedo_W_m2
        A planet's infrared [W/m2], each face's view of it [1], its reflected sunlight [W/m2].
    radiator_emissivity_frac, radiator_absorptivity_frac
        Infrared emissivity and solar absorptivity [1].
    radiator_open_frac, radiator_array_view_frac, radiator_flown_frac
        Open share of the view, view of the array, real over ideal radiator [1].
    radiator_ageing_ratio
        Area needed at the end over that at the start of life [1].
    radiator_areal_mass_kg_m2, loop_mass_ratio
        Panel mass [kg/m2]; panel, pumps, pipes and fluid together over the panel [1].

    Returns
    -------
    RadiatorSize
        Area [m2], flux absorbed per face [W/m2], panel and loop mass [kg].

    Notes
    -----
    Source: `radiator_area` and `absorbed_flux`.

    Examples
    --------
    >>> panel = size_radiator(heat_W=100e3, temperature_K=330.0, array_back_W_m2=0.0,
    ...     infrared_W_m2=0.0, view_factor_frac=0.0, albedo_W_m2=0.0,
    ...     radiator_emissivity_frac=0.9, radiator_absorptivity_frac=0.1,
    ...     radiator_open_frac=0.8, radiator_array_view_frac=0.0, radiator_flown_frac=0.56,
    ...     radiator_ageing_ratio=1.0, radiator_areal_mass_kg_m2=3.0, loop_mass_ratio=1.3)
    >>> round(float(panel.area_m2), 1), round(float(panel.panel_kg + panel.loop_kg))
    (184.4, 719)
    """
    absorbed = absorbed_flux(
        emissivity_frac=radiator_emissivity_frac,
        infrared_W_m2=infrared_W_m2,
        view_factor_frac=view_factor_frac,
        hot_flux_W_m2=array_back_W_m2,
        hot_view_frac=radiator_array_view_frac,
        absorptivity_frac=radiator_absorptivity_frac,
        sunlight_W_m2=0.0,
        albedo_W_m2=albedo_W_m2,
    )
    area = radiator_ageing_ratio * radiator_area(
        heat_W=heat_W,
        temperature_K=temperature_K,
        emissivity_frac=radiator_emissivity_frac,
        n_faces=RADIATOR_FACES,
        absorbed_W_m2=absorbed,
        open_frac=radiator_open_frac,
        flown_frac=radiator_flown_frac,
    )
    panel_kg = area * radiator_areal_mass_kg_m2
    return RadiatorSize(
        area_m2=area,
        absorbed_W_m2=absorbed,
        panel_kg=panel_kg,
        loop_kg=panel_kg * (loop_mass_ratio - 1.0),
    )
