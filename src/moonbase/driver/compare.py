"""Launch systems side by side: what each claims, what physics asks, and where it breaks.

Neglected: air, wear of rails and contacts, strength of arms and of tracks, the counterweight of an
arm, switching and storage. Where no moving mass is known the payload alone is taken, so that force,
power and energy are lower bounds.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from moonbase.core.constants import (
    GM_MOON_m3_s2,
    JULIAN_YEAR_s,
    MOON_RADIUS_m,
    STANDARD_GRAVITY_m_s2,
)
from moonbase.core.errors import DomainError

_FILE = "data/launchers.csv"
_UNKNOWN = math.nan
DRIVES: tuple[str, ...] = (
    "synchronous",
    "quench",
    "induction",
    "railgun",
    "reluctance",
    "arm",
    "rocket",
)
"""Ways to push: each has its own heat in what moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchSystem:
    """A launcher in plain numbers; nan is unknown. ``length_m`` is the part that accelerates."""

    key: str
    name: str
    drive: str
    speed_m_s: float = _UNKNOWN
    length_m: float = _UNKNOWN
    radius_m: float = _UNKNOWN
    acceleration_m_s2: float = _UNKNOWN
    payload_kg: float = _UNKNOWN
    moving_kg: float = _UNKNOWN
    cadence_s: float = _UNKNOWN
    efficiency_frac: float = _UNKNOWN
    claimed_energy_J: float = _UNKNOWN
    claimed_power_W: float = _UNKNOWN
    claimed_throughput_kg_yr: float = _UNKNOWN
    demonstrated_speed_m_s: float = _UNKNOWN
    demonstrated_kg: float = _UNKNOWN
    status: str = ""
    kind: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LauncherCheck:
    """One system: its own numbers, the same system at the target, and the limits it breaks.

    ``target_*`` keeps the radius of an arm and the acceleration of a track. nan is unknown or
    without meaning.
    """

    system: LaunchSystem
    acceleration_m_s2: float
    force_N: float
    peak_power_W: float
    ideal_energy_J_kg: float
    claimed_energy_J_kg: float
    efficiency_ratio: float
    throughput_kg_yr: float
    duty_ratio: float
    target_acceleration_m_s2: float
    target_length_m: float
    target_force_N: float
    target_peak_power_W: float
    target_energy_J_kg: float
    armature_heat_J_kg: float
    melting_slip_frac: float
    hold_down_m_s2: float
    demonstrated_speed_ratio: float
    demonstrated_energy_ratio: float
    limits: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    target_speed_m_s: float
    target_payload_kg: float
    payload_limit_m_s2: float
    length_limit_m: float
    melting_J_kg: float
    armature_frac: float
    slip_frac: float
    railgun_heat_frac: float
    claim_tolerance_frac: float


@cache
def launch_systems() -> tuple[LaunchSystem, ...]:
    """Published launch systems that ship with the package.

    Returns
    -------
    tuple of LaunchSystem
        Numbers with unit by name; nan where the source gives none. ``source`` is a key of the
        shipped bibliography.

    Examples
    --------
    >>> next(s.radius_m for s in launch_systems() if s.key == "arm_china")
    50.0
    """
    text = (files("moonbase") / _FILE).read_text(encoding="utf-8")
    words = {field.name for field in fields(LaunchSystem) if field.type == "str"}
    return tuple(
        LaunchSystem(
            **{
                key: value if key in words else float(value or "nan")  # type: ignore[arg-type]
                for key, value in row.items()
            }
        )
        for row in csv.DictReader(text.splitlines())
    )


