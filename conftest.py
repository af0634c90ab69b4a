"""Examples of the optional JAX engine run where JAX is installed."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("jax") else ["src/moonbase/orbits/jax_flight.py"]
