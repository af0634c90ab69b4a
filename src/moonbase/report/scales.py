"""Axes: mapping of data to pixels, and ticks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from moonbase.report.svg import FONT, text_width

DECADES_SHOWN = 9


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis. ``low`` maps to pixel ``start`` and ``high`` to pixel ``end``."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Pixel of a value; values beyond the axis are held at its ends.

        >>> Scale(0.0, 10.0, 100.0, 200.0)(2.5)
        125.0
        >>> Scale(1.0, 100.0, 0.0, 10.0, log=True)(10.0)
        5.0
        """
        if self.log:
            value = max(value, self.low)
            part = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        part = min(max(part, 0.0), 1.0)
        return self.start + part * (self.end - self.start)

    def ticks(self, n: int = 5) -> list[float]:
        """Return round numbers within the axis, about ``n`` of them."""
        if self.log:
            return log_ticks(self.low, self.high, n)
        return linear_ticks(self.low, self.high, n)


def linear_ticks(low: float, high: float, n: int = 5) -> list[float]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten within the range.

    >>> linear_ticks(0.0, 10.0, 5)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    step = _step(high - low, n)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 12) if step > 1e-9 else i * step for i in range(first, last + 1)]


def _step(span: float, n: int) -> float:
    rough = span / max(n, 1)
    base = 10.0 ** math.floor(math.log10(rough))
    return next(base * m for m in (1.0, 2.0, 2.5, 5.0, 10.0) if base * m >= rough * (1.0 - 1e-9))


def log_ticks(low: float, high: float, n: int = 5) -> list[float]:
    """Powers of ten within the range, thinned to about ``n``; 1-2-5 where they are few.

    >>> log_ticks(1.0, 1e6, 3)
    [1.0, 100.0, 10000.0, 1000000.0]
    >>> log_ticks(2.0, 50.0, 5)
    [2.0, 5.0, 10.0, 20.0, 50.0]
    """
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    fine = [m * 10.0**e for e in range(first - 1, last + 1) for m in (1.0, 2.0, 5.0)]
    fine = [tick for tick in fine if low * 0.999 <= tick <= high * 1.001]
    if len(fine) < 2 * n or last - first < 1:
        return fine
    every = max(1, math.ceil((last - first) / max(n, 1)))
    return [10.0**e for e in range(first, last + 1, every)]


def legible_ticks(
    scale: Scale, n: int, write: Callable[[float], str], size: float = FONT
) -> list[float]:
    """Ticks of a horizontal axis whose labels do not touch; the first of two that would is kept."""
    kept: list[float] = []
    edge = -1e9
    for tick in scale.ticks(n):
        half = text_width(write(tick), size) / 2.0
        if scale(tick) - half > edge + 6.0:
            kept.append(tick)
            edge = scale(tick) + half
    return kept


def linear_scale(
    values: Iterable[float], start: float, end: float, *, zero: bool = False, n: int = 5
) -> Scale:
    """Linear axis that holds the values and ends on ticks."""
    seen = [*values, 0.0] if zero else list(values)
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    if high - low <= 1e-12 * max(abs(high), abs(low), 1e-300):
        pad = abs(high) * 0.05 or 1.0
        low, high = (low if zero and low == 0.0 else low - pad), high + pad
    step = _step(high - low, n)
    return Scale(
        math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, start, end
    )


def log_scale(
    values: Iterable[float], start: float, end: float, *, core: Iterable[float] = ()
) -> Scale:
    """Logarithmic axis that ends on 1, 2 or 5 times a power of ten, at most nine decades.

    ``core`` are the values that set the lower end (medians); others may run out below.
    """
    seen = [v for v in values if v > 0.0]
    lower = [v for v in core if v > 0.0] or seen
    if not seen:
        return Scale(1.0, 10.0, start, end, log=True)
    top, bottom = _round_log(max(seen), up=True), _round_log(min(lower), up=False)
    if top / bottom > 1e3:
        top = 10.0 ** math.ceil(math.log10(top) - 1e-9)
        bottom = 10.0 ** math.floor(math.log10(bottom) + 1e-9)
    bottom = min(max(bottom, top / 10.0**DECADES_SHOWN), top / 10.0)
    return Scale(bottom, top, start, end, log=True)


def _round_log(value: float, *, up: bool) -> float:
    """Round to the next 1, 2 or 5 times a power of ten."""
    base = 10.0 ** math.floor(math.log10(value))
    steps = [base * m for m in (1.0, 2.0, 5.0, 10.0)]
    if up:
        return next(s for s in steps if s >= value * (1.0 - 1e-9))
    return next(s for s in reversed(steps) if s <= value * (1.0 + 1e-9))


def year_ticks(years: Sequence[int], width: float) -> list[int]:
    """Calendar years to label on an axis of a width in pixels.

    >>> year_ticks(range(2027, 2081), 300.0)
    [2030, 2040, 2050, 2060, 2070, 2080]
    """
    first, last = years[0], years[-1]
    room = max(2.0, width / 44.0)
    every = next((s for s in (1, 2, 5, 10, 20, 50) if (last - first) / s <= room), 100)
    return [y for y in range(first, last + 1) if y % every == 0] or [first]
