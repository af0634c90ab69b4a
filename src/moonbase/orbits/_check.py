"""Checks of what callers give: errors that name the argument and the remedy."""

from __future__ import annotations

from typing import Any

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError

_LARGEST_rad = 4.0 * np.pi
"""Two turns: a number beyond it is in degrees."""
_FASTEST_m_s = 1e5


def number_array(path: str, value: Any) -> Array:
    """Value as floats."""
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DomainError(
            f"must be a number or numbers, got {value!r}", path=path, hint="SI units"
        ) from error


def together(**items: Any) -> list[Array]:
    """Values as floats of one shape."""
    arrays = {name: number_array(name, item) for name, item in items.items()}
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError as error:
        shapes = ", ".join(f"{name} {item.shape}" for name, item in arrays.items() if item.ndim)
        raise DomainError(
            f"shapes do not fit together: {shapes}",
            path=next(name for name, item in arrays.items() if item.ndim),
            hint="a number each, or as many numbers as there are draws",
        ) from error


def check_site(latitude: Array, longitude: Array, azimuth: Array, elevation: Array) -> None:
    """Refuse angles that can only be degrees; nan passes, as a draw that fails."""
    if np.any(np.abs(latitude) > 0.5 * np.pi + 1e-12):
        raise DomainError("beyond a pole", path="latitude_rad", hint="give radians, -pi/2 to pi/2")
    for path, angle, limit in (
        ("longitude_rad", longitude, _LARGEST_rad),
        ("azimuth_rad", azimuth, _LARGEST_rad),
        ("elevation_rad", elevation, 0.5 * np.pi + 1e-2),
    ):
        wrong = np.abs(angle) > limit
        if np.any(wrong):
            value = float(np.ravel(angle)[np.argmax(np.ravel(wrong))])
            raise DomainError(
                f"{value:g} rad is beyond {limit:.3g}",
                path=path,
                hint=f"in radians; {value:g} degrees are np.radians({value:g})",
            )


def one_number(path: str, value: Any) -> float:
    """Value as one finite float."""
    array = number_array(path, value)
    if array.shape != () or not np.isfinite(array):
        raise DomainError(
            f"must be one finite number, got {value!r}",
            path=path,
            hint="one case at a time; site_survey compares several tracks",
        )
    return float(array)


def axis(path: str, values: Any) -> Array:
    """Values along an axis of a map: a list of finite numbers."""
    found = np.atleast_1d(number_array(path, values))
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise DomainError(
            f"must be a list of one or more finite numbers, got shape {found.shape}"
            if found.ndim != 1 or not found.size
            else "must be finite numbers, some are nan or inf",
            path=path,
            hint="np.linspace gives one",
        )
    return found


def check_speeds(speeds: Array) -> None:
    """Refuse speeds of a map that no driver gives."""
    if not np.all((speeds > 0.0) & (speeds < _FASTEST_m_s)):
        raise DomainError(
            f"must be > 0 and below {_FASTEST_m_s:g}",
            path="speed_m_s",
            hint="over the ground, m/s; turn the azimuth for the other way",
        )


def check_times(epochs: Array, durations: Array) -> None:
    """Refuse times of a flight that are not finite."""
    for path, value, hint in (
        ("epoch_tdb_s", epochs, "seconds past J2000 TDB"),
        ("duration_s", durations, "seconds of flight; leave a craft out that has none"),
    ):
        if not np.isfinite(value).all():
            raise DomainError("must be finite, some are nan or inf", path=path, hint=hint)


def count(path: str, value: Any, least: int) -> int:
    """Value as a whole number."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise DomainError(
            f"must be a whole number from {least} on, got {value!r}", path=path, hint="an int"
        )
    return int(value)
