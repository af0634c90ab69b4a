"""One launch behind one interface, whatever drives it: synchronous motor, quench gun, coilgun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.core.errors import DomainError
from moonbase.driver.bank import Stage
from moonbase.driver.coils import Coil
from moonbase.driver.design import DriverDesign
from moonbase.driver.history import Launch
from moonbase.driver.quench import QuenchGun, simulate_quench
from moonbase.driver.stage import simulate_gun
from moonbase.driver.synchronous import simulate_synchronous


@dataclass(frozen=True, slots=True, kw_only=True)
class Coilgun:
    """A capacitor-fed induction gun: its stages, the armature, and all that moves, kg."""

    stages: Sequence[Stage]
    armature: Coil
    mass_kg: float


def simulate_launch(*, design: DriverDesign | QuenchGun | Coilgun, **options: Any) -> Launch:
    """Fly one payload with the machine that a design describes.

    Parameters
    ----------
    design
        A :class:`~moonbase.driver.design.DriverDesign` (inverter-fed synchronous motor), a
        :class:`~moonbase.driver.quench.QuenchGun` or a :class:`Coilgun`.
    **options
        What :func:`~moonbase.driver.synchronous.simulate_synchronous`,
        :func:`~moonbase.driver.quench.simulate_quench` or
        :func:`~moonbase.driver.stage.simulate_gun` takes besides.

    Returns
    -------
    Launch
        Histories, records of each coil, and the energy audit.

    Raises
    ------
    DomainError
        The design is of no known kind, or as the functions above say.

    Notes
    -----
    See the three functions for equations and sources.

    Examples
    --------
    >>> section = dict(radius_inner_m=0.043, radius_outer_m=0.060, length_m=0.080, turns=77)
    >>> bank = dict(capacitance_F=2.8e-3, voltage_V=10e3, wire_area_m2=6e-6)
    >>> sleeve = Coil(
    ...     radius_inner_m=0.026, radius_outer_m=0.041, length_m=0.080, position_m=0.035
    ... )
    >>> gun = Coilgun(stages=[Stage(coil=Coil(**section), **bank)], armature=sleeve, mass_kg=3.0)
    >>> launch = simulate_launch(design=gun, n_radial=3, n_axial=12)
    >>> launch.topology, launch.audit_error_frac < 2e-3
    ('coilgun', True)
    """
    for kind, simulate in _SIMULATE.items():
        if isinstance(design, kind):
            return simulate(design=design, **options)
    raise DomainError(
        f"cannot launch a {type(design).__name__}",
        path="design",
        hint=f"give one of {', '.join(kind.__name__ for kind in _SIMULATE)}",
    )


def _simulate_coilgun(*, design: Coilgun, **options: Any) -> Launch:
    shot = simulate_gun(
        stages=design.stages, armature=design.armature, mass_kg=design.mass_kg, **options
    )
    audit = shot.audit_J
    start_m_s = float(shot.speed_m_s[0])
    return Launch(
        topology="coilgun",
        time_s=shot.time_s,
        position_m=shot.position_m,
        speed_m_s=shot.speed_m_s,
        acceleration_m_s2=shot.force_N / design.mass_kg,
        force_N=shot.force_N,
        bus_power_W=np.sum(shot.coil_current_A * shot.capacitor_voltage_V, axis=0),
        sled_current_ratio=np.full_like(shot.time_s, np.nan),
        coil_position_m=np.array([stage.coil.position_m for stage in design.stages]),
        coil_current_A=shot.peak_current_A,
        coil_voltage_V=np.max(np.abs(shot.capacitor_voltage_V), axis=1),
        coil_temperature_rise_K=shot.coil_temperature_rise_K,
        muzzle_speed_m_s=shot.exit_speed_m_s,
        release_time_s=float(shot.time_s[-1]),
        speed_error_m_s=0.0,
        energy_in_J={"stored": audit["stored"], "start": 0.5 * design.mass_kg * start_m_s**2},
        energy_out_J={key: value for key, value in audit.items() if key != "stored"}
        | {"start": 0.5 * design.mass_kg * start_m_s**2},
        audit_error_frac=abs(shot.audit_error_frac),
    )


_SIMULATE: dict[type, Callable[..., Launch]] = {
    DriverDesign: simulate_synchronous,
    QuenchGun: simulate_quench,
    Coilgun: _simulate_coilgun,
}
