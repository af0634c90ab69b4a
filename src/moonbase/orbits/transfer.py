"""From the muzzle to a slot along the Earth's orbit, by throws that were flown.

The launch table of the driver's track says where each throw goes; draws are looked up in it.
Neglected: what the table neglects, the Earth's pull on the craft later than a year after release,
when and where on the way to the slot the burns are made, losses of long burns, and a stop at the
slot's exact angle, which a change of coasting time gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    JULIAN_YEAR_s,
    MOON_RADIUS_m,
    SPEED_OF_LIGHT_m_s,
)
from moonbase.orbits._served import (
    C3,
    DRIFT,
    SHARE,
    STOP,
    TRANSIT,
    LEVEL_rad_yr,
    MEAN_MOTION_rad_yr,
    served,
)
from moonbase.orbits._throws import N_LONGITUDES, LONGITUDE_STEP_rad, SPEED_m_s, Track
from moonbase.orbits.patched_conic import _valid, escape_conditions
from moonbase.orbits.throw_table import track_of

_MOON_ROTATION_rad_s = 2.0 * float(np.pi) / (27.321661 * 86_400.0)
"""One turn in a sidereal month."""


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


def size_transfer(
    *,
    t_tdb_s: Array,
    muzzle_speed_m_s: Real,
    drift_rate_rad_yr: Real,
    min_usable_frac: Real,
    site_latitude_rad: Real,
    site_longitude_rad: Real,
    release_azimuth_rad: Real,
    release_elevation_rad: Real,
    slot_phase_rad: Real,
    trim_delta_v_m_s: Real,
    transfer_loss_frac: Real,
) -> TransferSize:
    r"""Follow releases to a heliocentric slot, and find the muzzle speed that the slot asks for.

    Parameters
    ----------
    t_tdb_s
        Epochs that stand for the campaign, seconds past J2000 TDB, shape (epoch,); see
        :func:`moonbase.orbits.bodies.release_epochs`.
    muzzle_speed_m_s
        Greatest speed over the ground that the driver can give, m/s (draw); each throw may be
        slower.
    drift_rate_rad_yr
        Drift along the Earth's orbit that the slots ask for, either way, rad per year (draw).
    min_usable_frac
        Share of epochs at which that drift must be reached (draw).
    site_latitude_rad, release_azimuth_rad, release_elevation_rad
        Site and direction of the throw, azimuth from north over east, rad; one value each.
    site_longitude_rad
        East longitude of the site, rad (draw).
    slot_phase_rad
        Angle from the Earth to the slot, seen from the Sun, rad (draw).
    trim_delta_v_m_s
        Propulsion for dispersion and trim on board, m/s (draw).
    transfer_loss_frac
        Share of satellites lost between muzzle and slot (draw).

    Returns
    -------
    TransferSize
        ``usable_frac``: share of epochs at which a throw up to the muzzle speed leaves the Earth
        directly and drifts at least as asked, at two neighbouring speeds of the table (5 m/s apart
        below 2,520 m/s). ``asked_speed_m_s``: smallest muzzle speed whose usable share reaches
        ``min_usable_frac``; inf where 3.8 km/s would not do. ``c3_earth_m2_s2``,
        ``v_inf_earth_m_s`` (0 where C3 is negative: past L1 or L2), ``drift_rad_yr``,
        ``transfer_s`` (to the edge of the Earth's sphere of influence) and ``stop_delta_v_m_s`` are
        medians over usable epochs of the throw that is cheapest to stop; ``phasing_s`` is the time
        from there to the slot at that drift. The stop enters the Earth's own orbit at the slot;
        ``onboard_delta_v_m_s`` adds the trim. ``release_speed_m_s`` and what is named ``moon`` are
        of the full muzzle speed and two bodies. ``distance_au`` is the semi-major axis of a
        trailing orbit that drifts as asked, ``light_time_s`` the time from slot to Earth.
        ``loss_frac`` is 1 where no epoch is usable. What needs a usable epoch is nan where there is
        none.

    Raises
    ------
    DomainError
        The drift is out of range or the longitude no number in every draw, another angle differs
        between draws, no epoch is given, or a flight leaves the tables, which end in 2181.

    Notes
    -----
    Shares and medians at the nodes of the table are interpolated linearly in longitude, speed and
    drift. Up to 0.4 rad a year and against throws flown at the site itself, the share is good to
    0.02 rms (0.09 at worst, where it climbs by 0.07 a m/s), the speed asked for to 2 m/s up to a
    share of 0.5 and 4 m/s up to 0.75, the stop to 15 m/s, rarely 45 m/s. Beyond 0.45 rad a year the
    share rises slowly, and one epoch more is worth tens of m/s. 120 epochs differ from 2,048 by
    0.007 rms in the share, 1 m/s in the speed and 5 m/s in the stop; the lunar field's degree 20 in
    place of 2 by 0.7 m/s in the speed; a drift read after two years by 0.5 m/s. The stop is
    :math:`v\sqrt{(\max(|\delta a/a|, |\delta e|)/2)^2 + \delta i^2}` with the differences from the
    Earth's orbit, first order: 0.1 % below the least of any number of impulses in the median, and
    up to a quarter where the craft's node lies across its apsides.

    Sources: flown, see :func:`moonbase.orbits.throw_table`; impulses between neighbouring orbits,
    Marec (1979), Optimal Space Trajectories.

    Examples
    --------
    >>> from moonbase.orbits.bodies import release_epochs
    >>> transfer = size_transfer(
    ...     t_tdb_s=release_epochs(start_tdb_s=27 * 31557600.0, n_epochs=120),
    ...     muzzle_speed_m_s=2500.0, drift_rate_rad_yr=0.2, min_usable_frac=0.5,
    ...     site_latitude_rad=0.0, site_longitude_rad=0.97, release_azimuth_rad=4.71238898,
    ...     release_elevation_rad=0.0, slot_phase_rad=0.5, trim_delta_v_m_s=10.0,
    ...     transfer_loss_frac=0.01,
    ... )
    >>> bool(transfer.asked_speed_m_s < 2400.0), bool(transfer.usable_frac > 0.9)
    (True, True)
    """
    slot_drift = _valid(
        "drift_rate_rad_yr",
        drift_rate_rad_yr,
        np.greater(drift_rate_rad_yr, 0.0) & np.less(drift_rate_rad_yr, MEAN_MOTION_rad_yr),
        "must be above 0 and below one turn a year",
        "pass the magnitude: leading and trailing slots are counted alike",
    )
    longitude = _valid(
        "site_longitude_rad",
        site_longitude_rad,
        np.isfinite(site_longitude_rad),
        "must be a number",
        "east, in rad",
    )
    track = track_of(t_tdb_s, site_latitude_rad, release_azimuth_rad, release_elevation_rad)
    draws = np.broadcast_arrays(slot_drift, longitude, min_usable_frac, muzzle_speed_m_s)
    shape = draws[0].shape
    drift, east, least_share, speed = (np.ravel(item) for item in draws)
    corners = _corners(track, east, drift)
    asked = _asked_speed(corners, np.maximum(least_share, 1.0 / len(track.t_tdb_s)))
    usable, found = _at_speed(corners, speed)
    asked, usable = asked.reshape(shape), usable.reshape(shape)
    stop, reached, transit, c3 = (found[row].reshape(shape) for row in (STOP, DRIFT, TRANSIT, C3))
    release = _release_speed(track, muzzle_speed_m_s)
    escape = escape_conditions(release_speed_m_s=release)
    return TransferSize(
        asked_speed_m_s=asked,
        release_speed_m_s=release,
        v_inf_moon_m_s=escape.v_inf_moon_m_s,
        c3_moon_m2_s2=escape.c3_moon_m2_s2,
        c3_earth_m2_s2=c3,
        v_inf_earth_m_s=np.sqrt(np.maximum(c3, 0.0)),
        drift_rad_yr=reached,
        usable_frac=usable,
        transfer_s=transit,
        phasing_s=slot_phase_rad / reached * JULIAN_YEAR_s,
        stop_delta_v_m_s=stop,
        onboard_delta_v_m_s=trim_delta_v_m_s + stop,
        distance_au=np.power(1.0 - slot_drift / MEAN_MOTION_rad_yr, -2.0 / 3.0),
        light_time_s=2.0
        * np.abs(np.sin(0.5 * np.asarray(slot_phase_rad)))
        * ASTRONOMICAL_UNIT_m
        / SPEED_OF_LIGHT_m_s,
        loss_frac=np.where(usable > 0.0, transfer_loss_frac, 1.0),
    )


@dataclass(frozen=True, slots=True)
class _Corners:
    """Where draws lie between the nodes of longitude and drift: four corners about each."""

    nodes: Array
    """What is served at the nodes in use (node, row, speed)."""
    node: npt.NDArray[np.intp]
    """(corner, draw)."""
    weight: Array
    """(corner, draw); nan for a draw that is not in range."""


def _corners(track: Track, longitude: Array, drift: Array) -> _Corners:
    east, up = longitude / LONGITUDE_STEP_rad, drift / LEVEL_rad_yr
    sound = np.isfinite(east) & np.isfinite(up)
    some = east[np.isfinite(east)][0]
    west = np.floor(np.where(sound, east, some)).astype(np.intp)
    below = np.floor(np.where(sound, up, 0.0)).astype(np.intp)
    across, above = east - west, up - below
    pairs, weights = [], []
    for step in (0, 1):
        for rise in (0, 1):
            pairs.append(((west + step) % N_LONGITUDES, below + rise))
            weights.append(
                np.where(step, across, 1.0 - across) * np.where(rise, above, 1.0 - above)
            )
    n_levels = int(below.max()) + 2
    codes, node = np.unique([i * n_levels + level for i, level in pairs], return_inverse=True)
    tables = [served(track, *divmod(int(code), n_levels)) for code in codes]
    weight = np.where(sound, np.array(weights), np.nan)
    return _Corners(np.array(tables), node.reshape(4, -1), weight)


def _asked_speed(corners: _Corners, least_share: Array) -> Array:
    """Smallest speed at which the share is large enough (draw,)."""
    shares = corners.nodes[:, SHARE]
    share = sum(
        weight[:, None] * shares[node]
        for node, weight in zip(corners.node, corners.weight, strict=True)
    )
    enough = share >= least_share[:, None] - 1e-12
    index = np.argmax(enough, axis=1)
    rows = np.arange(index.size)
    before = np.maximum(index - 1, 0)
    below, above = share[rows, before], share[rows, index]
    rise = np.where(above > below, above - below, 1.0)
    part = np.where(index > 0, (least_share - below) / rise, 1.0)
    speed = SPEED_m_s[before] + np.minimum(part, 1.0) * (SPEED_m_s[index] - SPEED_m_s[before])
    lost = np.isnan(corners.weight[0] + least_share)
    return np.where(lost, np.nan, np.where(enough.any(axis=1), speed, np.inf))


def _at_speed(corners: _Corners, speed: Array) -> tuple[Array, Array]:
    """Usable share (draw,), and medians at a muzzle speed (row, draw), nan where it is 0."""
    last = SPEED_m_s.size - 1
    low = np.clip(np.searchsorted(SPEED_m_s, speed, side="right") - 1, 0, last - 1)
    part = np.clip((speed - SPEED_m_s[low]) / (SPEED_m_s[low + 1] - SPEED_m_s[low]), 0.0, 1.0)
    total = np.zeros((corners.nodes.shape[1], speed.size))
    used = np.zeros(speed.size)
    for node, weight in zip(corners.node, corners.weight, strict=True):
        for step, near in ((0, 1.0 - part), (1, part)):
            found = corners.nodes[node, :, low + step].T
            counted = np.where(found[SHARE] > 0.0, weight * near, 0.0)
            total += counted * found
            used += counted
    slow = speed < SPEED_m_s[0]
    usable = np.where(slow, 0.0, total[SHARE])
    with np.errstate(invalid="ignore", divide="ignore"):
        medians = np.where((usable > 0.0) & (used > 0.0), total / used, np.nan)
    return usable, medians


def _release_speed(track: Track, muzzle_speed_m_s: Real) -> Array:
    """Inertial speed of a throw, with the ground's own."""
    ground = _MOON_ROTATION_rad_s * MOON_RADIUS_m * np.cos(track.latitude_rad)
    along = ground * np.cos(track.elevation_rad) * np.sin(track.azimuth_rad)
    speed = np.asarray(muzzle_speed_m_s, dtype=np.float64)
    release: Array = np.sqrt(speed**2 + 2.0 * along * speed + ground**2)
    return release
