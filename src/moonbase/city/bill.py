"""The bill of one person in steady state: kilograms, kilowatts and square metres, in one solve.

Recipe-like columns (a crew-day, a kilogram of food, a kilogram through a loop) and one row a
substance make a square system; what limits the reactor and whether oxygen is short picks its last
two rows. It shares no formula with `crew_day` beyond the recipes, and tests it.

Neglected: whole units and spare units (the limit of a large city), buffers, time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from moonbase.city.balance import SPECIES
from moonbase.city.crew import check_loops
from moonbase.city.food import Food, plan_food
from moonbase.city.labour import spares_by_mass
from moonbase.city.people import AirLoss, Metabolism, air_loss, metabolism
from moonbase.city.shelter import habitat
from moonbase.city.technology import load_technologies, size_life_support
from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.core.tables import pick, read_table

_DAYS_PER_YEAR = 365.25
_ROWS = (
    "crew_day",
    "food",
    "oxygen",
    "water",
    "waste_water",
    "co2",
    "caught_co2",
    "hydrogen",
    "methane",
)
_COLUMNS = (
    "crew",
    "greenhouse",
    "shipped_food",
    "water_system",
    "co2_removal",
    "electrolysis",
    "reactor",
    "methane_pyrolysis",
    "oxygen_makeup",
    "water_makeup",
    "co2_makeup",
    "co2_slip",
    "co2_vent",
    "hydrogen_vent",
    "methane_vent",
)

_FORWARD = ("electrolysis", "co2_slip", "co2_vent", "co2_makeup", "hydrogen_vent")
_ROUNDING = 1e-9
"""kg a day below which a flow that runs backwards is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBill:
    """Steady state of one person.

    ``activity_kg_day`` is what each column runs at; ``oxygen_kg_yr`` and ``water_kg_yr`` what local
    plant must give; ``import_kg_yr`` supplies with packaging, medicine, goods and spares;
    ``mass_kg`` habitat, life support and greenhouse standing; ``power_W`` without and
    ``lamp_power_W`` for food; ``area_m2`` of crops.
    """

    activity_kg_day: Mapping[str, Array]
    oxygen_kg_yr: Array
    water_kg_yr: Array
    import_kg_yr: Array
    spares_kg_yr: Array
    mass_kg: Array
    life_support_kg: Array
    greenhouse_kg: Array
    power_W: Array
    lamp_power_W: Array
    area_m2: Array
    volume_m3: Array
    maintenance_h_yr: Array


