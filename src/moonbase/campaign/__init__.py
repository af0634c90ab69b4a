"""The decades: industry, driver, ships and fleets month by month."""

from moonbase.campaign.record import EVENTS, FLOWS, STOCKS, CampaignResult, join
from moonbase.campaign.setup import CLASSES, IndustryMix, Setup
from moonbase.campaign.simulate import simulate

__all__ = [
    "CLASSES",
    "EVENTS",
    "FLOWS",
    "STOCKS",
    "CampaignResult",
    "IndustryMix",
    "Setup",
    "join",
    "simulate",
]
