"""Food, habitat, labour and spares."""

from __future__ import annotations

import numpy as np
import pytest

from moonbase import city
from moonbase.core.errors import DomainError, PhysicsError, UnitError

PERSON = city.Food(mass_kg=0.6193, basis="dry", dry_frac=0.397)


def test_wet_and_dry_food_do_not_add():
    wet = city.Food(mass_kg=1.56, basis="wet", dry_frac=0.397)
    with pytest.raises(UnitError, match="wet and dry"):
        wet.plus(PERSON)
    assert float(wet.dry().plus(PERSON).mass_kg) == pytest.approx(2 * 0.6193, abs=1e-4)
    both = wet.plus(city.Food(mass_kg=1.0, basis="dry", dry_frac=0.8).wet())
    assert float(both.dry().mass_kg) == pytest.approx(1.56 * 0.397 + 1.0)


def test_a_better_lamp_saves_power_and_not_area():
    old = city.plan_food(food=PERSON, lamp_J_mol=602_410.0)
    led = city.plan_food(food=PERSON)
    assert float(led.lamp_power_W / old.lamp_power_W) == pytest.approx(333_333.3 / 602_410.0)
    assert float(led.area_m2) == float(old.area_m2)


def test_sunlight_takes_the_place_of_lamps_but_not_in_the_dark():
    lamps = city.plan_food(food=PERSON)
    sun = city.plan_food(food=PERSON, sunlight_frac=1.0, sunlit_frac=0.85)
    assert float(sun.lamp_power_W) == pytest.approx(0.15 * float(lamps.lamp_power_W))
    assert float(sun.collector_m2) > 0.0 == float(lamps.collector_m2)


def test_a_mixed_diet_is_the_sum_of_its_parts():
    half = city.plan_food(food=PERSON, diet={"wheat": 0.5, "rice": 0.5})
    parts = [city.plan_food(food=PERSON, diet={crop: 1.0}).area_m2 for crop in ("wheat", "rice")]
    assert float(half.area_m2) == pytest.approx(float(sum(parts)) / 2)
    assert float(half.quantum_ratio) > 20.0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"diet": "steak"}, DomainError),
        ({"diet": {"steak": 1.0}}, DomainError),
        ({"diet": {"wheat": 0.5}}, DomainError),
        ({"diet": {"wheat": 1.5, "rice": -0.5}}, DomainError),
        ({"lamp_J_mol": 150e3}, PhysicsError),
        ({"sunlight_frac": 1.2}, DomainError),
    ],
)
def test_bad_food_is_named(arguments, error):
    with pytest.raises(error):
        city.plan_food(food=PERSON, **arguments)


def test_a_little_cover_is_worse_than_none_and_a_lot_is_enough():
    ratio = city.dose_behind(areal_kg_m2=np.array([0.0, 750.0, 1800.0, 4500.0, 9000.0]))
    assert ratio[1] > ratio[0] == 1.0
    assert np.all(np.diff(ratio[1:]) < 0.0)
    for wanted in (0.9, 0.3, 0.02):
        areal = city.cover_for(dose_ratio=wanted)
        assert float(city.dose_behind(areal_kg_m2=areal)) == pytest.approx(wanted)


def test_the_cover_meets_the_limit_and_leaves_the_shell_in_tension():
    home = city.habitat(n_crew=100.0)
    assert float(home.dose_Sv_yr) == pytest.approx(0.05)
    assert float(home.cover_pressure_Pa) < 101_325.0
    assert float(home.shell_margin_ratio) > 1.0
    quiet = city.habitat(n_crew=100.0, surface_Sv_yr=0.04)
    assert float(quiet.cover_m) == 0.0


def test_one_hopeless_draw_does_not_kill_the_batch():
    home = city.habitat(n_crew=10.0, inside_frac=np.array([0.5, 0.95]))
    assert np.isnan(home.cover_m[0]) and home.cover_m[1] > 0.0
    with pytest.raises(DomainError, match="outside alone"):
        city.habitat(n_crew=10.0, inside_frac=0.5)


def test_less_than_nobody_is_refused():
    with pytest.raises(DomainError, match="n_crew"):
        city.habitat(n_crew=-1.0)
    with pytest.raises(DomainError, match="dry share"):
        city.Food(mass_kg=1.0, basis="wet", dry_frac=1.4)


def test_the_dark_store_follows_time_and_load():
    short, long = (city.habitat(n_crew=10.0, dark_day=d) for d in (3.0, 5.0))
    assert float(long.storage_J / short.storage_J) == pytest.approx(5 / 3)
    lamps = city.habitat(n_crew=10.0, lamp_power_W=1e5, dark_lamp_frac=1.0)
    assert float(lamps.dark_power_W) == pytest.approx(0.5 * 5e4 + 1e5)


def test_a_greenhouse_liner_is_no_shell():
    for mass_kg, volume_m3 in ((454, 490), (1728, 2454), (4536, 5610)):
        with pytest.raises(PhysicsError, match="liner"):
            city.check_shell(
                density_kg_m3=mass_kg / volume_m3, pressure_Pa=101_325.0, strength_m2_s2=62_500.0
            )


def test_equivalent_mass_shows_its_terms():
    terms = city.equivalent_system_mass(
        mass_kg=10.0,
        volume_m3=2.0,
        power_W=3e3,
        cooling_W=4e3,
        crew_time_h=5.0,
        volume_kg_m3=1.0,
        power_kg_kW=10.0,
        cooling_kg_kW=20.0,
        crew_time_kg_h=2.0,
    )
    assert [float(x) for x in terms.values()] == [10.0, 2.0, 30.0, 80.0, 10.0, 132.0]


def test_needs_per_person_fall_with_sharing():
    n_crew = np.array([10.0, 100.0, 1000.0])
    labour = city.labour_balance(n_crew=n_crew)
    for hours in labour.by_domain_h_yr.values():
        assert np.all(np.diff(hours / n_crew) < 0.0)
    assert np.all(np.diff(labour.labour_ratio) < 0.0)


def test_robots_lower_the_number_of_people():
    people = city.least_crew(n_robots=np.array([0.0, 10.0, 50.0]))
    assert np.all(np.diff(people) < 0.0)
    assert np.isnan(city.least_crew(work_h_yr=20.0, n_most=300))


def test_robots_do_only_what_they_can():
    labour = city.labour_balance(
        n_crew=10.0,
        n_robots=1e6,
        alone_h_yr={"care": 1000.0, "dig": 1000.0},
        sharing_nd={},
        substitution_frac={"dig": 1.0},
        medical_h_yr=0.0,
    )
    assert float(labour.needed_h_yr) == pytest.approx(10_000.0)
    assert float(labour.labour_ratio) == pytest.approx(0.5)


def test_a_year_has_no_more_hours():
    with pytest.raises(DomainError, match="8766"):
        city.labour_balance(n_crew=10.0, work_h_yr=9000.0)


def test_trades_need_holders():
    cover = city.skill_cover(n_crew=np.array([0.0, 1.0, 20.0, 27.0]))
    assert cover == pytest.approx([0.0, 0.0, 0.75, 1.0])


def test_spare_counts_reach_the_confidence():
    from scipy.stats import poisson

    counts = city.spares_for(
        n_units=np.array([1.0, 10.0, 100.0]),
        failure_1_yr=0.3,
        horizon_yr=2.0,
        confidence_frac=0.995,
    )
    assert counts == pytest.approx(poisson.ppf(0.995, np.array([0.6, 6.0, 60.0])))