def compare_launchers(
    *,
    target_speed_m_s: float,
    target_payload_kg: float,
    payload_limit_m_s2: float,
    length_limit_m: float,
    melting_J_kg: float,
    armature_frac: float,
    slip_frac: float,
    railgun_heat_frac: float,
    claim_tolerance_frac: float,
    design: LaunchSystem | None = None,
    systems: Sequence[LaunchSystem] | None = None,
) -> tuple[LauncherCheck, ...]:
    r"""Check launch systems against the physics that each must obey.

    Parameters
    ----------
    target_speed_m_s, target_payload_kg
        The task: speed at release, m/s, and payload of one shot, kg.
    payload_limit_m_s2, length_limit_m
        What the payload stands, m/s2, and what the site has room for, m.
    melting_J_kg
        Heat that melts a conductor from its start temperature, J/kg.
    armature_frac
        Conductor over all that moves, of induction drives and railguns.
    slip_frac
        Mean slip of induction drives; 0.5 from rest in a field of fixed speed.
    railgun_heat_frac
        Share of a railgun's losses that stays in the armature.
    claim_tolerance_frac
        Difference at which a claim counts as broken.
    design
        The design to be compared; comes last.
    systems
        Systems to check, those of :func:`launch_systems` by default.

    Returns
    -------
    tuple of LauncherCheck
        One for each system. ``limits`` are among ``acceleration``, ``length``, ``armature heat``,
        ``payload``, ``speed``, ``energy`` (of one shot), ``undemonstrated``, and the claims that
        contradict the system's own numbers: ``energy claim``, ``efficiency claim``,
        ``throughput claim``, ``acceleration claim``. ``verdict`` says by how much, and whether
        the acceleration is unknown.

    Raises
    ------
    DomainError
        A target, a limit or a number of a system that is not positive, a slip of 1 or more, or an
        unknown drive.

    Notes
    -----
    :math:`a = v^2/2L` or :math:`v^2/r`; :math:`F = Ma`, :math:`P = Fv` (tracks); ideal energy
    :math:`M v^2 / 2 m_p`. Heat per kg of armature: induction
    :math:`\tfrac12 v^2 \, s/(1-s)/f`, railgun :math:`h \, \tfrac12 v^2 (1/\eta - 1)/f`; none in
    superconducting sleds and arms. An armature stays solid below the slip
    :math:`x/(1+x)`, :math:`x = 2 f q / v^2`. Hold-down :math:`v^2/R - \mu/R^2`.

    Source: elementary mechanics; induction heat after Driga et al. 1986.

    Examples
    --------
    >>> rows = compare_launchers(
    ...     target_speed_m_s=2500.0, target_payload_kg=1000.0, payload_limit_m_s2=3000.0,
    ...     length_limit_m=2e4, melting_J_kg=9.5e5, armature_frac=0.3, slip_frac=0.5,
    ...     railgun_heat_frac=0.1, claim_tolerance_frac=0.03,
    ... )
    >>> coilgun = next(row for row in rows if row.system.key == "coilgun")
    >>> "armature heat" in coilgun.limits, round(coilgun.armature_heat_J_kg / 1e6, 1)
    (True, 10.4)
    """
    target = _Target(
        target_speed_m_s=target_speed_m_s,
        target_payload_kg=target_payload_kg,
        payload_limit_m_s2=payload_limit_m_s2,
        length_limit_m=length_limit_m,
        melting_J_kg=melting_J_kg,
        armature_frac=armature_frac,
        slip_frac=slip_frac,
        railgun_heat_frac=railgun_heat_frac,
        claim_tolerance_frac=claim_tolerance_frac,
    )
    for field in fields(target):
        value = getattr(target, field.name)
        highest = 1.0 if field.name in ("armature_frac", "railgun_heat_frac") else math.inf
        if not 0.0 < value <= highest:
            raise DomainError(
                f"must be > 0 and at most {highest:g}", path=field.name, hint="check the value"
            )
    if slip_frac >= 1.0:
        raise DomainError("must be below 1", path="slip_frac", hint="0.5 from rest, fixed field")
    shown = [*(launch_systems() if systems is None else systems), *([design] if design else [])]
    return tuple(_check(system, target) for system in shown)


def _check(system: LaunchSystem, target: _Target) -> LauncherCheck:
    if system.drive not in DRIVES:
        raise DomainError(
            f"unknown drive {system.drive!r}", path=system.key, hint=f"one of {', '.join(DRIVES)}"
        )
    for field in fields(system):
        if field.type == "float" and getattr(system, field.name) <= 0.0:
            raise DomainError(
                "must be > 0", path=f"{system.key}.{field.name}", hint="leave out what is unknown"
            )
    arm = system.drive == "arm"
    speed, payload = system.speed_m_s, system.payload_kg
    moving = system.moving_kg if math.isfinite(system.moving_kg) else payload
    computed = speed**2 / system.radius_m if arm else speed**2 / (2.0 * system.length_m)
    own = computed if math.isfinite(computed) else system.acceleration_m_s2
    ideal = 0.5 * speed**2 * moving
    claimed = _first(system.claimed_energy_J, system.claimed_power_W * system.cadence_s)
    rate = payload * JULIAN_YEAR_s / system.cadence_s
    wanted = target.target_speed_m_s**2 / system.radius_m if arm else own
    ratio = _first(moving / payload, 1.0)
    force = ratio * target.target_payload_kg * wanted
    shown_energy = 0.5 * system.demonstrated_kg * system.demonstrated_speed_m_s**2
    target_energy = 0.5 * target.target_speed_m_s**2 * ratio
    heat, slip = _armature(system, target)
    values: dict[str, float] = {
        "acceleration_m_s2": own,
        "force_N": moving * own,
        "peak_power_W": _UNKNOWN if arm else moving * own * speed,
        "ideal_energy_J_kg": ideal / payload,
        "claimed_energy_J_kg": claimed / payload,
        "efficiency_ratio": ideal / claimed,
        "throughput_kg_yr": rate,
        "duty_ratio": system.claimed_throughput_kg_yr / rate,
        "target_acceleration_m_s2": wanted,
        "target_length_m": system.radius_m if arm else target.target_speed_m_s**2 / (2.0 * wanted),
        "target_force_N": force,
        "target_peak_power_W": _UNKNOWN if arm else force * target.target_speed_m_s,
        "target_energy_J_kg": target_energy,
        "armature_heat_J_kg": heat,
        "melting_slip_frac": slip,
        "hold_down_m_s2": _UNKNOWN
        if arm
        else target.target_speed_m_s**2 / MOON_RADIUS_m - GM_MOON_m3_s2 / MOON_RADIUS_m**2,
        "demonstrated_speed_ratio": target.target_speed_m_s / system.demonstrated_speed_m_s,
        "demonstrated_energy_ratio": target_energy * target.target_payload_kg / shown_energy,
    }
    broken = {**_target_limits(system, target, values), **_claims(system, target, values)}
    unknown = [] if math.isfinite(wanted) else ["acceleration unknown"]
    return LauncherCheck(
        system=system,
        **values,
        limits=tuple(broken),
        verdict="; ".join([*broken.values(), *unknown]) or "within every limit",
    )


