"""The optional JAX engine: its examples run where JAX is installed, and its code compiles fast.

Nearly all the time of its tests is compilation, which these flags of XLA halve. XLA ends the
process at a flag that it does not know, so they are given to the versions they were tried with.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

_TRIED = ("0.8.", "0.10.")

try:
    _found = version("jax")
except PackageNotFoundError:
    _found = ""
collect_ignore = [] if _found else ["src/moonbase/orbits/jax_flight.py"]
if _found.startswith(_TRIED):
    os.environ.setdefault(
        "XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
    )
