"""Lunar industry: recipes, what a product takes, growth of an industry that builds itself."""

from moonbase.industry.analytic import Growth, growth
from moonbase.industry.bill import Bill, capital_bill
from moonbase.industry.growth import (
    BalancedGrowth,
    Stock,
    balanced_growth,
    leontief_growth,
    steady_state,
)
from moonbase.industry.recipes import Recipes, check, element_imbalance, load_recipes
from moonbase.industry.requirements import IMPORTS, PRODUCTS, Requirements, product_requirements

__all__ = [
    "IMPORTS",
    "PRODUCTS",
    "BalancedGrowth",
    "Bill",
    "Growth",
    "Recipes",
    "Requirements",
    "Stock",
    "balanced_growth",
    "capital_bill",
    "check",
    "element_imbalance",
    "growth",
    "leontief_growth",
    "load_recipes",
    "product_requirements",
    "steady_state",
]
