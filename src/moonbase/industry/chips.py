"""Electronics made on the Moon or landed: growth against imports, by share and by plant mass.

Local electronics save landed mass and cost energy and plant, so the share that grows fastest and
the share that lands least differ; the mass of the plant that makes them decides by how much.

Neglected: accelerators (``chips`` stay an import), yields, feature sizes, the years of learning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from moonbase.core.arrays import Array, Real
from moonbase.core.errors import DomainError
from moonbase.industry.analytic import growth
from moonbase.industry.bill import capital_bill
from moonbase.industry.options import Options, has_draws, leaves
from moonbase.industry.recipes import Recipes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradeoff:
    """Growth and imports by share of electronics made on the Moon; axes (share, draw), if any.

    Where a share cannot be kept up the rate is -inf or negative and imports are nan.
    """

    local_frac: Array
    """The shares, (share,)."""
    growth_1_yr: Array
    doubling_yr: Array
    new_import_ratio: Array
    """Kilograms landed per kilogram of new capital."""
    product_import_ratio: Array
    """Kilograms landed per kilogram of satellite, with the upkeep of the capital behind it."""
    product_import_kg_W: Array
    """The same per watt of satellite."""
    product_capital_yr: Array
    """Capital behind a kilogram of satellite a year, kg per kg/yr."""
    fastest_frac: Array
    """Share with the fastest growth, (draw,); nan where no share grows."""
    least_new_import_frac: Array
    least_product_import_frac: Array


def electronics_tradeoff(
    recipes: Recipes,
    *,
    local_frac: Array | None = None,
    chipfab_capital_yr: Real | None = None,
    power_W_kg: Real = 100.0,
    product: Mapping[str, float] | str = "satellite",
    commodity: str = "electronics",
    build_lag_s: Real = 0.0,
    replacement: str = "ordered_ahead",
    options: Options | None = None,
) -> Tradeoff:
    """Curve of growth and landed mass against the share of electronics made on the Moon.

    Parameters
    ----------
    recipes : Recipes
    local_frac : Array, optional
        Shares to try, (share,); 21 from 0 to 1 by default.
    chipfab_capital_yr : Real, optional
        Mass of the plant per yearly output, kg per kg/yr, one or (draw,); the table's by default.
    power_W_kg : Real
        Power of a kilogram of satellite, one or (draw,).
    product : Mapping or str
        What is delivered: a commodity, or a bill of commodity -> kg per kg of satellite.
    commodity : str
        The commodity that is made or landed.
    build_lag_s, replacement
        As in ``growth``.
    options : Options, optional
        As the further arguments of ``growth``, without ``local_frac`` and ``import_cap_ratio``.

    Returns
    -------
    Tradeoff

    Raises
    ------
    DomainError
        Shares outside 0 to 1, no plant for the commodity, or what ``growth`` refuses.

    Notes
    -----
    Imports of the product are those of a steady stream: its own and what replaces worn capital.
    Doing without landings is never free of cost to growth, so the fastest share is 0 unless the
    plant is light; what the curve shows is how much growth each kilogram saved costs.

    Examples
    --------
    >>> from moonbase.industry.recipes import load_recipes
    >>> found = electronics_tradeoff(load_recipes(), local_frac=np.array([0.0, 1.0]))
    >>> [round(float(x), 3) for x in found.new_import_ratio]
    [0.057, 0.039]
    """
    shares = np.linspace(0.0, 1.0, 21) if local_frac is None else np.asarray(local_frac, float)
    if shares.ndim != 1 or not ((shares >= 0.0) & (shares <= 1.0)).all() or not shares.size:
        raise DomainError("expects shares from 0 to 1", path="local_frac")
    chosen: dict[str, Any] = dict(options or {})
    for key in ("local_frac", "import_cap_ratio"):
        if chosen.pop(key, None) is not None:
            raise DomainError("is what the curve varies, or has no place in it", path=key)
    plant = recipes.producer(commodity)
    if plant is None:
        raise DomainError(
            f"no process makes {commodity}", path="commodity", hint="add its recipe to the table"
        )
    if chipfab_capital_yr is not None:
        ratio = np.asarray(chipfab_capital_yr, dtype=float) / plant.capital_kg_yr
        plain = chosen.get("capital_ratio", 1.0)
        every = plain if isinstance(plain, Mapping) else dict.fromkeys(recipes.processes, plain)
        chosen["capital_ratio"] = {**every, plant.name: ratio}
    bill = {product: 1.0} if isinstance(product, str) else dict(product)
    sizes = [np.size(leaf) for leaf in leaves((chosen, build_lag_s)) if has_draws(leaf)]
    n_draws = max(sizes, default=1)
    scalar = not sizes and not has_draws(power_W_kg)
    every_share: Any = {key: _each(value, len(shares)) for key, value in chosen.items()}
    every_share["local_frac"] = {commodity: np.repeat(shares, n_draws)}
    grown = growth(
        recipes,
        build_lag_s=_each(build_lag_s, len(shares)),
        replacement=replacement,
        **every_share,
    )
    made = capital_bill(recipes, output_1_yr=bill, **every_share)

    def curve(array: Array) -> Array:
        return array.reshape(len(shares), n_draws)[:, 0 if scalar else slice(None)]

    rate, doubling = curve(grown.growth_1_yr), curve(grown.doubling_yr)
    new = np.where(rate > 0.0, curve(grown.import_ratio), np.nan)
    landed = curve(made.import_kg_yr) / sum(bill.values())
    capital = curve(made.capital_kg) / sum(bill.values())
    return Tradeoff(
        local_frac=shares,
        growth_1_yr=rate,
        doubling_yr=doubling,
        new_import_ratio=new,
        product_import_ratio=landed,
        product_import_kg_W=landed / np.asarray(power_W_kg),
        product_capital_yr=capital,
        fastest_frac=_least(shares, np.where(rate > 0.0, -rate, np.nan)),
        least_new_import_frac=_least(shares, new),
        least_product_import_frac=_least(shares, landed),
    )


def _each(value: Any, n_shares: int) -> Any:
    """An option over the draws, once for each share."""
    if isinstance(value, Mapping):
        return {name: _each(item, n_shares) for name, item in value.items()}
    return np.tile(value, n_shares) if has_draws(value) and np.size(value) > 1 else value


def _least(shares: Array, cost: Array) -> Array:
    """Share at which a cost is least, (draw,); nan where there is none."""
    known = np.isfinite(cost)
    best = shares[np.where(known, cost, np.inf).argmin(axis=0)]
    return np.where(known.any(axis=0), best, np.nan)
