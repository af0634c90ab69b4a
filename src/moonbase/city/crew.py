"""The day of a crew: what it uses, what the loops return, and what must be made up.

The chain of loops is named; each is a reaction of ``reactions.csv`` or a recovered share. Oxygen
that no electrolyser makes is a make-up (lunar metallurgy, or a tank).

Neglected: buffers and the order of events within the day (`survive` has them), protein and its
nitrogen, minerals of plants, losses of hydrogen and methane in pipes, water held by plants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from moonbase.city.balance import SPECIES
from moonbase.city.people import AirLoss, Metabolism, air_loss, metabolism
from moonbase.city.technology import load_technologies
from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.core.tables import pick, read_table

LOOPS = (
    "water_system",
    "co2_removal",
    "electrolysis",
    "sabatier",
    "methane_pyrolysis",
    "bosch",
    "waste_oxidation",
)
"""Loops that `crew_day` can chain."""
IMPORTS = ("food", "nitrogen", "co2", "vitamins", "goods")
"""Make-up that comes from Earth while oxygen and water are local."""
_NEEDS = {
    "sabatier": ("co2_removal", "electrolysis"),
    "bosch": ("co2_removal", "electrolysis"),
    "methane_pyrolysis": ("sabatier",),
}
_CO2_kg_C = 1.0 / SPECIES["co2"]["C"]
_WATER_kg_H = 1.0 / SPECIES["water"]["H"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewFlows:
    """Flows of a crew in one day, kg.

    ``use_kg`` is gross use; ``makeup_kg`` what must be supplied (below zero: a surplus);
    ``waste_kg`` what leaves the city; ``throughput_kg`` what runs through each unit;
    ``recovery_frac`` the share of the gross use that the loops return; ``import_kg`` what is landed
    if oxygen and water are local; ``elements_in_kg`` and ``elements_out_kg`` the elements of
    make-up and waste, which must agree.
    """

    use_kg: Mapping[str, Array]
    makeup_kg: Mapping[str, Array]
    waste_kg: Mapping[str, Array]
    throughput_kg: Mapping[str, Array]
    recovery_frac: Mapping[str, Array]
    elements_in_kg: Mapping[str, Array]
    elements_out_kg: Mapping[str, Array]
    respiratory_ratio: Array
    import_kg: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One person's day before it is summed."""

    person: Metabolism
    out: AirLoss
    plant: Mapping[str, Array]
    solids: Mapping[str, Array]
    burn: Mapping[str, Array]
    gas: Mapping[str, Array]
    eta: Mapping[str, Array]
    chain: frozenset[str]
    shipped: Array
    wet: bool
    hygiene_kg: Array

    def waste_water_kg(self) -> Array:
        return self.person.vapour_kg + self.person.urine_kg + self.hygiene_kg


def serial_recovery(*, stage_frac: Sequence[Real], reject_frac: Sequence[Real] = ()) -> Array:
    """Recovery of a chain of stages that the same stream passes.

    Parameters
    ----------
    stage_frac : sequence of float or array
        Share that each stage passes on; each in [0, 1).
    reject_frac : sequence of float or array
        Stages that work on what the chain has rejected, in order (a brine processor).

    Returns
    -------
    array
        ``prod(stage)``, then ``1 - (1 - eta)(1 - reject)`` for each reject stage.

    Raises
    ------
    DomainError
        When a share lies outside [0, 1).

    Examples
    --------
    What lifted the Space Station from 93.5 % to 98 %:

    >>> round(float(serial_recovery(stage_frac=[0.935], reject_frac=[0.692])), 3)
    0.98
    """
    total: Array = np.asarray(1.0)
    for name, shares in (("stage_frac", stage_frac), ("reject_frac", reject_frac)):
        for share in shares:
            eta = np.asarray(share, dtype=np.float64)
            if np.any((eta < 0.0) | (eta >= 1.0)):
                raise DomainError("must lie in [0, 1)", path=name, hint="a loop loses something")
            total = total * eta if name == "stage_frac" else 1.0 - (1.0 - total) * (1.0 - eta)
    return np.asarray(total)


