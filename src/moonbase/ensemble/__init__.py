"""Sampling of uncertain inputs and what they do to the answers. Knows only inputs and results."""

from moonbase.ensemble.sampling import Inputs, sample
from moonbase.ensemble.sensitivity import Effect, Quantiles, effects, quantiles

__all__ = ["Effect", "Inputs", "Quantiles", "effects", "quantiles", "sample"]
