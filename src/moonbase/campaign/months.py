"""The decades, month by month, for a block of draws at once.

Order of a step (a month unless the setup says otherwise): chance; ships; the lunar industry; throws
and satellites on the way; Earth-orbit satellites before or after, by the scenario's choice; the
fleets; the record.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from moonbase.campaign.industry import Industry
from moonbase.campaign.path import Path
from moonbase.campaign.policies import FOLLOW_PLAN, find_rule
from moonbase.campaign.record import CampaignResult
from moonbase.campaign.replay import FollowPlan
from moonbase.campaign.setup import Setup
from moonbase.campaign.state import Ships, Year
from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError


class Simulation(Industry):
    """One block of draws."""

    def run(
        self,
        tick: Callable[[], None] | None = None,
        watch: Callable[[Simulation, int], None] | None = None,
    ) -> CampaignResult:
        """Run all years; ``tick`` is called after each, ``watch`` after each step."""
        setup, per_year = self.setup, self.setup.n_steps_yr
        with np.errstate(divide="ignore", over="ignore"):
            for year in range(setup.n_years):
                held = self._year(year)
                for step in range(per_year * year, per_year * (year + 1)):
                    self._month(step, held)
                    if watch is not None:
                        watch(self, step)
                if tick is not None:
                    tick()
        return CampaignResult(
            year=np.arange(setup.start_year, setup.end_year + 1),
            yearly=self.record.yearly,
            event_year=self.record.event_year,
            binding=self.record.binding,
            constraints=self.constraints,
        )

    def _month(self, step: int, held: Year) -> None:
        setup, state = self.setup, self.state
        lunar, earth = self.fleets
        self.held = held
        self.noise.step(step, state.plant_kg)
        year = setup.start_year + step / setup.n_steps_yr
        room_W = np.maximum(held.demand_W - lunar.power_W - earth.power_W - state.in_transit_W, 0.0)
        earth_W = np.zeros_like(room_W)
        if setup.earth_orbit_first:
            bound = setup.lunar or not setup.seed_to_moon
            reserved = setup.moon_flight_frac * (year >= setup.first_landing_year) * bound
            earth_W = self._earth_orbit(step, held, held.n_flights * (1.0 - reserved), room_W)
            room_W = np.maximum(room_W - earth_W, 0.0)
        used_W = earth_W / (setup.orbit_payload_kg * setup.earth_power_W_kg)
        ships = self._ships(step, held.n_flights, held.n_flights - used_W)
        arrived_W, moon_flights = np.zeros_like(room_W), ships.n_moon_flights
        if setup.lunar and self._begun(ships):
            made_W, landed = self._industry(step, held, ships, room_W)
            moon_flights = landed / setup.landed_kg * setup.flights_per_landing
            arrived_W = self._throw_to_orbit(step, made_W)
            room_W = np.maximum(room_W - made_W, 0.0)
        if not setup.earth_orbit_first:
            earth_W = self._earth_orbit(step, held, held.n_flights - moon_flights, room_W)
        lunar.step(step, arrived_W, held.flop_J)
        earth.step(step, earth_W, held.flop_J)
        self._close(step, arrived_W, earth_W, moon_flights)

    def _earth_orbit(self, step: int, held: Year, flights: Array, room_W: Array) -> Array:
        setup, earth = self.setup, self.fleets[1]
        by_flight = np.maximum(flights, 0.0) * setup.orbit_payload_kg * setup.earth_power_W_kg
        by_sky = np.maximum(setup.earth_fleet_cap_W - earth.alive_W, 0.0)
        built = np.minimum(np.minimum(held.earth_build_W, by_flight), np.minimum(by_sky, room_W))
        mass_kg = built / setup.earth_power_W_kg
        self.record.add(
            step, earth_satellite_kg=mass_kg, flights_orbit=mass_kg / setup.orbit_payload_kg
        )
        return np.asarray(built)

    def _ships(self, step: int, flights: Array, left: Array) -> Ships:
        setup, state = self.setup, self.state
        year = setup.start_year + step / setup.n_steps_yr
        open_ = (year >= setup.first_landing_year) & (setup.seed_kg > 0.0)
        moon = np.minimum(flights * setup.moon_flight_frac, np.maximum(left, 0.0)) * open_
        gross = moon / setup.flights_per_landing * setup.landed_kg
        arrived = self.noise.arrived_frac(
            cargo_kg=gross, landed_kg=setup.landed_kg, loss_frac=setup.landing_loss_frac
        )
        net = gross * arrived
        seed = np.minimum(net, state.seed_left_kg)
        state.seed_left_kg = state.seed_left_kg - seed
        self.record.add(step, landed_seed_kg=seed)
        if not setup.lunar:
            sent = seed / arrived
            self.record.add(step, lost_landing_kg=sent - seed)
            moon = sent / setup.landed_kg * setup.flights_per_landing
        if setup.seed_to_moon:
            self.record.event(step, "first_landing", seed > 0.0)
        return Ships(n_moon_flights=moon, landing_kg=net - seed, seed_kg=seed, arrived_frac=arrived)

    def _throw_to_orbit(self, step: int, thrown_W: Array) -> Array:
        """Satellites on the way; returns nameplate power that arrives in the step, W."""
        setup, state = self.setup, self.state
        slot = (step + self.transit) % len(self.thrown_W)
        kept = thrown_W * (1.0 - setup.transfer_loss_frac)
        self.thrown_W[slot, self.columns] += kept
        arrived = self.thrown_W[step % len(self.thrown_W)].copy()
        self.thrown_W[step % len(self.thrown_W)] = 0.0
        state.in_transit_W = np.maximum(state.in_transit_W + kept - arrived, 0.0)
        self.record.add(step, lost_transfer_W=thrown_W - kept)
        return np.asarray(arrived)

    def _close(self, step: int, lunar_W: Array, earth_W: Array, moon_flights: Array) -> None:
        record = self.record
        lunar, earth = self.fleets
        record.add(
            step,
            power_added_lunar_W=lunar_W,
            power_added_earth_launch_W=earth_W,
            flights_moon=moon_flights,
        )
        if (step + 1) % self.setup.n_steps_yr == 0:
            self._keep(step)
        added = lunar.added_W_yr + earth.added_W_yr
        power = lunar.power_W + earth.power_W
        record.event(step, "first_earth_orbit_satellite", earth.power_W > 0.0)
        record.event(step, "driver_complete", self.driver_ready())
        unit_W = self.setup.satellite_kg * self.setup.lunar_power_W_kg
        record.event(step, "first_lunar_satellite", lunar.alive_W >= 0.5 * unit_W)
        record.event(step, "one_gigawatt_in_service", power >= 1e9)
        record.event(step, "hundred_gigawatts_per_year", added >= 1e11)
        record.event(step, "lunar_exceeds_earth_launch", lunar.added_W_yr > earth.added_W_yr)
        record.event(step, "one_terawatt_in_service", power >= 1e12)
        record.event(step, "one_terawatt_per_year", added >= 1e12)
        record.event(step, "announced_goal", added >= self.setup.goal_added_W_yr)

    def _keep(self, step: int) -> None:
        self._note_imports(step)
        record, state = self.record, self.state
        lunar, earth = self.fleets
        record.keep(
            step,
            plant_kg=state.plant_kg.sum(axis=0),
            pipeline_plant_kg=state.pipeline[0].sum(axis=0),
            pv_W=state.pv_W,
            n_robots=state.n_robots,
            n_crew=state.n_crew,
            driver_kg=state.driver_kg,
            driver_capacity_kg_yr=self.driver_capacity(),
            backlog_kg=state.backlog_kg,
            in_transit_W=state.in_transit_W,
            alive_lunar_W=lunar.alive_W,
            failed_lunar_W=lunar.failed_W,
            retired_lunar_W=lunar.retired_W,
            alive_earth_launch_W=earth.alive_W,
            failed_earth_launch_W=earth.failed_W,
            retired_earth_launch_W=earth.retired_W,
            power_lunar_W=lunar.power_W,
            power_earth_launch_W=earth.power_W,
            compute_flop_s=lunar.compute_flop_s + earth.compute_flop_s,
            seed_left_kg=state.seed_left_kg,
            supplies_kg=state.supplies_kg,
            spares_kg=state.spares_kg,
        )


def run_months(
    setup: Setup,
    tick: Callable[[], None] | None = None,
    *,
    path: Path | None = None,
    watch: Callable[[Simulation, int], None] | None = None,
) -> CampaignResult:
    """Simulate a campaign month by month.

    Parameters
    ----------
    setup : Setup
        All inputs, arrays with the draw axis last.
    tick : callable, optional
        Called after each simulated year.
    path : Path, optional
        Plan to follow; asked for by the policy ``follow_plan`` and by no other.
    watch : callable, optional
        Called with the simulation and the number of the step after each step.

    Returns
    -------
    CampaignResult
        Yearly flows (sums) and stocks (year end) of shape (year, draw), event dates, the binding
        constraint of each month.

    Raises
    ------
    DomainError
        The policy is unknown, or a plan is missing, not asked for, or names unknown shops.

    Examples
    --------
    See :func:`moonbase.campaign.simulate`, which starts from a scenario.
    """
    if setup.policy == FOLLOW_PLAN:
        if path is None:
            raise DomainError(
                "follow_plan needs a plan", path="path", hint="give path=, or another policy"
            )
        return Simulation(setup, FollowPlan(path, setup)).run(tick, watch)
    if path is not None:
        raise DomainError(
            f"policy {setup.policy!r} follows no plan",
            path="path",
            hint=f"leave path out, or choose {FOLLOW_PLAN!r}",
        )
    return Simulation(setup, find_rule(setup.policy)).run(tick, watch)
