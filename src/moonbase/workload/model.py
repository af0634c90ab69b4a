"""Arithmetic of a transformer: per token, and as a share of peak.

Neglected: recomputed activations (they count as hardware use, not as model work), embeddings
beyond the parameter count, routers and normalisation.
"""

from __future__ import annotations

from moonbase.core.arrays import Real


def flop_per_token(
    *,
    n_active_params: Real,
    n_layers: Real,
    n_attention_width: Real,
    n_sequence: Real,
    causal: bool = False,
) -> Real:
    """Arithmetic to train on one token, forward and backward.

    6 N + 12 L h s with attention counted in full, 6 N + 6 L h s with the half that causal
    kernels execute.

    Parameters
    ----------
    n_active_params
        Parameters used per token N, any shape.
    n_layers
        Layers L.
    n_attention_width
        Heads times head size h.
    n_sequence
        Tokens in a sequence s.
    causal
        Count half of the attention.

    Returns
    -------
    Real
        Arithmetic per token [FLOP]. A third of it is the forward pass.

    Notes
    -----
    The two counts differ by 1.4 for 405B at 131,072 tokens. Source: PaLM report; llm-foundry.

    Examples
    --------
    >>> flop_per_token(n_active_params=7e9, n_layers=32, n_attention_width=4096, n_sequence=2048)
    45221225472.0
    """
    per_token_width = 6.0 if causal else 12.0
    return 6.0 * n_active_params + per_token_width * n_layers * n_attention_width * n_sequence


def model_utilisation(
    *, token_flop: Real, tokens_1_s: Real, n_chips: Real, peak_flop_s: Real
) -> Real:
    """Model FLOP utilisation, flop per token x tokens per second / (chips x peak).

    Parameters
    ----------
    token_flop
        Model arithmetic per token [FLOP], any shape.
    tokens_1_s
        Tokens per second of the whole job [1/s].
    n_chips
        Chips.
    peak_flop_s
        Dense peak of one chip at the data type [FLOP/s].

    Returns
    -------
    Real
        Utilisation [1].

    Notes
    -----
    State which attention count and which peak went in. Source: PaLM report.

    Examples
    --------
    >>> round(model_utilisation(
    ...     token_flop=4.65e10, tokens_1_s=85144.0, n_chips=8, peak_flop_s=989e12), 2)
    0.5
    """
    return token_flop * tokens_1_s / (n_chips * peak_flop_s)
