"""The lunar industry of a scenario on its own: growth, closure, recipes, bills, flows.

What a notebook and ``moonbase industry`` call. Recipes, the scenario's multipliers over its draws
and its satellite come together here; the equations are those of ``moonbase.industry``.
"""

from moonbase.lunar_industry.bills import KILOWATT, balance, process_balance
from moonbase.lunar_industry.closing import closing
from moonbase.lunar_industry.flows import energy_flows, mass_flows
from moonbase.lunar_industry.growing import GOALS_W_yr, grow, targets, tradeoff, worth
from moonbase.lunar_industry.levers import levers, sensitivity
from moonbase.lunar_industry.listing import check_report, read_recipes, recipe_rows
from moonbase.lunar_industry.study import Study, placeholders, study

__all__ = [
    "KILOWATT",
    "GOALS_W_yr",
    "Study",
    "balance",
    "check_report",
    "closing",
    "energy_flows",
    "grow",
    "levers",
    "mass_flows",
    "placeholders",
    "process_balance",
    "read_recipes",
    "recipe_rows",
    "sensitivity",
    "study",
    "targets",
    "tradeoff",
    "worth",
]
