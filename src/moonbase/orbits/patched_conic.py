"""From the muzzle to a drifting heliocentric orbit by patched conics.

A fixed driver throws at a fixed angle to the Moon's velocity, because the Moon keeps one face to
the Earth. The release hyperbola at the Moon, the hyperbola at the Earth and the first-order drift
round the Sun are joined end to end at every epoch, over the Moon's real distance and speed.

Neglected: the Sun's perturbation inside the Earth's sphere of influence (so the low-energy escapes
past L1 and L2 are missing, and speeds near the threshold are uncertain by tens of m/s), the
Moon's oblateness, terrain, libration other than through the misalignment angle, second-order terms
of the drift, and the slope of the Moon's orbit when the asymptote is compared with the Earth's
path. The launch azimuth and site are taken as free to give the misalignment asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    GM_EARTH_m3_s2,
    GM_MOON_m3_s2,
    GM_SUN_m3_s2,
    JULIAN_YEAR_s,
    MOON_RADIUS_m,
    SPEED_OF_LIGHT_m_s,
)
from moonbase.core.errors import DomainError
from moonbase.orbits.bodies import earth_state, moon_state

_MOON_ROTATION_rad_s = 2.0 * float(np.pi) / (27.321661 * 86_400.0)
"""One turn in a sidereal month."""
_MEAN_MOTION_rad_yr = float(np.sqrt(GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m**3)) * JULIAN_YEAR_s
_HELIO_SPEED_m_s = float(np.sqrt(GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m))
_EARTH_SPHERE_m = ASTRONOMICAL_UNIT_m * (GM_EARTH_m3_s2 / GM_SUN_m3_s2) ** 0.4
_GRID_v_inf_m_s = np.linspace(0.0, 3000.0, 101)
_GRID_misalignment_rad = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 37)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscapeConditions:
    """What a release at the lunar surface has left far from the Moon. Shape of the draws."""

    escape_speed_m_s: float
    circular_speed_m_s: float
    escape_energy_J_kg: float
    c3_moon_m2_s2: Real
    v_inf_moon_m_s: Real
    gain_ratio: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSize:
    """A release towards a heliocentric slot. Every field has the shape of the draws."""

    asked_speed_m_s: Real
    release_speed_m_s: Real
    v_inf_moon_m_s: Real
    c3_moon_m2_s2: Real
    c3_earth_m2_s2: Real
    v_inf_earth_m_s: Real
    drift_rad_yr: Real
    usable_frac: Real
    transfer_s: Real
    phasing_s: Real
    stop_delta_v_m_s: Real
    onboard_delta_v_m_s: Real
    distance_au: Real
    light_time_s: Real
    loss_frac: Real


@dataclass(frozen=True, slots=True, kw_only=True)
class _Geometry:
    """Moon and Earth at each epoch, epoch axis first, then axes of length 1 for the draws."""

    distance_m: Array
    radial_m_s: Array
    transverse_m_s: Array
    along_radial_frac: Array
    along_transverse_frac: Array
    drift_per_speed: Array


def escape_conditions(*, release_speed_m_s: Real) -> EscapeConditions:
    r"""Selenocentric energy and hyperbolic excess of a release at the mean lunar radius.

    Parameters
    ----------
    release_speed_m_s
        Inertial speed at release, m/s (draw).

    Returns
    -------
    EscapeConditions
        Escape and circular speed m/s, escape energy J/kg, and per draw C3 in m2/s2,
        ``v_inf_moon_m_s`` and ``gain_ratio`` = dv_inf/dv; the last two are nan where the release
        does not escape.

    Notes
    -----
    :math:`C_3 = v^2 - 2\mu/R`, :math:`v_\infty = \sqrt{C_3}`, :math:`dv_\infty/dv = v/v_\infty`.

    Source: two-body energy; GM of DE440 (Park et al. 2021).

    Examples
    --------
    >>> round(float(escape_conditions(release_speed_m_s=2500.0).v_inf_moon_m_s), 1)
    778.6
    """
    escape_energy = GM_MOON_m3_s2 / MOON_RADIUS_m
    speed = np.asarray(release_speed_m_s, dtype=np.float64)
    c3 = speed**2 - 2.0 * escape_energy
    v_inf = np.sqrt(np.where(c3 > 0.0, c3, np.nan))
    return EscapeConditions(
        escape_speed_m_s=float(np.sqrt(2.0 * escape_energy)),
        circular_speed_m_s=float(np.sqrt(escape_energy)),
        escape_energy_J_kg=escape_energy,
        c3_moon_m2_s2=c3,
        v_inf_moon_m_s=v_inf,
        gain_ratio=speed / v_inf,
    )


def earth_c3(
    *,
    v_inf_moon_m_s: Real,
    misalignment_rad: Real,
    moon_speed_m_s: Real,
    moon_distance_m: Real,
) -> Real:
    r"""Geocentric energy of a release that leaves the Moon at an angle to the Moon's velocity.

    Parameters
    ----------
    v_inf_moon_m_s
        Hyperbolic excess speed at the Moon, m/s (draw).
    misalignment_rad
        Angle between the release asymptote and the Moon's velocity, rad (draw).
    moon_speed_m_s, moon_distance_m
        Geocentric speed, m/s, and distance, m, of the Moon.

    Returns
    -------
    Real
        C3 at the Earth, m2/s2: :math:`|v_M + v_\infty|^2 - 2\mu_E/d`; negative is bound.

    Notes
    -----
    Source: patched conics at the Moon's distance.

    Examples
    --------
    >>> c3 = earth_c3(v_inf_moon_m_s=778.6, misalignment_rad=0.0, moon_speed_m_s=1018.0,
    ...               moon_distance_m=3.844e8)
    >>> round(float(c3) / 1e6, 2)
    1.15
    """
    c3: Array = (
        np.square(moon_speed_m_s)
        + np.square(v_inf_moon_m_s)
        + 2.0 * moon_speed_m_s * v_inf_moon_m_s * np.cos(misalignment_rad)
        - 2.0 * GM_EARTH_m3_s2 / moon_distance_m
    )
    return c3


def drift_rate(*, along_track_m_s: Real, orbital_speed_m_s: Real) -> Real:
    r"""Rate at which a craft leaves the Earth along its orbit, first order.

    Parameters
    ----------
    along_track_m_s
        Heliocentric speed relative to the Earth along the Earth's velocity, m/s (draw).
    orbital_speed_m_s
        Heliocentric speed of the Earth, m/s.

    Returns
    -------
    Real
        Drift behind the Earth, rad per Julian year (draw): :math:`6\pi\,\Delta v/v` per
        revolution; negative, ahead, for a negative speed.

    Notes
    -----
    Source: :math:`da/a = 2\Delta v/v` and Kepler's third law. Valid while
    :math:`\Delta v \ll v`.

    Examples
    --------
    >>> rate = drift_rate(along_track_m_s=1074.0, orbital_speed_m_s=29780.0)
    >>> round(float(np.degrees(rate)))
    39
    """
    rate: Real = 3.0 * _MEAN_MOTION_rad_yr * along_track_m_s / orbital_speed_m_s
    return rate


def hyperbola_time(
    *, gm_m3_s2: float, c3_m2_s2: Real, start_m: Real, end_m: Real, radial_speed_m_s: Real
) -> Real:
    r"""Time along a hyperbola from one distance out to another.

    Parameters
    ----------
    gm_m3_s2
        Gravitational parameter, m3/s2.
    c3_m2_s2
        Twice the orbital energy, m2/s2 (draw); positive.
    start_m, end_m
        Distances from the centre, m (draw).
    radial_speed_m_s
        Radial speed at the start, m/s (draw); negative if the craft first falls.

    Returns
    -------
    Real
        Time, s (draw); nan where the orbit is bound or does not reach ``end_m``.

    Notes
    -----
    With :math:`a = \mu/C_3`: :math:`e \sinh F = r \dot r/\sqrt{\mu a}`,
    :math:`e \cosh F = 1 + r/a`, :math:`t = \sqrt{a^3/\mu}\,(e \sinh F - F)`.

    Source: Kepler's equation for the hyperbola, any textbook of astrodynamics.

    Examples
    --------
    >>> time = hyperbola_time(gm_m3_s2=4.9028e12, c3_m2_s2=6.06e5, start_m=1.7374e6,
    ...                       end_m=6.62e7, radial_speed_m_s=0.0)
    >>> round(float(time) / 3600.0, 1)
    18.4
    """
    a = gm_m3_s2 / np.where(np.greater(c3_m2_s2, 0.0), c3_m2_s2, np.nan)
    sinh_start = start_m * radial_speed_m_s / np.sqrt(gm_m3_s2 * a)
    e = np.sqrt((1.0 + start_m / a) ** 2 - sinh_start**2)
    cosh_end = (1.0 + end_m / a) / e
    end = np.arccosh(np.where(cosh_end >= 1.0, cosh_end, np.nan))
    start = np.arcsinh(sinh_start / e)
    time: Array = np.sqrt(a**3 / gm_m3_s2) * (e * np.sinh(end) - end - sinh_start + start)
    return time


def size_transfer(
    *,
    t_tdb_s: Array,
    muzzle_speed_m_s: Real,
    drift_rate_rad_yr: Real,
    min_usable_frac: Real,
    misalignment_rad: Real,
    site_latitude_rad: Real,
    release_azimuth_rad: Real,
    slot_phase_rad: Real,
    trim_delta_v_m_s: Real,
    transfer_loss_frac: Real,
) -> TransferSize:
    r"""Follow a release to a heliocentric slot, and find the muzzle speed that the slot asks for.

    Parameters
    ----------
    t_tdb_s
        Epochs that stand for the campaign, seconds past J2000 TDB, shape (epoch,); see
        :func:`moonbase.orbits.bodies.release_epochs`.
    muzzle_speed_m_s
        Greatest speed over the ground that the driver can give, m/s (draw).
    drift_rate_rad_yr
        Drift along the Earth's orbit that the slots ask for, either way, rad per year (draw).
    min_usable_frac
        Share of epochs at which that drift must be reached (draw).
    misalignment_rad
        Angle from the Moon's velocity to the release asymptote, in the plane of the Moon's
        orbit, positive away from the Earth, rad within a quarter turn (draw).
    site_latitude_rad, release_azimuth_rad
        Site, and direction of the throw from north over east, rad (draw).
    slot_phase_rad
        Angle from the Earth to the slot, seen from the Sun, rad (draw).
    trim_delta_v_m_s
        Propulsion for dispersion and trim on board, m/s (draw).
    transfer_loss_frac
        Share of satellites lost between muzzle and slot (draw).

    Returns
    -------
    TransferSize
        ``usable_frac``: share of epochs at which the release escapes the Earth and drifts at
        least as asked. ``asked_speed_m_s``: smallest muzzle speed whose usable share reaches
        ``min_usable_frac``; inf where 3.8 km/s would not do. ``c3_earth_m2_s2``,
        ``v_inf_earth_m_s`` and ``drift_rad_yr`` are medians over usable epochs at full muzzle
        speed. ``transfer_s`` runs to the edge of the Earth's sphere of influence, ``phasing_s``
        from there to the slot at the drift asked for. ``stop_delta_v_m_s`` stops that drift at
        the slot; ``onboard_delta_v_m_s`` adds the trim. ``distance_au`` is the semi-major axis
        of a trailing drift orbit, ``light_time_s`` the time from slot to Earth. ``loss_frac`` is
        1 where no epoch is usable. What needs a usable epoch is nan where there is none.

    Raises
    ------
    DomainError
        The misalignment or the drift is out of range in every draw, no epoch is given, or one
        lies outside 1900 to 2181.

    Notes
    -----
    At each epoch :math:`C_{3,E} = |v_M + v_\infty|^2 - 2\mu_E/d`; the direction of the outgoing
    asymptote follows from the eccentricity vector at the Moon's distance; its component along the
    Earth's velocity drifts at :math:`6\pi\,\Delta v/v` per revolution. ``asked_speed_m_s`` is read
    from a table over excess speed and misalignment: good to 3 m/s up to a share of 0.7, above
    which one epoch more or less is worth tens of m/s.

    Source: patched conics; series of the Astronomical Almanac for Moon and Earth.

    Examples
    --------
    >>> from moonbase.orbits.bodies import release_epochs
    >>> transfer = size_transfer(
    ...     t_tdb_s=release_epochs(start_tdb_s=1.1e9, n_epochs=120), muzzle_speed_m_s=2500.0,
    ...     drift_rate_rad_yr=0.2, min_usable_frac=0.5, misalignment_rad=0.0,
    ...     site_latitude_rad=0.0, release_azimuth_rad=4.71239, slot_phase_rad=0.5,
    ...     trim_delta_v_m_s=10.0, transfer_loss_frac=0.01,
    ... )
    >>> bool(transfer.asked_speed_m_s < 2500.0), bool(transfer.usable_frac > 0.5)
    (True, True)
    """
    misalignment = _valid(
        "misalignment_rad",
        misalignment_rad,
        np.less_equal(np.abs(misalignment_rad), 0.5 * np.pi),
        "must be within a quarter turn",
        "turn the track, or place the driver where its asymptote leads the Moon",
    )
    slot_drift = _valid(
        "drift_rate_rad_yr",
        drift_rate_rad_yr,
        np.greater(drift_rate_rad_yr, 0.0) & np.less(drift_rate_rad_yr, _MEAN_MOTION_rad_yr),
        "must be above 0 and below one turn a year",
        "pass the magnitude: leading and trailing slots are counted alike",
    )
    carried = (
        _MOON_ROTATION_rad_s
        * MOON_RADIUS_m
        * np.cos(site_latitude_rad)
        * np.sin(release_azimuth_rad)
    )
    escape = escape_conditions(release_speed_m_s=muzzle_speed_m_s + carried)
    escapes = np.isfinite(escape.v_inf_moon_m_s)
    excess, drift, misalignment = np.broadcast_arrays(
        np.where(escapes, escape.v_inf_moon_m_s, 0.0), slot_drift, misalignment
    )
    geometry = _geometry(t_tdb_s, excess.ndim)
    c3, measure = _departure(geometry, excess, misalignment)
    usable = escapes & (c3 > 0.0) & (measure >= drift**2)
    usable_frac = usable.mean(axis=0)
    c3_median = _usable_median(c3, usable)
    stop = slot_drift * _HELIO_SPEED_m_s / (3.0 * _MEAN_MOTION_rad_yr)
    return TransferSize(
        asked_speed_m_s=_asked_speed(t_tdb_s, drift, min_usable_frac, misalignment) - carried,
        release_speed_m_s=muzzle_speed_m_s + carried,
        v_inf_moon_m_s=escape.v_inf_moon_m_s,
        c3_moon_m2_s2=escape.c3_moon_m2_s2,
        c3_earth_m2_s2=c3_median,
        v_inf_earth_m_s=np.sqrt(c3_median),
        drift_rad_yr=np.sqrt(_usable_median(measure, usable)),
        usable_frac=usable_frac,
        transfer_s=_transfer_time(geometry, escape, c3_median, misalignment),
        phasing_s=slot_phase_rad / slot_drift * JULIAN_YEAR_s,
        stop_delta_v_m_s=stop,
        onboard_delta_v_m_s=trim_delta_v_m_s + stop,
        distance_au=(1.0 - slot_drift / _MEAN_MOTION_rad_yr) ** (-2.0 / 3.0),
        light_time_s=2.0
        * np.abs(np.sin(0.5 * np.asarray(slot_phase_rad)))
        * ASTRONOMICAL_UNIT_m
        / SPEED_OF_LIGHT_m_s,
        loss_frac=np.where(usable_frac > 0.0, transfer_loss_frac, 1.0),
    )


def _geometry(t_tdb_s: Array, n_axes: int) -> _Geometry:
    epochs = np.asarray(t_tdb_s, dtype=np.float64)
    if epochs.ndim != 1 or epochs.size == 0:
        raise DomainError(
            "must be a list of at least one epoch",
            path="t_tdb_s",
            hint="take moonbase.orbits.release_epochs",
        )
    moon, earth = moon_state(t_tdb_s=epochs), earth_state(t_tdb_s=epochs)
    distance = np.linalg.norm(moon.r_ecl_m, axis=0)
    outward = moon.r_ecl_m / distance
    radial = np.sum(moon.v_ecl_m_s * outward, axis=0)
    across = moon.v_ecl_m_s - radial * outward
    transverse = np.linalg.norm(across, axis=0)
    earth_speed = np.linalg.norm(earth.v_ecl_m_s, axis=0)
    along = earth.v_ecl_m_s / earth_speed
    shape = (-1,) + (1,) * n_axes
    return _Geometry(
        distance_m=distance.reshape(shape),
        radial_m_s=radial.reshape(shape),
        transverse_m_s=transverse.reshape(shape),
        along_radial_frac=np.sum(along * outward, axis=0).reshape(shape),
        along_transverse_frac=(np.sum(along * across, axis=0) / transverse).reshape(shape),
        drift_per_speed=np.reshape(
            drift_rate(along_track_m_s=1.0, orbital_speed_m_s=earth_speed), shape
        ),
    )


def _departure(geometry: _Geometry, v_inf: Array, misalignment: Array) -> tuple[Array, Array]:
    """C3 at the Earth and signed square of the drift, shape (epoch, draw).

    The square is negative, proportional to C3, where the release stays bound.
    """
    speed = np.hypot(geometry.radial_m_s, geometry.transverse_m_s)
    ahead, aside = v_inf * np.cos(misalignment), v_inf * np.sin(misalignment)
    radial = geometry.radial_m_s * (1.0 + ahead / speed) + geometry.transverse_m_s / speed * aside
    transverse = (
        geometry.transverse_m_s * (1.0 + ahead / speed) - geometry.radial_m_s / speed * aside
    )
    c3 = radial**2 + transverse**2 - 2.0 * GM_EARTH_m3_s2 / geometry.distance_m
    momentum = geometry.distance_m / GM_EARTH_m3_s2 * transverse
    e_radial = momentum * transverse - 1.0
    e_transverse = -momentum * radial
    e_squared = e_radial**2 + e_transverse**2
    root = np.sqrt(np.maximum(e_squared - 1.0, 0.0))
    cosine = (
        (root * e_radial - e_transverse) * geometry.along_transverse_frac
        - (e_radial + root * e_transverse) * geometry.along_radial_frac
    ) / e_squared
    measure = geometry.drift_per_speed**2 * c3 * np.where(c3 > 0.0, cosine**2, 1.0)
    return c3, measure


def _asked_speed(t_tdb_s: Array, drift: Array, min_usable: Real, misalignment: Array) -> Array:
    """Smallest inertial release speed whose usable share is large enough."""
    tilt, v_inf = np.meshgrid(_GRID_misalignment_rad, _GRID_v_inf_m_s, indexing="ij")
    _, measure = _departure(_geometry(t_tdb_s, tilt.ndim), v_inf, tilt)
    ranked = np.sort(measure, axis=0)
    n_epochs = len(ranked)

    drift, share, misalignment = np.broadcast_arrays(drift, min_usable, misalignment)
    needed = np.clip(np.ceil(share * n_epochs - 1e-9), 1, n_epochs).astype(np.intp)
    angle = np.where(np.isnan(misalignment), 0.0, misalignment)
    low = np.searchsorted(_GRID_misalignment_rad, angle, side="right") - 1
    low = np.minimum(low, _GRID_misalignment_rad.size - 2)
    cos_low, cos_high = (np.cos(_GRID_misalignment_rad[low + step]) for step in (0, 1))
    weight = ((np.cos(angle) - cos_low) / (cos_high - cos_low))[..., None]
    rank = n_epochs - needed
    reached = (1.0 - weight) * ranked[rank, low] + weight * ranked[rank, low + 1]

    target = np.square(drift)[..., None]
    enough = reached >= target
    index = np.maximum(np.argmax(enough, axis=-1), 1)[..., None]
    below, above = (np.take_along_axis(reached, index - step, axis=-1) for step in (1, 0))
    part = (target - below) / (above - below)
    spacing = _GRID_v_inf_m_s[1]
    crossing = (spacing * (index - 1 + part))[..., 0]
    escape_squared = 2.0 * GM_MOON_m3_s2 / MOON_RADIUS_m
    speed = np.sqrt(escape_squared + np.where(enough.any(axis=-1), crossing, np.inf) ** 2)
    return np.where(np.isnan(misalignment + drift), np.nan, speed)


def _transfer_time(
    geometry: _Geometry, escape: EscapeConditions, c3_earth: Array, misalignment: Array
) -> Array:
    """From the muzzle to the edge of the Earth's sphere of influence, at the mean Moon."""
    distance = float(geometry.distance_m.mean())
    near_moon = hyperbola_time(
        gm_m3_s2=GM_MOON_m3_s2,
        c3_m2_s2=escape.c3_moon_m2_s2,
        start_m=MOON_RADIUS_m,
        end_m=distance * (GM_MOON_m3_s2 / GM_EARTH_m3_s2) ** 0.4,
        radial_speed_m_s=0.0,
    )
    near_earth = hyperbola_time(
        gm_m3_s2=GM_EARTH_m3_s2,
        c3_m2_s2=c3_earth,
        start_m=distance,
        end_m=_EARTH_SPHERE_m,
        radial_speed_m_s=escape.v_inf_moon_m_s * np.sin(misalignment),
    )
    return np.asarray(near_moon + near_earth)


def _usable_median(values: Array, usable: npt.NDArray[np.bool_]) -> Array:
    """Lower median over usable epochs; nan where there is none."""
    ranked = np.sort(np.where(usable, values, np.inf), axis=0)
    middle = np.maximum(usable.sum(axis=0) - 1, 0) // 2
    median = np.take_along_axis(ranked, middle[None, ...], axis=0)[0]
    return np.where(usable.any(axis=0), median, np.nan)


def _valid(path: str, value: Real, good: npt.ArrayLike, rule: str, hint: str) -> Array:
    """Value with nan where it breaks the rule; an error where it does so in every draw."""
    if not np.any(good):
        raise DomainError(f"{rule} in at least one draw", path=path, hint=hint)
    return np.where(good, value, np.nan)
