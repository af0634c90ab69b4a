"""The rocket equation: propellant for a payload, payload for a tank, tanker flights.

Neglected: residual propellant, finite burn and steering losses beyond those inside the given speed
change, boil-off during the flight, and the tanker's own ascent propellant (it belongs to the price
of a launch).
"""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import STANDARD_GRAVITY_m_s2
from moonbase.core.errors import DomainError


def _require_positive(**values: Real) -> None:
    for name, value in values.items():
        if not np.any(np.asarray(value) > 0.0):
            raise DomainError("must be > 0", path=name, hint=f"got {value}")


def mass_ratio(
    *,
    delta_v_m_s: Real,
    specific_impulse_s: Real,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Array:
    """Mass before a burn over mass after it.

    Parameters
    ----------
    delta_v_m_s : float or array
        Speed change, m/s.
    specific_impulse_s : float or array
        Specific impulse, s; > 0.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    array
        ``exp(delta_v / (Isp g0))``, dimensionless, in the broadcast shape.

    Raises
    ------
    DomainError
        When no element of ``specific_impulse_s`` is positive.

    Notes
    -----
    Exact for constant specific impulse and no gravity loss. Not to be confused with the gear ratio,
    which also counts the hull.

    Examples
    --------
    >>> round(float(mass_ratio(delta_v_m_s=6100.0, specific_impulse_s=450.0)), 3)
    3.984
    """
    _require_positive(specific_impulse_s=specific_impulse_s)
    exponent = np.asarray(delta_v_m_s) / (np.asarray(specific_impulse_s) * g0_m_s2)
    return np.asarray(np.exp(exponent), dtype=np.float64)


def rocket_propellant(
    *,
    dry_kg: Real,
    payload_kg: Real,
    delta_v_m_s: Real,
    specific_impulse_s: Real,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Array:
    """Propellant that gives a vehicle and its payload a speed change.

    Parameters
    ----------
    dry_kg, payload_kg : float or array
        Empty vehicle and payload, kg.
    delta_v_m_s : float or array
        Speed change, m/s.
    specific_impulse_s : float or array
        Specific impulse, s; > 0.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    array
        ``(dry + payload) (R - 1)``, kg, in the broadcast shape; R is the mass ratio.

    Raises
    ------
    DomainError
        When no element of ``specific_impulse_s`` is positive.

    Examples
    --------
    >>> propellant_kg = rocket_propellant(
    ...     dry_kg=120e3, payload_kg=100e3, delta_v_m_s=6145.0, specific_impulse_s=375.0
    ... )
    >>> round(float(propellant_kg))
    949817
    """
    ratio = mass_ratio(
        delta_v_m_s=delta_v_m_s, specific_impulse_s=specific_impulse_s, g0_m_s2=g0_m_s2
    )
    return (np.asarray(dry_kg) + payload_kg) * (ratio - 1.0)


def payload_for_propellant(
    *,
    dry_kg: Real,
    propellant_kg: Real,
    delta_v_m_s: Real,
    specific_impulse_s: Real,
    g0_m_s2: float = STANDARD_GRAVITY_m_s2,
) -> Array:
    """Payload that a filled tank can carry through a speed change.

    Parameters
    ----------
    dry_kg, propellant_kg : float or array
        Empty vehicle and propellant aboard, kg.
    delta_v_m_s : float or array
        Speed change, m/s; > 0.
    specific_impulse_s : float or array
        Specific impulse, s; > 0.
    g0_m_s2 : float
        Gravity that defines the specific impulse, m/s2.

    Returns
    -------
    array
        ``P / (R - 1) - dry``, kg, in the broadcast shape; negative where the tank cannot even
        carry the empty vehicle.

    Raises
    ------
    DomainError
        When no element of ``delta_v_m_s`` or ``specific_impulse_s`` is positive.

    Examples
    --------
    >>> payload_kg = payload_for_propellant(
    ...     dry_kg=120e3, propellant_kg=1.2e6, delta_v_m_s=6145.0, specific_impulse_s=365.0
    ... )
    >>> round(float(payload_kg))
    142787
    """
    _require_positive(delta_v_m_s=delta_v_m_s)
    ratio = mass_ratio(
        delta_v_m_s=delta_v_m_s, specific_impulse_s=specific_impulse_s, g0_m_s2=g0_m_s2
    )
    return np.asarray(propellant_kg) / (ratio - 1.0) - dry_kg


def tanker_flights(
    *,
    propellant_kg: Real,
    tanker_payload_kg: Real,
    boil_off_frac: Real,
    transfer_loss_frac: Real,
) -> Array:
    """Tanker flights that fill a ship in orbit, fractional because a fleet shares its depots.

    Parameters
    ----------
    propellant_kg : float or array
        Propellant that must be aboard, kg.
    tanker_payload_kg : float or array
        Propellant that one tanker brings to orbit, kg; > 0.
    boil_off_frac : float or array
        Share of the stored propellant that boils off before departure, in [0, 1).
    transfer_loss_frac : float or array
        Share lost in transfer, in [0, 1).

    Returns
    -------
    array
        ``P / (p_tanker (1 - boil-off) (1 - transfer loss))``, flights, in the broadcast shape.

    Raises
    ------
    DomainError
        When no element of ``tanker_payload_kg`` is positive.

    Notes
    -----
    Boil-off is a share of the whole campaign and does not grow with its length.

    Examples
    --------
    >>> n = tanker_flights(
    ...     propellant_kg=949817.0,
    ...     tanker_payload_kg=100e3,
    ...     boil_off_frac=0.0,
    ...     transfer_loss_frac=0.0,
    ... )
    >>> round(float(n), 4)
    9.4982
    """
    _require_positive(tanker_payload_kg=tanker_payload_kg)
    kept = (1.0 - np.asarray(boil_off_frac)) * (1.0 - np.asarray(transfer_loss_frac))
    return np.asarray(propellant_kg) / (np.asarray(tanker_payload_kg) * kept)