def crew_day(
    *,
    n_crew: Real = 1.0,
    baseline: str = "simoc2023",
    body_ratio: Real = 1.0,
    technologies: Sequence[str] = ("water_system",),
    recovery_frac: Mapping[str, Real] | None = None,
    food_local_frac: Real = 0.0,
    food_form: str = "dry",
    hygiene_water_kg: Real | None = None,
    loss: AirLoss | None = None,
    packaging_ratio: Real | None = None,
    vitamins_kg: Real | None = None,
    goods_kg: Real | None = None,
) -> CrewFlows:
    """Balance of a crew and its loops in one day, by mass and by element.

    What is None is read from the shipped tables.

    Parameters
    ----------
    n_crew : float or array
        People; 0 gives zeros.
    baseline : str
        Published table of human flows, one of `baselines()`.
    body_ratio : float or array
        Metabolic rate over the table's.
    technologies : sequence of str
        Loops at work, of `LOOPS`. A Sabatier or Bosch reactor needs carbon dioxide removal and
        electrolysis, pyrolysis needs Sabatier.
    recovery_frac : mapping of str to float or array, optional
        Share recovered, captured or converted by a loop, in place of the table's; in [0, 1).
    food_local_frac : float or array
        Share of the food that grows in the city, 0 to 1.
    food_form : {"dry", "wet"}
        Shipped food: dry, wetted from the loop, or wet as eaten.
    hygiene_water_kg : float or array, optional
        Washing water per person, kg.
    loss : AirLoss, optional
        Leaks and walks of one person; `air_loss()` by default.
    packaging_ratio : float or array, optional
        Shipped over net food.
    vitamins_kg, goods_kg : float or array, optional
        Medicine and small spares; clothing and goods, per person, kg.

    Returns
    -------
    CrewFlows
        kg per day for the whole crew, in the broadcast shape.

    Raises
    ------
    DomainError
        Unknown baseline or loop, a loop without what it needs, a share outside its range.
    PhysicsError
        When the human table breaks its balance.

    Notes
    -----
    Make-up = use x (1 - recovery). The reactor is limited by carbon dioxide or by hydrogen,
    ``min(CO2, H2 / (h - H2 returned))``; with Sabatier alone at most half of the breathed oxygen
    comes back. Plants mirror the crew's balance: they take up the carbon of the food they make and
    give back its oxygen. Solids hold what the other flows leave of each element.

    Examples
    --------
    >>> day = crew_day(food_local_frac=1.0, hygiene_water_kg=25.0)
    >>> round(float(day.makeup_kg["oxygen"]), 2), round(float(day.makeup_kg["water"]), 3)
    (0.03, 0.711)
    >>> closed = crew_day(
    ...     technologies=("co2_removal", "electrolysis", "sabatier"),
    ...     recovery_frac={"co2_removal": 0.999999, "sabatier": 0.999999},
    ... )
    >>> round(float(closed.recovery_frac["oxygen"]), 3)
    0.5
    """
    chain = check_loops(technologies=technologies)
    eta = _recoveries(chain, recovery_frac or {})
    grown = np.asarray(food_local_frac, dtype=np.float64)
    people = np.asarray(n_crew, dtype=np.float64)
    if np.any((grown < 0.0) | (grown > 1.0)) or np.any(people < 0.0):
        raise DomainError("food_local_frac must lie in 0 to 1 and n_crew be >= 0", path="crew_day")
    if food_form not in ("dry", "wet"):
        raise DomainError(f"no form {food_form!r}", path="food_form", hint="dry or wet")
    person = metabolism(baseline=baseline, body_ratio=body_ratio)
    out = air_loss() if loss is None else loss
    plant = _plants(person, grown)
    solids = _solids(person)
    burn = _burn(solids, person, eta["waste_oxidation"])
    day = _Day(
        person=person,
        out=out,
        plant=plant,
        solids=solids,
        burn=burn,
        gas=_gas_loop(person, out, plant, burn, eta, chain),
        eta=eta,
        chain=chain,
        shipped=1.0 - grown,
        wet=food_form == "wet",
        hygiene_kg=_supply(hygiene_water_kg, "hygiene", "water_kg"),
    )
    makeup = _makeup(day)
    makeup["vitamins"] = _supply(vitamins_kg, "imports", "vitamins_kg")
    makeup["goods"] = _supply(goods_kg, "imports", "goods_kg") + out.lioh_kg
    packing_kg = makeup["food"] * (_supply(packaging_ratio, "imports", "packaging_ratio") - 1.0)
    landed_kg = packing_kg + sum(makeup[name] for name in IMPORTS)
    return _crew_flows(day, people, makeup, landed_kg)


def check_loops(*, technologies: Sequence[str]) -> frozenset[str]:
    """Refuse a set of loops that cannot work together.

    Parameters
    ----------
    technologies : sequence of str
        Loops, of `LOOPS`.

    Returns
    -------
    frozenset of str

    Raises
    ------
    DomainError
        An unknown loop, one without what it needs, or two reactors on one feed.

    Examples
    --------
    >>> sorted(check_loops(technologies=("water_system", "co2_removal")))
    ['co2_removal', 'water_system']
    """
    if isinstance(technologies, str):
        raise DomainError("takes several names", path="technologies", hint=f"({technologies!r},)")
    chain = frozenset(technologies)
    for name in sorted(chain):
        if name not in LOOPS:
            raise DomainError(
                f"no loop {name!r}", path="technologies", hint=f"one of {', '.join(LOOPS)}"
            )
        missing = [need for need in _NEEDS.get(name, ()) if need not in chain]
        if missing:
            raise DomainError(
                f"{name} needs {' and '.join(missing)}", path="technologies", hint="add them"
            )
    if {"sabatier", "bosch"} <= chain:
        raise DomainError("Sabatier and Bosch share one feed", path="technologies", hint="take one")
    return chain


