"""Lunar industry: recipes, what a product takes, growth of an industry that builds itself."""

from moonbase.industry.dust import mean_dust
from moonbase.industry.growth import Growth, Stock, growth, leontief_growth, steady_state
from moonbase.industry.recipes import Recipes, check, element_imbalance, load_recipes
from moonbase.industry.requirements import IMPORTS, PRODUCTS, Requirements, product_requirements

__all__ = [
    "IMPORTS",
    "PRODUCTS",
    "Growth",
    "Recipes",
    "Requirements",
    "Stock",
    "check",
    "element_imbalance",
    "growth",
    "leontief_growth",
    "load_recipes",
    "mean_dust",
    "product_requirements",
    "steady_state",
]
