"""What a plan asks of the lunar industry, period by period: what the simulator can follow."""

from __future__ import annotations

from dataclasses import dataclass

from moonbase.core.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Orders of a plan, for one case. Periods are of equal length, from ``start_year``.

    ``plant_kg_yr`` has shape (shop, period), the rest (period,). Orders are yearly rates and
    include the replacement of what wears out; ``plant_import_kg_yr`` is finished Earth-made plant
    landed, and is not part of ``plant_kg_yr``. ``landed_plant_kg_yr`` (shop, period),
    ``landed_pv_W_yr`` and ``n_landed_robots_1_yr`` say what it consists of; without the first of
    them it is landed in the simulator's balanced mix. Orders of driver are in parts of
    ``driver_line_kg`` where that is given: a draw whose line is heavier orders as much more.
    """

    start_year: float
    step_yr: float
    shops: tuple[str, ...]
    plant_kg_yr: Array
    plant_import_kg_yr: Array
    pv_W_yr: Array
    n_robots_1_yr: Array
    satellite_kg_yr: Array
    driver_kg_yr: Array
    n_crew: Array
    landed_plant_kg_yr: Array | None = None
    landed_pv_W_yr: Array | None = None
    n_landed_robots_1_yr: Array | None = None
    driver_line_kg: float | None = None
