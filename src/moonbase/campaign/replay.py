"""Following a plan through a world that the planner did not foresee.

What a step cannot make of the plan's orders is booked as shortfall and ordered again in the next
step, until the plan ends; a year that catches up has a negative shortfall. Nothing is ordered that
the plan does not have, and cargo that it leaves over stays on Earth. The driver throws whatever
stands finished, as under any policy; flights, seed and stocks are those of the scenario, not the
plan's.

A plan says which shops its orders are for but not which of them replace worn plant. Here as much of
a step's orders as wears out in the step is replacement, made at once in the class ``maintenance``;
the rest waits for the build lag. All of it goes to the shops that the orders of one lag ago name.
Outside the plan's periods nothing is ordered.
"""

from __future__ import annotations

import numpy as np

from moonbase.campaign.path import Path
from moonbase.campaign.policies import Industry, Orders, Policy
from moonbase.campaign.setup import Setup
from moonbase.campaign.state import DRIVER, MACHINE, PV, ROBOT, SATELLITE
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError

LAST_SHOP = "electrolysis"
"""Name of the last row of plant, which makes the joint products."""
_SERIES = (
    "plant_import_kg_yr",
    "pv_W_yr",
    "n_robots_1_yr",
    "satellite_kg_yr",
    "driver_kg_yr",
    "n_crew",
)
_ROUNDING = 1e-9
"""Shortfalls below this share of what was asked for are rounding."""


def shop_names(setup: Setup) -> tuple[str, ...]:
    """Names of the rows of plant, as a plan may use them."""
    return (*setup.needs.shops, LAST_SHOP)


def check_path(path: Path, setup: Setup) -> None:
    """Refuse a plan that cannot be followed.

    Parameters
    ----------
    path : Path
    setup : Setup

    Raises
    ------
    DomainError
        A shape does not fit, a number is negative or not finite, or a shop is unknown.
    """
    if path.driver_line_kg is not None and not path.driver_line_kg > 0.0:
        raise DomainError("must be > 0", path="path.driver_line_kg", hint="mass of one line")
    if path.step_yr <= 0.0:
        raise DomainError("must be > 0", path="path.step_yr", hint="length of a period in years")
    known = shop_names(setup)
    for shop in path.shops:
        if shop not in known:
            raise DomainError(
                f"unknown shop {shop!r}", path="path.shops", hint=f"any of {', '.join(known)}"
            )
    n_periods = np.shape(path.satellite_kg_yr)[-1] if np.ndim(path.satellite_kg_yr) else 0
    wanted: dict[str, tuple[int, ...]] = {name: (n_periods,) for name in _SERIES}
    wanted["plant_kg_yr"] = (len(path.shops), n_periods)
    for name in ("landed_pv_W_yr", "n_landed_robots_1_yr"):
        if getattr(path, name) is not None:
            wanted[name] = (n_periods,)
    if path.landed_plant_kg_yr is not None:
        wanted["landed_plant_kg_yr"] = (len(path.shops), n_periods)
    for name, shape in wanted.items():
        values = np.asarray(getattr(path, name), dtype=float)
        if values.shape != shape:
            raise DomainError(
                f"has shape {values.shape}, not {shape}",
                path=f"path.{name}",
                hint="plant by shop is (shop, period), everything else (period,)",
            )
        if not (np.isfinite(values) & (values >= 0.0)).all():
            raise DomainError(
                "must be finite and not below zero", path=f"path.{name}", hint="see the plan"
            )


def _landed_rates(path: Path, names: tuple[str, ...]) -> tuple[Array, Array, Array] | None:
    """What finished plant consists of, by period, with an empty one behind the last."""
    if path.landed_plant_kg_yr is None:
        return None
    n = len(path.satellite_kg_yr)
    plant = np.zeros((len(names), n + 1))
    for shop, row in zip(path.shops, np.asarray(path.landed_plant_kg_yr), strict=True):
        plant[names.index(shop), :-1] += row
    pv_W, robots = (
        np.zeros(n + 1) if rate is None else np.append(np.asarray(rate, dtype=float), 0.0)
        for rate in (path.landed_pv_W_yr, path.n_landed_robots_1_yr)
    )
    return plant, pv_W, robots


