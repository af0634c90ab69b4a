"""The day of a crew and its loops."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from moonbase import city
from moonbase.core.errors import DomainError, ParameterError, PhysicsError
from moonbase.core.tables import read_table

SABATIER = ("water_system", "co2_removal", "electrolysis", "sabatier")


def test_nobody_needs_nothing():
    day = city.crew_day(n_crew=0.0)
    assert not any(float(kg) for kg in day.makeup_kg.values())
    assert float(day.import_kg) == 0.0


def test_a_draw_alone_is_the_same_as_in_a_batch():
    eta = np.array([0.5, 0.9, 0.97])
    batch = city.crew_day(
        technologies=SABATIER, recovery_frac={"water_system": eta}, food_local_frac=1 - eta
    )
    for i, share in enumerate(eta):
        one = city.crew_day(
            technologies=SABATIER,
            recovery_frac={"water_system": share},
            food_local_frac=1 - share,
        )
        assert batch.makeup_kg["water"][i] == one.makeup_kg["water"]
        assert batch.import_kg[i] == one.import_kg


def test_sabatier_alone_returns_half_and_pyrolysis_more():
    ideal = {"co2_removal": 1 - 1e-12, "sabatier": 1 - 1e-12}
    alone = city.crew_day(technologies=SABATIER, recovery_frac=ideal)
    assert float(alone.recovery_frac["oxygen"]) == pytest.approx(0.5, abs=1e-9)
    assert float(alone.waste_kg["co2"]) == pytest.approx(1.08 - 0.92 / 0.89 * 0.612, abs=0.001)
    assert float(alone.waste_kg["hydrogen"]) == pytest.approx(0.0, abs=1e-9)
    more = city.crew_day(
        technologies=(*SABATIER, "methane_pyrolysis"),
        recovery_frac={**ideal, "methane_pyrolysis": 1 - 1e-12},
    )
    assert float(more.waste_kg["co2"]) == pytest.approx(0.0, abs=1e-9)
    assert float(more.makeup_kg["water"]) < float(alone.makeup_kg["water"])


def test_dry_food_turns_the_crew_from_a_source_of_water_into_a_sink():
    wet, dry = (city.crew_day(food_form=form).makeup_kg["water"] for form in ("wet", "dry"))
    assert float(wet) < 0.0 < float(dry)


def test_a_larger_body_uses_more_and_still_closes():
    small, large = (city.metabolism(body_ratio=x) for x in (0.77, 1.23))
    assert float(large.oxygen_kg / small.oxygen_kg) == pytest.approx(1.6, abs=0.01)
    assert float(large.respiratory_ratio) == pytest.approx(float(small.respiratory_ratio))


def test_a_walk_loses_gas_water_and_lock_air():
    still, out = city.air_loss(), city.air_loss(eva_h=1.0, n_airlock_cycles=0.5)
    assert float(out.oxygen_kg - still.oxygen_kg) == pytest.approx(0.15 + 0.24, abs=0.001)
    assert float(out.water_kg) == pytest.approx(0.6875)
    assert float(city.crew_day(loss=out).makeup_kg["goods"]) == pytest.approx(0.3625)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"baseline": "mars"}, "no table"),
        ({"technologies": ("warp",)}, "no loop"),
        ({"technologies": ("sabatier",)}, "needs co2_removal and electrolysis"),
        ({"technologies": (*SABATIER, "bosch")}, "share one feed"),
        ({"recovery_frac": {"water_system": 1.0}}, r"\[0, 1\)"),
        ({"recovery_frac": {"sabatier": 0.9}}, "not at work"),
        ({"food_local_frac": 1.2}, "0 to 1"),
        ({"food_form": "tinned"}, "no form"),
        ({"n_crew": -1.0}, ">= 0"),
        ({"technologies": "water_system"}, "several names"),
        ({"hygiene_water_kg": -1.0}, ">= 0"),
        ({"packaging_ratio": 0.5}, "at least 1"),
        ({"body_ratio": 3.0}, "0.5 to 2"),
    ],
)
def test_bad_input_is_named(arguments, word):
    with pytest.raises(DomainError, match=word):
        city.crew_day(**arguments)


def test_units_are_whole_and_approach_the_bill_in_a_large_city():
    day = city.crew_day(n_crew=4.0, technologies=SABATIER)
    units = city.size_life_support(throughput_kg=day.throughput_kg, n_crew=4.0)
    assert float(units["co2_removal"].n_units) == 4.0  # three at work, one to spare
    assert float(units["co2_removal"].power_W) == pytest.approx(650.0 * 4.32 / 2.04)
    many = city.crew_day(n_crew=1e5, technologies=SABATIER)
    whole = city.size_life_support(throughput_kg=many.throughput_kg, n_crew=1e5)
    bill = city.person_bill(technologies=SABATIER)
    mass_kg = sum(float(u.mass_kg) for u in whole.values()) / 1e5
    assert mass_kg == pytest.approx(float(bill.life_support_kg), rel=1e-3)


@pytest.mark.parametrize("baseline", city.baselines())
@pytest.mark.parametrize(
    "extra", [(), ("sabatier",), ("sabatier", "methane_pyrolysis"), ("bosch",)]
)
def test_one_solve_agrees_with_the_chain(baseline, extra):
    chain = ("water_system", "co2_removal", "electrolysis", *extra)
    grown = np.linspace(0.0, 1.0, 5)
    arguments = {"baseline": baseline, "technologies": chain, "food_local_frac": grown}
    bill, day = city.person_bill(**arguments), city.crew_day(**arguments)
    assert bill.water_kg_yr / 365.25 == pytest.approx(day.makeup_kg["water"], abs=1e-12)
    assert bill.oxygen_kg_yr / 365.25 == pytest.approx(day.makeup_kg["oxygen"], abs=1e-12)
    assert bill.activity_kg_day["shipped_food"] == pytest.approx(day.makeup_kg["food"])


def copied(folder: Path) -> Path:
    source = files("moonbase") / "data" / "city"
    for name in ("technologies.csv", "reactions.csv", "crops.csv"):
        shutil.copy(str(source / name), folder / name)
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        (
            "technologies.csv",
            "electrolysis,power_W,2403.85,1923.08",
            "electrolysis,power_W,959.0,900",
            PhysicsError,
        ),
        (
            "technologies.csv",
            "water_system,recovery_frac,0.98,0.935,0.99",
            "water_system,recovery_frac,0.98,0.935,1.0",
            PhysicsError,
        ),
        (
            "technologies.csv",
            "urine_processor,mass_kg,193.3,193.3",
            "urine_processor,mass_kg,193.3,200",
            ParameterError,
        ),
        (
            "technologies.csv",
            "brine_processor,mass_kg,80,40.0,160,estimate",
            "brine_processor,mass_kg,80,40.0,160,rumour",
            ParameterError,
        ),
        ("reactions.csv", "sabatier,water,0.8", "sabatier,water,0.9", PhysicsError),
        ("reactions.csv", "sabatier,co2", "warp,co2", ParameterError),
    ],
)
def test_a_bad_row_is_refused_at_load(tmp_path, name, old, new, error):
    path = copied(tmp_path) / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(error):
        city.load_technologies(folder=tmp_path)


def test_the_shipped_rows_load_from_a_folder(tmp_path):
    assert set(city.load_technologies(folder=copied(tmp_path))) == set(city.load_technologies())


@pytest.mark.parametrize("path", sorted((files("moonbase") / "data" / "city").iterdir()), ids=str)
def test_every_number_has_a_known_source(path):
    bibs = (files("moonbase") / "data" / "sources").iterdir()
    known = "".join(p.read_text() for p in bibs) + "stoichiometry,"
    if path.name == "reactions.csv":
        return
    table = read_table(room="city", name=path.name.removesuffix(".csv"))
    for item, rows in table.items():
        for quantity, number in rows.items():
            assert f"{{{number.source}," in known, f"{item}.{quantity}: {number.source}"