def person_bill(
    *,
    baseline: str = "simoc2023",
    body_ratio: Real = 1.0,
    technologies: Sequence[str] = ("water_system",),
    recovery_frac: Mapping[str, Real] | None = None,
    food_local_frac: Real = 0.0,
    diet: str | Mapping[str, Real] = "mixed",
    lamp_J_mol: Real | None = None,
    hygiene_water_kg: Real | None = None,
    loss: AirLoss | None = None,
) -> PersonBill:
    """Steady state of one person by one matrix solve for each way the loops can be limited.

    Arguments are those of `crew_day` and `plan_food`; food is shipped dry.

    Parameters
    ----------
    baseline : str
        Published table of human flows.
    body_ratio : float or array
        Metabolic rate over the table's.
    technologies : sequence of str
        Loops at work; all of `LOOPS` but waste oxidation.
    recovery_frac : mapping of str to float or array, optional
        Share by loop, in place of the table's.
    food_local_frac : float or array
        Share of the food that grows in the city.
    diet, lamp_J_mol
        Crops and lamps of the greenhouse.
    hygiene_water_kg : float or array, optional
        Washing water of one person and day, kg.
    loss : AirLoss, optional
        Leaks and walks of one person and day.

    Returns
    -------
    PersonBill

    Raises
    ------
    DomainError
        An unknown loop, one without what it needs, or waste oxidation.

    Notes
    -----
    ``A x = d``: make less use is zero for each substance, and one crew-day is made. Of the eight
    systems (reactor limited by hydrogen or not, oxygen and carbon dioxide short or not) the one in
    which nothing runs backwards holds.

    Examples
    --------
    >>> bill = person_bill(food_local_frac=1.0, hygiene_water_kg=25.0, diet="potato")
    >>> round(float(bill.water_kg_yr) / 365.25, 3), round(float(bill.area_m2), 1)
    (0.711, 38.1)
    """
    person = metabolism(baseline=baseline, body_ratio=body_ratio)
    out = air_loss() if loss is None else loss
    living = read_table(room="city", name="living")
    hygiene_kg = pick(hygiene_water_kg, living, "hygiene", "water_kg")
    check_loops(technologies=technologies)
    eta = _shares(technologies, recovery_frac or {})
    base = _columns(person, out, hygiene_kg, eta, "bosch" in technologies)
    grown = np.asarray(food_local_frac, dtype=np.float64)
    x = _solve(base, eta, grown, "electrolysis" in technologies)
    plan = (
        plan_food(
            food=Food(
                mass_kg=np.maximum(x["greenhouse"], 0.0),
                basis="dry",
                dry_frac=person.food_dry_kg / person.food_wet_kg,
            ),
            diet=diet,
            lamp_J_mol=lamp_J_mol,
        )
        if np.any(grown > 0.0)
        else None
    )
    zero = np.zeros_like(x["crew"])
    reactor = "bosch" if "bosch" in technologies else "sabatier"
    flow = {
        "co2_removal": person.co2_kg,
        "electrolysis": x["electrolysis"],
        reactor: x["reactor"],
        "methane_pyrolysis": x["methane_pyrolysis"],
    }
    flow = {name: np.maximum(kg, 0.0) for name, kg in flow.items() if name in technologies}
    if "water_system" in technologies:
        flow["urine_processor"] = person.urine_kg
        flow["multifiltration"] = x["water_system"]
        flow["dehumidifier"] = person.vapour_kg
    units = size_life_support(throughput_kg=flow, n_crew=1.0, n_redundant=0.0, whole_units=False)
    home = habitat(n_crew=1.0)
    greenhouse_kg = zero if plan is None else plan.equipment_kg
    spares = spares_by_mass(
        habitat_pressurised_kg=home.structure_kg,
        greenhouse_kg=greenhouse_kg,
        life_support_kg_yr=sum(unit.spares_kg_yr for unit in units.values()),
    )
    life_kg = np.asarray(sum(unit.mass_kg for unit in units.values()))
    daily_kg = x["shipped_food"] * pick(None, living, "imports", "packaging_ratio")
    daily_kg = daily_kg + out.nitrogen_kg + out.lioh_kg
    for name in ("vitamins_kg", "goods_kg"):
        daily_kg = daily_kg + pick(None, living, "imports", name)
    return PersonBill(
        activity_kg_day=x,
        oxygen_kg_yr=x["oxygen_makeup"] * _DAYS_PER_YEAR,
        water_kg_yr=x["water_makeup"] * _DAYS_PER_YEAR,
        import_kg_yr=daily_kg * _DAYS_PER_YEAR + spares.total_kg_yr,
        spares_kg_yr=spares.total_kg_yr,
        mass_kg=np.maximum(home.habitat_kg, home.structure_kg + life_kg) + greenhouse_kg,
        life_support_kg=life_kg,
        greenhouse_kg=greenhouse_kg,
        power_W=home.power_W + zero,
        lamp_power_W=zero if plan is None else plan.lamp_power_W,
        area_m2=zero if plan is None else plan.area_m2,
        volume_m3=home.volume_m3 + (zero if plan is None else plan.volume_m3),
        maintenance_h_yr=np.asarray(sum(unit.maintenance_h_yr for unit in units.values())),
    )


def _shares(technologies: Sequence[str], given: Mapping[str, Real]) -> dict[str, Array]:
    units = load_technologies()
    eta: dict[str, Array] = {}
    for name in ("water_system", "co2_removal", "methane_pyrolysis", "sabatier", "bosch"):
        share: Real = 0.0
        if name in technologies:
            share = given[name] if name in given else units[name].value("recovery_frac")
        eta[name] = np.asarray(share, dtype=np.float64)
    unknown = set(technologies) - {*eta, "electrolysis"}
    if unknown:
        raise DomainError(
            f"no column for {', '.join(sorted(unknown))}",
            path="technologies",
            hint="use crew_day for it",
        )
    eta["reactor"] = eta["bosch"] if "bosch" in technologies else eta["sabatier"]
    return eta