class FollowPlan(Policy):
    """Orders of a plan, period by period; the same plan in every draw."""

    def __init__(self, path: Path, setup: Setup) -> None:
        check_path(path, setup)
        self._path = path
        names = shop_names(setup)
        n_periods = len(path.satellite_kg_yr)
        self._plant = np.zeros((len(names), n_periods + 1))
        for shop, row in zip(path.shops, np.asarray(path.plant_kg_yr, dtype=float), strict=True):
            self._plant[names.index(shop), :-1] += row
        self._rate = {
            name: np.append(np.asarray(getattr(path, name), dtype=float), 0.0) for name in _SERIES
        }
        self._lag = np.floor(setup.build_lag_yr * setup.n_steps_yr + 0.5).astype(int)
        self._asked: dict[int, Array] = {}
        self._owed: dict[int, Array] = {}
        self._landed = _landed_rates(path, names)
        self._made = {
            MACHINE: self._plant.sum(axis=0),
            PV: self._rate["pv_W_yr"] / 1e3,
            ROBOT: self._rate["n_robots_1_yr"],
            SATELLITE: self._rate["satellite_kg_yr"],
            DRIVER: self._rate["driver_kg_yr"],
        }

    def _periods(self, steps: Array, setup: Setup) -> Array:
        """Period of each step, the empty one behind the last where the plan says nothing."""
        year = setup.start_year + (steps + 0.5) / setup.n_steps_yr
        period = np.floor((year - self._path.start_year) / self._path.step_yr).astype(int)
        n = self._plant.shape[1] - 1
        return np.where((period >= 0) & (period < n), period, n)

    def _now(self, name: str, step: int, industry: Industry) -> Array:
        """Amount that the plan asks for in a step, (draw,)."""
        period = int(self._periods(np.asarray(step), industry.setup))
        amount = self._rate[name][period] / (1.0 if name == "n_crew" else industry.setup.n_steps_yr)
        return np.full(industry.setup.n_draws, amount)

    def _ordered(self, product: int, step: int, industry: Industry) -> Array:
        """Amount of a product that the plan asks for, with what is still owed of earlier steps."""
        setup = industry.setup
        period = int(self._periods(np.asarray(step), setup))
        rate = self._made[product][period] / setup.n_steps_yr
        asked = np.full(setup.n_draws, rate)
        if product == DRIVER and self._path.driver_line_kg is not None:
            asked *= setup.driver_line_kg / self._path.driver_line_kg
        self._asked[product] = asked
        in_plan = period < self._plant.shape[1] - 1
        owed = self._owed.get(product) if in_plan else None
        return asked if owed is None else asked + owed

    def stock_yr(self, industry: Industry) -> Array:
        """See ``Policy``."""
        return industry.setup.rules.stock_yr

    def shop_split(self, step: int, industry: Industry, machine_kg: Array) -> Array:
        """Shops of the orders of one lag ago; where there were none, those that there are."""
        asked = self._plant[:, self._periods(step - self._lag, industry.setup)]
        plant = np.where(asked.sum(axis=0) > 0.0, asked, industry.state.plant_kg + 1e-300)
        return np.asarray(plant / plant.sum(axis=0))

    def crew_target(self, step: int, industry: Industry, plant_kg: Array) -> Array:
        """See ``Policy``."""
        return self._now("n_crew", step, industry)

    def _capital(self, step: int, industry: Industry) -> tuple[Array, Array, Array]:
        return (
            self._ordered(MACHINE, step, industry),
            1e3 * self._ordered(PV, step, industry),
            self._ordered(ROBOT, step, industry),
        )

    def replacement(
        self, step: int, industry: Industry, worn: tuple[Array, Array, Array]
    ) -> tuple[Array, Array, Array]:
        """What wears out, as far as the plan orders anything."""
        machine, pv, robots = (
            np.minimum(w, asked)
            for w, asked in zip(worn, self._capital(step, industry), strict=True)
        )
        return machine, pv, robots

    def orders(
        self,
        step: int,
        industry: Industry,
        goal_kg_yr: Array,
        worn: tuple[Array, Array, Array],
    ) -> Orders:
        """What the plan orders beyond replacement."""
        asked = self._capital(step, industry)
        machine, pv, robots = (np.maximum(a - w, 0.0) for a, w in zip(asked, worn, strict=True))
        everything = np.ones_like(machine)
        return Orders(
            machine_kg=machine,
            pv_W=pv,
            n_robots=robots,
            satellite_share_frac=everything,
            growth_share_frac=everything,
            short_frac=np.zeros_like(machine),
        )

    def satellites_kg(
        self, step: int, industry: Industry, room_kg: Array, stock_room_kg: Array
    ) -> Array:
        """What the plan makes, as far as demand takes it."""
        return np.minimum(self._ordered(SATELLITE, step, industry), room_kg)

    def driver_kg(
        self, step: int, industry: Industry, goal_kg_yr: Array
    ) -> tuple[Array, Array | float]:
        """See ``Policy``."""
        return self._ordered(DRIVER, step, industry), 1.0

    def plant_import_kg(self, step: int, industry: Industry, spare_kg: Array) -> Array:
        """See ``Policy``."""
        return np.minimum(self._now("plant_import_kg_yr", step, industry), spare_kg)

    def landed(
        self, step: int, industry: Industry, mass_kg: Array
    ) -> tuple[Array, Array, Array] | None:
        """The plan's own mix, as much of it as found room on ships."""
        if self._landed is None:
            return None
        period = int(self._periods(np.asarray(step), industry.setup))
        plant, pv_W, robots = (rate[..., period] for rate in self._landed)
        asked = float(self._rate["plant_import_kg_yr"][period])
        share = mass_kg / asked if asked > 0.0 else np.zeros_like(mass_kg)
        return plant[:, None] * share, pv_W * share, robots * share

    def shortfall(self, step: int, industry: Industry) -> dict[str, Array]:
        """What the plan asked for and was not made."""
        made = industry.resources.made

        def short(product: int) -> Array:
            asked = self._asked.get(product, np.zeros(industry.setup.n_draws))
            missing = asked - made[product]
            missing = np.where(np.abs(missing) > _ROUNDING * asked, missing, 0.0)
            self._owed[product] = np.maximum(self._owed.get(product, 0.0) + missing, 0.0)
            return missing

        return {
            "short_plan_machine_kg": short(MACHINE),
            "short_plan_pv_W": short(PV) * 1e3,
            "short_plan_robots": short(ROBOT),
            "short_plan_satellite_kg": short(SATELLITE),
            "short_plan_driver_kg": short(DRIVER),
        }
