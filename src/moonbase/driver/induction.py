"""Induction launchers in closed form: stored energy, recharge, efficiency and armature heat.

Neglected: losses between charger and capacitor other than through the charging efficiency, and
energy that comes back from the coils.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.driver._checks import _fraction, _positive


@dataclass(frozen=True, slots=True, kw_only=True)
class InductionEnergy:
    """Energies of one shot, its efficiency and the time to charge for it, with draws' shape."""

    stored_energy_J: Array
    muzzle_energy_J: Array
    efficiency_frac: Array
    recharge_time_s: Array
    stored_per_mass_J_kg: Array


def induction_energy(
    *,
    capacitance_F: Real,
    voltage_V: Real,
    mass_kg: Real,
    muzzle_speed_m_s: Real,
    charging_power_W: Real,
    n_stages: Real = 1.0,
    charging_efficiency_frac: Real = 1.0,
) -> InductionEnergy:
    r"""Energy, efficiency and recharge time of a capacitor-fed launcher.

    Parameters
    ----------
    capacitance_F, voltage_V
        Capacitance and voltage of each stage, F and V (draw).
    mass_kg, muzzle_speed_m_s
        All that moves, kg, and its speed at the muzzle, m/s, from rest (draw).
    charging_power_W
        Power taken from the bus while charging, W (draw).
    n_stages
        Equal stages (draw).
    charging_efficiency_frac
        Energy in the capacitors over energy from the bus (draw).

    Returns
    -------
    InductionEnergy
        Stored and muzzle energy J, their ratio, recharge time s, stored energy per mass J/kg.

    Raises
    ------
    DomainError
        An input is not positive, or the charging efficiency above 1, in every draw.

    Notes
    -----
    :math:`E = n C U^2/2`, :math:`\eta = m v^2/(2E)`, :math:`t = E/(\eta_c P)`. The capacitors are
    taken to be empty after a shot. An efficiency above 1 says that the speed is out of reach.

    Source: derived.

    Examples
    --------
    >>> shot = induction_energy(
    ...     capacitance_F=0.018, voltage_V=16e3, n_stages=3, mass_kg=20.0,
    ...     muzzle_speed_m_s=321.56, charging_power_W=100e3,
    ... )
    >>> round(float(shot.efficiency_frac), 4), round(float(shot.recharge_time_s), 1)
    (0.1496, 69.1)
    """
    bank = _positive("capacitance_F", capacitance_F) * _positive("n_stages", n_stages)
    stored = 0.5 * bank * _positive("voltage_V", voltage_V) ** 2
    mass = _positive("mass_kg", mass_kg)
    muzzle = 0.5 * mass * _positive("muzzle_speed_m_s", muzzle_speed_m_s) ** 2
    efficiency = _fraction("charging_efficiency_frac", charging_efficiency_frac, above_zero=True)
    return InductionEnergy(
        stored_energy_J=stored,
        muzzle_energy_J=muzzle,
        efficiency_frac=muzzle / stored,
        recharge_time_s=stored / (efficiency * _positive("charging_power_W", charging_power_W)),
        stored_per_mass_J_kg=stored / mass,
    )


def induction_armature_heat(*, kinetic_energy_J: Real, slip_frac: Real) -> Array:
    r"""Heat in the armature of an induction launcher.

    Parameters
    ----------
    kinetic_energy_J
        Kinetic energy gained, J (draw).
    slip_frac
        Mean slip over the launch: one less mean speed over mean field speed, 0 to below 1 (draw).
        From rest up to a fixed field speed it is one half.

    Returns
    -------
    Array
        Heat, J.

    Raises
    ------
    DomainError
        The energy is not positive, or the slip not between 0 and 1, in every draw.

    Notes
    -----
    :math:`Q = E\,s/(1 - s)`: a force F on the armature takes F times the field's speed from the
    field and gives F times the armature's. With a fixed field speed and constant mass this is
    exact for any start and end, s taken at the mean of the two speeds.

    Source: Driga (1986) for the start from rest; the rest derived.

    Examples
    --------
    >>> float(induction_armature_heat(kinetic_energy_J=3.1e6, slip_frac=0.5))
    3100000.0
    """
    slip = _fraction("slip_frac", slip_frac)
    slip = np.where(slip < 1.0, slip, np.nan)
    return np.asarray(_positive("kinetic_energy_J", kinetic_energy_J) * slip / (1.0 - slip))
