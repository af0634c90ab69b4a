"""What a plan may do: activities, pools of capital, landings and limits, as plain numbers.

Everything that turns goods into goods is an activity: a recipe, surface arrays, a robot's working
year, a crew at work, a night store, a throw of the mass driver, a haul between sites. Everything
that must be built before it can work is a pool of capital. A good at one of several sites is a
commodity of its own, named ``site/commodity``.

Neglected: sizes of single plants unless asked for, learning (activities keep their numbers; see
``campaign.plan``), seasons, chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One way to turn goods into goods, per unit of activity a year.

    ``flows`` holds commodity -> amount made (positive) or used (negative); ``capital`` holds pool
    -> units of it that one unit a year keeps busy; ``launched_kg`` is mass that leaves for orbit
    and counts for the goals.
    """

    name: str
    flows: Mapping[str, float]
    capital: Mapping[str, float] = field(default_factory=dict)
    launched_kg: float = 0.0
    launched_W: float = 0.0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A stock of capital, in units of the good that it is built from.

    ``flows`` is what a unit yields or takes each year by being there. ``kind`` names the limit in
    reports: plant, power, robots, crew, driver, storage. Yearly installations are at most
    ``growth_per_yr + growth_1_yr * stock`` where given. Finished units can be landed where
    ``landed_kg`` (mass of one) is above zero, and enter service without the build lag;
    ``n_least`` units must stand before any works, where whole plants are asked for.
    """

    name: str
    kind: str
    good: str
    unit_mass_kg: float
    life_yr: float = np.inf
    lag_yr: float = 0.0
    flows: Mapping[str, float] = field(default_factory=dict)
    n_growth: float = np.inf
    growth_1_yr: float = 0.0
    landed_kg: float = 0.0
    landed_usd: float = 0.0
    is_finished_plant: bool = True
    first_year: float = -np.inf
    n_least: float = 0.0
    shop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A commodity that ships may bring: mass and price of a unit, by the reports' ``group``."""

    commodity: str
    group: str
    unit_mass_kg: float = 1.0
    price_usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Limit: ``activity`` may cover at most a share of what others use of ``commodity``."""

    name: str
    activity: str
    commodity: str
    most_frac: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What satellites do once thrown, for the goals and limits that count power in orbit.

    ``weight_frac[k]`` is the mean power in period n + k, and ``arrive_frac[k]`` the power that
    arrives then, per watt thrown evenly over period n. ``flop_J`` and ``demand_W`` have shape
    (period,); the first is that of the chips of satellites thrown in the period.
    """

    weight_frac: Array
    arrive_frac: Array
    flop_J: Array
    demand_W: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that a plan may do. Arrays have shape (period,).

    ``seed_kg`` stands at the start, split as the plan likes among pools with a mass;
    ``landed_seed_kg`` may be landed later beyond the share ``finished_frac`` of spare landings
    that may carry finished plant. ``landing_kg`` is the payload that arrives of one landing (0:
    not counted), ``landing_usd_kg`` its price.
    """

    start_year: float
    step_yr: float
    activities: tuple[Activity, ...]
    pools: tuple[Pool, ...]
    imports: tuple[Import, ...] = ()
    landing_cap_kg_yr: Array
    seed_kg: float = 0.0
    landed_seed_kg: float = 0.0
    finished_frac: float = 1.0
    landing_kg: float = 0.0
    landing_usd_kg: Array | None = None
    ground: frozenset[str] = frozenset()
    stocked: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    service: Service | None = None
    discount_rate_frac: float = 0.0
    goods_kg: Mapping[str, float] = field(default_factory=dict)

    @property
    def owners(self) -> list[Activity | Pool]:
        """Everything that makes or takes commodities."""
        return [*self.activities, *self.pools]

    @property
    def n_periods(self) -> int:
        """Number of periods."""
        return len(self.landing_cap_kg_yr)

    @property
    def year(self) -> Array:
        """Start of each period as a calendar year, (period,)."""
        return np.asarray(self.start_year + self.step_yr * np.arange(self.n_periods))


def check_world(world: World) -> None:
    """Refuse a world with a name that leads nowhere or a step that is too long.

    Parameters
    ----------
    world : World

    Raises
    ------
    DomainError
        Names the activity, pool or import, and what to do.
    """
    pools = {pool.name for pool in world.pools}
    made = set(world.ground) | {entry.commodity for entry in world.imports}
    for owner in world.owners:
        made |= {name for name, amount in owner.flows.items() if amount > 0.0}
    for activity in world.activities:
        for pool in activity.capital.keys() - pools:
            raise DomainError("no such pool of capital", path=f"{activity.name}.capital.{pool}")
        for name, amount in activity.flows.items():
            if amount < 0.0 and name not in made:
                raise DomainError(
                    f"uses {name}, which nothing makes or lands",
                    path=f"activities.{activity.name}",
                    hint=f"let ships land {name}, take it from the ground, "
                    "or leave the activity out",
                )
    for pool_ in world.pools:
        if pool_.good not in made and pool_.landed_kg <= 0.0:
            raise DomainError(
                f"is built of {pool_.good}, which nothing makes or lands",
                path=f"pools.{pool_.name}",
                hint="allow its import or a process that makes it",
            )
        if not pool_.life_yr > world.step_yr:
            raise DomainError(
                f"wears out in {pool_.life_yr:g} yr, within one step of {world.step_yr:g} yr",
                path=f"pools.{pool_.name}.life_yr",
                hint="choose a shorter step_yr",
            )
    _check_numbers(world)


def _check_numbers(world: World) -> None:
    if not (np.isfinite(world.step_yr) and world.step_yr > 0.0):
        raise DomainError(f"must be > 0 yr, got {world.step_yr:g}", path="step_yr")
    if world.n_periods < 1:
        raise DomainError("a plan needs at least one period", path="landing_cap_kg_yr")
    cap = world.landing_cap_kg_yr
    if np.isnan(cap).any() or (cap < 0.0).any():
        raise DomainError("must be a number of kg/yr, 0 or more", path="import_cap_kg_yr")
    if not world.seed_kg >= 0.0:
        raise DomainError(f"must be >= 0 kg, got {world.seed_kg:g}", path="seed_kg")
    for owner in world.owners:
        numbers = [*owner.flows.values()]
        if isinstance(owner, Activity):
            numbers += owner.capital.values()
        if not np.isfinite(numbers).all():
            raise DomainError("has a flow or capital that is not a number", path=owner.name)


def service_weights(
    *,
    n_periods: int,
    step_yr: float,
    life_yr: float,
    decay_1_yr: float,
    transit_yr: float,
) -> tuple[Array, Array]:
    """Power in service and power arriving, by periods since an even throw over one period.

    Parameters
    ----------
    n_periods : int
        Length of the result.
    step_yr : float
        Length of a period, yr.
    life_yr : float
        Age at which a satellite is retired, yr.
    decay_1_yr : float
        Loss and degradation of those in service, 1/yr.
    transit_yr : float
        Time from throw to service, yr.

    Returns
    -------
    tuple of Array
        Mean power over period n + k and power that arrives in it, per watt thrown in period n;
        both (n_periods,).

    Notes
    -----
    The age at a moment of period n + k is ``(k + z) step - transit`` with z triangular on
    (-1, 1), so ``weight[k] = integral (1 - |z|) exp(-decay age) [0 <= age < life] dz``; taken by
    the midpoint rule with 4,000 points.

    Examples
    --------
    >>> weight, arrive = service_weights(
    ...     n_periods=4, step_yr=1.0, life_yr=2.0, decay_1_yr=0.0, transit_yr=0.0
    ... )
    >>> weight.round(3).tolist(), arrive.round(3).tolist()
    ([0.5, 1.0, 0.5, 0.0], [1.0, 0.0, 0.0, 0.0])
    """
    n_points = 4000
    z = (np.arange(n_points) + 0.5) / (0.5 * n_points) - 1.0
    share = (1.0 - np.abs(z)) * (2.0 / n_points)
    age = (np.arange(n_periods)[:, None] + z) * step_yr - transit_yr
    alive = (age >= 0.0) & (age < life_yr)
    weight = (share * np.where(alive, np.exp(-decay_1_yr * np.maximum(age, 0.0)), 0.0)).sum(axis=1)
    late = np.floor(transit_yr / step_yr)
    part = transit_yr / step_yr - late
    arrive = np.zeros(n_periods)
    for periods, amount in ((int(late), 1.0 - part), (int(late) + 1, part)):
        if periods < n_periods:
            arrive[periods] += amount
    return weight, arrive
