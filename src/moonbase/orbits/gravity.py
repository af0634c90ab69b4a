"""The Moon's gravity field: coefficients, the error that a chosen degree leaves, derivatives.

Low degrees of GLGM-3 ship with the package; the full field is read from a folder of the user.
Neglected: tides of the solid Moon, and the difference between the axes of the field's own solution
and those of the orientation kernel.
"""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from pathlib import Path

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError, ParameterError
from moonbase.orbits._records import constant

ARCHIVE_URL = (
    "https://pds-geosciences.wustl.edu/lunar/lp-l-rss-5-glgm3_gravity-v1/lp_1201/data/shadr/"
    "gglp_glgm3150_sha.tab"
)
"""Full field in the Planetary Data System."""
_FULL_DEGREE = 150
_FULL_FILES = {
    "gglp_glgm3150_sha.tab": "c8329d8cdfc62e92b9731e0053fe328959bba63444648283bc7df21d42266de4",
    "glgm3150.txt": "dd3921cf684caf660bd0f6f457599927d67dabd92df798f2fe87ff1eb39ac883",
}
"""Names of the full field's file, in the archive and in open-source programs, with SHA-256."""
_PATIENCE_s = 60.0
_MOST_bytes = 20_000_000
"""The field has 1 MB; what goes on beyond this is something else."""
FOLDER_VARIABLE = "MOONBASE_DATA"
"""Environment variable that names a folder searched before the user's data folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GravityField:
    """Fully normalised coefficients of a lunar field, shape (degree + 1, degree + 1)."""

    name: str
    radius_m: float
    cosine: Array
    sine: Array

    @property
    def degree(self) -> int:
        """Largest degree held."""
        return len(self.cosine) - 1

    @property
    def error_30_d_m(self) -> float:
        """Change of place after 30 d that the degrees left out make, see gravity_error."""
        return gravity_error(degree=self.degree)


def lunar_gravity(*, degree: int = 20) -> GravityField:
    """Lunar gravity field GLGM-3 cut at a degree.

    Parameters
    ----------
    degree
        Largest degree and order, 2 to 150. Up to 20 the coefficients ship with the package.

    Returns
    -------
    GravityField
        Coefficients with the 4-pi normalisation of geodesy, in principal axes.

    Raises
    ------
    DomainError
        The degree is below 2 or above 150.
    ParameterError
        The full field is needed and not there, or its file is not the published one.

    Notes
    -----
    Source: Mazarico, Lemoine, Han and Smith (2010), J. Geophys. Res. 115, E05001,
    doi:10.1029/2009JE003472. GM is DE440's and never read from a field file, whose header lacks
    digits.

    Examples
    --------
    >>> field = lunar_gravity(degree=2)
    >>> bool(abs(-5.0**0.5 * field.cosine[2, 0] - 2.0323654e-4) < 1e-10)
    True
    """
    if not 2 <= degree <= _FULL_DEGREE:
        raise DomainError(
            f"must be 2 to {_FULL_DEGREE}, got {degree}",
            path="degree",
            hint="a point mass is ForceModel(gravity=None)",
        )
    cosine, sine = _shipped()
    if degree >= len(cosine):
        cosine, sine = _full(len(cosine) - 1)
    cut = slice(degree + 1)
    return GravityField(
        name=f"GLGM-3 {degree}x{degree}",
        radius_m=constant("moon.reference_radius_m"),
        cosine=cosine[cut, cut].copy(),
        sine=sine[cut, cut].copy(),
    )


def degree_two_field(
    *,
    j2: float,
    c22: float,
    s22: float = 0.0,
    radius_m: float | None = None,
) -> GravityField:
    r"""Lunar field of the oblateness and the equatorial ellipse alone.

    Parameters
    ----------
    j2, c22, s22
        Unnormalised coefficients, pure numbers.
    radius_m
        Reference radius, m; that of GLGM-3 if not given.

    Returns
    -------
    GravityField
        Degree 2, with :math:`\bar C_{20} = -J_2/\sqrt 5` and
        :math:`\bar C_{22} = C_{22}\sqrt{12/5}`.

    Notes
    -----
    Source: definition of the normalisation.

    Examples
    --------
    >>> degree_two_field(j2=2.03e-4, c22=2.2e-5).degree
    2
    """
    cosine, sine = np.zeros((3, 3)), np.zeros((3, 3))
    cosine[2, 0] = -j2 / np.sqrt(5.0)
    cosine[2, 2] = c22 * np.sqrt(12.0 / 5.0)
    sine[2, 2] = s22 * np.sqrt(12.0 / 5.0)
    radius = constant("moon.reference_radius_m") if radius_m is None else radius_m
    return GravityField(name="J2, C22", radius_m=radius, cosine=cosine, sine=sine)


def gravity_error(*, degree: int) -> float:
    """Change of place after 30 d of a lunar escape when the field is cut at a degree.

    Parameters
    ----------
    degree
        Largest degree kept, 2 to 150.

    Returns
    -------
    float
        m, against degree 150: the largest of three releases near the equator at the next lower
        degree that was run. Degrees above 150 and terrain below the reference sphere are not in it.

    Notes
    -----
    Source: derived, from runs at eleven degrees (data/orbits/gravity_error.csv). Not monotonic:
    local terms below the path matter.

    Examples
    --------
    >>> gravity_error(degree=20)
    60000.0
    """
    text = (files("moonbase") / "data" / "orbits" / "gravity_error.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(StringIO(text)) if int(row["degree"]) <= degree]
    if not rows:
        raise DomainError("no run below degree 2", path="degree", hint="give 2 or more")
    return float(rows[-1]["high_m"])


def find_full_field() -> Path | None:
    """Path of the full field's file in the folders searched, or None.

    Returns
    -------
    Path | None
        The first of the folder that the variable MOONBASE_DATA names and the user's data folder.

    Examples
    --------
    >>> path = find_full_field()
    >>> path is None or path.is_file()
    True
    """
    for folder in data_folders():
        for name in _FULL_FILES:
            if (folder / name).is_file():
                return folder / name
    return None


def fetch_full_field(*, url: str = ARCHIVE_URL) -> Path:
    """Download the full field into the first data folder; the one function that uses the network.

    Parameters
    ----------
    url
        Where to get it; the name at its end must be one of the known files.

    Returns
    -------
    Path
        The file, checked and complete.

    Raises
    ------
    ParameterError
        Nothing or a part comes from there, or the SHA-256 is not that of the published file.

    Notes
    -----
    Source: as in :func:`lunar_gravity`.

    Examples
    --------
    >>> fetch_full_field(url="file:///nowhere/glgm3150.txt")
    Traceback (most recent call last):
    moonbase.core.errors.ParameterError: file:///nowhere/glgm3150.txt: cannot be read: ...
    """
    from http.client import HTTPException
    from urllib.parse import urlsplit
    from urllib.request import urlopen

    name = urlsplit(url).path.rpartition("/")[2]
    if name not in _FULL_FILES:
        raise ParameterError(
            f"{name!r} is no known name of the field",
            path=url,
            hint=f"the address ends in {' or '.join(_FULL_FILES)}",
        )
    try:
        with urlopen(url, timeout=_PATIENCE_s) as answer:
            data = answer.read(_MOST_bytes)
            promised = answer.headers.get("Content-Length")
        if promised and len(data) < int(promised):
            raise HTTPException(f"{len(data):,} of {int(promised):,} bytes came")
    except (OSError, HTTPException, ValueError) as error:
        raise ParameterError(
            f"cannot be read: {error}",
            path=url,
            hint=f"fetch it by other means and name its folder in {FOLDER_VARIABLE}",
        ) from error
    _check(name, data, url)
    folder = data_folders()[0]
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    try:
        part.write_bytes(data)
        return part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)


def data_folders() -> list[Path]:
    """Folders searched for large data files, first the one that MOONBASE_DATA names.

    Examples
    --------
    >>> len(data_folders()) in (1, 2)
    True
    """
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "moonbase"
    named = os.environ.get(FOLDER_VARIABLE)
    return [Path(named).expanduser(), home] if named else [home]


def derivatives(*, field: GravityField, gm_m3_s2: float) -> tuple[Array, Array]:
    r"""Coefficients of a field's acceleration and gradient, and of the recursion for them.

    Parameters
    ----------
    field
        The field; degrees below 3 are left out (they have a closed form).
    gm_m3_s2
        Gravitational parameter, m3/s2.

    Returns
    -------
    tuple of Array
        Shape (2, 9, N + 3, N + 3): cosine and sine coefficients of a_x, a_y, a_z in m/s2 and of
        the gradient's xx, xy, xz, yy, yz, zz in 1/s2; shape (2, N + 3, N + 3): factors of the
        recursion.

    Notes
    -----
    A derivative of a solid harmonic of degree n is a sum of harmonics of degree n + 1, so each
    component is a field of its own. Source: Cunningham (1970), Celestial Mechanics 2, 207; with
    full normalisation, derived.

    Examples
    --------
    >>> sums, factors = derivatives(field=lunar_gravity(degree=4), gm_m3_s2=4.9e12)
    >>> sums.shape, factors.shape
    ((2, 9, 7, 7), (2, 7, 7))
    """
    size = field.degree + 3
    base = np.zeros((2, size, size))
    base[0, 3 : field.degree + 1, : field.degree + 1] = field.cosine[3:]
    base[1, 3 : field.degree + 1, : field.degree + 1] = field.sine[3:]
    first = [_derivative(base, axis) for axis in range(3)]
    second = [_derivative(first[j], k) for j in range(3) for k in range(j, 3)]
    scale = gm_m3_s2 / field.radius_m**2
    sums = np.array([scale * part for part in first] + [scale / field.radius_m * p for p in second])
    return np.ascontiguousarray(sums.transpose(1, 0, 2, 3)), _recursion(size)


def _recursion(size: int) -> Array:
    n, m = np.meshgrid(np.arange(size, dtype=float), np.arange(size, dtype=float), indexing="ij")
    with np.errstate(divide="ignore", invalid="ignore"):
        above = (n - m) * (n + m)
        a = np.sqrt((2 * n - 1) * (2 * n + 1) / above)
        b = np.sqrt((2 * n + 1) * (n + m - 1) * (n - m - 1) / (above * (2 * n - 3)))
        diagonal = np.sqrt((2 * n + 1) / (2 * n))
    diagonal[1] = np.sqrt(3.0)
    factors = np.where(n > m, [a, b], 0.0)
    factors[0][n == m] = np.diag(diagonal)
    factors[0, 0, 0] = 1.0
    factors[1][n - m < 2] = 0.0
    return factors


def _derivative(field: Array, axis: int) -> Array:
    """Derivative of a normalised field over x/R, y/R or z/R; one degree more is filled."""
    size = field.shape[-1]
    out = np.zeros_like(field)
    n, m = np.meshgrid(np.arange(size - 1), np.arange(size), indexing="ij")
    inside = m <= n
    spread = np.sqrt((2.0 * n + 1.0) / (2.0 * n + 3.0))
    c, s = field[0, :-1] * inside * spread, field[1, :-1] * inside * spread
    if axis == 2:
        factor = -np.sqrt(np.maximum((n + m + 1.0) * (n - m + 1.0), 0.0))
        out[0, 1:], out[1, 1:] = factor * c, factor * s
        return out
    up = 0.5 * np.sqrt((n + m + 2.0) * (n + m + 1.0)) * np.where(m == 0, np.sqrt(2.0), 1.0)
    down = 0.5 * np.sqrt(np.maximum((n - m + 2.0) * (n - m + 1.0), 0.0))
    down *= np.where(m == 1, np.sqrt(2.0), 1.0) * (m > 0)
    if axis == 0:
        out[0, 1:, 1:] -= (up * c)[:, :-1]
        out[1, 1:, 1:] -= (up * s)[:, :-1]
        out[0, 1:, :-1] += (down * c)[:, 1:]
        out[1, 1:, :-1] += (down * s)[:, 1:]
    else:
        out[1, 1:, 1:] -= (up * c)[:, :-1]
        out[0, 1:, 1:] += (up * s)[:, :-1]
        out[1, 1:, :-1] -= (down * c)[:, 1:]
        out[0, 1:, :-1] += (down * s)[:, 1:]
    out[1, :, 0] = 0.0
    return out


@lru_cache(maxsize=1)
def _shipped() -> tuple[Array, Array]:
    text = (files("moonbase") / "data" / "orbits" / "lunar_gravity.csv").read_text("utf-8")
    return _triangle(np.loadtxt(StringIO(text), delimiter=",", skiprows=1))


@lru_cache(maxsize=1)
def _full(n_shipped: int) -> tuple[Array, Array]:
    path = find_full_field()
    if path is None:
        raise ParameterError(
            f"the full lunar field is not on this machine; degrees to {n_shipped} ship",
            path=next(iter(_FULL_FILES)),
            hint=f"run 'moonbase data get lunar-gravity', or name its folder in {FOLDER_VARIABLE}",
        )
    data = path.read_bytes()
    _check(path.name, data, str(path))
    lines = data.decode("ascii").replace(",", " ").splitlines()[1:]
    rows = np.loadtxt(lines, usecols=(0, 1, 2, 3))
    return _triangle(rows[rows[:, 0] >= 2.0])


def _check(name: str, data: bytes, path: str) -> None:
    if hashlib.sha256(data).hexdigest() != _FULL_FILES.get(name):
        raise ParameterError(
            "not the published file: its SHA-256 differs", path=path, hint="fetch it again"
        )


def _triangle(rows: Array) -> tuple[Array, Array]:
    size = int(rows[:, 0].max()) + 1
    n, m = rows[:, 0].astype(int), rows[:, 1].astype(int)
    cosine, sine = np.zeros((size, size)), np.zeros((size, size))
    cosine[n, m], sine[n, m] = rows[:, 2], rows[:, 3]
    return cosine, sine
