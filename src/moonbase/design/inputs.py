"""How a stage of the design reads the records: by room and argument name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from moonbase.core.arrays import Array

_Result = TypeVar("_Result")


class Values(Protocol):
    """What ``design`` reads: arrays by key."""

    n_draws: int

    def __getitem__(self, key: str, /) -> Array: ...


@lru_cache(maxsize=128)
def argument_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """Names of the arguments that a function needs."""
    return tuple(
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty
    )


def call(function: Callable[..., _Result], room: str, inputs: Values, /, **given: Any) -> _Result:
    """Call a room's function; arguments not given come from the records of the same name.

    Parameters
    ----------
    function : Callable
        Keyword-only function of a room.
    room : str
        First part of the records' keys.
    inputs : Values
        Arrays by key.
    **given
        Arguments that other stages provide.

    Returns
    -------
    The function's result.

    Examples
    --------
    >>> import numpy as np
    >>> from moonbase import network
    >>> class One(dict):
    ...     n_draws = 1
    >>> inputs = One({"network.distance_m": np.array(3e8)})
    >>> float(call(network.light_time, "network", inputs).round(3))
    1.001
    """
    missing = {
        name: inputs[f"{room}.{name}"] for name in argument_names(function) if name not in given
    }
    return function(**missing, **given)
