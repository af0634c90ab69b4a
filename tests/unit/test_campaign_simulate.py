from __future__ import annotations

import numpy as np
import pytest

from moonbase import api, campaign
from moonbase.campaign.build import setup_of
from moonbase.campaign.year import learned_ratio
from moonbase.core.errors import DomainError
from moonbase.ensemble import sample

SHORT = {"options.end_year": 2045}


def test_a_scenario_is_simulated_by_name_under_any_policy() -> None:
    scenario = api.load("alpha", set=SHORT)
    found = {p: campaign.simulate(scenario, policy=p, draws=3, seed=4) for p in campaign.POLICIES}
    own = campaign.simulate(scenario, draws=3, seed=4)
    for name, values in own.yearly.items():
        assert np.array_equal(values, found["grow_then_export"].yearly[name]), name
    plants = [result.yearly["plant_kg"][-1] for result in found.values()]
    assert not any(np.array_equal(plants[0], other) for other in plants[1:])


def test_a_draw_is_the_same_in_a_batch_of_another_size() -> None:
    scenario = api.load("alpha", set=SHORT)
    few, many = (campaign.simulate(scenario, draws=n, seed=4) for n in (1, 5))
    for name, values in few.yearly.items():
        assert np.array_equal(values[:, 0], many.yearly[name][:, 0]), name


@pytest.mark.parametrize(
    ("changes", "where"), [({"policy": "hope"}, "policy"), ({"draws": 0}, "draws")]
)
def test_bad_choices_are_named(changes: dict[str, object], where: str) -> None:
    with pytest.raises(DomainError) as error:
        campaign.simulate("alpha", **changes)  # type: ignore[arg-type]
    assert error.value.path == where


def test_learning_follows_wright_down_to_its_floor() -> None:
    found = learned_ratio(
        made_kg=np.array([0.0, 1.0, 3.0, 1e9]),
        first_kg=np.ones(4),
        learning_rate_frac=np.full(4, 0.2),
        learning_floor_frac=np.full(4, 0.6),
    )
    assert found == pytest.approx([1.0, 0.8, 0.64, 0.6])


def test_learning_brings_satellites_with_less_plant() -> None:
    plain, quick = (
        campaign.simulate(
            api.load("alpha", set={"industry.learning_rate_frac": rate}), draws=1
        ).yearly
        for rate in (0.0, 0.15)
    )
    made = [flow["satellite_made_kg"].sum() for flow in (plain, quick)]
    assert made[1] > 1.02 * made[0]
    assert quick["plant_kg"][-1, 0] / made[1] < plain["plant_kg"][-1, 0] / made[0]


def chips(capital_yr: float) -> campaign.ChipChoices:
    fixed = {
        "industry.chipfab_capital_yr": capital_yr,
        "industry.accelerator_capital_ratio": 1.0,
        "industry.capital_ratio": 1.0,
    }
    return campaign.compare_chips(api.load("alpha", set=fixed), draws=6)


def test_a_light_chip_plant_lifts_the_ceiling_and_slows_growth() -> None:
    both = chips(2.0)
    made = both.lunar.is_chips_made & both.lunar.is_made
    assert made.sum() >= 4
    assert not both.imported.is_made.any()
    assert not both.imported.is_chips_made.any()
    assert (both.lunar.imported_kg_kW[made] < both.imported.imported_kg_kW[made]).all()
    assert (both.lunar.ceiling_W_yr[made] > both.imported.ceiling_W_yr[made]).all()
    assert (both.lunar.growth_1_yr[made] < both.imported.growth_1_yr[made]).all()
    heavier = both.lunar.plant_per_satellite_yr > both.imported.plant_per_satellite_yr
    assert heavier[made].all()
    classes = ("chips", "electronics", "vitamins", "plant", "crew")
    names = {f"imported_{name}_kg_kW" for name in classes}
    late = []
    for case in (both.imported, both.lunar):
        assert set(case.imported_by_class_kg_kW) == names
        late.append(case.imported_by_class_kg_kW["imported_chips_kg_kW"][-1])
    thrown = made & np.isfinite(late[0]) & np.isfinite(late[1])
    assert thrown.any()
    assert (late[1][thrown] <= late[0][thrown] * (1.0 + 1e-9)).all()
    assert (late[1][thrown] < 0.95 * late[0][thrown]).any()


def test_the_parts_of_a_heavy_chip_plant_outweigh_the_chips() -> None:
    both = chips(60.0)
    made = both.lunar.is_chips_made & both.lunar.is_made
    assert made.any()
    assert (both.lunar.imported_kg_kW[made] > both.imported.imported_kg_kW[made]).any()


def test_two_draws_at_least_are_compared() -> None:
    with pytest.raises(DomainError, match="must be >= 2"):
        campaign.compare_chips("alpha", draws=1)


def test_imported_chips_never_come_from_the_moon() -> None:
    scenario = api.load("alpha", set={"options.chips": "imported"})
    _, setup = setup_of(scenario, sample(scenario.records, n_draws=2, seed=1))
    assert not setup.local_frac.any()
    assert not setup.local_chips_frac.any()
