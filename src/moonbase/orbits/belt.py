"""The swarm: rings of slots about the Sun, how they fill, and what its members do to each other.

Slots stand at even distances on circular rings in one plane, ring beside ring on both sides of the
Earth's orbit with a gap about it, filled from the gap outward. Satellites in service keep their
slots; those that fail drift through the belt with random small eccentricities and inclinations
and are what is run into. Neglected: the planets' pull over years (the Earth's single kick is
given; :mod:`moonbase.orbits.ring_spread` flies on), fragments of collisions, the time in transfer
and the Earth's eccentricity.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.constants import (
    ASTRONOMICAL_UNIT_m,
    GM_SUN_m3_s2,
    JULIAN_YEAR_s,
    SOLAR_RADIUS_m,
)
from moonbase.core.errors import DomainError
from moonbase.orbits.encounters import _positive, encounter_rate
from moonbase.orbits.patched_conic import _valid
from moonbase.orbits.slot_keeping import PressureKeeping, conjunction_kick, pressure_keeping

_MAX_RINGS = 2_000_000
_EARTH_MOTION_rad_s = (GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m**3) ** 0.5
_SUN_WIDTH_rad = 2.0 * SOLAR_RADIUS_m / ASTRONOMICAL_UNIT_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """Rings in the order in which they fill (ring,).

    ``drift_rad_yr`` is the motion relative to the Earth, positive ahead; ``passing_1_yr`` how many
    slots pass the Earth in a year: no more can be filled without phasing. ``v_inf_m_s`` leaves the
    Earth on the ellipse that touches the ring, ``insertion_m_s`` stops there after
    ``transfer_s``. ``kick_frac`` is the eccentricity that one passage of the Earth leaves, every
    ``synodic_yr``.
    """

    radius_au: Array
    n_slots: Array
    drift_rad_yr: Array
    synodic_yr: Array
    passing_1_yr: Array
    v_inf_m_s: Array
    insertion_m_s: Array
    transfer_s: Array
    kick_frac: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Swarm:
    """The swarm at the end of each year (year, draw), and what it is laid out by.

    ``n_alive`` in service, ``n_derelict`` drifting, ``n_rings`` begun, ``n_refused`` launched in
    the year without finding a slot. ``outer_au`` is the greatest radius of a begun ring.
    ``collisions_1_yr`` counts hits of all kinds in a year, ``hit_1_yr`` those that one satellite
    in service must expect. ``shade_frac`` is the mean share of sunlight that the outermost ring
    loses to all others. ``phasing_yr`` is the time in which as many slots of the begun rings pass
    the Earth as the year launches.

    Of one ring in the light of the next (draw): ``pass_speed_m_s`` between them,
    ``shade_depth_frac`` and ``shade_passage_s`` of one passage, ``shade_interval_s`` from one to
    the next. ``shift_ratio`` is the shift of orbit that stops the drift of a neighbour over half
    the ring spacing: above 1 the spread must be sorted or trimmed. ``keeping`` holds the rest of
    the station keeping, ``rings`` the layout.
    """

    year: Array
    n_alive: Array
    n_derelict: Array
    n_rings: Array
    n_refused: Array
    outer_au: Array
    collisions_1_yr: Array
    hit_1_yr: Array
    shade_frac: Array
    phasing_yr: Array
    pass_speed_m_s: Array
    shade_depth_frac: Array
    shade_passage_s: Array
    shade_interval_s: Array
    shift_ratio: Array
    keeping: PressureKeeping
    rings: Rings


def lay_rings(
    *,
    inner_au: float,
    outer_au: float,
    gap_au: float,
    ring_spacing_m: float,
    slot_spacing_m: float,
) -> Rings:
    r"""Lay rings of slots on both sides of the Earth's orbit.

    Parameters
    ----------
    inner_au, outer_au
        Bounds of the belt, astronomical units, 1 between them or at one of them.
    gap_au
        Half width of the zone about the Earth's orbit that stays free, astronomical units; see
        :func:`moonbase.orbits.chaotic_gap_au`.
    ring_spacing_m, slot_spacing_m
        Distance of neighbouring rings, and of slots on a ring, m.

    Returns
    -------
    Rings
        Nearest to the Earth's orbit first (ring,).

    Raises
    ------
    DomainError
        A bound or spacing is out of range, no ring fits, or more than 2,000,000 do.

    Notes
    -----
    With r in astronomical units and :math:`v_E` the Earth's speed:
    :math:`v_\infty = v_E|\sqrt{2r/(1+r)} - 1|` and
    :math:`\Delta v = v_E r^{-1/2}|1 - \sqrt{2/(1+r)}|`, Hohmann's ellipse.

    Source: Hohmann (1925); derived otherwise.

    Examples
    --------
    >>> rings = lay_rings(inner_au=1.0, outer_au=1.05, gap_au=0.04, ring_spacing_m=1e8,
    ...                   slot_spacing_m=1e6)
    >>> rings.radius_au.size, rings.radius_au[0].round(4), int(rings.n_slots[0])
    (14, np.float64(1.0407), 978177)
    """
    if not 0.0 < inner_au <= 1.0 <= outer_au:
        raise DomainError(
            f"must hold 1 AU between them, got {inner_au} and {outer_au}",
            path="inner_au",
            hint="the belt is filled from the Earth's orbit outward",
        )
    for path, value in {
        "gap_au": gap_au,
        "ring_spacing_m": ring_spacing_m,
        "slot_spacing_m": slot_spacing_m,
    }.items():
        if not value > 0.0:
            raise DomainError("must be > 0", path=path, hint="pass a distance")
    step = ring_spacing_m / ASTRONOMICAL_UNIT_m
    outside = _count(outer_au - 1.0 - gap_au, step)
    inside = _count(1.0 - gap_au - inner_au, step)
    offsets = np.concatenate(
        [gap_au + step * (np.arange(outside) + 1.0), -gap_au - step * (np.arange(inside) + 1.0)]
    )
    if offsets.size == 0:
        raise DomainError("no ring fits", path="ring_spacing_m", hint="widen the belt")
    offsets = offsets[np.argsort(np.abs(offsets), kind="stable")]
    radius = 1.0 + offsets
    turns = radius**-1.5
    drift = 2.0 * pi * (turns - 1.0)
    slots = np.floor(2.0 * pi * radius * ASTRONOMICAL_UNIT_m / slot_spacing_m)
    earth = np.sqrt(GM_SUN_m3_s2 / ASTRONOMICAL_UNIT_m)
    return Rings(
        radius_au=radius,
        n_slots=slots,
        drift_rad_yr=drift,
        synodic_yr=2.0 * pi / np.abs(drift),
        passing_1_yr=slots * np.abs(drift) / (2.0 * pi),
        v_inf_m_s=earth * np.abs(np.sqrt(2.0 * radius / (1.0 + radius)) - 1.0),
        insertion_m_s=earth / np.sqrt(radius) * np.abs(1.0 - np.sqrt(2.0 / (1.0 + radius))),
        transfer_s=0.5 * (0.5 * (1.0 + radius)) ** 1.5 * JULIAN_YEAR_s,
        kick_frac=conjunction_kick(ring_offset_au=offsets),
    )


def swarm(
    *,
    n_launched: Array,
    life_yr: Real,
    failure_1_yr: Real,
    disposal_frac: Real,
    avoidance_frac: Real,
    mass_kg: Real,
    face_m2: Real,
    span_m: Real,
    pressure_spread_frac: Real,
    eccentricity_rms_frac: Real,
    inclination_rms_rad: Real,
    inner_au: float,
    outer_au: float,
    gap_au: float,
    ring_spacing_m: float,
    slot_spacing_m: float,
    specular_frac: Real = 0.0,
    diffuse_frac: Real = 0.0,
) -> Swarm:
    r"""Fill rings of slots year by year; count derelicts, collisions, shade and station keeping.

    Parameters
    ----------
    n_launched
        Satellites that reach the belt in each year (year,) or (year, draw).
    life_yr
        Years of service (draw).
    failure_1_yr
        Rate at which a satellite in service loses control (draw).
    disposal_frac
        Share of satellites that leave the belt at the end of their life (draw).
    avoidance_frac
        Share of encounters with a derelict that a satellite in service avoids (draw).
    mass_kg, face_m2, span_m
        Mass, kg, area that meets the sunlight, m2, and diameter of the sphere that holds the
        craft, m (draw).
    pressure_spread_frac
        Relative difference of the push of sunlight between neighbours (draw).
    eccentricity_rms_frac, inclination_rms_rad
        Root mean squares over derelicts, the latter in rad (draw).
    inner_au, outer_au, gap_au, ring_spacing_m, slot_spacing_m
        Layout as in :func:`lay_rings`.
    specular_frac, diffuse_frac
        Shares of the light that the face mirrors and scatters (draw).

    Returns
    -------
    Swarm
        (year, draw); the draw axis is absent where no argument has it.

    Raises
    ------
    DomainError
        An argument is out of range in every draw, or the layout is.

    Notes
    -----
    A cohort arrives evenly through its year and thins as :math:`e^{-\lambda t}` until its life
    ends; launches beyond the last free slot are refused. Pairs of derelicts, and of a derelict and
    a satellite in service, meet at :func:`moonbase.orbits.encounter_rate` over the area of the
    begun rings, within one span. A ring at distance d sunward smears its shadow over the height
    :math:`H = \sqrt A + 2 d R_\odot/r` and takes :math:`A/(sH)` of the light, s the slot spacing;
    rings are summed at even distances, as if the gap were closed.

    Source: derived; Wetherill (1967), Journal of Geophysical Research 72, 2429, for rates of the
    kind.

    Examples
    --------
    >>> belt = swarm(n_launched=np.full(50, 1e7), life_yr=15.0, failure_1_yr=0.01,
    ...              disposal_frac=0.95, avoidance_frac=0.99, mass_kg=1000.0, face_m2=300.0,
    ...              span_m=30.0, pressure_spread_frac=0.01, eccentricity_rms_frac=1e-3,
    ...              inclination_rms_rad=1e-3, inner_au=0.9, outer_au=1.1, gap_au=0.04,
    ...              ring_spacing_m=1e7, slot_spacing_m=1e6)
    >>> round(float(belt.n_alive[-1]) / 1e6), int(belt.n_rings[-1])
    (139, 149)
    """
    launched = np.asarray(n_launched, dtype=np.float64)
    if launched.ndim < 1 or launched.size == 0 or not np.all(launched >= 0.0):
        raise DomainError("must be >= 0 in every year", path="n_launched", hint="pass (year,)")
    rings = lay_rings(
        inner_au=inner_au,
        outer_au=outer_au,
        gap_au=gap_au,
        ring_spacing_m=ring_spacing_m,
        slot_spacing_m=slot_spacing_m,
    )
    life = _positive("life_yr", life_yr)
    failure = _valid(
        "failure_1_yr", failure_1_yr, np.greater_equal(failure_1_yr, 0.0), "must be >= 0", "a rate"
    )
    disposal = _share("disposal_frac", disposal_frac)
    mass = _positive("mass_kg", mass_kg)
    face = _positive("face_m2", face_m2)
    keeping = pressure_keeping(
        areal_mass_kg_m2=mass / face,
        distance_au=1.0,
        spread_frac=pressure_spread_frac,
        specular_frac=specular_frac,
        diffuse_frac=diffuse_frac,
    )
    alive, derelict, admitted = _fill(launched, life, failure, disposal, float(rings.n_slots.sum()))
    last = np.searchsorted(np.cumsum(rings.n_slots), alive * (1.0 - 1e-12))
    last = np.minimum(last, rings.radius_au.size - 1)
    widths = 2.0 * pi * rings.radius_au * ASTRONOMICAL_UNIT_m * ring_spacing_m
    rate = encounter_rate(
        belt_area_m2=np.cumsum(widths)[last],
        distance_au=1.0,
        miss_distance_m=span_m,
        eccentricity_rms_frac=eccentricity_rms_frac,
        inclination_rms_rad=inclination_rms_rad,
    )
    hit = rate * derelict * (1.0 - _share("avoidance_frac", avoidance_frac))
    side = np.sqrt(face)
    penumbra = _SUN_WIDTH_rad * ring_spacing_m
    speed = 1.5 * _EARTH_MOTION_rad_s * ring_spacing_m
    return Swarm(
        year=np.arange(1.0, len(launched) + 1.0),
        n_alive=alive,
        n_derelict=derelict,
        n_rings=np.where(np.isnan(alive), np.nan, last + 1.0),
        n_refused=_years(launched, alive.ndim) - admitted,
        outer_au=np.maximum.accumulate(rings.radius_au)[last],
        collisions_1_yr=hit * alive + 0.5 * rate * derelict**2,
        hit_1_yr=hit,
        shade_frac=_shade(face, last.astype(np.float64), penumbra, slot_spacing_m),
        phasing_yr=admitted / np.cumsum(rings.passing_1_yr)[last],
        pass_speed_m_s=np.asarray(speed),
        shade_depth_frac=np.minimum(1.0, face / (0.25 * pi * penumbra**2)),
        shade_passage_s=(side + penumbra) / speed,
        shade_interval_s=np.asarray(slot_spacing_m / speed),
        shift_ratio=keeping.radial_shift_m / (0.5 * ring_spacing_m),
        keeping=keeping,
        rings=rings,
    )


def _years(values: Array, n_axes: int) -> Array:
    """Values with trailing axes of length one, so that years stand first."""
    return values.reshape(values.shape + (1,) * (n_axes - values.ndim))


def _fill(
    launched: Array, life: Array, failure: Array, disposal: Array, n_slots: float
) -> tuple[Array, Array, Array]:
    """Satellites in service, derelicts and admitted launches at the end of each year."""
    n_years = len(launched)
    draws = np.broadcast_shapes(launched.shape[1:], life.shape, failure.shape, disposal.shape)
    lag = _years(np.arange(float(n_years)), 1 + len(draws))
    serving = np.clip(life - lag, 0.0, 1.0)
    rate = np.where(failure > 0.0, failure, np.where(np.isnan(failure), np.nan, 1.0))
    mean = np.where(failure > 0.0, -np.expm1(-rate * serving) / rate, serving)
    kept = np.exp(-failure * lag) * mean
    retired = np.exp(-failure * life) * (1.0 - serving)
    lost = 1.0 - kept - retired + (1.0 - disposal) * retired
    shape = (n_years, *draws)
    kept, lost = np.broadcast_to(kept, shape), np.broadcast_to(lost, shape)
    arriving = np.broadcast_to(_years(launched, len(shape)), shape)
    alive, derelict, admitted = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for year in range(n_years):
        before = np.sum(admitted[:year] * kept[year:0:-1], axis=0)
        room = np.maximum(n_slots - before, 0.0) / kept[0]
        admitted[year] = np.minimum(arriving[year], room)
        alive[year] = before + admitted[year] * kept[0]
        derelict[year] = np.sum(admitted[: year + 1] * lost[year::-1], axis=0)
    return alive, derelict, admitted


def _shade(face: Array, n_inside: Array, penumbra_m: float, slot_spacing_m: float) -> Array:
    """Mean share of light that rings at one, two, ... spacings take together."""
    from scipy.special import digamma

    offset = np.sqrt(face) / penumbra_m
    terms = digamma(n_inside + 1.0 + offset) - digamma(1.0 + offset)
    share: Array = face / (slot_spacing_m * penumbra_m) * terms
    return np.minimum(share, 1.0)


def _count(room_au: float, step_au: float) -> int:
    count = max(0, int(np.floor(room_au / step_au + 1e-9)))
    if count > _MAX_RINGS:
        raise DomainError(
            f"{count} rings", path="ring_spacing_m", hint=f"at most {_MAX_RINGS}: space them wider"
        )
    return count


def _share(path: str, value: Real) -> Array:
    good = np.greater_equal(value, 0.0) & np.less_equal(value, 1.0)
    return _valid(path, value, good, "must be between 0 and 1", "pass a share")