def _first(*values: float) -> float:
    """First value that is known."""
    return next((value for value in values if math.isfinite(value)), _UNKNOWN)


def _armature(system: LaunchSystem, target: _Target) -> tuple[float, float]:
    """Heat per kg of armature at the target, and the mean slip at which it would melt."""
    kinetic = 0.5 * target.target_speed_m_s**2 / target.armature_frac
    if system.drive == "induction":
        solid = target.melting_J_kg / kinetic
        return kinetic * target.slip_frac / (1.0 - target.slip_frac), solid / (1.0 + solid)
    if system.drive == "railgun":
        return kinetic * target.railgun_heat_frac * (1.0 / system.efficiency_frac - 1.0), _UNKNOWN
    return (0.0 if system.drive in ("synchronous", "quench", "arm") else _UNKNOWN), _UNKNOWN


def _times(ratio: float) -> str:
    """Write a factor with two significant digits.

    >>> _times(7.8123), _times(745123.0)
    ('7.8 times', '750,000 times')
    """
    rounded = float(f"{ratio:.1e}")
    return f"{rounded:,.{0 if rounded >= 10.0 else 1}f} times"


def _target_limits(
    system: LaunchSystem, target: _Target, values: dict[str, float]
) -> dict[str, str]:
    """Limits that the system breaks at the target, each with a phrase."""
    g = STANDARD_GRAVITY_m_s2
    broken = {}
    if values["target_acceleration_m_s2"] > target.payload_limit_m_s2:
        broken["acceleration"] = (
            f"{values['target_acceleration_m_s2'] / g:,.0f} g over the payload's "
            f"{target.payload_limit_m_s2 / g:,.0f} g"
        )
    if values["target_length_m"] > target.length_limit_m:
        broken["length"] = f"{values['target_length_m'] / 1e3:,.0f} km of track"
    if values["armature_heat_J_kg"] > target.melting_J_kg:
        broken["armature heat"] = (
            f"armature takes {values['armature_heat_J_kg'] / 1e6:.3g} MJ/kg, "
            f"melts at {target.melting_J_kg / 1e6:.2g}"
        )
    if system.payload_kg < target.target_payload_kg * (1.0 - target.claim_tolerance_frac):
        broken["payload"] = (
            f"payload {system.payload_kg:,.4g} of {target.target_payload_kg:,.0f} kg"
        )
    speed = values["demonstrated_speed_ratio"]
    energy = values["demonstrated_energy_ratio"]
    if not math.isfinite(speed):
        broken["undemonstrated"] = "not demonstrated"
    elif speed > 1.0 + target.claim_tolerance_frac:
        broken["speed"] = f"{_times(speed)} the speed shown"
    if energy > 1.0 + target.claim_tolerance_frac:
        broken["energy"] = f"{_times(energy)} the energy shown"
    return broken


def _claims(system: LaunchSystem, target: _Target, values: dict[str, float]) -> dict[str, str]:
    """Claims that contradict the system's own numbers."""
    slack = target.claim_tolerance_frac
    broken = {}
    if values["efficiency_ratio"] > 1.0 + slack:
        broken["energy claim"] = (
            f"claims {1.0 / values['efficiency_ratio']:.2g} of its kinetic energy"
        )
    if abs(values["efficiency_ratio"] / system.efficiency_frac - 1.0) > slack:
        broken["efficiency claim"] = (
            f"claims {system.efficiency_frac:.0%}, its numbers say {values['efficiency_ratio']:.0%}"
        )
    if values["duty_ratio"] > 1.0 + slack:
        broken["throughput claim"] = f"claims {values['duty_ratio']:.3g} of its own rate"
    if abs(system.acceleration_m_s2 / values["acceleration_m_s2"] - 1.0) > slack:
        broken["acceleration claim"] = (
            f"claims {system.acceleration_m_s2 / STANDARD_GRAVITY_m_s2:,.0f} g"
        )
    return broken