def _supply(given: Real | None, item: str, quantity: str) -> Array:
    value = pick(given, read_table(room="city", name="living"), item, quantity)
    if np.any(value < (1.0 if quantity == "packaging_ratio" else 0.0)):
        raise DomainError("must be >= 0, and packaging at least 1", path=f"{item} {quantity}")
    return value


def _recoveries(chain: frozenset[str], given: Mapping[str, Real]) -> dict[str, Array]:
    units = load_technologies()
    for name in given:
        if name not in chain:
            raise DomainError(
                f"{name} is not at work", path="recovery_frac", hint="name it in technologies"
            )
    eta = {}
    for name in LOOPS:
        share: Real = 0.0
        if name in given:
            share = given[name]
        elif name in chain and "recovery_frac" in units[name].numbers:
            share = units[name].value("recovery_frac")
        eta[name] = np.asarray(share, dtype=np.float64)
        if np.any((eta[name] < 0.0) | (eta[name] >= 1.0)):
            raise DomainError("must lie in [0, 1)", path=f"recovery_frac.{name}")
    return eta


def _plants(person: Metabolism, grown: Array) -> dict[str, Array]:
    """What the local food takes (carbon dioxide, water) and gives (oxygen)."""
    dry_kg = grown * person.food_dry_kg
    co2_kg = dry_kg * person.food_dry_elements["C"] * _CO2_kg_C
    split_kg = dry_kg * person.food_dry_elements["H"] * _WATER_kg_H
    moist_kg = grown * (person.food_wet_kg - person.food_dry_kg)
    return {"co2": co2_kg, "water": split_kg + moist_kg, "oxygen": co2_kg + split_kg - dry_kg}


def _solids(person: Metabolism) -> dict[str, Array]:
    """Elements of the solid waste: what went into a person and did not come out otherwise."""
    into = {
        "oxygen": person.oxygen_kg,
        "water": person.water_kg + person.food_wet_kg - person.food_dry_kg,
    }
    came = {
        "co2": person.co2_kg,
        "water": person.vapour_kg + person.urine_kg + person.faeces_water_kg,
    }
    return {
        e: person.food_dry_kg * person.food_dry_elements[e]
        + sum(kg * SPECIES[n].get(e, 0.0) for n, kg in into.items())
        - sum(kg * SPECIES[n].get(e, 0.0) for n, kg in came.items())
        for e in "CHO"
    }


def _burn(solids: Mapping[str, Array], person: Metabolism, share: Array) -> dict[str, Array]:
    co2_kg = share * solids["C"] * _CO2_kg_C
    water_kg = share * solids["H"] * _WATER_kg_H
    return {
        "co2": co2_kg,
        "water": water_kg,
        "oxygen": co2_kg + water_kg - share * person.solids_kg,
    }


def _gas_loop(
    person: Metabolism,
    out: AirLoss,
    plant: Mapping[str, Array],
    burn: Mapping[str, Array],
    eta: Mapping[str, Array],
    chain: frozenset[str],
) -> dict[str, Array]:
    """Oxygen, carbon dioxide and hydrogen; ``water`` is the net draw of the reactors."""
    units = load_technologies()
    demand_kg = person.oxygen_kg + out.oxygen_kg + burn["oxygen"] - plant["oxygen"]
    split = units["electrolysis"].flows_kg
    oxygen_kg = np.maximum(demand_kg, 0.0) * ("electrolysis" in chain)
    hydrogen_kg = oxygen_kg * split["hydrogen"]
    co2_kg = person.co2_kg + burn["co2"] - plant["co2"]
    feed_kg = np.maximum(co2_kg, 0.0) * eta["co2_removal"]
    reactor = "bosch" if "bosch" in chain else "sabatier"
    react = units[reactor].flows_kg
    crack = units["methane_pyrolysis"].flows_kg
    methane_ratio = react.get("methane", 0.0)
    back_ratio = eta["methane_pyrolysis"] * methane_ratio * crack["hydrogen"]
    net_ratio = -react["hydrogen"] - back_ratio
    reduced_kg = eta[reactor] * np.minimum(feed_kg, hydrogen_kg / net_ratio)
    cracked_kg = eta["methane_pyrolysis"] * methane_ratio * reduced_kg
    return {
        "oxygen_makeup": demand_kg - oxygen_kg,
        "electrolysed_oxygen": oxygen_kg,
        "returned_oxygen": plant["oxygen"] + reduced_kg * react["water"] / -split["water"],
        "water": -oxygen_kg * split["water"] - reduced_kg * react["water"],
        "co2_reduced": reduced_kg,
        "co2_vented": np.maximum(co2_kg, 0.0) - reduced_kg,
        "co2_makeup": np.maximum(-co2_kg, 0.0),
        "methane": methane_ratio * reduced_kg - cracked_kg,
        "methane_cracked": cracked_kg,
        "carbon": react.get("carbon", 0.0) * reduced_kg + crack["carbon"] * cracked_kg,
        "hydrogen": hydrogen_kg - net_ratio * reduced_kg,
    }


