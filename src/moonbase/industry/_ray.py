"""Von Neumann ray of an economy: the largest rate at which all its capital can grow together.

With T the activities that one unit of each capital good asks for (one inverse of the active
processes' flows), S what they hold and D what of it wears out, capital goods q obey
``q = exp(g tau) (g S T + D T) q``: a few numbers to a side, whatever the table's size. Which
processes are active is a linear programme's answer. It is solved once for the table as it stands;
every draw is then tried with that basis, its activities and prices are checked, and only draws in
which another technique pays go back to the solver. A draw's answer rests on the draw alone.

Neglected: everything off the ray (the way from a seed's mix to the ray's own proportions).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.industry._economy import IMPORT_CAP, SHARE, Economy, add_up
from moonbase.industry._lp import OPTIMAL, Solved, maximise

STATUS = (
    "grows",
    "shrinks: capital wears out faster than it is made; lower plant mass or land more of it",
    "cannot: a capital good is not made at all, or all wears out sooner than the longest-lived "
    "capital; land what is missing, or more",
    "unbounded: capital is landed without limit; set import_cap_ratio or drop it from imports",
    "no answer: the numbers of this draw are too far apart; look at its ratios",
)
"""What the status codes 0 to 4 mean."""
GROWS, SHRINKS, CANNOT, FREE, LOST = range(5)

Index = npt.NDArray[np.int64]

HOLDS = 1e-9
"""Activities, and losses over cost, that count as zero."""
_STEPS = 60
_SETTLED_1_yr = 1e-14
_HIGHEST_1_yr = 1e4
_BLOCK = 1024
"""Draws whose matrices are held at once."""
_CAPITAL_kg = 1e3
"""Capital to which the programme is scaled; answers are per kilogram."""
_FAST_1_yr = 100.0
"""Rate to come down from where only a cap on imports sets one."""
_FREE_kg_yr = _HIGHEST_1_yr * _CAPITAL_kg
"""Surplus of capital goods that only free landing gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ray:
    """The ray per draw: activities per kg of capital, and prices in kg of the ray's capital.

    ``loss`` is what a unit of each column costs beyond what it brings; zero for active ones.
    ``n_programmes`` counts the draws that needed a solver.
    """

    status: Index
    rate_1_yr: Array
    activity: Array
    price: Array
    loss: Array
    n_programmes: int


@dataclass(frozen=True, slots=True)
class _Try:
    """A basis tried on some draws (draw first): which it holds for, and which beyond any doubt."""

    rate: Array
    activity: Array
    price: Array
    loss: Array
    holds: npt.NDArray[np.bool_]
    strict: npt.NDArray[np.bool_]


@np.errstate(all="ignore")  # a basis that does not fit a draw gives nan or inf there
def solve_ray(economy: Economy, *, nominal: Economy, wait_yr: Array) -> Ray:
    """Largest balanced growth rate, activities and prices of an economy, per draw.

    Parameters
    ----------
    economy : Economy
    nominal : Economy
        The same rows and columns as the table has them, one draw: where the first basis is from.
    wait_yr : Array
        Time from a capital good made to one that works, (draw,), if all capital waits for it.

    Returns
    -------
    Ray
        Axes (column or row, draw). Rate -inf where status is 2, inf where it is 3.

    Examples
    --------
    See ``moonbase.industry.growth``.
    """
    n = economy.n_draws
    status = np.full(n, LOST, dtype=np.int64)
    rate = np.full(n, np.nan)
    shape = (n, len(economy.columns))
    activity, loss = np.full(shape, np.nan), np.full(shape, np.nan)
    price = np.full((n, len(economy.rows)), np.nan)
    seen: list[tuple[int, ...]] = []
    open_ = np.ones(n, dtype=bool)

    def settle(draws: Index, basis: tuple[int, ...], *, strictly: bool) -> bool:
        for part in np.split(draws, range(_BLOCK, len(draws), _BLOCK)):
            found = _try(economy.take(part), basis, wait_yr[part])
            good = found.strict if strictly else found.holds
            hit = part[good]
            rate[hit], activity[hit] = found.rate[good], found.activity[good]
            price[hit], loss[hit] = found.price[good], found.loss[good]
            status[hit] = np.where(rate[hit] > 0.0, GROWS, SHRINKS)
            open_[hit] = False
        return not open_[draws].any()

    first, _ = _search(nominal, np.zeros(1))
    if first is not None:
        settle(np.arange(n), first, strictly=False)
    n_programmes = 0
    for draw in range(n):
        if not open_[draw]:
            continue
        n_programmes += 1
        one = np.array([draw])
        own, status[draw] = _search(economy.take(one), wait_yr[one])
        open_[draw] = False
        if own is not None and settle(one, own, strictly=False) and own not in seen:
            seen.append(own)
            left = np.nonzero(open_)[0]
            if len(left):
                settle(left, own, strictly=True)
    rate[status == CANNOT], rate[status == FREE] = -np.inf, np.inf
    return Ray(
        status=status,
        rate_1_yr=rate,
        activity=activity.T,
        price=price.T,
        loss=loss.T,
        n_programmes=n_programmes,
    )


