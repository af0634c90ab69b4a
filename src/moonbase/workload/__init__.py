"""What watts compute: arithmetic per joule, utilisation, goodput, accepted demand."""

from moonbase.workload.delivered import DeliveredCompute, accepted_demand, delivered_compute
from moonbase.workload.efficiency import flop_per_joule
from moonbase.workload.failures import Goodput, goodput
from moonbase.workload.model import flop_per_token, model_utilisation

__all__ = [
    "DeliveredCompute",
    "Goodput",
    "accepted_demand",
    "delivered_compute",
    "flop_per_joule",
    "flop_per_token",
    "goodput",
    "model_utilisation",
]
