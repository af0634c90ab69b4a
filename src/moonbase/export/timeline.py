"""The timeline of a run: yearly series of every draw, CF attributes, NetCDF 4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from moonbase.answers import Answers
from moonbase.core.units import unit_of

if TYPE_CHECKING:
    import xarray as xr

_UNITS = {
    "imported_kg_per_kW": "kg kW-1",
    "kardashev": "1",
    "W_yr": "W year-1",
    "usd_kW_yr": "USD kW-1 year-1",
    "usd_PFLOP_day": "USD PFLOP-1 day-1",
    "usd_kg": "USD kg-1",
    "usd_yr": "USD year-1",
    "usd": "USD",
    "kg_yr": "kg year-1",
    "kg_kW": "kg kW-1",
    "flop_s": "FLOP s-1",
    "frac": "1",
    "W": "W",
    "kg": "kg",
    "yr": "year",
}


def cf_units(name: str) -> str:
    """CF unit string of a series.

    Examples
    --------
    >>> cf_units("launched_kg_yr"), cf_units("n_crew")
    ('kg year-1', '1')
    """
    if name.endswith("_usd_PFLOP_day"):
        return _UNITS["usd_PFLOP_day"]
    unit = unit_of(name)
    return _UNITS.get(name) or _UNITS.get(unit.suffix if unit else "", "1")


def _attributes(name: str) -> dict[str, str]:
    flow = name.endswith("_yr") and "usd_kW" not in name
    return {
        "units": cf_units(name),
        "long_name": name.replace("_", " "),
        "cell_methods": "time: sum" if flow else "time: point",
    }


def dataset(answers: Answers) -> xr.Dataset:
    """Yearly series as an xarray Dataset with dimensions (time, draw)."""
    import xarray as xr

    variables = {
        name: (("time", "draw"), values, _attributes(name))
        for name, values in answers.series.items()
    }
    return xr.Dataset(
        variables,
        coords={
            "time": ("time", answers.year, {"long_name": "calendar year", "units": "year"}),
            "draw": ("draw", np.arange(len(answers.status)), {"long_name": "draw; 0 is nominal"}),
            "status": ("draw", answers.status, {"long_name": "status of the draw"}),
        },
        attrs={"Conventions": "CF-1.11"},
    )


def write_timeline(path: Path, answers: Answers) -> None:
    """Write the same data set in single precision, without loading xarray."""
    import h5netcdf

    n_draws = len(answers.status)
    with h5netcdf.File(path, "w") as file:
        file.attrs["Conventions"] = "CF-1.11"
        file.dimensions = {
            "time": len(answers.year),
            "draw": n_draws,
            "month": len(answers.year) * 12,
        }
        time = file.create_variable("time", ("time",), data=answers.year)
        time.attrs["units"], time.attrs["long_name"] = "year", "calendar year"
        draw = file.create_variable("draw", ("draw",), data=np.arange(n_draws))
        draw.attrs["long_name"] = "draw; 0 is the nominal case"
        for name, values in answers.series.items():
            variable = file.create_variable(name, ("time", "draw"), data=values.astype(np.float32))
            for key, text in _attributes(name).items():
                variable.attrs[key] = text
        binding = file.create_variable("binding", ("month", "draw"), data=answers.binding)
        binding.attrs["long_name"] = "constraint that binds lunar output in the month"
        binding.attrs["flag_values"] = np.arange(len(answers.constraints), dtype=np.int8)
        binding.attrs["flag_meanings"] = " ".join(answers.constraints).replace(":", ".")
        names, code = np.unique(answers.status, return_inverse=True)
        status = file.create_variable("status", ("draw",), data=code.astype(np.int8))
        status.attrs["long_name"] = "status of the draw"
        status.attrs["flag_values"] = np.arange(len(names), dtype=np.int8)
        status.attrs["flag_meanings"] = " ".join(names.tolist())
