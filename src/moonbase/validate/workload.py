"""Answers to the cases of the workload: arithmetic per token, utilisation, goodput."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from moonbase import workload
from moonbase.core.arrays import Real
from moonbase.workload import flop_per_token, model_utilisation

Answer = Mapping[str, Real]

SECONDS_PER_HOUR = 3600.0


def utilisation(
    *,
    n_params: float,
    n_layers: int,
    width: int,
    n_sequence: int,
    n_chips: int,
    peak_flop_s: float,
    tokens_1_s: float,
) -> Answer:
    """Model FLOP utilisation, attention in full and left out."""
    mfu = [
        model_utilisation(
            token_flop=flop_per_token(
                n_active_params=n_params,
                n_layers=layers,
                n_attention_width=width,
                n_sequence=n_sequence,
            ),
            tokens_1_s=tokens_1_s,
            n_chips=n_chips,
            peak_flop_s=peak_flop_s,
        )
        for layers in (n_layers, 0)
    ]
    return {"mfu_frac": mfu[0], "mfu_no_attention_frac": mfu[1]}


def attention_count(*, n_params: float, n_layers: int, width: int, n_sequence: int) -> Answer:
    """Full over causal count of arithmetic."""
    full, causal = (
        flop_per_token(
            n_active_params=n_params,
            n_layers=n_layers,
            n_attention_width=width,
            n_sequence=n_sequence,
            causal=half,
        )
        for half in (False, True)
    )
    return {"flop_ratio": full / causal}


def cluster(
    *,
    n_chips: list[float],
    failures_1_yr: float,
    checkpoint_s: float,
    restart_s: float,
    corruptions_1_yr: float,
    redo_s: float,
) -> Answer:
    """Goodput and best interval, exact and first order; mean time between failures."""
    answer = workload.goodput(
        n_chips=np.array(n_chips),
        failures_1_yr=failures_1_yr,
        checkpoint_s=checkpoint_s,
        restart_s=restart_s,
        corruptions_1_yr=corruptions_1_yr,
        redo_s=redo_s,
    )
    return {
        "exact_goodput_frac": answer.goodput_frac,
        "exact_interval_s": answer.interval_s,
        "first_order_goodput_frac": answer.young_goodput_frac,
        "first_order_interval_s": answer.young_interval_s,
        "failure_interval_s": answer.failure_interval_s,
        "failure_interval_h": answer.failure_interval_s / SECONDS_PER_HOUR,
    }
