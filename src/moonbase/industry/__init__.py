"""Lunar industry: recipes, what a product takes, growth of an industry that builds itself."""

from moonbase.industry.appendix import recipe_appendix
from moonbase.industry.checks import CheckReport, check, count_plants, element_imbalance
from moonbase.industry.floors import (
    Floor,
    melt_floor,
    reaction_floor,
    recipe_floor,
    silicon_of_alloy,
)
from moonbase.industry.growth import Growth, Stock, growth, leontief_growth, steady_state
from moonbase.industry.mre import Reactor, mre_reactor
from moonbase.industry.recipes import load_recipes
from moonbase.industry.regolith import Soil, regolith, soil_names
from moonbase.industry.requirements import (
    IMPORTS,
    PRODUCTS,
    Requirements,
    product_requirements,
    require,
    scenario_recipes,
)
from moonbase.industry.table import Recipes

__all__ = [
    "IMPORTS",
    "PRODUCTS",
    "CheckReport",
    "Floor",
    "Growth",
    "Reactor",
    "Recipes",
    "Requirements",
    "Soil",
    "Stock",
    "check",
    "count_plants",
    "element_imbalance",
    "growth",
    "leontief_growth",
    "load_recipes",
    "melt_floor",
    "mre_reactor",
    "product_requirements",
    "reaction_floor",
    "recipe_appendix",
    "recipe_floor",
    "regolith",
    "require",
    "scenario_recipes",
    "silicon_of_alloy",
    "soil_names",
    "steady_state",
]
