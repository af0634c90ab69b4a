"""People on the Moon: what they breathe, eat, use up and do, and what must be landed for them."""

from moonbase.city.balance import (
    SPECIES,
    Balance,
    CrewDay,
    FoodMake,
    OXYGEN_ENTHALPY_FLOOR_J_kg,
    OXYGEN_GIBBS_FLOOR_J_kg,
    check_balance,
    check_electrolyser,
    crew_day_balance,
    food_make,
)
from moonbase.city.size import (
    CitySize,
    crew_needed,
    size_city,
)
from moonbase.city.supplies import (
    Consumables,
    Greenhouse,
    consumables,
    size_greenhouse,
)

__all__ = [
    "SPECIES",
    "Balance",
    "CitySize",
    "Consumables",
    "CrewDay",
    "FoodMake",
    "Greenhouse",
    "OXYGEN_ENTHALPY_FLOOR_J_kg",
    "OXYGEN_GIBBS_FLOOR_J_kg",
    "check_balance",
    "check_electrolyser",
    "consumables",
    "crew_day_balance",
    "crew_needed",
    "food_make",
    "size_city",
    "size_greenhouse",
]
