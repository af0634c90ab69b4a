"""The decades: industry, driver, ships and fleets month by month, planned ahead or by policy."""

from moonbase.campaign.path import Path
from moonbase.campaign.planner import expand, expand_economy, plan
from moonbase.campaign.planner_goals import GOALS
from moonbase.campaign.planner_result import Binding, Flow, PlanResult
from moonbase.campaign.planner_scenario import NIGHTS
from moonbase.campaign.planner_sites import Road, Site
from moonbase.campaign.planner_solve import SOLVERS
from moonbase.campaign.record import EVENTS, FLOWS, STOCKS, CampaignResult, join
from moonbase.campaign.setup import CLASSES, IndustryMix, Setup
from moonbase.campaign.simulate import simulate

__all__ = [
    "CLASSES",
    "EVENTS",
    "FLOWS",
    "GOALS",
    "NIGHTS",
    "SOLVERS",
    "STOCKS",
    "Binding",
    "CampaignResult",
    "Flow",
    "IndustryMix",
    "Path",
    "PlanResult",
    "Road",
    "Setup",
    "Site",
    "expand",
    "expand_economy",
    "join",
    "plan",
    "simulate",
]
