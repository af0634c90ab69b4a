"""One month of the lunar industry, for a block of draws at once.

Ships' cargo becomes plant, crew and imports; life support, maintenance, driver, satellites and
growth draw on the month's resources in the scenario's order; construction that finishes enters
service where plant is short.

Neglected: stocks of intermediate goods (each month's materials are used in that month), landings as
whole numbers, seasons and night (a mean sunlit share), random single failures (expected values).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moonbase.campaign.fleet import Fleet
from moonbase.campaign.record import OTHER_CONSTRAINTS, Recorder
from moonbase.campaign.resources import (
    JOINT_ROWS,
    N_JOINT,
    POWER,
    Month,
    resource_table,
    row_names,
)
from moonbase.campaign.setup import IndustryMix, Setup
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.industry.requirements import PRODUCTS

MACHINE, PV, ROBOT, SATELLITE, DRIVER, CREW_DAY = range(len(PRODUCTS))
DAYS_PER_MONTH = 365.25 / 12.0
_FASTEST_GROWTH = 0.15
"""Most that plant is ordered to grow in a month, so that shortages of one kind weigh in."""
_DRIVER_RESERVE = 1.02
"""Parts of a line kept beyond what stands, so that a month without replacement stops no throw."""
_COMPLETE = 1.0 - 1e-9
"""Share of a line's mass at which it counts as complete, below rounding."""
_CHIPFAB_SLACK = 0.7
"""Part of the electronics plant counted on, so that output growing within the year finds room."""


@dataclass(slots=True)
class State:
    """Stocks of one block of draws; shapes (row, draw) and (draw,)."""

    plant_kg: Array
    pv_W: Array
    n_robots: Array
    n_crew: Array
    driver_kg: Array
    backlog_kg: Array
    seed_left_kg: Array
    pipeline: Array
    coming: Array
    in_transit_W: Array


@dataclass(slots=True)
class Year:
    """What holds during one calendar year."""

    table: Array
    growth: IndustryMix
    export: IndustryMix
    n_flights: Array
    demand_W: Array
    earth_build_W: Array
    flop_J: Array


@dataclass(slots=True)
class Ships:
    """Flights of a month."""

    n_moon_flights: Array
    landing_kg: Array
    seed_kg: Array


def blend(a: IndustryMix, b: IndustryMix, second_frac: Array) -> IndustryMix:
    """Mix of two mixes, ``second_frac`` of the second."""

    def mix(name: str) -> Array:
        x, y = getattr(a, name), getattr(b, name)
        return np.asarray(x + second_frac * (y - x))

    return IndustryMix(
        plant_frac=mix("plant_frac"),
        pv_W_kg=mix("pv_W_kg"),
        n_robots_per_kg=mix("n_robots_per_kg"),
    )