def _columns(
    person: Metabolism, out: AirLoss, hygiene_kg: Array, eta: Mapping[str, Array], bosch: bool
) -> dict[tuple[str, str], Real]:
    """Made (+) and used (-) per unit of each column."""
    units = load_technologies()
    react = units["bosch" if bosch else "sabatier"].flows_kg
    crack, split = units["methane_pyrolysis"].flows_kg, units["electrolysis"].flows_kg
    dry = person.food_dry_elements
    co2_kg = dry["C"] / SPECIES["co2"]["C"]
    water_kg = dry["H"] / SPECIES["water"]["H"]
    moist_kg = person.food_wet_kg / person.food_dry_kg - 1.0
    one: Real = 1.0
    return {
        ("crew_day", "crew"): one,
        ("food", "crew"): -person.food_dry_kg,
        ("oxygen", "crew"): -person.oxygen_kg - out.oxygen_kg,
        ("water", "crew"): -person.water_kg - hygiene_kg - out.water_kg,
        ("waste_water", "crew"): person.vapour_kg + person.urine_kg + hygiene_kg,
        ("co2", "crew"): person.co2_kg,
        ("food", "greenhouse"): one,
        ("co2", "greenhouse"): -co2_kg,
        ("water", "greenhouse"): -water_kg - moist_kg,
        ("oxygen", "greenhouse"): co2_kg + water_kg - 1.0,
        ("food", "shipped_food"): one,
        ("water", "shipped_food"): -moist_kg,
        ("waste_water", "water_system"): -one,
        ("water", "water_system"): eta["water_system"],
        ("co2", "co2_removal"): -one,
        ("caught_co2", "co2_removal"): one,
        ("water", "electrolysis"): split["water"],
        ("oxygen", "electrolysis"): split["oxygen"],
        ("hydrogen", "electrolysis"): split["hydrogen"],
        ("caught_co2", "reactor"): react["co2"],
        ("hydrogen", "reactor"): react["hydrogen"],
        ("water", "reactor"): react["water"],
        ("methane", "reactor"): react.get("methane", 0.0),
        ("methane", "methane_pyrolysis"): -one,
        ("hydrogen", "methane_pyrolysis"): crack["hydrogen"],
        ("oxygen", "oxygen_makeup"): one,
        ("water", "water_makeup"): one,
        ("co2", "co2_makeup"): one,
        ("co2", "co2_slip"): -one,
        ("caught_co2", "co2_vent"): -one,
        ("hydrogen", "hydrogen_vent"): -one,
        ("methane", "methane_vent"): -one,
    }


def _solve(
    base: Mapping[tuple[str, str], Real],
    eta: Mapping[str, Array],
    grown: Array,
    splits: bool,
) -> dict[str, Array]:
    """Solve every way of being limited and keep, by draw, the one that does not run backwards."""
    shape = np.broadcast_shapes(*(np.shape(x) for x in (*base.values(), *eta.values(), grown)))
    n = len(_COLUMNS)
    kept = np.full((*shape, n), np.nan)
    for hydrogen_short, oxygen_short, co2_short in product((True, False), repeat=3):
        if oxygen_short and not splits:
            continue
        a = np.zeros((*shape, n, n))
        for (row, column), value in base.items():
            a[..., _ROWS.index(row), _COLUMNS.index(column)] = value
        rules = _rules(base, eta, grown, hydrogen_short, oxygen_short and splits, co2_short)
        for index, rule in enumerate(rules, start=len(_ROWS)):
            for column, value in rule.items():
                a[..., index, _COLUMNS.index(column)] = value
        d = np.zeros((*shape, n, 1))
        d[..., 0, 0] = 1.0
        x = np.linalg.solve(a, d)[..., 0]
        back = x[..., [_COLUMNS.index(name) for name in _FORWARD]]
        lack = x[..., _COLUMNS.index("oxygen_makeup")] * (splits and not oxygen_short)
        good = np.all(back >= -_ROUNDING, axis=-1) & (lack <= _ROUNDING)
        kept = np.where(np.isnan(kept) & good[..., None], x, kept)
    return {name: np.asarray(kept[..., i]) for i, name in enumerate(_COLUMNS)}


def _rules(
    base: Mapping[tuple[str, str], Real],
    eta: Mapping[str, Array],
    grown: Array,
    hydrogen_short: bool,
    oxygen_short: bool,
    co2_short: bool,
) -> tuple[dict[str, Real], ...]:
    """Rows beyond the balances: shares of food, capture, cracking; what limits the reactor."""
    crew_food = -np.asarray(base["food", "crew"])
    if hydrogen_short:
        net = -base["hydrogen", "reactor"] - eta["methane_pyrolysis"] * base[
            "methane", "reactor"
        ] * np.asarray(base["hydrogen", "methane_pyrolysis"])
        reactor = {
            "reactor": net,
            "electrolysis": -eta["reactor"] * base["hydrogen", "electrolysis"],
        }
    else:
        reactor = {"reactor": np.asarray(1.0), "co2_removal": -eta["reactor"]}
    return (
        {"greenhouse": 1.0, "crew": -grown * crew_food},
        {"co2_slip": 1.0} if co2_short else {"co2_makeup": 1.0},
        {"co2_removal": 1.0}
        if co2_short
        else {"co2_slip": eta["co2_removal"], "co2_removal": eta["co2_removal"] - 1.0},
        {
            "methane_pyrolysis": 1.0,
            "reactor": -eta["methane_pyrolysis"] * base["methane", "reactor"],
        },
        reactor,
        {"oxygen_makeup" if oxygen_short else "electrolysis": 1.0},
    )
