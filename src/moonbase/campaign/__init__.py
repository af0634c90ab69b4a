"""The decades: industry, driver, ships and fleets month by month, planned ahead or by policy."""

from moonbase.campaign.chips import ChipChoices, compare_chips
from moonbase.campaign.months import run_months
from moonbase.campaign.noise import SOURCES
from moonbase.campaign.path import Path
from moonbase.campaign.planner import expand, expand_economy, plan
from moonbase.campaign.planner_goals import GOALS
from moonbase.campaign.planner_places import read_sites
from moonbase.campaign.planner_result import Binding, Flow, PlanResult
from moonbase.campaign.planner_scenario import NIGHTS
from moonbase.campaign.planner_sites import Road, Site
from moonbase.campaign.planner_solve import SOLVERS
from moonbase.campaign.planner_summary import plan_summary
from moonbase.campaign.policies import FOLLOW_PLAN, POLICIES
from moonbase.campaign.record import EVENTS, FLOWS, STOCKS, CampaignResult, join
from moonbase.campaign.setup import CLASSES, Chance, IndustryMix, Rules, Setup
from moonbase.campaign.simulate import simulate
from moonbase.campaign.tape import record_path
from moonbase.campaign.versus import Versus, versus

__all__ = [
    "CLASSES",
    "EVENTS",
    "FLOWS",
    "FOLLOW_PLAN",
    "GOALS",
    "NIGHTS",
    "POLICIES",
    "SOLVERS",
    "SOURCES",
    "STOCKS",
    "Binding",
    "CampaignResult",
    "Chance",
    "ChipChoices",
    "Flow",
    "IndustryMix",
    "Path",
    "PlanResult",
    "Road",
    "Rules",
    "Setup",
    "Site",
    "Versus",
    "compare_chips",
    "expand",
    "expand_economy",
    "join",
    "plan",
    "plan_summary",
    "read_sites",
    "record_path",
    "run_months",
    "simulate",
    "versus",
]
