"""Lunar industry: recipes, what a product takes, growth of an industry that builds itself."""

from moonbase.industry._ray import STATUS
from moonbase.industry.analytic import Growth, growth
from moonbase.industry.bill import Bill, capital_bill
from moonbase.industry.chips import Tradeoff, electronics_tradeoff
from moonbase.industry.closure import Closure, closure
from moonbase.industry.growth import (
    BalancedGrowth,
    Stock,
    balanced_growth,
    lagged_growth,
    leontief_growth,
    steady_state,
)
from moonbase.industry.laws import (
    SeedRatios,
    SeedSet,
    TimeToTarget,
    growth_factor,
    import_limited_capital,
    replicated_units,
    seed_ratios,
    seed_set,
    single_good_growth,
    time_to_target,
)
from moonbase.industry.options import CapitalGood, Options, capital_goods
from moonbase.industry.recipes import Recipes, check, element_imbalance, load_recipes
from moonbase.industry.requirements import IMPORTS, PRODUCTS, Requirements, product_requirements

__all__ = [
    "IMPORTS",
    "PRODUCTS",
    "STATUS",
    "BalancedGrowth",
    "Bill",
    "CapitalGood",
    "Closure",
    "Growth",
    "Options",
    "Recipes",
    "Requirements",
    "SeedRatios",
    "SeedSet",
    "Stock",
    "TimeToTarget",
    "Tradeoff",
    "balanced_growth",
    "capital_bill",
    "capital_goods",
    "check",
    "closure",
    "electronics_tradeoff",
    "element_imbalance",
    "growth",
    "growth_factor",
    "import_limited_capital",
    "lagged_growth",
    "leontief_growth",
    "load_recipes",
    "product_requirements",
    "replicated_units",
    "seed_ratios",
    "seed_set",
    "single_good_growth",
    "steady_state",
    "time_to_target",
]
