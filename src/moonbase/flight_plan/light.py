"""What sunlight does to the scenario's satellite once its array is open.

The satellite is a flat plate that faces the Sun, of the area and mass of its design, with the
array's reflectivity; what is not mirrored is absorbed. Neglected: the radiator, which stands edge
on, the tilt of the array while it steers, and a craft that tumbles once its service has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from moonbase import orbits
from moonbase.core.constants import DAY_s
from moonbase.flight_plan.plan import Plan
from moonbase.orbits import ForceModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Sunlight:
    """The plate that flies, and how far sunlight moves the nominal release by the end.

    ``deploy_s`` is the time of flight at which the array opens; ``shift_m`` is nan where the flight
    ends before, with sunlight or without.
    """

    area_per_mass_m2_kg: float
    deploy_s: float
    shift_m: float


def sunlight(found: Plan, *, days: float, forces: ForceModel) -> Sunlight | None:
    """Fly the nominal release with sunlight and without.

    Parameters
    ----------
    found
        What :func:`moonbase.flight_plan.plan` returned.
    days
        Time of flight.
    forces
        What acts, with sunlight in it or without.

    Returns
    -------
    Sunlight or None
        None where the plan flies without sunlight.

    Raises
    ------
    DomainError
        As :func:`moonbase.orbits.propagate`.

    Examples
    --------
    >>> from moonbase.flight_plan import forces_of, plan
    >>> found = sunlight(plan("alpha", epoch="2030-01-01"), days=30.0, forces=forces_of(2))
    >>> 1e6 < found.shift_m < 1e7
    True
    """
    light = found.light
    if light is None:
        return None
    release = found.track.release(found.epoch_tdb_s)
    ends = [
        orbits.propagate(release, duration_s=days * DAY_s, forces=replace(forces, pressure=item))
        for item in (light, None)
    ]
    flown = all(int(end.status) == 0 for end in ends)
    shift = float(np.linalg.norm(ends[0].r_icrf_m - ends[1].r_icrf_m)) if flown else float("nan")
    return Sunlight(
        area_per_mass_m2_kg=float(light.area_per_mass_m2_kg),
        deploy_s=light.after_s,
        shift_m=shift,
    )
