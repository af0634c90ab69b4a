"""The decades: industry, driver, ships and fleets month by month."""

from moonbase.campaign.chips import ChipChoices, compare_chips
from moonbase.campaign.months import run_months
from moonbase.campaign.noise import SOURCES
from moonbase.campaign.path import Path
from moonbase.campaign.policies import FOLLOW_PLAN, POLICIES
from moonbase.campaign.record import EVENTS, FLOWS, STOCKS, CampaignResult, join
from moonbase.campaign.setup import CLASSES, Chance, IndustryMix, Rules, Setup
from moonbase.campaign.simulate import simulate
from moonbase.campaign.tape import record_path

__all__ = [
    "CLASSES",
    "EVENTS",
    "FLOWS",
    "FOLLOW_PLAN",
    "POLICIES",
    "SOURCES",
    "STOCKS",
    "CampaignResult",
    "Chance",
    "ChipChoices",
    "IndustryMix",
    "Path",
    "Rules",
    "Setup",
    "compare_chips",
    "join",
    "record_path",
    "run_months",
    "simulate",
]