def _first(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


def investment(economy: Economy, rate_1_yr: Array, wait_yr: Array) -> Array:
    """Capital goods that a unit per year of each column asks for, (good, column, draw)."""
    wait = np.where(rate_1_yr > 0.0, wait_yr, 0.0)
    return economy.stock * ((rate_1_yr + economy.wear_1_yr) * np.exp(rate_1_yr * wait))


def inverses(matrices: Array) -> Array:
    """Inverses of a stack; nan where there is none, so that one draw does not stop the others."""
    try:
        return np.asarray(np.linalg.inv(matrices), dtype=float)
    except np.linalg.LinAlgError:
        if len(matrices) == 1:
            return np.full_like(matrices, np.nan)
        return np.concatenate([inverses(one[None]) for one in matrices])


def _perron(matrices: Array, near: Array | None = None) -> tuple[Array, Array]:
    """Largest real eigenvalue, or the nearest to a number, and its vector, of each matrix."""
    good = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    values, vectors = np.linalg.eig(np.where(good[:, None, None], matrices, 0.0))
    score = values.real if near is None else -np.abs(values - near[:, None])
    best = score.argmax(axis=1)
    pick = np.arange(len(matrices))
    value = np.where(good, values[pick, best].real, np.nan)
    # a complex pair elsewhere in the stack changes the type, and with it the order of sums
    return value, np.ascontiguousarray(vectors[pick, :, best].real)


def _try(economy: Economy, basis: tuple[int, ...], wait_yr: Array) -> _Try:
    n_columns = len(economy.columns)
    real = [j for j in basis if j < n_columns]
    slack = [j - n_columns for j in basis if j >= n_columns]
    flows = _first(economy.flows)
    surplus = np.zeros((len(flows), len(economy.rows), len(slack)))
    surplus[:, slack, np.arange(len(slack))] = -1.0
    inverse = inverses(np.concatenate([flows.take(real, axis=2), surplus], axis=2))
    stock, wear = _first(economy.stock), _first(economy.wear_1_yr)
    invested = _first(economy.invested)
    made = np.matmul(inverse, invested)
    asked = made[:, : len(real)]
    held = np.matmul(stock.take(real, axis=2), asked)
    worn = np.matmul((stock * wear).take(real, axis=2), asked)
    n = economy.n_draws
    held, worn = (np.broadcast_to(m, (n, *m.shape[1:])) for m in (held, worn))
    rate = _root(held, worn, wait_yr)
    wait_yr = np.where(rate > 0.0, wait_yr, 0.0)
    growing = (rate[:, None, None] * held + worn) * np.exp(rate * wait_yr)[:, None, None]
    one = np.ones(n)
    goods = _perron(growing, one)[1]
    paid = _perron(np.swapaxes(growing, 1, 2), one)[1]
    full = np.matmul(made, goods[:, :, None])[..., 0]
    activity = np.zeros((n, n_columns))
    activity[:, real] = full[:, : len(real)]
    capital = np.matmul(stock, activity[:, :, None])[..., 0]
    mass = add_up(economy.good_mass_kg * capital, axis=1)
    activity, full = activity / mass[:, None], full / mass[:, None]
    growth = (rate[:, None, None] + wear) * np.exp(rate * wait_yr)[:, None, None]
    asks = stock * growth
    spent = np.matmul(paid[:, None], asks.take(real, axis=2))
    price = np.matmul(spent, inverse[:, : len(real)])[:, 0]
    rent = np.matmul(price[:, None], invested)
    worth = np.matmul(rent, np.matmul(stock, activity[:, :, None]))[:, 0, 0]
    price, rent = price / worth[:, None], rent / worth[:, None, None]
    loss = np.matmul(rent, asks)[:, 0] - np.matmul(price[:, None], flows)[:, 0]
    return _judge(economy, basis, rate, activity, full, price, loss, asks, flows)


def _judge(
    economy: Economy,
    basis: tuple[int, ...],
    rate: Array,
    activity: Array,
    full: Array,
    price: Array,
    loss: Array,
    asks: Array,
    flows: Array,
) -> _Try:
    """Whether the basis holds: nothing runs backwards, no idle column would pay."""
    n_columns, n_local = len(economy.columns), len(economy.processes)
    idle = [j for j in range(n_columns) if j not in basis]
    real = [j for j in basis if j < n_columns]
    slack = [j - n_columns for j in basis if j >= n_columns]
    sold = [i for i in range(len(economy.rows)) if i not in slack and not economy.fixed[i]]
    # a commodity that is landed freely has no price, and yet no second basis
    landed = {economy.rows.index(economy.columns[j]) for j in real if j >= n_local}
    priced = [i for i in sold if i not in landed]
    equal = [len(real) + i for i, row in enumerate(slack) if economy.fixed[row]]
    allowed = np.broadcast_to(_first(economy.allowed), activity.shape)
    size = np.abs(price)
    cost = np.matmul(np.matmul(size[:, None], np.abs(_first(economy.invested))), np.abs(asks))[:, 0]
    cost = (cost + np.matmul(size[:, None], np.abs(flows))[:, 0])[:, idle]
    idle_loss = np.where(allowed, loss, np.inf)[:, idle]
    least = size.max(axis=1, keepdims=True) * HOLDS
    holds = np.isfinite(rate) & np.isfinite(price).all(axis=1)
    holds &= rate >= -economy.slowest_wear_1_yr - HOLDS
    holds &= ~(~allowed & (np.abs(activity) > HOLDS)).any(axis=1)
    holds &= (full >= -HOLDS).all(axis=1) & (full[:, equal] <= HOLDS).all(axis=1)
    holds &= (idle_loss >= -HOLDS * cost).all(axis=1) & (price[:, sold] >= -least).all(axis=1)
    sure = (full > HOLDS).all(axis=1) & (price[:, priced] > least).all(axis=1)
    sure &= (idle_loss > 2.0 * HOLDS * cost).all(axis=1)
    # a cap can have several rays; where capital pays its rent, none is faster
    rent = np.matmul(price[:, None], _first(economy.invested))[:, 0]
    sure &= (rent >= 0.0).all(axis=1)
    return _Try(
        rate=rate, activity=activity, price=price, loss=loss, holds=holds, strict=holds & sure
    )


def _root(held: Array, worn: Array, wait_yr: Array) -> Array:
    """Rate g at which ``exp(g tau) (g S T + D T)`` has the eigenvalue one."""
    eye = np.eye(held.shape[-1])
    inverse = inverses(eye - worn)
    largest, _ = _perron(np.matmul(inverse, held))
    spent, _ = _perron(worn)
    rate = np.where(spent < 1.0, 1.0 / largest, np.nan)
    dying = np.nonzero(spent >= 1.0)[0]
    if len(dying):
        rate[dying] = _negative_root(held[dying], worn[dying])
    waits = (wait_yr > 0.0) & (rate > 0.0)
    for _ in range(_STEPS if waits.any() else 0):
        growing = rate[:, None, None] * held + worn
        radius, right = _perron(growing)
        _, left = _perron(np.swapaxes(growing, 1, 2))
        slope = np.matmul(np.matmul(left[:, None], held), right[:, :, None])[:, 0, 0]
        slope = slope / add_up(left * right, axis=1) / radius + wait_yr
        step = (np.log(radius) + rate * wait_yr) / slope
        step = np.where(waits & np.isfinite(step), step, 0.0)
        rate = rate - step
        waits &= np.abs(step) > _SETTLED_1_yr
        if not waits.any():
            break
    return rate


def _negative_root(held: Array, worn: Array) -> Array:
    """Rate below zero at which ``g S T + D T`` has the radius one, by secant steps."""
    low = np.zeros(len(held))
    radius_low, _ = _perron(worn)
    rate = np.full(len(held), -0.01)
    moves = np.ones(len(held), dtype=bool)
    for _ in range(_STEPS):
        radius, _ = _perron(rate[:, None, None] * held + worn)
        step = (radius - 1.0) * (rate - low) / (radius - radius_low)
        step = np.where(moves & np.isfinite(step), step, 0.0)
        low, radius_low, rate = rate, radius, rate - step
        moves &= np.abs(step) > _SETTLED_1_yr
        if not moves.any():
            break
    return rate


def _programme(economy: Economy, rate_1_yr: float, wait_yr: Array) -> Solved:
    """Largest gift-free growth at a rate: capital goods beyond what is asked, for 1 t of capital.

    The last column is the surplus, negative where the rate is too high.
    """
    matrix = economy.flows[..., 0].copy()
    asks = investment(economy, np.array([rate_1_yr]), wait_yr)[..., 0]
    matrix -= economy.invested[..., 0] @ asks
    rows = economy.good_rows
    mass = economy.good_mass_kg
    surplus = np.zeros((len(matrix), 1))
    surplus[rows, 0] = -1.0 / mass
    capital = np.append(mass @ economy.stock[..., 0], 0.0)
    full = np.concatenate([np.concatenate([matrix, surplus], axis=1), capital[None]])
    n_rows, n_columns = full.shape
    lower, upper = np.zeros(n_rows), np.full(n_rows, np.inf)
    upper[:-1][economy.fixed] = 0.0
    lower[-1] = upper[-1] = _CAPITAL_kg
    gain = np.zeros(n_columns)
    gain[-1] = 1.0
    lowest = np.append(np.zeros(n_columns - 1), -np.inf)
    highest = np.append(np.where(economy.allowed[:, 0], np.inf, 0.0), _FREE_kg_yr)
    return maximise(
        gain=gain, matrix=full, lower=lower, upper=upper, lowest=lowest, highest=highest
    )


def _bases(economy: Economy, solved: Solved) -> tuple[int, ...]:
    """Basis of the economy's own rows: without the surplus column and the row of capital."""
    n_columns = len(economy.columns)
    kept = [int(j) for j in solved.basis if j < n_columns]
    kept += [int(j) - 1 for j in solved.basis if n_columns < j < n_columns + 1 + len(economy.rows)]
    return tuple(sorted(kept))


def _rates(economy: Economy, wait_yr: Array, start: float) -> Iterator[tuple[float, Solved]]:
    """Rates that close in on the ray, with their programmes: Newton steps within a bracket."""
    low, high, rate = -float(economy.slowest_wear_1_yr[0]), _HIGHEST_1_yr, start
    for _ in range(_STEPS):
        solved = _programme(economy, rate, wait_yr)
        yield rate, solved
        if solved.status != OPTIMAL:
            return
        surplus, activity = float(solved.columns[-1]), solved.columns[:-1]
        low, high = (rate, high) if surplus >= 0.0 else (low, rate)
        wear, wait = economy.wear_1_yr[..., 0], float(wait_yr[0]) * (rate > 0.0)
        steep = economy.stock[..., 0] * (1.0 + (rate + wear) * wait) * np.exp(rate * wait)
        slope = float(solved.prices[:-1] @ economy.invested[..., 0] @ (steep @ activity))
        guess = rate + surplus / slope if slope > 0.0 else np.inf
        rate = guess if low < guess < high else 0.5 * (low + min(high, 2.0 * abs(low) + 1.0))


def _start(economy: Economy, wait_yr: Array) -> float | None:
    """Rate to search from: the lowest, or under a cap the rate without it; None if there is none.

    A cap on imports per new kilogram may be met by a fast industry and not by a slow one, so the
    fastest that meets it is looked for from above.
    """
    if IMPORT_CAP not in economy.rows:
        return -float(economy.slowest_wear_1_yr[0])
    kept = [row.startswith(SHARE) for row in economy.rows[:-1]]
    free = replace(
        economy,
        rows=economy.rows[:-1],
        flows=economy.flows[:-1],
        invested=economy.invested[:-1],
        fixed=np.array(kept, dtype=bool),
    )
    basis, status = _search(free, wait_yr)
    if basis is None:
        return _FAST_1_yr if status == FREE else None
    return float(_try(free, basis, wait_yr).rate[0])


def _search(economy: Economy, wait_yr: Array) -> tuple[tuple[int, ...] | None, int]:
    """Basis that holds for one draw, or None and the status that says why."""
    if any(not (economy.flows[row] > 0.0).any() for row in economy.good_rows):
        return None, CANNOT
    start = _start(economy, wait_yr)
    if start is None:
        return None, CANNOT
    tried, fed = set[tuple[int, ...]](), False
    lowest = -float(economy.slowest_wear_1_yr[0])
    for rate, solved in _rates(economy, wait_yr, start):
        if solved.status != OPTIMAL:
            return None, CANNOT
        if rate >= 0.99 * _HIGHEST_1_yr or solved.columns[-1] >= 0.99 * _FREE_kg_yr:
            return None, FREE
        fed = fed or bool(solved.columns[-1] >= 0.0)
        if rate == lowest and not fed:
            return None, CANNOT
        basis = _bases(economy, solved)
        if len(basis) != len(economy.rows) or basis in tried:
            continue
        tried.add(basis)
        if _try(economy, basis, wait_yr).holds[0]:
            return basis, LOST
    return None, LOST if fed else CANNOT