def _makeup(d: _Day) -> dict[str, Array]:
    person = d.person
    wetting_kg = d.shipped * (person.food_wet_kg - person.food_dry_kg) * (not d.wet)
    taken_kg = d.plant["water"] + d.gas["water"] - d.burn["water"] + d.out.water_kg
    return {
        "oxygen": d.gas["oxygen_makeup"],
        "water": person.water_kg
        + d.hygiene_kg
        + wetting_kg
        + taken_kg
        - d.eta["water_system"] * d.waste_water_kg(),
        "food": d.shipped * (person.food_wet_kg if d.wet else person.food_dry_kg),
        "nitrogen": d.out.nitrogen_kg,
        "co2": d.gas["co2_makeup"],
    }


def _use(d: _Day) -> dict[str, Array]:
    person = d.person
    return {
        "oxygen": person.oxygen_kg + d.out.oxygen_kg,
        "oxygen_breathed": person.oxygen_kg,
        "water": person.water_kg + d.hygiene_kg + d.out.water_kg,
        "food_wet": person.food_wet_kg,
        "food_dry": person.food_dry_kg,
        "nitrogen": d.out.nitrogen_kg,
    }


def _waste(d: _Day) -> dict[str, Array]:
    return {
        "co2": d.gas["co2_vented"],
        "methane": d.gas["methane"],
        "hydrogen": d.gas["hydrogen"],
        "carbon": d.gas["carbon"],
        "brine": (1.0 - d.eta["water_system"]) * d.waste_water_kg(),
        "faeces_water": d.person.faeces_water_kg,
        "solids": d.person.solids_kg * (1.0 - d.eta["waste_oxidation"]),
        "oxygen": d.out.oxygen_kg,
        "nitrogen": d.out.nitrogen_kg,
        "suit_water": d.out.water_kg,
    }


def _throughput(d: _Day) -> dict[str, Array]:
    flows = {
        "co2_removal": d.person.co2_kg,
        "electrolysis": d.gas["electrolysed_oxygen"],
        "sabatier": d.gas["co2_reduced"],
        "bosch": d.gas["co2_reduced"],
        "methane_pyrolysis": d.gas["methane_cracked"],
        "waste_oxidation": d.person.solids_kg,
    }
    flows = {name: kg for name, kg in flows.items() if name in d.chain}
    if "water_system" in d.chain:
        flows["urine_processor"] = d.person.urine_kg
        flows["multifiltration"] = d.waste_water_kg()
        flows["dehumidifier"] = d.person.vapour_kg
    return flows


def _crew_flows(d: _Day, people: Array, makeup: Mapping[str, Array], landed_kg: Array) -> CrewFlows:
    def times(flows: Mapping[str, Array]) -> dict[str, Array]:
        return {name: np.asarray(people * kg) for name, kg in flows.items()}

    dry = d.person.food_dry_elements
    share = d.person.food_dry_kg / d.person.food_wet_kg if d.wet else np.asarray(1.0)
    known: dict[str, Mapping[str, Real]] = {
        **SPECIES,
        "food": {e: share * dry[e] + (1.0 - share) * SPECIES["water"].get(e, 0.0) for e in "CHO"},
        "solids": {e: kg / d.person.solids_kg for e, kg in d.solids.items()},
        **dict.fromkeys(("brine", "faeces_water", "suit_water"), SPECIES["water"]),
    }

    def elements(flows: Mapping[str, Array]) -> dict[str, Array]:
        both = [(kg, known[name]) for name, kg in flows.items() if name in known]
        return {
            e: np.asarray(people * sum(kg * parts.get(e, 0.0) for kg, parts in both))
            for e in "CHON"
        }

    use, waste = _use(d), _waste(d)
    return CrewFlows(
        use_kg=times(use),
        makeup_kg=times(makeup),
        waste_kg=times(waste),
        throughput_kg=times(_throughput(d)),
        recovery_frac={
            "oxygen": d.gas["returned_oxygen"] / use["oxygen"],
            "water": d.eta["water_system"],
        },
        elements_in_kg=elements(makeup),
        elements_out_kg=elements(waste),
        respiratory_ratio=d.person.respiratory_ratio,
        import_kg=np.asarray(people * landed_kg),
    )
