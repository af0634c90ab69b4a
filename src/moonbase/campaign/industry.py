"""One step of the lunar industry, for a block of draws at once.

Ships' cargo becomes plant, crew, parts and stocks; life support, maintenance, driver, satellites
and growth draw on the step's resources in the scenario's order; construction that finishes enters
service where the policy puts it. A month has one step unless the setup says otherwise.

Orders of a step finish over two steps, so that the mean time between an order and its service is
the build lag whatever the step; growth is then second order in the step.

Neglected: stocks of intermediate goods and of parts for satellites and growth (each step's
materials are used in it), landings as whole numbers (but whole landings are lost), seasons and
night (a mean sunlit share), people on lost landings, what it takes to fill the reserve of local
water and air.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moonbase.campaign.fleet import Fleet
from moonbase.campaign.noise import Noise
from moonbase.campaign.policies import Orders, Policy
from moonbase.campaign.record import IMPORT_CLASSES, OTHER_CONSTRAINTS, Recorder
from moonbase.campaign.resources import (
    JOINT_ROWS,
    N_JOINT,
    POWER,
    Month,
    resource_table,
    row_names,
)
from moonbase.campaign.setup import IndustryMix, Setup
from moonbase.campaign.state import (
    COMPLETE,
    CREW_DAY,
    DRIVER,
    MACHINE,
    PV,
    ROBOT,
    SATELLITE,
    PIPELINE_yr,
    Ships,
    State,
    Year,
    blend,
)
from moonbase.campaign.year import open_year
from moonbase.core.arrays import Array
from moonbase.core.constants import JULIAN_YEAR_s
from moonbase.industry.requirements import IMPORTS, PRODUCTS

_TRANSIT_yr = 5
"""Longest flight that is kept count of."""


class Industry:
    """Stocks of one block of draws, and what a step does to them."""

    def __init__(self, setup: Setup, policy: Policy) -> None:
        self.setup, self.policy = setup, policy
        n, rows = setup.n_draws, len(setup.needs.shop_life_yr)
        per_year = setup.n_steps_yr
        self.days = 365.25 / per_year
        self.wear_1_step = 1.0 / (per_year * np.array(setup.needs.shop_life_yr)[:, None])
        every = setup.needs, setup.needs_local, setup.needs_chips
        self.tables = tuple(resource_table(needs) for needs in every)
        self.rows = row_names(setup.needs)
        self.constraints = tuple(dict.fromkeys((*OTHER_CONSTRAINTS, *self.rows)))
        self.row_code = np.array(
            [self.constraints.index(name) for name in self.rows], dtype=np.int8
        )
        self.chipfab_row = setup.needs.shops.index("electronics")
        self.crew_row = setup.needs.shops.index("habitat")
        transit = np.ceil(setup.transfer_s / JULIAN_YEAR_s * per_year)
        self.transit = np.clip(transit, 0, _TRANSIT_yr * per_year - 1).astype(int)
        self.columns = np.arange(n)
        self.thrown_W = np.zeros((_TRANSIT_yr * per_year, n))
        self.driver_limits = np.zeros(n, dtype=bool)
        self.limit: dict[str, npt.NDArray[np.intp]] = {}
        self.replaced, self.extra_kg = np.zeros(n), np.zeros(n)
        self.generated_kWh = np.zeros(n)
        self.short_frac = np.zeros(n)
        self.grow_share = np.zeros(n)
        self.builders = (
            setup.driver_line_kg
            / setup.rules.driver_build_yr
            * setup.needs.robot_h[DRIVER]
            / setup.robot_hours_h_yr
        )
        self.held: Year
        self.mix = setup.growth_mix
        self.total_kg = np.zeros(n)
        self.made_this_year = np.zeros((len(PRODUCTS), n))
        self.made_kg = np.zeros(n)
        self.split_frac = np.zeros((rows, n))
        self.n_crew_opened = np.zeros(n)
        self.resources = Month(len(self.rows), n)
        self.noise = Noise(setup.chance, n_shops=rows, n_steps_yr=per_year)
        self.fleets = [
            Fleet(
                n_steps=setup.n_years * per_year,
                life_yr=setup.life_yr,
                loss_1_yr=setup.loss_1_yr,
                degradation_1_yr=setup.degradation_1_yr,
                n_steps_yr=per_year,
            )
            for _ in range(2)
        ]
        self.record = Recorder(
            start_year=setup.start_year, n_years=setup.n_years, n_draws=n, n_steps_yr=per_year
        )
        zero = np.zeros(n)
        self.state = State(
            plant_kg=np.zeros((rows, n)),
            pv_W=zero.copy(),
            n_robots=zero.copy(),
            n_crew=zero.copy(),
            driver_kg=zero.copy(),
            backlog_kg=zero.copy(),
            seed_left_kg=setup.seed_kg.copy(),
            pipeline=np.zeros((3, PIPELINE_yr * per_year, n)),
            coming=np.zeros((3, n)),
            in_transit_W=zero.copy(),
            supplies_kg=zero.copy(),
            n_reserve_days=zero.copy(),
            spares_kg=zero.copy(),
        )

    def _year(self, year: int) -> Year:
        setup = self.setup
        opened = open_year(
            setup,
            self.tables,
            year,
            chipfab_kg=self.state.plant_kg[self.chipfab_row],
            chipfab_row=self.chipfab_row,
            made_last_year=self.made_this_year,
            machine_made_kg=self.made_kg,
            on_ray=self.policy.exact_ray,
        )
        self.made_this_year = np.zeros_like(self.made_this_year)
        self.resources.use(opened.table)
        return opened

    def _begun(self, ships: Ships) -> bool:
        return bool(ships.seed_kg.any() or self.state.plant_kg.any())

    def _land(self, step: int, mix: IndustryMix, seed_kg: Array) -> None:
        """Put the step's seed and the finished plant that the last step sent for in service."""
        landed = self.policy.landed(step - 1, self, self.extra_kg)
        if landed is None:
            self._install(mix, seed_kg + self.extra_kg)
            return
        self._install(mix, seed_kg)
        state = self.state
        state.plant_kg += landed[0]
        state.pv_W = state.pv_W + landed[1]
        state.n_robots = state.n_robots + landed[2]

    def _install(self, mix: IndustryMix, mass_kg: Array) -> None:
        """Put Earth-made plant in service in the proportions of a mix."""
        setup, state = self.setup, self.state
        unit = 1.0 + mix.pv_W_kg * setup.pv_mass_kg_W + mix.n_robots_per_kg * setup.robot_mass_kg
        plant = mass_kg / unit
        state.plant_kg += mix.plant_frac * plant
        state.pv_W = state.pv_W + plant * mix.pv_W_kg
        state.n_robots = state.n_robots + plant * mix.n_robots_per_kg

    def _industry(self, step: int, held: Year, ships: Ships, room_W: Array) -> tuple[Array, Array]:
        """One step of the lunar industry. Returns thrown nameplate W and gross landed kg."""
        setup, state = self.setup, self.state
        self.mix = blend(held.export, held.growth, self.grow_share)
        self._land(step, held.growth, ships.seed_kg)
        self._complete(step)
        self.total_kg = total = state.plant_kg.sum(axis=0)
        arriving, labour = self._people(step, total, ships.landing_kg)
        crew_kg = arriving * setup.crew_arrival_kg
        imports = np.maximum(ships.landing_kg - crew_kg, 0.0)
        resources = self._open(labour, imports)
        expected = imports * (1.0 - setup.landing_loss_frac) / ships.arrived_frac
        goal_kg_yr = self._goal(held, expected, room_W)
        worn = self._wear()
        orders = self.policy.orders(step, self, goal_kg_yr, worn)
        self.grow_share, self.short_frac = orders.growth_share_frac, orders.short_frac
        thrown = self._classes(step, resources, room_W, orders, worn, goal_kg_yr)
        leftover = np.maximum(imports - sum(resources.imports_kg.values()), 0.0)
        self.extra_kg = extra = self.policy.plant_import_kg(step, self, leftover)
        net = ships.seed_kg + crew_kg + extra + sum(resources.imports_kg.values())
        gross = net / ships.arrived_frac
        self._note(step, resources, crew_kg, extra, gross - net)
        self._binding(step, labour)
        self.made_this_year += resources.made
        self.made_kg = self.made_kg + resources.made[MACHINE]
        thrown_W = thrown * setup.lunar_power_W_kg
        self.record.add(step, launched_kg=thrown, launched_lunar_W=thrown_W, crew_arrived=arriving)
        return thrown_W, gross

    def _complete(self, step: int) -> None:
        """Construction that finishes in this step, and replacements of the last, enter service."""
        state = self.state
        slot = step % state.pipeline.shape[1]
        machine, pv, robots = state.pipeline[:, slot].copy()
        state.coming -= state.pipeline[:, slot]
        state.pipeline[:, slot] = 0.0
        machine = machine + self.replaced
        state.pv_W = state.pv_W + pv
        state.n_robots = state.n_robots + robots
        self.split_frac = self.policy.shop_split(step, self, machine)
        state.plant_kg += machine * self.split_frac

    def bed_kg(self) -> Array:
        """Habitat plant per person, kg."""
        return np.asarray(self.held.table[CREW_DAY, self.crew_row] * 365.25)

    def _people(self, step: int, plant: Array, landing_kg: Array) -> tuple[Array, Array]:
        """Arrivals of the step and the share of plant that labour can run."""
        setup, state = self.setup, self.state
        year = setup.start_year + step / setup.n_steps_yr
        per_bed = self.bed_kg()
        beds = np.where(per_bed > 0.0, state.plant_kg[self.crew_row] / (per_bed + 1e-12), np.inf)
        wanted = np.minimum(self.policy.crew_target(step, self, plant), beds) - state.n_crew
        wanted = np.maximum(wanted, 0.0) * (year >= setup.first_crew_year)
        arriving = np.minimum(wanted, landing_kg / setup.crew_arrival_kg)
        state.n_crew = self.n_crew_opened = state.n_crew + arriving
        self.record.event(step, "first_crew", state.n_crew >= 1.0)
        needed_h = setup.crew_need_h_kg_yr * plant + 1e-12
        labour = setup.remote_labour_frac + state.n_crew * setup.crew_hours_h_yr / needed_h
        return arriving, np.minimum(1.0, labour)

    def _open(self, labour: Array, imports: Array) -> Month:
        """Resources of the step: what is in order, lit and manned."""
        setup, state, month = self.setup, self.state, self.resources
        available, per_year = month.available, setup.n_steps_yr
        runs = labour / per_year
        n_plain = len(state.plant_kg) - 1
        np.multiply(state.plant_kg[:-1], runs, out=available[:n_plain])
        available[JOINT_ROWS] = state.plant_kg[-1] * runs
        self.generated_kWh = state.pv_W * setup.pv_yield_kWh_W / per_year
        if self.noise.is_on:
            works = self.noise.works_frac()
            available[:n_plain] *= works[:-1]
            available[JOINT_ROWS] *= works[-1]
            self.generated_kWh = self.generated_kWh * self.noise.power_frac
        available[self.crew_row] = state.plant_kg[self.crew_row] / per_year
        available[POWER] = self.generated_kWh
        available[-2] = state.n_robots * setup.robot_hours_h_yr / per_year
        available[-1] = imports
        month.open()
        return month

    def _wear(self) -> tuple[Array, Array, Array]:
        """Plant (kg, taken out of service), arrays (W) and robots that wear out in the step."""
        setup, state = self.setup, self.state
        wear = state.plant_kg * self.wear_1_step
        if self.noise.is_on:
            wear = np.minimum(wear * self.noise.wear_ratio(), state.plant_kg)
        state.plant_kg -= wear
        return (
            wear.sum(axis=0),
            state.pv_W / (setup.n_steps_yr * setup.pv_life_yr),
            state.n_robots / (setup.n_steps_yr * setup.robot_life_yr),
        )

    def _lunar_room(self, room_W: Array) -> Array:
        """Power that demand still takes from where the Moon's satellites fly, W."""
        accepted = self.setup.deep_demand_frac * self.held.demand_W
        return np.minimum(
            room_W, np.maximum(accepted - self.fleets[0].power_W - self.state.in_transit_W, 0.0)
        )

    def _goal(self, held: Year, imports: Array, room_W: Array) -> Array:
        """Satellite stream (kg/yr) that imports and demand would allow if plant were no limit."""
        setup = self.setup
        by_imports = setup.n_steps_yr * imports / np.maximum(held.table[SATELLITE, -1], 1e-9)
        replace = setup.life_yr
        by_demand = (
            self._lunar_room(room_W) + self.fleets[0].power_W / replace
        ) / setup.lunar_power_W_kg
        return np.asarray(np.minimum(by_imports, by_demand))

    def _classes(
        self,
        step: int,
        resources: Month,
        room_W: Array,
        orders: Orders,
        worn: tuple[Array, Array, Array],
        goal_kg_yr: Array,
    ) -> Array:
        """Serve the classes in the scenario's order. Returns mass thrown, kg."""
        setup, state, policy = self.setup, self.state, self.policy
        capacity = self.driver_capacity() * setup.driver_availability_frac / setup.n_steps_yr
        by_demand = self._lunar_room(room_W) / setup.lunar_power_W_kg
        stock_room = np.maximum(capacity + np.minimum(capacity, by_demand) - state.backlog_kg, 0.0)
        satellites = policy.satellites_kg(step, self, by_demand, stock_room)
        self.driver_limits = stock_room < by_demand
        thrown = np.zeros(setup.n_draws)
        first = True
        for name in setup.class_order:
            if name == "life_support":
                self._support_life(step, resources)
            elif name == "maintenance":
                self._maintain(step, resources, worn)
            elif name == "driver":
                wanted = np.minimum(state.backlog_kg, capacity)
                served = resources.draw_power(wanted * setup.throw_kWh_kg)
                thrown = wanted * served
                state.backlog_kg = state.backlog_kg - thrown
                self._build_driver(step, resources, goal_kg_yr)
            elif name == "satellites":
                share = orders.satellite_share_frac if first else 1.0
                made = satellites * resources.draw(name, {SATELLITE: satellites}, share)
                state.backlog_kg = state.backlog_kg + made
                satellites = satellites - made
                first = False
            else:
                self._grow(step, resources, orders, orders.growth_share_frac if first else 1.0)
                first = False
        served = resources.draw("satellites", {SATELLITE: satellites})
        self.limit["satellites"] = resources.scarcest(served)
        state.backlog_kg = state.backlog_kg + satellites * served
        return thrown

    def _restock(self, resources: Month, name: str, stock_kg: Array, use_kg: Array) -> Array:
        """Land what the step uses and what the stock lacks; return the stock with it, kg."""
        target = self.policy.stock_yr(self) * self.setup.n_steps_yr * use_kg
        return stock_kg + resources.land(name, np.maximum(target + use_kg - stock_kg, 0.0))

    def _support_life(self, step: int, resources: Month) -> None:
        """Feed the crew from ships' supplies, local water and air, and the reserves of both.

        Whom they cannot feed leaves. The local reserve fills at the rate of use.
        """
        state, name = self.state, "life_support"
        crew_days = state.n_crew * self.days
        use = crew_days * self.held.table[CREW_DAY, -1]
        stock = self._restock(resources, name, state.supplies_kg, use)
        served, used = resources.draw_with(name, {CREW_DAY: crew_days}, stock)
        fed = np.minimum(stock / np.maximum(use, 1e-9), 1.0)
        saved = np.minimum(crew_days * np.maximum(fed - served, 0.0), state.n_reserve_days)
        full = self.policy.stock_yr(self) * self.setup.n_steps_yr * crew_days
        state.n_reserve_days = np.minimum(state.n_reserve_days - saved + crew_days * served, full)
        used = np.minimum(used + saved * self.held.table[CREW_DAY, -1], stock)
        served = np.minimum(served + saved / np.maximum(crew_days, 1e-9), 1.0)
        state.supplies_kg = stock - used
        leaving = state.n_crew * (1.0 - served)
        state.n_crew = state.n_crew - leaving
        self.record.add(
            step,
            short_crew_days=crew_days * (1.0 - served),
            reserve_crew_days=saved,
            crew_left=leaving,
            supplies_used_kg=used,
        )

    def _maintain(self, step: int, resources: Month, worn: tuple[Array, Array, Array]) -> None:
        """Replace what wears out and is still wanted; the rest of it leaves service."""
        state, name = self.state, "maintenance"
        machine, pv_W, robots = self.policy.replacement(step, self, worn)
        wanted = {MACHINE: machine, PV: pv_W / 1e3, ROBOT: robots}
        use = sum(self.held.table[product, -1] * units for product, units in wanted.items())
        stock = self._restock(resources, name, state.spares_kg, np.asarray(use))
        served, used = resources.draw_with(name, wanted, stock)
        state.spares_kg = stock - used
        self.replaced = machine * served
        state.pv_W = state.pv_W - worn[1] + pv_W * served
        state.n_robots = state.n_robots - worn[2] + robots * served
        self.record.add(step, spares_used_kg=used)

    def _grow(self, step: int, resources: Month, orders: Orders, share: Array | float) -> None:
        """Order new capital; it enters service a build lag later, spread over two steps."""
        setup, state, bundle = self.setup, self.state, orders.bundle()
        served = resources.draw("growth", bundle, share)
        self.limit["growth"] = resources.scarcest(served)
        n_slots = state.pipeline.shape[1]
        lag = setup.build_lag_yr * setup.n_steps_yr * self.noise.lag_ratio + 0.5
        lag = np.clip(lag, 1.0, n_slots - 2.0)
        whole = lag.astype(int)
        late = lag - whole
        pipeline = state.pipeline.reshape(3, -1)
        slots = step % n_slots + whole
        first, second = (
            np.where(slot < n_slots, slot, slot - n_slots) * setup.n_draws + self.columns
            for slot in (slots, slots + 1)
        )
        for row, (product, scale) in enumerate(((MACHINE, 1.0), (PV, 1e3), (ROBOT, 1.0))):
            ordered = bundle[product] * served * scale
            state.coming[row] += ordered
            after = ordered * late
            pipeline[row, first] += ordered - after
            pipeline[row, second] += after

    def driver_capacity(self) -> Array:
        """Mass per year that finished lines can throw, kg/yr."""
        lines = self.state.driver_kg / self.setup.driver_line_kg
        return np.where(self.driver_ready(), lines, 0.0) * self.setup.driver_line_capacity_kg_yr

    def driver_ready(self) -> npt.NDArray[np.bool_]:
        """Whether the first line stands; wear is made good from a small reserve beyond it."""
        return self.state.driver_kg >= self.setup.driver_line_kg * COMPLETE

    def driver_worn_kg(self) -> Array:
        """Driver mass that wears out in the step, kg."""
        return self.state.driver_kg / (self.setup.n_steps_yr * self.setup.driver_life_yr)

    def site_builders(self) -> Array:
        """Robots that the driver's site takes, ordered a build lag before the plant is there."""
        setup, state = self.setup, self.state
        soon = self.total_kg + np.maximum(state.coming[0], 0.0)
        begun = soon >= setup.rules.driver_start_ratio * setup.driver_line_kg
        begun |= state.driver_kg > 0.0
        return np.asarray(self.builders * (begun & ~self.driver_ready()))

    def _build_driver(self, step: int, resources: Month, goal_kg_yr: Array) -> None:
        state = self.state
        worn = self.driver_worn_kg()
        wanted, share = self.policy.driver_kg(step, self, goal_kg_yr)
        served = resources.draw("driver", {DRIVER: wanted}, share)
        state.driver_kg = state.driver_kg + wanted * served - worn

    def _note(
        self, step: int, resources: Month, crew_kg: Array, extra_kg: Array, lost_kg: Array
    ) -> None:
        setup, made, imports = self.setup, resources.made, resources.imports_kg
        joint = (setup.needs.joint_activity * made).sum(axis=1).max(axis=0)
        mined = (setup.needs.mine_base_kg * made).sum(axis=0) + setup.needs.regolith_ratio * joint
        self.record.add(
            step,
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
            **self.policy.shortfall(step, self),
        )

    def _note_imports(self, step: int) -> None:
        """Imports of the year that closes, by what they are; the crew's own are supplies."""
        made = self.made_this_year[:CREW_DAY]
        used = (self.held.imports[:, :CREW_DAY] * made).sum(axis=1)
        rows = {
            name: [IMPORTS.index(item) for item in items] for name, items in IMPORT_CLASSES.items()
        }
        self.record.add(step, **{name: used[row].sum(axis=0) for name, row in rows.items()})

    def _binding(self, step: int, labour: Array) -> None:
        """Name what limits output: growth before the driver stands, satellites after it."""
        code = {name: np.int8(self.constraints.index(name)) for name in OTHER_CONSTRAINTS}
        ready = self.driver_ready()
        limit = self.limit
        row = np.where(ready, limit["satellites"], limit["growth"])
        named = self.row_code[np.maximum(row, 0)]
        plant = np.maximum(row, 0) < len(self.rows) - N_JOINT - 2
        named = np.where(plant & (labour < 0.9), code["crew"], named)
        idle = np.where(ready & ~self.driver_limits, code["demand"], code["driver"])
        named = np.where(row < 0, idle, named)
        empty = self.total_kg <= 0.0
        self.record.binding[step] = np.where(empty, code["not_started"], named)
