"""Size of a molten regolith electrolysis reactor: a published fit, and where it stops to hold.

The fit is a power law in the oxygen of one reactor. Its energy per kg falls without limit, so it is
refused where it would undercut the reaction and melting floor: more reactors, never a bigger one.

Neglected: everything around the reactor (feed, gas, metal handling), joule heating against
temperature, anode and refractory life.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import HOURS_PER_YEAR
from moonbase.core.errors import DomainError, PhysicsError
from moonbase.industry.data import numbers
from moonbase.industry.floors import recipe_floor
from moonbase.industry.recipes import load_recipes
from moonbase.industry.regolith import Soil


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactor:
    """Molten regolith electrolysis reactors, all of them together.

    ``energy_kWh_kg`` is per kg of oxygen; ``floor_kWh_kg`` the reaction and melting floor of the
    soil; ``capital_yr`` reactor mass over yearly oxygen; ``largest_kg_yr`` the oxygen of one
    reactor at which the fit meets the floor.
    """

    mass_kg: Array
    power_W: Array
    energy_kWh_kg: Array
    capital_yr: Array
    floor_kWh_kg: float
    largest_kg_yr: Array


def mre_reactor(
    *,
    oxygen_kg_yr: Real,
    duty_frac: Real = 0.5,
    n_reactors: Real = 1.0,
    soil: str | Mapping[str, float] | Soil | None = None,
) -> Reactor:
    """Mass and power of molten regolith electrolysis reactors.

    Parameters
    ----------
    oxygen_kg_yr : Real
        Oxygen of all reactors together, kg/yr; arguments broadcast, draws last.
    duty_frac : Real
        Share of the year in which they run.
    n_reactors : Real
        Reactors that share the output.
    soil : str or Mapping, optional
        Feed, as ``regolith`` reads it; the Apollo 16 mean by default. It sets the floor.

    Returns
    -------
    Reactor

    Raises
    ------
    DomainError
        A reactor smaller than the fit (1,000 kg/yr), a duty outside (0, 1], fewer than one reactor.
    PhysicsError
        A reactor so large that the fit uses less energy than its floor.

    Notes
    -----
    ``mass = 1.492 (N/2t)^0.608`` kg and ``power = 264 (N/2t)^0.577`` W with N kg of oxygen per
    reactor and year and t the duty; energy is ``power t 8766 h / N``. Morioes 2025 (public code),
    after Schreiner et al. 2016, Adv. Space Res. 57:1585. Valid to about 70 t/yr at t = 0.5.

    Examples
    --------
    >>> reactor = mre_reactor(oxygen_kg_yr=10_000.0)
    >>> round(float(reactor.mass_kg)), round(float(reactor.power_W)), round(
    ...     float(reactor.energy_kWh_kg), 1)
    (403, 53654, 23.5)
    """
    oxygen, duty, count = (
        np.asarray(x, dtype=float) for x in (oxygen_kg_yr, duty_frac, n_reactors)
    )
    fit = numbers()
    each = _each(oxygen, duty, count, fit["mre_smallest_kg_yr"])
    scale = each / (2.0 * duty)
    power = fit["mre_power_W"] * scale ** fit["mre_power_exponent_nd"]
    energy = power / 1e3 * duty * HOURS_PER_YEAR / each
    floor = recipe_floor(load_recipes(soil=soil), "mre_si")
    largest = each * (energy / floor.energy_kWh) ** (1.0 / (1.0 - fit["mre_power_exponent_nd"]))
    if (energy < floor.energy_kWh).any():
        worst = np.unravel_index(np.argmin(energy), energy.shape)
        limit = np.broadcast_to(largest, energy.shape)[worst]
        least = np.ceil(np.broadcast_to(oxygen, energy.shape)[worst] / limit)
        raise PhysicsError(
            f"the fit gives {energy[worst]:.4g} kWh per kg of oxygen for a reactor of "
            f"{np.broadcast_to(each, energy.shape)[worst]:.4g} kg/yr, below its floor "
            f"{floor.energy_kWh:.4g} = reaction {floor.reaction_kWh:.4g} + melt "
            f"{floor.melt_kWh:.4g}",
            path="oxygen_kg_yr",
            hint=f"at most {limit:.3g} kg/yr per reactor: n_reactors >= {least:g}",
        )
    mass = count * fit["mre_mass_kg"] * scale ** fit["mre_mass_exponent_nd"]
    return Reactor(
        mass_kg=mass,
        power_W=count * power,
        energy_kWh_kg=energy,
        capital_yr=mass / oxygen,
        floor_kWh_kg=floor.energy_kWh,
        largest_kg_yr=largest,
    )


def _each(oxygen: Array, duty: Array, count: Array, smallest_kg_yr: float) -> Array:
    """Oxygen of one reactor, within the fit's domain."""
    if not ((duty > 0.0) & (duty <= 1.0)).all():
        raise DomainError("must be > 0 and <= 1", path="duty_frac", hint="a share of the year")
    if not (count >= 1.0).all():
        raise DomainError("must be >= 1", path="n_reactors", hint="count whole reactors")
    each = np.asarray(oxygen / count)
    if not ((each >= smallest_kg_yr) & np.isfinite(each)).all():
        raise DomainError(
            f"{np.min(each):.4g} kg of oxygen per reactor and year is outside the fit",
            path="oxygen_kg_yr",
            hint=f"at least {smallest_kg_yr:g} kg/yr per reactor: fewer n_reactors",
        )
    return each