class Industry:
    """Stocks of one block of draws, and what a month does to them."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        n, rows = setup.n_draws, len(setup.needs.shop_life_yr)
        self.wear_1_month = 1.0 / (12.0 * np.array(setup.needs.shop_life_yr)[:, None])
        self.tables = resource_table(setup.needs), resource_table(setup.needs_local)
        self.rows = row_names(setup.needs)
        self.constraints = tuple(dict.fromkeys((*OTHER_CONSTRAINTS, *self.rows)))
        self.row_code = np.array(
            [self.constraints.index(name) for name in self.rows], dtype=np.int8
        )
        self.chipfab_row = setup.needs.shops.index("electronics")
        self.crew_row = setup.needs.shops.index("habitat")
        self.lag = np.clip(np.rint(setup.build_lag_yr * 12.0), 1, 119).astype(int)
        self.transit = np.clip(np.ceil(setup.transfer_s / JULIAN_YEAR_s * 12.0), 0, 59).astype(int)
        self.columns = np.arange(n)
        n_months = setup.n_years * 12
        self.thrown_W = np.zeros((60, n))
        self.driver_limits = np.zeros(n, dtype=bool)
        self.limit: dict[str, npt.NDArray[np.intp]] = {}
        self.replaced, self.extra_kg = np.zeros(n), np.zeros(n)
        self.generated_kWh = np.zeros(n)
        self.grow_share = np.zeros(n)
        self.builders = (
            setup.driver_line_kg
            / setup.driver_build_yr
            * setup.needs.robot_h[DRIVER]
            / setup.robot_hours_h_yr
        )
        self.held: Year
        self.mix = setup.growth_mix
        self.total = np.zeros(n)
        self.made_last_year = np.zeros((len(PRODUCTS), n))
        self.resources = Month(len(self.rows), n)
        self.fleets = [
            Fleet(
                n_months=n_months,
                life_yr=setup.life_yr,
                loss_1_yr=setup.loss_1_yr,
                degradation_1_yr=setup.degradation_1_yr,
            )
            for _ in range(2)
        ]
        self.record = Recorder(start_year=setup.start_year, n_years=setup.n_years, n_draws=n)
        zero = np.zeros(n)
        self.state = State(
            plant_kg=np.zeros((rows, n)),
            pv_W=zero.copy(),
            n_robots=zero.copy(),
            n_crew=zero.copy(),
            driver_kg=zero.copy(),
            backlog_kg=zero.copy(),
            seed_left_kg=setup.seed_kg.copy(),
            pipeline=np.zeros((3, 120, n)),
            coming=np.zeros((3, n)),
            in_transit_W=zero.copy(),
        )

    def _local_frac(self, year: int) -> Array:
        """Share of the planned local electronics that the plant for them can supply this year."""
        setup, row = self.setup, self.chipfab_row
        wanted = setup.local_frac[year]
        if not wanted.any():
            return np.asarray(wanted)
        needed = (self.tables[1][:, row] * self.made_last_year).sum(axis=0) * wanted
        able = _CHIPFAB_SLACK * self.state.plant_kg[row] / np.maximum(needed, 1e-9)
        return np.asarray(np.minimum(able, 1.0) * wanted)

    def _year(self, year: int) -> Year:
        setup, frac = self.setup, self._local_frac(year)
        planned = setup.local_frac[year]
        self.made_last_year = np.zeros_like(self.made_last_year)
        table, local = self.tables
        table = table if not frac.any() else table + frac * (local - table)
        self.resources.use(table)
        return Year(
            table=table,
            growth=blend(setup.growth_mix, setup.growth_mix_local, planned),
            export=blend(setup.export_mix, setup.export_mix_local, planned),
            n_flights=setup.flights_yr[year] / 12.0,
            demand_W=setup.demand_W[year],
            earth_build_W=setup.earth_build_W_yr[year] / 12.0,
            flop_J=setup.flop_J[year],
        )

    def _begun(self, ships: Ships) -> bool:
        return bool(ships.seed_kg.any() or self.state.plant_kg.any())

    def _install(self, mix: IndustryMix, mass_kg: Array) -> None:
        """Put Earth-made plant in service in the proportions of a mix."""
        setup, state = self.setup, self.state
        unit = 1.0 + mix.pv_W_kg * setup.pv_mass_kg_W + mix.n_robots_per_kg * setup.robot_mass_kg
        plant = mass_kg / unit
        state.plant_kg += mix.plant_frac * plant
        state.pv_W = state.pv_W + plant * mix.pv_W_kg
        state.n_robots = state.n_robots + plant * mix.n_robots_per_kg

    def _industry(self, month: int, held: Year, ships: Ships, room_W: Array) -> tuple[Array, Array]:
        """One month of the lunar industry. Returns thrown nameplate W and gross landed kg."""
        setup, state = self.setup, self.state
        self.mix = blend(held.export, held.growth, self.grow_share)
        self._install(held.growth, ships.seed_kg + self.extra_kg)
        self._complete(month, held)
        self.total = total = state.plant_kg.sum(axis=0)
        arriving, labour = self._people(month, held, total, ships.landing_kg)
        crew_kg = arriving * setup.crew_arrival_kg
        imports = ships.landing_kg - crew_kg
        resources = self._open(held, labour, imports)
        goal_kg_yr = self._goal(held, imports, room_W)
        growth, short = self._growth_wanted(month, held, goal_kg_yr, total)
        if setup.export_share:
            grow_share = (1.0 - setup.export_frac) * (short > 0.0)
        else:
            grow_share = setup.reinvest_frac * short
        self.grow_share = np.asarray(grow_share * (total > 0.0))
        thrown = self._classes(month, resources, room_W, growth, goal_kg_yr, total)
        leftover = np.maximum(imports - sum(resources.imports_kg.values()), 0.0)
        extra = leftover * setup.plant_import_frac * (short > 0.0) * (state.seed_left_kg <= 0.0)
        self.extra_kg = extra
        net = ships.seed_kg + crew_kg + extra + sum(resources.imports_kg.values())
        gross = net / (1.0 - setup.landing_loss_frac)
        self._note(month, held, resources, crew_kg, extra, gross - net)
        self._binding(month, labour)
        self.made_last_year += resources.made
        thrown_W = thrown * setup.lunar_power_W_kg
        self.record.add(month, launched_kg=thrown, launched_lunar_W=thrown_W, crew_arrived=arriving)
        return thrown_W, gross

    def _complete(self, month: int, held: Year) -> None:
        """Construction that finishes this month enters service where plant is short."""
        state = self.state
        slot = month % state.pipeline.shape[1]
        machine, pv, robots = state.pipeline[:, slot].copy()
        machine += self.replaced
        state.coming -= state.pipeline[:, slot]
        state.pipeline[:, slot] = 0.0
        state.pv_W = state.pv_W + pv
        state.n_robots = state.n_robots + robots
        share = self.mix.plant_frac
        total = state.plant_kg.sum(axis=0)
        wanted = share * (total + machine)
        beds = held.table[CREW_DAY, self.crew_row] * 365.25
        wanted[self.crew_row] = 1.05 * beds * self._crew_target(total)
        deficit = np.maximum(wanted - state.plant_kg, 0.0) + 1e-12 * share
        state.plant_kg += machine * deficit / (deficit.sum(axis=0) + 1e-300)

    def _crew_target(self, plant: Array) -> Array:
        setup, state = self.setup, self.state
        needed = 1.05 * (1.0 - setup.remote_labour_frac) * setup.crew_need_h_kg_yr * plant
        grown = state.n_crew * (1.0 + setup.crew_growth_1_yr / 12.0)
        return np.minimum(needed / setup.crew_hours_h_yr, np.maximum(setup.n_first_party, grown))

    def _people(
        self, month: int, held: Year, plant: Array, landing_kg: Array
    ) -> tuple[Array, Array]:
        """Arrivals of the month and the share of plant that labour can run."""
        setup, state = self.setup, self.state
        year = setup.start_year + month / 12.0
        per_bed = held.table[CREW_DAY, self.crew_row] * 365.25
        beds = np.where(per_bed > 0.0, state.plant_kg[self.crew_row] / (per_bed + 1e-12), np.inf)
        wanted = np.minimum(self._crew_target(plant), beds) - state.n_crew
        wanted = np.maximum(wanted, 0.0) * (year >= setup.first_crew_year)
        arriving = np.minimum(wanted, landing_kg / setup.crew_arrival_kg)
        state.n_crew = state.n_crew + arriving
        self.record.event(month, "first_crew", state.n_crew >= 1.0)
        needed_h = setup.crew_need_h_kg_yr * plant + 1e-12
        labour = setup.remote_labour_frac + state.n_crew * setup.crew_hours_h_yr / needed_h
        return arriving, np.minimum(1.0, labour)

    def _open(self, held: Year, labour: Array, imports: Array) -> Month:
        """Resources of the month."""
        setup, state, month = self.setup, self.state, self.resources
        available = month.available
        runs = labour / 12.0
        np.multiply(state.plant_kg[:-1], runs, out=available[: len(state.plant_kg) - 1])
        available[self.crew_row] = state.plant_kg[self.crew_row] / 12.0
        available[JOINT_ROWS] = state.plant_kg[-1] * runs
        self.generated_kWh = state.pv_W * setup.pv_yield_kWh_W / 12.0
        available[POWER] = self.generated_kWh
        available[-2] = state.n_robots * setup.robot_hours_h_yr / 12.0
        available[-1] = imports
        month.open()
        return month

    def _lunar_room(self, room_W: Array) -> Array:
        """Power that demand still takes from where the Moon's satellites fly, W."""
        accepted = self.setup.deep_demand_frac * self.held.demand_W
        return np.minimum(
            room_W, np.maximum(accepted - self.fleets[0].power_W - self.state.in_transit_W, 0.0)
        )

    def _goal(self, held: Year, imports: Array, room_W: Array) -> Array:
        """Satellite stream (kg/yr) that imports and demand would allow if plant were no limit."""
        setup = self.setup
        by_imports = 12.0 * imports / np.maximum(held.table[SATELLITE, -1], 1e-9)
        replace = setup.life_yr
        by_demand = (
            self._lunar_room(room_W) + self.fleets[0].power_W / replace
        ) / setup.lunar_power_W_kg
        return np.asarray(np.minimum(by_imports, by_demand))

    def _classes(
        self,
        month: int,
        resources: Month,
        room_W: Array,
        growth: dict[int, Array],
        goal_kg_yr: Array,
        total: Array,
    ) -> Array:
        """Serve the classes in the scenario's order. Returns mass thrown, kg."""
        setup, state = self.setup, self.state
        capacity = self._driver_capacity() * setup.driver_availability_frac / 12.0
        ready = self._driver_ready()
        by_demand = self._lunar_room(room_W) / setup.lunar_power_W_kg
        stock_limit = np.maximum(capacity + np.minimum(capacity, by_demand) - state.backlog_kg, 0.0)
        satellites = np.minimum(by_demand, stock_limit) * ready
        self.driver_limits = stock_limit < by_demand
        thrown = np.zeros(setup.n_draws)
        first = True
        for name in setup.class_order:
            if name == "life_support":
                crew_days = state.n_crew * DAYS_PER_MONTH
                served = resources.draw(name, {CREW_DAY: crew_days})
                leaving = state.n_crew * (1.0 - served)
                state.n_crew = state.n_crew - leaving
                self.record.add(
                    month, short_crew_days=crew_days * (1.0 - served), crew_left=leaving
                )
            elif name == "maintenance":
                self._maintain(resources)
            elif name == "driver":
                wanted = np.minimum(state.backlog_kg, capacity)
                served = resources.draw_power(wanted * setup.throw_kWh_kg)
                thrown = wanted * served
                state.backlog_kg = state.backlog_kg - thrown
                self._build_driver(resources, goal_kg_yr, total)
            elif name == "satellites":
                share = 1.0 - self.grow_share if first else 1.0
                made = satellites * resources.draw(name, {SATELLITE: satellites}, share)
                state.backlog_kg = state.backlog_kg + made
                satellites = satellites - made
                first = False
            else:
                self._grow(month, resources, growth, self.grow_share if first else 1.0)
                first = False
        served = resources.draw("satellites", {SATELLITE: satellites})
        self.limit["satellites"] = resources.scarcest(served)
        state.backlog_kg = state.backlog_kg + satellites * served
        return thrown

    def _growth_wanted(
        self, month: int, held: Year, goal_kg_yr: Array, total: Array
    ) -> tuple[dict[int, Array], Array]:
        """Machines, arrays and robots wanted this month, and how short of the goal capital is.

        The goal is the plant that the allowed stream needs, with a tenth in hand; arrays and
        robots follow the plant in the proportions of the mix aimed at.
        """
        setup, state = self.setup, self.state
        frac = setup.local_frac[month // 12]
        per_stream = setup.plant_per_satellite_yr
        per_stream = per_stream + frac * (setup.plant_per_satellite_local_yr - per_stream)
        goal = 1.1 * goal_kg_yr * per_stream
        building = ~self._driver_ready()
        to_start = 1.05 * setup.driver_start_ratio * setup.driver_line_kg * (goal > 0.0)
        goal = np.where(building, np.maximum(goal, to_start), goal)
        coming = np.maximum(state.coming, 0.0)
        plant = total + coming[0]
        machine = np.clip(goal - plant, 0.0, _FASTEST_GROWTH * plant)
        mix = self.mix
        pv_goal = mix.pv_W_kg * (plant + machine)
        robot_goal = mix.n_robots_per_kg * (plant + machine) + self.builders * building
        pv = np.maximum(pv_goal - state.pv_W - coming[1], 0.0)
        robots = np.maximum(robot_goal - state.n_robots - coming[2], 0.0)
        short = (goal - total) / (0.2 * goal + 1e-9)
        short = np.maximum(short, (pv_goal - state.pv_W) / (0.2 * pv_goal + 1e-9))
        short = np.maximum(short, (robot_goal - state.n_robots) / (0.2 * robot_goal + 1e-9))
        return {MACHINE: machine, PV: pv / 1e3, ROBOT: robots}, np.clip(short, 0.0, 1.0)

    def _grow(
        self, month: int, resources: Month, bundle: dict[int, Array], share: Array | float
    ) -> None:
        state = self.state
        served = resources.draw("growth", bundle, share)
        self.limit["growth"] = resources.scarcest(served)
        slot = (month + self.lag) % state.pipeline.shape[1]
        for row, (product, scale) in enumerate(((MACHINE, 1.0), (PV, 1e3), (ROBOT, 1.0))):
            ordered = bundle[product] * served * scale
            state.pipeline[row, slot, self.columns] += ordered
            state.coming[row] += ordered

    def _maintain(self, resources: Month) -> None:
        """Replace what wears out and is still wanted; the rest of it leaves service."""
        setup, state = self.setup, self.state
        wear = state.plant_kg * self.wear_1_month
        state.plant_kg -= wear
        worn = wear.sum(axis=0)
        plant, mix = self.total, self.mix
        pv_W, pv_worn_W = self._worn(state.pv_W, setup.pv_life_yr, 1.2 * mix.pv_W_kg * plant)
        robots, robots_worn = self._worn(
            state.n_robots,
            setup.robot_life_yr,
            1.2 * mix.n_robots_per_kg * plant + self.builders * ~self._driver_ready(),
        )
        served = resources.draw("maintenance", {MACHINE: worn, PV: pv_W / 1e3, ROBOT: robots})
        self.replaced = worn * served
        state.pv_W = state.pv_W - pv_worn_W + pv_W * served
        state.n_robots = state.n_robots - robots_worn + robots * served

    @staticmethod
    def _worn(stock: Array, life_yr: Array, wanted: Array) -> tuple[Array, Array]:
        """What to replace this month and what wore out."""
        worn = stock / (12.0 * life_yr)
        return np.clip(wanted - stock + worn, 0.0, worn), worn

    def _driver_capacity(self) -> Array:
        """Mass per year that finished lines can throw, kg/yr."""
        lines = self.state.driver_kg / self.setup.driver_line_kg
        return np.where(self._driver_ready(), lines, 0.0) * self.setup.driver_line_capacity_kg_yr

    def _driver_ready(self) -> npt.NDArray[np.bool_]:
        """Whether the first line stands; wear is made good from a small reserve beyond it."""
        return self.state.driver_kg >= self.setup.driver_line_kg * _COMPLETE

    def _build_driver(self, resources: Month, goal_kg_yr: Array, total: Array) -> None:
        setup, state = self.setup, self.state
        able = total / np.maximum(setup.plant_per_satellite_yr, 1e-9)
        wanted_kg_yr = 1.2 * np.minimum(goal_kg_yr, able) / setup.driver_availability_frac
        lines = np.maximum(wanted_kg_yr / setup.driver_line_capacity_kg_yr, 1.0)
        goal = setup.driver_line_kg * lines * _DRIVER_RESERVE
        started = (total >= setup.driver_start_ratio * setup.driver_line_kg) | (
            state.driver_kg > 0.0
        )
        worn = state.driver_kg / (12.0 * setup.driver_life_yr)
        missing = np.maximum(goal - state.driver_kg, 0.0)
        wanted = (np.minimum(missing, goal / (12.0 * setup.driver_build_yr)) + worn) * started
        served = resources.draw("driver", {DRIVER: wanted}, setup.driver_share_frac)
        built = wanted * served
        state.driver_kg = state.driver_kg + built - worn

    def _note(
        self,
        month: int,
        held: Year,
        resources: Month,
        crew_kg: Array,
        extra_kg: Array,
        lost_kg: Array,
    ) -> None:
        setup, made, imports = self.setup, resources.made, resources.imports_kg
        joint = (setup.needs.joint_activity * made).sum(axis=1).max(axis=0)
        mined = (setup.needs.mine_base_kg * made).sum(axis=0) + setup.needs.regolith_ratio * joint
        self.record.add(
            month,
            landed_plant_kg=extra_kg,
            landed_crew_kg=crew_kg,
            landed_supplies_kg=imports["life_support"],
            landed_satellite_parts_kg=imports["satellites"],
            landed_growth_parts_kg=imports["growth"],
            landed_maintenance_parts_kg=imports["maintenance"],
            landed_driver_parts_kg=imports["driver"],
            lost_landing_kg=lost_kg,
            machine_made_kg=made[MACHINE],
            pv_made_W=made[PV] * 1e3,
            robots_made=made[ROBOT],
            satellite_made_kg=made[SATELLITE],
            driver_made_kg=made[DRIVER],
            crew_days=made[CREW_DAY],
            regolith_kg=mined,
            joint_activity_kg=joint,
            electricity_generated_kWh=self.generated_kWh,
            electricity_used_kWh=np.maximum(
                self.generated_kWh - resources.available[POWER].min(axis=0), 0.0
            ),
            throw_kWh=resources.throw_kWh,
        )

    def _binding(self, month: int, labour: Array) -> None:
        """Name what limits output: growth before the driver stands, satellites after it."""
        code = {name: np.int8(self.constraints.index(name)) for name in OTHER_CONSTRAINTS}
        ready = self._driver_ready()
        limit = self.limit
        row = np.where(ready, limit["satellites"], limit["growth"])
        named = self.row_code[np.maximum(row, 0)]
        plant = np.maximum(row, 0) < len(self.rows) - N_JOINT - 2
        named = np.where(plant & (labour < 0.9), code["crew"], named)
        idle = np.where(ready & ~self.driver_limits, code["demand"], code["driver"])
        named = np.where(row < 0, idle, named)
        empty = self.total <= 0.0
        self.record.binding[month] = np.where(empty, code["not_started"], named)
