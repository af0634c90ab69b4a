"""From a force model and events to the arrays that compiled code reads, and room for results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.constants import ASTRONOMICAL_UNIT_m, JULIAN_YEAR_s, SPEED_OF_LIGHT_m_s
from moonbase.core.errors import DomainError
from moonbase.orbits import _watch
from moonbase.orbits._check import number_array
from moonbase.orbits._pull import Pull, Whole
from moonbase.orbits._records import constant, gm_of, radius_of
from moonbase.orbits._watch import Log, Watch
from moonbase.orbits.de440 import BODIES
from moonbase.orbits.events import Event
from moonbase.orbits.forces import ForceModel, SolarPressure, quadrupole_matrix
from moonbase.orbits.gravity import derivatives

_KINDS = {"sphere": _watch.SPHERE, "periapsis": _watch.PERIAPSIS, "apoapsis": _watch.APOAPSIS}
_LAWS = {"sphere": 0, "sun": 1, "inertial": 2}


def flown_bodies(model: ForceModel, center: str, more: Sequence[str]) -> tuple[str, ...]:
    names = dict.fromkeys(["moon", "earth", *model.bodies, *model.common_bodies, center, *more])
    if model.pressure is not None or model.relativity:
        names["sun"] = None
    for name in names:
        if name not in BODIES:
            raise DomainError(
                f"no such body: {name!r}", path="bodies", hint=f"one of {', '.join(BODIES)}"
            )
    return tuple(names)


def blocks_of(
    states: Array, epoch_tdb_s: Array, offset_s: Array, duration_s: Array, n_block: int
) -> list[Whole]:
    """Rows of the craft of each block: one epoch and duration, neighbours in speed."""
    speed = np.sqrt(np.sum(states[3:] ** 2, axis=0))
    order = np.lexsort((speed, duration_s, offset_s, epoch_tdb_s))
    keys = np.array([epoch_tdb_s, offset_s, duration_s])[:, order]
    breaks = np.flatnonzero(np.any(keys[:, 1:] != keys[:, :-1], axis=0)) + 1
    return [
        group[i : i + n_block]
        for group in np.split(order, breaks)
        for i in range(0, len(group), n_block)
    ]


def pull_of(model: ForceModel, bodies: tuple[str, ...], n: int) -> Pull:
    gm = {
        name: model.gm_m3_s2.get(name, gm_of(name)) for name in bodies if name not in ("emb", "ssb")
    }
    field = model.gravity
    if field is None:
        sums, factors = np.zeros((2, 9, 1, 1)), np.zeros((2, 1, 1))
    else:
        sums, factors = derivatives(field=field, gm_m3_s2=gm["moon"])
    law, pressure, shadow = _sunlight(model.pressure, n)
    century_s = 100.0 * JULIAN_YEAR_s
    drift = constant("earth.pole_drift_rad_per_century") / century_s
    zonal = constant("earth.j2_ratio") * gm["earth"] * radius_of("earth") ** 2
    return Pull(
        direct=np.array([bodies.index(name) for name in model.bodies], dtype=np.int64),
        direct_gm=np.array([gm[name] for name in model.bodies], dtype=np.float64),
        common=np.array([bodies.index(name) for name in model.common_bodies], dtype=np.int64),
        common_gm=np.array([gm[name] for name in model.common_bodies], dtype=np.float64),
        indirect=int(model.indirect),
        moon=bodies.index("moon"),
        earth=bodies.index("earth"),
        sun=bodies.index("sun") if "sun" in bodies else 0,
        moon_gm=gm["moon"],
        earth_gm=gm["earth"],
        moon_quadrupole=np.zeros((3, 3))
        if field is None
        else quadrupole_matrix(gravity=field, gm_m3_s2=gm["moon"]),
        earth_zonal=zonal if model.earth_j2 else 0.0,
        pole=np.array([[0.0, 0.0, 1.0], [drift, 0.0, 0.0]]),
        degree=0 if field is None else field.degree,
        field=sums,
        recursion=factors,
        field_radius_m=1.0 if field is None else field.radius_m,
        relativity=SPEED_OF_LIGHT_m_s**-2 if model.relativity else 0.0,
        sun_gm=gm.get("sun", 0.0),
        law=law,
        pressure=pressure,
        light_from=_light_from(model.pressure),
        shadow=shadow,
    )


def _sunlight(pressure: SolarPressure | None, n: int) -> tuple[int, Array, Array]:
    rows = np.zeros((n, 6))
    if pressure is None:
        return -1, rows, np.zeros(3)
    if pressure.attitude not in _LAWS:
        raise DomainError(
            f"no attitude {pressure.attitude!r}",
            path="forces.pressure.attitude",
            hint=f"one of {', '.join(_LAWS)}",
        )
    area = number_array("forces.pressure.area_per_mass_m2_kg", pressure.area_per_mass_m2_kg)
    if area.shape not in ((), (1,), (n,)) or np.any(area < 0.0):
        raise DomainError(
            f"must be >= 0, one or one for each of {n} craft, got shape {area.shape}",
            path="forces.pressure.area_per_mass_m2_kg",
            hint="m2/kg of the face that light falls on",
        )
    unit = constant("sunlight.irradiance_W_m2") / SPEED_OF_LIGHT_m_s * ASTRONOMICAL_UNIT_m**2
    push = unit * area
    if not 0.0 <= pressure.specular_frac + pressure.diffuse_frac <= 1.0:
        raise DomainError(
            "specular_frac and diffuse_frac add up to 0 to 1",
            path="forces.pressure",
            hint="the rest is absorbed",
        )
    if pressure.attitude == "sphere":
        rows[:, 0] = push * pressure.reflectivity_ratio
    else:
        rows[:, 0] = push * (1.0 - pressure.specular_frac)
        rows[:, 1] = push * 2.0 * pressure.specular_frac
        rows[:, 2] = push * 2.0 / 3.0 * pressure.diffuse_frac
        normal = number_array("forces.pressure.normal_icrf", pressure.normal_icrf)
        if pressure.attitude == "inertial" and not np.linalg.norm(normal) > 0.0:
            raise DomainError(
                "has no direction", path="forces.pressure.normal_icrf", hint="any length above 0"
            )
        rows[:, 3:] = (
            (pressure.cone_rad, pressure.clock_rad, 0.0)
            if pressure.attitude == "sun"
            else normal / np.linalg.norm(normal)
        )
    shadow = np.array([radius_of(name) for name in ("sun", "earth", "moon")])
    return _LAWS[pressure.attitude], rows, shadow * pressure.shadow


def _light_from(pressure: SolarPressure | None) -> float:
    if pressure is None or pressure.after_s == 0.0:
        return -np.inf
    if not pressure.after_s > 0.0:
        raise DomainError(
            f"must be >= 0, got {pressure.after_s}",
            path="forces.pressure.after_s",
            hint="seconds of flight before the array opens, 0 for light from the start",
        )
    return float(pressure.after_s)


def watch_of(
    wanted: tuple[Event, ...], surfaces: Mapping[str, float], bodies: tuple[str, ...]
) -> Watch:
    for event in wanted:
        if event.kind not in _KINDS:
            raise DomainError(
                f"no kind of event {event.kind!r}",
                path="events",
                hint=f"one of {', '.join(_KINDS)}",
            )
        if event.kind == "sphere" and not event.radius_m > 0.0:
            raise DomainError("a sphere needs a radius", path="events", hint="give radius_m > 0")
    kinds = [_watch.SURFACE] * len(surfaces) + [_KINDS[event.kind] for event in wanted]
    names = [*surfaces, *(event.body for event in wanted)]
    return Watch(
        kind=np.array(kinds, dtype=np.int64),
        body=np.array([bodies.index(name) for name in names], dtype=np.int64),
        radius=np.array(
            [*surfaces.values(), *(event.radius_m for event in wanted)], dtype=np.float64
        ),
        terminal=np.array([1] * len(surfaces) + [int(e.terminal) for e in wanted], dtype=np.int64),
        slot=np.array([-1] * len(surfaces) + list(range(len(wanted))), dtype=np.int64),
    )


def empty_log(n: int, n_events: int, n_hits: int, sample_s: Array, stm: bool, centre: int) -> Log:
    return Log(
        centre=centre,
        status=np.full(n, _watch.LOST, dtype=np.int64),
        end_t=np.zeros(n),
        end=np.full((6, n), np.nan),
        matrix=np.full((6, 6, n if stm else 0), np.nan),
        sample_s=sample_s,
        sample=np.full((len(sample_s), 6, n), np.nan),
        cursor=np.zeros(1, dtype=np.int64),
        n_hits=np.zeros((n_events, n), dtype=np.int64),
        hit_t=np.full((n_events, n_hits, n), np.nan),
        hit=np.full((n_events, n_hits, 6, n), np.nan),
        last=np.zeros((2, n_events + 16, n)),
        armed=np.zeros((n_events + 16, n), dtype=np.int64),
    )


def columns(log: Log) -> list[npt.NDArray[Any]]:
    """Arrays of a log whose last axis is the craft."""
    kept = [log.status, log.end_t, log.end, log.sample, log.n_hits, log.hit_t, log.hit]
    return kept + ([log.matrix] if log.matrix.size else [])
