"""Lunar industry: recipes, what a product takes, growth of an industry that builds itself."""

from moonbase.industry._ray import STATUS
from moonbase.industry.analytic import Growth, growth
from moonbase.industry.appendix import recipe_appendix
from moonbase.industry.bill import Bill, capital_bill
from moonbase.industry.bootstrap import Bootstrap, bootstrap
from moonbase.industry.checks import CheckReport, check, count_plants, element_imbalance
from moonbase.industry.chips import Tradeoff, electronics_tradeoff
from moonbase.industry.closure import Closure, closure
from moonbase.industry.dust import mean_dust
from moonbase.industry.floors import (
    Floor,
    melt_floor,
    reaction_floor,
    recipe_floor,
    silicon_of_alloy,
)
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
from moonbase.industry.mre import Reactor, mre_reactor
from moonbase.industry.options import CapitalGood, Options, capital_goods
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
    "STATUS",
    "BalancedGrowth",
    "Bill",
    "Bootstrap",
    "CapitalGood",
    "CheckReport",
    "Closure",
    "Floor",
    "Growth",
    "Options",
    "Reactor",
    "Recipes",
    "Requirements",
    "SeedRatios",
    "SeedSet",
    "Soil",
    "Stock",
    "TimeToTarget",
    "Tradeoff",
    "balanced_growth",
    "bootstrap",
    "capital_bill",
    "capital_goods",
    "check",
    "closure",
    "count_plants",
    "electronics_tradeoff",
    "element_imbalance",
    "growth",
    "growth_factor",
    "import_limited_capital",
    "lagged_growth",
    "leontief_growth",
    "load_recipes",
    "mean_dust",
    "melt_floor",
    "mre_reactor",
    "product_requirements",
    "reaction_floor",
    "recipe_appendix",
    "recipe_floor",
    "regolith",
    "replicated_units",
    "require",
    "scenario_recipes",
    "seed_ratios",
    "seed_set",
    "silicon_of_alloy",
    "single_good_growth",
    "soil_names",
    "steady_state",
    "time_to_target",
]
