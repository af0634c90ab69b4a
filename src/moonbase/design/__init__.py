"""One scenario through the rooms of physics, in order."""

from moonbase.design.chain import Design, design, flight, fly_table, product_bills
from moonbase.design.inputs import Values, call
from moonbase.design.line import DriverLine, build_driver, driver_specs

__all__ = [
    "Design",
    "DriverLine",
    "Values",
    "build_driver",
    "call",
    "design",
    "driver_specs",
    "flight",
    "fly_table",
    "product_bills",
]
